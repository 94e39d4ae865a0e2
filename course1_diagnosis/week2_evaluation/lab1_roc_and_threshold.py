# %% [markdown]
# # Draw an ROC curve by hand, and see what it hides
#
# **What you will do.** You build an ROC curve from eight patients, then judge the *same* score in two groups: one with as many sick as healthy people, one
# with 8 % sick. **You will be able to** read a point of the curve as a threshold, and say which numbers change with the prevalence and which do not.
#
# **You need** about 30 minutes. All patients of this lab are simulated: two overlapping bell curves, so that the truth is known.

# %%
import numpy as np

from labutils import evaluation, plots, plots_evaluation, plots_labs, practice

# %% [markdown]
# ## 1. Walk along eight patients
#
# Sort the patients from the highest score to the lowest, and walk down. Each *sick* patient is one step up (sensitivity grows by 1/4), each *healthy* one
# a step to the right (false alarms grow by 1/4).

# %%
y = np.array([1, 1, 0, 1, 0, 1, 0, 0])
score = np.array([0.95, 0.80, 0.75, 0.60, 0.40, 0.35, 0.20, 0.10])
curve = evaluation.roc_curve(y, score)
for threshold, right, up in zip(curve.thresholds, curve.fpr, curve.tpr, strict=True):
    print(f"flag from {threshold:.2f} on: sensitivity {up:.2f}, false alarms among the healthy {right:.2f}")

# %% [markdown]
# Each line is one point of the curve. Now the picture, with one threshold marked.

# %%
at = int(np.flatnonzero(curve.thresholds == 0.6)[0])
title = "Up for each sick patient, right for each healthy one"
fig = plots_evaluation.curves(
    {"eight patients": (curve.fpr, curve.tpr), "a coin": (np.array([0, 1]), np.array([0, 1]))},
    title=title,
    xlabel="1 − specificity (share of the healthy who are flagged)",
    ylabel="sensitivity (share of the sick who are flagged)",
    marks=[(curve.fpr[at], curve.tpr[at], "flag from 0.60 on")],
)
plots.show(
    fig,
    alt=f"A staircase above the diagonal. {title}. The threshold 0.60 gives ({curve.fpr[at]:.2f}, {curve.tpr[at]:.2f}).",
)

# %% [markdown]
# **Try it.** Count the area below the staircase in squares of 1/4 × 1/4 (16 make up the whole). What is the AUC?
#
# <details><summary>Hint 1: direction</summary>Each healthy patient is a column. How high is the curve there: how many sick patients stand above this healthy one?</details>
# <details><summary>Hint 2: nearly the line</summary>The four healthy patients have 2, 3, 4 and 4 sick ones above them: <code>(2 + 3 + 4 + 4) / 16</code></details>

# %%
### BEGIN SOLUTION
### STUB: area = ...
area = (2 + 3 + 4 + 4) / 16
### END SOLUTION
practice.check(
    "area below the staircase",
    area,
    expected=evaluation.auc(y, score),
    hint="Sick patients above each healthy one, over 16.",
)

# %% [markdown]
# That is the second meaning of the AUC: of the 16 pairs of a sick and a healthy patient, so many are in the right order.
#
# ## 2. Make two groups with the same score
#
# 4,000 people each. The sick have scores around 2, the healthy around 0.8, with the same spread of 1. In the first group half are sick, in the second
# 8 %. Nothing else differs.

# %%
rng = np.random.default_rng(20_271)
groups = {}
for name, share in {"balanced": 0.5, "8 % sick": 0.08}.items():
    labels = (rng.random(4000) < share).astype(int)
    groups[name] = labels, rng.normal(0.8 + 1.2 * labels, 1)
    print(f"{name}: {labels.sum()} of {len(labels)} sick; mean score {groups[name][1].mean():.2f}")

# %% [markdown]
# Look at the second group. The bars of the sick (below the line) are few, but they stand in the same place.

# %%
labels, scores = groups["8 % sick"]
title = f"At a threshold of 2 the {evaluation.false_positives(labels, scores, 2)} false alarms outnumber the {evaluation.true_positives(labels, scores, 2)} hits"
fig = plots_evaluation.two_groups(labels, scores, th=2, title=title, xlabel="score (no unit)", bins=30)
plots.show(fig, alt=f"Histograms of healthy and sick people. {title}.")
assert evaluation.false_positives(labels, scores, 2) > evaluation.true_positives(labels, scores, 2)

# %% [markdown]
# ## 3. Compare the ROC curves
#
# Do the two groups have different curves?

# %%
rocs = {}
for name, (labels, scores) in groups.items():
    curve = evaluation.roc_curve(labels, scores)
    rocs[name] = (curve.fpr, curve.tpr, evaluation.bootstrap_auc(labels, scores, np.arange(4000), 300, 0))
    print(f"{name}: AUC {rocs[name][2].auc:.3f} (95 % interval {rocs[name][2].low:.3f} to {rocs[name][2].high:.3f})")
fig = plots.roc_with_interval(rocs, title="Nearly the same ROC curve, whether 50 % or 8 % are sick", unit="people")
plots.show(
    fig,
    alt=f"Two ROC curves that nearly coincide: AUC {rocs['balanced'][2].auc:.2f} and {rocs['8 % sick'][2].auc:.2f}.",
)
assert rocs["balanced"][2].low < rocs["8 % sick"][2].high and rocs["8 % sick"][2].low < rocs["balanced"][2].high

