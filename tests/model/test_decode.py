"""Which alphabet a drawing is read with, and what digits and letters make of each other, from what a net may think."""

from __future__ import annotations

import numpy as np
import pytest
from lattices import JOINS

from model.reading.alphabet import CLASSES, Alphabet, AlphabetChoice
from model.reading.classify import Scores
from model.reading.decode import Decoded, decode
from model.reading.ink import Ink, Stroke
from model.reading.joins import Judged
from model.reading.kinds import Kinds
from model.reading.language import Language
from model.reading.line import Line
from model.reading.segment import segment
from model.reading.spelling import Knowledge

SHARES = np.log([0.029 if char.isdigit() else 0.0137 for char in CLASSES]).astype(np.float32)
ONE = {"1": 0.5, "l": 0.4, "I": 0.1}
RING = {"0": 0.4, "o": 0.4, "O": 0.2}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge(Line.load(), Language.load(), Kinds.of(SHARES))


def read(
    knowledge: Knowledge,
    glyphs: list[dict[str, float]],
    alphabet: AlphabetChoice = "auto",
    before_gap: int = 99,
    wider: int = 200,
) -> Decoded:
    """What bars of one height are read as that a net takes for these, and any two of them for no character.

    After the first `before_gap` of them the gap is wider by so much; 200 make it a space for sure.
    """
    places = [70 * i + wider * (i >= before_gap) for i in range(len(glyphs))]
    bars = [Stroke.from_points([x] * 12, list(range(0, 60, 5)), None, i) for i, x in enumerate(places)]
    cuts = segment(Ink(tuple(bars)))
    p = np.full((len(cuts.hypotheses), len(CLASSES)), 1e-6)
    junk = np.full(len(p), 8.0)
    for row, hypothesis in enumerate(cuts.hypotheses):
        if len(hypothesis.strokes) == 1:
            junk[row] = -8.0
            for char, share in glyphs[hypothesis.strokes[0]].items():
                p[row, CLASSES.index(char)] = share
    return decode(
        Judged(cuts, JOINS),
        Scores.of(np.column_stack([np.log(p), junk]).astype(np.float32)),
        knowledge,
        alphabet,
    )


def sure(text: str) -> list[dict[str, float]]:
    return [{char: 1.0} for char in text]


@pytest.mark.parametrize(
    ("glyphs", "text", "alphabet"),
    [
        (sure("2748"), "2748", "digits"),
        (sure("7"), "7", "digits"),
        (sure("THE"), "THE", "letters"),
        (sure("HEAR"), "HEAR", "letters"),
        (sure("E274"), "E274", "alphanumeric"),
        (sure("27K"), "27K", "alphanumeric"),
        ([ONE, RING, RING, RING], "1000", "digits"),
    ],
)
def test_auto_answers_with_the_narrowest_alphabet_that_says_it(
    knowledge: Knowledge, glyphs: list[dict[str, float]], text: str, alphabet: Alphabet
) -> None:
    found = read(knowledge, glyphs)
    assert (found.texts[0][0], found.alphabet) == (text, alphabet)
    assert found.readers[0].lattice.alphabet == alphabet


@pytest.mark.parametrize(
    ("glyphs", "text"),
    [
        ([ONE, RING, RING, RING], "1000"),
        ([{"H": 1.0}, RING, ONE, {"D": 1.0}], "HOlD"),
        ([{"B": 1.0}, ONE, {"2": 1.0}], "B12"),
    ],
)
def test_a_word_is_one_of_letters_a_number_or_mixed(
    knowledge: Knowledge, glyphs: list[dict[str, float]], text: str
) -> None:
    found = read(knowledge, glyphs, "alphanumeric").texts[0][0]
    assert found.lower() == text.lower()


def test_a_word_and_a_number_beside_each_other_are_read_as_what_they_are(knowledge: Knowledge) -> None:
    found = read(knowledge, [*sure("T"), RING, ONE, RING, *sure("5")], before_gap=2)
    assert (found.texts[0][0].lower(), found.alphabet) == ("to 105", "alphanumeric")


@pytest.mark.parametrize(
    ("glyphs", "before_gap", "wider", "text", "alphabet"),
    [
        ("THEMAN", 3, 45, "the man", "letters"),
        ("TOGETHER", 2, 50, "together", "letters"),
        ("BY5", 2, 75, "by 5", "alphanumeric"),
        ("2GO", 1, 75, "2 go", "alphanumeric"),
    ],
)
def test_where_a_gap_leaves_doubt_what_it_parts_tells_whether_it_is_a_space(
    knowledge: Knowledge, glyphs: str, before_gap: int, wider: int, text: str, alphabet: Alphabet
) -> None:
    assert read(knowledge, sure(glyphs), alphabet, before_gap, wider).texts[0][0].lower() == text


def test_no_word_makes_a_space_of_a_narrow_gap_nor_fills_a_wide_one(knowledge: Knowledge) -> None:
    assert read(knowledge, sure("THEMAN"), "letters", 3, wider=10).texts[0][0].lower() == "theman"
    assert read(knowledge, sure("TOGETHER"), "letters", 2).texts[0][0].lower() == "to gether"


def test_a_doubtful_space_makes_the_text_less_sure_but_no_character(knowledge: Knowledge) -> None:
    narrow, doubtful, wide = (read(knowledge, sure("274831"), "digits", 3, wider) for wider in (0, 50, 200))
    (_, least), (_, most) = doubtful.texts[0], narrow.texts[0]
    assert [found.texts[0][0] for found in (narrow, wide)] == ["274831", "274 831"]
    assert least < 0.95 * most
    assert wide.texts[0][1] == pytest.approx(most)
    assert [labels[0] for labels in doubtful.labels] == [labels[0] for labels in narrow.labels]
