# %% [markdown]
# # Evaluate diagnostic models
#
# ![Scores of healthy patients above a line and of sick patients below it; a threshold cuts both groups, and so makes the four cells: true negatives, false positives, false negatives, true positives.](figures/threshold_and_cells.svg)
#
# **What you will do.** You take the scores of two real models and one network apart: how many patients they find, what an
# alarm means, where to put the threshold, and how sure you may be of each number.
#
# **What you will be able to do**
#
# - count the four cells of a confusion matrix, and compute the rates that follow from them;
# - convert predictive values to a place where the disease is rarer;
# - choose a threshold by what a missed patient and a false alarm cost;
# - put an interval beside each estimate, and say what its 95 % mean;
# - check whether probabilities are kept promises, and recalibrate them;
# - compare subgroups with intervals.
#
# **What you need.** Two hours, no download, and from week 1 only the idea of a score. The biopsies are **real**: 569 women, of
# whom 212 had cancer (scikit-learn's breast cancer table; Street and others, 1993). The films are **phantoms**, drawn by a
# program; the studies of sections 12 to 15 are simulated. No number about phantoms is a number about people.

# %%
import numpy as np
import pandas as pd

from labutils import datasets, evaluation, explore, plots, plots_evaluation, plots_labs, practice

# %% [markdown]
# ## 1. Ask more than one question of a test
#
# How good is a test? Look first. `one_measurement` is a model that knows one number of each biopsy, the roughness ("texture") of the
# cell nuclei. Each woman was scored by a model that had not seen her. 1 means malignant.

# %%
biopsies = datasets.load_biopsy_scores()
y = biopsies.labels["one_measurement"].to_numpy()
score = biopsies.scores["one_measurement"].to_numpy()
th = 0.5
print(
    f"{len(y)} biopsies, {y.sum()} malignant; scores {score.min():.2f} to {score.max():.2f}, {np.isnan(score).sum()} missing"
)
assert (len(y), y.sum()) == (569, 212)
title = "No threshold separates benign from malignant by roughness alone"
fig = plots_evaluation.two_groups(
    y, score, th=th, title=title, xlabel="score of the model (0 to 1)", names=("benign", "malignant")
)
plots.show(
    fig, alt=f"Histograms of the scores of 357 benign and 212 malignant biopsies, which overlap widely. {title}."
)

# %% [markdown]
# A biopsy is *flagged* when its score is at least the **threshold**, here 0.5. Now three questions. How many answers are right? That is the
# **accuracy**. Of the sick, how many are found? That is the **sensitivity**. Of the healthy, how many are left alone? The **specificity**.
#
# By hand, for four patients: sick with 0.9 and 0.2, healthy with 0.6 and 0.1. Flagged are 0.9 and 0.6. Accuracy 2/4, sensitivity 1/2,
# specificity 1/2.

# %%
for name, metric in {
    "accuracy": evaluation.get_accuracy,
    "sensitivity": evaluation.get_sensitivity,
    "specificity": evaluation.get_specificity,
}.items():
    print(
        f"{name}: {metric(y, score, th):.2f}; four patients by hand: {metric([1, 1, 0, 0], [0.9, 0.2, 0.6, 0.1], th)}"
    )
### BEGIN SOLUTION
### STUB: never = ...  # the accuracy of a program that says "benign" to every woman
never = np.mean(y == 0)
### END SOLUTION
practice.check(
    "accuracy of 'always benign'", never, expected=357 / 569, tol=0.001, hint="It is right for all 357 benign ones."
)

# %% [markdown]
# A program that never flags anybody comes close to the model in accuracy, and finds no cancer at all. So one number is never enough.
#
# ## 2. Take accuracy apart into conditional probabilities
#
# Where does an accuracy come from? Every patient is sick or healthy, so
#
# $$\text{accuracy} = \underbrace{P(\text{flagged} \mid \text{sick})}_{\text{sensitivity}} \cdot P(\text{sick}) + \underbrace{P(\text{not flagged} \mid \text{healthy})}_{\text{specificity}} \cdot P(\text{healthy}).$$
#
# The bar $\mid$ reads "among". By hand: sensitivity 0.5, specificity 0.9, and 1 in 5 is sick: 0.5 · 0.2 + 0.9 · 0.8 = 0.82.

