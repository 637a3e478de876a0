"""Numbers, words and pages of them, each composed from single characters of one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from model.training.data import Character
from model.training.hands import Hand, hands
from model.training.inkdata import InkSample
from model.training.language import COMMON
from model.training.writing import Style, compose

_Least = Mapping[Callable[[str], bool], int]
"""How many different characters of each kind a writer must have written."""

_KNOWN = tuple(COMMON.split())
"""What is written where the caller has no words of its own."""
_LEAST_DIGITS = 8
_LEAST_LETTERS = 13
_LEAST_IN_RUNS = 20
_ON_PAGES = 2, 5
"""Fewest and most digits of numbers that stand on a page."""
_IN_MIXTURES = 1, 4
"""The same of numbers beside letters."""
_RANDOM = 0.25
"""Share of composed words that are small letters at random."""
_CASINGS = 0.6, 0.25, 0.15
"""Shares of words in small letters, with a capital, and in capitals."""


def composed_numbers(
    glyphs: Iterable[Character],
    count: int,
    rng: np.random.Generator,
    lengths: tuple[int, int] = (2, 8),
    style: Style | None = None,
) -> list[InkSample]:
    """Numbers of random digits, each by one writer who wrote at least eight of the ten.

    Args:
        glyphs: Characters of any writers.
        count: How many numbers.
        rng: Source of chance.
        lengths: Fewest and most digits.
        style: How to write.

    Raises:
        ValueError: nobody wrote so many digits.
    """
    return _composed(glyphs, {str.isdigit: _LEAST_DIGITS}, _numbers(rng, lengths), count, rng, style)


def composed_words(
    glyphs: Iterable[Character],
    count: int,
    rng: np.random.Generator,
    words: Sequence[str] = _KNOWN,
    style: Style | None = None,
) -> list[InkSample]:
    """Words in small letters, with a capital or all in capitals, and now and then random letters.

    Args:
        glyphs: Characters of any writers; those who wrote at least half the letters are taken.
        count: How many words.
        rng: Source of chance.
        words: What to write, where a writer has its letters; in small letters.
        style: How to write.

    Raises:
        ValueError: nobody wrote so many letters.
    """
    return _composed(glyphs, {str.islower: _LEAST_LETTERS}, _words(rng, words), count, rng, style)


def composed_runs(
    glyphs: Iterable[Character], count: int, rng: np.random.Generator, style: Style | None = None
) -> list[InkSample]:
    """Two to six letters and digits at random, as in formulas and names, each run by one writer who wrote both.

    Args:
        glyphs: Characters of any writers; those who wrote at least 20 different ones are taken.
        count: How many runs.
        rng: Source of chance.
        style: How to write.

    Raises:
        ValueError: nobody wrote so many.
    """

    def run(hand: Hand) -> str:
        return "".join(rng.choice(sorted(hand), int(rng.integers(2, 7))))

    return _composed(glyphs, {str.isalnum: _LEAST_IN_RUNS}, run, count, rng, style)


def composed_mixtures(
    glyphs: Iterable[Character], count: int, rng: np.random.Generator, style: Style | None = None
) -> list[InkSample]:
    """What has both letters and digits: a word and a number beside each other, or one or two letters and a number as
    one word, as B12 or 14k; half of each, either first.

    Args:
        glyphs: Characters of any writers; those who wrote enough digits and letters are taken.
        count: How many.
        rng: Source of chance.
        style: How to write.

    Raises:
        ValueError: nobody wrote so many.
    """
    number, word = _numbers(rng, _IN_MIXTURES), _words(rng, _KNOWN)

    def mixture(hand: Hand) -> str:
        apart = rng.random() < 0.5
        parts = [number(hand), word(hand) if apart else _code_letters(hand, rng)]
        return (" " if apart else "").join(parts[:: int(rng.choice((1, -1)))])

    return _composed(glyphs, {str.isdigit: _LEAST_DIGITS, str.islower: _LEAST_LETTERS}, mixture, count, rng, style)


def composed_pages(
    glyphs: Iterable[Character],
    count: int,
    rng: np.random.Generator,
    of_words: bool = False,
    style: Style | None = None,
) -> list[InkSample]:
    """Two to four lines of one to three numbers or words, each page by one writer.

    Args:
        glyphs: Characters of any writers; those who wrote enough digits, or letters, are taken.
        count: How many pages.
        rng: Source of chance.
        of_words: Words instead of numbers of two to five digits.
        style: How to write.

    Raises:
        ValueError: nobody wrote so many.
    """
    least: _Least = {str.islower: _LEAST_LETTERS} if of_words else {str.isdigit: _LEAST_DIGITS}
    item = _words(rng, _KNOWN) if of_words else _numbers(rng, _ON_PAGES)

    def page(hand: Hand) -> str:
        lines = range(int(rng.integers(2, 5)))
        return "\n".join(" ".join(item(hand) for _ in range(int(rng.integers(1, 4)))) for _ in lines)

    return _composed(glyphs, least, page, count, rng, style)


def _numbers(rng: np.random.Generator, lengths: tuple[int, int]) -> Callable[[Hand], str]:
    """Random digits that a hand has."""

    def number(hand: Hand) -> str:
        digits = sorted(filter(str.isdigit, hand))
        return "".join(rng.choice(digits, int(rng.integers(lengths[0], lengths[1] + 1))))

    return number


def _words(rng: np.random.Generator, words: Sequence[str]) -> Callable[[Hand], str]:
    """Words that a hand has all letters of, or some of its small letters."""

    def word(hand: Hand) -> str:
        casing = (str.lower, str.capitalize, str.upper)[int(rng.choice(3, p=_CASINGS))]
        known = [w for w in map(casing, words) if len(w) > 1 and all(c in hand for c in w)]
        if known and rng.random() >= _RANDOM:
            return str(rng.choice(known))
        letters = sorted(c for c in hand if c.islower())
        return "".join(rng.choice(letters, int(rng.integers(2, 9))))

    return word


def _code_letters(hand: Hand, rng: np.random.Generator) -> str:
    """One or two letters that a hand has, capitals as often as small ones."""
    small, capital = sorted(filter(str.islower, hand)), sorted(filter(str.isupper, hand))
    letters = capital if capital and rng.random() < 0.5 else small
    return "".join(rng.choice(letters, int(rng.integers(1, 3))))


def _composed(
    glyphs: Iterable[Character],
    least: _Least,
    text_of: Callable[[Hand], str],
    count: int,
    rng: np.random.Generator,
    style: Style | None,
) -> list[InkSample]:
    """Texts by writers who wrote at least so many different characters of each kind."""
    able = [
        (writer, hand)
        for writer, hand in sorted(hands(glyphs).items())
        if all(sum(map(kind, hand)) >= enough for kind, enough in least.items())
    ]
    if not able:
        wanted = " and ".join(map(str, least.values()))
        raise ValueError(f"expected a writer with {wanted} different characters to compose from, found none")
    picked = [able[i] for i in rng.integers(len(able), size=count)]
    return [compose(text_of(hand), hand, rng, style, writer) for writer, hand in picked]
