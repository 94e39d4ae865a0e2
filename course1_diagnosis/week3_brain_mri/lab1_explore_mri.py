# %% [markdown]
# # Explore a brain scan and its labels
#
# You will open a scan of the head with four channels, go through it in three planes with a slider, measure the parts of a tumour, and find out why the numbers of two scans cannot be compared as they are.
# **About 25 minutes**, with three steps to try yourself.
#
# The scans are painted from a seed into the MNI average brain; no patient stands behind them.

# %%
import numpy as np
import pandas as pd

from labutils import datasets, explore, plots, plots_brain, practice, segmentation, segmentation_scores
from labutils.datasets import CHANNELS, LABELS, registry

print(datasets.MNI_NOTICE)
scan = datasets.paint_glioma(31_101, spacing=2, enhancing=True)
assert (scan.label == 3).any(), "this tumour should take up contrast"
print(f"{scan.name}: image {scan.image.shape} {scan.image.dtype}, label {scan.label.shape} {scan.label.dtype}")

# %% [markdown]
# ## 1. Know your axes
#
# The axes run to the **right**, to the **front** and to the **top** of the head (people say RAS); the fourth is the channel. Files on disk may run otherwise: BraTS files run to the left and to the back.
# A loader has to turn them (`labutils.datasets.load_brats` does), for a tumour on the wrong side is the worst mistake there is. The matrix `affine` says where a voxel lies, in millimetres.
#
# **Try it.** How many voxels has the scan in all (without counting channels)?
#
# <details><summary>Hint 1: direction</summary>The product of the first three sizes.</details>
# <details><summary>Hint 2: nearly the line</summary><code>scan.label.size</code></details>

# %%
print(np.round(scan.affine))
### BEGIN SOLUTION
### STUB: voxels = ...
voxels = scan.label.size
### END SOLUTION
practice.check("voxels of the scan", voxels, expected=120 * 120 * 78, hint="120 × 120 × 78.")

# %% [markdown]
# A note on size: our scans have voxels of 2 mm, so that every cell answers at once. `paint_glioma(seed)` without `spacing=2` makes the full size
# of the collections, 240 × 240 × 155 voxels of 1 mm, in some seconds.
#
# ## 2. Go through the volume
#
# Doctors never look at a single slice. They scroll, and they look in three planes: *sagittal* (from the side), *coronal* (from the front) and *axial* (from below or above).
# What is a round spot in one plane may be a tube in the next: then it is a vessel.
#
# The sliders below move the three planes, and hide or show the labels. They start where each plane shows most of the tumour. **Move them**: which part of the tumour touches the
# surface of the brain? Is the core one piece?

# %%
at = plots_brain.middle_of(scan.label)


def planes(sagittal, coronal, axial, labels):
    here = sagittal, coronal, axial
    drawn = scan.label if labels == "shown" else None
    fig = plots_brain.three_planes(scan.image[..., 0], drawn, at=here, title=f"FLAIR, planes through voxel {here}")
    parts = ", ".join(name for code, name in enumerate(LABELS) if code and code == scan.label[here]) or "no tumour"
    return fig, f"Sagittal, coronal and axial plane through voxel {here}, labels {labels}. In that voxel: {parts}."


names = ("sagittal", "coronal", "axial")
sides = {name: explore.steps(0, size - 1, start=n) for name, size, n in zip(names, scan.label.shape, at, strict=True)}
explore.show(planes, **sides, labels=explore.choices(["hidden", "shown"], start="shown"))

# %% [markdown]
# A short flight through the head, from the bottom to the top:

# %%
markup = plots_brain.flight(
    scan.image[..., 0],
    scan.label,
    step=3,
    alt="An animation of axial FLAIR slices from the bottom of the brain to its top; the coloured tumour appears, grows and disappears.",
)
plots_brain.show_html(markup)
print(f"size of the animation: {len(markup) / 1000:.0f} kB")
assert len(markup) < 600_000, "it should stay small"

