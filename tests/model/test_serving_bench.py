"""The server's benchmark: its callers, its bodies, its tables."""

from __future__ import annotations

import json
import shutil
import socket
import threading

import pytest
from flask.testing import FlaskClient

from model.benchmarks.serving_bodies import BODIES, line, post
from model.benchmarks.serving_load import load
from model.benchmarks.serving_page import table, with_tables
from model.benchmarks.tesseract import _library, _process


@pytest.mark.parametrize("form", BODIES)
def test_every_body_is_read_as_what_was_drawn(client: FlaskClient, form: str) -> None:
    head, _, body = post(form, line(3)).partition(b"\r\n\r\n")
    first, *fields = head.decode().split("\r\n")
    method, path, _ = first.split()
    headers = dict(field.split(": ", 1) for field in fields)
    assert int(headers["Content-Length"]) == len(body)
    answer = client.open(path, method=method, data=body, content_type=headers["Content-Type"])
    assert answer.get_json()["text"] == "204"


def test_long_lines_wrap() -> None:
    assert len({round(float(stroke.points[:, 1].min())) // 130 for stroke in line(45).strokes}) == 3


def test_callers_count_answers_losses_and_refusals() -> None:
    answers = iter(
        [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"]
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            connection, _ = listener.accept()
            listener.close()  # or who calls again would wait in line, and be lost instead of refused
            with connection:
                for answer in answers:  # the second is cut off
                    connection.recv(1000)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        found = load(port, [b"GET / HTTP/1.1\r\n\r\n"], count=3, seconds=0.5)
        thread.join()
    assert found.statuses == {200: 1}
    assert found.lost == 1
    assert found.refused > 0
    assert found.last == b"ok"
    assert found.rate > 0


def test_pages_take_the_tables_that_were_recorded() -> None:
    page = "a\n<!-- table one -->\nold\n<!-- end -->\nb\n<!-- table two -->\nkept\n<!-- end -->\n"
    rows = [{"form": "points", "n": 3, "p50": 1.234, "kB": 5.0}, {"form": "image", "n": 4, "p50": 123.4, "kB": 66.6}]
    anew = with_tables(page, {"one": rows})
    assert "old" not in anew
    assert "kept" in anew
    assert "| points | 3 | 1.23 | 5.0 |\n| image | 4 | 123 | 66.6 |" in anew
    assert with_tables(anew, json.loads(json.dumps({"one": rows}))) == anew
    assert table(rows) in anew


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="there is no tesseract")
def test_tesseract_reads_alike_as_process_and_as_library() -> None:
    with _library() as library:
        texts = [(library(line(count), "digits"), _process(line(count), "digits")) for count in (1, 4)]
    for by_library, by_process in texts:
        assert by_library == by_process
        assert by_library == "" or by_library.isdigit()
