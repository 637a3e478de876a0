"""Drawing as a person would: digits as smooth strokes, at a person's sizes, gaps and pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

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


class Hand:
    """Something to draw with, through the DevTools protocol; positions are CSS pixels in the window.

    Each event says when it happened: ink has the same times however busy the machine is, and nothing waits for them.
    """

    def __init__(self, page: Page, rate: float = 125) -> None:
        """rate: samples per second."""
        self.devtools = page.context.new_cdp_session(page)
        self.rate = rate

    def event(self, kind: str, x: float, y: float) -> tuple[str, dict[str, Any]]:
        """The method and the parameters of a "down", "move" or "up"."""
        raise NotImplementedError

    def act(self, kind: str, x: float = 0, y: float = 0) -> None:
        """One event, now."""
        self.devtools.send(*self.event(kind, x, y))

    def down(self, x: float, y: float) -> None:
        self.act("down", x, y)

    def move(self, x: float, y: float) -> None:
        self.act("move", x, y)

    def up(self) -> None:
        self.act("up")

    def stroke(self, places: Points, begin: float, merged: bool = True) -> float:
        """Press, moves and lift, from `begin`; when it ends. Times in s since 1970.

        Merged: the events follow each other as fast as the browser takes them, so that it merges them as it does those
        of a fast pen (PointerEvent.getCoalescedEvents); otherwise each waits for the one before to be done with.
        """
        kinds = ["down"] + ["move"] * (len(places) - 1)
        events = [self.event(kind, *place) for kind, place in zip(kinds, places, strict=True)]
        events.append(self.event("up", *places[-1]))
        for n, (_, parameters) in enumerate(events):
            parameters["timestamp"] = begin + n / self.rate
        if merged:
            # The synchronous interface has no way to send without waiting: it takes a frame, 17 ms, for each event.
            sending = self.devtools._impl_obj
            sendings = [sending.send(method, parameters, timeout=None) for method, parameters in events]
            self.devtools._sync(_all(sendings))
        else:
            for method, parameters in events:
                self.devtools.send(method, parameters)
        return begin + len(places) / self.rate


async def _all(sendings: list[Any]) -> None:
    await asyncio.gather(*sendings)


class Mouse(Hand):
    """The mouse, with its left button."""

    def __init__(self, page: Page, rate: float = 125, **extra: Any) -> None:
        super().__init__(page, rate)
        self.extra = extra
        self.place = (0.0, 0.0)

    def event(self, kind: str, x: float, y: float) -> tuple[str, dict[str, Any]]:
        if kind != "up":
            self.place = (float(x), float(y))
        types = {"down": "mousePressed", "move": "mouseMoved", "up": "mouseReleased"}
        held = {"button": "left", "buttons": int(kind != "up"), "clickCount": 1}
        at = {"x": self.place[0], "y": self.place[1]}
        return "Input.dispatchMouseEvent", {"type": types[kind], **at, **held, **self.extra}


class Pen(Mouse):
    """A pen that feels pressure."""

    def __init__(self, page: Page, force: float = 0.7) -> None:
        super().__init__(page, force=force, pointerType="pen")


class Finger(Hand):
    """A finger on a touch screen."""

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Sends one touch event with all the fingers that are down."""
        self.devtools.send("Input.dispatchTouchEvent", _touches(kind, *points))

    def event(self, kind: str, x: float, y: float) -> tuple[str, dict[str, Any]]:
        if kind == "up":
            return "Input.dispatchTouchEvent", _touches("touchEnd")
        return "Input.dispatchTouchEvent", _touches("touchStart" if kind == "down" else "touchMove", (x, y))


def _touches(kind: str, *points: tuple[float, float]) -> dict[str, Any]:
    fingers = [{"x": float(x), "y": float(y), "id": n} for n, (x, y) in enumerate(points)]
    return {"type": kind, "touchPoints": fingers}


_drawn = 0.0  # s since 1970: when the last stroke of all ended, perhaps in the future


def draw(
    page: Page, ways: Sequence[Points], hand: Hand | None = None, pause_ms: float = 120, merged: bool = True
) -> None:
    """Draws on the pad, with the mouse by default: press, many moves, lift; the pauses stand in the events' times."""
    global _drawn
    hand = hand or Mouse(page)
    corner = page.locator("#canvas").bounding_box()
    assert corner is not None
    begin = max(time.time(), _drawn + pause_ms / 1000)
    for way in ways:
        # From the stroke before, not from now: a machine that falls behind would else lengthen the pauses.
        _drawn = hand.stroke(way + np.array([corner["x"], corner["y"]]), begin, merged)
        begin = _drawn + pause_ms / 1000


def draw_text(
    page: Page, text: str, hand: Hand | None = None, height: float = 150, steps: int = 5, merged: bool = True
) -> None:
    """Draws digits in the middle of the pad, smaller where it is narrow."""
    size = page.locator("#canvas").bounding_box()
    assert size is not None
    height = min(height, size["height"] * 0.6, (size["width"] - 40) / (0.95 * len(text)))
    left = (size["width"] - 0.95 * height * len(text)) / 2
    draw(page, strokes(text, left + 0.12 * height, (size["height"] - height) / 2, height, steps), hand, merged=merged)


def line(x: float, y: float, dx: float = 60, dy: float = 40, points: int = 6) -> Points:
    """A straight stroke: quick to draw where only its being there counts."""
    return np.linspace((x, y), (x + dx, y + dy), points)
