"""Did the treatment help, how much, and how sure are we? Tables of a trial with two arms.

A *trial* is a frame with one row per patient, a column ``TRTMT`` (1 = treated, 0 = control) and a column ``outcome``
(1 = the bad event happened, 0 = it did not). Two signs are in use and both are here: the *average treatment effect* is the
risk of the treated minus the risk of the controls (negative when the treatment protects), the *absolute risk reduction*
is the same number the other way round (positive when the treatment protects).

Models that predict a benefit for each patient stand in :mod:`labutils.effects_models`, the C-for-benefit in
:mod:`labutils.effects_benefit`; their names are here too.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from labutils.effects_benefit import (
    BenefitInterval,
    c_for_benefit_interval,
    c_for_benefit_score,
    c_statistic,
    fast_c_for_benefit,
    match_pairs,
)
from labutils.effects_models import (
    OR_to_ARR,
    SLearner,
    TLearner,
    TreatmentEffect,
    base_risks,
    extract_treatment_effect,
    holdout_grid_search,
    lr_ARR_quantile,
    treatment_dataset_split,
)

__all__ = [
    "BenefitInterval",
    "EffectInterval",
    "EventRate",
    "NumberNeeded",
    "OR_to_ARR",
    "SLearner",
    "TLearner",
    "TreatmentEffect",
    "ate_interval",
    "balance_table",
    "base_risks",
    "c_for_benefit_interval",
    "c_for_benefit_score",
    "c_statistic",
    "event_rate",
    "extract_treatment_effect",
    "fast_c_for_benefit",
    "holdout_grid_search",
    "lr_ARR_quantile",
    "match_pairs",
    "number_needed_to_treat",
    "proportion_treated",
    "treatment_dataset_split",
]


class EventRate(NamedTuple):
    """Share of patients with the event in each arm, between 0 and 1; NaN for an arm with nobody."""

    treated: float
    control: float


class EffectInterval(NamedTuple):
    """Average treatment effect (treated − control, so negative = fewer events) and the ends of its interval."""

    ate: float
    low: float
    high: float


class NumberNeeded(NamedTuple):
    """Number needed to treat (patients) and the ends of its interval; negative = number needed to harm."""

    nnt: float
    low: float
    high: float


def proportion_treated(df: pd.DataFrame) -> float:
    """Share of patients in the treated arm, between 0 and 1; NaN for a trial with nobody.

    Parameters
    ----------
    df : DataFrame with ``TRTMT`` (0/1 or bool)

    Raises
    ------
    ValueError
        If the column is missing or holds anything but 0 and 1.

    Examples
    --------
    >>> proportion_treated(pd.DataFrame({"TRTMT": [1, 0, 0, 1, 0], "outcome": [0, 0, 1, 1, 1]}))
    0.4
    """
    treated = _zeros_and_ones(df, "TRTMT")
    return float(treated.mean()) if len(treated) else float("nan")


def event_rate(df: pd.DataFrame) -> EventRate:
    """Share of patients with the event, in the treated and in the control arm.

    Parameters
    ----------
    df : DataFrame with ``TRTMT`` and ``outcome`` (0/1 or bool)

    Returns
    -------
    EventRate
        ``(treated, control)``: an arm with nobody has the rate NaN.

    Raises
    ------
    ValueError
        If a column is missing or holds anything but 0 and 1.

    Examples
    --------
    >>> event_rate(pd.DataFrame({"TRTMT": [1, 1, 0, 0, 0, 0], "outcome": [0, 1, 1, 1, 0, 1]}))
    EventRate(treated=0.5, control=0.75)
    """
    treated, outcome = _zeros_and_ones(df, "TRTMT"), _zeros_and_ones(df, "outcome")
    return EventRate(*(float(arm.mean()) if arm.size else float("nan") for arm in _arms(treated, outcome)))


def ate_interval(df: pd.DataFrame, level: float = 0.95) -> EffectInterval:
    r"""Average treatment effect as a risk difference, with Wald's interval.

    With :math:`p_1, p_0` the event rates of :math:`n_1` treated patients and :math:`n_0` controls,

    .. math:: \widehat{ATE} = p_1 - p_0, \qquad
        \widehat{ATE} \pm z \sqrt{\frac{p_1 (1 - p_1)}{n_1} + \frac{p_0 (1 - p_0)}{n_0}},

    and :math:`z` the :math:`(1 + level)/2` quantile of the standard normal distribution. In a randomised trial this
    estimates the mean of :math:`Y_i(1) - Y_i(0)`, the difference of each patient's two potential outcomes.

    Parameters
    ----------
    df : DataFrame with ``TRTMT`` and ``outcome`` (0/1 or bool)
    level : float, between 0 and 1

    Returns
    -------
    EffectInterval
        ``(ate, low, high)``, negative where the treatment protects; NaN if an arm has nobody.

    Raises
    ------
    ValueError
        If a column is missing or holds anything but 0 and 1, or `level` is not between 0 and 1.

    Notes
    -----
    The interval relies on the normal distribution: with fewer than about five events in an arm it is too narrow
    (Newcombe, Statistics in Medicine 1998;17:873-890, compares eleven methods).

    References
    ----------
    Rubin DB. Estimating causal effects of treatments in randomized and nonrandomized studies. Journal of Educational
    Psychology 1974;66:688-701.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is the coverage of the interval, between 0 and 1; got {level!r}")
    treated, outcome = _zeros_and_ones(df, "TRTMT"), _zeros_and_ones(df, "outcome")
    arms = _arms(treated, outcome)
    if not all(arm.size for arm in arms):
        return EffectInterval(float("nan"), float("nan"), float("nan"))
    rates = [arm.mean() for arm in arms]
    error = np.sqrt(sum(rate * (1 - rate) / arm.size for rate, arm in zip(rates, arms, strict=True)))
    ate, half = rates[0] - rates[1], norm.ppf((1 + level) / 2) * error
    return EffectInterval(float(ate), float(ate - half), float(ate + half))


