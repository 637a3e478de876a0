"""Ink without a pen: pictures and files chosen, pasted and dropped, links, and text that is typed and drawn."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np
from browsing import OpenPage
from looking import always, answer, expect_text, watch_requests
from pens import draw, line
from playwright.sync_api import Page, expect

from model.benchmarks.specimens import write
from model.training.forms import png_of

TRANSFER = (
    "([type, name, data, text]) => { const all = new DataTransfer();"
    " if (data) all.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], name, {type}));"
    " if (text) all.setData('text/plain', text); return all; }"
)


def paste(page: Page, text: str = "", file: bytes = b"", kind: str = "image/png", name: str = "image.png") -> None:
    """Pastes as the browser would after Ctrl+V."""
    given = [kind, name, base64.b64encode(file).decode(), text]
    page.evaluate(
        f"given => document.querySelector('#canvas').dispatchEvent(new ClipboardEvent('paste', {{"
        f" clipboardData: ({TRANSFER})(given), bubbles: true, cancelable: true }}))",
        given,
    )


def drop(page: Page, file: bytes, kind: str, name: str) -> None:
    given = [kind, name, base64.b64encode(file).decode(), ""]
    page.evaluate(
        f"given => {{ const dataTransfer = ({TRANSFER})(given);"
        " for (const type of ['dragenter', 'dragover', 'drop']) document.querySelector('#canvas').dispatchEvent("
        " new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })); }",
        given,
    )


def toast(page: Page, words: str) -> None:
    expect(page.locator("#toast")).to_contain_text(words)


def photo() -> bytes:
    """Dark writing on unevenly lit paper, larger than a screen."""
    height, width = 1200, 1800
    paper = np.full((height, width), 205.0) - np.linspace(0, 50, width)
    for stroke in write("73", height=420, left=450, top=380).strokes:
        cv2.polylines(paper, [stroke.points.astype(np.int32)], isClosed=False, color=(45.0,), thickness=24)
    paper += np.random.default_rng(1).normal(0, 4, paper.shape)
    done, data = cv2.imencode(".jpg", np.clip(paper, 0, 255).astype(np.uint8))
    assert done
    return data.tobytes()


def test_a_photo_is_read_and_boxed_where_it_shows_the_writing(page: Page, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo())
    sent = watch_requests(page)
    draw(page, [line(100, 80)])
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Picture or file").click()
    chooser.value.set_files(tmp_path / "photo.jpg")
    expect_text(page, "73")
    assert set(sent[-1]) >= {"image", "pixel_ratio"}
    assert sent[-1]["image"].startswith("data:image/jpeg;base64,")
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(sent[-1]["image"].partition(",")[2]), np.uint8), 0)
    assert picture is not None
    assert picture.shape == (1067, 1600)
    # the 7 stands from 450 to 690 of 1800 across the photo, which lies in the middle of the pad
    pad = page.locator("#pad").bounding_box()
    box = page.locator("#boxes rect").first.bounding_box()
    assert pad is not None
    assert box is not None
    shown = 0.9 * pad["height"] / 1200
    left = pad["x"] + pad["width"] / 2 + (450 - 900) * shown
    assert abs(box["x"] - left) < 15
    page.keyboard.press("Control+z")  # the drawing that was there is back
    expect(page.locator("#strip li")).to_have_count(1)


def test_a_picture_pasted_or_dropped_is_read(page: Page) -> None:
    picture = png_of(write("2048"))
    paste(page, file=picture)
    expect_text(page, "2048")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#nothing")).to_be_visible()
    drop(page, picture, "image/png", "numbers.png")
    expect_text(page, "2048")
    expect(page.locator("#pad")).not_to_have_class("pad dropping")


def test_ink_on_nothing_is_given_paper_to_be_seen_on(page: Page) -> None:
    sent = watch_requests(page)
    for text, ink in (("0", 0), ("1", 255)):
        rgba = np.full((60, 120, 4), ink, np.uint8)
        rgba[:, :, 3] = 0
        cv2.line(rgba, (30, 10), (30, 50), (ink, ink, ink, 255), 5)
        done, data = cv2.imencode(".png", rgba)
        assert done
        always(page, json=answer(text))
        paste(page, file=data.tobytes())
        expect_text(page, text)
        seen = cv2.imdecode(
            np.frombuffer(base64.b64decode(sent[-1]["image"].partition(",")[2]), np.uint8), cv2.IMREAD_UNCHANGED
        )
        assert seen is not None
        assert seen[30, 30, :3].tolist() == [ink] * 3
        assert seen[5, 5, :3].tolist() == [255 - ink] * 3


DAMAGED = [
    (b"", "empty.json", "It is empty."),
    (b'{"strokes": [{"x": [1, 2', "cut.json", "perhaps it was cut off"),
    (b'{"strokes": [{"x": [1, 2], "y": [1]}]}', "short.json", "Stroke 1 has 2 x but 1 y."),
    (b"<ink><trace>1 2, 3", "cut.inkml", "perhaps it was cut off"),
    (b'{"glyphline": 99}', "new.json", "not a Glyphline drawing"),
    (b"\x89PNG\r\n\x1a\n\0\0", "cut.png", "It is no picture that this browser can open."),
    (b"Dear reader", "letter.txt", "It is no picture that this browser can open."),
]


def test_a_damaged_file_is_told_and_loses_nothing(page: Page, tmp_path: Path) -> None:
    always(page, json=answer("1"))
    draw(page, [line(100, 80)])
    before = page.locator("#strip img").get_attribute("src")
    for data, name, told in DAMAGED:
        (tmp_path / name).write_bytes(data)
        page.set_input_files("#file", tmp_path / name)
        toast(page, f"“{name}” was not opened.")
        toast(page, told)
        toast(page, "Your drawing is as it was.")
        assert page.locator("#strip img").get_attribute("src") == before
    paste(page, "https://example.org/#ink=1oAasAgEBAQPIASgJyAHYBNg")
    toast(page, "The link was not opened. This link is damaged")
    assert page.locator("#strip img").get_attribute("src") == before
    assert page.evaluate("document.querySelector('#undo').title").startswith("Undo")


def test_the_whole_app_from_the_keyboard(page: Page) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "type":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Type it, have it drawn")).to_be_visible()
    page.keyboard.type("hello é")
    expect(page.locator("#type-left")).to_have_text("Left out, because it cannot be drawn: é")
    page.keyboard.press("Enter")
    expect(page.locator("#spoken")).to_contain_text("Read hello")
    assert page.evaluate("document.activeElement.id") == "type"
    assert page.locator("#strip li").count() == 6
    page.keyboard.press("Control+z")
    expect(page.locator("#strip li")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#type-sheet")).to_be_visible()
    page.keyboard.press("Escape")  # given up: nothing is drawn
    expect(page.locator("#type-sheet")).to_be_hidden()
    assert page.locator("#strip li").count() == 0


def test_text_pasted_is_drawn_but_not_from_a_field(page: Page) -> None:
    always(page, json=answer("42"))
    paste(page, "42")
    expect(page.locator("#strip li")).to_have_count(3)
    paste(page, "…")
    toast(page, "None of that can be drawn")
    expect(page.locator("#strip li")).to_have_count(3)
    page.get_by_role("button", name="Type", exact=True).click()
    page.locator("#type-text").evaluate("one => one.dispatchEvent(new ClipboardEvent('paste', {bubbles: true}))")
    expect(page.locator("#strip li")).to_have_count(3)


def test_nothing_pasted_or_dropped_behind_a_sheet_takes_the_drawing_away(page: Page) -> None:
    always(page, json=answer("1"))
    draw(page, [line(100, 80)])
    expect_text(page, "1")
    page.locator("#reading .char").click()
    expect(page.locator("#editor")).to_be_visible()
    paste(page, "42")
    drop(page, png_of(write("2048")), "image/png", "numbers.png")
    expect(page.locator("#pad")).not_to_have_class("pad dropping")
    page.keyboard.press("Escape")
    paste(page, "42")
    expect(page.locator("#strip li")).to_have_count(3)
    page.keyboard.press("Control+z")  # the step before: nothing came between
    expect(page.locator("#strip li")).to_have_count(1)


def test_typed_text_stays_on_a_narrow_pad(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    always(page, json=answer("1"))
    paste(page, "The quick brown fox jumps over the lazy dog")
    expect_text(page, "1")
    pad = page.locator("#canvas")
    edges = pad.evaluate(
        "pad => { const {width, height} = pad, {data} = pad.getContext('2d').getImageData(0, 0, width, height);"
        " let ink = 0, edge = 0; for (let i = 3, n = 0; i < data.length; i += 4, n++) if (data[i] > 128) { ink++;"
        " const x = n % width, y = Math.floor(n / width); edge += x < 3 || y < 3 || x > width - 4 || y > height - 4; }"
        " return [ink, edge]; }"
    )
    assert edges[0] > 500
    assert edges[1] == 0
