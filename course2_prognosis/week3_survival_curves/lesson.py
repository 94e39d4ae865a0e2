# %% [markdown]
# # Estimate survival from patients who are still alive
#
# ![Four patients by the calendar and by time since entry: two lines end in a cross, an event; two end in an open circle, a patient last seen alive.](figures/three_endings.svg)
#
# **What you will do.** You ask *when* something happens to patients, although for many of them it has not happened yet, and build the curve
# that medicine uses for the answer: first by hand with eight patients, then with 80 real ones.
#
# **What you will be able to do**
#
# - count who is known to be alive, known to be dead and unknown, and bound the survival;
# - derive Kaplan and Meier's product from the chain rule, and compute it with ties and censoring;
# - draw a curve with its interval and the numbers at risk, and read it;
# - compare two groups with the log-rank test, and say what its p-value means and what it does not;
# - judge whether censoring may be informative.
#
# **What you need.** Two hours, no download. The eight patients A to H are made up. The other tables are real: 80 patients with lymphoma
# (McKelvey, 1976, as shipped with lifelines) and 500 patients after a heart attack (Worcester Heart Attack Study, as shipped with scikit-survival).

# %%
import numpy as np
import pandas as pd
from sksurv.datasets import load_whas500

from labutils import explore, plots, plots_survival, practice, survival
from labutils.datasets import STAGES, load_lymphoma

# %% [markdown]
# ## 1. Ask when, not only whether
#
# Weeks 1 and 2 asked: does the patient die within ten years? A **survival model** asks for more: how likely is it to be alive after one year,
# two years, any number of years? Two treatments can have the same share of deaths at five years, and still differ by years of life.
#
# Two made-up treatments, ten patients each, years until death. Everybody's death was seen.

# %%
early = np.array([0.5, 0.5, 1, 1, 1, 6, 7, 8, 9, 9])
late = np.array([4, 4.5, 4.5, 5, 5, 6, 7, 8, 9, 9])
dead_at_5 = [(years <= 5).mean() for years in (early, late)]
lived = [np.minimum(years, 5).mean() for years in (early, late)]
print(f"dead within 5 years: {dead_at_5[0]:.0%} and {dead_at_5[1]:.0%}")
print(f"years lived within the first 5, on average: {lived[0]:.1f} and {lived[1]:.1f}")
assert dead_at_5[0] == dead_at_5[1] and lived[1] - lived[0] > 1.5

# %% [markdown]
# "Half are dead at five years" holds for both; yet under the second treatment a patient lived nearly two years more of the first five, on average. *Whether* is
# not enough.
#
# ## 2. Read a survival function
#
# The answer to all the *whens* at once is a function. Let T be the time until the event. The **survival function** is the probability to outlive t:
#
# $$S(t) = P(T > t)$$
#
# The event need not be death: a stroke, a relapse, going home. "Survival" then means "not yet". By hand: of the ten patients of `early`, those with
# 6, 7, 8, 9, 9 years outlive year 5, so S(5) is 0.5. S(9) is 0, because T must be *greater* than 9.
#
# **Try it.** What is S(4.5) for `late`?

# %%
### BEGIN SOLUTION
### STUB: s_late = ...  # the share of late that is greater than 4.5
s_late = (late > 4.5).mean()
### END SOLUTION
practice.check(
    "S(4.5) under the second treatment", s_late, expected=0.7, hint="Strictly greater: who dies at 4.5 is out."
)

# %% [markdown]
# The other direction is a question too: the **median survival** is the first time at which S falls to one half or below. For `late` it is year 5.
#
# ## 3. Tell valid survival functions from others
#
# A survival function starts at S(0) = 1 (everybody begins alive), never rises (nobody comes back) and stays between 0 and 1. It need *not* reach 0: if
# some patients are cured, it levels off.

