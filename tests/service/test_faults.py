"""Full disks, locked databases, two services, a broken edit: what happens then is decided, and nothing is half done."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from grading_helpers import RIGHT, answered
from service.running import KIND, Running, client, give_tokens, hand_in, make_cohort, serving_here, wait_for, wait_until
from tiny_weeks import NAME, make_week

from autograder.build import build_week
from autograder.service import identity, schema, store
from autograder.service.app import Service, create_app
from autograder.service.catalogue import Catalogue
from autograder.service.clock import Clock


class Nobody:
    """Workers of whom there are none: what is handed in waits."""

    def size(self):
        return 0

    def close(self):
        pass


@pytest.fixture
def made(tmp_path):
    week = make_week(tmp_path / "courses")
    build_week(week)
    cohort = make_cohort(tmp_path / "cohort", tmp_path / "courses", ["ada", "bob"], {NAME: None})
    return week, cohort, give_tokens(cohort.folder, ["ada", "bob"])


@pytest.fixture
def waiting(made, tmp_path, monkeypatch):
    """A service without workers inside this process, and its client."""
    week, cohort, tokens = made
    monkeypatch.setenv("MEDLABS_ROOT", str(tmp_path / "courses"))
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.3)
    service = Service(
        Catalogue(cohort.folder),
        schema.connect(f"sqlite:///{cohort.folder / '.medlabs' / 'service.db'}"),
        Nobody(),
        identity.LocalTokens(cohort.folder / ".medlabs" / identity.TOKENS, Clock()),
    )
    with serving_here(create_app(service)) as url, client(url, tokens["ada"]) as asker:
        yield service, asker, week


def send(asker, week, mark=0):
    notebook = answered(week, **{name: f"{text}\n# {mark}" for name, text in RIGHT.items()})
    return asker.post("/api/v1/submissions", params={"week": NAME}, content=json.dumps(notebook).encode(), headers=KIND)


def test_a_locked_database_is_said_in_words_and_nothing_is_half_done(waiting):
    service, asker, week = waiting
    holder = sqlite3.connect(service.catalogue.folder / ".medlabs" / "service.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    answer = send(asker, week)
    holder.execute("ROLLBACK")
    holder.close()
    assert (answer.status_code, answer.json()["detail"].split(".")[0]) == (503, "The service cannot write just now")
    assert answer.headers["retry-after"] == "60"
    assert asker.get("/api/v1/submissions").json() == []
    assert send(asker, week).json()["attempt"] == 1


def test_too_little_room_is_refused_before_anything_is_written(waiting, monkeypatch):
    service, asker, week = waiting
    monkeypatch.setattr(service, "free_bytes", lambda: 10**6)
    answer = send(asker, week)
    assert (answer.status_code, "no room" in answer.json()["detail"]) == (503, True)
    assert not list(service.folder.rglob("*.ipynb"))
    health = asker.get("/health")
    assert (health.status_code, health.json()["status"]) == (503, "failing")
    assert health.json()["problems"] == ["only 1 MB are free where submissions are kept"]
    monkeypatch.undo()
    assert send(asker, week).status_code == 202


FULL_DISK = """
    import errno, sys
    from pathlib import Path
    import sqlalchemy as sql
    from autograder.service import blobs, schema, store
    place = Path(sys.argv[1])
    db = schema.connect(f"sqlite:///{place / 'service.db'}")
    sent = store.Sent("ada", "c/w", "assignment", 1.0)
    kept, refused = 0, 0
    for n in range(200):
        content = bytes([n % 256]) * (40_000 if n < 100 else 500)
        try:
            store.keep(db, place / "contents", sent, content + b"%d" % n)
            kept += 1
        except OSError as error:
            assert error.errno == errno.ENOSPC, error
            refused += 1
        except sql.exc.DBAPIError as error:
            assert "full" in str(error.orig), error.orig
            refused += 1
    rows = store.view_all(db, learner="ada")
    assert len(rows) == kept, (len(rows), kept)
    assert kept and refused, (kept, refused)
    for row in rows:
        blobs.get(place / "contents", row["sha256"])
    assert not list(place.rglob("*.part"))
    for file in list((place / "contents").rglob("*.ipynb"))[:5]:
        file.unlink()
    store.keep(db, place / "contents", sent, b"there is room again")
    print(kept, refused)
