"""Size and position against the line: what tells c from C and o from O, which 28×28 does not.

Each character has its usual top and bottom in a coordinate system of the line, baseline 0 and height of capitals 1. A
drawing's own scale and offset are found together with its characters, by expectation-maximization (Dempster et al.
1977), so no ruled line is needed; one glyph alone says nothing, and then nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.classify import WEIGHTS, ModelError
from model.reading.ink import Box

_ROUNDS = 3
_FLOOR = -6.0
"""Least log-likelihood of a glyph's size and place, relative to the best: odd sizes are no proof."""


@dataclass(frozen=True)
class Line:
    """Where characters stand.

    Attributes:
        extents: Usual top and bottom of each class, heights of capitals above the baseline: shape (62, 2).
        spread: Their standard deviations: shape (62, 2).
        strange: Log-probability of a capital among small letters, a small letter among capitals, or a letter among
            digits, against the usual.
        first: The same of a capital at a word's beginning.
        digit: The same of a digit among letters.
        capitals: Log-odds of a word all in capitals.
    """

    extents: NDArray[np.float64]
    spread: NDArray[np.float64]
    strange: float = -2.0
    first: float = -1.0
    digit: float = -1.5
    capitals: float = -0.7

    @classmethod
    def load(cls, directory: Path = WEIGHTS) -> Line:
        """Loads `line.json` of a model directory.

        Raises:
            ModelError: it is missing or damaged.
        """
        path = directory / "line.json"
        try:
            read = json.loads(path.read_text())
            extents, spread = (np.array([read[name][c] for c in CLASSES], np.float64) for name in ("extents", "spread"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"no usable {path}: {error!r}") from error
        return cls(extents, spread)

    def settle(
        self, log_labels: NDArray[np.float64], characters: Sequence[str], boxes: Sequence[Box]
    ) -> NDArray[np.float64]:
        """Weighs the labels of all glyphs of a line by their size, their place and their neighbours' case.

        Args:
            log_labels: Log-probability of each character for each glyph: shape (n, len(characters)).
            characters: Which characters.
            boxes: Of the glyphs, in reading order.

        Returns:
            The same shape; each row's probabilities add up to what they did.
        """
        if len(boxes) < 2:
            return log_labels
        index = [CLASSES.index(c) for c in characters]
        seen = np.array([[-box.y, -box.bottom] for box in boxes])  # y up
        totals = _log_sum(log_labels)
        priors, weights = self._styles(characters, len(boxes))
        given = log_labels - totals + priors  # (styles, n, characters)
        labels = given
        for _ in range(_ROUNDS):
            fit = self._fit(np.exp(labels - _log_sum(labels)), self.extents[index], seen)
            labels = given + self._likelihood(fit, index, seen)
        sums = _log_sum(labels)
        evidence = weights + sums.sum(axis=(1, 2))
        shares = np.exp(evidence - evidence.max())
        shares /= shares.sum()
        mixed = (shares[:, None, None] * np.exp(labels - sums)).sum(axis=0)
        return np.asarray(np.log(mixed + 1e-30) + totals)

    def _styles(self, characters: Sequence[str], length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Small letters, capitals, and a number where there are digits.

        Returns:
            Log-prior of each character at each place, shape (styles, length, characters), and each style's log-weight.
        """
        upper, lower, digit = (
            np.array([kind(c) for c in characters]) for kind in (str.isupper, str.islower, str.isdigit)
        )
        styles = [self.strange * upper + self.digit * digit, self.strange * lower + self.digit * digit]
        if digit.any():
            styles.append(self.strange * (upper | lower))
        priors = np.repeat(np.array(styles)[:, None], length, axis=1)
        priors[0, 0, upper] = self.first
        return priors, np.array([0.0, self.capitals, 0.0][: len(styles)])

    @staticmethod
    def _fit(
        shares: NDArray[np.float64], extents: NDArray[np.float64], seen: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(scale, offset) of the line by least squares of the expected extents; a slight pull keeps the scale usual.

        Args:
            shares: Of each character for each glyph, by style: shape (styles, n, characters).
            extents: Of the characters: shape (characters, 2).
            seen: Tops and bottoms of the glyphs: shape (n, 2).

        Returns:
            Both of shape (styles,).
        """
        expected = shares @ extents  # (styles, n, 2)
        count = seen.size
        x, y = expected.reshape(len(shares), count), seen.ravel()
        middle, height = x.sum(axis=1) / count, y.sum() / count
        away = x - middle[:, None]
        spread = (away**2).sum(axis=1)
        tall = (expected[:, :, 0] - expected[:, :, 1]).sum(axis=1) / len(seen)
        usual = (seen[:, 0] - seen[:, 1]).sum() / len(seen) / np.maximum(tall, 0.2)
        pull = 0.05 * count
        scale = np.maximum((away @ (y - height) + pull * usual) / (spread + pull), 1e-3)
        return scale, height - scale * middle

    def _likelihood(
        self, fit: tuple[NDArray[np.float64], NDArray[np.float64]], index: list[int], seen: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Log-likelihood of the glyphs' tops and bottoms under each character: shape (styles, n, len(index))."""
        scale, offset = fit
        placed = (seen - offset[:, None, None]) / scale[:, None, None]
        spread = self.spread[index]
        z = (placed[:, :, None, :] - self.extents[index]) / spread
        score = -0.5 * (z**2).sum(axis=3) - np.log(spread).sum(axis=1)
        return np.asarray(np.maximum(score, score.max(axis=2, keepdims=True) + _FLOOR))


def _log_sum(log_p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the sum of probabilities over the last axis, which is kept."""
    most = log_p.max(axis=-1, keepdims=True)
    return np.asarray(most + np.log(np.exp(log_p - most).sum(axis=-1, keepdims=True)))
