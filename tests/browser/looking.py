"""What a person sees on the page, and answers for tests of what the page does with them."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import cv2
import numpy as np
from browsing import PATIENCE
from numpy.typing import NDArray
from playwright.sync_api import Page, Request, Route, expect

API = "**/api/v1/recognize"
DOT = (  # a picture of one white pixel
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)


def text_read(page: Page) -> str:
    """The big letters."""
    return "".join(page.locator("#reading .char").all_inner_texts())


def expect_text(page: Page, text: str) -> None:
    """Waits until the page has read `text`, all ink is in it, and nothing is under way or about to be."""
    page.wait_for_function(
        "text => document.querySelector('#result').getAttribute('aria-busy') === 'false'"
        " && !document.querySelector('#boxes').classList.contains('stale')"
        " && [...document.querySelectorAll('#reading .char')].map(c => c.textContent).join('') === text",
        arg=text,
    )


def lit(page: Page) -> list[int]:
    """Which character is lit up among the boxes, letters, charts and strokes; -1 where none is."""
    found: list[int] = page.evaluate(
        "['#boxes g', '.char', '.chart', '#strip li'].map(all =>"
        " [...document.querySelectorAll(all)].findIndex(one => one.matches('.lit')))"
    )
    return found


def charts(page: Page) -> list[dict[str, Any]]:
    """What Chart.js draws in each chart: "label" and "value" (per cent) of the best bar, how many "bars"."""
    return page.evaluate(
        "() => [...document.querySelectorAll('#charts canvas')].map(canvas => {"
        "  const chart = Chart.getChart(canvas), bars = chart.data.datasets[0].data;"
        "  return {label: chart.data.labels[0], value: bars[0], bars: bars.length}; })"
    )


def send(page: Page, form: str) -> None:
    """Chooses what is sent from now on: "points" or "pictures"."""
    page.locator("#open-options").click()
    page.locator(f"input[name=form][value={form}]").check()
    page.keyboard.press("Escape")


def watch_requests(page: Page) -> list[dict[str, Any]]:
    """Collects the bodies of all later recognize calls."""
    bodies: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/v1/recognize") and request.method == "POST":
            bodies.append(json.loads(request.post_data or ""))

    page.on("request", note)
    return bodies


def answer(text: str, confidence: float = 0.9, rival: str = "") -> dict[str, Any]:
    """An answer of the contract, for tests that are not about reading; U+FFFD stands for a rejected glyph."""
    chars = [None if char == "\N{REPLACEMENT CHARACTER}" else char for char in text]
    return {
        "text": text,
        "confidence": confidence,
        "alternatives": [{"text": text, "confidence": confidence}]
        + ([{"text": rival, "confidence": (1 - confidence) / 2}] if rival else []),
        "glyphs": [
            {
                "char": char,
                "confidence": confidence,
                "alternatives": [
                    {"char": char, "confidence": confidence},
                    {"char": "O", "confidence": (1 - confidence) / 2},
                ],
                "box": {"x": 30 + 80 * n, "y": 60, "width": 60, "height": 90},
                "line": 0,
                "word": 0,
                "strokes": [n],
                "start": None,
                "end": None,
                "picture": DOT,
            }
            for n, char in enumerate(chars)
        ],
        "alphabet": "alphanumeric",
        "model": {"name": "test", "version": "0"},
        "timing_ms": {"total": 1.0},
    }


def always(page: Page, **fulfil: Any) -> None:
    """Answers every recognize call alike from now on."""

    def handle(route: Route) -> None:
        route.fulfill(**fulfil)

    page.unroute_all()
    page.route(API, handle)


def hold(page: Page) -> list[Route]:
    """Holds every recognize call back, for the test to answer in its own order."""
    routes: list[Route] = []
    page.route(API, lambda route: routes.append(route))
    return routes


def wait_for(page: Page, things: list[Any], count: int) -> None:
    """Waits until a list that events fill has `count` members."""
    until = time.monotonic() + PATIENCE / 1000
    while len(things) < count:
        assert time.monotonic() < until, f"expected {count}, got {len(things)}"
        page.wait_for_timeout(10)  # events come in meanwhile


def picture_of(stroke: dict[str, Any]) -> NDArray[np.uint8]:
    """The alpha channel of a stroke's picture, shape (height, width): 255 where there is ink."""
    data = base64.b64decode(stroke["image"].partition(",")[2])
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None
    assert image.shape[2] == 4
    return np.asarray(image[:, :, 3], np.uint8)


def expect_failure(page: Page, title: str) -> None:
    """Waits until the page says what went wrong, and shows nothing of an older answer."""
    expect(page.locator("#failure-title")).to_have_text(title)
    expect(page.locator("#answer")).to_be_hidden()
    assert page.locator("#boxes g").count() == 0
