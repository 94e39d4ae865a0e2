# %% [markdown]
# # Turn a patient's measurements into a risk
#
# ![A patient's measurements of today go into a model that weighs and adds them; out comes a risk: 3 of 10 people like this one get the outcome within ten years.](figures/prognosis.svg)
#
# **What you will do.** You compute three scores that doctors use, build a risk model of your own, let features work together, and
# learn to say how good a risk is: by counting pairs of patients, and by asking whether the risks come true.
#
# **What you will be able to do**
#
# - compute published risk scores with their bounds, and name the people that each is for;
# - prepare features with the ruler of the training patients, and fit a linear risk model;
# - combine features into interactions, and judge what they add by an interval;
# - count concordant, tied and permissible pairs, and compute the C-index;
# - check whether predicted risks are true.
#
# **What you need.** 90 minutes, a computer, no download, no earlier week (though "Evaluating diagnostic models" helps). The cohort in
# the second half is **synthetic**: drawn by a program from a seed, with possible values and invented risks. The scores
# in the first half are real and name their sources; nothing here is for use on patients.

# %%
import numpy as np
import pandas as pd

from labutils import plots, plots_labs, plots_risk, plots_week1, practice
from labutils.clinical_scores import POOLED_COHORTS, ascvd_risk, chads_vasc_score, meld_score
from labutils.datasets import make_retinopathy_cohort
from labutils.risk import add_interactions, cindex, count_pairs, lr_model, make_standard_normal
from labutils.risk_calibration import calibration_interval, risk_groups
from labutils.risk_intervals import cindex_difference, cindex_interval

# %% [markdown]
# ## 1. Say what prognosis is
#
# *Diagnosis* asks what a patient has; *prognosis* asks what will become of them. A prognosis needs three words that a diagnosis can do
# without: an **outcome** (a stroke, death), a **time** (within ten years), and a **group** (people like this one). The answer is a **risk**: the
# share of such people who get the outcome by then.
#
# What does "30 %" promise? Let us draw 1,000 wards of ten people, each person with a risk of 30 %, and count.

# %%
rng = np.random.default_rng(20_201)
ill = rng.binomial(10, 0.3, size=1000)
exactly_three = (ill == 3).mean()
print(
    f"wards with exactly 3 of 10 ill: {exactly_three:.0%}; with 1 or fewer: {(ill <= 1).mean():.0%}; mean: {ill.mean():.2f}"
)
assert abs(ill.mean() - 3) < 0.2 and exactly_three < 0.35
### BEGIN SOLUTION
### STUB: expected_ill = ...  # how many of 250 people with a risk of 30 % each do you expect to fall ill?
expected_ill = 250 * 0.30
### END SOLUTION
practice.check("expected ill of 250", expected_ill, expected=75, hint="Multiply the risk by the number of people.")

# %% [markdown]
# Only about one ward in four has exactly three. A risk is right or wrong for a *group*; no single patient can prove it.
#
# ## 2. Know the prognostic tasks
#
# Where is it used? To **inform** (how long have I got?), to **treat** those who gain most (who needs a blood thinner?), and to **share out**
# what is scarce (who gets the next liver?). The answer must come in time to act, so a model may only use what is known on the day of the
# question: a length of stay, known at discharge, cannot predict at admission.
#
# | question | outcome | time | what is done with it |
# |---|---|---|---|
# | atrial fibrillation | stroke | a year | blood thinner or not |
# | end-stage liver disease | death | three months | place on the waiting list |
# | healthy at 55 | heart attack or stroke | ten years | statin or not |
#
# Try it: which of these features may a model use that predicts, at admission, death in hospital?

# %%
known = {
    "age": "admission",
    "blood pressure on arrival": "admission",
    "days on the ward": "discharge",
    "autopsy": "later",
}
### BEGIN SOLUTION
### STUB: allowed = ...  # a list of the names that are known at admission
allowed = [name for name, when in known.items() if when == "admission"]
### END SOLUTION
practice.check(
    "allowed features", allowed, expected=["age", "blood pressure on arrival"], hint="Ask when each is known."
)
assert sum(when == "admission" for when in known.values()) == 2

