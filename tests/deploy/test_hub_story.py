"""A term on a real hub: who may see what, what is handed in at the same time, marks by hand, and what is exported."""

import csv
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
import running_hub
from grading_helpers import RIGHT, WRONG, answered
from tiny_weeks import COURSE, GOLDEN, NAME, WEEK

from autograder import build

ASSIGNMENT = f"{NAME}/assignment.ipynb"
# What a learner's own kernel does: find the service and hand in, with what its environment says.
HAND_IN = """
import json, os, time, urllib.request
def ask(path, body=None):
    request = urllib.request.Request(os.environ["MEDLABS_SERVICE"] + "/api/v1" + path, body)
    request.add_header("Authorization", "Bearer " + os.environ["JUPYTERHUB_API_TOKEN"])
    request.add_header("Content-Type", "application/x-ipynb+json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)
def hand_in(path, week):
    said = ask("/submissions?week=" + week, open(path, "rb").read())
    while said["state"] in ("queued", "running"):
        time.sleep(0.1)
        said = ask("/submissions/" + said["id"])
    print(json.dumps(said))
"""


# What systemd does can be asked where systemd can be started; elsewhere the hub of these tests has plain processes.
in_units = pytest.mark.skipif(not running_hub.SystemdHub.possible(), reason="needs root and systemd, as CI has them")


def write_answers(person, **answers):
    """Save a notebook on a person's server, as JupyterLab does."""
    notebook = answered(build.read_week(GOLDEN / COURSE / WEEK), **answers)
    model = {"type": "notebook", "format": "json", "content": json.loads(nbformat.writes(notebook))}
    person.lab.put(f"api/contents/{ASSIGNMENT}", json=model).raise_for_status()


def hand_in(person):
    return json.loads(person.run(f"{HAND_IN}\nhand_in({ASSIGNMENT!r}, {NAME!r})").strip().splitlines()[-1])


