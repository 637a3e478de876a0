"""New ink from old: varied renderings of single characters, and junk, ink that is not one character.

Everything is drawn by the reader's own `glyph_picture`, so that training and reading see one kind of picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Box, Polyline, way_along
from model.reading.normalize import PEN, draw, normalize
from model.training.doodles import doodle

Paths = list[Polyline]
Picture = NDArray[np.uint8]


def picture(paths: Paths, rng: np.random.Generator) -> Picture:
    """Draws one glyph with a pen of random thickness, now and then as small as on a phone.

    Returns:
        Shape (28, 28), uint8, 0 to 255.
    """
    drawn = draw(paths, PEN * float(np.exp(rng.normal(0, _PENS))))
    if rng.random() < _SMALL:
        scale = rng.uniform(14, 40) / max(drawn.shape)
        size = max(1, round(drawn.shape[1] * scale)), max(1, round(drawn.shape[0] * scale))
        drawn = np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.rint(normalize(drawn) * 255).astype(np.uint8)


_PENS = 0.28
"""Deviation of the log of a pen's width: from a hairline to a marker."""

_SMALL = 0.15
"""Share of glyphs drawn at 14 to 40 pixels and enlarged, as pictures of small writing are."""


def vary(paths: Paths, rng: np.random.Generator) -> Paths:
    """The same glyph by another hand, at random.

    Slant, rotation and aspect of the whole; strokes that stand, lean and reach a little otherwise beside each other;
    ends that stop short, run or curl on; a hand that bends its lines slowly and trembles; corners rounded off or sharp;
    and a device that samples more or less often and rounds to its own pixels.

    Args:
        paths: Polylines (n, 2); any units.
        rng: Source of chance.
    """
    extent = _extent(paths)
    strength = rng.gamma(2.0, 0.5)  # most hands are near what was written, some far
    if rng.random() < _LIGATURES:
        paths = _ligature(paths, extent, rng)
    moved = [_another_hand(path, extent, strength, len(paths) > 1, rng) for path in paths]
    return [_sampled(path, extent, rng) @ _lean(rng).T for path in moved]


def _ligature(paths: Paths, extent: float, rng: np.random.Generator) -> Paths:
    """The glyph with half of a line that joined it to the one before or after it."""
    reach = rng.uniform(0.1, 0.35) * extent * np.linspace(0, 1, 6)[1:, None]
    if rng.random() < 0.5:
        tail = paths[-1][-1] + reach * np.array([1, rng.uniform(-0.6, 0.6)])
        return [*paths[:-1], np.concatenate([paths[-1], tail]).astype(np.float32)]
    lead = paths[0][0] + reach[::-1] * np.array([-1, rng.uniform(-0.6, 0.6)])
    return [np.concatenate([lead, paths[0]]).astype(np.float32), *paths[1:]]


_LIGATURES = 0.06
"""Share of glyphs that were drawn in one stroke with a neighbour and torn off it."""


def _lean(rng: np.random.Generator) -> NDArray[np.float32]:
    """Rotation, slant and aspect of one glyph: shape (2, 2)."""
    angle, slant, aspect = rng.normal(0, 0.09), rng.normal(0, 0.18), rng.normal(0, 0.15)
    cos, sin = np.cos(angle), np.sin(angle)
    turn, shear = np.array([[cos, -sin], [sin, cos]]), np.array([[1, slant], [0, 1]])
    return np.asarray(turn @ shear @ np.diag([np.exp(aspect), 1]), np.float32)


