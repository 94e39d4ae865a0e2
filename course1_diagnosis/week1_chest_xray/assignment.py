# %% [markdown]
# # Diagnose chest X-rays with deep learning
#
# You write five small functions that stand between a folder of chest X-rays and a classifier that can be trusted. Then
# you use them: you find a leak in the splits that a colleague hands you, mend it, and look at what it did to the result.
#
# **You will be able to**
#
# - prove that no patient stands on both sides of a split, and make a split that passes the proof;
# - measure how rare each finding is, and weigh the loss so that rare findings count;
# - turn the votes of several readers into one reference standard, and say how well the readers agree;
# - read an area under the ROC curve with its interval, and a heat map of a film that the network has never seen.
#
# **You need** two hours, the lesson and the four labs, and no graphics card. The films of this notebook are *synthetic*:
# phantoms drawn by the course from a seed. Their labels follow the published frequencies of the NIH ChestX-ray14
# collection (112,120 films of 30,805 patients; Wang and others, CVPR 2017), but no patient stands behind them.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `check_for_leakage` | {{points:check_for_leakage}} |
# | 2 | `compute_class_freqs` | {{points:compute_class_freqs}} |
# | 3 | `get_weighted_loss` | {{points:get_weighted_loss}} |
# | 4 | `split_by_patient` | {{points:split_by_patient}} |
# | 5 | `consensus_label` | {{points:consensus_label}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs: other shapes, ties, empty tables. They ask for nothing
# that the statement does not say. An exercise earns its points or none. The part after exercise 5 is not graded. Where a
# message says that it got `Ellipsis`, a `...` still stands in your answer.

# %% [markdown]
# ## Set the table
#
# Run these two cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import pandas as pd

from labutils.models import keras  # before TensorFlow: it keeps the start-up notes away

ops = keras.ops
import tensorflow as tf

# %% [markdown]
# The second defines two little helpers that only the checks use.


# %% nbgrader={"grade": false, "grade_id": "helpers_of_the_checks", "locked": true, "schema_version": 3, "solution": false, "task": false}
def numbers_match(got, expected, tol=1e-5):
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


# %% [markdown]
# ## Exercise 1: find patients who stand on both sides
#
# A patient with pneumonia is X-rayed again and again. If one of those films is in the training table and another in the
# validation table, the network can recognise the *patient* (the ribs, the pacemaker, the way the arms are held) and look
# better than it is. So the first thing to ask of two tables is: do they share a patient?
#
# Write `check_for_leakage(df1, df2, patient_col)`.
#
# | | |
# |---|---|
# | **in** `df1`, `df2` | data frames with one row per film; any number of rows, also none |
# | **in** `patient_col` | text: the name of the column that says whose film it is. The ids are whole numbers or text, of the same kind in both tables. A patient may have many rows. |
# | **out** | one bool: `True` if at least one patient occurs in both tables, else `False` |
#
# The tables are not changed. An empty table shares no patient with anyone: `False`.
#
# **By hand.** `df1` has films of the patients 3, 3, 5; `df2` has films of the patients 5, 8. Each once: {3, 5} and
# {5, 8}. Patient 5 is in both, so the answer is `True`. That patient 3 occurs twice *within* `df1` is no leak.
#
# <details><summary>Hint 1: the direction</summary>
#
# Who the patients are matters, not how many films they have, nor in which row they stand. Python has a type for
# "each once", and it can be asked what two of them share.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `set(df1[patient_col])` holds each patient of the first table once. `a & b` is what the sets `a` and `b` share, and
# `len(...) > 0` is a bool.
# </details>


# %% nbgrader={"grade": false, "grade_id": "check_for_leakage", "locked": false, "schema_version": 3, "solution": true, "task": false}
def check_for_leakage(df1, df2, patient_col):
    """Whether any patient has rows in both tables (bool)."""
    ### BEGIN SOLUTION
    ### STUB: patients_1 = ...  # the patients of df1, each once
    ### STUB: patients_2 = ...  # the patients of df2, each once
    ### STUB: leakage = ...  # True if they share at least one
    ### STUB: return leakage
    patients_1 = set(df1[patient_col])
    patients_2 = set(df2[patient_col])
    return len(patients_1 & patients_2) > 0
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** Four pairs of small tables.

# %% nbgrader={"grade": true, "grade_id": "check_check_for_leakage", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
train = pd.DataFrame({"patient": [3, 3, 5], "age": [61, 62, 48]})
got = check_for_leakage(train, pd.DataFrame({"patient": [5, 8], "age": [49, 30]}), "patient")
assert isinstance(got, (bool, np.bool_)), (
    f"Patients 3, 3, 5 against 5, 8: got {got!r}, expected True. Return one bool, not a set, a count or a column."
)
assert got, (
    f"Patients 3, 3, 5 against 5, 8: got {got}, expected True. Patient 5 stands in the last row of one table and the first row of the other: compare patients, not rows."
)

got = check_for_leakage(train, pd.DataFrame({"patient": [8, 8, 9], "age": [61, 62, 48]}), "patient")
assert isinstance(got, (bool, np.bool_)) and not got, (
    f"Patients 3, 3, 5 against 8, 8, 9: got {got!r}, expected False. Nobody is in both tables; do not look at the row "
    "numbers, at other columns, or at patients with several films in one table."
)
got = check_for_leakage(pd.DataFrame({"who": ["P-12", "P-07"]}), pd.DataFrame({"who": ["P-07"]}), "who")
assert isinstance(got, (bool, np.bool_)) and got, (
    f"Patients P-12, P-07 against P-07: got {got!r}, expected True. Ids may be text, and patient_col names their column."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_101)


def shuffled_table(ids, column):
    ids = np.array(ids)[draw.permutation(len(ids))]
    return pd.DataFrame({"label": draw.integers(0, 2, len(ids)), column: ids, "film": np.arange(len(ids))})


def judged(first, second, column, expected, case):
    copies = first.copy(), second.copy()
    answer = call_answer(check_for_leakage, first, second, column, case=case)
    assert isinstance(answer, (bool, np.bool_)), f"{case}: return one bool, True or False."
    assert bool(answer) is expected, (
        f"{case}: {'a shared patient was missed' if expected else 'a leak was reported where no patient is shared'}."
    )
    assert first.equals(copies[0]) and second.equals(copies[1]), (
        f"{case}: your function changed a table that it was given."
    )


for trial in range(24):
    pool = draw.choice(100_000, 60, replace=False) + 1
    column = ["PatientId", "patient id", "id", "who"][trial % 4]
    n_first, n_second = draw.integers(3, 25, 2)
    mine, yours, shared = pool[:n_first], pool[n_first : n_first + n_second], pool[-1:]
    ids_1, ids_2 = draw.choice(mine, 3 * n_first), draw.choice(yours, 2 * n_second)
    as_text = trial % 3 == 0
    kind = "Many films per patient, ids as " + ("text" if as_text else "whole numbers")
    with_1, with_2 = np.append(ids_1, shared), np.append(ids_2, shared)
    if as_text:
        ids_1, ids_2, with_1, with_2 = (
            np.array([f"p{number}" for number in ids], dtype=object) for ids in (ids_1, ids_2, with_1, with_2)
        )
    judged(shuffled_table(ids_1, column), shuffled_table(ids_2, column), column, False, kind + ", nobody shared")
    judged(shuffled_table(with_1, column), shuffled_table(with_2, column), column, True, kind + ", one patient shared")
    judged(
        shuffled_table(ids_1, column), shuffled_table(ids_1, column), column, True, kind + ", the same patients twice"
    )

