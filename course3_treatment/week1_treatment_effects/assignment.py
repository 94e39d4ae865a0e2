# %% [markdown]
# # Estimate what a treatment does
#
# You write fifteen small functions that lead from the table of a randomised trial to a statement on one patient: how much
# would *this* person gain? You start with two event rates and end with a score that tells whether such statements can be
# believed, and how shaky that score itself is.
#
# **You will be able to**
#
# - report a treatment effect as risk difference, number needed to treat and odds ratio, with intervals and the right sign;
# - check by a balance table whether randomisation did its work;
# - turn an odds ratio into the risk reduction of a patient with a given risk, and look whether the data agree;
# - build T- and S-learners, and rank patients by predicted benefit;
# - score such a ranking by the C-for-benefit without believing its second decimal.
#
# **You need** two hours, the lesson and the four labs, and no download. The closing part uses a *real* randomised trial,
# ACTG 320 (1,151 people with HIV; Hammer and others, New England Journal of Medicine 1997;337:725-733), and a *simulated* one,
# in which alone the true benefit of each patient is known. Small tables in the examples are made up.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `proportion_treated` | {{points:proportion_treated}} |
# | 2 | `event_rate` | {{points:event_rate}} |
# | 3 | `ate_interval` | {{points:ate_interval}} |
# | 4 | `number_needed_to_treat` | {{points:number_needed_to_treat}} |
# | 5 | `balance_table` | {{points:balance_table}} |
# | 6 | `extract_treatment_effect` | {{points:extract_treatment_effect}} |
# | 7 | `OR_to_ARR` | {{points:OR_to_ARR}} |
# | 8 | `base_risks` | {{points:base_risks}} |
# | 9 | `lr_ARR_quantile` | {{points:lr_ARR_quantile}} |
# | 10 | `treatment_dataset_split` | {{points:treatment_dataset_split}} |
# | 11 | `holdout_grid_search` | {{points:holdout_grid_search}} |
# | 12 | `TLearner` | {{points:TLearner}} |
# | 13 | `SLearner` | {{points:SLearner}} |
# | 14 | `c_for_benefit_score` | {{points:c_for_benefit_score}} |
# | 15 | `c_statistic` | {{points:c_statistic}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other tables. They ask for nothing that the statement does not say. An
# exercise earns its points or none. The part after exercise 15 is not graded.
#
# **The table of a trial** has one row per patient, the columns `TRTMT` (1 = treated, 0 = control) and `outcome` (1 = the bad
# event happened, 0 = it did not), and features measured before treatment. Both columns hold 0 and 1 or `False` and `True`;
# the index can be anything. No function may change a table that it is given. Where a value is 0/0, return NaN, not an error.

# %% [markdown]
# ## Set the table
#
# Run these two cells first. The first imports what the exercises need.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import itertools

import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

# %% [markdown]
# The second defines helpers that only the checks use.


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


def trial_of(treated, outcome):
    """A small trial: outcomes of the treated, then of the controls."""
    return pd.DataFrame({"TRTMT": [1] * len(treated) + [0] * len(outcome), "outcome": [*treated, *outcome]})


def counted(events_treated, n_treated, events_control, n_control):
    """A trial with these numbers of events and patients."""
    return trial_of(
        [1] * events_treated + [0] * (n_treated - events_treated),
        [1] * events_control + [0] * (n_control - events_control),
    )


def made_up_trial(draw, n, *, as_bool=False):
    """A trial of n patients with an index of its own and its columns in some order."""
    table = pd.DataFrame(
        {
            "age": draw.normal(60, 10, n).round(1),
            "TRTMT": draw.permutation(np.arange(n) % 2),
            "marker": draw.normal(size=n),
            "outcome": draw.permutation(np.arange(n) % 3 == 0).astype(int),
        },
        index=draw.choice(10_000, n, replace=False),
    )
    if as_bool:
        table = table.astype({"TRTMT": bool, "outcome": bool})
    return table[list(draw.permutation(table.columns))]


# %% [markdown]
# ## Exercise 1: count who was treated
#
# Who was treated is the first thing to know of a trial: half and half, or two to one?
#
# Write `proportion_treated(df)`.
#
# | | |
# |---|---|
# | **in** `df` | the table of a trial |
# | **out** | one number between 0 and 1: the share of patients with `TRTMT` = 1; NaN without patients |
#
# **By hand.** Five patients with `TRTMT` 1, 0, 0, 1, 0: two of five, 0.4.
#
# <details><summary>Hint 1: the direction</summary>
#
# The mean of ones and zeros is the share of ones.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `df["TRTMT"].mean()` is NaN by itself if the table has no rows.
# </details>


# %% nbgrader={"grade": false, "grade_id": "proportion_treated", "locked": false, "schema_version": 3, "solution": true, "task": false}
def proportion_treated(df):
    """Share of patients that were treated (a number between 0 and 1)."""
    ### BEGIN SOLUTION
    ### STUB: proportion = ...
    ### STUB: return proportion
    return df["TRTMT"].mean()
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** Two small trials.

# %% nbgrader={"grade": true, "grade_id": "check_proportion_treated", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
got = proportion_treated(pd.DataFrame({"outcome": [1, 1, 1, 0, 1], "TRTMT": [1, 0, 0, 1, 0]}))
assert numbers_match(got, 0.4), (
    f"TRTMT 1, 0, 0, 1, 0: got {got!r}, expected 0.4, the share of ones: not a count, not the share of controls, not of the outcome."
)
got = proportion_treated(pd.DataFrame({"TRTMT": [True, True, True, False], "outcome": [False] * 4}))
assert numbers_match(got, 0.75), f"TRTMT as True and False: got {got!r}, expected 0.75."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_101)
for trial in range(12):
    n = int(draw.integers(1, 60))
    treated = draw.integers(0, 2, n)
    table = pd.DataFrame(
        {"outcome": draw.integers(0, 2, n), "TRTMT": treated}, index=draw.choice(999, n, replace=False)
    )
    table = table.astype(["int64", "bool", "float64", "int8"][trial % 4])
    before = table.copy()
    got = call_answer(proportion_treated, table, case="A trial of another size")
    assert numbers_match(got, sum(treated.tolist()) / n), "A trial of another size: not the share of treated patients."
    assert table.equals(before), "Your function changed the table that it was given."
got = call_answer(proportion_treated, table.iloc[:0], case="A trial without patients")
assert numbers_match(got, np.nan), "A trial without patients: 0/0 is NaN."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: compare the event rates
#
# How many of the treated had the event, and how many of the controls? Everything later is made of these two numbers.
#
# Write `event_rate(df)`.
#
# | | |
# |---|---|
# | **in** `df` | the table of a trial |
# | **out** | the pair `(treated, control)`: in each arm the share of its patients with `outcome` = 1. An arm with nobody has the rate NaN. |
#
# **By hand.** Two treated patients with outcomes 0 and 1: rate 1/2. Four controls with outcomes 1, 1, 0, 1: rate 3/4. So
# (0.5, 0.75). The denominator is the arm, not the trial.
#
# <details><summary>Hint 1: the direction</summary>
#
# Choose the rows of one arm, then take the mean of their outcomes. Mind the order: treated first.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `df.loc[df["TRTMT"] == 1, "outcome"].mean()` is the first of the two; `== 1` is true for 1 and for `True`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "event_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def event_rate(df):
    """Share of patients with the event: the pair (treated, control)."""
    ### BEGIN SOLUTION
    ### STUB: treated = ...  # share with the event among the treated
    ### STUB: control = ...  # share with the event among the controls
    ### STUB: return treated, control
    treated = df.loc[df["TRTMT"] == 1, "outcome"].mean()
    control = df.loc[df["TRTMT"] == 0, "outcome"].mean()
    return treated, control
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** The example by hand, then an arm with nobody.

# %% nbgrader={"grade": true, "grade_id": "check_event_rate", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = event_rate(trial_of([0, 1], [1, 1, 0, 1]))
assert numbers_match(got, (0.5, 0.75)), (
    f"The example by hand: got {got!r}, expected (0.5, 0.75): treated first, and each count divided by the size of its own arm."
)
got = event_rate(trial_of([], [1, 0, 0, 0]).astype(bool))
assert numbers_match(got, (np.nan, 0.25)), f"Nobody treated: got {got!r}, expected (nan, 0.25)."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_102)


def judged(table, case):
    rows, before = list(zip(table["TRTMT"].tolist(), table["outcome"].tolist(), strict=True)), table.copy()
    expected = []
    for arm in (1, 0):
        fates = [int(fate) for treated, fate in rows if int(treated) == arm]
        expected.append(sum(fates) / len(fates) if fates else float("nan"))
    got = call_answer(event_rate, table, case=case)
    assert numbers_match(got, expected), f"{case}: these are not the event rates of the two arms, treated first."
    assert table.equals(before), f"{case}: your function changed the table that it was given."


for trial in range(12):
    n, share = int(draw.integers(6, 70)), draw.uniform(0.2, 0.8)
    table = made_up_trial(draw, n, as_bool=trial % 3 == 0)
    kind = table["TRTMT"].dtype
    judged(
        table.assign(TRTMT=(draw.random(n) < share).astype(kind)), "Arms of different size, columns in another order"
    )
judged(table[table["TRTMT"] == 0], "Controls only")
judged(table[table["TRTMT"] == 1], "Treated patients only")
judged(table.iloc[:0], "Nobody at all")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: put an interval on the treatment effect
#
# Each patient has two potential outcomes: with the treatment, Y(1), and without it, Y(0). We see one of them. The **average
# treatment effect** (ATE) is the mean of Y(1) − Y(0), and in a randomised trial the difference of the two event rates
# estimates it. Mind its sign: *treated minus control*, so a treatment that prevents events has a **negative** ATE.
#
# Write `ate_interval(df, level=0.95)`: with p₁, n₁ the event rate and the number of the treated, p₀, n₀ those of the controls,
#
# $$\widehat{ATE} = p_1 - p_0, \qquad \widehat{ATE} \pm z \sqrt{\frac{p_1(1-p_1)}{n_1} + \frac{p_0(1-p_0)}{n_0}},$$
#
# where z is the quantile (1 + level)/2 of the standard normal distribution (1.96 for 95 %).
#
# | | |
# |---|---|
# | **in** `df` | the table of a trial |
# | **in** `level` | coverage of the interval, between 0 and 1 |
# | **out** | three numbers `(ate, low, high)`, low ≤ high; all three NaN if an arm has nobody |
#
# **By hand.** 4 of 10 treated patients and 6 of 10 controls have the event. ATE = 0.4 − 0.6 = −0.2. The root is
# √(0.24/10 + 0.24/10) = 0.2191, times 1.96 is 0.4294. So (−0.2, −0.6294, 0.2294): twenty patients say next to nothing.
#
# <details><summary>Hint 1: the direction</summary>
#
# You need four numbers: two rates and two sizes. Return early if a size is 0.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `z = norm.ppf((1 + level) / 2)`, and `np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)` is the standard error.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ate_interval", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ate_interval(df, level=0.95):
    """Average treatment effect (treated minus control) and its interval: (ate, low, high)."""
    ### BEGIN SOLUTION
    ### STUB: treated = df.loc[df["TRTMT"] == 1, "outcome"]
    ### STUB: control = df.loc[df["TRTMT"] == 0, "outcome"]
    ### STUB: ate = ...
    ### STUB: standard_error = ...
    ### STUB: z = ...
    ### STUB: return ate, ..., ...
    treated = df.loc[df["TRTMT"] == 1, "outcome"]
    control = df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    return p1 - p0, p1 - p0 - half, p1 - p0 + half
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The example by hand at two levels, then a larger trial.

