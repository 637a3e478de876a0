"""The forms that our own drawings are sent in: pens that fit, and nothing cut off."""

from __future__ import annotations

import numpy as np
import pytest

from model.benchmarks.specimens import write
from model.reading.imagefile import decode
from model.reading.ink import Ink, Stroke
from model.reading.layout import line_height
from model.training.forms import FLAT, FORMS, png_of, some_pen

INK = write("2048")


def test_pens_go_from_a_fine_liner_to_a_marker_and_chance_alone_decides() -> None:
    pens = [some_pen(INK, np.random.default_rng(seed)) for seed in range(200)]
    shares = np.array(pens) / line_height(INK.strokes)
    assert shares.min() < 0.03
    assert 0.12 < shares.max() <= 0.17
    assert pens[:20] == [some_pen(INK, np.random.default_rng(seed)) for seed in range(20)]


@pytest.mark.parametrize("size", [1, 5])
def test_no_pen_reaches_over_the_edge(size: int) -> None:
    large = Ink(tuple(Stroke((s.points * np.float32(size),), s.index) for s in INK.strokes))
    broadest = max(some_pen(large, np.random.default_rng(seed)) for seed in range(100))
    drawn = decode(png_of(large, broadest))
    assert drawn.any()
    assert not any(edge.any() for edge in (drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]))


@pytest.mark.parametrize("form", FLAT)
def test_flat_images_do_not_tell_strokes_apart(form: str) -> None:
    strokes = FORMS[form](INK).strokes
    assert strokes
    assert all(stroke.is_flat for stroke in strokes)
    assert not FORMS[form](Ink(())).strokes
