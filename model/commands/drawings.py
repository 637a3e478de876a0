"""What was drawn, from a file: a JSON body as the API takes it, a line of an ink file, or a picture.

The API's own contract stands in `webapp/schemas.py`, strict and limited against strangers. This reader takes every
body that the API takes, and what else makes sense: the file is the caller's own.
"""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import numpy as np

from model.reading.alphabet import AlphabetChoice
from model.reading.ink import Ink, Stroke
from model.reading.pictures import Picture, ink_from_frames, ink_from_image, stroke_from_picture
from model.reading.reading import Options

STANDARD_INPUT = "-"
_LINES = (".jsonl", ".jsonl.xz")
_FAR = 1e6
"""CSS pixels beyond which nothing is drawn, as for the API."""


@dataclass(frozen=True)
class Drawing:
    """A drawing and how to read it.

    Attributes:
        name: The file's, and the line's.
        ink: What was drawn.
        options: What the file asks for.
        written: What was written, where the file tells.
    """

    name: str
    ink: Ink
    options: Options = Options()  # noqa: RUF009  # frozen
    written: str | None = None


def load_drawing(source: str, line: int | None = None) -> Drawing:
    """Reads one drawing.

    Args:
        source: A path; "-" for standard input.
        line: Which line of an ink file, from 1; the first if None.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds no drawing, or `line` asks for one that is not there.
    """
    if source.endswith(_LINES):
        return _line(Path(source), line or 1)
    if line is not None:
        raise ValueError(f"{source}: only ink files, {' and '.join(_LINES)}, have lines to choose from")
    data = sys.stdin.buffer.read() if source == STANDARD_INPUT else Path(source).read_bytes()
    name = "standard input" if source == STANDARD_INPUT else Path(source).name
    try:
        if data.lstrip()[:1] in (b"{", b"["):
            ink, options = _from_body(json.loads(data))
        else:
            ink, options = ink_from_image(data), Options()
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{source}: expected a drawing as the API takes it or a picture, got {error!r}") from error
    return Drawing(name, _checked(ink, source), options)


def _line(path: Path, number: int) -> Drawing:
    from model.training.inkdata import read_ink_lines

    sample = next(islice(read_ink_lines(path), number - 1, None), None) if number > 0 else None
    if sample is None:
        raise ValueError(f"{path} has no line {number}")
    return Drawing(f"{path.name}, line {number}", _checked(sample.ink, str(path)), written=sample.text)


def _checked(ink: Ink, source: str) -> Ink:
    # this also is False for what is no number
    if not all(bool((np.abs(stroke.points) <= _FAR).all()) for stroke in ink.strokes):
        raise ValueError(f"{source}: expected coordinates of at most {_FAR:.0f} CSS pixels")
    return ink


def _from_body(body: dict[str, Any]) -> tuple[Ink, Options]:
    forms = [form for form in ("strokes", "frames", "image") if body.get(form) is not None]
    if len(forms) != 1:
        raise ValueError(f"{' and '.join(forms) or 'none'} of strokes, frames and image, not one")
    ratio = float(body.get("pixel_ratio", 1.0))
    if "strokes" in forms:
        strokes = (_stroke(stroke, ratio, index) for index, stroke in enumerate(body["strokes"]))
        ink = Ink(tuple(stroke for stroke in strokes if stroke is not None))
    elif "frames" in forms:
        ink = ink_from_frames([Picture(_bytes(f["image"]), end=f.get("t")) for f in body["frames"]], ratio)
    else:
        ink = ink_from_image(_bytes(body["image"]), ratio)
    return ink, _options(body)


def _stroke(stroke: dict[str, Any], ratio: float, index: int) -> Stroke | None:
    """One of points or of a picture; None without ink."""
    if "image" in stroke:
        start, end = stroke.get("t") or (None, None)
        return stroke_from_picture(Picture(_bytes(stroke["image"]), stroke["x"], stroke["y"], start, end), ratio, index)
    return Stroke.from_points(stroke["x"], stroke["y"], stroke.get("t"), index) if stroke["x"] else None


def _bytes(data_url: str) -> bytes:
    return base64.b64decode(data_url.partition(",")[2], validate=True)


def _options(body: dict[str, Any]) -> Options:
    alphabet = body.get("alphabet", "auto")
    if alphabet not in get_args(AlphabetChoice):
        raise ValueError(f"alphabet {alphabet!r}, not one of {', '.join(get_args(AlphabetChoice))}")
    groups, lexicon = body.get("groups"), body.get("lexicon")
    return Options(
        alphabet=alphabet,
        groups=None if groups is None else tuple(tuple(group) for group in groups),
        lexicon=None if lexicon is None else tuple(lexicon),
        alternatives=int(body.get("alternatives", Options.alternatives)),
    )
