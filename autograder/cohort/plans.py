"""When a week is due, for whom, and what lateness costs. All moments are aware; sums are done in UTC."""

import math
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from autograder.cohort.roster import extra_time

BEST, LAST = "best", "last"
DAY = 86_400


class LatePolicy(NamedTuple):
    """What lateness costs: nothing within ``grace`` seconds, then a share of the points earned for each begun day.

    After ``days`` days (None: never) work is not accepted any more.
    """

    grace: float = 0.0
    per_day: float = 0.0
    days: float | None = None


class Policy(NamedTuple):
    """What holds where a week says nothing else; ``attempts`` is None for any number."""

    counts: str = BEST
    attempts: int | None = None
    cooldown: float = 0.0
    late: LatePolicy = LatePolicy()


class Plan(NamedTuple):
    """One week of a cohort. ``due`` and ``opens`` are aware moments or None; ``cooldown`` is in seconds."""

    week: str
    due: datetime | None
    late: LatePolicy
    attempts: int | None
    cooldown: float
    extensions: dict
    released: bool
    opens: datetime | None = None
    counts: str = BEST


class Late(NamedTuple):
    """How late something is: begun days, the share of the points that it costs, whether it is taken at all, and words."""

    days: int
    penalty_fraction: float
    accepted: bool
    words: str


def plan_of(cohort, week):
    """Give the plan of a week.

    Raises
    ------
    ValueError
        If the cohort has no such week.
    """
    if week not in cohort.plans:
        raise ValueError(f"The cohort {cohort.name} has no week {week!r}. It has: {', '.join(cohort.plans) or 'none'}.")
    return cohort.plans[week]


def learner_of(cohort, learner_id):
    """Give a learner of the roster.

    Raises
    ------
    ValueError
        If nobody has this id.
    """
    if learner_id not in cohort.learners:
        raise ValueError(f"Nobody in the roster of {cohort.name} has the id {learner_id!r}.")
    return cohort.learners[learner_id]


def deadline(cohort, week, learner_id):
    """Give the moment at which a week is due for one learner.

    A factor of extra time stretches the time between opening and due date; where the week has not been opened, or was opened
    late, it adds nothing. An extension counts if it is later.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week, learner_id : str

    Returns
    -------
    datetime.datetime or None
        Aware, in UTC; None if the week is never due.
    """
    plan, extra = plan_of(cohort, week), extra_time(learner_of(cohort, learner_id).extra_time)
    if plan.due is None:
        return None
    due = plan.due.astimezone(UTC)
    if isinstance(extra, timedelta):
        due += extra
    elif extra and plan.opens and plan.opens < plan.due:
        due += (plan.due.astimezone(UTC) - plan.opens.astimezone(UTC)) * (extra - 1)
    own = plan.extensions.get(learner_id)
    return max(due, own.astimezone(UTC)) if own else due


def lateness(cohort, week, learner_id, received):
    """Say how late something is that was received at a moment.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week, learner_id : str
    received : datetime.datetime
        Aware.

    Returns
    -------
    Late
    """
    if received.tzinfo is None:
        raise ValueError(f"The moment {received} has no time zone.")
    due, policy = deadline(cohort, week, learner_id), plan_of(cohort, week).late
    seconds = (received - due).total_seconds() if due else 0.0
    if seconds <= policy.grace:
        return Late(0, 0.0, True, "in time")
    days = math.ceil(seconds / DAY)
    count = f"{days} day{'s' if days > 1 else ''}"
    if policy.days is not None and seconds - policy.grace > policy.days * DAY:
        return Late(days, 1.0, False, f"{count} late; work is taken for {policy.days:g} days after the due date")
    fraction = min(1.0, days * policy.per_day)
    cost = f"which costs {fraction:.0%} of the points earned" if fraction else "which costs nothing"
    return Late(days, fraction, True, f"{count} late, {cost}")


def late_until(cohort, week, learner_id):
    """Give the last moment at which work is taken, or None if there is none."""
    due, policy = deadline(cohort, week, learner_id), plan_of(cohort, week).late
    if due is None or policy.days is None:
        return None
    return due + timedelta(days=policy.days, seconds=policy.grace)


def moment(value, timezone):
    """Make an aware moment of a date or time as it stands in cohort.toml.

    A date alone means the end of that day. An hour that a change of clocks repeats or leaves out means the later moment.
    """
    if not isinstance(value, datetime):
        if not isinstance(value, date):
            raise ValueError(f"{value!r} is no date: write 2026-12-01T18:00:00, or 2026-12-01 for the end of that day")
        value = datetime.combine(value, time(23, 59, 59))
    if not 2000 <= value.year < 2200:
        raise ValueError(f"the year {value.year} is in no term")
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    return max(value.replace(tzinfo=timezone, fold=fold).astimezone(UTC) for fold in (0, 1))
