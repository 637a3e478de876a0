"""A recognizer that notes what it is given: for tests of the way in, where what is read does not matter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.reading.budget import UNBOUNDED, Budget
from model.reading.ink import Box, Ink
from model.reading.preparing import GroupsError
from model.reading.reading import Alternative, Glyph, Options, Reading, Span


class NotingRecognizer:
    """Answers "1" for every stroke and keeps the last ink and options; raises `failure` if there is one."""

    name = "noting"
    version = "0"
    checksum = ""

    def __init__(self) -> None:
        self.ink = Ink(())
        self.options = Options()
        self.failure: Exception | None = None
        self.confidence = 0.5
        self.batches: list[int] = []

    def read_many(
        self, drawings: Sequence[tuple[Ink, Options]], budget: Budget = UNBOUNDED
    ) -> list[Reading | GroupsError]:
        self.batches.append(len(drawings))
        return [self.read(ink, options, budget) for ink, options in drawings]

    def read(self, ink: Ink, options: Options = Options(), budget: Budget = UNBOUNDED) -> Reading:  # noqa: B008 - frozen
        budget.check()
        self.ink, self.options = ink, options
        if self.failure is not None:
            raise self.failure
        alternatives = (Alternative("1", self.confidence),)
        glyphs = tuple(
            Glyph(
                char="1",
                confidence=self.confidence,
                alternatives=alternatives,
                box=Box.around(stroke.points),
                line=0,
                word=0,
                strokes=() if stroke.index is None else (stroke.index,),
                spans=() if stroke.index is None or stroke.image else (Span(stroke.index, 0, len(stroke.points)),),
                start=stroke.start,
                end=stroke.end,
                picture=np.eye(28, dtype=np.float32),
            )
            for stroke in ink.strokes
        )
        stages = {"segment": 0.1, "normalize": 0.2, "classify": 0.3}
        return Reading("1" * len(glyphs), self.confidence, alternatives, glyphs, "digits", stages)
