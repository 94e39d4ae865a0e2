# %% [markdown]
# # Model hazards with Cox regression and survival forests
#
# ![Three curves side by side: a hazard that falls, the cumulative hazard that adds it up, and the survival that follows from it.](figures/hazard_three_views.svg)
#
# **What you will do.** You turn the question "who dies?" into "who dies sooner?", fit two models to 500 patients after a heart attack,
# and score them although half of the patients are still alive.
#
# **What you will be able to do**
#
# - turn a survival curve into a hazard and a cumulative hazard, and back, for one patient;
# - read a hazard ratio per unit, with its interval and with the right coding;
# - fit a Cox model and a random survival forest, and say how their predictions differ;
# - score them with Harrell's C and the Brier score, each with an interval;
# - count a competing event instead of dropping it.
#
# **What you need.** Two hours, no download, week 3 of this course (Kaplan–Meier). The patients are **real**: the Worcester
# Heart Attack Study (Hosmer, Lemeshow and May, *Applied survival analysis*, 2008), as shipped with scikit-survival. Invented numbers are
# called invented where they stand.

# %%
import itertools

import numpy as np
from lifelines import CoxPHFitter
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression
from sksurv.ensemble import RandomSurvivalForest
from sksurv.tree import SurvivalTree
from sksurv.util import Surv

from labutils import hazards, plots, plots_hazards, plots_labs, practice
from labutils.datasets import load_whas500

# %% [markdown]
# ## 1. Ask what a hazard is
#
# Look first: who are the patients, what is missing, how many died?

# %%
table = load_whas500()
print(f"{len(table)} patients, {table['died'].sum()} deaths; missing values: {table.isna().sum().sum()}")
print(f"{table['female'].mean():.0%} women, median age {table['age'].median():.0f} years")
print(
    f"followed for {table['days'].min():.0f} to {table['days'].max():.0f} days, half of them {table['days'].median():.0f} or more"
)
assert len(table) == 500 and table["died"].sum() == 215

# %% [markdown]
# A nurse on the ward asks: of those who are alive *this* morning, how many die before tomorrow? That is the **hazard**, a rate per
# time among those still at risk:
#
# $$\lambda(t) = \lim_{\Delta \to 0} \frac{P(t \le T < t + \Delta \mid T \ge t)}{\Delta}$$
#
# By hand: 10 patients are alive at the start of a week, 2 die in it, on its last day, and nobody leaves. They lived 70
# patient-days, so the rate is 2/70 ≈ 0.029 per day. Deaths divided by time at risk estimates the hazard of a period; the interval is that
# of a Poisson count (Garwood, 1936).

# %%
edges = np.array([0, 7, 30, 180, 365, 1095])
periods = []
for start, end in itertools.pairwise(edges):
    at_risk = (table["days"].clip(upper=end) - start).clip(lower=0).sum()
    deaths = int(((table["days"] > start) & (table["days"] <= end) & (table["died"] == 1)).sum())
    low, high = chi2.ppf(0.025, 2 * deaths) / 2, chi2.ppf(0.975, 2 * deaths + 2) / 2
    periods.append((f"day {start} to {end}", *(1000 * np.array([deaths, low, high]) / at_risk)))
names, *rates = zip(*periods, strict=True)
title = f"The hazard falls from {rates[0][0]:.1f} to {rates[0][-1]:.1f} deaths per 1000 patient-days"
fig = plots.bar_with_interval(names, *rates, title=title, xlabel="deaths per 1000 patient-days, 95 % interval")
plots.show(fig, alt=f"Bars of the death rate in five periods. {title}.")
assert rates[1][0] > rates[2][-1], "the first week should be worse than the last period"

# %% [markdown]
# The first week after a heart attack is by far the most dangerous: its interval lies wholly above that of the last period.
#
# ## 2. Go from survival to hazard and back
#
# Survival $S(t)$ is the share alive; the hazard says how fast that share shrinks, *relative to itself*: $\lambda(t) = -S'(t)/S(t)$.
#
# By hand, in whole weeks: of 100 patients 80, 60 and 45 are alive after week 1, 2 and 3. In week 1 die 20 of 100 (0.20), in week 2 20 of **80** (0.25), in week 3 15
# of 60 (0.25). As many die in week 2 as in week 1, but from fewer patients: the hazard rises.

