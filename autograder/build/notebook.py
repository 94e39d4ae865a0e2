"""The instructor's notebook, made from a percent script or from the quiz: with solutions and hidden checks, no outputs."""

import re

import jupytext
import nbformat

from autograder.build import quiz, regions, seeds
from autograder.build.week import ASSIGNMENT, QUIZ, SourceError, all_names, is_name, read_text, shown

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
CHECK = "check_"
TAGS = ("ungraded",)
_MARKS = {"grade", "grade_id", "locked", "points", "schema_version", "solution", "task"}
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\s*:\s*([^{}]*?)\s*\}\}")


def instructor_notebook(week, name):
    """Make the instructor's version of a notebook.

    Parameters
    ----------
    week : autograder.build.Week
    name : str
        One of :func:`autograder.build.notebook_names`.

    Returns
    -------
    nbformat.NotebookNode
        Version 4.5, with the same cell ids at every build.

    Raises
    ------
    SourceError
        If the source is missing or cannot be built from; the message names file and cell.
    """
    if name not in all_names(week):
        raise SourceError(f"{week.name} has no notebook {name!r}. It has: {', '.join(all_names(week))}.")
    path = week.source(name)
    cells = quiz.quiz_cells(quiz.read_quiz(path, week), week) if name == QUIZ else script_cells(path)
    graded = name in (ASSIGNMENT, QUIZ)
    for number, cell in enumerate(cells, start=1):
        place = f"{shown(path)}, cell {number}"
        _check_metadata(cell, place, graded)
        _check_regions(cell, place, graded)
    _check_marks_once(cells, path)
    _fill_in_points(cells, path, graded)
    _name_cells(cells)
    if week.seed is not None:
        seeds.reseed(cells, week.seed, shown(path))
    about = {"week": week.name, "notebook": name}
    metadata = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}, "medlabs": about}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    return notebook


def marks_of(cell):
    """Give the nbgrader metadata of a cell, empty if it has none."""
    return cell.metadata.get("nbgrader", {})


