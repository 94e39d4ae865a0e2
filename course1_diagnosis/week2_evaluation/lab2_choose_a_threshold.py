# %% [markdown]
# # Choose a threshold by its consequences
#
# **What you will do.** You say what a miss and a false alarm cost, turn that into a threshold, and draw a **decision curve** that shows whether a model is worth
# following. **You will be able to** defend a threshold in words a patient understands, and to say when a model should be ignored.
#
# **You need** about 30 minutes. The biopsies are real (scikit-learn's breast cancer table: 569 women, 212 with cancer). The harms are made up: nobody but those
# concerned can set them.

# %%
import numpy as np

from labutils import datasets, evaluation, plots, plots_evaluation, plots_labs, practice

# %% [markdown]
# ## 1. Look at the scores
#
# `one_measurement` knows the roughness of the cell nuclei only, `naive_bayes` ten measurements. Imagine the biopsy's score decides who gets a second,
# open biopsy: a small operation, needless for the healthy.

# %%
biopsies = datasets.load_biopsy_scores()
y = biopsies.labels["one_measurement"].to_numpy()
rough, bayes = (biopsies.scores[name].to_numpy() for name in ("one_measurement", "naive_bayes"))
print(f"{len(y)} women, {y.sum()} with cancer ({y.mean():.1%})")
for name, score in {"one measurement": rough, "naive Bayes": bayes}.items():
    auc, low, high = evaluation.bootstrap_auc(y, score, np.arange(len(y)), 500, 0)
    print(f"{name}: AUC {auc:.3f} (95 % interval {low:.3f} to {high:.3f}), mean score {score.mean():.2f}")

# %% [markdown]
# ## 2. Turn harms into a threshold
#
# Let a missed cancer cost $h_{FN}$ and a needless operation $h_{FP}$. For a woman with risk $p$, *not* operating costs $p \cdot h_{FN}$ on average, operating costs
# $(1-p) \cdot h_{FP}$. They are equal at $t = h_{FP}/(h_{FP} + h_{FN})$: operate from there on (Pauker and Kassirer, New England Journal of Medicine 1975).
#
# By hand: a miss as bad as four needless operations gives $t = 1/(1+4) = 0.2$.

# %%
for miss in (1, 4, 9, 19):
    t = evaluation.threshold_for_harms(miss=miss, false_alarm=1)
    cells = evaluation.confusion_matrix(y, rough, t)
    print(
        f"a miss is as bad as {miss} false alarms: threshold {t:.2f}, {cells.fn} missed, {cells.fp} operated needlessly"
    )
assert evaluation.threshold_for_harms(miss=4, false_alarm=1) == 0.2

# %% [markdown]
# **The worse a miss, the lower the threshold**: fewer cancers are missed, more women are operated needlessly.
#
# **Try it.** A colleague says: "Treat from a risk of 5 % on." As how many false alarms does one miss count for her?
#
# <details><summary>Hint 1: direction</summary>Solve t = 1 / (1 + miss) for miss.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(1 - 0.05) / 0.05</code></details>

# %%
### BEGIN SOLUTION
### STUB: alarms_per_miss = ...
alarms_per_miss = (1 - 0.05) / 0.05
### END SOLUTION
practice.check("false alarms that weigh as much as a miss", alarms_per_miss, expected=19, hint="(1 − t) / t")

# %% [markdown]
# ## 3. Check that the score is a risk
#
# The threshold 0.2 means "a risk of 20 %". That is only true if the score keeps its promise. Sort the women into bins, and compare.

# %%
curves = {}
for name, score in {"one measurement": rough, "naive Bayes": bayes}.items():
    promise, found, count = evaluation.calibration_table(y, score, 5)
    ends = [evaluation.wilson_interval(round(f * n), n)[1:] for f, n in zip(found, count, strict=True) if n]
    curves[name] = np.column_stack([promise[count > 0], found[count > 0], ends])
    print(f"{name}: women per bin {count}")
fig = plots_labs.reliability(curves, title="Middle scores of both models are off the diagonal")
plots.show(fig, alt="Observed share of cancer against promised probability of two models, with 95 % intervals.")

# %% [markdown]
# Neither is perfect. Naive Bayes says "nearly 0" or "nearly 1" to almost everybody; a few women whom it is nearly sure to be healthy have cancer. A threshold of 0.2 on its scores
# is not a risk of 20 %. So we mend it first: **Platt scaling**, learnt in one fifth of the women after the other on the remaining four fifths.

# %%
fold = np.random.default_rng(5).permutation(len(y)) % 5
mended = np.empty(len(y))
for part in range(5):
    mended[fold == part] = evaluation.platt_scale(y[fold != part], bayes[fold != part], bayes[fold == part])
for name, score in {"naive Bayes": bayes, "mended": mended}.items():
    print(f"{name}: Brier score {evaluation.brier_score(y, score):.3f} (0 is perfect)")
assert evaluation.brier_score(y, mended) < evaluation.brier_score(y, bayes)

