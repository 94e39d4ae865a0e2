"""Does the quiz ask, check and explain as quiz.toml says, whatever characters are in it?"""

import contextlib
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_weeks import NAME, make_week

from autograder.build import SourceError, instructor_notebook, release_notebook
from autograder.build.quiz import Question, quiz_cells, read_quiz


@pytest.fixture
def week(tmp_path):
    return make_week(tmp_path)


def run(cells, question, answer):
    """Run a question with an answer; return what was printed, or raise what the check raised."""
    names, said = {}, io.StringIO()
    exec(answer, names)
    check = next(cell.source for cell in cells if cell.id == f"check_{question}")
    with contextlib.redirect_stdout(said):
        exec(check, names)
    return said.getvalue()


def test_each_question_is_a_text_an_answer_cell_and_a_check(week):
    cells = instructor_notebook(week, "quiz").cells
    assert [cell.cell_type for cell in cells] == ["markdown"] + 2 * ["markdown", "code", "code"]
    assert [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells[1:4]] == [
        None,
        "rate_from_gap",
        "check_rate_from_gap",
    ]
    assert "2 questions, 3 points, about 5 minutes." in cells[0].source
    assert cells[4].source.startswith("## Question 2\n\n*2 points*\n\nTwo patients have a rate of 70.")
    assert "- **c.** Neither" in cells[4].source
    assert cells[6].metadata.nbgrader.points == 2


def test_the_instructor_s_answers_are_right_and_the_reason_is_printed(week):
    cells = instructor_notebook(week, "quiz").cells
    assert run(cells, "rate_from_gap", cells[2].source) == 'Right. Two beats per second, sixty times: "120".\n'
    assert run(cells, "equal_rates", cells[5].source) == "Right: equal rates, so neither of the two.\n", "said once"


def test_a_wrong_choice_reads_its_own_reason(week):
    cells = instructor_notebook(week, "quiz").cells
    with pytest.raises(AssertionError, match=r"^You chose a\. Half a second per beat is two beats"):
        run(cells, "rate_from_gap", 'rate_from_gap = "a"')
    with pytest.raises(AssertionError, match=r"^You chose b\. Being named last"):
        run(cells, "equal_rates", 'equal_rates = "b"')


@pytest.mark.parametrize("written", ["'B'", "' b '", "'b\\n'"])
def test_case_and_blanks_do_not_matter(week, written):
    assert run(instructor_notebook(week, "quiz").cells, "rate_from_gap", f"rate_from_gap = {written}")


@pytest.mark.parametrize("written", ["''", "'d'", "'a or b'", "...", "None", "2", "('a', 'b')"])
def test_what_is_no_letter_is_said_before_submitting(week, written):
    cells = release_notebook(week, "quiz").cells
    with pytest.raises(AssertionError, match=r"rate_from_gap is .*: write one letter, a or b, between the quotation"):
        run(cells, "rate_from_gap", f"rate_from_gap = {written}")


def test_the_released_quiz_asks_and_does_not_tell(week):
    cells = release_notebook(week, "quiz").cells
    assert cells[2].source == 'rate_from_gap = ""  # one letter: a or b'
    assert cells[5].source == 'equal_rates = ""  # one letter: a, b or c'
    assert run(cells, "rate_from_gap", 'rate_from_gap = "a"') == "", "a wrong letter passes what learners see"
    text = " ".join(cell.source for cell in cells)
    assert not re.search("reasons|Half a second per beat|neither of the two", text)


nasty = st.text(min_size=1).filter(lambda text: text.strip() and "\x00" not in text and not _is_surrogate(text))


def _is_surrogate(text):
    return any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


@given(stem=nasty, choices=st.lists(nasty, min_size=2, max_size=6), why=nasty, data=st.data())
def test_any_text_survives_into_the_check(stem, choices, why, data):
    """Quotation marks, backslashes, braces, line ends: the reason that is printed is the reason that was written."""
    letters = "abcdef"[: len(choices)]
    answer = data.draw(st.sampled_from(letters))
    question = Question(
        "asked", 1, 1, stem, answer, dict(zip(letters, choices, strict=True)), dict.fromkeys(letters, why)
    )

    class Minutes:
        minutes = {"quiz": 5}  # noqa: RUF012
        pass_mark = 0.8

    class OneQuestion:
        title = "Ask"
        questions = [question]  # noqa: RUF012

    cells = quiz_cells(OneQuestion, Minutes)
    names, said = {"asked": answer}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(cells[3].source, names)
    plain = why.strip()
    assert said.getvalue() == (plain if plain.startswith("Right") else f"Right. {plain}") + "\n"
    wrong = next(letter for letter in letters if letter != answer)
    with pytest.raises(AssertionError) as caught:
        exec(cells[3].source, {"asked": wrong})
    assert str(caught.value) == f"You chose {wrong}. {plain}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('answer = "b"', 'answer = "c"', "question 1 (rate_from_gap): answer is 'c'. Write one of a, b."),
        ('id = "rate_from_gap"', 'id = "rate from gap"', "question 1: id is 'rate from gap'. Write a Python name"),
        (
            'id = "rate_from_gap"',
            'id = "choice"',
            "question 1 (choice): id is 'choice'. Write a Python name of its own",
        ),
        ('id = "rate_from_gap"', 'id = "print"', "question 1 (print): id is 'print'. Write a Python name of its own"),
        ("points = 2", "points = 0", "question 2 (equal_rates): points are 0. Write a number above 0."),
        ("objective = 2", "objective = 3", "question 2 (equal_rates): objective is 3. Write a number from 1 to 2."),
        ("objective = 2", "objective = true", "question 2 (equal_rates): objective is True. Write a number"),
        ("stem = ", "stm = ", ": unknown key 'stm' in question 1. Remove it, or use one of: id, points"),
        ("objective = 2\n", "", "question 2 (equal_rates): the key 'objective' is missing. A question has: id,"),
        (
            'c = "Neither"',
            'd = "Neither"',
            "question 2 (equal_rates): choices are a, b, d. Write two to six, in the order",
        ),
        ('c = "Neither"', 'c = ""', "question 2 (equal_rates): [question.choices] needs a text for each letter"),
        (
            'c = "Right: equal rates, so neither of the two."',
            "",
            "question 2 (equal_rates): why has a, b. Give a reason",
        ),
        ('title = "Check', 'titel = "Check', ": unknown key 'titel'. Remove it, or use one of: title, question."),
        ('title = "Check what you know of heartbeats"', "title = 3", ": title is 3. Write a sentence"),
        ('id = "equal_rates"', 'id = "rate_from_gap"', ": two questions have the id 'rate_from_gap'. Rename one."),
    ],
)
def test_a_mistake_is_said_with_its_question(tmp_path, old, new, said):
    week = make_week(tmp_path, quiz_toml=[(old, new)])
    with pytest.raises(SourceError, match=re.escape(f"{NAME}/quiz.toml") + ",? ?" + re.escape(said)):
        read_quiz(week.source("quiz"), week)


def test_a_quiz_without_questions_is_said(tmp_path):
    week = make_week(tmp_path, quiz_toml='title = "Check nothing"\n')
    with pytest.raises(SourceError, match=r"has no question\. Start each with a line \[\[question\]\]"):
        instructor_notebook(week, "quiz")
