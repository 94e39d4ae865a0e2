"""The average brain that nilearn carries, cut to the box and the grid of the tumour collections."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

MNI_NOTICE = (
    "Average brain: MNI ICBM 152 (2009a). Copyright (C) 1993-2009 Louis Collins, McConnell Brain Imaging Centre, "
    "Montreal Neurological Institute, McGill University. Permission to use, copy, modify, and distribute this software "
    "and its documentation for any purpose and without fee is hereby granted, provided that the above copyright notice "
    'appear in all copies. It is provided "as is" without express or implied warranty. '
    "Cite: Fonov V and others, NeuroImage 2011;54:313-327."
)
"""To be shown wherever the average brain, or a picture made from it, is loaded."""

_BOX = (slice(26, 171), slice(27, 208), slice(0, 155))  # the brain in the 1 mm template, 145 x 181 x 155 voxels


class Template(NamedTuple):
    """Average brain in its box; every map is float32 of shape (x, y, z), axes right, anterior, superior."""

    t1: np.ndarray
    grey: np.ndarray
    white: np.ndarray
    fluid: np.ndarray
    mask: np.ndarray


@lru_cache(maxsize=2)
def load_template(spacing=1):
    """Load the average brain: T1 intensity and the shares of grey matter, white matter and fluid in each voxel.

    Parameters
    ----------
    spacing : {1, 2}
        Edge of a voxel in mm. At 2 mm every voxel is the mean of eight.

    Returns
    -------
    Template
        ``mask`` is True inside the brain. Fluid is what grey and white matter leave of the mask. The arrays are
        shared between calls and read-only.

    Raises
    ------
    ValueError
        If the spacing is another one.

    Notes
    -----
    Show :data:`MNI_NOTICE` with it.
    """
    if spacing not in (1, 2):
        raise ValueError(f"spacing is the edge of a voxel in mm and must be 1 or 2; got {spacing!r}.")
    from nilearn import datasets

    loaders = (
        datasets.load_mni152_template,
        datasets.load_mni152_gm_template,
        datasets.load_mni152_wm_template,
        datasets.load_mni152_brain_mask,
    )
    t1, grey, white, mask = (np.asarray(load(resolution=1).dataobj, dtype=np.float32)[_BOX] for load in loaders)
    t1, grey, white = (np.clip(part / max(part.max(), 1e-6), 0, 1) for part in (t1, grey, white))
    mask = mask > 0.5
    fluid = np.clip(mask - grey - white, 0, 1).astype(np.float32)
    maps = [np.where(mask, part, 0).astype(np.float32) for part in (t1, grey, white, fluid)]
    if spacing == 2:
        maps, mask = [halve(part) for part in maps], halve(mask.astype(np.float32)) > 0.5
    for part in (*maps, mask):
        part.flags.writeable = False
    return Template(*maps, mask)


def halve(volume):
    """Return the means of blocks of 2 x 2 x 2 voxels along the first three axes; odd ends are filled with their edge.

    Parameters
    ----------
    volume : array, shape (x, y, z) or (x, y, z, channel)

    Returns
    -------
    ndarray of float32, each of the first three axes half as long, rounded up
    """
    volume = np.asarray(volume, dtype=np.float32)
    odd = [(0, size % 2) for size in volume.shape[:3]] + [(0, 0)] * (volume.ndim - 3)
    volume = np.pad(volume, odd, mode="edge")
    x, y, z = (size // 2 for size in volume.shape[:3])
    return volume.reshape(x, 2, y, 2, z, 2, *volume.shape[3:]).mean(axis=(1, 3, 5))
