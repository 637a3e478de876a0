"""Ink → fragments: lines between ends and crossings, and all of the ink."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.reading.fragments import Fragment, fragments
from model.reading.pictures import FINE_PEN_PIXELS, pen_width, traced

PEN = 5


def parted(lines: list[list[tuple[int, int]]], columns: list[int] | None = None) -> tuple[np.ndarray, list[Fragment]]:
    drawn = np.zeros((140, 200), np.uint8)
    for line in lines:
        cv2.polylines(drawn, [np.array(line, np.int32)], False, 255, PEN)
    mask = drawn > 0
    return mask, fragments(mask, traced(drawn, pen_width(mask), FINE_PEN_PIXELS), columns or [], pen_width(mask))


def test_where_lines_run_together_each_has_a_pens_width_at_least() -> None:
    _, found = parted([[(40, 20), (100, 68), (160, 20)], [(40, 120), (100, 72), (160, 120)]])
    for part in found:
        beside = np.zeros(part.ink.shape, np.uint8)
        path = np.rint(part.path - (part.x, part.y)).astype(np.int32)
        cv2.polylines(beside, [path.reshape(-1, 1, 2)], False, 1, PEN - 2)
        assert part.ink[beside > 0].all()


def test_two_lines_that_cross_are_four() -> None:
    _, found = parted([[(40, 20), (140, 120)], [(140, 20), (40, 120)]])
    assert len(found) == 4
    middles = [float(part.path[:, 0].min() + part.path[:, 0].max()) for part in found]
    assert middles == sorted(middles)


def test_one_line_is_one() -> None:
    _, found = parted([[(40, 20), (60, 90), (150, 120)]])
    assert len(found) == 1


def test_a_sharp_corner_parts_a_line_where_a_glyph_may_lean_on_another() -> None:
    _, (left, right) = parted([[(40, 20), (60, 120), (150, 30)]])
    for side in (left, right):
        assert np.hypot(*(side.path - (60, 120)).T).min() < 3 * PEN


def test_a_line_is_cut_where_a_column_crosses_it() -> None:
    _, (left, right) = parted([[(20, 70), (180, 70)]], [100])
    assert left.path[:, 0].max() <= 101
    assert right.path[:, 0].min() >= 99


def test_a_short_line_between_two_crossings_may_be_of_two() -> None:
    _, found = parted([[(40, 20), (100, 60), (100, 80), (40, 120)], [(160, 20), (100, 60), (100, 80), (160, 120)]])
    assert sorted(part.shared for part in found) == [False] * 4 + [True]
    (shared,) = (part for part in found if part.shared)
    assert np.ptp(shared.path[:, 0]) < PEN


def test_a_long_one_is_of_one() -> None:
    _, found = parted([[(40, 10), (100, 20), (100, 120), (40, 130)], [(160, 10), (100, 20), (100, 120), (160, 130)]])
    assert not any(part.shared for part in found)


def test_a_fragment_holds_the_ink_around_its_line_and_little_else() -> None:
    mask, found = parted([[(40, 20), (40, 120)], [(40, 70), (160, 70)]])
    for part in found:
        x, y = np.rint(part.path[len(part.path) // 2]).astype(int) - (part.x, part.y)
        assert part.ink[y, x]
    held = sum(int((part.ink & mask[part.y :, part.x :][: len(part.ink), : len(part.ink.T)]).sum()) for part in found)
    assert mask.sum() <= held < 1.3 * mask.sum()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(10, 190), st.integers(10, 130)), min_size=2, max_size=7))
def test_all_ink_is_part_of_some(points: list[tuple[int, int]]) -> None:
    mask, found = parted([points])
    covered = np.zeros_like(mask)
    for part in found:
        height, width = part.ink.shape
        covered[part.y : part.y + height, part.x : part.x + width] |= part.ink[: 140 - part.y, : 200 - part.x]
    assert not (mask & ~covered).any()
