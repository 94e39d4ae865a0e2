"""Are the risks true? Calibration intercept and slope, with their intervals."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from labutils.risk import check_labels
from labutils.risk_intervals import Estimate, z_of

MOST_STEPS = 100  # Newton needs about five


class Calibration(NamedTuple):
    """Intercept and slope of the outcome on the logit of the predicted risk; (0, 1) is perfect."""

    intercept: float
    slope: float


class CalibrationInterval(NamedTuple):
    """Intercept and slope of a calibration, each an `Estimate`."""

    intercept: Estimate
    slope: Estimate


def calibration_slope(y: ArrayLike, p: ArrayLike) -> Calibration:
    r"""Intercept and slope of the outcome on the logit of the predicted risk, by unpenalised logistic regression.

    .. math:: \operatorname{logit} P(y = 1) = a + b \operatorname{logit} p, \qquad
        \operatorname{logit} p = \log \frac{p}{1 - p} .

    A slope :math:`b` below 1 says that the risks are too extreme (the high ones too high, the low ones too low: the mark of an
    overfitted model), above 1 that they are too timid. With :math:`b = 1` an intercept above 0 says that the risks are too
    low on the whole.

    Parameters
    ----------
    y : array of 0 and 1 (bool, int or float), shape (n_patients,)
    p : array of float, shape (n_patients,)
        Predicted risks, strictly between 0 and 1.

    Returns
    -------
    Calibration
        ``(intercept, slope)``. Both are NaN where no finite answer exists: nobody, one outcome only, the same risk for all, or
        outcomes that some threshold separates without overlap.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, or a risk is not strictly between 0 and 1.

    Examples
    --------
    Of ten patients told 20 % three fall ill, of ten told 80 % seven do. log(7/3) = 0.847 is what the logit
    should have been, and it was log(4) = 1.386: the slope is 0.847 / 1.386.

    >>> y = [1] * 3 + [0] * 7 + [1] * 7 + [0] * 3
    >>> fit = calibration_slope(y, [0.2] * 10 + [0.8] * 10)
    >>> abs(round(fit.intercept, 3)), round(fit.slope, 3)
    (0.0, 0.611)

    References
    ----------
    Cox DR. Two further applications of a model for binary regression. Biometrika 1958;45:562-565.
    """
    return fit_calibration(y, p)[0]


def calibration_interval(y: ArrayLike, p: ArrayLike, level: float = 0.95) -> CalibrationInterval:
    """Calibration intercept and slope with their intervals, from the curvature of the likelihood.

    Parameters
    ----------
    y, p
        See `calibration_slope`.
    level : float
        Between 0 and 1.

    Returns
    -------
    CalibrationInterval
        ``(intercept, slope)``, each ``(value, low, high)``; NaN where the slope is not defined.

    Raises
    ------
    ValueError
        See `calibration_slope`; also if `level` is not between 0 and 1.

    Examples
    --------
    >>> y = [1] * 3 + [0] * 7 + [1] * 7 + [0] * 3
    >>> slope = calibration_interval(y, [0.2] * 10 + [0.8] * 10).slope
    >>> round(slope.value, 2), slope.low < 0 < 1 < slope.high
    (0.61, True)
    """
    z = z_of(level)
    values, covariance = fit_calibration(y, p)
    half = z * np.sqrt(np.diag(covariance))
    return CalibrationInterval(
        *(Estimate(float(v), float(v - h), float(v + h)) for v, h in zip(values, half, strict=True))
    )


def fit_calibration(y: ArrayLike, p: ArrayLike) -> tuple[Calibration, np.ndarray]:
    """Fit `calibration_slope`, with the covariance matrix of its two numbers, shape (2, 2); NaN where not defined."""
    ill, p = check_labels(y, "y"), np.asarray(p, dtype=float)
    if p.shape != ill.shape:
        raise ValueError(f"y and p hold one entry per patient; got shapes {ill.shape} and {p.shape}")
    if not ((p > 0) & (p < 1)).all():
        raise ValueError("p must hold risks strictly between 0 and 1: the logit of 0 or 1 is infinite")
    x = np.log(p) - np.log1p(-p)
    if not ill.any() or ill.all() or x[ill].min() >= x[~ill].max() or x[ill].max() <= x[~ill].min():
        return Calibration(float("nan"), float("nan")), np.full((2, 2), np.nan)
    design, beta = np.column_stack([np.ones_like(x), x]), np.array([np.log(ill.mean() / (1 - ill.mean())), 0.0])
    for _ in range(MOST_STEPS):  # Newton: where would the slope of the log-likelihood be zero, if it were a parabola?
        step = np.linalg.solve(_information(design, beta), design.T @ (ill - _risk(design @ beta)))
        while _log_likelihood(design, beta + step, ill) < _log_likelihood(design, beta, ill) - 1e-9:
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    return Calibration(*beta.tolist()), np.linalg.inv(_information(design, beta))


def _risk(linear: np.ndarray) -> np.ndarray:
    """Turn a linear predictor into a probability."""
    return 0.5 * (1 + np.tanh(linear / 2))


def _information(design: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Curvature of the log-likelihood: how sharply the data point at `beta`."""
    risk = _risk(design @ beta)
    return (design.T * (risk * (1 - risk))) @ design


def _log_likelihood(design: np.ndarray, beta: np.ndarray, ill: np.ndarray) -> float:
    linear = design @ beta
    return float((ill * linear - np.logaddexp(0, linear)).sum())


def risk_groups(y: ArrayLike, p: ArrayLike, n_groups: int = 5, level: float = 0.95) -> pd.DataFrame:
    """Mean predicted risk and observed share of groups of equal size, from the lowest risks to the highest.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_patients,)
    p : array of float, shape (n_patients,)
        Predicted risks. Patients are sorted by them and dealt out into groups whose sizes differ by one at most.
    n_groups : int
    level : float
        Of Wilson's interval around each observed share.

    Returns
    -------
    DataFrame
        One row per group: ``patients``, ``predicted``, ``observed``, ``low``, ``high``.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, or there are fewer patients than groups.

    Examples
    --------
    >>> risk_groups([0, 1, 1, 1], [0.2, 0.3, 0.8, 0.9], n_groups=2)[["patients", "predicted", "observed"]]
       patients  predicted  observed
    0         2       0.25       0.5
    1         2       0.85       1.0

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of the American Statistical
    Association 1927;22:209-212.
    """
    ill, p, z = check_labels(y, "y"), np.asarray(p, dtype=float), z_of(level)
    if p.shape != ill.shape or not 1 <= n_groups <= len(ill):
        raise ValueError(
            f"y and p hold one entry per patient and one group or more; got {ill.shape}, {p.shape}, {n_groups}"
        )
    rows = []
    for members in np.array_split(np.argsort(p, kind="stable"), n_groups):
        n, share = len(members), ill[members].mean()
        middle, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        rows.append((n, p[members].mean(), share, (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)))
    return pd.DataFrame(rows, columns=["patients", "predicted", "observed", "low", "high"])
