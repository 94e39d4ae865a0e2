# %% [markdown]
# # Build risk models with trees, on data with gaps
#
# You write ten small functions that take a cohort from "some values are missing" to a forest that says who is likely to die
# within ten years, how sure we may be of it, and for whom it fails. Then you use them.
#
# **You will be able to**
#
# - say how many patients a "complete case" analysis throws away, and who they are;
# - choose the size of a tree and of a forest on patients that they have not seen;
# - find a subgroup in which a good-looking model ranks badly;
# - fill gaps by mean and by regression without looking at the test patients, and spot columns that give the answer away;
# - compare two models on the same patients, with an interval.
#
# **You need** two and a half hours, the lesson and the three labs, and no graphics card. The patients are real: the free
# light chain cohort of Olmsted County, Minnesota (7,874 people; Dispenzieri and others, Mayo Clinic Proceedings
# 2012;87:517–523), as it comes with scikit-survival. Where we make values missing ourselves, or make patients up, the text says so.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `fraction_rows_missing` | {{points:fraction_rows_missing}} |
# | 2 | `missingness_by_group` | {{points:missingness_by_group}} |
# | 3 | `decision_tree_classifier` | {{points:decision_tree_classifier}} |
# | 4 | `holdout_grid_search` | {{points:holdout_grid_search}} |
# | 5 | `random_forest_grid_search` | {{points:random_forest_grid_search}} |
# | 6 | `bad_subset` | {{points:bad_subset}} |
# | 7 | `find_derived_columns` | {{points:find_derived_columns}} |
# | 8 | `mean_impute` | {{points:mean_impute}} |
# | 9 | `iterative_impute` | {{points:iterative_impute}} |
# | 10 | `cindex_interval` | {{points:cindex_interval}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs: other sizes, ties, empty tables. They ask for nothing
# that the statement does not say. An exercise earns its points or none. The part after exercise 10 is not graded. Where a
# message says that it got `Ellipsis`, a `...` still stands in your answer.

# %% [markdown]
# ## Set the table
#
# Run these four cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - unlocks IterativeImputer
from sklearn.impute import IterativeImputer, SimpleImputer  # noqa: F401 - for your answers
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import ParameterGrid
from sklearn.tree import DecisionTreeClassifier

from labutils.datasets import died_within, load_flchain
from labutils.masks import make_missing

# %% [markdown]
# The second defines little helpers that the checks use. For a yes/no outcome the C-index *is* the area under the ROC curve,
# so `roc_auc_score(y, risk)` computes it.


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


def risk_of(model, X):
    """Predicted probability of death, one number per patient."""
    return np.asarray(model.predict_proba(X), dtype=float)[:, 1]


# %% [markdown]
# The third loads the people. Ten years after the blood sample 1,764 had died and 5,070 were alive; 1,040 were last seen alive
# before that. For those 1,040 nobody knows the answer, and **we exclude them**. They are not like the others: most gave
# their sample late in the study, and they are younger. Excluding them while keeping everybody who died makes death look more frequent
# than it was (the closing part says by how much; course 2, week 3 shows what to do instead).
#
# Two columns of the original table must not become features. The *cause* of death is known for the dead only. And the *year of the sample*
# gives death away once the unknown are excluded: whoever came after 1999 could be known at ten years only by dying. Also, the file
# runs roughly from old to young, so we shuffle before we split.

# %% nbgrader={"grade": false, "grade_id": "the_cohort", "locked": true, "schema_version": 3, "solution": false, "task": false}
people = load_flchain()
people["died"] = died_within(people["years"], people["death"], horizon=10)
known = people.dropna(subset="died")
assert (known["died"].sum(), len(known), len(people)) == (1764, 6834, 7874)

shuffled = known.iloc[np.random.default_rng(3).permutation(len(known))].reset_index(drop=True)
features = ["age", "female", "creatinine", "kappa", "lambda", "mgus"]
X_train, X_val, X_test = (shuffled[features].iloc[rows] for rows in (slice(3400), slice(3400, 4800), slice(4800, None)))
y_train, y_val, y_test = (shuffled["died"].astype(int).loc[part.index] for part in (X_train, X_val, X_test))

# %% [markdown]
# The fourth keeps the *complete cases*: patients without any gap. Exercises 3 to 6 use these, because that is how many studies begin. One forest
# on complete cases is made here for exercise 6.

# %% nbgrader={"grade": false, "grade_id": "complete_cases", "locked": true, "schema_version": 3, "solution": false, "task": false}
cc_train, cc_val, cc_test = X_train.dropna(), X_val.dropna(), X_test.dropna()
y_cc_train, y_cc_val, y_cc_test = y_train[cc_train.index], y_val[cc_val.index], y_test[cc_test.index]
forest_cc = RandomForestClassifier(25, max_depth=6, min_samples_leaf=10, random_state=0).fit(cc_train, y_cc_train)

# %% [markdown]
# ## Exercise 1: count the patients with a gap
#
# Creatinine is missing for about one person in seven. Before you drop anybody, ask how many people would go.
#
# Write `fraction_rows_missing(df)`.
#
# | | |
# |---|---|
# | **in** `df` | data frame, one row per patient; columns of any type, any index |
# | **out** | one number between 0 and 1: the share of rows in which at least one value is missing |
#
# Missing is what pandas calls missing: NaN, None, NaT and NA. Zero, infinity and an empty text are values. Without rows the share is
# 0/0: return NaN. `df` is not changed.
#
# **By hand.** Four patients:
#
# | age | creatinine |
# |---|---|
# | 60 | 1.0 |
# | – | – |
# | 71 | – |
# | 80 | 1.2 |
#
# Two of the four have a gap: 0.5. (Three of eight *values* are missing, but that is another question.)
#
# <details><summary>Hint 1: the direction</summary>
#
# Turn the table into one of true and false ("is missing"), ask of each *row* whether it holds a true, and take the share.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `df.isna().any(axis=1)` is one true or false per row; its `.mean()` is the share, and NaN without rows.
# </details>


# %% nbgrader={"grade": false, "grade_id": "fraction_rows_missing", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fraction_rows_missing(df):
    """Share of the rows of `df` with at least one missing value (a number)."""
    ### BEGIN SOLUTION
    ### STUB: has_gap = ...  # one True or False per row
    ### STUB: return ...  # the share of True
    has_gap = df.isna().any(axis=1)
    return has_gap.mean()
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** The table above, the same upside down with text, and no rows.

# %% nbgrader={"grade": true, "grade_id": "check_fraction_rows_missing", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
four = pd.DataFrame({"age": [60, np.nan, 71, 80], "creatinine": [1.0, np.nan, np.nan, 1.2]})
got = fraction_rows_missing(four.copy())
assert numbers_match(got, 0.5), (
    f"The table above: got {got!r}, expected 0.5, one number. 0.375 is the share of values, 0.25 that of rows where everything is missing; 2 is a count."
)
three = pd.DataFrame({"sex": ["F", None, "M", "F"], "age": [71, 65, 80, 0], "year": [1995, 1996, 1997, 1998]})
got = fraction_rows_missing(three)
assert numbers_match(got, 0.25), (
    f"One gap (None) in a column of text: got {got!r}, expected 0.25. Look along the rows (axis=1), ask pandas what is missing, and count no zeros."
)
got = fraction_rows_missing(three.iloc[:0])
assert numbers_match(got, np.nan), f"A table without rows: got {got!r}, expected NaN (0/0)."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_101)


def judged(table, expected, case):
    before = table.copy()
    answer = call_answer(fraction_rows_missing, table, case=case)
    assert numbers_match(answer, expected), f"{case}: not the share of rows with at least one missing value."
    assert table.equals(before) and list(table.index) == list(before.index), f"{case}: your function changed the table."


for trial in range(20):
    n_rows, n_columns = int(draw.integers(1, 40)), int(draw.integers(1, 7))
    values = draw.normal(size=(n_rows, n_columns)).astype(["float32", "float64"][trial % 2])
    gone = draw.random((n_rows, n_columns)) < [0.05, 0.3, 0.9][trial % 3]
    table = pd.DataFrame(np.where(gone, np.nan, values), columns=[f"c{number}" for number in range(n_columns)])
    expected = sum(any(row) for row in gone.tolist()) / n_rows
    judged(table, expected, "Numbers with gaps")
    judged(table.set_index(pd.Index(["same"] * n_rows)), expected, "An index with the same label everywhere")
mixed = pd.DataFrame(
    {
        "when": pd.to_datetime(["2001-01-01", None, "2001-01-03", "2001-01-04", "2001-01-05"]),
        "count": pd.array([1, 2, None, 4, 5], dtype="Int64"),
        "word": ["a", "", "b", None, "d"],
        "flag": [True, False, False, True, False],
        "value": [0.0, 1.0, 2.0, 3.0, np.inf],
    }
)
judged(mixed, 0.6, "Dates, words and whole numbers with NaT, None and NA")
judged(mixed[["flag", "value"]], 0.0, "Nothing missing, but zeros and infinity")
judged(mixed[["word"]], 0.2, "One column of words, one of them empty")
judged(pd.DataFrame({"a": [np.nan, np.nan], "b": [1.0, 2.0]}), 1.0, "A gap in every row")
judged(mixed[["value", "flag"]].iloc[:0], np.nan, "No rows (0/0)")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: ask who is missing a value
#
# One in seven overall can be nobody in one group and everybody in another. If the groups differ in risk, dropping them changes
# the question that your model answers.
#
# Write `missingness_by_group(df, column, by)`.
#
# | | |
# |---|---|
# | **in** `df` | data frame, one row per patient |
# | **in** `column` | text: the name of a column of numbers (any width) that may have gaps (NaN) |
# | **in** `by` | text: the name of the column that says which group a patient is in: text, whole numbers, bool, or a pandas Categorical. A patient whose group is missing is left out. |
# | **out** | a data frame with one row per group, the group in its index, and the columns `share_missing` and `mean_observed` |
# | `share_missing` | share of the group's patients whose `column` is missing (0 to 1) |
# | `mean_observed` | mean of `column` over the *other* patients of the group, those who have a value; NaN where nobody has one |
#
# Only groups that have somebody get a row (a Categorical may have levels without anybody). The order of the rows is up to you. `df` is not
# changed.
#
# **By hand.** Two women, creatinine 0.8 and 1.0 mg/dL; two men, one without a value and one with 1.2:
#
# | sex | share_missing | mean_observed |
# |---|---|---|
# | F | 0.0 | 0.9 |
# | M | 0.5 | 1.2 |
#
# <details><summary>Hint 1: the direction</summary>
#
# `groupby` splits a column by another one, and the mean of a column of true and false is a share.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `df[column].isna().groupby(df[by], observed=True).mean()` is the first column. The second is the same with `df[column]` itself: pandas'
# mean passes over NaN. Put both into `pd.DataFrame({...})`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "missingness_by_group", "locked": false, "schema_version": 3, "solution": true, "task": false}
def missingness_by_group(df, column, by):
    """Share missing and mean of the observed values of `column`, one row for each group of `by`."""
    ### BEGIN SOLUTION
    ### STUB: share = ...  # share of missing values, per group
    ### STUB: mean = ...  # mean of the values that are there, per group
    ### STUB: return pd.DataFrame({"share_missing": share, "mean_observed": mean})
    share = df[column].isna().groupby(df[by], observed=True).mean()
    mean = df[column].groupby(df[by], observed=True).mean()
    return pd.DataFrame({"share_missing": share, "mean_observed": mean})
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The four people above; then a group in which nobody has a value.

