"""The service over HTTP, as a learner, a neighbour, an instructor and a stranger meet it."""

import io
import json
import zipfile

import pytest
from grading_helpers import RIGHT, WRONG, answered
from service.running import Running, client, give_tokens, hand_in, make_cohort, wait_for
from tiny_weeks import NAME, make_week

from autograder.build import build_week

SECRETS = ("### BEGIN", "assert beats", "default_rng")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("service")
    week = make_week(root / "courses")
    build_week(week)
    cohort = make_cohort(root / "cohort", root / "courses", ["ada", "bob"], {NAME: "2030-01-01T12:00:00"})
    tokens = give_tokens(cohort.folder, ["ada", "bob", "stranger"])
    with Running(cohort.folder, root / "courses", "--workers", 1) as service:
        yield service, tokens, week


@pytest.fixture
def people(place):
    service, tokens, _ = place
    opened = {name: client(service.url, token) for name, token in tokens.items()}
    opened["nobody"] = client(service.url)
    opened["forger"] = client(service.url, "x" * 43)
    yield opened
    for each in opened.values():
        each.close()


def test_a_learner_hands_in_reads_the_score_and_the_reason(place, people):
    _, _, week = place
    notebook = answered(week, beats_per_minute=RIGHT["beats_per_minute"], faster=WRONG["faster"])
    receipt = hand_in(people["ada"], NAME, notebook)
    assert receipt.status_code == 202
    said = receipt.json()
    assert (said["attempt"], said["notebook"], said["late"]) == (1, "assignment", "")
    graded = wait_for(people["ada"], said["id"])
    assert (graded["state"], graded["score"], graded["max_score"]) == ("graded", 2, 3.5)
    assert [exercise["passed"] for exercise in graded["exercises"]] == [True, False]
    assert graded["progress"] == {"done": 2, "total": 2}
    page = people["ada"].get(f"/api/v1/submissions/{said['id']}/feedback")
    assert page.status_code == 200
    assert "Not yet" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert not any(secret in graded["exercises"][1]["message"] + page.text for secret in SECRETS)
    again = hand_in(people["ada"], NAME, notebook)
    assert (again.status_code, again.json()["id"]) == (200, said["id"])
    listed = people["ada"].get("/api/v1/submissions").json()
    assert [attempt["id"] for attempt in listed] == [said["id"]]
    weeks = people["ada"].get("/api/v1/weeks").json()
    assert weeks[0]["due"] == "2030-01-01T12:00:00+00:00"
    state = {item["name"]: item for item in weeks[0]["notebooks"]}["assignment"]
    assert (state["attempts_used"], state["attempts_left"], state["best_score"], state["max_score"]) == (
        1,
        None,
        2,
        3.5,
    )


def test_the_release_is_what_learners_get(place, people):
    answer = people["bob"].get(f"/api/v1/weeks/{NAME}/release")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert f"{NAME}/assignment.ipynb" in names
    assert not any(name.endswith((".py", ".toml")) or name.startswith(("/", "..")) for name in names)
    assert b"BEGIN SOLUTION" not in zipfile.ZipFile(io.BytesIO(answer.content)).read(f"{NAME}/assignment.ipynb")


def test_who_am_i(people):
    assert people["ada"].get("/api/v1/me").json() == {
        "id": "ada",
        "name": "Learner Ada",
        "role": "learner",
        "cohort": "autumn",
    }
    assert people["prof"].get("/api/v1/me").json()["role"] == "instructor"


@pytest.fixture(scope="module")
def hers(place):
    service, tokens, week = place
    with client(service.url, tokens["ada"]) as ada:
        identifier = hand_in(ada, NAME, answered(week, **RIGHT)).json()["id"]
        wait_for(ada, identifier)
    return identifier


# Who may do what: every endpoint, with the status for her, her neighbour, somebody off the roster, an instructor,
# somebody with a forged token, and somebody without one.
ENDPOINTS = {
    "GET /api/v1/me": (200, 200, 403, 200, 401, 401),
    "GET /api/v1/weeks": (200, 200, 403, 200, 401, 401),
    "GET /api/v1/weeks/{week}/release": (200, 200, 403, 200, 401, 401),
    "GET /api/v1/submissions": (200, 200, 403, 200, 401, 401),
    "GET /api/v1/submissions?learner=ada": (200, 403, 403, 200, 401, 401),
    "GET /api/v1/submissions/{hers}": (200, 404, 404, 200, 401, 401),
    "GET /api/v1/submissions/{hers}/feedback": (200, 404, 404, 200, 401, 401),
    "GET /api/v1/problems": (403, 403, 403, 200, 401, 401),
    "POST /api/v1/submissions/{hers}/retry": (403, 403, 403, 200, 401, 401),
    "POST /api/v1/submissions?week={week}": (422, 422, 403, 403, 401, 401),
}
WHO = ("ada", "bob", "stranger", "prof", "forger", "nobody")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_who_may_do_what(people, hers, endpoint):
    method, path = endpoint.split()
    path = path.replace("{hers}", hers).replace("{week}", NAME)
    got = tuple(people[name].request(method, path).status_code for name in WHO)
    assert got == ENDPOINTS[endpoint]