# %% [markdown]
# The two others are known too late: with them a model looks brilliant in a table and is useless at the bedside.
#
# ## 3. Score atrial fibrillation: CHA₂DS₂-VASc
#
# In atrial fibrillation blood may clot in the heart and block a vessel of the brain. The score (Lip and others, *Chest* 2010;137:263-272) gives a point
# each for heart failure (C), hypertension (H), diabetes (D), vascular disease (V), age 65 to 74 (A) and female sex (Sc), and two for age 75 or
# more (A₂) and an earlier stroke (S₂).
#
# By hand: a woman of 72 with hypertension has 1 + 1 + 1 = 3. In three years she will be 75: the A point is *replaced* by two.

# %%
for age in (64, 65, 72, 75):
    print(f"woman with hypertension, {age} years: {chads_vasc_score(age, 1, 0, 1, 0, 0, 0)} points")
assert chads_vasc_score(72, 1, 0, 1, 0, 0, 0) == 3
### BEGIN SOLUTION
### STUB: points = ...  # a man of 68 with diabetes and an earlier stroke: count before you compute
points = 1 + 1 + 2
### END SOLUTION
practice.check("points of the man of 68", points, expected=4, hint="Age 65 to 74, diabetes, and two for the stroke.")

# %% [markdown]
# On her 75th birthday her risk did not jump; the score did. Whole points are what a doctor can add up at the bedside, and steps are the
# price. It is made for people *with* atrial fibrillation; for others its points mean nothing.
#
# ## 4. Score liver disease: MELD, with its bounds
#
# MELD (Kamath and others, *Hepatology* 2001;33:464-470) ranks people who wait for a liver by three blood tests:
#
# $$10\,(0.957 \ln \text{creatinine} + 0.378 \ln \text{bilirubin} + 1.120 \ln \text{INR} + 0.643)$$
#
# The logarithm says that *doubling* counts, from 1 to 2 as from 2 to 4. But the logarithm of a test below 1 is negative: a healthier-than-normal
# kidney would pay for a sick liver. So the organ-sharing network UNOS set bounds: a test below 1 counts as 1, a creatinine above 4 (or on
# dialysis) as 4, the result is rounded, and 40 is the most.

# %%
creatinine = np.linspace(0.3, 6, 200)
without = 10 * (0.957 * np.log(creatinine) + 0.378 * np.log(2) + 1.120 * np.log(1.5) + 0.643)
bounded = meld_score(np.full(200, 2.0), np.full(200, 1.5), creatinine)
fig = plots_week1.labelled_curves(
    creatinine,
    {"published score": bounded, "formula without bounds": without},
    title="Bounds keep normal and extreme kidneys from ruling the score",
    xlabel="creatinine (mg/dL), bilirubin 2 mg/dL, INR 1.5",
    ylabel="MELD (points)",
)
plots.show(
    fig,
    alt=f"MELD over creatinine: the published score is level below 1 ({bounded.min()}) and above 4 ({bounded.max()}); "
    f"without bounds the formula runs from {without.min():.0f} to {without.max():.0f}.",
)
assert meld_score(4.2, 1.2, 1.9) == 20 and meld_score(0.6, 0.9, 0.8) == 6 and without.min() < 6 <= bounded.min()

# %% [markdown]
# Between the bounds the published score follows the curve in steps of one; outside it stays level. This is the version used for allocation in the USA from
# 2002 to 2015. Later ones add sodium (2016), then sex and albumin: always say which you mean.
#
# ## 5. Score heart disease: ASCVD, and for whom
#
# The pooled cohort equations (Goff and others, *Circulation* 2014;129(suppl 2):S49-S73) give the ten-year risk of a first heart attack, stroke or coronary
# death, at ages 40 to 79. There is not one formula but four, each fitted to one group of people in the USA. The guideline's own
# example: 55 years, cholesterol 213 and HDL 50 mg/dL, untreated pressure 120 mmHg, no smoking, no diabetes.

