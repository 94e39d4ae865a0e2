# %% [markdown]
# # Build and evaluate a linear risk model
#
# You write seven small functions: three that turn measurements into a risk, two scores that doctors use, and two that say
# how good a risk is. Then you put them to work on a cohort of people with diabetes, and find out what a model's number is worth.
#
# **You will be able to**
#
# - prepare features with the ruler of the training patients, and fit a linear risk model;
# - let features work together, and judge by an interval whether that helped;
# - compute CHA₂DS₂-VASc and MELD as they were published, bounds included;
# - count pairs of patients to get the C-index, and tell whether predicted risks are true.
#
# **You need** two hours, the lesson and the four labs. The cohort of this notebook is *synthetic*: drawn by the course from a
# seed, with values that a body allows and an outcome that follows a formula of ours. It says nothing of real people. A
# table of 442 real people with diabetes comes at the end.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `make_standard_normal` | {{points:make_standard_normal}} |
# | 2 | `lr_model` | {{points:lr_model}} |
# | 3 | `cindex` | {{points:cindex}} |
# | 4 | `add_interactions` | {{points:add_interactions}} |
# | 5 | `chads_vasc_score` | {{points:chads_vasc_score}} |
# | 6 | `meld_score` | {{points:meld_score}} |
# | 7 | `calibration_slope` | {{points:calibration_slope}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs: other shapes, ties, empty tables. They ask for nothing
# that the statement does not say. An exercise earns its points or none. The part after exercise 7 is not graded. Where a
# message says that it got `Ellipsis`, a `...` still stands in your answer.

# %% [markdown]
# ## Set the table
#
# Run these two cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

# %% [markdown]
# The second defines three little helpers that only the checks use.


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


def a_pair(got):
    """The two results of an answer, or two times nothing if they are not two."""
    try:
        first, second = got
    except (TypeError, ValueError):
        return None, None
    return first, second


# %% [markdown]
# ## Exercise 1: bring features to one scale
#
# Blood pressure is counted in hundreds of mmHg, age in tens of years, and both have a long tail to the right: their *logarithm* is
# closer to a bell. So take the logarithm, then say how many standard deviations a patient lies from the mean. Which mean?
# That of the **training** patients. On the day when your model is used on the first new patient, there is no mean of new
# patients.
#
# Write `make_standard_normal(df_train, df_test)`.
#
# | | |
# |---|---|
# | **in** `df_train`, `df_test` | data frames of positive numbers (int or any width of float), one row per patient, one column per feature; the same columns in the same order. The training table has two patients or more, and no column that is constant. The test table may have any number of rows, also none |
# | **out** | the pair `(train, test)`: two data frames of z-scores with the columns and the index of the inputs |
#
# For each column, $z = (\log x - m)/s$, with $m$ and $s$ the mean and the standard deviation of $\log x$ over the *training*
# patients, for both tables. The standard deviation divides by $n - 1$ (`ddof=1`, as pandas does). Natural logarithm (any base
# gives the same z). The inputs are not changed.
#
# **By hand.** Training ages 20, 40 and 80 are each a factor of 2 apart, so their logarithms are equally far apart: mean log 40,
# standard deviation √((log²2 + 0 + log²2)/2) = log 2. The z-scores are −1, 0, 1. A test patient of 160 years (four times
# 40) would get 2.
#
# <details><summary>Hint 1: the direction</summary>
#
# pandas works on whole tables: `np.log(df)` is a table, `.mean()` of it gives one number per column, and a table minus such a
# row of numbers goes column by column. Compute the mean and the spread once, from one of the two tables.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `(np.log(df_test) - np.log(df_train).mean()) / np.log(df_train).std()`. Mind that NumPy's own `np.std` divides by n.
# </details>


# %% nbgrader={"grade": false, "grade_id": "make_standard_normal", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_standard_normal(df_train, df_test):
    """Both tables as z-scores of their logarithms, measured with the training mean and standard deviation."""
    ### BEGIN SOLUTION
    ### STUB: log_train = ...  # the logarithm of every value
    ### STUB: log_test = ...
    ### STUB: mean, spread = ..., ...  # one number per column, from the training table
    ### STUB: return ..., ...
    log_train, log_test = np.log(df_train), np.log(df_test)
    mean, spread = log_train.mean(), log_train.std(ddof=1)
    return (log_train - mean) / spread, (log_test - mean) / spread
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** The ages from above, beside a second feature, and named patients.

