"""The whole server as it is run: gunicorn, its configuration, two workers, the shipped model."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from model.benchmarks.serving_bodies import line, post
from model.benchmarks.serving_load import load
from model.benchmarks.serving_mishaps import kill_a_worker, stop
from model.benchmarks.serving_process import Server, serving
from tests.browser.pens import strokes as digit_strokes
from tests.webapp.calls import RECOGNIZE, columns

ROOT = Path(__file__).resolve().parents[2]
BODY = json.dumps({"strokes": [columns(way, 1000.0 * i) for i, way in enumerate(digit_strokes("2048"))]}).encode()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(workers=2, GLYPHLINE_SEND_TIME="1.5") as running:
        yield running.port
    assert running.process.returncode == 0


def call(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_many_callers_at_once(port: int) -> None:
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: call(port, "POST", RECOGNIZE, BODY), range(40)))
    assert {(status, answer["text"]) for status, answer in answers} == {(200, "2048")}


def test_nobody_sees_the_answer_of_another(port: int) -> None:
    words = ["13", "47", "2048", "90", "7", "61"]
    bodies = {word: json.dumps(untimed(word)) for word in words}

    def ask(turn: int) -> tuple[str, str, str, str]:
        word = words[turn % len(words)]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json", "X-Request-ID": f"caller {turn}"}
        connection.request("POST", RECOGNIZE, bodies[word], headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return word, answer["text"], f"caller {turn}", str(response.headers["X-Request-ID"])

    with ThreadPoolExecutor(8) as callers:
        for word, text, sent, came in callers.map(ask, range(60)):
            assert (text, came) == (word, sent)


def untimed(word: str) -> dict[str, object]:
    strokes = [columns(way) for way in digit_strokes(word)]
    return {"strokes": [{"x": stroke["x"], "y": stroke["y"]} for stroke in strokes], "alphabet": "digits"}


def test_a_caller_who_stops_sending_is_not_waited_for(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        head = (
            f"POST {RECOGNIZE} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
        )
        connection.sendall(head.encode() + b'{"strokes":')
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 408
        assert "1.5 seconds" in json.loads(response.read())["detail"]


@pytest.mark.parametrize("path", [RECOGNIZE, "/api/none"])
def test_an_error_is_answered_though_the_caller_still_sends(port: int, path: str) -> None:
    for mebibytes in (9, 20):
        status, answer = call(port, "POST", path, b" " * (mebibytes * 1024 * 1024))
        assert status == answer["status"] == (413 if path == RECOGNIZE else 404)


def chunked(port: int, *chunks: bytes) -> tuple[int, str | None]:
    """Sends ready-made chunks, the last of which ends the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
        connection.request("POST", RECOGNIZE, iter(chunks), headers)
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"]
    finally:
        connection.close()


def test_a_body_of_unsaid_length_is_bounded_too(port: int) -> None:
    mebibyte = b"100000\r\n" + b" " * 1024 * 1024 + b"\r\n"
    end = b"0\r\n\r\n"
    small = b"f\r\n" + b'{"strokes": []}' + b"\r\n"
    assert chunked(port, small, end)[0] == 200
    assert chunked(port, *[mebibyte] * 7, small, end)[0] == 200
    assert chunked(port, *[mebibyte] * 8, small, end) == (413, "application/problem+json")


def test_a_malformed_body_is_the_callers_fault(port: int) -> None:
    assert chunked(port, b"zz\r\n") == (400, "application/problem+json")


def test_what_is_no_request_is_answered_with_a_problem(port: int) -> None:
    for sent, status in ((b"GET / HTP/1.1\r\n\r\n", 400), (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414)):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
            raw.sendall(sent)
            response = http.client.HTTPResponse(raw)
            response.begin()
            answer = json.loads(response.read())
        assert (response.status, response.headers["Content-Type"]) == (status, "application/problem+json")
        assert answer["status"] == status
        assert answer["detail"]
        assert response.headers["X-Request-ID"]


