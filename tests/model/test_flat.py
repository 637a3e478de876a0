"""Flat pictures → Ink: pieces from left to right, and their parts where glyphs may touch."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from canvases import canvas, png

from model.benchmarks.specimens import write
from model.reading.flat import ink_from_image
from model.reading.ink import Box
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.reading.segment import segment
from model.training.forms import as_image


def test_pieces_come_from_left_to_right() -> None:
    ink = ink_from_image(png(canvas(((150, 10), (150, 90)), ((30, 10), (50, 90)), ((90, 50), (110, 50)))))
    assert [stroke.index for stroke in ink.strokes] == [None, None, None]
    lefts = [Box.around(stroke.points).x for stroke in ink.strokes]
    assert lefts == sorted(lefts)
    assert len(lefts) == 3


def test_the_parts_of_a_piece_are_torn_off_its_first() -> None:
    ink = ink_from_image(png(canvas(((60, 20), (60, 80)), ((60, 78), (120, 78)), ((120, 20), (120, 80)))))
    assert [stroke.torn for stroke in ink.strokes] == [False] + [True] * (len(ink.strokes) - 1)
    left, *_, right = (Box.around(stroke.points) for stroke in ink.strokes)
    assert left.right < 90 < right.x


def test_the_whole_piece_stays_a_hypothesis() -> None:
    ink = as_image(write("35", advance=0.45))
    assert [stroke.torn for stroke in ink.strokes] == [False] + [True] * (len(ink.strokes) - 1)
    assert len(ink.strokes) > 2
    cuts = segment(ink)
    assert tuple(range(len(ink.strokes))) in [hypothesis.strokes for hypothesis in cuts.hypotheses]
    assert cuts.height == pytest.approx(80, rel=0.1)


@pytest.mark.parametrize("text", ["00", "35", "36", "62", "88", "6543"])
def test_digits_that_lie_in_each_other_are_read(text: str) -> None:
    ink = as_image(write(text, advance=0.45))
    assert sum(not stroke.torn for stroke in ink.strokes) == 1  # one piece of ink
    assert Recognizer.load().read(ink, Options(alphabet="digits")).text == text


def test_a_scribble_is_left_whole() -> None:
    rng = np.random.default_rng(0)
    drawn = np.zeros((300, 320), np.uint8)
    cv2.polylines(drawn, [rng.integers(20, 280, (60, 1, 2)).astype(np.int32)], False, 255, 4, cv2.LINE_AA)
    ink = ink_from_image(png(drawn))
    assert len(ink.strokes) == 1


def test_a_plain_glyph_is_left_whole() -> None:
    for digit in "0123456789":
        assert not any(stroke.torn for stroke in as_image(write(digit)).strokes) or digit in "045", digit


@pytest.mark.parametrize("density", [0.005, 0.03])
def test_noise_has_probabilities_too(density: float) -> None:
    noise = np.where(np.random.default_rng(3).random((900, 900)) < density, 255, 0).astype(np.uint8)
    reading = Recognizer.load().read(ink_from_image(png(noise)))
    confidences = [reading.confidence, *(a.confidence for a in reading.alternatives)]
    confidences += [a.confidence for glyph in reading.glyphs for a in glyph.alternatives]
    assert all(0 <= confidence <= 1 for confidence in confidences)  # NaN is not


def test_no_ink() -> None:
    assert ink_from_image(png(canvas())).strokes == ()
