"""Write the model card of the shipped DenseNet for people to read, from the numbers in the JSON card."""

import textwrap

HEADS = {
    "before": "as shipped",
    "head_fine_tuned": "head fine-tuned",
    "all_layers_fine_tuned": "all layers fine-tuned",
    "from_scratch": "from scratch",
    "age_sex_view_only": "age, sex and view only",
}


def interval(row, key="auc", digits=2):
    """Return 0.81 (0.75 to 0.86), or words where there is no number."""
    if row.get(key) is None:
        return "too few"
    return f"{row[key]:.{digits}f} ({row['low']:.{digits}f} to {row['high']:.{digits}f})"


def markdown(card):
    """Return the model card as Markdown text.

    Parameters
    ----------
    card : dict
        The JSON card; the parts "phantoms" and "real" may still be missing.

    Returns
    -------
    str
    """
    parts = [_about(card), _made(card)]
    if "phantoms" in card:
        parts.append(_phantoms(card["phantoms"]))
    if "real" in card:
        parts.append(_real(card["real"]))
    return "\n\n".join(_wrapped(block) for part in [*parts, _limits()] for block in part.split("\n\n")) + "\n"


def _wrapped(block):
    """Break a paragraph into lines of one length; tables, lists and headings stay as they are."""
    return block if block.startswith(("|", "-", "#")) else textwrap.fill(block, 120, break_long_words=False)


