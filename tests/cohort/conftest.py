"""A tiny term with a real nbgrader gradebook: made once, copied for every test that changes it."""

import os
import shutil

import pytest
from cohort.terms import DUE, NOW, POLICY, ROSTER
from tiny_weeks import NAME, make_repository

from autograder.cohort import read_cohort, seeded_week
from autograder.cohort.create import create
from autograder.cohort.folder import note_release
from autograder.cohort.lock import writing
from autograder.jupyter import path_with_own_tools


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """Make a repository with one tiny week, and a cohort for it whose week is out."""
    from autograder.cohort import course

    place = tmp_path_factory.mktemp("term")
    make_repository(place / "repository")
    (place / "roster.csv").write_text(ROSTER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEDLABS_ROOT", str(place / "repository"))
        patch.setenv("PATH", path_with_own_tools(os.environ["PATH"]))  # as the command line does
        due = f"{NAME}={DUE:%Y-%m-%dT%H:%M:%S}"
        term = create("autumn", place / "roster.csv", place / "autumn", dues=[due], policy=POLICY)
        with writing(term.folder):
            course.generate(term, seeded_week(term, NAME))
            course.announce(term, NAME)
            note_release(term, NAME, NOW)
    return place


@pytest.fixture
def term(prepared, tmp_path, monkeypatch):
    """Give a copy of the cohort, and its repository, for one test to change."""
    for name in ("repository", "autumn"):
        shutil.copytree(prepared / name, tmp_path / name)
    monkeypatch.setenv("MEDLABS_ROOT", str(tmp_path / "repository"))
    return read_cohort(tmp_path / "autumn")
