"""The pages, and what a browser needs to keep them: the service worker and the manifest, both at the root."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, render_template

from webapp.packing import pack

_SHELL = {".css", ".js", ".svg"}
_WORKER = "js/sw.js"
_PAGES = ("./", "about", "manifest.webmanifest")
_PROGRAMS = ("js/docs.js", "css/docs.css", "vendor/bootstrap-5.3.8/bootstrap.min.css")
"""Of the page for programs, which is of no use without a network."""
_MANIFEST = {
    "name": "Glyphline",
    "short_name": "Glyphline",
    "description": "Draw a number or a word and have it read.",
    "start_url": "./",
    "scope": "./",
    "display": "standalone",
    "background_color": "#f4f5f8",
    "theme_color": "#3f4fc4",
    "icons": [{"src": "static/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
}

_blueprint = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Adds the page at /, the one about it, and what keeps them for later; all that is text is sent small."""
    app.register_blueprint(_blueprint)
    app.after_request(pack)


@_blueprint.get("/")
def index() -> str:
    """The drawing page."""
    return render_template("index.html")


@_blueprint.get("/about")
def about() -> str:
    """What the page can and cannot do, and what becomes of a drawing."""
    return render_template("about.html")


@_blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the page is called and looks like as an installed application; addresses are relative to this one."""
    return Response(json.dumps(_MANIFEST), content_type="application/manifest+json")


@_blueprint.get("/sw.js")
def service_worker() -> Response:
    """The service worker with the list of what it keeps. It governs what lies below it, so it lies at the root."""
    static = Path(current_app.static_folder or "")
    shell = _shell(static, Path(current_app.root_path).parent / (current_app.template_folder or ""))
    code = f"const SHELL = {shell};\n{(static / _WORKER).read_text(encoding='utf-8')}"
    return Response(code, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@cache
def _shell(static: Path, templates: Path) -> str:
    """The files of the page, relative to the root, and a version that changes with any of them; as JSON."""
    left_out = {static / path for path in (_WORKER, *_PROGRAMS)}
    kept = sorted(path for path in static.rglob("*") if path.suffix in _SHELL and path not in left_out)
    digest = hashlib.sha256()
    for path in [*kept, *sorted(templates.rglob("*.html"))]:
        digest.update(path.read_bytes())
    files = [*_PAGES, *(f"static/{path.relative_to(static).as_posix()}" for path in kept)]
    return json.dumps({"version": digest.hexdigest()[:16], "files": files})
