"""The contract's strokes as plain data, which every format is turned into and made from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NotRequired, TypedDict

from model.reading.ink import Ink, Stroke

FAR = 1e6
"""CSS pixels from the origin beyond which nothing is drawn: a float32 no longer tells neighbouring points apart."""


class Columns(TypedDict):
    """One stroke: columns of one length.

    x and y in CSS pixels, y down; t in ms, never decreasing; p the pen's pressure.
    """

    x: list[float]
    y: list[float]
    t: NotRequired[list[float]]
    p: NotRequired[list[float]]


class FormatError(ValueError):
    """A file that does not hold what was looked for; the message is the end of a sentence that begins with its name."""


def number(value: object, what: str) -> float:
    """`value` as a float.

    Raises:
        FormatError: it is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
        raise FormatError(f"has a {what} that is no finite number")
    return float(value)


def place(value: object, what: str) -> float:
    """`value` as a coordinate, CSS pixels.

    Raises:
        FormatError: it is no number, or too far off.
    """
    found = number(value, what)
    if abs(found) > FAR:
        raise FormatError(f"has an {what} of {found:g}; at most {FAR:.0f} CSS pixels are read")
    return found


def timed(strokes: Iterable[Columns]) -> list[Columns]:
    """The strokes, without times where those of the drawing do not run forward: what is wrong is worse than nothing."""
    held = list(strokes)
    times = [t for stroke in held for t in stroke.get("t", [])]
    if any(later < earlier for earlier, later in pairwise(times)):
        for stroke in held:
            stroke.pop("t", None)
    return held


def rows(stroke: Columns) -> list[dict[str, float]]:
    """A stroke's points, one by one: x and y, and t and p where it has them."""
    names = [name for name in ("x", "y", "t", "p") if name in stroke]
    columns: list[list[float]] = [stroke[name] for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def ink_of_columns(strokes: Sequence[Columns]) -> Ink:
    """The drawing; strokes without points are no ink, and the others keep their place as their index."""
    return Ink(
        tuple(
            Stroke.from_points(stroke["x"], stroke["y"], stroke.get("t"), index)
            for index, stroke in enumerate(strokes)
            if stroke["x"]
        )
    )
