"""What drawings may be cut into, for both nets to learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from samples import number

from model.reading.alphabet import CLASSES
from model.reading.classify import Classifier
from model.reading.trajectory import trajectories
from model.training.data import GlyphSet, as_float
from model.training.hypotheses import hypotheses, hypotheses_of


def labels(glyphs: GlyphSet) -> list[str]:
    """The characters that are learned from a drawing."""
    return [CLASSES[row.argmax()] for row in glyphs.allowed[~glyphs.junk]]


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("text", ["45", "3105", "77"])
def test_every_character_is_learned_as_what_it_is(text: str, flat: bool) -> None:
    found = hypotheses_of(number(text, 0.6), np.random.default_rng(0), flat)
    assert sorted(labels(found)) == sorted(text)
    assert (found.allowed[~found.junk].sum(axis=1) == 1).all()


def test_the_way_of_the_pen_is_that_of_the_character() -> None:
    drawn = number("3105", 0.6)
    found = hypotheses_of(drawn, np.random.default_rng(0))
    paths = [stroke.points for stroke in drawn.ink.strokes]
    whole = trajectories(paths, [False] * len(paths), [strokes for _, strokes in drawn.groups])
    assert found.trajectories is not None
    for digit, way in zip("3105", whole, strict=True):
        same = [
            char
            for char, other in zip(labels(found), found.trajectories, strict=False)
            if np.allclose(other, way, atol=0.1)
        ]
        assert same == [digit]


def test_a_flat_image_does_not_tell_the_way_of_the_pen() -> None:
    found = hypotheses_of(number("45", 0.6), np.random.default_rng(0), flat=True)
    assert found.trajectories is not None
    assert np.isnan(found.trajectories).all()


@pytest.mark.parametrize("text", ["3105", "6543", "352"])
def test_digits_that_touch_in_a_flat_image_are_told_from_what_is_not_one(text: str) -> None:
    found = hypotheses_of(number(text, 0.52), np.random.default_rng(0), flat=True)
    log_p = Classifier.load().classify(as_float(found.images)).log_p
    read = [CLASSES[row[:10].argmax()] for row in log_p[~found.junk]]
    assert read == labels(found)
    assert len(read) >= len(text) - 1  # one may have no hypothesis that is near enough to it


@pytest.mark.parametrize("flat", [False, True])
def test_other_cuts_are_no_characters_and_may_be_anything(flat: bool) -> None:
    found = hypotheses_of(number("4545", 0.6), np.random.default_rng(0), flat)
    assert 0 < found.junk.sum() <= 2 * (~found.junk).sum()
    assert found.allowed[found.junk].all()
    assert found.images.shape == (len(found.junk), 28, 28)


def test_drawings_are_composed_of_ink_and_chance_alone_decides(written: Path) -> None:
    one, again = (list(hypotheses(written, 20, np.random.default_rng(0), flat=0.5)) for _ in range(2))
    assert len(one) > 10
    flat = 0
    for found, other in zip(one, again, strict=True):
        assert (found.images == other.images).all()
        assert (found.junk == other.junk).all()
        assert found.trajectories is not None
        flat += bool(np.isnan(found.trajectories).all())
    assert 0 < flat < len(one)
