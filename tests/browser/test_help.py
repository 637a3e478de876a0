"""The first visit, and the page about it all."""

from __future__ import annotations

from browsing import OpenPage
from looking import always, answer, expect_text
from pens import Finger, draw, line
from playwright.sync_api import expect
from test_everyone import axe_finds_nothing, small_targets

PHONE = {"width": 390, "height": 844}


def test_on_the_first_visit_an_example_reads_itself_and_makes_room(open_page: OpenPage) -> None:
    page = open_page(first_visit=True, viewport=PHONE, has_touch=True)
    expect_text(page, "2048")
    expect(page.locator("#example-note")).to_be_visible()
    expect(page.locator("#spoken")).to_contain_text("Read 2048")
    expect(page.locator("#state-words")).to_have_text("Ready")
    expect(page.locator("#history button")).to_have_count(0)
    always(page, json=answer("1"))
    draw(page, [line(100, 80)], Finger(page))
    expect_text(page, "1")
    expect(page.locator("#strip li")).to_have_count(1)
    expect(page.locator("#example-note")).to_be_hidden()
    page.get_by_role("button", name="Clear").click()
    page.reload()  # a later visit begins empty
    expect(page.locator("#nothing")).to_be_visible()
    expect(page.locator("#strip li")).to_have_count(0)


def test_the_example_does_not_come_back_after_a_first_visit_without_drawing(open_page: OpenPage) -> None:
    page = open_page(first_visit=True)
    expect_text(page, "2048")
    page.reload()
    expect(page.locator("#strip li")).to_have_count(0)


def test_axe_finds_nothing_in_the_sheets_and_the_about_page(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    axe_finds_nothing(page)  # with an entry of the history
    for button in ("Type", "Share or save"):
        page.get_by_role("button", name=button, exact=True).first.click()
        page.locator("#type-text").evaluate("one => { one.value = 'é'; one.dispatchEvent(new Event('input')) }")
        axe_finds_nothing(page)
        assert small_targets(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.keyboard.press("Escape")
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About Glyphline")).to_be_visible()
    axe_finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="Draw").click()
    expect(page.locator("#strip li")).to_have_count(1)
