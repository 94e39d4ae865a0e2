# %% [markdown]
# # Segment a brain tumour on MRI
#
# ![Four MRI channels go through a network with the shape of a U; out comes a brain in which every voxel of a tumour has a label.](figures/outline_tumour.svg)
#
# **What you will do.** You look into a scan of the head, lay two scans over one another, build the network that outlines tumours, teach it with a loss that fits, and
# ask what its outline is worth: on other scanners, for other people, for the patient.
#
# **What you will be able to do**
#
# - cut standardised sub-volumes out of a four-channel scan, and keep image and label together;
# - compute Dice and the soft Dice loss over the right axes, also on a batch;
# - build a 3D U-Net, and predict a whole scan with it;
# - register two scans, and state the error in millimetres;
# - judge a segmentation by class, with intervals over patients, on scans of another origin.
#
# **What you need.** Two hours, a computer without a graphics card, no download; weeks 1 and 2 help. The scans are **painted**: gliomas drawn
# by a program into an average brain. No patient is shown, and no number about them is a number about people. Where real scans speak, the text says so.

# %%
import numpy as np
import pandas as pd
from scipy import ndimage

from labutils import datasets, models, plots, plots_brain, practice, registration, segmentation, segmentation_scores
from labutils.datasets import CHANNELS, LABELS, make_gliomas
from labutils.models import keras

print(datasets.MNI_NOTICE)

# %% [markdown]
# ## 1. Say for every voxel what it is
#
# Week 1 asked one question of a whole film. **Segmentation** asks it of every point of an image. A point of a volume is a *voxel*: a little cube. Radiotherapy, operations and
# the question "has it grown?" all need an outline.
#
# Our patients have a **glioma**, a tumour that starts in the brain's own supporting cells. Its parts have the labels 0 to 3; what surrounds it is swelling, *oedema*. Look first: shape, type, shares.

# %%
scans = make_gliomas(8, rng=20_263)
scan = scans[1]
shares = np.bincount(scan.label.ravel(), minlength=4) / scan.label.size
print(f"image {scan.image.shape}, {scan.image.dtype}; label {scan.label.shape}, {scan.label.dtype}; voxels of 2 mm")
for name, share in zip(LABELS, shares, strict=True):
    print(f"{name:>21}: {share:.2%} of the voxels")
assert shares[0] > 0.9, "nearly everything should be background"
fig = plots_brain.three_planes(scan.image[..., 0], scan.label, title="One painted glioma in three planes (FLAIR)")
at = plots_brain.middle_of(scan.label)
plots.show(
    fig,
    alt=f"Sagittal, coronal and axial planes through voxel {at} of a painted scan, the three parts of the tumour coloured.",
)

# %% [markdown]
# More than nine voxels of ten are background: "nothing anywhere" would be right nearly everywhere. Keep that in mind for section 9.
#
# **Try it.** A voxel has edges of 2 mm. What is the volume of the whole tumour in mL (1 mL = 1000 mm³)?
#
# <details><summary>Hint 1: direction</summary>Count the voxels whose label is not 0; each is 2 · 2 · 2 mm³.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(scan.label &gt; 0).sum() * 8 / 1000</code></details>

# %%
### BEGIN SOLUTION
### STUB: millilitres = ...
millilitres = (scan.label > 0).sum() * 8 / 1000
### END SOLUTION
practice.check(
    "volume of the tumour (mL)",
    millilitres,
    expected=segmentation_scores.volume_ml(scan.label, (1, 2, 3), 2),
    hint="8 mm³ a voxel, 1000 mm³ a millilitre.",
)

# %% [markdown]
# ## 2. Read sequences as channels
#
# An MRI machine takes several pictures, **sequences**, of the same head; each shows water, fat and blood in its own way. A photograph has
# the channels red, green and blue; our scan has four:
#
# | channel | what stands out |
# |---|---|
# | FLAIR | oedema bright; free fluid is suppressed |
# | T1w | anatomy: white matter brighter than grey |
# | T1-Gd | the same with a contrast agent (gadolinium): it leaks out where the tumour breaks vessels |
# | T2w | water bright: oedema, and the fluid in the ventricles too |
#
# By hand: a voxel that is bright on T2w *and* FLAIR is oedema rather than free fluid; one that is bright on T1-Gd and not on T1w takes up contrast. One channel alone
# could not tell.

