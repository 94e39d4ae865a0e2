# %% [markdown]
# # Count how often an interval holds the truth
#
# **What you will do.** You invent a world in which the truth is known, send out thousands of studies, and count how often their "95 %" intervals hold it.
# **You will be able to** test any interval by simulation, and name two ways in which a 95 % interval holds the truth far less often than it says.
#
# **You need** about 25 minutes. Everything here is simulated: that is the point, for only then is the truth known.

# %%
import numpy as np

from labutils import evaluation, plots, plots_evaluation, plots_labs, practice

# %% [markdown]
# ## 1. Make a world with a known truth
#
# A test finds a sick patient with probability 0.90. That is the **truth**; real studies never see it. One study tests 20 sick patients and reports how many
# were found.

# %%
truth, n = 0.90, 20
rng = np.random.default_rng(20_281)
found = rng.binomial(n, truth, size=8)
print("eight studies found:", found, "of 20")
for k in found[:3]:
    share, low, high = evaluation.wilson_interval(int(k), n)
    print(f"{k} of {n}: sensitivity {share:.2f}, 95 % interval {low:.2f} to {high:.2f}")

# %% [markdown]
# ## 2. Count one hundred studies
#
# Wilson's interval first, as a picture. Lines that miss the dashed truth are thick and black.

# %%
counts = rng.binomial(n, truth, size=100)
ends = np.array([evaluation.wilson_interval(int(k), n)[1:] for k in counts])
held = int(((ends[:, 0] <= truth) & (truth <= ends[:, 1])).sum())
title = f"{held} of 100 studies hold the truth"
fig = plots_evaluation.many_intervals(*ends.T, truth, title=title, xlabel="sensitivity, with Wilson's 95 % interval")
plots.show(fig, alt=f"A hundred horizontal intervals and a dashed line at {truth}. {title}.")
assert held > 85

# %% [markdown]
# **Try it.** If the method keeps its promise exactly, how many of 100 studies miss the truth on average?
#
# <details><summary>Hint 1: direction</summary>95 % hold it. What is left?</details>
# <details><summary>Hint 2: nearly the line</summary><code>100 * (1 - 0.95)</code></details>

# %%
### BEGIN SOLUTION
### STUB: misses = ...
misses = 100 * (1 - 0.95)
### END SOLUTION
practice.check("studies that miss the truth", misses, expected=5, hint="Five in a hundred.")

# %% [markdown]
# ## 3. Test the interval of the textbook
#
# Many reports use $\hat p \pm 1.96 \sqrt{\hat p (1 - \hat p)/n}$ (**Wald's interval**). By hand, for 20 of 20: the root is 0, so the interval runs from 1 to 1.
# Twenty patients, and no doubt left? Let us count its **coverage**: the share of studies whose interval holds the truth.


# %%
def wald(k, n=n):
    share = k / n
    half = 1.96 * np.sqrt(share * (1 - share) / n)
    return share - half, share + half


coverages = {}
for name, interval in {"Wald": wald, "Wilson": lambda k: evaluation.wilson_interval(int(k), n)}.items():
    result = evaluation.coverage_of_interval(lambda r: r.binomial(n, truth), interval, truth, n_studies=4000, rng=rng)
    coverages[name] = evaluation.wilson_interval(result.covered, result.studies)
    share, low, high = coverages[name]
    print(f"{name}: coverage {share:.3f} ({low:.3f} to {high:.3f}), mean width {result.mean_width:.3f}")
assert wald(20) == (1, 1) and coverages["Wald"].high < 0.9 < coverages["Wilson"].low

# %% [markdown]
# Wald's "95 %" holds the truth in fewer than nine of ten studies; Wilson's keeps its promise. (The coverage is itself an estimate, so it has an interval too.) For shares near 0 or
# 1 and small counts, which is where medicine lives, never use Wald's.

# %% [markdown]
# ## 4. See what happens when one patient has many films
#
# Now the second way. 60 patients, half of them sick, six films each. A film's score is the patient's own level plus a little noise: films of one patient are alike. What
# is the AUC in the whole world? We ask a huge study.


