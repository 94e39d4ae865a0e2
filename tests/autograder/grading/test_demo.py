"""Does the demo run the whole loop, on real nbgrader folders, and say when a score is not what it should be?"""

import json

import pytest
from grading_helpers import medlabs, medlabs_here
from tiny_weeks import NAME, make_repository, make_week

from autograder import demo
from autograder.cli.demo import _compare


def test_the_sample_learner_answers_some_right_some_wrong_and_leaves_some_blank(tmp_path):
    week = make_week(tmp_path)
    chosen = demo.choose_answers(week, "assignment")
    assert list(chosen.texts) == ["beats_per_minute"] and chosen.expected == 2
    assert chosen.said == ["beats_per_minute: right (from_first_to_last_beat)", "faster: left blank"]
    quiz = demo.choose_answers(week, "quiz")
    assert (quiz.texts, quiz.expected) == ({"rate_from_gap": 'rate_from_gap = "b"'}, 1)


def test_a_folder_with_other_things_is_left_alone(tmp_path, monkeypatch):
    make_repository(tmp_path / "repository")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = medlabs_here(monkeypatch, tmp_path / "repository", "demo", "--dir", tmp_path / "mine", cwd=tmp_path)
    assert done.exit_code == 2 and "is not empty and holds no earlier demo" in done.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_an_earlier_demo_makes_room_for_the_next(tmp_path):
    week = make_week(tmp_path / "repository")
    place = demo.prepare(tmp_path / "demo", week)
    place.course.mkdir()
    assert demo.prepare(tmp_path / "demo", week) == place and not place.course.exists()


def test_scores_that_differ_are_told():
    answers = {"quiz": demo.Answers({}, 3.0, [])}
    good = {"state": "graded", "score": 3, "message": ""}
    assert _compare(answers, {"quiz": good}, {"quiz": 3.0}) == []
    assert _compare(answers, {"quiz": good | {"score": 2}}, {"quiz": 3.0}) == [
        "quiz: the score is 2, and 3 was expected."
    ]
    assert _compare(answers, {"quiz": good}, {}) == ["quiz: nbgrader's score is None, and 3 was expected."]
    assert "the state is failed" in _compare(answers, {"quiz": good | {"state": "failed"}}, {"quiz": 3.0})[0]


@pytest.mark.slow
def test_the_whole_loop(tmp_path):
    make_repository(tmp_path / "repository")
    place = tmp_path / "demo"
    done = medlabs(tmp_path / "repository", "demo", "--dir", place)
    assert done.returncode == 0, done.stderr + done.stdout
    for words in ("Isolation: full", "2 of 3.5", "1 of 3", "Not attempted yet.", "grade book says the same"):
        assert words in done.stdout
    course = place / "course1_tiny"
    assert (course / "gradebook.db").is_file()
    assert (course / "submitted" / "ada" / "week1_hearts" / "assignment.ipynb").is_file()
    assert (course / "autograded" / "ada" / "week1_hearts" / "quiz.ipynb").is_file()
    released = (course / "release" / "week1_hearts" / "assignment.ipynb").read_text()
    assert "HIDDEN TESTS" not in released and "61.375" not in released
    page = place / "workspace" / NAME / "assignment.feedback.html"
    assert "Exercise 2: compare two rates" in page.read_text()
    (kept,) = (place / "workspace" / ".medlabs" / "submissions" / NAME / "quiz").iterdir()
    assert json.loads((kept / "submission.json").read_text())["notebook"] == "quiz"