# %%
sensitivity, specificity = evaluation.get_sensitivity(y, score, th), evaluation.get_specificity(y, score, th)
prevalence = evaluation.get_prevalence(y)
put_together = sensitivity * prevalence + specificity * (1 - prevalence)
print(f"{sensitivity:.3f} · {prevalence:.3f} + {specificity:.3f} · {1 - prevalence:.3f} = {put_together:.3f}")
assert np.isclose(put_together, evaluation.get_accuracy(y, score, th)) and np.isclose(0.5 * 0.2 + 0.9 * 0.8, 0.82)

# %% [markdown]
# Accuracy is an average of the two rates, weighted by how many sick and how many healthy people happen to be in the table.
#
# ## 3. Move a test to a place where the disease is rarer
#
# $P(\text{sick})$ is the **prevalence**. What if we take the same test from the clinic to a screening programme? Suppose the sick are like these
# sick and the healthy like these healthy; only their mix changes.

# %%
for where, share in {"table": prevalence, "clinic (assumed)": 0.1, "screening (assumed)": 0.006}.items():
    accuracy = sensitivity * share + specificity * (1 - share)
    print(
        f"{where}: {share:.1%} sick, sensitivity {sensitivity:.2f}, specificity {specificity:.2f}, accuracy {accuracy:.2f}"
    )
### BEGIN SOLUTION
### STUB: limit = ...  # which value does the accuracy approach as the prevalence goes to 0?
limit = specificity
### END SOLUTION
practice.check(
    "accuracy when nearly nobody is sick",
    limit,
    expected=sensitivity * 0 + specificity * 1,
    hint="Only one term stays.",
)

# %% [markdown]
# The test is the same, its accuracy is not: never compare accuracies across places. Sensitivity and specificity travel better, but not
# perfectly: in screening cancers are smaller, so the sick are *not* like these sick (this is called spectrum effect).
#
# ## 4. Say what an alarm means: PPV and NPV
#
# A woman with an alarm does not ask "how many of the sick are flagged?" but "I am flagged: am I sick?" That turns the condition around:
# the **positive predictive value** PPV = $P(\text{sick} \mid \text{flagged})$, and for the all-clear the **negative predictive value**
# NPV = $P(\text{healthy} \mid \text{not flagged})$. For the four patients above: 2 flagged, 1 of them sick, PPV 1/2.

# %%
cells = evaluation.confusion_matrix(y, score, th)
for name, hits, total in (
    ("sensitivity", cells.tp, cells.tp + cells.fn),
    ("specificity", cells.tn, cells.tn + cells.fp),
    ("PPV", cells.tp, cells.tp + cells.fp),
    ("NPV", cells.tn, cells.tn + cells.fn),
):
    share, low, high = evaluation.wilson_interval(hits, total)
    print(f"{name}: {hits} of {total} = {share:.2f} (95 % interval {low:.2f} to {high:.2f})")
assert evaluation.get_ppv(y, score, th) == cells.tp / (cells.tp + cells.fp)

# %% [markdown]
# Look at the denominators: the sick, the healthy, the flagged, the others. **A rate without its denominator says nothing.** (The intervals
# come in section 13.)
#
# ## 5. Lay the four counts out in a confusion matrix
#
# All rates come from one table of four counts. Rows are the truth, columns the answer:

# %%
matrix = pd.DataFrame(
    [[cells.tn, cells.fp], [cells.fn, cells.tp]], index=["benign", "malignant"], columns=["not flagged", "flagged"]
)
print(matrix.to_string())
assert matrix.to_numpy().sum() == len(y) and matrix.loc["malignant"].sum() == 212
### BEGIN SOLUTION
### STUB: missed = ...  # how many women with cancer were not flagged? Read it from the table
missed = matrix.loc["malignant", "not flagged"]
### END SOLUTION
practice.check(
    "missed cancers",
    missed,
    expected=evaluation.false_negatives(y, score, th),
    hint="Row malignant, column not flagged.",
)

