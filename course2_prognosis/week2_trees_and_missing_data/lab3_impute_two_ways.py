# %% [markdown]
# # Impute two ways and look at the bias
#
# You will take values away by three known rules, fill them in two ways, and see which questions survive which filling. **About 30 minutes**, with three steps to try yourself.
#
# The people are real (the free light chain cohort, complete cases only, so that we know every value); the gaps are ours, made from a seed.

# %%
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

from labutils import forests, masks, missing, plots, plots_labs, plots_missing, practice
from labutils.datasets import died_within, load_flchain

# %% [markdown]
# ## 1. Know the truth first
#
# Three questions about `kappa`, whose answers we can compute because nothing is missing yet: its **mean**, its **spread** (standard deviation), and its **tie to lambda** (correlation).

# %%
people = load_flchain()
people["died"] = died_within(people["years"], people["death"])
features = ["age", "female", "creatinine", "kappa", "lambda", "mgus"]
whole = people.dropna(subset=[*features, "died"])
whole = whole.iloc[np.random.default_rng(17).permutation(len(whole))].reset_index(drop=True)
table = whole[features]


def three_answers(frame):
    return np.array([frame["kappa"].mean(), frame["kappa"].std(), frame["kappa"].corr(frame["lambda"])])


truth = three_answers(table)
print(
    f"{len(table)} people; mean {truth[0]:.3f} mg/dL, sd {truth[1]:.3f} mg/dL, correlation with lambda {truth[2]:.3f}"
)
assert table.notna().all(axis=None)

# %% [markdown]
# ## 2. Take values away
#
# The same share, 40 %, by three rules: by chance; at random given age (here the *old* lose theirs more often, say because they could not come); and not at random (high values get lost).

# %%
rules = {
    "MCAR": {"rule": "MCAR"},
    "MAR": {"rule": "MAR", "given": "age", "strength": 1.5},
    "MNAR": {"rule": "MNAR", "strength": 1.5},
}
gaps = {name: masks.make_missing(table, "kappa", share=0.4, rng=1, **options) for name, options in rules.items()}
for name, frame in gaps.items():
    print(
        f"{name:>5}: {frame['kappa'].isna().mean():.1%} missing, mean of what is left {frame['kappa'].mean():.3f} mg/dL"
    )
assert all(0.36 < frame["kappa"].isna().mean() < 0.44 for frame in gaps.values())

# %% [markdown]
# **Try it.** What is the bias of the mean under MAR if we simply drop people: the mean of what is left minus the true mean (`truth[0]`)?
#
# <details><summary>Hint 1: direction</summary>pandas' mean passes over NaN, so the mean of the column is that of what is left.</details>
# <details><summary>Hint 2: nearly the line</summary><code>gaps["MAR"]["kappa"].mean() - truth[0]</code></details>

# %%
### BEGIN SOLUTION
### STUB: bias_of_dropping = ...  # in mg/dL
bias_of_dropping = gaps["MAR"]["kappa"].mean() - truth[0]
### END SOLUTION
left = gaps["MAR"].dropna()
practice.check(
    "bias of dropping under MAR (mg/dL)",
    bias_of_dropping,
    expected=left["kappa"].mean() - table["kappa"].mean(),
    hint="Left minus truth.",
)

# %% [markdown]
# Below 0: old people have more kappa, and the old were lost.
#
# ## 3. Fill in two ways
#
# `mean_impute` gives everybody the mean; `iterative_impute` regresses kappa on the other columns. Both would learn from training people only; here there is one table, so it stands for all three.
#
# **Try it.** Fill `gaps["MAR"]` with the mean and give the standard deviation of kappa afterwards.
#
# <details><summary>Hint 1: direction</summary>Call <code>missing.mean_impute</code> with the same frame three times and take <code>.train</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>missing.mean_impute(*[gaps["MAR"]] * 3).train["kappa"].std()</code></details>

