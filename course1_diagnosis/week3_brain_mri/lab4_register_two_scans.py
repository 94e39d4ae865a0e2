# %% [markdown]
# # Register two scans
#
# You will move a scan by a known shift and turn, see what that does to a comparison, find the movement again with SimpleITK, and state the error in millimetres.
# **About 25 minutes**, with three steps to try yourself. Scans are painted; no patient stands behind them.

# %%
import numpy as np
import pandas as pd

from labutils import datasets, plots, plots_brain, practice, registration

print(datasets.MNI_NOTICE)
scan = datasets.paint_glioma(31_131, spacing=2)
brain = (scan.image != 0).any(axis=-1)
centre = np.array(scan.label.shape) * 2 / 2  # mm from the first voxel

# %% [markdown]
# Two scans of one person are never in the same place: the head lies differently, the table stands elsewhere, and between two sequences the patient coughs. Before anybody says
# "it has grown", the scans are laid over one another. For a skull, which does not bend, six numbers are enough; for a brain after surgery, or a lung that breathes, they are not, and methods that bend are needed.
#
# ## 1. Write a movement as a matrix
#
# A rigid movement has six numbers: three angles and three shifts. As a 4 × 4 matrix it turns a place (x, y, z, 1) into another. By hand: a shift of (6, −9, 4) mm without a turn takes (10, 10, 10) to (16, 1, 14).
#
# **Try it.** How far does that shift alone move every voxel, in mm?
#
# <details><summary>Hint 1: direction</summary>Pythagoras in three dimensions.</details>
# <details><summary>Hint 2: nearly the line</summary><code>np.sqrt(6**2 + 9**2 + 4**2)</code></details>

# %%
shift_only = registration.rigid_matrix((0, 0, 0), (6, -9, 4), centre)
print("moved to", (shift_only @ [10, 10, 10, 1])[:3])
### BEGIN SOLUTION
### STUB: distance = ...
distance = np.sqrt(6**2 + 9**2 + 4**2)
### END SOLUTION
practice.check(
    "distance (mm)", distance, expected=registration.distance_mm(shift_only, np.eye(4), brain, 2).mean(), tol=0.01
)

# %% [markdown]
# Now a turn as well: 4°, −3° and 8° about the three axes. The FLAIR channel plays the scan that was taken later and lies differently; the T1w channel stays.

# %%
true = registration.rigid_matrix((4, -3, 8), (6, -9, 4), centre)
moving = registration.resample(scan.image[..., 0], np.linalg.inv(true), 2)
moving_label = registration.resample(scan.label, np.linalg.inv(true), 2, nearest=True)
fixed = scan.image[..., 1]
before = registration.distance_mm(np.eye(4), true, brain, 2)
print(f"before: voxels of the brain lie {before.mean():.1f} mm apart (at most {before.max():.1f})")
assert before.mean() > 5

# %% [markdown]
# ## 2. See what it does to a comparison
#
# The tumour of the later scan against that of the first: the same tumour, and yet the outlines disagree.


# %%
def dice(a, b):
    return 2 * np.sum(a & b) / (np.sum(a) + np.sum(b))


tumour, tumour_moved = scan.label > 0, moving_label > 0
print(f"Dice of the same tumour before registration: {dice(tumour, tumour_moved):.2f}")
z = plots_brain.middle_of(scan.label)[2]
fig = plots_brain.panels(
    [fixed, moving], [scan.label, scan.label], ["T1w, fixed", "FLAIR, moved"], number=z, columns=2, size=3
)
plots.show(
    fig,
    alt="The label map of the fixed scan lies over its tumour on the left, and beside the tumour of the moved scan on the right.",
)

# %% [markdown]
# Someone who compared the two voxel by voxel would report growth on one side and healing on the other.
#
# ## 3. Find the movement again
#
# Why not simply subtract the two and make the difference small? Because T1w shows fluid dark and FLAIR shows it dark too, but white and grey matter the other way round: no shift makes that difference vanish. Mutual
# information asks only whether knowing the one brightness helps to guess the other.
#
# `register_rigid` starts from the centres of mass and improves the **mutual information** from coarse to fine, with SimpleITK.

# %%
found = registration.register_rigid(fixed, moving, 2)
after = registration.distance_mm(found.matrix, true, brain, 2)
print(f"after: {after.mean():.2f} mm on average, at most {after.max():.2f} mm; a voxel has 2 mm")
print(f"mutual information {-found.metric:.2f} nats")
assert after.mean() < 2, "the error should be below one voxel"

# %% [markdown]
# The distance between where a voxel was put and where it belongs is the **target registration error**. The picture shows it for the slice with the tumour.

# %%
back = registration.resample(moving_label, found.matrix, 2, nearest=True)
fig = plots_brain.panels(
    [fixed, moving, found.moved],
    [scan.label, moving_label, back],
    ["T1w, fixed", "FLAIR, moved", f"registered, {after.mean():.1f} mm off"],
    number=z,
    columns=3,
    size=2.8,
)
plots.show(
    fig,
    alt=f"Three axial slices: fixed, moved, and registered; the labels lie as in the fixed scan again, {after.mean():.1f} mm off.",
)

# %% [markdown]
# **Try it.** What is the Dice of the tumour after registration, between `tumour` and `back > 0`?
#
# <details><summary>Hint 1: direction</summary>The function <code>dice</code> from above.</details>
# <details><summary>Hint 2: nearly the line</summary><code>dice(tumour, back &gt; 0)</code></details>

# %%
### BEGIN SOLUTION
### STUB: dice_after = ...
dice_after = dice(tumour, back > 0)
### END SOLUTION
overlap = np.sum(tumour & (back > 0))
practice.check(
    "Dice after registration", dice_after, expected=2 * overlap / (tumour.sum() + (back > 0).sum()), tol=0.005
)

# %% [markdown]
# It does not reach 1: labels were moved twice with the *nearest* voxel, which frays the border. That much of any "change" is the method's own.
#
# ## 4. Repeat it
#
# One success is an anecdote, and the search can end in a wrong valley. So try it again from other places: four movements, drawn at random,
# each found anew.

# %%
rng, rows = np.random.default_rng(6), []
for number in range(4):
    angles, shift = rng.uniform(-8, 8, 3), rng.uniform(-10, 10, 3)
    truth = registration.rigid_matrix(angles, shift, centre)
    moved = registration.resample(scan.image[..., 0], np.linalg.inv(truth), 2)
    result = registration.register_rigid(fixed, moved, 2, rng=number)
    errors = [registration.distance_mm(matrix, truth, brain, 2).mean() for matrix in (np.eye(4), result.matrix)]
    rows.append(errors)
table = pd.DataFrame(rows, columns=["before (mm)", "after (mm)"]).round(2)
assert (table["after (mm)"] < table["before (mm)"]).all()
table

# %% [markdown]
# **Try it.** What is the largest error after registration in `table`, in mm?
#
# <details><summary>Hint 1: direction</summary>The maximum of a column.</details>
# <details><summary>Hint 2: nearly the line</summary><code>table["after (mm)"].max()</code></details>

# %%
### BEGIN SOLUTION
### STUB: largest = ...
largest = table["after (mm)"].max()
### END SOLUTION
practice.check("largest error (mm)", largest, expected=max(round(row[1], 2) for row in rows), tol=0.01)

# %% [markdown]
# ## What to remember
#
# - Six numbers move a head; mutual information finds them across sequences.
# - State the error in millimetres, over many voxels and several movements, and its maximum.
# - Labels are moved with the nearest voxel, and even that frays them.