def headings_of(text):
    """List the headings of a Markdown text as (level, words); lines of code blocks are none."""
    text = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.M | re.S)
    return [(len(marks), words) for marks, words in re.findall(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", text, flags=re.M)]


def script_cells(path):
    """Read the cells of a percent script as an author wrote them.

    Raises
    ------
    SourceError
    """
    text = read_text(path)
    if not re.search(r"^# %%", text, flags=re.M):
        raise SourceError(f"{shown(path)} has no cell. Start each cell with a line '# %%' or '# %% [markdown]'.")
    try:
        script = jupytext.reads(text, fmt="py:percent")
    except Exception as error:
        raise SourceError(f"{shown(path)} cannot be read as a percent script: {error}") from None
    return [_fresh(cell) for cell in script.cells if cell.source.strip() or cell.metadata]


def _fresh(cell):
    """Copy what an author writes of a cell: its kind, text and metadata; nothing that a tool added."""
    make = {"code": nbformat.v4.new_code_cell, "raw": nbformat.v4.new_raw_cell}
    fresh = make.get(cell.cell_type, nbformat.v4.new_markdown_cell)(cell.source.strip("\n"))
    fresh.metadata.update({key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"})
    return fresh


def _check_metadata(cell, place, graded):
    if cell.cell_type == "raw":
        raise SourceError(f"{place} is a raw cell. Make it '# %%' or '# %% [markdown]'.")
    unknown = sorted(set(cell.metadata) - {"nbgrader", "tags"})
    if unknown:
        raise SourceError(
            f"{place}: the marker line says {unknown[0]!r}. Only nbgrader={{…}} and tags=[…] may stand there."
        )
    tags = cell.metadata.get("tags", [])
    if not isinstance(tags, list) or set(tags) - set(TAGS):
        raise SourceError(f'{place}: tags are {tags!r}. The only tag is "ungraded".')
    if "nbgrader" in cell.metadata:
        if not graded:
            raise SourceError(f"{place}: this notebook is not graded. Remove nbgrader={{…}} from the marker line.")
        _check_marks(cell, place)


def _check_marks(cell, place):
    marks = cell.metadata["nbgrader"]
    if not isinstance(marks, dict):
        raise SourceError(f'{place}: nbgrader is {marks!r}. Write nbgrader={{"grade": …, "grade_id": …}}.')
    if set(marks) - _MARKS:
        raise SourceError(f"{place}: unknown key {sorted(set(marks) - _MARKS)[0]!r} in nbgrader={{…}}. Remove it.")
    if marks.get("schema_version") != 3:
        raise SourceError(f'{place}: schema_version is {marks.get("schema_version")!r}. Write "schema_version": 3.')
    for key in ("grade", "locked", "solution"):
        if not isinstance(marks.get(key), bool):
            raise SourceError(f"{place}: {key} in nbgrader={{…}} is {marks.get(key)!r}. Write true or false.")
    if marks.get("task"):
        raise SourceError(f'{place}: tasks marked by hand are not supported in a week. Set "task": false.')
    if not is_name(marks.get("grade_id")):
        raise SourceError(f"{place}: grade_id is {marks.get('grade_id')!r}. Write a Python name.")
    points = marks.get("points", 0)
    if marks["grade"] and (isinstance(points, bool) or not isinstance(points, int | float) or points <= 0):
        raise SourceError(f"{place}: points are {points!r}. Write a number above 0.")
    if cell.cell_type != "code":
        raise SourceError(f"{place}: a Markdown cell carries nbgrader={{…}}. Remove it; only code cells are graded.")


def _check_regions(cell, place, graded):
    if cell.cell_type != "code":
        found = [word for word in regions.WORDS if word in cell.source] + [
            regions.STUB_MARKER for line in cell.source.split("\n") if line.strip().startswith(regions.STUB_MARKER)
        ]
        if found:
            raise SourceError(f"{place}: {found[0]!r} stands in text. Markers work in code cells only: reword it.")
        return
    try:
        kinds = regions.regions_in(cell.source)
    except regions.MarkerError as error:
        raise SourceError(f"{place}, {error}") from None
    marks = marks_of(cell)
    if regions.HIDDEN in kinds and not marks.get("grade"):
        raise SourceError(
            f"{place}: a hidden check in a cell without points. Move it into the check cell of an exercise."
        )
    if regions.SOLUTION in kinds and graded and not marks.get("solution"):
        raise SourceError(f'{place}: a solution in a cell that is no answer cell. Set "solution": true, or move it.')
    if marks.get("solution") and regions.SOLUTION not in kinds:
        raise SourceError(f"{place}: an answer cell without ### BEGIN SOLUTION and ### END SOLUTION. Mark what is cut.")


def _check_marks_once(cells, path):
    seen = {}
    for number, cell in enumerate(cells, start=1):
        name = marks_of(cell).get("grade_id")
        if name in seen:
            raise SourceError(
                f"{shown(path)}, cell {number}: grade_id {name!r} is that of cell {seen[name]} too. Rename one."
            )
        if name:
            seen[name] = number


def _fill_in_points(cells, path, graded):
    """Put points where the text says {{points:NAME}}, so that no number is typed twice."""
    points = {
        marks_of(cell)["grade_id"].removeprefix(CHECK): marks_of(cell)["points"]
        for cell in cells
        if marks_of(cell).get("grade")
    }
    known = {**points, "total": sum(points.values())} if graded else {}
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type == "markdown":
            place = f"{shown(path)}, cell {number}"
            cell.source = _PLACEHOLDER.sub(lambda found, place=place: _points(found, known, place), cell.source)


def _points(found, known, place):
    kind, name = found.groups()
    if kind != "points" or name not in known:
        can = ", ".join(f"{{{{points:{key}}}}}" for key in known) or "nothing: this notebook is not graded"
        raise SourceError(f"{place}: {found.group()} stands for nothing. What can be filled in is {can}.")
    return f"{known[name]:g}"


def _name_cells(cells):
    """Give each cell an id that stays when other cells are edited.

    A graded cell has its ``grade_id``. Any other is named after its section and its place in it (``look-first``,
    ``look-first-2``, …), so that editing a text changes no id, and adding a cell moves only those behind it in the same
    section. Nothing has to be stored in the source, where ids would be noise for whoever edits it.
    """
    taken = {marks_of(cell)["grade_id"] for cell in cells if marks_of(cell)}
    section, sections, count = "start", {"start"}, 0
    for cell in cells:
        headings = headings_of(cell.source) if cell.cell_type == "markdown" else []
        if headings:
            section, count = _unused(_slug(headings[-1][1]), sections | taken), 0
            sections.add(section)
        if marks_of(cell):
            cell.id = marks_of(cell)["grade_id"]
            continue
        count += 1
        cell.id = _unused(section if count == 1 else f"{section}-{count}", taken)
        taken.add(cell.id)


def _slug(heading):
    words = re.sub(r"^[\d.]+\s+", "", heading.lower())
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:48].rstrip("-") or "section"


def _unused(name, taken):
    number = 2
    unused = name
    while unused in taken:
        unused, number = f"{name}-{number}", number + 1
    return unused
