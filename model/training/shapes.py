"""Shapes that much of the world writes and few of the data's writers do, drawn from nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Polyline

_UNLIFTED = 0.45
"""Share of the x's of two arcs that are drawn in one stroke."""


def european_one(rng: np.random.Generator) -> list[Polyline]:
    """A 1 as much of Europe writes it, with an up-stroke of up to its whole height; few of the data's writers do.

    Now and then it stands on a foot, drawn apart or in the same stroke, and rarely it has one above too, as in print.
    """
    flag, foot, lean = rng.uniform(0.25, 1.0), rng.uniform(-0.15, 0.25), rng.normal(0.08, 0.12)
    reach = rng.uniform(0.3, 0.9) * (0.4 + 0.6 * flag)
    start, top, end = (-reach + lean, flag), (lean, 0.0), (-lean * 0.5 + foot * 0.3, 1.0)
    bow = rng.normal(0, 0.05)
    at = np.linspace(0, 1, 14)[:, None]
    up = np.array(start) * (1 - at) + np.array(top) * at + np.array([bow, bow]) * np.sin(np.pi * at)
    down = np.array(top) * (1 - at) + np.array(end) * at + np.array([rng.normal(0, 0.03), 0]) * np.sin(np.pi * at)
    paths = [np.concatenate([up, down[1:]])]
    if rng.random() < 0.25:
        side = rng.uniform(0.12, 0.35)
        base = [(end[0] - side, 1.0), (end[0] + side, 1.0 + rng.normal(0, 0.03))]
        if rng.random() < 0.12:
            paths = [np.concatenate([paths[0], _lines([end, *base])[1:]])]
        else:
            paths.append(_lines(base))
            if rng.random() < 0.3:
                above = rng.uniform(0.1, 0.25)
                paths[0] = down
                paths.append(_lines([(lean - above, 0.0), (lean + above, rng.normal(0, 0.03))]))
    return _sized(paths, 60)


def angular_two(rng: np.random.Generator) -> list[Polyline]:
    """A 2 like a Z, its corners sharp or a little rounded."""
    width, lean = rng.uniform(0.4, 0.8), rng.normal(0, 0.08)
    corners = [
        (lean + rng.normal(0, 0.05), rng.uniform(0.0, 0.15)),
        (lean + width * rng.uniform(0.8, 1.0), rng.uniform(-0.03, 0.12)),
        (-lean + rng.normal(0, 0.04), 1.0),
        (-lean + width * rng.uniform(0.8, 1.25), 1.0 + rng.normal(0, 0.05)),
    ]
    return _sized([_rounded(_lines(corners), rng)], 60)


def straight_six(rng: np.random.Generator) -> list[Polyline]:
    """A 6 whose long line is straight and whose ring stands low, near a b."""
    slope, ring, width = rng.uniform(0.02, 0.5), rng.uniform(0.2, 0.3), rng.uniform(0.13, 0.28)
    turn = np.linspace(np.pi, np.pi - 2 * np.pi * rng.uniform(0.85, 1.15), 30)
    low = np.column_stack([width + width * np.cos(turn), 1 - ring + ring * np.sin(turn)])
    path = np.concatenate([_lines([(slope, 0.0), tuple(low[0])])[:-1], low])
    return _sized([_rounded(path, rng)], 60)


def round_e(rng: np.random.Generator) -> list[Polyline]:
    """An E of two arcs, like an epsilon; it is as often an e."""
    half = rng.uniform(1.7, 2.4)
    upper, lower = rng.uniform(0.38, 0.5), rng.uniform(0.5, 0.6)
    turn = np.linspace(half, -half, 20)
    depths = rng.uniform(0.25, 0.45) * np.array([rng.uniform(0.75, 1.05), 1.0])
    arc = -np.column_stack([np.cos(turn), np.sin(turn)])
    above, below = arc * [depths[0], upper / 2], arc * [depths[1], lower / 2]
    below += above[-1] - below[0]
    return _sized([_rounded(np.concatenate([above, below[1:]]), rng)], 60)