one_text, other_text = pd.DataFrame({"id": ["12", "7"]}), pd.DataFrame({"id": ["112", "71"]})
judged(one_text, other_text, "id", False, "An id that is a part of another id")
five = pd.DataFrame({"id": [4, 4, 6, 9, 9]})
judged(five, five.iloc[:0], "id", False, "An empty second table")
judged(five.iloc[:0], five, "id", False, "An empty first table")
judged(
    five.set_index(pd.Index([10, 11, 12, 13, 14])),
    five[::-1].set_index(pd.Index([20, 21, 22, 23, 24])),
    "id",
    True,
    "Row numbers that differ",
)
judged(five.astype("int32"), pd.DataFrame({"id": [1, 2, 9]}), "id", True, "Whole numbers of different widths")
judged(five, pd.DataFrame({"id": [1, 2, 3]}), "id", False, "Row numbers that are the other table's patients")
judged(pd.DataFrame({"id": [0, 5]}), pd.DataFrame({"id": [0, 8]}), "id", True, "A patient whose id is 0")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: measure how rare each finding is
#
# In ChestX-ray14 one film in six shows an infiltration, and one in five hundred a hernia. Before any training, count.
#
# Write `compute_class_freqs(labels)`.
#
# | | |
# |---|---|
# | **in** `labels` | NumPy array of shape (N, C): N films, C findings; 1 = the finding is there, 0 = it is not; bool, or any width of int or float |
# | **out** | the pair `(pos, neg)`: two sequences of C numbers between 0 and 1, the share of ones and the share of zeros in each column |
#
# The array is not changed. Without films (N = 0) each share is 0/0: return NaN for each finding, not an error.
#
# **By hand.** Four films, three findings:
#
# | film | Effusion | Mass | Hernia |
# |---|---|---|---|
# | 0 | 1 | 0 | 0 |
# | 1 | 1 | 1 | 0 |
# | 2 | 0 | 1 | 0 |
# | 3 | 1 | 0 | 0 |
#
# Effusion is on three films of four: share of ones 3/4 = 0.75, share of zeros 0.25. So `pos` is (0.75, 0.5, 0) and `neg`
# is (0.25, 0.5, 1).
#
# <details><summary>Hint 1: the direction</summary>
#
# Count along the films (the first axis), so that one number per finding is left; then divide by the number of films.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.mean(labels == 1, axis=0)` is the share of ones in each column, whatever the number type, and NaN without films.
# (NumPy may warn of a mean of nothing. A warning costs no points.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "compute_class_freqs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_class_freqs(labels):
    """Share of ones and share of zeros in each column of `labels` (N, C): the pair (pos, neg)."""
    ### BEGIN SOLUTION
    ### STUB: pos = ...  # share of ones, one number per finding
    ### STUB: neg = ...  # share of zeros, one number per finding
    ### STUB: return pos, neg
    n_films = np.float64(len(labels))  # a NumPy number: 0 / 0 is then NaN, where plain Python raises
    with np.errstate(invalid="ignore"):
        pos = (labels == 1).sum(axis=0) / n_films
        neg = (labels == 0).sum(axis=0) / n_films
    return pos, neg
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The table above, then the same as bool, then two films.

# %% nbgrader={"grade": true, "grade_id": "check_compute_class_freqs", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
four_films = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 0, 0]])
got = compute_class_freqs(four_films.copy())
try:
    pos, neg = got
except (TypeError, ValueError):
    raise AssertionError(f"The table above: got {got!r}, expected a pair (pos, neg): return two results.") from None
assert numbers_match(pos, [0.75, 0.5, 0]), (
    f"The table above: got pos = {pos!r}, expected (0.75, 0.5, 0). Give the share of films (count / N), one number per finding: count along axis 0."
)
assert numbers_match(neg, [0.25, 0.5, 1]), (
    f"The table above: got neg = {neg!r}, expected (0.25, 0.5, 1): the share of zeros in each column. Is it in the second place?"
)
pos, neg = compute_class_freqs(four_films.astype(bool))
assert numbers_match(pos, [0.75, 0.5, 0]) and numbers_match(neg, [0.25, 0.5, 1]), (
    f"The table above as True and False: got {pos!r} and {neg!r}, expected the same shares. Does a subtraction stumble over bool?"
)
pos, neg = compute_class_freqs(np.array([[1, 0, 1, 0, 1], [1, 0, 0, 0, 1.0]]))
assert numbers_match(pos, [1, 0, 0.5, 0, 1]), (
    f"Two films, five findings: got pos = {pos!r}, expected (1, 0, 0.5, 0, 1). Divide by the number of films, not of findings or of ones."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_102)


def judged(labels, case, tol=1e-5):
    rows = labels.astype(float).tolist()
    n_films, n_findings = labels.shape
    counts = [sum(row[column] for row in rows) for column in range(n_findings)]
    expected_pos = [count / n_films if n_films else float("nan") for count in counts]
    expected_neg = [(n_films - count) / n_films if n_films else float("nan") for count in counts]
    before = labels.copy()
    answer = call_answer(compute_class_freqs, labels, case=case)
    try:
        pos, neg = answer
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return the pair (pos, neg).") from None
    assert numbers_match(pos, expected_pos, tol), f"{case}: pos is not the share of ones in each column."
    assert numbers_match(neg, expected_neg, tol), f"{case}: neg is not the share of zeros in each column."
    assert labels.dtype == before.dtype and np.array_equal(labels, before), (
        f"{case}: your function changed the array that it was given."
    )


for dtype in ("int64", "int8", "uint8", "bool", "float32", "float64"):
    for n_films, n_findings in ((7, 3), (3, 7), (1, 4), (5, 1), (2, 2), (301, 14)):
        share = draw.uniform(0.02, 0.98, n_findings)
        labels = (draw.random((n_films, n_findings)) < share).astype(dtype)
        judged(labels, f"Labels of type {dtype}, another number of films and findings")
