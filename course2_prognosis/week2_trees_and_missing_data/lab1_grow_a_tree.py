# %% [markdown]
# # Grow a decision tree
#
# You will find the best first question by hand, let a tree ask more of them, stop it in time, and see how much of it is chance. **About 25 minutes**, with three steps to try
# yourself.
#
# The people are real: the free light chain cohort (7,874 people aged 50 and over of one county in Minnesota). The outcome is death within ten years. Those of unknown outcome, and those
# with a gap in their values, are left out here; lab 2 asks who they are.

# %%
import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier, export_text

from labutils import forests, plots, plots_labs, plots_missing, plots_week1, practice
from labutils.datasets import died_within, load_flchain

# %% [markdown]
# ## 1. Load, look, shuffle, split
#
# The file runs roughly from old to young. Whoever splits it without shuffling trains on the old and tests on the young.

# %%
people = load_flchain()
people["died"] = died_within(people["years"], people["death"])
features = ["age", "female", "creatinine", "kappa", "lambda", "mgus"]
whole = people.dropna(subset=[*features, "died"])
print(
    f"mean age of the first and the last thousand rows: {whole['age'][:1000].mean():.0f} and {whole['age'][-1000:].mean():.0f}"
)
assert whole["age"][:1000].mean() > whole["age"][-1000:].mean() + 5
whole = whole.iloc[np.random.default_rng(11).permutation(len(whole))].reset_index(drop=True)
train, valid, test = whole[:3000], whole[3000:4400], whole[4400:]
print(len(whole), "people;", f"{train['died'].mean():.1%} of the training people died")

# %% [markdown]
# ## 2. Measure how mixed a group is
#
# A group in which everybody shares one fate needs no more questions. The **Gini impurity** $2p(1-p)$, with $p$ the share of deaths, measures how far we are from that. By hand: 10 people, 2 deaths, $2 \cdot 0.2 \cdot 0.8 = 0.32$.
#
# **Try it.** What is the impurity of all training people together?
#
# <details><summary>Hint 1: direction</summary>The share of deaths is the mean of <code>train["died"]</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>p = train["died"].mean()</code>, then <code>2 * p * (1 - p)</code></details>

# %%
### BEGIN SOLUTION
### STUB: impurity = ...  # between 0 and 0.5
p = train["died"].mean()
impurity = 2 * p * (1 - p)
### END SOLUTION
root = DecisionTreeClassifier(max_depth=1).fit(train[features], train["died"]).tree_.impurity[0]
practice.check(
    "impurity before any question", impurity, expected=float(root), hint="2 p (1 − p), p the share of deaths."
)

# %% [markdown]
# A question splits the group in two. Its worth is the impurity before minus the mean impurity after, weighted by the sizes of the sides. Which feature has the best question of all?


# %%
def gini(died):
    share = died.mean()
    return 2 * share * (1 - share)


def best_question(values, died):
    found = (0.0, np.nan)
    for threshold in np.unique(values)[:-1]:
        left = values <= threshold
        after = left.mean() * gini(died[left]) + (~left).mean() * gini(died[~left])
        found = max(found, (gini(died) - after, threshold))
    return found


died = train["died"].to_numpy()
found = [best_question(train[name].to_numpy(), died) for name in features]
questions = pd.DataFrame(found, columns=["gain", "threshold"], index=features)
assert questions["gain"].idxmax() == "age"
questions.sort_values("gain", ascending=False).round(4)

# %% [markdown]
# Age wins by far. (Creatinine and the light chains follow; they rise with age.) The tree of scikit-learn begins with the same feature. What does it ask next?

# %%
small = DecisionTreeClassifier(max_depth=2, random_state=0).fit(train[features], train["died"])
print(export_text(small, feature_names=features, decimals=1))
assert features[small.tree_.feature[0]] == "age"

# %% [markdown]
# ## 3. See the boxes
#
# Two features, up to six leaves. Each box has one risk.

# %%
plane = ["age", "creatinine"]
boxes = DecisionTreeClassifier(max_leaf_nodes=6, min_samples_leaf=50, random_state=0).fit(train[plane], train["died"])
shown = train[train["creatinine"] < 2.2][:250]
n_boxes = int(boxes.get_n_leaves())
fig = plots_missing.tree_regions(
    boxes,
    shown[plane],
    shown["died"],
    title=f"{n_boxes} boxes: the risk rises with age, step by step",
    labels=("age (years)", "creatinine (mg/dL)"),
)
plots.show(
    fig,
    alt=f"Age and creatinine of 250 people with the {n_boxes} boxes of a tree; the shade of the risk grows darker to the right.",
)

# %% [markdown]
# **Try it.** Which risk does this tree give a person aged 84 with creatinine 1.5 mg/dL?
#
# <details><summary>Hint 1: direction</summary>Make a table with one row and the columns of <code>plane</code>, and ask <code>predict_proba</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>boxes.predict_proba(pd.DataFrame({"age": [84.0], "creatinine": [1.5]}))[0, 1]</code></details>

