# %% [markdown]
# # Count labels and weigh the loss
#
# You will count how rare each finding is, work a loss out by hand, weigh it so that rare findings count, train a small model with and without
# weights, and see what the weights do to its probabilities. **About 25 minutes**, with four steps to try yourself.
#
# All films are phantoms: drawn by a program from a seed, with the label statistics of the NIH collection ChestX-ray14. The labels of that
# collection were mined from reports by a program, so even its real prevalences are those of *labels*, not of disease.

# %%
import numpy as np
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression

from labutils import plots, plots_labs, practice
from labutils.datasets import FINDINGS, draw_labels, make_phantoms
from labutils.evaluation import bootstrap_auc
from labutils.imbalance import compute_class_freqs, split_by_patient

# %% [markdown]
# ## 1. Count, and say how sure you are
#
# We draw the label table of 3000 patients and keep each patient's first film: films of one patient resemble one another, and an interval that
# takes them for strangers would be too narrow.

# %%
table = draw_labels(3000, rng=np.random.default_rng(2))
first = table.drop_duplicates("patient")
positives = first[list(FINDINGS)].sum()
print(len(table), "films;", len(first), "first films")
print(
    "positives among first films: most",
    positives.max(),
    f"({positives.idxmax()}), fewest",
    positives.min(),
    f"({positives.idxmin()})",
)

# %% [markdown]
# With *x* positives of *n*, the share is p = x/n. How far may it be off? The textbook formula p ± 1.96·√(p(1−p)/n) fails for rare things: 3 of 200 gives
# 1.5 % ± 1.7 %, which starts below zero. **Wilson's interval** (1927) asks which true shares would make our count unsurprising, and stays between 0 and 1:
#
# $$\frac{p + \frac{z^2}{2n} \;\pm\; z\sqrt{\frac{p(1-p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}}, \qquad z = 1.96 \text{ for 95 %}$$


# %%
def wilson(x, n, z=1.96):
    p = x / n
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return p, (p + z**2 / (2 * n) - half) / (1 + z**2 / n), (p + z**2 / (2 * n) + half) / (1 + z**2 / n)


print("3 of 200: {:.1%} ({:.1%} to {:.1%})".format(*wilson(3, 200)))
reference = binomtest(3, 200).proportion_ci(method="wilson")
assert np.allclose(wilson(3, 200)[1:], reference, atol=1e-4), "should agree with scipy"

# %% [markdown]
# Now all fourteen.

# %%
order = positives.sort_values(ascending=False).index
share, low, high = 100 * np.array([wilson(positives[name], len(first)) for name in order]).T
title = f"From {share[0]:.0f} % ({order[0]}) to {share[-1]:.1f} % ({order[-1]}): every finding is the exception"
fig = plots.bar_with_interval(
    order, share, low, high, title=title, xlabel="first films with the finding (%), 95 % interval"
)
plots.show(fig, alt=f"Bars of 14 prevalences with Wilson intervals. {title}.")
assert share.max() < 50, "every finding should be rarer than its absence"

# %% [markdown]
# **Try it.** In the real collection, hernia is on 0.20 % of the films. How many films must you collect to expect 50 with it?
#
# <details><summary>Hint 1: direction</summary>Expected positives = films × share. Solve for films.</details>
# <details><summary>Hint 2: nearly the line</summary><code>50 / 0.0020</code></details>

# %%
### BEGIN SOLUTION
### STUB: films_needed = ...
films_needed = 50 / 0.0020
### END SOLUTION
practice.check("films needed for 50 hernias", films_needed, expected=25_000, tol=1, hint="0.20 % is 0.0020, not 0.20.")

# %% [markdown]
# ## 2. Work the loss out by hand
#
# **Binary cross-entropy** charges −ln(p̂) for a positive film and −ln(1 − p̂) for a negative one. Four patients, the first has the finding, and a
# network that knows nothing yet says 0.5 to everybody: each pays −ln 0.5 = 0.693. The positive side pays 0.693, the negative side 3 × 0.693 = 2.079.
# Three quarters of the loss, and of the pull on the network, come from negatives: the quickest way to please it is to say *no* to all.
#
# **Try it.** A better network says 0.8, 0.2, 0.2, 0.4. What is its *mean* loss over the four?
#
# <details><summary>Hint 1: direction</summary>First patient: −ln 0.8. The others: −ln(1 − p̂).</details>
# <details><summary>Hint 2: nearly the line</summary><code>-(np.log(0.8) + np.log(0.8) + np.log(0.8) + np.log(0.6)) / 4</code></details>

