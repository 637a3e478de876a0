"""Strokes that may be two glyphs drawn without a lift → pieces, for the lattice to put together again or not.

Only strokes too wide for one glyph are torn: where the pen left one glyph for the next, as its points tell, or, in a
picture, where a single thin run of ink joins what stands left and right of it: a ligature, or the way from one ring to
the next. In a flat image all ink may touch: its wide pieces come apart at every end and crossing of their lines.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.fragments import fragments
from model.reading.ink import MAX_PIECES, Ink, Polyline, Stroke, StrokeImage, way_along
from model.reading.layout import line_height
from model.reading.pictures import FINE_PEN_PIXELS, INK, cut_columns, on_canvas, stroke_from_coverage, traced

WIDE = 1.15
"""Width, in line heights, beyond which a stroke may be more than one glyph."""

LOW = 0.4
"""Height, in line heights, that each piece must have, or the stroke is left whole: half a dash is no glyph. Of a stroke
in doubt one piece is enough: the bar of a 5 may lead on to what follows."""

_BROAD = 0.75
"""Width, in line heights, beyond which a piece of a flat image may be glyphs that lie in each other, and a stroke more
than one glyph where what it was read as is in doubt."""

_NARROW = 0.35
"""The same of a piece of a flat image where what it was read as is in doubt."""

_DENSE = 16.0
"""Parts, for each of its own heights that a piece is wide, beyond which it is a scribble: digits that all touch have
eight, one in ten strings of them more than eleven."""

_TEETH = 7
"""How often a line goes up and down that is no writing: in 14,000 flat images of numbers and words two pieces did so
seven times, none oftener, and none of numbers more than five times."""

_DASH = 3.0
"""Height, in pen widths, up to which a piece is a dash or a dot however wide."""

_LARGEST = 4_000_000
"""Pixels of the box around a piece beyond which it is left whole: taking it apart takes thirty bytes for each."""

_OVERLAP = 0.05
"""Width, in line heights, that both sides of a tear stand over or under each other at most."""

_DOUBTED_OVERLAP = 0.3
"""The same where what the stroke was read as is in doubt."""

_LEAST = 0.2
"""Width, in line heights, that each side has at least."""

_LEVEL = 0.03
"""Width, in line heights, by which the overlap changes along a ligature."""

_APART = 0.5
"""Way of the pen between two tears, in line heights."""

_MOST = 3
"""Tears of one stroke."""

_STEP = 0.03
"""Way between the places looked at, in line heights."""


def torn_apart(ink: Ink, doubted: Container[int] = ()) -> Ink:
    """The drawing with its wide strokes in pieces; each piece after a stroke's first is `torn`.

    Args:
        ink: The drawing, nothing of it torn.
        doubted: Places of strokes that hardly are what they were read as: narrower ones come apart too.
    """
    if not ink.strokes:
        return ink
    height = line_height(ink.strokes)
    pieces: list[Stroke] = []
    for place, stroke in enumerate(ink.strokes):
        room = MAX_PIECES - len(pieces) - (len(ink.strokes) - 1 - place)
        torn = _torn(stroke, height, place in doubted) if room > 1 else [stroke]
        pieces += torn if len(torn) <= room else [stroke]
    return Ink(tuple(pieces))


def _torn(stroke: Stroke, height: float, doubted: bool) -> list[Stroke]:
    """The pieces of one stroke: itself where it is no wider than a glyph may be; `height` is the line's."""
    width, image = stroke.box.width / height, stroke.image
    if image is not None and stroke.is_flat:
        mask = image.coverage >= INK
        if _is_zigzag(mask):
            return [stroke]
        parts = _parts(image, mask) if width > (_NARROW if doubted else _BROAD) else []
        return parts or _torn_picture(stroke, image, mask)
    if width <= (_BROAD if doubted else WIDE):
        return [stroke]
    overlap = _DOUBTED_OVERLAP if doubted else _OVERLAP
    if image is None:
        torn = _torn_path(stroke, height, overlap * height)
    else:
        torn = _torn_picture(stroke, image, image.coverage >= INK)
    enough = any if doubted else all
    return torn if enough(piece.box.height >= LOW * height for piece in torn) else [stroke]


def _torn_path(stroke: Stroke, height: float, overlap: float) -> list[Stroke]:
    points = stroke.points
    edges = [0, *_partings(points, height, overlap), len(points)]
    return [
        replace(
            stroke,
            paths=(points[begin:end],),
            start=_moment(stroke, begin / len(points)),
            end=_moment(stroke, end / len(points)),
            torn=begin > 0,
            begin=begin,
        )
        for begin, end in pairwise(edges)
    ]