def table(head, rows):
    """Return a Markdown table."""
    lines = [" | ".join(head), " | ".join(["---"] * len(head)), *(" | ".join(map(str, row)) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)


def _about(card):
    weights = card["weights"]
    return f"""# Model card: slim DenseNet for chest films

This file is written by `scripts/evaluate_xray_densenet.py` from `xray_densenet.json`; do not edit it by hand.

**What it is.** A DenseNet of {weights["parameters"]:,} numbers ({weights["bytes"] / 1e6:.1f} MB) that gives a grey frontal chest
film of {card["network"]["input_shape"][0]} × {card["network"]["input_shape"][1]} pixels one score from 0 to 1 for each of 14
findings. Higher means more suspicious.

**What it is for.** Teaching: to show how such a network is trained, tested, explained and adapted.

**What it is not for.** Any decision about a person. It has been trained on drawings, it sees fewer pixels than a
thumbnail, nobody has tested it in a clinic, and it is no medical device.

**Data.** Synthetic. It was trained and tested on *phantoms*, chest films drawn by `labutils.datasets.make_phantoms` after
the frequencies of the findings in NIH ChestX-ray14. No real film was used to train it. The real films below (NIH
ChestX-ray14; Wang et al., CVPR 2017; provided by the NIH Clinical Center) only test it, and adapt copies of it that are not
shipped."""


def _made(card):
    recipe, training = card["recipe"], card["training"]
    aug = recipe["augmentation"]
    curve = [(r["epoch"], r["loss"], r["validation_loss"], r["validation_auc"]) for r in card["learning_curve"]]
    return f"""## How it was made

`scripts/train_xray_densenet.py`, seed {recipe["seed"]}: {training["films"]:,} films of {recipe["patients"]:,} phantom patients
(less {recipe["validation_share"]:.0%} of the patients, watched during training), drawn with
{recipe["prevalence_scale"]:g} times the prevalences of the hospital; {recipe["epochs"]} epochs of {recipe["optimizer"]} in
batches of {recipe["batch_size"]}, learning rate {recipe["learning_rate"]:g} falling along a cosine; weighted binary
cross-entropy ({recipe["loss"]}).
Training used {training["cpu_seconds"]} s of CPU time on two threads, so two free cores need at least
{training["cpu_seconds"] / 2:.0f} s; it took {training["seconds"]} s here, where other work shared the cores, after
{training["seconds_to_draw_films"]} s to draw the films. Patients are in one part only.

Films are changed a little each time they are used: turned by up to {aug["rotation_degrees"]:g}°,
zoomed by {aug["zoom"]:.0%}, shifted by {aug["shift"]:.0%}, brightness {aug["gain"]:.0%}, contrast (gamma) {aug["gamma"]:.0%}.
They are never flipped from left to right: that would put the heart on the right side (dextrocardia).

{table(["epoch", "training loss", "validation loss", "validation AUC"], curve)}

The loss is the mean over the findings; the AUC is the mean over the findings that occur among the validation films."""


def _phantoms(part):
    about = part["about"]
    rows = [(f, r["positives"], interval(r)) for f, r in part["findings"].items()]
    groups = [(g, r["films"], r["findings"], interval(r)) for g, r in part["groups"].items()]
    return f"""## What it is worth on new phantoms

{about["films"]:,} films of {about["patients"]:,} phantom patients from another seed, prevalences times
{about["prevalence_scale"]:g}. AUC with the 95 % interval of {about["resamples"]:,} resamples of patients.

{table(["finding", "positive films", "AUC (95 % interval)"], rows)}

Mean over the {part["macro"]["findings"]} findings: **{interval(part["macro"])}**.

By group (mean over the findings with at least 10 positive films in the group):

{table(["group", "films", "findings", "mean AUC (95 % interval)"], groups)}

Groups differ in the findings that count and in how sick their patients are: a difference is a question, not yet an answer."""


def _real(part):
    about = part["about"]
    names = [name for name in HEADS if name in part]
    rows = [
        (finding, row["positives"], *(interval(part[n]["findings"][finding]) for n in names))
        for finding, row in part["before"]["findings"].items()
    ]
    rows.append(("**mean**", "", *(f"**{interval(part[n]['macro'])}**" for n in names)))
    groups = [
        (group, row["films"], row["findings"], *(interval(part[n]["groups"][group]) for n in names))
        for group, row in part["before"]["groups"].items()
    ]
    differences = [
        (name.replace("_", " "), interval(row, "difference", digits=3)) for name, row in part["differences"].items()
    ]
    return f"""## What it is worth on real films: a lesson on domain shift

{about["source"]}, split by patient: {about["fine_tuning"]["films"]} films to fine-tune on,
{about["test"]["films"]} to test. All columns are measured on the same {about["test"]["films"]} test films; "too few" means fewer
than 10 positive ones. The labels were mined from reports by text processing, and are wrong for some films.

- *as shipped*: trained on phantoms only.
- *head fine-tuned*: the last layer alone trained on the real films (`labutils.models.fine_tune_head`, settings chosen by
  cross-validation inside the fine-tuning part: {", ".join(f"{k} {v:g}" for k, v in about["head"].items())}).
- *all layers fine-tuned*: every weight trained on, {about["all_layers"]["epochs"]} epochs.
- *from scratch*: the same network without the phantoms, {about["from_scratch"]["epochs"]} epochs
  ({about["from_scratch"]["seconds"]} s).
- *age, sex and view only*: a logistic regression that never sees a film.

{table(["finding", "positive test films", *(HEADS[n] for n in names)], rows)}

{table(["difference of mean AUC", "(95 % interval, paired)"], differences)}

By group, mean AUC over the findings with at least 10 positive films in the group:

{table(["group", "films", "findings", *(HEADS[n] for n in names)], groups)}"""


def _limits():
    return """## Limits

- A network that has learnt drawings has learnt how we draw. Its AUC on phantoms says nothing about patients.
- The scores are not probabilities: training weighed positives up, and the phantoms have more findings than a hospital sees.
- At 64 × 64 pixels a nodule of 1 cm is about two pixels wide.
- It can use the view (AP or PA) as a hint, because bedridden patients are sicker: in the phantoms as in the real collection.
- Intervals tell what another sample of patients would change; not what another hospital, or another training run, would.
- Age, sex and view are the only groups that the data name. Nothing is known about others."""