# %%
alive = np.array([100, 80, 60, 45])
hazard = (alive[:-1] - alive[1:]) / alive[:-1]
back = 100 * np.cumprod(1 - hazard)
print("hazard per week:", hazard, "  alive again from it:", back)
assert np.allclose(hazard, [0.20, 0.25, 0.25]) and np.allclose(back, alive[1:])

# %% [markdown]
# Going back multiplies: alive = alive before × (1 − hazard). Neither view holds more than the other.
#
# **Try it.** In week 4 the hazard is 0.40. How many of the 45 are alive after it?
#
# <details><summary>Hint</summary>45 × (1 − 0.40)</details>

# %%
### BEGIN SOLUTION
### STUB: after_week_4 = ...
after_week_4 = 45 * (1 - 0.40)
### END SOLUTION
practice.check("alive after week 4", after_week_4, expected=27, hint="40 % of the 45 die.")

# %% [markdown]
# ## 3. Add the hazard up
#
# The **cumulative hazard** is the risk gathered so far, $H(t) = \int_0^t \lambda(u)\,du$, and $S(t) = e^{-H(t)}$. **Nelson and Aalen** estimate it
# by adding up deaths divided by patients at risk: $H(t) = \sum_{t_j \le t} d_j/n_j$.
#
# By hand: times 1, 2, 3, 4; deaths at 1 and 3, the others censored. At 1: 1/4. At 3 two are left: 1/2. So $H$ = 0.25, then 0.75. It is no
# probability: it may pass 1.

# %%
small = hazards.nelson_aalen([1, 2, 3, 4], [1, 0, 1, 0])
assert np.allclose(small.hazard, [0, 0.25, 0.25, 0.75, 0.75])
gathered = hazards.nelson_aalen(table["days"], table["died"])
curve = hazards.kaplan_meier(table["days"], table["died"])
gap = np.abs(np.exp(-gathered.hazard) - curve.survival)[curve.at_risk >= 30].max()
print(f"exp(-H) and Kaplan-Meier differ by at most {gap:.4f} while 30 or more are at risk")
assert gap < 0.01

# %% [markdown]
# With many patients, $e^{-H}$ and Kaplan–Meier are the same curve for all purposes.
#
# ## 4. Predict for one patient, not for the average
#
# One curve for everybody hides that patients differ. We hold 200 patients back as a test set; one row is one patient, so nobody is on both
# sides. And one column must go: **length of stay** is known only when the patient leaves, or dies. A prediction made at
# admission cannot use it.

# %%
known = table.drop(columns="length_of_stay")
shuffled = np.random.default_rng(24).permutation(len(known))
train, test = known.iloc[shuffled[:300]], known.iloc[shuffled[300:]]
features = [name for name in known if name not in ("days", "died")]
cox = CoxPHFitter().fit(train, "days", "died")
died_early = table[(table["died"] == 1) & (table["days"] <= 3)]
print(f"training: {len(train)} patients, {train['died'].sum()} deaths; test: {len(test)}, {test['died'].sum()} deaths")
print(f"longest stay among those who died by day 3: {died_early['length_of_stay'].max():.0f} days")
assert (len(features), train["died"].sum()) == (13, 130)
assert died_early["length_of_stay"].max() <= 4, "a short stay can be the consequence of an early death"

# %% [markdown]
# Those who died in the first days *could not* stay long: the column holds the future. (The table also does not say on which day shock or heart
# failure was noted. Before real use, ask.)
#
# The **Cox model** (Cox, 1972) gives each patient a hazard of their own: $\lambda(t, x) = \lambda_0(t)\, e^{\theta \cdot x}$. Two test patients:

# %%
pair = test.loc[[test["age"].idxmin(), test["age"].idxmax()]]
predicted = cox.predict_survival_function(pair).loc[:1095]  # three years: later, few are followed
labels = [f"{row.age:.0f} years, heart failure {'yes' if row.heart_failure else 'no'}" for row in pair.itertuples()]
curves = {name: (predicted.index, predicted[column]) for name, column in zip(labels, predicted, strict=True)}
title = f"Alive at one year: {predicted.loc[:365].iloc[-1, 0]:.0%} against {predicted.loc[:365].iloc[-1, 1]:.0%}"
fig = plots_hazards.step_curves(
    curves, title=title, xlabel="days after admission", ylabel="predicted probability to be alive", top=1.02
)
plots.show(fig, alt=f"Predicted survival of two test patients, {labels[0]} and {labels[1]}. {title}.")
assert (predicted.iloc[:, 0] >= predicted.iloc[:, 1]).all(), "Cox curves of two patients never cross"

