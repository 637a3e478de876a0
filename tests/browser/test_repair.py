"""Repair: another character, split, join, another reading; every step taken back and done again."""

from __future__ import annotations

from typing import Any

import numpy as np
from looking import API, always, answer, expect_text, hold, send, wait_for, watch_requests
from pens import draw, draw_text, line, strokes
from playwright.sync_api import Page, Route, expect
from test_arriving import paste, toast

from model.benchmarks.specimens import write
from model.training.forms import png_of


def change(page: Page, index: int) -> None:
    """Opens the sheet of one character."""
    page.locator("#reading .char").nth(index).click()
    expect(page.locator("#editor")).to_be_visible()


def test_a_character_is_corrected_without_asking_the_server(page: Page) -> None:
    always(page, json=answer("17", 0.7, rival="11"))
    sent = watch_requests(page)
    draw(page, [line(60, 80), line(200, 80)])
    expect_text(page, "17")
    asked = len(sent)

    change(page, 1)
    expect(page.locator("#boxes g").nth(1)).to_have_class("tone-1 doubtful lit")
    page.get_by_role("button", name="O, 15%").click()
    expect_text(page, "1O")
    expect(page.locator("#editor")).to_be_hidden()
    expect(page.locator("#reading .char").nth(1)).to_be_focused()
    expect(page.locator("#reading .char").nth(1)).to_have_accessible_name("O, corrected by you: change it")
    expect(page.locator("#sure")).to_have_text("Unsure, corrected · 70%")
    expect(page.locator("#charts h3").nth(1)).to_contain_text("by you")

    change(page, 0)
    page.locator("#typed").fill("é1")  # one character, as people count them
    page.keyboard.press("Enter")
    expect_text(page, "éO")
    expect(page.locator("#sure")).to_have_text("As you corrected it")
    expect(page.locator("#spoken")).to_have_text("Character 1 is é now. It reads éO.")

    page.keyboard.press("Control+z")
    expect_text(page, "1O")
    page.keyboard.press("Control+z")
    expect_text(page, "17")
    page.keyboard.press("Control+Shift+z")
    expect_text(page, "1O")
    change(page, 1)
    page.get_by_role("button", name="As the reader has it").click()
    expect_text(page, "17")
    change(page, 0)
    page.keyboard.press("ArrowRight")  # the next character
    expect(page.locator("#editor-title")).to_have_text("Character 2 of 2")
    page.keyboard.press("z")  # a letter typed is the character
    expect_text(page, "1z")
    assert len(sent) == asked


def test_an_open_sheet_follows_an_answer_that_comes_late(page: Page) -> None:
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    routes = hold(page)  # takes precedence
    page.get_by_role("button", name="Read", exact=True).click()
    wait_for(page, routes, 1)
    change(page, 1)
    page.locator("#typed").fill("Q")
    routes[0].fulfill(json=answer("28"))
    expect_text(page, "28")
    expect(page.get_by_role("button", name="8, 90%", exact=True).first).to_be_visible()
    expect(page.locator("#typed")).to_have_value("Q")  # nothing typed is lost
    expect(page.locator("#boxes g").nth(1)).to_have_class("tone-1 lit")
    page.keyboard.press("Enter")
    expect_text(page, "2Q")

    page.get_by_role("button", name="Read", exact=True).click()
    wait_for(page, routes, 2)
    change(page, 1)
    routes[1].fulfill(json=answer("3"))
    expect(page.locator("#editor")).to_be_hidden()  # that character is no more


