"""Which attempt counts, what lateness takes off, and that a mark given by hand always wins."""

from typing import NamedTuple

from autograder.cohort import history, plans


class Standing(NamedTuple):
    """The attempt of a notebook that counts (None if none does), how late it is, and how many there are."""

    entry: history.Entry | None
    late: plans.Late | None
    attempts: int


class Mark(NamedTuple):
    """The mark of one notebook.

    ``points`` maps each exercise to what it is worth now, ``by_hand`` those whose points a person gave, ``comments`` what a
    person wrote. ``earned`` is their sum with extra credit, ``penalty`` what lateness takes off, ``score`` the rest.
    """

    notebook: str
    entry: history.Entry | None
    late: plans.Late | None
    attempts: int
    points: dict
    by_hand: dict
    comments: dict
    flagged: list
    earned: float
    penalty: float
    score: float
    max_score: float


class Final(NamedTuple):
    """A learner's marks of one week; ``handed_in`` is False where nothing counts."""

    week: str
    learner: str
    notebooks: dict
    score: float
    max_score: float
    handed_in: bool

    @property
    def share(self):
        """The share of the points, from 0 to 1."""
        return self.score / self.max_score if self.max_score else 0.0


def standing(cohort, week, learner, notebook, entries=None):
    """Say which attempt at a notebook counts.

    The best one is that with the most points after lateness; of two the one that was received first. The last one is the
    last that has a score. What came too late never counts.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week, learner, notebook : str
    entries : list of autograder.cohort.history.Entry, optional
        The attempts, when the caller has them.

    Returns
    -------
    Standing
    """
    entries = history.attempts(cohort, week, learner, notebook) if entries is None else entries
    pairs = [(entry, plans.lateness(cohort, week, learner, entry.received)) for entry in entries if entry.scored]
    good = [(entry, late) for entry, late in pairs if late.accepted]
    if not good:
        return Standing(None, None, len(entries))
    if plans.plan_of(cohort, week).counts == plans.LAST:
        return Standing(*good[-1], len(entries))
    return Standing(*max(good, key=_value), len(entries))


def _value(pair):
    entry, late = pair
    return round(entry.record["score"] * (1 - late.penalty_fraction), 9)


def final(cohort, week, learner, book=None):
    """Give the marks of a learner for a week: the attempts that count, marks by hand, lateness.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week, learner : str
    book : nbgrader.api.Gradebook, optional
        That of the week's course, when the caller has it open.

    Returns
    -------
    Final
    """
    from nbgrader.api import SubmittedAssignment

    from autograder.cohort.course import assignment_name, gradebook

    plans.learner_of(cohort, learner)
    if book is None:
        with gradebook(cohort, week) as opened:
            return final(cohort, week, learner, opened)
    assignment = book.find_assignment(assignment_name(week))
    submission = book.db.query(SubmittedAssignment).filter_by(assignment=assignment, student_id=learner).one_or_none()
    graded = {notebook.name: notebook for notebook in (submission.notebooks if submission else [])}
    marks = {}
    for notebook in sorted(assignment.notebooks, key=lambda n: n.name):
        marks[notebook.name] = _mark(cohort, week, learner, notebook, graded.get(notebook.name))
    handed_in = any(mark.entry or mark.by_hand for mark in marks.values())
    return Final(
        week,
        learner,
        marks,
        round(sum(mark.score for mark in marks.values()), 6),
        round(sum(mark.max_score for mark in marks.values()), 6),
        handed_in,
    )


def _mark(cohort, week, learner, notebook, graded):
    entry, late, count = standing(cohort, week, learner, notebook.name)
    own = {exercise["id"]: float(exercise["points"]) for exercise in (entry.record["exercises"] if entry else [])}
    points, by_hand, extra, flagged = {}, {}, 0.0, []
    for cell in notebook.grade_cells:
        points[_exercise(cell.name)] = own.get(_exercise(cell.name), 0.0)
    for grade in graded.grades if graded else []:
        name = _exercise(grade.name)
        if grade.manual_score is not None:
            points[name] = by_hand[name] = float(grade.manual_score)
            flagged += [name] if grade.needs_manual_grade else []
        extra += grade.extra_credit or 0.0
    comments = {c.name: c.manual_comment for c in (graded.comments if graded else []) if c.manual_comment}
    earned = sum(points.values()) + extra
    penalty = max(earned, 0.0) * late.penalty_fraction if late else 0.0
    most = float(sum(cell.max_score for cell in notebook.grade_cells))
    return Mark(
        notebook.name, entry, late, count, points, by_hand, comments, flagged,
        round(earned, 6), round(penalty, 6), round(earned - penalty, 6), most,
    )  # fmt: skip


def _exercise(cell_name):
    return cell_name.removeprefix("check_")
