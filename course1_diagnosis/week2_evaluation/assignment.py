# %% [markdown]
# # Evaluate diagnostic models
#
# A program gives each patient a score. You write fourteen small functions that say how good the score is: how many sick
# patients it finds, what an alarm means, how sure we can be, and whether its probabilities keep their promise. Then you
# put them to work on a network that reads fourteen findings off chest films.
#
# **You will be able to**
#
# - count true and false positives and negatives at *any* threshold, and compute the rates that follow from them;
# - say what an alarm means where the disease is rarer than in the study, with Bayes' rule;
# - put an interval beside an AUC that respects that films of one patient belong together;
# - check whether probabilities are calibrated, and mend them.
#
# **You need** two hours, the lesson and the three labs. The scores of the last part are those of week 1's network on
# *synthetic* films: phantoms drawn by the course, with the label frequencies of NIH ChestX-ray14 (Wang and others, CVPR
# 2017) times two. No patient stands behind them.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `true_positives` | {{points:true_positives}} |
# | 2 | `true_negatives` | {{points:true_negatives}} |
# | 3 | `false_positives` | {{points:false_positives}} |
# | 4 | `false_negatives` | {{points:false_negatives}} |
# | 5 | `get_accuracy` | {{points:get_accuracy}} |
# | 6 | `get_prevalence` | {{points:get_prevalence}} |
# | 7 | `get_sensitivity` | {{points:get_sensitivity}} |
# | 8 | `get_specificity` | {{points:get_specificity}} |
# | 9 | `get_ppv` | {{points:get_ppv}} |
# | 10 | `get_npv` | {{points:get_npv}} |
# | 11 | `ppv_from_bayes` | {{points:ppv_from_bayes}} |
# | 12 | `bootstrap_auc` | {{points:bootstrap_auc}} |
# | 13 | `calibration_table` | {{points:calibration_table}} |
# | 14 | `platt_scale` | {{points:platt_scale}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs: other patients, other thresholds, ties, empty groups.
# They ask for nothing that the statement does not say. An exercise earns its points or none. A function may call the
# functions above it, but then a mistake up there shows down here as well. The part after exercise 14 is not graded.

# %% [markdown]
# ## Set the table
#
# Run these three cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

# %% [markdown]
# The second makes ten patients, made up so that every number can be counted on fingers. `y_ten` says who is sick (1) and
# who is not (0); `score_ten` is what a program said, higher = more suspicious.

# %% nbgrader={"grade": false, "grade_id": "ten_patients", "locked": true, "schema_version": 3, "solution": false, "task": false}
y_ten = np.array([1, 0, 1, 0, 0, 1, 0, 0, 1, 0])
score_ten = np.array([0.9, 0.1, 0.5, 0.75, 0.3, 0.3, 0.5, 0.2, 0.8, 0.4])
pd.DataFrame({"y": y_ten, "score": score_ten}, index=list("ABCDEFGHIJ")).sort_values("score", ascending=False).T

# %% [markdown]
# The third defines little helpers that only the checks use.


# %% nbgrader={"grade": false, "grade_id": "helpers_of_the_checks", "locked": true, "schema_version": 3, "solution": false, "task": false}
def numbers_match(got, expected, tol=1e-6):
    """Whether `got` holds the numbers of `expected` in the same shape; NaN matches NaN."""
    if got is None or isinstance(got, (str, bytes)):
        return False
    try:
        got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return False
    return got.shape == expected.shape and np.allclose(got, expected, rtol=tol, atol=tol, equal_nan=True)


def call_answer(answer, *arguments, case, **named):
    """Call an answer; if it stops with an error, say in which kind of case."""
    try:
        return answer(*arguments, **named)
    except Exception:
        raise AssertionError(f"{case}: your function stopped with an error instead of returning a number.") from None


def same_as_before(now, before):
    """Whether an input is still what it was."""
    return type(now) is type(before) and now.dtype == before.dtype and np.array_equal(now, before)


def try_thresholds(answer, oracle, draw, nothing):
    """Call `answer(y, pred, th)` on many small tables; `oracle` gets (label, score) pairs, `nothing` is for no rows."""

    def judged(y, pred, case, th=None, name_it=False):
        rows = [(int(label), float(score)) for label, score in zip(y, pred, strict=True)]
        before = y.copy(), pred.copy()
        if th is None:
            got = call_answer(answer, y, pred, case=case)
        elif name_it:
            got = call_answer(answer, y, pred, th=th, case=case)
        else:
            got = call_answer(answer, y, pred, th, case=case)
        expected = oracle(rows, 0.5 if th is None else th) if rows else nothing
        hint = " Its denominator is 0 here." if expected != expected else ""
        assert numbers_match(got, expected), f"{case}: the result is not right.{hint}"
        unchanged = same_as_before(y, before[0]) and same_as_before(pred, before[1])
        assert unchanged, f"{case}: your function changed an input."

    def table(n, y_type="int64", pred_type="float64", share=0.5):
        return (draw.random(n) < share).astype(y_type), (draw.integers(0, 17, n) / 16).astype(pred_type)

    for number in range(36):
        y, pred = table(
            (3, 8, 21, 60, 250)[number % 5],
            ("int64", "bool", "float64", "uint8", "float32", "int8")[number % 6],
            ("float64", "float32", "float16")[number % 3],
            draw.uniform(0.2, 0.8),
        )
        th = (0.25, 0.5, 0.75, 0.1, 0.9, 0.6)[draw.integers(6)]
        judged(y, pred, "Other patients and another threshold (scores at the threshold count as positive)", th)
    for number in range(6):
        judged(*table(40, share=0.4), "No threshold given (it is then 0.5)")
        judged(*table(40, share=0.3), "The threshold given by its name, th=", (0.25, 0.75)[number % 2], name_it=True)
    y, pred = table(50)
    order = draw.permutation(50) + 100
    judged(pd.Series(y, index=order), pd.Series(pred, index=order), "Columns of a data frame, with row labels", 0.25)
    y, pred = table(12, share=1)
    judged(y, pred, "Only sick patients", 0.5)
    judged(1 - y, pred, "Only healthy patients", 0.5)
    y = np.array([0, 1, 1, 0, 1, 0, 0])
    judged(y, np.full(7, 0.25), "Nobody reaches the threshold", 0.75)
    judged(y, np.full(7, 0.75), "Everybody is above the threshold", 0.25)
    judged(y, np.full(7, 0.5), "Everybody sits exactly at the threshold", 0.5)
    judged(np.ones(4), np.ones(4), "Only sick patients, all of them flagged", 0.5)
    judged(np.zeros(4), np.zeros(4), "Only healthy patients, none of them flagged", 0.5)
    judged(np.array([], dtype=int), np.array([]), "No patient at all", 0.5)


# %% [markdown]
# ## Exercise 1: count the sick who are flagged
#
# The first four exercises fill the four cells of the **confusion matrix**. A patient is *flagged* (the test is positive) when
# the score is at least the threshold: `pred >= th`.
#
# Write `true_positives(y, pred, th=0.5)`.
#
# | | |
# |---|---|
# | **in** `y` | one label per patient: 1 = sick, 0 = not; a NumPy array or a pandas Series; bool, or any width of int or float |
# | **in** `pred` | one score per patient, in the same order, as an array or a Series of any float width; higher = more suspicious |
# | **in** `th` | the threshold, one number; 0.5 if it is not given |
# | **out** | one whole number: how many patients are sick (`y` is 1) *and* flagged |
#
# The inputs are not changed. For no patients at all the count is 0.
#
# **By hand.** Sick are A, I, C and F with scores 0.9, 0.8, 0.5, 0.3. At threshold 0.5 the first three are flagged (C sits exactly on it): 3. At 0.75 it is 2, at 0.25 it is 4.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two questions per patient, each answered True or False: what is the truth, and is the score high enough? Count the
# patients for whom both fit.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `(y == 1) & (pred >= th)` is True for the right patients. `np.sum(...)` counts the Trues.
# </details>


# %% nbgrader={"grade": false, "grade_id": "true_positives", "locked": false, "schema_version": 3, "solution": true, "task": false}
def true_positives(y, pred, th=0.5):
    """Count the sick who are flagged: a whole number."""
    ### BEGIN SOLUTION
    ### STUB: count = ...  # the patients for whom both conditions hold
    ### STUB: return count
    y, pred = np.asarray(y), np.asarray(pred)
    return int(np.sum((y == 1) & (pred >= th)))
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_true_positives", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
got = true_positives(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 3), (
    f"Ten patients, no threshold given: got {got!r}, expected 3. Who is sick and has a score of at least th? A score exactly at the threshold is flagged."
)
got = true_positives(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 2), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 2. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = true_positives(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 4), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 4. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_201)


