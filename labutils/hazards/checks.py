"""What every function of this package refuses, said in one voice."""

from typing import Any

import numpy as np


def clean_times(times: Any, *, name: str = "times") -> np.ndarray:
    """Turn times into an array of float, shape (n_patients,); refuse missing, infinite and negative ones.

    Raises
    ------
    ValueError
        That names the first patient (by position) with such a time.
    """
    times = _vector(times, name)
    wrong = ~np.isfinite(times) | (times < 0)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"{name} must be finite and 0 or more; patient {place} has {times[place]}. Was a date subtracted the wrong way, "
            "or is a follow-up missing?"
        )
    return times


def clean_events(event: Any, n_patients: int, *, name: str = "event") -> np.ndarray:
    """Turn 0/1 or False/True into an array of bool, shape (n_patients,)."""
    event = _vector(event, name)
    _same_length(event, n_patients, name)
    wrong = ~np.isin(event, (0, 1))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"{name} must be 0 (censored) or 1 (died); patient {place} has {event[place]}. A status with three codes says "
            "more than one thing: choose the code that is the event."
        )
    return event == 1


def clean_scores(scores: Any, n_patients: int, *, name: str = "scores") -> np.ndarray:
    """Turn scores into an array of float, shape (n_patients,); refuse missing and infinite ones.

    A score is NaN where a covariate was NaN: impute or leave out the patient before the model, and say which.
    """
    scores = _vector(scores, name)
    _same_length(scores, n_patients, name)
    wrong = ~np.isfinite(scores)
    if wrong.any():
        raise ValueError(
            f"{name} must be finite; patient {int(np.argmax(wrong))} has {scores[wrong][0]}. Is one of the covariates missing?"
        )
    return scores


def clean_probabilities(values: Any, n_patients: int, *, name: str) -> np.ndarray:
    """Turn probabilities into an array of float between 0 and 1, shape (n_patients,)."""
    values = clean_scores(values, n_patients, name=name)
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"{name} must lie between 0 and 1; patient {place} has {values[place]}. A risk score is no probability."
        )
    return values


def clean_resamples(n_boot: Any, level: Any) -> int:
    """Check the number of resamples and the level of an interval."""
    if not (isinstance(n_boot, (int, np.integer)) and n_boot >= 1):
        raise ValueError(f"n_boot is the number of resamples, a whole number of 1 or more; got {n_boot!r}")
    if not 0 < level < 1:
        raise ValueError(f"level is the share of resamples inside the interval, between 0 and 1; got {level!r}")
    return int(n_boot)


def _vector(values, name):
    try:
        values = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers, one per patient; got {type(values).__name__}") from None
    if values.ndim != 1:
        raise ValueError(f"{name} must have one axis, (n_patients,); got shape {values.shape}")
    return values


def _same_length(values, n_patients, name):
    if len(values) != n_patients:
        raise ValueError(f"{name} must have one entry per patient, {n_patients}; got {len(values)}")
