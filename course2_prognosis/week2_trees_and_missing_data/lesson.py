# %% [markdown]
# # Predict who lives ten years, although values are missing
#
# ![A small decision tree asks for age and kappa and ends in low, middle and high risk; beside it a table of four patients in which four of the values are question marks.](figures/tree_of_prognosis.svg)
#
# **What you will do.** You grow a tree that predicts whether a person lives another ten years, watch it learn too much, and then face
# the question that every real table asks: what about the values that are not there?
#
# **What you will be able to do**
#
# - grow a decision tree for a prognosis, and choose its size on patients that it has not seen;
# - turn survival data with unknown endings into a yes/no outcome, and say who was left out;
# - tell apart values missing completely at random, at random, and not at random;
# - impute by mean and by regression, learnt from training patients alone;
# - explain when complete cases mislead.
#
# **What you need.** Two hours, week 1 of this course or a first idea of the C-index, no graphics card and no download. The people are
# real: 7,874 inhabitants of Olmsted County, Minnesota, aged 50 and over, whose blood was tested for free light chains (Dispenzieri and others, Mayo
# Clinic Proceedings 2012). Where we make values missing ourselves, the text says so.

# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeClassifier, export_text

from labutils import forests, masks, missing, plots, plots_missing, plots_week1, practice, subgroups
from labutils.datasets import died_within, load_flchain

# %% [markdown]
# ## 1. Ask a tree for a prognosis
#
# A **prognosis** is a prediction of what will happen to a patient. A **decision tree** makes one the way an experienced nurse might: by a few questions with yes or no. *Over 72? Light
# chains high?* At the end of the path stands a **leaf**, and its risk is the share of similar patients who died.
#
# By hand: of four patients aged 55, 60, 80 and 85 the last two died. The question "over 70?" makes two leaves, with risks 0/2 and 2/2.
#
# Look at the table before any model. One row is one person.

# %%
people = load_flchain()
print(people.shape, "missing:", people.isna().sum()[lambda gaps: gaps > 0].to_dict())
four = pd.DataFrame({"age": [55, 60, 80, 85]})
tree = DecisionTreeClassifier(max_depth=1).fit(four, [0, 0, 1, 1])
print(export_text(tree, feature_names=["age"]))
assert tree.predict_proba(four)[:, 1].tolist() == [0, 0, 1, 1]
people.head(3).round(2)

# %% [markdown]
# Units: age in years, creatinine and the light chains kappa and lambda in mg/dL of serum. Note the first rows: the file begins with the oldest. We shall shuffle.
#
# ## 2. Turn times into an outcome
#
# Each person has a time: to death, or to the last day that somebody knew them alive. That is **survival data**. "Dead within ten years?" has *three* answers:
#
# - died by then: yes (1);
# - seen alive at ten years or later: no (0);
# - last seen alive *before* ten years: **nobody knows**. Their time is *censored*.
#
# By hand: dead after 3 years → 1; dead after 12 → 0; alive at 12 → 0; alive at 4, then lost → unknown.
#
# **Try it.** How many are unknown?

# %%
people["died"] = died_within(people["years"], people["death"], horizon=10)
assert died_within([3, 12, 12, 4], [True, True, False, False]).isna().tolist() == [False, False, False, True]
### BEGIN SOLUTION
### STUB: unknown = ...  # number of people whose outcome is missing
unknown = int(people["died"].isna().sum())
### END SOLUTION
practice.check(
    "people with unknown outcome",
    unknown,
    expected=len(people) - people["died"].count(),
    hint="Count the NaN in people['died'].",
)
known = people.dropna(subset="died").copy()
print(
    f"{known['died'].sum():.0f} died, {(known['died'] == 0).sum()} lived; mean age of the unknown {people[people['died'].isna()]['age'].mean():.0f}, of the others {known['age'].mean():.0f}"
)

# %% [markdown]
# Calling the unknown "alive" would reward the model for missing deaths; calling them "dead" would be worse. We **exclude** them, and say so. That has a price: week 3 repairs it.
#
# One trap hides here. Follow-up ended at one date, so of the people sampled late only the dead have a known ten-year outcome. After the exclusion the *year of the sample* gives death away.