"""


def test_a_disk_that_fills_up_loses_nothing_that_was_accepted(tmp_path):
    """A real file system of a megabyte, filled to the last byte; then room is made, and work goes on."""
    script = tmp_path / "fill.py"
    script.write_text(textwrap.dedent(FULL_DISK))
    place = tmp_path / "small"
    place.mkdir()
    line = f"mount -t tmpfs -o size=1m none {place} && exec {sys.executable} {script} {place}"
    options = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]
    done = subprocess.run(
        [shutil.which("unshare"), *options, "sh", "-c", line], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]
    kept, refused = map(int, done.stdout.split())
    assert kept > 5
    assert refused > 5


def test_twenty_clicks_over_http_are_one_submission(waiting):
    _, asker, week = waiting
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _: send(asker, week), range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [202]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_broken_edit_of_the_cohort_is_left_out_and_named(waiting):
    service, asker, week = waiting
    path = service.catalogue.folder / "cohort.toml"
    good = path.read_text()
    path.write_text(good + "\n[weeks.'course1_tiny/week1_hearts'.extensions]\nada-who-left = 2030-01-01\n")
    assert send(asker, week).status_code == 202
    (problem,) = asker.get("/health").json()["problems"]
    assert problem.startswith("a change of the cohort cannot be read and is left out")
    assert "ada" not in problem, "the page is for everybody"
    (reason,) = service.problems()
    assert "'ada-who-left'" in reason
    path.write_text(good.replace('attempts = "unlimited"', "attempts = 1"))
    assert send(asker, week, mark=1).status_code == 409
    assert asker.get("/health").json()["problems"] == []


def test_too_late_is_refused_and_late_is_said(waiting):
    service, asker, week = waiting
    path = service.catalogue.folder / "cohort.toml"
    good = path.read_text()
    path.write_text(good.replace("# due = 2026-12-01T18:00:00", "due = 2020-01-01T12:00:00"))
    late = send(asker, week).json()["late"]
    assert "days late" in late
    path.write_text(path.read_text().replace('late_days = "unlimited"', "late_days = 3"))
    answer = send(asker, week, mark=2)
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("It is too late for this week")
    assert len(asker.get("/api/v1/submissions").json()) == 1


def test_a_grade_book_that_cannot_be_written_keeps_nobody_waiting_for_a_score(made):
    """Without nbgrader's gradebook results stay, and the health page says what they wait for; then they are written."""
    week, cohort, tokens = made
    book = cohort.folder / NAME.split("/")[0] / "gradebook.db"
    book.rename(book.with_suffix(".away"))
    with (
        Running(cohort.folder, cohort.repository, "--workers", 1) as service,
        client(service.url, tokens["ada"]) as ada,
    ):
        identifier = hand_in(ada, NAME, answered(week, **RIGHT)).json()["id"]
        assert wait_for(ada, identifier)["score"] == 3.5
        wait_until(lambda: ada.get("/health").json()["undelivered"] == 1)
        wait_until(lambda: "results wait for the grade book" in str(ada.get("/health").json()["problems"]))
        with client(service.url, tokens["prof"]) as prof:
            assert "has no gradebook.db yet" in prof.get("/api/v1/problems").json()[0]
        assert not any("gradebook.db" in line for line in service.lines), "the log goes without an error's words"
        book.with_suffix(".away").rename(book)
        wait_until(lambda: ada.get("/health").json()["undelivered"] == 0)


def test_two_services_on_one_queue_grade_everything_once(made, postgres):
    week, cohort, tokens = made
    url = postgres.new_database()
    options = ("--workers", 1, "--database", url)
    notebooks = [answered(week, **{name: f"{text}\n# {n}" for name, text in RIGHT.items()}) for n in range(24)]
    with (
        Running(cohort.folder, cohort.repository, *options) as one,
        Running(cohort.folder, cohort.repository, *options) as two,
        client(one.url, tokens["ada"]) as at_one,
        client(two.url, tokens["ada"]) as at_two,
    ):

        def both(notebook):  # the same, to both services at the same moment
            with ThreadPoolExecutor(2) as pair:
                return [
                    answer.json()["id"] for answer in pair.map(lambda a: hand_in(a, NAME, notebook), (at_one, at_two))
                ]

        pairs = [both(notebook) for notebook in notebooks]
        assert all(first == second for first, second in pairs)
        for identifier, _ in pairs:
            assert wait_for(at_two, identifier)["score"] == 3.5
        graded = [sum(line["message"] == "graded" for line in service.log) for service in (one, two)]
    assert sum(graded) == 24
    assert min(graded) > 0, "both took part"
    db = schema.connect(url)
    assert sorted(row["attempt"] for row in store.view_all(db)) == list(range(1, 25))
    db.dispose()


def test_a_service_that_is_asked_to_stop_puts_back_what_runs(made):
    week, cohort, tokens = made
    slow = "def faster(first, second):\n    import time\n    time.sleep(2)\n    return first > second"
    options = ("--workers", 1)
    with Running(cohort.folder, cohort.repository, *options) as service, client(service.url, tokens["ada"]) as ada:
        identifier = hand_in(ada, NAME, answered(week, **RIGHT | {"faster": slow})).json()["id"]
        wait_until(lambda: ada.get(f"/api/v1/submissions/{identifier}").json()["state"] == "running")
    with Running(cohort.folder, cohort.repository, *options) as service, client(service.url, tokens["ada"]) as ada:
        assert wait_for(ada, identifier)["state"] in ("graded", "limit")


def test_threads_of_a_stopped_service_end(waiting):
    service, _, _ = waiting
    service.dispatcher.close()
    service.delivery.close()
    assert not any(thread.is_alive() for thread in service.dispatcher.threads)
    assert threading.active_count() < 60
