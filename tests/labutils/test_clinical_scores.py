"""CHA2DS2-VASc, MELD and the pooled cohort equations against published values and tables by hand."""

from itertools import product
from math import exp, floor, log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labutils.clinical_scores import POOLED_COHORTS, ascvd_risk, chads_vasc_score, meld_score

# -- CHA2DS2-VASc ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patient", "points"),
    [
        pytest.param((72, 1, 0, 1, 0, 0, 0), 3, id="woman of 72 with hypertension"),
        pytest.param((80, 0, 0, 0, 0, 1, 0), 4, id="man of 80 after a stroke"),
        pytest.param((30, 0, 0, 0, 0, 0, 0), 0, id="nothing"),
        pytest.param((90, 1, 1, 1, 1, 1, 1), 9, id="everything"),
        pytest.param((64.9, 0, 0, 0, 0, 0, 0), 0, id="before 65"),
        pytest.param((65, 0, 0, 0, 0, 0, 0), 1, id="birthday 65"),
        pytest.param((74.9, 0, 0, 0, 0, 0, 0), 1, id="before 75"),
        pytest.param((75, 0, 0, 0, 0, 0, 0), 2, id="birthday 75"),
    ],
)
def test_points_by_hand(patient, points):
    assert chads_vasc_score(*patient) == points
    assert isinstance(chads_vasc_score(*patient), int)


def test_every_combination_adds_up_for_one_and_for_many():
    rows = list(product((60, 70, 80), *[(False, True)] * 6))
    expected = [{60: 0, 70: 1, 80: 2}[row[0]] + sum(row[1:]) + row[5] for row in rows]
    assert [chads_vasc_score(*row) for row in rows] == expected
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    np.testing.assert_array_equal(chads_vasc_score(*columns), expected)
    np.testing.assert_array_equal(chads_vasc_score(*[pd.Series(c).astype("float32") for c in columns]), expected)


def test_points_refuse():
    with pytest.raises(ValueError, match="age must be 0 or more; got -1"):
        chads_vasc_score(-1, 0, 0, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="age must be 0 or more; got nan"):
        chads_vasc_score([70, np.nan], 0, 0, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="stroke must be 0 or 1"):
        chads_vasc_score(70, 0, 0, 0, 0, 2, 0)


# -- MELD --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labs", "points"),
    [
        pytest.param((4.2, 1.2, 1.9), 20, id="a published worked example: 2.039 before the factor 10"),
        pytest.param((0.6, 0.9, 0.8), 6, id="all normal: the lowest score"),
        pytest.param((1, 1, 1), 6, id="all at the lower bound"),
        pytest.param((2.0, 1.5, 2.0, True), 27, id="dialysis counts as creatinine 4"),
        pytest.param((2.0, 1.5, 4.0), 27, id="creatinine 4"),
        pytest.param((2.0, 1.5, 9.0), 27, id="creatinine above 4"),
        pytest.param((50.0, 9.0, 7.0), 40, id="the highest score"),
        pytest.param((1.9, 1.2, 1.3), 13, id="13.41 rounds down"),
        pytest.param((0.5, 2.0, 2.5), 23, id="bilirubin below 1"),
        pytest.param((3.0, 0.5, 2.5), 19, id="INR below 1"),
        pytest.param((3.0, 2.0, 0.5), 18, id="creatinine below 1"),
    ],
)
def test_meld_by_hand(labs, points):
    assert meld_score(*labs) == points
    assert isinstance(meld_score(*labs), int)


@given(st.floats(0.1, 60), st.floats(0.5, 15), st.floats(0.1, 15), st.booleans())
def test_meld_agrees_with_a_plain_version_and_keeps_its_range(bilirubin, inr, creatinine, dialysis):
    creatinine_used = 4 if dialysis else min(max(creatinine, 1), 4)
    exact = 9.57 * log(creatinine_used) + 3.78 * log(max(bilirubin, 1)) + 11.2 * log(max(inr, 1)) + 6.43
    score = meld_score(bilirubin, inr, creatinine, dialysis)
    assert 6 <= score <= 40
    assert score in {min(floor(exact + 0.5 + shift), 40) for shift in (-1e-9, 0, 1e-9)}


def test_meld_of_many_patients():
    labs = np.array([[4.2, 1.2, 1.9], [0.6, 0.9, 0.8], [2.0, 1.5, 2.0]], dtype="float32")
    before = labs.copy()
    np.testing.assert_array_equal(meld_score(*labs.T, np.array([0, 0, 1])), [20, 6, 27])
    np.testing.assert_array_equal(labs, before)


def test_meld_refuses():
    with pytest.raises(ValueError, match="bilirubin must be above 0; got 0"):
        meld_score(0, 1, 1)
    with pytest.raises(ValueError, match="inr must be above 0; got nan"):
        meld_score(1, np.nan, 1)
    with pytest.raises(ValueError, match="dialysis must be 0 or 1"):
        meld_score(1, 1, 1, 3)


# -- pooled cohort equations -------------------------------------------------------------------------------------------

# Goff and others 2013, Table A: the sum of the worked example and its 10-year risk in per cent, as printed there.
PUBLISHED = {
    "white women": (-29.67, 2.1),
    "African American women": (86.16, 3.0),
    "white men": (60.69, 5.3),
    "African American men": (18.97, 6.1),
}


@pytest.mark.parametrize("group", POOLED_COHORTS)
def test_the_worked_example_of_the_guideline(group):
    total, percent = PUBLISHED[group]
    risk = ascvd_risk(55, 213, 50, 120, group=group)
    assert 100 * risk == pytest.approx(percent, abs=0.1)
    coefficients = POOLED_COHORTS[group]
    ours = coefficients.mean_sum + log(log(1 - risk) / log(coefficients.baseline_survival))
    assert ours == pytest.approx(total, abs=0.03)  # the guideline rounds each product to two digits
    assert 100 * (1 - coefficients.baseline_survival ** exp(total - coefficients.mean_sum)) == pytest.approx(
        percent, abs=0.06
    )


@pytest.mark.parametrize("group", POOLED_COHORTS)
def test_risk_factors_raise_the_risk(group):
    base = {"age": 55, "total_cholesterol": 213, "hdl": 50, "systolic": 120, "group": group}
    risk = ascvd_risk(**base)
    for change in ({"smoker": 1}, {"diabetes": 1}, {"systolic": 150}, {"hdl": 35}, {"treated": 1}, {"age": 65}):
        assert ascvd_risk(**(base | change)) > risk, change


def test_risks_of_many_patients():
    ages, smokers = np.array([45.0, 60, 79]), np.array([False, True, True])
    many = ascvd_risk(ages, np.full(3, 200), np.full(3, 45), np.full(3, 140), group="white men", smoker=smokers)
    single = [ascvd_risk(a, 200, 45, 140, group="white men", smoker=s) for a, s in zip(ages, smokers, strict=True)]
    np.testing.assert_allclose(many, single)
    assert ((many > 0) & (many < 1)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"group": "everybody"}, "group must be one of white women, .*; got 'everybody'"),
        ({"age": 39}, "age must be 40 or more, 79 at most; got 39"),
        ({"age": 80}, "age must be 40 or more, 79 at most; got 80"),
        ({"hdl": 0}, "hdl must be above 0; got 0"),
        ({"smoker": 0.5}, "smoker must be 0 or 1"),
    ],
)
def test_ascvd_refuses(change, message):
    good = {"age": 55, "total_cholesterol": 213, "hdl": 50, "systolic": 120, "group": "white women"}
    with pytest.raises(ValueError, match=message):
        ascvd_risk(**(good | change))