# %%
example = {group: 100 * ascvd_risk(55, 213, 50, 120, group=group) for group in POOLED_COHORTS}
published = {"white women": 2.1, "African American women": 3.0, "white men": 5.3, "African American men": 6.1}
for group, risk in example.items():
    print(f"{group}: {risk:.2f} %, published {published[group]} %")
assert all(abs(risk - published[group]) < 0.1 for group, risk in example.items())
### BEGIN SOLUTION
### STUB: smoker = ...  # the risk (0 to 1) of the white woman of the example, if she smokes
smoker = ascvd_risk(55, 213, 50, 120, group="white women", smoker=True)
### END SOLUTION
practice.check("risk of the smoker", smoker, expected=0.0498, tol=1e-3, hint='Add smoker=True to group="white women".')

# %% [markdown]
# (The guideline rounds on the way, hence the last digit for white men.) The same blood gives risks that differ threefold. Part of that is sex;
# "race" in such a formula stands for unmeasured things such as income, care and discrimination. Whoever belongs to none of the four groups was in
# none of the cohorts. A newer set of equations, PREVENT (Khan and others, *Circulation* 2024;149:430-449), leaves race out.
#
# ## 6. Compute a risk score
#
# All three scores are built alike: **weigh each feature, add up, and transform**. For a linear risk model
#
# $$s = \beta_0 + \beta_1 x_1 + \beta_2 x_2 + \dots, \qquad \text{risk} = \frac{1}{1 + e^{-s}}.$$
#
# By hand: β₀ = −1, weights 0.8 and 0.5, a patient with features 1 and −2: s = −1 + 0.8 − 1 = −1.2, so the risk is 1/(1 + e^1.2) = 0.23.
#
# Where do the weights come from? From patients whose outcome is known. Here is our cohort of 6,000 with diabetes; the outcome is retinopathy. Look
# first.

# %%
assert np.isclose(1 / (1 + np.exp(1.2)), 0.2315, atol=1e-4)
cohort = make_retinopathy_cohort(6000, rng=20_272)
table, features = cohort.table, ["Age", "Systolic_BP", "Diastolic_BP", "Cholesterol"]
print(f"{table.shape}; missing: {table.isna().sum().sum()}; with retinopathy: {table['retinopathy'].mean():.0%}")
units = ["age (years)", "systolic (mmHg)", "diastolic (mmHg)", "cholesterol (mg/dL)"]
fig = plots_risk.histograms(
    dict(zip(units, table[features].to_numpy().T, strict=True)), title="Every feature has a tail to the right"
)
skewness = table[features].skew()
assert (skewness > 0.2).all() and (table["Diastolic_BP"] < table["Systolic_BP"]).all()
plots.show(
    fig,
    alt=f"Histograms of age, both pressures and cholesterol; skewness {skewness.min():.2f} to {skewness.max():.2f}.",
)

# %% [markdown]
# Tails and units get in the way: one mmHg is not one year. So take logarithms, then count in standard deviations from the mean *of the
# training patients* (the test patients must not lend their mean). Then fit; the lengths of the weights can now be compared.

# %%
order = np.random.default_rng(20_272).permutation(len(table))
train, test = table.iloc[order[:4500]], table.iloc[order[4500:]]
X_train, X_test = make_standard_normal(train[features], test[features])
model = lr_model(X_train, train["retinopathy"])
risk = model.predict_proba(X_test)[:, 1]
print(
    "weights:",
    dict(zip(features, model.coef_[0].round(2).tolist(), strict=True)),
    "intercept",
    model.intercept_[0].round(2),
)
assert np.allclose(X_train.mean(), 0) and not np.allclose(X_test.mean(), 0, atol=1e-6)
### BEGIN SOLUTION
### STUB: first_risk = ...  # the risk of the first test patient, from model.intercept_, model.coef_ and X_test
first_risk = 1 / (1 + np.exp(-(model.intercept_[0] + X_test.iloc[0] @ model.coef_[0])))
### END SOLUTION
practice.check("risk of the first test patient", first_risk, expected=risk[0], tol=1e-6, hint="Weigh, add, transform.")