# %%
months = [0, 1, 2, 3, 4]
candidates = {
    "A": [1, 0.8, 0.5, 0.5, 0.2],
    "B": [1, 0.7, 0.4, 0.6, 0.3],
    "C": [0.8, 0.6, 0.5, 0.3, 0.1],
    "D": [1, 1, 0.6, 0.6, 0.6],
}
fig = plots_survival.small_steps(
    {name: (months, values) for name, values in candidates.items()}, title="Which of these can be survival functions?"
)
plots.show(fig, alt="Four step curves. A falls from 1, B rises once, C starts at 0.8, D levels off at 0.6.")
### BEGIN SOLUTION
### STUB: valid = ...  # a set of letters, such as {"A", "B"}
valid = {name for name, S in candidates.items() if S[0] == 1 and np.all(np.diff(S) <= 0)}
### END SOLUTION
practice.check("the valid ones", valid, expected={"A", "D"}, hint="Start at 1, never rise. Levelling off is allowed.")

# %% [markdown]
# B would need somebody to rise from the dead, and C has lost a fifth of the patients before the clock starts.
#
# ## 4. Collect times
#
# A time needs three decisions, written down before anybody is counted:
#
# - **when the clock starts**, in the same way for everybody: the diagnosis, the operation, the day of randomisation;
# - **what the event is**, and who decides that it happened;
# - **how long you look**, and how you find out: visits, letters, a death register.
#
# Patients enter on different dates (left half of the drawing above). By the calendar they are not comparable; by time since entry they are. Dates
# become times by subtraction.

# %%
visits = pd.DataFrame(
    {
        "entry": pd.to_datetime(["2024-01-10", "2024-03-01", "2024-05-20"]),
        "last news": pd.to_datetime(["2024-07-10", "2025-03-01", "2025-03-01"]),
        "news": ["died", "alive", "alive"],
    }
)
visits["Time"] = (visits["last news"] - visits["entry"]).dt.days
visits["Event"] = (visits["news"] == "died").astype(int)
print(visits[["Time", "news", "Event"]])
assert visits["Time"].tolist() == [182, 365, 285]

# %% [markdown]
# Two columns carry everything from here on: `Time`, how long the patient was watched, and `Event`, how the watching ended.
#
# ## 5. Handle a stroke that was not observed
#
# A study follows patients for strokes and closes after 12 months. Patient A had one in month 3. Patient H had none in 12 months. When is H's stroke?
# Perhaps in month 13, perhaps never. "12" is not the answer, and neither is "never": what we know is **T > 12**, and that is worth keeping.
#
# Here are all eight of our made-up patients. A cross is a stroke, an open circle is the last time when the patient was seen without one.

# %%
eight = pd.DataFrame({"Time": [3, 5, 6, 6, 8, 10, 12, 12], "Event": [1, 0, 1, 0, 1, 0, 1, 0]}, index=list("ABCDEFGH"))
fig = plots_survival.follow_up(
    eight,
    names=list(eight.index),
    title="Four of eight patients: no stroke was seen",
    unit="months",
    t=10,
    event_name="stroke",
)
plots.show(fig, alt="Eight lines. Strokes at months 3, 6, 8 and 12; last seen without one at months 5, 6, 10 and 12.")
assert eight["Event"].sum() == 4

# %% [markdown]
# The dotted line marks month 10, which we ask for next. Of patients B, D and F nobody can say whether they outlived it without a stroke: they left before,
# or just then.
#
# ## 6. Look at real heart attack data
#
# Is that rare? The Worcester Heart Attack Study followed 500 patients after a heart attack (Hosmer, Lemeshow and May, 2008). The event is death. Look
# before you compute: shape, types, what is missing, what share is censored?

# %%
followed = load_whas500()[1]
heart = pd.DataFrame({"Time": followed["lenfol"], "Event": followed["fstat"]})
print(heart.shape, heart.dtypes.to_dict(), "missing:", int(heart.isna().sum().sum()))
print(f"watched for {heart['Time'].min():.0f} to {heart['Time'].max():.0f} days; deaths: {heart['Event'].sum()}")
print(f"censored: {survival.frac_censored(heart):.0%} of {len(heart)} patients")
assert len(heart) == 500 and heart["Event"].sum() == 215