def counted(rows, th):
    return sum(1 for label, score in rows if label == 1 and score >= th)


try_thresholds(true_positives, counted, draw, nothing=0)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: count the healthy who are left alone
#
# Write `true_negatives(y, pred, th=0.5)`.
#
# The inputs are those of exercise 1. **Out** comes one whole number: how many patients are healthy (`y` is 0) *and not* flagged. For no patients it is 0.
#
# **By hand.** Healthy are D, G, J, E, H and B with scores 0.75, 0.5, 0.4, 0.3, 0.2, 0.1. At threshold 0.5 the last four are below it: 4. At 0.75 it is 5 (D sits exactly on it and is flagged), at 0.25 it is 2.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two questions per patient, each answered True or False: what is the truth, and is the score high enough? Count the
# patients for whom both fit.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `(y == 0) & (pred < th)` is True for the right patients. `np.sum(...)` counts the Trues.
# </details>


# %% nbgrader={"grade": false, "grade_id": "true_negatives", "locked": false, "schema_version": 3, "solution": true, "task": false}
def true_negatives(y, pred, th=0.5):
    """Count the healthy who are left alone: a whole number."""
    ### BEGIN SOLUTION
    ### STUB: count = ...  # the patients for whom both conditions hold
    ### STUB: return count
    y, pred = np.asarray(y), np.asarray(pred)
    return int(np.sum((y == 0) & (pred < th)))
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_true_negatives", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
got = true_negatives(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 4), (
    f"Ten patients, no threshold given: got {got!r}, expected 4. Who is healthy and has a score below th? A score exactly at the threshold is flagged, so it is no negative."
)
got = true_negatives(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 5), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 5. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = true_negatives(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 2), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 2. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_202)


def counted(rows, th):
    return sum(1 for label, score in rows if label == 0 and not score >= th)


try_thresholds(true_negatives, counted, draw, nothing=0)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: count the false alarms
#
# Write `false_positives(y, pred, th=0.5)`.
#
# The inputs are those of exercise 1. **Out** comes one whole number: how many patients are healthy (`y` is 0) and flagged all the same. For no patients it is 0.
#
# **By hand.** At threshold 0.5 two healthy patients are flagged, D (0.75) and G (0.5): 2. At 0.75 it is 1, at 0.25 it is 4.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two questions per patient, each answered True or False: what is the truth, and is the score high enough? Count the
# patients for whom both fit.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `(y == 0) & (pred >= th)` is True for the right patients. `np.sum(...)` counts the Trues.
# </details>


# %% nbgrader={"grade": false, "grade_id": "false_positives", "locked": false, "schema_version": 3, "solution": true, "task": false}
def false_positives(y, pred, th=0.5):
    """Count the false alarms: a whole number."""
    ### BEGIN SOLUTION
    ### STUB: count = ...  # the patients for whom both conditions hold
    ### STUB: return count
    y, pred = np.asarray(y), np.asarray(pred)
    return int(np.sum((y == 0) & (pred >= th)))
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_false_positives", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
got = false_positives(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 2), (
    f"Ten patients, no threshold given: got {got!r}, expected 2. Who is healthy and has a score of at least th? A score exactly at the threshold is flagged."
)
got = false_positives(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 1), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 1. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = false_positives(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 4), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 4. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_203)


def counted(rows, th):
    return sum(1 for label, score in rows if label == 0 and score >= th)


try_thresholds(false_positives, counted, draw, nothing=0)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: count the missed patients
#
# Write `false_negatives(y, pred, th=0.5)`.
#
# The inputs are those of exercise 1. **Out** comes one whole number: how many patients are sick (`y` is 1) and not flagged: they are missed. For no patients it is 0.
#
# **By hand.** At threshold 0.5 one sick patient is below it, F (0.3): 1. At 0.75 it is 2 (C and F), at 0.25 nobody is missed: 0.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two questions per patient, each answered True or False: what is the truth, and is the score high enough? Count the
# patients for whom both fit.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `(y == 1) & (pred < th)` is True for the right patients. `np.sum(...)` counts the Trues.
# </details>


# %% nbgrader={"grade": false, "grade_id": "false_negatives", "locked": false, "schema_version": 3, "solution": true, "task": false}
def false_negatives(y, pred, th=0.5):
    """Count the missed patients: a whole number."""
    ### BEGIN SOLUTION
    ### STUB: count = ...  # the patients for whom both conditions hold
    ### STUB: return count
    y, pred = np.asarray(y), np.asarray(pred)
    return int(np.sum((y == 1) & (pred < th)))
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_false_negatives", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
got = false_negatives(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 1), (
    f"Ten patients, no threshold given: got {got!r}, expected 1. Who is sick and has a score below th? A score exactly at the threshold is flagged, so it is not missed."
)
got = false_negatives(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 2), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 2. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = false_negatives(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 0), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 0. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_204)


def counted(rows, th):
    return sum(1 for label, score in rows if label == 1 and not score >= th)


try_thresholds(false_negatives, counted, draw, nothing=0)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: measure the share of right answers
#
# $$\text{accuracy} = \frac{TP + TN}{TP + TN + FP + FN}$$
#
# Write `get_accuracy(y, pred, th=0.5)`. The inputs are those of exercise 1. **Out** comes one number from 0 to 1: the share of patients for whom the answer is right (sick and flagged, or healthy and left alone). Without patients it is 0/0: return NaN.
#
# **By hand.** At threshold 0.5 there are 3 true positives and 4 true negatives among ten: 0.7. At 0.75 it is (2 + 5)/10 = 0.7 again, at 0.25 it is (4 + 2)/10 = 0.6.
#
# <details><summary>Hint 1: the direction</summary>
#
# Flagged or not is one array of True and False, sick or not is another. Where do they agree?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.mean((pred >= th) == (y == 1))` is the share of agreement, and NaN (with a warning, which costs nothing) without patients.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_accuracy(y, pred, th=0.5):
    """Measure the share of right answers: a number from 0 to 1, or NaN."""
    ### BEGIN SOLUTION
    ### STUB: accuracy = ...  # a share, NaN where its denominator is 0
    ### STUB: return accuracy
    y, pred = np.asarray(y), np.asarray(pred)
    right = (pred >= th) == (y == 1)
    return float(right.mean()) if len(right) else float("nan")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_get_accuracy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = get_accuracy(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 0.7), (
    f"Ten patients, no threshold given: got {got!r}, expected 0.7. Count true positives and true negatives, and divide by all patients."
)
got = get_accuracy(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 0.7), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 0.7. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = get_accuracy(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 0.6), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 0.6. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_205)


def wanted(rows, th):
    return sum((score >= th) == (label == 1) for label, score in rows) / len(rows)


try_thresholds(get_accuracy, wanted, draw, nothing=float("nan"))
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: measure how common the disease is
#
# Write `get_prevalence(y)`.
#
# | | |
# |---|---|
# | **in** `y` | one label per patient, 1 = sick, 0 = not; array or Series of bool, int or float |
# | **out** | one number from 0 to 1: the share of patients who are sick. Without patients it is 0/0: return NaN. |
#
# **By hand.** Four of the ten patients are sick: 0.4.
#
# <details><summary>Hint 1: the direction</summary>
#
# The mean of zeros and ones is the share of ones.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.mean(y)`. Of an empty array it is NaN (with a warning, which costs nothing).
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_prevalence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_prevalence(y):
    """Measure how common the disease is: the share of labels that are 1, or NaN."""
    ### BEGIN SOLUTION
    ### STUB: prevalence = ...  # the share of the sick
    ### STUB: return prevalence
    y = np.asarray(y)
    return float(np.mean(y == 1)) if len(y) else float("nan")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** The ten patients, then three, then none.

# %% nbgrader={"grade": true, "grade_id": "check_get_prevalence", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
got = get_prevalence(y_ten.copy())
assert numbers_match(got, 0.4), (
    f"Ten patients, four of them sick: got {got!r}, expected 0.4. Give a share, not a count."
)
got = get_prevalence(pd.Series([True, False, False]))
assert numbers_match(got, 1 / 3), (
    f"Three patients, True, False, False: got {got!r}, expected 0.333. Divide the sick by all patients, not by the healthy."
)
got = get_prevalence(np.array([], dtype=int))
assert numbers_match(got, float("nan")), f"No patients: got {got!r}, expected nan, since 0/0 is not defined."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_206)


