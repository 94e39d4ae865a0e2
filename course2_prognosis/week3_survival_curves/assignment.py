# %% [markdown]
# # Estimate survival that varies with time
#
# You write seven small functions that turn a table of times and events into survival curves, their intervals and a comparison
# of groups. Then you use them on 80 real patients with lymphoma.
#
# **You will be able to**
#
# - say which share of the patients is censored, and why leaving them out goes wrong;
# - build Kaplan and Meier's curve with its interval, and the cumulative hazard beside it;
# - compare groups by the log-rank test and by the restricted mean, and say what a p-value does not mean.
#
# **You need** two hours, the lesson and the three labs. The tables inside the exercises are made up, so that you can follow them by
# hand. The part after exercise 7 is about real patients.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `frac_censored` | {{points:frac_censored}} |
# | 2 | `naive_estimator` | {{points:naive_estimator}} |
# | 3 | `HomemadeKM` | {{points:HomemadeKM}} |
# | 4 | `greenwood_interval` | {{points:greenwood_interval}} |
# | 5 | `nelson_aalen` | {{points:nelson_aalen}} |
# | 6 | `log_rank` | {{points:log_rank}} |
# | 7 | `restricted_mean` | {{points:restricted_mean}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs: other patients, ties, other number types. They ask for nothing
# that the statement does not say. An exercise earns its points or none, and no exercise needs your answer to another one. The part
# after exercise 7 is not graded. Where a message says that it got `Ellipsis`, a `...` still stands in your answer.
#
# **The table.** Every exercise gets a data frame `df` with one row for each *patient* and at least two columns:
#
# | column | meaning |
# |---|---|
# | `Time` | how long the patient was watched: a number above 0, int or float of any width |
# | `Event` | how the watching ended: 1 or True = the event (the patient died), 0 or False = **censored** (still alive when last seen); bool, int or float |
#
# There may be other columns, the columns may stand in any order, and so may the rows; the index can be anything. Do not change
# the frame.
#
# **Ties.** When one patient dies at the very time at which another is censored, the death comes first: the other one was still at
# risk. So *at risk at time t* are all patients with `Time >= t`.

# %% [markdown]
# ## Set the table
#
# Run these two cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
import pandas as pd
from scipy import stats

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


def in_parts(got, number):
    """Take a result apart into so many sequences of numbers, or numbers; None if it is something else."""
    try:
        parts = [np.asarray(part, dtype=float) for part in got]
    except (TypeError, ValueError):
        return None
    return parts if len(parts) == number and not isinstance(got, (pd.DataFrame, dict)) else None


def parts_match(got, expected, tol=1e-5):
    """Whether a result has the parts of `expected`, each with its numbers."""
    parts = in_parts(got, len(expected))
    return parts is not None and all(numbers_match(*pair, tol) for pair in zip(parts, expected, strict=True))


def shown(got):
    """Write a result in few characters."""
    parts = in_parts(got, 2) or in_parts(got, 3)
    return repr(got)[:120] if parts is None else "; ".join(str(part.round(4).tolist()) for part in parts)


def rows_of(df, *more):
    """List (time, event, …) of each patient in Python's own numbers."""
    columns = [
        df["Time"].tolist(),
        [bool(event) for event in df["Event"].tolist()],
        *(df[name].tolist() for name in more),
    ]
    return list(zip(*columns, strict=True))