# %%
z = at[2]
fig = plots_brain.panels(
    [scan.image[..., k] for k in range(4)] + [scan.image[..., 0]],
    [None] * 4 + [scan.label],
    [*CHANNELS, "labels"],
    number=z,
    columns=5,
    size=1.9,
    title="The same slice in four channels, and its labels",
)
plots.show(fig, alt=f"Axial slice {z} in the channels {', '.join(CHANNELS)}, and the label map over FLAIR.")

# %% [markdown]
# The same in numbers: the mean of each channel in each part.

# %%
means = pd.DataFrame(
    {CHANNELS[k]: [scan.image[..., k][scan.label == code].mean() for code in (1, 2, 3)] for k in range(4)},
    index=LABELS[1:],
)
gain = means["T1-Gd"] / means["T1w"]
assert gain["enhancing tumour"] > gain["oedema"], "contrast should brighten the enhancing part most"
means.round(0)

# %% [markdown]
# The numbers have no unit: each channel has a scale of its own, and another machine would give others. Hence **standardising**, per channel, before a network looks.
#
# ## 3. Lay two scans over one another
#
# The four sequences take many minutes, and heads move; the scan of last month lay differently altogether. Before voxels are compared, one scan is shifted and turned until it lies
# over the other: **registration**. A *rigid* one has six numbers: three shifts, three angles. How good a position is says **mutual information**: how well the brightness in one scan tells that in the other. It works across
# sequences, where a simple difference would not (Wells and others, 1996).
#
# By hand, in one dimension: the signal 0, 0, 5, 9, 5, 0 and the same two places further right. Shift by 0, 1, 2: the sum of absolute differences is smallest at 2.

# %%
still = np.array([0, 0, 5, 9, 5, 0, 0, 0])
later = np.roll(still, 2)
differences = [int(np.abs(still - np.roll(later, -shift)).sum()) for shift in (0, 1, 2)]
print("sum of differences at a shift of 0, 1 and 2:", differences)
assert int(np.argmin(differences)) == 2

centre = np.array(scan.label.shape) * 2 / 2
true = registration.rigid_matrix((4, -3, 8), (6, -9, 4), centre)  # degrees, millimetres
moving = registration.resample(scan.image[..., 0], np.linalg.inv(true), 2)  # FLAIR, moved
found = registration.register_rigid(scan.image[..., 1], moving, 2)  # T1w stays
brain = (scan.image != 0).any(axis=-1)
before = registration.distance_mm(np.eye(4), true, brain, 2).mean()
after = registration.distance_mm(found.matrix, true, brain, 2).mean()
print(f"voxels lay {before:.1f} mm apart on average; after registration {after:.1f} mm")
assert after < 2 < before, "registration should end within one voxel"

# %% [markdown]
# The mean distance of the brain's voxels from where they belong is the **target registration error**. It can be stated here because we moved the head ourselves; in real scans it needs landmarks. Below one voxel is
# as good as this grid can show.

# %%
fig = plots_brain.panels(
    [scan.image[..., 1], moving, found.moved],
    [scan.label] * 3,
    ["T1w, fixed", "FLAIR, moved", "FLAIR, registered"],
    number=z,
    columns=3,
    size=2.6,
    title=f"Before: {before:.0f} mm off. After: {after:.1f} mm",
)
plots.show(
    fig,
    alt=f"The label map lies beside the tumour of the moved scan, {before:.0f} mm off, and over it once registered, {after:.1f} mm off.",
)

# %% [markdown]
# ## 4. Cut slices or blocks
#
# A whole scan of 240 × 240 × 155 voxels with four channels does not fit into a training step. Two ways out:
#
# - **2D**: one slice after the other. Cheap; but a slice does not know its neighbours, and a vessel cut across looks like a small tumour.
# - **3D**: *sub-volumes*, blocks. They keep the neighbours along all axes, and lose what lies outside the block.
#
# By hand: float32 takes 4 bytes. The scan: 240 · 240 · 155 · 4 channels · 4 bytes = 143 MB. A first layer with 64 maps would make that 2.3 GB, before any gradient. A block of
# 160 × 160 × 16 takes 6.6 MB.

