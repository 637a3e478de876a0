"""How the strokes of a drawing lie beside each other, in space and in time: what cuts are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.ink import Polyline, Stroke, evenly, way_along

FAR = 1.0
"""Distance, in line heights, beyond which it no longer matters how far apart two strokes are."""

_STEP = 0.05
"""Way between the points that distances are taken from, in line heights."""

_MOST = 64
"""Such points of a stroke at most."""

_AT_ONCE = 32
"""Strokes whose distance from another is measured together: those of a crowd would take much memory."""

_THIN = 0.05
"""Width, in line heights, that narrower strokes are taken for: a bar may stand wholly under another."""

_LIFTS = 0.1, 10.0
"""Pauses, in usual ones, that shorter and longer ones are taken for."""


@dataclass(frozen=True)
class Proximity:
    """Strokes beside each other, n of them.

    Attributes:
        distance: Between the ink of two strokes, line heights up to `FAR`: shape (n, n), 0 on the diagonal.
        shared: Share of the narrower one's width that stands over or under the other, 0 to 1: shape (n, n).
        lift: Log of the pause before each stroke over the writer's usual one, 0 without times: shape (n,).
        usual: The writer's usual pause, ms; None where pauses are not known.
    """

    distance: NDArray[np.float32]
    shared: NDArray[np.float32]
    lift: NDArray[np.float32]
    usual: float | None

    @property
    def timed(self) -> bool:
        """Whether pauses are known."""
        return self.usual is not None

    @classmethod
    def of(cls, strokes: Sequence[Stroke], height: float, budget: Budget = UNBOUNDED) -> Proximity:
        """Measures strokes, in their order; `height` is the line's, CSS pixels.

        Raises:
            OutOfTimeError: the budget was spent.
        """
        boxes = [stroke.box for stroke in strokes]
        sides = np.array([(box.x, box.right) for box in boxes]).reshape(-1, 2) / height
        width = np.maximum(sides[:, 1] - sides[:, 0], _THIN)
        left, right = sides.mean(axis=1) - width / 2, sides.mean(axis=1) + width / 2
        common = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
        narrower = np.minimum(width[:, None], width)
        usual = usual_pause(strokes)
        return cls(
            _distances(strokes, common, height, budget),
            np.clip(common / narrower, 0, 1).astype(np.float32),
            np.array([_lift(strokes, i, usual) for i in range(len(strokes))], np.float32),
            usual,
        )


def usual_pause(strokes: Sequence[Stroke]) -> float | None:
    """The writer's own median pause, ms; None where times are missing, too few or not in order."""
    pauses = []
    for before, after in pairwise(strokes):
        if before.end is None or after.start is None or after.start < before.end:
            return None
        if not after.torn:
            pauses.append(after.start - before.end)
    usual = median(pauses) if len(pauses) > 1 else 0.0
    return usual if usual > 0 else None


def _lift(strokes: Sequence[Stroke], at: int, usual: float | None) -> float:
    before, after = strokes[at - 1], strokes[at]
    if usual is None or at == 0 or after.torn or before.end is None or after.start is None:
        return 0.0
    return float(np.log(np.clip((after.start - before.end) / usual, *_LIFTS)))


def _distances(
    strokes: Sequence[Stroke], common: NDArray[np.float64], height: float, budget: Budget
) -> NDArray[np.float32]:
    """Between strokes whose boxes come near; the others are far."""
    points = [_spread(stroke.paths, height) for stroke in strokes]
    distance = np.full((len(strokes), len(strokes)), FAR, np.float32)
    np.fill_diagonal(distance, 0)
    rows = np.array([(stroke.box.y, stroke.box.bottom) for stroke in strokes]).reshape(-1, 2) / height
    between = np.maximum(rows[:, None, 0], rows[:, 0]) - np.minimum(rows[:, None, 1], rows[:, 1])
    near = np.triu((common > -FAR) & (between < FAR), 1)
    neighbours = ((i, np.flatnonzero(near[i])) for i in np.flatnonzero(near.any(axis=1)).tolist())
    blocks = ((i, others[at : at + _AT_ONCE]) for i, others in neighbours for at in range(0, len(others), _AT_ONCE))
    for i, others in budget.over(blocks):
        x, y = np.concatenate([points[j] for j in others]).T
        apart = np.square(points[i][:, :1] - x) + np.square(points[i][:, 1:] - y)
        begins = np.cumsum([0, *(len(points[j]) for j in others[:-1])])
        least = np.sqrt(np.minimum.reduceat(apart.min(axis=0), begins))
        distance[i, others] = distance[others, i] = np.minimum(least, FAR)
    return distance


def _spread(paths: Sequence[Polyline], height: float) -> NDArray[np.float32]:
    """Points along a stroke, about as far apart from each other all the way: shape (m, 2), line heights."""
    found = []
    for path in paths:
        scaled = path / np.float32(height)
        way = way_along(scaled)
        found.append(evenly(scaled, way, int(min(way[-1] / _STEP, _MOST)) + 2))
    points = np.concatenate(found)
    return points[:: len(points) // (2 * _MOST) + 1]
