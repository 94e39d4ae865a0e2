"""Measure the shipped DenseNet on new phantoms and on real films, and complete its model card (JSON and Markdown).

    .venv/bin/python scripts/evaluate_xray_densenet.py [--nih FOLDER]

FOLDER holds films of NIH ChestX-ray14 (default: ../shared/data/nih_chestxray14_256, beside the checkout). Without it the part
on real films is left as it was.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from train_xray_densenet import NETWORK, RECIPE, train
from write_model_card import markdown

from labutils.datasets import FINDINGS, load_nih, make_phantoms, read_films
from labutils.evaluation import _patient_counts, _rank_auc, _weighted_aucs, bootstrap_auc
from labutils.imbalance import check_for_leakage, split_by_patient
from labutils.models import build_densenet, fine_tune_head, import_keras, load_xray_model, prepare_films
from labutils.models.films import resize_films
from labutils.models.xray import CARD, _card_text

N_BOOT = 2000
LEAST = 10  # positives (and negatives) without which an AUC says too little to be printed
PHANTOMS = {"seed": 20261104, "patients": 1200, "film_size": 128, "prevalence_scale": 3.0}
REAL = {"split_seed": 20261103, "fine_tuning_share": 0.5, "folds": 3}
HEAD = [{"epochs": 30, "learning_rate": r, "l2": w} for r in (2e-3, 2e-2) for w in (0.0, 0.02, 0.2)]


def auc_by_finding(labels, scores, patient):
    """AUC of each finding with its 95 % interval and its counts; no AUC where a class has fewer than LEAST films."""
    rows = {}
    for k, finding in enumerate(FINDINGS):
        y = labels[:, k]
        row = {"films": len(y), "positives": int(y.sum()), "auc": None, "low": None, "high": None}
        if LEAST <= y.sum() <= len(y) - LEAST:
            row.update(bootstrap_auc(y, scores[:, k], patient, N_BOOT, 0)._asdict())
        rows[finding] = {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}
    return rows


def macro_auc(labels, scores, patient, *, minus=None):
    """Mean AUC over the findings with enough films, and its interval; with `minus`, the difference to other scores.

    All findings (and both sets of scores) are resampled together, so the interval of a difference is a paired one.
    """
    enough = [k for k in range(len(FINDINGS)) if LEAST <= labels[:, k].sum() <= len(labels) - LEAST]
    codes, patients = pd.factorize(np.asarray(patient))
    counts = _patient_counts(len(patients), N_BOOT, np.random.default_rng(0))

    def both(s):
        point = np.mean([_rank_auc(labels[:, k] == 1, s[:, k]) for k in enough])
        # A resample may lose all positives of one finding: the mean is then over the others.
        return point, np.nanmean([_weighted_aucs(labels[:, k] == 1, s[:, k], codes, counts) for k in enough], axis=0)

    if not enough:
        return {"films": len(labels), "findings": 0, "auc": None, "low": None, "high": None}
    point, resampled = both(scores)
    if minus is not None:
        other, other_resampled = both(minus)
        point, resampled = point - other, resampled - other_resampled
    low, high = np.quantile(resampled, [0.025, 0.975])
    name = "auc" if minus is None else "difference"
    numbers = {name: round(float(point), 4), "low": round(float(low), 4), "high": round(float(high), 4)}
    return {"films": len(labels), "patients": len(patients), "findings": len(enough), **numbers}


def by_group(table, labels, scores):
    """Macro AUC by sex, age band and view."""
    age = pd.cut(table["age"], [0, 40, 60, 200], right=False, labels=["under 40", "40 to 59", "60 and over"])
    groups = {}
    for name, column in {"sex": table["sex"], "age": age, "view": table["view"]}.items():
        for value in sorted(column.dropna().unique(), key=str):
            rows = (column == value).to_numpy()
            groups[f"{name}: {value}"] = macro_auc(labels[rows], scores[rows], table["patient"][rows])
    return groups


def measure(table, scores):
    """Everything that the card says about one set of scores."""
    labels = table[list(FINDINGS)].to_numpy()
    return {
        "findings": auc_by_finding(labels, scores, table["patient"]),
        "macro": macro_auc(labels, scores, table["patient"]),
        "groups": by_group(table, labels, scores),
    }


def on_phantoms(model):
    """Measure on phantoms drawn from another seed than those of the training: other patients, the same law."""
    films = make_phantoms(
        PHANTOMS["patients"],
        rng=np.random.default_rng(PHANTOMS["seed"]),
        size=PHANTOMS["film_size"],
        prevalence_scale=PHANTOMS["prevalence_scale"],
    )
    scores = model.predict(prepare_films(films.images), batch_size=256, verbose=0)
    table = films.table
    about = {**PHANTOMS, "films": len(table), "patients": int(table["patient"].nunique()), "resamples": N_BOOT}
    return {"about": about, **measure(table, scores)}


def choose_head(model, films, labels, table):
    """Pick the settings of the fine-tuning by cross-validation inside the fine-tuning part: folds of patients."""
    parts = split_by_patient(table, "patient", [1 / REAL["folds"]] * REAL["folds"], REAL["split_seed"])
    tried = []
    for settings in HEAD:
        scores = np.empty((len(table), len(FINDINGS)))
        for part in parts:
            held = table.index.isin(part.index)
            tuned = fine_tune_head(model, films[~held], labels[~held], rng=0, **settings)
            scores[held] = tuned.predict(films[held], batch_size=256, verbose=0)
        tried.append({**settings, "auc": macro_auc(labels, scores, table["patient"])["auc"]})
        print("  head", tried[-1], flush=True)
    best = max(tried, key=lambda each: each["auc"])
    return {key: best[key] for key in HEAD[0]}, tried


def without_pixels(tune, test):
    """Scores of a logistic regression on age, sex and view alone: what a model gets without a look at the film."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def columns(t):
        return np.column_stack([t["age"], t["sex"] == "M", t["view"] == "AP"]).astype(float)

    scores = np.empty((len(test), len(FINDINGS)))
    for k, finding in enumerate(FINDINGS):
        fit = make_pipeline(StandardScaler(), LogisticRegression()).fit(columns(tune), tune[finding])
        scores[:, k] = fit.predict_proba(columns(test))[:, 1]
    return scores