# %%
scan_mb = 240 * 240 * 155 * 4 * 4 / 1e6
block_mb = 160 * 160 * 16 * 4 * 4 / 1e6
print(f"scan {scan_mb:.0f} MB, its first 64 maps {scan_mb * 16 / 1000:.1f} GB, block {block_mb:.1f} MB")
assert round(scan_mb) == 143 and round(block_mb, 1) == 6.6
sizes = {"orig_x": 120, "orig_y": 120, "orig_z": 78, "output_x": 48, "output_y": 48, "output_z": 16}
x, y = segmentation.get_sub_volume(scan.image, scan.label, **sizes, rng=1)
print(
    f"X {x.shape} with channels first, y {y.shape} with one map a class; tumour in {y.max(axis=0).mean():.0%} of the block"
)
assert y.max(axis=0).mean() > 0.05, "blocks with 95 % background are thrown back"

# %% [markdown]
# Blocks of nothing but background teach little, so they are thrown back, and the network sees far more tumour than there is. That has a price: it was never
# shown large healthy regions, and may raise alarms there. (The shipped network therefore gets some healthy blocks as well.)
#
# **Try it.** How many places are there for a block of 48 along an axis of 120 voxels?
#
# <details><summary>Hint 1: direction</summary>The first starts at 0; where does the last start?</details>
# <details><summary>Hint 2: nearly the line</summary><code>120 - 48 + 1</code></details>

# %%
### BEGIN SOLUTION
### STUB: places = ...
places = 120 - 48 + 1
### END SOLUTION
practice.check("places for the block", places, expected=len(range(120 - 48 + 1)), hint="Both ends count.")

# %% [markdown]
# ## 5. Refresh how a convolution looks
#
# A **convolution** slides a small pattern (a *kernel*) over the image and notes at each place how well it fits: multiply, add up. In 3D the kernel is a little cube of 3 × 3 × 3.
# Learning means finding kernels. Two layers of 3 × 3 × 3 see 5 voxels across, three see 7; *pooling* (keep the largest of 2 × 2 × 2) doubles the reach of all that follows.
#
# By hand: the row 0, 0, 8, 8 and the kernel −1, 0, 1. At the second place: −1·0 + 0·0 + 1·8 = 8: there is an edge.

# %%
row = np.array([0, 0, 8, 8])
response = np.correlate(row, [-1, 0, 1], mode="valid")
weights = keras.layers.Conv3D(32, 3)
weights.build((None, None, None, None, 4))
print("responses inside the row:", response.tolist())
print(f"a 3D layer from 4 to 32 maps has 4 * 27 * 32 + 32 = {weights.count_params():,} weights")
assert response.tolist() == [8, 8] and weights.count_params() == 4 * 27 * 32 + 32
edge = ndimage.correlate1d(scan.image[..., 1], [-1, 0, 1], axis=0)
assert edge.shape == scan.label.shape

# %% [markdown]
# The kernel is the same at every place: few weights, and a tumour is recognised wherever it sits.
#
# ## 6. Build a U-Net
#
# ![The U-Net: boxes go down on the left as the size halves and maps double, and up on the right; dashed bridges join the same levels.](figures/unet.svg)
#
# Pooling tells *what* and forgets *where*. The **U-Net** (Ronneberger, 2015) goes back up, doubling the size, and at each level a *bridge* hands over the fine maps from the way down. For volumes all layers become 3D
# (Çiçek, 2016). By hand, the first level of the full network: 4·27·32 + 32 = 3,488 and 32·27·64 + 64 = 55,360 weights.

# %%
full = models.build_unet(3, depth=4, base=32)
shallow = models.build_unet(3, depth=2, base=32)
first = [full.get_layer(f"down0_conv{k}").count_params() for k in (1, 2)]
print(f"first level {first}; depth 4: {full.count_params():,} weights; depth 2: {shallow.count_params():,}")
assert first == [3_488, 55_360]
assert (full.count_params(), shallow.count_params()) == (16_318_307, 833_507)

# %% [markdown]
# A 2D and a 3D U-Net differ in one digit of the layer's name, and in cost: the kernel of a 3D layer has three times as many weights.
#
# ## 7. Look closer at the U-Net
#
# Three details decide whether it works:
#
# - **Sizes must halve.** With four levels they are halved three times: multiples of 8. Our builder refuses anything else.
# - **The last layer** is a convolution of 1 × 1 × 1: for each voxel its own little regression from the last maps. Sigmoids, one for each class, say how sure it is.
# - **A whole scan** is predicted patch by patch with overlap, because a voxel at the rim of a patch lacks half of its surroundings. By hand: 9 voxels, patches of 4, overlap a quarter: starts 0, 3 and 5.

