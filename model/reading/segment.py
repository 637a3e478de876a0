"""Ink → competing cuts: every group of strokes that may be one glyph, pruned by space.

A group is a hypothesis. Which hypotheses are right is for the classifier and the decoder to judge; here only what
cannot be one glyph is left out: strokes far apart, groups too wide, too many strokes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from model.reading.budget import UNBOUNDED, Budget
from model.reading.grouping import Groups, Primitive
from model.reading.ink import Box, Ink, Stroke
from model.reading.layout import line_height, pieces
from model.reading.linefinding import lines_of
from model.reading.overwriting import MOST_SLIPS, Overwriting
from model.reading.proximity import Proximity

_SKIP_MS = 45.0
"""Pen-up times no longer than this are skips of the pen: no writer moves on to the next character so fast."""

_SKIP_DISTANCE = 0.15
"""How far, in line heights, a skipping pen may come down from where it lifted."""


@dataclass(frozen=True)
class Hypothesis:
    """Strokes that may be one glyph.

    Attributes:
        primitives: Which of the cuts' primitives it explains, ascending.
        strokes: Positions in `Ink.strokes` of those that make the glyph, ascending.
        box: Around these, CSS pixels.
        gap: Widest horizontal gap inside, in line heights; 0 where all overlap.
        pause: Longest pause inside over the drawing's median pause, or None without times.
        line: Which line it stands on.
        size: How many primitives make the glyph, those that only a tear parts counted as one.
        tears: How many of its strokes were cut off one that it does not hold.
        seams: How many were cut off one that it does hold.
        under: Positions in `Ink.strokes` of slips of the pen that the glyph was written over, ascending.
    """

    primitives: tuple[int, ...]
    strokes: tuple[int, ...]
    box: Box
    gap: float
    pause: float | None
    line: int
    size: int
    tears: int
    seams: int = 0
    under: tuple[int, ...] = ()

    @property
    def explained(self) -> tuple[int, ...]:
        """Positions in `Ink.strokes` of all that it explains, ascending."""
        return tuple(sorted((*self.under, *self.strokes)))


@dataclass(frozen=True)
class Cuts:
    """All hypotheses of a drawing.

    Attributes:
        hypotheses: In order of their first primitive.
        pieces: Positions in `Ink.strokes` of what each primitive holds; each is of exactly one glyph of a reading.
        height: The line height: how tall a usual glyph of this drawing is, CSS pixels.
        proximity: How the ink's strokes lie beside each other.
    """

    hypotheses: tuple[Hypothesis, ...]
    pieces: tuple[tuple[int, ...], ...]
    height: float
    proximity: Proximity

    @property
    def primitives(self) -> int:
        """How many pieces there are to explain."""
        return len(self.pieces)

    def only(self, hypotheses: Sequence[int]) -> Cuts:
        """Those with some hypotheses alone, ascending."""
        return replace(self, hypotheses=tuple(self.hypotheses[h] for h in hypotheses))


_NOTHING = Cuts((), (), 0.0, Proximity.of((), 1.0))


def segment(ink: Ink, budget: Budget = UNBOUNDED) -> Cuts:
    """The competing cuts of a drawing, line by line from left to right, whatever the order it was drawn in.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    if not ink.strokes:
        return _NOTHING
    height = line_height(ink.strokes)
    primitives = sorted(_primitives(ink, height), key=lambda p: (p.line, p.centre))
    proximity = Proximity.of(ink.strokes, height, budget)
    groups, overwriting = Groups(primitives, proximity, height), Overwriting(ink, primitives)
    found = [
        _hypothesis(ink, members, [primitives[i] for i in members], height, proximity.usual)
        for first in budget.over(range(len(primitives)))
        for members in groups.beginning_with(first)
    ]
    beneath = overwriting.under([(hypothesis.primitives, hypothesis.box) for hypothesis in found], budget)
    for hypothesis, slips in zip(tuple(found), beneath, strict=True):
        if slips:
            under = sorted(s for i in slips for s in primitives[i].strokes)
            explained = tuple(sorted((*hypothesis.primitives, *slips)))
            found.append(replace(hypothesis, primitives=explained, under=tuple(under)))
    found.sort(key=lambda hypothesis: hypothesis.primitives[0])
    return Cuts(tuple(found), tuple(p.strokes for p in primitives), height, proximity)