# %% nbgrader={"grade": true, "grade_id": "check_missingness_by_group", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
four = pd.DataFrame({"sex": ["F", "M", "F", "M"], "creatinine": [0.8, np.nan, 1.0, 1.2]})
got = missingness_by_group(four.copy(), "creatinine", "sex")
assert isinstance(got, pd.DataFrame) and {"share_missing", "mean_observed"} <= set(got.columns), (
    f"Two women and two men: got {type(got).__name__}, expected a data frame with the columns share_missing and mean_observed."
)
got = {group: (row["share_missing"], row["mean_observed"]) for group, row in got.iterrows()}
assert set(got) == {"F", "M"} and numbers_match([got["F"], got["M"]], [(0, 0.9), (0.5, 1.2)]), (
    f"Two women and two men: got {got}, expected F: (0, 0.9), M: (0.5, 1.2). Divide by the patients of the group, and take the mean of the values that are there."
)
wards = pd.DataFrame(
    {"ward": [2, 1, 2, 1, 2], "lactate": [np.nan, 2.0, np.nan, np.nan, np.nan], "age": [70, 50, 60, 40, 90]}
)
got = missingness_by_group(wards, "lactate", "ward")
got = {int(group): (row["share_missing"], row["mean_observed"]) for group, row in got.iterrows()}
assert set(got) == {1, 2} and numbers_match([got[1], got[2]], [(0.5, 2.0), (1.0, np.nan)]), (
    f"Wards 1 and 2: got {got}, expected 1: (0.5, 2), 2: (1, nan). Where nobody has a value the mean is NaN, not 0."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_102)


def judged(table, column, by, case):
    before = table.copy()
    answer = call_answer(missingness_by_group, table, column, by, case=case)
    good = isinstance(answer, pd.DataFrame) and {"share_missing", "mean_observed"} <= set(answer.columns)
    assert good, f"{case}: return a data frame with the columns share_missing and mean_observed."
    assert table.equals(before) and list(table.columns) == list(before.columns), (
        f"{case}: your function changed the table."
    )
    members = {}
    for group, value in zip(table[by].tolist(), table[column].tolist(), strict=True):
        if not pd.isna(group):
            members.setdefault(group, []).append(float(value))
    found = dict(
        zip(answer.index.tolist(), answer[["share_missing", "mean_observed"]].to_numpy(dtype=float), strict=True)
    )
    assert len(found) == len(answer) and set(found) == set(members), (
        f"{case}: give each group that has somebody one row, and nobody else."
    )
    for group, values in members.items():
        there = [value for value in values if value == value]
        share, mean = 1 - len(there) / len(values), sum(there) / len(there) if there else np.nan
        assert numbers_match(found[group][0], share), f"{case}: a share of missing values is wrong."
        assert numbers_match(found[group][1], mean, 1e-5), f"{case}: a mean of the observed values is wrong."


for trial in range(12):
    n_rows = int(draw.integers(6, 60))
    value = np.where(draw.random(n_rows) < 0.4, np.nan, np.round(8 * draw.normal(3, 1, n_rows)) / 8)
    groups = draw.integers(0, 4, n_rows)
    table = pd.DataFrame({"x": value.astype(["float32", "float64"][trial % 2]), "age": draw.integers(40, 90, n_rows)})
    table["g"] = [groups, np.array(list("dbca"))[groups], groups > 1, np.where(groups == 3, np.nan, groups)][trial % 4]
    case = ["whole numbers", "words", "true and false", "numbers, some missing"][trial % 4]
    judged(table, "x", "g", f"Groups given by {case}")
    judged(table.set_index(pd.Index(["p"] * n_rows)), "x", "g", f"Groups given by {case}, one label for all rows")
table = pd.DataFrame({"x": [1.0, np.nan, 3.0], "g": pd.Categorical(["a", "c", "a"], categories=["a", "b", "c"])})
judged(table, "x", "g", "A Categorical with a level that nobody has")
judged(table.assign(x=[np.nan] * 3), "x", "g", "No value at all")
judged(table.assign(x=[0.0, 4.0, 0.0]), "x", "g", "No gap, but zeros")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: choose the size of a tree
#
# A tree that grows until each leaf is pure remembers its training patients. Bounded, it can beat the simplest model of
# all, **age alone**. On this cohort that is harder than it sounds: age is a strong predictor, and a tuned tree beats it by one or two
# hundredths of the C-index.
#
# Write `decision_tree_classifier(X_train, y_train, X_val, y_val, rng)`.
#
# | | |
# |---|---|
# | **in** `X_train`, `X_val` | data frames or arrays of numbers without gaps, (patients, features); any number of features |
# | **in** `y_train`, `y_val` | 1 = died within ten years, 0 = alive; Series or arrays |
# | **in** `rng` | a seed (int), a NumPy `RandomState` or a NumPy `Generator`. scikit-learn refuses Generators: turn one into a seed with `int(rng.integers(2**31))` |
# | **out** | a fitted `DecisionTreeClassifier`, learnt from the *training* patients alone; the validation patients only choose its settings |
#
# **The bar.** On the complete cases above, C-index **0.818 or more** on the validation patients (age alone: 0.811), and more than age
# alone on the test patients. The hidden check also calls your function with made-up patients who have eight features, two of which matter; there
# 0.72 on the validation patients and 0.71 on new ones is enough. A tuned tree is well above all of these bars, whatever the seed.
# Nothing is changed in the inputs.
#
# **By hand.** Training patients aged 55, 60, 80, 85; the last two died. One split, "age ≤ 70?", separates them: depth 1 suffices, and
# its risks are 0 and 1.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two settings bound a tree: `max_depth`, and `min_samples_leaf`, the smallest number of patients in a leaf. Fit a tree for each of a dozen
# pairs on the training patients, compute `roc_auc_score` on the validation patients, keep the best.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `for settings in ParameterGrid({"max_depth": [3, 4, 5, 6, 8], "min_samples_leaf": [10, 20, 40]}):` fit
# `DecisionTreeClassifier(**settings, random_state=seed)` and score `tree.predict_proba(X_val)[:, 1]`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "decision_tree_classifier", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    """Fitted tree, learnt from the training patients, with the best validation C-index of several sizes."""
    ### BEGIN SOLUTION
    ### STUB: best_tree, best_score = None, -1
    ### STUB: for settings in ParameterGrid(...):  # which sizes do you try?
    ### STUB:     tree = ...  # fit on the training patients
    ### STUB:     score = ...  # C-index on the validation patients
    ### STUB:     if score > best_score:
    ### STUB:         best_tree, best_score = tree, score
    ### STUB: return best_tree
    seed = int(rng.integers(2**31)) if isinstance(rng, np.random.Generator) else rng
    best_tree, best_score = None, -1
    for settings in ParameterGrid({"max_depth": [4, 5, 6], "min_samples_leaf": [20, 40]}):
        tree = DecisionTreeClassifier(**settings, random_state=seed).fit(X_train, y_train)
        score = roc_auc_score(y_val, tree.predict_proba(X_val)[:, 1])
        if score > best_score:
            best_tree, best_score = tree, score
    return best_tree
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** On the complete cases, against age alone.

# %% nbgrader={"grade": true, "grade_id": "check_decision_tree_classifier", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Measured with this split: a grid of 15 sizes reaches 0.830 to 0.831 (validation) and 0.818 to 0.820 (test) over 12 seeds; depth 4 alone 0.824,
# depth 5 alone 0.820; depth 3 alone 0.816, unbounded 0.689. Age alone 0.811 and 0.800.
got = decision_tree_classifier(cc_train, y_cc_train, cc_val, y_cc_val, 7)
assert isinstance(got, DecisionTreeClassifier), (
    f"Got {got.__class__.__name__}, expected one fitted DecisionTreeClassifier: return the tree itself, without its settings."
)
age_alone, tree_score = roc_auc_score(y_cc_val, cc_val["age"]), roc_auc_score(y_cc_val, risk_of(got, cc_val))
assert tree_score >= 0.818, (
    f"C-index on the validation patients: got {tree_score:.3f}, expected 0.818 or more (age alone {age_alone:.3f}). Try several sizes and keep the best on the validation patients."
)
root = int(got.tree_.n_node_samples[0])
assert root <= len(cc_train), (
    f"Got a tree grown on {root} patients, expected at most the {len(cc_train)} training patients: validation patients only choose."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_103)


def judged(parts, rng, bars, case):
    (X1, y1), (X2, y2), (X3, y3) = parts
    copies = [np.array(part) for pair in parts[:2] for part in pair]
    tree = call_answer(decision_tree_classifier, X1, y1, X2, y2, rng, case=case)
    assert isinstance(tree, DecisionTreeClassifier), f"{case}: return one fitted DecisionTreeClassifier."
    assert int(tree.tree_.n_node_samples[0]) <= len(X1), (
        f"{case}: the tree was grown on more than the training patients."
    )
    assert roc_auc_score(y2, risk_of(tree, X2)) >= bars[0], f"{case}: the validation C-index is below the bar."
    assert roc_auc_score(y3, risk_of(tree, X3)) >= bars[1], f"{case}: the C-index on new patients is below the bar."
    same = all(np.array_equal(copy, np.array(part)) for copy, part in zip(copies, (X1, y1, X2, y2), strict=True))
    assert same, f"{case}: your function changed its inputs."


def made_up(n_patients):
    values = draw.normal(size=(n_patients, 8))
    chance = 1 / (1 + np.exp(0.8 - 1.3 * values[:, 2] - values[:, 5]))
    return values, (draw.random(n_patients) < chance).astype(int)


