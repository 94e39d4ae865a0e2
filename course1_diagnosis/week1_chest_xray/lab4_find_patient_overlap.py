# %% [markdown]
# # Find patient overlap, and mend it
#
# You will find patients who stand on both sides of a split, compute how many to expect, split by patient instead, and measure what the overlap does to a
# score. **About 20 minutes**, with four steps to try yourself.
#
# All films are phantoms, drawn from a seed; a phantom patient has the same body on every film, as a real one does.

# %%
import numpy as np
from sklearn.neighbors import NearestNeighbors

from labutils import imbalance, plots, plots_labs, practice
from labutils.datasets import draw_labels, load_nih, make_phantoms, registry
from labutils.evaluation import bootstrap_auc

# %% [markdown]
# ## 1. Look for patients on both sides
#
# Somebody shuffled the *rows* of a table and gave 80 % to training, 20 % to testing. No film is in both. Is all well?

# %%
table = draw_labels(1000, rng=np.random.default_rng(4))
shuffled = table.sample(frac=1, random_state=0)
cut = int(0.8 * len(table))
train, test = shuffled.iloc[:cut], shuffled.iloc[cut:]
assert set(train["image"]).isdisjoint(test["image"]), "no film should be in both"
print(len(train), "training films of", train["patient"].nunique(), "patients")
print(len(test), "test films of", test["patient"].nunique(), "patients")

# %% [markdown]
# The numbers of patients add up to more than 1000, which gives it away. **Sets** find who is in both: `{1, 1, 2} & {2, 3}` is `{2}`.
#
# **Try it.** Collect the patients who are in both tables.
#
# <details><summary>Hint 1: direction</summary>Make a set of each <code>patient</code> column, then intersect with <code>&amp;</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>set(train["patient"]) &amp; set(test["patient"])</code></details>

# %%
### BEGIN SOLUTION
### STUB: in_both = ...  # a set of patient numbers
in_both = set(train["patient"]) & set(test["patient"])
### END SOLUTION
count = len(in_both) if isinstance(in_both, set) else ...
expected = train["patient"].nunique() + test["patient"].nunique() - table["patient"].nunique()
practice.check("number of patients in both", count, expected=expected, hint="Count patients, not films: use sets.")

# %% [markdown]
# Who are they? A **merge** of the two tables shows which film of a patient is where. Each line below is one pair of films of the same person, one of which the
# model may learn from while the other one judges it.

# %%
pairs = train.merge(test, on="patient", suffixes=("_train", "_test"))
leaked = test["patient"].isin(train["patient"])
print(f"{leaked.sum()} of {len(test)} test films ({leaked.mean():.0%}) show a patient who is also in training")
pairs[["patient", "image_train", "view_train", "image_test", "view_test"]].head()

# %% [markdown]
# ## 2. Compute how many to expect
#
# A patient with *k* films, each of which goes to training with chance *f*: all to training with chance f^k, all to testing with (1 − f)^k, and otherwise to both:
#
# $$P(\text{both}) = 1 - f^k - (1 - f)^k$$
#
# By hand, k = 2 and f = 0.8: 1 − 0.64 − 0.04 = 0.32.
#
# **Try it.** And a patient with 5 films?
#
# <details><summary>Hint 1: direction</summary>Put k = 5 in; the power sign is <code>**</code>.</details>
# <details><summary>Hint 2: nearly the line</summary><code>1 - 0.8**5 - 0.2**5</code></details>

# %%
### BEGIN SOLUTION
### STUB: chance_of_5 = ...  # between 0 and 1
chance_of_5 = 1 - 0.8**5 - 0.2**5
### END SOLUTION
practice.check("chance that a patient with 5 films is in both", chance_of_5, expected=0.672, hint="Mind the powers.")

# %% [markdown]
# Does the formula hold? We split 300 times at random and count, for each number of films.

# %%
rng = np.random.default_rng(5)
owner = table["patient"].to_numpy()
films_of = np.bincount(owner)
both = np.zeros(len(films_of))
for _ in range(300):
    to_train = rng.permutation(len(table)) < cut
    both += (np.bincount(owner, to_train) > 0) & (np.bincount(owner, ~to_train) > 0)
