"""Shapes that few of the data's writers make are read all the same."""

from __future__ import annotations

import numpy as np
import pytest

from model.benchmarks.specimens import timed
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.shapes import LENT

_DRAWN = 60


@pytest.mark.parametrize("char", LENT)
def test_a_shape_that_was_lent_is_read(recognizer: Recognizer, char: str) -> None:
    _, shape = LENT[char]
    options = Options("digits" if char.isdigit() else "letters")
    drawn = [timed([1.5 * path + np.float32(60) for path in shape(np.random.default_rng(i))]) for i in range(_DRAWN)]
    read = [recognizer.read(ink, options).text.lower() for ink in drawn]
    assert read.count(char.lower()) >= 0.9 * _DRAWN
