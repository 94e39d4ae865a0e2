# %% [markdown]
# # Permute a column, and see what a model loses
#
# You will shuffle a column by hand, count what that costs, see how many shuffles are enough, and find out why the question must be put to patients whom the model has not met. **About 25 minutes**, with four
# steps to try yourself.
#
# The patients are *real*: the Worcester Heart Attack Study, 500 people after a heart attack, as it comes with scikit-survival. The question: dead within a year? One row is one patient.

# %%
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from labutils import interpretation, plots, plots_effects, plots_labs, practice
from labutils.datasets import died_within, load_whas500
from labutils.forests import cindex

# %% [markdown]
# ## 1. Look first
#
# A feature of pure noise goes in on purpose: an honest measure must find it worthless.

# %%
heart = load_whas500()
heart["died_in_a_year"] = died_within(heart["days"] / 365.25, heart["died"] == 1, 1)
heart["noise"] = np.random.default_rng(1).normal(size=len(heart))
columns = ["age", "heart_rate", "systolic", "bmi", "heart_failure", "noise"]
rows = np.random.default_rng(2).permutation(len(heart))
fit, test = heart.iloc[rows[:250]], heart.iloc[rows[250:]]
X_fit, X_test = fit[columns], test[columns]
y_fit, y_test = (part["died_in_a_year"].to_numpy(dtype=int) for part in (fit, test))
print(X_fit.describe().loc[["mean", "min", "max"]].round(1))
print(f"died within a year: {y_fit.sum()} of {len(y_fit)} for training, {y_test.sum()} of {len(y_test)} for testing")
assert heart["died_in_a_year"].notna().all()

# %% [markdown]
# ## 2. Shuffle one column by hand
#
# A logistic regression first. Its C-index (area under the ROC curve) on the test patients is the baseline.

# %%
line = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_fit, y_fit)
baseline = cindex(y_test, line.predict_proba(X_test)[:, 1])
draw = np.random.default_rng(3)
shuffled = X_test.copy()
shuffled["age"] = draw.permutation(X_test["age"].to_numpy())
after = cindex(y_test, line.predict_proba(shuffled)[:, 1])
print(f"C-index {baseline:.3f}, with age shuffled {after:.3f}")
assert sorted(shuffled["age"]) == sorted(X_test["age"]) and after < baseline

# %% [markdown]
# **Try it.** What is the importance of age, by this one shuffle? Mind the sign: a column that helps has a positive one.
#
# <details><summary>Hint 1: direction</summary>How much is lost?</details>
# <details><summary>Hint 2: nearly the line</summary>`baseline` minus `after`.</details>

# %%
### BEGIN SOLUTION
### STUB: lost = ...
lost = baseline - after
### END SOLUTION
practice.check("importance of age by one shuffle", lost, expected=baseline - after, hint="baseline − after.")

# %% [markdown]
# A trap, while we are here. pandas puts values back beside their index labels when a *Series* is assigned:

# %%
trap = X_test.copy()
trap["age"] = X_test["age"].sample(frac=1, random_state=0)  # shuffled? look
print("rows whose age changed:", int((trap["age"] != X_test["age"]).sum()), "of", len(trap))
assert trap.equals(X_test), "nothing was shuffled at all"

# %% [markdown]
# No error, no warning, and an importance of exactly 0 for every column. `.to_numpy()` takes the labels off.
#
# ## 3. Ask how many shuffles are enough
#
# One shuffle is a toss. Repeat it, and watch the running mean.

# %%
losses = []
for _ in range(200):
    table = interpretation.permute_feature(X_test, "age", rng=draw)
    losses.append(baseline - cindex(y_test, line.predict_proba(table)[:, 1]))
losses = np.array(losses)
counts = np.arange(1, 201)
fig = plots_effects.lines(
    counts,
    {"mean of the first K shuffles": np.cumsum(losses) / counts},
    title=f"Single shuffles say {losses.min():.2f} to {losses.max():.2f}, their mean settles at {losses.mean():.3f}",
    xlabel="K, number of shuffles",
    ylabel="importance of age (C-index)",
)
plots.show(
    fig, alt=f"Running mean of 200 shuffles, settling at {losses.mean():.3f}; standard deviation {losses.std():.3f}."
)

# %% [markdown]
# The mean of K shuffles scatters by the standard deviation of one, over √K.
#
# **Try it.** What is the smallest number of shuffles that brings the standard error down to a tenth of the standard deviation of one?
#
# <details><summary>Hint 1: direction</summary>√K must be ten or more.</details>
# <details><summary>Hint 2: nearly the line</summary>10 squared.</details>

