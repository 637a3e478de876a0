"""Windows on the page, things to draw in them, and pictures of them: what scripts/screenshots.py works with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from looking import expect_text  # noqa: E402
from pens import Finger, Points, draw, draw_text, strokes  # noqa: E402
from playwright.sync_api import Browser, Locator, Page, expect  # noqa: E402

LARGEST = 150_000  # bytes
GAP = 12  # white pixels between pictures that stand beside each other
EXAMPLE = "2048"  # what a first visit shows
BETWEEN_1_AND_7 = [(10, 16), (30, 8), (48, 0), (40, 30), (32, 64), (26, 100)]  # in a box 100 high
SETTLED = 1000  # ms: bars have grown, sheets have slid in


class Studio:
    """Opens windows on the page, and keeps pictures of them."""

    def __init__(self, browser: Browser, address: str):
        self.browser = browser
        self.address = address

    def open(self, window: dict[str, Any], at: str = "/", read: str = EXAMPLE, **more: Any) -> Page:
        """The page in a window of its own, once it has read what stands there; more: options of the context."""
        page = self.browser.new_context(**{"service_workers": "block", **window, **more}).new_page()
        page.goto(self.address + at)
        expect_text(page, read)
        return page

    def keep(self, name: str, *shots: bytes) -> None:
        """Writes pictures beside each other as one."""
        images = [
            np.asarray(cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR_RGB), np.uint8) for one in shots
        ]
        gap = np.full((len(images[0]), GAP, 3), 255, np.uint8)
        whole = np.hstack([part for image in images for part in (gap, image)][1:])
        path = IMAGES / f"page-{name}.png"
        # 256 colours are enough for pages, and weigh less than half
        Image.fromarray(whole).quantize(method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
        size = path.stat().st_size
        print(f"{path.name}: {whole.shape[1]} × {whole.shape[0]}, {size / 1000:.0f} kB")
        if size > LARGEST:
            raise SystemExit(f"{path.name} has {size} bytes, at most {LARGEST} are wanted")


def shot(page: Page, **options: Any) -> bytes:
    """The window as it is once nothing moves; options as of Page.screenshot."""
    page.wait_for_timeout(SETTLED)
    return page.screenshot(**options)


def char(page: Page, index: int) -> Locator:
    """One of the big letters."""
    return page.locator("#reading .char").nth(index)


def button(page: Page, name: str) -> Locator:
    """A button by its whole name."""
    return page.get_by_role("button", name=name, exact=True).first


def drawn(page: Page, text: str) -> Page:
    """Draws with what the window has, and waits until it is read; the page of the same drawing."""
    draw_text(page, text, Finger(page) if page.evaluate("navigator.maxTouchPoints > 0") else None)
    expect_text(page, text)
    page.mouse.move(0, 0)  # nothing lit up
    return page


def draw_doubt(page: Page) -> None:
    """Draws 20 and then what may be a 7 or a 1; waits until it is read, with doubt."""
    left, top, height = 380.0, 70.0, 150.0
    hook = np.array(BETWEEN_1_AND_7) * height / 100 + (left + 1.9 * height, top)
    ways: list[Points] = [
        *strokes("20", left, top, height),
        np.concatenate(list(map(np.linspace, hook, hook[1:], [8] * 5))),
    ]
    draw(page, ways)
    expect(page.locator("#strip li")).to_have_count(len(ways))
    expect(page.locator(".char.doubtful")).not_to_have_count(0)
    expect(page.locator("#boxes")).not_to_contain_class("stale")
