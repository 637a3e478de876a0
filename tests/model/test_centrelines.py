"""Centre lines of pictures, gone along as a pen most likely went."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.benchmarks.specimens import write
from model.reading.centrelines import usual_way
from model.reading.ink import Polyline, evenly, way_along
from model.training.forms import FORMS

points = arrays(np.float32, st.tuples(st.integers(1, 9), st.just(2)), elements=st.integers(0, 50).map(float))


def line(*ends: tuple[float, float], count: int = 8) -> Polyline:
    return np.linspace(*ends, count, dtype=np.float32)


PEN = 1.0


def test_of_a_spray_of_dots_only_the_longest_lines_count() -> None:
    dots = [np.float32([[i, i]]) for i in range(5000)]
    way, _ = usual_way([*dots, line((0, 0), (9, 9)), *dots], PEN / 100)
    assert len(way) < 20
    assert any(len(path) >= 8 for path in way)


@given(st.lists(points, min_size=1, max_size=5), st.sampled_from([0.01, 1.0, 5.0, 20.0]))
def test_every_point_is_passed_and_no_other(lines: list[Polyline], pen: float) -> None:
    way, is_plain = usual_way(lines, pen)
    passed = {tuple(point) for path in way for point in path}
    assert passed <= {tuple(point) for path in lines for point in path}
    long = [path for path in lines if len(path) == 1 or way_along(path)[-1] > 3.3 * pen]
    assert passed >= {tuple(point) for path in long for point in path}
    assert sum(map(len, way)) <= 3 * sum(map(len, lines))
    assert len(way) == 1 or not is_plain


@pytest.mark.parametrize("turned", [False, True])
def test_a_line_begins_at_the_upper_left(turned: bool) -> None:
    drawn = line((0, 0), (10, 30))
    (way,), is_plain = usual_way([drawn[::-1] if turned else drawn], PEN)
    assert (way == drawn).all()
    assert is_plain


def test_where_lines_do_not_meet_the_pen_was_lifted() -> None:
    bar, stem, foot = line((0, 0), (20, 0)), line((10, 40), (19.5, 1)), line((40, 40), (14, 41))
    (one, other), is_plain = usual_way([foot, stem, bar], 2 * PEN)
    assert not is_plain
    assert one.tolist() == [*bar.tolist(), *stem[::-1].tolist()]
    assert other.tolist() == foot[::-1].tolist()


@pytest.mark.parametrize("apart", [0.0, 1.5])
def test_a_crossing_is_gone_straight_through(apart: float) -> None:
    """Thinned, a crossing is two forks with a short line between."""
    left, right = (30 - apart, 30), (30 + apart, 30)
    arms = [line((10, 0), left), line((12, 60), left), line(right, (50, 2)), line(right, (48, 60))]
    bow = line((50, 2), (70, 30)), line((70, 30), (48, 60))
    (way,), is_plain = usual_way([*arms, *bow, *([line(left, right)] if apart else [])], PEN)
    assert not is_plain
    corners = [tuple(point) for point in way if tuple(point) in {(10, 0), (48, 60), (70, 30), (50, 2), (12, 60)}]
    assert list(dict.fromkeys(corners)) == [(10, 0), (48, 60), (70, 30), (50, 2), (12, 60)]


def test_a_corner_is_no_fork() -> None:
    down, across = line((10, 0), (0, 30)), line((0, 30), (30, 32))
    (way,), is_plain = usual_way([across[::-1], down], PEN)
    assert way.tolist() == [*down.tolist(), *across.tolist()]
    assert is_plain


def test_from_the_foot_of_a_stem_the_pen_went_back_to_its_fork() -> None:
    stem = line((0, 0), (0, 40)), line((0, 40), (0, 60))
    arch = np.concatenate([line((0, 40), (15, 30)), line((15, 30), (20, 60))])
    (way,), is_plain = usual_way([arch, stem[1][::-1], stem[0]], PEN)
    assert not is_plain
    assert way.tolist() == np.concatenate([*stem, stem[1][::-1], arch]).tolist()


@pytest.mark.parametrize("begin", [0, 7, 20])
@pytest.mark.parametrize("turned", [False, True])
def test_a_ring_begins_at_the_top_and_goes_to_the_left(begin: int, turned: bool) -> None:
    angle = np.linspace(0, 2 * np.pi, 33)[:-1]
    ring = np.roll(np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32) * 20 + 30, begin, axis=0)
    ring = np.concatenate([ring, ring[:1]])
    (way,), is_plain = usual_way([ring[::-1] if turned else ring], PEN)
    assert tuple(way[0]) == tuple(way[-1]) == pytest.approx((30, 10), abs=0.01)
    assert way[3, 0] < 30
    assert not is_plain


@pytest.mark.parametrize("turned", [False, True])
def test_beside_a_speck_a_ring_still_goes_to_the_left(turned: bool) -> None:
    angle = np.linspace(0, 2 * np.pi, 33)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32) * 20 + 30
    (way, _), is_plain = usual_way([ring[::-1] if turned else ring, np.float32([[90, 90]])], PEN)
    assert tuple(way[0]) == pytest.approx((30, 10), abs=0.01)
    assert way[3, 0] < 30
    assert not is_plain


def test_a_ring_of_two_lines_is_a_ring() -> None:
    angle = np.linspace(0.1, 2 * np.pi - 0.1, 61)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32) * 30 + 40
    for lines in ([ring], [ring[:31], ring[30:]]):
        assert not usual_way(lines, 3 * PEN).is_plain


def test_a_line_with_an_eyelet_may_be_gone_along_in_two_ways() -> None:
    arc = np.float32([[20, 0], [22, 4], [28, 4], [30, 0]])
    lines = [line((0, 0), (20, 0)), line((20, 0), (30, 0)), arc, line((30, 0), (50, 0))]
    assert not usual_way(lines, 4 * PEN).is_plain


@pytest.mark.parametrize("char", "0123456789")
def test_of_a_drawn_digit_the_way_is_found(char: str) -> None:
    """But for the loops of 8 and 9, which begin where they cross."""
    drawn = write(char)
    for true, stroke in zip(drawn.strokes, FORMS["pictures"](drawn).strokes, strict=True):
        assert stroke.image is not None
        found = np.concatenate(usual_way(stroke.paths, stroke.image.pen).strokes)
        true_way, way = (evenly(path, way_along(path), 9) for path in (true.points, found))
        away = np.hypot(*(true_way - way).T).max() / np.ptp(true.points, axis=0).max()
        assert away < (0.8 if char in "89" else 0.1)
