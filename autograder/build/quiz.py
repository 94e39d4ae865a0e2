"""The quiz: ``quiz.toml`` read, checked, and turned into the cells of the instructor's notebook."""

import builtins
import json
import string
from typing import NamedTuple

import nbformat

from autograder.build.week import SourceError, is_name, read_toml, refuse_unknown, shown

_KEYS = ("id", "points", "objective", "stem", "answer", "choices", "why")


class Question(NamedTuple):
    """One question; ``choices`` and ``why`` map letters to texts."""

    id: str
    points: float
    objective: int
    stem: str
    answer: str
    choices: dict
    why: dict


class Quiz(NamedTuple):
    """The quiz of a week."""

    title: str
    questions: list


def read_quiz(path, week):
    """Read and check a quiz.

    Parameters
    ----------
    path : pathlib.Path
    week : autograder.build.Week
        Its objectives are what questions refer to.

    Returns
    -------
    Quiz

    Raises
    ------
    SourceError
    """
    content = read_toml(path)
    refuse_unknown(path, content, ["title", "question"])
    if not isinstance(content.get("title"), str) or not content["title"].strip():
        raise SourceError(
            f"{shown(path)}: title is {content.get('title')!r}. Write a sentence that starts with a verb."
        )
    tables = content.get("question")
    if not isinstance(tables, list) or not tables:
        raise SourceError(f"{shown(path)} has no question. Start each with a line [[question]].")
    questions = [_question(path, number, table, week) for number, table in enumerate(tables, start=1)]
    names = [question.id for question in questions]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise SourceError(f"{shown(path)}: two questions have the id {twice[0]!r}. Rename one.")
    return Quiz(content["title"].strip(), questions)


def quiz_cells(quiz, week):
    """Make the cells of the instructor's notebook of a quiz.

    Parameters
    ----------
    quiz : Quiz
    week : autograder.build.Week

    Returns
    -------
    list of nbformat.NotebookNode
        An introduction; then for each question its text, an answer cell and a check cell.
    """
    cells = [nbformat.v4.new_markdown_cell(_introduction(quiz, week))]
    for number, question in enumerate(quiz.questions, start=1):
        cells += [
            nbformat.v4.new_markdown_cell(_text(number, question)),
            _code(_answer(question), question.id, solution=True),
            _code(_check(question), f"check_{question.id}", points=question.points),
        ]
    return cells


def letters_of(question):
    """Write the letters of a question as words: ``a, b or c``."""
    *most, last = question.choices
    return f"{', '.join(most)} or {last}"


def _introduction(quiz, week):
    count, total = len(quiz.questions), sum(question.points for question in quiz.questions)
    return (
        f"# {quiz.title}\n\n"
        f"{count} questions, {total:g} points, about {week.minutes['quiz']} minutes. Each question has one best answer. "
        "Write its letter between the quotation marks and run the cell. The cell below it only says whether you wrote a "
        "letter; after you submit, you read for each question whether your choice is right, and why.\n\n"
        f"You pass with {week.pass_mark:.0%} of the points, and you may try again as often as you like."
    )


def _text(number, question):
    points = "1 point" if question.points == 1 else f"{question.points:g} points"
    choices = [f"- **{letter}.** {_indented(text)}" for letter, text in question.choices.items()]
    return "\n".join([f"## Question {number}", "", f"*{points}*", "", question.stem.strip(), "", *choices])


def _indented(text):
    return text.strip().replace("\n", "\n  ")


def _answer(question):
    return "\n".join(
        [
            "### BEGIN SOLUTION",
            f'### STUB: {question.id} = ""  # one letter: {letters_of(question)}',
            f"{question.id} = {_quoted(question.answer)}",
            "### END SOLUTION",
        ]
    )


def _check(question):
    letters = ", ".join(map(_quoted, question.choices))
    reasons = [f"    {_quoted(letter)}: {_quoted(_reason(question, letter))}," for letter in question.choices]
    return "\n".join(
        [
            f"choice = str({question.id}).strip().lower()",
            f"assert choice in ({letters}), (",
            f'    f"{question.id} is {{{question.id}!r}}: write one letter, {letters_of(question)}, '
            'between the quotation marks."',
            ")",
            "### BEGIN HIDDEN TESTS",
            "reasons = {",
            *reasons,
            "}",
            f'assert choice == {_quoted(question.answer)}, f"You chose {{choice}}. {{reasons[choice]}}"',
            "print(reasons[choice])",
            "### END HIDDEN TESTS",
        ]
    )


def _reason(question, letter):
    text = question.why[letter].strip()
    return f"Right. {text}" if letter == question.answer and not text.startswith("Right") else text


def _quoted(text):
    """Write a text as a Python literal on one line, whatever is in it.

    JSON's form keeps each quotation mark and line end apart from the code, and keeps letters of all alphabets readable.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


def _code(source, grade_id, *, solution=False, points=None):
    cell = nbformat.v4.new_code_cell(source)
    grade = points is not None
    marks = {"grade": grade, "grade_id": grade_id, "locked": grade, "schema_version": 3, "solution": solution}
    cell.metadata.nbgrader = {**marks, "task": False, **({"points": points} if grade else {})}
    return cell


def _question(path, number, table, week):
    place = f"{shown(path)}, question {number}"
    if isinstance(table, dict) and is_name(table.get("id")):
        place += f" ({table['id']})"
    refuse_unknown(path, table, _KEYS, where=f" in question {number}")
    missing = [key for key in _KEYS if key not in table]
    if missing:
        raise SourceError(f"{place}: the key {missing[0]!r} is missing. A question has: {', '.join(_KEYS)}.")
    if not is_name(table["id"]) or table["id"] in ("choice", "reasons") or hasattr(builtins, table["id"]):
        raise SourceError(f"{place}: id is {table['id']!r}. Write a Python name of its own that says what is asked.")
    points, objective = table["points"], table["objective"]
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        raise SourceError(f"{place}: points are {points!r}. Write a number above 0.")
    if isinstance(objective, bool) or objective not in range(1, len(week.objectives) + 1):
        raise SourceError(f"{place}: objective is {objective!r}. Write a number from 1 to {len(week.objectives)}.")
    choices, why = _texts(table, "choices", place), _texts(table, "why", place)
    if not _is_text(table["stem"]):
        raise SourceError(f"{place}: stem is {table['stem']!r}. Write the question.")
    if list(choices) != list(string.ascii_lowercase[: len(choices)]) or not 2 <= len(choices) <= 6:
        raise SourceError(f"{place}: choices are {', '.join(choices)}. Write two to six, in the order a, b, c ….")
    if list(why) != list(choices):
        raise SourceError(
            f"{place}: why has {', '.join(why)}. Give a reason for each of {', '.join(choices)}, in order."
        )
    if table["answer"] not in choices:
        raise SourceError(f"{place}: answer is {table['answer']!r}. Write one of {', '.join(choices)}.")
    return Question(table["id"], points, objective, table["stem"], table["answer"], choices, why)


def _texts(table, key, place):
    texts = table[key]
    if not isinstance(texts, dict) or not texts or not all(map(_is_text, texts.values())):
        raise SourceError(f'{place}: [question.{key}] needs a text for each letter: a = "…", b = "…".')
    return texts


def _is_text(value):
    return isinstance(value, str) and bool(value.strip())
