"""The drawing board of the phantoms: body coordinates in centimetres, soft edges, strokes and smooth noise.

Everything random is drawn on grids whose shape does not depend on the size of the film, so that the same seed gives the
same picture at 64 and at 256 pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw

STROKE_PIXELS = 256
"""Strokes are rasterised on at least this many pixels and then averaged down."""


def ramp(distance: np.ndarray, width: float | np.ndarray) -> np.ndarray:
    """Soft step from 0 to 1, centred where `distance` is 0 and `width` wide (same unit)."""
    t = np.clip(distance / width + 0.5, 0.0, 1.0)
    return t * t * (3 - 2 * t)


def dome(depth: np.ndarray, reach: float) -> np.ndarray:
    """Thickness of a round body at `depth` inside its edge: 0 at the edge, 1 from `reach` on."""
    t = 1 - np.clip(depth / reach, 0.0, 1.0)
    return np.sqrt(1 - t * t)


def blob(x: np.ndarray, y: np.ndarray, centre: Sequence[float], radii: Sequence[float]) -> np.ndarray:
    """Gaussian bump of height 1 at `centre`, with the given standard deviations."""
    return np.exp(-0.5 * (((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2))


class Canvas:
    """A film of `size` x `size` pixels, and where each pixel lies in the body.

    Body coordinates are centimetres: x to the image right (the patient's left), y downward, origin in the midline at
    the height of the lung apex.

    Parameters
    ----------
    size : int
        Pixels per side.
    field_cm : float
        Length of the film's side in the body, cm.
    centre : (float, float)
        Body point at the film's centre, cm.
    angle : float
        Rotation of the patient in the image plane, radians.
    """

    def __init__(self, size: int, field_cm: float, centre: tuple[float, float], angle: float) -> None:
        self.size = size
        self.field_cm = field_cm
        self.pixel_cm = field_cm / size
        self.centre = np.asarray(centre, dtype=float)
        self._turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        steps = ((np.arange(size, dtype=np.float32) + 0.5) / size - 0.5) * field_cm
        column, row = np.meshgrid(steps, steps)
        self.x = (self._turn[0, 0] * column + self._turn[0, 1] * row + centre[0]).astype(np.float32)
        self.y = (self._turn[1, 0] * column + self._turn[1, 1] * row + centre[1]).astype(np.float32)
        self._zoom = -(-STROKE_PIXELS // size)

    def to_film(self, points: np.ndarray) -> np.ndarray:
        """Film coordinates, 0 to 1 for (column, row), of body points (n, 2)."""
        return ((np.asarray(points, dtype=float) - self.centre) @ self._turn) / self.field_cm + 0.5

    def strokes(self, lines: Iterable[tuple[np.ndarray, float, float]], on_film: bool = False) -> np.ndarray:
        """Draw lines; a later one covers an earlier one.

        Parameters
        ----------
        lines : iterable of (points, width, value)
            Points (n, 2) in body cm (film shares when `on_film`), width in cm, value 0 to 1. Width 0 fills a polygon.

        Returns
        -------
        array of float32, shape (size, size)
        """
        lines = list(lines)
        work = self.size * self._zoom
        picture = Image.new("L", (work, work), 0)
        pen = ImageDraw.Draw(picture)
        # All points are turned at once: a vessel tree has hundreds of short lines.
        every = np.concatenate([np.asarray(points, dtype=float) for points, _, _ in lines])
        flat = ((every if on_film else self.to_film(every)) * work - 0.5).ravel().tolist()
        start = 0
        for points, width, value in lines:
            end = start + 2 * len(points)
            place, start = flat[start:end], end
            if width == 0:
                pen.polygon(place, fill=round(255 * value))
                continue
            thick = width / self.field_cm * work
            # A line thinner than a working pixel is drawn one pixel wide and fainter, as film would show it.
            pen.line(place, fill=round(255 * value * min(thick, 1.0)), width=max(round(thick), 1), joint="curve")
        if self._zoom > 1:
            picture = picture.reduce(self._zoom)
        return np.asarray(picture, dtype=np.float32) / 255

    def discs(self, discs: Iterable[tuple[float, float, float, float]]) -> np.ndarray:
        """Soft discs given as (x, y, radius, value) in cm: the largest value wins; shape (size, size)."""
        out = np.zeros((self.size, self.size), dtype=np.float32)
        soft = max(0.15, self.pixel_cm)
        for x, y, radius, value in discs:
            out = np.maximum(out, value * ramp(radius - np.hypot(self.x - x, self.y - y), soft))
        return out

    def smooth_noise(self, rng: np.random.Generator, cells: int) -> np.ndarray:
        """Draw standard normal noise, smooth over 1/`cells` of the film's side; shape (size, size)."""
        # A few more cells than the film holds are drawn and cut off: the resampling's edge stays outside.
        grid = rng.standard_normal((cells + 4, cells + 4)).astype(np.float32)
        box = (2, 2, cells + 2, cells + 2)
        side = (self.size, self.size)
        out = np.asarray(Image.fromarray(grid).resize(side, Image.Resampling.BICUBIC, box=box))
        # Interpolation between independent values loses variance; restore about unit spread where cells are coarse.
        return out * 1.25 if cells < self.size else out


def glyphs(text: str, at: tuple[float, float], height: float) -> list[tuple[np.ndarray, float, float]]:
    """Strokes (film shares) for lead letters and arrows, for `Canvas.strokes(..., on_film=True)`."""
    lines = []
    for index, letter in enumerate(text):
        for part in _LETTERS.get(letter, ()):
            points = np.array(part, dtype=float) * (0.6, 1.0) + (0.85 * index, 0)
            lines.append(points * height + at)
    return [(points, 0.0, 0.0) for points in lines]


_LETTERS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "L": (((0, 0), (0, 1), (1, 1)),),
    "R": (((0, 1), (0, 0), (0.8, 0), (1, 0.25), (0.8, 0.5), (0, 0.5)), ((0.45, 0.5), (1, 1))),
    "A": (((0, 1), (0.5, 0), (1, 1)), ((0.22, 0.62), (0.78, 0.62))),
    "P": (((0, 1), (0, 0), (0.8, 0), (1, 0.25), (0.8, 0.5), (0, 0.5)),),
    "O": (((0.2, 0), (0.8, 0), (1, 0.3), (1, 0.7), (0.8, 1), (0.2, 1), (0, 0.7), (0, 0.3), (0.2, 0)),),
    "T": (((0, 0), (1, 0)), ((0.5, 0), (0.5, 1))),
    "B": (((0, 0), (0, 1), (0.8, 1), (1, 0.75), (0.8, 0.5), (0, 0.5)), ((0, 0), (0.8, 0), (0.95, 0.25), (0.8, 0.5))),
    "E": (((1, 0), (0, 0), (0, 1), (1, 1)), ((0, 0.5), (0.8, 0.5))),
    "^": (((0.5, 1), (0.5, 0)), ((0, 0.45), (0.5, 0), (1, 0.45))),
}
