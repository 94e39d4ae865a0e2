"""The AUC and its interval, against scikit-learn and against the slow and obvious way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from labutils import evaluation
from labutils.evaluation import AucInterval, bootstrap_auc


def auc_by_pairs(y, pred):
    """Share of pairs (positive, negative) in the right order, a tie counting half: the definition, pair by pair."""
    right = pairs = 0.0
    for i in range(len(y)):
        for j in range(len(y)):
            if y[i] == 1 and y[j] == 0:
                pairs += 1
                right += 1.0 if pred[i] > pred[j] else 0.5 if pred[i] == pred[j] else 0.0
    return right / pairs if pairs else float("nan")


def resample_by_copying(y, pred, patient, drawn):
    """AUC of one resample, made by really copying all films of each drawn patient."""
    films = [i for p in drawn for i in range(len(y)) if patient[i] == p]
    return auc_by_pairs([y[i] for i in films], [pred[i] for i in films])


def cohort(n_patients, rng, *, films=4, prevalence=0.2, effect=1.0):
    """Films with a patient's own share in label and score."""
    patient = np.repeat(np.arange(n_patients), rng.integers(1, films + 1, n_patients))
    sick = rng.random(n_patients) < prevalence
    y = sick[patient].astype(int)
    pred = effect * y + rng.normal(size=n_patients)[patient] + 0.5 * rng.normal(size=len(patient))
    return y, pred, patient


