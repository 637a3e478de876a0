"""Centre lines of pictures, gone along as most people draw them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.reading.centrelines import usual_way
from model.reading.ink import Polyline

points = arrays(np.float32, st.tuples(st.integers(1, 9), st.just(2)), elements=st.integers(0, 50).map(float))


def line(*ends: tuple[float, float], count: int = 8) -> Polyline:
    return np.linspace(*ends, count, dtype=np.float32)


def test_of_a_spray_of_dots_only_the_longest_lines_count() -> None:
    dots = [np.float32([[i, i]]) for i in range(5000)]
    way = usual_way([*dots, line((0, 0), (9, 9)), *dots])
    assert len(way) < 20
    assert any(len(path) == 8 for path in way)


@given(st.lists(points, max_size=5))
def test_every_point_is_passed_and_no_other(lines: list[Polyline]) -> None:
    way = usual_way(lines)
    assert len(way) == len(lines)
    assert {tuple(point) for path in way for point in path} == {tuple(point) for path in lines for point in path}


@pytest.mark.parametrize("turned", [False, True])
def test_a_line_begins_at_the_upper_left(turned: bool) -> None:
    drawn = line((0, 0), (10, 30))
    (way,) = usual_way([drawn[::-1] if turned else drawn])
    assert (way == drawn).all()


def test_from_the_end_of_one_to_the_nearest_end_of_the_next() -> None:
    bar, stem, foot = line((0, 0), (20, 0)), line((10, 40), (19, 1)), line((40, 40), (12, 41))
    way = usual_way([foot, stem, bar])
    assert [tuple(path[0]) for path in way] == [(0, 0), (19, 1), (12, 41)]


@pytest.mark.parametrize("begin", [0, 7, 20])
@pytest.mark.parametrize("turned", [False, True])
def test_a_ring_begins_at_the_top_and_goes_to_the_left(begin: int, turned: bool) -> None:
    angle = np.linspace(0, 2 * np.pi, 33)[:-1]
    ring = np.roll(np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32) * 20 + 30, begin, axis=0)
    ring = np.concatenate([ring, ring[:1]])
    (way,) = usual_way([ring[::-1] if turned else ring])
    assert tuple(way[0]) == tuple(way[-1]) == pytest.approx((30, 10), abs=0.01)
    assert way[3, 0] < 30
