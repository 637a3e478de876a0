"""Takes the README's pictures of the page at work: `python scripts/screenshots.py`.

Needs the test requirements and Chromium. Starts the app, draws 2048 with the mouse (desktop) and a finger
(phone), waits for the true answer, and writes docs/images/page-desktop.png and docs/images/page-phone.png.
Fails where the page reads anything else.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from browsing import CHROMIUM, FLAGS  # noqa: E402
from looking import expect_text  # noqa: E402
from pens import Finger, draw_text  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tests.serving import serving  # noqa: E402
from webapp import create_app  # noqa: E402

LARGEST = 150_000  # bytes
WINDOWS: dict[str, dict[str, Any]] = {
    "page-desktop": {"viewport": {"width": 1280, "height": 800}},
    "page-phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 1,
        "has_touch": True,
        "is_mobile": True,
        "color_scheme": "dark",
    },
}


def main() -> None:
    """Writes both pictures."""
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    with serving(create_app()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, window in WINDOWS.items():
            page = browser.new_context(**window).new_page()
            page.goto(address + "/")
            draw_text(page, "2048", Finger(page) if window.get("has_touch") else None)
            expect_text(page, "2048")
            page.mouse.move(0, 0)  # nothing lit up
            page.wait_for_timeout(1000)  # the bars have grown
            path = images / f"{name}.png"
            page.screenshot(path=path, full_page=True)
            size = path.stat().st_size
            if size > LARGEST:
                raise SystemExit(f"{path.name} has {size} bytes, at most {LARGEST} are wanted")
        browser.close()


if __name__ == "__main__":
    main()
