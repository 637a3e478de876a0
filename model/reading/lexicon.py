"""Reading with a word list: the ways through a lattice that spell one of its words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.reading.lattice import Path

_UNKNOWN = -12.0
"""Log-probability of a letter that the net has no class for."""

_CASE = 0.5
"""Share of a letter's probability that asks for its case too: a list is seldom written as the writer writes."""


def best_words(
    spelled: Sequence[tuple[Path, NDArray[np.float64]]], characters: Sequence[str], words: Sequence[str]
) -> list[tuple[str, Path, float]]:
    """(word, path, log-score) of every word that some path can spell, best first; white space does not matter.

    Args:
        spelled: Ways through a lattice, each with the log-probability of each character for each of its glyphs:
            shape (glyphs, len(characters)).
        characters: Which characters.
        words: At least one, each with a character that is no white space.
    """
    by_length: dict[int, list[str]] = {}
    for word in dict.fromkeys(words):
        by_length.setdefault(len("".join(word.split())), []).append(word)
    letters = sorted({c for word in words for c in word if not c.isspace()})
    column = {letter: i for i, letter in enumerate(letters)}
    best: dict[str, tuple[float, Path]] = {}
    for path, rows in spelled:
        candidates = by_length.get(len(path.hypotheses), [])
        if not candidates:
            continue
        scores = np.column_stack([letter_score(rows, characters, letter) for letter in letters])  # (glyphs, letters)
        codes = np.array([[column[c] for c in word if c in column] for word in candidates])  # (words, glyphs)
        totals = path.score + scores[np.arange(len(rows)), codes].sum(axis=1)
        for word, total in zip(candidates, totals.tolist(), strict=True):
            if word not in best or total > best[word][0]:
                best[word] = (total, path)
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    return [(word, path, total) for word, (total, path) in ranked]


def letter_score(rows: NDArray[np.float64], characters: Sequence[str], letter: str) -> NDArray[np.float64]:
    """Log-probability that each glyph is `letter`, half of it whatever the case: shape (glyphs,)."""
    exact = [i for i, c in enumerate(characters) if c == letter]
    either = [i for i, c in enumerate(characters) if c.lower() == letter.lower()]
    p = _CASE * np.exp(rows[:, exact]).sum(axis=1) + (1 - _CASE) * np.exp(rows[:, either]).sum(axis=1)
    return np.asarray(np.log(np.maximum(p, np.exp(_UNKNOWN))))
