# %% [markdown]
# # Create a linear risk model
#
# You will build a risk model for real people from the first look to the last interval: 442 people with diabetes, nine measurements, and the
# question who gets much worse within a year. **About 25 minutes**, with three steps to try yourself.
#
# The table comes with scikit-learn (Efron and others, *Annals of Statistics* 2004;32:407-499), here in real units. Where and how the people were
# found is not told, nor where they are from: a model of them is practice, not medicine.

# %%
import numpy as np
import pandas as pd

from labutils import plots, plots_labs, plots_risk, practice
from labutils.datasets import load_diabetes_progression
from labutils.risk import cindex, lr_model, make_standard_normal
from labutils.risk_intervals import cindex_interval

# %% [markdown]
# ## 1. Look before you compute
#
# One row is one person. The outcome `progressed` is 1 if the disease progressed by more than 200 on a scale without a unit, from 25 to 346.

# %%
people = load_diabetes_progression()
features = [name for name in people.columns if name not in ("sex", "progression", "progressed")]
print(
    f"{len(people)} people, {people['progressed'].sum()} progressed ({people['progressed'].mean():.0%}); missing: {people.isna().sum().sum()}"
)
assert (people[features] > 0).all().all(), "a logarithm will be asked of every feature"
people[features].describe().loc[["min", "50%", "max"]].round(1)

# %% [markdown]
# Years, kg/m², mmHg, mg/dL: no two columns can be compared as they are. (`sex` is coded 1 and 2 and the source does not say which is which,
# so we leave it out.)
#
# ## 2. Put a third aside
#
# The model will be judged on people that it has never met. Shuffle once, keep 300 for training.
#
# **Try it.** How many of the test people progressed? Compute the *share*.
#
# <details><summary>Hint 1: direction</summary>The mean of a column of zeros and ones is the share of ones.</details>
# <details><summary>Hint 2: nearly the line</summary><code>test["progressed"].mean()</code></details>

# %%
order = np.random.default_rng(12).permutation(len(people))
train, test = people.iloc[order[:300]], people.iloc[order[300:]]
### BEGIN SOLUTION
### STUB: share = ...
share = test["progressed"].mean()
### END SOLUTION
practice.check("share that progressed among the test people", share, expected=sum(test["progressed"]) / len(test))

# %% [markdown]
# Nobody stands on both sides, since each person has one row.
#
# ## 3. Bring the features to one scale
#
# Logarithm, then distance from the *training* mean in *training* standard deviations. By hand for one feature: a training log-mean of 3.2, a
# standard deviation of 0.16, and a BMI of 30 with logarithm 3.4 give (3.4 − 3.2)/0.16 = 1.25.

# %%
X_train, X_test = make_standard_normal(train[features], test[features])
y_train, y_test = train["progressed"], test["progressed"]
means = pd.DataFrame({"training": X_train.mean(), "test": X_test.mean()})
assert np.allclose(means["training"], 0) and means["test"].abs().max() > 0.01
shown = {"BMI (kg/m²)": train["bmi"], "BMI (z-score of the logarithm)": X_train["bmi"]}
skew = [float(v.skew()) for v in shown.values()]
fig = plots_risk.histograms(
    shown, title=f"Skewness {skew[0]:.2f} before, {skew[1]:.2f} after the logarithm", ylabel="training people"
)
plots.show(fig, alt=f"Histograms of BMI before and after; skewness {skew[0]:.2f} and {skew[1]:.2f}.")

# %% [markdown]
# The test means are near 0 but not 0: they are measured with another group's ruler, as any new patient will be.
#
# ## 4. Fit, and read the weights
#
# Each weight is the change of the log-odds for one standard deviation more, *all other features held where they are*. How far would it
# move with other training people? Draw 300 of them with replacement, fit again, 200 times: the bootstrap.

# %%
model = lr_model(X_train, y_train)
draws = np.random.default_rng(13)
again = []
for _ in range(200):
    rows = draws.integers(0, len(X_train), len(X_train))
    again.append(lr_model(X_train.iloc[rows], y_train.iloc[rows]).coef_[0])
