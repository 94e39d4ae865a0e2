"""An instructor's day in a real browser: open a source as a notebook, change points by nbgrader's panel, look at Formgrader."""

import time

import pytest
from browser.driver import open_notebook, screenshot

SOURCE = "course1_diagnosis/week1_chest_xray/assignment.py"
PANEL = '.lm-TabBar-tab[data-id="nbgrader-create_assignemnt"]'  # nbgrader spells it so


@pytest.mark.slow
def test_points_changed_in_the_panel_change_one_line_of_text(instructor_lab, page):
    before = (instructor_lab.root / SOURCE).read_text().splitlines()
    open_notebook(page, instructor_lab, SOURCE)
    if not page.locator("#nbgrader-create_assignemnt").is_visible():
        page.locator(PANEL).click()
    points = page.locator(".nbgrader-CellPoints:not(.nbgrader-mod-uneditable) input")
    points.first.wait_for(timeout=60_000)
    assert points.count() >= 5, "one for each exercise"
    screenshot(page, "create-assignment")
    points.first.fill("7")
    points.first.press("Tab")
    page.locator(".jp-NotebookPanel:visible").get_by_text("Exercise").first.click()
    page.keyboard.press("Control+s")
    deadline = time.monotonic() + 60  # saving goes through jupytext, on a machine that may be busy
    while (after := (instructor_lab.root / SOURCE).read_text().splitlines()) == before:
        assert time.monotonic() < deadline, "what was changed in the panel was not saved"
        page.wait_for_timeout(500)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert '"points": 7' in changed[0][1]


@pytest.mark.slow
def test_formgrader_lists_the_week(instructor_lab, page):
    page.goto(f"http://127.0.0.1:{instructor_lab.port}/formgrader/manage_assignments?token=let-me-in")
    page.get_by_text("week1_chest_xray").first.wait_for(timeout=60_000)
    screenshot(page, "formgrader")
    assert page.get_by_text("exchange directory").count() == 0, "nbgrader cannot use its exchange"
    root = instructor_lab.root / "instructor" / "course1_diagnosis"
    released = sorted(path.name for path in (root / "release" / "week1_chest_xray").iterdir())
    assert released == ["assignment.ipynb", "quiz.ipynb"]
