# %% [markdown]
# # Estimate what a treatment does, on average and for one patient
#
# ![A patient with two fates, one with and one without treatment. One is seen, the other never; the effect is the difference of both.](figures/two_fates.svg)
#
# **What you will do.** You start with two event rates of a trial and end with a prediction of how much one patient would gain, and with
# the tools to doubt it.
#
# **What you will be able to do**
#
# - report a treatment effect as risk difference, number needed to treat and odds ratio, with its interval and the right sign;
# - explain by potential outcomes why randomisation lets two averages be compared, and check the balance of the arms;
# - predict each patient's benefit with a logistic regression, an S-learner and a T-learner;
# - score such predictions by the C-for-benefit, and say how noisy that score is.
#
# **What you need.** An hour and forty minutes, no download; course 2 helps (logistic regression, C-index) but is not needed. Two kinds of data: **ACTG 320**, a
# *real* randomised trial (1,151 people with HIV; Hammer and others, 1997), and *simulated* trials in which the truth is known. Which
# is which is said each time.

# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from labutils import effects, plots, plots_effects, practice
from labutils.datasets import load_actg320, simulate_trial

# %% [markdown]
# ## 1. Subtract two risks
#
# Does the third drug help? Look first: who is in the trial, what is missing, how long were they followed?

# %%
trial = load_actg320()
print(trial.drop(columns=["TRTMT", "outcome"]).describe().loc[["mean", "min", "max"]].T.round(1))
print(f"{len(trial)} people, missing values: {trial.isna().sum().sum()}")
arms = trial.groupby("TRTMT").agg(people=("outcome", "size"), events=("outcome", "sum"), days=("days", "mean"))
print(arms.round(0))
assert arms["people"].sum() == 1151 and arms["events"].sum() == 96 and round(100 * trial["female"].mean()) == 17

# %% [markdown]
# The event is AIDS or death during follow-up, a bad thing. In this table 1 always means *bad*, so fewer is better. The **absolute risk reduction** is
#
# $$ARR = p_0 - p_1 = \text{risk of the controls} - \text{risk of the treated.}$$
#
# By hand, with 63 events among 577 controls and 33 among 574 treated: 0.109 − 0.057 = 0.052. Five people in a hundred were spared, within that time.
# Relative numbers sound larger: the *relative* risk reduction is 0.052/0.109 = 47 %. Both are true; only the first tells a patient how much there is to gain.

# %%
rates = effects.event_rate(trial)
arr = rates.control - rates.treated
print(f"control {rates.control:.3f}, treated {rates.treated:.3f}, ARR {arr:.3f}, relative {arr / rates.control:.0%}")
assert abs(arr - 0.052) < 0.001 and round(100 * arr / rates.control) == 47

# %% [markdown]
# ## 2. Say how many must be treated
#
# Percentage points are hard to feel. Turn them round: if one in twenty is spared, twenty must be treated to spare one. **Number needed to treat** = 1/ARR.
#
# By hand: an ARR of 0.08 means 1/0.08 = 12.5 patients. Its interval is made of one over the ends of the interval of the ARR, as long as that does not
# hold 0 (Altman, BMJ 1998;317:1309-1312). And it has a time: needed to treat *for how long*?

# %%
needed = effects.number_needed_to_treat(trial)
print(f"treat {needed.nnt:.0f} people for up to a year to spare one AIDS or death", end=" ")
print(f"(95 % interval {needed.low:.0f} to {needed.high:.0f})")
assert needed.low < needed.nnt < needed.high

# %% [markdown]
# **Try it.** In another trial the event happens to 30 of 200 controls and to 14 of 200 treated patients. What is the NNT?
#
# <details><summary>Hint</summary>ARR first: 30/200 − 14/200.</details>

# %%
### BEGIN SOLUTION
### STUB: nnt = ...
nnt = 1 / (30 / 200 - 14 / 200)
### END SOLUTION
practice.check("number needed to treat", nnt, expected=12.5, hint="One over the difference of the two risks.")

