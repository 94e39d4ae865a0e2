"""How pandas' times of a zone, periods and intervals cross: as whole numbers and words that are looked at first."""

import re

import numpy as np

ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]{0,29}(?:/[A-Za-z0-9_+\-]{1,30}){0,2}|UTC[+-]\d\d:\d\d")
FREQUENCY = re.compile(r"\d{0,4}[A-Za-z]{1,4}(?:-[A-Z]{3})?")
SIDES = frozenset({"left", "right", "both", "neither"})


def pack_values(values, pack_part):
    """Pack the values of a column, or give None for other kinds."""
    import pandas

    if isinstance(values.dtype, pandas.DatetimeTZDtype):
        return ["zv", str(values.dtype.tz), pack_part(np.asarray(values.tz_convert(None)))]
    if isinstance(values.dtype, pandas.PeriodDtype):
        return ["pv", str(values.dtype)[len("period[") : -1], pack_part(np.asarray(values.asi8))]
    if isinstance(values.dtype, pandas.IntervalDtype):
        return ["iv", values.closed, pack_part(values.left), pack_part(values.right)]
    return None


def pack(value, pack_part):
    """Pack one time, period or interval, or give None for anything else."""
    import pandas

    if isinstance(value, pandas.Timestamp):
        return ["ts", value.value] if value.tzinfo is None else ["tz", value.value, str(value.tz)]
    if isinstance(value, pandas.Period):
        return ["pe", value.freqstr, value.ordinal]
    if isinstance(value, pandas.Interval):
        return ["in", value.closed, pack_part(value.left), pack_part(value.right)]
    return None


def _zone(name):
    if type(name) is not str or not ZONE.fullmatch(name):
        raise ValueError("a time zone that is none")
    return name


def _frequency(name):
    if type(name) is not str or not FREQUENCY.fullmatch(name):
        raise ValueError("a frequency that is none")
    return name


def _side(name):
    if name not in SIDES:
        raise ValueError("an interval is closed on a side that is none")
    return name


def _zoned(parts, unpack_part):
    import pandas

    zone, values = parts
    moments = unpack_part(values)
    if not isinstance(moments, np.ndarray) or moments.dtype.kind != "M" or moments.ndim != 1:
        raise ValueError("times of a zone are times")
    return pandas.DatetimeIndex(moments).tz_localize("UTC").tz_convert(_zone(zone)).array


def _periods(parts, unpack_part):
    import pandas

    frequency, values = parts
    numbers = unpack_part(values)
    if not isinstance(numbers, np.ndarray) or numbers.dtype != np.int64 or numbers.ndim != 1:
        raise ValueError("periods are counted in whole numbers")
    return pandas.PeriodIndex.from_ordinals(numbers, freq=_frequency(frequency)).array


def _intervals(parts, unpack_part):
    import pandas

    side, left, right = parts
    ends = [unpack_part(left), unpack_part(right)]
    if not all(isinstance(end, pandas.Index) for end in ends):
        raise ValueError("intervals have two ends")
    return pandas.arrays.IntervalArray.from_arrays(*ends, closed=_side(side))


def _interval(parts, unpack_part):
    import pandas

    side, left, right = parts
    return pandas.Interval(unpack_part(left), unpack_part(right), closed=_side(side))


def _timestamp(parts, _):
    import pandas

    return pandas.Timestamp(*map(int, parts))


def _zoned_timestamp(parts, _):
    import pandas

    value, zone = parts
    return pandas.Timestamp(int(value), tz="UTC").tz_convert(_zone(zone))


def _period(parts, _):
    import pandas

    frequency, ordinal = parts
    return pandas.Period(ordinal=int(ordinal), freq=_frequency(frequency))


REBUILD = {
    "zv": _zoned,
    "pv": _periods,
    "iv": _intervals,
    "in": _interval,
    "ts": _timestamp,
    "tz": _zoned_timestamp,
    "pe": _period,
}
