# %% [markdown]
# # Detect disease on chest X-rays
#
# ![A drawn chest film with a mass goes through the layers of a network; fourteen numbers between 0 and 1 come out, the largest for Mass.](figures/network_reads_film.svg)
#
# **What you will do.** You watch a network read chest films, then take it apart: how it learns, why rare findings
# fool it, and how to test it so that you can believe the result.
#
# **What you will be able to do**
#
# - measure how rare each finding is, and weigh the loss so that rare findings count;
# - split films by patient, and prove that no patient stands on both sides;
# - reuse a densely connected network when you have few films, and train its head;
# - judge a classifier by the area under its ROC curve, with an interval, and by heat maps;
# - combine several readers into one reference standard.
#
# **What you need.** Two hours, a computer without a graphics card, no download, no earlier week. The films are
# **phantoms**: drawn by a program from a seed, with the label statistics of a real collection. No patient is shown,
# and no number about phantoms is a number about people. Where real films or studies speak, the text says so.

# %%
import numpy as np
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from labutils import evaluation, imbalance, interpretation, models, plots, plots_labs, plots_week1, practice
from labutils.datasets import FINDINGS, draw_labels, make_phantoms
from labutils.models import keras

# %% [markdown]
# ## 1. Watch a classifier at work
#
# Welcome! What does such a program see, and what does it say? Look before you compute: how many films, how many patients, what is
# missing? We draw fresh phantoms, in which each finding is 2.5 times as common as in the real collection, so that
# there is something to find.

# %%
rng = np.random.default_rng(20_261)
films = make_phantoms(300, rng=rng, prevalence_scale=2.5)
table, labels = films.table, films.table[list(FINDINGS)].to_numpy()
print(
    f"{len(table)} films of {table['patient'].nunique()} patients; pixels: {films.images.shape}, {films.images.dtype}"
)
print(f"missing values: {table.isna().sum().sum()}; films without any finding: {(labels.sum(axis=1) == 0).mean():.0%}")
assert len(table) > table["patient"].nunique(), "some patients should have several films"

# %% [markdown]
# There are more films than patients: people come back. Keep that in mind for section 16.
#
# Now the network. It was trained on *other* phantoms and gives each film 14 scores between 0 and 1, one for each
# finding. Of the films with a mass and nothing else we show the one of which it is surest: a demonstration, not a test.

# %%
network = models.load_xray_model()
scores = network.predict(models.prepare_films(films.images), verbose=0)
assert scores.shape == labels.shape and scores.min() >= 0 and scores.max() <= 1
mass = FINDINGS.index("Mass")
best = int(np.argmax(scores[:, mass] * labels[:, mass] * (labels.sum(axis=1) == 1)))
present = [name for name, yes in zip(FINDINGS, labels[best], strict=True) if yes]
fig = plots_week1.film_with_scores(
    films.images[best], scores[best], FINDINGS, present=present, title="One phantom film, fourteen scores"
)
plots.show(fig, alt=f"A phantom film and its 14 scores. Present: {', '.join(present)}. Mass: {scores[best, mass]:.2f}.")

# %% [markdown]
# One network answers fourteen questions at a glance. But *where* did it look? A **heat map** (Grad-CAM, taught in course 3)
# shades the region that raised a score; the orange outline is the true lesion, which only a phantom can give us.
# We take the best-scored and the worst-scored true mass: look at failures too.

# %%
with_mass = np.flatnonzero(labels[:, mass])
worst = int(with_mass[np.argmin(scores[with_mass, mass])])
inputs = models.prepare_films(films.images[[best, worst]])
heats = [interpretation.grad_cam(network, film, mass, "features") for film in inputs]
assert all(heat.min() >= 0 and heat.max() <= 1 for heat in heats)
names = [f"score {scores[row, mass]:.2f}" for row in (best, worst)]
outlines = [films.masks[row, "Mass"] for row in (best, worst)]
fig = plots.heat_overlay(films.images[[best, worst]], heats, names, masks=outlines, columns=2, size=3)
plots.show(fig, alt=f"Heat maps for Mass over two phantoms with outlined masses: {names[0]} and {names[1]}.")

# %% [markdown]
# A warm lesion is a good sign, not a proof; a missed one tells you what to study next.
#
# ## 2. Check that this course is for you
#
# It is for nurses, doctors, students and engineers who write a little Python: loops, functions, arrays. You need no
# medicine and no mathematics beyond shares and logarithms. Four words to start with: a **film** is one X-ray image; a
# **finding** is something seen on it; a **label** says whether it is there (1) or not (0); the **view** says how the
# rays ran: PA, back to front, standing up; AP, front to back, often in a bed.
#
# Each *try-it* step starts with `...`: replace it, run the cell, and read the answer at once.
# Try this one: which share of the films is AP?

