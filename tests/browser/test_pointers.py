"""The pad: every sample with its true time, one pointer at a time, sharp pictures, ink that survives."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from browsing import OpenPage
from looking import always, answer, expect_text, picture_of, send, wait_for, watch_requests
from pens import Finger, Mouse, Pen, draw, line
from playwright.sync_api import Page, expect
from test_everyone import TWO_FRAMES

RATE = 240  # Hz
STROKES, SAMPLES, PAUSE = 4, 84, 120  # ms


def test_every_sample_of_a_fast_pen_is_kept_on_a_busy_page(page: Page) -> None:
    always(page, json=answer("17"))
    sent = watch_requests(page)
    send(page, "points")
    page.evaluate(
        "() => { window.moves = 0; addEventListener('pointermove', e => { moves += e.buttons; }, true);"
        " setInterval(() => { const end = performance.now() + 20;"
        "   while (performance.now() < end); }, 30); }"
    )
    n = np.arange(SAMPLES)
    wave = np.column_stack([60 + n, 60 + 40 * np.sin(n / 9) + n])
    draw(
        page, [wave + np.array([120 * stroke, 0]) for stroke in range(STROKES)], Mouse(page, rate=RATE), pause_ms=PAUSE
    )
    expect_text(page, "17")
    strokes = sent[-1]["strokes"]
    assert len(strokes) == STROKES
    assert [len(stroke["x"]) for stroke in strokes] == [SAMPLES + 1] * STROKES  # all, and the lift
    assert page.evaluate("moves") < 0.6 * STROKES * SAMPLES, "the page was not busy enough to merge events"
    for before, after in pairwise(strokes):
        assert after["t"][0] - before["t"][-1] == pytest.approx(PAUSE, abs=2)
    for stroke in strokes:
        assert np.diff(stroke["t"]) == pytest.approx(1000 / RATE, abs=0.3)


def points_sent(page: Page, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The drawing in the points form."""
    send(page, "points")
    expect_text(page, "17")
    return sent[-1]["strokes"]


@pytest.fixture
def quiet(page: Page) -> Page:
    always(page, json=answer("17"))
    return page


def test_a_stroke_may_leave_the_pad_and_come_back(quiet: Page) -> None:
    sent = watch_requests(quiet)
    way = np.array([(200, 100), (200, 30), (200, -30), (260, -40), (300, 20), (300, 100)], float)
    draw(quiet, [way])
    expect_text(quiet, "17")
    strokes = points_sent(quiet, sent)
    assert len(strokes) == 1
    assert min(strokes[0]["y"]) == pytest.approx(-40, abs=1)
    assert strokes[0]["x"][-1] == pytest.approx(300, abs=1)
    # Its picture too reaches beyond the edge.
    assert sent[0]["strokes"][0]["y"] < -40


def test_a_click_is_a_dot(quiet: Page) -> None:
    sent = watch_requests(quiet)
    quiet.locator("#canvas").click(position={"x": 90, "y": 70})
    expect_text(quiet, "17")
    ink = picture_of(sent[-1]["strokes"][0])
    rows, columns = np.nonzero(ink > 128)
    assert np.ptp(rows) + 1 == pytest.approx(6, abs=1)
    assert np.ptp(columns) + 1 == pytest.approx(6, abs=1)


@pytest.mark.parametrize("ratio", [1.25, 3])
def test_pictures_are_crops_at_the_screens_resolution(open_page: OpenPage, ratio: float) -> None:
    page = open_page(device_scale_factor=ratio)
    always(page, json=answer("17"))
    sent = watch_requests(page)
    draw(page, [line(100, 80, 60, 40)])
    expect_text(page, "17")
    assert sent[-1]["pixel_ratio"] == pytest.approx(ratio, abs=1e-6)
    stroke = sent[-1]["strokes"][0]
    ink = picture_of(stroke)
    assert ink.shape == pytest.approx((50 * ratio, 70 * ratio), abs=2 * ratio + 1)
    assert not ink[[0, -1], :].any()
    assert not ink[:, [0, -1]].any()
    # The ink lies where the pen went: its middle, on the canvas.
    rows, columns = np.nonzero(ink > 128)
    assert stroke["x"] + columns.mean() / ratio == pytest.approx(130, abs=1)
    assert stroke["y"] + rows.mean() / ratio == pytest.approx(100, abs=1)
    assert 0 < stroke["t"][1] - stroke["t"][0] < 5000