# %%
def study(rng, patients=60, films=6):
    sick = np.arange(patients) % 2
    level = rng.normal(size=patients) + sick
    patient = np.repeat(np.arange(patients), films)
    return sick[patient], level[patient] + 0.4 * rng.normal(size=len(patient)), patient


y_all, score_all, _ = study(rng, patients=40_000, films=1)
auc_truth = evaluation.auc(y_all, score_all)
print(f"AUC in the world: {auc_truth:.3f} (from {len(y_all):,} patients)")

# %% [markdown]
# Two bootstraps: one draws patients with all their films, one draws films as if they were strangers. 300 studies each, 200 resamples in each study.

# %%
ways = {
    "draws patients": lambda s: evaluation.bootstrap_auc(s[0], s[1], s[2], 200, 0),
    "draws films": lambda s: evaluation.bootstrap_auc(s[0], s[1], np.arange(len(s[0])), 200, 0),
}
for name, interval in ways.items():
    result = evaluation.coverage_of_interval(study, interval, auc_truth, n_studies=300, rng=7)
    coverages[name] = evaluation.wilson_interval(result.covered, result.studies)
    share, low, high = coverages[name]
    print(f"{name}: coverage {share:.2f} ({low:.2f} to {high:.2f}), mean width {result.mean_width:.3f}")
assert coverages["draws films"].high < 0.75 and coverages["draws patients"].low > 0.85

# %% [markdown]
# The interval that draws films is handsomely narrow, and holds the truth in fewer than three of four studies. All four methods of this lab side by side:

# %%
fig = plots_labs.dots_with_interval(
    list(coverages),
    {"coverage": [list(value) for value in coverages.values()]},
    title="Two of four “95 %” intervals do not hold what they say",
    xlabel="share of studies whose interval holds the truth",
    reference=0.95,
)
plots.show(
    fig, alt="Coverage of four intervals: " + ", ".join(f"{k} {v.estimate:.2f}" for k, v in coverages.items()) + "."
)

# %% [markdown]
# **Try it.** A report takes the 5th to the 95th percentile of its resamples and calls it a 95 % interval. What share of studies will hold the truth, about?
#
# <details><summary>Hint 1: direction</summary>How much is cut off on both sides together?</details>
# <details><summary>Hint 2: nearly the line</summary><code>0.95 - 0.05</code></details>

# %%
### BEGIN SOLUTION
### STUB: real_level = ...
real_level = 0.95 - 0.05
### END SOLUTION
practice.check("level of the 5th to 95th percentile", real_level, expected=0.9, hint="5 % are cut off at each end.")

# %% [markdown]
# ## 5. Watch the width shrink
#
# More patients make intervals narrower, like $1/\sqrt{n}$; more films of the same patients hardly do.

# %%
sizes = [(30, 1), (120, 1), (480, 1), (30, 4), (30, 16)]
widths = {}
for patients, n_films in sizes:
    results = [evaluation.bootstrap_auc(*study(rng, patients, n_films), 200, rng) for _ in range(30)]
    widths[patients, n_films] = np.mean([result.high - result.low for result in results])
    print(f"{patients} patients with {n_films} films each: mean width {widths[patients, n_films]:.3f}")
assert widths[480, 1] < 0.6 * widths[120, 1] and widths[30, 16] > 0.7 * widths[30, 1]

# %% [markdown]
# **Try it.** 120 patients give a width of about 0.18. Which width do you expect for 1,080 patients?
#
# <details><summary>Hint 1: direction</summary>How many times as many patients are they? Take the root.</details>
# <details><summary>Hint 2: nearly the line</summary><code>0.18 / np.sqrt(1080 / 120)</code></details>

# %%
### BEGIN SOLUTION
### STUB: width = ...
width = 0.18 / np.sqrt(1080 / 120)
### END SOLUTION
practice.check(
    "width with 1,080 patients", width, expected=0.06, tol=0.002, hint="Nine times the patients, a third of the width."
)

# %% [markdown]
# ## What to remember
#
# - 95 % is a promise about a method: count it in a world where you know the truth.
# - Wald's interval breaks it for shares near 0 or 1; drawing films instead of patients breaks it by far.
# - Four times the patients, half the width; more films of the same patients help little.
