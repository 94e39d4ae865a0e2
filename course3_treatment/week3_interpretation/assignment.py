# %% [markdown]
# # Explain what a model has learnt
#
# You write six small functions that ask a model the same question in different ways: *what did you go by?* Three of them ask about the columns of a
# table, one shares a prediction out among the columns, and two look into a network that reads pictures. Then you use them on a forest that
# predicts deaths and on the chest-film network of course 1, and you write the card that should travel with that network.
#
# **You will be able to**
#
# - measure what a column is worth to a fitted model by shuffling it, and to a modelling recipe by leaving it out;
# - share a prediction out among its features by Shapley values, exactly;
# - draw a heat map (Grad-CAM) the right way up, and test whether it depends on what the network has learnt;
# - say what such explanations do not show: a cause, or how right the model is.
#
# **You need** two hours, the lesson and the three labs, no download and no graphics card. The closing part uses *real* people (the free light chain cohort of
# Olmsted County, Minnesota, and the Worcester Heart Attack Study, both inside scikit-survival) and *synthetic* chest films drawn by the course.
# Small tables and networks in the exercises are made up.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `permute_feature` | {{points:permute_feature}} |
# | 2 | `permutation_importance` | {{points:permutation_importance}} |
# | 3 | `drop_column_importance` | {{points:drop_column_importance}} |
# | 4 | `shapley_values` | {{points:shapley_values}} |
# | 5 | `grad_cam` | {{points:grad_cam}} |
# | 6 | `cam_sanity` | {{points:cam_sanity}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further checks that you do not
# see call your function with other tables, games and networks. They ask for nothing that the statement does not say. An exercise earns its points or none;
# no exercise needs the answer of another one. The part after exercise 6 is not graded.
#
# No function may change what it is given: table, list, picture or network.

# %% [markdown]
# ## Set the table
#
# Run these cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import itertools
import math

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from labutils.models import keras  # before TensorFlow: it keeps the start-up notes away

ops = keras.ops
import tensorflow as tf

# %% [markdown]
# The second defines small models for tables. `FixedRule` needs no training: its prediction for a patient is a fixed sum over columns. `Lookup` learns like a
# nurse with a notebook: its prediction is the share of events among the training patients with *exactly the same* row, or the overall
# share if it never saw such a row. With both you can work out the right answer by hand.


# %% nbgrader={"grade": false, "grade_id": "models_for_tables", "locked": true, "schema_version": 3, "solution": false, "task": false}
class FixedRule:
    """A model that is given, not trained: the risk is a constant plus a sum of weights times columns."""

    def __init__(self, weights, constant=0.0):
        self.weights, self.constant = weights, constant

    def predict_proba(self, X):
        risk = self.constant + sum(weight * X[name].to_numpy(dtype=float) for name, weight in self.weights.items())
        return np.column_stack([1 - risk, risk])


class Lookup(ClassifierMixin, BaseEstimator):
    """The share of events among training patients with the same row; the overall share for a row never seen."""

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        self.overall_, seen = float(np.mean(np.asarray(y, dtype=float))), {}
        for row, outcome in zip(np.asarray(X, dtype=float).tolist(), np.asarray(y, dtype=float), strict=True):
            seen.setdefault(tuple(row), []).append(float(outcome))
        self.shares_ = {row: sum(outcomes) / len(outcomes) for row, outcomes in seen.items()}
        return self

    def predict_proba(self, X):
        risk = [self.shares_.get(tuple(row), self.overall_) for row in np.asarray(X, dtype=float).tolist()]
        return np.column_stack([1 - np.array(risk), risk])


def share_right(y, pred):
    """Share of patients on the right side of 0.5."""
    return float(np.mean((np.asarray(pred) >= 0.5) == (np.asarray(y) == 1)))


# %% [markdown]
# The third builds small networks for pictures. They read films of one channel and end in **logits**: one number per category, before any sigmoid. `two_map_network`
# is so simple that its heat map can be worked out on paper; `small_network` has arbitrary but fixed weights.


# %% nbgrader={"grade": false, "grade_id": "networks_for_pictures", "locked": true, "schema_version": 3, "solution": false, "task": false}
def two_map_network(height=3, width=4):
    """Two maps, as large as the film: what is bright and what is dark. The logits are weighted means of the maps."""
    film = keras.Input((height, width, 1))
    maps = keras.layers.Conv2D(2, 1, activation="relu", name="features")(film)
    logits = keras.layers.Dense(2, name="logits")(keras.layers.GlobalAveragePooling2D()(maps))
    network = keras.Model(film, logits)
    network.set_weights([np.array([[[[1.0, -1.0]]]]), np.zeros(2), np.array([[3.0, -3.0], [-1.0, 1.0]]), np.zeros(2)])
    return network


def small_network(seed, height=12, width=16, maps=5, categories=3, stride=1, head="mean"):
    """Two convolutions (layers "first" and "features", both after their ReLU), then logits."""
    film = keras.Input((height, width, 1))
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="first")(film)
    x = keras.layers.Conv2D(maps, 3, strides=stride, padding="same", name="before_features")(x)
    x = keras.layers.ReLU(name="features")(x)
    x = keras.layers.Flatten()(x) if head == "flat" else keras.layers.GlobalAveragePooling2D()(x)
    if head == "hidden":
        x = keras.layers.Dense(6, activation="tanh", name="hidden")(keras.layers.Dropout(0.5)(x))
    network = keras.Model(film, keras.layers.Dense(categories, name="logits")(x))
    draw = np.random.default_rng(seed)
    network.set_weights([draw.normal(0, 0.5, weights.shape) for weights in network.get_weights()])
    return network


def one_sided_network(seed, height=9, width=11, maps=6):
    """Like small_network, but every map speaks for category 1, which therefore scores highest, and against the others."""
    network = small_network(seed, height, width, maps)
    weights, draw = network.get_weights(), np.random.default_rng(seed)
    weights[-2] = draw.uniform(-2.5, -1.5, (maps, 3))
    weights[-2][:, 1] *= -1
    network.set_weights(weights)
    return network


bright_and_dark = two_map_network()
network_for_sanity = one_sided_network(4)

# %% [markdown]
# The last one defines helpers that only the checks use.


# %% nbgrader={"grade": false, "grade_id": "helpers_of_the_checks", "locked": true, "schema_version": 3, "solution": false, "task": false}
def numbers_match(got, expected, tol=1e-6):
    """Whether `got` holds the numbers of `expected` in the same shape; NaN matches NaN."""
    try:
        got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return False
    return got.shape == expected.shape and np.allclose(got, expected, rtol=tol, atol=tol, equal_nan=True)


def call_answer(answer, *arguments, case):
    """Call an answer; if it stops with an error, say in which kind of case."""
    try:
        return answer(*arguments)
    except Exception:
        raise AssertionError(f"{case}: your function stopped with an error instead of returning a result.") from None


def importance_row(got, features):
    """The numbers of the row `importance` in the order of `features`, or None if it is no such frame."""
    if not isinstance(got, pd.DataFrame) or got.shape != (1, len(features)):
        return None
    if set(got.columns) != set(features) or list(got.index) != ["importance"]:
        return None
    try:
        return got.loc["importance", list(features)].to_numpy(dtype=float)
    except (TypeError, ValueError):
        return None


def maps_of(network, film, layer="features"):
    """What a layer gives for one film: an array (height, width, maps)."""
    probe = keras.Model(network.inputs[0], network.get_layer(layer).output)
    return ops.convert_to_numpy(probe(np.asarray(film, "float32")[None], training=False))[0].astype(float)


def heat_of(maps, weights):
    """Weighted sum of maps, without what is negative, over its maximum."""
    heat = np.maximum(np.einsum("hwk,k->hw", maps, weights), 0)
    return heat / heat.max() if heat.max() > 0 else heat


# %% [markdown]
# ## Exercise 1: shuffle one column
#
# If a model needs a column, then breaking that column must hurt. The gentlest way to break it: shuffle it. Every value is still there, so the column looks as it
# did; only *who has which value* is now chance.
#
# Write `permute_feature(df, feature)`.
#
# | | |
# |---|---|
# | **in** `df` | data frame, one row per patient; any index (text, gaps, a label twice) |
# | **in** `feature` | the name of one of its columns: numbers of any width, bools or text; values may be missing |
# | **out** | a new frame: the same index, columns (in their order) and dtypes; the values of `feature` in a random order, everything else as it was |
#
# Each value stays as often as it was: shuffle, do not draw again. Every call draws a new order, and all orders are equally likely: a value may well stay where it was.
# The frame that is given is not changed.
#
# **By hand.** Ages 40, 50, 60 of Ann, Ben and Cleo have six orders: Ann gets each age in two of them. The column `sex` does not move.
#
# <details><summary>Hint 1: the direction</summary>
#
# Copy the frame, then write a shuffled column into the copy. Beware of pandas: when you assign a *Series*, it puts every value back beside its own index label.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.random.default_rng().permutation(df[feature].to_numpy())` gives the values in a new order, as an array: it has no labels that could be matched.
# </details>


# %% nbgrader={"grade": false, "grade_id": "permute_feature", "locked": false, "schema_version": 3, "solution": true, "task": false}
def permute_feature(df, feature):
    """A copy of the frame in which one column is shuffled."""
    ### BEGIN SOLUTION
    ### STUB: permuted_df = df.copy()
    ### STUB: permuted_df[feature] = ...  # its values in a random order
    ### STUB: return permuted_df
    permuted_df = df.copy()
    permuted_df[feature] = np.random.default_rng().permutation(df[feature].to_numpy())
    return permuted_df
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** A table of 30 patients, shuffled several times.

