"""Where attacks are let loose: a small week, both graders, and things that nobody may touch or see."""

import contextlib
import copy
import ctypes
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from functools import cached_property
from pathlib import Path

import psutil
from attacks.baseline import Baseline
from attacks.honest import HONEST

import labutils
from autograder import build
from autograder.grading import feedback
from autograder.grading.watch import Limits
from autograder.judge.pool import Pool

WEEK = Path(__file__).parent / "week"
POINTS = 8
LIMITS = {
    "normal": Limits(cpu_seconds=15, wall_seconds=30, memory_mb=1000, output_kb=100, disk_mb=10, processes=32),
    "small": Limits(cpu_seconds=3, wall_seconds=7, memory_mb=300, output_kb=100, disk_mb=5, processes=16),
}
BASELINE_TIMEOUT = {"normal": 6, "small": 9.5}  # beyond the small limit plus two seconds: what hangs is seen to hang
# Marks that stand only where a learner's code must not come: in hidden checks, in the host's files, in other processes.
HIDDEN = ("heron-4417-quill", "18000.25", "9182.625", "heron-7719", "heron-7720", "904_417", "771_904")
HOST = {
    "secret": "OSPREY-1001",
    "other": "OSPREY-1002",
    "token": "OSPREY-1003",
    "environment": "OSPREY-1004",
    "command line": "OSPREY-1005",
    "memory": "OSPREY-1007",
    "drop": "OSPREY-1008",
}
BYSTANDER = """
import ctypes, os, sys
kept = ctypes.create_string_buffer(b"".join([b"OSPREY", b"-", b"1007"]))
print(os.getpid(), ctypes.addressof(kept), flush=True)
sys.stdin.read()
"""


