"""What ink says that is not cut: a net that reads a line of it whole.

Where glyphs lie in each other no cut takes one out as it was written, and a net of glyphs judges each by itself.
Convolutions along the picture of a whole line see what stands beside what, and say for each column which class it
shows, or that it shows nothing new (`ctc.py`). Alone they read worse than the lattice; their opinion of what it holds
for likely is one more (Genest & Zidek, as in `online.py`).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.classify import load_beside
from model.reading.linepicture import BLANK, CHANNELS, HEIGHT, LinePicture
from model.reading.litert import LiteRT, save_weights, weights_of

CARD, _NET = "sequence.json", "sequence.tflite"
"""What a model directory calls what is known of the net, and the net."""

COLUMN = 2
"""Pixels across that the net answers for at once."""
PLACES = {char: place for place, char in enumerate(CLASSES, 1)}
"""Where each class stands in a column; first stands nothing new."""
SHAPE = HEIGHT, None, len(CHANNELS)
"""What the net is given of a line: any width."""

_WIDTHS = 64
"""Pixels that widths are rounded up to: for each new one the net is planned anew."""
_LEAST = 1e-7
"""Probability that every class of a column has at least: the net has not seen everything."""


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

    def columns(self, picture: LinePicture, allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
        """What each column of a line shows.

        Args:
            picture: As `line_picture` draws it.
            allowed: Which classes there are to choose from: shape (62,).

        Returns:
            Probability of nothing new, and of each class: shape (t, 63); 0 for what is not allowed.
        """
        width = -(-picture.shape[1] // _WIDTHS) * _WIDTHS
        given = np.empty((1, HEIGHT, width, len(CHANNELS)), np.float32)
        given[...] = np.array(BLANK, np.float32) / 255
        given[0, :, : picture.shape[1]] = picture / np.float32(255)
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