# %% [markdown]
# More than half are censored: when the study ended, most patients were alive. That is good news for them and no reason to throw them away.
#
# ## 7. Name what is censored on the right
#
# A time of which we only know that it is *longer* than what we saw is **right-censored**. It happens
#
# - at the **end of the study**: still without the event (administrative censoring);
# - by **loss to follow-up**: moved away, stopped coming;
# - by **withdrawal**, for example a change of treatment that ends the watching.
#
# The label is a trap in many tables: a column may be called *censored* and hold 1 for the *event*. In lifelines' table of 80 patients with lymphoma the column is
# called `Censor`, and 1 means that the patient died. Our loader renames it; here is what happens to whoever trusts the name.

# %%
lymphoma = load_lymphoma()
stage = lymphoma["Stage_group"].map(STAGES)
turned = lymphoma.assign(Event=1 - lymphoma["Event"])
for name, table in {"1 = died": lymphoma, "1 = censored, as the name says": turned}.items():
    print(f"{name}: {table['Event'].sum()} deaths among {len(table)}, censored {survival.frac_censored(table):.1%}")
assert survival.frac_censored(lymphoma) == 0.325

# %% [markdown]
# Which is right? One look at the longest times helps: when a study closes, those who were watched longest are mostly alive. So their code should be the one for
# *censored*. Here are the ten longest times.

# %%
longest = lymphoma.sort_values("Time").tail(10)
print(longest.to_string(index=False))
assert (longest["Event"] == 0).all()

# %% [markdown]
# All ten hold a 0 where the original `Censor` is 0: so 0 is *censored*, and 1 is the event. If your table does not say what its codes mean, ask whoever made it; do not guess from
# a name.
#
# ## 8. Estimate a survival function when nobody is censored
#
# Without censoring there is nothing to it: S(t) is estimated by the share that outlived t. For the 54 lymphoma patients whose death was seen that is easy
# to compute, and wrong to report.

# %%
died = lymphoma[lymphoma["Event"] == 1]
of_the_dead, times = [], [30, 90, 180, 270]
for t in times:
    of_the_dead.append((died["Time"] > t).mean())
    print(f"day {t:3}: {of_the_dead[-1]:.2f} of the {len(died)} who died outlived it")
assert np.all(np.diff(of_the_dead) <= 0) and of_the_dead[-1] == 0 and longest["Time"].min() > 270

# %% [markdown]
# By day 270 this "curve" is at 0, although you saw ten patients alive after it. Whoever died *could* die in time; choosing only them
# chooses the short lives.
#
# ## 9. Bound it: they died at once, or they never die
#
# Back to the eight, month 10. G and H outlived it (month 12). A, C and E had their stroke before. B, D and F are unknown. Take the two extremes:
#
# - the unknown had their event **right after they left**: 2 of 8 outlived, S(10) = 0.25;
# - the unknown **never** have it: 5 of 8, S(10) = 0.625.
#
# Whatever is true of these eight lies in between.

# %%
known_alive = (eight["Time"] > 10).sum()
unknown = ((eight["Time"] <= 10) & (eight["Event"] == 0)).sum()
lowest, highest = known_alive / len(eight), (known_alive + unknown) / len(eight)
print(f"S(10) of these eight lies between {lowest} and {highest}")
assert (lowest, highest) == (0.25, 0.625)

# %% [markdown]
# The same for the 80 at every day: blue is known to be alive, red known to be dead, and the hatched band is what nobody knows.

# %%
fig = plots_survival.known_over_time(lymphoma, title="What we do not know grows with time")
lost = (lymphoma["Event"] == 0) & (lymphoma["Time"] <= 300)
alt = f"Stacked shares of 80 patients over time. At day 300 {lost.mean():.0%} are unknown."
plots.show(fig, alt=alt)
assert lost.mean() > 0.2

