"""Point groups of the signature_pad library, as its `toData()` gives them.

Each group is a stroke: an object with `points` (and colours and widths, which tell nothing of what was written), or in
old versions the list of points itself. A point has x and y in CSS pixels and `time` in ms; newer ones `pressure` too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model.formats.columns import Columns, FormatError, rows, timed
from model.formats.points import stroke_of_points

_NAMES = {"x": "x", "y": "y", "t": "time", "p": "pressure"}


def from_signature_pad(groups: object) -> list[Columns]:
    """Point groups → strokes.

    Raises:
        FormatError: `groups` is no list of point groups.
    """
    if not isinstance(groups, list):
        raise FormatError("holds no list of point groups")
    points = (group.get("points") if isinstance(group, dict) else group for group in groups)
    return timed(stroke_of_points(group, "time", "pressure") for group in points)


def to_signature_pad(strokes: Sequence[Columns]) -> list[dict[str, Any]]:
    """Strokes → point groups that `fromData()` takes; a stroke without times has all of its points at time 0."""
    return [{"points": [_point(row) for row in rows(stroke)]} for stroke in strokes]


def _point(row: dict[str, float]) -> dict[str, float]:
    return {"time": 0.0, **{_NAMES[name]: value for name, value in row.items()}}
