"""How good is a diagnostic score, and how sure are we? The patient, not the film, is what we draw again."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

CHUNK_NUMBERS = 1 << 18  # per table of resampled weights: 1 MB each, so that it stays in the cache


class AucInterval(NamedTuple):
    """Area under the ROC curve and the ends of its interval, all between 0 and 1, or NaN where not defined."""

    auc: float
    low: float
    high: float


def bootstrap_auc(
    y: ArrayLike,
    pred: ArrayLike,
    patient: ArrayLike,
    n_boot: int,
    rng: int | np.random.Generator,
    level: float = 0.95,
) -> AucInterval:
    r"""Area under the ROC curve with an interval from resampled patients.

    The AUC is the chance that a randomly drawn positive film scores above a randomly drawn negative one, a tie counting
    one half:

    .. math:: \mathrm{AUC} = \frac{1}{n_+ n_-} \sum_{i: y_i = 1} \sum_{j: y_j = 0}
        \bigl( [s_i > s_j] + \tfrac12 [s_i = s_j] \bigr) .

    For the interval we draw as many patients as there are, with replacement, take *all* films of each drawn
    patient (twice if the patient was drawn twice), compute the AUC again, and repeat this `n_boot` times: the
    interval runs between the percentiles. Films of one patient resemble one another, so drawing films one by
    one would promise too much.

    Parameters
    ----------
    y : array of 0 and 1 (bool, int or float), shape (n_films,)
        1 = the finding is there.
    pred : array of float, shape (n_films,)
        Scores, higher = more suspicious. Only their order matters.
    patient : array of int or str, shape (n_films,)
        Whose film it is.
    n_boot : int
        Number of resamples, at least 1. A resample with one class only has no AUC and is drawn again.
    rng : int or numpy Generator
        The same seed gives the same interval.
    level : float
        Between 0 and 1: the interval runs from the (1 - level)/2 to the (1 + level)/2 percentile of the resamples.

    Returns
    -------
    AucInterval
        ``(auc, low, high)``. The AUC is that of the data itself. All three are NaN if `y` holds one class
        only, or is empty.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, a score or a patient is missing, or `n_boot` or `level` is
        out of range.

    Examples
    --------
    Two sick and two healthy patients. Of the four pairs sick-healthy three are in the right order: AUC 0.75.

    >>> result = bootstrap_auc([0, 0, 1, 1], [0.1, 0.4, 0.3, 0.8], ["a", "b", "c", "d"], n_boot=200, rng=0)
    >>> result.auc, result.low <= result.auc <= result.high
    (0.75, True)

    References
    ----------
    Hanley JA, McNeil BJ. The meaning and use of the area under a receiver operating characteristic (ROC) curve.
    Radiology 1982;143:29-36.
    Field CA, Welsh AH. Bootstrapping clustered data. Journal of the Royal Statistical Society B 2007;69:369-390.
    """
    y, pred, codes, n_patients = _check(y, pred, patient)
    if not (isinstance(n_boot, (int, np.integer)) and n_boot >= 1):
        raise ValueError(f"n_boot is the number of resamples, a whole number of 1 or more; got {n_boot!r}")
    if not 0 < level < 1:
        raise ValueError(f"level is the share of resamples inside the interval, between 0 and 1; got {level!r}")
    auc = _rank_auc(y, pred)
    if np.isnan(auc):
        return AucInterval(auc, auc, auc)
    rng = np.random.default_rng(rng)
    resampled = _resampled_aucs(y, pred, codes, n_patients, int(n_boot), rng)
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    return AucInterval(auc, float(low), float(high))


def auc(y: ArrayLike, pred: ArrayLike) -> float:
    """Area under the ROC curve, without an interval: for loops; report the one with an interval, :func:`bootstrap_auc`.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_films,)
    pred : array of float, shape (n_films,)
        Scores, higher = more suspicious.

    Returns
    -------
    float
        From 0 to 1; NaN if `y` holds one class only, or is empty.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, or a score is missing.
    """
    y, pred, _, _ = _check(y, pred, np.arange(len(np.atleast_1d(y))))
    return _rank_auc(y, pred)


def _rank_auc(y: np.ndarray, pred: np.ndarray) -> float:
    """AUC from the ranks of the scores (Mann-Whitney's U over the number of pairs); NaN if a class is missing."""
    positive, negative = pred[y], np.sort(pred[~y])
    if not len(positive) or not len(negative):
        return float("nan")
    # For each positive: negatives below it, plus those at or below it. A tie is in the second count only, so
    # it gets half.
    twice = np.searchsorted(negative, positive, side="left") + np.searchsorted(negative, positive, side="right")
    return float(twice.sum() / (2 * len(positive) * len(negative)))


def _resampled_aucs(
    y: np.ndarray, pred: np.ndarray, codes: np.ndarray, n_patients: int, n_boot: int, rng: np.random.Generator
) -> np.ndarray:
    """AUCs of `n_boot` resamples of patients that hold both classes, shape (n_boot,)."""
    chunk = min(n_boot, max(16, CHUNK_NUMBERS // max(len(y), n_patients)))
    found: list[np.ndarray] = []
    missing = n_boot
    while missing > 0:
        aucs = _weighted_aucs(y, pred, codes, _patient_counts(n_patients, chunk, rng))
        aucs = aucs[~np.isnan(aucs)][:missing]  # those with one class are left out, so others are drawn for them
        found.append(aucs)
        missing -= len(aucs)
    return np.concatenate(found)


def _weighted_aucs(y: np.ndarray, pred: np.ndarray, codes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """AUC of each resample of patients, shape (n_boot,); NaN where a class is missing.

    A resample is a column of `counts`, shape (n_patients, n_boot): a film weighs as much as its patient was drawn. So
    nothing is copied or sorted again: the films are sorted once, and the weight of the negatives below each positive is
    a running sum. All sums are whole numbers, hence exact.
    """
    order = np.argsort(pred[~y], kind="stable")
    negative, negative_of = pred[~y][order], codes[~y][order]
    running = np.zeros((len(negative) + 1, counts.shape[1]), dtype=np.int32)  # row k: weight of the k lowest negatives
    np.cumsum(counts[negative_of], axis=0, out=running[1:])
    below = np.searchsorted(negative, pred[y], side="left")
    at_or_below = np.searchsorted(negative, pred[y], side="right")
    weight = counts[codes[y]]
    twice = _sum_of_products(weight, running[below]) + _sum_of_products(weight, running[at_or_below])
    pairs = weight.sum(axis=0, dtype=np.int64) * running[-1]
    return np.divide(twice, 2 * pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)


def _sum_of_products(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sum a * b down each column, in 64 bits: pairs of films are too many for 32."""
    return np.einsum("ij,ij->j", a, b, dtype=np.int64, casting="safe")


def _patient_counts(n_patients: int, n_boot: int, rng: np.random.Generator) -> np.ndarray:
    """How often each patient is drawn in each resample, shape (n_patients, n_boot); every column sums to n_patients."""
    drawn = rng.integers(n_patients, size=(n_patients, n_boot))
    cells = drawn * n_boot + np.arange(n_boot)
    counts = np.bincount(cells.ravel(), minlength=n_patients * n_boot)
    return counts.reshape(n_patients, n_boot).astype(np.int32)


def _check(y: Any, pred: Any, patient: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Turn the three inputs into arrays (y as bool, patients as codes from 0), or say what is wrong with them."""
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    patient = pd.Series(list(patient) if np.ndim(patient) == 1 else [], dtype=object)
    if y.ndim != 1 or y.shape != pred.shape or len(patient) != len(y):
        raise ValueError(
            f"y, pred and patient hold one entry per film, for one finding; got shapes {y.shape}, {pred.shape} and "
            f"({len(patient)},)"
        )
    wrong = ~np.isin(y, (0, 1))
    if wrong.any():
        raise ValueError(f"y must hold 0 or 1; film {np.argmax(wrong)} has {y[wrong][0]!r}")
    if not np.isfinite(pred).all():
        raise ValueError(f"pred must hold finite numbers; film {np.argmin(np.isfinite(pred))} has none")
    if patient.isna().any():
        raise ValueError(f"patient is missing for film {int(patient.isna().to_numpy().argmax())}: whose film is it?")
    codes, patients = pd.factorize(patient)
    return y == 1, pred, codes, len(patients)
