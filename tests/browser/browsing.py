"""Which Chromium, and how the application is served to it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

OpenPage = Callable[..., Page]
"""Opens the page in its own window: (at=address, script=init script, first_visit=False, **options of the context)."""


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Keeps the access log out of the test report."""


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serves a WSGI application on a free port; gives its address, without a closing slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