# %% [markdown]
# ## 5. Compare two patients by their relative risk
#
# Divide two hazards and the baseline $\lambda_0(t)$ cancels: $\lambda(t, x_1)/\lambda(t, x_2) = e^{\theta \cdot (x_1 - x_2)}$, one number for all times, the
# **hazard ratio**.
#
# By hand, with invented coefficients 0.03 per year of age and 0.7 for heart failure: a patient of 70 with it against one of 60 without has
# $e^{0.3 + 0.7} = e^1 ≈ 2.7$ times the hazard.

# %%
ratio = hazards.hazard_ratio([70, 1], [60, 0], [0.03, 0.7])
youngest, oldest = pair[features].to_numpy(float)
fitted = hazards.hazard_ratio(oldest, youngest, cox.params_[features])
print(f"by hand: {ratio:.2f}; oldest against youngest test patient: {fitted:.0f} times the hazard")
assert np.isclose(ratio, np.e)

# %% [markdown]
# That large number compares the two ends of the age range: an estimate at the edge of the data, with a wide interval.
#
# ## 6. Rank patients by risk
#
# To rank, the baseline is not needed: $\theta \cdot x$ orders the patients as well as $e^{\theta \cdot x}$ does, and no time has to be chosen.

# %%
log_risk = test[features] @ cox.params_[features]
order = log_risk.sort_values(ascending=False).index
quarters = np.array_split(order, 4)
deaths = [int(test.loc[rows, "died"].sum()) for rows in quarters]
print("deaths among the 50 patients of each quarter, highest predicted risk first:", deaths)
assert (np.exp(log_risk).rank() == log_risk.rank()).all(), "the exponential keeps the order"
assert deaths[0] > deaths[3]

# %% [markdown]
# On patients whom the model never saw, deaths gather at the top of the list.
#
# ## 7. Set a patient against the baseline
#
# What is the baseline patient? Whoever has $x = 0$: age 0, heart rate 0. Nobody. lifelines therefore subtracts the mean of each column first: its
# baseline is the *average* patient. With the cumulative hazard $H_0(t)$ of that one, everybody's survival follows: $S(t) = e^{-H_0(t)\,\cdot\,\text{risk}}$.

# %%
baseline = cox.baseline_cumulative_hazard_.iloc[:, 0]
risk = float(np.exp(cox.params_[features] @ (pair[features].iloc[1] - train[features].mean())))
mine = hazards.survival_from_hazard(baseline, risk)
theirs = cox.predict_survival_function(pair.iloc[[1]], times=baseline.index).iloc[:, 0]
print(f"the oldest test patient: {risk:.1f} times the hazard of the average patient")
assert np.allclose(mine, theirs), "our formula should agree with lifelines"

# %% [markdown]
# **Try it.** The average patient is alive at some time with probability 0.90. With which probability is a patient of 3 times the hazard?
#
# <details><summary>Hint</summary>$e^{-3H} = (e^{-H})^3$</details>

# %%
### BEGIN SOLUTION
### STUB: alive_at_triple_risk = ...
alive_at_triple_risk = 0.90**3
### END SOLUTION
practice.check("survival at triple hazard", alive_at_triple_risk, expected=0.729, hint="A power, not a product with 3.")

# %% [markdown]
# ## 8. Compare a smoker with a non-smoker
#
# With one covariate of 0 and 1, the coefficient speaks for itself. Invented numbers: $\theta = 0.69$ for smoking. Non-smoker: $e^0 = 1$ times the
# baseline. Smoker: $e^{0.69} ≈ 2$ times. That is *twice the hazard*, not half the lifetime, and not twice the probability of death.

# %%
smoker = np.exp(0.69)
death = {S: (1 - S, 1 - S**smoker) for S in (0.99, 0.9, 0.5)}
for non, yes in death.values():
    print(f"non-smokers {non:.0%} dead: smokers {yes:.1%}, that is {yes / non:.2f} times")
assert np.isclose(smoker, 2, atol=0.01) and death[0.5][1] / death[0.5][0] < 1.6