# %% [markdown]
# ## 3. Let chance decide who is treated
#
# Why may we subtract at all? Suppose doctors give a drug to those who look worst. The treated then do worse *because of who they are*, and a good drug looks
# harmful. Watch it happen in made-up patients: a true effect that protects everybody, given once by lot and once to the sick.

# %%
rng = np.random.default_rng(30_101)
made_up = simulate_trial(4000, rng, effect="constant")
sick_first = rng.random(4000) < np.where(made_up.risk_control > np.median(made_up.risk_control), 0.8, 0.2)
fate = rng.random(4000) < np.where(sick_first, made_up.risk_treated, made_up.risk_control)
clinic = made_up.table.assign(TRTMT=sick_first.astype(int), outcome=fate.astype(int))
print(f"true mean effect {-made_up.benefit.mean():.3f}")
for name, table in {"by lot": made_up.table, "to the sick": clinic}.items():
    ate, low, high = effects.ate_interval(table)
    print(f"{name}: treated − control {ate:.3f} (95 % interval {low:.3f} to {high:.3f})")
assert effects.ate_interval(clinic).low > -made_up.benefit.mean(), "the comparison in the clinic should be off"

# %% [markdown]
# By lot the interval sits around the truth. In the clinic it misses it, and more patients would only make it *surely* wrong. This is **confounding by
# indication**. A lot cures it, since it knows nothing of the patient: age, habits, and all that nobody measured are spread alike over both arms.
#
# Alike *on average*. How alike in this trial? A **balance table** compares the arms before treatment by standardised mean differences:
# (mean of the treated − mean of the controls) over their standard deviation. By hand: ages of 60 and 58 on average, with variances 100 and 12: 2/√56 = 0.27.

# %%
before = trial.drop(columns="days")  # days of follow-up come after treatment: no part of a balance table
balance = effects.balance_table(before)
largest = balance["smd"].abs().idxmax()
fig = plots_effects.love_plot(
    balance["smd"], title=f"The lot did well: largest difference {balance['smd'].abs().max():.2f} SD ({largest})"
)
plots.show(
    fig,
    alt=f"Standardised mean differences of {len(balance)} features in ACTG 320, from {balance['smd'].min():.2f} to "
    f"{balance['smd'].max():.2f}; all lie within ±0.1.",
)
assert balance["smd"].abs().max() < 0.1, "all features should lie within ±0.1"

# %% [markdown]
# No p-values here, on purpose: in a randomised trial we *know* that differences are chance. What matters is whether they are large enough to matter.
#
# ## 4. Imagine both fates
#
# What *is* an effect? Give each patient two **potential outcomes**: Y(1), what happens with the treatment, and Y(0), what happens without (Neyman
# 1923, Rubin 1974). The effect on patient i is Yᵢ(1) − Yᵢ(0). Only one of the two ever happens. Four patients, as a god would see them:

# %%
fates = pd.DataFrame({"Y(1)": [0, 0, 1, 1], "Y(0)": [0, 1, 1, 0]}, index=["Ann", "Ben", "Cleo", "Dan"])
fates["effect"] = fates["Y(1)"] - fates["Y(0)"]
print(fates, "\nmean effect:", fates["effect"].mean())
assert fates["effect"].mean() == 0

# %% [markdown]
# Ann is well either way, Ben is saved (−1), Cleo lost either way, Dan is harmed (+1). The mean is 0, and yet the treatment matters a great deal: to Ben and to
# Dan. An average can hide both. Keep that for section 6.
#
# **Try it.** If Ben and Cleo are treated and Ann and Dan are not, what does the trial see? Give the difference of the two event rates, treated − control.
#
# <details><summary>Hint</summary>Treated: Y(1) of Ben and Cleo. Controls: Y(0) of Ann and Dan.</details>

# %%
### BEGIN SOLUTION
### STUB: seen_difference = ...
seen_difference = (0 + 1) / 2 - (0 + 0) / 2
### END SOLUTION
practice.check("difference that this trial sees", seen_difference, expected=0.5, hint="1 of 2 against 0 of 2.")

