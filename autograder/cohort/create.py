"""Make a cohort's folder whole, or bring a new roster into one that is there."""

import os
import re
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from autograder import paths
from autograder.cohort import plans, settings
from autograder.cohort.folder import ROSTER, SEED, STATE, read_cohort, write_state
from autograder.cohort.lock import writing
from autograder.cohort.roster import read_roster, roster_bytes
from autograder.workspace import write_whole

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?", flags=re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", flags=re.ASCII)


class Change(NamedTuple):
    """What a new roster changed: ids that came, that are written differently, and that are gone from it."""

    added: list
    changed: list
    gone: list


def create(name, roster, folder, *, weeks=(), dues=(), timezone="UTC", policy=None, now=None):
    """Make a cohort, all of it or nothing.

    Parameters
    ----------
    name : str
    roster : pathlib.Path
    folder : pathlib.Path
        Must not be there yet, or be empty.
    weeks : sequence of str
        Names or short names; all weeks when empty.
    dues : sequence of str
        As ``course1/week1=2026-12-01T18:00``.
    timezone : str
    policy : autograder.cohort.Policy, optional
    now : datetime.datetime, optional

    Returns
    -------
    autograder.cohort.Cohort

    Raises
    ------
    ValueError
        In one sentence; then nothing has been made.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"A cohort cannot be called {name!r}: use ASCII letters, digits and . _ - inside, at most 64.")
    folder, repository = Path(folder).resolve(), paths.find_repository()
    if folder.is_relative_to(repository) and (repository / "pyproject.toml").is_file():
        raise ValueError(f"{folder} lies in the repository of the courses: make cohorts elsewhere, with --dir.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is there already and is no cohort: choose another place with --dir.")
    zone, learners = settings.zone(timezone, "--timezone"), read_roster(roster)
    known = paths.find_weeks(repository)
    chosen = {paths.week_name(paths.find_week(week, repository)) for week in weeks} or set(known)
    texts = dict.fromkeys([week for week in known if week in chosen])
    for due in dues:
        week, text = _due(due, repository, zone, now or datetime.now(UTC))
        if week not in texts:
            raise ValueError(f"--due {due}: {week} is not among the chosen weeks. Choose it with --week too.")
        texts[week] = text
    text = settings.settings_text(name, timezone, repository, policy or plans.Policy(), texts)
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        beside.mkdir(mode=0o711, parents=True)
        write_whole(beside / settings.FILE, text.encode(), mode=0o600)
        write_whole(beside / ROSTER, roster_bytes(learners.values()), mode=0o600)
        (beside / STATE).mkdir(mode=0o700)
        write_state(beside, SEED, {"seed": secrets.randbits(63)})
        read_cohort(beside)
        beside.replace(folder)
    except OSError as error:
        raise ValueError(f"{folder} cannot be made ({error.strerror}): choose another place with --dir.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return read_cohort(folder)


def renew_roster(cohort, roster):
    """Bring a new roster into a cohort. Grades of those who are gone from it stay where they are.

    Returns
    -------
    Change
    """
    learners, old = read_roster(roster), cohort.learners
    for week, plan in cohort.plans.items():
        lost = next((name for name in plan.extensions if name not in learners), None)
        if lost:
            raise ValueError(
                f"{Path(roster).name} has no {lost!r}, who has an extension for {week} in {settings.FILE}: take one of the "
                "two back. The roster is as it was."
            )
    with writing(cohort.folder):
        write_whole(cohort.folder / ROSTER, roster_bytes(learners.values()), mode=0o600)
    return Change(
        [name for name in learners if name not in old],
        [name for name in learners if name in old and learners[name] != old[name]],
        [name for name in old if name not in learners],
    )


def refuse_past(plan, now, place):
    """Refuse a due date that is over.

    Raises
    ------
    ValueError
    """
    if plan.due is not None and plan.due <= now:
        raise ValueError(
            f"{place}: {plan.week} was due on {plan.due.astimezone(UTC):%Y-%m-%d %H:%M} UTC, which is past. Write a later date."
        )


def _due(text, repository, zone, now):
    week, sign, date = text.partition("=")
    if not sign or not _DATE.fullmatch(date.strip()):
        raise ValueError(f"--due {text!r} cannot be read: write WEEK=2026-12-01T18:00, or WEEK=2026-12-01.")
    name = paths.week_name(paths.find_week(week, repository))
    value = date.strip().replace(" ", "T")
    value += ":00" if value.count(":") == 1 else ""
    try:
        read = datetime.fromisoformat(value)
        moment = plans.moment(read if "T" in value else read.date(), zone)
    except ValueError as error:
        raise ValueError(f"--due {text!r}: {error}.") from None
    refuse_past(plans.Plan(name, moment, plans.LatePolicy(), None, 0, {}, False), now, f"--due {text!r}")
    return name, value