def wait_for(client, identifier):
    """Wait until a submission has come to an end; give it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        said = client.get(f"/api/v1/submissions/{identifier}").json()
        if said["state"] not in ("queued", "running"):
            return said
        time.sleep(0.1)
    raise TimeoutError(said)


@pytest.fixture(scope="module")
def handed_in(people):
    """Two learners find the week in their labs, work, and hand in at the same time."""
    for name in ("ada", "ben"):
        assert people[name].lab.get(f"api/contents/{ASSIGNMENT}", params={"content": 0}).status_code == 200
    write_answers(people["ada"], **RIGHT)
    write_answers(people["ben"], **(RIGHT | {"faster": WRONG["faster"]}))
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(("ada", "ben"), pool.map(lambda name: hand_in(people[name]), ("ada", "ben")), strict=True))


def test_two_learners_hand_in_at_the_same_time_from_their_own_labs(handed_in):
    ada, ben = handed_in["ada"], handed_in["ben"]
    assert (ada["state"], ada["score"], ada["max_score"]) == ("graded", 3.5, 3.5)
    assert (ben["state"], ben["score"]) == ("graded", 2.0)
    assert ada["late"] == ben["late"] == ""
    assert [e["message"] for e in ben["exercises"] if not e["passed"]] == ["Two equal rates: neither is faster."]
    assert ada["received"] <= ben["finished"], "they were on their way together"
    assert ben["received"] <= ada["finished"]


def test_the_lab_s_own_panel_hands_in_to_the_service(handed_in, people):
    """What the Course panel and the Submit button ask; the lab holds no sources of the course."""
    ben = people["ben"]
    course = ben.lab.get("medlabs/api/course").json()
    assert (course["source"], course["cohort"], course["problem"]) == ("service", "autumn", "")
    (week,) = course["weeks"]
    assert (week["week"], week["released"]) == (NAME, True)
    assert {n["name"]: n.get("score") for n in week["notebooks"] if n["graded"]} == {"assignment": 2.0, "quiz": None}
    sent = ben.lab.post("medlabs/api/submissions", json={"path": ASSIGNMENT})
    assert (sent.status_code, sent.json().get("refused")) == (202, None)
    assert sent.json()["receipt"] == handed_in["ben"]["sha256"][:12], "the same file again is the same submission"
    said = ben.run(
        f"import subprocess; print(subprocess.run(['medlabs', 'submit', {ASSIGNMENT!r}], capture_output=True, text=True))"
    )
    assert "neither is faster" in said


def test_each_sees_their_own_and_instructors_and_graders_see_all(handed_in, people):
    mine, other = handed_in["ada"]["id"], handed_in["ben"]["id"]
    ada = people["ada"].service()
    assert [row["id"] for row in ada.get("/api/v1/submissions").json()] == [mine]
    for path in (f"/api/v1/submissions/{other}", f"/api/v1/submissions/{other}/feedback"):
        assert ada.get(path).status_code == 404
    page = ada.get(f"/api/v1/submissions/{mine}/feedback")
    assert page.status_code == 200
    assert "sandbox" in page.headers["content-security-policy"]
    assert ada.get("/api/v1/submissions", params={"learner": "ben"}).status_code == 403
    for name in ("prof", "cy"):
        client = people[name].service()
        assert client.get("/api/v1/me").json()["role"] == "instructor"
        assert {row["id"] for row in client.get("/api/v1/submissions").json()} == {mine, other}
        assert client.get(f"/api/v1/submissions/{other}/feedback").status_code == 200


@pytest.mark.parametrize(
    ("scopes", "status", "words"),
    [
        (None, 401, "not known here"),
        (["read:users!user"], 403, "not for the grading service"),
        (["access:servers!user"], 403, "not for the grading service"),
        (["self"], 403, "not for the grading service"),
        (["inherit"], 200, ""),
        (["access:services!service=medlabs"], 200, ""),
    ],
    ids=["forged", "names only", "of a server", "of her account", "everything of hers", "for the service"],
)
def test_the_service_takes_tokens_that_were_made_for_it(people, scopes, status, words):
    token = "0123456789abcdef" * 2 if scopes is None else people["ada"].token(*scopes)
    answer = people["ada"].service(token).get("/api/v1/me")
    assert answer.status_code == status
    assert words in answer.json().get("detail", "")


def test_who_is_not_on_the_roster_stays_outside(hub):
    eve = hub.person("eve")
    assert eve.landed.status_code == 403
    assert "not on the roster" in eve.landed.text
    assert hub.person("ZOE@UNI").landed.status_code == 200, "capitals are a matter of typing"


@pytest.mark.parametrize("name", ["ben", "cy", "prof"])
def test_nobody_opens_the_server_of_somebody_else(people, name):
    """The browser is asked to sign in at the other's server, and the hub refuses to sign it in there."""
    answer = people[name].browser.get("/user/ada/lab")
    assert answer.status_code in (403, 404)
    assert "ada" not in json.dumps(people[name].hub_api("GET", "/users/ada/tokens").json().get("api_tokens", []))
    refused = people[name].hub_api("POST", "/users/ada/tokens", scopes=["access:servers!user=ada"])
    assert refused.status_code in (400, 403, 404)


def test_an_instructor_stops_a_learner_s_server_and_a_learner_does_not(people):
    assert people["prof"].hub_api("GET", "/users/ada").json()["name"] == "ada"
    assert people["ben"].hub_api("DELETE", "/users/ada/server").status_code in (403, 404)
    assert people["cy"].hub_api("DELETE", "/users/ada/server").status_code in (403, 404)
    assert people["ada"].server_ready()


def test_a_server_s_token_hands_in_and_does_little_else(people):
    """What a learner's notebook could do with the token that it finds in its environment."""
    code = (
        "import os, urllib.request, urllib.error\n"
        "for path in ('/users', '/users/ben', '/users/ada', '/groups', '/services', '/proxy', '/users/ada/tokens'):\n"
        "    request = urllib.request.Request(os.environ['JUPYTERHUB_API_URL'] + path)\n"
        "    request.add_header('Authorization', 'token ' + os.environ['JUPYTERHUB_API_TOKEN'])\n"
        "    try:\n"
        "        print(path, urllib.request.urlopen(request).status)\n"
        "    except urllib.error.HTTPError as error:\n"
        "        print(path, error.code)\n"
    )
    said = dict(line.split() for line in people["ada"].run(code).strip().splitlines())
    assert said.pop("/users/ada") == "200", "who it belongs to"
    assert set(said.values()) <= {"403", "404"}, said


