"""What the joins learn from: drawings whose cut is known, in the form that they are cut in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from samples import number

from model.reading.segment import segment
from model.reading.tearing import torn_apart
from model.training.forms import as_image
from model.training.inkdata import is_validation
from model.training.lessons import drawings, flat_cut, lesson


@pytest.mark.parametrize(("text", "advance"), [("3105", 0.85), ("35", 0.5), ("6543", 0.5), ("29", 0.52)])
def test_the_true_cut_of_a_flat_image_is_among_its_hypotheses(text: str, advance: float) -> None:
    drawn = number(text, advance)
    ink = torn_apart(as_image(drawn.ink))
    truth = flat_cut(drawn, ink)
    assert truth is not None
    assert truth.total() == len(text)
    assert sorted(part for glyph in truth for part in glyph) == list(range(len(ink.strokes)))
    offered = {frozenset(hypothesis.strokes) for hypothesis in segment(ink).hypotheses}
    assert set(truth) <= offered


def test_ink_of_two_glyphs_in_one_part_teaches_nothing() -> None:
    drawn = number("11", 0.0)  # one over the other
    assert flat_cut(drawn, as_image(drawn.ink)) is None


def test_lessons_come_in_every_form_and_name_every_stroke() -> None:
    rng = np.random.default_rng(0)
    found = [lesson(number("6543", 0.55), ("digits",), 1.0, rng) for _ in range(60)]
    given = [one for one in found if one is not None]
    assert len(given) > 50
    forms = Counter((one.ink.strokes[0].index is None, one.ink.strokes[0].start is None) for one in given)
    assert set(forms) == {(True, True), (False, True), (False, False)}
    for one in given:
        assert len(one.names) == len(one.ink.strokes)
        assert set().union(*one.truth) == set(one.names)
        assert sum(len(glyph) for glyph in one.truth) == len(set(one.names))


@pytest.mark.parametrize("held_out", [False, True])
def test_drawings_are_of_writers_who_teach_or_of_those_held_out(held_out: bool, written: Path) -> None:
    found = drawings(written, 20, np.random.default_rng(0), held_out)
    assert len(found) > 15
    assert {is_validation(sample.writer) for sample, _, _ in found} == {held_out}