# %% nbgrader={"grade": true, "grade_id": "check_permute_feature", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
ward = pd.DataFrame(
    {"age": np.arange(40, 70), "sex": list("FM") * 15, "pressure": np.linspace(90, 160, 30)},
    index=[f"bed {number}" for number in range(30)],
)
before, several = ward.copy(), [permute_feature(ward, "age") for _ in range(4)]
got = several[0]
assert isinstance(got, pd.DataFrame) and list(got.columns) == list(ward.columns) and got.index.equals(ward.index), (
    f"30 patients: got {type(got).__name__} with columns {list(getattr(got, 'columns', []))}, expected a frame with the columns and the index of the first one: "
    "rows must not move or be renamed, only the values of one column."
)
assert ward.equals(before), (
    "30 patients: got a changed input, expected that the frame you were given stays as it was. Shuffle in a copy."
)
assert sorted(got["age"]) == list(range(40, 70)) and got[["sex", "pressure"]].equals(ward[["sex", "pressure"]]), (
    f"30 patients: got the ages {sorted(got['age'])[:6]} … when sorted, expected each of 40 to 69 once and the other columns untouched. Shuffle, do not draw with replacement."
)
assert len({tuple(each["age"]) for each in [ward, *several]}) == 5, (
    f"Four calls: got {len({tuple(each['age']) for each in several})} different orders, expected four, none of them the old one. Does pandas match index labels, or does a seed inside repeat the same order?"
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(33_101)


def judged(table, feature, case):
    before = table.copy()
    got = call_answer(permute_feature, table, feature, case=case)
    assert isinstance(got, pd.DataFrame), f"{case}: return a data frame."
    assert table.equals(before) and list(table.dtypes) == list(before.dtypes), (
        f"{case}: your function changed the frame."
    )
    assert list(got.columns) == list(before.columns), f"{case}: the columns are not those of the frame, in their order."
    assert list(got.index) == list(before.index), f"{case}: the index must stay as it was."
    assert list(got.dtypes) == list(before.dtypes), f"{case}: a column has another dtype now."
    assert got.drop(columns=feature).equals(before.drop(columns=feature)), f"{case}: another column was changed."
    was, now = before[feature], got[feature]
    assert was.isna().sum() == now.isna().sum(), f"{case}: the number of missing values changed."
    assert sorted(was.dropna()) == sorted(now.dropna()), f"{case}: each value must be there as often as before."
    return list(now)


for trial in range(12):
    n = int(draw.integers(25, 60))
    table = pd.DataFrame({name: draw.normal(size=n) for name in "abc"}, index=draw.permutation(9 * n)[:n])
    table["n"] = draw.permutation(n).astype(["int64", "int8", "int32"][trial % 3])
    table["flag"] = draw.random(n) < 0.4
    table["word"] = [f"w{k}" for k in draw.permutation(n)]
    table["b"] = table["b"].astype("float32").mask(draw.random(n) < 0.2)
    feature = list(table.columns)[trial % 6]
    if trial >= 6:
        table.index = draw.integers(0, 4, n)  # labels that occur many times
    was, several = list(table[feature]), [judged(table, feature, "Another table and column") for _ in range(3)]
    if feature in ("a", "c", "n", "word"):  # values that differ: two orders alike are as good as impossible
        assert was not in several and several[0] != several[1] != several[2] != several[0], (
            "Another table and column: the order of the values did not change, or did not change anew with every call."
        )
three = pd.DataFrame({"first": [0.25, 0.5, 0.75], "second": [1, 2, 3]})
orders = [tuple(judged(three, "first", "Three patients")) for _ in range(360)]
counts = [orders.count(order) for order in itertools.permutations([0.25, 0.5, 0.75])]
assert min(counts) > 0, "Three patients, many calls: some of the six orders never come."
assert max(counts) < 130 and min(counts) > 15, (
    "Three patients, many calls: the six orders do not come about equally often."
)
judged(three.iloc[:1], "first", "One patient")
judged(three.iloc[:0], "first", "No patient")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: measure what shuffling costs
#
# Now the importance of a column for a *fitted* model: how much worse does the score get when the column is shuffled? (Breiman, Machine Learning 2001;45:5-32, did so for forests;
# Fisher, Rudin and Dominici, JMLR 2019;20:177, for any model.)
#
# $$I_j = m(y, f(X)) - \frac{1}{K} \sum_{k=1}^{K} m\bigl(y, f(X^{(j,k)})\bigr)$$
#
# where $X^{(j,k)}$ is the table with column j shuffled for the k-th time, $f(X)$ = `model.predict_proba(X)[:, 1]`, and m is the metric.
#
# Write `permutation_importance(X, y, model, metric, num_samples=100)`.
#
# | | |
# |---|---|
# | **in** `X` | data frame of features, one row per patient |
# | **in** `y` | outcomes, 0 or 1: list, array or Series (with any index) |
# | **in** `model` | a fitted model; `predict_proba` takes a frame with the columns of `X` and gives shape (n, 2) |
# | **in** `metric` | a function `metric(y, predictions)`, higher = better, called with the outcomes first |
# | **in** `num_samples` | K, how often each column is shuffled |
# | **out** | data frame with the one row `importance` and the features of `X` as columns |
#
# The sign counts: a column whose shuffling makes the score *better* has a negative importance. Shuffle one column at a time, always from the table as it was given.
#
# **By hand.** Three patients, y = 1, 0, 0. The model repeats the column `a`, which is 1, 0, 0; a second column `b` it never reads. The metric is the share of
# patients on the right side of 0.5: 1 at first. Shuffled, the one lands on the first patient in a third of the orders (share 1), else on another
# (share 1/3): 5/9 on average. So `a` has 1 − 5/9 = 0.444, about that with a finite K; `b` has exactly 0.
#
# <details><summary>Hint 1: the direction</summary>
#
# One baseline, then two loops: over the features, and `num_samples` times over fresh copies in which this one feature is shuffled.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `shuffled = X.assign(**{feature: np.random.default_rng().permutation(X[feature].to_numpy())})` is a copy with one column shuffled, and
# `pd.DataFrame([numbers], index=["importance"], columns=X.columns)` the frame to return.
# </details>


# %% nbgrader={"grade": false, "grade_id": "permutation_importance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def permutation_importance(X, y, model, metric, num_samples=100):
    """Baseline score minus the mean score with a feature shuffled, for each feature: a frame with one row."""
    ### BEGIN SOLUTION
    ### STUB: baseline = metric(y, model.predict_proba(X)[:, 1])
    ### STUB: numbers = []
    ### STUB: for feature in X.columns:
    ### STUB:     scores = ...  # num_samples of them
    ### STUB:     numbers.append(...)
    ### STUB: return pd.DataFrame([numbers], index=["importance"], columns=X.columns)
    baseline = metric(y, model.predict_proba(X)[:, 1])
    numbers = []
    for feature in X.columns:
        scores = []
        for _ in range(num_samples):
            shuffled = X.copy()
            shuffled[feature] = np.random.default_rng().permutation(X[feature].to_numpy())
            scores.append(metric(y, model.predict_proba(shuffled)[:, 1]))
        numbers.append(baseline - np.mean(scores))
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The example by hand; then a model that reads the column the wrong way round.

# %% nbgrader={"grade": true, "grade_id": "check_permutation_importance", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
three = pd.DataFrame({"a": [1.0, 0.0, 0.0], "b": [7.0, 8.0, 9.0]})
got = permutation_importance(three, [1, 0, 0], FixedRule({"a": 1.0}), share_right, 400)
numbers = importance_row(got, ["a", "b"])
assert numbers is not None, (
    f"The example by hand: got {got!r}, expected a frame with the one row 'importance' and the columns a and b, all numbers."
)
assert abs(numbers[0] - 4 / 9) < 0.1 and abs(numbers[1]) < 1e-9, (
    f"The example by hand: got {numbers}, expected about (0.444, 0): 0.667 or 0 come from the worst or the best shuffle instead of the mean, a negative sign from shuffled − baseline."
)
twelve = pd.DataFrame({"a": [1.0] * 6 + [0.0] * 6, "b": np.arange(12) ** 2 / 144})
numbers = importance_row(
    permutation_importance(twelve, [1] * 6 + [0] * 6, FixedRule({"a": -1.0}, 1.0), share_right, 400), ["a", "b"]
)
assert numbers is not None and abs(numbers[0] + 0.5) < 0.08 and abs(numbers[1]) < 1e-9, (
    f"Twelve patients, a model that reads a the wrong way round: got {numbers}, expected about (-0.5, 0): shuffling a helps it, so keep the sign; and b starts from the table as it was given, with a in its place."
)
numbers = importance_row(
    permutation_importance(twelve, [1, 0] * 6, FixedRule({"b": 1.0}), lambda y, pred: float(np.mean(pred)), 1),
    ["a", "b"],
)
assert numbers is not None and np.allclose(numbers, 0, atol=1e-9), (
    f"A metric that only takes the mean of the predictions: got {numbers}, expected (0, 0): a shuffled column keeps its values, so its mean cannot change. Are values drawn with replacement?"
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(33_102)


def lopsided(y, pred):
    """A metric that tells its two arguments apart, and whose distribution over shuffles is skewed."""
    return float(np.mean(np.asarray(y, dtype=float) * np.asarray(pred, dtype=float) ** 2)) * 4


def all_shuffles(X, y, model, metric, feature):
    scores = []
    for order in itertools.permutations(range(len(X))):
        table = X.copy()
        table[feature] = X[feature].to_numpy()[list(order)]
        scores.append(metric(np.asarray(y), model.predict_proba(table)[:, 1]))
    return metric(np.asarray(y), model.predict_proba(X)[:, 1]) - np.array(scores)


for trial in range(4):
    n, names = 4, ["age", "b", "third one"][: 2 + trial % 2]
    X = pd.DataFrame({name: draw.permutation([0.25, 0.5, 0.75, 0.5]) for name in names}, index=[5, 5, 1, 9])
    model = FixedRule({name: float(draw.uniform(-0.6, 0.6)) for name in names}, 0.5)
    y = [[1, 0, 0, 1], np.array([0, 1, 0, 0]), pd.Series([1, 1, 0, 1], index=list("abcd")), [0, 0, 1, 1]][trial]
    before, metric = X.copy(), [lopsided, share_right][trial % 2]
    got = call_answer(permutation_importance, X, y, model, metric, 300, case="Another small table")
    numbers = importance_row(got, names)
    assert numbers is not None, "Another small table: return a frame with the one row importance, features as columns."
    assert X.equals(before), "Another small table: your function changed the table."
    for name, number in zip(names, numbers, strict=True):
        possible = all_shuffles(before, y, model, metric, name)
        room = 6 * possible.std() / 300**0.5 + 1e-9
        assert abs(number - possible.mean()) < room, (
            "Another small table: not the baseline minus the mean over shuffles, with the metric called as metric(y, predictions)."
        )
X = pd.DataFrame({"a": [1.0, 0.0, 0.0, 0.0], "b": [0.0, 0.25, 0.5, 0.75]})
model = FixedRule({"a": 1.0})
for _ in range(8):
    one = importance_row(
        call_answer(permutation_importance, X, [1, 0, 0, 0], model, share_right, 1, case="K = 1"), "ab"
    )
    assert one is not None and (abs(one[0]) < 1e-9 or abs(one[0] - 0.5) < 1e-9), (
        "One sample per feature: the result must be that of one shuffle. Is num_samples used?"
    )
usual = importance_row(
    call_answer(permutation_importance, X, [1, 0, 0, 0], model, share_right, case="K left out"), "ab"
)
assert usual is not None and abs(usual[0] - 0.375) < 0.14, "num_samples left out: it should be 100."
both = importance_row(
    call_answer(
        permutation_importance,
        X.assign(b=X["a"]),
        [1, 0, 0, 0],
        FixedRule({"a": 0.5, "b": 0.5}),
        lopsided,
        300,
        case="Two copies",
    ),
    "ab",
)
assert both is not None and np.allclose(both, 0.75 * 0.75, atol=0.12), (
    "Two copies of a column: shuffle one at a time, always from the table as it was given."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: measure what leaving out costs
#
# Shuffling asks what *this fitted model* loses. Another question: how well could we do *without ever measuring* the column? For that the model must be trained
# again without it. A column that has a twin is worth nothing by this measure, because the twin stands in.
#
# Write `drop_column_importance(model, X_train, y_train, X_test, y_test, metric)`. For a set of columns S let score(S) be the metric on the test patients of a fresh
# copy of `model` that was fitted on the training patients with the columns S only. The importance of column j is
#
# $$D_j = \text{score}(\text{all columns}) - \text{score}(\text{all but } j).$$
#
# | | |
# |---|---|
# | **in** `model` | a scikit-learn classifier; fit copies of it, made by `clone(model)` |
# | **in** `X_train`, `X_test` | data frames with the same two or more columns |
# | **in** `y_train`, `y_test` | outcomes, 0 or 1: lists, arrays or Series |
# | **in** `metric` | a function `metric(y, predictions)` with predictions `predict_proba(…)[:, 1]`; higher = better |
# | **out** | data frame with the one row `importance` and the features as columns; the sign counts |
#
# One column is missing at a time; the test patients only score.
#
# **By hand.** Training patients (a, b, y): (0, 0, 0), (0, 0, 0), (1, 1, 1), (1, 1, 1): b is a copy of a. A `Lookup` with both columns, with `a` alone and with `b` alone gets every
# test patient right: both importances are 0, although one of the two is indispensable. Add a column `c` that is another number for each patient, training or test: with it, no
# test patient's row was seen before, and everybody gets the overall share. Leaving out `c` *helps*: its importance is negative.
#
# <details><summary>Hint 1: the direction</summary>
#
# Write the score of a set of columns first, as a small function inside; then call it once with all columns, and once per column without it.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `clone(model).fit(X_train[columns], y_train).predict_proba(X_test[columns])[:, 1]` with `columns` a list of names.
# </details>


# %% nbgrader={"grade": false, "grade_id": "drop_column_importance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    """Test score with all columns minus the test score when refitted without one, for each column."""

    ### BEGIN SOLUTION
    ### STUB: def score(columns):
    ### STUB:     fitted = ...
    ### STUB:     return metric(y_test, ...)
    ### STUB:
    ### STUB: features = list(X_train.columns)
    ### STUB: numbers = [...]
    ### STUB: return pd.DataFrame([numbers], index=["importance"], columns=features)
    def score(columns):
        fitted = clone(model).fit(X_train[columns], y_train)
        return metric(y_test, fitted.predict_proba(X_test[columns])[:, 1])

    features = list(X_train.columns)
    everything = score(features)
    numbers = [everything - score([name for name in features if name != left_out]) for left_out in features]
    return pd.DataFrame([numbers], index=["importance"], columns=features)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The example by hand, without and with the column `c`; then one column that matters.

# %% nbgrader={"grade": true, "grade_id": "check_drop_column_importance", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
X_train = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 0, 1, 1], "c": [1, 2, 3, 4]})
X_test, y_test = pd.DataFrame({"a": [0, 1, 1, 0], "b": [0, 1, 1, 0], "c": [5, 6, 7, 8]}), [0, 1, 1, 0]
got = drop_column_importance(Lookup(), X_train[["a", "b"]], [0, 0, 1, 1], X_test[["a", "b"]], y_test, share_right)
numbers = importance_row(got, ["a", "b"])
assert numbers is not None, (
    f"The example by hand: got {got!r}, expected a frame with the one row 'importance' and the columns a and b."
)
assert numbers_match(numbers, [0, 0]), (
    f"The example by hand: got {numbers}, expected (0, 0): each column stands in for its twin, if the model is *fitted again* without the other."
)
numbers = importance_row(
    drop_column_importance(Lookup(), X_train, [0, 0, 1, 1], X_test, y_test, share_right), ["a", "b", "c"]
)
assert numbers is not None and numbers_match(numbers, [0, 0, -0.5]), (
    f"With the column c: got {numbers}, expected (0, 0, -0.5): all columns give the score 0.5 on the test patients, without c it is 1. Score the test patients, and keep the sign."
)
numbers = importance_row(
    drop_column_importance(
        Lookup(), X_train[["a"]].assign(d=0), [0, 0, 1, 1], X_test[["a"]].assign(d=0), y_test, share_right
    ),
    ["a", "d"],
)
assert numbers is not None and numbers_match(numbers, [0.5, 0]), (
    f"a without its twin, beside a constant d: got {numbers}, expected (0.5, 0): all columns minus all but one."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(33_103)


def brier_gain(y, pred):
    return 1.0 - float(np.mean((np.asarray(y, dtype=float) - np.asarray(pred, dtype=float)) ** 2))


def shares_by_hand(rows, outcomes, asked):
    overall = sum(outcomes) / len(outcomes)
    told = []
    for row in asked:
        alike = [outcome for own, outcome in zip(rows, outcomes, strict=True) if own == row]
        told.append(sum(alike) / len(alike) if alike else overall)
    return told


def by_hand(train, y_train, test, y_test, metric, columns):
    rows, asked = (table[columns].to_numpy(dtype=float).tolist() for table in (train, test))
    return metric(y_test, shares_by_hand(rows, [float(v) for v in y_train], asked))


for trial in range(10):
    n, n_test = int(draw.integers(20, 60)), int(draw.integers(15, 40))
    names = [["x", "y", "z"], ["age band", "sex"], ["d", "c", "b", "a"]][trial % 3]
    train = pd.DataFrame(draw.integers(0, 2, (n, len(names))), columns=names, index=draw.permutation(n) + 50)
    test = pd.DataFrame(draw.integers(0, 3, (n_test, len(names))), columns=names)
    train, test = (table.astype(["int64", "float32", "int8"][trial % 3]) for table in (train, test))
    risks = [0.2 + 0.6 * (np.asarray(table[names[0]]) == 1) for table in (train, test)]
    y_train, y_test = ((draw.random(len(risk)) < risk).astype(int) for risk in risks)
    if trial % 2:
        y_train, y_test = pd.Series(y_train, index=train.index), y_test.tolist()
    copies = train.copy(), test.copy()
    got = call_answer(drop_column_importance, Lookup(), train, y_train, test, y_test, brier_gain, case="Another table")
    numbers = importance_row(got, names)
    assert numbers is not None, "Another table: return a frame with the one row importance, features as columns."
    whole = by_hand(*(train, list(y_train), test, y_test, brier_gain), names)
    for name, number in zip(names, numbers, strict=True):
        rest = by_hand(*(train, list(y_train), test, y_test, brier_gain), [other for other in names if other != name])
        assert numbers_match(number, whole - rest), (
            "Another table: not the test score with all columns minus the test score when fitted without the one."
        )
    assert train.equals(copies[0]) and test.equals(copies[1]), "Another table: your function changed a table."
X = pd.DataFrame(draw.normal(size=(80, 3)), columns=["p", "q", "r"])
y = (draw.random(80) < 1 / (1 + np.exp(-2 * X["p"] + X["q"]))).astype(int)
for model in (LogisticRegression(C=0.5), DecisionTreeClassifier(max_depth=3, random_state=0)):
    got = call_answer(drop_column_importance, model, X[:50], y[:50], X[50:], y[50:], brier_gain, case="Another model")
    numbers = importance_row(got, list(X.columns))
    told = {}
    for out in (None, *X.columns):
        keep = [name for name in X.columns if name != out]
        own = model.__class__(**model.get_params()).fit(X.loc[:49, keep], y[:50])
        told[out] = brier_gain(y[50:], own.predict_proba(X.loc[50:, keep])[:, 1])
    expected = [told[None] - told[name] for name in X.columns]
    assert numbers is not None and numbers_match(numbers, expected, 1e-4), (
        "Another model: fit a copy with its own settings on the training patients, score it on the test patients."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: divide a prediction fairly
#
# Importances speak of all patients. Now one patient: her risk is 0.31, the average 0.12. Which features made the difference? Together they are a *team* that earned 0.19; how to share
# it out? Shapley (Contributions to the Theory of Games II, 1953) gave the only rule that satisfies four demands of fairness. For player i among the players N:
#
# $$\phi_i = \sum_{S \subseteq N \setminus \{i\}} \frac{|S|!\,(|N|-|S|-1)!}{|N|!} \, \bigl[ v(S \cup \{i\}) - v(S) \bigr]$$
#
# v(S) is what the coalition S earns alone. The factor is the share of all orders of arrival in which exactly S is there when i comes in: $\phi_i$ is what i adds, averaged over all orders.
#
# Write `shapley_values(value, players)`.
#
# | | |
# |---|---|
# | **in** `value` | a function that takes a `frozenset` of players and gives a number, also for the empty one, whose value need not be 0 |
# | **in** `players` | list of players, all different: text, numbers or tuples; in the checks at most six |
# | **out** | dict {player: Shapley value}, exact (by subsets or by orders, not by sampling); `{}` without players |
#
# **By hand.** Gloves: L has a left one, R1 and R2 a right one each, and a pair sells for 1. So v = 1 for {L, R1}, {L, R2} and {L, R1, R2}, else 0. L adds 1 to {R1}, to {R2} and to
# {R1, R2}, nothing to the empty coalition: 1/6 + 1/6 + 1/3 = 2/3. R1 adds 1 to {L} only: 1/6. R2 too. They sum to 1, all there is.
#
# <details><summary>Hint 1: the direction</summary>
#
# For each player: go through all subsets of the *others*, of every size from 0 to n − 1, and add the weighted contribution.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `itertools.combinations(others, size)` lists the subsets of one size, `frozenset(subset) | {player}` is the coalition after the player came, and
# `math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)` the weight.
# </details>


# %% nbgrader={"grade": false, "grade_id": "shapley_values", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shapley_values(value, players):
    """What each player adds on average over all orders of arrival: {player: Shapley value}."""
    ### BEGIN SOLUTION
    ### STUB: shares = {}
    ### STUB: for player in players:
    ### STUB:     others = [other for other in players if other != player]
    ### STUB:     ...  # all subsets of the others, each with its weight
    ### STUB:     shares[player] = ...
    ### STUB: return shares
    n, shares = len(players), {}
    for player in players:
        others = [other for other in players if other != player]
        shares[player] = 0.0
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for subset in itertools.combinations(others, size):
                shares[player] += weight * (value(frozenset(subset) | {player}) - value(frozenset(subset)))
    return shares
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** The gloves; then a game in which being alone and being last say different things; then one whose empty coalition is worth something.


# %% nbgrader={"grade": true, "grade_id": "check_shapley_values", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def gloves(coalition):
    return {frozenset(): 0, frozenset({"L", "R1"}): 1, frozenset({"L", "R2"}): 1, frozenset({"L", "R1", "R2"}): 1}.get(
        coalition, 0
    )


got = shapley_values(gloves, ["L", "R1", "R2"])
assert isinstance(got, dict) and set(got) == {"L", "R1", "R2"}, (
    f"Gloves: got {got!r}, expected a dict with the keys L, R1 and R2."
)
assert numbers_match([got["L"], got["R1"], got["R2"]], [2 / 3, 1 / 6, 1 / 6]), (
    f"Gloves: got {got}, expected L 2/3, R1 and R2 1/6. The weights of the subsets of the others sum to 1: 1/3, 1/6, 1/6, 1/3."
)
got = shapley_values(lambda coalition: float(len(coalition) ** 2) + 2.0 * ("b" in coalition), ["a", "b"])
assert isinstance(got, dict) and numbers_match([got.get("a"), got.get("b")], [2, 4]), (
    f"Size squared, and 2 more with b: got {got}, expected a 2 and b 4. a adds 1 to nobody and 3 to b: on average 2."
)
got = shapley_values(lambda coalition: 10.0 - 4.0 * (3 in coalition), [3, 8])
assert isinstance(got, dict) and numbers_match([got.get(3), got.get(8)], [-4, 0]), (
    f"The empty coalition is worth 10, player 3 takes 4 away: got {got}, expected 3: -4 and 8: 0. Subtract v of the coalition without the player, also when it is empty."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(33_104)


def game(players):
    worth = {}
    for size in range(len(players) + 1):
        for subset in itertools.combinations(players, size):
            worth[frozenset(subset)] = float(draw.integers(-40, 40)) / 4
    return worth


def over_all_orders(worth, players):
    added = dict.fromkeys(players, 0.0)
    orders = list(itertools.permutations(players))
    for order in orders:
        for place, player in enumerate(order):
            there = frozenset(order[:place])
            added[player] += worth[there | {player}] - worth[there]
    return {player: total / len(orders) for player, total in added.items()}


def judged(worth, players, case):
    given = list(players)

    def value(coalition):
        if coalition.__class__ is not frozenset:
            raise TypeError("a frozenset is expected")
        return worth[coalition]

    got = call_answer(shapley_values, value, given, case=case + " (value takes a frozenset of players)")
    assert given == list(players), f"{case}: your function changed the list of players."
    assert isinstance(got, dict) and set(got) == set(players), f"{case}: return a dict with one entry a player."
    expected = over_all_orders(worth, players)
    shares = [got[player] for player in players]
    assert numbers_match(np.sum(np.asarray(shares, dtype=float)), worth[frozenset(players)] - worth[frozenset()]), (
        f"{case}: the values must sum to v(all) − v(nobody)."
    )
    assert numbers_match(shares, [expected[player] for player in players]), f"{case}: these are not the Shapley values."
    return got


judged(game(["only"]), ["only"], "One player")
for players in (
    ["a", "b"],
    [3, 1, 2],
    ["p", "q", "r", "s"],
    [(0, 1), (1, 0), (2, 2), "x"],
    list("abcde"),
    list("uvwxyz"),
):
    judged(game(players), players, "Another game")
first, second = game([1, 2, 3, 4]), game([1, 2, 3, 4])
both = {coalition: first[coalition] + 2 * second[coalition] for coalition in first}
one, two, sum_of_both = (judged(worth, [1, 2, 3, 4], "Games that are added") for worth in (first, second, both))
assert numbers_match([sum_of_both[k] for k in (1, 2, 3, 4)], [one[k] + 2 * two[k] for k in (1, 2, 3, 4)]), (
    "Games that are added: the values must add up too."
)
dummy = game(["a", "b", "c"])
dummy.update({coalition | {"idle"}: worth for coalition, worth in list(dummy.items())})
assert numbers_match(judged(dummy, ["a", "idle", "b", "c"], "A player who adds nothing")["idle"], 0), (
    "A player who adds nothing must get 0."
)
nobody = call_answer(shapley_values, lambda coalition: 5.0, [], case="No players")
assert isinstance(nobody, dict) and not nobody, "No players: return an empty dict."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: draw where the network looked
#
# A convolutional network ends with maps $A_k$ (one per filter, each as a coarse picture of the film), and from them it computes a score $z_c$ per category. **Grad-CAM** (Selvaraju and others, ICCV
# 2017) weighs each map by how much the score would rise if the map rose, on average over its places, and adds them up:
#
# $$\alpha_k = \frac{1}{hw} \sum_{i,j} \frac{\partial z_c}{\partial A_{kij}}, \qquad L = \max\Bigl(0, \sum_k \alpha_k A_k\Bigr).$$
#
# The maximum with 0 keeps what speaks *for* the category. Then L is resized to the film and divided by its maximum.
#
# Write `grad_cam(input_model, image, category_index, layer_name)`.
#
# | | |
# |---|---|
# | **in** `input_model` | Keras model; its output, shape (1, categories), holds **logits**: take the gradient of that output as it is. Call it as for a prediction (`training=False`) |
# | **in** `image` | array of one film, shape (height, width, channels), or a batch of one, (1, height, width, channels), of any float width |
# | **in** `category_index` | which category, from 0 |
# | **in** `layer_name` | name of the layer whose output is $A$, shape (1, h, w, maps) |
# | **out** | array of floats, shape (height, width) of the film, from 0 to 1; row 0 is the top of the film, column 0 its left |
#
# - Resize bilinearly (`tf.image.resize`, SciPy's `zoom` with order 1, …), before or after the maximum with 0.
# - The largest value is 1. Where nothing speaks for the category the map is all zeros, never NaN.
#
# Why logits? A sigmoid's slope is p(1 − p): nearly 0 exactly where the network is most sure, and a softmax mixes the other categories in.
#
# **By hand.** `bright_and_dark` has the maps $A_0 = \max(0, \text{film})$ and $A_1 = \max(0, -\text{film})$, and for category 0 the logit $3 \cdot \text{mean}(A_0) - 1 \cdot \text{mean}(A_1)$. On a film of 3 × 4 places that is
# 2 at the top right, 1 at the left of the middle row, −3 at the bottom left and 0 elsewhere: $\alpha = (3/12, -1/12)$; the weighted sum is 0.5 at the top right, 0.25 at the left of the
# middle row, and −0.25 at the bottom left, which is cut to 0. Divided by 0.5: 1 and 0.5. For category 1 the signs are turned round, and only the bottom left is 1.
#
# <details><summary>Hint 1: the direction</summary>
#
# Build a model that gives both the layer's output and the logits; call it inside a `tf.GradientTape`; ask for the gradient of one logit with respect to the *layer's output*.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])`; inside the tape
# `maps, logits = probe(film, training=False)` and `score = logits[0, category_index]`; after it `tape.gradient(score, maps)`, shape (1, h, w, maps).
# </details>


# %% nbgrader={"grade": false, "grade_id": "grad_cam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_cam(input_model, image, category_index, layer_name):
    """Heat map of what speaks for one category: array (height, width) from 0 to 1, row 0 at the top."""
    ### BEGIN SOLUTION
    ### STUB: film = tf.convert_to_tensor(np.asarray(image, "float32"))
    ### STUB: if len(film.shape) == 3:
    ### STUB:     film = film[None]
    ### STUB: probe = ...
    ### STUB: with tf.GradientTape() as tape:
    ### STUB:     ...
    ### STUB: gradient = ...
    ### STUB: weights = ...  # one per map
    ### STUB: heat = ...
    ### STUB: return heat
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The film by hand, for both categories; a film that holds nothing for a category; and a network whose maps are coarser than the film.

# %% nbgrader={"grade": true, "grade_id": "check_grad_cam", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
film = np.zeros((3, 4, 1))
film[0, 3], film[1, 0], film[2, 0] = 2.0, 1.0, -3.0
got = grad_cam(bright_and_dark, film, 0, "features")
assert np.shape(got) == (3, 4), (
    f"The film by hand: got the shape {np.shape(got)}, expected (3, 4), the height and width of the film."
)
expected = np.zeros((3, 4))
expected[0, 3], expected[1, 0] = 1.0, 0.5
assert numbers_match(got, expected, 1e-4), (
    f"The film by hand, category 0: got {np.asarray(got).round(2).tolist()}, expected {expected.tolist()}. Is row 0 at the top, the right category taken, what is negative cut to 0, the maximum 1?"
)
got = grad_cam(bright_and_dark, film[None].astype("float32"), 1, "features")
expected = np.zeros((3, 4))
expected[2, 0] = 1.0
assert numbers_match(got, expected, 1e-4), (
    f"Category 1, as a batch of one: got {np.asarray(got).round(2).tolist()}, expected {expected.tolist()}: the dark place at the bottom left speaks for it."
)
got = grad_cam(bright_and_dark, np.maximum(film, 0), 1, "features")
assert numbers_match(got, np.zeros((3, 4))), (
    f"A film without a dark place, category 1: got {np.asarray(got).round(2).tolist()}, expected all zeros: nothing speaks for it, and 0/0 must not become NaN."
)
coarse = small_network(1, 8, 12, 5, 3, 2)
got = grad_cam(coarse, np.random.default_rng(1).normal(size=(8, 12, 1)), 0, "features")
assert np.shape(got) == (8, 12), (
    f"Maps of 4 × 6 places on a film of 8 × 12: got the shape {np.shape(got)}, expected (8, 12). Stretch the map to the film, height first."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(33_105)


def stretched(coarse, size, corners):
    for axis, new in enumerate(size):
        old = coarse.shape[axis]
        places = np.linspace(0, old - 1, new) if corners else (np.arange(new) + 0.5) * old / new - 0.5
        coarse = np.apply_along_axis(lambda line, at=places, n=old: np.interp(at, np.arange(n), line), axis, coarse)
    return coarse


def expected_maps(network, film, category, layer, head):
    """All maps that the statement allows: two ways to lay the grid, and the cut before or after resizing."""
    maps = maps_of(network, film, layer)
    kernel = network.get_layer("logits").get_weights()[0].astype(float)
    if head == "mean":
        weights = kernel[:, category]
    elif head == "flat":
        weights = kernel[:, category].reshape(maps.shape).mean(axis=(0, 1))
    else:
        first, bias = (part.astype(float) for part in network.get_layer("hidden").get_weights())
        inner = np.tanh(maps.mean(axis=(0, 1)) @ first + bias)
        weights = first @ ((1 - inner**2) * kernel[:, category])
    total = np.einsum("hwk,k->hw", maps, weights)
    found = []
    for corners, early in itertools.product((False, True), (False, True)):
        heat = np.maximum(stretched(np.maximum(total, 0) if early else total, film.shape[:2], corners), 0)
        found.append(heat / heat.max() if heat.max() > 0 else heat)
    return found, total


def judged(network, film, category, layer, head, case):
    before = film.copy()
    got = call_answer(grad_cam, network, film, category, layer, case=case)
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return an array of numbers.") from None
    plain = film[0] if film.ndim == 4 else film
    assert got.shape == plain.shape[:2], f"{case}: the map has not the height and width of the film."
    assert np.isfinite(got).all() and got.min() >= -1e-6, f"{case}: the map must not be negative or NaN."
    allowed, total = expected_maps(network, plain, category, layer, head)
    if all(one.max() > 0 for one in allowed):  # a lone place may vanish where resizing comes before the cut
        assert abs(got.max() - 1) < 1e-4, f"{case}: the largest value of the map must be 1."
    off = min(np.abs(got - one).mean() for one in allowed)
    assert off < (1e-3 if total.shape == got.shape else 0.02), (
        f"{case}: not the weighted sum of the maps, without what is negative, row 0 at the top, bilinear."
    )
    assert np.array_equal(film, before), f"{case}: your function changed the film."


heads = ["mean", "flat", "hidden"]
for trial in range(9):
    height, width = [(10, 14), (13, 8), (9, 9)][trial % 3]
    maps, categories, head = 3 + trial % 4, 2 + trial % 3, heads[trial // 3]
    network = small_network(500 + trial, height, width, maps, categories, head=head)
    film = draw.normal(size=(height, width, 1)).astype(["float64", "float32"][trial % 2])
    for category in range(categories):
        judged(network, film if category else film[None], category, "features", head, "Maps as large as the film")
for trial in range(6):
    height, width, stride = [(16, 24, 2), (24, 12, 3), (12, 32, 4)][trial % 3]
    network = small_network(600 + trial, height, width, 5, 3, stride, heads[trial % 2])
    film = draw.normal(size=(height, width, 1))
    for category in range(3):
        judged(network, film, category, "features", heads[trial % 2], "Maps that are coarser than the film")
network = one_sided_network(77)
film = draw.normal(size=(9, 11, 1))
probe = keras.Model(network.get_layer("before_features").input, network.outputs)
whole = call_answer(grad_cam, network, film, 0, "first", case="An earlier layer")
maps = tf.Variable(maps_of(network, film, "first")[None].astype("float32"))
with tf.GradientTape() as tape:
    score = probe(maps)[0, 0]
weights = tape.gradient(score, maps).numpy().mean(axis=(0, 1, 2)).astype(float)
assert numbers_match(whole, heat_of(maps.numpy()[0].astype(float), weights), 1e-3), (
    "An earlier layer: the map must come from the layer that layer_name names."
)
spot = np.zeros((9, 11, 1))
spot[1, 8] = 4.0
judged(network, spot, 1, "features", "mean", "One bright place")
sure = one_sided_network(78)
sure.set_weights([40 * weights for weights in sure.get_weights()])
judged(sure, 5 * film, 1, "features", "mean", "Very large logits")
judged(network, np.zeros((9, 11, 1)), 2, "features", "mean", "An empty film")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: test the heat map itself
#
# A heat map always looks like an answer. Does it depend on what the network has *learnt*? Adebayo and others (Sanity checks for saliency maps, NeurIPS 2018) propose: draw the weights
# anew, which wipes out all learning, and draw the map again. A map that stays as it was shows the film, not the network.
#
# Write `cam_sanity(model, image)`. It returns the three things `(before, after, similarity)`:
#
# | | |
# |---|---|
# | **in** `model` | Keras model as in exercise 5, of convolutions and dense layers, with a layer named `"features"` |
# | **in** `image` | array of one film, (height, width, channels) or (1, height, width, channels) |
# | **out** `before` | the Grad-CAM map of `model` at `"features"`, as in exercise 5, for the **category with the highest logit** of `model` on this film |
# | **out** `after` | the map of a *copy* whose weights have been drawn anew in **every** layer, for the **same** category |
# | **out** `similarity` | one number: Spearman's rank correlation between the pixels of `before` and those of `after`; NaN if one of the maps has the same value everywhere |
#
# - How the weights are drawn is up to you: by the layers' own initialisers, from a normal distribution, or by shuffling the numbers inside each array. No weight may be left in the place where it was learnt.
# - `model` itself keeps its weights: a second call must find it as it was.
# - You may call a `grad_cam` of yours, or write the map here again.
#
# **By hand.** Four pixels, before (0, 0.5, 1, 0.2) and after (1, 0.4, 0, 0.7). Ranks: (1, 3, 4, 2) and (4, 2, 1, 3): exactly reversed, similarity −1. With an `after` of (0, 0.1, 0.4, 0.05) it would be
# 1, although the values differ: ranks ask only for the order.
#
# <details><summary>Hint 1: the direction</summary>
#
# `keras.models.clone_model(model)` builds the same network with fresh weights. So: choose the category, draw a map of the model and one of the clone, compare.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `category = int(np.argmax(model(film)))`, and `spearmanr(before.ravel(), after.ravel())[0]` is the correlation. (SciPy warns of a constant map and gives NaN. A warning costs nothing.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "cam_sanity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cam_sanity(model, image):
    """Heat map before and after all weights are drawn anew, and the rank correlation of the two."""
    ### BEGIN SOLUTION
    ### STUB: film = np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:])
    ### STUB: category = ...
    ### STUB: before = ...
    ### STUB: after = ...
    ### STUB: similarity = ...
    ### STUB: return before, after, similarity
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    before, after = heat_map(model, category), heat_map(keras.models.clone_model(model), category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** One network and film, twice.


# %% nbgrader={"grade": true, "grade_id": "check_cam_sanity", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def best_map(network, film):
    """The category with the highest logit, and its map, worked out from the weights."""
    category = int(np.argmax(ops.convert_to_numpy(network(film[None].astype("float32"), training=False))))
    weights = network.get_layer("logits").get_weights()[0][:, category].astype(float)
    return category, heat_of(maps_of(network, film), weights)


def rank_correlation(first, second):
    """Spearman's correlation of two maps; NaN if one is constant."""
    ranks = [pd.Series(np.ravel(one)).rank().to_numpy() for one in (first, second)]
    if min(np.ptp(one) for one in ranks) == 0:
        return np.nan
    return float(np.corrcoef(*ranks)[0, 1])


film = np.random.default_rng(3).normal(size=(9, 11, 1))
category, expected = best_map(network_for_sanity, film)
got = cam_sanity(network_for_sanity, film)
assert isinstance(got, (tuple, list)) and len(got) == 3, (
    f"One film: got {type(got).__name__}, expected three things (before, after, similarity)."
)
assert numbers_match(got[0], expected, 1e-3), (
    f"One film: got a first map with mean {np.mean(got[0]):.3f}, expected the Grad-CAM map (mean {expected.mean():.3f}) of category {category}, which has the highest logit."
)
assert np.shape(got[1]) == (9, 11) and np.min(got[1]) >= 0 and np.max(got[1]) <= 1 + 1e-6, (
    f"One film: got a second map of shape {np.shape(got[1])}, expected (9, 11) with values from 0 to 1."
)
turns = 0
while np.ptp(got[1]) == 0 and turns < 20:  # with fresh weights nothing may speak for the category: once more
    got, turns = cam_sanity(network_for_sanity, film), turns + 1
assert numbers_match(got[2], rank_correlation(got[0], got[1]), 1e-3), (
    f"One film: got the similarity {got[2]}, expected {rank_correlation(got[0], got[1]):.4f}, Spearman's rank correlation of the two maps that you gave."
)
again = cam_sanity(network_for_sanity, film[None].astype("float32"))
assert numbers_match(again[0], expected, 1e-3), (
    "The same again, as a batch of one: got another map before, expected the same. Draw the weights anew in a copy, not in the model that you were given."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(33_106)


def judged(network, film, case):
    before, (_, expected) = film.copy(), best_map(network, film)
    got = call_answer(cam_sanity, network, film, case=case)
    assert isinstance(got, (tuple, list)) and len(got) == 3, f"{case}: return three things."
    try:
        first, second, similarity = (np.asarray(part, dtype=float) for part in got)
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return two maps and a number.") from None
    assert numbers_match(first, expected, 1e-3), (
        f"{case}: the first map is not that of the category with the highest logit."
    )
    assert second.shape == first.shape and np.isfinite(second).all(), (
        f"{case}: the second map has another shape, or NaN."
    )
    assert second.min() >= 0 and second.max() <= 1 + 1e-6, f"{case}: the second map is not between 0 and 1."
    assert numbers_match(similarity, rank_correlation(first, second), 1e-3), (
        f"{case}: the similarity is not Spearman's correlation of the two maps (NaN if one is constant)."
    )
    assert np.array_equal(film, before), f"{case}: your function changed the film."
    return second


def came_from(heat, maps):
    """How well the positive part of a map is a weighted sum of given maps: relative residual, 0 = exactly."""
    inside = heat > 1e-6
    if inside.sum() < maps.shape[-1] + 6:
        return 0.0
    residual = heat[inside] - maps[inside] @ np.linalg.lstsq(maps[inside], heat[inside], rcond=None)[0]
    return float(np.linalg.norm(residual) / np.linalg.norm(heat[inside]))


seconds, features_moved, head_moved = [], False, False
for trial in range(16):
    height, width, maps = 9 + trial % 3, 12 - trial % 4, 4 + trial % 5
    network = one_sided_network(700 + trial, height, width, maps)
    film = draw.normal(size=(height, width, 1))
    seconds.append(judged(network, film, "Another network and film"))
    features_moved |= came_from(seconds[-1], maps_of(network, film)) > 0.05
    head_moved |= np.mean(seconds[-1] == 0) > 0.4
    if trial > 4 and features_moved and head_moved:
        break
assert features_moved, (
    "Several networks: the maps after are made of the same feature maps as before. Draw the weights of every layer anew, not only of the last."
)
assert head_moved, (
    "Several networks: every map speaks for the category before, and still after. Draw the weights of the last layer anew too."
)
for trial in range(4):
    network = small_network(800 + trial, 8, 10, 5, 4)
    judged(network, draw.normal(size=(8, 10, 1)), "Another category on top")
judged(one_sided_network(31), np.zeros((9, 11, 1)), "An empty film")
### END HIDDEN TESTS

# %% [markdown]
# ## Put your functions to work
#
# From here on nothing is graded, and the cells take about a minute and a half together. They use *your* functions, so run them when all six checks pass. What they need more than
# the exercises did:

# %% tags=["ungraded"]
# No exercise needs these, so they are not at the top.
import shap  # fast Shapley values for trees
from IPython.display import Markdown  # shows the card
from sklearn.ensemble import RandomForestClassifier  # the mortality forest
from sklearn.pipeline import make_pipeline  # scales, then fits
from sklearn.preprocessing import StandardScaler  # the scale

# data, models and figures of the course
from labutils import datasets, forests, interpretation, model_card, models, plots, plots_interpretation, plots_labs
from labutils.datasets.flchain import FEATURES  # six columns
from labutils.evaluation_subgroups import age_groups, subgroup_table  # by group

# %% [markdown]
# ### Ask the mortality forest of course 2
#
# Real people: the free light chain cohort (Dispenzieri and others, Mayo Clinic Proceedings 2012), 50 years and older. The forest predicts death within ten years; those whose ten years were not followed are left
# out, and a missing creatinine gets the median of the training people. One row is one person, and the rows are shuffled before the split, because the file runs from old to young.

# %% tags=["ungraded"]
people = datasets.load_flchain()
people["died"] = datasets.died_within(people["years"], people["death"], 10)
known = people[people["died"].notna()].sample(frac=1, random_state=33).reset_index(drop=True)
features = [*FEATURES]
fit, test = known.iloc[:3400], known.iloc[3400:5000]
middle = fit["creatinine"].median()
X_fit, X_test = (part[features].fillna({"creatinine": middle}) for part in (fit, test))
y_fit, y_test = (part["died"].to_numpy(dtype=int) for part in (fit, test))

# %% [markdown]
# The forest, and its C-index with an interval from resampled test people:

# %% tags=["ungraded"]
recipe = RandomForestClassifier(50, max_depth=6, min_samples_leaf=10, random_state=0)
forest = clone(recipe).fit(X_fit, y_fit)
risk = forest.predict_proba(X_test)[:, 1]
resampled = np.random.default_rng(0).integers(len(y_test), size=(300, len(y_test)))
low, high = np.quantile([forests.cindex(y_test[rows], risk[rows]) for rows in resampled], [0.025, 0.975])
print(
    f"{len(y_test)} test people, {y_test.sum()} died; C-index {forests.cindex(y_test, risk):.3f} ({low:.3f} to {high:.3f})"
)

# %% [markdown]
# Your two importances, the second with an interval from resampled test people (the C-index of both forests on the same people), the first with the interval of `labutils`, which reuses the shuffled predictions.

# %% tags=["ungraded"]
shuffled = permutation_importance(X_test, y_test, forest, forests.cindex, num_samples=10)
dropped = drop_column_importance(recipe, X_fit, y_fit, X_test, y_test, forests.cindex)
intervals = interpretation.permutation_interval(X_test, y_test, forest, forests.cindex, num_samples=10, n_boot=200)
assert np.allclose(shuffled.loc["importance"].astype(float), intervals["importance"], atol=0.02)
without = {}
for name in features:
    rest = [other for other in features if other != name]
    scores = clone(recipe).fit(X_fit[rest], y_fit).predict_proba(X_test[rest])[:, 1]
    without[name] = forests.cindex_interval(y_test, risk, scores, 300, 0)
assert np.allclose([without[name].difference for name in features], dropped.loc["importance"].astype(float))

# %% [markdown]
# Both in one picture. Age leads by far. Two columns are worth something when shuffled and nothing when left out one by one; why?

# %% tags=["ungraded"]
twins = ["kappa", "lambda"]
assert (intervals.loc[twins, "importance"] > 0.005).all() and max(
    abs(without[name].difference) for name in twins
) < 0.01
fig = plots_labs.dots_with_interval(
    features,
    {"shuffled": intervals.to_numpy(), "left out": [tuple(without[name]) for name in features]},
    title="kappa and lambda: each alone can be spared by a new forest",
    xlabel="loss of C-index with 95 % interval (above 0: the column helps)",
    reference=0,
)
plots.show(
    fig,
    alt="Importance by column, shuffled and left out: "
    + "; ".join(
        f"{name} {intervals.loc[name, 'importance']:.3f} and {without[name].difference:.3f}" for name in features
    )
    + ".",
)

# %% [markdown]
# Because they are twins: whoever has much of one light chain mostly has much of the other (the correlation is printed below). Left out, one is replaced by the other; the last line below leaves out both. And what does shuffling do to twins? Shuffle them one
# by one, then both *together*, so that each person gets the pair of another person.

# %% tags=["ungraded"]
groups = {"kappa alone": ["kappa"], "lambda alone": ["lambda"], "both together": twins}
paired = interpretation.permutation_interval(
    X_test, y_test, forest, forests.cindex, groups=groups, num_samples=10, n_boot=200
)
print(f"rank correlation of kappa and lambda: {X_test['kappa'].corr(X_test['lambda'], method='spearman'):.2f}")
print(paired.round(3))
rest = [name for name in features if name not in twins]
scores = clone(recipe).fit(X_fit[rest], y_fit).predict_proba(X_test[rest])[:, 1]
lost = forests.cindex_interval(y_test, risk, scores, 300, 0)
print(f"a new forest without both loses {lost[0]:+.3f} ({lost[1]:+.3f} to {lost[2]:+.3f})")
assert paired.loc["both together", "importance"] > paired["importance"].iloc[:2].sum()

# %% [markdown]
# Together they are worth more than the sum of both alone: each alone is partly replaced by its twin inside the forest. One-column-at-a-time rankings hide such pairs.
#
# ### Shuffle a blood pressure
#
# It gets worse when columns are *tied*. Pulse pressure is systolic minus diastolic. Patients of the Worcester Heart Attack Study (real; 500 people with a heart attack, dead within a year or not): what
# kind of patient does shuffling the systolic pressure make?

# %% tags=["ungraded"]
heart = datasets.load_whas500()
heart["pulse"] = heart["systolic"] - heart["diastolic"]
heart["died"] = datasets.died_within(heart["days"] / 365.25, heart["died"] == 1, 1)
heart = heart[heart["died"].notna()]
made_up = permute_feature(heart, "systolic")
broken = (made_up["systolic"] - made_up["diastolic"] - made_up["pulse"]).abs() > 0.5
both = pd.concat([heart, made_up[broken]])
fig = plots_interpretation.scatter_pairs(
    both["systolic"] - both["diastolic"],
    both["pulse"],
    highlight=np.arange(len(both)) >= len(heart),
    label=("real patients", "made by the shuffle"),
    title=f"One shuffle: {broken.mean():.0%} of the patients cannot exist",
    xlabel="systolic − diastolic pressure (mmHg)",
    ylabel="pulse pressure in the table (mmHg)",
)
plots.show(
    fig,
    alt=f"Systolic minus diastolic pressure after a shuffle against the pulse pressure in the table: {broken.mean():.0%} of {len(heart)} patients lie off the line on which all real ones lie.",
)
assert broken.mean() > 0.9

# %% [markdown]
# A model is asked what it predicts for patients whose pressures contradict one another. It answers, since models always answer. Shuffled as a group, the three stay those of one patient. A logistic regression on half
# of the patients, importances on the other half:

# %% tags=["ungraded"]
pressures = ["systolic", "diastolic", "pulse"]
heart_columns = ["age", "heart_rate", "bmi", "heart_failure", *pressures]
rows = np.random.default_rng(1).permutation(len(heart))
half, rest = heart.iloc[rows[: len(rows) // 2]], heart.iloc[rows[len(rows) // 2 :]]
logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(half[heart_columns], half["died"].astype(int))
groups = {name: [name] for name in heart_columns} | {"the three pressures": pressures}
worth = interpretation.permutation_interval(
    rest[heart_columns], rest["died"].astype(int), logistic, forests.cindex, groups=groups, num_samples=20, n_boot=200
)
together, apart = worth.loc["the three pressures", "importance"], worth.loc[pressures, "importance"].max()
fig = plots_labs.dots_with_interval(
    list(groups),
    {"shuffled": worth.to_numpy()},
    title=f"The three pressures together lose {together:.3f}, none alone more than {apart:.3f}",
    xlabel="loss of C-index with 95 % interval",
    reference=0,
)
plots.show(
    fig,
    alt=f"Importances in {len(rest)} patients: "
    + "; ".join(f"{name} {row.importance:.3f} ({row.low:.3f} to {row.high:.3f})" for name, row in worth.iterrows())
    + ".",
)
assert together > apart

# %% [markdown]
# ### Share one prediction
#
# Back to the forest. Your `shapley_values` shares the risk of one person out among six features: the features of a coalition have the person's values, the others those of 50 other people, in turn. The shap library does the same in a faster way
# for trees (Lundberg and others, Nature Machine Intelligence 2020;2:56-67). Do they agree?

# %% tags=["ungraded"]
background = X_fit.iloc[:50]
chosen = int(np.argsort(risk)[len(risk) * 9 // 10])
person = X_test.iloc[chosen]
own = shapley_values(interpretation.prediction_game(forest, person, background), features)
library = shap.TreeExplainer(forest, data=background, feature_perturbation="interventional")(X_test.iloc[[chosen]])
difference = np.abs(np.array([own[name] for name in features]) - library.values[0, :, 1]).max()
print(f"largest difference from the library: {difference:.5f}")
assert difference < 0.001
base = forest.predict_proba(background)[:, 1].mean()
assert np.isclose(base + sum(own.values()), risk[chosen])
fig = plots_interpretation.contributions(
    [f"{name} = {person[name]:g}" for name in features],
    [own[name] for name in features],
    base,
    title=f"From {base:.2f} on average to {risk[chosen]:.2f}: mostly {max(own, key=lambda name: abs(own[name]))}",
    xlabel="predicted risk of death within ten years",
)
plots.show(
    fig,
    alt=f"Steps from the average {base:.2f} to the person's risk {risk[chosen]:.2f}: "
    + ", ".join(f"{name} {number:+.3f}" for name, number in own.items())
    + ".",
)

# %% [markdown]
# They agree to the third decimal and better (what is left comes from values that lie exactly on a fork of a tree, which the two round differently), and the parts sum to the risk. Now as shap draws it, for another person, by what the trees say along their own paths (no background needed): two **forces** that push against each other.

# %% tags=["ungraded"]
explained = shap.TreeExplainer(forest)(X_test.iloc[:300])[:, :, 1]
assert np.allclose(explained.values.sum(axis=1) + explained.base_values, risk[:300], atol=1e-6)
ups, downs = explained.values.clip(min=0).sum(axis=1), explained.values.clip(max=0).sum(axis=1)
clear = np.abs(ups + downs) > 0.15  # of people with a clear result, the one in whom both forces are strongest
shown = int(np.argmax(np.minimum(ups, -downs) * clear))
up, down = ups[shown], downs[shown]
fig = plots_interpretation.shap_force(
    explained[shown], title=f"{up:+.2f} up and {down:+.2f} down: a risk of {risk[shown]:.2f}"
)
plots.show(
    fig,
    alt=f"Force plot of one person: average {float(explained[shown].base_values):.2f}, risk {risk[shown]:.2f}: "
    + ", ".join(f"{name} {number:+.3f}" for name, number in zip(features, explained[shown].values, strict=True))
    + ".",
)

# %% [markdown]
# And 300 people at once: a **summary** with one dot per person and feature.

# %% tags=["ungraded"]
weight = pd.Series(np.abs(explained.values).mean(axis=0), index=features).sort_values(ascending=False)
fig = plots_interpretation.shap_summary(
    explained,
    title=f"{weight.index[0]} moves the risk most, then {weight.index[1]}",
    xlabel="SHAP value (change of the predicted ten-year risk)",
)
plots.show(
    fig,
    alt="SHAP values of 300 people by feature. Mean absolute change of the risk: "
    + ", ".join(f"{name} {number:.3f}" for name, number in weight.items())
    + ".",
)

# %% [markdown]
# A **dependence** plot takes one feature out of it: how does its share depend on its value, and on the twin?

# %% tags=["ungraded"]
fig = plots_interpretation.shap_dependence(
    explained,
    "kappa",
    colour="lambda",
    title="More kappa, more risk",
    xlabel="kappa light chains (mg/dL)",
    ylabel="SHAP value of kappa (change of the risk)",
)
rise = np.corrcoef(explained[:, "kappa"].data.argsort().argsort(), explained[:, "kappa"].values.argsort().argsort())[
    0, 1
]
plots.show(
    fig, alt=f"SHAP value of kappa against kappa for 300 people: rising, rank correlation {rise:.2f}; colour is lambda."
)
assert rise > 0.5

# %% [markdown]
# Read all of this as statements on the *forest*. That a lower kappa would lower the predicted risk is no treatment: the light chains did not fall, the number in the table did.
#
# ### See where the chest-film network looks
#
# Now the network of course 1, week 1, on *new* phantoms: synthetic films that neither it nor you have seen, each lesion with its true outline. It ends in sigmoids, so we ask for the network that ends in logits
# (`interpretation.logit_model`: the same layers, without the last sigmoid).

# %% tags=["ungraded"]
films = datasets.make_phantoms(130, rng=33_200, size=128, prevalence_scale=3.0)
table, findings = films.table, list(datasets.FINDINGS)
x = models.prepare_films(films.images)
network = interpretation.logit_model(models.load_xray_model())
scores = 1 / (1 + np.exp(-network.predict(x, verbose=0)))
print(f"{len(table)} synthetic films of {table['patient'].nunique()} patients, {len(findings)} findings")

# %% [markdown]
# One film per patient and finding. A **hit**: the brightest place of the map lies on the lesion (the pointing game; Zhang and others, ECCV 2016). **Overlap**: the part of the map above half of its maximum and the lesion, intersection
# over union. Chance: how much of the film the lesion covers, which is what blind pointing would hit. For what always lies in the same place, such as a large heart, that is a low bar: one fixed spot would hit it, too.

# %% tags=["ungraded"]
localised = ["Cardiomegaly", "Emphysema", "Consolidation", "Effusion", "Infiltration", "Mass", "Atelectasis", "Nodule"]
cases = [(name, row) for name in localised for row in table[table[name] == 1].drop_duplicates("patient").index]
columns_of = [findings.index(name) for name, _ in cases]
picked = [row for _, row in cases]
heats = interpretation.grad_cams(network, x[picked], columns_of, "features")
masks = np.stack([films.masks[row, name] for name, row in cases])
located = interpretation.localisation_table(heats, masks, [name for name, _ in cases], table.loc[picked, "patient"])
for k in (0, len(cases) // 2, len(cases) - 1):
    assert np.allclose(grad_cam(network, x[picked[k]], columns_of[k], "features"), heats[k], atol=0.05)
print(located[["films", "hits", "chance", "overlap", "overlap_low", "overlap_high"]].round(2))

# %% [markdown]
# As a picture: hits with Wilson's interval, beside chance.

# %% tags=["ungraded"]
sure = [name for name in localised if located.loc[name, "hit_low"] > located.loc[name, "chance"]]
fig = plots_labs.dots_with_interval(
    [f"{name} ({located.loc[name, 'films']} films)" for name in localised],
    {
        "brightest place on the lesion": located[["hit", "hit_low", "hit_high"]].to_numpy(),
        "chance": np.column_stack([located["chance"]] * 3),
    },
    title=f"{len(sure)} of {len(localised)} findings are hit more often than by chance",
    xlabel="share of films with 95 % interval",
)
plots.show(
    fig,
    alt="Share of maps whose brightest place lies on the lesion, and chance: "
    + "; ".join(f"{name} {located.loc[name, 'hit']:.2f} and {located.loc[name, 'chance']:.2f}" for name in localised)
    + ".",
)

# %% [markdown]
# Large things are hit easily, small ones hardly: each place of the map answers for 16 × 16 pixels of the drawn film. Now *your* heat maps, four hits and four misses, whatever they look like: the most confident film of each kind.

# %% tags=["ungraded"]
hit = interpretation.pointing_hits(heats, masks)
confident = scores[picked, columns_of]
gallery = []
for kind in (True, False):
    ranked = [k for k in np.argsort(-confident) if hit[k] == kind]
    first_of = {cases[k][0]: k for k in reversed(ranked)}
    gallery += sorted(first_of.values(), key=lambda k: -confident[k])[:4]
fig = plots.heat_overlay(
    [films.images[picked[k]] for k in gallery],
    [grad_cam(network, x[picked[k]], columns_of[k], "features") for k in gallery],
    [f"{'hit' if hit[k] else 'miss'}: {cases[k][0]} {confident[k]:.2f}" for k in gallery],
    masks=[masks[k] for k in gallery],
)
plots.show(
    fig,
    alt="Eight films with your heat map and the outline of the lesion: "
    + ", ".join(f"{cases[k][0]} {'hit' if hit[k] else 'missed'} at a score of {confident[k]:.2f}" for k in gallery)
    + ".",
)

# %% [markdown]
# The misses in the second row were chosen for their high scores: a map can miss although the network is sure. The network found something that goes with the finding, or its map is too coarse to show what it used. A map cannot tell which.
#
# ### Do the maps depend on what was learnt?
#
# Your `cam_sanity` on eight films. (Some networks with fresh weights have nothing that speaks for the category: a blank map, no correlation.)

# %% tags=["ungraded"]
similar = np.array([cam_sanity(network, x[row])[2] for row in picked[:: len(picked) // 8][:8]], dtype=float)
kept = similar[~np.isnan(similar)]
print("similarity before and after:", np.round(similar, 2))
if len(kept):
    found = interpretation.mean_interval(kept)
    print(
        f"mean of {len(kept)}: {found.mean:.2f} (95 % interval {found.low:.2f} to {found.high:.2f}); 1 = nothing changed"
    )
assert len(kept) == 0 or kept.mean() < 0.8, "the maps should not survive that nothing is left of what was learnt"

# %% [markdown]
# The maps do not survive. So they show something of the network, not only of the film. That is the least one may ask of them, and not all published methods pass (Adebayo and others, 2018).
#
# ### Ask for whom it works
#
# The subgroup table of this course: Effusion, by sex, age and view, with intervals from resampled patients. The threshold is 0.5, chosen before looking. Read the counts first.

# %% tags=["ungraded"]
by = {"sex": table["sex"], "age": age_groups(table["age"]), "view": table["view"]}
effusion = scores[:, findings.index("Effusion")]
groups = subgroup_table(table["Effusion"], effusion, table["patient"], by, th=0.5, n_boot=300, rng=2)
fig = plots_labs.dots_with_interval(
    [f"{name} ({row.positives:.0f} of {row.films:.0f})" for (_, name), row in groups.iterrows()],
    {
        "AUC": groups[["auc", "auc_low", "auc_high"]].to_numpy(),
        "sensitivity": groups[["sensitivity", "sensitivity_low", "sensitivity_high"]].to_numpy(),
    },
    title="Effusion by group: intervals as wide as the groups are small",
    xlabel="value with 95 % interval (names: films with effusion, of all)",
)
plots.show(
    fig,
    alt="AUC and sensitivity for effusion: "
    + "; ".join(f"{name} {row.auc:.2f} and {row.sensitivity:.2f}" for (_, name), row in groups.iterrows())
    + ".",
)
assert groups["films"].iloc[0] == len(table)

# %% [markdown]
# ### Write the card
#
# A model that leaves the room needs a **model card** (Mitchell and others, 2019): what it is, what it is for and not for, what it was tried on, numbers with their intervals, for whom, and limits. Every number of this one comes
# from the cells above. First the AUC of each finding, then the tables.

# %% tags=["ungraded"]
evaluated = {}
for name in localised:
    own_scores = scores[:, findings.index(name)]
    evaluated[name] = subgroup_table(table[name], own_scores, table["patient"], {}, th=0.5, n_boot=200, rng=3).iloc[0]

# %% [markdown]
# `measured_table` refuses an estimate without its interval, and a table without counts.

# %% tags=["ungraded"]
measured = pd.DataFrame(evaluated).T.join(
    located[["films", "hits", "hit", "hit_low", "hit_high"]].rename(columns={"films": "maps"})
)
tables = {
    "How well it ranks, and where it looks": model_card.measured_table(
        measured,
        {"auc": "AUC (95 % interval)", "hit": "maps on the lesion (95 % interval)"},
        ["films", "positives", "maps", "hits"],
        "finding",
    ),
    "Effusion by group (threshold 0.5)": model_card.measured_table(
        groups, {"auc": "AUC", "sensitivity": "sensitivity"}, ["films", "patients", "positives"], "group"
    ),
}

# %% [markdown]
# Then the words. Change them: what would *you* want to know before you let it read your mother's film? (Try to leave "Limits" empty.)

# %% tags=["ungraded"]
weakest = measured["auc"].astype(float).idxmin()
weak = f"Weakest of the findings above: {weakest}."
parts = {
    "What it is": f"A slim DenseNet with {network.count_params():,} weights that gives a film of 64 × 64 pixels a score for each of {len(findings)} findings.",
    "What it is for": "Teaching how such networks are trained, tested and explained.",
    "What it is not for": "Any decision about a person. It is no medical device, and no clinic has tested it.",
    "Data": f"Synthetic films only: trained on phantoms of course 1, measured here on {len(table)} other phantom films of {table['patient'].nunique()} made-up patients, with three times the usual frequency of findings, at most one film in two.",
    "Explanations": f"Grad-CAM from the logits. {len(sure)} of {len(localised)} findings are hit more often than by chance; a map is no proof of what the network used.",
    "Limits": f"Numbers on drawings say nothing of patients. Scores are not probabilities. {weak} Only age, sex and view are known as groups.",
}

# %% [markdown]
# And both together:

# %% tags=["ungraded"]
card = model_card.model_card(
    "slim DenseNet for chest films", parts, tables, note="Written by this notebook from its own numbers."
)
Markdown(card)

# %% [markdown]
# ## What to remember
#
# - Shuffling asks what this fitted model needs; leaving out asks what a new one could do without. Columns that are related are worth more together than one by one, and shuffling tied columns makes patients who cannot exist.
# - Shapley values share out how far *one* prediction lies from the average; the mean of their sizes over patients is one more importance, of the model, not of the body.
# - A heat map needs its way up, its category, logits, and failures beside successes. A lesion mask turns "looks convincing" into a share with an interval.
# - If a map survives random weights, it is a picture of the film.
# - A model travels with its card.
#
# ## In practice
#
# Explanations persuade, also when they are wrong. Before one is shown beside a patient's film, ask as for any test: does it change a decision, for the better, in people like this patient? For the films of this notebook, all drawn, nothing of the
# kind is known.
#
# ## Further reading
#
# - Breiman L, *Random forests*, Machine Learning 2001;45:5-32: where shuffling a column comes from.
# - Lundberg SM, Lee SI, *A unified approach to interpreting model predictions*, NeurIPS 2017: Shapley values for predictions.
# - Selvaraju RR and others, *Grad-CAM*, ICCV 2017: the heat maps.
# - Adebayo J and others, *Sanity checks for saliency maps*, NeurIPS 2018: the test of exercise 6.
# - Mitchell M and others, *Model cards for model reporting*, FAT* 2019: what belongs on a card.
