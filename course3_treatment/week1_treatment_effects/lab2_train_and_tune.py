# %% [markdown]
# # Train and tune models of a trial
#
# You will split patients into three parts, tune a decision tree without cheating, measure how much tuning flatters, and build a T-learner
# of tuned trees. **About 25 minutes**, with three steps to try yourself.
#
# The patients are **made up** by a program: a trial in which each one's true risks, with and without treatment, are known. So we can check
# what on real patients can only be hoped.

# %%
import itertools

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from labutils import effects, plots, plots_effects, practice
from labutils.datasets import simulate_trial
from labutils.evaluation import bootstrap_auc

# %% [markdown]
# ## 1. Make three parts
#
# **Training** patients teach the model, **validation** patients choose its settings, **test** patients are looked at once, at the end.

# %%
known = simulate_trial(3000, np.random.default_rng(32), effect="varies")
X, y = known.table.drop(columns="outcome"), known.table["outcome"]
order = np.random.default_rng(33).permutation(len(X))
train, val, test = order[:1200], order[1200:1800], order[1800:]
print({name: len(rows) for name, rows in {"train": train, "validation": val, "test": test}.items()})
print(f"event rates: {y.iloc[train].mean():.3f}, {y.iloc[val].mean():.3f}, {y.iloc[test].mean():.3f}")
assert not set(train) & set(test) and not set(val) & set(test)

# %% [markdown]
# Here each row is another patient, so a split of rows is a split of patients. (With several rows per patient, split by patient: course 1, week 1.)
#
# ## 2. Turn one knob
#
# How deep may a tree grow? The deeper, the better it knows the training patients by heart.

# %%
depths, aucs = [1, 2, 3, 4, 6, 8, 12], {"training": [], "validation": []}
for depth in depths:
    tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X.iloc[train], y.iloc[train])
    for name, rows in {"training": train, "validation": val}.items():
        aucs[name].append(roc_auc_score(y.iloc[rows], tree.predict_proba(X.iloc[rows])[:, 1]))
fig = plots_effects.lines(
    np.array(depths),
    {name: np.array(values) for name, values in aucs.items()},
    title=f"Training rises to {aucs['training'][-1]:.2f}; validation turns at depth {depths[int(np.argmax(aucs['validation']))]}",
    xlabel="largest depth of the tree",
    ylabel="area under the ROC curve",
    reference=0.5,
)
plots.show(
    fig,
    alt=f"AUC over depth: training up to {aucs['training'][-1]:.2f}, validation at most {max(aucs['validation']):.2f}.",
)

# %% [markdown]
# Both curves rise at first: the tree learns what is common to all patients. Then only the training curve goes on. The gap between the two
# is what the tree learnt by heart, of patients whom it will never meet again.

# %%
gap = aucs["training"][-1] - aucs["validation"][-1]
print(f"gap at depth {depths[-1]}: {gap:.2f}; at depth 2: {aucs['training'][1] - aucs['validation'][1]:.2f}")
assert gap > 0.2

# %% [markdown]
# ## 3. Turn several knobs
#
# A grid search tries all combinations. **Try it.** How many models does this grid ask for?
#
# <details><summary>Hint 1: direction</summary>Every depth with every leaf size with every criterion.</details>
# <details><summary>Hint 2: nearly the line</summary>Multiply the lengths of the three lists.</details>

# %%
grid = {
    "max_depth": [2, 3, 4, 6],
    "min_samples_leaf": [5, 20, 60],
    "criterion": ["gini", "entropy"],
    "random_state": [0],
}
### BEGIN SOLUTION
### STUB: n_models = ...
n_models = 4 * 3 * 2
### END SOLUTION
practice.check(
    "models to fit", n_models, expected=len(list(itertools.product(*grid.values()))), hint="4, 3 and 2 values."
)

# %% [markdown]
# `holdout_grid_search` of `labutils.effects` (you write your own in the assignment) fits them all and keeps the best on the validation patients.

