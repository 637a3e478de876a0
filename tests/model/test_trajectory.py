"""How the pen went: what trajectories tell apart, and what they do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.trajectory import CHANNELS, SHAPE, trajectories

LINE = np.array([[0, 0], [10, 5], [20, 40]], np.float32)
RING = np.column_stack([np.sin(np.linspace(0, 6.3, 40)), -np.cos(np.linspace(0, 6.3, 40))]).astype(np.float32) * 20
BAR = np.array([[-25, 0], [25, 0]], np.float32)


def of(*paths: np.ndarray, torn: bool = False) -> np.ndarray:
    return trajectories(paths, [torn and i > 0 for i in range(len(paths))], [range(len(paths))])[0]


def channels(trajectory: np.ndarray, *names: str) -> np.ndarray:
    return trajectory[:, [CHANNELS.index(name) for name in names]]


@given(st.floats(0.01, 1000), st.floats(-500, 500), st.floats(-500, 500))
def test_size_and_place_do_not_matter(scale: float, x: float, y: float) -> None:
    moved = [(path * scale + [x, y]).astype(np.float32) for path in (RING, BAR)]
    assert of(*moved) == pytest.approx(of(RING, BAR), abs=0.05 + 1e-4 * max(abs(x), abs(y)) / scale)


def test_a_line_drawn_backwards_is_another_trajectory() -> None:
    there, back = of(LINE), of(LINE[::-1])
    assert channels(there, "x", "y") == pytest.approx(channels(back, "x", "y")[::-1], abs=0.01)
    assert channels(there, "right", "down")[1:] == pytest.approx(-channels(back, "right", "down")[:0:-1], abs=0.05)


def test_directions_are_those_of_the_way() -> None:
    right, down = of(BAR), of(BAR[:, ::-1])
    assert channels(right, "right", "down")[1:] == pytest.approx(np.tile([1, 0], (63, 1)), abs=1e-5)
    assert channels(down, "right", "down")[1:] == pytest.approx(np.tile([0, 1], (63, 1)), abs=1e-5)
    assert channels(right, "far")[1:, 0] == pytest.approx(np.full(63, 8 / 64), abs=1e-3)


def test_how_often_the_device_looks_does_not_matter() -> None:
    dense = np.column_stack([np.interp(np.linspace(0, 2, 300), [0, 1, 2], LINE[:, axis]) for axis in (0, 1)])
    assert of(dense.astype(np.float32)) == pytest.approx(of(LINE), abs=0.15)


def test_strokes_begin_where_they_begin_but_not_pieces_of_one() -> None:
    assert channels(of(RING), "begun").sum() == 0
    assert channels(of(RING, BAR), "begun").sum() == 1
    assert channels(of(BAR, RING, BAR), "begun").sum() == 2
    assert channels(of(RING[:20], RING[19:], torn=True), "begun").sum() == 0


def test_pieces_of_a_stroke_are_a_stroke() -> None:
    assert of(RING[:20], RING[19:], torn=True) == pytest.approx(of(RING), abs=0.1)


@given(st.integers(1, 5))
def test_dots_have_trajectories(count: int) -> None:
    dots = [np.full((1, 2), 7.0 * i, np.float32) for i in range(count)]
    assert np.isfinite(of(*dots)).all()


def test_a_dot_is_one_of_the_points() -> None:
    stem, dot = np.array([[0, 20], [0, 60]], np.float32), np.array([[0, 0]], np.float32)
    trajectory = of(stem, dot)
    assert channels(trajectory, "begun").sum() == 1
    assert channels(trajectory, "y")[-1] == pytest.approx(-1)
    assert channels(trajectory, "far").max() > 2


def test_a_glyph_has_the_same_trajectory_in_any_company() -> None:
    strokes = [RING, BAR, LINE, LINE[:1]]
    together = trajectories(strokes, [False] * 4, [(0, 1), (2,), (0, 2, 3), (1,)])
    for glyph, found in zip([(0, 1), (2,), (0, 2, 3), (1,)], together, strict=True):
        assert found == pytest.approx(of(*[strokes[i] for i in glyph]), abs=1e-5)


def test_no_glyph_has_no_trajectory() -> None:
    assert trajectories([], [], []).shape == (0, *SHAPE)
