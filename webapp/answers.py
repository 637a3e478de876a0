"""A `Reading` → the answer's schema."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import REJECTED
from model.reading.reading import Glyph, Reading
from webapp.engine import Reads
from webapp.schemas.answers import (
    Answer,
    BoxAnswer,
    CharAlternative,
    GlyphAnswer,
    ModelName,
    Part,
    TextAlternative,
)
from webapp.schemas.drawings import RecognizeRequest


def answer_of(reading: Reading, asked: RecognizeRequest, recognizer: Reads, timing_ms: dict[str, float]) -> Answer:
    """The answer to `asked`; `timing_ms` is the whole of it, the reading's own stages included."""
    return Answer(
        text=reading.text,
        confidence=reading.confidence,
        alternatives=[TextAlternative(text=a.text, confidence=a.confidence) for a in reading.alternatives],
        glyphs=[_glyph(glyph, asked) for glyph in reading.glyphs],
        alphabet=reading.alphabet,
        model=ModelName(name=recognizer.name, version=recognizer.version),
        timing_ms={stage: round(spent, 3) for stage, spent in timing_ms.items()},
    )


def _glyph(glyph: Glyph, asked: RecognizeRequest) -> GlyphAnswer:
    box = glyph.box
    answer = GlyphAnswer(
        char=glyph.char,
        confidence=glyph.confidence,
        alternatives=[
            CharAlternative(char=None if a.text == REJECTED else a.text, confidence=a.confidence)
            for a in glyph.alternatives
        ],
        box=BoxAnswer(x=_px(box.x), y=_px(box.y), width=_px(box.width), height=_px(box.height)),
        line=glyph.line,
        word=glyph.word,
        strokes=list(glyph.strokes),
        start=glyph.start,
        end=glyph.end,
    )
    # Fields that a form does not have are left unset, and so left out of the JSON.
    more: dict[str, object] = {}
    if glyph.spans:
        more["parts"] = [Part(stroke=span.stroke, begin=span.begin, end=span.end) for span in glyph.spans]
    if "pictures" in asked.include:
        more["picture"] = picture_url(glyph.picture)
    return answer.model_copy(update=more)


def _px(length: float) -> float:
    """CSS pixels without the noise of float32."""
    return round(float(length), 3)


def picture_url(picture: NDArray[np.float32]) -> str:
    """A glyph as a PNG data URL: 8-bit grey, dark ink on white.

    Args:
        picture: Shape (28, 28), 0 background to 1 ink.
    """
    grey = np.rint(255 * (1 - np.clip(picture, 0, 1))).astype(np.uint8)
    encoded, data = cv2.imencode(".png", grey)
    if not encoded:
        raise RuntimeError(f"a glyph of shape {picture.shape} could not be encoded as PNG")
    return "data:image/png;base64," + base64.b64encode(data.tobytes()).decode("ascii")
