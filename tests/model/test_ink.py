"""Ink from points."""

from __future__ import annotations

import pytest

from model.reading.ink import Box, Stroke


def test_points_become_a_path_with_its_span() -> None:
    stroke = Stroke.from_points([1, 2, 4], [5, 6, 7], [100, 110, 130], index=3)
    assert stroke.points.tolist() == [[1, 5], [2, 6], [4, 7]]
    assert (stroke.index, stroke.start, stroke.end) == (3, 100.0, 130.0)


def test_points_without_times_have_no_span() -> None:
    stroke = Stroke.from_points([1.0], [2.0])
    assert (stroke.start, stroke.end) == (None, None)


@pytest.mark.parametrize("columns", [([], []), ([1, 2], [1]), ([1, 2], [1, 2], [0])])
def test_columns_of_unequal_length_are_refused(columns: tuple[list[float], ...]) -> None:
    with pytest.raises(ValueError, match="one length"):
        Stroke.from_points(*columns)


def test_a_box_is_the_smallest_around_its_points() -> None:
    box = Box.around(Stroke.from_points([3, 1, 2], [9, 7, 8]).points)
    assert (box.x, box.y, box.right, box.bottom) == (1, 7, 3, 9)
