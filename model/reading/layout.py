"""Where a drawing breaks: into lines, by empty rows between tall ink, and lines into words, by gaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from model.reading.ink import Box, Stroke
from model.reading.normalize import DOT

_TALL = 0.5
"""Height, in line heights, from which a stroke counts as a body of writing; dots, bars and dashes do not."""

_LOW = 0.25
"""Height, in heights of the highest, below which ink is a dot, bar or dash and tells nothing of the line's height."""

_EMPTY = 0.2
"""Empty rows, in line heights, that part two lines."""

_SPACE = 1.0
"""By how many glyph heights a gap must exceed the usual one to be a space. Of real numbers and words without a space
fewer than one in a hundred have such a gap."""

_USUAL = 0.25
"""The usual gap, in glyph heights, where there is no other gap to compare with: the median of real numbers."""


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


def lines_of(boxes: Sequence[Box], height: float) -> list[int]:
    """Which line each stroke stands on, from 0 at the top; all 0 where no empty rows part the writing.

    Args:
        boxes: Of the strokes.
        height: The line height, CSS pixels.
    """
    tall = sorted((box for box in boxes if box.height >= _TALL * height), key=lambda box: box.y)
    if not tall:
        return [0] * len(boxes)
    bands = [[tall[0].y, tall[0].bottom]]
    for box in tall[1:]:
        if box.y > bands[-1][1] + _EMPTY * height:
            bands.append([box.y, box.bottom])
        else:
            bands[-1][1] = max(bands[-1][1], box.bottom)
    middles = [box.y + box.height / 2 for box in boxes]
    return [min(range(len(bands)), key=lambda b: _distance(bands[b], middle)) for middle in middles]


def _distance(band: Sequence[float], y: float) -> float:
    return max(band[0] - y, y - band[1], 0.0)


def words_of(boxes: Sequence[Box], lines: Sequence[int]) -> list[int]:
    """Which word each glyph belongs to, counted from 0 through all lines.

    Args:
        boxes: Of the glyphs, in reading order.
        lines: The line of each glyph.
    """
    words: list[int] = []
    for run in runs(lines):
        members = boxes[run]
        heights = [box.height for box in members]
        height = max(median(heights), 0.5 * max(heights), 1e-6)
        gaps = _gaps(members)
        word = words[-1] + 1 if words else 0
        words.append(word)
        for i, gap in enumerate(gaps):
            others = gaps[:i] + gaps[i + 1 :]
            usual = max(0.0, median(others)) if others else _USUAL * height
            word += gap - usual > _SPACE * height
            words.append(word)
    return words


def runs(of: Sequence[int]) -> list[slice]:
    """The stretches of glyphs that share a line, or a word."""
    starts = [i for i in range(len(of)) if i == 0 or of[i] != of[i - 1]]
    return [slice(a, b) for a, b in pairwise([*starts, len(of)])]


def _gaps(boxes: Sequence[Box]) -> list[float]:
    """Empty width before each glyph but the first; negative where glyphs overlap."""
    gaps, right = [], boxes[0].right
    for box in boxes[1:]:
        gaps.append(box.x - right)
        right = max(right, box.right)
    return gaps
