"""The factory, its settings, health, the page, and importing it all."""

from __future__ import annotations

import logging
import threading

import pytest
from flask.testing import FlaskClient

from model.reading.budget import UNBOUNDED, Budget
from model.reading.ink import Ink
from model.reading.reading import Options, Reading
from tests.webapp.calls import faults, post, problem
from tests.webapp.noting import NotingRecognizer
from webapp import create_app
from webapp.engine import Engine


def client_of(recognizer: NotingRecognizer) -> FlaskClient:
    return create_app({"RECOGNIZER": recognizer}).test_client()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLYPHLINE_MAX_STROKES", "2")
    client = client_of(NotingRecognizer())
    dot = {"x": [1], "y": [1]}
    assert post(client, {"strokes": [dot] * 2}).status_code == 200
    assert "at most 2" in faults(post(client, {"strokes": [dot] * 3}))["#/strokes"]


@pytest.mark.parametrize("value", [0, -1, 1.5, "many", True, None])
def test_senseless_limits_are_refused_at_once(value: object) -> None:
    with pytest.raises(ValueError, match="GLYPHLINE_MAX_POINTS"):
        create_app({"RECOGNIZER": NotingRecognizer(), "MAX_POINTS": value})


def test_healthy_even_while_the_model_is_not_ready(caplog: pytest.LogCaptureFixture) -> None:
    recognizer = NotingRecognizer()
    recognizer.failure = RuntimeError("no interpreter")
    client = client_of(recognizer)
    assert client.get("/healthz").get_json() == {"status": "ok"}
    with caplog.at_level(logging.ERROR):
        response = client.get("/readyz")
    problem(response, 503)
    assert int(response.headers["Retry-After"]) >= 1
    assert "no interpreter" in caplog.text
    recognizer.failure = None
    assert client.get("/readyz").get_json() == {"status": "ready"}


def test_ready_with_the_shipped_model(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content_type == "application/json"


def test_ready_once_anything_was_read() -> None:
    recognizer = NotingRecognizer()
    client = client_of(recognizer)
    assert post(client, {"strokes": [{"x": [1], "y": [1]}]}).status_code == 200
    recognizer.failure = RuntimeError("would be seen if it were asked again")
    assert client.get("/readyz").status_code == 200


def test_probes_do_not_wait_for_each_other() -> None:
    entered, leave = threading.Event(), threading.Event()

    class SlowRecognizer(NotingRecognizer):
        def read(self, ink: Ink, options: Options = Options(), budget: Budget = UNBOUNDED) -> Reading:  # noqa: B008
            entered.set()
            assert leave.wait(10)
            return super().read(ink, options, budget)

    engine = Engine(SlowRecognizer())
    first = threading.Thread(target=engine.warm_up)
    first.start()
    assert entered.wait(10)
    assert engine.warm_up() is False
    leave.set()
    first.join()
    assert engine.warm_up() is True
