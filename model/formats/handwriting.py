"""Strokes of the WICG Handwriting Recognition API: what `getStrokes()` and `getPoints()` give, as JSON.

A drawing is a list of strokes; a stroke a list of points, or an object with them as `points`; a point has x and y in
CSS pixels and perhaps t, ms since the drawing began.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.formats.columns import Columns, FormatError, rows, timed
from model.formats.points import stroke_of_points


def from_handwriting(strokes: object) -> list[Columns]:
    """A drawing → strokes.

    Raises:
        FormatError: `strokes` is no list of strokes.
    """
    if not isinstance(strokes, list):
        raise FormatError("holds no list of strokes")
    points = (stroke.get("points") if isinstance(stroke, dict) else stroke for stroke in strokes)
    return timed(stroke_of_points(stroke, "t") for stroke in points)


def to_handwriting(strokes: Sequence[Columns]) -> list[list[dict[str, float]]]:
    """Strokes → a drawing whose times count from its first point; pressure has no place there."""
    begin = next((stroke["t"][0] for stroke in strokes if stroke.get("t")), 0.0)
    return [[_point(row, begin) for row in rows(stroke)] for stroke in strokes]


def _point(row: dict[str, float], begin: float) -> dict[str, float]:
    point = {"x": row["x"], "y": row["y"]}
    return {**point, "t": row["t"] - begin} if "t" in row else point
