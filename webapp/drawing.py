"""A validated request → `Ink` and `Options`. Stroke indices stay the request's own throughout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from model.formats.body import PlacedPictureError, drawing_of_body
from model.reading.budget import Budget
from model.reading.imagefile import PictureError, picture_size
from model.reading.ink import Ink
from model.reading.preparing import GroupsError
from model.reading.reading import Options
from webapp.config import Limits
from webapp.problems import InvalidRequest, refuse
from webapp.schemas.answers import Fault
from webapp.schemas.drawings import PictureStroke, RecognizeRequest
from webapp.validation import Loc, pointer


def drawing_of(asked: RecognizeRequest, budget: Budget) -> tuple[Ink, Options]:
    """What was drawn, strokes without ink left out, and how to read it.

    Raises:
        InvalidRequest: a picture cannot be read.
        OutOfTimeError: the budget was spent.
    """
    try:
        return drawing_of_body(_columns(asked), budget)
    except PlacedPictureError as error:
        refuse(pointer(error.loc), str(error))


def weigh(asked: RecognizeRequest, limits: Limits, before: int = 0) -> int:
    """Pixels of the pictures, by their headers, added to those `before`.

    A file of 50 kB may hold 16 million pixels, so this is looked at before anything is decoded.

    Raises:
        InvalidRequest: a picture is none or too large, or all together are.
    """
    total = before
    for loc, data in _pictures(asked):
        try:
            width, height = picture_size(data)
        except PictureError as error:
            refuse(pointer(loc), str(error))
        if not (0 < width <= limits.side and 0 < height <= limits.side):
            detail = f"is {width} × {height} pixels; at least 1 and at most {limits.side} a side are allowed"
            refuse(pointer(loc), detail)
        total += width * height
        if total > limits.pixels:
            refuse(pointer(loc), f"brings the pictures to {total} pixels in all, at most {limits.pixels} are read")
    return total


def groups_refused(error: GroupsError) -> InvalidRequest:
    """The refusal of groups that do not fit the ink."""
    return InvalidRequest([Fault(pointer=pointer(("groups", error.group, error.member)), detail=str(error))])


def _columns(asked: RecognizeRequest) -> dict[str, Any]:
    """The request as plain data; its lists are not copied."""
    body: dict[str, Any] = dict(asked)
    for form in ("strokes", "frames"):
        if body[form] is not None:
            body[form] = [dict(entry) for entry in body[form]]
    return body


def _pictures(asked: RecognizeRequest) -> Iterator[tuple[Loc, bytes]]:
    """Each picture of the request with its place."""
    for index, stroke in enumerate(asked.strokes or ()):
        if isinstance(stroke, PictureStroke):
            yield ("strokes", index, "image"), stroke.image
    for index, frame in enumerate(asked.frames or ()):
        yield ("frames", index, "image"), frame.image
    if asked.image is not None:
        yield ("image",), asked.image
