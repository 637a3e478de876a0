"""The best ways through a lattice, against all there are; and which hypotheses may follow which."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattices import every_way, inks, scored, worth

from model.benchmarks.specimens import write
from model.reading.ink import Ink
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.reading.segment import segment
from model.reading.steps import Steps, advance


@settings(max_examples=60)
@given(inks, st.integers(0, 1000))
def test_the_best_way_is_the_best_of_all(ink: Ink, seed: int) -> None:
    lattice = scored(segment(ink), seed)
    ways = {way: worth(lattice, way) for way in every_way(lattice.cuts)}
    found = lattice.best_paths()
    assert {path.hypotheses for path in found} <= ways.keys()
    assert [path.score for path in found] == sorted((path.score for path in found), reverse=True)
    assert [path.score for path in found] == pytest.approx([ways[path.hypotheses] for path in found])
    assert found[0].score == pytest.approx(max(ways.values()))


@given(st.integers(0, 2**10 - 1))
def test_the_next_place_is_the_first_not_explained(ahead: int) -> None:
    position, rest = advance(5, ahead)
    assert all(ahead >> i & 1 for i in range(position - 5))
    assert not rest & 1
    assert rest == ahead >> (position - 5)


def test_usual_pairs_are_those_of_ways_in_order() -> None:
    cuts = segment(write("4517"))
    in_order = {
        pair
        for way in every_way(cuts)
        if all(cuts.hypotheses[a].primitives[-1] < cuts.hypotheses[b].primitives[0] for a, b in pairwise(way))
        for pair in pairwise(way)
    }
    assert in_order
    assert in_order <= set(Steps(cuts).plain())


@pytest.mark.parametrize("text", ["2048", "17", "5"])
def test_letters_take_nothing_from_a_sure_number(recognizer: Recognizer, text: str) -> None:
    answers = [recognizer.read(write(text)), recognizer.read(write(text), Options("digits"))]
    assert [answer.text for answer in answers] == [text, text]
    assert answers[0].confidence == pytest.approx(answers[1].confidence, abs=0.05)


def test_lines_that_say_nothing_speak_against_writing_but_only_so_far() -> None:
    lattice = scored(segment(write("10")), 0)
    way = lattice.best_paths()[0].hypotheses
    certain, likely, unheard, unlikely, hardly = (
        lattice.log_writing(way, -0.1, silence) for silence in (-60, -40, None, 8, 60)
    )
    assert certain == likely > unheard > unlikely == hardly
