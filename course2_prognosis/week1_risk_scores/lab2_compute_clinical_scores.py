# %% [markdown]
# # Compute clinical risk scores
#
# You will compute three scores as they were published, for one patient and for many, and find out what a bound, a step and a group do to
# the number that a patient gets. **About 25 minutes**, with four steps to try yourself.
#
# The formulas are real and name their sources. The patients are made up here, and no result is for use on anybody: hospitals use approved
# calculators, in the version that their guideline names.

# %%
import numpy as np
import pandas as pd

from labutils import plots, plots_week1, practice
from labutils.clinical_scores import POOLED_COHORTS, ascvd_risk, chads_vasc_score, meld_score

# %% [markdown]
# ## 1. CHA₂DS₂-VASc: count points
#
# For people *with* atrial fibrillation (Lip and others, *Chest* 2010;137:263-272). One point: heart failure, hypertension, diabetes, vascular
# disease, age 65 to 74, female sex. Two points: age 75 or more, earlier stroke.
#
# **Try it.** A woman of 76 has heart failure and diabetes. Count, then write the number.
#
# <details><summary>Hint 1: direction</summary>Age gives two points *instead of* one, not on top of it.</details>
# <details><summary>Hint 2: nearly the line</summary>2 for the age, 1 for the sex, 1 for the heart, 1 for diabetes.</details>

# %%
### BEGIN SOLUTION
### STUB: points = ...
points = 2 + 1 + 1 + 1
### END SOLUTION
practice.check(
    "points of the woman of 76", points, expected=chads_vasc_score(76, 1, 1, 0, 1, 0, 0), hint="Age counts once."
)

# %% [markdown]
# Now many patients at once: 5,000 made-up people with atrial fibrillation. What does one year more do to each of them?

# %%
rng = np.random.default_rng(21)
n, age = 5000, np.clip(rng.normal(71, 10, 5000), 30, 100)
common = {
    "female": 0.45,
    "heart_failure": 0.25,
    "hypertension": 0.65,
    "diabetes": 0.2,
    "stroke": 0.12,
    "vascular_disease": 0.2,
}
flags = {name: rng.random(n) < share for name, share in common.items()}
now, in_a_year = chads_vasc_score(age, **flags), chads_vasc_score(age + 1, **flags)
moved = (in_a_year > now).mean()
assert now.max() <= 9 and np.all(in_a_year - now <= 1)
shares = pd.Series(now).value_counts(normalize=True).sort_index()
fig = plots.bar_with_interval(
    [f"{points} points" for points in shares.index],
    100 * shares.to_numpy(),
    title=f"A year later, {moved:.1%} of the patients gain a point, all others none",
    xlabel=f"share of {n:,} made-up patients (%)",
)
plots.show(
    fig,
    alt=f"Bars of the shares by points; most frequent {shares.idxmax()} points. A year later {moved:.1%} gain a point.",
)

# %% [markdown]
# Everybody grew a year older, and only those who passed 65 or 75 noticed. A bedside score is coarse on purpose.
#
# ## 2. MELD: mind the bounds
#
# For end-stage liver disease (Kamath and others, *Hepatology* 2001;33:464-470), in the version of the organ-sharing network UNOS of 2002 to 2015:
#
# $$10\,(0.957 \ln \text{creatinine} + 0.378 \ln \text{bilirubin} + 1.120 \ln \text{INR} + 0.643)$$
#
# Tests below 1 count as 1; creatinine above 4, or on dialysis, counts as 4; rounded; 40 at most.
#
# **Try it.** Write the formula for bilirubin 3, INR 1.8, creatinine 0.7: first the bound, then the logarithms. Round at the end.
#
# <details><summary>Hint 1: direction</summary>The creatinine of 0.7 counts as 1, and the logarithm of 1 is 0.</details>
# <details><summary>Hint 2: nearly the line</summary><code>round(10 * (0.378 * np.log(3) + 1.120 * np.log(1.8) + 0.643))</code></details>

# %%
### BEGIN SOLUTION
### STUB: meld = ...  # a whole number
meld = round(10 * (0.957 * np.log(max(0.7, 1)) + 0.378 * np.log(3) + 1.120 * np.log(1.8) + 0.643))
### END SOLUTION
practice.check(
    "MELD of the patient", meld, expected=meld_score(3.0, 1.8, 0.7), hint="Bound the creatinine before the logarithm."
)

# %% [markdown]
# What would happen without the bounds? Two patients, the same liver; one has normal kidneys, the other better-than-normal ones because so little
# muscle is left.

# %%
for creatinine in (1.0, 0.5):
    bare = 10 * (0.957 * np.log(creatinine) + 0.378 * np.log(3.0) + 1.120 * np.log(1.8) + 0.643)
    print(
        f"creatinine {creatinine}: formula without bounds {bare:.1f}, published score {meld_score(3.0, 1.8, creatinine)}"
    )
assert meld_score(3.0, 1.8, 0.5) == meld_score(3.0, 1.8, 1.0)
assert 10 * 0.957 * np.log(0.5) < -6

# %% [markdown]
# Without the bound, wasting away would cost the second patient more than six points on the waiting list. Which test moves the score most? Double
# each in turn.

