"""Is a build all or nothing, the same twice, and free of everything that was not derived?"""

import os

import pytest
from tiny_weeks import COURSE, GOLDEN, WEEK, make_week

from autograder import paths
from autograder.build import SourceError, build_week, stale_files, write

FILES = ["lesson.ipynb", "lab1_count_beats.ipynb", "quiz.ipynb", "assignment.ipynb", "figures/pulse.svg"]


def everything_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture
def week(tmp_path):
    return make_week(tmp_path)


@pytest.fixture
def released(week):
    return paths.release_folder(week.folder)


def test_the_build_gives_the_golden_files(week, released):
    """If a change of the build is meant, run `build_week` on tests/autograder/golden and read the diff."""
    assert build_week(week) == (FILES, [], [])
    golden = everything_in(GOLDEN / COURSE / "release" / WEEK)
    built = everything_in(released)
    assert sorted(built) == sorted(golden) == sorted(FILES)
    for name, content in golden.items():
        assert built[name].decode() == content.decode(), name


def test_a_second_build_writes_nothing(week, released):
    build_week(week)
    before = {path: path.stat().st_mtime_ns for path in released.rglob("*")}
    assert build_week(week) == ([], [], FILES)
    assert {path: path.stat().st_mtime_ns for path in released.rglob("*")} == before


def test_two_builds_are_the_same_bytes(tmp_path):
    one, two = make_week(tmp_path / "one"), make_week(tmp_path / "two")
    build_week(one)
    build_week(two)
    assert everything_in(paths.release_folder(one.folder)) == everything_in(paths.release_folder(two.folder))


def test_only_what_changed_is_written(week, released):
    build_week(week)
    path = week.source("lesson")
    path.write_text(path.read_text().replace("Twelve beats", "12 beats"))
    assert stale_files(week) == ["lesson.ipynb"]
    assert build_week(week).written == ["lesson.ipynb"]
    assert b"12 beats" in (released / "lesson.ipynb").read_bytes()


def test_what_was_not_derived_is_removed(week, released):
    build_week(week)
    stray = ["solutions.py", "lab9_old.ipynb", ".ipynb_checkpoints/assignment-checkpoint.ipynb", "figures/old/a.svg"]
    for name in stray:
        (released / name).parent.mkdir(parents=True, exist_ok=True)
        (released / name).write_text("x")
    (released / "link").symlink_to(week.folder)
    assert sorted(stale_files(week)) == sorted([*stray, "link"])
    assert sorted(build_week(week).removed) == sorted([*stray, "link"])
    assert sorted(everything_in(released)) == sorted(FILES)
    assert not (released / "figures" / "old").exists() and not (released / ".ipynb_checkpoints").exists()
    assert week.source("lesson").is_file(), "what a link led to is not touched"


def test_a_link_or_a_folder_in_the_place_of_a_notebook_is_replaced(week, released):
    build_week(week)
    (released / "quiz.ipynb").unlink()
    (released / "quiz.ipynb").symlink_to(week.source("quiz"))
    (released / "lesson.ipynb").unlink()
    (released / "lesson.ipynb").mkdir()
    assert stale_files(week) == ["lesson.ipynb", "quiz.ipynb"]
    build_week(week)
    assert stale_files(week) == [] and not (released / "quiz.ipynb").is_symlink()
    assert week.source("quiz").read_text().startswith("title")


def test_a_source_that_cannot_be_built_changes_nothing(week, released):
    build_week(week)
    before = everything_in(released)
    week.source("lesson").write_text(week.source("lesson").read_text().replace("Twelve", "12"))
    week.source("assignment").write_text("# %%\n### BEGIN SOLUTION\n")
    with pytest.raises(SourceError, match="the solution region is never closed"):
        build_week(week)
    assert everything_in(released) == before


@pytest.mark.parametrize("broken", ["write_bytes", "replace"])
def test_a_disk_that_fails_leaves_no_half_file(week, released, monkeypatch, broken):
    build_week(week)
    before = everything_in(released)
    for name in ("lesson", "assignment"):
        week.source(name).write_text(week.source(name).read_text().replace("minute", "min"))
    real, calls = getattr(write.Path, broken), []

    def fail(path, *args):
        calls.append(path)
        if len(calls) == (2 if broken == "write_bytes" else 1):
            raise OSError(28, "No space left on device", str(path))
        return real(path, *args)

    monkeypatch.setattr(type(week.folder), broken, fail)
    with pytest.raises(OSError, match="No space left"):
        build_week(week)
    monkeypatch.undo()
    assert everything_in(released) == before


def test_only_pictures_go_along(week):
    (week.folder / "figures" / ".DS_Store").write_text("x")
    build_week(week)
    (week.folder / "figures" / "draw_pulse.py").write_text("secret = 1")
    with pytest.raises(SourceError, match=r"week1_hearts/figures/draw_pulse\.py is no picture\. Move it"):
        build_week(week)


def test_files_are_readable_by_all(week, released):
    old = os.umask(0o022)
    try:
        build_week(week)
    finally:
        os.umask(old)
    assert {path.stat().st_mode & 0o777 for path in released.rglob("*") if path.is_file()} == {0o644}