def test_characters_are_joined_and_split_and_read_again(page: Page) -> None:
    sent = watch_requests(page)
    draw_text(page, "13")
    expect_text(page, "13")

    change(page, 0)
    page.get_by_role("button", name="Join with next").click()
    expect(page.locator("#boxes g")).to_have_count(1)
    assert sent[-1]["groups"] == [[0, 1]]

    change(page, 0)
    page.get_by_role("button", name="Split", exact=True).click()
    page.get_by_role("button", name="Split here").click()  # the line stands in the gap by itself
    expect_text(page, "13")
    assert sent[-1]["groups"] == [[0], [1]]

    page.keyboard.press("Control+z")
    expect(page.locator("#boxes g")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect_text(page, "13")
    assert "groups" not in sent[-1]

    # Ink drawn after a repair goes where the reader itself puts it, and the repair holds.
    change(page, 0)
    page.keyboard.press("7")
    expect_text(page, "73")
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    draw(page, strokes("4", box["width"] - 200, 100, 140))
    expect_text(page, "734")
    assert sent[-1]["groups"] == [[0], [1], [2, 3]]


def reply(page: Page, of: Any) -> None:
    """Answers each recognize call with what `of` makes of its body."""

    def handle(route: Route) -> None:
        route.fulfill(json=of(route.request.post_data_json))

    page.unroute_all()
    page.route(API, handle)


def one_glyph_a_group(body: dict[str, Any]) -> dict[str, Any]:
    """An answer that takes each group, or the whole drawing, for one character."""
    groups = body.get("groups") or [list(range(len(body["strokes"])))]
    made = answer("01234567"[: len(groups)])
    for glyph, group in zip(made["glyphs"], groups, strict=True):
        glyph["strokes"] = group
        glyph["box"] = {"x": 100, "y": 60, "width": 200, "height": 90}
    return made


def test_one_stroke_is_cut_for_two_characters_and_mended(page: Page) -> None:
    sent = watch_requests(page)
    reply(page, one_glyph_a_group)
    send(page, "points")
    draw(page, [line(100, 60, 200, 90, 41), line(120, 150, 20, 5)])
    expect_text(page, "0")
    whole = sent[-1]["strokes"]

    change(page, 0)
    page.get_by_role("button", name="Split", exact=True).click()
    page.locator("#cut-line").fill("200")
    page.get_by_role("button", name="Split here").click()
    expect_text(page, "01")
    pieces = sent[-1]["strokes"]
    assert sent[-1]["groups"] == [[0, 2], [1]]  # in the order of drawing; the short stroke lies left of the line
    assert pieces[0]["x"] + pieces[1]["x"] == whole[0]["x"]
    assert pieces[0]["t"] + pieces[1]["t"] == whole[0]["t"]
    assert max(pieces[0]["x"]) < 200 <= min(pieces[1]["x"])
    assert pieces[2] == whole[1]

    change(page, 0)
    page.get_by_role("button", name="Join with next").click()
    expect_text(page, "0")
    assert sent[-1]["strokes"] == whole
    assert sent[-1]["groups"] == [[0, 1]]

    # As pictures, each piece is a picture of its own.
    page.keyboard.press("Control+z")
    expect_text(page, "01")
    asked = len(sent)
    send(page, "pictures")
    wait_for(page, sent, asked + 1)
    expect_text(page, "01")
    first, second, _ = sent[-1]["strokes"]
    assert second["x"] - first["x"] > 80
    assert first["t"][1] <= second["t"][0]


def test_a_stroke_that_the_reader_cut_is_joined_by_its_parts(page: Page) -> None:
    made = answer("35")
    for glyph, (begin, end) in zip(made["glyphs"], ((0, 9), (9, 21)), strict=True):
        glyph.update(strokes=[0], parts=[{"stroke": 0, "begin": begin, "end": end}])
    sent = watch_requests(page)
    reply(page, lambda body: one_glyph_a_group(body) if "groups" in body else made)
    send(page, "points")
    draw(page, [line(100, 60, 200, 90, 20)])  # 20 points and the lift
    expect_text(page, "35")
    assert len(sent[-1]["strokes"][0]["x"]) == 21
    change(page, 0)
    expect(page.get_by_role("button", name="Erase", exact=True).last).to_be_hidden()  # half a stroke cannot go
    page.get_by_role("button", name="Join with next").click()
    expect_text(page, "0")
    assert sent[-1]["groups"] == [[0]]
    assert len(sent[-1]["strokes"]) == 1


def test_another_reading_of_the_whole_is_taken(page: Page) -> None:
    sent = watch_requests(page)

    def of(body: dict[str, Any]) -> dict[str, Any]:
        if body.get("lexicon") == ["B"]:
            merged = answer("B")
            merged["glyphs"][0]["strokes"] = [0, 1]
            return merged
        return one_glyph_a_group(body) if "groups" in body else answer("13", 0.5, rival="B")

    reply(page, of)
    draw(page, [line(100, 60), line(200, 60)])
    expect_text(page, "13")
    expect(page.locator("#sure")).to_have_text("Unsure: 13 or B · 50%")
    page.get_by_role("button", name="Read it as B, 25%").click()
    expect_text(page, "B")
    assert sent[-1]["groups"] == [[0, 1]]
    page.keyboard.press("Control+z")
    expect_text(page, "13")

    always(page, json=answer("13", 0.5, rival="18"))  # of the same length: a correction of what differs
    page.get_by_role("button", name="Read", exact=True).click()
    page.get_by_role("button", name="Read it as 18, 25%").click()
    expect_text(page, "18")


def test_a_picture_that_cannot_be_cut_so_says_so(page: Page) -> None:
    always(page, json=answer("13", 0.5, rival="B"))
    sent = watch_requests(page)
    paste(page, file=png_of(write("13")))
    expect_text(page, "13")
    asked = len(sent)
    page.get_by_role("button", name="Read it as B, 25%").click()
    toast(page, "A picture cannot be cut in another way.")
    expect_text(page, "13")
    assert len(sent) == asked


def test_a_character_is_erased_with_its_ink(page: Page) -> None:
    always(page, json=answer("17"))
    draw(page, [line(60, 80), line(200, 80)])
    expect_text(page, "17")
    change(page, 0)
    page.locator("#rub").click()
    expect(page.locator("#strip li")).to_have_count(1)
    page.locator("#toast-act").click()
    expect(page.locator("#strip li")).to_have_count(2)


def test_undo_and_redo_of_everything_give_the_same_document(page: Page) -> None:
    """Strokes, eraser, correction and clearing, all the way back and all the way on."""
    always(page, json=answer("17"))
    sent = watch_requests(page)
    send(page, "points")
    draw(page, [line(60, 80), line(200, 80), line(400, 80)])
    expect_text(page, "17")
    change(page, 0)
    page.keyboard.press("5")
    expect_text(page, "57")
    page.keyboard.press("Escape")
    page.locator("#eraser").click()
    draw(page, [line(420, 60, 10, 60)])
    expect(page.locator("#strip li")).to_have_count(2)
    page.locator("#clear").click()
    for count in (2, 3, 3, 2, 1, 0):
        page.keyboard.press("Control+z")
        expect(page.locator("#strip li")).to_have_count(count)
    expect(page.locator("#undo")).to_have_attribute("aria-disabled", "true")
    for count in (1, 2, 3, 3, 2):
        page.keyboard.press("Control+y")
        expect(page.locator("#strip li")).to_have_count(count)
    expect_text(page, "57")
    kept = [np.round(stroke["x"][0]) for stroke in sent[-1]["strokes"]]
    assert kept == [60, 200]
