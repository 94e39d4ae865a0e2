# %% [markdown]
# # Bootstrap the C-for-benefit, and see why one trial says little
#
# You will compute a C-for-benefit, watch it change with a seed, put an interval on it, and work out how many patients it would take to tell
# a good model from a useless one. **About 25 minutes**, with three steps to try yourself.
#
# Two kinds of data: ACTG 320, a *real* trial (1,151 people, 96 events), and *made-up* trials of any size, where the true benefits are known.

# %%
import numpy as np
from sklearn.linear_model import LogisticRegression

from labutils import effects, plots, plots_effects, practice
from labutils.datasets import load_actg320, simulate_trial

# %% [markdown]
# ## 1. By hand, once
#
# Each **pair** is one control and one treated patient to whom the model promises about the same. Observed benefit: outcome of the control − outcome of the treated.
#
# **Try it.** A control had the event, the treated patient of the pair had not. What is the observed benefit?
#
# <details><summary>Hint 1: direction</summary>Control minus treated; 1 is the event.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 - 0</code></details>

# %%
### BEGIN SOLUTION
### STUB: observed_benefit = ...
observed_benefit = 1 - 0
### END SOLUTION
practice.check(
    "observed benefit", observed_benefit, expected=1, hint="The control had it (1), the treated had not (0)."
)

# %% [markdown]
# Four pairs. Of two pairs with *different* observed benefits, is the one that gained more also promised more?

# %%
pairs = [((0.30, 1), (0.30, 0)), ((0.10, 0), (0.10, 0)), ((0.20, 0), (0.20, 1)), ((0.15, 1), (0.15, 1))]
for control, treated in pairs:
    print(f"promised {control[0]:.2f}, observed {control[1] - treated[1]:2d}")
print(f"C-for-benefit {effects.c_for_benefit_score(pairs):.2f}")

# %% [markdown]
# **Try it.** Pairs two and four have the same observed benefit, so five of the six pairs of pairs are permissible. How many of the five are concordant?
#
# <details><summary>Hint 1: direction</summary>The first pair wins against all three others. The third, observed −1, should be promised least.</details>
# <details><summary>Hint 2: nearly the line</summary>The score is this number over five.</details>

# %%
### BEGIN SOLUTION
### STUB: concordant = ...
concordant = 3
### END SOLUTION
practice.check(
    "concordant pairs of pairs", concordant, expected=round(5 * effects.c_for_benefit_score(pairs)), hint="3 of 5."
)

# %% [markdown]
# ## 2. A real trial, one model, many seeds
#
# Half of ACTG 320 trains a logistic regression with the treatment and products of the treatment with CD4 and age, so that the effect may differ between
# people. The other half is scored. A seed decides *which half*; another, *who of the larger arm is matched*.

# %%
trial = load_actg320()
X = trial[["age", "cd4", "karnofsky", "prior_zdv"]]
X = (X - X.mean()) / X.std()
y, w = trial["outcome"].to_numpy(), trial["TRTMT"].to_numpy()


def with_products(features, treated):
    return np.column_stack([features, treated, features["cd4"] * treated, features["age"] * treated])


def benefits(fit, test):
    model = LogisticRegression(max_iter=1000).fit(with_products(X.iloc[fit], w[fit]), y[fit])
    risk = [model.predict_proba(with_products(X.iloc[test], np.full(len(test), arm)))[:, 1] for arm in (0, 1)]
    return risk[0] - risk[1]