def judged(y, case):
    before = y.copy()
    labels = [int(label) for label in y]
    expected = labels.count(1) / len(labels) if labels else float("nan")
    got = call_answer(get_prevalence, y, case=case)
    assert numbers_match(got, expected), f"{case}: the result is not the share of the sick."
    assert same_as_before(y, before), f"{case}: your function changed its input."


for dtype in ("int64", "int8", "uint8", "bool", "float32", "float64"):
    for n in (1, 2, 9, 300, 1000):
        judged(
            (draw.random(n) < draw.uniform(0, 1)).astype(dtype), f"Labels of type {dtype}, another number of patients"
        )
judged(np.ones(6), "Everybody is sick")
judged(np.zeros(6, dtype=int), "Nobody is sick")
judged(pd.Series([1, 0, 0, 1, 0], index=[4, 4, 7, 9, 2]), "A column of a data frame, with row labels")
judged(pd.Series([], dtype=float), "A column without rows (0/0 is NaN)")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: measure the share of the sick who are found
#
# $$\text{sensitivity} = \frac{TP}{TP + FN} = P(\text{flagged} \mid \text{sick})$$
#
# Write `get_sensitivity(y, pred, th=0.5)`. The inputs are those of exercise 1. **Out** comes one number from 0 to 1: of the sick patients, the share that is flagged. If nobody is sick it is 0/0: return NaN, not an error.
#
# **By hand.** Four are sick. At threshold 0.5 three of them are flagged: 0.75. At 0.75 it is 2/4 = 0.5, at 0.25 it is 1.
#
# <details><summary>Hint 1: the direction</summary>
#
# Look at the sick patients alone. Which share of *them* is flagged?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.mean(pred[y == 1] >= th)` for arrays. The mean of nothing is NaN (with a warning, which costs nothing).
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_sensitivity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_sensitivity(y, pred, th=0.5):
    """Measure the share of the sick who are found: a number from 0 to 1, or NaN."""
    ### BEGIN SOLUTION
    ### STUB: sensitivity = ...  # a share, NaN where its denominator is 0
    ### STUB: return sensitivity
    y, pred = np.asarray(y), np.asarray(pred)
    found = pred[y == 1] >= th
    return float(found.mean()) if len(found) else float("nan")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_get_sensitivity", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = get_sensitivity(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 0.75), (
    f"Ten patients, no threshold given: got {got!r}, expected 0.75. Of the sick patients (y = 1) alone: which share is flagged?"
)
got = get_sensitivity(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 0.5), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 0.5. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = get_sensitivity(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 1), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 1. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_207)


def rate(flags):
    return sum(flags) / len(flags) if flags else float("nan")


def wanted(rows, th):
    return rate([score >= th for label, score in rows if label == 1])


try_thresholds(get_sensitivity, wanted, draw, nothing=float("nan"))
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8: measure the share of the healthy who are left alone
#
# $$\text{specificity} = \frac{TN}{TN + FP} = P(\text{not flagged} \mid \text{healthy})$$
#
# Write `get_specificity(y, pred, th=0.5)`. The inputs are those of exercise 1. **Out** comes one number from 0 to 1: of the healthy patients, the share that is not flagged. If nobody is healthy it is 0/0: return NaN.
#
# **By hand.** Six are healthy. At threshold 0.5 four of them are not flagged: 4/6 = 0.667. At 0.75 it is 5/6 = 0.833, at 0.25 it is 2/6 = 0.333.
#
# <details><summary>Hint 1: the direction</summary>
#
# Look at the healthy patients alone. Which share of *them* stays below the threshold?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.mean(pred[y == 0] < th)` for arrays; NaN if nobody is healthy.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_specificity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_specificity(y, pred, th=0.5):
    """Measure the share of the healthy who are left alone: a number from 0 to 1, or NaN."""
    ### BEGIN SOLUTION
    ### STUB: specificity = ...  # a share, NaN where its denominator is 0
    ### STUB: return specificity
    y, pred = np.asarray(y), np.asarray(pred)
    spared = pred[y == 0] < th
    return float(spared.mean()) if len(spared) else float("nan")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 8.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_get_specificity", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = get_specificity(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 2 / 3), (
    f"Ten patients, no threshold given: got {got!r}, expected 0.667. Of the healthy patients (y = 0) alone: which share is not flagged?"
)
got = get_specificity(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 5 / 6), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 0.833. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = get_specificity(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 2 / 6), (
    f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 0.333. Does th decide?"
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_208)


def rate(flags):
    return sum(flags) / len(flags) if flags else float("nan")


def wanted(rows, th):
    return rate([score < th for label, score in rows if label == 0])


try_thresholds(get_specificity, wanted, draw, nothing=float("nan"))
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 9: say what an alarm means
#
# $$\text{PPV} = \frac{TP}{TP + FP} = P(\text{sick} \mid \text{flagged})$$
#
# Write `get_ppv(y, pred, th=0.5)`. The inputs are those of exercise 1. **Out** comes one number from 0 to 1: the **positive predictive value**: of the flagged patients, the share that is sick. If nobody is flagged it is 0/0: return NaN.
#
# **By hand.** At threshold 0.5 five are flagged (A, I, D, C, G), three of them sick: 0.6. At 0.75 it is 2/3 = 0.667, at 0.25 it is 4/8 = 0.5.
#
# <details><summary>Hint 1: the direction</summary>
#
# The denominator is no longer a group of patients by their truth, but the group that was flagged.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.mean(y[pred >= th] == 1)` for arrays; NaN if nobody is flagged.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_ppv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_ppv(y, pred, th=0.5):
    """Say what an alarm means: a number from 0 to 1, or NaN."""
    ### BEGIN SOLUTION
    ### STUB: ppv = ...  # a share, NaN where its denominator is 0
    ### STUB: return ppv
    y, pred = np.asarray(y), np.asarray(pred)
    sick = y[pred >= th] == 1
    return float(sick.mean()) if len(sick) else float("nan")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 9.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_get_ppv", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = get_ppv(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 0.6), (
    f"Ten patients, no threshold given: got {got!r}, expected 0.6. Of the flagged patients alone: which share is sick? (Of the sick, the flagged: that is the sensitivity.)"
)
got = get_ppv(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 2 / 3), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 0.667. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = get_ppv(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 0.5), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 0.5. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_209)


def rate(flags):
    return sum(flags) / len(flags) if flags else float("nan")


def wanted(rows, th):
    return rate([label == 1 for label, score in rows if score >= th])


try_thresholds(get_ppv, wanted, draw, nothing=float("nan"))
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 10: say what an all-clear means
#
# $$\text{NPV} = \frac{TN}{TN + FN} = P(\text{healthy} \mid \text{not flagged})$$
#
# Write `get_npv(y, pred, th=0.5)`. The inputs are those of exercise 1. **Out** comes one number from 0 to 1: the **negative predictive value**: of the patients who are not flagged, the share that is healthy. If everybody is flagged it is 0/0: return NaN.
#
# **By hand.** At threshold 0.5 five are not flagged (J, E, F, H, B), four of them healthy: 0.8. At 0.75 it is 5/7 = 0.714, at 0.25 it is 2/2 = 1.
#
# <details><summary>Hint 1: the direction</summary>
#
# The denominator is the group below the threshold.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.mean(y[pred < th] == 0)` for arrays; NaN if everybody is flagged.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_npv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_npv(y, pred, th=0.5):
    """Say what an all-clear means: a number from 0 to 1, or NaN."""
    ### BEGIN SOLUTION
    ### STUB: npv = ...  # a share, NaN where its denominator is 0
    ### STUB: return npv
    y, pred = np.asarray(y), np.asarray(pred)
    healthy = y[pred < th] == 0
    return float(healthy.mean()) if len(healthy) else float("nan")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 10.** The ten patients at three thresholds.

# %% nbgrader={"grade": true, "grade_id": "check_get_npv", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = get_npv(y_ten.copy(), score_ten.copy())
assert numbers_match(got, 0.8), (
    f"Ten patients, no threshold given: got {got!r}, expected 0.8. Of the patients who are not flagged: which share is healthy? (Of the healthy, those not flagged: that is the specificity.)"
)
got = get_npv(y_ten.copy(), score_ten.copy(), 0.75)
assert numbers_match(got, 5 / 7), (
    f"Ten patients at threshold 0.75: got {got!r}, expected 0.714. Compare with th, not with 0.5; a score of exactly 0.75 counts as flagged."
)
got = get_npv(pd.Series(y_ten), pd.Series(score_ten, dtype="float32"), th=0.25)
assert numbers_match(got, 1), f"Ten patients at threshold 0.25, as Series: got {got!r}, expected 1. Does th decide?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_210)


