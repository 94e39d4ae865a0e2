# %% [markdown]
# # Explore and prepare chest X-rays
#
# You will look at films before any model does: their shape, their greys, who is on them and what is on them. Then you standardise
# them, and measure what a small picture does to a small nodule. **About 25 minutes**, with four steps to try yourself.
#
# The films are **phantoms**: drawn by a program from a seed, with the label statistics of a real collection (NIH ChestX-ray14). No patient
# is shown, and no number below is a number about people.

# %%
import numpy as np
from scipy.stats import binomtest

from labutils import plots, plots_labs, practice
from labutils.datasets import FINDINGS, draw_labels, make_phantoms

# %% [markdown]
# ## 1. Look first
#
# Ask an array four things before you use it: its shape, its type, its range, and how many *patients* stand behind its rows. The
# generator takes a seeded source of random numbers, so the same films are drawn on every machine. Findings are twice as
# common here as in the real collection (`prevalence_scale=2`), so that a small set holds some of each.

# %%
films = make_phantoms(220, rng=np.random.default_rng(1), prevalence_scale=2.0)
images, table, labels = films.images, films.table, films.table[list(FINDINGS)]
print("films, height, width:", images.shape, "of type", images.dtype)
print("darkest grey", images.min(), "brightest", images.max(), "mean", round(float(images.mean())))
print(len(table), "films of", table["patient"].nunique(), "patients; missing values:", int(table.isna().sum().sum()))

# %% [markdown]
# Eight bits give 256 greys, from 0 (black: air lets the rays through) to 255 (white: bone and metal stop them). Each film has one row: the
# patient's number, the visit (`follow_up`), age, sex, view, and a 0 or 1 for each of 14 findings. Here are the first rows.

# %%
table.iloc[:5, :10]

# %% [markdown]
# How many films does one patient have?

