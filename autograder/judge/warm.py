"""The grader's end of a warm parent: ask it for processes, hear how they ended."""

import contextlib
import itertools
import json
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

from autograder.grading import blocking
from autograder.judge.channel import Channel

PACKAGES = Path(__file__).resolve().parents[2]


class Ended(NamedTuple):
    """How a process ended: exit status (negative: a signal), its CPU seconds, its largest memory in MB."""

    status: int
    cpu_seconds: float
    peak_mb: float


class Refused(RuntimeError):
    """The sandbox could not be made; nothing of the answer ran."""


class Process:
    """One forked process and the channel to it."""

    def __init__(self, warm, pid, channel):
        self.warm, self.pid, self.channel = warm, pid, channel
        self.how = None

    def end(self, timeout=10, *, grace=0):
        """Kill it with all that is behind it, and give how it ended; a second time does nothing.

        One that is ending by itself has ``grace`` seconds, so that its own exit status is heard.
        """
        if self.how is None:
            if grace:
                self.warm.wait(self.pid, grace)
            self.channel.close()
            self.warm.kill(self.pid)
            self.how = self.warm.ended(self.pid, timeout)
        return self.how


class Masks:
    """Files that stand in the sandbox in the place of the library's own, without what is blocked."""

    def __init__(self, blocked):
        self.folder = tempfile.TemporaryDirectory(prefix="medlabs-masks-")
        self.nothing = Path(self.folder.name) / "nothing"
        self.nothing.touch()
        self.files = {}
        for number, (path, text) in enumerate(blocking.masked_sources(blocked, PACKAGES).items()):
            self.files[path] = self.nothing.with_name(f"{number}.py")
            self.files[path].write_text(text, encoding="utf-8")

    def pairs(self):
        """List (mask, file), with the compiled forms of the files that are there now."""
        pairs = [(str(mask), str(path)) for path, mask in self.files.items()]
        for path in self.files:
            compiled = (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc")
            pairs += [(str(self.nothing), str(file)) for file in compiled]
        return pairs

    def close(self):
        """Remove them."""
        self.folder.cleanup()


class Warm:
    """A warm parent for one profile.

    Parameters
    ----------
    profile : str
        ``"tabular"`` or ``"deep"``.
    isolation : str
        ``"full"`` or ``"none"``.
    readable : sequence of pathlib.Path
        What answers may read beside Python: the package that labs import.
    blocked : sequence of str
        Names in that package that answers may not use: the sandbox shows its files without them.
    """

    def __init__(self, profile, *, isolation="full", readable=(PACKAGES / "labutils",), blocked=(), start_timeout=300):
        self.masks = Masks(blocked)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.isolation, self.control = isolation, ours
        self.lock, self.news = threading.Lock(), threading.Condition()
        self.forked, self.over, self.tickets, self.gone = {}, {}, itertools.count(1), False
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(PACKAGES), "MPLBACKEND": "Agg"}
        environment |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
        line = [sys.executable, "-m", "autograder.judge.zygote", str(theirs.fileno()), profile, *map(str, readable)]
        self.process = subprocess.Popen(
            line,
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for who asked; the parent ends when its socket closes
        )
        theirs.close()
        self.pid = self._wait_until_ready(start_timeout)
        threading.Thread(target=self._listen, daemon=True).start()

    def _wait_until_ready(self, seconds):
        """Wait for the parent's first word; give its number."""
        self.control.settimeout(seconds)
        try:
            said = self.control.recv(65536)
        except TimeoutError:
            said = b""
        if not said:
            self.close()
            raise RuntimeError("The grader's warm parent did not start: what it said last stands above.")
        self.control.settimeout(None)
        return json.loads(said)["pid"]

    def fork(self, role, policy=None, slot=0, *, masks=None):
        """Fork a process and wait until it stands ready.

        ``masks`` stand in the place of this parent's own, for one of several weeks that share it.

        Raises
        ------
        Refused
            If the sandbox cannot be made.
        """
        ours, theirs = Channel.pair()
        ticket = next(self.tickets)
        request = {"role": role, "ticket": ticket, "slot": slot, "isolation": self.isolation}
        request["policy"] = (
            {} if policy is None else policy._asdict() | {"readable": (), "masked": (masks or self.masks).pairs()}
        )
        try:
            with self.lock:
                socket.send_fds(self.control, [json.dumps(request).encode()], [theirs.fileno()])
            with self.news:
                self.news.wait_for(lambda: ticket in self.forked or self.gone, 60)
                if ticket not in self.forked:
                    raise RuntimeError("the warm parent has ended" if self.gone else "the warm parent does not fork")
                pid = self.forked.pop(ticket)
        except (OSError, RuntimeError):
            ours.close()
            raise
        finally:
            theirs.close()
        process = Process(self, pid, Channel(ours))
        try:
            said = json.loads(process.channel.receive(60))
        except (OSError, ValueError):  # it died before it said anything, perhaps together with the parent
            process.end()
            raise
        if "refused" in said:
            process.end()
            raise Refused(said["refused"])
        return process

    def kill(self, pid):
        """Have the parent kill a child: it alone knows that the number still means that child."""
        with self.lock, contextlib.suppress(OSError):
            self.control.send(json.dumps({"kill": pid}).encode())

    def wait(self, pid, timeout):
        """Wait until a process has ended; tell whether it has."""
        with self.news:
            return self.news.wait_for(lambda: pid in self.over or self.gone, timeout)

    def ended(self, pid, timeout):
        """Wait until a process has ended, and give how."""
        self.wait(pid, timeout)
        with self.news:
            return self.over.pop(pid, Ended(-9, 0.0, 0.0))

    def close(self):
        """End the parent and every process of its."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        self.masks.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _listen(self):
        while True:
            try:
                data = self.control.recv(65536)
            except OSError:
                data = b""
            if not data:
                with self.news:
                    self.gone = True
                    self.news.notify_all()
                return
            said = json.loads(data)
            with self.news:
                if "forked" in said:
                    self.forked[said["forked"]] = said["pid"]
                if "ended" in said:
                    self.over[said["ended"]] = Ended(said["status"], said["cpu"], said["peak_kb"] / 1024)
                self.news.notify_all()
