"""A risk model seen group by group: how many patients, how many deaths, how well ranked, and whether promises are kept."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binomtest

from labutils.forests import cindex


def share_with_interval(events: int, patients: int, level: float = 0.95) -> tuple[float, float, float]:
    """Share of events with Wilson's interval; all NaN without patients.

    Examples
    --------
    >>> tuple(round(part, 3) for part in share_with_interval(5, 20))
    (0.25, 0.112, 0.469)

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of the American Statistical
    Association 1927;22:209-212.
    """
    if patients == 0:
        return (float("nan"),) * 3
    interval = binomtest(int(events), int(patients)).proportion_ci(level, method="wilson")
    return events / patients, float(interval.low), float(interval.high)


def calibration(y_true: ArrayLike, risk: ArrayLike, n_groups: int = 10) -> np.ndarray:
    """Promise and outcome in groups of patients with similar predicted risk.

    Parameters
    ----------
    y_true : array of 0 and 1, shape (n_patients,)
    risk : array of float, shape (n_patients,)
        Predicted probabilities.
    n_groups : int
        Groups of nearly equal size, from low to high risk. Patients with the same risk may be split between two.

    Returns
    -------
    array of float, shape (n_groups, 4)
        Mean predicted risk, observed share, and the ends of its 95 % interval (Wilson).

    Raises
    ------
    ValueError
        If lengths differ, a risk is not between 0 and 1, or there are fewer patients than groups.

    Examples
    --------
    >>> calibration([0, 0, 1, 1], [0.1, 0.3, 0.6, 0.8], n_groups=2)[:, :2].round(2).tolist()
    [[0.2, 0.0], [0.7, 1.0]]
    """
    y, risk = np.asarray(y_true, dtype=float), np.asarray(risk, dtype=float)
    if y.shape != risk.shape or y.ndim != 1 or len(y) < n_groups or n_groups < 1:
        raise ValueError(
            f"outcomes and risks need one number per patient, and at least {n_groups} patients; got shapes "
            f"{y.shape} and {risk.shape}"
        )
    if not ((risk >= 0) & (risk <= 1)).all():
        raise ValueError("risk holds a number below 0, above 1, or NaN: give predicted probabilities, not scores")
    rows = []
    for members in np.array_split(np.argsort(risk, kind="stable"), n_groups):
        rows.append((risk[members].mean(), *share_with_interval(int(y[members].sum()), len(members))))
    return np.array(rows)


def subgroup_table(
    y_true: ArrayLike, risk: ArrayLike, group: ArrayLike, *, n_boot: int = 500, rng: int | np.random.Generator = 0
) -> pd.DataFrame:
    """How a risk model does in each group of patients.

    Parameters
    ----------
    y_true : array of 0 and 1, shape (n_patients,)
    risk : array of float, shape (n_patients,)
        Predicted probabilities.
    group : array, shape (n_patients,)
        The name of each patient's group; groups come in sorted order.
    n_boot, rng
        Resamples of patients for the interval of the C-index, and their seed.

    Returns
    -------
    DataFrame
        Indexed by group: ``patients``; ``died``, the share, with ``died_low`` and ``died_high``; ``predicted``, the mean
        risk; ``cindex`` with ``cindex_low`` and ``cindex_high`` (95 %, NaN where a group holds one outcome only).

    Raises
    ------
    ValueError
        If lengths differ.

    Examples
    --------
    >>> table = subgroup_table([0, 1, 0, 1], [0.1, 0.7, 0.4, 0.3], ["F", "F", "M", "M"], n_boot=20)
    >>> table[["patients", "died", "predicted", "cindex"]].round(2).to_dict("list")
    {'patients': [2, 2], 'died': [0.5, 0.5], 'predicted': [0.4, 0.35], 'cindex': [1.0, 0.0]}
    """
    y, risk = np.asarray(y_true, dtype=float), np.asarray(risk, dtype=float)
    group = np.asarray(group)
    if not len(y) == len(risk) == len(group):
        raise ValueError(f"one entry per patient is needed; got {len(y)}, {len(risk)} and {len(group)}")
    rng, rows = np.random.default_rng(rng), {}
    for name in np.unique(group):
        own = group == name
        died, low, high = share_with_interval(int(y[own].sum()), int(own.sum()))
        found = cindex(y[own], risk[own])
        ends = _cindex_ends(y[own], risk[own], n_boot, rng) if found == found else (np.nan, np.nan)
        rows[name] = (int(own.sum()), died, low, high, risk[own].mean(), found, *ends)
    names = ("patients", "died", "died_low", "died_high", "predicted", "cindex", "cindex_low", "cindex_high")
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)


def _cindex_ends(y, risk, n_boot, rng):
    """Give the ends of the 95 % percentile interval of a C-index, from resampled patients with both outcomes."""
    found = []
    while len(found) < n_boot:
        rows = rng.integers(len(y), size=len(y))
        value = cindex(y[rows], risk[rows])
        if value == value:
            found.append(value)
    return tuple(np.quantile(found, [0.025, 0.975]))
