"""Taking it away: text and links copied, files saved, and everything opened again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from browsing import OpenPage
from looking import always, answer, expect_text, watch_requests
from pens import Pen, draw, draw_text, line
from playwright.sync_api import Page, expect
from test_arriving import paste, toast

from model.reading.sharelink import parse_share_link

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
KEPT = "JSON.parse(sessionStorage.getItem('glyphline:/:drawing'))"


def saved(page: Page, format_: str, folder: Path) -> Path:
    page.keyboard.press("Control+s")
    with page.expect_download() as download:
        page.locator(f"#save-{format_}").click()
    expect(page.locator("#take-sheet")).to_be_hidden()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_file_brings_the_same_ink_back(page: Page, tmp_path: Path) -> None:
    always(page, json=answer("17"))
    draw(page, [line(60, 80)], Pen(page))
    draw(page, [line(300, 90, 40, 60)])
    expect_text(page, "17")
    before = page.evaluate(KEPT)
    assert "p" in before["strokes"][0]
    for format_ in ("png", "svg", "json", "inkml"):
        path = saved(page, format_, tmp_path)
        assert path.name == f"17.{format_}"
        page.get_by_role("button", name="Clear").click()
        page.set_input_files("#file", path)
        expect(page.locator("#strip li")).to_have_count(2)
        expect_text(page, "17")
        after = page.evaluate(KEPT)
        if format_ in ("json", "inkml"):  # these have no place for how it was drawn, only for what
            for stroke in before["strokes"] + after["strokes"]:
                stroke.pop("pointer", None)
                stroke.pop("p", None)
        assert after == before, format_


def test_the_files_are_what_they_say(page: Page, tmp_path: Path) -> None:
    draw_text(page, "17")
    expect_text(page, "17")
    body = json.loads(saved(page, "json", tmp_path).read_text())
    posted = page.request.post(page.url + "api/v1/recognize", data=body)
    assert posted.json()["text"] == "17"
    picture = cv2.imread(str(saved(page, "png", tmp_path)), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert picture[0, 0] == 255
    assert (np.asarray(picture) < 64).any()
    posted = page.request.post(
        page.url + "api/v1/recognize", data=(tmp_path / "17.png").read_bytes(), headers={"Content-Type": "image/png"}
    )
    assert posted.json()["text"] == "17"
    svg = saved(page, "svg", tmp_path).read_text()
    assert svg.count("<path") == 3
    assert saved(page, "inkml", tmp_path).read_text().count("<trace>") == 3


def test_the_text_is_copied(open_page: OpenPage) -> None:
    page = open_page(**CLIPBOARD)
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    page.get_by_role("button", name="Copy text").click()
    toast(page, "Copied: 17")
    assert page.evaluate("navigator.clipboard.readText()") == "17"
    always(page, json=answer("1\N{REPLACEMENT CHARACTER}7", 0.6))
    draw(page, [line(200, 80)])
    expect(page.locator(".char")).to_have_count(3)
    page.evaluate("navigator.clipboard.writeText('')")
    page.get_by_role("button", name="Copy text").click()  # what is no character is of no use elsewhere
    page.wait_for_function("async () => await navigator.clipboard.readText() === '17'")
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator("#canvas").focus()
    page.keyboard.press("Control+c")
    page.wait_for_function("async () => await navigator.clipboard.readText() === '17'")


def test_copies_where_the_clipboard_is_missing(open_page: OpenPage) -> None:
    """As on plain-http addresses of a local network."""
    page = open_page(script="delete Navigator.prototype.clipboard", **CLIPBOARD)
    always(page, json=answer("17"))
    draw(page, [line(60, 80)])
    expect_text(page, "17")
    page.evaluate("document.addEventListener('copy', () => { window.copied = String(getSelection()) })")
    page.get_by_role("button", name="Copy text").click()
    toast(page, "Copied: 17")
    assert page.evaluate("copied") == "17"
    assert page.evaluate("document.activeElement.id") == "copy"
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="Share or save").last.click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#take-note")).to_contain_text("copy it by hand")
    assert page.evaluate("String(getSelection())").startswith("http://127.0.0.1")


def test_a_link_shows_the_same_ink_elsewhere(open_page: OpenPage) -> None:
    page = open_page(**CLIPBOARD)
    sent = watch_requests(page)
    page.locator("#alphabet").select_option("digits")
    draw_text(page, "17")
    expect_text(page, "17")
    page.get_by_role("button", name="Share or save").last.click()
    page.get_by_role("button", name="Copy link").click()
    toast(page, "The link is copied.")
    link = str(page.evaluate("navigator.clipboard.readText()"))
    assert link.startswith(page.url + "#ink=1")

    other = open_page(at=link, viewport={"width": 390, "height": 844}, color_scheme="dark")
    expect_text(other, "17")
    assert other.url == page.url  # a reload keeps what is drawn next
    expect(other.locator("#alphabet")).to_have_value("digits")
    strokes = other.evaluate(KEPT)["strokes"]
    python = parse_share_link(link)
    assert [stroke["x"] for stroke in strokes] == [stroke["x"] for stroke in python["strokes"]]
    assert python["alphabet"] == "digits"
    assert all("#" not in json.dumps(body) for body in sent)

    draw(other, [line(20, 20, 10, 10)])  # a link opened on top of own work: undo goes back to that
    paste(other, link)
    expect(other.locator("#strip li")).to_have_count(3)
    other.keyboard.press("Control+z")
    expect(other.locator("#strip li")).to_have_count(4)


def test_a_damaged_link_keeps_what_was_drawn(open_page: OpenPage, address: str) -> None:
    page = open_page(at=address + "/#ink=1oAasAgEBAQPIASgJyAHYBNg")
    toast(page, "The link was not opened.")
    expect(page.locator("#nothing")).to_be_visible()


def test_nothing_to_take_away_says_so(page: Page) -> None:
    page.keyboard.press("Control+s")
    toast(page, "nothing to save yet")
    page.locator("#canvas").focus()
    page.keyboard.press("Control+c")
    toast(page, "no text to copy yet")


def test_a_picture_can_be_saved_but_not_linked(page: Page, tmp_path: Path) -> None:
    always(page, json=answer("1"))
    grey = np.full((40, 40), 255, np.uint8)
    cv2.line(grey, (20, 5), (20, 35), (0,), 4)
    paste(page, file=cv2.imencode(".png", grey)[1].tobytes())
    expect_text(page, "1")
    page.keyboard.press("Control+s")
    expect(page.locator("#take-note")).to_have_text("A picture is too large for a link. Save it as a file.")
    expect(page.locator("#take-how, #save-svg, #save-inkml")).to_have_count(3)
    assert not any(one.is_visible() for one in page.locator("#take-how, #save-svg, #save-inkml").all())
    page.keyboard.press("Escape")
    body: dict[str, Any] = json.loads(saved(page, "json", tmp_path).read_text())
    assert body["image"].startswith("data:image/png;base64,")
    page.get_by_role("button", name="Clear").click()
    page.set_input_files("#file", tmp_path / "1.json")
    expect_text(page, "1")
