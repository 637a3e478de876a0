"""The OpenAPI 3.1 document of all calls, made of the schemas that validate and of the limits that hold."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webapp.body import FORM
from webapp.config import Limits
from webapp.examples import ANSWER, BATCH, BATCH_ANSWER, CORRECTION, DRAWING, PROBLEM
from webapp.incoming import JSON, LISTS
from webapp.problems import MEDIA_TYPE
from webapp.schemas.answers import Answer, BatchAnswer, ModelAnswer, Problem, Status
from webapp.schemas.calls import BatchRequest, CorrectionRequest
from webapp.schemas.drawings import ReadOptions, RecognizeRequest
from webapp.validation import PICTURE_TYPES

VERSION = "1.0.0"
_REF = "#/components/schemas/{model}"

_ABOUT = """\
Draw a number or a word, get its text with a confidence for every character. Positions are CSS pixels, origin top \
left, y down; times are milliseconds from any origin, never decreasing; indices count from 0 and ends are exclusive.

Reading stores nothing and depends on no earlier call, so it may be repeated freely. Every answer carries an \
X-Request-ID: yours, if you send one. Every error is RFC 9457 application/problem+json. Ignore fields of an answer \
that you do not know: inside a version answers may gain some."""

_WHY = {
    400: "The body is not JSON, or is cut off.",
    403: "Nothing was stored: this server keeps no corrections, or consent was not given.",
    404: "There is no such call.",
    405: "The call takes another method; Allow says which.",
    408: "The body did not come in time (under gunicorn; python -m webapp waits); it may be sent again.",
    413: "The body is too large.",
    415: "The body has the wrong type.",
    422: "The body is well formed, but cannot be read; errors says where and why.",
    429: "Too many calls from this address; Retry-After says when to come back.",
    503: "The server is starting: come back after Retry-After. With errors, the reading took too long and was given up "
    "(a batch as a whole): send fewer points or drawings.",
}
_RETRIED = (429, 503)
_REFUSALS = (400, 408, 413, 415, 422, 429, 503)


def document(limits: Limits) -> str:
    """The document, as JSON."""
    return _document(tuple(asdict(limits).items()))


@cache
def _document(limits: tuple[tuple[str, Any], ...]) -> str:
    return json.dumps(_built(Limits(**dict(limits))), ensure_ascii=False)


def _built(limits: Limits) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Glyphline",
            "version": VERSION,
            "description": f"{_ABOUT}\n\n{_limits_in_words(limits)}",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "../..", "description": "The server that this document comes from."}],
        "tags": [{"name": "reading"}, {"name": "about"}],
        "paths": {
            "/api/v1/recognize": {"post": _recognize()},
            "/api/v1/recognize/batch": {"post": _batch()},
            "/api/v1/corrections": {"post": _corrections()},
            "/api/v1/model": {"get": _plain("model", "Which model reads, what it can read, and how well", ModelAnswer)},
            "/api/v1/openapi.json": {"get": _plain("openapi", "This document", None)},
            "/healthz": {"get": _plain("healthz", "Whether the process is up", Status)},
            "/readyz": {"get": _ready()},
        },
        "components": {"schemas": _schemas(limits)},
    }


def _limits_in_words(limits: Limits) -> str:
    return (
        f"Limits of this server: body {limits.body // 1024} KiB; {limits.strokes} strokes; {limits.stroke_points} "
        f"points a stroke, {limits.points} in all; pictures {limits.side} × {limits.side} pixels, {limits.pixels} "
        f"pixels in all; lexicon {limits.lexicon} words; batch {limits.batch_items} drawings of "
        f"{limits.batch_strokes} strokes and {limits.batch_points} points in all; {limits.seconds:g} seconds a call."
    )


def _schemas(limits: Limits) -> dict[str, Any]:
    asked: list[type[BaseModel]] = [RecognizeRequest, BatchRequest, CorrectionRequest]
    answered: list[type[BaseModel]] = [Answer, BatchAnswer, ModelAnswer, Problem, Status]
    _, made = models_json_schema(
        [*((schema, "validation") for schema in asked), *((schema, "serialization") for schema in answered)],
        ref_template=_REF,
    )
    found: dict[str, Any] = made["$defs"]
    for schema, field, most in (
        ("RecognizeRequest", "strokes", limits.strokes),
        ("RecognizeRequest", "frames", limits.strokes),
        ("RecognizeRequest", "groups", limits.strokes),
        ("RecognizeRequest", "lexicon", limits.lexicon),
        ("BatchRequest", "items", limits.batch_items),
        *(("PointStroke", column, limits.stroke_points) for column in "xytp"),
    ):
        _list_in(found[schema]["properties"][field])["maxItems"] = most
    # pydantic writes the drawing out there once more, as each item is validated alone
    found["BatchRequest"]["properties"]["items"]["items"] = {"$ref": _REF.format(model="RecognizeRequest")}
    return found


def _list_in(schema: dict[str, Any]) -> dict[str, Any]:
    """The list that a field is, or may be instead of null."""
    kinds: list[dict[str, Any]] = [schema, *schema.get("anyOf", ())]
    return next(kind for kind in kinds if kind.get("type") == "array")


def _recognize() -> dict[str, Any]:
    options = [
        {
            "name": name,
            "in": "query",
            "description": f"Of a bare picture only. {schema['description']}",
            # a list there may also be one value with commas
            "schema": {"type": "string"} if name in LISTS else _without_null(schema),
        }
        for name, schema in ReadOptions.model_json_schema(ref_template=_REF)["properties"].items()
    ]
    picture = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
    form = {"type": "object", "properties": {"picture": {"type": "string", "contentMediaType": "image/*"}}}
    content = {JSON: _content(RecognizeRequest, DRAWING), **dict.fromkeys(PICTURE_TYPES, picture)}
    return {
        "operationId": "recognize",
        "tags": ["reading"],
        "summary": "Read one drawing",
        "description": (
            "JSON with exactly one of strokes, frames and image; or a bare picture (its bytes as the body, or one file "
            f"of a {FORM} body) with the options as query parameters. A form's part may have any name and must have a "
            "filename; options are taken neither from a form nor, with JSON, from the query."
        ),
        "parameters": [*options, *_identified()],
        "requestBody": {"required": True, "content": {**content, FORM: {"schema": form}}},
        "responses": _responses(Answer, ANSWER, _REFUSALS),
    }


def _batch() -> dict[str, Any]:
    return {
        "operationId": "recognizeBatch",
        "tags": ["reading"],
        "summary": "Read several drawings, classified together",
        "description": (
            "Each item has its own answer, or its own problem, whose pointers begin at the batch; one that is refused "
            "spoils no other. All share the time of one call."
        ),
        "parameters": _identified(),
        "requestBody": {"required": True, "content": {JSON: _content(BatchRequest, BATCH)}},
        "responses": _responses(BatchAnswer, BATCH_ANSWER, _REFUSALS),
    }


def _corrections() -> dict[str, Any]:
    return {
        "operationId": "correct",
        "tags": ["reading"],
        "summary": "Say what a drawing says indeed",
        "description": (
            "Stored only with consent and only where the operator keeps corrections, else 403; this server does not. "
            "What a 201 holds is not fixed: its status is all that counts."
        ),
        "parameters": _identified(),
        "requestBody": {"required": True, "content": {JSON: _content(CorrectionRequest, CORRECTION)}},
        "responses": _responses(None, None, (403, *_REFUSALS), success=201),
    }


def _plain(name: str, summary: str, answer: type[BaseModel] | None) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": ["about"],
        "summary": summary,
        "parameters": _identified(),
        "responses": _responses(answer, None, ()),
    }


def _ready() -> dict[str, Any]:
    return {**_plain("readyz", "Whether the model has answered", Status), "responses": _responses(Status, None, (503,))}


def _identified() -> list[dict[str, Any]]:
    described = (
        "Comes back with the answer, and stands in the server's log: 1 to 128 printable ASCII characters. One that is "
        "longer or holds others is replaced."
    )
    return [{"name": "X-Request-ID", "in": "header", "description": described, "schema": {"type": "string"}}]


def _content(schema: type[BaseModel], example: object) -> dict[str, Any]:
    shown = {} if example is None else {"example": example}
    return {"schema": {"$ref": _REF.format(model=schema.__name__)}, **shown}


def _responses(
    answer: type[BaseModel] | None, example: object, refusals: tuple[int, ...], success: int = 200
) -> dict[str, Any]:
    identified = {"X-Request-ID": {"schema": {"type": "string"}}}
    content = {JSON: _content(answer, example) if answer else {"schema": {"type": "object"}}}
    found: dict[str, Any] = {str(success): {"description": "Done.", "headers": identified, "content": content}}
    for status in refusals:
        again = {"Retry-After": {"schema": {"type": "integer"}}} if status in _RETRIED else {}
        found[str(status)] = {
            "description": _WHY[status],
            "headers": {**identified, **again},
            "content": {MEDIA_TYPE: _content(Problem, PROBLEM if status == 422 else None)},
        }
    return found


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A field's schema as a query parameter's: there is no null in a query."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    found = {**schema, **kinds[0]} if kinds else schema
    return {name: value for name, value in found.items() if name not in ("anyOf", "default", "description", "title")}
