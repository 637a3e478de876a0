"""The application on a port of its own, for what must call it from outside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server


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
