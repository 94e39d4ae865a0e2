"""What a segmentation of whole scans is worth: label maps from scores, Dice per class and per case, intervals over cases."""

from typing import NamedTuple

import numpy as np

REGIONS = {"whole tumour": (1, 2, 3), "tumour core": (2, 3), "enhancing": (3,)}
"""The three overlapping regions that tumour challenges report, as label codes."""


def labels_from_scores(scores, threshold=0.5):
    """Turn scores into label codes: the class with the highest score, or background if none reaches the threshold.

    Parameters
    ----------
    scores : array, shape (x, y, z, class)
    threshold : float
        From 0 to 1; a score equal to it counts.

    Returns
    -------
    ndarray of uint8, shape (x, y, z)
    """
    scores = np.asarray(scores)
    return np.where(scores.max(axis=-1) >= threshold, scores.argmax(axis=-1) + 1, 0).astype(np.uint8)


def dice_of_codes(label, pred, codes):
    """Dice's overlap of the voxels whose code is among `codes`, in two label maps.

    Parameters
    ----------
    label, pred : array of int, the same shape
    codes : int or sequence of int

    Returns
    -------
    float
        From 0 to 1; NaN if neither map has such a voxel (0/0): such a case is left out of a mean, not counted as perfect.
    """
    label, pred = np.isin(label, codes), np.isin(pred, codes)
    if label.shape != pred.shape:
        raise ValueError(f"label and pred must have the same shape; got {label.shape} and {pred.shape}.")
    size = label.sum() + pred.sum()
    return float(2 * (label & pred).sum() / size) if size else float("nan")


class MeanWithInterval(NamedTuple):
    """Mean over cases, the ends of its 95 % interval, and the number of cases that have a value."""

    mean: float
    low: float
    high: float
    cases: int


def bootstrap_mean(values, rng, *, n_boot=2000, level=0.95):
    """Mean over cases with a percentile interval from resampled *cases* (not voxels).

    Parameters
    ----------
    values : sequence of float
        One number a case; NaN is left out.
    rng : int or numpy Generator
    n_boot : int
    level : float

    Returns
    -------
    MeanWithInterval
        NaN with no case; with a single case the ends are NaN.
    """
    values = np.asarray(values, dtype=float)
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return MeanWithInterval(float("nan"), float("nan"), float("nan"), 0)
    if len(values) == 1:
        return MeanWithInterval(float(values[0]), float("nan"), float("nan"), 1)
    draws = np.random.default_rng(rng).integers(0, len(values), (n_boot, len(values)))
    low, high = np.quantile(values[draws].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return MeanWithInterval(float(values.mean()), float(low), float(high), len(values))


def volume_ml(label, codes, spacing):
    """Volume in mL of the voxels with one of some codes.

    Parameters
    ----------
    label : array of int
    codes : int or sequence of int
    spacing : float or sequence of 3 float
        Edge of a voxel in mm.
    """
    edges = np.broadcast_to(np.asarray(spacing, dtype=float), (3,))
    return float(np.isin(label, codes).sum() * np.prod(edges) / 1000)
