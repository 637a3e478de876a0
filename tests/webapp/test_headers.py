"""Request ids, caching, CORS and the page's policy."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.webapp.calls import RECOGNIZE, post
from tests.webapp.noting import NotingRecognizer
from webapp import create_app

ORIGIN = {"Origin": "https://example.org"}
EMPTY = {"strokes": []}


@pytest.mark.parametrize("sent", ["abc-123", "a b", "x" * 128, "ü".encode().hex()])
def test_a_sane_request_id_comes_back(noting_client: FlaskClient, sent: str) -> None:
    response = post(noting_client, EMPTY, headers={"X-Request-ID": sent})
    assert response.headers["X-Request-ID"] == sent


@pytest.mark.parametrize("sent", ["", "x" * 129, "a\tb", "é", "\x7f"])
def test_another_is_replaced(noting_client: FlaskClient, sent: str) -> None:
    made = post(noting_client, EMPTY, headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert made != sent
    assert len(made) == 32


def test_each_request_gets_its_own_id(noting_client: FlaskClient) -> None:
    assert len({post(noting_client, EMPTY).headers["X-Request-ID"] for _ in range(5)}) == 5


@pytest.mark.parametrize("path", ["/api/v1/model", "/healthz", "/readyz", "/api/none"])
def test_answers_are_not_stored(noting_client: FlaskClient, path: str) -> None:
    response = noting_client.get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_any_origin_may_call_without_credentials(noting_client: FlaskClient) -> None:
    for response in (
        post(noting_client, EMPTY, headers=ORIGIN),
        post(noting_client, b"{", headers=ORIGIN),
        noting_client.get(RECOGNIZE, headers=ORIGIN),
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "X-Request-ID" in response.headers["Access-Control-Expose-Headers"]


def test_preflight(noting_client: FlaskClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    response = noting_client.options(RECOGNIZE, headers={**ORIGIN, **asked})
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"].lower() == "content-type"


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/static/none", "/apis"])
def test_cors_covers_the_api_only(noting_client: FlaskClient, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in noting_client.get(path, headers=ORIGIN).headers


def test_origins_can_be_named() -> None:
    settings = {"RECOGNIZER": NotingRecognizer(), "CORS_ORIGINS": "https://example.org, https://example.com"}
    client = create_app(settings).test_client()
    response = post(client, EMPTY, headers=ORIGIN)
    assert response.headers["Access-Control-Allow-Origin"] == "https://example.org"
    response = post(client, EMPTY, headers={"Origin": "https://example.net"})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("path", ["/", "/static/none"])
def test_the_page_has_a_strict_policy(noting_client: FlaskClient, path: str) -> None:
    response = noting_client.get(path)
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
