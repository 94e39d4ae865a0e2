"""Does a save in JupyterLab change of a source only what the instructor changed?

The contents manager is the one that JupyterLab's server uses to open a text as a notebook, with the settings that the
repository gives it.
"""

import difflib
import shutil
from pathlib import Path

import jupytext
import pytest
from jupytext import TextFileContentsManager
from tiny_weeks import make_repository

from autograder import paths
from autograder.build import instructor_notebook, read_week

SETTINGS = Path(paths.__file__).parents[1] / "jupytext.toml"


@pytest.fixture
def folder(tmp_path):
    shutil.copy(SETTINGS, tmp_path)
    return make_repository(tmp_path)


def save_in_jupyterlab(folder, name, change):
    """Open a source as a notebook, change it, save it; return the lines of the diff."""
    path = folder / f"{name}.py"
    before = path.read_text()
    manager = TextFileContentsManager()
    manager.root_dir = str(folder.parents[1])
    relative = path.relative_to(folder.parents[1]).as_posix()
    model = manager.get(relative, type="notebook", content=True)
    notebook = model["content"]
    # what a browser sends along: outputs, execution counts, a kernel, trust, folded cells
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    for number, cell in enumerate(notebook.cells):
        cell.metadata["trusted"] = True
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "noise"}]
            cell.metadata["execution"] = {"iopub.status.busy": "2026-11-22T12:00:00Z"}
            cell.metadata["jupyter"] = {"outputs_hidden": True}
    change(notebook)
    manager.save({"type": "notebook", "format": "json", "content": notebook}, relative)
    diff = difflib.unified_diff(before.splitlines(), path.read_text().splitlines(), lineterm="", n=0)
    return [line for line in diff if line[0] in "+-" and not line.startswith(("+++", "---"))]


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


@pytest.mark.parametrize("name", ["lesson", "lab1_count_beats", "assignment"])
def test_saving_without_a_change_changes_nothing(folder, name):
    assert save_in_jupyterlab(folder, name, lambda notebook: None) == []


def test_points_changed_in_nbgrader_s_panel_are_one_line(folder):
    def panel(notebook):
        cell_of(notebook, "check_faster").metadata["nbgrader"]["points"] = 4

    diff = save_in_jupyterlab(folder, "assignment", panel)
    assert [line[0] for line in diff] == ["-", "+"]
    assert diff[1] == diff[0].replace('"points": 1.5', '"points": 4').replace("-", "+", 1)
    assert [exercise.points for exercise in read_week(folder).exercises] == [2, 4]


def test_a_word_changed_in_a_text_is_one_line(folder):
    def edit(notebook):
        notebook.cells[0].source = notebook.cells[0].source.replace("Two functions", "Three functions")

    assert save_in_jupyterlab(folder, "assignment", edit) == [
        "-# Two functions, {{points:total}} points.",
        "+# Three functions, {{points:total}} points.",
    ]


def test_a_cell_made_an_answer_in_the_panel_is_one_line(folder):
    marks = {
        "grade": False,
        "grade_id": "slower",
        "locked": False,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }

    def panel(notebook):
        notebook.cells[1].metadata["nbgrader"] = marks

    diff = save_in_jupyterlab(folder, "assignment", panel)
    assert [line[0] for line in diff] == ["-", "+"] and diff[0] == "-# %%" and '"grade_id": "slower"' in diff[1]


def test_what_jupyterlab_shows_is_what_the_build_reads(folder):
    week = read_week(folder)
    opened = jupytext.read(week.source("assignment"))
    built = instructor_notebook(week, "assignment")
    assert [cell.source for cell in opened.cells if cell.cell_type == "code"] == [
        cell.source for cell in built.cells if cell.cell_type == "code"
    ]
