"""Read the wrong and the right answers that prove the checks of an assignment."""

import ast
from typing import NamedTuple

import jupytext

from autograder.build.week import SourceError, is_name, read_text, shown
from autograder.parsing import tree_of

WRONG, RIGHT = "wrong_answers.py", "right_answers.py"
CAUGHT_BY = ("visible", "hidden")


class WrongAnswer(NamedTuple):
    """A plausible wrong answer: ``source`` replaces the answer cell, ``says`` is part of the message it must meet."""

    exercise: str
    name: str
    caught_by: str
    says: str
    source: str


class RightAnswer(NamedTuple):
    """A right answer that differs from the instructor's; ``source`` replaces the answer cell."""

    exercise: str
    name: str
    source: str


def read_wrong_answers(week):
    """Read ``wrong_answers.py`` of a week.

    Parameters
    ----------
    week : autograder.build.Week

    Returns
    -------
    list of WrongAnswer
        In the order of the file.

    Raises
    ------
    SourceError
        If the file is missing, an attribute is missing, unknown or useless, a name occurs twice, or the exercise does
        not exist. The message names file and cell.
    """
    path = week.folder / WRONG
    answers = _read(path, week, WrongAnswer)
    for number, answer in answers:
        if answer.caught_by not in CAUGHT_BY:
            raise SourceError(
                f'{_place(path, number)}: caught_by is {answer.caught_by!r}. Write "visible" or "hidden".'
            )
    return [answer for _, answer in answers]


def read_right_answers(week):
    """Read ``right_answers.py`` of a week; see :func:`read_wrong_answers`."""
    return [answer for _, answer in _read(week.folder / RIGHT, week, RightAnswer)]


def _read(path, week, kind):
    exercises = [exercise.id for exercise in week.exercises]
    answers, seen = [], {}
    for number, cell in enumerate(jupytext.reads(read_text(path), fmt="py:percent").cells, start=1):
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's own
        if cell.cell_type != "code" or (not cell.metadata and _says_nothing(cell.source)):
            continue
        answer = _answer(path, number, cell, kind)
        if answer.exercise not in exercises:
            raise SourceError(
                f"{_place(path, number)}: there is no exercise {answer.exercise!r}. There are: {', '.join(exercises) or 'none'}."
            )
        if (answer.exercise, answer.name) in seen:
            raise SourceError(
                f"{_place(path, number)}: cell {seen[answer.exercise, answer.name]} is called {answer.name!r} too. "
                "Rename one."
            )
        seen[answer.exercise, answer.name] = number
        answers.append((number, answer))
    return answers


def _answer(path, number, cell, kind):
    wanted = [name for name in kind._fields if name != "source"]
    unknown = [name for name in cell.metadata if name not in wanted]
    missing = [name for name in wanted if not _is_text(cell.metadata.get(name))]
    form = "# %% " + " ".join(f'{name}="…"' for name in wanted)
    if missing:
        raise SourceError(f"{_place(path, number)}: {missing[0]} is missing. The cell starts with: {form}")
    if unknown:
        raise SourceError(f"{_place(path, number)}: unknown attribute {unknown[0]!r}. The cell starts with: {form}")
    if not is_name(cell.metadata["name"]):
        raise SourceError(f"{_place(path, number)}: name is {cell.metadata['name']!r}. Write it like a Python name.")
    try:
        tree_of(cell.source)
    except SyntaxError as error:
        raise SourceError(
            f"{_place(path, number)}: the answer is no Python (line {error.lineno}: {error.msg})."
        ) from None
    if _says_nothing(cell.source):
        raise SourceError(f"{_place(path, number)}: the answer is empty. Write the text of an answer cell.")
    return kind(**{name: cell.metadata[name] for name in wanted}, source=cell.source)


def _says_nothing(source):
    """Say whether a cell holds comments and a text only, as at the top of a file."""
    try:
        body = tree_of(source).body
    except SyntaxError:
        return False
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)


def _is_text(value):
    return isinstance(value, str) and bool(value.strip())


def _place(path, number):
    return f"{shown(path)}, cell {number}"
