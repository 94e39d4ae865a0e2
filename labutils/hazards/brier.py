"""Are predicted survival probabilities right: the Brier score, weighted for patients whose outcome nobody knows."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from labutils.hazards.checks import clean_events, clean_probabilities, clean_resamples, clean_times


class BrierInterval(NamedTuple):
    """Brier score and the ends of its interval, 0 or more, or NaN where not defined."""

    score: float
    low: float
    high: float


def brier_score(times: ArrayLike, event: ArrayLike, surv_probs: ArrayLike, t: float) -> float:
    r"""Mean squared error of survival probabilities at one time, weighted for censoring.

    .. math:: BS(t) = \frac1N \sum_i \Bigl[ \frac{\hat S_i(t)^2 \, [T_i \le t, \delta_i = 1]}{G(T_i^-)}
        + \frac{(1 - \hat S_i(t))^2 \, [T_i > t]}{G(t)} \Bigr]

    with :math:`G(u)` the chance not to be censored by time :math:`u`: Kaplan-Meier with censoring as the event. Of those
    who leave at the same time the dead go first: they are not at risk of being censored then, and
    :math:`G(T_i^-)` is the value just before the death. (scikit-survival takes :math:`G(T_i)`; the two differ only
    where somebody is censored at the very time of a death.)

    Parameters
    ----------
    times : array of float, shape (n_patients,)
        Time of death or of the last visit, 0 or more.
    event : array of 0 and 1, shape (n_patients,)
        1 = died, 0 = censored.
    surv_probs : array of float, shape (n_patients,)
        Predicted probability to be alive at `t`, between 0 and 1. A risk score is refused.
    t : float
        In the unit of `times`, 0 or more.

    Returns
    -------
    float
        0 is perfect; 0.25 is what 0.5 for everybody earns when nobody is censored. NaN without patients. Compare with
        the Brier score of one Kaplan-Meier curve for everybody: a model that is not below it knows nothing of the single
        patient.

    Raises
    ------
    ValueError
        If lengths differ, a time is negative, an event is not 0 or 1, or a probability is outside 0 to 1.

    Examples
    --------
    Nobody censored: the plain mean of (.5 - 0)², (.25 - 0)² and (.75 - 1)².

    >>> brier_score([1, 2, 4], [1, 1, 1], [0.5, 0.25, 0.75], 3)
    0.125

    References
    ----------
    Graf E, Schmoor C, Sauerbrei W, Schumacher M. Assessment and comparison of prognostic classification schemes for
    survival data. Statistics in Medicine 1999;18:2529-2545.
    """
    times = clean_times(times)
    event = clean_events(event, len(times))
    surv_probs = clean_probabilities(surv_probs, len(times), name="surv_probs")
    if not (np.ndim(t) == 0 and np.isfinite(t) and t >= 0):
        raise ValueError(f"t must be one time of 0 or more; got {t!r}")
    return _score(times, event, surv_probs, float(t))


def brier_interval(
    times: ArrayLike,
    event: ArrayLike,
    surv_probs: ArrayLike,
    t: float,
    n_boot: int,
    rng: int | np.random.Generator,
    level: float = 0.95,
) -> BrierInterval:
    """Brier score with an interval from resampled patients; the weights are estimated anew in each resample.

    Parameters
    ----------
    times, event, surv_probs, t
        As for `brier_score`.
    n_boot : int
        Number of resamples, at least 1.
    rng : int or numpy Generator
    level : float
        Between 0 and 1.

    Returns
    -------
    BrierInterval
        All NaN without patients. The model stays as it is: its own uncertainty is not in the interval.
    """
    score = brier_score(times, event, surv_probs, t)
    n_boot = clean_resamples(n_boot, level)
    if np.isnan(score):
        return BrierInterval(score, score, score)
    times, surv_probs = np.asarray(times, dtype=float), np.asarray(surv_probs, dtype=float)
    event = np.asarray(event, dtype=float) == 1
    rng, found = np.random.default_rng(rng), []
    for _ in range(n_boot):
        drawn = rng.integers(len(times), size=len(times))
        found.append(_score(times[drawn], event[drawn], surv_probs[drawn], float(t)))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return BrierInterval(score, float(low), float(high))


def _score(times, event, surv_probs, t):
    if not len(times):
        return float("nan")
    grid, before, after = _uncensored(times, event)
    died = event & (times <= t)
    at_t = np.append(1.0, after)[np.searchsorted(grid, t, side="right")]
    weight_of_dead = before[np.searchsorted(grid, times[died])]
    total = (surv_probs[died] ** 2 / weight_of_dead).sum()
    alive = times > t
    if alive.any():
        total += ((1 - surv_probs[alive]) ** 2).sum() / at_t
    return float(total / len(times))


def _uncensored(times, event):
    """Give the distinct times, and the chance not to be censored just before and just after each of them."""
    grid, place = np.unique(times, return_inverse=True)
    deaths = np.bincount(place[event], minlength=len(grid))
    censored = np.bincount(place[~event], minlength=len(grid))
    leaving = deaths + censored
    at_risk = len(times) - np.append(0, np.cumsum(leaving)[:-1]) - deaths  # the dead leave first
    share = np.divide(censored, at_risk, out=np.zeros(len(grid)), where=at_risk > 0)
    after = np.cumprod(1 - share)
    return grid, np.append(1.0, after[:-1]), after
