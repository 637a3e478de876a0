"""The picture of a line of ink that is read whole: what was drawn, and what is known of how.

Beside the ink, maps tell which way the pen went (as Bai & Huo, "A study on the use of 8-directional features for online
handwritten Chinese character recognition", ICDAR 2005) and which stroke is another one: digits that lie in each other
come apart by that.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.imagefile import draw_line
from model.reading.ink import Box, Polyline, Stroke, evenly, way_along
from model.reading.normalize import FINE, inked, overlaid

CHANNELS = ("ink", "right", "down", "stroke")
"""What is known at each pixel: coverage, 0 background to 255 ink; which way the pen went, 128 ± 127 times a unit
vector; and 255 or 1 for strokes by turns, in the order in which they were drawn. 128 is not known, or no ink."""
BLANK = 0, 128, 128, 128
"""Where nothing was drawn."""

HEIGHT = 32
"""Pixels from top to bottom."""
PEN = 2.0
"""Width of the pen that centre lines are drawn with, pixels."""

_MARGIN = 2
"""Pixels around the ink."""
_LONGEST = 40
"""Widths of lines up to which they are as high as the picture, in heights; longer ones would take too long."""
_STEP = 2.0
"""Pixels of the way over which its direction is taken, at most: points lie on whole pixels of the screen."""
_OVERSAMPLING = 2
_SUBPIXEL_BITS = 4

LinePicture = NDArray[np.uint8]


def line_picture(strokes: Sequence[Stroke], pen: float = PEN) -> LinePicture:
    """The picture of a line of ink.

    As of glyphs, what came as pictures is seen as it looked, unless the pen is so fine that shrinking would fade it.

    Args:
        strokes: What stands on the line, at least one.
        pen: Width of the pen that centre lines are drawn with, pixels of the picture.

    Returns:
        Shape (32, w, 4), uint8; the channels are `CHANNELS`.
    """
    box = Box.over(stroke.box for stroke in strokes)
    tall = max(box.height, box.width / _LONGEST, 1e-3)
    images = [stroke.image for stroke in strokes if stroke.image is not None]
    if len(images) == len(strokes) and images[0].pen * (HEIGHT - 2 * _MARGIN) >= FINE * tall:
        seen, ratio = overlaid(images)
        left, top, width, height = inked(seen)
        if width:
            scale = (HEIGHT - 2 * _MARGIN) / max(height, width / _LONGEST)
            size = max(1, round(width * scale)), max(1, round(height * scale))
            method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            shrunk = cv2.resize(seen[top : top + height, left : left + width], size, interpolation=method)
            corner = np.array([min(image.x for image in images), min(image.y for image in images)])
            told = [stroke for stroke in strokes if stroke.index is not None]
            drawn = _drawn(
                told, corner + np.array([left, top]) / ratio, ratio * scale, images[0].pen * ratio * scale, size[0]
            )
            drawn[..., 0] = np.pad(shrunk, ((_MARGIN, HEIGHT - _MARGIN - size[1]), (_MARGIN, _MARGIN)))
            return drawn
    scale = (HEIGHT - 2 * _MARGIN - pen) / tall
    return _drawn(
        strokes, np.array([box.x, box.y]) - pen / 2 / scale, scale, pen, int(np.ceil(box.width * scale + pen))
    )


def unmarked(ink: NDArray[np.uint8]) -> LinePicture:
    """Ink of which no more is known: shape (32, w) → (32, w, 4)."""
    found = np.empty((*ink.shape, len(CHANNELS)), np.uint8)
    found[...] = BLANK
    found[..., 0] = ink
    return found


def _drawn(strokes: Sequence[Stroke], corner: NDArray[np.float64], scale: float, pen: float, width: int) -> LinePicture:
    """Centre lines, drawn.

    Args:
        strokes: What is drawn.
        corner: Where the ink begins, with the pen's width, CSS pixels.
        scale: Pixels per CSS pixel.
        pen: Width of the pen, pixels.
        width: Of the ink, pixels.
    """
    width += 2 * _MARGIN
    canvas = np.empty((_OVERSAMPLING * HEIGHT, _OVERSAMPLING * width, len(CHANNELS)), np.uint8)
    canvas[...] = BLANK
    places = sorted({stroke.index for stroke in strokes if stroke.index is not None})
    thick = max(_OVERSAMPLING, round(_OVERSAMPLING * pen))
    for stroke in strokes:
        mark = 128 if stroke.index is None else (1, 255)[places.index(stroke.index) % 2]
        for path in stroke.paths:
            points, going = np.asarray((path - corner) * scale + _MARGIN, np.float32), np.full((1, 2), 128)
            if stroke.image is None:
                points, going = _steps(points)
            pixels = np.rint(points * (_OVERSAMPLING << _SUBPIXEL_BITS)).astype(np.int32)
            reach = 2 if len(going) > 1 else len(pixels)
            for at, way in enumerate(going.tolist()):
                draw_line(canvas, pixels[at : at + reach], (255, *way, mark), thick, _SUBPIXEL_BITS)
    return np.asarray(cv2.resize(canvas, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def _steps(path: Polyline) -> tuple[Polyline, NDArray[np.int64]]:
    """Points along the way of the pen, (n, 2), and what is said of where it goes from each to the next, (n − 1, 2)."""
    way = way_along(path)
    if way[-1] < 1:
        return path, np.full((1, 2), 128)
    points = evenly(path, way, int(way[-1] / _STEP) + 2)
    going = points[1:] - points[:-1]
    going *= 127 / np.maximum(np.hypot(*going.T), 1e-6)[:, None]
    return points, np.rint(128 + going).astype(np.int64)
