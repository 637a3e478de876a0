"""The real application, served in a thread, and a real Chromium to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import CHROMIUM, FLAGS, OpenPage, serving
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from webapp import create_app

VISITED = "try { localStorage.setItem(`glyphline:${location.pathname.replace(/\\/?$/, '/')}:visited`, '1') } catch {}"
"""Makes a visit seem a later one, so that no example stands on the pad."""


@pytest.fixture(scope="session")
def chromium() -> str:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return CHROMIUM


@pytest.fixture(scope="session")
def app(chromium: str) -> Any:  # noqa: ARG001  (no application is loaded where there is no browser)
    return create_app()


@pytest.fixture(scope="session")
def address(app: Any) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Opens the page in a window of its own, and in the end sees to it that no script failed anywhere."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(at: str = address + "/", script: str = "", first_visit: bool = False, **window: Any) -> Page:
        # A service worker fetches by itself, out of sight of page.route: only the tests of it have one.
        common = {"viewport": {"width": 1280, "height": 800}, "service_workers": "block"}
        context = browser.new_context(**{**common, **window})
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: _collect(message.type, message.text, wrong))
        if not first_visit:
            page.add_init_script(VISITED)
        if script:
            page.add_init_script(script)
        page.goto(at)
        page.wait_for_function("() => document.querySelector('#boxes').hasAttribute('viewBox')")  # the modules run
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def _collect(kind: str, text: str, wrong: list[str]) -> None:
    # Failed fetches are tested by what the page says then; reading the pad's pixels back is the tests' doing.
    expected = ("Failed to load resource", "willReadFrequently", "Service Worker registration blocked")
    if kind in ("error", "warning") and not any(words in text for words in expected):
        wrong.append(text)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