# %% nbgrader={"grade": true, "grade_id": "check_ate_interval", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = ate_interval(counted(4, 10, 6, 10))
assert numbers_match(got, (-0.2, -0.629417, 0.229417), 1e-4), (
    f"4 of 10 against 6 of 10: got {got!r}, expected (-0.2, -0.6294, 0.2294). Is it treated − control? Is each arm divided by its own size?"
)
got = ate_interval(counted(4, 10, 6, 10), level=0.8)
assert numbers_match(got, (-0.2, -0.480776, 0.080776), 1e-4), (
    f"The same at level 0.8: got {got!r}, expected (-0.2, -0.4808, 0.0808). The tails hold 10 % each: z is the 90 % quantile, 1.2816."
)
got = ate_interval(counted(14, 200, 15, 100))
assert numbers_match(got, (-0.08, -0.158385, -0.001615), 1e-4), (
    f"14 of 200 against 15 of 100: got {got!r}, expected (-0.08, -0.1584, -0.0016)."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_103)


def judged(table, level, case):
    before, arms = table.copy(), {1: [], 0: []}
    for treated, fate in zip(table["TRTMT"].tolist(), table["outcome"].tolist(), strict=True):
        arms[int(treated)].append(int(fate))
    if arms[1] and arms[0]:
        p1, p0 = (sum(arms[arm]) / len(arms[arm]) for arm in (1, 0))
        error = (p1 * (1 - p1) / len(arms[1]) + p0 * (1 - p0) / len(arms[0])) ** 0.5
        half = -norm.ppf((1 - level) / 2) * error
        expected = (p1 - p0, p1 - p0 - half, p1 - p0 + half)
    else:
        expected = (np.nan,) * 3
    got = call_answer(ate_interval, table, level, case=case)
    assert np.shape(got) == (3,), f"{case}: return three numbers (ate, low, high)."
    assert numbers_match(got[0], expected[0]), f"{case}: the effect is not the risk difference treated − control."
    assert numbers_match(got[1:], expected[1:], 1e-5), f"{case}: the ends of the interval are not those of the formula."
    assert table.equals(before), f"{case}: your function changed the table that it was given."


for trial in range(12):
    n, share = int(draw.integers(8, 120)), draw.uniform(0.2, 0.8)
    table = made_up_trial(draw, n, as_bool=trial % 3 == 0)
    kind = table["TRTMT"].dtype
    table["TRTMT"] = (draw.random(n) < share).astype(kind)
    table.iloc[:2, list(table.columns).index("TRTMT")] = np.array([True, False]).astype(kind)
    judged(table, [0.95, 0.9, 0.99, 0.5][trial % 4], "Arms of different size, another level")
judged(counted(0, 7, 0, 5), 0.95, "No event in either arm")
judged(counted(7, 7, 0, 5), 0.9, "Every treated patient and no control")
judged(counted(3, 7, 0, 0), 0.95, "No controls")
judged(counted(0, 0, 2, 5), 0.95, "Nobody treated")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: say how many must be treated
#
# "The risk falls by eight percentage points" is hard to picture. Turn it round: how many patients must be treated so that one
# event fewer is expected? With the **absolute risk reduction** ARR = p₀ − p₁ (control minus treated: the ATE with the other
# sign) the **number needed to treat** is NNT = 1/ARR. Its interval is made of one over the ends of the interval of the
# ARR, where this makes sense (Altman, BMJ 1998;317:1309-1312).
#
# Write `number_needed_to_treat(df, level=0.95)`. The interval of the ARR is the one of exercise 3 with the other sign.
#
# | | |
# |---|---|
# | **in** `df`, `level` | as in exercise 3 |
# | **out** | three numbers `(nnt, low, high)` |
#
# - `nnt` is 1/ARR: negative where the treatment harms (a number needed to harm), infinite (`np.inf`) where ARR is 0.
# - If the interval of the ARR holds 0, the numbers needed run through infinity and no two ends describe them: `low` and `high` are NaN.
# - Otherwise `low` and `high` are one over the ends of the ARR's interval, sorted so that low < high.
# - With nobody in an arm all three are NaN. Do not round.
#
# **By hand.** 14 of 200 treated patients and 30 of 200 controls: ARR = 0.15 − 0.07 = 0.08, NNT = 12.5. The standard error is 0.03103, so the
# interval of the ARR runs from 0.0192 to 0.1408, and that of the NNT from 1/0.1408 = 7.1 to 1/0.0192 = 52.1.
#
# <details><summary>Hint 1: the direction</summary>
#
# Work out ARR and its two ends first. Then three questions: is an arm empty? is the ARR 0? does its interval hold 0?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# If `arr_low <= 0 <= arr_high`, return `1 / arr` (or `np.inf`) and two NaN; else `1 / arr, 1 / arr_high, 1 / arr_low`: one over
# the *larger* end is the smaller number, also when both are negative.
# </details>


# %% nbgrader={"grade": false, "grade_id": "number_needed_to_treat", "locked": false, "schema_version": 3, "solution": true, "task": false}
def number_needed_to_treat(df, level=0.95):
    """Patients to treat for one event fewer, and the interval: (nnt, low, high)."""
    ### BEGIN SOLUTION
    ### STUB: arr = ...  # control - treated
    ### STUB: arr_low, arr_high = ..., ...
    ### STUB: return ..., ..., ...
    treated = df.loc[df["TRTMT"] == 1, "outcome"]
    control = df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = p0 - p1
    nnt = 1 / arr if arr != 0 else np.inf
    if arr - half <= 0 <= arr + half:
        return nnt, np.nan, np.nan
    return nnt, 1 / (arr + half), 1 / (arr - half)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** A treatment that helps, one whose interval holds 0, and one that harms.

# %% nbgrader={"grade": true, "grade_id": "check_number_needed_to_treat", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = number_needed_to_treat(counted(14, 200, 30, 200))
assert numbers_match(got, (12.5, 7.10116, 52.14329), 1e-4), (
    f"14 of 200 against 30 of 200: got {got!r}, expected (12.5, 7.10, 52.14). NNT is 1/(control − treated); one over the larger end of the ARR is the smaller number."
)
got = number_needed_to_treat(counted(4, 10, 6, 10))
assert numbers_match(got, (5, np.nan, np.nan)), (
    f"4 of 10 against 6 of 10: got {got!r}, expected (5.0, nan, nan). The ARR runs from −0.23 to 0.63 and holds 0: no ends."
)
got = number_needed_to_treat(counted(30, 200, 14, 200))
assert numbers_match(got, (-12.5, -52.14329, -7.10116), 1e-4), (
    f"30 of 200 against 14 of 200: got {got!r}, expected (-12.5, -52.14, -7.10): a number needed to harm keeps its minus."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_104)


def expected_of(table, level):
    arms = {1: [], 0: []}
    for treated, fate in zip(table["TRTMT"].tolist(), table["outcome"].tolist(), strict=True):
        arms[int(treated)].append(int(fate))
    if not arms[1] or not arms[0]:
        return (np.nan,) * 3
    p1, p0 = (sum(arms[arm]) / len(arms[arm]) for arm in (1, 0))
    half = -norm.ppf((1 - level) / 2) * (p1 * (1 - p1) / len(arms[1]) + p0 * (1 - p0) / len(arms[0])) ** 0.5
    nnt = np.inf if p0 == p1 else 1 / (p0 - p1)
    ends = sorted((p0 - p1 - half, p0 - p1 + half))
    if ends[0] <= 0 <= ends[1]:
        return nnt, np.nan, np.nan
    return (nnt, *sorted(1 / end for end in ends))


def judged(table, level, case):
    before = table.copy()
    got = call_answer(number_needed_to_treat, table, level, case=case)
    expected = expected_of(table, level)
    assert np.shape(got) == (3,), f"{case}: return three numbers (nnt, low, high)."
    assert numbers_match(got[0], expected[0], 1e-5), f"{case}: the number needed is not 1/(control − treated)."
    assert numbers_match(got[1:], expected[1:], 1e-5), (
        f"{case}: the ends of the interval are not those of the statement."
    )
    assert table.equals(before), f"{case}: your function changed the table that it was given."


for events_1, n_1, events_0, n_0, level, case in (
    (20, 300, 60, 250, 0.95, "A treatment that helps, arms of different size"),
    (20, 300, 60, 250, 0.5, "The same at another level"),
    (90, 250, 31, 310, 0.9, "A treatment that harms"),
    (21, 80, 20, 80, 0.95, "Hardly any difference"),
    (20, 80, 20, 80, 0.95, "No difference at all"),
    (0, 40, 0, 30, 0.95, "No event in either arm"),
    (9, 100, 20, 100, 0.99, "A high level, at which the interval holds 0"),
    (9, 100, 20, 100, 0.9, "A level at which it does not"),
    (5, 30, 0, 0, 0.95, "No controls"),
    (0, 0, 5, 30, 0.95, "Nobody treated"),
):
    table = counted(events_1, n_1, events_0, n_0)
    judged(table.sample(frac=1, random_state=int(draw.integers(1000))), level, case)
    judged(table.astype(bool), level, case + ", as True and False")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: check the balance
