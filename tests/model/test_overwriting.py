"""Who slips writes again on the spot: what was drawn last is read, and what lies beneath belongs to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.benchmarks.specimens import HAND, placed, timed, write
from model.explaining.explanation import explain
from model.explaining.page import page
from model.reading.ink import Ink
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.reading.segment import Hypothesis, segment
from model.training.forms import FORMS
from model.training.writing import Style, compose

DIGITS = Options(alphabet="digits")


def over(ink: Ink) -> list[Hypothesis]:
    return [hypothesis for hypothesis in segment(ink).hypotheses if hypothesis.under]


def corrected(wrong: str, right: str) -> Ink:
    """1, a small wrong digit that the right one is written over, and 3."""
    return timed([*placed("1", 40), *placed(wrong, 122, 50, 58), *placed(right, 112), *placed("3", 186)])


@pytest.mark.parametrize("form", ["points", "pictures", "frames"])
@pytest.mark.parametrize(("wrong", "right"), [("2", "0"), ("1", "8"), ("3", "0"), ("7", "8"), ("2", "6")])
def test_what_was_drawn_last_is_read(recognizer: Recognizer, form: str, wrong: str, right: str) -> None:
    reading = recognizer.read(FORMS[form](corrected(wrong, right)), DIGITS)
    assert reading.text == f"1{right}3"


def test_the_slip_belongs_to_the_glyph_over_it(recognizer: Recognizer) -> None:
    ink = corrected("2", "0")
    one, nought, three = recognizer.read(ink, DIGITS).glyphs
    assert (one.strokes, nought.strokes, three.strokes) == ((0,), (1, 2), (3,))
    assert nought.start == ink.strokes[1].start
    assert nought.end == ink.strokes[2].end
    assert [span.stroke for span in nought.spans] == [1, 2]
    for stroke in ink.strokes[1:3]:
        assert nought.box.x <= stroke.box.x
        assert stroke.box.right <= nought.box.right


def test_a_slip_may_be_mended_after_the_next_digit(recognizer: Recognizer) -> None:
    ink = timed([*placed("1", 40), *placed("2", 122, 50, 58), *placed("3", 186), *placed("0", 112)])
    reading = recognizer.read(ink, DIGITS)
    assert (reading.text, reading.glyphs[1].strokes) == ("103", (1, 3))


def test_the_callers_own_groups_hold_slips_too(recognizer: Recognizer) -> None:
    own = replace(DIGITS, groups=((0,), (1, 2), (3,)))
    reading = recognizer.read(corrected("2", "0"), own)
    assert (reading.text, [glyph.strokes for glyph in reading.glyphs]) == ("103", [(0,), (1, 2), (3,)])


def test_only_what_was_drawn_before_and_lies_beneath_is_a_slip() -> None:
    assert not over(write("2048"))
    big, small = placed("0", 40), placed("2", 55, 40, 60)
    assert [(h.under, h.strokes, h.explained) for h in over(timed([*small, *big]))] == [((0,), (1,), (0, 1))]
    assert not over(timed([*big, *small]))


def test_of_a_flat_image_nobody_knows_what_was_drawn_last() -> None:
    assert not over(FORMS["image"](corrected("2", "0")))


def test_strokes_of_one_character_are_not_slips(recognizer: Recognizer) -> None:
    cross = [np.array(ends, np.float32) for ends in (((40, 40), (100, 120)), ((100, 40), (40, 120)))]
    reading = recognizer.read(timed([np.linspace(*ends, 12) for ends in cross]), Options(alphabet="letters"))
    assert reading.text.lower() == "x"


def test_the_explanation_says_what_was_written_over(recognizer: Recognizer) -> None:
    shown = page(explain(recognizer.trace(corrected("2", "0"), DIGITS)), "drawing", "model")
    assert "stroke 2 over 1" in shown
    assert "slip of the pen" in shown
    assert " under" in shown


def test_composed_slips_come_first_and_are_of_the_same_glyph() -> None:
    rng = np.random.default_rng(3)
    plain = compose("2048", HAND, np.random.default_rng(3))
    for _ in range(20):
        sample = compose("2048", HAND, rng, Style(slips=1.0))
        strokes = [s for _, group in sample.groups for s in group]
        assert sorted(strokes) == list(range(len(sample.ink.strokes)))
        assert len(strokes) == len(plain.ink.strokes) + 4
        for _, group in sample.groups:
            first, others = sample.ink.strokes[group[0]].box, [sample.ink.strokes[s].box for s in group[1:]]
            assert min(box.x for box in others) < first.x + first.width / 2 < max(box.right for box in others)


def test_a_hand_of_one_character_slips_in_that() -> None:
    hand = {"8": HAND["8"]}
    sample = compose("88", hand, np.random.default_rng(0), replace(Style(), slips=1.0))
    assert [len(group) for _, group in sample.groups] == [2, 2]
