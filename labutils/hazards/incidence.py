"""Counting events over time: alive so far, hazard so far, and two kinds of event side by side."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from labutils.hazards.checks import clean_events, clean_times


class KaplanMeier(NamedTuple):
    """Times from 0, the share still free of the event, and the number at risk just before; shape (n_times + 1,)."""

    times: np.ndarray
    survival: np.ndarray
    at_risk: np.ndarray


class CumulativeHazard(NamedTuple):
    """Times from 0 and the cumulative hazard at them; both of shape (n_times + 1,)."""

    times: np.ndarray
    hazard: np.ndarray


class CumulativeIncidence(NamedTuple):
    """Times from 0 and the cumulative incidence of death and of transplant at them; shape (n_times + 1,)."""

    times: np.ndarray
    death: np.ndarray
    transplant: np.ndarray


def kaplan_meier(times: ArrayLike, event: ArrayLike) -> KaplanMeier:
    r"""Share of patients who are still free of the event.

    .. math:: S(t) = \prod_{t_j \le t} \Bigl(1 - \frac{d_j}{n_j}\Bigr)

    with :math:`d_j` events among :math:`n_j` patients at risk. Whoever is censored at the time of an event is still at
    risk for it.

    Parameters
    ----------
    times : array of float, shape (n_patients,)
        0 or more, in any unit.
    event : array of 0 and 1, shape (n_patients,)
        1 = the event, 0 = censored.

    Returns
    -------
    KaplanMeier
        From (0, 1), then one entry per distinct time above 0.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 3, 4], [1, 0, 1, 1])
    >>> curve.times, curve.survival.round(3)
    (array([0., 1., 2., 3., 4.]), array([1.   , 0.75 , 0.75 , 0.375, 0.   ]))

    References
    ----------
    Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. Journal of the American Statistical
    Association 1958;53:457-481.
    """
    times = clean_times(times)
    grid, at_risk, (events,) = _counts(times, [clean_events(event, len(times))])
    return KaplanMeier(grid, np.cumprod(1 - _share(events, at_risk)), at_risk)


def nelson_aalen(times: ArrayLike, event: ArrayLike) -> CumulativeHazard:
    r"""Cumulative hazard: the sum of the shares that had the event, time after time.

    .. math:: H(t) = \sum_{t_j \le t} \frac{d_j}{n_j} .

    It starts at 0, never falls, and has no upper bound. In a leaf of a survival tree it is the leaf's prediction.

    Parameters
    ----------
    times, event
        As for `kaplan_meier`.

    Returns
    -------
    CumulativeHazard

    Examples
    --------
    1/4 at time 1, and 1/2 more at time 3, when two are left:

    >>> nelson_aalen([1, 2, 3, 4], [1, 0, 1, 0]).hazard
    array([0.  , 0.25, 0.25, 0.75, 0.75])

    References
    ----------
    Nelson W. Theory and applications of hazard plotting for censored failure data. Technometrics 1972;14:945-966.
    Aalen O. Nonparametric inference for a family of counting processes. Annals of Statistics 1978;6:701-726.
    """
    times = clean_times(times)
    grid, at_risk, (events,) = _counts(times, [clean_events(event, len(times))])
    return CumulativeHazard(grid, np.cumsum(_share(events, at_risk)))


def cumulative_incidence(times: ArrayLike, cause: ArrayLike) -> CumulativeIncidence:
    r"""Probability of death, and of transplant, by each time, when one rules out the other (Aalen-Johansen).

    At :math:`t_j` let :math:`n_j` patients be at risk and :math:`d_{kj}` of them have event :math:`k`:

    .. math:: F_k(t) = \sum_{t_j \le t} S(t_{j-1}) \frac{d_{kj}}{n_j}, \qquad
        S(t_j) = S(t_{j-1}) \Bigl(1 - \sum_k \frac{d_{kj}}{n_j}\Bigr), \qquad S(0) = 1 .

    :math:`S + F_1 + F_2 = 1` at every time. One minus Kaplan-Meier with the other event as censoring is *not* this: it
    answers what would happen if the other event could be abolished, and is too high for the world as it is.

    Parameters
    ----------
    times : array of float, shape (n_patients,)
        0 or more, in any unit.
    cause : array of 0, 1 and 2, shape (n_patients,)
        As in PBC: 0 = censored, 1 = transplanted, 2 = died.

    Returns
    -------
    CumulativeIncidence
        From (0, 0, 0), then one entry per distinct time above 0, also where somebody is only censored. Both incidences
        are between 0 and 1 and never fall. If everybody is censored they stay 0.

    Raises
    ------
    ValueError
        If lengths differ, a time is negative or missing, or a cause is another number.

    Examples
    --------
    >>> result = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 2])
    >>> result.death, result.transplant
    (array([0.  , 0.  , 0.25, 0.25, 0.75]), array([0.  , 0.25, 0.25, 0.25, 0.25]))

    References
    ----------
    Aalen OO, Johansen S. An empirical transition matrix for non-homogeneous Markov chains based on censored
    observations. Scandinavian Journal of Statistics 1978;5:141-150.
    """
    times = clean_times(times)
    cause = np.asarray(cause, dtype=float)
    if cause.shape != times.shape:
        raise ValueError(f"cause must have one entry per patient, {len(times)}; got shape {cause.shape}")
    wrong = ~np.isin(cause, (0, 1, 2))
    if wrong.any():
        raise ValueError(
            f"cause must be 0 (censored), 1 (transplanted) or 2 (died); patient {int(np.argmax(wrong))} has {cause[wrong][0]}"
        )
    grid, at_risk, (transplants, deaths) = _counts(times, [cause == 1, cause == 2])
    free = np.cumprod(1 - _share(transplants + deaths, at_risk))
    before = np.append(1.0, free[:-1])
    return CumulativeIncidence(
        grid,
        np.cumsum(before * _share(deaths, at_risk)),
        np.cumsum(before * _share(transplants, at_risk)),
    )


def _counts(times, kinds):
    """Give 0 and each distinct time, the number at risk, and for each kind of event how many had it then."""
    grid, place = np.unique(np.append(0.0, times), return_inverse=True)
    place = place[1:]
    leaving = np.bincount(place, minlength=len(grid))
    at_risk = len(times) - np.append(0, np.cumsum(leaving)[:-1])
    return grid, at_risk, [np.bincount(place[kind], minlength=len(grid)) for kind in kinds]


def _share(events, at_risk):
    """Events over number at risk; 0 where nobody is at risk (at time 0 of an empty table)."""
    return np.divide(events, at_risk, out=np.zeros(len(events)), where=at_risk > 0)