# %%
late = known["sample_year"] >= 2000
shares = known["died"].groupby(late).mean()
print(f"share of deaths: sampled before 2000 {shares[False]:.2f}, in 2000 or later {shares[True]:.2f}")
assert shares[True] == 1 and shares[False] < 0.3
features = ["age", "female", "creatinine", "kappa", "lambda", "mgus"]
known = known.iloc[np.random.default_rng(3).permutation(len(known))].reset_index(drop=True)
train, valid, test = known[:3400], known[3400:4800], known[4800:]
print(
    f"{len(train)} people for training, {len(valid)} to choose, {len(test)} to judge; {known['died'].mean():.3f} died"
)

# %% [markdown]
# So the year is no feature, and neither is the cause of death, which the loader leaves out: only the dead have one. **A feature must be known on the day of the prediction.**
#
# ## 3. Divide the input space
#
# What does a tree do to the space of patients? Each question cuts it by a straight line, across one feature. The leaves are boxes; within a box everybody gets the same risk. Here is a tree with two features and at most
# four leaves, with 250 of the training patients.

# %%
plane = ["age", "kappa"]
tree = DecisionTreeClassifier(max_leaf_nodes=4, random_state=0).fit(train[plane], train["died"])
leaves = pd.Series(tree.apply(train[plane])).nunique()
shown = train[train["kappa"] < 5][:250]
risks = sorted(set(tree.predict_proba(train[plane])[:, 1].round(2).tolist()))
assert leaves == 4
fig = plots_missing.tree_regions(
    tree,
    shown[plane],
    shown["died"],
    title=f"Four boxes, {len(risks)} risks: from {risks[0]:.2f} to {risks[-1]:.2f}",
    labels=("age (years)", "kappa light chains (mg/dL)"),
)
plots.show(
    fig,
    alt=f"Age and kappa of 250 people, divided into four boxes by a tree. Risks: {', '.join(map(str, risks))}. Deaths gather at high age.",
)

# %% [markdown]
# A tree cannot draw a slanted border, but it gets an **interaction** for free: kappa can matter in one age group and not in another. Logistic regression needs a product term for that (week 1).
#
# ## 4. Build a tree
#
# Which question comes first? The one that makes the two sides as *pure* as possible. Purity is measured by the **Gini impurity** of a leaf with share of deaths $p$,
#
# $$G = 2\,p\,(1 - p),$$
#
# 0 if all share one fate, and 0.5 for half and half (Breiman and others, *Classification and Regression Trees*, 1984). A split into leaves of $n_1$ and $n_2$ patients costs $(n_1 G_1 + n_2 G_2)/(n_1 + n_2)$; the tree
# takes the cheapest of all splits, then treats both sides alike.
#
# By hand, ages 55, 60, 80, 85 with fates 0, 0, 1, 1: before, $G = 2 \cdot 0.5 \cdot 0.5 = 0.5$; after "over 70?" both sides are pure: 0. After "over 57?": $(1 \cdot 0 + 3 \cdot 2 \cdot \tfrac23 \cdot \tfrac13)/4 = 0.33$.
#
# Let us try every threshold of age on the real people.


# %%
def cost(threshold, ages, died):
    sides = [died[ages <= threshold], died[ages > threshold]]
    return sum(len(side) * 2 * side.mean() * (1 - side.mean()) for side in sides) / len(died)


ages, died = train["age"].to_numpy(), train["died"].to_numpy()
assert round(cost(57, np.array([55, 60, 80, 85]), np.array([0, 0, 1, 1])), 2) == 0.33
thresholds = np.arange(55.5, 90)
costs = np.array([cost(threshold, ages, died) for threshold in thresholds])
best = thresholds[costs.argmin()]
stump = DecisionTreeClassifier(max_depth=1).fit(train[["age"]], died)
assert best == stump.tree_.threshold[0], "scikit-learn should find the same threshold"
fig = plots_week1.labelled_curves(
    thresholds,
    {"cost": costs},
    title=f"The cheapest first question: over {best:.0f} years?",
    xlabel="threshold of age (years)",
    ylabel="Gini impurity after the split",
    marks=[(best, costs.min(), "")],
)
plots.show(
    fig, alt=f"Impurity after a split against the threshold of age: lowest, {costs.min():.3f}, at {best:.1f} years."
)

# %% [markdown]
# Our loop and scikit-learn agree. The tree is **greedy**: it takes the best question now, and never goes back.
#
# ## 5. Stop it from learning by heart
#
# When should it stop? Ask on: each leaf becomes pure, and the tree knows its training patients by heart, measurement errors included. That is **overfitting**. We look at the C-index (the share of pairs, one who died and one who did not, that the
# risk puts in the right order; 0.5 is guessing) for trees of depth 1 to 20, on the patients they learnt from and on others. Gaps first: for now we use people without any.

