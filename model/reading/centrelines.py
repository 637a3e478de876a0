"""The way that a pen most likely took along centre lines, which a picture tells without telling their order.

Begun at the top left, straight on where it crossed itself, and back over ink where it came to an end while there was
more to draw: as in Kato & Yasuhara, "Recovery of drawing order from single-stroke handwriting images", TPAMI 2000, but
by a search for the cheapest way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Polyline, way_along

_MOST = 10
"""Lines gone along, the longest: a scribble or a spray of dots has thousands, and they make no way."""

TANGLE = 9
"""Lines of a stroke beyond which the way is guessed wrong more often than right: the picture alone tells more."""

_CLOSED = 0.1
"""Distance between a line's ends, in its extent, up to which it is a ring."""

_NODE = 1.0
"""Distance between ends of lines, in widths of the pen, up to which they meet."""

_BRIDGE = 3.3
"""Length, in widths of the pen, up to which a line between two such meetings is where the pen crossed its own way, and
none that it went along."""

_REACH = 0.5, 2.0
"""Where a line's direction is taken, in widths of the pen from its end: thinning bends it nearer by."""

_BEAM = 16
"""Ways begun that are gone on with, the cheapest first."""

_BEGIN = np.array([0.3, 0.4])
"""What it costs to begin further to the right, and further down, in extents of it all."""
_TURN = 1.0
"""What it costs to turn back; less of a turn costs less."""
_BACK = 0.5
"""What it costs to go back over a line, and as much again for each extent."""
_LEAP = 2.0
"""The same of going on elsewhere."""
_LEAPS = 3
"""How many of the nearest ends may be gone on from there."""

_Vector = tuple[float, float]


class Way(NamedTuple):
    """How a pen went.

    Attributes:
        strokes: What was drawn without lifting it: shape (n, 2) each.
        is_plain: Whether it is one open line without a crossing, which the pen hardly can have gone along otherwise.
    """

    strokes: list[Polyline]
    is_plain: bool


def usual_way(lines: Sequence[Polyline], pen: float) -> Way:
    """The way that a pen most likely took along the 10 lines with most points, but for such as crossings leave behind.

    A ring that nothing else meets begins at its top and goes to the left. A loop at the end of a line, as that of a 9,
    begins where they meet, though pens mostly begin at its top.

    Args:
        lines: Shape (n, 2) each, y down, at least one: those of a stroke between its ends and crossings.
        pen: Width of the pen in the same unit.
    """
    kept = sorted(sorted(range(len(lines)), key=lambda i: -len(lines[i]))[:_MOST])
    if len(kept) > 1:
        return _Graph([lines[i] for i in kept], pen).way()
    line = _opened(lines[kept[0]])
    first, last = (np.array([line[0], line[-1]]) @ _BEGIN).tolist()
    return Way([line if first <= last else line[::-1]], not _is_ring(line))


class _Start(NamedTuple):
    """A line gone along from one of its ends.

    Attributes:
        node: Where it starts.
        to: Where it leads.
        out: Its direction at its start, of length 1 or 0.
        into: Its direction where it ends.
        length: In extents of all lines.
    """

    node: int
    to: int
    out: _Vector
    into: _Vector
    length: float


class _Begun(NamedTuple):
    """A way begun. Lines are told by numbers: 2 i is line i from its first point on, 2 i + 1 from its last.

    Attributes:
        cost: What it cost so far.
        strokes: The lines gone along without lifting the pen.
        trail: Those of the last stroke that lead to where it has come to, without detours.
        left: The lines not gone along yet: bit i stands for line i.
    """

    cost: float
    strokes: tuple[tuple[int, ...], ...]
    trail: tuple[int, ...]
    left: int


