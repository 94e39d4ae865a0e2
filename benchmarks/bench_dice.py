"""Time Dice of volumes as they grow: labutils (Keras ops), plain NumPy, and scikit-learn's F1. Prints a table, tests nothing."""

import statistics
import time

import numpy as np
from sklearn.metrics import f1_score

from labutils.segmentation import dice_coefficient


def numpy_dice(truth, guess):
    """Mean over classes of Dice in plain NumPy."""
    overlap, size = (truth * guess).sum(axis=(1, 2, 3)), truth.sum(axis=(1, 2, 3)) + guess.sum(axis=(1, 2, 3))
    return ((2 * overlap + 1e-5) / (size + 1e-5)).mean()


def sklearn_dice(truth, guess):
    """Mean over classes of scikit-learn's F1 of the voxels, which is Dice for 0/1 predictions."""
    return np.mean([f1_score(t.ravel(), p.ravel()) for t, p in zip(truth, guess, strict=True)])


def median_ms(call, *arguments, rounds=5):
    """Median milliseconds of a call, after one that warms up."""
    call(*arguments)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call(*arguments)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    """Print the table."""
    rng = np.random.default_rng(0)
    print(f"{'voxels a class':>15} {'labutils ms':>12} {'numpy ms':>10} {'sklearn ms':>11} {'sklearn/labutils':>17}")
    for edge in (16, 32, 64, 96):
        truth, guess = ((rng.random((3, edge, edge, edge)) < 0.3).astype("float32") for _ in range(2))
        own, plain, other = (median_ms(call, truth, guess) for call in (dice_coefficient, numpy_dice, sklearn_dice))
        print(f"{edge**3:15,} {own:12.2f} {plain:10.2f} {other:11.1f} {other / own:17.1f}")


if __name__ == "__main__":
    main()
