# %% [markdown]
# # Count patients under censoring
#
# You count 80 real patients with lymphoma: who is known to be alive at a given day, who is known to be dead, and of whom nobody knows. From the counts you get bounds
# that nobody can argue with. **About 25 minutes**, with four steps to try yourself.
#
# The table comes with lifelines (McKelvey, 1976): stage III or IV, days, and how the watching ended. Age, sex and origin are not in it.

# %%
import numpy as np
import pandas as pd
from scipy.stats import binomtest

from labutils import plots, plots_labs, plots_survival, practice, survival
from labutils.datasets import STAGES, load_lymphoma, load_times

# %% [markdown]
# ## 1. Look first
#
# Shape, types, missing values, range, and what the codes mean: `Event` 1 = died, 0 = censored (last seen alive). In the original table this column is called `Censor`, a
# trap that the loader removes.

# %%
lymphoma = load_lymphoma()
stage = lymphoma["Stage_group"].map(STAGES)
print(lymphoma.shape, lymphoma.dtypes.to_dict(), "missing:", int(lymphoma.isna().sum().sum()))
print("days from", lymphoma["Time"].min(), "to", lymphoma["Time"].max())
print(pd.crosstab(stage, lymphoma["Event"].map({1: "died", 0: "censored"})))
assert len(lymphoma) == 80 and lymphoma["Event"].sum() == 54

# %% [markdown]
# One line per patient shows more than any average: crosses gather on the left, open circles on the right.

# %%
fig = plots_survival.follow_up(
    lymphoma.sort_values("Time"), title="Many die early; most of those still watched late are alive"
)
last_death = lymphoma.loc[lymphoma["Event"] == 1, "Time"].max()
plots.show(fig, alt=f"80 lines by length. The last cross, a death, is at day {last_death}; after it only open circles.")

# %% [markdown]
# ## 2. Count who is censored
#
# **Try it.** Which share of the patients with stage III is censored? (The column `stage` holds their names.)
#
# <details><summary>Hint 1: direction</summary>Take the rows of stage III, and ask how often Event is 0.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(lymphoma.loc[stage == "stage III", "Event"] == 0).mean()</code></details>

# %%
### BEGIN SOLUTION
### STUB: share_censored = ...  # a number between 0 and 1
share_censored = (lymphoma.loc[stage == "stage III", "Event"] == 0).mean()
### END SOLUTION
expected = survival.frac_censored(lymphoma[stage == "stage III"])
practice.check(
    "share censored, stage III", share_censored, expected=expected, hint="Divide by the 19 of stage III, not by 80."
)

# %% [markdown]
# A share of few patients needs its interval (Wilson's):

# %%
rows = []
for name in STAGES.values():
    censored = int((lymphoma.loc[stage == name, "Event"] == 0).sum())
    n = int((stage == name).sum())
    ends = binomtest(censored, n).proportion_ci(method="wilson")
    rows.append([100 * censored / n, 100 * ends.low, 100 * ends.high])
    print(f"{name}: {censored} of {n} censored, {rows[-1][0]:.0f} % ({rows[-1][1]:.0f} to {rows[-1][2]:.0f} %)")
assert rows[0][1] > rows[1][0]

# %% [markdown]
# Stage III is censored more often. Do their doctors lose them? No: whoever lives longer is more often still alive when the study closes. A share of censored patients mixes survival with the length of watching,
# so never compare survival by it.
#
# ## 3. Sort the patients into three heaps
#
# At a day t every patient is *known to be alive* (Time > t), *known to be dead* (Event and Time ≤ t) or *unknown* (censored at or before t). By hand, with times 2, 4, 6, 7 and events 1, 0, 1, 0 at t = 6: alive 1
# (time 7), dead 2 (times 2 and 6), unknown 1 (time 4).


# %%
def heaps(df, t):
    alive = int((df["Time"] > t).sum())
    dead = int(((df["Time"] <= t) & (df["Event"] == 1)).sum())
    return alive, dead, len(df) - alive - dead


assert heaps(pd.DataFrame({"Time": [2, 4, 6, 7], "Event": [1, 0, 1, 0]}), 6) == (1, 2, 1)
days = [30, 90, 180, 270]
print(pd.DataFrame([heaps(lymphoma, t) for t in days], index=days, columns=["alive", "dead", "unknown"]))

# %% [markdown]
# **Try it.** How many patients with stage IV are unknown at day 90?
#
# <details><summary>Hint 1: direction</summary>The third heap, for the rows of stage IV only.</details>
# <details><summary>Hint 2: nearly the line</summary><code>heaps(lymphoma[stage == "stage IV"], 90)[2]</code></details>

# %%
### BEGIN SOLUTION
### STUB: unknown_90 = ...  # a whole number
unknown_90 = heaps(lymphoma[stage == "stage IV"], 90)[2]
### END SOLUTION
fourth = lymphoma[stage == "stage IV"]
expected = len(fourth[(fourth["Time"] <= 90) & (fourth["Event"] == 0)])
practice.check("unknown at day 90, stage IV", unknown_90, expected=expected, hint="Censored at or before day 90.")