# %% [markdown]
# While death is rare, the ratio of probabilities is close to the hazard ratio; when half have died, it is far below.
#
# ## 9. Read the effect of age
#
# A number such as age has one coefficient *per year*. Its effect multiplies: ten years are $e^{10\theta} = (e^\theta)^{10}$.

# %%
row = cox.summary.loc["age"]
per_year = [row["exp(coef)"], row["exp(coef) lower 95%"], row["exp(coef) upper 95%"]]
per_decade = [value**10 for value in per_year]
print("hazard ratio per year:   {:.3f} ({:.3f} to {:.3f})".format(*per_year))
print("hazard ratio per decade: {:.2f} ({:.2f} to {:.2f})".format(*per_decade))
assert np.isclose(per_decade[0], np.exp(10 * row["coef"])) and per_year[1] > 1

# %% [markdown]
# A ratio near 1 per year is large over a decade. The model also assumes that 50 to 60 does as much as 80 to 90.
#
# ## 10. Mind the unit of a coefficient
#
# A coefficient has a unit, so sizes cannot be compared across columns: age per year, heart rate per beat, shock yes or no. Change the unit
# and the number changes; the model does not.

# %%
in_decades = train.assign(age=train["age"] / 10)
again = CoxPHFitter().fit(in_decades, "days", "died")
print(f"age in years: {cox.params_['age']:.4f}; in decades: {again.params_['age']:.4f}")
assert np.isclose(again.params_["age"], 10 * cox.params_["age"], rtol=1e-3)
assert np.isclose(again.log_likelihood_, cox.log_likelihood_)

# %% [markdown]
# ## 11. Tell increase from decrease
#
# Positive coefficient, ratio above 1: higher hazard. Negative, below 1: lower. An interval that contains 1 leaves the direction open.

# %%
summary = cox.summary.sort_values("exp(coef)", ascending=False)
ends = summary["exp(coef) lower 95%"], summary["exp(coef) upper 95%"]
clear = summary.index[(ends[0] > 1) | (ends[1] < 1)]
title = f"The direction is clear for {len(clear)} of {len(summary)} columns"
fig = plots_hazards.ratios(
    summary.index, summary["exp(coef)"], *ends, title=title, xlabel="hazard ratio per unit of the column, 95 % interval"
)
plots.show(fig, alt=f"Hazard ratios with intervals. {title}: {', '.join(clear)}.")
assert {"age", "heart_failure", "shock", "bmi"} <= set(clear) and "female" not in clear
assert cox.hazard_ratios_["bmi"] < 1

# %% [markdown]
# Heart failure and shock raise the hazard; for sex the interval contains 1. A higher body mass index goes with a *lower* hazard here: an association
# among patients who already had an attack, no advice to gain weight.
#
# Direction also depends on **coding**. In the PBC trial 1 is the drug (D-penicillamine) and 2 is placebo. Whoever decodes that backwards turns every ratio
# $r$ into $1/r$ and teaches that placebo heals. By hand: a rate of 2 deaths in 8 years on the drug and 1 in 8 on placebo is a ratio of 2; decoded backwards it reads
# 0.5. Exercise 6 is about that.
#
# ## 12. Grow a survival tree
#
# ![A small tree: older than 75, then heart failure; each of the three leaves holds a cumulative hazard that rises at its own speed.](figures/survival_tree.svg)
#
# A Cox model adds effects on the log scale. A **survival tree** splits patients in two, again and again, each time where the two sides' survival differs
# most (by the log-rank statistic of week 3). No effect has to be linear, nor the same for everybody.

# %%
x_train, x_test = train[features].to_numpy("float32"), test[features].to_numpy("float32")
y_train = Surv.from_arrays(train["died"] == 1, train["days"])
tree = SurvivalTree(max_depth=2, min_samples_leaf=30).fit(x_train, y_train)
first, cut = features[tree.tree_.feature[0]], tree.tree_.threshold[0]
leaf = tree.apply(x_train)
sizes = np.unique(leaf, return_counts=True)[1]
print(f"first question: is {first} above {cut:.1f}? patients in the leaves: {sizes}")
assert sizes.sum() == len(train) and sizes.min() >= 30

# %% [markdown]
# ## 13. Put Nelson–Aalen in the leaves
#
# What does a leaf predict? The cumulative hazard of its own training patients, by the estimator of section 3. We check that with the library.