# %% [markdown]
# ## 3. Compare the channels
#
# The four channels in the same slice. Where is the oedema brightest? Where does the contrast agent light up?

# %%
z = at[2]
fig = plots_brain.panels(
    [scan.image[..., k] for k in range(4)], [None] * 4, CHANNELS, number=z, title="Four channels, one slice"
)
plots.show(
    fig,
    alt=f"Axial slice {z} four times: {', '.join(CHANNELS)}. The tumour is bright on FLAIR; its rim lights up on T1-Gd.",
)

# %% [markdown]
# And in numbers, for the voxels of the brain alone: outside every channel is exactly 0, and millions of zeros would drown any mean.

# %%
inside = scan.image[(scan.image != 0).any(axis=-1)]
print(pd.DataFrame(inside, columns=CHANNELS).describe().loc[["mean", "std", "min", "max"]].round(0))

# %% [markdown]
# The ranges differ by the scale that the machine chose that day. After standardising inside the brain, each channel has mean 0 and sd 1.
#
# **Try it.** What is the mean of channel 0 inside the brain after `segmentation.standardize_scan`?
#
# <details><summary>Hint 1: direction</summary>That is what standardising means.</details>
# <details><summary>Hint 2: nearly the line</summary>Take the mean of <code>ready[brain][:, 0]</code>, or think: 0.</details>

# %%
ready = segmentation.standardize_scan(scan.image)
brain = (scan.image != 0).any(axis=-1)
### BEGIN SOLUTION
### STUB: mean_flair = ...
mean_flair = ready[brain][:, 0].mean()
### END SOLUTION
practice.check(
    "mean inside the brain", mean_flair, expected=0.0, tol=1e-3, hint="Minus the mean leaves a mean of nothing."
)
print("sd inside the brain:", ready[brain].std(axis=0).round(3))

# %% [markdown]
# ## 4. Measure the parts
#
# The volume of each part, in mL, over ten painted patients: how different are they?

# %%
patients = datasets.make_gliomas(10, rng=31_102)
volumes = pd.DataFrame(
    [[segmentation_scores.volume_ml(one.label, code, 2) for code in (1, 2, 3)] for one in patients], columns=LABELS[1:]
)
print(volumes.describe().loc[["min", "50%", "max"]].round(0))
assert volumes["oedema"].median() > volumes["enhancing tumour"].median()

# %% [markdown]
# **Try it.** Which share of the voxels of `scan` is background (label 0)?
#
# <details><summary>Hint 1: direction</summary>Compare with 0, then take the mean.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(scan.label == 0).mean()</code></details>

# %%
### BEGIN SOLUTION
### STUB: background = ...
background = (scan.label == 0).mean()
### END SOLUTION
practice.check("share of background", background, expected=1 - np.count_nonzero(scan.label) / scan.label.size)

# %% [markdown]
# Nearly everything is background, so accuracy is useless here. The next lab cuts blocks with more tumour in them.
#
# ## 5. Use real scans, if you have them
#
# With a copy of the Medical Segmentation Decathlon (`medlabs data list` says how), the next cell shows a real case in the same way; otherwise it says so.

# %%
folder = registry.find("msd_task01")
shown = datasets.load_decathlon(folder, datasets.list_decathlon(folder)[0]) if folder else patients[0]
origin = "real, labels by experts" if folder else "painted: no real scans on this machine"
fig = plots_brain.three_planes(shown.image[..., 2], shown.label, title=f"{shown.name} ({origin}), T1-Gd")
plots.show(fig, alt=f"Three planes of {shown.name} in T1-Gd with its labels; {origin}.")

# %% [markdown]
# ## What to remember
#
# - Know the axes before you look left or right; know that intensities have no unit.
# - A slider is for looking, a static picture for showing, and both need labels on top.
# - Nearly everything in a scan is background.
