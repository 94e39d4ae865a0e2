"""Grade on this machine without keeping anybody waiting: one thread, one warm parent per profile, ended when idle."""

import contextlib
import os
import queue
import threading
import traceback

from autograder.grading import engines, records
from autograder.grading.watch import Limits

IDLE_VARIABLE = "MEDLABS_IDLE_SECONDS"
IDLE_SECONDS = 900.0


class Stopped(RuntimeError):
    """The lab is being stopped: what was being graded has no grade, and that is nobody's fault."""


class Grader:
    """One place to grade, in a thread of its own.

    What the libraries need to be imported stays in memory between two submissions, and goes when nothing was
    submitted for a quarter of an hour (or so many seconds as MEDLABS_IDLE_SECONDS says).
    """

    def __init__(self, idle_seconds=None):
        self.idle = float(idle_seconds or os.environ.get(IDLE_VARIABLE) or IDLE_SECONDS)
        self.tasks, self.thread, self.lock = queue.SimpleQueue(), None, threading.Lock()
        self.engine, self.shared, self.pools, self.closing = None, None, {}, False

    def do(self, task):
        """Have a task done after those before it; a task is called with this grader, in its thread."""
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, daemon=True, name="medlabs-grader")
                self.thread.start()
        self.tasks.put(task)

    def warm(self, week):
        """Import what a week needs, before anybody waits for it. Called in the grader's thread."""
        if self._chosen().level == engines.FULL:
            self._pool(week).made.join()

    def grade(self, week, path, progress):
        """Grade one file; give (engine, record). Called in the grader's thread.

        A grade that failed by the grader's fault is tried once more with a new parent.
        """
        engine = self._chosen()
        if engine.level == engines.NONE:
            return engine, engines.grade_files(engine, week, [path], Limits(**week.limits))[0]
        for _ in range(2):
            record = self._pool(week).grade(path, progress=progress)
            if record["state"] != records.FAILED:
                break
            if self.closing:
                raise Stopped("The lab was stopped while it was graded.")
            self.rest()
        return engine, record

    def rest(self):
        """End the warm parents: the next grade starts new ones."""
        pools, self.pools = self.pools, {}
        for pool in pools.values():
            pool.warm.close()
        if self.shared:
            self.shared.close()
            self.shared = None

    def close(self):
        """End everything, also what is being graded."""
        self.closing = True
        self.tasks.put(None)
        with contextlib.suppress(OSError):
            self.rest()

    def _work(self):
        while True:
            try:
                task = self.tasks.get(timeout=self.idle)
            except queue.Empty:
                self.rest()
                continue
            if task is None:
                return
            try:
                task(self)
            except Exception:  # what a task cannot mend must not end the thread that others wait for
                traceback.print_exc()

    def _chosen(self):
        """Choose the engine once: trying the sandbox takes a while. A person's own answers may run without it."""
        if self.engine is None:
            self.engine = engines.choose(fall_back=True)
        return self.engine

    def _pool(self, week):
        from autograder.judge.pool import Pool
        from autograder.judge.shared import SharedWarm

        if self.shared is None:
            self.shared = SharedWarm()
        if week.name not in self.pools:
            self.pools[week.name] = Pool(week, Limits(**week.limits), shared=self.shared)
        return self.pools[week.name]
