"""Past attempts of a workspace, as they are kept under ``.medlabs/submissions``; and how a grade is shown to its learner."""

import functools
import json

from autograder import workspace
from autograder.grading import feedback, messages, records, store

LOST = "This attempt has no grade: the lab was stopped before it was graded. Submit again."
EXERCISE = ("id", "title", "points", "max_points", "passed", "message")


def kept(space, week_name, name):
    """List what was submitted of one notebook, newest first.

    Parameters
    ----------
    space : pathlib.Path
    week_name, name : str

    Returns
    -------
    list of dict
        See :func:`shown`; each has ``id``, ``attempt`` and ``received`` too.
    """
    place = space / workspace.STATE / store.FOLDER / week_name / name
    if not place.is_dir():
        return []
    folders = [path for path in place.iterdir() if not path.name.startswith(".") and not path.is_symlink()]
    found = [_read(folder, (folder / "result.json").exists()) for folder in sorted(folders, key=_when)]
    found = [about | {"attempt": number} for number, about in enumerate(filter(None, found), start=1)]
    return found[::-1]


def shown(record):
    """Give of a grade's record what its learner may know: no times, which tell how long a hidden check ran.

    Parameters
    ----------
    record : dict
        See :mod:`autograder.grading.records`; a grading service sends the same.

    Returns
    -------
    dict
        ``state``, ``score``, ``max_score``, ``message``, ``notes``, ``exercises`` with a ``next`` step for each.
    """
    exercises = [{key: exercise[key] for key in EXERCISE} for exercise in record["exercises"]]
    for exercise in exercises:
        clear = exercise["passed"] or exercise["message"] == messages.NOT_ATTEMPTED
        exercise["next"] = "" if clear else feedback.next_step(exercise["message"], record["notebook"])
    kept_keys = ("state", "score", "max_score", "message", "notes")
    return {key: record[key] for key in kept_keys} | {"exercises": exercises}


def best(attempts):
    """Give the attempt with the highest score, or None if none has a score."""
    return max((one for one in attempts if one["score"] is not None), key=lambda one: one["score"], default=None)


def _when(folder):
    """Sort by time; the number behind the name tells apart what came in the same second."""
    number = folder.name.split("-")[2:]
    return folder.name.split("-")[0], int(number[0]) if number and number[0].isdigit() else 1


@functools.lru_cache(maxsize=1024)
def _read(folder, graded):
    """Read one attempt; a folder that is none gives None. What is there never changes, so it is read once."""
    try:
        about = json.loads((folder / "submission.json").read_text(encoding="utf-8"))
        one = {"id": folder.name, "received": about["received"], "receipt": about["sha256"][:12], "late": ""}
        if not graded:
            empty = records.record_without_grade("", records.FAILED, LOST) | {"notebook": about["notebook"]}
            return one | shown(empty)
        (record,) = json.loads((folder / "result.json").read_text(encoding="utf-8"))["submissions"]
        return one | shown(record)
    except (OSError, ValueError, KeyError, TypeError):
        return None