def made_up(rng, n_patients, kind, groups=0):
    """Draw patients with many ties; number types, order of rows and columns, and index change with `kind`."""
    time = rng.integers(1, 3 + n_patients // 2, n_patients) * (1.0 if kind % 2 else 0.25)
    event = rng.random(n_patients) < (0.3, 0.6, 0.85)[kind % 3]
    columns = {
        "Event": event.astype(("bool", "int64", "float32", "int8")[kind % 4]),
        "ward": rng.integers(0, 9, n_patients),
        "Time": time.astype(
            ("float64", "int64", "float32", "int32")[kind % 4] if kind % 2 else ("float64", "float32")[kind % 4 // 2]
        ),
    }
    if groups:
        columns["arm"] = np.array([f"arm {number}" for number in range(groups)])[
            rng.permutation(np.arange(n_patients) % groups)
        ]
    names = list(columns) if kind % 2 else list(columns)[::-1]
    index = [
        np.arange(n_patients),
        rng.integers(0, 5, n_patients),
        [f"p{number}" for number in rng.permutation(n_patients)],
    ]
    return pd.DataFrame({name: columns[name] for name in names}, index=index[kind % 3])


# %% [markdown]
# ## Exercise 1: count who is censored
#
# Before any curve: of how many patients do we not know when the event came?
#
# Write `frac_censored(df)`.
#
# | | |
# |---|---|
# | **in** `df` | the table; any number of rows, also none |
# | **out** | one number between 0 and 1: the share of the patients who are censored (`Event` is 0 or False) |
#
# Of no patients the share is 0/0: return NaN, not an error.
#
# **By hand.** Events 1, 0, 1, 1: one of four patients is censored, 0.25.
#
# <details><summary>Hint 1: the direction</summary>
#
# Compare the column with 0; the mean of a column of True and False is the share of True.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `(df["Event"] == 0).mean()` works for bool, int and float alike, and pandas' mean of nothing is NaN.
# </details>


# %% nbgrader={"grade": false, "grade_id": "frac_censored", "locked": false, "schema_version": 3, "solution": true, "task": false}
def frac_censored(df):
    """Share of the patients in `df` whose event was not seen, between 0 and 1; NaN for no patient."""
    ### BEGIN SOLUTION
    ### STUB: result = ...  # the share of rows with Event 0
    ### STUB: return result
    return (df["Event"] == 0).mean()
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** The example, the same with True and False, and a table of no patients.

# %% nbgrader={"grade": true, "grade_id": "check_frac_censored", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
four = pd.DataFrame({"Time": [3, 5, 8, 8], "Event": [1, 0, 1, 1]})
got = frac_censored(four.copy())
assert numbers_match(got, 0.25), (
    f"Events 1, 0, 1, 1: got {got!r}, expected 0.25. Event 0 is censored (0.75 is the share of events); give a share of all patients, not a count."
)
got = frac_censored(four.astype({"Event": bool}))
assert numbers_match(got, 0.25), (
    f"The same events as True and False: got {got!r}, expected 0.25. Does a comparison or a subtraction stumble over bool?"
)
got = call_answer(frac_censored, four.iloc[:0], case="No patient at all")
assert numbers_match(got, np.nan), f"No patient at all: got {got!r}, expected NaN (0/0)."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(23_301)
for trial in range(24):
    patients = made_up(draw, int(draw.integers(1, 40)), trial)
    if trial == 11:
        patients["Event"] = True
    if trial == 12:
        patients["Event"] = 0
    before = patients.copy()
    count = sum(1 for event in patients["Event"].tolist() if not event)
    case = f"{'One patient' if len(patients) == 1 else 'Made-up patients'}, Event as {patients['Event'].dtype}"
    got = call_answer(frac_censored, patients, case=case)
    assert numbers_match(got, count / len(patients)), f"{case}: the share of censored patients is not right."
    assert patients.equals(before), f"{case}: your function changed the table that it was given."
nobody = made_up(draw, 5, 1).iloc[:0]
assert numbers_match(call_answer(frac_censored, nobody, case="No patient"), np.nan), "No patient: return NaN, 0/0."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: leave the unknown out, and see that it is not enough
#
# What share of the patients lives longer than t? A first idea: leave out those of whom we cannot tell at t, and count the rest.
#
# $$\frac{\#\{\text{Time} > t\}}{\#\{\text{Event, or Time} > t\}}$$
#
# In words: above the line those who outlived t; below it everybody who is *known* at t. Who died at whatever time is known, who is
# still watched after t is known; who was censored at t or before is not. (After exercise 7 you will see in which direction this goes
# wrong.)
#
# Write `naive_estimator(t, df)`.
#
# | | |
# |---|---|
# | **in** `t` | a number, in the unit of `Time` |
# | **in** `df` | the table, with at least one row |
# | **out** | one number between 0 and 1; NaN when nobody is known at t (0/0), never an error |
#
# **By hand.** Times 2, 4, 6, 7, 9 with events 1, 0, 1, 0, 1, and t = 6. The patient of time 4 was censored before: unknown. Time 2
# died before, time 6 died *at* 6 and so did not outlive it; 7 and 9 did. Two of four: 0.5.
#
# <details><summary>Hint 1: the direction</summary>
#
# Make two columns of True and False, *outlived t* and *known at t*, and divide their sums. `|` is "or" for columns.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `alive = df["Time"] > t` and `known = alive | (df["Event"] == 1)`. Python's 0/0 raises an error; ask first whether
# `known.sum()` is 0, and return `np.nan` then.
# </details>


# %% nbgrader={"grade": false, "grade_id": "naive_estimator", "locked": false, "schema_version": 3, "solution": true, "task": false}
def naive_estimator(t, df):
    """Share that outlives `t` among the patients who are known at `t`; NaN if nobody is."""
    ### BEGIN SOLUTION
    ### STUB: alive = ...  # who outlived t
    ### STUB: known = ...  # who is known at t
    ### STUB: return ...
    alive = df["Time"] > t
    known = alive | (df["Event"] == 1)
    return alive.sum() / known.sum() if known.any() else np.nan
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The example at three times, and a time at which nobody is known.

# %% nbgrader={"grade": true, "grade_id": "check_naive_estimator", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
five = pd.DataFrame({"Time": [2, 4, 6, 7, 9], "Event": [1, 0, 1, 0, 1]})
got = naive_estimator(6, five.copy())
assert numbers_match(got, 0.5), (
    f"The example at t = 6: got {got!r}, expected 0.5. Likely causes: 0.75 means that dying at 6 was taken for outliving 6; 0.4 that the "
    "unknown patient was not left out; 0.3333 that who is censored later counts as unknown."
)
got = naive_estimator(1.5, five.copy())
assert numbers_match(got, 1), (
    f"The example at t = 1.5: got {got!r}, expected 1. Everybody is known and outlives 1.5, the later censored too."
)
got = naive_estimator(4, five.copy())
assert numbers_match(got, 0.75), (
    f"The example at t = 4: got {got!r}, expected 0.75. Who is censored at exactly 4 is not known to outlive 4."
)
got = call_answer(naive_estimator, 3, pd.DataFrame({"Time": [1, 2], "Event": [0, 0]}), case="Nobody is known at t")
assert numbers_match(got, np.nan), f"Two patients censored before t: got {got!r}, expected NaN (0/0)."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(23_302)
for trial in range(24):
    patients = made_up(draw, int(draw.integers(1, 40)), trial)
    if trial == 11:
        patients["Event"] = False
    before = patients.copy()
    rows = rows_of(patients)
    times = sorted({0.125, *(time for time, _ in rows), *(time + 0.125 for time, _ in rows)})
    for t in times:
        outlived = sum(1 for time, _ in rows if time > t)
        lost = sum(1 for time, event in rows if not event and time <= t)
        expected = outlived / (len(rows) - lost) if len(rows) > lost else float("nan")
        case = f"Made-up patients, t {'at' if t in patients['Time'].tolist() else 'between'} their times"
        if len(rows) == lost:
            case = "Nobody known at t"
        got = call_answer(naive_estimator, t, patients, case=case)
        assert numbers_match(got, expected), (
            f"{case}: the share is not right. Compare Time > t, and known as the statement says."
        )
    assert patients.equals(before), "Made-up patients: your function changed the table that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: build Kaplan and Meier's curve
#
# To outlive day 5 one must outlive day 2 *and then* day 5. So multiply, over the times at which somebody dies, the share of those at
# risk who live on:
#
# $$\hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr)$$
#
# where $d_i$ patients die at time $t_i$, and $n_i$ are at risk: `Time >= t_i`. A patient who is censored later helps until then.
#
# Write `HomemadeKM(df)`.
#
# | | |
# |---|---|
# | **in** `df` | the table, with at least one row; no time is 0 |
# | **out** | the pair `(times, S)`: two sequences (lists or arrays) of equal length. `times` starts with 0 and then holds **each distinct time once**, in ascending order, times with censorings only included; `S` holds $\hat S$ at each, so it starts with 1 |
#
# **By hand.** Times 5, 9, 2, 5 with events 1, 0, 1, 0.
#
# | time | at risk | deaths | share that lives on | S |
# |---|---|---|---|---|
# | 0 | | | | 1 |
# | 2 | 4 | 1 | 3/4 | 0.75 |
# | 5 | 3 | 1 | 2/3 | 0.5 |
# | 9 | 1 | 0 | 1 | 0.5 |
#
# The patient who was censored on day 5 is among the three at risk on day 5.
#
# <details><summary>Hint 1: the direction</summary>
#
# Go through `sorted(df["Time"].unique())`. At each time count who is at risk and who dies, and multiply the last value of S.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# Start with `times, S = [0], [1.0]`. In the loop: `n = (df["Time"] >= t).sum()`,
# `d = ((df["Time"] == t) & (df["Event"] == 1)).sum()`, and `S.append(S[-1] * (1 - d / n))`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "HomemadeKM", "locked": false, "schema_version": 3, "solution": true, "task": false}
def HomemadeKM(df):
    """Kaplan-Meier estimate: (times, S), starting at (0, 1), one entry per distinct time."""
    ### BEGIN SOLUTION
    ### STUB: times, S = [0], [1.0]
    ### STUB: for t in ...:  # the distinct times, in ascending order
    ### STUB:     n = ...  # patients at risk at t
    ### STUB:     d = ...  # patients who die at t
    ### STUB:     times.append(t)
    ### STUB:     S.append(...)
    ### STUB: return times, S
    times, S = [0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        times.append(t)
        S.append(S[-1] * (1 - d / n))
    return times, S
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The example, then two patients who die on the same day, then patients of whom nobody died.

# %% nbgrader={"grade": true, "grade_id": "check_HomemadeKM", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
got = HomemadeKM(pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]}))
parts = in_parts(got, 2)
assert parts is not None, f"The example: got {got!r}, expected a pair (times, S) of two sequences of numbers."
assert numbers_match(parts[0], [0, 2, 5, 9]), (
    f"The example: got the times {parts[0].tolist()}, expected [0, 2, 5, 9]: start with 0, then each distinct time once, ascending, censorings too."
)
assert numbers_match(parts[1], [1, 0.75, 0.5, 0.5]), (
    f"The example: got S = {parts[1].round(4).tolist()}, expected [1, 0.75, 0.5, 0.5]. At risk on day 5 are three: who is censored that day is among them. "
    "A last value of 0 means that a censoring was taken for a death."
)
got = HomemadeKM(
    pd.DataFrame({"Event": [True, True, False, True], "Time": [2.5, 2.5, 1.0, 4.0]}, index=["a", "b", "c", "d"])
)
assert parts_match(got, ([0, 1, 2.5, 4], [1, 1, 1 / 3, 0])), (
    f"Two deaths on day 2.5: got {shown(got)}, expected {shown(([0, 1, 2.5, 4], [1, 1, 1 / 3, 0]))}. Count both at once: d = 2 of n = 3."
)
got = HomemadeKM(pd.DataFrame({"Time": [7, 3, 3], "Event": [0, 0, 0]}))
assert parts_match(got, ([0, 3, 7], [1, 1, 1])), (
    f"Everybody censored: got {shown(got)}, expected {shown(([0, 3, 7], [1, 1, 1]))}. Nobody died."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(23_303)


def curve_of(rows):
    """Multiply along a list of (time, event) in which each patient leaves one by one, deaths of a time first."""
    times, survival, left = [0.0], [1.0], len(rows)
    for time, event in sorted(rows, key=lambda row: (row[0], not row[1])):
        if times[-1] != time:
            times, survival = [*times, time], [*survival, survival[-1]]
        if event:
            survival[-1] *= (left - 1) / left
        left -= 1
    return times, survival


for trial in range(36):
    patients = made_up(draw, (1, 2, 5, 17, 40, 90)[trial % 6], trial)
    if trial == 11:
        patients["Event"] = True
    if trial == 17:
        patients["Event"] = 0
    before = patients.copy()
    expected = curve_of(rows_of(patients))
    case = "One patient" if len(patients) == 1 else f"Made-up patients with ties, Time as {patients['Time'].dtype}"
    parts = in_parts(call_answer(HomemadeKM, patients, case=case), 2)
    assert parts is not None, f"{case}: return a pair (times, S) of two sequences of numbers."
    assert numbers_match(parts[0], expected[0]), (
        f"{case}: the times are not right: 0, then each distinct time once, ascending."
    )
    assert numbers_match(parts[1], expected[1]), f"{case}: S is not right. Look at the patients at risk, and at ties."
    assert patients.equals(before), f"{case}: your function changed the table that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: put an interval around the curve
#
# A curve of 19 patients and one of 1,900 look alike; the interval tells them apart. Greenwood's formula gives the spread, and the
# logarithm taken twice keeps the interval between 0 and 1 (Kalbfleisch and Prentice):
#
# $$\hat\sigma(t) = \sqrt{\sum_{t_i \le t} \frac{d_i}{n_i\,(n_i - d_i)}}, \qquad
#   \theta(t) = \frac{z\,\hat\sigma(t)}{|\log \hat S(t)|}, \qquad
#   \text{low} = \hat S(t)^{\exp(\theta)}, \quad \text{high} = \hat S(t)^{\exp(-\theta)}$$
#
# with $d_i$, $n_i$ and $\hat S$ as in exercise 3, the natural logarithm, and z the (1 + level)/2 quantile of the standard normal
# distribution: 1.96 for a level of 0.95.
#
# Write `greenwood_interval(df, level)`.
#
# | | |
# |---|---|
# | **in** `df` | the table, with at least one row; no time is 0 |
# | **in** `level` | a number between 0 and 1 |
# | **out** | `(times, low, high)`: three sequences of equal length. `times` as in exercise 3: 0, then each distinct time once, ascending |
#
# Where $\hat S$ is exactly 1 or 0 the formula is not defined: there low = high = $\hat S$.
#
# **By hand.** Times 5, 9, 2, 5 with events 1, 0, 1, 0, as in exercise 3. On day 2: S = 0.75 and σ² = 1/(4 · 3) = 0.0833, so σ = 0.2887. With
# level 0.95, θ = 1.96 · 0.2887/0.2877 = 1.967. Then exp(θ) = 7.15 and 0.75 to the power 7.15 is 0.128; exp(−θ) = 0.140, and 0.75 to the power
# 0.140 is 0.961.
# On day 5, σ² = 0.0833 + 1/(3 · 2) = 0.25.
#
# <details><summary>Hint 1: the direction</summary>
#
# Write the loop of exercise 3 once more, and add up σ² beside S. Decide at each time whether S is strictly between 0 and 1. When
# everybody at risk dies, n − d is 0: do not divide then, S is 0 from there on.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `z = stats.norm.ppf((1 + level) / 2)`. While S is between 0 and 1: `theta = z * np.sqrt(variance) / abs(np.log(S))`, then
# `low.append(S ** np.exp(theta))` and `high.append(S ** np.exp(-theta))`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "greenwood_interval", "locked": false, "schema_version": 3, "solution": true, "task": false}
def greenwood_interval(df, level):
    """Pointwise log-log interval of the Kaplan-Meier curve: (times, low, high)."""
    ### BEGIN SOLUTION
    ### STUB: z = ...
    ### STUB: S, variance = 1.0, 0.0
    ### STUB: times, low, high = [0], [1.0], [1.0]
    ### STUB: for t in ...:  # the distinct times, in ascending order
    ### STUB:     ...  # d, n, then S and variance, then one more low and high
    ### STUB: return times, low, high
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        times.append(t)
        if n > d:
            variance += d / (n * (n - d))
        if 0 < S < 1:
            theta = z * np.sqrt(variance) / abs(np.log(S))
            low.append(S ** np.exp(theta))
            high.append(S ** np.exp(-theta))
        else:
            low.append(S)
            high.append(S)
    return times, low, high
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** The example at two levels, then a curve that starts at 1 and ends at 0.

# %% nbgrader={"grade": true, "grade_id": "check_greenwood_interval", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
four = pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]})
got = greenwood_interval(four.copy(), 0.95)
parts = in_parts(got, 3)
assert parts is not None, f"The example: got {got!r}, expected (times, low, high), three sequences of numbers."
assert numbers_match(parts[0], [0, 2, 5, 9]) and numbers_match(parts[1], [1, 0.1279469, 0.0578471, 0.0578471], 1e-4), (
    f"The example: got times {parts[0].tolist()} and low = {parts[1].round(4).tolist()}, expected [0, 2, 5, 9] and [1, 0.1279, 0.0578, 0.0578]. "
    "Likely causes: an interval that is not on the log-log scale, low and high swapped, a variance without its root, or n * n for n * (n - d)."
)
assert numbers_match(parts[2], [1, 0.9605486, 0.8448613, 0.8448613], 1e-4), (
    f"The example: got high = {parts[2].round(4).tolist()}, expected [1, 0.9605, 0.8449, 0.8449]. Is it S to the power exp(-theta)?"
)
got = greenwood_interval(four.copy(), 0.5)
parts = in_parts(got, 3)
assert parts is not None and numbers_match(parts[1], [1, 0.5677664, 0.3238324, 0.3238324], 1e-4), (
    f"The example at level 0.5: got {shown(got)}, expected low = [1, 0.5678, 0.3238, 0.3238]. z is the (1 + level)/2 quantile, 0.6745 here."
)
got = call_answer(
    greenwood_interval, pd.DataFrame({"Time": [3, 1, 2], "Event": [1, 0, 1]}), 0.9, case="A curve from 1 to 0"
)
parts = in_parts(got, 3)
assert (
    parts is not None
    and numbers_match(parts[1][[0, 1, 3]], [1, 1, 0])
    and numbers_match(parts[2][[0, 1, 3]], [1, 1, 0])
), (
    f"A curve with S = 1, 1, 0.5, 0: got {shown(got)}, expected low = high = S at the first two and the last. The formula is for 0 < S < 1."
)
### BEGIN HIDDEN TESTS
import math

