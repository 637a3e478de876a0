"""The answer: what was read, with a confidence for the text and for every character."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import Alphabet, AlphabetChoice
from model.reading.ink import Box


@dataclass(frozen=True)
class Options:
    """What the caller asks for.

    Attributes:
        alphabet: Which characters may be answered; "auto" takes a number or a word, whichever reads better.
        groups: The caller's own grouping of stroke indices into glyphs, in reading order; then nothing is segmented.
        lexicon: If given, the text must be one of these.
        alternatives: How many alternatives to answer, for the text and for each glyph; 0 to 20.
    """

    alphabet: AlphabetChoice = "auto"
    groups: tuple[tuple[int, ...], ...] | None = None
    lexicon: tuple[str, ...] | None = None
    alternatives: int = 3


@dataclass(frozen=True)
class Alternative:
    """A text or a character with the probability, 0 to 1, that it is right."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Span:
    """Points of one stroke of the request, `begin` to `end`, the end exclusive."""

    stroke: int
    begin: int
    end: int


@dataclass(frozen=True)
class Glyph:
    """One character of the answer.

    Attributes:
        char: The character, or None for ink that is not a character.
        confidence: Calibrated probability, 0 to 1, that `char` is right.
        alternatives: Best first, the answer included.
        box: Where it stands, CSS pixels.
        line: Line of the text, from 0.
        word: Word of the text, from 0, counted through all lines.
        strokes: Indices into the request's strokes or frames, ascending; empty for a flat image.
        spans: Which of their points, for strokes of points: all, unless a stroke was cut between two glyphs.
        start: When its first stroke began, ms; None without times.
        end: When its last stroke ended, ms; None without times.
        picture: What the classifier saw: shape (28, 28), float32, 0 background to 1 ink.
    """

    char: str | None
    confidence: float
    alternatives: tuple[Alternative, ...]
    box: Box
    line: int
    word: int
    strokes: tuple[int, ...]
    spans: tuple[Span, ...]
    start: float | None
    end: float | None
    picture: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True)
class Reading:
    """A whole answer.

    Attributes:
        text: What was read; "" for an empty drawing, U+FFFD for each rejected glyph.
        confidence: Calibrated probability, 0 to 1, that the whole text is right.
        alternatives: Best first, the answer included.
        glyphs: In reading order.
        alphabet: What was read with; what "auto" decided.
        timing_ms: Milliseconds spent in each stage ("segment", "normalize", "classify", "text").
    """

    text: str
    confidence: float
    alternatives: tuple[Alternative, ...]
    glyphs: tuple[Glyph, ...]
    alphabet: Alphabet
    timing_ms: dict[str, float]
