"""Who may run beside whom: most jobs share the machine, one that passed a limit of time is run again alone."""

import contextlib
import threading


class Gate:
    """Lets many in together, or one alone; one that waits to be alone goes before newcomers."""

    def __init__(self):
        self.changed = threading.Condition()
        self.inside, self.waiting, self.single, self.entries = 0, 0, False, 0

    @contextlib.contextmanager
    def together(self):
        """Enter beside others; gives a function that tells whether anybody else was inside meanwhile."""
        with self.changed:
            self.changed.wait_for(lambda: not self.single and not self.waiting)
            self.inside += 1
            self.entries += 1
            others, entries = self.inside > 1, self.entries
        try:
            yield lambda: others or self.entries > entries
        finally:
            self._leave()

    @contextlib.contextmanager
    def alone(self):
        """Enter when nobody is inside, and let nobody in meanwhile."""
        with self.changed:
            self.waiting += 1
            self.changed.wait_for(lambda: self.inside == 0 and not self.single)
            self.waiting -= 1
            self.single, self.inside = True, 1
        try:
            yield lambda: False
        finally:
            with self.changed:
                self.single = False
            self._leave()

    def _leave(self):
        with self.changed:
            self.inside -= 1
            self.changed.notify_all()
