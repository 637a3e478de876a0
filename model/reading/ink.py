"""What was drawn, however it arrived: strokes as centre lines with optional times.

Points, stroke pictures, frames and flat images all become one `Ink` (pictures by way of `pictures.py`),
so every later stage sees the same thing whatever the client sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Polyline = NDArray[np.float32]
"""Shape (n, 2), n ≥ 1: x and y in CSS pixels, origin top left, y down. One row alone is a dot."""


MAX_PIECES = 512
"""Strokes of a drawing, or pieces that it comes apart into, at most: what they cost grows with their square."""


def way_along(path: NDArray[np.floating]) -> NDArray[np.float64]:
    """How far along a line each of its points lies: shape (n,), from 0."""
    x, y = (path[1:] - path[:-1]).T
    way = np.zeros(len(path))
    way[1:] = np.hypot(x, y).cumsum()
    return way


def evenly(path: NDArray[np.floating], way: NDArray[np.float64], count: int) -> Polyline:
    """`count` points along a line, at least two: its ends and others evenly spaced; `way` is its `way_along`."""
    at = np.arange(count) * (way[-1] / (count - 1))
    at[-1] = way[-1]
    points = np.empty((count, 2), np.float32)
    for axis in (0, 1):
        points[:, axis] = np.interp(at, way, path[:, axis])
    return points


@dataclass(frozen=True)
class Box:
    """An upright rectangle in CSS pixels; a dot has width and height 0."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge, CSS pixels."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The bottom edge, CSS pixels."""
        return self.y + self.height

    @classmethod
    def around(cls, points: NDArray[np.float32]) -> Box:
        """The smallest box around `points`, shape (n, 2), n ≥ 1."""
        low, high = points.min(axis=0), points.max(axis=0)
        return cls(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))

    @classmethod
    def over(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box around boxes, at least one."""
        boxes = list(boxes)
        if len(boxes) == 1:
            return boxes[0]
        x, y = min([box.x for box in boxes]), min([box.y for box in boxes])
        right, bottom = max([box.x + box.width for box in boxes]), max([box.y + box.height for box in boxes])
        return cls(x, y, right - x, bottom - y)


@dataclass(frozen=True)
class StrokeImage:
    """How a stroke that came as a picture looked.

    Attributes:
        coverage: Shape (h, w), uint8, 0 background to 255 ink, cropped to the stroke.
        x: Left edge, CSS pixels.
        y: Top edge, CSS pixels.
        pixel_ratio: Pixels of `coverage` per CSS pixel.
        pen: Width of the pen, CSS pixels.
    """

    coverage: NDArray[np.uint8]
    x: float
    y: float
    pixel_ratio: float
    pen: float


@dataclass(frozen=True)
class Stroke:
    """One pen movement from touch-down to lift, or one connected piece of a flat image.

    Attributes:
        paths: Centre lines. Points give exactly one; a picture may give several, one per skeleton branch.
        index: Place in the request's `strokes` or `frames`; None where the ink came from a flat image.
        start: When the pen touched down, ms; None where unknown.
        end: When the pen lifted, ms; None where unknown.
        image: What a picture showed of it; None for points.
        torn: Whether it was cut off the stroke before it, as two glyphs may touch.
        begin: Place of its first point in the request's stroke; more than 0 only where it was cut off one of points.
    """

    paths: tuple[Polyline, ...]
    index: int | None = None
    start: float | None = None
    end: float | None = None
    image: StrokeImage | None = None
    torn: bool = False
    begin: int = 0

    @classmethod
    def from_points(
        cls,
        x: Sequence[float],
        y: Sequence[float],
        t: Sequence[float] | None = None,
        index: int | None = None,
    ) -> Stroke:
        """Builds a stroke from columns of equal length, at least 1; x and y in CSS pixels, t in ms.

        Raises:
            ValueError: the columns are empty or differ in length.
        """
        if len(x) == 0 or len(x) != len(y) or (t is not None and len(t) != len(x)):
            got = f"x {len(x)}, y {len(y)}, t {'none' if t is None else len(t)}"
            raise ValueError(f"expected x, y and t of one length of at least 1, got {got}")
        path = np.column_stack([np.asarray(x, np.float32), np.asarray(y, np.float32)])
        start, end = (float(t[0]), float(t[-1])) if t is not None else (None, None)
        return cls((path,), index, start, end)

    @cached_property
    def box(self) -> Box:
        """The smallest box around its points."""
        return Box.around(self.points)

    @property
    def is_flat(self) -> bool:
        """Whether it is a piece of a flat image."""
        return self.index is None and self.image is not None

    def is_twin(self, other: Stroke) -> bool:
        """Whether both are the same part of a picture, which two glyphs may share."""
        return self.image is not None and self.image is other.image

    @cached_property
    def points(self) -> Polyline:
        """All path points, shape (n, 2)."""
        return self.paths[0] if len(self.paths) == 1 else np.concatenate(self.paths)


@dataclass(frozen=True)
class Ink:
    """A whole drawing: its strokes in drawing order (for a flat image, from left to right)."""

    strokes: tuple[Stroke, ...]

    def firsts(self) -> list[int]:
        """The place of each stroke, or of its twin before it."""
        found: list[int] = []
        for place, stroke in enumerate(self.strokes):
            found.append(found[-1] if place and stroke.is_twin(self.strokes[place - 1]) else place)
        return found