# %%
chosen = leaf[0]
own = train[leaf == chosen]
mine = hazards.nelson_aalen(own["days"], own["died"])
theirs = tree.predict_cumulative_hazard_function(x_train[:1])[0]
inside = (mine.times > 0) & (mine.times <= theirs.domain[1])
assert np.allclose(theirs(mine.times[inside]), mine.hazard[inside]), "leaf = Nelson-Aalen of its patients"
print(
    f"a leaf of {len(own)} patients, {own['died'].sum()} deaths: cumulative hazard {mine.hazard[inside][-1]:.2f} at the end"
)

# %% [markdown]
# One tree is shaky: other patients would give other questions. A **random survival forest** (Ishwaran and others, 2008) grows many trees, each on resampled
# patients and with a few random columns per question, and averages their cumulative hazards.
#
# ## 14. Compare risks that cross
#
# In a forest the hazards of two patients need not stay in proportion: one may be at high risk early and low later.

# %%
forest = RandomSurvivalForest(n_estimators=100, min_samples_leaf=15, random_state=0).fit(x_train, y_train)
both = forest.predict_cumulative_hazard_function(pair[features].to_numpy("float32"), return_array=True)
times = forest.unique_times_
at = [int(np.searchsorted(times, day, side="right")) - 1 for day in (30, 365, 1095)]
ratio_forest = both[1, at] / both[0, at]
ratio_cox = [
    cox.predict_cumulative_hazard(pair, times=[times[k]]).iloc[0].pipe(lambda h: h.iloc[1] / h.iloc[0]) for k in at
]
print(
    "ratio of gathered hazards at 30 days, 1 and 3 years: forest", ratio_forest.round(1), "Cox", np.round(ratio_cox, 1)
)
assert np.allclose(ratio_cox, ratio_cox[0]) and not np.allclose(ratio_forest, ratio_forest[0], rtol=0.05)

# %% [markdown]
# The Cox ratio is the same at every time by construction, the forest's is not. Which of them is right, the data must say: lab 4 tests it.
#
# ## 15. Rank by the mortality score
#
# To rank patients whose curves may cross, one number is needed: the forest **adds up** the cumulative hazard over all distinct times of death. That is the
# *mortality* score: the deaths to be expected if all patients were like this one. By hand: gathered hazards .1, .3, .6 at three times: 1.0.

# %%
score_forest = forest.predict(x_test)
gathered_at = forest.predict_cumulative_hazard_function(x_test, return_array=True)
is_death = np.isin(forest.unique_times_, train.loc[train["died"] == 1, "days"])
by_hand = gathered_at[:, is_death].sum(axis=1)
assert np.allclose(score_forest, by_hand), "the mortality score is the sum over times of death"
print(f"mortality scores of {len(test)} test patients: {score_forest.min():.1f} to {score_forest.max():.1f}")

# %% [markdown]
# It is a rank with a unit that depends on the training table: never a percentage.
#
# ## 16. Ask how good the predictions are
#
# Two questions: is the **order** right (C, below), and are the **probabilities** right? For the second, the *Brier score* at a time $t$ is the mean squared
# error, with the patients of unknown outcome replaced by weighting those who are known (Graf and others, 1999). A yardstick: everybody gets the Kaplan–Meier value of
# the training patients.

# %%
year = 365
km = hazards.kaplan_meier(train["days"], train["died"])
same_for_all = np.full(len(test), km.survival[np.searchsorted(km.times, year, side="right") - 1])
forest_year = np.array([curve(year) for curve in forest.predict_survival_function(x_test)])
alive_at_year = {
    "same for all": same_for_all,
    "Cox": cox.predict_survival_function(test, times=[year]).iloc[0],
    "forest": forest_year,
}
for name, probability in alive_at_year.items():
    result = hazards.brier_interval(test["days"], test["died"], probability, year, n_boot=500, rng=1)
    print(
        f"{name:>12}: Brier score at one year {result.score:.3f} ({result.low:.3f} to {result.high:.3f}), lower is better"
    )
    assert name == "same for all" or result.score < 0.18