draw = np.random.default_rng(23_304)


def interval_of(rows, z):
    """Times, low and high from sums over all death times up to each time, with fractions of whole numbers."""
    deaths = sorted({time for time, event in rows if event})
    counts = [(t, sum(1 for r in rows if r[1] and r[0] == t), sum(1 for r in rows if r[0] >= t)) for t in deaths]
    times, low, high = [0.0], [1.0], [1.0]
    for time in sorted({time for time, _ in rows}):
        earlier = [(d, n) for t, d, n in counts if t <= time]
        survival = math.prod((n - d) / n for d, n in earlier)
        if not earlier or survival == 0:
            ends = survival, survival
        else:
            spread = math.sqrt(sum(d / (n * (n - d)) for d, n in earlier)) / math.log(survival)
            middle = math.log(-math.log(survival))
            ends = tuple(math.exp(-math.exp(middle + sign * z * spread)) for sign in (-1, 1))
        times, low, high = [*times, time], [*low, ends[0]], [*high, ends[1]]
    return times, low, high


for trial in range(36):
    patients = made_up(draw, (1, 2, 5, 17, 40, 90)[trial % 6], trial)
    if trial == 11:
        patients["Event"] = True
    if trial == 17:
        patients["Event"] = 0
    level, z = ((0.95, 1.959963984540054), (0.9, 1.6448536269514722), (0.5, 0.6744897501960817))[trial % 3]
    before = patients.copy()
    expected = interval_of(rows_of(patients), z)
    case = "One patient" if len(patients) == 1 else f"Made-up patients with ties, Time as {patients['Time'].dtype}"
    parts = in_parts(call_answer(greenwood_interval, patients, level, case=case), 3)
    assert parts is not None, f"{case}: return (times, low, high), three sequences of numbers."
    assert numbers_match(parts[0], expected[0]), (
        f"{case}: the times are not right: 0, then each distinct time once, ascending."
    )
    fine = numbers_match(parts[1], expected[1]) and numbers_match(parts[2], expected[2])
    assert fine, f"{case}: low or high is not right. Look at ties, at the level, and at S = 1 and S = 0."
    assert patients.equals(before), f"{case}: your function changed the table that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: add up the hazard
