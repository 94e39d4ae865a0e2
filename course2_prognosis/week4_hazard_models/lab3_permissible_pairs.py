# %% [markdown]
# # Judge permissible pairs under censoring
#
# You will decide which pairs of patients can be judged, compute Harrell's C by hand and by machine, catch a wrong sign, and see what censoring does to C. **About 25 minutes**, with four steps to try
# yourself.

# %%
import numpy as np
from lifelines.utils import concordance_index
from sksurv.metrics import concordance_index_censored

from labutils import hazards, plots, plots_hazards, plots_labs, practice
from labutils.datasets import load_whas500

# %% [markdown]
# ## 1. Draw the follow-up
#
# Five invented patients. A cross is a death, a ring the last visit of someone who was alive.

# %%
names = ["Ana", "Ben", "Cai", "Dee", "Eli"]
times, died = np.array([3, 5, 5, 7, 9]), np.array([1, 0, 1, 0, 1])
scores = np.array([0.75, 1.0, 0.5, 0.5, 0.25])
fig = plots_hazards.timelines(
    names, times, died, title="Ben is lost at the time when Cai dies", xlabel="years of follow-up (invented)"
)
plots.show(
    fig, alt="Time lines: Ana dies at 3, Ben is censored at 5, Cai dies at 5, Dee is censored at 7, Eli dies at 9."
)

# %% [markdown]
# A pair is permissible if it is known who lived longer. Ana and anybody: yes, Ana died first. Ben and Dee: no, both were lost. Ben and Eli: no, Ben was lost before Eli died.
#
# **Try it.** How many of the ten pairs are permissible? Remember: censored *at* the time of a death means alive at it.
#
# <details><summary>Hint 1: direction</summary>Go through those who died, one by one: who is known to have outlived them?</details>
# <details><summary>Hint 2: nearly the line</summary>Ana: 4. Cai: Ben (alive at 5), Dee, Eli. Eli died last: nobody.</details>

# %%
### BEGIN SOLUTION
### STUB: permissible = ...
permissible = 4 + 3 + 0
### END SOLUTION
practice.check("permissible pairs", permissible, expected=7, hint="Ben was alive when Cai died.")

# %% [markdown]
# **Try it.** Scores are .75, 1, .5, .5, .25; higher means "will die earlier". What is C?
#
# <details><summary>Hint 1: direction</summary>Of the seven pairs: in how many has the one who died first the higher score, in how many are they equal?</details>
# <details><summary>Hint 2: nearly the line</summary>Ana–Cai, Ana–Dee, Ana–Eli and Cai–Eli are concordant, Cai–Dee is a risk tie: <code>(4 + 0.5) / 7</code></details>

# %%
### BEGIN SOLUTION
### STUB: c_by_hand = ...
c_by_hand = (4 + 0.5) / 7
### END SOLUTION
expected = hazards.harrell_c(times, scores, died)
practice.check("C of five patients", c_by_hand, expected=expected, tol=1e-3, hint="A risk tie counts one half.")

# %% [markdown]
# ## 2. Ask three libraries
#
# lifelines wants predicted *survival times*, where higher is better for the patient; scikit-survival wants risks. So the sign differs. A symptom to remember: an index far **below** 0.5.

# %%
ours = hazards.harrell_c(times, scores, died)
lifelines_c = concordance_index(times, -scores, died)
sksurv_c = concordance_index_censored(died.astype(bool), times, scores)[0]
wrong_sign = concordance_index(times, scores, died)
print(f"ours {ours:.4f}, lifelines {lifelines_c:.4f}, scikit-survival {sksurv_c:.4f}; wrong sign {wrong_sign:.4f}")
assert np.isclose(ours, lifelines_c) and np.isclose(ours, sksurv_c) and np.isclose(wrong_sign, 1 - ours)

# %% [markdown]
# ## 3. Measure a real score
#
# The 500 patients after a heart attack (Worcester Heart Attack Study). The score is just the age. How many of all pairs can be judged?

# %%
table = load_whas500()
counts = hazards.count_pairs(table["days"], table["age"], table["died"])
everything = len(table) * (len(table) - 1) // 2
result = hazards.harrell_c_interval(table["days"], table["age"], table["died"], n_boot=500, rng=1)
print(
    f"{counts.permissible} of {everything} pairs are permissible ({counts.permissible / everything:.0%}), {counts.tied} with equal age"
)
print(f"C of age alone: {result.c:.3f} ({result.low:.3f} to {result.high:.3f})")
assert result.low > 0.6

