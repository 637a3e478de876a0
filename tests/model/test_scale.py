"""Ink of a canvas that goes from 0 to 1 is read as well; a dot stays a dot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.benchmarks.specimens import timed, write
from model.reading.alphabet import REJECTED
from model.reading.ink import Ink
from model.reading.recognizer import Recognizer
from model.reading.scale import Unit, in_pixels


def scaled(ink: Ink, by: float, x: float = 0.0, y: float = 0.0) -> Ink:
    place = np.array([x, y], np.float32)
    return Ink(tuple(replace(s, paths=tuple(path * np.float32(by) + place for path in s.paths)) for s in ink.strokes))


@pytest.mark.parametrize(
    ("by", "place"), [(0.003, (0.0, 0.0)), (0.003, (0.4, -0.2)), (0.0005, (0.4, -0.2)), (0.00001, (0.0, 0.0))]
)
def test_a_number_within_one_unit_is_read_where_it_stands(by: float, place: tuple[float, float]) -> None:
    large = Recognizer.load().read(write("471"))
    small = Recognizer.load().read(scaled(write("471"), by, *place))
    assert small.text == large.text == "471"
    for a, b in zip(small.glyphs, large.glyphs, strict=True):
        assert a.box.x == pytest.approx(b.box.x * by + place[0], abs=0.02 * b.box.width * by)
        assert a.box.width == pytest.approx(b.box.width * by, rel=0.05)


def test_pixels_stay_as_they_are() -> None:
    ink = write("2048")
    assert in_pixels(ink) == (ink, Unit())
    assert in_pixels(Ink(())) == (Ink(()), Unit())


@pytest.mark.parametrize("reach", [0.3, 1.0])
def test_a_trembling_tap_is_a_dot(reach: float) -> None:
    rng = np.random.default_rng(0)
    tap = timed([(50 + reach * rng.random((30, 2))).astype(np.float32)])
    assert in_pixels(tap)[1] == Unit()
    assert Recognizer.load().read(tap).text == REJECTED