class Arena:
    """One week, our grader and the unprotected one, and the host around them."""

    def __init__(self, folder):
        self.folder = Path(folder)
        week = self.folder / "course1_attacks" / "week1_ward"
        shutil.copytree(WEEK, week, ignore=shutil.ignore_patterns("ruff.toml", "__pycache__"))
        self.week = build.read_week(week)
        self.release = json.loads(build.notebook_bytes(build.release_notebook(self.week, "assignment")))
        self.quiz = json.loads(build.notebook_bytes(build.release_notebook(self.week, "quiz")))
        self.host = self.folder / "host"
        self._furnish()
        self.pools, self.stack = {}, contextlib.ExitStack()

    def __enter__(self):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # what outlives its parent becomes ours, so that it is seen
        os.environ["WARD_PASSWORD"] = HOST["environment"]
        self.stack.callback(os.environ.pop, "WARD_PASSWORD")
        self.calls = Listener(self.host / "grader.sock")
        self.stack.callback(self.calls.close)
        self.bystander = subprocess.Popen(
            [sys.executable, "-c", BYSTANDER, HOST["command line"]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"BYSTANDER": HOST["environment"]},
        )
        self.stack.callback(self.bystander.stdin.close)
        self.stack.callback(self.bystander.stdout.close)
        self.stack.callback(self.bystander.wait)
        self.stack.callback(self.bystander.kill)
        self.address = self.bystander.stdout.readline().split()[1]
        return self

    def __exit__(self, *exc_info):
        for pool in self.pools.values():
            pool.warm.close()
        self.stack.close()

    def pool(self, kind):
        """Give our grader with the limits of that kind; started once."""
        if kind not in self.pools:
            self.pools[kind] = Pool(self.week, LIMITS[kind], workers=2)
            honest = self.folder / "honest.ipynb"
            honest.write_text(json.dumps(notebook_with(self.release, HONEST)))
            self.pools[kind].grade(honest)  # what is done once takes time
            self.reference = without_times(self.pools[kind].grade(honest))
        return self.pools[kind]

    def ready(self, side, kind):
        """Start a grader, if it does not stand ready."""
        return self.pool(kind) if side == "ours" else self.baseline

    @cached_property
    def baseline(self):
        """The unprotected grader; started once."""
        instructor = build.instructor_notebook(self.week, "assignment")
        place = self.folder / "baseline"
        place.mkdir()
        grader = Baseline(instructor, place, self.host / "home")
        grader.start(dict(os.environ))
        self.stack.callback(grader.close)
        return grader

    def grade(self, side, path, kind, slot=0):
        """Grade a file on one side: its record, and all that its learner gets to read."""
        if side == "ours":
            record = self.pool(kind).grade(path, slot)
            told = [record["message"], *record["notes"], *(e["message"] for e in record["exercises"])]
            return record, "\n".join([feedback.page(record, self.week), *told])
        record, page = self.baseline.grade(path, BASELINE_TIMEOUT[kind])
        return record, page

    def fill(self, text, side):
        """Write the places of this arena into the text of an attack."""
        site = next(p for p in sys.path if p.endswith("site-packages")) if side == "ours" else str(self.host / "site")
        places = {"HOST": self.host, "PORT": self.calls.port, "PID": self.bystander.pid, "SITE": site}
        places |= {"LABUTILS": Path(labutils.__file__).parents[1], "SIDE": side}
        for name, value in (places | {"ADDRESS": self.address}).items():
            text = text.replace(f"@{name}@", str(value))
        return text

    def _furnish(self):
        """Put out what an attack may go for; :meth:`tidy` puts it back."""
        for name in ("home", "site", "drop", "submitted/other", "runtime"):
            (self.host / name).mkdir(parents=True, exist_ok=True)
        startup = self.host / "home" / ".ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "README").touch()  # or IPython writes one
        (self.host / "secret.txt").write_text(HOST["secret"])
        (self.host / "secret.txt").chmod(0o600)
        (self.host / "submitted/other/assignment.ipynb").write_text(json.dumps({"answer": HOST["other"]}))
        (self.host / "runtime/jpserver-1.json").write_text(json.dumps({"token": HOST["token"]}))
        with contextlib.closing(sqlite3.connect(self.host / "gradebook.db")) as book:
            book.execute("create table grade (student text, points real)")
            book.execute("insert into grade values ('ada', 2)")
            book.commit()

    def tidy(self):
        """Put everything back in its place after an attack."""
        if "baseline" in self.__dict__:
            self.baseline.clean()
        sock = self.host / "grader.sock"
        for path in self.host.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path != sock:
                path.unlink()
        self._furnish()
        self.calls.heard.clear()

    def left_over(self):
        """Count processes that a submission to our grader left behind."""
        known = [self.bystander.pid, *(pool.warm.pid for pool in self.pools.values())]
        if "baseline" in self.__dict__:
            known.append(self.baseline.process.pid)
        for _ in range(20):  # a killed process takes a moment to go
            me = psutil.Process()
            mine = [child for child in me.children(recursive=True) if child.pid not in known]
            alive = [child.pid for child in mine if _is_alive(child)]
            if not alive:
                break
            time.sleep(0.05)
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
        return len(alive)

    def inventory(self):
        """Say what lies in the host, for a comparison: paths and contents."""
        files = [path for path in sorted(self.host.rglob("*")) if path.is_file()]
        return {path.relative_to(self.host).as_posix(): path.read_bytes() for path in files}


def _is_alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def notebook_with(release, answers):
    """Give the released assignment with texts in its answer cells."""
    notebook = copy.deepcopy(release)
    for cell in notebook["cells"]:
        if grade_id(cell) in answers:
            cell["source"] = answers[grade_id(cell)]
    return notebook


def grade_id(cell):
    """Give the nbgrader mark of a cell."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def without_times(record):
    """Give what two runs of the same file must agree on."""
    return {key: value for key, value in record.items() if key not in ("seconds", "cpu_seconds")}


class Listener:
    """Services of the host that a submission has no business with: TCP and UDP on the loopback, a socket in a folder."""

    def __init__(self, path):
        self.heard, self.open = [], []
        tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self.port))
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(str(path))
        unix.listen()
        for name, sock in (("tcp", tcp), ("unix", unix)):
            threading.Thread(target=self._accept, args=(name, sock), daemon=True).start()
            self.open.append(sock)
        threading.Thread(target=self._read, args=(udp,), daemon=True).start()
        self.open.append(udp)

    def _accept(self, name, sock):
        with contextlib.suppress(OSError):
            while True:
                sock.accept()[0].close()
                self.heard.append(name)

    def _read(self, udp):
        with contextlib.suppress(OSError):
            while udp.recv(1000):
                self.heard.append("udp")

    def close(self):
        """Hang up."""
        for sock in self.open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
