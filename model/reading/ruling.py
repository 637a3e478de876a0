"""Ruled and squared paper: lines that go straight from one edge to the other, and are paler than the ink, taken out.

All lines of a direction are parallel. Where ink crosses one or runs along it, it is darker than the line, or higher
than the line is thick: that stays, so that no stroke is torn.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.uint8]
"""Shape (h, w), 0 background to 255 ink."""

_SMALLEST = 64
"""Pixels of the shorter side below which no picture shows ruled paper."""
_FAINT = 40
"""Coverage from which a line is looked for; paler ones disturb nobody."""
_EDGE = 3
"""Pixels from the edge that lines reach at least, on both sides."""
_THICKEST = 0.015
"""Half the height of the thickest line, as a share of the shorter side."""
_STEEPEST = 0.22
"""Rows that lines climb or fall a column at most: tan 12.4°."""
_BLOCK = 8
"""Columns that are looked at together."""
_FILLED = 0.6
"""Share of the blocks in the picture that a line fills, ink over it and gaps in it aside."""
_WHOLE = 0.5
"""Share of a line that lies in the picture, which one at least must reach; others may cut off a corner."""
_SHORTEST = 4
"""Blocks that those fill at least."""
_APART = 1.5
"""Rows by which lines of neighbouring slopes part at the far side."""
_PALE = 225.0
"""Coverage of a line up to which it is no ink."""
_MANY = 4
"""Lines beneath each other, of whatever coverage, that no character has: E has three."""
_DARKER = 1.35
"""Coverage of ink over a line, against the line's."""
_HIGHER = 3
"""Pixels by which ink is higher than the line that it crosses."""


def without_rules(coverage: Coverage) -> Coverage:
    """The ink alone; the very same array where there are no lines."""
    if min(coverage.shape) < _SMALLEST:
        return coverage
    most = _PALE
    for turned in (False, True):
        level = coverage.T if turned else coverage
        if _reaches_both_sides(level):
            cleaned, found = _without_level_rules(np.ascontiguousarray(level), most, turned)
            coverage = np.ascontiguousarray(cleaned.T) if turned else cleaned
            most = max(most, found)  # squared paper is as dark one way as the other
    return coverage


def _reaches_both_sides(coverage: Coverage) -> bool:
    return all(int(strip.max()) >= _FAINT for strip in (coverage[:, :_EDGE], coverage[:, -_EDGE:]))


def _without_level_rules(coverage: Coverage, most: float, turned: bool) -> tuple[Coverage, float]:
    """Without lines that run from left to right; and how dark these were, 0 where there were none.

    Args:
        coverage: Shape (h, w).
        most: Coverage up to which they are no ink, unless they are many.
        turned: Whether the picture lies on its side, and 1111 are lines from left to right.
    """
    half = max(3, round(_THICKEST * min(coverage.shape)))
    higher = cv2.morphologyEx(coverage, cv2.MORPH_OPEN, np.ones((2 * half + 1, 1), np.uint8))
    thin = np.asarray(cv2.subtract(coverage, higher), np.uint8)
    rules = _find(thin >= _FAINT, half)
    if rules is None:
        return coverage, 0.0
    # line by line: all windows together would take many times the picture's memory
    windows = [_Window.along(rules, line, half, thin.shape) for line in range(len(rules.rows))]
    ridges = [window.of(thin).max(axis=0) for window in windows]
    level = float(np.median(np.concatenate([ridge[ridge >= _FAINT] for ridge in ridges])))
    if level > most and (turned or len(rules.rows) < _MANY):
        return coverage, 0.0
    heights = [
        (window.of(thin) >= level / 2).sum(axis=0)[ridge >= _FAINT]
        for window, ridge in zip(windows, ridges, strict=True)
    ]
    near = np.zeros(coverage.shape, bool)
    for window in windows:
        window.mark(near)
    return _erased(coverage, near, level, round(float(np.median(np.concatenate(heights))))), level


