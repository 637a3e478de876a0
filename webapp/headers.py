"""Headers of every answer: a request id, no caching of answers, a strict policy for the page, CORS."""

from __future__ import annotations

import re
import uuid

from flask import Flask, Response, g, request
from flask_cors import CORS

from webapp.problems import is_api

REQUEST_ID = "X-Request-ID"
_SANE_ID = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,126}[\x21-\x7e]|[\x21-\x7e]")

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_PAGE_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
}


def init_app(app: Flask) -> None:
    """Adds the headers to every answer of `app`, errors included."""
    origins = app.config["CORS_ORIGINS"]
    if isinstance(origins, str):
        origins = [origin.strip() for origin in origins.split(",") if origin.strip()]
    CORS(
        app,
        resources={r"/api/.*": {"origins": origins}},
        methods=["GET", "POST", "OPTIONS"],
        allow_headers=["Content-Type", REQUEST_ID],
        expose_headers=[REQUEST_ID, "Retry-After"],
        supports_credentials=False,
        send_wildcard=True,
        max_age=3600,
    )

    @app.before_request
    def name_request() -> None:
        sent = request.headers.get(REQUEST_ID, "").strip()
        g.request_id = sent if _SANE_ID.fullmatch(sent) else uuid.uuid4().hex

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers[REQUEST_ID] = g.request_id
        response.headers["X-Content-Type-Options"] = "nosniff"
        if is_api(request.path):
            response.headers["Cache-Control"] = "no-store"
        else:
            response.headers.update(_PAGE_HEADERS)
        return response