# %%
per_patient = table.groupby("patient").size()
busiest = per_patient.nlargest(len(per_patient) // 10).sum() / len(table)
print(f"films per patient: median {per_patient.median():.0f}, mean {per_patient.mean():.1f}, most {per_patient.max()}")
print(f"the busiest tenth of the patients owns {busiest:.0%} of the films")
assert busiest > 0.15, "a few patients should own many films"

# %% [markdown]
# A few patients bring many films, because they are very ill or ill for long. Every count over *films* leans towards them.
#
# ## 2. Ask how the film was taken
#
# - **PA** (from back to front): the patient stands with the chest against the detector and breathes in deeply.
# - **AP** (from front to back): the patient sits or lies in bed, the detector behind the back. The heart is further from the detector, so its
#   shadow is larger; the patient often breathes in less. AP films are taken of those too ill to stand.
#
# Look: PA above, AP below, all without a finding and of different patients.

# %%
healthy = table[labels.sum(axis=1) == 0].drop_duplicates("patient")
pa, ap = (healthy.index[healthy["view"] == view][:4] for view in ("PA", "AP"))
rows = [*pa, *ap]
titles = [f"{table['view'][row]}, {table['sex'][row]}, {table['age'][row]} years" for row in rows]
fig = plots.film_grid(images[rows], titles)
fig.suptitle("At the bedside (lower row) the heart looks wider and the lungs smaller", fontsize=11)
plots.show(fig, alt="Four standing (PA) phantom films above four bedside (AP) ones; the AP hearts look wider.")

# %% [markdown]
# View and illness go together. To measure it we need more patients than we can look at: `draw_labels` draws the table alone, here with the true prevalences. One film per
# patient, so that rows do not depend on one another, and 95 % intervals (Wilson's, which lab 2 works out by hand).

# %%
many = draw_labels(6000, rng=np.random.default_rng(11))
first = many.drop_duplicates("patient")
by_view = {}
for view in ("PA", "AP"):
    ill = first.loc[first["view"] == view, list(FINDINGS)]
    ends = [binomtest(int(n), len(ill)).proportion_ci(method="wilson") for n in ill.sum()]
    by_view[view] = 100 * np.column_stack([ill.mean(), np.array(ends)])
ratio = by_view["AP"][9, 0] / by_view["PA"][9, 0]
title = f"Oedema (Edema) is {ratio:.0f} times as common at the bedside"
fig = plots_labs.dots_with_interval(
    FINDINGS, by_view, title=title, xlabel="first films with the finding (%), 95 % interval"
)
plots.show(fig, alt=f"Prevalence of 14 findings by view, with intervals. {title}.")
assert FINDINGS[9] == "Edema" and ratio > 3, "oedema should be far more common on AP films"

# %% [markdown]
# So a network can score well by reading the *view* instead of the lung. Keep that suspicion.
#
# **Try it.** In our small table, what share of the *patients* has at least one AP film?
#
# <details><summary>Hint 1: direction</summary>Mark the AP films, then ask of each patient whether any mark is true.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(table["view"] == "AP").groupby(table["patient"]).max().mean()</code></details>

# %%
### BEGIN SOLUTION
### STUB: share_patients_ap = ...  # a number between 0 and 1
share_patients_ap = (table["view"] == "AP").groupby(table["patient"]).max().mean()
### END SOLUTION
expected = len(set(table["patient"][table["view"] == "AP"])) / len(set(table["patient"]))
hint = "Divide patients by patients: each one counts once, however many films there are."
practice.check("share of patients with an AP film", share_patients_ap, expected=expected, hint=hint)

# %% [markdown]
# ## 3. See which findings keep company
#
# **Lift** says how often two findings share a film: the share of films with both, over the share that chance would give if they had nothing to do with one
# another. By hand: if A is on 20 of 100 films, B on 10, and both on 6, the lift is 0.06 / (0.20 × 0.10) = 3.
#
# **Try it.** Compute the lift of `Effusion` and `Cardiomegaly` over the films of `many`.
#
# <details><summary>Hint 1: direction</summary>The product of the two columns is 1 where both are.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(a * b).mean() / (a.mean() * b.mean())</code></details>

# %%
a, b = many["Effusion"], many["Cardiomegaly"]
### BEGIN SOLUTION
### STUB: lift_both = ...  # 1 means: no more often together than by chance
lift_both = (a * b).mean() / (a.mean() * b.mean())
### END SOLUTION
expected = (a & b).sum() * len(many) / (a.sum() * b.sum())
practice.check("lift of effusion and cardiomegaly", lift_both, expected=expected, hint="Take means, not sums.")

# %% [markdown]
# All pairs at once. Where chance alone would give fewer than five films, the cell stays empty: so few films say nothing.

# %%
y = many[list(FINDINGS)].to_numpy()
together, alone = y.T @ y, y.sum(axis=0)
by_chance = np.outer(alone, alone) / len(y)
lift = np.where((by_chance >= 5) & ~np.eye(14, dtype=bool), together / by_chance, np.nan)
strongest = np.unravel_index(np.nanargmax(lift), lift.shape)
pair = " and ".join(FINDINGS[place] for place in strongest)
title = f"{pair} share a film {np.nanmax(lift):.0f} times as often as by chance"
fig = plots_labs.matrix(FINDINGS, lift, title=title, label="lift (times; 1 = chance)", limit=6)
plots.show(fig, alt=f"A 14 by 14 table of lifts. {title}.")

# %% [markdown]
# One label helps to guess another, which is one reason why a single network learns all fourteen (the lesson's *multi-task* unit).
#
# ## 4. See where the findings sit
#
# Phantoms come with what real films rarely have: the true outline of each finding. Its mean over all positive films, laid over a mean film:

# %%
shown = ["Cardiomegaly", "Effusion", "Pneumothorax", "Nodule", "Edema", "Emphysema", "Pleural_Thickening", "Fibrosis"]
where = {name: np.mean([mask for (_, f), mask in films.masks.items() if f == name], axis=0) for name in shown}
middle = images[table["view"] == "PA"].mean(axis=0)
titles = [f"{name.replace('_', ' ')} ({labels[name].sum()} films)" for name in shown]
fig = plots.heat_overlay([middle] * 8, [heat / heat.max() for heat in where.values()], titles)
fig.suptitle("Each finding has its usual place (bright = often)", fontsize=11)
plots.show(
    fig, alt="Eight heat maps: heart for cardiomegaly, lung bases for effusion, apices for pneumothorax, and so on."
)

# %% [markdown]
# Two lessons: left and right matter, because the heart is on one side (never mirror a chest film without thinking), and fluid sinks, so do not
# turn films upside down either.
#
# ## 5. Standardise the greys
#
# One scanner draws darker films than another. A **z-score** takes a mean away and divides by a standard deviation: z = (x − mean) / sd. By hand, for four
# pixels 40, 120, 120, 200: the mean is 120, the squared distances are 6400, 0, 0, 6400 with mean 3200, so sd = 56.6 and z = −1.41, 0, 0, 1.41.
#
# **Try it.** Standardise `film` with its own mean and sd.
#
# <details><summary>Hint 1: direction</summary>Arrays know <code>.mean()</code> and <code>.std()</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(film - film.mean()) / film.std()</code></details>

# %%
film = images[pa[0]].astype(float)
### BEGIN SOLUTION
### STUB: z_film = ...  # an array of the same shape, with mean 0 and sd 1
z_film = (film - film.mean()) / film.std()
### END SOLUTION
expected = (film - film.sum() / film.size) / np.sqrt(film.var())
practice.check("standardised film", z_film, expected=expected, hint="Take the mean away first, then divide.")

# %% [markdown]
# What does this repair? We re-expose the film: less contrast, more fog. Then we standardise both.


# %%
def zscore(image):
    return (image - image.mean()) / image.std()


fogged = 0.5 * film + 90
assert np.allclose(zscore(film), zscore(fogged)), "z-scoring should undo any change of brightness and contrast"
fig, axes = plots.new_figure(8, 3.2, columns=2)
for image, name, style in [(film, "first exposure", "-"), (fogged, "re-exposed", "--")]:
    for axis, values in zip(axes, (image, zscore(image)), strict=True):
        heights, edges = np.histogram(values, bins=40)
        axis.plot((edges[:-1] + edges[1:]) / 2, 100 * heights / values.size, style, label=name, linewidth=2)
axes[0].set(xlabel="grey value (0 to 255)", ylabel="pixels (%)", title="Before: two different films")
axes[1].set(xlabel="z-score (standard deviations)", title="After: one and the same")
fig.legend(*axes[0].get_legend_handles_labels(), fontsize=8, ncols=2, loc="outside lower center")
plots.show(fig, alt="Grey histograms of one film at two exposures: apart before standardising, identical after it.")

# %% [markdown]
# The shape of the histogram stays; only its place and width change. But a film's own brightness can be a *sign*: oedema whitens a lung, emphysema
# darkens it, and z-scoring each film by itself hides part of that. Our network therefore uses one fixed mean and sd for all films, those of its
# *training* films. Never those of the test films: a patient's score must not depend on who else came that day.
#
# Such a mean is often estimated from a random handful of films. Then the seed is part of the recipe:


# %%
def mean_grey(seed, n_films=20):
    chosen = np.random.default_rng(seed).choice(len(images), size=n_films, replace=False)
    return images[chosen].mean()


estimates = [mean_grey(seed) for seed in range(200)]
print(f"seed 7: {mean_grey(7):.2f}; seed 7 again: {mean_grey(7):.2f}; seed 8: {mean_grey(8):.2f}")
print(f"over 200 seeds: {min(estimates):.0f} to {max(estimates):.0f}; all films: {images.mean():.0f}")
assert mean_grey(7) == mean_grey(7), "the same seed must give the same mean"

# %% [markdown]
# The same seed gives the same mean, another seed another one: without its seed, this step cannot be repeated.
#
# ## 6. Shrink a nodule
#
# Detectors deliver 2000 pixels and more a side, the NIH published 1024, small networks read 64. What is left of a nodule, a spot of at most 30 mm
# (Fleischner Society)?
#
# **Try it.** A film shows about 400 mm of a patient. How many pixels wide is a nodule of 10 mm on a film of 64 × 64 pixels?
#
# <details><summary>Hint 1: direction</summary>How many millimetres does one pixel cover?</details>
# <details><summary>Hint 2: nearly the line</summary><code>10 / (400 / 64)</code></details>

# %%
### BEGIN SOLUTION
### STUB: nodule_pixels = ...
nodule_pixels = 10 / (400 / 64)
### END SOLUTION
practice.check("width of the nodule (pixels)", nodule_pixels, expected=1.6, hint="One pixel covers 400 / 64 mm.")

# %% [markdown]
# Now look at one. We draw patients at 512 pixels, take the smallest nodule, and average blocks of pixels.


# %%
def shrink(image, size):
    block = len(image) // size
    return image.reshape(size, block, size, block).mean(axis=(1, 3))


big = make_phantoms(15, rng=np.random.default_rng(5), size=512, prevalence_scale=4.0)
areas = {row: mask.sum() for (row, finding), mask in big.masks.items() if finding == "Nodule"}
row = min(areas, key=areas.get)
mask, width = big.masks[row, "Nodule"], 2 * np.sqrt(areas[row] / np.pi)
print(f"{len(areas)} films with a nodule; the smallest covers as many pixels as a disc {width:.0f} of 512 wide")

# %% [markdown]
# We cut out the same piece of the chest at each size, and measure how much brighter the nodule's pixels are than their surroundings.

# %%
corner = np.clip((np.argwhere(mask).mean(axis=0) - 48).astype(int) // 8 * 8, 0, 512 - 96)
crops, titles = [], []
for block in (1, 2, 4, 8):
    top, left = corner // block
    piece = np.s_[top : top + 96 // block, left : left + 96 // block]
    values = shrink(big.images[row].astype(float), 512 // block)[piece]
    cover = shrink(mask.astype(float), 512 // block)[piece]
    brighter = values[cover >= 0.5].mean() - values[cover == 0].mean()
    crops.append(values)
    titles.append(f"{512 // block} a side: {(cover >= 0.5).sum()} pixels,\n{brighter:.0f} greys brighter")
outline = mask[corner[0] : corner[0] + 96, corner[1] : corner[1] + 96]
fig = plots.film_grid(crops, titles, size=2.4, masks=[outline, None, None, None])
fig.suptitle(f"Of a nodule of {areas[row]} pixels, a 64 × 64 film keeps {(cover >= 0.5).sum()}", fontsize=11)
plots.show(fig, alt=f"A nodule at four sizes: {areas[row]} pixels at 512, a smudge of {(cover >= 0.5).sum()} at 64.")
assert (cover >= 0.5).sum() < areas[row] / 40, "a block of 64 pixels should become one"

# %% [markdown]
# A radiologist reads edge, shape and calcium off a nodule; a smudge has none of them. Expect small networks to be worst at small things, and never shrink before you have
# asked how small the finding is.
#
# ## What to remember
#
# - Look first: shape, type, range, missing values, and how many patients stand behind the films.
# - The view (PA or AP) tells how ill the patient is; a model may learn it instead of the disease.
# - Standardise with numbers from the training films, note the seed, and compare the finding with the pixel before you shrink.