# %%
start = {"bilirubin": 2.0, "inr": 1.3, "creatinine": 1.2}
bare = {"bilirubin": 3.78, "inr": 11.20, "creatinine": 9.57}
steps = {name: meld_score(**{**start, name: 2 * value}) - meld_score(**start) for name, value in start.items()}
print(
    "start:",
    meld_score(**start),
    "points; after doubling one test:",
    {name: f"+{step}" for name, step in steps.items()},
)
assert all(abs(steps[name] - factor * np.log(2)) <= 1 for name, factor in bare.items())

# %% [markdown]
# A doubling adds the weight times ln 2 = 0.69, wherever you start (within the bounds, and but for rounding). Clotting and kidneys weigh most.
#
# ## 3. ASCVD: name the group
#
# The pooled cohort equations (Goff and others, *Circulation* 2014;129(suppl 2):S49-S73): ten-year risk of a first heart attack, stroke or coronary death,
# ages 40 to 79, four groups of the USA. Each sums logarithms and products with log age, then takes
# $1 - S_{10}^{\exp(\text{sum} - \text{mean})}$.
#
# **Try it.** For the guideline's example of white women the sum is −29.67; the mean sum of the group is −29.18 and $S_{10}$ is 0.9665. The risk in per
# cent?
#
# <details><summary>Hint 1: direction</summary>The exponent first: e to the power of (sum − mean). Then the survival to that power.</details>
# <details><summary>Hint 2: nearly the line</summary><code>100 * (1 - 0.9665 ** np.exp(-29.67 + 29.18))</code></details>

# %%
### BEGIN SOLUTION
### STUB: percent = ...
percent = 100 * (1 - 0.9665 ** np.exp(-29.67 + 29.18))
### END SOLUTION
practice.check("risk in per cent", percent, expected=2.07, tol=0.02, hint="The guideline prints 2.1 %.")
assert abs(100 * ascvd_risk(55, 213, 50, 120, group="white women") - 2.1) < 0.1

# %% [markdown]
# How does the same blood age? All else as in the example.

# %%
ages = np.arange(40, 80)
risks = {group: 100 * ascvd_risk(ages, 213, 50, 120, group=group) for group in POOLED_COHORTS}
at_65 = {group: float(risk[25]) for group, risk in risks.items()}
fig = plots_week1.labelled_curves(
    ages,
    risks,
    title="The same blood, four formulas",
    xlabel="age (years); cholesterol 213, HDL 50, untreated 120 mmHg",
    ylabel="10-year risk (%)",
)
plots.show(
    fig,
    alt="Ten-year risk over age for four groups. At 65: " + ", ".join(f"{g} {r:.1f} %" for g, r in at_65.items()) + ".",
)
assert all(np.all(np.diff(risk[10:]) > 0) for risk in risks.values())

# %% [markdown]
# The groups are those of the cohorts, and nobody else's. "Race" here stands for what was not measured. Somebody from another country, or
# with two backgrounds, has no formula of their own: choosing one is a decision, and should be written down. (PREVENT, *Circulation*
# 2024;149:430-449, asks for kidney function instead and leaves race out.)
#
# ## 4. Change one thing: what treatment can move
#
# A risk factor that can be changed is more useful than one that cannot.
#
# **Try it.** A white man of 60: cholesterol 240, HDL 40, untreated 150 mmHg, smoker. By how many *percentage points* would his estimated risk fall if he
# were a non-smoker with all else the same?
#
# <details><summary>Hint 1: direction</summary>Two calls of <code>ascvd_risk</code> that differ in <code>smoker</code> alone; subtract, times 100.</details>
# <details><summary>Hint 2: nearly the line</summary><code>100 * (ascvd_risk(60, 240, 40, 150, group="white men", smoker=True) - ascvd_risk(60, 240, 40, 150, group="white men"))</code></details>

# %%
man = {"age": 60, "total_cholesterol": 240, "hdl": 40, "systolic": 150, "group": "white men", "smoker": True}
### BEGIN SOLUTION
### STUB: fall = ...  # percentage points
fall = 100 * (ascvd_risk(**man) - ascvd_risk(**{**man, "smoker": False}))
### END SOLUTION
practice.check(
    "fall in percentage points",
    fall,
    expected=100 * (ascvd_risk(**man) - ascvd_risk(**(man | {"smoker": 0}))),
    tol=0.01,
)

# %% [markdown]
# All single changes side by side, for the same man:

# %%
changes = {
    "as he is": {},
    "no smoking": {"smoker": False},
    "pressure 120, untreated": {"systolic": 120},
    "cholesterol 180": {"total_cholesterol": 180},
    "all three": {"smoker": False, "systolic": 120, "total_cholesterol": 180},
}
values = {name: 100 * ascvd_risk(**(man | change)) for name, change in changes.items()}
fig = plots.bar_with_interval(
    list(values),
    list(values.values()),
    title=f"From {values['as he is']:.0f} % to {values['all three']:.0f} %, on paper",
    xlabel="estimated 10-year risk (%)",
)
plots.show(fig, alt="Estimated risk: " + ", ".join(f"{name} {value:.1f} %" for name, value in values.items()) + ".")
assert values["all three"] < min(v for k, v in values.items() if k != "all three")

# %% [markdown]
# "On paper", for two reasons. The formula compares men who *have* these values, not men who *changed* them: that is a question of course 3. And these bars
# have no interval, because the published equations come without the uncertainty of their coefficients. That is common, and no reason to
# forget it.
#
# ## What to remember
#
# - Bounds belong to a score: leave them out and it ranks people wrongly.
# - Steps make a score quick and coarse; passing a birthday is no event.
# - Name the version, the group, the outcome and the years. A risk without them is only a number.
