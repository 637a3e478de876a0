"""Small lattices with opinions of chance, and all ways through them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from model.reading.classify import Scores
from model.reading.ink import Ink, Stroke
from model.reading.joins import Joins, Judged
from model.reading.lattice import Lattice, Weights
from model.reading.segment import Cuts

JOINS = Joins.load()


def scored(cuts: Cuts, seed: int) -> Lattice:
    """A lattice of digits with opinions of chance."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 4, (len(cuts.hypotheses), 63)).astype(np.float32)
    return Lattice(Judged(cuts, JOINS), Scores.of(logits), "digits", Weights())


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


def _strokes(corners: list[tuple[int, int]]) -> Ink:
    return Ink(tuple(Stroke.from_points([x, x + 12], [y, y + 30], None, i) for i, (x, y) in enumerate(corners)))


inks = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=4).map(_strokes)
"""A few slanting strokes that lie near each other."""