# %% [markdown]
# The three heaps over all days:

# %%
shares = {t: heaps(lymphoma, t)[2] / len(lymphoma) for t in days}
fig = plots_survival.known_over_time(lymphoma, title="What nobody knows grows with time")
plots.show(
    fig, alt="Stacked shares over time. Unknown: " + ", ".join(f"{s:.0%} at day {t}" for t, s in shares.items()) + "."
)
assert list(shares.values()) == sorted(shares.values())

# %% [markdown]
# ## 4. Bound what is possible
#
# If all the unknown died right after they left, the share that outlives t is alive/n. If none of them ever dies, it is (alive + unknown)/n.
#
# **Try it.** What are the two bounds for stage III at day 180?
#
# <details><summary>Hint 1: direction</summary>Get the three heaps, then divide by the number of patients with stage III.</details>
# <details><summary>Hint 2: nearly the line</summary><code>alive, dead, unknown = heaps(third, 180)</code>, then <code>(alive / len(third), (alive + unknown) / len(third))</code></details>

# %%
third = lymphoma[stage == "stage III"]
### BEGIN SOLUTION
### STUB: bounds_180 = ...  # (lower, upper)
alive, dead, unknown = heaps(third, 180)
bounds_180 = alive / len(third), (alive + unknown) / len(third)
### END SOLUTION
died_by_180 = int(((third["Time"] <= 180) & (third["Event"] == 1)).sum())
expected = ((third["Time"] > 180).mean(), 1 - died_by_180 / len(third))
practice.check(
    "bounds at day 180, stage III", bounds_180, expected=expected, hint="The upper one counts the unknown as alive."
)

# %% [markdown]
# Now all four days and both stages. The mark is Kaplan and Meier's estimate, which lab 2 takes apart; the line is no interval for chance, but what is *possible for these patients*.

# %%
series = {}
for name in STAGES.values():
    df = lymphoma[stage == name]
    counts = np.array([heaps(df, t) for t in days]) / len(df)
    km = survival.step_at(*survival.HomemadeKM(df), days)
    series[name] = np.column_stack([km, counts[:, 0], counts[:, 0] + counts[:, 2]])
    assert (series[name][:, 1] <= km + 1e-9).all() and (km <= series[name][:, 2] + 1e-9).all()
names = [f"day {t}" for t in days]
title = "The bounds are tight early and wide late"
fig = plots_labs.dots_with_interval(names, series, title=title, xlabel="share alive: estimate, and what is possible")
width = {name: values[-1, 2] - values[-1, 1] for name, values in series.items()}
plots.show(
    fig,
    alt="Bounds by day and stage. At day 270 their width is "
    + ", ".join(f"{w:.2f} for {n}" for n, w in width.items())
    + ".",
)

# %% [markdown]
# The estimate lies within the bounds each time, as it must. The bounds need no assumption whatever; the estimate needs one, that the unknown fare like those who stayed.
#
# ## 5. Leave out the unknown, and compare
#
# **Try it.** What share of the *known* patients of stage IV outlives day 90 (alive over alive and dead)?
#
# <details><summary>Hint 1: direction</summary>Two of the three heaps.</details>
# <details><summary>Hint 2: nearly the line</summary><code>alive, dead, unknown = heaps(fourth, 90)</code>, then <code>alive / (alive + dead)</code></details>

# %%
### BEGIN SOLUTION
### STUB: among_known = ...
alive, dead, unknown = heaps(fourth, 90)
among_known = alive / (alive + dead)
### END SOLUTION
practice.check(
    "share among the known", among_known, expected=survival.naive_estimator(90, fourth), hint="Leave out the unknown."
)
for t in days:
    km = survival.step_at(*survival.HomemadeKM(fourth), t)
    print(f"day {t}: known only {survival.naive_estimator(t, fourth):.3f}, Kaplan-Meier {km:.3f}")
    assert survival.naive_estimator(t, fourth) <= km + 1e-9

# %% [markdown]
# At no day is it above Kaplan and Meier's estimate. The early dead are all known, whatever happened later; the long-lived are the ones who get lost. Leaving out the unknown therefore paints it too black.
#
# ## 6. Bring a table of your own
#
# Other tables have other names, codes and units. `load_times` asks for them, and refuses what cannot be (a negative time, an unexplained code) instead of guessing.

# %%
made_up = pd.DataFrame({"months": [2.0, 7.5, 12.0], "status": ["dead", "moved", "dead"], "arm": ["a", "b", "b"]})
own = load_times(made_up, time="months", event="status", event_is="dead", unit="months", group="arm")
print(own.round(1))
try:
    load_times(made_up, time="months", event="status")
except ValueError as error:
    print("Refused:", error)
assert own["Event"].tolist() == [1, 0, 1] and np.isclose(own["Time"].iloc[2], 365.25)

# %% [markdown]
# ## What to remember
#
# - Three heaps: alive, dead, unknown. Whoever is censored is unknown *from then on*.
# - Bounds need no assumption; every number between them needs one.
# - The share of censored patients says nothing about survival, and leaving them out makes survival look too short.
