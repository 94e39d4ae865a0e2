# %% [markdown]
# # Combine features
#
# You will give a linear model products of its features, see when they help and when they harm, and learn to tell the two apart before a patient
# does. **About 25 minutes**, with three steps to try yourself.
#
# First a cohort that is **synthetic** (drawn from a seed; the strengths are invented, but known), then 442 real people with diabetes (Efron and others,
# *Annals of Statistics* 2004;32:407-499).

# %%
import numpy as np
import pandas as pd

from labutils import plots, plots_labs, practice
from labutils.datasets import load_diabetes_progression, make_retinopathy_cohort
from labutils.risk import add_interactions, cindex, lr_model, make_standard_normal
from labutils.risk_calibration import calibration_interval
from labutils.risk_intervals import cindex_difference, cindex_interval

# %% [markdown]
# ## 1. See what a sum cannot say
#
# Four groups of patients, young or old, low or high pressure. The table holds log-odds of an outcome:
#
# | | low pressure | high pressure |
# |---|---|---|
# | young | −3 | −2.5 |
# | old | −2 | 0.5 |
#
# With age and pressure coded −1 and +1, the log-odds are $a + b \cdot \text{age} + c \cdot \text{pressure} + d \cdot \text{age} \times \text{pressure}$. High
# pressure adds 0.5 in the young and 2.5 in the old. No sum can do both; the product can.
#
# **Try it.** Solve for d: it is a quarter of (old-high − old-low − young-high + young-low).
#
# <details><summary>Hint 1: direction</summary>It is the difference of the two rises, 2.5 and 0.5, divided by 4.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(0.5 - (-2) - (-2.5) + (-3)) / 4</code></details>

# %%
### BEGIN SOLUTION
### STUB: d = ...
d = (0.5 - (-2) - (-2.5) + (-3)) / 4
### END SOLUTION
practice.check("weight of the product", d, expected=0.5, hint="Mind the two minus signs.")
codes = np.array([[1, -1, -1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, 1, 1, 1]])
assert np.allclose(np.linalg.solve(codes, [-3, -2.5, -2, 0.5]), [-1.75, 1, 0.75, 0.5])

# %% [markdown]
# Four numbers, four weights: the fit is exact, with d = 0.5.
#
# ## 2. Look at it in a cohort
#
# 6,000 made-up people with diabetes. Cut age and systolic pressure into thirds each; in every cell, count the share with retinopathy.

# %%
cohort = make_retinopathy_cohort(6000, rng=20_303)
table, features = cohort.table, ["Age", "Systolic_BP", "Diastolic_BP", "Cholesterol"]
thirds = ["low", "middle", "high"]
cells = table.groupby(
    [pd.qcut(table["Age"], 3, labels=["young", "middle", "old"]), pd.qcut(table["Systolic_BP"], 3, labels=thirds)],
    observed=True,
)["retinopathy"].agg(["mean", "sem"])
by_pressure = {
    f"{name}": np.array([[m, m - 1.96 * s, m + 1.96 * s] for m, s in cells.loc[name].to_numpy()])
    for name in ("young", "middle", "old")
}
rise = {name: rows[2, 0] - rows[0, 0] for name, rows in by_pressure.items()}
fig = plots_labs.dots_with_interval(
    [f"{name} pressure" for name in thirds],
    by_pressure,
    title=f"High pressure adds {100 * rise['young']:.0f} points in the young, {100 * rise['old']:.0f} in the old",
    xlabel="share with retinopathy (0 to 1), with 95 % interval",
)
plots.show(
    fig,
    alt="Share with retinopathy by third of pressure and age; rise from low to high: "
    + ", ".join(f"{n} {100 * r:.0f} points" for n, r in rise.items())
    + ".",
)
assert rise["old"] > rise["young"] + 0.1

# %% [markdown]
# Careful: shares bend near 0 and 1 even where the log-odds follow a straight sum, so such a picture suggests an interaction and does not prove one. The model will
# tell.
#
# ## 3. Count the products
#
# **Try it.** With four features there are 6 products. With 20?
#
# <details><summary>Hint 1: direction</summary>Each of 20 has 19 partners; every pair is counted twice that way.</details>
# <details><summary>Hint 2: nearly the line</summary><code>20 * 19 / 2</code></details>

# %%
### BEGIN SOLUTION
### STUB: products = ...
products = 20 * 19 / 2
### END SOLUTION
practice.check("products of 20 features", products, expected=190, hint="No squares, each pair once.")

# %% [markdown]
# Every product is a further weight that must be learnt from the same patients. How many patients does that take? We train on 100 to 4,000
# patients and judge on 2,000 others, with and without products.

# %%
order = np.random.default_rng(31).permutation(len(table))
test = table.iloc[order[4000:]]
gains, sizes = [], (100, 200, 400, 1000, 4000)
for n in sizes:
    train = table.iloc[order[:n]]
    X, Z = make_standard_normal(train[features], test[features])
    sum_only = lr_model(X, train["retinopathy"]).predict_proba(Z)[:, 1]
    with_products = lr_model(add_interactions(X), train["retinopathy"]).predict_proba(add_interactions(Z))[:, 1]
    gains.append(cindex_difference(test["retinopathy"], with_products, sum_only))
