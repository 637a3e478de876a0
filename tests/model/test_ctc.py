"""Columns → log-probabilities of texts: what every way of laying them along the columns adds up to."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.ctc import log_probabilities

CLASSES = 3


def columns(count: int, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.random.default_rng(seed).dirichlet(np.ones(1 + CLASSES), count)


def padded(texts: list[tuple[int, ...]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    found = np.zeros((len(texts), max(1, *map(len, texts))), np.int64)
    for row, text in zip(found, texts, strict=True):
        row[: len(text)] = text
    return found


@given(st.integers(1, 5), st.integers(0, 1000))
def test_a_text_is_as_likely_as_all_ways_to_show_it(count: int, seed: int) -> None:
    shown = columns(count, seed)
    expected: dict[tuple[int, ...], float] = {}
    for way in product(range(1 + CLASSES), repeat=count):
        text = tuple(char for char, _ in groupby(way) if char)
        expected[text] = expected.get(text, 0.0) + float(np.prod(shown[np.arange(count), way]))
    found = log_probabilities(shown, padded(list(expected)))
    assert np.exp(found) == pytest.approx(np.array(list(expected.values())))


def test_a_text_longer_than_its_columns_is_hopeless() -> None:
    assert log_probabilities(columns(2, 0), padded([(1, 2, 3), (1, 1)])).max() < -500


def test_a_long_line_keeps_its_precision() -> None:
    shown = np.tile(columns(2, 1), (2000, 1))
    short, long = log_probabilities(shown, padded([(1, 2), (1, 2) * 600]))
    assert np.isfinite([short, long]).all()
    assert short < long < 0
