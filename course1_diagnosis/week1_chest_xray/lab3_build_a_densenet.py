# %% [markdown]
# # Build a DenseNet, and fine-tune its head
#
# You will take a network apart block by block, count its weights by hand, train it on a few hundred films, compare it with one that was trained for longer, and fit the
# head of the latter to films from another machine. **About 30 minutes**, with four steps to try yourself; the training takes seconds.
#
# All films are phantoms, drawn from a seed. A score on them says nothing about patients.

# %%
import time

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from labutils import models, plots, plots_labs, practice
from labutils.datasets import FINDINGS, make_phantoms
from labutils.evaluation import bootstrap_auc
from labutils.imbalance import compute_class_freqs, get_weighted_loss, split_by_patient
from labutils.models import keras

# %% [markdown]
# ## 1. See why it is called dense
#
# In a plain network each layer reads the layer before. In a **dense block** (Huang and colleagues, CVPR 2017) each layer reads *all* maps made so far in the block and adds a few new ones;
# the number it adds is the **growth rate**. By hand: 4 maps come in, the growth rate is 3. After one layer there are 7 maps, after two there are 10.

# %%
maps = keras.Input((8, 8, 4))
for _ in range(2):
    new = keras.layers.Conv2D(3, 3, padding="same")(maps)
    maps = keras.layers.Concatenate()([maps, new])
    print("height, width, maps:", tuple(maps.shape[1:]))
assert maps.shape[-1] == 4 + 2 * 3, "each layer should add three maps"

# %% [markdown]
# Between two blocks, a **transition** halves the number of maps, the height and the width. Our slim net starts with 16 maps and has blocks of 2, 4 and 6 layers with growth rate 16.
#
# **Try it.** How many maps leave the first block?
#
# <details><summary>Hint 1: direction</summary>16 come in, and each of 2 layers adds 16.</details>
# <details><summary>Hint 2: nearly the line</summary><code>16 + 2 * 16</code></details>

# %%
slim = models.build_densenet(14, growth_rate=16, blocks=(2, 4, 6), stem=16, seed=0)
### BEGIN SOLUTION
### STUB: maps_after_block1 = ...
maps_after_block1 = 16 + 2 * 16
### END SOLUTION
expected = slim.get_layer("block1_layer2_concat").output.shape[-1]
practice.check("maps after block 1", maps_after_block1, expected=expected, hint="The 16 stay; the new ones are added.")

# %% [markdown]
# Here is the whole network, part by part: what leaves each part, and how many weights it holds.


# %%
def part_of(layer):
    return layer.name.split("_")[0]


rows = [(part_of(layer), str(tuple(layer.output.shape[1:])), layer.count_params()) for layer in slim.layers]
parts = pd.DataFrame(rows, columns=["part", "leaves as", "weights"])
parts.groupby("part", sort=False).agg({"leaves as": "last", "weights": "sum"})

# %% [markdown]
# Each place of the last 8 × 8 maps sees a wide patch of the film. Their mean over all places goes into the **head**: one sigmoid per finding.
#
# ## 2. Count weights by hand
#
# A layer of a block that reads *c* maps has
#
# - a batch normalisation with 4 numbers per map: 4c (a scale and a shift are learnt; a mean and a variance are kept from the films);
# - a 3 × 3 convolution to 16 new maps, without bias: 3 · 3 · c · 16 = 144c.
#
# The first layer of block 1 reads 16 maps: 64 + 2304 = 2368.
#
# **Try it.** How many has the *second* layer of block 1?
#
# <details><summary>Hint 1: direction</summary>It reads 16 + 16 = 32 maps.</details>
# <details><summary>Hint 2: nearly the line</summary><code>4 * 32 + 144 * 32</code></details>

# %%
### BEGIN SOLUTION
### STUB: weights_of_layer2 = ...
weights_of_layer2 = 4 * 32 + 144 * 32
### END SOLUTION
expected = sum(layer.count_params() for layer in slim.layers if layer.name.startswith("block1_layer2_"))
practice.check("weights of the second layer", weights_of_layer2, expected=expected, hint="It reads 32 maps, not 16.")

