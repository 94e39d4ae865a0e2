"""Where a painted glioma sits, how it grows, and how it pushes the brain aside."""

import numpy as np
from scipy import ndimage

_SMALLEST_REACH, _WIDEST_REACH = 6.0, 22.0  # mm of oedema beyond the core


def smooth_noise(rng, shape, scale):
    """Return smooth noise of mean 0 and sd 1.

    It is drawn on a coarse grid and stretched, which is some fifty times quicker than blurring at full size.

    Parameters
    ----------
    rng : numpy Generator
    shape : tuple of 3 int
        Voxels.
    scale : float
        About the size of a blob, in voxels.

    Returns
    -------
    ndarray of float32
    """
    if scale <= 1:
        return rng.standard_normal(shape, dtype=np.float32)
    coarse = [max(int(np.ceil(size / scale)), 2) + 1 for size in shape]
    noise = rng.standard_normal(coarse, dtype=np.float32)
    for axis, size in enumerate(shape):  # linear, one axis at a time
        place = np.linspace(0, coarse[axis] - 1.001, size).astype(np.float32)
        low = place.astype(int)
        share = (place - low).reshape([-1 if a == axis else 1 for a in range(3)])
        noise = np.take(noise, low, axis) * (1 - share) + np.take(noise, low + 1, axis) * share
    return (noise - noise.mean()) / noise.std()


def grow_lesion(template, rng, *, spacing, enhancing):
    """Warp the average brain into one person's, and grow a glioma in its white matter.

    Parameters
    ----------
    template : Template
    rng : numpy Generator
    spacing : int
        Edge of a voxel in mm.
    enhancing : bool
        Whether the core gets a rim that takes up contrast.

    Returns
    -------
    tissue : dict of ndarray
        ``white``, ``grey``, ``fluid`` (shares), ``t1_detail`` and ``mask`` of the warped brain.
    lesion : ndarray of uint8
        Codes 0 to 3.
    """
    shape = template.mask.shape
    centre = _pick_centre(template, rng, spacing)
    radius = rng.triangular(9, 15, 26) / spacing
    grid = np.indices(shape, dtype=np.float32, sparse=True)
    axes = radius * np.exp(rng.uniform(-0.25, 0.25, 3)).astype(np.float32)
    around = [grid[a] - np.float32(centre[a]) for a in range(3)]
    ragged = 0.16 * smooth_noise(rng, shape, 9 / spacing) + 0.07 * smooth_noise(rng, shape, 4 / spacing)
    distance = np.sqrt(sum((around[a] / axes[a]) ** 2 for a in range(3)))
    tissue = _warp(template, rng, grid, around, distance, push=0.22 * radius, spacing=spacing)

    shell = distance + ragged
    core = (shell < 1) & tissue["mask"] & (tissue["fluid"] < 0.8)
    beyond = (distance - 1) * np.float32(axes.mean() * spacing)  # mm outside the core
    reach = rng.uniform(_SMALLEST_REACH, _WIDEST_REACH) * (0.25 + tissue["white_wide"] * 1.1)
    reach = reach * (1 + 0.35 * smooth_noise(rng, shape, 16 / spacing))
    oedema = (beyond + 5 * ragged < reach) & tissue["mask"] & (tissue["fluid"] < 0.4) & ~core
    oedema &= tissue["white_wide"] > 0.3
    lesion = np.where(core, 2, np.where(oedema, 1, 0)).astype(np.uint8)
    if enhancing:
        thick = rng.uniform(0.16, 0.45) * (1 + 0.5 * smooth_noise(rng, shape, 8 / spacing))
        patchy = smooth_noise(rng, shape, 7 / spacing) > -1.1
        lesion[core & (shell > 1 - thick) & patchy] = 3
    return tissue, _main_part(lesion)


def _main_part(lesion):
    """Keep the largest connected part, as in real label maps."""
    parts, count = ndimage.label(lesion > 0)
    if count > 1:
        lesion[parts != 1 + np.argmax(np.bincount(parts.ravel())[1:])] = 0
    return lesion


def _pick_centre(template, rng, spacing):
    wide = ndimage.uniform_filter(template.white, int(9 / spacing))
    x, _y, z = template.mask.shape
    good = wide > 0.6
    good[:, :, : int(0.36 * z)] = False  # the stem of the brain and the cerebellum lie below
    good[:, :, int(0.85 * z) :] = False
    good[int(0.42 * x) : int(0.58 * x)] = False  # most gliomas sit in one half
    places = np.argwhere(good)
    return places[rng.integers(len(places))]


def _warp(template, rng, grid, around, distance, push, spacing):
    """Sample the average brain at displaced places: another size, a smooth warp, left or right, and mass effect."""
    shape = template.mask.shape
    size = rng.uniform(0.92, 0.99)
    away = push * np.exp(-((distance / 1.6) ** 2)) / np.maximum(np.sqrt(sum(d**2 for d in around)), 1)
    where = []
    for axis in range(3):
        middle = (shape[axis] - 1) / 2
        bend = 2.0 / spacing * smooth_noise(rng, shape, 45 / spacing)
        where.append(middle + (grid[axis] - middle) / np.float32(size) + bend - around[axis] * away)
    if rng.random() < 0.5:
        where[0] = shape[0] - 1 - where[0]
    where = np.stack([np.broadcast_to(part, shape) for part in where]).astype(np.float32)

    def sample(volume):
        return ndimage.map_coordinates(volume, where, order=1, output=np.float32)

    white, grey, fluid = _sharpen(sample(template.white), sample(template.grey), sample(template.fluid))
    mask = ndimage.binary_opening(sample(template.mask.astype(np.float32)) > 0.5)
    grey, fluid = _fold(rng, white, grey, fluid, spacing)
    expected = white + 0.8 * grey + 0.45 * fluid
    detail = sample(template.t1) / np.maximum(expected, 0.3)
    detail = np.clip(detail / max(np.median(detail[mask]), 0.1), 0.85, 1.15)
    wide = ndimage.uniform_filter(white, max(int(5 / spacing), 3))
    tissue = {"white": white, "grey": grey, "fluid": fluid, "white_wide": wide, "t1_detail": detail}
    return {name: np.where(mask, part, 0).astype(np.float32) for name, part in tissue.items()} | {"mask": mask}


def _sharpen(white, grey, fluid):
    """Undo some of the blur that averaging 152 people left in the shares."""
    parts = [np.clip(part, 0, 1) ** 2.2 for part in (white, grey, fluid)]
    total = np.maximum(sum(parts), 1e-4)
    return [part / total for part in parts]


def _fold(rng, white, grey, fluid, spacing):
    """Give the smooth average cortex a person's furrows: thin bands of fluid where noise crosses zero."""
    scale = 5.5 / spacing
    noise = smooth_noise(rng, white.shape, scale)
    furrow = np.exp(-((noise / 0.35) ** 2)) * np.clip(1.6 * grey * (1 - white) - 0.25, 0, 1)
    moved = np.clip(0.5 * furrow, 0, 1) * grey
    return grey - moved, fluid + moved
