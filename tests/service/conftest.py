"""Real databases for the service: a SQLite file, and a PostgreSQL server of the tests' own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from autograder.service import schema


class Postgres:
    """A PostgreSQL server in a folder, on a port of its own; it can be killed and started again."""

    def __init__(self, folder):
        self.folder = folder
        self.tools = find_tools()
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = None

    def make(self):
        self.folder.mkdir(parents=True)
        if self.user:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            for parent in self.folder.parents:  # pytest keeps its folders to itself
                if parent.stat().st_uid == os.geteuid() and parent != Path("/") and not parent.stat().st_mode & 0o001:
                    parent.chmod(parent.stat().st_mode | 0o011)
        line = [self.tools / "initdb", "-D", self.folder, "-U", "medlabs", "-A", "trust", "--no-sync"]
        subprocess.run(line, check=True, capture_output=True, cwd="/", **self.user)

    def start(self):
        line = [self.tools / "postgres", "-D", self.folder, "-p", str(self.port), "-k", "", "-h", "127.0.0.1"]
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(line, stdout=log, stderr=log, cwd="/", **self.user)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            asked = [self.tools / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-q"]
            if subprocess.run(asked, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder.parent / "postgres.log").read_text()[-2000:])

    def kill(self):
        """As when the machine loses power: no time to say goodbye."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        self.process.kill()
        self.process.wait()
        for pid in children.stdout.split():
            subprocess.run(["kill", "-9", pid], check=False, capture_output=True)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # the fast way: it does not wait until everybody has left
            self.process.wait(60)

    def new_database(self):
        name = f"medlabs_{time.monotonic_ns()}"
        line = [self.tools / "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "medlabs", name]
        subprocess.run(line, check=True, capture_output=True)
        return f"postgresql://medlabs@127.0.0.1:{self.port}/{name}"


def find_tools():
    """Find PostgreSQL's programs; Debian keeps them off PATH."""
    there = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if there:
        return there[-1].parent
    found = shutil.which("initdb")
    if found is None:
        pytest.fail("These tests need a PostgreSQL server: install Debian's package postgresql.")
    return Path(found).resolve().parent


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    server = Postgres(tmp_path_factory.mktemp("postgres") / "data")
    server.make()
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def db(url):
    engine = schema.connect(url)
    yield engine
    engine.dispose()
