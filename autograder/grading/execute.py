"""The one seam between grading and the engine that runs notebooks: here, nbgrader's own autograde, without isolation.

Learner code and hidden checks share one process. Nothing stops an answer from reading a check or reaching into it, so
every record says ``"isolation": {"level": "none"}``.
"""

import itertools
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from autograder.grading import blocking, document, messages, quiz_words, reading
from autograder.grading.watch import Watch

# What stock nbgrader needs to give the same scores: cells tagged `ungraded` are not for it, and a warning on stderr
# must not cost points.
SETTINGS = {
    "Execute": {"skip_cells_with_tag": "ungraded"},
    "IgnorePattern": {"enabled": True, "pattern": "^"},
}
ISOLATION = {"level": "none", "layers": [], "engine": "nbgrader"}


class Verdict(NamedTuple):
    """What one exercise is worth, and why. ``message`` is for the learner."""

    id: str
    title: str
    points: float
    max_points: float
    passed: bool
    message: str


class Result(NamedTuple):
    """What running one notebook gave; ``state`` is ``graded`` or ``limit``."""

    state: str
    message: str
    verdicts: list
    notes: list
    cpu_seconds: float


def execute(week, name, path, limits):
    """Run one learner's notebook and judge each exercise.

    Parameters
    ----------
    week : autograder.build.Week
    name : str
        Which notebook of the week it is: ``"assignment"`` or ``"quiz"``.
    path : pathlib.Path
    limits : autograder.grading.watch.Limits

    Returns
    -------
    Result

    Raises
    ------
    autograder.grading.reading.UnreadableError
        If the file cannot be graded at all.
    Exception
        Whatever else goes wrong is the grader's fault, and never the learner's.
    """
    root = _root_for(week, name)
    graded = document.build_document(root.instructor, root.release, reading.read_notebook(path))
    with Watch(limits, root.folder) as watch:
        runner, scores = root.autograde(graded.notebook, watch)
    verdicts = [_verdict(exercise, graded.attempts, runner, scores) for exercise in graded.exercises]
    if name == "quiz":
        verdicts = quiz_words.add_words(verdicts, week)
    state, message = ("limit", " ".join(runner.limited)) if runner.limited else ("graded", "")
    return Result(state, message, verdicts, graded.notes + runner.notes, watch.cpu)


def _verdict(exercise, attempts, runner, scores):
    attempt = attempts.get(exercise.answer_id, "answered")
    ran = exercise.id in runner.verdicts
    problem = runner.verdicts.get(exercise.id)
    points = scores.get(exercise.check_id, 0.0) if ran and problem is None else 0.0
    passed = points >= exercise.points
    if attempt == "missing":
        points, passed, message = 0.0, False, messages.MISSING
    elif passed:
        message = messages.CORRECT
    elif attempt == "blank":
        message = messages.NOT_ATTEMPTED
    elif exercise.id in runner.stopped:
        message = runner.stopped[exercise.id]
    elif not ran:
        message = "Not run: the notebook had used up its time before this exercise."
    else:
        message = problem or messages.UNSAID
    return Verdict(exercise.id, exercise.title, points, exercise.points, passed, message)


