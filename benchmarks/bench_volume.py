"""Time whole-volume prediction: labutils.predict_volume against a loop of model.predict, one patch at a time.

Both use the same patches of the same volume; the table shows medians as volumes grow. Prints a table, tests nothing.
"""

import statistics
import time

import numpy as np

from labutils.models import build_unet
from labutils.segmentation import patch_starts, predict_volume

PATCH, OVERLAP = (32, 32, 32), 0.25


def one_by_one(model, image):
    """Predict patch by patch with Keras' own predict, and average: the straightforward way."""
    axes = [patch_starts(n, p, OVERLAP) for n, p in zip(image.shape[:3], PATCH, strict=True)]
    total, times = np.zeros((*image.shape[:3], 3)), np.zeros((*image.shape[:3], 1))
    for x in axes[0]:
        for y in axes[1]:
            for z in axes[2]:
                block = (slice(x, x + 32), slice(y, y + 32), slice(z, z + 32))
                total[block] += model.predict(image[block][None], verbose=0)[0]
                times[block] += 1
    return total / times


def ours(model, image):
    """Predict with labutils."""
    return predict_volume(model, image, PATCH, OVERLAP)


def seconds(call, *arguments, rounds=3):
    """Median seconds of a call, after one that warms up."""
    call(*arguments)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call(*arguments)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    """Print the table."""
    model = build_unet(3, input_shape=(None, None, None, 4), depth=3, base=4)
    rng = np.random.default_rng(0)
    print(
        f"{'volume':>15} {'patches':>8} {'labutils s':>11} {'one by one s':>13} {'ratio':>6} {'largest difference':>19}"
    )
    for shape in ((32, 32, 32), (56, 56, 32), (56, 56, 56), (80, 80, 56)):
        image = rng.standard_normal((*shape, 4)).astype("float32")
        patches = np.prod([len(patch_starts(n, 32, OVERLAP)) for n in shape])
        apart = np.abs(ours(model, image) - one_by_one(model, image)).max()
        own, other = seconds(ours, model, image), seconds(one_by_one, model, image)
        name = " x ".join(map(str, shape))
        print(f"{name:>15} {patches:8} {own:11.2f} {other:13.2f} {other / own:6.2f} {apart:19.1e}")


if __name__ == "__main__":
    main()
