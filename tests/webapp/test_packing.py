"""Pages and files are sent small: compressed, without our comments; what others wrote is sent as published."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webapp.test_pages import shell
from webapp.packing import without_comments

STATIC = Path(__file__).resolve().parents[2] / "static"
OURS = [path for path in STATIC.rglob("*") if path.suffix in (".js", ".css") and "vendor" not in path.parts]
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def got(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    with client.get(path, headers=headers) as response:
        response.get_data()
        return response


def test_all_that_any_visitor_may_load_weighs_150_kb(noting_client: FlaskClient) -> None:
    files = [file.removeprefix("./") for file in [*shell(noting_client)["files"], "sw.js"]]
    weights = {file: len(got(noting_client, f"/{file}", **GZIP).data) for file in files}
    assert sum(weights.values()) <= 150_000, sorted(weights.items(), key=lambda one: -one[1])


@pytest.mark.parametrize("path", ["/", "/about", "/docs", "/sw.js", "/static/js/app.js", "/static/css/page.css"])
def test_who_takes_gzip_gets_the_same_smaller(noting_client: FlaskClient, path: str) -> None:
    plain, packed = got(noting_client, path), got(noting_client, path, **GZIP)
    assert packed.content_encoding == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 0.6 * len(plain.data)
    assert packed.content_length == len(packed.data)
    for response in (plain, packed, got(noting_client, path, **{"Accept-Encoding": "gzip;q=0, br"})):
        assert "Accept-Encoding" in response.vary
        assert response.content_encoding == ("gzip" if response is packed else None)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_comments_stay_at_home_and_lines_keep_their_numbers(noting_client: FlaskClient, path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    sent = got(noting_client, f"/static/{path.relative_to(STATIC).as_posix()}").get_data(as_text=True)
    lines = list(zip(code.split("\n"), sent.split("\n"), strict=True))
    assert [(line, other) for line, other in lines if other.strip() and not line.endswith(other.lstrip())] == []
    assert [other for _, other in lines if other.lstrip().startswith(("//", "/*"))] == []
    # What is left out stands between texts, not in one.
    for line in [n for n, (line, other) in enumerate(lines) if line != other]:
        assert without_comments("\n".join(code.split("\n")[:line])).count("`") % 2 == 0, lines[line]


def test_text_and_licences_are_no_comments() -> None:
    for code in ('get("https://a");', "x = 1; // why", "/*! MIT */\nf();", "a {\n}", "y = 4 /* four */ / 2;"):
        assert without_comments(code) == code


@pytest.mark.parametrize("path", sorted((STATIC / "vendor").rglob("*.min.*")), ids=lambda path: path.name)
def test_what_others_wrote_is_sent_as_published(noting_client: FlaskClient, path: Path) -> None:
    response = got(noting_client, f"/static/{path.relative_to(STATIC).as_posix()}", **GZIP)
    assert gzip.decompress(response.data) == path.read_bytes()


def test_what_a_browser_has_is_not_sent_again(noting_client: FlaskClient) -> None:
    first = got(noting_client, "/static/js/app.js", **GZIP)
    again = got(noting_client, "/static/js/app.js", **GZIP, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Accept-Encoding" in again.vary


def test_answers_of_the_api_are_sent_as_they_are(noting_client: FlaskClient) -> None:
    for path in ("/api/v1/openapi.json", "/healthz", "/api/none"):
        assert got(noting_client, path, **GZIP).content_encoding is None


def test_a_missing_file_is_a_plain_problem(noting_client: FlaskClient) -> None:
    response = got(noting_client, "/static/js/none.js", **GZIP)
    assert response.status_code == 404
    assert response.content_encoding is None
