# %% [markdown]
# # Weigh maps by their gradients
#
# Lab 2 looked at the maps. Now you find out how much each of them speaks for a finding: by the gradient of the score. You will check a gradient against a plain difference, put the heat map together, see what a sigmoid does to it, and make the two mistakes that
# nobody notices. **About 30 minutes**, with four steps to try yourself.
#
# All films are *synthetic*, drawn by the course; the outline of each lesion is known.

# %%
import numpy as np

from labutils import datasets, interpretation, models, plots, plots_interpretation, practice
from labutils.evaluation_intervals import wilson_interval
from labutils.models import keras

# %% [markdown]
# ## 1. Take the network that ends in logits
#
# The network of course 1, week 1 ends in sigmoids. `logit_model` shares its layers and leaves the last sigmoid out.

# %%
films = datasets.make_phantoms(40, rng=33_022, size=128, prevalence_scale=3.0)
table, findings = films.table, list(datasets.FINDINGS)
x = models.prepare_films(films.images)
network = interpretation.logit_model(models.load_xray_model())
category = findings.index("Effusion")
effusions = table[table["Effusion"] == 1].drop_duplicates("patient").index
logits = network.predict(x, verbose=0)[:, category]
row = effusions[int(np.argmax(logits[effusions]))]
print(f"film {row}: logit {logits[row]:.2f}, as a score {1 / (1 + np.exp(-logits[row])):.3f}")
assert logits[row] > 0

# %% [markdown]
# ## 2. Ask for a gradient, and check it
#
# The gradient of the logit with respect to one place of one map says: if this number rose a little, how much would the logit rise, per unit? A tape records the way from the maps to the logit.

# %%
import tensorflow as tf  # here and not at the top: Keras comes first, or TensorFlow greets with a page of notes

probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
film = tf.constant(x[row][None])
with tf.GradientTape() as tape:
    tape.watch(film)
    maps, told = probe(film, training=False)
    score = told[0, category]
gradient = tape.gradient(score, maps).numpy()[0]
print("maps", maps.shape[1:], "gradient", gradient.shape)

# %% [markdown]
# Never trust a gradient that you have not checked once. Raise one place of one map by 0.5, run the *rest* of the network, and see how much the logit rises per unit:

# %%
rest = keras.Model(network.get_layer("features").output, network.outputs[0])
k = int(np.argmax(np.abs(gradient).mean(axis=(0, 1))))
raised = maps.numpy().copy()
raised[0, 5, 2, k] += 0.5
rise = float(rest(raised)[0, category] - rest(maps)[0, category]) / 0.5
print(f"map {k}, place (5, 2): gradient {gradient[5, 2, k]:.5f}, measured {rise:.5f}")
assert abs(rise - gradient[5, 2, k]) < 1e-3

# %% [markdown]
# **Try it.** In this network the maps are averaged over their 8 × 8 places before the last layer. A map has the weight 3.2 there. What is the gradient at each of its places?
#
# <details><summary>Hint 1: direction</summary>Raising one of 64 places by 1 raises the mean by 1/64.</details>
# <details><summary>Hint 2: nearly the line</summary>3.2 divided by 64.</details>

# %%
### BEGIN SOLUTION
### STUB: at_each_place = ...
at_each_place = 3.2 / 64
### END SOLUTION
practice.check("gradient at each place", at_each_place, expected=0.05, hint="3.2 / 64.")

# %% [markdown]
# ## 3. One weight for each map
#
# Grad-CAM takes the mean of the gradient over the places of a map: α. Positive: the map speaks for an effusion. Negative: against it.

# %%
alpha = gradient.mean(axis=(0, 1))
speak_for, against = np.argsort(-alpha)[:2], np.argsort(alpha)[:2]
picked = [*speak_for, *against]
contributions = [maps.numpy()[0, ..., k] * alpha[k] for k in picked]
fig = plots_interpretation.map_grid(
    films.images[row], contributions, [f"map {k}: {alpha[k]:+.3f}" for k in picked], signed=True
)
plots.show(
    fig,
    alt="A film and four maps times their weights: two that speak for an effusion, weights "
    + f"{alpha[picked[0]]:+.3f} and {alpha[picked[1]]:+.3f}, and two against, {alpha[picked[2]]:+.3f} and {alpha[picked[3]]:+.3f}.",
)
assert alpha[speak_for[0]] > 0 > alpha[against[0]]

# %% [markdown]
# Orange places speak for an effusion, purple ones against it.
#
# **Try it.** Add all the maps up, each times its weight: an array of 8 × 8 places.
#
# <details><summary>Hint 1: direction</summary>A sum over the last axis of maps times weights.</details>
# <details><summary>Hint 2: nearly the line</summary>`(maps.numpy()[0] * alpha).sum(axis=-1)`</details>

# %%
### BEGIN SOLUTION
### STUB: weighted_sum = ...
weighted_sum = (maps.numpy()[0] * alpha).sum(axis=-1)
### END SOLUTION
expected_sum = np.einsum("hwk,k->hw", maps.numpy()[0], alpha)
practice.check(
    "weighted sum of the maps", weighted_sum, expected=expected_sum, tol=1e-4, hint="Multiply, then sum over the maps."
)

