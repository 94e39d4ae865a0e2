"""The body of a phantom patient and the pose of one film: numbers only, nothing drawn.

Lengths are centimetres. Typical sizes: inner width of an adult thorax 24 to 31 cm, heart width 42 to 50 % of it on a
film taken back to front (the cardiothoracic ratio; above .5 counts as enlarged, Danzer 1919), lung height 20 to 27 cm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

Vessel = tuple[list[tuple[float, float]], float]
"""Points (cm) and width (cm) of one piece of a vessel."""


@dataclass
class Anatomy:
    """What all films of a patient share."""

    male: bool
    age: int
    half_width: float  # inner half width of the thorax
    height: float  # lung apex to the right dome in full breath
    heart_ratio: float  # cardiothoracic ratio without disease
    heart_tilt: float  # share of the heart's width to the patient's right
    knob: float  # how far the aortic knob bulges beyond the vessels
    fat: float  # 0 thin to 1 heavy
    breast: float  # 0 none to 1 large
    rib_gap: float
    rib_slope: float
    rib_contrast: float
    scoliosis: float  # sideways bow of the spine
    clavicle_rise: float
    dome_depth: float  # from the top of the dome to the lateral angle
    left_drop: float  # how much lower the left dome stands
    hilum: tuple[float, float]  # |x|, y of the right hilum
    vessels: list[Vessel]
    calcified: list[tuple[float, float, float]]  # old granulomas: x, y, radius


@dataclass
class Pose:
    """What belongs to one film: view, position, breath, exposure."""

    view: str
    field_cm: float
    centre: tuple[float, float]
    angle: float
    breath: float  # share of a full breath, 1 = full
    magnification: float  # of the heart
    turn: float  # shift of the heart and trachea when the patient is turned, cm
    exposure: float
    contrast: float
    grain: float
    veil: float  # scattered radiation: brightens and flattens
    gas: tuple[float, float, float]  # stomach bubble: strength, half width, half height
    bowel: list[tuple[float, float, float, float]]  # gas further down: x, depth below the dome, half width, half height


def _vessel_tree(rng: np.random.Generator, side: int, root: np.ndarray, reach: float) -> list[Vessel]:
    """Branches from the hilum to the periphery, each (points, width): upward, sideways, downward."""
    lines: list[Vessel] = []

    def grow(x: float, y: float, direction: float, length: float, width: float, depth: int) -> None:
        bend, *jitter = rng.normal(0, (0.4, 0.1, 0.1)).tolist()
        shares = rng.uniform(0.6, 0.85, size=2).tolist()
        points = [(x, y)]
        for part in (0.2, 0.6, 1.0):
            angle = direction + bend * part
            x, y = x + side * math.cos(angle) * length / 3, y + math.sin(angle) * length / 3
            points.append((x, y))
        lines.append((points, width))
        if depth == 0:
            return
        spread = rng.uniform(0.3, 0.6)
        for turn, share in ((spread + jitter[0], shares[0]), (-spread + jitter[1], shares[1])):
            grow(x, y, angle + turn, length * share, width * 0.66, depth - 1)

    for direction in (-1.4, -1.0, -0.55, -0.1, 0.3, 0.65, 0.95, 1.2, 1.42):
        length = reach * rng.uniform(0.15, 0.27) * (1.25 if direction > 0.5 else 0.9)
        x, y = (root + rng.normal(0, 0.5, size=2) + (0, 0.8 * direction)).tolist()
        grow(x, y, direction + rng.normal(0, 0.15), length, rng.uniform(0.30, 0.62), 4)
    return lines


def draw_anatomy(age: int, sex: str, rng: np.random.Generator) -> Anatomy:
    """Draw the body of a patient of this age (years) and sex ("F" or "M")."""
    male = sex == "M"
    half_width = float(np.clip(rng.normal(14.0 if male else 12.6, 0.75), 11.3, 15.8))
    height = half_width * float(np.clip(rng.normal(1.57 if male else 1.52, 0.10), 1.30, 1.80))
    fat = float(rng.beta(2, 3))
    hilum_x, hilum_y = 0.27 * half_width, 0.45 * height
    vessels: list[Vessel] = []
    for side in (-1, 1):
        root = np.array([side * hilum_x, hilum_y - (0.9 if side == 1 else 0.0)])
        vessels += _vessel_tree(rng, side, root, height)
    calcified = []
    if rng.random() < 0.08:
        side = rng.choice([-1, 1])
        calcified.append(
            (side * rng.uniform(4, 0.8 * half_width), rng.uniform(0.2, 0.75) * height, rng.uniform(0.15, 0.3))
        )
    return Anatomy(
        male=male,
        age=age,
        half_width=half_width,
        height=height,
        heart_ratio=float(np.clip(rng.normal(0.455 + 0.0006 * (age - 47), 0.025), 0.40, 0.50)),
        heart_tilt=rng.uniform(0.27, 0.35),
        knob=rng.uniform(0.3, 0.9) + 0.015 * max(age - 40, 0) * rng.random(),
        fat=fat,
        breast=0.0 if male else float(rng.beta(2, 2.5)),
        rib_gap=half_width * rng.uniform(0.165, 0.185),
        rib_slope=rng.uniform(0.75, 1.25),
        rib_contrast=rng.uniform(0.7, 1.2) * (1 - 0.004 * max(age - 50, 0)),
        scoliosis=rng.normal(0, 0.22) * (2.5 if rng.random() < 0.06 else 1.0),
        clavicle_rise=rng.normal(0, 0.8),
        dome_depth=rng.uniform(3.6, 6.0),
        left_drop=rng.uniform(0.7, 1.9),
        hilum=(hilum_x, hilum_y),
        vessels=vessels,
        calcified=calcified,
    )


def draw_pose(anatomy: Anatomy, view: str, rng: np.random.Generator) -> Pose:
    """Draw how one film is taken: a patient in bed (AP) breathes less, lies less straight, and is exposed less well."""
    bed = view == "AP"
    thorax = 2 * anatomy.half_width
    field_cm = thorax * rng.uniform(1.30, 1.66 if bed else 1.58)
    breath = rng.uniform(0.74, 0.95) if bed else rng.uniform(0.92, 1.04)
    centre_y = 0.35 * field_cm + rng.normal(0, 2.0 if bed else 1.4) - 11.0 * (1 - breath)
    return Pose(
        view=view,
        field_cm=float(field_cm),
        centre=(float(rng.normal(0, 1.1 if bed else 0.6)), float(centre_y)),
        angle=float(rng.normal(0, 0.045 if bed else 0.018)),
        breath=float(breath),
        magnification=float(rng.uniform(1.03, 1.09) if bed else 1.0),
        turn=float(rng.normal(0, 0.7 if bed else 0.3)),
        exposure=float(rng.normal(0.0, 1.0)),
        contrast=float(rng.normal(0.0, 1.0)),
        grain=float(rng.uniform(0.6, 1.6) if bed else rng.uniform(0.5, 1.1)),
        veil=float(rng.beta(3, 3) if bed else rng.beta(1.3, 6)),
        gas=(
            float(rng.random() < (0.5 if bed else 0.7)) * rng.uniform(0.4, 1.0),
            rng.uniform(1.5, 3.4),
            rng.uniform(0.8, 2.0),
        ),
        bowel=[
            (rng.uniform(-2, 11), rng.uniform(2.5, 9), rng.uniform(0.8, 2.2), rng.uniform(0.6, 1.6))
            for _ in range(rng.integers(0, 4))
        ],
    )
