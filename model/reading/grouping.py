"""Primitives → groups: which of the pieces of a drawing may together be one glyph, pruned by space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.reading.ink import Box
from model.reading.proximity import Proximity

_USUAL_STROKES = 4
"""Strokes of most glyphs at most, pen skips aside."""

MAX_STROKES = 5
"""The same of those that stand close together: capitals with serifs."""

_CLOSE = 1.4, 0.1
"""How wide such a glyph may be, and how far apart neighbours in it, in line heights."""

_WINDOW = 6
"""How many strokes further right than a group's first its last may stand."""

_MOST_GROUPS = 16
"""Groups of several strokes kept for one leftmost stroke, the most compact first."""

_CROWD = 60
"""Strokes up to which all these are kept; of more strokes fewer, so that a crowd costs no more than it must."""

_MAX_WIDTH = 2.4
"""Width of a group of several strokes, in line heights."""

_LONGEST_RUN = 12
"""Different primitives of one glyph at most where some were torn."""

_RUN_WIDTH = 1.3
"""Width of a glyph of that many, in line heights; an m or w that is all of a piece may be wider."""

_MAX_GAP = 0.30
"""Horizontal distance between neighbours within a group, in line heights."""

_MEETS = 0.1
"""Distance, in line heights, up to which two parts of one piece of ink meet: a crossing between them was left out."""

_MOST_GONE = 2
"""Parts that a neighbour has at most between the end of a run and the rest of it."""

_INTERLACED = 0.12
"""How far, in line heights, that end may stand further in than they: nine in ten that do stand no further in."""

Group = tuple[int, ...]
"""Places of primitives, ascending."""


@dataclass(frozen=True)
class Primitive:
    """What is never cut: a stroke, with those that a skipping pen made of it.

    Attributes:
        strokes: Positions in `Ink.strokes`, ascending.
        box: Around them, CSS pixels.
        line: Which line it stands on.
        piece: What it was torn off, by number.
        parts: Into how many that was torn.
        place: How many of them stand before it.
        twin: Whether it is the same ink as the part before it, as two glyphs may share that.
    """

    strokes: tuple[int, ...]
    box: Box
    line: int = 0
    piece: int = 0
    parts: int = 1
    place: int = 0
    twin: bool = False

    @property
    def torn(self) -> bool:
        """Whether it was cut off what stands before it."""
        return self.place > 0

    @property
    def centre(self) -> float:
        """Its middle from left to right."""
        return self.box.x + self.box.width / 2


