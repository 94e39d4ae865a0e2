# %% [markdown]
# # See what a network's maps look like
#
# You will open the chest-film network of course 1, week 1, and look at what its layers make of a film: how maps get coarser, what a single map answers to, and how far a map alone is from an explanation. This is the
# *first half* of Grad-CAM, the activations; lab 3 brings the gradients. **About 25 minutes**, with three steps to try yourself.
#
# All films are *synthetic*, drawn by the course from a seed, so the outline of each lesion is known.

# %%
import numpy as np

from labutils import datasets, models, plots, plots_interpretation, practice
from labutils.models import keras

# %% [markdown]
# ## 1. Draw films, and load the network
#
# Row 0 of a film is its top, and the left of the film is the patient's right. The network reads 64 × 64 pixels.

# %%
films = datasets.make_phantoms(40, rng=33_021, size=128, prevalence_scale=3.0)
table, findings = films.table, list(datasets.FINDINGS)
x = models.prepare_films(films.images)
network = models.load_xray_model()
effusions = table[table["Effusion"] == 1].drop_duplicates("patient").index
print(
    f"{len(table)} films of {table['patient'].nunique()} made-up patients; {len(effusions)} patients have an effusion"
)
print("input", network.input_shape, "output", network.output_shape, "layers", len(network.layers))
assert len(effusions) >= 5

# %% [markdown]
# ## 2. Follow a film through the layers
#
# Which layers still have height and width? One of each block:

# %%
names = ["stem_relu", "transition1_pool", "transition2_pool", "features"]
probe = keras.Model(network.inputs[0], [network.get_layer(name).output for name in names])
row = effusions[0]
outputs = dict(zip(names, (part.numpy()[0] for part in probe(x[row][None], training=False)), strict=True))
for name, maps in outputs.items():
    print(
        f"{name:18s} {maps.shape[0]:2d} x {maps.shape[1]:2d} places, {maps.shape[2]:3d} maps, lowest value {maps.min():.2f}"
    )
assert outputs["features"].min() >= 0

# %% [markdown]
# **Try it.** The film has 64 × 64 pixels and `features` has 8 × 8 places. How many pixels of the film does one place stand for?
#
# <details><summary>Hint 1: direction</summary>Height first: 64 pixels on 8 places.</details>
# <details><summary>Hint 2: nearly the line</summary>8 rows times 8 columns of pixels.</details>

