"""The log-rank test: by hand, against a slow oracle, R's rule for empty groups, lifelines and scikit-survival."""

import numpy as np
import pandas as pd
import pytest
import survival_by_hand as by_hand
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.statistics import multivariate_logrank_test
from sksurv.compare import compare_survival

from labutils.datasets import load_lymphoma
from labutils.survival import log_rank, observed_and_expected
from labutils.survival_table import count_by_time

NAN = float("nan")


def table(times, events, groups):
    return pd.DataFrame({"Time": times, "Event": events, "arm": groups})


def test_the_example_by_hand():
    df = table([1, 3, 2, 4], [1, 1, 1, 0], list("AABB"))
    before = df.copy()
    assert log_rank(df, "arm").statistic == pytest.approx(8 / 13)
    assert log_rank(df, "arm").p_value == pytest.approx(0.4327676)
    counts = observed_and_expected(df, "arm")
    assert counts["observed"].tolist() == [2, 1]
    assert counts["expected"].tolist() == pytest.approx([4 / 3, 5 / 3])
    pd.testing.assert_frame_equal(df, before)


def test_known_figures_of_the_lymphoma_patients():
    result = log_rank(load_lymphoma(), "Stage_group")
    assert round(result.statistic, 3) == 6.710
    assert round(result.p_value, 5) == 0.00959
    assert observed_and_expected(load_lymphoma(), "Stage_group")["expected"].round(2).tolist() == [16.69, 37.31]


@pytest.mark.parametrize(
    "df",
    [
        pytest.param(table([1, 2, 3], [0, 0, 0], list("aab")), id="nobody died"),
        pytest.param(table([2, 2, 2, 2], [1, 1, 1, 1], list("aabb")), id="all died at the same time"),
        pytest.param(table([1, 1, 5, 6], [0, 0, 1, 1], list("aabb")), id="one group left before the first death"),
    ],
)
def test_no_variance_is_nan(df):
    assert np.isnan(log_rank(df, "arm")).all()
    counts = observed_and_expected(df, "arm")
    assert counts["observed"].sum() == pytest.approx(counts["expected"].sum())


def test_a_group_that_leaves_before_the_first_death_is_left_out():
    rest = table([2, 3, 4, 5, 6], [1, 1, 0, 1, 1], list("aabbb"))
    early = table([1, 1], [0, 0], ["c", "c"])
    assert log_rank(pd.concat([rest, early]), "arm") == pytest.approx(log_rank(rest, "arm"))


def test_a_group_of_one_patient():
    df = table([1, 4, 2, 6, 8], [0, 1, 1, 1, 0], list("xyxxx"))
    expected = by_hand.two_group_log_rank(by_hand.rows_of(df), df["arm"] == "y")
    assert log_rank(df, "arm").statistic == pytest.approx(expected)


@settings(max_examples=100, deadline=None)
@given(st.integers(3, 30), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_two_groups_agree_with_the_readable_version(n, latest, seed):
    rng = np.random.default_rng(seed)
    df = table(rng.integers(0, latest, n) / 4, rng.random(n) < 0.6, rng.permutation(np.arange(n) % 2))
    expected = by_hand.two_group_log_rank(by_hand.rows_of(df), df["arm"] == 0)
    got = log_rank(df, "arm")
    assert got.statistic == pytest.approx(NAN if expected is None else expected, nan_ok=True)
    swapped = log_rank(df.assign(arm=1 - df["arm"]).sample(frac=1, random_state=seed), "arm")
    assert swapped == pytest.approx(got, nan_ok=True)


@pytest.mark.parametrize("groups", [2, 3, 6])
@pytest.mark.parametrize("kind", ["ties", "no ties", "text and a frame with other columns"])
def test_parity_with_lifelines_and_scikit_survival(groups, kind):
    rng = np.random.default_rng(groups)
    n = 60 * groups
    time = rng.exponential(5, n) if kind == "no ties" else rng.integers(1, 20, n)
    df = table(time, rng.random(n) < 0.6, rng.permutation(np.arange(n) % groups))
    if kind.startswith("text"):
        df["arm"] = ("arm " + df["arm"].astype(str)).astype("category")
        df.index = np.zeros(n)
        df = df[["arm", "Event", "Time"]].assign(age=50)
    got = log_rank(df, "arm")
    theirs = multivariate_logrank_test(df["Time"].to_numpy(), np.asarray(df["arm"]), df["Event"].to_numpy())
    assert got == pytest.approx((theirs.test_statistic, theirs.p_value))
    y = np.array(list(zip(df["Event"], df["Time"].astype(float), strict=True)), dtype=[("e", bool), ("t", float)])
    assert got == pytest.approx(compare_survival(y, np.asarray(df["arm"])))


def test_p_is_uniform_when_the_groups_are_alike():
    """So that "p below 0.05" happens in about 5 % of the studies: within three standard errors over 600."""
    rng = np.random.default_rng(17)
    arm = np.arange(80) % 2
    p = [log_rank(table(rng.exponential(5, 80), rng.random(80) < 0.7, arm), "arm").p_value for _ in range(600)]
    assert abs(np.mean(np.array(p) < 0.05) - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 600)


@pytest.mark.parametrize(
    ("df", "message"),
    [
        (table([1, 2], [1, 1], ["a", "a"]), "needs two groups or more; 'arm' holds 1"),
        (table([1, 2, 3], [1, 1, 0], ["a", None, "b"]), "1 rows without a group in 'arm'"),
        (
            table([1, 2], [1, 1], ["a", "b"]).rename(columns={"arm": "group"}),
            "no column 'arm'; it has Time, Event, group",
        ),
        (table([1, 2], [1, 1], ["a", "b"]).drop(columns="Event"), "no column Event"),
        (table([1, -2], [1, 1], ["a", "b"]), "Time must be 0 or more"),
        (table([], [], []), "needs two groups or more; 'arm' holds 0"),
    ],
)
@pytest.mark.parametrize("function", [log_rank, observed_and_expected])
def test_what_is_refused(df, message, function):
    with pytest.raises(ValueError, match=message):
        function(df, "arm")


@pytest.mark.parametrize("groups", [1, 2, 4, 8, 9])
@pytest.mark.parametrize("times", ["exact", "tied", "tiny", "huge", "too far apart to pack"])
def test_times_and_labels_stay_together_however_they_are_sorted(groups, times):
    rng = np.random.default_rng(groups)
    n_labels = 2 * groups
    time = {
        "exact": rng.exponential(1, 300),
        "tied": rng.integers(0, 9, 300) / 8,
        "tiny": rng.exponential(1e-200, 300),
        "huge": rng.exponential(1e200, 300),
        "too far apart to pack": np.append(rng.exponential(1, 298), [1e-300, 1e300]),
    }[times]
    label = rng.integers(0, n_labels, 300)
    got_times, counts = count_by_time(time, label, n_labels)
    assert got_times.tolist() == sorted(set(time.tolist()))
    for row, t in enumerate(got_times):
        assert counts[:, row].tolist() == np.bincount(label[time == t], minlength=n_labels).tolist()