# %% [markdown]
# No, up to chance. But look at the intervals: where fewer are sick the line is longer, although both groups have 4,000 people. It is the number of the *sick* that counts.
#
# ## 4. Compare everything else
#
# Now every rate at one threshold, with 95 % intervals (Wilson's, since these are unrelated people).

# %%
rows = {}
for name, (labels, scores) in groups.items():
    tp, fp, fn, tn = evaluation.confusion_matrix(labels, scores, 2)
    counts = {
        "sensitivity": (tp, tp + fn),
        "specificity": (tn, tn + fp),
        "PPV": (tp, tp + fp),
        "NPV": (tn, tn + fn),
        "accuracy": (tp + tn, 4000),
    }
    rows[name] = np.array([evaluation.wilson_interval(*pair) for pair in counts.values()])
    print(name, {rate: round(float(value), 2) for rate, value in zip(counts, rows[name][:, 0], strict=True)})
fig = plots_labs.dots_with_interval(
    list(counts),
    rows,
    title="Where fewer are sick, an alarm means less",
    xlabel="rate at a threshold of 2, with 95 % interval",
)
plots.show(
    fig,
    alt=f"Five rates of two groups. PPV {rows['balanced'][2, 0]:.2f} when balanced, {rows['8 % sick'][2, 0]:.2f} with 8 % sick.",
)
assert rows["8 % sick"][2, 2] < rows["balanced"][2, 1] and abs(rows["8 % sick"][1, 0] - rows["balanced"][1, 0]) < 0.05

# %% [markdown]
# Sensitivity and specificity agree; PPV, NPV and accuracy do not. The accuracy even *rises* where the alarm means least.
#
# **Try it.** Predict the PPV with 8 % sick from the *balanced* group alone: its sensitivity, its specificity, and Bayes' rule.
#
# <details><summary>Hint 1: direction</summary>The first two rows of <code>rows["balanced"]</code> are sensitivity and specificity; the first column is the estimate.</details>
# <details><summary>Hint 2: nearly the line</summary><code>evaluation.ppv_from_bayes(rows["balanced"][0, 0], rows["balanced"][1, 0], 0.08)</code></details>

# %%
sensitivity, specificity = rows["balanced"][0, 0], rows["balanced"][1, 0]
### BEGIN SOLUTION
### STUB: predicted_ppv = ...
predicted_ppv = evaluation.ppv_from_bayes(sensitivity, specificity, 0.08)
### END SOLUTION
print(
    f"counted in the group with 8 % sick: {rows['8 % sick'][2, 0]:.3f} ({rows['8 % sick'][2, 1]:.3f} to {rows['8 % sick'][2, 2]:.3f})"
)
by_counts = sensitivity * 8 / (sensitivity * 8 + (1 - specificity) * 92)
practice.check("PPV with 8 % sick", predicted_ppv, expected=by_counts, hint="The prevalence is 0.08, not 8.")

# %% [markdown]
# ## 5. Choose a threshold in each group
#
# A usual recipe takes the threshold with the largest sensitivity + specificity − 1 (**Youden's index**). It treats a miss and a false alarm *per head of its own
# group* alike, whatever they cost and however rare the disease is.

# %%
for name, (labels, scores) in groups.items():
    curve = evaluation.roc_curve(labels, scores)
    best = curve.thresholds[np.argmax(curve.tpr - curve.fpr)]
    cells = evaluation.confusion_matrix(labels, scores, best)
    print(f"{name}: Youden's threshold {best:.2f}; {cells.fp} false alarms for {cells.tp} hits, {cells.fn} missed")

# %% [markdown]
# Similar thresholds, very different work for the clinic.
#
# **Try it.** In the group with 8 % sick, which is the *highest* threshold among 0, 0.5, 1, 1.5, 2, 2.5 that still finds at least 90 % of the sick?
#
# <details><summary>Hint 1: direction</summary>Ask <code>evaluation.get_sensitivity</code> at each of them, from the highest down.</details>
# <details><summary>Hint 2: nearly the line</summary><code>max(t for t in levels if evaluation.get_sensitivity(labels, scores, t) >= 0.9)</code></details>

# %%
labels, scores = groups["8 % sick"]
levels = [0, 0.5, 1, 1.5, 2, 2.5]
### BEGIN SOLUTION
### STUB: chosen = ...
chosen = max(t for t in levels if evaluation.get_sensitivity(labels, scores, t) >= 0.9)
### END SOLUTION
enough = [t for t in levels if np.mean(scores[labels == 1] >= t) >= 0.9]
practice.check(
    "highest threshold that finds 90 %", chosen, expected=enough[-1], hint="Of the sick, 90 % must be at or above it."
)

# %% [markdown]
# ## What to remember
#
# - An ROC curve is a walk down the sorted scores: up for the sick, right for the healthy.
# - It is the same at 50 % and at 8 % sick. PPV, NPV and accuracy are not: carry sensitivity and specificity over, and use Bayes' rule.
# - Intervals depend on the rarer class. And no curve chooses a threshold for you: lab 2 does that with harms.
