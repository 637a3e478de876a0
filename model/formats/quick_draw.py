"""Google's Quick, Draw! drawings: a list of strokes, each a list of columns x, y and, in the raw files, t in ms."""

from __future__ import annotations

from collections.abc import Sequence

from model.formats.columns import Columns, FormatError, number, place, timed


def from_quick_draw(drawing: object) -> list[Columns]:
    """The field `drawing` of a line → strokes.

    Raises:
        FormatError: it is no list of columns of one length.
    """
    if not isinstance(drawing, list):
        raise FormatError("holds no list of strokes")
    return timed(_stroke(stroke) for stroke in drawing)


def _stroke(stroke: object) -> Columns:
    if not isinstance(stroke, list) or len(stroke) not in (2, 3) or not all(isinstance(c, list) for c in stroke):
        raise FormatError("has a stroke that is not two or three columns")
    if len({len(column) for column in stroke}) != 1:
        raise FormatError("has a stroke of unequal columns")
    found = Columns(x=[place(v, "x") for v in stroke[0]], y=[place(v, "y") for v in stroke[1]])
    if len(stroke) == 3:
        found["t"] = [number(v, "t") for v in stroke[2]]
    return found


def to_quick_draw(strokes: Sequence[Columns]) -> list[list[list[float]]]:
    """Strokes → the field `drawing`, with times where every stroke has them; pressure has no place there."""
    has_times = all("t" in stroke for stroke in strokes)
    return [[stroke["x"], stroke["y"], *([stroke["t"]] if has_times else [])] for stroke in strokes]
