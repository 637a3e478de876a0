"""The only truth about the JSON: what a request may hold, and what an answer and a problem hold.

Validation is strict (no booleans or strings for numbers, no unknown fields) and runs in the compiled core of
pydantic, column by column; only what spans several values is checked here, once for each stroke.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from model.reading.alphabet import Alphabet, AlphabetChoice
from webapp.config import Limits
from webapp.validation import Loc, check_order, decode_data_url, fault

# Beyond these a float32 no longer tells neighbouring points apart, or a double neighbouring milliseconds.
_FAR = 1e6
_LATE = 1e15


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


def _limits(info: ValidationInfo) -> Limits:
    if not isinstance(info.context, Limits):
        raise TypeError(f"expected Limits as the validation context, got {info.context!r}")
    return info.context


Coordinate = Annotated[float, Field(ge=-_FAR, le=_FAR)]
Milliseconds = Annotated[float, Field(ge=-_LATE, le=_LATE)]
# One fault for each column is enough: a hostile body must not make a million.
Coordinates = Annotated[list[Coordinate], Field(fail_fast=True)]
Times = Annotated[list[Milliseconds], Field(fail_fast=True)]
PictureData = Annotated[bytes, PlainValidator(decode_data_url, json_schema_input_type=str)]


class PointStroke(_Strict):
    """A stroke as columns of one length; without points it is no ink."""

    x: Coordinates
    y: Coordinates
    t: Times | None = None
    p: Coordinates | None = None

    @field_validator("x")
    @classmethod
    def _few_enough(cls, column: list[float], info: ValidationInfo) -> list[float]:
        limits = _limits(info)
        if len(column) > limits.stroke_points:
            raise fault((), f"has {len(column)} values, at most {limits.stroke_points} are read")
        return column

    @field_validator("y", "t", "p")
    @classmethod
    def _as_long_as_x(cls, column: list[float] | None, info: ValidationInfo) -> list[float] | None:
        x = info.data.get("x")  # absent where x itself is at fault
        if column is not None and x is not None and len(column) != len(x):
            raise fault((), f"has {len(column)} values, x has {len(x)}")
        return column

    @field_validator("t")
    @classmethod
    def _forward(cls, times: list[float] | None) -> list[float] | None:
        return times and check_order(times)


class PictureStroke(_Strict):
    """A stroke as a picture of it alone: x and y its top-left corner on the canvas, t its start and end."""

    image: PictureData
    x: Coordinate
    y: Coordinate
    t: Annotated[Times, Field(min_length=2, max_length=2)] | None = None

    @field_validator("t")
    @classmethod
    def _forward(cls, times: list[float] | None) -> list[float] | None:
        return times and check_order(times)


class Frame(_Strict):
    """The whole canvas after a stroke; t is the stroke's end."""

    image: PictureData
    t: Milliseconds | None = None


STROKE_FORMS = ("points", "picture")


def _stroke_form(value: object) -> str:
    is_picture = isinstance(value, PictureStroke) or (isinstance(value, dict) and "image" in value)
    return "picture" if is_picture else "points"


Stroke = Annotated[
    Annotated[PointStroke, Tag("points")] | Annotated[PictureStroke, Tag("picture")],
    Discriminator(_stroke_form),
]
Word = Annotated[str, Field(min_length=1, max_length=200)]
StrokeIndex = Annotated[int, Field(ge=0)]


class ReadOptions(_Strict):
    """How to read; for a bare picture these stand in the query."""

    width: Annotated[float, Field(gt=0, le=_FAR)] | None = None
    height: Annotated[float, Field(gt=0, le=_FAR)] | None = None
    pixel_ratio: Annotated[float, Field(ge=0.1, le=20)] = 1.0
    alphabet: AlphabetChoice = "auto"
    lexicon: Annotated[list[Word], Field(min_length=1, fail_fast=True)] | None = None
    alternatives: Annotated[int, Field(ge=0, le=20)] = 3
    include: Annotated[list[Literal["pictures"]], Field(max_length=1)] = []

    @field_validator("lexicon")
    @classmethod
    def _few_enough_words(cls, words: list[str] | None, info: ValidationInfo) -> list[str] | None:
        limits = _limits(info)
        if words is not None and len(words) > limits.lexicon:
            raise fault((), f"has {len(words)} words, at most {limits.lexicon} are read")
        return words


