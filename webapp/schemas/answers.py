"""What the calls answer: readings, the model, health, and problems."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.reading.alphabet import Alphabet, AlphabetChoice
from webapp.schemas.base import Answering, Probability


class TextAlternative(Answering):
    """A text that the whole drawing may say."""

    text: str
    confidence: Probability


class CharAlternative(Answering):
    """A character that a glyph may be."""

    char: str | None
    """null: not a character."""
    confidence: Probability


class BoxAnswer(Answering):
    """An upright rectangle, CSS pixels."""

    x: float
    y: float
    width: Annotated[float, Field(ge=0)]
    height: Annotated[float, Field(ge=0)]


class Part(Answering):
    """Points of a stroke."""

    stroke: int
    """Its index in the request."""
    begin: int
    """The first point."""
    end: int
    """The point after the last."""


class GlyphAnswer(Answering):
    """One character of the text."""

    char: str | None
    """null: ink that is not a character."""
    confidence: Probability
    """Calibrated probability that the character is right. The doubt about cuts counts in it too, so that those of all
    glyphs do not multiply to the text's."""
    alternatives: list[CharAlternative]
    """Best first, the answer included; at most as many as asked for. They do not sum to 1."""
    box: BoxAnswer
    """Where it stands."""
    line: int
    """Line of the text, from 0."""
    word: int
    """Word of the text, from 0, counted through all lines."""
    strokes: list[int]
    """Indices into the request's strokes or frames, a slip of the pen that it was written over among them; none for a
    flat image."""
    parts: list[Part] | None = None
    """Always there with strokes of points: which points of its strokes are its own. A whole stroke goes from 0 to its
    length; one that was cut stands in several glyphs."""
    start: float | None
    """When its first stroke began, ms; null without times, and with frames."""
    end: float | None
    """When its last stroke ended, ms; null without times."""
    picture: str | None = None
    """Only where asked for: what the classifier saw, a PNG of 28×28 pixels as a data URL."""


class ModelName(Answering):
    """Which model read."""

    name: str
    version: str


class Answer(Answering):
    """What was read."""

    text: str
    """With the drawing's spaces and line breaks; "" for an empty one; U+FFFD for ink that is not a character."""
    confidence: Probability
    """Calibrated probability that the whole text is right; with a lexicon, given that one of its entries is."""
    alternatives: list[TextAlternative]
    """Best first, the answer included; at most as many as asked for."""
    glyphs: list[GlyphAnswer]
    """In reading order. Joined they are the text, with a space where word changes and a line break where line does
    (with a lexicon: where the entry has them); those have no glyph. A char of null is U+FFFD there."""
    alphabet: Alphabet
    """What it was read with: what auto decided. With a lexicon it says nothing about the text."""
    model: ModelName
    timing_ms: dict[str, Annotated[float, Field(ge=0)]]
    """Milliseconds that each stage took, and the total; which stages there are may change."""


class Fault(Answering):
    """One thing wrong with a request."""

    pointer: str
    """Where: a JSON pointer into the body, as a URI fragment; "#" is all of it. In a batch it begins "#/items/1/"."""
    detail: str
    """What is wrong there."""


class Problem(Answering):
    """RFC 9457 problem details: every answer of status 400 and above."""

    type: str
    title: str
    status: int
    detail: str
    """What went wrong, for people."""
    instance: str
    """The path that was called."""
    errors: list[Fault] | None = None
    """What must change before it can be read, at most 20: to send the same again will not help."""


class BatchAnswer(Answering):
    """What was read of each drawing."""

    results: list[Answer | Problem]
    """In the order of the items: for each an answer, or its problem, which has a status."""


class PublishedAccuracy(Answering):
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


class Status(Answering):
    """A health answer."""

    status: Literal["ok", "ready"]
