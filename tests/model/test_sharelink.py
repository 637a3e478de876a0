"""Share links, read in Python; that the page writes the same is tested in tests/browser/test_files.py."""

from __future__ import annotations

import base64
import re
import zlib
from pathlib import Path

import pytest

from model.reading.sharelink import parse_share_link

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "share-links.md").read_text(encoding="utf-8")


def number(value: int) -> list[int]:
    head: list[int] = []
    while value > 127:
        head.append(value % 128 + 128)
        value //= 128
    return [*head, value]


def signed(value: int) -> list[int]:
    return number(2 * value if value >= 0 else -2 * value - 1)


def link(*numbers: list[int], version: str = "1") -> str:
    body = bytes(byte for one in numbers for byte in one)
    data = body + zlib.crc32(body).to_bytes(4, "big")
    return f"https://example.org/#ink={version}{base64.urlsafe_b64encode(data).decode().rstrip('=')}"


HEAD = [number(800), number(300), number(1)]


def test_a_link_becomes_a_request() -> None:
    # from (10.5, -2) to (10, 40) in 300 ms, then a dot of force 0.73 that is 80 px to the right, with a pen 12 wide
    first = [number(1), number(2), signed(105), signed(-5), signed(-20), signed(420), signed(0), signed(300)]
    dot = [number(7), number(1), number(120), signed(800), signed(0), signed(200), signed(73)]
    assert parse_share_link(link(*HEAD, number(2), *first, *dot)) == {
        "strokes": [
            {"x": [10.5, 10.0], "y": [-2.0, 40.0], "t": [0.0, 300.0]},
            {"x": [90.0], "y": [40.0], "t": [500.0], "p": [0.73]},
        ],
        "width": 800,
        "height": 300,
        "alphabet": "digits",
    }


def test_what_is_not_known_is_left_out() -> None:
    dot = [number(0), number(1), signed(1), signed(2)]
    wanted = {"strokes": [{"x": [0.1], "y": [0.2]}], "alphabet": "auto"}
    assert parse_share_link(link(number(0), number(0), number(0), number(1), *dot)) == wanted


def test_the_link_in_the_docs_is_one() -> None:
    (example,) = re.findall(r'parse_share_link\("(.+?)"\)', DOCS)
    (stroke,) = parse_share_link(example)["strokes"]
    assert len(stroke["x"]) == len(stroke["t"]) > 1


DOT = [number(0), number(1), signed(5), signed(5)]
GOOD = link(*HEAD, number(1), *DOT)


@pytest.mark.parametrize("cut", range(1, len(GOOD.partition("#ink=1")[2]) + 1))
def test_a_link_cut_off_anywhere_is_damaged(cut: int) -> None:
    with pytest.raises(ValueError, match="damaged"):
        parse_share_link(GOOD[:-cut])


@pytest.mark.parametrize("at", range(1, len(GOOD.partition("#ink=1")[2]) + 1))
def test_a_link_with_another_character_anywhere_is_damaged(at: int) -> None:
    place = len(GOOD) - at
    other = "A" if GOOD[place] != "A" else "Q"
    with pytest.raises(ValueError, match="damaged"):
        parse_share_link(GOOD[:place] + other + GOOD[place + 1 :])


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [*HEAD, number(0)],  # no stroke
        [*HEAD, number(2), *DOT],  # fewer than promised
        [*HEAD, number(1), *DOT, number(0)],  # something left over
        [number(800), number(300), number(6), number(1), *DOT],  # no such alphabet
        [*HEAD, number(1), number(0), number(10**12), signed(5), signed(5)],  # more points than bytes
        [*HEAD, number(1), number(0), number(0)],  # a stroke without points
        [*HEAD, number(1), number(0), number(1), [255] * 12],  # a number without end
    ],
)
def test_bytes_that_make_no_drawing_are_damaged(numbers: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="damaged"):
        parse_share_link(link(*numbers))


def test_other_links_and_newer_versions_are_told_apart() -> None:
    with pytest.raises(ValueError, match=r"expected a link with '#ink='"):
        parse_share_link("https://example.org/")
    with pytest.raises(ValueError, match="version '2'"):
        parse_share_link(link(*HEAD, number(1), *DOT, version="2"))
