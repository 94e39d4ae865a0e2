"""Say what the shipped 3D U-Net is worth, on painted scans that it has not seen and on real ones, and write its model card.

    python scripts/evaluate_brain_unet.py [--real FOLDER]

FOLDER holds the Decathlon's Task01_BrainTumour and, if you like, a BraTS case folder beside it; without it the
stored results on real scans
stay as they are. No number of the card is written by hand.
"""

import argparse
import json
import textwrap
from pathlib import Path

import numpy as np

from labutils import segmentation, segmentation_scores
from labutils.datasets import brain_scans, make_gliomas
from labutils.datasets.mni import halve
from labutils.models import load_brain_model
from labutils.models.brain import CARD

CLASSES = {"oedema": (1,), "non-enhancing tumour": (2,), "enhancing tumour": (3,)}
PATCH, OVERLAP, THRESHOLD, CASES = (48, 48, 48), 0.25, 0.5, 16


def crop(image, label):
    """Cut to the box of the brain: a network need not look at air."""
    inside = np.argwhere((image != 0).any(axis=-1))
    box = tuple(slice(int(a), int(b) + 1) for a, b in zip(inside.min(axis=0), inside.max(axis=0), strict=True))
    return image[box], label[box]


def coarse(image, label):
    """Bring a scan of 1 mm to 2 mm: means of eight voxels, the most frequent label of the eight."""
    shares = np.stack([halve(label == code) for code in range(4)], axis=-1)
    inside = halve((image != 0).any(axis=-1)) >= 0.5
    return halve(image) * inside[..., None], (shares.argmax(axis=-1) * inside).astype(np.uint8)


def scores_of_case(model, image, label):
    """Return Dice for each class and region, sensitivity and specificity for each class."""
    image, label = crop(image, label)
    scores = segmentation.predict_volume(model, segmentation.standardize_scan(image), PATCH, OVERLAP, batch_size=2)
    pred = segmentation_scores.labels_from_scores(scores, THRESHOLD)
    parts = {**CLASSES, **segmentation_scores.REGIONS}
    dice = {name: segmentation_scores.dice_of_codes(label, pred, codes) for name, codes in parts.items()}
    maps = [np.stack([codes == code for code in (1, 2, 3)]) for codes in (pred, label)]
    rates = {name: segmentation.compute_class_sens_spec(*maps, place) for place, name in enumerate(CLASSES)}
    return dice, rates


def plain(number):
    """Return a number rounded for the card, or None where there is none."""
    if number is None or np.isnan(number):
        return None
    return number if isinstance(number, int) else round(float(number), 4)


def summary(cases, seed):
    """Mean over cases with intervals, for each class."""
    out = {"dice": {}, "sensitivity": {}, "specificity": {}}
    for name in cases[0][0]:
        out["dice"][name] = [dice[name] for dice, _ in cases]
    for name in CLASSES:
        out["sensitivity"][name] = [rates[name].sensitivity for _, rates in cases]
        out["specificity"][name] = [rates[name].specificity for _, rates in cases]
    for values in out.values():
        for name, numbers in values.items():
            result = segmentation_scores.bootstrap_mean(numbers, seed)
            values[name] = {key: plain(value) for key, value in result._asdict().items()}
    return out


def painted(model, scanner, seed):
    """Evaluate on painted scans of a seed that training never saw."""
    scans = make_gliomas(CASES, seed, spacing=2, scanner=scanner)
    cases = [scores_of_case(model, scan.image, scan.label) for scan in scans]
    return {"seed": seed, "scanner": scanner, **summary(cases, seed)}


def real(model, folder):
    """Evaluate on every real case of a folder, one by one: too few for an interval that means much."""
    results = {}
    for name in brain_scans.list_decathlon(folder):
        scan = brain_scans.load_decathlon(folder, name)
        dice, rates = scores_of_case(model, *coarse(scan.image, scan.label))
        results[name] = {
            "slices": scan.label.shape[2],
            "dice": {part: plain(value) for part, value in dice.items()},
            "sensitivity": {part: plain(rate.sensitivity) for part, rate in rates.items()},
            "specificity": {part: plain(rate.specificity) for part, rate in rates.items()},
        }
    dice = {part: [results[name]["dice"][part] for name in results] for part in next(iter(results.values()))["dice"]}
    means = {part: [np.nan if value is None else value for value in values] for part, values in dice.items()}
    mean = {part: segmentation_scores.bootstrap_mean(values, 1)._asdict() for part, values in means.items()}
    return {
        "source": "Medical Segmentation Decathlon, task 1 (CC BY-SA 4.0), slabs of the scans",
        "cases": results,
        "mean": {part: {key: plain(value) for key, value in row.items()} for part, row in mean.items()},
    }


