# %% [markdown]
# # Build Kaplan and Meier's curve by hand
#
# You make a life table with pencil steps, turn it into a curve, put an interval around it, and check every number against two libraries. Then you do the same to 80 real patients.
# **About 30 minutes**, with four steps to try yourself.
#
# The eight patients of the first part are made up. The lymphoma patients are real (McKelvey, 1976, as shipped with lifelines).

# %%
import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from scipy.stats import norm
from sksurv.nonparametric import kaplan_meier_estimator

from labutils import plots, plots_labs, plots_survival, practice, survival
from labutils.datasets import STAGES, load_lymphoma

# %% [markdown]
# ## 1. Put the patients in order
#
# Eight patients, months until a relapse or until they were last seen without one. Sort by time, and *within a tied time put events before censorings*: who is censored in month 6 was still at risk when the other had the
# relapse.

# %%
eight = pd.DataFrame({"Time": [6, 12, 3, 8, 6, 5, 12, 10], "Event": [0, 0, 1, 1, 1, 0, 1, 0]})
ordered = eight.sort_values(["Time", "Event"], ascending=[True, False])
print(ordered.T.to_string())
fig = plots_survival.follow_up(
    ordered, names=list("ABCDEFGH"), title="In month 6 one relapses and one leaves", unit="months", event_name="relapse"
)
plots.show(
    fig, alt="Eight lines in ascending order: relapses at months 3, 6, 8 and 12, last seen at months 5, 6, 10 and 12."
)
assert ordered["Event"].tolist() == [1, 0, 1, 0, 1, 0, 1, 0]

# %% [markdown]
# ## 2. Write the life table
#
# One row for each distinct time: how many are at risk (`Time >= t`), how many relapse (d), how many leave (c). The next row's number at risk is n − d − c.

# %%
table = ordered.groupby("Time")["Event"].agg(d="sum", size="size")
table["c"] = table["size"] - table["d"]
table["n"] = len(eight) - table["size"].cumsum() + table["size"]
print(table[["n", "d", "c"]])
assert table["n"].tolist() == survival.risk_table(eight).at_risk.tolist()

# %% [markdown]
# **Try it.** Which share of those at risk in month 8 gets through it without a relapse?
#
# <details><summary>Hint 1: direction</summary>One of those at risk relapses in month 8.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 - table.loc[8, "d"] / table.loc[8, "n"]</code></details>

# %%
### BEGIN SOLUTION
### STUB: through_8 = ...
through_8 = 1 - table.loc[8, "d"] / table.loc[8, "n"]
### END SOLUTION
practice.check("share that gets through month 8", through_8, expected=3 / 4, hint="Four are at risk.")

# %% [markdown]
# ## 3. Multiply
#
# S at a time is the product of all shares up to it. By hand: 7/8 = 0.875; times 5/6 = 0.729; times 3/4 = 0.547; times 1/2 = 0.273.
#
# **Try it.** Add a column `S` to the table.
#
# <details><summary>Hint 1: direction</summary>pandas can multiply down a column: <code>cumprod</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(1 - table["d"] / table["n"]).cumprod()</code></details>

# %%
### BEGIN SOLUTION
### STUB: S = ...  # one number per row of the table
S = (1 - table["d"] / table["n"]).cumprod()
### END SOLUTION
expected = survival.HomemadeKM(eight).survival[1:]
practice.check("S", S, expected=expected, hint="The share that gets through each time, multiplied up.")

# %% [markdown]
# What if the tie had been settled the other way, censoring before the relapse? Then only five would have been at risk in month 6.

# %%
at_6 = survival.step_at(*survival.HomemadeKM(eight), 6)
other_way = 7 / 8 * 4 / 5
print(f"S(6): events first {at_6:.4f}, censorings first {other_way:.4f}")
assert at_6 > other_way

# %% [markdown]
# A small difference that grows with coarse times (whole months, whole years). Say which rule you use; this course, R, lifelines and scikit-survival all put events first.
#
# ## 4. Ask two libraries
#
# Never trust a formula that only you have programmed. lifelines starts its curve at time 0, scikit-survival at the first time.

# %%
times, ours = survival.HomemadeKM(eight)
theirs = KaplanMeierFitter().fit(eight["Time"], eight["Event"]).survival_function_
sk_times, sk = kaplan_meier_estimator(eight["Event"].astype(bool).to_numpy(), eight["Time"].astype(float).to_numpy())
print(
    pd.DataFrame(
        {"ours": ours[1:], "lifelines": theirs.iloc[1:, 0].to_numpy(), "scikit-survival": sk}, index=times[1:]
    ).round(4)
)
assert np.allclose(ours, theirs.iloc[:, 0]) and np.allclose(ours[1:], sk)

# %% [markdown]
# ## 5. Put an interval around it
#
# Greenwood (1926): the relative variance of S is the sum of d/(n(n − d)). A plain interval S ± 1.96·S·σ can leave the range from 0 to 1. So one works with log(−log S) and goes back: low = S^exp(θ), high = S^exp(−θ), with
# θ = 1.96·σ/|log S|.
#
# **Try it.** What is the sum of d/(n(n − d)) up to month 8?
#
# <details><summary>Hint 1: direction</summary>Relapses in months 3, 6 and 8; at risk 8, 6 and 4.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 / (8 * 7) + 1 / (6 * 5) + 1 / (4 * 3)</code></details>

