"""A real hub on loopback, and people at their browsers in front of it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NEEDED = "These tests need JupyterHub's proxy: npm install --global configurable-http-proxy@5.1.0"


def free_ports(number):
    """Find so many free ports in a row."""
    for first in range(20_000 + os.getpid() % 9_000, 60_000, number):
        held = []
        try:
            for port in range(first, first + number):
                held.append(socket.socket())
                held[-1].bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
        finally:
            for sock in held:
                sock.close()
    raise RuntimeError("no free ports")


class Hub:
    """A hub of a cohort, with its proxy and services.

    Parameters
    ----------
    folder : pathlib.Path
        For the hub's own files.
    cohort, repository : pathlib.Path
    environment : dict, optional
        Settings, and what of the shipped configuration stays (see hub_config.py).
    wrapper : list of str
        Words before the command, to start it somewhere else.
    """

    def __init__(self, folder, cohort, repository, environment=None, wrapper=()):
        if shutil.which("configurable-http-proxy") is None:
            raise RuntimeError(NEEDED)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.wrapper, self.process = folder, list(wrapper), None
        first = free_ports(8)
        self.url = f"http://127.0.0.1:{first}"
        self.service_port = first + 3
        self.line = [sys.executable, "-m", "jupyterhub", "-f", str(Path(__file__).with_name("hub_config.py"))]
        self.runtime = tempfile.mkdtemp(prefix="mh-", dir="/tmp")
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "MEDLABS_ROOT": str(repository),
            "MEDLABS_COHORT": str(cohort),
            "MEDLABS_STATE": str(folder / "state"),
            "MEDLABS_ACCOUNT": "root",
            "MEDLABS_BIND": self.url,
            "MEDLABS_HUB_PORT": str(first + 1),
            "MEDLABS_PROXY_PORT": str(first + 2),
            "MEDLABS_SERVICE_PORT": str(self.service_port),
            "MEDLABS_SERVE_OPTIONS": "--workers 2",
            "TEST_DEPLOY": str(DEPLOY),
            "TEST_RUNTIME": self.runtime,
            **(environment or {}),
        }
        self.environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), self.environment["PATH"]])

    def __enter__(self):
        self.log = self.folder / "hub.log"
        line = self.line
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, *line],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait_until(self._answers)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.runtime, ignore_errors=True)

    def wait_until(self, true, seconds=90):
        """Wait until something is true while the hub lives."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if true():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{true.__name__} was not true in time\n{self.log.read_text()[-6000:]}")

    def _answers(self):
        try:
            return httpx.get(f"{self.url}/hub/api/").status_code == 200
        except httpx.HTTPError:
            return False

    def service_answers(self):
        """Say whether the grading service is up behind the proxy."""
        answer = httpx.get(f"{self.url}/services/medlabs/health")
        return answer.status_code == 200

    def person(self, name):
        """Sign somebody in."""
        return Person(self, name).sign_in()


class Person:
    """Somebody with a browser's cookies.

    Parameters
    ----------
    hub : Hub
    name : str
    """

    def __init__(self, hub, name):
        self.hub, self.name = hub, name
        self.browser = httpx.Client(base_url=hub.url, timeout=120, follow_redirects=True)

    def sign_in(self):
        """Fill in the form of the login page."""
        page = self.browser.get("/hub/login")
        form = {
            "username": self.name,
            "password": "x",
            "_xsrf": re.search(r'name="_xsrf" value="([^"]+)"', page.text)[1],
        }
        self.landed = self.browser.post("/hub/login", params={"next": "/hub/home"}, data=form)
        return self

    @property
    def xsrf(self):
        """What the hub's own pages send beside the cookie."""
        return next(c.value for c in self.browser.cookies.jar if c.name == "_xsrf" and c.path == "/hub/")

    def hub_api(self, method, path, **body):
        """Ask the hub's API as its pages do."""
        headers = {"X-XSRFToken": self.xsrf, "Referer": f"{self.hub.url}/hub/home"}
        return self.browser.request(method, f"/hub/api{path}", headers=headers, json=body or None)

    def token(self, *scopes):
        """Make a token on the hub's page."""
        answer = self.hub_api("POST", f"/users/{self.name}/tokens", scopes=list(scopes) or ["self"])
        answer.raise_for_status()
        return answer.json()["token"]

    def start_server(self):
        """Start this person's JupyterLab; give a client that may use it."""
        answer = self.hub_api("POST", f"/users/{self.name}/server")
        assert answer.status_code in (201, 202), answer.text
        self.hub.wait_until(self.server_ready)
        headers = {"Authorization": f"token {self.token('access:servers!user', 'read:users!user')}"}
        self.lab = httpx.Client(base_url=f"{self.hub.url}/user/{self.name}/", headers=headers, timeout=60)
        return self.lab

    def server_ready(self):
        """Say whether the server of this person runs."""
        model = self.hub_api("GET", f"/users/{self.name}").json()
        return bool(model.get("servers", {}).get("", {}).get("ready"))

    def service(self, token=None):
        """Give a client of the grading service, through the hub's proxy."""
        headers = {"Authorization": f"Bearer {token or self.token('access:services!service=medlabs')}"}
        return httpx.Client(base_url=f"{self.hub.url}/services/medlabs", headers=headers, timeout=60)

    def run(self, code):
        """Run a cell in a kernel of this person's server; give what it printed."""
        kernel = self.lab.post("api/kernels", json={})
        kernel.raise_for_status()
        address = f"{self.lab.base_url}api/kernels/{kernel.json()['id']}/channels".replace("http", "ws", 1)
        try:
            return _run_cell(address, self.lab.headers["Authorization"], code)
        finally:
            self.lab.delete(f"api/kernels/{kernel.json()['id']}")


def _run_cell(address, authorization, code):
    from tornado.httpclient import HTTPRequest
    from tornado.ioloop import IOLoop
    from tornado.websocket import websocket_connect

    async def ask():
        socket = await websocket_connect(HTTPRequest(address, headers={"Authorization": authorization}))
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "version": "5.3",
            "username": "",
            "session": "s",
        }
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await socket.write_message(json.dumps(message))
        printed, ended = [], False
        while not ended:
            got = json.loads(await socket.read_message())
            if got["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if got["msg_type"] == "stream":
                printed.append(got["content"]["text"])
            if got["msg_type"] == "error":
                raise RuntimeError("\n".join(got["content"]["traceback"]))
            ended = got["msg_type"] == "status" and got["content"]["execution_state"] == "idle"
        socket.close()
        return "".join(printed)

    return IOLoop(make_current=False).run_sync(ask, timeout=120)