#
# The *hazard* is the risk of dying now, among those still alive now. Its running sum, the **cumulative hazard**, is estimated by
#
# $$\hat H(t) = \sum_{t_i \le t} \frac{d_i}{n_i}$$
#
# (Nelson, 1972; Aalen, 1978) with $d_i$ deaths and $n_i$ at risk as before. It starts at 0, never falls, and may exceed 1: it is no
# probability. For the true curves $S(t) = e^{-H(t)}$; the two estimates agree nearly, not exactly, so $-\log \hat S$ is *not* the answer.
#
# Write `nelson_aalen(df)`.
#
# | | |
# |---|---|
# | **in** `df` | the table, with at least one row; no time is 0 |
# | **out** | the pair `(times, H)`: `times` as in exercise 3 (0, then each distinct time once, ascending), `H` the sum up to each, starting with 0. Tied deaths count as they are: two deaths among three at risk add 2/3 |
#
# **By hand.** Times 5, 9, 2, 5 with events 1, 0, 1, 0: 1/4 on day 2, then 1/4 + 1/3 = 0.583 on day 5, and nothing more on day 9.
#
# <details><summary>Hint 1: the direction</summary>
#
# The loop of exercise 3 again, with a sum in place of the product.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# Start with `times, H = [0], [0.0]`, and in the loop `H.append(H[-1] + d / n)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "nelson_aalen", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nelson_aalen(df):
    """Nelson-Aalen estimate of the cumulative hazard: (times, H), starting at (0, 0)."""
    ### BEGIN SOLUTION
    ### STUB: times, H = [0], [0.0]
    ### STUB: ...  # one entry for each distinct time
    ### STUB: return times, H
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        times.append(t)
        H.append(H[-1] + d / n)
    return times, H
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The example, then tied deaths and a last patient who dies.

