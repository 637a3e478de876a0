"""How near lines come: points along them, where ink meets ink, and how far apart it stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Polyline, evenly, way_along


def dense(path: Polyline, step: float) -> Polyline:
    """Points along a line, no further than `step` apart: shape (m, 2); a dot stays one."""
    way = way_along(path)
    if way[-1] == 0:
        return path[:1]
    return evenly(path, way, int(np.ceil(way[-1] / step)) + 1)


def distance(a: Sequence[Polyline], b: Sequence[Polyline], step: float) -> float:
    """The least distance of two inks, to within `step`."""
    p, q = (np.concatenate([dense(path, step) for path in paths]) for paths in (a, b))
    return float(np.sqrt(((p[:, None] - q[None]) ** 2).sum(axis=2).min()))


def contact(left: Sequence[Polyline], right: Sequence[Polyline], step: float) -> float:
    """How far to move `right` across, for it to meet `left` as it comes from the right; then their lines touch.

    Args:
        left: Ink that stays.
        right: Ink that moves.
        step: Height of the rows that are compared; ink that shares no row touches at its edges' x.
    """
    p, q = (np.concatenate([dense(path, step / 2) for path in paths]) for paths in (left, right))
    top = min(p[:, 1].min(), q[:, 1].min())
    rows = int((max(p[:, 1].max(), q[:, 1].max()) - top) / step) + 1
    between = _reach(p, top, step, rows) + _reach(q * np.array([-1, 1], np.float32), top, step, rows)
    furthest = float(between.max())
    return furthest if np.isfinite(furthest) else float(p[:, 0].max() - q[:, 0].min())


def _reach(points: Polyline, top: float, step: float, rows: int) -> NDArray[np.float64]:
    """How far right ink reaches in each row and those beside it, −inf where there is none: shape (rows,)."""
    reach = np.full(rows + 2, -np.inf)
    np.maximum.at(reach, ((points[:, 1] - top) / step).astype(int) + 1, points[:, 0])
    return np.asarray(np.maximum.reduce([reach[:-2], reach[1:-1], reach[2:]]))