def as_grouped(ink: Ink, groups: Sequence[Sequence[int]]) -> Cuts:
    """The caller's own grouping as the only cut: one hypothesis a group, in the caller's order, and where its last
    strokes may have been written over its first, one that looks at the last alone.

    Args:
        ink: The drawing.
        groups: Positions in `Ink.strokes`, each at most once, no group empty.
    """
    if not groups:
        return _NOTHING
    height = line_height(ink.strokes)
    proximity = Proximity.of(ink.strokes, height)
    boxes = [_box([ink.strokes[i] for i in group]) for group in groups]
    overwriting = Overwriting(ink, [Primitive((i,), stroke.box) for i, stroke in enumerate(ink.strokes)])
    found = []
    for position, (group, box, line) in enumerate(zip(groups, boxes, lines_of(boxes, height), strict=True)):
        strokes = tuple(sorted(group))
        found.append(_hypothesis(ink, (position,), [Primitive(strokes, box, line)], height, proximity.usual))
        for begin in range(1, min(len(strokes), MOST_SLIPS + 1)):
            under, over = strokes[:begin], strokes[begin:]
            last = Primitive(over, _box([ink.strokes[i] for i in over]), line)
            (beneath,) = overwriting.under([(over, last.box)])
            if set(under) <= set(beneath):
                shown = _hypothesis(ink, (position,), [last], height, proximity.usual)
                found.append(replace(shown, under=under))
    return Cuts(tuple(found), tuple(tuple(sorted(group)) for group in groups), height, proximity)


def _box(strokes: Sequence[Stroke]) -> Box:
    return Box.over(stroke.box for stroke in strokes)


def _primitives(ink: Ink, height: float) -> list[Primitive]:
    """The strokes, those that only a skip of the pen parts put together."""
    runs: list[list[int]] = []
    for i, stroke in enumerate(ink.strokes):
        if i and _is_skip(ink.strokes[i - 1], stroke, height):
            runs[-1].append(i)
        else:
            runs.append([i])
    boxes = [_box([ink.strokes[i] for i in run]) for run in runs]
    # what was torn stands on one line, however high or low its parts lie
    whole = pieces(ink.strokes)
    lines = lines_of([_box(piece) for piece in whole], height)
    at = [
        (line, number, len(piece), place, place > 0 and stroke.is_twin(piece[place - 1]))
        for number, (line, piece) in enumerate(zip(lines, whole, strict=True))
        for place, stroke in enumerate(piece)
    ]
    return [Primitive(tuple(run), box, *at[run[0]]) for run, box in zip(runs, boxes, strict=True)]


def _is_skip(before: Stroke, after: Stroke, height: float) -> bool:
    if after.torn:
        return False
    if before.end is None or after.start is None or not 0 <= after.start - before.end <= _SKIP_MS:
        return False
    return float(np.hypot(*(after.points[0] - before.points[-1]))) <= _SKIP_DISTANCE * height


def _hypothesis(
    ink: Ink, members: tuple[int, ...], primitives: Sequence[Primitive], height: float, usual_pause: float | None
) -> Hypothesis:
    strokes = tuple(sorted(i for primitive in primitives for i in primitive.strokes))
    pause = None
    if usual_pause is not None:
        inside = [
            ink.strokes[b].start - ink.strokes[a].end  # type: ignore[operator]  # a usual pause means all have times
            for a, b in pairwise(strokes)
            if b == a + 1
        ]
        pause = max(inside, default=0.0) / usual_pause
    gap = _widest_gap([primitive.box for primitive in primitives]) / height
    box = _box([ink.strokes[i] for i in strokes])
    torn = [i for i in strokes if ink.strokes[i].torn]
    tears = sum(i - 1 not in strokes for i in torn)
    seams = len(torn) - tears
    size = len(primitives) - seams
    return Hypothesis(members, strokes, box, gap, pause, primitives[0].line, size, tears, seams)


def _widest_gap(boxes: Sequence[Box]) -> float:
    """The widest empty column between boxes."""
    widest, right = 0.0, -np.inf
    for box in sorted(boxes, key=lambda b: b.x):
        if right > -np.inf:
            widest = max(widest, box.x - right)
        right = max(right, box.right)
    return widest
