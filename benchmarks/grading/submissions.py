"""The submissions that every grader is given: of a tabular and of a deep week; right, wrong, blank and slow."""

import copy
from itertools import cycle, islice, zip_longest
from pathlib import Path
from typing import NamedTuple

import nbformat

from autograder import build, paths

REPOSITORY = Path(__file__).resolve().parents[2]
GOLDEN = REPOSITORY / "tests" / "autograder" / "golden"  # a tiny tabular week, for as long as no course has one
SLOW_SECONDS = 2.0
FULL = {"right": 5, "wrong": 5, "blank": 3, "slow": 2}
QUICK = {"right": 1, "wrong": 1, "blank": 1, "slow": 1}
SLOW = "import time\n\nend = time.process_time() + {}\nwhile time.process_time() < end:\n    pass"


class Place(NamedTuple):
    """A week that is measured: its repository and the week."""

    root: Path
    week: object


def find_place(profile, wish=None):
    """Find the week of a profile: the one asked for, else the first real one that can be built, else the tests' own.

    Raises
    ------
    ValueError
        If there is none.
    """
    if wish:
        week = build.read_week(paths.find_week(wish))
        if week.profile != profile:
            raise ValueError(f"{week.name} has the profile {week.profile}, not {profile}.")
        return Place(REPOSITORY, week)
    for root in (REPOSITORY, GOLDEN):
        for folder in paths.find_weeks(root).values():
            try:
                week = build.read_week(folder)
                if week.profile == profile and build.read_right_answers(week) and build.read_wrong_answers(week):
                    build.release_notebook(week, "assignment")
                    return Place(root, week)
            except build.SourceError:  # a week that somebody is writing
                continue
    raise ValueError(f"There is no week with the profile {profile}.")


def write_submissions(week, folder, counts):
    """Write notebooks as learners hand them in; give their paths, named after their kind.

    Parameters
    ----------
    week : autograder.build.Week
    folder : pathlib.Path
    counts : dict of str to int
        How many of each kind; they come in turns.
    """
    release = build.release_notebook(week, "assignment")
    instructor = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in build.instructor_notebook(week, "assignment").cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    kinds = {
        "right": [instructor | texts for texts in bundles(build.read_right_answers(week))],
        "wrong": [instructor | texts for texts in bundles(build.read_wrong_answers(week))],
        "blank": [{}],
        "slow": [instructor],
    }
    rows = [
        [(kind, n, texts) for n, texts in enumerate(islice(cycle(kinds[kind]), count))]
        for kind, count in counts.items()
    ]
    written = []
    for kind, number, texts in (
        item for row in zip_longest(*rows) for item in row if item
    ):  # whoever stops early saw all kinds
        path = folder / f"{kind}{number}.ipynb"
        nbformat.write(_answered(release, texts, slow=kind == "slow"), path)
        written.append(path)
    return written


def bundles(answers):
    """Bundle answers so that each is in one bundle, and no bundle has two for one exercise."""
    by_exercise = {}
    for answer in answers:
        by_exercise.setdefault(answer.exercise, []).append(answer)
    rows = zip_longest(*by_exercise.values())
    return [{answer.exercise: answer.source for answer in row if answer is not None} for row in rows]


def _answered(release, texts, *, slow):
    notebook = copy.deepcopy(release)
    place = None
    for number, cell in enumerate(notebook.cells):
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            cell.source = texts.get(marks["grade_id"], cell.source)
            place = number if place is None else place
    if slow:
        notebook.cells.insert(place, nbformat.v4.new_code_cell(SLOW.format(SLOW_SECONDS), id="slow"))
    return notebook
