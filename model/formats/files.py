"""Any file that holds drawings → its drawings, told apart by what it holds and not by its name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.formats import inkml
from model.formats.body import FORMS, drawing_of_body
from model.formats.columns import FAR, Columns, FormatError, ink_of_columns
from model.formats.handwriting import from_handwriting
from model.formats.quick_draw import from_quick_draw
from model.formats.signature_pad import from_signature_pad
from model.reading.flat import ink_from_image
from model.reading.imagefile import PictureError
from model.reading.ink import Ink
from model.reading.reading import Options


@dataclass(frozen=True)
class Drawn:
    """A drawing and how to read it.

    Attributes:
        ink: What was drawn.
        options: What the file asks for.
        written: What was written, where the file tells.
    """

    ink: Ink
    options: Options = Options()  # noqa: RUF009  # frozen
    written: str | None = None


def read_ink(data: bytes) -> list[Drawn]:
    """The drawings that a file's bytes hold: one, but for Quick Draw's files of one drawing a line.

    Known are pictures (PNG, JPEG, WebP), InkML, bodies of the recognize call, Quick Draw, signature_pad's point groups
    and WICG handwriting strokes.

    Raises:
        FormatError: none of these.
    """
    start = data.lstrip()[:1]
    if start in (b"{", b"["):
        return [_checked(drawn) for drawn in _from_json(data)]
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return [Drawn(ink_of_columns(inkml.from_inkml(data)), written=inkml.truth(data))]
    try:
        return [Drawn(ink_from_image(data))]
    except PictureError as error:
        raise FormatError(str(error)) from error


def strokes_of(value: list[Any]) -> list[Columns]:
    """The strokes of a parsed JSON list: Quick Draw's, signature_pad's or WICG's.

    Raises:
        FormatError: none of these.
    """
    first = next((entry for entry in value if entry), None)
    if first is None:
        raise FormatError("is a list of nothing")
    if isinstance(first, list) and isinstance(first[0], list):
        return from_quick_draw(value)
    return from_signature_pad(value) if _is_signature(first) else from_handwriting(value)


def _from_json(data: bytes) -> list[Drawn]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        rows = _rows(data)
        if rows is None:
            raise FormatError(f"is no JSON: {error}") from error
        return [_quick_drawn(row) for row in rows]
    if isinstance(value, dict) and "drawing" in value:
        return [_quick_drawn(value)]
    if isinstance(value, dict):
        return [_of_body(value)]
    return [Drawn(ink_of_columns(strokes_of(value)))]


def _rows(data: bytes) -> list[dict[str, Any]] | None:
    """The lines of a file of JSON objects; None where it is none."""
    try:
        rows = [json.loads(line) for line in data.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None
    return rows if all(isinstance(row, dict) and "drawing" in row for row in rows) else None


def _quick_drawn(row: Mapping[str, Any]) -> Drawn:
    word = row.get("word")
    return Drawn(ink_of_columns(from_quick_draw(row["drawing"])), written=word if isinstance(word, str) else None)


def _of_body(body: dict[str, Any]) -> Drawn:
    if not any(form in body for form in FORMS):
        raise FormatError("is JSON, but holds none of strokes, frames, image and drawing")
    try:
        return Drawn(*drawing_of_body(body))
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise FormatError(f"is not as the recognize call takes it: {error!r}") from error


def _checked(drawn: Drawn) -> Drawn:
    # this also is False for what is no number
    if not all(bool((np.abs(stroke.points) <= FAR).all()) for stroke in drawn.ink.strokes):
        raise FormatError(f"has coordinates that are no numbers of at most {FAR:.0f} CSS pixels")
    return drawn


def _is_signature(first: object) -> bool:
    """Whether a stroke is signature_pad's: its points say `time`, those of WICG `t`."""
    points = first.get("points") if isinstance(first, dict) else first
    point = points[0] if isinstance(points, list) and points else None
    return isinstance(point, dict) and "time" in point
