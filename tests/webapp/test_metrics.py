"""Times on answers, Prometheus where it is asked for, and proxies that are believed or not."""

from __future__ import annotations

import pytest
from flask import request

from tests.webapp.calls import post
from tests.webapp.noting import NotingRecognizer
from webapp import create_app

DOT = {"strokes": [{"x": [1], "y": [1]}]}


def test_no_metrics_unless_asked_for() -> None:
    client = create_app({"RECOGNIZER": NotingRecognizer()}).test_client()
    assert client.get("/metrics").status_code == 404


def test_metrics_of_one_process() -> None:
    client = create_app({"RECOGNIZER": NotingRecognizer(), "METRICS": True}).test_client()
    assert post(client, DOT).status_code == 200
    assert post(client, b"{").status_code == 400
    for path in ("/a", "/b", "/c"):
        assert client.get(path).status_code == 404
    answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    rows = dict(row.rsplit(" ", 1) for row in answer.get_data(as_text=True).splitlines() if not row.startswith("#"))
    seconds = "glyphline_request_seconds_count"
    assert rows[f'{seconds}{{method="POST",route="/api/v1/recognize",status="200"}}'] == "1.0"
    assert rows[f'{seconds}{{method="POST",route="/api/v1/recognize",status="400"}}'] == "1.0"
    assert rows[f'{seconds}{{method="any",route="none",status="404"}}'] == "3.0"
    assert rows['glyphline_stage_seconds_count{stage="classify"}'] == "1.0"


@pytest.mark.parametrize(("name", "value"), [("METRICS", "often"), ("PROXIES", -1), ("PROXIES", "all")])
def test_senseless_settings_are_refused_at_once(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"GLYPHLINE_{name}"):
        create_app({"RECOGNIZER": NotingRecognizer(), name: value})


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, "127.0.0.1 http localhost "), (1, "10.0.0.2 https site.example /below"), (2, "10.0.0.1 http localhost ")],
)
def test_only_so_many_proxies_are_believed(proxies: int, seen: str) -> None:
    app = create_app({"RECOGNIZER": NotingRecognizer(), "PROXIES": proxies})

    @app.get("/who")
    def who() -> str:
        return f"{request.remote_addr} {request.scheme} {request.host} {request.script_root}"

    headers = {
        "X-Forwarded-For": "10.0.0.1, 10.0.0.2",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "site.example",
        "X-Forwarded-Prefix": "/below",
    }
    assert app.test_client().get("/who", headers=headers).get_data(as_text=True) == seen
