"""Take submissions to the grading service of a cohort. The token stays in this process; the browser never sees it."""

import contextlib
import json
import math
import re
import socket
import ssl
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpclient import HTTPError as ClientError
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

from autograder.grading import reading
from autograder.grading.messages import tidy
from autograder.lab import attempts
from autograder.lab.desk import Refused

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0
SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
NOTEBOOK_TYPE = "application/x-ipynb+json"
STRANGE = "The grading service said something that this lab does not understand: tell your instructor."
AGAIN = "Your work is saved here: submit again in a few minutes, and tell your instructor if it lasts."


class Service(NamedTuple):
    """Where the grading service is, and the token that says who asks."""

    url: str
    token: str

    @property
    def host(self):
        """Name the service to a person."""
        return urlsplit(self.url).netloc


def read_settings(environment):
    """Read which service this lab hands in to.

    Parameters
    ----------
    environment : mapping
        ``MEDLABS_SERVICE`` is its address; the token is ``MEDLABS_TOKEN``, or the one that JupyterHub gave this server.

    Returns
    -------
    Service or None
        None for self-study.

    Raises
    ------
    ValueError
        If the address is none.
    """
    address = environment.get("MEDLABS_SERVICE", "").strip().rstrip("/")
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"MEDLABS_SERVICE is {address!r}: write an address such as https://grades.example.org.")
    token = environment.get("MEDLABS_TOKEN", "").strip() or environment.get("JUPYTERHUB_API_TOKEN", "").strip()
    base = address if address.endswith("/api/v1") else f"{address}/api/v1"
    return Service(base, token)


class RemoteDesk:
    """The desk of a cohort's grading service.

    Parameters
    ----------
    service : Service
    """

    source = "service"

    def __init__(self, service):
        self.service = service

    async def submit(self, graded):
        """Send a notebook; give its job."""
        content = reading.read_bytes(graded.place.path)
        said = await self._ask(f"/submissions?week={quote(graded.week.name, safe='')}", content)
        return as_job(said)

    async def look(self, identifier):
        """Say how a submission stands."""
        if not SAFE_ID.fullmatch(identifier):
            raise Refused("That is no submission: look at your past attempts.")
        return as_job(await self._ask(f"/submissions/{identifier}"))

    async def attempts(self, week, name):
        """List past attempts of a notebook, newest first, without their exercises: the browser asks for those it shows."""
        me = await self._ask("/me")  # an instructor would be told of everybody's
        try:
            own = f"week={quote(week.name, safe='')}&learner={quote(me['id'], safe='')}"
        except (KeyError, TypeError):
            raise Refused(STRANGE) from None
        said = await self._ask(f"/submissions?{own}")
        try:
            past = [one for one in said if one["notebook"] == name and one["state"] not in ("queued", "running")]
            return [as_job(one) | {"attempt": _number(one["attempt"]), "exercises": None} for one in past]
        except (KeyError, TypeError):
            raise Refused(STRANGE) from None

    async def standing(self, weeks):
        """Say what is due and what was reached; where the service cannot be asked, say why instead."""
        empty = {"cohort": "", "problem": "", "weeks": {}, "notebooks": {}}
        try:
            me, listed = await self._ask("/me"), await self._ask("/weeks")
        except Refused as refused:
            return empty | {"problem": str(refused)}
        try:
            cohort = {"cohort": _words(me.get("cohort"), 200)}
            return empty | cohort | {"weeks": _weeks(listed), "notebooks": _notebooks(listed)}
        except (KeyError, TypeError, AttributeError, ValueError):
            return empty | {"problem": STRANGE}

    def warm(self, week):
        """Nothing to do: the service is as warm as it is."""

    def close(self):
        """Nothing is kept open."""

    async def _ask(self, path, content=None):
        """Send one request; give the JSON that comes back.

        Raises
        ------
        Refused
            In one sentence that says what to do.
        """
        headers = {"Authorization": f"Bearer {self.service.token}", "Accept": "application/json"}
        if content is not None:
            headers["Content-Type"] = NOTEBOOK_TYPE
        if not self.service.token:
            raise Refused("This lab has no token for the grading service: ask your instructor for one (MEDLABS_TOKEN).")
        request = HTTPRequest(
            self.service.url + path,
            method="GET" if content is None else "POST",
            headers=headers,
            body=content,
            connect_timeout=CONNECT_SECONDS,
            request_timeout=ANSWER_SECONDS,
            follow_redirects=False,  # the token is for this address alone
        )
        try:
            answer = await AsyncHTTPClient().fetch(request)
            return json.loads(answer.body)
        except ClientError as error:
            raise self._refused(error, sending=content is not None) from None
        except (OSError, ssl.SSLError, socket.gaierror):
            raise Refused(f"The grading service ({self.service.host}) cannot be reached. {AGAIN}") from None
        except ValueError:
            raise Refused(
                f"{self.service.host} answers, but not as a grading service does: ask your instructor for its address."
            ) from None

    def _refused(self, error, *, sending):
        """Turn a refusal of the service into a sentence."""
        host = self.service.host
        if isinstance(error, HTTPTimeoutError):
            return Refused(f"The grading service ({host}) does not answer in time. {AGAIN}")
        if isinstance(error, HTTPStreamClosedError):
            return Refused(f"The connection to the grading service ({host}) was cut. {AGAIN}")
        detail = _detail(error.response)
        if error.code == 401:
            return Refused(
                f"The grading service ({host}) does not accept your token: it is expired or wrong. Sign in again (on a hub: stop "
                "and start your server), or ask your instructor for a new token. Your work is saved."
            )
        if error.code == 404:
            known = detail or "The grading service does not know this."
            return Refused(f"{known} Is it a notebook of another cohort?" if sending else known)
        if error.code == 429:
            return Refused(f"{detail or 'You may not submit again yet.'}{_when(error.response)}")
        if error.code in (400, 403, 409, 413, 415, 422) and detail:
            return Refused(detail)
        return Refused(f"The grading service ({host}) is in trouble (status {error.code}). {detail} {AGAIN}")


