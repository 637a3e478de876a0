"""Numbers and words written from single characters of one hand, with the truth of every stroke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from model.reading.alphabet import CLASSES
from model.reading.ink import Box, Polyline
from model.reading.line import Line
from model.training.data import Character
from model.training.geometry import contact
from model.training.inkdata import InkSample
from model.training.language import COMMON
from model.training.pace import DEVICES, paced
from model.training.synthesis import Paths

Hand = dict[str, list[Paths]]
"""What one writer wrote of each character; never an empty list."""

LATE = "ijtfx57"
"""Characters whose dot or bar many people add after the next ones."""

_MARGIN = 20.0
_WIDEST = 2.0
"""Width, in its own heights, beyond which ink labelled as a character is but a piece of one."""
_MEET = 0.01, 0.05
"""By how much touching ink overlaps, in heights."""
_MOST_OVERLAP = 0.5
"""Share of the narrower glyph's width that goes below or above its neighbour at most for their ink to meet."""
_NARROW = 0.5
"""Width, in heights, that narrower glyphs are taken for there: a 1 may stand wholly under a bar."""
_LONGEST_JOIN = 0.5
"""Way from one character to the next, in heights, up to which it may be drawn without a lift."""
_LEAST_DIGITS = 8
_LEAST_LETTERS = 13
_LEAST_IN_RUNS = 20
_RANDOM = 0.25
"""Share of composed words that are small letters at random."""
_CASINGS = 0.6, 0.25, 0.15
"""Shares of words in small letters, with a capital, and in capitals."""


@dataclass(frozen=True)
class Style:
    """How strings are written. Heights are those of a digit or capital.

    Attributes:
        gaps: Least and greatest empty width between neighbours, in heights; where negative, their boxes overlap.
        touching: Whether neighbours meet instead, at their nearest points.
        late: Share of the dots and bars that are added after one of the next three characters.
        joined: Share of neighbours drawn without a lift, where the way is short; the stroke then belongs to both.
        backwards: Whether the last character is drawn first.
        heights: Least and greatest height, CSS pixels.
        devices: What is written with, one of `DEVICES` a string.
    """

    gaps: tuple[float, float] = (-0.05, 0.35)
    touching: bool = False
    late: float = 0.05
    joined: float = 0.0
    backwards: bool = False
    heights: tuple[float, float] = (45.0, 140.0)
    devices: tuple[str, ...] = tuple(DEVICES)


def hands(glyphs: Iterable[Character]) -> dict[str, Hand]:
    """Each writer's characters, but those of which only a piece is there, as their flatness shows."""
    found: dict[str, Hand] = defaultdict(lambda: defaultdict(list))
    for glyph in glyphs:
        box = Box.around(np.concatenate(glyph.paths))
        if box.width <= _WIDEST * box.height:
            found[glyph.writer][glyph.char].append(glyph.paths)
    return {writer: dict(hand) for writer, hand in found.items()}


def compose(
    text: str, hand: Hand, rng: np.random.Generator, style: Style | None = None, writer: str = "composed"
) -> InkSample:
    """Writes a text in one hand; the same generator state gives the same drawing.

    Args:
        text: Characters of `hand`, at least one, no spaces.
        hand: Where each character is taken from, any of its examples.
        rng: Source of chance.
        style: How to write; the usual way if None.
        writer: Whose hand it is.

    Returns:
        A drawing at its size on the screen, with times.

    Raises:
        KeyError: the hand lacks a character.
    """
    style = style or Style()
    height = rng.uniform(*style.heights)
    glyphs = _beside([chosen(hand, char, rng) for char in text], text, height, style, rng)
    strokes = _in_order(_strokes(glyphs, height, style, rng), text, style, rng)
    inside = [bool(i and set(owners) & set(strokes[i - 1][1])) for i, (_, owners) in enumerate(strokes)]
    device = DEVICES[str(rng.choice(style.devices))]
    ink = paced([path for path, _ in strokes], inside, height, device, rng)
    groups = [tuple(s for s, (_, owners) in enumerate(strokes) if i in owners) for i in range(len(text))]
    return InkSample(f"composed/{text}", writer, text, tuple(zip(text, groups, strict=True)), ink)


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

    def number(hand: Hand) -> str:
        digits = sorted(filter(str.isdigit, hand))
        return "".join(rng.choice(digits, int(rng.integers(lengths[0], lengths[1] + 1))))

    return _composed(glyphs, str.isdigit, _LEAST_DIGITS, number, count, rng, style)