# %%
### BEGIN SOLUTION
### STUB: variance_8 = ...
variance_8 = 1 / (8 * 7) + 1 / (6 * 5) + 1 / (4 * 3)
### END SOLUTION
upto_8 = table.loc[:8]
expected = (upto_8["d"] / (upto_8["n"] * (upto_8["n"] - upto_8["d"]))).sum()
practice.check("Greenwood's sum at month 8", variance_8, expected=expected, hint="d is 1 each time.")

# %% [markdown]
# Both intervals at month 8:

# %%
s_8, sigma = survival.step_at(times, ours, 8), np.sqrt(expected)
plain = s_8 - 1.96 * s_8 * sigma, s_8 + 1.96 * s_8 * sigma
theta = norm.ppf(0.975) * sigma / abs(np.log(s_8))
loglog = s_8 ** np.exp(theta), s_8 ** np.exp(-theta)
print(f"S(8) = {s_8:.3f}; plain {plain[0]:.3f} to {plain[1]:.3f}; log-log {loglog[0]:.3f} to {loglog[1]:.3f}")
_, low, high = survival.greenwood_interval(eight, 0.95)
assert np.allclose(loglog, [survival.step_at(times, low, 8), survival.step_at(times, high, 8)]) and loglog[0] > 0

# %% [markdown]
# The whole curve with its band. Eight patients know very little: the band covers more than half of the picture.

# %%
fig = plots_survival.survival_curves(
    {"made-up patients": eight},
    title="Eight patients leave nearly everything open",
    unit="months",
    ylabel="share without a relapse",
)
plots.show(
    fig,
    alt=f"A step curve from 1 to {ours[-1]:.2f} with a wide band; at month 8 from {loglog[0]:.2f} to {loglog[1]:.2f}.",
)

# %% [markdown]
# ## 6. Do it with real patients
#
# The same functions, 80 patients. Below the curves stand the numbers at risk.

# %%
lymphoma = load_lymphoma()
groups = {name: lymphoma[lymphoma["Stage_group"] == code] for code, name in STAGES.items()}
at = {name: survival.step_at(*survival.HomemadeKM(df), [90, 180, 300]) for name, df in groups.items()}
fig = plots_survival.survival_curves(groups, title="Stage IV dies earlier than stage III")
plots.show(
    fig, alt="Curves by stage. " + "; ".join(f"{k} at days 90, 180, 300: {v.round(3).tolist()}" for k, v in at.items())
)
assert np.allclose(at["stage III"], [0.737, 0.680, 0.525], atol=5e-4)
assert np.allclose(at["stage IV"], [0.425, 0.254, 0.195], atol=5e-4)

# %% [markdown]
# **Try it.** The *median survival* is the first time at which S is one half or less. What is it for stage IV, in days?
#
# <details><summary>Hint 1: direction</summary>Find the first entry of the curve that is at most 0.5, and take its time.</details>
# <details><summary>Hint 2: nearly the line</summary><code>times_4[np.argmax(S_4 <= 0.5)]</code>, because argmax finds the first True</details>

# %%
times_4, S_4 = survival.HomemadeKM(groups["stage IV"])
### BEGIN SOLUTION
### STUB: median_4 = ...  # days
median_4 = times_4[np.argmax(S_4 <= 0.5)]
### END SOLUTION
fitted = KaplanMeierFitter().fit(groups["stage IV"]["Time"], groups["stage IV"]["Event"])
practice.check(
    "median survival, stage IV",
    median_4,
    expected=fitted.median_survival_time_,
    hint="The first time with S of at most 0.5.",
)

# %% [markdown]
# And for stage III? Its curve never falls to one half: the median is not reached, and no number may be given for it. How sure is the median of stage IV? We resample *patients* 500 times.

# %%
rng, medians = np.random.default_rng(8), []
for _ in range(500):
    sample = groups["stage IV"].sample(frac=1, replace=True, random_state=rng)
    t, s = survival.HomemadeKM(sample)
    medians.append(t[np.argmax(s <= 0.5)] if (s <= 0.5).any() else np.inf)
low, high = np.quantile(medians, [0.025, 0.975], method="nearest")
fig = plots_labs.dots_with_interval(
    ["stage IV"],
    {"median": [[fitted.median_survival_time_, low, high]]},
    title=f"The median may lie anywhere between days {low:.0f} and {high:.0f}",
    xlabel="days, with 95 % interval",
)
plots.show(
    fig,
    alt=f"Median survival of stage IV: {fitted.median_survival_time_:.0f} days, 95 % interval {low:.0f} to {high:.0f}.",
)
assert (survival.HomemadeKM(groups["stage III"]).survival > 0.5).all()

# %% [markdown]
# ## What to remember
#
# - A life table needs three counts per time: at risk, events, censored. Events come first at a tie.
# - Multiply the shares that get through; check the result against a library.
# - The log-log interval stays between 0 and 1, and a median that is not reached is not reported.
