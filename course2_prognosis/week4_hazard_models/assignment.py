# %% [markdown]
# # Predict survival with Cox regression and random forests
#
# You write seven small functions that turn a table of patients into a survival prediction that can be trusted, and then use
# them on real patients: 500 people who were admitted after a heart attack.
#
# **You will be able to**
#
# - encode categories so that every split has the same columns, and decode a treatment the right way round;
# - compare two patients by their hazards, and turn a cumulative hazard into a survival curve;
# - score a model while some patients are still alive: Harrell's C and the Brier score;
# - count a competing event instead of dropping the patients who had it.
#
# **You need** two hours, the lesson and the four labs. Everything runs offline in memory.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `to_one_hot` | {{points:to_one_hot}} |
# | 2 | `hazard_ratio` | {{points:hazard_ratio}} |
# | 3 | `harrell_c` | {{points:harrell_c}} |
# | 4 | `survival_from_hazard` | {{points:survival_from_hazard}} |
# | 5 | `brier_score` | {{points:brier_score}} |
# | 6 | `decode_treatment` | {{points:decode_treatment}} |
# | 7 | `cumulative_incidence` | {{points:cumulative_incidence}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs. They ask for nothing that the statement does not say. An
# exercise earns its points or none. The part after exercise 7 is not graded. Where a message says that it got
# `Ellipsis`, a `...` still stands in your answer.

# %% [markdown]
# ## Set the table
#
# Run these two cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import pandas as pd

# %% [markdown]
# The second defines helpers that only the checks use.


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


def unchanged(inputs, copies):
    """Whether arrays, Series and frames are still what their copies are."""
    return all(
        one.equals(copy) if hasattr(one, "equals") else np.array_equal(one, copy, equal_nan=True)
        for one, copy in zip(inputs, copies, strict=True)
    )


# %% [markdown]
# ## Exercise 1: encode categories
#
# A Cox model multiplies numbers by coefficients, so a category such as *stage* has to become columns of 0 and 1. Three
# levels need only **two** columns: whoever is in neither is in the third. With all three, the columns always add up to 1
# and the model cannot tell them apart.
#
# Write `to_one_hot(dataframe, columns)`.
#
# | | |
# |---|---|
# | **in** `dataframe` | data frame with one row per patient and any index; no value is missing in the columns to be encoded |
# | **in** `columns` | list of names: the columns to encode. Each holds text or whole numbers, or is a pandas **Categorical** whose levels were declared beforehand |
# | **out** | a data frame with the same index: the other columns as they were, the encoded ones replaced |
#
# - A column is replaced by one new column for each level but the **first**. The first level is the first of the categories
#   if the column is a Categorical, else the smallest in sorted order.
# - A new column is called `<column>_<level>`, for example `stage_3`, and holds 1.0 or 0.0 as `float64`.
# - A Categorical remembers levels that none of these patients has. They **still get a column**: that is how a training table and a
#   single patient get the same columns.
# - The order of the columns is up to you. The input frame is not changed.
#
# **By hand.** `stage` is 2, 3, 2, 1. Levels in order: 1, 2, 3. Level 1 is dropped; `stage_2` is 1, 0, 1, 0 and `stage_3` is
# 0, 1, 0, 0. The last patient has 0 and 0, so it must be stage 1.
#
# <details><summary>Hint 1: the direction</summary>
#
# pandas has a function that makes such *dummy* columns; look at its arguments for the columns, for dropping the first level and
# for the number type. It respects the categories of a Categorical.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `pd.get_dummies(dataframe, columns=columns, drop_first=..., dtype=...)`
# </details>


# %% nbgrader={"grade": false, "grade_id": "to_one_hot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_one_hot(dataframe, columns):
    """Replace each of `columns` by float64 columns of 0 and 1, one for each level but the first."""
    ### BEGIN SOLUTION
    ### STUB: encoded = ...  # dummy columns for `columns`, first level dropped, float64
    ### STUB: return encoded
    return pd.get_dummies(dataframe, columns=list(columns), drop_first=True, dtype="float64")
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** The example, then one patient alone whose stage is a Categorical.