# %%
y, p = np.array([1, 0, 0, 0]), np.array([0.8, 0.2, 0.2, 0.4])
### BEGIN SOLUTION
### STUB: mean_loss = ...  # in nats
mean_loss = np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p)))
### END SOLUTION
practice.check(
    "mean loss of four patients", mean_loss, expected=0.2951, tol=1e-3, hint="A negative patient pays for 1 − p̂."
)

# %% [markdown]
# The same for all findings: how much of the loss of an untrained network (0.5 to everybody) comes from positives?

# %%
pos, neg = compute_class_freqs(first[list(order)].to_numpy())
parts = {"from positives": pos * np.log(2), "from negatives": neg * np.log(2)}
title = f"Positives make {100 * pos.min():.1f} % to {100 * pos.max():.0f} % of each finding's loss"
fig = plots_labs.stacked_parts(order, parts, title=title, xlabel="loss at a prediction of 0.5 (nats per film)")
plots.show(fig, alt=f"Stacked bars of equal length, almost all of it from negatives. {title}.")

# %% [markdown]
# ## 3. Weigh it
#
# Give each positive the weight w⁺ = share of negatives, and each negative w⁻ = share of positives. By hand, for a finding on 1 of 4 films: w⁺ = 0.75, w⁻ = 0.25. The positive
# pays 0.75 × 0.693 = 0.520, three negatives 3 × 0.25 × 0.693 = 0.520. Balanced.
#
# **Try it.** A finding is on 1 film in 20. What are (w⁺, w⁻)?
#
# <details><summary>Hint 1: direction</summary>Each side gets the share of the <em>other</em> side.</details>
# <details><summary>Hint 2: nearly the line</summary><code>(19 / 20, 1 / 20)</code></details>

# %%
### BEGIN SOLUTION
### STUB: weights = ...  # a pair (w_pos, w_neg)
weights = (19 / 20, 1 / 20)
### END SOLUTION
practice.check("weights for 1 in 20", weights, expected=(0.95, 0.05), hint="The rare side needs the larger weight.")

# %% [markdown]
# And for all findings:

# %%
parts = {"from positives": neg * pos * np.log(2), "from negatives": pos * neg * np.log(2)}
total = sum(parts.values())
assert np.allclose(parts["from positives"], total / 2), "both sides should pay the same"
title = f"Now both sides pull alike, but {order[0]} pulls {total[0] / total[-1]:.0f} times as hard as {order[-1]}"
fig = plots_labs.stacked_parts(order, parts, title=title, xlabel="weighted loss at a prediction of 0.5 (nats per film)")
plots.show(fig, alt=f"Stacked bars, each half positives and half negatives, of very different length. {title}.")

# %% [markdown]
# Read both halves of that title. *Within* a finding the sides are balanced. *Between* findings they are not: the bars are 2·w⁺·w⁻·0.693 long, so in a network that
# learns all fourteen the rarest still has the faintest voice.
#
# ## 4. Train with and without
#
# The model: logistic regression on the pixels of films shrunk to 16 × 16, for one finding, effusion. It trains in a second and minimises the
# same loss as a network. Films are split **by patient**; the grey scale is fixed by the training films.

# %%
films = make_phantoms(700, rng=np.random.default_rng(22), size=32)
train, test = split_by_patient(films.table, "patient", (0.6, 0.4), rng=1)
pixels = films.images.reshape(-1, 16, 2, 16, 2).mean(axis=(2, 4)).reshape(len(films.table), -1)
x = (pixels - pixels[train.index].mean()) / pixels[train.index].std()
y_train, y_test = train["Effusion"].to_numpy(), test["Effusion"].to_numpy()
print(f"training: {len(train)} films, {y_train.sum()} positive; test: {len(test)} films, {y_test.sum()} positive")

# %% [markdown]
# Two models, equal but for the weights. We ask each for its AUC (with an interval that resamples patients), how many ill and healthy films it
# calls right at 0.5, and its mean promise.

