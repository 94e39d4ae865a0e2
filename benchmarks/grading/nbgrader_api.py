"""Autograde one submission after another with nbgrader's API: python nbgrader_api.py ASSIGNMENT BUDGET STUDENT ...

Run in the course's folder; writes the seconds of each into times.json.
"""

import json
import sys
import time
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder import build
from autograder.grading.execute import SETTINGS


def main(assignment, budget, students):
    """Grade until there are no more, or no more time."""
    config = Config(SETTINGS)
    config.CourseDirectory.root = str(Path.cwd())
    config.CourseDirectory.course_id = "bench"
    build.configure_nbgrader(config)
    api = NbGraderAPI(config=config)
    times, began = {}, time.monotonic()
    for student in students:
        if times and time.monotonic() - began > float(budget):
            break
        start = time.monotonic()
        answer = api.autograde(assignment, student)
        if not answer["success"]:
            sys.exit(f"{student}: {answer.get('error') or answer.get('log')}")
        times[student] = time.monotonic() - start
    Path("times.json").write_text(json.dumps(times))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
