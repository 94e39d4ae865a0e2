"""How sure is it? Intervals for a C-index and for the difference of two.

They are large-sample (Wald) intervals: estimate ± z standard errors. They treat every row as another patient.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from labutils.risk import cindex, count_pairs


class Estimate(NamedTuple):
    """A number with the ends of its interval; all NaN where not defined."""

    value: float
    low: float
    high: float


def cindex_interval(y_true: ArrayLike, scores: ArrayLike, level: float = 0.95) -> Estimate:
    r"""C-index of a binary outcome with its interval, by the method of DeLong.

    Give each patient with the outcome the share of patients without it who score lower (a tie counts half), and each
    patient without it the share of those with it who score higher. The mean of either set is C, and their spread says how far C
    would move with other patients:

    .. math:: \mathrm{se}^2 = \frac{\operatorname{var}(V_1)}{n_1} + \frac{\operatorname{var}(V_0)}{n_0} .

    Parameters
    ----------
    y_true : array of 0 and 1, shape (n_patients,)
    scores : array of float, shape (n_patients,)
        Higher = more at risk.
    level : float
        Between 0 and 1.

    Returns
    -------
    Estimate
        ``(value, low, high)``, the ends kept within 0 and 1. All NaN with one outcome only; the ends are NaN with fewer than
        two patients on a side, and meet the value when the order is perfect (so distrust them then).

    Raises
    ------
    ValueError
        See :func:`labutils.risk.count_pairs`; also if `level` is not between 0 and 1.

    Examples
    --------
    >>> value, low, high = cindex_interval([1, 1, 0, 0], [0.8, 0.5, 0.5, 0.2])
    >>> value, low < value <= high
    (0.875, True)

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL. Comparing the areas under two or more correlated receiver operating characteristic
    curves: a nonparametric approach. Biometrics 1988;44:837-845.
    """
    z = z_of(level)
    value = cindex(y_true, scores)
    half = z * _standard_error(*_placements(y_true, scores))
    return Estimate(value, float(np.clip(value - half, 0, 1)), float(np.clip(value + half, 0, 1)))


def cindex_difference(y_true: ArrayLike, scores: ArrayLike, baseline: ArrayLike, level: float = 0.95) -> Estimate:
    """C-index of `scores` minus C-index of `baseline` on the same patients, with the interval of the difference.

    Two models judged on the same patients are lucky and unlucky together, so the difference is known better than
    either C alone. DeLong's method subtracts each patient's shares first and asks for the spread of what is left.

    Parameters
    ----------
    y_true : array of 0 and 1, shape (n_patients,)
    scores, baseline : array of float, shape (n_patients,)
        Scores of two models for the same patients in the same order. Higher = more at risk.
    level : float
        Between 0 and 1.

    Returns
    -------
    Estimate
        ``(value, low, high)``; above 0 favours `scores`. NaN as in `cindex_interval`.

    Raises
    ------
    ValueError
        See `cindex_interval`.

    Examples
    --------
    >>> cindex_difference([1, 1, 0, 0], [4, 3, 2, 1], [4, 1, 2, 3]).value
    0.5
    """
    z = z_of(level)
    value = cindex(y_true, scores) - cindex(y_true, baseline)
    new, old = _placements(y_true, scores), _placements(y_true, baseline)
    half = z * _standard_error(*(a - b for a, b in zip(new, old, strict=True)))
    return Estimate(value, value - half, value + half)


def _placements(y_true: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Share of the other side that each patient is ordered right against: those with the outcome, those without."""
    count_pairs(y_true, scores)  # refuses what cannot be compared
    ill, scores = np.asarray(y_true) == 1, np.asarray(scores, dtype=float)
    with_it, without = scores[ill], scores[~ill]
    if not len(with_it) or not len(without):
        return np.full(2, np.nan), np.full(2, np.nan)
    lower, upper = np.sort(without), np.sort(with_it)
    below = np.searchsorted(lower, with_it, side="left") + np.searchsorted(lower, with_it, side="right")
    under = np.searchsorted(upper, without, side="left") + np.searchsorted(upper, without, side="right")
    return below / (2 * len(without)), 1 - under / (2 * len(with_it))


def _standard_error(of_with: np.ndarray, of_without: np.ndarray) -> float:
    """Give the standard error of a mean over both sides; NaN with fewer than two patients on one."""
    if min(len(of_with), len(of_without)) < 2:
        return float("nan")
    return float(np.sqrt(of_with.var(ddof=1) / len(of_with) + of_without.var(ddof=1) / len(of_without)))


def z_of(level: float) -> float:
    """Say how many standard errors an interval of this level spans to either side."""
    if not 0 < level < 1:
        raise ValueError(
            f"level is the share of samples whose interval holds the truth, between 0 and 1; got {level!r}"
        )
    return NormalDist().inv_cdf((1 + level) / 2)
