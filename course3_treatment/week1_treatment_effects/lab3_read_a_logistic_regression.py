# %% [markdown]
# # Read a logistic regression
#
# You will go from risks to odds and back, read coefficients as odds ratios, find out what the intercept is, and put an interval on an odds ratio by
# bootstrap. **About 25 minutes**, with four steps to try yourself.
#
# The data are real: ACTG 320 (Hammer and others, New England Journal of Medicine 1997;337:725-733), 1,151 people with HIV, a third drug or not.

# %%
import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from labutils import effects, plots, plots_effects, practice
from labutils.datasets import load_actg320

# %% [markdown]
# ## 1. Odds
#
# Odds are p/(1 − p): a risk of 0.2 is odds of 0.2/0.8 = 0.25, "one to four". Back: odds/(1 + odds) = 0.25/1.25 = 0.2.
#
# **Try it.** Which odds belong to the risk 0.75?
#
# <details><summary>Hint 1: direction</summary>Three of four have it, one has not.</details>
# <details><summary>Hint 2: nearly the line</summary><code>0.75 / (1 - 0.75)</code></details>

# %%
### BEGIN SOLUTION
### STUB: odds = ...
odds = 0.75 / (1 - 0.75)
### END SOLUTION
practice.check("odds of a risk of 0.75", odds, expected=3, hint="Have it against have it not: 3 to 1.")

# %% [markdown]
# For rare events odds and risk are nearly the same, for common ones not at all:

# %%
risks = np.array([0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9])
print(
    pd.DataFrame({"risk": risks, "odds": risks / (1 - risks), "log odds": logit(risks)}).round(3).to_string(index=False)
)
assert abs(0.05 / 0.95 - 0.05) < 0.003 and 0.9 / 0.1 > 8

# %% [markdown]
# ## 2. One yes-or-no feature
#
# A logistic regression says: log odds = intercept + coefficient × feature. With the treatment as its only feature it has nothing to do but repeat the
# table. (`C=1e9` switches scikit-learn's shrinkage off, which would pull the coefficient a little to 0.)

# %%
trial = load_actg320()
rates = effects.event_rate(trial)
by_hand = logit(rates.treated) - logit(rates.control)
alone = LogisticRegression(C=1e9, max_iter=1000).fit(trial[["TRTMT"]], trial["outcome"])
theta, ratio = effects.extract_treatment_effect(alone, trial[["TRTMT"]])
print(f"from the table: difference of the log odds {by_hand:.4f}; from the model: {theta:.4f}")
print(f"odds ratio {ratio:.3f}; risk ratio {rates.treated / rates.control:.3f}: near, because the event is rare")
assert abs(theta - by_hand) < 1e-3

# %% [markdown]
# **What is the intercept?** The log odds where all features are 0: here, of the controls.
#
# **Try it.** Turn the intercept into the risk of a control.
#
# <details><summary>Hint 1: direction</summary>From log odds to a risk: odds first, then odds/(1 + odds). `expit` does both.</details>
# <details><summary>Hint 2: nearly the line</summary><code>expit(alone.intercept_[0])</code></details>

# %%
### BEGIN SOLUTION
### STUB: control_risk = ...
control_risk = expit(alone.intercept_[0])
### END SOLUTION
practice.check("risk of a control", control_risk, expected=rates.control, tol=1e-3, hint="The intercept is a log odds.")

# %% [markdown]
# ## 3. Several features, and a meaningful zero
#
# With age and CD4 count in the model the intercept is the log odds of a control of *age 0 with a CD4 count of 0*. Nobody is that. Centre the features, and it
# becomes the log odds of a control who is average in both.

# %%
names = ["TRTMT", "age", "cd4"]
raw = LogisticRegression(C=1e9, max_iter=5000).fit(trial[names], trial["outcome"])
centred = trial[names].astype(float)
centred["age"] = (centred["age"] - centred["age"].mean()) / 10
centred["cd4"] = (centred["cd4"] - centred["cd4"].mean()) / 50
model = LogisticRegression(C=1e9, max_iter=5000).fit(centred, trial["outcome"])
print(
    f"risk behind the intercept: raw {expit(raw.intercept_[0]):.3f} (age 0, CD4 0), centred {expit(model.intercept_[0]):.3f}"
)
print("same predictions:", np.allclose(raw.predict_proba(trial[names]), model.predict_proba(centred), atol=1e-3))
print(
    "odds ratios, per ten years of age and per 50 CD4 cells:",
    dict(zip(names, np.exp(model.coef_[0]).round(2), strict=True)),
)
assert np.allclose(raw.predict_proba(trial[names]), model.predict_proba(centred), atol=1e-3)