# %%
### BEGIN SOLUTION
### STUB: spread_after = ...  # standard deviation, mg/dL
spread_after = missing.mean_impute(*[gaps["MAR"]] * 3).train["kappa"].std()
### END SOLUTION
by_hand = gaps["MAR"]["kappa"].fillna(gaps["MAR"]["kappa"].mean()).std()
practice.check(
    "sd after mean imputation (mg/dL)",
    spread_after,
    expected=by_hand,
    hint="The frame three times, .train, the column, .std().",
)
print(f"true sd {truth[1]:.3f} mg/dL")

# %% [markdown]
# The spread has shrunk. Now all rules and all ways at once, ten masks each, so that luck averages out.


# %%
def filled(frame):
    return {
        "drop": frame.dropna(),
        "mean": missing.mean_impute(frame, frame[:1], frame[:1]).train,
        "iterative": missing.iterative_impute(frame, frame[:1], frame[:1]).train,
    }


results = {}
for name, options in rules.items():
    for seed in range(10):
        frame = masks.make_missing(table, "kappa", share=0.4, rng=seed, **options)
        for way, done in filled(frame).items():
            results.setdefault((name, way), []).append(three_answers(done) - truth)
bias = {key: np.array(values) for key, values in results.items()}

# %% [markdown]
# First the mean. A dot is the average bias, a line the range of the ten masks.


# %%
def rows_of(way, question):
    own = [bias[name, way][:, question] for name in rules]
    return [(values.mean(), values.min(), values.max()) for values in own]


ways = ("drop", "mean", "iterative")
mar = {way: bias["MAR", way][:, 0].mean() for way in ways}
assert abs(mar["iterative"]) < 0.5 * abs(mar["drop"]) and abs(bias["MCAR", "drop"][:, 0].mean()) < 0.02
fig = plots_labs.dots_with_interval(
    list(rules),
    {way: rows_of(way, 0) for way in ways},
    title=f"Bias of the mean under MAR: dropping {mar['drop']:+.2f}, regression {mar['iterative']:+.2f} mg/dL",
    xlabel="bias of mean kappa (mg/dL; 0 = none), range of ten masks",
    reference=0,
)
plots.show(
    fig,
    alt="Bias of the mean of kappa by rule and way: "
    + "; ".join(f"{name} {way} {bias[name, way][:, 0].mean():+.2f}" for name in rules for way in ways)
    + ".",
)

# %% [markdown]
# - **MCAR**: nobody is biased.
# - **MAR**: dropping is biased, and mean imputation inherits the same bias, for it fills in the mean of the wrong people. Regression uses age and lambda, and repairs nearly all of it.
# - **MNAR**: everything is biased. Regression helps, because lambda tells something of what was lost, but a large bias stays.
#
# Next the spread and the tie to lambda.

# %%
sd = {way: bias["MCAR", way][:, 1].mean() / truth[1] for way in ways}
assert sd["mean"] < -0.1 and abs(sd["drop"]) < 0.1
fig = plots_labs.dots_with_interval(
    list(rules),
    {way: rows_of(way, 1) for way in ways},
    title=f"Even under MCAR the mean shrinks the spread by {-sd['mean']:.0%}",
    xlabel="bias of the standard deviation of kappa (mg/dL), range of ten masks",
    reference=0,
)
plots.show(
    fig,
    alt="Bias of the standard deviation by rule and way: "
    + "; ".join(f"{name} {way} {bias[name, way][:, 1].mean():+.2f}" for name in rules for way in ways)
    + ".",
)

# %% [markdown]
# The correlation with lambda:

# %%
tie = {way: bias["MCAR", way][:, 2].mean() for way in ways}
assert tie["mean"] < -0.05 and tie["iterative"] > 0
fig = plots_labs.dots_with_interval(
    list(rules),
    {way: rows_of(way, 2) for way in ways},
    title=f"The mean weakens the tie to lambda, regression makes it too strong ({tie['iterative']:+.2f})",
    xlabel="bias of the correlation of kappa and lambda, range of ten masks",
    reference=0,
)
plots.show(
    fig,
    alt="Bias of the correlation by rule and way: "
    + "; ".join(f"{name} {way} {bias[name, way][:, 2].mean():+.2f}" for name in rules for way in ways)
    + ".",
)

