"""Which line of writing each piece of ink stands on.

Lines are the fewest bands in which nothing stands on top of something else, however far an ascender reaches into the
line above and whichever way the page is turned: of all slopes that one is taken at which the bands fit the ink best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Box

_TALL = 0.5
"""Height, in line heights, from which ink counts as a body of writing; dots, bars and dashes do not."""

_ONE = 1.6
"""Height of all bodies together, in line heights, up to which they are one line."""

_SLOPES = (-0.3, -0.2, -0.1, 0.1, 0.2, 0.3), (-0.05, 0.05), (-0.02, 0.02), (-0.01, 0.01)
"""What is tried around the best slope so far, coarsely first: by how much lines fall, in their length."""

_BELOW = 0.6
"""Distance of two middles, in line heights, from which one body may stand on the line below the other's."""
_SHARED = 0.5
"""Share of the narrower one's columns that two share from which they are on top of each other, not side by side."""
_THIN = 0.1
"""Width, in line heights, that thinner bodies are taken for."""
_INTO = 0.25
"""How far one may reach into the other's rows, as a share of the lower one's height."""
_EMPTY = 0.2
"""Empty rows, in line heights, that put two such bodies on two lines for sure."""

_HINT, _SURE = 0.5, 3.0
"""What it costs to have two such bodies on one line: without any empty rows between them, and with enough."""
_LINE = 2.9
"""What a line costs: less than one pair that is surely on two."""
_THROUGH = 1.0
"""What it costs that a line ends in the midst of a body."""
_END = 0.2
"""Share of a body at its top and bottom that is not its midst: ascenders reach into other lines."""
_SPREAD = 0.5
"""What it costs that a middle lies a line height off its line's, squared."""
_ABOVE = 2.0
"""How many times nearer ink below a dot is to it than ink as far above: dots stand over their stems."""


def lines_of(boxes: Sequence[Box], height: float) -> list[int]:
    """Which line each piece of ink stands on, from 0 at the top; all 0 where nothing stands below anything else.

    Args:
        boxes: Of the pieces.
        height: The line height, CSS pixels.
    """
    tall = [i for i, box in enumerate(boxes) if box.height >= _TALL * height]
    if not tall or max(boxes[i].bottom for i in tall) - min(boxes[i].y for i in tall) <= _ONE * height:
        return [0] * len(boxes)
    bodies = _Bodies([boxes[i] for i in tall], height)
    if not bodies.stacked(0.0).cost.any():
        return [0] * len(boxes)
    best = bodies.bands(0.0)
    for around in _SLOPES:
        best = min([best, *(bodies.bands(best.slope + more) for more in around)], key=lambda bands: bands.cost)
    places = {i: place for place, i in enumerate(tall)}
    return [best.lines[places[i] if i in places else bodies.nearest(box)] for i, box in enumerate(boxes)]


@dataclass(frozen=True)
class _Bands:
    """How bodies fall into lines.

    Attributes:
        cost: How badly they do.
        slope: By how much lines fall, in their length.
        lines: Of each body, from 0 at the top.
    """

    cost: float
    slope: float
    lines: tuple[int, ...]


@dataclass(frozen=True)
class _Stacked:
    """Pairs of bodies that may stand on two lines, one on top of the other.

    Attributes:
        upper, lower: Which they are, each of shape (p,).
        cost: What it costs to have both on one line: shape (p,); 0 where that is fine.
    """

    upper: NDArray[np.intp]
    lower: NDArray[np.intp]
    cost: NDArray[np.float64]


class _Bodies:
    """Bodies of writing; all lengths in line heights."""

    def __init__(self, boxes: Sequence[Box], height: float):
        edges = np.array([(box.x, box.right, box.y, box.bottom) for box in boxes], np.float64).reshape(-1, 4)
        self._height = height
        self._left, self._right, self._top, self._bottom = (edges / height).T
        self._pairs = self._beside()

    def _beside(self) -> NDArray[np.intp]:
        """Pairs that share columns: shape (p, 2)."""
        left, right = self._left - _THIN / 2, self._right + _THIN / 2
        shared = np.minimum.outer(right, right) - np.maximum.outer(left, left)
        return np.argwhere(np.triu(shared >= _SHARED * np.minimum.outer(right - left, right - left), 1))

    def _level(self, slope: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Tops and bottoms once lines of this slope lie level."""
        fall = slope * (self._left + self._right) / 2
        return self._top - fall, self._bottom - fall

    def stacked(self, slope: float) -> _Stacked:
        """Those that stand on top of each other once lines of this slope lie level."""
        top, bottom = self._level(slope)
        middle = (top + bottom) / 2
        first, second = self._pairs.T
        swapped = middle[first] > middle[second]
        upper, lower = np.where(swapped, second, first), np.where(swapped, first, second)
        gap = top[lower] - bottom[upper]
        on_top = (middle[lower] - middle[upper] >= _BELOW) & (gap >= -_INTO * (bottom - top)[lower])
        return _Stacked(upper, lower, np.where(on_top, _HINT + (_SURE - _HINT) * np.clip(gap / _EMPTY, 0, 1), 0.0))

    def bands(self, slope: float) -> _Bands:
        """The cheapest lines of this slope, by dynamic programming from the top."""
        top, bottom = self._level(slope)
        middle = (top + bottom) / 2
        order = np.argsort(middle, kind="stable")
        count, rows = len(order), middle[order]
        rank = np.empty(count, np.intp)
        rank[order] = np.arange(count)
        stacked = self.stacked(slope)
        # [start, stop]: what it costs to have the bodies from start to before stop on one line, for what is stacked
        together = np.zeros((count + 1, count + 1))
        together[rank[stacked.upper], rank[stacked.lower] + 1] = stacked.cost
        together = together[::-1].cumsum(axis=0)[::-1].cumsum(axis=1)
        sums, squares = (np.concatenate([[0], np.cumsum(rows**power)]) for power in (1, 2))
        between = (rows[1:] + rows[:-1]) / 2
        end = _END * (bottom - top)
        midst = np.searchsorted(np.sort(top + end), between) - np.searchsorted(np.sort(bottom - end), between)
        begun = _LINE + np.concatenate([[0], _THROUGH * np.maximum(midst, 0)])
        sizes = np.arange(count, 0, -1)
        cost, before = np.zeros(count + 1), np.zeros(count + 1, np.intp)
        for stop in range(1, count + 1):
            spread = squares[stop] - squares[:stop] - (sums[stop] - sums[:stop]) ** 2 / sizes[-stop:]
            total = cost[:stop] + begun[:stop] + together[:stop, stop] + _SPREAD * spread
            before[stop] = total.argmin()
            cost[stop] = total[before[stop]]
        lines, stop, line = np.zeros(count, int), count, 0
        while stop:
            lines[order[before[stop] : stop]] = line
            stop, line = int(before[stop]), line - 1
        return _Bands(float(cost[-1]), slope, tuple((lines - lines.min()).tolist()))

    def nearest(self, box: Box) -> int:
        """Which body a small piece of ink is nearest to."""
        left, right, top, bottom = (edge / self._height for edge in (box.x, box.right, box.y, box.bottom))
        aside = np.maximum(np.maximum(self._left - right, left - self._right), 0)
        away = np.maximum(np.maximum(self._top - bottom, _ABOVE * (top - self._bottom)), 0)
        return int(np.argmin(np.hypot(aside, away)))
