"""Does a try-it check say the right thing, and never stop a notebook?"""

import numpy as np
import pandas as pd
import pytest

from labutils import practice

CASES = {
    "number": (0.4, 0.4, "right"),
    "number within tolerance": (0.4004, 0.4, "right"),
    "number too far": (0.41, 0.4, "not yet"),
    "numpy scalar": (np.float32(0.5), 0.5, "right"),
    "bool": (np.True_, True, "right"),
    "wrong bool": (False, True, "not yet"),
    "array": (np.array([1, 2]), [1, 2], "right"),
    "series": (pd.Series([1.0, 2.0]), [1, 2], "right"),
    "array of another shape": (np.array([[1, 2]]), [1, 2], "not yet"),
    "NaN where NaN is right": (float("nan"), float("nan"), "right"),
    "word": ("AP", "AP", "right"),
    "word against number": (3, "AP", "not yet"),
    "list of words": (["a", "b"], ["a", "b"], "right"),
    "list of words, one missing": (["a"], ["a", "b"], "not yet"),
    "set": ({1, 2}, {2, 1}, "right"),
    "list where a set is right": ([1, 2], {1, 2}, "not yet"),
    "stub": (..., 0.4, "not attempted"),
    "None": (None, 0.4, "not attempted"),
    "a function by mistake": (len, 0.4, "not yet"),
    "a string where a number is right": ("many", 0.4, "not yet"),
}


@pytest.mark.parametrize(("got", "expected", "verdict"), CASES.values(), ids=CASES)
def test_verdicts(got, expected, verdict, capsys):
    assert practice.check("it", got, expected=expected, tol=1e-3, hint="Look again.") == verdict
    said = capsys.readouterr().out
    start = {"right": "Right: it = ", "not yet": "Not yet: it is ", "not attempted": "Not attempted yet: it. "}
    assert said.startswith(start[verdict])
    assert said.count("\n") == 1
    assert ("Hint: Look again." in said) == (verdict == "not yet")


def test_a_long_value_is_cut(capsys):
    practice.check("it", list(range(1000)), expected=1)
    assert len(capsys.readouterr().out) < 200


@pytest.mark.parametrize(
    ("value", "said"), [(25_000.0, "25000"), (1234.56, "1234.6"), (0.38012, "0.3801"), (3e-7, "3e-07"), (12, "12")]
)
def test_numbers_are_written_as_people_write_them(value, said, capsys):
    practice.check("it", value, expected=value)
    assert capsys.readouterr().out == f"Right: it = {said}\n"


def test_nothing_is_changed():
    array = np.array([2.0, 1.0])
    practice.check("it", array, expected=[1, 2])
    assert array.tolist() == [2.0, 1.0]


def test_a_notebook_does_not_echo_the_verdict():
    from IPython.core.formatters import DisplayFormatter

    formats = DisplayFormatter().format
    assert formats(practice.check("it", 1, expected=1)) == ({}, {})
    assert formats("right")[0] == {"text/plain": "'right'"}
