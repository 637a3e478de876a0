"""Settings: defaults, then the environment, then what a test hands in.

Every setting may come from the environment with the prefix GLYPHLINE_, for example GLYPHLINE_MAX_STROKES=200.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

ENV_PREFIX = "GLYPHLINE"

DEFAULTS: dict[str, Any] = {
    "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,  # bytes of a request body
    "MAX_STROKES": 512,  # strokes, or frames, of a drawing
    "MAX_STROKE_POINTS": 10_000,  # points of one stroke
    "MAX_POINTS": 50_000,  # points of a drawing
    "MAX_PIXELS": 128 * 1024 * 1024,  # pixels of all the pictures of a drawing, decoded
    "MAX_LEXICON": 50_000,  # words of a lexicon
    "CORS_ORIGINS": "*",  # who may call /api from a browser: "*", or origins separated by commas
}

_KEY = "glyphline.limits"


@dataclass(frozen=True)
class Limits:
    """How much one drawing may hold; a picture's sides are bounded by `model.reading.imagefile`."""

    strokes: int
    stroke_points: int
    points: int
    pixels: int
    lexicon: int


def init_app(app: Flask, test_config: Mapping[str, Any] | None = None) -> None:
    """Fills `app.config`.

    Raises:
        ValueError: a limit is not a whole number above 0.
    """
    app.config.from_mapping(DEFAULTS)
    app.config.from_prefixed_env(ENV_PREFIX)
    app.config.from_mapping(test_config or {})
    for name in (name for name in DEFAULTS if name.startswith("MAX_")):
        value = app.config[name]
        if type(value) is not int or value < 1:
            raise ValueError(f"expected {ENV_PREFIX}_{name} to be a whole number above 0, got {value!r}")
    app.extensions[_KEY] = Limits(
        strokes=app.config["MAX_STROKES"],
        stroke_points=app.config["MAX_STROKE_POINTS"],
        points=app.config["MAX_POINTS"],
        pixels=app.config["MAX_PIXELS"],
        lexicon=app.config["MAX_LEXICON"],
    )


def limits() -> Limits:
    """The limits of the running application."""
    held: Limits = current_app.extensions[_KEY]
    return held
