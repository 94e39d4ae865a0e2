"""Does plain data cross whole, does everything else stay out, and can no bytes at all do harm?"""

import collections
import contextlib
import enum
import random
import types

import msgpack
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judge.encoding import EncodingError, Limits, decode, encode

FRAME = pd.DataFrame(
    {
        "number": [1, 2],
        "text": ["x", None],
        "category": pd.Categorical(["u", "v"], categories=["v", "u"], ordered=True),
        "whole": pd.array([1, None], dtype="Int64"),
        "flag": pd.array([True, None], dtype="boolean"),
        "word": pd.array(["a", None], dtype="string"),
        "day": pd.to_datetime(["2020-01-01", "2021-01-01"]),
    },
    index=pd.Index([7, 9], name="patient"),
)
VALUES = {
    "none": None,
    "bool": True,
    "int": -3,
    "large int": -(2**70),
    "float": 1.5,
    "infinity": float("inf"),
    "complex": 2 + 3j,
    "text": "naïve ∑",
    "bytes": b"\x00\xff",
    "list": [1, [2, []]],
    "tuple": (1, (2,)),
    "set": {1, 2},
    "frozenset": frozenset("ab"),
    "dict": {"a": 1, (1, 2): [3], None: {}},
    "array": np.arange(6.0).reshape(2, 3),
    "float16": np.array([0.5], dtype=np.float16),
    "0-d array": np.array(5),
    "empty array": np.zeros((0, 3), dtype=np.uint8),
    "text array": np.array(["a", "bc"]),
    "object array": np.array([[1, None], ["x", 2.5]], dtype=object),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "big-endian array": np.array([1, 2], dtype=">i4"),
    "transposed array": np.arange(6).reshape(2, 3).T,
    "scalar": np.float32(0.25),
    "numpy bool": np.bool_(True),
    "numpy text": np.str_("ab"),
    "series": pd.Series([1.0, np.nan], name="x", index=[3, 4]),
    "frame": FRAME,
    "empty frame": FRAME.iloc[:0],
    "frame with doubled columns": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "range index": pd.RangeIndex(2, 10, 3, name="r"),
    "several levels": pd.MultiIndex.from_tuples([(1, "a"), (2, "b")], names=["p", "q"]),
    "NA": pd.NA,
    "time": pd.Timestamp("2020-01-01 12:30"),
    "time of a zone": pd.Timestamp("2020-01-01 12:30", tz="Europe/Berlin"),
    "period": pd.Period("2020-03", "M"),
    "interval": pd.Interval(0.5, 2.0, closed="left"),
    "times of a zone": pd.Series(pd.to_datetime(["2020-01-01", None]).tz_localize("America/New_York")),
    "times of an offset": pd.Series(pd.to_datetime(["2020-01-01T00:00+02:00"])),
    "periods": pd.Series(pd.to_datetime(["2020-01-05", None])).dt.to_period("Q"),
    "intervals": pd.cut(pd.Series([1.0, 7.0, None]), [0, 5, 10]),
    "index of intervals": pd.IntervalIndex.from_breaks([0.0, 1.0, 2.5], closed="left", name="bin"),
    "index of dates": pd.date_range("2020-01-01", periods=3, tz="UTC", name="day"),
    "fields": np.array([(True, 1.5), (False, 2.0)], dtype=[("event", bool), ("time", float)]),
    "one with fields": np.array([(True, 1.5)], dtype=[("event", bool), ("time", float)])[0],
    "no rows with fields": np.zeros((0, 2), dtype=[("a", "U3"), ("b", "i4")]),
}


def same(one, other):
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other)
    elif isinstance(one, pd.Index):
        pd.testing.assert_index_equal(one, other, exact=True)
        assert one.dtype == other.dtype
    elif isinstance(one, np.ndarray):
        assert one.dtype.newbyteorder("=") == other.dtype
        np.testing.assert_array_equal(one, other, strict=False)
        assert one.shape == other.shape
        assert other.flags.writeable
    elif one is pd.NA:
        assert other is pd.NA
    else:
        assert one == other


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_plain_data_crosses_whole_and_as_its_exact_type(value):
    back = decode(encode(value))
    assert type(back) is type(value)
    same(value, back)


class Grade(enum.IntEnum):
    GOOD = 3


class Liar(np.ndarray):
    def __array_function__(self, *_, **__):
        return True


