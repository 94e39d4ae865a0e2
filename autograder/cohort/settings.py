"""``cohort.toml``: what people write about a cohort, read strictly. It is written once, at the start, and theirs from then on."""

import json
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.build.week import read_toml, refuse_unknown
from autograder.cohort import plans

FILE = "cohort.toml"
SCHEMA = 1
UNLIMITED = "unlimited"
RULES = ("counts", "attempts", "cooldown_seconds", "grace_minutes", "penalty_per_day", "late_days")
_TOP = ("schema", "name", "timezone", "repository", "policy", "weeks")
_WEEK = ("opens", "due", "extensions")


class Settings(NamedTuple):
    """The content of a cohort.toml."""

    name: str
    timezone: ZoneInfo
    repository: str | None
    policy: plans.Policy
    weeks: dict


def read_settings(path, learners):
    """Read and check a cohort.toml.

    Parameters
    ----------
    path : pathlib.Path
    learners : collection of str
        The ids that may have extensions.

    Returns
    -------
    Settings
        ``weeks`` maps each week's name to a Plan that is not released.

    Raises
    ------
    ValueError
        In one sentence that names the key and the value.
    """
    content = read_toml(path)
    refuse_unknown(path, content, _TOP)
    if content.get("schema") != SCHEMA:
        raise ValueError(f"{path}: schema is {content.get('schema')!r}; this version of medlabs reads {SCHEMA}.")
    name = _text(path, content, "name")
    timezone = zone(_text(path, content, "timezone"), path)
    repository = _text(path, content, "repository") if "repository" in content else None
    rules = _table(path, content, "policy")
    refuse_unknown(path, rules, RULES, where=" in [policy]")
    policy = _policy(path, "[policy]", rules, plans.Policy())
    weeks = {
        week: _plan(path, week, _table(path, content["weeks"], week), policy, timezone, learners)
        for week in _table(path, content, "weeks")
    }
    return Settings(name, timezone, repository, policy, weeks)


def zone(name, place=FILE):
    """Give a time zone by its name, as ``Europe/Zurich``.

    Raises
    ------
    ValueError
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{place}: there is no time zone {name!r}. Write one as 'Europe/Zurich' or 'UTC'.") from None


def settings_text(name, timezone, repository, policy, dues):
    """Write a new cohort.toml; ``dues`` maps each week's name to the text of a TOML date, or None."""
    late = policy.late
    lines = [
        "# Yours to edit. What each key means: docs/instructor.md. `medlabs cohort status` reads it and says what holds.",
        f"schema = {SCHEMA}",
        f"name = {json.dumps(name)}",
        f"timezone = {json.dumps(timezone)}  # of the dates below",
        f"repository = {json.dumps(str(repository))}  # the courses",
        "",
        "[policy]  # what holds where a week says nothing else",
        f"counts = {json.dumps(policy.counts)}  # which attempt: best or last",
        f"attempts = {json.dumps(policy.attempts or UNLIMITED)}  # for each notebook",
        f"cooldown_seconds = {policy.cooldown:g}  # between two attempts",
        f"grace_minutes = {late.grace / 60:g}",
        f"penalty_per_day = {late.per_day:g}  # share of the points earned, for each begun day",
        f"late_days = {json.dumps(UNLIMITED) if late.days is None else format(late.days, 'g')}  # then work is not taken",
    ]
    for week, due in dues.items():
        lines += ["", f"[weeks.{json.dumps(week)}]", f"due = {due}" if due else "# due = 2026-12-01T18:00:00"]
        lines += [f"# [weeks.{json.dumps(week)}.extensions]", "# ID = 2026-12-08T18:00:00"]
    return "\n".join([*lines, ""])


def _plan(path, week, table, policy, timezone, learners):
    where = f"[weeks.{json.dumps(week)}]"
    refuse_unknown(path, table, (*_WEEK, *RULES), where=f" in {where}")
    rules = _policy(path, where, {key: value for key, value in table.items() if key in RULES}, policy)
    due, opens = (_moment(path, where, key, table[key], timezone) if key in table else None for key in ("due", "opens"))
    if due and opens and opens >= due:
        raise ValueError(f"{path}: {where} opens at or after it is due. Mend one of the two.")
    extensions = {}
    for learner, value in _table(path, table, "extensions").items():
        if learner not in learners:
            raise ValueError(
                f"{path}: {where} has an extension for {learner!r}, who is not in the roster. Mend the id."
            )
        extensions[learner] = _moment(path, where, learner, value, timezone)
    return plans.Plan(
        week, due, rules.late, rules.attempts, rules.cooldown, extensions, False, opens=opens, counts=rules.counts
    )


def _policy(path, where, table, default):
    late = default.late

    def number(key, old, *, most=None, whole=False, scale=1.0):
        if key not in table:
            return old
        value = table[key]
        if value == UNLIMITED and key in ("attempts", "late_days"):
            return None
        kind = int if whole else (int, float)
        good = isinstance(value, kind) and not isinstance(value, bool) and value >= (1 if whole else 0)
        if not good or (most is not None and value > most) or value > 1e9:
            raise ValueError(f"{path}: {key} in {where} is {value!r}. Write {_WANTED[key]}.")
        return value * scale if scale != 1 else value

    counts = table.get("counts", default.counts)
    if counts not in (plans.BEST, plans.LAST):
        raise ValueError(f"{path}: counts in {where} is {counts!r}. Write 'best' or 'last'.")
    return plans.Policy(
        counts,
        number("attempts", default.attempts, whole=True),
        number("cooldown_seconds", default.cooldown),
        plans.LatePolicy(
            number("grace_minutes", late.grace, scale=60.0),
            number("penalty_per_day", late.per_day, most=1),
            number("late_days", late.days),
        ),
    )


_WANTED = {
    "attempts": "a whole number above 0, or 'unlimited'",
    "cooldown_seconds": "a number from 0 up",
    "grace_minutes": "a number from 0 up",
    "penalty_per_day": "a share from 0 to 1",
    "late_days": "a number from 0 up, or 'unlimited'",
}


def _moment(path, where, key, value, timezone):
    try:
        return plans.moment(value, timezone)
    except (ValueError, OverflowError) as error:
        shown = value.isoformat() if isinstance(value, date) else repr(value)
        raise ValueError(f"{path}: {key} in {where} cannot be used ({shown}): {error}.") from None


def _text(path, content, key):
    value = content.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{path}: {key} is {value!r}. Write a text.")
    return value


def _table(path, content, key):
    value = content.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"{path}: {key} is {value!r}, where a table was expected.")
    return value
