"""How it reads: modes, word list, live or on demand; kept for the next visit."""

from __future__ import annotations

import json

from browsing import OpenPage
from looking import always, answer, expect_text, send, wait_for, watch_requests
from pens import draw, line
from playwright.sync_api import Page, expect


def options(page: Page) -> None:
    page.get_by_role("button", name="Options").click()
    expect(page.locator("#options")).to_be_visible()


def test_a_word_list_is_sent_shown_and_said_to_be_on(page: Page) -> None:
    always(page, json=answer("17"))
    sent = watch_requests(page)
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    options(page)
    expect(page.locator("#words-count")).to_have_text("no list: any text")
    page.get_by_label("Word list").fill(" tokyo, madrid\n\nrome;tokyo ")
    expect(page.locator("#words-count")).to_have_text("3 words")
    asked = len(sent)
    page.keyboard.press("Escape")
    wait_for(page, sent, asked + 1)
    assert sent[-1]["lexicon"] == ["tokyo", "madrid", "rome"]
    expect(page.get_by_role("button", name="Options")).to_have_attribute("title", "Options; reads 3 words of your list")
    page.keyboard.press("Control+z")  # a setting is no step: undo takes back the ink
    expect(page.locator("#strip li")).to_have_count(0)
    page.keyboard.press("Control+y")
    wait_for(page, sent, asked + 2)
    assert sent[-1]["lexicon"] == ["tokyo", "madrid", "rome"]


def test_a_word_list_that_the_server_refuses_is_named(page: Page) -> None:
    draw(page, [line(60, 80)])
    expect(page.locator("#charts canvas").first).to_be_visible()
    options(page)
    page.get_by_label("Word list").fill("x" * 201)
    page.keyboard.press("Escape")
    expect(page.locator("#failure-advice")).to_contain_text("lexicon")
    expect(page.locator("#strip li")).to_have_count(1)


def test_reading_waits_for_the_button_where_live_is_off_and_choices_are_kept(open_page: OpenPage) -> None:
    page = open_page()
    always(page, json=answer("17"))
    sent = watch_requests(page)
    send(page, "points")
    options(page)
    page.get_by_label("Live: read while I draw").uncheck()
    page.keyboard.press("Escape")
    page.clock.install()
    draw(page, [line(60, 80)])
    expect(page.locator("#nothing")).to_have_text("Press Read to have this drawing read.")
    page.clock.run_for(5000)
    assert sent == []
    page.get_by_role("button", name="Read", exact=True).click()
    expect_text(page, "17")
    assert "x" in sent[-1]["strokes"][0]
    kept = json.loads(page.evaluate("localStorage.getItem('glyphline-settings')"))
    assert kept == {"form": "points", "live": False, "pen": "medium"}
    page.reload()
    options(page)
    expect(page.get_by_label("Live: read while I draw")).not_to_be_checked()
    expect(page.locator("input[name=form][value=points]")).to_be_checked()