# %%
try:
    models.build_unet(3, input_shape=(160, 160, 12, 4))
except ValueError as error:
    print("refused:", error)
assert segmentation.patch_starts(9, 4, 0.25) == [0, 3, 5]
shipped = models.load_brain_model()
test = make_gliomas(6, rng=20_264)
one = test[0]
inside = np.argwhere((one.image != 0).any(axis=-1))
box = tuple(slice(a, b + 1) for a, b in zip(inside.min(axis=0), inside.max(axis=0), strict=True))
image, label = segmentation.standardize_scan(one.image[box]), one.label[box]
scores = segmentation.predict_volume(shipped, image, (48, 48, 48), 0.25, batch_size=2)
pred = segmentation_scores.labels_from_scores(scores, 0.5)
assert pred.shape == label.shape and 0 <= scores.min() <= scores.max() <= 1

# %% [markdown]
# What the shipped network (slim, trained for minutes on painted scans) says of a patient that it has not seen: first the scores as fractions, then where they reach one half.

# %%
whole = segmentation_scores.dice_of_codes(label, pred, (1, 2, 3))
z = plots_brain.middle_of(label)[2]
any_part = scores.max(axis=-1)
fig = plots_brain.score_map(
    image[..., 0],
    any_part,
    number=z,
    threshold=0.5,
    title=f"Scores first, threshold second: whole-tumour Dice {whole:.2f}",
)
plots.show(
    fig,
    alt=f"A slice of a new painted patient: plain, with the highest score of any part in colour, and the area above one half. Dice {whole:.2f}.",
)

# %% [markdown]
# The score is a surface; the threshold cuts an island out of it. A viewer that rounds scores to whole numbers before it draws them shows nothing but 0.
#
# ## 8. Augment image and label together
#
# Few patients? Turn, flip and shade what you have. In week 1 the label stayed as it was. Here **the label turns with the image**: the same
# turn for both, and for the label *without interpolation*: halfway between class 1 and class 3 lies not class 2.
#
# By hand: the labels 0, 3, 3 moved by half a voxel. Interpolated: 1.5 between the first two, which is no tissue at all.

# %%
halfway = np.interp([0.5], [0, 1, 2], [0, 3, 3])[0]
turn = registration.rigid_matrix((0, 0, 15), (0, 0, 0), centre)
turned_image = registration.resample(scan.image[..., 0], turn, 2)
right = registration.resample(scan.label, turn, 2, nearest=True)
wrong = registration.resample(scan.label, turn, 2)
print(
    f"halfway between 0 and 3: {halfway}; codes of the turned label: nearest {np.unique(right)}, interpolated {len(np.unique(wrong))} different numbers"
)
assert set(np.unique(right)) <= {0, 1, 2, 3} and len(np.unique(wrong)) > 4
forgotten = segmentation_scores.dice_of_codes(right, scan.label, (1, 2, 3))
print(f"Dice of the right label with the label that was not turned: {forgotten:.2f}")
assert forgotten < 0.9, "a forgotten turn should show"

# %% [markdown]
# A forgotten turn teaches the network to draw outlines beside the tumour, and nothing complains. Which changes are allowed? Flips left to right are: a glioma may sit on either side. Stretching by a half is not: such heads do not exist.
#
# ## 9. Teach with the soft Dice loss
#
# With so much background the cross-entropy of week 1 is nearly satisfied by "nothing". **Dice** asks about the tumour alone; the **soft** Dice loss takes the scores as they are, so that it has a slope everywhere:
#
# $$\mathcal L = 1 - \frac{2\sum_i t_i p_i + \varepsilon}{\sum_i t_i^2 + \sum_i p_i^2 + \varepsilon}$$
#
# with truth $t$, score $p$ and a small $\varepsilon$ that decides what two empty masks get. By hand: truth 1, 0, scores 0.5, 0.5: 1 − 1/1.5 = 0.33.
#
# The trap is the axes. A toy of 2 × 2 × 3 voxels, tumour in the first slice, score 0.28 there and 0.05 elsewhere. As a *batch* of one, (1, 1, 2, 2, 3), the default axes (1, 2, 3) add class, x and y, and keep the slices apart.