on_test = roc_auc_score(y_cc_test, cc_test["age"])
assert roc_auc_score(y_cc_test, risk_of(got, cc_test)) > on_test, (
    "The test patients: your tree does not beat age alone."
)
real = [(cc_train, y_cc_train), (cc_val, y_cc_val), (cc_test, y_cc_test)]
judged(real, np.random.default_rng(5), (0.818, on_test), "The complete cases, rng is a Generator")
# Measured on five made-up cohorts: tuned trees 0.77 or more on both; unbounded ones 0.69 and 0.66 at most.
parts = [made_up(n_patients) for n_patients in (900, 450, 1500)]
judged(parts, np.random.RandomState(4), (0.72, 0.71), "Made-up patients, as arrays, rng is a RandomState")
parts = [made_up(n_patients) for n_patients in (900, 450, 1500)]
framed = [(pd.DataFrame(X, columns=list("abcdefgh")), pd.Series(y)) for X, y in parts]
judged(framed, np.random.default_rng(1), (0.72, 0.71), "Made-up patients, as frames, rng is a Generator")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: search a grid on held-out patients
#
# What you did for the tree works for any classifier. Write it once.
#
# Write `holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams=None)`.
#
# | | |
# |---|---|
# | **in** `clf` | the *class* of a scikit-learn classifier, such as `DecisionTreeClassifier` (not an instance) |
# | **in** `X_train`, `y_train`, `X_val`, `y_val` | as in exercise 3 |
# | **in** `hyperparams` | dict: for each setting a list of values to try. Every combination is tried |
# | **in** `fixed_hyperparams` | dict of settings that all fits share; may be left out (None) |
# | **out** | the pair `(estimator, hyperparams)` |
# | `estimator` | fitted on the training patients; of all combinations the one with the best C-index of `predict_proba(X_val)[:, 1]` on the validation patients |
# | `hyperparams` | dict of the settings that made it; it may or may not repeat the fixed ones |
#
# Of equally good combinations any will do. The dicts and the data are not changed.
#
# **By hand.** `hyperparams = {"max_depth": [2, 4], "min_samples_leaf": [10, 50]}` means four fits. If their validation C-indices are
# 0.76, 0.75, **0.82**, 0.81 for (2, 10), (2, 50), (4, 10), (4, 50), then the third tree comes back, with
# `{"max_depth": 4, "min_samples_leaf": 10}`.
#
# <details><summary>Hint 1: the direction</summary>
#
# `ParameterGrid(hyperparams)` walks through all combinations, each a dict. Keep estimator *and* settings of the best so far, together.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `estimator = clf(**settings, **fixed).fit(X_train, y_train)`, then compare
# `roc_auc_score(y_val, estimator.predict_proba(X_val)[:, 1])` with the best so far.
# </details>


# %% nbgrader={"grade": false, "grade_id": "holdout_grid_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams=None):
    """Best estimator by validation C-index, fitted on the training patients, and the dict of its settings."""
    ### BEGIN SOLUTION
    ### STUB: fixed = fixed_hyperparams or {}
    ### STUB: best_estimator, best_hyperparams, best_score = None, {}, -1
    ### STUB: for settings in ...:  # all combinations
    ### STUB:     estimator = ...  # fitted
    ### STUB:     score = ...  # C-index on the validation patients
    ### STUB:     ...  # keep the best
    ### STUB: return best_estimator, best_hyperparams
    fixed = fixed_hyperparams or {}
    best_estimator, best_hyperparams, best_score = None, {}, -1
    for settings in ParameterGrid(hyperparams):
        estimator = clf(**settings, **fixed).fit(X_train, y_train)
        score = roc_auc_score(y_val, estimator.predict_proba(X_val)[:, 1])
        if score > best_score:
            best_estimator, best_hyperparams, best_score = estimator, settings, score
    return best_estimator, best_hyperparams
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** Trees of six sizes on the complete cases: which is the best, and did you keep it?

# %% nbgrader={"grade": true, "grade_id": "check_holdout_grid_search", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
grid = {"max_depth": [1, 5, None], "min_samples_leaf": [1, 40]}
got = holdout_grid_search(DecisionTreeClassifier, cc_train, y_cc_train, cc_val, y_cc_val, grid, {"random_state": 0})
try:
    estimator, settings = got
    settings = dict(settings)
except (TypeError, ValueError):
    raise AssertionError(f"Six sizes: got {type(got).__name__}, expected the pair (estimator, hyperparams).") from None
tried = [(settings.get("max_depth"), settings.get("min_samples_leaf"))]
assert tried == [(5, 40)], (
    f"Six sizes: got the settings {settings}, expected max_depth 5 and min_samples_leaf 40. Judge by the C-index of predict_proba(X_val)[:, 1], and keep the largest."
)
assert isinstance(estimator, DecisionTreeClassifier), (
    f"Six sizes: got {estimator.__class__.__name__} as the estimator, expected a DecisionTreeClassifier: build each with clf(...)."
)
score, whole = roc_auc_score(y_cc_val, risk_of(estimator, cc_val)), int(estimator.tree_.n_node_samples[0])
assert abs(score - 0.8304) < 0.003 and whole == len(cc_train), (
    f"The estimator: got C-index {score:.4f} from {whole} patients, expected 0.830 from {len(cc_train)}: the best one, fitted on the training patients alone."
)
### BEGIN HIDDEN TESTS
import itertools

from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

draw = np.random.default_rng(52_104)


def made_up(n_patients, n_features, noise):
    values = draw.normal(size=(n_patients, n_features))
    score = values[:, 0] + np.sin(2 * values[:, -1]) + noise * draw.normal(size=n_patients)
    return np.round(4 * values) / 4, (score > 0.9).astype(int)


def judged(clf, data, grid, fixed, case):
    (X1, y1), (X2, y2) = data
    copies = [np.array(part) for pair in data for part in pair]
    given = {name: list(values) for name, values in grid.items()}, dict(fixed or {})
    arguments = [clf, X1, y1, X2, y2, given[0]] + ([given[1]] if fixed is not None else [])
    answer = call_answer(holdout_grid_search, *arguments, case=case)
    try:
        estimator, settings = answer
        settings = {**(fixed or {}), **dict(settings)}
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return the pair (estimator, hyperparams), the second a dict.") from None
    assert given == ({name: list(values) for name, values in grid.items()}, dict(fixed or {})), (
        f"{case}: your function changed a dict."
    )
    same = all(np.array_equal(copy, np.array(part)) for copy, part in zip(copies, (X1, y1, X2, y2), strict=True))
    assert same, f"{case}: your function changed the data."
    wanted = {*grid, *(fixed or {})}
    assert set(settings) == wanted, f"{case}: hyperparams must name each setting that was searched, and no other."
    assert all(settings[name] in values for name, values in grid.items()), (
        f"{case}: hyperparams holds a value that was not to be tried."
    )
    combinations = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    scores = []
    for combination in combinations:
        model = clf(**combination, **(fixed or {})).fit(X1, y1)
        scores.append(roc_auc_score(y2, model.predict_proba(X2)[:, 1]))
    risk = risk_of(estimator, X2)
    assert abs(roc_auc_score(y2, risk) - max(scores)) < 1e-9, f"{case}: the estimator is not the best one of the grid."
    again = clf(**settings).fit(X1, y1).predict_proba(X2)[:, 1]
    assert np.allclose(risk, again, atol=1e-9), (
        f"{case}: the estimator is not what these settings give on the training patients."
    )


for noise in (0.7, 1.5):
    arrays = made_up(160, 3, noise), made_up(120, 3, noise)
    frames = [(pd.DataFrame(X, columns=list("abc")), pd.Series(y)) for X, y in arrays]
    trees = {"max_depth": [None, 1, 2, 4], "min_samples_leaf": [1, 15]}
    judged(DecisionTreeClassifier, arrays, trees, {"random_state": 3}, "Trees on arrays")
    judged(
        DecisionTreeClassifier,
        frames,
        {"max_leaf_nodes": [40, 3, 9]},
        {"random_state": 1, "max_features": 2},
        "Trees with two fixed settings",
    )
    judged(LogisticRegression, frames, {"C": [1e-4, 0.01, 1.0]}, None, "Logistic regression, nothing fixed")
    judged(
        KNeighborsClassifier,
        arrays,
        {"n_neighbors": [1, 25, 5], "weights": ["distance", "uniform"]},
        {},
        "Nearest neighbours, an empty dict of fixed settings",
    )
