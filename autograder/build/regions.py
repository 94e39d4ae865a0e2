"""The marked regions of a cell: what is solution, stub, hidden check, and what everybody sees.

nbgrader cuts at any line that contains a marker, and passes over one that is misspelt: a typo would hand a solution to
learners. So a cell is read strictly here before nbgrader sees it, and every line that starts with ``###`` must be known.
"""

import difflib
import re
from typing import NamedTuple

SOLUTION, HIDDEN, STUB = "solution", "hidden", "stub"
VISIBLE, MARKER = "visible", "marker"
MARKERS = {
    "### BEGIN SOLUTION": ("begin", SOLUTION),
    "### END SOLUTION": ("end", SOLUTION),
    "### BEGIN HIDDEN TESTS": ("begin", HIDDEN),
    "### END HIDDEN TESTS": ("end", HIDDEN),
}
STUB_MARKER = "### STUB:"
# What nbgrader looks for anywhere in a line.
WORDS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN TESTS",
    "END HIDDEN TESTS",
    "BEGIN MARK SCHEME",
    "END MARK SCHEME",
)
_ALIKE = 0.75  # "BEGN" is 0.89 like "BEGIN", "HIDEN TEST" is 0.91 like "HIDDEN TESTS"; "the" is 0.33 like "END"


class Line(NamedTuple):
    """A line of a cell and what it belongs to: visible, marker, solution, stub or hidden."""

    text: str
    kind: str


class MarkerError(ValueError):
    """A marker that nbgrader would misread; the message says which line and what to do."""


def read_lines(source):
    """Say of each line of a cell what it belongs to.

    Parameters
    ----------
    source : str

    Returns
    -------
    list of Line

    Raises
    ------
    MarkerError
        If a marker is misspelt, open, nested or closed twice, or a line starts with ``###`` and is no marker.
    """
    lines, inside = [], None
    for number, text in enumerate(source.split("\n"), start=1):
        stripped = text.strip()
        if stripped in MARKERS:
            what, kind = MARKERS[stripped]
            if what == "begin" and inside:
                raise MarkerError(f"line {number}: {stripped!r} inside a {inside} region. Close that one first.")
            if what == "end" and inside != kind:
                raise MarkerError(f"line {number}: {stripped!r} closes nothing. Add its BEGIN line above.")
            inside = kind if what == "begin" else None
            lines.append(Line(text, MARKER))
        elif stripped.startswith(STUB_MARKER):
            if inside != SOLUTION:
                raise MarkerError(
                    f"line {number}: '### STUB:' outside of a solution. Move it under ### BEGIN SOLUTION."
                )
            lines.append(Line(text, STUB))
        elif looks_like_marker(text):
            raise MarkerError(
                f"line {number}: {stripped!r} looks like a marker and is none. Write one of "
                f"{', '.join(map(repr, MARKERS))} or '### STUB: …' on a line of its own, or reword the comment."
            )
        else:
            lines.append(Line(text, inside or VISIBLE))
    if inside:
        raise MarkerError(f"the {inside} region is never closed. Add its END line.")
    return lines


def regions_in(source):
    """Name the kinds of regions that a cell has, also empty ones."""
    return {MARKERS[line.text.strip()][1] for line in read_lines(source) if line.kind == MARKER}


def looks_like_marker(text):
    """Say whether a line of code could be taken for a marker, also a misspelt one."""
    if text.strip().startswith("###") or any(word in text.upper() for word in WORDS):
        return True
    comment = re.search(r"#+\s*(\w+)((?:\s+\w+){1,3})\s*#*\s*$", text)
    if not comment:
        return False
    first, rest = comment.group(1).upper(), " ".join(comment.group(2).upper().split())
    return _alike(first, ("BEGIN", "END")) and _alike(rest, ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME"))


def _alike(word, known):
    return any(difflib.SequenceMatcher(None, word, other).ratio() >= _ALIKE for other in known)


def stub_text(line):
    """Give the line that a learner finds for a ``### STUB:`` line: same indent, marker gone."""
    indent = line[: len(line) - len(line.lstrip())]
    content = line.strip()[len(STUB_MARKER) :]
    return (indent + content.removeprefix(" ")).rstrip()


def visible_lines(source):
    """Give the lines of a cell that learners get, stubs included."""
    kept = []
    for line in read_lines(source):
        if line.kind == VISIBLE:
            kept.append(line.text)
        elif line.kind == STUB:
            kept.append(stub_text(line.text))
    return kept


def lines_of(source, *kinds):
    """Give the lines of some kinds."""
    return [line.text for line in read_lines(source) if line.kind in kinds]
