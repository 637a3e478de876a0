"""Formats that write a stroke point by point, each an object: how to read such points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.formats.columns import Columns, FormatError, number, place


def stroke_of_points(points: object, time: str, pressure: str | None = None) -> Columns:
    """A list of objects with x, y and perhaps a time in ms and a pressure → columns.

    A column that not every point has is left out.

    Raises:
        FormatError: it is no such list.
    """
    held = _objects(points)
    stroke = Columns(x=[place(point.get("x"), "x") for point in held], y=[place(point.get("y"), "y") for point in held])
    if held and all(point.get(time) is not None for point in held):
        stroke["t"] = [number(point[time], time) for point in held]
    if held and pressure and all(point.get(pressure) is not None for point in held):
        stroke["p"] = [number(point[pressure], pressure) for point in held]
    return stroke


def _objects(points: object) -> Sequence[Mapping[str, Any]]:
    if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
        raise FormatError("has a stroke that is no list of points")
    return points
