"""One glyph → the 28×28 picture that the classifier sees: the same code for training and for reading.

The convention is MNIST's (LeCun et al. 1998): the ink is scaled, its aspect kept, until its longer side is 20 pixels,
and its centre of mass is put at the centre of 28×28. Centre lines are first drawn with a pen as thick, after that
scaling, as the strokes of EMNIST are: stroke thickness is what an EMNIST classifier minds most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.imagefile import draw_line, shrunk
from model.reading.ink import Box, Polyline, Stroke, StrokeImage

SIDE = 28
"""Pixels a side of the normalized picture."""
BOX = 20
"""Pixels of the longer side of the ink within it."""
PEN = 2.0
"""Width of the pen that centre lines are drawn with, in pixels of the normalized picture: gives EMNIST's mean ink."""
FAINT = 51
"""Coverage, of 255, below which a pixel at the edge is blur and does not count as ink when cropping."""
FINE = 0.6
"""Pens of pictures that would come out narrower than this, in pixels of the normalized picture, are redrawn."""
BROAD = 2.6
"""Pens of pictures that would come out broader than this, in pixels of the normalized picture, are worn down to it."""
DOT = 7.0
"""Ink whose box has no side longer than this, in CSS pixels, has no shape to speak of: it is drawn as a dot."""

_OVERSAMPLING = 4
_SUBPIXEL_BITS = 4
_DETAIL = 160
"""Points of a path that are drawn; more can't be told apart in 80 pixels."""
_FLAT = 0.5
"""Of those 80 pixels, by how much the line drawn may pass a point by: dense ink is drawn four times as fast."""
_CANVAS = 2048
"""Pixels of the longer side that pictures are laid over each other in at most."""
_ENOUGH = 160
"""Pixels of the longer side beyond which a glyph is shrunk before anything else is done to it."""


