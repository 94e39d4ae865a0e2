"""Workers on this machine: processes behind pipes, so that nothing listens where a learner's code could knock."""

import base64
import json
import os
import tempfile
import time

from autograder.grading.piped import Piped, Silent
from autograder.grading.pool import GRACE_SECONDS, environment


class PlaceLost(RuntimeError):
    """The worker ended, or was ended, before it answered."""


class ClusterLost(PlaceLost):
    """What was lost is the way to the workers: no job has anything to do with it."""


class LocalPlace:
    """One worker process, started when it is needed and again after it was lost.

    Parameters
    ----------
    isolation : str
    threads : int
        How many threads numerical libraries may use.
    """

    def __init__(self, isolation="full", threads=1):
        self.home = tempfile.TemporaryDirectory(prefix="medlabs-home-", ignore_cleanup_errors=True)
        self.piped = Piped(
            lambda descriptor: ["-m", "autograder.service.worker", str(descriptor), isolation],
            environment(self.home.name, threads),
        )

    def grade(self, task, stop=None, progress=None):
        """Have one submission graded.

        Parameters
        ----------
        task : dict
            ``week``, ``seed``, ``file_name``, ``content`` (bytes), ``document`` (the fingerprint that is wanted),
            ``wall_seconds`` (the notebook's own limit).
        stop : threading.Event, optional
            Set from elsewhere, it ends the wait.
        progress : callable, optional
            Called with (exercises done, all exercises).

        Returns
        -------
        (dict, str)
            The record and the fingerprint of what it was graded against.

        Raises
        ------
        PlaceLost
            With what is known of why.
        """
        plain = {name: task[name] for name in ("week", "seed", "file_name", "document")}
        plain["content"] = base64.b64encode(task["content"]).decode()
        answer = self._ask(plain, task["wall_seconds"] + GRACE_SECONDS, stop, progress)
        return answer["record"], answer["document"]

    def prepare(self, week, seed, stop=None):
        """Have the libraries that a week needs imported, before anybody waits for it."""
        self._ask({"week": week, "seed": seed}, GRACE_SECONDS, stop)

    def _ask(self, plain, seconds, stop, progress=None):
        deadline = time.monotonic() + seconds
        try:
            answer = json.loads(self.piped.ask(json.dumps(plain), deadline, stop))
            while "progress" in answer:
                if progress is not None:
                    progress(*answer["progress"])
                answer = json.loads(self.piped.hear(deadline, stop))
        except (OSError, ValueError) as error:
            what = str(error) if isinstance(error, Silent) else "its process ended"
            said = self.piped.last_words()
            self.piped.end()
            raise PlaceLost(f"{what}{said}") from error
        if "error" in answer:
            self.piped.end()  # a fresh process for what comes next
            raise PlaceLost(answer["error"])
        return answer

    def close(self):
        """End the process and everything behind it."""
        self.piped.end()
        self.home.cleanup()


class LocalWorkers:
    """So many places on this machine."""

    def __init__(self, count, isolation="full"):
        cores = os.cpu_count() or 1
        self.count, self.isolation, self.threads = count, isolation, max(1, cores // count)

    def size(self):
        """Give the number of places."""
        return self.count

    def place(self):
        """Give one place, for one thread."""
        return LocalPlace(self.isolation, self.threads)

    def close(self):
        """Nothing is shared between the places."""
