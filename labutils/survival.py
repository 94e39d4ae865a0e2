"""Times to an event that not everybody has reached: shares, curves and their comparison.

The seven functions of course 2, week 3. Four are here, the interval and the restricted mean in
:mod:`labutils.survival_inference`, the log-rank test in :mod:`labutils.survival_compare`; all seven can be taken from this
module. All of them start from a data frame with one row
per *patient* and the columns ``Time`` and ``Event`` (see :mod:`labutils.survival_table`). Read them after you have handed in
your own.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from labutils.survival_compare import LogRank, log_rank, observed_and_expected
from labutils.survival_inference import (
    GreenwoodInterval,
    RestrictedMean,
    greenwood_interval,
    kaplan_meier,
    restricted_mean,
    restricted_mean_interval,
)
from labutils.survival_table import RiskTable, risk_table, step_at, times_and_events

__all__ = [
    "CumulativeHazard",
    "GreenwoodInterval",
    "HomemadeKM",
    "LogRank",
    "RestrictedMean",
    "RiskTable",
    "SurvivalCurve",
    "frac_censored",
    "greenwood_interval",
    "log_rank",
    "naive_estimator",
    "nelson_aalen",
    "observed_and_expected",
    "restricted_mean",
    "restricted_mean_interval",
    "risk_table",
    "step_at",
]


class SurvivalCurve(NamedTuple):
    """Steps of a survival curve: times (the first is 0) and the share alive from each on, both of shape (n_steps,)."""

    times: np.ndarray
    survival: np.ndarray


class CumulativeHazard(NamedTuple):
    """Steps of a cumulative hazard: times (the first is 0) and the hazard added up to each, both of shape (n_steps,)."""

    times: np.ndarray
    hazard: np.ndarray


def frac_censored(df: pd.DataFrame) -> float:
    """Share of patients whose event was not seen.

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time`` (0 or more) and ``Event`` (1 or True = event), in any order and with any index.

    Returns
    -------
    float
        Between 0 (everybody's event was seen) and 1; NaN for no patient (0/0).

    Raises
    ------
    ValueError
        If a column is missing, or a time or an event is not what it should be.

    Examples
    --------
    >>> frac_censored(pd.DataFrame({"Time": [3, 5, 8, 8], "Event": [1, 0, 1, 1]}))
    0.25
    """
    _, event = times_and_events(df)
    return float((~event).mean()) if len(event) else float("nan")


def naive_estimator(t: float, df: pd.DataFrame) -> float:
    r"""Share alive at time `t` among the patients of whom it is known.

    .. math:: \frac{\#\{i : T_i > t\}}{\#\{i : \text{event}_i \text{ or } T_i > t\}} .

    Patients who were censored at or before `t` are left out. That is wrong in one direction: those who die early are all
    kept, those who were lost early are not, so the share comes out *too low*. It is here to be compared with `HomemadeKM`.

    Parameters
    ----------
    t : float
        The time to ask for, in the unit of ``Time``.
    df : DataFrame, one row per patient
        With ``Time`` and ``Event`` as for `frac_censored`.

    Returns
    -------
    float
        Between 0 and 1; NaN where nobody is known (0/0).

    Raises
    ------
    ValueError
        If `t` is missing, or `df` is not as it should be.

    Examples
    --------
    Of five patients one (censored on day 4) is unknown on day 6; two of the four others live on.

    >>> naive_estimator(6, pd.DataFrame({"Time": [2, 4, 6, 7, 9], "Event": [1, 0, 1, 0, 1]}))
    0.5
    """
    if np.isnan(t):
        raise ValueError("t must be a time; got NaN")
    time, event = times_and_events(df)
    alive = time > t
    known = int((event | alive).sum())
    return float(alive.sum() / known) if known else float("nan")


def HomemadeKM(df: pd.DataFrame) -> SurvivalCurve:
    r"""Kaplan-Meier estimate of the survival function :math:`S(t) = P(T > t)`.

    With :math:`d_i` events among :math:`n_i` patients at risk at the distinct time :math:`t_i`,

    .. math:: \hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr) .

    At a tied time events come before censorings. The estimate is right on average as long as censoring tells nothing about
    the time to come (it is *non-informative*).

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time`` (0 or more) and ``Event`` (1 or True = event), in any order and with any index.

    Returns
    -------
    SurvivalCurve
        Starts at (0, 1), then one entry per distinct time, those with censorings only included. The value holds from its
        time on. If everybody is censored it stays at 1. Whoever has the time 0 belongs to the first entry, so that it is
        below 1 if somebody died at time 0.

    Raises
    ------
    ValueError
        If there is no patient, a column is missing, or a time or an event is not what it should be.

    Examples
    --------
    Four patients: 3/4 outlive day 2; of the three left one dies on day 5: 3/4 · 2/3 = 1/2.

    >>> times, survival = HomemadeKM(pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]}))
    >>> times, survival
    (array([0., 2., 5., 9.]), array([1.  , 0.75, 0.5 , 0.5 ]))

    References
    ----------
    Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. Journal of the American Statistical
    Association 1958;53:457-481.
    """
    return SurvivalCurve(*kaplan_meier(risk_table(df)))


def nelson_aalen(df: pd.DataFrame) -> CumulativeHazard:
    r"""Nelson-Aalen estimate of the cumulative hazard :math:`H(t)`.

    .. math:: \hat H(t) = \sum_{t_i \le t} \frac{d_i}{n_i} .

    The *hazard* is the risk of dying per unit of time among those still alive; H adds it up, so it can exceed 1 and is no
    probability. :math:`S(t) = e^{-H(t)}` holds for the true curves. Of the estimates,
    :math:`e^{-\hat H(t)} \ge \hat S(t)`, because :math:`e^{-x} \ge 1 - x`; with many at risk they nearly agree.

    Tied events count as they are, d/n. (lifelines by default breaks ties, as if the tied patients had died one after the
    other: ``NelsonAalenFitter(nelson_aalen_smoothing=False)`` gives the numbers of this function.)

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time`` and ``Event`` as for `HomemadeKM`.

    Returns
    -------
    CumulativeHazard
        Starts at (0, 0), then one entry per distinct time; whoever has the time 0 belongs to the first entry.

    Raises
    ------
    ValueError
        As `HomemadeKM`.

    Examples
    --------
    >>> times, hazard = nelson_aalen(pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]}))
    >>> hazard.round(3)  # 0, then 1/4, then 1/4 + 1/3, and no event on day 9
    array([0.   , 0.25 , 0.583, 0.583])

    References
    ----------
    Nelson W. Theory and applications of hazard plotting for censored failure data. Technometrics 1972;14:945-966.
    Aalen O. Nonparametric inference for a family of counting processes. Annals of Statistics 1978;6:701-726.
    """
    times, at_risk, events, _ = risk_table(df)
    if not len(times):
        raise ValueError("df has no patient, so there is no curve: give at least one row")
    hazard = np.cumsum(events / at_risk)
    if times[0] == 0:
        return CumulativeHazard(times, hazard)
    return CumulativeHazard(np.append(0.0, times), np.append(0.0, hazard))
