"""Plain data as bytes, and back: the only thing that crosses from a learner's process to the judge.

The frame is MessagePack; what it cannot say by itself is a list that starts with a tag: ``["a", "<f8", [2, 3], bytes]`` is an
array. Decoding rebuilds exact built-in and library types, whatever a learner's object pretended to be, and refuses what is too
large, too deep, of another type or not consistent with itself. Nothing is ever unpickled here.
"""

import math
import re
from typing import NamedTuple

import msgpack
import numpy as np

from autograder.judge import encoding_pandas, encoding_structured
from autograder.judge.encoding_structured import KINDS
from autograder.judge.encoding_tensors import as_tensor, is_tensor, tensor_values
from autograder.judge.frames import EncodingError, unpack_frame

DTYPE = re.compile(r"[<|=](?:[biufc]\d{1,2}|[US]\d{1,7}|[Mm]8(?:\[(?:[YMWDhms]|ms|us|ns)\])?)")


class Limits(NamedTuple):
    """What may cross in one message."""

    size: int = 100 * 2**20
    depth: int = 40
    nodes: int = 1_000_000
    digits: int = 4_000


LIMITS = Limits()


def encode(value, *, to_handle=None, limits=LIMITS):
    """Turn a value into bytes.

    Parameters
    ----------
    value : object
        None, bool, int, float, complex, str, bytes, list, tuple, dict, set, numpy arrays and scalars, pandas frames, series and
        indexes, tensors; anything else only through ``to_handle``.
    to_handle : callable, optional
        Called with an object that is not data; gives a list of plain MessagePack values that stands for it.
    limits : Limits

    Returns
    -------
    bytes

    Raises
    ------
    EncodingError
        If something in the value is not data and there is no ``to_handle``, or a limit is passed.
    """
    packed = msgpack.packb(_Encoder(to_handle, limits).pack(value, 0), use_bin_type=True)
    if len(packed) > limits.size:
        raise EncodingError(f"the value takes {len(packed) / 2**20:.0f} MB; {limits.size / 2**20:.0f} MB may cross")
    return packed


def decode(data, *, from_handle=None, limits=LIMITS):
    """Turn bytes from :func:`encode` back into a value of exact built-in and library types.

    Parameters
    ----------
    data : bytes
        Not trusted.
    from_handle : callable, optional
        Called with the list that stands for something that is not data.
    limits : Limits

    Returns
    -------
    object

    Raises
    ------
    EncodingError
        For anything that :func:`encode` would not have written.
    """
    if len(data) > limits.size:
        raise EncodingError("the message is larger than what may cross")
    try:
        tree = unpack_frame(data, 3 * limits.nodes)
        return _Decoder(from_handle, limits).unpack(tree, 0)
    except EncodingError:
        raise
    except Exception as error:  # whatever a library says of bytes like these, an AssertionError too, is a refusal
        raise EncodingError(f"the message makes no sense ({type(error).__name__})") from None


