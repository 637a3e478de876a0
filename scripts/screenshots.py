"""Takes the pictures of the page that the README and docs/page.md show: `python scripts/screenshots.py [SCENE ...]`.

Needs the test requirements and Chromium. Starts the app, draws with real pointer events (mouse on desktops, fingers
on phones), waits for the true answers of the shipped model, and writes docs/images/page-*.png: all, or those of the
scenes named. Fails where the page reads anything else, or where a picture grows too large.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from studio import IMAGES, Studio, button, char, draw_doubt, drawn, shot

# The studio puts the tests' helpers within reach.
# isort: split

from browsing import CHROMIUM, FLAGS, PATIENCE
from looking import expect_failure, expect_text
from pens import Finger, Mouse, draw, draw_text
from playwright.sync_api import expect, sync_playwright
from test_arriving import photo
from test_scratching import scribble

from tests.serving import serving
from webapp import create_app

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HELD = """() => { // the page's clock stands still in the middle of the fourth stroke, however busy the machine is
  const frame = requestAnimationFrame.bind(window);
  let held = null;
  window.requestAnimationFrame = (act) => frame((now) => {
    if (document.querySelector("#strip li:nth-child(4).playing")) held ??= now + 100;
    act(held ?? now);
  });
}"""


def desktop(studio: Studio) -> None:
    """A reading on a desktop, for the README."""
    studio.keep("desktop", shot(drawn(studio.open(DESKTOP), "2048"), full_page=True))


def phone(studio: Studio) -> None:
    """A reading on a phone, dark, for the README."""
    studio.keep("phone", shot(drawn(studio.open(PHONE, color_scheme="dark"), "2048"), full_page=True))


def replay(studio: Studio) -> None:
    """The drawing is replayed, and the film strip says where it is."""
    page = studio.open({"viewport": {"width": 1080, "height": 890}})
    draw_text(page, "31459", Mouse(page, rate=50))
    expect_text(page, "31459")
    page.evaluate(HELD)
    button(page, "Replay").click()
    page.mouse.move(0, 0)
    expect(page.locator("#strip li").nth(3)).to_contain_class("playing")
    studio.keep("replay", shot(page))


def doubt(studio: Studio) -> None:
    """A doubtful character, lit up everywhere."""
    page = studio.open({"viewport": {"width": 1080, "height": 640}}, color_scheme="dark")
    draw_doubt(page)
    char(page, 2).hover()
    studio.keep("doubt", shot(page, full_page=True))


def tables(studio: Studio) -> None:
    """The charts as tables."""
    page = drawn(studio.open({"viewport": {"width": 1080, "height": 800}}), "2048")
    button(page, "As tables").click()
    page.mouse.move(0, 0)
    page.set_viewport_size({"width": 1080, "height": 306})
    page.locator("#charts-title").evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 24)")
    studio.keep("tables", shot(page))


def repair(studio: Studio) -> None:
    """On a phone: a reading, the sheet of a character, the line that splits two, and ink scratched out."""
    page = drawn(studio.open(PHONE, color_scheme="dark"), "2047")
    shots = [shot(page)]
    char(page, 3).tap()
    shots.append(shot(page))
    page.keyboard.press("Escape")
    char(page, 0).tap()
    button(page, "Join with next").tap()
    expect(page.locator("#boxes g")).to_have_count(3)
    char(page, 0).tap()
    button(page, "Split").tap()
    shots.append(shot(page))
    button(page, "Split here").tap()
    expect_text(page, "2047")
    ink = page.evaluate(
        "(({x, y, width, height}) => [x, y, width, height])(document.querySelector('#boxes rect').getBBox())"
    )
    draw(page, [scribble(*ink, 9)], Finger(page))
    expect_text(page, "047")
    shots.append(shot(page))
    studio.keep("repair", *shots)


def repair_desktop(studio: Studio) -> None:
    """The sheet of a character beside its letter."""
    page = drawn(studio.open({"viewport": {"width": 1080, "height": 960}}), "2047")
    char(page, 3).click()
    studio.keep("repair-desktop", shot(page))


def ways_in(studio: Studio) -> None:
    """A photo, a text typed and drawn, a mode, and the word list."""
    page = studio.open(PHONE)
    button(page, "Type").tap()
    page.locator("#type-text").fill("rome")
    shots = [shot(page)]
    page.locator("#type-text").press("Enter")
    page.locator("#alphabet").select_option("lowercase")
    expect_text(page, "rome")
    shots.append(shot(page))
    button(page, "Options").tap()
    page.get_by_label("Word list").fill("tokyo\nmadrid\nrome")
    shots.append(shot(page))
    page.keyboard.press("Escape")
    other = studio.open(PHONE)
    other.set_input_files("#file", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect_text(other, "73")
    studio.keep("ways-in", shot(other), *shots)


def away(studio: Studio) -> None:
    """No network: what waits, and the history."""
    page = studio.open({"viewport": {"width": 1080, "height": 1420}}, color_scheme="dark", service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for text in ("2048", "365"):
        drawn(page, text)
        button(page, "Clear").click()
    page.context.set_offline(True)
    page.reload()  # the page itself comes from the device
    page.wait_for_selector("#boxes[viewBox]", state="attached")
    for text in ("17", "25"):
        draw_text(page, text)
        expect_failure(page, "The server cannot be reached.")
        if text == "17":
            button(page, "Clear").click()
    page.locator("#state").click()
    page.mouse.move(0, 0)
    studio.keep("away", shot(page))


def take_away(studio: Studio) -> None:
    """The sheet to share and save, and a link opened on another phone."""
    page = drawn(studio.open(PHONE, permissions=["clipboard-read", "clipboard-write"]), "365")
    button(page, "Share or save").tap()
    shots = [shot(page)]
    button(page, "Copy link").tap()
    expect(page.locator("#toast")).to_contain_text("copied")
    link = str(page.evaluate("navigator.clipboard.readText()"))
    other = studio.open(PHONE, at=link.removeprefix(studio.address), read="365", color_scheme="dark")
    studio.keep("take-away", *shots, shot(page), shot(other))


def everyone(studio: Studio) -> None:
    """The list of keys, a character picked by them, and high contrast."""
    page = drawn(studio.open(PHONE, color_scheme="dark"), "2048")
    page.locator("#canvas").focus()
    page.keyboard.press("?")
    shots = [shot(page)]
    page.keyboard.press("Escape")
    page.locator("#canvas").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    shots.append(shot(page))
    other = drawn(studio.open(PHONE, contrast="more"), "2048")
    studio.keep("everyone", *shots, shot(other))


def forced_colors(studio: Studio) -> None:
    """The system's own colours."""
    page = studio.open({"viewport": {"width": 1080, "height": 640}}, forced_colors="active")
    draw_doubt(page)
    page.mouse.move(0, 0)
    studio.keep("forced-colors", shot(page, full_page=True))


def first_visit(studio: Studio) -> None:
    """The example, and the page about it all."""
    page = studio.open(PHONE)
    shots = [shot(page)]
    page.get_by_role("link", name="About").tap()
    expect(page.get_by_role("heading", name="About Glyphline")).to_be_visible()
    studio.keep("first-visit", *shots, shot(page))


SCENES: dict[str, Callable[[Studio], None]] = {
    scene.__name__: scene
    for scene in (
        desktop, phone, replay, doubt, tables, repair, repair_desktop,
        ways_in, away, take_away, everyone, forced_colors, first_visit,
    )
}  # fmt: skip


def main(names: list[str]) -> None:
    """Writes the pictures of the scenes named; of all where none is."""
    if unknown := set(names) - set(SCENES):
        raise SystemExit(f"No such scene: {', '.join(sorted(unknown))}. There are: {', '.join(SCENES)}.")
    expect.set_options(timeout=PATIENCE)
    IMAGES.mkdir(parents=True, exist_ok=True)
    application = create_app({"ACCESS_LOG": False, "RATE_LIMIT": "", "TIME_BUDGET": 300.0})
    with serving(application) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        studio = Studio(browser, address)
        for name in names or SCENES:
            SCENES[name](studio)
            for context in browser.contexts:
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
