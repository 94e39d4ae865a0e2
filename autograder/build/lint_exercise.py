"""Rules for exercises of assignments and for try-it steps of lessons and labs."""

import ast
import itertools
import re

from autograder.build import regions
from autograder.build.exercise import exercises_of
from autograder.build.lint import LAB, calls, dotted, page_rule
from autograder.build.notebook import CHECK
from autograder.build.verbs import starts_with_verb
from autograder.build.week import ASSIGNMENT, LESSON, SourceError

FORBIDDEN = {"inspect", "globals", "locals", "vars", "get_ipython", "eval", "exec", "__import__", "gc"}
PEEKS = ("__code__", "__globals__", "__closure__", "f_back", "f_locals", "_getframe", "getsource", "__dict__")
TRY_ITS = 2
VISIBLE_CHECKS = (2, 4)


@page_rule("exercise-pair", ASSIGNMENT)
def answers_and_checks_belong_together(page):
    notebook = _NotebookLike(page)
    try:
        exercises_of(notebook, page.week.source(page.name))
    except SourceError as error:
        yield None, str(error)
    order = [cell.marks["grade_id"] for cell in page.code if cell.marks.get("grade") or cell.marks.get("solution")]
    for name, following in itertools.pairwise([*order, ""]):
        if not name.startswith(CHECK) and following != CHECK + name:
            yield _cell(page, name).number, f"The check of {name} does not follow it: put {CHECK}{name} next."


@page_rule("exercise-statement", ASSIGNMENT)
def each_exercise_has_a_statement(page):
    for cell, statement in _answers(page):
        name = cell.marks["grade_id"]
        text = "\n".join(part.text for part in statement)
        heading = re.search(r"^## Exercise \d+:\s*(.+)$", text, flags=re.M)
        if not heading or not starts_with_verb(heading.group(1)):
            yield cell.number, f"No heading '## Exercise N: verb …' above the answer cell of {name}."
        if f"`{name}" not in text:
            yield cell.number, f"The statement does not name `{name}`, which the check asks for."
        if not re.search(r"\bby hand\b|\bexample\b", text, flags=re.I):
            yield cell.number, f"The statement of {name} has no example by hand."
        if not re.search(r"\*\*out\*\*|\breturns?\b|\boutputs?\b", text, flags=re.I):
            yield cell.number, f"The statement of {name} does not say what comes back."
        if text.count("<details>") < 2:
            yield (
                cell.number,
                f"{name} has {text.count('<details>')} folded hints: give two, the direction and nearly the line.",
            )


@page_rule("exercise-points", ASSIGNMENT)
def points_are_never_typed(page):
    for cell in page.prose:
        typed = re.search(r"\b\d+(\.\d+)?\s+points?\b|\bpoints?:\s*\d", cell.raw, flags=re.I)
        if typed:
            yield cell.number, f"{typed.group()!r} is typed by hand. Write {{{{points:NAME}}}}."
    asked = " ".join(cell.raw for cell in page.prose)
    for cell, _ in _answers(page):
        name = cell.marks["grade_id"]
        if f"{{{{points:{name}}}}}" not in asked.replace(" ", ""):
            yield cell.number, f"No text says what {name} is worth: write {{{{points:{name}}}}}."


@page_rule("exercise-stub", ASSIGNMENT)
def the_stub_defines_just_its_name(page):
    for cell, _ in _answers(page):
        name = cell.marks["grade_id"]
        for tree, whose in ((cell.released_tree, "The stub"), (cell.tree, "The instructor's answer")):
            defined = top_level_names(tree)
            if defined != {name}:
                yield cell.number, f"{whose} defines {', '.join(sorted(defined)) or 'nothing'}: define just {name}."
                break
        functions = [node for node in cell.released_tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        for node in functions:
            if len(ast.get_docstring(node) or "") < 20:
                yield cell.number, f"{name} has no docstring that says which quantity it returns."


@page_rule("check-visible", ASSIGNMENT)
def the_check_says_what_went_wrong(page):
    low, high = VISIBLE_CHECKS
    for cell in _checks(page):
        name = cell.marks["grade_id"].removeprefix(CHECK)
        shown = cell.nodes(regions.VISIBLE, ast.Assert)
        cases = sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(cell.released_tree))
        # several assertions about one result are one case
        if len(shown) < low or (len(shown) > high and not low <= cases <= high):
            yield cell.number, f"{len(shown)} visible assertions about {cases} cases: write {low} to {high}."
        if not cases:
            yield cell.number, f"The visible check never uses {name}."
        for node in shown:
            said = ast.unparse(node.msg).lower() if node.msg else ""
            if not re.search(r"\bgot\b", said) or "expected" not in said:
                yield (
                    cell.number,
                    f"The assertion of line {node.lineno} does not say what was got and what was expected.",
                )


