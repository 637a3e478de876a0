"""How the pen went: what a glyph's points tell and its picture does not.

Direction maps (Bai & Huo, "A study on the use of 8-directional features for online handwritten Chinese character
recognition", ICDAR 2005): where in the glyph, and which way, the pen drew, and how it moved between strokes; and the
points it passed, evenly along its way. A 6 whose curl all but closes begins where no 0 does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Polyline, evenly, way_along

_POINTS = 32
"""Points that each stroke is sampled at, evenly."""
_DIRECTIONS = 8
_DRAWN = 7
"""Cells a side of the map of drawn lines."""
_LIFTED = 4
"""Cells a side of the map of ways between strokes."""
_PASSED = 32
"""Points along the whole way of the pen."""

PARTS = {
    "drawn": _DIRECTIONS * _DRAWN**2,
    "lifted": _DIRECTIONS * _LIFTED**2,
    "passed": 2 * _PASSED,
    "begun": _PASSED,
    "shape": 3,
}
"""What a trajectory holds, and how many numbers of it each takes."""

SIZE = sum(PARTS.values())
"""Numbers in a trajectory."""


def trajectories(
    paths: Sequence[Polyline], torn: Sequence[bool], glyphs: Sequence[Sequence[int]]
) -> NDArray[np.float32]:
    """What the pen did in each of k glyphs.

    Args:
        paths: The strokes, (n, 2) each, any units.
        torn: Whether each goes on where the one before ended.
        glyphs: Which strokes each glyph has, at least one, in drawing order.

    Returns:
        Shape (k, SIZE), float32, about -1 to 1.
    """
    if not glyphs:
        return np.zeros((0, SIZE), np.float32)
    ways = np.stack([_sampled(path) for path in paths]).astype(np.float64)  # (strokes, points, 2)
    counts = np.array([len(glyph) for glyph in glyphs])
    owner = np.repeat(np.arange(len(glyphs)), counts)
    member = np.concatenate([np.asarray(glyph) for glyph in glyphs])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    low = np.minimum.reduceat(np.array([path.min(axis=0) for path in paths])[member], starts).astype(np.float64)
    high = np.maximum.reduceat(np.array([path.max(axis=0) for path in paths])[member], starts).astype(np.float64)
    extent = np.maximum((high - low).max(axis=1), 1e-6)
    origin = (low + high) / 2 - extent[:, None] / 2
    points = (ways[member] - origin[owner, None]) / extent[owner, None, None]  # 0 to 1 in the glyph's square
    drawn = _mapped(points[:, :-1], points[:, 1:], owner, len(glyphs), _DRAWN, 1)
    follows = np.flatnonzero(owner[1:] == owner[:-1])
    apart = follows[[not (torn[member[i + 1]] and member[i + 1] == member[i] + 1) for i in follows]]
    lifted = _mapped(points[apart, -1:], points[apart + 1, :1], owner[apart], len(glyphs), _LIFTED, 4)
    passed, begun = _passed(points, owner, starts, len(glyphs))
    size = (high - low) / extent[:, None]
    shape = np.column_stack([size, np.minimum(counts, 5) / 2])
    return np.concatenate([np.sqrt(4 * drawn), np.sqrt(2 * lifted), passed, begun, shape], axis=1, dtype=np.float32)


def drawn_maps(trajectory: NDArray[np.float32]) -> NDArray[np.float32]:
    """The maps of drawn lines in a trajectory, for looking at: (directions, rows, columns), from → clockwise to ↗."""
    return trajectory[: PARTS["drawn"]].reshape(_DIRECTIONS, _DRAWN, _DRAWN)


def _sampled(path: Polyline) -> Polyline:
    return evenly(path, way_along(path), _POINTS) if len(path) > 1 else np.repeat(path, _POINTS, axis=0)


def _mapped(
    begin: NDArray[np.float64], end: NDArray[np.float64], owner: NDArray[np.int64], glyphs: int, side: int, parts: int
) -> NDArray[np.float64]:
    """Lays lines, by direction, on a grid of `side` cells, each line's length shared out between the cells nearest.

    Args:
        begin: Where lines begin, shape (strokes, lines, 2), 0 to 1.
        end: Where they end.
        owner: The glyph of each stroke.
        glyphs: How many there are.
        side: Cells a side.
        parts: Pieces that each line is laid in.

    Returns:
        Shape (glyphs, directions * side * side).
    """
    way = end - begin
    turn = np.arctan2(way[..., 1], way[..., 0]) / (2 * np.pi / _DIRECTIONS) % _DIRECTIONS
    first = turn.astype(np.int64) % _DIRECTIONS
    directions = owner[:, None] * _DIRECTIONS + np.stack([first, (first + 1) % _DIRECTIONS])  # (2, strokes, lines)
    leaning = np.stack([1 - turn % 1, turn % 1]) * np.hypot(way[..., 0], way[..., 1]) / parts
    steps = ((np.arange(parts) + 0.5) / parts)[:, None, None, None]
    at = np.clip((begin + way * steps) * side - 0.5, 0, side - 1.001)  # (parts, strokes, lines, 2)
    cell = at.astype(np.int64)
    shares = np.stack([1 - (at - cell), at - cell])
    beside = np.arange(2)[:, None, None, None]
    across, down = shares[None, ..., 0], shares[:, None, ..., 1]
    cells = (cell[..., 1] + beside)[:, None] * side + (cell[..., 0] + beside)[None]  # (2, 2, parts, strokes, lines)
    where = directions[:, None, None, None] * side**2 + cells
    what = leaning[:, None, None, None] * (across * down)
    maps = np.bincount(where.ravel(), what.ravel(), glyphs * _DIRECTIONS * side**2)
    return np.asarray(maps.reshape(glyphs, -1), np.float64)


def _passed(
    points: NDArray[np.float64], owner: NDArray[np.int64], starts: NDArray[np.int64], glyphs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points evenly along each glyph's whole way, and 1 where a stroke began since the one before."""
    steps = np.hypot(*np.moveaxis(np.diff(points, axis=1), -1, 0)) + 1e-9  # a dot has a way too
    lines = steps.shape[1]
    way = np.cumsum(steps.ravel())
    ends = way[np.append(starts[1:], len(owner)) * lines - 1]
    begins = np.concatenate([[0.0], ends[:-1]])
    share = (np.arange(_PASSED) + 0.5) / _PASSED
    wanted = begins[:, None] + (ends - begins)[:, None] * share
    found = np.minimum(np.searchsorted(way, wanted.ravel()), len(way) - 1)
    middle = ((points[:, :-1] + points[:, 1:]) / 2).reshape(-1, 2)[found] * 2 - 1
    stroke = (found // lines).reshape(glyphs, -1)
    begun = np.diff(stroke, axis=1, prepend=stroke[:, :1])
    return middle.reshape(glyphs, -1), np.minimum(begun, 1).astype(np.float64)