def number_needed_to_treat(df: pd.DataFrame, level: float = 0.95) -> NumberNeeded:
    """How many patients must be treated so that one event fewer is expected: 1 / ARR, with an interval.

    The ends of the interval are one over the ends of the interval of the absolute risk reduction. If that one holds 0,
    the numbers needed run through infinity (from "treat 7 to help one" over "no treatment matters" to "treat 100 to harm
    one"), and no two ends describe them: both are NaN.

    Parameters
    ----------
    df : DataFrame with ``TRTMT`` and ``outcome`` (0/1 or bool)
    level : float, between 0 and 1

    Returns
    -------
    NumberNeeded
        ``(nnt, low, high)`` with low < high. Negative numbers are numbers needed to harm. Without any difference nnt is
        infinite; with an arm of nobody all three are NaN.

    Raises
    ------
    ValueError
        As `ate_interval`.

    References
    ----------
    Altman DG. Confidence intervals for the number needed to treat. BMJ 1998;317:1309-1312.
    """
    ate, low, high = ate_interval(df, level)
    if np.isnan(ate):
        return NumberNeeded(float("nan"), float("nan"), float("nan"))
    nnt = float("inf") if ate == 0 else -1 / ate
    if low <= 0 <= high:
        return NumberNeeded(nnt, float("nan"), float("nan"))
    return NumberNeeded(nnt, -1 / low, -1 / high)


def balance_table(df: pd.DataFrame) -> pd.DataFrame:
    r"""How alike the two arms were before treatment: means and standardised mean differences.

    .. math:: SMD = \frac{\bar x_1 - \bar x_0}{\sqrt{(s_1^2 + s_0^2)/2}}

    with the sample variances :math:`s^2` (divided by n − 1). Unlike a p-value the SMD does not grow with the number of
    patients: an absolute value above 0.1 is often taken as a sign of imbalance.

    Parameters
    ----------
    df : DataFrame
        ``TRTMT``, perhaps ``outcome``, and numbers or bools measured before treatment.

    Returns
    -------
    DataFrame
        One row per feature in the order of the columns (without ``TRTMT`` and ``outcome``), with the columns ``treated`` and
        ``control`` (means) and ``smd``, positive where the treated have the larger mean. NaN where it is 0/0 or an arm has
        fewer than two patients.

    Raises
    ------
    ValueError
        If ``TRTMT`` is missing or not 0/1, or a feature is not numeric.

    References
    ----------
    Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between treatment groups in
    propensity-score matched samples. Statistics in Medicine 2009;28:3083-3107.
    """
    treated = _zeros_and_ones(df, "TRTMT") == 1
    features = df.drop(columns=["TRTMT", "outcome"], errors="ignore")
    for name in features:
        if not pd.api.types.is_numeric_dtype(features[name]):
            raise ValueError(
                f"balance_table takes numbers; column {name!r} holds {features[name].dtype}: encode it first"
            )
    features = features.astype(float)
    first, second = features[treated], features[~treated]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((first.var() + second.var()) / 2)
        smd = (first.mean() - second.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": first.mean(), "control": second.mean(), "smd": smd})


def _zeros_and_ones(df: pd.DataFrame, column: str) -> np.ndarray:
    """Give a column as floats 0 and 1, or say what is wrong with it."""
    if column not in df:
        raise ValueError(f"the trial has no column {column!r}; its columns are {list(df.columns)}")
    values = df[column].to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isin(values, (0, 1))
    if wrong.any():
        raise ValueError(f"{column} must hold 0 or 1; row {int(wrong.argmax())} has {values[wrong.argmax()]}")
    return values


def _arms(treated: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of the treated, outcomes of the controls."""
    return outcome[treated == 1], outcome[treated == 0]