@page_rule("check-hidden", ASSIGNMENT)
def the_check_has_a_hidden_part(page):
    visible_seeds = {seed for cell in page.code for seed in _seeds(cell, regions.VISIBLE)}
    for cell in _checks(page):
        name = cell.marks["grade_id"].removeprefix(CHECK)
        if regions.HIDDEN not in cell.kinds.values():
            yield cell.number, f"{name} has no hidden check: add ### BEGIN HIDDEN TESTS … ### END HIDDEN TESTS."
            continue
        for node in cell.nodes(regions.HIDDEN, ast.Assert):
            if node.msg is None:
                yield cell.number, f"The hidden assertion of line {node.lineno} has no message for the learner."
        hidden = {node.id for node in cell.nodes(regions.HIDDEN, ast.Name)}
        if name not in hidden:
            yield cell.number, f"The hidden check never uses {name}."
        for seed in sorted(set(_seeds(cell, regions.HIDDEN)) & visible_seeds):
            yield cell.number, f"The hidden check draws from seed {seed}, which learners see: take another."


@page_rule("check-honest", ASSIGNMENT)
def the_check_only_calls_the_answer(page):
    answers = {cell.marks["grade_id"] for cell, _ in _answers(page)}
    ungraded = _defined_only_in_ungraded(page)
    for cell in page.code:
        if "ungraded" in cell.tags or cell.marks.get("solution"):
            continue
        used = _names(cell.tree) - top_level_names(cell.tree)
        peeks = [name for name in PEEKS if re.search(rf"\b{name}\b", cell.text)] + sorted(used & FORBIDDEN)
        if cell.marks.get("grade") and peeks:
            yield (
                cell.number,
                f"{peeks[0]} looks into the answer or the session: call the answer and look at what comes back.",
            )
        own = cell.marks.get("grade_id", "").removeprefix(CHECK)
        for name in sorted(used & answers - {own}):
            yield (
                cell.number,
                f"Relies on the learner's {name}: a wrong answer there would cost points here. Compute it anew.",
            )
        for name in sorted(used & ungraded):
            yield cell.number, f"{name} is made in an ungraded cell, which the grader skips. Make it in a graded one."


@page_rule("try-it", LESSON, LAB)
def try_its_have_stubs_checks_and_hints(page):
    count, earlier = 0, []
    for cell in page.cells:
        if not cell.is_code:
            earlier.append(cell.text)
            continue
        kinds = set(cell.kinds.values())
        checked = any(name == "practice.check" for name, _ in calls(cell.tree))
        if regions.SOLUTION in kinds and regions.STUB not in kinds:
            yield cell.number, "A solution without '### STUB:' lines: the learner's notebook would stop here."
        if regions.SOLUTION in kinds and checked:
            count += 1
            hints = "\n".join(earlier).count("<details>")
            if page.kind == LAB and hints < 2:
                yield cell.number, f"This try-it has {hints} folded hints above it: give two <details>."
        earlier = []
    if page.kind == LAB and count < TRY_ITS:
        yield None, f"{count} try-it steps with practice.check: a lab has at least {TRY_ITS}."


@page_rule("unit-checked", LESSON)
def each_unit_has_a_checked_step(page):
    for title, cells in page.sections():
        if not re.match(r"\d+\.", title):
            continue
        code = [cell for cell in cells if cell.is_code]
        checked = any(
            isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and dotted(node.func) == "practice.check")
            for cell in code
            for node in ast.walk(cell.tree)
        )
        if not checked:
            yield cells[0].number, f"Unit {title!r} has no checked step: an assertion, or a try-it with practice.check."


def top_level_names(tree):
    """Name what the top level of a cell defines, imports left out."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            names |= {
                part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            }
    return names


class _NotebookLike:
    """What exercises_of needs of a notebook, from a page."""

    def __init__(self, page):
        from nbformat import NotebookNode

        self.cells = [
            NotebookNode(metadata=NotebookNode(nbgrader=cell.marks) if cell.marks else {}) for cell in page.cells
        ]


def _answers(page):
    """List (answer cell, text cells between the exercise before and it)."""
    found, statement = [], []
    for cell in page.cells:
        if not cell.is_code:
            statement.append(cell)
        elif cell.marks.get("solution"):
            found.append((cell, statement))
            statement = []
        else:
            statement = []
    return found


def _checks(page):
    return [cell for cell in page.code if cell.marks.get("grade") and not cell.marks.get("solution")]


def _cell(page, grade_id):
    return next(cell for cell in page.code if cell.marks.get("grade_id") == grade_id)


def _names(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _seeds(cell, kind):
    draws = [node for node in cell.nodes(kind, ast.Call) if dotted(node.func).endswith(("default_rng", "RandomState"))]
    return [node.args[0].value for node in draws if node.args and isinstance(node.args[0], ast.Constant)]


def _defined_only_in_ungraded(page):
    ungraded, graded = set(), set()
    for cell in page.code:
        names = {
            node.id for node in ast.walk(cell.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        names |= top_level_names(cell.tree)
        (ungraded if "ungraded" in cell.tags else graded).update(names)
    return ungraded - graded
