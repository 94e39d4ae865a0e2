"""Train the slim 3D U-Net that the labs ship, on painted gliomas, and write its weights and the first part of its card.

Minutes on two cores:  python scripts/train_brain_unet.py      (--steps 20 --patients 4 --dry for a trial)
Afterwards:            python scripts/evaluate_brain_unet.py   (adds the results to the card)
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np

from labutils import segmentation
from labutils.datasets import make_gliomas
from labutils.models import build_unet, keras
from labutils.models.brain import CARD, WEIGHTS

RECIPE = {
    "seed": 20261125,
    "patients": 56,
    "spacing_mm": 2,
    "scanner": "A",
    "patch": [32, 32, 32],
    "batch_size": 4,
    "steps": 420,
    "optimizer": "Adam",
    "learning_rate": 2e-3,
    "schedule": "warm-up over 20 steps, then cosine to 0",
    "loss": "soft Dice with sums over the whole batch, one per class, plus mean binary cross-entropy",
    "patches": "two of three centred on a tumour voxel (its class drawn first), the others on any brain voxel",
    "augmentation": {"flip": "each axis", "gain": 0.15, "shift": 0.2},
}
NETWORK = {"input_shape": [None, None, None, 4], "depth": 3, "base": 8, "seed": 7}


def make_patches(scans, rng, count, patch, augmentation):
    """Cut random patches, a new draw of patient for each; return X (n, x, y, z, 4) and y (n, x, y, z, 3), float32."""
    x = np.empty((count, *patch, 4), np.float32)
    y = np.empty((count, *patch, 3), np.float32)
    for n in range(count):
        image, label, places = scans[rng.integers(len(scans))]
        kinds = [k for k in (1, 2, 3) if len(places[k])]
        spots = places[kinds[rng.integers(len(kinds))] if rng.random() < 2 / 3 else 0]
        spot = spots[rng.integers(len(spots))]
        low = [
            int(np.clip(c - p // 2 + rng.integers(-p // 4, p // 4 + 1), 0, s - p))
            for c, p, s in zip(spot, patch, label.shape, strict=True)
        ]
        cut = tuple(slice(a, a + p) for a, p in zip(low, patch, strict=True))
        flips = tuple(slice(None, None, int(rng.choice([1, -1]))) for _ in range(3))
        block, codes = image[cut][flips], label[cut][flips]
        gain = 1 + augmentation["gain"] * rng.uniform(-1, 1, 4).astype(np.float32)
        shift = augmentation["shift"] * rng.uniform(-1, 1, 4).astype(np.float32)
        x[n] = block * gain + shift * (block != 0)
        y[n] = codes[..., None] == np.arange(1, 4)
    return x, y


def loss_of_patches(y_true, y_pred):
    """Soft Dice per class over the whole batch, plus cross-entropy."""
    ops = keras.ops
    space = (0, 1, 2, 3)
    overlap = 2 * ops.sum(y_true * y_pred, axis=space) + 1
    size = ops.sum(y_true**2, axis=space) + ops.sum(y_pred**2, axis=space) + 1
    entropy = keras.losses.binary_crossentropy(y_true, y_pred)
    return 1 - ops.mean(overlap / size) + ops.mean(entropy)


def rate(step, recipe):
    """Give the learning rate of a step."""
    if step < 20:
        return recipe["learning_rate"] * (step + 1) / 20
    return recipe["learning_rate"] * 0.5 * (1 + np.cos(np.pi * (step - 20) / max(recipe["steps"] - 20, 1)))


def train(recipe):
    """Return the trained network, its curve, and what the training cost."""
    rng = np.random.default_rng(recipe["seed"])
    start = time.process_time(), time.perf_counter()
    scans = []
    for scan in make_gliomas(recipe["patients"], rng, spacing=recipe["spacing_mm"], scanner=recipe["scanner"]):
        image = segmentation.standardize_scan(scan.image)
        inside = (scan.image != 0).any(axis=-1)
        places = [np.argwhere(inside), *(np.argwhere(scan.label == code) for code in (1, 2, 3))]
        scans.append((image, scan.label, places))
    painted = time.process_time() - start[0]
    model = build_unet(3, **NETWORK)
    model.compile(keras.optimizers.Adam(recipe["learning_rate"]), loss=loss_of_patches)
    curve, losses = [], []
    for step in range(recipe["steps"]):
        model.optimizer.learning_rate = rate(step, recipe)
        x, y = make_patches(scans, rng, recipe["batch_size"], recipe["patch"], recipe["augmentation"])
        losses.append(float(model.train_on_batch(x, y)))
        model.reset_metrics()
        if (step + 1) % 20 == 0:
            curve.append({"step": step + 1, "loss": round(float(np.mean(losses[-20:])), 4)})
            print(curve[-1], f"{time.process_time() - start[0]:.0f} s of CPU", flush=True)
    cost = {
        "cpu_seconds_painting": round(painted),
        "cpu_seconds": round(time.process_time() - start[0]),
        "seconds": round(time.perf_counter() - start[1]),
    }
    return model, curve, cost


def main():
    """Train, and write the weights and the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=RECIPE["steps"])
    parser.add_argument("--patients", type=int, default=RECIPE["patients"])
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    recipe = {**RECIPE, "steps": options.steps, "patients": options.patients}
    model, curve, cost = train(recipe)
    if options.dry:
        return
    WEIGHTS.parent.mkdir(exist_ok=True)
    bare = build_unet(3, **NETWORK)  # without the optimizer's numbers, which would make the file three times as large
    bare.set_weights(model.get_weights())
    bare.save_weights(WEIGHTS)
    content = Path(WEIGHTS).read_bytes()
    card = {
        "schema": 1,
        "name": "brain_unet",
        "classes": ["oedema", "non-enhancing tumour", "enhancing tumour"],
        "network": NETWORK,
        "spacing_mm": recipe["spacing_mm"],
        "weights": {
            "file": WEIGHTS.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "parameters": model.count_params(),
        },
        "recipe": recipe,
        "training": cost,
        "learning_curve": curve,
    }
    CARD.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
