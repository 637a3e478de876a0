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
    angle, slant, aspect = rng.normal(0, 0.09), rng.normal(0, 0.15), rng.normal(0, 0.10)
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
    """Half a glyph. A straight upright piece is refused: it is a good 1, l or I."""
    piece = _piece(glyphs[0], rng)
    if piece is None or (len(piece) == 1 and _is_upright_line(piece[0])):
        return None
    return piece


def _is_upright_line(path: Polyline) -> bool:
    chord = path[-1] - path[0]
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    return bool(np.hypot(*chord) > 0.85 * length and abs(chord[1]) > 0.7 * abs(chord[0]))


def _doodle(_: Sequence[Paths], rng: np.random.Generator) -> Paths | None:
    """Dots, dashes, waves, spirals and scribbles."""
    return [_DOODLES[int(rng.integers(len(_DOODLES)))](rng).astype(np.float32)]


def _dot(rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.normal(0, rng.uniform(0, 2), (int(rng.integers(1, 6)), 2))


def _dash(rng: np.random.Generator) -> NDArray[np.float64]:
    x = np.linspace(0, rng.uniform(15, 120), 12)
    slope = np.tan(rng.uniform(-0.45, 0.45))
    bend = rng.normal(0, 0.05) * x[-1] * np.sin(x / x[-1] * np.pi)
    return np.column_stack([x, x * slope + bend])


def _wave(rng: np.random.Generator) -> NDArray[np.float64]:
    turns = rng.uniform(1.5, 6)
    x = np.linspace(0, rng.uniform(50, 200), 60)
    y = rng.uniform(5, 25) * np.sin(x / x[-1] * turns * 2 * np.pi + rng.uniform(0, 6))
    return np.column_stack([x, y + rng.normal(0, 0.5, 60)])


def _spiral(rng: np.random.Generator) -> NDArray[np.float64]:
    turn = np.linspace(0, rng.uniform(1.7, 5) * 2 * np.pi, 90) * (1 if rng.random() < 0.5 else -1)
    radius = np.linspace(rng.uniform(0, 8), 40, 90)
    squash = rng.uniform(0.6, 1.4)
    phase = rng.uniform(0, 2 * np.pi)
    return np.column_stack([radius * np.cos(turn + phase), squash * radius * np.sin(turn + phase)])


def _scribble(rng: np.random.Generator) -> NDArray[np.float64]:
    """A smooth random walk that crosses itself."""
    corners = rng.normal(0, 30, (int(rng.integers(6, 16)), 2))
    at = np.linspace(0, len(corners) - 1, 12 * len(corners))
    walk = np.column_stack([np.interp(at, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)])
    window = np.hanning(int(rng.integers(5, 15)) + 2)
    window /= window.sum()
    return np.column_stack([np.convolve(walk[:, axis], window, "valid") for axis in (0, 1)])


def _zigzag(rng: np.random.Generator) -> NDArray[np.float64]:
    teeth = int(rng.integers(6, 16))
    x = np.linspace(0, rng.uniform(20, 120), teeth) + rng.normal(0, 2, teeth)
    y = np.where(np.arange(teeth) % 2, 1, -1) * rng.uniform(10, 40) + rng.normal(0, 4, teeth)
    return np.column_stack([x, y])


_DOODLES = (_dot, _dash, _wave, _spiral, _scribble, _scribble, _zigzag)
_JUNK: tuple[tuple[Callable[[Sequence[Paths], np.random.Generator], Paths | None], float], ...] = (
    (_merged, 0.42),
    (_borrowed, 0.20),
    (_half, 0.26),
    (_doodle, 0.12),
)


def junk(glyphs: Sequence[Paths], rng: np.random.Generator) -> Paths:
    """Ink that is not one character, made of two glyphs of one writer.

    Args:
        glyphs: Two glyphs in the same units.
        rng: Source of chance.
    """
    kinds, shares = zip(*_JUNK, strict=True)
    while True:
        made = kinds[int(rng.choice(len(kinds), p=shares))](glyphs, rng)
        if made is not None:
            return made
