"""Where things are: the repository, the weeks in it, and what was released of them.

No list of weeks stands anywhere: a week is a folder ``course*/<week>/`` with a ``week.toml`` in it.
"""

import os
import re
from pathlib import Path

ROOT_VARIABLE = "MEDLABS_ROOT"
WEEK_FILE = "week.toml"
RELEASE = "release"


def find_repository(start=None):
    """Find the repository: the folder that holds the courses.

    ``MEDLABS_ROOT`` decides if it is set. Otherwise the nearest folder above ``start`` that holds a week, otherwise the
    checkout that this package was installed from.

    Parameters
    ----------
    start : pathlib.Path, optional
        Where to begin to look upwards; the current folder when left out.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ValueError
        If ``MEDLABS_ROOT`` names no folder, or nothing was found.
    """
    told = os.environ.get(ROOT_VARIABLE)
    if told:
        if not Path(told).is_dir():
            raise ValueError(f"{ROOT_VARIABLE} is {told!r}, which is not a folder. Set it to a checkout, or unset it.")
        return Path(told).resolve()
    start = Path(start or Path.cwd()).resolve()
    checkout = Path(__file__).resolve().parents[1]
    for folder in [start, *start.parents, checkout]:
        if _holds_a_week(folder):
            return folder
    if (checkout / "pyproject.toml").is_file():
        return checkout
    raise ValueError(
        f"No course was found in {start} or above it (a course holds folders with a {WEEK_FILE}). "
        f"Go to a checkout of the repository, or set {ROOT_VARIABLE} to one."
    )


def find_weeks(repository=None):
    """Find all weeks, in the order of the curriculum.

    Parameters
    ----------
    repository : pathlib.Path, optional

    Returns
    -------
    dict of str to pathlib.Path
        ``"course1_diagnosis/week1_chest_xray"`` to its folder; week 2 stands before week 10.
    """
    repository = Path(repository) if repository else find_repository()
    folders = [file.parent for file in repository.glob(f"course*/*/{WEEK_FILE}")]
    names = {week_name(folder): folder for folder in folders if folder.parent.name != RELEASE}
    return {name: names[name] for name in sorted(names, key=_in_human_order)}


def find_week(name, repository=None):
    """Find one week by its name, ``COURSE/WEEK``.

    The short form with numbers alone works too: ``course1/week1``.

    Parameters
    ----------
    name : str
    repository : pathlib.Path, optional

    Returns
    -------
    pathlib.Path
        The folder of its sources.

    Raises
    ------
    ValueError
        If there is no such week; the message lists those that exist.
    """
    weeks = find_weeks(repository)
    wanted = str(name).strip().strip("/").removeprefix("./")
    if wanted in weeks:
        return weeks[wanted]
    short = [week for week in weeks if _is_short_for(wanted, week)]
    if len(short) == 1:
        return weeks[short[0]]
    existing = ", ".join(weeks) or f"none: no course*/*/{WEEK_FILE} in {repository or find_repository()}"
    raise ValueError(f"There is no week {str(name)!r}. A week is written COURSE/WEEK; there are: {existing}.")


def week_name(folder):
    """Give the name of a week, ``COURSE/WEEK``, from the folder of its sources or of its release."""
    folder = Path(folder)
    course = folder.parent.parent if folder.parent.name == RELEASE else folder.parent
    return f"{course.name}/{folder.name}"


def release_folder(folder):
    """Give the folder of a week's released files from the folder of its sources."""
    folder = Path(folder)
    return folder.parent / RELEASE / folder.name


def _holds_a_week(folder):
    return any(file.parent.parent.name != RELEASE for file in folder.glob(f"course*/*/{WEEK_FILE}"))


def _is_short_for(wanted, week):
    """Say whether course1/week1 means course1_diagnosis/week1_chest_xray (and week1 never week10_...)."""
    parts, whole = wanted.split("/"), week.split("/")
    if len(parts) != 2 or not all(parts):
        return False
    return all(full == part or full.startswith(f"{part}_") for part, full in zip(parts, whole, strict=True))


def _in_human_order(name):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
