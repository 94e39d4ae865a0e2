"""How arrays with named fields cross, as the outcome of scikit-survival: one plain array for each field."""

import numpy as np

MOST_FIELDS, LONGEST_NAME = 100, 200
KINDS = frozenset(
    "biufcUSMm"
)  # of numpy data that crosses: bool, ints, floats, complex, text, bytes, dates, spans of time


def is_structured(value):
    """Say whether an array or scalar has named fields of plain values, so that it can cross."""
    names = value.dtype.names
    return names is not None and all(value.dtype[name].kind in KINDS for name in names)


def pack(value, pack_array):
    """Pack an array or a scalar with fields.

    Parameters
    ----------
    value : numpy.ndarray or numpy.void
    pack_array : callable
        Packs one plain array.
    """
    parts = [part for name in value.dtype.names for part in (name, pack_array(np.asarray(value[name])))]
    return ["sv" if isinstance(value, np.void) else "sa", *parts]


def unpack(tag, parts, unpack_part):
    """Rebuild it.

    Raises
    ------
    ValueError
        If names or arrays do not agree.
    """
    names, arrays = parts[::2], [unpack_part(part) for part in parts[1::2]]
    fits = 0 < len(names) == len(arrays) <= MOST_FIELDS and all(
        type(n) is str and len(n) <= LONGEST_NAME for n in names
    )
    if not fits or any(type(array) is not np.ndarray or array.dtype.kind not in KINDS for array in arrays):
        raise ValueError("an array with fields needs a name and an array for each")
    if len({array.shape for array in arrays}) != 1:
        raise ValueError("the fields of an array have several shapes")
    whole = np.empty(arrays[0].shape, dtype=[(name, array.dtype) for name, array in zip(names, arrays, strict=True)])
    for name, array in zip(names, arrays, strict=True):
        whole[name] = array
    return whole[()] if tag == "sv" else whole
