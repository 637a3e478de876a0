"""What the calls answer: readings, the model, health, and problems."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.reading.alphabet import Alphabet, AlphabetChoice
from webapp.schemas.base import Probability, Strict


class TextAlternative(Strict):
    """A text that the whole drawing may say."""

    text: str
    confidence: Probability


class CharAlternative(Strict):
    """A character that a glyph may be."""

    char: str | None
    """null: not a character."""
    confidence: Probability


class BoxAnswer(Strict):
    """An upright rectangle, CSS pixels."""

    x: float
    y: float
    width: Annotated[float, Field(ge=0)]
    height: Annotated[float, Field(ge=0)]


class Part(Strict):
    """Points of a stroke."""

    stroke: int
    """Its index in the request."""
    begin: int
    """The first point."""
    end: int
    """The point after the last."""


class GlyphAnswer(Strict):
    """One character of the text."""

    char: str | None
    """null: ink that is not a character."""
    confidence: Probability
    """Calibrated probability that the character is right."""
    alternatives: list[CharAlternative]
    """Best first, the answer included."""
    box: BoxAnswer
    line: int
    """Line of the text, from 0."""
    word: int
    """Word of the text, from 0, counted through all lines."""
    strokes: list[int]
    """Indices into the request's strokes or frames; none for a flat image."""
    parts: list[Part] | None = None
    """Points form only: which points of its strokes, where one was cut between two glyphs."""
    start: float | None
    """When its first stroke began, ms; null without times."""
    end: float | None
    """When its last stroke ended, ms; null without times."""
    picture: str | None = None
    """Only where asked for: what the classifier saw, a PNG of 28×28 pixels as a data URL."""


class ModelName(Strict):
    """Which model read."""

    name: str
    version: str


class Answer(Strict):
    """What was read."""

    text: str
    """With the drawing's spaces and line breaks; "" for an empty one; U+FFFD for ink that is not a character."""
    confidence: Probability
    """Calibrated probability that the whole text is right."""
    alternatives: list[TextAlternative]
    """Best first, the answer included."""
    glyphs: list[GlyphAnswer]
    """In reading order."""
    alphabet: Alphabet
    """What it was read with: what auto decided."""
    model: ModelName
    timing_ms: dict[str, Annotated[float, Field(ge=0)]]
    """Milliseconds that each stage took, and the total."""


class Fault(Strict):
    """One thing wrong with a request."""

    pointer: str
    """Where: a JSON pointer into the request, as a URI fragment."""
    detail: str
    """What is wrong there."""


class Problem(Strict):
    """RFC 9457 problem details: every answer of status 400 and above."""

    type: str
    title: str
    status: int
    detail: str
    """What went wrong, for people."""
    instance: str
    """The path that was called."""
    errors: list[Fault] | None = None
    """Each thing wrong with a request that is well formed but cannot be read; at most 20."""


class BatchAnswer(Strict):
    """What was read of each drawing."""

    results: list[Answer | Problem]
    """In the order of the items: an answer, or the problem that the drawing alone would have been refused with."""


class PublishedAccuracy(Strict):
    """How much of a set of real drawings is read exactly right."""

    set: str
    form: str
    """points, pictures, frames or image."""
    drawings: int
    exact: Probability


class ModelAnswer(ModelName):
    """What the model can read, and how well."""

    checksum: str
    """SHA-256 of the net, in hexadecimal."""
    alphabets: list[AlphabetChoice]
    classes: list[str]
    """The characters that it tells apart."""
    accuracy: list[PublishedAccuracy]
    """As recorded for the shipped model; none for another."""


class Status(Strict):
    """A health answer."""

    status: Literal["ok", "ready"]