def test_a_stroke_wider_than_any_picture_may_be_is_sent_coarser(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1200, "height": 500}, device_scale_factor=4)
    always(page, json=answer("17"))
    sent = watch_requests(page)
    draw(page, [line(5, 50, 1070, 10, 2)])
    expect_text(page, "17")
    assert max(picture_of(sent[-1]["strokes"][0]).shape) <= 4096
    assert sent[-1]["pixel_ratio"] < 4


def test_resizing_keeps_the_ink_and_its_json(quiet: Page) -> None:
    sent = watch_requests(quiet)
    draw(quiet, [line(60, 60, 80, 100), line(820, 60, 80, 100)])
    before = points_sent(quiet, sent)
    for width, height in ((390, 844), (844, 390), (1280, 800)):
        quiet.set_viewport_size({"width": width, "height": height})
        quiet.evaluate(TWO_FRAMES)
        # All of it stays in sight: ink at the left and at the right of the picture.
        columns = quiet.evaluate(
            "() => { const pad = document.querySelector('#canvas');"
            " const {data} = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height);"
            " const hit = new Set();"
            " for (let i = 3; i < data.length; i += 4) if (data[i] > 128) hit.add((i >> 2) % pad.width);"
            " return [Math.min(...hit) / pad.width, Math.max(...hit) / pad.width]; }"
        )
        assert columns[0] < 0.1
        assert 0.7 < columns[1] < 1
    asked = len(sent)
    quiet.get_by_role("button", name="Read", exact=True).click()
    wait_for(quiet, sent, asked + 1)
    assert sent[-1]["strokes"] == before

    # What is drawn while the paper is scaled down joins the ink in the paper's own measure.
    quiet.set_viewport_size({"width": 390, "height": 844})
    quiet.evaluate(TWO_FRAMES)
    draw(quiet, [line(10, 100, 330, 0)])
    expect_text(quiet, "17")
    assert len(sent[-1]["strokes"]) == 3
    assert sent[-1]["strokes"][2]["x"][-1] > 800


def test_one_finger_draws_and_a_second_is_ignored(open_page: OpenPage) -> None:
    page = open_page(has_touch=True)
    always(page, json=answer("17"))
    sent = watch_requests(page)
    finger = Finger(page)
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + 50, box["y"] + 50
    finger.touch("touchStart", (x, y))
    finger.touch("touchStart", (x, y), (x + 400, y))
    for step in range(1, 8):
        finger.touch("touchMove", (x + 5 * step, y + 3 * step), (x + 400 - step, y + 9 * step))
    finger.touch("touchEnd")
    strokes = points_sent(page, sent)
    assert len(strokes) == 1
    assert max(strokes[0]["x"]) == pytest.approx(85, abs=1)
    assert page.evaluate("scrollY") == 0  # drawing does not scroll


def test_a_touch_beside_the_pad_scrolls(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    finger = Finger(page)
    finger.down(200, 700)
    for step in range(1, 12):
        finger.move(200, 700 - 25 * step)
    finger.up()
    page.wait_for_function("() => scrollY > 50")
    expect(page.locator("#canvas")).to_have_css("touch-action", "none")  # the pad alone keeps touches to itself
    expect(page.locator("body")).to_have_css("touch-action", "auto")


def test_a_pen_has_pressure(quiet: Page) -> None:
    sent = watch_requests(quiet)
    draw(quiet, [line(100, 80)], Pen(quiet, force=0.7))
    (stroke,) = points_sent(quiet, sent)
    assert stroke["p"][1] == pytest.approx(0.7, abs=0.01)
    assert len(stroke["p"]) == len(stroke["x"])


def test_only_the_first_button_draws(quiet: Page) -> None:
    quiet.mouse.move(300, 200)
    quiet.mouse.down(button="right")
    quiet.mouse.move(350, 250)
    quiet.mouse.up(button="right")
    assert quiet.locator("#strip li").count() == 0