# %% [markdown]
# Then cut off what is negative, stretch to the film, divide by the maximum: `interpretation.grad_cam` does all of it. Beside it two mistakes that look just as good: upside down, and *absolute values*, which count what speaks against as if it spoke for.

# %%
right = interpretation.grad_cam(network, x[row], category, "features")
upside_down = right[::-1]
absolute = np.abs(expected_sum) / np.abs(expected_sum).max()
mask = films.masks[row, "Effusion"]
fig = plots.heat_overlay(
    [films.images[row]] * 3,
    [right, upside_down, absolute],
    ["Grad-CAM", "upside down", "absolute values"],
    masks=[mask] * 3,
    columns=3,
    size=2.8,
)
inside = {name: heat[mask[::2, ::2]].mean() for name, heat in {"right": right, "upside down": upside_down}.items()}
plots.show(
    fig,
    alt=f"Three maps over one film. Mean heat on the effusion: right way up {inside['right']:.2f}, upside down {inside['upside down']:.2f}.",
)

# %% [markdown]
# All three are smooth and look sure of themselves. Only films whose answer is known tell them apart. A spot in a corner, and a network that answers to brightness, show the direction. (For absolute values you need a place that speaks *against*, as in exercise 5.)

# %%
spot_film = np.zeros((32, 32, 1), dtype="float32")
spot_film[4:8, 24:28] = 1.0  # near the top, to the right
entry = keras.Input((32, 32, 1))
brightness = keras.layers.AveragePooling2D(4, name="maps")(entry)
head = keras.layers.Dense(1)
mean_brightness = keras.Model(entry, head(keras.layers.GlobalAveragePooling2D()(brightness)))
head.set_weights([np.ones((1, 1)), np.zeros(1)])
heat = interpretation.grad_cam(mean_brightness, spot_film, 0, "maps")
top, left = (int(place) for place in np.unravel_index(heat.argmax(), heat.shape))
print(f"brightest place: row {top}, column {left}")
assert 4 <= top < 8 and 24 <= left < 28

# %% [markdown]
# ## 4. See what a sigmoid does
#
# Behind the sigmoid every gradient has the factor p(1 − p). For one film it cancels when the map is divided by its maximum. But it can be so small that nothing is left, exactly where the network is most sure.
#
# **Try it.** What is p(1 − p) for p = 0.999?
#
# <details><summary>Hint 1: direction</summary>0.999 times what is left of 1.</details>
# <details><summary>Hint 2: nearly the line</summary>0.999 × 0.001.</details>

# %%
### BEGIN SOLUTION
### STUB: factor = ...
factor = 0.999 * (1 - 0.999)
### END SOLUTION
practice.check("p(1 − p)", factor, expected=0.000999, tol=1e-9, hint="0.999 × 0.001.")

# %% [markdown]
# In single precision a sigmoid is exactly 1 from a logit of about 17 on; then the gradient is exactly 0, and the map blank:

# %%
for size in (2.0, 10.0, 20.0):
    z = tf.constant(size)
    with tf.GradientTape() as tape:
        tape.watch(z)
        p = tf.sigmoid(z)
    print(f"logit {size:4.0f}: p = {float(p):.9f}, slope {float(tape.gradient(p, z)):.2e}")
assert float(p * (1 - p)) == 0.0, "at a logit of 20 nothing is left"

# %% [markdown]
# ## 5. Choose the layer
#
# Earlier layers are finer. Is a finer map a better one?

# %%
layers = ["features", "transition2_relu", "transition1_relu"]
heats = [interpretation.grad_cam(network, x[row], category, name) for name in layers]
sizes = [network.get_layer(name).output.shape[1] for name in layers]
fig = plots.heat_overlay(
    [films.images[row]] * 3,
    heats,
    [f"{name}: {n} x {n}" for name, n in zip(layers, sizes, strict=True)],
    masks=[mask] * 3,
    columns=3,
    size=2.8,
)
plots.show(
    fig,
    alt="Grad-CAM of one film at three layers: coarse and in one piece at the last, finer and scattered at earlier ones.",
)
assert sizes == sorted(sizes)

# %% [markdown]
# And over all films with an effusion, the pointing game at each layer:

# %%
rows = list(effusions)
masks = np.stack([films.masks[r, "Effusion"] for r in rows])
for name in layers:
    hits = interpretation.pointing_hits(interpretation.grad_cams(network, x[rows], category, name), masks)
    share = wilson_interval(int(hits.sum()), len(hits))
    print(f"{name:17s} {hits.sum()} of {len(hits)} hits (95 % interval {share.low:.2f} to {share.high:.2f})")
touched = masks.reshape(len(masks), 64, 2, 64, 2).any(axis=(2, 4))
print(f"chance: {touched.mean():.2f}, the share of the 64 x 64 places of a map that touch the lesion")
assert len(rows) >= 5

# %% [markdown]
# The mean gradient is a good weight where the rest of the network only averages; further down, one weight per map is a rough summary. So the last layer is the usual choice, and a finer picture is not a truer one.
#
# ## What to remember
#
# - A gradient says how much the score rises with a number; check one by a plain difference.
# - Its mean over a map is the map's weight; the sum is cut at 0, because the question is what speaks *for* the finding.
# - Test the direction with a film whose answer you know.
# - Use logits: where a network is most sure, a sigmoid leaves no gradient.
