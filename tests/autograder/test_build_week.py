"""Is week.toml read as it stands, and is every mistake in it said with file, key, value and what to do?"""

import re

import pytest
from tiny_weeks import NAME, make_repository, make_week

from autograder.build import SourceError, graded_names, notebook_names, read_week

FILE = re.escape(f"{NAME}/week.toml")


def test_a_week_is_what_its_file_says(tmp_path):
    week = make_week(tmp_path)
    assert (week.name, week.title, week.profile, week.pass_mark) == (NAME, "Count heartbeats", "tabular", 0.8)
    assert week.labs == ("lab1_count_beats",)
    assert week.minutes == {"lesson": 10, "lab1_count_beats": 10, "quiz": 5, "assignment": 20}
    assert week.limits["memory_mb"] == 1000
    assert [(exercise.id, exercise.points) for exercise in week.exercises] == [("beats_per_minute", 2), ("faster", 1.5)]
    assert week.exercises[0].check_cell == "check_beats_per_minute"


def test_notebooks_are_named_in_the_order_of_learning(tmp_path):
    week = make_week(tmp_path)
    assert notebook_names(week) == ["lesson", "lab1_count_beats", "quiz", "assignment"]
    assert graded_names(week) == ["quiz", "assignment"]


def test_what_is_not_written_yet_is_not_named(tmp_path):
    week = make_week(tmp_path, quiz_toml=None, lab1_count_beats_py=None)
    assert notebook_names(week) == ["lesson", "assignment"]
    assert graded_names(week) == ["assignment"]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (('title = "Count heartbeats"\n', ""), "the key 'title' is missing. Write title = a sentence"),
        (('title = "Count heartbeats"', 'title = " "'), "title is ' '. Write a sentence"),
        (("pass_mark = 0.8", "pass_mark = 80"), "pass_mark is 80. Write a share above 0 and up to 1"),
        (("pass_mark = 0.8", "pass_mark = true"), "pass_mark is True. Write a share"),
        (('profile = "tabular"', 'profile = "gpu"'), "profile is 'gpu'. Write 'tabular' or 'deep'"),
        (
            ('module = "labutils.practice"', 'module = "labutils/practice"'),
            "module is 'labutils/practice'. Write a dotted",
        ),
        (("objectives = [", "objectives = []\nothers = ["), "unknown key 'others'. Remove it, or use one of: title"),
        (('"Count beats per minute", "Compare two rates"', ""), "objectives is []. Write a list of sentences"),
        (('"Compare two rates"', "2"), "objectives is ['Count beats per minute', 2]. Write a list"),
        (('labs = ["lab1_count_beats"]', 'labs = ["lab1_count_beats.py"]'), "labs is ['lab1_count_beats.py']. Write"),
        (('labs = ["lab1_count_beats"]', 'labs = ["lab1", "lab1"]'), "labs is ['lab1', 'lab1']. Write a list of names"),
        (("blocked = []", 'blocked = "labutils"'), "blocked is 'labutils'. Write a list of dotted names"),
        (("blocked = []", "blocket = []"), "unknown key 'blocket'"),
        (("lesson = 10", "lessn = 10"), "unknown key 'lessn' in [minutes]. Remove it, or use one of: lesson, lab1_"),
        (("lesson = 10", "lesson = 0"), "lesson in [minutes] is 0. Write a whole number above 0"),
        (("quiz = 5\n", ""), "quiz in [minutes] is missing. Write a whole number"),
        (("memory_mb = 1000", "memory_mb = 1e3"), "memory_mb in [limits] is 1000.0. Write a whole number"),
        (("[limits]", "[limit]"), "unknown key 'limit'"),
        (("pass_mark = 0.8", "pass_mark = "), "is no TOML: Invalid value"),
    ],
)
def test_a_mistake_is_said_with_key_value_and_advice(tmp_path, edit, said):
    folder = make_repository(tmp_path, week_toml=[edit])
    with pytest.raises(SourceError, match=f"^{FILE}:? {re.escape(said)}"):
        read_week(folder)


def test_a_missing_file_and_a_foreign_encoding_are_said(tmp_path):
    folder = make_repository(tmp_path)
    (folder / "week.toml").write_bytes('title = "Zähle"'.encode("latin-1"))
    with pytest.raises(SourceError, match=rf"^{FILE} is not UTF-8 \(byte 10\): save it as UTF-8"):
        read_week(folder)
    (folder / "week.toml").unlink()
    with pytest.raises(SourceError, match=f"^{FILE} is not there"):
        read_week(folder)
