"""From the click on *Submit* to the score on the screen: a real lab, a real headless Chromium, every cell answered.

Usage: bench_submit.py [ROUNDS]. The first submission of each profile is cold (its libraries are imported while the notebook
opens) and stands apart; the others are warm, with a line typed before each, so that saving is part of the time.
"""

import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import nbformat  # noqa: E402
from browser import conftest as browser  # noqa: E402
from browser.driver import submit  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from autograder import build, paths  # noqa: E402

WEEKS = {"tabular": "course2_prognosis/week3_survival_curves", "deep": "course1_diagnosis/week1_chest_xray"}
BUDGET = {"tabular": 2.0, "deep": 5.0}


def fill_in(workspace, name):
    """Write the instructor's answers into the assignment of a week; give its path in the workspace."""
    week = build.read_week(paths.find_week(name))
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in build.instructor_notebook(week, "assignment").cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    path = Path(workspace) / week.name / "assignment.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answers[cell.metadata.nbgrader.grade_id]
    nbformat.write(notebook, path)
    return f"{week.name}/assignment.ipynb"


def measure(page, lab, path, rounds):
    """Submit again and again in one window; give the seconds of each, the first one cold."""
    page.goto(lab.url(path))
    page.get_by_role("button", name="Submit", exact=True).wait_for(timeout=120_000)
    cell = page.locator(".jp-NotebookPanel .jp-Cell").first
    cell.wait_for()
    seconds = []
    for number in range(rounds + 1):
        cell.dblclick()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text(f"\nround {number}")
        page.keyboard.press("Control+Enter")
        took, said = submit(page, timeout=300)
        seconds.append(took)
        reached, most = said.removesuffix(" points").split(" of ")
        if reached != most:
            raise SystemExit(f"{path}: {said}; the instructor's answers must earn full marks")
    return seconds


def main(rounds):
    """Measure both profiles, print the table."""
    print(f"{'profile':8} {'week':42} {'cold':>7} {'median':>7} {'min':>7} {'max':>7} {'budget':>7}")
    with tempfile.TemporaryDirectory() as workspace, sync_playwright() as driver:
        lab = browser.Lab(ROOT, "--workspace", workspace)
        chromium = driver.chromium.launch(executable_path=browser.CHROMIUM, args=["--no-sandbox", *browser.QUIET])
        try:
            for profile, name in WEEKS.items():
                page = chromium.new_page(viewport={"width": 1400, "height": 900})
                cold, *warm = measure(page, lab, fill_in(workspace, name), rounds)
                page.close()
                row = (cold, statistics.median(warm), min(warm), max(warm), BUDGET[profile])
                print(f"{profile:8} {name:42} " + " ".join(f"{seconds:6.2f}s" for seconds in row), flush=True)
        finally:
            chromium.close()
            lab.stop()
    print(f"{rounds} warm submissions each, from the click to the score on the screen.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