class RecognizeRequest(ReadOptions):
    """A drawing in exactly one of its forms, and how to read it. The validation context is the `Limits`."""

    strokes: list[Stroke] | None = None
    frames: list[Frame] | None = None
    image: PictureData | None = None
    groups: list[Annotated[list[StrokeIndex], Field(min_length=1, fail_fast=True)]] | None = None

    @field_validator("strokes", "frames", "groups", mode="before")
    @classmethod
    def _few_enough_strokes(cls, entries: object, info: ValidationInfo) -> object:
        limits = _limits(info)
        if isinstance(entries, list) and len(entries) > limits.strokes:
            raise fault((), f"has {len(entries)} entries, at most {limits.strokes} are read")
        return entries

    @model_validator(mode="after")
    def _one_drawing(self, info: ValidationInfo) -> Self:
        limits = _limits(info)
        given = [name for name in ("strokes", "frames", "image") if getattr(self, name) is not None]
        if len(given) != 1:
            got = " and ".join(given) or "none of them"
            raise fault((), f"must hold exactly one of strokes, frames and image, got {got}")
        points = sum(len(stroke.x) for stroke in self.strokes or () if isinstance(stroke, PointStroke))
        if points > limits.points:
            raise fault(("strokes",), f"has {points} points in all, at most {limits.points} are read")
        self._check_times()
        self._check_groups()
        return self

    def _check_times(self) -> None:
        last, before = -_LATE, 0
        for loc, at, times in self._times():
            if times[0] < last:
                raise fault(loc, f"begins at {times[0]:.15g}, but {loc[0]}/{before} ended at {last:.15g}")
            last, before = times[-1], at

    def _times(self) -> Iterator[tuple[Loc, int, list[float]]]:
        for at, stroke in enumerate(self.strokes or ()):
            if stroke.t:
                yield ("strokes", at, _stroke_form(stroke), "t"), at, stroke.t
        for at, frame in enumerate(self.frames or ()):
            if frame.t is not None:
                yield ("frames", at, "t"), at, [frame.t]

    def _check_groups(self) -> None:
        if self.groups is None:
            return
        if self.image is not None:
            raise fault(("groups",), "cannot go with an image, which has no strokes")
        count = len(self.strokes or self.frames or ())
        for row, group in enumerate(self.groups):
            for column, index in enumerate(group):
                if index >= count:
                    raise fault(("groups", row, column), f"is {index}, but the drawing has {count} strokes")


Probability = Annotated[float, Field(ge=0, le=1)]


class TextAlternative(_Strict):
    """A text that the whole drawing may say."""

    text: str
    confidence: Probability


class CharAlternative(_Strict):
    """A character that a glyph may be; null: not a character."""

    char: str | None
    confidence: Probability


class BoxAnswer(_Strict):
    """An upright rectangle, CSS pixels."""

    x: float
    y: float
    width: Annotated[float, Field(ge=0)]
    height: Annotated[float, Field(ge=0)]


class Part(_Strict):
    """Points `begin` to `end`, exclusive, of a stroke."""

    stroke: int
    begin: int
    end: int


class GlyphAnswer(_Strict):
    """One character of the text, in reading order."""

    char: str | None
    confidence: Probability
    alternatives: list[CharAlternative]
    box: BoxAnswer
    line: int
    word: int
    strokes: list[int]
    parts: list[Part] | None = None
    start: float | None
    end: float | None
    picture: str | None = None


class ModelName(_Strict):
    """Which model read."""

    name: str
    version: str


class Answer(_Strict):
    """What was read."""

    text: str
    confidence: Probability
    alternatives: list[TextAlternative]
    glyphs: list[GlyphAnswer]
    alphabet: Alphabet
    model: ModelName
    timing_ms: dict[str, Annotated[float, Field(ge=0)]]


class ModelAnswer(ModelName):
    """What the model can read."""

    alphabets: list[AlphabetChoice]
    classes: list[str]


class Status(_Strict):
    """A health answer."""

    status: Literal["ok", "ready"]


class Fault(_Strict):
    """One thing wrong with a request: a JSON pointer into it, and what is wrong there."""

    pointer: str
    detail: str


class Problem(_Strict):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] | None = None
