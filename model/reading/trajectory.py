"""How the pen went, which a glyph's points tell, and its picture only lets guess.

Points evenly along the way of the pen, from where it was first set down to where it was last lifted, as recurrent nets
of handwriting are given it (Graves et al., "A novel connectionist system for unconstrained handwriting recognition",
IEEE PAMI 2009): where the pen was, which way and how far it had come, and whether it had been lifted in between. A 6
whose curl all but closes begins where no 0 does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.ink import Polyline, evenly, way_along

_POINTS = 64
"""Points along the whole way, and along each stroke while they are sought."""
_FAR = 4.0
"""Factor on how far the pen had come, in halves of the glyph's extent, and what it is at most: a jump across it."""

_AT_ONCE = 64
"""Glyphs whose trajectories are found together: more would take more memory."""

_LEAST = 0.16
"""What any stroke's way counts as, in halves of the glyph's extent: so long that a dot is one of the points."""

CHANNELS = ("x", "y", "right", "down", "far", "begun")
"""What is known at each point: its place, -1 to 1 in the glyph's square; the direction from the point before, a unit
vector, and how far that lies, 0 to 4; and 1 where the pen was lifted in between, else 0."""

SHAPE = (_POINTS, len(CHANNELS))
"""That of one trajectory."""


def trajectories(
    paths: Sequence[Polyline],
    goes_on: Sequence[bool],
    glyphs: Sequence[Sequence[int]],
    budget: Budget = UNBOUNDED,
) -> NDArray[np.float32]:
    """What the pen did in each of k glyphs.

    Args:
        paths: The strokes, or the centre lines of pictures: (n, 2) each, any units.
        goes_on: Whether each goes on where the one before ended.
        glyphs: Which paths each glyph has, at least one, in drawing order.
        budget: How long it may take.

    Returns:
        Shape (k, *SHAPE), float32; the channels are `CHANNELS`.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    found = np.zeros((len(glyphs), *SHAPE), np.float32)
    if not glyphs:
        return found
    sampled = np.stack([_sampled(path) for path in budget.over(paths)]).astype(np.float64)
    every, begins = np.concatenate(paths), np.cumsum([0, *map(len, paths[:-1])])
    low, high = (corner.reduceat(every, begins, axis=0).astype(np.float64) for corner in (np.minimum, np.maximum))
    lines = _Lines(sampled, low, high, np.array(goes_on, bool))
    for at in budget.over(range(0, len(glyphs), _AT_ONCE)):
        found[at : at + _AT_ONCE] = _gone_along(lines, glyphs[at : at + _AT_ONCE])
    return found


class _Lines(NamedTuple):
    """The paths that glyphs are made of, m of them.

    Attributes:
        points: Evenly along each: shape (m, points, 2).
        low, high: The corners of the box around each: shape (m, 2).
        goes_on: Whether each goes on where the one before ended: shape (m,).
    """

    points: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    goes_on: NDArray[np.bool_]


def _gone_along(lines: _Lines, glyphs: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """The trajectories of some glyphs, at least one."""
    counts = np.array([len(glyph) for glyph in glyphs])
    owner = np.repeat(np.arange(len(glyphs)), counts)
    member = np.concatenate([np.asarray(glyph) for glyph in glyphs])
    starts = np.cumsum(counts) - counts
    low = np.minimum.reduceat(lines.low[member], starts)
    high = np.maximum.reduceat(lines.high[member], starts)
    extent = np.maximum((high - low).max(axis=1), 1e-6)
    middle, half = (low + high) / 2, extent / 2
    points = (lines.points[member] - middle[owner, None]) / half[owner, None, None]  # -1 to 1 in the glyph's square
    passed, line = _passed(points, starts, counts)
    begun = np.diff(line, axis=1, prepend=line[:, :1]) > 0
    goes_on = np.append(False, lines.goes_on[member[1:]] & (np.diff(member) == 1))
    begun &= ~goes_on[line]
    steps = np.diff(passed, axis=1, prepend=passed[:, :1])
    far = np.hypot(steps[..., 0], steps[..., 1])[..., None]
    channels = passed, steps / np.maximum(far, 1e-3), np.minimum(_FAR * far, _FAR), begun[..., None]
    return np.concatenate(channels, axis=2)


def _sampled(path: Polyline) -> Polyline:
    return evenly(path, way_along(path), _POINTS) if len(path) > 1 else np.repeat(path, _POINTS, axis=0)


def _passed(
    points: NDArray[np.float64], starts: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points evenly along each glyph's whole way.

    Args:
        points: The strokes of all glyphs, one after the other: shape (strokes, points, 2).
        starts: Which stroke is each glyph's first, shape (k,).
        counts: How many it has, shape (k,).

    Returns:
        The points, shape (k, points, 2), and the stroke that each lies in, shape (k, points).
    """
    lengths = np.maximum(np.hypot(*np.moveaxis(np.diff(points, axis=1), -1, 0)), _LEAST / (_POINTS - 1))
    lines = lengths.shape[1]
    way = np.cumsum(lengths.ravel())
    ends = way[(starts + counts) * lines - 1]
    begins = np.append(0.0, ends[:-1])
    share = (np.arange(_POINTS) + 0.5) / _POINTS
    wanted = begins[:, None] + (ends - begins)[:, None] * share
    found = np.minimum(np.searchsorted(way, wanted), len(way) - 1)
    left = ((way[found] - wanted) / lengths.ravel()[found])[..., None]  # of the line that it lies on
    begin, end = points[:, :-1].reshape(-1, 2)[found], points[:, 1:].reshape(-1, 2)[found]
    return end - left * (end - begin), found // lines