best = gains[-1]
fig = plots_labs.dots_with_interval(
    [f"{n:,} training patients" for n in sizes],
    {"gain": gains},
    title=f"With {sizes[-1]:,} patients the products add {best.value:.3f} to the C-index",
    xlabel="C-index with products minus without, 95 % interval",
    reference=0.0,
)
plots.show(
    fig,
    alt="Gain in C-index by training size: "
    + "; ".join(f"{n}: {g.value:.3f} ({g.low:.3f} to {g.high:.3f})" for n, g in zip(sizes, gains, strict=True))
    + ".",
)
assert best.low > 0

# %% [markdown]
# The interval speaks of the test patients only; with few *training* patients luck plays in as well, and another hundred would give another model. The
# tendency is what to take away: the same six products, harmful or useless for few patients and useful for many.
#
# ## 4. Catch it by its calibration
#
# Now real people, few of them: nine features make 36 products, for 300 people in training.

# %%
people = load_diabetes_progression()
measured = [name for name in people.columns if name not in ("sex", "progression", "progressed")]
rows = {"nine features": [], "with 36 products": []}
for seed in range(20):  # twenty random splits: one would be luck
    shuffled = np.random.default_rng(seed).permutation(len(people))
    few, rest = people.iloc[shuffled[:300]], people.iloc[shuffled[300:]]
    a, b = make_standard_normal(few[measured], rest[measured])
    for name, widen in {"nine features": pd.DataFrame, "with 36 products": add_interactions}.items():
        model = lr_model(widen(a), few["progressed"])
        risk, own = (model.predict_proba(widen(part))[:, 1] for part in (b, a))
        slope = calibration_interval(rest["progressed"], risk).slope.value
        rows[name].append((cindex(few["progressed"], own), cindex(rest["progressed"], risk), slope))

# %% [markdown]
# The means over the twenty splits:

# %%
means = {name: np.mean(values, axis=0) for name, values in rows.items()}
for name, (seen, new, slope) in means.items():
    print(f"{name}: mean C {seen:.2f} on the people seen, {new:.2f} on the others; mean calibration slope {slope:.2f}")

# %% [markdown]
# On the people it has seen the richer model looks better; on the others it is worse. The slope tells it without any rival: far below 1
# means that its risks are too extreme.
#
# **Try it.** How much of the richer model's C-index on the people seen was flattery? Subtract its mean on the others.
#
# <details><summary>Hint 1: direction</summary><code>means["with 36 products"]</code> holds three numbers: C on the people seen, C on the others, slope.</details>
# <details><summary>Hint 2: nearly the line</summary><code>means["with 36 products"][0] - means["with 36 products"][1]</code></details>

# %%
### BEGIN SOLUTION
### STUB: flattery = ...
flattery = means["with 36 products"][0] - means["with 36 products"][1]
### END SOLUTION
practice.check("flattery", flattery, expected=float(np.subtract(*means["with 36 products"][:2])), tol=1e-6)
spread = {name: [*np.quantile([v[2] for v in values], [0.5, 0.1, 0.9])] for name, values in rows.items()}
fig = plots_labs.dots_with_interval(
    list(spread),
    {"slope": list(spread.values())},
    title="More products, more extreme risks",
    xlabel="calibration slope on new people: median and 80 % range over 20 splits",
    reference=1.0,
)
plots.show(
    fig,
    alt="Calibration slope over 20 splits: "
    + "; ".join(f"{n} median {m:.2f}, from {lo:.2f} to {hi:.2f}" for n, (m, lo, hi) in spread.items())
    + ".",
)
assert (
    means["with 36 products"][2] < means["nine features"][2] < 1
    and means["with 36 products"][1] < means["nine features"][1]
)

# %% [markdown]
# What helps? More people; fewer products, chosen for a medical reason *before* looking; or a stronger penalty, which pulls all weights towards 0. Let us
# try the last: scikit-learn's `C` is the *inverse* of the penalty's strength.

# %%
x, z = add_interactions(a), add_interactions(b)
answers = {}
for strength in (1.0, 0.1, 0.01):
    model = lr_model(x, few["progressed"]).set_params(C=strength).fit(x, few["progressed"])
    risk = model.predict_proba(z)[:, 1]
    value, slope = cindex_interval(rest["progressed"], risk), calibration_interval(rest["progressed"], risk).slope
    answers[strength] = slope.value
    print(
        f"C = {strength}: C-index {value.value:.2f} ({value.low:.2f} to {value.high:.2f}), slope {slope.value:.2f} ({slope.low:.2f} to {slope.high:.2f})"
    )
assert answers[1.0] < answers[0.1] < answers[0.01]

# %% [markdown]
# The stronger the penalty, the larger the slope, past 1 if you overdo it: then the risks are too timid. Choose the strength on people put aside for
# that, never on the test people.
#
# ## What to remember
#
# - A product lets a linear model say "more so in the old".
# - k features make k (k − 1)/2 products, and each wants patients.
# - Flattery shows on new people only: in a lower C-index, and in a calibration slope below 1.
