"""The record of one graded file, and the report that holds many: the ``--json`` contract of ``medlabs grade``."""

import json

from autograder.grading.messages import tidy

SCHEMA = 1
GRADED, LIMIT, UNREADABLE, FAILED = "graded", "limit", "unreadable", "failed"
STATES = (GRADED, LIMIT, UNREADABLE, FAILED)


def record_of_result(path, notebook, result, seconds):
    """Make the record of a notebook that ran.

    Parameters
    ----------
    path : str
        As the person gave it.
    notebook : str
        ``"assignment"`` or ``"quiz"``.
    result : autograder.grading.execute.Result
    seconds : float
        Wall time.

    Returns
    -------
    dict
        Plain values only.
    """
    exercises = [
        {
            "id": verdict.id,
            "title": verdict.title,
            "points": _number(verdict.points),
            "max_points": _number(verdict.max_points),
            "passed": verdict.passed,
            "message": verdict.message,
        }
        for verdict in result.verdicts
    ]
    return {
        "path": str(path),
        "notebook": notebook,
        "state": result.state,
        "message": _words(result.message),
        "score": _number(sum(verdict.points for verdict in result.verdicts)),
        "max_score": _number(sum(verdict.max_points for verdict in result.verdicts)),
        "seconds": round(seconds, 3),
        "cpu_seconds": round(result.cpu_seconds, 3),
        "exercises": exercises,
        "notes": [_words(note) for note in result.notes],
    }


def record_without_grade(path, state, message, seconds=0.0):
    """Make the record of a file that has no grade: ``unreadable`` or ``failed``. Its score is None, never 0."""
    return {
        "path": str(path),
        "notebook": None,
        "state": state,
        "message": _words(message),
        "score": None,
        "max_score": None,
        "seconds": round(seconds, 3),
        "cpu_seconds": 0.0,
        "exercises": [],
        "notes": [],
    }


def make_report(week, isolation, submissions):
    """Make the content of the JSON file."""
    return {"schema": SCHEMA, "week": week, "isolation": isolation, "submissions": submissions}


def to_json(report):
    """Write a report as JSON text; a value that is no number (NaN) is refused rather than written.

    A file name that is no UTF-8 has half characters in Python; JSON can write them as escapes only.
    """
    text = json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _words(text):
    """Make a sentence safe to show anywhere: it may quote a file's name or a line of a learner's."""
    return tidy(text, longest=2000)


def _number(value):
    return int(value) if float(value).is_integer() else round(float(value), 6)
