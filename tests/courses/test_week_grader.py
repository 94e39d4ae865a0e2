"""Does `medlabs grade` itself give full marks, none, and the right ones in between, with the authors' words?"""

import pytest
from course_weeks import bundles, each_week, label, quiz_questions, week, wrong_bundles

from autograder import build

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_the_instructors_version_earns_full_marks_and_a_blank_one_none(really_graded, name):
    for notebook in build.graded_names(week(name)):
        full, blank = really_graded(name)[f"{notebook}_instructor"], really_graded(name)[f"{notebook}_release"]
        assert full["state"] == blank["state"] == "graded"
        assert full["score"] == full["max_score"] == blank["max_score"] > 0
        assert blank["score"] == 0
        assert {exercise["message"] for exercise in blank["exercises"]} == {"Not attempted yet."}


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_wrong_answers_lose_exactly_their_points_and_say_why(really_graded, name):
    records, answers = really_graded(name), build.read_wrong_answers(week(name))
    by_source = {(answer.exercise, answer.source): answer for answer in answers}
    seen = 0
    for number, texts in enumerate(wrong_bundles(name)):
        record = records[f"wrong_{number}"]
        assert record["state"] == "graded", record["message"]
        for exercise in record["exercises"]:
            if exercise["id"] in texts:
                answer = by_source[exercise["id"], texts[exercise["id"]]]
                assert (exercise["points"], exercise["passed"]) == (0, False), answer.name
                assert answer.says in exercise["message"], answer.name
                seen += 1
            else:
                assert exercise["points"] == exercise["max_points"], exercise["message"]
    assert seen == len(answers)


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_right_answers_earn_full_marks(really_graded, name):
    records = really_graded(name)
    found = [record for key, record in records.items() if key.startswith("right_")]
    assert len(found) == len(bundles(build.read_right_answers(week(name))))
    for record in found:
        said = {exercise["id"]: exercise["message"] for exercise in record["exercises"] if not exercise["passed"]}
        assert (said, record["score"]) == ({}, record["max_score"])


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_every_wrong_choice_of_the_quiz_is_answered_with_its_reason(really_graded, name):
    questions = {question.id: question for question in quiz_questions(name)}
    found = [record for key, record in really_graded(name).items() if key.startswith("quiz_wrong_")]
    assert found
    for record in found:
        assert record["score"] == 0
        for exercise in record["exercises"]:
            letter = exercise["message"].removeprefix("You chose ")[0]
            reason = " ".join(questions[exercise["id"]].why[letter].split())
            assert letter != questions[exercise["id"]].answer and reason[:100] in exercise["message"]
    for exercise in really_graded(name)["quiz_instructor"]["exercises"]:
        question = questions[exercise["id"]]
        assert exercise["message"].startswith(f"You chose {question.answer}. ")
