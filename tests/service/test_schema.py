"""Everything that the OpenAPI document allows is asked, by a learner and by an instructor: no fault of the server, no undocumented answer."""

import pytest
import schemathesis
import schemathesis.specs.openapi.schemas  # it loads itself late; beside the service's threads Python 3.11 may fail to parse
from grading_helpers import RIGHT, answered
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis import checks
from service.running import client, give_tokens, hand_in, make_cohort, serving_here, wait_until
from service.test_faults import Nobody
from tiny_weeks import NAME, make_week

from autograder.build import build_week
from autograder.cohort import documents
from autograder.grading.document import list_exercises
from autograder.service import identity, jobs
from autograder.service import schema as tables
from autograder.service.app import Service, create_app
from autograder.service.catalogue import Catalogue
from autograder.service.clock import Clock

WANTED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("schema")
    week = make_week(root / "courses")
    build_week(week)
    cohort = make_cohort(root / "cohort", root / "courses", ["ada", "bob"], {NAME: "2030-01-01T12:00:00"})
    tokens = give_tokens(cohort.folder, ["ada", "bob"])
    service = Service(
        Catalogue(cohort.folder),
        tables.connect(f"sqlite:///{cohort.folder / '.medlabs' / 'service.db'}"),
        Nobody(),
        identity.LocalTokens(cohort.folder / ".medlabs" / identity.TOKENS, Clock()),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEDLABS_ROOT", str(root / "courses"))
        with serving_here(create_app(service)) as url:
            with client(url, tokens["ada"]) as ada:
                identifier = hand_in(ada, NAME, answered(week, **RIGHT)).json()["id"]
            exercises = [
                {"id": each.id, "title": each.title, "points": each.points, "max_points": each.points, "passed": True}
                | {"message": "Right."}
                for each in list_exercises(documents.made(service.catalogue.week(NAME), "assignment")[0])
            ]
            total = sum(each["points"] for each in exercises)
            record = {
                "path": "assignment.ipynb",
                "notebook": "assignment",
                "state": "graded",
                "message": "",
                "notes": [],
            }
            record |= {"score": total, "max_score": total, "seconds": 0.1, "cpu_seconds": 0.1, "exercises": exercises}
            jobs.finish(service.db, jobs.take(service.db, 1.0), record, "checks", 2.0)
            wait_until(lambda: not service.delivery._waiting() and not service.delivery.trouble)
            yield url, tokens, identifier


@pytest.mark.parametrize("who", ["ada", "prof", None])
def test_every_answer_is_a_documented_one(place, who):
    url, tokens, identifier = place
    headers = {"Authorization": f"Bearer {tokens[who]}"} if who else {}
    asked = []
    for found in schemathesis.openapi.from_url(url + "/openapi.json").get_all_operations():
        operation = found.ok()

        @given(operation.as_strategy(), booleans())
        @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case, there):
            if there and "identifier" in (case.path_parameters or {}):
                case.path_parameters["identifier"] = identifier
            case.call_and_validate(headers=headers, checks=WANTED)

        ask()
        asked.append(operation.label)
    assert len(asked) == 11, asked
