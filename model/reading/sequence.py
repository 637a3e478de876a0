"""What ink says that is not cut: a net that reads a line of it whole.

Where glyphs lie in each other no cut takes one out as it was written, and a net of glyphs judges each by itself.
Convolutions along the picture of a whole line see what stands beside what, and say for each column which class it
shows, or that it shows nothing new (`ctc.py`). Alone they read worse than the lattice; their opinion of what it holds
for likely is one more (Genest & Zidek, as in `online.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.classify import load_beside
from model.reading.imagefile import draw_line
from model.reading.ink import Box, Stroke
from model.reading.litert import LiteRT, save_weights, weights_of
from model.reading.normalize import FINE, cropped, overlaid

CARD, _NET = "sequence.json", "sequence.tflite"
"""What a model directory calls what is known of the net, and the net."""

HEIGHT = 32
"""Pixels from top to bottom of the picture of a line."""
COLUMN = 2
"""Pixels across that the net answers for at once."""
PEN = 2.0
"""Width of the pen that centre lines are drawn with, in pixels of that picture."""
PLACES = {char: place for place, char in enumerate(CLASSES, 1)}
"""Where each class stands in a column; first stands nothing new."""
SHAPE = HEIGHT, None, 1
"""What the net is given of a line: any width."""

_MARGIN = 2
"""Pixels around the ink."""
_LONGEST = 40
"""Widths of lines up to which they are as high as the picture, in heights; longer ones would take too long."""
_WIDTHS = 64
"""Pixels that widths are rounded up to: for each new one the net is planned anew."""
_OVERSAMPLING = 2
_SUBPIXEL_BITS = 4
_LEAST = 1e-7
"""Probability that every class of a column has at least: the net has not seen everything."""


def line_picture(strokes: Sequence[Stroke], pen: float = PEN) -> NDArray[np.uint8]:
    """The picture of a line of ink.

    As of glyphs, what came as pictures is seen as it looked, unless the pen is so fine that shrinking would fade it.

    Args:
        strokes: What stands on the line, at least one.
        pen: Width of the pen that centre lines are drawn with, pixels of the picture.

    Returns:
        Shape (32, w), uint8, 0 background to 255 ink.
    """
    box = Box.over(stroke.box for stroke in strokes)
    tall = max(box.height, box.width / _LONGEST, 1e-3)
    images = [stroke.image for stroke in strokes if stroke.image is not None]
    if len(images) == len(strokes) and images[0].pen * (HEIGHT - 2 * _MARGIN) >= FINE * tall:
        ink = cropped(overlaid(images)[0])
        height, width = ink.shape
        if width:
            scale = (HEIGHT - 2 * _MARGIN) / max(height, width / _LONGEST)
            size = max(1, round(width * scale)), max(1, round(height * scale))
            method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            shrunk = np.asarray(cv2.resize(ink, size, interpolation=method), np.uint8)
            return np.pad(shrunk, ((_MARGIN, HEIGHT - _MARGIN - size[1]), (_MARGIN, _MARGIN)))
    scale = _OVERSAMPLING * (HEIGHT - 2 * _MARGIN - pen) / tall
    width = int(np.ceil(box.width * scale / _OVERSAMPLING + pen)) + 2 * _MARGIN
    canvas = np.zeros((_OVERSAMPLING * HEIGHT, _OVERSAMPLING * width), np.uint8)
    corner, margin = np.array([box.x, box.y]), _OVERSAMPLING * (_MARGIN + pen / 2)
    for stroke in strokes:
        for path in stroke.paths:
            pixels = np.rint(((path - corner) * scale + margin) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
            draw_line(canvas, pixels, 255, max(1, round(_OVERSAMPLING * pen)), _SUBPIXEL_BITS)
    return np.asarray(cv2.resize(canvas, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


class SequenceNet:
    """A net that reads lines of ink whole. Safe to use from many threads.

    Attributes:
        weights: The net, a `.tflite` file.
    """

    def __init__(self, weights: bytes):
        """Prepares the net.

        Raises:
            ValueError: it is damaged, or was made for other pictures or classes.
        """
        self.weights = weights
        self._net = LiteRT(weights, SHAPE, 1 + len(CLASSES))

    @classmethod
    def load(cls, directory: Path) -> SequenceNet:
        """Loads `sequence.json` of a model directory, and the net that it describes.

        Raises:
            OSError: there is none.
            ValueError: it is damaged, or was made for other pictures or classes.
        """
        try:
            checksum = json.loads((directory / CARD).read_text())["sha256"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"damaged: {error!r}") from error
        return cls(weights_of(directory / _NET, checksum))

    def save(self, directory: Path) -> None:
        """Writes both files."""
        save_weights(self.weights, directory / _NET, directory / CARD, {})

    def columns(self, picture: NDArray[np.uint8], allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
        """What each column of a line shows.

        Args:
            picture: As `line_picture` draws it.
            allowed: Which classes there are to choose from: shape (62,).

        Returns:
            Probability of nothing new, and of each class: shape (t, 63); 0 for what is not allowed.
        """
        width = -(-picture.shape[1] // _WIDTHS) * _WIDTHS
        given = np.zeros((1, HEIGHT, width, 1), np.float32)
        given[0, :, : picture.shape[1], 0] = picture / np.float32(255)
        # what lies right of the ink shows nothing: it says nothing of any text
        logits = self._net(given)[0, : -(-picture.shape[1] // COLUMN)].astype(np.float64)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True)) + _LEAST
        shares *= np.append(True, allowed)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def load_sequence(directory: Path) -> SequenceNet:
    """The net of lines that a model directory holds, or the shipped one: it does not depend on the other nets.

    Raises:
        ModelError: it is damaged, or was made for other pictures or classes.
    """
    return load_beside(SequenceNet.load, CARD, directory)