# %% nbgrader={"grade": true, "grade_id": "check_nelson_aalen", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = nelson_aalen(pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]}))
parts = in_parts(got, 2)
assert parts is not None, f"The example: got {got!r}, expected a pair (times, H) of two sequences of numbers."
assert numbers_match(parts[0], [0, 2, 5, 9]), (
    f"The example: got the times {parts[0].tolist()}, expected [0, 2, 5, 9], censorings included."
)
assert numbers_match(parts[1], [0, 1 / 4, 7 / 12, 7 / 12]), (
    f"The example: got H = {parts[1].round(4).tolist()}, expected [0, 0.25, 0.5833, 0.5833]. It starts at 0 and is the running sum of d/n. "
    "0.2877 means that you took -log S."
)
got = nelson_aalen(pd.DataFrame({"Event": [True, True, False, True], "Time": [2.5, 2.5, 1.0, 4.0]}))
assert parts_match(got, ([0, 1, 2.5, 4], [0, 0, 2 / 3, 5 / 3])), (
    f"Two deaths on day 2.5: got {shown(got)}, expected {shown(([0, 1, 2.5, 4], [0, 0, 2 / 3, 5 / 3]))}. Tied deaths count at once, d/n = 2/3 (1/3 + 1/2 is "
    "another convention), and H may exceed 1."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(23_305)


def hazard_of(rows):
    times, hazard, left = [0.0], [0.0], len(rows)
    for time in sorted({time for time, _ in rows}):
        here = [event for other, event in rows if other == time]
        times, hazard = [*times, time], [*hazard, hazard[-1] + sum(here) / left]
        left -= len(here)
    return times, hazard


for trial in range(36):
    patients = made_up(draw, (1, 2, 5, 17, 40, 90)[trial % 6], trial)
    if trial == 11:
        patients["Event"] = True
    if trial == 17:
        patients["Event"] = 0
    before = patients.copy()
    expected = hazard_of(rows_of(patients))
    case = "One patient" if len(patients) == 1 else f"Made-up patients with ties, Time as {patients['Time'].dtype}"
    parts = in_parts(call_answer(nelson_aalen, patients, case=case), 2)
    assert parts is not None, f"{case}: return a pair (times, H) of two sequences of numbers."
    assert numbers_match(parts[0], expected[0]), (
        f"{case}: the times are not right: 0, then each distinct time once, ascending."
    )
    assert numbers_match(parts[1], expected[1]), f"{case}: H is not right. Look at the patients at risk, and at ties."
    assert patients.equals(before), f"{case}: your function changed the table that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: test whether groups differ
#
# Suppose that group made no difference. Then, whenever somebody dies, each group should have its fair share of the deaths: in proportion to
# how many of it are at risk at that time. The log-rank test (Mantel, 1966; Peto and Peto, 1972) compares this with what happened.
#
# At each time at which somebody dies: n patients are at risk, $n_g$ of them in group g; d patients die, $d_g$ of them in g. Over all these times,
#
# $$Z_g = \sum \Bigl(d_g - d\,\frac{n_g}{n}\Bigr), \qquad
#   V_{gh} = \sum \frac{d\,(n - d)}{n - 1} \cdot \frac{n_g}{n} \Bigl([g = h] - \frac{n_h}{n}\Bigr), \qquad
#   \chi^2 = Z^\top V^{-1} Z$$
#
# where [g = h] is 1 for the same group and 0 otherwise. A time at which n is 1 adds nothing to V. One group (whichever) is left out of Z
# and V, because the parts of Z add up to 0. With **two groups** this is simply $Z_1^2 / V_{11}$. The p-value is the chance of a chi-square variable
# with (number of groups − 1) degrees of freedom to be this large or larger.
#
# Write `log_rank(df, group)`.
#
# | | |
# |---|---|
# | **in** `df` | the table, with a column that says which group a patient is in (numbers or text) |
# | **in** `group` | the name of that column; it holds two or more groups. In each group somebody is still at risk when the first patient dies |
# | **out** | the pair `(statistic, p_value)`: two numbers. If V is 0 (nobody died, or all died at the same time) both are 0/0: NaN |
#
# **By hand.** Group A: deaths on days 1 and 3. Group B: a death on day 2, one patient censored on day 4.
#
# | day | n | $n_A$ | A's expected deaths | part of $V_{AA}$ |
# |---|---|---|---|---|
# | 1 | 4 | 2 | 1/2 | 1/4 |
# | 2 | 3 | 1 | 1/3 | 2/9 |
# | 3 | 2 | 1 | 1/2 | 1/4 |
#
# A has 2 deaths, and 1.333 were expected: Z = 0.667, V = 0.722, χ² = 0.667²/0.722 = 0.615, p = 0.433.
#
# <details><summary>Hint 1: the direction</summary>
#
# Loop over the distinct times of deaths. For each, make an array of $n_g$ and one of $d_g$, with one number per group, and add to an array Z and
# a table V. Drop the last group at the end: `Z[:-1]`, `V[:-1, :-1]`.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# With `share = n_g / n`: `Z += d_g - d * share`, and if n > 1 `V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))`. Then
# `statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])` and `stats.chi2.sf(statistic, len(Z) - 1)`. Ask before whether V is all zeros.
# </details>


# %% nbgrader={"grade": false, "grade_id": "log_rank", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_rank(df, group):
    """Log-rank test of two or more groups: (chi-square statistic, p-value); NaN for both where V is 0."""
    ### BEGIN SOLUTION
    ### STUB: names = ...  # the groups
    ### STUB: Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    ### STUB: for t in ...:  # the distinct times of deaths
    ### STUB:     n_g = ...  # one number per group: patients at risk at t
    ### STUB:     d_g = ...  # one number per group: deaths at t
    ### STUB:     ...  # add to Z and V
    ### STUB: return statistic, p_value
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names) - 1)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** The example, then three groups with tied deaths, then patients of whom nobody died.

