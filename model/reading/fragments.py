"""Ink in which several glyphs may touch → fragments: what lies between the ends and crossings of its lines.

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

from model.reading.ink import Polyline, way_along

_CROSSING = 1.2
"""Way, in pen widths, up to which a line between two crossings is a part of both."""

_OVERLAP = 0.5
"""How far, in pen widths, the ink of a fragment reaches over that which is nearer to another."""


@dataclass(frozen=True)
class Fragment:
    """A line of the ink with the ink around it.

    Attributes:
        path: Its centre line, pixels of the whole picture.
        ink: Where ink is its own: shape (h, w), bool.
        x: Left edge of `ink` in the picture.
        y: Top edge.
    """

    path: Polyline
    ink: NDArray[np.bool_]
    x: int
    y: int


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
    paths = [part for line in _outside_crossings(lines, pen) for part in _cut(line, columns)]
    paths.sort(key=lambda path: float(path[:, 0].min() + path[:, 0].max()))
    nearest = _nearest(mask, paths)
    margin = max(2, round(_OVERLAP * pen))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    found = []
    for i, path in enumerate(paths):
        own = (nearest == i + 1) & mask
        left, top, width, height = cv2.boundingRect(own.view(np.uint8))
        if width == 0:
            continue
        rows = slice(max(0, top - margin), top + height + margin)
        across = slice(max(0, left - margin), left + width + margin)
        grown = cv2.dilate(own[rows, across].view(np.uint8), disc)
        found.append(Fragment(path, grown > 0, across.start, rows.start))
    return found


def _outside_crossings(lines: Sequence[Polyline], pen: float) -> list[Polyline]:
    """The lines without those so short that they are but the middle of a crossing, where there are any others."""
    met: dict[tuple[float, ...], int] = defaultdict(int)
    for line in lines:
        met[tuple(line[0].tolist())] += 1
        met[tuple(line[-1].tolist())] += 1
    outside = [
        line
        for line in lines
        if min(met[tuple(line[0].tolist())], met[tuple(line[-1].tolist())]) < 2
        or way_along(line)[-1] >= _CROSSING * pen
    ]
    return outside or list(lines)


def _cut(line: Polyline, columns: Sequence[int]) -> list[Polyline]:
    """A line in pieces where it crosses one of the columns."""
    ends = sorted({int(i) + 1 for column in columns for i in np.flatnonzero(np.diff(line[:, 0] > column))})
    return [piece for piece in np.split(line, ends) if len(piece)]


def _nearest(mask: NDArray[np.bool_], paths: Sequence[Polyline]) -> NDArray[np.int32]:
    """Which path each pixel is nearest to, from 1: shape (h, w)."""
    drawn = np.zeros(mask.shape, np.int32)
    for i, path in enumerate(paths):
        pixels = np.rint(path).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(drawn, [np.repeat(pixels, 2, axis=0) if len(pixels) == 1 else pixels], False, i + 1)
    _, labels = cv2.distanceTransformWithLabels(
        (drawn == 0).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(labels.max()) + 1, np.int32)
    on = drawn > 0
    owner[labels[on]] = drawn[on]
    return np.asarray(owner[labels], np.int32)
