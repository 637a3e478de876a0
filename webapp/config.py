"""Settings: defaults, then the environment, then what a test hands in.

Every setting may come from the environment with the prefix GLYPHLINE_, for example GLYPHLINE_MAX_STROKES=200.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from model.reading.imagefile import MAX_SIDE
from model.reading.ink import MAX_PIECES

ENV_PREFIX = "GLYPHLINE"

DEFAULTS: dict[str, Any] = {
    "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,  # bytes of a request body
    "MAX_STROKES": MAX_PIECES,  # strokes, or frames, of a drawing
    "MAX_STROKE_POINTS": 10_000,  # points of one stroke
    "MAX_POINTS": 50_000,  # points of a drawing
    "MAX_PICTURE_SIDE": MAX_SIDE,  # pixels a side of a picture, decoded; at most as many as can be read at all
    "MAX_PIXELS": 128 * 1024 * 1024,  # pixels of all the pictures of a request, decoded
    "MAX_LEXICON": 50_000,  # words of a lexicon
    "MAX_BATCH_ITEMS": 64,  # drawings of a batch
    "MAX_BATCH_STROKES": 2_048,  # strokes, or frames, of all drawings of a batch
    "MAX_BATCH_POINTS": 200_000,  # points of all drawings of a batch
    "TIME_BUDGET": 10.0,  # seconds after which a reading is given up
    "SEND_TIME": 30.0,  # seconds that a caller may take to send a body
    "RATE_LIMIT": "100 per second; 3000 per minute",  # calls that read, of one address and one process; "": no limit
    "ACCESS_LOG": True,  # one line of JSON for each request, on standard error
    "CORS_ORIGINS": "*",  # who may call /api from a browser: "*", or origins separated by commas
}

_KEY = "glyphline.limits"


@dataclass(frozen=True)
class Limits:
    """How much one request may hold, and how long it may take.

    Attributes:
        strokes: Strokes, or frames, of a drawing.
        stroke_points: Points of one stroke.
        points: Points of a drawing.
        side: Pixels a side of a picture.
        pixels: Pixels of all pictures of a request.
        lexicon: Words of a lexicon.
        batch_items: Drawings of a batch.
        batch_strokes: Strokes, or frames, of all of them.
        batch_points: Points of all of them.
        body: Bytes of a body.
        seconds: Seconds after which a reading is given up.
        send_seconds: Seconds that sending a body may take.
    """

    strokes: int
    stroke_points: int
    points: int
    side: int
    pixels: int
    lexicon: int
    batch_items: int
    batch_strokes: int
    batch_points: int
    body: int
    seconds: float
    send_seconds: float


def init_app(app: Flask, test_config: Mapping[str, Any] | None = None) -> None:
    """Fills `app.config`.

    Raises:
        ValueError: a limit makes no sense.
    """
    app.config.from_mapping(DEFAULTS)
    app.config.from_prefixed_env(ENV_PREFIX)
    app.config.from_mapping(test_config or {})
    for name in (name for name in DEFAULTS if name.startswith("MAX_")):
        value = app.config[name]
        if type(value) is not int or value < 1:
            raise ValueError(f"expected {ENV_PREFIX}_{name} to be a whole number above 0, got {value!r}")
    for name in ("TIME_BUDGET", "SEND_TIME"):
        value = app.config[name]
        if type(value) not in (int, float) or not 0 < value < math.inf:
            raise ValueError(f"expected {ENV_PREFIX}_{name} to be a number of seconds above 0, got {value!r}")
    if app.config["MAX_PICTURE_SIDE"] > MAX_SIDE:
        raise ValueError(f"expected {ENV_PREFIX}_MAX_PICTURE_SIDE to be at most {MAX_SIDE}")
    app.extensions[_KEY] = Limits(
        strokes=app.config["MAX_STROKES"],
        stroke_points=app.config["MAX_STROKE_POINTS"],
        points=app.config["MAX_POINTS"],
        side=app.config["MAX_PICTURE_SIDE"],
        pixels=app.config["MAX_PIXELS"],
        lexicon=app.config["MAX_LEXICON"],
        batch_items=app.config["MAX_BATCH_ITEMS"],
        batch_strokes=app.config["MAX_BATCH_STROKES"],
        batch_points=app.config["MAX_BATCH_POINTS"],
        body=app.config["MAX_CONTENT_LENGTH"],
        seconds=float(app.config["TIME_BUDGET"]),
        send_seconds=float(app.config["SEND_TIME"]),
    )


def limits() -> Limits:
    """The limits of the running application."""
    held: Limits = current_app.extensions[_KEY]
    return held
