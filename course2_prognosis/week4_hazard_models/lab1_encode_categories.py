# %% [markdown]
# # Encode categories for a hazard model
#
# You will turn categories into columns of 0 and 1, see what goes wrong without declared levels, choose a reference level, and read the hazard ratios that come
# out. **About 20 minutes**, with three steps to try yourself.
#
# The patients are real: 686 women with breast cancer that had reached the lymph nodes, from a trial of the German Breast Cancer Study Group (Schumacher and others, Journal of
# Clinical Oncology 1994), as shipped with scikit-survival. One row is one woman. The event is recurrence or death, whichever came first.

# %%
import numpy as np
import pandas as pd
from lifelines import CoxPHFitter

from labutils import hazards, plots, plots_hazards, practice
from labutils.datasets import load_gbsg2

# %% [markdown]
# ## 1. Look at the columns
#
# Three columns are no numbers. `grade` is how abnormal the tumour cells look: I, II or III.

# %%
table = load_gbsg2()
print(f"{len(table)} women, {table['event'].sum()} events, missing values: {table.isna().sum().sum()}")
print(table.dtypes[table.dtypes == "category"].index.tolist())
counts = table.groupby("grade", observed=False)["event"].agg(["size", "sum"])
assert counts["size"].sum() == 686
counts

# %% [markdown]
# Could we write I, II, III as 1, 2, 3? Then the model *must* make the step from I to II as large as the step from II to III. With one column per level, the data decide.
#
# ## 2. Encode, and drop one level
#
# Three columns for three levels always add up to 1: the third says nothing new, and the model could move any amount from one to another. So one level is dropped and becomes the **reference**.

# %%
columns = ["menopause", "hormones", "grade"]
encoded = hazards.to_one_hot(table, columns)
print(list(encoded.columns))
all_levels = pd.get_dummies(table["grade"], dtype="float64")
assert (all_levels.sum(axis=1) == 1).all(), "three columns of three levels add up to 1 for everybody"
encoded[["grade_II", "grade_III"]].drop_duplicates()

# %% [markdown]
# Three different rows for three grades: (0, 0) is grade I.
#
# **Try it.** How many columns do encoded categories with 4, 2 and 3 levels need?
#
# <details><summary>Hint 1: direction</summary>Each category loses one level.</details>
# <details><summary>Hint 2: nearly the line</summary><code>3 + 1 + 2</code></details>

# %%
### BEGIN SOLUTION
### STUB: needed = ...
needed = (4 - 1) + (2 - 1) + (3 - 1)
### END SOLUTION
practice.check("columns for 4, 2 and 3 levels", needed, expected=6, hint="One level less for each category.")

# %% [markdown]
# ## 3. Break it: one woman, one ward
#
# A model was trained on `grade_II` and `grade_III`. Tomorrow one woman comes, grade III. As plain text her column knows of one level only, which is dropped: no column is left.

# %%
tomorrow = pd.DataFrame({"grade": ["III"]})
lost = hazards.to_one_hot(tomorrow, ["grade"])
declared = tomorrow.assign(grade=pd.Categorical(tomorrow["grade"], categories=["I", "II", "III"]))
kept = hazards.to_one_hot(declared, ["grade"])
print("levels from the data:", list(lost.columns), "  levels declared:", list(kept.columns))
assert list(lost.columns) == [] and kept.iloc[0].tolist() == [0, 1]

# %% [markdown]
# **Declare the levels once**, with `pd.Categorical(values, categories=[...])`, and every split has the same columns.
#
# A trap remains: a value that is *not* among the declared levels becomes missing, without a word. pandas would then write zeros everywhere, and the woman would count as grade I.
# `to_one_hot` refuses instead.

# %%
unseen = pd.DataFrame({"grade": pd.Categorical(["II", "IV"], categories=["I", "II", "III"])})
silent = pd.get_dummies(unseen, columns=["grade"], drop_first=True, dtype="float64")
print("pandas makes of IV:", silent.iloc[1].to_dict())
try:
    hazards.to_one_hot(unseen, ["grade"])
    refused = False
