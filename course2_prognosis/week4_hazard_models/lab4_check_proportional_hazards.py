# %% [markdown]
# # Check proportional hazards
#
# You will test the assumption on which every hazard ratio stands, see with your own eyes what its failure looks like, and mend a model by stratifying. **About 25 minutes**, with three steps to try yourself.
#
# The Cox model says that the ratio of two hazards is the same on day 1 and on day 1000. The test is by Grambsch and Therneau (Biometrika 1994), as implemented in lifelines.

# %%
import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.statistics import proportional_hazard_test

from labutils import hazards, plots, plots_hazards, practice
from labutils.datasets import load_whas500

# %% [markdown]
# ## 1. Break the assumption on purpose
#
# *Simulated:* 1000 patients, half of them operated. The operation is dangerous (in the first month three times the hazard), later it protects (half the hazard). Time is in months.

# %%
rng = np.random.default_rng(11)
operated = rng.integers(0, 2, 1000)
early, late = rng.exponential(1 / (0.05 * 3.0**operated)), rng.exponential(1 / (0.05 * 0.5**operated))
months = np.where(early < 1, early, 1 + late)
made = pd.DataFrame({"operated": operated, "months": np.minimum(months, 36), "died": (months < 36).astype(int)})
print(made.groupby("operated")["died"].agg(["size", "sum"]))
assert made["operated"].mean() > 0.4

# %% [markdown]
# What does a Cox model make of it? One number.

