"""A real service in a process of its own, and people who talk to it over HTTP."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import httpx
import psutil

from autograder.jupyter import path_with_own_tools
from autograder.service import identity
from autograder.service.identity import INSTRUCTOR, LEARNER, Person

KIND = {"Content-Type": "application/x-ipynb+json"}
ENDED = ("graded", "limit", "unreadable", "failed")


class Running:
    """``medlabs serve`` on a cohort; it can be killed and started again.

    Parameters
    ----------
    cohort : pathlib.Path
    repository : pathlib.Path
    *options
        Further words of the command line.
    """

    def __init__(self, cohort, repository, *options, environment=None):
        self.cohort, self.repository, self.options = cohort, repository, list(map(str, options))
        self.environment = os.environ | {"MEDLABS_ROOT": str(repository)} | (environment or {})
        self.process, self.url, self.lines, self.reader = None, None, [], None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self, port=0):
        """Start, and wait until it says where."""
        words = ["serve", "--cohort", str(self.cohort), "--port", str(port), *self.options]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder.cli", *words],
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        found = threading.Event()
        self.reader = threading.Thread(target=self._read, args=(self.process.stderr, found), daemon=True)
        self.reader.start()
        if not found.wait(60):
            self.kill()
            raise RuntimeError("the service did not start: " + "".join(self.lines[-20:]))
        return self

    def _read(self, stream, found):
        with contextlib.suppress(ValueError), stream:
            for line in stream:
                self.lines.append(line)
                said = re.match(r"Serving on (http://\S+)", line)
                if said:
                    self.url = said.group(1)
                    found.set()
        found.set()

    def stop(self):
        """Ask it to stop, as Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
            self.reader.join(timeout=10)

    def kill(self):
        """As when the machine loses power."""
        self.process.kill()
        self.process.wait()
        self.reader.join(timeout=10)

    def workers(self):
        """Give the numbers of its worker processes."""
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(self.process.pid).children()
            return [child.pid for child in children if "autograder.service.worker" in " ".join(child.cmdline())]
        return []

    @property
    def log(self):
        """The log's lines, as objects."""
        return [json.loads(line) for line in list(self.lines) if line.startswith("{")]


def give_tokens(cohort, learners, instructors=("prof",)):
    """Give everybody a token."""
    people = [Person(name, LEARNER) for name in learners] + [Person(name, INSTRUCTOR) for name in instructors]
    return identity.give_tokens(cohort / ".medlabs" / identity.TOKENS, people)


def client(url, token=None):
    """Give an HTTP client of one person."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=url, headers=headers, timeout=60)


def hand_in(asker, week, content):
    """Hand in a notebook (text or an object)."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return asker.post("/api/v1/submissions", params={"week": week}, content=body, headers=KIND)


def wait_for(asker, identifier, seconds=120):
    """Wait until a submission has come to an end; give it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = asker.get(f"/api/v1/submissions/{identifier}")
        answer.raise_for_status()
        if answer.json()["state"] in ENDED:
            return answer.json()
        time.sleep(0.05)
    raise TimeoutError(f"submission {identifier} has no result after {seconds} s: {answer.json()}")


def wait_until(true, seconds=120, every=0.1):
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(every)
    raise TimeoutError(f"{true} was not true within {seconds} s")


def make_cohort(folder, repository, learners, weeks, **rules):
    """Write a cohort with released weeks, as ``medlabs cohort create`` and ``release`` leave it, but for proving the seed.

    ``rules`` are lines of ``[policy]``; a week maps to the text of its due date or None.
    """
    from autograder.cohort import course, read_cohort, seeded_week
    from autograder.cohort.folder import SEED, note_release, write_state
    from autograder.cohort.lock import writing
    from autograder.cohort.plans import Policy
    from autograder.cohort.settings import settings_text

    folder.mkdir(parents=True)
    text = settings_text("autumn", "UTC", repository, Policy(), weeks)
    for name, value in rules.items():
        text = re.sub(rf"^{name} = [^ ]+", f"{name} = {value}", text, flags=re.M)
    (folder / "cohort.toml").write_text(text)
    rows = [f"{name},Learner {name.title()},{name}@example.org,A," for name in learners]
    (folder / "roster.csv").write_text("\n".join(["id,name,email,section,extra_time", *rows, ""]))
    write_state(folder, SEED, {"seed": 20261125})
    os.environ["PATH"] = path_with_own_tools(os.environ["PATH"])  # as the command line does
    known = read_cohort(folder)
    with writing(folder):
        for week in weeks:
            course.generate(known, seeded_week(known, week))
            course.announce(known, week)
            note_release(known, week)
    return read_cohort(folder)


@contextlib.contextmanager
def serving_here(app):
    """Serve an application in a thread of this process, over real HTTP; gives its address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive(), seconds=30)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=60)
