# %% [markdown]
# # Measure heart rates
#
# Two functions, {{points:total}} points.

# %%
import numpy as np

# %% [markdown]
# ## Exercise 1: count beats per minute
#
# Write `beats_per_minute(times)`: beat times in seconds in, the mean rate per minute out; NaN for fewer than two beats.
# It is worth {{points:beats_per_minute}} points. By hand: beats at 0, 1 and 2 seconds are 60 per minute.
#
# <details><summary>Hint 1</summary>How long does one beat last?</details>
# <details><summary>Hint 2</summary>Use np.diff.</details>


# %% nbgrader={"grade": false, "grade_id": "beats_per_minute", "locked": false, "schema_version": 3, "solution": true, "task": false}
def beats_per_minute(times):
    """Mean heart rate in beats per minute, a float; NaN for fewer than two beats."""
    ### BEGIN SOLUTION
    gaps = np.diff(times)  # seconds from each beat to the following one
    return 60 / gaps.mean() if len(gaps) else np.nan
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_beats_per_minute", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = beats_per_minute([0, 1, 2])
assert np.isclose(got, 60), f"Beats at 0, 1, 2 s: got {got}, expected 60. Divide 60 by the mean gap."
got = beats_per_minute([0, 0.5])
assert np.isclose(got, 120), f"Beats at 0, 0.5 s: got {got}, expected 120. Two beats have one gap."
### BEGIN HIDDEN TESTS
beats = np.cumsum(np.random.default_rng(918_273).uniform(0.4, 1.2, 30))
assert np.isclose(beats_per_minute(beats), 60 * 29 / (beats[-1] - beats[0])), "Irregular beats: the mean rate is off."
assert np.isnan(beats_per_minute([3.125])), "A lone heartbeat has no rate: return NaN."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: compare two rates
#
# Write `faster(first, second)`, which returns True if the first rate is higher ({{points:faster}} points).


# %% nbgrader={"grade": false, "grade_id": "faster", "locked": false, "schema_version": 3, "solution": true, "task": false}
def faster(first, second):
    """Whether the first rate is higher than the second, a bool."""
    ### BEGIN SOLUTION
    ### STUB: higher = ...  # compare the two
    ### STUB: return higher
    return bool(first > second)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_faster", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
got = faster(80, 60)
assert got, f"80 against 60: got {got}, expected True."
### BEGIN HIDDEN TESTS
assert not faster(61.375, 61.375), "Two equal rates: neither is faster."
### END HIDDEN TESTS

# %% tags=["ungraded"]
rates = [beats_per_minute(np.arange(0, 10, gap)) for gap in (0.5, 1.0)]
