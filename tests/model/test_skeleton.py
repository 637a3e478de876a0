"""Thinning and tracing: the way of the pen from a picture of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.reading.skeleton import thin, trace


def pieces(mask: NDArray[np.bool_]) -> int:
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


def holes(mask: NDArray[np.bool_]) -> int:
    return cv2.connectedComponents(np.pad(~mask, 1, constant_values=True).astype(np.uint8), connectivity=4)[0] - 2


def blob(seed: int) -> NDArray[np.bool_]:
    """Random thick ink with loops and crossings."""
    rng = np.random.default_rng(seed)
    canvas = np.zeros((64, 64), np.uint8)
    cv2.polylines(canvas, [rng.integers(6, 58, (6, 2)).astype(np.int32)], False, 255, int(rng.integers(1, 7)))
    return canvas > 0


@given(st.integers(0, 10_000))
def test_thinning_keeps_pieces_and_holes_and_stays_inside(seed: int) -> None:
    mask = blob(seed)
    lines = thin(mask)
    assert not (lines & ~mask).any()
    assert pieces(lines) == pieces(mask)
    assert holes(lines) == holes(mask)


def test_a_thick_bar_becomes_its_middle() -> None:
    mask = np.zeros((20, 60), bool)
    mask[8:13, 5:55] = True
    (path,) = trace(thin(mask), spur=8)
    assert abs(path[:, 1] - 10).max() <= 1
    assert path[:, 0].max() - path[:, 0].min() > 42


def test_a_ring_is_followed_round_once() -> None:
    canvas = np.zeros((60, 60), np.uint8)
    cv2.circle(canvas, (30, 30), 20, 255, 5)
    (path,) = trace(thin(canvas > 0), spur=8)
    length = np.hypot(*np.diff(path, axis=0).T).sum()
    assert 110 < length < 140  # 2 π 20 = 126
    assert np.hypot(*(path[0] - path[-1])) <= 3


def test_a_cross_has_four_arms_and_no_spurs() -> None:
    canvas = np.zeros((60, 60), np.uint8)
    cv2.line(canvas, (5, 30), (55, 30), 255, 5)
    cv2.line(canvas, (30, 5), (30, 55), 255, 5)
    arms = [path for path in trace(thin(canvas > 0), spur=8) if len(path) > 6]
    assert len(arms) == 4


def test_a_lone_pixel_is_a_point() -> None:
    mask = np.zeros((5, 5), bool)
    mask[2, 3] = True
    (path,) = trace(thin(mask), spur=4)
    assert path.tolist() == [[3, 2]]


@pytest.mark.parametrize("side", range(1, 9))
def test_a_dot_never_vanishes(side: int) -> None:
    mask = np.zeros((30, 30), bool)
    mask[10 : 10 + side, 10 : 10 + side] = True
    mask[25:27, 3:5] = True
    assert pieces(thin(mask)) == 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 3)])
def test_no_ink_no_paths(shape: tuple[int, int]) -> None:
    assert trace(thin(np.zeros(shape, bool)), spur=4) == []


@given(st.integers(0, 10_000))
def test_every_pixel_of_a_skeleton_is_near_a_path(seed: int) -> None:
    lines = thin(blob(seed))
    paths = np.concatenate(trace(lines, spur=0))
    rows, columns = np.nonzero(lines)
    distance = np.hypot(columns[:, None] - paths[:, 0], rows[:, None] - paths[:, 1]).min(axis=1)
    assert distance.max() <= 1.5


def test_many_squares_each_keep_a_pixel() -> None:
    mask = np.zeros((900, 900), bool)
    for row in (0, 1):
        for column in (0, 1):
            mask[row::4, column::4] = True
    lines = thin(mask)  # as many pieces as this would take a minute, one by one
    assert not (lines & ~mask).any()
    assert lines.sum() == pieces(mask) == 225**2
