# %% [markdown]
# # Interpret what a model has learnt
#
# ![A model that says 0.67, and four questions to it: what if a column were never measured, what if it were shuffled, who earned how much of this risk, which place of the film spoke.](figures/ask_a_model.svg)
#
# **What you will do.** You ask two models of earlier weeks, a forest that predicts deaths and a network that reads chest films, what they go by; and you test the answers.
#
# **What you will be able to do**
#
# - measure what a column is worth by shuffling it and by leaving it out, with an interval, and say why the two differ when columns are related;
# - divide one prediction among its features by Shapley values, and combine the shares of all patients;
# - draw a Grad-CAM heat map from the logits, the right way up, and score it against the true lesion;
# - test whether a heat map depends on what the network has learnt;
# - write the model card that a network should travel with, with a table by group.
#
# **What you need.** Just under two hours, no download; course 1 week 1 and course 2 week 2 help. Data: *real* people (the free light chain cohort of Olmsted County; Dispenzieri and others, 2012), a *made-up* table of blood pressures, and *synthetic*
# chest films drawn by the course. Which is which is said each time.

# %%
import numpy as np
import pandas as pd
import shap
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier

from labutils import datasets, interpretation, models, plots, plots_interpretation, plots_labs, practice
from labutils.datasets.flchain import FEATURES
from labutils.forests import cindex, cindex_interval
from labutils.models import keras

# %% [markdown]
# ## 1. Leave a column out
#
# What is a measurement worth? The plainest answer: train without it and see how much worse the model gets. That is **drop-column importance**:
#
# $$D_j = \text{score}(\text{all columns}) - \text{score}(\text{all but } j), \quad \text{each fitted again.}$$
#
# By hand: a forest with all columns has a C-index of 0.82, without age 0.71. Age is worth 0.82 − 0.71 = 0.11. If nothing changes without creatinine, it is worth 0: *to whoever has the other columns*.
#
# Our model is the mortality forest of course 2, week 2. Look first.

# %%
people = datasets.load_flchain()
people["died"] = datasets.died_within(people["years"], people["death"], 10)
known = people[people["died"].notna()].sample(frac=1, random_state=7).reset_index(drop=True)
print(
    f"{len(people)} people; died within ten years or known to have lived: {len(known)}, died {known['died'].mean():.1%}"
)
print(known[[*FEATURES]].describe().loc[["mean", "min", "max"]].round(2))
fit, test = known.iloc[:3000], known.iloc[3000:4500]
middle = fit["creatinine"].median()
X_fit, X_test = (part[[*FEATURES]].fillna({"creatinine": middle}) for part in (fit, test))
y_fit, y_test = (part["died"].to_numpy(dtype=int) for part in (fit, test))
assert (known.groupby("died").size() > 1000).all()

# %% [markdown]
# `kappa` and `lambda` are free light chains, pieces of antibodies in the blood (mg/dL). Now the forest, and the same recipe six times without one column. The intervals come from resampled test people, both forests on the same ones; they leave out the luck of training: with another seed or other
# training people the small differences would move, too.

# %%
recipe = RandomForestClassifier(50, max_depth=6, min_samples_leaf=10, random_state=0)
forest = clone(recipe).fit(X_fit, y_fit)
risk = forest.predict_proba(X_test)[:, 1]
left_out = {}
for name in FEATURES:
    rest = [other for other in FEATURES if other != name]
    scores = clone(recipe).fit(X_fit[rest], y_fit).predict_proba(X_test[rest])[:, 1]
    left_out[name] = cindex_interval(y_test, risk, scores, 300, 0)
    print(f"without {name:10s} loses {left_out[name][0]:+.3f} ({left_out[name][1]:+.3f} to {left_out[name][2]:+.3f})")
assert max(left_out, key=lambda name: left_out[name].difference) == "age"

