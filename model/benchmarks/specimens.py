"""Drawings made by our own hand, for tests and speed: digits as smooth strokes, at a person's sizes, gaps and pace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.reading.ink import Ink, Polyline, Stroke

_DIGITS = {
    "0": "34,2 14,14 4,42 8,76 27,98 48,90 60,60 56,24 41,4 32,3",
    "1": "2,26 15,14 28,0 | 28,0 27,35 25,70 25,100",
    "2": "5,22 14,6 33,0 52,9 55,29 42,52 21,76 3,95 | 3,95 20,95 40,96 62,94",
    "3": "6,12 25,0 48,8 50,28 36,44 20,47 | 20,47 42,50 56,68 48,90 25,100 3,90",
    "4": "40,0 28,22 14,44 2,62 | 2,62 25,63 45,62 66,61 / 47,30 46,55 45,80 44,102",
    "5": "10,2 9,20 7,42 | 7,42 24,36 46,44 54,66 44,90 22,100 2,92 / 10,3 30,2 52,0",
    "6": "44,0 26,14 10,40 4,70 14,94 32,100 48,86 47,66 32,55 15,62 6,76",
    "7": "2,3 25,3 55,0 | 55,0 42,30 30,64 22,100 / 16,48 32,47 52,45",
    "8": "50,12 30,0 10,12 14,33 34,48 54,68 50,92 28,100 7,90 6,68 26,49 48,32 54,16 46,7",
    "9": "50,14 32,0 10,10 6,32 20,47 40,42 52,18 | 52,18 52,42 48,72 44,100",
}
"""Where the pen passes in a box 100 high, x,y with y down: "/" lifts the pen, "|" is a corner."""

_STEPS = 8
_POINT_MS = 8.0
_PAUSE_MS = 300.0
_ADVANCE = 0.85


def write(text: str, height: float = 80.0, left: float = 30.0, top: float = 40.0, advance: float = _ADVANCE) -> Ink:
    """Digits beside each other, with times of a usual pace.

    Args:
        text: Digits.
        height: CSS pixels.
        left: Where the first begins, CSS pixels.
        top: The line's top, CSS pixels.
        advance: From one digit's left to the next one's, in heights; below 0.6 they lie in each other.
    """
    paths = []
    for digit in text:
        paths += placed(digit, left, height, top)
        left += advance * height
    return timed(paths)


def placed(digit: str, left: float, height: float = 80.0, top: float = 40.0) -> list[Polyline]:
    """One digit's strokes where it is wanted; left, height and top in CSS pixels."""
    return [path * np.float32(height) + np.array([left, top], np.float32) for path in digit_paths(digit)]


def digit_paths(digit: str, steps: int = _STEPS) -> list[Polyline]:
    """The pen's ways for one digit, in a box 1 high, with `steps` points from each knot to the next."""
    return [
        np.concatenate([_curve(_knots(piece), steps) for piece in stroke.split("|")])
        for stroke in _DIGITS[digit].split("/")
    ]


def timed(paths: Sequence[Polyline]) -> Ink:
    """Strokes drawn one after the other at a usual pace: a point each 8 ms, pauses of 300 ms."""
    strokes, now = [], 0.0
    for index, path in enumerate(paths):
        end = now + _POINT_MS * (len(path) - 1)
        strokes.append(Stroke((path.astype(np.float32),), index, now, end))
        now = end + _PAUSE_MS
    return Ink(tuple(strokes))


def _knots(piece: str) -> Polyline:
    return np.array([knot.split(",") for knot in piece.split()], np.float32) / np.float32(100)


def _curve(knots: Polyline, steps: int) -> Polyline:
    """A smooth line through `knots` (Catmull & Rom 1974), shape (steps · n + 1, 2)."""
    p = np.concatenate([knots[:1], knots, knots[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.concatenate([*pieces, p[-1:]])


HAND = {
    **{digit: [digit_paths(digit)] for digit in _DIGITS},
    "i": [[path.astype(np.float32) for path in (np.linspace((0.1, 0.4), (0.1, 1), 8), np.array([[0.1, 0.1]]))]],
}
"""Our own hand: of each character one example, as strokes in a box 1 high."""