def rate(flags):
    return sum(flags) / len(flags) if flags else float("nan")


def wanted(rows, th):
    return rate([label == 0 for label, score in rows if score < th])


try_thresholds(get_npv, wanted, draw, nothing=float("nan"))
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 11: convert an alarm to another prevalence
#
# Sensitivity and specificity look at the sick and at the healthy apart, so they can be carried to a place where the disease
# is rarer. The PPV cannot: it mixes both groups. Bayes' rule puts it together anew:
#
# $$\text{PPV} = \frac{\text{sensitivity} \cdot \pi}{\text{sensitivity} \cdot \pi + (1 - \text{specificity}) (1 - \pi)}, \qquad \pi = \text{prevalence}.$$
#
# Write `ppv_from_bayes(sensitivity, specificity, prevalence)`.
#
# | | |
# |---|---|
# | **in** | three numbers from 0 to 1 (Python or NumPy, whole numbers 0 and 1 included) |
# | **out** | one number: the probability that a flagged patient is sick. If nobody would be flagged it is 0/0: return NaN, not an error. |
#
# **By hand.** Sensitivity 0.9, specificity 0.8, and 1 patient of 10 is sick. Of 1,000 patients 100 are sick and 90 of them
# flagged; 900 are healthy and 180 of them flagged. So 90 of 270 flagged patients are sick: 0.333.
#
# <details><summary>Hint 1: the direction</summary>
#
# The numerator is the share of all people who are sick *and* flagged. The denominator adds those who are healthy and
# flagged.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `hits = sensitivity * prevalence` and `alarms = (1 - specificity) * (1 - prevalence)`; then `hits / (hits + alarms)`, unless
# that sum is 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ppv_from_bayes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ppv_from_bayes(sensitivity, specificity, prevalence):
    """Probability that a flagged patient is sick, by Bayes' rule; NaN if nobody is flagged."""
    ### BEGIN SOLUTION
    ### STUB: hits = ...  # share of all people who are sick and flagged
    ### STUB: alarms = ...  # share of all people who are healthy and flagged
    ### STUB: ppv = ...
    ### STUB: return ppv
    hits = sensitivity * prevalence
    alarms = (1 - specificity) * (1 - prevalence)
    flagged = hits + alarms
    return hits / flagged if flagged > 0 else float("nan")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 11.** The example, a rare disease, and a test that never flags.

# %% nbgrader={"grade": true, "grade_id": "check_ppv_from_bayes", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = ppv_from_bayes(0.9, 0.8, 0.1)
assert numbers_match(got, 90 / 270), (
    f"Sensitivity 0.9, specificity 0.8, prevalence 0.1: got {got!r}, expected 0.333. Healthy people are flagged with probability 1 - specificity."
)
got = ppv_from_bayes(np.float64(0.9), np.float64(0.95), np.float64(0.01))
assert numbers_match(got, 0.009 / 0.0585), (
    f"Sensitivity 0.9, specificity 0.95, prevalence 0.01: got {got!r}, expected 0.154. Weigh the sick by the prevalence and the healthy by the rest."
)
got = ppv_from_bayes(0.0, 1.0, 0.3)
assert numbers_match(got, float("nan")), f"A test that flags nobody: got {got!r}, expected nan, since it is 0/0."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_211)


def judged(sensitivity, specificity, prevalence, expected, case):
    got = call_answer(ppv_from_bayes, sensitivity, specificity, prevalence, case=case)
    assert numbers_match(got, expected), f"{case}: the result is not right."


for _ in range(30):
    tp, fn, tn, fp = (int(count) for count in draw.integers(1, 500, 4))
    case = "Rates counted among made-up patients: the PPV must be the one that is counted"
    judged(tp / (tp + fn), tn / (tn + fp), (tp + fn) / (tp + fn + tn + fp), tp / (tp + fp), case)
judged(0.75, 0.5, 1.0, 1.0, "Everybody is sick")
judged(0.75, 0.5, 0.0, 0.0, "Nobody is sick, some are flagged")
judged(0.75, 1.0, 0.25, 1.0, "No false alarms")
judged(0.0, 0.5, 0.25, 0.0, "No sick patient is flagged")
judged(0.75, 1.0, 0.0, float("nan"), "Nobody is sick and nobody flagged (0/0 is NaN)")
judged(0, 0.25, 1, float("nan"), "Everybody is sick and nobody flagged (0/0 is NaN)")
judged(
    np.float64(0), np.float64(1), np.float64(0.5), float("nan"), "A test that never flags, NumPy numbers (0/0 is NaN)"
)
judged(1, 1, 0.25, 1.0, "A perfect test")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 12: put an interval beside the AUC
#
# The area under the ROC curve (AUC) is the chance that a sick patient's film scores above a healthy one's, a tie counting one
# half. How far could it be off by the luck of the draw? The **bootstrap** imitates drawing a new study: draw as many
# *patients* as there are, with replacement; take *all films* of each drawn patient (twice if the patient was drawn twice);
# compute the AUC again. After many rounds the resampled AUCs show the spread.
#
# Write `bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95)`.
#
# | | |
# |---|---|
# | **in** `y`, `pred` | label (1 or 0) and score of each *film*: arrays or Series |
# | **in** `patient` | whose film it is: whole numbers or text, an array or Series; films of one patient need not stand together |
# | **in** `n_boot` | how many resamples |
# | **in** `rng` | a seed (whole number) or a NumPy Generator; the same seed gives the same result |
# | **in** `level` | the share of resampled AUCs that the interval holds: 0.95 runs from the 2.5th to the 97.5th percentile, in general from (1 − level)/2 to (1 + level)/2 |
# | **out** | three numbers `(auc, low, high)`: the AUC *of the data as they are*, and the two ends |
#
# A resample that holds one class only has no AUC: draw again, or leave it out. If `y` itself holds one class only, return NaN
# three times. The inputs are not changed.
#
# **By hand.** Scores 0.1 and 0.4 of two healthy, 0.3 and 0.8 of two sick patients: of the four pairs sick-healthy three are in
# the right order (0.3 is below 0.4), so the AUC is 0.75. A resample that draws the patient with 0.3 twice, the one with 0.4 and
# the one with 0.1 has the order right in two of its four pairs: 0.5.
#
# <details><summary>Hint 1: the direction</summary>
#
# Make a Generator with `np.random.default_rng(rng)` (it takes seeds and Generators). Find the rows of each patient once, before the
# loop. In each round draw patients, join their rows, and ask `roc_auc_score`.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `rows = [np.flatnonzero(patient == p) for p in np.unique(patient)]`; in a round
# `films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])`; at the end
# `np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "bootstrap_auc", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    """Area under the ROC curve with an interval from resampled patients: (auc, low, high)."""
    ### BEGIN SOLUTION
    ### STUB: rows = ...  # for each patient, which films are his or hers
    ### STUB: aucs = ...  # AUCs of n_boot resamples of patients
    ### STUB: auc = ...  # of the data as they are
    ### STUB: low, high = ..., ...
    ### STUB: return auc, low, high
    y, pred, patient = np.asarray(y) == 1, np.asarray(pred), np.asarray(patient)

    def area(films):
        sick, healthy = pred[films][y[films]], np.sort(pred[films][~y[films]])
        if len(sick) == 0 or len(healthy) == 0:
            return float("nan")
        below = np.searchsorted(healthy, sick, side="left") + np.searchsorted(healthy, sick, side="right")
        return float(below.sum() / (2 * len(sick) * len(healthy)))

    auc = area(np.arange(len(y)))
    if np.isnan(auc):
        return auc, auc, auc
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        aucs.append(area(films))
    low, high = np.nanquantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return auc, float(low), float(high)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 12.** Four patients; then sixty with six equal films each, which are worth no more than one film each; then another
# level. It takes a few seconds.