except ValueError as error:
    refused = True
    print("to_one_hot says:", error)
assert refused

# %% [markdown]
# **Try it.** For how many women of `ward` below is the level missing or unseen? Count with pandas.
#
# <details><summary>Hint 1: direction</summary>Make a Categorical with the declared levels; what is not among them is missing.</details>
# <details><summary>Hint 2: nearly the line</summary><code>pd.isna(pd.Categorical(ward, categories=["I", "II", "III"])).sum()</code></details>

# %%
ward = ["II", "iii", "I", "III", None, "2"]
### BEGIN SOLUTION
### STUB: strange = ...
strange = int(pd.isna(pd.Categorical(ward, categories=["I", "II", "III"])).sum())
### END SOLUTION
practice.check(
    "women without a known grade", strange, expected=3, hint="Small letters, None and 2 are no declared levels."
)

# %% [markdown]
# ## 4. Fit, and read against the reference
#
# Each hazard ratio of a level compares with the dropped level, all else equal.

# %%
cox = CoxPHFitter().fit(encoded, "days", "event")
shown = cox.summary.loc[["grade_II", "grade_III", "hormones_yes", "menopause_Post"]]
ends = shown["exp(coef) lower 95%"], shown["exp(coef) upper 95%"]
two, three = shown["exp(coef)"].iloc[:2]
title = f"Against grade I: {two:.1f} times the hazard for grade II, {three:.1f} for III"
fig = plots_hazards.ratios(
    shown.index, shown["exp(coef)"], *ends, title=title, xlabel="hazard ratio of recurrence or death, 95 % interval"
)
plots.show(fig, alt=f"Four hazard ratios with intervals. {title}. Hormones {shown['exp(coef)'].iloc[2]:.2f}.")
assert (ends[0].iloc[:2] > 1).all() and ends[1].iloc[2] < 1 and two > three / two

# %% [markdown]
# Both grades lie clearly above the reference. The steps are *not* equal: most of the rise is from I to II, which a 1, 2, 3 coding could not have shown. But how sure is the difference of II and III? Their
# intervals against grade I do not tell. Change the reference.
#
# **Try it.** What is the hazard ratio of grade III against grade II? Use the two coefficients.
#
# <details><summary>Hint 1: direction</summary>Subtract the coefficients, then take the exponential: the reference cancels.</details>
# <details><summary>Hint 2: nearly the line</summary><code>np.exp(cox.params_["grade_III"] - cox.params_["grade_II"])</code></details>

# %%
### BEGIN SOLUTION
### STUB: three_against_two = ...
three_against_two = np.exp(cox.params_["grade_III"] - cox.params_["grade_II"])
### END SOLUTION
expected = three / two
practice.check(
    "hazard ratio of III against II",
    three_against_two,
    expected=expected,
    tol=1e-3,
    hint="Which grade stands above the line?",
)

# %% [markdown]
# With grade II as the first category, the library gives that ratio *and its interval*.

# %%
reordered = table.assign(grade=table["grade"].cat.reorder_categories(["II", "I", "III"]))
again = CoxPHFitter().fit(hazards.to_one_hot(reordered, columns), "days", "event")
row = again.summary.loc["grade_III"]
low, high = row["exp(coef) lower 95%"], row["exp(coef) upper 95%"]
print(f"grade III against II: {row['exp(coef)']:.2f} ({low:.2f} to {high:.2f})")
assert np.isclose(row["exp(coef)"], expected, rtol=1e-3) and low < 1 < high
assert np.isclose(again.log_likelihood_, cox.log_likelihood_), "the reference changes the words, not the model"

# %% [markdown]
# The interval contains 1: whether III is worse than II, these women do not settle. The likelihood is the same, so nothing but the wording has changed.
#
# **What to remember.** Declare levels, drop one, name the reference when you report a ratio, and refuse what was never seen. Only a part of these women was randomised to hormones, so their ratio is no
# proof that hormones work; the trial's own analysis is.
