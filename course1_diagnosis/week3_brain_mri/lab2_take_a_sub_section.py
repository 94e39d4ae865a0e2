# %% [markdown]
# # Cut a sub-section out of a scan
#
# You will cut blocks out of a scan together with their labels, throw back what is nearly all background, standardise, and count what that choice does to the data that a network sees.
# **About 20 minutes**, with three steps to try yourself. Scans are painted; no patient stands behind them.

# %%
import numpy as np
import pandas as pd

from labutils import datasets, plots, plots_brain, practice, segmentation

print(datasets.MNI_NOTICE)
scans = datasets.make_gliomas(4, rng=31_111)
scan = scans[0]
print(f"scan {scan.image.shape}; background {np.mean(scan.label == 0):.1%} of the voxels")

# %% [markdown]
# Why cut at all? A full scan of 240 × 240 × 155 voxels with four channels takes 143 MB as float32, and a U-Net keeps dozens of maps of that size while it learns. Blocks fit.
# They also mix: a batch of eight blocks can show eight patients, where a whole scan shows one. What blocks lose is the view of the whole: a network that sees 48 voxels does not
# know which side of the head it is in.
#
# ## 1. Cut by hand
#
# A block is three slices, the same for image and label. We cut 48 × 48 × 16 voxels around the middle of the tumour.

# %%
x, y, z = plots_brain.middle_of(scan.label)
block = (slice(x - 24, x + 24), slice(y - 24, y + 24), slice(z - 8, z + 8))
image, label = scan.image[block], scan.label[block]
print(f"image {image.shape}, label {label.shape}; background {np.mean(label == 0):.0%}")
assert image.shape[:3] == label.shape == (48, 48, 16)
fig = plots_brain.panels(
    [image[..., 0], image[..., 2]], [label, label], ["FLAIR", "T1-Gd"], number=8, columns=2, size=2.8
)
plots.show(fig, alt="The middle slice of the block in FLAIR and T1-Gd with the parts of the tumour coloured.")

# %% [markdown]
# ## 2. Make the label one-hot
#
# A network has one output a class, so the label becomes one map a class: **one-hot**. By hand, the labels 0, 2, 1 give for class 1 the map 0, 0, 1, for class 2 the map 0, 1, 0, for class 3 nothing.
#
# **Try it.** Make `maps` out of `label`: three maps for the classes 1, 2 and 3, classes first.
#
# <details><summary>Hint 1: direction</summary>Compare the label with each code in turn, and stack.</details>
# <details><summary>Hint 2: nearly the line</summary><code>np.stack([label == code for code in (1, 2, 3)])</code></details>

# %%
### BEGIN SOLUTION
### STUB: maps = ...
maps = np.stack([label == code for code in (1, 2, 3)])
### END SOLUTION
counts = ... if maps is ... else np.asarray(maps).reshape(len(maps), -1).sum(axis=1)
practice.check(
    "voxels of each map",
    counts,
    expected=np.bincount(label.ravel(), minlength=4)[1:],
    hint="Classes first, background left out.",
)

# %% [markdown]
# The maps need no background: it is where all of them are 0. Each map is a little picture of one part of the tumour.
#
# ## 3. Draw at random, throw back
#
# Blocks must differ from step to step, so their place is drawn.
#
# At random, most blocks hold no tumour at all. We draw 200 places and count.

# %%
rng = np.random.default_rng(5)
shares = []
for _ in range(200):
    a, b, c = (int(rng.integers(0, n - m + 1)) for n, m in zip(scan.label.shape, (48, 48, 16), strict=True))
    shares.append(np.mean(scan.label[a : a + 48, b : b + 48, c : c + 16] == 0))
shares = np.array(shares)
print(
    f"blocks with less than 95 % background: {np.mean(shares < 0.95):.0%}; with none but background: {np.mean(shares == 1):.0%}"
)
assert np.mean(shares < 0.95) < 0.5

# %% [markdown]
# `get_sub_volume` draws until the share of background is below the threshold. How many draws would it take on average, if the share of good places is $p$? One over $p$.
#
# **Try it.** Work it out from `shares`.
#
# <details><summary>Hint 1: direction</summary>p is the share of blocks below 0.95.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 / np.mean(shares &lt; 0.95)</code></details>

# %%
### BEGIN SOLUTION
### STUB: draws = ...
draws = 1 / np.mean(shares < 0.95)
### END SOLUTION
practice.check("draws until a block is kept", draws, expected=len(shares) / np.sum(shares < 0.95), tol=1e-6)

# %% [markdown]
# Now with the function, several patients in turn: not all blocks from one.

# %%
sizes = {"orig_x": 120, "orig_y": 120, "orig_z": 78, "output_x": 48, "output_y": 48, "output_z": 16}
rows, pairs = [], []
for number in range(8):
    one = scans[number % 4]
    pair = segmentation.get_sub_volume(one.image, one.label, **sizes, rng=number)
    pairs.append(pair)
    rows.append([one.name, *pair[1].mean(axis=(1, 2, 3))])
table = pd.DataFrame(rows, columns=["patient", "oedema", "non-enhancing", "enhancing"])
assert table["patient"].nunique() == 4
table.round(3)

# %% [markdown]
# The kept blocks hold far more tumour than the scan does. That is wanted, but the network now believes in a world full of tumours, and has seen little healthy brain: look for false alarms when it meets whole scans.
#
# ## 4. Standardise
#
# The last step before a network looks. Without it, the first layer would spend its time learning which machine a patient lay in: one scanner gives white matter 200, the next 1500.
# Two ways are common, and they differ in what they forget.
#
# Slice by slice, the classic way, against channel by channel. The picture shows what each keeps.

# %%
block_first = pairs[0][0]
by_slice = segmentation.standardize(block_first)
by_channel = (block_first - block_first.mean(axis=(1, 2, 3), keepdims=True)) / block_first.std(
    axis=(1, 2, 3), keepdims=True
)
means = [part[0].mean(axis=(0, 1)) for part in (by_slice, by_channel)]
print(
    "means of the 16 FLAIR slices, by slice:",
    np.abs(means[0]).max().round(3),
    "at most; by channel: from",
    means[1].min().round(2),
    "to",
    means[1].max().round(2),
)
assert np.abs(means[0]).max() < 1e-4 < np.ptp(means[1])

# %% [markdown]
# **Try it.** A slice has the voxels 1, 3, 5, 7. What does the voxel 7 become? (Two decimals are enough.)
#
# <details><summary>Hint 1: direction</summary>Mean 4, squared distances 9, 1, 1, 9.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(7 - 4) / np.sqrt(5)</code></details>

# %%
### BEGIN SOLUTION
### STUB: seven = ...
seven = (7 - 4) / np.sqrt(5)
### END SOLUTION
four = np.array([1.0, 3, 5, 7]).reshape(1, 2, 2, 1)
practice.check("the voxel 7, standardised", seven, expected=segmentation.standardize(four)[0, 1, 1, 0], tol=0.01)

# %% [markdown]
# ## What to remember
#
# - Image and label are cut with the same three slices.
# - The threshold decides what the network believes to be normal.
# - Standardising by slice forgets that one slice was brighter than another; choose knowingly.