# %%
one_number = CoxPHFitter().fit(made, "months", "died").summary.loc["operated"]
said = [one_number[name] for name in ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%")]
print("one hazard ratio for all times: {:.2f} ({:.2f} to {:.2f})".format(*said))
curves = {}
for value, name in ((0, "not operated"), (1, "operated")):
    arm = made[made["operated"] == value]
    km = hazards.kaplan_meier(arm["months"], arm["died"])
    curves[name] = (km.times, km.survival)
fig = plots_hazards.step_curves(
    curves,
    title="The curves cross: the operation harms first and helps later",
    xlabel="months (simulated)",
    ylabel="probability to be alive",
    top=1,
)
plots.show(
    fig, alt="Survival of two simulated arms: the operated fall faster in the first month, then slower, and end higher."
)
assert curves["operated"][1][-1] > curves["not operated"][1][-1]

# %% [markdown]
# The single ratio is an average over a harm and a benefit. A patient deserves both.
#
# **Try it.** Fit the model on the first month alone: cut the follow-up at 1 (whoever lives longer is censored there). What is the hazard ratio?
#
# <details><summary>Hint 1: direction</summary>New <code>months</code> are at most 1, and <code>died</code> counts only if the death came by then.</details>
# <details><summary>Hint 2: nearly the line</summary><code>.assign(died=…, months=made["months"].clip(upper=1))</code>, where a death counts if <code>months</code> is below 1.</details>

# %%
### BEGIN SOLUTION
### STUB: first_month = ...  # the table with follow-up cut at one month
first_month = made.assign(
    died=((made["months"] < 1) & (made["died"] == 1)).astype(int), months=made["months"].clip(upper=1)
)
### END SOLUTION
wanted = made.eval("died = died * (months < 1)").assign(months=made["months"].clip(upper=1))
early_ratio, expected = (
    ... if one is ... else float(CoxPHFitter().fit(one, "months", "died").hazard_ratios_["operated"])
    for one in (first_month, wanted)
)
practice.check(
    "hazard ratio of the first month",
    early_ratio,
    expected=expected,
    tol=0.05,
    hint="Deaths after month 1 are no deaths of the first month.",
)

# %% [markdown]
# We put in 3. Does the interval contain it?

# %%
row = CoxPHFitter().fit(wanted, "months", "died").summary.loc["operated"]
first = [row[name] for name in ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%")]
print("first month: {:.1f} ({:.1f} to {:.1f})".format(*first))
assert first[1] < 3 < first[2] and said[2] < 1 < first[1]

# %% [markdown]
# It does; and it lies wholly above 1, while that of the single ratio for all times lies wholly below.
#
# ## 2. Let a test find it
#
# At each death the model expects a value of the covariate: the mean over those at risk, weighted by their risk. The **Schoenfeld residual** is what the patient who died had, minus that. If the effect drifts with time, so do the
# residuals. By hand: two patients at risk with equal risks, one operated (1), one not (0): expected 0.5. If the operated one dies, the residual is +0.5. Only such residuals early and −0.5 late: the harm was early.

# %%
cox = CoxPHFitter().fit(made, "months", "died")
found = proportional_hazard_test(cox, made, time_transform="rank")
residuals = cox.compute_residuals(made, "schoenfeld")["operated"]
when = made.loc[residuals.index, "months"]
print(f"p = {found.p_value[0] if np.ndim(found.p_value) else found.p_value:.1e}")
print(f"mean residual in the first month {residuals[when < 1].mean():+.2f}, later {residuals[when >= 1].mean():+.2f}")
assert residuals[when < 1].mean() > 0 > residuals[when >= 1].mean()

# %% [markdown]
# Positive early, negative late, and a tiny p-value: the test sees it.
#
# **Try it.** A test may also cry wolf. With 13 covariates that are all fine, how many p-values below 0.05 do you expect?
#
# <details><summary>Hint 1: direction</summary>Each is below 0.05 in one case of twenty, by definition.</details>
# <details><summary>Hint 2: nearly the line</summary><code>13 * 0.05</code></details>

# %%
### BEGIN SOLUTION
### STUB: false_alarms = ...
false_alarms = 13 * 0.05
### END SOLUTION
practice.check("expected false alarms of 13 tests", false_alarms, expected=0.65, hint="Multiply.")

# %% [markdown]
# ## 3. Test the real patients
#
# The 500 patients after a heart attack, length of stay left out (it is known only afterwards). One test per column.

# %%
table = load_whas500().drop(columns="length_of_stay")
model = CoxPHFitter().fit(table, "days", "died")
tested = proportional_hazard_test(model, table, time_transform="rank").summary.sort_values("p")
suspect = tested.index[0]
print(
    f"smallest p-value: {tested['p'].iloc[0]:.3f} for {suspect}; times 13 tests: {min(1, 13 * tested['p'].iloc[0]):.2f}"
)
assert suspect == "shock" and tested["p"].iloc[0] > 0.05 / 13

# %% [markdown]
# Shock stands out, though among 13 tests such a p-value is not rare (Bonferroni: multiply by 13). A p-value does not say *how* the effect changes. Look: the ratio for shock in three periods, with intervals. Each period takes those who are
# alive at its start, and cuts at its end.


# %%
def in_period(start, end):
    part = table[table["days"] > start]
    died = ((part["days"] <= end) & (part["died"] == 1)).astype(int)
    cut = part.assign(died=died, days=part["days"].clip(upper=end) - start)[["age", "shock", "days", "died"]]
    return CoxPHFitter().fit(cut, "days", "died").summary.loc["shock"], int(cut["shock"].sum())


periods = {"day 0 to 30": (0, 30), "day 30 to 365": (30, 365), "all": (0, 2400)}
fits = {name: in_period(*ends) for name, ends in periods.items()}
rows = [fit for fit, _ in fits.values()]
labels = [f"{name} ({count} in shock)" for name, (_, count) in fits.items()]
values = [[row[name] for row in rows] for name in ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%")]
title = (
    f"Shock: {values[0][0]:.1f} times the hazard in the first month; later {fits['day 30 to 365'][1]} patients are left"
)
fig = plots_hazards.ratios(
    labels, *values, title=title, xlabel="hazard ratio of shock, adjusted for age, 95 % interval"
)
plots.show(fig, alt=f"Hazard ratios of shock in three periods. {title}.")
assert values[1][0] > 1 and fits["day 30 to 365"][1] < fits["day 0 to 30"][1]

# %% [markdown]
# Shock kills in the first days. Of those who survived it only the few in the second label are left, and the interval there says that they tell next to nothing. The one number for all times mixes a very dangerous month with that.
#
# ## 4. Mend it by stratifying
#
# Give patients with and without shock a baseline hazard each, of any shape, and let the other columns share their coefficients. The price: no ratio for shock any more.

# %%
stratified = CoxPHFitter().fit(table, "days", "died", strata=["shock"])
before, after = model.hazard_ratios_, stratified.hazard_ratios_
assert "shock" not in after.index
largest = (after / before[after.index] - 1).abs().max()
print(f"the other ratios move by at most {largest:.0%}")
print(f"age per decade: {before['age'] ** 10:.2f} before, {after['age'] ** 10:.2f} after")

# %% [markdown]
# **Try it.** Which `p` does the stratified model's own test give for its smallest column? Use `proportional_hazard_test` again.
#
# <details><summary>Hint 1: direction</summary>The same call as in section 3, with the stratified model.</details>
# <details><summary>Hint 2: nearly the line</summary><code>proportional_hazard_test(stratified, table, time_transform="rank").summary["p"].min()</code></details>

# %%
### BEGIN SOLUTION
### STUB: smallest_p = ...
smallest_p = proportional_hazard_test(stratified, table, time_transform="rank").summary["p"].min()
### END SOLUTION
again = proportional_hazard_test(stratified, table, time_transform="rank").summary
practice.check(
    "smallest p of the stratified model",
    smallest_p,
    expected=again["p"].min(),
    tol=1e-6,
    hint="Pass the stratified model.",
)

# %% [markdown]
# **What to remember.** A hazard ratio is an average over time unless somebody checked. Test, but look as well: with few patients the test misses what the curves show, with many it finds what does not matter. And say how many
# tests you made.