low, high = np.quantile(again, [0.025, 0.975], axis=0)
sure = [name for name, a, b in zip(features, low, high, strict=True) if a > 0 or b < 0]
fig = plots_labs.dots_with_interval(
    features,
    {"weight": np.column_stack([model.coef_[0], low, high])},
    title=f"The interval leaves out zero for {len(sure)} of {len(features)} weights",
    xlabel="log-odds per standard deviation, with 95 % interval (200 resamples)",
    reference=0.0,
)
plots.show(fig, alt=f"Nine weights with intervals. Those that leave out zero: {', '.join(sure)}.")
assert 0 < len(sure) < len(features)

# %% [markdown]
# Look at the cholesterols: total, LDL, HDL and their ratio are nearly the same information, so their weights share the work and are wobbly.
# A wide interval there does not say that cholesterol is harmless. It says that these people cannot tell its parts apart.
#
# ## 5. Compute one risk by hand
#
# **Try it.** Take the first test person. Weigh the features, add them up with the intercept, and put the sum into 1/(1 + e^(−s)).
#
# <details><summary>Hint 1: direction</summary>One row of <code>X_test</code> times <code>model.coef_[0]</code>, summed, plus <code>model.intercept_[0]</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>s = model.intercept_[0] + (X_test.iloc[0] * model.coef_[0]).sum()</code></details>

# %%
### BEGIN SOLUTION
### STUB: one_risk = ...  # between 0 and 1
one_risk = 1 / (1 + np.exp(-(model.intercept_[0] + (X_test.iloc[0] * model.coef_[0]).sum())))
### END SOLUTION
risk = model.predict_proba(X_test)[:, 1]
practice.check("risk of the first test person", one_risk, expected=risk[0], tol=1e-6, hint="Mind the minus in e^(−s).")

# %% [markdown]
# That is all a linear model does. A doctor can check it with a pencil, which is why scores of this kind have lasted for decades.
#
# ## 6. Judge it, with an interval and a rival
#
# Always give a rival that costs nothing. Here: BMI alone.
#
# **Try it.** What is the C-index of the *BMI alone* on the test people? (A score need not be a risk; only the order counts.)
#
# <details><summary>Hint 1: direction</summary><code>cindex</code> takes the outcomes and any number that is higher for people at more risk.</details>
# <details><summary>Hint 2: nearly the line</summary><code>cindex(y_test, test["bmi"])</code></details>

# %%
### BEGIN SOLUTION
### STUB: c_of_bmi = ...
c_of_bmi = cindex(y_test, test["bmi"])
### END SOLUTION
practice.check("C-index of the BMI", c_of_bmi, expected=cindex_interval(y_test, test["bmi"]).value, tol=1e-6)

# %% [markdown]
# Now all three side by side: a coin has 0.5.

# %%
rows = {"BMI alone": test["bmi"], "glucose alone": test["glucose"], "nine features": risk}
table = [cindex_interval(y_test, scores) for scores in rows.values()]
best = table[-1]
title = f"Nine features order {best.value:.0%} of the pairs right, one alone fewer"
fig = plots_labs.dots_with_interval(
    list(rows), {"C-index": table}, title=title, xlabel="C-index on the test people, with 95 % interval", reference=0.5
)
plots.show(
    fig,
    alt="C-index with interval: "
    + "; ".join(f"{n} {e.value:.2f} ({e.low:.2f} to {e.high:.2f})" for n, e in zip(rows, table, strict=True))
    + ".",
)
assert best.value > max(e.value for e in table[:-1])

# %% [markdown]
# And on the people it was trained on?

# %%
seen = cindex(y_train, model.predict_proba(X_train)[:, 1])
print(f"on the training people the model reaches {seen:.2f}")
assert seen > best.value

# %% [markdown]
# The training people flatter the model, as they always do: report the test people. And look at the width: with so few
# test people, two models that differ by 0.02 cannot be told apart.
#
# ## What to remember
#
# - Look at units, ranges and missing values first; put people aside before you compute any mean.
# - A weight is read "per standard deviation, all else equal"; features that say the same share their weight.
# - A model needs a cheap rival and an interval. The training C-index is no result.