# %% [markdown]
# Divide along a *row* and you get sensitivity or specificity; divide along a *column* and you get PPV or NPV. Other books and programs swap
# rows and columns: read the names, not the places.
#
# ## 6. Compute a PPV with Bayes' rule
#
# ![Of 10,000 women 59 have cancer and 51 of them are flagged; of the 9,941 others 1,103 are flagged: 51 of 1,154 flagged women have cancer.](figures/bayes_10000.svg)
#
# The PPV of our table holds for a place where 37 % are sick. For another prevalence $\pi$,
#
# $$\text{PPV} = \frac{\text{sens} \cdot \pi}{\text{sens} \cdot \pi + (1 - \text{spec})(1 - \pi)}.$$
#
# Published numbers of 1.68 million screening mammograms (Lehman and others, 2017): sensitivity 86.9 %, specificity 88.9 %, and 5.1 cancers
# found per 1,000 examinations, so about 5.1 / 0.869 = 5.9 cancers per 1,000. What does an alarm mean?

# %%
cancers = 0.0051 / 0.869
ppv = evaluation.ppv_from_bayes(0.869, 0.889, cancers)
npv = evaluation.npv_from_bayes(0.869, 0.889, cancers)
print(f"prevalence {cancers:.2%}: PPV {ppv:.1%} (published: 4.4 %), NPV {npv:.2%}")
assert round(ppv, 3) == 0.044
women = np.round(10_000 * np.array([cancers, cancers * 0.869, (1 - cancers), (1 - cancers) * 0.111])).astype(int)
assert women.tolist() == [59, 51, 9941, 1103]  # the numbers of the drawing
### BEGIN SOLUTION
### STUB: ppv_here = ...  # the PPV of our one_measurement model if 1 % of women had cancer
ppv_here = evaluation.ppv_from_bayes(sensitivity, specificity, 0.01)
### END SOLUTION
odds = sensitivity / (1 - specificity) * 0.01 / 0.99
practice.check(
    "PPV at a prevalence of 1 %", ppv_here, expected=odds / (1 + odds), hint="evaluation.ppv_from_bayes(…, …, 0.01)"
)

# %% [markdown]
# More than nine alarms in ten are false, although the test is a good one: where disease is rare, even a small share of the healthy is a large
# crowd. This is no reason against screening; it is the reason for a second test.
#
# **Move it.** The same test in other places: the slider is the prevalence, from 1 in 1,000 to 1 in 2. Where does an alarm become right more often than
# wrong? And what happens to the all-clear on the way?

# %%
places = np.geomspace(0.001, 0.5, 200)
values = [[rule(0.869, 0.889, p) for p in places] for rule in (evaluation.ppv_from_bayes, evaluation.npv_from_bayes)]


def at_prevalence(prevalence):
    right = evaluation.ppv_from_bayes(0.869, 0.889, prevalence), evaluation.npv_from_bayes(0.869, 0.889, prevalence)
    words = f"Where {prevalence:.1%} are sick, {right[0]:.0%} of alarms are right"
    alt = f"PPV rises and NPV falls with the prevalence. {words}, and {right[1]:.1%} of all-clears."
    return plots_evaluation.predictive_values(places, *values, at=prevalence, title=words), alt


levels = [0.001, 0.002, 0.004, 0.006, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5]
explore.show(at_prevalence, prevalence=explore.choices(levels, start=0.006, form="{:.1%}"))
assert evaluation.ppv_from_bayes(0.869, 0.889, 0.1) < 0.5 < evaluation.ppv_from_bayes(0.869, 0.889, 0.2)

