"""A real JupyterLab, served by the real command, driven by a real headless Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
import tiny_weeks
from service_double import TOKEN, ServiceDouble

from autograder import build

ROOT = Path(__file__).resolve().parents[2]
MEDLABS = Path(sys.executable).with_name("medlabs")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Chromium must not look for anything outside: the machines that test us are closed.
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(1800))  # the first one also waits for the lab


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.fail(
            "No Chromium found: install it (Debian: apt-get install chromium). The browser tests need a real one."
        )
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*sandbox, *QUIET])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page that fails its test when the console has an error."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == [], "the browser console must stay free of errors"


class Lab:
    """A running `medlabs lab`."""

    def __init__(self, repository, *arguments, **variables):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = (repository / "build" / f"lab-{self.port}.log").resolve()
        self.log.parent.mkdir(exist_ok=True)
        self.own = tempfile.TemporaryDirectory(prefix="medlabs-lab-")  # nobody's own settings: a test chooses a theme
        settings = {f"JUPYTERLAB_{name}_DIR": f"{self.own.name}/{name}" for name in ("SETTINGS", "WORKSPACES")}
        environment = (
            os.environ | settings | {"MEDLABS_ROOT": str(repository), "JUPYTER_TOKEN": "let-me-in"} | variables
        )
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [MEDLABS, "lab", "--no-browser", "--port", str(self.port), *map(str, arguments)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=environment,
                cwd=repository,
            )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 600  # an instructor's lab first makes a course with nbgrader
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api?token=let-me-in", timeout=2):
                    return
            except OSError:
                time.sleep(0.5)
        self.stop()
        pytest.fail(f"medlabs lab did not come up:\n{self.log.read_text()[-3000:]}")

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/lab/tree/{path}?token=let-me-in&reset"

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.own.cleanup()


@pytest.fixture(scope="session")
def learner_lab(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("workspace")
    lab = Lab(ROOT, "--workspace", workspace)
    lab.root = workspace
    yield lab
    lab.stop()


@pytest.fixture(scope="module")
def service():
    double = ServiceDouble(tiny_weeks.NAME)
    yield double
    double.close()


@pytest.fixture(scope="module")
def service_lab(service, tmp_path_factory):
    """A lab of one tiny week, which hands in to a grading service."""
    repository = tmp_path_factory.mktemp("cohort")
    build.build_week(build.read_week(tiny_weeks.make_repository(repository)))
    workspace = repository / "workspace"
    lab = Lab(repository, "--workspace", workspace, MEDLABS_SERVICE=service.url, MEDLABS_TOKEN=TOKEN)
    lab.root = workspace
    yield lab
    lab.stop()


@pytest.fixture(scope="session")
def instructor_lab(tmp_path_factory):
    """On a copy of the repository, because an instructor edits."""
    copy = tmp_path_factory.mktemp("instructor") / "medlabs"
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    lab = Lab(copy, "--instructor")
    lab.root = copy
    yield lab
    lab.stop()
