"""The page itself."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

_blueprint = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Adds the page at /."""
    app.register_blueprint(_blueprint)


@_blueprint.get("/")
def index() -> str:
    """The drawing page."""
    return render_template("index.html")