# %% [markdown]
# Somewhere between 10 % and 20 % the alarm becomes more often right than wrong. The all-clear goes the other way, much more slowly.
#
# ## 7. Draw all thresholds at once: the ROC curve
#
# Why 0.5? Slide the threshold from high to low: flagged are first nobody, then more and more, at last everybody. The **ROC curve** draws
# sensitivity against 1 − specificity on the way. By hand, with scores 0.8, 0.3 (sick) and 0.4, 0.1 (healthy): one step up (0.8), one right
# (0.4), up (0.3), right (0.1). Below that staircase lie 3 of 4 squares: the **area** AUC is 0.75. It is also the chance that a sick patient
# scores above a healthy one.

# %%
assert evaluation.auc([1, 1, 0, 0], [0.8, 0.3, 0.4, 0.1]) == 0.75
rocs = {}
for name in biopsies.scores:
    curve = evaluation.roc_curve(y, biopsies.scores[name])
    rocs[name] = (curve.fpr, curve.tpr, evaluation.bootstrap_auc(y, biopsies.scores[name], np.arange(len(y)), 1000, 0))
    print(f"{name}: AUC {rocs[name][2].auc:.3f} (95 % interval {rocs[name][2].low:.3f} to {rocs[name][2].high:.3f})")
assert rocs["naive_bayes"][2].low > rocs["one_measurement"][2].high
fig = plots.roc_with_interval(rocs, title="Ten measurements tell far more than one", unit="biopsies")
plots.show(
    fig, alt=f"ROC curves of two models: AUC {rocs['one_measurement'][2].auc:.2f} and {rocs['naive_bayes'][2].auc:.2f}."
)

# %% [markdown]
# The diagonal is a coin. The curve, and so the AUC, does not change with the prevalence; it says how well a score *ranks*, not how it is used.
#
# ## 8. Vary the threshold
#
# What does a lower threshold do? It can only flag *more* people: sensitivity rises or stays, specificity falls or stays.

# %%
choices = [0.2, 0.3, 0.5, 0.7]
for level in choices:
    found, spared = evaluation.get_sensitivity(y, score, level), evaluation.get_specificity(y, score, level)
    tp, fp, fn, tn = evaluation.confusion_matrix(y, score, level)
    print(
        f"threshold {level}: {fn} cancers missed, {fp} false alarms; sensitivity {found:.2f}, specificity {spared:.2f}"
    )
rates = [evaluation.get_sensitivity(y, score, level) for level in choices]
assert rates == sorted(rates, reverse=True)
### BEGIN SOLUTION
### STUB: lower_or_higher = ...  # missing a cancer is very costly. Should the threshold be "lower" or "higher"?
lower_or_higher = "lower"
### END SOLUTION
practice.check("where misses are costly", lower_or_higher, expected="lower", hint="Which one flags more women?")

# %% [markdown]
# **Move it.** The slider is the threshold; the dot is where it stands on the ROC curve of section 7. Go down until at most ten cancers are missed, and look at
# what the alarms are then worth.


# %%
def at_threshold(threshold):
    cells = evaluation.confusion_matrix(y, score, threshold)
    sens, spec = cells.tp / 212, cells.tn / 357
    ppv = f"{cells.tp / (cells.tp + cells.fp):.2f}" if cells.tp + cells.fp else "undefined: nobody is flagged"
    words = f"Flag from {threshold:g}: sensitivity {sens:.2f}, specificity {spec:.2f}, PPV {ppv}"
    fig = plots_evaluation.groups_and_roc(
        y, score, th=threshold, title=words, xlabel="score of the model (0 to 1)", names=("benign", "malignant")
    )
    return fig, f"{words}. {cells.fn} cancers missed, {cells.fp} false alarms."


fewest = max(th for th in np.arange(0, 1, 0.05) if evaluation.false_negatives(y, score, th) <= 10)
explore.show(at_threshold, threshold=explore.steps(0, 1, by=0.05, start=0.5))
assert evaluation.get_ppv(y, score, fewest) < 0.5

# %% [markdown]
# To miss at most ten of 212, the model has to flag so many that most alarms are false.
#
# **When missing a disease is costly, lower the threshold**: sensitivity rises, and the price is more false alarms. When a false alarm is costly
# (a risky operation, say), raise it. No statistic can make this choice; section 10 shows how to make it openly.
#
# ## 9. Look at rare findings with a precision-recall curve
#
# The ROC curve hides the prevalence. If a finding is rare, ask for the PPV (also called *precision*) at each sensitivity (*recall*). We take the
# network of week 1 on 1,716 phantom films, and the finding `Edema`.

