"""Instant checks for the try-it steps of lessons and labs.

A check prints one line and never raises: a notebook whose steps have not been tried yet still runs from top to bottom.
"""

import numbers

import numpy as np

NOT_ATTEMPTED = (Ellipsis, None)


class Verdict(str):
    """What a check found. A notebook does not echo it below the cell: the printed line has said it already."""

    def _ipython_display_(self):
        """Show nothing."""


def check(label, got, *, expected, tol=1e-6, hint=""):
    """Say whether a try-it step is right, not right yet, or not attempted.

    Parameters
    ----------
    label : str
        What was asked for, in words ("share of AP films").
    got : object
        The learner's value. ``...`` or ``None`` means that the step has not been tried.
    expected : number, str, bool, array-like, set or dict
        The value that a right answer has.
    tol : float, default 1e-6
        Largest absolute difference that still counts as right, for numbers and arrays of numbers.
    hint : str, optional
        One sentence printed with a value that is not right.

    Returns
    -------
    str
        ``"right"``, ``"not yet"`` or ``"not attempted"``.

    Examples
    --------
    >>> check("two plus two", 4, expected=4)
    Right: two plus two = 4
    'right'
    >>> _ = check("share of AP films", ..., expected=0.4)
    Not attempted yet: share of AP films. Replace the ... and run the cell again.
    >>> _ = check("share of AP films", 0.6, expected=0.4, hint="Count AP, not PA.")
    Not yet: share of AP films is 0.6 here, and 0.4 was expected. Hint: Count AP, not PA.
    """
    if any(got is mark for mark in NOT_ATTEMPTED):
        print(f"Not attempted yet: {label}. Replace the ... and run the cell again.")  # noqa: T201
        return Verdict("not attempted")
    if _same(got, expected, tol):
        print(f"Right: {label} = {_short(got)}")  # noqa: T201
        return Verdict("right")
    advice = f" Hint: {hint}" if hint else ""
    print(f"Not yet: {label} is {_short(got)} here, and {_short(expected)} was expected.{advice}")  # noqa: T201
    return Verdict("not yet")


def _same(got, expected, tol):
    """Compare by value; anything that cannot be compared is simply not the same."""
    if isinstance(expected, (str, bytes, set, frozenset, dict)):
        return type(got) is type(expected) and got == expected
    try:
        left, right = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return _same_plain(got, expected)
    return left.shape == right.shape and bool(np.allclose(left, right, rtol=0, atol=tol, equal_nan=True))


def _same_plain(got, expected):
    """Compare things that are not numbers (lists of words, for example)."""
    try:
        return len(got) == len(expected) and all(a == b for a, b in zip(got, expected, strict=True))
    except (TypeError, ValueError):
        return False


def _short(value):
    """Print a value in at most 80 characters."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        large = 1000 <= abs(value) < 1e12  # written out: nobody counts films in powers of ten
        return f"{float(value):.1f}".removesuffix(".0") if large else f"{float(value):.4g}"
    if isinstance(value, np.ndarray) and value.size <= 8:
        value = value.tolist()
    text = repr(value).replace("\n", " ")
    return text if len(text) <= 80 else text[:77] + "..."
