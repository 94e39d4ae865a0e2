# %% [markdown]
# # Turn hazards into survival and back
#
# You will estimate a hazard and a cumulative hazard, turn them into survival, predict for one patient with a Cox model, and meet a curve with a plateau. **About 25 minutes**, with three steps to try
# yourself.
#
# The patients are real: 500 people after a heart attack (Worcester Heart Attack Study), as shipped with scikit-survival. Time is counted in days from admission.

# %%
import numpy as np
from lifelines import CoxPHFitter, NelsonAalenFitter

from labutils import hazards, plots, plots_hazards, practice
from labutils.datasets import load_whas500

# %% [markdown]
# ## 1. Count by hand
#
# Five patients: died at 1, censored at 2, died at 3, died at 3, censored at 5. At each death time: deaths divided by patients at risk.
#
# | time | at risk | deaths | share | H so far |
# |---|---|---|---|---|
# | 1 | 5 | 1 | 0.2 | 0.2 |
# | 3 | 3 | 2 | 0.667 | 0.867 |

# %%
times, died = [1, 2, 3, 3, 5], [1, 0, 1, 1, 0]
small = hazards.nelson_aalen(times, died)
print("times:", small.times, " H:", small.hazard.round(3))
assert np.allclose(small.hazard, [0, 0.2, 0.2, 0.2 + 2 / 3, 0.2 + 2 / 3])

# %% [markdown]
# **Try it.** A sixth patient is censored at 4. What is $H$ at time 5 now?
#
# <details><summary>Hint 1: direction</summary>The sixth is at risk at time 1 and at time 3: the denominators grow, the deaths do not.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 / 6 + 2 / 4</code></details>

# %%
### BEGIN SOLUTION
### STUB: with_a_sixth = ...
with_a_sixth = 1 / 6 + 2 / 4
### END SOLUTION
practice.check(
    "H with a sixth patient", with_a_sixth, expected=0.6667, tol=1e-3, hint="Six at risk at time 1, four at time 3."
)

# %% [markdown]
# ## 2. Estimate it for 500 patients
#
# The same estimator on all patients, beside lifelines, which uses a slightly different sum where several die on one day.

# %%
table = load_whas500().drop(columns="length_of_stay")  # known only when the patient leaves
ours = hazards.nelson_aalen(table["days"], table["died"])
theirs = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(table["days"], table["died"])
frame = theirs.cumulative_hazard_.iloc[:, 0]
assert np.allclose(ours.hazard, frame.loc[ours.times]), "ours should agree with lifelines"
fig = plots_hazards.step_curves(
    {"cumulative hazard": (ours.times[ours.times <= 1095], ours.hazard[ours.times <= 1095])},
    title=f"Half of the risk of three years is gathered by day {ours.times[np.searchsorted(ours.hazard, ours.hazard[ours.times <= 1095][-1] / 2)]:.0f}",
    xlabel="days after admission",
    ylabel="cumulative hazard (no unit)",
)
plots.show(fig, alt="The cumulative hazard of 500 patients rises steeply in the first weeks, then ever more slowly.")

# %% [markdown]
# The *slope* of this curve is the hazard. Steep at first, then flat: the danger is early.
#
# ## 3. Read hazards off the slope
#
# Average hazard of a period = rise of $H$ divided by its length. Let us take 30 days and the two years from day 365 on.

# %%
H = lambda day: ours.hazard[np.searchsorted(ours.times, day, side="right") - 1]  # noqa: E731 - a curve read at a day
first_month = (H(30) - H(0)) / 30
print(f"hazard in the first 30 days: {1000 * first_month:.1f} per 1000 patient-days")
print(f"from day 365 to day 1095: {1000 * (H(1095) - H(365)) / 730:.2f} per 1000 patient-days")
assert first_month > 5 * (H(1095) - H(365)) / 730

# %% [markdown]
# **Try it.** By what factor is the hazard of days 0 to 30 higher than that of days 30 to 365?
#
# <details><summary>Hint 1: direction</summary>Compute the second slope like the first, then divide.</details>
# <details><summary>Hint 2: nearly the line</summary><code>first_month / ((H(365) - H(30)) / 335)</code></details>

# %%
### BEGIN SOLUTION
### STUB: factor = ...
factor = first_month / ((H(365) - H(30)) / 335)
### END SOLUTION
gathered = dict(zip(ours.times, ours.hazard, strict=True))
month, year = (max(value for time, value in gathered.items() if time <= day) for day in (30, 365))
expected = (month / 30) / ((year - month) / 335)
practice.check(
    "factor between the two hazards",
    factor,
    expected=expected,
    tol=0.01,
    hint="Divide each rise by its own number of days.",
)

# %% [markdown]
# ## 4. Turn it into survival
#
# $S = e^{-H}$. Beside it the Kaplan–Meier curve, with the numbers at risk.

