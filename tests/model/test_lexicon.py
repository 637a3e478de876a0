"""Reading with a word list."""

from __future__ import annotations

import pytest

from model.benchmarks.specimens import write
from model.reading.alphabet import REJECTED
from model.reading.reading import Options
from model.reading.recognizer import Recognizer


def test_the_answer_is_one_of_the_words(recognizer: Recognizer) -> None:
    reading = recognizer.read(write("2048"), Options(lexicon=("2098", "7777", "12", "2o4B")))
    assert reading.text in {"2098", "2o4B"}
    assert {a.text for a in reading.alternatives} <= {"2098", "7777", "12", "2o4B"}


def test_a_list_that_holds_the_text_reads_it(recognizer: Recognizer) -> None:
    words = tuple(str(n) for n in range(1000, 3000))
    reading = recognizer.read(write("2048"), Options(lexicon=words))
    assert reading.text == "2048"
    assert [glyph.char for glyph in reading.glyphs] == list("2048")
    assert reading.confidence > 0.5


def test_case_does_not_matter_for_the_match(recognizer: Recognizer) -> None:
    assert recognizer.read(write("0"), Options(lexicon=("O", "X"))).text == "O"
    assert recognizer.read(write("0"), Options(lexicon=("o", "x"))).text == "o"


def test_letters_without_a_class_are_unlikely_and_no_error(recognizer: Recognizer) -> None:
    assert recognizer.read(write("20"), Options(lexicon=("2é", "20"))).text == "20"
    assert recognizer.read(write("20"), Options(lexicon=("2é",))).text == "2é"


def test_where_no_word_can_be_this_drawing_every_glyph_is_refused(recognizer: Recognizer) -> None:
    reading = recognizer.read(write("11"), Options(lexicon=("abcdefghij",)))
    assert reading.text == REJECTED * len(reading.glyphs)


@pytest.mark.parametrize("alternatives", [0, 1, 5])
def test_alternatives_are_other_words(recognizer: Recognizer, alternatives: int) -> None:
    reading = recognizer.read(write("2048"), Options(lexicon=("2048", "2098", "7048"), alternatives=alternatives))
    assert reading.text == "2048"
    assert len(reading.alternatives) == min(alternatives, 3)