# %%
### BEGIN SOLUTION
### STUB: enough = ...
enough = 100
### END SOLUTION
practice.check("shuffles that are enough", enough, expected=100, hint="1/√K ≤ 1/10.")

# %% [markdown]
# But shuffles are only one source of doubt. *Which patients* are in the test table matters more, and no number of shuffles helps against that. Intervals from resampled patients:

# %%
worth = interpretation.permutation_interval(X_test, y_test, line, cindex, num_samples=20, n_boot=300)
by_shuffles = losses.std() / np.sqrt(20)
by_patients = (worth.loc["age", "high"] - worth.loc["age", "low"]) / (2 * 1.96)
print(worth.round(3))
print(f"age: standard error by 20 shuffles {by_shuffles:.4f}, by patients {by_patients:.4f}")
assert by_patients > by_shuffles and worth.loc["noise", "low"] < 0.01

# %% [markdown]
# ## 4. Ask the right patients
#
# A forest of deep trees learns its training patients by heart. What does it think of the noise, asked on the patients it was trained on, and on others? The score here is one minus the mean squared distance between promise and outcome (one minus the Brier score):
# the C-index of such a forest on its training patients is 1 whatever it does.


# %%
def promise_kept(y, pred):
    return 1 - float(np.mean((y - pred) ** 2))


forest = RandomForestClassifier(200, random_state=0).fit(X_fit, y_fit)
asked = {
    name: interpretation.permutation_interval(X, y, forest, promise_kept, num_samples=5, n_boot=100)
    for name, X, y in (("training patients", X_fit, y_fit), ("test patients", X_test, y_test))
}
noise = {name: table.loc["noise", "importance"] for name, table in asked.items()}
assert asked["training patients"].loc["noise", "low"] > 0.01 > noise["test patients"]
fig = plots_labs.dots_with_interval(
    columns,
    {name: table.to_numpy() for name, table in asked.items()},
    title=f"Noise: {noise['training patients']:+.3f} on training patients, {noise['test patients']:+.3f} on others",
    xlabel="loss of 1 − Brier score, with 95 % interval",
    reference=0,
)
plots.show(
    fig,
    alt="Importances asked on training and on test patients; noise "
    + ", ".join(f"{name} {value:+.3f}" for name, value in noise.items())
    + ".",
)

# %% [markdown]
# On its training patients the forest needs the noise as it needs a heart rate, with an interval far from 0: it *used* the noise to tell them apart. That is true, and useless. On others hardly anything is left.
#
# **Try it.** A colleague reports that "room number" is important for a forest: permutation importance 0.02 (0.01 to 0.03), computed on the training table. What do you ask her to do: `"test patients"`, `"more shuffles"` or `"more trees"`?
#
# <details><summary>Hint 1: direction</summary>What did the noise look like on the training patients?</details>
# <details><summary>Hint 2: nearly the line</summary>More shuffles narrow the wrong interval.</details>

# %%
### BEGIN SOLUTION
### STUB: ask_for = ...
ask_for = "test patients"
### END SOLUTION
practice.check("ask for", ask_for, expected="test patients", hint="It has to be asked on patients the model never met.")

# %% [markdown]
# ## 5. Change the metric, change the answer
#
# Importance has the unit of the metric. The C-index looks at ranks alone; the share of right yes-or-no answers at one threshold sees something else.


# %%
def share_right(y, pred):
    return float(np.mean((pred >= 0.5) == (y == 1)))


both = pd.DataFrame(
    {
        "C-index": interpretation.permutation_importance(X_test, y_test, line, cindex, 30, rng=1).loc["importance"],
        "share right": interpretation.permutation_importance(X_test, y_test, line, share_right, 30, rng=1).loc[
            "importance"
        ],
    }
)
print(both.round(3))
assert both["C-index"].idxmax() == "age" and abs(both.loc["noise"]).max() < 0.03

# %% [markdown]
# Before you say "important", say: for which model, on whom, by which metric. **Try it.** Which column has the second largest importance by the C-index?
#
# <details><summary>Hint 1: direction</summary>`sort_values`, then the second name.</details>
# <details><summary>Hint 2: nearly the line</summary>`both["C-index"].sort_values().index[-2]`</details>

# %%
### BEGIN SOLUTION
### STUB: second = ...
second = both["C-index"].sort_values().index[-2]
### END SOLUTION
practice.check("the second column", second, expected=both["C-index"].nlargest(2).index[1], hint="Sort by importance.")

# %% [markdown]
# ## What to remember
#
# - Take the labels off before you write a shuffled column back, and never shuffle the table that you were given.
# - A hundred shuffles settle the mean; the interval is about patients.
# - Ask on patients whom the model has not met, or noise becomes important.
# - An importance belongs to a model, to people and to a metric.
