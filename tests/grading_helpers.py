"""Learners' notebooks for tests of grading: a release with answers written in, and what can go wrong with a file."""

import json
import os
import subprocess
import sys

import nbformat
from tiny_weeks import NAME

from autograder.build import release_notebook

RIGHT = {
    "beats_per_minute": (
        "def beats_per_minute(times):\n"
        "    elapsed = times[-1] - times[0]\n"
        "    return 60 * (len(times) - 1) / elapsed if len(times) > 1 else float('nan')"
    ),
    "faster": "def faster(first, second):\n    return first > second",
}
WRONG = {
    "beats_per_minute": "def beats_per_minute(times):\n    return 60 * len(times) / (times[-1] - times[0])",
    "faster": "def faster(first, second):\n    return first >= second",
}


def answered(week, name="assignment", **answers):
    """Give a released notebook with texts written into answer cells; the text None removes the cell."""
    notebook = release_notebook(week, name)
    for cell in list(notebook.cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell.source = answers[grade_id] or ""
            if answers[grade_id] is None:
                notebook.cells.remove(cell)
    return notebook


def add_cell(notebook, before, source, **metadata):
    """Put a code cell before the cell with this grade_id, as a learner does."""
    place = next(n for n, cell in enumerate(notebook.cells) if grade_id_of(cell) == before)
    notebook.cells.insert(place, nbformat.v4.new_code_cell(source, metadata=metadata))
    return notebook


def grade_id_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def write(path, notebook):
    """Write a notebook without any check, so that broken ones can be written too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
    return path


def medlabs(repository, *arguments, cwd=None, **environment):
    """Run the command line on a repository of tiny weeks."""
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *map(str, arguments)],
        env=dict(os.environ, MEDLABS_ROOT=str(repository), COLUMNS="160", **environment),
        cwd=cwd or repository,
        capture_output=True,
        text=True,
        check=False,
    )


def medlabs_here(monkeypatch, repository, *arguments, cwd):
    """Run the command line inside this process: fast, for what never starts a worker."""
    from click.testing import CliRunner

    from autograder import cli

    monkeypatch.setenv("MEDLABS_ROOT", str(repository))
    monkeypatch.chdir(cwd)
    return CliRunner().invoke(cli.medlabs, list(map(str, arguments)))


def grade(repository, *places, json_file, workers=2):
    """Grade through the command line with nbgrader's own engine; give the completed process and the report.

    The judge has tests of its own, and every week is graded with it.
    """
    engine = ["--isolation", "none", "--workers", workers]
    done = medlabs(repository, "grade", *places, "--week", NAME, "--json", json_file, *engine)
    if not json_file.exists():
        return done, None
    report = json.loads(json_file.read_text())
    return done, report
