"""The folder of a cohort: what is where in it, and all of it read at once."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from autograder import paths
from autograder.cohort import plans, settings
from autograder.cohort.roster import read_roster
from autograder.workspace import write_whole

STATE = ".medlabs"
ROSTER = "roster.csv"
SEED = "seed.json"
RELEASED = "released.json"


class Cohort(NamedTuple):
    """A term with its learners and weeks; ``seed`` draws its hidden checks and is a secret."""

    folder: Path
    name: str
    timezone: ZoneInfo
    learners: dict
    plans: dict
    policy: plans.Policy
    seed: int
    repository: Path

    def __repr__(self):
        """Name it without its secret, which must not get into logs."""
        return f"<Cohort {self.name!r} in {self.folder}>"


def read_cohort(folder):
    """Read a cohort.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    Cohort

    Raises
    ------
    ValueError
        In one sentence that names the file and what is wrong in it.
    """
    folder = Path(folder).resolve()
    if not (folder / settings.FILE).is_file():
        raise ValueError(
            f"{folder} holds no {settings.FILE}, so it is no cohort: make one with `medlabs cohort create`."
        )
    learners = read_roster(folder / ROSTER)
    read = settings.read_settings(folder / settings.FILE, learners)
    repository = find_courses(read.repository)
    known, released = paths.find_weeks(repository), read_state(folder, RELEASED)
    for week in read.weeks:
        if week not in known:
            raise ValueError(
                f"{folder / settings.FILE}: there is no week {week!r} in {repository}. There are: {', '.join(known)}."
            )
    weeks = {week: _with_release(read.weeks[week], released.get(week)) for week in known if week in read.weeks}
    seed = read_state(folder, SEED).get("seed")
    if not isinstance(seed, int):
        raise ValueError(
            f"{folder / STATE / SEED} is missing or damaged, so hidden checks cannot be drawn: put it back from a copy. "
            "(A new seed would give other checks than those that grades were given for.)"
        )
    return Cohort(folder, read.name, read.timezone, learners, weeks, read.policy, seed, repository)


def find_courses(hint=None):
    """Find the repository: ``MEDLABS_ROOT``, else what cohort.toml says, else as everywhere (:mod:`autograder.paths`)."""
    if hint and not os.environ.get(paths.ROOT_VARIABLE) and Path(hint).is_dir():
        return Path(hint).resolve()
    return paths.find_repository()


def state_folder(cohort, *parts):
    """Give the folder where a cohort keeps what programs need, or a place in it."""
    return cohort.folder.joinpath(STATE, *parts)


def course_root(cohort, week):
    """Give nbgrader's course root of a week's course."""
    return cohort.folder / week.split("/")[0]


def read_state(folder, name):
    """Read one of our files of state; one that is not there is empty.

    Raises
    ------
    ValueError
        If it cannot be read: guessing would change grades.
    """
    path = Path(folder) / STATE / name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read ({error}): put it back from a copy.") from None
    if not isinstance(content, dict):
        raise ValueError(f"{path} is damaged: put it back from a copy.")
    return content


def write_state(folder, name, content):
    """Write one of our files of state, for the owner's eyes only."""
    path = Path(folder) / STATE / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode(), mode=0o600)


def note_release(cohort, week, now=None):
    """Remember that a week was released; the first time is when it was opened."""
    released = read_state(cohort.folder, RELEASED)
    moment = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    released[week] = {"first": released.get(week, {}).get("first", moment), "last": moment}
    write_state(cohort.folder, RELEASED, released)


def _with_release(plan, released):
    if not released:
        return plan
    return plan._replace(released=True, opens=plan.opens or datetime.fromisoformat(released["first"]))
