"""Steps that a person takes in JupyterLab, for the browser tests."""

import json
import re
import time
import urllib.request
from pathlib import Path

import nbformat

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"


def open_notebook(page, lab, path):
    """Open a notebook and wait until its kernel is ready; kernels of earlier tests are ended, for the sake of the others."""
    end_kernels(lab)
    page.goto(lab.url(path))
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    # A percent script names no kernel. The settings say to start the default one; a notebook that is quicker than the
    # settings asks, and a person chooses.
    select = page.locator(".jp-Dialog .jp-mod-accept")
    deadline = time.monotonic() + 240
    while kernel_state(lab, path) != "idle":
        assert time.monotonic() < deadline, f"{path} has no kernel that is ready"
        if select.is_visible():
            select.click()
        page.wait_for_timeout(500)


def run_all(page, lab, path, timeout=480):
    """Run all cells by the menu, save, and give back the notebook as it stands on disk.

    Only the cells near the window are in the page, so the file tells what happened: it is over when every cell has a number,
    or one has an error, which stops the rest. The kernel, asked of the server, may be idle before it has begun.
    """
    choose(page, "Run", "Run All Cells")
    deadline = time.monotonic() + timeout
    while True:
        assert time.monotonic() < deadline, f"{path} has not been run to its end after {timeout} s"
        page.wait_for_timeout(1000)
        if kernel_state(lab, path) == "idle":
            save(page)
            notebook = nbformat.read(lab.root / path, as_version=4)
            code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
            failed = any(out.output_type == "error" for cell in code for out in cell.outputs)
            if failed or all(cell.execution_count for cell in code):
                return notebook


def save(page):
    """Save the notebook in front and wait until it is saved."""
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')", timeout=60_000)


def choose(page, menu, entry):
    """Choose an entry of the menu bar."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{menu}$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}")).first.click()


def kernel_state(lab, path):
    """Ask the server what the kernel of this notebook does; None while it has none."""
    for session in _ask(lab, "sessions"):
        if session["path"] == path and session["kernel"]:
            return session["kernel"]["execution_state"]
    return None


def end_kernels(lab):
    """End all kernels. No page may look at one of them: it would complain in its console."""
    for session in _ask(lab, "sessions"):
        _ask(lab, f"sessions/{session['id']}", method="DELETE")


def _ask(lab, what, method="GET"):
    address = f"http://127.0.0.1:{lab.port}/api/{what}?token=let-me-in"
    with urllib.request.urlopen(urllib.request.Request(address, method=method), timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def open_panel(page, name):
    """Open a side panel by its tab, unless it is open."""
    if not page.locator(f"#medlabs-{name}").is_visible():
        page.locator(f'.lm-TabBar-tab[data-id="medlabs-{name}"]').click()
    page.locator(f"#medlabs-{name}").wait_for()


def type_answer(page, exercise, source):
    """Go to the cell of an exercise by the link in the Score panel, and type an answer over what stands there."""
    item = page.locator(f'.medlabs-exercises li:has(button[aria-label^="Go to the cell of {exercise}"])')
    item.get_by_role("button", name="Go to the cell").click()
    cell = page.locator(".jp-NotebookPanel:visible .jp-Cell.jp-mod-active")
    cell.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("Escape")
    return cell


def submit(page, timeout=120):
    """Press Submit and wait for another result; give the seconds that it took on the screen, and the score in words."""
    before = (
        page.locator(".medlabs-score").get_attribute("data-medlabs-id")
        if page.locator(".medlabs-score").count()
        else ""
    )
    began = time.monotonic()
    page.get_by_role("button", name="Submit", exact=True).and_(page.locator(":visible")).click()
    page.wait_for_function(
        "before => { const s = document.querySelector('.medlabs-score'); return s && s.dataset.medlabsId !== before; }",
        arg=before,
        timeout=timeout * 1000,
        polling=20,
    )
    return time.monotonic() - began, page.locator(".medlabs-score").inner_text()


def serious_findings(page, *selectors):
    """Run axe on parts of the page; list what it finds serious or critical, in words."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context={"include": [[selector] for selector in selectors]})
    return [
        f"{finding['id']}: {node['html']} {node['failureSummary']}"
        for finding in found.response["violations"]
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


def screenshot(page, name):
    """Keep a picture under build/screenshots for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9-]', '-', name)}.png")
