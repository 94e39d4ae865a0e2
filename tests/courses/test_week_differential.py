"""Do plain nbgrader and our grader give honest submissions the same points, and ours the same at every load?

Plain nbgrader gets the files as they were handed in: its own `generate_assignment` and `autograde`, one kernel for answers and
checks. A few files of each week are tried here; ``MEDLABS_DIFFERENTIAL=all`` tries every one.
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from course_weeks import REPOSITORY, each_week, label, make, week
from courses.conftest import grade

from autograder import build
from autograder.grading.execute import SETTINGS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]
SOME = ("assignment_instructor", "assignment_release", "right_0", "wrong_0")
OPTIONS = [f"--{section}.{key}={value}" for section, values in SETTINGS.items() for key, value in values.items()]


def nbgrader(root, *arguments):
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "agg"}
    environment = dict(os.environ, PATH=tools, PYTHONPATH=str(REPOSITORY), **quiet)
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


def plain_points(name, files, root):
    """Give the points of every exercise by file, as plain nbgrader counts them."""
    from nbgrader.api import Gradebook

    short = week(name).folder.name
    (root / "source" / short).mkdir(parents=True)
    lines = ["c = get_config()", *build.NBGRADER_CONFIG_LINES, "c.CourseDirectory.course_id = 'plain'"]
    (root / "nbgrader_config.py").write_text("\n".join(lines) + "\n")
    nbformat.write(make(name, "assignment", "instructor"), root / "source" / short / "assignment.ipynb")
    nbgrader(root, "generate_assignment", short, "--create")
    for file in files:
        inbox = root / "submitted" / file.stem / short
        inbox.mkdir(parents=True)
        (inbox / "assignment.ipynb").write_bytes(file.read_bytes())
    nbgrader(root, "autograde", short, *OPTIONS)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        graded = {file.stem: gradebook.find_submission(short, file.stem).notebooks[0].grades for file in files}
        return {stem: {grade.name: grade.auto_score or 0.0 for grade in grades} for stem, grades in graded.items()}


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_plain_nbgrader_gives_the_same_points(handed_in, name, tmp_path):
    every = os.environ.get("MEDLABS_DIFFERENTIAL") == "all"
    files = [file for file in sorted(handed_in(name).glob("*.ipynb")) if not file.stem.startswith("quiz")]
    files = [file for file in files if every or file.stem in SOME]
    assert len(files) >= len(SOME)
    ours, plain = grade(name, files, tmp_path / "ours.json"), plain_points(name, files, tmp_path / "plain")
    for file in files:
        points = {f"check_{exercise['id']}": exercise["points"] for exercise in ours[file.stem]["exercises"]}
        assert plain[file.stem] == points, file.stem


def one_of_each_profile():
    """Name the first week of each profile: what load does to grades depends on what is imported, not on the topic."""
    first = {}
    for name in each_week():
        first.setdefault(week(name).profile, name)
    return list(first.values())


@pytest.mark.parametrize("name", one_of_each_profile(), ids=label)
def test_four_at_a_time_on_every_core_change_no_grade_and_no_right_answer_loses_a_point(handed_in, name, tmp_path):
    files = [
        file for file in sorted(handed_in(name).glob("*.ipynb")) if file.stem in SOME or file.stem.startswith("right")
    ]
    runs = [grade(name, files, tmp_path / f"{n}.json", "--workers", workers) for n, workers in enumerate("441")]
    first, second, other = [
        {
            stem: {key: value for key, value in record.items() if key not in ("seconds", "cpu_seconds")}
            for stem, record in run.items()
        }
        for run in runs
    ]
    assert first == second == other
    right = [stem for stem in first if stem.startswith("right") or stem == "assignment_instructor"]
    assert len(right) >= 3
    assert [stem for stem in right if first[stem]["score"] != first[stem]["max_score"]] == []