# %% [markdown]
# Only age is clearly missed. Do the light chains not matter, then? Keep the question.
#
# The price of this measure: one training per column. And it is about the *recipe*, not about the forest that we have.
#
# ## 2. Shuffle a column
#
# To ask the fitted forest itself we cannot take a column away: it wants six. But we can make a column useless: shuffle its values among the people. **Permutation importance** (Breiman 2001):
#
# $$I_j = \text{score} - \text{mean score with column } j \text{ shuffled.}$$
#
# By hand: three patients, outcomes 1, 0, 0, and a model that repeats a column 1, 0, 0. All three are right. Shuffled, the 1 falls on the right patient in a third of the cases (3 of 3 right), else on a wrong one (1 of 3 right): 5/9 on average. Importance
# 1 − 5/9 = 0.44. Check it with many shuffles:

# %%
draw = np.random.default_rng(2)
right = [np.mean(draw.permutation([1, 0, 0]) == [1, 0, 0]) for _ in range(4000)]
print(f"mean share right after a shuffle: {np.mean(right):.3f}, so the importance is {1 - np.mean(right):.3f}")
assert abs(1 - np.mean(right) - 4 / 9) < 0.03

# %% [markdown]
# Always on people who took no part in the training: on its own training people a model also "needs" what it learnt by heart. And with an interval: which people happen to be in the test table matters more than which shuffle happened.

# %%
shuffled = interpretation.permutation_interval(X_test, y_test, forest, cindex, num_samples=10, n_boot=200)
fig = plots_labs.dots_with_interval(
    [*FEATURES],
    {"shuffled": shuffled.to_numpy(), "left out": [tuple(left_out[name]) for name in FEATURES]},
    title="Shuffled, kappa and lambda count; left out one by one, they do not",
    xlabel="loss of C-index with 95 % interval",
    reference=0,
)
plots.show(
    fig,
    alt="Loss of C-index, shuffled and left out: "
    + "; ".join(f"{n} {shuffled.loc[n, 'importance']:.3f} and {left_out[n].difference:.3f}" for n in FEATURES)
    + ".",
)
assert all(shuffled.loc[name, "importance"] > left_out[name].difference for name in ("kappa", "lambda"))

# %% [markdown]
# **Try it.** A model scores 0.80. With a column shuffled three times it scores 0.74, 0.78 and 0.76. What is the importance of the column?
#
# <details><summary>Hint</summary>The mean of the three, not the worst and not the best.</details>

# %%
### BEGIN SOLUTION
### STUB: importance = ...
importance = 0.80 - np.mean([0.74, 0.78, 0.76])
### END SOLUTION
practice.check("importance", importance, expected=0.04, tol=1e-9, hint="0.80 minus the mean of the three scores.")

# %% [markdown]
# ## 3. Handle related columns together
#
# Why did the two measures differ? Because columns are related. A *made-up* table shows it, for here we know the truth: 3,000 patients whose risk depends on the systolic pressure and age alone. The table also has the diastolic pressure, which goes along with the systolic one, and the
# pulse pressure, which *is* systolic − diastolic.

# %%
draw = np.random.default_rng(3)
systolic = draw.normal(135, 20, 3000)
diastolic = 0.45 * systolic + draw.normal(20, 7, 3000)
made_up = pd.DataFrame({"age": draw.normal(60, 10, 3000), "systolic": systolic, "diastolic": diastolic})
made_up["pulse"] = made_up["systolic"] - made_up["diastolic"]
logit = 0.05 * (made_up["systolic"] - 135) + 0.05 * (made_up["age"] - 60)
event = (draw.random(3000) < 1 / (1 + np.exp(-logit))).astype(int)
trees = RandomForestClassifier(100, min_samples_leaf=20, random_state=0).fit(made_up[:1500], event[:1500])
print(made_up.corr().round(2))
assert made_up["systolic"].corr(made_up["pulse"]) > 0.8