class _Encoder:
    def __init__(self, to_handle, limits):
        self.to_handle, self.limits, self.nodes = to_handle, limits, 0

    def pack(self, value, depth):  # noqa: C901 - one branch for each type is the clearest way to say it
        self.nodes += 1
        if depth > self.limits.depth:
            raise EncodingError(f"the value is nested more than {self.limits.depth} deep")
        if self.nodes > self.limits.nodes:
            raise EncodingError(f"the value has more than {self.limits.nodes} parts")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, np.generic):
            return self._scalar(value)
        if isinstance(value, int):
            return self._int(int(value))
        if isinstance(value, float):
            return float(value)
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, (bytes, bytearray)):
            return bytes(value)
        if isinstance(value, np.ndarray):
            return self._array(np.asarray(value), depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._items(value, depth)
        if isinstance(value, dict):
            pairs = [part for item in value.items() for part in item]
            return ["d", *(self.pack(part, depth + 1) for part in pairs)]
        packed = encoding_pandas.pack(value, lambda part: self.pack(part, depth + 1))
        if packed is not None:
            return packed
        if is_tensor(value):
            return ["t", self._array(tensor_values(value), depth)]
        if self.to_handle is None:
            raise EncodingError(f"a {type(value).__name__} is not plain data")
        return ["h", *self.to_handle(value)]

    def _int(self, value):
        if -(2**63) <= value < 2**63:
            return value
        if value.bit_length() > self.limits.digits * math.log2(10):
            raise EncodingError(f"an integer has more than {self.limits.digits} digits")
        return ["i", hex(value)]

    def _items(self, value, depth):
        for kind, tag in ((list, "l"), (tuple, "u"), (set, "s"), (frozenset, "f")):
            if isinstance(value, kind):
                return [tag, *(self.pack(item, depth + 1) for item in value)]
        raise AssertionError("unreachable")

    def _scalar(self, value):
        if encoding_structured.is_structured(value):
            return self._fields(value, 0)
        if value.dtype.kind not in KINDS:
            raise EncodingError(f"a numpy scalar of type {value.dtype} is not plain data")
        return [
            "n",
            value.dtype.newbyteorder("=").str,
            np.asarray(value, dtype=value.dtype.newbyteorder("=")).tobytes(),
        ]

    def _fields(self, value, depth):
        self.nodes += len(value.dtype.names)
        return encoding_structured.pack(value, lambda part: self._array(part, depth + 1))

    def _array(self, value, depth):
        if encoding_structured.is_structured(value):
            return self._fields(value, depth)
        if value.dtype.kind == "O":
            return ["o", list(value.shape), *(self.pack(item, depth + 1) for item in value.ravel())]
        if value.dtype.kind not in KINDS:
            raise EncodingError(f"an array of type {value.dtype} is not plain data")
        native = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
        if native.nbytes > self.limits.size:
            raise EncodingError(f"an array takes {native.nbytes / 2**20:.0f} MB, more than may cross")
        return ["a", native.dtype.str, list(value.shape), native.tobytes()]


class _Decoder:
    def __init__(self, from_handle, limits):
        self.from_handle, self.limits, self.nodes = from_handle, limits, 0

    def unpack(self, node, depth):
        self.nodes += 1
        if depth > self.limits.depth or self.nodes > self.limits.nodes:
            raise EncodingError("the message is nested too deep, or has too many parts")
        if node is None or type(node) in (bool, int, float, str, bytes):
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise EncodingError("the message has a part without a tag")
        tag, parts = node[0], node[1:]
        rebuild = self.REBUILD.get(tag)
        if rebuild is not None:
            return rebuild(self, parts, depth)
        if tag in ("sa", "sv"):
            return encoding_structured.unpack(tag, parts, lambda part: self.unpack(part, depth + 1))
        return encoding_pandas.unpack(tag, parts, lambda part: self.unpack(part, depth + 1))

    def _all(self, parts, depth):
        return [self.unpack(part, depth + 1) for part in parts]

    def _dict(self, parts, depth):
        if len(parts) % 2:
            raise EncodingError("a dict has a key without a value")
        flat = self._all(parts, depth)
        return dict(zip(flat[::2], flat[1::2], strict=True))

    def _int(self, parts, _):
        (text,) = parts
        if len(text) > self.limits.digits:
            raise EncodingError("an integer is too long")
        return int(text, 16)

    def _complex(self, parts, _):
        real, imaginary = parts
        return complex(float(real), float(imaginary))

    def _dtype(self, text):
        if not DTYPE.fullmatch(_exactly(str, text)):  # numpy's own parser takes far too much
            raise EncodingError(f"type {text[:20]!r} may not cross")
        return np.dtype(text)

    def _shape(self, shape):
        if type(shape) is not list or len(shape) > 32 or any(type(n) is not int or n < 0 for n in shape):
            raise EncodingError("an array has an impossible shape")
        return tuple(shape), math.prod(shape)

    def _array(self, parts, _):
        text, shape, data = parts
        dtype, (shape, count) = self._dtype(text), self._shape(shape)
        if len(_exactly(bytes, data)) != count * dtype.itemsize:
            raise EncodingError("an array's shape and its bytes do not agree")
        if count == 0 or dtype.itemsize == 0:
            self.nodes += count  # empty texts take no bytes in a message, and some in memory
            if self.nodes > self.limits.nodes:
                raise EncodingError("an array of nothing is too large")
            return np.zeros(shape, dtype)
        return np.frombuffer(data, dtype).reshape(shape).copy()

    def _scalar(self, parts, _):
        text, data = parts
        dtype = self._dtype(text)
        if len(_exactly(bytes, data)) != dtype.itemsize:
            raise EncodingError("a number's type and its bytes do not agree")
        return np.frombuffer(data, dtype)[0] if dtype.itemsize else dtype.type()

    def _objects(self, parts, depth):
        shape, count = self._shape(parts[0])
        if len(parts) - 1 != count:
            raise EncodingError("an array's shape and its items do not agree")
        array = np.empty(count, dtype=object)
        for number, part in enumerate(parts[1:]):
            array[number] = self.unpack(part, depth + 1)
        return array.reshape(shape)

    def _tensor(self, parts, depth):
        (array,) = parts
        return as_tensor(self._array(array[1:], depth))

    def _handle(self, parts, _):
        if self.from_handle is None:
            raise EncodingError("something that is not data stands where data was asked for")
        return self.from_handle(parts)

    REBUILD = {  # noqa: RUF012 - a table, never changed
        "l": lambda self, parts, depth: self._all(parts, depth),
        "u": lambda self, parts, depth: tuple(self._all(parts, depth)),
        "s": lambda self, parts, depth: set(self._all(parts, depth)),
        "f": lambda self, parts, depth: frozenset(self._all(parts, depth)),
        "d": _dict,
        "i": _int,
        "c": _complex,
        "a": _array,
        "n": _scalar,
        "o": _objects,
        "t": _tensor,
        "h": _handle,
    }


def _exactly(kind, value):
    if type(value) is not kind:
        raise EncodingError(f"{kind.__name__} expected")
    return value


def _text(value):
    plain = str.__str__(value)
    try:
        plain.encode()
    except UnicodeEncodeError:
        raise EncodingError("a text with half a character (a lone surrogate) cannot cross") from None
    return plain
