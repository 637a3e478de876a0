"""Where a gap in a line is a space, as far as its width tells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import inf, sqrt
from statistics import median

from model.reading.ink import Box
from model.reading.layout import runs

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


_SLOPE = 10.0
"""Log-odds of being a space that a glyph height more of gap gives."""


def space_odds(boxes: Sequence[Box], lines: Sequence[int]) -> list[float]:
    """Log-odds that a space stands before each glyph, by the width of the gap; infinite where a line begins.

    Args:
        boxes: Of the glyphs, in reading order.
        lines: The line of each glyph.
    """
    gaps = [_gaps(boxes[run]) for run in runs(lines)]
    every = iter(_log_odds([gap for line in gaps for gap in line]))
    return [odds for line in gaps for odds in (inf, *(next(every) for _ in line))]


def _log_odds(gaps: Sequence[float]) -> list[float]:
    """The same of gaps; once some are likely spaces, the others tell better how wide a gap usually is."""
    odds = [0.0] * len(gaps)
    usual = list(range(len(gaps)))
    while True:
        for i, bound in zip(usual, _least_spaces([gaps[i] for i in usual]), strict=True):
            odds[i] = _SLOPE * (gaps[i] - bound)
        narrow = [i for i in usual if odds[i] <= 0]
        if len(narrow) == len(usual):
            return odds
        usual = narrow


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


def _gaps(boxes: Sequence[Box]) -> list[float]:
    """Empty width before each glyph of a line but the first, in its glyphs' heights; negative where glyphs overlap."""
    heights = [box.height for box in boxes]
    height = max(median(heights), 0.5 * max(heights), 1e-6)
    gaps, right = [], boxes[0].right
    for box in boxes[1:]:
        gaps.append((box.x - right) / height)
        right = max(right, box.right)
    return gaps
