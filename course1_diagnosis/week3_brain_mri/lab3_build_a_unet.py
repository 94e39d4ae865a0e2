# %% [markdown]
# # Build a U-Net and train it on patches
#
# You will count the weights of a U-Net by hand, train a small one on patches of several patients, predict a whole scan with it, and compare it with one that was trained for longer.
# **About 30 minutes**, with three steps to try yourself. Scans are painted; no patient stands behind them.

# %%
import time

import numpy as np

from labutils import datasets, models, plots, plots_brain, practice, segmentation, segmentation_scores
from labutils.models import keras

print(datasets.MNI_NOTICE)

# %% [markdown]
# A U-Net is built of three bricks: convolutions that look, poolings that halve the size, and bridges that hand fine maps over to the way up. Counting its weights
# by hand is the quickest way to see where they sit, and why a 3D network is so much heavier than a 2D one.
#
# ## 1. Count by hand
#
# A convolution of 3 × 3 × 3 from a to b maps has 27·a·b weights and b biases. The U-Net of depth 2 and base 32 has four convolutions on the way down (4→32→64→64→128), two on the way up (128 + 64 = 192→64→64) and the last one
# of 1 × 1 × 1 (64→3).
#
# **Try it.** How many weights and biases has the first convolution of the way up, from 192 to 64 maps?
#
# <details><summary>Hint 1: direction</summary>27 · 192 · 64, and one bias a map.</details>
# <details><summary>Hint 2: nearly the line</summary><code>27 * 192 * 64 + 64</code></details>

# %%
shallow = models.build_unet(3, depth=2, base=32)
### BEGIN SOLUTION
### STUB: weights_up = ...
weights_up = 27 * 192 * 64 + 64
### END SOLUTION
practice.check("weights from 192 to 64 maps", weights_up, expected=shallow.get_layer("up0_conv1").count_params())

# %% [markdown]
# The same rule over the whole network, and for the big one.


# %%
def conv(a, b, size=3):
    return size**3 * a * b + b


def weights_of(depth, base):
    down, a = 0, 4
    for d in range(depth):
        down += conv(a, base * 2**d) + conv(base * 2**d, base * 2 ** (d + 1))
        a = base * 2 ** (d + 1)
    up = 0
    for d in reversed(range(depth - 1)):
        bridge = base * 2 ** (d + 1)
        up, a = up + conv(a + bridge, bridge) + conv(bridge, bridge), bridge
    return down + up + conv(a, 3, 1)


print(f"depth 2: {weights_of(2, 32):,}; depth 4: {weights_of(4, 32):,}")
assert weights_of(2, 32) == shallow.count_params() == 833_507
assert weights_of(4, 32) == models.build_unet(3, depth=4, base=32).count_params() == 16_318_307

# %% [markdown]
# Twice the depth, twenty times the weights: every level doubles the maps, and a convolution grows with the product of what goes in and what comes out.
#
# ## 2. Cut patches
#
# Six patients to train on, two to watch; each patch comes from another one. The networks read channels last, so the axes are turned.

# %%
train, watch = datasets.make_gliomas(6, rng=31_121), datasets.make_gliomas(2, rng=31_122)
sizes = {"orig_x": 120, "orig_y": 120, "orig_z": 78, "output_x": 32, "output_y": 32, "output_z": 16}
ready = {
    name: [(segmentation.standardize_scan(scan.image), scan.label) for scan in scans]
    for name, scans in {"train": train, "watch": watch}.items()
}


def batch(part, patients, rng):
    pairs = []
    for number in patients:
        image, label = ready[part][number]
        x, y = segmentation.get_sub_volume(image, label, **sizes, rng=rng)
        pairs.append((models.channels_last(x), models.channels_last(y)))
    return [np.stack(group).astype("float32") for group in zip(*pairs, strict=True)]


x_watch, y_watch = batch("watch", [0, 1] * 3, np.random.default_rng(1))
print(f"patches {x_watch.shape}, labels {y_watch.shape}")

# %% [markdown]
# Whole scans are standardised first, with one mean and one sd for each channel inside the brain, because that is how whole scans will be made ready at the end: what the network sees in training and
# in use must be the same.
#
# ## 3. Train with the right axes
#
# The soft Dice loss wants classes first. On a batch the axes of space are 2, 3 and 4: `batched_axes` takes care.

# %%
volume_loss = segmentation.batched_axes(segmentation.soft_dice_loss)


def loss(y_true, y_pred):
    first = [keras.ops.moveaxis(part, -1, 1) for part in (y_true, y_pred)]
    return volume_loss(*first)


small = models.build_unet(3, input_shape=(None, None, None, 4), depth=2, base=8, seed=5)
small.compile(keras.optimizers.Adam(3e-3), loss=loss)
print(f"{small.count_params():,} weights")