def normalize(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Crops to the ink, scales its longer side to 20 pixels and centres its mass in 28×28.

    Args:
        image: Ink coverage of one glyph, shape (h, w), uint8, 0 background to 255 ink.

    Returns:
        Shape (28, 28), float32, 0 to 1; all 0 where `image` has no ink.
    """
    ink = cropped(image)
    height, width = ink.shape
    out = np.zeros((SIDE, SIDE), np.float32)
    if width == 0:
        return out
    scale = BOX / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if size != (width, height):
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        ink = np.asarray(cv2.resize(ink, size, interpolation=method), np.uint8)
    column_mass = ink.sum(axis=0, dtype=np.float64)
    row_mass = ink.sum(axis=1, dtype=np.float64)
    mass = column_mass.sum()
    if mass == 0:  # specks so faint that shrinking rounded them away
        return out
    x = _centred(float(column_mass @ np.arange(size[0]) / mass), size[0])
    y = _centred(float(row_mass @ np.arange(size[1]) / mass), size[1])
    out[y : y + size[1], x : x + size[0]] = ink
    out /= 255
    return out


def inked(image: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, width and height of what holds ink in a picture, blur at its edge left out; 0 where it has none."""
    left, top, width, height = cv2.boundingRect((image >= FAINT).view(np.uint8))
    return left, top, width, height


def cropped(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What of a picture holds ink; of shape (0, 0) where there is none."""
    left, top, width, height = inked(image)
    return image[top : top + height, left : left + width]


def _centred(mass: float, size: int) -> int:
    """Where to put `size` pixels with centre of mass at `mass`, for it to lie at the centre; never cut off."""
    return min(max(round((SIDE - 1) / 2 - mass), 0), SIDE - size)


def draw(paths: Iterable[Polyline], pen: float = PEN) -> NDArray[np.uint8]:
    """Draws centre lines, in any units, as one glyph ready for `normalize`.

    Args:
        paths: Polylines of shape (n, 2), x and y, y down; at least one.
        pen: Stroke width in pixels of the normalized picture.

    Returns:
        Ink coverage, shape (h, w), uint8, 0 background to 255 ink; the longer side of the ink is 80 pixels.
    """
    paths = list(paths)
    points = paths[0] if len(paths) == 1 else np.concatenate(paths)
    low = points.min(axis=0)
    extent = points.max(axis=0) - low
    longest = float(extent.max())
    thickness = max(1, round(pen * _OVERSAMPLING))
    scale = (BOX * _OVERSAMPLING - thickness) / longest if longest > DOT else 0.0
    if scale == 0:
        paths = [low[None]]
    margin = thickness // 2 + 2
    width, height = np.ceil(extent * scale).astype(int) + 2 * margin + 1
    canvas = np.zeros((height, width), np.uint8)
    unit = 1 << _SUBPIXEL_BITS
    for path in paths:
        drawn = path[:: len(path) // _DETAIL + 1]
        pixels = np.rint(((drawn - low) * scale + margin) * unit).astype(np.int32)
        if len(pixels) > 2:
            pixels = np.asarray(cv2.approxPolyDP(pixels, _FLAT * unit, closed=False), np.int32)
        draw_line(canvas, pixels, 255, thickness, _SUBPIXEL_BITS)
    return canvas


def overlaid(images: Sequence[StrokeImage]) -> tuple[NDArray[np.uint8], float]:
    """Pictures of strokes of one pixel ratio, laid over each other where they stand.

    Returns:
        Shape (h, w), uint8, 0 to 255, the longer side 2048 pixels at most; and its pixels per CSS pixel.
    """
    ratio = images[0].pixel_ratio
    x, y = min(image.x for image in images), min(image.y for image in images)
    right = max(image.x + image.coverage.shape[1] / ratio for image in images)
    bottom = max(image.y + image.coverage.shape[0] / ratio for image in images)
    scale = _CANVAS / max((right - x) * ratio, (bottom - y) * ratio)
    if scale < 1:  # small pictures may stand far apart
        images = [replace(image, coverage=shrunk(image.coverage, scale)) for image in images]
        ratio *= scale
    corners = [(round((image.x - x) * ratio), round((image.y - y) * ratio)) for image in images]
    width = max(left + image.coverage.shape[1] for (left, _), image in zip(corners, images, strict=True))
    height = max(top + image.coverage.shape[0] for (_, top), image in zip(corners, images, strict=True))
    canvas = np.zeros((height, width), np.uint8)
    for (left, top), image in zip(corners, images, strict=True):
        h, w = image.coverage.shape
        window = canvas[top : top + h, left : left + w]
        np.maximum(window, image.coverage, out=window)
    return canvas, ratio


def glyph_picture(strokes: Sequence[Stroke]) -> NDArray[np.float32]:
    """The strokes of one glyph → what the classifier sees: shape (28, 28), float32, 0 to 1.

    Strokes that came as pictures are seen as they looked, for a thick pen closes loops that no centre line brings
    back. Only where the pen is so fine for the glyph's size that shrinking would fade it is the way of the pen drawn
    instead, as for points.
    """
    images = [stroke.image for stroke in strokes if stroke.image is not None]
    paths = [path for stroke in strokes for path in stroke.paths]
    box = Box.over(stroke.box for stroke in strokes)
    longest = max(box.width, box.height)
    if len(images) < len(strokes) or longest <= DOT or images[0].pen * BOX < FINE * longest:
        return normalize(draw(paths))
    image, ratio = overlaid(images)
    scale = min(1.0, _ENOUGH / max(image.shape))
    excess = images[0].pen - BROAD * longest / BOX  # CSS pixels
    return normalize(_worn(shrunk(image, scale), round(excess * ratio * scale)))


def _worn(image: NDArray[np.uint8], excess: int) -> NDArray[np.uint8]:
    """Takes `excess` pixels, if any, off the width of every stroke; what a thick pen filled stays filled."""
    if excess < 1:
        return image
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (excess | 1, excess | 1))
    return np.asarray(cv2.erode(image, disc), np.uint8)
