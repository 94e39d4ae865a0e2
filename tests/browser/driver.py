"""Steps that a person takes in JupyterLab, for the browser tests."""

import json
import re
import time
import urllib.request
from pathlib import Path

import nbformat

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"


def open_notebook(page, lab, path):
    """Open a notebook and wait until its kernel is idle."""
    page.goto(lab.url(path))
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    wait_for_kernel(page)
    return page.locator(".jp-NotebookPanel:visible")


def wait_for_kernel(page, timeout=240):
    page.wait_for_selector("text=/Python 3 \\(ipykernel\\) \\| Idle/", timeout=timeout * 1000)


def run_all(page, lab, path, timeout=240):
    """Run all cells by the menu, save, and give back the notebook as it stands on disk.

    Only the cells near the window are in the page, so the file tells what happened; the kernel's own state, asked of the
    server, tells when it is over.
    """
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    quiet, deadline = 0, time.monotonic() + timeout
    while quiet < 4:
        assert time.monotonic() < deadline, f"{path} still runs after {timeout} s"
        time.sleep(0.5)
        with urllib.request.urlopen(f"http://127.0.0.1:{lab.port}/api/kernels?token=let-me-in", timeout=30) as answer:
            quiet = quiet + 1 if all(k["execution_state"] == "idle" for k in json.load(answer)) else 0
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')", timeout=30_000)
    return nbformat.read(lab.root / path, as_version=4)


def screenshot(page, name):
    """Keep a picture under build/screenshots for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9-]', '-', name)}.png")
