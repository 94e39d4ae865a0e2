"""Everything that was handed in, and every grade that was given for it: files that are written once and never again.

``.medlabs/submissions/COURSE/WEEK/LEARNER/SHA256.ipynb`` is what came in; ``.medlabs/grades/COURSE/WEEK/LEARNER/NOTEBOOK/`` has
a file for each attempt and each time that it was graded.
"""

import hashlib
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from autograder.cohort.folder import state_folder
from autograder.grading import records

SUBMISSIONS, GRADES = "submissions", "grades"
SCHEMA = 1
SCORED = (records.GRADED, records.LIMIT)
PASSING = ("path", "seconds", "cpu_seconds")  # what differs when the same is graded again


class Entry(NamedTuple):
    """One attempt as it was graded last. ``clean`` is the digest of what was laid into nbgrader's folders for it."""

    week: str
    learner: str
    notebook: str
    attempt: int
    received: datetime
    sha256: str
    clean: str
    record: dict
    checks: str | None
    isolation: dict | None
    graded: datetime
    revision: int = 1

    @property
    def scored(self):
        """Whether it has a score at all: an unreadable file or a fault of ours has none."""
        return self.record["state"] in SCORED


def digest(content):
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keep_content(cohort, week, learner, content):
    """Keep what was handed in, once; return its digest."""
    name = digest(content)
    _write_once(kept_path(cohort, week, learner, name), content)
    return name


def content_of(cohort, entry):
    """Give what was handed in for an attempt.

    Raises
    ------
    ValueError
        If it is gone, or is not what it was.
    """
    path = content_path(cohort, entry)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}): put it back from a copy.") from None
    if digest(content) != entry.sha256:
        raise ValueError(f"{path} is not what was handed in (its content has changed): put it back from a copy.")
    return content


def content_path(cohort, entry):
    """Give the place of what was handed in for an attempt."""
    return kept_path(cohort, entry.week, entry.learner, entry.sha256)


def kept_path(cohort, week, learner, sha256):
    """Give the place of what a learner handed in, by its digest."""
    return state_folder(cohort, SUBMISSIONS, week, learner, f"{sha256}.ipynb")


def add(cohort, entry):
    """Write down a grade, unless the attempt was graded the same way before.

    Returns
    -------
    (Entry, bool)
        With its revision, and whether it is new.
    """
    folder = state_folder(cohort, GRADES, entry.week, entry.learner, entry.notebook)
    old = [e for e in _read_folder(folder) if (e.attempt, e.sha256) == (entry.attempt, entry.sha256)]
    last = max(old, key=lambda e: e.revision, default=None)
    if last and last.checks == entry.checks and same_record(last.record, entry.record):
        return last, False
    entry = entry._replace(revision=last.revision + 1 if last else 1)
    about = {"schema": SCHEMA, **entry._asdict()}
    about |= {key: getattr(entry, key).astimezone(UTC).isoformat() for key in ("received", "graded")}
    path = folder / f"{entry.attempt:04d}-{entry.sha256[:12]}-{entry.revision:03d}.json"
    _write_once(path, (json.dumps(about, indent=1, ensure_ascii=True, allow_nan=False) + "\n").encode())
    return entry, True


def same_record(a, b):
    """Say whether two records say the same of an attempt."""
    return {k: v for k, v in a.items() if k not in PASSING} == {k: v for k, v in b.items() if k not in PASSING}


def attempts(cohort, week, learner, notebook=None):
    """List a learner's attempts at a week as they were graded last, in the order in which they were received.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week, learner : str
    notebook : str, optional
        Both notebooks when left out.

    Returns
    -------
    list of Entry
    """
    folder = state_folder(cohort, GRADES, week, learner)
    folders = [folder / notebook] if notebook else sorted(folder.glob("*"))
    latest = {}
    for entry in (entry for place in folders for entry in _read_folder(place)):
        key = (entry.notebook, entry.attempt, entry.sha256)
        if key not in latest or latest[key].revision < entry.revision:
            latest[key] = entry
    return sorted(latest.values(), key=lambda entry: (entry.received, entry.notebook, entry.attempt))


def learners_with_attempts(cohort, week):
    """List the ids of those who handed in anything for a week, also of those who are gone from the roster."""
    return sorted(path.name for path in state_folder(cohort, GRADES, week).glob("*") if path.is_dir())


def next_attempt(entries):
    """Give the number of the attempt after these; a fault of ours is not charged."""
    return max((entry.attempt for entry in entries), default=0) + 1


def _read_folder(folder):
    return [_read(path) for path in sorted(folder.glob("[0-9]*.json"))]


def _read(path):
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        if about.pop("schema") != SCHEMA:
            raise ValueError("another schema")
        for key in ("received", "graded"):
            about[key] = datetime.fromisoformat(about[key])
        return Entry(**about)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}): put it back from a copy.") from None


def _write_once(path, content):
    """Write a file that is whole or not there; one that is there stays as it is."""
    path = Path(path)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
