"""Rates, curves and calibration: by hand, against scikit-learn, and what they say to bad input."""

import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression

from labutils import (
    evaluation,
    evaluation_calibration,
    evaluation_curves,
    evaluation_intervals,
    evaluation_rates,
)

NAN = float("nan")
TEN = np.array([1, 0, 1, 0, 0, 1, 0, 0, 1, 0]), np.array([0.9, 0.1, 0.5, 0.75, 0.3, 0.3, 0.5, 0.2, 0.8, 0.4])
#        th    tp fp fn tn
CELLS = {0.5: (3, 2, 1, 4), 0.75: (2, 1, 2, 5), 0.25: (4, 4, 0, 2), 0.0: (4, 6, 0, 0), 1.0: (0, 0, 4, 6)}
RATES = ("get_accuracy", "get_sensitivity", "get_specificity", "get_ppv", "get_npv", "f1_score")


@pytest.mark.parametrize("th", CELLS)
def test_cells_counted_on_fingers(th):
    tp, fp, fn, tn = CELLS[th]
    assert evaluation.confusion_matrix(*TEN, th) == (tp, fp, fn, tn)
    got = [getattr(evaluation, name)(*TEN, th) for name in ("true_positives", "false_positives")]
    got += [getattr(evaluation, name)(*TEN, th) for name in ("false_negatives", "true_negatives")]
    assert got == [tp, fp, fn, tn]


patients = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(patients, st.sampled_from([0, 0.25, 0.5, 0.75, 1]))
def test_rates_equal_scikit_learn(cohort, th):
    y, pred = np.array([label for label, _ in cohort]), np.array([score / 8 for _, score in cohort])
    flagged = pred >= th
    theirs = {
        "get_accuracy": metrics.accuracy_score(y, flagged),
        "get_sensitivity": metrics.recall_score(y, flagged, zero_division=np.nan),
        "get_specificity": metrics.recall_score(y, flagged, pos_label=False, zero_division=np.nan),
        "get_ppv": metrics.precision_score(y, flagged, zero_division=np.nan),
        "get_npv": metrics.precision_score(y, flagged, pos_label=False, zero_division=np.nan),
        "f1_score": metrics.f1_score(y, flagged, zero_division=np.nan),
    }
    ours = {name: getattr(evaluation, name)(y, pred, th) for name in RATES}
    assert ours == pytest.approx(theirs, nan_ok=True)
    assert evaluation.get_prevalence(y) == pytest.approx(y.mean())
    sens, spec = ours["get_sensitivity"], ours["get_specificity"]
    if y.any() and not y.all():
        by_bayes = evaluation.ppv_from_bayes(sens, spec, y.mean()), evaluation.npv_from_bayes(sens, spec, y.mean())
        assert by_bayes == pytest.approx((ours["get_ppv"], ours["get_npv"]), nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(patients.filter(lambda cohort: len({label for label, _ in cohort}) == 2))
def test_curves_equal_scikit_learn(cohort):
    y, pred = np.array([label for label, _ in cohort]), np.array([score / 8 for _, score in cohort])
    ours, theirs = evaluation.roc_curve(y, pred), metrics.roc_curve(y, pred, drop_intermediate=False)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other)
    assert np.trapezoid(ours.tpr, ours.fpr) == pytest.approx(evaluation.auc(y, pred))
    precision, recall, thresholds = metrics.precision_recall_curve(y, pred)
    mine = evaluation.precision_recall_curve(y, pred)
    np.testing.assert_allclose(mine.precision, precision[-2::-1])
    np.testing.assert_allclose(mine.recall, recall[-2::-1])
    np.testing.assert_allclose(mine.thresholds, thresholds[::-1])
    assert evaluation.average_precision(y, pred) == pytest.approx(metrics.average_precision_score(y, pred))
    assert evaluation.brier_score(y, pred) == pytest.approx(metrics.brier_score_loss(y, pred))


def test_every_zero_over_zero_is_nan():
    sick, healthy = (np.ones(3, int), np.array([0.5, 0.5, 0.5])), (np.zeros(3, int), np.array([0.5, 0.5, 0.5]))
    assert np.isnan(evaluation.get_sensitivity(*healthy)) and np.isnan(evaluation.get_specificity(*sick))
    assert np.isnan(evaluation.get_ppv(*sick, 0.75)) and np.isnan(evaluation.get_npv(*sick, 0.25))
    assert np.isnan([getattr(evaluation, name)([], []) for name in RATES]).all()
    assert np.isnan(evaluation.get_prevalence([])) and np.isnan(evaluation.f1_score([0], [0.1]))
    assert np.isnan(evaluation.ppv_from_bayes(0, 1, 0.5)) and np.isnan(evaluation.npv_from_bayes(1, 0, 0.5))
    assert np.isnan([evaluation.auc(*sick), evaluation.auc([], []), evaluation.brier_score([], [])]).all()
    assert np.isnan(evaluation.roc_curve(*sick).fpr).all() and np.isnan(evaluation.roc_curve(*healthy).tpr).all()
    assert np.isnan(evaluation.average_precision(*healthy)) and np.isnan(evaluation.net_benefit([], [], 0.1))
    assert np.isnan(evaluation.wilson_interval(0, 0)).all()
    assert np.isnan(evaluation.platt_scale([1, 1], [0.2, 0.3], [0.5])).all()