# %% nbgrader={"grade": true, "grade_id": "check_bootstrap_auc", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
got = bootstrap_auc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.3, 0.8]), np.array(["a", "b", "c", "d"]), 100, 0)
assert (
    numbers_match(np.shape(got), (3,))
    and numbers_match(got[0], 0.75)
    and 0 <= float(got[1]) <= 0.75 <= float(got[2]) <= 1
), (
    f"Four patients: got {got!r}, expected (0.75, low, high), where 0.75 is the AUC of the data and lies between the ends."
)
once = np.random.default_rng(4)
y_once, patient_once = once.permutation(np.repeat([0, 1], 30)), np.arange(60)
score_once = once.normal(size=60) + y_once
one_each = bootstrap_auc(y_once.copy(), score_once.copy(), patient_once.copy(), 300, 1)
six_each = bootstrap_auc(np.tile(y_once, 6), np.tile(score_once, 6), np.tile(patient_once, 6), 300, 1)
widths = [float(low_high[2]) - float(low_high[1]) for low_high in (one_each, six_each)]
assert widths[0] > 0 and 0.65 < widths[1] / widths[0] < 1.5, (
    f"Sixty patients with one film each, then the same films six times each: got intervals {widths[0]:.3f} and {widths[1]:.3f} wide, "
    "expected about the same width: draw patients with all their films, not films."
)
half = bootstrap_auc(y_once.copy(), score_once.copy(), patient_once.copy(), 300, 1, level=0.5)
width = float(half[2]) - float(half[1])
assert 0.2 < width / widths[0] < 0.5, (
    f"The level: got an interval {width:.3f} wide at level 0.5 and {widths[0]:.3f} at 0.95, expected about a third: cut (1 - level)/2 off at each end."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_212)


def three(*arguments, case, **named):
    got = call_answer(bootstrap_auc, *arguments, case=case, **named)
    assert numbers_match(np.shape(got), (3,)), f"{case}: return three numbers, (auc, low, high)."
    return [float(number) for number in got]


def cohort(n_patients, most_films, effect, share, *, step=None, noise=0.3):
    patient = np.repeat(draw.permutation(n_patients) + 10, draw.integers(1, most_films + 1, n_patients))
    sick = draw.random(n_patients + 10) < share
    sick[[10, 11]] = True, False
    own = draw.normal(size=n_patients + 10)
    y = sick[patient].astype(int)
    pred = effect * y + own[patient] + noise * draw.normal(size=len(y))
    order = draw.permutation(len(y))
    pred = pred if step is None else np.round(pred / step) * step
    return y[order], pred[order], patient[order]


def resampled(y, pred, patient, rounds=3000):
    """AUCs of resampled patients, from the table of all pairs of patients: no film is copied."""
    codes, names = pd.factorize(patient)
    sick, healthy = np.flatnonzero(y == 1), np.flatnonzero(y != 1)
    right = (pred[sick][:, None] > pred[healthy]) + 0.5 * (pred[sick][:, None] == pred[healthy])
    to_patient = np.eye(len(names))[codes]
    won = to_patient[sick].T @ right @ to_patient[healthy]
    pairs = np.outer(to_patient[sick].sum(axis=0), to_patient[healthy].sum(axis=0))
    drawn = draw.multinomial(len(names), np.full(len(names), 1 / len(names)), size=rounds)
    top, bottom = (np.einsum("ri,ij,rj->r", drawn, table, drawn) for table in (won, pairs))
    return roc_auc_score(y, pred), top[bottom > 0] / bottom[bottom > 0]


def judged(y, pred, patient, level, case, n_boot=500):
    auc, spread = resampled(np.asarray(y), np.asarray(pred), np.asarray(patient))
    before = y.copy(), pred.copy(), patient.copy()
    got = three(y, pred, patient, n_boot, 5, level, case=case)
    assert abs(got[0] - auc) < 1e-6, f"{case}: auc is not the area under the ROC curve of the data as they are."
    low, high = np.quantile(spread, [(1 - level) / 2, (1 + level) / 2])
    wide = got[2] - got[1]
    assert wide < 1.2 * (high - low), (
        f"{case}: the interval is too wide. Draw as many patients as there are; level says where to cut."
    )
    assert wide > 0.8 * (high - low), (
        f"{case}: the interval is too narrow. Draw whole patients, with replacement, and all films as often as drawn."
    )
    assert abs(got[1] - low) < 0.2 * (high - low) and abs(got[2] - high) < 0.2 * (high - low), (
        f"{case}: low and high are not the percentiles of the resampled AUCs that level asks for."
    )
    unchanged = all(same_as_before(now, then) for now, then in zip((y, pred, patient), before, strict=True))
    assert unchanged, f"{case}: your function changed an input."


judged(*cohort(70, 8, 1.0, 0.4), 0.9, "Up to eight films for each patient")
judged(*cohort(70, 9, 1.0, 0.4, noise=2.0), 0.9, "Films of one patient that differ much")
y, pred, patient = cohort(80, 4, 1.0, 0.4, step=0.5)
judged(y, pred, patient, 0.8, "Scores with ties")
y, pred, patient = cohort(60, 5, 0.8, 0.5)
ids = pd.Series([f"P-{number}" for number in patient], index=np.arange(len(y)) + 7)
judged(
    pd.Series(y, index=ids.index),
    pd.Series(pred, index=ids.index),
    ids,
    0.6,
    "Columns of a data frame, patients named by text",
)
judged(*cohort(90, 3, 2.2, 0.3), 0.95, "A strong score: the percentiles do not pass 1")

