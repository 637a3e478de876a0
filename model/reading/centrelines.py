"""The way that a pen most often takes along centre lines, which a picture tells without telling their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.reading.ink import Polyline

_MOST = 16
"""Lines gone along, the longest: a scribble or a spray of dots has thousands, and they make no way."""

_CLOSED = 0.1
"""Distance between a line's ends, in its extent, up to which it is a ring."""


def usual_way(lines: Sequence[Polyline]) -> list[Polyline]:
    """Lines in the order and direction in which they are most often drawn.

    From the upper left on, and from the end of each to the nearest end of what is left; rings begin at the top and go
    to the left.

    Args:
        lines: Shape (n, 2) each, y down, at least one.

    Returns:
        The 16 with most points at most.
    """
    kept = sorted(sorted(range(len(lines)), key=lambda i: -len(lines[i]))[:_MOST])
    left = [_opened(lines[i]) for i in kept]
    if len(left) == 1:  # as most are
        (line,) = left
        return [line if line[0].sum() <= line[-1].sum() else line[::-1]]
    way: list[Polyline] = []
    while left:
        ends = np.array([(line[0], line[-1]) for line in left])  # (n, 2, 2)
        far = ends.sum(axis=2) if not way else np.hypot(*np.moveaxis(ends - way[-1][-1], 2, 0))
        which, end = divmod(int(far.argmin()), 2)
        line = left.pop(which)
        way.append(line[::-1] if end else line)
    return way


def _opened(line: Polyline) -> Polyline:
    """A ring cut open at its top; other lines as they are."""
    extent = float(np.ptp(line, axis=0).max())
    if len(line) < 4 or np.hypot(*(line[0] - line[-1])) > _CLOSED * extent:
        return line
    ring = line[:-1] if (line[0] == line[-1]).all() else line
    top = int(ring[:, 1].argmin())
    opened = np.concatenate([ring[top:], ring[: top + 1]])
    x, y = opened.T
    turned = float(x[:-1] @ y[1:] - x[1:] @ y[:-1])  # twice its area, more than 0 where it goes right first, y down
    return opened[::-1] if turned > 0 else opened
