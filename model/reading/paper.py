"""Photos and scans of paper → ink coverage: shadows taken off, ruled lines taken out; clean drawings stay as they are.

Light is estimated as what remains of a small copy once everything narrow and dark is closed (a morphological closing),
and divided away. Ruled lines are straight, go from one edge to the other, and are paler or finer than the ink; they are
taken out where no ink lies over them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.imagefile import coverage_of, pixels_of, reduction, stretched
from model.reading.ruling import Coverage, without_rules

_MOST_SIDE = 1600
"""Pixels a side that a photo is shrunk to: finer detail is noise."""

_GREY = 25, 190
"""Coverage between background and ink: an edge has it, a shadow is full of it."""
_WIDE = 7
"""Pixels a side from which grey is no edge."""
_SHADED = 0.01
"""Share of such grey in a picture from which it is a photo."""

_THUMB = 256
"""Pixels of the longer side of the copy that light is estimated on."""
_BROADEST = 0.14
"""Width of ink, as a share of that side, that light is seen through at most."""
_DARKEST = np.uint8(4)
"""Grey levels below which light is not believed to fall."""


@dataclass(frozen=True)
class Page:
    """What a picture holds.

    Attributes:
        coverage: The ink.
        scale: Pixels of `coverage` per pixel of the picture, at most 1.
    """

    coverage: Coverage
    scale: float = 1.0


def read_page(data: bytes) -> Page:
    """Decodes a picture of a finished drawing, drawn on a screen or photographed.

    Raises:
        PictureError: as `imagefile.decode` does.
    """
    by = reduction(data, _MOST_SIDE)
    pixels = pixels_of(data, by)
    coverage = coverage_of(pixels)
    scale = 1 / by
    if pixels.shape[2] < 4 and _is_shaded(coverage):
        smaller = min(1.0, _MOST_SIDE / max(coverage.shape))
        if smaller < 1:
            scale *= smaller
            size = round(pixels.shape[1] * smaller), round(pixels.shape[0] * smaller)
            resized = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
            pixels = np.asarray(resized, np.uint8).reshape(size[1], size[0], -1)
        coverage = _lit_evenly(pixels)
    return Page(without_rules(coverage) if pixels.shape[2] < 4 else coverage, scale)


def _is_shaded(coverage: Coverage) -> bool:
    grey = cv2.inRange(coverage, _GREY[0], _GREY[1])
    broad = cv2.erode(grey, np.ones((_WIDE, _WIDE), np.uint8), borderValue=0)
    return cv2.countNonZero(broad) > _SHADED * broad.size


def _lit_evenly(pixels: NDArray[np.uint8]) -> Coverage:
    """Ink against the light that falls on the paper around it.

    Args:
        pixels: Shape (h, w, 1 or 3).
    """
    scale = min(1.0, _THUMB / max(pixels.shape[:2]))
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    thumb = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    reach = max(5, round(_BROADEST * max(size))) | 1
    grey = thumb if thumb.ndim == 2 else thumb.max(axis=2)
    if _ink_is_light(np.asarray(grey, np.uint8), reach):
        pixels, thumb = 255 - pixels, 255 - thumb
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    thumb = cv2.morphologyEx(cv2.medianBlur(thumb, 3), cv2.MORPH_CLOSE, disc)
    light = cv2.resize(cv2.GaussianBlur(thumb, (0, 0), 1.0), pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    paper = np.maximum(light.reshape(pixels.shape), _DARKEST)
    share = np.asarray(cv2.divide(np.minimum(pixels, paper), paper, dtype=cv2.CV_32F), np.float32)
    ink = 1 - cv2.transform(share.reshape(pixels.shape), np.full((1, pixels.shape[2]), 1 / pixels.shape[2]))
    return stretched(np.asarray(np.rint(255 * cv2.GaussianBlur(ink, (0, 0), 0.8)), np.uint8))


def _ink_is_light(grey: NDArray[np.uint8], reach: int) -> bool:
    """Whether what is narrow stands out in light, as chalk does, more than in dark."""
    around = cv2.medianBlur(grey, min(reach, 255)).astype(np.float32)
    return bool(((grey - around) ** 3).sum() > 0)