# %% [markdown]
# ## 17. Tell permissible pairs from the others
#
# ![Three pairs of patients as time lines. Permissible: the shorter time is a death; or both times are equal and one is a death. Not permissible: the shorter time is censored.](figures/permissible_pairs.svg)
#
# Of two patients, who lived longer? We know it if the shorter time is a **death**. If the shorter time is censored, nobody knows. **Convention for equal times:** one
# death and one censored is permissible (the censored one was alive then); two deaths at the same time are not.

# %%
names, times4, event4 = list("ABCD"), np.array([2, 4, 4, 6]), np.array([1, 1, 0, 0])
fig = plots_hazards.timelines(
    names, times4, event4, title="Five of the six pairs can be judged", xlabel="years since diagnosis (invented)"
)
plots.show(
    fig, alt="Time lines: A dies at 2, B dies at 4, C is censored at 4, D at 6. All pairs but C and D are permissible."
)
assert hazards.count_pairs(times4, [0, 0, 0, 0], event4).permissible == 5

# %% [markdown]
# **Try it.** A fifth patient, E, is censored at 3. How many permissible pairs does E add?
#
# <details><summary>Hint</summary>A died at 2, before E was last seen. B, C and D were seen after E was lost.</details>

# %%
### BEGIN SOLUTION
### STUB: added_by_e = ...
added_by_e = 1
### END SOLUTION
practice.check("pairs added by E", added_by_e, expected=1, hint="Only the pair with A: E outlived A for sure.")

# %% [markdown]
# ## 18. Compute the index C and its interval
#
# $C$ = (concordant + ½ risk ties) / permissible. *Concordant*: the patient who died first has the **higher** score. 0.5 is chance, 1 perfect.
#
# By hand: A to D with scores .75, .5, .5, .25. AB, AC, AD, BD are concordant, BC is a risk tie: (4 + ½)/5 = 0.9. Libraries differ in *direction*: lifelines'
# `concordance_index` wants predicted survival times (higher = lives longer), scikit-survival wants risks. A $C$ below 0.5 often means a wrong sign.

# %%
assert np.isclose(hazards.harrell_c(times4, [0.75, 0.5, 0.5, 0.25], event4), 0.9)
outcome = test["days"], test["died"]
results = {
    "Cox": hazards.harrell_c_interval(outcome[0], log_risk, outcome[1], n_boot=500, rng=2),
    "forest": hazards.harrell_c_interval(outcome[0], score_forest, outcome[1], n_boot=500, rng=2),
}
gain = hazards.harrell_c_difference(outcome[0], log_risk, score_forest, outcome[1], n_boot=500, rng=2)
for name, result in results.items():
    print(f"{name:>6}: C = {result.c:.3f} ({result.low:.3f} to {result.high:.3f})")
print(f"Cox minus forest: {gain.c:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})")
assert gain.low < 0 < gain.high, "the interval of the difference should contain 0"

# %% [markdown]
# The difference was computed on the *same* resampled patients, and its interval contains 0: on these 200 patients there is no winner. The interval knows of
# the test patients only; another training set would move both models too.
#
# ## 19. Count the competing event
#
# Some patients with liver disease receive a transplant before they can die of it. To **drop** them loses the sickest. To call them **censored** asks what would happen if transplants
# did not exist. To learn how many *will* die, count both events side by side: the **cumulative incidence** (Aalen and Johansen, 1978). A *simulated* cohort with known truth:
# hazards of 0.10 deaths and 0.10 transplants per year, so half of all first events are deaths.

# %%
rng = np.random.default_rng(7)
death_at, transplant_at, last_visit = rng.exponential(10, 2000), rng.exponential(10, 2000), rng.uniform(5, 15, 2000)
followed = np.minimum(np.minimum(death_at, transplant_at), last_visit)
cause = np.where(followed == last_visit, 0, np.where(followed == transplant_at, 1, 2))
right = hazards.cumulative_incidence(followed, cause)
wrong = hazards.kaplan_meier(followed, cause == 2)
truth = 0.5 * (1 - np.exp(-0.2 * right.times))
curves = {
    "cumulative incidence": (right.times, right.death),
    "1 − Kaplan–Meier": (wrong.times, 1 - wrong.survival),
    "truth": (right.times, truth),
}
k = np.searchsorted(right.times, 10) - 1
title = f"Dead after 10 years: {right.death[k]:.0%} counted rightly, {1 - wrong.survival[k]:.0%} with transplants as censored"
fig = plots_hazards.step_curves(curves, title=title, xlabel="years (simulated)", ylabel="probability of death", top=1)
plots.show(fig, alt=f"Three curves over 15 years. {title}; the truth is {truth[k]:.0%}.")
assert abs(right.death[k] - truth[k]) < 0.04 and 1 - wrong.survival[k] > truth[k] + 0.1

