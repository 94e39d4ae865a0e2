"""Time Grad-CAM of many films in batches beside one film at a time, in one run.

    .venv/bin/python benchmarks/bench_gradcam.py [--films 100] [--rounds 5]

The shipped slim DenseNet, synthetic films. Three ways: `grad_cams` (batches of 32), `grad_cam` film by film, and film by film
with a probe that is built once, so that what is left of the difference is the batch itself. Medians over the rounds, which
alternate.
"""

import argparse
import statistics
import time

import numpy as np

from labutils import datasets, models
from labutils.interpretation import grad_cam, grad_cams, logit_model


def probe_once(network, films, category):
    """Return heat maps, film by film, from one probe network."""
    from labutils.models import keras

    ops = keras.ops  # Keras first: it keeps TensorFlow's start-up notes away
    import tensorflow as tf

    probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
    heats = []
    for film in films:
        x = tf.constant(film[None])
        with tf.GradientTape() as tape:
            tape.watch(x)
            maps, logits = probe(x, training=False)
            score = logits[0, category]
        weight = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = ops.relu(tf.reduce_sum(maps * weight, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[:2])[0, :, :, 0].numpy()
        heats.append(heat / heat.max() if heat.max() > 0 else heat)
    return np.array(heats)


def timed(function):
    """Return the seconds that a call takes, and its result."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main():
    """Run all ways, print medians, ratios and how far their maps differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--films", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    images = datasets.make_phantoms(max(2, options.films // 2), rng=1, size=64).images
    films = models.prepare_films(np.resize(images, (options.films, 64, 64)))
    network = logit_model(models.load_xray_model())
    category = 2
    ways = {
        "one batched call": lambda: grad_cams(network, films, category, "features"),
        "one call a film": lambda: np.array([grad_cam(network, film, category, "features") for film in films]),
        "one probe, film by film": lambda: probe_once(network, films, category),
    }
    for way in ways.values():  # warm up
        way()
    seconds, maps = {name: [] for name in ways}, {}
    for _ in range(options.rounds):
        for name, way in ways.items():
            taken, maps[name] = timed(way)
            seconds[name].append(taken)
    median = {name: statistics.median(taken) for name, taken in seconds.items()}
    print(f"Grad-CAM of {options.films} films of 64 x 64 pixels, median of {options.rounds} rounds")
    for name, taken in median.items():
        off = np.abs(maps[name] - maps["one batched call"]).max()
        ratio = taken / median["one batched call"]
        print(f"  {name:24s} {1000 * taken:9.0f} ms   ratio {ratio:5.1f}   largest difference {off:.1e}")


if __name__ == "__main__":
    main()
