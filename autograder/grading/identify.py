"""Find out which graded notebook of a week a learner's file is."""

from autograder.grading.document import answer_ids, list_exercises
from autograder.grading.reading import UnreadableError


def identify(learner, week, file_name):
    """Name the notebook of a week by the ``grade_id`` marks in a learner's file.

    Parameters
    ----------
    learner : autograder.grading.reading.LearnerNotebook
    week : autograder.build.Week
    file_name : str
        For the message.

    Returns
    -------
    str
        ``"assignment"`` or ``"quiz"``.

    Raises
    ------
    UnreadableError
        If it is none of them.
    """
    marks = {cell.grade_id for cell in learner.cells if cell.grade_id}
    matches = {name: len(marks & ids) for name, ids in graded_marks(week).items()}
    best = max(matches.values(), default=0)
    candidates = [name for name, count in matches.items() if count == best]
    other = learner.week if learner.week and learner.week != week.name else None
    if best and not (other and _exists(other)):
        return learner.name if learner.name in candidates else candidates[0]
    if other:
        raise UnreadableError(f"{file_name} belongs to {other}, not to {week.name}: choose the other week or file.")
    if learner.week and learner.name and learner.name not in matches:
        raise UnreadableError(f"{file_name} is a practice notebook ({learner.name}): there is nothing in it to grade.")
    raise UnreadableError(
        f"{file_name} holds no exercise of {week.name}: submit its {' or '.join(f'{n}.ipynb' for n in matches)}."
    )


_MARKS = {}  # a process reads a week once


def graded_marks(week):
    """Give, for each graded notebook of a week, the marks of its answer and check cells."""
    from autograder import build

    if week.folder in _MARKS:
        return _MARKS[week.folder]
    marks = {}
    for name in build.graded_names(week):
        instructor = build.instructor_notebook(week, name)
        marks[name] = answer_ids(instructor) | {exercise.check_id for exercise in list_exercises(instructor)}
    _MARKS[week.folder] = marks  # whole, because other threads look at it
    return marks


def _exists(name):
    from autograder import paths

    return name in paths.find_weeks()
