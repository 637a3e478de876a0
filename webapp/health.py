"""Whether the process is up, and whether its model answers: for hosts and load balancers."""

from __future__ import annotations

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import ServiceUnavailable

from webapp.engine import engine
from webapp.problems import RETRY_AFTER
from webapp.schemas.answers import Status

_blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Adds /healthz and /readyz."""
    app.register_blueprint(_blueprint)


def _status(status: Status) -> Response:
    return Response(status.model_dump_json(), content_type="application/json")


@_blueprint.get("/healthz")
def healthz() -> Response:
    """200 as long as the process answers at all."""
    return _status(Status(status="ok"))


@_blueprint.get("/readyz")
def readyz() -> Response:
    """200 once the model has answered in this process, 503 before."""
    if not engine().warm_up():
        raise ServiceUnavailable("the model has not answered yet", retry_after=RETRY_AFTER)
    return _status(Status(status="ready"))
