"""Heights of lines, and words in real drawings."""

from __future__ import annotations

import numpy as np
import pytest

from model.benchmarks.specimens import timed, write
from model.reading.ink import Box, Ink
from model.reading.layout import usual_height
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.forms import FORMS


def together(*drawings: Ink) -> Ink:
    return timed([path for drawing in drawings for stroke in drawing.strokes for path in stroke.paths])


@pytest.mark.parametrize(
    ("heights", "expected"),
    [([65, 2], 65), ([2, 65, 1], 65), ([80, 40], 68), ([3], 3), ([0], 1.05), ([60, 60, 60, 4, 4, 4, 4], 60)],
)
def test_dots_and_bars_say_nothing_of_the_line_height(heights: list[float], expected: float) -> None:
    boxes = [Box(20.0 * i, 0, 4, height) for i, height in enumerate(heights)]
    assert usual_height(boxes) == pytest.approx(expected)


@pytest.mark.parametrize("aside", [4, 10, 16])
@pytest.mark.parametrize("form", FORMS)
def test_an_i_may_have_its_dot_right_of_its_stem(recognizer: Recognizer, form: str, aside: float) -> None:
    stem, dot = np.array([[120, 135], [121, 200]], np.float32), np.array([[120, 112], [121, 114]], np.float32)
    drawing = timed([np.linspace(*stem, 20).astype(np.float32), dot + np.float32([aside, 0])])
    assert recognizer.read(FORMS[form](drawing), Options("letters")).text == "i"


@pytest.mark.parametrize("form", FORMS)
def test_a_wide_gap_is_a_space(recognizer: Recognizer, form: str) -> None:
    drawing = together(write("20"), write("48", left=30 + 2 * 0.85 * 80 + 110))
    reading = recognizer.read(FORMS[form](drawing))
    assert reading.text == "20 48"
    assert [glyph.word for glyph in reading.glyphs] == [0, 0, 1, 1]
    assert [glyph.line for glyph in reading.glyphs] == [0, 0, 0, 0]


@pytest.mark.parametrize("form", FORMS)
def test_lines_are_read_one_after_the_other(recognizer: Recognizer, form: str) -> None:
    drawing = together(write("2048", top=40), write("175", top=160, left=50))
    reading = recognizer.read(FORMS[form](drawing))
    assert reading.text == "2048\n175"
    assert [glyph.line for glyph in reading.glyphs] == [0, 0, 0, 0, 1, 1, 1]
    assert [glyph.word for glyph in reading.glyphs] == [0, 0, 0, 0, 1, 1, 1]


def test_lines_stay_lines_where_the_caller_cuts(recognizer: Recognizer) -> None:
    drawing = together(write("20"), write("17", top=180))
    groups = tuple(glyph.strokes for glyph in recognizer.read(drawing).glyphs)
    assert recognizer.read(drawing, Options("digits", groups=groups)).text == "20\n17"


@pytest.mark.parametrize("advance", [60, 90, 200])
def test_even_spacing_has_no_spaces(recognizer: Recognizer, advance: float) -> None:
    drawing = together(*(write(digit, left=30 + advance * i) for i, digit in enumerate("3582")))
    assert recognizer.read(drawing).text == "3582"
