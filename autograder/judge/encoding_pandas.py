"""How frames, series and indexes cross: as arrays with names, rebuilt as exact pandas types."""

import sys

import numpy as np

from autograder.judge import encoding_times

# Extension types that can be rebuilt from plain values and a name.
EXTENSIONS = frozenset(f"{sign}Int{bits}".replace("UInt", "UInt") for sign in ("", "U") for bits in (8, 16, 32, 64)) | {
    "Float32",
    "Float64",
    "boolean",
    "string",
}


def pack(value, pack_part):  # noqa: C901 - one branch for each type is the clearest way to say it
    """Pack a pandas object, or give None for anything else.

    Parameters
    ----------
    value : object
    pack_part : callable
        Packs one part of it.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None:  # who has a frame has imported pandas
        return None
    if isinstance(value, pandas.DataFrame):
        columns = [_pack_values(value.iloc[:, number].array, pack_part) for number in range(value.shape[1])]
        return ["df", pack_part(value.columns), pack_part(value.index), *columns]
    if isinstance(value, pandas.Series):
        return ["se", _pack_values(value.array, pack_part), pack_part(value.index), pack_part(value.name)]
    if isinstance(value, pandas.RangeIndex):
        return ["ri", value.start, value.stop, value.step, pack_part(value.name)]
    if isinstance(value, pandas.MultiIndex):
        levels = [pack_part(list(value.get_level_values(number))) for number in range(value.nlevels)]
        return ["mi", pack_part(list(value.names)), *levels]
    if isinstance(value, pandas.Index):
        return ["ix", _pack_values(value.array, pack_part), pack_part(value.name)]
    if isinstance(value, pandas.Categorical):
        return _pack_values(value, pack_part)
    if value is pandas.NA:
        return ["na"]
    if value is pandas.NaT:
        return ["nt"]
    if isinstance(value, pandas.Timedelta):
        return ["td", value.value]
    return encoding_times.pack(value, pack_part)


def unpack(tag, parts, unpack_part):
    """Rebuild a pandas object; raises KeyError for a tag that is not ours."""
    return REBUILD[tag](parts, unpack_part)


def _pack_values(values, pack_part):
    import pandas

    if isinstance(values, pandas.Categorical):
        codes = np.asarray(values.codes)
        return ["ca", pack_part(codes), pack_part(values.categories), bool(values.ordered)]
    if str(values.dtype) in EXTENSIONS:
        return ["ex", str(values.dtype), pack_part([None if item is pandas.NA else item for item in values.tolist()])]
    return encoding_times.pack_values(values, pack_part) or pack_part(np.asarray(values))


def _values(part, unpack_part):
    values = unpack_part(part)
    import pandas

    if (
        not isinstance(values, (np.ndarray, pandas.Categorical, pandas.api.extensions.ExtensionArray))
        or values.ndim != 1
    ):
        raise ValueError("a column must be one array")
    return values


def _frame(parts, unpack_part):
    import pandas

    columns, index = _index_of(unpack_part(parts[0])), _index_of(unpack_part(parts[1]))
    values = [_values(part, unpack_part) for part in parts[2:]]
    if len(values) != len(columns) or any(len(column) != len(index) for column in values):
        raise ValueError("a frame's columns and its index do not agree")
    frame = pandas.DataFrame(dict(enumerate(values)), index=index)
    frame.columns = columns
    return frame


def _index_of(index):
    import pandas

    if not isinstance(index, pandas.Index):
        raise ValueError("an index must be an index")
    return index


def _series(parts, unpack_part):
    import pandas

    values, index, name = parts
    return pandas.Series(_values(values, unpack_part), index=_index_of(unpack_part(index)), name=unpack_part(name))


def _range(parts, unpack_part):
    import pandas

    *numbers, name = parts
    if any(type(number) is not int for number in numbers):
        raise ValueError("a range has three whole numbers")
    return pandas.RangeIndex(*numbers, name=unpack_part(name))


def _multi(parts, unpack_part):
    import pandas

    return pandas.MultiIndex.from_arrays([unpack_part(part) for part in parts[1:]], names=unpack_part(parts[0]))


def _index(parts, unpack_part):
    import pandas

    values, name = parts
    return pandas.Index(_values(values, unpack_part), name=unpack_part(name))


def _categorical(parts, unpack_part):
    import pandas

    codes, categories, ordered = parts
    return pandas.Categorical.from_codes(unpack_part(codes), unpack_part(categories), ordered=ordered is True)


def _extension(parts, unpack_part):
    import pandas

    name, values = parts
    if name not in EXTENSIONS:
        raise ValueError("an extension type that is not ours")
    return pandas.array(unpack_part(values), dtype=name)


def _pandas(name):
    import pandas

    return getattr(pandas, name)


REBUILD = {
    "df": _frame,
    "se": _series,
    "ri": _range,
    "mi": _multi,
    "ix": _index,
    "ca": _categorical,
    "ex": _extension,
    "na": lambda parts, _: _pandas("NA"),
    "nt": lambda parts, _: _pandas("NaT"),
    "td": lambda parts, _: _pandas("Timedelta")(*map(int, parts)),
} | encoding_times.REBUILD
