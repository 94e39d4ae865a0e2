"""Synthetic gliomas: tumours painted into the average brain, four MRI channels a scan, with a true label map.

No patient stands behind a painted scan. The contrasts follow medians that we measured over six real cases of public
collections; the shapes follow the volumes of twelve real label maps.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from labutils.datasets.glioma_lesion import grow_lesion, smooth_noise
from labutils.datasets.mni import load_template

CHANNELS = ("FLAIR", "T1w", "T1-Gd", "T2w")
"""Order of the channels of every scan of this course."""

LABELS = ("background", "oedema", "non-enhancing tumour", "enhancing tumour")
"""What the label codes 0, 1, 2 and 3 mean."""

GRID = (240, 240, 155)
"""Voxels of a scan at 1 mm: right, anterior, superior."""

# Brightness against white matter: median over six real cases, and the lowest and highest of them. One row a channel.
_RATIOS = {
    "grey": ((1.04, 0.85, 1.19), (0.83, 0.76, 0.89), (0.87, 0.78, 0.97), (1.50, 1.25, 1.90)),
    "fluid": ((0.60, 0.39, 0.80), (0.60, 0.50, 0.70), (0.62, 0.45, 0.80), (2.40, 1.90, 2.95)),
    "oedema": ((1.69, 1.29, 2.16), (0.86, 0.79, 0.95), (0.84, 0.68, 0.98), (1.70, 1.40, 2.00)),
    "core": ((1.60, 1.20, 2.20), (0.74, 0.50, 0.95), (0.72, 0.46, 0.98), (1.95, 1.48, 2.59)),
    "rim": ((1.60, 1.30, 2.20), (0.92, 0.76, 1.05), (1.50, 1.22, 2.10), (1.60, 1.40, 2.00)),
}
_TEXTURE = {"brain": (0.045, 0.025, 0.03, 0.05), "lesion": (0.10, 0.06, 0.10, 0.11)}


class BrainScan(NamedTuple):
    """One scan.

    Parameters
    ----------
    image : ndarray of float32, shape (x, y, z, channel)
        Channels FLAIR, T1w, T1-Gd, T2w in the scanner's arbitrary units; 0 outside the brain.
    label : ndarray of uint8, shape (x, y, z)
        0 background, 1 oedema, 2 non-enhancing tumour, 3 enhancing tumour.
    affine : ndarray, shape (4, 4)
        From voxel to millimetres; axes run to the right, the front and the top of the head.
    name : str
    """

    image: np.ndarray
    label: np.ndarray
    affine: np.ndarray
    name: str


def paint_glioma(rng, *, spacing=1, enhancing=None, scanner="A", name=None):
    """Paint one glioma into the average brain: a whole scan with four channels and its true labels.

    Parameters
    ----------
    rng : int or numpy Generator
        Seed. The same seed and spacing give the same scan.
    spacing : {1, 2}
        Edge of a voxel in mm: 1 gives 240 x 240 x 155 voxels (seconds), 2 gives 120 x 120 x 78 (a tenth of that).
    enhancing : bool, optional
        Whether a part of the tumour takes up contrast; by default 85 of 100 do.
    scanner : {"A", "B"}
        "B" is another hospital: other contrasts between tissues, more noise and a stronger drift of brightness. It is
        there to show domain shift.
    name : str, optional
        By default "painted".

    Returns
    -------
    BrainScan

    Raises
    ------
    ValueError
        If the spacing or the scanner is another one.

    Notes
    -----
    Built on the MNI average brain: show ``labutils.datasets.MNI_NOTICE``.
    """
    if scanner not in ("A", "B"):
        raise ValueError(f"scanner is 'A' or 'B'; got {scanner!r}.")
    template = load_template(spacing)
    rng = np.random.default_rng(rng)
    if enhancing is None:
        enhancing = rng.random() < 0.85
    tissue, lesion = grow_lesion(template, rng, spacing=spacing, enhancing=enhancing)
    box = np.zeros((*lesion.shape, 4), dtype=np.float32)
    contrast = _draw_contrasts(rng, scanner)
    mask = tissue["mask"]
    parts = _soft_parts(tissue, lesion, spacing)
    detail = smooth_noise(rng, mask.shape, 1.6 / spacing), smooth_noise(rng, mask.shape, 7 / spacing)
    in_lesion = parts["oedema"] + parts["core"] + parts["rim"]
    drift, noise = (0.04, 0.03) if scanner == "A" else (0.11, 0.06)
    noise = noise if spacing == 1 else noise / 2
    for channel in range(4):
        value = sum(contrast[kind][channel] * parts[kind] for kind in contrast) + parts["white"]
        if channel in (1, 2):  # the template's own T1 shows nuclei that the tissue maps do not
            value *= tissue["t1_detail"]
        own = 0.7 * detail[channel % 2] + 0.7 * smooth_noise(rng, mask.shape, 3.5 / spacing)
        rough = _TEXTURE["brain"][channel] * (1 - in_lesion) + _TEXTURE["lesion"][channel] * in_lesion
        value *= 1 + rough * own
        value *= 1 + drift * smooth_noise(rng, mask.shape, 55 / spacing)
        value += noise * rng.standard_normal(mask.shape, dtype=np.float32)
        unit = np.exp(rng.uniform(np.log(190), np.log(1500)))
        box[..., channel] = np.where(mask, np.maximum(value, 0.02) * unit, 0)
    return _on_grid(box, lesion, spacing, name or "painted")


def _draw_contrasts(rng, scanner):
    drawn = {}
    for kind, rows in _RATIOS.items():
        median, low, high = np.array(rows).T
        spread = np.log(high / low) / 4
        if scanner == "B" and kind in ("oedema", "core", "rim"):
            median = 1 + 0.55 * (median - 1)  # flatter: the lesion stands out less
        drawn[kind] = np.exp(np.log(median) + np.clip(rng.standard_normal(4), -1.8, 1.8) * spread).astype(np.float32)
    return drawn


def _soft_parts(tissue, lesion, spacing):
    """Return the share of each tissue in each voxel, with borders one voxel soft."""
    soft = {
        kind: ndimage.gaussian_filter((lesion == code).astype(np.float32), 0.8 / spacing)
        for code, kind in ((1, "oedema"), (2, "core"), (3, "rim"))
    }
    left = np.clip(1 - sum(soft.values()), 0, 1)
    return {kind: tissue[kind] * left for kind in ("white", "grey", "fluid")} | soft


def _on_grid(box, lesion, spacing, name):
    shape = tuple(-(-size // spacing) for size in GRID)
    start = [(full - part) // 2 for full, part in zip(shape, lesion.shape, strict=True)]
    place = tuple(slice(first, first + size) for first, size in zip(start, lesion.shape, strict=True))
    image, label = np.zeros((*shape, 4), np.float32), np.zeros(shape, np.uint8)
    image[place], label[place] = box, lesion
    affine = np.diag([spacing, spacing, spacing, 1.0])
    affine[:3, 3] = [-spacing * size / 2 for size in shape]
    return BrainScan(image, label, affine, name)


def make_gliomas(n_patients, rng, *, spacing=2, scanner="A"):
    """Paint scans of several synthetic patients, one scan a patient.

    Parameters
    ----------
    n_patients : int
    rng : int or numpy Generator
        Every patient gets a generator of its own, so the first five of ten are the same as five alone.
    spacing, scanner
        As in :func:`paint_glioma`.

    Returns
    -------
    list of BrainScan
        Named "painted 1", "painted 2", …
    """
    rngs = np.random.default_rng(rng).spawn(n_patients)
    return [
        paint_glioma(own, spacing=spacing, scanner=scanner, name=f"painted {number}")
        for number, own in enumerate(rngs, start=1)
    ]