def test_every_answer_tells_where_its_time_went(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", RECOGNIZE, BODY, {"Content-Type": "application/json"})
    response = connection.getresponse()
    stages = json.loads(response.read())["timing_ms"]
    connection.close()
    said = dict(lap.split(";dur=") for lap in response.headers["Server-Timing"].split(", "))
    assert set(said) == set(stages)
    assert float(said["total"]) >= float(said["classify"]) > 0


def test_the_health_check_of_the_image(port: int) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "healthcheck.py")]
    assert subprocess.run(command, env={**os.environ, "PORT": str(port)}, check=False).returncode == 0
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        elsewhere = {**os.environ, "PORT": str(unused.getsockname()[1])}
        assert subprocess.run(command, env=elsewhere, capture_output=True, check=False).returncode == 1


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Another one, to do harm to, that counts."""
    with serving(workers=2, GLYPHLINE_METRICS="1") as running:
        yield running


THREE = post("points", line(3))


def counted(server: Server) -> float:
    """Readings by all workers, as the metrics tell."""
    request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
    text = load(server.port, [request], count=1).last.decode()
    wanted = 'glyphline_request_seconds_count{method="POST",route="/api/v1/recognize",status="200"} '
    return sum(float(row.removeprefix(wanted)) for row in text.splitlines() if row.startswith(wanted))


def test_metrics_add_up_over_workers(server: Server) -> None:
    before = counted(server)
    assert load(server.port, [THREE], clients=8, count=40).statuses == {200: 40}, server.log.read_text()[-4000:]
    assert counted(server) - before == 40


def test_nobody_waits_for_ever_while_others_keep_asking(server: Server) -> None:
    """As many callers as four for each thread, each asking again as soon as it is answered, on one connection."""
    most = 40
    answered = [0] * 24
    done = threading.Event()

    def ask(caller: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        while not done.is_set():
            connection.request("POST", RECOGNIZE, BODY, {"Content-Type": "application/json"})
            assert connection.getresponse().read()
            answered[caller] += 1
            if answered[caller] >= most:
                done.set()
        connection.close()

    with ThreadPoolExecutor(len(answered)) as callers:
        list(callers.map(ask, range(len(answered))))
    assert min(answered) >= most / 4, answered


def test_a_killed_worker_loses_at_most_what_it_held(server: Server) -> None:
    killed = kill_a_worker(server, [THREE], clients=8, seconds=1.2)
    assert killed.held > 0
    assert killed.load.lost <= killed.held
    assert set(killed.load.statuses) == {200}
    assert len(killed.load.seconds) > 8
    assert killed.back


def test_a_server_that_is_stopped_loses_nobody() -> None:
    with serving(workers=2) as running:
        found = stop(running, [THREE], clients=16, after=0.4)
        assert running.process.returncode == 0
    assert found.lost == 0
    assert set(found.statuses) == {200}
    assert len(found.seconds) > 16


def test_workers_that_are_replaced_lose_nobody() -> None:
    with serving(workers=2, GUNICORN_CMD_ARGS="--max-requests 12 --max-requests-jitter 4") as running:
        before = set(running.workers())
        found = load(running.port, [THREE], clients=8, count=80)
        assert found.statuses == {200: 80}
        assert found.lost == 0
        assert set(running.workers()) != before


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/model", f"{RECOGNIZE}?alphabet=digits"])
def test_who_sends_nothing_more_is_let_go_whatever_was_asked(path: str) -> None:
    with serving(workers=1, GLYPHLINE_SEND_TIME="1.0") as running, ExitStack() as held:
        for _ in range(12):  # more than the worker has threads
            slow = held.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=30))
            slow.sendall(
                f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                "Content-Length: 1000000\r\n\r\n{".encode()
            )
        assert call(running.port, "GET", "/healthz")[0] == 200
