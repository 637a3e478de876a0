"""One line of JSON for each request, on standard error: who asked for what, and how it went; never ink or text."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from time import perf_counter
from typing import TextIO, cast

from flask import Flask, Response, g, request
from flask.logging import wsgi_errors_stream

from webapp.headers import REQUEST_ID

_log = logging.getLogger("glyphline.access")


def init_app(app: Flask) -> None:
    """Logs every answer of `app`, unless the setting ACCESS_LOG says no."""
    if app.config["ACCESS_LOG"] not in (True, False):
        raise ValueError(f"expected GLYPHLINE_ACCESS_LOG to be true or false, got {app.config['ACCESS_LOG']!r}")
    if not app.config["ACCESS_LOG"]:
        return
    if not _log.handlers:
        _log.addHandler(logging.StreamHandler(cast(TextIO, wsgi_errors_stream)))
        _log.setLevel(logging.INFO)
        _log.propagate = False

    @app.before_request
    def note_arrival() -> None:
        g.arrived = perf_counter()

    @app.after_request
    def note_answer(response: Response) -> Response:
        arrived = g.get("arrived", perf_counter())
        # the query is left out: a lexicon there may say what was written
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": response.headers.get(REQUEST_ID),
            "client": request.remote_addr,
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round(1e3 * (perf_counter() - arrived), 2),
            "received": request.content_length,
            "sent": response.content_length,
        }
        _log.info(json.dumps(line))
        return response
