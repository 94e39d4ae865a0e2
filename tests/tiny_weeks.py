"""Tiny weeks for tests: a copy of the golden week, with what a test wants changed in it."""

import shutil
from pathlib import Path

from autograder.build import read_week

GOLDEN = Path(__file__).parent / "autograder" / "golden"
COURSE, WEEK = "course1_tiny", "week1_hearts"
NAME = f"{COURSE}/{WEEK}"


def make_repository(root, **edits):
    """Copy the golden week's sources under ``root``; return the folder of the week.

    Each keyword is a file (``week_toml``, ``assignment_py``, …; the last ``_`` stands for the dot) with a list of
    ``(old, new)`` texts, or the whole new text, or None to remove the file.
    """
    folder = root / COURSE / WEEK
    shutil.copytree(GOLDEN / COURSE / WEEK, folder)
    for key, change in edits.items():
        edit(folder / ".".join(key.rsplit("_", 1)), change)
    return folder


def make_week(root, **edits):
    """Copy and change the golden week as :func:`make_repository` does; return the week as read."""
    return read_week(make_repository(root, **edits))


def edit(path, change):
    """Change a file: a list of (old, new), a whole text, or None to remove it."""
    if change is None:
        path.unlink()
        return
    text = change
    if isinstance(change, list):
        text = path.read_text()
        for old, new in change:
            assert old in text, f"{path.name} does not hold {old!r}"
            text = text.replace(old, new)
    path.write_text(text)
