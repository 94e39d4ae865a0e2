"""The roster: who learns in a cohort. Ids become names of folders and go through many programs, so they are allow-listed."""

import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from autograder.cohort import cells

COLUMNS = ("id", "name", "email", "section", "extra_time")
NEEDED = ("id", "name")
MOST_BYTES = 5_000_000
LONGEST = 128  # what nbgrader's gradebook keeps of a text
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?", flags=re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>\"'()]+@[^@\s,;<>\"'()]+")
_EXTRA = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s*([dh]?)", flags=re.ASCII)
# Names that Windows keeps for devices, and folders of nbgrader's that stand where learners' folders do.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # make a text look like another one


class Learner(NamedTuple):
    """One row of the roster.

    ``extra_time`` is a text: ``""``, a factor of the time between opening and due date (``"1.5"``), or days or hours on
    top of the due date (``"3d"``, ``"12h"``).
    """

    id: str
    name: str
    email: str = ""
    section: str = ""
    extra_time: str = ""


def read_roster(path):
    """Read a roster.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV file with the columns id and name; email, section and extra_time are optional.

    Returns
    -------
    dict of str to Learner
        In the order of the file.

    Raises
    ------
    ValueError
        In one sentence that names the file, the line and the value.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(
                f"{path.name} is larger than {MOST_BYTES / 1e6:.0f} MB: give a roster, one line per learner."
            )
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"The roster {path} cannot be read ({error.strerror}): check the path.") from None
    rows = cells.from_csv(content, path.name)
    if not rows:
        raise ValueError(f"{path.name} is empty: write a line {','.join(COLUMNS)} and a line per learner.")
    columns = _columns(rows[0], path.name)
    learners, folded = {}, {}
    for number, row in rows[1:]:
        place = f"{path.name}, line {number}"
        if len(row) != len(columns):
            raise ValueError(
                f"{place} has {len(row)} fields and the first line has {len(columns)}: put texts with commas in quotation marks."
            )
        learner = _learner(dict(zip(columns, row, strict=True)), place)
        other = folded.get(learner.id.casefold())
        if other:
            what = "is there twice" if other == learner.id else f"differs from {other!r} in capitals only"
            raise ValueError(f"{place}: the id {learner.id!r} {what}. Give every learner an id of their own.")
        folded[learner.id.casefold()] = learner.id
        learners[learner.id] = learner
    if not learners:
        raise ValueError(f"{path.name} names no learner: write a line per learner below the first.")
    return learners


def roster_bytes(learners):
    """Write a roster the one way that we write it; reading it gives the same learners."""
    return cells.to_csv([COLUMNS, *learners])


def is_id(text):
    """Say whether a text may be the id of a learner: letters, digits and . _ @ - of ASCII, at most 64."""
    return bool(_ID.fullmatch(text)) and text.split(".")[0].lower() not in _RESERVED and ".." not in text


def extra_time(text):
    """Read extra time.

    Returns
    -------
    float or datetime.timedelta or None
        A factor, or time on top; None for an empty text.

    Raises
    ------
    ValueError
    """
    if not text:
        return None
    found = _EXTRA.fullmatch(text.strip())
    number = float(found.group(1).replace(",", ".")) if found else 0.0
    if found and found.group(2):
        return timedelta(days=number) if found.group(2) == "d" else timedelta(hours=number)
    if not found or not 1 <= number <= 10:
        raise ValueError(
            f"extra_time is {text!r}. Write a factor from 1 to 10 as 1.5, or 3d for days, or 12h for hours."
        )
    return number


def _columns(row, name):
    number, titles = row
    columns = [re.sub(r"[\s_-]+", "_", title.strip().lower()) for title in titles]
    for column in columns:
        if column not in COLUMNS:
            raise ValueError(
                f"{name}, line {number}: the column {column!r} is unknown. Remove it, or use one of: {', '.join(COLUMNS)}."
            )
        if columns.count(column) > 1:
            raise ValueError(f"{name}, line {number}: the column {column!r} is there twice. Remove one.")
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise ValueError(
            f"{name}, line {number}: the column {missing[0]!r} is missing. The first line names the columns."
        )
    return columns


def _learner(values, place):
    values = {key: _clean(value, key, place) for key, value in values.items()}
    if not values["id"]:
        raise ValueError(f"{place}: the id is empty. Give every learner an id.")
    if not is_id(values["id"]):
        raise ValueError(
            f"{place}: the id {values['id']!r} cannot be used. Use ASCII letters, digits and . _ @ - inside, at most 64 "
            "(it names a folder); the name may be written in any script."
        )
    if not values["name"]:
        raise ValueError(f"{place}: the name of {values['id']!r} is empty. Write a name.")
    if values.get("email") and not _EMAIL.fullmatch(values["email"]):
        raise ValueError(f"{place}: {values['email']!r} is no email address. Mend it, or leave it empty.")
    try:
        extra_time(values.get("extra_time", ""))
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
    return Learner(**values)


def _clean(value, column, place):
    """Bring a text into one form; what could not be seen on a screen is refused."""
    value = unicodedata.normalize("NFC", " ".join(value.split(" ")).strip())
    bad = next((sign for sign in value if unicodedata.category(sign) in ("Cc", "Cs") or sign in _DIRECTIONS), None)
    if bad:
        raise ValueError(f"{place}: {column} holds a control character (U+{ord(bad):04X}). Remove it.")
    if len(value) > LONGEST:
        raise ValueError(f"{place}: {column} is longer than {LONGEST} characters. Shorten it.")
    return value
