"""What a learner's lab on a hub has of the courses: what was released, and enough of it for the panels to work."""

import shutil

import hub_files
import learner_server
import pytest
from hub_settings import Settings
from tiny_weeks import COURSE, GOLDEN, NAME, WEEK

from autograder import build
from autograder.grading import identify
from autograder.lab import course


@pytest.fixture
def settings(place, tmp_path, monkeypatch):
    monkeypatch.setenv("MEDLABS_ROOT", str(place / "repo"))
    shutil.copytree(place / "cohort", tmp_path / "cohort")
    (tmp_path / "state").mkdir()
    return Settings(tmp_path / "cohort", state=tmp_path / "state")


def test_learners_get_what_was_released_and_nothing_else(settings, tmp_path):
    courses = hub_files.lay_out_courses(settings)
    released = {path.relative_to(GOLDEN) for path in (GOLDEN / COURSE / "release").rglob("*") if path.is_file()}
    files = {path.relative_to(courses) for path in courses.rglob("*") if path.is_file()}
    assert {str(path) for path in files - released} == {f"{NAME}/week.toml"}
    assert released <= files
    home = tmp_path / "home"
    assert f"{NAME}/assignment.ipynb" in learner_server.lay_out(courses, home).added
    (home / NAME / "assignment.ipynb").write_text("mine")
    assert learner_server.lay_out(courses, home).added == []
    assert (home / NAME / "assignment.ipynb").read_text() == "mine"


def test_a_week_that_is_not_released_is_not_there(settings):
    (settings.cohort / ".medlabs" / "released.json").unlink()
    assert list(hub_files.lay_out_courses(settings).iterdir()) == []


def test_the_panels_know_the_notebooks_without_any_source(settings):
    courses = hub_files.lay_out_courses(settings)
    laid, whole = build.read_week(courses / COURSE / WEEK), build.read_week(GOLDEN / COURSE / WEEK)
    assert identify.graded_marks(laid) == identify.graded_marks(whole)
    assert course._names(laid) == build.notebook_names(whole)
