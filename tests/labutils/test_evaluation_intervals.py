"""Intervals of any metric, coverage, and subgroups."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from labutils import evaluation


def cohort(n_patients, rng, films=4):
    patient = np.repeat(np.arange(n_patients), films)
    y = (rng.random(n_patients) < 0.4).astype(int)[patient]
    return y, y + rng.normal(size=n_patients)[patient] + 0.3 * rng.normal(size=len(y)), patient


@pytest.mark.parametrize(("k", "n"), [(0, 10), (3, 10), (10, 10), (95, 100)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_wilson_equals_scipy(k, n, level):
    theirs = binomtest(k, n).proportion_ci(confidence_level=level, method="wilson")
    assert evaluation.wilson_interval(k, n, level) == pytest.approx((k / n, theirs.low, theirs.high), abs=1e-12)


def test_bootstrap_of_the_auc_agrees_with_the_fast_one():
    y, pred, patient = cohort(60, np.random.default_rng(0))
    slow = evaluation.bootstrap_metric(evaluation.auc, y, pred, patient, n_boot=600, rng=1)
    fast = evaluation.bootstrap_auc(y, pred, patient, 4000, 1)
    assert slow.estimate == fast.auc
    assert slow[1:] == pytest.approx(fast[1:], abs=0.02)


def test_copies_of_films_make_no_interval_narrower():
    y, pred, patient = cohort(50, np.random.default_rng(2), films=1)
    mean = lambda labels, scores: float(scores.mean())  # noqa: E731
    one = evaluation.bootstrap_metric(mean, y, pred, patient, n_boot=500, rng=3)
    many = evaluation.bootstrap_metric(mean, *(np.tile(part, 5) for part in (y, pred, patient)), n_boot=500, rng=3)
    assert many.estimate == pytest.approx(one.estimate)
    assert (many.high - many.low) / (one.high - one.low) == pytest.approx(1, abs=0.2)
    wide = evaluation.bootstrap_metric(mean, y, pred, patient, n_boot=500, rng=3, level=0.5)
    assert one.low < wide.low < wide.high < one.high


def test_a_metric_that_is_never_defined_has_no_interval():
    result = evaluation.bootstrap_metric(evaluation.get_sensitivity, [0, 0], [0.1, 0.2], [1, 2], n_boot=5, rng=0)
    assert np.isnan(result).all()
    empty = evaluation.bootstrap_metric(evaluation.get_sensitivity, [], [], [], n_boot=5, rng=0)
    assert np.isnan(empty).all()


def test_coverage_counts_what_it_should():
    always = evaluation.coverage_of_interval(lambda rng: 0, lambda study: (0, 1), 0.5, n_studies=10, rng=0)
    assert (always.covered, always.share, always.mean_width) == (10, 1.0, 1.0)
    never = evaluation.coverage_of_interval(lambda rng: 0, lambda study: (9, 0.6, 0.7), 0.5, n_studies=10, rng=0)
    assert (never.covered, never.mean_width) == (0, pytest.approx(0.1))
    nan = evaluation.coverage_of_interval(lambda rng: 0, lambda study: (np.nan, np.nan), 0.5, n_studies=3, rng=0)
    assert nan.covered == 0 and np.isnan(nan.mean_width)


def test_subgroups_have_the_numbers_of_their_rows():
    y, pred, patient = cohort(60, np.random.default_rng(4))
    age = pd.Series(np.where(patient < 20, 30.0, np.where(patient < 50, 55.0, np.nan)))
    groups = {"sex": np.where(patient % 2, "F", "M"), "age": evaluation.age_groups(age)}
    table = evaluation.subgroup_table(y, pred, patient, groups, th=0.5, n_boot=100, rng=0)
    assert list(table.index) == [
        ("everybody", "everybody"),
        ("sex", "F"),
        ("sex", "M"),
        ("age", "under 40"),
        ("age", "40 to 59"),
    ]
    women = patient % 2 == 1
    row = table.loc[("sex", "F")]
    assert (row["films"], row["patients"], row["positives"]) == (120, 30, y[women].sum())
    assert row["auc"] == evaluation.auc(y[women], pred[women])
    assert row["sensitivity"] == evaluation.get_sensitivity(y[women], pred[women], 0.5)
    assert (table["specificity_low"] <= table["specificity"]).all()
    assert table.loc[("age", "under 40"), "patients"] == 20


def test_a_group_of_one_class_has_nan_and_no_error():
    table = evaluation.subgroup_table(
        [0, 1, 0, 0], [0.1, 0.9, 0.4, 0.2], [1, 2, 3, 4], {"g": ["a", "a", "b", "b"]}, th=0.5, n_boot=20
    )
    assert np.isnan(table.loc[("g", "b"), ["auc", "auc_low", "sensitivity"]].astype(float)).all()
    assert table.loc[("g", "b"), "specificity"] == 1


def test_age_groups_have_names_and_edges():
    got = evaluation.age_groups([0, 39, 40, 59.9, 60, np.nan, 95])
    assert got.tolist()[:5] == ["under 40", "under 40", "40 to 59", "40 to 59", "60 and over"]
    assert pd.isna(got[5]) and list(got.cat.categories) == ["under 40", "40 to 59", "60 and over"]


WRONG = {
    "edges must rise": lambda: evaluation.age_groups([1], (60, 40)),
    "age must not be negative": lambda: evaluation.age_groups([-1.0]),
    "for each of the 2 films its group; got 1": lambda: evaluation.subgroup_table(
        [0, 1], [0, 1], [1, 2], {"s": ["F"]}, th=0.5
    ),
    "level is a share": lambda: evaluation.wilson_interval(1, 2, 95),
    "2 labels and 1 scores": lambda: evaluation.bootstrap_metric(max, [0, 1], [0.5], [1, 2], n_boot=5, rng=0),
    "whose it is; got 1": lambda: evaluation.bootstrap_metric(max, [0, 1], [0.5, 0.1], [1], n_boot=5, rng=0),
    "missing for film 1": lambda: evaluation.bootstrap_metric(max, [0, 1], [0.5, 0.1], ["a", None], n_boot=5, rng=0),
    "n_boot is the number": lambda: evaluation.bootstrap_metric(max, [0, 1], [0.5, 0.1], [1, 2], n_boot=0, rng=0),
    "n_studies is the number": lambda: evaluation.coverage_of_interval(int, int, 0, n_studies=0, rng=0),
}


@pytest.mark.parametrize("message", WRONG)
def test_bad_input_gets_one_clear_sentence(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message]()
