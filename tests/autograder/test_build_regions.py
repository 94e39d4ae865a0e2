"""Are the regions of a cell read strictly, so that no typo hands a solution to learners?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.build import regions
from autograder.build.regions import HIDDEN, MARKER, SOLUTION, STUB, VISIBLE

CELL = """\
def f():
    ### BEGIN SOLUTION
    ### STUB: a = ...
    ### STUB:     b = ...  # further in
    ### STUB:
    return 1
    ### END SOLUTION
assert f()
### BEGIN HIDDEN TESTS
assert f() == 1
### END HIDDEN TESTS"""


def test_each_line_is_of_its_kind():
    kinds = [line.kind for line in regions.read_lines(CELL)]
    assert kinds == [VISIBLE, MARKER, STUB, STUB, STUB, SOLUTION, MARKER, VISIBLE, MARKER, HIDDEN, MARKER]
    assert regions.lines_of(CELL, SOLUTION, HIDDEN) == ["    return 1", "assert f() == 1"]


def test_learners_find_the_stub_lines_at_their_indent():
    assert regions.visible_lines(CELL) == ["def f():", "    a = ...", "        b = ...  # further in", "", "assert f()"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("### BEGIN SOLUTION", "the solution region is never closed"),
        ("### BEGIN HIDDEN TESTS\nx", "the hidden region is never closed"),
        ("### END SOLUTION", "line 1: '### END SOLUTION' closes nothing"),
        ("### BEGIN SOLUTION\n### END HIDDEN TESTS", "line 2: '### END HIDDEN TESTS' closes nothing"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION", "line 2: '### BEGIN SOLUTION' inside a solution region"),
        ("### BEGIN SOLUTION\n### BEGIN HIDDEN TESTS", "inside a solution region"),
        ("### BEGIN HIDDEN TESTS\n### STUB: x\n### END HIDDEN TESTS", "line 2: '### STUB:' outside of a solution"),
        ("x\n### STUB: y", "line 2: '### STUB:' outside"),
    ],
)
def test_regions_that_do_not_match_are_refused(source, said):
    with pytest.raises(regions.MarkerError, match=said):
        regions.read_lines(source)


@pytest.mark.parametrize(
    "line",
    [
        "### BEGIN HIDDEN TEST",
        "### BEGIN HIDEN TESTS",
        "### Begin Solution",
        "###BEGIN SOLUTION",
        "## BEGIN SOLUTION",
        "# BEGIN HIDDEN TESTS",
        "# begin hiden tests",
        "# BEGN HIDDEN TESTS",
        "# END OF SOLUTION",
        "x = 1  ### BEGIN SOLUTION",
        "x = 1  # END SOLUTION",
        "### STUBB: x = ...",
        "### STUB x = ...",
        "### anything",
        "### BEGIN MARK SCHEME",
        's = "END HIDDEN TESTS"',
    ],
)
def test_what_looks_like_a_marker_is_refused(line):
    with pytest.raises(regions.MarkerError, match=r"line 1: .* looks like a marker and is none"):
        regions.read_lines(line)


@pytest.mark.parametrize(
    "line",
    [
        "# the solution",
        "# an elegant solution of the equation",
        "# begin with the tests",
        "# end of the loop",
        "x = 1  # hidden units",
        "hidden_tests = []",
        "# stub",
    ],
)
def test_ordinary_comments_are_ordinary(line):
    assert regions.read_lines(line) == [(line, VISIBLE)]


@given(st.lists(st.sampled_from([*regions.MARKERS, "### STUB: x", "code", "    more"]), max_size=8))
def test_whatever_is_accepted_shows_nothing_of_a_region(lines):
    """Property: of an accepted cell, learners get the visible lines and the stubs, in order, and nothing else."""
    source = "\n".join(lines)
    try:
        visible = regions.visible_lines(source)
    except regions.MarkerError:
        return
    inside, expected = False, []
    for line in source.split("\n"):
        if line in regions.MARKERS:
            inside = "BEGIN" in line
        elif line.startswith("### STUB:"):
            expected.append("x")
        elif not inside:
            expected.append(line)
    assert visible == expected
