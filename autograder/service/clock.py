"""The service's time: the machine's time at start, carried on by a clock that nobody can set."""

import time

TOLERATED_SECONDS = 5.0


class Clock:
    """Wall time that does not jump.

    A deadline is somebody's mark. So once the service runs, setting the machine's clock forward or back moves no receipt:
    the service counts on from its start with a clock that only runs. How far the two are apart is said on the health
    page; a restart takes the machine's time again.

    Parameters
    ----------
    wall, steady : callable
        Give seconds: since 1970, and of a clock that only runs (it counts while the machine sleeps, where there is such).
    """

    def __init__(self, wall=time.time, steady=None):
        self.wall, self.steady = wall, steady or _steady
        self.began = wall() - self.steady()

    def now(self):
        """Give the time in seconds since 1970, UTC."""
        return self.began + self.steady()

    @property
    def apart(self):
        """How many seconds the machine's clock is ahead of the service's."""
        return self.wall() - self.now()

    @property
    def jumped(self):
        """Whether the machine's clock was set since the start."""
        return abs(self.apart) > TOLERATED_SECONDS


def _steady():
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)