class CourseRoot:
    """An nbgrader course of one notebook, in a folder of its own that is deleted with the process.

    Parameters
    ----------
    instructor, release : nbformat.NotebookNode
    assignment, name : str
        What the notebook is called in nbgrader.
    blocked : sequence of str
        Dotted names that answers may not use.
    """

    def __init__(self, instructor, release, assignment, name, blocked):
        import nbformat

        self.instructor, self.release, self.blocked = instructor, release, blocked
        self.assignment, self.name = assignment, name
        self._keep = tempfile.TemporaryDirectory(prefix="medlabs-grade-", ignore_cleanup_errors=True)
        self.folder = Path(self._keep.name)
        self._students = (f"s{number}" for number in itertools.count(1))
        source = self.folder / "source" / assignment / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        nbformat.write(instructor, source)
        _start(self._application("GenerateAssignment", ""))

    def autograde(self, notebook, watch):
        """Run nbgrader's autograde on one document; return (Runner, points by grade_id).

        Raises
        ------
        RuntimeError
            If nbgrader gives up, with the last line of its log.
        """
        import nbformat
        from nbgrader.api import Gradebook
        from nbgrader.preprocessors import Execute

        from autograder.grading.runner import Runner

        student = next(self._students)
        place = self.folder / "submitted" / student / self.assignment
        place.mkdir(parents=True)
        nbformat.write(self._prepared(notebook), place / f"{self.name}.ipynb")
        try:
            app = self._application("Autograde", student)
            runner = Runner(watch, config=app.config)
            steps = app.autograde_preprocessors
            app.autograde_preprocessors = [runner if step is Execute else step for step in steps]
            _start(app)
            with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
                graded = gradebook.find_submission_notebook(self.name, self.assignment, student)
                scores = {grade.name: _valid(grade.auto_score, grade.max_score) for grade in graded.grades}
            return runner, scores
        finally:
            for folder in ("submitted", "autograded"):
                shutil.rmtree(self.folder / folder / student, ignore_errors=True)

    def _prepared(self, notebook):
        """Mark check cells, and block what answers may not use, before anything else runs."""
        import nbformat

        for exercise in document.list_exercises(self.instructor):
            for cell in notebook.cells:
                if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.check_id:
                    cell.metadata[document.MINE]["checks"] = exercise.id
        if self.blocked:
            first = nbformat.v4.new_code_cell(blocking.preamble(self.blocked))
            first.metadata[document.MINE] = {"from": "instructor"}
            notebook.cells.insert(0, first)
        return notebook

    def _application(self, kind, student):
        from nbgrader import converters
        from nbgrader.coursedir import CourseDirectory

        course = CourseDirectory(config=self._config(student))
        return getattr(converters, kind)(coursedir=course, config=self._config(student))

    def _config(self, student):
        from traitlets.config import Config

        from autograder import build
        from autograder.grading.runner import KERNEL_ARGUMENTS

        config = Config()
        build.configure_nbgrader(config)
        config.CourseDirectory.root = str(self.folder)
        config.CourseDirectory.db_url = f"sqlite:///{self.folder / 'gradebook.db'}"
        config.CourseDirectory.assignment_id = self.assignment
        config.CourseDirectory.student_id = student or "."
        for section, values in SETTINGS.items():
            config[section].update(values)
        config.Execute.timeout = None  # time is kept by Watch
        config.Execute.startup_timeout = 180
        config.Execute.iopub_timeout = 60
        config.Execute.shutdown_kernel = "immediate"
        config.Execute.extra_arguments = KERNEL_ARGUMENTS
        # Sockets in our own folder: no port to be taken, and nothing that other users of the machine can reach.
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(self.folder / "kernel")
        return config


def _start(app):
    """Start a converter of nbgrader; what it logged goes to stderr if it gave up."""
    from nbgrader.utils import capture_log

    outcome = capture_log(app)
    if not outcome["success"]:
        log = outcome.get("log", "")
        sys.stderr.write(f"{log}\n{outcome['error']}\n")
        # The line before nbgrader's own summary names what really happened: an error of ours, or of a library.
        errors = [line for line in log.splitlines() if re.match(r"\s*\w+(\.\w+)*(Error|Exception)\b", line)]
        raise RuntimeError(f"nbgrader gave up: {messages.tidy((errors or ['no reason was logged'])[-1], longest=200)}")


def _valid(score, most):
    return min(max(float(score or 0.0), 0.0), float(most))


_ROOTS = {}  # a process makes the course of a notebook once


def _root_for(week, name):
    from autograder import build

    key = (week.folder, name, week.seed)
    if key not in _ROOTS:
        instructor, release = build.instructor_notebook(week, name), build.release_notebook(week, name)
        _ROOTS[key] = CourseRoot(instructor, release, week.folder.name, name, tuple(week.blocked))
    return _ROOTS[key]
