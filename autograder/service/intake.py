"""Take a submission in: recognise it, hold the rules against it, keep it, and say so; or refuse it in one sentence."""

import errno
import logging
import tempfile
from pathlib import Path

import sqlalchemy as sql

from autograder.grading import identify, reading
from autograder.service import store
from autograder.service.store import Refusal

log = logging.getLogger("medlabs.service")
FULL = "The service has no room to keep your submission. Nothing was counted, nothing is lost: try again later."
BUSY = "The service cannot write just now. Nothing was counted, nothing is lost: try again in a minute."
LEAST_FREE_BYTES = 100_000_000


def accept(desk, person, week_name, content):
    """Take a notebook in.

    Parameters
    ----------
    desk : autograder.service.app.Service
    person : autograder.service.identity.Person
    week_name : str
    content : bytes

    Returns
    -------
    (dict, bool)
        The submission, and whether it is new.

    Raises
    ------
    Refusal
    """
    catalogue = desk.catalogue
    catalogue.released(week_name)
    if person.id not in catalogue.cohort.learners:
        raise Refusal(403, "You are not on the roster of this cohort, so you cannot hand in here: ask your instructor.")
    notebook = recognise(content, catalogue.week(week_name))
    now = desk.clock.now()
    late = catalogue.lateness(week_name, person.id, now)
    if not late.accepted:
        raise Refusal(409, f"It is too late for this week: {late.words}. What you handed in before still counts.")
    if desk.free_bytes() < LEAST_FREE_BYTES:
        raise Refusal(503, FULL, retry_after=600)
    sent = store.Sent(person.id, week_name, notebook, now, late.words if late.days else "")
    try:
        identifier, new = store.keep(desk.db, desk.folder, sent, content, catalogue.rules(week_name))
    except OSError as error:
        log.error("a submission cannot be kept", extra={"why": str(error.strerror)})
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise Refusal(503, FULL if full else BUSY, retry_after=600 if full else 60) from None
    except sql.exc.DBAPIError as error:
        said = str(error.orig)
        log.error("a submission cannot be queued", extra={"why": said[:300]})
        full = "full" in said.lower()
        raise Refusal(503, FULL if full else BUSY, retry_after=600 if full else 60) from None
    if new:
        desk.metrics.received.labels(week_name).inc()
        log.info("received", extra={"submission": identifier, "week": week_name, "bytes": len(content)})
        desk.dispatcher.look()
    return store.view(desk.db, identifier), new


def recognise(content, week):
    """Name the notebook of a week that a learner's bytes are.

    Raises
    ------
    Refusal
        422 with the sentence for the learner.
    """
    with tempfile.TemporaryDirectory(prefix="medlabs-intake-") as folder:
        path = Path(folder) / "your notebook.ipynb"
        try:
            path.write_bytes(content)
        except OSError:
            raise Refusal(503, FULL, retry_after=600) from None
        try:
            return identify.identify(reading.read_notebook(path), week, path.stem)
        except reading.UnreadableError as error:
            raise Refusal(422, str(error).replace(path.name, path.stem)) from None
