"""nbgrader's course root of each course in a cohort, in which Formgrader and every nbgrader command work."""

import contextlib
import hashlib
from datetime import UTC

from autograder import build
from autograder.cohort.folder import course_root
from autograder.jupyter import course_config, write_nbgrader_config
from autograder.workspace import write_whole

CONFIG_LINES = ("from autograder.cohort.course import configure", "configure(c)")
FOLDERS = ("source", "release", "submitted", "autograded", "feedback")
GRADEBOOK = "gradebook.db"
FOR_EXCHANGE = ("timestamp.txt", "submission_secret.txt")  # by these, nbgrader finds a learner's copy of the feedback
BUSY_SECONDS = 20  # how long a write waits for another program that has the database


def configure(config):
    """Make nbgrader's commands give what ours give, and keep hidden checks out of its feedback.

    Parameters
    ----------
    config : traitlets.config.Config
        Changed in place.
    """
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
    from nbgrader.preprocessors import ClearHiddenTests, GetGrades

    from autograder.grading.execute import SETTINGS

    build.configure_nbgrader(config)
    for section, values in SETTINGS.items():
        config[section].update(values)
    # A traceback would show the lines of a hidden check.
    config.Execute.extra_arguments = ["--InteractiveShell.xmode=Minimal", "--InteractiveShell.colors=NoColor"]
    config.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]


def make_root(cohort, week):
    """Make the course root of a week's course, or renew its settings; what learners may not see is for the owner alone."""
    root = course_root(cohort, week)
    root.mkdir(mode=0o711, exist_ok=True)
    for name in FOLDERS:
        (root / name).mkdir(mode=0o700, exist_ok=True)
    exchange = root / "exchange"
    exchange.mkdir(exist_ok=True)
    exchange.chmod(0o777)  # what nbgrader asks of an exchange
    write_nbgrader_config(root, course_config(root), *CONFIG_LINES)
    return root


def generate(cohort, week):
    """Write ``source/`` of a week with its hidden checks, and let nbgrader make ``release/`` and its gradebook's entries.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : autograder.build.Week
        With its seed.

    Raises
    ------
    ValueError
        With nbgrader's own words, if it refuses.
    """
    from nbgrader.apps import NbGraderAPI

    root = make_root(cohort, week.name)
    for notebook in build.graded_names(week):
        content = build.notebook_bytes(build.instructor_notebook(week, notebook))
        write_whole(root / "source" / week.folder.name / f"{notebook}.ipynb", content, mode=0o600)
    answer = NbGraderAPI(config=_config(root)).generate_assignment(week.folder.name, force=True)
    if not answer["success"]:
        raise ValueError(f"nbgrader could not make {week.name}: {_last_words(answer)}")
    (root / GRADEBOOK).chmod(0o600)


def release_to_exchange(cohort, week):
    """Let nbgrader put a week's ``release/`` into the exchange, where learners fetch it.

    Raises
    ------
    ValueError
        With nbgrader's own words, if it refuses.
    """
    from nbgrader.apps import NbGraderAPI

    config = _config(course_root(cohort, week.name))
    config.ExchangeReleaseAssignment.force = True
    answer = NbGraderAPI(config=config).release_assignment(week.folder.name)
    if not answer["success"]:
        raise ValueError(f"nbgrader could not release {week.name}: {_last_words(answer)}")


def release_feedback(cohort, week):
    """Let nbgrader put feedback pages into the exchange, where it keeps each from everybody but its learner.

    Returns
    -------
    (int, int)
        Learners whose pages are there now, and learners who did not hand in through the exchange.
    """
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.default import ExchangeReleaseFeedback
    from nbgrader.utils import capture_log

    root = course_root(cohort, week)
    folders = {name: root / "feedback" / name / assignment_name(week) for name in cohort.learners}
    having = {name: folder for name, folder in folders.items() if any(folder.glob("*.html"))}
    ready = [name for name, folder in having.items() if all((folder / f).is_file() for f in FOR_EXCHANGE)]
    config = _config(root)
    config.CourseDirectory.assignment_id = assignment_name(week)
    for name in ready:
        config.CourseDirectory.student_id = name
        parts = {"coursedir": CourseDirectory(config=config), "authenticator": Authenticator(config=config)}
        answer = capture_log(ExchangeReleaseFeedback(config=config, **parts))
        if not answer["success"]:
            raise ValueError(f"nbgrader could not release the feedback of {name} for {week}: {_last_words(answer)}")
    return len(ready), len(having) - len(ready)


def announce(cohort, week):
    """Write the roster and a week's due date into the gradebook; nobody is removed from it.

    nbgrader's settings are renewed too: they name folders, and the cohort may have been moved.

    Returns
    -------
    list of str
        The ids that the gradebook did not know before.
    """
    from nbgrader.api import Student

    due = cohort.plans[week].due
    make_root(cohort, week)
    with gradebook(cohort, week) as book:
        known = {student.id: student for student in book.students}
        for learner in cohort.learners.values():
            student = known.get(learner.id)
            if student is None:
                student = Student(id=learner.id)
                book.db.add(student)
            # nbgrader sorts by last name; a name is one text here, and is not taken apart
            student.first_name, student.last_name, student.email = "", learner.name, learner.email or None
        assignment = book.find_assignment(assignment_name(week))
        assignment.duedate = None if due is None else due.astimezone(UTC).replace(tzinfo=None)
        book.db.commit()
    return [name for name in cohort.learners if name not in known]


@contextlib.contextmanager
def gradebook(cohort, week):
    """Open the gradebook of a week's course; what was not committed is taken back."""
    book = _open(cohort, week)
    try:
        yield book
    finally:
        _close(book)


@contextlib.contextmanager
def gradebooks():
    """Give a function like :func:`gradebook` that opens each course's gradebook once, for many writes in a row.

    An open gradebook remembers how its questions are put, which is half of the work of a write. After an error it is opened anew.
    """
    books = {}

    @contextlib.contextmanager
    def opened(cohort, week):
        root = course_root(cohort, week)
        book = books.pop(root, None) or _open(cohort, week)
        try:
            yield book
            book.db.rollback()
        except BaseException:
            _close(book)
            raise
        books[root] = book

    try:
        yield opened
    finally:
        for book in books.values():
            _close(book)


def _open(cohort, week):
    from nbgrader.api import Gradebook
    from sqlalchemy.engine import URL

    root = course_root(cohort, week)
    if not (root / GRADEBOOK).is_file():
        raise ValueError(f"{root} has no {GRADEBOOK} yet: `medlabs cohort release {week}` makes it.")
    place = URL.create("sqlite", database=str(root / GRADEBOOK), query={"timeout": str(BUSY_SECONDS)})
    return Gradebook(place, root.name)


def _close(book):
    book.db.rollback()
    book.close()


def assignment_name(week):
    """Give the name that nbgrader has for a week, ``"week1_chest_xray"``."""
    return week.split("/")[1]


def checks_digest(week):
    """Give a digest of the checks of a seeded week: grades with the same digest were given by the same checks."""
    digest = hashlib.sha256()
    for notebook in build.graded_names(week):
        digest.update(build.notebook_bytes(build.instructor_notebook(week, notebook)))
    return digest.hexdigest()


def _config(root):
    import logging

    from traitlets.config import Config

    config = Config(course_config(root))
    configure(config)
    config.NbGrader.log_level = logging.WARNING
    return config


def _last_words(answer):
    return (answer.get("error") or answer.get("log") or "no reason was given").strip()[-800:]
