"""A process that grades one file after another: jobs come as JSON lines, records go back as JSON lines.

Run as ``python -m autograder.grading.worker WEEK_FOLDER RESULT_FD``. What libraries print goes to stderr.
"""

import dataclasses
import json
import os
import sys
import time
import traceback
from pathlib import Path

from autograder.grading import reading, records


def grade_file(week, path, limits):
    """Grade one file of a week, whatever is in it.

    Parameters
    ----------
    week : autograder.build.Week
    path : str
    limits : autograder.grading.watch.Limits

    Returns
    -------
    dict
        See :mod:`autograder.grading.records`.
    """
    began = time.monotonic()
    try:
        from autograder.grading.execute import execute
        from autograder.grading.identify import identify

        learner = reading.read_notebook(path)
        name = identify(learner, week, Path(path).name)
        result = execute(week, name, Path(path), limits)
        return records.record_of_result(path, name, result, time.monotonic() - began)
    except reading.UnreadableError as error:
        return records.record_without_grade(path, records.UNREADABLE, str(error), time.monotonic() - began)
    except Exception as error:
        traceback.print_exc()
        message = f"The grader failed ({type(error).__name__}: {error}). This is not your fault and costs no points."
        return records.record_without_grade(path, records.FAILED, message, time.monotonic() - began)


def main(week_folder, result_descriptor):
    """Answer jobs until the input ends."""
    from autograder import build
    from autograder.grading.watch import Limits

    become_subreaper()
    week = build.read_week(Path(week_folder))
    with os.fdopen(int(result_descriptor), "w", encoding="utf-8") as answers:
        for line in sys.stdin:
            job = json.loads(line)
            seeded = dataclasses.replace(week, seed=job["seed"])
            record = grade_file(seeded, job["path"], Limits(**job["limits"]))
            answers.write(json.dumps(record) + "\n")
            answers.flush()


def become_subreaper():
    """Adopt what a notebook leaves behind, so that it is found and ended with this process (Linux only)."""
    if sys.platform == "linux":
        import ctypes

        pr_set_child_subreaper = 36
        ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


if __name__ == "__main__":
    os.dup2(2, 1)
    main(*sys.argv[1:])
