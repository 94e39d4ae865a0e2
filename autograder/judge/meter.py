"""What the learner's process uses, read from outside, and what that means against its limits."""

import contextlib
import time

import psutil

EVERY = 0.05  # seconds
_ON_THE_CLOCK = "took more than"


def by_the_clock(message):
    """Say whether a limit was one of wall time, which a busy machine can bring about."""
    return _ON_THE_CLOCK in message


class Passed(Exception):
    """A limit was passed; the text is the end of a sentence ("it used more than 40 seconds of computing time")."""


class Meter:
    """Adds up the time of one notebook over all its processes.

    Parameters
    ----------
    limits : autograder.grading.watch.Limits
        CPU and wall time of the notebook (a single step may use a third), memory, output.
    """

    def __init__(self, limits):
        self.limits = limits
        self.began, self.before, self.cpu, self.peak = time.monotonic(), 0.0, 0.0, 0
        self.process, self.base, self.step_cpu, self.step_began = None, 0, 0.0, self.began
        self.looked = 0.0

    def follow(self, door):
        """Measure the process behind this door from now on."""
        self.before, self.process, self.peak = self.cpu, None, 0  # what another process had is gone with it
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(door)
            inside = process.children()
            self.process = inside[0] if inside else process
            self.base = self._memory()

    def step(self):
        """Start the clock of one step."""
        self.measure()
        self.step_cpu, self.step_began = self.cpu, time.monotonic()

    def measure(self):
        """Update CPU time and peak memory."""
        if self.process is None:
            return
        with contextlib.suppress(psutil.Error):
            times = self.process.cpu_times()
            self.cpu = max(self.cpu, self.before + times.user + times.system)
            self.peak = max(self.peak, self._memory() - self.base)

    def watch(self):
        """Check, but not more often than makes sense: for loops that somebody else may drive fast."""
        if time.monotonic() - self.looked >= EVERY:
            self.check()

    def check(self):
        """Measure, and raise Passed if a limit of the step or of the notebook is behind us."""
        self.measure()
        limits, now = self.limits, time.monotonic()
        self.looked = now
        if self.spent:
            raise Passed(self.spent)
        if self.cpu - self.step_cpu > limits.cell_cpu_seconds:
            raise Passed(f"it used more than {limits.cell_cpu_seconds:g} seconds of computing time")
        if now - self.step_began > limits.cell_wall_seconds:
            raise Passed(f"it {_ON_THE_CLOCK} {limits.cell_wall_seconds:g} seconds")
        if self.peak > limits.memory_mb * 2**20:
            raise Passed(f"it used more than {limits.memory_mb:g} MB of memory")

    @property
    def spent(self):
        """Say what the notebook as a whole has used up, or nothing."""
        if self.cpu > self.limits.cpu_seconds:
            return f"the notebook used more than {self.limits.cpu_seconds:g} seconds of computing time"
        if time.monotonic() - self.began > self.limits.wall_seconds:
            return f"the notebook {_ON_THE_CLOCK} {self.limits.wall_seconds:g} seconds"
        return ""

    def _memory(self):
        """Memory of its own: what the warm parent shares with every child does not count."""
        with contextlib.suppress(psutil.Error, AttributeError):
            info = self.process.memory_info()
            return info.rss
        return 0
