"""Grade one learner's notebook in two processes: the seam that :mod:`autograder.grading` calls."""

from autograder.grading import blocking, document, messages, quiz_words, reading
from autograder.grading.execute import Result, Verdict
from autograder.judge.engine import Run
from autograder.judge.steps import steps_of

NOT_RUN = "Not run: the notebook had used up its time before this exercise."


class Judged:
    """One graded notebook of a week, ready to judge any number of learners.

    Parameters
    ----------
    week : autograder.build.Week
    name : str
        ``"assignment"`` or ``"quiz"``.
    """

    def __init__(self, week, name):
        from autograder import build

        self.week, self.name = week, name
        self.instructor = build.instructor_notebook(week, name)
        self.release = build.release_notebook(week, name)
        self.preamble = blocking.preamble(week.blocked) if week.blocked else ""


def execute(judged, path, limits, *, warm, slot=0, progress=None):
    """Judge one learner's notebook.

    Parameters
    ----------
    judged : Judged
    path : pathlib.Path
    limits : autograder.grading.watch.Limits
    warm : autograder.judge.warm.Warm
        The parent that both processes are forked from.
    slot : int
        Which of the grader's places this is; two runs at the same time have two slots.
    progress : callable, optional
        Called with (exercises done, all exercises) after each check.

    Returns
    -------
    autograder.grading.execute.Result

    Raises
    ------
    autograder.grading.reading.UnreadableError
        If the file cannot be graded at all.
    Exception
        Whatever else goes wrong is the grader's fault, and never the learner's.
    """
    graded = document.build_document(judged.instructor, judged.release, reading.read_notebook(path))
    run = Run(warm, steps_of(graded, judged.instructor), limits, slot=slot, preamble=judged.preamble, progress=progress)
    outcomes = run()
    verdicts = [_verdict(exercise, graded.attempts, outcomes.get(exercise.id)) for exercise in graded.exercises]
    if judged.name == "quiz":
        verdicts = quiz_words.add_words(verdicts, judged.week)
    limited = [v.message for v in verdicts if (o := outcomes.get(v.id)) is not None and o.limited]
    state = "limit" if limited or run.meter.spent else "graded"
    message = " ".join(dict.fromkeys(limited)) or (f"Stopped: {run.meter.spent}." if run.meter.spent else "")
    return Result(state, message, verdicts, graded.notes, run.meter.cpu)


def _verdict(exercise, attempts, outcome):
    attempt = attempts.get(exercise.answer_id, "answered")
    if attempt == "missing":
        passed, message = False, messages.MISSING
    elif outcome is not None and outcome.passed:
        passed, message = True, messages.CORRECT
    elif attempt == "blank":
        passed, message = False, messages.NOT_ATTEMPTED
    elif outcome is None:
        passed, message = False, NOT_RUN
    else:
        passed, message = False, messages.tidy(outcome.message)
    return Verdict(exercise.id, exercise.title, exercise.points if passed else 0.0, exercise.points, passed, message)