# %%
### BEGIN SOLUTION
### STUB: share_ap = ...  # a number between 0 and 1, from table["view"]
share_ap = (table["view"] == "AP").mean()
### END SOLUTION
practice.check(
    "share of AP films",
    share_ap,
    expected=table["view"].value_counts(normalize=True)["AP"],
    hint="Compare the column with 'AP', then take the mean.",
)

# %% [markdown]
# If that felt comfortable, you have all you need.
#
# ## 3. Diagnose from a picture: skin
#
# Which diseases can be read off an image? Dermatologists look at moles with an ABCD list:
#
# ![Two schematic moles: an even one, and one that is asymmetric, ragged, of several colours and large.](figures/skin_lesions.svg)
#
# One could program such rules. Take **asymmetry**: mirror the mole and count the pixels that change. In the 3 × 4 drawing
# `spot` below, the rows have 0, 2 and 4 changed pixels, so 6 of 12.

# %%
mole = np.array([[0, 1, 1, 0], [1, 1, 1, 1], [0, 1, 1, 0]])
spot = np.array([[0, 1, 1, 0], [1, 1, 1, 0], [1, 1, 0, 0]])
asymmetry = [float((mask != mask[:, ::-1]).mean()) for mask in (mole, spot)]
images, diseases = 129_450, 2_032  # Esteva and colleagues, Nature 2017
print(f"asymmetry: mole {asymmetry[0]}, spot {asymmetry[1]}")
print(f"photographs for each disease, on average: {images / diseases:.0f}")
assert asymmetry == [0, 6 / 12] and round(images / diseases) == 64

# %% [markdown]
# A **network** is given no such list. It finds its own features from examples: a well-known one learnt from 129,450
# photographs of 2,032 diseases and told cancer from harmless spots about as well as 21 dermatologists. That is
# 64 photographs for each disease on average: rare classes and small data are the normal state of medicine.
#
# ## 4. Diagnose from a picture: eyes and tissue
#
# ![A schematic eye fundus with small bleedings and fatty deposits, and a schematic tissue slide cut into patches.](figures/eye_and_tissue.svg)
#
# Diabetes damages the vessels of the retina; a camera sees it before the patient does. A network for such photographs has
# a **threshold** that can be set for few false alarms or for few misses. Its *sensitivity* is the share of the ill that it flags,
# its *specificity* the share of the well that it leaves alone. Suppose that 80 of 1,000 people screened need a
# doctor, and take the published pairs (Gulshan, 2016).

# %%
ill, well = 80, 920
for name, sensitivity, specificity in (("few false alarms", 0.903, 0.981), ("few misses", 0.975, 0.934)):
    missed, alarms = ill * (1 - sensitivity), well * (1 - specificity)
    print(f"{name}: {missed:.0f} of {ill} ill missed, {alarms:.0f} of {well} well sent to a doctor")
