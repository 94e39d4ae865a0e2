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
    names = build.graded_names(week)
    marks = {name: _marks_of(build.instructor_notebook(week, name)) for name in names} or _released_marks(week)
    _MARKS[week.folder] = marks  # whole, because other threads look at it
    return marks


def _marks_of(instructor):
    return answer_ids(instructor) | {exercise.check_id for exercise in list_exercises(instructor)}


def _released_marks(week):
    """Read the marks of what was released: a learner's lab on a hub holds no sources."""
    import nbformat

    from autograder import paths

    places = {name: paths.release_folder(week.folder) / f"{name}.ipynb" for name in ("quiz", "assignment")}
    read = {name: nbformat.read(place, as_version=4) for name, place in places.items() if place.is_file()}
    marks = {name: _marks_of(notebook) for name, notebook in read.items()}
    return {name: ids for name, ids in marks.items() if ids}


def _exists(name):
    from autograder import paths

    return name in paths.find_weeks()
