"""Drawing as a person would: digits as smooth strokes, at a person's sizes, gaps and pace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from model.benchmarks.specimens import digit_paths

Points = NDArray[np.float64]
"""Shape (n, 2): x and y in CSS pixels."""


def strokes(text: str, left: float = 40, top: float = 50, height: float = 150, steps: int = 5) -> list[Points]:
    """The pen's ways for digits beside each other, CSS pixels from the canvas's corner."""
    ways: list[Points] = []
    for digit in text:
        ways += [path.astype(np.float64) * height + (left, top) for path in digit_paths(digit, steps)]
        left += 0.95 * height
    return ways


class Hand(Protocol):
    """Something to draw with; positions are CSS pixels in the window."""

    def down(self, x: float, y: float) -> None: ...
    def move(self, x: float, y: float) -> None: ...
    def up(self) -> None: ...


class Mouse:
    """The mouse, with its left button."""

    def __init__(self, page: Page) -> None:
        self.mouse = page.mouse

    def down(self, x: float, y: float) -> None:
        self.mouse.move(x, y)
        self.mouse.down()

    def move(self, x: float, y: float) -> None:
        self.mouse.move(x, y)

    def up(self) -> None:
        self.mouse.up()


class Finger:
    """A finger on a touch screen, through the DevTools protocol."""

    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Sends one touch event with all the fingers that are down."""
        fingers = [{"x": float(x), "y": float(y), "id": n} for n, (x, y) in enumerate(points)]
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    def down(self, x: float, y: float) -> None:
        self.touch("touchStart", (x, y))

    def move(self, x: float, y: float) -> None:
        self.touch("touchMove", (x, y))

    def up(self) -> None:
        self.touch("touchEnd")


class Pen:
    """A pen that feels pressure, through the DevTools protocol."""

    def __init__(self, page: Page, force: float = 0.7) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.force = force
        self.place = (0.0, 0.0)

    def send(self, kind: str, buttons: int) -> None:
        x, y = self.place
        self.devtools.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": x,
                "y": y,
                "button": "left",
                "buttons": buttons,
                "force": self.force,
                "pointerType": "pen",
                "clickCount": 1,
            },
        )

    def down(self, x: float, y: float) -> None:
        self.place = (float(x), float(y))
        self.send("mousePressed", 1)

    def move(self, x: float, y: float) -> None:
        self.place = (float(x), float(y))
        self.send("mouseMoved", 1)

    def up(self) -> None:
        self.send("mouseReleased", 0)


def draw(page: Page, ways: Sequence[Points], hand: Hand | None = None, pause_ms: float = 120) -> None:
    """Draws on the pad, with the mouse by default: press, many moves, lift, and a pause before the next."""
    hand = hand or Mouse(page)
    corner = page.locator("#canvas").bounding_box()
    assert corner is not None
    for way in ways:
        places = way + np.array([corner["x"], corner["y"]])
        hand.down(*places[0])
        for place in places[1:]:
            hand.move(*place)
        hand.up()
        page.wait_for_timeout(pause_ms)


def draw_text(page: Page, text: str, hand: Hand | None = None, height: float = 150, steps: int = 5) -> None:
    """Draws digits in the middle of the pad, smaller where it is narrow."""
    size = page.locator("#canvas").bounding_box()
    assert size is not None
    height = min(height, size["height"] * 0.6, (size["width"] - 40) / (0.95 * len(text)))
    left = (size["width"] - 0.95 * height * len(text)) / 2
    draw(page, strokes(text, left + 0.12 * height, (size["height"] - height) / 2, height, steps), hand)


def line(x: float, y: float, dx: float = 60, dy: float = 40, points: int = 6) -> Points:
    """A straight stroke: quick to draw where only its being there counts."""
    return np.linspace((x, y), (x + dx, y + dy), points)
