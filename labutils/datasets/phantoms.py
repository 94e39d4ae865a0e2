"""Seeded chest-film phantoms: drawings by rule, with the label law of NIH ChestX-ray14 and the truth for every finding.

They are synthetic. They teach how to work with such films (labels that occur together, a view that confounds, several
films of one patient) and let heat maps be compared with the truth; they say nothing about how well a model reads real
patients. Intensities follow 720 real films; see the tests for the measured differences.
"""

from __future__ import annotations

import numbers
from typing import NamedTuple

import numpy as np
import pandas as pd

from labutils.datasets import phantom_lesions as lung
from labutils.datasets import phantom_pleura as pleura
from labutils.datasets.findings import FINDINGS
from labutils.datasets.phantom_anatomy import Anatomy, draw_anatomy, draw_pose
from labutils.datasets.phantom_chest import Chest
from labutils.datasets.phantom_devices import draw_devices
from labutils.datasets.phantom_film import density, expose, finish
from labutils.datasets.phantom_labels import (
    FilmLabels,
    PatientLabels,
    draw_patient,
    patient_seeds,
    table_of,
    thresholds_for,
)

SMALLEST, LARGEST = 32, 1024

_SHAPERS = {
    "Cardiomegaly": pleura.shape_cardiomegaly,
    "Emphysema": pleura.shape_emphysema,
    "Atelectasis": pleura.shape_atelectasis,
    "Fibrosis": pleura.shape_fibrosis,
}
# In the order of painting: the pneumothorax comes late because it takes away what lies in its rim.
_PAINTERS = {
    "Emphysema": lung.paint_emphysema,
    "Fibrosis": lung.paint_fibrosis,
    "Edema": lung.paint_edema,
    "Infiltration": lung.paint_infiltration,
    "Pneumonia": lung.paint_pneumonia,
    "Consolidation": lung.paint_consolidation,
    "Atelectasis": lung.paint_atelectasis,
    "Mass": lung.paint_mass,
    "Nodule": lung.paint_nodule,
    "Hernia": lung.paint_hernia,
    "Cardiomegaly": pleura.paint_cardiomegaly,
    "Pneumothorax": pleura.paint_pneumothorax,
    "Effusion": pleura.paint_effusion,
    "Pleural_Thickening": pleura.paint_thickening,
}


class Films(NamedTuple):
    """Chest films with their table and the truth of each finding.

    Attributes
    ----------
    images : array of uint8, shape (n_films, size, size)
        Row 0 is the top; image left is the patient's right; bright is dense.
    table : DataFrame, n_films rows
        image, patient, follow_up, age (years), sex, view, then the 14 `FINDINGS` as 0 or 1.
    masks : dict
        ``masks[row, finding]`` is a bool array (size, size), True where the finding is, for every 1 in the table.
    """

    images: np.ndarray
    table: pd.DataFrame
    masks: dict[tuple[int, str], np.ndarray]


def make_phantoms(
    n_patients: int, *, rng: int | np.random.Generator, size: int = 128, prevalence_scale: float = 1.0
) -> Films:
    """Draw chest-film phantoms of `n_patients` patients, about 2.4 films each (median 1, at most 12).

    Parameters
    ----------
    n_patients : int
        Number of patients. The first patients are the same however many are asked for.
    rng : int or numpy.random.Generator
        Seed; the same seed gives the same films, at any size the same patients and findings.
    size : int
        Pixels per side, 32 to 1024.
    prevalence_scale : float
        Multiplies the prevalence of every finding (cut off at 0.5): 2 or 3 gives small sets enough positives.

    Returns
    -------
    Films
        ``(images, table, masks)``.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of its range or kind.

    Examples
    --------
    >>> films = make_phantoms(2, rng=0, size=64)
    >>> films.images.dtype, films.images.shape[1:]
    (dtype('uint8'), (64, 64))
    """
    if not isinstance(size, numbers.Integral) or isinstance(size, bool) or not SMALLEST <= size <= LARGEST:
        raise ValueError(f"size must be a whole number from {SMALLEST} to {LARGEST} (pixels), got {size!r}.")
    thresholds = thresholds_for(prevalence_scale)
    patients = [draw_patient(seed, thresholds) for seed in patient_seeds(n_patients, rng)]
    table = table_of(patients)
    images = np.empty((len(table), size, size), dtype=np.uint8)
    masks: dict[tuple[int, str], np.ndarray] = {}
    row = 0
    for patient in patients:
        anatomy, home_seeds = settle(patient)
        for film in patient.films:
            images[row], found = draw_film(anatomy, film, home_seeds, int(size))
            masks.update({(row, finding): mask for finding, mask in found.items()})
            row += 1
    return Films(images, table, masks)


def settle(patient: PatientLabels) -> tuple[Anatomy, list[np.random.SeedSequence]]:
    """Draw what all films of a patient share: the body, and one seed a finding for where it sits."""
    body, *home_seeds = [_child(patient.anatomy_seed, number) for number in range(1 + len(FINDINGS))]
    return draw_anatomy(patient.age, patient.sex, np.random.default_rng(body)), home_seeds


def draw_film(
    anatomy: Anatomy, film: FilmLabels, home_seeds: list[np.random.SeedSequence], size: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Draw one film.

    Parameters
    ----------
    anatomy : Anatomy
    film : FilmLabels
        View, findings, how marked they are, and the film's seed.
    home_seeds : list of SeedSequence, length 14
        One a finding, the same for all films of the patient: where the finding sits.
    size : int

    Returns
    -------
    image : array of uint8, shape (size, size)
    masks : dict of finding to array of bool, shape (size, size)
    """
    # A child by its key and not by spawn(), which counts: the same film can then be drawn twice.
    child = [_child(film.seed, number) for number in range(5 + len(FINDINGS))]
    pose = draw_pose(anatomy, film.view, np.random.default_rng(child[0]))
    chest = Chest(anatomy, pose, size)
    marked = {name: float(film.severity[i]) for i, name in enumerate(FINDINGS) if film.present[i]}
    for name, shape in _SHAPERS.items():
        if name in marked:
            shape(chest, marked[name], np.random.default_rng(home_seeds[FINDINGS.index(name)]))
    chest.build()
    masks = {}
    for name, paint in _PAINTERS.items():
        if name in marked:
            i = FINDINGS.index(name)
            home, own = np.random.default_rng(home_seeds[i]), np.random.default_rng(child[5 + i])
            masks[name] = _kept(paint(chest, marked[name], home, own), chest)
    draw_devices(chest, marked, np.random.default_rng(child[3]))
    grey = expose(density(chest, np.random.default_rng(child[1])), chest, np.random.default_rng(child[4]))
    image = finish(grey, chest, np.random.default_rng(child[2]))
    return image, {name: masks[name] for name in FINDINGS if name in masks}


def _child(seed: np.random.SeedSequence, number: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, number))


def _kept(mask: np.ndarray, chest: Chest) -> np.ndarray:
    """Keep a mask from being empty: a finding that lies off the film gets the pixel nearest to a lung's base."""
    if not mask.any():
        mask = mask.copy()
        distance = np.hypot(chest.u - 0.5 * chest.width, chest.v - 0.9)
        mask[np.unravel_index(np.argmin(distance), mask.shape)] = True
    return mask
