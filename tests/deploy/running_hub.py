"""A real hub on loopback, and people at their browsers in front of it."""

import json
import os
import pwd
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
import psutil

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CULLER_TOKEN = "a-token-for-the-tests-culler-only"
NEEDED = "These tests need JupyterHub's proxy: npm install --global configurable-http-proxy@5.1.0"


class KernelDied(Exception):
    """The kernel ended before the cell did."""


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
    """A hub of a cohort, with its proxy and services, with plain processes for learners' servers.

    Parameters
    ----------
    folder : pathlib.Path
        For the hub's own files.
    place : pathlib.Path
        Holds ``repo`` and ``cohort``.
    settings : dict
        Variables, and what of the shipped configuration stays (see hub_config.py).
    """

    account = None

    def __init__(self, folder, place, settings):
        if shutil.which("configurable-http-proxy") is None:
            raise RuntimeError(NEEDED)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.outside, self.place, self.process = folder, place, place, None
        self.checkout, self.python, self.state = ROOT, sys.executable, folder / "state"
        self.log = self.folder / "hub.log"
        self.first = free_ports(8)
        self.url = f"http://127.0.0.1:{self.first}"
        self.clients = []
        self.runtime = tempfile.mkdtemp(prefix="mh-", dir="/tmp")
        self.settings = settings

    @property
    def environment(self):
        """The environment of the hub."""
        mine = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        return mine | {
            "PATH": os.pathsep.join([str(Path(self.python).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(self.checkout),
            "MEDLABS_ROOT": str(self.place / "repo"),
            "MEDLABS_COHORT": str(self.place / "cohort"),
            "MEDLABS_STATE": str(self.state),
            "MEDLABS_ACCOUNT": self.account or "root",
            "MEDLABS_BIND": self.url,
            "MEDLABS_HUB_PORT": str(self.first + 1),
            "MEDLABS_PROXY_PORT": str(self.first + 2),
            "MEDLABS_SERVICE_PORT": str(self.first + 3),
            "MEDLABS_SERVE_OPTIONS": "--workers 2",
            "TEST_DEPLOY": str(self.checkout / "deploy"),
            "TEST_RUNTIME": self.runtime,
            "TEST_CULLER_TOKEN": CULLER_TOKEN,
            **self.settings,
        }

    @property
    def line(self):
        """The command line of the hub."""
        return [str(self.python), "-m", "jupyterhub", "-f", str(self.checkout / "tests" / "deploy" / "hub_config.py")]

    def medlabs(self, *words):
        """Run a command of an instructor's on the host of the hub; give its output."""
        line = [*self.inside(), str(self.python), "-m", "autograder.cli", *map(str, words)]
        done = subprocess.run(line, env=self.environment, capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def inside(self):
        """Give the words that bring a command to where the cohort is, as the account that owns it."""
        return []

    def path(self, *parts):
        """Give a path of the cohort, as it is seen from here."""
        return self.place.joinpath("cohort", *parts)

    def __enter__(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.line,
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
            self.stop()
            self.process.wait()
        for client in self.clients:
            client.close()
        shutil.rmtree(self.runtime, ignore_errors=True)

    def client(self, path="", **options):
        """Give an HTTP client; it is closed with the hub."""
        self.clients.append(httpx.Client(base_url=self.url + path, timeout=120, **options))
        return self.clients[-1]

    def stop(self):
        """Ask the hub to stop; it stops what it started."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)

    def wait_until(self, true, seconds=180):
        """Wait until something is true while the hub lives."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if true():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{true} was not true in time\n{self.log.read_text()[-6000:]}")

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


class SystemdHub(Hub):
    """The hub as it is shipped: servers in units of systemd, services as an account of their own; see systemd_room.sh."""

    account = "nobody"

    def __init__(self, folder, place, settings):
        super().__init__(folder, place, settings | {"TEST_SPAWNER": "as shipped"})
        shutil.chown(place / "cohort", self.account)
        for path in (place / "cohort").rglob("*"):
            shutil.chown(path, self.account)
        self.place, self.checkout, self.python = Path("/run/room"), Path("/run/checkout"), "/run/venv/bin/python"
        self.state = Path("/run/hub")

    @staticmethod
    def possible():
        """Say whether systemd can be started in a room of its own: Linux, root, and systemd on the disk."""
        if os.environ.get("MEDLABS_TEST_HUB") == "plain":
            return False
        return sys.platform == "linux" and os.geteuid() == 0 and Path("/lib/systemd/systemd").exists()

    @property
    def line(self):
        """The command line of the room with the hub in it."""
        room = ["bash", str(Path(__file__).with_name("systemd_room.sh")), str(ROOT), sys.prefix, sys.base_prefix]
        return [*room, str(self.outside), str(self.log), *super().line]

    def stop(self):
        """End the room: with its first process everything in it ends."""
        self.process.kill()

    def inside(self):
        """Enter the room as the account of the services."""
        account = pwd.getpwnam(self.account)
        person = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        return ["nsenter", f"--target={self.first_process}", "--mount", "--pid", *person]

    @property
    def first_process(self):
        """The room's first process: systemd."""
        return psutil.Process(self.process.pid).children()[0].pid

    def path(self, *parts):
        """Give a path of the cohort inside the room, as it is seen from here."""
        return Path("/proc", str(self.first_process), "root", "run", "room", "cohort", *parts)


class Person:
    """Somebody with a browser's cookies.

    Parameters
    ----------
    hub : Hub
    name : str
    """

    def __init__(self, hub, name):
        self.hub, self.name = hub, name
        self.browser = hub.client(follow_redirects=True)

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
        self.lab = self.hub.client(f"/user/{self.name}/", headers=headers)
        return self.lab

    def server_ready(self):
        """Say whether the server of this person runs."""
        model = self.hub_api("GET", f"/users/{self.name}").json()
        return bool(model.get("servers", {}).get("", {}).get("ready"))

    def service(self, token=None):
        """Give a client of the grading service, through the hub's proxy."""
        headers = {"Authorization": f"Bearer {token or self.token('access:services!service=medlabs')}"}
        return self.hub.client("/services/medlabs", headers=headers)

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
            if got["msg_type"] == "status" and got["content"]["execution_state"] in ("restarting", "dead"):
                raise KernelDied
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
