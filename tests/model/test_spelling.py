"""Texts from labels: the most probable ones, each once, and quickly however many glyphs there are."""

from __future__ import annotations

from itertools import islice, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.spelling import Label, _spellings

glyphs = st.lists(st.lists(st.floats(0.01, 1), min_size=1, max_size=3), min_size=0, max_size=4)


@given(glyphs, st.integers(1, 30))
def test_spellings_are_the_most_probable_combinations(chances: list[list[float]], count: int) -> None:
    labels: list[list[Label]] = [[(str(k), p) for k, p in enumerate(sorted(row)[::-1])] for row in chances]
    found = list(_spellings(labels, count))
    every = sorted((prod(p for _, p in choice) for choice in product(*labels)), reverse=True)
    assert [p for _, p in found] == pytest.approx(every[:count])
    assert len({spelling for spelling, _ in found}) == len(found)
    for spelling, p in found:
        assert p == pytest.approx(prod(dict(row)[label] for row, label in zip(labels, spelling, strict=True)))


def test_a_page_of_glyphs_is_spelled_without_trying_all_their_pairs() -> None:
    looked_at = 0

    class Counted(list[Label]):
        def __getitem__(self, at):  # type: ignore[no-untyped-def]
            nonlocal looked_at
            looked_at += 1
            return super().__getitem__(at)

    labels = [Counted([("a", 0.9), ("b", 0.1)]) for _ in range(500)]
    assert len(list(islice(_spellings(labels, 20), 20))) == 20
    assert looked_at < 20 * 500 * 8
