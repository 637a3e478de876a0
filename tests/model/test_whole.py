"""What a line says read whole: labels and ways through the lattice as it changes them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.benchmarks.drawings import scribble
from model.benchmarks.specimens import write
from model.reading.alphabet import CLASSES
from model.reading.classify import WEIGHTS
from model.reading.ink import Ink, Stroke
from model.reading.segment import segment
from model.reading.sequence import SequenceNet
from model.reading.whole import Whole
from model.training.forms import as_image

DIGITS = "0123456789"


@pytest.fixture(scope="module")
def net() -> SequenceNet:
    return SequenceNet.load(WEIGHTS)


def whole(net: SequenceNet, ink: Ink) -> Whole:
    return Whole(net, ink, segment(ink), "digits")


def rows(*glyphs: dict[str, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Log-probabilities of digits for each glyph; what is not named is hardly possible."""
    p = np.full((len(glyphs), 10), 1e-6)
    for row, glyph in zip(p, glyphs, strict=True):
        for char, share in glyph.items():
            row[int(char)] = share
    return np.log(p / p.sum(axis=1, keepdims=True))


def test_where_a_glyph_leaves_doubt_the_line_decides(net: SequenceNet) -> None:
    given = rows({"2": 0.5, "3": 0.5}, {"7": 1.0}, {"4": 0.5, "9": 0.5})
    weighed, _ = whole(net, write("274")).weigh(0, given, DIGITS, 0.5)
    assert "".join(DIGITS[i] for i in weighed.argmax(axis=1)) == "274"
    assert np.exp(weighed).sum(axis=1) == pytest.approx(1)


def test_a_cut_into_too_many_glyphs_gains_less(net: SequenceNet) -> None:
    line = whole(net, write("274"))
    right = line.weigh(0, rows({"2": 1.0}, {"7": 1.0}, {"4": 1.0}), DIGITS, 0.5)[1]
    torn = line.weigh(0, rows({"2": 1.0}, {"7": 1.0}, {"1": 1.0}, {"4": 1.0}), DIGITS, 0.5)[1]
    merged = line.weigh(0, rows({"2": 1.0}, {"4": 1.0}), DIGITS, 0.5)[1]
    assert right > max(torn, merged) + 1


def test_what_a_flat_image_hardly_shows_may_still_be_there(net: SequenceNet) -> None:
    right, wrong = rows({"2": 1.0}, {"7": 1.0}, {"4": 1.0}), rows(*[{"8": 1.0}] * 7)
    lags = []
    for ink in (write("274"), as_image(write("274"))):
        line = whole(net, ink)
        lags.append(line.weigh(0, right, DIGITS, 1.0)[1] - line.weigh(0, wrong, DIGITS, 1.0)[1])
    points, flat = lags
    assert points > 12
    assert flat == pytest.approx(6, abs=0.1)


def test_what_weighs_nothing_changes_nothing(net: SequenceNet) -> None:
    given = rows({"2": 0.7, "3": 0.3}, {"7": 1.0}, {"4": 1.0})
    weighed, gained = whole(net, write("274")).weigh(0, given, DIGITS, 0.0)
    assert weighed == pytest.approx(given)
    assert gained == 0


def test_each_line_is_read_by_itself(net: SequenceNet) -> None:
    below = [
        Stroke((path + np.float32([0, 300]),), 10 + i) for i, s in enumerate(write("83").strokes) for path in s.paths
    ]
    ink = Ink((*write("27").strokes, *below))
    both = whole(net, ink)
    for line, text in ((0, "27"), (1, "83")):
        given = rows(*({char: 0.5, DIGITS[9 - int(char)]: 0.5} for char in text))
        assert "".join(DIGITS[i] for i in both.weigh(line, given, DIGITS, 1.0)[0].argmax(axis=1)) == text
    assert CLASSES.startswith(DIGITS)


@pytest.mark.parametrize("form", [lambda ink: ink, as_image])
def test_scribbles_say_nothing_and_numbers_something(net: SequenceNet, form: Callable[[Ink], Ink]) -> None:
    walks = [scribble(np.random.default_rng(seed)) for seed in range(9)]
    silences = [whole(net, form(Ink((Stroke((walk,), 0),)))).silence([0]) for walk in walks]
    assert np.median(silences) > 1
    assert min(silences) > -8
    spoken = whole(net, form(write("274")))
    assert spoken.silence([0, 0, 0]) < -10