def _partings(points: Polyline, height: float, most: float) -> list[int]:
    """Where the pen may have gone on to the next glyph: what it drew until there lies left of what it drew from there.

    Args:
        points: Shape (n, 2).
        height: The line's.
        most: How far both may overlap.

    Returns:
        At most three places in `points`, ascending, where both overlap least.
    """
    drawn = way_along(points)
    way = np.linspace(0, drawn[-1], int(drawn[-1] / (_STEP * height)) + 3)
    x = np.interp(way, drawn, points[:, 0])  # a quick pen leaves no points on its way to the next glyph
    left, right = np.minimum.accumulate(x), np.maximum.accumulate(x)  # of what is drawn until each place
    from_left, from_right = np.minimum.accumulate(x[::-1])[::-1], np.maximum.accumulate(x[::-1])[::-1]
    overlap = right - from_left
    narrowest = np.minimum(right - left, from_right - from_left)
    rank = np.where((overlap <= most) & (narrowest >= _LEAST * height), overlap, np.inf)
    rank[[0, -1]] = np.inf
    found: list[int] = []
    while len(found) < _MOST and np.isfinite(rank).any():
        place = int(rank.argmin())
        # a ligature is as good all the way: it is torn in its middle
        higher = np.flatnonzero(rank > rank[place] + _LEVEL * height)
        begin, end = int(higher[higher < place].max()) + 1, int(higher[higher > place].min())
        found.append((begin + end - 1) // 2)
        rank[begin:end] = np.inf
        rank[np.abs(way - way[found[-1]]) < _APART * height] = np.inf
    return sorted({int(np.searchsorted(drawn, way[place])) for place in found})


def _moment(stroke: Stroke, share: float) -> float | None:
    """About when the pen had made such a share of a stroke, ms."""
    if stroke.start is None or stroke.end is None:
        return None
    return stroke.start + share * (stroke.end - stroke.start)


def _torn_picture(stroke: Stroke, image: StrokeImage, mask: NDArray[np.bool_]) -> list[Stroke]:
    columns = cut_columns(mask, image.pen * image.pixel_ratio)
    if not columns:
        return [stroke]
    pieces: list[Stroke] = []
    for left, right in pairwise([0, *columns, image.coverage.shape[1]]):
        corner = image.x + left / image.pixel_ratio, image.y
        coverage = np.ascontiguousarray(image.coverage[:, left:right])
        piece = stroke_from_coverage(
            coverage, image.pen * image.pixel_ratio, image.pixel_ratio, corner, stroke.index, stroke.start, stroke.end
        )
        if piece is not None:
            pieces.append(replace(piece, torn=len(pieces) > 0))
    return pieces


def _is_zigzag(mask: NDArray[np.bool_]) -> bool:
    """Whether a piece of a flat image is one line that only goes up and down, more often than any writing does.

    So it is where none of what stands above its middle, or below, is held together by more than two lines there.
    """
    ones = mask.view(np.uint8)
    _, top, _, height = cv2.boundingRect(ones)
    middle = top + height // 2
    lines = np.flatnonzero(mask[middle, 1:] & ~mask[middle, :-1]) + 1
    if len(lines) < _TEETH:
        return False
    upper = cv2.connectedComponents(ones[: middle + 1], connectivity=8)[1][-1]
    lower = cv2.connectedComponents(ones[middle:], connectivity=8)[1][0]
    return all(np.bincount(half[lines]).max() <= 2 for half in (upper, lower))


def _parts(image: StrokeImage, mask: NDArray[np.bool_]) -> list[Stroke]:
    """A piece of a flat image in parts, one that two glyphs may share twice; none of a dash or a scribble."""
    pen, corner = image.pen * image.pixel_ratio, (image.x, image.y)
    _, _, width, height = cv2.boundingRect(mask.view(np.uint8))
    if height <= _DASH * pen or mask.size > _LARGEST:
        return []
    found = fragments(mask, traced(image.coverage, pen, FINE_PEN_PIXELS), cut_columns(mask, pen), pen)
    if len(found) > _DENSE * width / height:
        return []
    parts: list[Stroke] = []
    for part in found:
        rows, columns = (slice(at, at + side) for at, side in zip((part.y, part.x), part.ink.shape, strict=True))
        coverage = np.where(part.ink, image.coverage[rows, columns], 0).astype(np.uint8)
        x, y = image.x + part.x / image.pixel_ratio, image.y + part.y / image.pixel_ratio
        cut_out = StrokeImage(coverage, x, y, image.pixel_ratio, image.pen)
        path = on_canvas(part.path, image.pixel_ratio, corner)
        for _ in range(1 + part.shared):
            parts.append(Stroke((path,), None, None, None, cut_out, torn=len(parts) > 0))
    return parts
