"""Every week of this repository, found like everything else finds them, and what its authors say of it."""

from functools import cache
from itertools import zip_longest
from pathlib import Path

from autograder import build, paths
from autograder.build.quiz import read_quiz

REPOSITORY = Path(__file__).resolve().parents[1]
WEEKS = paths.find_weeks(REPOSITORY)


@cache
def week(name):
    return build.read_week(WEEKS[name])


def each_week():
    return list(WEEKS)


def each_wrong_answer():
    return [(name, answer) for name in WEEKS for answer in build.read_wrong_answers(week(name))]


def each_right_answer():
    return [(name, answer) for name in WEEKS for answer in build.read_right_answers(week(name))]


def each_notebook():
    """List (week, notebook, kind) for the instructor's and the released version of every notebook."""
    names = [(name, notebook) for name in WEEKS for notebook in build.notebook_names(week(name))]
    return [(*place, kind) for place in names for kind in ("instructor", "release")]


def make(name, notebook, kind):
    """Make a notebook of a week: ``kind`` is ``"instructor"`` or ``"release"``."""
    return getattr(build, f"{kind}_notebook")(week(name), notebook)


def case_of(answer):
    """Name an answer in a test's id."""
    return f"{answer.exercise}-{answer.name}"


def label(value):
    """Name a parameter in a test's id: a week in short, an answer by exercise and name."""
    if hasattr(value, "exercise"):
        return case_of(value)
    return "-".join(part.split("_")[0] for part in value.split("/")) if "/" in str(value) else str(value)


def bundles(answers):
    """Bundle answers so that each is in one bundle, and no bundle has two for one exercise."""
    by_exercise = {}
    for answer in answers:
        by_exercise.setdefault(answer.exercise, []).append(answer)
    rows = zip_longest(*by_exercise.values())
    return [{answer.exercise: answer.source for answer in row if answer is not None} for row in rows]


def halves(bundle, order):
    """Split a bundle so that every other exercise keeps the instructor's answer: a wrong one must not harm it."""
    parts = [{name: bundle[name] for name in order[first::2] if name in bundle} for first in (0, 1)]
    return [part for part in parts if part]


def wrong_bundles(name):
    """List bundles of a week's wrong answers, each with some exercises left right in between."""
    order = [exercise.id for exercise in week(name).exercises]
    return [half for bundle in bundles(build.read_wrong_answers(week(name))) for half in halves(bundle, order)]


def quiz_questions(name):
    """List the questions of a week's quiz; none if it has no quiz."""
    has_one = "quiz" in build.graded_names(week(name))
    return read_quiz(week(name).source("quiz"), week(name)).questions if has_one else []