# %%
by_hand = segmentation.soft_dice_loss(np.array([1, 0]).reshape(1, 2, 1, 1), np.array([0.5, 0.5]).reshape(1, 2, 1, 1))
toy_true, toy_pred = np.zeros((1, 1, 2, 2, 3)), np.full((1, 1, 2, 2, 3), 0.05)
toy_true[..., 0], toy_pred[..., 0] = 1, 0.28
wrong_axes = float(segmentation.soft_dice_loss(toy_true, toy_pred))
right_axes = float(segmentation.batched_axes(segmentation.soft_dice_loss)(toy_true, toy_pred))
print(
    f"by hand {float(by_hand):.2f}; the toy with the wrong axes {wrong_axes:.2f}, with the right ones {right_axes:.2f}"
)
assert (round(wrong_axes, 2), round(right_axes, 2)) == (0.83, 0.48)

# %% [markdown]
# No error, another number: 0.83 instead of 0.48. Two of the three slices hold no tumour and count as if they were classes that the network missed. Training goes on happily, for another goal.
#
# **Try it.** What is the soft Dice loss of an empty truth against an empty prediction (all scores 0)?
#
# <details><summary>Hint 1: direction</summary>Only ε is left above and below.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 - 1e-5 / 1e-5</code></details>

# %%
### BEGIN SOLUTION
### STUB: empty_loss = ...
empty_loss = 0.0
### END SOLUTION
nothing = np.zeros((1, 2, 2, 2))
practice.check(
    "loss of two empty masks",
    empty_loss,
    expected=float(segmentation.soft_dice_loss(nothing, nothing)),
    hint="ε / ε is 1.",
)

# %% [markdown]
# ## 10. Expect other people and other machines
#
# A network learns the scans it is shown: one country, one machine, one way to prepare. Elsewhere patients are younger or sicker, the field is 1.5 instead of 3 tesla, and the contrast agent is given earlier. That is **domain
# shift**. We can try it: scanner B has other contrasts, more noise and a stronger drift of brightness. Dice for the whole tumour, patient by patient, the same network.


# %%
def dice_of(scan):
    inside = np.argwhere((scan.image != 0).any(axis=-1))
    box = tuple(slice(a, b + 1) for a, b in zip(inside.min(axis=0), inside.max(axis=0), strict=True))
    image = segmentation.standardize_scan(scan.image[box])
    scores = segmentation.predict_volume(shipped, image, (48, 48, 48), 0.0, batch_size=2)
    pred = segmentation_scores.labels_from_scores(scores, 0.5)
    return segmentation_scores.dice_of_codes(scan.label[box], pred, (1, 2, 3))


other = make_gliomas(6, rng=20_265, scanner="B")
dices = {"scanner A": [dice_of(s) for s in test], "scanner B": [dice_of(s) for s in other]}
for name, values in dices.items():
    mean, low, high, n = segmentation_scores.bootstrap_mean(values, rng=2)
    print(f"{name}: mean Dice of {n} patients {mean:.2f} ({low:.2f} to {high:.2f}), worst {min(values):.2f}")
assert np.mean(dices["scanner B"]) < np.mean(dices["scanner A"])

# %% [markdown]
# The intervals come from six patients each, so they are wide; the fall is plain all the same. Averages hide the rest: ask for the worst patient too, and for each group of patients by itself, since a group that is rare in the training data can do badly unseen. Our files tell neither age
# nor sex nor origin, and so does the Decathlon: about groups nothing can be said, which is itself a finding.
#
# ## 11. Validate outside
#
# **Internal** validation takes new patients of the same origin; **external** validation takes another hospital, another machine, another year. Only the second says what happens when the tool travels. Best is
# *prospective*: on patients who come in after the tool was frozen. The model card of the shipped network has three rows: painted scans as in training, painted scans of scanner B, and slabs of two real patients (Medical Segmentation Decathlon, labels by experts).

# %%
card = models.brain_model_card()
parts = ["oedema", "non-enhancing tumour", "enhancing tumour", "whole tumour"]
stored = {
    "painted, scanner A": card["painted"]["dice"],
    "painted, scanner B": card["other_scanner"]["dice"],
    "real slabs": card["real"]["mean"],
}
stored = {name: {part: list(values[part].values())[:3] for part in parts} for name, values in stored.items()}
fig = plots_brain.dice_dots(stored, title="Stored results of the shipped network, by origin of the scans")
wt = {name: values["whole tumour"][0] for name, values in stored.items()}
print(f"cases: {card['evaluation']['cases']} painted for each scanner, {len(card['real']['cases'])} real")
assert len(card["real"]["cases"]) >= 2
plots.show(
    fig, alt="Mean Dice by class and origin. Whole tumour: " + ", ".join(f"{n} {v:.2f}" for n, v in wt.items()) + "."
)