def test_every_endpoint_is_in_that_table(place, people):
    document = people["nobody"].get("/openapi.json").json()
    listed = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    shapes = {path.split("?")[0].replace("{hers}", "{identifier}") for path in ENDPOINTS}
    shapes = {path.replace("{week}", "{course}/{week}") for path in shapes}
    assert listed - {"GET /health", "GET /metrics"} == shapes


def test_what_is_not_hers_looks_as_if_it_were_not_there(people, hers):
    missing = people["bob"].get("/api/v1/submissions/" + "0" * 32)
    hidden = people["bob"].get(f"/api/v1/submissions/{hers}")
    assert missing.json() == hidden.json() == {"detail": "There is no such submission of yours."}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/weeks/../../etc/passwd/release",
        "/api/v1/weeks/..%2f..%2fcourse1_tiny/week1_hearts/release",
        "/api/v1/weeks/course1_tiny/..%2fweek1_hearts/release",
        "/api/v1/submissions/..%2f..%2f..%2fetc%2fpasswd",
        "/api/v1/submissions/%00",
        "/static-offline-docs/..%2f..%2f__init__.py",
        "/.medlabs/tokens.json",
    ],
)
def test_path_tricks_lead_nowhere(people, path):
    answer = people["ada"].get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "FastAPIOffline" not in answer.text


def other_week(week):
    notebook = answered(week, **RIGHT)
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
    notebook.metadata["medlabs"] = {"week": "course9/week9", "notebook": "assignment"}
    return json.dumps(notebook).encode()


BAD = {
    "nothing": (lambda week: b"", 422, "your notebook is empty"),
    "not JSON": (lambda week: b"hello", 422, "is not a notebook: it is not JSON"),
    "cut off": (lambda week: json.dumps(answered(week, **RIGHT)).encode()[:-40], 422, "was cut off"),
    "nested deeply": (lambda week: b"[" * 100_000, 422, "nested too deeply"),
    "half characters": (lambda week: b'{"nbformat": 4, "cells": "\xff"}', 422, "not text in UTF-8"),
    "another week": (other_week, 422, "belongs to course9/week9, not to course1_tiny/week1_hearts"),
    "too large": (lambda week: b" " * 20_000_001, 413, "larger than 20 MB"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_clear_sentence_and_leaves_nothing(place, people, case):
    make, status, words = BAD[case]
    before = people["bob"].get("/api/v1/submissions").json()
    answer = hand_in(people["bob"], NAME, make(place[2]))
    assert (answer.status_code, list(answer.json())) == (status, ["detail"])
    assert words in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]
    assert people["bob"].get("/api/v1/submissions").json() == before


def test_an_unknown_week_another_type_and_no_week(place, people):
    unknown = hand_in(people["ada"], "course1_tiny/week9", b"{}")
    assert (unknown.status_code, unknown.json()["detail"]) == (
        404,
        f"There is no released week 'course1_tiny/week9' in this cohort; released: {NAME}.",
    )
    page = people["ada"].post(
        "/api/v1/submissions", params={"week": NAME}, content=b"{}", headers={"Content-Type": "text/html"}
    )
    assert (page.status_code, page.json()["detail"]) == (
        415,
        "A notebook is sent as application/x-ipynb+json, not as text/html.",
    )
    nowhere = people["ada"].post("/api/v1/submissions", content=b"{}")
    assert (nowhere.status_code, nowhere.json()["detail"]) == (422, "query.week: Field required.")


def test_the_log_knows_nobody_and_the_metrics_count(place, people, hers):
    service, _, _ = place
    assert people["ada"].get("/health").json()["status"] == "ok"
    text = people["nobody"].get("/metrics").text
    assert f'medlabs_graded_total{{state="graded",week="{NAME}"}}' in text
    assert "ada" not in text
    assert any(line["message"] == "graded" and line["submission"] == hers for line in service.log)
    everything = "".join(service.lines)
    for name in ("ada", "bob", "Learner", "example.org", "127.0.0.1:"):
        assert name not in everything.split("Serving on", 1)[1].split("\n", 1)[1]


def test_the_pages_that_describe_it_need_no_network(people):
    page = people["nobody"].get("/docs").text
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert people["nobody"].get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200


def test_submit_hands_in_to_the_service(place, tmp_path):
    service, tokens, week = place
    from grading_helpers import medlabs, write

    from autograder import paths, workspace

    workspace.lay_out({NAME: paths.release_folder(week.folder)}, tmp_path)
    notebook = write(tmp_path / NAME / "assignment.ipynb", answered(week, **RIGHT | {"faster": "x = 5"}))
    where = {"MEDLABS_SERVICE": service.url, "MEDLABS_TOKEN": tokens["bob"]}
    done = medlabs(service.repository, "submit", notebook, **where)
    assert done.returncode == 0, done.stderr
    assert "receipt" in done.stdout
    assert "2 of 3.5" in done.stdout
    assert (tmp_path / NAME / "assignment.feedback.html").is_file()
    forged = medlabs(service.repository, "submit", notebook, **where | {"MEDLABS_TOKEN": "forged"})
    assert (forged.returncode, "does not accept your token" in forged.stderr) == (2, True)
    away = medlabs(service.repository, "submit", notebook, **where | {"MEDLABS_SERVICE": "http://127.0.0.1:9"})
    assert (away.returncode, "cannot be reached" in away.stderr) == (2, True)
