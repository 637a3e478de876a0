"""What kinds of characters stand beside each other: after a digit comes a digit more often than a letter.

What 28×28 cannot tell, 1 from l or I, 0 from O, 5 from S, its neighbours often can: 1O2 is 102. A Markov chain of two
kinds, digits and letters, weighs each character by the others of its word, and overrules no clear ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

_STAYS = 0.7
"""Probability that the next character of a word is of the same kind. Not fitted to a set: what mixes both, such as 2x,
v2, B12 or 14k, changes once in two to four characters, and most words do not mix them."""

_CHAIN = np.log([[_STAYS, 1 - _STAYS], [1 - _STAYS, _STAYS]])


def weigh(rows: NDArray[np.float64], characters: Sequence[str]) -> NDArray[np.float64]:
    """Weighs the characters of a word by the kinds of the others.

    Args:
        rows: Log-probability of each character for each glyph, each row in a scale of its own: (n, len(characters)).
        characters: Digits and letters.

    Returns:
        The same with neighbours, each row's sum of probabilities kept.
    """
    kind = _kinds(tuple(characters))
    own = np.stack([np.logaddexp.reduce(rows[:, kind == k], axis=1) for k in (0, 1)], axis=1)
    before, after = np.zeros_like(own), np.zeros_like(own)
    for i in range(1, len(own)):
        before[i] = np.logaddexp.reduce((before[i - 1] + own[i - 1])[:, None] + _CHAIN, axis=0)
        after[-1 - i] = np.logaddexp.reduce(_CHAIN + after[-i] + own[-i], axis=1)
    found = rows + (before + after)[:, kind]
    kept = np.logaddexp.reduce(rows, axis=1) - np.logaddexp.reduce(found, axis=1)
    return np.asarray(found + kept[:, None])


@cache
def _kinds(characters: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([int(char.isalpha()) for char in characters])
