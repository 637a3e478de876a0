"""Scratching out: scribbles of many kinds take the ink below them away, and writing never does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from looking import always, answer
from pens import Points, draw, line, strokes
from playwright.sync_api import Page, expect
from test_everyone import TWO_FRAMES

LEFT, TOP, HEIGHT = 300.0, 70.0, 150.0
"""Where the middle one of three digits stands, about 0.65 times as wide as it is high."""
WIDE = 0.65 * HEIGHT


def scribble(left: float, top: float, width: float, height: float, passes: int = 7) -> Points:
    """To and fro, as one crosses a word out."""
    x = np.tile([left, left + width], passes)[:passes]
    y = np.linspace(top, top + height, passes)
    return way(np.column_stack([x, y]))


def way(corners: Sequence[Sequence[float]] | Points) -> Points:
    """A stroke through these places, eight samples from each to the next."""
    places = np.asarray(corners, np.float64)
    steps = np.linspace(0, len(places) - 1, 8 * len(places))
    return np.column_stack([np.interp(steps, range(len(places)), axis) for axis in places.T])


def turned(points: Points, degrees: float) -> Points:
    """The same around its middle."""
    angle = np.radians(degrees)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (points - middle) @ matrix + middle


def coil(left: float, top: float, width: float, height: float, turns: int = 6) -> Points:
    angle = np.linspace(0, 2 * np.pi * turns, 16 * turns)
    x = left + width / 2 + width / 2 * np.cos(angle)
    y = np.linspace(top, top + 0.8 * height, len(angle)) + 0.1 * height * (1 + np.sin(angle))
    return np.column_stack([x, y])


def three(page: Page, digit: str) -> int:
    """Draws a 1, a digit and an 8 well apart; the number of the digit's strokes."""
    always(page, json=answer("18"))
    own = strokes(digit, LEFT, TOP, HEIGHT)
    draw(page, [*strokes("1", LEFT - 200, TOP, HEIGHT), *own, *strokes("8", LEFT + 200, TOP, HEIGHT)])
    return len(own)


def count(page: Page) -> int:
    page.evaluate(TWO_FRAMES)
    return page.locator("#strip li").count()


SCRATCHES = {
    "all over it": scribble(LEFT - 5, TOP, WIDE + 10, HEIGHT),
    "short of its foot": scribble(LEFT - 5, TOP - 5, WIDE + 10, 0.75 * HEIGHT),
    "short of its head": scribble(LEFT - 5, TOP + 0.25 * HEIGHT, WIDE + 10, 0.75 * HEIGHT),
    "through its middle": scribble(LEFT - 10, TOP + 0.22 * HEIGHT, WIDE + 20, 0.56 * HEIGHT, 8),
    "upright": turned(scribble(LEFT - 25, TOP + 30, HEIGHT, WIDE - 10, 8), 90),
    "slanted": turned(scribble(LEFT - 20, TOP + 20, WIDE + 40, 0.75 * HEIGHT, 8), 35),
    "in loops": coil(LEFT - 5, TOP, WIDE + 10, 0.9 * HEIGHT),
    "narrow": scribble(LEFT + 10, TOP - 5, WIDE - 15, HEIGHT + 10, 9),
}


@pytest.mark.parametrize("digit", ["4", "7", "2"])
@pytest.mark.parametrize("how", SCRATCHES)
def test_a_scribble_takes_the_whole_character_and_no_other(page: Page, digit: str, how: str) -> None:
    own = three(page, digit)
    before = count(page)
    draw(page, [SCRATCHES[how]])
    expect(page.locator("#toast-words")).to_have_text(f"Scratched out {own} stroke{'s' if own > 1 else ''}.")
    assert count(page) == before - own


def box(points: Sequence[Sequence[float]], left: float = LEFT, width: float = WIDE) -> Points:
    """A way given in a box of one by one, over the middle digit unless said otherwise."""
    return way([(left + x * width, TOP + y * HEIGHT) for x, y in points])


RING = [(0.5 + 0.5 * np.cos(angle), 0.5 + 0.6 * np.sin(angle)) for angle in np.linspace(0, 6.5, 16)]
WRITING: dict[str, list[Points]] = {
    "a W": [box([(0, 0), (0.25, 1), (0.5, 0.2), (0.75, 1), (1, 0)], LEFT + 60)],
    "an m": [box([(0, 0.5), (0, 1), (0, 0.6), (0.3, 0.4), (0.5, 1), (0.5, 0.6), (0.8, 0.4), (1, 1)], LEFT + 60)],
    "a 3 over it": [box([(0, 0.1), (0.6, 0), (0.9, 0.25), (0.3, 0.5), (0.9, 0.75), (0.6, 1), (0, 0.9)])],
    "an 8 over it": [*strokes("8", LEFT, TOP, HEIGHT)],
    "a # over it": [
        box([(0.3, 0), (0.3, 1)]), box([(0.7, 0), (0.7, 1)]), box([(0, 0.35), (1, 0.35)]), box([(0, 0.7), (1, 0.7)]),
    ],
    "a bar through a 7": [box([(0.1, 0.5), (0.9, 0.5)])],
    "crossed out with an X": [box([(0, 0), (1, 1)]), box([(1, 0), (0, 1)])],
    "struck through twice": [box([(-0.2, 0.45), (1.2, 0.45), (-0.2, 0.55)])],
    "underlined": [line(LEFT - 20, TOP + HEIGHT + 8, WIDE + 40, 0)],
    "underlined to and fro": [scribble(LEFT - 20, TOP + HEIGHT + 2, WIDE + 40, 14, 6)],
    "two rings around it": [box(RING, LEFT - 20, WIDE + 40), box(RING, LEFT - 30, WIDE + 60)],
    "a spring beside it": [scribble(LEFT + WIDE + 12, TOP, 60, HEIGHT)],
    "a zigzag that only touches its edge": [scribble(LEFT + 0.8 * WIDE, TOP, 70, HEIGHT)],
}  # fmt: skip


@pytest.mark.parametrize("digit", ["7"])
@pytest.mark.parametrize("what", WRITING)
def test_writing_near_and_over_ink_is_ink(page: Page, digit: str, what: str) -> None:
    three(page, digit)
    before = count(page)
    for written in WRITING[what]:
        draw(page, [written])
        before += 1
        expect(page.locator("#strip li")).to_have_count(before)
    page.evaluate("import('./static/js/scratching.js').then(() => true)")  # it has been looked at
    assert count(page) == before
    expect(page.locator("#toast")).to_be_hidden()


def test_one_undo_brings_the_ink_back_with_the_scribble_on_it(page: Page) -> None:
    own = three(page, "4")
    before = count(page)
    draw(page, [scribble(600, 60, 40, 90), SCRATCHES["short of its foot"]])  # the first over nothing: ink
    expect(page.locator("#strip li")).to_have_count(before + 1 - own)
    expect(page.locator("#toast-act")).to_have_text("Undo")
    page.keyboard.press("Control+z")
    expect(page.locator("#toast")).to_be_hidden()  # its offer would take back something else now
    expect(page.locator("#strip li")).to_have_count(before + 2)
    page.keyboard.press("Control+z")
    expect(page.locator("#strip li")).to_have_count(before + 1)