# %% [markdown]
# Three ways to ask, on the second half of the patients: each column alone, left out, and the three pressures shuffled *together*, so that each patient gets the three of another one.

# %%
late, outcome = made_up[1500:], event[1500:]
pressures = ["systolic", "diastolic", "pulse"]
groups = {name: [name] for name in made_up} | {"all three": pressures}
worth = interpretation.permutation_interval(late, outcome, trees, cindex, groups=groups, num_samples=5, n_boot=200)
dropped = interpretation.drop_column_importance(trees, made_up[:1500], event[:1500], late, outcome, cindex)
print(worth.round(3))
print("left out:", dropped.loc["importance"].round(3).to_dict())
assert (
    worth.loc["all three", "importance"]
    > worth.loc[pressures, "importance"].sum()
    > dropped[pressures].sum(axis=1).item()
)

# %% [markdown]
# Left out one by one, no pressure is missed: the other two say the same. Shuffled alone, the systolic one is worth much and the others little. Together they are worth more than the sum of the parts. All answers are right, to different questions. And shuffled alone, the table is full of patients whose pulse
# pressure contradicts the other two: the model is asked about people who cannot exist (Hooker, Mentch and Zhou, 2021, warn of just this). So **group what belongs together**. The light chains of unit 1, both left out:

# %%
impossible = interpretation.permute_feature(late, "systolic", rng=0)
off = (impossible["systolic"] - impossible["diastolic"] - impossible["pulse"]).abs() > 0.5
together = interpretation.permute_group(late, pressures, rng=0)
still_off = (together["systolic"] - together["diastolic"] - together["pulse"]).abs() > 0.5
print(
    f"patients who cannot exist: {off.mean():.0%} after one column is shuffled, {still_off.mean():.0%} after the group is"
)
both_out = [name for name in FEATURES if name not in ("kappa", "lambda")]
scores = clone(recipe).fit(X_fit[both_out], y_fit).predict_proba(X_test[both_out])[:, 1]
lost = cindex_interval(y_test, risk, scores, 300, 0)
print(f"without both light chains the forest loses {lost[0]:+.3f} ({lost[1]:+.3f} to {lost[2]:+.3f})")
assert off.mean() > 0.9 and still_off.sum() == 0

# %% [markdown]
# Even both together are hardly missed: the interval holds 0. A new forest does about as well without them; this one leans on them because they were there.
#
# ## 4. Ask about one patient
#
# All this was about everybody. A patient asks about herself: why is *my* risk so high? A first idea: replace one of her values by an average one, and see what happens to her risk. That is an **individual importance**.

