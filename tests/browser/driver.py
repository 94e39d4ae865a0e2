"""Steps that a person takes in JupyterLab, for the browser tests."""

import json
import re
import time
import urllib.request
from pathlib import Path

import nbformat

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"


def open_notebook(page, lab, path):
    """Open a notebook and wait until its kernel is there."""
    page.goto(lab.url(path))
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    # A percent script names no kernel. The settings say to start the default one; a notebook that is quicker than the
    # settings asks, and a person chooses.
    select = page.locator(".jp-Dialog .jp-mod-accept")
    for _ in range(120):
        if select.is_visible():
            select.click()
        if kernel_states(lab):
            break
        page.wait_for_timeout(500)
    wait_for_kernels(lab, 180)


def run_all(page, lab, path, timeout=240):
    """Run all cells by the menu, save, and give back the notebook as it stands on disk.

    Only the cells near the window are in the page, so the file tells what happened; the kernel's own state, asked of
    the server, tells when it is over.
    """
    choose(page, "Run", "Run All Cells")
    wait_for_kernels(lab, timeout, rounds=6)
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')", timeout=30_000)
    return nbformat.read(lab.root / path, as_version=4)


def choose(page, menu, entry):
    """Choose an entry of the menu bar."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{menu}$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}")).first.click()


def wait_for_kernels(lab, timeout, rounds=1):
    """Wait until there are kernels and all of them are idle, so many looks in a row."""
    quiet, deadline = 0, time.monotonic() + timeout
    while quiet < rounds:
        assert time.monotonic() < deadline, f"the kernel is still not idle after {timeout} s"
        time.sleep(0.5)
        states = kernel_states(lab)
        quiet = quiet + 1 if states and set(states) == {"idle"} else 0


def kernel_states(lab):
    """Ask the server what its kernels do."""
    with urllib.request.urlopen(f"http://127.0.0.1:{lab.port}/api/kernels?token=let-me-in", timeout=30) as answer:
        return [kernel["execution_state"] for kernel in json.load(answer)]


def screenshot(page, name):
    """Keep a picture under build/screenshots for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9-]', '-', name)}.png")