assert (round(missed), round(alarms)) == (2, 61)
patches = (100_000 // 256) * (80_000 // 256)
assert patches == 121_680

# %% [markdown]
# The same network misses 2 or 8 patients; which is better is a medical question, not a technical one.
#
# **Tissue** under a microscope has another problem: size. A slide of 100,000 × 80,000 pixels gives 121,680 patches of 256 × 256, far
# too many to label by hand, and all of one patient. In a contest on lymph nodes (Ehteshami Bejnordi, 2017) the best networks beat
# pathologists who were short of time, and matched one who was not.
#
# ## 5. See a film as a radiologist, and as a network
#
# A **mass** is a spot in the lung of more than 3 cm; up to 3 cm it is a *nodule* (Fleischner Society glossary). A radiologist asks:
# where is it, how large, how sharp is its edge, was it there last year? The network gets a small grid of numbers
# and a label, nothing else: no story, no older film.

# %%
small = models.prepare_films(films.images[[best]])[0, :, :, 0]
outline = films.masks[best, "Mass"]
diameter = 2 * np.sqrt(outline.sum() / np.pi) * 40 / 128  # cm, if the 128 pixels show about 40 cm of the patient
print(f"diameter of a disc with the area of the outline: about {diameter:.0f} cm")
assert small.shape == (64, 64) and diameter > 3
fig = plots.film_grid(
    [films.images[best], films.images[best], small],
    ["the film", "what a radiologist marks", "what the network gets"],
    columns=3,
    size=2.6,
    masks=[None, outline, None],
)
plots.show(fig, alt="The same phantom three times: plain, with the mass outlined, and as 64 by 64 coarse pixels.")

# %% [markdown]
# At 64 × 64 pixels a mass is a few grey squares, and a nodule is almost nothing. Small input keeps this course quick;
# hospitals' networks read finer images.
#
# ## 6. Train: predict, compare, correct
#
# How does a network learn from labels? It **predicts**, a **loss** says how wrong it was (0 is perfect), and every weight moves a little in
# the direction that lowers the loss. Then again. (The formula follows in section 8; its unit is the *nat*.)
#
# By hand: four films, each described by one number $x$ (brightness of a spot), one weight $w$, prediction
# $p = 1 / (1 + e^{-wx})$. At $w = 0$ each prediction is 0.5. The correction is the mean of $(y - p)\,x$, here
# $(1 + 0.5 + 0.5 + 1)/4 = 0.75$; with step size 0.5 the weight becomes 0.375.

# %%
x, y = np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0, 0, 1, 1])
weight, weights, losses = 0.0, [], []
for _ in range(30):
    p = 1 / (1 + np.exp(-weight * x))
    losses.append(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
    weight += 0.5 * ((y - p) * x).mean()
    weights.append(weight)
assert weights[0] == 0.375 and losses == sorted(losses, reverse=True)
fig = plots_week1.labelled_curves(
    range(30),
    {"loss": losses},
    title="Each correction lowers the loss",
    xlabel="corrections made",
    ylabel="loss (nats)",
)
plots.show(fig, alt=f"The loss falls from {losses[0]:.2f} to {losses[-1]:.2f} over 30 corrections, steeply at first.")

# %% [markdown]
# The real network does the same with all of its weights at once. Training *fits* the weights; prediction only *uses* them.
#
# ## 7. Sort films into classes that are far from equal
#
# **Image classification** gives each image a class. What if one class is rare? Let us draw the labels (no pixels needed) of
# 10,000 phantom patients with the shares of the real collection.

# %%
many = draw_labels(10_000, rng=rng)
share = many[list(FINDINGS)].mean().sort_values(ascending=False)
fig = plots.bar_with_interval(
    share.index,
    100 * share,
    title="Most findings are rare: the most frequent is on one film in six",
    xlabel=f"films with the finding (% of {len(many):,} films)",
)
plots.show(
    fig,
    alt=f"Bars from {share.index[0]}, {share.iloc[0]:.0%} of films, down to {share.index[-1]}, {share.iloc[-1]:.1%}.",
)
assert 0.14 < share.iloc[0] < 0.2
### BEGIN SOLUTION
### STUB: lazy_accuracy = ...  # share of films on which the answer "never a hernia" is right
lazy_accuracy = 1 - share["Hernia"]
### END SOLUTION
practice.check("accuracy of 'never a hernia'", lazy_accuracy, expected=(many["Hernia"] == 0).mean())

# %% [markdown]
# Nearly always right, and worthless: it finds no hernia at all. **Accuracy flatters whoever ignores the rare class**, so this
# course judges by other measures.
#
# ## 8. Measure one wrong answer: binary cross-entropy
#
# How wrong is a prediction $p$ when the label is $y$? The usual loss is
#
# $$\ell(y, p) = -\,y \log p \;-\; (1 - y) \log(1 - p),$$
#
# with the natural logarithm. Only one term survives: for $y = 1$ it is $-\log p$, for $y = 0$ it is $-\log(1-p)$.

# %%
p = np.linspace(0.01, 0.99, 99)
fig = plots_week1.labelled_curves(
    p,
    {"finding present (y = 1)": -np.log(p), "finding absent (y = 0)": -np.log(1 - p)},
    title="Being sure and wrong costs most",
    xlabel="predicted probability p",
    ylabel="loss (nats)",
    marks=[(0.8, -np.log(0.8), "0.22"), (0.8, -np.log(0.2), "1.61")],
)
plots.show(fig, alt="Loss against prediction: at 0.8 it is 0.22 if the finding is present and 1.61 if it is absent.")
### BEGIN SOLUTION
### STUB: loss_of_miss = ...  # a film with a mass (y = 1) got p = 0.1
loss_of_miss = -np.log(0.1)
### END SOLUTION
practice.check("loss of a missed mass", loss_of_miss, expected=2.302585, tol=0.01, hint="y is 1: use -np.log(p).")

# %% [markdown]
# At $p = 0.8$ a right answer costs 0.22 and a wrong one 1.61, seven times as much.
#
# ## 9. See how imbalance distorts the loss, and weigh it
#
# ![Without weights, six normal films make up 75 % of the loss; with weights both classes make up half.](figures/imbalance_weights.svg)
#
# Take eight films, two with a mass, and a network that sees nothing yet and says $p = 0.5$ everywhere. Each film costs
# 0.69, so the six normal ones make up 75 % of the loss: it pays to please them. The remedy: multiply each film's loss by the
# **share of the other class**, 6/8 for a mass and 2/8 for none. Then 2 × 6/8 = 6 × 2/8: a tie.
#
# Which single value of $p$ would a blind network settle on?

# %%
unweighted = -(2 * np.log(p) + 6 * np.log(1 - p)) / 8
weighted = -(2 * 6 / 8 * np.log(p) + 6 * 2 / 8 * np.log(1 - p)) / 8
low, low_weighted = p[unweighted.argmin()], p[weighted.argmin()]
assert np.isclose([low, low_weighted], [0.25, 0.5]).all()
fig = plots_week1.labelled_curves(
    p,
    {"no weights": unweighted, "weighted": weighted},
    title="Without weights, the cheapest answer is the share of the finding",
    xlabel="the same prediction p for all eight films",
    ylabel="mean loss (nats)",
    marks=[(low, unweighted.min(), "0.25"), (low_weighted, weighted.min(), "0.50")],
)
plots.show(fig, alt="Two loss curves: without weights the lowest point is at 0.25, with weights at 0.5.")

# %% [markdown]
# Unweighted, the network learns "a mass is unlikely" before it learns what a mass looks like. Weighted, it has to look. The price: its
# scores are no longer probabilities. Week 2 repairs that.
#
# ## 10. Resample instead, and undo it afterwards
#
# Instead of weights, you can draw films so that both classes come equally often. Rare films are then seen many times over, so
# they are learnt by heart sooner; draw from the *training* films only.
#
# A network trained this way believes that half the world has a mass. To undo that, multiply its odds by the odds of the real ward.

# %%
y = np.array([0, 0, 0, 0, 0, 0, 1, 1])
drawn = np.concatenate([rng.choice(np.flatnonzero(y == k), size=6) for k in (0, 1)])
print(f"drawn films: {drawn.tolist()}, share with a mass {y[drawn].mean():.2f}")
assert y[drawn].mean() == 0.5


def to_real_share(p, share):
    """Turn a probability learnt at half and half into one for a real share (Saerens, 2002)."""
    return p * share / (p * share + (1 - p) * (1 - share))


### BEGIN SOLUTION
### STUB: honest = ...  # a score of 0.8 from a balanced training, in a ward where 5 % have a mass
honest = to_real_share(0.8, 0.05)
### END SOLUTION
practice.check("honest probability", honest, expected=4 / 23, hint="Call to_real_share with the score and 0.05.")

# %% [markdown]
# By hand: 0.8 means odds of 4 to 1; the ward has odds of 5 to 95, or 1 to 19; together 4 to 19, so 4 in 23, about 17 %. An alarming 0.8 was
# mostly the balancing.
#
# ## 11. Ask fourteen questions at once
#
# May a film have two findings? Yes: when the heart fails it grows, *and* fluid collects around the lungs. So the label is a row of 14 zeros
# and ones (**multi-task**), and each output gets a **sigmoid** of its own. A **softmax** would make the outputs compete for a total of 1.

# %%
both = int((labels.sum(axis=1) >= 2).sum())
raw = np.array([2.0, 2.0, -3.0])  # the network's raw outputs: two findings clearly there, one not
sigmoid, softmax = 1 / (1 + np.exp(-raw)), np.exp(raw) / np.exp(raw).sum()
print(f"{both} of {len(labels)} films have two findings or more")
print("sigmoid", sigmoid.round(2), "| softmax", softmax.round(2))
assert np.isclose(softmax.sum(), 1) and (sigmoid[:2] > 0.85).all() and (softmax[:2] < 0.5).all()

# %% [markdown]
# The sigmoids say 0.88 and 0.88; the softmax cannot go above one half for either. Sharing one network has a bonus: edges and
# textures that help to find a mass also help to find a nodule, so rare findings can profit from common ones.
#
# ## 12. Add the losses, count the weights
#
# The **multi-task loss** is the sum over the findings $c$ of the mean over films $i$:
#
# $$L = \sum_c \frac1N \sum_i -\bigl[w^+_c\,y_{ic}\log p_{ic} + w^-_c\,(1-y_{ic})\log(1-p_{ic})\bigr].$$
#
# By hand: two films, three findings, weights 1, and 0.8 given to the truth each time: 3 × 0.22 = 0.67.

# %%
truth = np.array([[1, 0, 1], [0, 0, 1]])
given = np.where(truth == 1, 0.8, 0.2)
loss = imbalance.get_weighted_loss([1, 1, 1], [1, 1, 1])
print(f"multi-task loss: {float(loss(truth, given)):.2f}")
assert np.isclose(float(loss(truth, given)), 3 * -np.log(0.8), atol=1e-4)

# %% [markdown]
# In the assignment you write this loss yourself.
#
# What stands between film and scores? A **convolution** slides a small window over the image and looks for one pattern everywhere. Layers of them make a *CNN*. Deep
# ones are hard to train because the signal fades on its way back. A **DenseNet** hands every layer the maps of
# *all* layers before it: starting with 24 maps and adding 12 a layer, say, the fourth layer of a block reads 24 + 3 × 12 = 60.

# %%
full = models.build_densenet121(14)
for name, net in (("slim DenseNet, 64 × 64 pixels", network), ("DenseNet-121, 224 × 224 pixels", full)):
    print(f"{name}: {net.count_params():,} weights")
nih_films, nih_patients = 112_120, 30_805  # ChestX-ray14
print(f"films of each ChestX-ray14 patient: {nih_films / nih_patients:.1f} on average")
assert full.count_params() > 10 * network.count_params() and round(full.count_params() / 1e6) == 7
### BEGIN SOLUTION
### STUB: maps = ...  # how many maps does the fifth layer of that block read?
maps = 24 + 4 * 12
### END SOLUTION
practice.check("maps read by layer five", maps, expected=72, hint="Four layers stand before the fifth.")

# %% [markdown]
# Seven million weights ask for many films, so **data set size** matters. The public ChestX-ray14 holds 112,120 films of 30,805
# patients; most hospitals have far fewer, and of a rare finding a handful.
#
# ## 13. Make the most of few films
#
# ![Three steps: pre-train all layers, freeze them and train a new head, then fine-tune everything with tiny steps.](figures/freeze_and_fine_tune.svg)
#
# Early layers find edges and textures, useful for any film. So **pre-train** on a large collection; **freeze** those layers and
# train a new last layer (the *head*) on your few films; if data allow, **fine-tune** everything with tiny steps.
#
# Let us try. The frozen network turns a film into a short list of features, and a new head learns a question that the network was
# never asked: *is this film free of any finding?* The rival starts from raw pixels.

# %%
body = keras.Model(network.input, network.get_layer("pool").output)  # the network without its head, never trained again
features = body.predict(models.prepare_films(films.images), verbose=0)
pixels = models.prepare_films(films.images, size=16).reshape(len(table), -1)
clear, patient = (labels.sum(axis=1) == 0).astype(int), table["patient"].to_numpy()
for_test = patient >= np.quantile(np.unique(patient), 2 / 3)
rows, sizes = {"frozen features": [], "raw pixels": []}, [20, 40, 80, 160]
for n in sizes:
    few = patient < np.sort(np.unique(patient))[n]
    for name, inputs in zip(rows, (features, pixels), strict=True):
        head = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000)).fit(inputs[few], clear[few])
        guess = head.predict_proba(inputs[for_test])[:, 1]
        rows[name].append(evaluation.bootstrap_auc(clear[for_test], guess, patient[for_test], 200, rng))
