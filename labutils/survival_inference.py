"""What follows from a survival curve, and how sure we are: its interval, and the restricted mean.

Made from the table of :mod:`labutils.survival_table`; the conventions (one row per patient, events before censorings at a
tied time) are told there.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from labutils.survival_table import RiskTable, risk_table


class GreenwoodInterval(NamedTuple):
    """Ends of a pointwise interval at the times of the survival curve; three arrays of shape (n_steps,)."""

    times: np.ndarray
    low: np.ndarray
    high: np.ndarray


class RestrictedMean(NamedTuple):
    """Restricted mean survival time, the ends of its interval, and its standard error, all in the unit of time."""

    mean: float
    low: float
    high: float
    error: float


def kaplan_meier(table: RiskTable) -> tuple[np.ndarray, np.ndarray]:
    """Multiply up the share that survives each time; see :func:`labutils.survival.HomemadeKM`.

    Parameters
    ----------
    table : RiskTable

    Returns
    -------
    tuple of (times, survival), arrays of float that start at (0, 1)

    Raises
    ------
    ValueError
        If the table has no row.
    """
    if not len(table.times):
        raise ValueError("df has no patient, so there is no curve: give at least one row")
    survival = np.cumprod((table.at_risk - table.events) / table.at_risk)
    if table.times[0] == 0:
        return table.times, survival
    return np.append(0.0, table.times), np.append(1.0, survival)


def greenwood_interval(df: pd.DataFrame, level: float = 0.95) -> GreenwoodInterval:
    r"""Pointwise interval of the Kaplan-Meier curve: Greenwood's variance on the scale log(-log S).

    .. math:: \hat\sigma^2(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)}, \qquad
        \theta = \frac{z \, \hat\sigma(t)}{|\log \hat S(t)|}, \qquad
        \bigl[\hat S(t)^{\exp(\theta)}, \; \hat S(t)^{\exp(-\theta)}\bigr]

    where z is the (1 + level)/2 quantile of the standard normal distribution. On this scale the interval stays between 0
    and 1, and is not symmetric. *Pointwise* means: at one time chosen beforehand it covers the truth with probability
    `level` (roughly, for many patients), not at all times at once.

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time`` and ``Event`` (1 or True = event), in any order and with any index.
    level : float
        Between 0 and 1.

    Returns
    -------
    GreenwoodInterval
        At the times of `HomemadeKM`. Where the curve is 1 or 0 the formula is not defined, and low = high = S. That is no
        certainty: before the first death the data say nothing of the spread.

    Raises
    ------
    ValueError
        If `level` is out of range, or `df` is not as it should be.

    Examples
    --------
    >>> times, low, high = greenwood_interval(pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]}))
    >>> low.round(3), high.round(3)
    (array([1.   , 0.128, 0.058, 0.058]), array([1.   , 0.961, 0.845, 0.845]))

    References
    ----------
    Greenwood M. The natural duration of cancer. Reports on Public Health and Medical Subjects 33. HMSO 1926.
    Kalbfleisch JD, Prentice RL. The statistical analysis of failure time data. 2nd edition. Wiley 2002, chapter 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is the share of intervals that cover the truth, between 0 and 1; got {level!r}")
    table = risk_table(df)
    times, survival = kaplan_meier(table)
    survivors = table.at_risk - table.events
    terms = np.divide(table.events, table.at_risk * survivors, out=np.zeros(len(survivors)), where=survivors > 0)
    spread = np.sqrt(np.append(np.zeros(len(times) - len(terms)), np.cumsum(terms)))
    open_ended = (survival > 0) & (survival < 1)
    log_s = np.log(survival, out=np.full(len(times), -1.0), where=open_ended)
    theta = stats.norm.ppf((1 + level) / 2) * spread / -log_s
    low = np.where(open_ended, np.exp(log_s * np.exp(theta)), survival)
    high = np.where(open_ended, np.exp(log_s * np.exp(-theta)), survival)
    return GreenwoodInterval(times, low, high)


def restricted_mean(df: pd.DataFrame, horizon: float) -> float:
    r"""Restricted mean survival time: how long patients live on average up to a horizon h, the area under the curve.

    .. math:: \int_0^h \hat S(t)\,dt

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time`` and ``Event`` (1 or True = event), in any order and with any index.
    horizon : float
        In the unit of ``Time``; 0 or more. Beyond the last time the last value of the curve is carried on: that is a guess,
        so choose a horizon at which patients are still at risk.

    Returns
    -------
    float
        Between 0 and `horizon`, in the unit of ``Time``.

    Raises
    ------
    ValueError
        If `horizon` is negative, missing or infinite, or `df` is not as it should be.

    Examples
    --------
    Up to day 8: two days at 1, three at 3/4, three at 1/2: 2 + 2.25 + 1.5 = 5.75 days.

    >>> restricted_mean(pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]}), 8)
    5.75

    References
    ----------
    Royston P, Parmar MKB. Restricted mean survival time: an alternative to the hazard ratio for the design and analysis of
    randomized trials with a time-to-event outcome. BMC Medical Research Methodology 2013;13:152.
    """
    return float(_areas(risk_table(df), horizon).sum())


def restricted_mean_interval(df: pd.DataFrame, horizon: float, level: float = 0.95) -> RestrictedMean:
    r"""Restricted mean survival time with a normal interval from its standard error.

    The variance is :math:`\sum_{t_i \le h} A_i^2 \, d_i / \{n_i (n_i - d_i)\}`, where :math:`A_i` is the area under the
    curve from :math:`t_i` to the horizon.

    Parameters
    ----------
    df : DataFrame, one row per patient
    horizon : float
        As for `restricted_mean`.
    level : float
        Between 0 and 1.

    Returns
    -------
    RestrictedMean
        The standard error is 0 where nobody died before the horizon; as with `greenwood_interval`, that is no certainty.

    Raises
    ------
    ValueError
        If `level` is out of range, or as `restricted_mean`.

    References
    ----------
    Klein JP, Moeschberger ML. Survival analysis. 2nd edition. Springer 2003, section 4.5.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is the share of intervals that cover the truth, between 0 and 1; got {level!r}")
    table = risk_table(df)
    areas = _areas(table, horizon)
    mean = float(areas.sum())
    rest = np.cumsum(areas[::-1])[::-1][-len(table.times) :]  # from each time of the table to the horizon
    survivors = table.at_risk - table.events
    terms = np.divide(table.events, table.at_risk * survivors, out=np.zeros(len(survivors)), where=survivors > 0)
    error = float(np.sqrt(((rest**2) * terms).sum()))
    reach = float(stats.norm.ppf((1 + level) / 2)) * error
    return RestrictedMean(mean, mean - reach, mean + reach, error)


def _areas(table: RiskTable, horizon: float) -> np.ndarray:
    """Areas under the steps of the curve, each cut at the horizon, shape (n_steps,)."""
    if not 0 <= horizon < np.inf:
        raise ValueError(f"horizon must be a time of 0 or more; got {horizon!r}")
    times, survival = kaplan_meier(table)
    return survival * np.diff(np.minimum(times, horizon), append=horizon)