def round_m(rng: np.random.Generator) -> list[Polyline]:
    """An M of two arches."""
    height, first, second = rng.uniform(0.7, 1.1), rng.uniform(0.3, 0.45), rng.uniform(0.3, 0.45)
    arch = np.linspace(np.pi, 0, 14)
    rise = rng.uniform(0.2, 0.45)

    def bow(left: float, width: float) -> NDArray[np.float64]:
        return np.column_stack([left + width / 2 * (1 + np.cos(arch)), rise - rise * np.sin(arch)])

    between = rng.uniform(0.6, 1.0) * height
    one, two = bow(0.0, first), bow(first, second)
    corners = [_lines([(rng.normal(0, 0.04), height), (0.0, rise)])[:-1], one]
    corners += [_lines([(first, rise), (first, between), (first, rise)])[1:-1], two]
    corners += [_lines([(first + second, rise), (first + second + rng.normal(0, 0.04), height)])[1:]]
    return _sized([np.concatenate(corners)], 60)


def tailed_z(rng: np.random.Generator) -> list[Polyline]:
    """A z of handwriting, with a loop or a bow below the line, like a 3."""
    width, waist = rng.uniform(0.3, 0.5), rng.uniform(0.4, 0.55)
    head = [(0.0, rng.uniform(0.0, 0.12)), (width, rng.uniform(-0.02, 0.1)), (rng.normal(0.05, 0.05), waist)]
    depth = 1 - waist
    turn = np.linspace(-2.2, rng.uniform(1.4, 2.6), 18)
    bow = np.array(head[-1]) + (np.column_stack([np.cos(turn), np.sin(turn)]) - [np.cos(turn[0]), np.sin(turn[0])]) * [
        rng.uniform(0.15, 0.3),
        depth / 2,
    ]
    return _sized([_rounded(np.concatenate([_lines(head)[:-1], bow]), rng)], 60)


def is_dotted(char: str, paths: Sequence[Polyline]) -> bool:
    """Whether a character is an i or j of a stem and a dot."""
    return char in "ij" and len(paths) == 2


def dotted_beside(paths: Sequence[Polyline], rng: np.random.Generator) -> list[Polyline]:
    """An i or j, its stem and its dot, whose dot was set down in haste, further right or left than it stood."""
    stem, dot = sorted(paths, key=lambda path: -np.ptp(path[:, 1]))
    aside = rng.uniform(-0.15, 0.45) * np.ptp(stem[:, 1])
    return [stem, dot + np.array([aside, rng.normal(0, 0.05)], np.float32)]


