"""Write grades into nbgrader's gradebook, and the files beside it, so that Formgrader shows them and marks by hand stay.

The history (:mod:`autograder.cohort.history`) is written first and decides; the gradebook and the files are made to
agree with it. A step that was interrupted is therefore completed by repeating it.
"""

import math
from datetime import UTC, datetime
from typing import NamedTuple

from autograder import build
from autograder.cohort import course, documents, history, marks
from autograder.cohort.lock import writing
from autograder.cohort.plans import deadline, learner_of, plan_of
from autograder.cohort.seeds import seeded_week
from autograder.grading import records
from autograder.grading.document import CHECK, list_exercises


class Written(NamedTuple):
    """What a write did.

    ``counted`` says whether this attempt is the one that counts now, ``changed`` whether the gradebook or a file is another than
    before, ``kept`` the exercises whose points a person gave, ``flagged`` those of them whose automatic points changed beneath.
    """

    counted: bool
    changed: bool
    attempt: int
    kept: list
    flagged: list


def write(
    cohort, week, learner_id, notebook, content, received, record, attempt, *,
    checks=None, isolation=None, gradebook=course.gradebook,
):  # fmt: skip
    """Write the grade of one attempt. The same again changes nothing.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week, learner_id : str
    notebook : str
        ``"assignment"`` or ``"quiz"``.
    content : bytes
        The file as it was handed in.
    received : datetime.datetime
        Aware: when it was received, by our clock.
    record : dict
        See :mod:`autograder.grading.records`.
    attempt : int
        From 1 up.
    checks : str, optional
        The digest of the checks that graded it (:func:`autograder.cohort.course.checks_digest`).
    isolation : dict, optional
        How answers were run (``Engine.record``).
    gradebook : callable
        Opens a course's gradebook. Many writes in a row share one with that of :func:`autograder.cohort.course.gradebooks`.

    Returns
    -------
    Written

    Raises
    ------
    ValueError
        If a value cannot be used, another writer does not end, the gradebook is locked or the disk is full.
    """
    learner_of(cohort, learner_id)
    plan_of(cohort, week)
    _look_at_moment(received)
    seeded = seeded_week(cohort, week)
    _look_at(record, seeded, notebook)
    with writing(cohort.folder):
        sha256 = history.keep_content(cohort, week, learner_id, content)
        scored = record["state"] in history.SCORED
        clean = documents.clean(content, seeded, notebook) if scored else b""
        entry, new = history.add(
            cohort,
            history.Entry(
                week, learner_id, notebook, int(attempt), received.astimezone(UTC), sha256,
                history.digest(clean), dict(record, path=f"{learner_id}/{notebook}.ipynb"), checks, isolation, datetime.now(UTC),
            ),
        )  # fmt: skip
        return _settle(cohort, seeded, entry, new, gradebook)


def settle(cohort, week):
    """Make gradebook and files agree with the history, after due dates, the policy or marks by hand have changed.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : str

    Returns
    -------
    list of (str, str)
        The learners and notebooks for which something changed.
    """
    seeded, changed = seeded_week(cohort, week), []
    with writing(cohort.folder):
        course.announce(cohort, week)
        with course.gradebook(cohort, week) as book:
            _settle_all(book, cohort, seeded, changed)
    return changed


def _settle_all(book, cohort, seeded, changed):
    for learner in filter(cohort.learners.get, history.learners_with_attempts(cohort, seeded.name)):
        for notebook in build.graded_names(seeded):
            standing = marks.standing(cohort, seeded.name, learner, notebook)
            if standing.entry and _write_grades(book, cohort, seeded, standing)[0]:
                _lay_down(cohort, seeded, standing.entry)
                changed.append((learner, notebook))
    book.db.commit()
    for learner in dict(changed):
        moment = _submission(book, cohort, seeded.name, learner).timestamp
        documents.stamp(cohort, seeded.name, learner, moment)


def _settle(cohort, seeded, entry, new, gradebook):
    """Bring one notebook of one learner up to date; the caller holds the lock."""
    week, learner, notebook = seeded.name, entry.learner, entry.notebook
    standing = marks.standing(cohort, week, learner, notebook)
    counts = standing.entry
    counted = counts is not None and (counts.attempt, counts.sha256) == (entry.attempt, entry.sha256)
    if counts is None:
        return Written(False, new, entry.attempt, [], [])
    laid = _lay_down(cohort, seeded, counts)
    with gradebook(cohort, week) as book:
        changed, kept, flagged = _write_grades(book, cohort, seeded, standing)
        book.db.commit()
        moment = _submission(book, cohort, week, learner).timestamp
    documents.stamp(cohort, week, learner, moment)
    return Written(counted, new or laid or changed, entry.attempt, kept, flagged)


def _lay_down(cohort, seeded, entry):
    content = history.content_of(cohort, entry)
    files = {"autograded": documents.judged(content, seeded, entry.notebook, entry.record)}
    if not _lies_in_submitted(cohort, entry):
        files["submitted"] = documents.clean(content, seeded, entry.notebook)
    return documents.lay_down(cohort, seeded.name, entry, files)