# %%
films = datasets.load_phantom_scores()
who, finding = films.about, "Edema"
edema, edema_score = films.labels[finding], films.scores[finding]
print(f"{len(edema)} phantom films of {who['patient'].nunique()} patients; {finding}: {edema.mean():.1%} of films")
precision, recall, _ = evaluation.precision_recall_curve(edema, edema_score)
result = evaluation.bootstrap_auc(edema, edema_score, who["patient"], 500, 0)
reached = precision[np.argmax(recall >= 0.8)]
title = f"With an AUC of {result.auc:.2f}, {1 - reached:.0%} of alarms are false at a sensitivity of 80 %"
fig = plots_evaluation.curves(
    {finding: (recall, precision)},
    title=title,
    xlabel="recall = sensitivity",
    ylabel="precision = PPV",
    reference={f"prevalence {edema.mean():.3f} (a coin)": edema.mean()},
)
plots.show(fig, alt=f"Precision against recall for edema on phantoms. {title}.")
assert result.auc > 0.85 and reached < 0.5

# %% [markdown]
# A fine AUC and mostly false alarms, both true. A usual summary is $F_1$, the harmonic mean of precision and recall; it weighs both alike, which
# hardly any disease does. It depends on the prevalence too, so never compare it across places.
#
# ## 10. Choose a threshold by its consequences
#
# Say aloud what the harms are. If a missed patient is as bad as nine false alarms, treat from a risk of
#
# $$t = \frac{\text{harm of a false alarm}}{\text{harm of a false alarm} + \text{harm of a miss}} = \frac{1}{1 + 9} = 0.1$$
#
# on (Pauker and Kassirer, 1975). The **net benefit** (Vickers and Elkin, 2006) then counts the sick who are treated, minus the healthy who are, at
# that rate of exchange: $TP/n - FP/n \cdot t/(1-t)$. A model is useful at $t$ if it beats both "treat all" and "treat nobody".

# %%
assert evaluation.threshold_for_harms(miss=9, false_alarm=1) == 0.1
grid = np.arange(0.02, 0.9, 0.02)
table = evaluation.decision_curve(y, score, grid).set_index("threshold")
useful = grid[(table["model"] > np.maximum(table["treat_all"], 0) + 1e-9).to_numpy()]
title = f"The model pays between risks of about {useful.min():.2f} and {useful.max():.2f}"
fig = plots_evaluation.curves(
    {name: (grid, table[name].clip(-0.1)) for name in table},
    title=title,
    xlabel="threshold t = risk from which one would treat",
    ylabel="net benefit (true positives per patient)",
    limits=None,
)
plots.show(fig, alt=f"Net benefit of the model, of treating all and of treating nobody. {title}.")
assert len(useful) > 3 and table["treat_all"].iloc[0] > 0 > table["treat_all"].iloc[-1]

# %% [markdown]
# Below that range everybody should be treated, model or not; above it the model's few alarms do not repay. (Curves stop at −0.1.) All this reads the
# score as a *risk*, so the next question is whether it is one. Lab 2 goes on from here.
#
# ## 11. Check that probabilities keep their promise
#
# Of all women to whom a model says 90 %, nine in ten should have cancer. If so, it is **calibrated**. Sort patients into bins by their score, and
# compare promise and truth. By hand: scores 0.1, 0.3 (healthy, sick) promise 0.2 on average, and half of them are sick.

