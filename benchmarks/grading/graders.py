"""The graders that are compared, each called the way its users call it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import measure
import nbformat
from submissions import REPOSITORY

from autograder import build
from autograder.grading.document import list_exercises
from autograder.grading.execute import SETTINGS

HERE = Path(__file__).parent
PATIENCE = 300  # seconds for one command that grades one notebook
OPTIONS = [f"--{section}.{key}={value}" for section, values in SETTINGS.items() for key, value in values.items()]
CHECK = """\
OK_FORMAT = False
from otter.test_files import test_case

name = {name!r}
points = {points!r}


@test_case(points={points!r}, hidden=False)
def check(env):
    exec(compile({source!r}, "<check>", "exec"), dict(env))
"""


class Row(NamedTuple):
    """One grader over the submissions of one profile.

    ``wall`` and ``scores`` are by file name; ``total`` is the time of everything with its start, ``cpu`` the mean per submission.
    """

    grader: str
    wall: dict
    scores: dict
    total: float
    cpu: float
    peak_mb: float
    own: dict = {}  # noqa: RUF012 - never changed
    note: str = ""

    @property
    def each(self):
        """Median seconds on the clock per submission."""
        return median(self.wall.values())

    @property
    def per_minute(self):
        """Submissions per minute, with the grader's own start."""
        return 60 * len(self.wall) / self.total


def environment(root):
    """Give what all graders are started with."""
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    quiet = {"MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONWARNINGS": "ignore"}
    return dict(os.environ, PATH=tools, MEDLABS_ROOT=str(root), PYTHONPATH=str(REPOSITORY), **quiet)


def medlabs(place, files, folder, workers, *, patience=1200):
    """Call ``medlabs grade`` once for all files."""
    report = folder / f"medlabs-{workers}.json"
    command = [sys.executable, "-m", "autograder.cli", "grade", *map(str, files), "--week", place.week.name]
    command += ["--json", str(report), "--workers", str(workers)]
    used = measure.run(command, timeout=patience, env=environment(place.root))
    if used.status != 0:
        raise RuntimeError(f"medlabs grade failed:\n{used.said[-2000:]}")
    records = {Path(r["path"]).stem: r for r in json.loads(report.read_text())["submissions"]}
    states = sorted({record["state"] for record in records.values()} - {"graded"})
    return Row(
        f"`medlabs grade`, {workers} at a time",
        {name: record["seconds"] for name, record in records.items()},
        {name: record["score"] for name, record in records.items()},
        used.seconds,
        used.cpu_seconds / len(records),
        used.peak_mb,
        {name: record["cpu_seconds"] for name, record in records.items()},
        f"states other than graded: {', '.join(states)}" if states else "",
    )


