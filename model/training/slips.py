"""Slips of the pen: characters begun wrongly, beneath those that were then written over them."""

from __future__ import annotations

import numpy as np

from model.reading.ink import Box, way_along
from model.training.hands import Hand, chosen, standing
from model.training.synthesis import Paths

_HEIGHTS = 0.6, 1.0
"""Least and greatest height of a slip, in heights of what is written over it."""

_DONE = 0.4, 1.0
"""Least and greatest share of its first stroke that is drawn before it is noticed."""

_AGAIN = 0.3
"""Share of slips that are the same character, drawn badly or with a dry pen."""

_BESIDE = 0.1
"""Deviation, in heights, of a slip's middle from that of what is written over it."""


def slip(glyph: Paths, char: str, hand: Hand, rng: np.random.Generator) -> Paths:
    """The beginning of a character of the same hand in about the place of a glyph.

    Args:
        glyph: What is written over it.
        char: The character that is.
        hand: Where the wrong one is taken from.
        rng: Source of chance.
    """
    others = [c for c in sorted(hand) if c.isalpha() == char.isalpha() and c != char]
    wrong = char if rng.random() < _AGAIN or not others else str(rng.choice(others))
    box = Box.around(np.concatenate(glyph))
    first = chosen(hand, wrong, rng)[0]
    way = way_along(first)
    begun = first[: max(2, int(np.searchsorted(way, rng.uniform(*_DONE) * way[-1])))]
    drawn = standing([begun], rng.uniform(*_HEIGHTS) * box.height, 0.0, 0.0)
    place = Box.around(drawn[0])
    beside = rng.normal(0, _BESIDE * box.height, 2)
    move = [box.x - place.x + (box.width - place.width) / 2, box.y - place.y + (box.height - place.height) / 2]
    return [drawn[0] + (beside + move).astype(np.float32)]
