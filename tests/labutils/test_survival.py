"""Shares, curves, hazard, interval, restricted mean: tables by hand, slow oracles, lifelines and scikit-survival."""

import numpy as np
import pandas as pd
import pytest
import survival_by_hand as by_hand
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter, NelsonAalenFitter
from lifelines.utils import restricted_mean_survival_time
from sksurv.nonparametric import kaplan_meier_estimator, nelson_aalen_estimator

from labutils import survival as ours
from labutils.datasets import load_lymphoma

NAN = float("nan")
FOUR = ([5, 9, 2, 5], [1, 0, 1, 0])


def table(times, events, **columns):
    return pd.DataFrame({"Time": times, "Event": events, **columns})


patients = st.lists(
    st.tuples(st.one_of(st.integers(0, 9), st.sampled_from([0.25, 0.5, 2.75, 1e6, 1e-9])), st.booleans()),
    min_size=1,
    max_size=30,
).map(lambda rows: table(*zip(*rows, strict=True)))


@pytest.fixture(scope="module")
def lymphoma():
    return load_lymphoma()


# -- tables by hand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "events", "expected_times", "expected"),
    [
        pytest.param(*FOUR, [0, 2, 5, 9], [1, 0.75, 0.5, 0.5], id="a death before a censoring at a tied time"),
        pytest.param([2.5, 2.5, 1, 4], [1, 1, 0, 1], [0, 1, 2.5, 4], [1, 1, 1 / 3, 0], id="two tied deaths"),
        pytest.param([7, 3, 3], [0, 0, 0], [0, 3, 7], [1, 1, 1], id="everybody censored"),
        pytest.param([4], [1], [0, 4], [1, 0], id="one patient who dies"),
        pytest.param([4], [0], [0, 4], [1, 1], id="one patient who is censored"),
        pytest.param([0, 0, 3, 5], [1, 0, 1, 0], [0, 3, 5], [0.75, 0.375, 0.375], id="deaths at time 0"),
        pytest.param([0, 2], [0, 1], [0, 2], [1, 0], id="censored at time 0"),
        pytest.param([-0.0, 2], [0, 1], [0, 2], [1, 0], id="minus zero is zero"),
        pytest.param([1e9, 1.5], [1, 1], [0, 1.5, 1e9], [1, 0.5, 0], id="far apart: counted times would not fit"),
    ],
)
@pytest.mark.parametrize("event_type", ["bool", "int64", "float32"])
def test_kaplan_meier_by_hand(times, events, expected_times, expected, event_type):
    df = table(times, events, ward=9).astype({"Event": event_type})
    df.index = ["x"] * len(df)
    before = df.copy()
    curve = ours.HomemadeKM(df)
    np.testing.assert_array_equal(curve.times, expected_times)
    np.testing.assert_allclose(curve.survival, expected, atol=1e-15)
    pd.testing.assert_frame_equal(df, before)


def test_risk_table_counts_everybody_once():
    got = ours.risk_table(table(*FOUR))
    assert [part.tolist() for part in got] == [[2, 5, 9], [4, 3, 1], [1, 1, 0], [0, 1, 1]]
    assert [len(part) for part in ours.risk_table(table([], []))] == [0, 0, 0, 0]


@pytest.mark.parametrize("dtype", ["int8", "int32", "float16", "float32", "float64", "uint8"])
def test_every_number_type_gives_the_same_curve(dtype):
    df = table([5, 9, 2, 5], [1, 0, 1, 0]).astype({"Time": dtype})
    np.testing.assert_array_equal(ours.HomemadeKM(df).survival, ours.HomemadeKM(table(*FOUR)).survival)


def test_shares():
    assert ours.frac_censored(table([3, 5, 8, 8], [True, False, True, True])) == 0.25
    assert np.isnan(ours.frac_censored(table([], [])))
    five = table([2, 4, 6, 7, 9], [1, 0, 1, 0, 1])
    assert [ours.naive_estimator(t, five) for t in (1.5, 4, 6, 9)] == [1, 0.75, 0.5, 0]
    assert np.isnan(ours.naive_estimator(3, table([1, 2], [0, 0])))


def test_hazard_by_hand_and_its_link_to_the_curve(lymphoma):
    np.testing.assert_allclose(ours.nelson_aalen(table(*FOUR)).hazard, [0, 1 / 4, 7 / 12, 7 / 12])
    np.testing.assert_allclose(ours.nelson_aalen(table([0, 1], [1, 1])).hazard, [0.5, 1.5])
    hazard, curve = ours.nelson_aalen(lymphoma).hazard, ours.HomemadeKM(lymphoma).survival
    assert (np.exp(-hazard) >= curve - 1e-12).all()
    assert np.abs(np.exp(-hazard) - curve).max() < 0.02


@pytest.mark.parametrize(
    ("horizon", "expected"), [(0, 0), (1.5, 1.5), (2, 2), (5, 4.25), (8, 5.75), (9, 6.25), (12, 7.75)]
)
def test_restricted_mean_by_hand(horizon, expected):
    assert ours.restricted_mean(table(*FOUR), horizon) == pytest.approx(expected)