# %%
half = np.arange(len(y)) % 2 == 0  # learn the repair on one half of the women, look at the other
bold = biopsies.scores["naive_bayes"].to_numpy()
mended = evaluation.platt_scale(y[half], bold[half], bold[~half])
curves = {}
for name, p in {"naive Bayes": bold[~half], "after Platt scaling": mended}.items():
    promise, found, count = evaluation.calibration_table(y[~half], p, 5)
    ends = [evaluation.wilson_interval(round(f * n), n)[1:] for f, n in zip(found, count, strict=True) if n]
    curves[name] = np.column_stack([promise[count > 0], found[count > 0], ends])
    print(
        f"{name}: Brier score {evaluation.brier_score(y[~half], p):.3f}, AUC {evaluation.auc(y[~half], p):.3f}, counts {count}"
    )
assert np.isclose(evaluation.auc(y[~half], bold[~half]), evaluation.auc(y[~half], mended))
fig = plots_labs.reliability(curves, title="Naive Bayes is too sure; Platt scaling pulls it to the middle")
plots.show(
    fig, alt="Observed share of cancer against promised probability, before and after recalibration, with intervals."
)

# %% [markdown]
# Naive Bayes takes ten related measurements for ten independent witnesses, so it is too sure. **Platt scaling** fits a logistic regression on the logit of the
# score ($\log\frac{p}{1-p}$) in one half of the women and corrects the other half: the *order* stays, so the AUC does; the promises get better, so the
# **Brier score** (mean squared distance between promise and truth, 0 is perfect) falls.

# %%
### BEGIN SOLUTION
### STUB: brier_of_a_coin = ...  # mean squared distance if the model says 0.5 to everybody
brier_of_a_coin = 0.25
### END SOLUTION
practice.check(
    "Brier score of 0.5 for everybody", brier_of_a_coin, expected=evaluation.brier_score(y, np.full(len(y), 0.5))
)
print(f"always the prevalence: {evaluation.brier_score(y, np.full(len(y), y.mean())):.3f}")
assert evaluation.brier_score(y[~half], mended) < evaluation.brier_score(y[~half], bold[~half])

# %% [markdown]
# A Brier score means something only beside such a baseline.
#
# ## 12. Sample from a total population
#
# We never see all patients, only a **sample**. What would another sample have said? Here we can find out, because we make the population ourselves:
# 50,000 people, 37 % sick, with scores of two overlapping normal curves. We send out ten studies of 100 people each.

# %%
rng = np.random.default_rng(20_262)
everyone = (rng.random(50_000) < 0.37).astype(int)
everyone_score = rng.normal(size=50_000) + everyone
truth = evaluation.get_sensitivity(everyone, everyone_score, 0.5)
studies = [rng.choice(50_000, 100, replace=False) for _ in range(10)]
answers = [evaluation.get_sensitivity(everyone[who_], everyone_score[who_], 0.5) for who_ in studies]
print(f"sensitivity in the population: {truth:.3f}")
print("ten studies of 100 people:", ", ".join(f"{answer:.2f}" for answer in answers))
assert max(answers) - min(answers) > 0.05

# %% [markdown]
# Ten honest studies, ten answers. This is chance, not error, and it cannot be argued away; it can be measured. (A *biased* sample, say only the
# patients whose doctors were worried, is another matter: no interval sees that.)
#
# ## 13. Put an interval beside the estimate
#
# A **confidence interval** says which values of the truth the data are compatible with. For a share of unrelated patients Wilson's formula will do.
# For anything else there is the **bootstrap** (Efron, 1979): imitate "another study" by drawing patients from your own sample *with replacement*, many
# times, and take the middle 95 % of the answers: the 2.5th to the 97.5th percentile. (The 5th to the 95th hold 90 %, not 95 %.)
#
# **Draw patients, not films.** A phantom patient has up to twelve films, and they resemble one another.

# %%
for name, unit in {"patients": who["patient"], "films, as if strangers": np.arange(len(who))}.items():
    auc, low, high = evaluation.bootstrap_auc(films.labels["Mass"], films.scores["Mass"], unit, 2000, 0)
    print(f"Mass, drawing {name}: AUC {auc:.2f} ({low:.3f} to {high:.3f}), width {high - low:.3f}")
