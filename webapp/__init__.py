"""Glyphline on the web: the page, and the JSON call behind it. All reading is done by `model.reading`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from webapp import accesslog, api, config, docs, engine, headers, health, memory, metrics, pages, problems, proxy, rates

_ROOT = Path(__file__).resolve().parent.parent


def create_app(test_config: Mapping[str, Any] | None = None) -> Flask:
    """Builds the application.

    Args:
        test_config: Settings that override the defaults and the environment (see `config.py`). `RECOGNIZER`
            may hold a ready recognizer; without it the shipped model is loaded.

    Raises:
        ValueError: a setting makes no sense.
        ModelError: the shipped model cannot be loaded.
    """
    app = Flask(__name__, static_folder=_ROOT / "static", template_folder=str(_ROOT / "templates"))
    config.init_app(app, test_config)
    for feature in (memory, accesslog, metrics, proxy, problems, headers, rates, engine, health, api, docs, pages):
        feature.init_app(app)
    return app