# %% [markdown]
# ## 5. Average what nobody sees
#
# The **average treatment effect** is the mean of Y(1) − Y(0) over all patients. A mean of differences is the difference of means, and by the lot
# the treated are a fair sample of everybody's Y(1), the controls of everybody's Y(0). So
#
# $$ATE = E[Y(1) - Y(0)] = E[Y(1)] - E[Y(0)], \text{ estimated by } p_1 - p_0.$$
#
# Mind the sign: the ATE is *treated minus control* and **negative** for a drug that protects; the ARR of section 1 is the same number with the other sign. This rests on
# assumptions that no lot provides: that one patient's treatment does not change another's fate (not true of vaccines), and that "treated" means one thing.
#
# How far may the estimate be off? Repeat the lot among the same 600 made-up patients, whose both risks we know:

# %%
small = simulate_trial(600, np.random.default_rng(30_105), effect="constant")
truth = -small.benefit.mean()
estimates, covered = [], 0
for _ in range(300):
    lot = rng.permutation(np.arange(600) % 2)
    fate = rng.random(600) < np.where(lot == 1, small.risk_treated, small.risk_control)
    ate, low, high = effects.ate_interval(pd.DataFrame({"TRTMT": lot, "outcome": fate.astype(int)}))
    estimates.append(ate)
    covered += low <= truth <= high
fig = plots_effects.spread_of_scores(
    {"300 lots": np.array(estimates)},
    title=f"Each lot says something else; {covered} of 300 intervals hold the truth",
    xlabel="estimated average treatment effect (dotted: the truth)",
    reference=truth,
)
plots.show(fig, alt=f"300 estimates between {min(estimates):.2f} and {max(estimates):.2f} around the true {truth:.2f}.")

# %% [markdown]
# The estimates scatter around the truth, neither too high nor too low on average: *unbiased*. A trial is one dot of this cloud, and you do not know which.

# %%
error = np.mean(estimates) - truth
print(f"mean of the 300 estimates minus the truth: {error:.4f}; share of intervals that hold it: {covered / 300:.0%}")
assert abs(error) < 0.01 and covered / 300 > 0.9

# %% [markdown]
# ## 6. Ask who gains
#
# The **conditional average treatment effect** is the average among patients of one kind: CATE(x) = E[Y(1) − Y(0) | X = x]. Men and women, low
# and high CD4 counts: each kind has an average of its own. The obvious way is to cut the trial into pieces.

# %%
pieces = {
    "all": trial,
    "women": trial[trial["female"] == 1],
    "men": trial[trial["female"] == 0],
    "CD4 up to 50": trial[trial["cd4"] <= 50],
    "CD4 above 50": trial[trial["cd4"] > 50],
    "age under 40": trial[trial["age"] < 40],
    "age 40 or more": trial[trial["age"] >= 40],
}
ates = {name: effects.ate_interval(piece) for name, piece in pieces.items()}
fig = plots_effects.effects_by_group(
    {f"{name} ({len(pieces[name])})": tuple(ate) for name, ate in ates.items()},
    title="ACTG 320: smaller groups, wider intervals",
    xlabel="risk of the treated − risk of the controls (95 % interval)",
)
plots.show(
    fig,
    alt="Average treatment effects with intervals: "
    + "; ".join(f"{name} {ate.ate:.2f} ({ate.low:.2f} to {ate.high:.2f})" for name, ate in ates.items()),
)

# %% [markdown]
# This is also the subgroup table of the course: *who* is small in it, women for example, is known least about. Do the pieces differ? Look at the
# *difference* of two effects with its interval, never at "significant here, not there":

# %%
low_cd4, high_cd4 = ates["CD4 up to 50"], ates["CD4 above 50"]
difference = low_cd4.ate - high_cd4.ate
half = np.hypot((low_cd4.high - low_cd4.low) / 2, (high_cd4.high - high_cd4.low) / 2)
print(
    f"difference of the two effects {difference:.3f} (95 % interval {difference - half:.3f} to {difference + half:.3f})"
)
assert half > 0.03, "a difference of differences should be known worse than either"