# %%
one = X_test.iloc[int(np.argsort(risk)[len(risk) * 9 // 10])]
average = X_fit.median()
game = interpretation.prediction_game(forest, one, average.to_frame().T)
everything, nothing = game(frozenset(FEATURES)), game(frozenset())
alone = {name: everything - game(frozenset(FEATURES) - {name}) for name in FEATURES}
first = {name: game(frozenset({name})) - nothing for name in FEATURES}
print(one.round(2).to_dict(), f"risk {everything:.3f}; a person with all medians: {nothing:.3f}")
print("replaced by the median, falls by:", {name: round(value, 3) for name, value in alone.items()})
print("put into the median person, adds:", {name: round(value, 3) for name, value in first.items()})
difference = everything - nothing
assert abs(sum(alone.values()) - difference) > 0.01 and abs(sum(first.values()) - difference) > 0.01

# %% [markdown]
# Two reasonable ways, two answers, and neither sums to the difference that is to be explained: in a forest the effect of one value depends on the others. Who is asked first, or last, gets another share.
#
# ## 5. Divide fairly: Shapley values
#
# Which order is fair? None, so take the average over **all** orders. By hand: L has a left glove, R1 and R2 a right one each; a pair sells for 1.
#
# ![The six orders of arrival of L, R1 and R2. L adds 0 when it comes first, and 1 in the four other orders: 4/6 on average.](figures/orders_of_arrival.svg)
#
# Shapley (1953) showed that only this rule meets four demands: the shares sum to the whole (*efficiency*), equals get equal shares (*symmetry*), who adds nothing gets nothing (*dummy*), and the shares of two games add up (*additivity*). As a sum over coalitions S of the
# others:
#
# $$\phi_i = \sum_{S} \frac{|S|!\,(n-|S|-1)!}{n!}\,[v(S \cup \{i\}) - v(S)].$$
#
# **Try it.** What does R1 get?
#
# <details><summary>Hint</summary>R1 adds 1 only when L is there and R2 is not: in one order of six. Or: what is left of 1, shared by two equals.</details>

# %%
### BEGIN SOLUTION
### STUB: share_of_r1 = ...
share_of_r1 = 1 / 6
### END SOLUTION
gloves = interpretation.shapley_values(lambda who: float("L" in who and len(who) > 1), ["L", "R1", "R2"])
practice.check("the share of R1", share_of_r1, expected=gloves["R1"], hint="(1 − 4/6) / 2.")

# %% [markdown]
# For a prediction the players are the features. A coalition S means: the features in S have the patient's values, the others those of *other people* (the background), averaged. So v(nobody) is the average risk, v(all) hers. Six features have 2⁶ = 64 coalitions: exact values take a moment.

# %%
background = X_fit.iloc[:50]
game = interpretation.prediction_game(forest, one, background)
shares = interpretation.shapley_values(game, [*FEATURES])
base, own = game(frozenset()), game(frozenset(FEATURES))
assert abs(base + sum(shares.values()) - own) < 1e-9, "efficiency: the shares sum to the difference"
top = max(shares, key=lambda name: abs(shares[name]))
fig = plots_interpretation.contributions(
    [f"{name} = {one[name]:g}" for name in FEATURES],
    list(shares.values()),
    base,
    title=f"From {base:.2f} on average to {own:.2f}: mostly {top}",
    xlabel="predicted risk of death within ten years",
)
plots.show(
    fig,
    alt=f"Steps from {base:.2f} to {own:.2f}: "
    + ", ".join(f"{name} {value:+.3f}" for name, value in shares.items())
    + ".",
)

# %% [markdown]
# Orange steps raise the risk, hatched blue ones lower it, and at the end stands the prediction. Mind the words: "kappa adds 0.1" means that, over all orders in which her values may be told to *this forest*, hearing her kappa raises what it says by 0.1 on average. It is no cause, and no promise that treating kappa helps.
#
# Does the shap library agree? For trees it has a fast way (TreeSHAP; Lundberg and others, 2020).

# %%
library = shap.TreeExplainer(forest, data=background, feature_perturbation="interventional")(one.to_frame().T)
off = np.abs(library.values[0, :, 1] - np.array(list(shares.values()))).max()
print(f"largest difference between 64 coalitions and the fast way: {off:.5f}")
assert off < 0.001

# %% [markdown]
# The tiny rest comes from values that lie exactly on a fork of a tree, which the two round differently.
#
# ## 6. Combine importances
#
# From here on shap gets no background people: it takes its averages along the paths of the trees, over the training people, so numbers differ a little from those of unit 5. Shares of one person can be *combined*: they are in the same unit, so shares of several features add up to the share of a group, which no ranking of separate columns allows. By hand: kappa +0.05 and lambda −0.02 make +0.03 for the light chains. And over people: the mean of the *sizes* |φ| is one more importance of a column. (The mean of
# the φ themselves is near 0: what raises some lowers others.)

# %%
explained = shap.TreeExplainer(forest)(X_test.iloc[:300])[:, :, 1]
values = pd.DataFrame(explained.values, columns=FEATURES)
sizes = values.abs()
draws = np.random.default_rng(6).integers(300, size=(500, 300))
low, high = np.quantile([sizes.to_numpy()[rows].mean(axis=0) for rows in draws], [0.025, 0.975], axis=0)
combined = pd.DataFrame({"mean |SHAP|": sizes.mean(), "low": low, "high": high}).round(3)
print(combined.assign(shuffled=shuffled["importance"].round(3)))
chains = values["kappa"] + values["lambda"]
print(f"both light chains as a group: mean size {chains.abs().mean():.3f}; mean with sign {chains.mean():+.3f}")
assert sizes.mean().idxmax() == shuffled["importance"].idxmax() == "age" and abs(chains.mean()) < chains.abs().mean()

# %% [markdown]
# The two columns of numbers are not in one unit: the first is a change of *risk*, the second a loss of *C-index*. A feature can move predictions a lot and rank nobody better. Say which one you report.
#
# ## 7. See all patients at once: Shapley values of 300 people
#
# One dot per person and feature: where a dot lies is what the feature did to this person's risk; its colour says whether the value was high.

# %%
fig = plots_interpretation.shap_summary(
    explained,
    title="Age moves the risk most; a high age and a high kappa push it up",
    xlabel="SHAP value (change of the predicted ten-year risk)",
)
rises = {name: np.corrcoef(explained[:, name].data, explained[:, name].values)[0, 1] for name in ("age", "kappa")}
plots.show(
    fig,
    alt="SHAP values of 300 people by feature; mean sizes: "
    + ", ".join(f"{name} {size:.3f}" for name, size in sizes.mean().items())
    + ".",
)
assert rises["age"] > 0.7 and rises["kappa"] > 0.5

# %% [markdown]
# Take one feature out of it: share against value, coloured by a second feature. A bend is a threshold. Dots at different heights over one value mean that other features play in; where the colours are sorted by height, it is an interaction with the second feature.

# %%
fig = plots_interpretation.shap_dependence(
    explained,
    "age",
    colour="kappa",
    title="Age lowers the risk of the younger and raises that of the old",
    xlabel="age (years)",
    ylabel="SHAP value of age (change of the risk)",
)
years, share = explained[:, "age"].data, explained[:, "age"].values
young, old = share[years < 65].mean(), share[years >= 75].mean()
plots.show(fig, alt=f"SHAP value of age against age: {young:.2f} on average below 65, {old:.2f} from 75 on.")
assert young < 0 < old

# %% [markdown]
# ## 8. Look into a network
#
# Films have no columns. But inside a convolutional network there is something like them: **maps**. Each filter of a layer makes a coarse picture of the film: bright where it found its pattern. The network of course 1, week 1 reads *synthetic* films, with an outline of every lesion. What do its last maps look like?

# %%
films = datasets.make_phantoms(90, rng=33_007, size=128, prevalence_scale=3.0)
table, findings = films.table, list(datasets.FINDINGS)
network = interpretation.logit_model(models.load_xray_model())
x = models.prepare_films(films.images)
heart_rows = table[table["Cardiomegaly"] == 1].drop_duplicates("patient").index
category = findings.index("Cardiomegaly")
row = heart_rows[int(np.argmax(network.predict(x[heart_rows], verbose=0)[:, category]))]
maps = keras.Model(network.inputs[0], network.get_layer("features").output)(x[row][None]).numpy()[0]
print(
    f"film {x[row].shape}, maps {maps.shape}: one place of a map answers for {64 // maps.shape[0]} x {64 // maps.shape[1]} pixels"
)
shown = np.flatnonzero(maps.max(axis=(0, 1)) > 0)[::15][:9]
assert maps.min() >= 0, "these maps come after the last activation, a ReLU"

# %% [markdown]
# Nine of them, beside the film:

# %%
fig = plots_interpretation.map_grid(films.images[row], [maps[:, :, k] for k in shown], [f"map {k}" for k in shown])
plots.show(fig, alt=f"A synthetic film with a large heart and nine of the {maps.shape[2]} maps, 8 by 8 places each.")

# %% [markdown]
# No map is "the heart". The network thinks in combinations. Which ones speak for a large heart?
#
# ## 9. Locate what speaks for a category
#
# ![Film, layers, maps, logit; from the logit a gradient goes back to the maps, its mean over each map is a weight; the weighted sum of the maps without negative parts is the heat map.](figures/grad_cam_steps.svg)
#
# **Grad-CAM** (Selvaraju and others, 2017): weigh each map by how much the category's score would rise if the map rose, which is its gradient, averaged over the map. By hand, two maps of 1 × 2 places, A₁ = (2, 0), A₂ = (0, 1), weights 0.5 and −1: the sum is (1, −1); without what is negative (1, 0). The left place speaks for the category.
#
# In this network the logit is a weighted mean of the maps, so the gradient can be checked against the last layer's own weights:

# %%
import tensorflow as tf  # here, because only this unit needs the tape

probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
film = tf.constant(x[row][None])
with tf.GradientTape() as tape:
    tape.watch(film)
    last, logits = probe(film, training=False)
    score = logits[0, category]
alpha = tf.reduce_mean(tape.gradient(score, last), axis=(0, 1, 2)).numpy()
kernel = network.layers[-1].get_weights()[0][:, category]
assert np.allclose(alpha, kernel / (8 * 8), atol=1e-6), "a mean over 8 x 8 places passes 1/64 of the weight to each"
print(f"{(alpha > 0).sum()} of {len(alpha)} maps speak for a large heart, {(alpha < 0).sum()} against it")

# %% [markdown]
# Then the sum, the cut at 0, and the stretch to the size of the film.

# %%
coarse = np.maximum(np.einsum("hwk,k->hw", maps, alpha), 0)
heat = interpretation.grad_cam(network, x[row], category, "features")
assert np.unravel_index(coarse.argmax(), coarse.shape) == tuple(
    p // 8 for p in np.unravel_index(heat.argmax(), heat.shape)
)
fig = plots.heat_overlay(
    [films.images[row]] * 2,
    [np.kron(coarse / coarse.max(), np.ones((16, 16))), heat],
    ["8 x 8 places", "stretched to the film"],
    masks=[films.masks[row, "Cardiomegaly"]] * 2,
    columns=2,
    size=3.0,
)
inside = heat[films.masks[row, "Cardiomegaly"][::2, ::2]].mean()
plots.show(
    fig,
    alt=f"Heat map over a film with a large heart; mean heat {inside:.2f} inside the true outline, {heat.mean():.2f} over the film.",
)
assert inside > heat.mean()

# %% [markdown]
# Two things that go wrong often. **Logits**: behind a sigmoid the gradient carries the factor p(1 − p), which vanishes when the network is sure. How much is lost?

# %%
with tf.GradientTape() as tape:
    tape.watch(film)
    last, logits = probe(film, training=False)
    p = tf.sigmoid(logits)[0, category]
ratio = tf.norm(tape.gradient(p, last)).numpy() / np.linalg.norm(np.broadcast_to(kernel / 64, (8, 8, len(kernel))))
print(
    f"score {float(p):.5f}: behind the sigmoid {ratio:.5f} of the gradient is left; p(1 - p) = {float(p * (1 - p)):.5f}"
)
assert abs(ratio - float(p * (1 - p))) < 1e-3

# %% [markdown]
# For a softmax it is worse: there the other categories come in. And **direction**: row 0 of an image is its top. A map that is upside down still looks smooth and sure of itself; only a test with a known spot shows it (exercise 5).
#
# ## 10. Test heat maps before you believe them
#
# A heat map is an estimate, so compare it with the truth. The films are drawn, so we have the lesions. The **pointing game**: does the brightest place lie on the lesion? And beside it chance: blind pointing hits as often as the lesion is large. (A low bar for what always lies in the same place: one fixed spot left of the middle would hit most large hearts without looking at the film. So ask a second time with maps of *other* patients.) One film per patient, all findings with eight patients or more:

# %%
names = [name for name in findings if table[table[name] == 1]["patient"].nunique() >= 8]
cases = [(name, r) for name in names for r in table[table[name] == 1].drop_duplicates("patient").index]
rows, columns = [r for _, r in cases], [findings.index(name) for name, _ in cases]
heats = interpretation.grad_cams(network, x[rows], columns, "features")
masks = np.stack([films.masks[r, name] for name, r in cases])
located = interpretation.localisation_table(heats, masks, [name for name, _ in cases], table.loc[rows, "patient"])
print(located[["films", "hits", "hit_low", "hit_high", "chance", "overlap"]].round(2))
upside_down = interpretation.pointing_hits(heats[:, ::-1], masks).mean()
print(
    f"all findings: {interpretation.pointing_hits(heats, masks).mean():.2f} hit; with the maps upside down {upside_down:.2f}"
)
assert (
    located.loc["Cardiomegaly", "hit"] > located.loc["Nodule", "hit"]
    and located.loc["Cardiomegaly", "hit_low"] > located.loc["Cardiomegaly", "chance"]
)

# %% [markdown]
# Now lay on each film the map of the *next* patient with the same finding. What is hit then is hit without looking at the film.

# %%
owners = np.array([name for name, _ in cases])
borrowed = np.concatenate([np.roll(heats[owners == name], 1, axis=0) for name in names])
others = interpretation.localisation_table(borrowed, masks, owners, table.loc[rows, "patient"])
print(located[["films", "hits"]].join(others[["hits", "hit_low", "hit_high"]].add_prefix("another's ")).round(2))

# %% [markdown]
# Large things are hit, small ones missed, and every interval is wide. Compare the two columns of hits: where another's map hits nearly as often, as for a large heart, a hit says where such hearts lie and little about this film. A miss does not mean that the network was wrong, and a hit not that it reasons like a radiologist.
#
# Second test, without any truth: **draw the weights anew** (Adebayo and others, 2018), layer by layer from the output, and compare the maps by the rank correlation of their pixels. A map that stays as it was shows the film and not the network. By hand: maps (0, 0.5, 1, 0.2) and (1, 0.4, 0, 0.7) have exactly reversed
# ranks: −1.

# %%
hearts = x[heart_rows[:10]]
wiped = interpretation.redraw_cascade(network, hearts, category, steps=5, draws=3, rng=5)
print(wiped.drop(columns="down_to").round(2))
fig = plots_interpretation.cascade(wiped, title="Wipe out what was learnt, and the maps go with it")
plots.show(
    fig,
    alt="Rank correlation with the trained network's maps by the number of layers drawn anew: "
    + ", ".join(f"{r.layers}: {r.similarity:.2f}" for r in wiped.itertuples())
    + "; 1 for none.",
)
assert wiped["similarity"].max() < 0.8 and wiped["high"].iloc[-1] < 0.4

# %% [markdown]
# Without the last layer little of the likeness is left, and with every layer drawn anew none. Good: these maps are about the network. (The intervals are about films; each step has three random networks only. Maps that are the same everywhere have no ranks and are left out; the table counts them as blank.)
#
# **Try it.** A colleague's saliency method gives maps with a rank correlation of 0.97 before and after all weights are drawn anew. What do her maps show: `"the network"` or `"the film"`?
#
# <details><summary>Hint</summary>What is the same before and after?</details>

# %%
### BEGIN SOLUTION
### STUB: they_show = ...
they_show = "the film"
### END SOLUTION
practice.check("her maps show", they_show, expected="the film", hint="Nothing of what was learnt is left after.")

# %% [markdown]
# ## 11. Give thanks, and hand over a card
#
# A model is made of other people's work. This week's numbers rest on: the residents of Olmsted County and the authors of the free light chain study (Dispenzieri and others, 2012), whose table comes with scikit-survival; the NIH Clinical Center and Wang and others (CVPR 2017), after whose frequencies our phantoms are drawn; the authors of the methods, named in
# each unit; and those who write scikit-learn, shap, Keras, TensorFlow, pandas, NumPy, SciPy, Matplotlib and scikit-survival and give them away. The people in the tables were asked for their blood, not for our course: use their data with care.
#
# And a model is handed on. The **model card** (Mitchell and others, 2019) says what it is, what it is for and not for, the data, numbers with intervals, groups, limits. The network's own card, of synthetic and real films that it was not trained on, says for example:

# %%
card = models.xray_model_card()
tested = card["phantoms"]
print(f"{tested['about']['films']} synthetic films of {tested['about']['patients']} patients, from another seed")
print(f"mean AUC of {tested['macro']['findings']} findings: {tested['macro']['auc']:.2f}", end=" ")
print(f"({tested['macro']['low']:.2f} to {tested['macro']['high']:.2f})")
for group, found in tested["groups"].items():
    print(f"  {group}: {found['films']} films, {found['findings']} findings, {found['auc']:.2f}", end=" ")
    print(f"({found['low']:.2f} to {found['high']:.2f})")
real = card["real"]["before"]["macro"]
print(f"on real films, as shipped: {real['auc']:.2f} ({real['low']:.2f} to {real['high']:.2f})")
assert real["auc"] < tested["macro"]["low"], "drawings are not patients"

# %% [markdown]
# A group's mean counts only findings with ten positive films or more in it. Hernia, the weakest, drops out of most groups, so they can all lie above the total. The last line is the one that matters most, and the one that is most often missing. In the assignment you write such a card from your own numbers.
#
# ## What to remember
#
# - Shuffling asks what this model needs, leaving out what a new one could do without; related columns must be asked as a group, or nobody seems to matter and the table fills with patients who cannot exist.
# - Shapley values are the average over all orders; they sum to the prediction minus the average, and combine over features and over patients.
# - Grad-CAM: mean gradient of the logit as the weight of each map, cut at 0, right way up; beside the map the lesion, chance and an interval.
# - Draw the weights anew: a map that stays shows the film.
# - A model travels with a card: use, data, numbers with intervals, groups, limits, thanks.
#
# ## In practice
#
# An explanation can be convincing and wrong, and explanations of single predictions are no replacement for tests of the whole (Ghassemi and others, 2021). None of these methods shows causes. Shares depend on the background people: explain against whom. All real people of this lesson are 50 and older and lived in one county; its films are drawings. For anybody else these
# explanations have not been tested. With your own copy of NHANES I (`labutils.datasets.load_nhanes`) or of the NIH films with boxes (`load_nih`, and boxes drawn by hand) the same functions run unchanged.
#
# ## Further reading
#
# - [Breiman, 2001](https://doi.org/10.1023/A:1010933404324): the paper on forests that also proposed to shuffle columns.
# - [Hooker, Mentch and Zhou, 2021](https://doi.org/10.1007/s11222-021-10057-z): why shuffling one of several related columns misleads.
# - [Lundberg and others, 2020](https://doi.org/10.1038/s42256-019-0138-9): Shapley values for trees, with NHANES I as an example.
# - [Selvaraju and others, 2017](https://arxiv.org/abs/1610.02391): Grad-CAM, with its tests on people.
# - [Adebayo and others, 2018](https://arxiv.org/abs/1810.03292): which heat maps survive random weights, and why that is bad news.
# - [Ghassemi, Oakden-Rayner and Beam, 2021](https://doi.org/10.1016/S2589-7500(21)00208-9): why explanations of single predictions promise too much in medicine.
# - [Mitchell and others, 2019](https://arxiv.org/abs/1810.03993): the form of a model card, with two worked examples.
