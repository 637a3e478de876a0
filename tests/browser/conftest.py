"""The real application, served in a thread, and a real Chromium to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import CHROMIUM, FLAGS, PATIENCE, OpenPage
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from webapp import create_app

expect.set_options(timeout=PATIENCE)

VISITED = "try { localStorage.setItem(`glyphline:${location.pathname.replace(/\\/?$/, '/')}:visited`, '1') } catch {}"
"""Makes a visit seem a later one, so that no example stands on the pad."""


# A service worker fetches by itself, out of sight of page.route: only the tests of it have one.
PLAIN: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "service_workers": "block"}
"""The options of a window."""


@pytest.fixture(scope="session")
def chromium() -> str:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return CHROMIUM


@pytest.fixture(scope="session")
def app(chromium: str) -> Any:  # noqa: ARG001  (no application is loaded where there is no browser)
    # No limit of time or rate: what is judged here is the page, on a machine as busy as it may be.
    return create_app({"ACCESS_LOG": False, "RATE_LIMIT": "", "TIME_BUDGET": 300.0})


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What went wrong in the scripts of this test's pages: in the end, nothing."""
    wrong: list[str] = []
    yield wrong
    assert wrong == []


@pytest.fixture
def open_page(browser: Browser, address: str, wrong: list[str]) -> Iterator[OpenPage]:
    """Opens the page in a window of its own."""
    contexts: list[BrowserContext] = []

    def open_page(at: str = address + "/", script: str = "", first_visit: bool = False, **window: Any) -> Page:
        context = browser.new_context(**{**PLAIN, **window})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: _collect(said, wrong))
        if not first_visit:
            page.add_init_script(VISITED)
        if script:
            page.add_init_script(script)
        return _shown(page, at)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def plain_page(browser: Browser) -> Page:
    """The one window that tests without wishes of their own share: to open one takes longer than most of them."""
    context = browser.new_context(**PLAIN)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(VISITED)
    return page


@pytest.fixture
def page(plain_page: Page, address: str, wrong: list[str]) -> Iterator[Page]:
    """The page as on a later visit on which nothing is kept; only its window is that of other tests."""
    page = plain_page
    listeners = {"pageerror": lambda error: wrong.append(str(error)), "console": lambda said: _collect(said, wrong)}
    page.set_viewport_size(PLAIN["viewport"])
    page.emulate_media(color_scheme="light", reduced_motion="no-preference", forced_colors="none")
    page.mouse.move(0, 0)
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    yield _shown(page, address + "/")
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.unroute_all(behavior="ignoreErrors")
    page.goto(address + "/healthz")  # here no script of the page can keep anything any more
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


def _shown(page: Page, at: str) -> Page:
    page.goto(at)
    page.wait_for_function("() => document.querySelector('#boxes').hasAttribute('viewBox')")  # the modules run
    return page


def _collect(said: ConsoleMessage, wrong: list[str]) -> None:
    # Failed fetches are tested by what the page says then; reading the pad's pixels back is the tests' doing.
    expected = ("Failed to load resource", "willReadFrequently", "Service Worker registration blocked")
    if said.type in ("error", "warning") and not any(words in said.text for words in expected):
        wrong.append(said.text)