#
# Randomisation makes the arms alike *on average*; a balance table shows how alike they came out in this trial. Compare means by
# the **standardised mean difference**, which does not depend on the unit or on the number of patients:
#
# $$SMD = \frac{\bar x_1 - \bar x_0}{\sqrt{(s_1^2 + s_0^2)/2}}$$
#
# with the mean and the sample variance (divided by n − 1) of the treated (1) and of the controls (0). Above 0.1 in absolute value many take a
# closer look (Austin, Statistics in Medicine 2009;28:3083-3107).
#
# Write `balance_table(df)`.
#
# | | |
# |---|---|
# | **in** `df` | the table of a trial; every other column is a feature and holds numbers or bools |
# | **out** | a frame with one row per feature (its name is the index; in the order of the columns, without `TRTMT` and `outcome`) and the columns `treated`, `control` (the two means) and `smd` |
#
# `smd` is NaN where both variances are 0, and where an arm has fewer than two patients.
#
# **By hand.** Ages of the treated 50, 60, 70, of the controls 54, 60, 60: means 60 and 58, variances 100 and 12, so
# SMD = 2/√56 = 0.267.
#
# <details><summary>Hint 1: the direction</summary>
#
# Drop the two columns that are no features, turn the rest into floats, and split the rows by arm. `.mean()` and `.var()` of a frame
# work on all columns at once.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `spread = np.sqrt((a.var() + b.var()) / 2)`, and `(a.mean() - b.mean()) / spread.where(spread > 0)` is NaN where the spread is 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "balance_table", "locked": false, "schema_version": 3, "solution": true, "task": false}
def balance_table(df):
    """Means of both arms and standardised mean difference of each feature: a frame (treated, control, smd)."""
    ### BEGIN SOLUTION
    ### STUB: features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    ### STUB: treated, control = ..., ...  # the rows of each arm
    ### STUB: smd = ...
    ### STUB: return pd.DataFrame({"treated": ..., "control": ..., "smd": smd})
    features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = np.sqrt((treated.var() + control.var()) / 2)
    smd = (treated.mean() - control.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The ages of the example, and a feature that is the same for everybody.

# %% nbgrader={"grade": true, "grade_id": "check_balance_table", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
six = pd.DataFrame(
    {
        "age": [50, 60, 70, 54, 60, 60],
        "TRTMT": [1, 1, 1, 0, 0, 0],
        "female": [True, False, False, False, False, True],
        "outcome": [0, 1, 0, 1, 1, 0],
        "site": [2, 2, 2, 2, 2, 2],
    }
)
got = balance_table(six.copy())
assert isinstance(got, pd.DataFrame) and list(got.index) == ["age", "female", "site"], (
    f"Six patients: got {got!r}, expected a frame with the rows age, female, site, in this order."
)
assert {"treated", "control", "smd"} <= set(got.columns) and numbers_match(got["treated"], [60, 1 / 3, 2]), (
    f"Six patients: got {got.to_dict()}, expected the columns treated, control and smd, with 60 for the age of the treated."
)
assert numbers_match(got["smd"], [0.267261, 0, np.nan], 1e-4), (
    f"Six patients: got smd {list(got['smd'])}, expected 0.2673 for age (sample variances, treated − control), 0 for female, nan for site."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_105)


def judged(table, case):
    before = table.copy()
    got = call_answer(balance_table, table, case=case)
    names = [name for name in before.columns if name not in ("TRTMT", "outcome")]
    assert isinstance(got, pd.DataFrame), f"{case}: return a frame."
    assert list(got.index) == names, f"{case}: one row per feature, in the order of the columns."
    assert {"treated", "control", "smd"} <= set(got.columns), f"{case}: the columns are treated, control and smd."
    for name in names:
        values = {
            arm: [float(v) for v, t in zip(before[name], before["TRTMT"], strict=True) if int(t) == arm]
            for arm in (1, 0)
        }
        means = {arm: sum(v) / len(v) for arm, v in values.items()}
        squares = [
            sum((x - means[arm]) ** 2 for x in v) / (len(v) - 1) if len(v) > 1 else np.nan for arm, v in values.items()
        ]
        spread = (sum(squares) / 2) ** 0.5
        smd = (means[1] - means[0]) / spread if spread > 0 else np.nan
        assert numbers_match(got.loc[name, "treated"], means[1]), f"{case}: `treated` is not the mean of the treated."
        assert numbers_match(got.loc[name, "control"], means[0]), f"{case}: `control` is not the mean of the controls."
        assert numbers_match(got.loc[name, "smd"], smd, 1e-5), f"{case}: smd is not what the formula gives."
    assert table.equals(before), f"{case}: your function changed the table that it was given."


for trial in range(6):
    table = made_up_trial(draw, int(draw.integers(8, 60)), as_bool=trial % 2 == 0)
    table["TRTMT"] = (np.arange(len(table)) % 3 == 0).astype(table["TRTMT"].dtype)
    judged(table.assign(female=draw.integers(0, 2, len(table)).astype(bool)), "Another trial, arms of different size")
judged(table.assign(marker=table["marker"].astype("float32") * 1000), "A feature in another unit")
judged(table.assign(hospital=4), "A feature that is the same for everybody")
judged(table.assign(TRTMT=(np.arange(len(table)) == 0).astype(int)), "One treated patient only")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: read the effect off a logistic regression
#
# A logistic regression of the outcome on `TRTMT` and other features has one coefficient per feature. The one of `TRTMT`, θ, is the
# change of the log odds; exp(θ) is the **odds ratio**: the odds of a treated patient over those of a control who is alike in all else.
#
# Write `extract_treatment_effect(lr, data)`.
#
# | | |
# |---|---|
# | **in** `lr` | a fitted `LogisticRegression` |
# | **in** `data` | the frame of features that it was fitted on, its columns in that order; `TRTMT` is one of them, anywhere |
# | **out** | the pair `(theta, odds_ratio)` |
#
# **By hand.** Features `age`, `TRTMT`, `marker` with coefficients 0.04, −0.6931, 0.2: θ = −0.6931 and the odds ratio is
# exp(−0.6931) = 0.5. The treatment halves the *odds*. (That is not half the risk, see exercise 7.)
#
# <details><summary>Hint 1: the direction</summary>
#
# `lr.coef_` has the shape (1, number of features). Which place has `TRTMT` among the columns?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `lr.coef_[0][list(data.columns).index("TRTMT")]`
# </details>


# %% nbgrader={"grade": false, "grade_id": "extract_treatment_effect", "locked": false, "schema_version": 3, "solution": true, "task": false}
def extract_treatment_effect(lr, data):
    """Coefficient of the treatment and its odds ratio: the pair (theta, odds_ratio)."""
    ### BEGIN SOLUTION
    ### STUB: theta = ...
    ### STUB: odds_ratio = ...
    ### STUB: return theta, odds_ratio
    theta = lr.coef_[0][list(data.columns).index("TRTMT")]
    return theta, np.exp(theta)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** A model with known coefficients, then one with the columns in another order.

# %% nbgrader={"grade": true, "grade_id": "check_extract_treatment_effect", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
known = LogisticRegression().fit(np.eye(3)[[0, 1, 2, 0]], [0, 1, 0, 1])
known.coef_ = np.array([[0.04, -0.693147, 0.2]])
got = extract_treatment_effect(known, pd.DataFrame(columns=["age", "TRTMT", "marker"], dtype=float))
assert numbers_match(got, (-0.693147, 0.5), 1e-5), (
    f"Coefficients 0.04, -0.6931, 0.2 of age, TRTMT, marker: got {got!r}, expected (-0.6931, 0.5): θ first, then exp(θ)."
)
got = extract_treatment_effect(known, pd.DataFrame(columns=["age", "marker", "TRTMT"], dtype=float))
assert numbers_match(got, (0.2, 1.221403), 1e-5), (
    f"TRTMT in the last place: got {got!r}, expected (0.2, 1.2214). Look up where TRTMT stands."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_106)
for trial in range(6):
    table = made_up_trial(draw, 80)
    features = table.drop(columns="outcome")
    model = LogisticRegression(max_iter=2000, C=[1, 0.1, 10][trial % 3]).fit(features, table["outcome"])
    before = features.copy()
    got = call_answer(extract_treatment_effect, model, features, case="A fitted model")
    theta = float(model.coef_.ravel()[features.columns.get_loc("TRTMT")])
    assert np.shape(got) == (2,), "A fitted model: return the pair (theta, odds_ratio)."
    assert numbers_match(got[0], theta), "A fitted model: theta is not the coefficient of TRTMT."
    assert numbers_match(got[1], 2.718281828459045**theta), "A fitted model: the odds ratio is not exp(theta)."
    assert features.equals(before), "Your function changed the frame that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: turn an odds ratio into a risk reduction
#
# Patients do not live on the odds scale. What does an odds ratio mean for somebody whose risk without treatment is p?
#
# Write `OR_to_ARR(p, OR)`. The odds without treatment are p/(1 − p); with it o′ = OR · p/(1 − p); back to a risk: o′/(1 + o′). The absolute
# risk reduction is the difference:
#
# $$ARR = p - \frac{o'}{1 + o'}$$
#
# | | |
# |---|---|
# | **in** `p` | risk without treatment, from 0 to 1, *both included*: a number or an array |
# | **in** `OR` | odds ratio above 0: a number or an array of the same shape |
# | **out** | the absolute risk reduction, a number or an array: positive where the treatment helps. At p = 0 and at p = 1 it is 0. |
#
# **By hand.** p = 0.5, OR = 0.5: odds 1, halved 0.5, risk 0.5/1.5 = 0.333, so ARR = 0.167. With p = 0.1: odds 0.111, halved 0.056, risk 0.053,
# ARR = 0.047. The same odds ratio, a benefit of less than a third: those at high risk have more to gain.
#
# <details><summary>Hint 1: the direction</summary>
#
# p/(1 − p) fails at p = 1. Multiply o′/(1 + o′) above and below by (1 − p), and the division by zero is gone.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# The risk with treatment is `OR * p / (1 - p + OR * p)`. Turn lists into arrays first: `np.asarray(p, dtype=float)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "OR_to_ARR", "locked": false, "schema_version": 3, "solution": true, "task": false}
def OR_to_ARR(p, OR):
    """Absolute risk reduction at baseline risk p for an odds ratio (number or array)."""
    ### BEGIN SOLUTION
    ### STUB: risk_if_treated = ...
    ### STUB: return p - risk_if_treated
    p, OR = np.asarray(p, dtype=float), np.asarray(OR, dtype=float)
    return p - OR * p / (1 - p + OR * p)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** The examples by hand, a harmful treatment, the two ends.

# %% nbgrader={"grade": true, "grade_id": "check_OR_to_ARR", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = OR_to_ARR(0.5, 0.5), OR_to_ARR(0.1, 0.5)
assert numbers_match(got, (0.166667, 0.047368), 1e-4), (
    f"p = 0.5 and 0.1 with OR 0.5: got {got!r}, expected 0.1667 and 0.0474. An odds ratio multiplies the odds, not the risk; the reduction is p minus the new risk."
)
got = OR_to_ARR(np.array([0.2, 0.8]), 2.0)
assert numbers_match(got, (-0.133333, -0.088889), 1e-4), (
    f"p = 0.2 and 0.8 with OR 2: got {got!r}, expected (-0.1333, -0.0889): a treatment that harms."
)
got = OR_to_ARR(np.array([0.0, 1.0]), 0.5)
assert numbers_match(got, (0, 0)), f"p = 0 and p = 1: got {got!r}, expected (0, 0). Is there a 0/0 at p = 1?"
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_107)
for _ in range(8):
    risks, ratios = draw.uniform(0.001, 0.999, 7), np.exp(draw.normal(size=7))
    kept = risks.copy(), ratios.copy()
    got = call_answer(OR_to_ARR, risks, ratios, case="Arrays of risks and odds ratios")
    expected = []
    for risk, ratio in zip(risks.tolist(), ratios.tolist(), strict=True):
        odds = ratio * risk / (1 - risk)
        expected.append(risk - odds / (1 + odds))
    assert numbers_match(got, expected), "Arrays of risks and odds ratios: not p minus the risk with treatment."
    assert np.array_equal(kept[0], risks) and np.array_equal(kept[1], ratios), "Your function changed its arguments."
    got = call_answer(OR_to_ARR, float(risks[0]), float(ratios[0]), case="Two numbers")
    assert numbers_match(np.asarray(got).reshape(()), expected[0]), "Two numbers: not p minus the risk with treatment."
    got = call_answer(OR_to_ARR, risks.astype("float32"), float(ratios[0]), case="An array and a number")
    same = np.array([risk - ratios[0] * risk / (1 - risk + ratios[0] * risk) for risk in risks])
    assert numbers_match(got, same, 1e-4), "An array in single precision: not p minus the risk with treatment."
