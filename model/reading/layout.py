"""How tall a line's writing is, and where a gap in it is a space."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import median

import numpy as np

from model.reading.ink import Box, Stroke
from model.reading.normalize import DOT

_LOW = 0.25
"""Height, in heights of the highest, below which ink is a dot, bar or dash and tells nothing of the line's height."""

_SPACE = 3.2
"""By how many spreads of the gaps a gap must exceed the usual one to be a space. Of real numbers and words without a
space about one in a thousand has such a gap, and one word in 150."""

_SPREAD = 0.3, 8
"""The spread of gaps, in glyph heights, that is expected before any is seen, and how many gaps that is worth."""

_FEW = 0.5
"""What is asked of a gap beyond that, in glyph heights, over the squared number of gaps: of few little is known."""

_DEVIATION = 1.48
"""The standard deviation of what is normally distributed over its median absolute deviation."""

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


def words_of(boxes: Sequence[Box], lines: Sequence[int]) -> list[int]:
    """Which word each glyph belongs to, counted from 0 through all lines.

    Args:
        boxes: Of the glyphs, in reading order.
        lines: The line of each glyph.
    """
    gaps = [_gaps(boxes[run]) for run in runs(lines)]
    spaces = iter(_spaces([gap for line in gaps for gap in line]))
    words: list[int] = []
    for line in gaps:
        words.append(words[-1] + 1 if words else 0)
        for _ in line:
            words.append(words[-1] + next(spaces))
    return words


def _spaces(gaps: Sequence[float]) -> list[bool]:
    """Which gaps are spaces; once some are, the others tell better how wide a gap usually is."""
    found = [False] * len(gaps)
    while True:
        usual = [i for i, is_space in enumerate(found) if not is_space]
        least = _least_spaces([gaps[i] for i in usual])
        wide = [i for i, bound in zip(usual, least, strict=True) if gaps[i] > bound]
        if not wide:
            return found
        for i in wide:
            found[i] = True


def _least_spaces(gaps: Sequence[float]) -> list[float]:
    """What each gap must exceed to be a space beside the others, all in glyph heights."""
    others = len(gaps) - 1
    if others < 1:
        return [_bound(_USUAL, 0.0, 0) for _ in gaps]
    count = others if others > 1 else 0  # one alone does not tell how gaps vary
    ordered = sorted(gaps)
    deviations: dict[float, list[float]] = {}  # by their middle: of the others' there are three at most
    bounds = []
    for gap in gaps:
        middle = _median_without(gap, ordered)
        if middle not in deviations:
            deviations[middle] = sorted(abs(other - middle) for other in gaps)
        spread = _DEVIATION * _median_without(abs(gap - middle), deviations[middle])
        bounds.append(_bound(max(0.0, middle), spread, count))
    return bounds


def _median_without(value: float, ordered: Sequence[float]) -> float:
    """The median of ascending values, at least two, but one of them."""
    at, left = bisect_left(ordered, value), len(ordered) - 1
    low, high = (left - 1) // 2, left // 2
    return (ordered[low + (low >= at)] + ordered[high + (high >= at)]) / 2


def _bound(usual: float, spread: float, count: int) -> float:
    """What a gap must exceed, given what `count` others usually are and by how much they vary."""
    before, worth = _SPREAD
    expected = sqrt((count * spread**2 + worth * before**2) / (count + worth))
    return usual + _SPACE * expected + _FEW / (count + 1) ** 2


def runs(of: Sequence[int]) -> list[slice]:
    """The stretches of glyphs that share a line, or a word."""
    starts = [i for i in range(len(of)) if i == 0 or of[i] != of[i - 1]]
    return [slice(a, b) for a, b in pairwise([*starts, len(of)])]


def _gaps(boxes: Sequence[Box]) -> list[float]:
    """Empty width before each glyph of a line but the first, in its glyphs' heights; negative where glyphs overlap."""
    heights = [box.height for box in boxes]
    height = max(median(heights), 0.5 * max(heights), 1e-6)
    gaps, right = [], boxes[0].right
    for box in boxes[1:]:
        gaps.append((box.x - right) / height)
        right = max(right, box.right)
    return gaps