# %%
cc_train, cc_valid, cc_test = (part.dropna(subset=features) for part in (train, valid, test))
depths, curve = np.arange(1, 21), {"training patients": [], "validation patients": []}
for depth in depths:
    tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(cc_train[features], cc_train["died"])
    for name, part in zip(curve, (cc_train, cc_valid), strict=True):
        curve[name].append(forests.cindex(part["died"], tree.predict_proba(part[features])[:, 1]))
age_alone = forests.cindex(cc_valid["died"], cc_valid["age"])
peak = int(np.argmax(curve["validation patients"])) + 1
curve["age alone (validation)"] = [age_alone] * 20
assert curve["training patients"][-1] > 0.98 and sum(score < age_alone for score in curve["validation patients"]) > 10
fig = plots_week1.labelled_curves(
    depths,
    curve,
    title=f"Deeper trees remember more and know less: best at depth {peak}",
    xlabel="depth of the tree (questions)",
    ylabel="C-index",
)
fig.axes[0].set_xticks(depths[::2])
plots.show(
    fig,
    alt=f"C-index against depth. Training rises to {curve['training patients'][-1]:.2f}; validation peaks at depth {peak} with {max(curve['validation patients']):.2f} and falls to {curve['validation patients'][-1]:.2f}. Age alone: {age_alone:.2f}.",
)

# %% [markdown]
# Two lessons. Choose the size on **validation** patients and judge once on **test** patients. And always draw the simplest model beside yours: *age alone*, a single number, beats most of these trees.
#
# A **forest** averages many deep-ish trees, each grown on a resample of the patients and shown a random part of the features at each split (Breiman, Machine Learning 2001). Averaging calms them. How sure may we be that it beats age? The interval comes
# from resampled patients.

# %%
forest, settings = forests.random_forest_grid_search(
    cc_train[features], cc_train["died"], cc_valid[features], cc_valid["died"]
)
risk = forest.predict_proba(cc_test[features])[:, 1]
gain = forests.cindex_interval(cc_test["died"], risk, cc_test["age"], n_boot=500, rng=0)
print(
    f"{settings}; test C-index: forest {forests.cindex(cc_test['died'], risk):.3f}, age alone {forests.cindex(cc_test['died'], cc_test['age']):.3f}"
)
print(
    f"difference {gain.difference:+.3f} (95 % interval {gain.low:+.3f} to {gain.high:+.3f}) in {len(cc_test)} patients"
)
assert gain.low > 0 and 0.01 < gain.difference < 0.035, "on these patients the forest should beat age, a little"

# %% [markdown]
# A gain of a few hundredths at most, but the whole interval lies above 0.
#
# ## 6. Look at a table with gaps
#
# So far we dropped everybody with a gap. How many, and who? `missingness_by_group` gives the share without creatinine, and the mean of the others, by age.
#
# **Try it.** What share of all known people has at least one gap?

# %%
### BEGIN SOLUTION
### STUB: dropped = ...  # share of rows of known[features] with a gap
dropped = known[features].isna().any(axis=1).mean()
### END SOLUTION
practice.check(
    "share of people with a gap",
    dropped,
    expected=missing.fraction_rows_missing(known[features]),
    hint="isna, then any along the rows, then the mean.",
)
bands = np.array(["50s", "60s", "70s", "80s and over"])
known["band"] = bands[np.digitize(known["age"], [60, 70, 80])]
by_age = missing.missingness_by_group(known, "creatinine", "band")
by_age["died"] = known.groupby("band")["died"].mean()
assert by_age["share_missing"].iloc[0] > 4 * by_age["share_missing"].iloc[-1]
by_age.round(3)

# %% [markdown]
# Creatinine is missing more than four times as often in the fifties as from eighty on. Probably a doctor ordered it when there was a reason to. So those with a gap are *younger and healthier*.
#
# ## 7. Meet another distribution
#
# What follows for a model of complete cases? It learnt from a **different distribution** than the one it will meet. The ranking may survive that; the promised *risks* need not. To see it clearly we make more gaps, by a
# rule that we know: kappa is taken from half of the people, the younger the likelier.

