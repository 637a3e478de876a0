"""A validated request → `Ink` and `Options`. Stroke indices stay the request's own throughout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from model.reading.imagefile import MAX_SIDE, PictureError, picture_size
from model.reading.ink import Ink, Stroke
from model.reading.pictures import Picture, ink_from_frames, ink_from_image, stroke_from_picture
from model.reading.reading import Options
from webapp.config import Limits
from webapp.incoming import refuse
from webapp.schemas import PictureStroke, PointStroke, RecognizeRequest


def ink_of(asked: RecognizeRequest, limits: Limits) -> Ink:
    """What was drawn; strokes without ink are left out.

    Raises:
        InvalidRequest: a picture cannot be read, or they hold too many pixels in all.
    """
    _weigh(asked, limits.pixels)
    ratio = asked.pixel_ratio
    if asked.strokes is not None:
        strokes = (_stroke(stroke, ratio, index) for index, stroke in enumerate(asked.strokes))
        return Ink(tuple(stroke for stroke in strokes if stroke is not None))
    if asked.frames is not None:
        with _blaming("#/frames/{}/image"):
            return ink_from_frames([Picture(frame.image, end=frame.t) for frame in asked.frames], ratio)
    with _blaming("#/image"):
        return ink_from_image(asked.image or b"", ratio)


def options_of(asked: RecognizeRequest) -> Options:
    """How to read it."""
    groups = None if asked.groups is None else tuple(tuple(group) for group in asked.groups)
    lexicon = None if asked.lexicon is None else tuple(asked.lexicon)
    return Options(asked.alphabet, groups, lexicon, asked.alternatives)


def _stroke(stroke: PointStroke | PictureStroke, ratio: float, index: int) -> Stroke | None:
    if isinstance(stroke, PointStroke):
        return Stroke.from_points(stroke.x, stroke.y, stroke.t, index) if stroke.x else None
    start, end = stroke.t or (None, None)
    with _blaming(f"#/strokes/{index}/image"):
        return stroke_from_picture(Picture(stroke.image, stroke.x, stroke.y, start, end), ratio, index)


def _weigh(asked: RecognizeRequest, most: int) -> None:
    """Refuses pictures that would take long to decode: a file of 50 kB may hold 16 million pixels."""
    total = 0
    for place, data in _pictures(asked):
        with _blaming(place):
            width, height = picture_size(data)
        # a picture larger than MAX_SIDE is refused for that, when its turn comes
        total += min(width, MAX_SIDE) * min(height, MAX_SIDE)
        if total > most:
            refuse(place, f"brings the pictures to {total} pixels in all, at most {most} are read")


def _pictures(asked: RecognizeRequest) -> Iterator[tuple[str, bytes]]:
    """Each picture of the request with its place."""
    for index, stroke in enumerate(asked.strokes or ()):
        if isinstance(stroke, PictureStroke):
            yield f"#/strokes/{index}/image", stroke.image
    for index, frame in enumerate(asked.frames or ()):
        yield f"#/frames/{index}/image", frame.image
    if asked.image is not None:
        yield "#/image", asked.image


@contextmanager
def _blaming(place: str) -> Iterator[None]:
    """A picture that cannot be read is the caller's fault, at `place`; "{}" stands for the frame's index."""
    try:
        yield
    except PictureError as error:
        refuse(place.format(error.index), str(error))
