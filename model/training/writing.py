"""A text written from single characters of one hand, on one line or several, with the truth of every stroke."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from model.reading.alphabet import CLASSES
from model.reading.ink import Box, Polyline
from model.reading.line import Line
from model.training.geometry import contact
from model.training.hands import Hand, chosen, standing
from model.training.inkdata import InkSample
from model.training.pace import DEVICES, paced
from model.training.slips import slip
from model.training.synthesis import Paths

LATE = "ijtfx57"
"""Characters whose dot or bar many people add after the next ones."""

_MARGIN = 20.0
_MEET = 0.01, 0.05
"""By how much touching ink overlaps, in heights."""
_MOST_OVERLAP = 0.5
"""Share of the narrower glyph's width that goes below or above its neighbour at most for their ink to meet."""
_NARROW = 0.5
"""Width, in heights, that narrower glyphs are taken for there: a 1 may stand wholly under a bar."""
_LONGEST_JOIN = 0.5
"""Way from one character to the next, in heights, up to which it may be drawn without a lift."""


@dataclass(frozen=True)
class Style:
    """How strings are written. Heights are those of a digit or capital.

    Attributes:
        gaps: Least and greatest empty width between neighbours, in heights; where negative, their boxes overlap.
        touching: Whether neighbours meet instead, at their nearest points.
        late: Share of the dots and bars that are added after one of the next three characters.
        joined: Share of neighbours drawn without a lift, where the way is short; the stroke then belongs to both.
        slips: Share of the characters that are written over a slip of the pen, half of them at once, half after
            up to three more; the slip is of the same glyph.
        backwards: Whether the last character is drawn first.
        heights: Least and greatest height, CSS pixels.
        devices: What is written with, one of `DEVICES` a string.
        spaces: Least and greatest width that a space adds to the gap, in heights.
        pitch: Least and greatest distance of a line from the one above it, in heights; one for all lines of a drawing.
        slopes: Least and greatest slope of all lines of a drawing, beside what each line has of its own; y is down.
    """

    gaps: tuple[float, float] = (-0.05, 0.35)
    touching: bool = False
    late: float = 0.05
    joined: float = 0.0
    slips: float = 0.0
    backwards: bool = False
    heights: tuple[float, float] = (45.0, 140.0)
    devices: tuple[str, ...] = tuple(DEVICES)
    spaces: tuple[float, float] = (0.8, 1.4)
    pitch: tuple[float, float] = (1.6, 2.4)
    slopes: tuple[float, float] = (-0.15, 0.15)


def compose(
    text: str, hand: Hand, rng: np.random.Generator, style: Style | None = None, writer: str = "composed"
) -> InkSample:
    """Writes a text in one hand; the same generator state gives the same drawing.

    Args:
        text: Characters of `hand`, with single spaces and line breaks between them; at least one.
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
    chars = "".join(text.split())
    glyphs = _beside([chosen(hand, char, rng) for char in chars], text, height, style, rng)
    strokes = _in_order(_strokes(glyphs, height, style, rng), chars, style, rng)
    for i, char in enumerate(chars):
        if style.slips and rng.random() < style.slips:  # without slips, what a generator draws stays what it was
            strokes = _corrected(strokes, i, slip(glyphs[i], char, hand, rng), rng)
    inside = [bool(i and set(owners) & set(strokes[i - 1][1])) for i, (_, owners) in enumerate(strokes)]
    device = DEVICES[str(rng.choice(style.devices))]
    ink = paced([path for path, _ in strokes], inside, height, device, rng)
    groups = [tuple(s for s, (_, owners) in enumerate(strokes) if i in owners) for i in range(len(chars))]
    return InkSample(f"composed/{text}", writer, text, tuple(zip(chars, groups, strict=True)), ink)


@cache
def _extents() -> dict[str, tuple[float, float]]:
    """Top and bottom of each character, heights above the baseline."""
    return {c: (float(top), float(bottom)) for c, (top, bottom) in zip(CLASSES, Line.load().extents, strict=True)}


def _beside(glyphs: Sequence[Paths], text: str, height: float, style: Style, rng: np.random.Generator) -> list[Paths]:
    """Sets glyphs on lines that climb or fall a little, each as high and at the place that its character has."""
    lines = text.split("\n")
    fall, pitch = (rng.uniform(*style.slopes), rng.uniform(*style.pitch)) if len(lines) > 1 else (0.0, 0.0)
    upcoming = iter(glyphs)
    placed: list[Paths] = []
    for number, line in enumerate(lines):
        at = np.array([0, number * pitch * height], np.float32)
        placed += [[path + at for path in glyph] for glyph in _on_line(upcoming, line, height, style, rng)]
    if fall:
        middles = [Box.around(np.concatenate(glyph)) for glyph in placed]
        drops = [np.array([0, fall * (box.x + box.width / 2)], np.float32) for box in middles]
        placed = [[path + drop for path in glyph] for glyph, drop in zip(placed, drops, strict=True)]
    corner = np.concatenate([path for glyph in placed for path in glyph]).min(axis=0) - np.float32(_MARGIN)
    return [[path - corner for path in glyph] for glyph in placed]


def _on_line(
    upcoming: Iterator[Paths], text: str, height: float, style: Style, rng: np.random.Generator
) -> list[Paths]:
    """The next glyphs as one line; the baseline begins at the same place in each."""
    slope = rng.normal(0, 0.03)
    of_digits = text.replace(" ", "").isdigit()
    placed: list[Paths] = []
    written: Paths = []
    space = 0.0
    for char in text:
        if char == " ":
            space = rng.uniform(*style.spaces) * height
            continue
        glyph = next(upcoming)
        top, bottom = (1.0, 0.0) if of_digits else _extents()[char]
        size = height * (top - bottom) * float(np.exp(rng.normal(0, 0.05)))
        right = max((float(path[:, 0].max()) for path in written), default=_MARGIN)
        base = 3 * height - slope * (right - _MARGIN) + height * (rng.normal(0, 0.02) - bottom)
        here = standing(glyph, size, right, base)
        if written and style.touching and not space:
            move = contact(written, here, height / 60) - rng.uniform(*_MEET) * height
            narrower = min(Box.around(np.concatenate(paths)).width for paths in (placed[-1], here))
            move = max(move, -_MOST_OVERLAP * max(narrower, _NARROW * height))
        else:
            move = rng.uniform(*style.gaps) * height + space if written else 0.0
        space = 0.0
        placed.append([path + np.array([move, 0], np.float32) for path in here])
        written += placed[-1]
    return placed


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


def _corrected(strokes: Sequence[_Owned], glyph: int, beneath: Paths, rng: np.random.Generator) -> list[_Owned]:
    """The same with a slip before a glyph's first stroke; half of the time the glyph itself is written later then."""
    begin = next(s for s, (_, owners) in enumerate(strokes) if glyph in owners)
    slips: list[_Owned] = [(path, (glyph,)) for path in beneath]
    if rng.random() < 0.5:
        return [*strokes[:begin], *slips, *strokes[begin:]]
    own = [stroke for stroke in strokes if stroke[1] == (glyph,)]
    others = [*strokes[:begin], *slips, *(stroke for stroke in strokes[begin:] if stroke[1] != (glyph,))]
    at = min(begin + len(slips) + int(rng.integers(1, 4)), len(others))
    return [*others[:at], *own, *others[at:]]


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
