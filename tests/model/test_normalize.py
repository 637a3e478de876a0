"""One glyph → 28×28: what training and reading share."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.benchmarks.specimens import digit_paths, write
from model.reading.ink import Stroke, StrokeImage
from model.reading.normalize import BOX, SIDE, draw, glyph_picture, normalize, overlaid
from model.training.forms import FORMS


def extent(picture: np.ndarray) -> tuple[int, int]:
    rows, columns = np.nonzero(picture >= 0.2)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


@pytest.mark.parametrize("digit", list("0123456789"))
@pytest.mark.parametrize("height", [12, 40, 700])
def test_the_longer_side_fills_the_box_at_any_size(digit: str, height: float) -> None:
    picture = normalize(draw([path * np.float32(height) for path in digit_paths(digit)]))
    assert picture.shape == (SIDE, SIDE)
    assert picture.dtype == np.float32
    assert abs(max(extent(picture)) - BOX) <= 1


@pytest.mark.parametrize("digit", list("0235689"))
def test_the_mass_lies_at_the_centre(digit: str) -> None:
    picture = normalize(draw([path * np.float32(60) for path in digit_paths(digit)]))
    at = np.arange(SIDE)
    assert abs((picture.sum(axis=0) @ at) / picture.sum() - 13.5) <= 0.75
    assert abs((picture.sum(axis=1) @ at) / picture.sum() - 13.5) <= 0.75


def test_aspect_is_kept() -> None:
    upright = normalize(draw([np.array([[0, 0], [0, 80]], np.float32)]))
    assert extent(upright)[1] >= 19
    assert extent(upright)[0] <= 4


def test_no_ink_gives_an_empty_picture() -> None:
    assert not normalize(np.zeros((30, 40), np.uint8)).any()


def test_a_dot_is_drawn_as_a_dot_and_not_blown_up_into_its_tremble() -> None:
    steady = glyph_picture([Stroke.from_points([50], [50])])
    trembling = glyph_picture([Stroke.from_points([50, 51, 52, 50], [50, 52, 50, 51])])
    assert np.array_equal(steady, trembling)
    assert steady.any()


@given(st.lists(st.tuples(st.floats(-1e4, 1e4, width=32), st.floats(-1e4, 1e4, width=32)), min_size=1, max_size=30))
def test_any_ink_gives_a_picture(points: list[tuple[float, float]]) -> None:
    path = np.array(points, np.float32)
    picture = normalize(draw([path]))
    assert picture.shape == (SIDE, SIDE)
    assert np.isfinite(picture).all()
    assert 0 <= picture.min() <= picture.max() <= 1
    assert picture.any()


@pytest.mark.parametrize("digit", list("0123456789"))
def test_a_picture_of_a_stroke_looks_like_its_points(digit: str) -> None:
    ink = write(digit, height=90)
    drawn = glyph_picture(ink.strokes)
    seen = glyph_picture(FORMS["pictures"](ink).strokes)
    near = cv2.dilate((drawn > 0.1).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert not (seen[~near] > 0.3).any()
    assert (seen[drawn > 0.9] > 0.1).mean() > 0.6


def test_pictures_far_apart_are_laid_together_small() -> None:
    full = np.full((500, 500), 255, np.uint8)
    near, far = (StrokeImage(full, x, 0.0, 1.0, 300.0) for x in (0.0, 30_000.0))
    image, ratio = overlaid([near, far])
    assert max(image.shape) <= 2050
    assert ratio == pytest.approx(2048 / 30_500)
    assert [int(image[:, side].max()) for side in (5, -5)] == [255, 255]
    assert overlaid([near])[0] is not full
    assert (overlaid([near])[0] == full).all()
