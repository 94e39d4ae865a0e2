"""The panel's client of the grading service, against a real HTTP server that speaks its API and misbehaves."""

import asyncio
import json

import pytest
from grading_helpers import RIGHT, answered, write
from service_double import DUE, TOKEN, ServiceDouble, exercise
from tiny_weeks import NAME

from autograder.build import read_week
from autograder.lab import course, places, remote
from autograder.lab.desk import Refused
from autograder.lab.extension import Lab

HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m wrong"


@pytest.fixture
def service():
    double = ServiceDouble(NAME)
    double.exercises = [
        exercise("beats_per_minute", points=3, most=3, message="Correct."),
        exercise("faster", points=0, most=2, message=HOSTILE),
    ]
    yield double
    double.close()


@pytest.fixture
def desk(service):
    return remote.RemoteDesk(remote.Service(f"{service.url}/api/v1", TOKEN))


@pytest.fixture
def lab(space, desk):
    return Lab(space, space, desk)


@pytest.fixture
def graded(lab, space, repository):
    write(space / NAME / "assignment.ipynb", answered(read_week(repository / NAME), **RIGHT))
    return places.find_graded(lab, f"{NAME}/assignment.ipynb")


def submit_and_wait(desk, graded):
    async def work():
        seen = [await desk.submit(graded)]
        while seen[-1]["state"] in ("queued", "running"):
            seen.append(await desk.look(seen[0]["id"]))
        return seen

    return asyncio.run(work())


ADDRESSES = {
    "https://grades.example.org": "https://grades.example.org/api/v1",
    "https://grades.example.org/": "https://grades.example.org/api/v1",
    "http://host:8000/services/medlabs/api/v1": "http://host:8000/services/medlabs/api/v1",
}


@pytest.mark.parametrize(("address", "url"), ADDRESSES.items())
def test_the_address_and_the_token_come_from_the_environment(address, url):
    hub = {"MEDLABS_SERVICE": address, "JUPYTERHUB_API_TOKEN": "hub"}
    assert remote.read_settings(hub) == remote.Service(url, "hub")
    assert remote.read_settings(hub | {"MEDLABS_TOKEN": "mine"}).token == "mine"
    assert remote.read_settings({"JUPYTERHUB_API_TOKEN": "hub"}) is None


@pytest.mark.parametrize("address", ["grades.example.org", "ftp://x", "https://", "javascript:alert(1)"])
def test_an_address_that_is_none_is_said(address):
    with pytest.raises(ValueError, match=r"MEDLABS_SERVICE is .*write an address"):
        remote.read_settings({"MEDLABS_SERVICE": address})


def test_a_submission_goes_from_the_queue_to_its_reasons(desk, service, graded):
    seen = submit_and_wait(desk, graded)
    assert [job["state"] for job in seen] == ["queued", "queued", "running", "running", "graded"]
    assert seen[0]["position"] == 2 and seen[3]["progress"] == {"done": 1, "total": 2}
    end = seen[-1]
    assert (end["score"], end["max_score"]) == (3, 5)
    assert [one["passed"] for one in end["exercises"]] == [True, False]
    assert end["exercises"][1]["next"] and "\x1b" not in json.dumps(end)
    assert end["exercises"][1]["message"].startswith("<img"), "text stays text; the panel shows it as text"
    assert {token for *_, token in service.asked} == {TOKEN}


def test_past_attempts_are_listed_and_their_exercises_come_when_asked(desk, graded):
    first = submit_and_wait(desk, graded)[-1]
    past = asyncio.run(desk.attempts(graded.week, "assignment"))
    assert [(one["id"], one["attempt"], one["exercises"]) for one in past] == [(first["id"], 1, None)]
    assert len(asyncio.run(desk.look(past[0]["id"]))["exercises"]) == 2
    assert asyncio.run(desk.attempts(graded.week, "quiz")) == []


