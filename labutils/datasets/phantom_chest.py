"""The normal chest: lungs, heart and vessels, diaphragm, bones and soft tissue as maps of X-ray density.

The film is built as the rays see it. `Chest` holds for each pixel the soft tissue, the share of the lung that is air,
and what lies in front of it. Findings change these maps before `density` adds them up.
"""

from __future__ import annotations

import numpy as np

from labutils.datasets.phantom_anatomy import Anatomy, Pose
from labutils.datasets.phantom_canvas import Canvas, blob, dome, ramp


class Chest:
    """One patient on one film, ready to be changed by findings and then drawn.

    Attributes that findings may set before `build`: `heart_ratio`, `lift` (cm by which each dome stands higher),
    `flatness` (0 domed to 1 flat), `stretch` (lung height relative to normal), `air_gain`, `vessel_gain`.
    After `build`: `air` (share of full lung depth, per pixel), `opaque` (share of the air replaced), `extra` (density
    added on top), `vessel_mask` (share of the vessels that is left), `lines` (strokes of density).
    """

    def __init__(self, anatomy: Anatomy, pose: Pose, size: int) -> None:
        self.anatomy = anatomy
        self.pose = pose
        self.canvas = Canvas(size, pose.field_cm, pose.centre, pose.angle)
        self.heart_ratio = anatomy.heart_ratio * pose.magnification
        self.lift = {-1: pose.uneven[0], 1: pose.uneven[1]}
        self.flatness = anatomy.flat
        self.stretch = 1.0
        self.air_gain = 1.0
        self.vessel_gain = pose.crowding[1]
        self.width = anatomy.half_width

    # -- geometry ---------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Lay out lungs, heart and diaphragm with the attributes as they are now."""
        canvas, a = self.canvas, self.anatomy
        self.height = a.height * self.pose.breath * self.stretch
        bow = a.scoliosis * np.sin(np.clip(canvas.y / a.height, -0.3, 1.4) * np.pi)
        self.x = canvas.x - bow
        self.y = canvas.y
        self.u = np.abs(self.x)
        self.left = self.x > 0
        self.v = self.y / self.height
        self.edge = self._wall_distance()
        # The two domes meet smoothly behind the heart.
        to_left = ramp(self.x, 6.0)
        self.floor = to_left * self.dome_line(1) + (1 - to_left) * self.dome_line(-1)
        self.heart = self._heart()
        shape = dome(self.edge, 2.6) * dome(self.u - self._medial(), 1.8)
        self.shape = shape * ramp(self.floor - self.y, 0.35) * (self.edge > 0)
        # In front of the heart and behind it there is lung too, so the heart takes only a part of the air.
        self.air = self.shape * (1 - 0.80 * self.heart)
        # Behind the dome the lung reaches deeper than the dome's top: a fainter strip of air below the line.
        behind = 0.16 * shape * ramp(self.floor + 2.2 - self.y, 3.0) * (self.y > self.floor)
        self.air = np.maximum(self.air, behind * (1 - self.heart))
        self.opaque = self.pose.crowding[0] * ramp(self.v - 0.72, 0.6)
        for side, height in zip((-1, 1), a.scar, strict=True):
            if height > 0:
                self._scar(side, height)
        self.extra = np.zeros_like(self.air)
        self.vessel_mask = np.ones_like(self.air)
        self.lines: list[tuple[np.ndarray, float, float]] = []

    def outer(self, v: np.ndarray) -> np.ndarray:
        """Inner half width of the rib cage (cm) at the height `v` (0 apex, 1 dome)."""
        t = 1 - np.clip(v, 0.0, 1.0)
        return self.width * (0.34 + 0.66 * (1 - t**2.5) ** 0.62 - 0.03 * np.clip(v - 0.95, 0, 1))

    def _medial(self) -> np.ndarray:
        t = np.clip(self.v / 0.22, 0.0, 1.0)
        return self.width * (0.34 - 0.23 * np.sqrt(1 - (1 - t) ** 2))

    def _wall_distance(self) -> np.ndarray:
        """Distance (cm) inward from the lateral wall and the apex, negative outside."""
        step = 0.02
        slope = (self.outer(self.v + step) - self.outer(self.v)) / (step * self.height)
        across = (self.outer(self.v) - self.u) / np.sqrt(1 + slope**2)
        apex_x = 0.34 * self.width
        above = self.y - 0.10 * np.abs(self.u - apex_x)
        return np.minimum(across, above)

    def dome_line(self, side: int) -> np.ndarray:
        """Height (y, cm) of the diaphragm at every pixel, as if all pixels lay on that side (-1 or 1)."""
        a = self.anatomy
        top = self.height + (a.left_drop if side == 1 else 0.0) - self.lift[side]
        middle = 0.46 * self.width
        t = (self.u - middle) / (self.width - middle)
        depth = a.dome_depth * (1 - 0.75 * self.flatness) + self.lift[side] * 0.6
        lateral = depth * np.clip(t, 0, 1.2) ** 2.3
        medial = (1.1 - 0.6 * self.flatness) * np.clip(-t, 0, 1.2) ** 2
        return top + lateral + medial

    def _scar(self, side: int, height: float) -> None:
        """Blunt a costophrenic angle, as an old pleurisy leaves it: no finding, but easily taken for fluid."""
        top = self.height + self.anatomy.left_drop * (side == 1) + 0.55 * self.anatomy.dome_depth - height
        corner = ramp(self.y - top, 0.9) * ramp(2.2 - self.edge, 1.5) * ((self.x > 0) == (side > 0))
        self.opaque = np.maximum(self.opaque, 0.7 * corner)

    def _heart(self) -> np.ndarray:
        """Share of the depth that heart and great vessels take (0 to 1)."""
        a = self.anatomy
        total = 2 * self.width * self.heart_ratio
        to_right, to_left = a.heart_tilt * total, (1 - a.heart_tilt) * total
        turn = self.pose.turn
        heights = np.array([-0.4, -0.1, 0.08, 0.17, 0.235, 0.30, 0.38, 0.48, 0.62, 0.78, 0.90, 1.00, 1.12, 1.3])
        right = [3.2, 2.7, 2.4, 2.3, 2.4, 2.5, 2.6, 2.8, 0.86 * to_right, to_right, 0.99 * to_right]
        right += [0.90 * to_right, 0.7 * to_right, 2.0]
        left = [3.2, 2.6, 2.2, 2.4, 2.7 + a.knob, 2.6 + 0.3 * a.knob, 2.9, 3.4, 0.66 * to_left, 0.90 * to_left]
        left += [to_left, 0.97 * to_left, 0.75 * to_left, 2.0]
        v = self.v / self.stretch if self.stretch > 1 else self.v
        fine = np.linspace(-0.4, 1.3, 171)
        index = np.clip((v + 0.4) * 100, 0, 170)
        low = index.astype(np.int32)
        edge = np.where(self.left, *(self._smooth(fine, heights, np.array(p))[low] for p in (left, right)))
        scale = 1.0 if self.width == 0 else self.width / 13.5
        edge = np.where(v < 0.55, edge * scale, edge)
        shifted = np.where(self.left, self.u - turn, self.u + turn)
        self.heart_region = (shifted < edge) & (v > 0.40) & (self.y < self.floor + 1.0)
        return dome(edge - shifted, 3.2) * ramp(edge - shifted, 0.5) * ramp(0.1 - (v - 1.3), 0.2)

    @staticmethod
    def _smooth(fine: np.ndarray, heights: np.ndarray, widths: np.ndarray) -> np.ndarray:
        """Interpolate and round off the corners (a running mean twice)."""
        line = np.interp(fine, heights, widths)
        for _ in range(2):
            line = np.convolve(np.pad(line, 4, mode="edge"), np.ones(9) / 9, mode="valid")
        return line.astype(np.float32)

    # -- structures -------------------------------------------------------------------------------------------------

    def body(self) -> np.ndarray:
        """Soft tissue without lungs, bones or heart."""
        a, y, u = self.anatomy, self.y, self.u
        thick = 3.6 + 6.0 * a.fat
        bed = self.pose.view == "AP"
        shoulder = np.interp(y, [-12, -6.0, -4.0, -2.0, 0.5, 4, 60], [5.4, 6.0, 8.2, 13.5, 18.5, 20.5, 20.5])
        shoulder = shoulder * self.width / 13.5
        side = self.width + thick + 1.2 * a.fat * np.clip((y - 0.8 * self.height) / 8, 0, 1)
        side = side + 9.0 * np.clip(1 - y / (0.80 * self.height), 0, 1) ** 1.3
        torso = np.minimum(shoulder, np.where(y < 0, 99.0, side))
        trunk = dome(torso - u, 5.5) * (torso > u)
        arm = self._arm(bed)
        chest = 0.60 + 0.05 * a.fat
        # Where the heart lies on the dome the line between the two cannot be seen.
        blur = 0.45 + 9.0 * ramp(u - self.outer(self.v) - 0.5, 3.0)
        line = ramp(y - self.floor, blur) * (1 - self.heart) + ramp(y - self.floor + 1.5, 6.0) * self.heart
        below = line * 0.21 * np.clip(1.0 - (u / (side + 1)) ** 6, 0, 1)
        level = chest + below + 0.11 * np.clip(self.v - 0.25, 0, 1.1)
        level = level - 0.12 * ramp(-y - 2.0, 5.0) - 0.09 * ramp(0.30 - self.v, 0.6) * ramp(6.0 - u, 7.0)
        return 1 - (1 - trunk * level) * (1 - arm * 0.50)

    def _arm(self, bed: bool) -> np.ndarray:
        width = self.width
        shoulder = np.array([width * 1.32, 3.0])
        hand = np.array([width * 1.50, 26.0]) if bed else np.array([width * 2.1, 16.0])
        along = hand - shoulder
        px, py = self.u - shoulder[0], self.y - shoulder[1]
        t = np.clip((px * along[0] + py * along[1]) / (along @ along), 0.0, 1.0)
        distance = np.hypot(px - t * along[0], py - t * along[1])
        radius = 4.2 + 1.4 * self.anatomy.fat
        return dome(radius - distance, radius) * (distance < radius)

    def ribs(self) -> np.ndarray:
        """Density of the posterior (strong, near the spine) and anterior (faint, steep) parts of the ribs."""
        a, u = self.anatomy, self.u
        share = u / self.width
        cage = ramp(self.edge + 0.5, 0.8) * ramp(self.height * 1.18 - self.y, 3.0) * ramp(self.y + 1.2, 1.0)
        gap = a.rib_gap * self.pose.breath**0.5
        sag = a.rib_slope * (0.10 * share + 0.30 * share**3.2) * self.width
        phase = (self.y - sag + 0.4) / gap
        back = self._rib_profile(phase, gap, 0.46) * ramp(share - 0.10, 0.08)
        climb = a.rib_slope * 0.62 * np.clip(1 - share, 0, 2) ** 1.15 * self.width
        phase = (self.y - climb - 0.55 * self.width + 1.2) / (gap * 1.12)
        front = self._rib_profile(phase, gap * 1.12, 0.55) * ramp(share - 0.42, 0.25) * ramp(self.v - 0.15, 0.2)
        rim = np.exp(-(((self.edge + 0.1) / 0.45) ** 2)) * ramp(self.v - 0.05, 0.1)
        # Little of a rib is seen against the heart and the belly: so little light gets through there.
        seen = (1 - 0.55 * self.heart) * (1 - 0.6 * ramp(self.y - self.floor, 1.0))
        return a.rib_contrast * cage * seen * (0.10 * back + 0.05 * front + 0.05 * rim * (0.3 + back))

    @staticmethod
    def _rib_profile(phase: np.ndarray, gap: float, half: float) -> np.ndarray:
        offset = (phase - np.round(phase)) * gap
        inside = ramp(half - np.abs(offset), 0.30)
        # Cortex: the edges of a rib are denser than its middle, the lower edge most.
        return inside * (0.62 + 0.38 * (offset / half) ** 2 + 0.12 * offset / half)

    def spine(self) -> np.ndarray:
        """Vertebral bodies with the discs between them, and the spinous processes."""
        width = 1.75 + 0.25 * np.clip(self.v, -0.3, 1.3)
        column = ramp(width - self.u, 1.1)
        gap = 0.098 * self.anatomy.height
        disc = 0.5 + 0.5 * np.cos(2 * np.pi * self.y / gap)
        pedicle = np.exp(-(((self.u - 1.1) / 0.35) ** 2)) * (1 - disc)
        return (0.075 * column * (1 - 0.35 * disc**4) + 0.025 * pedicle) * (0.55 + 0.45 * ramp(self.v, 0.3))

    def shoulder_girdle(self) -> np.ndarray:
        """Clavicles, first ribs, scapulae and the heads of the humeri."""
        a, width = self.anatomy, self.width
        bed = self.pose.view == "AP"
        rise = a.clavicle_rise + (-1.2 if bed else 0.3)
        shapes, inner, flat = [], [], []
        for side in (-1, 1):
            bone = np.array([[1.9, 3.4], [4.5, 2.7], [8.0, 1.6 + rise], [11.5, 0.4 + rise], [15.0, -0.6 + rise]])
            bone = bone * [side * width / 13.5, 1.0]
            shapes.append((bone, 1.15, 1.0))
            inner.append((bone, 0.55, 1.0))
            first = np.array([[2.2, 0.6], [4.2, -0.3], [6.3, 0.6], [6.6, 2.6], [4.6, 4.6]]) * [side * width / 13.5, 1]
            flat.append((first, 0.85, 0.55))
            shift = (0.80 if bed else 1.02) * width
            blade = np.array([[0, 1.2], [5.0, 1.0], [4.6, 4.0], [1.5, 11.5], [-0.3, 6.0]]) + np.array([shift, 0.0])
            flat.append((blade * (side, 1), 0.0, 0.45))
            flat.append((blade * (side, 1), 0.35, 0.95))
        canvas = self.canvas
        heads = canvas.discs([(side * 1.33 * width, 2.2, 2.3, 1.0) for side in (-1, 1)])
        clavicle = canvas.strokes(shapes) - 0.35 * canvas.strokes(inner)
        return 0.11 * clavicle + 0.055 * canvas.strokes(flat) + 0.09 * heads

    def airway(self) -> np.ndarray:
        """Trachea and main bronchi: air in front of the spine, to be taken from the density."""
        fork = 0.30 * self.height
        x0 = -0.25 + 0.4 * self.pose.turn
        lines = [(np.array([[0.0, -8.0], [x0, 0.5 * fork], [x0, fork]]), 1.7, 0.8)]
        lines += [(np.array([[x0, fork], [-2.4, fork + 2.6]]), 1.2, 0.6)]
        lines += [(np.array([[x0, fork], [3.0, fork + 3.3]]), 1.1, 0.6)]
        return 0.10 * self.canvas.strokes(lines)

    def vessels(self) -> np.ndarray:
        """Branching vessels and the hila, inside the air only."""
        a, squeeze = self.anatomy, self.pose.breath * self.stretch
        lines = [
            ([(x, y * squeeze) for x, y in points], width, min(0.25 + 1.2 * width, 1.0)) for points, width in a.vessels
        ]
        tree = self.canvas.strokes(lines)
        x, y = a.hilum
        y = y * squeeze
        hila = sum(
            blob(self.x, self.y, (side * (x - 0.1), y - (0.8 if side == 1 else 0.0)), (1.0, 1.7)) for side in (-1, 1)
        )
        return (0.115 * tree * self.vessel_gain + 0.10 * hila) * self.vessel_mask

    def breasts(self) -> np.ndarray:
        """Soft shadows over the lower lungs, with their lower edge."""
        a = self.anatomy
        if a.breast < 0.08:
            return np.zeros_like(self.air)
        low = (0.74 + 0.12 * a.breast + (0.06 if self.pose.view == "AP" else 0.0)) * a.height
        x, y = (self.u - 0.60 * self.width) / (4.2 + 2.2 * a.breast), (self.y - low) / (3.6 + 3.2 * a.breast)
        r = np.hypot(x, y * np.where(y > 0, 1.0, 0.62))
        return 0.15 * (0.4 + a.breast) * dome(1 - r, 0.6) * (r < 1)
