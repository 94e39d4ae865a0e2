"""Does a workspace keep what a learner wrote, whatever happens to the release?"""

import json

import pytest

from autograder import workspace

WEEK = "course1_a/week1_b"


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "release"
    (folder / "figures").mkdir(parents=True)
    (folder / "lesson.ipynb").write_text("lesson 1")
    (folder / "assignment.ipynb").write_text("assignment 1")
    (folder / "figures" / "a.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def place(tmp_path):
    return tmp_path / "my work"


def lay_out(release, place):
    return workspace.lay_out({WEEK: release}, place)


def test_a_new_workspace_gets_every_file_of_the_release(release, place):
    layout = lay_out(release, place)
    assert layout.added == [f"{WEEK}/assignment.ipynb", f"{WEEK}/figures/a.svg", f"{WEEK}/lesson.ipynb"]
    assert (place / WEEK / "figures" / "a.svg").read_text() == "<svg/>"
    assert lay_out(release, place) == ([], [], [])


def test_an_untouched_notebook_is_renewed(release, place):
    lay_out(release, place)
    (release / "lesson.ipynb").write_text("lesson 2")
    assert lay_out(release, place).renewed == [f"{WEEK}/lesson.ipynb"]
    assert (place / WEEK / "lesson.ipynb").read_text() == "lesson 2"


def test_a_changed_notebook_is_kept_and_the_newer_release_stands_beside_it(release, place):
    lay_out(release, place)
    (place / WEEK / "assignment.ipynb").write_text("my answers")
    assert lay_out(release, place) == ([], [], []), "the release did not change, so nothing is said"
    (release / "assignment.ipynb").write_text("assignment 2")
    assert lay_out(release, place).kept == [f"{WEEK}/assignment.ipynb"]
    assert (place / WEEK / "assignment.ipynb").read_text() == "my answers"
    assert (place / WEEK / "assignment.new.ipynb").read_text() == "assignment 2"
    assert lay_out(release, place) == ([], [], []), "said once, not at every start"


def test_a_deleted_notebook_comes_back_fresh(release, place):
    lay_out(release, place)
    (place / WEEK / "assignment.ipynb").unlink()
    assert lay_out(release, place).added == [f"{WEEK}/assignment.ipynb"]


@pytest.mark.parametrize("content", ["", "not json", "[1, 2]", '{"half": '])
def test_a_broken_manifest_costs_nobody_their_work(release, place, content):
    lay_out(release, place)
    (place / WEEK / "assignment.ipynb").write_text("my answers")
    (place / workspace.STATE / workspace.MANIFEST).write_text(content)
    lay_out(release, place)
    assert (place / WEEK / "assignment.ipynb").read_text() == "my answers"
    assert json.loads((place / workspace.STATE / workspace.MANIFEST).read_text())


def test_a_file_in_the_place_of_the_workspace_is_said_in_one_sentence(release, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ValueError, match=r"workspace .*taken cannot be made .* --workspace"):
        lay_out(release, tmp_path / "taken")


def test_the_workspace_is_found_from_any_folder_in_it(release, place, tmp_path):
    lay_out(release, place)
    assert workspace.find_workspace(place / WEEK / "lesson.ipynb") == place
    assert workspace.find_workspace(tmp_path) is None


def test_writing_fails_whole_and_leaves_no_part_behind(tmp_path, monkeypatch):
    target = tmp_path / "notebook.ipynb"
    target.write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        workspace.write_whole(target, b"new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["notebook.ipynb"]
