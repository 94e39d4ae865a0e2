"""Build the document that is graded: the instructor's notebook with the learner's answers in it.

From the learner comes the text of answer cells (found by their nbgrader ``grade_id``) and of code cells that the
learner added or changed. Everything else (points, checks, order, metadata, tags) is the instructor's.
"""

import copy
import re
from typing import NamedTuple

import nbformat

CHECK = "check_"
MINE = "medlabs"  # metadata key that marks what a cell of the graded document is


class Exercise(NamedTuple):
    """One exercise as the instructor's notebook defines it."""

    id: str
    title: str
    points: float
    answer_id: str | None
    check_id: str


class Document(NamedTuple):
    """A notebook ready to run.

    ``attempts`` maps each exercise id to ``"answered"``, ``"blank"`` (the stub, untouched) or ``"missing"``; ``notes``
    are sentences for the learner about what was done with the cells.
    """

    notebook: nbformat.NotebookNode
    exercises: list
    attempts: dict
    notes: list


def list_exercises(instructor):
    """List the exercises of an instructor's notebook, in order: one per cell that carries points.

    Parameters
    ----------
    instructor : nbformat.NotebookNode

    Returns
    -------
    list of Exercise
    """
    exercises, title, titles = [], "", {}
    for cell in instructor.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", cell.source, flags=re.M)
            title = headings[-1] if headings else title
        if marks.get("solution"):
            titles[marks["grade_id"]] = title
        if marks.get("grade"):
            check = marks["grade_id"]
            name = check.removeprefix(CHECK)
            answer = name if name in titles else None
            exercises.append(Exercise(name, titles.get(name, title) or name, float(marks["points"]), answer, check))
    return exercises


def answer_ids(instructor):
    """Give the ``grade_id`` of every answer cell of a notebook."""
    marks = [cell.metadata.get("nbgrader", {}) for cell in instructor.cells]
    return {mark["grade_id"] for mark in marks if mark.get("solution")}


def build_document(instructor, release, learner):
    """Put a learner's answers into the instructor's notebook.

    Parameters
    ----------
    instructor, release : nbformat.NotebookNode
        The notebook with solutions and hidden checks, and what learners were given.
    learner : autograder.grading.reading.LearnerNotebook

    Returns
    -------
    Document
    """
    stubs = {_grade_id(cell): cell.source for cell in release.cells if _grade_id(cell)}
    notes = []
    answers, extras = _take_apart(instructor, release, learner, stubs, notes)
    cells = [_plain(text) for text in extras.get(None, [])]
    attempts = {}
    for number, cell in enumerate(instructor.cells):
        cell, name = copy.deepcopy(cell), _grade_id(cell)
        cell.metadata[MINE] = {"from": "instructor"}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if cell.metadata.get("nbgrader", {}).get("solution"):
            text = answers.get(name)
            attempts[name] = "missing" if text is None else "blank" if _same(text, stubs.get(name)) else "answered"
            cell.source = text or ""
            cell.metadata[MINE] = {"from": "learner", "exercise": name}
        cells.append(cell)
        cells += [_plain(text) for text in extras.get(number, [])]
    notebook = copy.deepcopy(instructor)
    notebook.cells = cells
    return Document(notebook, list_exercises(instructor), attempts, notes)


def _take_apart(instructor, release, learner, stubs, notes):
    """Sort a learner's cells into answers by ``grade_id`` and extra texts by the instructor's cell they follow."""
    wanted, given = answer_ids(instructor), {cell.get("id"): cell.source for cell in release.cells}
    places = _find_places(instructor, release, learner)
    candidates, extras, here = {}, {}, None
    for cell, place in zip(learner.cells, places, strict=True):
        # An answer cell that lost its nbgrader metadata on the way is still known by its id.
        name = cell.grade_id if cell.grade_id in wanted or place is None else _grade_id(instructor.cells[place])
        if name in wanted:
            candidates.setdefault(name, []).append((cell, here))
        elif place is None and not _is_known(cell.grade_id, instructor):
            _add(extras, here, cell.source, cell.kind)
        here = here if place is None else place
        if place is not None and _may_be_changed(instructor.cells[place]):
            original = instructor.cells[place]
            if not _same(cell.source, given.get(original.get("id"), original.source)):
                line = first_line(cell.source)
                notes.append(
                    f"You changed a cell that came with the notebook ({line}): yours was run after the original."
                )
                _add(extras, here, cell.source, cell.kind)
    answers = {}
    for name, found in candidates.items():
        kept = found
        if len(found) > 1:
            kept = [item for item in found if not _same(item[0].source, stubs.get(name))] or found
            notes.append(
                f"{len(found)} cells are marked as the answer to {name}: the last one that you wrote in counts."
            )
        *others, (chosen, _) = kept
        if chosen.kind != "code":
            notes.append(f"The answer to {name} had been turned into a text cell: it was run as code.")
        answers[name] = chosen.source
        for cell, before in others:  # a split cell: what stood in its first part may be needed by its second
            _add(extras, before, cell.source, cell.kind)
    return answers, extras


def _find_places(instructor, release, learner):
    """Give, for each of the learner's cells, the index of the instructor's cell that it is, or None.

    Ids and grade_ids decide; tools that renew ids leave the text. Each of the instructor's cells is found once, so a
    pasted copy counts as added and does not move what follows it.
    """
    by_id = {cell.get("id"): n for n, cell in enumerate(instructor.cells) if cell.get("id")}
    by_grade_id = {_grade_id(cell): n for n, cell in enumerate(instructor.cells) if _grade_id(cell)}
    by_text = {}
    for cell in [*instructor.cells, *release.cells]:
        place = by_grade_id.get(_grade_id(cell), by_id.get(cell.get("id")))
        if place is not None and cell.source.strip():
            by_text.setdefault(cell.source.strip(), place)
    places, taken = [None] * len(learner.cells), set()
    marks = [
        (by_id, lambda cell: cell.cell_id),
        (by_grade_id, lambda cell: cell.grade_id),
        (by_text, lambda cell: cell.source.strip()),
    ]
    for known, mark in marks:
        for n, cell in enumerate(learner.cells):
            place = known.get(mark(cell)) if places[n] is None else None
            if place is not None and place not in taken:
                places[n] = place
                taken.add(place)
    return places


def _is_known(grade_id, instructor):
    return grade_id is not None and any(_grade_id(cell) == grade_id for cell in instructor.cells)


def _may_be_changed(cell):
    """Say whether a changed text of this cell runs as well: only plain, unmarked code that is graded."""
    plain = not cell.metadata.get("nbgrader") and "ungraded" not in cell.metadata.get("tags", [])
    return cell.cell_type == "code" and plain


def _add(extras, place, source, kind):
    if kind == "code" and source.strip():
        extras.setdefault(place, []).append(source)


def _plain(text):
    cell = nbformat.v4.new_code_cell(text)
    cell.metadata[MINE] = {"from": "learner"}
    return cell


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _same(text, other):
    if other is None:
        return False
    return [line.rstrip() for line in text.strip().split("\n")] == [line.rstrip() for line in other.strip().split("\n")]


def first_line(text):
    """Give the first line of a cell that says something, cut to fit into a sentence."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "now empty")
    return line if len(line) <= 60 else line[:57] + "..."
