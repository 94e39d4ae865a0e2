"""The body of a phantom patient and the pose of one film: numbers only, nothing drawn.

Lengths are centimetres. Typical sizes: inner width of an adult thorax 24 to 31 cm, heart width 42 to 50 % of it on a
film taken back to front (the cardiothoracic ratio; above .5 counts as enlarged, Danzer 1919), lung height 20 to 27 cm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, ndtr

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
    flat: float  # how flat the domes are without disease, 0 to 1
    scar: tuple[float, float]  # height of an old scar in the right and left angle, 0 for none
    habit: dict[str, np.ndarray]  # by view: the part of pose and exposure that returns on every film
    implant: float  # uniform: low values wear a pacemaker or a port, on every film


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
    uneven: tuple[float, float]  # by how much the right and left dome stand higher on this film, cm
    crowding: tuple[float, float]  # haze at the bases of shallow breath, and strength of the vessels
    fold: float  # strength of a skin fold over the lung, 0 for none
    wired: float  # uniform: low values lie under wires
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
    half_width = float(np.clip(rng.normal(14.0 if male else 12.6, 0.9), 11.0, 16.2))
    height = half_width * float(np.clip(rng.normal(1.63 if male else 1.58, 0.12), 1.30, 1.92))
    fat = float(rng.beta(1.5, 2.2))
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
        heart_ratio=float(np.clip(rng.normal(0.458 + 0.0006 * (age - 47), 0.032), 0.40, 0.50)),
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
        left_drop=float(np.clip(rng.normal(1.3, 0.7), -0.4, 3.0)),
        hilum=(hilum_x, hilum_y),
        vessels=vessels,
        calcified=calcified,
        flat=0.4 * float(rng.beta(1.2, 2.5)) + 0.003 * max(age - 60, 0),
        scar=tuple(((rng.random(2) < 0.10) * rng.uniform(0.6, 1.8, size=2)).tolist()),
        habit={view: rng.standard_normal(HABITS) for view in ("PA", "AP")},
        implant=float(rng.random()),
    )


HABITS = 16
"""How many numbers of pose and exposure a patient keeps."""

HABIT_SHARE = 0.75
"""Share of their variance that the patient keeps: the same bed, the same machine, the same build."""


def draw_pose(anatomy: Anatomy, view: str, rng: np.random.Generator) -> Pose:
    """Draw how one film is taken: a patient in bed (AP) breathes less, lies less straight, and is exposed less well.

    Films of one patient in one view resemble each other in framing and exposure too, as real ones do; this is what
    makes a patient in both training and test set easy to recognise.
    """
    bed = view == "AP"
    mixed = np.sqrt(HABIT_SHARE) * anatomy.habit[view] + np.sqrt(1 - HABIT_SHARE) * rng.standard_normal(HABITS)
    z = mixed.tolist()
    share = ndtr(mixed).tolist()

    def between(k: int, low: float, high: float) -> float:
        return low + (high - low) * share[k]

    field_cm = 2 * anatomy.half_width * between(0, 1.33, 1.63)
    breath = between(1, 0.74, 0.95) if bed else between(1, 0.92, 1.04)
    return Pose(
        view=view,
        field_cm=field_cm,
        centre=(z[2] * (1.1 if bed else 0.6), 0.35 * field_cm + z[3] * (2.0 if bed else 1.4) - 11.0 * (1 - breath)),
        angle=z[4] * (0.045 if bed else 0.018),
        breath=breath,
        magnification=(between(5, 1.0, 1.06) + 0.25 * (1 - breath)) if bed else 1.0,
        turn=z[6] * (0.7 if bed else 0.3),
        exposure=z[7],
        contrast=z[8],
        grain=between(9, 0.6, 1.6) if bed else between(9, 0.5, 1.1),
        veil=float(betaincinv(3, 3, share[10]) if bed else betaincinv(1.3, 6, share[10])),
        gas=(
            float(share[11] < (0.5 if bed else 0.7)) * between(12, 0.4, 1.0),
            between(13, 1.5, 3.4),
            between(14, 0.8, 2.0),
        ),
        bowel=[
            (rng.uniform(-2, 11), rng.uniform(2.5, 9), rng.uniform(0.8, 2.2), rng.uniform(0.6, 1.6))
            for _ in range(rng.integers(0, 4))
        ],
        uneven=tuple(rng.normal(0, 0.55 if bed else 0.35, size=2).tolist()),
        crowding=(
            rng.beta(1.2, 4) * (0.45 if bed else 0.22),
            rng.uniform(0.75, 1.3),
        ),
        fold=rng.uniform(0.3, 1.0) * (rng.random() < (0.12 if bed else 0.03)),
        wired=share[15],
    )
