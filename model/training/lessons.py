"""Drawings whose cuts are known, for the joins and the nets to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from model.reading.alphabet import Alphabet
from model.reading.ink import Ink
from model.reading.tearing import torn_apart
from model.training.composition import composed_numbers, composed_runs, composed_words
from model.training.data import Character, by_split, characters, is_readable, load_ink
from model.training.forms import as_image, corner, some_pen
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
    for drawing in drawings(data, count, rng):
        found = lesson(*drawing, rng)
        if found is not None:
            yield found


def lesson(
    sample: InkSample, alphabets: tuple[Alphabet, ...], weight: float, rng: np.random.Generator
) -> Lesson | None:
    """A drawing in a form by chance; None where it is a flat image whose parts cannot make up its glyphs."""
    chance = rng.random()
    if chance < _FLAT and not sample.is_joined:
        ink = torn_apart(as_image(sample.ink, some_pen(sample.ink, rng)))
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
    near = nearest(sample, ink)
    owners = [owners_of(counts) for counts in near]
    for i, first in enumerate(ink.firsts()):
        if first != i:  # a part that two may share: the first has it first
            owners[first], owners[i] = owners[first][:1], owners[i][-1:]
    if any(len(found) > 1 for found in owners) or {found[0] for found in owners} != set(range(near.shape[1])):
        return None
    return Counter(frozenset(i for i, (o,) in enumerate(owners) if o == glyph) for glyph in range(near.shape[1]))


def nearest(sample: InkSample, ink: Ink) -> NDArray[np.int64]:
    """Of each part of a flat image, as for `flat_cut`, how many of its points are nearest to which glyph.

    Returns:
        Shape (parts, glyphs); the points lie evenly along the lines.
    """
    glyphs = [
        cKDTree(np.concatenate([dense(path - corner(sample.ink), _STEP) for path in sample.glyph_paths(i)]))
        for i in range(len(sample.groups))
    ]
    counts = np.zeros((len(ink.strokes), len(glyphs)), np.int64)
    for part, stroke in enumerate(ink.strokes):
        points = np.concatenate([dense(path, 2 * _STEP) for path in stroke.paths])
        away = np.stack([glyph.query(points)[0] for glyph in glyphs])
        counts[part] = np.bincount(away.argmin(axis=0), minlength=len(glyphs))
    return counts


def owners_of(counts: NDArray[np.int64]) -> list[int]:
    """The glyph that a part is of, by `nearest`, or where it is no one's alone the two with most of it, in order."""
    if counts.max() >= _PURE * counts.sum():
        return [int(counts.argmax())]
    return sorted(np.argsort(-counts, kind="stable")[:2].tolist())


def _without_times(ink: Ink) -> Ink:
    return Ink(tuple(replace(stroke, start=None, end=None) for stroke in ink.strokes))


def drawings(
    data: Path, count: int, rng: np.random.Generator, held_out: bool = False
) -> list[tuple[InkSample, tuple[Alphabet, ...], float]]:
    """Numbers and words in the styles that people write, some words as their writers wrote them.

    Args:
        data: Folder of ink files.
        count: About how many.
        rng: Decides every choice.
        held_out: Whether they are of the held-out writers, not of those who teach.

    Returns:
        Each with the alphabets that it is to be read with and what it counts.

    Raises:
        ValueError, OSError: the data cannot be used.
    """
    glyphs = characters(by_split(load_ink(data))[held_out])
    dotted = [glyph for glyph in glyphs if is_dotted(glyph.char, glyph.paths)]
    glyphs += [replace(glyph, paths=dotted_beside(glyph.paths, rng)) for glyph in dotted]
    for writer in sorted({glyph.writer for glyph in glyphs}):
        glyphs += [Character("x", writer, curly_x(rng)) for _ in range(_CURLY)]
    words = [
        sample
        for sample in by_split(load_ink(data, ["unipen_words"]))[held_out]
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