# %%
gap_half = masks.make_missing(train[features], "kappa", rule="MAR", given="age", share=0.5, strength=-2.5, rng=1)
left = train[gap_half["kappa"].notna()]
print(f"with kappa: {len(left)} of {len(train)}, mean age {left['age'].mean():.0f} against {train['age'].mean():.0f}")
print(f"died: {left['died'].mean():.2f} of those with kappa, {train['died'].mean():.2f} of all")
everybody = subgroups.share_with_interval(int(train["died"].sum()), len(train))
assert left["died"].mean() > everybody[2], "those with kappa should lie above the interval of everybody"

# %% [markdown]
# The share of deaths among those who kept kappa lies above the whole interval of everybody's. Whoever reads a risk of "40 %" from such data reads the risk of the sicker half. Some quantities survive this: in
# each *narrow age group* those with kappa still look like the others, because the rule looked at age only. Which is exactly the next question.
#
# ## 8. Missing completely at random
#
# ![Three diagrams. Completely at random: no arrow points to the question whether a value is missing. At random: an arrow from the observed values. Not at random: also an arrow from the unobserved value.](figures/three_rules.svg)
#
# Let $R = 1$ where a value is missing. Rubin (Biometrika 1976) distinguishes three rules. A value is missing **completely at random** (MCAR) if the chance is the same for everybody:
#
# $$\Pr(R = 1 \mid \text{everything}) = \Pr(R = 1).$$
#
# A tube breaks; a page is lost. Complete cases are then a smaller, but fair sample. By hand: of 60, 70, 80 a coin removes one; each of the three is equally likely to go, so on average the mean of the rest is 70.

# %%
whole = known.dropna(subset=features)[features].reset_index(drop=True)
options = {"rule": "MCAR", "share": 0.4}
left_means = [masks.make_missing(whole, "creatinine", **options, rng=seed)["creatinine"].mean() for seed in range(50)]
print(
    f"mean creatinine: {whole['creatinine'].mean():.4f}; after losing 40 % at random, mean of 50 trials {np.mean(left_means):.4f} mg/dL"
)
assert abs(np.mean(left_means) - whole["creatinine"].mean()) < 0.003

# %% [markdown]
# Fewer patients, wider intervals, no bias.
#
# ## 9. Missing at random
#
# A value is missing **at random** (MAR) if, *given what is observed*, the chance no longer depends on what is not:
#
# $$\Pr(R = 1 \mid \text{observed}, \text{unobserved}) = \Pr(R = 1 \mid \text{observed}).$$
#
# The name misleads: it is far from random. Doctors who test the old more than the young make a table MAR, provided age is in the table, and that among people of the *same* age it does not matter who would have had a high value. The overall mean is then
# biased, but *within* an age group it is not, so age can repair it.
#
# Which one is it? You can compute the chance of each rule.

# %%
rules = {
    "completely at random": masks.missing_chance(whole, "creatinine", rule="MCAR", share=0.4),
    "at random given age": masks.missing_chance(whole, "creatinine", rule="MAR", given="age", share=0.4, strength=-1.5),
    "not at random": masks.missing_chance(whole, "creatinine", rule="MNAR", share=0.4, strength=1.5),
}
assert all(abs(chance.mean() - 0.4) < 1e-6 for chance in rules.values())
some = np.flatnonzero(whole["creatinine"] < 3)[:400]
fig = plots_missing.chances(
    whole["creatinine"].to_numpy()[some],
    {name: chance[some] for name, chance in rules.items()},
    title="40 % are missing in all three, by different rules",
    xlabel="creatinine (mg/dL)",
)
plots.show(
    fig,
    alt="Chance of being missing against creatinine for 400 people: constant under the first rule, scattered under the second, where age decides, and rising with creatinine under the third.",
)

# %% [markdown]
# In the middle panel the chance scatters: people with the same creatinine differ in age.
#
# ## 10. Missing not at random
#
# A value is missing **not at random** (MNAR) if the chance depends on the unobserved value *even given everything that is observed*. People with failing kidneys are too ill to come; heavy drinkers skip the question on drinking.
#
# Does stratifying by age repair the mean? We compare the mean of what is left, within narrow age groups, weighted back to everybody.


# %%
def repaired_mean(gaps):
    group = pd.qcut(gaps["age"], 20, duplicates="drop")
    return (
        gaps["creatinine"].groupby(group, observed=True).mean() * group.value_counts(normalize=True, sort=False)
    ).sum()


