"""Watch the processes of one notebook, and stop them when they pass a limit."""

import contextlib
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil


class Limits(NamedTuple):
    """What one graded notebook may use.

    A single cell may use a third of the computing time, so that others can still be graded after an endless loop. On
    the clock it may take two thirds: a busy machine must not turn honest computing into a limit.
    """

    cpu_seconds: float = 120.0
    wall_seconds: float = 240.0
    memory_mb: float = 3000.0
    output_kb: float = 1000.0
    disk_mb: float = 100.0
    processes: int = 64

    @property
    def cell_cpu_seconds(self):
        return self.cpu_seconds / 3

    @property
    def cell_wall_seconds(self):
        return self.wall_seconds * 2 / 3


class Watch:
    """Follow one process after another, adding up their time, and kill what passes a limit.

    Attributes
    ----------
    hit : str or None
        What the process now followed was stopped for, as the end of a sentence: "it printed more than 1000 kB."
    spent : bool
        The notebook as a whole is over its time: nothing more should be run.
    cpu : float
        Seconds of CPU of all processes followed so far.
    """

    def __init__(self, limits, folder, *, every=0.2):
        self.limits, self.folder, self.every = limits, Path(folder), every
        self.hit, self.spent, self.cpu = None, False, 0.0
        self._began = time.monotonic()
        self._process, self._cpu_before, self._cell, self._output = None, 0.0, None, 0
        self._memory, self._count = 0, 0
        self._lock = threading.RLock()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc_info):
        self._done.set()
        self._thread.join()
        self._measure()

    def follow(self, pid):
        """Watch this process and its children from now on."""
        with self._lock:
            if self._process is not None and self._process.pid == pid:
                return
            self._cpu_before, self._cell, self.hit, self._output = self.cpu, None, None, 0
            with contextlib.suppress(psutil.Error):
                self._process = psutil.Process(pid)

    def cell_begins(self):
        """Start the clock of one cell."""
        with self._lock:
            self._measure()
            self._cell = (self.cpu, time.monotonic())

    def cell_ends(self):
        """Stop the clock of one cell, and look once more: what a short cell leaves behind is found at any pace."""
        with self._lock:
            self._measure()
            reason = self._too_much()
            if reason:
                self._stop(reason)
            self._cell = None

    def count_output(self, size):
        """Count characters that the notebook printed; return False once there are too many."""
        self._output += size
        if self._output > self.limits.output_kb * 1000:
            self._stop(f"it printed more than {self.limits.output_kb:g} kB.")
            return False
        return True

    def _run(self):
        rounds = 0
        while not self._done.wait(self.every):
            with self._lock:
                self._measure()
                reason = self._too_much() or (self._too_much_disk() if rounds % 10 == 0 else None)
                if reason:
                    self._stop(reason)
            rounds += 1

    def _too_much(self):
        limits, now = self.limits, time.monotonic()
        self.spent = self.spent or self.cpu > limits.cpu_seconds or now - self._began > limits.wall_seconds
        if self.cpu > limits.cpu_seconds:
            return f"the notebook used more than {limits.cpu_seconds:g} seconds of computing time."
        if now - self._began > limits.wall_seconds:
            return f"the notebook took more than {limits.wall_seconds:g} seconds."
        if self._cell and self.cpu - self._cell[0] > limits.cell_cpu_seconds:
            return f"it used more than {limits.cell_cpu_seconds:.0f} seconds of computing time. Does a loop ever end?"
        if self._cell and now - self._cell[1] > limits.cell_wall_seconds:
            return f"it took more than {limits.cell_wall_seconds:.0f} seconds. Does it wait for something?"
        if self._count > limits.processes:
            return f"it started more than {limits.processes} processes."
        if self._memory > limits.memory_mb * 1e6:
            return f"it used more than {limits.memory_mb:g} MB of memory. Does an array grow?"
        return None

    def _too_much_disk(self):
        size = 0
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):
                size += path.lstat().st_size
        return f"it wrote more than {self.limits.disk_mb:g} MB to disk." if size > self.limits.disk_mb * 1e6 else None

    def _measure(self):
        """Update CPU, memory and number of the processes followed."""
        self._memory, self._count, cpu = 0, 0, 0.0
        tree = self._tree()
        for process in tree:
            with contextlib.suppress(psutil.Error), process.oneshot():
                times = process.cpu_times()
                cpu += times.user + times.system
                if process.pid == self._process.pid:
                    cpu += times.children_user + times.children_system
                self._count += 1
                # Forks share most of their memory: count it once (Linux tells; elsewhere it is counted in each).
                info = process.memory_full_info() if len(tree) > 1 else process.memory_info()
                self._memory += getattr(info, "pss", info.rss)
        self.cpu = max(self.cpu, self._cpu_before + cpu)

    def _tree(self):
        if self._process is None:
            return []
        with contextlib.suppress(psutil.Error):
            return [self._process, *self._process.children(recursive=True)]
        return []

    def _stop(self, reason):
        self.hit = self.hit or reason
        kill(self._tree())


def kill(processes):
    """Kill processes, whatever has become of them meanwhile."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()
