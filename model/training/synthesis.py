"""New ink from old: varied renderings of single characters, and junk, ink that is not one character.

Everything is drawn by the reader's own `glyph_picture`, so that training and reading see one kind of picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Box, Polyline
from model.reading.normalize import PEN, draw, normalize

Paths = list[Polyline]
Picture = NDArray[np.uint8]


def picture(paths: Paths, rng: np.random.Generator) -> Picture:
    """Draws one glyph with a pen of random thickness: shape (28, 28), uint8, 0 to 255."""
    pen = PEN * float(np.exp(rng.normal(0, 0.22)))
    return np.rint(normalize(draw(paths, pen)) * 255).astype(np.uint8)


def vary(paths: Paths, rng: np.random.Generator) -> Paths:
    """The same glyph by another hand: slant, rotation, aspect, sampling and a trembling pen, at random.

    Args:
        paths: Polylines (n, 2); any units.
        rng: Source of chance.
    """
    angle, slant, aspect = rng.normal(0, 0.09), rng.normal(0, 0.17), rng.normal(0, 0.13)
    cos, sin = np.cos(angle), np.sin(angle)
    transform = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1, slant], [0, 1]]) @ np.diag([np.exp(aspect), 1])
    tremble = _extent(paths) * abs(rng.normal(0, 0.006))
    return [_resample(path, rng, tremble) @ transform.T.astype(np.float32) for path in paths]


def _resample(path: Polyline, rng: np.random.Generator, tremble: float) -> Polyline:
    """Keeps every k-th point, as a slower device would, and lets the kept ones tremble."""
    step = int(rng.integers(1, 4))
    if step > 1 and len(path) > 8 * step:
        path = np.concatenate([path[:-1:step], path[-1:]])
    return (path + rng.normal(0, tremble, path.shape)).astype(np.float32)


def _extent(paths: Paths) -> float:
    box = Box.around(np.concatenate(paths))
    return max(box.width, box.height, 1e-6)


def beside(left: Paths, right: Paths, rng: np.random.Generator) -> Paths:
    """Sets `right` beside `left` as a neighbour on the line: gap −0.15 to 0.35 of the height, a little off the line."""
    a, b = Box.around(np.concatenate(left)), Box.around(np.concatenate(right))
    height = max(a.height, b.height, 1e-6)
    gap = rng.uniform(-0.15, 0.35) * height
    shift = np.array([a.right + gap - b.x, a.bottom - b.bottom + rng.normal(0, 0.06) * height], np.float32)
    return [*left, *(path + shift for path in right)]


def _merged(glyphs: Sequence[Paths], rng: np.random.Generator) -> Paths | None:
    """Two neighbours taken for one."""
    return beside(glyphs[0], glyphs[1], rng)


def _borrowed(glyphs: Sequence[Paths], rng: np.random.Generator) -> Paths | None:
    """A glyph that took a stroke, or a piece of one, from its neighbour."""
    stolen = _piece(glyphs[1], rng)
    if stolen is None:
        return None
    flipped = rng.random() < 0.5
    return beside(stolen, glyphs[0], rng) if flipped else beside(glyphs[0], stolen, rng)


def _piece(glyph: Paths, rng: np.random.Generator) -> Paths | None:
    """Some strokes of several, or a run of points of one; None where the glyph is too short to be cut."""
    if len(glyph) > 1 and rng.random() < 0.6:
        keep = int(rng.integers(1, len(glyph)))
        chosen = rng.permutation(len(glyph))[:keep]
        return [glyph[i] for i in sorted(chosen)]
    longest = max(range(len(glyph)), key=lambda i: len(glyph[i]))
    points = glyph[longest]
    if len(points) < 12:
        return None
    cut = int(len(points) * rng.uniform(0.3, 0.7))
    part = points[:cut] if rng.random() < 0.5 else points[cut:]
    return [*glyph[:longest], part, *glyph[longest + 1 :]] if len(glyph) > 1 and rng.random() < 0.5 else [part]


def _half(glyphs: Sequence[Paths], rng: np.random.Generator) -> Paths | None:
    """Half a glyph. Plain pieces are refused: half an M is a good 1, half an E a good L, half an 8 a good C."""
    piece = _piece(glyphs[0], rng)
    if piece is None or _length(piece) > _HALF * _length(glyphs[0]) or (len(piece) == 1 and _is_plain(piece[0])):
        return None
    return piece


_HALF = 0.65
"""Share of a glyph's line up to which a piece is not the glyph any more; a Q without its tail is a good O."""


def _length(paths: Paths) -> float:
    return float(sum(np.hypot(*np.diff(path, axis=0).T).sum() for path in paths))


_PLAIN_TURN = 4.2
"""Radians of turning, in all, up to which a piece of a glyph may well be a character of its own."""


def _is_plain(path: Polyline) -> bool:
    """Whether a line may be a 1, 7, C, L, J, U, V or, closed to a ring, an O; a horizontal one never is."""
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = np.linspace(0, way[-1], 9)  # evenly along the line, or a resting pen would seem to turn
    steps = np.diff(np.column_stack([np.interp(at, way, path[:, axis]) for axis in (0, 1)]), axis=0)
    headings = np.arctan2(steps[:, 1], steps[:, 0])
    turns = np.angle(np.exp(1j * np.diff(headings)))
    rise, run = np.ptp(path[:, 1]), np.ptp(path[:, 0])
    closed = np.hypot(*(path[-1] - path[0])) < 0.3 * max(rise, run)
    return bool(np.abs(turns).sum() < _PLAIN_TURN + closed * np.pi and rise > 0.5 * run)


def flagged_one(rng: np.random.Generator) -> Paths:
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


def _doodle(_: Sequence[Paths], rng: np.random.Generator) -> Paths | None:
    """Dots, dashes, waves, spirals and scribbles."""
    return [path.astype(np.float32) for path in _DOODLES[int(rng.integers(len(_DOODLES)))](rng)]


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


_DOODLES = (_dot, _dash, _wave, _spiral, _scribble, _walk, _walk, _loops, _hatching, _zigzag)
_JUNK: tuple[tuple[Callable[[Sequence[Paths], np.random.Generator], Paths | None], float], ...] = (
    (_merged, 0.42),
    (_borrowed, 0.18),
    (_half, 0.14),
    (_doodle, 0.26),
)


def junk(glyphs: Sequence[Paths], rng: np.random.Generator) -> Paths:
    """Ink that is not one character, made of two glyphs of one writer.

    Args:
        glyphs: Two glyphs in the same units.
        rng: Source of chance.
    """
    shares = [share for _, share in _JUNK]
    while True:
        make, _ = _JUNK[int(rng.choice(len(_JUNK), p=shares))]
        made = make(glyphs, rng)
        if made is not None:
            return made
