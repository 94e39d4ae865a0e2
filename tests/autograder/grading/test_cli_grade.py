"""Does `medlabs grade` give each file of a folder a state of its own, with the right score and one clear reason?"""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from grading_helpers import RIGHT, WRONG, add_cell, answered, grade, grade_id_of, medlabs, medlabs_here, write
from tiny_weeks import NAME, make_repository

from autograder import build

pytestmark = pytest.mark.slow
FORK = "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n        time.sleep(600)\n"


def with_helper(week):
    notebook = answered(week, faster="def faster(a, b):\n    return is_more(a, b)")
    return add_cell(notebook, "faster", "def is_more(a, b):\n    return a > b")


def with_edited_check(week):
    notebook = answered(week, faster="def faster(a, b):\n    return None")
    for cell in notebook.cells:
        if grade_id_of(cell) == "check_faster":
            cell.source, cell.metadata.nbgrader.points = "pass", 1000
        if cell.metadata.get("nbgrader"):
            cell.metadata.nbgrader.schema_version = 99
    return notebook


def old_format(week):
    return nbformat.convert(answered(week, **RIGHT), 3)


def of_another_week(week):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    notebook.metadata.medlabs = {"week": "course9_other/week2_more", "notebook": "assignment"}
    return notebook


def quiz(week, **choices):
    return answered(week, "quiz", **{name: f'{name} = "{choice}"' for name, choice in choices.items()})