# %% [markdown]
# The blue edge is the lower bound, the upper edge of the hatched band the upper one. Early they nearly touch; after 300 days they are too far apart to
# help.
#
# ## 10. Find something in between, and see it fail
#
# A natural idea: leave the unknown out. At month 10: 2 outlived it, 3 did not, so 2/5 = 0.4. It does lie between the bounds. But is it right *on average*? To know that we need a truth,
# so we **simulate**: times with a known curve (exponential, mean 10 months), and a closing of the study at a random time that has nothing to do with the patient.

# %%
rng = np.random.default_rng(33)
naive, truth = [], np.exp(-10 / 10)
for _ in range(300):
    event_at, closed_at = rng.exponential(10, 200), rng.uniform(0, 20, 200)
    seen = pd.DataFrame({"Time": np.minimum(event_at, closed_at), "Event": event_at <= closed_at})
    naive.append(survival.naive_estimator(10, seen))
low, high = np.mean(naive) + np.array([-1.96, 1.96]) * np.std(naive, ddof=1) / np.sqrt(len(naive))
print(f"true S(10) = {truth:.3f}; leaving out: mean {np.mean(naive):.3f} (95 % interval {low:.3f} to {high:.3f})")
assert high < truth

# %% [markdown]
# Too low, and not by bad luck: 300 studies agree. The reason: who has the event early is always kept, whatever happened later. Who would have lived long is often
# censored before month 10, and left out. So the dead are over-represented.
#
# ## 11. Use censored patients for as long as they stay
#
# Patient B left in month 5. About month 10 B says nothing. But B *outlived month 3*, and was there when A had the stroke. So split the time into pieces: in each piece
# count only those who were there, and let B go after the fifth month. A patient is **at risk** at time t when `Time >= t`.
#
# A rule for ties is needed: in month 6 C has a stroke and D leaves. **Events come before censorings** at a tied time: D was still at risk when C's stroke
# happened.
#
# **Try it.** How many of the eight are at risk in month 6?
#
# <details><summary>Hint</summary>A and B are gone. C and D are still there in month 6.</details>

# %%
### BEGIN SOLUTION
### STUB: at_risk_6 = ...
at_risk_6 = (eight["Time"] >= 6).sum()
### END SOLUTION
table = survival.risk_table(eight)
practice.check("at risk in month 6", at_risk_6, expected=table.at_risk[list(table.times).index(6)])
assert table.at_risk.tolist() == [8, 7, 6, 4, 3, 2]

# %% [markdown]
# Two leave in month 6, so that four are at risk in month 8. Nothing about B was thrown away, and nothing was made up.
#
# ## 12. Chain the pieces
#
# How do the pieces come together? By the chain rule of probability. To outlive month 8 one must outlive month 6, and then, *given that*, month 8:
#
# $$P(T > 8) = P(T > 8 \mid T > 6) \cdot P(T > 6)$$
#
# By hand, with a deck of 100 patients and no censoring: 80 outlive month 6, and 60 of these 80 outlive month 8. Then 60/80 · 80/100 = 60/100. The 80 cancels.

# %%
after_6, after_8, start = 80, 60, 100
chained = (after_8 / after_6) * (after_6 / start)
print(f"{after_8}/{after_6} x {after_6}/{start} = {chained:.2f}")
assert np.isclose(chained, after_8 / start)

# %% [markdown]
# Without censoring the detour brings nothing new. Its use: with censoring each factor can be estimated from a *different* group of patients, those who were there.
#
# ## 13. Derive survival as a product
#
# Go on chaining down to the start, over the times $t_1 < t_2 < \dots$ at which something happens:
#
# $$S(t) = \prod_{t_i \le t} P(T > t_i \mid T \ge t_i) = \prod_{t_i \le t} \bigl(1 - P(T = t_i \mid T \ge t_i)\bigr)$$
#
# Each factor is one minus the chance to have the event *now*, given that it has not come before. That chance is the **hazard** at $t_i$. So a hazard of 1/8, then 1/6, gives
# 7/8 · 5/6.

