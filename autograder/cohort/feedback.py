"""Feedback pages of a cohort: what was asked, the score, the reason, with lateness and what a person marked by hand."""

from autograder.cohort import documents, history, marks, plans
from autograder.cohort.course import FOR_EXCHANGE
from autograder.cohort.lock import writing
from autograder.cohort.seeds import seeded_week
from autograder.grading import messages, reading
from autograder.workspace import write_whole


def write(cohort, week, learner_id, *, book=None):
    """Write the page of each notebook's attempt that counts, where nbgrader has its feedback.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week, learner_id : str
    book : nbgrader.api.Gradebook, optional
        That of the week's course, when the caller has it open.

    Returns
    -------
    list of pathlib.Path
        The pages that are new or other than before.
    """
    final = marks.final(cohort, week, learner_id, book)
    folder, changed = documents.folder_of(cohort, week, "feedback", learner_id), []
    with writing(cohort.folder):
        for mark in final.notebooks.values():
            if mark.entry is None:
                continue
            path, content = folder / f"{mark.notebook}.html", page(cohort, mark.entry, mark).encode("utf-8", "replace")
            if not path.is_file() or path.is_symlink() or path.read_bytes() != content:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_whole(path, content, mode=0o600)
                changed.append(path)
        if folder.is_dir():
            _copy_beside(cohort, week, learner_id, folder)
    return changed


def page(cohort, entry, mark=None):
    """Make the page of one attempt.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    entry : autograder.cohort.history.Entry
    mark : autograder.cohort.marks.Mark, optional
        Of the notebook, for the attempt that counts: marks by hand and comments then stand in the page.

    Returns
    -------
    str
        HTML that runs no script and shows every text as text.
    """
    from autograder.grading import feedback

    plan, late = plans.plan_of(cohort, entry.week), plans.lateness(cohort, entry.week, entry.learner, entry.received)
    record = {**entry.record, "notes": list(entry.record["notes"])}
    if mark is not None:
        record |= _with_marks(record, mark)
    if late.days:
        taken = f" {mark.earned:g} points become {mark.score:g}." if mark is not None and mark.penalty else ""
        record["notes"].append(f"Received {late.words}.{taken}")
    zone = f"{entry.received.astimezone(cohort.timezone):%Y-%m-%d %H:%M %Z}"
    counts = history.attempts(cohort, entry.week, entry.learner, entry.notebook)
    return feedback.page(
        record, seeded_week(cohort, entry.week), received=f"{zone}, attempt {entry.attempt}", again=_again(plan, counts)
    )


def _with_marks(record, mark):
    exercises = []
    for exercise in record["exercises"]:
        points = mark.points.get(exercise["id"], exercise["points"])
        said, comment = exercise["message"], mark.comments.get(exercise["id"])
        if exercise["id"] in mark.by_hand:
            said = f"A person gave {points:g} points. The automatic check said: {said}"
        if comment:
            said = f"{said} Comment: {messages.tidy(comment, longest=2000)}"
        exercises.append(
            {**exercise, "points": points, "passed": points >= exercise["max_points"], "message": said.strip()}
        )
    return {"exercises": exercises, "score": mark.score, "max_score": mark.max_score}


def _again(plan, entries):
    if plan.attempts is None:
        return "You may submit again." if plan.due else "You may submit again as often as you like."
    left = plan.attempts - sum(entry.scored for entry in entries)
    return f"You have {left} attempt{'' if left == 1 else 's'} left." if left > 0 else "You have no attempt left."


def _copy_beside(cohort, week, learner, folder):
    submitted = documents.folder_of(cohort, week, "submitted", learner)
    for name in FOR_EXCHANGE:
        try:
            content = reading.read_bytes(submitted / name, max_bytes=10_000)
        except reading.UnreadableError:
            continue
        if not (folder / name).is_file() or (folder / name).read_bytes() != content:
            write_whole(folder / name, content, mode=0o600)


def week_title(cohort, week):
    """Give the title of a week as other programs are to show it: its number stays when the title is reworded."""
    from autograder import build

    course, name = (part.split("_")[0] for part in week.split("/"))
    title = build.read_week(cohort.repository / week).title
    return f"{course} {name}: {title}"