BY_HAND = {
    "perfect": ([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], 1.0),
    "reversed": ([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4], 0.0),
    "one pair of four wrong": ([0, 0, 1, 1], [0.1, 0.4, 0.3, 0.8], 0.75),
    "all tied": ([0, 1, 0, 1], [0.5] * 4, 0.5),
    "one tie of two pairs": ([0, 1, 1], [0.25, 0.25, 0.75], 0.75),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_auc_worked_out_by_hand(case):
    y, pred, expected = BY_HAND[case]
    assert bootstrap_auc(y, pred, range(len(y)), 10, 0).auc == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_auc_equals_pairs_and_scikit_learn(films):
    y = np.array([label for label, _ in films])
    pred = np.array([score / 4 for _, score in films])
    auc = evaluation._rank_auc(y, pred)
    if y.all() or not y.any():
        assert np.isnan(auc)
    else:
        assert auc == pytest.approx(auc_by_pairs(y, pred), abs=1e-12)
        assert auc == pytest.approx(roc_auc_score(y, pred), abs=1e-12)


def test_each_resample_equals_the_films_really_copied():
    rng = np.random.default_rng(3)
    y, pred, patient = cohort(12, rng, prevalence=0.4)
    pred = np.round(pred, 1)  # ties
    counts = evaluation._patient_counts(12, 40, rng)
    fast = evaluation._weighted_aucs(y == 1, pred, patient, counts)
    slow = [resample_by_copying(y, pred, patient, np.repeat(np.arange(12), column)) for column in counts.T]
    np.testing.assert_allclose(fast, slow, atol=1e-12, equal_nan=True)
    np.testing.assert_array_equal(counts.sum(axis=0), 12)


def test_interval_agrees_with_a_naive_bootstrap():
    y, pred, patient = cohort(60, np.random.default_rng(4), prevalence=0.3)
    rng = np.random.default_rng(5)
    rows = [np.flatnonzero(patient == p) for p in range(60)]
    naive = []
    while len(naive) < 2000:
        films = np.concatenate([rows[p] for p in rng.integers(60, size=60)])
        if 0 < y[films].sum() < len(films):
            naive.append(roc_auc_score(y[films], pred[films]))
    auc, low, high = bootstrap_auc(y, pred, patient, 20_000, 0)
    assert auc == pytest.approx(roc_auc_score(y, pred))
    # The ends of 2,000 resamples scatter by about .005 here; three times that.
    assert (low, high) == pytest.approx(tuple(np.quantile(naive, [0.025, 0.975])), abs=0.015)


def test_counts_of_draws_have_the_right_mean_and_spread():
    counts = evaluation._patient_counts(50, 20_000, np.random.default_rng(0))
    assert counts.mean() == 1.0
    np.testing.assert_allclose(counts.mean(axis=1), 1.0, atol=0.04)
    np.testing.assert_allclose(counts.var(axis=1), 1 - 1 / 50, atol=0.06)  # binomial(50, 1/50)


def test_interval_covers_the_truth_about_as_often_as_it_says():
    truth = 0.7602499  # normal scores with unit spread, shifted by 1: Φ(1/√2)
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(400):
        y = rng.random(150) < 0.3
        pred = rng.normal(size=150) + y
        _, low, high = bootstrap_auc(y, pred, np.arange(150), 300, rng)
        inside += low <= truth <= high
    assert 0.91 <= inside / 400 <= 0.98


def test_resampling_films_instead_of_patients_would_be_too_sure():
    y, pred, patient = cohort(200, np.random.default_rng(1), films=12)
    by_patient = bootstrap_auc(y, pred, patient, 2000, 0)
    by_film = bootstrap_auc(y, pred, np.arange(len(y)), 2000, 0)
    assert by_patient.auc == by_film.auc
    assert by_patient.high - by_patient.low > 1.5 * (by_film.high - by_film.low)


def test_same_seed_same_interval_and_generator_is_taken():
    y, pred, patient = cohort(80, np.random.default_rng(0))
    first = bootstrap_auc(y, pred, patient, 200, 7)
    assert first == bootstrap_auc(y, pred, patient, 200, np.random.default_rng(7))
    assert first != bootstrap_auc(y, pred, patient, 200, 8)
    assert isinstance(first, AucInterval) and 0 <= first.low <= first.auc <= first.high <= 1


def test_names_and_order_of_patients_do_not_matter():
    y, pred, patient = cohort(60, np.random.default_rng(0))
    plain = bootstrap_auc(y, pred, patient, 5000, 0)
    mixed = np.random.default_rng(1).permutation(len(y))
    named = bootstrap_auc(
        pd.Series(y[mixed], index=mixed), list(pred[mixed]), [f"p{k}" for k in patient[mixed]], 5000, 0
    )
    assert named.auc == plain.auc
    assert named[1:] == pytest.approx(plain[1:], abs=0.02)


def test_wider_level_wider_interval():
    y, pred, patient = cohort(80, np.random.default_rng(2))
    narrow, wide = (bootstrap_auc(y, pred, patient, 2000, 0, level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.auc < narrow.high < wide.high


def test_inputs_stay_as_they_were():
    y, pred, patient = cohort(30, np.random.default_rng(0))
    before = y.copy(), pred.copy(), patient.copy()
    bootstrap_auc(y, pred, patient, 50, 0)
    for now, then in zip((y, pred, patient), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize("y", [[0, 0, 0], [1, 1, 1], []])
def test_one_class_or_no_film_is_nan(y):
    assert np.isnan(bootstrap_auc(y, [0.1, 0.2, 0.3][: len(y)], range(len(y)), 10, 0)).all()


def test_a_single_positive_patient_is_drawn_again_until_there():
    y = np.zeros(30, dtype=int)
    y[0] = 1
    pred = np.linspace(0, 1, 30)
    result = bootstrap_auc(y, pred, np.arange(30), 500, 0)
    assert result == (0.0, 0.0, 0.0)  # the one positive has the lowest score in every resample that holds it


def test_large_counts_do_not_overflow():
    n = 100_000  # 2.5e9 pairs: more than 32 bits hold
    y = np.arange(n) % 2
    result = bootstrap_auc(y, y + 0.0, np.arange(n) // 100, 3, 0)
    assert result == (1.0, 1.0, 1.0)


WRONG = {
    "one entry per film": {"y": [0, 1], "pred": [0.1], "patient": [1, 2]},
    "0 or 1; film 1 has": {"y": [0, 2], "pred": [0.1, 0.2], "patient": [1, 2]},
    "finite numbers; film 0": {"y": [0, 1], "pred": [float("nan"), 0.2], "patient": [1, 2]},
    "patient is missing for film 1": {"y": [0, 1], "pred": [0.1, 0.2], "patient": ["a", None]},
    "n_boot is the number": {"y": [0, 1], "pred": [0.1, 0.2], "patient": [1, 2], "n_boot": 0},
    "between 0 and 1; got 95": {"y": [0, 1], "pred": [0.1, 0.2], "patient": [1, 2], "level": 95},
    "for one finding": {"y": [[0, 1]], "pred": [[0.1, 0.2]], "patient": [1]},
}


@pytest.mark.parametrize("message", WRONG)
def test_bad_input_gets_one_clear_sentence(message):
    with pytest.raises(ValueError, match=message):
        bootstrap_auc(**{"n_boot": 10, "rng": 0, **WRONG[message]})