first = np.random.default_rng(0).integers(4, size=4)
print("one resample of the patients A, B, C, D:", [str(letter) for letter in np.array(list("ABCD"))[first]])
### BEGIN SOLUTION
### STUB: percentiles = ...  # between which two percentiles lies a 90 % interval? (low, high)
percentiles = (5, 95)
### END SOLUTION
practice.check("ends of a 90 % interval", percentiles, expected=(5, 95), hint="Cut the same share off at both ends.")

# %% [markdown]
# The second interval is narrower, and wrong: it pretends that twelve films of one patient are twelve patients. An interval that is too narrow is worse than
# none, for it is believed.
#
# ## 14. Know what 95 % means
#
# It does *not* mean that the truth lies in this interval with probability 95 %. It is a promise about the **method**: of many studies done like this, 95 % of
# their intervals hold the truth. We can count, since we know the truth of our population. A hundred studies of 100 people, and Wilson's interval
# for the sensitivity:


# %%
def study(rng):
    chosen = rng.integers(50_000, size=100)
    sick = everyone[chosen] == 1
    return (everyone_score[chosen][sick] >= 0.5).sum(), sick.sum()


ends = np.array([evaluation.wilson_interval(*study(rng))[1:] for _ in range(100)])
held = int(((ends[:, 0] <= truth) & (truth <= ends[:, 1])).sum())
fig = plots_evaluation.many_intervals(
    *ends.T,
    round(truth, 3),
    title=f"{held} of 100 intervals hold the truth",
    xlabel="sensitivity, with its 95 % interval",
)
plots.show(fig, alt=f"A hundred horizontal intervals around a dashed line at {truth:.2f}; {held} of them cross it.")
assert 88 <= held <= 100

# %% [markdown]
# In real life you hold *one* of these lines and the dashed one is not drawn: you do not know which kind you have. With 2,000 studies the count is sharper.

# %%
many = evaluation.coverage_of_interval(
    study, lambda counts: evaluation.wilson_interval(*counts), truth, n_studies=2000, rng=rng
)
low, high = evaluation.wilson_interval(many.covered, many.studies)[1:]
print(f"{many.covered} of {many.studies} studies held the truth: {many.share:.1%} ({low:.1%} to {high:.1%})")
assert 0.93 < many.share < 0.97
### BEGIN SOLUTION
### STUB: expected_misses = ...  # of 40 honest studies with 95 % intervals, how many miss the truth on average?
expected_misses = 40 * 0.05
### END SOLUTION
practice.check("expected misses of 40 studies", expected_misses, expected=2, hint="One in twenty.")

# %% [markdown]
# The promise is kept. Lab 3 shows an interval that breaks it.
#
# ## 15. See how width shrinks with the number of patients
#
# How many patients do you need? The width of an interval falls like $1/\sqrt{n}$: **four times the patients, half the width.** By hand, for a share near
# 0.5: width about $4 \cdot \sqrt{0.25 / n}$, which is 0.2 for $n = 100$ and 0.1 for $n = 400$.

# %%
sizes, widths = [50, 100, 200, 400, 800, 1600], []
for n in sizes:
    chosen = rng.integers(50_000, size=n)
    auc, low, high = evaluation.bootstrap_auc(everyone[chosen], everyone_score[chosen], np.arange(n), 1000, rng)
    widths.append(high - low)
    print(f"{n} patients: AUC {auc:.3f} ({low:.3f} to {high:.3f}), width {widths[-1]:.3f}")
slope = np.polyfit(np.log(sizes), np.log(widths), 1)[0]
print(f"width goes like n to the power of {slope:.2f}")
assert -0.65 < slope < -0.35
### BEGIN SOLUTION
### STUB: needed = ...  # 200 patients gave a width of 0.15; how many give 0.05?
needed = 200 * 3**2
### END SOLUTION
practice.check(
    "patients for a third of the width", needed, expected=1800, hint="A third of the width takes 3² times the patients."
)

# %% [markdown]
# It is the *rarer* class that counts: the AUC of a finding with five positive films stays vague however many normal films you add.
#
# ## 16. Ask for whom it works
#
# An average can hide a group for which a model fails. Make a **subgroup table**: the same rates for women and men, age groups and views, with intervals.

