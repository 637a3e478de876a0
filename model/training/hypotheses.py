"""Glyphs as they compete in drawings: what is a character of one, and what its lattice holds besides.

Characters alone, and junk made of them, do not tell what a cut through a stroke leaves, how a letter is drawn between
two others, nor what comes of a glyph that is taken out of a flat image in which it touches its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.glyphs import drawn, ways_of
from model.reading.ink import Ink
from model.reading.segment import segment
from model.reading.tearing import torn_apart
from model.training.data import GlyphSet, members
from model.training.forms import as_image, some_pen
from model.training.inkdata import InkSample
from model.training.lessons import drawings, nearest, owners_of

_FALSE = 2
"""False hypotheses of a drawing that are taken for each true one, at most."""

_SAME = 0.85
"""What the hypothesis of a flat image that is likest to a character has in common with it, at least, to be it: their
common ink, as a share of all ink of both."""

_OTHER = 0.6
"""What a false one has in common with any character at most; what lies between teaches nothing."""


def hypotheses(
    data: Path, count: int, rng: np.random.Generator, flat: float = 0.0, held_out: bool = False
) -> Iterator[GlyphSet]:
    """What about `count` drawings may be cut into: all that is true, and some of what is false.

    Drawings in which one stroke is of several characters are left out: which cut through it is true is not known.

    Args:
        data: Folder of ink files.
        count: About how many drawings.
        rng: Decides every choice.
        flat: Share of the drawings that are flat images, whose glyphs have no trajectories.
        held_out: Whether they are of the held-out writers, not of those who teach.

    Raises:
        ValueError, OSError: the data cannot be used.
    """
    for sample, _, _ in drawings(data, count, rng, held_out):
        if not sample.is_joined:
            yield hypotheses_of(sample, rng, flat > 0 and rng.random() < flat)


def hypotheses_of(sample: InkSample, rng: np.random.Generator, flat: bool = False) -> GlyphSet:
    """The same of one drawing, each of whose strokes is of one character: first what is true, then what is not."""
    ink = torn_apart(as_image(sample.ink, some_pen(sample.ink, rng)) if flat else sample.ink)
    cuts = segment(ink)
    glyphs = drawn(ink, ways_of(ink, cuts))
    strokes: list[tuple[int, ...]] = [()] * len(glyphs)
    for hypothesis, glyph in zip(cuts.hypotheses, glyphs.of.tolist(), strict=True):
        strokes[glyph] = hypothesis.strokes
    common = _common(ink, strokes, *(_flat_shares if flat else _shares)(sample, ink))
    likest = common.argmax(axis=0)
    same, other = (_SAME, _OTHER) if flat else (1.0, 1.0)
    true = {int(glyph): char for char, glyph in enumerate(likest) if common[glyph, char] >= same}
    characters = sorted(true)
    false = np.flatnonzero(common.max(axis=1) < other)
    false = false[rng.permutation(len(false))[: _FALSE * len(true)]]
    chosen = np.array([*characters, *false], np.int64)
    allowed = np.ones((len(chosen), len(CLASSES)), bool)
    for row, glyph in enumerate(characters):
        allowed[row] = members(sample.groups[true[glyph]][0])
    images = np.rint(255 * glyphs.pictures[chosen]).astype(np.uint8)
    return GlyphSet(images, allowed, np.arange(len(chosen)) >= len(true), glyphs.trajectories[chosen])


def _shares(sample: InkSample, ink: Ink) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much ink each piece of a drawing has, and each character of it: shapes (pieces,), (pieces, characters)."""
    index = np.array([-1 if stroke.index is None else stroke.index for stroke in ink.strokes])
    owned = np.column_stack([np.isin(index, strokes) for _, strokes in sample.groups]).astype(float)
    return np.ones(len(ink.strokes)), owned


def _flat_shares(sample: InkSample, ink: Ink) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The same of a flat image; what two characters may share is wholly of both."""
    near = nearest(sample, ink).astype(float)
    size = near.sum(axis=1)
    for part, first in enumerate(ink.firsts()):
        if first != part:
            near[first, owners_of(near[first])] = size[first]
    return size, near


def _common(
    ink: Ink, hypotheses: list[tuple[int, ...]], size: NDArray[np.float64], owned: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each hypothesis and each character have in common, as a share of both: shape (hypotheses, characters)."""
    firsts = np.array(ink.firsts())
    taken = np.zeros((len(hypotheses), len(size)))
    for row, strokes in enumerate(hypotheses):
        taken[row, firsts[list(strokes)]] = 1
    both = taken @ owned
    return np.asarray(both / (taken @ size[:, None] + owned[np.unique(firsts)].sum(axis=0) - both))
