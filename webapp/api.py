"""The JSON calls, version 1: reading one drawing or several, corrections, the model, and the document of it all."""

from __future__ import annotations

from time import perf_counter

from flask import Blueprint, Flask, Response, request
from pydantic import BaseModel
from werkzeug.exceptions import Forbidden

from model.reading.alphabet import ALPHABETS, CLASSES
from model.reading.budget import Budget
from model.reading.preparing import GroupsError
from webapp.answers import answer_of
from webapp.batch import results_of
from webapp.body import InMemory
from webapp.config import limits
from webapp.drawing import drawing_of, groups_refused, weigh
from webapp.engine import engine
from webapp.incoming import read_batch, read_correction, read_request
from webapp.metrics import note_stages
from webapp.openapi import document
from webapp.problems import InvalidRequest
from webapp.published import accuracy_of
from webapp.schemas.answers import BatchAnswer, ModelAnswer

_blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def init_app(app: Flask) -> None:
    """Adds the calls below /api/v1."""
    app.request_class = InMemory
    app.register_blueprint(_blueprint)


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(exclude_unset=True), content_type="application/json")


@_blueprint.post("/recognize")
def recognize() -> Response:
    """Reads one drawing. Stores nothing and depends on no earlier call."""
    begin = perf_counter()
    asked = read_request(request, limits())
    budget = Budget.seconds(limits().seconds)
    weigh(asked, limits())
    ink, options = drawing_of(asked, budget)
    decoded = perf_counter()
    try:
        reading = engine().read(ink, options, budget)
    except GroupsError as error:
        raise groups_refused(error) from error
    timing = {"decode": 1e3 * (decoded - begin), **reading.timing_ms, "total": 1e3 * (perf_counter() - begin)}
    note_stages(timing)
    return _json(answer_of(reading, asked, engine().recognizer, timing))


@_blueprint.post("/recognize/batch")
def recognize_batch() -> Response:
    """Reads several drawings, classified together; each has an answer or a problem of its own."""
    begin = perf_counter()
    items = read_batch(request, limits())
    results = results_of(items, Budget.seconds(limits().seconds), limits())
    note_stages({"batch": 1e3 * (perf_counter() - begin)})
    return _json(BatchAnswer(results=results))


@_blueprint.post("/corrections")
def corrections() -> Response:
    """Takes what a drawing says indeed: refused, as nothing is stored here."""
    asked = read_correction(request, limits())
    try:
        weigh(asked.request, limits())
    except InvalidRequest as error:
        raise error.below("#/request") from error
    if not asked.consent:
        raise Forbidden("nothing is stored without the consent of whoever drew it")
    raise Forbidden("this server keeps no corrections")


@_blueprint.get("/model")
def model() -> Response:
    """Which model reads, what it can read, and how well."""
    recognizer = engine().recognizer
    return _json(
        ModelAnswer(
            name=recognizer.name,
            version=recognizer.version,
            checksum=recognizer.checksum,
            alphabets=["auto", *ALPHABETS],
            classes=list(CLASSES),
            accuracy=accuracy_of(recognizer.checksum),
        )
    )


@_blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document of all this."""
    return Response(document(limits()), content_type="application/json")
