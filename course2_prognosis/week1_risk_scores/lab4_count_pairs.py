# %% [markdown]
# # Count pairs by hand
#
# You will take the C-index apart: sort pairs into concordant, tied and not permissible, meet the traps, and count a hundred thousand patients
# in the time of a blink. **About 20 minutes**, with four steps to try yourself.
#
# The patients are made up. The idea comes from Harrell and others, *JAMA* 1982;247:2543-2546.

# %%
import time

import numpy as np
import pandas as pd

from labutils import plots, plots_labs, plots_risk, practice
from labutils.risk import cindex, count_pairs
from labutils.risk_intervals import cindex_interval

# %% [markdown]
# ## 1. Find the permissible pairs
#
# Six patients; 1 = got the outcome. A pair is permissible if one got it and the other did not.

# %%
ward = pd.DataFrame(
    {"outcome": [1, 0, 1, 0, 0, 1], "score": [0.75, 0.5, 0.5, 0.25, 0.75, 0.625]},
    index=["Ada", "Ben", "Cleo", "Dan", "Eve", "Fay"],
)
print(f"{len(ward)} patients, {len(ward) * 5 // 2} pairs in all")
ward

# %% [markdown]
# **Try it.** How many of the 15 pairs are permissible? Multiply, do not list.
#
# <details><summary>Hint 1: direction</summary>Every patient with the outcome meets every patient without it, once.</details>
# <details><summary>Hint 2: nearly the line</summary><code>3 * 3</code>: three with, three without.</details>

# %%
### BEGIN SOLUTION
### STUB: permissible = ...
permissible = (ward["outcome"] == 1).sum() * (ward["outcome"] == 0).sum()
### END SOLUTION
practice.check("permissible pairs", permissible, expected=9, hint="Those with the outcome times those without.")

# %% [markdown]
# Here they are, each with its credit: 1 for concordant, ½ for a tie, 0 for discordant.

# %%
sides = {k: dict(ward.loc[ward["outcome"] == k, "score"]) for k in (1, 0)}
pairs = count_pairs(ward["outcome"], ward["score"])
assert pairs.concordant + pairs.discordant + pairs.ties == pairs.permissible == 9
fig = plots_risk.pair_grid(
    sides[1],
    sides[0],
    title=f"Nine pairs: {pairs.concordant} concordant, {pairs.ties} ties, {pairs.discordant} discordant",
)
plots.show(
    fig,
    alt=f"Grid of nine pairs with credits: {pairs.concordant} concordant, {pairs.ties} ties, {pairs.discordant} discordant.",
)

# %% [markdown]
# **Try it.** Add the credits up and divide by the pairs.
#
# <details><summary>Hint 1: direction</summary>One for each concordant pair, one half for each tie.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(pairs.concordant + pairs.ties / 2) / 9</code></details>

# %%
### BEGIN SOLUTION
### STUB: c = ...
c = (pairs.concordant + pairs.ties / 2) / 9
### END SOLUTION
practice.check(
    "C-index of the ward", c, expected=cindex(ward["outcome"], ward["score"]), tol=1e-6, hint="A tie is half a credit."
)

# %% [markdown]
# ## 2. Write it as two loops
#
# The definition, word for word. Slow, and impossible to misread: keep such a version to test any fast one against.


# %%
def by_loops(outcomes, scores):
    credit, pairs = 0.0, 0
    for outcome, score in zip(outcomes, scores, strict=True):
        for other, other_score in zip(outcomes, scores, strict=True):
            if outcome == 1 and other == 0:
                pairs += 1
                credit += 1.0 if score > other_score else 0.5 if score == other_score else 0.0
    return credit / pairs if pairs else float("nan")


rng = np.random.default_rng(41)
y = (rng.random(300) < 0.3).astype(int)
scores = np.round(rng.normal(size=300) + y, 1)
assert np.isclose(by_loops(y, scores), cindex(y, scores))
print(
    f"loops {by_loops(y, scores):.4f}, library {cindex(y, scores):.4f}; ties among the pairs: {count_pairs(y, scores).ties}"
)

# %% [markdown]
# ## 3. Step into three traps
#
# **Sign.** Some libraries want a score that is higher for those who live *longer*. Turn the scores around and C becomes 1 − C: a value of 0.2 is not a
# bad model, it is a good one read backwards.
#
# **Try it.** What is the C-index of `-scores`, from that of `scores` alone?
#
# <details><summary>Hint 1: direction</summary>Concordant pairs become discordant and the other way round; ties stay ties.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 - cindex(y, scores)</code></details>

# %%
### BEGIN SOLUTION
### STUB: turned = ...
turned = 1 - cindex(y, scores)
### END SOLUTION
practice.check("C-index of the turned scores", turned, expected=cindex(y, -scores), tol=1e-9, hint="What is left to 1?")