def _erased(coverage: Coverage, near: NDArray[np.bool_], level: float, height: int) -> Coverage:
    """Nothing `near` a line but ink.

    Args:
        coverage: Shape (h, w).
        near: Shape (h, w).
        level: The lines' usual coverage.
        height: Their usual height, pixels.
    """
    dark = (coverage > min(_DARKER * level, (level + 256) / 2)).view(np.uint8)
    any_ink = (coverage > level / 2).view(np.uint8)
    column = np.ones((height + _HIGHER, 1), np.uint8)
    crossing = cv2.morphologyEx(  # nothing is known to go on beyond the picture
        any_ink, cv2.MORPH_OPEN, column, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.where(near & (dark == 0) & (crossing == 0), 0, coverage).astype(np.uint8)


@dataclass(frozen=True)
class _Rules:
    """Parallel lines: the row of each in the first column, and how many rows they fall a column."""

    rows: NDArray[np.float64]
    slope: float


@dataclass(frozen=True)
class _Window:
    """The pixels around one line.

    Attributes:
        rows: The line's row in each column, int32: shape (w,).
        half: Rows above it, and below it, that count as around it.
    """

    rows: NDArray[np.int32]
    half: int

    @classmethod
    def along(cls, rules: _Rules, line: int, half: int, shape: tuple[int, ...]) -> _Window:
        return cls(np.rint(rules.rows[line] + rules.slope * np.arange(shape[1])).astype(np.int32), half)

    def of(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What a picture shows there, 0 beyond its edge: shape (window, w)."""
        around, inside, columns = self._places(picture.shape)
        return np.where(inside, picture[np.clip(around, 0, len(picture) - 1), columns], np.uint8(0))

    def mark(self, mask: NDArray[np.bool_]) -> None:
        """Sets all of it in a mask."""
        around, inside, columns = self._places(mask.shape)
        mask[around[inside], columns[inside]] = True

    def _places(self, shape: tuple[int, ...]) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.int64]]:
        around = self.rows + np.arange(-self.half, self.half + 1, dtype=np.int32)[:, None]
        return around, (around >= 0) & (around < shape[0]), np.broadcast_to(np.arange(shape[1]), around.shape)


def _find(thin: NDArray[np.bool_], half: int) -> _Rules | None:
    """Straight lines across the whole of a mask of thin things, shape (h, w); None where there are none."""
    depth, blocks = thin.shape[0], thin.shape[1] // _BLOCK
    filled = thin[:, : blocks * _BLOCK].reshape(depth, blocks, _BLOCK).sum(axis=2) >= _BLOCK // 2
    top = filled & ~np.roll(filled, 1, axis=0)  # a line of any thickness counts once
    row, block = np.nonzero(top)
    spill = int(_STEEPEST * thin.shape[1]) + 2
    counts, slope = _sharpest(row, block * float(_BLOCK) + _BLOCK / 2, thin.shape, spill)
    close = np.convolve(counts, np.ones(3, int), "same")
    starts = np.arange(len(counts)) - spill
    share = _inside(starts, slope * blocks * _BLOCK, depth)
    along = close >= _FILLED * share * blocks
    if not (along & (share >= _WHOLE)).any():
        return None
    peaks = np.flatnonzero(along & (share * blocks >= _SHORTEST))
    groups = np.split(peaks, np.flatnonzero(np.diff(peaks) > half) + 1)
    return _Rules(np.array([starts[g[np.argmax(close[g])]] for g in groups], np.float64), slope)


def _sharpest(
    row: NDArray[np.int64], at: NDArray[np.floating], shape: tuple[int, ...], spill: int
) -> tuple[NDArray[np.int64], float]:
    """How many points lie on each of the parallel lines that meet the most, by their row in the first column, and
    the slope of these lines.

    Args:
        row: Of each point.
        at: Its column.
        shape: Of the picture, (h, w).
        spill: Rows above the picture that the counts begin with.
    """
    best, chosen = -1, (np.zeros(shape[0] + 2 * spill, np.int64), 0.0)
    steps = max(3, round(2 * _STEEPEST * shape[1] / _APART)) | 1
    for slope in np.linspace(-_STEEPEST, _STEEPEST, steps).tolist():
        counts = np.bincount(np.rint(row - slope * at).astype(np.int64) + spill, minlength=shape[0] + 2 * spill)
        sharp = int((counts * counts).sum())
        if sharp > best:
            best, chosen = sharp, (counts, slope)
    return chosen


def _inside(starts: NDArray[np.int64], fall: float, depth: int) -> NDArray[np.float64]:
    """Share of each line that lies in the picture, of lines that fall by so many rows from one side to the other."""
    low, high = np.minimum(starts, starts + fall), np.maximum(starts, starts + fall)
    within = np.clip(high, 0, depth - 1) - np.clip(low, 0, depth - 1)
    level = (low >= 0) & (high < depth)
    return np.where(level, 1.0, within / max(abs(fall), 1.0))