# %%
### BEGIN SOLUTION
### STUB: pixels_per_place = ...
pixels_per_place = (64 // 8) * (64 // 8)
### END SOLUTION
practice.check("pixels per place", pixels_per_place, expected=64, hint="8 × 8.")

# %% [markdown]
# No heat map from `features` can be finer than that, however smooth it looks after stretching. Now the pictures. Early maps look like the film:

# %%
early = outputs["stem_relu"]
strongest = np.argsort(-early.std(axis=(0, 1)))[:9]
fig = plots_interpretation.map_grid(
    films.images[row], [early[..., k] for k in strongest], [f"stem map {k}" for k in strongest]
)
plots.show(
    fig,
    alt=f"A synthetic film with an effusion, and nine of {early.shape[2]} early maps: edges, ribs, bright and dark regions.",
)

# %% [markdown]
# Edges, bright parts, dark parts. Late maps are coarse; each has become a *detector* of something:

# %%
late = outputs["features"]
alive = np.flatnonzero(late.max(axis=(0, 1)) > 0)
chosen = alive[:: max(1, len(alive) // 9)][:9]
fig = plots_interpretation.map_grid(films.images[row], [late[..., k] for k in chosen], [f"map {k}" for k in chosen])
plots.show(
    fig,
    alt=f"The same film and nine of {late.shape[2]} maps of the last layer, 8 by 8 places each; {len(alive)} of them are not zero everywhere.",
)

# %% [markdown]
# Why never negative? The last step before `features` is a ReLU, max(0, ·). Grad-CAM should start *after* it: before it, a negative value means nothing to what follows.
#
# ## 3. Ask what one map answers to
#
# A map is a number per place. Its mean over the places says how strongly it answers to a film at all. Over half of the patients (the other half is kept for later): which map's answer goes along with the label "Effusion"?

# %%
all_maps = keras.Model(network.inputs[0], network.get_layer("features").output)(x, training=False).numpy()
answers, has_effusion = all_maps.mean(axis=(1, 2)), table["Effusion"].to_numpy() == 1
chosen_on = table["patient"].to_numpy() <= table["patient"].median()
sick, well = answers[chosen_on & has_effusion], answers[chosen_on & ~has_effusion]
gap = sick.mean(axis=0) - well.mean(axis=0)
standardised = gap / (answers[chosen_on].std(axis=0) + 1e-9)
best = int(np.argmax(standardised))
print(f"answers: {answers.shape} (films, maps)")
print(
    f"map {best}: mean {answers[has_effusion, best].mean():.3f} with effusion, {answers[~has_effusion, best].mean():.3f} without"
)
assert standardised[best] > 0.5

# %% [markdown]
# **Try it.** How many of the maps answer *less* to films with an effusion than to films without?
#
# <details><summary>Hint 1: direction</summary>`gap` holds one difference per map.</details>
# <details><summary>Hint 2: nearly the line</summary>Count where `gap` is below 0.</details>

# %%
### BEGIN SOLUTION
### STUB: fewer = ...
fewer = int((gap < 0).sum())
### END SOLUTION
practice.check("maps that answer less", fewer, expected=int(np.sum(gap < 0)), hint="(gap < 0).sum()")

# %% [markdown]
# Is the best map a map of the effusion? Look at it on four films, with the true outline.

# %%
four = effusions[:4]
maps = all_maps[four][..., best]
scaled = maps / np.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-9)
masks = [films.masks[r, "Effusion"] for r in four]
fig = plots.heat_overlay([films.images[r] for r in four], scaled, [f"film {r}" for r in four], masks=masks)
plots.show(
    fig,
    alt=f"Map {best} over four films with the outline of the effusion: bright at the edge of the heart and outside of the body, seldom on the effusion.",
)

# %% [markdown]
# How well, in numbers? Split each film into places with effusion and without, and compare the mean answer.

# %%
rows = list(effusions)
maps = all_maps[rows]
places = np.stack([films.masks[r, "Effusion"].reshape(8, 16, 8, 16).mean(axis=(1, 3)) for r in rows])
inside = (maps[..., best] * places).sum() / places.sum()
outside = (maps[..., best] * (1 - places)).sum() / (1 - places).sum()
print(f"map {best}: mean answer {inside:.3f} in places with effusion, {outside:.3f} in the others, {len(rows)} films")
assert inside < 2 * outside, "an effusion detector would answer much more there"

# %% [markdown]
# ## 4. See that no map is an explanation
#
# Our map was the best of 140 on half of the patients. The best of many looks better than it is. So ask on the *other* half: how well does its answer alone rank films, and how well the network, which weighs all the maps?

# %%
from labutils.evaluation import bootstrap_auc  # here, because only this question needs it

scores = network.predict(x, verbose=0)[:, findings.index("Effusion")]
aucs = {}
for name, numbers in {f"map {best} alone": answers[:, best], "the whole network": scores}.items():
    for half, rows in {"chosen on": chosen_on, "others": ~chosen_on}.items():
        auc = aucs[name, half] = bootstrap_auc(has_effusion[rows], numbers[rows], table["patient"][rows], 300, 0)
        print(f"{name:18s} {half:10s} AUC {auc.auc:.2f} (95 % interval {auc.low:.2f} to {auc.high:.2f})")
worst = int(np.argmin(standardised))
print(f"and map {worst} answers *less* with an effusion: {standardised[worst]:.2f} standard deviations")
assert standardised[worst] < 0 < standardised[best]
assert aucs[f"map {best} alone", "others"].auc < aucs["the whole network", "others"].low

# %% [markdown]
# The map that looked best of 140 falls back on other patients; the network, with all of its maps, holds. To show one pretty map is to choose by hand. That is what the weights are for.
#
# **Try it.** What must be known besides the maps, to add them up into a picture of what speaks for an effusion? Write `"a weight for each map"`, `"more films"` or `"finer maps"`.
#
# <details><summary>Hint 1: direction</summary>Some maps speak for it, others against it.</details>
# <details><summary>Hint 2: nearly the line</summary>Lab 3 gets them from gradients.</details>

# %%
### BEGIN SOLUTION
### STUB: still_missing = ...
still_missing = "a weight for each map"
### END SOLUTION
practice.check(
    "still missing",
    still_missing,
    expected="a weight for each map",
    hint="How much does the score rise when the map does?",
)

# %% [markdown]
# ## What to remember
#
# - Layers trade places for meaning: 64 × 64 pixels become 8 × 8 places of 140 maps.
# - A heat map is as coarse as its layer; stretching adds smoothness, not knowledge.
# - Take maps after the last activation: there they are never negative.
# - Single maps are no explanations; the network weighs all of them. The weights come next.
