"""Primitives → groups: runs of the parts of one piece of ink, also where glyphs that touch lie aslant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.reading.glyphs import drawn, ways_of
from model.reading.grouping import Groups, Primitive
from model.reading.ink import Ink, Stroke, StrokeImage
from model.reading.proximity import Proximity
from model.reading.segment import segment

HEIGHT = 100.0


def parts(*middles: float, meeting: list[tuple[int, int]], twins: tuple[int, ...] = ()) -> Groups:
    """Parts of one piece of ink, upright lines as tall as the line, and which of them meet."""
    strokes = [Stroke.from_points([x, x], [0, HEIGHT]) for x in middles]
    primitives = [
        Primitive((i,), stroke.box, piece=0, parts=len(strokes), place=i, twin=i in twins)
        for i, stroke in enumerate(strokes)
    ]
    proximity = Proximity.of(strokes, HEIGHT)
    distance = np.ones_like(proximity.distance)
    for a, b in meeting:
        distance[a, b] = distance[b, a] = 0
    return Groups(primitives, replace(proximity, distance=distance), HEIGHT)


def test_a_run_follows_on() -> None:
    groups = parts(0, 20, 40, 60, 80, 100, meeting=[(i, i + 1) for i in range(5)])
    assert {(0,), (0, 1), (0, 1, 2), (0, 1, 2, 3, 4, 5)} <= set(groups.beginning_with(0))


def test_a_glyph_may_reach_beyond_the_first_part_of_its_neighbour() -> None:
    # 0, 1, 2 and 4 are of one glyph, 3, 5 and 6 of the next
    groups = parts(0, 20, 40, 50, 55, 80, 90, meeting=[(0, 1), (1, 2), (2, 4), (3, 5), (5, 6), (3, 4)])
    assert (0, 1, 2, 4) in groups.beginning_with(0)
    assert (3, 5, 6) in groups.beginning_with(3)


def test_but_not_far_beyond() -> None:
    groups = parts(0, 20, 40, 50, 75, 80, 90, meeting=[(0, 1), (1, 2), (2, 4), (3, 5), (5, 6), (3, 4)])
    assert (0, 1, 2, 4) not in groups.beginning_with(0)


def test_nor_without_meeting_the_rest_of_itself() -> None:
    groups = parts(0, 20, 40, 50, 55, 80, 90, meeting=[(0, 1), (1, 2), (3, 4), (3, 5), (5, 6)])
    assert (0, 1, 2, 4) not in groups.beginning_with(0)


def test_one_part_stays_one_however_often_it_is_there() -> None:
    count = 9
    middles = [5.0 * i for i in range(count) for _ in range(2)]
    chain = [(i, i + 1) for i in range(2 * count - 1)]
    groups = parts(*middles, meeting=chain, twins=tuple(range(1, 2 * count, 2)))
    assert tuple(range(2 * count)) in groups.beginning_with(0)


@pytest.mark.parametrize("shared", [False, True])
def test_the_same_ink_is_judged_once(shared: bool) -> None:
    image = StrokeImage(np.full((40, 6), 255, np.uint8), 0, 0, 1, 6)
    line = np.array([[3, 3], [3, 37]], np.float32)
    first = Stroke((line,), None, image=image)
    second = Stroke((line,), None, image=image if shared else replace(image, x=1), torn=True)
    ink = Ink((first, second))
    cuts = segment(ink)
    assert [hypothesis.strokes for hypothesis in cuts.hypotheses] == [(0,), (0, 1), (1,)]
    glyphs = drawn(ink, ways_of(ink, cuts))
    assert len(glyphs) == (1 if shared else 3)
    assert glyphs.of.tolist() == ([0, 0, 0] if shared else [0, 1, 2])


def serifs(width: float) -> list[Stroke]:
    """A capital F with a serif at its foot and one at the end of its upper bar: five strokes."""
    lines = [((30, 0), (30, 100)), ((20, 0), (width, 0)), ((30, 50), (70, 50)), ((15, 100), (45, 100))]
    lines.append(((width - 5, 0), (width - 5, 20)))
    return [Stroke.from_points([a[0], b[0]], [a[1], b[1]], None, i) for i, (a, b) in enumerate(lines)]


@pytest.mark.parametrize(("width", "one"), [(90, True), (220, False)])
def test_a_capital_of_five_strokes_is_one_glyph_if_it_is_no_wider_than_one(width: float, one: bool) -> None:
    cuts = segment(Ink(tuple(serifs(width))))
    assert any(hypothesis.strokes == (0, 1, 2, 3, 4) for hypothesis in cuts.hypotheses) == one
