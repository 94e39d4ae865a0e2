"""Write a week's released files: all of them or none, and nothing that was not derived from its sources."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import nbformat

from autograder import paths
from autograder.build import gate
from autograder.build.release import release_notebook
from autograder.build.week import SourceError, notebook_names, shown

FIGURES = "figures"
PICTURES = (".svg", ".png", ".jpg", ".jpeg")


class Built(NamedTuple):
    """What a build did, as paths relative to the week's released folder."""

    written: list
    removed: list
    unchanged: list


def build_week(week):
    """Make the released files of a week, and remove whatever else lies in its released folder.

    Parameters
    ----------
    week : autograder.build.Week

    Returns
    -------
    Built

    Raises
    ------
    SourceError
        If a source cannot be built from, or a learner would see what is hidden. Then nothing has been written.
    """
    files, folder = derived_files(week), paths.release_folder(week.folder)
    leaks = gate.find_leaks({f"{week.name}, {name}": content for name, content in files.items()}, [week])
    if leaks:
        raise SourceError(
            "Nothing was written, because learners would see:\n" + "\n".join(f"  {leak}" for leak in leaks)
        )
    stale = stale_in(files, folder)
    changed = [name for name in files if name in stale]
    _write_all({folder / name: files[name] for name in changed})
    removed = [name for name in stale if name not in files]
    for name in removed:
        (folder / name).unlink()
    _remove_empty_folders(folder)
    return Built(changed, removed, [name for name in files if name not in stale])


def derived_files(week):
    """Give every released file of a week: relative path (as text) to content (bytes)."""
    files = {f"{name}.ipynb": notebook_bytes(release_notebook(week, name)) for name in notebook_names(week)}
    for path in sorted((week.folder / FIGURES).rglob("*")):
        relative = path.relative_to(week.folder)
        if path.is_dir() or any(part.startswith(".") for part in relative.parts):
            continue
        if path.suffix.lower() not in PICTURES:
            raise SourceError(f"{shown(path)} is no picture. Move it: all of {FIGURES}/ goes to learners.")
        files[relative.as_posix()] = path.read_bytes()
    return files


def stale_files(week):
    """List what in a week's released folder is not what its sources give: changed, missing or not derived at all.

    Parameters
    ----------
    week : autograder.build.Week

    Returns
    -------
    list of str
        Paths relative to the released folder; empty if all is current.
    """
    return stale_in(derived_files(week), paths.release_folder(week.folder))


def notebook_bytes(notebook):
    """Write a notebook the one way that we write notebooks, so that the same notebook is the same bytes."""
    return (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode("utf-8")


def stale_in(files, folder):
    """List what in a folder is not what it should be; ``files`` maps each path that belongs there to its content."""
    changed = [name for name, content in files.items() if not _holds(folder / name, content)]
    found = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if _is_leaf(path)]
    return changed + [name for name in found if name not in files]


def _holds(path, content):
    return path.is_file() and not path.is_symlink() and path.read_bytes() == content


def _is_leaf(path):
    return path.is_symlink() or not path.is_dir()


def _write_all(contents):
    """Write files beside their places first and move them there last, so that an error leaves all as it was."""
    waiting = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting.append((path.with_name(f".{path.name}.{os.getpid()}.part"), path))
            waiting[-1][0].write_bytes(content)
        for part, path in waiting:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            part.replace(path)
    finally:
        for part, _ in waiting:
            part.unlink(missing_ok=True)


def _remove_empty_folders(folder):
    for path in sorted((path for path in Path(folder).rglob("*") if not _is_leaf(path)), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