assert not set(patient[few]) & set(patient[for_test])

# %% [markdown]
# The dots are areas under the ROC curve on other patients (section 15 explains them), the bars 95 % intervals:

# %%
fig = plots_labs.dots_with_interval(
    [f"{n} patients" for n in sizes],
    rows,
    title="A frozen network makes few films go further",
    xlabel="AUC for a clear film, test patients (95 % interval)",
    reference=0.5,
)
assert rows["frozen features"][0].auc > rows["raw pixels"][-1].auc
plots.show(fig, alt="AUC for a clear film with 20 to 160 training patients, from frozen features and from raw pixels.")

# %% [markdown]
# Every line doubles the data; the gap between the marks is what pre-training was worth. Twenty patients and a pre-trained
# network did better here than 160 patients and raw pixels.
#
# ## 14. Generate more samples, and ask two questions
#
# **Augmentation** shows the network each film in slightly changed versions. Ask of each change: *is it realistic*, could a
# scanner have made it? and *is the label kept*?

# %%
film = films.images[best]
versions = {
    "original": film,
    "darker: yes, yes": (0.8 * film).astype("uint8"),
    "shifted: yes, yes": np.pad(film, ((0, 0), (6, 0)))[:, :-6],
    "mirrored: heart moves": film[:, ::-1],
    "upside down: no": film[::-1],
}
fig = plots.film_grid(list(versions.values()), list(versions), columns=5, size=1.8)
plots.show(
    fig,
    alt="A phantom in five versions: original, darker, shifted, mirrored with the heart on the wrong side, upside down.",
)
assert (versions["mirrored: heart moves"][:, ::-1] == film).all()
### BEGIN SOLUTION
### STUB: keeps_label = ...  # a skin photograph is mirrored: does "melanoma" stay true? True or False
keeps_label = True
### END SOLUTION
practice.check("mirrored mole keeps its label", keeps_label, expected=True, hint="Does a mole know left from right?")

