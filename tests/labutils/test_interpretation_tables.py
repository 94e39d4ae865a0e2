"""Importances and Shapley values: tables worked by hand, properties, and the same numbers from scikit-learn and shap."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance as sklearn_permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from labutils import interpretation
from labutils.forests import cindex
from labutils.interpretation import (
    drop_column_importance,
    permutation_importance,
    permutation_interval,
    permute_feature,
    permute_group,
    prediction_game,
    shapley_values,
)


class Rule:
    """The risk is a fixed sum of columns."""

    def __init__(self, **weights):
        self.weights = weights

    def predict_proba(self, X):
        risk = sum(weight * X[name].to_numpy(dtype=float) for name, weight in self.weights.items())
        return np.column_stack([1 - risk, risk])


class Lookup(ClassifierMixin, BaseEstimator):
    """The share of events among training patients with the same row; the overall share for other rows."""

    def fit(self, X, y):
        self.classes_, self.overall_ = np.array([0, 1]), float(np.mean(y))
        rows = [tuple(row) for row in np.asarray(X).tolist()]
        self.shares_ = {row: np.mean([o for r, o in zip(rows, y, strict=True) if r == row]) for row in set(rows)}
        return self

    def predict_proba(self, X):
        risk = np.array([self.shares_.get(tuple(row), self.overall_) for row in np.asarray(X).tolist()])
        return np.column_stack([1 - risk, risk])


def share_right(y, pred):
    return float(np.mean((np.asarray(pred) >= 0.5) == (np.asarray(y) == 1)))


@pytest.fixture
def ward():
    index = ["b", "b", "a", "c", "d", "e"]
    return pd.DataFrame(
        {"age": [40, 50, 60, 70, 80, 90], "sex": list("FMFMFM"), "x": [1.5, np.nan, 2, 3, 4, 5]}, index=index
    ).astype({"age": "int8", "x": "float32"})


@pytest.mark.parametrize("feature", ["age", "sex", "x"])
def test_a_shuffled_column_keeps_values_index_and_dtypes(ward, feature):
    before = ward.copy()
    got = permute_feature(ward, feature, rng=1)
    pd.testing.assert_frame_equal(ward, before)
    assert list(got.index) == list(ward.index) and list(got.dtypes) == list(ward.dtypes)
    pd.testing.assert_frame_equal(got.drop(columns=feature), ward.drop(columns=feature))
    assert sorted(map(str, got[feature])) == sorted(map(str, ward[feature])) and not got.equals(ward)


def test_categories_and_missing_whole_numbers_keep_their_kind():
    table = pd.DataFrame({"c": pd.Categorical(["x", "y", "x"]), "i": pd.array([1, None, 3], dtype="Int64")})
    for name in table:
        assert permute_feature(table, name, rng=0).dtypes.equals(table.dtypes)


def test_all_orders_come_equally_often():
    table, rng = pd.DataFrame({"a": [1, 2, 3]}), np.random.default_rng(0)
    seen = [tuple(permute_feature(table, "a", rng)["a"]) for _ in range(1200)]
    counts = [seen.count(order) for order in itertools.permutations([1, 2, 3])]
    assert sum(counts) == 1200 and min(counts) > 150 and max(counts) < 260


def test_without_a_seed_every_call_is_new_and_with_one_the_same():
    table = pd.DataFrame({"a": range(30)})
    assert not permute_feature(table, "a").equals(permute_feature(table, "a"))
    assert permute_feature(table, "a", 5).equals(permute_feature(table, "a", 5))


def test_a_group_stays_together():
    table = pd.DataFrame({"s": [120, 140, 160, 180], "d": [80, 85, 100, 90], "age": [1, 2, 3, 4]})
    got = permute_group(table.assign(pulse=table["s"] - table["d"]), ["s", "d", "pulse"], rng=3)
    assert ((got["s"] - got["d"]) == got["pulse"]).all() and list(got["age"]) == [1, 2, 3, 4]
    assert list(got["s"]) != list(table["s"])


# rows: y, column a, what the model does with a, importance by hand over all orders
BY_HAND = {
    "one of three": ([1, 0, 0], [1.0, 0, 0], 1.0, 4 / 9),
    "two of four": ([1, 1, 0, 0], [1.0, 1, 0, 0], 1.0, 0.5),
    "not read at all": ([1, 1, 0, 0], [1.0, 1, 0, 0], 0.0, 0.0),
    "a constant column": ([1, 0, 1, 0], [1.0, 1, 1, 1], 1.0, 0.0),
    "harmful": ([0, 0, 1], [1.0, 1, 0], 1.0, -4 / 9),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_importance_equals_the_mean_over_all_orders(case):
    y, a, weight, expected = BY_HAND[case]
    X = pd.DataFrame({"a": a, "unused": range(len(a))})
    got = permutation_importance(X, y, Rule(a=weight, unused=0.0), share_right, 2000, rng=0)
    assert list(got.index) == ["importance"] and list(got.columns) == ["a", "unused"]
    assert got.loc["importance", "a"] == pytest.approx(expected, abs=0.04)
    assert got.loc["importance", "unused"] == 0


def made_up(n=400, seed=0):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.normal(size=(n, 4)), columns=list("abcd"))
    X["twin"] = X["a"] + 0.1 * rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(-2 * X["a"] - X["b"]))).astype(int)
    return X, y


def test_parity_with_scikit_learn():
    X, y = made_up()
    model = RandomForestClassifier(20, min_samples_leaf=5, random_state=0).fit(X[:200], y[:200])
    ours = permutation_importance(X[200:], y[200:], model, roc_auc_score, 60, rng=1)
    theirs = sklearn_permutation_importance(model, X[200:], y[200:], scoring="roc_auc", n_repeats=60, random_state=1)
    error = theirs.importances.std(axis=1) / np.sqrt(60)
    np.testing.assert_array_less(
        np.abs(ours.loc["importance"].to_numpy(float) - theirs.importances_mean), 6 * error + 1e-4
    )


def test_the_interval_holds_the_estimate_and_narrows_with_patients():
    X, y = made_up(1600)
    model = LogisticRegression().fit(X[:100], y[:100])
    few = permutation_interval(X[100:300], y[100:300], model, cindex, num_samples=4, n_boot=150, rng=0)
    many = permutation_interval(X[100:], y[100:], model, cindex, num_samples=4, n_boot=150, rng=0)
    for table in (few, many):
        assert (table["low"] <= table["importance"]).all() and (table["importance"] <= table["high"]).all()
    assert (many["high"] - many["low"])["a"] < 0.6 * (few["high"] - few["low"])["a"]
    assert few.equals(permutation_interval(X[100:300], y[100:300], model, cindex, num_samples=4, n_boot=150))


def test_twins_are_worth_more_together_than_apart():
    X, y = made_up(800)
    model = LogisticRegression().fit(X[:400], y[:400])
    groups = {"a": ["a"], "twin": ["twin"], "both": ["a", "twin"]}
    got = permutation_interval(X[400:], y[400:], model, roc_auc_score, groups=groups, num_samples=5, n_boot=20)
    assert (
        list(got.index) == list(groups) and got.loc["both", "importance"] > got.loc[["a", "twin"], "importance"].max()
    )
    dropped = drop_column_importance(LogisticRegression(), X[:400], y[:400], X[400:], y[400:], roc_auc_score)
    assert abs(dropped.loc["importance", "twin"]) < 0.01 < dropped.loc["importance", "b"]


def test_drop_column_by_hand():
    train = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 0, 1, 1], "c": [1, 2, 3, 4]})
    test, y, y_test = (
        pd.DataFrame({"a": [0, 1, 1, 0], "b": [0, 1, 1, 0], "c": [5, 6, 7, 8]}),
        [0, 0, 1, 1],
        [0, 1, 1, 0],
    )
    before, model = train.copy(), Lookup()
    got = drop_column_importance(model, train, y, test, y_test, share_right)
    assert got.loc["importance"].tolist() == [0, 0, -0.5]
    assert not hasattr(model, "shares_") and train.equals(before)
    got = drop_column_importance(Lookup(), train[["a"]].assign(d=0), y, test[["a"]].assign(d=0), y_test, share_right)
    assert got.loc["importance"].tolist() == [0.5, 0]


# game: players, value, answer worked by hand
GAMES = {
    "gloves": (["L", "R1", "R2"], lambda s: float("L" in s and len(s) > 1), [2 / 3, 1 / 6, 1 / 6]),
    "one buys, two sell at 1 and 2": (["buyer", 1, 2], lambda s: 3.0 * ("buyer" in s) * (1 in s) + 0.0, [1.5, 1.5, 0]),
    "everybody needed": ([1, 2, 3, 4], lambda s: float(len(s) == 4), [0.25] * 4),
    "size squared": (["a", "b"], lambda s: float(len(s) ** 2), [2, 2]),
    "nobody is worth 10": ([(0, 1), 8], lambda s: 10 - 4.0 * ((0, 1) in s), [-4, 0]),
    "one player": (["only"], lambda s: 3.0 if s else 1.0, [2]),
    "no player": ([], lambda _: 5.0, []),
}


@pytest.mark.parametrize("game", GAMES)
def test_games_by_hand(game):
    players, value, expected = GAMES[game]
    got = shapley_values(value, players)
    assert list(got) == list(players)
    assert list(got.values()) == pytest.approx(expected)


def over_all_orders(value, players):
    added = dict.fromkeys(players, 0.0)
    orders = list(itertools.permutations(players))
    for order in orders:
        for place, player in enumerate(order):
            added[player] += value(frozenset(order[: place + 1])) - value(frozenset(order[:place]))
    return {player: total / len(orders) for player, total in added.items()}


@st.composite
def games(draw):
    n = draw(st.integers(1, 5))
    worth = draw(st.lists(st.integers(-20, 20), min_size=2**n, max_size=2**n))
    return n, worth


def value_of(worth):
    return lambda coalition: worth[sum(1 << player for player in coalition)] / 4


@settings(max_examples=60, deadline=None)
@given(games(), games())
def test_the_four_demands_of_fairness(first, second):
    n, worth = first
    value, players = value_of(worth), list(range(n))
    got = shapley_values(value, players)
    assert got == pytest.approx(over_all_orders(value, players))
    assert sum(got.values()) == pytest.approx(value(frozenset(players)) - value(frozenset()))  # efficiency
    idle = shapley_values(lambda s: value(s - {"idle"}), [*players, "idle"])  # a dummy gets nothing, and takes nothing
    assert idle.pop("idle") == pytest.approx(0) and idle == pytest.approx(got)
    renamed = shapley_values(lambda s: value(frozenset(n - 1 - p for p in s)), players)  # symmetry
    assert [renamed[n - 1 - p] for p in players] == pytest.approx([got[p] for p in players])
    if second[0] == n:  # additivity
        other = value_of(second[1])
        both = shapley_values(lambda s: value(s) + other(s), players)
        apart = shapley_values(other, players)
        assert [both[p] for p in players] == pytest.approx([got[p] + apart[p] for p in players])


# shap's own colours are made in a way that a newer matplotlib will no longer take
@pytest.mark.filterwarnings("ignore:The set_(bad|over|under) function:PendingDeprecationWarning")
def test_parity_with_shap_on_a_small_forest():
    import shap

    X, y = made_up(300, seed=4)
    X = X.drop(columns="twin")
    forest = RandomForestClassifier(8, max_depth=4, random_state=0).fit(X, y)
    background, patients = X[:20], X[100:103]
    theirs = shap.TreeExplainer(forest, data=background, feature_perturbation="interventional")(patients)
    exact = shap.ExactExplainer(lambda x: forest.predict_proba(pd.DataFrame(x, columns=X.columns))[:, 1], background)
    by_subsets = exact(patients)
    for row in range(3):
        ours = shapley_values(prediction_game(forest, patients.iloc[row], background), list(X.columns))
        np.testing.assert_allclose(list(ours.values()), theirs.values[row, :, 1], atol=1e-6)
        np.testing.assert_allclose(list(ours.values()), by_subsets.values[row], atol=1e-6)


def test_the_game_of_a_prediction_starts_at_the_average_and_ends_at_the_patient():
    background = pd.DataFrame({"a": [0.0, 0.5], "b": [0.25, 0.25]})
    value = prediction_game(Rule(a=0.5, b=1.0), pd.Series({"b": 0.0, "a": 1.0}), background)
    assert value(frozenset()) == pytest.approx((0.25 + 0.5) / 2)
    assert value(frozenset("a")) == pytest.approx(0.75) and value(frozenset("ab")) == pytest.approx(0.5)


X, Y = pd.DataFrame({"a": [1.0, 0.0], "b": [0.0, 1.0]}), [1, 0]
WRONG = {
    "there is no column 'weight'": lambda: permute_feature(X, "weight"),
    "there is no column 'pulse'": lambda: permute_group(X, ["a", "pulse"]),
    "2 patients and 3 outcomes": lambda: permutation_importance(X, [1, 0, 1], Rule(a=1.0), share_right),
    "num_samples is .* got 0": lambda: permutation_importance(X, Y, Rule(a=1.0), share_right, 0),
    "n_boot is .* got 0": lambda: permutation_interval(X, Y, Rule(a=1.0), share_right, n_boot=0),
    "level must be between": lambda: permutation_interval(X, Y, Rule(a=1.0), share_right, level=1.5),
    "there is no column 'c'": lambda: permutation_interval(X, Y, Rule(a=1.0), share_right, groups={"c": ["c"]}),
    "two or more columns": lambda: drop_column_importance(Lookup(), X[["a"]], Y, X[["a"]], Y, share_right),
    "must have the columns of X_train": lambda: drop_column_importance(Lookup(), X, Y, X[["a"]], Y, share_right),
    "each player may occur once": lambda: shapley_values(len, ["a", "a"]),
    "at most 16 players": lambda: shapley_values(len, range(17)),
    "are not those of the background": lambda: prediction_game(Rule(a=1.0), pd.Series({"a": 1.0}), X),
    "holds no patient": lambda: prediction_game(Rule(a=1.0), X.iloc[0], X.iloc[:0]),
}


@pytest.mark.parametrize("message", WRONG)
def test_bad_input_gets_one_clear_sentence(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message]()


def test_every_name_is_behind_the_one_door():
    for name in interpretation.__all__:
        assert callable(getattr(interpretation, name)) and name in dir(interpretation)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = interpretation.nothing
