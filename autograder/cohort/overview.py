"""The instructor's page: for each week how learners do, where they fail, when they work and how long they wait."""

from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple

from autograder.cohort import history, marks, plans, seeds
from autograder.cohort.course import checks_digest, gradebook
from autograder.cohort.feedback import week_title
from autograder.cohort.folder import read_state
from autograder.cohort.lock import writing
from autograder.grading import records
from autograder.workspace import write_whole

FILE = "overview.html"


class State(NamedTuple):
    """A week in numbers: learners who handed in, attempts, and those that need a person's eye."""

    week: str
    released: bool
    due: datetime | None
    handed_in: int
    attempts: int
    late: int
    failed: int
    unreadable: int
    by_hand: int
    flagged: int
    outdated: int
    proven: bool
    finals: dict
    entries: list


def state(cohort, week):
    """Count what there is of a week.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : str

    Returns
    -------
    State
    """
    plan = plans.plan_of(cohort, week)
    finals, entries = {}, []
    if plan.released:
        with gradebook(cohort, week) as book:
            finals = {learner: marks.final(cohort, week, learner, book) for learner in cohort.learners}
        entries = [entry for learner in cohort.learners for entry in history.attempts(cohort, week, learner)]
    counting = [mark for final in finals.values() for mark in final.notebooks.values() if mark.entry]
    kinds = Counter(entry.record["state"] for entry in entries)
    checks = checks_digest(seeds.seeded_week(cohort, week)) if plan.released else None
    noted = read_state(cohort.folder, seeds.FILE).get(week, {})
    return State(
        week,
        plan.released,
        plan.due,
        sum(final.handed_in for final in finals.values()),
        len(entries),
        sum(mark.late.days > 0 for mark in counting),
        kinds[records.FAILED],
        kinds[records.UNREADABLE],
        sum(len(mark.by_hand) for final in finals.values() for mark in final.notebooks.values()),
        sum(len(mark.flagged) for final in finals.values() for mark in final.notebooks.values()),
        sum(mark.entry.checks not in (None, checks) for mark in counting),
        noted.get("proven") is not None and noted.get("proven") == checks,
        finals,
        entries,
    )


def page(cohort, states, *, now=None):
    """Make the page of some weeks.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    states : list of State
    now : datetime.datetime, optional

    Returns
    -------
    str
        HTML that stands alone and runs no script; names of learners are not in it.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("autograder.cohort", package_path=""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    weeks = [
        {
            "title": week_title(cohort, one.week),
            "state": one,
            "due": f"{one.due.astimezone(cohort.timezone):%Y-%m-%d %H:%M %Z}" if one.due else "never",
            "figures": [Markup(svg) for svg in _figures(cohort, one)] if one.entries else [],
        }
        for one in states
    ]
    moment = (now or datetime.now(UTC)).astimezone(cohort.timezone)
    return environment.get_template("overview.html.j2").render(
        name=cohort.name, learners=len(cohort.learners), made=f"{moment:%Y-%m-%d %H:%M %Z}", weeks=weeks
    )


def write(cohort, states):
    """Write the page into the cohort; give its path."""
    path, content = cohort.folder / FILE, page(cohort, states).encode("utf-8", "replace")
    with writing(cohort.folder):
        write_whole(path, content, mode=0o600)
    return path


def _figures(cohort, one):
    from autograder.cohort import figures

    handed_in = [final for final in one.finals.values() if final.handed_in]
    days = Counter(entry.received.astimezone(cohort.timezone).date() for entry in one.entries)
    due = one.due.astimezone(cohort.timezone).date() if one.due else None
    waits = [(entry.graded - entry.received).total_seconds() for entry in one.entries if entry.revision == 1]
    yield figures.scores([final.score for final in handed_in], max((f.max_score for f in handed_in), default=0))
    yield figures.success(success_rates(handed_in))
    yield figures.attempts(dict(sorted(days.items())), due)
    yield figures.waiting(waits)


def success_rates(finals):
    """Give for each exercise the share of those who handed its notebook in and have it right."""
    tried, right = Counter(), Counter()
    for final in finals:
        for mark in final.notebooks.values():
            for exercise in mark.entry.record["exercises"] if mark.entry else []:
                name = exercise["id"]
                tried[name] += 1
                right[name] += mark.points.get(name, 0.0) >= exercise["max_points"]
    return {name: right[name] / count for name, count in tried.items()}
