"""Say what happened to an exercise, in words that give no hidden check away.

Only text that the instructor wrote reaches the learner from a hidden check. What a learner's own code raised is told
where the learner can see the check too; inside a hidden check it could carry the hidden input, so it is not.
"""

import re
from typing import NamedTuple

LONGEST = 600
NOT_ATTEMPTED = "Not attempted yet."
MISSING = (
    "The answer cell of this exercise is not in your notebook. Open a fresh copy of the notebook, copy your answers into "
    "it and submit that."
)
NEUTRAL = (
    "Your answer stopped with an error in a hidden check. Try it on other inputs: other shapes, one row, none, ties."
)
UNSAID = "A check of this exercise is not met yet."
CORRECT = "Correct."
_FRAME = re.compile(r"^  (?:Cell In\[(\d+)\], line (\d+)|File .+?:(\d+))(?: in .*)?$", flags=re.M)
_CHAINED = re.compile(
    r"^(?:During handling of the above exception, another exception occurred|"
    r"The above exception was the direct cause of the following exception):$",
    flags=re.M,
)


class Raised(NamedTuple):
    """An error that a cell ended with.

    ``traceback`` is IPython's in its mode ``Plain``; ``count`` is the cell's execution count.
    """

    kind: str
    text: str
    traceback: str
    count: int


def hidden_lines(source):
    """Give the numbers of the lines between the marks of hidden tests, as IPython counts them (from 1, after blanks).

    Parameters
    ----------
    source : str
        A check cell as the instructor wrote it.

    Returns
    -------
    set of int
    """
    inside, found = False, set()
    for number, line in enumerate(_without_leading_blanks(source).split("\n"), start=1):
        if "### BEGIN HIDDEN TESTS" in line:
            inside = True
        if inside:
            found.add(number)
        if "### END HIDDEN TESTS" in line:
            inside = False
    return found


def explain(raised, check_source, *, trusted=frozenset(), answer_error=None, name=None):
    """Turn the error of a check cell into one message for the learner.

    Parameters
    ----------
    raised : Raised
    check_source : str
        The check cell as it ran.
    trusted : set of int
        Execution counts of the instructor's other cells: helpers defined there may raise authored messages too.
    answer_error : str, optional
        What the answer cell itself had ended with, as "SyntaxError: invalid syntax (line 2)".
    name : str, optional
        The exercise's name.

    Returns
    -------
    str
    """
    frames = _frames(raised)
    hidden = failing_part(raised, check_source) == "hidden"
    mine = bool(frames) and (frames[-1][0] == raised.count or frames[-1][0] in trusted)
    if raised.kind == "AssertionError" and mine:
        return tidy(raised.text) or UNSAID
    if raised.kind == "NotImplementedError" and not mine:
        return NOT_ATTEMPTED
    if raised.kind == "NameError" and mine and name and f"'{name}'" in raised.text:
        if answer_error:
            return f"Your answer cell stopped with {answer_error}"
        return f"Your answer cell does not define {name}."
    if hidden:
        return NEUTRAL
    what = f"{raised.kind}: {tidy(raised.text)}" if raised.text.strip() else raised.kind
    if raised.kind == "SystemExit":
        return "Your answer stopped Python (exit or quit): return a value instead."
    if mine:
        return f"The check could not use what your answer gave ({what})."
    return f"Your answer raised {what}"


def failing_part(raised, check_source):
    """Say in which part of a check cell it stopped: ``"visible"`` or, also when that cannot be told, ``"hidden"``."""
    line = next((number for count, number in _frames(raised) if count == raised.count), None)
    return "hidden" if line is None or line in hidden_lines(check_source) else "visible"


def tidy(text, *, longest=LONGEST):
    """Make one paragraph of any text: no colours, no control characters, no more than ``longest`` characters."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
    text = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def describe_error(raised):
    """Describe in one line an error that the learner may see in full, with the line of the learner's own cell."""
    lines = [number for count, number in _frames(raised) if count == raised.count]
    # The name that IPython gives a cell's code ("(522117433.py, line 1)") says nothing to a person.
    text = tidy(re.sub(r"\((?:<[\w -]+>|[\w./-]+\.py), line (\d+)\)$", r"(line \1)", raised.text))
    where = f" (line {lines[-1]})" if lines and "(line " not in text else ""
    return f"{raised.kind}{': ' if text else ''}{text}{where}"


def _frames(raised):
    """List (execution count or None for a file, line) of the error that was raised last, outermost frame first."""
    text = raised.traceback
    ending = f"{raised.kind}: {raised.text}"
    position = text.rfind(ending)
    text = text[:position] if position >= 0 else text
    text = _CHAINED.split(text)[-1]
    return [(int(found[1]) if found[1] else None, int(found[2] or found[3])) for found in _FRAME.finditer(text)]


def _without_leading_blanks(source):
    lines = source.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)