# %% [markdown]
# With ten features of ten values each there would be more pieces than patients. We need a model that borrows strength from similar patients.
#
# ## 7. Start with one odds ratio
#
# The model that everybody fits first: a logistic regression of the outcome on the features and the treatment. The coefficient θ of the treatment is the change of
# the log *odds*; exp(θ) is the **odds ratio**, the same for all. By hand: a risk of 0.5 is odds of 1; an odds ratio of 0.5 makes odds of 0.5, a risk of 0.333. A
# risk of 0.1 is odds of 0.111; halved 0.056, a risk of 0.053. So one odds ratio promises 0.167 to the first patient and 0.047 to the second.

# %%
risks = np.linspace(0, 1, 101)
curves = {f"odds ratio {ratio}": effects.OR_to_ARR(risks, ratio) for ratio in (0.5, 0.75, 1.5)}
fig = plots_effects.lines(
    risks,
    curves,
    title="One odds ratio, many benefits: most at a middle risk",
    xlabel="risk without treatment",
    ylabel="absolute risk reduction",
)
plots.show(
    fig, alt="Risk reduction over baseline risk for three odds ratios: zero at both ends, largest near the middle."
)
assert abs(effects.OR_to_ARR(0.5, 0.5) - 1 / 6) < 1e-9

# %% [markdown]
# Now the real trial. The features are brought to standard units for the fit.

# %%
features = before.drop(columns="outcome").astype(float)
scaled = [name for name in features if name != "TRTMT" and features[name].nunique() > 2]
features[scaled] = (features[scaled] - features[scaled].mean()) / features[scaled].std()
model = LogisticRegression(max_iter=1000).fit(features, trial["outcome"])
theta, ratio = effects.extract_treatment_effect(model, features)
base = effects.base_risks(features, model)
promised = effects.OR_to_ARR(base, ratio)
print(f"theta {theta:.2f}, odds ratio {ratio:.2f}")
print(
    f"promised risk reduction: lowest {promised.min():.3f}, median {np.median(promised):.3f}, highest {promised.max():.3f}"
)
assert theta < 0 < promised.min()

# %% [markdown]
# The model tells people apart by their baseline risk only. That is a strong claim ("nobody is harmed, nobody is helped beyond his risk"), and often not a bad
# one: most real differences in benefit are differences in risk.
#
# ## 8. Ask two models: the T-learner
#
# What if the effect itself depends on the patient? Fit *two* models, one on the treated and one on the controls, ask both about the same patient, and subtract: the
# **T-learner** (Künzel and others, PNAS 2019). By hand: the controls' model says 0.30, the other 0.22; predicted benefit 0.08.
#
# Only a simulation can tell whether that works. Here a biomarker decides: much of it, and the drug helps more; little, and it harms.

# %%
known = simulate_trial(6000, np.random.default_rng(30_108), effect="varies")
X, y = known.table.drop(columns="outcome"), known.table["outcome"]
X_plain = X.drop(columns="TRTMT")
fitted = {
    arm: LogisticRegression(max_iter=2000).fit(X_plain[X["TRTMT"] == arm], y[X["TRTMT"] == arm]) for arm in (0, 1)
}
t_learner = effects.TLearner(treatment_estimator=fitted[1], control_estimator=fitted[0])
told = t_learner.predict(X_plain)
fig = plots_effects.truth_and_prediction(
    known.benefit,
    told,
    title=f"T-learner, 6,000 made-up patients: off by {np.abs(told - known.benefit).mean():.3f} on average",
)
plots.show(
    fig,
    alt=f"Predicted against true benefit; correlation {np.corrcoef(told, known.benefit)[0, 1]:.2f}, harm is found too.",
)
assert np.corrcoef(told, known.benefit)[0, 1] > 0.9 and (told < 0).any()

# %% [markdown]
# The price: each model has seen half of the patients, and the errors of both go into the difference. With trees instead of straight lines, and few
# patients, the difference is mostly noise. The same with a tenth of the patients and *no* effect on anybody:

# %%
nothing = simulate_trial(600, np.random.default_rng(30_109), effect="none")
X0, y0 = nothing.table.drop(columns=["outcome", "TRTMT"]), nothing.table["outcome"]
arm = nothing.table["TRTMT"]
trees = [DecisionTreeClassifier(max_depth=4, random_state=0).fit(X0[arm == a], y0[arm == a]) for a in (1, 0)]
invented = effects.TLearner(*trees).predict(X0)
print(f"true benefit: 0 for all; predicted: from {invented.min():.2f} to {invented.max():.2f}, sd {invented.std():.2f}")
assert invented.std() > 0.1, "small trees of 300 patients should invent benefits"

# %% [markdown]
# ## 9. Ask one model twice: the S-learner
#
# An **S-learner** is a *single* model with the treatment among its features, asked with the treatment set to 0 and to 1. It uses all patients at
# once. But the treatment is only one feature among many: a model that finds it unimportant says that nobody gains, and a model without interactions
# cannot say that people differ.

# %%
single = LogisticRegression(max_iter=2000).fit(X, y)
tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=50, random_state=0).fit(X, y)
answers = {
    "T-learner, logistic": told,
    "S-learner, logistic": effects.SLearner(single).predict(X),
    "S-learner, tree": effects.SLearner(tree).predict(X),
}
for name, benefit in answers.items():
    off, agreement = np.abs(benefit - known.benefit).mean(), np.corrcoef(benefit, known.benefit)[0, 1]
    print(
        f"{name:20s} off by {off:.3f} on average, correlation with the truth {agreement:5.2f}, harmed: {(benefit < 0).mean():.0%}"
    )
print(f"truly harmed: {(known.benefit < 0).mean():.0%}")
assert np.abs(answers["S-learner, logistic"] - known.benefit).mean() > np.abs(told - known.benefit).mean()

# %% [markdown]
# The logistic S-learner has no interaction, so it promises a gain to everybody and overlooks those who are harmed. Not a fault of S-learners: give the model products of
# the treatment with the features, and it can.
#
# ## 10. Judge what cannot be seen
#
# On real patients there is no truth to compare with: each lacks one fate. Two ways out, both by *pairs* of one treated patient and one control:
#
# - **match by features**: find two patients who are alike, and take the difference of their fates. With many features nobody is quite alike;
# - **match by predicted effect**: find two to whom the model promises the same. One number to match on, always possible, but then it is the model that says who is alike.
#
# ![Three controls and three treated patients, both sorted by predicted benefit and paired. The pairs show observed benefits of −1, 0 and 1.](figures/matched_pair.svg)
#
# Either way a pair shows an **observed benefit**: outcome of the control − outcome of the treated. 1 looks like help, −1 like harm, 0 like neither. One pair proves nothing:
# the two patients are different people. Averages over many pairs do say something.

# %%
predicted, observed = effects.match_pairs(told, y, X["TRTMT"], np.random.default_rng(30_110))
thirds = np.array_split(np.argsort(predicted), 3)
for name, rows in zip(("least", "middle", "most"), thirds, strict=True):
    mean, error = observed[rows].mean(), observed[rows].std() / np.sqrt(len(rows))
    print(f"third promised {name:6s}: promised {predicted[rows].mean():.3f}, seen {mean:.3f}", end=" ")
    print(f"(95 % interval {mean - 1.96 * error:.3f} to {mean + 1.96 * error:.3f})")
assert observed[thirds[2]].mean() > observed[thirds[0]].mean()

# %% [markdown]
# In these made-up patients promise and sight agree, third by third: that is **calibration for benefit**.
#
# ## 11. Count how well benefits are ranked
#
# The **C-for-benefit** is one number for the *ranking*: of two matched pairs with different observed benefit, how often has the one with the larger observed
# also the larger predicted benefit? Ties of the prediction count ½ (van Klaveren and others, 2018). By hand, pairs (predicted, observed): (0.3, 1), (0.1, 0), (0.2, −1). First against second:
# right. First against third: right. Second against third: 0 > −1 but 0.1 < 0.2, wrong. Two of three, 0.667.

