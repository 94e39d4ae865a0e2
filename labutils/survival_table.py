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
MOST_COUNTERS = 16  # whole times are counted, not sorted, where that takes no more than so many counters a patient
MOST_LABEL_BITS = 4  # up to 16 labels are sorted along with the times
SMALL = {2: 1, 3: -511, 4: -767}  # below 2 ** SMALL[b] the first b bits of a float are 0


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
    times, (censored, events) = count_by_time(time, event, 2)
    leaving = censored + events
    return RiskTable(times, len(time) - np.cumsum(leaving) + leaving, events, censored)


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
    time = np.asarray(df[TIME], dtype=float) + 0.0  # + 0.0 turns a minus zero into zero, and makes it our own
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


def count_by_time(time: np.ndarray, label: np.ndarray, n_labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Count, at each distinct time, the patients with each label.

    Parameters
    ----------
    time : array of float, shape (n_patients,)
        0 or more.
    label : array of int or bool, shape (n_patients,)
        From 0 to ``n_labels - 1``.
    n_labels : int

    Returns
    -------
    tuple of (times, counts)
        The distinct times in ascending order, shape (n_times,), and int counts, shape (n_labels, n_times).
    """
    if not len(time):
        return time, np.zeros((n_labels, 0), dtype=np.int64)
    largest = time.max()
    if largest * n_labels <= MOST_COUNTERS * len(time) and (time == np.floor(time)).all():
        # Whole times, days say, are counted in one pass: each pair of a time and a label has a pigeonhole of its own.
        pigeonhole = time.astype(np.int64) * n_labels + label
        counts = np.bincount(pigeonhole, minlength=(int(largest) + 1) * n_labels).reshape(-1, n_labels)
        used = np.flatnonzero(counts.any(axis=1))
        return used.astype(float), counts[used].T
    time, label = _sort_together(time, label, n_labels)
    is_new = np.empty(len(time), dtype=bool)
    is_new[0] = True
    np.not_equal(time[1:], time[:-1], out=is_new[1:])
    starts = np.flatnonzero(is_new)
    has = np.empty((n_labels, len(time)), dtype=np.int64)
    for one in range(n_labels):
        has[one] = label == one
    return (time, has) if len(starts) == len(time) else (time[starts], np.add.reduceat(has, starts, axis=1))


def _sort_together(time: np.ndarray, label: np.ndarray, n_labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Sort times, and take the labels along.

    The bits of a float of 0 or more, read as a whole number, have the order of the floats. The first of them (the sign) is 0,
    and further ones are 0 if all times are small, which a power of two makes them without rounding. So we move the bits up,
    write the label below, and sort once: that is twice as fast as to sort places and to look times and labels up. Where
    it cannot be done (many labels, or times that differ by more than 1e70) we do the latter.
    """
    bits = max(1, (n_labels - 1).bit_length())
    if bits <= MOST_LABEL_BITS:
        shift = SMALL[bits] - int(np.frexp(time.max())[1]) if bits > 1 else 0
        small = np.ldexp(time, shift) if shift else time
        if bits == 1 or (small[time > 0] >= np.finfo(float).tiny).all():
            keys = (small.view(np.uint64) << np.uint64(bits)) | label.astype(np.uint64)
            keys.sort()
            label = keys.astype(np.uint8) & np.uint8((1 << bits) - 1)
            keys >>= np.uint64(bits)
            small = keys.view(float)
            return (np.ldexp(small, -shift) if shift else small), label
    order = np.argsort(time, kind="stable")
    return time[order], label[order]
