"""The one writer to the grade books: results wait in the database until they stand there."""

import json
import logging
import threading
from datetime import UTC, datetime

import sqlalchemy as sql

from autograder.cohort.course import gradebooks
from autograder.service import blobs
from autograder.service.schema import reads, results, submissions, writes
from autograder.service.store import newest

EVERY_SECONDS = 1.0
log = logging.getLogger("medlabs.service")


class Delivery:
    """A thread that carries results to the cohort's grade books, oldest first.

    A result that cannot be written waits and is tried again; those of other people pass it.

    Parameters
    ----------
    db : sqlalchemy.Engine
    folder : pathlib.Path
        Where contents are kept.
    catalogue : autograder.service.catalogue.Catalogue
    metrics : autograder.service.metrics.Metrics
    isolation : dict, optional
        How answers are run, for the history of grades.
    """

    def __init__(self, db, folder, catalogue, metrics, isolation=None):
        self.isolation = isolation
        self.db, self.folder, self.catalogue, self.metrics = db, folder, catalogue, metrics
        self.stop, self.trouble, self.thread = threading.Event(), "", None

    def start(self):
        """Start."""
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def close(self):
        """Stop after the result that is being written."""
        self.stop.set()
        if self.thread is not None:
            self.thread.join(timeout=60)

    def _carry_all(self, opened):
        """Carry everything that waits; give how many were written."""
        written, trouble = 0, ""
        for row in self._waiting():
            if self.stop.is_set():
                break
            try:
                self._carry(row, opened)
                written += 1
            except Exception as error:  # a locked or full grade book is no reason to lose the result
                trouble = f"{row.week}: {str(error)[:300] or type(error).__name__}"
                # The words may name a learner: the log and the health page go without, `problems` has them.
                why = {"submission": row.id, "week": row.week, "why": type(error).__name__}
                log.error("a result cannot be written to the grade book", extra=why)
        self.trouble = trouble
        return written

    def _run(self):
        pause = EVERY_SECONDS
        while not self.stop.wait(pause):
            try:
                with gradebooks() as opened:  # for as long as results keep coming
                    while self._carry_all(opened) and not self.trouble and not self.stop.wait(EVERY_SECONDS):
                        pass
            except sql.exc.DBAPIError as error:
                self.trouble = f"the database does not answer ({str(error.orig)[:100]})"
            pause = 15 * EVERY_SECONDS if self.trouble else EVERY_SECONDS

    def _waiting(self):
        joined = results.join(submissions, submissions.c.number == results.c.number)
        query = (
            sql.select(submissions, results.c.revision, results.c.record)
            .select_from(joined)
            .where(results.c.delivered.is_(False), newest())
            .order_by(results.c.number)
            .limit(500)
        )
        with reads(self.db) as tx:
            return tx.execute(query).all()

    def _carry(self, row, opened):
        from autograder.cohort import gradebook

        gradebook.write(
            self.catalogue.cohort,
            row.week,
            row.learner,
            row.notebook,
            blobs.get(self.folder, row.sha256),
            datetime.fromtimestamp(row.received, UTC),
            json.loads(row.record),
            row.attempt,
            checks=self.catalogue.checks(row.week),
            isolation=self.isolation,
            gradebook=opened,
        )
        with writes(self.db) as tx:
            mine = (results.c.number == row.number) & (results.c.revision <= row.revision)
            tx.execute(results.update().where(mine).values(delivered=True))
        self.metrics.delivered.inc()
