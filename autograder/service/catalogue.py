"""What the service knows of its cohort: read again when an instructor changes it, kept as it was while it is broken."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from autograder import build, cohort, paths
from autograder.cohort import course, history
from autograder.service.desk import fingerprint
from autograder.service.store import Refusal, Rules

SOURCES = ("week.toml", "assignment.py", "quiz.toml")
FILES = ("cohort.toml", "roster.csv", ".medlabs/released.json", ".medlabs/seeds.json")


class Catalogue:
    """A cohort's learners, weeks and rules.

    Parameters
    ----------
    folder : pathlib.Path
        The cohort.

    Raises
    ------
    ValueError
        If it is no cohort, or one that cannot be read.
    """

    def __init__(self, folder):
        self.folder, self.lock = Path(folder), threading.Lock()
        self.broken, self.weeks, self.prints, self.digests, self.known = "", {}, {}, {}, None
        self.known = cohort.read_cohort(self.folder)
        self.stamp = self._look()

    @property
    def cohort(self):
        """The cohort as it stands now; a change that cannot be read is named on the health page and left out."""
        stamp = self._look()
        with self.lock:
            if stamp != self.stamp:
                try:
                    self.known, self.broken = cohort.read_cohort(self.folder), ""
                    self.weeks.clear()
                    self.prints.clear()
                    self.digests.clear()
                except (ValueError, OSError) as error:
                    self.broken = str(error)
                self.stamp = stamp
            return self.known

    def week(self, name):
        """Give a week; its hidden checks draw from the cohort's seed."""
        known = self.cohort
        with self.lock:
            if name not in self.weeks:
                self.weeks[name] = cohort.seeded_week(known, name)
            return self.weeks[name]

    def one_week_per_profile(self):
        """List released weeks, one for each set of libraries that any of them needs."""
        found = {}
        for name, plan in self.cohort.plans.items():
            if plan.released:
                found.setdefault(self.week(name).profile, name)
        return list(found.values())

    def fingerprint(self, name):
        """Give the hash of what submissions of a week are graded against."""
        week = self.week(name)
        with self.lock:
            if name not in self.prints:
                self.prints[name] = fingerprint(week)
            return self.prints[name]

    def checks(self, name):
        """Give the digest of a week's checks, as the history of grades keeps it."""
        week = self.week(name)
        with self.lock:
            if name not in self.digests:
                self.digests[name] = course.checks_digest(week)
            return self.digests[name]

    def regraded(self, row):
        """Give the record of a submission as it was graded last, also by `medlabs cohort regrade`."""
        for entry in history.attempts(self.cohort, row["week"], row["learner"], row["notebook"]):
            if (entry.attempt, entry.sha256) == (row["attempt"], row["sha256"]):
                return entry.record if entry.revision > 1 else row["record"]
        return row["record"]

    def released(self, name):
        """Give the plan of a week that is released.

        Raises
        ------
        Refusal
            404 if there is none.
        """
        plan = self.cohort.plans.get(name)
        if plan is None or not plan.released:
            there = ", ".join(week for week, plan in self.cohort.plans.items() if plan.released) or "none yet"
            raise Refusal(404, f"There is no released week {name[:100]!r} in this cohort; released: {there}.")
        return plan

    def rules(self, name):
        """Give how often notebooks of a week may be handed in."""
        plan = self.cohort.plans[name]
        return Rules(plan.attempts, plan.cooldown)

    def lateness(self, name, learner, seconds):
        """Say whether a submission received at a time is late."""
        return cohort.lateness(self.cohort, name, learner, datetime.fromtimestamp(seconds, UTC))

    def release_files(self, name):
        """Give the released files of a week: relative path to content."""
        folder = paths.release_folder(self.week(name).folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    def graded_names(self, name):
        """List the notebooks of a week that carry points."""
        return build.graded_names(self.week(name))

    def _look(self):
        """Give what changes when the cohort or a source that submissions are graded against is changed."""
        places = [self.folder / name for name in FILES]
        if self.known is not None:
            weeks = [self.known.repository / name for name in self.known.plans]
            places += [week / name for week in weeks for name in SOURCES]
        return [_stamp(place) for place in places]


def _stamp(path):
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
