"""MessagePack from somebody who is not trusted, taken apart only after it has been counted."""

import msgpack


class EncodingError(ValueError):
    """A value that cannot cross, or bytes that say nothing sensible."""


def unpack_frame(data, parts):
    """Turn MessagePack into lists and plain values, of at most so many parts.

    Each empty list in a message is one byte there and fifty in memory, so a large message is counted before it is taken apart.

    Raises
    ------
    EncodingError, ValueError, msgpack.UnpackException
    """
    if len(data) > parts:
        _count(data, parts)
    return msgpack.unpackb(data, raw=False, use_list=True, strict_map_key=True, ext_hook=_no_extension, max_map_len=0)


def _count(data, most):
    """Walk over the heads of all parts; refuse more than ``most``."""
    place, expected, seen, length = 0, 1, 0, len(data)
    while expected:
        if place >= length:
            raise EncodingError("the message is cut off")
        head = data[place]
        place, expected, seen = place + 1, expected - 1, seen + 1
        if seen > most:
            raise EncodingError(f"the message has more than {most} parts")
        if head in _SIZED:  # a text, bytes or a list that says its length
            width, is_list = _SIZED[head]
            size = int.from_bytes(data[place : place + width], "big")
            place += width
            place, expected = (place, expected + size) if is_list else (place + size, expected)
        elif 0x90 <= head <= 0x9F:
            expected += head & 0x0F
        elif 0xA0 <= head <= 0xBF:
            place += head & 0x1F
        elif head in _REFUSED:
            raise EncodingError("maps and extensions are not used here")
        else:
            place += _FIXED.get(head, 0)


# MessagePack: heads with a length behind them (bytes of the length, whether it counts parts), and heads of numbers.
_SIZED = {0xC4: (1, False), 0xC5: (2, False), 0xC6: (4, False), 0xD9: (1, False), 0xDA: (2, False), 0xDB: (4, False)}
_SIZED |= {0xDC: (2, True), 0xDD: (4, True)}
_FIXED = {0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
_REFUSED = frozenset([*range(0x81, 0x90), 0xC1, 0xC7, 0xC8, 0xC9, *range(0xD4, 0xD9), 0xDE, 0xDF])


def _no_extension(code, _):
    raise EncodingError(f"MessagePack extension {code} is not used here")