judged(np.zeros((6, 2)), "No film with any finding")
judged(np.ones((6, 2), dtype=int), "Every film with every finding")
judged(np.zeros((0, 3)), "No film at all (0/0 is NaN for each finding)")
judged((draw.random((40, 5)) < 0.3).astype(int)[::2, ::-1], "A slice of a larger array")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: weigh the loss
#
# With a hernia on one film in five hundred, a network that always says "no hernia" has a tiny cross-entropy and is
# useless. The cure: let each rare label weigh more. With the weight of the ones set to the share of zeros, and the other
# way round, both kinds of label pull equally hard in total (lab 2 shows it).
#
# Write `get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7)`. It *returns a function* `loss(y_true, y_pred)`:
#
# $$L = \sum_{c=1}^{C} \frac{1}{N} \sum_{i=1}^{N} -\bigl[\, w^{+}_{c}\, y_{ic} \log(\hat y_{ic} + \varepsilon)
#       + w^{-}_{c}\, (1 - y_{ic}) \log(1 - \hat y_{ic} + \varepsilon) \,\bigr]$$
#
# In words: for each finding the *mean* over the N films of the batch, then the *sum* over the C findings. The logarithm
# is the natural one, and ε keeps it finite where a prediction is exactly 0 or 1.
#
# | | |
# |---|---|
# | **in** `pos_weights`, `neg_weights` | w⁺ and w⁻: lists or arrays of C numbers of any float width, 0 or more |
# | **in** `epsilon` | ε, a small number |
# | **out** | a function of `y_true` and `y_pred` |
# | its **in** `y_true`, `y_pred` | labels (0 or 1) and predicted probabilities, shape (N, C), N ≥ 1. Either may be a NumPy array or a tensor, of any width of int or float: **cast both to float32 first** |
# | its **out** | one number in a scalar tensor, in nats. Gradients must flow back to `y_pred`, or no network can learn from it: compute with `keras.ops` (imported as `ops`) or TensorFlow, not with NumPy |
#
# **By hand.** One finding, two films: the first has it (y = 1) and is predicted 0.5, the second has not (y = 0) and is
# predicted 0.75. With w⁺ = 3 and w⁻ = 1: the first film costs −3 · log 0.5 = 2.079, the second −1 · log(1 − 0.75) = 1.386.
# Their mean is 1.733. A second finding would be *added*.
#
# <details><summary>Hint 1: the direction</summary>
#
# Inside `loss`: cast, then work out the bracket of the formula as one tensor of shape (N, C), since weights of shape
# (C,) stretch over the films by themselves. Then a mean along axis 0 and a sum over what is left.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `ops.cast(y_pred, "float32")` takes arrays and tensors. The first half of the bracket is
# `w_pos * y_true * ops.log(y_pred + epsilon)`, with `w_pos = np.asarray(pos_weights, "float32")`. Do not forget the minus.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_weighted_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    """Build loss(y_true, y_pred): the weighted cross-entropy, mean over films, sum over findings."""
    ### BEGIN SOLUTION
    ### STUB: w_pos = np.asarray(pos_weights, "float32")
    ### STUB: w_neg = np.asarray(neg_weights, "float32")
    ### STUB:
    ### STUB: def weighted_loss(y_true, y_pred):
    ### STUB:     y_true = ops.cast(y_true, "float32")
    ### STUB:     y_pred = ops.cast(y_pred, "float32")
    ### STUB:     return ...  # the formula
    ### STUB:
    ### STUB: return weighted_loss
    w_pos = np.asarray(pos_weights, "float32")
    w_neg = np.asarray(neg_weights, "float32")

    def weighted_loss(y_true, y_pred):
        y_true = ops.cast(y_true, "float32")
        y_pred = ops.cast(y_pred, "float32")
        positive = w_pos * y_true * ops.log(y_pred + epsilon)
        negative = w_neg * (1 - y_true) * ops.log(1 - y_pred + epsilon)
        return ops.sum(ops.mean(-(positive + negative), axis=0))

    return weighted_loss
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The example by hand, then two findings with different weights, then a tensor whose gradient is
# asked for.

# %% nbgrader={"grade": true, "grade_id": "check_get_weighted_loss", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
got = get_weighted_loss([3.0], [1.0])(np.array([[1], [0]]), np.array([[0.5], [0.75]]))
assert numbers_match(got, 1.732868, 1e-4), (
    f"The example by hand: got {np.asarray(got)}, expected one number, 1.733. Likely causes: 2.426 means swapped weights, a negative "
    "number a missing minus, 3.466 a sum over films instead of the mean."
)
y_true = np.array([[1, 0], [1, 0], [0, 0], [1, 1]])
y_pred = np.array([[0.8, 0.1], [0.6, 0.3], [0.2, 0.1], [0.4, 0.4]])
got = get_weighted_loss([0.25, 0.75], [0.75, 0.25], epsilon=0.1)(y_true, y_pred)
assert numbers_match(got, 0.235866, 1e-4), (
    f"Four films, two findings, epsilon 0.1: got {np.asarray(got)}, expected 0.2359. Add the findings up (0.1179 is their mean), "
    "give each finding its own weights, and put epsilon inside both logarithms."
)
loss = get_weighted_loss([0.9, 0.9], [0.1, 0.1])
surely_right, surely_wrong = loss(y_true, y_true), loss(y_true, 1 - y_true)
assert (
    np.isfinite(float(surely_right)) and np.isfinite(float(surely_wrong)) and float(surely_wrong) > float(surely_right)
), (
    f"Predictions of exactly 0 and 1: got {float(surely_right)} for right and {float(surely_wrong)} for wrong ones, expected a small and a large finite number. Is epsilon in both logarithms?"
)
case = "Tensors in, the labels as whole numbers (cast both to float32 first)"
got = call_answer(loss, tf.constant(y_true), tf.constant(y_pred, tf.float32), case=case)
assert tf.is_tensor(got), (
    f"Tensors in: got {type(got).__name__}, expected a scalar tensor. Compute with ops or tf: NumPy cuts the gradient off."
)