y, pred, patient = cohort(40, 4, 1.0, 0.4)
case = "The same seed twice"
first = three(y, pred, patient, 60, 7, case=case)
assert numbers_match(three(y, pred, patient, 60, 7, case=case), first), (
    f"{case}: the same seed must give the same three numbers."
)
assert numbers_match(three(y, pred, patient, 60, 7, level=0.95, case=case), first), (
    "The level is 0.95 if it is not given."
)
other = three(y, pred, patient, 60, 8, case="Another seed")
assert not numbers_match(other[1:], first[1:]), "Another seed: the interval is exactly the same. Is rng used?"
got = three(y, pred, patient, 60, np.random.default_rng(9), case="rng is a NumPy Generator")
assert got[1] < got[2] and abs(got[0] - first[0]) < 1e-9, "rng is a NumPy Generator: the result is not an interval."
for labels in (np.zeros(9, dtype=int), np.ones(9)):
    case = "One class only: NaN three times"
    got = three(labels, np.arange(9) / 8, np.arange(9) // 2, 20, 0, case=case)
    assert numbers_match(got, [float("nan")] * 3), f"{case}."
y = np.zeros(40, dtype=int)
y[3] = 1
case = "One sick patient, with the highest score: many resamples hold one class"
got = three(y, y + np.linspace(0, 0.5, 40), np.arange(40), 100, 3, case=case)
assert numbers_match(got, [1, 1, 1]), "One sick patient: leave resamples with one class out, or draw again."
separated = np.repeat([0, 1], 15)
got = three(separated, separated + 0.25, np.arange(30) // 2, 50, 3, case="All sick score above all healthy")
assert numbers_match(got, [1, 1, 1]), "All sick score above all healthy: every resample has AUC 1."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 13: check whether probabilities keep their promise
#
# If a program says 30 % to a hundred patients, about thirty of them should be sick. So sort patients into bins by their score and
# compare, bin by bin, what was promised with what was found.
#
# Write `calibration_table(y, pred, n_bins)`.
#
# | | |
# |---|---|
# | **in** `y`, `pred` | label (1 or 0) and probability (0 to 1) of each patient: arrays or Series |
# | **in** `n_bins` | how many bins of equal width the range from 0 to 1 is cut into |
# | **out** | three sequences of `n_bins` numbers, lowest bin first: `(mean_predicted, observed, count)`: the mean of `pred` in the bin, the share of the sick in the bin, and how many patients are in it |
#
# A score on an edge belongs to the *upper* bin; only a score of exactly 1 belongs to the last bin. With two bins, 0.5 is in the
# second. An empty bin has mean and share NaN and count 0, and keeps its place. The inputs are not changed.
#
# **By hand.** Five patients, two bins. Scores 0.1 and 0.3 (healthy, sick) fall into the first: mean 0.2, share 0.5, count 2. Scores 0.5,
# 0.7 and 0.9 (healthy, sick, sick) fall into the second: mean 0.7, share 2/3, count 3.
#
# <details><summary>Hint 1: the direction</summary>
#
# First say in which bin each patient is (a whole number from 0 to n_bins − 1), then go through the bins.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `edges = np.linspace(0, 1, n_bins + 1)` and `where = np.digitize(pred, edges[1:-1])` count the inner edges that a score has
# reached. In bin k: `pred[where == k].mean()` if anybody is in it, else NaN.
# </details>


# %% nbgrader={"grade": false, "grade_id": "calibration_table", "locked": false, "schema_version": 3, "solution": true, "task": false}
def calibration_table(y, pred, n_bins):
    """Mean predicted probability, observed share of the sick and number of patients in each bin."""
    ### BEGIN SOLUTION
    ### STUB: where = ...  # the bin of each patient, from 0 to n_bins - 1
    ### STUB: mean_predicted = ...  # n_bins numbers, NaN where a bin is empty
    ### STUB: observed = ...  # n_bins numbers, NaN where a bin is empty
    ### STUB: count = ...  # n_bins whole numbers
    ### STUB: return mean_predicted, observed, count
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    count = np.bincount(where, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        mean_predicted = np.bincount(where, weights=pred, minlength=n_bins) / count
        observed = np.bincount(where, weights=y == 1, minlength=n_bins) / count
    return mean_predicted, observed, count
    ### END SOLUTION


# %% [markdown]
# **Check exercise 13.** The five patients in two bins, then four patients in four bins, one of them empty.

# %% nbgrader={"grade": true, "grade_id": "check_calibration_table", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = calibration_table(np.array([0, 1, 0, 1, 1]), np.array([0.1, 0.3, 0.5, 0.7, 0.9]), 2)
assert isinstance(got, (tuple, list)) and len(got) == 3 and numbers_match(got[2], [2, 3]), (
    f"Five patients, two bins: got {got!r}, expected three sequences, and the counts (2, 3) as the third. The score 0.5 is on the edge: it belongs to the upper bin."
)
assert numbers_match(got[0], [0.2, 0.7]), (
    f"Five patients, two bins: got mean predicted {got[0]!r}, expected (0.2, 0.7): the mean of the scores in the bin, not its middle."
)
assert numbers_match(got[1], [0.5, 2 / 3]), (
    f"Five patients, two bins: got observed {got[1]!r}, expected (0.5, 0.667): the sick in the bin divided by the patients in the bin."
)
got = calibration_table(pd.Series([1, 0, 1, 1]), pd.Series([0.0, 0.25, 0.875, 1.0]), 4)
assert numbers_match(got, [[0, 0.25, np.nan, 0.9375], [1, 0, np.nan, 1], [1, 1, 0, 2]]), (
    f"Scores 0, 0.25, 0.875 and 1 in four bins: got {got!r}, expected (0, 0.25, nan, 0.9375), (1, 0, nan, 1), (1, 1, 0, 2). An empty bin keeps its place; 0 and 1 are in the first and the last bin."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_213)


def judged(y, pred, n_bins, case, tol=1e-5):
    bins = [[] for _ in range(n_bins)]
    for label, score in zip(y, pred, strict=True):
        bins[min(int(float(score) * n_bins), n_bins - 1)].append((float(score), int(label)))
    mean = [sum(score for score, _ in one) / len(one) if one else float("nan") for one in bins]
    share = [sum(label for _, label in one) / len(one) if one else float("nan") for one in bins]
    before = y.copy(), pred.copy()
    got = call_answer(calibration_table, y, pred, n_bins, case=case)
    assert isinstance(got, (tuple, list)) and len(got) == 3, f"{case}: return (mean_predicted, observed, count)."
    assert numbers_match(got[2], [len(one) for one in bins]), f"{case}: the counts are not right."
    assert numbers_match(got[0], mean, tol), f"{case}: mean_predicted is not right."
    assert numbers_match(got[1], share, tol), f"{case}: observed is not right."
    unchanged = same_as_before(y, before[0]) and same_as_before(pred, before[1])
    assert unchanged, f"{case}: your function changed an input."


for number in range(12):
    n, n_bins = (5, 40, 300)[number % 3], (1, 2, 3, 5, 7, 10)[number % 6]
    pred = draw.integers(0, n_bins, n) / n_bins + draw.uniform(0.1, 0.9, n) / n_bins  # well away from the edges
    y = (draw.random(n) < pred**2).astype(("int64", "bool", "float32", "uint8")[number % 4])
    judged(
        y, pred.astype(("float64", "float32")[number % 2]), n_bins, "Other patients and another number of bins", 1e-4
    )
for n_bins in (2, 4, 8):
    pred = (draw.integers(0, 17, 90) / 16).astype(("float64", "float32", "float16")[n_bins % 3])
    judged((draw.random(90) < 0.5).astype(int), pred, n_bins, "Scores on the edges between bins", 5e-3)
judged(np.array([0, 1, 1]), np.array([0.0, 1.0, 1.0]), 4, "Scores of exactly 0 and 1")
judged(np.array([1, 0, 1]), np.array([0.52, 0.55, 0.58]), 10, "Everybody in one bin, the others empty")
judged(np.array([], dtype=int), np.array([]), 3, "No patient: every bin is empty")
judged(np.ones(6, dtype=int), np.linspace(0.05, 0.65, 6), 5, "Only sick patients")
index = draw.permutation(30)
judged(
    pd.Series(draw.integers(0, 2, 30), index=index),
    pd.Series(draw.integers(0, 9, 30) / 8, index=index),
    4,
    "Columns of a data frame, with row labels",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 14: mend the probabilities
#
# A score can rank patients well and still promise too much, like that of a network trained with weights. **Platt scaling** learns a
# correction from patients whose truth is known, and applies it to others: with $\operatorname{logit}(p) = \log\frac{p}{1-p}$,
#
# $$p_{\text{new}} = \frac{1}{1 + e^{-(a + b \operatorname{logit}(p))}},$$
#
# where $a$ and $b$ come from a logistic regression of `y_fit` on $\operatorname{logit}$(`pred_fit`).
#
# Write `platt_scale(y_fit, pred_fit, pred_new)`.
#
# | | |
# |---|---|
# | **in** `y_fit`, `pred_fit` | label (1 or 0) and probability of the patients to learn from: arrays or Series |
# | **in** `pred_new` | probabilities of the patients to correct, an array or Series of any length |
# | **out** | an array of corrected probabilities, one for each of `pred_new`, in their order |
#
# The regression has an intercept and **no penalty**. Probabilities (of both groups) below 0.000001 or above 0.999999 are first set to
# these limits, so that 0 and 1 have a logit. If `y_fit` holds one class only, nothing can be learnt: return NaN for
# each new patient. Where the checks fit, the scores of the sick and of the healthy overlap. A difference of up to 0.002 is accepted, so any
# solver will do. The inputs are not changed.
#
# **By hand.** Suppose the regression gave $a = 0$ and $b = 0.5$, so that the scores were too bold. A new patient with 0.9 has logit
# $\log 9 = 2.197$; half of it is 1.099, which is a probability of 0.75.
#
# <details><summary>Hint 1: the direction</summary>
#
# Clip, take the logit, fit with `LogisticRegression` on one column, and ask for the probability of class 1 of the *new* patients. Its
# parameter `C` is the inverse of a penalty: which value means none?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `x = np.log(p / (1 - p))` for clipped `p`; `model = LogisticRegression(C=np.inf).fit(x_fit[:, None], y_fit)`;
# `model.predict_proba(x_new[:, None])[:, 1]`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "platt_scale", "locked": false, "schema_version": 3, "solution": true, "task": false}
def platt_scale(y_fit, pred_fit, pred_new):
    """Corrected probabilities of new patients, by a logistic regression on the logit of the old ones."""
    ### BEGIN SOLUTION
    ### STUB: logit_fit = ...  # of the clipped pred_fit
    ### STUB: logit_new = ...  # of the clipped pred_new
    ### STUB: corrected = ...  # one probability for each new patient
    ### STUB: return corrected
    y_fit = np.asarray(y_fit) == 1
    p_fit, p_new = (np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6) for pred in (pred_fit, pred_new))
    if y_fit.all() or not y_fit.any():
        return np.full(len(p_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(np.log(p_fit / (1 - p_fit))[:, None], y_fit)
    return model.predict_proba(np.log(p_new / (1 - p_new))[:, None])[:, 1]
    ### END SOLUTION


# %% [markdown]
# **Check exercise 14.** Scores that promise too much on the odds scale, then the same scores upside down, then one class.

# %% nbgrader={"grade": true, "grade_id": "check_platt_scale", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Of 16 patients with score 0.9 three quarters are sick, of 16 with score 0.1 one quarter: so 0.9 should become 0.75.
y_bold, score_bold = np.repeat([1, 0, 1, 0], [12, 4, 4, 12]), np.repeat([0.9, 0.1], 16)
got = platt_scale(y_bold.copy(), score_bold.copy(), np.array([0.9, 0.1, 0.5]))
assert numbers_match(got, [0.75, 0.25, 0.5], 2e-3), (
    f"Scores 0.9 where 75 % are sick: got {got!r}, expected (0.75, 0.25, 0.5). One probability of class 1 for each new patient, from a regression on the logit without a penalty."
)
got = platt_scale(pd.Series(1 - y_bold), pd.Series(score_bold), pd.Series([0.9, 0.99, 0.0, 1.0]))
assert numbers_match(got, [0.25, 0.0913252, 0.9990010, 0.0009990], 2e-3), (
    f"The same scores upside down: got {got!r}, expected (0.25, 0.0913, 0.999, 0.001). Is 0.99 a new point on the logit scale? Are 0 and 1 clipped?"
)
got = platt_scale(np.ones(5), np.linspace(0.1, 0.9, 5), np.array([0.25, 0.75]))
assert numbers_match(got, [np.nan, np.nan]), f"Only sick patients to learn from: got {got!r}, expected (nan, nan)."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(20_214)


def logits(values):
    p = np.clip(np.asarray(values, dtype=float), 1e-6, 1 - 1e-6)
    return np.log(p) - np.log1p(-p)


def oracle(y, fit, new):
    """Newton's method on the two coefficients."""
    x, y = np.column_stack([np.ones(len(fit)), logits(fit)]), np.asarray(y, dtype=float)
    beta = np.zeros(2)
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ beta))
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + 1e-12 * np.eye(2), x.T @ (y - p))
        beta = beta + step / max(1.0, np.abs(step).max() / 2)
    return 1 / (1 + np.exp(-(beta[0] + beta[1] * logits(new))))


def judged(y, fit, new, case):
    expected = oracle(y, fit, new)
    before = y.copy(), fit.copy(), new.copy()
    got = call_answer(platt_scale, y, fit, new, case=case)
    assert numbers_match(np.shape(got), (len(new),)), f"{case}: return one probability for each new patient."
    assert numbers_match(got, expected, 2e-3), f"{case}: the corrected probabilities are not right."
    unchanged = all(same_as_before(now, then) for now, then in zip((y, fit, new), before, strict=True))
    assert unchanged, f"{case}: your function changed an input."


def patients(n, a, b, dtype="float64"):
    truth = draw.normal(size=n) * 1.2 - 0.3
    y = (draw.random(n) < 1 / (1 + np.exp(-truth))).astype(int)
    y[:4], truth[:4] = [0, 1, 0, 1], [1, -1, 1.5, -1.5]  # so that the two groups overlap
    return y, (1 / (1 + np.exp(-(a + b * truth)))).astype(dtype)


for number, (a, b) in enumerate([(0, 2), (1.5, 1), (-1, 0.5), (0.5, 3), (2, -1), (0, 0.3)]):
    y, fit = patients((60, 150, 400)[number % 3], a, b, ("float64", "float32")[number % 2])
    new = draw.uniform(0.02, 0.98, (3, 50, 1)[number % 3])
    kind = ("int64", "bool", "float64")[number % 3]
    judged(y.astype(kind), fit, new, "Other patients, other distortions, another number of new patients")
y, fit = patients(80, 0, 2)
judged(y, fit, np.array([0.0, 1.0, 0.5]), "New scores of exactly 0 and 1")
fit[[5, 6, 7]] = 0.0, 1.0, 1e-9
y[[5, 6, 7]] = 0, 1, 0
judged(y, fit, np.array([0.25, 0.5, 1e-9]), "Scores of 0 and 1 among the patients to learn from")
index = draw.permutation(80) + 5
judged(
    pd.Series(y, index=index),
    pd.Series(fit, index=index),
    pd.Series([0.3, 0.6], index=[9, 2]),
    "Columns of a data frame, with row labels",
)
few, fit_few = patients(24, 0, 2.5)
judged(few, fit_few, np.array([0.05, 0.5, 0.95]), "Few patients to learn from (a penalty would show here)")
case = "Only healthy patients to learn from (NaN for each new one)"
got = call_answer(platt_scale, np.zeros(7, dtype=int), np.linspace(0.1, 0.7, 7), np.array([0.25, 0.5, 0.75]), case=case)
assert numbers_match(got, [float("nan")] * 3), f"{case}."
### END HIDDEN TESTS

# %% [markdown]
# ## Then: put your functions to work
#
# From here on nothing is graded; the cells take about half a minute. They use *your* functions, so run them when all fourteen checks pass. What they
# need more:

# %% tags=["ungraded"]
# only this part needs them: data, metrics, figures
from labutils import datasets, evaluation, plots, plots_evaluation, plots_labs

# %% [markdown]
# The scores are those of week 1's network on 1,716 films of 700 patients that it has not met. They are **phantoms**: synthetic films with the label
# frequencies of NIH ChestX-ray14 times two. No number below is about people. Look first.

# %% tags=["ungraded"]
films = datasets.load_phantom_scores()
labels, scores, about = films.labels, films.scores, films.about
findings = list(labels)
print(
    f"{len(labels)} films of {about['patient'].nunique()} patients; {len(findings)} findings; missing: {scores.isna().sum().sum()}"
)
print(f"scores from {scores.min().min():.3f} to {scores.max().max():.3f}")
print(
    about.groupby("view").size().to_dict(),
    about.groupby("sex").size().to_dict(),
    f"ages {about['age'].min()} to {about['age'].max()}",
)

# %% [markdown]
# ## One table of everything
#
# All rates of all findings at a threshold of 0.5. F1 is 2 TP / (2 TP + FP + FN), the harmonic mean of PPV and sensitivity.

# %% tags=["ungraded"]
rates = {"prevalence": lambda y, p: get_prevalence(y), "accuracy": get_accuracy, "sensitivity": get_sensitivity}
rates |= {"specificity": get_specificity, "PPV": get_ppv, "NPV": get_npv, "F1": evaluation.f1_score}
everything = pd.DataFrame(
    {name: [rate(labels[finding], scores[finding]) for finding in findings] for name, rate in rates.items()},
    index=findings,
)
everything.insert(0, "positive films", labels.sum())
everything.round(2)

# %% [markdown]
# Compare accuracy with PPV: a rare finding can have a fine accuracy and an alarm that means little. And 0.5 is nobody's choice: the network was trained with
# weights, so its scores are no probabilities. (Hernia is on a handful of films: nothing can be said about it.)
#
# ## ROC curves, with intervals from patients
#
# Your `bootstrap_auc`, for the findings with at least 40 positive films. Half a second to several seconds each, as you wrote it.

# %% tags=["ungraded"]
enough = [finding for finding in findings if labels[finding].sum() >= 40]
aucs = {f: [float(value) for value in bootstrap_auc(labels[f], scores[f], about["patient"], 200, 0)] for f in enough}
best = sorted(enough, key=lambda finding: -aucs[finding][0])
fig = plots_labs.dots_with_interval(
    best,
    {"AUC": [aucs[finding] for finding in best]},
    title=f"On phantoms {best[0]} is easiest, {best[-1]} hardest",
    xlabel="AUC (0.5 = chance), with 95 % interval by patients",
    reference=0.5,
)
plots.show(fig, alt="AUC with interval: " + ", ".join(f"{f} {aucs[f][0]:.2f}" for f in best) + ".")

# %% [markdown]
# Three whole curves: the best, the middle and the worst.

# %% tags=["ungraded"]
chosen = [best[0], best[len(best) // 2], best[-1]]
curves = {f: (*evaluation.roc_curve(labels[f], scores[f])[:2], aucs[f]) for f in chosen}
fig = plots.roc_with_interval(curves, title=f"{chosen[0]} is nearly separated, {chosen[-1]} is not")
plots.show(fig, alt="ROC curves: " + ", ".join(f"{f} AUC {aucs[f][0]:.2f}" for f in chosen) + ".")

# %% [markdown]
# How much narrower would the intervals be if films were taken for strangers?

# %% tags=["ungraded"]
strangers = np.arange(len(labels))
ratio = {}
for finding in chosen:
    too_narrow = bootstrap_auc(labels[finding], scores[finding], strangers, 200, 0)
    ratio[finding] = (too_narrow[2] - too_narrow[1]) / (aucs[finding][2] - aucs[finding][1])
    print(f"{finding}: drawing films gives {ratio[finding]:.0%} of the width of drawing patients")

# %% [markdown]
# ## Precision and recall
#
# The same three findings. The dotted lines are the prevalences: what a coin reaches.

# %% tags=["ungraded"]
lines, coins = {}, {}
for finding in chosen:
    precision, recall, _ = evaluation.precision_recall_curve(labels[finding], scores[finding])
    area = evaluation.average_precision(labels[finding], scores[finding])
    lines[f"{finding} (average precision {area:.2f})"] = (recall, precision)
    coins[f"{finding}: {labels[finding].mean():.2f} of films"] = labels[finding].mean()
fig = plots_evaluation.curves(
    lines,
    title="What an alarm means, at each sensitivity",
    xlabel="recall = sensitivity",
    ylabel="precision = PPV",
    reference=coins,
)
plots.show(fig, alt=f"Precision against recall. {'; '.join(lines)}.")

# %% [markdown]
# ## F1, and the threshold it would choose
#
# F1 has its maximum at another threshold for each finding. It weighs a miss like a false alarm, so it is a summary, not a recommendation: **where missing a
# finding is costly, a lower threshold is right**, with more sensitivity and more false alarms.

# %% tags=["ungraded"]
grid = np.arange(0.05, 0.96, 0.05)
for finding in chosen:
    f1 = [evaluation.f1_score(labels[finding], scores[finding], th) for th in grid]
    top = grid[int(np.nanargmax(f1))]
    for name, th in {"best F1": top, "misses are costly": top / 2}.items():
        y, p = labels[finding], scores[finding]
        print(
            f"{finding}, {name}, threshold {th:.2f}: {false_negatives(y, p, th)} missed, {false_positives(y, p, th)} false alarms"
        )
        assert false_negatives(y, p, top / 2) <= false_negatives(y, p, top)

# %% [markdown]
# ## Carry an alarm to the hospital
#
# These phantoms have twice the prevalences of the collection. Your `ppv_from_bayes` brings the PPV back to half of them (for phantoms: real films
# are another matter).

# %% tags=["ungraded"]
for finding in chosen:
    y, p = labels[finding], scores[finding]
    here, there = get_ppv(y, p), ppv_from_bayes(get_sensitivity(y, p), get_specificity(y, p), get_prevalence(y) / 2)
    print(f"{finding}: PPV {here:.2f} at a prevalence of {get_prevalence(y):.3f}, {there:.2f} at half of it")
    assert there < here

# %% [markdown]
# ## Calibration, and its repair
#
# Half of the *patients* teach your `platt_scale`, the other half are looked at with your `calibration_table`. Films of one patient are counted as strangers in
# these intervals, so they are a little too narrow.

# %% tags=["ungraded"]
teach = (about["patient"] % 2 == 0).to_numpy()


def promises(y, p, n_bins=5):
    mean, share, count = (np.asarray(part) for part in calibration_table(y, p, n_bins))
    ends = [evaluation.wilson_interval(round(s * n), n)[1:] for s, n in zip(share, count, strict=True) if n]
    return np.column_stack([mean[count > 0], share[count > 0], ends])


finding = "Effusion"
y, p = labels[finding].to_numpy(), scores[finding].to_numpy()
mended = np.asarray(platt_scale(y[teach], p[teach], p[~teach]))
fig = plots_labs.reliability(
    {"as the network says": promises(y[~teach], p[~teach]), "after Platt scaling": promises(y[~teach], mended)},
    title=f"{finding}: the network promises too much, Platt scaling less",
)
plots.show(fig, alt=f"Observed share against promised probability of {finding}, before and after Platt scaling.")

# %% [markdown]
# For all findings: the mean promise, the share that was there, and the Brier score (mean squared distance of promise and truth; 0 is perfect).

# %% tags=["ungraded"]
rows = {}
for finding in enough:
    y, p = labels[finding].to_numpy(), scores[finding].to_numpy()
    fixed = np.asarray(platt_scale(y[teach], p[teach], p[~teach]))
    rows[finding] = [p[~teach].mean(), fixed.mean(), y[~teach].mean()]
    rows[finding] += [evaluation.brier_score(y[~teach], q) for q in (p[~teach], fixed)]
names = ["promised", "promised, mended", "observed", "Brier", "Brier, mended"]
mending = pd.DataFrame.from_dict(rows, orient="index", columns=names)
assert (mending["Brier, mended"] < mending["Brier"]).all()
mending.round(3)

# %% [markdown]
# The AUC has not changed, for the order has not: ranking and promising are two things.
#
# ## For whom does it work?
#
# The subgroup table of course 1: women and men, three age groups, both views, for effusion at a threshold that was mended. With intervals, and with
# counts, since a small group has wide intervals.

# %% tags=["ungraded"]
finding = "Effusion"
y, p = labels[finding].to_numpy(), scores[finding].to_numpy()
risk = np.asarray(platt_scale(y[teach], p[teach], p[~teach]))
them = about[~teach]
groups = {"sex": them["sex"], "age": evaluation.age_groups(them["age"]), "view": them["view"]}
by_group = evaluation.subgroup_table(y[~teach], risk, them["patient"], groups, th=0.25, n_boot=200, rng=2)
by_group.round(2)

# %% [markdown]
# The same as a picture.

# %% tags=["ungraded"]
ap, pa = by_group.loc[("view", "AP")], by_group.loc[("view", "PA")]
assert ap["sensitivity"] > pa["sensitivity"] and ap["specificity_high"] < pa["specificity_low"]
names = [group for _, group in by_group.index]
series = {
    rate: by_group[[rate, f"{rate}_low", f"{rate}_high"]].to_numpy() for rate in ("auc", "sensitivity", "specificity")
}
fig = plots_labs.dots_with_interval(
    names,
    series,
    title="Effusion on phantoms, by sex, age and view: read the lines, not the dots",
    xlabel="rate (0 to 1), with 95 % interval by patients",
)
plots.show(
    fig,
    alt="AUC, sensitivity and specificity with intervals: "
    + ", ".join(f"{name} AUC {auc:.2f}" for name, auc in zip(names, by_group["auc"], strict=True))
    + ".",
)

# %% [markdown]
# At the same threshold bedside films (AP) get more alarms than upright ones (PA): a higher sensitivity, a lower specificity (the cell asserts it). Many AP
# films show an effusion, so the network has learnt that a bed is suspicious. One threshold, two very different tests.
#
# Seven groups and three rates make 21 intervals: one of them may well miss its truth by chance. Decide beforehand which groups you compare.
#
# ## Real scores, if you have them
#
# A DenseNet-121 by J. Zech (github.com/jrzech/reproduce-chexnet) has scored 22,433 real films of ChestX-ray14. If they are on your machine (`medlabs data
# list` tells), this cell uses them; else it says how to get them.

# %% tags=["ungraded"]
real = datasets.load_real_scores()
if real is None:
    print("Not on this machine. For the scores: medlabs data fetch chexnet_predictions")
    print(
        "For the labels: medlabs data use nih_chestxray14 FOLDER, with the folder that holds Data_Entry_2017_v2020.csv"
    )
else:
    print(f"{len(real.labels)} real films of {real.about['patient'].nunique()} patients")
    for finding in real.labels:
        auc, low, high = evaluation.bootstrap_auc(
            real.labels[finding], real.scores[finding], real.about["patient"], 200, 0
        )
        ppv = get_ppv(real.labels[finding], real.scores[finding])
        print(f"{finding}: AUC {auc:.3f} ({low:.3f} to {high:.3f}), PPV at 0.5: {ppv:.2f}")

# %% [markdown]
# ## What to remember
#
# - A rate without its threshold and its denominator says nothing.
# - Sensitivity and specificity travel to another prevalence; PPV and NPV have to be computed anew.
# - Costly misses: lower the threshold. Costly alarms: raise it.
# - Draw patients, not films; and call the 5th to 95th percentile what it is, a 90 % interval.
# - Scores rank, probabilities promise: check the promise on other patients than those that taught it.
#
# ## In practice
#
# Before a program reads films of people, its threshold is fixed and its rates are measured on people like them, by group, with intervals, and again
# in each new place. In most countries it is a medical device and needs approval. Nothing here may be used for a patient.
#
# ## Further reading
#
# - Altman DG, Bland JM, *Diagnostic tests 1: sensitivity and specificity*, BMJ 1994;308:1552, and *2: predictive values*, BMJ 1994;309:102.
# - Hanley JA, McNeil BJ, *The meaning and use of the area under a receiver operating characteristic (ROC) curve*, Radiology 1982;143:29-36.
# - Field CA, Welsh AH, *Bootstrapping clustered data*, Journal of the Royal Statistical Society B 2007;69:369-390: why patients are drawn.
# - Platt JC, *Probabilistic outputs for support vector machines*, in Advances in Large Margin Classifiers, MIT Press 1999: the scaling of exercise 14, there for
#   other scores.
# - Vickers AJ, Elkin EB, *Decision curve analysis*, Medical Decision Making 2006;26:565-574: thresholds by their consequences.