# %% nbgrader={"grade": true, "grade_id": "check_make_standard_normal", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
train = pd.DataFrame({"Age": [20.0, 40, 80], "BP": [100, 200, 100]}, index=["Ann", "Bo", "Cy"])
test = pd.DataFrame({"Age": [160.0, 10], "BP": [200, 100]}, index=["Di", "Ed"])
got, got_test = a_pair(make_standard_normal(train.copy(), test.copy()))
assert isinstance(got, pd.DataFrame) and isinstance(got_test, pd.DataFrame), (
    f"Three training patients, two test patients: got {type(got).__name__} and {type(got_test).__name__}, expected two data frames: return (train, test)."
)
assert list(got.columns) == ["Age", "BP"] and list(got.index) == ["Ann", "Bo", "Cy"], (
    f"Training table: got columns {list(got.columns)} and index {list(got.index)}, expected those of the input."
)
assert numbers_match(got["Age"], [-1, 0, 1], 1e-4), (
    f"Training ages 20, 40, 80: got {list(got['Age'])}, expected -1, 0, 1. Likely causes: ±1.22 means a standard deviation that "
    "divides by n, -0.87 and 1.09 a forgotten logarithm."
)
assert numbers_match(got["BP"], [-0.57735, 1.154701, -0.57735], 1e-4), (
    f"Training pressures 100, 200, 100: got {list(got['BP'])}, expected -0.577, 1.155, -0.577. Each column has a mean and a spread of its own."
)
assert list(got_test.index) == ["Di", "Ed"] and numbers_match(got_test["Age"], [2, -2], 1e-4), (
    f"Test ages 160 and 10: got {list(got_test['Age'])} for {list(got_test.index)}, expected 2 and -2 for Di and Ed. Measure them with the training mean and spread (their own would give ±0.707)."
)
assert numbers_match(make_standard_normal(train, test.iloc[:1])[1], [[2, 1.154701]], 1e-4), (
    f"One test patient: got {make_standard_normal(train, test.iloc[:1])[1]}, expected 2 and 1.155: a single patient has no spread of its own."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(21_101)


def judged(train, test, case, tol=1e-4):
    copies = train.copy(), test.copy()
    got, got_test = a_pair(call_answer(make_standard_normal, train, test, case=case))
    expected = []
    logs = {name: np.log(copies[0][name].to_numpy(dtype="float64")) for name in copies[0]}
    for table in copies:
        columns = [
            (np.log(table[name].to_numpy(dtype="float64")) - logs[name].sum() / len(logs[name]))
            / np.sqrt(((logs[name] - logs[name].mean()) ** 2).sum() / (len(logs[name]) - 1))
            for name in table
        ]
        expected.append(np.column_stack(columns))
    for part, wanted, given, which in (
        (got, expected[0], copies[0], "training"),
        (got_test, expected[1], copies[1], "test"),
    ):
        assert isinstance(part, pd.DataFrame), f"{case}: the {which} result is no data frame."
        same = list(part.columns) == list(given.columns) and list(part.index) == list(given.index)
        assert same, f"{case}: the {which} result has not the columns and the index of its input."
        assert numbers_match(part.to_numpy(), wanted, tol), (
            f"{case}: the {which} z-scores are not those of the logarithm with the training mean and spread (ddof 1)."
        )
    assert train.equals(copies[0]) and test.equals(copies[1]), (
        f"{case}: your function changed a table that it was given."
    )


def measured(n_patients, n_features, centre=4.0, spread=0.3, dtype="float64"):
    values = np.exp(draw.normal(centre, spread, (n_patients, n_features))).astype(dtype)
    index = draw.permutation(n_patients) * 3 + 5
    return pd.DataFrame(values, columns=[f"feature {k}" for k in range(n_features)], index=index)


for n_train, n_test, n_features in ((2, 3, 1), (30, 7, 4), (5, 40, 2), (9, 1, 3), (50, 0, 2), (4, 4, 4)):
    case = "Another number of patients and features" if n_test else "A test table without patients"
    judged(measured(n_train, n_features), measured(n_test, n_features, centre=4.6, spread=0.9), case)
judged(measured(12, 3, dtype="float32"), measured(6, 3, dtype="float32"), "Numbers of type float32", tol=1e-3)
judged(measured(12, 2).round().astype("int64"), measured(6, 2).round().astype("int64"), "Whole numbers")
judged(measured(20, 2, centre=-3), measured(5, 2, centre=-3), "Values below 1, whose logarithm is negative")
mixed = pd.DataFrame({"pressure": np.exp(draw.normal(5, 0.1, 15)), "creatinine": np.exp(draw.normal(0, 0.5, 15))})
judged(mixed, mixed.iloc[::-2], "Features of very different size")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: fit a linear risk model
#
# The linear risk model is **logistic regression**: each feature gets a coefficient, the products are added up to a score, and
# the logistic function turns the score into a risk between 0 and 1.
#
# Write `lr_model(X_train, y_train)`.
#
# | | |
# |---|---|
# | **in** `X_train` | data frame or array of shape (N, F): z-scores of any float width |
# | **in** `y_train` | array or Series of N outcomes: 1 = it happened, 0 = it did not; bool, int or float. Both occur |
# | **out** | a *fitted* `sklearn.linear_model.LogisticRegression` (imported above) |
#
# Use scikit-learn's default settings: penalty strength `C=1`, with an intercept, all patients weighing the same. The solver and
# `max_iter` are yours to choose. The inputs are not changed.
#
# **By hand.** Four patients with the one feature −2, −1, 1, 2 and the outcomes 0, 0, 1, 1. Without a penalty the coefficient would
# grow without end, for the feature separates the outcomes perfectly. With C = 1 it stops at 1.007, the intercept is 0, and a
# patient with feature 1.5 gets the risk 1/(1 + exp(−1.5 · 1.007)) = 0.82.
#
# <details><summary>Hint 1: the direction</summary>
#
# scikit-learn's models are made first and fitted second. Which of the two objects should come back?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `model = LogisticRegression()` makes it, `model.fit(X_train, y_train)` fits it.
# </details>


# %% nbgrader={"grade": false, "grade_id": "lr_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lr_model(X_train, y_train):
    """A LogisticRegression with default settings, fitted to the training patients."""
    ### BEGIN SOLUTION
    ### STUB: model = ...
    ### STUB: # fit it here
    ### STUB: return model
    model = LogisticRegression()
    model.fit(X_train, y_train)
    return model
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The four patients from above, then 120 whose outcomes overlap.

# %% nbgrader={"grade": true, "grade_id": "check_lr_model", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
four = pd.DataFrame({"feature": [-2.0, -1, 1, 2]})
model = lr_model(four, pd.Series([0, 0, 1, 1]))
assert isinstance(model, LogisticRegression), (
    f"Four patients: got {type(model).__name__}, expected a fitted LogisticRegression. Return the model itself, not its predictions."
)
assert hasattr(model, "coef_"), "Four patients: got a model that is not fitted, expected a fitted one. Call its fit."
got = np.asarray(model.predict_proba(pd.DataFrame({"feature": [1.5]})))
assert numbers_match(got, [[0.181, 0.819]], 0.01), (
    f"Four patients, risk at 1.5: got {got.tolist()}, expected 0.18 and 0.82. A value near 1 means that the penalty was switched off."
)
many, outcomes = np.tile([[0.0], [1], [2], [3], [4], [5]], (20, 1)), np.tile([1, 1, 0, 1, 1, 1], 20)
risk = np.asarray(lr_model(many, outcomes).predict_proba([[0.0]]))
assert numbers_match(risk[0, 1], 0.754, 0.03), (
    f"120 patients, five of six with the outcome: got a risk of {risk[0, 1]:.3f} at 0, expected about 0.75. A risk of 0.5 means that the intercept is missing, less than that a weighting of the classes."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(21_102)


def by_newton(X, y):
    """Coefficients (intercept first) that minimise the logistic loss plus half the squared slopes."""
    X, y = np.column_stack([np.ones(len(X)), np.asarray(X, dtype="float64")]), np.asarray(y, dtype="float64")
    penalty, beta = np.eye(X.shape[1]), np.zeros(X.shape[1])
    penalty[0, 0] = 0
    for _ in range(50):
        risk = 1 / (1 + np.exp(-X @ beta))
        slope = X.T @ (risk - y) + penalty @ beta
        beta = beta - np.linalg.solve((X.T * (risk * (1 - risk))) @ X + penalty, slope)
    return beta


def judged(X, y, case):
    copies = X.copy(), y.copy()
    model = call_answer(lr_model, X, y, case=case)
    assert isinstance(model, LogisticRegression), f"{case}: what came back is no LogisticRegression."
    new = draw.normal(0, 1.5, (40, X.shape[1]))
    asked = pd.DataFrame(new, columns=X.columns) if isinstance(X, pd.DataFrame) else new
    try:
        got = np.asarray(model.predict_proba(asked), dtype=float)
    except Exception:
        raise AssertionError(f"{case}: the model that came back cannot predict. Is it fitted?") from None
    beta = by_newton(*copies)
    expected = 1 / (1 + np.exp(-(beta[0] + new @ beta[1:])))
    assert got.shape == (40, 2), f"{case}: the model does not give two probabilities per patient."
    assert np.abs(got[:, 1] - expected).max() < 0.03, (
        f"{case}: the risks are not those of a LogisticRegression with default settings fitted to these patients."
    )
    same = np.array_equal(np.asarray(X), np.asarray(copies[0])) and np.array_equal(np.asarray(y), np.asarray(copies[1]))
    assert same, f"{case}: your function changed what it was given."


def patients(n_patients, strengths, intercept=0.0):
    X = draw.normal(size=(n_patients, len(strengths)))
    y = (draw.random(n_patients) < 1 / (1 + np.exp(-(intercept + X @ np.array(strengths))))).astype(int)
    y[:2] = 0, 1
    return X, y


X, y = patients(400, [1.0, -0.5, 0.0], intercept=-1.8)
judged(X, y, "A rare outcome")
judged(
    pd.DataFrame(X, columns=["Age", "BP", "BMI"], index=draw.permutation(400)),
    y.astype(bool),
    "A frame, outcomes as bool",
)
judged(
    X.astype("float32"),
    pd.Series(y, index=draw.permutation(400)).astype(float),
    "float32, outcomes in a Series of floats",
)
X, y = patients(40, [3.0, -3.0])
judged(X, y, "Few patients, where the penalty matters")
X, y = patients(250, [0.8] * 6, intercept=0.4)
judged(X, y, "Six features")
judged(X[:, :1], y, "One feature")
judged(X[:, :2], 1 - y, "Outcomes the other way round")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: count pairs of patients
#
# Does the model put the right patients on top? Take a pair of one patient with the outcome and one without (a *permissible*
# pair). If the one with the outcome has the higher score, the pair is *concordant*; if both have the same score, it is a *tie*.
#
# $$C = \frac{\text{concordant} + \tfrac12\,\text{ties}}{\text{permissible}}$$
#
# Write `cindex(y_true, scores)`.
#
# | | |
# |---|---|
# | **in** `y_true` | list, array or Series of N outcomes, 1 = it happened; bool, int or float |
# | **in** `scores` | list, array or Series of N scores (any number type), higher = more at risk; they need not lie between 0 and 1 |
# | **out** | one number between 0 and 1 |
#
# The two belong together by position: the index of a Series means nothing here. Without a permissible pair (nobody, or
# one outcome only) the C-index is 0/0: return NaN, not an error. The inputs are not changed.
#
# **By hand.** Patients with the outcome have the scores 0.75 and 0.5, those without it 0.5 and 0.25. Four pairs: 0.75 against 0.5
# and against 0.25, concordant both; 0.5 against 0.5, a tie; 0.5 against 0.25, concordant. C = (3 + ½)/4 = 0.875.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two nested loops will do: one over the patients with the outcome, one over those without. Pairs with the same outcome are not
# asked at all.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `differences = scores[y == 1][:, None] - scores[y == 0][None, :]` compares all pairs at once (turn both into arrays first);
# `(differences > 0).sum()` counts the concordant ones.
# </details>


# %% nbgrader={"grade": false, "grade_id": "cindex", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cindex(y_true, scores):
    """Concordance index of a binary outcome: (concordant + ties / 2) / permissible, NaN without a pair."""
    ### BEGIN SOLUTION
    ### STUB: y_true, scores = np.asarray(y_true), np.asarray(scores, dtype=float)
    ### STUB: concordant = ...
    ### STUB: ties = ...
    ### STUB: permissible = ...
    ### STUB: return ...
    y_true, scores = np.asarray(y_true), np.asarray(scores, dtype=float)
    differences = scores[y_true == 1][:, None] - scores[y_true == 0][None, :]
    if differences.size == 0:
        return float("nan")
    return ((differences > 0).sum() + 0.5 * (differences == 0).sum()) / differences.size
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The pairs from above, then all scores alike, then one outcome only.

# %% nbgrader={"grade": true, "grade_id": "check_cindex", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
got = cindex(np.array([1, 1, 0, 0]), np.array([0.75, 0.5, 0.5, 0.25]))
assert numbers_match(got, 0.875), (
    f"The pairs above: got {got}, expected one number, 0.875. Likely causes: 0.75 means that the tie counts nothing, 1.0 that it counts "
    "fully, 0.125 that pairs are compared the wrong way round, 0.58 or less that pairs with the same outcome are counted."
)
got = cindex([0, 1, 0, 1, 1], [0.25, 0.25, 0.25, 0.25, 0.25])
assert numbers_match(got, 0.5), f"Five patients with the same score: got {got}, expected 0.5. Every pair is a tie."
got = cindex(pd.Series([0, 0, 1], index=[7, 8, 9]), pd.Series([-2.0, 30, 10], index=[3, 2, 1]))
assert numbers_match(got, 0.5), (
    f"Outcomes 0, 0, 1 with scores -2, 30, 10 as Series: got {got}, expected 0.5 (one pair right, one wrong). Patients belong together by their position, and scores may lie outside 0 to 1."
)
got = cindex([1, 1, 1], [0.25, 0.5, 0.75])
assert numbers_match(got, float("nan")), (
    f"Everybody has the outcome: got {got}, expected NaN, since there is no pair (0/0)."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(21_103)


def by_loops(y_true, scores):
    points, pairs = 0.0, 0
    for outcome, score in zip(y_true, scores, strict=True):
        for other_outcome, other_score in zip(y_true, scores, strict=True):
            if outcome == 1 and other_outcome == 0:
                pairs += 1
                points += 1.0 if score > other_score else 0.5 if score == other_score else 0.0
    return points / pairs if pairs else float("nan")


def judged(y_true, scores, case, tol=1e-6):
    y_copy, copy = list(y_true), list(scores)
    got = call_answer(cindex, y_true, scores, case=case)
    assert numbers_match(got, by_loops([int(v) for v in y_copy], [float(v) for v in copy]), tol), (
        f"{case}: the result is not (concordant + ties / 2) / permissible."
    )
    assert list(y_true) == y_copy and list(scores) == copy, f"{case}: your function changed what it was given."


for n_patients in (2, 3, 5, 12, 40, 150):
    outcomes = draw.integers(0, 2, n_patients)
    outcomes[:2] = 1, 0
    judged(outcomes, draw.normal(size=n_patients), "Scores without ties, some below 0")
    judged(outcomes, draw.integers(0, 5, n_patients) / 4, "Scores with many ties")
    judged(outcomes.tolist(), (draw.integers(0, 4, n_patients) / 4).tolist(), "Lists")
for dtype in ("bool", "int8", "uint8", "int64", "float32", "float64"):
    for score_type in ("float16", "float32", "float64", "int32"):
        outcomes = draw.permutation(np.repeat([0, 1], (17, 6))).astype(dtype)
        scores = (draw.integers(-8, 8, 23) / 4).astype(score_type)
        judged(outcomes, scores, f"Outcomes of type {dtype}, scores of type {score_type}")
rare = np.zeros(60, dtype=int)
rare[[4, 31]] = 1
judged(rare, draw.normal(size=60), "A rare outcome")
judged(1 - rare, draw.normal(size=60), "An outcome that nearly everybody has")
judged(rare, rare + draw.random(60) / 4, "A perfect order")
judged(rare, -1.0 * rare, "A perfectly wrong order")
shuffled = pd.Series(draw.integers(0, 2, 30), index=draw.permutation(30))
judged(shuffled, pd.Series(draw.integers(0, 9, 30) / 4, index=draw.permutation(30)), "Series with other indexes")
for outcomes in ([], [0], [1], [0, 0, 0], [1, 1]):
    scores = (draw.integers(0, 4, len(outcomes)) / 4).tolist()
    judged(np.array(outcomes, dtype=int), np.array(scores), "No permissible pair (0/0 is NaN)")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: let features work together
#
# If high blood pressure harms the old more than the young, no sum of what age and pressure do alone can say it. Their *product*
# can: it is large only where both are.
#
# Write `add_interactions(X)`.
#
# | | |
# |---|---|
# | **in** `X` | data frame of numbers of any width, one row per patient; the column names are text, each once |
# | **out** | a *new* data frame: all columns of `X` as they were, and for every pair of columns their product, named `A_x_B`, where A stands before B in `X` |
#
# Each pair occurs once (`Age_x_BP`, and no `BP_x_Age`), and no column is multiplied with itself. The index is that of `X`. In which
# order the columns of the result stand does not matter. A table with one column has no pair. `X` is not changed.
#
# **By hand.** One patient with Age 2, BP 3, BMI 5 gets Age_x_BP = 6, Age_x_BMI = 10 and BP_x_BMI = 15: three features make
# three pairs, four would make six.
#
# <details><summary>Hint 1: the direction</summary>
#
# Copy the table first. Then two loops: over the columns, and for each of them over the columns that come *after* it.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `for i in range(len(names))`, inside it `for j in range(i + 1, len(names))`, and in there
# `result[f"{names[i]}_x_{names[j]}"] = X[names[i]] * X[names[j]]`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "add_interactions", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add_interactions(X):
    """The columns of X and the products of every two of them, named A_x_B (a new table)."""
    ### BEGIN SOLUTION
    ### STUB: result = ...  # a copy of X
    ### STUB: names = list(X.columns)
    ### STUB: # for every pair of names, add the product
    ### STUB: return result
    result = X.copy()
    names = list(X.columns)
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            result[f"{names[i]}_x_{names[j]}"] = X[names[i]] * X[names[j]]
    return result
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** The patient from above and a second one, then the same table once more.

# %% nbgrader={"grade": true, "grade_id": "check_add_interactions", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
features = pd.DataFrame({"Age": [2.0, 1], "BP": [3.0, -1], "BMI": [5.0, 4]}, index=["Ann", "Bo"])
given = features.copy()
got = add_interactions(given)
assert isinstance(got, pd.DataFrame), f"Two patients: got {type(got).__name__}, expected a data frame."
assert sorted(got.columns) == sorted(["Age", "BP", "BMI", "Age_x_BP", "Age_x_BMI", "BP_x_BMI"]), (
    f"Age, BP, BMI: got the columns {list(got.columns)}, expected the three and Age_x_BP, Age_x_BMI, BP_x_BMI: each pair once, no squares."
)
assert numbers_match(got[["Age_x_BP", "Age_x_BMI", "BP_x_BMI"]], [[6, 10, 15], [-1, 4, -4]]), (
    f"The products: got {got[['Age_x_BP', 'Age_x_BMI', 'BP_x_BMI']].to_numpy().tolist()}, expected 6, 10, 15 for Ann and -1, 4, -4 for Bo."
)
assert list(got.index) == ["Ann", "Bo"] and given.equals(features), (
    f"Afterwards: got the index {list(got.index)} and an input with the columns {list(given.columns)}, expected Ann and Bo, and X as it was: work on a copy."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(21_104)


def judged(X, case, tol=1e-5):
    before = X.copy()
    got = call_answer(add_interactions, X, case=case)
    assert isinstance(got, pd.DataFrame), f"{case}: what came back is no data frame."
    names = list(before.columns)
    expected = {name: before[name].to_numpy(dtype="float64") for name in names}
    for second in range(len(names)):
        for first in range(second):
            product = expected[names[first]] * expected[names[second]]
            expected[f"{names[first]}_x_{names[second]}"] = product
    assert sorted(got.columns) == sorted(expected), (
        f"{case}: the columns are not those of X and one A_x_B for each pair, with A before B in X."
    )
    assert list(got.index) == list(before.index), f"{case}: the index of X was lost."
    for name, values in expected.items():
        what = "a column of X" if name in names else "a product"
        assert numbers_match(got[name], values, tol), f"{case}: {what} does not hold the right numbers."
    assert X.equals(before), f"{case}: your function changed the table that it was given."


for n_patients, names in (
    (4, ["Age", "Systolic_BP", "Diastolic_BP", "Cholesterol"]),
    (1, ["b", "a"]),
    (9, ["only"]),
    (3, ["z", "y", "x", "w", "v", "u"]),
    (0, ["Age", "BP"]),
):
    index = draw.permutation(n_patients) + 10
    X = pd.DataFrame(draw.normal(size=(n_patients, len(names))), columns=names, index=index)
    judged(X, f"A table of {n_patients} patients and {len(names)} features")
    judged(X.astype("float32"), "Numbers of type float32", tol=1e-3)
judged(
    pd.DataFrame(draw.integers(0, 9, (6, 3)), columns=["b", "c", "a"]),
    "Whole numbers, columns out of the order of the alphabet",
)
judged(
    pd.DataFrame({"a": [1.0, 2], "b": [3, 4], "c": [0.5, 0.25]}, index=["x", "x"]), "Two patients with the same index"
)
judged(pd.DataFrame(draw.normal(size=(5, 3)), columns=["Age", "A", "B"]).iloc[1:4], "A slice of a larger table")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: score the risk of stroke
#
# In atrial fibrillation the heart's upper chambers flutter, blood clots may form, and a clot may travel to the brain. Who should take a
# blood thinner? CHA₂DS₂-VASc adds points (Lip and others, Chest 2010;137:263-272):
#
# | letter | what | points |
# |---|---|---|
# | C | congestive heart failure | one |
# | H | hypertension (high blood pressure) | one |
# | A₂ | age 75 or more | two |
# | D | diabetes | one |
# | S₂ | earlier stroke, transient ischaemic attack or thromboembolism | two |
# | V | vascular disease (earlier heart attack, peripheral artery disease, aortic plaque) | one |
# | A | age 65 to 74 | one |
# | Sc | sex category: female | one |
#
# Write `chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease)`.
#
# | | |
# |---|---|
# | **in** `age` | years, perhaps with a fraction: 74.9 is still below 75, and 65 counts from the birthday on |
# | **in** the other six | 1 = yes, 0 = no; bool, int or float |
# | **out** | the sum of the points, 0 to 9 |
#
# The arguments are either all single numbers (one patient, one number comes back) or all arrays or Series of the same N patients (N
# numbers come back, in the same order). Age gives two points, one or none, never three. The inputs are not changed.
#
# **By hand.** A woman of 72 with hypertension: 1 (age) + 1 (female) + 1 (hypertension) = 3. A man of 80 who had a stroke:
# 2 + 2 = 4.
#
# <details><summary>Hint 1: the direction</summary>
#
# A comparison such as `age >= 65` gives True or False, for one patient and for an array alike, and counts as 1 or 0 in a sum with
# numbers. `if` and `and` work for one patient only.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# Who is 75 has reached 65 too: `1 * (age >= 65) + 1 * (age >= 75)` gives 0, 1 or 2. Mind that in NumPy True + True is True: the
# `1 *` turns an array of bools into numbers.
# </details>


# %% nbgrader={"grade": false, "grade_id": "chads_vasc_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    """CHA2DS2-VASc: points (0 to 9) for the risk of stroke in atrial fibrillation, of one or of many patients."""
    ### BEGIN SOLUTION
    ### STUB: points_of_age = ...  # 0, 1 or 2
    ### STUB: points = ...
    ### STUB: return points
    points_of_age = 1 * (age >= 65) + 1 * (age >= 75)
    one_point_each = 1 * female + 1 * heart_failure + 1 * hypertension + 1 * diabetes + 1 * vascular_disease
    return points_of_age + one_point_each + 2 * stroke
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The two patients from above, the youngest and the most burdened, then five patients at once.

# %% nbgrader={"grade": true, "grade_id": "check_chads_vasc_score", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = [chads_vasc_score(72, 1, 0, 1, 0, 0, 0), chads_vasc_score(80, 0, 0, 0, 0, 1, 0)]
assert numbers_match(got, [3, 4]), (
    f"The woman of 72 and the man of 80: got {got}, expected 3 and 4. Likely causes: 5 for the man means that age gives him three points, 3 that the stroke gives one."
)
got = [chads_vasc_score(30, 0, 0, 0, 0, 0, 0), chads_vasc_score(90, 1, 1, 1, 1, 1, 1)]
assert numbers_match(got, [0, 9]), f"Nothing at all, and everything: got {got}, expected 0 and 9."
ages = np.array([64.9, 65, 74, 74.9, 75])
no, yes = np.zeros(5, dtype=int), np.ones(5, dtype=int)
got = chads_vasc_score(ages, no, no, no, no, no, no)
assert numbers_match(got, [0, 1, 1, 1, 2]), (
    f"Ages 64.9, 65, 74, 74.9, 75 and nothing else: got {got}, expected 0, 1, 1, 1, 2. Mind the birthdays, and 74.9."
)
got = chads_vasc_score(ages, yes == 1, no == 1, yes == 1, yes == 1, no == 1, no == 1)
assert numbers_match(got, [3, 4, 4, 4, 5]), (
    f"The same as women with hypertension and diabetes, given as bools: got {got}, expected 3, 4, 4, 4, 5. In NumPy True + True is True: turn bools into numbers before you add."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(21_105)
POINTS = (1, 1, 1, 1, 2, 1)


def by_table(age, flags):
    points = 0
    if age >= 75:
        points = 2
    elif age >= 65:
        points = 1
    for worth, flag in zip(POINTS, flags, strict=True):
        points += worth if int(flag) == 1 else 0
    return points


def judged(age, flags, case):
    many = isinstance(age, (np.ndarray, pd.Series))
    copies = [np.array(values) for values in (age, *flags)]
    got = call_answer(chads_vasc_score, age, *flags, case=case)
    if many:
        rows = zip(*[values.tolist() for values in copies], strict=True)
        expected = [by_table(row[0], row[1:]) for row in rows]
    else:
        expected = by_table(age, flags)
    assert numbers_match(got, expected), f"{case}: the points are not those of the table."
    same = all(np.array_equal(old, np.array(new)) for old, new in zip(copies, (age, *flags), strict=True))
    assert same, f"{case}: your function changed what it was given."


for place, name in enumerate(("female", "heart_failure", "hypertension", "diabetes", "stroke", "vascular_disease")):
    for age in (40, 65, 70.5, 74.75, 75, 101):
        flags = [0] * 6
        flags[place] = 1
        judged(age, flags, f"One patient with nothing but {name}" if place else "A woman with nothing else")
for _ in range(30):
    judged(
        float(draw.integers(160, 400) / 4),
        [bool(flag) for flag in draw.integers(0, 2, 6)],
        "One patient, conditions as bool",
    )
for n_patients in (1, 2, 7, 60):
    for dtype in ("bool", "int8", "uint8", "int64", "float32", "float64"):
        age = (draw.integers(200, 360, n_patients) / 4).astype("float32" if dtype == "float32" else "float64")
        flags = [draw.integers(0, 2, n_patients).astype(dtype) for _ in range(6)]
        judged(age, flags, f"Arrays of patients, conditions of type {dtype}")
index = draw.permutation(25)
age = pd.Series(draw.integers(50, 95, 25), index=index)
judged(age, [pd.Series(draw.integers(0, 2, 25), index=index) for _ in range(6)], "Series of patients")
judged(
    age,
    [pd.Series(draw.integers(0, 2, 25) == 1, index=index) for _ in range(6)],
    "Series of patients, conditions as bool",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: score the urgency of a transplant
#
# Who gets the next donor liver? In the USA it was decided from 2002 to the end of 2015 by the score MELD (model for end-stage liver
# disease; Kamath and others, Hepatology 2001;33:464-470), computed from three blood tests:
#
# $$\mathrm{MELD} = 10\,\bigl(0.957 \ln \text{creatinine} + 0.378 \ln \text{bilirubin} + 1.120 \ln \text{INR} + 0.643\bigr)$$
#
# with the rules of the organ-sharing network UNOS (we ask for this version, without sodium):
#
# - a test below 1 counts as 1, each of the three, so that no logarithm is negative;
# - a creatinine above 4 counts as 4;
# - for a patient on dialysis (twice or more in the last week) the creatinine counts as 4, whatever was measured;
# - the result is rounded to the nearest whole number, and more than 40 counts as 40.
#
# Write `meld_score(bilirubin, inr, creatinine, dialysis)`.
#
# | | |
# |---|---|
# | **in** `bilirubin`, `creatinine` | mg/dL, above 0 |
# | **in** `inr` | international normalised ratio of the clotting time, no unit, above 0 |
# | **in** `dialysis` | 1 = yes, 0 = no; bool, int or float |
# | **out** | a whole number from 6 to 40 (as int or as float) |
#
# The arguments are either all single numbers (one patient) or all arrays or Series of the same N patients of any float width (N numbers come
# back, in the same order). No result before rounding lies halfway between two numbers. The inputs are not changed.
#
# **By hand.** Bilirubin 4.2, INR 1.2, creatinine 1.9, no dialysis: 10 (0.957 · 0.642 + 0.378 · 1.435 + 1.120 · 0.182 + 0.643) = 20.04,
# so 20. With everything normal (0.6, 0.9, 0.8) all three count as 1, each logarithm is 0, and 6.43 rounds to 6.
#
# <details><summary>Hint 1: the direction</summary>
#
# Mend the inputs first, then use the formula as it stands. `np.maximum(x, 1)` and `np.minimum(x, 4)` work for one number and for an
# array; `np.where(dialysis, 4, creatinine)` chooses patient by patient.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `creatinine = np.where(dialysis, 4.0, np.minimum(np.maximum(creatinine, 1), 4))`; at the end
# `np.minimum(np.round(10 * total), 40)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "meld_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def meld_score(bilirubin, inr, creatinine, dialysis):
    """MELD without sodium: urgency of a liver transplant (6 to 40), of one or of many patients."""
    ### BEGIN SOLUTION
    ### STUB: bilirubin = ...  # at least 1
    ### STUB: inr = ...  # at least 1
    ### STUB: creatinine = ...  # 1 to 4, and 4 on dialysis
    ### STUB: total = ...  # the bracket of the formula
    ### STUB: return ...  # ten times that, rounded, 40 at most
    bilirubin = np.maximum(bilirubin, 1)
    inr = np.maximum(inr, 1)
    creatinine = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    total = 0.957 * np.log(creatinine) + 0.378 * np.log(bilirubin) + 1.120 * np.log(inr) + 0.643
    return np.minimum(np.round(10 * total), 40)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** The two patients from above, two very ill ones, then the bounds, patient by patient.

# %% nbgrader={"grade": true, "grade_id": "check_meld_score", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
got = [meld_score(4.2, 1.2, 1.9, 0), meld_score(0.6, 0.9, 0.8, 0)]
assert numbers_match(got, [20, 6]), (
    f"Bilirubin 4.2, INR 1.2, creatinine 1.9, and everything normal: got {got}, expected 20 and 6. Likely causes: 2 means that the "
    "factor 10 is missing, 20.04 the rounding, 12 a logarithm to base 10, 25, 27 or 29 that two tests are mixed up; less than 6 means that a test below 1 was not raised to 1."
)
got = [meld_score(2.0, 1.5, 2.0, True), meld_score(50.0, 9.0, 7.0, False)]
assert numbers_match(got, [27, 40]), (
    f"Creatinine 2 on dialysis, and somebody very ill: got {got}, expected 27 and 40. On dialysis the creatinine counts as 4, and nobody gets more than 40."
)
labs = np.array([[0.5, 2.0, 2.5], [3.0, 0.5, 2.5], [3.0, 2.0, 0.5], [3.0, 2.0, 6.5], [3.0, 2.0, 0.5]])
got = meld_score(*labs.T, np.array([0, 0, 0, 0, 1]))
assert numbers_match(got, [23, 19, 18, 32, 32]), (
    f"Five patients at once: got {got}, expected 23, 19, 18, 32, 32: bilirubin, INR and creatinine below 1 in the first three, a creatinine above 4, and dialysis with a low creatinine."
)
### BEGIN HIDDEN TESTS
import math

draw = np.random.default_rng(21_106)


def exact(bilirubin, inr, creatinine, dialysis):
    creatinine = 4.0 if dialysis else min(max(creatinine, 1.0), 4.0)
    return 9.57 * math.log(creatinine) + 3.78 * math.log(max(bilirubin, 1.0)) + 11.2 * math.log(max(inr, 1.0)) + 6.43


def clear_of_halves(n_patients, low=(0.3, 0.6, 0.4), high=(30.0, 5.0, 8.0)):
    """Patients whose score, before rounding, is not near a half."""
    rows = []
    while len(rows) < n_patients:
        tests = np.exp(draw.uniform(np.log(low), np.log(high))).round(1)
        dialysis = bool(draw.random() < 0.25)
        if abs(exact(*tests, dialysis) % 1 - 0.5) > 0.03:
            rows.append((*tests.tolist(), dialysis))
    return rows


def judged(rows, case, make):
    given = make(rows)
    copies = [np.array(values) for values in given]
    got = call_answer(meld_score, *given, case=case)
    expected = [min(math.floor(exact(*row) + 0.5), 40) for row in rows]
    assert numbers_match(got, expected if np.ndim(copies[0]) else expected[0]), (
        f"{case}: the score is not that of the formula with its bounds, rounded to a whole number."
    )
    same = all(np.array_equal(old, np.array(new)) for old, new in zip(copies, given, strict=True))
    assert same, f"{case}: your function changed what it was given."


def arrays(dtype, flag_type):
    return lambda rows: [np.array([row[k] for row in rows], dtype=dtype if k < 3 else flag_type) for k in range(4)]


for row in clear_of_halves(40):
    judged([row], "One patient", lambda rows: list(rows[0]))
for row in clear_of_halves(10, low=(0.2, 0.4, 0.2), high=(1.0, 1.0, 1.0)):
    judged([row], "One patient with tests below 1", lambda rows: [*rows[0][:3], int(rows[0][3])])
for row in clear_of_halves(10, low=(20.0, 4.0, 3.0), high=(60.0, 12.0, 9.0)):
    judged([row], "One patient with very high tests", lambda rows: list(rows[0]))
for dtype in ("float32", "float64"):
    for flag_type in ("bool", "int64", "float64"):
        for n_patients in (1, 5, 40):
            case = f"Arrays of patients, tests of type {dtype}, dialysis of type {flag_type}"
            judged(clear_of_halves(n_patients), case, arrays(dtype, flag_type))
index = draw.permutation(20)
as_series = arrays("float64", "bool")
judged(clear_of_halves(20), "Series of patients", lambda rows: [pd.Series(v, index=index) for v in as_series(rows)])
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: ask whether the risks are true
#
# A C-index looks at the order alone. A model that tells everybody half of their true risk has the same C as a true one, and a doctor
# who believes it will treat too late. So ask: of the patients told 20 %, do 20 % get the outcome?
#
# The answer in two numbers: write each risk as its *logit* (log-odds) and regress the outcome on it,
#
# $$\operatorname{logit} P(y = 1) = a + b \cdot \operatorname{logit} p, \qquad \operatorname{logit} p = \ln\frac{p}{1-p}.$$
#
# Perfect risks give intercept $a = 0$ and slope $b = 1$. A slope below 1 says that the risks are too extreme, the
# mark of a model that learnt its patients by heart.
#
# Write `calibration_slope(y, p)`.
#
# | | |
# |---|---|
# | **in** `y` | array or Series of N outcomes, 1 = it happened; bool, int or float |
# | **in** `p` | array or Series of N predicted risks of any float width, strictly between 0 and 1. By position they belong to `y`; an index means nothing |
# | **out** | the pair `(intercept, slope)`, the maximum-likelihood fit of the line above: logistic regression with one feature, the logit of p, and **without a penalty** |
#
# With one outcome only, or nobody, there is no finite fit: return `(NaN, NaN)`. Otherwise the p hold at least two different
# values and the outcomes overlap, so that the fit is finite. Correct to 0.005 is enough. The inputs are not changed.
#
# **By hand.** Ten patients were told 0.2, and 3 got the outcome; ten were told 0.8, and 7 got it. The line must go through both
# points: logit 0.3 = −0.847 at logit 0.2 = −1.386, and +0.847 at +1.386. So a = 0 and b = 0.847/1.386 = 0.611: too extreme.
#
# <details><summary>Hint 1: the direction</summary>
#
# The feature must be a table with one column: `.reshape(-1, 1)`. scikit-learn's logistic regression has a penalty unless you take
# it away: make C, the inverse of its strength, infinite.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `model = LogisticRegression(C=np.inf).fit(logit.reshape(-1, 1), y)`; then `model.intercept_[0]` and `model.coef_[0, 0]`. It refuses
# outcomes of one class, so ask for that before.
# </details>


# %% nbgrader={"grade": false, "grade_id": "calibration_slope", "locked": false, "schema_version": 3, "solution": true, "task": false}
def calibration_slope(y, p):
    """Intercept and slope of an unpenalised logistic regression of the outcome on the logit of the risk."""
    ### BEGIN SOLUTION
    ### STUB: y, p = np.asarray(y), np.asarray(p, dtype=float)
    ### STUB: logit = ...
    ### STUB: # one outcome only, or nobody: NaN twice
    ### STUB: model = ...
    ### STUB: return ..., ...  # intercept, slope
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return float("nan"), float("nan")
    logit = np.log(p / (1 - p))
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(logit.reshape(-1, 1), y)
    return model.intercept_[0], model.coef_[0, 0]
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** The twenty patients from above, then twenty who were all told too little, then one outcome only.

# %% nbgrader={"grade": true, "grade_id": "check_calibration_slope", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
outcomes, told = np.array([1] * 3 + [0] * 7 + [1] * 7 + [0] * 3), np.repeat([0.2, 0.8], 10)
got = a_pair(calibration_slope(outcomes, told))
assert numbers_match(got, [0, 0.6112], 0.005), (
    f"3 of 10 told 0.2 and 7 of 10 told 0.8: got {got}, expected intercept 0 and slope 0.611. Likely causes: about 0.54 means that the "
    "penalty is still on, 2.8 that p was used instead of its logit; 0.611 first means that the two are swapped."
)
outcomes, told = (
    pd.Series([1] * 5 + [0] * 5 + [1] * 8 + [0] * 2),
    pd.Series(np.repeat([0.2, 0.5], 10), index=range(20, 0, -1)),
)
got = a_pair(calibration_slope(outcomes, told))
assert numbers_match(got, [1.3863, 1], 0.005), (
    f"5 of 10 told 0.2 and 8 of 10 told 0.5: got {got}, expected intercept 1.386 and slope 1: each pair of log-odds differs by log 4. Patients belong together by position."
)
got = a_pair(calibration_slope(np.zeros(4), np.array([0.25, 0.5, 0.25, 0.75])))
assert numbers_match(got, [float("nan")] * 2), f"Nobody has the outcome: got {got}, expected (NaN, NaN)."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(21_107)


def by_newton(y, p):
    x, a, b = np.log(p) - np.log1p(-p), 0.0, 0.0
    for _ in range(45):  # half steps: slower, and safe
        risk = 1 / (1 + np.exp(-np.clip(a + b * x, -500, 500)))
        weight = risk * (1 - risk)
        d0, d1 = (y - risk).sum(), ((y - risk) * x).sum()
        h00, h01, h11 = weight.sum(), (weight * x).sum(), (weight * x * x).sum()
        determinant = h00 * h11 - h01**2
        step = (h11 * d0 - h01 * d1) / determinant, (h00 * d1 - h01 * d0) / determinant
        a, b = a + 0.5 * step[0], b + 0.5 * step[1]
    return a, b


def judged(y, p, case, tol=0.02):  # scikit-learn as it stands stops early
    y_copy, p_copy = np.array(y), np.array(p)
    got = a_pair(call_answer(calibration_slope, y, p, case=case))
    numbers = y_copy.astype(float), p_copy.astype("float64")
    one_sided = len(set(numbers[0].tolist())) < 2
    expected = (float("nan"),) * 2 if one_sided else by_newton(*numbers)
    assert numbers_match(got[0], expected[0], tol), f"{case}: the intercept (first of the pair) is not right."
    assert numbers_match(got[1], expected[1], tol), f"{case}: the slope (second of the pair) is not right."
    same = np.array_equal(np.array(y), y_copy) and np.array_equal(np.array(p), p_copy)
    assert same, f"{case}: your function changed what it was given."


def patients(n_patients, intercept, slope, centre=-0.5, spread=1.2):
    logit = draw.normal(centre, spread, n_patients)
    y = (draw.random(n_patients) < 1 / (1 + np.exp(-(intercept + slope * logit)))).astype(int)
    order = np.argsort(logit)
    y[order[:2]], y[order[-2:]] = (1, 0), (0, 1)  # the outcomes overlap
    return y, 1 / (1 + np.exp(-logit))


for n_patients in (24, 60, 300, 1500):
    judged(*patients(n_patients, 0.0, 1.0), "Risks that are about true")
    judged(*patients(n_patients, 0.0, 0.4), "Risks that are too extreme")
    judged(*patients(n_patients, 0.8, 1.0), "Risks that are too low")
    judged(*patients(n_patients, -0.5, 1.6), "Risks that are too timid and too high")
judged(*patients(400, 0.0, -0.7), "Risks that point the wrong way")
judged(*patients(600, 0.0, 1.0, centre=-2.5, spread=0.6), "A rare outcome")
for dtype in ("bool", "int8", "float32"):
    y, p = patients(80, 0.2, 0.8)
    judged(y.astype(dtype), p.astype("float32"), f"Outcomes of type {dtype}, risks of type float32")
y, p = patients(50, 0.0, 1.0)
judged(pd.Series(y, index=draw.permutation(50)), pd.Series(p, index=draw.permutation(50)), "Series with other indexes")
for y in (np.zeros(5, dtype=int), np.ones(3), np.zeros(0)):
    judged(y, draw.uniform(0.1, 0.9, len(y)), "One outcome only, or nobody (NaN twice)")
### END HIDDEN TESTS

# %% [markdown]
# ## Then: build a model of retinopathy
#
# Nothing from here on is graded. Retinopathy is damage to the vessels of the eye, common in people with diabetes. We draw a
# cohort of 6,000 from a seed. **It is synthetic**: its values are possible for a body (diastolic pressure below systolic, cholesterol in the
# range of a laboratory), its outcome follows a formula of ours, and the strength of each risk factor is invented.

# %% tags=["ungraded"]
# From the library of the course: only this part, which is not graded, needs them.
from labutils import plots, plots_labs, plots_risk

# Data: made-up and real.
from labutils.datasets import load_diabetes_progression, load_retinopathy, make_retinopathy_cohort, registry

# How true the risks are.
from labutils.risk_calibration import calibration_interval, risk_groups

# How sure a C-index is.
from labutils.risk_intervals import cindex_difference, cindex_interval

cohort = make_retinopathy_cohort(6000, rng=20_272)
table = cohort.table
features = ["Age", "Systolic_BP", "Diastolic_BP", "Cholesterol"]

# %% [markdown]
# Look first: is anything missing, is anything impossible?

# %% tags=["ungraded"]
assert (table["Diastolic_BP"] < table["Systolic_BP"]).all() and table.notna().all().all()
print(
    f"{len(table)} people, {table['retinopathy'].mean():.0%} with retinopathy; Age in years, BP in mmHg, cholesterol in mg/dL"
)
table[features].describe().loc[["min", "50%", "max"]].round(1)

# %% [markdown]
# One row is one patient here, so a random split keeps patients apart. A quarter is put aside for the test. Then your first
# function brings the features to one scale.

# %% tags=["ungraded"]
order = np.random.default_rng(20_272).permutation(len(table))
train, test = table.iloc[order[:4500]], table.iloc[order[4500:]]
X_train, X_test = make_standard_normal(train[features], test[features])
y_train, y_test = train["retinopathy"], test["retinopathy"]
shown = {"systolic pressure (mmHg)": train["Systolic_BP"], "systolic pressure (z-score)": X_train["Systolic_BP"]}
skew = [float(values.skew()) for values in shown.values()]
fig = plots_risk.histograms(
    shown, title=f"The logarithm takes the tail away: skewness {skew[0]:.2f} before, {skew[1]:.2f} after"
)
plots.show(
    fig,
    alt=f"Histograms of systolic pressure: skewness {skew[0]:.2f} in mmHg, {skew[1]:.2f} as a z-score of the logarithm.",
)

# %% [markdown]
# Fit, predict, and count pairs. The interval is DeLong's (Biometrics 1988;44:837-845): it says how far the C-index would move
# with other test patients.

# %% tags=["ungraded"]
model = lr_model(X_train, y_train)
risk = model.predict_proba(X_test)[:, 1]
plain = cindex_interval(y_test, risk)
assert np.isclose(cindex(y_test, risk), plain.value)
print(
    f"C-index {plain.value:.3f} (95 % interval {plain.low:.3f} to {plain.high:.3f}), {y_test.sum():.0f} of {len(y_test)} with retinopathy"
)

# %% [markdown]
# Now let the features work together. Both models are judged on the same patients, so ask for the interval of the *difference*: it is
# narrower than either interval alone.

# %% tags=["ungraded"]
Z_train, Z_test = add_interactions(X_train), add_interactions(X_test)
richer = lr_model(Z_train, y_train)
risk_richer = richer.predict_proba(Z_test)[:, 1]
more, gain = cindex_interval(y_test, risk_richer), cindex_difference(y_test, risk_richer, risk)
best = cindex_interval(y_test, cohort.true_risk[y_test.index])
print(f"with interactions: {more.value:.3f} ({more.low:.3f} to {more.high:.3f})")
print(f"gain: {gain.value:.3f} ({gain.low:.3f} to {gain.high:.3f})")
print(f"the true risks themselves reach {best.value:.3f} ({best.low:.3f} to {best.high:.3f})")
assert gain.low > 0 and best.value > plain.value

# %% [markdown]
# The gain is small and, by its interval, above zero. The last line is what only a made-up cohort can tell: even somebody who knew
# every true risk would order no more pairs right, because a risk is not a fate. A low C-index need not mean a bad model.
#
# Which interactions did the model find? Here are its coefficients beside the formula that drew the outcomes.

# %% tags=["ungraded"]
from labutils.datasets.retinopathy_cohort import TRUE_MODEL  # the answer key of this cohort

draws = np.random.default_rng(7)
again = []
for _ in range(200):  # the same fit on resampled patients: how far do the coefficients move?
    rows = draws.integers(0, len(Z_train), len(Z_train))
    again.append(lr_model(Z_train.iloc[rows], y_train.iloc[rows]).coef_[0])
lower, upper = np.quantile(again, [0.025, 0.975], axis=0)
truth = np.array([TRUE_MODEL.get(name, 0.0) for name in Z_train.columns])
inside = int(((truth >= lower) & (truth <= upper)).sum())
found = [name for name, end in zip(Z_train.columns, lower, strict=True) if "_x_" in name and end > 0]
assert found == ["Age_x_Systolic_BP", "Age_x_Cholesterol"]
fig = plots_labs.dots_with_interval(
    list(Z_train.columns),
    {
        "fitted (95 % interval, 200 resamples)": np.column_stack([richer.coef_[0], lower, upper]),
        "truth": np.column_stack([truth] * 3),
    },
    title="The model finds the two interactions that are there",
    xlabel="coefficient (log-odds per unit of the z-scores or their product)",
    reference=0.0,
)
plots.show(
    fig, alt=f"Ten fitted coefficients with intervals beside the true ones; {inside} of 10 intervals hold the truth."
)

# %% [markdown]
# ## Then: ask whether the risks are true
#
# Your `calibration_slope` for both models, with intervals, and the picture behind it: patients in five groups by their predicted risk.

# %% tags=["ungraded"]
for name, p in {"plain": risk, "with interactions": risk_richer}.items():
    level, slope = calibration_interval(y_test, p)
    assert np.allclose(calibration_slope(y_test, p), [level.value, slope.value], atol=0.01)
    print(
        f"{name}: slope {slope.value:.2f} ({slope.low:.2f} to {slope.high:.2f}), intercept {level.value:.2f} ({level.low:.2f} to {level.high:.2f})"
    )
groups = {"plain": risk_groups(y_test, risk), "with interactions": risk_groups(y_test, risk_richer)}
top = {
    name: f"{part['predicted'].iloc[-1]:.0%} predicted, {part['observed'].iloc[-1]:.0%} observed"
    for name, part in groups.items()
}
fig = plots_risk.risk_calibration(groups, title="Both models keep their promises, nearly")
plots.show(
    fig,
    alt=f"Observed share against predicted risk in five groups, near the diagonal. Highest fifth: plain {top['plain']}; with interactions {top['with interactions']}.",
)

# %% [markdown]
# And does it work for everybody? The same model by third of age: a C-index for all can hide a group that is served badly.

# %% tags=["ungraded"]
thirds = pd.qcut(test["Age"], 3)
rows = []
for third in thirds.cat.categories:
    own = (thirds == third).to_numpy()
    value, lower, upper = cindex_interval(y_test[own], risk_richer[own])
    slope = "{:.2f} ({:.2f} to {:.2f})".format(*calibration_interval(y_test[own], risk_richer[own]).slope)
    years = f"{third.left:.0f} to {third.right:.0f} years"
    rows.append((years, own.sum(), y_test[own].sum(), f"{value:.2f} ({lower:.2f} to {upper:.2f})", slope))
by_age = pd.DataFrame(rows, columns=["age", "patients", "with retinopathy", "C (95 % interval)", "calibration slope"])
assert by_age["C (95 % interval)"].is_monotonic_increasing
by_age.set_index("age")

# %% [markdown]
# The older the patients, the better their order: in this cohort pressure and cholesterol weigh more in the old, so in the young there is less to
# tell patients apart by. A report should say so, next to the one number for all.
#
# ## Then: try it on real people
#
# 442 people with diabetes (Efron and others, Annals of Statistics 2004;32:407-499; the table comes with scikit-learn). The outcome: a
# progression of the disease above 200 after a year, on a scale without a unit. Who they were, and how they were found, is not told.
# Nine measurements, and as interactions 36 products on top. Is more better again?

# %% tags=["ungraded"]
people = load_diabetes_progression()
measured = [name for name in people.columns if name not in ("sex", "progression", "progressed")]
order = np.random.default_rng(1).permutation(len(people))
few, rest = people.iloc[order[:300]], people.iloc[order[300:]]
A, B = make_standard_normal(few[measured], rest[measured])
print(
    f"{len(few)} people to learn from, {few['progressed'].sum()} progressed; {len(rest)} others, {rest['progressed'].sum()} progressed"
)

# %% [markdown]
# Fit both, judge both: on the people they have seen, and on the others.

# %% tags=["ungraded"]
results = {"nine features": (A, B), "with 36 products": (add_interactions(A), add_interactions(B))}
risks = {}
for name, (a, b) in results.items():
    fitted = lr_model(a, few["progressed"])
    risks[name] = fitted.predict_proba(b)[:, 1]
    seen = cindex(few["progressed"], fitted.predict_proba(a)[:, 1])
    new = cindex_interval(rest["progressed"], risks[name])
    slope = calibration_interval(rest["progressed"], risks[name]).slope
    print(f"{name}: C {seen:.2f} on the people seen, {new.value:.2f} ({new.low:.2f} to {new.high:.2f}) on the others")
    print(f"   calibration slope on the others {slope.value:.2f} ({slope.low:.2f} to {slope.high:.2f})")
loss = cindex_difference(rest["progressed"], risks["with 36 products"], risks["nine features"])
print(f"difference on the others: {loss.value:.2f} ({loss.low:.2f} to {loss.high:.2f})")
assert loss.high < 0

# %% [markdown]
# What helped 4,500 patients harms 300: the richer model looks better on the patients it has seen and is worse on the others, and a slope far
# below 1 gives it away: its risks are too extreme. (One random split of a small table; another seed moves these numbers, as the
# intervals say.)
#
# If you have the trial of laser against retinopathy on disk (`medlabs data fetch retinopathy`), this cell asks how well the trial's own risk grade
# orders the *untreated* eyes, one per patient, by severe loss of sight within two years.

# %% tags=["ungraded"]
folder = registry.find("retinopathy")
if folder is None:
    print("The trial is not on this machine; everything else works without it.")
else:
    eyes = load_retinopathy(folder, months=24).query("treated == 0")
    known = eyes.dropna(subset="lost")
    value, lower, upper = cindex_interval(known["lost"], known["risk"])
    print(
        f"{len(known)} of {len(eyes)} untreated eyes are known at 24 months; C of the risk grade {value:.2f} ({lower:.2f} to {upper:.2f})"
    )

# %% [markdown]
# (Eyes that were last seen before 24 months are left out there, which can bias the result. Week 3 shows the proper way.)
#
# ## What to remember
#
# - Measure new patients with the ruler of the training patients.
# - A product of two features lets a linear model say "more so in the old". Whether it helps is a matter of data: ask for the interval of the
#   difference, on patients that the model has not seen.
# - The C-index counts pairs in the right order; it is blind to the size of the risks. The calibration slope is not.
# - A published score has bounds, a version, and a group of people that it was made for. Name them.
#
# ## In practice
#
# No number about the cohort of this notebook says anything of people: it is drawn. Clinical scores are used through approved calculators, in the version
# that the guideline of the day names. A model that is to inform treatment needs testing in the place where it will be used, and in
# most countries approval as a medical device.
#
# ## Further reading
#
# - Harrell FE and others, *Evaluating the yield of medical tests*, JAMA 1982;247:2543-2546: where the concordance index comes from.
# - Cox DR, *Two further applications of a model for binary regression*, Biometrika 1958;45:562-565: the calibration line.
# - Van Calster B and others, *Calibration: the Achilles heel of predictive analytics*, BMC Medicine 2019;17:230: why it matters.
# - Goff DC and others, *2013 ACC/AHA guideline on the assessment of cardiovascular risk*, Circulation 2014;129(suppl 2):S49-S73.