for ratio in (0.25, 1.0, 4.0):
    got = [call_answer(OR_to_ARR, end, ratio, case="A risk of 0 or 1") for end in (0.0, 1.0)]
    assert numbers_match(np.ravel(got), (0, 0)), "At a risk of 0 or 1 nothing can be reduced: 0."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8: predict the risk without treatment
#
# How ill would each patient be *without* the treatment? A model that was fitted on both arms, with `TRTMT` among its features,
# can say so for everybody: ask it as if nobody were treated.
#
# Write `base_risks(X, lr_model)`.
#
# | | |
# |---|---|
# | **in** `X` | frame of features, one row per patient, its columns as the model was fitted on; `TRTMT` is one of them |
# | **in** `lr_model` | a fitted classifier with `predict_proba` |
# | **out** | an array with one risk per patient: the probability of the event (column 1 of `predict_proba`) with `TRTMT` = 0 for all |
#
# `X` is not changed, and the columns keep their order.
#
# **Example.** Two patients who are alike, one treated and one not, get the *same* base risk.
#
# <details><summary>Hint 1: the direction</summary>
#
# Make a copy of `X` first, then set its column.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `X.assign(TRTMT=0)` is such a copy in one step, with the columns where they were.
# </details>


# %% nbgrader={"grade": false, "grade_id": "base_risks", "locked": false, "schema_version": 3, "solution": true, "task": false}
def base_risks(X, lr_model):
    """Risk of each patient if nobody were treated (array of probabilities)."""
    ### BEGIN SOLUTION
    ### STUB: untreated = ...  # a copy of X in which nobody is treated
    ### STUB: return ...
    return lr_model.predict_proba(X.assign(TRTMT=0))[:, 1]
    ### END SOLUTION


# %% [markdown]
# **Check exercise 8.** Patients in pairs: alike, but for the treatment.

# %% nbgrader={"grade": true, "grade_id": "check_base_risks", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
twins = pd.DataFrame({"TRTMT": [1, 0, 1, 0], "age": [50.0, 50.0, 70.0, 70.0]})
risk_model = LogisticRegression(C=1e6).fit(
    pd.DataFrame({"TRTMT": [0, 0, 1, 1] * 4, "age": [50.0, 70.0] * 8}), [0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1]
)
asked = twins.copy()
got = base_risks(asked, risk_model)
expected = risk_model.predict_proba(pd.DataFrame({"TRTMT": [0] * 4, "age": [50.0, 50.0, 70.0, 70.0]}))[:, 1]
assert numbers_match(got, expected), (
    f"Two pairs of twins: got {got!r}, expected {expected.round(3)}: the probability of the event, with TRTMT 0 for everybody."
)
assert asked.equals(twins), (
    f"Your function changed X: got TRTMT {list(asked['TRTMT'])} afterwards, expected [1, 0, 1, 0]. Work on a copy."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_108)
for trial in range(6):
    table = made_up_trial(draw, 90)
    features = table.drop(columns="outcome")
    model = (
        LogisticRegression(max_iter=2000)
        if trial % 2
        else DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, random_state=trial)
    )
    model.fit(features, table["outcome"])
    if trial == 4:
        features["TRTMT"] = features["TRTMT"].astype(bool)
    before = features.copy()
    got = call_answer(base_risks, features, model, case="Another model")
    untreated = before.copy()
    untreated["TRTMT"] = 0
    assert numbers_match(np.ravel(got), model.predict_proba(untreated)[:, 1]), (
        "Another model: these are not the risks of the event with TRTMT 0 for everybody."
    )
    assert features.equals(before), "Another model: your function changed X."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 9: look whether the risk reduction follows the risk
#
# A logistic regression without interactions *assumes* one odds ratio for all, and so (exercise 7) that patients at higher risk gain
# more. Do they? Sort the patients by baseline risk into bins and compare the arms inside each.
#
# Write `lr_ARR_quantile(X, y, lr)`. (The name comes from quantiles; the bins here have equal *width*. Equal-count bins would put as many patients
# into each; equal-width bins show the whole range of risks, at the price of nearly empty ones at its end.)
#
# 1. Baseline risk of each patient: the model's probability with `TRTMT` = 0, as in exercise 8 (compute it here again).
# 2. Cut the risks into 10 equal-width bins with `pd.cut(risk, 10)`.
# 3. In each bin: event rate of its controls − event rate of its treated patients, from the *observed* outcomes.
#
# | | |
# |---|---|
# | **in** `X` | frame of features with `TRTMT`, one row per patient |
# | **in** `y` | Series of outcomes (0/1 or bool) in the order of the rows of `X` |
# | **in** `lr` | a fitted classifier with `predict_proba` |
# | **out** | a Series, lowest risk first: the values are the risk reductions, the index is the **mean baseline risk of all patients in the bin** |
#
# A bin with nobody is left out. A bin with one arm only is NaN. `X` and `y` are not changed.
#
# **By hand.** In one bin are four patients with baseline risks 0.20, 0.22, 0.21, 0.25. The first two are controls with outcomes 1 and 0, the others
# are treated, with outcomes 0 and 0. The entry has the index 0.22 (mean of all four) and the value 1/2 − 0 = 0.5.
#
# <details><summary>Hint 1: the direction</summary>
#
# Put the risk, the treatment and the outcome of each patient into one new frame. `groupby` over the bins gives one small frame after the other.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):` leaves empty bins out. The index is `group["risk"].mean()`, and the mean
# of an arm with nobody is NaN by itself.
# </details>


# %% nbgrader={"grade": false, "grade_id": "lr_ARR_quantile", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lr_ARR_quantile(X, y, lr):
    """Observed risk reduction in bins of baseline risk: a Series, indexed by the mean risk of the bin."""
    ### BEGIN SOLUTION
    ### STUB: risk = ...  # without treatment
    ### STUB: table = pd.DataFrame({"risk": risk, "treated": ..., "y": ...})
    ### STUB: rows = {}
    ### STUB: for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
    ### STUB:     rows[...] = ...
    ### STUB: return pd.Series(rows)
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    rows = {}
    for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        rate = {arm: group.loc[group["treated"] == arm, "y"].mean() for arm in (False, True)}
        rows[group["risk"].mean()] = rate[False] - rate[True]
    return pd.Series(rows)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 9.** Eight patients whose baseline risk rises with age. The four youngest share the lowest bin.

# %% nbgrader={"grade": true, "grade_id": "check_lr_ARR_quantile", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
eight = pd.DataFrame(
    {"age": [20, 22, 21, 25, 60, 61, 90, 95], "TRTMT": [0, 0, 1, 1, 0, 1, 1, 1]}, index=list("hgfedcba")
)
fates = pd.Series([1, 0, 0, 0, 1, 1, 1, 0], index=eight.index)


class RiskIsAgeInPercent:
    """Its risk is age/100 for controls and half of that for the treated."""

    def predict_proba(self, features):
        risk = features["age"].to_numpy() / 100 * np.where(features["TRTMT"].to_numpy() == 1, 0.5, 1.0)
        return np.column_stack([1 - risk, risk])


got = lr_ARR_quantile(eight.copy(), fates.copy(), RiskIsAgeInPercent())
assert isinstance(got, pd.Series) and len(got) == 3, (
    f"Eight patients: got {got!r}, expected a Series of 3 bins: 20 to 25, 60 to 61 and 90 to 95 % risk; empty bins are left out."
)
assert numbers_match(got.index, [0.22, 0.605, 0.925], 1e-5), (
    f"Eight patients: got the index {list(got.index)}, expected [0.22, 0.605, 0.925]: mean baseline risk of all patients in the bin, with TRTMT 0."
)
assert numbers_match(got.to_numpy(), [0.5, 0, np.nan]), (
    f"Eight patients: got {list(got)}, expected [0.5, 0.0, nan]: control rate − treated rate; nobody is a control in the last bin."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_109)


def judged(features, fates, model, case):
    before = features.copy(), fates.copy()
    got = call_answer(lr_ARR_quantile, features, fates, model, case=case)
    assert isinstance(got, pd.Series), f"{case}: return a Series."
    untreated = before[0].copy()
    untreated["TRTMT"] = 0
    risks = model.predict_proba(untreated)[:, 1].tolist()
    low, width = min(risks), (max(risks) - min(risks)) / 10
    bins = {}
    for risk, treated, fate in zip(risks, before[0]["TRTMT"].tolist(), before[1].tolist(), strict=True):
        place = next(k for k in range(1, 11) if risk <= low + k * width or k == 10)
        bins.setdefault(place, []).append((risk, int(treated), int(fate)))
    index, values = [], []
    for place in sorted(bins):
        rates = []
        for arm in (0, 1):
            seen = [fate for _, treated, fate in bins[place] if treated == arm]
            rates.append(sum(seen) / len(seen) if seen else float("nan"))
        index.append(sum(risk for risk, _, _ in bins[place]) / len(bins[place]))
        values.append(rates[0] - rates[1])
    assert len(got) == len(index), f"{case}: another number of bins. Ten of equal width, without the empty ones."
    assert numbers_match(got.index, index, 1e-5), f"{case}: the index is not the mean baseline risk of the bins."
    assert numbers_match(got.to_numpy(), values, 1e-5), f"{case}: the values are not control rate − treated rate."
    assert features.equals(before[0]) and fates.equals(before[1]), f"{case}: your function changed X or y."