def main():
    """Evaluate and write the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path)
    options = parser.parse_args()
    card, model = json.loads(CARD.read_text(encoding="utf-8")), load_brain_model()
    card["evaluation"] = {
        "patch": PATCH,
        "overlap": OVERLAP,
        "threshold": THRESHOLD,
        "cases": CASES,
        "resamples": 2000,
        "interval": "percentiles 2.5 and 97.5 of the mean over resampled scans (one scan a patient)",
    }
    card["painted"] = painted(model, "A", 20261126)
    card["other_scanner"] = painted(model, "B", 20261127)
    if options.real:
        card["real"] = real(model, options.real)
    CARD.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    CARD.with_suffix(".md").write_text(markdown(card), encoding="utf-8")


def interval(row, digits=2):
    """Return 0.81 (0.75 to 0.86), or what there is of it."""
    if row.get("mean") is None:
        return "no case"
    text = f"{row['mean']:.{digits}f}"
    return text if row.get("low") is None else f"{text} ({row['low']:.{digits}f} to {row['high']:.{digits}f})"


def markdown(card):
    """Return the model card as Markdown text, from the numbers of the JSON card alone."""
    recipe, weights, training, how = card["recipe"], card["weights"], card["training"], card["evaluation"]
    lines = [
        "# Model card: slim 3D U-Net for gliomas on MRI",
        "",
        "This file is written by `scripts/evaluate_brain_unet.py` from `brain_unet.json`; do not edit it by hand.",
        "",
        f"**What it is.** A 3D U-Net of depth {card['network']['depth']} and base {card['network']['base']} with "
        f"{weights['parameters']:,} weights ({weights['bytes'] / 1e6:.1f} MB) that gives every voxel of "
        f"{card['spacing_mm']} mm of a brain scan with the channels FLAIR, T1w, T1-Gd and T2w three scores from 0 to 1: "
        + ", ".join(card["classes"])
        + ". Higher means more suspicious.",
        "",
        "**What it is for.** Teaching: how such a network is trained, run over a whole scan, and judged.",
        "",
        "**What it is not for.** Any decision about a person. It was trained on drawings, at a coarse "
        "resolution, and it is no medical device.",
        "",
        "**Data.** Synthetic: gliomas painted into the MNI ICBM 152 average brain (copyright 1993-2009 Louis "
        "Collins, McConnell Brain "
        "Imaging Centre, Montreal Neurological Institute, McGill University), `labutils.datasets.make_gliomas`. "
        "Real scans only test it.",
        "",
        "## How it was made",
        "",
        f"`scripts/train_brain_unet.py`, seed {recipe['seed']}: {recipe['patients']} painted patients, one scan each; "
        f"{recipe['steps']} steps with batches of {recipe['batch_size']} patches of "
        f"{' × '.join(map(str, recipe['patch']))} voxels; "
        f"{recipe['optimizer']}, learning rate {recipe['learning_rate']:g}, {recipe['schedule']}. Loss: {recipe['loss']}. "
        f"Patches: {recipe['patches']}. Augmentation: flips along {recipe['augmentation']['flip']}, gain "
        f"± {recipe['augmentation']['gain']:.0%}, shift ± {recipe['augmentation']['shift']} sd. "
        f"It took {training['cpu_seconds']} s of CPU time ({training['cpu_seconds_painting']} s of them to "
        f"paint the scans) and "
        f"{training['seconds']} s by the clock on two cores that other work shared.",
        "",
        "## What it is worth on painted scans it has not seen",
        "",
        f"{how['cases']} scans a row, sliding window of {' × '.join(map(str, how['patch']))} voxels, overlap "
        f"{how['overlap']}, threshold "
        f"{how['threshold']}. Dice is the mean over scans with the 95 % interval of {how['resamples']:,} resamples of scans.",
        "",
        *_table(
            card["painted"]["dice"],
            card["other_scanner"]["dice"],
            "scanner A (as trained)",
            "scanner B (another hospital)",
        ),
        "",
        "Voxel sensitivity and specificity on scanner A:",
        "",
        *_table(
            card["painted"]["sensitivity"], card["painted"]["specificity"], "sensitivity", "specificity", digits=(2, 4)
        ),
    ]
    if "real" in card:
        cases = card["real"]["cases"]
        lines += [
            "",
            "## What it is worth on real scans",
            "",
            f"{card['real']['source']}; brought to 2 mm. Dice for each case. With {len(cases)} cases the "
            f"interval of a mean is no more than "
            "the two ends of what was seen; read the cases.",
            "",
            f"| class or region | {' | '.join(cases)} | mean (interval) |",
            "|" + " --- |" * (len(cases) + 2),
        ]
        for part, row in card["real"]["mean"].items():
            own = ["none" if case["dice"][part] is None else f"{case['dice'][part]:.2f}" for case in cases.values()]
            lines.append(f"| {part} | {' | '.join(own)} | {interval(row)} |")
    lines += [
        "",
        "## Limits",
        "",
        "- Dice on painted scans says how well it learnt our drawing, not how well it outlines tumours of patients.",
        "- The contrasts of the drawing were measured on some of the public cases, so even the real numbers are "
        "not wholly independent.",
        "- The average brain is that of healthy young adults: no child, no atrophy, no earlier operation.",
        "- Intervals tell what other scans of the same kind would change, not what another hospital or another "
        "training run would.",
        "- An earlier training that differed only in the starting weights of the last layer gave much the same Dice on painted "
        "scans, and a clearly different one on the real slabs: two real cases are too few to rank anything.",
        "- Age, sex and origin of the patients are unknown: nothing can be said about groups.",
    ]
    return "\n".join(_wrapped(line) for line in lines) + "\n"


def _wrapped(line):
    """Break a paragraph into lines of one length; tables, lists and headings stay as they are."""
    return line if line.startswith(("|", "-", "#")) else textwrap.fill(line, 120, break_long_words=False)


def _table(left, right, left_name, right_name, digits=(2, 2)):
    rows = [f"| class or region | scans that count | {left_name} | {right_name} |", "| --- | --- | --- | --- |"]
    for part, row in left.items():
        rows.append(f"| {part} | {row['cases']} | {interval(row, digits[0])} | {interval(right[part], digits[1])} |")
    return rows


if __name__ == "__main__":
    main()