# %%
km = hazards.kaplan_meier(table["days"], table["died"])
from_hazard = hazards.survival_from_hazard(ours.hazard, 1)
shown = km.times <= 1825
gap = np.abs(from_hazard - km.survival)[shown].max()
marks = np.array([0, 365, 1095, 1825])
counts = [int((table["days"] >= day).sum()) for day in marks]
fig = plots_hazards.step_curves(
    {"exp(-H)": (km.times[shown], from_hazard[shown]), "Kaplan–Meier": (km.times[shown], km.survival[shown])},
    title=f"Two estimates, never more than {gap:.3f} apart",
    xlabel="days after admission",
    ylabel="probability to be alive",
    at_risk={"all": (marks, counts)},
    top=1,
)
plots.show(
    fig, alt=f"exp(-H) and Kaplan-Meier for 500 patients lie on each other; the largest gap in five years is {gap:.3f}."
)
assert (from_hazard >= km.survival - 1e-12).all(), "exp(-x) is never below 1 - x"

# %% [markdown]
# $e^{-H}$ is never lower than Kaplan–Meier, because $e^{-x} \ge 1 - x$; with many at risk it does not matter.
#
# ## 5. Predict for one patient
#
# A Cox model on the first 300 patients of a shuffled table. For a test patient: the baseline cumulative hazard of the average training patient, times the risk.

# %%
shuffled = table.sample(frac=1, random_state=2)
train, patient = shuffled.iloc[:300], shuffled.iloc[300]
columns = ["age", "heart_failure", "heart_rate"]
cox = CoxPHFitter().fit(train[[*columns, "days", "died"]], "days", "died")
baseline = cox.baseline_cumulative_hazard_.iloc[:, 0]
risk = hazards.hazard_ratio(patient[columns], train[columns].mean(), cox.params_[columns])
alive = hazards.survival_from_hazard(baseline, risk)
print(
    f"{patient['age']:.0f} years, heart failure {patient['heart_failure']:.0f}, heart rate {patient['heart_rate']:.0f}: {risk:.2f} times the average hazard"
)
assert np.allclose(
    alive, cox.predict_survival_function(patient[columns].to_frame().T.astype(float), times=baseline.index).iloc[:, 0]
)

# %% [markdown]
# **Try it.** With which probability does this patient die within 365 days, by this model? Use `baseline` and `risk`.
#
# <details><summary>Hint 1: direction</summary>Look the baseline up at day 365 (the last entry up to it), multiply with the risk, and do not forget that death is 1 minus survival.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 - np.exp(-baseline.loc[:365].iloc[-1] * risk)</code></details>

# %%
### BEGIN SOLUTION
### STUB: dies_within_a_year = ...
dies_within_a_year = 1 - np.exp(-baseline.loc[:365].iloc[-1] * risk)
### END SOLUTION
expected = 1 - alive[np.searchsorted(baseline.index, 365, side="right") - 1]
practice.check(
    "probability to die within a year", dies_within_a_year, expected=expected, tol=1e-4, hint="1 minus exp(-H0 · risk)."
)

# %% [markdown]
# One probability, without an interval: lifelines gives intervals for coefficients, not for this. Resample the *training* patients and fit again to see how far it moves.

# %%
rng, moved = np.random.default_rng(3), []
for _ in range(60):
    drawn = train.iloc[rng.integers(len(train), size=len(train))][[*columns, "days", "died"]]
    again = CoxPHFitter().fit(drawn, "days", "died")
    moved.append(
        1 - float(again.predict_survival_function(patient[columns].to_frame().T.astype(float), times=[365]).iloc[0, 0])
    )
low, high = np.quantile(moved, [0.025, 0.975])
print(f"60 training sets drawn again: {low:.0%} to {high:.0%}")
assert low < expected < high

# %% [markdown]
# That is how sure the model is of its own number for this patient, if its form is right.
#
# ## 6. Check yourself against the whole table
#
# A prediction for one patient can never be checked: the patient is dead after a year or is not. What can be checked is a group. Among the 200 patients whom the model has not seen, we take the
# half with the higher predicted probability of death, average these probabilities, and compare with the Kaplan–Meier estimate of the same half.

# %%
rest = shuffled.iloc[300:]
predicted = 1 - cox.predict_survival_function(rest[columns], times=[365]).iloc[0]
upper = rest[(predicted > predicted.median()).to_numpy()]
half = hazards.kaplan_meier(upper["days"], upper["died"])
seen = 1 - half.survival[np.searchsorted(half.times, 365, side="right") - 1]
promised = float(predicted[predicted > predicted.median()].mean())
spread = 1.96 * np.sqrt(seen * (1 - seen) / len(upper))  # nobody was lost in the first year: a plain share
assert ((upper["days"] > 365) | (upper["died"] == 1)).all()
print(
    f"upper half, {len(upper)} patients: predicted {promised:.0%}, died {seen:.0%} ({seen - spread:.0%} to {seen + spread:.0%})"
)

# %% [markdown]
# The assignment does the same in four groups and calls it calibration.
#
# **What to remember.** Hazard = slope of $H$; $S = e^{-H}$; a patient's $H$ is the baseline's times the risk; and a single probability without an interval says more than anybody knows.
