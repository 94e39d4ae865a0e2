"""Take submissions of a self-study workspace: keep them, have them graded here, remember how far each is."""

import secrets
from collections import OrderedDict

from autograder import workspace
from autograder.grading import feedback, records, store
from autograder.lab import attempts
from autograder.lab.grader import Grader

QUEUED, RUNNING = "queued", "running"
REMEMBERED = 100
NOT_KNOWN = "This submission is not known any more (the lab was started anew): look at your past attempts."
BUSY = "This notebook is being graded already: wait for its result, then submit again."


class Refused(ValueError):
    """A request that cannot be met now; the message is one sentence for the learner."""


class Job:
    """One submission on its way."""

    def __init__(self, graded, receipt):
        self.id, self.graded, self.receipt = secrets.token_hex(8), graded, receipt
        self.state, self.done, self.total, self.result = QUEUED, 0, None, None

    def as_dict(self, position=None):
        """Give what the browser is told."""
        said = {
            "id": self.id,
            "week": self.graded.week.name,
            "notebook": self.graded.name,
            "received": self.receipt.received.isoformat(timespec="seconds"),
            "receipt": self.receipt.digest[:12],
            "late": "",
            "state": self.state,
            "position": position,
            "progress": {"done": self.done, "total": self.total},
        }
        return said | (self.result or {})


class ClosedDesk:
    """A desk that takes nothing, because of how the lab was set up; ``problem`` is one sentence that says why."""

    source = "none"

    def __init__(self, problem):
        self.problem = problem

    async def submit(self, *_):
        """Take nothing, and say why."""
        raise Refused(self.problem)

    look = attempts = submit

    async def standing(self, _weeks):
        """Know nothing, and say why."""
        return {"cohort": "", "problem": self.problem, "weeks": {}, "notebooks": {}}

    def warm(self, week):
        """Nothing to do."""

    def close(self):
        """Nothing is open."""


class Desk:
    """The self-study desk.

    Parameters
    ----------
    space : pathlib.Path or None
        The workspace. Without one no path is taken, so nothing comes here.
    """

    source = "self-study"

    def __init__(self, space, grader=None):
        self.space, self.grader = space, grader or Grader()
        self.jobs = OrderedDict()

    async def submit(self, graded):
        """Keep a notebook, and have it graded; give its job at once."""
        waiting = [job for job in self.jobs.values() if job.state in (QUEUED, RUNNING)]
        if any((job.graded.week.name, job.graded.name) == (graded.week.name, graded.name) for job in waiting):
            raise Refused(BUSY)
        receipt = store.keep(graded.place.path, self.space, graded.week.name, graded.name)
        job = Job(graded, receipt)
        self.jobs[job.id] = job
        while len(self.jobs) > REMEMBERED:
            self.jobs.popitem(last=False)
        self.grader.do(lambda grader: self._grade(grader, job))
        return job.as_dict(len(waiting))

    async def look(self, identifier):
        """Say how a submission stands."""
        job = self.jobs.get(identifier)
        if job is None:
            raise Refused(NOT_KNOWN)
        before = list(self.jobs.values())
        return job.as_dict(sum(other.state in (QUEUED, RUNNING) for other in before[: before.index(job)]))

    async def attempts(self, week, name):
        """List past attempts of a notebook, newest first; what is on its way is not past."""
        underway = {job.receipt.folder.name for job in self.jobs.values() if job.state in (QUEUED, RUNNING)}
        return [one for one in attempts.kept(self.space, week.name, name) if one["id"] not in underway]

    async def standing(self, weeks):
        """Say what was reached in each graded notebook: ``{(week, name): {...}}``, with nothing due."""
        found = {}
        for week in weeks.values():
            for name in ("quiz", "assignment"):
                tries = attempts.kept(self.space, week.name, name)
                top = attempts.best(tries)
                found[week.name, name] = {
                    "attempts_used": len(tries),
                    "score": top and top["score"],
                    "max_score": top and top["max_score"],
                }
        return {"cohort": "", "problem": "", "weeks": {}, "notebooks": found}

    def warm(self, week):
        """Get ready for a week, so that the first submission need not wait."""
        self.grader.do(lambda grader: grader.warm(week))

    def close(self):
        """End what runs."""
        self.grader.close()

    def _grade(self, grader, job):
        """Grade the copy that was kept, so that what is kept is what was graded. In the grader's thread."""
        week, path = job.graded.week, job.graded.place.path
        job.state = RUNNING

        def progress(done, total):
            job.done, job.total = done, total

        try:
            engine, record = grader.grade(week, job.receipt.notebook, progress)
            record["path"] = path.name
            report = records.make_report(week.name, engine.record, [record])
            page = feedback.page(record, week, received=f"{job.receipt.received:%Y-%m-%d %H:%M} UTC").encode()
            store.add(job.receipt, "result.json", records.to_json(report).encode())
            store.add(job.receipt, "feedback.html", page)
            workspace.write_whole(path.with_name(f"{path.stem}.feedback.html"), page)
        except Exception as error:
            message = f"The grader failed ({type(error).__name__}: {error}). This costs no points: submit again."
            record = records.record_without_grade(path.name, records.FAILED, message) | {"notebook": job.graded.name}
        result = attempts.shown(record)
        job.result, job.state = result, result["state"]  # in this order: who sees the state finds the result
