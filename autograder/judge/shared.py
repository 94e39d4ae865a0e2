"""One warm parent per profile for many weeks: each week brings only the files that stand in the place of blocked names."""

import threading

from autograder.judge.warm import Masks, Warm


class SharedWarm:
    """Warm parents by profile, started when first needed and again after one was lost.

    Parameters
    ----------
    isolation : str
        ``"full"`` or ``"none"``.
    """

    def __init__(self, isolation="full"):
        self.isolation, self.lock, self.parents = isolation, threading.Lock(), {}

    def living(self, profile):
        """Give the living parent of a profile."""
        with self.lock:
            parent = self.parents.get(profile)
            if parent is None or parent.gone:
                if parent is not None:
                    parent.close()
                parent = self.parents[profile] = Warm(profile, isolation=self.isolation)
            return parent

    def of_week(self, week):
        """Give what :class:`~autograder.judge.pool.Pool` forks from for one week."""
        return WeekWarm(self, week)

    def close(self):
        """End all parents and everything forked from them."""
        with self.lock:
            for parent in self.parents.values():
                parent.close()
            self.parents.clear()


class WeekWarm:
    """A week's view of a shared parent: forks see the library without what the week blocks."""

    def __init__(self, shared, week):
        self.parent, self.masks = shared.living(week.profile), Masks(week.blocked)

    @property
    def gone(self):
        """Whether the parent has ended."""
        return self.parent.gone

    def fork(self, role, policy=None, slot=0):
        """Fork as :meth:`Warm.fork` does."""
        return self.parent.fork(role, policy, slot, masks=self.masks)

    def close(self):
        """Remove the week's own files; the parent lives on for other weeks."""
        self.masks.close()
