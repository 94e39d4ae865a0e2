"""Who asks: found out from a token, never from a file or a name that somebody sent."""

import hashlib
import json
import secrets
import threading
import time
from pathlib import Path
from typing import NamedTuple

from autograder.service.store import Refusal
from autograder.workspace import write_whole

LEARNER, INSTRUCTOR = "learner", "instructor"
TOKENS = "tokens.json"
REMEMBERED_SECONDS = 60.0
UNKNOWN = "This token is not known here: ask your instructor for a new one, or start your server on the hub again."


class Person(NamedTuple):
    """Somebody whose token was checked."""

    id: str
    role: str


class LocalTokens:
    """Tokens that an instructor gave out, kept as hashes in the cohort.

    Parameters
    ----------
    path : pathlib.Path
        ``tokens.json`` of the cohort; read again when it changes.
    clock : autograder.service.clock.Clock
    """

    def __init__(self, path, clock):
        self.path, self.clock, self.stamp, self.known = Path(path), clock, None, {}

    def who(self, token):
        """Give the person behind a token.

        Raises
        ------
        Refusal
            401 if it is unknown or has expired.
        """
        entry = self._read().get(hash_of(token))
        if entry is None:
            raise Refusal(401, UNKNOWN)
        if entry.get("expires") is not None and entry["expires"] < self.clock.now():
            raise Refusal(401, "This token has expired: ask your instructor for a new one.")
        return Person(entry["id"], entry["role"])

    def _read(self):
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self.stamp:
            self.known, self.stamp = read_tokens(self.path), stamp
        return self.known


class HubTokens:
    """Tokens of a JupyterHub, asked of the hub and remembered for a minute.

    Parameters
    ----------
    api_url : str
        The hub's API, as ``http://127.0.0.1:8081/hub/api``.
    groups : sequence of str
        Groups of the hub whose members are instructors.
    service : str, optional
        This service's name on the hub; a token must have been made for it (``access:services!service=NAME``), so that
        one given to another service is worth nothing here.
    """

    def __init__(self, api_url, groups=(), service=None):
        import httpx

        self.client = httpx.Client(base_url=api_url.rstrip("/") + "/", timeout=10)
        self.groups, self.lock, self.known = set(groups), threading.Lock(), {}
        self.scopes = {"access:services", f"access:services!service={service}"} if service else None

    def who(self, token):
        """Give the person behind a token; see :meth:`LocalTokens.who`.

        Raises
        ------
        Refusal
            401 if the hub does not know it, 403 if it is for other services, 503 if the hub does not answer.
        """
        key, now = hash_of(token), time.monotonic()
        with self.lock:
            person, since = self.known.get(key, (None, 0.0))
        if person is not None and now - since < REMEMBERED_SECONDS:
            return person
        person = self._ask(token)
        with self.lock:
            self.known = {k: v for k, v in self.known.items() if now - v[1] < REMEMBERED_SECONDS}
            self.known[key] = (person, now)
        return person

    def _ask(self, token):
        import httpx

        try:
            answer = self.client.get("user", headers={"Authorization": f"token {token}"})
        except httpx.HTTPError:
            raise Refusal(503, "The hub does not answer, so nobody can be recognised: try again in a minute.") from None
        if answer.status_code in (401, 403, 404):
            raise Refusal(401, UNKNOWN)
        if answer.status_code != 200:
            raise Refusal(503, "The hub answers with an error, so nobody can be recognised: try again in a minute.")
        said = answer.json()
        if said.get("kind") != "user":
            raise Refusal(401, UNKNOWN)
        if self.scopes and not self.scopes & set(said.get("scopes", [])):
            raise Refusal(403, "This token of the hub is not for the grading service: start your server there again.")
        instructs = bool(said.get("admin")) or bool(self.groups & set(said.get("groups", [])))
        return Person(said["name"], INSTRUCTOR if instructs else LEARNER)


class Either:
    """Asks one source of identity after another."""

    def __init__(self, *sources):
        self.sources = sources

    def who(self, token):
        """Give the person behind a token from the first source that knows it."""
        *others, last = self.sources
        for source in others:
            try:
                return source.who(token)
            except Refusal as refusal:
                if refusal.status != 401 or "expired" in refusal.words:
                    raise
        return last.who(token)


def give_tokens(path, people, *, expires=None):
    """Make a new token for each person; older ones of theirs end.

    Parameters
    ----------
    path : pathlib.Path
        ``tokens.json``; it keeps hashes only.
    people : list of Person
    expires : float, optional
        Seconds since 1970.

    Returns
    -------
    dict of str to str
        Id to token. They are shown this once.
    """
    given = {person.id: secrets.token_urlsafe(32) for person in people}
    known = {key: entry for key, entry in read_tokens(path).items() if entry["id"] not in given}
    for person in people:
        known[hash_of(given[person.id])] = {"id": person.id, "role": person.role, "expires": expires}
    write_whole(path, json.dumps(known, indent=1).encode())
    Path(path).chmod(0o600)
    return given


def read_tokens(path):
    """Read the hashes of tokens that were given out.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    try:
        known = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        known = None
    if not isinstance(known, dict) or not all(isinstance(e, dict) and {"id", "role"} <= set(e) for e in known.values()):
        raise ValueError(f"{path} is damaged: delete it and give out new tokens with `medlabs cohort tokens`.")
    return known


def hash_of(token):
    """Give what is kept of a token. It is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