judged(
    RandomForestClassifier,
    arrays,
    {"max_depth": [1, 3], "n_estimators": [8]},
    {"random_state": 2},
    "Forests, one value of a setting",
)
backwards = [(X, 1 - y) if place else (X, y) for place, (X, y) in enumerate(arrays)]
judged(
    DecisionTreeClassifier,
    backwards,
    {"max_depth": [5, 1, 3]},
    {"random_state": 0},
    "Validation patients for whom everything is the other way round",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: grow a forest of the right size
#
# A forest averages many trees, each grown on a resample of the patients. Choose its settings as before.
#
# Write `random_forest_grid_search(X_train, y_train, X_val, y_val)`.
#
# | | |
# |---|---|
# | **in** | as in exercise 3 |
# | **out** | the pair `(forest, hyperparams)`: a `RandomForestClassifier` fitted on the training patients alone, and the dict of settings you chose for it (with at least one entry; each entry is what the forest really has) |
#
# You may call your own `holdout_grid_search`; then a mistake there costs here too. Keep it small: at most a dozen combinations of at most 100 trees, and no
# `n_jobs`, because the grader gives you one core and two minutes for everything.
#
# **The bar.** On the complete cases, C-index **0.825 or more** on the validation patients and more than age alone on the test patients. On the
# made-up patients of exercise 3, 0.74 on the validation patients and 0.72 on new ones. Bounded forests of 20 trees clear these with every random state; forests of
# unbounded trees do not clear the first.
#
# **By hand.** If your grid is `{"max_depth": [4, 8]}` and depth 8 gives the better validation C-index, you return that forest and `{"max_depth": 8}`.
#
# <details><summary>Hint 1: the direction</summary>
#
# The settings that matter most are the same as for one tree: `max_depth` and `min_samples_leaf`. More trees help, slowly.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# Fit `RandomForestClassifier(n_estimators=40, random_state=0, **settings)` for each of `ParameterGrid({"max_depth": [4, 8], "min_samples_leaf": [5, 20]})`
# and keep the best by `roc_auc_score` on the validation patients.
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_forest_grid_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    """Fitted forest with the best validation C-index of several settings, and the dict of its settings."""
    ### BEGIN SOLUTION
    ### STUB: hyperparams = ...  # which settings do you try?
    ### STUB: forest, best_hyperparams = ...  # the best of them, and its settings
    ### STUB: return forest, best_hyperparams
    forest, best_hyperparams, best_score = None, {}, -1
    for settings in ParameterGrid({"max_depth": [5, 8], "min_samples_leaf": [10]}):
        candidate = RandomForestClassifier(n_estimators=20, random_state=0, **settings).fit(X_train, y_train)
        score = roc_auc_score(y_val, candidate.predict_proba(X_val)[:, 1])
        if score > best_score:
            forest, best_hyperparams, best_score = candidate, settings, score
    return forest, best_hyperparams
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** On the complete cases. This takes a few seconds.

# %% nbgrader={"grade": true, "grade_id": "check_random_forest_grid_search", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Measured over random states 0 to 3: bounded forests (depth 4 to 8, 20 to 50 trees) 0.832 to 0.843 on validation and 0.805 to 0.820 on test patients;
# unbounded ones of 100 trees at most 0.821, of 10 trees 0.800. The search itself: see the labutils tests.
got = random_forest_grid_search(cc_train, y_cc_train, cc_val, y_cc_val)
try:
    forest, settings = got
    settings = dict(settings)
except (TypeError, ValueError):
    raise AssertionError(
        f"Got {type(got).__name__}, expected the pair (forest, hyperparams), the second a dict."
    ) from None
assert isinstance(forest, RandomForestClassifier), (
    f"Got {forest.__class__.__name__} as the forest, expected a fitted RandomForestClassifier."
)
score = roc_auc_score(y_cc_val, risk_of(forest, cc_val))
assert score >= 0.825, (
    f"C-index on the validation patients: got {score:.3f}, expected 0.825 or more (age alone {roc_auc_score(y_cc_val, cc_val['age']):.3f}). Bound the trees by max_depth or min_samples_leaf."
)
real = forest.get_params()
wrong = [name for name, value in settings.items() if real.get(name) != value]
assert settings and not wrong, (
    f"hyperparams: got {settings}, expected the settings of the forest that you return. These differ from it: {wrong or 'none named'}."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_105)


def judged(parts, bars, case):
    (X1, y1), (X2, y2), (X3, y3) = parts
    copies = [np.array(part) for pair in parts[:2] for part in pair]
    answer = call_answer(random_forest_grid_search, X1, y1, X2, y2, case=case)
    try:
        forest, settings = answer
        settings = dict(settings)
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return the pair (forest, hyperparams), the second a dict.") from None
    assert isinstance(forest, RandomForestClassifier), f"{case}: return a fitted RandomForestClassifier."
    real = forest.get_params()
    fits = settings and all(name in real and real[name] == value for name, value in settings.items())
    assert fits, f"{case}: hyperparams is not what the forest has."
    seen = float(forest.estimators_[0].tree_.weighted_n_node_samples[0])
    assert seen <= 1.15 * len(X1), f"{case}: the forest was grown on more than the training patients."
    assert roc_auc_score(y2, risk_of(forest, X2)) >= bars[0], f"{case}: the validation C-index is below the bar."
    assert roc_auc_score(y3, risk_of(forest, X3)) >= bars[1], f"{case}: the C-index on new patients is below the bar."
    same = all(np.array_equal(copy, np.array(part)) for copy, part in zip(copies, (X1, y1, X2, y2), strict=True))
    assert same, f"{case}: your function changed its inputs."


def made_up(n_patients):
    values = draw.normal(size=(n_patients, 8))
    chance = 1 / (1 + np.exp(0.8 - 1.3 * values[:, 4] - values[:, 1]))
    return values, (draw.random(n_patients) < chance).astype(int)


on_test = roc_auc_score(y_cc_test, cc_test["age"])
assert roc_auc_score(y_cc_test, risk_of(forest, cc_test)) > on_test, (
    "The test patients: your forest does not beat age alone."
)
seen = float(forest.estimators_[0].tree_.weighted_n_node_samples[0])
assert seen <= 1.15 * len(cc_train), "The complete cases: the forest was grown on more than the training patients."
parts = [made_up(n_patients) for n_patients in (700, 450, 1500)]
judged(parts, (0.74, 0.72), "Made-up patients, as arrays")
parts = [made_up(n_patients) for n_patients in (700, 450, 1500)]
judged(
    [(pd.DataFrame(X, columns=list("stuvwxyz")), pd.Series(y)) for X, y in parts],
    (0.74, 0.72),
    "Made-up patients, as frames",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: find patients for whom the forest is bad
#
# A C-index of 0.82 over everybody says little to *you*. Much of it comes from comparing the old with the young. Among patients of
# similar age the same forest ranks far worse. Find such a group.
#
# Write `bad_subset(forest, X_test, y_test)`.
#
# | | |
# |---|---|
# | **in** `forest` | a fitted classifier with `predict_proba` |
# | **in** `X_test` | data frame without gaps and with the columns `age`, `female`, `creatinine`, `kappa`, `lambda`, `mgus`; any index |
# | **in** `y_test` | Series or array of 0 and 1, in the order of the rows of `X_test` |
# | **out** | the pair `(cindex, size)`: the C-index of the forest in your subgroup, and its number of patients |
#
# The subgroup is chosen by a rule on the columns of `X_test` (never on `y_test`). It has **at least 250** patients, some who died and some who did not, and a C-index
# **below 0.69**. The C-index is that of `forest.predict_proba(...)[:, 1]`, ties counting one half. If the patients of your rule do not fulfil all of this (too few,
# one outcome only, or the forest is good there), return `(NaN, 0)`. Nothing is changed in the inputs.
#
# The check calls your function with `forest_cc` on the test patients and on other patients of the cohort. Among more than 1,000 patients of all ages your rule must find a bad group, so do not make it too
# narrow. It also calls it with too few patients, and with other models: one that gives everybody the same risk, one that has it backwards, one without any fault.
#
# **By hand.** A rule picks 300 patients, 10 of whom died. All 300 have the same predicted risk, so each pair is a tie: C-index 0.5, and you return `(0.5, 300)`. If
# all 300 were alive, the C-index would be 0/0: return `(NaN, 0)`.
#
# <details><summary>Hint 1: the direction</summary>
#
# What does the forest lean on most? Take patients who are alike in just that: one side of a threshold.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `inside = (X_test["age"] < 65).to_numpy()`; then `y = np.asarray(y_test)[inside]` and the risks of `X_test[inside]`. Check the size, that
# both outcomes occur, and the C-index, before you return it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "bad_subset", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bad_subset(forest, X_test, y_test):
    """C-index of the forest in a subgroup where it is bad, and the size of the subgroup; (NaN, 0) if there is none."""
    ### BEGIN SOLUTION
    ### STUB: inside = ...  # True for the patients of your subgroup
    ### STUB: y = ...  # their outcomes
    ### STUB: risk = ...  # their predicted risks
    ### STUB: cindex, size = ..., ...
    ### STUB: return cindex, size
    inside = (X_test["age"] < 65).to_numpy()
    y = np.asarray(y_test)[inside]
    if len(y) < 250 or len(np.unique(y)) < 2:
        return np.nan, 0
    cindex = roc_auc_score(y, forest.predict_proba(X_test[inside])[:, 1])
    return (cindex, len(y)) if cindex < 0.69 else (np.nan, 0)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** The forest on complete cases and its test patients; then too few patients.

# %% nbgrader={"grade": true, "grade_id": "check_bad_subset", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Measured with forest_cc: patients under 65 have C-index 0.658 (856 of them) here, and 0.647 to 0.681 in the hidden sets.
got = bad_subset(forest_cc, cc_test, y_cc_test)
try:
    cindex, size = (float(part) for part in got)
except (TypeError, ValueError):
    raise AssertionError(f"Got {got!r}, expected the pair (cindex, size).") from None
assert 250 <= size <= len(cc_test) and size == int(size), (
    f"Size of the subgroup: got {size}, expected a whole number from 250 to {len(cc_test)}. The C-index comes first, the size second."
)
assert 0 <= cindex < 0.69, (
    f"C-index in the subgroup: got {cindex:.3f}, expected a number from 0 to below 0.69. Over everybody it is {roc_auc_score(y_cc_test, risk_of(forest_cc, cc_test)):.3f}: choose patients who are alike in what the forest leans on."
)
got = bad_subset(forest_cc, cc_test.iloc[:200], y_cc_test.iloc[:200])
assert numbers_match(list(got), [np.nan, 0]), (
    f"Only 200 patients: got {got!r}, expected (nan, 0): no subgroup can have 250."
)
### BEGIN HIDDEN TESTS
from sklearn.dummy import DummyClassifier


def judged(forest, X, y, case):
    copies = X.copy(), np.array(y)
    answer = call_answer(bad_subset, forest, X, y, case=case)
    try:
        cindex, size = (float(part) for part in answer)
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return the pair (cindex, size).") from None
    assert X.equals(copies[0]) and np.array_equal(copies[1], np.array(y)), f"{case}: your function changed its inputs."
    return cindex, size


def must_be_bad(forest, X, y, case):
    cindex, size = judged(forest, X, y, case)
    assert 250 <= size <= len(X) and size == int(size), f"{case}: the subgroup must have 250 patients or more."
    assert 0 <= cindex < 0.69, f"{case}: the C-index in the subgroup must be below 0.69."
    return cindex


both, y_both = pd.concat([cc_val, cc_test]), pd.concat([y_cc_val, y_cc_test])
must_be_bad(forest_cc, cc_val, y_cc_val, "The validation patients")
must_be_bad(forest_cc, both, y_both, "Validation and test patients together")
must_be_bad(
    forest_cc,
    cc_test.iloc[:1100].reset_index(drop=True),
    y_cc_test.iloc[:1100].to_numpy(),
    "Other patients, outcomes as an array",
)
must_be_bad(
    forest_cc,
    cc_test.iloc[600:].set_index(pd.Index(["p"] * (len(cc_test) - 600))),
    y_cc_test.iloc[600:].to_numpy(),
    "Other patients, one label for all rows",
)

same_for_all = DummyClassifier(strategy="prior").fit(cc_train, y_cc_train)
cindex = must_be_bad(same_for_all, both, y_both, "A model that gives everybody the same risk")
assert abs(cindex - 0.5) < 1e-9, (
    "A model that gives everybody the same risk: each pair is a tie, which counts one half."
)
distinct = both.drop_duplicates()
y_distinct = y_both[distinct.index]
backwards = DecisionTreeClassifier(random_state=0).fit(distinct, 1 - y_distinct)
cindex = must_be_bad(backwards, distinct, y_distinct, "A model that has it backwards")
assert abs(cindex) < 1e-9, (
    "A model that has it backwards: the C-index must be 0. Is it the forest's risk that you judge?"
)
perfect = DecisionTreeClassifier(random_state=0).fit(distinct, y_distinct)
answer = judged(perfect, distinct, y_distinct, "A model without any fault")
assert numbers_match(answer, [np.nan, 0]), "A model without any fault: no subgroup is bad, so return (NaN, 0)."
# a tree whose leaves promise 1/3 to those who died and 0 to the others: a perfect order, and nobody above one half
cautious = DecisionTreeClassifier(random_state=0).fit(
    pd.concat([distinct] * 3), np.concatenate([y_distinct, np.zeros(2 * len(distinct), dtype=int)])
)
answer = judged(cautious, distinct, y_distinct, "A model with a perfect order and low risks")
assert numbers_match(answer, [np.nan, 0]), (
    "A model with a perfect order and low risks: judge probabilities, not yes or no."
)
answer = judged(same_for_all, distinct, y_distinct * 0, "Patients who all live")
assert numbers_match(answer, [np.nan, 0]), "Patients who all live: there is no pair, so return (NaN, 0)."
answer = judged(forest_cc, both.iloc[:249], y_both.iloc[:249], "249 patients")
assert numbers_match(answer, [np.nan, 0]), "249 patients: no subgroup can have 250, so return (NaN, 0)."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: find columns that give the answer away
#
# Now to the gaps. A table with systolic pressure, diastolic pressure *and* pulse pressure holds each of the three twice. Hide the
# systolic one, and an imputer rebuilds it perfectly as diastolic + pulse. It has learnt nothing about patients, and it will fail where the blood pressure was not
# taken at all. So look for such columns first.
#
# Write `find_derived_columns(df)`.
#
# | | |
# |---|---|
# | **in** `df` | data frame of numbers (any width), one row per patient; NaN where missing. At least twice as many complete rows as columns, and no column is constant |
# | **out** | the names of all columns that are exact linear functions of the other columns: a list, tuple, set or Index, each name once, in any order |
#
# A column is *derived* if, over the rows without any gap, it equals a constant plus a weighted sum of the other columns, up to rounding: what is left over has
# a root mean square of at most one millionth of the column's standard deviation. (Nearly is not exact: in the hidden inputs other columns leave at least 0.4 %.) By this rule all three pressures are derived, each from the other two. `df` is not changed.
#
# **By hand.** `sys = [120, 150, 131, …]`, `dia = [80, 70, 90, …]`, `pulse = sys − dia`, `age = [40, 71, 52, …]`: the answer is `sys`, `dia` and `pulse`. Without
# `pulse` it is empty.
#
# <details><summary>Hint 1: the direction</summary>
#
# For each column in turn: fit a linear regression of it on all the others, with an intercept, and look at the largest error, or its root mean square.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# With `z` the standardised complete rows as an array: `others = np.delete(z, j, axis=1)`, `b = np.linalg.lstsq(others, z[:, j], rcond=None)[0]`, and
# `np.sqrt(np.mean((z[:, j] - others @ b) ** 2))` is what is left over, in standard deviations.
# </details>


# %% nbgrader={"grade": false, "grade_id": "find_derived_columns", "locked": false, "schema_version": 3, "solution": true, "task": false}
def find_derived_columns(df):
    """Names of the columns that are exact linear functions of the others (over the complete rows)."""
    ### BEGIN SOLUTION
    ### STUB: complete = ...  # the rows without a gap
    ### STUB: derived = []
    ### STUB: for name in complete.columns:
    ### STUB:     ...  # regress it on the others; nothing left over? then append it
    ### STUB: return derived
    complete = df.dropna().astype(float)
    z = ((complete - complete.mean()) / complete.std()).to_numpy()
    derived = []
    for place, name in enumerate(complete.columns):
        others = np.delete(z, place, axis=1)
        fitted = others @ np.linalg.lstsq(others, z[:, place], rcond=None)[0]
        if np.sqrt(np.mean((z[:, place] - fitted) ** 2)) <= 1e-6:
            derived.append(name)
    return derived
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** Eight patients with three pressures, with and without pulse pressure; and a copy in another unit.

# %% nbgrader={"grade": true, "grade_id": "check_find_derived_columns", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
pressures = pd.DataFrame(
    {
        "sys": [120.0, 150, 131, 110, 142, 160, 125, np.nan],
        "dia": [80.0, 70, 90, 65, 88, 95, 70, 80],
        "age": [40.0, 71, 52, 66, 49, 80, 33, 60],
    }
)
pressures["pulse"] = pressures["sys"] - pressures["dia"]
got = find_derived_columns(pressures.copy())
assert not isinstance(got, str) and sorted(got) == ["dia", "pulse", "sys"], (
    f"With pulse pressure: got {got!r}, expected sys, dia and pulse. Each is a function of the other two; rows with a gap are passed over."
)
got = find_derived_columns(pressures[["sys", "dia", "age"]])
assert len(got) == 0, f"Without pulse pressure: got {got!r}, expected nothing. Correlated is not derived."
months = pressures[["age", "dia"]].assign(months=lambda table: 12 * table["age"] + 6)
got = find_derived_columns(months)
assert sorted(got) == ["age", "months"], (
    f"Age in years and in months (12 · age + 6): got {got!r}, expected age and months. Allow a constant, and do not stop at differences."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_107)


def judged(table, expected, case):
    before = table.copy()
    answer = call_answer(find_derived_columns, table, case=case)
    assert table.equals(before), f"{case}: your function changed the table."
    try:
        names = [] if isinstance(answer, str) else list(answer)
    except TypeError:
        raise AssertionError(f"{case}: return a list of names.") from None
    assert not isinstance(answer, str) and len(names) == len(set(names)), f"{case}: return each name once, in a list."
    missed, extra = set(expected) - set(names), set(names) - set(expected)
    assert not missed, f"{case}: a derived column was missed."
    assert not extra, f"{case}: a column was named that is no exact linear function of the others."


def some_columns(n_rows, n_columns):
    values = np.round(4 * draw.normal(10, 3, (n_rows, n_columns))) / 4
    return pd.DataFrame(values, columns=[f"lab {number}" for number in range(n_columns)])


for _ in range(6):
    table = some_columns(int(draw.integers(40, 120)), 4)
    judged(table, [], "Nothing derived")
    total = table.assign(total=table["lab 0"] + table["lab 1"] - 2 * table["lab 3"] + 4)
    names = ["lab 0", "lab 1", "lab 3", "total"]
    judged(total, names, "A weighted sum of three columns and a constant")
    judged(total.astype("float32"), names, "The same in single precision")
    gaps = total.mask(draw.random(total.shape) < 0.1)
    judged(gaps, names, "The same with gaps")
    judged(total[total.columns[::-1]].set_index(pd.Index(["p"] * len(total))), names, "Columns in another order")
    judged(table.assign(copy=table["lab 2"]), ["lab 2", "copy"], "A column that is there twice")
    judged(table.assign(other=1000 * table["lab 2"] - 273), ["lab 2", "other"], "A column in another unit")
    noise = 0.01 * table["lab 0"].std() * draw.normal(size=len(table))
    judged(table.assign(near=table["lab 0"] + noise), [], "A column that is nearly another one")
    judged(
        table.assign(square=table["lab 0"] ** 2, ratio=table["lab 1"] / (table["lab 2"] ** 2 + 1)),
        [],
        "A square and a ratio",
    )
    two = table.assign(a=table["lab 0"] - table["lab 1"], b=2 * table["lab 2"] + 1)
    judged(two, ["lab 0", "lab 1", "lab 2", "a", "b"], "Two relations at once")
whole = pd.DataFrame({"age": draw.integers(40, 90, 50), "year": 0})
whole["year"] = 2000 - whole["age"]
judged(whole.assign(visits=draw.integers(1, 9, 50)), ["age", "year"], "Whole numbers")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8: impute the mean
#
# The simplest filling: give everybody the average. Simple, but with one trap: *whose* average?
#
# Write `mean_impute(X_train, X_val, X_test)`.
#
# | | |
# |---|---|
# | **in** | three data frames of numbers (float of any width, or int) with the same columns; NaN where missing. Each column has a value for at least one training patient. Any of the tables but the first may be empty |
# | **out** | a list or tuple of three data frames without gaps: the same columns in the same order, the same index, the same values where there was one; each gap holds the **mean of its column over the training patients** |
#
# The inputs are not changed. As a whole pipeline (light chain `kappa` made missing in 30 %, more in the young; mean imputation; a forest of 25 trees that the check grows), the
# C-index on the test patients must be **0.80 or more**.
#
# **By hand.** Training ages 60 and 70, creatinine 1.0 and –. The means are 65 and 1.0. A test patient (–, –) becomes (65, 1.0), a test patient (90, 2.0) stays as is.
#
# <details><summary>Hint 1: the direction</summary>
#
# Compute the means once, from the training table, and use them for all three. Whoever uses your model next year comes alone: there is no test set to average over.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `means = X_train.mean()`, then `table.fillna(means)` for each of the three. (Or `SimpleImputer(strategy="mean").fit(X_train)`, whose `transform` returns arrays that you must
# put back into frames.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "mean_impute", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_impute(X_train, X_val, X_test):
    """The three tables with every gap filled by the training mean of its column."""
    ### BEGIN SOLUTION
    ### STUB: means = ...  # one number per column
    ### STUB: return ..., ..., ...
    means = X_train.mean()
    return tuple(table.fillna(means) for table in (X_train, X_val, X_test))
    ### END SOLUTION


# %% [markdown]
# **Check exercise 8.** Two training patients, two test patients; then the pipeline on the cohort.

# %% nbgrader={"grade": true, "grade_id": "check_mean_impute", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
small_train = pd.DataFrame({"age": [60.0, 70.0], "creatinine": [1.0, np.nan]}, index=["a", "b"])
small_test = pd.DataFrame({"age": [np.nan, 90.0], "creatinine": [np.nan, 2.0]}, index=["c", "d"])
got = mean_impute(small_train.copy(), small_test.copy(), small_test.copy())
assert isinstance(got, (list, tuple)) and len(got) == 3 and all(isinstance(part, pd.DataFrame) for part in got), (
    f"Three tables in: got {type(got).__name__}, expected a list or tuple of three data frames."
)
assert numbers_match(got[0], [[60, 1], [70, 1]]) and numbers_match(got[2], [[65, 1], [90, 2]]), (
    f"The patients above: got {got[0].to_numpy().tolist()} and {got[2].to_numpy().tolist()}, expected [[60, 1], [70, 1]] and [[65, 1], [90, 2]]: training means everywhere."
)
assert list(got[2].index) == ["c", "d"] and list(got[2].columns) == ["age", "creatinine"], (
    f"The frame of the test patients: got index {list(got[2].index)}, expected c, d, and the columns of the input."
)
gappy = [
    make_missing(table, "kappa", rule="MAR", given="age", share=0.3, strength=-1.5, rng=place)
    for place, table in enumerate((X_train, X_val, X_test))
]
filled = mean_impute(*[table.copy() for table in gappy])
assert all(
    part.shape == table.shape and not part.isna().any(axis=None) for part, table in zip(filled, gappy, strict=True)
), (
    f"The cohort: got tables of shapes {[part.shape for part in filled]}, expected {[table.shape for table in gappy]} without any gap. Drop nobody."
)
# Measured over four sets of gaps and five random states of the forest: 0.812 to 0.823.
forest = RandomForestClassifier(25, max_depth=6, min_samples_leaf=10, random_state=0).fit(filled[0], y_train)
score = roc_auc_score(y_test, risk_of(forest, filled[2]))
assert score >= 0.80, f"Forest on mean-imputed values: got a test C-index of {score:.3f}, expected 0.80 or more."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_108)


def judged(tables, case):
    copies = [table.copy() for table in tables]
    answer = call_answer(mean_impute, *tables, case=case)
    good = (
        isinstance(answer, (list, tuple))
        and len(answer) == 3
        and all(isinstance(part, pd.DataFrame) for part in answer)
    )
    assert good, f"{case}: return three data frames."
    assert all(table.equals(copy) for table, copy in zip(tables, copies, strict=True)), (
        f"{case}: your function changed a table."
    )
    means = {}
    for name in copies[0].columns:
        there = [float(value) for value in copies[0][name] if value == value]
        means[name] = sum(there) / len(there)
    for part, table in zip(answer, copies, strict=True):
        assert list(part.columns) == list(table.columns) and list(part.index) == list(table.index), (
            f"{case}: keep the index and the columns of each table."
        )
        expected = [
            [means[name] if value != value else value for name, value in row.items()]
            for _, row in table.astype(float).iterrows()
        ]
        if len(table):
            assert numbers_match(part, expected, 1e-5), (
                f"{case}: a gap must hold the training mean, and nothing else may change."
            )


def some_table(n_rows, names, kind):
    values = np.round(8 * draw.normal(5, 2, (n_rows, len(names)))) / 8
    gone = draw.random(values.shape) < 0.3
    gone[:1] = False
    return pd.DataFrame(np.where(gone, np.nan, values), columns=names).astype(kind)


for trial in range(8):
    names = [["age", "bmi", "sex"], ["x"], ["c", "a", "b", "d"]][trial % 3]
    tables = [some_table(int(draw.integers(2, 30)), names, ["float64", "float32"][trial % 2]) for _ in range(3)]
    judged(tables, "Three tables with gaps")
    judged(
        [table.set_index(pd.Index([f"p{number % 3}" for number in range(len(table))])) for table in tables],
        "An index that repeats itself",
    )
    judged(
        [tables[0], tables[1].iloc[:0], tables[2].iloc[:1] * np.nan],
        "No validation patient, one test patient without any value",
    )
    judged([tables[0], tables[1] + 100, tables[2] - 100], "Patients who differ between the tables")
ages = pd.DataFrame({"age": [40, 50, 75], "n": [1, 2, 6]})
judged([ages, ages.astype(float).mask(ages > 60), ages], "Whole numbers without gaps in training")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 9: impute by regression, in rounds
#
# The mean knows nothing of the patient. But someone whose `lambda` is high has, as a rule, a high `kappa` too, and the kidneys tell something of both. **Iterative imputation** regresses each
# column with gaps on all others, fills its gaps with the predictions, and repeats until the values settle.
#
# Write `iterative_impute(X_train, X_val, X_test)`.
#
# | | |
# |---|---|
# | **in** | three data frames of numbers as in exercise 8: the same columns, NaN where missing, each column with many training values. Columns are not derived from one another |
# | **out** | a list or tuple of three data frames without gaps: same columns, same index, same values where there was one; each gap holds what a regression, **learnt from the training patients alone**, predicts from the patient's other values |
#
# Fill in the predicted *mean*, without random noise. What a validation or test patient gets must not depend on who else is in the table. The inputs are not changed.
#
# **The bars.** Where `kappa` was made missing in 30 % of the patients, more in the young, the root mean square error of the imputed values is at most **0.75 times** that of mean imputation, and a forest of 25 trees on the result has a
# test C-index of **0.80 or more**. On made-up patients whose columns are linear functions of one another plus noise, at most 0.7 times.
#
# **By hand.** In training, creatinine is 0.2 + 0.01 · age without noise. A test patient aged 80 without creatinine gets 0.2 + 0.8 = 1.0; the mean, say 0.85, would have been wrong for nearly everybody.
#
# <details><summary>Hint 1: the direction</summary>
#
# scikit-learn's `IterativeImputer` does the rounds. `fit` it on one table, `transform` all three, and put the arrays back into frames.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `imputer = IterativeImputer(max_iter=30, random_state=0).fit(X_train)`, then
# `pd.DataFrame(imputer.transform(table), index=table.index, columns=table.columns)` for each of the three.
# </details>


# %% nbgrader={"grade": false, "grade_id": "iterative_impute", "locked": false, "schema_version": 3, "solution": true, "task": false}
def iterative_impute(X_train, X_val, X_test):
    """The three tables with every gap filled by regression on the other columns, learnt from the training patients."""
    ### BEGIN SOLUTION
    ### STUB: imputer = ...  # learnt from the training patients
    ### STUB: return ..., ..., ...
    imputer = IterativeImputer(max_iter=30, random_state=0).fit(X_train)
    return tuple(
        pd.DataFrame(imputer.transform(table), index=table.index, columns=table.columns)
        for table in (X_train, X_val, X_test)
    )
    ### END SOLUTION


# %% [markdown]
# **Check exercise 9.** A straight line; then the cohort, where the values that we took away are known to us.

# %% nbgrader={"grade": true, "grade_id": "check_iterative_impute", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
line = pd.DataFrame(
    {"age": np.arange(50.0, 80.0), "creatinine": 0.2 + 0.01 * np.arange(50.0, 80.0)}, index=range(100, 130)
)
holes = line.copy()
holes.loc[[103, 110, 120], "creatinine"] = np.nan
got = iterative_impute(
    holes.copy(), holes.iloc[:12].copy(), pd.DataFrame({"age": [80.0], "creatinine": [np.nan]}, index=["z"])
)
assert isinstance(got, (list, tuple)) and len(got) == 3 and all(isinstance(part, pd.DataFrame) for part in got), (
    f"Three tables in: got {type(got).__name__}, expected a list or tuple of three data frames with index and columns as before."
)
value = float(got[2].loc["z", "creatinine"]) if "z" in got[2].index else np.nan
assert abs(value - 1.0) < 0.03, (
    f"A patient aged 80 on the line 0.2 + 0.01 · age: got {value:.3f}, expected about 1.0. The mean is {holes['creatinine'].mean():.3f}; learn the regression from X_train."
)
gappy = [
    make_missing(table, "kappa", rule="MAR", given="age", share=0.3, strength=-1.5, rng=place)
    for place, table in enumerate((X_train, X_val, X_test))
]
filled = iterative_impute(*[table.copy() for table in gappy])
hidden = gappy[2]["kappa"].isna()
errors = [
    np.sqrt(np.mean((values - X_test.loc[hidden, "kappa"]) ** 2))
    for values in (filled[2].loc[hidden, "kappa"], gappy[0]["kappa"].mean())
]
# Measured over four sets of gaps: 0.46 to 0.60 times the error of the mean; test C-index over five random states of the forest 0.810 to 0.818.
assert errors[0] <= 0.75 * errors[1], (
    f"Error of the imputed kappa: got {errors[0]:.3f}, expected at most {0.75 * errors[1]:.3f} mg/dL (0.75 times that of the mean). Is every gap predicted from the other columns?"
)
forest = RandomForestClassifier(25, max_depth=6, min_samples_leaf=10, random_state=0).fit(filled[0], y_train)
score = roc_auc_score(y_test, risk_of(forest, filled[2]))
assert score >= 0.80, f"Forest on the imputed values: got a test C-index of {score:.3f}, expected 0.80 or more."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_109)


