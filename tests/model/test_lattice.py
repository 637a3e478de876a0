"""The best ways through a lattice, against all there are; and which hypotheses may follow which."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.benchmarks.specimens import write
from model.reading.classify import Scores
from model.reading.ink import Ink, Stroke
from model.reading.joins import Joins, Judged
from model.reading.lattice import Lattice, Weights
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.reading.segment import Cuts, segment
from model.reading.steps import Steps, advance

JOINS = Joins.load()


def scored(cuts: Cuts, seed: int) -> Lattice:
    """A lattice of digits with opinions of chance."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 4, (len(cuts.hypotheses), 63)).astype(np.float32)
    return Lattice(cuts, Scores.of(logits), "digits", Weights(), Judged(cuts, JOINS))


def every_way(cuts: Cuts, first: int = 0, taken: frozenset[int] = frozenset()) -> Iterator[tuple[int, ...]]:
    """All ways that explain each primitive once, each glyph the one with the first primitive not yet explained."""
    while first in taken:
        first += 1
    if first == cuts.primitives:
        yield ()
        return
    for index, hypothesis in enumerate(cuts.hypotheses):
        if hypothesis.primitives[0] == first and taken.isdisjoint(hypothesis.primitives):
            for rest in every_way(cuts, first + 1, taken | set(hypothesis.primitives)):
                yield index, *rest


def worth(lattice: Lattice, way: tuple[int, ...]) -> float:
    return float(lattice.edges[list(way)].sum()) + sum(lattice.beside(*pair) for pair in pairwise(way))


places = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=4)


@settings(max_examples=60)
@given(places, st.integers(0, 1000))
def test_the_best_way_is_the_best_of_all(corners: list[tuple[int, int]], seed: int) -> None:
    ink = Ink(tuple(Stroke.from_points([x, x + 12], [y, y + 30], None, i) for i, (x, y) in enumerate(corners)))
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
