"""Which files the panel may touch; a reset never loses what was written."""

import os

import pytest
from grading_helpers import RIGHT, answered, write
from tiny_weeks import NAME

from autograder.build import read_week
from autograder.lab import places, reset
from autograder.lab.extension import Lab, find_space

ASSIGNMENT = f"{NAME}/assignment.ipynb"

OUTSIDE = {
    "nothing": "",
    "no text": None,
    "a number": 7,
    "up": "../secret.ipynb",
    "up in the middle": f"{NAME}/../../../secret.ipynb",
    "absolute": "/etc/passwd.ipynb",
    "absolute twice": "//etc/passwd.ipynb",
    "hidden folder": ".medlabs/submissions/x.ipynb",
    "hidden file": f"{NAME}/.assignment.ipynb",
    "backslashes": "..\\secret.ipynb",
    "a null": f"{NAME}/assignment.ipynb\0.txt",
    "two lines": f"{NAME}/a\nb.ipynb",
    "endless": "a/" * 600 + "a.ipynb",
    "no notebook": f"{NAME}/figures/heart.svg",
    "a folder": NAME,
}


@pytest.mark.parametrize("text", OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_outside_or_hidden_is_refused_in_one_sentence(lab, text):
    with pytest.raises(places.BadPath) as refused:
        places.find(lab, text)
    assert "\n" not in str(refused.value).strip() and len(str(refused.value)) < 400


def test_a_link_is_refused_wherever_it_stands(lab, space, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    (space / NAME / "linked.ipynb").symlink_to(secret)
    (space / "linked").symlink_to(tmp_path)
    for text in (f"{NAME}/linked.ipynb", "linked/secret.ipynb"):
        with pytest.raises(places.BadPath, match="is a link"):
            places.find(lab, text)


def test_a_pipe_or_a_folder_with_the_name_of_a_notebook_is_refused(lab, space):
    os.mkfifo(space / NAME / "pipe.ipynb")
    (space / NAME / "folder.ipynb").mkdir()
    for text in (f"{NAME}/pipe.ipynb", f"{NAME}/folder.ipynb"):
        with pytest.raises(places.BadPath, match="is not a file"):
            places.find(lab, text)


def test_a_file_that_has_gone_and_a_lab_without_a_workspace_are_said(lab):
    with pytest.raises(ValueError, match="is not there any more"):
        places.find(lab, f"{NAME}/gone.ipynb")
    with pytest.raises(ValueError, match="medlabs lab"):
        places.find(Lab(lab.root, None, None), ASSIGNMENT)


def test_a_workspace_inside_of_what_the_lab_shows_is_found_by_its_name(space):
    home = space.parent
    assert find_space(space, {}) == space
    assert find_space(home, {}) is None
    assert find_space(home, {"MEDLABS_WORKSPACE": str(space)}) == space
    assert find_space(space / NAME, {"MEDLABS_WORKSPACE": str(space)}) is None, "outside of what the lab shows"
    lab = Lab(home, space, None)
    assert places.find(lab, f"workspace/{ASSIGNMENT}").path == space / ASSIGNMENT
    with pytest.raises(places.BadPath):
        places.find(lab, "other/x.ipynb")


def test_the_week_and_the_name_are_found_also_of_a_renamed_copy(lab, space, repository):
    week = read_week(repository / NAME)
    write(space / "my copy.ipynb", answered(week, **RIGHT))
    for text in (ASSIGNMENT, "my copy.ipynb"):
        graded = places.find_graded(lab, text)
        assert (graded.week.name, graded.name) == (NAME, "assignment")


def test_a_notebook_of_another_course_and_a_practice_notebook_are_said(lab, space, repository):
    strange = answered(read_week(repository / NAME))
    strange.metadata["medlabs"]["week"] = "course9_other/week1_other"
    write(space / "other.ipynb", strange)
    with pytest.raises(ValueError, match="belongs to course9_other/week1_other, which this edition"):
        places.find_graded(lab, "other.ipynb")
    with pytest.raises(ValueError, match="nothing in it to grade"):
        places.find_graded(lab, f"{NAME}/lesson.ipynb")


def test_a_reset_keeps_every_earlier_version_and_gives_the_release(lab, space):
    path = space / ASSIGNMENT
    released = path.read_bytes()
    for number in (1, 2):
        mine = f'{{"mine": {number}}}'.encode()
        path.write_bytes(mine)
        assert reset.reset(*places.find_release(lab, ASSIGNMENT)) == f"assignment.before-reset-{number}.ipynb"
        assert path.read_bytes() == released
        assert path.with_name(f"assignment.before-reset-{number}.ipynb").read_bytes() == mine


def test_a_reset_that_cannot_keep_a_copy_changes_nothing(lab, space, monkeypatch):
    path = space / ASSIGNMENT
    path.write_bytes(b'{"mine": 1}')
    place, released = places.find_release(lab, ASSIGNMENT)
    full = OSError(28, "No space left on device")

    def fail(*_args, **_kwargs):
        raise full

    monkeypatch.setattr(type(path), "open", fail)
    with pytest.raises(ValueError, match=r"No space left on device.*not reset"):
        reset.reset(place, released)
    monkeypatch.undo()
    assert path.read_bytes() == b'{"mine": 1}'
    assert sorted(p.name for p in path.parent.glob("*.before-reset-*")) == []


def test_what_did_not_come_with_the_course_has_no_fresh_copy(lab, space):
    (space / NAME / "own.ipynb").write_text("{}")
    with pytest.raises(ValueError, match="did not come with the course"):
        places.find_release(lab, f"{NAME}/own.ipynb")
