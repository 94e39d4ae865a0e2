"""Run a command and say what it and everything that it started has used: time on the clock, CPU, peak memory."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import NamedTuple

import psutil

EVERY = 0.2  # seconds between two looks at memory
SUBREAPER = 36


class Used(NamedTuple):
    """What a command used, and how it ended."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    status: int
    said: str


def become_subreaper():
    """Adopt orphans of what is measured, so that no process ends without its CPU time being told (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def run(command, *, timeout, cwd=None, env=None):
    """Run a command to its end.

    Parameters
    ----------
    command : list of str
    timeout : float
        Seconds; a command that takes longer is killed with all that it started, and its status is negative.
    cwd, env
        As for subprocess.

    Returns
    -------
    Used
        ``cpu_seconds`` is what the kernel says of every process at its end. ``peak_mb`` is the largest sum seen of the
        proportional memory (PSS) of all processes: pages that forks share count once.
    """
    with tempfile.TemporaryFile() as log:
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        watch = _Memory(process.pid, began + timeout)
        watch.start()
        cpu, status, ended = 0.0, None, None
        while True:
            try:
                pid, code, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            cpu += usage.ru_utime + usage.ru_stime
            if pid == process.pid:
                status, ended = os.waitstatus_to_exitcode(code), time.monotonic()
                process.returncode = status  # it is buried: subprocess must not ask for it again
                watch.deadline = min(watch.deadline, ended + 5)  # what it leaves behind has as long to go
        watch.stop()
        log.seek(0)
        said = log.read().decode(errors="replace")
    return Used(ended - began, cpu, watch.peak / 2**20, status, said)


class _Memory(threading.Thread):
    """Looks at the memory of all descendants, and kills them when their time is over."""

    def __init__(self, pid, deadline):
        super().__init__(daemon=True)
        self.pid, self.deadline, self.peak, self.over = pid, deadline, 0, threading.Event()

    def run(self):
        me = psutil.Process()
        while not self.over.wait(EVERY):
            found = me.children(recursive=True)
            if time.monotonic() > self.deadline:
                for process in found:
                    _kill(process.pid)
            self.peak = max(self.peak, sum(map(_memory, found)))

    def stop(self):
        self.over.set()
        self.join()


def _memory(process):
    try:
        info = process.memory_full_info()
        return getattr(info, "pss", info.uss)
    except psutil.AccessDenied:
        return process.memory_info().rss if process.is_running() else 0
    except psutil.Error:
        return 0


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
