"""Submissions in the database: accepted once, with their place in the queue, or refused in one sentence."""

import json
import secrets
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sql

from autograder.grading import records
from autograder.service import blobs
from autograder.service.schema import DONE, QUEUED, jobs, lock_for, reads, results, submissions, writes


class Refusal(Exception):
    """A request that is refused: its HTTP status, one sentence, and when another try makes sense."""

    def __init__(self, status, words, retry_after=None):
        super().__init__(words)
        self.status, self.words, self.retry_after = status, words, retry_after


class Rules(NamedTuple):
    """How often a notebook may be handed in: at most ``attempts`` times (None: any), ``cooldown`` seconds apart."""

    attempts: int | None = None
    cooldown: float = 0.0


class Sent(NamedTuple):
    """What was handed in, by whom and when, as the service found it out."""

    learner: str
    week: str
    notebook: str
    received: float
    late: str = ""


def keep(db, folder, sent, content, rules=Rules()):  # noqa: B008 (a tuple of constants)
    """Keep a submission and queue it, both or neither.

    The same content for the same notebook is the same submission: a click too many, or a retry of a client that lost the
    answer, makes no second attempt.

    Parameters
    ----------
    db : sqlalchemy.Engine
    folder : pathlib.Path
        Where contents are kept.
    sent : Sent
    content : bytes
    rules : Rules

    Returns
    -------
    (str, bool)
        The submission's id, and whether it is new.

    Raises
    ------
    Refusal
        After the last attempt (409), or too soon after the one before (429).
    OSError
        If it cannot be written: then it is not queued.
    """
    digest = blobs.put(folder, content)
    mine = (
        (submissions.c.learner == sent.learner)
        & (submissions.c.week == sent.week)
        & (submissions.c.notebook == sent.notebook)
    )
    with writes(db) as tx:
        lock_for(tx, sent.learner, sent.week, sent.notebook)
        same = tx.execute(sql.select(submissions.c.id).where(mine, submissions.c.sha256 == digest)).scalar()
        if same:
            return same, False
        earlier = tx.execute(_with_result(mine)).all()
        _judge_rules(rules, earlier, sent)
        row = {
            **sent._asdict(),
            "id": secrets.token_hex(16),
            "attempt": len(earlier) + 1,
            "sha256": digest,
            "bytes": len(content),
        }
        number = tx.execute(submissions.insert().values(row)).inserted_primary_key[0]
        tx.execute(jobs.insert().values(number=number, state=QUEUED))
    return row["id"], True


def usage(rules, earlier):
    """Count attempts: (used, left or None, when the next is possible in seconds since 1970 or None).

    What failed through no fault of the learner's counts for nothing.
    """
    counted = [row for row in earlier if row.state != records.FAILED]
    left = None if rules.attempts is None else max(0, rules.attempts - len(counted))
    wait = max((row.received for row in counted), default=None)
    following = None if wait is None or not rules.cooldown else wait + rules.cooldown
    return len(counted), left, following


def earlier_of(db, learner, week, notebook):
    """List what a learner handed in for one notebook: rows with ``received``, ``state``, ``score``, ``max_score``."""
    mine = (submissions.c.learner == learner) & (submissions.c.week == week) & (submissions.c.notebook == notebook)
    with reads(db) as tx:
        return tx.execute(_with_result(mine)).all()


def view(db, identifier):
    """Give one submission as a dictionary of everything that is known of it, or None."""
    with reads(db) as tx:
        row = tx.execute(_everything().where(submissions.c.id == identifier)).first()
        if row is None:
            return None
        ahead = jobs.c.number < row.number
        position = tx.execute(sql.select(sql.func.count()).where(jobs.c.state == QUEUED, ahead)).scalar()
    return _as_dictionary(row, position)


def view_all(db, *, learner=None, week=None, limit=200):
    """List submissions, newest first, without their exercises."""
    query = _everything().order_by(submissions.c.number.desc()).limit(limit)
    if learner is not None:
        query = query.where(submissions.c.learner == learner)
    if week is not None:
        query = query.where(submissions.c.week == week)
    with reads(db) as tx:
        return [_as_dictionary(row, None) for row in tx.execute(query)]


def when(seconds):
    """Write seconds since 1970 as a date and time in UTC (ISO 8601)."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def newest():
    """Give the condition that picks, of a submission's results, the newest."""
    other = results.alias()
    last = sql.select(sql.func.max(other.c.revision)).where(other.c.number == results.c.number).scalar_subquery()
    return results.c.revision == last


def _with_result(where):
    joined = submissions.outerjoin(results, (results.c.number == submissions.c.number) & newest())
    columns = (submissions.c.received, results.c.state, results.c.score, results.c.max_score)
    return sql.select(*columns).select_from(joined).where(where).order_by(submissions.c.number)


def _everything():
    joined = submissions.join(jobs, jobs.c.number == submissions.c.number)
    joined = joined.outerjoin(results, (results.c.number == submissions.c.number) & newest())
    return sql.select(
        submissions,
        jobs.c.state.label("job"),
        jobs.c.started,
        results.c.record,
        results.c.finished,
    ).select_from(joined)


def _as_dictionary(row, position):
    said = {
        "id": row.id,
        "learner": row.learner,
        "week": row.week,
        "notebook": row.notebook,
        "attempt": row.attempt,
        "received": when(row.received),
        "sha256": row.sha256,
        "late": row.late,
        "state": row.job,
        "position": position if row.job == QUEUED else None,
        "started": when(row.started),
        "finished": None,
        "record": None,
    }
    if row.job == DONE and row.record is not None:
        record = json.loads(row.record)
        said |= {"state": record["state"], "finished": when(row.finished), "record": record}
    return said


def _judge_rules(rules, earlier, sent):
    used, left, following = usage(rules, earlier)
    if left == 0:
        raise Refusal(409, f"You have used all {used} attempts at this notebook; the one that counts best is kept.")
    if following is not None and following > sent.received:
        wait = int(following - sent.received) + 1
        raise Refusal(429, f"Please wait {wait} seconds before you hand in this notebook again.", retry_after=wait)