# %% nbgrader={"grade": true, "grade_id": "check_log_rank", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
got = log_rank(pd.DataFrame({"Time": [1, 3, 2, 4], "Event": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]}), "arm")
parts = in_parts(got, 2)
assert parts is not None, f"The example: got {got!r}, expected a pair of numbers (statistic, p_value)."
assert numbers_match(parts[0], 8 / 13), (
    f"The example: got the statistic {parts[0]}, expected 0.6154. Likely causes: who dies at t is at risk at t; censored patients count until they leave; "
    "Z is summed over all times and only then squared."
)
assert numbers_match(parts[1], 0.4327676), (
    f"The example: got the p-value {parts[1]}, expected 0.4328, the upper tail with one degree of freedom."
)
nine = pd.DataFrame(
    {"who": [7, 7, 7, 8, 8, 8, 9, 9, 9], "Event": [1, 1, 0, 1, 1, 0, 1, 0, 1], "Time": [1, 2, 5, 2, 2, 3, 4, 5, 6.5]}
)
got = log_rank(nine.copy(), "who")
assert parts_match(got, [1.6010768, 0.4490871]), (
    f"Three groups with three deaths on day 2: got {shown(got)}, expected 1.6011; 0.4491. Take all deaths of a time at once (n - 1 below, n - d above the line), use "
    "the whole table V, and two degrees of freedom."
)
got = call_answer(log_rank, nine.assign(Event=False), "who", case="Nobody died")
assert parts_match(got, [np.nan, np.nan]), f"Nobody died: got {got!r}, expected (NaN, NaN), 0/0."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(23_306)


def test_of(rows):
    """Compare observed with expected deaths, with the variances of a hypergeometric draw."""
    names = sorted({name for _, _, name in rows})
    deaths = sorted({time for time, event, _ in rows if event})
    z, v = [0.0] * len(names), [[0.0] * len(names) for _ in names]
    for t in deaths:
        n = sum(1 for time, _, _ in rows if time >= t)
        d = sum(1 for time, event, _ in rows if time == t and event)
        at = [sum(1 for time, _, other in rows if time >= t and other == name) for name in names]
        for i, name in enumerate(names):
            z[i] += sum(1 for time, event, other in rows if time == t and event and other == name) - d * at[i] / n
            for j in range(len(names)):
                if n > 1:
                    v[i][j] += d * (n - d) / (n - 1) * at[i] * ((n if i == j else 0) - at[j]) / n**2
    if not any(map(any, v)):
        return float("nan"), float("nan")
    z, v = np.array(z[1:]), np.array([line[1:] for line in v[1:]])
    value = float(z @ np.linalg.inv(v) @ z)
    return value, float(1 - stats.chi2.cdf(value, len(z)))


