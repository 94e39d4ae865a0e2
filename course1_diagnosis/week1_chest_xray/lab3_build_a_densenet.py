# %% [markdown]
# # Build a DenseNet, and fine-tune its head
#
# You will take a network apart block by block, count its weights by hand, train it on some 800 films, compare it with one that was trained for longer, and fit the
# head of the latter to films from another machine. **About 30 minutes**, with four steps to try yourself; the training takes seconds.
#
# All films are phantoms, drawn from a seed. A score on them says nothing about patients.

# %%
import time

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

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
# Between two blocks, a **transition** halves the number of maps, the height and the width. Our slim net starts with 24 maps and has blocks of 4, 6 and 8 layers with growth rate 12.
#
# **Try it.** How many maps leave the first block?
#
# <details><summary>Hint 1: direction</summary>24 come in, and each of 4 layers adds 12.</details>
# <details><summary>Hint 2: nearly the line</summary><code>24 + 4 * 12</code></details>

# %%
slim = models.build_densenet(14, growth_rate=12, blocks=(4, 6, 8), stem=24, seed=0)
### BEGIN SOLUTION
### STUB: maps_after_block1 = ...
maps_after_block1 = 24 + 4 * 12
### END SOLUTION
expected = slim.get_layer("block1_layer4_concat").output.shape[-1]
practice.check("maps after block 1", maps_after_block1, expected=expected, hint="The 24 stay; the new ones are added.")

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
# - a 3 × 3 convolution to 12 new maps, without bias: 3 · 3 · c · 12 = 108c.
#
# The first layer of block 1 reads 24 maps: 96 + 2592 = 2688.
#
# **Try it.** How many has the *second* layer of block 1?
#
# <details><summary>Hint 1: direction</summary>It reads 24 + 12 = 36 maps.</details>
# <details><summary>Hint 2: nearly the line</summary><code>4 * 36 + 108 * 36</code></details>

# %%
### BEGIN SOLUTION
### STUB: weights_of_layer2 = ...
weights_of_layer2 = 4 * 36 + 108 * 36
### END SOLUTION
expected = sum(layer.count_params() for layer in slim.layers if layer.name.startswith("block1_layer2_"))
practice.check("weights of the second layer", weights_of_layer2, expected=expected, hint="It reads 36 maps, not 24.")

# %% [markdown]
# The same rule, added up over the network: the stem (5 × 5), the blocks, the transitions (4c + c · c/2), the last normalisation and the head.

# %%
total, c = 5 * 5 * 24, 24
for block, layers in enumerate((4, 6, 8)):
    for _ in range(layers):
        total, c = total + 4 * c + 108 * c, c + 12
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
# Some 800 films, split by patient, with the weighted loss of lab 2. Findings are 2.5 times as common as in the real collection.

# %%
films = make_phantoms(440, rng=np.random.default_rng(31), size=64, prevalence_scale=2.5)
train, valid = split_by_patient(films.table, "patient", (0.75, 0.25), rng=1)
x, y = models.prepare_films(films.images), films.table[list(FINDINGS)].to_numpy("float32")
pos, neg = compute_class_freqs(y[train.index])
slim.compile(keras.optimizers.Adam(2e-3), loss=get_weighted_loss(neg, pos))
print(f"{len(train)} training films of {train['patient'].nunique()} patients; {len(valid)} for validation")

# %% [markdown]
# One **epoch** shows each film once, in a new random order. After each we note the loss on both sides.

# %%
rng, start, curve = np.random.default_rng(9), time.perf_counter(), []
for _ in range(8):
    order = rng.permutation(train.index)
    slim.fit(x[order], y[order], batch_size=32, shuffle=False, verbose=0)
    losses = [slim.evaluate(x[part.index], y[part.index], batch_size=256, verbose=0) for part in (train, valid)]
    curve.append(losses)
curve = np.array(curve)
print(f"8 epochs took {time.perf_counter() - start:.0f} s")

# %% [markdown]
# The learning curve:

# %%
fig, axis = plots.new_figure(6.5, 3.6)
epochs = np.arange(1, len(curve) + 1)
axis.plot(epochs, curve[:, 0], "-o", label=f"{len(train)} training films")
axis.plot(epochs, curve[:, 1], "--s", label=f"{len(valid)} validation films")
best = int(epochs[curve[:, 1].argmin()])
axis.set(
    xlabel="epoch (each training film seen once)", ylabel="weighted loss, summed over findings (nats)", xticks=epochs
)
axis.set_title(f"Training loss falls on; validation loss is lowest after epoch {best}", fontsize=11)
axis.legend(fontsize=8)
plots.show(fig, alt=f"Training loss falls steadily; validation loss has its minimum at epoch {best}.")
assert curve[-1, 0] < curve[0, 0], "training should lower the training loss"

# %% [markdown]
# A gap that opens between the lines means that the net begins to learn its training films by heart. More epochs would only widen it; more *films* would help.
#
# ## 4. Compare with a longer training
#
# The shipped network has the same plan and was trained on far more phantoms. Both now judge the same *new* patients. The interval of each AUC
# resamples patients, not films.

# %%
new = make_phantoms(800, rng=np.random.default_rng(32), size=64, prevalence_scale=2.5)
x_new, y_new = models.prepare_films(new.images), new.table[list(FINDINGS)].to_numpy()
shipped = models.load_xray_model()


def aucs(net, films, labels, patient):
    scores, rng = net.predict(films, batch_size=256, verbose=0), np.random.default_rng(1)
    return [bootstrap_auc(labels[:, c], scores[:, c], patient, 300, rng) for c in range(len(FINDINGS))]