truth, bias = whole["creatinine"].mean(), {}
options = {"MCAR": {}, "MAR": {"given": "age", "strength": -1.5}, "MNAR": {"strength": 1.5}}
for name in options:
    trials = [masks.make_missing(whole, "creatinine", rule=name, share=0.4, rng=n, **options[name]) for n in range(20)]
    means = np.array([[trial["creatinine"].mean(), repaired_mean(trial)] for trial in trials])
    bias[name] = means.mean(axis=0) - truth
bias = pd.DataFrame(bias, index=["complete cases", "repaired by age"]).T
assert abs(bias.loc["MAR", "repaired by age"]) < 0.3 * abs(bias.loc["MAR", "complete cases"])
assert abs(bias.loc["MNAR", "repaired by age"]) > 0.5 * abs(bias.loc["MNAR", "complete cases"])
bias.round(4)

# %% [markdown]
# Age repairs MAR and cannot repair MNAR. And now the uncomfortable part: **from the data alone you cannot tell MAR from MNAR**, because what would tell them apart is what is missing. You can only argue from knowledge of how the data came to be.
#
# **Try it.** A clinic weighs only patients who can stand. Whether they can stand is in the table; among those who can and among those who cannot, weight has no say in who is weighed. Which rule?

# %%
### BEGIN SOLUTION
### STUB: rule = ...  # "MCAR", "MAR" or "MNAR"
rule = "MAR"
### END SOLUTION
practice.check(
    "the rule of the clinic",
    rule,
    expected="MAR",
    hint="Given an observed column, does the unobserved weight still matter?",
)
assert set(masks.RULES) == {"MCAR", "MAR", "MNAR"}

# %% [markdown]
# ## 11. Impute instead of dropping
#
# To **impute** is to fill a gap with a plausible value, so that no patient is lost. Three rules keep it honest:
#
# 1. learn the filling from **training** patients only, and use it for all others;
# 2. never use the outcome of the patient whom you predict;
# 3. look for **derived columns** first: if pulse pressure = systolic − diastolic stays in the table, the imputer does not learn, it subtracts.
#
# A test of rule 3 on our table, with the total of both light chains added, as laboratories do.

# %%
table = train[features].assign(total=train["kappa"] + train["lambda"])
print("derived:", missing.find_derived_columns(table))
assert missing.find_derived_columns(table) == ["kappa", "lambda", "total"]
assert missing.find_derived_columns(train[features]) == []

# %% [markdown]
# Each of the three is a function of the other two; drop the total.
#
# ## 12. Impute the mean
#
# The simplest value is the mean of the training patients. By hand: creatinine 1.0, 1.4, –, – has the mean 1.2, so the column becomes 1.0, 1.4, 1.2, 1.2. The mean is right, but look at the spread: the standard deviation was 0.20 (dividing by n) and is now 0.14. **Mean imputation shrinks the
# spread**, and cuts the tie to other columns: everybody with a gap gets the same value, old or young.

# %%
column = pd.Series([1.0, 1.4, np.nan, np.nan])
print("sd before and after:", round(column.std(ddof=0), 2), round(column.fillna(column.mean()).std(ddof=0), 2))
holes = [
    masks.make_missing(part[features], "kappa", rule="MAR", given="age", share=0.3, strength=-1.5, rng=n)
    for n, part in enumerate((train, valid, test))
]
by_mean = missing.mean_impute(*holes)
before, after = (frame["kappa"].corr(frame["lambda"]) for frame in (train, by_mean.train))
print(f"correlation of kappa and lambda: {before:.2f} in truth, {after:.2f} after mean imputation")
assert by_mean.train.notna().all(axis=None) and after < before - 0.05

# %% [markdown]
# ## 13. Impute by regression
#
# A patient with high lambda tends to have high kappa. So predict the missing value from the others: $\widehat{\text{kappa}} = a + b \cdot \text{lambda}$, fitted on training patients who have both. By hand: with $a = 0.3$ and $b = 0.7$, a patient with lambda 2.0 gets $0.3 + 1.4 = 1.7$ mg/dL.
#
# **Try it.** Fit the line, and fill in a patient with lambda 2.0.

