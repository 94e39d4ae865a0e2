"""A graded document as a list of steps: what runs where, in which order."""

import ast
from typing import NamedTuple


class Step(NamedTuple):
    """One code cell of a graded document.

    Attributes
    ----------
    kind : str
        ``"shared"`` (read-only: both processes), ``"answer"`` and ``"added"`` (learner's process only), ``"check"``
        (judge's only).
    source : str
    exercise : str or None
        The exercise of an answer or a check.
    names : tuple of str
        Names that an answer is to define.
    """

    kind: str
    source: str
    exercise: str | None = None
    names: tuple = ()


def steps_of(document, instructor):
    """List the steps of a document that :func:`autograder.grading.document.build_document` made.

    Parameters
    ----------
    document : autograder.grading.document.Document
    instructor : nbformat.NotebookNode
        Tells which names each answer cell is to define.

    Returns
    -------
    list of Step
    """
    defined = {
        cell.metadata.nbgrader.grade_id: names_defined_by(cell.source)
        for cell in instructor.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    checks = {exercise.check_id: exercise.id for exercise in document.exercises}
    steps = []
    for cell in document.notebook.cells:
        marks, tags = cell.metadata.get("nbgrader", {}), cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or "ungraded" in tags:
            continue
        name = marks.get("grade_id")
        if marks.get("solution"):
            steps.append(Step("answer", cell.source, name, (name, *defined.get(name, ()))))
        elif name in checks:
            steps.append(Step("check", cell.source, checks[name]))
        elif cell.metadata.get("medlabs", {}).get("from") == "learner":
            steps.append(Step("added", cell.source))
        else:
            steps.append(Step("shared", cell.source))
    return steps


def names_defined_by(source):
    """List the names that a cell defines at its top level."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ()
    names = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return tuple(dict.fromkeys(names))
