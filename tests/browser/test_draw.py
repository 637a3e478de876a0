"""Drawn in the browser, read off the page: the real application and the shipped model, end to end."""

from __future__ import annotations

from browsing import OpenPage
from looking import always, answer, charts, expect_text, lit, send, text_read, wait_for, watch_requests
from pens import Finger, draw, draw_text, line
from playwright.sync_api import Page, expect


def check_2048(page: Page) -> None:
    expect_text(page, "2048")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#charts canvas')].filter(c => window.Chart?.getChart(c)).length === 4"
    )
    assert [chart["label"] for chart in charts(page)] == list("2048")
    for chart, said in zip(charts(page), page.locator("#charts .value").all_inner_texts(), strict=True):
        assert 25 < chart["value"] <= 100
        assert abs(chart["value"] - float(said.strip("<%"))) <= 1
        assert 1 < chart["bars"] <= 5
    assert page.locator("#boxes text").all_text_contents() == list("2048")
    expect(page.locator("#spoken")).to_contain_text("Read 2048")
    expect(page.locator("#model")).to_contain_text("Read by")
    # Each of the five strokes carries the colour of its character, the two of the 4 the same.
    tones = page.locator("#strip li").evaluate_all("items => items.map(item => item.className)")
    assert tones == ["tone-0", "tone-1", "tone-2", "tone-2", "tone-3"]


def test_reads_2048_drawn_with_the_mouse_as_pictures_and_as_points(page: Page) -> None:
    sent = watch_requests(page)
    draw_text(page, "2048")
    check_2048(page)
    assert set(sent[-1]["strokes"][0]) == {"image", "x", "y", "t"}

    asked = len(sent)
    send(page, "points")
    wait_for(page, sent, asked + 1)
    check_2048(page)
    assert set(sent[-1]["strokes"][0]) == {"x", "y", "t"}
    assert len(sent[-1]["strokes"]) == 5

    # A script that posts the same ink gets the same answer.
    for request in sent[-2:]:
        posted = page.request.post(page.url + "api/v1/recognize", data=request)
        assert posted.json()["text"] == "2048"


def test_reads_2048_drawn_with_a_finger_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True)
    sent = watch_requests(page)
    draw_text(page, "2048", Finger(page), steps=2)
    check_2048(page)
    assert sent[-1]["pixel_ratio"] == 2


def test_undo_and_clear(page: Page) -> None:
    sent = watch_requests(page)
    always(page, json=answer("17"))
    draw(page, [line(100, 80), line(300, 80)])
    expect_text(page, "17")
    assert [len(body["strokes"]) for body in sent[-1:]] == [2]

    asked = len(sent)
    page.locator("#undo").click()
    wait_for(page, sent, asked + 1)  # it reads again by itself
    expect_text(page, "17")
    assert len(sent[-1]["strokes"]) == 1
    expect(page.locator("#strip li")).to_have_count(1)

    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#nothing")).to_be_visible()
    expect(page.locator("#invitation")).to_be_visible()
    assert text_read(page) == ""
    assert page.locator("#strip li, #boxes g, #charts canvas").count() == 0
    assert ink_pixels(page) == 0
    asked = len(sent)

    page.keyboard.press("Control+z")  # clearing too can be taken back
    expect(page.locator("#strip li")).to_have_count(1)
    expect_text(page, "17")
    assert len(sent) == asked + 1
    assert ink_pixels(page) > 0

    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")  # one more than there are steps
    expect(page.locator("#spoken")).to_have_text("There is nothing to take back.")
    expect(page.locator("#undo")).to_have_attribute("aria-disabled", "true")


def test_nothing_drawn_asks_nothing(open_page: OpenPage) -> None:
    page = open_page()
    page.clock.install()
    sent = watch_requests(page)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator("#nothing")).to_contain_text("nothing to read yet")
    page.get_by_label("Read as", exact=True).select_option("digits")
    page.clock.run_for(5000)
    assert sent == []


def test_ink_without_a_character_says_so(page: Page) -> None:
    always(page, json=answer(""))
    draw(page, [line(100, 80)])
    expect(page.locator("#nothing")).to_contain_text("No character was found")
    expect(page.locator("#strip li")).to_have_count(1)


def test_a_rejected_glyph_is_not_a_character(page: Page) -> None:
    always(page, json=answer("2\N{REPLACEMENT CHARACTER}", 0.6, rival="2Z"))
    draw(page, [line(100, 80)])
    expect(page.locator("#reading .char").nth(1)).to_have_accessible_name("not a character, 60%: change it")
    expect(page.locator("#charts h3").nth(1)).to_contain_text("not a character")
    expect(page.locator("#sure")).to_have_text("Unsure: 2▢ or 2Z · 60%")
    expect(page.locator("#spoken")).to_contain_text("mark 2 is not a character")
    assert "\N{REPLACEMENT CHARACTER}" not in page.locator("body").inner_text()
    always(page, json=answer("\N{REPLACEMENT CHARACTER}", 0.99))
    draw(page, [line(300, 80)])
    expect(page.locator("#sure")).to_have_text("No character in it · 99%")  # "sure" of a blank says little


def test_a_chosen_alphabet_reads_again_at_once(page: Page) -> None:
    sent = watch_requests(page)
    always(page, json=answer("1"))
    draw(page, [line(100, 80)])
    expect_text(page, "1")
    others = ["digits", "letters", "uppercase", "lowercase", "alphanumeric"]
    for alphabet in others:
        page.get_by_label("Read as", exact=True).select_option(alphabet)
    wait_for(page, sent, 6)
    assert [body["alphabet"] for body in sent] == ["auto", *others]
    assert sent[-1]["alternatives"] == 5


def test_ink_character_chart_and_strokes_light_up_together(page: Page) -> None:
    always(page, json=answer("17"))
    draw(page, [line(40, 70), line(120, 70)])
    expect_text(page, "17")
    page.mouse.move(5, 5)
    assert lit(page) == [-1] * 4
    page.locator("#canvas").hover(position={"x": 150, "y": 100})  # inside the second box
    assert lit(page) == [1] * 4
    page.locator(".chart").first.hover()
    assert lit(page) == [0] * 4
    page.mouse.move(5, 5)
    page.locator(".char").nth(1).focus()
    assert lit(page) == [1] * 4


def test_charts_are_used_again_and_destroyed(page: Page) -> None:
    always(page, json=answer("12345678901"))
    draw(page, [line(100, 80)])
    expect_text(page, "12345678901")
    page.wait_for_function("() => window.Chart?.getChart(document.querySelectorAll('#charts canvas')[10])")
    page.evaluate("window.first = Chart.getChart(document.querySelector('#charts canvas'))")
    always(page, json=answer("7"))
    draw(page, [line(300, 80)])
    expect_text(page, "7")
    page.wait_for_function("() => Chart.getChart(document.querySelector('#charts canvas'))?.data.labels[0] === '7'")
    assert page.evaluate("first === Chart.getChart(document.querySelector('#charts canvas'))")
    assert page.evaluate("Object.keys(Chart.instances).length") == 1
    page.get_by_role("button", name="Clear").click()
    assert page.evaluate("Object.keys(Chart.instances).length") == 0


def ink_pixels(page: Page) -> int:
    """How many pixels of the pad carry ink."""
    return page.evaluate(
        "() => { const pad = document.querySelector('#canvas');"
        " const {data} = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height);"
        " let ink = 0; for (let i = 3; i < data.length; i += 4) ink += data[i] > 0; return ink; }"
    )
