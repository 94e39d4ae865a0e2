"""What a week says of itself: ``week.toml``, read and checked."""

import keyword
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from autograder import paths

PROFILES = ("tabular", "deep")
LIMITS = ("cpu_seconds", "wall_seconds", "memory_mb", "output_kb", "disk_mb", "processes")
LESSON, QUIZ, ASSIGNMENT = "lesson", "quiz", "assignment"


class SourceError(ValueError):
    """A source that nothing can be built from. The message names file, cell or key, and what to do."""


class Problem(NamedTuple):
    """One thing that is wrong with a week, and what to do about it."""

    file: str
    cell: int | None
    rule: str
    message: str

    def __str__(self):
        place = f"{self.file}, cell {self.cell}" if self.cell else self.file
        return f"{place} [{self.rule}]: {self.message}"


@dataclass(frozen=True)
class Week:
    """One week as ``week.toml`` describes it; see ``docs/add-a-week.md`` for each key.

    ``folder`` is where its sources are, ``name`` is ``COURSE/WEEK``, ``minutes`` and ``limits`` are dictionaries.
    ``seed`` draws the hidden checks anew (see :mod:`autograder.build.seeds`); with None they are as written.
    """

    folder: Path
    name: str
    title: str
    summary: str
    module: str
    objectives: tuple
    labs: tuple
    data: tuple
    pass_mark: float
    profile: str
    blocked: tuple
    minutes: dict = field(hash=False)
    limits: dict = field(hash=False)
    seed: int | None = field(default=None, repr=False)

    @cached_property
    def exercises(self):
        """The exercises of the assignment, in order (see :func:`autograder.build.exercises`)."""
        from autograder.build.exercise import exercises

        return exercises(self, ASSIGNMENT) if self.source(ASSIGNMENT).is_file() else []

    def source(self, name):
        """Give the file that a notebook is made from."""
        return self.folder / (f"{name}.toml" if name == QUIZ else f"{name}.py")


def read_week(folder):
    """Read and check the ``week.toml`` of a week.

    Parameters
    ----------
    folder : str or pathlib.Path
        The folder of the week's sources.

    Returns
    -------
    Week

    Raises
    ------
    SourceError
        If the file is missing, is no TOML, lacks a key, has an unknown key or a value that cannot be used.
    """
    folder = Path(folder).resolve()
    path = folder / paths.WEEK_FILE
    content = read_toml(path)
    refuse_unknown(path, content, [*_KEYS, "minutes", "limits"])
    values = {key: _checked(path, content, key, *rule) for key, rule in _KEYS.items()}
    names = [LESSON, *values["labs"], QUIZ, ASSIGNMENT]
    values["minutes"] = _table_of_counts(path, content, "minutes", names)
    values["limits"] = _table_of_counts(path, content, "limits", LIMITS)
    return Week(folder=folder, name=paths.week_name(folder), **values)


def notebook_names(week):
    """Name the notebooks of a week in the order a learner meets them, as far as their sources are there."""
    return [name for name in all_names(week) if week.source(name).is_file()]


def all_names(week):
    """Name the notebooks that a complete week has."""
    return [LESSON, *week.labs, QUIZ, ASSIGNMENT]


def graded_names(week):
    """Name the notebooks of a week that are graded."""
    return [name for name in (QUIZ, ASSIGNMENT) if week.source(name).is_file()]


def read_text(path):
    """Read a source as text.

    Raises
    ------
    SourceError
        If it is not there, or not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourceError(
            f"{shown(path)} is not there: add the file, or take its name out of what asks for it."
        ) from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{shown(path)} is not UTF-8 (byte {error.start}): save it as UTF-8.") from None


def read_toml(path):
    """Read a TOML file.

    Raises
    ------
    SourceError
        If it is not there or no TOML.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{shown(path)} is no TOML: {error}. Mend that line.") from None


def refuse_unknown(path, table, allowed, where=""):
    """Refuse keys that nothing reads, which are most often misspelt.

    Raises
    ------
    SourceError
    """
    unknown = [key for key in table if key not in allowed]
    if unknown:
        raise SourceError(
            f"{shown(path)}: unknown key {unknown[0]!r}{where}. Remove it, or use one of: {', '.join(allowed)}."
        )


def shown(path):
    """Name a source the way people know it: COURSE/WEEK/FILE."""
    parts = Path(path).parts
    courses = [place for place, part in enumerate(parts[:-2]) if part.startswith("course")]
    return "/".join(parts[courses[-1] if courses else -3 :])


def is_name(value):
    """Say whether a value is text that Python takes as a name."""
    return isinstance(value, str) and value.isidentifier() and not keyword.iskeyword(value)


def _is_text(value):
    return isinstance(value, str) and bool(value.strip())


def _is_list_of(test):
    return lambda value: isinstance(value, list) and all(map(test, value)) and len(set(value)) == len(value)


def _is_dotted(value):
    return isinstance(value, str) and all(is_name(part) for part in value.split("."))


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_slug(value):
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]*", value) is not None


def _is_lab(value):
    return _is_slug(value) and value.startswith("lab")


_KEYS = {
    "title": (_is_text, "a sentence that starts with a verb"),
    "summary": (_is_text, "one sentence"),
    "module": (_is_dotted, "a dotted name such as 'labutils.imbalance'"),
    "objectives": (lambda v: v != [] and _is_list_of(_is_text)(v), "a list of sentences that start with a verb"),
    "labs": (_is_list_of(_is_lab), "a list of names such as 'lab1_explore_xrays', each once"),
    "data": (_is_list_of(_is_slug), "a list of names that `medlabs data list` shows, each once"),
    "pass_mark": (lambda v: _is_number(v) and 0 < v <= 1, "a share above 0 and up to 1, such as 0.8"),
    "profile": (lambda v: v in PROFILES, "'tabular' or 'deep'"),
    "blocked": (_is_list_of(_is_dotted), "a list of dotted names such as 'labutils.imbalance', each once"),
}


def _checked(path, content, key, test, wanted):
    if key not in content:
        raise SourceError(f"{shown(path)}: the key {key!r} is missing. Write {key} = {wanted}.")
    value = content[key]
    if not test(value):
        raise SourceError(f"{shown(path)}: {key} is {value!r}. Write {wanted}.")
    return tuple(value) if isinstance(value, list) else value


def _table_of_counts(path, content, key, names):
    table = content.get(key)
    if not isinstance(table, dict):
        raise SourceError(
            f"{shown(path)}: the table [{key}] is missing. It has a line for each of: {', '.join(names)}."
        )
    refuse_unknown(path, table, names, where=f" in [{key}]")
    for name in names:
        value = table.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            got = "is missing" if value is None else f"is {value!r}"
            raise SourceError(f"{shown(path)}: {name} in [{key}] {got}. Write a whole number above 0.")
    return {name: table[name] for name in names}
