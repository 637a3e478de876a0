"""Glyphs of a line in reading order → words: where spaces stand, and what words make of their characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import Alphabet
from model.reading.kinds import Kinds
from model.reading.language import Language

_SURE = 5.0
"""Log-odds beyond which the gap alone tells a space, or none; between them what it parts is weighed too."""

_LONE = -2.0
"""Log-evidence for a word of one letter beside others: most letters are none."""

_DOUBTS = 3
"""Doubtful gaps within each other in which that is done, at most."""


@dataclass(frozen=True, eq=False)
class Worded:
    """Glyphs as words.

    Attributes:
        rows: Log-probability of each character for each glyph: shape (n, characters).
        evidence: Log-evidence for words, all ways to set spaces together.
        begins: Which glyphs begin a word.
        certain: How probable it is that these do.
        otherwise: The likeliest other way to set the spaces, and how probable that is; None where there is no doubt.
    """

    rows: NDArray[np.float64]
    evidence: float
    begins: tuple[bool, ...]
    certain: float = 1.0
    otherwise: Worded | None = None


class Words:
    """What is known of words, for one alphabet.

    Attributes:
        spells: Whether letters may make words, by which a reading gains.
    """

    def __init__(self, alphabet: Alphabet, characters: Sequence[str], language: Language, kinds: Kinds, known: bool):
        """`characters` are the alphabet's, in class order; `known`: whether words are to tell anything at all."""
        self.spells = known and alphabet != "digits"
        self._alphabet, self._characters = alphabet, characters
        self._language, self._kinds = language, kinds

    def read(self, rows: NDArray[np.float64], odds: Sequence[float], doubts: int = 0) -> Worded:
        """Takes glyphs for one word or several, as gaps and words have it.

        Args:
            rows: Log-probability of each character for each glyph: shape (n, characters), n ≥ 1.
            odds: Log-odds by the gaps that a space stands before each.
            doubts: In how many doubtful gaps already was weighed what they part.
        """
        widest = max(range(1, len(rows)), key=odds.__getitem__, default=0)
        if not widest or odds[widest] <= -_SURE:
            return self._word(rows)
        unsure = odds[widest] < _SURE
        if unsure and doubts == _DOUBTS and odds[widest] <= 0:
            return self._word(rows)
        apart = self._apart(
            self.read(rows[:widest], odds[:widest], doubts + unsure),
            self.read(rows[widest:], odds[widest:], doubts + unsure),
        )
        if not unsure or doubts == _DOUBTS:
            return apart
        whole = self._word(rows)
        ways = {apart: apart.evidence - np.logaddexp(0.0, -odds[widest])}
        ways[whole] = whole.evidence - np.logaddexp(0.0, odds[widest])
        evidence = float(np.logaddexp.reduce(list(ways.values())))
        likely = [_with_chance(way, float(np.exp(its - evidence))) for way, its in ways.items()]
        chosen, other = sorted(likely, key=lambda way: -way.certain)
        return replace(chosen, evidence=evidence, otherwise=_likeliest(chosen.otherwise, other))

    def _apart(self, left: Worded, right: Worded) -> Worded:
        """Both, a space between."""
        others = [
            self._beside(*sides)
            for sides in ((left.otherwise, right), (left, right.otherwise))
            if sides[0] is not None and sides[1] is not None
        ]
        return replace(self._beside(left, right), otherwise=_likeliest(*others))

    def _beside(self, left: Worded, right: Worded) -> Worded:
        evidence = left.evidence + right.evidence
        if self.spells and self._alphabet == "letters":
            evidence += _LONE * sum(len(part.rows) == 1 for part in (left, right))
        rows = np.concatenate([left.rows, right.rows])
        return Worded(rows, evidence, left.begins + right.begins, left.certain * right.certain)

    def _word(self, rows: NDArray[np.float64]) -> Worded:
        """Weighs the characters of a word by what it may be."""
        characters, evidence = self._characters, 0.0
        if self.spells and self._alphabet == "alphanumeric":
            rows, evidence = self._kinds.weigh(rows, characters, self._language)
        elif self.spells and len(rows) > 1:  # one letter is read as the ink says, as a letter of an alphabet is
            rows, evidence = self._language.spell(rows, characters)
        return Worded(rows, evidence, (True, *[False] * (len(rows) - 1)))


def _with_chance(way: Worded, chance: float) -> Worded:
    """A way to set spaces, and its others, that has but a chance."""
    other = None if way.otherwise is None else _with_chance(way.otherwise, chance)
    return replace(way, certain=way.certain * chance, otherwise=other)


def _likeliest(*ways: Worded | None) -> Worded | None:
    return max((way for way in ways if way is not None), key=lambda way: way.certain, default=None)