class _Graph:
    """Lines that meet at nodes, at least two."""

    def __init__(self, lines: Sequence[Polyline], pen: float):
        ends = _ends(lines)
        nodes = _met(ends, pen)
        if rings := [i for i, line in enumerate(lines) if _is_ring(line) and _is_alone(nodes, i)]:
            lines = [_opened(line) if i in rings else line for i, line in enumerate(lines)]
            ends = _ends(lines)
            nodes = _met(ends, pen)
        lengths = np.array([way_along(line)[-1] for line in lines])
        crowded = np.bincount(nodes)[nodes].reshape(-1, 2).min(axis=1) > 2
        bridges = crowded & (lengths > 0) & (lengths <= _BRIDGE * pen)
        if bridges.all():
            bridges[:] = False
        for i in np.flatnonzero(bridges).tolist():
            nodes[nodes == nodes[2 * i]] = nodes[2 * i + 1]
        self._is_crossed = bool(bridges.any())
        kept = np.flatnonzero(~bridges).tolist()
        self._lines = [lines[i] for i in kept]
        begins = ends.reshape(-1, 2, 2)[kept].reshape(-1, 2)
        extent = max(float(np.ptp(np.concatenate(self._lines), axis=0).max()), 1e-6)
        self._beginning = (begins @ _BEGIN / extent).tolist()
        self._apart = _distances(begins) / extent
        self._starts: list[_Start] = []
        for i in kept:
            first, last = (_direction(line, pen) for line in (lines[i], lines[i][::-1]))
            here, there = nodes[2 * i : 2 * i + 2].tolist()
            length = float(lengths[i]) / extent
            self._starts.append(_Start(here, there, first, (-last[0], -last[1]), length))
            self._starts.append(_Start(there, here, last, (-first[0], -first[1]), length))

    def way(self) -> Way:
        """The cheapest way along all of them."""
        every = (1 << len(self._lines)) - 1
        ways = [_Begun(cost, ((i,),), (i,), every & ~(1 << i // 2)) for i, cost in enumerate(self._beginning)]
        while ways[0].left:
            ways = nsmallest(_BEAM, (on for way in ways for on in self._on(way)), key=itemgetter(0))
        gone = [np.concatenate([self._lines[i // 2][:: -1 if i % 2 else 1] for i in s]) for s in ways[0].strokes]
        is_line = len(gone) == 1 and max(Counter(start.node for start in self._starts).values()) <= 2
        return Way(gone, is_line and not self._is_crossed and not _is_ring(gone[0]))

    def _on(self, way: _Begun) -> Iterator[_Begun]:
        """All ways to go on along one more line."""
        starts, left = self._starts, [i for i in range(len(self._starts)) if way.left >> i // 2 & 1]
        last = starts[way.trail[-1]]
        node, into, cost, trail = last.to, last.into, way.cost, way.trail
        back: tuple[int, ...] = ()
        while not (ahead := [i for i in left if starts[i].node == node]) and trail:
            behind = starts[trail[-1]]
            node, into = behind.node, (-behind.out[0], -behind.out[1])
            cost += _BACK * (1 + behind.length)
            back, trail = (*back, trail[-1] ^ 1), trail[:-1]
        *before, stroke = way.strokes
        for i in ahead:
            turn = _TURN * (1 - into[0] * starts[i].out[0] - into[1] * starts[i].out[1]) / 2
            strokes = (*before, (*stroke, *back, i))
            yield _Begun(cost + turn, strokes, (*trail, i), way.left & ~(1 << i // 2))
        if not ahead:
            away = self._apart[way.trail[-1] ^ 1].tolist()
            for i in nsmallest(_LEAPS, left, key=away.__getitem__):
                leap = _LEAP * (1 + away[i])
                yield _Begun(way.cost + leap, (*way.strokes, (i,)), (i,), way.left & ~(1 << i // 2))


def _ends(lines: Sequence[Polyline]) -> NDArray[np.float64]:
    """The first and the last point of each: shape (2 n, 2)."""
    return np.array([end for line in lines for end in (line[0], line[-1])], np.float64)


def _distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each from each: (n, 2) → (n, n)."""
    return np.asarray(np.hypot(*(points[:, None] - points).T))


def _met(ends: NDArray[np.float64], pen: float) -> NDArray[np.int64]:
    """Numbers the ends of lines, those alike that meet: shape (2 n, 2) → (2 n,)."""
    numbers = np.arange(len(ends))
    for i, j in np.argwhere(np.triu(_distances(ends) <= _NODE * pen, 1)).tolist():
        numbers[numbers == numbers[j]] = numbers[i]
    return numbers


def _is_alone(met: NDArray[np.int64], line: int) -> bool:
    """Whether no other line meets one, of ends numbered by `_met`."""
    own = met[2 * line : 2 * line + 2]
    return int(np.isin(met, own).sum()) == 2


def _direction(line: Polyline, pen: float) -> _Vector:
    """Where a line leads from its first point on: of length 1, or 0 for a point."""
    way = way_along(line)
    at = np.array(_REACH) * pen if way[-1] > _REACH[1] * pen else way[[0, -1]]
    (ax, bx), (ay, by) = (np.interp(at, way, line[:, axis]).tolist() for axis in (0, 1))
    length = float(np.hypot(bx - ax, by - ay))
    return ((bx - ax) / length, (by - ay) / length) if length > 0 else (0.0, 0.0)


def _opened(line: Polyline) -> Polyline:
    """A ring cut open at its top, gone along to the left; other lines as they are."""
    if not _is_ring(line):
        return line
    ring = line[:-1] if (line[0] == line[-1]).all() else line
    top = int(ring[:, 1].argmin())
    opened = np.concatenate([ring[top:], ring[: top + 1]])
    x, y = opened.T
    turned = float(x[:-1] @ y[1:] - x[1:] @ y[:-1])  # twice its area, more than 0 where it goes right first, y down
    return opened[::-1] if turned > 0 else opened


def _is_ring(line: Polyline) -> bool:
    extent = float(np.ptp(line, axis=0).max())
    return len(line) > 3 and bool(np.hypot(*(line[0] - line[-1])) <= _CLOSED * extent)