def test_net_benefit_and_decision_curve():
    assert evaluation.net_benefit([1, 0, 0, 0], [0.9, 0.3, 0.1, 0.0], 0.2) == pytest.approx(1 / 4 - 1 / 4 * 0.25)
    table = evaluation.decision_curve(*TEN, [0, 0.2, 0.5])
    assert table["treat_all"].tolist() == pytest.approx([0.4, 0.4 - 0.6 / 4, 0.4 - 0.6])
    assert table["model"].tolist() == pytest.approx([0.4, 0.4 - 0.5 / 4, 0.3 - 0.2])
    assert (table["treat_nobody"] == 0).all()
    assert evaluation.threshold_for_harms(miss=19, false_alarm=1) == pytest.approx(0.05)
    costly, cheap = evaluation.threshold_for_harms(9, 1), evaluation.threshold_for_harms(1, 1)
    assert costly < cheap and evaluation.get_sensitivity(*TEN, costly) >= evaluation.get_sensitivity(*TEN, cheap)


def test_calibration_table_by_hand_and_on_edges():
    mean, share, count = evaluation.calibration_table([1, 0, 1, 1], [0.0, 0.25, 0.875, 1.0], 4)
    np.testing.assert_allclose(mean, [0, 0.25, NAN, 0.9375])
    np.testing.assert_allclose(share, [1, 0, NAN, 1])
    assert count.tolist() == [1, 1, 0, 2]
    np.testing.assert_array_equal(count, np.histogram([0.0, 0.25, 0.875, 1.0], np.linspace(0, 1, 5))[0])


def test_calibration_equals_scikit_learn_away_from_edges():
    rng = np.random.default_rng(0)
    pred = rng.random(500)
    y = rng.random(500) < pred
    mean, share, count = evaluation.calibration_table(y, pred, 7)
    theirs = calibration_curve(y, pred, n_bins=7)
    np.testing.assert_allclose([share, mean], theirs)
    assert count.sum() == 500


@pytest.mark.parametrize("shape", [(0, 2), (1.5, 0.4), (-2, 1)])
def test_platt_scaling_equals_logistic_regression(shape):
    rng = np.random.default_rng(1)
    truth = rng.normal(size=400)
    y = rng.random(400) < 1 / (1 + np.exp(-truth))
    pred = 1 / (1 + np.exp(-(shape[0] + shape[1] * truth)))
    new = np.array([0.0, 0.1, 0.5, 0.99, 1.0])
    logit = lambda p: np.log(np.clip(p, 1e-6, 1 - 1e-6) / (1 - np.clip(p, 1e-6, 1 - 1e-6)))[:, None]  # noqa: E731
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit(pred), y).predict_proba(logit(new))[:, 1]
    ours = evaluation.platt_scale(y, pred, new)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    again = evaluation.platt_scale(y, evaluation.platt_scale(y, pred, pred), new)
    np.testing.assert_allclose(again, new, atol=1e-5)  # what has been mended needs no mending: a = 0, b = 1
    assert evaluation.platt_scale(y, pred, pred).mean() == pytest.approx(y.mean())


def test_platt_scaling_of_one_score_gives_the_share():
    np.testing.assert_allclose(evaluation.platt_scale([1, 0, 0, 0], [0.7] * 4, [0.7, 0.2]), [0.25, 0.25])


def test_series_lists_and_other_widths_are_taken_and_stay_as_they_were():
    y, pred = TEN
    frame = pd.DataFrame({"y": y.astype("float32"), "p": pred.astype("float32")}, index=np.arange(10)[::-1])
    before = frame.copy()
    assert evaluation.confusion_matrix(frame["y"], frame["p"], 0.25) == CELLS[0.25]
    assert evaluation.confusion_matrix(y.astype(bool).tolist(), pred.tolist(), 0.75) == CELLS[0.75]
    pd.testing.assert_frame_equal(frame, before)


WRONG = {
    "entry 1 is 2": lambda: evaluation.get_ppv([0, 2], [0.1, 0.2]),
    "entry 0 is nan": lambda: evaluation.roc_curve([0, 1], [NAN, 0.2]),
    "2 labels and 3 scores": lambda: evaluation.get_accuracy([0, 1], [0.1, 0.2, 0.3]),
    "entry 2 is 1.5": lambda: evaluation.calibration_table([0, 1, 1], [0.1, 0.2, 1.5], 4),
    "entry 0 is -0.1": lambda: evaluation.brier_score([0, 1], [-0.1, 0.2]),
    "pred_new must hold probabilities": lambda: evaluation.platt_scale([0, 1, 0, 1], [0.2, 0.1, 0.4, 0.3], [7.0]),
    "separates the sick from the healthy perfectly": lambda: evaluation.platt_scale([0, 1], [0.2, 0.7], [0.5]),
    "n_bins is the number": lambda: evaluation.calibration_table([0, 1], [0.2, 0.7], 0),
    "th is the threshold": lambda: evaluation.get_ppv([0, 1], [0.2, 0.7], NAN),
    "from 0 to below 1; got 1": lambda: evaluation.net_benefit([0, 1], [0.2, 0.7], 1),
    "sensitivity is a share": lambda: evaluation.ppv_from_bayes(90, 0.9, 0.1),
    "miss must be above 0": lambda: evaluation.threshold_for_harms(0, 1),
    "whole number from 0 to total": lambda: evaluation.wilson_interval(3, 2),
    "must hold numbers": lambda: evaluation.get_ppv([0, 1], ["high", "low"]),
    "one label per patient": lambda: evaluation.get_prevalence([[0, 1]]),
    "one score per patient": lambda: evaluation.get_ppv([0, 1], [[0.1, 0.2]]),
}


@pytest.mark.parametrize("message", WRONG)
def test_bad_input_gets_one_clear_sentence(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message]()


@pytest.mark.parametrize(
    "module",
    [evaluation_rates, evaluation_curves, evaluation_calibration, evaluation_intervals],
    ids=lambda m: m.__name__,
)
def test_examples_in_the_docstrings(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