def test_steps_hold_from_their_time_on():
    assert ours.step_at([0, 2, 5], [1, 0.75, 0.5], 2) == 0.75
    assert isinstance(ours.step_at([0, 2], [1, 0.5], 1), float)
    np.testing.assert_array_equal(ours.step_at([0, 2, 5], [1, 0.75, 0.5], [[1.9, 2], [5, 99]]), [[1, 0.75], [0.5, 0.5]])


# -- known figures of the lymphoma patients ----------------------------------------------------------------------------


def test_known_figures_of_the_lymphoma_patients(lymphoma):
    assert ours.frac_censored(lymphoma) == 0.325
    at = {
        stage: np.round(ours.step_at(*ours.HomemadeKM(df), [90, 180, 270, 300, 360]), 3).tolist()
        for stage, df in lymphoma.groupby("Stage_group")
    }
    assert at == {1: [0.737, 0.680, 0.525, 0.525, 0.525], 2: [0.425, 0.254, 0.195, 0.195, 0.195]}
    fourth = ours.HomemadeKM(lymphoma[lymphoma["Stage_group"] == 2])
    assert fourth.times[np.argmax(fourth.survival <= 0.5)] == 82


# -- oracles and properties --------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(patients, st.sampled_from([0.5, 0.9, 0.95]), st.sampled_from([0.25, 3, 8.5, 2e6]))
def test_the_fast_versions_agree_with_the_readable_ones(df, level, horizon):
    rows = by_hand.rows_of(df)
    for got, expected in (
        (ours.HomemadeKM(df), by_hand.kaplan_meier(rows)),
        (ours.nelson_aalen(df), by_hand.nelson_aalen(rows)),
        (ours.greenwood_interval(df, level), by_hand.greenwood(rows, level)),
    ):
        for mine, theirs in zip(got, expected, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)
    assert ours.restricted_mean(df, horizon) == pytest.approx(by_hand.area(rows, horizon), rel=1e-9, abs=1e-12)
    assert [list(row) for row in zip(*ours.risk_table(df), strict=True)] == [list(row) for row in by_hand.counts(rows)]


@settings(max_examples=60, deadline=None)
@given(patients, st.integers(0, 2**32 - 1))
def test_curves_are_valid_and_ignore_the_order_of_patients_and_the_unit(df, seed):
    times, S = ours.HomemadeKM(df)
    _, low, high = ours.greenwood_interval(df, 0.95)
    assert times[0] == 0 and (np.diff(times) > 0).all()
    assert (np.diff(S) <= 0).all() and S.max() <= 1 and S.min() >= 0
    assert ((low <= S + 1e-12) & (high + 1e-12 >= S) & (low >= 0) & (high <= 1)).all()
    shuffled = df.sample(frac=1, random_state=seed)
    np.testing.assert_array_equal(ours.HomemadeKM(shuffled).survival, S)
    scaled = ours.HomemadeKM(df.assign(Time=df["Time"] * 4))  # a power of two: exact
    np.testing.assert_array_equal(scaled.survival, S)
    np.testing.assert_array_equal(scaled.times, times * 4)


@settings(max_examples=60, deadline=None)
@given(patients)
def test_without_censoring_the_curve_is_the_share_that_outlives(df):
    df = df.assign(Event=1)
    times, S = ours.HomemadeKM(df)
    np.testing.assert_allclose(S, [(df["Time"] > t).mean() for t in times], atol=1e-12)
    assert ours.restricted_mean(df, 8.5) == pytest.approx(np.minimum(df["Time"], 8.5).mean())
    assert ours.naive_estimator(3, df) == pytest.approx((df["Time"] > 3).mean())