# %% [markdown]
# A mirrored chest looks like *situs inversus*, organs on the wrong side: rare, but a diagnosis. A mirrored mole is just
# a mole. Only somebody who knows the medicine can answer the second question.
#
# ## 15. Test the model
#
# **Training** films fit the weights, **validation** films choose settings (when to stop, which network), and **test** films are
# touched once, for the number that you report. We report the **AUC**, the area under the ROC curve: the chance that a random
# film *with* the finding scores higher than one *without*. 0.5 is a coin, 1 is perfect, higher is better. By hand: scores .9 and .4 with,
# .5 and .1 without; of four pairs the first wins three: 0.75.
#
# Every estimate gets a 95 % interval: we draw *patients* again and again, with replacement, and see how far the AUC moves.

# %%
toy = evaluation.bootstrap_auc(np.array([1, 1, 0, 0]), np.array([0.9, 0.4, 0.5, 0.1]), np.arange(4), 50, rng)
assert toy[0] == 0.75
ill = [len(set(patient[labels[:, k] == 1])) for k in range(14)]
auc = [evaluation.bootstrap_auc(labels[:, k], scores[:, k], patient, 300, rng) for k in range(14)]
auc = np.where(np.array(ill)[:, None] < 5, np.nan, auc)
fig = plots_labs.dots_with_interval(
    [f"{name} ({n})" for name, n in zip(FINDINGS, ill, strict=True)],
    {"network": auc},
    title="On new phantoms the network beats the coin, not equally for all",
    xlabel="AUC (95 % interval); in brackets: patients with the finding",
    reference=0.5,
)
alt = f"AUC per finding on new phantoms, from {np.nanmin(auc[:, 0]):.2f} to {np.nanmax(auc[:, 0]):.2f}, with intervals."
plots.show(fig, alt=alt)

