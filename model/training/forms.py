"""One drawing in each form that a client may send, drawn as the page draws: dark ink on nothing, by a round pen."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.flat import ink_from_image
from model.reading.imagefile import draw_line
from model.reading.ink import Ink, Stroke
from model.reading.layout import line_height
from model.reading.pictures import Picture, ink_from_frames, stroke_from_picture

PEN = 4.0
"""Pen width of the page, CSS pixels."""
PIXEL_RATIO = 2.0
_USUAL_PEN = 0.06
"""Width of the pens that flat images are drawn with, in line heights: the middle one."""
_PENS = 0.5
"""Standard deviation of its log: from a fine liner to a marker."""
_BROADEST = 0.17
"""What is written with a broader one runs together."""
_FINEST = 1.5
"""CSS pixels: of a dot too something is seen."""
_MARKER = 0.12
"""Width of a marker, in line heights: neighbours that a page's pen keeps apart run into each other."""
_MARGIN = 10.0
_BLANK = 100.0
"""Sides of a canvas that nothing was drawn on, CSS pixels."""
_SUBPIXEL_BITS = 4


def as_points(ink: Ink) -> Ink:
    """The ink itself."""
    return ink


def as_pictures(ink: Ink) -> Ink:
    """What is read from one cropped picture a stroke."""
    read = [stroke_from_picture(picture, PIXEL_RATIO, index) for index, picture in enumerate(pictures_of(ink))]
    return Ink(tuple(stroke for stroke in read if stroke is not None))


def pictures_of(ink: Ink) -> list[Picture]:
    """One cropped picture a stroke."""
    pictures = []
    for stroke in ink.strokes:
        low = np.floor(stroke.points.min(axis=0) - _MARGIN)
        size = np.ceil(stroke.points.max(axis=0) + _MARGIN - low)
        data = _png(_coverage([stroke], low, size))
        pictures.append(Picture(data, float(low[0]), float(low[1]), stroke.start, stroke.end))
    return pictures


def as_frames(ink: Ink) -> Ink:
    """What is read from whole-canvas pictures, one after each stroke."""
    return ink_from_frames(frames_of(ink), PIXEL_RATIO)


def frames_of(ink: Ink) -> list[Picture]:
    """Pictures of the whole canvas, one after each stroke."""
    low, size = _canvas(ink)
    return [
        Picture(_png(_coverage(list(ink.strokes[: i + 1]), low, size)), end=stroke.end)
        for i, stroke in enumerate(ink.strokes)
    ]


def as_image(ink: Ink, pen: float = PEN) -> Ink:
    """What is read from one flat picture, drawn by a pen so many CSS pixels wide."""
    return ink_from_image(png_of(ink, pen), PIXEL_RATIO)


def as_marker(ink: Ink) -> Ink:
    """The same, drawn by a marker."""
    return as_image(ink, _fitting(ink, _MARKER))


def png_of(ink: Ink, pen: float = PEN) -> bytes:
    """A PNG file of the whole drawing, two pixels to a CSS pixel."""
    low, size = _canvas(ink)
    return _png(_coverage(list(ink.strokes), low, size, pen))


def some_pen(ink: Ink, rng: np.random.Generator) -> float:
    """A pen that somebody may have drawn this with, CSS pixels wide."""
    return _fitting(ink, min(_BROADEST, _USUAL_PEN * float(np.exp(rng.normal(0, _PENS)))))


def _fitting(ink: Ink, share: float) -> float:
    """Width of a pen in CSS pixels, given in line heights; to be seen, and no broader than fits on the canvas."""
    return min(max(line_height(ink.strokes) * share, _FINEST), 1.6 * _MARGIN) if ink.strokes else PEN


FORMS: dict[str, Callable[[Ink], Ink]] = {
    "points": as_points,
    "pictures": as_pictures,
    "frames": as_frames,
    "image": as_image,
    "marker": as_marker,
}
FLAT = "image", "marker"
"""Those that do not tell strokes apart."""


def corner(ink: Ink) -> NDArray[np.float32]:
    """Where the top left of the canvas lies on which frames and flat images are drawn: shape (2,), CSS pixels."""
    return _canvas(ink)[0]


def _canvas(ink: Ink) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    points = np.concatenate([np.zeros((0, 2), np.float32), *(stroke.points for stroke in ink.strokes)])
    if len(points) == 0:
        return np.zeros(2, np.float32), np.full(2, _BLANK, np.float32)
    low = np.floor(points.min(axis=0) - _MARGIN)
    return low, np.ceil(points.max(axis=0) + _MARGIN - low)


def _coverage(
    strokes: list[Stroke], low: NDArray[np.float32], size: NDArray[np.float32], pen: float = PEN
) -> NDArray[np.uint8]:
    width, height = (int(v * PIXEL_RATIO) for v in size)
    canvas = np.zeros((height, width), np.uint8)
    unit = (1 << _SUBPIXEL_BITS) * PIXEL_RATIO
    for stroke in strokes:
        for path in stroke.paths:
            pixels = np.rint((path - low) * unit).astype(np.int32)
            draw_line(canvas, pixels, 255, max(1, round(pen * PIXEL_RATIO)), _SUBPIXEL_BITS)
    return canvas


def _png(coverage: NDArray[np.uint8]) -> bytes:
    dark = np.zeros((*coverage.shape, 4), np.uint8)
    dark[..., 3] = coverage
    return cv2.imencode(".png", dark)[1].tobytes()