def _lines(corners: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Straight lines from corner to corner, ten points each."""
    at = np.linspace(0, 1, 10)[:, None]
    bars = [np.array(start) * (1 - at) + np.array(end) * at for start, end in pairwise(corners)]
    return np.concatenate([bars[0], *(bar[1:] for bar in bars[1:])])


def _rounded(path: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Its corners as sharp or round as hands make them."""
    path = path.copy()
    for _ in range(int(rng.integers(1, 5))):
        path[1:-1] = (path[:-2] + path[1:-1] + path[2:]) / 3
    return path


def _sized(paths: Sequence[NDArray[np.float64]], height: float) -> list[Polyline]:
    return [(height * path).astype(np.float32) for path in paths]


def curly_x(rng: np.random.Generator) -> list[Polyline]:
    """An x of two arcs back to back, as in formulas; few of the data's writers make it, and its arcs need not meet.

    The arcs go from all but straight to a ring, alike at both ends or, as often, like an n: hooked at the head of the
    left one and the foot of the right one alone. Often the pen is not lifted, and goes from that foot up to that head.
    """
    bends = rng.uniform(0.6, 2.0) + rng.normal(0, 0.4, (2, 2))
    if rng.random() < 0.5:
        bends = np.array([rng.uniform(1.0, 2.7, 2), rng.uniform(0.3, 1.1, 2)])
    (head, foot), (far_foot, far_head) = np.clip(bends.T, 0.3, 2.8)
    depths, apart = rng.uniform(0.28, 0.65) * np.exp(rng.normal(0, 0.2, 2)), rng.uniform(-0.15, 0.2)
    lean = np.array([[1.0, rng.normal(-0.12, 0.12)], [0.0, 1.0]])
    left = _arc(head, foot) * [depths[0], 1] - [apart / 2, 0]
    right = _arc(far_head, far_foot) * [-depths[1], rng.uniform(0.85, 1.15)] + [apart / 2, rng.normal(0, 0.05)]
    left, right = left @ lean.T, right @ lean.T
    if rng.random() < _UNLIFTED:
        between = _lines([tuple(left[-1]), tuple(right[0])])[1:-1]
        return _sized([_rounded(np.concatenate([left, between, right]), rng)], 40)
    return _sized([left, right], 40)


def _arc(head: float, foot: float) -> NDArray[np.float64]:
    """A line bent like a closing bracket, from its head to its foot: 1 wide and 1 high, the bend's outmost at 0.

    Args:
        head: How far it goes round above the outmost, radians, 0.3 to 2.8.
        foot: The same below.
    """
    turn = np.linspace(-head, foot, 22)
    across, along = np.cos(turn), np.sin(turn)
    return np.column_stack([(across - 1) / (1 - across.min()), (along - along.min()) / np.ptp(along) - 0.5])


def open_four(rng: np.random.Generator) -> list[Polyline]:
    """A 4 in one stroke, open at the top, that stands like an h or a y: down aslant, a little up again, and down."""
    slope, knee = rng.uniform(0.1, 0.55), rng.uniform(0.55, 0.95)
    low = np.array([-slope * knee, knee])  # where the first line turns
    shoulder = low + np.array([rng.uniform(0.2, 0.45), -rng.uniform(0.0, 0.35)])
    foot = np.array([shoulder[0] + rng.uniform(-0.12, 0.1), rng.uniform(0.95, 1.15)])
    corners = [(0.0, 0.0), tuple(low), tuple(shoulder)]
    if rng.random() < 0.5:  # the second line begins above the crossing
        corners.append(tuple(shoulder + np.array([rng.uniform(-0.02, 0.12), -rng.uniform(0.1, 0.45)])))
    return _sized([_rounded(_lines([*corners, tuple(foot)]), rng)], 60)


def loose_zero(rng: np.random.Generator) -> list[Polyline]:
    """A 0 whose ends do not meet: they miss, or overlap, or the line comes in from the side before it goes round."""
    width, clockwise = rng.uniform(0.5, 1.0), rng.random() < 0.3
    start = -np.pi / 2 + rng.normal(0.15, 0.35)
    turn = np.linspace(start, start - 2 * np.pi * rng.uniform(0.84, 1.1), 36)
    ring = np.column_stack([width * np.cos(turn), np.sin(turn)]) * np.linspace(1, rng.uniform(0.8, 1.12), 36)[:, None]
    if rng.random() < 0.4:
        side = rng.uniform(0.3, 1.2)
        tail = [(ring[0, 0] + side * (-1 if rng.random() < 0.7 else 1), ring[0, 1] + rng.normal(0, 0.15))]
        ring = np.concatenate([_lines([*tail, tuple(ring[0])])[:-1], ring])
    lean = np.array([[1.0, rng.normal(-0.15, 0.15)], [0.0, 1.0]])
    return _sized([_rounded(ring * [-1 if clockwise else 1, 1] @ lean.T, rng)], 30)


LENT: dict[str, tuple[float, Callable[[np.random.Generator], list[Polyline]]]] = {
    "0": (0.08, loose_zero),
    "1": (0.38, european_one),
    "2": (0.08, angular_two),
    "4": (0.12, open_four),
    "6": (0.08, straight_six),
    "E": (0.15, round_e),
    "M": (0.10, round_m),
    "e": (0.05, round_e),
    "m": (0.05, round_m),
    "x": (1.0, curly_x),
    "z": (0.06, tailed_z),
}
"""By class: how many are drawn for each one that was written, and how."""
