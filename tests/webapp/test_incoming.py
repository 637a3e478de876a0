"""What becomes of a request: the ink and the options that the recognizer is given, and what is refused."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.webapp.calls import RECOGNIZE, data_url, encoded, faults, paint, post, problem
from tests.webapp.noting import NotingRecognizer

LINE = np.array([[10.0, 10.0], [10.0, 60.0]])
PICTURE = data_url(encoded(paint([LINE], (40, 80))))
WHITE = data_url(encoded(paint([], (40, 80))))
STROKE = {"x": [1, 2.5], "y": [3, 4]}


def refused(client: FlaskClient, body: Any) -> dict[str, str]:
    return faults(post(client, body))


def test_points_arrive_as_sent(noting_client: FlaskClient, noting: NotingRecognizer) -> None:
    body = {"strokes": [STROKE, {"x": [], "y": []}, {"x": [7], "y": [8], "t": [9.5], "p": [0.2]}]}
    assert post(noting_client, body).status_code == 200
    first, second = noting.ink.strokes
    np.testing.assert_array_equal(first.points, np.array([[1, 3], [2.5, 4]], np.float32))
    assert (first.index, first.start, first.end) == (0, None, None)
    assert (second.index, second.start, second.end) == (2, 9.5, 9.5)


def test_pictures_arrive_in_place(noting_client: FlaskClient, noting: NotingRecognizer) -> None:
    stroke = {"image": PICTURE, "x": 100, "y": 200, "t": [3, 8]}
    blank = {"image": WHITE, "x": 0, "y": 0}
    assert post(noting_client, {"strokes": [blank, stroke], "pixel_ratio": 2}).status_code == 200
    (got,) = noting.ink.strokes
    assert (got.index, got.start, got.end) == (1, 3, 8)
    np.testing.assert_allclose(got.points.mean(axis=0), [105, 217.5], atol=1.5)


def test_frames_without_new_ink_keep_the_count(noting_client: FlaskClient, noting: NotingRecognizer) -> None:
    both = data_url(encoded(paint([LINE, np.add(LINE, [20, 0])], (40, 80))))
    shots = [{"image": PICTURE, "t": 1}, {"image": PICTURE}, {"image": both, "t": 5}]
    answer = post(noting_client, {"frames": shots}).get_json()
    assert [(stroke.index, stroke.end) for stroke in noting.ink.strokes] == [(0, 1), (2, 5)]
    assert [glyph["strokes"] for glyph in answer["glyphs"]] == [[0], [2]]


def test_options_arrive(noting_client: FlaskClient, noting: NotingRecognizer) -> None:
    body = {
        "strokes": [STROKE, {"x": [], "y": []}, STROKE],
        "alphabet": "letters",
        "groups": [[2, 1], [0]],
        "lexicon": ["tokyo", "madrid"],
        "alternatives": 7,
        "width": 800,
        "height": 300.5,
    }
    assert post(noting_client, body).status_code == 200
    options = noting.options
    assert (options.alphabet, options.alternatives) == ("letters", 7)
    assert options.lexicon == ("tokyo", "madrid")
    assert options.groups == ((2, 1), (0,))


def test_defaults(noting_client: FlaskClient, noting: NotingRecognizer) -> None:
    body = {"strokes": [STROKE], "frames": None, "groups": None, "lexicon": None, "width": None}
    assert post(noting_client, body).status_code == 200
    options = noting.options
    assert (options.alphabet, options.groups, options.lexicon) == ("auto", None, None)
    assert options.alternatives == 3


def test_options_of_a_picture_stand_in_the_query(noting_client: FlaskClient, noting: NotingRecognizer) -> None:
    data = encoded(paint([LINE], (40, 80)))
    query = "alphabet=uppercase&alternatives=0&lexicon=A,B&lexicon=C&pixel_ratio=0.5&width=800"
    response = noting_client.post(f"{RECOGNIZE}?{query}", data=data, content_type="image/png")
    assert response.status_code == 200
    assert (noting.options.alphabet, noting.options.alternatives) == ("uppercase", 0)
    assert noting.options.lexicon == ("A", "B", "C")
    assert noting.ink.strokes[0].points[:, 0].mean() == pytest.approx(20, abs=3)


@pytest.mark.parametrize(
    ("body", "pointer", "word"),
    [
        ({}, "#", "none"),
        ([], "#", "object"),
        ("strokes", "#", "object"),
        (None, "#", "object"),
        ({"strokes": None}, "#", "none"),
        ({"strokes": [], "frames": []}, "#", "strokes and frames"),
        ({"strokes": [], "image": PICTURE}, "#", "strokes and image"),
        ({"strokes": {}}, "#/strokes", "list"),
        ({"strokes": [1]}, "#/strokes/0", "object"),
        ({"strokes": [{"x": [1], "y": [1]}, {"x": [1]}]}, "#/strokes/1/y", "required"),
        ({"strokes": [{"x": [1, 2, 3, 4], "y": [1, 2, 3]}]}, "#/strokes/0/y", "has 3 values, x has 4"),
        ({"strokes": [{"x": [1, 2], "y": [1, 2], "t": [1]}]}, "#/strokes/0/t", "has 1 values, x has 2"),
        ({"strokes": [{"x": [1], "y": [1], "p": []}]}, "#/strokes/0/p", "has 0 values, x has 1"),
        ({"strokes": [{"x": [1, 2], "y": [1, 2], "t": [5, 4]}]}, "#/strokes/0/t", "backward"),
        ({"strokes": [{**STROKE, "t": [1, 5]}, {**STROKE, "t": [4, 9]}]}, "#/strokes/1/t", "strokes/0"),
        ({"strokes": [{"image": PICTURE, "x": 0, "y": 0, "t": [2, 1]}]}, "#/strokes/0/t", "backward"),
        ({"strokes": [{"image": PICTURE, "x": 0, "y": 0, "t": [2]}]}, "#/strokes/0/t", "2"),
        ({"strokes": [{"image": PICTURE, "y": 0}]}, "#/strokes/0/x", "required"),
        ({"strokes": [{"x": [True], "y": [1]}]}, "#/strokes/0/x/0", "number"),
        ({"strokes": [{"x": ["1"], "y": [1]}]}, "#/strokes/0/x/0", "number"),
        ({"strokes": [{"x": [None], "y": [1]}]}, "#/strokes/0/x/0", "number"),
        ({"strokes": [{"x": [1e7], "y": [1]}]}, "#/strokes/0/x/0", "1000000"),
        ({"strokes": [{"x": [10**400], "y": [1]}]}, "#/strokes/0/x/0", "number"),
        ({"strokes": [{"x": [math.nan], "y": [1]}]}, "#/strokes/0/x/0", "finite"),
        ({"strokes": [{"x": [1], "y": [-math.inf]}]}, "#/strokes/0/y/0", "finite"),
        ({"strokes": [{"x": [1], "y": [1], "p": [math.inf]}]}, "#/strokes/0/p/0", "finite"),
        ({"strokes": [{"x": [1], "y": [1], "pressure": [1]}]}, "#/strokes/0/pressure", "not a known field"),
        ({"strokes": [], "colour/~ é": 1}, "#/colour~1~0%20%C3%A9", "not a known field"),
        ({"frames": [{"image": PICTURE, "t": 2}, {"image": PICTURE, "t": 1}]}, "#/frames/1/t", "frames/0"),
        ({"frames": [{"image": PICTURE, "x": 2}]}, "#/frames/0/x", "not a known field"),
        ({"image": 5}, "#/image", "string"),
        ({"image": "https://example.org/2048.png"}, "#/image", "data URL"),
        ({"image": "data:image/gif;base64,R0lGODlhAQABAAAAACw="}, "#/image", "image/png"),
        ({"image": "data:image/svg+xml;base64,PHN2Zy8+"}, "#/image", "image/png"),
        ({"image": "data:image/png,abc"}, "#/image", "base64"),
        ({"image": "data:image/png;base64,*"}, "#/image", "base64"),
        ({"image": "data:image/png;base64,YWJ"}, "#/image", "base64"),
        ({"image": "data:image/png;base64,é"}, "#/image", "base64"),
        ({"image": "data:image/png;base64,"}, "#/image", "PNG"),
        ({"image": data_url(b"GIF89a, whatever it says")}, "#/image", "PNG"),
        ({"image": PICTURE[:90]}, "#/image", "damaged"),
        ({"frames": [{"image": PICTURE}, {"image": data_url(b"no")}]}, "#/frames/1/image", "PNG"),
        ({"strokes": [STROKE, {"image": data_url(b""), "x": 0, "y": 0}]}, "#/strokes/1/image", "PNG"),
        ({"strokes": [STROKE], "groups": [[0, 1]]}, "#/groups/0/1", "has 1 strokes"),
        ({"strokes": [STROKE], "groups": [[-1]]}, "#/groups/0/0", "0"),
        ({"strokes": [STROKE], "groups": [[]]}, "#/groups/0", "1"),
        ({"strokes": [STROKE], "groups": [[0.0]]}, "#/groups/0/0", "whole number"),
        ({"strokes": [STROKE], "groups": [0]}, "#/groups/0", "list"),
        ({"image": PICTURE, "groups": [[0]]}, "#/groups", "image"),
        ({"strokes": [], "alternatives": 21}, "#/alternatives", "20"),
        ({"strokes": [], "alternatives": -1}, "#/alternatives", "0"),
        ({"strokes": [], "alternatives": True}, "#/alternatives", "whole number"),
        ({"strokes": [], "alternatives": None}, "#/alternatives", "whole number"),
        ({"strokes": [], "alphabet": "greek"}, "#/alphabet", "digits"),
        ({"strokes": [], "pixel_ratio": 0}, "#/pixel_ratio", "0.1"),
        ({"strokes": [], "pixel_ratio": math.nan}, "#/pixel_ratio", "finite"),
        ({"strokes": [], "width": 0}, "#/width", "0"),
        ({"strokes": [], "height": "300"}, "#/height", "number"),
        ({"strokes": [], "lexicon": []}, "#/lexicon", "1"),
        ({"strokes": [], "lexicon": [""]}, "#/lexicon/0", "1"),
        ({"strokes": [], "lexicon": ["a", " \n"]}, "#/lexicon/1", "white space"),
        ({"strokes": [], "lexicon": ["a", 1]}, "#/lexicon/1", "string"),
        ({"strokes": [], "include": ["weights"]}, "#/include/0", "pictures"),
        ({"strokes": [], "include": "pictures"}, "#/include", "list"),
    ],
)
def test_refused_with_its_place(noting_client: FlaskClient, body: Any, pointer: str, word: str) -> None:
    found = refused(noting_client, body)
    assert pointer in found
    assert word in found[pointer]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_that_are_none(noting_client: FlaskClient, number: str) -> None:
    body = f'{{"strokes": [{{"x": [1, {number}], "y": [1, 2]}}]}}'.encode()
    assert refused(noting_client, body) == {"#/strokes/0/x/1": "must be a finite number"}


def test_the_problem_names_the_first_fault(noting_client: FlaskClient) -> None:
    body = {"strokes": [{"x": [1, 2], "y": [3]}, {"x": 1, "y": [1]}]}
    answer = problem(post(noting_client, body), 422)
    assert answer["detail"] == "#/strokes/0/y has 1 values, x has 2"
    assert [fault["pointer"] for fault in answer["errors"]] == ["#/strokes/0/y", "#/strokes/1/x"]


def test_a_name_given_twice(noting_client: FlaskClient) -> None:
    assert "'strokes' twice" in refused(noting_client, b'{"strokes": [], "strokes": []}')["#"]
    body = b'{"strokes": [{"x": [1], "y": [1], "x": [2]}]}'
    assert "'x' twice" in refused(noting_client, body)["#"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"{'strokes': []}", "JSON"),
        (b'{"strokes": []} x', "JSON"),
        (b'\xef\xbb\xbf{"strokes": []}', "JSON"),
        ('{"strokes": []}'.encode("utf-16"), "UTF-8"),
        (b'{"strokes": ["\xff"]}', "UTF-8"),
        (b"[" * 5_000, "nested"),
        (b"[" * 5_000 + b"]" * 5_000, "nested"),
        (b"[" * 200_000 + b"]" * 200_000, "nested"),
        (b'{"a":' * 200_000, "nested"),
    ],
)
def test_not_json(noting_client: FlaskClient, body: bytes, word: str) -> None:
    assert word in problem(post(noting_client, body), 400)["detail"]


def test_a_number_of_thousands_of_digits(noting_client: FlaskClient) -> None:
    assert "digits" in refused(noting_client, b'{"width": ' + b"9" * 5_000 + b"}")["#"]


def test_limits_of_a_drawing(noting_client: FlaskClient) -> None:
    dot = {"x": [1], "y": [1]}
    assert post(noting_client, {"strokes": [dot] * 512}).status_code == 200
    assert "at most 512" in refused(noting_client, {"strokes": [dot] * 513})["#/strokes"]
    assert "at most 512" in refused(noting_client, {"frames": [{"image": PICTURE}] * 513})["#/frames"]
    long = {"x": [1] * 10_000, "y": [1] * 10_000}
    assert post(noting_client, {"strokes": [long] * 5}).status_code == 200
    assert "50001 points" in refused(noting_client, {"strokes": [long] * 5 + [dot]})["#/strokes"]
    longer = {"x": [1] * 10_001, "y": [1] * 10_001}
    assert "at most 10000" in refused(noting_client, {"strokes": [longer]})["#/strokes/0/x"]
    assert "words" in refused(noting_client, {"strokes": [], "lexicon": ["a"] * 50_001})["#/lexicon"]


def test_pictures_too_large(noting_client: FlaskClient) -> None:
    bomb = bytearray(encoded(paint([], (8, 8))))
    bomb[16:24] = (4097).to_bytes(4, "big") * 2
    assert "4096" in refused(noting_client, {"image": data_url(bytes(bomb))})["#/image"]
    bomb[16:24] = (4096).to_bytes(4, "big") * 2
    many = {"frames": [{"image": data_url(bytes(bomb))}] * 9}
    assert "pixels in all" in refused(noting_client, many)["#/frames/8/image"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"strokes": [' + b"{}," * 2_000_000 + b"{}]}",
        b'{"strokes": [{"x": [' + b"1," * 3_000_000 + b'1], "y": []}]}',
        b"{" + b",".join(b'"k%d": 0' % i for i in range(100_000)) + b"}",
        b'{"strokes": [' + b",".join([b'{"x":["","",""],"y":[1,1,1],"a":0,"b":0}'] * 500) + b"]}",
    ],
    ids=["objects", "numbers", "names", "faults"],
)
def test_a_hostile_body_earns_a_short_answer(noting_client: FlaskClient, body: bytes) -> None:
    response = post(noting_client, body)
    assert len(problem(response, 422)["errors"]) <= 20
    assert len(response.data) < 4_000


@pytest.mark.parametrize(
    ("query", "pointer", "word"),
    [
        ("colour=red", "#/colour", "known option"),
        ("groups=0", "#/groups", "known option"),
        ("image=x", "#/image", "known option"),
        ("alternatives=three", "#/alternatives", "integer"),
        ("alternatives=21", "#/alternatives", "20"),
        ("pixel_ratio=nan", "#/pixel_ratio", "finite"),
        ("width=1e999", "#/width", "finite"),
        ("alphabet=digits&alphabet=letters", "#/alphabet", "twice"),
        ("include=pictures,weights", "#/include", "1"),
        ("lexicon=", "#/lexicon/0", "1"),
    ],
)
def test_refused_queries(noting_client: FlaskClient, query: str, pointer: str, word: str) -> None:
    data = encoded(paint([LINE], (40, 80)))
    response = noting_client.post(f"{RECOGNIZE}?{query}", data=data, content_type="image/png")
    assert word in faults(response)[pointer]


def test_json_takes_no_options_from_the_query(noting_client: FlaskClient) -> None:
    response = post(noting_client, {"strokes": []}, query_string="alphabet=digits")
    assert "query" in faults(response)["#"]


def test_a_form_must_hold_one_file_and_nothing_else(noting_client: FlaskClient) -> None:
    data = encoded(paint([LINE], (40, 80)))

    def send(**parts: Any) -> dict[str, str]:
        return faults(noting_client.post(RECOGNIZE, data=parts, content_type="multipart/form-data"))

    assert "got 0" in send()["#"]
    assert "got 2" in send(a=(io.BytesIO(data), "a.png"), b=(io.BytesIO(data), "b.png"))["#"]
    assert "query" in send(a=(io.BytesIO(data), "a.png"), alphabet="digits")["#/alphabet"]
    assert "PNG" in send(a=(io.BytesIO(b"hello"), "a.png"))["#/image"]


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "image/gif", "x"])
def test_other_types(noting_client: FlaskClient, kind: str | None) -> None:
    body = json.dumps({"strokes": []})
    detail = problem(noting_client.post(RECOGNIZE, data=body, content_type=kind), 415)["detail"]
    assert "application/json" in detail


def test_json_may_name_its_charset(noting_client: FlaskClient) -> None:
    kind = "application/json; charset=utf-8"
    assert noting_client.post(RECOGNIZE, data=b'{"strokes": []}', content_type=kind).status_code == 200


def test_a_form_s_file_never_touches_the_disk(noting_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a drawing was written to a temporary file")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", refuse)
    large = encoded(np.random.default_rng(0).integers(0, 256, (900, 900), np.uint8))
    assert len(large) > 600_000
    boundary, body = encode_multipart({"a": FileStorage(io.BytesIO(large), "a.png")})
    response = noting_client.post(RECOGNIZE, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert response.status_code == 200
