"""Digits beside digits, letters beside letters, words that are words, and clear ink as it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.alphabet import CLASSES
from model.reading.classify import WEIGHTS, Card
from model.reading.kinds import Kinds
from model.reading.language import Language

CHARACTERS = list(CLASSES)


@pytest.fixture(scope="module")
def kinds() -> Kinds:
    return Kinds.of(Card.load(WEIGHTS).log_prior)


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


def rows(*glyphs: dict[str, float]) -> np.ndarray:
    """Log-probabilities, what is not named all but impossible."""
    return np.log([[glyph.get(c, 1e-9) for c in CHARACTERS] for glyph in glyphs])


ONE = {"1": 0.45, "l": 0.45, "I": 0.1}
RING = {"0": 0.45, "O": 0.1, "o": 0.45}
SNAKE = {"5": 0.5, "s": 0.4, "S": 0.1}


@pytest.mark.parametrize(
    ("glyphs", "text"),
    [
        ([ONE, RING, {"2": 1.0}], "102"),
        ([ONE, RING, RING, RING], "1000"),
        ([{"p": 1.0}, RING, ONE], "pol"),
        ([{"h": 1.0}, RING, {"u": 1.0}, SNAKE, {"e": 1.0}], "house"),
        ([{"2": 1.0}, {"x": 1.0}], "2x"),
        ([{"4": 0.9, "A": 0.1}, {"k": 1.0}], "4k"),
        ([{"B": 0.99, "8": 0.01}, ONE, {"2": 1.0}], "B12"),
        ([{"q": 1.0}, {"x": 1.0}, {"j": 0.99, "7": 0.01}], "qxj"),
    ],
)
def test_neighbours_settle_what_the_ink_leaves_open_and_no_more(
    glyphs: list[dict[str, float]], text: str, kinds: Kinds, language: Language
) -> None:
    weighed, _ = kinds.weigh(rows(*glyphs), CHARACTERS, language)
    assert "".join(CHARACTERS[i] for i in weighed.argmax(axis=1)) == text


def test_a_number_and_a_word_have_more_evidence_than_a_mixture(kinds: Kinds, language: Language) -> None:
    def evidence(text: str) -> float:
        return kinds.weigh(rows(*({char: 1.0} for char in text)), CHARACTERS, language)[1]

    assert evidence("2048") > evidence("2k4z")
    assert evidence("house") > evidence("h0u5e")
    assert evidence("house") > evidence("hxqse")


@given(count=st.integers(1, 9), seed=st.integers(0, 2**32 - 1))
def test_each_glyph_keeps_its_share_and_digits_their_odds(
    count: int, seed: int, kinds: Kinds, language: Language
) -> None:
    given_rows = np.log(np.random.default_rng(seed).random((count, len(CHARACTERS))) + 1e-6)
    found, evidence = kinds.weigh(given_rows, CHARACTERS, language)
    assert np.logaddexp.reduce(found, axis=1) == pytest.approx(np.logaddexp.reduce(given_rows, axis=1))
    digits = found[:, :10] - given_rows[:, :10]
    assert np.ptp(digits, axis=1) == pytest.approx(0, abs=1e-6)
    assert np.isfinite(evidence)


@pytest.mark.filterwarnings("error")
def test_what_is_all_but_impossible_stays_a_number(kinds: Kinds, language: Language) -> None:
    long = np.full((400, len(CHARACTERS)), -70.0)
    long[:, 3] = 0.0
    found, evidence = kinds.weigh(long, CHARACTERS, language)
    assert np.isfinite(found).all()
    assert np.isfinite(evidence)
    assert set(found.argmax(axis=1)) == {3}


def test_clear_ink_is_not_overruled(kinds: Kinds, language: Language) -> None:
    clear = [{"0": 0.9995, "o": 0.0005} if char == "o" else {char: 1.0} for char in "information"]
    weighed, _ = kinds.weigh(rows(*clear), CHARACTERS, language)
    assert "".join(CHARACTERS[i] for i in weighed.argmax(axis=1)) == "inf0rmati0n"


def test_numbers_the_other_way_round_are_the_same(kinds: Kinds, language: Language) -> None:
    word = rows(ONE, RING, {"2": 0.7, "Z": 0.3}, ONE)
    digits = slice(0, 10)
    there, back = (kinds.weigh(way, CHARACTERS, language)[0] for way in (word, word[::-1]))
    assert back[::-1, digits].argmax(axis=1).tolist() == there[:, digits].argmax(axis=1).tolist() == [1, 0, 2, 1]


def test_a_classifier_that_knows_no_frequencies_takes_all_classes_for_equally_likely() -> None:
    assert np.exp(Kinds.of(np.zeros(len(CLASSES), np.float32)).log_shares) == pytest.approx([10 / 62, 52 / 62])