# %% [markdown]
# ## 4. Count the net benefit
#
# At threshold $t$, a false alarm is worth $t/(1-t)$ of a hit. The **net benefit** (Vickers and Elkin, Medical Decision Making 2006) counts
#
# $$\text{NB}(t) = \frac{TP}{n} - \frac{FP}{n} \cdot \frac{t}{1-t}$$
#
# in hits per patient, false alarms paid for. By hand: of 100 women 30 are operated with cancer and 20 without, $t = 0.2$: 0.30 − 0.20 · 0.25 = 0.25.
#
# **Try it.** Everybody is operated ("treat all"); 37 of 100 have cancer. What is the net benefit at $t = 0.2$?
#
# <details><summary>Hint 1: direction</summary>Everybody with cancer is a hit, everybody else a false alarm.</details>
# <details><summary>Hint 2: nearly the line</summary><code>0.37 - 0.63 * 0.2 / 0.8</code></details>

# %%
### BEGIN SOLUTION
### STUB: treat_all = ...
treat_all = 0.37 - 0.63 * 0.2 / 0.8
### END SOLUTION
practice.check(
    "net benefit of treating all", treat_all, expected=0.2125, tol=1e-4, hint="A false alarm costs 0.2/0.8 of a hit."
)

# %% [markdown]
# The number is read like this: as good as finding 21 cancers in 100 women without a single false alarm.
#
# ## 5. Draw the decision curves
#
# Both models, and the two answers that need no model, over all thresholds that somebody might reasonably hold.

# %%
grid = np.arange(0.02, 0.8, 0.02)
lines = {"mended naive Bayes": (grid, evaluation.decision_curve(y, mended, grid)["model"])}
rough_curve = evaluation.decision_curve(y, rough, grid)
lines["one measurement"] = (grid, rough_curve["model"].clip(-0.1))
lines["treat all"] = (grid, rough_curve["treat_all"].clip(-0.1))
lines["treat nobody"] = (grid, rough_curve["treat_nobody"])
title = "Ten measurements beat one at every threshold"
fig = plots_evaluation.curves(
    lines,
    title=title,
    xlabel="threshold = risk from which one would operate",
    ylabel="net benefit (hits per woman)",
    limits=None,
)
plots.show(fig, alt=f"Net benefit against threshold for two models, treat all and treat nobody. {title}.")
assert (lines["mended naive Bayes"][1] > rough_curve["model"]).all()

# %% [markdown]
# The weaker model is worth following only where its line lies above *both* straight answers. Where is that?

# %%
best_without = np.maximum(rough_curve["treat_all"], 0)
gain = rough_curve["model"] - best_without
worth = grid[(gain > 0.005).to_numpy()]
print(f"one measurement helps noticeably between thresholds of {worth.min():.2f} and {worth.max():.2f}")
at = int(np.argmin(np.abs(grid - 0.3)))
print(
    f"at 0.30 it saves {100 * gain.iloc[at]:.1f} hits per 100 women over the better of the two answers without a model"
)

# %% [markdown]
# Is that more than luck? An interval for the gain at 0.30, from resampled women (here one biopsy is one patient):


# %%
def gain_at_30(labels, scores):
    everybody = evaluation.net_benefit(labels, np.ones(len(labels)), 0.3)
    return evaluation.net_benefit(labels, scores, 0.3) - max(everybody, 0)


result = evaluation.bootstrap_metric(gain_at_30, y, rough, np.arange(len(y)), n_boot=400, rng=1)
print(f"gain {result.estimate:.3f} (95 % interval {result.low:.3f} to {result.high:.3f}) hits per woman")
assert result.low < result.estimate < result.high

# %% [markdown]
# ## 6. See why accuracy is the wrong guide
#
# Which threshold would you choose by accuracy alone? And what would it cost, if a miss is as bad as nine false alarms?

# %%
accuracy = [evaluation.get_accuracy(y, rough, t) for t in grid]
by_accuracy = grid[int(np.argmax(accuracy))]
for name, t in {"by accuracy": by_accuracy, "by harms": 0.1}.items():
    cells = evaluation.confusion_matrix(y, rough, t)
    print(
        f"{name}, threshold {t:.2f}: {cells.fn} missed, {cells.fp} false alarms, harm {9 * cells.fn + cells.fp} (in false alarms)"
    )
harm = [
    9 * evaluation.false_negatives(y, rough, t) + evaluation.false_positives(y, rough, t) for t in (by_accuracy, 0.1)
]
assert harm[1] < harm[0]

# %% [markdown]
# Accuracy counts a missed cancer and a needless operation alike. Nobody else does.
#
# ## What to remember
#
# - Say the harms first; the threshold follows: $t = h_{FP}/(h_{FP} + h_{FN})$. The worse a miss, the lower the threshold.
# - A threshold on risk needs a score that *is* a risk: check calibration, mend it on other patients.
# - A model must beat "treat all" and "treat nobody" at the thresholds people hold. Give its gain with an interval.
# - These women come from one clinic where 37 % had cancer; in screening, both curves and choices would be others.
