"""What each writer wrote of each character: hands, to compose strings from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from model.reading.ink import Box
from model.training.data import Character
from model.training.synthesis import Paths

Hand = dict[str, list[Paths]]
"""What one writer wrote of each character; never an empty list."""

_WIDEST = 2.0
"""Width, in its own heights, beyond which ink labelled as a character is but a piece of one."""


def hands(glyphs: Iterable[Character]) -> dict[str, Hand]:
    """Each writer's characters, but those of which only a piece is there, as their flatness shows."""
    found: dict[str, Hand] = defaultdict(lambda: defaultdict(list))
    for glyph in glyphs:
        box = Box.around(np.concatenate(glyph.paths))
        if box.width <= _WIDEST * box.height:
            found[glyph.writer][glyph.char].append(glyph.paths)
    return {writer: dict(hand) for writer, hand in found.items()}


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
