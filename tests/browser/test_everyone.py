"""The page for everyone: axe, names, targets, themes, phones, keyboard, calm, prefixes, weight."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import OpenPage
from looking import always, answer, expect_text, lit, wait_for, watch_requests
from pens import draw, line
from playwright.sync_api import Page, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from tests.serving import serving

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
PHONE = {"width": 390, "height": 844}


def axe_finds_nothing(page: Page, *schemes: str) -> None:
    """Looks at everything in the first scheme, in a second one at the contrast: nothing else differs for axe."""
    for n, scheme in enumerate(schemes or ("light", "dark")):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        _run_axe(page, {"runOnly": ["color-contrast"]} if n else {})


def _run_axe(page: Page, options: dict[str, Any]) -> None:
    # Transitions blend colours; what turns for ever (the spinner, the lamp) has no end to wait for.
    page.evaluate(
        "() => Promise.all(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < 1e6)"
        ".map(one => one.finished.catch(() => {})))"
    )
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, results.generate_report()


def test_axe_finds_nothing(page: Page) -> None:
    axe_finds_nothing(page, "dark")
    always(page, json=answer("12345\N{REPLACEMENT CHARACTER}7", 0.7, rival="1Z"))  # all tones, and doubt
    draw(page, [line(60, 80), line(200, 80)])
    expect(page.locator("#charts canvas")).to_have_count(7)
    axe_finds_nothing(page)
    page.get_by_role("button", name="As tables").click()
    axe_finds_nothing(page, "light")
    always(page, status=500)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator("#failure")).to_be_visible()
    axe_finds_nothing(page)


def test_the_sheets_fit_a_phone_and_axe_finds_nothing(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    always(page, json=answer("17", 0.7, rival="11"))
    draw(page, [line(60, 80), line(200, 80)])
    expect_text(page, "17")
    for opener, sheet in ((".char", "#editor"), ("#open-options", "#options"), ("#open-keys", "#keys")):
        page.locator(opener).first.click()
        expect(page.locator(sheet)).to_be_visible()
        assert small_targets(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        axe_finds_nothing(page, "dark")
        page.keyboard.press("Escape")
        expect(page.locator(sheet)).to_be_hidden()
    expect(page.locator("#open-keys")).to_be_focused()  # back where one came from
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_focus_and_arrow_keys_light_up_a_character_everywhere(page: Page) -> None:
    always(page, json=answer("17"))
    draw(page, [line(40, 70), line(120, 70)])
    expect_text(page, "17")
    page.locator(".chart .name").nth(1).focus()
    assert lit(page) == [1] * 4
    page.locator("#canvas").focus()
    page.keyboard.press("ArrowRight")
    assert lit(page) == [0] * 4
    expect(page.locator("#spoken")).to_have_text("Character 1: 1, 90%. Enter changes it.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#editor-title")).to_have_text("Character 2 of 2")


def test_forced_colours_leave_ink_boxes_and_marks_in_sight(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active", color_scheme="dark")
    always(page, json=answer("17", 0.7, rival="11"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    ink = "getComputedStyle(document.querySelector('#canvas')).color"
    paper = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
    assert page.evaluate(ink) != page.evaluate(paper)
    assert page.locator("#boxes rect").first.evaluate("one => getComputedStyle(one).stroke") == page.evaluate(ink)


def test_more_contrast_gives_every_button_an_edge(open_page: OpenPage) -> None:
    page = open_page(contrast="more")
    always(page, json=answer("17", 0.7, rival="11"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    clear = page.locator(".btn:not(.btn-primary)").evaluate_all(
        "all => all.filter(one => one.offsetParent && getComputedStyle(one).borderTopColor.startsWith('rgba'))"
        ".map(one => one.id)"
    )
    assert clear == []
    axe_finds_nothing(page)


def test_the_page_scrolls_and_zooms_and_the_pad_alone_does_not(page: Page) -> None:
    viewport = page.locator("meta[name=viewport]").get_attribute("content") or ""
    assert "scalable" not in viewport
    assert "maximum" not in viewport
    touch = "all => all.filter(one => getComputedStyle(one).touchAction === 'none').map(one => one.id)"
    assert page.locator("body *").evaluate_all(touch) == ["canvas"]


def test_the_pad_is_named_focusable_and_explained(page: Page) -> None:
    canvas = page.locator("#canvas")
    expect(canvas).to_have_accessible_name("Drawing area")
    described = page.locator("#how").inner_text()
    assert canvas.get_attribute("aria-describedby") == "how"
    for words in ("a mouse, a pen or a finger", "Enter reads", "Backspace takes back", "Delete clears", "type a text"):
        assert words in described
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the drawing area")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(canvas).to_be_focused()


def test_the_keyboard_reads_takes_back_and_clears(page: Page) -> None:
    always(page, json=answer("17"))
    sent = watch_requests(page)
    draw(page, [line(60, 80), line(200, 80)])
    expect_text(page, "17")
    page.locator("#canvas").focus()
    asked = len(sent)
    page.keyboard.press("Enter")
    wait_for(page, sent, asked + 1)
    expect_text(page, "17")
    assert len(sent) == asked + 1
    page.keyboard.press("Backspace")
    expect(page.locator("#strip li")).to_have_count(1)
    page.keyboard.press("Delete")
    expect(page.locator("#strip li")).to_have_count(0)


def test_it_fits_and_every_target_is_44_pixels(page: Page) -> None:
    always(page, json=answer("3141592653589793", 0.7, rival="3141592653589798"))
    draw(page, [line(60, 80)])
    expect(page.locator("#charts canvas")).to_have_count(16)
    for width, height in ((1280, 800), (768, 1024), (390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => document.documentElement.scrollWidth === width", arg=width)
        assert small_targets(page) == []


def small_targets(page: Page) -> list[str]:
    """What is to be pressed and is smaller than 44 CSS pixels."""
    return page.evaluate(
        "() => [...document.querySelectorAll('button, select, .form-check-label')]"
        ".filter(one => one.offsetParent)"
        ".map(one => [one.id || one.className, one.getBoundingClientRect()])"
        ".filter(([, {width, height}]) => Math.min(width, height) < 44).map(([name]) => name)"
    )


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
def test_an_answer_moves_nothing(open_page: OpenPage, viewport: Any) -> None:
    watch = (
        "window.shift = 0;"
        "new PerformanceObserver(list => list.getEntries().forEach(entry => { shift += entry.value; }))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page = open_page(viewport=viewport, script=watch)
    for text in ("2048", "3141592653"):
        always(page, json=answer(text, 0.7, rival=text[::-1]))
        draw(page, [line(60, 80)])
        expect_text(page, text)
        page.wait_for_function("n => document.querySelectorAll('#charts canvas').length === n", arg=len(text))
        page.evaluate(TWO_FRAMES)
    assert page.evaluate("shift") < 0.01


def test_dark_ink_turns_light_when_the_system_turns_dark(page: Page) -> None:
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    brightness = (
        "() => { const pad = document.querySelector('#canvas');"
        " const {data} = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height);"
        " for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) return data[i]; }"
    )
    assert page.evaluate(brightness) < 60
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => ({brightness})() > 200")


def test_charts_stand_still_where_that_is_wished(page: Page) -> None:
    chart = "window.Chart?.getChart(document.querySelector('#charts canvas'))"
    always(page, json=answer("1"))
    draw(page, [line(60, 80)])
    expect_text(page, "1")
    page.wait_for_function(f"() => {chart}?.options.animation.duration > 0")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Read", exact=True).click()
    page.wait_for_function(f"() => {chart}.options.animation === false")


def test_each_chart_has_a_table_that_says_the_same(page: Page) -> None:
    always(page, json=answer("17", 0.9))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    expect(page.get_by_role("table", name="Character 2: 7")).to_be_attached()
    button = page.get_by_role("button", name="As tables")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#charts tbody").nth(1)).to_have_text("790%O5%")
    expect(page.get_by_role("img", name="What the model saw of 7")).to_be_visible()
    expect(page.locator("#charts canvas").first).to_be_hidden()
    button.click()
    expect(page.locator("#charts canvas").first).to_be_visible()


@pytest.mark.parametrize(("at", "told"), [("/some/where", True), ("/some/where/", False)])
def test_works_below_a_prefix(open_page: OpenPage, app: Any, at: str, told: bool) -> None:
    """Mounted with SCRIPT_NAME set (no closing slash), or behind a proxy that strips the prefix silently."""

    def silent(environ: dict[str, Any], start: Any) -> Any:
        return app(environ | {"SCRIPT_NAME": "", "PATH_INFO": environ["PATH_INFO"] or "/"}, start)

    mounted = DispatcherMiddleware(Response("nothing here", 404), {"/some/where": app if told else silent})
    with serving(mounted) as address:
        page = open_page(at=address + at)
        replies: list[tuple[int, str]] = []
        page.on("response", lambda response: replies.append((response.status, response.url)))
        draw(page, [line(100, 80, 0, 150, 12)])
        expect(page.locator("#charts canvas").first).to_be_visible()
        assert (200, f"{address}/some/where/api/v1/recognize") in replies
        assert page.evaluate("performance.getEntriesByType('resource').every(e => e.name.includes('/some/where/'))")
        assert [reply for reply in replies if reply[0] >= 400] == []


def test_it_is_light_and_asks_no_other_host(open_page: OpenPage, address: str) -> None:
    page = open_page()
    assert "chart.umd" not in str(page.evaluate("performance.getEntriesByType('resource').map(e => e.name)"))
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    page.wait_for_function("'Chart' in window")
    files = set(page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")) | {page.url}
    assert {name for name in files if not name.startswith((address + "/", "data:"))} == set()
    weights = {
        name: int(page.request.get(name).headers["content-length"])  # compressed, as the server sends it
        for name in files
        if not name.startswith("data:") and "/api/" not in name
    }
    assert any("chart.umd" in name for name in weights)
    assert sum(weights.values()) <= 120_000, weights  # test_packing.py weighs all the rest too
