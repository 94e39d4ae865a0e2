"""Encoding, reading a Cox model, counting events: against tables by hand, loops, lifelines and scikit-survival."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter, NelsonAalenFitter
from sksurv.nonparametric import nelson_aalen_estimator

from labutils import hazards
from labutils.datasets import load_whas500

NAN = float("nan")
patients = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 2)), max_size=25)


# -- to_one_hot --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([2, 3, 2, 1], {"x_2": [1, 0, 1, 0], "x_3": [0, 1, 0, 0]}, id="sorted numbers, first dropped"),
        pytest.param(["m", "f"], {"x_m": [1, 0]}, id="sorted text"),
        pytest.param(pd.Categorical(["b"], ["c", "b", "a"]), {"x_b": [1], "x_a": [0]}, id="own order, unused level"),
        pytest.param(pd.Categorical([], ["a", "b"]), {"x_b": []}, id="nobody"),
        pytest.param(["one", "one"], {}, id="one level needs no column"),
    ],
)
def test_one_hot_table(values, expected):
    frame = pd.DataFrame({"x": values, "age": np.arange(len(values), dtype="float32")})
    before = frame.copy()
    encoded = hazards.to_one_hot(frame, ["x"])
    assert list(encoded.columns) == ["age", *expected]
    assert {name: encoded[name].tolist() for name in expected} == expected
    assert all(encoded[name].dtype == np.float64 for name in expected)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_index_equal(encoded.index, frame.index)


def test_one_hot_gives_every_split_the_same_columns():
    frame = pd.DataFrame({"s": pd.Categorical([1, 2, 3, 1], [1, 2, 3, 4])})
    columns = {tuple(hazards.to_one_hot(frame.iloc[rows], ["s"]).columns) for rows in ([0], [1, 2], [3], slice(None))}
    assert columns == {("s_2", "s_3", "s_4")}


@pytest.mark.parametrize(
    ("frame", "columns", "message"),
    [
        (pd.DataFrame({"x": ["a", None]}), ["x"], r"'x' is missing or not among its declared levels for 1 of 2"),
        (pd.DataFrame({"x": pd.Categorical(["IV"], ["I", "II"])}), ["x"], "not among its declared levels for 1 of 1"),
        (pd.DataFrame({"x": [1]}), ["stage"], "dataframe has no column 'stage'; it has x"),
        (pd.DataFrame({"x": [1]}), "x", "must be a list of names; got the text 'x'"),
    ],
)
def test_one_hot_refuses(frame, columns, message):
    with pytest.raises(ValueError, match=message):
        hazards.to_one_hot(frame, columns)


# -- decode_treatment --------------------------------------------------------------------------------------------------


def pbc(trt, status, time, index=None):
    return pd.DataFrame({"trt": trt, "status": status, "time": time}, index=index)


@pytest.mark.parametrize(
    ("table", "sign"),
    [
        pytest.param(pbc([1, 1, 2, 2], [2, 2, 2, 0], [4, 4, 4, 4]), 1, id="more deaths on the drug"),
        pytest.param(pbc([1, 1, 2, 2], [2, 0, 2, 2], [4, 4, 4, 4]), -1, id="fewer deaths on the drug"),
        pytest.param(pbc([1, 2, 1, 2], [2, 2, 0, 1], [3, 1, 5, 7]), 0, id="equal rates"),
        pytest.param(pbc([1, 1, 2, 2], [2, 2, 2, 0], [40, 60, 10, 10]), -1, id="more deaths in much more time"),
        pytest.param(pbc([1, 1, 2, 2], [1, 1, 2, 0], [4, 4, 4, 4]), -1, id="transplants are no deaths"),
        pytest.param(pbc([1, NAN, 2], [0, 2, 2], [4, 1, 4]), -1, id="outside the trial"),
        pytest.param(pbc([1, 1], [2, 2], [4, 4]), NAN, id="no placebo arm"),
        pytest.param(pbc([], [], []), NAN, id="nobody"),
    ],
)
def test_treatment_table(table, sign):
    before = table.copy()
    result = hazards.decode_treatment(table)
    np.testing.assert_equal(result.sign, float(sign))
    words = {1: "D-penicillamine", 2: "placebo"}
    assert [w if isinstance(w, str) else None for w in result.treatment] == [words.get(code) for code in table["trt"]]
    pd.testing.assert_frame_equal(table, before)


def test_treatment_turns_with_the_codes_and_keeps_the_index():
    table = pbc([1, 1, 2, 2], [2, 2, 2, 0], [4, 4, 4, 4], index=[9, 7, 9, 1])
    swapped = table.assign(trt=3 - table["trt"])
    assert hazards.decode_treatment(table).sign == -hazards.decode_treatment(swapped).sign == 1
    assert hazards.decode_treatment(table).treatment.index.tolist() == [9, 7, 9, 1]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pbc([0, 1], [2, 2], [1, 1]), r"trt must be one of \(1, 2\); got 0"),
        (pbc([1, 2], [3, 2], [1, 1]), r"status must be one of \(0, 1, 2\); got 3"),
        (pbc([1, 2], [2, 2], [-1, 1]), "no time below 0"),
        (pbc([1, 2], [2, 2], [1, 1]).drop(columns="status"), "pbc lacks the column status; it has trt, time"),
    ],
)
def test_treatment_refuses(table, message):
    with pytest.raises(ValueError, match=message):
        hazards.decode_treatment(table)


# -- Cox ---------------------------------------------------------------------------------------------------------------


def test_hazard_ratio_by_hand_and_its_reciprocal():
    assert hazards.hazard_ratio([4, 1], [2, 1], [0.5, -2.0]) == pytest.approx(np.e)
    assert hazards.hazard_ratio([2, 1], [4, 1], [0.5, -2.0]) == pytest.approx(1 / np.e)
    assert hazards.hazard_ratio(pd.Series([1, 2]), np.array([1, 2], "float32"), [3, 4]) == 1


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.floats(-3, 3)] * 4), min_size=1, max_size=6))
def test_hazard_ratios_multiply(rows):
    a, b, c, theta = (np.array(column) for column in zip(*rows, strict=True))
    left = hazards.hazard_ratio(a, b, theta) * hazards.hazard_ratio(b, c, theta)
    assert left == pytest.approx(hazards.hazard_ratio(a, c, theta), rel=1e-6)


def test_cox_parts_agree_with_lifelines_on_real_patients():
    table = load_whas500()[["days", "died", "age", "heart_failure"]]
    cox = CoxPHFitter().fit(table, "days", "died")
    covariates = ["age", "heart_failure"]
    baseline = cox.baseline_cumulative_hazard_.iloc[:, 0]
    for row in (0, 17, 240):
        patient = table.iloc[row][covariates]
        risk = hazards.hazard_ratio(patient, table[covariates].mean(), cox.params_[covariates])
        assert risk == pytest.approx(float(cox.predict_partial_hazard(table.iloc[[row]]).iloc[0]))
        theirs = cox.predict_survival_function(table.iloc[[row]], times=baseline.index).iloc[:, 0]
        np.testing.assert_allclose(hazards.survival_from_hazard(baseline, risk), theirs)


def test_survival_by_hand_and_bounds():
    np.testing.assert_allclose(hazards.survival_from_hazard([0, 0.5, 1], 2), [1, np.exp(-1), np.exp(-2)])
    np.testing.assert_array_equal(hazards.survival_from_hazard([0.0, 3.0], 0), [1, 1])
    curve = hazards.survival_from_hazard(np.cumsum(np.ones(50, "float32")), 3.5)
    assert ((curve >= 0) & (curve <= 1)).all() and (np.diff(curve) <= 0).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: hazards.hazard_ratio([1, 2], [1], [1, 2]),
            r"one number per covariate; got shapes \(2,\), \(1,\), \(2,\)",
        ),
        (lambda: hazards.hazard_ratio([1, NAN], [1, 1], [1, 2]), "a covariate is missing"),
        (lambda: hazards.survival_from_hazard([0.1, -0.2], 1), "numbers of 0 or more"),
        (lambda: hazards.survival_from_hazard([0.1, NAN], 1), "numbers of 0 or more"),
        (lambda: hazards.survival_from_hazard([0.1], -1), r"risk must be one number of 0 or more; got -1"),
        (lambda: hazards.survival_from_hazard([0.1], [1, 2]), "risk must be one number"),
    ],
)
def test_cox_parts_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# -- counting events ---------------------------------------------------------------------------------------------------


def naive_incidence(times, cause):
    rows, alive = [(0.0, 0.0, 0.0)], 1.0
    for moment in sorted({t for t in times if t > 0}):
        at_risk = sum(t >= moment for t in times)
        d = sum(t == moment and c == 2 for t, c in zip(times, cause, strict=True))
        r = sum(t == moment and c == 1 for t, c in zip(times, cause, strict=True))
        rows.append((moment, rows[-1][1] + alive * d / at_risk, rows[-1][2] + alive * r / at_risk))
        alive *= 1 - (d + r) / at_risk
    return [np.array(column) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("times", "cause", "death", "transplant"),
    [
        pytest.param([4, 1, 3, 2], [2, 1, 0, 2], [0, 0, 0.25, 0.25, 0.75], [0, 0.25, 0.25, 0.25, 0.25], id="any order"),
        pytest.param([2, 2, 5, 5], [1, 2, 2, 0], [0, 0.25, 0.5], [0, 0.25, 0.25], id="both at one time"),
        pytest.param([1, 2], [0, 0], [0, 0, 0], [0, 0, 0], id="all censored"),
        pytest.param([], [], [0], [0], id="nobody"),
    ],
)
def test_incidence_table(times, cause, death, transplant):
    result = hazards.cumulative_incidence(times, cause)
    np.testing.assert_array_equal(result.times, [0, *sorted(set(times))])
    np.testing.assert_allclose(result.death, death)
    np.testing.assert_allclose(result.transplant, transplant)


@settings(deadline=None)
@given(patients)
def test_incidence_agrees_with_a_loop_and_adds_up_to_one(rows):
    times, cause = [row[0] for row in rows], np.array([row[1] for row in rows], dtype=int)
    result = hazards.cumulative_incidence(times, cause)
    for got, expected in zip(result, naive_incidence(times, cause), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-12)
    free = hazards.kaplan_meier(times, cause > 0).survival
    np.testing.assert_allclose(result.death + result.transplant + free, 1)
    one_minus_km = 1 - hazards.kaplan_meier(times, cause == 2).survival
    assert (one_minus_km >= result.death - 1e-12).all()  # never too low


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_incidence_agrees_with_lifelines_without_ties(seed):
    rng = np.random.default_rng(seed)
    times, cause = rng.permutation(60) + 1.0, rng.integers(0, 3, 60)
    ours = hazards.cumulative_incidence(times, cause)
    for code, mine in ((2, ours.death), (1, ours.transplant)):
        theirs = AalenJohansenFitter(calculate_variance=False).fit(times, cause, event_of_interest=code)
        np.testing.assert_allclose(mine, theirs.cumulative_density_.iloc[:, 0].reindex(ours.times).ffill())


@settings(deadline=None)
@given(patients.filter(len))
def test_kaplan_meier_and_nelson_aalen_agree_with_the_libraries(rows):
    times, died = np.array([row[0] for row in rows], dtype=float), np.array([row[1] > 0 for row in rows])
    km, na = hazards.kaplan_meier(times, died), hazards.nelson_aalen(times, died)
    theirs = KaplanMeierFitter().fit(times, died)
    np.testing.assert_allclose(km.survival, theirs.survival_function_.iloc[:, 0].loc[km.times], atol=1e-12)
    if died.any():  # scikit-survival refuses a table without a death
        moments, hazard = nelson_aalen_estimator(died, times)
        np.testing.assert_allclose(na.hazard[1:], hazard)
        np.testing.assert_array_equal(na.times[1:], moments)
    assert (np.exp(-na.hazard) >= km.survival - 1e-12).all()


def test_nelson_aalen_agrees_with_lifelines_on_real_patients():
    table = load_whas500()
    ours = hazards.nelson_aalen(table["days"], table["died"])
    theirs = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(table["days"], table["died"]).cumulative_hazard_
    np.testing.assert_allclose(ours.hazard, theirs.iloc[:, 0].loc[ours.times])


def test_a_death_at_time_zero_is_counted_there():
    assert hazards.nelson_aalen([0, 1], [1, 1]).hazard.tolist() == [0.5, 1.5]
    assert hazards.cumulative_incidence([0.0, 1.0], [2, 1]).death.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hazards.nelson_aalen([1, -2], [1, 1]), r"times must be finite and 0 or more; patient 1 has -2"),
        (lambda: hazards.kaplan_meier([1, NAN], [1, 1]), r"patient 1 has nan"),
        (lambda: hazards.nelson_aalen([1, 2], [1, 2]), r"event must be 0 \(censored\) or 1 \(died\); patient 1 has 2"),
        (lambda: hazards.nelson_aalen([1, 2], [1]), "one entry per patient, 2; got 1"),
        (lambda: hazards.nelson_aalen([[1, 2]], [1]), r"one axis, \(n_patients,\); got shape \(1, 2\)"),
        (lambda: hazards.nelson_aalen(["a"], [1]), "must hold numbers"),
        (lambda: hazards.cumulative_incidence([1, 2], [0, 3]), "patient 1 has 3"),
        (lambda: hazards.cumulative_incidence([1, 2], [0]), "one entry per patient, 2"),
        (lambda: hazards.cumulative_incidence([-1.0], [0]), "Was a date subtracted the wrong way"),
    ],
)
def test_counting_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
