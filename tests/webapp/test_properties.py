"""Whatever is sent: an answer or a problem, never a 500."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.webapp.calls import RECOGNIZE, data_url, encoded, paint, post, problem, strict_json

SETTINGS = settings(max_examples=150)
FIELDS = ["strokes", "frames", "image", "groups", "alphabet", "lexicon", "alternatives", "include", "width"]
FIELDS += ["pixel_ratio", "x", "y", "t", "p"]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=30,
)
coordinates = st.floats(-1e6, 1e6, width=32)
points = st.integers(0, 12).flatmap(
    lambda n: st.fixed_dictionaries(
        {axis: st.lists(coordinates, min_size=n, max_size=n) for axis in "xy"},
        optional={"p": st.lists(st.floats(0, 1), min_size=n, max_size=n)},
    )
)
pictures = st.sampled_from([data_url(encoded(paint([], (9, 9)))), data_url(b"\x89PNG\r\n\x1a\n"), "data:,"])
nearly_right = st.fixed_dictionaries(
    {},
    optional={
        "strokes": st.lists(points | anything, max_size=4),
        "frames": st.lists(st.fixed_dictionaries({"image": pictures}, optional={"t": scalars}), max_size=3),
        "image": pictures | scalars,
        "groups": st.lists(st.lists(st.integers(-1, 4), max_size=3), max_size=3) | anything,
        "alphabet": st.sampled_from(["auto", "digits", "letters", "x"]) | scalars,
        "alternatives": st.integers(-1, 21) | scalars,
        "pixel_ratio": st.floats() | scalars,
        "lexicon": st.lists(st.text(max_size=5), max_size=3) | scalars,
        "include": st.just(["pictures"]) | anything,
    },
)


def check(response: TestResponse, *statuses: int) -> None:
    if response.status_code == 200:
        strict_json(response.data)
    else:
        assert response.status_code in statuses
        problem(response, response.status_code)


@SETTINGS
@given(body=anything)
def test_any_json(noting_client: FlaskClient, body: Any) -> None:
    check(post(noting_client, body), 422)


@SETTINGS
@given(body=nearly_right)
def test_nearly_right_requests(noting_client: FlaskClient, body: Any) -> None:
    check(post(noting_client, body), 422)


@SETTINGS
@given(body=st.binary(max_size=200))
def test_any_bytes_as_json(noting_client: FlaskClient, body: bytes) -> None:
    check(post(noting_client, body), 400, 422)


@SETTINGS
@given(
    head=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8", b"RIFF"]),
    tail=st.binary(max_size=100),
    kind=st.sampled_from(["png", "jpeg", "webp"]),
    query=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), st.text(max_size=5), max_size=3),
)
def test_any_picture_and_query(
    noting_client: FlaskClient, head: bytes, tail: bytes, kind: str, query: dict[str, str]
) -> None:
    check(noting_client.post(RECOGNIZE, data=head + tail, content_type=f"image/{kind}", query_string=query), 422)


@settings(max_examples=60)
@given(strokes=st.lists(points, max_size=5), include=st.sampled_from([[], ["pictures"]]))
def test_every_valid_drawing_is_read(client: FlaskClient, strokes: Any, include: list[str]) -> None:
    response = post(client, {"strokes": strokes, "include": include})
    assert response.status_code == 200, response.get_data(as_text=True)
    assert len(response.get_json()["text"].split()) <= len(response.get_json()["glyphs"])