def _write_grades(book, cohort, seeded, standing):
    """Put the counting attempt into the gradebook, up to but without the commit."""
    week, entry = seeded.name, standing.entry
    submission = _submission(book, cohort, week, entry.learner)
    graded = next(n for n in submission.notebooks if n.name == entry.notebook)
    changed = _put(submission, "timestamp", _moment(cohort, week, entry))
    own, plan = deadline(cohort, week, entry.learner), plan_of(cohort, week)
    changed |= _put(submission, "extension", own - plan.due if own and own != plan.due else None)
    points = {f"{CHECK}{e['id']}": e["points"] for e in entry.record["exercises"]}
    said = {exercise["id"]: exercise["message"] for exercise in entry.record["exercises"]}
    earned, kept, flagged = 0.0, [], []
    for grade in graded.grades:
        new = float(points.get(grade.name, 0.0))
        differs = _put(grade, "auto_score", new)
        if grade.manual_score is not None:
            kept.append(grade.name.removeprefix(CHECK))
            if differs:  # as nbgrader's own autograde does: a person is to look at it again
                grade.needs_manual_grade = True
                flagged.append(kept[-1])
        else:
            differs |= _put(grade, "needs_manual_grade", False)
        changed |= differs
        earned += (new if grade.manual_score is None else grade.manual_score) + (grade.extra_credit or 0.0)
    for comment in graded.comments:
        if comment.name in said:
            changed |= _put(comment, "auto_comment", documents.comment(said[comment.name]))
    penalty = round(max(earned, 0.0) * standing.late.penalty_fraction, 6)
    changed |= _put(graded, "late_submission_penalty", penalty or None)
    return changed, kept, flagged


def _submission(book, cohort, week, learner):
    """Give a learner's submission in the gradebook; made as nbgrader makes it, but within our transaction."""
    from nbgrader import api

    try:
        assignment = book.find_assignment(course.assignment_name(week))
    except api.MissingEntry:
        raise ValueError(f"{week} is not in the gradebook: `medlabs cohort release {week}` puts it there.") from None
    found = book.db.query(api.SubmittedAssignment).filter_by(assignment=assignment, student_id=learner).one_or_none()
    if found:
        return found
    if book.db.get(api.Student, learner) is None:
        person = cohort.learners[learner]
        book.db.add(api.Student(id=learner, first_name="", last_name=person.name, email=person.email or None))
    with book.db.no_autoflush:
        found = api.SubmittedAssignment(assignment=assignment, student_id=learner)
        for notebook in assignment.notebooks:
            graded = api.SubmittedNotebook(notebook=notebook, assignment=found)
            for cell in notebook.grade_cells:  # a notebook that was not handed in earns nothing, and waits for nobody
                api.Grade(cell_id=cell.id, notebook=graded, auto_score=0.0, needs_manual_grade=False)
            for cell in notebook.solution_cells:
                api.Comment(cell_id=cell.id, notebook=graded)
        book.db.add(found)
    book.db.flush()
    book.db.refresh(found)
    return found


def _moment(cohort, week, entry):
    """Give the time that nbgrader has for a learner's week: that of the counting attempt which was received last."""
    moments = [entry.received]
    for name in {e.notebook for e in history.attempts(cohort, week, entry.learner)} - {entry.notebook}:
        other = marks.standing(cohort, week, entry.learner, name).entry
        moments += [other.received] if other else []
    return max(moments).astimezone(UTC).replace(tzinfo=None)


def _put(row, name, value):
    """Set a column if it is another, so that what did not change is not written; say whether it was."""
    if getattr(row, name) == value:
        return False
    setattr(row, name, value)
    return True


def _lies_in_submitted(cohort, entry):
    """Say whether nbgrader's own collect has put this very file there: then it stays, as its feedback needs it."""
    path = documents.folder_of(cohort, entry.week, "submitted", entry.learner) / f"{entry.notebook}.ipynb"
    return path.is_file() and not path.is_symlink() and history.digest(path.read_bytes()) == entry.sha256


def _look_at_moment(received):
    if not isinstance(received, datetime) or received.tzinfo is None:
        raise ValueError(f"The time of receipt {received!r} has no time zone.")


def _look_at(record, week, notebook):
    """Refuse a record that does not fit the week: a wrong number in a gradebook is worse than none."""
    if notebook not in build.graded_names(week):
        raise ValueError(f"{week.name} has no graded notebook {notebook!r}.")
    if record["state"] not in records.STATES:
        raise ValueError(f"A record of {week.name} has the unknown state {record['state']!r}.")
    if record["state"] not in history.SCORED:
        return
    most = {exercise.id: exercise.points for exercise in list_exercises(documents.made(week, notebook)[0])}
    given = {exercise["id"]: exercise["points"] for exercise in record["exercises"]}
    if set(given) != set(most):
        odd = sorted(set(given) ^ set(most))[0]
        raise ValueError(f"A record of {week.name}/{notebook} does not fit its exercises ({odd}): grade it again.")
    for name, points in given.items():
        if isinstance(points, bool) or not isinstance(points, int | float) or not math.isfinite(points):
            raise ValueError(f"A record of {week.name}/{notebook} has {points!r} points for {name}.")
        if not 0 <= points <= most[name]:
            raise ValueError(
                f"A record of {week.name}/{notebook} has {points:g} points for {name}, worth {most[name]:g}."
            )
