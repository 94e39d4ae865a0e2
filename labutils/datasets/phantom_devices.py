"""Wires, tubes and electrodes: what treatment leaves on a film, mostly of patients in bed.

They matter for the lessons: a drain tells a network of a pneumothorax that it never learnt to see.
"""

from __future__ import annotations

import numpy as np

from labutils.datasets.phantom_canvas import ramp
from labutils.datasets.phantom_chest import Chest


def _curve(points: list[tuple[float, float]], n: int = 24) -> np.ndarray:
    """Smooth line through the points, shape (n, 2), cm."""
    knots = np.array(points, dtype=float)
    at = np.linspace(0, len(knots) - 1, n)
    line = np.column_stack([np.interp(at, np.arange(len(knots)), knots[:, k]) for k in (0, 1)])
    for _ in range(2):
        line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return line


def draw_devices(chest: Chest, marked: dict[str, float], rng: np.random.Generator) -> None:
    """Add leads and tubes to a chest; how often depends on the view and on what the patient has."""
    bed = chest.pose.view == "AP"
    if chest.pose.wired < (0.45 if bed else 0.05):
        _leads(chest, rng)
    if bed and rng.random() < 0.28:
        _tubes(chest, rng)
    if bed and rng.random() < 0.22:
        _central_line(chest, rng)
    drained = ("Pneumothorax" in marked and rng.random() < 0.25) or ("Effusion" in marked and rng.random() < 0.05)
    if drained:
        side = rng.choice([-1, 1])
        w, h = chest.width, chest.height
        path = [
            (side * (w + 4), 0.75 * h),
            (side * (w - 1), 0.62 * h),
            (side * 0.62 * w, 0.3 * h),
            (side * 0.5 * w, 0.12 * h),
        ]
        chest.lines.append((_curve(path), 0.35, 0.16))
    if chest.pose.fold > 0:
        _skin_fold(chest, rng)
    implant = chest.anatomy.implant
    if implant < (0.16 if "Cardiomegaly" in marked else 0.02):
        _pacemaker(chest)
    elif implant > 0.97:
        _port(chest)


def _skin_fold(chest: Chest, rng: np.random.Generator) -> None:
    """Lay a fold of skin over one lung: an edge like that of a pneumothorax, but with vessels on both sides of it."""
    side = rng.choice([-1, 1])
    slope, middle = rng.uniform(-0.25, 0.1), rng.uniform(0.55, 0.85) * chest.width
    across = chest.x * side - middle - slope * (chest.y - 0.4 * chest.height)
    fades = np.exp(-np.clip(-across, 0, None) / 2.5) * (across < 0)
    chest.extra = chest.extra + 0.05 * chest.pose.fold * fades * (chest.x * side > 0) * ramp(1.1 - chest.v, 0.4)


def _leads(chest: Chest, rng: np.random.Generator) -> None:
    w, h = chest.width, chest.height
    discs = []
    for _ in range(rng.integers(2, 5)):
        side = rng.choice([-1, 1])
        x, y = side * rng.uniform(0.35, 1.05) * w, rng.uniform(0.08, 0.95) * h
        discs.append((x, y, rng.uniform(0.4, 0.65), rng.uniform(0.12, 0.25)))
        path = [(x, y)]
        for k in range(1, 4):
            path.append((x + side * k * rng.uniform(-1, 3.5), y + k * rng.uniform(-1.5, 5.0)))
        chest.lines.append((_curve(path), 0.16, 0.17))
    chest.extra = chest.extra + chest.canvas.discs(discs)


def _tubes(chest: Chest, rng: np.random.Generator) -> None:
    fork = 0.30 * chest.height
    tip = fork - rng.uniform(1.5, 5.0)
    chest.lines.append((_curve([(0.1, -10), (-0.2, tip / 2), (-0.2, tip)]), 0.22, 0.13))
    if rng.random() < 0.7:
        low = chest.height + rng.uniform(3, 6)
        path = [(0.6, -10), (0.5, 0.2 * low), (0.7, 0.6 * low), (1.5, 0.9 * low), (4.5, low + 2)]
        chest.lines.append((_curve(path), 0.25, 0.11))


def _central_line(chest: Chest, rng: np.random.Generator) -> None:
    h = chest.height
    start = (-5.0, -7.0) if rng.random() < 0.5 else (-13.0, 3.5)
    path = [start, (-4.2, 0.06 * h + 0.5), (-2.3, 0.14 * h), (-2.1, rng.uniform(0.26, 0.4) * h)]
    chest.lines.append((_curve(path), 0.18, 0.14))


def _pacemaker(chest: Chest) -> None:
    x, y = 0.72 * chest.width, 0.16 * chest.height
    chest.extra = chest.extra + chest.canvas.discs([(x, y, 2.0, 0.35), (x + 0.8, y + 0.6, 1.6, 0.38)])
    h = chest.height
    path = [(x, y), (0.3 * chest.width, 0.08 * h), (-1.8, 0.25 * h), (-2.2, 0.6 * h), (2.5, 0.88 * h)]
    chest.lines.append((_curve(path), 0.2, 0.2))


def _port(chest: Chest) -> None:
    """Draw the chamber of a venous port below the right clavicle, and its catheter."""
    x, y, h = -0.62 * chest.width, 0.26 * chest.height, chest.height
    ring = chest.canvas.discs([(x, y, 1.2, 0.22)]) - chest.canvas.discs([(x, y, 0.6, 0.14)])
    chest.extra = chest.extra + ring
    path = [(x, y), (-0.45 * chest.width, 0.06 * h), (-3.0, 0.10 * h), (-2.2, 0.22 * h), (-2.1, 0.40 * h)]
    chest.lines.append((_curve(path), 0.2, 0.15))
