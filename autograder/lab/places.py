"""Which notebook of the workspace a path of the browser means: nothing outside, nothing hidden, no link on the way."""

import stat
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder import build, paths
from autograder.grading import identify, reading


class BadPath(ValueError):
    """A path that the panel never asks for: outside of the workspace, hidden, through a link."""


class Place(NamedTuple):
    """A notebook file of the workspace."""

    path: Path
    shown: str


class Graded(NamedTuple):
    """A notebook that can be submitted: its week and its name there (``quiz`` or ``assignment``)."""

    place: Place
    week: build.Week
    name: str


NO_SPACE = "This lab shows no workspace of medlabs: stop it, start `medlabs lab`, and open your notebook there."


def find(lab, text):
    """Find the file that a path of the browser means.

    Parameters
    ----------
    lab : autograder.lab.extension.Lab
    text : str
        Relative to the folder that JupyterLab shows, with forward slashes.

    Returns
    -------
    Place

    Raises
    ------
    BadPath
    ValueError
        In one sentence: no workspace, or no such file.
    """
    if lab.space is None:
        raise ValueError(NO_SPACE)
    if not isinstance(text, str) or not text or len(text) > 1000 or any(sign in text for sign in "\0\\\n"):
        raise BadPath("That is no path of a notebook: open the notebook from the Course panel.")
    parts = PurePosixPath(text).parts
    if text.startswith("/") or ".." in parts or any(part.startswith(".") for part in parts):
        raise BadPath(f"{text[:200]} is outside of your workspace, or hidden: open a notebook of the course.")
    path = lab.root.joinpath(*parts)
    if not path.is_relative_to(lab.space) or path.suffix != ".ipynb":
        raise BadPath(f"{text[:200]} is no notebook of your workspace: open a notebook of the course.")
    _refuse_links(path, lab.root)
    return Place(path, text)


def _refuse_links(path, root):
    """See that every step from the root is a folder, and the last a file: none of them a link, which may lead anywhere."""
    steps = [path, *path.parents]
    for step in reversed(steps[: steps.index(root)]):
        try:
            mode = step.lstat().st_mode
        except OSError:
            raise ValueError(f"{step.name[:200]} is not there any more: save the notebook, or open it again.") from None
        if stat.S_ISLNK(mode):
            raise BadPath(f"{step.name[:200]} is a link, and links are not followed: work on the file itself.")
        if step == path and not stat.S_ISREG(mode):
            raise BadPath(f"{step.name[:200]} is not a file: open a notebook of the course.")


def find_graded(lab, text):
    """Find the week and the name of a notebook that is to be graded.

    Raises
    ------
    ValueError
        In one sentence: not in the workspace, not readable, of no week, or a practice notebook.
    """
    place = find(lab, text)
    learner = reading.read_notebook(place.path)
    weeks = paths.find_weeks()
    folder = "/".join(place.path.relative_to(lab.space).parts[:2])
    for name in (learner.week, folder):
        if name in weeks:
            week = build.read_week(weeks[name])
            return Graded(place, week, identify.identify(learner, week, place.path.name))
    raise ValueError(
        f"{place.path.name} belongs to {learner.week or 'no week'}, which this edition of the course does not have: "
        "open the notebook of your own course from the Course panel."
    )


def find_release(lab, text):
    """Find the released file that a notebook of the workspace was laid out from; give (place, file).

    Raises
    ------
    ValueError
        If it did not come with the course.
    """
    place = find(lab, text)
    relative = place.path.relative_to(lab.space)
    folder = paths.find_weeks().get("/".join(relative.parts[:2]))
    file = paths.release_folder(folder).joinpath(*relative.parts[2:]) if folder else None
    if file is None or len(relative.parts) != 3 or not file.is_file():
        raise ValueError(f"{place.path.name} did not come with the course, so there is no fresh copy of it.")
    return place, file
