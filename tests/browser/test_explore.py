"""A slider in a lesson, moved with the arrow keys in a real JupyterLab: the picture changes, and so do its words."""

import re

import nbformat
from browser.driver import choose, open_notebook, run_all, save, screenshot

WEEK = "course1_diagnosis/week2_evaluation"
PATH = "explore.ipynb"
MOVED = 'img[alt^="Flag from "]'


def lay_out(lab):
    """Put the part of the lesson that has the slider into a notebook of its own: its imports, its data, its cell."""
    lesson = nbformat.read(lab.root / WEEK / "lesson.ipynb", as_version=4)
    code = [cell for cell in lesson.cells if cell.cell_type == "code"]
    lesson.cells = [code[0], code[1], next(cell for cell in code if "explore.show(at_threshold" in cell.source)]
    nbformat.write(lesson, lab.root / PATH)


def said(notebook):
    """Give the words of the moving picture as they are stored in the file."""
    markup = "".join(out.data.get("text/html", "") for out in notebook.cells[2].outputs if "data" in out)
    return re.findall(r'<img alt="(Flag from [^"]+)"', markup)


def test_arrow_keys_move_the_threshold_and_the_picture_follows(learner_lab, page):
    lay_out(learner_lab)
    open_notebook(page, learner_lab, PATH)
    notebook = run_all(page, learner_lab, PATH)
    assert len(said(notebook)) == 1 and said(notebook)[0].startswith("Flag from 0.5: sensitivity 0.43")
    picture = page.locator(MOVED)
    before = picture.get_attribute("src")
    handle = page.get_by_role("slider").first
    handle.focus()
    assert handle.get_attribute("tabindex") == "0", "the Tab key reaches it"
    page.keyboard.press("ArrowLeft")
    page.locator('img[alt^="Flag from 0.45: sensitivity 0.54"]').wait_for(timeout=60_000)
    assert picture.count() == 1, "the picture is changed, not repeated"
    assert picture.get_attribute("src") != before
    page.keyboard.press("Home")
    page.locator('img[alt^="Flag from 0: sensitivity 1.00, specificity 0.00"]').wait_for(timeout=60_000)
    screenshot(page, "explore-moved")
    save(page)
    kept = said(nbformat.read(learner_lab.root / PATH, as_version=4))
    assert len(kept) == 1 and kept[0].startswith("Flag from 0: "), "the file keeps the picture that was last seen"
    choose(page, "Edit", "Clear Outputs of All Cells")
    assert page.locator(MOVED).count() == 0
