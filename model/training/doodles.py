"""Drawings that are nobody's character: dots, dashes, waves, spirals, scribbles and more, each at random.

Units are those of a glyph 60 high; every kind is a function from chance to lines of shape (n, 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Polyline

_Doodle = list[NDArray[np.float64]]


def _dot(rng: np.random.Generator) -> _Doodle:
    return [rng.normal(0, rng.uniform(0, 2), (int(rng.integers(1, 6)), 2))]


def _dash(rng: np.random.Generator) -> _Doodle:
    x = np.linspace(0, rng.uniform(15, 120), 12)
    slope = np.tan(rng.uniform(-0.45, 0.45))
    bend = rng.normal(0, 0.05) * x[-1] * np.sin(x / x[-1] * np.pi)
    return [np.column_stack([x, x * slope + bend])]


def _wave(rng: np.random.Generator) -> _Doodle:
    turns = rng.uniform(1.5, 6)
    x = np.linspace(0, rng.uniform(50, 200), 60)
    y = rng.uniform(5, 25) * np.sin(x / x[-1] * turns * 2 * np.pi + rng.uniform(0, 6))
    return [np.column_stack([x, y + rng.normal(0, 0.5, 60)])]


def _spiral(rng: np.random.Generator) -> _Doodle:
    turn = np.linspace(0, rng.uniform(2.0, 6) * 2 * np.pi, 90) * (1 if rng.random() < 0.5 else -1)
    radius = np.linspace(rng.uniform(0, 8), 40, 90)
    squash = rng.uniform(0.6, 1.4)
    phase = rng.uniform(0, 2 * np.pi)
    return [np.column_stack([radius * np.cos(turn + phase), squash * radius * np.sin(turn + phase)])]


def _scribble(rng: np.random.Generator) -> _Doodle:
    """A smooth line to and fro between random places."""
    corners = rng.normal(0, 30, (int(rng.integers(7, 20)), 2))
    at = np.linspace(0, len(corners) - 1, 12 * len(corners))
    walk = np.column_stack([np.interp(at, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)])
    window = np.hanning(int(rng.integers(5, 15)) + 2)
    window /= window.sum()
    return [np.column_stack([np.convolve(walk[:, axis], window, "valid") for axis in (0, 1)])]


def _walk(rng: np.random.Generator) -> _Doodle:
    """A random walk, its steps more or less alike in direction."""
    steps = rng.normal(0, 10, (int(rng.integers(25, 150)), 2))
    memory = rng.uniform(0, 0.8)
    for i in range(1, len(steps)):
        steps[i] += memory * steps[i - 1]
    return [np.cumsum(steps, axis=0)]


def _loops(rng: np.random.Generator) -> _Doodle:
    """Loops over each other that wander off (a Lissajous figure that drifts)."""
    turn = np.linspace(0, rng.uniform(2.5, 7) * 2 * np.pi, 140)
    drift = rng.normal(0, 6, 2) * turn[:, None] / (2 * np.pi)
    x = 30 * np.cos(turn * rng.uniform(0.7, 1.4) + rng.uniform(0, 6))
    y = 30 * rng.uniform(0.5, 1.3) * np.sin(turn * rng.uniform(0.7, 1.4))
    return [np.column_stack([x, y]) + drift]


def _hatching(rng: np.random.Generator) -> _Doodle:
    """Several lines beside or across each other, as one crosses something out."""
    lines = []
    for _ in range(int(rng.integers(4, 8))):
        middle, angle, half = rng.normal(0, 14, 2), rng.uniform(-0.6, 0.6) + rng.integers(2) * 1.2, rng.uniform(20, 45)
        reach = half * np.array([np.cos(angle), np.sin(angle)])
        lines.append(np.linspace(middle - reach, middle + reach, 10) + rng.normal(0, 0.8, (10, 2)))
    return lines


def _zigzag(rng: np.random.Generator) -> _Doodle:
    teeth = int(rng.integers(7, 18))
    x = np.linspace(0, rng.uniform(20, 120), teeth) + rng.normal(0, 2, teeth)
    y = np.where(np.arange(teeth) % 2, 1, -1) * rng.uniform(10, 40) + rng.normal(0, 4, teeth)
    return [np.column_stack([x, y])]


def _tangle(rng: np.random.Generator) -> _Doodle:
    """Two or three lines that wander over each other, as a pen is tried."""
    kinds = (_scribble, _walk, _loops, _wave)
    lines = [kinds[int(rng.integers(len(kinds)))](rng)[0] for _ in range(int(rng.integers(2, 4)))]
    return [line - line.mean(axis=0) + rng.normal(0, 15, 2) for line in lines]


_KINDS = (_dot, _dash, _wave, _spiral, _scribble, _walk, _walk, _loops, _hatching, _zigzag, _tangle)


def doodle(rng: np.random.Generator) -> list[Polyline]:
    """One doodle of any kind: its lines, shape (n, 2), float32."""
    return [line.astype(np.float32) for line in _KINDS[int(rng.integers(len(_KINDS)))](rng)]
