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

_USUAL = 0.05
"""How much the usual scale counts, in glyphs for each of a line."""

_LEVEL = 3.0
"""How much it counts, in squared heights of a glyph, that lines are level: as much as three or four letters do."""


@dataclass(frozen=True)
class Line:
    """Where characters stand.

    Attributes:
        extents: Usual top and bottom of each class, heights of capitals above the baseline: shape (62, 2).
        spread: Their standard deviations: shape (62, 2).
        strange: Log-probability of a capital among small letters, or a small letter among capitals, against the usual.
        first: The same of a capital at a word's beginning.
        capitals: Log-odds of a word all in capitals.
    """

    extents: NDArray[np.float64]
    spread: NDArray[np.float64]
    strange: float = -3.0
    first: float = -1.0
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
        along = np.array([box.x + box.width / 2 for box in boxes])
        along -= along.mean()
        totals = _log_sum(log_labels)
        priors, weights = self._styles(characters, len(boxes))
        given = log_labels - totals + priors  # (styles, n, characters)
        labels = given
        for _ in range(_ROUNDS):
            placed = self._placed(np.exp(labels - _log_sum(labels)), self.extents[index], seen, along)
            labels = given + self._likelihood(placed, index)
        sums = _log_sum(labels)
        evidence = weights + sums.sum(axis=(1, 2))
        shares = np.exp(evidence - evidence.max())
        shares /= shares.sum()
        mixed = (shares[:, None, None] * np.exp(labels - sums)).sum(axis=0)
        return np.asarray(np.log(mixed + 1e-30) + totals)

    def _styles(self, characters: Sequence[str], length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Small letters, and capitals; digits stand among both.

        Returns:
            Log-prior of each character at each place, shape (styles, length, characters), and each style's log-weight.
        """
        upper, lower = (np.array([kind(c) for c in characters]) for kind in (str.isupper, str.islower))
        priors = np.repeat(self.strange * np.array([upper, lower])[:, None], length, axis=1)
        priors[0, 0, upper] = self.first
        return priors, np.array([0.0, self.capitals])

    @staticmethod
    def _placed(
        shares: NDArray[np.float64], extents: NDArray[np.float64], seen: NDArray[np.float64], along: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Tops and bottoms against the line: its scale, offset and slope by least squares of the expected extents.

        A slight pull keeps the scale usual and the line level.

        Args:
            shares: Of each character for each glyph, by style: shape (styles, n, characters).
            extents: Of the characters: shape (characters, 2).
            seen: Tops and bottoms of the glyphs: shape (n, 2).
            along: Their middles along the line, 0 on average: shape (n,).

        Returns:
            Heights of capitals above the baseline: shape (styles, n, 2).
        """
        expected = shares @ extents  # (styles, n, 2)
        count, heights = seen.size, seen[:, 0] - seen[:, 1]
        tall = (expected[:, :, 0] - expected[:, :, 1]).mean(axis=1)
        usual = heights.mean() / np.maximum(tall, 0.2)
        x, u, y = expected.reshape(len(shares), count), np.repeat(along, 2), seen.ravel()
        middle = x.mean(axis=1)
        away = x - middle[:, None]
        # [[a, b], [b, c]] (scale, slope) = (d, e): the offset is 0 once all are taken from their means
        pull = _USUAL * count
        a, b = (away**2).sum(axis=1) + pull, away @ u
        c = (u**2).sum() + _LEVEL * max(float((heights**2).mean()), 1e-6)
        d, e = away @ (y - y.mean()) + pull * usual, u @ y
        slope = (a * e - b * d) / (a * c - b**2)
        scale = np.maximum((d - b * slope) / a, 1e-3)
        offset = y.mean() - scale * middle
        level = seen - (slope[:, None] * along)[:, :, None]
        return np.asarray((level - offset[:, None, None]) / scale[:, None, None])

    def _likelihood(self, placed: NDArray[np.float64], index: list[int]) -> NDArray[np.float64]:
        """Log-likelihood of tops and bottoms under each character: (styles, n, 2) → (styles, n, len(index))."""
        spread = self.spread[index]
        z = (placed[:, :, None, :] - self.extents[index]) / spread
        score = -0.5 * (z**2).sum(axis=3) - np.log(spread).sum(axis=1)
        return np.asarray(np.maximum(score, score.max(axis=2, keepdims=True) + _FLOOR))


def _log_sum(log_p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the sum of probabilities over the last axis, which is kept."""
    most = log_p.max(axis=-1, keepdims=True)
    return np.asarray(most + np.log(np.exp(log_p - most).sum(axis=-1, keepdims=True)))
