"""Which gaps are spaces, as far as their width tells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.ink import Box
from model.reading.spaces import space_odds


def split(boxes: Sequence[Box], lines: Sequence[int]) -> list[int]:
    """The word of each glyph where nothing but the gaps tells."""
    return [word - 1 for word in accumulate(odds > 0 for odds in space_odds(boxes, lines))]


def spaced(gaps: Sequence[float]) -> list[Box]:
    """Glyphs 60 high and 30 wide with these gaps between, in heights."""
    lefts = [0.0]
    for gap in gaps:
        lefts.append(lefts[-1] + 30 + gap * 60)
    return [Box(left, 0, 30, 60) for left in lefts]


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([0.1, 0.15, 0.1, 1.3, 0.1, 0.12], [0, 0, 0, 0, 1, 1, 1]),
        ([0.1, 1.3, 0.1, 1.2, 0.1, 0.15, 1.4, 0.1], [0, 0, 1, 1, 2, 2, 2, 3, 3]),
        ([0.1, 0.6, 0.2, 1.1, 0.0, 0.7, 0.4], [0] * 8),  # uneven writing
        ([1.5, 1.7, 1.4, 1.6], [0] * 5),  # wide writing
        ([1.2], [0, 0]),  # two glyphs tell little of how their writer spaces them
        ([2.0], [0, 1]),
    ],
)
def test_a_space_is_wider_than_the_gaps_of_its_writing_vary(gaps: list[float], words: list[int]) -> None:
    assert split(spaced(gaps), [0] * (len(gaps) + 1)) == words


def test_what_one_line_tells_of_its_gaps_counts_in_the_next() -> None:
    line, other = spaced([0.1] * 12), spaced([1.1])
    lower = [Box(box.x, 100, box.width, box.height) for box in other]
    assert split(other, [0, 0]) == [0, 0]
    assert split([*line, *lower], [0] * 13 + [1, 1]) == [0] * 13 + [1, 2]


def test_words_are_counted_through_all_lines() -> None:
    boxes = [Box(x, y, 30, 60) for y in (0, 100) for x in (0, 40, 180)]
    assert split(boxes, [0, 0, 0, 1, 1, 1]) == [0, 0, 1, 2, 2, 3]


def test_no_glyphs_no_words() -> None:
    assert split([], []) == []


def test_glyphs_in_any_order_are_words_of_their_own_lines() -> None:
    boxes = [Box(0, 0, 30, 60), Box(0, 100, 30, 60), Box(40, 0, 30, 60)]
    assert split(boxes, [0, 1, 0]) == [0, 1, 2]


@given(st.lists(st.floats(0, 0.5), min_size=2, max_size=12), st.data())
def test_a_wider_gap_is_no_less_likely_a_space(gaps: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(gaps) - 1))
    wider = [gap + (i == at) for i, gap in enumerate(gaps)]
    before, after = (space_odds(spaced(g), [0] * (len(g) + 1)) for g in (gaps, wider))
    assert before[0] == after[0] == inf
    assert after[at + 1] > before[at + 1]
    assert np.isfinite(after[1:]).all()
