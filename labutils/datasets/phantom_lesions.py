"""Findings of the lung itself, painted into a `Chest`, each with the truth as a mask.

Every painter takes the chest, how marked the finding is (0 just visible to 1 gross), and two generators: `home`, which is
the same on all films of the patient (so a mass stays where it was), and `film`, which is not. It returns a bool mask.
The signs are those of standard teaching (Hansell et al., "Fleischner Society: glossary of terms for thoracic imaging",
Radiology 2008), except that sizes and strengths are drawn at random.
"""

from __future__ import annotations

import numpy as np

from labutils.datasets.phantom_canvas import blob, ramp
from labutils.datasets.phantom_chest import Chest

Rng = np.random.Generator


def replace_air(chest: Chest, share: np.ndarray) -> None:
    """Replace a share (0 to 1) of the air that is left at each pixel by something dense."""
    chest.opaque = 1 - (1 - chest.opaque) * (1 - np.clip(share, 0.0, 1.0))


def lung_mask(chest: Chest, side: int | None = None) -> np.ndarray:
    """Where air is seen, bool; one side (-1 patient's right, 1 left) or both."""
    lung = chest.air > 0.25
    return lung if side is None else lung & ((chest.x > 0) == (side > 0))


def core(soft: np.ndarray, level: float = 0.5) -> np.ndarray:
    """Where a soft shape exceeds `level`; of a shape smaller than a pixel, its highest pixel."""
    top = float(soft.max())
    return soft > level if top > level or top == 0 else soft == top


def spot_in_lung(chest: Chest, rng: Rng, low: float = 0.12, high: float = 0.9) -> tuple[float, float]:
    """Draw a point (cm) in the lung away from heart, wall and dome; heights as shares from the apex."""
    for _ in range(40):
        side = -1 if rng.random() < 0.53 else 1
        v = rng.uniform(low, high)
        outer = float(chest.outer(np.float64(v)))
        inner = max(2.5, 0.30 * chest.width) + (0.28 * chest.width if side == 1 and v > 0.55 else 0.0)
        if outer - 1.2 > inner:
            return side * rng.uniform(inner, outer - 1.2), v * chest.height
    return -0.55 * chest.width, 0.5 * chest.height


def _solid(chest: Chest, centre: tuple[float, float], radius: float, lumps: Rng, soft: float) -> np.ndarray:
    """Share covered by a lumpy ball: 1 in the middle, `soft` cm of edge."""
    dx, dy = chest.x - centre[0], chest.y - centre[1]
    angle = np.arctan2(dy, dx)
    edge = np.full_like(dx, radius)
    for wave in (2, 3, 5):
        edge = edge + radius * 0.12 / wave * 2 * lumps.standard_normal() * np.cos(wave * angle + lumps.uniform(0, 6.3))
    return ramp(edge - np.hypot(dx, dy), soft)


