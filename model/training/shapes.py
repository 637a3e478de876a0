"""Shapes that much of the world writes and few of the data's writers do, drawn from nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.reading.ink import Polyline


def flagged_one(rng: np.random.Generator) -> list[Polyline]:
    """A 1 as much of Europe writes it, with an up-stroke of up to its whole height; few of the data's writers do."""
    flag, foot, lean = rng.uniform(0.25, 1.0), rng.uniform(-0.15, 0.25), rng.normal(0.08, 0.12)
    reach = rng.uniform(0.3, 0.9) * (0.4 + 0.6 * flag)
    start, top, end = (-reach + lean, flag), (lean, 0.0), (-lean * 0.5 + foot * 0.3, 1.0)
    bow = rng.normal(0, 0.05)
    at = np.linspace(0, 1, 14)[:, None]
    up = np.array(start) * (1 - at) + np.array(top) * at + np.array([bow, bow]) * np.sin(np.pi * at)
    down = np.array(top) * (1 - at) + np.array(end) * at + np.array([rng.normal(0, 0.03), 0]) * np.sin(np.pi * at)
    paths = [np.concatenate([up, down[1:]])]
    if rng.random() < 0.15:  # with a foot, drawn apart
        side = rng.uniform(0.12, 0.35)
        paths.append(np.linspace((end[0] - side, 1.0), (end[0] + side, 1.0 + rng.normal(0, 0.03)), 8))
    return [(60 * path).astype(np.float32) for path in paths]


def curly_x(rng: np.random.Generator) -> list[Polyline]:
    """An x of two arcs back to back, as in formulas; few of the data's writers make it, and its arcs need not meet.

    The arcs go from all but straight to as round as a c.
    """
    half = rng.uniform(0.7, 2.4)
    turn = np.linspace(-half, half, 18)
    arc = np.column_stack([(np.cos(turn) - 1) / (1 - np.cos(half)), np.sin(turn) / np.sin(turn).max() / 2])
    depths, apart = rng.uniform(0.25, 0.55) * np.exp(rng.normal(0, 0.15, 2)), rng.uniform(-0.12, 0.10)
    lean = np.array([[1.0, rng.normal(-0.1, 0.12)], [0.0, 1.0]])
    left = arc * [depths[0], 1] - [apart / 2, 0]
    right = arc * [-depths[1], rng.uniform(0.85, 1.15)] + [apart / 2, rng.normal(0, 0.05)]
    return [(40 * path @ lean.T).astype(np.float32) for path in (left, right)]


def open_four(rng: np.random.Generator) -> list[Polyline]:
    """A 4 in one stroke, open at the top, that stands like an h or a y: down aslant, a little up again, and down."""
    slope, knee = rng.uniform(0.1, 0.55), rng.uniform(0.55, 0.95)
    low = np.array([-slope * knee, knee])  # where the first line turns
    shoulder = low + np.array([rng.uniform(0.2, 0.45), -rng.uniform(0.0, 0.35)])
    foot = np.array([shoulder[0] + rng.uniform(-0.12, 0.1), rng.uniform(0.95, 1.15)])
    bars = [(np.zeros(2), low), (low, shoulder)]
    if rng.random() < 0.5:  # the second line begins above the crossing
        over = shoulder + np.array([rng.uniform(-0.02, 0.12), -rng.uniform(0.1, 0.45)])
        bars += [(shoulder, over), (over, foot)]
    else:
        bars += [(shoulder, foot)]
    at = np.linspace(0, 1, 10)[:, None]
    path = np.concatenate([start * (1 - at) + end * at for start, end in bars])
    for _ in range(int(rng.integers(1, 5))):  # corners as sharp or round as hands make them
        path[1:-1] = (path[:-2] + path[1:-1] + path[2:]) / 3
    return [(60 * path).astype(np.float32)]


LENT: dict[str, tuple[float, Callable[[np.random.Generator], list[Polyline]]]] = {
    "1": (0.33, flagged_one),
    "4": (0.12, open_four),
    "x": (0.25, curly_x),
}
"""By class: how many are drawn for each one that was written, and how."""