# %% [markdown]
# Two real patients are two anecdotes; their interval is just the two values. But they are the only row about people, and we would rather show it than hide it. How well do experts agree with one another? In the challenge from which these labels come, experts
# who outlined the same patients reached a Dice of 0.74 to 0.85, depending on the part (Menze, 2015): no network can be judged more finely than its truth.
#
# ## 12. Measure what changes for patients
#
# A better Dice is not yet a better life. The chain is long: outline → plan → treatment → **outcome**. Each link can break. So a tool is tested like a drug: patients treated with and without it, at best by lot, and an outcome they feel:
# survival, complications, time until treatment. By hand: of 100 patients without the tool 20 have complications, with it 15 of 100. The difference is 5 of 100; its 95 % interval (Wald) is 5 ± 1.96 · √(0.2·0.8/100 + 0.15·0.85/100) · 100 = 5 ± 10.5.

# %%
without, with_tool, n = 0.20, 0.15, 100
difference = without - with_tool
half = 1.96 * np.sqrt(without * (1 - without) / n + with_tool * (1 - with_tool) / n)
print(
    f"difference {100 * difference:.0f} of 100, 95 % interval {100 * (difference - half):.1f} to {100 * (difference + half):.1f}"
)
assert round(100 * half, 1) == 10.5 and difference - half < 0 < difference + half

# %% [markdown]
# A hundred in each arm cannot tell whether the tool helps, does nothing or harms. Course 3 is about such comparisons.
#
# **Try it.** With how many patients *in each arm* does the half width shrink from 10.5 to a quarter of that? (The shares stay.)
#
# <details><summary>Hint 1: direction</summary>The width goes with one over the square root of n.</details>
# <details><summary>Hint 2: nearly the line</summary><code>100 * 4**2</code></details>

# %%
### BEGIN SOLUTION
### STUB: n_needed = ...
n_needed = 100 * 4**2
### END SOLUTION
practice.check(
    "patients in each arm",
    n_needed,
    expected=int(n * (half / (half / 4)) ** 2 + 0.5),
    hint="Four times narrower needs sixteen times as many.",
)

# %% [markdown]
# ## 13. Look back on the course
#
# Three weeks, three kinds of question: is a disease on the film (week 1), how good is a test (week 2), where exactly is it (week 3). The same habits carried through, and each has a number in this course that shows why.

# %%
habits = pd.DataFrame(
    {
        "week 1": ["patients apart", "weights for rare findings", "AUC with interval"],
        "week 2": ["resample patients", "predictive value follows prevalence", "calibration"],
        "week 3": ["patches of many patients", "Dice for rare voxels", "another scanner"],
    },
    index=["who is in the data", "what is rare", "what is it worth"],
)
assert habits.shape == (3, 3)
habits

# %% [markdown]
# The assignment ends with a model card of the course's work. Writing one is the test of whether one knows what one has built.
#
# ## What to remember
#
# - Blocks are cut from image and label at the same place, standardised, from many patients.
# - Dice asks about the tumour alone; on a batch its axes move by one.
# - A U-Net goes down for *what* and over the bridges for *where*; a whole scan is predicted with overlapping patches.
# - Registration ends with a distance in millimetres, not with a picture.
# - A result has an interval over patients, a worst case, and a row from somewhere else.
#
# ## In practice
#
# Outlines steer beams and knives. An outline that is too small leaves tumour, one that is too large harms healthy brain: a doctor looks at each. Software for it is a medical device in most countries, and a change of the scanner's software is reason
# enough to test anew.
#
# ## Further reading
#
# - [Ronneberger and others, 2015](https://arxiv.org/abs/1505.04597): the U-Net; short, and its figure says it all.
# - [Çiçek and others, 2016](https://arxiv.org/abs/1606.06650): the step to 3D.
# - [Milletari and others, 2016](https://arxiv.org/abs/1606.04797): the soft Dice loss.
# - [Menze and others, 2015](https://doi.org/10.1109/TMI.2014.2377694): the brain tumour challenge, and how far experts differ.
# - [Antonelli and others, 2022](https://doi.org/10.1038/s41467-022-30695-9): the Decathlon, whose scans you can load.
# - [Wells and others, 1996](https://doi.org/10.1016/S1361-8415(01)80004-9): registration by mutual information.