# %% [markdown]
# **Try it.** Before any training: what is the loss of a prediction of 0 everywhere, if a class has 100 voxels in the truth? (ε is 1e-5.)
#
# <details><summary>Hint 1: direction</summary>Nothing overlaps: ε above, 100 + ε below.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 - 1e-5 / (100 + 1e-5)</code>, which is 1 but for a trifle.</details>

# %%
### BEGIN SOLUTION
### STUB: loss_of_nothing = ...
loss_of_nothing = 1 - 1e-5 / (100 + 1e-5)
### END SOLUTION
hundred = np.ones((1, 10, 10, 1))
practice.check(
    "loss of predicting nothing",
    loss_of_nothing,
    expected=float(segmentation.soft_dice_loss(hundred, 0 * hundred)),
    tol=1e-4,
)

# %% [markdown]
# Forty steps of four patches. We note the loss on the two watched patients as we go.

# %%
rng, curve, start = np.random.default_rng(2), [], time.perf_counter()
for step in range(1, 41):
    if step == 1:
        curve.append((0, small.evaluate(x_watch, y_watch, verbose=0)))
    small.train_on_batch(*batch("train", rng.permutation(6)[:4], rng))
    if step % 10 == 0:
        curve.append((step, small.evaluate(x_watch, y_watch, verbose=0)))
print(f"{step} steps in {time.perf_counter() - start:.0f} s")

# %% [markdown]
# The learning curve on the watched patients:

# %%
steps, losses = np.array(curve).T
fig, axis = plots.new_figure(6.2, 3.4)
axis.plot(steps, losses, "-o")
axis.set(
    xlabel="training steps (four patches each)",
    ylabel="soft Dice loss (0 is perfect)",
    ylim=(0, 1),
)
axis.set_title(
    f"On two watched patients the loss falls from {losses[0]:.2f} to {losses[-1]:.2f} in {steps[-1]:.0f} steps",
    fontsize=11,
)
plots.show(
    fig,
    alt=f"Learning curve on watched patients: soft Dice loss {losses[0]:.2f} before training, {losses[-1]:.2f} after {steps[-1]:.0f} steps.",
)
assert losses[-1] < losses[0], "training should lower the loss of patients that it has not seen"

# %% [markdown]
# ## 4. Predict whole scans
#
# A window of 48 voxels slides over a new patient; a bar tells how far it is. The shipped network was trained some minutes longer, on more patients.

# %%
new = datasets.make_gliomas(3, rng=31_123)
shipped = models.load_brain_model()
dices, pictures = {"trained here": [], "shipped": []}, []
for scan in new:
    inside = np.argwhere((scan.image != 0).any(axis=-1))
    box = tuple(slice(a, b + 1) for a, b in zip(inside.min(axis=0), inside.max(axis=0), strict=True))
    image, label = segmentation.standardize_scan(scan.image[box]), scan.label[box]
    for name, model in {"trained here": small, "shipped": shipped}.items():
        scores = segmentation.predict_volume(model, image, (48, 48, 48), 0.0, batch_size=2, progress=name == "shipped")
        pred = segmentation_scores.labels_from_scores(scores)
        dices[name].append(segmentation_scores.dice_of_codes(label, pred, (1, 2, 3)))
        pictures.append((image[..., 0], label, pred, name))
print({name: [round(value, 2) for value in values] for name, values in dices.items()})

# %% [markdown]
# The first patient: truth and both predictions.

# %%
flair, label, pred_small, _ = pictures[0]
pred_shipped = pictures[1][2]
z = plots_brain.middle_of(label)[2]
names = ["truth", f"trained here, Dice {dices['trained here'][0]:.2f}", f"shipped, Dice {dices['shipped'][0]:.2f}"]
fig = plots_brain.panels([flair] * 3, [label, pred_small, pred_shipped], names, number=z, columns=3, size=2.8)
plots.show(fig, alt=f"An axial slice of a new patient with the true parts and two predictions: {names[1]}, {names[2]}.")
assert np.mean(dices["shipped"]) > np.mean(dices["trained here"])

# %% [markdown]
# **Try it.** What is the mean whole-tumour Dice of the shipped network over these three patients?
#
# <details><summary>Hint 1: direction</summary>The mean of the list under "shipped".</details>
# <details><summary>Hint 2: nearly the line</summary><code>np.mean(dices["shipped"])</code></details>

# %%
### BEGIN SOLUTION
### STUB: mean_dice = ...
mean_dice = np.mean(dices["shipped"])
### END SOLUTION
practice.check("mean Dice of the shipped network", mean_dice, expected=sum(dices["shipped"]) / 3, tol=0.005)

# %% [markdown]
# Three patients are few, so no interval is worth drawing; the model card has one, over more patients, and a row for real scans.
#
# ## What to remember
#
# - 27·a·b + b: most weights sit at the bottom of the U and where the bridges join.
# - Patches of many patients, classes first for the loss, channels last for the network.
# - Patches teach, whole scans judge.
