"""Flat pictures → Ink: pieces from left to right."""

from __future__ import annotations

import numpy as np
import pytest
from canvases import canvas, png

from model.reading.flat import ink_from_image
from model.reading.ink import Box
from model.reading.recognizer import Recognizer


def test_pieces_come_from_left_to_right() -> None:
    ink = ink_from_image(png(canvas(((150, 10), (150, 90)), ((30, 10), (50, 90)), ((90, 50), (110, 50)))))
    assert [stroke.index for stroke in ink.strokes] == [None, None, None]
    lefts = [Box.around(stroke.points).x for stroke in ink.strokes]
    assert lefts == sorted(lefts)
    assert len(lefts) == 3


@pytest.mark.parametrize("density", [0.005, 0.03])
def test_noise_has_probabilities_too(density: float) -> None:
    noise = np.where(np.random.default_rng(3).random((900, 900)) < density, 255, 0).astype(np.uint8)
    reading = Recognizer.load().read(ink_from_image(png(noise)))
    confidences = [reading.confidence, *(a.confidence for a in reading.alternatives)]
    confidences += [a.confidence for glyph in reading.glyphs for a in glyph.alternatives]
    assert all(0 <= confidence <= 1 for confidence in confidences)  # NaN is not


def test_no_ink() -> None:
    assert ink_from_image(png(canvas())).strokes == ()
