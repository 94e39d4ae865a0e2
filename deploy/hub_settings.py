"""What a hub of medlabs is told by its environment, checked before anything starts."""

import os
import pwd
import re
import shlex
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from autograder.cohort.roster import is_id

ACCOUNT = "medlabs"


class Settings(NamedTuple):
    """How one hub is set up. Each field is the variable of the same name: ``cohort`` is ``MEDLABS_COHORT``."""

    cohort: Path  # the cohort's folder
    state: Path = Path("/var/lib/medlabs-hub")  # the hub's own database, secret and settings
    account: str | None = ACCOUNT  # owns the cohort; runs the grading service and formgrader
    instructors: tuple = ()
    graders: tuple = ()
    authenticator: str = "lti"  # lti, pam, or the dotted name of any authenticator's class
    bind: str = "http://127.0.0.1:8000"  # where the proxy listens; TLS ends before it
    subdomains: str = ""  # https://hub.example.org: each learner gets a host name of their own
    hub_port: int = 8081
    proxy_port: int = 8001
    service_port: int = 8787  # formgrader of the first course is on the next port, and so on
    memory: str = "2G"  # of one person's server
    cpus: float = 2.0
    idle_minutes: int = 60  # after which a server that nobody uses is stopped
    most_servers: int = 0  # at the same time; 0: no limit
    serve_options: tuple = ()  # more words for `medlabs serve`, as "--workers 4"

    @property
    def staff(self):
        """Everybody who may see the work of others."""
        return (*self.instructors, *self.graders)


def read(environment=None):
    """Read the settings.

    Parameters
    ----------
    environment : mapping, optional
        ``os.environ`` when left out.

    Returns
    -------
    Settings

    Raises
    ------
    ValueError
        One sentence that names the variable and what to write there.
    """
    environment = os.environ if environment is None else environment
    told = {
        name: environment[f"MEDLABS_{name.upper()}"]
        for name in Settings._fields
        if environment.get(f"MEDLABS_{name.upper()}")
    }
    if "cohort" not in told:
        raise ValueError("MEDLABS_COHORT is not set: give it the folder that `medlabs cohort create` made.")
    values = {name: _READERS.get(name, _as_it_is)(name, text) for name, text in told.items()}
    settings = Settings(**values)
    both = sorted(set(settings.instructors) & set(settings.graders))
    if both:
        raise ValueError(f"{both[0]} is named in MEDLABS_INSTRUCTORS and MEDLABS_GRADERS: once is enough.")
    return settings._replace(account=_account(settings.account))


def _as_it_is(_, text):
    return text


def _folder(name, text):
    path = Path(text)
    if not path.is_absolute():
        raise ValueError(f"MEDLABS_{name.upper()} is {text!r}: write the whole path, from / on.")
    if name == "cohort" and not (path / "cohort.toml").is_file():
        raise ValueError(f"MEDLABS_COHORT is {text!r}, where no cohort.toml is: give the folder of a cohort.")
    return path


def _ids(name, text):
    ids = tuple(word for word in re.split(r"[,\s]+", text) if word)
    for word in ids:
        if not is_id(word):
            raise ValueError(
                f"MEDLABS_{name.upper()} names {word!r}: an id is of ASCII letters, digits and . _ @ - inside, and ids are "
                "divided by commas."
            )
    return ids


def _number(kind, least, most):
    def read_number(name, text):
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise ValueError(f"MEDLABS_{name.upper()} is {text!r}: give a number from {least} to {most}.")
        return value

    return read_number


def _memory(name, text):
    if not re.fullmatch(r"\d+[MG]", text):
        raise ValueError(f"MEDLABS_{name.upper()} is {text!r}: give megabytes or gigabytes, as 1500M or 2G.")
    return text


def _address(name, text):
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError(f"MEDLABS_{name.upper()} is {text!r}: give http:// or https:// and a host, without a path.")
    return text.rstrip("/")


def _authenticator(name, text):
    if "dummy" in text.lower():
        raise ValueError("MEDLABS_AUTHENTICATOR is a dummy, which lets anybody in under any name: choose a real one.")
    if text not in ("lti", "pam") and "." not in text:
        raise ValueError(f"MEDLABS_AUTHENTICATOR is {text!r}: write lti, pam, or the dotted name of a class.")
    return text


def _words(_, text):
    return tuple(shlex.split(text))


def _account(name):
    """Give the account that services run as; None where the hub is an ordinary user, who can be nobody else."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(name)
    except KeyError:
        raise ValueError(
            f"There is no account {name!r} on this machine: make it (useradd --system {ACCOUNT}), give it the cohort "
            "(chown -R), or name another in MEDLABS_ACCOUNT."
        ) from None
    return name


_READERS = {
    "cohort": _folder,
    "state": _folder,
    "instructors": _ids,
    "graders": _ids,
    "authenticator": _authenticator,
    "bind": _address,
    "subdomains": _address,
    "hub_port": _number(int, 1, 65535),
    "proxy_port": _number(int, 1, 65535),
    "service_port": _number(int, 1, 65000),
    "memory": _memory,
    "cpus": _number(float, 0.1, 256),
    "idle_minutes": _number(int, 5, 10_000),
    "most_servers": _number(int, 0, 100_000),
    "serve_options": _words,
}
