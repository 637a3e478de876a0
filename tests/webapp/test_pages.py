"""The pages, the manifest and the service worker."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient


class Links(HTMLParser):
    """Notes what a page loads, and anything inline that its policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "img"} and given.get("src"):
            self.loaded.append(str(given["src"]))
        elif tag == "link":
            self.loaded.append(str(given["href"]))
        elif tag in {"script", "style"}:
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("path", ["/", "/about"])
def test_a_page_loads_only_what_is_there_and_holds_nothing_inline(noting_client: FlaskClient, path: str) -> None:
    response = noting_client.get(path)
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    links = Links()
    links.feed(response.get_data(as_text=True))
    assert links.inline == []
    assert links.loaded
    for address in links.loaded:
        assert not address.startswith(("/", "http"))
        loaded = noting_client.get(f"/{address}")
        assert loaded.status_code == 200, address
        loaded.close()


def test_the_manifest_names_a_page_and_an_icon_that_are_there(noting_client: FlaskClient) -> None:
    response = noting_client.get("/manifest.webmanifest")
    assert response.mimetype == "application/manifest+json"
    manifest = response.get_json()
    for address in (manifest["start_url"], manifest["icons"][0]["src"]):
        there = noting_client.get("/" + address.removeprefix("./"))
        assert there.status_code == 200
        there.close()


def shell(client: FlaskClient) -> dict[str, list[str] | str]:
    response = client.get("/sw.js")
    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    first = response.get_data(as_text=True).partition("\n")[0]
    match = re.fullmatch(r"const SHELL = (\{.*\});", first)
    assert match
    held: dict[str, list[str] | str] = json.loads(match[1])
    return held


def test_the_service_worker_keeps_all_that_the_pages_use(noting_client: FlaskClient) -> None:
    files = shell(noting_client)["files"]
    for file in files:
        there = noting_client.get("/" + file.removeprefix("./"))
        assert there.status_code == 200, file
        there.close()
    links = Links()
    for path in ("/", "/about"):
        links.feed(noting_client.get(path).get_data(as_text=True))
    assert set(links.loaded) <= set(files)
    imported = [file for file in files if re.fullmatch(r"static/js/.+\.js", file)]
    assert "static/js/ways/formats/inkml.js" in imported
    assert "static/js/sw.js" not in files
    assert not [file for file in files if file.startswith("api")]


def test_the_version_is_of_the_contents(noting_client: FlaskClient) -> None:
    version = shell(noting_client)["version"]
    assert re.fullmatch(r"[0-9a-f]{16}", str(version))
    assert version == shell(noting_client)["version"]
