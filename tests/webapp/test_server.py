"""The whole server as it is run: gunicorn, its configuration, two workers, the shipped model."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.browser.pens import strokes as digit_strokes
from tests.webapp.calls import RECOGNIZE, columns

ROOT = Path(__file__).resolve().parents[2]
BODY = json.dumps({"strokes": [columns(way, 1000.0 * i) for i, way in enumerate(digit_strokes("2048"))]}).encode()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "WEB_CONCURRENCY": "2"}
    command = [sys.executable, "-m", "gunicorn", "webapp.wsgi:app"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            for _ in range(300):
                if server.poll() is not None:
                    pytest.fail(f"gunicorn ended at once: {server.stderr and server.stderr.read()}")
                try:
                    status, _ = call(port, "GET", "/readyz")
                except ConnectionRefusedError:
                    time.sleep(0.1)
                    continue
                assert status == 200
                break
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            ended = server.wait(30)
    assert ended == 0


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
