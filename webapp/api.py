"""The JSON calls, version 1: `POST /api/v1/recognize` and `GET /api/v1/model`."""

from __future__ import annotations

from time import perf_counter

from flask import Blueprint, Flask, Response, request
from pydantic import BaseModel

from model.reading.alphabet import ALPHABETS, CLASSES
from model.reading.recognizer import GroupsError
from webapp.answers import answer_of
from webapp.config import limits
from webapp.drawing import ink_of, options_of
from webapp.engine import engine
from webapp.incoming import read_request, refuse
from webapp.schemas import ModelAnswer

_blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def init_app(app: Flask) -> None:
    """Adds the calls below /api/v1."""
    app.register_blueprint(_blueprint)


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(exclude_unset=True), content_type="application/json")


@_blueprint.post("/recognize")
def recognize() -> Response:
    """Reads one drawing. Stores nothing and depends on no earlier call."""
    begin = perf_counter()
    asked = read_request(request, limits())
    ink = ink_of(asked, limits())
    options = options_of(asked)
    decoded = perf_counter()
    try:
        reading = engine().read(ink, options)
    except GroupsError as error:
        refuse(f"#/groups/{error.group}/{error.member}", str(error))
    timing = {"decode": 1e3 * (decoded - begin), **reading.timing_ms, "total": 1e3 * (perf_counter() - begin)}
    return _json(answer_of(reading, asked, engine().recognizer, timing))


@_blueprint.get("/model")
def model() -> Response:
    """Which model reads, and what it can read."""
    recognizer = engine().recognizer
    return _json(
        ModelAnswer(
            name=recognizer.name,
            version=recognizer.version,
            alphabets=["auto", *ALPHABETS],
            classes=list(CLASSES),
        )
    )