def test_the_panel_shows_due_dates_scores_and_attempts_left(lab, desk, graded):
    submit_and_wait(desk, graded)
    shown = asyncio.run(course.overview(lab))
    assert (shown["source"], shown["cohort"], shown["problem"]) == ("service", "Autumn 2026", "")
    (week,) = shown["weeks"]
    assert week["due"] == DUE
    one = next(notebook for notebook in week["notebooks"] if notebook["name"] == "assignment")
    assert (one["score"], one["max_score"], one["attempts_left"], one["done"]) == (3, 5, 4, False)
    assert TOKEN not in json.dumps(shown)


FAULTS = {
    "expired token": ((401, {"detail": "Unknown."}, {}), "does not accept your token.*Sign in again"),
    "not on the roster": ((403, {"detail": "You are not on the roster of this cohort: ask."}, {}), "not on the roster"),
    "another cohort": ((404, {"detail": "There is no such week."}, {}), "no such week.*another cohort"),
    "too late": ((409, {"detail": "The week closed on Monday: ask your instructor."}, {}), "closed on Monday"),
    "too large": ((413, {"detail": "Larger than 20 MB: clear outputs."}, {}), "Larger than 20 MB"),
    "not a notebook": ((422, {"detail": "It is no notebook: save it again."}, {}), "no notebook"),
    "too soon": ((429, {"detail": "Wait a little."}, {"Retry-After": "90"}), r"Wait a little.*again at .*in 90 s"),
    "busy": ((503, {"detail": "The disk is full."}, {}), "in trouble.*disk is full.*saved here"),
    "broken": ((500, b"<html>Oops</html>", {}), "status 500.*saved here"),
    "a portal": ((200, b"<html>Please log in</html>", {}), "not as a grading service does"),
    "a redirect": ((302, b"", {"Location": "http://127.0.0.1:9/steal"}), "status 302"),
    "another shape": ((200, {"hello": "world"}, {}), "does not understand"),
    "a list of nothing": ((200, [[]], {}), "does not understand"),
    "a score that is none": ((200, {"id": "a", "week": "w", "notebook": "n", "received": "r", "sha256": "s",
                                    "state": "graded", "score": "<b>"}, {}), "does not understand"),
}  # fmt: skip


@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
def test_every_fault_of_the_service_is_one_sentence(desk, service, graded, fault, words):
    service.fault = fault
    with pytest.raises(Refused, match=words) as refused:
        asyncio.run(desk.submit(graded))
    assert TOKEN not in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("fault", [fault for fault, _ in FAULTS.values()], ids=FAULTS)
def test_with_a_faulty_service_the_course_is_still_shown(lab, service, fault):
    service.fault = fault
    shown = asyncio.run(course.overview(lab))
    assert shown["problem"]
    assert len(shown["weeks"][0]["notebooks"]) == 4


def test_a_service_that_is_away_hangs_or_hangs_up_is_said_in_words(desk, service, graded, monkeypatch):
    monkeypatch.setattr(remote, "ANSWER_SECONDS", 0.3)
    service.delay = 1.0
    with pytest.raises(Refused, match=r"does not answer in time.*saved here"):
        asyncio.run(desk.submit(graded))
    service.delay = 0.0
    service.fault = (200, b"{}", {"Content-Length": "999"})  # then it hangs up, or never sends the rest
    with pytest.raises(Refused, match=r"cut|in time"):
        asyncio.run(desk.submit(graded))
    service.close()
    with pytest.raises(Refused, match=r"cannot be reached.*saved here"):
        asyncio.run(desk.submit(graded))


def test_a_name_that_no_server_has_and_a_missing_token_are_said(graded):
    nowhere = remote.RemoteDesk(remote.Service("http://no-such-host.invalid/api/v1", TOKEN))
    with pytest.raises(Refused, match=r"cannot be reached|does not answer"):
        asyncio.run(nowhere.submit(graded))
    with pytest.raises(Refused, match=r"has no token.*ask your instructor"):
        asyncio.run(remote.RemoteDesk(remote.Service("http://127.0.0.1:9/api/v1", "")).submit(graded))


@pytest.mark.parametrize("identifier", ["../me", "a/b", "a?b", "", "x" * 65])
def test_an_id_that_is_none_is_never_sent(desk, service, identifier):
    with pytest.raises(Refused, match="no submission"):
        asyncio.run(desk.look(identifier))
    assert service.asked == []
