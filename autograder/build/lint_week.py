"""Rules for a week as a whole: its files, its promises, its quiz, its proofs."""

import re
from collections import Counter

from autograder import paths
from autograder.build import answers, quiz
from autograder.build.lint import week_rule
from autograder.build.notebook import script_cells
from autograder.build.verbs import starts_with_verb
from autograder.build.week import ASSIGNMENT, QUIZ, all_names, notebook_names

QUESTIONS = (8, 12)
WRONG_ANSWERS, RIGHT_ANSWERS = 5, 3
_OTHER_FILES = {paths.WEEK_FILE, answers.WRONG, answers.RIGHT, "README.md"}


@week_rule("files")
def every_file_is_there_and_is_read(week):
    for name in all_names(week):
        if name not in notebook_names(week):
            yield week.source(name).name, None, "This file is missing. Write it, or take the lab out of week.toml."
    known = _OTHER_FILES | {week.source(name).name for name in all_names(week)}
    for path in sorted(week.folder.iterdir()):
        if path.is_file() and not path.name.startswith(".") and path.name not in known:
            yield path.name, None, "Nothing reads this file. Add it to labs in week.toml, or remove it."


@week_rule("promises")
def title_and_objectives_start_with_verbs(week):
    see = "If it is a verb, add it to autograder/build/verbs.py."
    if not starts_with_verb(week.title):
        yield paths.WEEK_FILE, None, f"The title {week.title!r} starts with no verb. {see}"
    for objective in week.objectives:
        if not starts_with_verb(objective):
            yield paths.WEEK_FILE, None, f"The objective {objective[:40]!r} starts with no verb. {see}"
        elif re.search(r"\babout\b", objective):
            yield paths.WEEK_FILE, None, f"The objective {objective[:40]!r} is 'about' something: say what is done."


@week_rule("quiz")
def the_quiz_asks_enough_and_not_in_one_letter(week):
    path = week.source(QUIZ)
    if not path.is_file():
        return
    questions = quiz.read_quiz(path, week).questions
    low, high = QUESTIONS
    if not low <= len(questions) <= high:
        yield path.name, None, f"{len(questions)} questions: write {low} to {high}."
    letter, count = Counter(question.answer for question in questions).most_common(1)[0]
    if len(questions) >= low and count > len(questions) / 2:
        yield path.name, None, f"{count} of {len(questions)} answers are {letter!r}: mix the choices."


@week_rule("proofs")
def enough_wrong_and_right_answers(week):
    if not week.source(ASSIGNMENT).is_file():
        return
    for file, read, least in (
        (answers.WRONG, answers.read_wrong_answers, WRONG_ANSWERS),
        (answers.RIGHT, answers.read_right_answers, RIGHT_ANSWERS),
    ):
        if not (week.folder / file).is_file():
            yield file, None, f"This file is missing. Give each exercise at least {least} answers."
            continue
        count = Counter(answer.exercise for answer in read(week))
        for exercise in week.exercises:
            if count[exercise.id] < least:
                yield file, None, f"{exercise.id} has {count[exercise.id]} answers: give at least {least}."


@week_rule("figures")
def every_figure_is_used_and_harmless(week):
    texts = "".join(
        cell.source for name in notebook_names(week) if name != QUIZ for cell in script_cells(week.source(name))
    )
    for path in sorted((week.folder / "figures").glob("*")):
        name = f"figures/{path.name}"
        if path.name.startswith("."):
            continue
        if name not in texts:
            yield name, None, "No notebook shows this figure. Show it, or remove it."
        if path.suffix == ".svg" and re.search(r"<script|\bon\w+=|<foreignObject", path.read_text(encoding="utf-8")):
            yield name, None, "The drawing holds a script. Export it as plain SVG."
