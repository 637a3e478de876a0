"""Several drawings in one call: each as if it had come alone, classified together, and corrections."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from model.reading.classify import Classifier
from tests.browser.pens import strokes as digit_strokes
from tests.webapp.calls import columns, data_url, encoded, faults, paint, post, problem
from tests.webapp.noting import NotingRecognizer
from webapp import create_app
from webapp.examples import CORRECTION

BATCH = "/api/v1/recognize/batch"
CORRECTIONS = "/api/v1/corrections"
DOT = {"strokes": [{"x": [1], "y": [1]}]}


def drawing(text: str) -> dict[str, Any]:
    return {"strokes": [columns(way, 1000.0 * i) for i, way in enumerate(digit_strokes(text))]}


def send(client: FlaskClient, items: Any) -> list[dict[str, Any]]:
    response = client.post(BATCH, json={"items": items})
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()["results"]


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timing_ms"}


def test_each_answer_is_that_of_the_drawing_alone(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = data_url(encoded(paint(digit_strokes("47"))))
    items = [drawing("2048"), {"image": picture}, {"strokes": []}, {**drawing("13"), "groups": [[0], [1]]}]
    sizes: list[int] = []
    classify = Classifier.classify
    monkeypatch.setattr(
        Classifier, "classify", lambda self, *views: (sizes.append(len(views[0])), classify(self, *views))[1]
    )
    alone = [post(client, item).get_json() for item in items]
    glyphs, before = sum(sizes), len(sizes)
    together = send(client, items)
    assert sizes[before:] == [glyphs]
    for one, other in zip(together, alone, strict=True):
        assert [g["char"] for g in one["glyphs"]] == [g["char"] for g in other["glyphs"]]
        assert one["confidence"] == pytest.approx(other["confidence"], abs=1e-4)
        assert {"decode", "segment", "normalize", "classify", "text", "total"} <= one["timing_ms"].keys()
    assert [answer["text"] for answer in together] == ["2048", "47", "", "13"]


def test_a_refused_item_has_the_problem_it_would_have_alone(client: FlaskClient) -> None:
    bad = [
        {"strokes": [{"x": [1], "y": []}]},
        {"image": data_url(b"GIF89a")},
        {"strokes": [{"x": [1], "y": [1]}], "groups": [[0], [0]]},
        "no drawing",
        {**DOT, "colour": 1},
    ]
    results = send(client, [drawing("1"), *bad, drawing("7")])
    assert (results[0]["text"], results[-1]["text"]) == ("1", "7")
    for index, (item, result) in enumerate(zip(bad, results[1:-1], strict=True), 1):
        alone = problem(post(client, item), 422)
        places = [fault["pointer"].replace("#", f"#/items/{index}", 1) for fault in alone["errors"]]
        assert [fault["pointer"] for fault in result["errors"]] == places
        assert [fault["detail"] for fault in result["errors"]] == [fault["detail"] for fault in alone["errors"]]
        assert (result["status"], result["title"]) == (422, alone["title"])


def test_an_empty_batch(noting_client: FlaskClient) -> None:
    assert send(noting_client, []) == []


@pytest.mark.parametrize(
    ("body", "place", "word"),
    [
        ({}, "#/items", "required"),
        ({"items": {}}, "#/items", "list"),
        ({"items": [], "more": 1}, "#/more", "known"),
        ({"items": [DOT] * 65}, "#/items", "at most 64"),
        ({"items": [{"strokes": DOT["strokes"] * 500}] * 5}, "#/items", "2500 strokes in all"),
    ],
)
def test_refused_as_a_whole(noting_client: FlaskClient, body: Any, place: str, word: str) -> None:
    assert word in faults(noting_client.post(BATCH, json=body))[place]


def test_a_batch_is_json_only(noting_client: FlaskClient) -> None:
    problem(noting_client.post(BATCH, data=b"x", content_type="image/png"), 415)
    problem(noting_client.post(BATCH, data=b"{", content_type="application/json"), 400)


def test_the_pictures_of_a_batch_are_weighed_together() -> None:
    client = create_app({"RECOGNIZER": NotingRecognizer(), "MAX_PIXELS": 5_000, "ACCESS_LOG": False}).test_client()
    item = {"image": data_url(encoded(paint([], (60, 40))))}
    results = send(client, [item] * 3)
    assert ["status" in result for result in results] == [False, False, True]
    assert "pixels in all" in results[2]["detail"]


def test_a_correction_is_validated_and_then_refused(noting_client: FlaskClient) -> None:
    assert "keeps no" in problem(noting_client.post(CORRECTIONS, json=CORRECTION), 403)["detail"]
    assert "consent" in problem(noting_client.post(CORRECTIONS, json={**CORRECTION, "consent": False}), 403)["detail"]


@pytest.mark.parametrize(
    ("change", "place", "word"),
    [
        ({"request": {}}, "#/request", "exactly one"),
        ({"request": {"strokes": [{"x": [1], "y": []}]}}, "#/request/strokes/0/y", "has 0 values"),
        ({"request": {"image": data_url(b"no")}, "groups": None}, "#/request/image", "PNG"),
        ({"text": ""}, "#/text", "1"),
        ({"text": 2048}, "#/text", "string"),
        ({"groups": [[0], [2]]}, "#/groups/1/0", "has 2 strokes"),
        ({"consent": "yes"}, "#/consent", "boolean"),
        ({"by": "me"}, "#/by", "known"),
    ],
)
def test_corrections_that_make_no_sense(noting_client: FlaskClient, change: Any, place: str, word: str) -> None:
    assert word in faults(noting_client.post(CORRECTIONS, json={**CORRECTION, **change}))[place]
