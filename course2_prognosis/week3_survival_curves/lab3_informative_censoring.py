# %% [markdown]
# # Simulate what informative censoring does
#
# Kaplan and Meier's curve assumes that leaving tells nothing of the future. What if it does: if those who feel worse stop coming, or those who feel well? You simulate worlds of which you know the truth, and watch the curve go wrong.
# **About 30 minutes**, with three steps to try yourself, and a slider.
#
# All patients here are **simulated**, but for the last part. Each has a hidden severity: the worse, the earlier the death. The numbers of the simulation are chosen for the lesson and describe no disease.

# %%
import numpy as np
import pandas as pd

from labutils import explore, plots, plots_labs, plots_survival, practice, survival
from labutils.datasets import load_lymphoma

# %% [markdown]
# ## 1. Make a world
#
# Severity z is drawn from a bell curve. The time to death is exponential, with a mean of 12 months divided by $e^{0.8 z}$: z = 1 means 2.2 times the hazard. Everybody's death is known to *us*, so the true share alive at 12 months can be counted in a very large sample.


# %%
def deaths(n, rng):
    severity = rng.normal(size=n)
    return severity, rng.exponential(12, n) * np.exp(-0.8 * severity)


rng = np.random.default_rng(5)
_, time_of_death = deaths(1_000_000, rng)
truth = (time_of_death > 12).mean()
print(f"true share alive at 12 months: {truth:.3f}; hazard at z = 1: {np.exp(0.8):.1f} times that at z = 0")
assert 0.35 < truth < 0.4

# %% [markdown]
# ## 2. Let patients leave
#
# The study closes after 24 months. Before that, patients leave at random times, with a rate that may depend on their severity:
#
# - `link = 0`: leaving has nothing to do with severity (*non-informative*);
# - `link > 0`: the **worse** leave earlier (too ill to come);
# - `link < 0`: the **better** leave earlier (feel cured, move on).


# %%
def study(n, link, rng, rate=0.06):
    severity, death = deaths(n, rng)
    leave = rng.exponential(1 / rate, n) * np.exp(-link * severity)
    leave = np.minimum(leave, 24)
    return pd.DataFrame({"Time": np.minimum(death, leave), "Event": (death <= leave).astype(int)})


one = study(300, 0, rng)
print(
    f"{len(one)} patients, censored {survival.frac_censored(one):.0%}, longest watched {one['Time'].max():.0f} months"
)
assert one["Time"].max() <= 24

# %% [markdown]
# **Try it.** Make a study of 300 patients with `link = 2` and this `generator`, and compute the share that is censored.
#
# <details><summary>Hint 1: direction</summary>Call <code>study</code>, then take the mean of <code>Event == 0</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(study(300, 2, generator)["Event"] == 0).mean()</code></details>

# %%
generator = np.random.default_rng(77)
### BEGIN SOLUTION
### STUB: share_left = ...
share_left = (study(300, 2, generator)["Event"] == 0).mean()
### END SOLUTION
expected = survival.frac_censored(study(300, 2, np.random.default_rng(77)))
practice.check(
    "share censored when the worse leave", share_left, expected=expected, hint="Run the cell again from its first line."
)

# %% [markdown]
# ## 3. Look at three studies
#
# Three large studies (3,000 patients, so that chance plays little part) with the same deaths and different leavers. The thin line is the truth.

# %%
links = {"the better leave": -1.5, "unrelated": 0.0, "the worse leave": 1.5}
studies = {name: study(3000, link, np.random.default_rng(9)) for name, link in links.items()}
months = np.linspace(0, 24, 200)
true_curve = np.append(1.0, [(time_of_death > t).mean() for t in months[1:]])
at_12 = {name: survival.step_at(*survival.HomemadeKM(df), 12) for name, df in studies.items()}
title = "When the worse leave, survival looks better than it is"
fig = plots_survival.survival_curves(studies, title=title, extra={"truth": (months, true_curve)}, unit="months")
said = ", ".join(f"{name} {value:.2f}" for name, value in at_12.items())
plots.show(fig, alt=f"Three curves and the truth. At 12 months: truth {truth:.2f}, {said}.")
assert at_12["the better leave"] < truth < at_12["the worse leave"]

# %% [markdown]
# The bands are narrow, and two of them miss the truth: **an interval measures chance, not bias**. More patients would make it worse, since the band shrinks around the wrong curve. And nothing in the table betrays it: times and events look alike in all
# three.
#
# **Try it.** By how much is S(12) too high when the worse leave? (Percentage points are fine as a share: 0.05 for five points.)
#
# <details><summary>Hint 1: direction</summary>The estimate is in <code>at_12</code>; take away the truth.</details>
# <details><summary>Hint 2: nearly the line</summary><code>at_12["the worse leave"] - truth</code></details>

# %%
### BEGIN SOLUTION
### STUB: bias_worse = ...
bias_worse = at_12["the worse leave"] - truth
### END SOLUTION
expected = survival.step_at(*survival.HomemadeKM(studies["the worse leave"]), 12) - (time_of_death > 12).mean()
practice.check("bias at 12 months", bias_worse, expected=expected, hint="Estimate minus truth.")

# %% [markdown]
# ## 4. Move the link yourself
#
# The slider sets how strongly leaving depends on severity. It starts at 1.5, and in a running notebook the arrow keys move it.


# %%
def picture(link):
    df = study(1000, link, np.random.default_rng(21))
    s = survival.step_at(*survival.HomemadeKM(df), 12)
    words = f"link {link:+.1f}: S(12) = {s:.2f}, truth {truth:.2f}"
    fig = plots_survival.survival_curves(
        {"estimate": df}, title=words, extra={"truth": (months, true_curve)}, unit="months"
    )
    return fig, f"Estimated and true survival, {words}."