class Groups:
    """Groups of primitives that may be glyphs."""

    def __init__(self, primitives: Sequence[Primitive], proximity: Proximity, height: float):
        """Of primitives in reading order; `height` is the line's, CSS pixels."""
        self._primitives = primitives
        self._height = height
        self._meeting = _meeting(primitives, proximity)

    def beginning_with(self, first: int) -> list[Group]:
        """Groups whose leftmost primitive is `first`: it alone, then those of several."""
        most = max(2, min(_MOST_GROUPS, _MOST_GROUPS * _CROWD // len(self._primitives)))
        grown = self._grown(first)
        runs = list(self._runs(first))
        interlaced = (group for run in runs for group in self._interlaced(run))
        chosen = {*sorted(grown, key=grown.__getitem__)[:most], *runs, *interlaced}
        return [(first,), *sorted(chosen)]

    def _grown(self, first: int) -> dict[Group, float]:
        """Groups of a few primitives, grown a neighbour at a time, and their widths."""
        primitives, height = self._primitives, self._height
        last = min(first + _WINDOW, len(primitives) - 1)
        grown: list[Group] = [(first,)]
        found: dict[Group, float] = {}
        for size in range(2, MAX_STROKES + 1):
            widest, gap = (limit * height for limit in (_CLOSE if size > _USUAL_STROKES else (_MAX_WIDTH, _MAX_GAP)))
            wider = []
            for group in grown:
                left = min(primitives[i].box.x for i in group)
                right = max(primitives[i].box.right for i in group)
                for other in range(first + 1, last + 1):
                    box = primitives[other].box
                    if other in group or primitives[other].line != primitives[first].line:
                        continue
                    if self._skips(group, other) or max(box.x - right, left - box.right) > gap:
                        continue
                    width = max(right, box.right) - min(left, box.x)
                    joined = tuple(sorted((*group, other)))
                    contained = left <= box.x and box.right <= right
                    excused = size <= _USUAL_STROKES and (contained or self._mends(group, other))
                    if joined not in found and (width <= widest or excused):
                        found[joined] = width
                        wider.append(joined)
            grown = wider
        return found

    def _skips(self, group: Group, other: int) -> bool:
        """Whether `other` and some of a group are of one piece of ink, but parts between them are not in the group."""
        new = self._primitives[other]
        places = [self._primitives[i].place for i in group if self._primitives[i].piece == new.piece]
        return bool(places) and all(abs(place - new.place) > 1 for place in places)

    def _mends(self, group: Group, other: int) -> bool:
        """Whether `other` was torn off what `group` holds: one piece of ink may be one glyph however wide."""
        new = self._primitives[other]
        return new.torn and any(new.strokes[0] - 1 in self._primitives[i].strokes for i in group)

    def _runs(self, first: int) -> Iterator[Group]:
        """Groups of more primitives than other glyphs have, where some were torn: all that follow each other."""
        primitives, height, start = self._primitives, self._height, self._primitives[first]
        left, right, lines = start.box.x, start.box.right, 1
        for last in range(first + 1, len(primitives)):
            new = primitives[last]
            left, right, lines = min(left, new.box.x), max(right, new.box.right), lines + (not new.twin)
            if lines > _LONGEST_RUN or right - left > _MAX_WIDTH * height or new.line != start.line:
                return
            run = tuple(range(first, last + 1))
            whole = len(run) == start.parts and all(primitives[i].piece == start.piece for i in run)
            if whole or (right - left <= _RUN_WIDTH * height and any(primitives[i].torn for i in run)):
                yield run

    def _interlaced(self, run: Group) -> Iterator[Group]:
        """A run without a few parts next to its first or last, which its neighbour has: glyphs that lie aslant."""
        before, after = (1 << run[0]) - 1, -1 << (run[-1] + 1)
        for count in range(1, min(_MOST_GONE, len(run) - 2) + 1):
            for end, gone, rest, neighbour in (
                (run[0], run[1 : 1 + count], run[1 + count :], before),
                (run[-1], run[-1 - count : -1], run[: -1 - count], after),
            ):
                if self._stands_in(end, gone) and all(self._meeting[i] & neighbour for i in gone):
                    group = tuple(sorted((end, *rest)))
                    if not self._primitives[max(end, rest[0])].twin and self._is_connected(group):
                        yield group

    def _stands_in(self, end: int, gone: Group) -> bool:
        """Whether the end of a run stands hardly further in than the parts between it and the rest."""
        far = gone[-1] if end < gone[0] else gone[0]
        return abs(self._primitives[far].centre - self._primitives[end].centre) < _INTERLACED * self._height

    def _is_connected(self, group: Group) -> bool:
        """Whether the parts of a group lead to each other without any that it lacks."""
        inside = sum(1 << i for i in group)
        found, new = 0, 1 << group[0]
        while new:
            found |= new
            met = 0
            for i in group:
                if new >> i & 1:
                    met |= self._meeting[i]
            new = met & inside & ~found
        return found == inside


def _meeting(primitives: Sequence[Primitive], proximity: Proximity) -> list[int]:
    """For each primitive those parts of the same piece of ink that it meets, as bits."""
    parts = [i for i, primitive in enumerate(primitives) if primitive.parts > 1]
    strokes = [primitives[i].strokes[0] for i in parts]
    near = proximity.distance[np.ix_(strokes, strokes)] < _MEETS
    meeting = [0] * len(primitives)
    for a, b in zip(*np.nonzero(near), strict=True):
        if a != b and primitives[parts[a]].piece == primitives[parts[b]].piece:
            meeting[parts[a]] |= 1 << parts[b]
    return meeting