# %%
best, settings = effects.holdout_grid_search(
    DecisionTreeClassifier, X.iloc[train], y.iloc[train], X.iloc[val], y.iloc[val], grid
)
print("best settings:", settings)
for name, rows in {"training": train, "validation": val, "test": test}.items():
    auc = bootstrap_auc(y.iloc[rows], best.predict_proba(X.iloc[rows])[:, 1], rows, 500, np.random.default_rng(0))
    print(f"{name:10s} AUC {auc.auc:.3f} (95 % interval {auc.low:.3f} to {auc.high:.3f})")

# %% [markdown]
# The validation AUC is the *largest of 24*, so it flatters, on average if not in every split: choosing is a kind of fitting. How much? Take settings that are all worthless, scores from
# a random generator, and choose the best of 24.

# %%
rng = np.random.default_rng(34)
luck = [max(roc_auc_score(y.iloc[val], rng.random(len(val))) for _ in range(24)) for _ in range(60)]
print(f"best of 24 worthless scores: AUC {np.mean(luck):.3f} on average, up to {max(luck):.3f}")
assert np.mean(luck) > 0.52

# %% [markdown]
# So report the **test** patients, who took no part in the choice. They are a mirror that you may look into once: whoever goes back to the grid
# after seeing the test result has made them validation patients.
#
# **Try it.** A colleague tunes on the test patients "to save data" and reports that AUC. Is the reported number, on average, too high, too low or right?
# Write `"high"`, `"low"` or `"right"`.
#
# <details><summary>Hint 1: direction</summary>It is the largest of many.</details>
# <details><summary>Hint 2: nearly the line</summary>What did the best of 24 worthless scores get, where 0.5 is the truth?</details>

# %%
### BEGIN SOLUTION
### STUB: reported_is = ...
reported_is = "high"
### END SOLUTION
practice.check(
    "the reported AUC is too", reported_is, expected="high", hint="The largest of many is flattered by luck."
)

# %% [markdown]
# ## 4. Tune one model for each arm
#
# A T-learner needs two models. Each is tuned on *its own arm*: what is best for the controls need not be best for the treated.

# %%
parts = effects.treatment_dataset_split(X.iloc[train], y.iloc[train], X.iloc[val], y.iloc[val])
treated_tree, treated_settings = effects.holdout_grid_search(DecisionTreeClassifier, *parts[:4], grid)
control_tree, control_settings = effects.holdout_grid_search(DecisionTreeClassifier, *parts[4:], grid)
print("treated:", treated_settings)
print("controls:", control_settings)
assert "TRTMT" not in parts[0]

# %% [markdown]
# And how good are the *benefits*? Each arm's model may rank risks well, and their difference be poor, since the errors of both come together in it. In made-up
# patients we can look.

# %%
X_test, truth = X.iloc[test].drop(columns="TRTMT"), known.benefit[test]
logistic = [LogisticRegression(max_iter=2000).fit(parts[k], parts[k + 1]) for k in (0, 4)]
told = {
    "trees": effects.TLearner(treated_tree, control_tree).predict(X_test),
    "logistic": effects.TLearner(*logistic).predict(X_test),
    "the same for all": np.full(len(test), known.benefit[train].mean()),
}
off = {name: np.abs(benefit - truth).mean() for name, benefit in told.items()}
print({name: round(value, 3) for name, value in off.items()})
assert off["logistic"] < off["the same for all"], "the right kind of model should beat one number for all"

# %% [markdown]
# The picture shows why: trees answer in steps.

# %%
fig = plots_effects.truth_and_prediction(
    truth, told["trees"], title=f"T-learner of tuned trees: off by {off['trees']:.3f} on average"
)
plots.show(
    fig,
    alt=f"Predicted against true benefit in steps; the trees are off by {off['trees']:.3f}, logistic models by {off['logistic']:.3f}.",
)

# %% [markdown]
# ## What to remember
#
# - Three parts: fit on the first, choose on the second, report the third.
# - The best of many validation results is flattered, the more so the more you try and the fewer the patients.
# - A good AUC in each arm does not make a good difference between the arms; the kind of model matters more than its tuning.
