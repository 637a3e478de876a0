"""Ink that was written over: who slips begins again on the spot, and what counts is what was drawn last."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.grouping import Primitive
from model.reading.ink import Box, Ink, Polyline

Floats = NDArray[np.float64]

Hypothetical = tuple[tuple[int, ...], Box]
"""Places of primitives that may be one glyph, and the box around them."""

_INSIDE = 0.7
"""Share of the box of what was written over that lies within the box of what was written over it."""

_ENCLOSED = 0.4
"""Share of its points that lies within the convex hull: a 5's body stands beneath its bar, but not in it."""

_LOOKED_AT = 32
"""Of these points about so many are looked at."""

_ASIDE = 0.25
"""How far, in the width of what was written over it, its middle may lie to the left or right of that one's middle: what
touches the next digit ends beneath it, what was begun wrongly begins there."""

_ROUND = 0.05
"""How far, in its height or width, that may lie beside it; what is thinner counts as so thick."""

_AT_ONCE = 256
"""Groups looked at together: those of a crowd would take much memory."""

MOST_SLIPS = 3
"""Pieces of ink that one glyph was written over."""


class Overwriting:
    """Which pieces of a drawing may be slips of the pen that later ones were written over."""

    def __init__(self, ink: Ink, primitives: Sequence[Primitive]):
        """Of a drawing's primitives; of a flat image, which does not tell what was drawn last, there are none."""
        self._ink, self._primitives = ink, primitives
        known = [not any(ink.strokes[s].is_flat for s in p.strokes) and p.parts == 1 for p in primitives]
        self._slips: NDArray[np.int64] = np.flatnonzero(_meet_later(primitives) & np.array(known, bool))
        self._sides = _sides(primitives)[self._slips]
        self._drawn = _last(primitives)[self._slips]

    def under(self, groups: Sequence[Hypothetical], budget: Budget = UNBOUNDED) -> list[tuple[int, ...]]:
        """What each of some groups was written over.

        Args:
            groups: For each its primitives, ascending, and the box around them.
            budget: How long it may take.

        Returns:
            Places of primitives, ascending: those that were drawn before the group and that it encloses; none where
            more than `MOST_SLIPS` lie within its box.

        Raises:
            OutOfTimeError: the budget was spent.
        """
        found: list[tuple[int, ...]] = [()] * len(groups)
        if not len(self._slips):
            return found
        for at in range(0, len(groups), _AT_ONCE):
            some = groups[at : at + _AT_ONCE]
            begin = np.array([min(self._primitives[i].strokes[0] for i in members) for members, _ in some])
            beneath = (self._drawn < begin[:, None]) & _lie_in(self._sides, [box for _, box in some])
            counts = beneath.sum(axis=1)
            for group in budget.over(np.flatnonzero((counts > 0) & (counts <= MOST_SLIPS)).tolist()):
                found[at + group] = self._enclosed(self._slips[beneath[group]].tolist(), some[group][0])
        return found

    def _enclosed(self, slips: Sequence[int], members: tuple[int, ...]) -> tuple[int, ...]:
        """Those of which enough points lie within the convex hull of others'."""
        points = np.concatenate([self._points(i) for i in members])
        hull, box = cv2.convexHull(points), Box.around(points)
        margin = _ROUND * max(box.width, box.height)
        found = []
        for slip in slips:
            beneath = self._points(slip)
            some = beneath[:: len(beneath) // _LOOKED_AT + 1].tolist()
            inside = [cv2.pointPolygonTest(hull, (x, y), True) >= -margin for x, y in some]
            if sum(inside) >= _ENCLOSED * len(inside):
                found.append(slip)
        return tuple(found)

    def _points(self, primitive: int) -> Polyline:
        return np.concatenate([self._ink.strokes[s].points for s in self._primitives[primitive].strokes])


def _sides(primitives: Sequence[Primitive]) -> Floats:
    """Left, top, right and bottom of each: shape (n, 4)."""
    return np.array([(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in primitives]).reshape(-1, 4)


def _last(primitives: Sequence[Primitive]) -> NDArray[np.int64]:
    """When the drawing of each was done, by place in `Ink.strokes`: shape (n,)."""
    return np.array([p.strokes[-1] for p in primitives], np.int64)


def _meet_later(primitives: Sequence[Primitive]) -> NDArray[np.bool_]:
    """Whether each primitive's box meets that of one drawn after it: shape (n,)."""
    sides = _sides(primitives)
    drawn = _last(primitives)
    margin = _ROUND * (sides[:, 2:] - sides[:, :2]).max(axis=1, initial=0)
    low, high = sides[:, :2] - margin[:, None], sides[:, 2:] + margin[:, None]
    meets = ((low[:, None] < high) & (low < high[:, None])).all(axis=2)
    return np.asarray((meets & (drawn[:, None] < drawn)).any(axis=1))


def _lie_in(sides: Floats, boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Whether each of k boxes holds most of each of n others, its middle near its own: (n, 4), k → (k, n)."""
    around = np.array([(box.x, box.y, box.right, box.bottom) for box in boxes])[:, None]
    size = around[..., 2:] - around[..., :2]
    margin = _ROUND * size.max(axis=2, keepdims=True)
    middle, extent = (sides[:, :2] + sides[:, 2:]) / 2, np.maximum(sides[:, 2:] - sides[:, :2], margin)
    low, high = around[..., :2] - margin, around[..., 2:] + margin
    shared = np.minimum(middle + extent / 2, high) - np.maximum(middle - extent / 2, low)
    inside = (shared > 0).all(axis=2) & (shared.prod(axis=2) >= _INSIDE * extent.prod(axis=2))
    aside = np.abs(middle[:, 0] - around[..., [0, 2]].mean(axis=2))
    return np.asarray(inside & (aside <= _ASIDE * size[..., 0]))
