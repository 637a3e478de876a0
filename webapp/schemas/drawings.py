"""A drawing in each of its forms, and how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from model.formats.body import FORMS
from model.reading.alphabet import AlphabetChoice
from webapp.schemas.base import (
    LATE,
    PICTURE,
    Coordinate,
    Coordinates,
    Length,
    Milliseconds,
    PictureData,
    Strict,
    Times,
    few_enough,
    limits_of,
)
from webapp.validation import Loc, check_word, fault


class PointStroke(Strict):
    """A stroke as columns of one length; without points it is no ink, but keeps its index."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"x": [84.5, 86], "y": [34, 41], "t": [0, 8.3]}]})

    x: Coordinates
    """From the left, CSS pixels."""
    y: Coordinates
    """From the top, CSS pixels."""
    t: Times | None = None
    """When, ms from any origin: only differences count; never decreasing. A stroke alone may leave it out."""
    p: Coordinates | None = None
    """The pen's pressure; taken and not looked at."""

    @field_validator("x")
    @classmethod
    def _few_enough(cls, column: list[float], info: ValidationInfo) -> list[float]:
        limits = limits_of(info)
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


class PictureStroke(Strict):
    """A stroke as a picture of it alone. A stroke that names image, even as null, is one: make two types of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"image": PICTURE, "x": 80, "y": 30, "t": [0, 412]}]})

    image: PictureData
    x: Coordinate
    """The picture's left edge on the canvas, CSS pixels."""
    y: Coordinate
    """Its top edge, CSS pixels."""
    t: Annotated[Times, Field(min_length=2, max_length=2)] | None = None
    """The stroke's start and end, ms."""


class Frame(Strict):
    """The whole canvas after a stroke. One without new ink is no stroke; ink that is gone in it still counts, so that
    an undo takes its frame back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"image": PICTURE, "t": 412}]})

    image: PictureData
    t: Milliseconds | None = None
    """The stroke's end, ms."""


STROKE_FORMS = ("points", "picture")


def _stroke_form(value: object) -> str:
    is_picture = isinstance(value, PictureStroke) or (isinstance(value, dict) and "image" in value)
    return "picture" if is_picture else "points"


Stroke = Annotated[
    Annotated[PointStroke, Tag("points")] | Annotated[PictureStroke, Tag("picture")],
    Discriminator(_stroke_form),
]
Word = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(check_word)]
Group = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, fail_fast=True)]


class ReadOptions(Strict):
    """How to read; for a bare picture these stand in the query."""

    width: Length | None = None
    """The canvas's width, CSS pixels; taken and not looked at."""
    height: Length | None = None
    """The canvas's height, CSS pixels; taken and not looked at."""
    pixel_ratio: Annotated[float, Field(ge=0.1, le=20)] = 1.0
    """Pixels of the pictures for each CSS pixel. Pictures of single strokes are put together by it, so it must be
    right; frames and a flat image only have their boxes scaled."""
    alphabet: AlphabetChoice = "auto"
    """Which characters may be answered; auto: a number or a word, whichever reads better. A lexicon overrides it."""
    lexicon: Annotated[list[Word], Field(min_length=1, fail_fast=True)] | None = None
    """The text must be one of these, whatever the alphabet. If none of them can be made of the strokes, it is U+FFFD
    throughout. That none of them was drawn is not told: ask again without a lexicon for that."""
    alternatives: Annotated[int, Field(ge=0, le=20)] = 3
    """How many alternatives to answer at most, for the text and for each glyph; 0: none."""
    include: Annotated[list[Literal["pictures"]], Field(max_length=1)] = []  # noqa: RUF012  # frozen
    """pictures: answer what the classifier saw of each glyph."""

    @field_validator("lexicon")
    @classmethod
    def _few_enough_words(cls, words: list[str] | None, info: ValidationInfo) -> list[str] | None:
        limits = limits_of(info)
        if words is not None and len(words) > limits.lexicon:
            raise fault((), f"has {len(words)} words, at most {limits.lexicon} are read")
        return words


def _one_form(schema: dict[str, Any]) -> None:
    """Says in the published schema that exactly one of the forms is given, and shows the one not shown elsewhere."""
    kinds = {"strokes": "array", "frames": "array", "image": "string"}
    schema["oneOf"] = [{"required": [form], "properties": {form: {"type": kinds[form]}}} for form in FORMS]
    schema["examples"] = [{"image": PICTURE, "lexicon": ["tokyo", "madrid"]}]


class RecognizeRequest(ReadOptions):
    """A drawing in exactly one of its forms (strokes, frames, image), and how to read it."""

    model_config = ConfigDict(json_schema_extra=_one_form)

    strokes: list[Stroke] | None = None
    """The drawing, stroke by stroke, in drawing order; strokes of points and of pictures may be mixed."""
    frames: list[Frame] | None = None
    """Pictures of the whole canvas, one after each stroke, all of one size."""
    image: PictureData | None = None
    """One flat picture: a finished drawing, a scan, a photo."""
    groups: list[Group] | None = None
    """Your own grouping of strokes (or frames) into glyphs, in reading order; then nothing is segmented, but spaces and
    lines still come from the places. A stroke stands in one group, or in none and is not read; [] reads nothing. Not
    for an image."""

    @field_validator("strokes", "frames", "groups", mode="before")
    @classmethod
    def _few_enough_strokes(cls, entries: object, info: ValidationInfo) -> object:
        return few_enough(entries, limits_of(info).strokes)

    @property
    def points(self) -> int:
        """How many points the drawing has in all."""
        return sum(len(stroke.x) for stroke in self.strokes or () if isinstance(stroke, PointStroke))

    @property
    def stroke_count(self) -> int:
        """How many strokes or frames the drawing has."""
        return len(self.strokes or self.frames or ())

    @model_validator(mode="after")
    def _one_drawing(self, info: ValidationInfo) -> Self:
        limits = limits_of(info)
        given = [name for name in FORMS if getattr(self, name) is not None]
        if len(given) != 1:
            got = " and ".join(given) or "none of them"
            raise fault((), f"must hold exactly one of strokes, frames and image, got {got}")
        if self.points > limits.points:
            raise fault(("strokes",), f"has {self.points} points in all, at most {limits.points} are read")
        self._check_times()
        check_groups(self.groups, self)
        return self

    def _check_times(self) -> None:
        last, before = -LATE, 0
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


def check_groups(groups: Sequence[Sequence[int]] | None, drawing: RecognizeRequest) -> None:
    """Passes groups of strokes that the drawing has.

    Raises:
        ValidationError: it has not, at "groups" from where the groups stand.
    """
    if groups is None:
        return
    if drawing.image is not None:
        raise fault(("groups",), "cannot go with an image, which has no strokes")
    for row, group in enumerate(groups):
        for column, index in enumerate(group):
            if index >= drawing.stroke_count:
                raise fault(("groups", row, column), f"is {index}, but the drawing has {drawing.stroke_count} strokes")
