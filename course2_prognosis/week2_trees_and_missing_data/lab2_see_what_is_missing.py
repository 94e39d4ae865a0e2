# %% [markdown]
# # See what is missing, by group
#
# You will count gaps, find out in whom they are, ask whether chance alone could make such a pattern, and look for gaps that hide behind numbers. **About 25 minutes**, with three steps to try
# yourself.
#
# The people are real: the free light chain cohort (7,874 people aged 50 and over of one county in Minnesota). If you have NHANES I on your disk (`medlabs data fetch nhanes1`), the last cell reads it; the step before it uses a small
# table made up for the purpose.

# %%
import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from labutils import masks, missing, plots, plots_labs, practice, subgroups
from labutils.datasets import died_within, load_flchain, load_nhanes, registry

# %% [markdown]
# ## 1. Count values, then people
#
# Two shares are easily confused: the share of *values* that are missing, and the share of *people* with at least one gap. Dropping incomplete rows costs the second.

# %%
people = load_flchain()
people["died"] = died_within(people["years"], people["death"])
features = ["age", "female", "creatinine", "kappa", "lambda", "mgus"]
print("missing per column:", people.isna().sum()[lambda gaps: gaps > 0].to_dict())
assert people["creatinine"].isna().sum() == 1350
share_of_values = people[features].isna().to_numpy().mean()
print(f"share of values missing: {share_of_values:.3f}")

# %% [markdown]
# **Try it.** And the share of people with at least one gap in `features`?
#
# <details><summary>Hint 1: direction</summary>Mark the missing values, ask of each row whether it holds any, take the mean.</details>
# <details><summary>Hint 2: nearly the line</summary><code>people[features].isna().any(axis=1).mean()</code></details>

# %%
### BEGIN SOLUTION
### STUB: share_of_people = ...  # between 0 and 1
share_of_people = people[features].isna().any(axis=1).mean()
### END SOLUTION
practice.check(
    "share of people with a gap",
    share_of_people,
    expected=missing.fraction_rows_missing(people[features]),
    hint="any along axis 1.",
)

# %% [markdown]
# With one column that has gaps, the second is as many times larger as there are columns. With gaps spread over twenty columns it can be nearly everybody.
#
# The outcome has gaps as well: "dead within ten years?" is unknown for those last seen alive earlier. That is the first thing to say in a report.

# %%
print(
    f"outcome unknown: {people['died'].isna().sum()} people, last seen after {people.loc[people['died'].isna(), 'years'].median():.1f} years (median)"
)
assert people["died"].isna().sum() == 1040
known = people.dropna(subset="died").copy()

# %% [markdown]
# ## 2. Look at groups
#
# By sex, by age, by the year of the sample: where is creatinine missing? Each share gets its interval (Wilson).

# %%
bands = np.array(["50s", "60s", "70s", "80s and over"])
known["age band"] = bands[np.digitize(known["age"], [60, 70, 80])]
known["sex"] = np.where(known["female"] == 1, "women", "men")
known["sampled"] = np.where(
    known["sample_year"] < 1996, "1995", np.where(known["sample_year"] < 1998, "1996 and 1997", "1998 or later")
)
rows = {}
for by in ("sex", "age band", "sampled"):
    for group, own in known.groupby(by):
        rows[group] = subgroups.share_with_interval(int(own["creatinine"].isna().sum()), len(own))
names = list(rows)
fig = plots_labs.dots_with_interval(
    names,
    {"missing": list(rows.values())},
    title=f"From {min(r[0] for r in rows.values()):.0%} to {max(r[0] for r in rows.values()):.0%}: gaps are not spread evenly",
    xlabel="share without creatinine, with 95 % interval (dotted: everybody)",
    reference=known["creatinine"].isna().mean(),
)
plots.show(
    fig, alt="Share without creatinine: " + ", ".join(f"{name} {value[0]:.0%}" for name, value in rows.items()) + "."
)

# %% [markdown]
# The figure shows the gaps. The table adds the mean of those who *have* a value.
#
# **Try it.** Make the table of share missing and mean observed, by age band, with `missing.missingness_by_group`, and take the share in the fifties from it.
#
# <details><summary>Hint 1: direction</summary>The function takes the table, the column with gaps, and the column that names the group.</details>
# <details><summary>Hint 2: nearly the line</summary><code>missing.missingness_by_group(known, "creatinine", "age band").loc["50s", "share_missing"]</code></details>

# %%
### BEGIN SOLUTION
### STUB: share_50s = ...  # between 0 and 1
share_50s = missing.missingness_by_group(known, "creatinine", "age band").loc["50s", "share_missing"]
### END SOLUTION
practice.check(
    "share missing in the fifties", share_50s, expected=rows["50s"][0], hint='Use .loc["50s", "share_missing"].'
)
missing.missingness_by_group(known, "creatinine", "age band").round(3)

# %% [markdown]
# Whoever is young lacks the value more often. Those without it also die less often, and that is what makes dropping them dangerous:

# %%
gap = known["creatinine"].isna()
for name, own in (("without creatinine", known[gap]), ("with creatinine", known[~gap])):
    share, low, high = subgroups.share_with_interval(int(own["died"].sum()), len(own))
    print(
        f"{name}: {len(own)} people, mean age {own['age'].mean():.1f}, died {share:.3f} (95 % interval {low:.3f} to {high:.3f})"
    )
assert known[gap]["died"].mean() < known[~gap]["died"].mean() - 0.05

# %% [markdown]
# ## 3. Ask whether chance could do it
#
# If values were missing completely at random, the shares of the groups would differ by chance only. How much do they differ then? We shuffle the gaps over the people 500 times and look at the spread between the age bands.

