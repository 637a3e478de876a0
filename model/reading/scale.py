"""Ink of a canvas that goes from 0 to 1, brought to a usual size.

A few pixels of ink are a dot: a resting finger trembles by as much. But some apps send whole words within one unit,
with points a hundredth apart. A tap's points are few, or as far apart as the dot is wide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.reading.ink import Box, Ink

_SMALL = 1.5
"""Longer side of a drawing up to which its unit may be a canvas: some are wider than high."""

_FEW = 12
"""Steps between points that a character has at least."""

_FINE = 16
"""How many usual steps between points its longer side must hold to be a drawing and no dot."""

_USUAL = 100.0
"""CSS pixels to which the longer side is then brought."""


@dataclass(frozen=True)
class Unit:
    """What the caller's unit is in pixels of the drawing as it is read.

    Attributes:
        size: Pixels of one unit.
        x: Where the drawing's 0 lies, in units.
        y: The same downwards.
    """

    size: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def theirs(self, box: Box) -> Box:
        """A box in the caller's units."""
        return Box(
            box.x / self.size + self.x, box.y / self.size + self.y, box.width / self.size, box.height / self.size
        )


def in_pixels(ink: Ink) -> tuple[Ink, Unit]:
    """The drawing at a size at which dots are dots and characters are characters, and the unit that it came in.

    Ink whose unit may well be a CSS pixel is itself.
    """
    unit = _unit(ink)
    if unit.size == 1.0:
        return ink, unit
    corner = np.array([unit.x, unit.y], np.float32)  # else fine ink far from 0 would lose what float32 cannot hold
    strokes = (
        replace(stroke, paths=tuple((path - corner) * np.float32(unit.size) for path in stroke.paths))
        for stroke in ink.strokes
    )
    return Ink(tuple(strokes)), unit


def _unit(ink: Ink) -> Unit:
    if not ink.strokes or any(stroke.index is None or stroke.image is not None for stroke in ink.strokes):
        return Unit()
    box = Box.over(stroke.box for stroke in ink.strokes)
    longest = max(box.width, box.height)
    if not 0 < longest <= _SMALL:
        return Unit()
    steps = np.concatenate([np.hypot(*np.diff(stroke.points, axis=0).T) for stroke in ink.strokes])
    steps = steps[steps > 0]
    if len(steps) < _FEW or longest < _FINE * float(np.median(steps)):
        return Unit()
    return Unit(_USUAL / longest, box.x, box.y)