def test_both_ways_of_counting_agree_on_large_tables():
    rng = np.random.default_rng(4)
    whole = table(rng.integers(0, 400, 5000), rng.random(5000) < 0.5)
    counted, sorted_ = ours.risk_table(whole), ours.risk_table(whole.assign(Time=whole["Time"] + 0.5))
    np.testing.assert_array_equal(counted.times + 0.5, sorted_.times)
    for mine, theirs in zip(counted[1:], sorted_[1:], strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype == np.int64


# -- other libraries ---------------------------------------------------------------------------------------------------


def tables():
    rng = np.random.default_rng(12)
    yield pytest.param(load_lymphoma()[["Time", "Event"]], id="lymphoma")
    for n in (2, 7, 40, 400):
        yield pytest.param(
            table(rng.integers(1, n // 2 + 3, n), rng.permutation(np.arange(n) % 3 != 0)), id=f"ties {n}"
        )
        yield pytest.param(table(rng.exponential(5, n), rng.permutation(np.arange(n) % 2 == 0)), id=f"no ties {n}")


@pytest.mark.parametrize("df", list(tables()))
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_parity_with_lifelines(df, level):
    fitted = KaplanMeierFitter(alpha=1 - level).fit(df["Time"], df["Event"])
    times, S = ours.HomemadeKM(df)
    np.testing.assert_array_equal(times, fitted.survival_function_.index)
    np.testing.assert_allclose(S, fitted.survival_function_.iloc[:, 0], atol=1e-12)
    inside = (S > 0) & (S < 1)
    _, low, high = ours.greenwood_interval(df, level)
    np.testing.assert_allclose(low[inside], fitted.confidence_interval_.iloc[inside, 0], rtol=1e-7)
    np.testing.assert_allclose(high[inside], fitted.confidence_interval_.iloc[inside, 1], rtol=1e-7)
    np.testing.assert_array_equal(low[~inside], S[~inside])
    np.testing.assert_array_equal(high[~inside], S[~inside])
    hazard = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(df["Time"], df["Event"]).cumulative_hazard_
    np.testing.assert_allclose(ours.nelson_aalen(df).hazard, hazard.iloc[:, 0], atol=1e-12)
    horizon = 0.7 * float(df["Time"].max())
    assert ours.restricted_mean(df, horizon) == pytest.approx(restricted_mean_survival_time(fitted, t=horizon))


@pytest.mark.parametrize("df", list(tables()))
def test_parity_with_scikit_survival(df):
    event, time = df["Event"].to_numpy().astype(bool), df["Time"].to_numpy().astype(float)
    times, S, (low, high) = kaplan_meier_estimator(event, time, conf_type="log-log")
    np.testing.assert_array_equal(ours.HomemadeKM(df).times[1:], times)
    np.testing.assert_allclose(ours.HomemadeKM(df).survival[1:], S, atol=1e-12)
    inside = (S > 0) & (S < 1)
    interval = ours.greenwood_interval(df, 0.95)
    np.testing.assert_allclose(interval.low[1:][inside], low[inside], rtol=1e-7)
    np.testing.assert_allclose(interval.high[1:][inside], high[inside], rtol=1e-7)
    np.testing.assert_allclose(ours.nelson_aalen(df).hazard[1:], nelson_aalen_estimator(event, time)[1], atol=1e-12)


def test_standard_error_of_the_restricted_mean_matches_a_bootstrap_of_patients(lymphoma):
    rng = np.random.default_rng(6)
    got = ours.restricted_mean_interval(lymphoma, 300)
    drawn = [ours.restricted_mean(lymphoma.sample(frac=1, replace=True, random_state=rng), 300) for _ in range(400)]
    assert got.mean == ours.restricted_mean(lymphoma, 300)
    assert got.error == pytest.approx(np.std(drawn, ddof=1), rel=0.15)
    assert got.high - got.mean == pytest.approx(1.959964 * got.error) == got.mean - got.low
    without = table([2, 4, 6, 8], [1, 1, 1, 1])  # no censoring: the error of a mean, with n below the line
    assert ours.restricted_mean_interval(without, 9).error == pytest.approx(np.std([2, 4, 6, 8]) / 2)


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("df", "message"),
    [
        (pd.DataFrame({"Time": [1]}), "df has no column Event; it has Time"),
        (pd.DataFrame({"a": [1]}), "df has no column Time and no column Event; it has a"),
        (table([1, -2], [1, 1]), r"Time must be 0 or more, and known; got -2 in row 1"),
        (table([NAN, 2], [1, 1]), r"Time must be 0 or more, and known; got nan in row 0"),
        (table([1, np.inf], [1, 1]), r"got inf in row 1"),
        (table([1, 2], [1, 2]), r"Event must be 1 or True \(event\), 0 or False \(censored\); got 2 in row 1"),
        (table([1, 2], [1, NAN]), r"Event must be .* got nan in row 1"),
        (table([1, 2], [1, None]), r"Event must be .* got nan in row 1"),
        (table([], []), "df has no patient, so there is no curve"),
    ],
)
@pytest.mark.parametrize("function", [ours.HomemadeKM, ours.nelson_aalen, ours.greenwood_interval])
def test_no_curve_from_what_cannot_be(df, message, function):
    with pytest.raises(ValueError, match=message):
        function(df)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda df: ours.greenwood_interval(df, 95), "level is the share of intervals .* got 95"),
        (lambda df: ours.restricted_mean_interval(df, 3, 1), "level is the share"),
        (lambda df: ours.restricted_mean(df, -1), "horizon must be a time of 0 or more; got -1"),
        (lambda df: ours.restricted_mean(df, NAN), "horizon must be a time"),
        (lambda df: ours.restricted_mean(df, np.inf), "horizon must be a time"),
        (lambda df: ours.naive_estimator(NAN, df), "t must be a time; got NaN"),
        (lambda df: ours.step_at(*ours.HomemadeKM(df), -1), "t must be 0 or more, and known; got -1"),
        (lambda df: ours.step_at(*ours.HomemadeKM(df), [1, NAN]), "got nan"),
    ],
)
def test_arguments_that_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(table(*FOUR))