NOISY = "import sys, warnings\nwarnings.warn('careful')\nprint('noise', file=sys.stderr)\n" + RIGHT["faster"]
PRINTS_IN_CHECK = "import warnings\ndef faster(a, b):\n    warnings.warn('careful')\n    return a > b"
# name: (the notebook, state, score, parts of messages by exercise ("" for the record's own))
CASES = {
    "right": (lambda w: answered(w, **RIGHT), "graded", 3.5, {"faster": "Correct."}),
    "wrong": (
        lambda w: answered(w, **WRONG),
        "graded",
        0,
        {"beats_per_minute": "Divide 60 by the mean gap.", "faster": "Two equal rates: neither is faster."},
    ),
    "half": (lambda w: answered(w, **RIGHT | {"faster": WRONG["faster"]}), "graded", 2, {"faster": "Two equal rates"}),
    "blank": (
        lambda w: answered(w),
        "graded",
        0,
        {"beats_per_minute": "Not attempted yet.", "faster": "Not attempted"},
    ),
    "missing": (
        lambda w: answered(w, beats_per_minute=None, faster=RIGHT["faster"]),
        "graded",
        1.5,
        {"beats_per_minute": "The answer cell of this exercise is not in your notebook."},
    ),
    "typo": (
        lambda w: answered(w, **RIGHT | {"faster": "def faster(a, b)\n    return a"}),
        "graded",
        2,
        {"faster": "Your answer cell stopped with SyntaxError: expected ':' (line 1)"},
    ),
    "helper": (with_helper, "graded", 1.5, {"faster": "Correct."}),
    "edited_check": (with_edited_check, "graded", 0, {"faster": "80 against 60: got None, expected True."}),
    "noisy": (lambda w: answered(w, **RIGHT | {"faster": NOISY}), "graded", 3.5, {"faster": "Correct."}),
    "warns_in_check": (lambda w: answered(w, **RIGHT | {"faster": PRINTS_IN_CHECK}), "graded", 3.5, {}),
    "old_format": (old_format, "graded", 3.5, {}),
    "loop": (
        lambda w: answered(w, **RIGHT | {"beats_per_minute": "while True:\n    pass"}),
        "limit",
        1.5,
        {
            "": "beats_per_minute was stopped: it used more than 4 seconds of computing time.",
            "beats_per_minute": "Stopped: it used more than",
            "faster": "Correct.",
        },
    ),
    "prints": (
        lambda w: answered(w, **RIGHT | {"faster": "while True:\n    print('x' * 1000)"}),
        "limit",
        2,
        {"": "faster was stopped: it printed more than 100 kB.", "beats_per_minute": "Correct."},
    ),
    "forks": (
        lambda w: answered(w, **RIGHT | {"faster": FORK + RIGHT["faster"]}),
        "limit",
        2,
        {"": "more than 8 processes"},
    ),
    "crash": (
        lambda w: answered(w, **RIGHT | {"beats_per_minute": "import os\nos._exit(0)"}),
        "graded",
        1.5,
        {"beats_per_minute": "Python stopped while your answer ran", "faster": "Correct."},
    ),
    "crash_in_check": (
        lambda w: answered(w, **RIGHT | {"faster": "def faster(a, b):\n    import os\n    os._exit(0)"}),
        "graded",
        2,
        {"faster": "Python stopped while your answer ran"},
    ),
    "hostile": (
        lambda w: answered(w, **RIGHT | {"faster": "def faster(a, b):\n    raise KeyError('<b>\x1b[31m&\\n')"}),
        "graded",
        2,
        {"faster": r"Your answer raised KeyError: '<b>"},
    ),
    "kills_the_grader": (
        lambda w: answered(w, **RIGHT | {"faster": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"}),
        "failed",
        None,
        {"": "The grader failed (its process ended"},
    ),
    "not_json": (lambda w: "hello", "unreadable", None, {"": "not_json.ipynb is not a notebook: it is not JSON"}),
    "cut_off": (lambda w: json.dumps(answered(w))[:-100], "unreadable", None, {"": "cut_off.ipynb was cut off"}),
    "no_cells": (lambda w: nbformat.v4.new_notebook(), "unreadable", None, {"": "no_cells.ipynb has no cells."}),
    "other_week": (of_another_week, "unreadable", None, {"": f"belongs to course9_other/week2_more, not to {NAME}"}),
    "no_marks": (
        lambda w: nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]),
        "unreadable",
        None,
        {"": f"no_marks.ipynb holds no exercise of {NAME}: submit its quiz.ipynb or assignment.ipynb."},
    ),
    "quiz_right": (
        lambda w: quiz(w, rate_from_gap="b", equal_rates="C"),
        "graded",
        3,
        {"rate_from_gap": "You chose b. Two beats per second", "equal_rates": "You chose c. Right: equal rates"},
    ),
    "quiz_wrong": (
        lambda w: quiz(w, rate_from_gap="a", equal_rates="z"),
        "graded",
        0,
        {"rate_from_gap": "You chose a. Half a second per beat", "equal_rates": "write one letter, a, b or c"},
    ),
    "quiz_blank": (lambda w: answered(w, "quiz"), "graded", 0, {"rate_from_gap": "Not attempted yet."}),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    root = tmp_path_factory.mktemp("repository")
    make_repository(root, week_toml=[("cpu_seconds = 20", "cpu_seconds = 12")])
    return root


@pytest.fixture(scope="module")
def week(repository):
    return build.read_week(repository / NAME)


@pytest.fixture(scope="module")
def graded(repository, week, tmp_path_factory):
    """One run over a folder with a file of every kind."""
    folder = tmp_path_factory.mktemp("handed in")
    for name, (make, *_) in CASES.items():
        write(folder / f"{name}.ipynb", make(week))
    write(folder / "lesson.ipynb", build.release_notebook(week, "lesson"))
    out = tmp_path_factory.mktemp("out")
    (out / "pages").mkdir()
    done, report = grade(repository, folder, "--feedback", out / "pages", json_file=out / "all.json")
    assert report is not None, done.stderr
    return done, report, out


@pytest.fixture(scope="module")
def by_name(graded):
    return {Path(record["path"]).stem: record for record in graded[1]["submissions"]}


@pytest.mark.parametrize("name", CASES)
def test_each_file_has_its_own_state_score_and_reasons(by_name, name):
    _, state, score, said = CASES[name]
    record = by_name[name]
    assert (record["state"], record["score"]) == (state, score), record
    messages = {exercise["id"]: exercise["message"] for exercise in record["exercises"]} | {"": record["message"]}
    for exercise, words in said.items():
        assert words in messages[exercise]
    if state in ("graded", "limit"):
        assert record["max_score"] == (3 if name.startswith("quiz") else 3.5)
        assert record["score"] == sum(exercise["points"] for exercise in record["exercises"])
        assert all(exercise["passed"] == (exercise["points"] > 0) for exercise in record["exercises"])
        assert record["seconds"] > 0 and record["cpu_seconds"] > 0
    else:
        assert record["exercises"] == [] and record["max_score"] is None


def test_the_report_keeps_its_contract(graded, by_name):
    done, report, _ = graded
    assert done.returncode == 3, "one file killed the grader"
    assert list(report) == ["schema", "week", "isolation", "submissions"]
    assert (report["schema"], report["week"], report["isolation"]["level"]) == (1, NAME, "none")
    wanted = {"path", "state", "score", "max_score", "seconds", "cpu_seconds", "exercises"}
    assert all(wanted <= set(record) for record in report["submissions"])
    wanted = {"id", "points", "max_points", "passed", "message"}
    assert all(wanted <= set(exercise) for record in report["submissions"] for exercise in record["exercises"])
    assert sorted(by_name) == sorted(CASES), "the practice notebook of the folder is passed over"


def test_the_screen_says_states_isolation_and_what_was_passed_over(graded):
    done, report, out = graded
    assert "Isolation: none." in done.stderr
    assert "Passed over 1 practice notebook" in done.stderr
    states = [record["state"] for record in report["submissions"]]
    assert f"{states.count('graded')} graded, {states.count('limit')} limit" in done.stdout
    assert "not_json.ipynb is not a notebook" in " ".join(done.stdout.split())
    assert len(list((out / "pages").iterdir())) == len(CASES)


def test_nothing_of_a_hidden_check_or_a_solution_leaks(graded, week):
    done, report, out = graded
    told = done.stdout + done.stderr + json.dumps(report) + "".join(p.read_text() for p in (out / "pages").iterdir())
    for hidden in ("918_273", "918273", "61.375", "3.125", "default_rng", "seconds from each beat", "HIDDEN TESTS"):
        assert hidden not in told


def test_no_process_and_no_folder_is_left_behind(graded):
    import psutil

    waiting = [
        p.info for p in psutil.process_iter(["cmdline"]) if "autograder.grading.worker" in (p.info["cmdline"] or [])
    ]
    ours = [p for p in waiting if p["cmdline"][-2].endswith(NAME)]
    assert ours == []


def test_the_same_files_give_the_same_results_again(repository, week, by_name, tmp_path):
    for name in ("wrong", "helper", "quiz_wrong"):
        write(tmp_path / f"{name}.ipynb", CASES[name][0](week))
    _, report = grade(repository, *sorted(tmp_path.glob("*.ipynb")), json_file=tmp_path / "again.json", workers=1)
    for record in report["submissions"]:
        first = by_name[Path(record["path"]).stem]
        assert {key: record[key] for key in ("state", "score", "exercises", "notes")} == {
            key: first[key] for key in ("state", "score", "exercises", "notes")
        }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.ipynb", "--week", NAME], "gone.ipynb does not exist"),
        (["empty", "--week", NAME], "empty holds no notebook (*.ipynb)"),
        (["practice", "--week", NAME], "practice holds only practice notebooks"),
        (["right.ipynb", "--week", "course7/week7"], f"There is no week 'course7/week7'. A week is written COURSE/WEEK; "
                                                     f"there are: {NAME}."),
        (["right.ipynb", "--week", NAME, "--json", "nowhere/x.json"], "nowhere is not a folder"),
        (["right.ipynb", "--week", NAME, "--json", "empty"], "empty is a folder"),
        (["right.ipynb"], "Missing option '--week'"),
        (["--week", NAME], "Missing argument"),
        (["right.ipynb", "--week", NAME, "--isolation", "some"], "Invalid value for '--isolation'"),
        (["right.ipynb", "--week", NAME, "--workers", "0"], "Invalid value for '--workers'"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_one_sentence_and_nothing_is_graded(
    repository, week, tmp_path, monkeypatch, arguments, said
):
    write(tmp_path / "right.ipynb", answered(week, **RIGHT))
    write(tmp_path / "practice" / "lesson.ipynb", build.release_notebook(week, "lesson"))
    (tmp_path / "empty").mkdir()
    done = medlabs_here(monkeypatch, repository, "grade", *arguments, cwd=tmp_path)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split()) and "Traceback" not in done.stderr
    assert done.stdout == "" and not (tmp_path / "x.json").exists()


def test_one_notebook_is_shown_with_its_exercises(repository, week, tmp_path):
    path = write(tmp_path / "one.ipynb", CASES["half"][0](week))
    done = medlabs(repository, "grade", path, "--week", "course1/week1")
    assert done.returncode == 0
    for words in ("beats_per_minute", "2 of 2", "0 of 1.5", "Two equal rates: neither is faster.", "2 of 3.5"):
        assert words in done.stdout


def test_submit_keeps_a_copy_once_and_shows_the_reason(repository, week, tmp_path):
    from autograder import workspace

    release = build.build_week(week)
    assert release
    from autograder import paths

    workspace.lay_out({NAME: paths.release_folder(week.folder)}, tmp_path)
    mine = write(tmp_path / NAME / "assignment.ipynb", CASES["half"][0](week))
    content = mine.read_bytes()
    done = medlabs(repository, "submit", "assignment.ipynb", cwd=mine.parent)
    assert done.returncode == 0, done.stderr
    assert "2 of 3.5" in done.stdout and "Two equal rates: neither is faster." in done.stdout
    page = mine.with_name("assignment.feedback.html")
    assert page.is_file() and "assignment.feedback.html" in done.stdout
    (kept,) = (tmp_path / ".medlabs" / "submissions" / NAME / "assignment").iterdir()
    assert sorted(path.name for path in kept.iterdir()) == [
        "assignment.ipynb",
        "feedback.html",
        "result.json",
        "submission.json",
    ]
    about = json.loads((kept / "submission.json").read_text())
    assert kept.name.endswith(about["sha256"][:12]) and about["week"] == NAME
    assert about["path"] == f"{NAME}/assignment.ipynb"
    assert (kept / "assignment.ipynb").read_bytes() == content == mine.read_bytes()
    assert all(not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) for path in kept.iterdir())
    assert json.loads((kept / "result.json").read_text())["isolation"]["level"] == "full"
    assert page.read_bytes() == (kept / "feedback.html").read_bytes()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda w: "hello", "mine.ipynb is not a notebook"),
        (lambda w: nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), "holds no exercise"),
        (lambda w: build.release_notebook(w, "lesson"), "is a practice notebook (lesson)"),
    ],
)
def test_what_cannot_be_submitted_is_told_and_not_kept(repository, week, tmp_path, monkeypatch, make, said):
    (tmp_path / ".medlabs").mkdir()
    (tmp_path / ".medlabs" / "manifest.json").write_text("{}")
    path = write(tmp_path / "mine.ipynb", make(week))
    done = medlabs_here(monkeypatch, repository, "submit", path, cwd=tmp_path)
    assert done.exit_code == 2 and said in " ".join(done.stderr.split())
    assert not (tmp_path / ".medlabs" / "submissions").exists()


