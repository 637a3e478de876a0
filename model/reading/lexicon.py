"""Reading with a word list: the ways through a lattice that spell one of its words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.reading.lattice import Lattice, Path

_UNKNOWN = -12.0
"""Log-probability of a letter that the net has no class for."""


def best_words(lattice: Lattice, paths: Sequence[Path], words: Sequence[str]) -> list[tuple[str, Path, float]]:
    """(word, path, log-score) of every word that some path can spell, best first.

    The case of a word does not matter for the match, nor do its spaces: a list is seldom written as the writer writes.

    Args:
        lattice: The lattice of all the alphabet's characters.
        paths: Ways through it.
        words: At least one.
    """
    by_length: dict[int, list[str]] = {}
    for word in dict.fromkeys(words):
        by_length.setdefault(len(word.replace(" ", "")), []).append(word)
    letters = sorted({c for word in words for c in word.lower()} - {" "})
    scores = np.column_stack([_letter_scores(lattice, letter) for letter in letters])  # (hypotheses, letters)
    column = {letter: i for i, letter in enumerate(letters)}
    best: dict[str, tuple[float, Path]] = {}
    for path in paths:
        candidates = by_length.get(len(path.hypotheses), [])
        if not candidates:
            continue
        spelled = np.array([[column[c] for c in word.lower() if c != " "] for word in candidates])  # (words, glyphs)
        totals = path.score + scores[list(path.hypotheses), spelled].sum(axis=1)
        for word, total in zip(candidates, totals.tolist(), strict=True):
            if word not in best or total > best[word][0]:
                best[word] = (total, path)
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    return [(word, path, total) for word, (total, path) in ranked]


def _letter_scores(lattice: Lattice, letter: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Log-probability that each hypothesis is `letter`, in either case: shape (k,)."""
    columns = [i for i, c in enumerate(lattice.characters) if c.lower() == letter]
    if not columns:
        return np.full(len(lattice.edges), _UNKNOWN)
    return np.asarray(np.maximum(np.logaddexp.reduce(lattice.log_labels[:, columns], axis=1), _UNKNOWN))
