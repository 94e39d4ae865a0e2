"""Look at labels, scores and patients before anything is computed from them, and refuse in one clear sentence."""

from typing import Any

import numpy as np
import pandas as pd


def check_labels(y: Any, *, name: str = "y") -> np.ndarray:
    """Turn labels into an array of bool.

    Parameters
    ----------
    y : array-like of 0 and 1 (bool, int or float), shape (n,)
    name : str
        What the message calls them.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        If `y` is not one-dimensional, or an entry is missing or neither 0 nor 1: the message names place and value.
    """
    y = np.asarray(y)
    if y.ndim != 1:
        raise ValueError(f"{name} must hold one label per patient or film, for one finding; got shape {y.shape}.")
    wrong = ~np.isin(y, (0, 1))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"{name} must hold 0 or 1; entry {place} is {y[place : place + 1].tolist()[0]!r}. Decide first what it means."
        )
    return y == 1


def check_scores(pred: Any, *, name: str = "pred", probabilities: bool = False) -> np.ndarray:
    """Turn scores into an array of float64.

    Parameters
    ----------
    pred : array-like of float, shape (n,)
        Higher = more suspicious.
    name : str
        What the message calls them.
    probabilities : bool, default False
        Whether they must lie between 0 and 1.

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    ValueError
        If `pred` is not one-dimensional, or an entry is NaN, infinite, no number or (with `probabilities`) outside of
        0 to 1: the message names place and value.
    """
    try:
        values = np.asarray(pred, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers; got {pred!r:.80}.") from None
    if values.ndim != 1:
        raise ValueError(f"{name} must hold one score per patient or film, for one finding; got shape {values.shape}.")
    wrong = ~np.isfinite(values)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"{name} must hold finite numbers; entry {place} is {values[place]}. Leave such rows out first."
        )
    if probabilities:
        wrong = (values < 0) | (values > 1)
        if wrong.any():
            place = int(np.argmax(wrong))
            raise ValueError(
                f"{name} must hold probabilities from 0 to 1 here; entry {place} is {values[place]:g}. "
                "A score on another scale can be ranked (ROC, AUC), but promises nothing."
            )
    return values


def check_pair(y: Any, pred: Any, *, probabilities: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Check labels and scores that belong together, entry by entry.

    Raises
    ------
    ValueError
        What :func:`check_labels` and :func:`check_scores` raise, or if the lengths differ.
    """
    y, pred = check_labels(y), check_scores(pred, probabilities=probabilities)
    if len(y) != len(pred):
        raise ValueError(f"y and pred must be equally long: got {len(y)} labels and {len(pred)} scores.")
    return y, pred


def check_patients(patient: Any, n: int) -> tuple[np.ndarray, int]:
    """Give every patient of `n` films a number from 0.

    Returns
    -------
    codes : ndarray of int, shape (n,)
    n_patients : int

    Raises
    ------
    ValueError
        If there is not one patient per film, or one is missing.
    """
    column = pd.Series(list(patient) if np.ndim(patient) == 1 else [], dtype=object)
    if len(column) != n:
        raise ValueError(f"patient must say for each of the {n} films whose it is; got {len(column)} entries.")
    if column.isna().any():
        place = int(column.isna().to_numpy().argmax())
        raise ValueError(f"patient is missing for film {place}: whose film is it?")
    codes, patients = pd.factorize(column)
    return codes, len(patients)


def check_level(level: Any) -> float:
    """Return `level`, or say that it must lie between 0 and 1 (0.95, not 95)."""
    if not (isinstance(level, (float, np.floating)) and 0 < level < 1):
        raise ValueError(f"level is a share between 0 and 1, such as 0.95; got {level!r}.")
    return float(level)


def check_count(number: Any, name: str, what: str) -> int:
    """Return a whole number of at least 1, or say what it is for."""
    if not isinstance(number, (int, np.integer)) or isinstance(number, bool) or number < 1:
        raise ValueError(f"{name} is {what}, a whole number of 1 or more; got {number!r}.")
    return int(number)
