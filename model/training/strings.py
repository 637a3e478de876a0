"""Pictures of whole strings and what they say, for the net that reads without cutting: drawn from ink, and put together
from EMNIST's pictures, whose writers are many more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.ink import Ink, Polyline, Stroke
from model.reading.line import Line
from model.reading.linepicture import HEIGHT, LinePicture, line_picture, unmarked
from model.reading.normalize import cropped
from model.reading.sequence import PLACES
from model.training.composition import composed_numbers, composed_runs, composed_words
from model.training.data import Character, GlyphSet, by_split, characters, is_readable, load_ink, load_pool
from model.training.doodles import doodle
from model.training.inkdata import InkSample
from model.training.language import COMMON
from model.training.writing import Style

_DOODLED = 0.07
"""Share of the drawings that are no writing, and say nothing."""

_DOODLES = 6
"""Doodles of which one of those consists, at most; half of them are a single one."""

_PASTED = 0.25
"""Share of the strings that are put together from EMNIST's pictures."""

_WIDTHS, _SLANTS = 0.14, 0.15
"""Deviations of the log of how wide a drawing is made, and of how far it leans."""

_FLAT, _PICTURES = 0.35, 0.15
"""Shares of the drawings that come as flat images and as a picture a stroke; points tell of the others."""

_PENS = 0.06, 0.5, 0.17
"""Widths of pens, in heights: the middle one, the deviation of their log, and the broadest."""

_PASTED_KINDS = 0.55, 0.85
"""Shares, added up, of numbers and of words among pasted strings; the others are anything."""

_TOUCHING = {True: 0.7, False: 0.4}
"""Share of the pasted numbers, and of the others, whose characters touch."""

_TALL = 28
"""Height of a digit or capital of those, pixels."""

_GAPS = -0.05, 0.35
"""Least and greatest empty width between those that do not, in heights."""

_MOST_OVERLAP = 0.45
"""Share of the narrower character by which its neighbour comes over it at most, for their ink to meet."""