def test_a_learner_s_lab_holds_no_answers_no_checks_and_no_way_to_other_kernels(people):
    code = (
        "import os, pathlib\n"
        "root = pathlib.Path(os.environ['MEDLABS_ROOT'])\n"
        "print(sorted({path.name for path in root.rglob('*') if path.is_file()}))\n"
        "print(any('HIDDEN' in path.read_text(errors='ignore') for path in root.rglob('*.*')))\n"
        "print(any(name.startswith('MEDLABS_LTI') or 'PROXY' in name for name in os.environ))\n"
        "import ipykernel.kernelapp; print(ipykernel.kernelapp.IPKernelApp.instance().transport)\n"
    )
    names, hidden, secret, transport = people["ada"].run(code).strip().splitlines()
    assert {"week.toml", "assignment.ipynb"} <= set(json.loads(names.replace("'", '"')))
    assert "assignment.py" not in names
    assert "quiz.toml" not in names
    assert (hidden, secret, transport) == ("False", "False", "ipc")


@pytest.fixture(scope="module")
def handed_in_late(hub, handed_in, people):
    """The week is now overdue but for two, who have extensions; the third hands in."""
    settings = hub.path("cohort.toml")
    overdue, later = (f"{datetime.now(UTC) + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}" for hours in (-2, 2))
    opens = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%S}"
    text = re.sub(r"(?m)^due = .*$", f"opens = {opens}\ndue = {overdue}", settings.read_text())
    assert overdue in text
    settings.write_text(f'{text}\n[weeks."{NAME}".extensions]\nada = {later}\nben = {later}\n')
    zoe = hub.person("Zoe@uni").service()
    content = nbformat.writes(answered(build.read_week(GOLDEN / COURSE / WEEK), **RIGHT)).encode()
    sent = zoe.post("/api/v1/submissions", params={"week": NAME}, content=content)
    assert sent.status_code == 202, sent.text
    return wait_for(zoe, sent.json()["id"])


def test_what_comes_late_is_taken_and_named_late(handed_in_late):
    assert (handed_in_late["state"], handed_in_late["score"]) == ("graded", 3.5)
    assert "late" in handed_in_late["late"]


def formgrader(person, method, path, **options):
    """Ask formgrader as its pages do: with the cookies of the browser, and the mark that its pages carry."""
    person.browser.get(f"/services/{COURSE}/formgrader").raise_for_status()
    mark = next(c.value for c in person.browser.cookies.jar if c.name == "_xsrf" and COURSE in c.path)
    headers = {"X-XSRFToken": mark, "Referer": f"{person.hub.url}/services/{COURSE}/formgrader"}
    return person.browser.request(method, f"/services/{COURSE}{path}", headers=headers, **options)


def grade_of(person, learner, cell):
    """Find a grade in formgrader: what its page of one submission asks for."""
    listed = formgrader(person, "GET", f"/formgrader/api/submitted_notebooks/{WEEK}/assignment").json()
    notebook = next(row for row in listed if row["student"] == learner)
    page = formgrader(person, "GET", f"/formgrader/submissions/{notebook['id']}")
    assert page.status_code == 200
    assert cell in page.text
    grades = formgrader(person, "GET", "/formgrader/api/grades", params={"submission_id": notebook["id"]}).json()
    return next(row for row in grades if row["name"] == f"check_{cell}")