# %% [markdown]
# Age has the largest weight. In this cohort we put it there; a weight is never by itself a cause.
#
# ## 7. Represent what features do together
#
# A sum cannot say "pressure harms the old more". By hand, with z-scores and weights 0.8 for age, 0.6 for pressure: raising the pressure by
# one always adds 0.6, at any age. Add a third feature, the **product** age × pressure, with weight 0.4: now it adds 0.6 + 0.4 · age,
# which is 0.2 for the young (−1) and 1.0 for the old (+1).
#
# Four features make six such pairs. What does the model do with them? Draw the risk over age and pressure, all else at the mean.

# %%
richer = lr_model(add_interactions(X_train), train["retinopathy"])
grid = np.linspace(-2, 2, 41)
points = pd.DataFrame(0.0, index=range(41 * 41), columns=features)
points["Age"], points["Systolic_BP"] = np.tile(grid, 41), np.repeat(grid, 41)
surfaces = {
    "sum only": model.predict_proba(points)[:, 1].reshape(41, 41),
    "with interactions": richer.predict_proba(add_interactions(points))[:, 1].reshape(41, 41),
}
rise = {name: np.log(s / (1 - s))[-1] - np.log(s / (1 - s))[0] for name, s in surfaces.items()}
assert np.ptp(rise["sum only"]) < 1e-6 and rise["with interactions"][-1] > rise["with interactions"][0] + 1
fig = plots_risk.risk_over_two(
    grid,
    grid,
    surfaces,
    title="With a product, pressure matters more in the old",
    xlabel="age (z-score)",
    ylabel="systolic pressure (z-score)",
)
plots.show(
    fig,
    alt="Risk over age and systolic pressure. With a sum the contour lines are parallel; with interactions they bend. From lowest to "
    f"highest pressure the log-odds change by {rise['with interactions'][0]:.1f} in the youngest and {rise['with interactions'][-1]:.1f} in the oldest.",
)

# %% [markdown]
# With a sum the lines run in parallel: the same rise at every age. With the product they bend. Try it: how many products do ten features make?

# %%
### BEGIN SOLUTION
### STUB: products = ...  # every pair once, no squares
products = 10 * 9 / 2
### END SOLUTION
practice.check(
    "products of ten features", products, expected=45, hint="Each of 10 has 9 partners, and each pair is met twice."
)
assert add_interactions(pd.DataFrame(np.ones((1, 10))).rename(columns=str)).shape[1] == 55

# %% [markdown]
# Forty-five more weights want many more patients. Lab 3 shows what happens to those who have too few.
#
# ## 8. Evaluate a prognostic model: what to ask
#
# A risk of 0.3 was given, and the patient fell ill. Was it wrong? One patient cannot tell. There are two different questions, and a model
# may be good at one alone:
#
# - **Order** (discrimination): do those who fall ill have higher risks than those who do not?
# - **Truth** (calibration): of those told 30 %, do 30 % fall ill?
#
# By hand: four patients, the last two fall ill. Model A says 0.1, 0.2, 0.3, 0.4: its order is perfect, yet it expects one person ill
# where there are two. Model B says 0.5 to everybody: true on the whole, and no order at all.

# %%
fell_ill = np.array([0, 0, 1, 1])
for name, p in {"A": np.array([0.1, 0.2, 0.3, 0.4]), "B": np.full(4, 0.5)}.items():
    print(
        f"model {name}: expects {p.sum():.1f} ill of 4 (there are {fell_ill.sum()}); C-index {cindex(fell_ill, p):.1f}"
    )