# %% nbgrader={"grade": true, "grade_id": "check_to_one_hot", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
four = pd.DataFrame({"stage": [2, 3, 2, 1], "age": [61.5, 48.0, 70.25, 55.0]}, index=[7, 3, 9, 4])
got = to_one_hot(four.copy(), ["stage"])
assert isinstance(got, pd.DataFrame) and sorted(got.columns) == ["age", "stage_2", "stage_3"], (
    f"Stages 2, 3, 2, 1: got {list(got.columns) if isinstance(got, pd.DataFrame) else type(got).__name__}, expected the columns age, stage_2 and stage_3: drop the first level, name the others <column>_<level>."
)
assert (
    numbers_match(got["stage_2"], [1, 0, 1, 0])
    and numbers_match(got["stage_3"], [0, 1, 0, 0])
    and set(got.drop(columns="age").dtypes.astype(str)) == {"float64"}
    and list(got.index) == [7, 3, 9, 4]
), (
    f"Stages 2, 3, 2, 1: got\n{got}\nwith the types {[str(kind) for kind in got.dtypes]}, expected stage_2 = 1, 0, 1, 0 and stage_3 = 0, 1, 0, 0 as float64, the index as before."
)
alone = pd.DataFrame({"stage": pd.Categorical([2], categories=[1, 2, 3])})
got = to_one_hot(alone, ["stage"])
assert sorted(got.columns) == ["stage_2", "stage_3"] and numbers_match(got[["stage_2", "stage_3"]], [[1, 0]]), (
    f"One patient of declared stages 1, 2, 3: got the columns {list(got.columns)}, expected stage_2 = 1 and stage_3 = 0. Take the levels from the Categorical, not from the patients who happen to be here."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(24_101)


def levels_of(column):
    return list(column.cat.categories) if isinstance(column.dtype, pd.CategoricalDtype) else sorted(set(column))


def judged(frame, columns, case):
    before = frame.copy()
    got = call_answer(to_one_hot, frame, columns, case=case)
    assert isinstance(got, pd.DataFrame), f"{case}: return a data frame."
    wanted = {f"{c}_{level}": (c, level) for c in columns for level in levels_of(before[c])[1:]}
    others = [c for c in before.columns if c not in columns]
    assert sorted(got.columns) == sorted([*wanted, *others]), (
        f"{case}: the columns are not the right ones. One for each level but the first, named <column>_<level>, and the other columns kept."
    )
    assert got.index.equals(before.index), f"{case}: the index must stay as it was."
    for name, (column, level) in wanted.items():
        assert got[name].dtype == np.float64, f"{case}: a new column is not float64."
        assert numbers_match(got[name], [float(value == level) for value in before[column]]), (
            f"{case}: a new column does not hold 1 where the patient has its level and 0 elsewhere."
        )
    for name in others:
        assert got[name].equals(before[name]), f"{case}: a column that was not to be encoded has changed."
    assert frame.equals(before) and list(frame.columns) == list(before.columns), (
        f"{case}: your function changed the frame that it was given."
    )


for _ in range(12):
    n = int(draw.integers(6, 40))
    frame = pd.DataFrame(
        {
            "bili": draw.random(n),
            "sex": draw.choice(["m", "f"], n),
            "ward": draw.choice([1, 2, 3, 4], n),
            "edema": pd.Categorical(draw.choice(["none", "some"], n), categories=["none", "some", "much"]),
            "size": pd.Categorical(draw.choice(["small", "large"], n), categories=["large", "medium", "small"]),
            "visits": draw.integers(0, 4, n),
        },
        index=draw.permutation(n) + 100,
    )
    frame.loc[frame.index[:4], "ward"] = [4, 2, 3, 1]
    frame.loc[frame.index[:2], "sex"] = ["m", "f"]
    judged(frame, ["sex"], "Text levels")
    judged(frame, ["ward", "sex"], "Two columns, whole numbers and text")
    judged(frame, ["edema", "size"], "Categoricals with a level that nobody has")
    judged(frame, ["size"], "A Categorical whose order is its own, not the alphabet's")
    judged(frame.iloc[:1], ["edema", "size"], "One patient alone")
judged(frame.iloc[:0], ["edema"], "A Categorical without any patient")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: compare two patients
#
# In the Cox model the hazard of a patient with covariates $x$ is $\lambda(t, x) = \lambda_0(t)\, e^{\theta \cdot x}$. Divide
# the hazards of two patients, and the baseline $\lambda_0(t)$ cancels: at every time the ratio is the same,
# $e^{\theta \cdot (x_1 - x_2)}$.
#
# Write `hazard_ratio(case_1, case_2, cox_params)`.
#
# | | |
# |---|---|
# | **in** `case_1`, `case_2` | the covariates of two patients: NumPy arrays or Series of K numbers, in the same order |
# | **in** `cox_params` | the K coefficients $\theta$ in that order, an array or a Series |
# | **out** | one number above 0: the hazard of `case_1` divided by the hazard of `case_2` |
#
# If the inputs are Series, all three carry the same index. Nothing is changed.
#
# **By hand.** Coefficients (0.5, −2); case 1 is (4, 1), case 2 is (2, 1). The difference is (2, 0), so θ·difference is 1 and the
# ratio is $e^1 ≈ 2.718$: at any moment the first patient's risk of dying is 2.7 times that of the second.
#
# <details><summary>Hint 1: the direction</summary>
#
# Subtract, multiply entry by entry, add up, and only then take the exponential. Think which patient stands above the line.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.exp(np.dot(cox_params, ...))`
# </details>


# %% nbgrader={"grade": false, "grade_id": "hazard_ratio", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hazard_ratio(case_1, case_2, cox_params):
    """The hazard of case_1 divided by the hazard of case_2 in a Cox model (one number above 0)."""
    ### BEGIN SOLUTION
    ### STUB: ratio = ...  # exp of the coefficients times the difference of the cases
    ### STUB: return ratio
    return np.exp(np.dot(cox_params, case_1 - case_2))
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The example, the other way round, and a Series.

# %% nbgrader={"grade": true, "grade_id": "check_hazard_ratio", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = hazard_ratio(np.array([4.0, 1.0]), np.array([2.0, 1.0]), np.array([0.5, -2.0]))
assert numbers_match(got, np.exp(1)), (
    f"Cases (4, 1) and (2, 1), coefficients (0.5, -2): got {got!r}, expected 2.718 (one number): exp(0.5 * 2 - 2 * 0). Is the exponential taken of the sum?"
)
got = hazard_ratio(np.array([2.0, 1.0]), np.array([4.0, 1.0]), np.array([0.5, -2.0]))
assert numbers_match(got, np.exp(-1)), (
    f"The cases swapped: got {got!r}, expected 0.368 (one number): case_1 stands above the line, so the smaller risk gives a ratio below 1."
)
names = ["age", "drug"]
got = hazard_ratio(pd.Series([60, 0], names), pd.Series([50, 1], names), pd.Series([0.03, -0.5], names))
assert numbers_match(got, np.exp(0.8)), (
    f"Age 60 without and age 50 with the drug, coefficients (0.03, -0.5): got {got!r}, expected 2.226 (one number), exp(0.3 + 0.5)."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(24_102)


def judged(case_1, case_2, theta, case, tol=1e-5):
    copies = case_1.copy(), case_2.copy(), theta.copy()
    total = sum(
        float(b) * (float(x) - float(z))
        for b, x, z in zip(np.asarray(theta), np.asarray(case_1), np.asarray(case_2), strict=True)
    )
    got = call_answer(hazard_ratio, case_1, case_2, theta, case=case)
    assert numbers_match(got, float(np.exp(total)), tol), f"{case}: the ratio is not exp(theta · (x1 - x2))."
    assert unchanged((case_1, case_2, theta), copies), f"{case}: your function changed one of its inputs."


for trial in range(20):
    size = int(draw.integers(1, 9))
    one, two, theta = draw.normal(size=size), draw.normal(size=size), draw.normal(size=size) / 2
    judged(one, two, theta, "Arrays of several lengths")
    judged(one, one.copy(), theta, "Two equal patients, whose ratio is 1")
    width = ["float32", "float64"][trial % 2]
    judged(one.astype(width), two.astype(width), theta.astype(width), "Other float widths", 1e-4)
    names = [f"x{k}" for k in range(size)]
    judged(pd.Series(one, names), pd.Series(two, names), pd.Series(theta, names), "Series")
    judged(draw.integers(0, 3, size), draw.integers(0, 3, size), theta, "Whole numbers")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: score a ranking of patients
#
# A good model gives the patient who dies first the higher score. Harrell's C looks at pairs of patients. Some pairs cannot be
# judged: if patient A was last seen alive at year 2 and B died at year 5, nobody knows who lived longer.
#
# Write `harrell_c(y_true, scores, event)`.
#
# | | |
# |---|---|
# | **in** `y_true` | the time of death, or of the last visit: N numbers above 0, an array or a Series with the index 0, 1, 2, … |
# | **in** `scores` | N numbers, the same kinds. **Higher = earlier death.** Any float width |
# | **in** `event` | 1 or `True` = died at that time, 0 or `False` = censored (alive when last seen) |
# | **out** | one number from 0 to 1, or NaN |
#
# A pair of patients is **permissible** if it is known who lived longer:
#
# - the times differ, and the one with the *shorter* time died; or
# - the times are equal, and exactly one of the two died (the other was seen alive at that time, so lived longer).
#
# Two deaths at the same time are not permissible, nor is a pair of which both are censored. A permissible pair is **concordant** if the one who died first has
# the higher score, a **risk tie** if the scores are equal. Then
#
# $$C = \frac{\text{concordant} + \tfrac12\,\text{risk ties}}{\text{permissible}}$$
#
# Without any permissible pair the answer is NaN. Each pair counts once. Nothing is changed.
#
# **By hand.** Times 2, 4, 4, 6; event 1, 1, 0, 0; scores .75, .5, .5, .25. Patient 0 died first: pairs with 1, 2 and 3 are permissible and
# all concordant. Patient 1 died at 4: the pair with 2 (censored at 4) is permissible and a risk tie, with 3
# concordant. Patients 2 and 3 are both censored. C = (4 + ½)/5 = 0.9.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two loops: `i` over the patients who died, `j` over everyone. The pair counts if `j` is known to have outlived `i`. Because `i` is
# always the one who died first, each pair comes up once.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `outlived = y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])`. If it holds, add 1 to `permissible`, and
# compare `scores[i]` with `scores[j]`. At the end, ask first whether `permissible` is 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "harrell_c", "locked": false, "schema_version": 3, "solution": true, "task": false}
def harrell_c(y_true, scores, event):
    """Share of permissible pairs in which the patient who died first has the higher score (0 to 1, or NaN)."""
    ### BEGIN SOLUTION
    ### STUB: permissible, concordant, ties = 0, 0, 0
    ### STUB: ...  # look at the pairs, and count
    ### STUB: return ...  # NaN if no pair is permissible
    permissible, concordant, ties = 0, 0, 0
    for i in range(len(y_true)):
        if not event[i]:
            continue
        for j in range(len(y_true)):
            outlived = y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])
            if outlived:
                permissible += 1
                concordant += scores[i] > scores[j]
                ties += scores[i] == scores[j]
    if permissible == 0:
        return float("nan")
    return (concordant + 0.5 * ties) / permissible
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The example; two patients who died on the same day; a pair that nobody can judge.

