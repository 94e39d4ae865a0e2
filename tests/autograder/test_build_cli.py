"""Does `medlabs build` say what it did, and `--check` fail for exactly what is wrong?"""

import pytest
from click.testing import CliRunner
from tiny_weeks import COURSE, NAME, WEEK, edit, make_repository

from autograder import build, paths
from autograder.cli import medlabs

RELEASE = f"{COURSE}/release/{WEEK}"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    make_repository(tmp_path)
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def without_lint(monkeypatch):
    """The tiny week is too small for the house's style; these tests are about the rest."""
    monkeypatch.setattr("autograder.build.check.lint_week", lambda week: [])


def run(*arguments):
    return CliRunner().invoke(medlabs, ["build", *arguments])


def test_a_build_says_what_it_wrote(repository, without_lint):
    said = run()
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [
        f"{NAME}: 5 written, 0 unchanged, 0 removed",
        *[
            f"  wrote {RELEASE}/{name}"
            for name in (
                "lesson.ipynb",
                "lab1_count_beats.ipynb",
                "quiz.ipynb",
                "assignment.ipynb",
                "figures/pulse.svg",
            )
        ],
    ]
    assert run().stdout == f"{NAME}: 0 written, 5 unchanged, 0 removed\n"
    (repository / RELEASE / "old.ipynb").touch()
    assert run().stdout.endswith(f"0 written, 5 unchanged, 1 removed\n  removed {RELEASE}/old.ipynb\n")


def test_check_passes_after_a_build_and_writes_nothing(repository, without_lint):
    said = run("--check")
    assert said.exit_code == 1
    assert f"{RELEASE} [stale]: has not been built. Run `medlabs build`.\n1 problem to mend.\n" in said.output
    assert not (repository / RELEASE).exists()
    run()
    said = run("--check")
    assert (said.exit_code, said.output) == (0, "1 week: sources in good style, release current, nothing leaks.\n")


def test_check_fails_when_a_source_changed(repository, without_lint):
    run()
    edit(repository / NAME / "lesson.py", [("Twelve", "12")])
    said = run("--check", "course1/week1")
    assert said.exit_code == 1
    assert said.output.splitlines()[0] == (
        f"{RELEASE}/lesson.ipynb [stale]: is not what its source gives. Run `medlabs build`, and commit the result."
    )


def test_check_fails_for_a_leak_that_somebody_committed(repository, without_lint):
    run()
    edit(repository / RELEASE / "lesson.ipynb", [("Twelve beats", "The seed is 918_273. Twelve beats")])
    said = run("--check")
    assert said.exit_code == 1
    assert (
        f"{RELEASE}/lesson.ipynb [leak]: holds a number of the hidden check of {NAME}/assignment.py, cell 5"
        in said.output
    )


def test_problems_of_style_are_listed_but_the_notebooks_are_built(repository):
    said = run()
    assert said.exit_code == 0 and (repository / RELEASE / "lesson.ipynb").is_file()
    assert f"{NAME}/assignment.py, cell 8 [check-visible]: 1 visible assertions" in said.stderr
    assert said.stderr.endswith("problems to mend (the notebooks are built all the same).\n")
    assert run("--check").exit_code == 1


def test_a_fatal_mistake_is_one_error_and_nothing_is_written(repository):
    edit(repository / NAME / "assignment.py", [("### END HIDDEN TESTS", "")])
    said = run()
    assert said.exit_code == 2 and not (repository / RELEASE).exists()
    assert said.output == (
        f"Error: {NAME}/assignment.py, cell 5, the hidden region is never closed. Add its END line.\n"
    )
    assert run("--check").exit_code == 1, "the check lists it among everything else"


def test_a_week_that_is_not_there_lists_the_weeks(repository):
    said = run("course9/week1")
    assert said.exit_code == 2
    assert (
        said.output == f"Error: There is no week 'course9/week1'. A week is written COURSE/WEEK; there are: {NAME}.\n"
    )


def test_no_week_at_all_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(tmp_path))
    said = run()
    assert said.exit_code == 1 and "There is no week in" in said.output


def test_a_release_whose_source_is_gone_is_said(repository, without_lint):
    run()
    (repository / COURSE / "release" / "week9_gone").mkdir()
    said = run("--check")
    assert said.exit_code == 1
    assert f"{COURSE}/release/week9_gone [stale]: has no week.toml. Remove the folder." in said.output
    assert run("--check", NAME).exit_code == 0, "not asked for"


def test_what_the_package_promises_is_there():
    for name in build.__all__:
        assert getattr(build, name), name
    with pytest.raises(AttributeError, match=r"autograder\.build has no 'nothing'\. It has: Built, "):
        build.nothing  # noqa: B018
