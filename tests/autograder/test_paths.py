"""Are the repository and its weeks found from anywhere, and is what is missing said in one sentence?"""

import re
from pathlib import Path

import pytest
from tiny_weeks import COURSE, NAME, WEEK, make_repository

from autograder import paths


@pytest.fixture(autouse=True)
def _nothing_is_told(monkeypatch):
    monkeypatch.delenv(paths.ROOT_VARIABLE, raising=False)


def add_weeks(root, *names):
    for name in names:
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name / paths.WEEK_FILE).touch()


def test_the_repository_is_found_from_any_folder_in_it(tmp_path, monkeypatch):
    folder = make_repository(tmp_path)
    monkeypatch.chdir(folder / "figures")
    assert paths.find_repository() == tmp_path
    assert paths.find_repository(folder) == tmp_path


def test_the_variable_decides(tmp_path, monkeypatch):
    make_repository(tmp_path / "here")
    make_repository(tmp_path / "there")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(tmp_path / "there"))
    assert paths.find_repository() == tmp_path / "there"


def test_a_variable_that_leads_nowhere_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(tmp_path / "gone"))
    with pytest.raises(ValueError, match=r"MEDLABS_ROOT is '.*gone', which is not a folder\. .*unset it"):
        paths.find_repository()


def test_from_elsewhere_the_checkout_of_the_package_is_found(tmp_path):
    assert paths.find_repository(tmp_path) == Path(paths.__file__).parents[1]


def test_without_any_course_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "installed" / "autograder" / "paths.py"))
    with pytest.raises(ValueError, match=r"No course was found in .* set MEDLABS_ROOT"):
        paths.find_repository(tmp_path)


def test_weeks_are_found_in_human_order_and_what_is_released_is_no_week(tmp_path):
    names = [f"course{c}_x/week{w}_y" for c in (1, 2, 10) for w in (1, 2, 10)]
    add_weeks(tmp_path, *reversed(names), "course1_x/release", "course1_x/release/week1_y", "other/week1_y")
    (tmp_path / "course1_x" / "notes").mkdir()
    # a week.toml directly in release/ would be `course1_x/release`: an odd name, but a folder with a week.toml
    (tmp_path / "course1_x" / "release" / paths.WEEK_FILE).unlink()
    assert list(paths.find_weeks(tmp_path)) == names


def test_a_week_is_found_by_its_name_and_by_its_numbers(tmp_path):
    folder = make_repository(tmp_path)
    add_weeks(tmp_path, "course1_tiny/week10_later", "course10_other/week1_hearts")
    for said in (NAME, f"{NAME}/", f"./{NAME}", "course1/week1", " course1_tiny/week1 "):
        assert paths.find_week(said, tmp_path) == folder, said
    assert paths.find_week("course1/week10", tmp_path).name == "week10_later"


@pytest.mark.parametrize("said", ["", "week1", "course1/week", "course1/week2", "course1/week1/x", "/", "course_tiny/"])
def test_an_unknown_week_lists_those_that_exist(tmp_path, said):
    make_repository(tmp_path)
    with pytest.raises(ValueError, match=rf"no week {re.escape(repr(said))}.*COURSE/WEEK.*there are: {NAME}\."):
        paths.find_week(said, tmp_path)


def test_no_week_at_all_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"there are: none: no course\*/\*/week\.toml in "):
        paths.find_week("course1/week1", tmp_path)


def test_names_and_released_folders_belong_together(tmp_path):
    folder = make_repository(tmp_path)
    released = paths.release_folder(folder)
    assert released == tmp_path / COURSE / "release" / WEEK
    assert paths.week_name(folder) == paths.week_name(released) == NAME