# %%
label, pred = films.labels["Effusion"], films.scores["Effusion"]
groups = {"sex": who["sex"], "age": evaluation.age_groups(who["age"]), "view": who["view"]}
by_group = evaluation.subgroup_table(label, pred, who["patient"], groups, th=0.3, n_boot=200, rng=1)
print(by_group[["films", "patients", "positives"]].to_string())
names = [group for _, group in by_group.index]
rows = {
    name: by_group[[name, f"{name}_low", f"{name}_high"]].to_numpy() for name in ("auc", "sensitivity", "specificity")
}
assert by_group.loc["sex", "films"].sum() == len(label)
title = "Effusion on phantoms: the same threshold acts differently by view"
fig = plots_labs.dots_with_interval(names, rows, title=title, xlabel="rate (95 % interval by patients), threshold 0.3")
plots.show(fig, alt=f"AUC, sensitivity and specificity of everybody and of subgroups by sex, age and view. {title}.")

# %% [markdown]
# Read counts before dots: a small group has a long line, and overlapping lines do not prove that two groups are alike. Where one threshold gives bedside films (AP)
# more alarms, ask why before you "correct" it: they are of sicker patients. With many groups some will differ by chance (section 14), so decide
# beforehand which ones you look at.
#
# ---
#
# ## What to remember
#
# - **Count.** Four cells at a stated threshold; every rate has a denominator: the sick, the healthy, the flagged or the others.
# - **Convert.** Sensitivity and specificity travel, PPV and NPV do not: use Bayes' rule with the prevalence of the place.
# - **Choose.** Costly misses ask for a lower threshold, costly alarms for a higher one; the net benefit shows where a model pays.
# - **Be unsure aloud.** Intervals from resampled patients; 95 % is a promise about the method; half the width takes four times the patients.
# - **Calibrate.** Ranking well and promising well are two things; recalibrate on patients who are not used for the test.
# - **Compare groups** with counts and intervals, chosen beforehand.
#
# ## In practice
#
# - **A threshold is part of the product.** Report it with the result, choose it on other patients than those you test on, and check it again in each new place.
# - **Reference standard.** All rates here take the labels for the truth. Labels mined from reports are not (week 1, section 19), and the error goes into each rate.
# - **Who is missing.** The biopsies come from one clinic in the United States; age and origin are not in the table, so nobody can check groups there.
# - **Regulation.** Authorities ask for sensitivity and specificity with intervals, in the population of the intended use. Nothing here may be used for a patient.
#
# ## Further reading
#
# - [Altman and Bland, 1994: sensitivity and specificity](https://doi.org/10.1136/bmj.308.6943.1552): one page that defines the two rates.
# - [Altman and Bland, 1994: predictive values](https://doi.org/10.1136/bmj.309.6947.102): one page on what prevalence does to them.
# - [Lehman, 2017](https://doi.org/10.1148/radiol.2016161174): the mammograms of section 6, with all their rates and intervals.
# - [Hanley and McNeil, 1982](https://doi.org/10.1148/radiology.143.1.7063747): what the area under the ROC curve means.
# - [Saito and Rehmsmeier, 2015](https://doi.org/10.1371/journal.pone.0118432): why a precision-recall curve tells more of rare classes.
# - [Pauker and Kassirer, 1975](https://doi.org/10.1056/NEJM197507312930505) and [Vickers and Elkin, 2006](https://doi.org/10.1177/0272989X06295361): from harms to thresholds, and to decision curves.
# - [Van Calster, 2019](https://doi.org/10.1186/s12916-019-1466-7): why calibration is the weak spot of prediction models.
# - [Efron, 1979](https://doi.org/10.1214/aos/1176344552) and [Field and Welsh, 2007](https://doi.org/10.1111/j.1467-9868.2007.00593.x): the bootstrap, and what to draw when data come in clusters.
# - [Seyyed-Kalantari, 2021](https://doi.org/10.1038/s41591-021-01595-0): a subgroup table of chest X-ray networks, and whom they miss.
