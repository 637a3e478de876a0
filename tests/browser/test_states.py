"""Busy, failed, late: nothing is lost, and only the newest question gets its answer."""

from __future__ import annotations

import json
from typing import Any

from browsing import OpenPage
from looking import (
    API,
    always,
    answer,
    charts,
    expect_failure,
    expect_text,
    hold,
    text_read,
    wait_for,
    watch_requests,
)
from pens import draw, line
from playwright.sync_api import Page, expect
from test_everyone import TWO_FRAMES


def problem(status: int, detail: str = "", fault: str = "", **headers: str) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail}
    if fault:
        body["errors"] = [{"pointer": "#", "detail": fault}]
    return {
        "status": status,
        "content_type": "application/problem+json",
        "body": json.dumps(body),
        "headers": headers,
    }


FAILURES: list[tuple[dict[str, Any] | None, str, str]] = [
    (problem(500, "stack trace"), "Something went wrong on the server.", "Try again"),
    (problem(503, **{"Retry-After": "5"}), "The reader is still starting.", "Try again in 5 seconds"),
    (problem(503, fault="takes longer than 10 seconds to read"), "This drawing takes too long to read.", "Take back"),
    (problem(429, **{"Retry-After": "1"}), "Too many drawings at once.", "Try again in 1 second."),
    (problem(413), "This drawing is too large to send.", "Take back some strokes"),
    (problem(422, "x has 3 values"), "The server could not use this drawing.", "x has 3 values"),
    ({"body": "<h1>Sign in</h1>"}, "Something other than the reader answered.", "signed in to this network"),
    (None, "The server cannot be reached.", "Check the connection"),
]


def test_a_failure_is_said_and_trying_again_loses_nothing(page: Page) -> None:
    sent = watch_requests(page)
    always(page, json=answer("17"))
    draw(page, [line(100, 80)])
    expect_text(page, "17")
    for reply, title, advice in FAILURES:
        if reply is None:
            page.unroute_all()
            page.route(API, lambda route: route.abort())
        else:
            always(page, **reply)
        page.get_by_role("button", name="Read", exact=True).click()
        expect_failure(page, title)
        expect(page.locator("#failure-advice")).to_contain_text(advice)
        expect(page.locator("#spoken")).to_contain_text(title)
        expect(page.locator("#result")).to_have_attribute("aria-busy", "false")
        expect(page.locator("#strip li")).to_have_count(1)

        always(page, json=answer("23"))
        page.get_by_role("button", name="Try again").click()
        expect_text(page, "23")
        assert sent[-1] == sent[-2]
        expect(page.locator("#failure")).to_be_hidden()
        assert page.evaluate("document.activeElement.id") == "read"


def test_busy_while_the_answer_is_on_its_way(page: Page) -> None:
    routes = hold(page)
    draw(page, [line(100, 80)])
    wait_for(page, routes, 1)
    result = page.locator("#result")
    expect(result).to_have_attribute("aria-busy", "true")
    before = result.bounding_box()
    expect(page.locator("#spinner")).to_have_css("opacity", "1")
    routes[0].fulfill(json=answer("17"))
    expect_text(page, "17")
    expect(page.locator("#spinner")).to_have_css("opacity", "0")
    assert result.bounding_box() == before  # nothing below has moved


def test_it_reads_300_ms_after_the_pen_lifts_and_not_before(open_page: OpenPage) -> None:
    page = open_page()
    page.clock.install(time=0)
    page.clock.pause_at(60)  # seconds; from here on it runs only as told
    sent = watch_requests(page)
    always(page, json=answer("17"))
    draw(page, [line(100, 80)])
    page.clock.run_for(290)
    draw(page, [line(200, 80)])  # the pen is down again in time: the rest begins anew
    page.clock.run_for(290)
    assert sent == []
    page.clock.run_for(20)
    wait_for(page, sent, 1)
    assert len(sent[0]["strokes"]) == 2


def test_a_stale_answer_is_dropped_even_where_it_cannot_be_aborted(open_page: OpenPage) -> None:
    page = open_page(script="AbortController.prototype.abort = () => {}")
    routes = hold(page)
    draw(page, [line(100, 80)])
    wait_for(page, routes, 1)
    draw(page, [line(300, 80)])
    wait_for(page, routes, 2)
    routes[1].fulfill(json=answer("22"))
    expect_text(page, "22")
    with page.expect_response(API):
        routes[0].fulfill(json=answer("1"))
    page.evaluate(TWO_FRAMES)  # whatever the page makes of it is made
    assert text_read(page) == "22"
    assert [chart["label"] for chart in charts(page)] == ["2", "2"]


def test_a_new_stroke_aborts_the_question_under_way(page: Page) -> None:
    failed: list[Any] = []
    page.on("requestfailed", lambda request: failed.append(request))
    routes = hold(page)
    draw(page, [line(100, 80)])
    wait_for(page, routes, 1)
    page.mouse.move(300, 200)
    page.mouse.down()
    wait_for(page, failed, 1)
    expect(page.locator("#result")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#failure")).to_be_hidden()  # an abort is no failure
    page.mouse.up()


def test_clearing_forgets_the_question_under_way(open_page: OpenPage) -> None:
    page = open_page(script="AbortController.prototype.abort = () => {}")
    routes = hold(page)
    draw(page, [line(100, 80)])
    wait_for(page, routes, 1)
    page.get_by_role("button", name="Clear").click()
    with page.expect_response(API):
        routes[0].fulfill(json=answer("1"))
    page.evaluate(TWO_FRAMES)  # whatever the page makes of it is made
    expect(page.locator("#nothing")).to_be_visible()
    assert text_read(page) == ""


def test_tables_stand_in_where_the_charts_cannot_be_fetched(page: Page) -> None:
    page.route("**/chart.umd.min.js", lambda route: route.abort())
    page.route(API, lambda route: route.fulfill(json=answer("17")))
    draw(page, [line(100, 80)])
    expect_text(page, "17")
    expect(page.locator("#charts table").first).to_be_visible()
    expect(page.locator("#charts canvas").first).to_be_hidden()
