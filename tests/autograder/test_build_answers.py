"""Are wrong and right answers read as written, and are mistakes in them said with file and cell?"""

import re

import pytest
from tiny_weeks import NAME, make_week

from autograder.build import RightAnswer, SourceError, WrongAnswer, read_right_answers, read_wrong_answers

WRONG_LINE = 'exercise="faster" name="equal_counts_too" caught_by="hidden" says="neither is faster"'


def test_answers_are_read_in_order_with_their_text(tmp_path):
    week = make_week(tmp_path)
    wrong, right = read_wrong_answers(week), read_right_answers(week)
    assert [answer.name for answer in wrong] == ["counts_beats_not_gaps", "equal_counts_too"]
    assert wrong[1] == WrongAnswer(
        exercise="faster",
        name="equal_counts_too",
        caught_by="hidden",
        says="neither is faster",
        source="def faster(first, second):\n    return first >= second",
    )
    assert [(answer.exercise, answer.name) for answer in right] == [("beats_per_minute", "from_first_to_last_beat")]
    assert isinstance(right[0], RightAnswer) and right[0].source.startswith("def beats_per_minute(times):\n    elapsed")


def test_sentences_with_commas_quotes_and_equals_signs_survive(tmp_path):
    says = 'says="a = b, \\"c\\" (d)"'
    week = make_week(tmp_path, wrong_answers_py=[('says="neither is faster"', says)])
    assert read_wrong_answers(week)[1].says == 'a = b, "c" (d)'


def test_the_same_name_may_stand_in_two_exercises(tmp_path):
    week = make_week(tmp_path, wrong_answers_py=[('name="equal_counts_too"', 'name="counts_beats_not_gaps"')])
    assert len(read_wrong_answers(week)) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            WRONG_LINE,
            WRONG_LINE.replace("hidden", "luck"),
            'cell 3: caught_by is \'luck\'. Write "visible" or "hidden".',
        ),
        (
            WRONG_LINE,
            WRONG_LINE.split(" says")[0],
            'cell 3: says is missing. The cell starts with: # %% exercise="…" name',
        ),
        (WRONG_LINE, WRONG_LINE + ' note="x"', "cell 3: unknown attribute 'note'."),
        (
            WRONG_LINE,
            WRONG_LINE.replace('"faster"', '"slower"'),
            "cell 3: there is no exercise 'slower'. There are: beats_",
        ),
        (
            WRONG_LINE,
            WRONG_LINE.replace("equal_counts_too", "equal counts"),
            "cell 3: name is 'equal counts'. Write it",
        ),
        (WRONG_LINE, "", "cell 3: exercise is missing."),
        ("return first >= second", "return first >=", "cell 3: the answer is no Python (line 2: invalid syntax)."),
        ("def faster(first, second):\n    return first >= second", "# nothing", "cell 3: the answer is empty."),
    ],
)
def test_a_mistake_is_said_with_its_cell(tmp_path, old, new, said):
    week = make_week(tmp_path, wrong_answers_py=[(old, new)])
    with pytest.raises(SourceError, match=re.escape(f"{NAME}/wrong_answers.py, {said}")):
        read_wrong_answers(week)


def test_a_name_twice_in_an_exercise_is_said(tmp_path):
    more = '\n\n# %% exercise="faster" name="equal_counts_too" caught_by="hidden" says="x"\nfaster = max\n'
    week = make_week(tmp_path)
    path = week.folder / "wrong_answers.py"
    path.write_text(path.read_text() + more)
    with pytest.raises(SourceError, match=r"cell 4: cell 3 is called 'equal_counts_too' too\. Rename one\."):
        read_wrong_answers(week)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(SourceError, match=r"right_answers\.py is not there"):
        read_right_answers(make_week(tmp_path, right_answers_py=None))