assert cindex(fell_ill, [0.1, 0.2, 0.3, 0.4]) == 1 and cindex(fell_ill, [0.5] * 4) == 0.5

# %% [markdown]
# Always on patients that the model has not seen: it knows the others by heart.
#
# ## 9. Sort pairs: concordant, tied, permissible
#
# ![Four pairs: concordant (the patient with the outcome has the higher score), discordant, a risk tie, and two patients with the same outcome, which is not permissible.](figures/pairs.svg)
#
# To judge the order, compare patients two by two. A pair is **permissible** if one got the outcome and the other did not; otherwise there is
# nothing to get right. A permissible pair is **concordant** if the one with the outcome has the higher score, **discordant** if the
# lower, and a **risk tie** if both scores are the same.
#
# Five patients: Ann (0.8) and Bo (0.4) got the outcome; Cy (0.6), Di (0.4) and Ed (0.1) did not. Two times three pairs are permissible.

# %%
with_it, without_it = {"Ann": 0.8, "Bo": 0.4}, {"Cy": 0.6, "Di": 0.4, "Ed": 0.1}
y, scores = [1, 1, 0, 0, 0], [*with_it.values(), *without_it.values()]
pairs = count_pairs(y, scores)
print(pairs)
assert pairs == (4, 1, 1, 6)
fig = plots_risk.pair_grid(
    with_it, without_it, title=f"{pairs.concordant} of {pairs.permissible} pairs are concordant, {pairs.ties} is a tie"
)
plots.show(
    fig,
    alt="Grid of six pairs. Ann is right against Cy, Di and Ed; Bo is wrong against Cy, tied with Di, right against Ed.",
)

# %% [markdown]
# Ann against Bo is missing in the grid: both got the outcome. (Next week, when the *time* of the outcome counts too, such pairs come back.)
#
# ## 10. Count up: the C-index, with an interval
#
# $$C = \frac{\text{concordant} + \tfrac12\,\text{ties}}{\text{permissible}}$$
#
# For the five: (4 + ½)/6 = 0.75. It is the chance that the model puts a random patient with the outcome above a random one without; a coin gets 0.5.
# For a yes-or-no outcome it is the area under the ROC curve. Why half for a tie? A coin would get half of the ties right.

# %%
### BEGIN SOLUTION
### STUB: c_of_five = ...  # from pairs.concordant, pairs.ties and pairs.permissible
c_of_five = (pairs.concordant + 0.5 * pairs.ties) / pairs.permissible
### END SOLUTION
practice.check(
    "C-index of the five", c_of_five, expected=0.75, hint="Half a credit for a tie; divide by the permissible pairs."
)
p_richer = richer.predict_proba(add_interactions(X_test))[:, 1]
outcome = test["retinopathy"]
by_model = {"sum only": cindex_interval(outcome, risk), "with interactions": cindex_interval(outcome, p_richer)}
gain = cindex_difference(outcome, p_richer, risk)
for name, (value, low, high) in by_model.items():
    print(f"{name}: C = {value:.3f} (95 % interval {low:.3f} to {high:.3f}) on {len(test)} test patients")
print(f"gain: {gain.value:.3f} ({gain.low:.3f} to {gain.high:.3f})")
assert gain.low > 0

# %% [markdown]
# The two intervals overlap widely, and yet the gain is above zero: both models met the *same* lucky and unlucky patients, so the difference is known
# better than either value. Compare models by the interval of the difference (DeLong and others, *Biometrics* 1988;44:837-845).
#
# How small can a test set be? The same model on fewer and fewer of the test patients:

# %%
sizes = (50, 100, 200, 400, 800, 1500)
rows = [cindex_interval(outcome.iloc[:n], risk[:n]) for n in sizes]
widths = {n: row.high - row.low for n, row in zip(sizes, rows, strict=True)}
fig = plots_labs.dots_with_interval(
    [f"{n} patients" for n in sizes],
    {"C-index": rows},
    title="Four times the patients, half the interval",
    xlabel="C-index with 95 % interval",
    reference=0.5,
)
plots.show(
    fig,
    alt="C-index with its interval by test size; width "
    + ", ".join(f"{w:.2f} for {n}" for n, w in widths.items())
    + ".",
)
assert 1.5 < widths[100] / widths[400] < 2.8

