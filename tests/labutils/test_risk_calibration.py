"""Calibration: by hand, against an independent maximum of the likelihood, where it is not defined, and in groups."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression

from labutils.risk_calibration import Calibration, calibration_interval, calibration_slope, risk_groups

NAN = float("nan")


def patients(n, intercept, slope, seed, centre=-0.5):
    rng = np.random.default_rng(seed)
    logit = rng.normal(centre, 1.2, n)
    y = rng.random(n) < 1 / (1 + np.exp(-(intercept + slope * logit)))
    return y, 1 / (1 + np.exp(-logit))


def by_scipy(y, p):
    """Maximise the likelihood with a general optimiser, started from nothing."""
    x = np.log(p / (1 - p))
    found = minimize(lambda b: np.logaddexp(0, b[0] + b[1] * x).sum() - (b[0] + b[1] * x)[y].sum(), [0, 0], tol=1e-10)
    return found.x


def test_two_groups_by_hand():
    y, p = [1] * 3 + [0] * 7 + [1] * 7 + [0] * 3, [0.2] * 10 + [0.8] * 10
    fit = calibration_slope(y, p)
    assert fit.intercept == pytest.approx(0, abs=1e-9)
    assert fit.slope == pytest.approx(np.log(7 / 3) / np.log(4))


def test_two_groups_told_too_little_by_hand():
    y, p = [1] * 5 + [0] * 5 + [1] * 8 + [0] * 2, np.repeat([0.2, 0.5], 10)
    assert calibration_slope(pd.Series(y), p.astype("float32")) == pytest.approx((np.log(4), 1), abs=1e-5)


@pytest.mark.parametrize("n", [30, 300, 3000])
@pytest.mark.parametrize(("intercept", "slope"), [(0, 1), (1.5, 0.4), (-1, 2.5), (0, -0.7)])
def test_parity_with_a_general_optimiser_and_with_scikit_learn(n, intercept, slope):
    y, p = patients(n, intercept, slope, seed=n)
    fit = calibration_slope(y, p)
    np.testing.assert_allclose(fit, by_scipy(y, p), atol=2e-4, rtol=1e-4)
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(np.log(p / (1 - p))[:, None], y)
    np.testing.assert_allclose(fit, [model.intercept_[0], model.coef_[0, 0]], atol=1e-4, rtol=1e-4)


def test_a_rare_outcome_and_extreme_risks_converge():
    rng = np.random.default_rng(4)
    p = 10.0 ** rng.uniform(-12, -0.01, 2000)
    y = rng.random(2000) < p
    np.testing.assert_allclose(calibration_slope(y, p), by_scipy(y, p), atol=1e-3, rtol=1e-3)


def test_properties():
    y, p = patients(500, 0.3, 0.8, seed=9)
    a, b = calibration_slope(y, p)
    logit = np.log(p / (1 - p))
    steeper = calibration_slope(y, 1 / (1 + np.exp(-2 * logit)))
    np.testing.assert_allclose(steeper, (a, b / 2), atol=1e-6)
    np.testing.assert_allclose(calibration_slope(~y, 1 - p), (-a, b), atol=1e-6)
    repaired = 1 / (1 + np.exp(-(a + b * logit)))
    np.testing.assert_allclose(calibration_slope(y, repaired), (0, 1), atol=1e-6)


@pytest.mark.parametrize(
    ("y", "p"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param([1, 1], [0.2, 0.3], id="one outcome"),
        pytest.param([0, 0], [0.2, 0.3], id="the other outcome"),
        pytest.param([0, 1, 0, 1], [0.25] * 4, id="the same risk for all"),
        pytest.param([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], id="separated"),
        pytest.param([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4], id="separated the wrong way"),
        pytest.param([0, 0, 1, 1], [0.1, 0.2, 0.2, 0.4], id="separated but for a tie"),
    ],
)
def test_where_no_finite_answer_exists_it_is_nan(y, p):
    assert np.isnan(calibration_slope(y, p)).all()
    assert np.isnan(calibration_interval(y, p)).all()


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        ([0, 1], [0.5], r"one entry per patient; got shapes \(2,\) and \(1,\)"),
        ([0, 3], [0.5, 0.25], "y must hold 0 or 1; patient 1 has 3"),
        ([0, 1], [0.5, 1.0], "strictly between 0 and 1"),
        ([0, 1], [0.5, NAN], "strictly between 0 and 1"),
    ],
)
def test_calibration_refuses(y, p, message):
    with pytest.raises(ValueError, match=message):
        calibration_slope(y, p)


def test_intervals_hold_the_truth_as_often_as_they_say():
    hits = np.zeros(2)
    for seed in range(300):
        y, p = patients(200, 0.4, 0.7, seed=1000 + seed)
        intercept, slope = calibration_interval(y, p)
        hits += [intercept.low <= 0.4 <= intercept.high, slope.low <= 0.7 <= slope.high]
    assert ((hits / 300 > 0.91) & (hits / 300 < 0.985)).all()


def test_names_of_the_results():
    fit = calibration_slope([0, 1, 0, 1], [0.25, 0.25, 0.5, 0.75])
    assert isinstance(fit, Calibration) and fit == (fit.intercept, fit.slope)
    interval = calibration_interval([0, 1, 0, 1], [0.25, 0.25, 0.5, 0.75], level=0.5)
    assert interval.slope.value == fit.slope
    with pytest.raises(ValueError, match=r"got 50"):
        calibration_interval([0, 1], [0.25, 0.5], level=50)


def test_groups_and_their_wilson_intervals():
    rng = np.random.default_rng(3)
    p = rng.random(103)
    y = rng.random(103) < p
    table = risk_groups(y, p, n_groups=4)
    assert table["patients"].tolist() == [26, 26, 26, 25]
    assert table["predicted"].is_monotonic_increasing
    assert (table["patients"] * table["observed"]).sum() == pytest.approx(y.sum())
    for row in table.itertuples():
        wilson = binomtest(round(row.patients * row.observed), row.patients).proportion_ci(method="wilson")
        assert (row.low, row.high) == pytest.approx((wilson.low, wilson.high))
    with pytest.raises(ValueError, match="one group or more"):
        risk_groups([0, 1], [0.25, 0.5], n_groups=3)
