"""Ink that was written over: who slips begins again on the spot, and what counts is what was drawn last."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from model.reading.grouping import Primitive
from model.reading.ink import Box, Ink, Polyline

_INSIDE = 0.7
"""Share of the box of what was written over that lies within the box of what was written over it."""

_ENCLOSED = 0.4
"""Share of its points that lies within the convex hull: a 5's body stands beneath its bar, but not in it."""

_LOOKED_AT = 32
"""Of these points about so many are looked at."""

_ROUND = 0.05
"""How far, in its height or width, that may lie beside it; what is thinner counts as so thick."""

_MOST = 3
"""Pieces of ink that one glyph was written over."""


class Overwriting:
    """Which pieces of a drawing may be slips of the pen that later ones were written over."""

    def __init__(self, ink: Ink, primitives: Sequence[Primitive]):
        """Of a drawing's primitives; of a flat image, which does not tell what was drawn last, there are none."""
        self._ink, self._primitives = ink, primitives
        known = [not any(ink.strokes[s].is_flat for s in p.strokes) and p.parts == 1 for p in primitives]
        self._slips = [i for i in np.flatnonzero(_meets_later(primitives)).tolist() if known[i]]

    def under(self, members: tuple[int, ...], box: Box) -> tuple[int, ...]:
        """What a group was written over.

        Args:
            members: The group's primitives, ascending.
            box: Around them.

        Returns:
            Places of primitives, ascending: all that were drawn before the group and lie within its box; none where
            there are more than may be.
        """
        begin = min(self._primitives[i].strokes[0] for i in members) if self._slips else 0
        found = tuple(
            i
            for i in self._slips
            if i not in members and self._primitives[i].strokes[-1] < begin and _lies_in(self._primitives[i].box, box)
        )
        return tuple(i for i in found if self._is_enclosed(i, members)) if len(found) <= _MOST else ()

    def _is_enclosed(self, slip: int, members: tuple[int, ...]) -> bool:
        """Whether most points of a primitive lie within the convex hull of others'."""
        points = np.concatenate([self._points(i) for i in members])
        hull, box = cv2.convexHull(points), Box.around(points)
        margin = _ROUND * max(box.width, box.height)
        beneath = self._points(slip)
        some = beneath[:: len(beneath) // _LOOKED_AT + 1].tolist()
        inside = [cv2.pointPolygonTest(hull, (x, y), True) >= -margin for x, y in some]
        return sum(inside) >= _ENCLOSED * len(inside)

    def _points(self, primitive: int) -> Polyline:
        return np.concatenate([self._ink.strokes[s].points for s in self._primitives[primitive].strokes])


def _meets_later(primitives: Sequence[Primitive]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each primitive's box meets that of one drawn after it: shape (n,)."""
    sides = np.array([(p.box.x, p.box.y, p.box.right, p.box.bottom) for p in primitives]).reshape(-1, 4)
    drawn = np.array([p.strokes[-1] for p in primitives], int)
    margin = _ROUND * np.maximum(sides[:, 2] - sides[:, 0], sides[:, 3] - sides[:, 1])
    low, high = sides[:, :2] - margin[:, None], sides[:, 2:] + margin[:, None]
    meets = ((low[:, None] < high) & (low < high[:, None])).all(axis=2)
    return np.asarray((meets & (drawn[:, None] < drawn)).any(axis=1))


def _lies_in(slip: Box, box: Box) -> bool:
    """Whether most of one box lies in another."""
    margin = _ROUND * max(box.width, box.height)
    width, height = max(slip.width, margin), max(slip.height, margin)
    x, y = slip.x + slip.width / 2, slip.y + slip.height / 2
    across = min(x + width / 2, box.right + margin) - max(x - width / 2, box.x - margin)
    down = min(y + height / 2, box.bottom + margin) - max(y - height / 2, box.y - margin)
    return across > 0 and down > 0 and across * down >= _INSIDE * width * height
