"""Hands beside plain drawing: eraser, taps of several fingers, a pen among fingers, pen sizes, replay."""

from __future__ import annotations

import numpy as np
import pytest
from browsing import OpenPage
from looking import always, answer, expect_text, picture_of, watch_requests
from pens import Finger, Pen, draw, line
from playwright.sync_api import Page, expect
from test_everyone import TWO_FRAMES


@pytest.fixture
def quiet(page: Page) -> Page:
    always(page, json=answer("17"))
    return page


@pytest.fixture
def touch(open_page: OpenPage) -> Page:
    page = open_page(has_touch=True)
    always(page, json=answer("17"))
    return page


def corner(page: Page) -> tuple[float, float]:
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    return box["x"], box["y"]


def expect_strokes(page: Page, count: int) -> None:
    expect(page.locator("#strip li")).to_have_count(count)


def test_the_eraser_takes_what_it_touches_as_one_step(quiet: Page) -> None:
    draw(quiet, [line(100, 60, 0, 100), line(200, 60, 0, 100), line(300, 60, 0, 100)])
    eraser = quiet.get_by_role("button", name="Eraser")
    eraser.click()
    expect(eraser).to_have_attribute("aria-pressed", "true")
    draw(quiet, [line(80, 110, 140, 0)])  # over the first two
    expect_strokes(quiet, 1)
    draw(quiet, [line(500, 110, 40, 0)])  # over nothing
    quiet.keyboard.press("Control+z")
    expect_strokes(quiet, 3)
    quiet.keyboard.press("Control+y")
    expect_strokes(quiet, 1)
    quiet.locator("#canvas").focus()
    quiet.keyboard.press("e")
    expect(eraser).to_have_attribute("aria-pressed", "false")
    draw(quiet, [line(100, 60)])
    expect_strokes(quiet, 2)


def test_two_fingers_undo_and_three_redo(touch: Page) -> None:
    draw(touch, [line(100, 60), line(300, 60)], Finger(touch))
    expect_strokes(touch, 2)
    x, y = corner(touch)
    places = [(x + 100, y + 100), (x + 200, y + 110), (x + 300, y + 100)]
    finger = Finger(touch)
    for count, left in ((2, 1), (2, 0), (3, 1)):
        for down in range(1, count + 1):
            finger.touch("touchStart", *places[:down])
        finger.touch("touchEnd")
        expect_strokes(touch, left)
    # Two fingers that stay or move are no tap: the first of them draws.
    finger.touch("touchStart", places[0])
    finger.touch("touchStart", *places[:2])
    for step in range(1, 8):
        finger.touch("touchMove", (places[0][0] + 6 * step, places[0][1]), places[1])
    finger.touch("touchEnd")
    expect_strokes(touch, 2)


def test_a_pen_beats_a_finger_and_silences_it(open_page: OpenPage) -> None:
    # The clock of the page's events is set by hand: nothing here waits, or depends on how fast this machine is.
    clock = "Object.defineProperty(Event.prototype, 'timeStamp', {get() { return window.now ?? 1000; }})"
    page = open_page(has_touch=True, script=clock)
    always(page, json=answer("17"))
    sent = watch_requests(page)
    x, y = corner(page)
    finger, pen = Finger(page), Pen(page)
    finger.down(x + 500, y + 150)  # the palm
    finger.move(x + 505, y + 155)
    draw(page, [line(100, 60)], pen)
    expect_strokes(page, 1)
    finger.up()
    expect_text(page, "17")
    assert sent[-1]["strokes"][0]["x"] < 110  # the pen's, not the palm's

    for now, count in ((1001, 1), (5999, 1), (6000, 2)):
        page.evaluate("now => { window.now = now; }", now)
        draw(page, [line(300, 60)], finger)
        page.evaluate(TWO_FRAMES)
        expect_strokes(page, count)


def test_the_pen_has_three_sizes_and_they_are_kept(quiet: Page) -> None:
    sent = watch_requests(quiet)
    for name, width in (("thick", 10), ("thin", 3)):
        quiet.locator("#pen").click()
        expect(quiet.locator("#pen")).to_have_accessible_name(f"Pen: {name}")
        quiet.locator("#canvas").focus()
        quiet.keyboard.press("Delete")
        asked = len(sent)
        quiet.locator("#canvas").click(position={"x": 90, "y": 70})
        expect_text(quiet, "17")
        assert len(sent) > asked
        rows, _ = np.nonzero(picture_of(sent[-1]["strokes"][0]) > 128)
        assert np.ptp(rows) + 1 == pytest.approx(width, abs=1)
    quiet.reload()
    expect(quiet.locator("#pen")).to_have_accessible_name("Pen: thin")


INK = (
    "() => { const pad = document.querySelector('#canvas');"
    " const {data} = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height);"
    " let ink = 0; for (let i = 3; i < data.length; i += 4) ink += data[i] > 0; return ink; }"
)


def test_replay_takes_as_long_as_the_drawing_did(quiet: Page) -> None:
    draw(quiet, [line(100, 60, 100, 0, 8), line(400, 60, 100, 0, 8)], pause_ms=700)
    expect_text(quiet, "17")
    whole = quiet.evaluate(INK)
    times = quiet.evaluate("() => performance.now()")
    quiet.get_by_role("button", name="Replay").click()
    expect(quiet.locator("#replay")).to_have_text("Stop")
    expect(quiet.locator("#strip li").first).to_have_class("tone-0 playing")
    quiet.wait_for_function(f"whole => (ink => 0 < ink && ink < 0.7 * whole)(({INK})())", arg=whole)  # in the pause
    expect(quiet.locator("#replay")).to_have_text("Replay")
    assert quiet.evaluate("() => performance.now()") - times > 700
    assert quiet.evaluate(INK) == whole

    # Where motion is unwelcome, whole strokes come one by one.
    quiet.emulate_media(reduced_motion="reduce")
    seen = quiet.evaluate(
        "async () => { const ink = " + INK + "; const seen = new Set();"
        " document.querySelector('#replay').click();"
        " do { await new Promise(requestAnimationFrame); seen.add(ink()); }"
        " while (document.querySelector('#replay').classList.contains('running'));"
        " return [...seen].sort((a, b) => a - b); }"
    )
    assert seen[-1] == whole
    assert len(seen) <= 4, seen  # before (all or nothing), the first, both

    quiet.get_by_role("button", name="Replay").click()
    draw(quiet, [line(600, 60)])  # drawing ends it
    expect(quiet.locator("#replay")).to_have_text("Replay")
    expect_strokes(quiet, 3)