def breakdown(place, file):
    """Give the parts of the time of one submission to our grader, in seconds."""
    command = [sys.executable, str(HERE / "breakdown.py"), str(place.week.folder), str(file)]
    done = subprocess.run(
        command, env=environment(place.root), capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    if done.returncode != 0:
        raise RuntimeError(f"the breakdown failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def course_root(place, files, root):
    """Make an nbgrader course with the instructor's notebook and the submissions, as nbgrader wants it."""
    name = place.week.folder.name
    (root / "source" / name).mkdir(parents=True)
    nbformat.write(build.instructor_notebook(place.week, "assignment"), root / "source" / name / "assignment.ipynb")
    lines = ["c = get_config()", *build.NBGRADER_CONFIG_LINES, "c.CourseDirectory.course_id = 'bench'"]
    (root / "nbgrader_config.py").write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--create"]
    done = subprocess.run(command, cwd=root, env=environment(place.root), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"nbgrader generate_assignment failed:\n{done.stderr[-2000:]}")
    for file in files:
        inbox = root / "submitted" / file.stem / name
        inbox.mkdir(parents=True)
        shutil.copyfile(file, inbox / "assignment.ipynb")
    return root


def nbgrader_command(place, files, root, budget):
    """Call ``nbgrader autograde`` once for each submission, as a grader that answers at once would."""
    course_root(place, files, root)

    def command(file):
        name = place.week.folder.name
        return [sys.executable, "-m", "nbgrader", "autograde", name, f"--student={file.stem}", *OPTIONS]

    row = _one_by_one("`nbgrader autograde`, a command each", command, place, files, budget, cwd=root)
    return row._replace(scores=_scores(root, place.week, row.wall))


def nbgrader_api(place, files, root, budget):
    """Call nbgrader's API for one submission after another in one process."""
    course_root(place, files, root)
    command = [sys.executable, str(HERE / "nbgrader_api.py"), place.week.folder.name, str(budget)]
    command += [file.stem for file in files]
    used = measure.run(command, timeout=2 * budget + PATIENCE, cwd=root, env=environment(place.root))
    if used.status != 0:
        raise RuntimeError(f"nbgrader's API failed:\n{used.said[-2000:]}")
    wall = json.loads((root / "times.json").read_text())
    scores = _scores(root, place.week, wall)
    return Row("nbgrader's API, one process", wall, scores, used.seconds, used.cpu_seconds / len(wall), used.peak_mb)


def otter_python(folder):
    """Install otter-grader in an environment of its own that sees our packages too; give its Python and its version.

    Raises
    ------
    RuntimeError
        In one sentence, if it cannot be had.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "medlabs.pth").write_text(f"{sysconfig.get_path('purelib')}\n{REPOSITORY}\n")
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "otter-grader"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = [line for line in done.stderr.splitlines() if line.strip()][-1:] or ["pip said nothing"]
        raise RuntimeError(f"otter-grader could not be installed: {last[0][:200]}")
    ask = "import importlib.metadata as m; print(m.version('otter-grader'))"
    version = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    return python, version


def otter(place, files, folder, budget, python):
    """Call ``otter run`` for each submission, with our checks as its test files."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    instructor = build.instructor_notebook(place.week, "assignment")
    sources = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in instructor.cells}
    for exercise in list_exercises(instructor):
        text = CHECK.format(name=exercise.id, points=exercise.points, source=sources[exercise.check_id])
        (tests / f"{exercise.id}.py").write_text(text)
    env = environment(place.root)
    env["PATH"] = f"{python.parent}{os.pathsep}{env['PATH']}"
    command = [str(python), "-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip"]
    command += ["--no-config", "--no-requirements", "--no-environment"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"otter generate failed:\n{done.stderr[-2000:]}")

    def run(file):
        out = folder / file.stem
        out.mkdir()
        return [str(python), "-m", "otter", "run", str(file), "-a", "autograder.zip", "-o", str(out), "--no-logo"]

    row = _one_by_one("otter-grader's `run`, a command each", run, place, files, budget, cwd=folder, env=env)
    scores = {}
    for name in row.wall:
        tests_of = json.loads((folder / name / "results.json").read_text())["tests"]
        scores[name] = sum(float(test.get("score") or 0) for test in tests_of if test.get("name") != "Public Tests")
    return row._replace(scores=scores)


def _one_by_one(grader, command, place, files, budget, *, cwd, env=None):
    """Measure a command for each file, in turns of the kinds, until there are no more files or no more time."""
    wall, cpu, peak, began = {}, 0.0, 0.0, time.monotonic()
    for file in files:
        if wall and time.monotonic() - began > budget:
            break
        used = measure.run(command(file), timeout=PATIENCE, cwd=cwd, env=env or environment(place.root))
        if used.status != 0:
            raise RuntimeError(f"{grader} failed on {file.name}:\n{used.said[-2000:]}")
        wall[file.stem], cpu, peak = used.seconds, cpu + used.cpu_seconds, max(peak, used.peak_mb)
    return Row(grader, wall, {}, sum(wall.values()), cpu / len(wall), peak)


def _scores(root, week, names):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {name: gradebook.find_submission(week.folder.name, name).score for name in names}
