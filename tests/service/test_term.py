"""A short term through the service and the cohort's commands, and the tokens that it needs."""

import csv

import pytest
from grading_helpers import medlabs_here
from service import term
from service.running import make_cohort
from tiny_weeks import NAME, make_repository

from autograder.service import identity
from autograder.service.clock import Clock
from autograder.service.identity import INSTRUCTOR, LEARNER, Person


@pytest.mark.slow
def test_every_mark_of_a_term_is_as_worked_out_by_hand(tmp_path):
    wrong_before, wrong_after, changed = term.run(tmp_path, learners=20, seed=3)
    assert wrong_before == {}
    assert wrong_after == {}
    assert changed > 0


@pytest.fixture
def place(tmp_path, monkeypatch):
    repository = make_repository(tmp_path / "courses").parents[1]
    cohort = make_cohort(tmp_path / "cohort", repository, ["ada", "bob"], {NAME: None})
    return lambda *words: medlabs_here(monkeypatch, repository, "cohort", "tokens", *words, cwd=cohort.folder), cohort


def test_tokens_are_given_once_and_work(place, tmp_path):
    tokens, cohort = place
    done = tokens("--out", tmp_path / "tokens.csv")
    assert done.exit_code == 0, done.output
    assert "2 tokens are in" in done.output
    assert (tmp_path / "tokens.csv").stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader((tmp_path / "tokens.csv").read_text().splitlines()))
    known = identity.LocalTokens(cohort.folder / ".medlabs" / "tokens.json", Clock())
    assert [known.who(row["token"]) for row in rows] == [Person("ada", LEARNER), Person("bob", LEARNER)]
    done = tokens("--out", tmp_path / "prof.csv", "--instructor", "prof", "--days", 30)
    (row,) = csv.DictReader((tmp_path / "prof.csv").read_text().splitlines())
    assert known.who(row["token"]) == Person("prof", INSTRUCTOR)
    assert known.who(rows[0]["token"]).id == "ada", "the learners' tokens stay"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "zoe"], "Nobody in the roster of autumn has the id 'zoe'. Nothing was changed."),
        (["--instructor", "ada"], "'ada' is a learner's id: choose another for the instructor. Nothing was changed."),
        (["--instructor", "../x"], "'../x' cannot be an id: choose another for the instructor. Nothing was changed."),
    ],
)
def test_tokens_for_nobody_are_refused(place, tmp_path, words, said):
    tokens, cohort = place
    done = tokens("--out", tmp_path / "tokens.csv", *words)
    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert not (tmp_path / "tokens.csv").exists()
    assert not (cohort.folder / ".medlabs" / "tokens.json").exists()


def test_tokens_are_never_written_over(place, tmp_path):
    tokens, _ = place
    (tmp_path / "tokens.csv").write_text("mine")
    done = tokens("--out", tmp_path / "tokens.csv")
    assert (done.exit_code, "exists: name a new file" in done.output) == (2, True)
    assert (tmp_path / "tokens.csv").read_text() == "mine"
