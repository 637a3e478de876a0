"""Flat pictures whose glyphs may touch → parts, and glyphs found among them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from canvases import canvas, png

from model.benchmarks.specimens import write
from model.reading.flat import ink_from_image
from model.reading.ink import Box, Ink
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.reading.segment import segment
from model.reading.tearing import torn_apart
from model.training.forms import as_image


def side_by_side(*texts: str, apart: float) -> Ink:
    """Characters whose boxes stand so far apart, in their own heights; written one by one and put together."""
    strokes, right = [], 0.0
    for text in texts:
        ink = write(text)
        box = Box.over(stroke.box for stroke in ink.strokes)
        shift = np.array([right - box.x, 0], np.float32)
        strokes += [replace(stroke, paths=tuple(path + shift for path in stroke.paths)) for stroke in ink.strokes]
        right += box.width + apart * box.height
    return Ink(tuple(replace(stroke, index=i) for i, stroke in enumerate(strokes)))


def test_the_parts_of_a_piece_are_torn_off_its_first() -> None:
    ink = torn_apart(ink_from_image(png(canvas(((60, 20), (60, 80)), ((60, 78), (120, 78)), ((120, 20), (120, 80))))))
    assert [stroke.torn for stroke in ink.strokes] == [False] + [True] * (len(ink.strokes) - 1)
    left, *_, right = (Box.around(stroke.points) for stroke in ink.strokes)
    assert left.right < 90 < right.x


def test_the_whole_piece_stays_a_hypothesis() -> None:
    ink = torn_apart(as_image(write("35", advance=0.45)))
    assert [stroke.torn for stroke in ink.strokes] == [False] + [True] * (len(ink.strokes) - 1)
    assert len(ink.strokes) > 2
    cuts = segment(ink)
    assert tuple(range(len(ink.strokes))) in [hypothesis.strokes for hypothesis in cuts.hypotheses]
    assert cuts.height == pytest.approx(80, rel=0.1)


@pytest.mark.parametrize("text", ["00", "35", "36", "62", "88", "6543"])
def test_digits_that_lie_in_each_other_are_read(text: str) -> None:
    ink = as_image(write(text, advance=0.45))
    assert len(ink.strokes) == 1  # one piece of ink
    assert Recognizer.load().read(ink, Options(alphabet="digits")).text == text


@pytest.mark.parametrize("pen", [8, 10, 12])
@pytest.mark.parametrize("text", ["10", "12", "84", "100", "2048", "90210"])
def test_a_marker_joins_neighbours_and_they_are_read(text: str, pen: int) -> None:
    thin, thick = (as_image(side_by_side(*text, apart=0.07), width) for width in (2, pen))
    assert len(thin.strokes) >= len(text) > len(thick.strokes)
    assert Recognizer.load().read(thick, Options(alphabet="digits")).text == text


def test_a_scribble_is_left_whole() -> None:
    rng = np.random.default_rng(0)
    drawn = np.zeros((300, 320), np.uint8)
    cv2.polylines(drawn, [rng.integers(20, 280, (60, 1, 2)).astype(np.int32)], False, 255, 4, cv2.LINE_AA)
    ink = torn_apart(ink_from_image(png(drawn)))
    assert len(ink.strokes) == 1


def test_a_plain_glyph_is_left_whole() -> None:
    for digit in "0123456789":
        assert not any(stroke.torn for stroke in torn_apart(as_image(write(digit))).strokes) or digit in "045", digit


@pytest.mark.parametrize("text", ["00", "08", "60", "88", "06"])
def test_a_side_that_two_rings_share_is_of_both(text: str) -> None:
    ink = as_image(side_by_side(*text, apart=0.0))
    assert len(ink.strokes) == 1
    strokes = torn_apart(ink).strokes
    twins = [i for i in range(1, len(strokes)) if strokes[i].is_twin(strokes[i - 1])]
    assert twins or len(strokes) < 3  # where they only just touch no line is shared
    assert Recognizer.load().read(ink, Options(alphabet="digits")).text == text


@pytest.mark.parametrize("text", ["13", "91", "16"])
def test_narrow_digits_that_touch_are_read_at_a_second_look(text: str) -> None:
    ink = as_image(side_by_side(*text, apart=-0.02))
    assert len(ink.strokes) == 1
    assert Recognizer.load().read(ink, Options(alphabet="digits")).text == text


def test_nine_in_ten_narrow_digits_that_touch_are_read_at_a_second_look(recognizer: Recognizer) -> None:
    pairs = sorted({a + b for narrow in "17" for digit in "0123456789" for a, b in ((narrow, digit), (digit, narrow))})
    drawings = {text: as_image(side_by_side(*text, apart=-0.02)) for text in pairs}
    touching = {text: ink for text, ink in drawings.items() if len(ink.strokes) == 1}
    assert len(touching) >= 20
    read = {text: recognizer.read(ink, Options(alphabet="digits")).text for text, ink in touching.items()}
    assert sum(read[text] == text for text in touching) >= 0.9 * len(touching), read


def test_only_what_is_doubted_comes_further_apart() -> None:
    ink = as_image(write("38"))
    assert len(torn_apart(ink).strokes) == 2
    assert [stroke.torn for stroke in torn_apart(ink, {1}).strokes[:2]] == [False, False]
    assert len(torn_apart(ink, {1}).strokes) > 2


def test_a_page_of_lattices_comes_apart_into_512_parts_at_most() -> None:
    drawn = np.zeros((1000, 1000), np.uint8)
    for x, y in ((x, y) for x in range(20, 900, 90) for y in range(20, 900, 90)):
        for way in (18, 42):
            cv2.line(drawn, (x + way, y), (x + way, y + 60), 255, 2)
            cv2.line(drawn, (x, y + way), (x + 62, y + way), 255, 2)
    ink = ink_from_image(png(drawn))
    assert len(ink.strokes) == 100
    assert len(torn_apart(Ink(ink.strokes[:1])).strokes) == 16
    assert 480 < len(torn_apart(ink).strokes) <= 512
