"""A term on a real hub: who may see what, what is handed in at the same time, marks by hand, and what is exported."""

import json
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
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


def write_answers(person, **answers):
    """Save a notebook on a person's server, as JupyterLab does."""
    notebook = answered(build.read_week(GOLDEN / COURSE / WEEK), **answers)
    model = {"type": "notebook", "format": "json", "content": json.loads(nbformat.writes(notebook))}
    person.lab.put(f"api/contents/{ASSIGNMENT}", json=model).raise_for_status()


def hand_in(person):
    return json.loads(person.run(f"{HAND_IN}\nhand_in({ASSIGNMENT!r}, {NAME!r})").strip().splitlines()[-1])


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
    assert ada["received"] < ben["finished"], "they were on their way together"
    assert ben["received"] < ada["finished"]


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
        (["self"], 200, ""),
        (["access:services!service=medlabs"], 200, ""),
    ],
    ids=["forged", "names only", "of a server", "everything of hers", "for the service"],
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