kinds = np.arange(1, films_of.max() + 1)
simulated = np.array([both[films_of == k].mean() / 300 if (films_of == k).any() else np.nan for k in kinds])
formula = 1 - 0.8**kinds - 0.2**kinds
assert np.nanmax(abs(simulated - formula)) < 0.05, "simulation and formula should agree"

# %% [markdown]
# The picture of it:

# %%
fig, axis = plots.new_figure(6.5, 3.6)
axis.plot(kinds, 100 * formula, "-", label="formula")
axis.plot(kinds, 100 * simulated, "o", label="mean of 300 splits")
axis.set(xlabel="films of the patient (number)", ylabel="chance to be on both sides (%)", ylim=(0, 100))
axis.set_title(f"A patient with {kinds[-1]} films is in both {100 * formula[-1]:.0f} % of the time", fontsize=11)
axis.legend(fontsize=8)
plots.show(fig, alt="The chance to be on both sides rises from 0 with one film to over 90 percent with twelve.")

# %% [markdown]
# The share of *test films* that are spoilt is larger than the share of patients, because those who are in both own many films: a test film of a patient with k films is
# spoilt with chance 1 − (1 − f)^(k−1). For the real collection we can compute it too, if you have its label table on disk
# (`medlabs data use nih_chestxray14 FOLDER`); otherwise the embedded phantoms speak.

# %%
folder = registry.find("nih_chestxray14")
source = (
    "phantoms (the embedded default is used: no NIH films on this machine)" if folder is None else "NIH ChestX-ray14"
)
counted = (table if folder is None else load_nih(folder, require_files=False)).groupby("patient").size().to_numpy()
spoilt = (counted * (1 - 0.2 ** (counted - 1))).sum() / counted.sum()
print(f"{source}: {counted.sum()} films of {len(counted)} patients, up to {counted.max()} films each")
print(
    f"expected in a row-wise 80/20 split: {(1 - 0.8**counted - 0.2**counted).mean():.0%} of patients in both,", end=" "
)
print(f"{spoilt:.0%} of test films spoilt")
if folder is None:
    assert abs(spoilt - leaked.mean()) < 0.06, "the split above should be near what is expected"

# %% [markdown]
# ## 3. Split by patient
#
# The repair: share out *patients*, and let their films follow.
#
# **Try it.** Take the films of the patients in `chosen` for training, and all others for testing.
#
# <details><summary>Hint 1: direction</summary><code>.isin(chosen)</code> marks the films of those patients; <code>~</code> turns the marks round.</details>
# <details><summary>Hint 2: nearly the line</summary><code>here = table["patient"].isin(chosen)</code>, then <code>(table[here], table[~here])</code></details>

# %%
patients = table["patient"].unique()
chosen = np.random.default_rng(6).permutation(patients)[: int(0.8 * len(patients))]
### BEGIN SOLUTION
### STUB: halves = ...  # a pair of tables: (training, testing)
here = table["patient"].isin(chosen)
halves = (table[here], table[~here])
### END SOLUTION
got = ... if halves is ... else (imbalance.check_for_leakage(*halves, "patient"), sum(map(len, halves)))
practice.check("(leak?, films in all)", got, expected=(False, len(table)), hint="Every film once, no patient twice.")

# %% [markdown]
# Both answers must be *no leak* and *every film kept*. Such a check costs one line; keep it in every project.
#
# ## 4. Measure what overlap does to a score
#
# Take a model that is good at one thing, recognising pictures: **nearest neighbours**. For a test film it looks up the three training films that are most
# alike, pixel by pixel, and repeats their labels. If the patient is among them, it repeats that patient's own labels: no medicine needed.

