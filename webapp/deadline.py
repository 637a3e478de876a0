"""A caller who sends a byte now and then must not hold a thread for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Request


@contextmanager
def in_time(request: Request, seconds: float) -> Iterator[threading.Event]:
    """Ends the reading of a body after so long, where the server shows its socket; the event tells that it did.

    Otherwise a few callers that send a byte now and then would hold all threads of a worker.
    """
    late = threading.Event()
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is None:
        yield late
        return

    def hang_up() -> None:
        late.set()
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)

    watch = threading.Timer(seconds, hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()