def as_job(said):
    """Give of a submission as the service tells it what the browser is shown; every text is plain text.

    Raises
    ------
    Refused
        If it is not what was agreed.
    """
    try:
        job = {
            "id": str(said["id"]),
            "week": str(said["week"]),
            "notebook": str(said["notebook"]),
            "received": str(said["received"]),
            "receipt": str(said["sha256"])[:12],
            "late": _words(said.get("late"), 500),
            "state": str(said["state"]),
            "position": _number(said.get("position")),
            "progress": {key: _number((said.get("progress") or {}).get(key)) for key in ("done", "total")},
        }
        if job["state"] in ("queued", "running"):
            return job
        filled = {"message": "", "notes": [], "exercises": [], "score": None, "max_score": None} | said
        record = {
            "state": job["state"],
            "notebook": job["notebook"],
            "score": _number(filled["score"]),
            "max_score": _number(filled["max_score"]),
            "message": _words(filled["message"], 2000),
            "notes": [_words(note, 2000) for note in filled["notes"]],
            "exercises": [_exercise(exercise) for exercise in filled["exercises"]],
        }
        return job | attempts.shown(record)
    except (KeyError, TypeError, AttributeError):
        raise Refused(STRANGE) from None


def _exercise(said):
    return {
        "id": str(said["id"])[:200],
        "title": _words(said["title"], 500),
        "points": _number(said["points"]),
        "max_points": _number(said["max_points"]),
        "passed": said["passed"] is True,
        "message": _words(said["message"], 5000),
    }


def _weeks(listed):
    return {
        str(week["week"]): {
            "released": week["released"] is not False,
            "due": _words(week.get("due"), 50) or None,
            "late_until": _words(week.get("late_until"), 50) or None,
        }
        for week in listed
    }


def _notebooks(listed):
    found = {}
    for week in listed:
        for notebook in week["notebooks"]:
            about = {key: _number(notebook.get(key)) for key in ("attempts_used", "attempts_left", "max_score")}
            about["next_attempt_at"] = _words(notebook.get("next_attempt_at"), 50) or None
            found[str(week["week"]), str(notebook["name"])] = about | {"score": _number(notebook.get("best_score"))}
    return found


def _number(value):
    """Let a finite number or None through, and nothing else."""
    if value is None or (isinstance(value, int | float) and math.isfinite(value)):
        return value
    raise TypeError(f"no number: {value!r}")


def _words(text, longest):
    return tidy(str(text or ""), longest=longest)


def _detail(response):
    with contextlib.suppress(ValueError, AttributeError, KeyError, TypeError):
        return _words(json.loads(response.body)["detail"], 500)
    return ""


def _when(response):
    """Say when it may be tried again, if the service said so in seconds."""
    seconds = response.headers.get("Retry-After", "") if response else ""
    if not seconds.isdigit():
        return ""
    at = datetime.fromtimestamp(datetime.now().timestamp() + int(seconds[:9]))
    return f" You may submit again at {at:%H:%M:%S} (in {int(seconds)} s)."