# %% [markdown]
# **Ties.** A score with few steps ties many pairs. Count a tie as a full credit, or leave it out, and the value moves. A model that says the
# same to everybody must get 0.5.

# %%
rows = []
for steps in (1, 2, 4, 10, 1000):
    coarse = np.floor(steps * (scores - scores.min()) / (np.ptp(scores) + 1e-9))
    found = count_pairs(y, coarse)
    full, untied = (found.concordant + found.ties) / found.permissible, found.permissible - found.ties
    left_out = found.concordant / untied if untied else np.nan
    rows.append((steps, found.ties / found.permissible, cindex(y, coarse), full, left_out))
traps = pd.DataFrame(
    rows, columns=["steps of the score", "share of ties", "C (ties ½)", "ties counted fully", "ties left out"]
)
assert traps.loc[0, "C (ties ½)"] == 0.5 and traps.loc[0, "ties counted fully"] == 1
traps.round(3)

# %% [markdown]
# In the first row everybody has the same score: half credit says 0.5, full credit calls it perfect, and without ties no pair is left.
#
# **One outcome only.** Without a permissible pair there is nothing to divide by: C is not 0 and not 0.5, it is undefined.

# %%
print("everybody got the outcome:", cindex([1, 1, 1], [0.25, 0.5, 0.75]))
assert np.isnan(cindex([1, 1, 1], [0.25, 0.5, 0.75])) and np.isnan(cindex([], []))

# %% [markdown]
# ## 4. Count without comparing everybody
#
# Two loops over n patients make n² steps: for 100,000 patients, ten thousand million. The way out: **sort** the scores of those without the outcome
# once; then for each patient with it a binary search tells how many lie below. That is n log n steps.

# %%
without = np.array([0.25, 0.5, 0.5, 0.75])
place = {
    score: (np.searchsorted(without, score, "left"), np.searchsorted(without, score, "right")) for score in (0.6, 0.5)
}
for score, (left, right) in place.items():
    print(f"score {score}: {left} of {len(without)} lie below (concordant), {right - left} are tied")
assert place[0.5] == (1, 3)

# %% [markdown]
# **Try it.** A patient with the outcome has the score 0.75. Which credit do they collect against these four?
#
# <details><summary>Hint 1: direction</summary>Three lie below, one is tied.</details>
# <details><summary>Hint 2: nearly the line</summary><code>3 + 0.5</code></details>

# %%
### BEGIN SOLUTION
### STUB: credit = ...
credit = 3 + 0.5
### END SOLUTION
practice.check("credit of 0.75", credit, expected=3.5, hint="One for each below, a half for the tie.")

# %% [markdown]
# How long do the two ways take? (The times are those of your machine, now.)

# %%
seconds = {}
for n in (500, 1000, 100_000):
    y_n = (rng.random(n) < 0.3).astype(int)
    s_n = rng.normal(size=n) + y_n
    for name, way in {"two loops": by_loops, "sort and search": cindex}.items():
        if name == "two loops" and n > 1000:
            continue
        start = time.perf_counter()
        way(y_n, s_n)
        seconds[name, n] = time.perf_counter() - start
for (name, n), took in seconds.items():
    print(f"{name}, {n:,} patients: {1000 * took:.1f} ms")
assert seconds["sort and search", 1000] < seconds["two loops", 1000]

# %% [markdown]
# Twice the patients, four times the loops: 100,000 patients would keep the loops busy for about 10,000 times as long as 1,000 do.
#
# ## 5. Put the interval beside it
#
# A C-index is a share of pairs, but pairs are no independent witnesses: each patient is in many. What counts is the number of *patients* on the
# smaller side. 1,000 patients each, fewer and fewer of them with the outcome:

# %%
table = []
for events in (500, 100, 20, 5):
    y_n = np.repeat([1, 0], [events, 1000 - events])
    table.append((events, *cindex_interval(y_n, rng.normal(size=1000) + 1.2 * y_n)))
width = {events: high - low for events, _, low, high in table}
fig = plots_labs.dots_with_interval(
    [f"{row[0]} of 1,000 with the outcome" for row in table],
    {"C-index": [row[1:] for row in table]},
    title="The rarer the outcome, the wider the interval",
    xlabel="C-index with 95 % interval",
    reference=0.5,
)
plots.show(
    fig,
    alt="C-index with interval by number of outcomes; widths "
    + ", ".join(f"{w:.2f} with {e}" for e, w in width.items())
    + ".",
)
assert width[20] > 2 * width[500]

# %% [markdown]
# A thousand patients sound like many. With 5 outcomes among them, hardly anything is known.
#
# ## What to remember
#
# - Permissible: one with, one without. Concordant 1, tie ½, divided by all permissible pairs; none gives NaN.
# - Check the direction of the score before you judge the value.
# - Keep the slow version as the judge of the fast one. Count the outcomes before you believe a C-index.
