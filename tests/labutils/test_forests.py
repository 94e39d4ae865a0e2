"""Trees, forests, bad subgroups and intervals, against pairs counted one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from labutils import forests
from labutils.forests import bad_subset, cindex, cindex_interval, decision_tree_classifier, holdout_grid_search
from labutils.subgroups import calibration, share_with_interval, subgroup_table

NAN = float("nan")


def pairs_right(y, scores):
    found = [
        1.0 if scores[i] > scores[j] else 0.5 if scores[i] == scores[j] else 0.0
        for i in range(len(y))
        for j in range(len(y))
        if y[i] == 1 and y[j] == 0
    ]
    return sum(found) / len(found) if found else NAN


def made_up(n_patients, rng, columns=6):
    values = rng.normal(size=(n_patients, columns))
    chance = 1 / (1 + np.exp(0.8 - 1.3 * values[:, 2] - values[:, 4]))
    return values, (rng.random(n_patients) < chance).astype(int)


# -- cindex ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "scores", "expected"),
    [
        pytest.param([0, 0, 1, 1], [1, 2, 3, 4], 1.0, id="all pairs right"),
        pytest.param([0, 0, 1, 1], [1, 3, 2, 4], 0.75, id="one of four wrong"),
        pytest.param([1, 0, 0], [0.5, 0.25, 0.5], 0.75, id="a tie counts one half"),
        pytest.param([1, 0], [0.5, 0.5], 0.5, id="nothing but a tie"),
        pytest.param([1, 1], [1, 2], NAN, id="everybody died"),
        pytest.param([], [], NAN, id="nobody at all"),
    ],
)
def test_cindex_by_hand(y, scores, expected):
    assert cindex(y, scores) == pytest.approx(expected, nan_ok=True)


@settings(deadline=None)
@given(st.integers(2, 30), st.integers(0, 2**32))
def test_cindex_agrees_with_pairs_and_with_scikit_learn(n_patients, seed):
    rng = np.random.default_rng(seed)
    y, scores = rng.integers(0, 2, n_patients), rng.integers(0, 6, n_patients) / 4
    expected = pairs_right(y, scores)
    assert cindex(y, scores) == pytest.approx(expected, nan_ok=True)
    if 0 < y.sum() < n_patients:
        assert cindex(y, scores) == pytest.approx(roc_auc_score(y, scores))
        assert cindex(y, -scores) == pytest.approx(1 - expected)


@pytest.mark.parametrize(
    ("y", "scores", "message"),
    [
        ([0, 1], [1.0], r"got shapes \(2,\) and \(1,\)"),
        ([0, 2], [1.0, 2.0], "must be 0 or 1"),
        ([0, 1], [NAN, 2.0], "finite numbers"),
    ],
)
def test_cindex_refuses(y, scores, message):
    with pytest.raises(ValueError, match=message):
        cindex(y, scores)


# -- searches ----------------------------------------------------------------------------------------------------------


def test_the_search_returns_the_best_fit_on_training_patients_with_its_own_settings():
    rng = np.random.default_rng(1)
    (X1, y1), (X2, y2) = made_up(300, rng), made_up(200, rng)
    grid = {"max_depth": [1, 3, None], "min_samples_leaf": [1, 20]}
    got = holdout_grid_search(DecisionTreeClassifier, X1, y1, X2, y2, grid, {"random_state": 0})
    scores = {}
    for depth in grid["max_depth"]:
        for leaf in grid["min_samples_leaf"]:
            tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=0).fit(X1, y1)
            scores[depth, leaf] = pairs_right(y2, tree.predict_proba(X2)[:, 1])
    assert scores[got.hyperparams["max_depth"], got.hyperparams["min_samples_leaf"]] == max(scores.values())
    assert cindex(y2, got.estimator.predict_proba(X2)[:, 1]) == pytest.approx(max(scores.values()))
    assert got.estimator.tree_.n_node_samples[0] == 300


def test_the_search_refuses_nothing_to_try_and_one_outcome():
    X, y = np.arange(8.0).reshape(4, 2), np.array([0, 1, 0, 1])
    with pytest.raises(ValueError, match="nothing to fit"):
        holdout_grid_search(DecisionTreeClassifier, X, y, X, y, {"max_depth": []})
    with pytest.raises(ValueError, match="one outcome only"):
        holdout_grid_search(DecisionTreeClassifier, X, y, X, np.ones(4), {"max_depth": [1]})


@pytest.mark.parametrize(
    "rng", [3, np.random.default_rng(3), np.random.RandomState(3)], ids=["seed", "Generator", "RandomState"]
)
def test_a_tuned_tree_beats_an_unbounded_one_on_new_patients(rng):
    draw = np.random.default_rng(2)
    (X1, y1), (X2, y2), (X3, y3) = made_up(900, draw), made_up(450, draw), made_up(1500, draw)
    tree = decision_tree_classifier(X1, y1, X2, y2, rng)
    whole = DecisionTreeClassifier(random_state=0).fit(X1, y1)
    assert cindex(y3, tree.predict_proba(X3)[:, 1]) > cindex(y3, whole.predict_proba(X3)[:, 1]) + 0.05


def test_the_forest_clears_the_bar_of_the_assignment_with_every_random_state():
    from labutils.datasets import died_within, load_flchain

    people = load_flchain()
    people["died"] = died_within(people["years"], people["death"])
    known = people.dropna(subset="died")
    shuffled = known.iloc[np.random.default_rng(3).permutation(len(known))].reset_index(drop=True)
    names = ["age", "female", "creatinine", "kappa", "lambda", "mgus"]
    parts = [shuffled.iloc[rows].dropna(subset=names) for rows in (slice(3400), slice(3400, 4800), slice(4800, None))]
    X1, X2, X3 = (part[names] for part in parts)
    y1, y2, y3 = (part["died"].astype(int) for part in parts)
    for seed in range(5):
        forest = forests.random_forest_grid_search(X1, y1, X2, y2, seed).estimator
        assert cindex(y2, forest.predict_proba(X2)[:, 1]) >= 0.832  # the bar is 0.825
        assert cindex(y3, forest.predict_proba(X3)[:, 1]) > cindex(y3, X3["age"]) + 0.005
    tree = decision_tree_classifier(X1, y1, X2, y2, 0)
    assert cindex(y2, tree.predict_proba(X2)[:, 1]) >= 0.828  # the bar is 0.818


# -- bad_subset --------------------------------------------------------------------------------------------------------


def test_the_bad_subgroup_is_found_and_is_the_worst():
    rng = np.random.default_rng(4)
    age = rng.permutation(np.arange(2000) / 2000)
    sick = rng.random(2000)
    y = (rng.random(2000) < np.where(age > 0.7, sick, 0.3)).astype(int)  # the model knows the old, and nobody else
    X = pd.DataFrame({"age": age, "sick": sick})
    model = DecisionTreeClassifier(max_depth=6, min_samples_leaf=30, random_state=0).fit(X[age > 0.7], y[age > 0.7])
    got = bad_subset(model, X, y)
    assert got.size >= 250 and got.cindex < 0.6
    assert got.cindex <= cindex(y[age <= 0.7], model.predict_proba(X[age <= 0.7])[:, 1]) + 0.05


def test_no_bad_subgroup_where_there_is_none():
    rng = np.random.default_rng(5)
    X = pd.DataFrame({"a": rng.normal(size=600)})
    y = (X["a"] > 0).astype(int)
    perfect = DecisionTreeClassifier().fit(X, y)
    assert np.isnan(bad_subset(perfect, X, y).cindex) and bad_subset(perfect, X, y).size == 0
    same = DummyClassifier(strategy="prior").fit(X, y)
    assert bad_subset(same, X, rng.integers(0, 2, 600)).cindex == 0.5
    assert bad_subset(same, X[:249], y[:249]).size == 0
    assert bad_subset(same, X[:0], y[:0]).size == 0


# -- cindex_interval ---------------------------------------------------------------------------------------------------


def scores_of(seed, n_patients=150):
    rng = np.random.default_rng(seed)
    y = (rng.random(n_patients) < 0.3).astype(int)
    a = np.round(4 * (y + rng.normal(size=n_patients))) / 4
    return y, a, np.round(4 * (a + 0.4 * rng.normal(size=n_patients))) / 4


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_interval_is_that_of_a_plain_loop_on_the_same_draws(level):
    y, a, b = scores_of(1)
    got = cindex_interval(y, a, b, n_boot=100, rng=7, level=level)
    drawn = np.random.default_rng(7).integers(150, size=(100, 150))
    found = [pairs_right(y[rows], a[rows]) - pairs_right(y[rows], b[rows]) for rows in drawn]
    np.testing.assert_allclose(got[1:], np.quantile(found, [(1 - level) / 2, (1 + level) / 2]))
    assert got.difference == pytest.approx(pairs_right(y, a) - pairs_right(y, b))


def test_pairing_makes_the_interval_narrow():
    y, a, b = scores_of(2)
    paired = cindex_interval(y, a, b, 300, 0)
    shuffled = np.random.default_rng(1).permutation(len(y))
    apart = cindex_interval(y, a, np.where(y == 1, b[shuffled], b[shuffled]), 300, 0)
    assert paired.high - paired.low < 0.6 * (apart.high - apart.low)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_interval_properties(seed):
    y, a, b = scores_of(seed, 40)
    y[:2] = 0, 1
    first, again = (cindex_interval(y, a, b, 30, 5) for _ in range(2))
    assert first == again
    swapped = cindex_interval(y, b, a, 30, 5)
    np.testing.assert_allclose(swapped, (-first[0], -first[2], -first[1]), atol=1e-12)
    assert cindex_interval(y, a, a, 30, 5) == (0, 0, 0)
    np.testing.assert_allclose(cindex_interval(y, np.exp(a), 2 * b - 1, 30, 5), first, atol=1e-12)


def test_one_outcome_gives_nan_and_one_death_is_enough():
    assert np.isnan(cindex_interval([1, 1], [1, 2], [2, 1], 10, 0)).all()
    assert np.isfinite(cindex_interval([1, 0, 0, 0], [4, 3, 2, 1], [1, 2, 3, 4], 50, 0)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_boot": 0}, "1 or more; got 0"),
        ({"level": 1.0}, "between 0 and 1; got 1.0"),
        ({"scores_b": [1.0]}, "one number per patient"),
    ],
)
def test_interval_refuses(change, message):
    arguments = {"y_true": [0, 1], "scores_a": [1.0, 2.0], "scores_b": [2.0, 1.0]} | change
    with pytest.raises(ValueError, match=message):
        cindex_interval(**arguments)


# -- subgroups ---------------------------------------------------------------------------------------------------------


def test_calibration_by_hand_and_its_intervals():
    got = calibration([0, 0, 1, 1], [0.25, 0.25, 0.5, 1.0], n_groups=2)
    np.testing.assert_allclose(got[:, :2], [[0.25, 0], [0.75, 1]])
    assert (got[:, 2] <= got[:, 1] + 1e-12).all() and (got[:, 1] <= got[:, 3] + 1e-12).all()
    assert share_with_interval(5, 20)[1:] == pytest.approx((0.1119, 0.4687), abs=1e-4)  # Wilson's formula by hand
    assert np.isnan(share_with_interval(0, 0)).all()


def test_a_well_made_promise_is_kept():
    rng = np.random.default_rng(6)
    risk = rng.random(5000)
    rows = calibration(rng.random(5000) < risk, risk)
    assert (np.abs(rows[:, 0] - rows[:, 1]) < 0.06).all()


def test_subgroup_table_by_hand():
    got = subgroup_table([0, 1, 0, 1, 1], [0.1, 0.7, 0.4, 0.3, 0.9], ["F", "F", "M", "M", "X"], n_boot=10)
    assert got["patients"].tolist() == [2, 2, 1]
    assert got["cindex"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(got.loc["X", ["cindex", "cindex_low", "cindex_high"]].astype(float)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calibration([0, 1], [0.5, 1.5], 1), "below 0, above 1"),
        (lambda: calibration([0, 1], [0.5, 0.5], 3), "at least 3 patients"),
        (lambda: subgroup_table([0, 1], [0.5], ["a", "b"]), "got 2, 1 and 2"),
    ],
)
def test_subgroups_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()
