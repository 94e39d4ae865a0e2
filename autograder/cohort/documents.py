"""What is laid into nbgrader's folders for an attempt: nothing of a learner's file but the text of its cells."""

import functools
import re

import nbformat

from autograder import build
from autograder.cohort.course import assignment_name, course_root
from autograder.grading import document, messages, reading
from autograder.workspace import write_whole

STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"


def made(week, name):
    """Give the instructor's and the released version of a notebook; they are made again only if a source has changed."""
    times = tuple(path.stat().st_mtime_ns for path in sorted(week.folder.iterdir()) if path.is_file())
    return _made(week, name, times)


@functools.lru_cache(maxsize=32)
def _made(week, name, _):
    return build.instructor_notebook(week, name), build.release_notebook(week, name)


def clean(content, week, name):
    """Make the file for ``submitted/`` from what was handed in: its cells' texts, with nbgrader's marks of the release.

    Parameters
    ----------
    content : bytes
    week : autograder.build.Week
    name : str

    Returns
    -------
    bytes
        A notebook without outputs, attachments and metadata of the learner's; the same for the same content.
    """
    release = made(week, name)[1]
    marks = {cell.metadata.nbgrader.grade_id: cell.metadata for cell in release.cells if "nbgrader" in cell.metadata}
    cells, taken = [], set()
    for number, cell in enumerate(reading.parse_notebook(content, f"{name}.ipynb").cells, start=1):
        make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        new = make(cell.source)
        new.id = f"cell-{number}"
        if cell.grade_id in marks and cell.grade_id not in taken:  # nbgrader takes no mark twice
            new.metadata, new.id = nbformat.from_dict(marks[cell.grade_id]), f"mark-{number}"
            taken.add(cell.grade_id)
        cells.append(new)
    return _bytes(cells, release)


def judged(content, week, name, record):
    """Make the file for ``autograded/``: the document that was graded, and under each check what it said, as plain text."""
    instructor, release = made(week, name)
    graded = document.build_document(instructor, release, reading.parse_notebook(content, f"{name}.ipynb"))
    said = {f"{document.CHECK}{exercise['id']}": exercise["message"] for exercise in record["exercises"]}
    for number, cell in enumerate(graded.notebook.cells, start=1):
        cell.metadata.pop(document.MINE, None)
        cell.id = f"cell-{number}"
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in said:
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=messages.tidy(said[grade_id]) + "\n")]
    return _bytes(graded.notebook.cells, instructor)


def comment(message):
    """Make a comment of what a check said. nbgrader takes comments for Markdown, and this one may quote a learner's error."""
    text = messages.tidy(message).translate(str.maketrans("<>`$\\&", "‹›'＄/＆"))
    return re.sub(r"\](?=[(\[:])", "] ", text).replace("://", ": //")


def lay_down(cohort, week, entry, files):
    """Write files into nbgrader's folders of a learner's week; what is there already stays as it is.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : str
    entry : autograder.cohort.history.Entry
    files : dict of str to bytes
        ``"submitted"`` and the like to the content of the notebook's file there.

    Returns
    -------
    bool
        Whether anything was written.
    """
    written = False
    for step, content in files.items():
        folder = folder_of(cohort, week, step, entry.learner)
        path = folder / f"{entry.notebook}.ipynb"
        if not path.is_symlink() and path.is_file() and path.read_bytes() == content:
            continue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content, mode=0o600)
        written = True
    return written


def stamp(cohort, week, learner, moment):
    """Write the time of a submission where nbgrader looks for it."""
    for step in ("submitted", "autograded"):
        path = folder_of(cohort, week, step, learner) / "timestamp.txt"
        content = moment.strftime(STAMP).encode()
        if path.parent.is_dir() and (path.is_symlink() or not path.is_file() or path.read_bytes() != content):
            write_whole(path, content, mode=0o600)


def folder_of(cohort, week, step, learner):
    """Give nbgrader's folder of a learner's week; a link in its place is refused.

    Raises
    ------
    ValueError
    """
    folder = course_root(cohort, week) / step / learner / assignment_name(week)
    for place in (folder, folder.parent, folder.parent.parent):
        if place.is_symlink():
            raise ValueError(f"{place} is a link, and links are not followed: remove it.")
    return folder


def _bytes(cells, like):
    kernel = {key: like.metadata[key] for key in ("kernelspec", "language_info", "medlabs") if key in like.metadata}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    notebook.nbformat_minor = 5
    return build.notebook_bytes(notebook)
