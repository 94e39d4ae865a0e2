"""The style of notebooks as small rules: one function each, found by its decorator.

A rule gets a :class:`Page` (one notebook) or a :class:`~autograder.build.week.Week`, and yields what is wrong as
``(cell number or None, message)``; a rule of a week may name the file first. To add a rule, write a function in the
``lint_*.py`` module that fits; nothing else has to be listed.
"""

import ast
import importlib
import pkgutil
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from autograder import build
from autograder.build import regions
from autograder.build.notebook import headings_of, instructor_notebook, marks_of, script_cells
from autograder.build.week import ASSIGNMENT, LESSON, QUIZ, Problem, SourceError, Week, notebook_names, shown
from autograder.parsing import tree_of

LAB = "lab"
PAGES, WEEKS = [], []


class Rule(NamedTuple):
    """A rule: its id, the kinds of notebooks it is for, and the function."""

    id: str
    kinds: tuple
    find: object


@dataclass(frozen=True)
class Cell:
    """A cell as rules see it. ``text`` is the author's; ``released`` is what a learner gets of it."""

    number: int
    is_code: bool
    text: str
    raw: str
    marks: dict
    tags: tuple

    @cached_property
    def released(self):
        """The text without solutions and hidden checks, stubs in place."""
        return "\n".join(regions.visible_lines(self.text)) if self.is_code else self.text

    @cached_property
    def tree(self):
        """The parsed code; empty for text, and for code that is no Python (which has its own rule)."""
        return parse(self.text) if self.is_code else ast.Module([], [])

    @cached_property
    def released_tree(self):
        """The parsed code that a learner gets."""
        return parse(self.released) if self.is_code else ast.Module([], [])

    @cached_property
    def kinds(self):
        """Line number to what the line is: visible, marker, solution, stub or hidden."""
        return {number: line.kind for number, line in enumerate(regions.read_lines(self.text), start=1)}

    def nodes(self, kind, *types):
        """List the syntax nodes of some types that start on lines of a kind."""
        return [node for node in ast.walk(self.tree) if isinstance(node, types) and self.kinds.get(node.lineno) == kind]


@dataclass(frozen=True)
class Page:
    """A notebook as rules see it."""

    week: Week
    name: str
    kind: str
    cells: list

    @property
    def code(self):
        """The code cells."""
        return [cell for cell in self.cells if cell.is_code]

    @property
    def prose(self):
        """The text cells."""
        return [cell for cell in self.cells if not cell.is_code]

    def headings(self):
        """Yield (cell number, level, words) of every heading."""
        for cell in self.prose:
            for level, words in headings_of(cell.text):
                yield cell.number, level, words

    def sections(self):
        """Group the cells by level-2 heading: a list of (title, cells); what stands before the first has title ''."""
        groups = [("", [])]
        for cell in self.cells:
            titles = [words for level, words in headings_of(cell.text) if level == 2] if not cell.is_code else []
            if titles:
                groups.append((titles[-1], []))
            groups[-1][1].append(cell)
        return groups


def page_rule(rule_id, *kinds):
    """Register a rule for notebooks of some kinds."""

    def register(find):
        PAGES.append(Rule(rule_id, kinds, find))
        return find

    return register


def week_rule(rule_id):
    """Register a rule for a whole week."""

    def register(find):
        WEEKS.append(Rule(rule_id, (), find))
        return find

    return register


def lint_week(week):
    """Apply every rule to a week.

    Parameters
    ----------
    week : autograder.build.Week

    Returns
    -------
    list of Problem
        In the order of the files; empty if all is well. A notebook that cannot be read gives one problem, ``source``.
    """
    _load_rules()
    problems = []
    for rule in WEEKS:
        problems += _apply_to_week(rule, week)
    for name in notebook_names(week):
        try:
            page = read_page(week, name)
        except SourceError as error:
            problems.append(Problem(shown(week.source(name)), None, "source", str(error)))
            continue
        problems += lint_page(page)
    return problems


def lint_page(page):
    """Apply the rules for notebooks to one."""
    _load_rules()
    file = shown(page.week.source(page.name))
    return [
        Problem(file, number, rule.id, message)
        for rule in PAGES
        if page.kind in rule.kinds
        for number, message in rule.find(page)
    ]


def read_page(week, name):
    """Read a notebook for linting.

    Raises
    ------
    SourceError
        If it cannot be built from.
    """
    kind = name if name in (LESSON, QUIZ, ASSIGNMENT) else LAB
    notebook = instructor_notebook(week, name)
    raw = notebook.cells if name == QUIZ else script_cells(week.source(name))
    cells = [
        Cell(
            number,
            cell.cell_type == "code",
            cell.source,
            written.source,
            dict(marks_of(cell)),
            tuple(cell.metadata.get("tags", ())),
        )
        for number, (cell, written) in enumerate(zip(notebook.cells, raw, strict=True), start=1)
    ]
    return Page(week, name, kind, cells)


def parse(source):
    """Parse code; what is no Python gives an empty module."""
    try:
        return tree_of(source)
    except SyntaxError:
        return ast.Module([], [])


def dotted(node):
    """Give the dotted name of an expression such as ``np.random.seed``, or ''."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def calls(tree):
    """Yield (dotted name, call) of every call in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def _apply_to_week(rule, week):
    try:
        for file, number, message in rule.find(week):
            yield Problem(shown(week.folder / file), number, rule.id, message)
    except SourceError as error:
        yield Problem(week.name, None, rule.id, str(error))


def _load_rules():
    for module in pkgutil.iter_modules(build.__path__):
        if module.name.startswith("lint_"):
            importlib.import_module(f"{build.__name__}.{module.name}")
