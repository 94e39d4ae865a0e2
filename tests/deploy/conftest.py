"""One term on one real hub, for all tests of the hub: made with the command line, served, and stopped at the end."""

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from grading_helpers import medlabs
from tiny_weeks import GOLDEN, NAME

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "deploy")]

import running_hub  # noqa: E402

ROSTER = """id,name,email
ada,Ada Lovelace,ada@example.org
ben,Ben Okri,ben@example.org
Zoe@uni,Zoë Berg,zoe@example.org
"""
STAFF = {"MEDLABS_INSTRUCTORS": "prof", "MEDLABS_GRADERS": "cy"}


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """Make a repository with a tiny week, and a cohort whose week is released; the week is due soon."""
    folder = tmp_path_factory.mktemp("hub") / "room"
    shutil.copytree(GOLDEN, folder / "repo")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    due = f"{NAME}={datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%S}"
    for words in (
        ("create", "autumn", "--roster", folder / "roster.csv", "--dir", folder / "cohort", "--due", due),
        ("release", NAME, "--cohort", folder / "cohort"),
    ):
        done = medlabs(folder / "repo", "cohort", *words)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def hub(place, tmp_path_factory):
    """Start the hub: as shipped, in a room with systemd, where that can be had; else with plain processes."""
    folder = tmp_path_factory.mktemp("hub") / "run"
    settings = STAFF | {"MEDLABS_AUTHENTICATOR": "pam", "MEDLABS_MEMORY": "700M"}
    kind = running_hub.SystemdHub if running_hub.SystemdHub.possible() else running_hub.Hub
    for parent in [place, *place.parents]:  # pytest keeps its folders to itself, and the service has another account
        if parent.stat().st_uid == os.geteuid() and parent != Path("/") and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    with kind(folder, place, settings) as running:
        running.wait_until(running.service_answers)
        yield running


@pytest.fixture(scope="session")
def people(hub):
    """Sign everybody in; the two learners start their servers at the same time."""
    from concurrent.futures import ThreadPoolExecutor

    there = {name: hub.person(name) for name in ("ada", "ben", "prof", "cy")}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: there[name].start_server(), ("ada", "ben")))
    return there
