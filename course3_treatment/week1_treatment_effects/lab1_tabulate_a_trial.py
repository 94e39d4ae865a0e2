# %% [markdown]
# # Summarise a trial with pandas
#
# You will take the table of a randomised trial apart with pandas: count arms and events, compare rates with an interval, check the balance, and see
# what happens if somebody compares by a column that was made *after* treatment began. **About 25 minutes**, with three steps to try yourself.
#
# The data are real: ACTG 320, 1,151 people with HIV, randomised to a third drug (indinavir) or not (Hammer and others, New England Journal of
# Medicine 1997;337:725-733). `outcome` 1 means that AIDS or death was seen during a follow-up of at most a year.

# %%
import numpy as np
import pandas as pd
from scipy.stats import norm

from labutils import effects, plots, plots_effects, practice
from labutils.datasets import load_actg320

# %% [markdown]
# ## 1. Look first
#
# One row per person. Which columns, which ranges, what is missing?

# %%
trial = load_actg320()
print(trial.head(3).T)
print(f"{trial.shape[0]} people, {trial.shape[1]} columns, {trial.isna().sum().sum()} missing values")
assert trial.index.is_unique and not trial.isna().any().any()

# %% [markdown]
# ## 2. Count
#
# `value_counts` counts one column, `pd.crosstab` two. The table of treatment against outcome is the trial in four numbers.

# %%
four = pd.crosstab(trial["TRTMT"], trial["outcome"], margins=True)
print(four)
assert four.loc[1, 1] == 33 and four.loc[0, 1] == 63

# %% [markdown]
# **Try it.** Which share of the *treated* had the event? Take it from the table or from the columns.
#
# <details><summary>Hint 1: direction</summary>Choose the rows with TRTMT 1, then the mean of their outcome.</details>
# <details><summary>Hint 2: nearly the line</summary><code>trial.loc[trial["TRTMT"] == 1, "outcome"].mean()</code></details>

# %%
### BEGIN SOLUTION
### STUB: treated_rate = ...
treated_rate = trial.loc[trial["TRTMT"] == 1, "outcome"].mean()
### END SOLUTION
practice.check(
    "event rate of the treated", treated_rate, expected=33 / 574, tol=1e-4, hint="Divide by the treated, not by all."
)

# %% [markdown]
# Both arms in one line: group, then take the mean. The mean of ones and zeros is a share.

# %%
by_arm = trial.groupby("TRTMT")["outcome"].agg(people="size", events="sum", rate="mean")
print(by_arm.round(4))

# %% [markdown]
# ## 3. Put an interval on it
#
# The standard error of a difference of two independent shares is the root of the sum of their variances, p(1 − p)/n each.

# %%
error = np.sqrt((by_arm["rate"] * (1 - by_arm["rate"]) / by_arm["people"]).sum())
difference = by_arm.loc[1, "rate"] - by_arm.loc[0, "rate"]
z = norm.ppf(0.975)
print(
    f"treated − control: {difference:.4f} (95 % interval {difference - z * error:.4f} to {difference + z * error:.4f})"
)
assert np.allclose((difference, difference - z * error, difference + z * error), effects.ate_interval(trial))

# %% [markdown]
# **Try it.** A 99 % interval asks for more certainty and so is wider. How wide is it (upper end − lower end)?
#
# <details><summary>Hint 1: direction</summary>Only z changes: the tails hold half a percent each.</details>
# <details><summary>Hint 2: nearly the line</summary><code>2 * norm.ppf(0.995) * error</code></details>

# %%
### BEGIN SOLUTION
### STUB: width_99 = ...
width_99 = 2 * norm.ppf(0.995) * error
### END SOLUTION
practice.check(
    "width of the 99 % interval", width_99, expected=2 * 2.5758293 * error, tol=1e-5, hint="z of the 99.5 % quantile."
)

# %% [markdown]
# ## 4. Check who came into which arm
#
# Means by arm, side by side. `groupby` again, this time over all features at once.

# %%
features = trial.drop(columns=["days", "outcome"])
means = features.groupby("TRTMT").mean().T
means["smd"] = effects.balance_table(features)["smd"]
print(means.round(3))
fig = plots_effects.love_plot(
    means["smd"], title=f"Largest difference: {means['smd'].abs().idxmax()}, {means['smd'].abs().max():.2f} SD"
)
plots.show(
    fig,
    alt=f"Standardised mean differences of {len(means)} features, largest {means['smd'].abs().max():.2f}, all within ±0.1.",
)

# %% [markdown]
# Nothing stands out. It need not be so: shuffle the arms five hundred times, as the lot might have done, and look at the largest imbalance of each.

# %%
rng = np.random.default_rng(31)
largest = []
for _ in range(500):
    lot = features.assign(TRTMT=rng.permutation(features["TRTMT"].to_numpy()))
    largest.append(effects.balance_table(lot)["smd"].abs().max())
share = np.mean(np.array(largest) > 0.1)
print(f"largest imbalance over 500 lots: median {np.median(largest):.2f}, above 0.1 in {share:.0%} of them")
assert 0.02 < share < 0.9

# %% [markdown]
# So an SMD a little above 0.1 in one of nine features is what a fair lot often gives, with as many people as here. It is a reason to adjust, not to accuse.
#
# ## 5. Do not look into the future
#
# `days` is how long a person was followed. It ends with the event, so it was decided *after* treatment. Watch what a split by it does.

# %%
early = trial[trial["days"] < 180]
late = trial[trial["days"] >= 180]
for name, part in {"followed under 180 days": early, "180 days or more": late, "all": trial}.items():
    ate = effects.ate_interval(part)
    print(
        f"{name:24s} {len(part):4d} people, events {part['outcome'].mean():.0%}, ATE {ate.ate:.3f} ({ate.low:.3f} to {ate.high:.3f})"
    )
assert early["outcome"].mean() > 2 * late["outcome"].mean()

# %% [markdown]
# Events pile up among the shortly followed, because an event *ends* the follow-up. Neither piece says what the drug does. Columns that are made after
# treatment began belong neither into a balance table nor into a model of the effect.
#
# **Try it.** Which of these may be used to describe patients *before* treatment? Give a set of names: `cd4` (at entry), `days`, `age`, `outcome`.
#
# <details><summary>Hint 1: direction</summary>What was known on the day of the lot?</details>
# <details><summary>Hint 2: nearly the line</summary>Two of the four: a set such as <code>{"age", "…"}</code></details>

# %%
### BEGIN SOLUTION
### STUB: known_before = ...
known_before = {"cd4", "age"}
### END SOLUTION
practice.check(
    "known before treatment", known_before, expected={"age", "cd4"}, hint="Follow-up and outcome come later."
)

# %% [markdown]
# ## What to remember
#
# - `crosstab` for counts, `groupby(...).mean()` for rates, and each rate with its own denominator.
# - An interval of a difference adds variances, not standard errors.
# - Balance is judged by standardised differences; some imbalance is the lot's good right.
# - What happens after treatment begins is an outcome, never a feature.
