"""Ink in which several glyphs may touch → fragments: what lies between ends, crossings and sharp corners of its lines.

A flat image does not tell which lines were one stroke, and where glyphs lie in each other no column parts them. A glyph
is some of the fragments that follow each other from left to right; which ones is for the lattice to find.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.imagefile import draw_line
from model.reading.ink import Polyline, way_along

_CROSSING = 1.2
"""Way, in pen widths, up to which a line between two crossings is a part of both."""

_SHARED = 0.6
"""Way, in heights of the piece, up to which a line between two crossings may be where two glyphs lie on each other."""

_MARGIN = 0.75
"""Around what is nearest to a fragment, in pen widths: the pen drew no further from its line."""


@dataclass(frozen=True)
class Fragment:
    """A line of the ink with the ink around it.

    Attributes:
        path: Its centre line, pixels of the whole picture.
        ink: Where ink is its own, as no line is nearer or as a pen that drew the line drew it: shape (h, w), bool; also
            where the picture has none.
        x: Left edge of `ink` in the picture.
        y: Top edge.
        shared: Whether it may be of two glyphs: sides that touch look like one short line between two crossings.
    """

    path: Polyline
    ink: NDArray[np.bool_]
    x: int
    y: int
    shared: bool


def fragments(mask: NDArray[np.bool_], lines: Sequence[Polyline], columns: Sequence[int], pen: float) -> list[Fragment]:
    """Parts ink by its lines.

    Args:
        mask: One connected piece, shape (h, w).
        lines: Its skeleton's branches, pixels of `mask`; those that meet do so in one point.
        columns: Where one line alone leads from left to right, ascending: it is cut there too.
        pen: Width of the pen, pixels.

    Returns:
        From left to right, by the middles of their lines; all ink is part of at least one.
    """
    inner, outer = _by_crossings(lines, pen)
    parts: list[tuple[Polyline, bool]] = []
    for line in inner:
        cut = _cut(line, columns)
        shared = len(cut) == 1 and bool(way_along(line)[-1] <= _SHARED * mask.shape[0])
        parts += [(part, shared) for part in cut]
    parts += [(part, False) for line in outer for part in _cut(line, columns)]
    parts.sort(key=lambda part: float(part[0][:, 0].min() + part[0][:, 0].max()))
    margin = max(2, round(_MARGIN * pen))
    found = []
    for (path, shared), pixels in zip(parts, _owned(mask, [path for path, _ in parts]), strict=True):
        if len(pixels) == 0:
            continue
        corner = np.maximum(pixels.min(axis=0) - margin, 0)
        size = np.minimum(pixels.max(axis=0) + 1 + margin, mask.shape) - corner
        own = np.zeros(size, np.uint8)
        own[tuple((pixels - corner).T)] = 1
        y, x = corner.tolist()
        _draw(own, path - np.array([x, y]), 1, pen)
        found.append(Fragment(path, own > 0, x, y, shared))
    return found


def _by_crossings(lines: Sequence[Polyline], pen: float) -> tuple[list[Polyline], list[Polyline]]:
    """The lines that lead from crossing to crossing, and the others.

    Those so short that they are but the middle of a crossing are left out, where there are any others.
    """
    met: dict[tuple[float, ...], int] = defaultdict(int)
    for line in lines:
        met[tuple(line[0].tolist())] += 1
        met[tuple(line[-1].tolist())] += 1
    inner, outer = [], []
    for line in lines:
        if min(met[tuple(line[0].tolist())], met[tuple(line[-1].tolist())]) < 2:
            outer.append(line)
        elif way_along(line)[-1] >= _CROSSING * pen:
            inner.append(line)
    return (inner, outer) if inner or outer else ([], list(lines))


def _cut(line: Polyline, columns: Sequence[int]) -> list[Polyline]:
    """A line in pieces where it crosses one of the columns."""
    ends = sorted({int(i) + 1 for column in columns for i in np.flatnonzero(np.diff(line[:, 0] > column))})
    return [piece for piece in np.split(line, ends) if len(piece)]


def _owned(mask: NDArray[np.bool_], paths: Sequence[Polyline]) -> list[NDArray[np.int64]]:
    """The ink that is nearest to each path: row and column of its pixels, shape (n, 2)."""
    drawn = np.zeros(mask.shape, np.int32)
    for i, path in enumerate(paths):
        _draw(drawn, path, i + 1)
    _, labels = cv2.distanceTransformWithLabels(
        (drawn == 0).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(labels.max()) + 1, np.int32)
    on = drawn > 0
    owner[labels[on]] = drawn[on]
    ink = np.argwhere(mask)
    owners = owner[labels[mask]]
    order = np.argsort(owners, kind="stable")
    return np.split(ink[order], np.searchsorted(owners[order], np.arange(2, len(paths) + 1)))


def _draw(canvas: NDArray[np.uint8] | NDArray[np.int32], path: Polyline, value: int, pen: float = 1.0) -> None:
    """Draws a line, in pixels of `canvas`, with a round pen so many pixels wide."""
    draw_line(canvas, np.rint(path).astype(np.int32), value, max(1, round(pen)))
