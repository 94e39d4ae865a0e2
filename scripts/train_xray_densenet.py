"""Train the slim DenseNet that is shipped with the labs, on chest-film phantoms, from fixed seeds.

    .venv/bin/python scripts/train_xray_densenet.py            # writes the weights and the first half of the model card
    .venv/bin/python scripts/evaluate_xray_densenet.py         # measures them and completes the card

The recipe is the dictionary below; nothing else decides about the result, apart from the versions of the libraries and the
order in which two cores add up numbers: a second run gives nearly, not exactly, the same weights.
"""

import argparse
import hashlib
import json
import platform
import time
from pathlib import Path

import numpy as np
from scipy import ndimage

from labutils.datasets import FINDINGS, make_phantoms
from labutils.evaluation import _rank_auc
from labutils.imbalance import check_for_leakage, compute_class_freqs, get_weighted_loss, split_by_patient
from labutils.models import build_densenet, import_keras
from labutils.models.films import resize_films
from labutils.models.xray import CARD, WEIGHTS, standardise

RECIPE = {
    "seed": 20261101,
    "patients": 2400,
    "film_size": 128,  # pixels of the phantoms as they are drawn; the network sees them at the size of its input
    "prevalence_scale": 3.0,  # more of the rare findings than in a hospital, so that there is something to learn from
    "validation_share": 0.1,  # of the patients; watched, never trained on
    "epochs": 10,
    "batch_size": 32,
    "optimizer": "Adam",
    "learning_rate": 3e-3,  # at the start; it falls to 0 along half a cosine
    "loss": "labutils.imbalance.get_weighted_loss with weights sqrt(neg/pos) for positives and sqrt(pos/neg) for negatives",
    "augmentation": {
        "rotation_degrees": 3.0,  # each of these is the largest change, drawn evenly to both sides
        "zoom": 0.05,
        "shift": 0.03,  # of the height or width
        "gain": 0.1,
        "gamma": 0.1,
        # No flip from left to right: it would put the heart on the right side. Such people exist (dextrocardia, about 1 in
        # 12,000 births), but a film taken that way round would be an error to notice, not a normal film.
        "flip": False,
    },
}
NETWORK = {
    "input_shape": [64, 64, 1],
    "growth_rate": 16,
    "blocks": [2, 4, 6],
    "stem": 16,
    "compression": 0.5,
    "seed": 7,
}


def augment(films, rng, *, rotation_degrees, zoom, shift, gain, gamma, flip):
    """Change films in ways that keep their labels: as if the patient stood a little differently, or the exposure was another.

    Parameters
    ----------
    films : ndarray of float32, shape (n, size, size)
        Grey values 0 to 255.
    rng : numpy Generator
    rotation_degrees, zoom, shift, gain, gamma : float
        Largest change of each kind.
    flip : bool
        Must be False; it stands in the recipe so that nobody has to guess.

    Returns
    -------
    ndarray of float32, shape (n, size, size)
    """
    if flip:
        raise ValueError("A chest film is never flipped from left to right: the heart would change sides.")
    n, size, _ = films.shape
    middle = (size - 1) / 2
    angle = np.deg2rad(rng.uniform(-rotation_degrees, rotation_degrees, n))
    scale = 1 + rng.uniform(-zoom, zoom, n)
    offset = rng.uniform(-shift, shift, (n, 2)) * size
    out = np.empty_like(films)
    for i, film in enumerate(films):
        c, s = np.cos(angle[i]) / scale[i], np.sin(angle[i]) / scale[i]
        turn = np.array([[c, -s], [s, c]])
        start = middle - turn @ (middle + offset[i])
        ndimage.affine_transform(film, turn, start, order=1, mode="nearest", output=out[i])
    exponent = np.exp(rng.uniform(-gamma, gamma, (n, 1, 1))).astype(np.float32)
    out = 255 * np.clip(out / 255, 0, 1) ** exponent * rng.uniform(1 - gain, 1 + gain, (n, 1, 1)).astype(np.float32)
    return np.clip(out, 0, 255)


