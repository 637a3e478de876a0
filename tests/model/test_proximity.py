"""How strokes lie beside each other: the same however large, wherever and however fast they were drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.benchmarks.specimens import write
from model.reading.ink import Ink, Stroke
from model.reading.proximity import FAR, Proximity, usual_pause


def line(points: list[list[float]], start: float | None = None, end: float | None = None) -> Stroke:
    return Stroke((np.array(points, np.float32),), 0, start, end)


def test_distances_are_those_of_the_lines_not_of_their_points() -> None:
    tall, crossing = line([[0, 0], [0, 60]]), line([[30, 31], [90, 31]])
    proximity = Proximity.of((tall, crossing), 60.0)
    assert proximity.distance == pytest.approx(np.array([[0, 0.5], [0.5, 0]]), abs=0.01)


def test_what_is_far_is_as_far_as_anything() -> None:
    proximity = Proximity.of((line([[0, 0], [0, 60]]), line([[500, 0], [500, 60]])), 60.0)
    assert proximity.distance[0, 1] == FAR
    assert proximity.shared[0, 1] == 0


def test_a_bar_over_a_stem_shares_all_of_its_width() -> None:
    bar, stem = line([[0, 0], [60, 0]]), line([[30, 0], [30, 60]])
    assert Proximity.of((bar, stem), 60.0).shared[0, 1] == 1


@pytest.mark.parametrize(("scale", "move", "slower"), [(3.0, 100.0, 1.0), (0.5, -40.0, 4.0)])
def test_size_place_and_speed_make_no_difference(scale: float, move: float, slower: float) -> None:
    drawn = write("4715")

    def changed(stroke: Stroke) -> Stroke:
        start, end = (None if t is None else t * slower for t in (stroke.start, stroke.end))
        return replace(stroke, paths=tuple(p * np.float32(scale) + move for p in stroke.paths), start=start, end=end)

    before, after = (
        Proximity.of(ink.strokes, height)
        for ink, height in ((drawn, 60.0), (Ink(tuple(map(changed, drawn.strokes))), 60.0 * scale))
    )
    assert before.timed == after.timed
    for name in ("distance", "shared", "lift"):
        assert getattr(after, name) == pytest.approx(getattr(before, name), abs=2e-3), name


def test_a_pause_counts_by_the_writers_own() -> None:
    times = [(0, 100), (300, 400), (600, 700), (1500, 1600)]
    strokes = [line([[x, 0], [x, 60]], *map(float, t)) for x, t in zip((0, 40, 80, 120), times, strict=True)]
    assert usual_pause(strokes) == 200
    assert Proximity.of(strokes, 60.0).lift == pytest.approx([0, 0, 0, np.log(4)])


def test_without_times_nothing_is_said_of_pauses() -> None:
    proximity = Proximity.of([line([[x, 0], [x, 60]]) for x in (0, 40, 80)], 60.0)
    assert not proximity.timed
    assert not proximity.lift.any()


def test_nothing_has_no_proximity() -> None:
    assert Proximity.of((), 1.0).distance.shape == (0, 0)