class Word(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Always(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Grade.GOOD, 3),
        (np.arange(2).view(Liar), np.arange(2)),
        (np.ma.array([1, 2], mask=[0, 1]), np.array([1, 2])),
        (Word("x"), "x"),
        (Always(4), 4),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.namedtuple("P", "x y")(1, 2), (1, 2)),
        (bytearray(b"a"), b"a"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_pretends_to_be_plain_arrives_as_what_it_is(value, plain):
    back = decode(encode(value))
    assert type(back) is type(plain)
    same(plain, back)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        len,
        lambda: 1,
        types,
        (i for i in "a"),
        iter([]),
        np.dtype(float),
        np.zeros(1, dtype=[("a", "f8", 3)]),
        np.zeros(1, dtype=[("a", "O")]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_data_does_not_cross_by_itself(value):
    with pytest.raises(EncodingError, match=r"plain data"):
        encode([value])


def test_what_is_not_data_crosses_as_what_the_caller_makes_of_it():
    packed = encode({"f": len}, to_handle=lambda value: [value.__name__])
    assert decode(packed, from_handle=lambda parts: parts) == {"f": ["len"]}
    with pytest.raises(EncodingError, match="not data stands where data was asked for"):
        decode(packed)


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "limits", "message"),
    [
        (nested(50), Limits(), "more than 40 deep"),
        (list(range(100)), Limits(nodes=50), "more than 50 parts"),
        (np.zeros(1000), Limits(size=1000), "more than may cross"),
        ("x" * 2000, Limits(size=1000), "may cross"),
        (10**5000, Limits(), "more than 4000 digits"),
        ("\ud800", Limits(), "lone surrogate"),
    ],
    ids=["deep", "many", "large array", "long text", "long integer", "half a character"],
)
def test_limits_hold_on_the_way_out(value, limits, message):
    with pytest.raises(EncodingError, match=message):
        encode(value, limits=limits)


HOSTILE = {
    "nothing": b"",
    "cut off": encode([1, "abc"])[:-1],
    "more behind": encode(1) + b"\x01",
    "a list without a tag": msgpack.packb([1, 2]),
    "an unknown tag": msgpack.packb(["zz", 1]),
    "a map": msgpack.packb({"a": 1}),
    "an extension": msgpack.packb(msgpack.ExtType(5, b"x")),
    "an object type": msgpack.packb(["a", "|O", [1], b"\x00" * 8]),
    "a made-up type": msgpack.packb(["a", "i4,f4", [1], b"\x00" * 8]),
    "a type with code in it": msgpack.packb(["a", "(08)i", [1], b"\x00" * 8]),
    "bytes that do not fit the shape": msgpack.packb(["a", "<f8", [3], b"\x00" * 8]),
    "a negative shape": msgpack.packb(["a", "<f8", [-1], b""]),
    "a huge shape of nothing": msgpack.packb(["a", "<f8", [2**40, 0, 2**40], b""]),
    "a huge empty text array": msgpack.packb(["a", "<U0", [2**40], b""]),
    "33 axes": msgpack.packb(["a", "<f8", [1] * 33, b"\x00" * 8]),
    "a frame whose columns do not fit": msgpack.packb(["df", ["ix", ["o", [1], "a"], None], ["ri", 0, 3, 1, None]]),
    "an unhashable key": msgpack.packb(["d", ["l"], 1]),
    "an odd dict": msgpack.packb(["d", "a"]),
    "codes out of range": msgpack.packb(["ca", ["a", "|i1", [1], b"\x09"], ["ri", 0, 1, 1, None], False]),
    "a long integer": msgpack.packb(["i", "0x" + "f" * 10_000]),
    "fields without names": msgpack.packb(["sa"]),
    "fields of two shapes": msgpack.packb(["sa", "a", ["a", "|i1", [1], b"1"], "b", ["a", "|i1", [2], b"12"]]),
    "two fields of one name": msgpack.packb(["sa", "a", ["a", "|i1", [1], b"1"], "a", ["a", "|i1", [1], b"1"]]),
    "a field of objects": msgpack.packb(["sa", "a", ["o", [1], "x"]]),
    "a zone that is a path": msgpack.packb(["tz", 0, "../../etc/passwd"]),
    "a frequency that is none": msgpack.packb(["pe", "__import__", 0]),
    "a moment out of all time": msgpack.packb(["tz", 2**70 // 2**7, "UTC"]),
    "an interval of texts": msgpack.packb(["in", "left", "a", "b"]),
    "deep": b"\x91" * 5000 + b"\xc0",
    "text that is not UTF-8": b"\xa2\xff\xfe",
    "two billion announced": b"\xdd\x7f\xff\xff\xff",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_are_refused(data):
    with pytest.raises(EncodingError):
        decode(data, limits=Limits(size=10**6))


def test_a_hundred_thousand_mutated_messages_do_no_harm():
    """Each is refused, or is again a plain value that can be encoded."""
    rng = random.Random(20261122)
    seeds = [encode(value) for value in VALUES.values()]
    refused = 0
    for _ in range(100_000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 4)):
            what, where = rng.random(), rng.randrange(len(data)) if data else 0
            if what < 0.7 and data:
                data[where] = rng.randrange(256)
            elif what < 0.85:
                del data[where : where + rng.randint(1, 8)]
            else:
                data[where:where] = rng.randbytes(rng.randint(1, 8))
        try:
            value = decode(bytes(data), limits=Limits(size=10**5, nodes=10**4))
        except EncodingError:
            refused += 1
        else:
            encode(value)
    assert 40_000 < refused < 99_000, "most mutations break a message, some only change a value"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


@given(PLAIN)
@settings(max_examples=300, deadline=None)
def test_any_plain_value_comes_back_equal(value):
    assert decode(encode(value)) == value


@given(st.binary(max_size=200))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_a_value_or_refused(data):
    with contextlib.suppress(EncodingError):
        decode(data)
