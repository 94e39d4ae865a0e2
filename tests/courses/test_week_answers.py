"""Does every wrong answer lose its exercise, where and as its author says, and every right one keep its points?

Each answer runs alone with the check of its exercise, in a fork of a process that has imported what the notebook imports; see
:mod:`autograder.grading.rehearse`. In ``test_week_grader.py`` the real grader sees the same answers with every check.
"""

from collections import Counter

import pytest
from course_weeks import case_of, each_right_answer, each_week, each_wrong_answer, label, week

from autograder import build
from autograder.grading import messages

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_every_exercise_has_five_wrong_answers_and_three_right_ones(name):
    wrong = Counter(answer.exercise for answer in build.read_wrong_answers(week(name)))
    right = Counter(answer.exercise for answer in build.read_right_answers(week(name)))
    few = [exercise.id for exercise in week(name).exercises if wrong[exercise.id] < 5 or right[exercise.id] < 3]
    assert few == []


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_the_instructors_answers_pass_every_check(rehearsed, name):
    result = rehearsed(name)["instructor"]
    assert {exercise: said["message"] for exercise, said in result.items() if not said["passed"]} == {}
    assert list(result) == [exercise.id for exercise in week(name).exercises]


@pytest.mark.parametrize(("name", "answer"), each_wrong_answer(), ids=label)
def test_a_wrong_answer_is_caught_where_its_author_says(rehearsed, name, answer):
    result = rehearsed(name)[case_of(answer)]
    assert "" not in result, result
    assert list(result) == [answer.exercise]
    said = result[answer.exercise]
    assert not said["passed"]
    assert said["part"] == answer.caught_by, said["message"]
    assert answer.says in said["message"]


@pytest.mark.parametrize(("name", "answer"), each_right_answer(), ids=label)
def test_a_right_answer_keeps_its_points(rehearsed, name, answer):
    result = rehearsed(name)[case_of(answer)]
    assert "" not in result, result
    assert {exercise: said["message"] for exercise, said in result.items()} == {answer.exercise: messages.CORRECT}
