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
        totals = np.logaddexp.reduce(log_labels, axis=1, keepdims=True)
        readings = []
        for prior, weight in self._styles(characters, len(boxes)):
            labels = log_labels - totals + prior
            for _ in range(_ROUNDS):
                shares = np.exp(labels - np.logaddexp.reduce(labels, axis=1, keepdims=True))
                fit = self._fit(shares, self.extents[index], seen)
                labels = log_labels - totals + prior + self._likelihood(fit, index, seen)
            readings.append((labels, weight + float(np.logaddexp.reduce(labels, axis=1).sum())))
        evidence = np.array([e for _, e in readings])
        shares = np.exp(evidence - np.logaddexp.reduce(evidence))
        mixed = np.logaddexp.reduce(
            [
                labels - np.logaddexp.reduce(labels, axis=1, keepdims=True) + np.log(share + 1e-30)
                for (labels, _), share in zip(readings, shares, strict=True)
            ]
        )
        return np.asarray(mixed + totals)

    def _styles(self, characters: Sequence[str], length: int) -> list[tuple[NDArray[np.float64], float]]:
        """(log-prior of each character at each place, log-weight) of small letters, of capitals, and of a number."""
        upper, lower, digit = (
            np.array([kind(c) for c in characters]) for kind in (str.isupper, str.islower, str.isdigit)
        )
        everywhere = np.ones((length, 1))
        small = (self.strange * upper + self.digit * digit) * everywhere
        small[0, upper] = self.first
        styles = [(small, 0.0), ((self.strange * lower + self.digit * digit) * everywhere, self.capitals)]
        if digit.any():
            styles.append((self.strange * (upper | lower) * everywhere, 0.0))
        return styles

    @staticmethod
    def _fit(
        shares: NDArray[np.float64], extents: NDArray[np.float64], seen: NDArray[np.float64]
    ) -> tuple[float, float]:
        """(scale, offset) of the line by least squares of the expected extents; a slight pull keeps the scale usual."""
        expected = shares @ extents  # (n, 2)
        x, y = expected.ravel(), seen.ravel()
        spread = float(((x - x.mean()) ** 2).sum())
        heights = seen[:, 0] - seen[:, 1]
        usual = float(heights.mean()) / max(float((expected[:, 0] - expected[:, 1]).mean()), 0.2)
        pull = 0.05 * len(x)
        scale = (float(((x - x.mean()) * (y - y.mean())).sum()) + pull * usual) / (spread + pull)
        scale = max(scale, 1e-3)
        return scale, float(y.mean() - scale * x.mean())

    def _likelihood(self, fit: tuple[float, float], index: list[int], seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-likelihood of the glyphs' tops and bottoms under each character: shape (n, len(index))."""
        scale, offset = fit
        placed = (seen - offset) / scale
        z = (placed[:, None, :] - self.extents[index]) / self.spread[index]
        score = -0.5 * (z**2).sum(axis=2) - np.log(self.spread[index]).sum(axis=1)
        return np.asarray(np.maximum(score, score.max(axis=1, keepdims=True) + _FLOOR))