# %%
films = make_phantoms(450, rng=np.random.default_rng(8), size=32, prevalence_scale=2.0)
owner = films.table["patient"].to_numpy()
x = films.images.reshape(len(owner), -1).astype(float)
x = (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


def nearest(to_train, k=3):
    index = NearestNeighbors(n_neighbors=k).fit(x[to_train])
    distance, place = index.kneighbors(x[~to_train])
    return distance, np.flatnonzero(to_train)[place]


by_row = np.random.default_rng(9).random(len(owner)) < 0.8
distance, near = nearest(by_row)
owner_test, owner_nearest = owner[~by_row], owner[near[:, 0]]
print(len(owner_test), "test films; for each we know its owner and the owner of the nearest training film")

# %% [markdown]
# **Try it.** For which share of the test films is the nearest training film one of the *same* patient?
#
# <details><summary>Hint 1: direction</summary>Compare the two arrays of owners, film by film.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(owner_nearest == owner_test).mean()</code></details>

# %%
### BEGIN SOLUTION
### STUB: recognised = ...  # between 0 and 1
recognised = (owner_nearest == owner_test).mean()
### END SOLUTION
same = np.flatnonzero(np.equal(owner_nearest, owner_test))
practice.check("share recognised", recognised, expected=len(same) / len(owner_test), hint="Divide by all test films.")
print(f"by chance it would be about {np.mean(np.bincount(owner, by_row)[owner_test]) / by_row.sum():.1%}")

# %% [markdown]
# Look at four of them: test films above, the training film that the model found below.

# %%
_, firsts = np.unique(owner_test[same], return_index=True)  # one film of each patient
shown = same[firsts[:4]]
tests, found = np.flatnonzero(~by_row)[shown], near[shown, 0]
titles = [f"test: patient {owner[row]}" for row in tests] + [f"found: patient {owner[row]}" for row in found]
fig = plots.film_grid(films.images[[*tests, *found]], titles)
fig.suptitle("Without a name, the model finds the same person again", fontsize=11)
plots.show(fig, alt="Four test films and below each the most similar training film, which is of the same patient.")

# %% [markdown]
# Now its score. A mass stays for months, so the label of another film of the patient is a good guess. The same model, the same films; only the split differs.


# %%
def aucs_of(to_train, findings, n_boot):
    distance, near = nearest(to_train)
    y = films.table[findings].to_numpy()
    scores = np.average(y[near], axis=1, weights=np.repeat(1 / distance[..., None], len(findings), axis=2))
    test, rng = ~to_train, np.random.default_rng(1)
    return [bootstrap_auc(y[test, c], scores[:, c], owner[test], n_boot, rng) for c in range(len(findings))]


def random_split(rng, unit):
    return rng.permutation(unit.max() + 1)[unit] < 0.8 * unit.max()


units = {"by row": np.arange(len(owner)), "by patient": owner}
for name, unit in units.items():
    [(auc, low, high)] = aucs_of(random_split(np.random.default_rng(10), unit), ["Mass"], 500)
    print(f"split {name}: AUC for a mass {auc:.2f} (95 % interval {low:.2f} to {high:.2f})")

# %% [markdown]
# One split is a matter of luck, so we repeat with 25 splits of each kind and four findings. The lines span the middle 95 % of the splits.

# %%
names, rng, series = ["Mass", "Nodule", "Pneumothorax", "Effusion"], np.random.default_rng(11), {}
for name, unit in units.items():
    splits = [random_split(rng, unit) for _ in range(25)]
    aucs = np.array([[result.auc for result in aucs_of(split, names, 1)] for split in splits])
    series[f"split {name}"] = np.column_stack([aucs.mean(axis=0), *np.quantile(aucs, [0.025, 0.975], axis=0)])
rise = (series["split by row"] - series["split by patient"])[:, 0]
title = f"Overlap lifts the mean AUC by {rise.min():.2f} to {rise.max():.2f}"
fig = plots_labs.dots_with_interval(
    names, series, title=title, xlabel="AUC (0.5 = guessing), mean and middle 95 % of 25 splits", reference=0.5
)
plots.show(fig, alt=f"AUC for four findings, split by row and by patient. {title}.")
assert rise.min() > 0 and series["split by patient"][0, 0] < 0.57, "overlap should flatter a model that knows little"

# %% [markdown]
# The model reads masses hardly better than a coin, and a split by row makes it look as if it could. Note that the *interval* of a row-wise split did not warn us: it
# says how the score would vary with other patients of the same kind, not that the test was spoilt. A network with millions of weights recognises people far better than
# raw pixels do (Packhäuser and colleagues, Scientific Reports 2022, on real films).
#
# Real films behave the same way: among 1000 films of 264 NIH patients (64 × 64, measured in this project's tests) the nearest film was of the same patient for more than a third of the
# films that had one.
#
# ## What to remember
#
# - Check patients, not films: intersect the sets of ids before you train, every time.
# - With a row-wise split, whoever has many films lands on both sides; split patients and let their films follow.
# - Overlap flatters every score, and no interval shows it.
