"""From the click on *Submit* to the score on the screen: a real lab, a real headless Chromium, every exercise answered.

Usage: bench_submit.py [ROUNDS]. The first submission of a week comes right after its notebook was opened and stands apart
(libraries may still be imported then); the others are warm, with a line typed before each, so that saving is part of the
time. *answers* is the computing time of the learner's own answers in it: the instructor's, of every week.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import nbformat  # noqa: E402
from browser import conftest as browser  # noqa: E402
from browser.driver import end_kernels, submit  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from autograder import build, paths  # noqa: E402

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


def answers_seconds(workspace, name):
    """Give the computing time that the answers of the last submission took themselves."""
    kept = Path(workspace) / ".medlabs" / "submissions" / name / "assignment"
    last = max(kept.glob("*/result.json"), key=lambda path: path.stat().st_mtime)
    return json.loads(last.read_text())["submissions"][0]["cpu_seconds"]


def main(rounds):
    """Measure every week, print the table and the median of each profile."""
    print(f"{'profile':8} {'week':50} {'first':>7} {'median':>7} {'min':>7} {'max':>7} {'answers':>8}")
    times = {profile: [] for profile in BUDGET}
    with tempfile.TemporaryDirectory() as workspace, sync_playwright() as driver:
        lab = browser.Lab(ROOT, "--workspace", workspace)
        chromium = driver.chromium.launch(executable_path=browser.CHROMIUM, args=["--no-sandbox", *browser.QUIET])
        try:
            for name, folder in paths.find_weeks().items():
                profile = build.read_week(folder).profile
                end_kernels(lab)
                page = chromium.new_page(viewport={"width": 1400, "height": 900})
                first, *warm = measure(page, lab, fill_in(workspace, name), rounds)
                page.close()
                times[profile] += warm
                row = " ".join(f"{seconds:6.2f}s" for seconds in (first, statistics.median(warm), min(warm), max(warm)))
                print(f"{profile:8} {name:50} {row} {answers_seconds(workspace, name):7.2f}s", flush=True)
        finally:
            chromium.close()
            lab.stop()
    for profile, seconds in times.items():
        print(f"{profile}: median {statistics.median(seconds):.2f} s of {len(seconds)}, budget {BUDGET[profile]:g} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
