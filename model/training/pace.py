"""When the pen is where, and what a device makes of it: speeds, pauses, sampling and whole pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.reading.ink import Ink, Polyline, Stroke

Pause = tuple[float, float]
"""Median, ms, and the deviation of its logarithm."""

_SHORTEST_PAUSE = 60.0
"""Shorter ones are skips of the pen, which are no lift."""

_SHORTEST_STROKE = 16.0


@dataclass(frozen=True)
class Device:
    """Something to write with, and how people write with it.

    Attributes:
        rate: Least and greatest number of points a second.
        grain: What coordinates are rounded to, CSS pixels.
        speed: Median speed, heights of a character a second.
        inside: Pauses within a character.
        between: Pauses between characters.
    """

    rate: tuple[float, float]
    grain: float
    speed: float
    inside: Pause
    between: Pause


DEVICES = {
    "pen": Device((133, 240), 0.1, 7.0, (238, 0.5), (330, 0.6)),
    "touch": Device((60, 120), 0.5, 5.0, (497, 0.6), (625, 0.7)),
    "mouse": Device((60, 125), 1.0, 4.0, (904, 0.7), (1100, 0.7)),
}
"""Pauses as measured of real writing; where none between characters are known, a little longer than within."""


def paced(
    paths: Sequence[Polyline], inside: Sequence[bool], height: float, device: Device, rng: np.random.Generator
) -> Ink:
    """Draws strokes one after the other.

    Args:
        paths: Where the pen goes, CSS pixels; points of a stroke count as evenly spaced in time.
        inside: Of each stroke whether it goes on with a character that the stroke before was part of.
        height: Of a character, CSS pixels.
        device: What is drawn with.
        rng: Source of chance.

    Returns:
        Strokes with times, ms from 0, and indices in the given order.
    """
    speed = device.speed * height / 1000 * np.exp(rng.normal(0, 0.3))  # CSS pixels a millisecond
    every = 1000 / rng.uniform(*device.rate)
    strokes, now = [], 0.0
    for index, (path, going_on) in enumerate(zip(paths, inside, strict=True)):
        if index:
            median, spread = device.inside if going_on else device.between
            now += max(_SHORTEST_PAUSE, median * float(np.exp(rng.normal(0, spread))))
        length = float(np.hypot(*np.diff(path, axis=0).T).sum())
        lasts = max(length / speed, _SHORTEST_STROKE) if len(path) > 1 else 0.0
        times = np.append(np.arange(0, lasts, every), lasts)
        at = times / max(lasts, 1e-6) * (len(path) - 1)
        points = np.column_stack([np.interp(at, np.arange(len(path)), path[:, axis]) for axis in (0, 1)])
        points = np.rint(points / device.grain) * device.grain
        moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))  # devices report only what moves
        moved[-1] |= lasts > 0
        x, y = points[moved].T.tolist()
        strokes.append(Stroke.from_points(x, y, (now + times[moved]).tolist(), index))
        now += lasts
    return Ink(tuple(strokes))
