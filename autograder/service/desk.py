"""Where a submission is graded: in a worker's process, from plain words about it, to a plain record."""

import dataclasses
import hashlib
import tempfile
from collections import OrderedDict
from pathlib import Path

from autograder import paths
from autograder.grading.watch import Limits

KEPT_WEEKS = 4  # pools that stay ready; parents are shared, so this is mostly notebooks in memory


class Desk:
    """Grades one submission after another, of any week.

    Parameters
    ----------
    isolation : str
        ``"full"`` or ``"none"``.
    """

    def __init__(self, isolation="full"):
        from autograder.judge.shared import SharedWarm

        self.isolation, self.shared, self.pools = isolation, SharedWarm(isolation), OrderedDict()

    def grade(self, week_name, seed, file_name, content, progress=None, document=None):
        """Grade a notebook.

        Parameters
        ----------
        week_name : str
        seed : int or None
            What the hidden checks draw from.
        file_name : str
            For messages to the learner.
        content : bytes
        progress : callable, optional
            Called with (exercises done, all exercises).
        document : str, optional
            The fingerprint that the service wants. A week that was changed since it was read here is read again.

        Returns
        -------
        (dict, str)
            The record, and :func:`fingerprint` of what it was graded against.
        """
        pool, found = self._pool(week_name, seed)
        if document not in (None, found):
            self._drop((week_name, seed))
            pool, found = self._pool(week_name, seed)
        with tempfile.TemporaryDirectory(prefix="medlabs-desk-") as folder:
            path = Path(folder) / Path(file_name).name
            path.write_bytes(content)
            record = pool.grade(path, progress=progress)
        return record | {"path": path.name}, found

    def prepare(self, week_name, seed):
        """Have everything imported that a week needs, so that the first learner waits for nothing."""
        self._pool(week_name, seed)

    def close(self):
        """End every process behind this desk."""
        for key in list(self.pools):
            self._drop(key)
        self.shared.close()

    def _pool(self, week_name, seed):
        """Give the pool of a week, and the fingerprint of the week as it was read for it."""
        from autograder.judge.pool import Pool

        key = (week_name, seed)
        if key not in self.pools:
            week = week_of(week_name, seed)
            pool = Pool(week, Limits(**week.limits), isolation=self.isolation, shared=self.shared)
            self.pools[key] = pool, fingerprint(week)
        self.pools.move_to_end(key)
        while len(self.pools) > KEPT_WEEKS:
            self._drop(next(iter(self.pools)))
        return self.pools[key]

    def _drop(self, key):
        self.pools.pop(key)[0].__exit__()


def week_of(week_name, seed):
    """Read a week; its hidden checks draw from ``seed``."""
    from autograder import build

    week = build.read_week(paths.find_week(week_name))
    return week if seed is None else dataclasses.replace(week, seed=seed)


def fingerprint(week):
    """Give one hash of everything that a week's submissions are graded against.

    Two machines with the same answer have the same notebook with the same checks, limits and blocked names.
    """
    from autograder import build

    parts = [week.name, repr(sorted(week.limits.items())), repr(week.blocked), week.profile]
    for name in build.graded_names(week):
        parts += [f"{cell.cell_type}\n{cell.source}" for cell in build.instructor_notebook(week, name).cells]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