def paint_mass(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Mass: a rounded opacity of more than 3 cm across."""
    place, strength = spot_in_lung(chest, home, 0.15, 0.88), home.uniform(0.45, 0.85)
    radius = 1.6 + 2.4 * home.beta(1.2, 2.2) * (0.5 + 0.5 * marked) + 0.2 * marked
    ball = _solid(chest, place, radius, home, 0.25 * radius + 0.3)
    grainy = 0.8 + 0.2 * _mottle(chest, film, (22,))
    replace_air(chest, ball * grainy * (0.2 + 0.7 * strength) * (0.55 + 0.45 * marked))
    chest.extra = chest.extra + 0.03 * ball * strength
    return core(ball)


def paint_nodule(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Nodule: one to three rounded opacities of at most 3 cm across."""
    mask = np.zeros_like(chest.air, dtype=bool)
    for _ in range(1 + int(home.random() < 0.25) + int(home.random() < 0.15)):
        place, radius = spot_in_lung(chest, home), 0.45 + 0.85 * home.beta(1.5, 1.8)
        radius *= 0.85 + 0.2 * marked
        ball = _solid(chest, place, radius, home, 0.5 * radius + 0.15)
        replace_air(chest, ball * (0.22 + 0.30 * home.random() + 0.25 * marked))
        chest.extra = chest.extra + 0.015 * ball * (1 + marked)
        mask |= core(ball)
    return mask


def _patch(chest: Chest, home: Rng, low: float, high: float, radius: float) -> np.ndarray:
    """Envelope of an ill-defined patch: a stretched bump in one lung, 0 to 1."""
    x, y = spot_in_lung(chest, home, low, high)
    bump = blob(chest.x, chest.y, (x, y), (radius * home.uniform(0.8, 1.3), radius * home.uniform(0.8, 1.4)))
    return bump * ((chest.x > 0) == (x > 0))


def _mottle(chest: Chest, rng: Rng, cells: tuple[int, ...]) -> np.ndarray:
    """Noise between 0 and 1 with patches of several sizes."""
    noise = sum(chest.canvas.smooth_noise(rng, c) for c in cells) / len(cells) ** 0.5
    return 1 / (1 + np.exp(-1.6 * noise))


def paint_infiltration(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Infiltration: faint, streaky haze in patches, often on both sides."""
    haze = np.zeros_like(chest.air)
    for _ in range(1 + int(home.random() < 0.6) + int(home.random() < 0.3)):
        haze = np.maximum(haze, _patch(chest, home, 0.3, 0.92, home.uniform(2.2, 4.0)))
    share = haze * (0.25 + 0.75 * _mottle(chest, film, (26, 50))) * (0.18 + 0.34 * marked)
    replace_air(chest, share)
    return (haze > 0.35) & lung_mask(chest)


def paint_pneumonia(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Pneumonia: patchy filling of a part of one lobe, with air left in the bronchi."""
    haze = _patch(chest, home, 0.35, 0.92, home.uniform(2.4, 4.2))
    share = ramp(haze - 0.32, 0.5) * (0.35 + 0.65 * _mottle(chest, film, (18, 36))) * (0.30 + 0.45 * marked)
    replace_air(chest, share)
    return (haze > 0.32) & lung_mask(chest)


def paint_consolidation(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Consolidation: dense filling of a lobe, sharp at the fissure, dark branching bronchi in it."""
    side = -1 if home.random() < 0.55 else 1
    half = (chest.x > 0) == (side > 0)
    v0 = home.uniform(0.40, 0.62)
    tilt = home.uniform(-0.02, 0.05)
    line = chest.v - v0 - tilt * (chest.u - 0.5 * chest.width) / chest.width
    if home.random() < 0.3:  # an upper lobe: above the fissure
        line = -line
    reach = home.uniform(0.16, 0.42)
    frayed = 0.035 * chest.canvas.smooth_noise(home, 12)
    sharp = 0.03 if home.random() < 0.5 else 0.12
    lobe = ramp(line + frayed * (sharp > 0.05), sharp) * ramp(reach - line + frayed, 0.25) * half
    middle = home.uniform(0.35, 0.75) * chest.width
    lobe = lobe * ramp(0.42 * chest.width - np.abs(chest.u - middle) + 25 * frayed, 3.0)
    mottled = 0.55 + 0.45 * _mottle(chest, film, (14, 30))
    replace_air(chest, lobe * mottled * (0.24 + 0.52 * marked))
    replace_bronchi = 0.05 * chest.vessels() / 0.115 * lobe
    chest.extra = chest.extra - replace_bronchi * (chest.air > 0.3)
    mask = (lobe > 0.4) & lung_mask(chest, side)
    return mask if mask.any() else lobe > 0.3


def paint_atelectasis(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Atelectasis: bands of collapsed lung above a dome that is drawn up (the lift is set beforehand)."""
    side = collapsed_side(home)
    mask = np.zeros_like(chest.air, dtype=bool)
    floor = float(chest.height + (chest.anatomy.left_drop if side == 1 else 0) - chest.lift[side])
    for _ in range(1 + int(home.random() < 0.6)):
        x0 = side * chest.width * home.uniform(0.45, 0.68)
        y0 = floor - home.uniform(0.8, 3.6) + film.normal(0, 0.2)
        slope, length = home.uniform(-0.25, 0.25), home.uniform(1.8, 3.6) * (0.7 + 0.5 * marked)
        thick = home.uniform(0.28, 0.55) * (0.7 + 0.6 * marked)
        along = np.abs(chest.x - x0)
        across = np.abs(chest.y - y0 - slope * (chest.x - x0))
        band = ramp(length - along, 1.5) * ramp(thick - across, 0.4)
        replace_air(chest, band * (0.18 + 0.45 * marked))
        mask |= (band > 0.35) & lung_mask(chest, side)
    base = ramp(chest.y - (floor - 2.8), 2.6) * ((chest.x > 0) == (side > 0))
    replace_air(chest, base * (0.05 + 0.30 * marked**1.5))
    return mask | ((base > 0.5) & lung_mask(chest, side))


def collapsed_side(home: Rng) -> int:
    """Side of an atelectasis: the first draw of its generator, so that geometry and painting agree."""
    return -1 if home.random() < 0.48 else 1


def paint_edema(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Oedema: haze about both hila that thins outward, wide vessels, fine lines at the bases."""
    x, y = chest.anatomy.hilum
    y = y * chest.pose.breath * chest.stretch + 1.5
    wide = 3.4 + 2.6 * marked
    haze = np.zeros_like(chest.air)
    for side in (-1, 1):
        haze = np.maximum(haze, blob(chest.x, chest.y, (side * (x + 1.6), y), (wide, wide * 1.35)))
    share = haze * (0.45 + 0.55 * _mottle(chest, film, (20, 40))) * (0.16 + 0.42 * marked)
    replace_air(chest, share + 0.05 * marked)
    chest.vessel_gain = chest.vessel_gain * (1.05 + 0.3 * marked)
    return (haze > 0.40) & lung_mask(chest)


def paint_fibrosis(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Fibrosis: a net of lines at the bases and along the wall, denser downward."""
    near_wall = ramp(4.2 - chest.edge, 4.0)
    basal = ramp(chest.v - 0.55, 0.5)
    where = np.clip(0.75 * basal * (0.35 + 0.65 * near_wall) + 0.25 * near_wall * basal, 0, 1)
    net = np.exp(-((chest.canvas.smooth_noise(home, 58) / 0.36) ** 2))
    net = np.maximum(net, 0.8 * np.exp(-((chest.canvas.smooth_noise(home, 42) / 0.35) ** 2)))
    replace_air(chest, where * (0.22 + 0.78 * net) * (0.25 + 0.40 * marked))
    mask = (where > 0.30) & lung_mask(chest)
    return mask if mask.any() else (where > 0.1) & lung_mask(chest)


def paint_emphysema(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Emphysema: both lungs dark and large with few vessels (flat domes are set beforehand), sometimes bullae."""
    for _ in range(int(home.random() < 0.5) + int(home.random() < 0.4)):
        place, radius = spot_in_lung(chest, home, 0.10, 0.45), home.uniform(1.0, 2.4)
        bulla = _solid(chest, place, radius, home, 0.3)
        chest.vessel_mask = chest.vessel_mask * (1 - 0.9 * bulla)
        rim = np.exp(-(((np.hypot(chest.x - place[0], chest.y - place[1]) - radius) / 0.15) ** 2))
        chest.extra = chest.extra + 0.02 * rim * chest.air
    return lung_mask(chest)


def paint_hernia(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Hiatal hernia: a round shadow behind the heart with gas above a level line."""
    radius = 2.2 + 1.8 * home.random() * (0.6 + 0.4 * marked)
    x0 = home.uniform(-0.5, 2.4)
    y0 = chest.height + 0.9 - radius * home.uniform(0.55, 0.95)
    ball = _solid(chest, (x0, y0), radius, home, 0.4)
    level = y0 + radius * home.uniform(-0.3, 0.25)
    gas = ball * ramp(level - chest.y, 0.3) * ramp(radius - 0.6 - np.hypot(chest.x - x0, chest.y - y0), 1.0)
    replace_air(chest, 0.9 * ball)
    chest.extra = chest.extra + 0.05 * ball - (0.09 + 0.12 * marked) * gas
    return core(ball)
