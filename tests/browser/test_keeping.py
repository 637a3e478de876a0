"""Nothing is lost: reloads, a server that goes away, a page without a network, and the history on this device."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import OpenPage
from looking import API, always, answer, expect_failure, expect_text, hold, text_read, wait_for, watch_requests
from pens import draw, draw_text, line
from playwright.sync_api import Page, expect
from test_arriving import paste, toast
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from tests.serving import serving

HISTORY = "#history button"
TIMEOUTS_BY_THE_CLOCK = (  # of the test, which does not move those of the browser itself
    "AbortSignal.timeout = ms => { const end = new AbortController(); setTimeout(() => end.abort(), ms);"
    " return end.signal }"
)


def kept(page: Page) -> dict[str, Any]:
    """The drawing as the device has it for another visit."""
    return json.loads(page.evaluate("localStorage.getItem('glyphline:/:drawing')"))


def test_each_stroke_is_kept_and_comes_back(page: Page) -> None:
    always(page, json=answer("17"))
    expect(page.locator("#state-words")).to_have_text("Ready")
    draw(page, [line(60, 80)])
    assert len(kept(page)["strokes"]) == 1  # at once, not when it is read
    draw(page, [line(300, 80)])
    page.locator("#alphabet").select_option("digits")
    expect(page.locator("#state-words")).to_have_text("Saved")
    before = kept(page)
    page.reload()
    expect_text(page, "17")  # read again by itself
    expect(page.locator("#strip li")).to_have_count(2)
    expect(page.locator("#alphabet")).to_have_value("digits")
    assert kept(page) == before

    # Another tab draws something else: each keeps its own, a later visit gets the newest.
    other = page.context.new_page()
    always(other, json=answer("1"))
    other.goto(page.url)
    expect(other.locator("#strip li")).to_have_count(2)
    other.get_by_role("button", name="Clear").click()
    draw(other, [line(60, 80)])
    page.reload()
    expect(page.locator("#strip li")).to_have_count(2)
    assert len(kept(page)["strokes"]) == 1


def test_a_browser_that_keeps_nothing_says_so_and_works(open_page: OpenPage) -> None:
    page = open_page(
        script="Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    expect(page.locator("#state-words")).to_have_text("Not saved")
    page.locator("#state").click()
    toast(page, "Save the drawing as a file before you leave.")
    page.get_by_role("button", name="Clear").click()
    page.unroute_all()
    page.route(API, lambda route: route.abort())
    draw(page, [line(60, 80)])
    expect(page.locator("#state-words")).to_have_text("Waiting")
    expect(page.locator(HISTORY)).to_have_count(2)  # for as long as the page is open
    always(page, json=answer("23"))
    expect(page.locator(HISTORY).first).to_contain_text("23")


def test_what_is_too_much_to_keep_is_there_until_the_page_is_closed(open_page: OpenPage) -> None:
    script = (
        "const { setItem } = Storage.prototype; Storage.prototype.setItem = function (name, text) {"
        " if (name.endsWith('history') && JSON.parse(text).length > 2) throw new DOMException('full');"
        " setItem.call(this, name, text) }"
    )
    page = open_page(script=script)
    for text in ("12", "34", "56"):
        always(page, json=answer(text))
        draw(page, [line(60, 80)])
        expect_text(page, text)
        page.get_by_role("button", name="Clear").click()
    expect(page.locator(HISTORY)).to_have_count(3)
    page.reload()
    expect(page.locator(HISTORY)).to_have_count(2)
    expect(page.locator(HISTORY).first).to_contain_text("56")


def test_a_damaged_drawing_of_the_last_visit_is_told(open_page: OpenPage) -> None:
    page = open_page(script="sessionStorage.setItem('glyphline:/:drawing', '{\"glyphline\":1,\"strokes\":[{}]}')")
    toast(page, "could not be brought back")
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")


def test_readings_have_a_history(page: Page) -> None:
    expect(page.locator("#history-clear")).to_be_hidden()
    for text in ("12", "34"):
        always(page, json=answer(text, 0.9))
        draw(page, [line(60, 80)])
        expect_text(page, text)
        draw(page, [line(300, 80)])  # the same drawing, grown: one entry
        expect_text(page, text)
        page.get_by_role("button", name="Clear").click()
    expect(page.locator(HISTORY)).to_have_count(2)
    expect(page.locator(HISTORY).first).to_contain_text("34")
    expect(page.locator(HISTORY).first).to_contain_text("90%")
    page.reload()
    page.locator(HISTORY).nth(1).click()
    expect(page.locator("#strip li")).to_have_count(2)
    expect_text(page, "34")  # read anew
    expect(page.locator(HISTORY)).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(page.locator("#strip li")).to_have_count(0)

    page.get_by_role("button", name="Forget them").click()
    expect(page.locator(HISTORY)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('glyphline:/:history')") == "[]"
    page.locator("#toast").get_by_role("button", name="Undo").click()
    expect(page.locator(HISTORY)).to_have_count(2)


def test_the_history_ends_after_twenty(page: Page) -> None:
    always(page, json=answer("1"))
    draw(page, [line(60, 80)])
    expect(page.locator(HISTORY)).to_have_count(1)
    page.evaluate(
        "const entry = JSON.parse(localStorage.getItem('glyphline:/:history'))[0];"
        "localStorage.setItem('glyphline:/:history', JSON.stringify(Array(20).fill(entry)))"
    )
    page.reload()
    expect(page.locator(HISTORY)).to_have_count(20)
    always(page, json=answer("7"))
    paste(page, "7")
    expect(page.locator(HISTORY).first).to_contain_text("7")
    expect(page.locator(HISTORY)).to_have_count(20)


def test_what_the_server_could_not_read_waits_and_is_read_when_it_is_back(page: Page) -> None:
    page.route(API, lambda route: route.abort())
    draw_text(page, "17")
    expect_failure(page, "The server cannot be reached.")
    page.get_by_role("button", name="Clear").click()
    draw_text(page, "25")
    expect_failure(page, "The server cannot be reached.")
    expect(page.locator("#state-words")).to_have_text("2 waiting")
    expect(page.locator(HISTORY).first).to_have_accessible_name(re.compile("^not read yet"))
    page.locator("#state").click()
    toast(page, "read as soon as it is back")
    page.reload()  # what waits is kept
    expect(page.locator("#state-words")).to_have_text("2 waiting")
    page.unroute_all()
    expect_text(page, "25")  # nobody pressed anything
    expect(page.locator("#state-words")).to_have_text("Saved")
    expect(page.locator("#toast")).to_be_hidden()  # it said that the server is away
    expect(page.locator(HISTORY)).to_have_count(2)
    expect(page.locator(HISTORY).nth(1)).to_contain_text("17")


def test_it_waits_as_long_as_the_server_asks(open_page: OpenPage) -> None:
    page = open_page()
    page.clock.install(time=0)
    page.clock.pause_at(60)  # seconds; from here on it runs only as told
    sent = watch_requests(page)
    always(page, status=503, headers={"Retry-After": "9"}, json={"status": 503})
    draw(page, [line(60, 80)])
    page.clock.run_for(400)
    expect_failure(page, "The reader is still starting.")
    asked = len(sent)
    page.clock.run_for(8500)
    assert len(sent) == asked
    always(page, json=answer("17"))
    page.clock.run_for(1000)
    expect_text(page, "17")
    expect(page.locator("#state-words")).to_have_text("Saved")


def test_a_silent_server_is_asked_again_for_what_waits(open_page: OpenPage) -> None:
    page = open_page(script=TIMEOUTS_BY_THE_CLOCK)
    page.clock.install(time=0)
    page.clock.pause_at(60)  # seconds; from here on it runs only as told
    page.route(API, lambda route: route.abort())
    draw(page, [line(60, 80)])
    page.clock.run_for(400)
    expect_failure(page, "The server cannot be reached.")
    page.get_by_role("button", name="Clear").click()
    failed: list[Any] = []
    page.on("requestfailed", lambda request: failed.append(request))
    page.unroute_all()
    routes = hold(page)
    page.clock.run_for(2000)
    wait_for(page, routes, 1)  # what waits is asked for, and no answer comes
    page.clock.run_for(20_000)
    wait_for(page, failed, 1)
    always(page, json=answer("17"))
    page.clock.run_for(5000)
    expect(page.locator(HISTORY)).to_contain_text("17")
    expect(page.locator("#state-words")).to_have_text("Ready")


def test_a_fault_of_the_drawing_does_not_wait(page: Page) -> None:
    always(page, status=422, json={"detail": "is odd"})
    draw(page, [line(60, 80)])
    expect_failure(page, "The server could not use this drawing.")
    expect(page.locator("#state-words")).to_have_text("Saved")
    expect(page.locator(HISTORY)).to_have_count(0)


@pytest.fixture
def leaving_server(app: Any) -> Iterator[tuple[str, threading.Event]]:
    """The application below a prefix, behind a door: while it is shut, callers get what a proxy says then."""
    shut = threading.Event()

    def door(environ: dict[str, Any], start: Any) -> Any:
        if shut.is_set():
            return Response("bad gateway", 502)(environ, start)
        return app(environ, start)

    with serving(DispatcherMiddleware(Response("nothing here", 404), {"/some/where": door})) as address:
        yield address + "/some/where/", shut


def test_opens_without_a_network_and_below_a_prefix(
    open_page: OpenPage, leaving_server: tuple[str, threading.Event]
) -> None:
    address, shut = leaving_server
    page = open_page(at=address, service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert page.evaluate("navigator.serviceWorker.ready.then(ready => ready.scope)") == address
    draw_text(page, "17")
    expect_text(page, "17")
    shut.set()
    page.goto(address + "about")
    expect(page.get_by_role("heading", name="What it reads")).to_be_visible()
    page.context.set_offline(True)
    page.goto(address)
    expect_failure(page, "The server cannot be reached.")
    expect(page.locator("#strip li")).to_have_count(3)
    page.get_by_role("button", name="Type", exact=True).click()  # the whole page is there, not only what was used
    expect(page.locator("#type-sheet")).to_be_visible()
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.locator("#strip li")).to_have_count(1)
    shut.clear()
    page.context.set_offline(False)
    expect_text(page, "8")
    names = page.evaluate("caches.keys()")
    assert len(names) == 1
    assert not [url for url in kept_files(page, names[0]) if "/api/" in url]


def kept_files(page: Page, cache: str) -> list[str]:
    return page.evaluate("async name => (await (await caches.open(name)).keys()).map(request => request.url)", cache)


def test_works_on_plain_http_addresses(open_page: OpenPage) -> None:
    """What browsers leave out where the address is no safe one."""
    missing = "".join(
        f"delete {name};"
        for name in (
            "Navigator.prototype.serviceWorker",
            "Navigator.prototype.clipboard",
            "Navigator.prototype.share",
            "Crypto.prototype.randomUUID",
            "PointerEvent.prototype.getCoalescedEvents",
            "window.caches",
        )
    )
    page = open_page(script=missing)
    draw_text(page, "17", merged=False)  # nothing tells of merged events here
    expect_text(page, "17")
    page.reload()
    expect_text(page, "17")
    assert text_read(page) == "17"
