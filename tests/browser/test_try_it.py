"""The page for developers in a real browser: its form, on a phone and in the dark, and to everyone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import PATIENCE
from playwright.sync_api import Browser, Page, expect
from test_everyone import axe_finds_nothing

from model.benchmarks.specimens import write
from model.training.forms import png_of


@pytest.fixture
def docs(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
    page.goto(f"{address}/docs")
    yield page
    assert troubles == []
    page.close()


def send(page: Page) -> str:
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#sent")).to_contain_text("after")
    return page.locator("#answer").inner_text()


def test_what_is_shown_can_be_sent(docs: Page) -> None:
    assert '"text": "17"' in send(docs)
    expect(docs.locator("#headers")).to_contain_text("X-Request-ID")
    docs.locator("#body").fill('{"strokes": [{"x": [1], "y": []}]}')
    docs.get_by_role("button", name="Send").click()
    expect(docs.locator("#sent")).to_contain_text("422")
    assert "has 0 values, x has 1" in docs.locator("#answer").inner_text()
    assert docs.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_other_calls_and_a_picture(docs: Page) -> None:
    docs.locator("#call").select_option("POST api/v1/recognize/batch")
    assert '"results"' in send(docs)
    docs.locator("#call").select_option("GET api/v1/model")
    expect(docs.locator("#body")).to_be_disabled()
    docs.get_by_role("button", name="Send").click()
    expect(docs.locator("#answer")).to_contain_text('"checksum"')
    docs.locator("#call").select_option("POST api/v1/recognize")
    docs.locator("#picture").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png_of(write("47"))})
    docs.locator("#query").fill("alphabet=digits")
    docs.get_by_role("button", name="Send").click()
    expect(docs.locator("#answer")).to_contain_text('"text": "47"')


def test_everyone_can_use_it(docs: Page) -> None:
    send(docs)
    axe_finds_nothing(docs, "light")
    docs.set_viewport_size({"width": 390, "height": 800})
    docs.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    axe_finds_nothing(docs, "dark")