# %% nbgrader={"grade": true, "grade_id": "check_harrell_c", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
got = harrell_c(np.array([2, 4, 4, 6]), np.array([0.75, 0.5, 0.5, 0.25]), np.array([1, 1, 0, 0]))
assert numbers_match(got, 0.9), (
    f"The example: got {got!r}, expected 0.9, that is (4 + 1/2)/5. A higher score means earlier death; a risk tie counts half; the patient censored at 4 outlived the one who died at 4."
)
got = harrell_c(np.array([3, 3, 5.0]), np.array([0.75, 1.0, 0.5]), np.array([1, 1, 1]))
assert numbers_match(got, 1), (
    f"Deaths at 3, 3 and 5, scores .75, 1, .5: got {got!r}, expected 1: the two deaths at 3 are no permissible pair, the other two pairs are concordant."
)
got = harrell_c(np.array([2.0, 5.0]), np.array([0.75, 0.25]), np.array([False, True]))
assert numbers_match(got, np.nan), (
    f"Censored at 2, died at 5: got {got!r}, expected NaN. Nobody knows who lived longer, so no pair is permissible."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(24_103)


def oracle(time, score, died):
    """Count every unordered pair once, with whole numbers."""
    twice, pairs = 0, 0
    for a in range(len(time)):
        for b in range(a + 1, len(time)):
            first, second = (a, b) if (time[a], not died[a]) <= (time[b], not died[b]) else (b, a)
            if not died[first] or (time[first] == time[second] and died[second]):
                continue
            pairs += 1
            twice += 2 * int(score[first] > score[second]) + int(score[first] == score[second])
    return twice / (2 * pairs) if pairs else float("nan")


def judged(time, score, died, case):
    inputs = time, score, died
    copies = tuple(one.copy() for one in inputs)
    expected = oracle(*(np.asarray(one).tolist() for one in inputs))
    got = call_answer(harrell_c, *inputs, case=case)
    assert np.ndim(got) == 0, f"{case}: return one number."
    assert numbers_match(got, expected), (
        f"{case}: the index is not (concordant + half the risk ties) / permissible, as the statement defines the pairs."
    )
    assert unchanged(inputs, copies), f"{case}: your function changed one of its inputs."


for _ in range(25):
    n = int(draw.integers(5, 40))
    time = draw.integers(1, 9, n)
    score = draw.choice([0.25, 0.5, 0.75, 1.0], n)
    died = draw.random(n) < draw.choice([0.2, 0.5, 0.9])
    judged(time, score, died, "Ties in times and in scores, events as True and False")
    judged(time.astype(float), score.astype("float32"), died.astype(int), "Float32 scores, events as 0 and 1")
    judged(pd.Series(time), pd.Series(score), pd.Series(died.astype(float)), "Series, events as 0.0 and 1.0")
    judged(draw.permutation(n) / 4 + 1, draw.normal(size=n), died, "No ties, scores below 0")
    judged(np.full(n, 3.5), score, died, "Everybody has the same time")
judged(time, score, np.ones(n, dtype=bool), "Everybody died")
judged(time, np.full(n, 0.5), np.ones(n, dtype=int), "Everybody has the same score")
judged(np.arange(1, 31), -np.arange(30.0), np.ones(30, dtype=int), "A perfect ranking")
judged(np.arange(1, 31), np.arange(30.0), np.ones(30, dtype=int), "A ranking upside down")
judged(time, score, np.zeros(n, dtype=int), "Nobody died")
judged(np.array([2.0, 2.0, 2.0]), np.array([1.0, 2.0, 3.0]), np.array([1, 1, 1]), "Three deaths at the same time")
judged(np.array([4.0]), np.array([0.5]), np.array([1]), "One patient")
judged(np.array([], dtype=float), np.array([], dtype=float), np.array([], dtype=int), "No patients")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: turn a cumulative hazard into survival
#
# A fitted Cox model knows the **baseline cumulative hazard** $H_0(t)$: the risk that a baseline patient has gathered by
# time $t$. A patient whose hazard is `risk` times the baseline's has gathered $H_0(t) \cdot$ `risk`, and is alive with
# probability $S(t) = e^{-H_0(t)\,\cdot\,\text{risk}}$.
#
# Write `survival_from_hazard(baseline_cumulative_hazard, risk)`.
#
# | | |
# |---|---|
# | **in** `baseline_cumulative_hazard` | $H_0$ at M times: an array or a Series of M numbers, 0 or more |
# | **in** `risk` | one number, 0 or more: $e^{\theta \cdot x}$ of the patient, 1 for the baseline patient |
# | **out** | M numbers from 0 to 1, an array or a Series: $S$ at the same times |
#
# Nothing is changed.
#
# **By hand.** $H_0$ = 0, 0.5, 1 and risk 2: gathered are 0, 1, 2, so $S$ = 1, $e^{-1}$, $e^{-2}$ = 1, 0.368, 0.135. Doubling the
# risk does **not** double the probability of death: it squares the survival (the baseline has 1, 0.607, 0.368).
#
# <details><summary>Hint 1: the direction</summary>
#
# The risk multiplies the cumulative hazard, inside the exponential. A cumulative hazard can be above 1; a probability cannot.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `np.exp(-... * ...)`
# </details>


# %% nbgrader={"grade": false, "grade_id": "survival_from_hazard", "locked": false, "schema_version": 3, "solution": true, "task": false}
def survival_from_hazard(baseline_cumulative_hazard, risk):
    """Probability that the patient is alive at each time of the baseline cumulative hazard."""
    ### BEGIN SOLUTION
    ### STUB: survival = ...  # exp of minus what the patient has gathered
    ### STUB: return survival
    return np.exp(-baseline_cumulative_hazard * risk)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** The example, and the baseline patient.

# %% nbgrader={"grade": true, "grade_id": "check_survival_from_hazard", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = survival_from_hazard(np.array([0, 0.5, 1]), 2)
assert numbers_match(got, [1, np.exp(-1), np.exp(-2)]), (
    f"H0 = 0, 0.5, 1 and risk 2: got {got!r}, expected 1, 0.368, 0.135: exp(-H0 * risk)."
)
got = survival_from_hazard(pd.Series([0.25, 3.0], index=[30, 365]), 1.0)
assert numbers_match(got, [np.exp(-0.25), np.exp(-3)]), (
    f"H0 = 0.25, 3 and risk 1 (a Series): got {got!r}, expected 0.779, 0.050. A survival is exp(-H), not 1 - H, and never below 0."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(24_104)


def judged(hazard, risk, case, tol=1e-5):
    before = hazard.copy()
    expected = [float(np.exp(-(float(h) * float(risk)))) for h in np.asarray(hazard)]
    got = call_answer(survival_from_hazard, hazard, risk, case=case)
    assert numbers_match(got, expected, tol), f"{case}: the survival is not exp(-H0 * risk) at each time."
    assert unchanged((hazard,), (before,)), f"{case}: your function changed its input."


for _ in range(15):
    size = int(draw.integers(1, 30))
    hazard = np.cumsum(draw.exponential(0.2, size))
    risk = float(draw.lognormal())
    judged(hazard, risk, "Arrays of several lengths")
    judged(hazard.astype("float32"), np.float32(risk), "Float32", 1e-4)
    judged(pd.Series(hazard, index=draw.permutation(size)), np.float64(risk), "A Series with an index of its own")
    judged(hazard, 0.25, "A risk below 1")
    judged(hazard, 1, "The baseline patient")
    judged(hazard, 0.0, "A risk of 0: nobody dies")
    judged(hazard + 4, 40.0, "A very high risk")
judged(np.zeros(5), 3.0, "Nothing gathered yet")
judged(np.arange(4), 2, "Whole numbers")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: score predicted probabilities
#
# C looks at the order only. The **Brier score** at a time $t$ asks whether the probabilities are right: the mean squared distance
# between the predicted survival $\hat S_i(t)$ and what happened (1 = alive at $t$, 0 = dead). Lower is better.
#
# Whoever was censored before $t$ has no known outcome. To leave such patients out would favour those who died early. Instead,
# the others stand in for them, by **inverse-probability-of-censoring weights** (Graf and others, Statistics in Medicine 1999):
#
# $$BS(t) = \frac1N \sum_i \begin{cases} \hat S_i(t)^2 \,/\, G(T_i) & \text{died at } T_i \le t\\
# (1 - \hat S_i(t))^2 \,/\, G(t) & \text{seen alive after } t\ (T_i > t)\\ 0 & \text{censored at } T_i \le t \end{cases}$$
#
# $G$ is the Kaplan–Meier curve of *being censored*: the same patients, with censoring as the event. So $G(u)$ is the product over the
# censoring times $c \le u$ of $1 - \dfrac{\text{patients censored at } c}{\text{patients with } T \ge c}$.
#
# Write `brier_score(times, event, surv_probs, t)`.
#
# | | |
# |---|---|
# | **in** `times` | $T_i$: N numbers above 0, an array or a Series with the index 0, 1, 2, … |
# | **in** `event` | 1 or `True` = died, 0 or `False` = censored; the same kinds |
# | **in** `surv_probs` | $\hat S_i(t)$: the predicted probability that patient $i$ is alive at $t$, N numbers from 0 to 1 |
# | **in** `t` | one time above 0 |
# | **out** | one number, 0 or more; NaN without patients (0/0) |
#
# Nobody is censored at exactly the time of a death, nor at exactly $t$. Someone can die at exactly $t$: dead. Several can die, or several
# be censored, at one time. Divide by **all** N patients. Nothing is changed.
#
# **By hand.** Times 1, 2, 3, 4, 5; event 1, 0, 1, 0, 1; $t = 3.5$; predictions .5, .5, .25, .75, .5. One patient of the 4 with $T \ge 2$ is censored
# at 2: $G$ is 1 before 2, then $3/4$ until 4. Died at 1: $.25/1$. Censored at 2: 0. Died at 3: $.0625/.75$. Alive at
# 3.5: $(.0625 + .25)/.75$. The sum is .75, divided by 5: **0.15**.
#
# <details><summary>Hint 1: the direction</summary>
#
# First a function (or a dictionary) for $G$. Then one loop over the patients with the three cases. Watch that the *number at risk* counts
# everyone whose time is at or after $c$, also those who die later.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `def G(u): return np.prod([1 - np.sum((times == c) & (event == 0)) / np.sum(times >= c) for c in np.unique(times[event == 0]) if c <= u])`
# (the product of nothing is 1).
# </details>


# %% nbgrader={"grade": false, "grade_id": "brier_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def brier_score(times, event, surv_probs, t):
    """Mean squared error of survival predictions for time t, weighted for censoring (lower is better)."""
    ### BEGIN SOLUTION
    ### STUB: ...  # G(u), the Kaplan-Meier curve of being censored
    ### STUB: ...  # the three cases
    ### STUB: return ...
    times, surv_probs = np.asarray(times, dtype=float), np.asarray(surv_probs, dtype=float)
    died = np.asarray(event).astype(bool)
    if len(times) == 0:
        return float("nan")

    def uncensored(u):
        """The share of patients who are not censored by time u."""
        share = 1.0
        for c in np.unique(times[~died]):
            if c <= u:
                share *= 1 - np.sum((times == c) & ~died) / np.sum(times >= c)
        return share

    total = 0.0
    for time, dead, prediction in zip(times, died, surv_probs, strict=True):
        if time > t:
            total += (1 - prediction) ** 2 / uncensored(t)
        elif dead:
            total += prediction**2 / uncensored(time)
    return total / len(times)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The example; the same with nobody censored; a death at exactly $t$.

# %% nbgrader={"grade": true, "grade_id": "check_brier_score", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
five_times, predictions = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([0.5, 0.5, 0.25, 0.75, 0.5])
got = brier_score(five_times, np.array([1, 0, 1, 0, 1]), predictions, 3.5)
assert numbers_match(got, 0.15), (
    f"The example: got {got!r}, expected 0.15. Censored before t adds 0 but stays in N = 5; those who are known weigh 1/G; G drops at censorings, not at deaths."
)
got = brier_score(five_times, np.array([1, 1, 1, 1, 1]), predictions, 3.5)
assert numbers_match(got, 0.175), (
    f"The same with five deaths: got {got!r}, expected 0.175, the plain mean of .25, .25, .0625 (dead at 3.5) and .0625, .25 (alive): with nobody censored all weights are 1."
)
got = brier_score(five_times, np.array([1, 0, 1, 0, 1]), predictions, 3)
assert numbers_match(got, 0.15), (
    f"The example at t = 3: got {got!r}, expected 0.15 again: the patient who dies at exactly 3 is dead at 3."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(24_105)


def oracle(times, died, predicted, t):
    """One pass over the distinct times in order, with running counts."""
    n = len(times)
    if n == 0:
        return float("nan")
    curve, at_risk, share = {}, n, 1.0
    for time in sorted(set(times)):
        here = [d for u, d in zip(times, died, strict=True) if u == time]
        share *= 1 - sum(not d for d in here) / at_risk
        curve[time], at_risk = share, at_risk - len(here)
    at_t = ([1.0] + [curve[time] for time in sorted(curve) if time <= t])[-1]
    terms = [
        (1 - s) ** 2 / at_t if time > t else (s**2 / curve[time] if d else 0.0)
        for time, d, s in zip(times, died, predicted, strict=True)
    ]
    return sum(terms) / n


def judged(times, died, predicted, t, case):
    inputs = times, died, predicted
    copies = tuple(one.copy() for one in inputs)
    expected = oracle(*(np.asarray(one).tolist() for one in inputs), float(t))
    got = call_answer(brier_score, *inputs, t, case=case)
    assert np.ndim(got) == 0, f"{case}: return one number."
    assert numbers_match(got, expected, 1e-4), f"{case}: the score is not the one that the formula gives."
    assert unchanged(inputs, copies), f"{case}: your function changed one of its inputs."


for _ in range(20):
    n = int(draw.integers(5, 40))
    moments = np.arange(1, 25) / 4  # distinct moments, each of them for deaths only or for censorings only
    deadly = draw.random(24) < 0.55
    picked = draw.integers(0, 24, n)
    times, died, predicted = moments[picked], deadly[picked], draw.random(n)
    for t in (float(draw.choice(moments[deadly])), 3.125, 0.125):
        judged(times, died, predicted, t, "Several deaths or several censorings at one time")
    judged(times.astype("float32"), died.astype(int), predicted.astype("float32"), 2.125, "Float32, events as 0 and 1")
    judged(
        pd.Series(times), pd.Series(died.astype(float)), pd.Series(predicted), 4.125, "Series, events as 0.0 and 1.0"
    )
    judged(times, np.ones(n, dtype=bool), predicted, 3.125, "Nobody is censored")
    judged(times, np.zeros(n, dtype=int), predicted, 3.125, "Everybody is censored")
    judged(times, died, predicted, 9.0, "A time after the last visit")
judged(np.array([], dtype=float), np.array([], dtype=int), np.array([], dtype=float), 1.0, "No patients")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: decode a treatment
#
# The PBC trial of the Mayo Clinic (1974 to 1984) compared D-penicillamine with placebo. Its codebook says: `trt` **1 = D-penicillamine,
# 2 = placebo**, missing = not in the trial. `status` 0 = alive when last seen, 1 = transplanted, 2 = died. `time` is in days. Teaching notebooks
# have decoded `trt` backwards, and so taught the wrong conclusion with every number right.
#
# Write `decode_treatment(pbc)`.
#
# | | |
# |---|---|
# | **in** `pbc` | data frame with the columns `trt` (1, 2 or NaN), `status` and `time`, any index and any order of rows and columns |
# | **out** | the pair `(treatment, sign)` |
#
# - `treatment` is an array, list or Series with one entry per row, in the order of the rows: the text `"D-penicillamine"`, the text `"placebo"`, or missing (NaN or
#   `None`) where `trt` is missing.
# - `sign` is the direction of the comparison of death **rates** (deaths divided by the sum of `time`, transplanted and living patients
#   included in that sum): **1** if the rate is higher on D-penicillamine than on placebo, **−1** if it is lower, **0** if equal. If an arm has nobody, it is NaN (0/0).
#
# Only `status` 2 is a death. Patients outside the trial belong to neither arm. The frame is not changed.
#
# **By hand.**
#
# | trt | 1 | 1 | 1 | 2 | 2 | 2 | – |
# |---|---|---|---|---|---|---|---|
# | status | 2 | 0 | 2 | 0 | 2 | 1 | 2 |
# | time | 2 | 3 | 3 | 4 | 2 | 2 | 1 |
#
# D-penicillamine: 2 deaths in 8 days, .25. Placebo: 1 death in 8 days, .125. So `sign` is 1: in this little table *more* die on the
# drug. The last patient is in no arm.
#
# <details><summary>Hint 1: the direction</summary>
#
# A dictionary `{1: ..., 2: ...}` and `Series.map` decode the column; what is not in the dictionary becomes NaN. For each arm, take its rows, count `status == 2`, and
# add up the times.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `arm = pbc[pbc["trt"] == 1]`, `rate = (arm["status"] == 2).sum() / arm["time"].sum()`, and `np.sign(rate_drug - rate_placebo)`. In pandas and NumPy numbers 0/0 is
# NaN, and NaN stays NaN in a difference and in `np.sign`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "decode_treatment", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decode_treatment(pbc):
    """The treatment of each patient in words, and the sign of the death rate on the drug minus that on placebo."""
    ### BEGIN SOLUTION
    ### STUB: treatment = ...  # "D-penicillamine", "placebo" or missing, per row
    ### STUB: sign = ...  # 1, -1 or 0; NaN if an arm has nobody
    ### STUB: return treatment, sign
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    rates = []
    for name in ("D-penicillamine", "placebo"):
        arm = pbc[treatment == name]
        if len(arm) == 0:
            return treatment, float("nan")
        rates.append((arm["status"] == 2).sum() / arm["time"].sum())
    return treatment, np.sign(rates[0] - rates[1])
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** The example; the arms' deaths exchanged; an arm without patients.

# %% nbgrader={"grade": true, "grade_id": "check_decode_treatment", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
seven = pd.DataFrame(
    {"trt": [1, 1, 1, 2, 2, 2, np.nan], "status": [2, 0, 2, 0, 2, 1, 2], "time": [2, 3, 3, 4, 2, 2, 1]}
)
got = decode_treatment(seven.copy())
assert isinstance(got, (tuple, list)) and len(got) == 2 and len(got[0]) == 7, (
    f"The table above: got {got!r}, expected a pair (treatment, sign) with seven treatments."
)
words = [word if isinstance(word, str) else "missing" for word in got[0]]
assert words == ["D-penicillamine"] * 3 + ["placebo"] * 3 + ["missing"], (
    f"The table above: got the treatments {words}, expected three times D-penicillamine (code 1), three times placebo (code 2), and missing."
)
assert numbers_match(got[1], 1), (
    f"The table above: got sign {got[1]!r}, expected 1: 2 deaths in 8 days on the drug, 1 death in 8 days on placebo. A transplant is no death, and is part of the time."
)
got = decode_treatment(pd.DataFrame({"trt": [2, 2, 1, 1], "status": [2, 2, 0, 2], "time": [5, 5, 5, 5]}))
assert numbers_match(got[1], -1), (
    f"2 deaths in 10 days on placebo, 1 in 10 on the drug: got sign {got[1]!r}, expected -1: drug minus placebo."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(24_106)


def judged(frame, case):
    before = frame.copy()
    deaths, days, count = {1: 0, 2: 0}, {1: 0.0, 2: 0.0}, {1: 0, 2: 0}
    for code, status, time in zip(before["trt"], before["status"], before["time"], strict=True):
        if code in (1, 2):
            deaths[code] += int(status == 2)
            days[code] += float(time)
            count[code] += 1
    got = call_answer(decode_treatment, frame, case=case)
    assert isinstance(got, (tuple, list)) and len(got) == 2, f"{case}: return the pair (treatment, sign)."
    treatment, sign = got
    assert np.ndim(sign) == 0 and len(treatment) == len(before), (
        f"{case}: one treatment for each row and one sign are expected."
    )
    wanted = [{1: "D-penicillamine", 2: "placebo"}.get(code, "missing") for code in before["trt"].astype(object)]
    words = [word if isinstance(word, str) else "missing" for word in list(treatment)]
    assert words == wanted, f"{case}: a treatment is not the one of the codebook, in the order of the rows."
    expected = float("nan")
    if count[1] and count[2]:
        cross = deaths[1] * days[2] - deaths[2] * days[1]  # whole numbers: no rounding in a tie
        expected = float((cross > 0) - (cross < 0))
    assert numbers_match(sign, expected), f"{case}: the sign of the conclusion is not right."
    assert frame.equals(before), f"{case}: your function changed the frame that it was given."


def trial_of(n, shares, deaths):
    codes = draw.choice([1.0, 2.0, np.nan], n, p=shares)
    codes[:2] = [2.0, 1.0]
    status = np.where(draw.random(n) < np.where(codes == 1, *deaths), 2, draw.integers(0, 2, n))
    table = pd.DataFrame({"time": draw.integers(1, 4000, n), "status": status, "age": draw.random(n), "trt": codes})
    return table.set_index(draw.permutation(n) + 50)


for chances in [(0.2, 0.6), (0.6, 0.2), (0.4, 0.4), (0.1, 0.1)] * 4:
    cohort = trial_of(int(draw.integers(20, 90)), [0.4, 0.35, 0.25], chances)
    judged(cohort, "Patients inside and outside the trial")
    judged(trial_of(40, [0.85, 0.15, 0], chances), "Arms of different size")
    inside = cohort.dropna()
    judged(inside.astype({"trt": int, "status": "float64", "time": "float32"}), "Whole-number codes")
    judged(cohort[cohort["trt"] != 1], "Nobody on the drug")
    judged(cohort[cohort["trt"] != 2], "Nobody on placebo")
equal = pd.DataFrame({"trt": [1, 2, 1, 2], "status": [2, 2, 0, 1], "time": [3, 1, 5, 7]})
judged(equal, "Equal death rates")
judged(equal.assign(status=[1, 0, 0, 1]), "Nobody dies")
longer = pd.DataFrame({"trt": [1, 1, 2, 2], "status": [2, 2, 2, 0], "time": [40, 60, 10, 10]})
judged(longer, "More deaths in much more time")
judged(cohort[["trt", "time", "status"]], "Another order of the columns")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: count a competing event
#
# A patient with PBC who receives a new liver does not die *waiting for one*: the transplant is a **competing event**. To drop such patients loses the
# sickest; to call them censored pretends that they would have died like the others, later. The **cumulative incidence** (Aalen and Johansen, 1978) counts
# both events side by side. At each time $t_j$ with $n_j$ patients at risk ($T \ge t_j$), $d_j$ deaths and $r_j$ transplants:
#
# $$F_{\text{death}}(t) = \sum_{t_j \le t} S(t_{j-1}) \frac{d_j}{n_j}, \qquad
# F_{\text{transplant}}(t) = \sum_{t_j \le t} S(t_{j-1}) \frac{r_j}{n_j}, \qquad
# S(t_j) = S(t_{j-1}) \Bigl(1 - \frac{d_j + r_j}{n_j}\Bigr)$$
#
# with $S(0) = 1$. $S$ is the chance to be alive with the own liver, and the three always add up to 1.
#
# Write `cumulative_incidence(times, cause)`.
#
# | | |
# |---|---|
# | **in** `times` | N numbers above 0, in any order: an array or a Series with the index 0, 1, 2, … |
# | **in** `cause` | N codes as in PBC: 0 = censored, 1 = transplanted, 2 = died; whole numbers or floats |
# | **out** | three sequences of equal length, `(t, death, transplant)` |
#
# `t` starts at 0 and then holds each distinct time once, rising, **also the times with censoring only**. `death` and `transplant` are the two cumulative incidences
# at these times, so each starts at 0. Without patients all three hold the single number 0. Nothing is changed.
#
# **By hand.** Times 1, 2, 3, 4; cause 1, 2, 0, 2. At 1 (four at risk): a transplant, 1/4, and $S$ = .75. At 2 (three at risk): a death, $.75 × 1/3$ = .25, and $S$ = .5. At 3: one
# is censored, nothing changes. At 4 (one at risk): a death, $.5 × 1$ = .5. So `t` = 0, 1, 2, 3, 4; `death` = 0, 0, .25, .25, .75; `transplant` = 0,
# .25, .25, .25, .25.
#
# <details><summary>Hint 1: the direction</summary>
#
# One loop over the sorted distinct times, with three running numbers: `alive`, `death` and `transplant`. Update `alive` last: the formulas use
# its value *before* this time.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `for u in np.unique(times):`, `at_risk = np.sum(times >= u)`, `d = np.sum((times == u) & (cause == 2))`, the same for 1, then
# `death += alive * d / at_risk` …
# </details>


# %% nbgrader={"grade": false, "grade_id": "cumulative_incidence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cumulative_incidence(times, cause):
    """Distinct times from 0 with the cumulative incidences of death and of transplant: (t, death, transplant)."""
    ### BEGIN SOLUTION
    ### STUB: t, death, transplant = [0.0], [0.0], [0.0]
    ### STUB: alive = 1.0  # alive with the own liver
    ### STUB: ...  # one step per distinct time
    ### STUB: return t, death, transplant
    times, cause = np.asarray(times), np.asarray(cause)
    t, death, transplant = [0.0], [0.0], [0.0]
    alive = 1.0
    for u in np.unique(times):
        at_risk = np.sum(times >= u)
        d, r = (np.sum((times == u) & (cause == code)) for code in (2, 1))
        t.append(u)
        death.append(death[-1] + alive * d / at_risk)
        transplant.append(transplant[-1] + alive * r / at_risk)
        alive *= 1 - (d + r) / at_risk
    return np.array(t), np.array(death), np.array(transplant)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** The example in another order; a death and a transplant at the same time.

# %% nbgrader={"grade": true, "grade_id": "check_cumulative_incidence", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
got = cumulative_incidence(np.array([4.0, 1.0, 3.0, 2.0]), np.array([2, 1, 0, 2]))
assert isinstance(got, (tuple, list)) and len(got) == 3 and numbers_match(got[0], [0, 1, 2, 3, 4]), (
    f"The example: got {got!r}, expected three sequences, the first of them t = 0, 1, 2, 3, 4 (sorted, from 0, with the censoring time)."
)
assert numbers_match(got[1], [0, 0, 0.25, 0.25, 0.75]), (
    f"The example: got death = {got[1]!r}, expected 0, 0, .25, .25, .75. Code 2 is death; use S before the time; a transplant leaves the risk set but is not censored."
)
assert numbers_match(got[2], [0, 0.25, 0.25, 0.25, 0.25]), (
    f"The example: got transplant = {got[2]!r}, expected 0, .25, .25, .25, .25 (code 1)."
)
t, death, transplant = cumulative_incidence(np.array([2, 2, 5, 5]), np.array([1, 2, 2, 0]))
assert numbers_match(death, [0, 0.25, 0.5]) and numbers_match(transplant, [0, 0.25, 0.25]), (
    f"Times 2, 2, 5, 5 with causes 1, 2, 2, 0: got {death!r} and {transplant!r}, expected 0, .25, .5 and 0, .25, .25: both events of one time use the same S and the same number at risk."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(24_107)


def oracle(times, cause):
    """Count down from everybody, through the sorted distinct times."""
    rows, left = [(0.0, 0.0, 0.0)], len(times)
    alive = 1.0
    for moment in sorted(set(times)):
        here = [code for time, code in zip(times, cause, strict=True) if time == moment]
        dead, grafted = here.count(2) / left, here.count(1) / left
        rows.append((moment, rows[-1][1] + alive * dead, rows[-1][2] + alive * grafted))
        alive, left = alive * (1 - dead - grafted), left - len(here)
    return [list(column) for column in zip(*rows, strict=True)]


def judged(times, cause, case):
    copies = times.copy(), cause.copy()
    expected = oracle(np.asarray(times).tolist(), np.asarray(cause).tolist())
    got = call_answer(cumulative_incidence, times, cause, case=case)
    assert isinstance(got, (tuple, list)) and len(got) == 3, (
        f"{case}: return the three sequences (t, death, transplant)."
    )
    assert numbers_match(got[0], expected[0]), f"{case}: t is not 0 and then each distinct time once, rising."
    for part, right, name in zip(got[1:], expected[1:], ("death", "transplant"), strict=True):
        assert numbers_match(part, right), f"{case}: the cumulative incidence of {name} is not the one of the formula."
    assert unchanged((times, cause), copies), f"{case}: your function changed one of its inputs."


for trial in range(25):
    n = int(draw.integers(1, 50))
    times = draw.integers(1, 15, n) / 4
    cause = draw.choice([0, 1, 2], n, p=[[0.4, 0.2, 0.4], [0.1, 0.6, 0.3]][trial % 2])
    judged(times, cause, "Ties of every kind")
    judged(draw.permutation(n) + 1, cause, "No ties, whole-number times")
    judged(times.astype("float32"), cause.astype("float32"), "Float32")
    judged(pd.Series(times), pd.Series(cause), "Series")
    judged(times, np.where(cause == 1, 0, cause), "No transplant")
    judged(times, np.where(cause == 2, 0, cause), "No death")
judged(times, np.zeros(n, dtype=int), "Everybody is censored")
judged(np.array([], dtype=float), np.array([], dtype=int), "No patients")
### END HIDDEN TESTS

# %% [markdown]
# ## Then: judge two models on real patients
#
# This part is not graded. Your functions now meet 500 real patients of the Worcester Heart Attack Study (Hosmer, Lemeshow and May, 2008; shipped with scikit-survival). One row
# is one patient, so a split by row is a split by patient. The length of stay is left out: nobody knows it at admission.

# %% tags=["ungraded"]
from lifelines import CoxPHFitter  # these five only for the part that is not graded
from sksurv.ensemble import RandomSurvivalForest  # not graded
from sksurv.util import Surv  # not graded

from labutils import hazards, plots, plots_hazards, plots_labs  # not graded
from labutils.datasets import load_pbc, load_whas500, registry  # not graded

table = load_whas500().drop(columns="length_of_stay")
features = [name for name in table if name not in ("days", "died")]
order = np.random.default_rng(2024).permutation(len(table))
train, test = table.iloc[order[:300]], table.iloc[order[300:]]
assert set(train.index).isdisjoint(test.index) and not table.isna().any().any()
for name, part in (("training", train), ("test", test)):
    print(f"{name}: {len(part)} patients, {part['died'].sum()} deaths, {part['female'].sum()} women")

# %% [markdown]
# ### Fit both models
#
# The Cox model and the forest get the same 13 columns of the same 300 patients. Your `hazard_ratio` and `survival_from_hazard` must agree with the library.

# %% tags=["ungraded"]
cox = CoxPHFitter().fit(train, "days", "died")
x_train, x_test = train[features].to_numpy("float32"), test[features].to_numpy("float32")
forest = RandomSurvivalForest(n_estimators=200, min_samples_leaf=15, random_state=0)
forest.fit(x_train, Surv.from_arrays(train["died"] == 1, train["days"]))

mean = train[features].mean()
patient = test.iloc[0][features]
risk = hazard_ratio(patient, mean, cox.params_[features])
alive = survival_from_hazard(cox.baseline_cumulative_hazard_.iloc[:, 0], risk)
library = cox.predict_survival_function(test.iloc[[0]], times=cox.baseline_cumulative_hazard_.index)
assert np.allclose(alive, library.iloc[:, 0])
print(f"first test patient: {risk:.2f} times the hazard of the average patient; lifelines gives the same curve")

# %% [markdown]
# ### Compare the order: Harrell's C
#
# Your `harrell_c`, with intervals from 1000 resamples of the test patients, and the difference on the *same* resamples.

# %% tags=["ungraded"]
days, died = test["days"].to_numpy(), test["died"].to_numpy()
scores = {"Cox": cox.predict_log_partial_hazard(test).to_numpy(), "forest": forest.predict(x_test)}
indices = {name: hazards.harrell_c_interval(days, score, died, n_boot=1000, rng=1) for name, score in scores.items()}
for name, result in indices.items():
    assert np.isclose(harrell_c(days, scores[name], died), result.c)
    print(f"{name:>6}: C = {result.c:.3f} ({result.low:.3f} to {result.high:.3f})")
gain = hazards.harrell_c_difference(days, scores["Cox"], scores["forest"], died, n_boot=1000, rng=1)
verdict = "no winner can be called" if gain.low < 0 < gain.high else "the difference is clear on these patients"
print(f"Cox minus forest: {gain.c:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}): {verdict}")

# %% [markdown]
# The words after the colon follow from the interval. It covers the choice of *test* patients only. Other training patients would move both models, so the whole truth is wider still.
#
# ### Compare the probabilities: the Brier score
#
# At 30 days, one year and three years, beside the yardstick: the Kaplan–Meier value of the training patients for everybody. Nobody is censored at exactly these times.

# %% tags=["ungraded"]
km = hazards.kaplan_meier(train["days"], train["died"])
moments = {"30 days": 30, "1 year": 365, "3 years": 1095}
assert not np.isin(days[died == 0], list(moments.values())).any()
alive_at = {
    "same for all": {t: np.full(len(test), km.survival[km.times <= t][-1]) for t in moments.values()},
    "Cox": {t: cox.predict_survival_function(test, times=[t]).iloc[0].to_numpy() for t in moments.values()},
    "forest": {t: np.array([c(t) for c in forest.predict_survival_function(x_test)]) for t in moments.values()},
}

# %% [markdown]
# Lower is better.

# %% tags=["ungraded"]
briers = {
    name: [hazards.brier_interval(days, died, predicted[t], t, n_boot=500, rng=2) for t in moments.values()]
    for name, predicted in alive_at.items()
}
year = {name: found[1].score for name, found in briers.items()}
gap = brier_score(days, died, alive_at["Cox"][365], 365) - briers["Cox"][1].score
print(f"your score minus that of labutils at one year: {gap:.1e}")
title = f"At one year: Cox {briers['Cox'][1].score:.3f}, forest {briers['forest'][1].score:.3f}, same for all {briers['same for all'][1].score:.3f}"
fig = plots_labs.dots_with_interval(
    list(moments), briers, title=title, xlabel="Brier score on the test patients (lower is better), 95 % interval"
)
plots.show(fig, alt=f"Brier scores with intervals of three predictions at three times. {title}.")
assert max(year["Cox"], year["forest"]) < year["same for all"]
assert abs(gap) < 0.001, "they may differ a little only where somebody is censored on the day of a death"

# %% [markdown]
# At one year both models lie below the yardstick: the single patient's columns tell something that one curve for all does not.
#
# ### Look at subgroups
#
# Is the order as good for women as for men, for the old as for the younger? One row per group, with its number of patients and deaths.

# %% tags=["ungraded"]
groups = {
    "women": test["female"] == 1,
    "men": test["female"] == 0,
    "under 70 years": test["age"] < 70,
    "70 years and older": test["age"] >= 70,
}
rows = []
for name, mask in groups.items():
    mask = mask.to_numpy()
    for model, score in scores.items():
        result = hazards.harrell_c_interval(days[mask], score[mask], died[mask], n_boot=500, rng=3)
        rows.append((name, model, mask.sum(), died[mask].sum(), *result))
subgroups = pd.DataFrame(rows, columns=["group", "model", "patients", "deaths", "C", "low", "high"])
assert (subgroups["deaths"] >= 5).all()
subgroups.round(2)

# %% [markdown]
# The table as a picture.

# %% tags=["ungraded"]
parts = {model: subgroups.loc[subgroups["model"] == model, ["C", "low", "high"]].to_numpy() for model in scores}
widest = (subgroups["high"] - subgroups["low"]).max()
title = f"The intervals of subgroups are up to {widest:.2f} wide"
fig = plots_labs.dots_with_interval(
    list(groups), parts, title=title, xlabel="Harrell's C (0.5 = chance), 95 % interval", reference=0.5
)
plots.show(fig, alt=f"Harrell's C by sex and age group for both models. {title}.")
assert widest > 0.1

# %% [markdown]
# Within an age group C is lower than over all: age itself, the strongest column, has less to tell among people of similar age. That alone is no unfairness. But look at the sexes. Is the Cox model
# worse for women, or is that chance? The two groups are resampled independently, and the difference has its own interval.

# %% tags=["ungraded"]
draw = np.random.default_rng(4)


def c_of_a_resample(mask):
    rows = draw.choice(np.flatnonzero(mask), mask.sum())
    return hazards.harrell_c(days[rows], scores["Cox"][rows], died[rows])


men, women = groups["men"].to_numpy(), groups["women"].to_numpy()
low_sex, high_sex = np.quantile([c_of_a_resample(men) - c_of_a_resample(women) for _ in range(500)], [0.025, 0.975])
c_men, c_women = (harrell_c(days[m], scores["Cox"][m], died[m]) for m in (men, women))
print(f"Cox: C of men minus C of women {c_men - c_women:+.2f} ({low_sex:+.2f} to {high_sex:+.2f})")
for name, mask in (("men", men), ("women", women)):
    print(f"age of {name}, quartiles:", np.quantile(test["age"].to_numpy()[mask], [0.25, 0.5, 0.75]))
assert low_sex > 0

# %% [markdown]
# The interval lies above 0: on these patients the model orders men better. The quartiles show one reason to look into (the women are older and closer together in age, which leaves less to be
# ordered), not an excuse. Whoever wants to use the model has to say this aloud, and to test it on more women. The model card does.
#
# ### Check calibration at one year
#
# In four groups by predicted risk: the mean predicted probability of death, and what Kaplan–Meier finds in the same patients, with its interval (log-log).

# %% tags=["ungraded"]
# here, because only this cell needs it
from lifelines import KaplanMeierFitter

calibration = {}
for name in ("Cox", "forest"):
    dead = 1 - alive_at[name][365]
    quarter = pd.qcut(dead, 4, labels=False)
    calibration[name] = []
    for number in range(4):
        inside = quarter == number
        fit = KaplanMeierFitter().fit(days[inside], died[inside])
        low, high = 1 - fit.confidence_interval_survival_function_.loc[:365].iloc[-1].to_numpy()[::-1]
        calibration[name].append((dead[inside].mean(), 1 - fit.predict(365), low, high))
bottom, top = calibration["forest"][0], calibration["forest"][-1]
assert bottom[0] > bottom[1] and top[0] < top[1], "the forest should pull both ends to the middle"
told = {name: max(abs(p - o) for p, o, _, _ in found) for name, found in calibration.items()}
fig = plots_hazards.calibration(
    calibration,
    title=f"Largest gap between predicted and observed: Cox {told['Cox']:.0%}, forest {told['forest']:.0%}",
    xlabel="mean predicted probability of death by one year",
    ylabel="observed (Kaplan–Meier), 95 % interval",
)
plots.show(
    fig, alt=f"Calibration in four risk groups. Largest gap: Cox {told['Cox']:.2f}, forest {told['forest']:.2f}."
)

# %% [markdown]
# A point whose interval crosses the dotted line is compatible with perfect calibration. A forest pulls its predictions to the middle, because each leaf
# averages 15 patients or more: high risks come out too low, low ones too high.
#
# ### Try the real PBC trial, if you have it
#
# `medlabs data fetch pbc` gets it. Without it this cell says so.

# %% tags=["ungraded"]
folder = registry.find("pbc")
if folder is None:
    print("The PBC table is not on this machine; nothing to show.")
else:
    pbc = load_pbc(folder)
    arms, sign = decode_treatment(pbc)
    print(pd.crosstab(pd.Series(arms, name="arm").fillna("not in the trial"), pbc["status"]))
    t, death, transplant = cumulative_incidence(pbc["time"].to_numpy(), pbc["status"].to_numpy())
    at = np.searchsorted(t, 3650, side="right") - 1
    wrong = hazards.kaplan_meier(pbc["time"], pbc["status"] == 2).survival[at]
    print(f"sign of the death rates, drug minus placebo: {sign}")
    print(
        f"by ten years: dead {death[at]:.0%}, transplanted {transplant[at]:.0%}; 1 - Kaplan-Meier says {1 - wrong:.0%} dead"
    )

# %% [markdown]
# ### Write the model card
#
# A model card (Mitchell and others, 2019) says what a model is for, on whom it was tried, and where it must not be used. Every number comes from the cells above.

# %% tags=["ungraded"]
c, b = indices["Cox"], briers["Cox"][1]
measured = {
    "Order": f"Harrell's C {c.c:.2f} ({c.low:.2f} to {c.high:.2f})",
    "Against a forest": f"difference in C {gain.c:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}): {verdict}",
    "Probabilities": f"Brier score at one year {b.score:.3f} ({b.low:.3f} to {b.high:.3f}); largest calibration gap {told['Cox']:.0%}",
}

# %% [markdown]
# And the card itself.

# %% tags=["ungraded"]
card = {
    "Model": f"Cox regression, {len(features)} columns known at or soon after admission",
    "Purpose": "teaching; never for the care of a patient",
    "Outcome": "death from any cause, in days from admission",
    "Trained on": f"{len(train)} patients, {train['died'].sum()} deaths, of one US city around the year 2000",
    "Tested on": f"{len(test)} other patients of the same study, {test['died'].sum()} deaths",
    **measured,
    "Subgroups": f"C of men {c_men:.2f}, of women {c_women:.2f}; difference {c_men - c_women:+.2f} ({low_sex:+.2f} to {high_sex:+.2f})",
    "Not in the data": "origin, income, patients who died before they reached a hospital",
    "Left out": "length of stay (known only afterwards); when shock or heart failure was noted is not told",
    "Assumes": "proportional hazards (shock is suspect, lab 4); censoring that says nothing of the prognosis",
}
for name, text in card.items():
    print(f"{name:>17}: {text}")

# %% [markdown]
# ## What to remember
#
# - Encode with declared levels; decode with the codebook beside you; check the sign before the size.
# - C for the order, Brier and calibration for the probabilities, an interval for each, and for the difference of two models before a winner is called.
# - A patient with a competing event is counted, not dropped.
# - What is known only later stays out, however well it predicts.
#
# ## In practice
#
# A model fitted in one city a generation ago is a starting point for another clinic, not a tool: it has to be tested there, on consecutive patients, and
# recalibrated. In most countries software that predicts a patient's death is a medical device.
#
# ## Further reading
#
# - Graf E, Schmoor C, Sauerbrei W, Schumacher M. Statistics in Medicine 1999;18:2529-2545: the weighted Brier score.
# - Putter H, Fiocco M, Geskus RB. Statistics in Medicine 2007;26:2389-2430 ([doi](https://doi.org/10.1002/sim.2712)): competing risks, a tutorial.
# - Mitchell M and others. Model cards for model reporting, 2019 ([arXiv:1810.03993](https://arxiv.org/abs/1810.03993)): what belongs on a card.
# - Dickson ER and others. Hepatology 1989;10:1-7: the prognostic model that was made from the PBC patients.