# %%
hazards = [1 / 8, 1 / 6]
product = np.prod([1 - hazard for hazard in hazards])
print(f"after both: {product:.4f}; the sum of the hazards taken from 1 would be {1 - sum(hazards):.4f}")
assert np.isclose(product, 35 / 48)

# %% [markdown]
# Multiply, do not subtract: who is gone after the first time cannot be lost again at the second.
#
# ## 14. Go from data to probabilities
#
# Now put data in. If $d_i$ patients have the event at $t_i$ and $n_i$ are at risk, estimate the hazard by $d_i/n_i$:
#
# $$\hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr)$$
#
# This is **Kaplan and Meier's** estimate (1958). For the eight: 7/8 · 5/6 · 3/4 · 1/2.
#
# **Try it.** What is S(10) for the eight? Month 12 does not count yet.
#
# <details><summary>Hint</summary>Strokes in months 3, 6 and 8; at risk were 8, 6 and 4.</details>

# %%
steps = pd.DataFrame(survival.risk_table(eight)._asdict())
steps["factor"] = 1 - steps["events"] / steps["at_risk"]
steps["S"] = steps["factor"].cumprod()
print(steps.round(4).to_string(index=False))
### BEGIN SOLUTION
### STUB: s_10 = ...
s_10 = 7 / 8 * 5 / 6 * 3 / 4
### END SOLUTION
expected = survival.step_at(*survival.HomemadeKM(eight), 10)
practice.check("Kaplan and Meier's S(10)", s_10, expected=expected, tol=1e-3, hint="7/8 * 5/6 * 3/4")
assert lowest < expected < highest

# %% [markdown]
# 0.547: between the bounds, and above the 0.4 of leaving the unknown out. Times with censorings only have the factor 1, but they shrink the next $n_i$.
#
# ## 15. Compare the estimates
#
# The simulation of unit 10 once more, now with all four estimates of S(10), so that we see which of them is right on average.

# %%
estimates = {"events seen only": [], "unknown left out": [], "unknown died": [], "Kaplan-Meier": []}
for _ in range(300):
    event_at, closed_at = rng.exponential(10, 200), rng.uniform(0, 20, 200)
    seen = pd.DataFrame({"Time": np.minimum(event_at, closed_at), "Event": event_at <= closed_at})
    estimates["events seen only"].append((seen["Time"][seen["Event"]] > 10).mean())
    estimates["unknown left out"].append(survival.naive_estimator(10, seen))
    estimates["unknown died"].append((seen["Time"] > 10).mean())
    estimates["Kaplan-Meier"].append(survival.step_at(*survival.HomemadeKM(seen), 10))

# %% [markdown]
# A bar is the mean over 300 studies of 200 patients; the thin line runs over the middle 95 % of the studies. The dotted line is the truth.

# %%
means = {name: np.mean(values) for name, values in estimates.items()}
error = np.std(estimates["Kaplan-Meier"], ddof=1) / np.sqrt(300)
ends = np.array([np.quantile(values, [0.025, 0.975]) for values in estimates.values()])
title = "Only the product that uses everybody is right on average"
fig = plots.bar_with_interval(
    list(means), list(means.values()), *ends.T, title=title, xlabel="estimate of S(10 months)", reference=truth
)
alt = f"Means of four estimates; the truth is {truth:.2f}. " + ", ".join(f"{k} {v:.2f}" for k, v in means.items())
plots.show(fig, alt=alt)
assert abs(means["Kaplan-Meier"] - truth) < 4 * error and means["unknown left out"] < truth - 0.05

# %% [markdown]
# **Move it.** How much does it matter how many are censored? The slider is their share of 2,000 simulated patients. Their events stay the same; only the time at which one stops
# looking moves. At 0 % all the curves are one. Which of them leaves the truth, and when?