# %% [markdown]
# With 50 patients almost any model could be called as good as any other.
#
# ## 11. Ask whether the risks are true
#
# Now the second question. Sort the test patients by risk into five groups; in each, compare the mean risk with the share that got the outcome. For
# a model that lies, halve every risk: the order stays, so C stays.

# %%
halved = risk / 2
assert cindex(outcome, halved) == cindex(outcome, risk)
groups = {"the model": risk_groups(outcome, risk), "all risks halved": risk_groups(outcome, halved)}
fig = plots_risk.risk_calibration(groups, title="The same C-index, and only one of them tells the truth")
last = {name: (part["predicted"].iloc[-1], part["observed"].iloc[-1]) for name, part in groups.items()}
plots.show(
    fig,
    alt="Observed share against predicted risk in five groups. "
    + "; ".join(f"{name}: highest group {p:.0%} predicted, {o:.0%} observed" for name, (p, o) in last.items())
    + ".",
)

# %% [markdown]
# In two numbers (Cox, *Biometrika* 1958): regress the outcome on the logit of the risk. True risks give intercept 0 and **slope 1**. A slope below 1: the
# risks are too extreme, the mark of overfitting. By hand: 3 of 10 ill where 20 % was said and 7 of 10 where 80 % was said gives logit(0.7)/logit(0.8) =
# 0.847/1.386 = 0.61.

# %%
for name, p in {"the model": risk, "all risks halved": halved}.items():
    intercept, slope = calibration_interval(outcome, p)
    print(
        f"{name}: intercept {intercept.value:.2f} ({intercept.low:.2f} to {intercept.high:.2f}), slope {slope.value:.2f} ({slope.low:.2f} to {slope.high:.2f})"
    )
assert calibration_interval(outcome, halved).intercept.low > 0.5
### BEGIN SOLUTION
### STUB: slope_by_hand = ...  # 4 of 10 ill where 20 % was said, 6 of 10 where 80 % was said
slope_by_hand = np.log(0.6 / 0.4) / np.log(0.8 / 0.2)
### END SOLUTION
practice.check("slope by hand", slope_by_hand, expected=0.2925, tol=1e-3, hint="logit(0.6) over logit(0.8).")

# %% [markdown]
# Halving shows in the intercept far above 0: people are told too little. A doctor who treats above 20 % would have missed many.
#
# ## What to remember
#
# - A score has bounds, a version and a group it was made for: compute it as published, or not at all.
# - Test patients are measured with the ruler of the training patients.
# - Products let a linear model say "more so in the old"; the interval of the difference says whether they helped.
# - C counts permissible pairs: concordant 1, ties ½. One outcome only means no pair, and no C.
# - Order is not truth: look at calibration too, intercept 0 and slope 1.
#
# ## In practice
#
# The cohort is drawn, so no risk in it holds for anybody. Real cohorts lose people from sight before the end (weeks 2 to 4), leave out those who
# were never asked, and grow old: a score fitted thirty years ago can order well and be far off in truth. Before use, test a model where it
# will be used, by sex, age and origin. Software that informs treatment is in most countries a medical device.
#
# ## Further reading
#
# - [Lip and others, 2010](https://doi.org/10.1378/chest.09-1584): how CHA₂DS₂-VASc was made and tested.
# - [Kamath and others, 2001](https://doi.org/10.1053/jhep.2001.22172): the model behind MELD, before the bounds.
# - [Goff and others, 2014](https://doi.org/10.1161/01.cir.0000437741.48606.98): the pooled cohort equations with their worked example.
# - [Van Calster and others, 2019](https://doi.org/10.1186/s12916-019-1466-7): why calibration deserves as much care as the C-index.
