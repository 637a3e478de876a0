"""A short part of the hostile benchmark, in process, and what its record says of the whole."""

from __future__ import annotations

import json
from itertools import islice

from flask.testing import FlaskClient

from model.benchmarks.hostile import RECORD
from model.benchmarks.hostile_requests import hostile_requests

DEAR = {"as much as is allowed", "far too many values"}


def test_hostile_requests_are_refused_in_our_own_words(client: FlaskClient) -> None:
    seen = set()
    for sent in islice(hostile_requests(seed=5), 700):
        if sent.raw or sent.kind in DEAR:
            continue
        response = client.open(sent.path, method=sent.method, data=sent.body, headers=sent.headers)
        seen.add(sent.kind)
        assert response.status_code < 500, (sent, response.data)
        if response.status_code >= 400 and sent.path.startswith("/api") and sent.method != "HEAD":
            assert response.content_type == "application/problem+json", sent
        if sent.kind == "a good drawing":
            assert response.get_json()["text"] == "2048"
    assert len(seen) > 8


def test_the_recorded_run_passed() -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    assert record["passed"]
    assert record["requests"] >= 100_000
    assert record["faults"] == []
    assert set(record["good_drawings_read_as"]) == {"2048"}
    assert not any(int(status) >= 500 for rows in record["answers"].values() for status in rows)
    assert sum(sum(rows.values()) for rows in record["answers"].values()) == record["requests"]
