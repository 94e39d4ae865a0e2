"""Findings of the pleura and the heart, and the changes of shape that some findings bring."""

from __future__ import annotations

import numpy as np

from labutils.datasets.phantom_canvas import dome, ramp
from labutils.datasets.phantom_chest import Chest
from labutils.datasets.phantom_lesions import Rng, collapsed_side, replace_air

ENLARGED = 0.551
"""Smallest cardiothoracic ratio drawn for cardiomegaly; the clinical line is .5, and .55 is beyond doubt."""


def shape_cardiomegaly(chest: Chest, marked: float, home: Rng) -> None:
    """Cardiomegaly: heart wider than .55 of the thorax, mostly to the patient's left."""
    chest.heart_ratio = ENLARGED + 0.015 * home.random() + 0.09 * marked**2.2


def shape_emphysema(chest: Chest, marked: float, home: Rng) -> None:
    """Emphysema: deep, dark lungs, flat domes, a narrow heart, few vessels."""
    chest.flatness = min(chest.flatness + 0.15 + 0.6 * marked, 1.0)
    chest.stretch *= 1.01 + 0.08 * marked
    chest.air_gain *= 1.02 + 0.10 * marked
    chest.vessel_gain *= 0.93 - 0.40 * marked
    if chest.heart_ratio < ENLARGED:
        chest.heart_ratio *= 0.98 - 0.08 * marked


def shape_atelectasis(chest: Chest, marked: float, home: Rng) -> None:
    """Atelectasis: the dome on its side is drawn up."""
    chest.lift[collapsed_side(home)] += 0.2 + 1.7 * marked**1.5


def shape_fibrosis(chest: Chest, marked: float, home: Rng) -> None:
    """Fibrosis: stiff, somewhat small lungs."""
    chest.stretch *= 0.99 - 0.06 * marked


def paint_cardiomegaly(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Mark the heart below the great vessels; its width was set before."""
    return chest.heart_region


def paint_effusion(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Effusion: fluid from the costophrenic angle, its upper edge a meniscus that climbs along the wall.

    In a patient who lies (AP) the fluid spreads behind the lung, so a veil that thickens downward is added.
    """
    draw = home.random()
    sides = (-1, 1) if draw < 0.3 else ((-1,) if draw < 0.66 else (1,))
    mask = np.zeros_like(chest.air, dtype=bool)
    for index, side in enumerate(sides):
        half = (chest.x > 0) == (side > 0)
        size = marked * (1.0 if index == 0 else home.uniform(0.4, 1.0))
        height = 0.6 + 1.0 * home.random() + 8.5 * size**2.2
        # The surface falls from the wall toward the middle, steeply at first.
        inward = np.clip(chest.edge, 0, None)
        wall_y = chest.height + (chest.anatomy.left_drop if side == 1 else 0) + 0.55 * chest.anatomy.dome_depth
        surface = wall_y - height + 0.45 * height * (1 - np.exp(-inward / 2.6))
        fluid = ramp(chest.y - surface, 0.9) * half
        replace_air(chest, (0.55 + 0.42 * size**0.5) * fluid)
        lung = (chest.air > 0.06) & half
        if chest.pose.view == "AP":
            top = surface - 5.0 - 5.0 * size
            veil = np.clip((chest.y - top) / 14.0, 0, 1) * half
            replace_air(chest, veil * (0.04 + 0.32 * size))
        # Fluid also hides the line of the dome.
        chest.extra = chest.extra + 0.05 * size * fluid * ramp(chest.floor + 2.5 - chest.y, 2.0) * (chest.edge > 0)
        found = (fluid > 0.5) & lung
        mask |= found if found.any() else (fluid > 0.5) & half & (chest.edge > 0) & (chest.y < chest.floor + 1.5)
    return mask


def paint_pneumothorax(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Pneumothorax: a dark rim without vessels, widest at the apex, bounded by the thin line of the pleura."""
    side = -1 if home.random() < 0.52 else 1
    half = (chest.x > 0) == (side > 0)
    rim = 0.6 + 0.5 * home.random() + 4.4 * marked**2
    lower = home.uniform(0.55, 1.0)
    thickness = rim * (1 - np.clip(chest.v / (lower + 0.25 * marked), 0, 1) ** 1.5 * (0.85 - 0.3 * marked))
    depth = thickness - chest.edge
    free = ramp(depth, 0.25) * half * (chest.edge > 0)
    chest.vessel_mask = chest.vessel_mask * (1 - free)
    # Air alone, without lung in it, is a little darker than lung of the same depth.
    gas = 1.05 * dome(chest.edge, 2.2) * ramp(chest.floor - chest.y, 0.35) * (1 - 0.9 * chest.heart)
    chest.air = np.where((free > 0) & (chest.shape > 0), chest.air + free * np.clip(gas - chest.air, 0, 1), chest.air)
    chest.opaque = chest.opaque * (1 - 0.9 * free)
    line = np.exp(-((depth / 0.16) ** 2)) * half * (chest.edge > 0) * (chest.shape > 0.2)
    chest.extra = chest.extra + (0.030 + 0.02 * marked) * line
    collapsed = half * (1 - free) * (chest.shape > 0)
    replace_air(chest, collapsed * 0.18 * marked**1.5)
    mask = (free > 0.5) & (chest.shape > 0.02)
    return mask if mask.any() else free > 0.3


def paint_thickening(chest: Chest, marked: float, home: Rng, film: Rng) -> np.ndarray:
    """Pleural thickening: a dense band along the lateral wall, or a cap over the apex."""
    side = -1 if home.random() < 0.5 else 1
    half = (chest.x > 0) == (side > 0)
    cap = home.random() < 0.3
    thick = 0.55 + 0.35 * home.random() + 0.75 * marked
    if cap:
        reach = ramp(0.16 - chest.v, 0.10)
    else:
        start, length = home.uniform(0.15, 0.5), home.uniform(0.3, 0.55)
        reach = ramp(chest.v - start, 0.12) * ramp(start + length - chest.v, 0.12)
    inside = (chest.edge > 0) * ramp(chest.floor + 2.0 - chest.y, 1.0) * half
    band = ramp(thick * reach - chest.edge, 0.3) * (reach > 0.1) * inside
    replace_air(chest, (0.7 + 0.28 * marked) * band)
    chest.extra = chest.extra + (0.04 + 0.05 * marked) * band
    mask = (band > 0.5) & (reach > 0.3)
    return mask if mask.any() else band > 0.2