# Asks the loss itself for its slope. A grader that keeps answers in another process must hand the question on (its stand-in for
# the loss is called with a tensor that a tape watches); where it cannot, the tape gets None, and the message says so.
def slope(loss, y_true, y_pred):
    y_pred = tf.constant(y_pred, dtype=tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        value = loss(y_true, y_pred)
    return tape.gradient(value, y_pred)


gradient = slope(loss, y_true, y_pred)
assert gradient is not None, (
    "The gradient: got None, expected one number per prediction. NumPy inside the loss cuts it off."
)
assert (np.sign(gradient) == 1 - 2 * y_true).all(), (
    f"The gradient: got {gradient.numpy().tolist()}, expected negative where the label is 1 (raise the prediction) and positive where it is 0."
)
### BEGIN HIDDEN TESTS
import math

draw = np.random.default_rng(20_103)


def by_loops(w_pos, w_neg, epsilon, y_true, y_pred):
    total = 0.0
    for c in range(len(w_pos)):
        terms = [
            w_pos[c] * float(y[c]) * math.log(float(p[c]) + epsilon)
            + w_neg[c] * (1 - float(y[c])) * math.log(1 - float(p[c]) + epsilon)
            for y, p in zip(y_true, y_pred, strict=True)
        ]
        total -= sum(terms) / len(terms)
    return total


def judged(y_true, y_pred, case, epsilon=1e-7, tol=1e-4, weights=None):
    w_pos, w_neg = weights or draw.uniform(0, 2, (2, np.shape(y_true)[1])).tolist()
    copies = np.array(y_true), np.array(y_pred)
    loss = call_answer(get_weighted_loss, w_pos, w_neg, epsilon, case=case)
    answer = call_answer(loss, y_true, y_pred, case=case)
    expected = by_loops(w_pos, w_neg, epsilon, *copies)
    assert numbers_match(answer, expected, tol), (
        f"{case}: the loss is not the sum over findings of the mean over films."
    )
    same = np.array_equal(copies[0], np.array(y_true)) and np.array_equal(copies[1], np.array(y_pred))
    assert same, f"{case}: your loss changed an array that it was given."
    return answer


def batch(n_films, n_findings):
    return draw.integers(0, 2, (n_films, n_findings)), draw.uniform(0.05, 0.95, (n_films, n_findings))


for n_films, n_findings in ((1, 1), (6, 1), (1, 5), (5, 3), (3, 5), (4, 4), (32, 14)):
    judged(*batch(n_films, n_findings), "Another number of films and findings")
    judged(*batch(n_films, n_findings), "A larger epsilon", epsilon=0.25)
for true_type in ("int8", "int64", "float16", "float32", "float64"):
    for pred_type in ("float32", "float64"):
        y_true, y_pred = batch(6, 3)
        y_true, y_pred = y_true.astype(true_type), y_pred.astype(pred_type)
        case = f"Labels of type {true_type}, predictions of type {pred_type}"
        judged(y_true, y_pred, case + ", both arrays")
        judged(y_true, tf.constant(y_pred), case + ", predictions as a tensor")
        judged(tf.constant(y_true), y_pred, case + ", labels as a tensor")
        answer = judged(tf.constant(y_true), tf.constant(y_pred), case + ", both tensors")
        assert tf.is_tensor(answer), f"{case}, both tensors: return a scalar tensor."
y_true, y_pred = batch(6, 3)
judged(y_true, (y_pred > 0.5).astype(int), "Whole-number predictions", epsilon=0.5)
judged(
    tf.constant(y_true),
    tf.constant(np.round(4 * y_pred) / 4, tf.float16),
    "Predictions in half precision",
    epsilon=0.125,
    tol=1e-2,
)
judged(y_true, y_pred, "A finding that weighs nothing", weights=([0, 1.5, 2.0], [0, 0.5, 1.0]))
judged(y_true, np.where(y_true == 1, 0.0, 1.0), "Certain and wrong", epsilon=0.03125)

y_true, y_pred = batch(8, 2)
first = call_answer(get_weighted_loss, np.array([1.0, 2.0]), np.array([0.5, 0.25]), case="Weights as arrays")
second = call_answer(get_weighted_loss, np.array([9.0, 9.0]), np.array([9.0, 9.0]), case="Weights as arrays")
assert numbers_match(
    call_answer(first, y_true, y_pred, case="Two losses"), by_loops([1, 2], [0.5, 0.25], 1e-7, y_true, y_pred), 1e-4
), "Two losses built one after the other: each must keep its own weights (and 1e-7 is the default of epsilon)."
twice = call_answer(first, np.vstack([y_true, y_true]), np.vstack([y_pred, y_pred]), case="A doubled batch")
once = call_answer(first, y_true, y_pred, case="A batch")
assert numbers_match(twice, once, 1e-4), "Each film given twice: the mean over films must stay as it was."

gradient = slope(first, y_true, y_pred)
assert gradient is not None, "No gradient reaches the predictions: the loss must be computed with tensor operations."
step = 1e-4
for film, finding in ((0, 0), (3, 1), (7, 0)):
    up, down = y_pred.copy(), y_pred.copy()
    up[film, finding] += step
    down[film, finding] -= step
    numbers = ([1, 2], [0.5, 0.25], 1e-7, y_true)
    expected = (by_loops(*numbers, up) - by_loops(*numbers, down)) / (2 * step)
    assert numbers_match(gradient[film, finding], expected, 1e-2), "The gradient is not the slope of the loss."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: split by patient
#
# Now make splits that pass the proof of exercise 1. Shuffle the *patients*, deal them out, and let their films follow.
#
# Write `split_by_patient(df, patient_col, fractions, rng)`.
#
# | | |
# |---|---|
# | **in** `df` | data frame with one row per film. Rows of one patient need not stand together, and the index can be anything: text, gaps, or the same number twice (two tables glued together) |
# | **in** `patient_col` | text: the name of the column that says whose film it is; ids are whole numbers or text |
# | **in** `fractions` | sequence of K positive numbers that add up to 1, such as `(0.7, 0.1, 0.2)`; each is large enough for one patient or more |
# | **in** `rng` | a seed (an int) or a NumPy `Generator`. `np.random.default_rng(rng)` takes either |
# | **out** | a list or tuple of K data frames, in the order of `fractions` |
#
# - Every row is in exactly one part, with all its columns. The order of rows and the index of the parts are up to you.
# - All films of a patient are in the same part.
# - Part k holds `fractions[k]` × (number of patients) **patients**, give or take K. Count patients, not films: one patient
#   may bring a hundred films, and no split can hit a share of films exactly.
# - Chance decides who goes where: every patient can land in every part, another seed gives another split, and the same
#   seed (or an equal generator) the same one.
# - `df` is not changed.
#
# **By hand.** Ten patients with 36 films, `fractions = (0.5, 0.3, 0.2)`. Shuffle the ten ids; the first five are part 0, the
# next three part 1, the last two part 2. Part 0 then holds the films of its five patients: perhaps 12, perhaps 25.
#
# <details><summary>Hint 1: the direction</summary>
#
# Three steps: the distinct patients; a shuffled copy of them, cut at the right places; for each piece, the rows whose
# patient is in it. Cut at running totals of the fractions times the number of patients, rounded.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `patients = np.random.default_rng(rng).permutation(df[patient_col].unique())`, then
# `cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)`, then `np.split(patients, cuts)`. The rows of one
# piece are `df[df[patient_col].isin(piece)]`: a mask of true and false does not care about the index.
# </details>


# %% nbgrader={"grade": false, "grade_id": "split_by_patient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_by_patient(df, patient_col, fractions, rng):
    """Deal the patients of `df` out at random; one data frame per fraction, no patient in two of them."""
    ### BEGIN SOLUTION
    ### STUB: rng = np.random.default_rng(rng)
    ### STUB: patients = ...  # each patient once, shuffled
    ### STUB: cuts = ...  # where to cut: running totals of the fractions, in patients, without the last
    ### STUB: parts = ...  # for each piece, the rows of its patients
    ### STUB: return parts
    rng = np.random.default_rng(rng)
    patients = rng.permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** Twenty patients with 44 films, split in three.

# %% nbgrader={"grade": true, "grade_id": "check_split_by_patient", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
films = pd.DataFrame({"patient": np.repeat(np.arange(20), [1, 2, 5, 1, 2] * 4), "film": np.arange(44)})
parts = split_by_patient(films, "patient", (0.5, 0.3, 0.2), 7)
assert isinstance(parts, (list, tuple)) and len(parts) == 3 and all(isinstance(part, pd.DataFrame) for part in parts), (
    f"Three fractions: got {type(parts).__name__}, expected a list or tuple of 3 data frames, one per fraction."
)
placed = sorted(film for part in parts for film in part["film"])
assert placed == list(range(44)), (
    f"44 films: got {len(placed)} films in the parts together, {len(set(placed))} of them different, expected each of the 44 exactly once. Is a cut off by one?"
)
shared = sum(
    len(set(a["patient"]) & set(b["patient"]))
    for a, b in [(parts[0], parts[1]), (parts[0], parts[2]), (parts[1], parts[2])]
)
assert shared == 0, f"Got {shared} patients in two parts, expected none. Did you deal out films instead of patients?"
counts = [part["patient"].nunique() for part in parts]
assert all(abs(count - wanted) <= 3 for count, wanted in zip(counts, (10, 6, 4), strict=True)), (
    f"20 patients, fractions 0.5, 0.3, 0.2: got {counts} patients, expected 10, 6 and 4, give or take 3. Keep the order of the fractions and count patients."
)
again, other = (split_by_patient(films, "patient", (0.5, 0.3, 0.2), seed) for seed in (7, 8))
assert all(set(a["film"]) == set(b["film"]) for a, b in zip(parts, again, strict=True)), (
    "The same seed twice: got two different splits, expected the same one. Draw from np.random.default_rng(rng) only."
)
assert any(set(a["film"]) != set(b["film"]) for a, b in zip(parts, other, strict=True)), (
    "Seeds 7 and 8: got the same split, expected two different ones. Is rng used, and are the patients shuffled before they are cut?"
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_104)


def films_of(n_patients, column, as_text, most=12):
    ids = draw.choice(90_000, n_patients, replace=False) + 100
    rows = np.repeat(ids, np.minimum(draw.zipf(1.7, n_patients), most))
    rows = rows[draw.permutation(len(rows))]
    table = pd.DataFrame({"film": [f"film {number}" for number in range(len(rows))], column: rows})
    if as_text:
        table[column] = "P" + table[column].astype(str)
    table["age"] = draw.integers(1, 95, len(rows))
    table["label"] = draw.random(len(rows))
    return table


def sorted_rows(table):
    return table.sort_values("film").to_dict("list")


def split(table, column, fractions, rng, case):
    parts = call_answer(split_by_patient, table, column, fractions, rng, case=case)
    good = isinstance(parts, (list, tuple)) and len(parts) == len(fractions)
    assert good and all(isinstance(part, pd.DataFrame) for part in parts), (
        f"{case}: return one data frame per fraction."
    )
    return parts


def judged(table, column, fractions, rng, case):
    before = table.copy()
    parts = split(table, column, fractions, rng, case)
    assert table.equals(before) and table.index.equals(before.index), (
        f"{case}: your function changed the table that it was given."
    )
    assert all(set(part.columns) == set(table.columns) for part in parts), (
        f"{case}: the parts must have the columns of the table."
    )
    rows = sorted_rows(pd.concat([part[list(table.columns)] for part in parts]))
    assert rows == sorted_rows(table), f"{case}: each row must be in exactly one part, unchanged."
    seen = set()
    for part, fraction in zip(parts, fractions, strict=True):
        patients = set(part[column])
        assert not patients & seen, f"{case}: a patient stands in two parts."
        seen |= patients
        off = abs(len(patients) - fraction * table[column].nunique())
        assert off <= len(fractions) + 1e-6, f"{case}: a part's number of patients is not close to its fraction."
    return parts


for trial, fractions in enumerate(
    [(0.5, 0.5), (0.7, 0.1, 0.2), [0.1, 0.9], np.array([0.25, 0.25, 0.25, 0.25]), (0.8, 0.2), (1.0,)]
):
    for n_patients in (20, 61, 150):
        table = films_of(n_patients, ["PatientId", "who", "patient"][trial % 3], as_text=trial % 2 == 1)
        column = table.columns[1]
        case = f"{len(fractions)} fractions, patients with one film or many, ids as {'text' if trial % 2 else 'whole numbers'}"
        judged(table, column, fractions, int(draw.integers(1_000_000)), case)
        judged(table, column, fractions, np.random.default_rng(trial), case + ", rng is a Generator")

table = films_of(90, "patient", as_text=False)
glued = pd.concat([table.iloc[:70], table.iloc[70:].reset_index(drop=True)])
judged(glued, "patient", (0.6, 0.4), 3, "Two tables glued together, with row numbers that occur twice")
judged(table.set_index(pd.Index([f"row {n}" for n in range(len(table))])), "patient", (0.6, 0.4), 3, "A text index")
judged(table.iloc[::-2], "patient", (0.6, 0.4), 3, "A slice with gaps in its index")
one_each = table.drop_duplicates("patient")
judged(one_each, "patient", (0.3, 0.3, 0.4), 11, "One film per patient")
heavy = pd.concat(
    [one_each.iloc[:30], pd.DataFrame({"film": [f"z{n}" for n in range(300)], "patient": 5, "age": 70, "label": 0.5})]
)
judged(heavy, "patient", (0.8, 0.1, 0.1), 2, "One patient with most of the films")

table = films_of(40, "patient", as_text=True)
members = []
for seed in range(40):
    parts = split(table, "patient", (0.5, 0.5), seed, "Many seeds")
    again = split(table, "patient", (0.5, 0.5), np.random.default_rng(seed), "Many seeds, as a Generator")
    twice = split(table, "patient", (0.5, 0.5), np.random.default_rng(seed), "Many seeds, as a Generator")
    repeat = split(table, "patient", (0.5, 0.5), seed, "Many seeds")
    assert [set(part["film"]) for part in parts] == [set(part["film"]) for part in repeat], (
        "The same seed twice gave two splits."
    )
    assert [set(part["film"]) for part in again] == [set(part["film"]) for part in twice], (
        "Two equal generators gave two splits."
    )
    members.append(set(parts[0]["patient"]))
assert len({frozenset(part) for part in members}) > 20, "Different seeds gave the same split again and again."
always, ever = set.intersection(*members), set.union(*members)
assert not always and ever == set(table["patient"]), (
    "Over many seeds some patients always land in the same part: shuffle them all."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: let several readers vote
#
# Labels do not fall from the sky. In ChestX-ray14 they were mined from the report of *one* radiologist by a program; test
# sets that deserve trust are read by several radiologists whose majority is the reference standard. Where readers split
# evenly, nobody knows, and the honest label is "missing".
#
# Write `consensus_label(votes)`.
#
# | | |
# |---|---|
# | **in** `votes` | NumPy array of shape (R, N, C): R readers, N films, C findings; 1 = sees the finding, 0 = does not, NaN = has not read this film for it; any width of float, or int where nothing is missing |
# | **out** | the pair `(label, agreement)` |
# | `label` | array of shape (N, C): 1 or 0 as the majority of those *who read* says; NaN for a tie, and where nobody read |
# | `agreement` | sequence of C numbers between 0 and 1: take each film that at least two readers read for the finding, and the share of its *pairs* of readers who gave the same vote; then the mean over those films. NaN if there is no such film |
#
# `votes` is not changed. (The agreement is the "observed agreement" of Fleiss, *Psychological Bulletin* 1971;76:378–382,
# extended by Gwet, *Handbook of Inter-Rater Reliability*, 2014, to films with unequal numbers of readers.)
#
# **By hand.** Three readers A, B and C, four films, one finding (– = not read):
#
# | film | A | B | C | label | pairs that agree |
# |---|---|---|---|---|---|
# | 0 | 1 | 1 | 0 | 1 | 1 of 3 |
# | 1 | 0 | 0 | 0 | 0 | 3 of 3 |
# | 2 | 1 | 0 | – | NaN (tie) | 0 of 1 |
# | 3 | 1 | – | – | 1 | no pair |
#
# The agreement is the mean over the films 0, 1 and 2: (1/3 + 1 + 0) / 3 = 0.444. Film 3 has no pair and stays out.
#
# <details><summary>Hint 1: the direction</summary>
#
# Everything follows from two counts along the readers' axis: `yes` (votes equal to 1) and `no` (votes equal to 0), both of
# shape (N, C). NaN is equal to neither. Of m readers who voted the same, m(m − 1)/2 pairs can be formed.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))`. With `n = yes + no`, the share of one film is
# `(yes * (yes - 1) + no * (no - 1)) / (n * (n - 1))`: NaN where n is 0 or 1, and `np.nanmean(..., axis=0)` leaves those out.
# (NumPy may warn of 0/0. A warning costs no points.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "consensus_label", "locked": false, "schema_version": 3, "solution": true, "task": false}
def consensus_label(votes):
    """Majority label of each film (N, C), and the share of agreeing pairs of readers for each finding (C,)."""
    ### BEGIN SOLUTION
    ### STUB: yes = ...  # readers who see the finding, shape (N, C)
    ### STUB: no = ...  # readers who do not, shape (N, C)
    ### STUB: label = ...  # majority, NaN for a tie
    ### STUB: agreement = ...  # mean share of agreeing pairs, one number per finding
    ### STUB: return label, agreement
    yes = (votes == 1).sum(axis=0)
    no = (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    readers = yes + no
    paired = readers >= 2
    same = yes * (yes - 1) + no * (no - 1)
    share = np.where(paired, same / np.where(paired, readers * (readers - 1), 1), 0)
    with np.errstate(invalid="ignore"):  # 0 / 0: no film has two readers
        agreement = share.sum(axis=0) / paired.sum(axis=0)
    return label, agreement
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The table above, with a second finding that all readers read on all films.

# %% nbgrader={"grade": true, "grade_id": "check_consensus_label", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
nan = np.nan
reader_a = [[1, 0], [0, 0], [1, 1], [1, 1]]
reader_b = [[1, 0], [0, 1], [0, 1], [nan, 1]]
reader_c = [[0, 0], [0, 1], [nan, 1], [nan, 0]]
got = consensus_label(np.array([reader_a, reader_b, reader_c]))
try:
    label, agreement = got
except (TypeError, ValueError):
    raise AssertionError(f"Three readers: got {got!r}, expected the pair (label, agreement).") from None
shape = np.shape(label)
assert shape == (4, 2), (
    f"Three readers, four films, two findings: got labels of shape {shape}, expected (4, 2). Readers are axis 0: count along it."
)
assert numbers_match(np.asarray(label)[:, 1], [0, 1, 1, 1]), (
    f"Second finding, no vote missing: got {np.asarray(label)[:, 1]}, expected [0, 1, 1, 1], the majority of three."
)
assert numbers_match(np.asarray(label)[:, 0], [1, 0, nan, 1]), (
    f"First finding: got {np.asarray(label)[:, 0]}, expected [1, 0, nan, 1]. A tie is NaN, and only those who read the film vote."
)
assert numbers_match(agreement, [4 / 9, 2 / 3], 1e-3), (
    f"Agreement: got {agreement!r}, expected (0.444, 0.667). Take the share of agreeing pairs for each film, leave films with fewer than two readers out, then take the mean over films."
)
### BEGIN HIDDEN TESTS
from itertools import combinations

draw = np.random.default_rng(20_105)


def by_loops(votes):
    n_films, n_findings = votes.shape[1:]
    label, agreement = np.full((n_films, n_findings), np.nan), []
    for finding in range(n_findings):
        shares = []
        for film in range(n_films):
            cast = [int(vote) for vote in votes[:, film, finding].tolist() if vote == vote]
            if 2 * sum(cast) != len(cast):
                label[film, finding] = 1.0 if 2 * sum(cast) > len(cast) else 0.0
            pairs = [first == second for first, second in combinations(cast, 2)]
            shares += [sum(pairs) / len(pairs)] if pairs else []
        agreement.append(sum(shares) / len(shares) if shares else float("nan"))
    return label, agreement


def judged(votes, case):
    expected_label, expected_agreement = by_loops(votes)
    before = votes.copy()
    answer = call_answer(consensus_label, votes, case=case)
    try:
        label, agreement = answer
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return the pair (label, agreement).") from None
    assert numbers_match(label, expected_label), (
        f"{case}: the labels are not the majority of those who read (NaN for a tie or nobody)."
    )
    assert numbers_match(agreement, expected_agreement, 1e-4), (
        f"{case}: the agreement is not the mean over films of the share of agreeing pairs."
    )
    assert np.array_equal(votes, before, equal_nan=True), f"{case}: your function changed the votes that it was given."


def votes_of(shape, missing=0.0, dtype="float64"):
    truth = draw.random(shape[1:]) < 0.4
    votes = np.where(draw.random(shape) < 0.75, truth, ~truth).astype(dtype)
    if missing:
        votes[draw.random(shape) < missing] = np.nan
    return votes


for shape in ((3, 9, 2), (2, 5, 3), (4, 4, 4), (5, 30, 14), (6, 2, 7), (2, 2, 2)):
    judged(votes_of(shape), "Every reader read every film")
    judged(votes_of(shape, dtype="int64"), "Votes as whole numbers")
    judged(votes_of(shape, missing=0.3), "Some films not read")
    judged(votes_of(shape, missing=0.6, dtype="float32"), "Many films not read, single precision")
judged(votes_of((1, 6, 2)), "A single reader (no pair: agreement NaN)")
judged(np.ones((4, 5, 2)), "All say yes")
judged(np.zeros((4, 5, 2)), "All say no")
judged(np.array([np.ones((5, 2)), np.zeros((5, 2))]), "Two readers who never agree")
unread = votes_of((3, 6, 3))
unread[:, 2, :] = np.nan
unread[1:, :, 0] = np.nan
unread[:, :, 2] = np.nan
judged(unread, "A film that nobody read, and findings without a pair of readers")
uneven = np.full((5, 2, 1), np.nan)
uneven[:, 0, 0] = [1, 1, 1, 1, 1]
uneven[:2, 1, 0] = [1, 0]
judged(uneven, "Five readers on one film, two on another (each film counts once)")
swapped = votes_of((4, 7, 3), missing=0.2)
same = [
    np.asarray(part, dtype=float)
    for one in (swapped, swapped[::-1])
    for part in call_answer(consensus_label, one, case="Readers in another order")
]
assert numbers_match(same[0], same[2]) and numbers_match(same[1], same[3]), (
    "Readers in another order: the result must not change."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Put your functions to work
#
# From here on nothing is graded, and the cells take about two minutes together. They use *your* functions, so run them
# when all five checks pass. What they need more than the exercises did:

# %% tags=["ungraded"]
from scipy.stats import binomtest  # an interval for a share
from sklearn.ensemble import ExtraTreesClassifier  # a model that remembers
from sklearn.metrics import roc_curve  # all thresholds at once

from labutils import datasets, evaluation, models, plots, plots_labs, plots_week1  # films, AUCs, networks, figures
from labutils.interpretation import grad_cam  # heat maps

# %% [markdown]
# First the films: phantoms of 400 patients, drawn from a seed, 128 × 128 pixels each. Findings are made twice as frequent
# as in ChestX-ray14, so that a few hundred films hold enough of them. Look first: how many films, how many patients, how
# many films without any finding?

# %% tags=["ungraded"]
films = datasets.make_phantoms(400, rng=20261204, size=128, prevalence_scale=2.0)
table, findings = films.table, list(datasets.FINDINGS)
per_patient = table["patient"].value_counts()
print(
    f"{len(table)} films of {table['patient'].nunique()} patients, {films.images.shape[1:]} pixels, {films.images.dtype}"
)
print(f"films per patient: median {per_patient.median():.0f}, most {per_patient.max()}")
print(f"films without any finding: {(table[findings].sum(axis=1) == 0).mean():.0%}")

# %% [markdown]
# Your `compute_class_freqs` says how rare each finding is.

# %% tags=["ungraded"]
pos, neg = compute_class_freqs(table[findings].to_numpy())
by_share = np.argsort(pos)[::-1]
fig = plots.bar_with_interval(
    [findings[c] for c in by_share],
    100 * np.asarray(pos)[by_share],
    title=f"{findings[by_share[0]]} is the most frequent finding, {findings[by_share[-1]]} the rarest",
    xlabel="share of films with the finding (%)",
)
plots.show(
    fig,
    alt=f"Bars of the share of films with each of 14 findings, from {100 * max(pos):.0f} % ({findings[by_share[0]]}) "
    f"down to {100 * min(pos):.1f} % ({findings[by_share[-1]]}).",
)

# %% [markdown]
# ## Find the leak
#
# A colleague has prepared a training and a validation table "at random". In a well-known teaching notebook of this kind, 198
# of the 200 validation films stood in the training table as well; this cell rebuilds that mistake. Then your
# `check_for_leakage` is asked.

# %% tags=["ungraded"]
rng = np.random.default_rng(20261205)
order = rng.permutation(len(table))
half = len(table) // 2
given_train = table.iloc[order[:half]]
given_valid = pd.concat([given_train.sample(198, random_state=rng), table.iloc[order[half : half + 2]]])

same_film = given_valid["image"].isin(given_train["image"])
same_patient = given_valid["patient"].isin(given_train["patient"])
print("does a patient stand on both sides?", check_for_leakage(given_train, given_valid, "patient"))
print(
    f"of {len(given_valid)} validation films, {same_film.sum()} are training films, {same_patient.sum()} of training patients"
)
assert check_for_leakage(given_train, given_valid, "patient") and same_film.sum() == 198

# %% [markdown]
# ## Mend it
#
# Your `split_by_patient` deals the patients out anew: half for training, a tenth for validation, four tenths for the test.
# The test part is large because rare findings need many films before an interval becomes narrow. It also holds normal
# films: without people who have nothing, nobody learns how often a program cries wolf.

# %% tags=["ungraded"]
train, valid, test = split_by_patient(table, "patient", (0.5, 0.1, 0.4), rng=20261206)
for name, part in {"training": train, "validation": valid, "test": test}.items():
    normal = (part[findings].sum(axis=1) == 0).mean()
    print(f"{name:>10}: {part['patient'].nunique():3} patients, {len(part):3} films, {normal:.0%} of them normal")
print("leak?", [check_for_leakage(a, b, "patient") for a, b in ((train, valid), (train, test), (valid, test))])

# %% [markdown]
# ## See what the leak did to the AUC
#
# A forest of trees that grow until each leaf is pure *remembers* its training films. We train it on raw pixels and ask for
# the AUC in three situations, each with an interval from 1,000 resamples of patients:
#
# 1. **as given**: 198 of 200 validation films are training films;
# 2. **patients shared**: other films, but of patients who have training films too (the copies are removed, the leak is not);
# 3. **patients apart**: the test part of your split.
#
# The training tables have about the same size, so that only the splitting differs.

# %% tags=["ungraded"]
pixels = (
    films.images.reshape(len(table), 32, 4, 32, 4).mean(axis=(2, 4)).reshape(len(table), -1)
)  # means of 4 × 4 pixels


def auc_of_a_forest(fit_on, judge_on, finding):
    rows, others = table.index.get_indexer(fit_on.index), table.index.get_indexer(judge_on.index)
    forest = ExtraTreesClassifier(150, random_state=0).fit(pixels[rows], fit_on[finding])
    scores = forest.predict_proba(pixels[others])[:, 1]
    return evaluation.bootstrap_auc(judge_on[finding], scores, judge_on["patient"], n_boot=1000, rng=0)


# %% [markdown]
# Three frequent findings, three situations each.

# %% tags=["ungraded"]
shared = table.drop(given_train.index)
shared = shared[shared["patient"].isin(given_train["patient"])]
situations = {
    "as given": (given_train, given_valid),
    "patients shared": (given_train, shared),
    "patients apart": (train, test),
}
frequent = [findings[c] for c in by_share[:3]]
leaked = {name: [auc_of_a_forest(*tables, finding) for finding in frequent] for name, tables in situations.items()}
for name, results in leaked.items():
    print(
        f"{name:>16}: "
        + ", ".join(f"{f} {r[0]:.2f} ({r[1]:.2f} to {r[2]:.2f})" for f, r in zip(frequent, results, strict=True))
    )

# %% [markdown]
# The picture of the same nine numbers.

# %% tags=["ungraded"]
fig = plots_labs.dots_with_interval(
    frequent,
    {name: [list(result[:3]) for result in results] for name, results in leaked.items()},
    title="On its own training films a forest looks perfect",
    xlabel="AUC (0.5 = chance), with 95 % interval",
    reference=0.5,
)
plots.show(
    fig,
    alt="AUC of a forest for three findings. As given: "
    + ", ".join(f"{result[0]:.2f}" for result in leaked["as given"])
    + ". Patients apart: "
    + ", ".join(f"{result[0]:.2f}" for result in leaked["patients apart"])
    + ".",
)

# %% [markdown]
# The numbers as given are about the memory of the forest, not about chests: their intervals lie wholly above the honest
# ones. The second row is the leak that stays when only exact copies are removed. On these phantoms, and with a few hundred
# films, its intervals overlap with the honest ones: a leak can be too small to *see* in a number and still be there. That is
# why we prove that patients are apart, and do not wait for a suspicious AUC. (The cell asserts what this paragraph says.)

# %% tags=["ungraded"]
for finding, given, shared_only, apart in zip(frequent, *leaked.values(), strict=True):
    print(f"{finding}: against patients apart, the AUC as given is higher by {given[0] - apart[0]:.2f},", end=" ")
    print(f"with patients shared by {shared_only[0] - apart[0]:+.2f}")
    assert given[1] > apart[2], "the interval as given should lie above the honest one"
    assert shared_only[1] < apart[2] and apart[1] < shared_only[2], "these two intervals should overlap"

# %% [markdown]
# ## Train a small network
#
# A slim DenseNet, from random weights, on the training part alone, with your weighted loss: the weight of the ones is the
# share of zeros, and the other way round. The films are brought to 64 × 64 pixels and to a fixed scale first. Ten
# rounds over some five hundred films take less than a minute.

# %% tags=["ungraded"]
x = models.prepare_films(films.images)
y = table[findings].to_numpy("float32")
rows_train, rows_valid, rows_test = (table.index.get_indexer(part.index) for part in (train, valid, test))
pos, neg = compute_class_freqs(y[rows_train])

small = models.build_densenet(len(findings), blocks=(2, 3, 4))
small.compile(keras.optimizers.Adam(2e-3), loss=get_weighted_loss(neg, pos))
print(f"input {x.shape[1:]}, mean {x.mean():.2f}, sd {x.std():.2f}; {small.count_params():,} weights to learn")

# %% [markdown]
# Each round shuffles the films with our own generator, so that the result can be repeated. First five rounds.

# %% tags=["ungraded"]
curve = {"training": [], "validation": []}


def train_a_round():
    shuffled = rng.permutation(rows_train)
    told = small.fit(x[shuffled], y[shuffled], batch_size=32, shuffle=False, verbose=0)
    curve["training"].append(told.history["loss"][0])
    curve["validation"].append(small.evaluate(x[rows_valid], y[rows_valid], verbose=0))


for _ in range(5):
    train_a_round()
print("loss after five rounds (nats):", {name: round(values[-1], 2) for name, values in curve.items()})

# %% [markdown]
# Does it go on? Five more.

# %% tags=["ungraded"]
for _ in range(5):
    train_a_round()
print("loss after ten rounds (nats):", {name: round(values[-1], 2) for name, values in curve.items()})

# %% [markdown]
# The learning curve: the loss in nats, summed over the 14 findings.

# %% tags=["ungraded"]
fig = plots_week1.labelled_curves(
    np.arange(1, 11),
    {name: np.array(values) for name, values in curve.items()},
    title="What the small network learns from its films, and what of it carries over",
    xlabel="round over the training films",
    ylabel="weighted loss (nats)",
)
plots.show(
    fig,
    alt=f"Loss over ten rounds. Training falls from {curve['training'][0]:.2f} to {curve['training'][-1]:.2f}, "
    f"validation goes from {curve['validation'][0]:.2f} to {curve['validation'][-1]:.2f} nats.",
)

# %% [markdown]
# Where the training loss falls and the validation loss does not follow, more rounds only teach the network its films by heart: some
# five hundred films are few.
#
# ## Compare it with the network that is shipped
#
# The course ships a network of the same build, trained on many more films, of *other* patients (its model card tells how). Both are judged on the same test films. Findings with fewer than ten positive test films are left out: an AUC
# of so few is mostly noise.

# %% tags=["ungraded"]
shipped = models.load_xray_model()
scores = {"small, trained here": small, "shipped": shipped}
scores = {name: model.predict(x[rows_test], verbose=0) for name, model in scores.items()}
enough = [c for c in range(len(findings)) if y[rows_test, c].sum() >= 10]
aucs = {
    name: [evaluation.bootstrap_auc(y[rows_test, c], score[:, c], test["patient"], n_boot=1000, rng=0) for c in enough]
    for name, score in scores.items()
}
for place, c in enumerate(enough):
    line = ", ".join(f"{name} {r[place][0]:.2f} ({r[place][1]:.2f} to {r[place][2]:.2f})" for name, r in aucs.items())
    print(f"{findings[c]}, {y[rows_test, c].sum():.0f} of {len(test)} films: {line}")

# %% [markdown]
# The same as a picture: a dot is an AUC, a line its 95 % interval from resampled patients.

# %% tags=["ungraded"]
means = {name: np.mean([result[0] for result in results]) for name, results in aucs.items()}
fig = plots_labs.dots_with_interval(
    [findings[c] for c in enough],
    {name: [list(result[:3]) for result in results] for name, results in aucs.items()},
    title="What few films teach, and what many do",
    xlabel="AUC on the test films (0.5 = chance), with 95 % interval",
    reference=0.5,
)
plots.show(
    fig,
    alt="AUC by finding for two networks on the same test films. Mean over the findings: "
    + ", ".join(f"{name} {mean:.2f}" for name, mean in means.items())
    + ".",
)

# %% [markdown]
# Remember whose films these are: both networks saw phantoms only, drawn by the same program as the test films. On real films
# they do far worse; the model card says how much. For orientation: on a teaching set of 420 films of ChestX-ray14, a
# full-size network reached AUCs from 0.65 (Infiltration) to 0.90 (Cardiomegaly). That set holds no normal film, so even those
# numbers are not what a clinic would see.
#
# The ROC curves of three findings show all thresholds at once.

# %% tags=["ungraded"]
best_to_worst = sorted(range(len(enough)), key=lambda place: -aucs["shipped"][place][0])
chosen = [best_to_worst[0], best_to_worst[len(enough) // 2], best_to_worst[-1]]
curves = {}
for place in chosen:
    false_rate, true_rate, _ = roc_curve(y[rows_test, enough[place]], scores["shipped"][:, enough[place]])
    curves[findings[enough[place]]] = (false_rate, true_rate, aucs["shipped"][place][:3])
names = list(curves)
fig = plots.roc_with_interval(
    curves, title=f"{names[0]} is the easiest finding, {names[-1]} the hardest".replace("_", " ")
)
plots.show(
    fig,
    alt="ROC curves of the shipped network on test films: "
    + ", ".join(f"{name} AUC {auc[0]:.2f}" for name, (_, _, auc) in curves.items())
    + ".",
)

# %% [markdown]
# ## Look where the network looked
#
# A heat map (Grad-CAM; Selvaraju and others, ICCV 2017) shows which places of a film spoke for a finding. We ask on *test*
# films only: on training films a network can point at what it remembers. Phantoms have an advantage here, for we know where
# each lesion was drawn. So we can score the maps: a **hit** is a map whose brightest point lies on the lesion.
#
# One positive film per patient, at most twelve patients for each of four findings.

# %% tags=["ungraded"]
localised = ["Cardiomegaly", "Infiltration", "Effusion", "Mass"]
maps = []
for finding in localised:
    c = findings.index(finding)
    positives = table.loc[rows_test].query(f"{finding} == 1").drop_duplicates("patient").index[:12]
    for row in positives:
        heat, mask = grad_cam(shipped, x[row], c, "features"), films.masks[(row, finding)]
        top, left = (2 * place for place in np.unravel_index(heat.argmax(), heat.shape))  # from 64 to 128 pixels
        hit = bool(mask[top : top + 2, left : left + 2].any())
        maps.append({"finding": finding, "row": row, "heat": heat, "mask": mask, "hit": hit})

# %% [markdown]
# How often does the brightest point lie on the lesion, and how often would a random point of the film?

# %% tags=["ungraded"]
for finding in localised:
    own = [one for one in maps if one["finding"] == finding]
    hits = sum(one["hit"] for one in own)
    low, high = binomtest(hits, len(own)).proportion_ci(method="wilson")
    by_chance = np.mean([one["mask"].mean() for one in own])
    print(
        f"{finding}: {hits} of {len(own)} hits ({low:.0%} to {high:.0%}, Wilson's interval); by chance {by_chance:.0%}"
    )

# %% [markdown]
# Up to two successes and two failures for each finding, successes first; the outline is the lesion as it was drawn.

# %% tags=["ungraded"]
two_each = pd.DataFrame(maps).groupby(["hit", "finding"], sort=False).head(2)
picked = two_each.sort_values("hit", ascending=False, kind="stable").to_dict("records")
fig = plots.heat_overlay(
    [films.images[one["row"]] for one in picked],
    [one["heat"] for one in picked],
    [f"{'hit' if one['hit'] else 'miss'}: {one['finding']}" for one in picked],
    masks=[one["mask"] for one in picked],
)
plots.show(
    fig,
    alt=f"Heat maps over {len(picked)} test films with the outline of the true lesion: "
    + ", ".join(f"{one['finding']} {'hit' if one['hit'] else 'missed'}" for one in picked)
    + ".",
)

# %% [markdown]
# Two things to read from the counts. A large target is easier to hit, so compare with chance. And a finding can have a good AUC
# while its maps rarely touch the lesion: then the network goes by something that comes along with it. The AUC alone would never
# have told.
#
# A hit does not prove that the network reasons like a radiologist, and a miss does not prove that it was wrong: it may
# have used the other lung for comparison, or a hint that comes with the disease, such as a bedside film. Each place of the map
# answers for 8 × 8 pixels of the 64 × 64 film, so the map is coarse by construction.
#
# ## Ask who set the truth
#
# So far the labels were certain, because we drew them. Real ones come from readers. We simulate three of them on the test
# films: each sees 80 % of the findings that are there, raises a false alarm on 5 % of those that are not, and leaves out a
# tenth of the films. Your `consensus_label` lets them vote.

# %% tags=["ungraded"]
truth = y[rows_test][:, enough]
sees = rng.random((3, *truth.shape)) < np.where(truth == 1, 0.80, 0.05)
votes = np.where(rng.random((3, len(truth), 1)) < 0.1, np.nan, sees.astype(float))
label, agreement = consensus_label(votes)

names = [findings[c] for c in enough]
readers = pd.DataFrame({"share of films": truth.mean(axis=0), "agreement": agreement}, index=names)
readers["reader 1 finds"] = np.nanmean(np.where(truth == 1, votes[0], np.nan), axis=0)
readers["majority finds"] = np.nanmean(np.where(truth == 1, label, np.nan), axis=0)
readers = readers.sort_values("share of films")
assert readers["majority finds"].mean() > readers["reader 1 finds"].mean()
assert readers["share of films"].corr(readers["agreement"]) < -0.5
readers.round(2)

# %% [markdown]
# On average over the findings, the majority of three beats the single reader. The agreement, however, is the *higher* the rarer
# the finding, although every reader is equally good at all of them: where there is nothing to see, agreeing is easy. So never praise a
# reference standard for its raw agreement alone.
#
# ## What to remember
#
# - Prove that patients are apart; a number that looks good is no proof, and one that looks fine is none either.
# - Count before you train: the weights of the loss follow from the frequencies.
# - An AUC comes with its interval, the number of positive films, and the name of the films it was measured on.
# - Heat maps belong on test films, failures included.
# - A reference standard is a measurement too: say who read, how ties were settled, and how far the readers agreed.
#
# ## In practice
#
# No number of this notebook says anything of real patients: the films are drawn. Before a network may read films of people, it
# must be tested on people like them: other hospitals, other machines, the young and the old, men and women, bedside films.
# In most countries such software is a medical device and needs approval.
#
# ## Further reading
#
# - Wang X and others, *ChestX-ray8*, CVPR 2017 (arXiv:1705.02315): how the labels of the collection were mined from reports.
# - Rajpurkar P and others, *CheXNet*, 2017 (arXiv:1711.05225): the weighted loss and the DenseNet on this collection.
# - Huang G and others, *Densely connected convolutional networks*, CVPR 2017 (arXiv:1608.06993): the network itself.
# - Selvaraju RR and others, *Grad-CAM*, ICCV 2017 (arXiv:1610.02391): the heat maps.
# - Zech JR and others, *Variable generalization performance of a deep learning model to detect pneumonia in chest radiographs*,
#   PLOS Medicine 2018;15:e1002683: what happens in another hospital.
