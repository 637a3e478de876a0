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
    page.locator("#sent").evaluate("sent => { sent.textContent = ''; }")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#sent")).to_contain_text("after")
    return page.locator("#answer").inner_text()


def test_what_is_shown_can_be_sent(docs: Page) -> None:
    assert '"text": "17"' in send(docs)
    expect(docs.locator("#headers")).to_contain_text("X-Request-ID")
    docs.locator("#body").fill('{"strokes": [{"x": [1], "y": []}]}')
    docs.get_by_role("button", name="Send", exact=True).click()
    expect(docs.locator("#sent")).to_contain_text("422")
    assert "has 0 values, x has 1" in docs.locator("#answer").inner_text()
    assert docs.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_other_calls_and_a_picture(docs: Page) -> None:
    docs.locator("#call").select_option("POST api/v1/recognize/batch")
    assert '"results"' in send(docs)
    docs.locator("#call").select_option("GET api/v1/model")
    expect(docs.locator("#body")).to_be_disabled()
    docs.get_by_role("button", name="Send", exact=True).click()
    expect(docs.locator("#answer")).to_contain_text('"checksum"')
    docs.locator("#call").select_option("POST api/v1/recognize")
    docs.locator("#picture").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png_of(write("47"))})
    docs.locator("#query").fill("alphabet=digits")
    expect(docs.locator("#body")).to_be_disabled()
    docs.get_by_role("button", name="Send", exact=True).click()
    expect(docs.locator("#answer")).to_contain_text('"text": "47"')
    docs.locator("#call").select_option("POST api/v1/recognize/batch")
    expect(docs.locator("#picture")).to_be_hidden()
    assert '"results"' in send(docs)
    docs.locator("#call").select_option("POST api/v1/recognize")
    docs.get_by_role("button", name="Send the body instead").click()
    expect(docs.locator("#body")).to_be_enabled()
    assert '"text": "17"' in send(docs)


def test_clients_are_copied_and_names_stay_whole(docs: Page) -> None:
    docs.context.grant_permissions(["clipboard-read", "clipboard-write"])
    docs.get_by_text("glyphline.py", exact=True).click()
    docs.locator("details", has_text="Python: glyphline.py").get_by_role("button", name="Copy").click()
    expect(docs.get_by_role("button", name="Copied")).to_be_visible()
    assert docs.evaluate("navigator.clipboard.readText()").startswith('"""A client of Glyphline')
    docs.set_viewport_size({"width": 390, "height": 844})
    heights = docs.locator("th code").evaluate_all("all => all.map((name) => name.getClientRects().length)")
    assert set(heights) == {1}
    assert docs.evaluate("[...document.querySelectorAll('table')].every((t) => t.scrollWidth <= t.clientWidth)")
    assert docs.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_everyone_can_use_it(docs: Page) -> None:
    send(docs)
    axe_finds_nothing(docs, "light")
    docs.set_viewport_size({"width": 390, "height": 800})
    docs.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    axe_finds_nothing(docs, "dark")