# %% [markdown]
# **Try it.** Compute the same C from `counts`.
#
# <details><summary>Hint 1: direction</summary>Concordant plus half of the tied, divided by the permissible.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(counts.concordant + counts.tied / 2) / counts.permissible</code></details>

# %%
### BEGIN SOLUTION
### STUB: c_of_age = ...
c_of_age = (counts.concordant + counts.tied / 2) / counts.permissible
### END SOLUTION
practice.check(
    "C of age", c_of_age, expected=result.c, tol=1e-4, hint="PairCounts holds permissible, concordant and tied."
)

# %% [markdown]
# ## 4. See what few patients do to it
#
# The same score on ever smaller samples of these patients: where would you dare to call a difference of 0.03?

# %%
rng, sizes = np.random.default_rng(5), [50, 100, 200, 500]
intervals = []
for size in sizes:
    part = table.iloc[rng.permutation(len(table))[:size]]
    intervals.append(hazards.harrell_c_interval(part["days"], part["age"], part["died"], n_boot=300, rng=2))
widths = [one.high - one.low for one in intervals]
title = f"With 50 patients the interval is {widths[0]:.2f} wide, with 500 it is {widths[-1]:.2f}"
fig = plots_labs.dots_with_interval(
    [f"{size} patients" for size in sizes],
    {"age": intervals},
    title=title,
    xlabel="Harrell's C of age, 95 % interval",
    reference=0.5,
)
plots.show(fig, alt=f"Four intervals that shrink with the number of patients. {title}.")
assert widths[0] > 2 * widths[-1]

# %% [markdown]
# A published comparison of two models on 52 patients cannot see a difference of 0.03: the intervals here are many times as wide.
#
# ## 5. Compare two scores on the same patients
#
# Age against heart rate. Do not compare two intervals: resample the patients once and take the difference each time.
#
# **Try it.** Which argument order of `harrell_c_difference` gives "age minus heart rate"? Compute it.
#
# <details><summary>Hint 1: direction</summary>The first scores minus the other scores; the events come after both.</details>
# <details><summary>Hint 2: nearly the line</summary><code>hazards.harrell_c_difference(table["days"], table["age"], table["heart_rate"], table["died"], n_boot=300, rng=3)</code></details>

# %%
### BEGIN SOLUTION
### STUB: gain = ...
gain = hazards.harrell_c_difference(table["days"], table["age"], table["heart_rate"], table["died"], n_boot=300, rng=3)
### END SOLUTION
expected = result.c - hazards.harrell_c(table["days"], table["heart_rate"], table["died"])
difference = gain if gain is ... else gain.c
practice.check("C of age minus C of heart rate", difference, expected=expected, tol=1e-3, hint="Age comes first.")

# %% [markdown]
# ## 6. Change the follow-up, and C moves
#
# Is C a property of the score alone? We simulate 2000 patients with a score whose effect lasts one year: until then the hazard triples with each unit, later it is the same for all (think of the quality of an
# operation). The same patients are followed for ten years or for one. *Invented data.*

# %%
rng = np.random.default_rng(8)
score, drawn = rng.normal(size=2000), rng.exponential(size=2000)
first_year = 0.2 * 3.0**score  # hazard per year, for one year; then 0.2 for everybody
death = np.where(drawn < first_year, drawn / first_year, 1 + (drawn - first_year) / 0.2)
followed = {}
for end in (10, 1):
    followed[end] = hazards.harrell_c_interval(np.minimum(death, end), score, death <= end, n_boot=300, rng=4)
    shown = "{:.3f} ({:.3f} to {:.3f})".format(*followed[end])
    print(f"followed for {end} years: {(death <= end).mean():.0%} dead, C = {shown}")
assert followed[10].high < followed[1].low

# %% [markdown]
# The same score, the same patients, another C, and the intervals do not even touch: a short study judges only pairs with an early death, and here those are the ones that the score knows. So compare two models on
# the *same* patients with the same follow-up, never two published numbers.
#
# **What to remember.** Say how equal times are treated, say which sign the score has, give the interval of the difference, and name the follow-up.
