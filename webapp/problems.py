"""Every error of the API as an RFC 9457 problem, `application/problem+json`: never HTML or a stack trace."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from io import RawIOBase
from typing import IO, NoReturn

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    ServiceUnavailable,
    UnprocessableEntity,
)
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import LimitedStream

from model.reading.budget import OutOfTimeError
from webapp.deadline import in_time
from webapp.schemas.answers import Fault, Problem

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 20
"""How many faults one answer lists: a hostile body must not earn an answer larger than itself."""

RETRY_AFTER = 1
"""Seconds after which a caller may ask again where the server has no time, or is not ready."""

_DRAINED_BODIES = 4
_PIECE = 65_536
_API = ("/api", "/healthz", "/readyz")


class InvalidRequest(UnprocessableEntity):
    """A request that is well formed but cannot be read: 422, with a pointer to each fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        place = "" if first.pointer == "#" else f"{first.pointer} "
        super().__init__(f"{place}{first.detail}")
        self.faults = list(faults[:MAX_FAULTS])

    def below(self, place: str) -> InvalidRequest:
        """The same, seen from the whole request, of which the part at `place`, a JSON pointer, was looked at."""
        return InvalidRequest([Fault(pointer=place + fault.pointer[1:], detail=fault.detail) for fault in self.faults])


class _TookTooLong(ServiceUnavailable):
    """A reading was given up: 503 with a fault, as to send the same again would take as long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"reading this took longer than {seconds:g} seconds and was given up", retry_after=RETRY_AFTER)
        self.faults = [Fault(pointer="#", detail=f"takes longer than {seconds:g} seconds to read: send less at once")]


def refuse(place: str, detail: str) -> NoReturn:
    """Refuses the request for one fault at `place`, a JSON pointer."""
    raise InvalidRequest([Fault(pointer=place, detail=detail)])


def is_api(path: str) -> bool:
    """Whether `path` belongs to the API, so that its errors are for programs and not for people."""
    return any(path == root or path.startswith(f"{root}/") for root in _API)


def problem_of(error: HTTPException) -> Problem:
    """What `error` says."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    detail = error.description or ""
    if isinstance(error, RequestEntityTooLarge):
        detail = f"the body may hold at most {current_app.config['MAX_CONTENT_LENGTH']} bytes"
    return Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.path,
        errors=getattr(error, "faults", None),
    )


def problem_response(error: HTTPException) -> Response:
    """The answer for `error`, with the headers that its status asks for (Allow, Retry-After)."""
    problem = problem_of(error)
    response = Response(problem.model_dump_json(exclude_none=True), problem.status, content_type=MEDIA_TYPE)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _drain() -> None:
    """Reads what is left of the body, within reason: a caller still sending would not see the answer."""
    most = _DRAINED_BODIES * current_app.config["MAX_CONTENT_LENGTH"]
    source = request.environ["wsgi.input"]
    stream: RawIOBase | IO[bytes]
    # The answer is made already; more than that to read, or a caller that is slow or went away, changes nothing.
    with suppress(Exception), in_time(request, current_app.config["SEND_TIME"]):
        if request.environ.get("wsgi.input_terminated"):
            stream = LimitedStream(source, most, is_max=True)
        elif (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
            stream = LimitedStream(source, min(request.content_length or 0, most))
        else:
            stream = request.stream
        while stream.read(_PIECE):
            pass


def init_app(app: Flask) -> None:
    """Makes problems of all errors below /api; other paths keep the framework's short pages."""

    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> BaseResponse | HTTPException:
        _drain()
        is_error = error.response is None and (error.code or 0) >= HTTPStatus.BAD_REQUEST
        return problem_response(error) if is_error and is_api(request.path) else error

    @app.errorhandler(OutOfTimeError)
    def on_out_of_time(_: OutOfTimeError) -> BaseResponse | HTTPException:
        return on_http_error(_TookTooLong(app.config["TIME_BUDGET"]))

    @app.errorhandler(Exception)
    def on_bug(error: Exception) -> BaseResponse | HTTPException:
        current_app.logger.exception("%s %s failed", request.method, request.path, exc_info=error)
        return on_http_error(InternalServerError("something went wrong here; the request may be fine"))