def test_submit_needs_a_workspace(repository, week, tmp_path, monkeypatch):
    path = write(tmp_path / "mine.ipynb", answered(week, **RIGHT))
    done = medlabs_here(monkeypatch, repository, "submit", path, cwd=tmp_path)
    assert done.exit_code == 2 and "is not in a workspace" in " ".join(done.stderr.split())
    done = medlabs_here(monkeypatch, repository, "submit", tmp_path, cwd=tmp_path)
    assert done.exit_code == 2 and "is a folder: name the notebook in it" in " ".join(done.stderr.split())


def test_stopping_keeps_what_was_done_and_leaves_no_process(repository, week, tmp_path):
    import psutil

    sleeper = answered(week, **RIGHT | {"faster": "import time\ntime.sleep(600)"})
    write(tmp_path / "a.ipynb", "not a notebook")
    write(tmp_path / "b.ipynb", sleeper)
    command = [sys.executable, "-m", "autograder.cli", "grade", str(tmp_path), "--week", NAME]
    command += ["--json", str(tmp_path / "all.json"), "--workers", "1", "--isolation", "none"]
    environment = dict(os.environ, MEDLABS_ROOT=str(repository))
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    below = []
    for _ in range(600):
        below = psutil.Process(running.pid).children(recursive=True)
        with contextlib.suppress(psutil.Error):  # one that has just ended
            if any("ipykernel_launcher" in " ".join(process.cmdline()) for process in below):
                break
        time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130 and "Stopped. 1 of 2 were graded; their results are kept." in " ".join(
        said.split()
    )
    assert [r["state"] for r in json.loads((tmp_path / "all.json").read_text())["submissions"]] == ["unreadable"]
    _, alive = psutil.wait_procs(below, timeout=60)  # they are killed; a busy machine takes its time to bury them
    assert len(below) >= 2 and not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