# %%
three = [((0.3, 1), (0.3, 0)), ((0.1, 0), (0.1, 0)), ((0.2, 0), (0.2, 1))]  # ((pred, y) of the control, of the treated)
print(f"by hand: {effects.c_for_benefit_score(three):.3f}")
score = effects.c_for_benefit_interval(predicted, observed, 500, np.random.default_rng(1))
best_pairs = effects.match_pairs(known.benefit, y, X["TRTMT"], np.random.default_rng(30_110))
best = effects.c_for_benefit_interval(*best_pairs, 500, np.random.default_rng(1))
print(f"T-learner {score.c:.3f} (95 % interval {score.low:.3f} to {score.high:.3f})")
print(f"the truth itself {best.c:.3f} (95 % interval {best.low:.3f} to {best.high:.3f})")
assert abs(effects.c_for_benefit_score(three) - 2 / 3) < 1e-12 and best.high < 0.8

# %% [markdown]
# Even the true benefits score far below 1, because each fate is the toss of a loaded coin. And in a small trial the score is noise: split ACTG 320 many times
# in half, fit the single odds ratio on one half, score it on the other.

# %%
scores = []
for seed in range(40):
    rows = np.random.default_rng(seed).permutation(len(features))
    fit, test = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    part = LogisticRegression(max_iter=1000).fit(features.iloc[fit], trial["outcome"].iloc[fit])
    gain = effects.SLearner(part).predict(features.iloc[test])
    scores.append(effects.c_statistic(gain, trial["outcome"].iloc[test], trial["TRTMT"].iloc[test], random_seed=seed))
fig = plots_effects.spread_of_scores(
    {"ACTG 320, 40 splits": np.array(scores)},
    title=f"The same model and trial, from {min(scores):.2f} to {max(scores):.2f}",
    xlabel="C-for-benefit on the half that was kept (dotted: chance)",
    reference=0.5,
)
plots.show(
    fig,
    alt=f"40 scores of one kind of model between {min(scores):.2f} and {max(scores):.2f}, around {np.median(scores):.2f}.",
)

# %% [markdown]
# Whoever quotes only the best of these forty misleads, without a single false number.

# %%
print(f"share of the 40 splits with a score above 0.5: {np.mean(np.array(scores) > 0.5):.0%}")
assert max(scores) - min(scores) > 0.1, "the choice of the split should matter"

# %% [markdown]
# ## What to remember
#
# - Risk difference, NNT and odds ratio are three faces of one effect: give the first with its interval, say over what time, and mind the sign (ATE = treated − control, ARR = control − treated).
# - Nobody shows both fates. A lot makes the arms comparable on average; a balance table shows how well; without a lot, more patients only make a wrong answer surer.
# - One odds ratio lets benefit follow risk; a T-learner subtracts two models and needs many patients; an S-learner asks one model twice and finds only what that model can express.
# - The C-for-benefit judges a ranking by matched pairs. Even the truth scores far below 1, and in a trial with few events its interval covers chance and success alike.
#
# ## In practice
#
# A benefit predicted for one patient is an average over patients who look alike *to the model*. Before it changes a treatment it needs another trial, or at least another
# hospital's patients. People who are not in trials (older, sicker, pregnant, of other origin) are not in the prediction either: 17 in 100 people of ACTG 320 are women.
# Follow-up differed from person to person here; course 2 shows how survival methods treat that. Combination therapy has changed since 1997: this trial teaches method, not today's treatment.
#
# ## Further reading
#
# - [Hammer and others, 1997](https://doi.org/10.1056/NEJM199709113371101): the trial itself, with its survival curves and side effects.
# - [Altman, 1998](https://doi.org/10.1136/bmj.317.7168.1309): how to write an interval for a number needed to treat, and when not to.
# - [Künzel and others, 2019](https://doi.org/10.1073/pnas.1804597116): T-, S- and X-learners compared, with proofs and simulations.
# - [van Klaveren and others, 2018](https://doi.org/10.1016/j.jclinepi.2017.10.021): the paper that proposed the C-for-benefit.
# - [Xia, Gustafson and Sadatsafavi, 2023](https://doi.org/10.1186/s41512-023-00147-z): why others distrust that score, with small examples.
