"""How tall a line's writing is, and which glyphs stand together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from model.reading.ink import Box, Stroke
from model.reading.normalize import DOT

_LOW = 0.25
"""Height, in heights of the highest, below which ink is a dot, bar or dash and tells nothing of the line's height."""


def pieces(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Strokes as they were before they were torn: runs of those that belong together."""
    runs: list[list[Stroke]] = []
    for stroke in strokes:
        if stroke.torn and runs:
            runs[-1].append(stroke)
        else:
            runs.append([stroke])
    return runs


def line_height(strokes: Sequence[Stroke]) -> float:
    """How tall a usual glyph is, CSS pixels, more than 0."""
    return usual_height([Box.over(stroke.box for stroke in piece) for piece in pieces(strokes)])


def usual_height(boxes: Sequence[Box]) -> float:
    """How tall a usual piece of ink is, over 0, in the boxes' unit: dots, bars and dashes do not pull it down."""
    highest = max(box.height for box in boxes)
    tall = float(np.quantile([box.height for box in boxes if box.height >= _LOW * highest], 0.7))
    broad = max(max(box.width for box in boxes), DOT)
    return max(tall, 0.3 * highest, 0.15 * broad)


def runs(of: Sequence[int]) -> list[slice]:
    """The stretches of glyphs that share a line, or a word."""
    starts = [i for i in range(len(of)) if i == 0 or of[i] != of[i - 1]]
    return [slice(a, b) for a, b in pairwise([*starts, len(of)])]