# %%
f_pos = y_train.mean()
w_pos, w_neg = 1 - f_pos, f_pos
scores, aucs = {}, {}
for name, weight in {"plain": np.ones(len(train)), "weighted": np.where(y_train == 1, w_pos, w_neg)}.items():
    model = LogisticRegression(C=0.1, max_iter=2000)
    model.fit(x[train.index], y_train, sample_weight=weight / weight.mean())
    p = scores[name] = model.predict_proba(x[test.index])[:, 1]
    auc, low, high = aucs[name] = bootstrap_auc(y_test, p, test["patient"].to_numpy(), 500, np.random.default_rng(3))
    found, cleared = (p >= 0.5)[y_test == 1], (p < 0.5)[y_test == 0]
    print(f"{name}: AUC {auc:.2f} (95 % interval {low:.2f} to {high:.2f}); mean promise {p.mean():.0%}")
    print(f"   at 0.5: finds {found.sum()} of {len(found)} ill, clears {cleared.sum()} of {len(cleared)} healthy films")
print(f"share with effusion in the test films: {y_test.mean():.0%}")
assert abs(aucs["plain"].auc - aucs["weighted"].auc) < aucs["plain"].high - aucs["plain"].auc, "AUCs should be near"

# %% [markdown]
# At the usual threshold of 0.5 the plain model finds hardly any of the ill; the weighted one finds many, and pays with false alarms. But the AUC, which looks only at the
# *order* of the scores, moves little beside its interval: the plain model knew the order too, and a lower threshold would have used it.
#
# ## 5. Mind the probabilities
#
# Look at the mean promise of each model. The weighted one promises far more effusion than there is: **weights break calibration**. We sort the test films into five
# groups by their score and compare the promise with what was there.


# %%
def groups(p, n_groups=5):
    rows = []
    for part in np.array_split(np.argsort(p), n_groups):
        rows.append([p[part].mean(), *wilson(y_test[part].sum(), len(part))])
    return rows


title = "Weights make the model promise too much"
fig = plots_labs.reliability({name: groups(p) for name, p in scores.items()}, title=title)
plots.show(fig, alt="Calibration of two models: plain near the diagonal, weighted far below it.")
assert scores["weighted"].mean() > 1.5 * y_test.mean(), "weights should inflate the promise"

# %% [markdown]
# (Films of one patient are counted as strangers in these intervals, so they are a little too narrow.)
#
# There is a way back. Weights multiply the *odds* p / (1 − p) by w⁺ / w⁻ (Elkan 2001, for a model that fits well). By hand: 1 in 10 has it, odds 0.1 / 0.9 = 0.111; weights 0.9
# and 0.1 make them 9 times as large, 1.0: a probability of 0.5. So divide the odds by w⁺ / w⁻ to return:
#
# $$p = \frac{q}{q + (1 - q)\, w^+ / w^-} \quad \text{for a weighted score } q.$$
#
# **Try it.** Turn the weighted scores `q` back.
#
# <details><summary>Hint 1: direction</summary>The formula works on whole arrays. Mind the brackets.</details>
# <details><summary>Hint 2: nearly the line</summary><code>q / (q + (1 - q) * w_pos / w_neg)</code></details>

# %%
q = scores["weighted"]
### BEGIN SOLUTION
### STUB: p_back = ...  # an array like q
p_back = q / (q + (1 - q) * w_pos / w_neg)
### END SOLUTION
odds = q / (1 - q) * w_neg / w_pos
practice.check("weighted scores turned back", p_back, expected=odds / (1 + odds), hint="Divide by q + (1 − q)·w⁺/w⁻.")

# %% [markdown]
# Did it help? (If you have not tried the step yet, the figure uses the odds from its check.)

# %%
back = odds / (1 + odds)
curves = {name: groups(p) for name, p in [*scores.items(), ("turned back", back)]}
title = f"Turned back, the mean promise is {back.mean():.0%}; {y_test.mean():.0%} have an effusion"
fig = plots_labs.reliability(curves, title=title)
plots.show(fig, alt=f"Calibration before and after the repair. {title}.")
assert (np.argsort(back) == np.argsort(q)).all(), "the order, and so the AUC, should be the same"

# %% [markdown]
# The order of the films has not changed, so the AUC has not either; only the meaning of the number has.
#
# ## What to remember
#
# - Count positives before training, per finding and with an interval; the rarest finding decides how many films you need.
# - Weights w⁺ = share of negatives and w⁻ = share of positives balance the two sides of a finding, but not the findings with one another.
# - A weighted model ranks; it does not give probabilities. Turn the odds back, or calibrate (week 2), before a number reaches a patient.
