"""The learner's workspace: notebooks laid out once, renewed where untouched, never overwritten where worked on.

A workspace is an ordinary folder of notebooks, plus `.medlabs/` with what the tools need: a manifest of what was laid
out, Jupyter and nbgrader settings, submissions and their feedback.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

STATE = ".medlabs"
MANIFEST = "manifest.json"


class Layout(NamedTuple):
    """What laying out a workspace did, as paths relative to it."""

    added: list
    renewed: list
    kept: list


def lay_out(weeks, workspace):
    """Copy released weeks into a workspace without touching anything that a learner wrote.

    Parameters
    ----------
    weeks : dict of str to pathlib.Path
        ``"course1_diagnosis/week1_chest_xray"`` to the folder of its released files.
    workspace : pathlib.Path
        Made if it is not there.

    Returns
    -------
    Layout
        ``added`` were not there; ``renewed`` had not been changed since they were laid out, and have a newer release;
        ``kept`` were changed by the learner and have a newer release, now beside them as ``NAME.new.ipynb``.

    Raises
    ------
    ValueError
        If the workspace is a file, or cannot be written.
    """
    workspace = Path(workspace)
    try:
        (workspace / STATE).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"The workspace {workspace} cannot be made ({error.strerror}). Choose another folder with --workspace."
        ) from None
    manifest = read_manifest(workspace)
    layout = Layout([], [], [])
    for name, source in sorted(weeks.items()):
        for file in sorted(path for path in Path(source).rglob("*") if path.is_file()):
            _lay_out_file(file, Path(name) / file.relative_to(source), workspace, manifest, layout)
    write_whole(workspace / STATE / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    return layout


def read_manifest(workspace):
    """Read what was laid out: relative path to the SHA-256 of the file as released.

    A manifest that cannot be read counts as empty: then every file of the workspace is treated as the learner's own.
    """
    try:
        manifest = json.loads((Path(workspace) / STATE / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def find_workspace(start):
    """Find the workspace that holds a path, or None."""
    start = Path(start).resolve()
    for folder in [start, *start.parents]:
        if (folder / STATE / MANIFEST).is_file():
            return folder
    return None


def digest(path):
    """Give the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def write_whole(path, data, *, mode=None):
    """Write bytes to a file so that a reader finds the old content or the new, never a part.

    A file with a ``mode`` never has another one, not even for a moment.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666 if mode is None else mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _lay_out_file(source, relative, workspace, manifest, layout):
    target, key, released = workspace / relative, relative.as_posix(), digest(source)
    if not target.exists():
        write_whole(target, source.read_bytes())
        manifest[key] = released
        layout.added.append(key)
        return
    present = digest(target)
    if present == released:
        manifest[key] = released
    elif present == manifest.get(key):
        write_whole(target, source.read_bytes())
        manifest[key] = released
        layout.renewed.append(key)
    elif manifest.get(key) != released:
        shutil.copyfile(source, target.with_name(f"{target.stem}.new{target.suffix}"))
        manifest[key] = released
        layout.kept.append(key)