def train(model, films, labels, watch, *, pixels, recipe, rng, log=print):
    """Train a network on grey films, and return its learning curve.

    Parameters
    ----------
    model : keras.Model
        Trained in place.
    films : ndarray of float32, shape (n, size, size)
        Grey values 0 to 255, already of the network's size.
    labels : ndarray of 0 and 1, shape (n, n_findings)
    watch : (films, labels) or None
        Validation films.
    pixels : dict
        ``mean`` and ``sd`` of the training films.
    recipe : dict
        As RECIPE.
    rng : numpy Generator
    log : callable
        Told of every epoch.

    Returns
    -------
    list of dict
        One per epoch: loss, and for the validation films loss and macro AUC (mean over the findings that occur).
    """
    keras = import_keras()
    pos, neg = compute_class_freqs(labels)
    # Both classes of a finding pull equally hard, as with the weights (neg, pos) of the course; the square root gives rare
    # findings more of a say than those weights do, and less than 1/pos, which lets a few hernias drown the rest.
    loss = get_weighted_loss(_root_of_ratio(neg, pos), _root_of_ratio(pos, neg))
    steps = recipe["epochs"] * -(-len(films) // recipe["batch_size"])
    schedule = keras.optimizers.schedules.CosineDecay(recipe["learning_rate"], steps)
    model.compile(keras.optimizers.Adam(schedule), loss=loss)
    curve = []
    for epoch in range(1, recipe["epochs"] + 1):
        order = rng.permutation(len(films))
        batch = standardise(augment(films[order], rng, **recipe["augmentation"]), **pixels)
        start = time.perf_counter()
        seen = model.fit(
            batch, labels[order].astype("float32"), batch_size=recipe["batch_size"], shuffle=False, verbose=0
        )
        line = {"epoch": epoch, "loss": seen.history["loss"][0] / labels.shape[1]}
        if watch is not None:
            scores = model.predict(standardise(watch[0], **pixels), batch_size=256, verbose=0)
            line["validation_loss"] = float(loss(watch[1], scores)) / labels.shape[1]
            line["validation_auc"] = float(
                np.nanmean([_rank_auc(y == 1, s) for y, s in zip(watch[1].T, scores.T, strict=True)])
            )
        curve.append({key: round(value, 4) for key, value in line.items()})
        log(f"{curve[-1]}  {time.perf_counter() - start:.1f} s")
    return curve


def _root_of_ratio(a, b):
    """Return sqrt(a / b), and 0 where a finding never or always occurs and there is nothing to weigh."""
    return np.sqrt(np.divide(a, b, out=np.zeros_like(a), where=b > 0))


def training_films(recipe):
    """Draw the phantoms and share them out by patient: ((films, labels), (films, labels) to watch), at the network's size."""
    films = make_phantoms(
        recipe["patients"],
        rng=np.random.default_rng(recipe["seed"]),
        size=recipe["film_size"],
        prevalence_scale=recipe["prevalence_scale"],
    )
    share = recipe["validation_share"]
    parts = split_by_patient(films.table, "patient", (1 - share, share), recipe["seed"])
    if check_for_leakage(*parts, "patient"):
        raise RuntimeError("A patient is in the training part and in the validation part: the split is broken.")
    small = resize_films(films.images, NETWORK["input_shape"][0])
    return [(small[part.index], part[list(FINDINGS)].to_numpy()) for part in parts]


def main():
    """Train, and write the weights and the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=None, help="folder for weights and card (default: the package)")
    out = parser.parse_args().out
    weights, card = (WEIGHTS, CARD) if out is None else (out / WEIGHTS.name, out / CARD.name)

    keras = import_keras()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    start = time.perf_counter()
    (films, labels), watch = training_films(RECIPE)
    drawn = time.perf_counter() - start
    print(f"{len(films)} films to train on, {len(watch[0])} to watch, drawn in {drawn:.0f} s")
    pixels = {"mean": round(float(films.mean()), 3), "sd": round(float(films.std()), 3)}

    start, cpu = time.perf_counter(), time.process_time()
    model = build_densenet(len(FINDINGS), **NETWORK)
    curve = train(model, films, labels, watch, pixels=pixels, recipe=RECIPE, rng=np.random.default_rng(RECIPE["seed"]))
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"trained {model.count_params()} weights in {seconds:.0f} s ({cpu:.0f} s of CPU time)")

    weights.parent.mkdir(parents=True, exist_ok=True)
    card.parent.mkdir(parents=True, exist_ok=True)
    bare = build_densenet(
        len(FINDINGS), **NETWORK
    )  # a compiled model would save Adam's memory too, three times the size
    bare.set_weights(model.get_weights())
    bare.save_weights(weights)
    text = {
        "schema": 1,
        "name": "xray_densenet",
        "findings": list(FINDINGS),
        "network": NETWORK,
        "pixels": pixels,
        "weights": {
            "file": weights.name,
            "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
            "bytes": weights.stat().st_size,
            "parameters": model.count_params(),
        },
        "recipe": RECIPE,
        "training": {
            "films": len(films),
            "films_watched": len(watch[0]),
            "positives": dict(zip(FINDINGS, labels.sum(axis=0).tolist(), strict=True)),
            "seconds": round(seconds),
            "cpu_seconds": round(cpu),
            "seconds_to_draw_films": round(drawn),
            "threads": 2,
            "versions": {
                "python": platform.python_version(),
                "keras": keras.__version__,
                "tensorflow": tf.__version__,
                "numpy": np.__version__,
            },
        },
        "learning_curve": curve,
    }
    card.write_text(json.dumps(text, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(
        f"wrote {weights.name} ({weights.stat().st_size / 1e6:.1f} MB) and {card.name}: now run evaluate_xray_densenet.py"
    )


if __name__ == "__main__":
    main()
