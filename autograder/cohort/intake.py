"""The second door: what lies in ``submitted/``, by `nbgrader collect` or by hand, and what of it is to be graded.

Who handed something in is told by the folder, whose name must be on the roster; never by the notebook.
"""

import contextlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from autograder import build
from autograder.cohort import history, plans
from autograder.cohort.course import assignment_name, course_root
from autograder.grading import reading
from autograder.grading.identify import identify

SLACK = timedelta(minutes=10)  # between the time in a file's name and that of the exchange


class Found(NamedTuple):
    """One file to be graded; ``attempt`` is its number, ``note`` something to know about it."""

    week: str
    learner: str
    notebook: str
    content: bytes
    received: datetime
    attempt: int
    note: str


class Refused(NamedTuple):
    """One file or folder that is not graded, and why, in a sentence."""

    place: str
    why: str


def look(cohort, week, *, now=None):
    """Look through ``submitted/`` for what a week still has to grade.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : autograder.build.Week
    now : datetime.datetime, optional

    Returns
    -------
    (list of Found, list of Refused)
    """
    now, found, refused = now or datetime.now(UTC), [], []
    place = course_root(cohort, week.name) / "submitted"
    for folder in sorted(place.iterdir()) if place.is_dir() else []:
        inside = folder / assignment_name(week.name)
        if folder.name.startswith(".") or not (inside.is_dir() or inside.is_symlink() or folder.is_symlink()):
            continue
        why = _why_not(cohort, folder, inside)
        if why:
            refused.append(Refused(f"submitted/{folder.name}/{inside.name}", why))
            continue
        for path in sorted(inside.glob("*.ipynb")):
            one = _look_at(cohort, week, folder.name, path, now)
            if isinstance(one, Found):
                found.append(one)
            elif one:
                refused.append(Refused(f"submitted/{folder.name}/{inside.name}/{path.name}", one))
    return found, refused


def _why_not(cohort, folder, inside):
    """Say why nothing of a folder is graded, or None."""
    if folder.is_symlink() or inside.is_symlink():
        return "It is a link, and links are not followed: put the folder itself there."
    if folder.name not in cohort.learners:
        return f"Nobody on the roster has the id {folder.name!r}: rename the folder, or add a line to the roster."
    return None


def _look_at(cohort, week, learner, path, now):
    """Give what is to be graded, why it is not, or None where all is done."""
    if path.stem not in build.graded_names(week):
        return None if path.stem in build.notebook_names(week) else _unknown(path, week)
    try:
        content = reading.read_bytes(path)
    except reading.UnreadableError as error:
        return str(error)
    entries = history.attempts(cohort, week.name, learner)
    sha256 = history.digest(content)
    same = [entry for entry in entries if sha256 in (entry.sha256, entry.clean)]
    if any(entry.record["state"] != "failed" for entry in same):
        return None
    received, note = _received(cohort, week.name, learner, path, now)
    if note.startswith(SPOOFED):
        return note
    late = plans.lateness(cohort, week.name, learner, received)
    if not late.accepted:
        return f"It is {late.words}. An extension in cohort.toml would admit it."
    name = _name_of(content, week, path)
    own = [entry for entry in entries if entry.notebook == name and entry.scored]
    most = plans.plan_of(cohort, week.name).attempts
    if most is not None and len(own) >= most:
        return (
            f"It is attempt {len(own) + 1}, and {most} {'is' if most == 1 else 'are'} allowed: the earlier ones count."
        )
    number = same[0].attempt if same else history.next_attempt([entry for entry in entries if entry.notebook == name])
    return Found(week.name, learner, name, content, received, number, note)


SPOOFED = "It was put into the exchange by"


def _received(cohort, week, learner, path, now):
    """Say when something was received.

    nbgrader's timestamp.txt and the folder's name in the exchange are written by the learner's own process. The kernel's time of
    change of that folder is not, and is never earlier than the submission: where they differ, it holds.
    """
    arrived = datetime.fromtimestamp(path.stat().st_ctime, UTC)
    said = _timestamp(path.parent / "timestamp.txt")
    if said is None:
        return min(arrived, now), "without a timestamp: the time of arrival here counts"
    inbound = _inbound(cohort, week, learner, said)
    if inbound is not None:
        owner = _owner(inbound)
        if owner != learner and owner in cohort.learners:
            return said, f"{SPOOFED} {owner}, not by {learner}: nothing of it is graded. Ask both."
        changed = datetime.fromtimestamp(inbound.lstat().st_ctime, UTC)
        if changed > said + SLACK:
            return (
                changed,
                f"its timestamp says {said:%Y-%m-%d %H:%M} UTC, the exchange {changed:%Y-%m-%d %H:%M}: that counts",
            )
    if said > now + SLACK:
        return min(arrived, now), "with a timestamp in the future: the time of arrival here counts"
    return said, ""


def _inbound(cohort, week, learner, said):
    """Find the folder in the exchange that a collected submission is a copy of, or None."""
    root = course_root(cohort, week)
    folder = root / "exchange" / root.name / "inbound"
    for place in folder.glob(f"{learner}+{assignment_name(week)}+*") if folder.is_dir() else []:
        if _moment(place.name.split("+")[2]) == said:
            return place
    return None


def _timestamp(path):
    try:
        return _moment(reading.read_bytes(path, max_bytes=200).decode("utf-8"))
    except (reading.UnreadableError, UnicodeDecodeError):
        return None


def _moment(text):
    """Read the time that nbgrader writes, "2026-12-01 18:00:00.123456 UTC"; None for anything else."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: (?:UTC|[+]0000))?", text.strip())
    if not found:
        return None
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(found.group(1)).replace(tzinfo=UTC)
    return None


def _owner(path):
    try:
        return Path(path).owner()
    except (KeyError, NotImplementedError, OSError):
        return None


def _name_of(content, week, path):
    """Name the notebook by the marks in it; a file that cannot be read is what its name says."""
    try:
        return identify(reading.parse_notebook(content, path.name), week, path.name)
    except reading.UnreadableError:
        return path.stem


def _unknown(path, week):
    return f"{week.name} has no notebook {path.stem!r}; graded are {' and '.join(build.graded_names(week))}: rename the file."
