"""The server half in a real Jupyter server with the settings that `medlabs lab` writes: who may ask, and what comes of it."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from grading_helpers import RIGHT, WRONG, answered, write
from tiny_weeks import NAME

from autograder import jupyter, paths, workspace
from autograder.build import read_week

pytestmark = pytest.mark.slow
TOKEN = "let-me-in"
PATH = f"{NAME}/assignment.ipynb"


class Server:
    """A running JupyterLab on a workspace."""

    def __init__(self, repository, folder):
        self.root, self.repository = folder, repository
        workspace.lay_out({NAME: paths.release_folder(repository / NAME)}, folder)
        state = folder / workspace.STATE
        jupyter.learner_settings(state / "jupyter", folder, state)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = jupyter.lab_environment(state / "jupyter")
        environment |= {"JUPYTER_TOKEN": TOKEN, paths.ROOT_VARIABLE: str(repository)}
        self.log = folder.parent / "log"
        with self.log.open("wb") as log:
            line = jupyter.lab_command(folder, port=self.port, browser=False)
            self.process = subprocess.Popen(line, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not self._is_up():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)

    def _is_up(self):
        try:
            return self.ask("/api", api=False)[0] == 200
        except OSError:
            return False

    def ask(self, path, body=None, *, token=TOKEN, api=True):
        """Give (status, answer); the answer is read as JSON where it is."""
        address = f"http://127.0.0.1:{self.port}{'/medlabs/api' if api else ''}{path}"
        headers = {"Authorization": f"token {token}"} if token else {}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=60) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def submit(self):
        status, job = self.ask("/submissions", {"path": PATH})
        assert status == 202, job
        return job

    def wait(self, job):
        deadline = time.monotonic() + 120
        while job["state"] in ("queued", "running"):
            assert time.monotonic() < deadline, job
            time.sleep(0.05)
            _, job = self.ask(f"/submissions/{job['id']}")
        return job

    def answer(self, **answers):
        write(self.root / PATH, answered(read_week(self.repository / NAME), **answers))


@pytest.fixture(scope="module")
def server(repository, tmp_path_factory):
    running = Server(repository, tmp_path_factory.mktemp("served") / "workspace")
    yield running
    running.process.terminate()
    assert running.process.wait(30) == 0, running.log.read_text()[-3000:]


ADDRESSES = [
    ("/course", None),
    (f"/submissions?path={PATH}", None),
    ("/submissions", {"path": PATH}),
    ("/submissions/abc", None),
    ("/warm", {"path": PATH}),
    ("/reset", {"path": PATH}),
]


@pytest.mark.parametrize(("path", "body"), ADDRESSES)
@pytest.mark.parametrize("token", [None, "wrong"])
def test_nobody_gets_in_without_the_lab_s_token(server, path, body, token):
    before = (server.root / PATH).read_bytes()
    status, _ = server.ask(path, body, token=token)
    assert status == 403
    assert (server.root / PATH).read_bytes() == before
    assert not (server.root / workspace.STATE / "submissions").exists()


def test_the_lab_serves_the_panels_and_the_course(server):
    status, page = server.ask("/lab", api=False)
    assert status == 200 and "@medlabs/lab" in page
    status, course = server.ask("/course")
    assert status == 200 and [week["week"] for week in course["weeks"]] == [NAME]


@pytest.mark.parametrize(
    "path", ["../x.ipynb", ".medlabs/manifest.json", "/etc/passwd", 7, None, f"{NAME}/../../x.ipynb"]
)
def test_a_path_outside_is_a_bad_request(server, path):
    for address in ("/submissions", "/reset", "/warm"):
        status, said = server.ask(address, {"path": path})
        assert status == 400 and said["message"]
    status, _ = server.ask("/submissions", ["no object"])
    assert status == 400


def test_what_honest_work_can_meet_is_said_in_words_and_no_error_of_http(server):
    (server.root / NAME / "empty.ipynb").write_text("")
    for path, words in {
        f"{NAME}/lesson.ipynb": "nothing in it to grade",
        f"{NAME}/gone.ipynb": "not there any more",
        f"{NAME}/empty.ipynb": "is empty",
    }.items():
        status, said = server.ask("/submissions", {"path": path})
        assert status == 200 and words in said["refused"]
    assert "started anew" in server.ask("/submissions/abc")[1]["refused"]


def test_submit_mend_submit_reset(server):
    """The whole way; while one is graded the server answers others, and takes the same notebook once only."""
    server.answer(**(RIGHT | {"faster": WRONG["faster"]}))
    sent = server.submit()
    _, again = server.ask("/submissions", {"path": PATH})
    assert "being graded already" in again["refused"]
    began = time.monotonic()
    assert server.ask("/course")[0] == 200
    assert time.monotonic() - began < 5
    first = server.wait(sent)
    assert first["state"] == "graded" and 0 < first["score"] < first["max_score"], first
    wrong = next(one for one in first["exercises"] if not one["passed"])
    assert wrong["id"] == "faster" and wrong["message"] and wrong["next"]

    server.answer(**RIGHT)
    second = server.wait(server.submit())
    assert second["score"] == second["max_score"]
    assert second["progress"] == {"done": 2, "total": 2}
    _, past = server.ask(f"/submissions?path={PATH}")
    assert [one["score"] for one in past["attempts"]] == [second["score"], first["score"]]
    page = server.root / NAME / "assignment.feedback.html"
    assert "Everything is right" in page.read_text()

    mine = (server.root / PATH).read_bytes()
    _, reset = server.ask("/reset", {"path": PATH})
    assert (server.root / NAME / reset["copy"]).read_bytes() == mine
    assert (server.root / PATH).read_bytes() == (
        paths.release_folder(server.repository / NAME) / "assignment.ipynb"
    ).read_bytes()
    kept = server.root / workspace.STATE / "submissions" / NAME / "assignment"
    assert all(not os.access(file, os.W_OK) or os.geteuid() == 0 for file in kept.rglob("result.json"))


def test_an_answer_that_ends_python_costs_its_exercise_and_not_the_server(server):
    server.answer(**(RIGHT | {"faster": "import os\nos._exit(1)"}))
    job = server.wait(server.submit())
    assert job["state"] == "graded" and 0 < job["score"] < job["max_score"]
    assert server.ask("/course")[0] == 200


def test_a_lab_that_is_stopped_leaves_no_grader_behind(repository, tmp_path):
    """Also while something is graded; the attempt then says that it has no grade."""
    import psutil

    server = Server(repository, tmp_path / "workspace")
    server.answer(**(RIGHT | {"faster": "import time\ntime.sleep(60)"}))
    server.submit()
    me = psutil.Process(server.process.pid)
    deadline = time.monotonic() + 60
    while not (born := me.children(recursive=True)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    server.process.terminate()
    server.process.wait(30)
    _, alive = psutil.wait_procs(born, timeout=10)
    assert alive == []
    results = list((server.root / workspace.STATE / "submissions").rglob("result.json"))
    assert results == []
