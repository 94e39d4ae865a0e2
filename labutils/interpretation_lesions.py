"""Do heat maps lie on the lesion? The pointing game and the overlap, with chance beside them and intervals around them."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from labutils.evaluation_intervals import wilson_interval


class MeanInterval(NamedTuple):
    """A mean and the ends of its interval, NaN where not defined."""

    mean: float
    low: float
    high: float


def pointing_hits(heats: ArrayLike, masks: ArrayLike) -> np.ndarray:
    """Whether the brightest place of each map lies on the lesion (the pointing game).

    Parameters
    ----------
    heats : array of float, shape (n, height, width)
    masks : array of bool, shape (n, height x k, width x k)
        True on the lesion. Masks may be a whole number of times finer than the maps: then a place of the map is hit if any of
        its pixels is.

    Returns
    -------
    ndarray of bool, shape (n,)
        A map that is all zeros points nowhere: no hit. Of several brightest places the first is taken, in reading order.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Zhang J, Lin Z, Brandt J, Shen X, Sclaroff S. Top-down neural attention by excitation backprop. ECCV 2016.
    """
    heats, masks = _checked(heats, masks)
    coarse = _coarser(masks, heats.shape[1:]) > 0
    brightest = heats.reshape(len(heats), -1).argmax(axis=1)
    return coarse.reshape(len(heats), -1)[np.arange(len(heats)), brightest] & (heats.max(axis=(1, 2)) > 0)


def overlaps(heats: ArrayLike, masks: ArrayLike, *, threshold: float = 0.5) -> np.ndarray:
    r"""Intersection over union of the hot part of each map and the lesion.

    .. math:: \mathrm{IoU} = \frac{|\{L \ge t\} \cap M|}{|\{L \ge t\} \cup M|}

    Parameters
    ----------
    heats : array of float, shape (n, height, width)
        0 to 1.
    masks : array of bool, shape (n, height x k, width x k)
        A place of the map belongs to the lesion with the share of its pixels that do.
    threshold : float
        t, above 0 and at most 1.

    Returns
    -------
    ndarray of float, shape (n,)
        From 0 to 1. NaN if nothing is hot and there is no lesion.

    Raises
    ------
    ValueError
        If the shapes do not fit or the threshold is out of range.

    Examples
    --------
    Two hot places, one of them on the lesion, which has two places: 1 of 3.

    >>> overlaps([[[1.0, 0.6], [0.2, 0.0]]], [[[True, False], [True, False]]]).round(3).tolist()
    [0.333]
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is a share of the brightest place, above 0 and at most 1; got {threshold!r}.")
    heats, masks = _checked(heats, masks)
    lesion, hot = _coarser(masks, heats.shape[1:]), heats >= threshold
    both = (lesion * hot).sum(axis=(1, 2))
    either = lesion.sum(axis=(1, 2)) + hot.sum(axis=(1, 2)) - both
    return np.divide(both, either, out=np.full(len(heats), np.nan), where=either > 0)


def mean_interval(
    values: ArrayLike,
    patient: ArrayLike | None = None,
    *,
    n_boot: int = 1000,
    rng: int | np.random.Generator = 0,
    level: float = 0.95,
) -> MeanInterval:
    """Mean of one value per film, with an interval from resampled patients.

    Parameters
    ----------
    values : array of float, shape (n_films,)
    patient : array, shape (n_films,), optional
        Whose film it is; default: each film is another patient's.
    n_boot : int
    rng : int or numpy Generator
    level : float

    Returns
    -------
    MeanInterval
        NaN three times without films.

    Raises
    ------
    ValueError
        If lengths differ, or a value is missing.
    """
    values = np.asarray(values, dtype=float)
    patient = np.arange(len(values)) if patient is None else np.asarray(patient)
    if values.ndim != 1 or patient.shape != values.shape:
        raise ValueError(f"one value and one patient per film are needed; got {values.shape} and {patient.shape}.")
    if np.isnan(values).any():
        raise ValueError("a value is missing: say first what a film without a value means, and leave it out.")
    if not len(values):
        return MeanInterval(float("nan"), float("nan"), float("nan"))
    codes = np.unique(patient, return_inverse=True)[1]
    total, films = np.bincount(codes, weights=values), np.bincount(codes)
    drawn = np.random.default_rng(rng).integers(len(films), size=(n_boot, len(films)))
    means = total[drawn].sum(axis=1) / films[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return MeanInterval(float(values.mean()), float(low), float(high))


def localisation_table(
    heats: ArrayLike,
    masks: ArrayLike,
    finding: ArrayLike,
    patient: ArrayLike,
    *,
    threshold: float = 0.5,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Pointing game and overlap for each finding, beside what chance would give.

    Parameters
    ----------
    heats, masks : as for :func:`pointing_hits`
    finding : array of str, shape (n,)
        Which finding the map and the mask are about.
    patient : array, shape (n,)
        Whose film it is.
    threshold : float
        For :func:`overlaps`.
    rng : int or numpy Generator

    Returns
    -------
    DataFrame, indexed by finding, in the order of their first film
        ``films``, ``patients``; ``hits`` (count); ``hit``, ``hit_low``, ``hit_high`` (share with Wilson's interval where every
        patient has one film, else from resampled patients); ``chance``, the mean share of the film that the lesion
        covers, which is what pointing blindly would hit; ``overlap``, ``overlap_low``, ``overlap_high``.

    Raises
    ------
    ValueError
        If lengths or shapes do not fit.
    """
    heats, masks = _checked(heats, masks)
    finding, patient = np.asarray(finding), np.asarray(patient)
    if not len(heats) == len(finding) == len(patient):
        raise ValueError(f"one finding and one patient per map; got {len(heats)}, {len(finding)} and {len(patient)}.")
    rng = np.random.default_rng(rng)
    hits, overlap = pointing_hits(heats, masks), overlaps(heats, masks, threshold=threshold)
    coarse = _coarser(masks, heats.shape[1:]) > 0
    rows = {}
    for name in dict.fromkeys(finding.tolist()):
        own = finding == name
        one_each = len(np.unique(patient[own])) == own.sum()
        if one_each:
            share = wilson_interval(int(hits[own].sum()), int(own.sum()))
        else:
            share = mean_interval(hits[own].astype(float), patient[own], rng=rng)
        rows[name] = (
            int(own.sum()),
            len(np.unique(patient[own])),
            int(hits[own].sum()),
            *share,
            float(coarse[own].mean()),
            *mean_interval(np.nan_to_num(overlap[own]), patient[own], rng=rng),
        )
    names = ["films", "patients", "hits", "hit", "hit_low", "hit_high", "chance"]
    names += ["overlap", "overlap_low", "overlap_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)


def _checked(heats: ArrayLike, masks: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    heats, masks = np.asarray(heats, dtype=float), np.asarray(masks)
    if heats.ndim != 3 or masks.ndim != 3 or len(heats) != len(masks):
        raise ValueError(
            f"heats and masks must have shape (n, height, width) with one mask per map; got {heats.shape} and {masks.shape}."
        )
    if any(fine % coarse for fine, coarse in zip(masks.shape[1:], heats.shape[1:], strict=True)):
        raise ValueError(
            f"the masks {masks.shape[1:]} must be a whole number of times as fine as the maps {heats.shape[1:]}."
        )
    return heats, masks.astype(bool)


def _coarser(masks: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Give the share of the mask in each place of a coarser grid."""
    n, height, width = masks.shape
    blocks = masks.reshape(n, size[0], height // size[0], size[1], width // size[1])
    return blocks.mean(axis=(2, 4))
