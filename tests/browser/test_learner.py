"""A learner's day in a real browser: read, run, answer, validate, submit."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser.driver import choose, open_notebook, run_all, screenshot

from autograder import build, paths

WEEK = "course1_diagnosis/week1_chest_xray"
MEDLABS = Path(sys.executable).with_name("medlabs")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def errors_of(notebook):
    return [
        f"{out.ename}: {out.evalue}"
        for cell in code_cells(notebook)
        for out in cell.outputs
        if out.output_type == "error"
    ]


def pictures_of(notebook):
    shown = [out for cell in code_cells(notebook) for out in cell.outputs if "text/html" in out.get("data", {})]
    return re.findall(r'<img alt="([^"]{20,})"', "".join("".join(out.data["text/html"]) for out in shown))


def fill_in_right_answers(workspace):
    """Type the instructor's answers into the learner's copy of the assignment."""
    week = build.read_week(paths.find_weeks()[WEEK])
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in build.instructor_notebook(week, "assignment").cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    path = workspace / WEEK / "assignment.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.metadata.nbgrader.grade_id]
    nbformat.write(notebook, path)


@pytest.mark.slow
def test_the_lesson_runs_in_the_browser_and_shows_its_figures(learner_lab, page):
    path = f"{WEEK}/lesson.ipynb"
    open_notebook(page, learner_lab, path)
    screenshot(page, "lesson-opened")
    notebook = run_all(page, learner_lab, path)
    assert errors_of(notebook) == []
    assert all(cell.execution_count for cell in code_cells(notebook))
    assert len(pictures_of(notebook)) >= 5
    page.locator(".jp-OutputArea img[alt]").first.scroll_into_view_if_needed()
    drawn = page.locator(".jp-OutputArea img[alt]").evaluate_all(
        "all => all.map(i => i.complete && i.naturalWidth > 50)"
    )
    assert drawn and all(drawn)
    screenshot(page, "lesson-run")


@pytest.mark.slow
def test_an_answered_assignment_runs_validates_and_is_scored(learner_lab, page):
    path = f"{WEEK}/assignment.ipynb"
    fill_in_right_answers(learner_lab.root)
    open_notebook(page, learner_lab, path)
    notebook = run_all(page, learner_lab, path)
    assert errors_of(notebook) == []
    assert len(pictures_of(notebook)) >= 2
    screenshot(page, "assignment-run")
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    dialog.get_by_text("Success", exact=False).first.wait_for(timeout=480_000)
    screenshot(page, "assignment-validated")
    dialog.locator("button").last.click()
    said = subprocess.run(
        [MEDLABS, "submit", "assignment.ipynb"],
        cwd=learner_lab.root / WEEK,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert re.search(r"\b(\d+) of \1\b", said.stdout), said.stdout  # full marks, whatever the points are


def test_nbgrader_s_assignment_list_shows_the_week_and_takes_a_submission(learner_lab, page):
    page.goto(learner_lab.url(WEEK))
    choose(page, "Nbgrader", "Assignment List")
    listed = page.locator("#nbgrader-assignment-list")
    listed.get_by_text("week1_chest_xray").first.wait_for(timeout=60_000)
    screenshot(page, "assignment-list")
    page.get_by_role("button", name="Submit").first.click()
    inbound = learner_lab.root / ".medlabs" / "exchange" / "course1_diagnosis" / "inbound"
    page.locator("#submitted_assignments_list").get_by_text("week1_chest_xray").first.wait_for(timeout=60_000)
    assert len(list(inbound.iterdir())) == 1
