"""What tests of cohorts share: one moment that all of them call now, a roster, notebooks and records."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import nbformat
from grading_helpers import RIGHT, WRONG, answered
from tiny_weeks import NAME

from autograder.cohort import LatePolicy, Policy, seeded_week

NOW = datetime.now(UTC).replace(microsecond=0)
DUE = NOW + timedelta(days=10)
POLICY = Policy(late=LatePolicy(grace=600, per_day=0.1, days=7))
ROSTER = """id,name,email,section,extra_time
ada,Ada Lovelace,ada@example.org,A,
bob,"=HYPERLINK(""http://x"",""Bob"")",bob@example.org,B,1.5
zoe,Zoë <b>王</b>,,A,2d
"""


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
