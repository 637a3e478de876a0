"""The 200 answers, by the shipped model."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

from model.reading.recognizer import Recognizer
from tests.browser.pens import strokes as digit_strokes
from tests.webapp.calls import RECOGNIZE, columns, data_url, encoded, faults, paint, post, strict_json

WAYS = digit_strokes("2048")
PAUSE = 1000.0
KEYS = ["text", "confidence", "alternatives", "glyphs", "alphabet", "model", "timing_ms"]


def read(client: FlaskClient, body: dict[str, Any]) -> dict[str, Any]:
    response = post(client, body)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.content_type == "application/json"
    return strict_json(response.data)


def points_form() -> dict[str, Any]:
    return {"strokes": [columns(way, PAUSE * i) for i, way in enumerate(WAYS)], "width": 700, "height": 250}


def pictures_form(ratio: float = 1.0) -> dict[str, Any]:
    margin, strokes = 6, []
    for i, way in enumerate(WAYS):
        corner = np.floor(way.min(axis=0)) - margin
        size = np.ceil(way.max(axis=0) - corner).astype(int) + margin
        picture = data_url(encoded(paint([way - corner], (int(size[0]), int(size[1])), ratio)))
        strokes.append({"image": picture, "x": corner[0], "y": corner[1], "t": [PAUSE * i, PAUSE * i + 400]})
    return {"strokes": strokes, "pixel_ratio": ratio}


def frames_form() -> dict[str, Any]:
    shots = [data_url(encoded(paint(WAYS[: i + 1]))) for i in range(len(WAYS))]
    return {"frames": [{"image": shot, "t": PAUSE * i} for i, shot in enumerate(shots)]}


def image_form() -> dict[str, Any]:
    return {"image": data_url(encoded(paint(WAYS)))}


FORMS = [points_form(), pictures_form(), pictures_form(2.0), frames_form(), image_form()]
FORM_NAMES = ["points", "pictures", "pictures at ratio 2", "frames", "image"]


@pytest.mark.parametrize("body", FORMS, ids=FORM_NAMES)
def test_reads_2048_in_every_form(client: FlaskClient, recognizer: Recognizer, body: dict[str, Any]) -> None:
    answer = read(client, body)
    assert answer["text"] == "2048"
    assert list(answer) == KEYS
    assert 0 <= answer["confidence"] <= 1
    assert answer["model"] == {"name": recognizer.name, "version": recognizer.version}
    assert {"decode", "segment", "normalize", "classify", "total"} <= set(answer["timing_ms"])
    assert answer["timing_ms"]["total"] >= answer["timing_ms"]["decode"] >= 0
    assert [glyph["char"] for glyph in answer["glyphs"]] == list("2048")
    for glyph in answer["glyphs"]:
        assert glyph["alternatives"][0] == {"char": glyph["char"], "confidence": glyph["confidence"]}
        assert (glyph["line"], glyph["word"]) == (0, 0)
        assert glyph["box"].keys() == {"x", "y", "width", "height"}
        assert "picture" not in glyph


@pytest.mark.parametrize("body", FORMS[:-1], ids=FORM_NAMES[:-1])
def test_strokes_are_the_requests_own(client: FlaskClient, body: dict[str, Any]) -> None:
    glyphs = read(client, body)["glyphs"]
    assert [glyph["strokes"] for glyph in glyphs] == [[0], [1], [2, 3], [4]]


def test_points_tell_parts_and_times(client: FlaskClient) -> None:
    body = points_form()
    glyphs = read(client, body)["glyphs"]
    assert [part["stroke"] for glyph in glyphs for part in glyph["parts"]] == [0, 1, 2, 3, 4]
    for glyph in glyphs:
        for part in glyph["parts"]:
            assert (part["begin"], part["end"]) == (0, len(WAYS[part["stroke"]]))
    assert glyphs[2]["start"] == body["strokes"][2]["t"][0]
    assert glyphs[2]["end"] == body["strokes"][3]["t"][-1]


@pytest.mark.parametrize("body", FORMS[1:], ids=FORM_NAMES[1:])
def test_only_points_have_parts(client: FlaskClient, body: dict[str, Any]) -> None:
    assert not any("parts" in glyph for glyph in read(client, body)["glyphs"])


def test_a_flat_image_has_no_strokes_and_no_times(client: FlaskClient) -> None:
    for glyph in read(client, image_form())["glyphs"]:
        assert glyph["strokes"] == []
        assert glyph["start"] is glyph["end"] is None


def test_points_and_pictures_may_be_mixed(client: FlaskClient) -> None:
    pictures, points = pictures_form()["strokes"], points_form()["strokes"]
    answer = read(client, {"strokes": [pictures[0], points[1], points[2], pictures[3], points[4]]})
    assert answer["text"] == "2048"
    assert ["parts" in glyph for glyph in answer["glyphs"]] == [False, True, True, True]
    assert [part["stroke"] for part in answer["glyphs"][2]["parts"]] == [2]


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_bare_picture(client: FlaskClient, kind: str) -> None:
    picture = encoded(paint(WAYS), kind)
    query = {"alphabet": "digits", "alternatives": "2", "include": "pictures"}
    response = client.post(RECOGNIZE, data=picture, content_type=f"image/{kind}", query_string=query)
    answer = response.get_json()
    assert (answer["text"], answer["alphabet"]) == ("2048", "digits")
    assert all(len(glyph["alternatives"]) <= 2 and glyph["picture"] for glyph in answer["glyphs"])


def test_a_form_with_one_file(client: FlaskClient, tmp_path: Any) -> None:
    path = tmp_path / "drawing.png"
    path.write_bytes(encoded(paint(WAYS)))
    with path.open("rb") as file:
        response = client.post(f"{RECOGNIZE}?alphabet=digits", data={"any name": (file, "drawing.png")})
    assert response.get_json()["text"] == "2048"


def test_pictures_are_what_the_classifier_saw(client: FlaskClient) -> None:
    answer = read(client, {**points_form(), "include": ["pictures"]})
    for glyph in answer["glyphs"]:
        head, _, body = glyph["picture"].partition(",")
        assert head == "data:image/png;base64"
        picture = cv2.imdecode(np.frombuffer(base64.b64decode(body), np.uint8), cv2.IMREAD_UNCHANGED)
        assert picture.shape == (28, 28)
        assert picture.dtype == np.uint8
        assert picture[0, 0] == 255  # paper is white
        assert picture.min() < 64  # ink is dark


def test_groups_decide_the_glyphs(client: FlaskClient) -> None:
    answer = read(client, {**points_form(), "groups": [[0, 1], [2, 3], [4]]})
    assert [glyph["strokes"] for glyph in answer["glyphs"]] == [[0, 1], [2, 3], [4]]


def test_a_stroke_in_two_groups(client: FlaskClient) -> None:
    response = post(client, {**points_form(), "groups": [[0, 1], [2, 1]]})
    assert list(faults(response)) == ["#/groups/1/1"]


def test_strokes_without_ink_are_no_part_of_a_glyph(client: FlaskClient) -> None:
    nothing = {"x": [], "y": []}
    strokes = [nothing, *points_form()["strokes"][2:4], nothing]
    answer = read(client, {"strokes": strokes, "groups": [[0], [1, 2, 3]]})
    assert [glyph["strokes"] for glyph in answer["glyphs"]] == [[1, 2]]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_as_many_alternatives_as_asked_for(client: FlaskClient, count: int) -> None:
    answer = read(client, {**points_form(), "alternatives": count, "alphabet": "alphanumeric"})
    assert all(len(glyph["alternatives"]) <= count for glyph in answer["glyphs"])
    assert len(answer["alternatives"]) <= count
    confidences = [alternative["confidence"] for alternative in answer["alternatives"]]
    assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize(
    "body",
    [
        {"strokes": []},
        {"frames": []},
        {"strokes": [{"x": [], "y": []}]},
        {"strokes": [{"x": [], "y": [], "t": [], "p": []}], "groups": [[0]]},
        {"image": data_url(encoded(np.full((50, 80), 255, np.uint8)))},
        {"frames": [{"image": data_url(encoded(np.full((50, 80), 255, np.uint8)))}] * 2},
    ],
    ids=[
        "no strokes",
        "no frames",
        "a stroke without points",
        "the same, grouped",
        "white paper",
        "white frames",
    ],
)
def test_an_empty_drawing_says_nothing(client: FlaskClient, body: dict[str, Any]) -> None:
    answer = read(client, body)
    assert answer["text"] == ""
    assert answer["glyphs"] == []


def test_the_same_drawing_reads_the_same_twice(client: FlaskClient) -> None:
    first, second = (read(client, points_form()) for _ in range(2))
    first.pop("timing_ms")
    second.pop("timing_ms")
    assert first == second


@pytest.mark.parametrize(
    "stroke",
    [
        {"x": [5], "y": [5]},
        {"x": [5, 5, 5], "y": [7, 7, 7]},
        {"x": [-1e6, 1e6], "y": [-1e6, 1e6]},
        {"x": [0, 1e6], "y": [0, 0]},
        {"x": [0, 1e-30], "y": [0, 1e-30]},
        {"x": [1e6, 1e6 + 0.0], "y": [-1e6, -1e6], "t": [1e15, 1e15]},
        {"x": list(range(10_000)), "y": [i % 7 for i in range(10_000)], "p": [0.5] * 10_000},
    ],
    ids=["a dot", "a still pen", "very large", "a long line", "very small", "far off", "many points"],
)
def test_odd_strokes_are_read_without_complaint(client: FlaskClient, stroke: dict[str, Any]) -> None:
    read(client, {"strokes": [stroke]})
    read(client, {"strokes": [{"x": [100, 100, 100], "y": [10, 40, 70]}, stroke]})


def test_many_strokes(client: FlaskClient) -> None:
    strokes = [{"x": [20 * (i % 30)] * 3, "y": [50 * (i // 30) + y for y in (0, 15, 30)]} for i in range(512)]
    assert read(client, {"strokes": strokes})["glyphs"]


def test_model_says_what_it_is(client: FlaskClient, recognizer: Recognizer) -> None:
    answer = client.get("/api/v1/model").get_json()
    assert (answer["name"], answer["version"]) == (recognizer.name, recognizer.version)
    assert answer["alphabets"] == ["auto", "digits", "letters", "uppercase", "lowercase", "alphanumeric"]
    assert len(answer["classes"]) == len(set(answer["classes"])) == 62