# %% [markdown]
# No way is right for every question. Filled-in regression values lie *on* the line, without the scatter of real people: so the correlation comes out too strong. For such questions one adds random scatter, several times over (**multiple imputation**). For predicting a patient's risk, one good guess is what is wanted.
#
# ## 4. Does a risk model care?
#
# Train the same forest on the three tables of the MAR rule, and judge it on people it has not seen, whose gaps are filled in the same way.
#
# **Try it.** Before you look: how many of the 3,500 training people are left if people with gaps are dropped?
#
# <details><summary>Hint 1: direction</summary>The first 3,500 rows of <code>gaps["MAR"]</code> are the training people.</details>
# <details><summary>Hint 2: nearly the line</summary><code>len(gaps["MAR"][:3500].dropna())</code></details>

# %%
### BEGIN SOLUTION
### STUB: left_over = ...  # a number of people
left_over = len(gaps["MAR"][:3500].dropna())
### END SOLUTION
train, test = gaps["MAR"][:3500], gaps["MAR"][3500:]
practice.check(
    "training people left", left_over, expected=int(train.notna().all(axis=1).sum()), hint="dropna, then len."
)

# %% [markdown]
# Now fit the three forests.

# %%
died, scores = whole["died"], {}
own = {"mean": missing.mean_impute(train, test, test), "iterative": missing.iterative_impute(train, test, test)}
own["drop"] = (train.dropna(), None, own["mean"].test)
for way in ways:
    forest = RandomForestClassifier(60, max_depth=6, min_samples_leaf=10, random_state=0).fit(
        own[way][0], died[own[way][0].index]
    )
    scores[way] = forest.predict_proba(own[way][2])[:, 1]
    print(
        f"{way:>9}: test C-index {forests.cindex(died[3500:], scores[way]):.3f}, mean promised risk {scores[way].mean():.3f} (died {died[3500:].mean():.3f})"
    )
gain = forests.cindex_interval(died[3500:], scores["iterative"], scores["drop"], n_boot=300, rng=0)
print(f"iterative minus drop: {gain.difference:+.3f} (95 % interval {gain.low:+.3f} to {gain.high:+.3f})")
assert scores["drop"].mean() < scores["iterative"].mean(), "without the old the promises should be too low"

# %% [markdown]
# This time the *old* were dropped, and the forest of those who were left promises too few deaths. (In the assignment the young are dropped, and it promises too many.) The values that were filled in, beside the true ones:

# %%
lost = test["kappa"].isna()
guesses = {way: own[way].test.loc[lost, "kappa"] for way in ("mean", "iterative")}
true_values = table.loc[lost[lost].index, "kappa"]
error = pd.Series({way: np.sqrt(((values - true_values) ** 2).mean()) for way, values in guesses.items()})
fig = plots_missing.imputed_values(
    true_values,
    guesses,
    title=f"Error of one patient's kappa: mean {error['mean']:.2f}, iterative {error['iterative']:.2f} mg/dL",
    xlabel="kappa light chains (mg/dL; larger values in the last bar)",
    limit=6,
)
plots.show(
    fig,
    alt=f"True kappa of {len(true_values)} people beside the filled-in values; errors {error['mean']:.2f} (mean) and {error['iterative']:.2f} mg/dL (iterative).",
)

# %% [markdown]
# ## What to remember
#
# - Dropping and the mean are safe for a mean only if values are missing completely at random; the mean shrinks spread and ties even then.
# - Regression repairs what is missing at random given the columns it may use, and makes ties too strong.
# - Under MNAR no filling from the data alone is safe: say what you assume, and try how much it matters.
