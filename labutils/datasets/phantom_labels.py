"""Who the phantom patients are and which findings their films show: the label model, without a pixel.

Each finding has a hidden severity, a standard normal variable. The severities of one film are correlated as in the NIH
table, a part of each is shared by all films of a patient, and a finding is *present* where its severity exceeds the
threshold that gives the prevalence of the film's view. So prevalences, pairs, views and follow-ups are all right at once.
"""

from __future__ import annotations

import numbers
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from labutils.datasets.findings import (
    AGE_LOADING,
    CORRELATION,
    FINDINGS,
    PERSISTENCE,
    SHARE_AP,
    SHARE_MALE,
    VIEW_PERSISTENCE,
    prevalence,
)

MOST_FILMS = 12
"""No phantom patient has more films than this (in the NIH table: up to 184)."""

_CHOLESKY = np.linalg.cholesky(CORRELATION)
_SHARED = np.sqrt(PERSISTENCE)
_OWN = np.sqrt(1 - PERSISTENCE)


class PatientLabels(NamedTuple):
    """One patient and the labels of his or her films, with the hidden numbers that the drawing needs."""

    age: int
    sex: str
    films: tuple[FilmLabels, ...]
    anatomy_seed: np.random.SeedSequence


class FilmLabels(NamedTuple):
    """Labels of one film: view, bool (14,) in the order of FINDINGS, and severity in (0, 1) of each finding."""

    view: str
    present: np.ndarray
    severity: np.ndarray
    seed: np.random.SeedSequence


def patient_seeds(n_patients: int, rng: int | np.random.Generator) -> list[np.random.SeedSequence]:
    """Give every patient a seed that depends on `rng` and the patient's number only.

    Parameters
    ----------
    n_patients : int
        At least 1.
    rng : int or numpy.random.Generator
        A generator is advanced by one draw, whatever `n_patients` is.

    Raises
    ------
    ValueError, TypeError
        If either argument is not of its kind.
    """
    whole = isinstance(n_patients, numbers.Integral) and not isinstance(n_patients, bool)
    if not whole or n_patients < 1:
        raise ValueError(f"n_patients must be a whole number of at least 1, got {n_patients!r}.")
    if isinstance(rng, np.random.Generator):
        entropy = rng.integers(0, 2**32, size=4).tolist()
    elif isinstance(rng, numbers.Integral) and not isinstance(rng, bool) and rng >= 0:
        entropy = int(rng)
    else:
        raise TypeError(
            f"rng must be a whole number from 0 or a numpy Generator, got {rng!r}: try np.random.default_rng(0)."
        )
    return np.random.SeedSequence(entropy).spawn(int(n_patients))


def draw_patient(seed: np.random.SeedSequence, thresholds: dict[str, np.ndarray]) -> PatientLabels:
    """Draw age, sex, views and findings of one patient.

    Parameters
    ----------
    seed : numpy.random.SeedSequence
    thresholds : dict
        For "PA" and "AP" the severity above which each finding is present, shape (14,); see `thresholds_for`.
    """
    label_seed, anatomy_seed, film_seed = seed.spawn(3)
    rng = np.random.default_rng(label_seed)
    # Median 1 film as in the table; the tail is cut at 12, so the mean is about 2.4 instead of 3.6.
    n_films = 1 if rng.random() < 0.565 else min(2 + int(rng.geometric(0.30)) - 1, MOST_FILMS)
    age_score = np.clip(rng.standard_normal(), -1.8, 2.8)
    age = int(np.clip(round(47 + 16.5 * age_score), 18, 95))
    sex = "M" if rng.random() < SHARE_MALE else "F"
    in_bed = rng.standard_normal()
    patient_part = _CHOLESKY @ rng.standard_normal(len(FINDINGS))
    films = []
    for part in film_seed.spawn(n_films):
        own_view = np.sqrt(1 - VIEW_PERSISTENCE) * rng.standard_normal()
        view = "AP" if np.sqrt(VIEW_PERSISTENCE) * in_bed + own_view < ndtri(SHARE_AP) else "PA"
        film_part = _CHOLESKY @ rng.standard_normal(len(FINDINGS))
        hidden = _SHARED * patient_part + _OWN * film_part
        hidden = AGE_LOADING * age_score + np.sqrt(1 - AGE_LOADING**2) * hidden
        cut = thresholds[view]
        # Among the positives of a view the severity is uniform on (0, 1); follow-ups of one patient stay alike.
        severity = np.clip((ndtr(hidden) - ndtr(cut)) / (1 - ndtr(cut)), 0.0, 1.0)
        films.append(FilmLabels(view, hidden > cut, severity, part))
    return PatientLabels(age, sex, tuple(films), anatomy_seed)


def thresholds_for(prevalence_scale: float) -> dict[str, np.ndarray]:
    """Severity above which a finding is present, by view, for scaled prevalences.

    Raises
    ------
    ValueError
        If `prevalence_scale` is not a positive finite number.
    """
    good = isinstance(prevalence_scale, numbers.Real) and not isinstance(prevalence_scale, bool)
    if not good or not np.isfinite(prevalence_scale) or prevalence_scale <= 0:
        raise ValueError(f"prevalence_scale must be a positive number, got {prevalence_scale!r}.")
    return {view: -ndtri(prevalence(view, float(prevalence_scale))) for view in ("PA", "AP")}


def table_of(patients: list[PatientLabels]) -> pd.DataFrame:
    """Set the films of the given patients in one table, one row a film (columns: see `draw_labels`)."""
    rows = [
        (f"p{number:05d}_{follow_up:03d}.png", number, follow_up, patient.age, patient.sex, film.view)
        for number, patient in enumerate(patients)
        for follow_up, film in enumerate(patient.films)
    ]
    table = pd.DataFrame(rows, columns=["image", "patient", "follow_up", "age", "sex", "view"])
    present = np.array([film.present for patient in patients for film in patient.films], dtype=np.int64)
    return pd.concat([table, pd.DataFrame(present, columns=list(FINDINGS))], axis=1)


def draw_labels(n_patients: int, *, rng: int | np.random.Generator, prevalence_scale: float = 1.0) -> pd.DataFrame:
    """Table of phantom films without the pixels: quick, for questions about counts, pairs, views and patients.

    The table is the one that `make_phantoms` gives for the same arguments.

    Parameters
    ----------
    n_patients : int
        Number of patients (not films); a patient has 1 to 12 films, median 1.
    rng : int or numpy.random.Generator
        Seed. A patient does not change when more patients are asked for.
    prevalence_scale : float
        Multiplies each finding's prevalence; the product is cut off at 0.5.

    Returns
    -------
    DataFrame, one row a film
        image (file name), patient (from 0), follow_up (from 0), age (years), sex ("F", "M"), view ("PA", "AP"), then
        the 14 `FINDINGS` as 0 or 1.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range or kind.

    Examples
    --------
    >>> table = draw_labels(200, rng=0)
    >>> int(table["patient"].nunique())
    200
    """
    thresholds = thresholds_for(prevalence_scale)
    return table_of([draw_patient(seed, thresholds) for seed in patient_seeds(n_patients, rng)])
