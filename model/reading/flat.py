"""One flat picture → Ink: pieces of connected ink, and their parts where glyphs may touch."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.fragments import fragments
from model.reading.ink import Box, Ink, Stroke, StrokeImage
from model.reading.layout import usual_height
from model.reading.paper import read_page
from model.reading.pictures import INK, SPECK, cut_columns, on_canvas, pen_width, shrunk, stroke_from_coverage, traced

_MOST_PIECES = 512
"""Pieces of ink read from one flat image, the largest first: as many as the contract allows strokes."""

_MOST_INK = 60_000
"""Pixels of pen way, in pen widths of a flat image, beyond which the whole image is read at half its size."""

_BROAD = 24.0
"""Width of the pen in pixels beyond which the same is done: so much detail tells nothing."""

_LARGEST = 4_000_000
"""Pixels of the box around a piece beyond which it is left whole: taking it apart takes thirty bytes for each."""

_WIDE = 0.75
"""Width, in line heights, beyond which a piece may be glyphs that lie in each other."""

_DENSE = 12.0
"""Parts, for each of its own heights that a piece is wide, beyond which it is a scribble: digits that all touch have
eight, one in ten strings of them more than eleven."""

_LOW = 5.0
"""Height, in pen widths, up to which a piece is a dash or a dot however wide."""

_MARGIN = 2


def ink_from_image(data: bytes, pixel_ratio: float = 1.0) -> Ink:
    """Reads one flat picture: each connected piece of ink becomes a stroke, from left to right.

    Raises:
        PictureError: it cannot be decoded.
    """
    page = read_page(data)
    coverage, pixel_ratio = page.coverage, pixel_ratio * page.scale
    pen = pen_width(coverage >= INK)
    while (pen > _BROAD or np.count_nonzero(coverage >= INK) > _MOST_INK * max(pen, 1.0)) and min(coverage.shape) > 64:
        coverage = shrunk(coverage, 0.5)
        pixel_ratio /= 2
        pen = pen_width(coverage >= INK)
    mask = coverage >= INK
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    strokes = []
    areas = boxes[:, cv2.CC_STAT_AREA]
    largest = 1 + np.argsort(-areas[1:], kind="stable")[:_MOST_PIECES]
    chosen = largest[areas[largest] >= SPECK * pen * pen]
    line = usual_height([Box(*(float(v) for v in boxes[label][:4])) for label in chosen]) if len(chosen) else 0.0
    for label in chosen[np.argsort(boxes[chosen, cv2.CC_STAT_LEFT], kind="stable")].tolist():
        x, y, width, height, _ = (int(v) for v in boxes[label])
        part = np.where(labels[y : y + height, x : x + width] == label, coverage[y : y + height, x : x + width], 0)
        corner = (x / pixel_ratio, y / pixel_ratio)
        strokes += _pieces(part, line, pen, pixel_ratio, corner)
    return Ink(tuple(strokes))


def _pieces(
    part: NDArray[np.uint8], line: float, pen: float, pixel_ratio: float, corner: tuple[float, float]
) -> list[Stroke]:
    """One connected piece of ink as strokes: one, or where it may be several glyphs, one for each part of them."""
    columns = cut_columns(part >= INK, pen)
    height, width = part.shape
    if width > _WIDE * line and height > _LOW * pen and part.size <= _LARGEST:
        found = _fragments(part, columns, pen, pixel_ratio, corner)
        if len(found) <= _DENSE * width / height:
            return found
    strokes: list[Stroke] = []
    for left, right in pairwise([0, *columns, width]):
        piece = np.ascontiguousarray(part[:, left:right])
        place = (corner[0] + left / pixel_ratio, corner[1])
        stroke = stroke_from_coverage(piece, pen, pixel_ratio, place, None, None, None)
        if stroke is not None:
            strokes.append(replace(stroke, torn=len(strokes) > 0))
    return strokes


def _fragments(
    part: NDArray[np.uint8], columns: list[int], pen: float, pixel_ratio: float, corner: tuple[float, float]
) -> list[Stroke]:
    part = np.pad(part, _MARGIN)  # a margin keeps the soft edge, without which shrinking would wear the ink away
    corner = corner[0] - _MARGIN / pixel_ratio, corner[1] - _MARGIN / pixel_ratio
    strokes: list[Stroke] = []
    for found in fragments(part >= INK, traced(part, pen), [column + _MARGIN for column in columns], pen):
        rows, across = (slice(at, at + side) for at, side in zip((found.y, found.x), found.ink.shape, strict=True))
        coverage = np.where(found.ink, part[rows, across], 0).astype(np.uint8)
        x, y = corner[0] + found.x / pixel_ratio, corner[1] + found.y / pixel_ratio
        image = StrokeImage(coverage, x, y, pixel_ratio, pen / pixel_ratio)
        path = on_canvas(found.path, pixel_ratio, corner)
        strokes.append(Stroke((path,), None, None, None, image, torn=len(strokes) > 0))
    return strokes
