"""Callers that send the same request over and over: one thread for all, so that they take little of the machine."""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

import numpy as np

Actions = Sequence[tuple[float, Callable[[], None]]]
"""(seconds from the start, what to do then), ascending."""

_PIECE = 1 << 18
_AGAIN = 0.02
"""Seconds after which a caller that was refused tries again."""


@dataclass
class Load:
    """What callers saw.

    Attributes:
        seconds: Of each answered request, from its first byte sent to its answer's last.
        statuses: How often each status was answered.
        lost: Requests that were sent in part or whole and never answered.
        refused: Connections that were refused: nothing was sent on them.
        wall: Seconds from the first request to the last answer.
        last: The last answer's body.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    refused: int = 0
    wall: float = 0.0
    last: bytes = b""

    def percentile(self, share: float) -> float:
        """Milliseconds that `share` percent of the answers took at most."""
        return float(np.percentile(self.seconds, share)) * 1e3

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall


class _Caller:
    """One connection: a request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sock: socket.socket | None = None
        self.again = 0.0
        self.sending = memoryview(b"")
        self.answer = bytearray()
        self.began = 0.0

    def open(self) -> None:
        """Connects, if it is not connected."""
        if self.sock is None:
            self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=10)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock.setblocking(False)

    def complete(self) -> tuple[int, bytes, bool] | None:
        """(status, body, whether the connection ends) once all of the answer is there."""
        end = self.answer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.answer[:end]).lower()
        at = head.index(b"content-length:") + 15
        length = int(head[at:].split(b"\r\n", 1)[0])
        if len(self.answer) < end + 4 + length:
            return None
        return int(head.split(b" ", 2)[1]), bytes(self.answer[end + 4 :]), b"connection: close" in head


def load(
    port: int,
    requests: Sequence[bytes],
    clients: int = 1,
    count: int | None = None,
    seconds: float = 1e9,
    actions: Actions = (),
    until: Callable[[], bool] = bool,
) -> Load:
    """Sends requests in turn from `clients` connections, each waiting for its answer, until enough were sent.

    Args:
        port: On 127.0.0.1.
        requests: Whole HTTP requests.
        clients: How many at a time.
        count: Requests in all; None: as many as the time allows.
        seconds: For how long.
        actions: What else is to happen meanwhile.
        until: Ends it, once it is true.
    """
    return _Run(port, requests, clients, count, seconds, actions, until).run()


class _Run:
    def __init__(
        self,
        port: int,
        requests: Sequence[bytes],
        clients: int,
        count: int | None,
        seconds: float,
        actions: Actions,
        until: Callable[[], bool],
    ) -> None:
        self.found = Load()
        self.callers = [_Caller(port) for _ in range(clients)]
        self.requests = cycle(requests)
        self.left = count if count is not None else 1 << 60
        self.seconds = seconds
        self.actions = list(actions)
        self.until = until
        self.selector = selectors.DefaultSelector()
        self.busy: set[_Caller] = set()

    def run(self) -> Load:
        start = time.perf_counter()
        while True:
            now = time.perf_counter()
            if self.actions and now - start >= self.actions[0][0]:
                self.actions.pop(0)[1]()
            if now - start < self.seconds and self.left > 0 and not self.until():
                for caller in self.callers:
                    if caller not in self.busy and caller.again <= now and self.left > 0:
                        self._begin(caller)
            elif not self.busy:
                break
            for key, _ in self.selector.select(_AGAIN):
                self._go_on(key.data)
        self.found.wall = time.perf_counter() - start
        for caller in self.callers:
            if caller.sock is not None:
                caller.sock.close()
        self.selector.close()
        return self.found

    def _begin(self, caller: _Caller) -> None:
        try:
            caller.open()
        except OSError:
            self.found.refused += 1
            caller.again = time.perf_counter() + _AGAIN
            return
        assert caller.sock is not None  # noqa: S101 - for the type checker
        caller.sending, caller.answer = memoryview(next(self.requests)), bytearray()
        caller.began = time.perf_counter()
        self.left -= 1
        self.busy.add(caller)
        self.selector.register(caller.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, caller)
        self._go_on(caller)

    def _go_on(self, caller: _Caller) -> None:
        sock = caller.sock
        assert sock is not None  # noqa: S101 - for the type checker
        try:
            if caller.sending:
                caller.sending = caller.sending[sock.send(caller.sending[:_PIECE]) :]
                if not caller.sending:
                    self.selector.modify(sock, selectors.EVENT_READ, caller)
                return
            piece = sock.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.found.lost += 1
            self._end(caller, close=True)
            return
        caller.answer += piece
        done = caller.complete()
        if done is not None:
            status, self.found.last, close = done
            self.found.seconds.append(time.perf_counter() - caller.began)
            self.found.statuses[status] += 1
            self._end(caller, close)

    def _end(self, caller: _Caller, close: bool) -> None:
        assert caller.sock is not None  # noqa: S101 - for the type checker
        self.selector.unregister(caller.sock)
        self.busy.discard(caller)
        if close:
            caller.sock.close()
            caller.sock = None
