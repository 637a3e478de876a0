"""What keeps one caller from spoiling it for others: rates, time, and a log that says who it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.reading.budget import Budget, OutOfTimeError
from model.reading.ink import Ink, Stroke
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from tests.webapp.calls import post, problem
from tests.webapp.noting import NotingRecognizer
from webapp import create_app

DOT = {"strokes": [{"x": [1], "y": [1]}]}
SECRET = {"strokes": [{"x": [31337.5], "y": [1]}], "lexicon": ["a secret"]}


def client_of(**settings: Any) -> FlaskClient:
    return create_app({"RECOGNIZER": NotingRecognizer(), "ACCESS_LOG": False, **settings}).test_client()


def statuses(client: FlaskClient, callers: Sequence[str], **more: Any) -> list[int]:
    return [post(client, DOT, environ_base={"REMOTE_ADDR": caller}, **more).status_code for caller in callers]


def test_too_many_calls_of_one_address() -> None:
    client = client_of(RATE_LIMIT="2 per minute")
    assert statuses(client, ["192.0.2.1", "192.0.2.1", "192.0.2.2"]) == [200] * 3
    response = post(client, DOT, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert "2 per 1 minute" in problem(response, 429)["detail"]
    assert 1 <= int(response.headers["Retry-After"]) <= 61
    assert client.get("/readyz", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    assert "Retry-After" not in post(client, DOT, environ_base={"REMOTE_ADDR": "192.0.2.3"}).headers


def test_all_calls_that_read_count_together() -> None:
    client = client_of(RATE_LIMIT="2 per minute")
    assert client.post("/api/v1/recognize/batch", json={"items": []}).status_code == 200
    assert post(client, b"{").status_code == 400
    assert post(client, DOT).status_code == 429


def test_a_network_of_64_bits_is_one_caller() -> None:
    client = client_of(RATE_LIMIT="1 per minute")
    assert statuses(client, ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "::ffff:192.0.2.1"]) == [
        200,
        429,
        200,
        200,
    ]


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [(0, [200, 429, 429]), (1, [200, 200, 429]), (2, [200, 200, 200])],
)
def test_forwarded_addresses_are_believed_of_as_many_proxies_as_are_trusted(proxies: int, expected: list[int]) -> None:
    client = client_of(RATE_LIMIT="1 per minute", PROXIES=proxies)
    forwarded = ["203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.2", "203.0.113.3, 198.51.100.2"]
    found = [post(client, DOT, headers={"X-Forwarded-For": f}).status_code for f in forwarded]
    assert found == expected


@pytest.mark.parametrize("value", ["often", 5, "10 per fortnight"])
def test_senseless_rates_are_refused_at_once(value: object) -> None:
    with pytest.raises(ValueError, match="GLYPHLINE_RATE_LIMIT"):
        client_of(RATE_LIMIT=value)


@pytest.mark.parametrize("name", ["TIME_BUDGET", "SEND_TIME"])
@pytest.mark.parametrize("value", [0, -1.0, "soon", True, float("inf"), float("nan")])
def test_senseless_times_are_refused_at_once(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"GLYPHLINE_{name}"):
        client_of(**{name: value})


@pytest.mark.parametrize("path", ["/api/v1/recognize", "/api/v1/recognize/batch"])
def test_a_reading_that_takes_too_long_is_given_up(recognizer: Recognizer, path: str) -> None:
    settings = {"RECOGNIZER": recognizer, "TIME_BUDGET": 1e-9, "ACCESS_LOG": False}
    client = create_app(settings).test_client()
    response = client.post(path, json=DOT if path.endswith("recognize") else {"items": [DOT]})
    refusal = problem(response, 503)
    assert "given up" in refusal["detail"]
    assert refusal["errors"][0]["pointer"] == "#"  # by this a client knows not to send the same again
    assert int(response.headers["Retry-After"]) >= 1


class CountedBudget(Budget):
    """Spent after being looked at so many times."""

    def __init__(self, looks: int):
        super().__init__()
        object.__setattr__(self, "looks", looks)

    def check(self) -> None:
        object.__setattr__(self, "looks", self.looks - 1)  # type: ignore[attr-defined]
        if self.looks < 0:  # type: ignore[attr-defined]
            raise OutOfTimeError


def test_the_clock_is_looked_at_throughout_a_reading(recognizer: Recognizer) -> None:
    ink = Ink(tuple(Stroke.from_points([30 * i, 30 * i + 5], [0, 60], index=i) for i in range(3)))
    needed = next(looks for looks in range(100) if _reads(recognizer, ink, looks))
    assert needed > 4  # at the beginning, before each glyph, and before the text
    assert not any(_reads(recognizer, ink, looks) for looks in range(needed))


def _reads(recognizer: Recognizer, ink: Ink, looks: int) -> bool:
    try:
        recognizer.read(ink, Options(), CountedBudget(looks))
    except OutOfTimeError:
        return False
    return True


def test_each_request_is_a_line_of_json_without_ink(capfd: pytest.CaptureFixture[str]) -> None:
    client = client_of(ACCESS_LOG=True, RATE_LIMIT="")
    post(client, SECRET, headers={"X-Request-ID": "mine"})
    client.post("/api/v1/recognize?lexicon=a+secret", data=b"GIF", content_type="image/png")
    client.get("/nowhere")
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("POST", "/api/v1/recognize", 200),
        ("POST", "/api/v1/recognize", 422),
        ("GET", "/nowhere", 404),
    ]
    assert lines[0]["id"] == "mine"
    assert lines[0]["client"] == "127.0.0.1"
    assert lines[0]["received"] == len(json.dumps(SECRET))
    assert all(line["ms"] >= 0 and line["time"].endswith("+00:00") for line in lines)
    assert not any(word in json.dumps(lines) for word in ("secret", "31337", '"text"'))


def test_the_log_can_be_switched_off(capfd: pytest.CaptureFixture[str]) -> None:
    post(client_of(ACCESS_LOG=False), DOT)
    assert '"status"' not in capfd.readouterr().err