# %%
### BEGIN SOLUTION
### STUB: risk_84 = ...  # between 0 and 1
risk_84 = boxes.predict_proba(pd.DataFrame({"age": [84.0], "creatinine": [1.5]}))[0, 1]
### END SOLUTION
leaf = boxes.apply(pd.DataFrame({"age": [84.0], "creatinine": [1.5]}))[0]
same_box = train[boxes.apply(train[plane]) == leaf]
practice.check(
    "risk at 84",
    risk_84,
    expected=same_box["died"].mean(),
    hint="The second column of predict_proba is the risk of death.",
)
print(f"{len(same_box)} training people share that box")

# %% [markdown]
# The risk is nothing but the share of deaths among the training people of the same box. A box of three people would give 0, 1/3, 2/3 or 1, and mean little. So bound its size.
#
# ## 4. Choose the smallest box
#
# We let trees grow as they like, but forbid leaves below a size, and look at the C-index of training and of validation people.

# %%
sizes = [1, 2, 5, 10, 20, 40, 80, 160, 320]
curve = {"training": [], "validation": []}
for size in sizes:
    tree = DecisionTreeClassifier(min_samples_leaf=size, random_state=0).fit(train[features], train["died"])
    for name, part in zip(curve, (train, valid), strict=True):
        curve[name].append(forests.cindex(part["died"], tree.predict_proba(part[features])[:, 1]))
best = int(np.argmax(curve["validation"]))
curve["age alone (validation)"] = [forests.cindex(valid["died"], valid["age"])] * len(sizes)
assert curve["training"][0] > 0.98 and curve["validation"][0] < 0.75
fig = plots_week1.labelled_curves(
    np.log2(sizes),
    curve,
    title=f"Leaves of {sizes[best]} people or more serve best",
    xlabel="smallest leaf (people)",
    ylabel="C-index",
)
fig.axes[0].set_xticks(np.log2(sizes), sizes)
plots.show(
    fig,
    alt=f"C-index against the smallest leaf. Training falls from {curve['training'][0]:.2f} to {curve['training'][-1]:.2f}; validation rises from {curve['validation'][0]:.2f} to {curve['validation'][best]:.2f} at {sizes[best]} people.",
)

# %% [markdown]
# **Try it.** How far is the unbounded tree (smallest leaf 1) from the best one, on the validation people?
#
# <details><summary>Hint 1: direction</summary>Both numbers stand in <code>curve["validation"]</code>; the first belongs to size 1.</details>
# <details><summary>Hint 2: nearly the line</summary><code>max(curve["validation"]) - curve["validation"][0]</code></details>

# %%
### BEGIN SOLUTION
### STUB: loss = ...  # difference of two C-indices
loss = max(curve["validation"]) - curve["validation"][0]
### END SOLUTION
practice.check(
    "C-index lost by learning by heart",
    loss,
    expected=curve["validation"][best] - curve["validation"][0],
    hint="Best minus first.",
)

# %% [markdown]
# ## 5. Judge once, with an interval
#
# The size is chosen. Now, and only now, the test people: does the tree beat age alone?

# %%
tree = DecisionTreeClassifier(min_samples_leaf=sizes[best], random_state=0).fit(train[features], train["died"])
risk = tree.predict_proba(test[features])[:, 1]
gain = forests.cindex_interval(test["died"], risk, test["age"], n_boot=500, rng=0)
print(
    f"tree {forests.cindex(test['died'], risk):.3f}, age alone {forests.cindex(test['died'], test['age']):.3f} in {len(test)} people"
)
print(f"difference {gain.difference:+.3f} (95 % interval {gain.low:+.3f} to {gain.high:+.3f})")
assert abs(gain.difference) < 0.04, "a single tree and age alone should be close"

# %% [markdown]
# ## 6. See how shaky one tree is
#
# Draw the training people again, with replacement, and grow the same kind of tree. How much does one person's risk change?

# %%
rng, persons = np.random.default_rng(5), test.iloc[np.argsort(test["age"].to_numpy())[[100, 500, 900, 1300]]]
drawn = []
for _ in range(60):
    rows = rng.integers(0, len(train), len(train))
    again = DecisionTreeClassifier(min_samples_leaf=sizes[best], random_state=0).fit(
        train[features].iloc[rows], died[rows]
    )
    drawn.append(again.predict_proba(persons[features])[:, 1])
drawn = np.array(drawn)
names = [f"person aged {age:.0f}" for age in persons["age"]]
rows = np.column_stack([drawn.mean(axis=0), *np.quantile(drawn, [0.025, 0.975], axis=0)])
widest = float((rows[:, 2] - rows[:, 1]).max())
assert widest > 0.1
fig = plots_labs.dots_with_interval(
    names,
    {"risk": rows},
    title=f"Other training people, other risk: up to {widest:.2f} apart",
    xlabel="predicted ten-year risk: mean and middle 95 % of 60 trees",
)
plots.show(
    fig,
    alt="Predicted risk of four people from 60 trees: "
    + ", ".join(f"{name} {low:.2f} to {high:.2f}" for name, (_, low, high) in zip(names, rows, strict=True))
    + ".",
)

# %% [markdown]
# The mean of such trees is steadier than any of them. That is a forest, and the assignment grows one.
#
# ## What to remember
#
# - A tree takes the question that lowers the impurity most, and never takes it back.
# - The risk of a leaf is a share of training people: bound the smallest leaf by validation people.
# - Put age alone beside the tree, an interval beside the difference, and remember that one tree is one draw.
