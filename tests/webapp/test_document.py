"""The OpenAPI document: sound, the same as the schemas, the routes and the prose, and kept by every answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jsonschema_rs import Draft202012Validator, meta
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from tests.webapp.calls import RECOGNIZE, post
from tests.webapp.noting import NotingRecognizer
from webapp import create_app
from webapp.examples import ANSWER, BATCH, BATCH_ANSWER, CORRECTION, DRAWING, PROBLEM

DOCUMENT = "/api/v1/openapi.json"
PROSE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")

load_all_checks()
schema = schemathesis.openapi.from_wsgi(
    DOCUMENT, create_app({"RECOGNIZER": NotingRecognizer(), "RATE_LIMIT": "", "ACCESS_LOG": False})
)


@pytest.fixture(scope="module")
def document(noting_client: FlaskClient) -> dict[str, Any]:
    response = noting_client.get(DOCUMENT)
    assert response.content_type == "application/json"
    return response.get_json()


@schema.parametrize()
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: schemathesis.Case) -> None:
    kept = [
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
        checks.response_headers_conformance,
        checks.unsupported_method,
        schemathesis.checks.not_a_server_error,
    ]
    if not case.path.endswith("/batch"):  # where an item that is refused has a problem of its own within a 200
        kept.append(checks.negative_data_rejection)
    case.validate_response(case.call(), checks=kept)


def test_it_names_every_route_and_no_other(noting_client: FlaskClient, document: dict[str, Any]) -> None:
    routes = {
        (rule.rule, method.lower())
        for rule in noting_client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/api/", "/healthz", "/readyz"))
    }
    assert {(path, method) for path, methods in document["paths"].items() for method in methods} == routes


def test_it_says_the_limits_that_hold() -> None:
    settings_ = {"RECOGNIZER": NotingRecognizer(), "MAX_STROKES": 7, "MAX_STROKE_POINTS": 9, "MAX_BATCH_ITEMS": 3}
    client = create_app({**settings_, "ACCESS_LOG": False}).test_client()
    schemas = client.get(DOCUMENT).get_json()["components"]["schemas"]
    assert schemas["PointStroke"]["properties"]["x"]["maxItems"] == 9
    assert schemas["BatchRequest"]["properties"]["items"]["maxItems"] == 3
    strokes = schemas["RecognizeRequest"]["properties"]["strokes"]["anyOf"][0]
    assert strokes["maxItems"] == 7


def validator(document: dict[str, Any], name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("RecognizeRequest", DRAWING),
        ("BatchRequest", BATCH),
        ("CorrectionRequest", CORRECTION),
        ("Answer", ANSWER),
        ("BatchAnswer", BATCH_ANSWER),
        ("Problem", PROBLEM),
    ],
)
def test_its_schemas_are_sound_and_its_examples_fit(document: dict[str, Any], name: str, example: Any) -> None:
    meta.validate(document["components"]["schemas"][name])
    validator(document, name).validate(example)


def test_the_examples_of_its_schemas_fit_them(document: dict[str, Any]) -> None:
    shown = {
        name: found["examples"] for name, found in document["components"]["schemas"].items() if "examples" in found
    }
    assert {"PointStroke", "PictureStroke", "Frame"} <= shown.keys()
    for name, examples in shown.items():
        for example in examples:
            validator(document, name).validate(example)


def test_an_answer_may_gain_fields_and_a_request_may_not(document: dict[str, Any]) -> None:
    for name, example in (("Answer", ANSWER), ("Problem", PROBLEM), ("BatchAnswer", BATCH_ANSWER)):
        assert validator(document, name).is_valid({**example, "later": 1}), name
    for name, example in (("RecognizeRequest", DRAWING), ("BatchRequest", BATCH), ("CorrectionRequest", CORRECTION)):
        assert not validator(document, name).is_valid({**example, "later": 1}), name


def test_an_item_of_a_batch_is_a_drawing_as_any_other(document: dict[str, Any]) -> None:
    items = document["components"]["schemas"]["BatchRequest"]["properties"]["items"]["items"]
    assert items == {"$ref": "#/components/schemas/RecognizeRequest"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"strokes": [], "frames": []},
        {"strokes": [{"x": [True], "y": [1]}]},
        {"strokes": [{"x": [1], "y": [1], "pressure": [1]}]},
        {"strokes": [], "alternatives": 21},
        {"strokes": [], "alphabet": "runes"},
        {"image": 5},
        {"strokes": [], "colour": "red"},
    ],
)
def test_what_it_forbids_is_refused(noting_client: FlaskClient, document: dict[str, Any], body: Any) -> None:
    assert not validator(document, "RecognizeRequest").is_valid(body)
    assert post(noting_client, body).status_code == 422


def test_the_example_is_read_as_it_says(client: FlaskClient) -> None:
    answer = post(client, DRAWING).get_json()
    assert answer["text"] == ANSWER["text"]
    assert [glyph["box"] for glyph in answer["glyphs"]] == [glyph["box"] for glyph in ANSWER["glyphs"]]


def test_the_example_of_a_batch_is_answered_as_it_says(client: FlaskClient) -> None:
    read, refused = client.post("/api/v1/recognize/batch", json=BATCH).get_json()["results"]
    assert read["text"] == BATCH_ANSWER["results"][0]["text"]
    assert read["model"] == BATCH_ANSWER["results"][0]["model"]
    assert refused == BATCH_ANSWER["results"][1]


def test_what_the_descriptions_say_of_lexicons_groups_and_alternatives(client: FlaskClient) -> None:
    def read(**options: Any) -> Any:
        return post(client, {**DRAWING, **options}).get_json()

    assert read(lexicon=["no"], alphabet="digits")["text"] == "no"
    assert read(lexicon=["tokyo"])["text"] == "\N{REPLACEMENT CHARACTER}" * 2
    assert read(groups=[])["text"] == ""
    assert [glyph["strokes"] for glyph in read(groups=[[1]])["glyphs"]] == [[1]]
    none = read(alternatives=0)
    assert none["alternatives"] == none["glyphs"][0]["alternatives"] == []
    assert [glyph["parts"] for glyph in none["glyphs"]] == [glyph["parts"] for glyph in ANSWER["glyphs"]]


def test_answers_fit_it(client: FlaskClient, document: dict[str, Any]) -> None:
    answered = client.post(RECOGNIZE, json={**DRAWING, "include": ["pictures"]})
    validator(document, "Answer").validate(answered.get_json())
    batch = client.post("/api/v1/recognize/batch", json={"items": [DRAWING, {}, {"strokes": []}]})
    validator(document, "BatchAnswer").validate(batch.get_json())
    validator(document, "ModelAnswer").validate(client.get("/api/v1/model").get_json())


def prose_examples() -> list[tuple[str, Any]]:
    """The JSON of the prose, with the schema that the comment before each block names; comments in it are left out."""
    found = re.findall(r"<!-- (\w+) -->\n```jsonc?\n(.*?)```", PROSE, re.DOTALL)
    return [(name, json.loads(re.sub(r"\s//.*", "", block))) for name, block in found]


@pytest.mark.parametrize(("name", "example"), prose_examples(), ids=[name for name, _ in prose_examples()])
def test_the_prose_and_the_document_agree(document: dict[str, Any], name: str, example: Any) -> None:
    validator(document, name).validate(example)


def test_the_prose_leaves_nothing_out(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        assert f"`{path}`" in PROSE or f" {path}`" in PROSE, path
    for name, schema_ in document["components"]["schemas"].items():
        for field in schema_.get("properties", {}):
            assert re.search(rf"[\"`]{field}[\"`]", PROSE), (name, field)
    statuses = {s for methods in document["paths"].values() for call in methods.values() for s in call["responses"]}
    for status in statuses:
        assert re.search(rf"\b{status}\b", PROSE), status