_SEEN = 90
"""Coverage, of 255, from which ink is taken to meet ink."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class String:
    """What is seen, as `line_picture` has it, and what it says."""

    picture: LinePicture
    text: str


def strings(data: Path, count: int, rng: np.random.Generator, held_out: bool = False) -> Iterator[String]:
    """About `count` strings of digits and letters, none with spaces; some are no writing and say nothing.

    Args:
        data: The shared folder.
        count: About how many.
        rng: Decides every choice.
        held_out: Whether they are of the validation writers and images, not of those who teach.

    Raises:
        ValueError, OSError: the data cannot be used.
    """
    pasted, doodled = round(_PASTED * count), round(_DOODLED * count)
    for sample in _written(data / "ink", count - pasted - doodled, rng, held_out):
        yield String(_drawn([stroke.points for stroke in sample.ink.strokes], rng), sample.text)
    for _ in range(doodled):
        yield String(_drawn(_doodles(rng), rng), "")
    pasting = _Pasting(load_pool(data / "emnist" / "emnist_pool.npz", 1 if held_out else 0))
    for _ in range(pasted):
        yield pasting.string(rng)


def _written(data: Path, count: int, rng: np.random.Generator, held_out: bool) -> Iterator[InkSample]:
    """Drawings by writers of one side, composed and real."""
    glyphs: list[Character] = characters(by_split(load_ink(data))[held_out])
    words = [
        sample
        for sample in by_split(load_ink(data, ["unipen_words"]))[held_out]
        if all(is_readable(char) for char, _ in sample.groups)
    ]

    def share(part: float) -> int:
        return max(1, round(part * count))

    yield from composed_numbers(glyphs, share(0.08), rng, lengths=(1, 8))
    yield from composed_numbers(glyphs, share(0.18), rng, style=Style(touching=True))
    yield from composed_numbers(glyphs, share(0.06), rng, style=Style(joined=0.5))
    yield from composed_numbers(glyphs, share(0.06), rng, style=Style(slips=0.2))
    yield from composed_words(glyphs, share(0.11), rng)
    yield from composed_words(glyphs, share(0.08), rng, style=Style(touching=True))
    yield from composed_words(glyphs, share(0.05), rng, style=Style(joined=0.5))
    yield from composed_runs(glyphs, share(0.12), rng)
    # few different words were written: parts of them say more things
    for which in rng.integers(len(words), size=share(0.26)):
        yield words[which] if rng.random() < 0.4 else _part(words[which], rng)


def _part(word: InkSample, rng: np.random.Generator) -> InkSample:
    """Some neighbouring characters of a word; all of it where strokes belong to several."""
    length = len(word.groups)
    if word.is_joined or len(word.text) != length:
        return word
    size = int(rng.integers(1, length + 1))
    start = int(rng.integers(0, length - size + 1))
    groups = word.groups[start : start + size]
    strokes = sorted(stroke for _, members in groups for stroke in members)
    ink = Ink(tuple(word.ink.strokes[stroke] for stroke in strokes))
    return InkSample(word.name, word.writer, "".join(char for char, _ in groups), groups, ink)


def _doodles(rng: np.random.Generator) -> list[Polyline]:
    """One doodle, or several of any size side by side and over each other."""
    found: list[Polyline] = []
    count = 1 if rng.random() < 0.5 else int(rng.integers(2, _DOODLES + 1))
    for i in range(count):
        size, shift = np.exp(rng.normal(0, 0.4)), np.array([30 * i, 0]) + rng.normal(0, 12, 2)
        found += [(size * line + shift).astype(np.float32) for line in doodle(rng)] if count > 1 else doodle(rng)
    return found


def _drawn(lines: Sequence[Polyline], rng: np.random.Generator) -> LinePicture:
    """A drawing made wider or narrower, leaned, drawn with some pen, and with as much told as one form of it tells."""
    change = np.array([[np.exp(rng.normal(0, _WIDTHS)), rng.normal(0, _SLANTS)], [rng.normal(0, 0.02), 1.0]])
    middle, deviation, broadest = _PENS
    pen = min(middle * float(np.exp(rng.normal(0, deviation))), broadest) * HEIGHT
    strokes = [Stroke(((line @ change.T).astype(np.float32),), i) for i, line in enumerate(lines)]
    picture = line_picture(strokes, max(pen, 1.0))
    form = rng.random()
    if form < _FLAT:
        return unmarked(picture[..., 0])
    if form < _FLAT + _PICTURES:
        picture[..., 1:3] = 128
    return picture


class _Pasting:
    """Strings of finished pictures of glyphs."""

    def __init__(self, glyphs: GlyphSet):
        """`glyphs` may hold some of which only the merged class is known: they stand for any of its members."""
        self._images = glyphs.images
        self._of = {c: rows for i, c in enumerate(CLASSES) if len(rows := np.flatnonzero(glyphs.allowed[:, i]))}
        self._extents = dict(zip(CLASSES, Line.load().extents.tolist(), strict=True))
        self._digits = [c for c in self._of if c.isdigit()]
        self._words = [word for word in COMMON.split() if {*word, *word.upper()} <= set(self._of)]

    def string(self, rng: np.random.Generator) -> String:
        """A number, a word or anything."""
        text = self._text(rng)
        picture = self._pasted(text, rng.random() < _TOUCHING[text.isdigit()], rng)
        return String(unmarked(picture), text)

    def _text(self, rng: np.random.Generator) -> str:
        kind = rng.random()
        if self._digits and kind < _PASTED_KINDS[0]:
            return "".join(rng.choice(self._digits, int(rng.integers(1, 9))))
        if self._words and kind < _PASTED_KINDS[1]:
            casing = (str.lower, str.capitalize, str.upper)[int(rng.choice(3, p=(0.6, 0.25, 0.15)))]
            return casing(str(rng.choice(self._words)))
        return "".join(rng.choice(list(self._of), int(rng.integers(1, 7))))

    def _pasted(self, text: str, touching: bool, rng: np.random.Generator) -> Picture:
        lean, wide = rng.normal(0, 0.1), float(np.exp(rng.normal(0, 0.1)))
        canvas = np.zeros((3 * _TALL + 12, 2 * _TALL * len(text) + 2 * _TALL), np.uint8)
        left, right, width = 0, _TALL // 2, 0  # of the ink of the last one
        for i, char in enumerate(text):
            top, bottom = (1.0, 0.0) if text.isdigit() else self._extents[char]
            glyph = self._glyph(char, _TALL * (top - bottom) * float(np.exp(rng.normal(0, 0.05))), wide, lean, rng)
            low = 2 * _TALL - round(bottom * _TALL + rng.normal(0, 0.6))
            rows = slice(max(0, low - len(glyph)), low)
            glyph = glyph[-(rows.stop - rows.start) :]
            first, last = _across(glyph)
            at = right + round(rng.uniform(*_GAPS) * _TALL) - first
            if i and touching:
                met = _meeting(canvas[rows], glyph)
                at = right + 1 - first if met is None else met - int(rng.integers(0, 2))
            at = max(at, left + round(_MOST_OVERLAP * min(width, last - first + 1)) - first if i else 0, 0)
            window = canvas[rows, at : at + glyph.shape[1]]
            np.maximum(window, glyph[:, : window.shape[1]], out=window)
            left, right, width = at + first, at + last, last - first + 1
        ink = _cropped(canvas)
        scale = min(_TALL / ink.shape[0], 14 * _TALL / ink.shape[1])
        size = max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale))
        ink = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
        return np.pad(ink, ((2, HEIGHT - 2 - size[1]), (2, 2)))

    def _glyph(self, char: str, height: float, wide: float, lean: float, rng: np.random.Generator) -> Picture:
        """One that may be `char`, as high as asked for, unless it is flat, made wider and leaned."""
        rows = self._of[char]
        ink = _cropped(self._images[rows[rng.integers(len(rows))]])
        scale = min(height / ink.shape[0], 2 * _TALL / ink.shape[1])
        size = max(2, round(ink.shape[1] * scale * wide)), max(3, round(ink.shape[0] * scale))
        shift = abs(lean) * size[1]
        x, y = size[0] / ink.shape[1], size[1] / ink.shape[0]
        change = np.array([[x, -lean * y, shift if lean > 0 else 0.0], [0.0, y, 0.0]])
        return np.asarray(cv2.warpAffine(ink, change, (int(size[0] + shift) + 2, size[1])), np.uint8)


def _cropped(image: Picture) -> Picture:
    """The same without its margins; of a picture without ink one pixel is left."""
    ink = cropped(image)
    return ink if ink.size else image[:1, :1]


def _across(glyph: Picture) -> tuple[int, int]:
    """First and last column with ink."""
    columns = np.flatnonzero((glyph >= _SEEN).any(axis=0))
    return (int(columns[0]), int(columns[-1])) if len(columns) else (0, glyph.shape[1] - 1)


def _meeting(before: Picture, glyph: Picture) -> int | None:
    """Where a glyph's left edge comes to, moved up to what stands before it; None where they share no row."""
    there, here = before >= _SEEN, glyph >= _SEEN
    reach = np.where(there.any(axis=1), there.shape[1] - 1 - there[:, ::-1].argmax(axis=1), -(10**6))
    begin = np.where(here.any(axis=1), here.argmax(axis=1), 10**6)
    room = begin - np.maximum(reach, np.maximum(np.append(reach[1:], reach[-1]), np.append(reach[0], reach[:-1])))
    return None if room.min() > 10**5 else int(-room.min())


def text_of(strings: Sequence[String]) -> NDArray[np.int32]:
    """Each text as a net is told it: its characters' places in a column, then 0s; shape (n, longest)."""
    found = np.zeros((len(strings), max(len(string.text) for string in strings)), np.int32)
    for row, string in zip(found, strings, strict=True):
        row[: len(string.text)] = [PLACES[char] for char in string.text]
    return found
