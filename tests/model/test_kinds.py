"""Digits beside digits, letters beside letters, and clear ink as it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.alphabet import CLASSES
from model.reading.kinds import weigh

CHARACTERS = list(CLASSES)


def rows(*glyphs: dict[str, float]) -> np.ndarray:
    """Log-probabilities, what is not named all but impossible."""
    return np.log([[glyph.get(c, 1e-9) for c in CHARACTERS] for glyph in glyphs])


def read(*glyphs: dict[str, float]) -> str:
    return "".join(CHARACTERS[i] for i in weigh(rows(*glyphs), CHARACTERS).argmax(axis=1))


ONE = {"1": 0.45, "l": 0.45, "I": 0.1}
RING = {"0": 0.45, "O": 0.45, "o": 0.1}


@pytest.mark.parametrize(
    ("glyphs", "text"),
    [
        ([ONE, RING, {"2": 1.0}], "102"),
        ([{"p": 1.0}, RING, ONE], "pOl"),
        ([{"2": 1.0}, {"x": 1.0}], "2x"),
        ([{"4": 0.9, "A": 0.1}, {"k": 1.0}], "4k"),
        ([{"1": 0.4, "l": 0.5}], "l"),
    ],
)
def test_neighbours_settle_what_the_ink_leaves_open_and_no_more(glyphs: list[dict[str, float]], text: str) -> None:
    assert read(*glyphs) == text


@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_each_glyph_keeps_its_share_and_equal_kinds_their_odds(count: int, seed: int) -> None:
    given_rows = np.log(np.random.default_rng(seed).random((count, len(CHARACTERS))) + 1e-6)
    found = weigh(given_rows, CHARACTERS)
    assert np.logaddexp.reduce(found, axis=1) == pytest.approx(np.logaddexp.reduce(given_rows, axis=1))
    digits = found[:, :10] - given_rows[:, :10]
    assert np.ptp(digits, axis=1) == pytest.approx(0, abs=1e-6)


def test_the_other_way_round_is_the_same() -> None:
    word = rows(ONE, RING, {"2": 0.7, "Z": 0.3}, ONE)
    assert weigh(word[::-1], CHARACTERS) == pytest.approx(weigh(word, CHARACTERS)[::-1])
