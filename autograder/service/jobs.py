"""The queue: jobs are taken under a fence, kept by a heartbeat, and end with exactly one result.

No clock decides who holds a job. A holder beats; whoever watches and sees the same beat for a whole lease on its own
steady clock puts the job back. The fence, raised at every taking, shuts out a holder that comes back too late.
"""

import json
import time
from typing import NamedTuple

import sqlalchemy as sql

from autograder.grading import records
from autograder.service.schema import DONE, QUEUED, RUNNING, jobs, lock_for, reads, results, submissions, writes

MOST_FAILURES = 8  # of workers on one job: a machine that is in trouble loses a few, so many is the job's own doing
MOST_TAKINGS = 50  # of one job in all, also by services that were killed


class Job(NamedTuple):
    """A job that was taken: what to grade, and the fence under which its result is accepted."""

    number: int
    fence: int
    id: str
    learner: str
    week: str
    notebook: str
    attempt: int
    received: float
    sha256: str
    failures: int
    alone: bool


def take(db, now):
    """Take the oldest job that waits, or None.

    Parameters
    ----------
    db : sqlalchemy.Engine
    now : float
        Written down as the start, for people.
    """
    waiting = (
        sql.select(jobs.c.number)
        .where(jobs.c.state == QUEUED)
        .order_by(jobs.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with reads(db) as tx:  # a look takes no lock, and mostly there is nothing
        if tx.execute(sql.select(jobs.c.number).where(jobs.c.state == QUEUED).limit(1)).first() is None:
            return None
    with writes(db) as tx:
        number = tx.execute(waiting).scalar()
        if number is None:
            return None
        tx.execute(
            jobs.update()
            .where(jobs.c.number == number)
            .values(state=RUNNING, fence=jobs.c.fence + 1, beat=jobs.c.beat + 1, started=now)
        )
        row = tx.execute(
            sql.select(
                jobs.c.number,
                jobs.c.fence,
                submissions.c.id,
                submissions.c.learner,
                submissions.c.week,
                submissions.c.notebook,
                submissions.c.attempt,
                submissions.c.received,
                submissions.c.sha256,
                jobs.c.failures,
                jobs.c.alone,
            )
            .join(submissions, submissions.c.number == jobs.c.number)
            .where(jobs.c.number == number)
        ).one()
    return Job(*row)


def beat(db, held):
    """Say that these jobs are being worked on.

    Parameters
    ----------
    db : sqlalchemy.Engine
    held : iterable of (int, int)
        Number and fence.
    """
    with writes(db) as tx:
        for number, fence in sorted(held):
            tx.execute(jobs.update().where(_held(number, fence)).values(beat=jobs.c.beat + 1))


def put_back(db, job, *, failed=False, alone=False):
    """Queue a job again; tell whether it was still held.

    ``failed``: its worker was lost or the grader failed, which is counted. ``alone``: nothing else may run beside it.
    """
    change = {"state": QUEUED, "failures": jobs.c.failures + int(failed), "alone": True if alone else jobs.c.alone}
    with writes(db) as tx:
        return tx.execute(jobs.update().where(_held(job.number, job.fence)).values(change)).rowcount == 1


def finish(db, job, record, document, now):
    """Write the result of a job, if it is still held.

    Returns
    -------
    bool
        False if somebody else holds it or has finished it: this result is dropped.
    """
    with writes(db) as tx:
        done = tx.execute(jobs.update().where(_held(job.number, job.fence)).values(state=DONE))
        if done.rowcount != 1:
            return False
        mine = results.c.number == job.number
        last = tx.execute(sql.select(sql.func.coalesce(sql.func.max(results.c.revision), 0)).where(mine)).scalar()
        tx.execute(
            results.insert().values(
                number=job.number,
                revision=last + 1,
                state=record["state"],
                score=record["score"],
                max_score=record["max_score"],
                record=json.dumps(record, allow_nan=False),
                document=document,
                finished=now,
            )
        )
    return True


def again(db, identifier):
    """Queue a finished submission once more, as after a failure that was mended; tell whether it was finished."""
    number = sql.select(submissions.c.number).where(submissions.c.id == identifier).scalar_subquery()
    with writes(db) as tx:
        lock_for(tx, "again", identifier)
        done = jobs.update().where(jobs.c.number == number, jobs.c.state == DONE)
        return tx.execute(done.values(state=QUEUED, failures=0, fence=jobs.c.fence + 1)).rowcount == 1


def count(db):
    """Count jobs by state, and results that no grade book has yet."""
    with reads(db) as tx:
        states = dict(tx.execute(sql.select(jobs.c.state, sql.func.count()).group_by(jobs.c.state)).all())
        waiting = tx.execute(sql.select(sql.func.count()).where(results.c.delivered.is_(False))).scalar()
    return {name: states.get(name, 0) for name in (QUEUED, RUNNING, DONE)} | {"undelivered": waiting}


def worn_out(job):
    """Say whether a job was tried often enough: then it ends in a visible ``failed``."""
    return job.failures >= MOST_FAILURES or job.fence > MOST_TAKINGS


def give_up_record(job):
    """Make the record of a job that was tried often enough."""
    words = (
        "The grader failed on this submission again and again. This is not your fault, costs no points and no attempt; "
        "your instructor sees it and can have it graded again."
    )
    return records.record_without_grade(f"{job.notebook}.ipynb", records.FAILED, words)


class Watcher:
    """Puts back jobs whose holder went silent, judged by this process's own steady clock.

    Parameters
    ----------
    db : sqlalchemy.Engine
    lease : float
        Seconds without a beat.
    steady : callable
        Gives seconds of a clock that only runs.
    """

    def __init__(self, db, lease, steady=time.monotonic):
        self.db, self.lease, self.steady, self.seen = db, lease, steady, {}

    def look(self):
        """Look once; give the numbers of the jobs that were put back."""
        with reads(self.db) as tx:
            running = tx.execute(
                sql.select(jobs.c.number, jobs.c.fence, jobs.c.beat).where(jobs.c.state == RUNNING)
            ).all()
        now, known = self.steady(), self.seen
        self.seen = {tuple(row): known.get(tuple(row), now) for row in running}
        silent = [key for key, since in self.seen.items() if now - since >= self.lease]
        return [number for number, fence, beats in silent if self._release(number, fence, beats)]

    def _release(self, number, fence, beats):
        with writes(self.db) as tx:
            held = jobs.update().where(_held(number, fence), jobs.c.beat == beats)
            return tx.execute(held.values(state=QUEUED)).rowcount == 1


def _held(number, fence):
    return sql.and_(jobs.c.number == number, jobs.c.fence == fence, jobs.c.state == RUNNING)