def _another_hand(
    path: Polyline, extent: float, strength: float, several: bool, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Bends one stroke slowly along its way, lets its ends stop short or run on, and moves it beside the others.

    Args:
        path: Shape (n, 2).
        extent: Size of the glyph.
        strength: How far the hand strays.
        several: Whether the glyph has other strokes, beside which this one may stand otherwise.
        rng: Source of chance.
    """
    points, scale = path.astype(np.float64), extent * strength
    if len(points) > 3 and way_along(points)[-1] > 0:
        points = _ends(points, extent, rng)
        at = np.linspace(0, 1, len(points))[:, None] * np.pi
        for waves in (1, 2, 3):  # a half wave over the whole way, then ever shorter and weaker ones
            points += np.cos(waves * at + rng.uniform(0, np.pi)) * rng.normal(0, 0.02 * scale / waves, 2)
    if several:
        middle = points.mean(axis=0)
        points = middle + (points - middle) * np.exp(rng.normal(0, 0.05 * min(1.0, 2 * rng.random()), 2))
        points += rng.normal(0, 0.025 * scale, 2)
    return points


def _ends(points: NDArray[np.float64], extent: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Shortens each end of a stroke by up to 5 % of its way, runs it on straight by as much, or curls it on."""
    for _ in range(2):
        points = _curled(points, extent, rng) if rng.random() < _CURLS else _reached(points, rng)
        points = points[::-1]
    return points


def _reached(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A stroke that ends a little before or behind where it did."""
    way = way_along(points)
    change = rng.normal(0, 0.02) * way[-1]
    if change < 0:
        keep = way <= way[-1] + max(change, -0.05 * way[-1])
        return points[keep] if keep.sum() > 3 else points
    back = points[-1] - points[-min(4, len(points))]
    reach = np.hypot(*back)
    if reach == 0:
        return points
    return np.concatenate([points, points[-1:] + back / reach * min(change, 0.05 * way[-1])])


def _curled(points: NDArray[np.float64], extent: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A stroke that goes on the way it bent last: the hook before a 2 or 3, the curl behind a 9."""
    way = way_along(points)
    at = way[-1] - np.array([0.2, 0.1, 0.0]) * min(way[-1], extent)
    (ax, ay), (bx, by) = np.diff(np.column_stack([np.interp(at, way, points[:, axis]) for axis in (0, 1)]), axis=0)
    turn = np.arctan2(ax * by - ay * bx, ax * bx + ay * by)  # between the middles of two lengths
    if at[1] <= at[0] or abs(turn) > _CORNER or (ax == ay == 0) or (bx == by == 0):
        return points
    bend = turn / (at[1] - at[0]) * rng.uniform(0.6, 1.5)
    steps = np.linspace(0, rng.uniform(0.03, 0.2) * extent, 7)[1:]
    headings = np.arctan2(by, bx) + turn / 2 + bend * (steps - steps[0] / 2)
    onward = np.column_stack([np.cos(headings), np.sin(headings)]).cumsum(axis=0) * steps[0]
    return np.concatenate([points, points[-1] + onward])


_CURLS = 0.08
"""Share of the ends of strokes that curl on."""

_CORNER = 0.7
"""Radians within a tenth of the glyph's size beyond which a stroke turns a corner, which is no bend to go on with."""


def _sampled(path: NDArray[np.float64], extent: float, rng: np.random.Generator) -> Polyline:
    """The path as another device gives it: smoothed or not, fewer points, a trembling hand, whole pixels."""
    if len(path) > 8 and rng.random() < 0.2:
        padded = np.concatenate([path[:1], path, path[-1:]])
        path = np.concatenate([path[:1], (padded[:-2] + padded[1:-1] + padded[2:])[1:-1] / 3, path[-1:]])
    step = int(rng.integers(1, 4))
    if step > 1 and len(path) > 8 * step:
        path = np.concatenate([path[:-1:step], path[-1:]])
    path = path + rng.normal(0, extent * abs(rng.normal(0, 0.006)), path.shape)
    if rng.random() < 0.25:
        pixel = extent / rng.uniform(16, 80)
        path = np.rint(path / pixel) * pixel
    return path.astype(np.float32)


def _extent(paths: Paths) -> float:
    box = Box.around(np.concatenate(paths))
    return max(box.width, box.height, 1e-6)


def beside(left: Paths, right: Paths, rng: np.random.Generator) -> Paths:
    """Sets `right` beside `left` as a neighbour on the line, a little off it.

    The gap is −0.15 to 0.35 of the height; now and then they are written into each other, by up to 0.4 of the narrower.
    """
    a, b = Box.around(np.concatenate(left)), Box.around(np.concatenate(right))
    height = max(a.height, b.height, 1e-6)
    gap = rng.uniform(-0.15, 0.35) * height
    if rng.random() < 0.25:
        gap = -rng.uniform(0, 0.4) * min(a.width, b.width)
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
    way = way_along(path)
    at = np.linspace(0, way[-1], 9)  # evenly along the line, or a resting pen would seem to turn
    steps = np.diff(np.column_stack([np.interp(at, way, path[:, axis]) for axis in (0, 1)]), axis=0)
    headings = np.arctan2(steps[:, 1], steps[:, 0])
    turns = np.angle(np.exp(1j * np.diff(headings)))
    rise, run = np.ptp(path[:, 1]), np.ptp(path[:, 0])
    closed = np.hypot(*(path[-1] - path[0])) < 0.3 * max(rise, run)
    return bool(np.abs(turns).sum() < _PLAIN_TURN + closed * np.pi and rise > 0.5 * run)


def _doodle(_: Sequence[Paths], rng: np.random.Generator) -> Paths | None:
    """Dots, dashes, waves, spirals and scribbles."""
    return doodle(rng)


_MAKERS: dict[str, Callable[[Sequence[Paths], np.random.Generator], Paths | None]] = {
    "merged": _merged,
    "borrowed": _borrowed,
    "half": _half,
    "doodle": _doodle,
}

JUNK_KINDS = {"merged": 0.36, "borrowed": 0.16, "half": 0.26, "doodle": 0.22}
"""The kinds of junk and their shares of it."""


def junk(glyphs: Sequence[Paths], rng: np.random.Generator, kind: str | None = None) -> Paths | None:
    """Ink that is not one character, made of two glyphs of one writer.

    Args:
        glyphs: Two glyphs in the same units.
        rng: Source of chance.
        kind: One of `JUNK_KINDS`; None draws one by its share.

    Returns:
        Centre lines; None where these glyphs give no such junk: a plain stroke has no half.
    """
    name = kind or str(rng.choice(list(JUNK_KINDS), p=list(JUNK_KINDS.values())))
    return _MAKERS[name](glyphs, rng)
