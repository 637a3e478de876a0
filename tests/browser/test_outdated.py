"""Repair of a reading that the drawing has left behind: what has gone stays gone, what has come is read as well."""

from __future__ import annotations

from looking import API, always, answer, expect_text
from pens import draw, line
from playwright.sync_api import Page, Route, expect
from test_arriving import paste, toast
from test_repair import change

from model.benchmarks.specimens import write
from model.training.forms import png_of


def read_on_demand(page: Page) -> None:
    """From now on each stroke is one character, read when the button is pressed."""

    def handle(route: Route) -> None:
        count = len(route.request.post_data_json["strokes"])
        route.fulfill(json=answer("012"[:count], 0.5, rival="ABC"[:count]))

    page.route(API, handle)
    page.locator("#open-options").click()
    page.locator("#live").uncheck()
    page.keyboard.press("Escape")


def read(page: Page) -> None:
    page.get_by_role("button", name="Read", exact=True).click()


def test_ink_that_has_gone_does_not_come_back_with_a_repair(page: Page) -> None:
    read_on_demand(page)
    draw(page, [line(60, 80), line(200, 80), line(400, 80)])
    read(page)
    expect_text(page, "012")
    page.keyboard.press("Control+z")
    expect(page.locator("#strip li")).to_have_count(2)
    page.locator("#reading .char").nth(0).click()
    toast(page, "The drawing has changed since: it is read anew.")
    expect_text(page, "01")
    expect(page.locator("#editor")).to_have_count(1)
    expect(page.locator("#editor")).to_be_hidden()
    change(page, 1)
    page.keyboard.press("7")
    expect_text(page, "07")

    page.locator("#eraser").click()
    draw(page, [line(210, 60, 10, 60)])
    expect(page.locator("#strip li")).to_have_count(1)
    page.get_by_role("button", name="Read it as A7").click()
    expect_text(page, "0")
    page.reload()  # what is kept is whole
    expect(page.locator("#strip li")).to_have_count(1)
    expect(page.locator("#toast")).to_be_hidden()


def test_a_letter_is_repaired_at_once_where_ink_has_only_come(page: Page) -> None:
    read_on_demand(page)
    draw(page, [line(60, 80), line(200, 80)])
    read(page)
    expect_text(page, "01")
    draw(page, [line(400, 80)])
    change(page, 0)
    page.keyboard.press("7")
    expect_text(page, "712")


def test_the_letters_of_one_picture_do_not_repair_another(page: Page) -> None:
    read_on_demand(page)
    always(page, json=answer("17"))
    paste(page, file=png_of(write("17")))
    expect(page.locator("#clear")).to_have_attribute("aria-disabled", "false")  # it is there
    read(page)
    expect_text(page, "17")
    paste(page, file=png_of(write("23")))
    expect(page.locator("#boxes")).to_have_class("stale")
    always(page, json=answer("23"))
    page.locator("#reading .char").nth(0).click()
    expect_text(page, "23")
    expect(page.locator("#editor")).to_be_hidden()