# %% [markdown]
# Read the dot *and* its line: the fewer the patients, the longer the line, and the less a dot far to the right promises. With fewer
# than five patients we draw nothing: there is nothing to say.
#
# Now the harder test. Does the network work on films of real people? We tried it on real ChestX-ray14 films, once as it is, and once after
# training its head on films of other patients. The films are not shipped; the results are, in the model's *card*.

# %%
card = models.xray_model_card()
real, gain = card["real"], card["real"]["differences"]
parts = {
    "new phantoms": card["phantoms"],
    "real films, as shipped": real["before"],
    "real films, new head": real["head_fine_tuned"],
}
for name, part in {**parts, "age, sex and view, no film": real["age_sex_view_only"]}.items():
    mean = part["macro"]
    print(f"{name}: mean AUC {mean['auc']:.2f} ({mean['low']:.2f} to {mean['high']:.2f}), {mean['patients']} patients")
for name in ("head_fine_tuned minus before", "age_sex_view_only minus before"):
    print(f"{name}: {gain[name]['difference']:+.3f} ({gain[name]['low']:+.3f} to {gain[name]['high']:+.3f})")
    assert gain[name]["low"] < 0 < gain[name]["high"]
assert card["phantoms"]["macro"]["low"] > real["head_fine_tuned"]["macro"]["high"]
keys = ("auc", "low", "high")
rows = {name: [[part["findings"][f][key] for key in keys] for f in FINDINGS] for name, part in parts.items()}
title, xlabel = "Good on phantoms, little use on people", "AUC (95 % interval by patients)"
fig = plots_labs.dots_with_interval(FINDINGS, rows, title=title, xlabel=xlabel, reference=0.5)
plots.show(
    fig, alt="AUC per finding: high on phantoms, mostly between 0.5 and 0.7 on real films, with or without a new head."
)

# %% [markdown]
# This is **domain shift**: the labels have the same names, but the films come from another world. Phantoms are simpler than
# people, and the network learnt *their* way of showing disease. On real films it is, averaged over findings, no better than a model that knows age, sex and view
# and has never seen a film; a new head from a few hundred films may help a little, but the interval of the gain includes zero: these films cannot tell. The same
# happens, less crudely, between two hospitals (Zech, 2018). The lesson: **test where you want to use it**, and against a simple rival.
#
# ## 16. Split by patient
#
# ![Split by film, patients A, B and D stand on both sides; split by patient, nobody does.](figures/split_by_patient.svg)
#
# Why not deal the films out at random? Because two films of one patient share ribs, heart and disease, and a program
# that only *recognises people* then looks like a good doctor. Networks can: one tells very reliably whether two films of
# ChestX-ray14 are of the same person (Packhäuser, 2022). Imagine a **doorman** who knows every patient and no medicine. Shown a test film, he repeats how
# often this patient's training films had an effusion; for a stranger, he says the overall share.


# %%
def doorman(train, test):
    known = table.loc[train].groupby("patient")["Effusion"].mean()
    guess = table.loc[test, "patient"].map(known).fillna(table.loc[train, "Effusion"].mean())
    return evaluation.bootstrap_auc(table.loc[test, "Effusion"], guess, patient[test], 300, rng)