def called(tables, case):
    copies = [table.copy() for table in tables]
    answer = call_answer(iterative_impute, *tables, case=case)
    good = (
        isinstance(answer, (list, tuple))
        and len(answer) == 3
        and all(isinstance(part, pd.DataFrame) for part in answer)
    )
    assert good, f"{case}: return three data frames."
    assert all(table.equals(copy) for table, copy in zip(tables, copies, strict=True)), (
        f"{case}: your function changed a table."
    )
    for part, table in zip(answer, copies, strict=True):
        assert list(part.columns) == list(table.columns) and list(part.index) == list(table.index), (
            f"{case}: keep the index and the columns of each table."
        )
        assert not part.isna().any(axis=None), f"{case}: a gap is left."
        there = table.notna().to_numpy()
        assert np.allclose(part.to_numpy(dtype=float)[there], table.to_numpy(dtype=float)[there], rtol=1e-6), (
            f"{case}: a value that was there has changed."
        )
    return answer


def some_patients(n_patients):
    a, d, e, f = draw.normal(size=(4, n_patients))
    table = pd.DataFrame({"a": a, "b": a + 0.5 * d + 0.4 * e, "c": a - d + 0.5 * f, "d": 5 + d})
    gone = draw.random(table.shape) < np.array([0, 0.25, 0.25, 0])
    return table + 10, (table + 10).mask(gone)


