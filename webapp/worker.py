"""gunicorn's threaded worker, so that stopping loses no caller and every error is a problem."""

from __future__ import annotations

import json
import socket
import uuid
from http import HTTPStatus

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from webapp.headers import REQUEST_ID
from webapp.problems import MEDIA_TYPE


class Worker(ThreadWorker):  # type: ignore[misc]
    """Takes no more callers than it soon gets to, and before it stops serves all that have connected already.

    gunicorn's own takes every caller that it can, so that one worker may hold all of them while the next is idle, and
    leaves those who connect last in the listening socket's queue, where they are cut off when that is closed. But who
    is left there waits for as long as those who were taken keep asking: so some more are taken than are served at once.
    """

    _AT_HAND = 4
    """Callers that are taken for each thread."""

    @property
    def worker_connections(self) -> int:
        """Connections from which on no caller is taken: those that only wait for a next request do not count."""
        waiting = len(self.keepalived_conns) + len(self.pending_conns)
        return int(min(self.cfg.worker_connections, waiting + self._AT_HAND * self.cfg.threads))

    @worker_connections.setter
    def worker_connections(self, _: int) -> None:
        """The base class copies the setting here, which is read where it is needed."""

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begins or ends taking callers; in the end takes all that wait, and closes the door at once behind them."""
        stopping = not self.alive and not enabled and not self._closed
        if stopping:
            self._closed = True
            for listener in self.sockets:
                taken = -1
                while taken != self.nr_conns:  # nothing is raised where nobody waits
                    taken = self.nr_conns
                    self.accept(listener)
        super().set_accept_enabled(enabled)
        if stopping:
            for listener in self.sockets:
                listener.close()

    _closed = False


def write_problem(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """What gunicorn answers where no request could be made of what was sent: in place of its HTML page."""
    detail = message or "something went wrong here; the request may be fine"
    problem = {"type": "about:blank", "title": reason, "status": status, "detail": detail[:500], "instance": "/"}
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
        f"Cache-Control: no-store\r\n{REQUEST_ID}: {uuid.uuid4().hex}\r\nConnection: close\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


util.write_error = write_problem