# %% [markdown]
# Centring and another unit change the numbers that we *read*, not what the model *says*. An odds ratio without its unit means nothing: per cell or per 50 cells?
#
# **Try it.** The model has an odds ratio `per_50` for 50 more CD4 cells. What is it for 100 more?
#
# <details><summary>Hint 1: direction</summary>Log odds add up, so odds ratios multiply.</details>
# <details><summary>Hint 2: nearly the line</summary><code>per_50 ** 2</code></details>

# %%
per_50 = np.exp(model.coef_[0][names.index("cd4")])
### BEGIN SOLUTION
### STUB: per_100 = ...
per_100 = per_50**2
### END SOLUTION
practice.check(
    "odds ratio for 100 more cells", per_100, expected=np.exp(2 * model.coef_[0][2]), tol=1e-9, hint="Twice the log."
)

# %% [markdown]
# ## 4. An interval for the odds ratio
#
# How sure are we of the treatment's odds ratio? Draw people with replacement, fit again, 300 times.

# %%
rng = np.random.default_rng(35)
ratios = []
for _ in range(300):
    rows = rng.integers(len(trial), size=len(trial))
    again = LogisticRegression(C=1e9, max_iter=2000).fit(centred.iloc[rows], trial["outcome"].iloc[rows])
    ratios.append(np.exp(again.coef_[0][0]))
low, high = np.quantile(ratios, [0.025, 0.975])
print(f"odds ratio of treatment {np.exp(model.coef_[0][0]):.2f} (95 % bootstrap interval {low:.2f} to {high:.2f})")
assert high < 1

# %% [markdown]
# The whole interval lies below 1: the odds fall. Now what that means for people at different risk: the odds ratio and both ends of its interval.

# %%
base = np.linspace(0.005, 0.5, 100)
curves = {f"odds ratio {value:.2f}": effects.OR_to_ARR(base, value) for value in (low, np.exp(model.coef_[0][0]), high)}
at = {risk: effects.OR_to_ARR(risk, np.array([low, np.exp(model.coef_[0][0]), high])) for risk in (0.05, 0.3)}
fig = plots_effects.lines(
    base,
    curves,
    title=f"Risk reduction {at[0.05][1]:.2f} at a risk of 0.05, {at[0.3][1]:.2f} at 0.3",
    xlabel="risk without the third drug",
    ylabel="absolute risk reduction",
)
plots.show(
    fig,
    alt=f"Risk reduction over baseline risk for the odds ratio and its interval; at 0.3 from {at[0.3][2]:.2f} to {at[0.3][0]:.2f}.",
)

# %% [markdown]
# ## 5. Do not read causes into the other coefficients
#
# Treatment was drawn by lot, so its coefficient can be read as an effect. Age and CD4 were not. Drop CD4 and see which coefficient moves:

# %%
without = LogisticRegression(C=1e9, max_iter=2000).fit(centred[["TRTMT", "age"]], trial["outcome"])
moved = {name: (model.coef_[0][k], without.coef_[0][k]) for k, name in enumerate(["TRTMT", "age"])}
for name, (before, after) in moved.items():
    print(f"{name:6s} with CD4 {before:6.3f}, without {after:6.3f}")
assert abs(moved["TRTMT"][0] - moved["TRTMT"][1]) < 0.1

# %% [markdown]
# The treatment's coefficient hardly moves, for the lot made it independent of CD4. (On the odds scale even a perfect lot leaves a small shift: odds ratios are not
# *collapsible*. Risk differences are.)
#
# ## What to remember
#
# - Odds are p/(1 − p); a coefficient is a difference of log odds, its exponential an odds ratio, per unit of the feature.
# - The intercept is the log odds where all features are 0: centre them, so that this is somebody.
# - An odds ratio looks like a risk ratio only for rare events. Tell patients risks.
# - Only what was randomised can be read as an effect.