by_film = np.split(rng.permutation(len(table)), [len(table) * 2 // 3])
by_patient = [part.index for part in imbalance.split_by_patient(table, "patient", (2 / 3, 1 / 3), rng)]
for name, (train, test) in {"by film": by_film, "by patient": by_patient}.items():
    leak = imbalance.check_for_leakage(table.loc[train], table.loc[test], "patient")
    result = doorman(train, test)
    print(f"{name}: leakage {leak}; AUC of the doorman {result.auc:.2f} ({result.low:.2f} to {result.high:.2f})")
assert not leak and result.auc == 0.5
### BEGIN SOLUTION
### STUB: shared = ...  # how many patients stand on both sides of by_film? Use set(...) and &
shared = len(set(patient[by_film[0]]) & set(patient[by_film[1]]))
### END SOLUTION
practice.check("patients on both sides", shared, expected=np.intersect1d(patient[by_film[0]], patient[by_film[1]]).size)

# %% [markdown]
# Split by film, the doorman beats the coin without one look at a lung. Split by patient, he meets only strangers and is the coin. In the
# assignment you write the alarm (`check_for_leakage`) and the cure (`split_by_patient`).
#
# ## 17. Sample so that the rare class is there
#
# A random test set can miss a rare finding altogether. If a share $\pi$ of patients has it, $n$ patients contain none with
# probability $(1 - \pi)^n$. Suppose 1 of 500 patients has a hernia and you test 500: $0.998^{500} = 0.37$.
#
# So fill the **test** set first, with a minimum share of the rare class; then **validation**, with the same share; the rest is for
# **training**.

# %%
assert round(0.998**500, 2) == 0.37
has_nodule = table.groupby("patient")["Nodule"].max()
positives, negatives = has_nodule.index[has_nodule == 1], has_nodule.index[has_nodule == 0]
chosen = np.concatenate([rng.choice(positives, 15, replace=False), rng.choice(negatives, 15, replace=False)])
test = table[table["patient"].isin(chosen)]
rest = table[~table["patient"].isin(chosen)]
print(f"test: {test['patient'].nunique()} patients, {has_nodule[chosen].mean():.0%} with a nodule")
print(f"everybody: {has_nodule.mean():.0%} with a nodule")
assert has_nodule[chosen].mean() == 0.5 and not imbalance.check_for_leakage(test, rest, "patient")

# %% [markdown]
# Half of these test patients have a nodule, far more than in a ward. Sensitivity and specificity survive that if the patients are
# otherwise alike; the answer to "what does an alarm mean?" does not. Week 2 shows how to convert.
#
# ## 18. Decide what is true: vote
#
# Whom do we believe when radiologists disagree? The **ground truth**, or better *reference standard*, can be a **consensus**:
#
# ![Three readers vote mass, mass, no mass: the label is mass. Four readers vote two to two: no label.](figures/consensus.svg)
#
# By hand, for one film and votes yes, yes, no: the majority says yes, and one of the three pairs of readers agrees, 0.33.

# %%
votes = np.array([[1, 0, 1, 1], [1, 0, 0, 1], [0, 0, 0, 1]])[:, :, None]  # 3 readers, 4 films, 1 finding
result = imbalance.consensus_label(votes)
print("labels:", result.label.ravel(), "| agreement:", result.agreement.round(2))
assert np.isclose(result.agreement[0], (1 / 3 + 1 + 1 / 3 + 1) / 4)
### BEGIN SOLUTION
### STUB: by_hand = ...  # the four labels, as a list of 0 and 1, before you look at the output
by_hand = [1, 0, 0, 1]
### END SOLUTION
practice.check("majority labels", by_hand, expected=result.label.ravel().astype(int).tolist())

# %% [markdown]
# Votes reproduce better than one reader, and discussion among readers better still for some findings (Duggan, 2021). ChestX-ray14 had neither: a program read
# its labels out of reports, and a radiologist who looked again disagreed with many (Oakden-Rayner, 2020).
#
# ## 19. Ask a better test
#
# Three readers can agree and be wrong together. A second, more definitive test decides: CT for the chest, biopsy for the skin,
# another scan of the retina for the eye. Then the *readers* are tested too. In 3,423 emergency patients who had both (Self, 2013),
# CT showed lung opacities in 191; the plain film showed them in 309, of whom 83 were among the 191.

# %%
for name, hits, total in (("sensitivity", 83, 191), ("positive predictive value", 83, 309)):
    low, high = binomtest(hits, total).proportion_ci(method="exact")
    print(f"{name} of the film: {hits / total:.1%} (95 % interval {low:.1%} to {high:.1%})")
assert 191 - 83 == 108 and round(83 / 191, 3) == 0.435  # published: 43.5 % and 26.9 %, from which the 83 follow
### BEGIN SOLUTION
### STUB: specificity = ...  # of the patients without opacities on CT, the share with a clear film
specificity = 1 - (309 - 83) / (3423 - 191)
### END SOLUTION
practice.check(
    "specificity of the film", specificity, expected=0.93, tol=0.001, hint="3423 - 191 patients had a clear CT."
)

# %% [markdown]
# The film missed 108 of 191: a label "no opacity" taken from films would have been wrong for all of them. But only patients
# whose doctors ordered both tests are counted here, the sicker or more puzzling ones; choosing whom to verify biases what you find.
#
# ## 20. Know how the grader works
#
# ![Your answers go as text to the grader, which runs visible and hidden checks elsewhere and returns points with reasons.](figures/grading.svg)
#
# Each exercise of `assignment.ipynb` has two cells: an **answer cell** that you fill, and a read-only **check cell** with
# *visible* checks that you can run as often as you like. To hand in, save, open a terminal in JupyterLab (File → New → Terminal) and type
# `medlabs submit assignment.ipynb`. A little later you have points and a reason for each exercise. Try again as often as you want.
#
# *Hidden* checks ask for the same thing with other inputs. They are there for answers like this one:


# %%
def hard_coded(labels):
    return 0.25


def real_answer(labels):
    return float(np.mean(labels))


for answer in (hard_coded, real_answer):
    visible, hidden = answer([1, 0, 0, 0]) == 0.25, answer([1, 1, 0, 0]) == 0.5
    print(
        f"{answer.__name__}: visible check {'passed' if visible else 'failed'}, hidden {'passed' if hidden else 'failed'}"
    )
assert visible and hidden and hard_coded([1, 1, 0, 0]) != 0.5

# %% [markdown]
# An idea that is right passes both. What you print, how fast you type and which loop you like do not count.
#
# ## 21. Reset your workspace
#
# Something broken beyond repair? Rename or delete that notebook, close JupyterLab and start it again with `medlabs lab`
# (or `make lab`). It **puts back what is missing and never overwrites your work**; if a week was improved meanwhile, the new version of a
# notebook that you have changed lies beside yours as `.new.ipynb`. As sets:

# %%
released = {"lesson.ipynb", "lab1_explore_xrays.ipynb", "assignment.ipynb"}
mine = {"lesson.ipynb", "assignment-old.ipynb"}  # I renamed my assignment and deleted lab 1
### BEGIN SOLUTION
### STUB: put_back = ...  # the notebooks that come back when I start again
put_back = released - mine
### END SOLUTION
practice.check(
    "notebooks put back",
    put_back,
    expected={"lab1_explore_xrays.ipynb", "assignment.ipynb"},
    hint="What is released and not mine?",
)

# %% [markdown]
# `assignment-old.ipynb` stays as it is, beside a fresh `assignment.ipynb`.
#
# ---
#
# ## What to remember
#
# - **Measure and weigh.** Most findings are rare; the share of the other class as weight gives both an equal say.
# - **Split by patient.** Prove that no patient stands on both sides; the films of one patient belong together.
# - **Few films.** Let a densely connected network that has seen many films do the reading, and train the head first.
# - **Judge.** Report the AUC on test patients with an interval; look at heat maps of hits and misses; test where you want to use it.
# - **Reference.** Say who decided what is true, and how well the readers agreed.
#
# ## In practice
#
# - **Shortcuts.** Ill patients are filmed in bed (AP), so a network can score by recognising the bed, a marker or a hospital. Look at
#   subgroups by view, sex and age before you trust an average.
# - **Who is missing.** ChestX-ray14 comes from one research hospital in the United States and records neither ethnicity nor income.
#   Networks trained on such data miss disease more often in under-served groups (Seyyed-Kalantari, 2021).
# - **Scores are not probabilities** after weighting, resampling or a move to another ward. Calibrate, and check again there.
# - **Regulation.** Software meant to help diagnose is a medical device: in the European Union under Regulation 2017/745 (and the AI Act,
#   2024/1689), in the United States under the FDA. Nothing in this course may be used for a patient.
#
# ## Further reading
#
# - [Wang, 2017: ChestX-ray8](https://arxiv.org/abs/1705.02315): where the fourteen findings come from, and how labels were read from reports.
# - [Rajpurkar, 2017: CheXNet](https://arxiv.org/abs/1711.05225): a DenseNet-121 on those films, with the weighted loss of section 9 for pneumonia.
# - [Huang, 2017: DenseNet](https://arxiv.org/abs/1608.06993): why every layer should read all earlier ones.
# - [Zech, 2018](https://doi.org/10.1371/journal.pmed.1002683): a network that recognised the hospital; domain shift measured.
# - [Oakden-Rayner, 2020](https://doi.org/10.1016/j.acra.2019.10.006): what a radiologist saw when he checked the labels.
# - [Packhäuser, 2022](https://doi.org/10.1038/s41598-022-19045-3): films as fingerprints; also a warning about "anonymous" data.
# - [Duggan, 2021](https://pubmed.ncbi.nlm.nih.gov/34142868/): one reader, a vote or a discussion, compared.
# - [Self, 2013](https://doi.org/10.1016/j.ajem.2012.08.041): the film against CT, the numbers of section 19.
# - [Esteva, 2017](https://doi.org/10.1038/nature21056), [Gulshan, 2016](https://doi.org/10.1001/jama.2016.17216) and
#   [Ehteshami Bejnordi, 2017](https://doi.org/10.1001/jama.2017.14585): skin, eye and tissue, sections 3 and 4.
# - [Saerens, 2002](https://doi.org/10.1162/089976602753284446): the correction of section 10, derived.
# - [Hansell, 2008](https://doi.org/10.1148/radiol.2462070712): the radiologists' glossary, for every word you do not know.
# - [Seyyed-Kalantari, 2021](https://doi.org/10.1038/s41591-021-01595-0): who is missed, and how to look for it.
