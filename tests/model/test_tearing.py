"""Strokes that two glyphs share: torn where a thin line joins them, and only where they are wide."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from model.benchmarks.specimens import write
from model.reading.alphabet import REJECTED
from model.reading.ink import Ink, Stroke
from model.reading.reading import Options, Span
from model.reading.recognizer import Recognizer
from model.reading.segment import segment
from model.reading.tearing import torn_apart
from model.training.forms import FLAT, FORMS


def in_one_stroke(text: str) -> Ink:
    """Digits of one stroke each, joined by straight ligatures, a point each 8 ms."""
    paths = [stroke.points for stroke in write(text).strokes]
    assert len(paths) == len(text)
    joined = [paths[0]]
    for before, after in pairwise(paths):
        joined += [np.linspace(before[-1], after[0], 8)[1:-1], after]
    points = np.concatenate(joined)
    return Ink((Stroke.from_points(points[:, 0], points[:, 1], np.arange(len(points)) * 8.0, 0),))


def test_the_pieces_are_the_stroke() -> None:
    stroke = in_one_stroke("08").strokes[0]
    pieces = torn_apart(Ink((stroke,))).strokes
    assert len(pieces) > 1
    assert np.array_equal(np.concatenate([piece.points for piece in pieces]), stroke.points)
    assert [piece.torn for piece in pieces] == [False] + [True] * (len(pieces) - 1)
    begins = np.cumsum([0, *(len(piece.points) for piece in pieces)])
    assert [piece.begin for piece in pieces] == begins[:-1].tolist()
    assert pieces[0].start == stroke.start
    assert pieces[-1].end == stroke.end
    assert all(a.end == pytest.approx(b.start) for a, b in pairwise(pieces))


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_alone_is_left_whole(digit: str) -> None:
    ink = write(digit)
    assert torn_apart(ink) == ink


def test_the_whole_stroke_stays_a_hypothesis() -> None:
    cuts = segment(torn_apart(in_one_stroke("08")))
    assert any(len(h.primitives) == cuts.primitives for h in cuts.hypotheses)


@pytest.mark.parametrize("text", ["00", "08", "20", "80", "28", "62"])
def test_digits_drawn_in_one_stroke_are_read(text: str) -> None:
    ink = in_one_stroke(text)
    reading = Recognizer.load().read(ink, Options(alphabet="digits"))
    assert reading.text == text
    first, second = reading.glyphs
    assert first.strokes == second.strokes == (0,)
    assert first.spans == (Span(0, 0, second.spans[0].begin),)
    assert second.spans[0].end == len(ink.strokes[0].points)
    assert first.start == 0
    assert second.end == ink.strokes[0].end


@pytest.mark.parametrize("form", ["pictures", "frames"])
@pytest.mark.parametrize("text", ["80", "28", "62"])
def test_so_are_their_pictures(text: str, form: str) -> None:
    reading = Recognizer.load().read(FORMS[form](in_one_stroke(text)), Options(alphabet="digits"))
    assert reading.text == text
    assert [glyph.strokes for glyph in reading.glyphs] == [(0,), (0,)]
    assert not any(glyph.spans for glyph in reading.glyphs)


def up_and_down(times: int) -> Ink:
    """One line that crosses its middle so many times."""
    x = 40.0 + 22.0 * np.arange(times + 1)
    return Ink((Stroke.from_points(x, np.where(np.arange(times + 1) % 2, 30.0, 110.0), None, 0),))


@pytest.mark.parametrize("form", FLAT)
@pytest.mark.parametrize("times", [7, 8, 12])
def test_a_zigzag_is_no_row_of_ones(times: int, form: str) -> None:
    flat = FORMS[form](up_and_down(times))
    assert len(torn_apart(flat).strokes) == 1
    for alphabet in ("digits", "auto"):
        assert Recognizer.load().read(flat, Options(alphabet=alphabet)).text == REJECTED


@pytest.mark.parametrize("form", FLAT)
def test_letters_that_go_up_and_down_come_apart(form: str) -> None:
    assert len(torn_apart(FORMS[form](up_and_down(6))).strokes) > 1


@pytest.mark.parametrize("form", FLAT)
def test_a_ring_is_not_up_and_down(form: str) -> None:
    rings = [45.0 + 80.0 * i + 45.0 * np.exp(2j * np.pi * np.linspace(0, 1, 60)) for i in range(4)]
    ink = Ink(tuple(Stroke.from_points(ring.real, ring.imag, None, i) for i, ring in enumerate(rings)))
    assert len(torn_apart(FORMS[form](ink)).strokes) > 1


def test_an_empty_drawing_stays_empty() -> None:
    assert torn_apart(Ink(())).strokes == ()


def test_no_piece_of_a_sparse_stroke_is_empty() -> None:
    """A device that gives few points leaves room for two cuts between the same two of them."""
    rng = np.random.default_rng(1)
    beside = [Stroke.from_points([x, x + 30], [0, 60], [0, 9], i) for i, x in enumerate((900, 990), start=1)]
    for _ in range(300):
        points = np.cumsum(rng.normal((30, 0), 40, (int(rng.integers(2, 9)), 2)), axis=0).astype(np.float32)
        pieces = torn_apart(Ink((Stroke((points,), 0), *beside))).strokes[:-2]
        assert sum(len(piece.points) for piece in pieces) == len(points)
        assert all(len(piece.points) for piece in pieces)


def test_a_crowd_comes_apart_into_512_pieces_at_most() -> None:
    stroke = in_one_stroke("0808").strokes[0]
    assert len(torn_apart(Ink((stroke,))).strokes) == 4
    crowd = tuple(replace(stroke, paths=(stroke.points + np.float32(400 * i),), index=i) for i in range(300))
    assert 509 < len(torn_apart(Ink(crowd)).strokes) <= 512


def test_a_bar_that_leads_on_to_the_next_digit() -> None:
    """5 and 0 whose bar and ring are one stroke, narrower than two digits: it comes apart once it is in doubt."""
    body, bar = (stroke.points for stroke in write("5").strokes)
    ring = write("0", left=80).strokes[0].points
    joined = np.concatenate([bar[:-6], np.linspace(bar[-7], ring[0], 6)[1:-1], ring])
    strokes = [
        Stroke.from_points(p[:, 0], p[:, 1], begin + 8.0 * np.arange(len(p)), i)
        for i, (p, begin) in enumerate(((body, 0), (joined, 1000)))
    ]
    reading = Recognizer.load().read(Ink(tuple(strokes)), Options(alphabet="digits"))
    assert reading.text == "50"
    assert {1} in [set(glyph.strokes) for glyph in reading.glyphs]


def test_a_dash_in_doubt_is_left_whole() -> None:
    dash = Stroke.from_points(np.linspace(0, 90, 30), np.full(30, 50.0), np.arange(30) * 8.0, 1)
    ink = Ink((write("8").strokes[0], dash))
    assert torn_apart(ink, {0, 1}) == ink
