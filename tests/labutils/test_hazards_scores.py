"""Harrell's C and the Brier score: named ties, a pair-by-pair oracle, lifelines, scikit-survival, intervals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.utils import concordance_index
from sksurv.exceptions import NoComparablePairException
from sksurv.metrics import brier_score as sksurv_brier
from sksurv.metrics import concordance_index_censored
from sksurv.util import Surv

from labutils import hazards
from labutils.hazards import PairCounts

NAN = float("nan")
patients = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([0.25, 0.5, 0.75, 1.0]), st.booleans()), max_size=30)


def columns(rows):
    return (
        np.array([row[0] for row in rows], dtype=float),
        np.array([row[1] for row in rows], dtype=float),
        np.array([row[2] for row in rows], dtype=bool),
    )


def by_pairs(times, scores, died):
    """Count pair by pair, as the exercise does: the readable version that the fast one must agree with."""
    permissible = concordant = tied = 0
    for i in range(len(times)):
        for j in range(len(times)):
            if died[i] and (times[j] > times[i] or (times[j] == times[i] and not died[j])):
                permissible += 1
                concordant += scores[i] > scores[j]
                tied += scores[i] == scores[j]
    return PairCounts(permissible, int(concordant), int(tied))


@pytest.mark.parametrize(
    ("times", "scores", "event", "expected"),
    [
        pytest.param([2, 4, 4, 6], [0.75, 0.5, 0.5, 0.25], [1, 1, 0, 0], (5, 4, 1), id="the exercise"),
        pytest.param([3, 3, 5], [0.75, 1, 0.5], [1, 1, 1], (2, 2, 0), id="two deaths at one time"),
        pytest.param([3, 3], [0.75, 0.25], [1, 0], (1, 1, 0), id="censored at the time of a death"),
        pytest.param([3, 3], [0.5, 0.5], [0, 1], (1, 0, 1), id="the same in the other order, tied"),
        pytest.param([2, 5], [0.75, 0.25], [0, 1], (0, 0, 0), id="censored before a death"),
        pytest.param([2, 5], [1, 2], [0, 0], (0, 0, 0), id="nobody died"),
        pytest.param([1, 2, 3], [1, 2, 3], [1, 1, 1], (3, 0, 0), id="upside down"),
        pytest.param([7], [1], [1], (0, 0, 0), id="one patient"),
        pytest.param([], [], [], (0, 0, 0), id="nobody"),
    ],
)
def test_pairs_table(times, scores, event, expected):
    assert tuple(hazards.count_pairs(times, scores, event)) == expected
    permissible, concordant, tied = expected
    index = (concordant + tied / 2) / permissible if permissible else NAN
    np.testing.assert_equal(hazards.harrell_c(times, scores, event), index)


@settings(deadline=None)
@given(patients)
def test_pairs_agree_with_counting_pair_by_pair(rows):
    times, scores, died = columns(rows)
    counts = hazards.count_pairs(times, scores, died)
    assert counts == by_pairs(times, scores, died)
    assert counts.concordant + counts.tied <= counts.permissible


@settings(deadline=None)
@given(patients)
def test_index_agrees_with_lifelines_and_scikit_survival(rows):
    times, scores, died = columns(rows)
    ours = hazards.harrell_c(times, scores, died)
    try:
        lifelines_c = concordance_index(times, -scores, died) if rows else NAN
    except ZeroDivisionError:
        lifelines_c = NAN
    np.testing.assert_allclose(ours, lifelines_c, equal_nan=True)
    if died.any() and len(rows) > 1:
        try:
            theirs = concordance_index_censored(died, times, scores, tied_tol=0)[0]
        except NoComparablePairException:
            theirs = NAN
        np.testing.assert_allclose(ours, theirs, equal_nan=True)


@settings(deadline=None)
@given(patients, st.randoms(use_true_random=False))
def test_index_properties(rows, random):
    times, scores, died = columns(rows)
    c = hazards.harrell_c(times, scores, died)
    shuffled = random.sample(range(len(rows)), len(rows))
    np.testing.assert_equal(hazards.harrell_c(times[shuffled], scores[shuffled], died[shuffled]), c)
    np.testing.assert_equal(hazards.harrell_c(times * 365, np.exp(scores), died), c)  # only orders matter
    np.testing.assert_allclose(hazards.harrell_c(times, -scores, died), 1 - c, equal_nan=True)
    assert np.isnan(c) or 0 <= c <= 1


def test_pairs_at_the_scale_of_a_registry():
    rng = np.random.default_rng(0)
    times, died = rng.integers(1, 3000, 4000).astype("float32"), rng.random(4000) < 0.4
    scores = np.round(rng.normal(size=4000), 1).astype("float32")
    before = times.copy(), scores.copy(), died.copy()
    counts = hazards.count_pairs(pd.Series(times, index=rng.permutation(4000)), scores, died.astype(int))
    later = (times[None] > times[:, None]) | ((times[None] == times[:, None]) & ~died[None])
    pairs = died[:, None] & later
    assert counts.permissible == pairs.sum()
    assert counts.concordant == (pairs & (scores[:, None] > scores[None])).sum()
    assert counts.tied == (pairs & (scores[:, None] == scores[None])).sum()
    assert all(np.array_equal(a, b) for a, b in zip((times, scores, died), before, strict=True))


def test_counts_do_not_overflow_32_bits():
    n = 200_000
    times = np.arange(1, n + 1)
    assert hazards.count_pairs(times, -times, np.ones(n)) == PairCounts(n * (n - 1) // 2, n * (n - 1) // 2, 0)


# -- intervals ---------------------------------------------------------------------------------------------------------


def cohort(n, seed, strength=1.0):
    rng = np.random.default_rng(seed)
    score = rng.normal(size=n)
    death, lost = rng.exponential(np.exp(-strength * score)), rng.exponential(1.5, size=n)
    return np.minimum(death, lost), score, death <= lost


def test_interval_repeats_with_its_seed_and_holds_the_estimate():
    times, score, died = cohort(120, 1)
    one = hazards.harrell_c_interval(times, score, died, 200, rng=3)
    assert one == hazards.harrell_c_interval(times, score, died, 200, rng=np.random.default_rng(3))
    assert one.low < one.c < one.high
    assert one.c == hazards.harrell_c(times, score, died)
    narrow = hazards.harrell_c_interval(times, score, died, 200, rng=3, level=0.5)
    assert one.low < narrow.low < narrow.high < one.high


def test_interval_covers_the_truth_about_as_often_as_it_says():
    truth = hazards.harrell_c(*cohort(40_000, 99))
    hits = 0
    for seed in range(100):
        result = hazards.harrell_c_interval(*cohort(80, seed), 150, rng=seed)
        hits += result.low <= truth <= result.high
    assert 85 <= hits <= 100


def test_difference_is_paired():
    times, score, died = cohort(150, 4)
    worse = score + np.random.default_rng(5).normal(size=150) * 2
    gain = hazards.harrell_c_difference(times, score, worse, died, 300, rng=1)
    assert gain.c == pytest.approx(hazards.harrell_c(times, score, died) - hazards.harrell_c(times, worse, died))
    assert 0 < gain.low < gain.c < gain.high
    none = hazards.harrell_c_difference(times, score, score * 2, died, 50, rng=1)
    assert none == (0, 0, 0)


def test_intervals_without_a_permissible_pair_are_nan():
    nothing = [1.0, 2.0], [0.5, 0.25], [0, 0]
    assert np.isnan(hazards.harrell_c_interval(*nothing, 10, rng=0)).all()
    assert np.isnan(hazards.brier_interval([], [], [], 1, 10, rng=0)).all()


# -- Brier score -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "t", "expected"),
    [
        pytest.param([1, 0, 1, 0, 1], 3.5, 0.15, id="the exercise"),
        pytest.param([1, 1, 1, 1, 1], 3.5, 0.175, id="nobody censored"),
        pytest.param([1, 0, 1, 0, 1], 3, 0.15, id="a death at t is a death"),
        pytest.param([1, 0, 1, 0, 1], 0, 0.275, id="everybody alive at 0"),
        pytest.param([0, 0, 0, 0, 0], 9, 0.0, id="all censored before t: nothing is known"),
    ],
)
def test_brier_table(event, t, expected):
    got = hazards.brier_score([1, 2, 3, 4, 5], event, [0.5, 0.5, 0.25, 0.75, 0.5], t)
    assert got == pytest.approx(expected)


def test_brier_of_nobody_is_nan():
    assert np.isnan(hazards.brier_score([], [], [], 1.0))


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_brier_agrees_with_scikit_survival_where_no_death_and_censoring_coincide(seed):
    rng = np.random.default_rng(seed)
    moments = np.arange(1, 41) / 4
    deadly = rng.random(40) < 0.6
    picked = rng.integers(0, 40, 60)
    times, died, predicted = moments[picked], deadly[picked], rng.random(60)
    if died.all() or not died.any() or died[times == times.max()].any():
        return  # scikit-survival asks for a censored last patient
    t = float(rng.uniform(times.min(), times.max()))
    y = Surv.from_arrays(died, times)
    theirs = sksurv_brier(y, y, predicted[:, None], [t])[1][0]
    assert hazards.brier_score(times, died, predicted, t) == pytest.approx(theirs)


def test_brier_with_coinciding_death_and_censoring_lets_the_dead_go_first():
    # At 2 one dies and one is censored: G just before 2 is 1, and the dead are not at risk of being censored.
    got = hazards.brier_score([2, 2, 5], [1, 0, 1], [0.5, 0.5, 0.5], 3)
    assert got == pytest.approx((0.25 + 0.25 / 0.5) / 3)


def test_brier_weights_undo_the_censoring():
    rng = np.random.default_rng(3)
    death, lost = rng.exponential(2, 20_000), rng.exponential(2, 20_000)
    predicted = np.full(20_000, 0.3)
    truth = np.mean((predicted - (death > 1)) ** 2)
    got = hazards.brier_score(np.minimum(death, lost), death <= lost, predicted, 1)
    assert got == pytest.approx(truth, abs=0.01)


def test_brier_interval_holds_the_score_and_repeats():
    times, score, died = cohort(150, 8)
    predicted = 1 / (1 + np.exp(score))
    one = hazards.brier_interval(times, died, predicted, 0.5, 200, rng=1)
    assert one == hazards.brier_interval(times, died, predicted, 0.5, 200, rng=1)
    assert one.low < one.score == hazards.brier_score(times, died, predicted, 0.5) < one.high


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hazards.harrell_c([1, -1], [1, 2], [1, 1]), r"y_true must be finite and 0 or more; patient 1 has -1"),
        (lambda: hazards.harrell_c([1, 2], [1, NAN], [1, 1]), "patient 1 has nan. Is one of the covariates missing"),
        (lambda: hazards.harrell_c([1, 2], [1], [1, 1]), "scores must have one entry per patient, 2; got 1"),
        (lambda: hazards.harrell_c([1, 2], [1, 2], [0, 2]), "choose the code that is the event"),
        (lambda: hazards.harrell_c_interval([1, 2], [1, 2], [1, 1], 0, 1), "n_boot is the number of resamples"),
        (lambda: hazards.harrell_c_interval([1, 2], [1, 2], [1, 1], 9, 1, level=2), "level is the share"),
        (lambda: hazards.brier_score([1, 2], [1, 1], [0.5, 1.5], 1), "A risk score is no probability"),
        (lambda: hazards.brier_score([1, 2], [1, 1], [0.5, 0.5], -1), "t must be one time of 0 or more; got -1"),
        (lambda: hazards.brier_interval([1.0], [1], [0.5], 1, 0, 1), "n_boot is the number of resamples"),
    ],
)
def test_scores_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()
