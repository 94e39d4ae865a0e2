"""The exercises of a graded notebook, found by the nbgrader metadata of its cells."""

from typing import NamedTuple

from autograder.build.notebook import CHECK, instructor_notebook, marks_of
from autograder.build.week import SourceError, shown


class Exercise(NamedTuple):
    """One exercise: its name, its points, and the ids of its two cells."""

    id: str
    points: float
    answer_cell: str
    check_cell: str


def exercises(week, name):
    """List the exercises of a graded notebook, in order.

    Parameters
    ----------
    week : autograder.build.Week
    name : str
        ``"assignment"`` or ``"quiz"``.

    Returns
    -------
    list of Exercise

    Raises
    ------
    SourceError
        If an answer cell and a check cell do not belong together.
    """
    return exercises_of(instructor_notebook(week, name), week.source(name))


def exercises_of(notebook, path):
    """List the exercises of an instructor's notebook; ``path`` is for messages."""
    answers, found = [], []
    for number, cell in enumerate(notebook.cells, start=1):
        marks, place = marks_of(cell), f"{shown(path)}, cell {number}"
        if marks.get("grade") and marks.get("solution"):
            raise SourceError(f"{place}: answer and check are one cell. Make them two: {CHECK}NAME carries the points.")
        if marks.get("solution"):
            answers.append(marks["grade_id"])
        elif marks.get("grade"):
            found.append(_exercise(marks, answers, place))
    alone = [name for name in answers if name not in {exercise.id for exercise in found}]
    if alone:
        raise SourceError(f"{shown(path)}: the answer cell {alone[0]!r} has no check. Add a cell {CHECK}{alone[0]}.")
    return found


def _exercise(marks, answers, place):
    check = marks["grade_id"]
    name = check.removeprefix(CHECK)
    if name == check or name not in answers:
        raise SourceError(
            f"{place}: the check {check!r} has no answer cell above it. A check is named {CHECK}NAME after the grade_id "
            f"of its answer cell; there are: {', '.join(answers) or 'none'}."
        )
    return Exercise(name, marks["points"], name, check)