# %% [markdown]
# The same rule, added up over the network: the stem (5 × 5, and a normalisation), the blocks, the transitions (4c + c · c/2), the last normalisation and the head.

# %%
total, c = 5 * 5 * 16 + 4 * 16, 16
for block, layers in enumerate((2, 4, 6)):
    for _ in range(layers):
        total, c = total + 4 * c + 144 * c, c + 16
    if block < 2:
        total, c = total + 4 * c + c * (c // 2), c // 2
total += 4 * c + (c + 1) * 14
print("by hand:", total, "by Keras:", slim.count_params())
assert total == slim.count_params(), "our count should agree with Keras"

# %% [markdown]
# Its big sister DenseNet-121 follows the same plan with 58 layers in its blocks and growth rate 32. It ends in 1024 maps.
#
# **Try it.** How many weights has *its* head for 14 findings?
#
# <details><summary>Hint 1: direction</summary>Each finding has one weight per map, and one bias.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(1024 + 1) * 14</code></details>

# %%
big = models.build_densenet121(14, input_shape=(224, 224, 1))
### BEGIN SOLUTION
### STUB: head_of_121 = ...
head_of_121 = (1024 + 1) * 14
### END SOLUTION
practice.check(
    "weights in the head", head_of_121, expected=big.layers[-1].count_params(), hint="Do not forget the bias."
)
print(f"DenseNet-121 in all: {big.count_params():,}; slim: {slim.count_params():,}")

# %% [markdown]
# ## 3. Train it on few films
#
# Films of 380 patients, split by patient, with the weighted loss of lab 2. Findings are 2.5 times as common as in the real collection.

# %%
films = make_phantoms(380, rng=np.random.default_rng(31), size=64, prevalence_scale=2.5)
train, valid = split_by_patient(films.table, "patient", (0.75, 0.25), rng=1)
x, y = models.prepare_films(films.images), films.table[list(FINDINGS)].to_numpy("float32")
pos, neg = compute_class_freqs(y[train.index])
slim.compile(keras.optimizers.Adam(2e-3), loss=get_weighted_loss(neg, pos))
print(f"{len(train)} training films of {train['patient'].nunique()} patients; {len(valid)} for validation")

# %% [markdown]
# One **epoch** shows each film once, in a new random order. We note the loss on the training films (the mean during the epoch) and on the validation
# films (after it).

# %%
rng, start, curve = np.random.default_rng(9), time.perf_counter(), []
for _ in range(4):
    order = rng.permutation(train.index)
    history = slim.fit(x[order], y[order], batch_size=32, shuffle=False, verbose=0)
    loss = slim.evaluate(x[valid.index], y[valid.index], batch_size=256, verbose=0)
    curve.append([history.history["loss"][0], loss])
curve = np.array(curve)
print(f"{len(curve)} epochs took {time.perf_counter() - start:.0f} s")

# %% [markdown]
# The learning curve:

# %%
fig, axis = plots.new_figure(6.5, 3.6)
epochs = np.arange(1, len(curve) + 1)
axis.plot(epochs, curve[:, 0], "-o", label=f"{len(train)} training films")
axis.plot(epochs, curve[:, 1], "--s", label=f"{len(valid)} validation films")
best = int(epochs[curve[:, 1].argmin()])
axis.set(xlabel="epoch (each training film seen once)", ylabel="weighted loss (nats, sum of 14)", xticks=epochs)
title = (
    f"Training loss falls from {curve[0, 0]:.2f} to {curve[-1, 0]:.2f}; validation loss is lowest after epoch {best}"
)
axis.set_title(title, fontsize=10)
axis.legend(fontsize=8)
plots.show(fig, alt=f"Learning curves of a small DenseNet. {title}.")
assert curve[-1, 0] < curve[0, 0], "training should lower the training loss"

# %% [markdown]
# With so few films the validation loss jumps about. A gap that opens between the lines means that the net begins to learn its training films by heart. More epochs would only widen it; more *films* of more patients help.
#
# ## 4. Compare with a longer training
#
# The shipped network has the same plan and was trained on far more phantoms. Both now judge the same *new* patients. The interval of each AUC
# resamples patients, not films.

# %%
new = make_phantoms(450, rng=np.random.default_rng(32), size=64, prevalence_scale=2.5)
x_new, y_new = models.prepare_films(new.images), new.table[list(FINDINGS)].to_numpy()
shipped = models.load_xray_model()


def scores_of(net, films):
    return np.concatenate([net(films[i : i + 256], training=False) for i in range(0, len(films), 256)])


def aucs(net):
    scores, patient, rng = scores_of(net, x_new), new.table["patient"].to_numpy(), np.random.default_rng(1)
    return [bootstrap_auc(y_new[:, c], scores[:, c], patient, 200, rng) for c in range(len(FINDINGS))]


results = {"here": aucs(slim), "shipped": aucs(shipped)}
recipe = models.xray_model_card()["recipe"]
print(f"the shipped network saw {recipe['patients']} phantom patients in {recipe['epochs']} epochs")
for name, rows in results.items():
    print(f"{name}: mean AUC over {len(FINDINGS)} findings {np.mean(rows, axis=0)[0]:.2f}")

# %% [markdown]
# Finding by finding:

# %%
ahead = sum(b.auc > a.auc for a, b in zip(*results.values(), strict=True))
series = {f"trained here ({len(train)} films)": results["here"], "shipped": results["shipped"]}
title = f"The longer training is ahead on {ahead} of {len(FINDINGS)} findings"
fig = plots_labs.dots_with_interval(
    FINDINGS, series, title=title, xlabel="AUC on new phantoms (0.5 = guessing), 95 % interval", reference=0.5
)
plots.show(fig, alt=f"AUC with intervals for 14 findings and two networks. {title}.")
assert ahead > len(FINDINGS) / 2, "more films should help on most findings"

# %% [markdown]
# Same plan, more films, better order. Wide intervals belong to findings that few films show: look at the count before you look at the dot.
#
# ## 5. Move to another machine
#
# Another hospital has a machine whose pictures are darker and harder (a gamma curve), closer and noisier. We take the films of the new patients as that machine would.


# %%
def other_machine(images, rng):
    close = images[:, 4:60, 4:60].astype(float)  # 4 pixels of 64 less on each side
    grey = 255 * (close / 255) ** 2.5
    return np.clip(grey + rng.normal(0, 8, grey.shape), 0, 255).astype(np.uint8)


theirs = other_machine(new.images, np.random.default_rng(34))
four = new.table.drop_duplicates("patient").index[:4]
fig = plots.film_grid([*new.images[four], *theirs[four]], ["our machine"] * 4 + ["their machine"] * 4)
fig.suptitle("The same patients, but other greys, another crop and more noise", fontsize=11)
plots.show(fig, alt="Four phantom films of our machine; below, the same ones darker, closer and noisier.")

# %% [markdown]
# Half of the patients are for adapting, the other half for judging. We adapt in two steps, the cheap one first:
#
# 1. **Repair the greys**: standardise with the mean and sd of *their* films for adapting instead of ours. Nothing is trained.
# 2. **Fine-tune the head**: the body, which knows edges, ribs and shadows, is **frozen**; only the last layer is fitted to the new films.
#
# **Try it.** The head reads 140 maps and gives 14 scores. How many weights can still change once the body is frozen?
#
# <details><summary>Hint 1: direction</summary>The same sum as for the head of DenseNet-121, with 140 in place of 1024.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(140 + 1) * 14</code></details>

# %%
tune, test = split_by_patient(new.table, "patient", (0.5, 0.5), rng=2)
x_raw = models.prepare_films(theirs)
x_grey = (x_raw - x_raw[tune.index].mean()) / x_raw[tune.index].std()
tuned = models.fine_tune_head(shipped, x_grey[tune.index], y_new[tune.index], epochs=20, rng=5)
nets = {"before": shipped, "after": tuned}
free = {name: sum(int(np.prod(weight.shape)) for weight in net.trainable_weights) for name, net in nets.items()}
### BEGIN SOLUTION
### STUB: still_free = ...
still_free = (140 + 1) * 14
### END SOLUTION
practice.check("weights free to change", still_free, expected=free["after"], hint="Count the bias of each finding.")
print(f"free to change before freezing: {free['before']:,}; after: {free['after']:,}")

# %% [markdown]
# What is the network worth at each step? The mean AUC runs over the findings that at least ten test patients have; it comes
# from the ranks of the scores: how often does an ill film rank above a healthy one?


# %%
def mean_auc(y, score):
    ranks, ill = rankdata(score, axis=0), y.sum(axis=0)
    return np.mean(((ranks * y).sum(axis=0) - ill * (ill + 1) / 2) / (ill * (len(y) - ill)))


common = test.groupby("patient")[list(FINDINGS)].max().sum().to_numpy() >= 10
y_test = y_new[test.index][:, common]
steps = {
    "our machine": (shipped, x_new),
    "their machine": (shipped, x_raw),
    "greys repaired": (shipped, x_grey),
    "and head fine-tuned": (tuned, x_grey),
}
scores = [scores_of(net, films[test.index])[:, common] for net, films in steps.values()]
worth = np.array([mean_auc(y_test, score) for score in scores])

# %% [markdown]
# The resampling: draw as many patients as there are, with replacement, and take all their films.

# %%
rows_of, rng, draws = test.reset_index(drop=True).groupby("patient").indices, np.random.default_rng(6), []
people = list(rows_of)
for _ in range(300):
    rows = np.concatenate([rows_of[person] for person in rng.choice(people, len(people))])
    draws.append([mean_auc(y_test[rows], score[rows]) for score in scores])
low, high = np.quantile(draws, [0.025, 0.975], axis=0)

# %% [markdown]
# The picture:

# %%
title = f"Mean AUC {worth[0]:.2f} at home, {worth[1]:.2f} on their machine, {worth[3]:.2f} after both steps"
series = {"mean AUC": np.column_stack([worth, low, high])}
label = f"mean AUC over {common.sum()} findings (0.5 = guessing), 95 % interval"
fig = plots_labs.dots_with_interval(list(steps), series, title=title, xlabel=label)
plots.show(fig, alt=f"Mean AUC with intervals in four situations. {title}.")
assert worth[0] > max(worth[1:]), "a new machine should cost something that adapting does not fully bring back"

# %% [markdown]
# The intervals of neighbouring steps overlap. But the same patients were judged at every step, so look at the **differences**: resampled together, they are much less
# shaky than the values themselves.

# %%
names = list(steps)
for before, after in [(0, 1), (1, 2), (2, 3), (1, 3)]:
    change = np.array(draws)[:, after] - np.array(draws)[:, before]
    low, high = np.quantile(change, [0.025, 0.975])
    verdict = "the interval leaves zero out" if low * high > 0 else "the interval holds zero: could be chance"
    gained = worth[after] - worth[before]
    print(f"{names[before]} → {names[after]}: {gained:+.3f} (95 % interval {low:+.3f} to {high:+.3f}), {verdict}")

# %% [markdown]
# Read it honestly. Neither step brings the network back to what it was worth at home: the head can only mix what the frozen body still sees, and what crop, darkness and noise took away stays lost. And this
# is one simulated machine and phantoms. For real films the model card (`models.xray_model_card()`) tells what the same steps were worth.
#
# ## What to remember
#
# - In a dense block each layer reads all before it; the growth rate says how many maps it adds, and the weights can be counted by hand.
# - Watch both learning curves; more films from more patients beat more epochs.
# - A new machine costs AUC. Repair the greys first, then fine-tune the head, and report gains as paired differences with an interval over patients.
