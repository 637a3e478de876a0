"""One flat picture → Ink: its pieces of connected ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.imagefile import shrunk
from model.reading.ink import MAX_PIECES, Ink
from model.reading.paper import read_page
from model.reading.pictures import INK, SPECK, pen_width, stroke_from_coverage

_MOST_INK = 60_000
"""Pixels of pen way, in pen widths of a flat image, beyond which the whole image is read at half its size."""

_MOST_AREA = 24_000_000
"""Pixels of the boxes of all pieces beyond which the same is done: long slanted lines side by side, each with a picture
of its own that holds little else, once took half a gigabyte."""

_BROAD = 24.0
"""Width of the pen in pixels beyond which the same is done: so much detail tells nothing."""


def ink_from_image(data: bytes, pixel_ratio: float = 1.0) -> Ink:
    """Reads one flat picture: each connected piece of ink becomes a stroke, from left to right.

    Raises:
        PictureError: it cannot be decoded.
    """
    page = read_page(data)
    coverage, pixel_ratio = page.coverage, pixel_ratio * page.scale
    while True:
        ink = coverage >= INK
        pen = pen_width(ink)
        _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8), connectivity=8)
        if min(coverage.shape) <= 64 or not _is_dear(np.asarray(boxes[1:], np.int64), pen):
            break
        coverage = shrunk(coverage, 0.5)
        pixel_ratio /= 2
    strokes = []
    areas = boxes[:, cv2.CC_STAT_AREA]
    largest = 1 + np.argsort(-areas[1:], kind="stable")[:MAX_PIECES]
    chosen = largest[areas[largest] >= SPECK * pen * pen]
    for label in chosen[np.argsort(boxes[chosen, cv2.CC_STAT_LEFT], kind="stable")].tolist():
        x, y, width, height, _ = (int(v) for v in boxes[label])
        part = np.where(labels[y : y + height, x : x + width] == label, coverage[y : y + height, x : x + width], 0)
        corner = (x / pixel_ratio, y / pixel_ratio)
        stroke = stroke_from_coverage(part, pen, pixel_ratio, corner, None, None, None)
        if stroke is not None:
            strokes.append(stroke)
    return Ink(tuple(strokes))


def _is_dear(boxes: NDArray[np.int64], pen: float) -> bool:
    """Whether the pieces of ink, a row of statistics for each, hold more than any page of writing does."""
    held = boxes[:, cv2.CC_STAT_WIDTH] @ boxes[:, cv2.CC_STAT_HEIGHT]
    return bool(pen > _BROAD or boxes[:, cv2.CC_STAT_AREA].sum() > _MOST_INK * max(pen, 1.0) or held > _MOST_AREA)
