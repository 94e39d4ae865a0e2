"""Check whether probabilities keep their promise, and mend them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from labutils.evaluation_check import check_count, check_pair, check_scores

CLIP = 1e-6  # probabilities nearer to 0 or 1 than this are moved here, so that they have a logit


class CalibrationTable(NamedTuple):
    """One entry per bin, lowest scores first; NaN where a bin is empty."""

    mean_predicted: np.ndarray
    observed: np.ndarray
    count: np.ndarray


def calibration_table(y: ArrayLike, pred: ArrayLike, n_bins: int) -> CalibrationTable:
    """Mean promise and share of the sick among patients with similar probabilities.

    Bins of equal width cut the range from 0 to 1; a score on an edge belongs to the upper bin, and 1 to the last one (as in
    :func:`numpy.histogram`; scikit-learn's ``calibration_curve`` puts edges into the lower bin and leaves empty bins out).

    Parameters
    ----------
    y : array of 0 and 1, shape (n_patients,)
    pred : array of float in [0, 1], shape (n_patients,)
    n_bins : int
        1 or more.

    Returns
    -------
    CalibrationTable
        ``(mean_predicted, observed, count)``, each of shape (n_bins,). An empty bin keeps its place with NaN, NaN and 0.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, a probability is missing or outside 0 to 1, or `n_bins` is
        no whole number from 1.

    Examples
    --------
    >>> table = calibration_table([0, 1, 0, 1, 1], [0.1, 0.3, 0.5, 0.7, 0.9], n_bins=2)
    >>> table.mean_predicted.round(2).tolist(), table.observed.round(2).tolist(), table.count.tolist()
    ([0.2, 0.7], [0.5, 0.67], [2, 3])
    """
    y, pred = check_pair(y, pred, probabilities=True)
    n_bins = check_count(n_bins, "n_bins", "the number of bins between 0 and 1")
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    count = np.bincount(where, minlength=n_bins)
    sums = [np.bincount(where, weights=values, minlength=n_bins) for values in (pred, y)]
    mean, share = (np.divide(total, count, out=np.full(n_bins, np.nan), where=count > 0) for total in sums)
    return CalibrationTable(mean, share, count)


def brier_score(y: ArrayLike, pred: ArrayLike) -> float:
    """Mean squared distance of probability and truth, from 0 (perfect) to 1, lower = better; NaN without patients.

    It punishes bad ranking and broken promises together: who always says the prevalence p gets p (1 - p).

    Parameters
    ----------
    y : array of 0 and 1, shape (n_patients,)
    pred : array of float in [0, 1], shape (n_patients,)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As for :func:`calibration_table`.

    References
    ----------
    Brier GW. Verification of forecasts expressed in terms of probability. Monthly Weather Review 1950;78:1-3.
    """
    y, pred = check_pair(y, pred, probabilities=True)
    return float(np.mean((pred - y) ** 2)) if len(y) else float("nan")


def platt_scale(y_fit: ArrayLike, pred_fit: ArrayLike, pred_new: ArrayLike) -> np.ndarray:
    r"""Recalibrate probabilities: a logistic regression on their logit, learnt from patients whose truth is known.

    .. math:: p_{\mathrm{new}} = \frac{1}{1 + \exp(-(a + b \operatorname{logit} p))}

    where a and b have the largest likelihood for `y_fit` (no penalty). Platt fitted the same curve to the outputs of a support
    vector machine; for probabilities the logit is the natural scale, since then a = 0 and b = 1 change nothing. The order of the
    scores stays (if b > 0), so the AUC does too.

    Parameters
    ----------
    y_fit : array of 0 and 1, shape (n_fit,)
    pred_fit : array of float in [0, 1], shape (n_fit,)
        Patients to learn from. They should be none of the new ones.
    pred_new : array of float in [0, 1], shape (n_new,)

    Returns
    -------
    ndarray of float, shape (n_new,)
        All NaN if `y_fit` holds one class only. Probabilities below 0.000001 or above 0.999999 count as these limits.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, a probability is missing or outside 0 to 1, or the scores separate the
        two classes perfectly: then the steepest curve would be infinitely steep.

    Examples
    --------
    Where 0.9 was promised 3 of 4 are sick, and where 0.1 was promised 1 of 4.

    >>> platt_scale([1, 1, 1, 0, 1, 0, 0, 0], [0.9] * 4 + [0.1] * 4, [0.9, 0.1, 0.5]).round(3).tolist()
    [0.75, 0.25, 0.5]

    References
    ----------
    Platt JC. Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods. In: Advances in
    Large Margin Classifiers. MIT Press 1999, pages 61-74.
    """
    y, pred_fit = check_pair(y_fit, pred_fit, probabilities=True)
    pred_new = check_scores(pred_new, name="pred_new", probabilities=True)
    if not y.any() or y.all():
        return np.full(len(pred_new), np.nan)
    a, b = _fit_line(y, _logit(pred_fit))
    return _expit(a + b * _logit(pred_new))


def _fit_line(y: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """Find (a, b) with the largest likelihood, by Newton's steps, halved as long as they make it worse."""
    sick, healthy = x[y], x[~y]
    if x.min() < x.max() and (sick.min() >= healthy.max() or sick.max() <= healthy.min()):
        raise ValueError(
            "pred_fit separates the sick from the healthy perfectly, so no finite correction is best: learn from more patients."
        )
    columns = np.column_stack([np.ones(len(x)), x])
    # One score for everybody: there is no slope to learn, only the level.
    columns = columns if x.min() < x.max() else columns[:, :1]
    line = np.zeros(columns.shape[1])
    for _ in range(100):
        p = _expit(columns @ line)
        curvature = columns.T @ (columns * (p * (1 - p))[:, None])
        step = np.linalg.solve(curvature, columns.T @ (y - p))
        while _loss(y, columns @ (line + step)) > _loss(y, columns @ line) + 1e-12 and np.abs(step).max() > 1e-12:
            step = step / 2
        line = line + step
        if np.abs(step).max() < 1e-10:
            break
    return float(line[0]), float(line[1]) if len(line) == 2 else 0.0


def _loss(y: np.ndarray, z: np.ndarray) -> float:
    return float(np.logaddexp(0, np.where(y, -z, z)).sum())


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, CLIP, 1 - CLIP)
    return np.log(p) - np.log1p(-p)


def _expit(z: np.ndarray) -> np.ndarray:
    return np.exp(-np.logaddexp(0, -z))
