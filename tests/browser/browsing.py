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
PATIENCE = 20_000
"""Milliseconds after which something that did not come about is a failure; nothing ever waits for all of it."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

OpenPage = Callable[..., Page]
"""Opens the page in its own window: (at=address, script=init script, first_visit=False, **the context's options)."""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept, as behind any real server

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
