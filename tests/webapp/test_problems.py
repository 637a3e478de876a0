"""Every error of the API is a problem, whatever went wrong."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient

from model.reading.preparing import GroupsError
from tests.webapp.calls import RECOGNIZE, faults, post, problem
from tests.webapp.noting import NotingRecognizer
from webapp import create_app

STROKES = {"strokes": [{"x": [1, 2], "y": [3, 4]}]}


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/recognize", f"{RECOGNIZE}/", "/healthz/x"])
def test_no_such_place(noting_client: FlaskClient, path: str) -> None:
    problem(noting_client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", RECOGNIZE, {"OPTIONS", "POST"}),
        ("PUT", RECOGNIZE, {"OPTIONS", "POST"}),
        ("POST", "/api/v1/model", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/readyz", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_another_method(noting_client: FlaskClient, method: str, path: str, allowed: set[str]) -> None:
    response = noting_client.open(path, method=method)
    problem(response, 405)
    assert set(response.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("kind", ["application/json", "image/png", "multipart/form-data; boundary=x"])
def test_a_body_too_large(kind: str) -> None:
    client = create_app({"RECOGNIZER": NotingRecognizer(), "MAX_CONTENT_LENGTH": 1000}).test_client()
    response = client.post(RECOGNIZE, data=b"x" * 1001, content_type=kind)
    assert "1000 bytes" in problem(response, 413)["detail"]


def test_the_body_may_hold_8_mib(noting_client: FlaskClient) -> None:
    body = b'{"strokes": []}'
    assert post(noting_client, body.ljust(8 * 1024 * 1024)).status_code == 200
    assert "8388608 bytes" in problem(post(noting_client, body.ljust(8 * 1024 * 1024 + 1)), 413)["detail"]


def test_a_bug_is_logged_and_not_shown(
    noting_client: FlaskClient, noting: NotingRecognizer, caplog: pytest.LogCaptureFixture
) -> None:
    noting.failure = RuntimeError("the secret of the house")
    with caplog.at_level(logging.ERROR):
        answer = problem(post(noting_client, STROKES), 500)
    assert "secret" not in str(answer)
    assert "the secret of the house" in caplog.text


def test_an_answer_without_sense_is_a_bug(
    noting_client: FlaskClient, noting: NotingRecognizer, caplog: pytest.LogCaptureFixture
) -> None:
    noting.confidence = float("nan")
    with caplog.at_level(logging.ERROR):
        problem(post(noting_client, STROKES), 500)
    assert "confidence" in caplog.text


def test_groups_that_the_recognizer_refuses(noting_client: FlaskClient, noting: NotingRecognizer) -> None:
    noting.failure = GroupsError("is not to its taste", 3, 1)
    assert faults(post(noting_client, STROKES)) == {"#/groups/3/1": "is not to its taste"}


def test_elsewhere_an_error_is_a_page(noting_client: FlaskClient) -> None:
    response = noting_client.get("/nowhere")
    assert response.status_code == 404
    assert response.mimetype == "text/html"
