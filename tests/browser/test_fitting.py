"""Nothing stands in the way: letters stay on their line, notes cover no button, the sheet no ink that it repairs."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import OpenPage
from looking import always, answer, expect_text
from pens import Finger, draw, line
from playwright.sync_api import Page, expect

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
COVERED = (
    "note => { const at = note.getBoundingClientRect();"
    " return [...document.querySelectorAll('button, select, a')].filter(one => !note.contains(one))"
    "  .filter(one => (is => is.left < at.right && is.right > at.left && is.top < at.bottom && is.bottom > at.top)"
    "   (one.getBoundingClientRect())).map(one => one.id || one.className); }"
)


def lines_of_letters(page: Page) -> int:
    return page.evaluate("new Set([...document.querySelectorAll('.char')].map(char => char.offsetTop)).size")


def size_of_letters(page: Page) -> float:
    return page.locator(".char").first.evaluate("char => parseFloat(getComputedStyle(char).fontSize)")


def test_wide_letters_get_smaller_rather_than_wrap(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    sizes = []
    for text in ("MWMWMW", "17", "MWMWMW"):
        always(page, json=answer(text))
        draw(page, [line(60, 80)], Finger(page))
        expect_text(page, text)
        assert lines_of_letters(page) == 1
        sizes.append(size_of_letters(page))
    assert sizes[0] < sizes[1]
    assert sizes[2] == sizes[0]
    page.set_viewport_size({"width": 1280, "height": 800})  # there is room again
    page.wait_for_function("() => !document.querySelector('#reading').classList.contains('long')")
    assert size_of_letters(page) == sizes[1]


def test_a_line_breaks_between_words(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    words = answer("helloworld")
    for glyph in words["glyphs"][5:]:
        glyph["word"] = 1
    always(page, json={**words, "text": "hello world"})
    draw(page, [line(60, 80)], Finger(page))
    expect_text(page, "helloworld")
    tops = page.locator(".char").evaluate_all("all => all.map(char => char.getBoundingClientRect().top)")
    assert len(set(tops[:5])) == len(set(tops[5:])) == 1
    assert tops[0] < tops[5]


def test_lines_of_a_drawing_are_no_wrapping(page: Page) -> None:
    two = answer("1234")
    for glyph in two["glyphs"][2:]:
        glyph["line"] = 1
    always(page, json={**two, "text": "12\n34"})
    draw(page, [line(60, 80)])
    expect_text(page, "1234")
    assert lines_of_letters(page) == 2
    assert size_of_letters(page) == 64


@pytest.mark.parametrize("height", [844, 700, 560])
def test_a_note_covers_nothing_that_can_be_pressed(open_page: OpenPage, height: int) -> None:
    page = open_page(**{**PHONE, "viewport": {"width": 390, "height": height}})
    always(page, json=answer("17", 0.7, rival="11"))
    draw(page, [line(60, 80)], Finger(page))
    expect_text(page, "17")
    for _ in range(6):  # wherever the page stands
        page.locator("#state").dispatch_event("click")
        expect(page.locator("#toast")).to_be_visible()
        assert page.locator("#toast").evaluate(COVERED) == []
        page.evaluate("scrollBy({top: 90, behavior: 'instant'})")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.locator("#state").dispatch_event("click")
    always(page, json=answer("2048", 0.7, rival="2040"))  # other buttons come while it stands
    page.locator("#read").dispatch_event("click")
    expect_text(page, "2048")
    assert page.locator("#toast").evaluate(COVERED) == []


@pytest.mark.parametrize(
    ("width", "height"), [(1280, 800), (1280, 500), (844, 390), (700, 560), (390, 844), (390, 600)]
)
def test_the_sheet_leaves_the_ink_that_it_repairs_in_sight(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height})
    always(page, json=answer("1747"))
    draw(page, [line(60, 80)])
    expect_text(page, "1747")
    for index in (0, 3):
        page.locator("#reading .char").nth(index).click()
        sheet = page.locator("#editor")
        expect(sheet).to_be_visible()
        at, ink = sheet.bounding_box(), page.locator("#boxes rect").nth(index).bounding_box()
        assert at
        assert ink
        assert at["x"] >= 0
        assert at["y"] >= 0
        assert at["x"] + at["width"] <= width
        assert at["y"] + at["height"] <= height
        apart = (
            at["x"] >= ink["x"] + ink["width"]
            or at["x"] + at["width"] <= ink["x"]
            or at["y"] >= ink["y"] + ink["height"]
            or at["y"] + at["height"] <= ink["y"]
        )
        assert apart, (at, ink)
        assert ink["y"] + ink["height"] > 0  # not out of the window either
        page.keyboard.press("Escape")