# %% [markdown]
# ## 20. Sum up the course
#
# Four weeks, one chain of questions:
#
# | week | question | tool | the trap |
# |---|---|---|---|
# | 1 | how high is the risk? | a linear score, C-index | a formula outside the group that it is for |
# | 2 | what if effects bend, and values are missing? | trees, forests, imputation | missing values that are missing for a reason; leaks |
# | 3 | when? | Kaplan–Meier, log-rank | dropping the censored |
# | 4 | who sooner? | Cox, survival forest, Harrell's C | future columns, reversed codes, competing events, winners on few patients |
#
# The same 200 test patients, scored by what each week knew. Week 1's logistic model needs the outcome at one year, so training patients who were lost before would be left out;
# they are counted first. Week 3 gives everybody the same curve.

# %%
decided = train[(train["days"] > year) | (train["died"] == 1)]
week1 = LogisticRegression(C=1e6, max_iter=5000).fit(decided[features], (decided["days"] <= year).astype(int))
print(f"training patients lost before one year: {len(train) - len(decided)}")
by_week = {
    "age alone": test["age"],
    "week 1: logistic, one year": week1.decision_function(test[features]),
    "week 3: one curve for all": np.zeros(len(test)),
    "week 4: Cox": log_risk,
    "week 4: forest": score_forest,
}
indices = [
    hazards.harrell_c_interval(*(outcome[0], score, outcome[1]), n_boot=300, rng=3) for score in by_week.values()
]
assert indices[2] == (0.5, 0.5, 0.5), "equal scores are all risk ties"

# %% [markdown]
# The five indices as a picture.

# %%
title = f"Age alone reaches {indices[0].c:.2f}, the best model {max(one.c for one in indices):.2f}"
fig = plots_labs.dots_with_interval(
    list(by_week),
    {"Harrell's C": indices},
    title=title,
    xlabel="C on 200 test patients (0.5 = chance), 95 % interval",
    reference=0.5,
)
plots.show(
    fig,
    alt="Harrell's C with intervals: "
    + ", ".join(f"{name} {one.c:.2f}" for name, one in zip(by_week, indices, strict=True)),
)

# %% [markdown]
# The intervals are wide and most overlap: the honest summary of four weeks on 200 patients. What separates a good prognostic model from a bad one is rarely the
# algorithm. It is the question, the coding, and what is done with patients whose end is not known.
#
# ## What to remember
#
# - Hazard, cumulative hazard and survival are three views of one thing: $S = e^{-H}$.
# - A hazard ratio has a unit, an interval and a coding; check all three before the sign.
# - Cox keeps ratios constant over time, a forest does not have to: check it, do not assume it.
# - Harrell's C judges the order, the Brier score the probabilities; neither without an interval, nor a winner without one for the difference.
# - A competing event is counted beside the other, never dropped.
#
# ## In practice
#
# These patients lived in one US city, around the year 2000; treatment has changed. Their origin is not in the table, so nobody can check fairness across it. 300 training
# patients with some 130 deaths carry thirteen columns, hardly more. Unseen categories, missing covariates and negative times are refused by `labutils.hazards` with one sentence, because
# a model would turn each of them quietly into a number. Harrell's C depends on the censoring of the study (Uno's version is weighted against that). Nothing here may guide the care of a patient.
#
# ## Further reading
#
# - [Cox, 1972](https://doi.org/10.1111/j.2517-6161.1972.tb00899.x): the paper that introduced the model, still readable.
# - [Ishwaran and others, 2008](https://doi.org/10.1214/08-AOAS169): random survival forests and the mortality score.
# - [Austin, Lee and Fine, 2016](https://doi.org/10.1161/CIRCULATIONAHA.115.017719): competing risks explained for clinicians.
# - [Uno and others, 2011](https://doi.org/10.1002/sim.4154): a C that does not depend on the censoring.
# - [Grambsch and Therneau, 1994](https://doi.org/10.1093/biomet/81.3.515): the test of proportional hazards used in lab 4.
