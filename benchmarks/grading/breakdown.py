"""Where the time of one right submission goes, seen from inside our grader: python breakdown.py FOLDER_OF_WEEK NOTEBOOK."""

import json
import sys
import time
from pathlib import Path

from autograder import build
from autograder.grading import document, reading
from autograder.grading.watch import Limits
from autograder.judge.engine import Run
from autograder.judge.execute import Judged
from autograder.judge.steps import steps_of
from autograder.judge.warm import Warm

TIMES = 3


def main(folder, notebook):
    """Grade the notebook a few times; print the parts of the fastest run as JSON."""
    week = build.read_week(folder)
    judged = Judged(week, "assignment")
    with Warm(week.profile, blocked=week.blocked) as warm:
        print(
            json.dumps(
                min((one(warm, week, judged, Path(notebook)) for _ in range(TIMES)), key=lambda part: part["wall"])
            )
        )


def one(warm, week, judged, path):
    """Grade once; give seconds by part."""
    began = time.monotonic()
    graded = document.build_document(judged.instructor, judged.release, reading.read_notebook(path))
    run = Run(warm, steps_of(graded, judged.instructor), Limits(**week.limits), preamble=judged.preamble)
    forks = 0.0

    def timed(start):
        def wrapped():
            nonlocal forks
            before = time.monotonic()
            start()
            forks += time.monotonic() - before

        return wrapped

    run._start_judge, run._start_learner = timed(run._start_judge), timed(run._start_learner)
    run()
    wall = time.monotonic() - began
    return {"wall": wall, "answers": run.meter.cpu, "checks": run.judge.how.cpu_seconds, "forks": forks}


if __name__ == "__main__":
    main(*sys.argv[1:])
