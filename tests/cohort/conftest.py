"""A tiny term with a real nbgrader gradebook: made once, copied for every test that changes it."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import nbformat
import pytest
from grading_helpers import RIGHT, WRONG, answered
from tiny_weeks import NAME, make_repository

from autograder.cohort import LatePolicy, Policy, read_cohort, seeded_week
from autograder.cohort.create import create
from autograder.cohort.folder import note_release
from autograder.cohort.lock import writing
from autograder.jupyter import path_with_own_tools

NOW = datetime.now(UTC).replace(microsecond=0)
DUE = NOW + timedelta(days=10)
POLICY = Policy(late=LatePolicy(grace=600, per_day=0.1, days=7))
ROSTER = """id,name,email,section,extra_time
ada,Ada Lovelace,ada@example.org,A,
bob,"=HYPERLINK(""http://x"",""Bob"")",bob@example.org,B,1.5
zoe,Zoë <b>王</b>,,A,2d
"""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """Make a repository with one tiny week, and a cohort for it whose week is out."""
    from autograder.cohort import course

    place = tmp_path_factory.mktemp("term")
    make_repository(place / "repository")
    (place / "roster.csv").write_text(ROSTER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEDLABS_ROOT", str(place / "repository"))
        patch.setenv("PATH", path_with_own_tools(os.environ["PATH"]))  # as the command line does
        due = f"{NAME}={DUE:%Y-%m-%dT%H:%M:%S}"
        term = create("autumn", place / "roster.csv", place / "autumn", dues=[due], policy=POLICY)
        with writing(term.folder):
            course.generate(term, seeded_week(term, NAME))
            course.announce(term, NAME)
            note_release(term, NAME, NOW)
    return place


@pytest.fixture
def term(prepared, tmp_path, monkeypatch):
    """Give a copy of the cohort, and its repository, for one test to change."""
    for name in ("repository", "autumn"):
        shutil.copytree(prepared / name, tmp_path / name)
    monkeypatch.setenv("MEDLABS_ROOT", str(tmp_path / "repository"))
    return read_cohort(tmp_path / "autumn")


def notebook(term, name="assignment", **answers):
    """Give the bytes of a released notebook with texts written into answer cells."""
    return nbformat.writes(answered(seeded_week(term, NAME), name, **answers)).encode()


def record(points, *, state="graded", name="assignment", messages=None):
    """Make a record as a grader gives it: exercise to points."""
    most = {"beats_per_minute": 2, "faster": 1.5, "rate_from_gap": 1, "equal_rates": 2}
    exercises = [
        {
            "id": key,
            "title": f"Exercise {key}",
            "points": value,
            "max_points": most[key],
            "passed": value == most[key],
            "message": (messages or {}).get(key, "Correct." if value == most[key] else "Two beats have one gap."),
        }
        for key, value in points.items()
    ]
    return {
        "path": "somewhere.ipynb",
        "notebook": name,
        "state": state,
        "message": "",
        "score": sum(points.values()),
        "max_score": sum(most[key] for key in points),
        "seconds": 1.0,
        "cpu_seconds": 1.0,
        "exercises": exercises,
        "notes": [],
    }


FULL, HALF, NOTHING = (
    {"beats_per_minute": 2, "faster": 1.5},
    {"beats_per_minute": 2, "faster": 0},
    {"beats_per_minute": 0, "faster": 0},
)
ANSWERS = SimpleNamespace(right=RIGHT, wrong=WRONG, half={**RIGHT, "faster": WRONG["faster"]})