for trial in range(30):
    groups = (2, 3, 2, 4, 5)[trial % 5]
    patients = made_up(draw, (2, 3, 8, 17, 40, 90)[trial % 6] * groups // 2 + groups, trial, groups)
    event = patients["Event"].to_numpy().copy()
    event[patients["Time"] == patients["Time"].min()] = 1  # so that every group has patients at risk at the first death
    patients["Event"] = event
    if trial % 2:
        patients["arm"] = [
            {"arm 0": 3, "arm 1": 10, "arm 2": -1, "arm 3": 0, "arm 4": 7}[name] for name in patients["arm"]
        ]
    column = ("arm", "Stage_group", "Gruppe 1")[trial % 3]
    patients = patients.rename(columns={"arm": column})
    before = patients.copy()
    rows = rows_of(patients, column)
    expected = test_of(rows)
    case = f"Made-up patients in {groups} groups, with ties"
    got = call_answer(log_rank, patients, column, case=case)
    parts = in_parts(got, 2)
    assert parts is not None, f"{case}: return two numbers, (statistic, p_value)."
    assert numbers_match(parts[0], expected[0]), (
        f"{case}: the statistic is not right. Look at ties, and at who is at risk."
    )
    assert numbers_match(parts[1], expected[1]), f"{case}: the p-value is not right. Look at the degrees of freedom."
    assert patients.equals(before), f"{case}: your function changed the table that it was given."
same_day = pd.DataFrame({"Time": [2.5] * 6, "Event": [1] * 6, "arm": list("ababab")})
got = call_answer(log_rank, same_day, "arm", case="All died at the same time")
assert parts_match(got, [np.nan, np.nan]), "All died at the same time: V is 0, so return (NaN, NaN)."
got = call_answer(log_rank, same_day.assign(Event=0), "arm", case="Nobody died")
assert parts_match(got, [np.nan, np.nan]), "Nobody died: V is 0, so return (NaN, NaN)."
alone = pd.DataFrame({"Time": [1, 4, 2, 6, 8], "Event": [0, 1, 1, 1, 0], "arm": ["x", "y", "x", "x", "x"]})
got = call_answer(log_rank, alone, "arm", case="A group of one patient")
expected = test_of(list(alone.itertuples(index=False, name=None)))
assert parts_match(got, expected), "A group of one patient: the result is not right."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: say it in days
#
# "Half of them live longer than 82 days" is one way to put a curve into words. Another one is the **restricted mean survival time**: how many days the
# patients live on average within a stretch of time that starts at 0 and ends at a horizon h. It is the area under the curve (Royston and Parmar, 2013):
#
# $$\int_0^h \hat S(t)\,dt$$
#
# The curve of exercise 3 is made of steps: the value at a time holds until the next one. So the area is a sum of rectangles.
#
# Write `restricted_mean(df, horizon)`.
#
# | | |
# |---|---|
# | **in** `df` | the table, with at least one row; no time is 0 |
# | **in** `horizon` | a number above 0, in the unit of `Time`; it can lie before, at, between or after the times |
# | **out** | one number, in the unit of `Time`. Beyond the last time the last value of $\hat S$ is carried on to the horizon |
#
# **By hand.** Times 5, 9, 2, 5 with events 1, 0, 1, 0: S is 1 up to day 2, 0.75 up to day 5, and 0.5 from then on. To the horizon 8:
# 2 · 1 + 3 · 0.75 + 3 · 0.5 = 5.75 days. To the horizon 12: 2 + 2.25 + 7 · 0.5 = 7.75.
#
# <details><summary>Hint 1: the direction</summary>
#
# Get the steps as in exercise 3, drop the times after the horizon, and let the last rectangle end at the horizon. Each rectangle is as high as S at its *left* end.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# With arrays `times` and `S` from 0 on: `edges = np.minimum(np.append(times, horizon), horizon)`, then
# `(S * np.diff(edges)).sum()`. Rectangles after the horizon get the width 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "restricted_mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def restricted_mean(df, horizon):
    """Restricted mean survival time: the area under the Kaplan-Meier curve from 0 to the horizon."""
    ### BEGIN SOLUTION
    ### STUB: area = ...
    ### STUB: return area
    area, start, S = 0.0, 0.0, 1.0
    for t in sorted(df["Time"].unique()):
        if t >= horizon:
            break
        area += S * (t - start)
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        start, S = t, S * (1 - d / n)
    return area + S * (horizon - start)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** The example at four horizons.

# %% nbgrader={"grade": true, "grade_id": "check_restricted_mean", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
four = pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]})
got = restricted_mean(four.copy(), 8)
assert numbers_match(got, 5.75), (
    f"The example to day 8: got {got!r}, expected 5.75. Likely causes: 4.75 means rectangles as high as their right end; 5 is the mean of the times cut at 8, which takes "
    "censored patients for dead; 6.25 does not stop at the horizon."
)
got = restricted_mean(four.copy(), 12)
assert numbers_match(got, 7.75), (
    f"The example to day 12: got {got!r}, expected 7.75. Carry the last value on to the horizon (6.25 stops at the last time)."
)
got = restricted_mean(four.copy(), 5)
assert numbers_match(got, 4.25), f"The example to day 5: got {got!r}, expected 4.25: 2 days at 1, 3 days at 0.75."
got = restricted_mean(four.copy(), 1.5)
assert numbers_match(got, 1.5), (
    f"The example to day 1.5, before the first time: got {got!r}, expected 1.5. Nobody has died by then."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(23_307)


def area_of(rows, horizon):
    """Area as the sum over fine slices, each with its own product over the deaths before its middle."""
    edges = sorted({0.0, horizon, *(time for time, _ in rows if time < horizon)})
    area = 0.0
    for left, right in zip([0.0, *edges], edges, strict=False):
        survival = 1.0
        for t in {time for time, event in rows if event and time <= left}:
            n = sum(1 for time, _ in rows if time >= t)
            survival *= 1 - sum(1 for time, event in rows if event and time == t) / n
        area += survival * (right - left)
    return area


for trial in range(36):
    patients = made_up(draw, (1, 2, 5, 17, 40)[trial % 5], trial)
    if trial == 11:
        patients["Event"] = True
    if trial == 17:
        patients["Event"] = 0
    before = patients.copy()
    rows = rows_of(patients)
    last = max(time for time, _ in rows)
    for horizon in (0.125, last / 2, last / 2 + 0.125, last, last + 3.5):
        case = f"Made-up patients, horizon {'after' if horizon > last else 'up to'} the last time"
        got = call_answer(restricted_mean, patients, horizon, case=case)
        assert numbers_match(got, area_of(rows, horizon)), (
            f"{case}: the area is not right. Look at ties, at the horizon, and at the height of each step."
        )
    assert patients.equals(before), "Made-up patients: your function changed the table that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Then: read 80 real patients with your own functions
#
# The exercises end here. What follows is not graded; it uses your functions, so it needs working answers to all seven. The data are **real**: 80 patients with diffuse histiocytic lymphoma, 19 of stage III and 61 of
# stage IV, days until death or last news (McKelvey, 1976, as shipped with lifelines, where the column of events is called `Censor` although 1 means *died*; the loader calls it `Event`). Who is missing: age, sex
# and origin are not in the table.

# %% tags=["ungraded"]
from labutils import plots, plots_labs, plots_survival  # here, because no exercise needs them
from labutils.datasets import STAGES, load_lymphoma  # the same
from labutils.survival import observed_and_expected, restricted_mean_interval, step_at  # the same

lymphoma = load_lymphoma()
groups = {name: lymphoma[lymphoma["Stage_group"] == code] for code, name in STAGES.items()}
print(f"{len(lymphoma)} patients, {lymphoma['Event'].sum()} deaths, {frac_censored(lymphoma):.1%} censored")
for name, patients in groups.items():
    print(f"{name}: {len(patients)} patients, {patients['Event'].sum()} deaths, {frac_censored(patients):.1%} censored")
assert frac_censored(lymphoma) == 0.325

# %% [markdown]
# ### How far off is the naive estimate?
#
# Side by side, at four days: the share among the known patients, and Kaplan and Meier's estimate.

# %% tags=["ungraded"]
days = [90, 180, 270, 360]
for name, patients in groups.items():
    km = step_at(*HomemadeKM(patients), days)
    known = [naive_estimator(t, patients) for t in days]
    print(f"{name}: Kaplan-Meier {np.round(km, 3).tolist()}, known only {np.round(known, 3).tolist()} at days {days}")
    assert all(k <= s + 1e-9 for k, s in zip(known, km, strict=True))

# %% [markdown]
# The naive estimate is at or below the other one each time, and at day 360 it says that nobody is left, because nobody was *watched* that long. Leaving patients out turned the end of the study into a death of everybody.
#
# ### Draw the curves with what belongs to them
#
# Your curves, your intervals; below them the numbers at risk.

# %% tags=["ungraded"]
curves = {name: (*HomemadeKM(patients), *greenwood_interval(patients, 0.95)[1:]) for name, patients in groups.items()}
fig = plots_survival.survival_curves(groups, curves=curves, title="Patients with stage IV die earlier")
at = {name: np.round(step_at(*curve[:2], days), 3).tolist() for name, curve in curves.items()}
plots.show(fig, alt="Survival curves with bands. " + "; ".join(f"{k}: {v} at days {days}" for k, v in at.items()) + ".")
assert at == {"stage III": [0.737, 0.68, 0.525, 0.525], "stage IV": [0.425, 0.254, 0.195, 0.195]}

# %% [markdown]
# The largest time is 346 days, so the values at day 360 are carried on, not seen. Right of day 250 both curves rest on a few patients: read the lowest line before you read the curve.
#
# ### See the two ways to write one curve
#
# $e^{-\hat H}$ from your cumulative hazard lies a little above $\hat S$. With many at risk nobody could tell them apart.

# %% tags=["ungraded"]
times, H = map(np.asarray, nelson_aalen(lymphoma))
S = np.asarray(HomemadeKM(lymphoma)[1])
gap = np.exp(-H) - S
print(f"largest difference between exp(-H) and S: {gap.max():.4f}; H at the end: {H[-1]:.2f}")
assert gap.min() > -1e-12 and gap.max() < 0.02

# %% [markdown]
# ### Ask whether chance could do this
#
# The log-rank test compares the deaths of each stage with those that it should have had if stage made no difference.

# %% tags=["ungraded"]
statistic, p_value = log_rank(lymphoma, "Stage_group")
print(observed_and_expected(lymphoma, "Stage_group").rename(index=STAGES).round(1))
print(f"chi-square {statistic:.3f}, p = {p_value:.5f}")
assert round(float(statistic), 2) == 6.71 and round(float(p_value), 5) == 0.00959

# %% [markdown]
# **How to read p.** *If stage made no difference*, and if leaving had nothing to do with the patient's prospects, a statistic this large or larger would come up in about one study in a hundred. It is not the probability that stage makes no difference, and
# one minus p is not the probability that it does. To see what it is, play that world: deal the stages out at random, 200 times.

# %% tags=["ungraded"]
chance = np.random.default_rng(2026)
dealt = []
for _ in range(200):
    dealt.append(log_rank(lymphoma.assign(Stage_group=chance.permutation(lymphoma["Stage_group"])), "Stage_group")[0])
as_large = int((np.array(dealt) >= statistic).sum())
low, high = stats.binomtest(as_large, len(dealt)).proportion_ci(method="wilson")
print(
    f"{as_large} of {len(dealt)} random deals are as extreme: between {low:.1%} and {high:.1%}; the test says {p_value:.1%}"
)
assert low < 0.03

# %% [markdown]
# In every one of these worlds stage made no difference. So p cannot be the probability of that: it is the share of such worlds that look like ours, or more extreme.
#
# ### Say how large the difference is
#
# Out of the first 340 days, how many does a patient live on average? The interval is from the standard error (Klein and Moeschberger, 2003).

# %% tags=["ungraded"]
rows = []
for name, patients in groups.items():
    result = restricted_mean_interval(patients, 340)
    assert np.isclose(result.mean, restricted_mean(patients, 340))
    rows.append(result[:3])
    print(f"{name}: {result.mean:.0f} days ({result.low:.0f} to {result.high:.0f}) of 340")
errors = [restricted_mean_interval(patients, 340).error for patients in groups.values()]
gap, reach = rows[0][0] - rows[1][0], 1.96 * np.hypot(*errors)
fig = plots_labs.dots_with_interval(
    list(groups),
    {"restricted mean": rows},
    title=f"Stage III lives about {gap:.0f} days longer out of the first 340",
    xlabel="days lived on average out of the first 340 (95 % interval)",
)
plots.show(
    fig,
    alt=f"Restricted means by stage. Difference {gap:.0f} days, 95 % interval {gap - reach:.0f} to {gap + reach:.0f}.",
)

# %% [markdown]
# The interval of the difference excludes 0, and is wide: 80 patients say *that* stage matters more clearly than *how much*.
#
# ## What to remember
#
# - Censored patients are known until they leave. Use them until then, and not longer.
# - A curve without its band and its numbers at risk invites to read its weakest part.
# - A p-value is about data under a hypothesis, never about the hypothesis; put the size of the difference beside it.
# - All seven functions assume that leaving tells nothing of the future. No table of times and events can prove it.
#
# ## In practice
#
# These patients were treated in the 1970s, at a time with other drugs, and nobody was randomised to a stage: stage IV differs from stage III in many ways. The curves describe two groups; they do not say what a patient of today may expect.
#
# ## Further reading
#
# - Kaplan EL, Meier P, *Nonparametric estimation from incomplete observations*, JASA 1958;53:457-481: exercises 3 and 4 at their source.
# - Greenwood M, *The natural duration of cancer*, HMSO 1926: the variance.
# - Nelson W, Technometrics 1972;14:945-966, and Aalen O, Annals of Statistics 1978;6:701-726: the cumulative hazard.
# - Mantel N, Cancer Chemotherapy Reports 1966;50:163-170, and Peto R, Peto J, JRSS A 1972;135:185-206: the log-rank test.
# - Royston P, Parmar MKB, BMC Medical Research Methodology 2013;13:152: the restricted mean.
# - Klein JP, Moeschberger ML, *Survival analysis*, 2nd edition, Springer 2003: its standard error, section 4.5.
# - Wasserstein RL, Lazar NA, The American Statistician 2016;70:129-133: what a p-value is not.