# %%
dice, months = np.random.default_rng(34), np.linspace(0, 20, 81)
event_at, patience = dice.exponential(10, 2000), dice.exponential(10, 2000)


def censored(share):
    closed_at = patience * (1 - share) / share if share else np.full(2000, np.inf)
    seen = pd.DataFrame({"Time": np.minimum(event_at, closed_at), "Event": event_at <= closed_at})
    s = survival.naive_estimator(10, seen), survival.step_at(*survival.HomemadeKM(seen), 10), (seen["Time"] >= 10).sum()
    words = f"{survival.frac_censored(seen):.0%} censored: S(10) is {truth:.2f}, {s[0]:.2f} if left out, {s[1]:.2f} by the product"
    lines = {"truth": (months, np.exp(-months / 10))}
    lines["unknown left out"] = months, [survival.naive_estimator(t, seen) for t in months]
    first = pd.DataFrame({"Time": seen["Time"].clip(upper=20), "Event": seen["Event"] & (seen["Time"] <= 20)})
    fig = plots_survival.survival_curves({"Kaplan-Meier": first}, title=words, extra=lines, unit="months")
    return fig, f"Three curves over 20 months. {words}. At risk at month 10: {s[2]}."


explore.show(censored, share=explore.steps(0, 0.8, by=0.1, start=0.5, label="share censored", form="{:.0%}"))

# %% [markdown]
# Leaving the unknown out sinks with every step. The product stays near the truth, and pays in another coin: its band widens, because fewer and fewer patients are at risk.
#
# This holds as long as the closing of the study has nothing to do with the patient. Lab 3 shows what happens if it has.
#
# ## 16. Draw Kaplan and Meier's curve with what belongs to it
#
# A curve of 19 patients looks as firm as one of 1,900. So draw the **interval** (Greenwood's variance, on the log-log scale, which keeps it between 0 and 1) and write the **numbers at
# risk** below, as the KMunicate proposals ask (Morris, 2019). The band is *pointwise*: 95 % at one time chosen beforehand, not for the whole curve at once.

# %%
groups = {name: lymphoma[stage == name] for name in STAGES.values()}
at = [90, 180, 270, 360]
km = {name: survival.step_at(*survival.HomemadeKM(df), at) for name, df in groups.items()}
fig = plots_survival.survival_curves(groups, title="Patients with stage IV die earlier, but the bands are wide")
alt = "Survival curves with bands. " + "; ".join(f"{k} at days 90 to 360: {v.round(3).tolist()}" for k, v in km.items())
plots.show(fig, alt=alt)
assert np.allclose(km["stage III"], [0.737, 0.680, 0.525, 0.525], atol=5e-4)
assert np.allclose(km["stage IV"], [0.425, 0.254, 0.195, 0.195], atol=5e-4)

# %% [markdown]
# The same in numbers, with intervals. At day 360 nobody is at risk any more: the value is that of the last step, carried on, and should not be read as knowledge.

# %%
for name, df in groups.items():
    times, low, high = survival.greenwood_interval(df, 0.95)
    for t in (90, 180):
        ends = survival.step_at(times, low, t), survival.step_at(times, high, t)
        s = survival.step_at(*survival.HomemadeKM(df), t)
        print(f"{name}, day {t}: S = {s:.3f} ({ends[0]:.3f} to {ends[1]:.3f}), at risk {(df['Time'] >= t).sum()}")
        assert ends[0] < s < ends[1]
assert lymphoma["Time"].max() < 360

# %% [markdown]
# How to read a curve: look at the time axis and its unit; at the numbers at risk (where few are left, each death is a large step); at the bands; then at the curve. A long flat end is no proof of
# cure: it may be three patients.
#
# ## 17. Compare two groups, and read the p-value rightly
#
# Do the two stages differ by more than chance? The **log-rank test** walks along the death times. At each it asks how many of the deaths should have fallen on each group if both had the same hazard: in
# proportion to the patients at risk. Observed against expected:

# %%
print(survival.observed_and_expected(lymphoma.assign(stage=stage), "stage").round(1))
statistic, p_value = survival.log_rank(lymphoma, "Stage_group")
print(f"chi-square {statistic:.3f}, p = {p_value:.5f}")
assert np.isclose(statistic, 6.710, atol=5e-4) and np.isclose(p_value, 0.00959, atol=5e-6)
assert np.round(survival.observed_and_expected(lymphoma, "Stage_group")["expected"].tolist(), 1).tolist() == [
    16.7,
    37.3,
]

# %% [markdown]
# Stage III had 8 deaths where 16.7 were expected. And p? It answers one question only: *if stage made no difference*, how often would chance produce a statistic this large or larger? We can play that world: shuffle the
# stages among the patients, again and again, and count.

# %%
shuffled = []
for _ in range(1000):
    dealt = lymphoma.assign(Stage_group=rng.permutation(lymphoma["Stage_group"]))
    shuffled.append(survival.log_rank(dealt, "Stage_group").statistic)
as_large = int(np.sum(np.array(shuffled) >= statistic))
print(f"{as_large} of 1000 shuffled worlds are as extreme as ours; the test says {p_value:.4f}")
assert 0 < as_large < 40

# %% [markdown]
# In about one shuffled world in a hundred. The p-value is **not** the probability that the stages are alike: in every one of these thousand worlds they *were* alike, so that probability was never in play. Nor does it say
# how large the difference is, or that it matters, or that another study will find it (Wasserstein and Lazar, 2016). For the size, give a difference with an interval: here of the **restricted mean**, the days lived on average out of the
# first 340.

# %%
rmst = {name: survival.restricted_mean_interval(df, 340) for name, df in groups.items()}
for name, result in rmst.items():
    print(f"{name}: {result.mean:.0f} of 340 days ({result.low:.0f} to {result.high:.0f})")
gap = rmst["stage III"].mean - rmst["stage IV"].mean
reach = 1.96 * np.hypot(rmst["stage III"].error, rmst["stage IV"].error)
print(f"difference: {gap:.0f} days ({gap - reach:.0f} to {gap + reach:.0f}, 95 % interval)")
assert gap - reach > 0

# %% [markdown]
# A number that a patient can understand, and an interval that tells how little 80 patients know.
#
# ## What to remember
#
# - Who is censored is unknown after that time, not before it; the two extremes bound what is possible.
# - Kaplan and Meier multiply the shares that survive each event time, and events come before censorings at a tie.
# - A curve comes with its band and its numbers at risk; its end is held up by few patients.
# - A small p-value says that the data would be surprising if there were no difference; it is not the chance of "no difference", and not a size.
# - All of it stands on one assumption: that leaving tells nothing of the future.
#
# ## In practice
#
# - **Non-informative censoring** cannot be tested from the table. Ask why patients left. The end of a study is harmless; "too ill to come" is not (Leung, Elashoff and Afifi, 1997).
# - **Competing risks**: who dies of something else cannot have the stroke any more. Counting such deaths as censored makes one minus Kaplan-Meier too large; week 4 comes back to it.
# - **Late entry**: who joins after the start was immune to early events, and must not count as at risk before.
# - The lymphoma patients were treated some fifty years ago, and the table holds no age, sex or origin. No number here is about a patient of today.
#
# ## Further reading
#
# - [Kaplan and Meier, 1958](https://doi.org/10.1080/01621459.1958.10501452): the estimate, with its variance and its assumptions, still readable.
# - [Morris and others, 2019](https://doi.org/10.1136/bmjopen-2019-030215): what should stand on and under a survival curve, and what readers want to see.
# - [Royston and Parmar, 2013](https://doi.org/10.1186/1471-2288-13-152): why the restricted mean is a good summary of a trial.
# - [Wasserstein and Lazar, 2016](https://doi.org/10.1080/00031305.2016.1154108): what p-values are and are not, in six short principles.
