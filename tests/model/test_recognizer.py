"""Whole readings: the drawings that break other readers, honest refusal, and properties over random ink."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.benchmarks.drawings import DRAWINGS, NOTHING, scribble, shown, straight
from model.benchmarks.specimens import HAND, placed, timed, write
from model.benchmarks.tally import true_cut
from model.reading.alphabet import REJECTED
from model.reading.ink import Ink, Stroke
from model.reading.preparing import GroupsError
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.forms import FORMS


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ["2048", "7", "1234567890", "31415926535897"])
def test_a_drawn_number_is_read_in_every_form(recognizer: Recognizer, form: str, text: str) -> None:
    reading = recognizer.read(FORMS[form](write(text)))
    assert reading.text == text
    assert reading.alphabet == "digits"
    assert [glyph.char for glyph in reading.glyphs] == list(text)


@pytest.mark.parametrize("height", [16, 40, 120, 600])
def test_size_does_not_matter(recognizer: Recognizer, height: float) -> None:
    assert recognizer.read(write("90210", height=height)).text == "90210"


@pytest.mark.parametrize("form", ["points", "pictures", "frames"])
@pytest.mark.parametrize(("text", "advance"), [("00", 0.55), ("000", 0.56), ("23", 0.58), ("86", 0.5)])
def test_touching_digits(recognizer: Recognizer, form: str, text: str, advance: float) -> None:
    paths = [path for i, digit in enumerate(text) for path in placed(digit, 40 + 80 * advance * i)]
    assert recognizer.read(FORMS[form](timed(paths))).text == text


@pytest.mark.parametrize("form", ["points", "pictures", "frames"])
@pytest.mark.parametrize("kind", DRAWINGS)
def test_drawings_that_break_other_readers(recognizer: Recognizer, kind: str, form: str) -> None:
    drawing = DRAWINGS[kind](HAND, np.random.default_rng(1))
    reading = recognizer.read(shown(drawing, form))
    assert reading.text == drawing.text
    assert {frozenset(glyph.strokes) for glyph in reading.glyphs} == true_cut(drawing).keys()


def test_a_seven_whose_long_bar_overhangs_the_next_one(recognizer: Recognizer) -> None:
    seven = placed("7", 40)
    seven[0] = np.concatenate([straight(40, 42, 100, 40), seven[0][seven[0][:, 1] > 44]])
    assert recognizer.read(timed([*seven, straight(96, 46, 94, 120)])).text == "71"


def test_digits_joined_by_a_line_in_a_flat_image(recognizer: Recognizer) -> None:
    paths = placed("2", 40) + placed("3", 40 + 0.58 * 80)
    assert recognizer.read(FORMS["image"](timed(paths))).text == "23"


def test_an_empty_drawing_is_an_empty_text(recognizer: Recognizer) -> None:
    reading = recognizer.read(Ink(()))
    assert (reading.text, reading.glyphs) == ("", ())
    assert reading.confidence == pytest.approx(1)


JUNK = {
    **{kind: draw(np.random.default_rng(0)) for kind, draw in NOTHING.items() if kind != "blank"},
    "trembling dot": [np.array([[50, 50], [51, 51], [50, 52]], np.float32)],
    "wave": [np.column_stack([np.linspace(0, 200, 80), 50 + 15 * np.sin(np.linspace(0, 25, 80))]).astype(np.float32)],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_refused_and_never_a_confident_character(recognizer: Recognizer, kind: str, form: str) -> None:
    reading = recognizer.read(FORMS[form](timed(JUNK[kind])))
    assert set(reading.text) == {REJECTED}
    assert len(reading.text) <= 2
    assert all(glyph.char is None for glyph in reading.glyphs)


def of_scribbles(recognizer: Recognizer, form: str) -> list[str]:
    """What thirty scribbles are answered with."""
    return [recognizer.read(FORMS[form](timed([scribble(np.random.default_rng(seed))]))).text for seed in range(30)]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "marker"])
def test_nine_scribbles_of_ten_are_refused(recognizer: Recognizer, form: str) -> None:
    answers = of_scribbles(recognizer, form)
    assert sum(answer == REJECTED for answer in answers) >= 27, answers


def test_nine_scribbles_of_ten_by_a_marker_are_refused_though_not_as_one_glyph(recognizer: Recognizer) -> None:
    answers = of_scribbles(recognizer, "marker")
    assert sum(set(answer) == {REJECTED} for answer in answers) >= 27, answers


def test_the_alphabet_decides_what_may_be_answered(recognizer: Recognizer) -> None:
    drawing = write("0")
    assert recognizer.read(drawing, Options("digits")).text == "0"
    assert recognizer.read(drawing, Options("uppercase")).text == "O"
    assert recognizer.read(drawing, Options("lowercase")).text == "o"


def test_groups_bypass_segmentation(recognizer: Recognizer) -> None:
    reading = recognizer.read(write("44"), Options("digits", groups=((0, 1), (2, 3))))
    assert reading.text == "44"
    together = recognizer.read(write("44"), Options("digits", groups=((0, 1, 2, 3),)))
    assert [glyph.strokes for glyph in together.glyphs] == [(0, 1, 2, 3)]


def test_a_stroke_in_two_groups_is_refused(recognizer: Recognizer) -> None:
    with pytest.raises(GroupsError) as caught:
        recognizer.read(write("44"), Options(groups=((0, 1), (2, 1))))
    assert (caught.value.group, caught.value.member) == (1, 1)


def test_alternatives_come_best_first_with_the_answer_among_them(recognizer: Recognizer) -> None:
    reading = recognizer.read(write("25"), Options(alternatives=5))
    assert reading.alternatives[0].text == reading.text
    confidences = [a.confidence for a in reading.alternatives]
    assert confidences[1:] == sorted(confidences[1:], reverse=True)
    for glyph in reading.glyphs:
        assert glyph.alternatives[0].text == glyph.char
        assert len(glyph.alternatives) == 5


def test_times_of_a_glyph_are_those_of_its_strokes(recognizer: Recognizer) -> None:
    drawing = write("44")
    first = recognizer.read(drawing).glyphs[0]
    assert (first.start, first.end) == (drawing.strokes[0].start, drawing.strokes[1].end)


coordinate = st.floats(0, 800, width=32)
stroke = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=10)


@given(st.lists(stroke, max_size=9))
@settings(max_examples=60)
def test_any_ink_gets_one_answer_that_explains_every_stroke_once(
    recognizer: Recognizer, drawing: list[list[tuple[float, float]]]
) -> None:
    ink = Ink(tuple(Stroke((np.array(points, np.float32),), i) for i, points in enumerate(drawing)))
    reading = recognizer.read(ink)
    spans = sorted((s.stroke, s.begin, s.end) for glyph in reading.glyphs for s in glyph.spans)
    for index, points in enumerate(drawing):  # a stroke that two glyphs share is told in spans
        ends = [0, *(end for of, _, end in spans if of == index)]
        assert [begin for of, begin, _ in spans if of == index] == ends[:-1]
        assert ends[-1] == len(points)
    assert "".join(reading.text.split()) == "".join(glyph.char or REJECTED for glyph in reading.glyphs)
    assert 0 <= reading.confidence <= 1
    assert all(0 <= a.confidence <= 1 for glyph in reading.glyphs for a in glyph.alternatives)
    assert recognizer.read(ink).text == reading.text
