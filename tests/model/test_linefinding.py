"""Lines of writing: close to each other, aslant, with ink that reaches from one into the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.benchmarks.specimens import HAND, write
from model.reading.ink import Box, Ink
from model.reading.linefinding import lines_of
from model.reading.recognizer import Recognizer
from model.training.forms import FORMS
from model.training.writing import Style, compose

HEIGHT = 60.0


def turned(ink: Ink, degrees: float) -> Ink:
    """The drawing on a page turned clockwise."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    return Ink(tuple(replace(s, paths=tuple(path @ turn for path in s.paths)) for s in ink.strokes))


def bodies(lines: int, each: int, pitch: float, slope: float = 0.0) -> tuple[list[Box], list[int]]:
    """Letters an x-height, an ascender or a descender high in turn, and the line of each."""
    extents = [(36.0, 0.0), (60.0, 0.0), (36.0, 24.0)]
    boxes, truth = [], []
    for line in range(lines):
        for i in range(each):
            up, down = extents[(i + line) % 3]
            base = 100 + line * pitch * HEIGHT + slope * i * 40
            boxes.append(Box(20 + i * 40, base - up, 30, up + down))
            truth.append(line)
    return boxes, truth


@pytest.mark.parametrize("slope", [-0.2, -0.1, 0.0, 0.1, 0.2])
@pytest.mark.parametrize("pitch", [1.3, 1.6, 2.2])
def test_lines_that_reach_into_each_other_are_told_apart(pitch: float, slope: float) -> None:
    boxes, truth = bodies(4, 9, pitch, slope)
    assert lines_of(boxes, HEIGHT) == truth


@given(st.randoms(use_true_random=False), st.floats(0.1, 20), st.floats(-500, 500))
def test_neither_order_nor_size_nor_place_counts(random: Random, scale: float, shift: float) -> None:
    boxes, truth = bodies(3, 6, 1.5, 0.08)
    order = list(range(len(boxes)))
    random.shuffle(order)
    moved = [
        Box(b.x * scale + shift, b.y * scale - shift, b.width * scale, b.height * scale)
        for b in (boxes[i] for i in order)
    ]
    assert lines_of(moved, HEIGHT * scale) == [truth[i] for i in order]


@pytest.mark.parametrize("slope", [-1.0, -0.4, 0.4, 1.0])
def test_a_line_that_climbs_or_falls_is_one(slope: float) -> None:
    boxes, truth = bodies(1, 8, 1.0, slope)
    assert lines_of(boxes, HEIGHT) == truth


@pytest.mark.parametrize("gap", [3, 8])
def test_a_glyph_of_two_bodies_that_nearly_meet_is_on_one_line(gap: float) -> None:
    assert lines_of([Box(0, 0, 40, 50), Box(0, 50 + gap, 40, 50)], 50) == [0, 0]


def test_two_digits_on_top_of_each_other_are_two_lines() -> None:
    assert lines_of([Box(0, 0, 40, 60), Box(5, 85, 40, 60)], 60) == [0, 1]


@pytest.mark.parametrize("slope", [0.0, 0.15])
def test_dots_stand_over_their_stems(slope: float) -> None:
    boxes, truth = bodies(3, 6, 1.5, slope)
    stems = [i for i, (box, line) in enumerate(zip(boxes, truth, strict=True)) if line and box.height == 36]
    dots = [Box(boxes[i].x + 14, boxes[i].y - 14, 4, 4) for i in stems]
    assert lines_of([*boxes, *dots], HEIGHT) == [*truth, *(truth[i] for i in stems)]


def test_dots_and_bars_make_no_line_of_their_own() -> None:
    stem, dot, bar = Box(50, 30, 2, 60), Box(50, 0, 3, 3), Box(20, 120, 40, 1)
    assert lines_of([stem, dot, bar], 60) == [0, 0, 0]


def test_flat_ink_alone_is_one_line() -> None:
    assert lines_of([Box(0, 0, 50, 1), Box(0, 90, 50, 1)], 10) == [0, 0]


def lines_and_words(text: str) -> list[list[str]]:
    return [line.split(" ") for line in text.split("\n")]


@pytest.mark.parametrize("degrees", [-8, 0, 8])
@pytest.mark.parametrize("form", FORMS)
def test_a_page_written_aslant_is_read_line_by_line(recognizer: Recognizer, form: str, degrees: float) -> None:
    text = "20 48\n175 3\n90 61"
    style = Style(gaps=(0.1, 0.2), spaces=(1.2, 1.4), pitch=(1.5, 1.5), slopes=(0, 0), heights=(70, 70))
    page = turned(compose(text, HAND, np.random.default_rng(3), style).ink, degrees)
    assert lines_and_words(recognizer.read(FORMS[form](page)).text) == lines_and_words(text)


def test_a_number_that_climbs_steeply_is_no_staircase_of_lines(recognizer: Recognizer) -> None:
    def climbing(ink: Ink) -> Sequence[int]:
        return [glyph.line for glyph in recognizer.read(turned(ink, -25)).glyphs]

    assert climbing(write("20481735")) == [0] * 8