results = {
    name: aucs(net, x_new, y_new, new.table["patient"].to_numpy())
    for name, net in [("here", slim), ("shipped", shipped)]
}
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
# Another hospital films at the bedside only (AP), with a machine whose pictures are darker and harder (a gamma curve), closer and noisier.


# %%
def other_machine(images, rng):
    close = images[:, 4:60, 4:60].astype(float)  # 4 pixels of 64 less on each side
    grey = 255 * (close / 255) ** 1.8
    return np.clip(grey + rng.normal(0, 8, grey.shape), 0, 255).astype(np.uint8)


bedside = new.table.index[new.table["view"] == "AP"]
theirs = other_machine(new.images[bedside], np.random.default_rng(34))
pictures = [*new.images[bedside[:4]], *theirs[:4]]
fig = plots.film_grid(pictures, ["our machine"] * 4 + ["their machine"] * 4)
fig.suptitle("The same patients, but other greys, another crop and more noise", fontsize=11)
plots.show(fig, alt="Four phantom films of our machine; below, the same ones darker, closer and noisier.")

# %% [markdown]
# With few new films we dare not train everything. We **freeze** the body, which knows edges, ribs and shadows, and fit the head alone. Half of the patients
# are for fitting, the other half for judging.
#
# **Try it.** The head reads 150 maps and gives 14 scores. How many weights can still change once the body is frozen?
#
# <details><summary>Hint 1: direction</summary>The same sum as for the head of DenseNet-121, with 150 in place of 1024.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(150 + 1) * 14</code></details>

# %%
x_there, table = models.prepare_films(theirs), new.table.loc[bedside].reset_index(drop=True)
tune, test = split_by_patient(table, "patient", (0.5, 0.5), rng=2)
y_there, patient = table[list(FINDINGS)].to_numpy(), test["patient"].to_numpy()
tuned = models.fine_tune_head(shipped, x_there[tune.index], y_there[tune.index], epochs=20, rng=5)
### BEGIN SOLUTION
### STUB: still_free = ...
still_free = (150 + 1) * 14
### END SOLUTION
free = {
    name: sum(int(np.prod(w.shape)) for w in net.trainable_weights)
    for name, net in [("before", shipped), ("after", tuned)]
}
practice.check(
    "weights that can still change", still_free, expected=free["after"], hint="Count the bias of each finding."
)
print(f"free to change before freezing: {free['before']:,}; after: {free['after']:,}")

# %% [markdown]
# What is the shipped network worth there, before and after? We judge it on findings that at least ten test patients have, and add what it was worth on the same
# patients' films from *our* machine.

# %%
ill = pd.DataFrame(y_there[test.index], index=patient).groupby(level=0).max().sum()
judged = np.flatnonzero(ill >= 10)
ours = x_new[bedside][test.index]
stages = {
    "our machine": (shipped, ours),
    "theirs, before": (shipped, x_there[test.index]),
    "theirs, after": (tuned, x_there[test.index]),
}
scores = {name: net.predict(films, batch_size=256, verbose=0)[:, judged] for name, (net, films) in stages.items()}
y_test, rng = y_there[test.index][:, judged], np.random.default_rng(1)
series = {
    name: [bootstrap_auc(y_test[:, c], score[:, c], patient, 300, rng) for c in range(len(judged))]
    for name, score in scores.items()
}
means = {name: np.mean(rows, axis=0)[0] for name, rows in series.items()}
title = "Mean AUC: " + ", ".join(f"{name} {value:.2f}" for name, value in means.items())
names = [f"{FINDINGS[c]} ({ill[c]} patients)" for c in judged]
fig = plots_labs.dots_with_interval(
    names, series, title=title, xlabel="AUC (0.5 = guessing), 95 % interval", reference=0.5
)
plots.show(
    fig, alt=f"AUC with intervals of the shipped network on two machines, before and after fine-tuning. {title}."
)

# %% [markdown]
# Each single interval is wide. But the same films were judged before and after, so we may look at the **difference**, patient by patient resampled: it is much
# less shaky than the two values.

# %%
rows_of = test.groupby("patient").indices
people, rng = list(rows_of), np.random.default_rng(6)


def gain(rows):
    before, after = (roc_auc_score(y_test[rows], scores[name][rows]) for name in ("theirs, before", "theirs, after"))
    return after - before


draws = [gain(np.concatenate([rows_of[p] for p in rng.choice(people, len(people))])) for _ in range(200)]
low, high = np.quantile(draws, [0.025, 0.975])
everyone = np.arange(len(test))
print(f"fine-tuning changed the mean AUC by {gain(everyone):+.3f} (95 % interval {low:+.3f} to {high:+.3f})")
print(
    "the interval",
    "leaves zero out: a change beyond chance." if low * high > 0 else "holds zero: no proof of a change.",
)

# %% [markdown]
# Read it honestly: this is one simulated machine, a few hundred films, and phantoms. The head can only mix what the frozen body still sees; what blur and darkness took away stays lost.
# On real films the same procedure is in the lesson's unit on small training sets, with its own numbers.
#
# ## What to remember
#
# - In a dense block each layer reads all before it; the growth rate says how many maps it adds, and the weights can be counted by hand.
# - Watch both learning curves; more films from more patients beat more epochs.
# - A new machine costs AUC. Fine-tuning the head is cheap; report its gain as a paired difference with an interval over patients.
