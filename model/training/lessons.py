"""Drawings whose cuts are known, as the reader gets them, for the joins to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from model.reading.alphabet import Alphabet
from model.reading.ink import Ink, Stroke
from model.reading.tearing import torn_apart
from model.training.composition import composed_numbers, composed_runs, composed_words
from model.training.data import Character, by_split, characters, is_readable, load_ink
from model.training.forms import as_image, corner
from model.training.geometry import dense
from model.training.inkdata import Cut, InkSample, true_cut
from model.training.shapes import curly_x, dotted_beside, is_dotted
from model.training.writing import Style

_UNTIMED = 0.15
"""Share of the drawings whose times are dropped, so that pictures, which have none, are read as well."""

_FLAT = 0.4
"""Share of the drawings that are flat images."""

_PURE = 0.75
"""Share of a part's points that must be nearest to one and the same glyph for the part to be that glyph's."""

_STEP = 1.0
"""CSS pixels between the points that are looked at."""

_CURLY = 4
"""Curly x's that each writer is lent: none of the training data's writers makes them."""


@dataclass(frozen=True)
class Lesson:
    """A drawing to be cut.

    Attributes:
        ink: As it is cut: wide strokes in pieces.
        names: What each of its strokes is called; the pieces of one are called the same.
        truth: The strokes of each true glyph, by these names.
        alphabets: What it is to be read with.
        weight: What it counts.
    """

    ink: Ink
    names: tuple[int, ...]
    truth: Cut
    alphabets: tuple[Alphabet, ...]
    weight: float


def lessons(data: Path, count: int, rng: np.random.Generator) -> Iterator[Lesson]:
    """About `count` drawings of training writers, as points with and without times and as flat images.

    Raises:
        ValueError, OSError: the data cannot be used.
    """
    for drawing in _drawings(data, count, rng):
        found = lesson(*drawing, rng)
        if found is not None:
            yield found


def lesson(
    sample: InkSample, alphabets: tuple[Alphabet, ...], weight: float, rng: np.random.Generator
) -> Lesson | None:
    """A drawing in a form by chance; None where it is a flat image whose parts cannot make up its glyphs."""
    chance = rng.random()
    joined = sum(len(strokes) for _, strokes in sample.groups) > len(sample.ink.strokes)
    if chance < _FLAT and not joined:  # where one stroke of two glyphs is to be cut is not known
        ink = torn_apart(as_image(sample.ink))
        truth = flat_cut(sample, ink)
        return None if truth is None else Lesson(ink, tuple(range(len(ink.strokes))), truth, alphabets, weight)
    untimed = _FLAT < chance < _FLAT + _UNTIMED
    ink = torn_apart(_without_times(sample.ink) if untimed else sample.ink)
    names = tuple(-1 if stroke.index is None else stroke.index for stroke in ink.strokes)
    return Lesson(ink, names, true_cut(sample), alphabets, weight)


def flat_cut(sample: InkSample, ink: Ink) -> Cut | None:
    """The glyphs by the places of their parts in a flat image; None where a part is of several or a glyph has none.

    Args:
        sample: What was drawn, and its glyphs.
        ink: What was read of the flat image `as_image` makes of it, in pieces.
    """
    glyphs = [
        np.concatenate([dense(path - corner(sample.ink), _STEP) for path in sample.glyph_paths(i)])
        for i in range(len(sample.groups))
    ]
    near = [cKDTree(glyph) for glyph in glyphs]
    owners = [_owners(stroke, near) for stroke in ink.strokes]
    for i in range(1, len(owners)):
        if ink.strokes[i].is_twin(ink.strokes[i - 1]):  # a part that two may share: the first has it first
            owners[i - 1], owners[i] = owners[i - 1][:1], owners[i][-1:]
    if any(len(found) > 1 for found in owners) or {found[0] for found in owners} != set(range(len(glyphs))):
        return None
    return Counter(frozenset(i for i, (o,) in enumerate(owners) if o == glyph) for glyph in range(len(glyphs)))


def _owners(stroke: Stroke, glyphs: Sequence[cKDTree]) -> list[int]:
    """The glyph that a part is of, or where it is no one's alone the two that have most of it, the first first."""
    points = np.concatenate([dense(path, 2 * _STEP) for path in stroke.paths])
    away = np.stack([glyph.query(points)[0] for glyph in glyphs])
    nearest = np.bincount(away.argmin(axis=0), minlength=len(glyphs))
    if nearest.max() >= _PURE * len(points):
        return [int(nearest.argmax())]
    return sorted(np.argsort(-nearest, kind="stable")[:2].tolist())


def _without_times(ink: Ink) -> Ink:
    return Ink(tuple(replace(stroke, start=None, end=None) for stroke in ink.strokes))


def _drawings(data: Path, count: int, rng: np.random.Generator) -> list[tuple[InkSample, tuple[Alphabet, ...], float]]:
    """Numbers and words in the styles that people write, half of the words as their writers wrote them."""
    glyphs = characters(by_split(load_ink(data))[0])
    dotted = [glyph for glyph in glyphs if is_dotted(glyph.char, glyph.paths)]
    glyphs += [replace(glyph, paths=dotted_beside(glyph.paths, rng)) for glyph in dotted]
    for writer in sorted({glyph.writer for glyph in glyphs}):
        glyphs += [Character("x", writer, curly_x(rng)) for _ in range(_CURLY)]
    words = [
        sample
        for sample in by_split(load_ink(data, ["unipen_words"]))[0]
        if sample.text.isalpha() and all(is_readable(char) for char, _ in sample.groups)
    ]
    digits: tuple[Alphabet, ...] = ("digits",)
    letters: tuple[Alphabet, ...] = ("letters", "alphanumeric")

    def share(part: float) -> int:
        return max(1, round(part * count))

    real = [words[i] for i in rng.permutation(len(words))[: share(0.18)]]
    return [
        *((s, ("digits", "alphanumeric"), 0.8) for s in composed_numbers(glyphs, share(0.16), rng)),
        *((s, digits, 1.0) for s in composed_numbers(glyphs, share(0.24), rng, style=Style(touching=True))),
        *((s, digits, 1.0) for s in composed_numbers(glyphs, share(0.17), rng, style=Style(joined=0.5))),
        *((s, letters, 0.7) for s in composed_words(glyphs, share(0.10), rng)),
        *((s, letters, 0.4) for s in composed_words(glyphs, share(0.07), rng, style=Style(touching=True))),
        *((s, letters[1:], 0.8) for s in composed_runs(glyphs, share(0.15), rng)),
        *((s, letters, 0.8) for s in real),
    ]