# %%
both = holes[0].dropna(subset=["kappa", "lambda"])
line = LinearRegression().fit(both[["lambda"]], both["kappa"])
a, b = float(line.intercept_), float(line.coef_[0])
print(f"kappa = {a:.2f} + {b:.2f} · lambda")
### BEGIN SOLUTION
### STUB: filled = ...  # kappa of a patient with lambda 2.0
filled = a + b * 2.0
### END SOLUTION
practice.check(
    "kappa filled in at lambda 2.0",
    filled,
    expected=float(line.predict(pd.DataFrame({"lambda": [2.0]}))[0]),
    hint="a + b times lambda.",
)

# %% [markdown]
# ## 14. Compute imputed values, in rounds
#
# If lambda has gaps too, start with means, regress each column on all others, fill in, and repeat until nothing moves: **iterative imputation** (also chained equations; van Buuren and Groothuis-Oudshoorn, Journal of Statistical Software 2011). Since we made the gaps, we
# know the truth. How far off is each method?

# %%
by_rounds = missing.iterative_impute(*holes)
lost = holes[2]["kappa"].isna()
truth = test.loc[lost, "kappa"]
guesses = {"mean": by_mean.test.loc[lost, "kappa"], "iterative": by_rounds.test.loc[lost, "kappa"]}
error = {name: float(np.sqrt(((values - truth) ** 2).mean())) for name, values in guesses.items()}
assert error["iterative"] < 0.75 * error["mean"]
assert by_rounds.test.loc[~lost, "kappa"].equals(test.loc[~lost, "kappa"]), "what was there must stay"
fig = plots_missing.imputed_values(
    truth,
    guesses,
    title=f"Root mean square error: mean {error['mean']:.2f}, iterative {error['iterative']:.2f} mg/dL",
    xlabel="kappa light chains (mg/dL; larger values in the last bar)",
    limit=5,
)
plots.show(
    fig,
    alt=f"True kappa of {len(truth)} people beside what was filled in: the mean is one spike, the regression spreads nearly like the truth. Errors {error['mean']:.2f} and {error['iterative']:.2f} mg/dL.",
)

# %% [markdown]
# The regression is far closer. Does the *forest* gain as much? Same settings, two tables, the same test patients.

# %%
scores = {}
for name, (own_train, own_valid, own_test) in {"mean": by_mean, "iterative": by_rounds}.items():
    model = forests.random_forest_grid_search(own_train, train["died"], own_valid, valid["died"]).estimator
    scores[name] = model.predict_proba(own_test)[:, 1]
gain = forests.cindex_interval(test["died"], scores["iterative"], scores["mean"], n_boot=500, rng=0)
print({name: round(forests.cindex(test["died"], score), 3) for name, score in scores.items()})
print(f"iterative minus mean: {gain.difference:+.3f} (95 % interval {gain.low:+.3f} to {gain.high:+.3f})")
assert abs(gain.difference) < 0.02

# %% [markdown]
# Hardly any difference: age carries most of the ranking, and age was never missing. A better filling is not always a better forecast. (Nor does a good ranking mean that promised risks are right; the assignment looks at both.)
#
# ## What to remember
#
# - A tree divides patients into boxes by greedy questions; choose its size on validation patients, and draw age alone beside it.
# - "Dead within ten years?" has a third answer, *unknown*: count those people, and say what you did with them.
# - MCAR, MAR and MNAR differ in what the chance of a gap depends on, given what is observed; data alone cannot tell MAR from MNAR.
# - Fill gaps with what training patients teach: the mean shrinks the spread, regression keeps most of it, derived columns fake success.
# - Complete cases are other people than the cohort: compare them before you drop anybody.
#
# ## In practice
#
# - One filled-in value hides how unsure it is. For estimates and standard errors use *multiple* imputation; for prediction a single, well-made one is common.
# - Missingness itself can carry information (no creatinine: nobody worried). A column "was missing" may help a model, and may break when ordering habits change.
# - These people are from one county, aged 50 and over, sampled 1995 to 2003; origin is not in the table. Nothing here may be used for a patient.
#
# ## Further reading
#
# - [Rubin DB, Biometrika 1976](https://doi.org/10.1093/biomet/63.3.581): the three rules in their original form.
# - [van Buuren S, Flexible Imputation of Missing Data](https://stefvanbuuren.name/fimd/): a free and friendly book on everything after unit 11.
# - [Breiman L, Machine Learning 2001](https://doi.org/10.1023/A:1010933404324): random forests by their inventor.
# - [Dispenzieri A and others, Mayo Clinic Proceedings 2012](https://doi.org/10.1016/j.mayocp.2012.03.009): the people of this lesson.
