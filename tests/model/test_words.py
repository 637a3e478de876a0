"""Where words begin: the likeliest way to set spaces, and the likeliest other one."""

from __future__ import annotations

from itertools import product
from math import exp, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.kinds import Kinds
from model.reading.language import Language
from model.reading.words import Words

DIGITS = "0123456789"
WORDS = Words("digits", DIGITS, Language.load(), Kinds.of(np.zeros(62, np.float32)), known=True)
"""Of digits words tell nothing, so the gaps alone do."""


def rows(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.full((count, len(DIGITS)), -np.log(len(DIGITS)))


@given(st.lists(st.floats(-4.9, 4.9), min_size=1, max_size=2))
def test_both_ways_are_as_probable_as_the_gaps_say(odds: list[float]) -> None:
    read = WORDS.read(rows(len(odds) + 1), [0.0, *odds])
    space = [1 / (1 + exp(-o)) for o in odds]
    every = sorted(
        prod(p if is_space else 1 - p for is_space, p in zip(spaces, space, strict=True))
        for spaces in product((True, False), repeat=len(odds))
    )
    assert read.otherwise is not None
    assert read.begins != read.otherwise.begins
    if len(odds) == 1:
        assert [read.certain, read.otherwise.certain] == pytest.approx(every[::-1])
    assert 0 < read.otherwise.certain <= read.certain + 1e-9
    assert read.certain + read.otherwise.certain <= 1 + 1e-9


def test_a_clear_gap_has_no_other_way() -> None:
    for odds in (-9.0, 9.0):
        read = WORDS.read(rows(2), [0.0, odds])
        assert read.begins == (True, odds > 0)
        assert (read.certain, read.otherwise) == (1.0, None)


def test_the_doubtful_one_of_two_gaps_goes_the_other_way() -> None:
    read = WORDS.read(rows(3), [0.0, 9.0, 1.0])
    assert read.begins == (True, True, True)
    assert read.otherwise is not None
    assert read.otherwise.begins == (True, True, False)
