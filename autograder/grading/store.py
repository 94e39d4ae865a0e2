"""Keep submissions of a workspace: what was sent, when, and what came of it. Nothing is ever written over."""

import contextlib
import hashlib
import json
import secrets
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from autograder import workspace
from autograder.grading import reading

FOLDER = "submissions"


class Receipt(NamedTuple):
    """Where a submission is kept, when it was received (UTC), and the SHA-256 of its content."""

    folder: Path
    notebook: Path
    received: datetime
    digest: str


def keep(notebook, space, week_name, name, *, now=None):
    """Copy a notebook into the workspace's submissions.

    Parameters
    ----------
    notebook : pathlib.Path
    space : pathlib.Path
        The workspace.
    week_name, name : str
        ``"course1_diagnosis/week1_chest_xray"`` and ``"assignment"``.
    now : datetime.datetime, optional

    Returns
    -------
    Receipt

    Raises
    ------
    ValueError
        If it cannot be written.
    """
    content = reading.read_bytes(Path(notebook))
    received = (now or datetime.now(UTC)).astimezone(UTC)
    digest = hashlib.sha256(content).hexdigest()
    place = Path(space) / workspace.STATE / FOLDER / week_name / name
    part = place / f".{secrets.token_hex(8)}.part"  # of this call alone
    about = {
        "schema": 1,
        "week": week_name,
        "notebook": name,
        "path": Path(notebook).resolve().relative_to(Path(space).resolve()).as_posix(),
        "received": received.isoformat(timespec="seconds"),
        "sha256": digest,
        "bytes": len(content),
    }
    try:
        part.mkdir(parents=True)
        (part / f"{name}.ipynb").write_bytes(content)
        (part / "submission.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        for file in part.iterdir():
            file.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        folder = _move(part, place / f"{received:%Y%m%dT%H%M%SZ}-{digest[:12]}")
    except OSError as error:
        raise ValueError(f"Your submission could not be kept in {place} ({error.strerror}).") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Receipt(folder, folder / f"{name}.ipynb", received, digest)


def add(receipt, file_name, content):
    """Add a file to a submission, once.

    Raises
    ------
    FileExistsError
        If it is there already.
    """
    path = receipt.folder / file_name
    with path.open("xb") as file:
        file.write(content)
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    return path


def _move(part, wanted):
    """Give a folder its name; the same content in the same second gets a number behind it."""
    for number in range(1, 1000):
        target = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        with contextlib.suppress(FileExistsError):
            target.mkdir()  # of two processes one succeeds; the other takes the next number
            part.replace(target)
            return target
    raise OSError(17, "too many submissions in one second")
