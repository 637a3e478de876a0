"""The page for developers: complete, at home offline and under a strict policy, in a real browser too."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webapp import create_app
from webapp.docs import CLIENTS, words_of

ROOT = Path(__file__).resolve().parents[2]


class Page(HTMLParser):
    """Notes what a page names, loads and links to, and anything inline that its policy would block."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        if tag in {"script", "link", "img"}:
            self.loaded.append(given.get("src") or given.get("href", ""))
        if tag == "a":
            self.links.append(given["href"])
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def page(noting_client: FlaskClient) -> Page:
    response = noting_client.get("/docs")
    assert response.mimetype == "text/html"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    return Page(response.get_data(as_text=True))


def test_nothing_inline_and_all_from_here(page: Page, noting_client: FlaskClient) -> None:
    assert page.inline == []
    for address in page.loaded:
        assert ":" not in address
        with noting_client.get(f"/{address}") as loaded:
            assert loaded.status_code == 200, address


def test_every_link_leads_somewhere(page: Page, noting_client: FlaskClient) -> None:
    assert len(set(page.ids)) == len(page.ids)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
        else:
            assert noting_client.get(f"/{link.removeprefix('./')}").status_code == 200, link


def test_every_call_field_status_and_limit_is_there(page: Page, noting_client: FlaskClient) -> None:
    document = noting_client.get("/api/v1/openapi.json").get_json()
    for path, methods in document["paths"].items():
        assert path in page.words
        for call in methods.values():
            assert call["operationId"] in page.ids
            assert all(status in page.words for status in call["responses"])
    for name, schema in document["components"]["schemas"].items():
        assert name in page.ids
        assert schema["description"]
        assert all(field in page.words for field in schema.get("properties", {}))
    for limit in ("8,388,608", "512", "10,000", "50,000", "4,096", "64", "10 seconds"):
        assert limit in page.words


def test_every_client_is_there_word_for_word(page: Page) -> None:
    for _, name in CLIENTS:
        assert (ROOT / "docs" / "clients" / name).read_text(encoding="utf-8") in page.words
    files = {path.relative_to(ROOT / "docs/clients").as_posix() for path in (ROOT / "docs/clients").rglob("*.*")}
    assert files == {name for _, name in CLIENTS}


def test_the_limits_are_those_of_this_server() -> None:
    client = create_app({"MAX_POINTS": 1234, "RATE_LIMIT": "", "ACCESS_LOG": False}).test_client()
    words = Page(client.get("/docs").get_data(as_text=True)).words
    assert "1,234" in words
    assert "as many as you like" in words


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 9}, "string of 1 to 9 characters"),
        ({"enum": ["auto", "digits"], "default": "auto"}, '"auto" | "digits" ("auto" if left out)'),
        ({"type": "array", "items": {"const": "pictures"}, "default": []}, 'list of "pictures" ([] if left out)'),
        (
            {"type": "array", "items": {"$ref": "#/components/schemas/Part"}, "maxItems": 5000},
            "list of at most 5,000 Part",
        ),
        (
            {
                "anyOf": [
                    {
                        "type": "array",
                        "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1},
                    },
                    {"type": "null"},
                ],
                "default": None,
            },
            "list of lists of 1 or more integers from 0, or null",
        ),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1e6}, "number above 0, at most 1,000,000"),
        ({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}, "list of 2 numbers"),
    ],
)
def test_a_type_in_words(schema: dict[str, object], words: str) -> None:
    assert "".join(text for text, _ in words_of(schema)) == words


def test_the_first_example_is_a_body(page: Page) -> None:
    shown = re.search(r"-d '\n(\{.*?\n\})'", page.words, re.DOTALL)
    assert shown
    assert json.loads(shown[1])["strokes"]
