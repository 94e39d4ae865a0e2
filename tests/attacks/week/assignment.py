# %% [markdown]
# # Keep the tables of a ward
#
# Four functions, {{points:total}} points. Every patient in here is made up.

# %% nbgrader={"grade": false, "grade_id": "tools", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

cohort = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])


def numbers_match(got, expected, tol=1e-9):
    """Whether `got` holds the numbers of `expected` in the same shape."""
    try:
        got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return False
    return got.shape == expected.shape and bool(np.all(np.isfinite(got))) and bool(np.allclose(got, expected, atol=tol))


# %%
beds = 12  # of the ward; learners may change this cell

# %% [markdown]
# ## Exercise 1: write a patient's key
#
# `patient_key(name, ward)` returns the ward, a slash and the stripped, lower-case name ({{points:patient_key}} points).
# By hand: `" Ada "` on ward `"W3"` is `"W3/ada"`.


# %% nbgrader={"grade": false, "grade_id": "patient_key", "locked": false, "schema_version": 3, "solution": true, "task": false}
def patient_key(name, ward):
    """The key of a patient, text."""
    ### BEGIN SOLUTION
    return f"{ward}/{name.strip().lower()}"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_patient_key", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = patient_key("  Ada Brown ", "W3")
assert got == "W3/ada brown", f"'  Ada Brown ' on W3: got {got!r}, expected 'W3/ada brown'. Strip the name first."
got = patient_key("BOB", "w")
assert got == "w/bob", f"'BOB' on w: got {got!r}, expected 'w/bob'. Only the name becomes lower case."
### BEGIN HIDDEN TESTS
expected = "W9/heron-4417-quill"
got = patient_key(" HERON-4417-Quill", "W9")
assert got == expected, "A name with digits and hyphens: the key is not right."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: average the doses
#
# `mean_dose(doses)` returns the mean (mg) of an array of doses, passing over NaN ({{points:mean_dose}} points).
# By hand: 10, 20 and NaN have the mean 15.


# %% nbgrader={"grade": false, "grade_id": "mean_dose", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_dose(doses):
    """The mean dose in mg, a float."""
    ### BEGIN SOLUTION
    doses = np.asarray(doses, dtype=float)
    return float(doses[~np.isnan(doses)].mean())
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_mean_dose", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = mean_dose(np.array([10.0, 20.0, np.nan]))
assert np.shape(got) == () and np.isclose(got, 15.0), (
    f"10, 20, NaN: got {got!r}, expected 15. Pass over what is missing."
)
got = mean_dose(cohort[:, 0])
assert numbers_match(got, 0.5), f"1, 0, 1, 0: got {got!r}, expected 0.5. Add up and divide by how many there are."
### BEGIN HIDDEN TESTS
import time
from statistics import fmean

expected = 9182.625
assert numbers_match(mean_dose(np.array([18000.25, np.nan, 365.0])), expected), "A gap in the middle: not the mean."
draw = np.random.default_rng(904_417)
doses = draw.uniform(1, 50, 40)
assert numbers_match(mean_dose(doses), fmean(doses.tolist())), "Forty doses: not the mean."
began = time.perf_counter()
mean_dose(np.ones(1000))
assert time.perf_counter() - began < 2, "A thousand doses take too long: let numpy add them up."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: measure shares
#
# `share_of_ones(labels)` returns the share of ones of each column of an (N, C) array ({{points:share_of_ones}} points).
# By hand: the rows (1, 0) and (1, 1) give 1 and 0.5.


# %% nbgrader={"grade": false, "grade_id": "share_of_ones", "locked": false, "schema_version": 3, "solution": true, "task": false}
def share_of_ones(labels):
    """The share of ones of each column, an array of shape (C,)."""
    ### BEGIN SOLUTION
    labels = np.asarray(labels, dtype=float)
    return labels.sum(axis=0) / len(labels)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_share_of_ones", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = share_of_ones(cohort)
assert np.shape(got) == (3,) and np.allclose(got, cohort.mean(axis=0)), (
    f"Four rows: got {got}, expected 0.5, 0.5 and 1."
)
got = share_of_ones(np.array([[1, 0], [1, 1]]))
assert numbers_match(got, [1, 0.5]), f"(1, 0) and (1, 1): got {got}, expected 1 and 0.5. Each column has a share."
### BEGIN HIDDEN TESTS
labels = np.random.default_rng(771_904).integers(0, 2, (31, 3)).astype(float)
got = share_of_ones(labels)
expected = labels.mean(axis=0)
assert len(got) == 3, "Thirty-one rows: one share for each column."
assert all(abs(a - b) < 1e-9 for a, b in zip(got, expected, strict=True)), "Thirty-one rows: the shares are off."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: name a risk
#
# `risk_word(score, cut)` returns `"high"` from the cut upwards, else `"low"` ({{points:risk_word}} points).
# By hand: 0.5 at a cut of 0.5 is `"high"`.


# %% nbgrader={"grade": false, "grade_id": "risk_word", "locked": false, "schema_version": 3, "solution": true, "task": false}
def risk_word(score, cut):
    """The word for a risk, text."""
    ### BEGIN SOLUTION
    return "high" if score >= cut else "low"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_risk_word", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = risk_word(0.9, 0.5)
assert got == "high", f"0.9 at 0.5: got {got!r}, expected 'high'. From the cut upwards the risk is high."
got = risk_word(0.1, 0.5)
assert got == "low", f"0.1 at 0.5: got {got!r}, expected 'low'. Below the cut the risk is low."
### BEGIN HIDDEN TESTS
assert risk_word(0.4117, 0.4117) == "high", "A score that equals the cut is high."
### END HIDDEN TESTS
