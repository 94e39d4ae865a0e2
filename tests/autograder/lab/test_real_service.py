"""The panel's desk against the real grading service, in a process of its own, with a real cohort."""

import asyncio

import pytest
from grading_helpers import RIGHT, WRONG, answered, write
from service.running import Running, give_tokens, make_cohort
from tiny_weeks import NAME

from autograder import paths, workspace
from autograder.build import read_week
from autograder.lab import course, places
from autograder.lab.desk import Refused
from autograder.lab.extension import Lab
from autograder.lab.remote import RemoteDesk, read_settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cohort(repository, tmp_path_factory):
    root = tmp_path_factory.mktemp("term")
    cohort = make_cohort(root / "cohort", repository, ["ada", "bob"], {NAME: "2030-01-01T12:00:00"}, attempts=2)
    with Running(cohort.folder, repository, "--workers", 1) as service:
        yield service, give_tokens(cohort.folder, ["ada", "bob"])


@pytest.fixture
def lab_of(cohort, repository, tmp_path, monkeypatch):
    """Give a function that opens a person's lab: a workspace, and a desk with that person's token."""
    service, tokens = cohort
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(repository))

    def open_lab(person, **answers):
        space = tmp_path / person
        workspace.lay_out({NAME: paths.release_folder(repository / NAME)}, space)
        write(space / NAME / "assignment.ipynb", answered(read_week(repository / NAME), **answers))
        settings = read_settings({"MEDLABS_SERVICE": service.url, "MEDLABS_TOKEN": tokens.get(person, "forged")})
        return Lab(space, space, RemoteDesk(settings))

    return open_lab


def submit(lab):
    async def work():
        job = await lab.desk.submit(places.find_graded(lab, f"{NAME}/assignment.ipynb"))
        while job["state"] in ("queued", "running"):
            await asyncio.sleep(0.1)
            job = await lab.desk.look(job["id"])
        return job

    return asyncio.run(work())


def test_a_learner_of_a_cohort_submits_mends_and_reads_her_attempts_alone(lab_of, repository):
    week = read_week(repository / NAME)
    submit(lab_of("bob", **RIGHT))
    first = submit(lab_of("ada", **(RIGHT | {"faster": WRONG["faster"]})))
    assert first["state"] == "graded" and first["score"] < first["max_score"]
    assert next(one for one in first["exercises"] if not one["passed"])["next"]

    ada = lab_of("ada", **RIGHT)
    second = submit(ada)
    assert second["score"] == second["max_score"] == 3.5
    shown = asyncio.run(course.overview(ada))
    assert shown["problem"] == "" and shown["cohort"] == "autumn"
    assert shown["weeks"][0]["due"].startswith("2030-01-01T12:00")
    one = next(notebook for notebook in shown["weeks"][0]["notebooks"] if notebook["name"] == "assignment")
    assert (one["done"], one["score"], one["attempts_left"]) == (True, 3.5, 0)

    past = asyncio.run(ada.desk.attempts(week, "assignment"))
    assert [(attempt["attempt"], attempt["id"]) for attempt in past] == [(2, second["id"]), (1, first["id"])]
    assert asyncio.run(ada.desk.look(first["id"]))["exercises"] == first["exercises"]
    assert asyncio.run(lab_of("prof").desk.attempts(week, "assignment")) == [], "an instructor's own, not everybody's"
    with pytest.raises(Refused, match="no such submission"):
        asyncio.run(lab_of("bob").desk.look(first["id"]))

    with pytest.raises(Refused, match="attempt"):
        submit(lab_of("ada", **(RIGHT | {"faster": "def faster(a, b): return None"})))


def test_a_forged_token_is_said_in_words_and_the_course_is_shown(lab_of):
    stranger = lab_of("stranger", **RIGHT)
    with pytest.raises(Refused, match="does not accept your token"):
        submit(stranger)
    shown = asyncio.run(course.overview(stranger))
    assert "does not accept your token" in shown["problem"] and len(shown["weeks"]) == 1