def composed_words(
    glyphs: Iterable[Character],
    count: int,
    rng: np.random.Generator,
    words: Sequence[str] = tuple(COMMON.split()),
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

    def word(hand: Hand) -> str:
        casing = (str.lower, str.capitalize, str.upper)[int(rng.choice(3, p=_CASINGS))]
        known = [w for w in map(casing, words) if len(w) > 1 and all(c in hand for c in w)]
        if known and rng.random() >= _RANDOM:
            return str(rng.choice(known))
        letters = sorted(c for c in hand if c.islower())
        return "".join(rng.choice(letters, int(rng.integers(2, 9))))

    return _composed(glyphs, str.islower, _LEAST_LETTERS, word, count, rng, style)


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

    return _composed(glyphs, str.isalnum, _LEAST_IN_RUNS, run, count, rng, style)


def _composed(
    glyphs: Iterable[Character],
    kind: Callable[[str], bool],
    least: int,
    text_of: Callable[[Hand], str],
    count: int,
    rng: np.random.Generator,
    style: Style | None,
) -> list[InkSample]:
    able = [(w, hand) for w, hand in sorted(hands(glyphs).items()) if sum(map(kind, hand)) >= least]
    if not able:
        raise ValueError(f"expected a writer with {least} different characters to compose from, found none")
    picked = [able[i] for i in rng.integers(len(able), size=count)]
    return [compose(text_of(hand), hand, rng, style, writer) for writer, hand in picked]


def chosen(hand: Hand, char: str, rng: np.random.Generator) -> Paths:
    """One of a hand's examples of `char`.

    Raises:
        KeyError: it has none.
    """
    return hand[char][int(rng.integers(len(hand[char])))]


def standing(glyph: Paths, height: float, left: float, bottom: float) -> Paths:
    """A glyph scaled to a height, its box's lower left corner put at (`left`, `bottom`); CSS pixels."""
    box = Box.around(np.concatenate(glyph))
    scale = height / max(box.height, 1e-3)
    corner, place = np.array([box.x, box.bottom]), np.array([left, bottom])
    return [((path - corner) * scale + place).astype(np.float32) for path in glyph]


@cache
def _extents() -> dict[str, tuple[float, float]]:
    """Top and bottom of each character, heights above the baseline."""
    return {c: (float(top), float(bottom)) for c, (top, bottom) in zip(CLASSES, Line.load().extents, strict=True)}


def _beside(glyphs: Sequence[Paths], text: str, height: float, style: Style, rng: np.random.Generator) -> list[Paths]:
    """Sets glyphs on a line that climbs or falls a little, each as high and at the place that its character has."""
    slope = rng.normal(0, 0.03)
    placed: list[Paths] = []
    written: Paths = []
    for char, glyph in zip(text, glyphs, strict=True):
        top, bottom = (1.0, 0.0) if text.isdigit() else _extents()[char]
        size = height * (top - bottom) * float(np.exp(rng.normal(0, 0.05)))
        right = max((float(path[:, 0].max()) for path in written), default=_MARGIN)
        base = 3 * height - slope * (right - _MARGIN) + height * (rng.normal(0, 0.02) - bottom)
        here = standing(glyph, size, right, base)
        if written and style.touching:
            move = contact(written, here, height / 60) - rng.uniform(*_MEET) * height
            narrower = min(Box.around(np.concatenate(paths)).width for paths in (placed[-1], here))
            move = max(move, -_MOST_OVERLAP * max(narrower, _NARROW * height))
        else:
            move = rng.uniform(*style.gaps) * height if written else 0.0
        placed.append([path + np.array([move, 0], np.float32) for path in here])
        written += placed[-1]
    corner = np.concatenate(written).min(axis=0) - np.float32(_MARGIN)
    return [[path - corner for path in glyph] for glyph in placed]


_Owned = tuple[Polyline, tuple[int, ...]]
"""A stroke and the glyphs it belongs to."""


def _strokes(glyphs: Sequence[Paths], height: float, style: Style, rng: np.random.Generator) -> list[_Owned]:
    """All strokes from left to right, some of two glyphs joined to one."""
    strokes: list[_Owned] = []
    for i, glyph in enumerate(glyphs):
        own: list[_Owned] = [(path, (i,)) for path in glyph]
        if strokes and rng.random() < style.joined:
            (before, owners), (after, _) = strokes[-1], own[0]
            if np.hypot(*(after[0] - before[-1])) < _LONGEST_JOIN * height:
                strokes[-1] = np.concatenate([before, _bridge(before[-1], after[0]), after]), (*owners, i)
                own = own[1:]
        strokes += own
    return strokes


def _bridge(start: Polyline, end: Polyline) -> Polyline:
    """The pen's way from one place to another, hanging through a little: shape (6, 2)."""
    at = np.linspace(0, 1, 8)[1:-1, None]
    hang = np.array([0, 0.1 * np.hypot(*(end - start))])
    return np.asarray(start * (1 - at) + end * at + hang * np.sin(np.pi * at), np.float32)


def _in_order(strokes: Sequence[_Owned], text: str, style: Style, rng: np.random.Generator) -> list[_Owned]:
    """The strokes as they are drawn: some of the dots and bars late, or the last character first."""
    last = {owners[-1]: s for s, (_, owners) in enumerate(strokes)}
    count = {i: sum(i in owners for _, owners in strokes) for i in range(len(text))}
    turn = [float(-owners[0] if style.backwards else owners[0]) for _, owners in strokes]
    for i, char in enumerate(text):
        if char in LATE and count[i] > 1 and len(strokes[last[i]][1]) == 1 and rng.random() < style.late:
            turn[last[i]] += int(rng.integers(1, 4)) + 0.5
    return [strokes[s] for s in np.argsort(turn, kind="stable")]
