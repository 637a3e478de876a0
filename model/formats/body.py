"""A body of the recognize call → `Ink` and `Options`: for the web, once its schemas have passed it, and for files.

Nothing is checked here that makes no drawing impossible: strictness towards strangers is the schemas' task.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_args

from model.reading.alphabet import AlphabetChoice
from model.reading.budget import UNBOUNDED, Budget
from model.reading.flat import ink_from_image
from model.reading.imagefile import PictureError
from model.reading.ink import Ink, Stroke
from model.reading.pictures import Picture, ink_from_frames, stroke_from_picture
from model.reading.reading import Options

FORMS = ("strokes", "frames", "image")


class PlacedPictureError(ValueError):
    """A picture of the body that cannot be read.

    Attributes:
        loc: Where it stands in the body, for example ("frames", 3, "image").
    """

    def __init__(self, loc: tuple[int | str, ...], detail: str):
        super().__init__(detail)
        self.loc = loc


def drawing_of_body(body: Mapping[str, Any], budget: Budget = UNBOUNDED) -> tuple[Ink, Options]:
    """The drawing, strokes without ink left out, and how to read it.

    Args:
        body: As the contract has it; a picture is a data URL, or its bytes.
        budget: Looked at between pictures.

    Raises:
        PlacedPictureError: a picture cannot be read.
        OutOfTimeError: the budget was spent.
        ValueError, TypeError, KeyError: the body is not as the contract has it.
    """
    return _ink(body, budget), _options(body)


def _ink(body: Mapping[str, Any], budget: Budget) -> Ink:
    forms = [form for form in FORMS if body.get(form) is not None]
    if len(forms) != 1:
        raise ValueError(f"holds {' and '.join(forms) or 'none'} of strokes, frames and image, not one")
    ratio = float(body.get("pixel_ratio", 1.0))
    if "strokes" in forms:
        strokes = (_stroke(stroke, ratio, index) for index, stroke in enumerate(budget.over(body["strokes"])))
        return Ink(tuple(stroke for stroke in strokes if stroke is not None))
    if "frames" in forms:
        return _ink_of_frames(budget.over(body["frames"]), ratio)
    with _placed("image"):
        return ink_from_image(_bytes(body["image"]), ratio)


def _options(body: Mapping[str, Any]) -> Options:
    alphabet = body.get("alphabet", Options.alphabet)
    if alphabet not in get_args(AlphabetChoice):
        raise ValueError(f"has the alphabet {alphabet!r}, not one of {', '.join(get_args(AlphabetChoice))}")
    groups, lexicon = body.get("groups"), body.get("lexicon")
    return Options(
        alphabet=alphabet,
        groups=None if groups is None else tuple(tuple(group) for group in groups),
        lexicon=None if lexicon is None else tuple(lexicon),
        alternatives=int(body.get("alternatives", Options.alternatives)),
    )


def _stroke(stroke: Mapping[str, Any], ratio: float, index: int) -> Stroke | None:
    """One of points or of a picture; None without ink."""
    if "image" not in stroke:
        return Stroke.from_points(stroke["x"], stroke["y"], stroke.get("t"), index) if stroke["x"] else None
    start, end = stroke.get("t") or (None, None)
    with _placed("strokes", index, "image"):
        picture = Picture(_bytes(stroke["image"]), stroke["x"], stroke["y"], start, end)
        return stroke_from_picture(picture, ratio, index)


def _ink_of_frames(frames: Iterable[Mapping[str, Any]], ratio: float) -> Ink:
    try:
        # one by one as they are decoded: the budget is looked at before each
        return ink_from_frames((Picture(_bytes(frame["image"]), end=frame.get("t")) for frame in frames), ratio)
    except PictureError as error:
        raise PlacedPictureError(("frames", error.index, "image"), str(error)) from error


@contextmanager
def _placed(*loc: int | str) -> Iterator[None]:
    try:
        yield
    except PictureError as error:
        raise PlacedPictureError(loc, str(error)) from error


def _bytes(picture: str | bytes) -> bytes:
    return picture if isinstance(picture, bytes) else base64.b64decode(picture.partition(",")[2], validate=True)