explore.show(picture, link=explore.steps(-2, 2, by=0.5, start=1.5, form="{:+.1f}"))

# %% [markdown]
# Five of its positions at 12 months side by side, for those who read this without a kernel:

# %%
still = {}
for link in (-2, -1, 0, 1, 2):
    df = study(1000, link, np.random.default_rng(21))
    steps = *survival.HomemadeKM(df), *survival.greenwood_interval(df, 0.95)[1:]
    still[f"link {link:+d}"] = [survival.step_at(steps[0], part, 12) for part in steps[1:]]
title = "The stronger the link, the further from the truth"
label = "S(12 months) with 95 % interval; dotted: the truth"
fig = plots_labs.dots_with_interval(
    list(still), {"estimate": list(still.values())}, title=title, xlabel=label, reference=truth
)
plots.show(fig, alt=f"Truth {truth:.2f}. S(12): " + ", ".join(f"{name} {s[0]:.2f}" for name, s in still.items()) + ".")
assert [s[0] for s in still.values()] == sorted(s[0] for s in still.values())

# %% [markdown]
# ## 5. Repeat, and count how often the interval is right
#
# One study can be lucky. Repeat each world 200 times with 300 patients: how often does the 95 % interval at 12 months cover the truth?


# %%
def covered(link, rng, repeats=200, n=300):
    hits, estimates = 0, []
    for _ in range(repeats):
        df = study(n, link, rng)
        times, low, high = survival.greenwood_interval(df, 0.95)
        hits += survival.step_at(times, low, 12) <= truth <= survival.step_at(times, high, 12)
        estimates.append(survival.step_at(*survival.HomemadeKM(df), 12))
    return hits / repeats, np.mean(estimates), *np.quantile(estimates, [0.025, 0.975])


coverage = {name: covered(link, rng) for name, link in links.items()}
for name, (share, mean, *_) in coverage.items():
    print(f"{name}: mean estimate {mean:.3f} (truth {truth:.3f}), interval right in {share:.0%} of 200 studies")
assert coverage["unrelated"][0] > 0.9 and max(coverage[name][0] for name in links if name != "unrelated") < 0.8

# %% [markdown]
# Unrelated leaving: the interval keeps its promise, to within the chance of 200 repeats. Informative leaving: it breaks it.
#
# The estimates of the 200 studies as dots with the range of their middle 95 %; the dotted line is the truth.

# %%
fig = plots_labs.dots_with_interval(
    list(links),
    {"Kaplan-Meier": [values[1:] for values in coverage.values()]},
    title="Informative censoring shifts all studies alike",
    xlabel="estimate of S(12 months): mean, and middle 95 % of 200 studies",
    reference=truth,
)
plots.show(
    fig, alt=f"Truth {truth:.2f}. Means: " + ", ".join(f"{name} {v[1]:.2f}" for name, v in coverage.items()) + "."
)

# %% [markdown]
# ## 6. Ask what could be, with real patients
#
# For real patients the link is unknown. But the question *how bad could it be?* has an answer: let the censored lymphoma patients have a hazard k times that of those who stayed, and look at S(180). A simple way: after leaving, each has
# the remaining survival of the curve, raised to the power k. (k = 1 is Kaplan and Meier's assumption.)


# %%
def s_if(df, k, t):
    times, S = survival.HomemadeKM(df)
    lost = df[(df["Event"] == 0) & (df["Time"] <= t)]
    later = (survival.step_at(times, S, t) / survival.step_at(times, S, lost["Time"].to_numpy())) ** k
    return ((df["Time"] > t).sum() + later.sum()) / len(df)


lymphoma = load_lymphoma()
what_if = {k: s_if(lymphoma, k, 180) for k in (0, 0.5, 1, 2, 4)}
print({k: round(float(value), 3) for k, value in what_if.items()})
_, low, high = survival.greenwood_interval(lymphoma, 0.95)
times, S = survival.HomemadeKM(lymphoma)
print(
    f"S(180) = {survival.step_at(times, S, 180):.3f} ({survival.step_at(times, low, 180):.3f} to {survival.step_at(times, high, 180):.3f})"
)
assert np.isclose(what_if[1], survival.step_at(times, S, 180), atol=1e-9)

# %% [markdown]
# **Try it.** What would S(180) be if the censored had *three* times the hazard?
#
# <details><summary>Hint 1: direction</summary>The function above takes k.</details>
# <details><summary>Hint 2: nearly the line</summary><code>s_if(lymphoma, 3, 180)</code></details>

# %%
### BEGIN SOLUTION
### STUB: three_times = ...
three_times = s_if(lymphoma, 3, 180)
### END SOLUTION
practice.check("S(180) with three times the hazard", three_times, expected=s_if(lymphoma, 3.0, 180.0), hint="k is 3.")
assert what_if[0] - what_if[4] < 0.15

# %% [markdown]
# Here even a strong link moves the estimate less than the width of the interval, because few are censored before day 180. Where many leave early, the same exercise can turn a conclusion around. Such a *sensitivity analysis* belongs
# in every report with loss to follow-up.
#
# ## What to remember
#
# - If those who feel worse leave, survival looks too good; if those who feel better leave, too bad.
# - Neither the table nor the interval shows it, and more patients do not help. Ask *why* patients left.
# - Say how far the result could move: bounds (lab 1) or a what-if as here.