def trained_on_real(model, films, labels, epochs, learning_rate):
    """Train all layers of `model` on the grey films of the fine-tuning part, with the recipe of the phantoms."""
    pixels = json.loads(_card_text())["pixels"]
    recipe = {**RECIPE, "epochs": epochs, "learning_rate": learning_rate}
    start = time.perf_counter()
    train(model, films, labels, None, pixels=pixels, recipe=recipe, rng=np.random.default_rng(0), log=lambda line: None)
    return model, round(time.perf_counter() - start)


def on_real_films(model, root):
    """Measure on real films before and after fine-tuning, beside two networks trained on them and a model without pixels."""
    table = load_nih(root).dropna(subset=["age"]).reset_index(drop=True)
    grey = resize_films(read_films(table["path"], 256), NETWORK["input_shape"][0])
    prepared = prepare_films(read_films(table["path"], 256))
    share = REAL["fine_tuning_share"]
    tune, test = split_by_patient(table, "patient", (share, 1 - share), REAL["split_seed"])
    if check_for_leakage(tune, test, "patient"):
        raise RuntimeError("A patient is in the fine-tuning part and in the test part: the split is broken.")
    y = tune[list(FINDINGS)].to_numpy()
    settings, tried = choose_head(model, prepared[tune.index], y, tune.reset_index(drop=True))
    tuned = fine_tune_head(model, prepared[tune.index], y, rng=0, **settings)
    scratch, s1 = trained_on_real(build_densenet(len(FINDINGS), **NETWORK), grey[tune.index], y, 60, 3e-3)
    whole, s2 = trained_on_real(load_xray_model(), grey[tune.index], y, 30, 1e-3)

    def look(network):
        return network.predict(prepared[test.index], batch_size=256, verbose=0)

    scores = {
        "before": look(model),
        "head_fine_tuned": look(tuned),
        "all_layers_fine_tuned": look(whole),
        "from_scratch": look(scratch),
        "age_sex_view_only": without_pixels(tune, test),
    }
    labels, patient = test[list(FINDINGS)].to_numpy(), test["patient"]
    return {
        "about": {
            **REAL,
            "source": "NIH ChestX-ray14, a sample of 720 films at 256 × 256 pixels",
            "fine_tuning": {
                "films": len(tune),
                "patients": int(tune["patient"].nunique()),
                "positives": tune[list(FINDINGS)].sum().to_dict(),
            },
            "test": {
                "films": len(test),
                "patients": int(test["patient"].nunique()),
                "positives": test[list(FINDINGS)].sum().to_dict(),
            },
            "resamples": N_BOOT,
            "head": settings,
            "head_settings_tried": tried,
            "from_scratch": {"epochs": 60, "learning_rate": 3e-3, "seconds": s1},
            "all_layers": {"epochs": 30, "learning_rate": 1e-3, "seconds": s2},
        },
        **{name: measure(test, s) for name, s in scores.items()},
        "differences": {
            f"{name} minus before": macro_auc(labels, s, patient, minus=scores["before"])
            for name, s in scores.items()
            if name != "before"
        },
    }


def main():
    """Measure, print, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "nih_chestxray14_256"
    parser.add_argument("--nih", type=Path, default=beside, help="folder of ChestX-ray14 films")
    parser.add_argument("--only", choices=["phantoms", "real"], help="measure one part, keep the other as it is")
    options = parser.parse_args()
    import_keras()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    card, model = json.loads(_card_text()), load_xray_model()
    if options.only != "real":
        card["phantoms"] = on_phantoms(model)
        print("phantoms:", card["phantoms"]["macro"])
        print(pd.DataFrame(card["phantoms"]["findings"]).T.to_string())
    if options.only != "phantoms":
        if options.nih.is_dir():
            card["real"] = on_real_films(model, options.nih)
            print(
                "real:",
                {name: part["macro"] for name, part in card["real"].items() if "macro" in part},
                card["real"]["differences"],
            )
        else:
            print(f"No films at {options.nih}: the part on real films stays as it was.")
    CARD.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    CARD.with_suffix(".md").write_text(markdown(card), encoding="utf-8")


if __name__ == "__main__":
    main()