rows = np.random.default_rng(0).permutation(len(X))
fit, test = rows[: len(rows) // 2], rows[len(rows) // 2 :]
told = benefits(fit, test)
print(f"treated in the test half: {w[test].sum()} of {len(test)}, events {y[test].sum()}")
print(f"promised benefit from {told.min():.3f} to {told.max():.3f}")

# %% [markdown]
# First, the model stays as it is and only the matching is drawn again. Then the split changes too.

# %%
matching = [effects.c_statistic(told, y[test], w[test], random_seed=seed) for seed in range(50)]
splits = []
for seed in range(50):
    rows = np.random.default_rng(seed).permutation(len(X))
    fit_s, test_s = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    splits.append(effects.c_statistic(benefits(fit_s, test_s), y[test_s], w[test_s], random_seed=seed))
fig = plots_effects.spread_of_scores(
    {"matching drawn again": np.array(matching), "split drawn again": np.array(splits)},
    title=f"One trial, one kind of model: from {min(splits):.2f} to {max(splits):.2f}",
    xlabel="C-for-benefit (dotted: chance; red: median)",
    reference=0.5,
)
plots.show(
    fig,
    alt=f"Scores: {min(matching):.2f} to {max(matching):.2f} over matchings, {min(splits):.2f} to {max(splits):.2f} over splits.",
)

# %% [markdown]
# How far apart are the luckiest and the unluckiest analyst, who did exactly the same?

# %%
print(f"range over matchings {max(matching) - min(matching):.2f}, over splits {max(splits) - min(splits):.2f}")
assert max(splits) - min(splits) > 0.1

# %% [markdown]
# ## 3. The interval of one split
#
# The bootstrap draws matched pairs with replacement. (It takes model and matching as given; the spread over splits comes on top.)

# %%
predicted, observed = effects.match_pairs(told, y[test], w[test], np.random.default_rng(0))
c = effects.c_for_benefit_interval(predicted, observed, 2000, np.random.default_rng(1))
print(f"{len(observed)} pairs; observed benefit −1, 0, 1: {[int((observed == k).sum()) for k in (-1, 0, 1)]}")
print(f"C-for-benefit {c.c:.3f} (95 % interval {c.low:.3f} to {c.high:.3f})")
assert c.high - c.low > 0.1

# %% [markdown]
# Most pairs show 0, since the event is rare, and say little. The score lives on the few that show −1 or 1.
#
# ## 4. How many patients would it take?
#
# In made-up trials of growing size we score two models: the **true** benefits, and a useless one that promises random numbers. When do
# their intervals part?

# %%
sizes, ends = [300, 1000, 3000, 10_000, 30_000], {"the truth": [], "random numbers": []}
for size in sizes:
    known = simulate_trial(size, np.random.default_rng(36), effect="varies")
    fates, arms = known.table["outcome"], known.table["TRTMT"]
    for name, promise in {"the truth": known.benefit, "random numbers": np.random.default_rng(37).random(size)}.items():
        matched = effects.match_pairs(promise, fates, arms, np.random.default_rng(0))
        ends[name].append(effects.c_for_benefit_interval(*matched, 400, np.random.default_rng(2)))
fig = plots_effects.intervals_by_size(
    sizes,
    ends,
    title="A perfect and a useless model part only with many patients",
    ylabel="C-for-benefit, 95 % interval",
    reference=0.5,
)
plots.show(
    fig,
    alt="Intervals over trial size. "
    + "; ".join(
        f"{n} patients: truth {t.low:.2f} to {t.high:.2f}, random {r.low:.2f} to {r.high:.2f}"
        for n, t, r in zip(sizes, *ends.values(), strict=True)
    ),
)

# %% [markdown]
# Read the widths. They shrink with the root of the number of patients:

# %%
widths = np.array([e.high - e.low for e in ends["the truth"]])
print(dict(zip(sizes, widths.round(3), strict=True)))
ratio = widths[1] / widths[3]
print(f"ten times the patients (1,000 → 10,000): {ratio:.1f} times narrower; the root of ten is {np.sqrt(10):.1f}")
assert 2 < ratio < 5

# %% [markdown]
# **Try it.** With 1,000 patients the interval has the width `widths[1]`. How wide will it be, roughly, with 100,000?
#
# <details><summary>Hint 1: direction</summary>A hundred times the patients: the root of a hundred.</details>
# <details><summary>Hint 2: nearly the line</summary><code>widths[1] / 10</code></details>

# %%
### BEGIN SOLUTION
### STUB: width_100_000 = ...
width_100_000 = widths[1] / 10
### END SOLUTION
practice.check(
    "width with 100,000 patients", width_100_000, expected=widths[1] / 10, tol=1e-3, hint="Divide by the root of 100."
)

# %% [markdown]
# These made-up patients have an event in three of ten and benefits that differ a lot. Trials have rarer events and smaller differences, and need more.
#
# ## What to remember
#
# - A C-for-benefit from some hundred pairs moves by more than a tenth with the split alone. Report its interval and its spread over seeds, never the best one.
# - Rare events leave few informative pairs.
# - To compare two models of benefit takes thousands of patients, or several trials together. Until then say that the data cannot tell.