for trial in range(2):
    whole, gappy = zip(*[some_patients(n_patients) for n_patients in (260, 40, 90)], strict=True)
    gappy = [table.set_index(pd.Index([f"p{trial}-{number}" for number in range(len(table))])) for table in gappy]
    case = "Made-up patients, columns that depend on one another"
    filled = called(gappy, case)
    for name in ("b", "c"):
        hidden = gappy[2][name].isna().to_numpy()
        truth = whole[2][name].to_numpy()[hidden]
        error = np.sqrt(np.mean((filled[2][name].to_numpy()[hidden] - truth) ** 2))
        by_mean = np.sqrt(np.mean((gappy[0][name].mean() - truth) ** 2))
        assert error <= 0.7 * by_mean, f"{case}: the imputed values are hardly better than the mean."
    shifted = called([gappy[0], gappy[1], gappy[2] * 3 + 50], "Test patients who are quite different")
    assert np.allclose(shifted[0], filled[0], rtol=1e-5) and np.allclose(shifted[1], filled[1], rtol=1e-5), (
        "Other test patients changed what the training or validation patients get: learn from the training patients alone."
    )
    few = called([gappy[0], gappy[1].iloc[3:4], gappy[2].iloc[10:20]], "Few patients")
    assert np.allclose(few[2], filled[2].iloc[10:20], rtol=1e-5) and np.allclose(
        few[1], filled[1].iloc[3:4], rtol=1e-5
    ), "A patient gets another value when others are in the table: learn from the training patients alone."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 10: put an interval on the difference of two models
