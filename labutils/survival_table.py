"""Who is still being watched, when, and who dies: the table from which every survival estimate is made.

A data frame of times and events has one row per *patient*: ``Time``, how long the patient was watched, and ``Event``, 1 (or
True) if the watching ended with the event (here: death), 0 (or False) if it ended while the event had not happened. Such a
patient is *censored*: the true time is longer, nobody knows by how much.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

TIME, EVENT = "Time", "Event"
MOST_COUNTERS = 8  # whole times are counted, not sorted, where that takes no more than so many counters a patient


class RiskTable(NamedTuple):
    """One row per distinct time, in ascending order; four arrays of shape (n_times,).

    ``at_risk`` counts the patients who are watched *just before* the time, so those who leave at it are among them.
    """

    times: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray


def risk_table(df: pd.DataFrame) -> RiskTable:
    """Count patients at risk, events and censorings at each distinct time.

    At a tied time the events come first: a patient who is censored at the very time at which another dies was still at
    risk of dying then. (So say Kaplan and Meier, and so do R, lifelines and scikit-survival.)

    Parameters
    ----------
    df : DataFrame, one row per patient
        With the columns ``Time`` (0 or more, in any unit) and ``Event`` (1 or True = event); any order, any index.

    Returns
    -------
    RiskTable
        Times as float, counts as int. The unit of the times is that of `df`. No patient, no rows.

    Raises
    ------
    ValueError
        If a column is missing, a time is negative, missing or infinite, or an event is not 0 or 1.

    Examples
    --------
    Four patients: one dies on day 2; on day 5 one dies and one leaves; one is still watched on day 9.

    >>> table = risk_table(pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]}))
    >>> table.times, table.at_risk, table.events, table.censored
    (array([2., 5., 9.]), array([4, 3, 1]), array([1, 1, 0]), array([0, 1, 1]))

    References
    ----------
    Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. Journal of the American Statistical
    Association 1958;53:457-481 (the convention for ties).
    """
    time, event = times_and_events(df)
    if not len(time):
        return RiskTable(time, *(np.zeros((3, 0), dtype=np.int64)))
    largest = time.max()
    if largest <= MOST_COUNTERS * len(time) and (time == np.floor(time)).all():
        return _counted(time.astype(np.int64), event, int(largest))
    return _sorted(time, event)


def times_and_events(df: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Take the two columns as arrays of float and of bool, and refuse what cannot be a time or an event.

    Parameters
    ----------
    df : DataFrame, one row per patient

    Returns
    -------
    tuple of (array of float, array of bool), each of shape (n_patients,)

    Raises
    ------
    ValueError
        See :func:`risk_table`.
    """
    missing = [name for name in (TIME, EVENT) if name not in df.columns]
    if missing:
        shown = ", ".join(map(str, df.columns)) or "no column"
        raise ValueError(f"df has no column {' and no column '.join(missing)}; it has {shown}")
    time = np.array(df[TIME], dtype=float) + 0.0  # + 0.0 turns a minus zero into zero
    if not ((time >= 0) & (time < np.inf)).all():
        row = int(np.flatnonzero(~((time >= 0) & (time < np.inf)))[0])
        raise ValueError(f"Time must be 0 or more, and known; got {time[row]:g} in row {row} (counted from 0)")
    event = df[EVENT].to_numpy()
    if event.dtype != bool:
        event = np.array(df[EVENT], dtype=float)
        if not ((event == 0) | (event == 1)).all():
            row = int(np.flatnonzero(~((event == 0) | (event == 1)))[0])
            raise ValueError(
                f"Event must be 1 or True (event), 0 or False (censored); got {event[row]:g} in row {row} (counted from 0)"
            )
        event = event == 1
    return time, event


def step_at(times: ArrayLike, values: ArrayLike, t: ArrayLike) -> np.ndarray | float:
    """Value of a step curve at given times: that of the last step at or before each.

    Parameters
    ----------
    times, values : array of float, shape (n_steps,)
        The curve as `HomemadeKM` or `nelson_aalen` give it: ascending times that start at 0. At a step the new value holds.
    t : number or array of float
        Times to ask for, 0 or more. After the last step its value is carried on.

    Returns
    -------
    float or array of float
        Of the shape of `t`.

    Raises
    ------
    ValueError
        If a `t` is before the first step (negative), or missing.

    Examples
    --------
    >>> step_at([0, 2, 5], [1.0, 0.75, 0.5], [1, 2, 99])
    array([1.  , 0.75, 0.5 ])
    """
    times, values, t = (np.asarray(part, dtype=float) for part in (times, values, t))
    if not (t >= times[0]).all():
        raise ValueError(f"t must be {times[0]:g} or more, and known; got {t[~(t >= times[0])].ravel()[0]:g}")
    found = values[np.searchsorted(times, t, side="right") - 1]
    return found if t.ndim else float(found)


def _counted(time: np.ndarray, event: np.ndarray, largest: int) -> RiskTable:
    """Count whole times (days, say) in one pass: pigeonhole 2t is for the censored of time t, 2t + 1 for the events."""
    pigeonholes = np.bincount(2 * time + event, minlength=2 * largest + 2).reshape(-1, 2)
    leaving = pigeonholes.sum(axis=1)
    used = np.flatnonzero(leaving)
    gone = np.cumsum(leaving[used])
    return RiskTable(used.astype(float), len(time) - gone + leaving[used], pigeonholes[used, 1], pigeonholes[used, 0])


def _sorted(time: np.ndarray, event: np.ndarray) -> RiskTable:
    """Sort any times once, each with its event.

    The bits of a float of 0 or more, read as a whole number, have the order of the floats, and the first bit (the sign) is
    free. So we move the bits up by one and write the event below: one plain sort then keeps times and events together, which
    is faster than to sort places and to look both up.
    """
    keys = (time.view(np.uint64) << np.uint64(1)) | event
    keys.sort()
    event = (keys & np.uint64(1)).astype(np.int64)
    keys >>= np.uint64(1)
    is_new = np.empty(len(keys), dtype=bool)
    is_new[0] = True
    np.not_equal(keys[1:], keys[:-1], out=is_new[1:])
    starts = np.flatnonzero(is_new)
    events = event if len(starts) == len(keys) else np.add.reduceat(event, starts)
    leaving = np.diff(starts, append=len(keys))
    return RiskTable(keys.view(float)[starts], len(keys) - starts, events, leaving - events)