# %%
rng, age_band = np.random.default_rng(7), known["age band"].to_numpy()


def spread(gap):
    shares = [gap[age_band == band].mean() for band in bands]
    return max(shares) - min(shares)


observed = spread(gap.to_numpy())
shuffled = np.array([spread(rng.permutation(gap.to_numpy())) for _ in range(500)])
chi2 = chi2_contingency(pd.crosstab(age_band, gap))
print(
    f"spread between age bands: {observed:.3f}; largest of 500 shuffles {shuffled.max():.3f}; chi-squared test p = {chi2.pvalue:.1e}"
)
assert observed > shuffled.max()

# %% [markdown]
# Chance alone does not do that: creatinine is **not** missing completely at random. The picture:

# %%
fig, axis = plots.new_figure(6.5, 3.2)
axis.hist(shuffled, bins=30, color=plots.PALETTE["sky"], edgecolor="white", label="gaps shuffled (500 times)")
axis.axvline(observed, color=plots.PALETTE["red"], linewidth=2, label="as observed")
axis.set(xlabel="largest minus smallest share missing of the age bands", ylabel="shuffles (number)")
axis.set_title(f"No shuffle comes near the {observed:.2f} that we see", fontsize=11)
axis.legend(fontsize=8)
plots.show(
    fig,
    alt=f"Histogram of 500 shuffles, up to {shuffled.max():.2f}, and the observed spread far to the right at {observed:.2f}.",
)

# %% [markdown]
# Can we go on and show that it is missing *at random given age*? No. For that one would have to know the missing values. A demonstration: two rules, made so that 15 % go missing, that leave almost the same picture by age.

# %%
whole = known.dropna(subset=features).reset_index(drop=True)
by_age = masks.make_missing(whole, "creatinine", rule="MAR", given="age", share=0.15, strength=0.4, rng=1)
by_value = masks.make_missing(whole, "creatinine", rule="MNAR", share=0.15, strength=1.4, rng=1)
picture = {
    name: missing.missingness_by_group(table, "creatinine", "age band")
    for name, table in (("at random given age", by_age), ("not at random", by_value))
}
for name, table in picture.items():
    lost = whole.loc[(by_age if name.startswith("at") else by_value)["creatinine"].isna(), "creatinine"]
    print(
        f"{name:>20}: share missing by age {table['share_missing'].round(2).tolist()}; mean of the LOST values {lost.mean():.2f} mg/dL"
    )
assert (picture["not at random"]["share_missing"].diff().dropna() > 0).all()

# %% [markdown]
# Both shares rise with age. What differs are the values that were lost, and outside of a demonstration nobody sees them.
#
# ## 4. Unmask gaps that look like numbers
#
# Old surveys write "missing" as a number that no measurement gives: 88.8, 999. pandas takes it for a value. Look for **one exact value that is far too frequent and lies at the edge**.

# %%
rng = np.random.default_rng(3)
drawn = rng.normal((132, 82, 45), (20, 11, 4), (2000, 3)).round() + np.array([0, 0, 0.5])
made_up = pd.DataFrame(drawn, columns=["systolic_bp", "diastolic_bp", "red_blood_cells"])
made_up["pulse_pressure"] = made_up["systolic_bp"] - made_up["diastolic_bp"]
made_up.loc[rng.choice(2000, 300, replace=False), "red_blood_cells"] = 88.8
top = made_up["red_blood_cells"].value_counts().head(3)
print("most frequent values of red_blood_cells:", top.to_dict())
print(f"mean with the code inside: {made_up['red_blood_cells'].mean():.1f}")
assert top.index[0] == 88.8

# %% [markdown]
# **Try it.** Replace the code by NaN, and take the mean of what is left.
#
# <details><summary>Hint 1: direction</summary>A column has <code>.mask(condition)</code>, which puts NaN where the condition holds.</details>
# <details><summary>Hint 2: nearly the line</summary><code>made_up["red_blood_cells"].mask(made_up["red_blood_cells"] == 88.8).mean()</code></details>

# %%
### BEGIN SOLUTION
### STUB: clean_mean = ...  # a number near 45
clean_mean = made_up["red_blood_cells"].mask(made_up["red_blood_cells"] == 88.8).mean()
### END SOLUTION
measured = made_up["red_blood_cells"] != 88.8
practice.check(
    "mean without the code",
    clean_mean,
    expected=made_up["red_blood_cells"][measured].mean(),
    hint="NaN is passed over by mean.",
)
print("derived columns:", missing.find_derived_columns(made_up))

# %% [markdown]
# With the code inside, the mean was off by several units. And the pressures form a trio of derived columns: drop one before you impute.
#
# NHANES I has both troubles, and a third: 382 people have a time of *minus zero*. The sign is that of the living, the time says that nobody followed them. A rule "whoever is not below zero has died" turns them into 382 deaths on the first day, although
# they are on average far younger than those who died.

# %%
folder = registry.find("nhanes1")
table = None if folder is None else load_nhanes(folder)
if table is not None:
    unknown, dead = table["death"].isna(), table["death"] == 1
    print(f"{len(table)} people; codes replaced: {table.attrs['sentinels']}; status unknown: {unknown.sum()}")
    print(
        f"mean age: unknown {table[unknown]['age'].mean():.1f}, died {table[dead]['age'].mean():.1f}, alive {table[table['death'] == 0]['age'].mean():.1f}"
    )
else:
    print("Fetch it with `medlabs data fetch nhanes1`, and run this cell again.")

# %% [markdown]
# ## What to remember
#
# - Count people, not values, and count them in groups, with intervals.
# - A table can prove that gaps are *not* completely at random. No table can prove that they are at random.
# - Look for numbers that are codes, for derived columns, and for outcomes that nobody knows.
