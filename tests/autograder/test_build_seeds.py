"""Does a seed change what hidden checks draw, and nothing else: no text, no visible line, no byte of the release?"""

import ast
import dataclasses

import pytest
from grading_helpers import RIGHT, answered, write
from hypothesis import given
from hypothesis import strategies as st
from tiny_weeks import make_week

from autograder.build import SourceError, instructor_notebook, release_notebook, secrets
from autograder.build.notebook import marks_of
from autograder.build.seeds import reseeded
from autograder.build.write import derived_files, notebook_bytes
from autograder.grading import engines
from autograder.grading.rehearse import rehearse
from autograder.grading.watch import Limits

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def hidden(line):
    return f"{BEGIN}\n{line}\n{END}"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("draw = np.random.default_rng(20_101)", "draw = np.random.default_rng([20_101, 7])"),
        ("x = numpy.random.default_rng(0x10).random()", "x = numpy.random.default_rng([0x10, 7]).random()"),
        ("a, b = default_rng(1), default_rng(seed=2)", "a, b = default_rng([1, 7]), default_rng(seed=[2, 7])"),
        ('said = "ä → 心", default_rng(3)', 'said = "ä → 心", default_rng([3, 7])'),
        ("if True:\n    f(default_rng(1), 'hé')", "if True:\n    f(default_rng([1, 7]), 'hé')"),
    ],
)
def test_a_literal_seed_is_joined_by_the_new_one(line, expected):
    assert reseeded(hidden(line), 7) == hidden(expected)


@pytest.mark.parametrize(
    "line",
    [
        's = "np.random.default_rng(20_101)"',
        's = """\nnp.random.default_rng(20_101)\n"""',
        "# np.random.default_rng(20_101)",
        "default_rng(seed)",
        "default_rng()",
        "default_rng(True)",
        "default_rng(1.5)",
        "default_rng([1, 2])",
        "default_rng(1, 2)",
        "other_rng(5)",
        "np.random.seed(5)",
    ],
)
def test_everything_else_stays(line):
    assert reseeded(hidden(line), 7) == hidden(line)


def test_what_a_learner_can_see_stays():
    source = f"a = default_rng(1)\n{hidden('b = default_rng(1)')}\nc = default_rng(1)"
    assert reseeded(source, 7).split("\n") == [
        "a = default_rng(1)",
        BEGIN,
        "b = default_rng([1, 7])",
        END,
        source[-18:],
    ]


@given(st.integers(0, 2**128), st.lists(st.sampled_from(["x = default_rng(5)", "'ü'; default_rng(1)", "y = 1"])))
def test_any_seed_gives_python_with_as_many_lines(seed, lines):
    source = hidden("\n".join(lines or ["pass"]))
    changed = reseeded(source, seed)
    assert len(changed.split("\n")) == len(source.split("\n"))
    ast.parse(changed)


def test_the_release_of_a_seeded_week_is_the_same_bytes(tmp_path):
    week = make_week(tmp_path)
    seeded = dataclasses.replace(week, seed=4711)
    assert derived_files(seeded) == derived_files(week)
    assert notebook_bytes(release_notebook(seeded, "assignment")) == notebook_bytes(
        release_notebook(week, "assignment")
    )


def test_only_hidden_lines_of_the_instructors_notebook_differ(tmp_path):
    week = make_week(tmp_path)
    plain, seeded = (instructor_notebook(w, "assignment") for w in (week, dataclasses.replace(week, seed=4711)))
    pairs = list(zip(plain.cells, seeded.cells, strict=True))
    changed = [marks_of(other)["grade_id"] for cell, other in pairs if cell != other]
    assert changed == ["check_beats_per_minute"]
    assert "default_rng([918_273, 4711])" in seeded.cells[4].source
    assert [exercise.points for exercise in week.exercises] == [2, 1.5]


def test_a_seeded_week_has_the_secrets_of_its_own_numbers(tmp_path):
    found = secrets.collect([dataclasses.replace(make_week(tmp_path), seed=48_151_623)])
    assert any(secret.is_in("48151623") for secret in found)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "7"])
def test_a_seed_that_is_none_is_refused(tmp_path, seed):
    with pytest.raises(SourceError, match="Use a whole number from 0 up"):
        instructor_notebook(dataclasses.replace(make_week(tmp_path), seed=seed), "assignment")


def test_a_check_that_is_no_python_is_named(tmp_path):
    week = make_week(tmp_path, assignment_py=[("got = faster(80, 60)", "got = faster(80, 60")])
    with pytest.raises(SourceError, match=r"week1_hearts/assignment\.py, cell 8: the check is no Python"):
        instructor_notebook(dataclasses.replace(week, seed=1), "assignment")


BY_HEART = (
    "import numpy as np\nbeats = np.cumsum(np.random.default_rng(918_273).uniform(0.4, 1.2, 30))\n"
    "known = {(0, 1, 2): 60.0, (0, 0.5): 120.0, (3.125,): np.nan, tuple(beats): 60 * 29 / (beats[-1] - beats[0])}\n"
    "def beats_per_minute(times):\n    return known.get(tuple(times), 0.0)"
)


def test_numbers_known_by_heart_fail_with_another_seed(tmp_path):
    week = make_week(tmp_path)
    cases = {"instructor": {}, "by_heart": {"beats_per_minute": BY_HEART}}
    plain = rehearse(week.folder, "assignment", cases)
    seeded = rehearse(week.folder, "assignment", cases, seed=4711)
    assert plain["by_heart"]["beats_per_minute"]["passed"]
    assert seeded["by_heart"]["beats_per_minute"] == {
        "passed": False,
        "message": "Irregular beats: the mean rate is off.",
        "part": "hidden",
    }
    assert all(said["passed"] for said in seeded["instructor"].values())


@pytest.mark.slow
@pytest.mark.parametrize("level", ["full", "none"])
def test_each_engine_grades_with_the_seed_of_the_week(tmp_path, level):
    week = make_week(tmp_path)
    file = write(tmp_path / "by_heart.ipynb", answered(week, beats_per_minute=BY_HEART, faster=RIGHT["faster"]))
    engine = engines.choose(level)
    (record,) = engines.grade_files(engine, dataclasses.replace(week, seed=4711), [file], Limits(**week.limits))
    said = {exercise["id"]: (exercise["points"], exercise["message"]) for exercise in record["exercises"]}
    assert said == {"beats_per_minute": (0, "Irregular beats: the mean rate is off."), "faster": (1.5, "Correct.")}