def test_a_grader_marks_by_hand_in_formgrader_and_the_export_says_the_same(hub, people, handed_in, handed_in_late):
    hub.wait_until(lambda: people["prof"].service().get("/health").json()["undelivered"] == 0)
    grade = grade_of(people["cy"], "ben", "faster")
    assert (grade["auto_score"], grade["manual_score"]) == (0.0, None)
    changed = formgrader(
        people["cy"], "PUT", f"/formgrader/api/grade/{grade['id']}", json={"manual_score": 1.0, "extra_credit": None}
    )
    assert changed.status_code == 200, changed.text
    assert grade_of(people["prof"], "ben", "faster")["manual_score"] == 1.0
    hub.medlabs("cohort", "export", "--cohort", hub.place / "cohort", "--format", "csv")
    (written,) = hub.path("exports").glob("*.csv")
    table = csv.DictReader(written.read_text(encoding="utf-8-sig").splitlines())
    rows = {row["id"]: row for row in table if row["notebook"] == "assignment"}
    said = {name: (float(row["score"]), float(row["earned"]), row["by_hand"]) for name, row in rows.items()}
    assert said == {"ada": (3.5, 3.5, ""), "ben": (3.0, 3.0, "faster"), "Zoe@uni": (3.15, 3.5, "")}
    assert rows["Zoe@uni"]["days_late"] == "1"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", f"/formgrader/api/submission/{WEEK}/ben/autograde", 409),
        ("POST", f"/formgrader/api/assignment/{WEEK}/assign", 409),
        ("POST", f"/formgrader/api/assignment/{WEEK}/release", 409),
        ("POST", f"/formgrader/api/assignment/{WEEK}/collect", 409),
        ("POST", f"/formgrader/api/assignment/{WEEK}/generate_feedback", 409),
        ("POST", f"/formgrader/api/assignment/{WEEK}/ben/release_feedback", 409),
        ("PUT", f"/formgrader/api/assignment/{WEEK}", 409),
        ("PUT", "/formgrader/api/student/ben", 409),
        ("POST", "/api/kernels", 403),
        ("GET", "/api/kernels", 403),
        ("POST", "/api/terminals", 404),
        ("GET", "/api/contents/gradebook.db", 403),
        ("GET", "/files/gradebook.db", 403),
        ("PUT", "/api/contents/nbgrader_config.py", 403),
        ("GET", f"/nbconvert/html/source/{WEEK}/assignment.ipynb", 403),
        ("POST", "/api/shutdown", 403),
        ("GET", "/lab", 404),
    ],
)
def test_formgrader_is_for_marking_and_opens_no_other_door(people, method, path, status):
    answer = formgrader(people["cy"], method, path, **({} if method == "GET" else {"json": {}}))
    assert answer.status_code == status, answer.text


def test_a_learner_does_not_open_formgrader(people):
    answer = people["ada"].browser.get(f"/services/{COURSE}/formgrader")
    assert answer.status_code == 403
    assert "assignments" not in answer.text
    token = people["ada"].token("self")
    direct = people["ada"].hub.client(headers={"Authorization": f"token {token}"})
    assert direct.get(f"/services/{COURSE}/formgrader/api/assignments").status_code in (302, 403)


@in_units
def test_a_kernel_that_wants_too_much_memory_dies_and_its_server_stays(hub, people):
    with pytest.raises(running_hub.KernelDied):
        people["ben"].run("block = bytearray(b'x') * 900_000_000")
    assert people["ben"].run("print(1 + 1)") == "2\n"


@in_units
def test_a_learner_s_server_sees_nothing_of_the_host_and_of_others(hub, people):
    places = [
        hub.place / "cohort",
        hub.state / "private",
        hub.place / "repo" / COURSE,
        "/var/lib/medlabs-ben",
        "/home",
    ]
    code = f"""
import os, pathlib, psutil
for place in {[str(place) for place in places]!r}:
    try:
        print(len(os.listdir(place)))
    except OSError as error:
        print(type(error).__name__)
print(len({{process.username() for process in psutil.process_iter()}}), os.getuid() != 0)
try:
    pathlib.Path({str(hub.checkout)!r}, "x").write_text("x")
except OSError as error:
    print(error.strerror)
"""
    *closed, people_seen, written = people["ada"].run(code).splitlines()
    assert len(closed) == len(places)
    assert set(closed) <= {"PermissionError", "FileNotFoundError"}
    assert people_seen == "1 True"
    assert written in ("Read-only file system", "Permission denied")


def test_servers_that_nobody_uses_are_stopped(hub, people):
    """The culler that the hub runs, with the same rights, but seconds for minutes."""
    line = [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=1", "--cull-every=1", f"--url={hub.url}/hub/api"]
    culler = subprocess.Popen(line, env=os.environ | {"JUPYTERHUB_API_TOKEN": running_hub.CULLER_TOKEN})
    try:
        hub.wait_until(lambda: not people["ada"].server_ready() and not people["ben"].server_ready())
    finally:
        culler.kill()
        culler.wait()
