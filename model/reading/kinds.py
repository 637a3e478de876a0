"""What kind of word it is where digits and letters may stand side by side: a number, a word of letters, or both mixed.

What 28×28 cannot tell, 1 from l or I, 0 from O, 5 from S, its neighbours often can: 1O2 is 102. A word is a mixture of
the three kinds, weighed by the evidence for each: letters by the language, mixed ones by a Markov chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.language import LETTERS, Language, held

_LOG_NUMBER, _LOG_WORD, _LOG_MIXED = np.log([0.3, 0.6, 0.1])
"""Prior of each kind of word. Words of letters have most, as the language holds those that it does not know for rare;
with .2 to .4, .35 to .7 and .05 to .4 the open sets are read nearly as well."""

_STAYS = 0.7
"""Probability that the next character of a mixed word is of the same kind. Not fitted to a set: what mixes both, such
as 2x, v2, B12 or 14k, changes once in two to four characters."""

_CHAIN = np.log([[_STAYS, 1 - _STAYS], [1 - _STAYS, _STAYS]])
_BEGINS = np.log(0.5)
_LEAST = 1e-12
"""Probability that less counts as."""
_FAINT = 7.0
"""Log-evidence by which letters may lag behind the likeliest kind, at best, before no word is looked up."""


@dataclass(frozen=True)
class Kinds:
    """Tells what kind a word is.

    Attributes:
        log_shares: Log of how often characters are digits, and letters, as far as the classifier's answers have that in
            them: shape (2,).
    """

    log_shares: NDArray[np.float64]

    @classmethod
    def of(cls, log_prior: NDArray[np.float32]) -> Kinds:
        """What a classifier's answers have in them, from how often it takes each class to come: shape (62,)."""
        sums = _by_kind(log_prior[None].astype(np.float64), _kinds(tuple(CLASSES)))[0]
        return cls(sums - np.logaddexp.reduce(sums))

    def weigh(
        self, rows: NDArray[np.float64], characters: Sequence[str], language: Language
    ) -> tuple[NDArray[np.float64], float]:
        """Weighs the characters of a word by what kind of word it is, and by the language where it is one of letters.

        Args:
            rows: Log-probability of each character for each glyph, each row in a scale of its own:
                (n, len(characters)), n ≥ 1.
            characters: Digits and letters.
            language: What words look like.

        Returns:
            The same with neighbours, each row's sum of probabilities kept, and the log-evidence for this word against
            any characters at all of the kinds that its are.
        """
        kind = _kinds(tuple(characters))
        letter = kind == 1
        totals = np.logaddexp.reduce(rows, axis=1, keepdims=True)
        ink = rows - totals
        own = _by_kind(ink, kind)
        within = ink - own[:, kind]
        likely = own - self.log_shares
        among, mixture = _mixed(likely)
        evidences = np.array([_LOG_NUMBER, _LOG_WORD, _LOG_MIXED + mixture])
        evidences[:2] += likely.sum(axis=0)
        spelled = within[:, letter]
        # no word is likelier than to be the only one: most numbers need not be looked up
        if evidences[1] + len(rows) * np.log(LETTERS) > evidences.max() - _FAINT:
            spelled, gain = language.spell(spelled, [char for char in characters if char.isalpha()])
            evidences[1] += gain
        total = np.logaddexp.reduce(evidences)
        number, word, mixed = np.exp(evidences - total)
        either = np.maximum(mixed * among + [number, word], _LEAST)  # that a glyph is a digit, that it is a letter
        in_word = word / either[:, 1:]  # that a letter is one of a word, as all others are letters too
        within[:, letter] = np.log(in_word * np.exp(spelled) + (1 - in_word) * np.exp(within[:, letter]) + _LEAST)
        evidence = total + (either * self.log_shares).sum()
        return held(np.log(either), own)[:, kind] + within + totals, float(evidence)


def _mixed(likely: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """What a word says if it has both digits and letters, by the forward-backward algorithm.

    Args:
        likely: Log-likelihood of each glyph's being a digit, and a letter: shape (n, 2), n ≥ 1.

    Returns:
        Probability of each kind at each place, shape (n, 2), and the log-evidence.
    """
    before, after = np.full_like(likely, _BEGINS), np.zeros_like(likely)
    for i in range(1, len(likely)):
        before[i] = np.logaddexp.reduce((before[i - 1] + likely[i - 1])[:, None] + _CHAIN, axis=0)
        after[-1 - i] = np.logaddexp.reduce(_CHAIN + after[-i] + likely[-i], axis=1)
    every = np.logaddexp.reduce(before[-1] + likely[-1])
    # of all ways, those that stay what they began as are none of a mixed word's
    pure = np.exp(_BEGINS + (len(likely) - 1) * _CHAIN[0, 0] + likely.sum(axis=0) - every)
    among = np.maximum(np.exp(before + likely + after - every) - pure, _LEAST)
    return among / among.sum(axis=1, keepdims=True), float(every + np.log(max(1 - pure.sum(), _LEAST)))


def _by_kind(rows: NDArray[np.float64], kind: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log of the sum of probabilities of digits, and of letters, in each row: shape (n, 2)."""
    return np.stack([np.logaddexp.reduce(rows[:, kind == k], axis=1) for k in (0, 1)], axis=1)


@cache
def _kinds(characters: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([int(char.isalpha()) for char in characters])
