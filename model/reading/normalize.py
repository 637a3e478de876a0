"""One glyph → the 28×28 picture that the classifier sees: the same code for training and for reading.

The convention is MNIST's (LeCun et al. 1998): the ink is scaled, its aspect kept, until its longer side is 20 pixels,
and its centre of mass is put at the centre of 28×28. Centre lines are first drawn with a pen as thick, after that scaling,
as the strokes of EMNIST are: stroke thickness is what an EMNIST classifier minds most.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Polyline

SIDE = 28
"""Pixels a side of the normalized picture."""
BOX = 20
"""Pixels of the longer side of the ink within it."""
PEN = 2.0
"""Width of the pen that centre lines are drawn with, in pixels of the normalized picture: gives EMNIST's mean ink."""
FAINT = 51
"""Coverage, of 255, below which a pixel at the edge is blur and does not count as ink when cropping."""
DOT = 4.0
"""Ink whose box has no side longer than this, in CSS pixels, has no shape to speak of: it is drawn as a dot."""

_OVERSAMPLING = 4
_SUBPIXEL_BITS = 4


def normalize(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Crops to the ink, scales its longer side to 20 pixels and centres its mass in 28×28.

    Args:
        image: Ink coverage of one glyph, shape (h, w), uint8, 0 background to 255 ink.

    Returns:
        Shape (28, 28), float32, 0 to 1; all 0 where `image` has no ink.
    """
    left, top, width, height = cv2.boundingRect((image >= FAINT).view(np.uint8))
    out = np.zeros((SIDE, SIDE), np.float32)
    if width == 0:
        return out
    ink = image[top : top + height, left : left + width]
    scale = BOX / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if size != (width, height):
        ink = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
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


def _centred(mass: float, size: int) -> int:
    """Where to put `size` pixels with centre of mass at `mass`, so that it comes to lie at the centre; never cut off."""
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
    margin = thickness // 2 + 2
    width, height = np.ceil(extent * scale).astype(int) + 2 * margin + 1
    canvas = np.zeros((height, width), np.uint8)
    unit = 1 << _SUBPIXEL_BITS
    for path in paths:
        pixels = np.rint(((path - low) * scale + margin) * unit).astype(np.int32)
        cv2.polylines(canvas, [pixels], False, 255, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
    return canvas


def glyph_picture(paths: Iterable[Polyline]) -> NDArray[np.float32]:
    """Centre lines of one glyph → what the classifier sees: shape (28, 28), float32, 0 to 1."""
    return normalize(draw(paths))
