"""A drawing's lines as they are read whole, and what that says of the ways through its lattice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import Alphabet, alphabet_mask
from model.reading.ctc import log_probabilities
from model.reading.ink import Ink
from model.reading.linepicture import line_picture
from model.reading.segment import Cuts
from model.reading.sequence import PLACES, SequenceNet

_LABELS = 6
"""Labels of a glyph that are weighed, at most."""

_QUIET = 0.99998
"""Probability of nothing new from which of columns beside each other one does for all."""

_OVERLOOKED = 6.0
"""Log-probability by which a text lags behind what a flat image shows at most: a 1 may lie on another digit's line."""

_LEAST = 1e-6
"""Probability that a line says something has at least."""

_UNLIKELY = 7.0
"""Log-probability by which a label may lag behind a glyph's best and still be weighed."""


class Whole:
    """The lines of one drawing, each read only if it is asked about.

    Attributes:
        is_flat: Whether it came as a flat image.
        of_letters: Whether only letters may be answered.
    """

    def __init__(self, net: SequenceNet, ink: Ink, cuts: Cuts, alphabet: Alphabet):
        """`alphabet` is all that may be answered."""
        self.is_flat = any(stroke.is_flat for stroke in ink.strokes)
        self.of_letters = alphabet not in ("digits", "alphanumeric")
        self._net, self._ink, self._cuts = net, ink, cuts
        self._allowed = alphabet_mask(alphabet)
        self._columns: dict[int, NDArray[np.float64]] = {}

    def weigh(
        self, line: int, rows: NDArray[np.float64], characters: Sequence[str], weight: float
    ) -> tuple[NDArray[np.float64], float]:
        """What becomes of the labels of a line's glyphs.

        Each label is weighed with the likeliest of all others beside it.

        Args:
            line: Which line.
            rows: Log-probability of each character for each glyph, in reading order: shape (n, characters), n ≥ 1.
            characters: Which characters.
            weight: What is said here counts, beside what the lattice says: both are log-probabilities.

        Returns:
            The same, each row's probabilities adding up to what they did; and what the text that is then the likeliest
            adds to the log-score of a way with these glyphs.
        """
        best = rows.argmax(axis=1)
        order = np.argsort(-rows, axis=1)[:, :_LABELS]
        likely = np.take_along_axis(rows, order, axis=1) > rows.max(axis=1, keepdims=True) - _UNLIKELY
        glyph, rank = np.nonzero(likely)
        label = order[glyph, rank]
        places = np.array([PLACES[c] for c in characters])
        texts = np.tile(places[best], (len(glyph), 1))
        texts[np.arange(len(glyph)), glyph] = places[label]
        columns = self._of(line)
        told = log_probabilities(columns, texts)
        if self.is_flat:
            told = np.maximum(told, float(np.log(columns.max(axis=1)).sum()) - _OVERLOOKED)
        told *= weight
        begins = np.flatnonzero(rank == 0)
        more = np.repeat(np.minimum.reduceat(told, begins)[:, None], rows.shape[1], axis=1)
        more[glyph, label] = told
        weighed = rows + more
        chosen = weighed.argmax(axis=1)
        usual = told[begins]  # all are of one text, the likeliest before
        gained = float(usual[0] + (more[np.arange(len(rows)), chosen] - usual).sum())
        before, after = (np.logaddexp.reduce(each, axis=1, keepdims=True) for each in (rows, weighed))
        return weighed + (before - after), gained

    def silence(self, lines: Iterable[int]) -> float:
        """Log-odds that some lines, and with them the drawing, say nothing, as what is no writing does."""
        # nothing new in any column: what adds up to 0 is said for sure
        log_p = min(sum(float(np.log(self._of(line)[:, 0]).sum()) for line in set(lines)), -_LEAST)
        return log_p - float(np.log(-np.expm1(log_p)))

    def _of(self, line: int) -> NDArray[np.float64]:
        """Columns of a line."""
        if line not in self._columns:
            places = sorted({i for h in self._cuts.hypotheses if h.line == line for i in h.explained})
            picture = line_picture([self._ink.strokes[i] for i in places])
            self._columns[line] = _spoken(self._net.columns(picture, self._allowed))
        return self._columns[line]


def _spoken(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns without those that say no more than the one before them does: most of a line shows nothing new."""
    quiet = columns[:, 0] > _QUIET
    found: NDArray[np.float64] = columns[~(quiet & np.append(False, quiet[:-1]))]
    return found
