"""From density to film: stomach gas, exposure, scatter, grain, borders, letters and wires."""

from __future__ import annotations

import numpy as np

from labutils.datasets.phantom_canvas import Canvas, dome, glyphs, ramp
from labutils.datasets.phantom_chest import Chest

LUNG_DEPTH = 0.40
"""Density that a full depth of air takes away."""


def density(chest: Chest, rng: np.random.Generator) -> np.ndarray:
    """Add up a chest's maps; about 0 outside the body, .25 in the lung, .6 in the wall, .9 in the belly."""
    canvas = chest.canvas
    texture = 0.6 * canvas.smooth_noise(rng, 90) + 0.8 * canvas.smooth_noise(rng, 45)
    total = chest.body()
    inside = ramp(total - 0.15, 0.3)
    air = np.clip(chest.air * (1 - chest.opaque), 0.0, 1.2) * chest.air_gain
    total = total - LUNG_DEPTH * air
    filled = 1 - 0.5 * chest.opaque * chest.shape
    total = total + inside * (chest.ribs() * filled + chest.spine() + 0.75 * chest.shoulder_girdle() + chest.breasts())
    total = total + 0.13 * chest.heart * ramp(chest.height * 1.3 - chest.y, 4.0)
    total = total + chest.air * (1 - 0.6 * chest.opaque) * (chest.vessels() + 0.010 * texture * chest.vessel_mask)
    total = total - chest.airway() * inside
    total = total - stomach(chest)
    total = total + inside * 0.022 * canvas.smooth_noise(rng, 9) + inside * 0.010 * canvas.smooth_noise(rng, 22)
    marks = [(x, y * chest.stretch, radius, 0.12) for x, y, radius in chest.anatomy.calcified]
    total = total + chest.extra + (canvas.discs(marks) if marks else 0.0)
    if chest.lines:
        total = total + canvas.strokes(chest.lines)
    return total


def stomach(chest: Chest) -> np.ndarray:
    """Gas below the left dome, with a level at its lower edge when the patient stands, and in the bowel further down."""
    strength, wide, high = chest.pose.gas
    floor = chest.height + chest.anatomy.left_drop - chest.lift[1]
    total = np.zeros_like(chest.air)
    for x, depth, half_width, half_height in chest.pose.bowel:
        r = np.hypot((chest.x - x) / half_width, (chest.y - floor - depth) / half_height)
        total = total + 0.10 * dome(1 - r, 0.9) * (r < 1)
    if strength == 0:
        return total
    x0 = 0.36 * chest.width + 0.6 * wide
    top = floor + 0.9
    r = np.hypot((chest.x - x0) / wide, (chest.y - top - high) / high)
    gas = dome(1 - r, 0.7) * (r < 1)
    if chest.pose.view == "PA":
        gas = gas * ramp(top + 1.3 * high - chest.y, 0.2)
    return total + 0.24 * strength * gas


def expose(total: np.ndarray, chest: Chest, rng: np.random.Generator) -> np.ndarray:
    """Grey values (float, about 0 to 255) of a density map: scatter, exposure, contrast, grain."""
    pose = chest.pose
    veiled = total * (1 - 0.30 * pose.veil) + 0.18 * pose.veil * ramp(total - 0.1, 0.3)
    steep = np.clip(0.94 + 0.17 * pose.contrast, 0.5, 1.3)
    grey = 255 * (0.5 + steep * 1.02 * (veiled - 0.535) + 0.105 * pose.exposure)
    # The film's shoulder: nothing is brighter than white, and it is reached gently.
    # Stray light keeps the black from being quite black on most films.
    grey = np.where(grey < 40, 7 + 33 * np.exp((grey - 40) / 33), grey)
    grey = np.where(grey > 200, 200 + 46 * np.tanh((grey - 200) / 58), grey)
    noise = chest.canvas.smooth_noise(rng, 128) * 1.0 + chest.canvas.smooth_noise(rng, 60) * 0.6
    return grey + pose.grain * 1.5 * noise * (0.25 + 0.75 * ramp(total - 0.2, 0.3))


def finish(grey: np.ndarray, chest: Chest, rng: np.random.Generator) -> np.ndarray:
    """Borders, collimation and lead letters; uint8."""
    canvas, bed = chest.canvas, chest.pose.view == "AP"
    share = (np.arange(canvas.size, dtype=np.float32) + 0.5) / canvas.size
    column, row = np.meshgrid(share, share)
    if rng.random() < (0.35 if bed else 0.25):
        grey = _collimate(grey, column, row, rng, 0.10 if bed else 0.03)
    letters = _letters(canvas, bed, rng)
    grey = np.maximum(grey, letters * rng.uniform(215, 255))
    return np.clip(np.round(grey), 0, 255).astype(np.uint8)


def _collimate(grey: np.ndarray, column: np.ndarray, row: np.ndarray, rng: np.random.Generator, most: float):
    tilt = rng.normal(0, 0.02)
    cuts = rng.uniform(-0.5 * most, most, size=4)
    across, down = column - 0.5 + tilt * (row - 0.5), row - 0.5 - tilt * (column - 0.5)
    inside = np.minimum(
        np.minimum(across + 0.5 - cuts[0], 0.5 - across - cuts[1]),
        np.minimum(down + 0.5 - cuts[2], 0.5 - down - cuts[3]),
    )
    return grey * ramp(inside, 0.008)


def _letters(canvas: Canvas, bed: bool, rng: np.random.Generator) -> np.ndarray:
    height = rng.uniform(0.022, 0.034)
    thick = height * 0.2 * canvas.field_cm
    right_side = rng.random() < 0.12
    text = "R" if right_side else "L"
    x = rng.uniform(0.03, 0.10) if right_side else rng.uniform(0.90, 0.95)
    places = [(text, (x, rng.uniform(0.03, 0.10) if rng.random() < 0.8 else rng.uniform(0.25, 0.5)), height)]
    if bed and rng.random() < 0.6:
        # At the top beside the neck, or somewhere along the side.
        top = rng.random() < 0.75
        x = rng.uniform(0.02, 0.10) if not top or rng.random() < 0.6 else rng.uniform(0.62, 0.70)
        y = rng.uniform(0.06, 0.11) if top else rng.uniform(0.12, 0.5)
        small = 0.02
        places += [("AP", (x + 0.03, y), small), ("PORTABLE", (x, y + 0.06), small), ("^", (x + 0.04, y - 0.06), 0.03)]
    strokes = [(p, max(thick * h / height, 0.12), 1.0) for t, at, h in places for p, _, _ in glyphs(t, at, h)]
    return canvas.strokes(strokes, on_film=True)