#
# One forest has a C-index of 0.823, the other of 0.815. Is it better? Both were judged on the same patients, so draw *patients* again, and take both
# scores of each.
#
# Write `cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95)`.
#
# | | |
# |---|---|
# | **in** `y_true` | 0 and 1, one per patient: list, array or Series, of any type |
# | **in** `scores_a`, `scores_b` | the scores of two models for these patients, higher = more likely to die; list, array or Series of any float width |
# | **in** `n_boot` | number of resamples |
# | **in** `rng` | a seed or a NumPy `Generator`; the same seed gives the same answer |
# | **in** `level` | between 0 and 1 |
# | **out** | `(difference, low, high)`: the C-index of A minus that of B on the data itself, and the (1 − level)/2 and (1 + level)/2 quantiles of that difference over the resamples |
#
# One resample: draw as many patients as there are, with replacement, and compute both C-indices (ties count one half) on them. A resample in which all have the same outcome has
# no C-index: draw it again, or leave it out. If `y_true` itself holds one outcome only, return (NaN, NaN, NaN). The inputs are not changed. (Percentile bootstrap: Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993.)
#
# **By hand.** Four patients, the last two died. A gives 1, 2, 3, 4: all four pairs are right, C = 1. B gives 1, 3, 2, 4: patient 2 is above patient 3, so three of four, 0.75. The difference is 0.25.
#
# <details><summary>Hint 1: the direction</summary>
#
# Draw row numbers once per resample, and index `y_true`, `scores_a` and `scores_b` with the same numbers. Turn the inputs into arrays first, so that an index cannot interfere.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `rows = rng.integers(0, n, n)`; skip it if `y[rows]` has one value only; else append `roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[rows], b[rows])`. In the end
# `np.quantile(found, [(1 - level) / 2, (1 + level) / 2])`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "cindex_interval", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    """C-index of A minus that of B, and the ends of its bootstrap interval, paired on patients."""
    ### BEGIN SOLUTION
    ### STUB: y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    ### STUB: rng = np.random.default_rng(rng)
    ### STUB: difference = ...  # on the data itself; NaN with one outcome only
    ### STUB: found = []  # the difference of each resample
    ### STUB: low, high = ...  # two quantiles of found
    ### STUB: return difference, low, high
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng = np.random.default_rng(rng)
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan
    difference, found = roc_auc_score(y, a) - roc_auc_score(y, b), []
    while len(found) < n_boot:
        rows = rng.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            found.append(roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[rows], b[rows]))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return difference, low, high
    ### END SOLUTION


# %% [markdown]
# **Check exercise 10.** The four patients above; a made-up pair of models that hardly differ; the same model twice.

# %% nbgrader={"grade": true, "grade_id": "check_cindex_interval", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
got = cindex_interval([0, 0, 1, 1], [1.0, 2, 3, 4], [1.0, 3, 2, 4], 50, 0)
try:
    difference, low, high = (float(part) for part in got)
except (TypeError, ValueError):
    raise AssertionError(f"Four patients: got {got!r}, expected the three numbers (difference, low, high).") from None
