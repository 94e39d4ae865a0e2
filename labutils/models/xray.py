"""The chest-film network that is shipped with the labs: its weights, its card, and how to adapt it to new films."""

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np

from labutils.imbalance import compute_class_freqs, get_weighted_loss
from labutils.models.densenet import build_densenet, load_weights
from labutils.models.films import check_films, resize_films
from labutils.models.quiet import import_keras

WEIGHTS = Path(__file__).parent / "weights" / "xray_densenet.weights.h5"
CARD = Path(__file__).parent / "cards" / "xray_densenet.json"


def xray_model_card():
    """Read the model card: what the shipped network is, how it was made, and what it is worth.

    Returns
    -------
    dict
        ``findings`` (names, in the order of the outputs), ``network`` (arguments of `build_densenet`),
        ``pixels`` (mean and sd of the training films), ``recipe``, ``learning_curve`` (one dict per epoch),
        ``phantoms`` and ``real`` (AUC per finding with 95 % intervals from resampled patients, and counts of
        positives). A fresh copy each time.
    """
    return json.loads(_card_text())


@cache
def _card_text():
    return CARD.read_text(encoding="utf-8")


def prepare_films(images, size=64):
    """Bring films to the size and scale that the shipped network was trained on.

    Resized with antialiasing, then minus the mean and over the standard deviation of the *training* films (two
    fixed numbers from the model card). Film by film standardisation would hide how bright a film is;
    statistics of the new films would make the score of one patient depend on who else was examined that day.

    Parameters
    ----------
    images : array of uint8 or float, shape (n, height, width) or (n, height, width, 1)
        Grey values from 0 (black) to 255 (white).
    size : int
        Height and width of the result in pixels. The shipped network wants the default.

    Returns
    -------
    ndarray of float32, shape (n, size, size, 1)

    Raises
    ------
    ValueError
        If the shape does not fit, values lie outside 0 to 255, or seem to be scaled to 0 to 1.
    """
    if not (isinstance(size, (int, np.integer)) and size > 0):
        raise ValueError(f"size is the new height and width in pixels, a whole number from 1; got {size!r}.")
    pixels = xray_model_card()["pixels"]
    return standardise(resize_films(check_films(images), int(size)), pixels["mean"], pixels["sd"])


def standardise(films, mean, sd):
    """Return (films - mean) / sd with a channel axis at the end, float32.

    Parameters
    ----------
    films : ndarray, shape (n, size, size)
        Grey values 0 to 255.
    mean, sd : float
        Grey values 0 to 255.

    Returns
    -------
    ndarray of float32, shape (n, size, size, 1)
    """
    return ((films - np.float32(mean)) / np.float32(sd))[..., None]


def load_xray_model():
    """Load the shipped slim DenseNet, trained on chest-film phantoms. For teaching only, never for a patient.

    Returns
    -------
    keras.Model
        From films made ready by `prepare_films`, (n, 64, 64, 1), to scores (n, 14) in the order of
        ``labutils.datasets.FINDINGS``, higher = more suspicious. They are not probabilities: the loss weighed
        rare findings up.

    Raises
    ------
    ValueError
        If the weights file is not the one that the model card describes.
    """
    card = xray_model_card()
    if hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() != card["weights"]["sha256"]:
        raise ValueError(
            f"{WEIGHTS.name} is not the file that its model card describes: install medlabs again, or train both anew "
            "with scripts/train_xray_densenet.py."
        )
    model = build_densenet(len(card["findings"]), **card["network"])
    load_weights(model, WEIGHTS)
    return model


def fine_tune_head(model, images, labels, *, epochs, rng, learning_rate=1e-3, batch_size=32, l2=0.0):
    """Train only the last layer of a network on new films; everything before it stays as it was.

    The frozen part gives the same numbers for a film each time, so it is run once, and only the last layer is
    trained on what it gave. That takes seconds, and with few new films there is little else that they could teach.

    The loss is `labutils.imbalance.get_weighted_loss` with the class frequencies of `labels`. A finding that
    never occurs in `labels`, or always does, teaches nothing: its output keeps its old weights.

    Parameters
    ----------
    model : keras.Model
        Ends in a Dense layer with sigmoids, as the networks of this package do. It is not changed.
    images : array, shape (n, height, width, channels)
        Prepared as the network wants them (`prepare_films`).
    labels : array of 0 and 1, shape (n, n_findings)
        In the order of the network's outputs.
    epochs : int
        How often each film is used.
    rng : int or numpy Generator
        Decides the order of the films.
    learning_rate : float
        Step size of Adam.
    batch_size : int
        Films per step.
    l2 : float
        Pulls the last layer back to its old weights: adds ``l2`` times the sum of squared changes to the loss.

    Returns
    -------
    keras.Model
        A new network whose layers are frozen apart from the last.

    Raises
    ------
    ValueError
        If films and labels do not fit the network or one another.
    """
    keras = import_keras()
    images, labels = np.asarray(images), np.asarray(labels, dtype="float32")
    _check_pair(model, images, labels)
    tuned = keras.models.clone_model(model)
    tuned.set_weights(model.get_weights())
    head = tuned.layers[-1]
    for layer in tuned.layers[:-1]:
        layer.trainable = False
    given = keras.Model(tuned.inputs, head.input).predict(images, batch_size=256, verbose=0)
    kernel, bias = _train_head(
        head.get_weights(), given, labels, epochs, np.random.default_rng(rng), learning_rate, batch_size, l2
    )
    head.set_weights([kernel, bias])
    return tuned


def _train_head(start, given, labels, epochs, rng, learning_rate, batch_size, l2):
    """Run Adam on one Dense layer, and return its (kernel, bias)."""
    keras = import_keras()
    pos, neg = compute_class_freqs(labels)
    kernel0 = start[0]
    layer = keras.layers.Dense(
        labels.shape[1],
        activation="sigmoid",
        kernel_regularizer=lambda kernel: l2 * keras.ops.sum((kernel - kernel0) ** 2),
    )
    small = keras.Sequential([keras.Input((given.shape[1],)), layer])
    layer.set_weights(start)
    # With a share of 0 or 1, one of the two weights is 0 and the other never used: such a finding has no gradient.
    small.compile(keras.optimizers.Adam(learning_rate), loss=get_weighted_loss(neg, pos))
    for _ in range(epochs):
        order = rng.permutation(len(given))
        small.fit(given[order], labels[order], batch_size=batch_size, shuffle=False, verbose=0)
    return layer.get_weights()


def _check_pair(model, images, labels):
    n_findings = model.output_shape[-1]
    if images.ndim != 4 or images.shape[1:] != tuple(model.input_shape[1:]):
        raise ValueError(
            f"images must have shape (n, {', '.join(map(str, model.input_shape[1:]))}); got {images.shape}. "
            "Use prepare_films."
        )
    if labels.shape != (len(images), n_findings):
        raise ValueError(f"labels must have shape ({len(images)}, {n_findings}), one row per film; got {labels.shape}.")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("labels must be 0 or 1: decide first what a missing or an uncertain label means.")