for trial in range(5):
    table = made_up_trial(draw, int(draw.integers(60, 200)), as_bool=trial == 3)
    features, fates = table.drop(columns="outcome"), table["outcome"]
    model = LogisticRegression(max_iter=3000).fit(features, fates)
    judged(features, fates, model, "A fitted model, rows and columns in another order")
few = made_up_trial(draw, 24)
judged(
    few.drop(columns="outcome"), few["outcome"], model.fit(few.drop(columns="outcome"), few["outcome"]), "Few patients"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 10: split the data by arm
#
# The T-learner of exercise 12 needs four training sets instead of two: its two models must not see each other's patients.
#
# Write `treatment_dataset_split(X_train, y_train, X_val, y_val)`.
#
# | | |
# |---|---|
# | **in** `X_train`, `X_val` | frames of features with `TRTMT` |
# | **in** `y_train`, `y_val` | Series of outcomes, row by row those of the frames, with the same index |
# | **out** | eight objects in this order: `X_treat_train`, `y_treat_train`, `X_treat_val`, `y_treat_val`, `X_control_train`, `y_control_train`, `X_control_val`, `y_control_val` |
#
# `TRTMT` is dropped from the frames; the other columns, the order of the rows and the index stay.
#
# **Example.** A training frame with `TRTMT` 1, 0, 1 gives an `X_treat_train` of its first and third row and an
# `X_control_train` of its second.
#
# <details><summary>Hint 1: the direction</summary>
#
# One mask per frame: `X_train["TRTMT"] == 1`. Use it for the frame and for its outcomes.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `X_train[X_train["TRTMT"] == 1].drop(columns="TRTMT")` and `y_train[X_train["TRTMT"] == 1]` are the first two of the eight.
# </details>


# %% nbgrader={"grade": false, "grade_id": "treatment_dataset_split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    """Training and validation data of each arm, without the treatment column: eight objects."""
    ### BEGIN SOLUTION
    ### STUB: parts = []
    ### STUB: for arm in (1, 0):
    ### STUB:     ...  # two times two objects: training and validation
    ### STUB: return tuple(parts)
    parts = []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            rows = (X["TRTMT"] == arm).to_numpy()
            parts += [X[rows].drop(columns="TRTMT"), y[rows]]
    return tuple(parts)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 10.** Three patients for training, two for validation.

# %% nbgrader={"grade": true, "grade_id": "check_treatment_dataset_split", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
X_train = pd.DataFrame({"age": [50, 60, 70], "TRTMT": [1, 0, 1], "cd4": [9, 8, 7]}, index=[5, 3, 4])
X_val = pd.DataFrame({"age": [55, 65], "TRTMT": [0, 1], "cd4": [6, 5]}, index=[1, 2])
got = treatment_dataset_split(X_train, pd.Series([1, 0, 0], [5, 3, 4]), X_val, pd.Series([1, 1], [1, 2]))
assert len(got) == 8, f"Five patients: got {len(got)} objects, expected eight."
kinds = ["frame" if isinstance(part, pd.DataFrame) else "series" for part in got]
assert kinds == ["frame", "series"] * 4, (
    f"Five patients: got {', '.join(kinds)}, expected a frame, then its series of outcomes, four times."
)
ages = [list(part["age"]) for part in got[::2]]
assert ages == [[50, 70], [65], [60], [55]] and [list(part) for part in got[1::2]] == [[1, 0], [1], [0], [1]], (
    f"Five patients: got ages {ages}, expected [[50, 70], [65], [60], [55]]: treated training, treated validation, control training, control validation, each followed by its outcomes."
)
assert [list(part.columns) for part in got[::2]] == [["age", "cd4"]] * 4 and list(got[0].index) == [5, 4], (
    f"Five patients: got columns {list(got[0].columns)} and index {list(got[0].index)}, expected age and cd4 (no TRTMT), and the index 5, 4."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_110)
for trial in range(6):
    tables = [made_up_trial(draw, int(draw.integers(5, 40)), as_bool=trial % 2 == 1) for _ in range(2)]
    given = [part for table in tables for part in (table.drop(columns="outcome"), table["outcome"])]
    kept = [part.copy() for part in given]
    got = call_answer(treatment_dataset_split, *given, case="Another trial")
    assert isinstance(got, (tuple, list)) and len(got) == 8, "Another trial: return eight objects."
    for number, (arm, which) in enumerate(((1, 0), (1, 1), (0, 0), (0, 1))):
        rows = [k for k, t in enumerate(kept[2 * which]["TRTMT"].tolist()) if int(t) == arm]
        features, fates = kept[2 * which].iloc[rows].drop(columns="TRTMT"), kept[2 * which + 1].iloc[rows]
        X_part, y_part = got[2 * number], got[2 * number + 1]
        assert isinstance(X_part, pd.DataFrame) and list(X_part.columns) == list(features.columns), (
            "Another trial: each frame keeps its columns in their order, without TRTMT."
        )
        assert list(X_part.index) == list(features.index) and numbers_match(X_part, features), (
            "Another trial: a frame holds other rows than those of its arm and its part."
        )
        assert (
            isinstance(y_part, pd.Series) and list(y_part.index) == list(fates.index) and numbers_match(y_part, fates)
        ), "Another trial: outcomes do not belong to the rows of their frame."
    assert all(part.equals(copy) for part, copy in zip(given, kept, strict=True)), (
        "Your function changed what it was given."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 11: tune a model on patients that it has not seen
#
# Try every combination of settings, fit each on the training patients, and keep the one that ranks the *validation* patients best.
#
# Write `holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams)`. The measure is the area under the ROC curve of
# `predict_proba(X_val)[:, 1]`, which for a yes-or-no outcome is the C-index.
#
# | | |
# |---|---|
# | **in** `clf` | the *class* of a classifier (`LogisticRegression`, not `LogisticRegression()`); `clf(**settings)` makes one |
# | **in** `X_train`, `y_train`, `X_val`, `y_val` | frames of features and Series of outcomes |
# | **in** `hyperparams` | dict: name of a setting → list of values to try; every combination is tried |
# | **out** | the pair `(estimator, params)`: the best classifier, fitted on the training patients alone, and the dict of its settings (name → value) |
#
# If several combinations are equally good, any of them will do.
#
# **By hand.** `{"C": [0.1, 1], "max_iter": [500]}` are two combinations: C = 0.1 and C = 1, each with 500 rounds. If the second has AUC 0.71
# and the first 0.69, the answer is the second model and `{"C": 1, "max_iter": 500}`.
#
# <details><summary>Hint 1: the direction</summary>
#
# `itertools.product(*hyperparams.values())` walks through all combinations; `dict(zip(hyperparams, values))` gives them their names back.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# Inside the loop: `model = clf(**params).fit(X_train, y_train)` and `auc = roc_auc_score(y_val, model.predict_proba(X_val)[:, 1])`. Keep the model of the largest.
# </details>


# %% nbgrader={"grade": false, "grade_id": "holdout_grid_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    """The classifier with the best validation AUC, and its settings: the pair (estimator, params)."""
    ### BEGIN SOLUTION
    ### STUB: best_auc, best_estimator, best_params = -1.0, None, None
    ### STUB: for values in itertools.product(*hyperparams.values()):
    ### STUB:     params = dict(zip(hyperparams, values))
    ### STUB:     ...
    ### STUB: return best_estimator, best_params
    best_auc, best_estimator, best_params = -1.0, None, None
    for values in itertools.product(*hyperparams.values()):
        params = dict(zip(hyperparams, values, strict=True))
        model = clf(**params).fit(X_train, y_train)
        auc = roc_auc_score(y_val, model.predict_proba(X_val)[:, 1])
        if auc > best_auc:
            best_auc, best_estimator, best_params = auc, model, params
    return best_estimator, best_params
    ### END SOLUTION


# %% [markdown]
# **Check exercise 11.** Trees of three depths on made-up patients.


# %% nbgrader={"grade": true, "grade_id": "check_holdout_grid_search", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
def search_data(draw, n):
    table = pd.DataFrame(draw.normal(size=(n, 4)), columns=list("abcd"))
    fate = (table["a"] * table["b"] + 0.7 * table["c"] + draw.normal(size=n) > 0).astype(int)
    return table.iloc[: n // 2], fate.iloc[: n // 2], table.iloc[n // 2 :], fate.iloc[n // 2 :]


parts = search_data(np.random.default_rng(5), 240)
settings = {"max_depth": [1, 3, 9], "random_state": [0], "min_samples_leaf": [1, 12]}
got = holdout_grid_search(DecisionTreeClassifier, *parts, settings)
assert isinstance(got, (tuple, list)) and len(got) == 2, (
    f"Six trees: got {got!r}, expected the pair (estimator, params)."
)
auc = roc_auc_score(parts[3], got[0].predict_proba(parts[2])[:, 1])
assert auc > 0.73, (
    f"Six trees: got one with a validation AUC of {auc:.3f}, expected 0.746, the best of the six. Is it the largest AUC, on the validation patients, of predict_proba?"
)
assert dict(got[1]) == {"max_depth": 3, "random_state": 0, "min_samples_leaf": 1}, (
    f"Six trees: got the settings {got[1]!r}, expected max_depth 3, random_state 0 and min_samples_leaf 1: one value for each name."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_111)


def judged(clf, data, grid, case):
    kept = [part.copy() for part in data]
    asked = {name: list(values) for name, values in grid.items()}
    got = call_answer(holdout_grid_search, clf, *data, asked, case=case)
    assert isinstance(got, (tuple, list)) and len(got) == 2, f"{case}: return the pair (estimator, params)."
    names, scores = list(grid), {}
    for values in itertools.product(*grid.values()):
        model = clf(**dict(zip(names, values, strict=True))).fit(kept[0], kept[1])
        told = model.predict_proba(kept[2])[:, 1]
        ranks = pd.Series(told).rank().to_numpy()
        ones = kept[3].to_numpy() == 1
        auc = (ranks[ones].sum() - ones.sum() * (ones.sum() + 1) / 2) / (ones.sum() * (~ones).sum())
        scores[values] = auc, told
    best = max(auc for auc, _ in scores.values())
    estimator, params = got
    assert isinstance(params, dict) and set(params) == set(names), f"{case}: params holds one value for each name."
    chosen = tuple(params[name] for name in names)
    assert chosen in scores, f"{case}: params holds a value that was not to be tried."
    assert scores[chosen][0] >= best - 1e-9, f"{case}: another combination has a larger validation AUC."
    told = call_answer(estimator.predict_proba, kept[2], case=case)
    assert numbers_match(told[:, 1], scores[chosen][1], 1e-4), (
        f"{case}: the estimator is not the one with these settings, fitted on the training patients alone."
    )
    assert all(part.equals(copy) for part, copy in zip(data, kept, strict=True)) and asked == {
        name: list(values) for name, values in grid.items()
    }, f"{case}: your function changed what it was given."


for _ in range(4):
    data = search_data(draw, 200)
    judged(DecisionTreeClassifier, data, {"random_state": [1], "max_depth": [1, 2, 4, 12]}, "Trees of several depths")
    judged(
        DecisionTreeClassifier,
        data,
        {"max_depth": [12, 4, 2], "criterion": ["gini", "entropy"], "min_samples_leaf": [20, 1], "random_state": [0]},
        "Many combinations, the large trees first",
    )
judged(LogisticRegression, data, {"C": [1e-4, 1e-2, 1.0]}, "Logistic regressions")
judged(DecisionTreeClassifier, data, {"max_depth": [3], "random_state": [4]}, "One combination only")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 12: build a T-learner
#
# A **T-learner** is two models: one learnt from the treated, one from the controls (Künzel and others, PNAS 2019;116:4156-4165). For a
# new patient ask both: what would happen with, what without the treatment? The difference is the predicted benefit.
#
# Write the class `TLearner`.
#
# | | |
# |---|---|
# | **in** `TLearner(treatment_estimator, control_estimator)` | two classifiers that are *already fitted*, in this order |
# | **in** `.predict(X)` | a frame of features without `TRTMT` |
# | **out** of `.predict(X)` | an array, one number per patient: risk predicted by the control model − risk predicted by the treatment model |
#
# The risk is column 1 of `predict_proba`. The benefit is positive where the treatment helps, and is neither cut at 0 nor rounded. `X` is not changed.
#
# **By hand.** The control model gives a patient a risk of 0.30, the treatment model 0.22: predicted benefit 0.30 − 0.22 = 0.08.
#
# <details><summary>Hint 1: the direction</summary>
#
# `__init__` keeps the two models on `self`; `predict` asks both about the same `X`.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `self.control_estimator.predict_proba(X)[:, 1] - self.treatment_estimator.predict_proba(X)[:, 1]`
# </details>


# %% nbgrader={"grade": false, "grade_id": "TLearner", "locked": false, "schema_version": 3, "solution": true, "task": false}
class TLearner:
    """Two fitted models, one per arm; predict(X) is risk as a control minus risk as a treated patient."""

    ### BEGIN SOLUTION
    ### STUB: def __init__(self, treatment_estimator, control_estimator):
    ### STUB:     ...  # keep both
    ### STUB:
    ### STUB: def predict(self, X):
    ### STUB:     return ...
    def __init__(self, treatment_estimator, control_estimator):
        self.treatment_estimator = treatment_estimator
        self.control_estimator = control_estimator

    def predict(self, X):
        control = self.control_estimator.predict_proba(X)[:, 1]
        return control - self.treatment_estimator.predict_proba(X)[:, 1]

    ### END SOLUTION


# %% [markdown]
# **Check exercise 12.** Two models whose answers are known.


# %% nbgrader={"grade": true, "grade_id": "check_TLearner", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
class AlwaysSays:
    """A fitted model that gives every patient the risks that it was made with."""

    def __init__(self, risks):
        self.risks = np.asarray(risks, dtype=float)

    def predict_proba(self, features):
        return np.column_stack([1 - self.risks, self.risks])


three = pd.DataFrame({"age": [50, 60, 70]})
learner = TLearner(AlwaysSays([0.22, 0.25, 0.75]), AlwaysSays([0.30, 0.25, 0.5]))
got = learner.predict(three)
assert numbers_match(got, [0.08, 0, -0.25]), (
    f"Risks 0.22, 0.25, 0.75 with and 0.30, 0.25, 0.50 without treatment: got {got!r}, expected (0.08, 0, -0.25): control − treated, not cut at 0."
)
learner = TLearner(treatment_estimator=AlwaysSays([0.5, 0.5, 0.5]), control_estimator=AlwaysSays([0.75, 1, 0.5]))
got = learner.predict(three)
assert numbers_match(got, [0.25, 0.5, 0]), f"Another pair, by name: got {got!r}, expected (0.25, 0.5, 0)."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_112)
for trial in range(4):
    data = [made_up_trial(draw, 80) for _ in range(2)]
    names = ["age", "marker"]
    models = [
        (LogisticRegression(max_iter=2000) if trial % 2 else DecisionTreeClassifier(max_depth=3, random_state=0)).fit(
            table[names], table["outcome"]
        )
        for table in data
    ]
    patients = made_up_trial(draw, 25)[names]
    before = patients.copy()
    case = "Two fitted models"
    learner = call_answer(TLearner, models[0], models[1], case=case)
    got = call_answer(learner.predict, patients, case=case)
    expected = models[1].predict_proba(before)[:, 1] - models[0].predict_proba(before)[:, 1]
    assert numbers_match(np.ravel(got), expected), (
        f"{case}: not the risk as a control minus the risk as a treated patient."
    )
    assert patients.equals(before), f"{case}: predict changed X."
    again = call_answer(TLearner, models[1], models[0], case=case)
    assert numbers_match(np.ravel(call_answer(again.predict, patients, case=case)), -expected), (
        f"{case}: a second learner with the models exchanged should give the opposite."
    )
    assert numbers_match(np.ravel(call_answer(learner.predict, patients.iloc[:3], case=case)), expected[:3]), (
        f"{case}: the first learner, asked again, gives something else."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 13: build an S-learner
#
# An **S-learner** is a *single* model with the treatment among its features. Ask it twice about each patient: as if nobody and as if
# everybody were treated.
#
# Write the class `SLearner`.
#
# | | |
# |---|---|
# | **in** `SLearner(estimator)` | a classifier, already fitted on features of which `TRTMT` is one |
# | **in** `.predict(X)` | a frame of the same features, its columns as the model was fitted on; what stands in `TRTMT` must not matter |
# | **out** of `.predict(X)` | an array, one number per patient: risk with `TRTMT` = 0 − risk with `TRTMT` = 1 |
#
# The risk is column 1 of `predict_proba`. `X` is not changed.
#
# **By hand.** The model gives a patient a risk of 0.40 with `TRTMT` 0 and of 0.33 with `TRTMT` 1. The predicted benefit is 0.07, whichever arm the
# patient was really in.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two copies of `X`, one with 0 and one with 1 in the column of the treatment.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `self.estimator.predict_proba(X.assign(TRTMT=0))[:, 1]` is the first of the two risks.
# </details>


# %% nbgrader={"grade": false, "grade_id": "SLearner", "locked": false, "schema_version": 3, "solution": true, "task": false}
class SLearner:
    """One fitted model with TRTMT among its features; predict(X) is risk with TRTMT 0 minus risk with TRTMT 1."""

    ### BEGIN SOLUTION
    ### STUB: def __init__(self, estimator):
    ### STUB:     ...  # keep it
    ### STUB:
    ### STUB: def predict(self, X):
    ### STUB:     return ...
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        risks = [self.estimator.predict_proba(X.assign(TRTMT=arm))[:, 1] for arm in (0, 1)]
        return risks[0] - risks[1]

    ### END SOLUTION


# %% [markdown]
# **Check exercise 13.** A model whose risk is known.


# %% nbgrader={"grade": true, "grade_id": "check_SLearner", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
class HalvedIfTreated:
    """Risk is age in percent, and half of it under treatment; it wants its columns in order."""

    def predict_proba(self, features):
        if list(features.columns) != ["TRTMT", "age"]:
            raise ValueError("the model was fitted on TRTMT and age, in this order")
        risk = features["age"].to_numpy() / 100 * np.where(features["TRTMT"].to_numpy() == 1, 0.5, 1.0)
        return np.column_stack([1 - risk, risk])


pair = pd.DataFrame({"TRTMT": [1, 0, 0], "age": [50, 50, 80]})
asked = pair.copy()
got = SLearner(HalvedIfTreated()).predict(asked)
assert numbers_match(got, [0.25, 0.25, 0.4]), (
    f"Ages 50, 50, 80, risk halved by treatment: got {got!r}, expected (0.25, 0.25, 0.4): the same for both patients of 50, whatever their arm."
)
assert asked.equals(pair), (
    f"predict changed X: got TRTMT {list(asked['TRTMT'])} afterwards, expected [1, 0, 0]. Work on copies."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_113)
for trial in range(5):
    table = made_up_trial(draw, 90)
    features = table.drop(columns="outcome")
    model = LogisticRegression(max_iter=2000) if trial % 2 else DecisionTreeClassifier(max_depth=5, random_state=trial)
    model.fit(features, table["outcome"])
    patients = features.iloc[:40].copy()
    if trial == 3:
        patients["TRTMT"] = patients["TRTMT"].astype(bool)
    before = patients.copy()
    case = "A fitted model"
    learner = call_answer(SLearner, model, case=case)
    got = call_answer(learner.predict, patients, case=case)
    risks = []
    for arm in (0, 1):
        asked = features.iloc[:40].copy()
        asked["TRTMT"] = arm
        risks.append(model.predict_proba(asked)[:, 1])
    assert numbers_match(np.ravel(got), risks[0] - risks[1]), (
        f"{case}: not the risk with TRTMT 0 minus the risk with TRTMT 1."
    )
    assert patients.equals(before), f"{case}: predict changed X."
    flipped = patients.assign(TRTMT=1 - patients["TRTMT"].astype(int))
    assert numbers_match(np.ravel(call_answer(learner.predict, flipped, case=case)), risks[0] - risks[1]), (
        f"{case}: the answer depends on the arm in which a patient really was."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 14: score the ranking of benefits
#
# Nobody's benefit is ever seen, because nobody gets both treatments. The **C-for-benefit** (van Klaveren and others, Journal of
# Clinical Epidemiology 2018;94:59-68) makes it visible in *pairs*: one control and one treated patient to whom the model
# promises about the same. If the control had the event and the treated patient had not, the pair shows a benefit of 1; the other way round −1; else 0.
#
# Write `c_for_benefit_score(pairs)`.
#
# | | |
# |---|---|
# | **in** `pairs` | list of `((pred, y), (pred, y))`: the **control** patient first, then the **treated** one; `pred` is the predicted benefit, `y` the outcome (0 or 1) |
# | **out** | a number between 0 and 1, or NaN if there is no permissible pair of pairs |
#
# For each pair: *observed benefit* = y of the control − y of the treated; *predicted benefit* = mean of the two `pred`. Then look at all pairs **of pairs** (each two once):
#
# - equal observed benefit: not permissible, skip;
# - the one with the larger observed benefit has the larger predicted benefit: concordant, 1;
# - both have the same predicted benefit: a tie, ½; else 0.
#
# The score is the sum over the number of permissible ones: 0.5 is chance, 1 a perfect ranking.
#
# **By hand.** Three pairs with (predicted, observed) benefit (0.3, 1), (0.1, 0), (0.2, −1). First and second: 1 > 0 and 0.3 > 0.1,
# concordant. First and third: concordant. Second and third: 0 > −1 but 0.1 < 0.2, not. So 2 of 3: 0.667.
#
# <details><summary>Hint 1: the direction</summary>
#
# Two lists first, one of the observed and one of the predicted benefits. Then `itertools.combinations(range(n), 2)`.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# For a permissible pair of pairs: `(predicted[a] - predicted[b]) * (observed[a] - observed[b])` is above 0 when concordant, and 0 when tied.
# </details>


# %% nbgrader={"grade": false, "grade_id": "c_for_benefit_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def c_for_benefit_score(pairs):
    """Concordance of predicted and observed benefit over pairs of matched pairs (0 to 1, or NaN)."""
    ### BEGIN SOLUTION
    ### STUB: observed = [...]  # y of the control - y of the treated
    ### STUB: predicted = [...]  # mean of the two predictions
    ### STUB: concordant, permissible = 0.0, 0
    ### STUB: for a, b in itertools.combinations(range(len(observed)), 2):
    ### STUB:     ...
    ### STUB: return ...
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    concordant, permissible = 0.0, 0
    for a, b in itertools.combinations(range(len(observed)), 2):
        if observed[a] == observed[b]:
            continue
        permissible += 1
        agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
        concordant += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return concordant / permissible if permissible else np.nan
    ### END SOLUTION


# %% [markdown]
# **Check exercise 14.** The example by hand, a tie, and pairs that are all alike.

# %% nbgrader={"grade": true, "grade_id": "check_c_for_benefit_score", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = c_for_benefit_score([((0.3, 1), (0.3, 0)), ((0.05, 1), (0.15, 1)), ((0.2, 0), (0.2, 1))])
assert numbers_match(got, 2 / 3), (
    f"The example by hand: got {got!r}, expected 0.6667. The control comes first in a pair, and observed benefit is y control − y treated."
)
got = c_for_benefit_score([((0.25, 1), (0.75, 0)), ((0.5, 0), (0.5, 0)), ((0.75, 0), (0.75, 0))])
assert numbers_match(got, 0.25), (
    f"A tie: got {got!r}, expected 0.25: the first pair (mean 0.5, observed 1) ties with the second (½) and loses to the third (0); the other two have the same observed benefit."
)
got = c_for_benefit_score([((0.5, 1), (0.5, 1)), ((0.25, 0), (0.75, 0))])
assert numbers_match(got, np.nan), f"No permissible pair of pairs: got {got!r}, expected nan."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_114)


def expected_of(pairs):
    """Counts by the three possible observed benefits, without looking at pairs of pairs one by one."""
    groups = {-1: [], 0: [], 1: []}
    for (pred_0, y_0), (pred_1, y_1) in pairs:
        groups[int(y_0) - int(y_1)].append((pred_0 + pred_1) / 2)
    good = total = 0.0
    for low, high in ((-1, 0), (-1, 1), (0, 1)):
        lower, upper = np.array(groups[low]), np.array(groups[high])
        good += (upper[:, None] > lower).sum() + 0.5 * (upper[:, None] == lower).sum()
        total += lower.size * upper.size
    return good / total if total else np.nan


def judged(pairs, case):
    got = call_answer(c_for_benefit_score, pairs, case=case)
    assert np.ndim(got) == 0, f"{case}: return one number."
    assert numbers_match(got, expected_of(pairs), 1e-6), (
        f"{case}: not the share of concordant pairs of pairs, ties as ½."
    )


for trial in range(10):
    n = int(draw.integers(2, 40))
    preds = draw.normal(size=(n, 2)) if trial % 2 else draw.choice([0.25, 0.5, 0.75], size=(n, 2))
    fates = draw.integers(0, 2, (n, 2))
    pairs = [((float(p[0]), int(y[0])), (float(p[1]), int(y[1]))) for p, y in zip(preds, fates, strict=True)]
    judged(pairs, "Other pairs" + (", no ties" if trial % 2 else ", with ties"))
    judged(pairs[::-1], "The same pairs in another order")
judged([((0.5, 1), (0.25, 0)), ((-0.5, 0), (-0.25, 1))], "Predicted harm")
judged([((0.5, 1), (0.25, 0))], "One pair only")
judged([], "No pair at all")
judged([((0.1, 1), (0.2, 0)), ((0.5, 1), (0.2, 0)), ((0.3, 1), (0.9, 0))], "Every pair shows a benefit")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 15: match the patients, then score
#
# Who is paired with whom? Match each treated patient with a control to whom the model promises the same benefit: sort both arms by
# predicted benefit and pair first with first, second with second. The arms differ in size, so some patients of the larger arm have to stay
# out: **by lot**.
#
# Write `c_statistic(pred_rr, y, w, random_seed=0)`.
#
# | | |
# |---|---|
# | **in** `pred_rr` | array or Series: predicted benefit (risk reduction) of each patient |
# | **in** `y`, `w` | arrays or Series: outcome (0/1) and treatment (1 = treated, 0 = control) of each patient |
# | **in** `random_seed` | a whole number: the seed of the lot |
# | **out** | the C-for-benefit of the matched pairs, a number; NaN without a permissible pair of pairs |
#
# 1. Draw from the larger arm, without replacement, as many patients as the smaller arm has. The same seed draws the same ones; another seed may draw others.
# 2. Sort both arms by `pred_rr` and pair them in that order. (Nobody has the same `pred_rr` as another patient in the checks.)
# 3. Score the pairs as in exercise 14. (Write the score here again: the grader keeps the exercises apart.)
#
# With arms of equal size there is no lot, and every seed gives the same. The order of the patients must not matter then.
#
# **By hand.** Controls with (pred, y): (0.1, 0), (0.4, 1). Treated: (0.3, 0), (0.2, 1). Sorted and paired: 0.1 with 0.2, observed 0 − 1 = −1,
# predicted 0.15; 0.4 with 0.3, observed 1 − 0 = 1, predicted 0.35. One pair of pairs, concordant: 1.0.
#
# <details><summary>Hint 1: the direction</summary>
#
# Turn everything into arrays. `rng = np.random.default_rng(random_seed)` and `rng.choice(rows, size, replace=False)` draw the lot; `np.argsort` sorts each arm.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# With `control` and `treated` as sorted row numbers: `predicted = (pred_rr[control] + pred_rr[treated]) / 2` and
# `observed = y[control] - y[treated]`, with y as whole numbers. Then the loop of exercise 14.
# </details>


# %% nbgrader={"grade": false, "grade_id": "c_statistic", "locked": false, "schema_version": 3, "solution": true, "task": false}
def c_statistic(pred_rr, y, w, random_seed=0):
    """C-for-benefit of predicted benefits, patients matched by predicted benefit (0 to 1, or NaN)."""
    ### BEGIN SOLUTION
    ### STUB: pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    ### STUB: rng = np.random.default_rng(random_seed)
    ### STUB: control, treated = ..., ...  # row numbers, of equal number, each sorted by pred_rr
    ### STUB: predicted, observed = ..., ...
    ### STUB: ...  # the score of exercise 14
    pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    rng = np.random.default_rng(random_seed)
    arms = [np.flatnonzero(w == arm) for arm in (0, 1)]
    size = min(len(rows) for rows in arms)
    arms = [rows if len(rows) == size else rng.choice(rows, size, replace=False) for rows in arms]
    control, treated = (rows[np.argsort(pred_rr[rows])] for rows in arms)
    predicted, observed = (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]
    concordant, permissible = 0.0, 0
    for a, b in itertools.combinations(range(size), 2):
        if observed[a] != observed[b]:
            permissible += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            concordant += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return concordant / permissible if permissible else np.nan
    ### END SOLUTION


# %% [markdown]
# **Check exercise 15.** The example by hand, then arms of different size with two seeds.

# %% nbgrader={"grade": true, "grade_id": "check_c_statistic", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = c_statistic(np.array([0.3, 0.1, 0.4, 0.2]), np.array([0, 0, 1, 1]), np.array([1, 0, 0, 1]))
assert numbers_match(got, 1.0), (
    f"The example by hand: got {got!r}, expected 1.0. Is w = 1 the treated patient? Are both arms sorted before they are paired?"
)
got = c_statistic(np.array([0.3, 0.1, 0.4, 0.2]), np.array([1, 1, 0, 0]), np.array([1, 0, 0, 1]))
assert numbers_match(got, 0.0), f"The same with the outcomes turned round: got {got!r}, expected 0.0."
ladder = np.linspace(0.01, 0.4, 40)
seen = [
    c_statistic(ladder, np.arange(40) % 7 % 3 % 2, (np.arange(40) % 4 == 0).astype(int), random_seed=seed)
    for seed in (1, 1, 2, 3, 4)
]
assert seen[0] == seen[1] and len(set(seen)) > 1, (
    f"10 treated, 30 controls, seeds 1, 1, 2, 3, 4: got {seen}, expected the same number for seed 1 twice, and not the same for all: the lot decides who stays out."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(31_115)


def score(control, treated):
    """Score of rows (pred, y) of both arms, sorted and paired."""
    pairs = list(zip(sorted(control), sorted(treated), strict=True))
    groups = {-1: [], 0: [], 1: []}
    for (pred_0, y_0), (pred_1, y_1) in pairs:
        groups[y_0 - y_1].append((pred_0 + pred_1) / 2)
    good = total = 0.0
    for low, high in ((-1, 0), (-1, 1), (0, 1)):
        for upper in groups[high]:
            for lower in groups[low]:
                good, total = good + (1.0 if upper > lower else 0.5 if upper == lower else 0.0), total + 1
    return good / total if total else float("nan")


def rows_of(preds, fates, arms, arm):
    return [(float(p), int(f)) for p, f, a in zip(preds, fates, arms, strict=True) if int(a) == arm]


for trial in range(6):
    n = int(draw.integers(8, 40))
    preds, fates, arms = (
        draw.permutation(np.linspace(-0.2, 0.6, 2 * n)),
        draw.integers(0, 2, 2 * n),
        np.repeat([0, 1], n),
    )
    expected, case = score(rows_of(preds, fates, arms, 0), rows_of(preds, fates, arms, 1)), "Arms of equal size"
    before = preds.copy(), fates.copy(), arms.copy()
    got = call_answer(c_statistic, preds, fates, arms, trial, case=case)
    assert numbers_match(got, expected), f"{case}: not the C-for-benefit of the sorted and paired patients."
    assert all(np.array_equal(x, y) for x, y in zip((preds, fates, arms), before, strict=True)), (
        f"{case}: inputs changed."
    )
    order, index = draw.permutation(2 * n), draw.choice(999, 2 * n, replace=False)
    shuffled = [pd.Series(values[order], index=index) for values in (preds, fates, arms)]
    got = call_answer(c_statistic, *shuffled, 3, case=case)
    assert numbers_match(got, expected), f"{case}, as Series in another order: another number comes out."

for small_arm in (0, 1):
    for n, n_small in ((9, 3), (9, 3), (25, 12), (25, 12)):
        case = f"More {'treated patients' if small_arm == 0 else 'controls'} than the others"
        preds = draw.permutation(np.linspace(0, 1, n))
        arms = np.full(n, 1 - small_arm)
        arms[draw.choice(n, n_small, replace=False)] = small_arm
        fates = draw.integers(0, 2, n)
        few, many = rows_of(preds, fates, arms, small_arm), rows_of(preds, fates, arms, 1 - small_arm)
        possible = [
            score(*((few, list(drawn)) if small_arm == 0 else (list(drawn), few)))
            for drawn in itertools.combinations(many, n_small)
        ]
        got = [call_answer(c_statistic, preds, fates, arms, seed, case=case) for seed in range(25)]
        for value in got:
            assert any(numbers_match(value, other) for other in possible), (
                f"{case}: a number came out that no choice of patients gives."
            )
        # Only where no score has more than 60 % of all choices is it certain that 25 lots do not agree by chance.
        shares = pd.Series(np.round(possible, 9)).value_counts(normalize=True, dropna=False)
        assert shares.iloc[0] > 0.6 or len(set(pd.Series(np.round(got, 9)).fillna(-1))) > 1, (
            f"{case}: every seed gives the same. Who stays out is drawn by lot."
        )
        again = call_answer(c_statistic, preds, fates, arms, 11, case=case)
        assert numbers_match(again, got[11]), f"{case}: the same seed gave two different answers."
nobody = np.zeros(6, int)
got = call_answer(c_statistic, np.linspace(0, 1, 6), np.array([0, 1, 0, 1, 0, 1]), nobody, 0, case="Nobody treated")
assert numbers_match(got, np.nan), "Nobody treated: there is no pair, so NaN."
### END HIDDEN TESTS

# %% [markdown]
# ## Read a real trial
#
# Nothing from here on is graded. You use your functions on **ACTG 320**: 1,151 people with HIV and low CD4 counts, all on two drugs, were
# randomised to a third one, indinavir, or not (Hammer and others, 1997). `outcome` is AIDS or death *seen during follow-up*, which lasted a year
# at most and differed from person to person; both arms were followed about equally long.

# %% tags=["ungraded"]
from labutils import effects, plots, plots_effects  # here, because the exercises need none of it
from labutils.datasets import load_actg320, simulate_trial  # the two trials of this part

trial = load_actg320()
print(f"{len(trial)} people, {trial['outcome'].sum()} events, share treated {proportion_treated(trial):.3f}")
print(trial.groupby("TRTMT")["days"].describe()[["mean", "50%", "max"]].round(0))
trial = trial.drop(columns="days")  # measured after treatment began: never a feature

# %% [markdown]
# The effect in four forms, each with its interval.

# %% tags=["ungraded"]
rates, (ate, low, high), needed = event_rate(trial), ate_interval(trial), number_needed_to_treat(trial)
print(f"events: {rates[0]:.1%} of the treated, {rates[1]:.1%} of the controls")
print(f"risk difference {100 * ate:.1f} percentage points (95 % interval {100 * low:.1f} to {100 * high:.1f})")
print(f"number needed to treat {needed[0]:.0f} (95 % interval {needed[1]:.0f} to {needed[2]:.0f}), over at most a year")
assert high < 0, "the interval should lie below 0: the treatment protects"

# %% [markdown]
# The third drug prevented AIDS or death in about five of a hundred people. In the trial it convinced its monitors to stop early. Were the arms alike?

# %% tags=["ungraded"]
balance = balance_table(trial)
print(balance.round(2))
fig = plots_effects.love_plot(
    balance["smd"], title=f"Largest imbalance: {balance['smd'].abs().idxmax()}, {balance['smd'].abs().max():.2f} SD"
)
plots.show(
    fig,
    alt=f"Standardised mean differences of {len(balance)} features, all between {balance['smd'].min():.2f} and {balance['smd'].max():.2f}.",
)

# %% [markdown]
# Now a model. Two thirds of the people train it, one third tests it. Features are brought to standard units, so that the fit converges.

# %% tags=["ungraded"]
rng = np.random.default_rng(320)
rows = rng.permutation(len(trial))
features = trial.drop(columns="outcome").astype(float)
for name in ("age", "cd4", "karnofsky", "prior_zdv"):
    features[name] = (features[name] - features[name].mean()) / features[name].std()
train, test = rows[: 2 * len(rows) // 3], rows[2 * len(rows) // 3 :]
lr = LogisticRegression(max_iter=1000).fit(features.iloc[train], trial["outcome"].iloc[train])
theta, ratio = extract_treatment_effect(lr, features)
print(f"theta {theta:.2f}, odds ratio {ratio:.2f} (no interval: see lab 3 for one by bootstrap)")

# %% [markdown]
# With one odds ratio for all, people at higher risk gain more. Do they? The line is what the model promises, the dots are what was seen in ten bins of baseline
# risk of *all* people.

# %% tags=["ungraded"]
risk = base_risks(features, lr)
seen = lr_ARR_quantile(features, trial["outcome"], lr)
print(f"{seen.isna().sum()} bins hold one arm only; people above a risk of 0.3: {(risk > 0.3).sum()}")
fig = plots_effects.promise_and_data(
    np.sort(risk), OR_to_ARR(np.sort(risk), ratio), seen, title="What one odds ratio promises, and what ten bins show"
)
plots.show(
    fig,
    alt=f"Promised risk reduction rises with baseline risk up to {OR_to_ARR(risk, ratio).max():.2f}; the observed one in "
    f"{len(seen)} bins scatters between {seen.min():.2f} and {seen.max():.2f}.",
)

# %% [markdown]
# Low-risk bins hold nearly everybody; at the right end a handful of people move a dot up and down.
#
# ## Try to tell who benefits
#
# Three ways to predict each person's benefit, tested on the third that no model saw: the single odds ratio, an S-learner with a tree, and a T-learner of two tuned trees.

# %% tags=["ungraded"]
X, y = features, trial["outcome"]
inner = len(train) * 3 // 4  # of the training part, a quarter is kept for tuning
fit_rows, tune_rows = train[:inner], train[inner:]
tree_grid = {"max_depth": [2, 3, 5], "min_samples_leaf": [20, 50], "random_state": [0]}
parts = treatment_dataset_split(X.iloc[fit_rows], y.iloc[fit_rows], X.iloc[tune_rows], y.iloc[tune_rows])
treated_tree, treated_settings = holdout_grid_search(DecisionTreeClassifier, *parts[:4], tree_grid)
control_tree, control_settings = holdout_grid_search(DecisionTreeClassifier, *parts[4:], tree_grid)
single_tree, _ = holdout_grid_search(
    DecisionTreeClassifier, X.iloc[fit_rows], y.iloc[fit_rows], X.iloc[tune_rows], y.iloc[tune_rows], tree_grid
)
print("treated:", treated_settings, "; controls:", control_settings)

# %% [markdown]
# Trees give many people the same benefit. A tiny random number breaks these ties, as the matching needs an order.

# %% tags=["ungraded"]
benefit = {
    "one odds ratio": OR_to_ARR(base_risks(X.iloc[test], lr), ratio),
    "S-learner": SLearner(single_tree).predict(X.iloc[test]),
    "T-learner": TLearner(treated_tree, control_tree).predict(X.iloc[test].drop(columns="TRTMT")),
}
arms, fates = X["TRTMT"].iloc[test].astype(int).to_numpy(), y.iloc[test].to_numpy()
print(f"{len(test)} people were kept for the test, {fates.sum()} of them with an event")
intervals = []  # 95 %, of the first seed
for name, promised in benefit.items():
    promised = promised + rng.normal(0, 1e-9, len(promised))
    c = [c_statistic(promised, fates, arms, random_seed=seed) for seed in range(20)]
    found = effects.c_for_benefit_interval(*effects.match_pairs(promised, fates, arms, 0), 1000, 0)
    intervals.append(found)
    print(f"{name:15s} C {min(c):.2f} to {max(c):.2f} over 20 seeds; one interval {found.low:.2f} to {found.high:.2f}")
assert max(found.low for found in intervals) < min(found.high for found in intervals), "the three should overlap"

# %% [markdown]
# Look at the intervals before you look at the numbers: each is about a quarter wide, and all three overlap. **So few events cannot tell these models
# apart**, and where one of three intervals leaves 0.5 out, remember that three were tried and that another split shuffles them (lab 4). The trial was made to find
# an average effect, and that it did.
#
# ## See the same where the truth is known
#
# Only in a simulation do we know each patient's benefit. Here it is: 20,000 made-up patients, in whom a biomarker decides who gains and who is harmed.

# %% tags=["ungraded"]
known = simulate_trial(20_000, rng=np.random.default_rng(7))
X_sim, y_sim = known.table.drop(columns="outcome"), known.table["outcome"]
half = len(X_sim) // 2
parts = treatment_dataset_split(X_sim[:half], y_sim[:half], X_sim[half:], y_sim[half:])
models = [LogisticRegression(max_iter=2000).fit(parts[k], parts[k + 1]) for k in (0, 4)]
told = TLearner(*models).predict(X_sim[half:].drop(columns="TRTMT"))
truth = known.benefit[half:]
fig = plots_effects.truth_and_prediction(
    truth, told, title=f"With 10,000 patients the T-learner is off by {np.abs(told - truth).mean():.3f} on average"
)
plots.show(
    fig, alt=f"Predicted against true benefit of made-up patients, correlation {np.corrcoef(told, truth)[0, 1]:.2f}."
)
assert np.corrcoef(told, truth)[0, 1] > 0.95, "with so many patients the T-learner should find the benefits"

# %% [markdown]
# And how well would a *perfect* model score? We give the C-for-benefit the true benefits themselves.

# %% tags=["ungraded"]
perfect = effects.c_for_benefit_interval(
    *effects.match_pairs(truth, y_sim[half:], X_sim["TRTMT"][half:], 0), 300, np.random.default_rng(1)
)
print(f"C-for-benefit of the truth itself: {perfect.c:.3f} (95 % interval {perfect.low:.3f} to {perfect.high:.3f})")
assert perfect.high < 0.75, "even the truth is far from 1: outcomes are tosses of a coin"

# %% [markdown]
# Even the truth is far from 1, because each outcome is the toss of a loaded coin. A C-for-benefit of 0.6 is no failure; a second decimal from some hundred
# patients is no success. Report it with its interval and over several seeds, and let no one choose a treatment by it alone.