assert abs(difference - 0.25) < 1e-9 and low <= high, (
    f"Four patients: got a difference of {difference} with ends {low} and {high}, expected 0.25 (1 − 0.75, A minus B), low first."
)
maker = np.random.default_rng(2026)
y = (maker.random(200) < 0.3).astype(int)
first = y + maker.normal(size=200)
second = first + 0.3 * maker.normal(size=200)
got = cindex_interval(y, first, second, 100, 1)
width = float(got[2]) - float(got[1])
# Measured over 40 seeds of rng: 0.037 to 0.056; patients drawn separately 0.16 to 0.24.
assert 0.03 < width < 0.07, (
    f"Two models that hardly differ: got an interval of width {width:.3f}, expected about 0.05. About 0.20 means that the patients of A and B were drawn separately; 0, that they were drawn without replacement."
)
got = cindex_interval(y, first, first, 40, 1)
assert numbers_match(list(got), [0, 0, 0]), f"The same model twice: got {got!r}, expected (0, 0, 0)."
got = cindex_interval([1, 1, 1], [0.1, 0.2, 0.3], [0.3, 0.2, 0.1], 20, 0)
assert numbers_match(list(got), [np.nan] * 3), (
    f"Everybody died: got {got!r}, expected (nan, nan, nan): there is no pair."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(52_110)


def pairs_right(y, score):
    dead, alive = score[y == 1][:, None], score[y == 0][None, :]
    return float(np.mean((dead > alive) + 0.5 * (dead == alive)))


def reference(y, a, b, n_boot, level):
    found = []
    while len(found) < n_boot:
        rows = draw.integers(0, len(y), len(y))
        if 0 < y[rows].sum() < len(y):
            found.append(pairs_right(y[rows], a[rows]) - pairs_right(y[rows], b[rows]))
    return np.quantile(found, [(1 - level) / 2, (1 + level) / 2]), np.std(found)


def judged(y, a, b, n_boot, rng, case, level=None):
    given = [part.copy() if hasattr(part, "copy") else part for part in (y, a, b)]
    rest = [n_boot, rng] + ([level] if level is not None else [])
    answer = call_answer(cindex_interval, *given, *rest, case=case)
    try:
        first, low, high = answer
        got = [float(first), float(low), float(high)]
    except (TypeError, ValueError):
        raise AssertionError(f"{case}: return three numbers, (difference, low, high).") from None
    same = all(
        np.array_equal(np.asarray(after), np.asarray(before)) for after, before in zip(given, (y, a, b), strict=True)
    )
    assert same, f"{case}: your function changed its inputs."
    return got


def judged_fully(y, a, b, rng, case, level=None, slack=1.3):
    got = judged(y, a, b, 70, rng, case, level)
    arrays = [np.asarray(part, dtype=float) for part in (y, a, b)]
    assert abs(got[0] - (pairs_right(arrays[0], arrays[1]) - pairs_right(arrays[0], arrays[2]))) < 1e-6, (
        f"{case}: the difference is not C-index of A minus C-index of B, ties counting one half."
    )
    (low, high), spread = reference(*arrays, 600, level or 0.95)
    assert abs(got[1] - low) <= slack * spread and abs(got[2] - high) <= slack * spread, (
        f"{case}: the interval is not the one that resampled patients give, with both scores of each."
    )


y = (draw.random(90) < 0.35).astype(int)
a = 1.2 * y + draw.normal(size=90)
near, far = a + 0.4 * draw.normal(size=90), draw.normal(size=90)
judged_fully(y, a, near, 3, "Two models that resemble one another")
judged_fully(y, a, far, np.random.default_rng(4), "Two models that have nothing in common, rng is a Generator")
judged_fully(
    y.astype(bool),
    (np.round(2 * a) / 4).astype("float32"),
    (np.round(near) / 4).astype("float32"),
    6,
    "Many ties, outcomes as bool",
)
judged_fully(y, a, near, 7, "Half of the resamples inside", level=0.5, slack=0.8)
shuffled_index = draw.permutation(90)
judged_fully(
    pd.Series(y, index=shuffled_index),
    pd.Series(a, index=shuffled_index),
    pd.Series(near),
    8,
    "Series with different indexes",
)

first, again, other = (judged(y.tolist(), a.tolist(), near.tolist(), 30, seed, "Lists") for seed in (1, 1, 2))
assert first == again, "The same seed gave two different intervals."
assert first[1:] != other[1:], "Two seeds gave the same interval: is rng used?"
rare = np.array([1, 0, 0, 0, 0, 0, 0, 0])
rare_answer = judged(rare, np.arange(8.0)[::-1], np.arange(8.0), 40, 1, "One death among eight patients")
assert np.isfinite(rare_answer).all() and -1 <= rare_answer[1] <= rare_answer[2] <= 1, (
    "One death among eight patients: leave out resamples with one outcome only, and return finite numbers."
)
nobody = judged(np.zeros(6), np.arange(6.0), np.arange(6.0)[::-1], 20, 1, "Nobody died")
assert numbers_match(nobody, [np.nan] * 3), "Nobody died: return (NaN, NaN, NaN)."
### END HIDDEN TESTS
# %% [markdown]
# ## Then: use them
#
# Nothing below is graded. It uses your functions, so finish the exercises first.

# %% [markdown]
# These imports are for drawing and explaining only. (shap takes some seconds.)

# %% tags=["ungraded"]
# Here and not at the top, because no exercise needs them.
import matplotlib

# shap explains trees; its import takes some seconds, so it is not at the top.
import shap

# drawing, and tables by group
from labutils import plots, plots_labs, plots_missing, subgroups

# %% [markdown]
# ### Who has no creatinine?
#
# Group the people of the study by age. If creatinine were missing completely at random, the shares would be alike.

# %% tags=["ungraded"]
bands = ["50 to 59", "60 to 69", "70 to 79", "80 and over"]
banded = shuffled.assign(age_band=np.array(bands)[np.digitize(shuffled["age"], [60, 70, 80])])
by_age = missingness_by_group(banded, "creatinine", "age_band").loc[bands]
by_age["died"] = banded.groupby("age_band")["died"].mean()
print(f"{fraction_rows_missing(shuffled[features]):.1%} of {len(shuffled)} people have a gap")
assert by_age["share_missing"].is_monotonic_decreasing and by_age["died"].is_monotonic_increasing
by_age.round(3)

# %% [markdown]
# It is missing in the *young*, who seldom die. (A well-known assignment on NHANES I tells its learners that blood pressure is missing in the old, while in its data it is
# missing in the young. Always print the table.) Complete cases are therefore older and sicker than the cohort, and a model that was
# trained on them expects more deaths than there are.
#
# ### Three ways with the gaps
#
# To see what imputation does we need gaps whose truth we know. So we take `kappa` away from 30 % of all patients by a rule: the younger, the likelier
# ("at random given age"). Three forests with the same settings: one on the complete cases, two on imputed tables. All are judged on *all* test patients; where
# a model needs a value that is missing, it gets the training mean.

# %% tags=["ungraded"]
rule = {"rule": "MAR", "given": "age", "share": 0.3, "strength": -1.5}
gaps = [make_missing(X, "kappa", **rule, rng=n) for n, X in enumerate((X_train, X_val, X_test))]
by_mean, by_rounds = mean_impute(*gaps), iterative_impute(*gaps)
assert isinstance(by_mean[2], pd.DataFrame) and isinstance(by_rounds[2], pd.DataFrame), (
    "Finish exercises 8 and 9 first."
)
whole = gaps[0].dropna()
tables = {"complete cases": (whole, by_mean[2]), "mean": by_mean[::2], "iterative": by_rounds[::2]}
risks = {}
for name, (X, judged_on) in tables.items():
    forest = RandomForestClassifier(100, max_depth=6, min_samples_leaf=10, random_state=0).fit(X, y_train[X.index])
    risks[name] = risk_of(forest, judged_on)
    score, promise = roc_auc_score(y_test, risks[name]), risks[name].mean()
    print(f"{name}: {len(X)} for training, C-index {score:.3f}, mean risk {promise:.3f} (died: {y_test.mean():.3f})")

# %% [markdown]
# Is one *better*? Ask for the differences, with intervals, on the same patients.

# %% tags=["ungraded"]
versus = [("mean", "complete cases"), ("iterative", "complete cases"), ("iterative", "mean")]
compared = {f"{a} − {b}": cindex_interval(y_test, risks[a], risks[b], 300, 0) for a, b in versus}
assert all(compared[f"{a} − complete cases"][0] > 0 for a in ("mean", "iterative"))
names = list(compared)
for name, (difference, low, high) in compared.items():
    print(f"C-index {name}: {difference:+.3f} (95 % interval {low:+.3f} to {high:+.3f})")
fig = plots_labs.dots_with_interval(
    names,
    {"difference": list(compared.values())},
    title="Both imputations rank a little better than complete cases",
    xlabel="difference in C-index (above 0: the first is better), with 95 % interval",
    reference=0,
)
plots.show(
    fig,
    alt="Differences in C-index with intervals: "
    + ", ".join(f"{name} {value[0]:+.3f}" for name, value in compared.items())
    + ".",
)

# %% [markdown]
# Both imputations keep all patients and rank a little better than complete cases do. Between the two, an interval that reaches 0 does not let us name a winner. Yet the imputed *values* differ far more than the rankings do: the regression is much closer to the truth. That matters to whoever reads the
# values, and little to a ranking that age dominates.

# %% tags=["ungraded"]
lost = gaps[2]["kappa"].isna()
truth = X_test.loc[lost, "kappa"]
guesses = {"mean": by_mean[2].loc[lost, "kappa"], "iterative": by_rounds[2].loc[lost, "kappa"]}
errors = {name: float(np.sqrt(np.mean((values - truth) ** 2))) for name, values in guesses.items()}
assert errors["iterative"] < 0.75 * errors["mean"]
fig = plots_missing.imputed_values(
    truth,
    guesses,
    title=f"Error of the filled-in kappa: mean {errors['mean']:.2f}, iterative {errors['iterative']:.2f} mg/dL",
    xlabel="kappa light chains (mg/dL; larger values in the last bar)",
    limit=5,
)
plots.show(
    fig,
    alt=f"True kappa of {len(truth)} test patients and what was filled in: the mean is one spike, the regression follows the spread. Root mean square error {errors['mean']:.2f} and {errors['iterative']:.2f} mg/dL.",
)

# %% [markdown]
# ### A column that gives the answer away
#
# Laboratories often report the total of kappa and lambda too. Leave it in, and the imputer looks brilliant.

# %% tags=["ungraded"]
totals = [X.assign(total=X["kappa"] + X["lambda"]) for X in (X_train, X_val, X_test)]
leaky = [X.assign(total=T["total"]) for X, T in zip(gaps, totals, strict=True)]
print("derived columns:", sorted(find_derived_columns(totals[0])))
with_total = iterative_impute(*leaky)[2].loc[lost, "kappa"]
leaked = float(np.sqrt(np.mean((with_total - truth) ** 2)))
print(f"error of the filled-in kappa: {errors['iterative']:.3f} without the total, {leaked:.3f} mg/dL with it")
assert leaked < 0.05 * errors["iterative"]

# %% [markdown]
# It did not learn medicine; it subtracted. Where kappa was not measured there is no total either. The same happens with pulse pressure in NHANES I.
#
# ### Look into the forest
#
# **SHAP values** (Lundberg and others, Nature Machine Intelligence 2020;2:56–67) share the predicted risk of one patient out among the features: they add up to the risk minus the average risk.
# A small forest on the iteratively imputed table, explained on 300 test patients. First the summary: one dot per patient and feature.

# %% tags=["ungraded"]
final = RandomForestClassifier(50, max_depth=6, min_samples_leaf=10, random_state=0).fit(by_rounds[0], y_train)
final_risk = risk_of(final, by_rounds[2])
explained = shap.TreeExplainer(final)(by_rounds[2].iloc[:300])[:, :, 1]
adds_up = explained.values.sum(axis=1) + explained.base_values
assert np.allclose(adds_up, final_risk[:300], atol=1e-6), "the parts should add up to the risk"
weight = pd.Series(np.abs(explained.values).mean(axis=0), index=features).sort_values(ascending=False)
axis = shap.plots.beeswarm(explained, show=False, color=matplotlib.colormaps["viridis"])
fig = axis.figure
fig.set_size_inches(8, 4)
axis.set_title(f"{weight.index[0]} moves the risk most, then {weight.index[1]}", fontsize=11)
axis.set_xlabel("SHAP value (change of the predicted ten-year risk)", fontsize=11)
fig.tight_layout()
plots.show(
    fig,
    alt="SHAP values of 300 test patients by feature. Mean absolute change of the risk: "
    + ", ".join(f"{name} {value:.3f}" for name, value in weight.items())
    + ".",
)

# %% [markdown]
# Now one feature: how does its SHAP value depend on its value? The colour is creatinine.

# %% tags=["ungraded"]
axis = shap.plots.scatter(
    explained[:, "age"], color=explained[:, "creatinine"], show=False, cmap=matplotlib.colormaps["viridis"]
)
fig = axis.figure
fig.set_size_inches(7, 4)
trend = np.corrcoef(explained[:, "age"].data, explained[:, "age"].values)[0, 1]
assert trend > 0.8
axis.set_xlabel("age (years)", fontsize=11)
axis.set_ylabel("SHAP value of age", fontsize=11)
axis.set_title("Age lowers the risk of the young and raises that of the old", fontsize=11)
fig.tight_layout()
plots.show(
    fig,
    alt=f"SHAP value of age against age for 300 test patients: rising, correlation {trend:.2f}; dots coloured by creatinine.",
)

# %% [markdown]
# And one patient: of the 300, the one with the highest predicted risk. Read the bars from the average risk at the bottom up to the patient's own risk.

# %% tags=["ungraded"]
patient = int(np.argmax(final_risk[:300]))
axis = shap.plots.waterfall(explained[patient], show=False)
fig = axis.figure
fig.set_size_inches(7, 4)
parts = pd.Series(explained[patient].values, index=features).sort_values(key=abs, ascending=False)
fig.suptitle(
    f"From {float(explained[patient].base_values):.2f} on average to {final_risk[patient]:.2f}: mostly {parts.index[0]}",
    fontsize=11,
)
fig.tight_layout()
plots.show(
    fig,
    alt=f"Waterfall of one patient's risk {final_risk[patient]:.2f}: "
    + ", ".join(f"{name} {value:+.2f}" for name, value in parts.items())
    + ".",
)

# %% [markdown]
# SHAP explains the *model*, not the body. That a lower age would lower the predicted risk is no advice to anybody.
#
# ### Group by group
#
# The same forest in six groups of test patients, with 95 % intervals.

# %% tags=["ungraded"]
test_people = shuffled.loc[X_test.index]
decade = np.array(bands)[np.digitize(test_people["age"], [60, 70, 80])]
sex = np.where(test_people["female"] == 1, "women", "men")
groups = pd.concat([subgroups.subgroup_table(y_test, final_risk, group, rng=1) for group in (decade, sex)])
rows = groups[["cindex", "cindex_low", "cindex_high"]].to_numpy()
everybody = roc_auc_score(y_test, final_risk)
assert (groups.loc[bands, "cindex"] < everybody - 0.03).all(), "within an age band the forest should rank worse"
fig = plots_labs.dots_with_interval(
    list(groups.index),
    {"C-index": rows},
    title=f"{everybody:.2f} over everybody, {groups.loc[bands, 'cindex'].min():.2f} to {groups.loc[bands, 'cindex'].max():.2f} within an age band",
    xlabel="C-index with 95 % interval (dotted: everybody)",
    reference=everybody,
)
plots.show(
    fig,
    alt="C-index by group: "
    + ", ".join(f"{name} {value:.2f}" for name, value in groups["cindex"].items())
    + f"; everybody {everybody:.2f}.",
)

# %% [markdown]
# The numbers of the figure, with deaths and promised risks.

# %% tags=["ungraded"]
groups.round(3)

# %% [markdown]
# ### Is the promise kept?
#
# Calibration: of those who were promised 30 %, did 30 % die? Groups of about 200 test patients, intervals by Wilson. Beside the final forest, the one on complete cases.

# %% tags=["ungraded"]
high = subgroups.share_with_interval(int(y_test.sum()), len(y_test))[2]
curves = {
    "final forest": subgroups.calibration(y_test, final_risk),
    "complete cases": subgroups.calibration(y_test, risks["complete cases"]),
}
promised = {"final forest": final_risk.mean(), "complete cases": risks["complete cases"].mean()}
fig = plots_missing.calibration_curves(
    curves, title=f"Complete cases promise {promised['complete cases']:.0%} deaths, {y_test.mean():.0%} died"
)
plots.show(
    fig,
    alt=f"Calibration of two forests in ten groups. Mean promise: final forest {promised['final forest']:.1%}, complete cases {promised['complete cases']:.1%}; died: {y_test.mean():.1%}.",
)
assert promised["complete cases"] > high, "complete cases should promise more deaths than there were"

# %% [markdown]
# ### And those we left out
#
# 1,040 people were excluded because nobody knows whether they lived ten years. How much does that shift the number of deaths? The Kaplan–Meier estimate, the subject of
# week 3, uses the years that they *were* seen alive.

# %% tags=["ungraded"]
# Here and not at the top: only this cell needs it.
from sksurv.nonparametric import kaplan_meier_estimator

times, alive, ends = kaplan_meier_estimator(people["death"], people["years"], conf_type="log-log")
at_ten = np.flatnonzero(times <= 10)[-1]
risk_all, (high, low) = 1 - alive[at_ten], 1 - ends[:, at_ten]
print(f"ten-year risk of all {len(people)} people: {risk_all:.1%} (95 % interval {low:.1%} to {high:.1%})")
print(f"share of deaths among the {len(known)} with a known outcome: {known['died'].mean():.1%}")
out = people[people["died"].isna()]
print(f"left out: mean age {out['age'].mean():.0f}, against {known['age'].mean():.0f} of the others")
assert known["died"].mean() > high

# %% [markdown]
# ## What to remember
#
# - Count the patients with a gap, group by group, before you drop anybody.
# - Choose sizes on validation patients, report on test patients, and always beside the simplest model: here, age alone.
# - Fill gaps with what training patients teach; remove derived columns first; give the difference of two models an interval.
# - A C-index over everybody hides groups in which the model hardly ranks, and a good ranking can come with broken promises.
#
# **Who is missing.** These numbers speak of people aged 50 and over in one county of Minnesota, sampled from 1995 to 2003; their origin is not in the table, younger people are absent, those whose ten years
# were not followed are left out, and people without creatinine were healthier than the rest. For anybody else, and for any decision about a patient, the forest has not been tested.
#
# ## Further reading
#
# - Rubin DB, *Inference and missing data*, Biometrika 1976;63:581–592: where "missing at random" was defined.
# - Breiman L, *Random forests*, Machine Learning 2001;45:5–32.
# - Dispenzieri A and others, Mayo Clinic Proceedings 2012;87:517–523: the cohort.
# - Lundberg SM and others, *From local explanations to global understanding with explainable AI for trees*, Nature Machine Intelligence 2020;2:56–67.
