"""What words look like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.reading.classify import WEIGHTS, ModelError
from model.reading.language import EDGE, LETTERS, Language
from model.training.language import COMMON, learn_language


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


def ink(*places: dict[str, float]) -> np.ndarray:
    """Log-probabilities of letters at each place; what is left is spread evenly."""
    rows = []
    for place in places:
        row = np.full(LETTERS, (1 - sum(place.values())) / LETTERS)
        for letter, p in place.items():
            row[ord(letter) - ord("a")] += p
        rows.append(np.log(row))
    return np.array(rows)


def best(rows: np.ndarray) -> str:
    return "".join(chr(ord("a") + i) for i in rows.argmax(axis=1))


def test_doubtful_ink_becomes_a_word(language: Language) -> None:
    doubtful = ink({"t": 0.9}, {"n": 0.6, "h": 0.35}, {"c": 0.5, "e": 0.45})
    weighed, evidence = language.weigh(doubtful)
    assert best(weighed) == "the"
    assert evidence > 0


@pytest.mark.parametrize("text", ["qvxk", "zzjq", "tne", "xkcd", "wprld", "aeiou"])
def test_clear_ink_is_never_overruled(language: Language, text: str) -> None:
    weighed, _ = language.weigh(ink(*({letter: 0.99} for letter in text)))
    assert best(weighed) == text


def test_a_string_that_is_no_word_has_less_evidence(language: Language) -> None:
    assert language.weigh(ink(*({c: 0.9} for c in "hello")))[1] > language.weigh(ink(*({c: 0.9} for c in "hlelo")))[1]


def test_what_looks_like_a_word_is_helped_without_being_in_the_list(language: Language) -> None:
    doubtful = ink(*({c: 0.95} for c in "tingl"), {"i": 0.5, "x": 0.49}, *({c: 0.95} for c in "fication"))
    assert best(language.weigh(doubtful)[0]) == "tinglification"


@pytest.mark.parametrize("length", [1, 2, 25, 60])
def test_any_length_stays_a_distribution(language: Language, length: int) -> None:
    weighed, evidence = language.weigh(ink(*[{"e": 0.5}] * length))
    assert np.exp(weighed).sum(axis=1) == pytest.approx(np.ones(length), abs=1e-4)
    assert np.isfinite(evidence)


def test_trigrams_are_probabilities(language: Language) -> None:
    assert np.exp(language.trigrams).sum(axis=2) == pytest.approx(np.ones((27, 27)), abs=0.02)
    assert language.trigrams[ord("t") - 97, ord("h") - 97, ord("e") - 97] > np.log(0.2)
    assert language.trigrams[EDGE, ord("q") - 97, ord("u") - 97] > np.log(0.5)


def test_a_language_is_made_of_word_lists(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_text("Apple\npear\nisn't\n")
    large.write_text("apple\nbanana\nnaïve\n")
    assert learn_language([small, large], tmp_path) == len({*COMMON.split(), "apple", "pear", "banana"})
    made = Language.load(tmp_path)
    assert "apple" in {"".join(chr(97 + i) for i in word) for word in made.words[5]}


def test_words_of_earlier_lists_are_likelier(tmp_path: Path) -> None:
    for name, text in (("first", "zebu"), ("second", "zebu\nyurt"), ("third", "yurt\nxyst")):
        (tmp_path / name).write_text(text)
    learn_language([tmp_path / name for name in ("first", "second", "third")], tmp_path)
    made = Language.load(tmp_path)
    at = {"".join(chr(97 + i) for i in word): p for word, p in zip(made.words[4], made.log_words[4], strict=True)}
    assert at["zebu"] > at["yurt"] > at["xyst"]


def test_a_missing_language_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"language\.npz"):
        Language.load(tmp_path)


@pytest.mark.parametrize("kept", [0, 1000])
def test_a_language_cut_short_is_named(tmp_path: Path, kept: int) -> None:
    (tmp_path / "language.npz").write_bytes((WEIGHTS / "language.npz").read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"language\.npz"):
        Language.load(tmp_path)
