"""Competing cuts: what may be one glyph is there, what cannot be is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.benchmarks.specimens import timed, write
from model.reading.budget import Budget, OutOfTimeError
from model.reading.grouping import MAX_STROKES
from model.reading.ink import Ink, Stroke
from model.reading.segment import as_grouped, segment


def groups(ink: Ink) -> set[tuple[int, ...]]:
    return {hypothesis.strokes for hypothesis in segment(ink).hypotheses}


def line(x1: float, y1: float, x2: float, y2: float) -> np.ndarray:
    return np.linspace((x1, y1), (x2, y2), 10).astype(np.float32)


def test_no_ink_no_cuts() -> None:
    cuts = segment(Ink(()))
    assert (cuts.hypotheses, cuts.primitives) == ((), 0)


def test_the_true_cut_of_a_number_is_among_the_hypotheses() -> None:
    # 2, 0, 4 in two strokes, 8
    assert {(0,), (1,), (2, 3), (4,)} <= groups(write("2048"))


def test_far_strokes_are_never_grouped() -> None:
    ink = timed([line(0, 0, 0, 80), line(200, 0, 200, 80)])
    assert groups(ink) == {(0,), (1,)}


def test_a_late_stroke_finds_its_glyph_whatever_came_between() -> None:
    seven = write("7").strokes
    one = line(140, 40, 140, 120)
    ink = timed([seven[0].points, one, seven[1].points])
    assert (0, 2) in groups(ink)


def test_drawing_order_does_not_matter() -> None:
    drawn = write("4275")
    backwards = Ink(tuple(replace(stroke, start=None, end=None) for stroke in reversed(drawn.strokes)))
    forwards = Ink(tuple(replace(stroke, start=None, end=None) for stroke in drawn.strokes))
    last = len(drawn.strokes) - 1
    assert {tuple(sorted(last - s for s in group)) for group in groups(backwards)} == groups(forwards)


def test_ten_characters_cost_no_more_than_45_glyphs() -> None:
    assert len(segment(write("0123456789")).hypotheses) <= 45


def test_a_skip_of_the_pen_cuts_nothing() -> None:
    first = Stroke.from_points([10, 10], [0, 40], [0, 100], 0)
    second = Stroke.from_points([10, 10], [42, 80], [130, 230], 1)
    assert groups(Ink((first, second))) == {(0, 1)}
    slow = replace(second, start=400.0, end=500.0)
    assert (0,) in groups(Ink((first, slow)))


def test_pauses_count_relative_to_the_writers_own() -> None:
    drawn = write("444")
    slower = Ink(tuple(replace(s, start=s.start * 10, end=s.end * 10) for s in drawn.strokes))  # type: ignore[operator]
    assert [h.pause for h in segment(slower).hypotheses] == pytest.approx([h.pause for h in segment(drawn).hypotheses])


def test_given_groups_are_the_only_cut() -> None:
    cuts = as_grouped(write("2048"), [[4], [2, 0]])
    assert [h.strokes for h in cuts.hypotheses] == [(4,), (0, 2)]
    assert [h.primitives for h in cuts.hypotheses] == [(0,), (1,)]


coordinate = st.floats(0, 500, width=32)
strokes = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=6)


@given(st.lists(strokes, min_size=1, max_size=12))
def test_any_ink_can_be_explained(drawing: list[list[tuple[float, float]]]) -> None:
    ink = Ink(tuple(Stroke((np.array(points, np.float32),), i) for i, points in enumerate(drawing)))
    cuts = segment(ink)
    assert cuts.height > 0
    alone = {h.primitives for h in cuts.hypotheses if len(h.primitives) == 1}
    assert alone == {(i,) for i in range(cuts.primitives)}
    assert len({(h.primitives, h.strokes) for h in cuts.hypotheses}) == len(cuts.hypotheses)
    assert all(sorted(h.explained) == list(h.explained) for h in cuts.hypotheses)
    assert not any(set(h.under) & set(h.strokes) for h in cuts.hypotheses)
    for hypothesis in cuts.hypotheses:
        assert hypothesis.size <= MAX_STROKES
        assert hypothesis.gap >= 0


def test_a_drawing_that_takes_too_long_to_cut_is_given_up() -> None:
    with pytest.raises(OutOfTimeError):
        segment(write("2048"), Budget.seconds(-1))
