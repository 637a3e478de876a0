"""gunicorn as it is run, in processes of its own, and what Linux says of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from model.benchmarks.serving_load import load

ROOT = Path(__file__).resolve().parents[2]
APP = "webapp.wsgi:app"
ECHO = "model.benchmarks.serving_process:echo"
_READY = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_SETTINGS = {"HOST": "127.0.0.1", "GLYPHLINE_RATE_LIMIT": "1000000 per second"}
"""All callers here have one address; the limit is still counted, as it takes its time."""
_PATIENCE = 30.0
"""Seconds that a server may take to begin, or to end."""


def echo(environ, start_response):  # type: ignore[no-untyped-def]
    """The least application that reads a body and answers: what HTTP itself costs here."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))])
    return [body]


@dataclass
class Server:
    """A running gunicorn.

    Attributes:
        port: On 127.0.0.1.
        process: The first process; its children are the workers.
        ready: Seconds from its start to its first good answer.
        log: What it wrote.
    """

    port: int
    process: subprocess.Popen[bytes]
    ready: float
    log: Path

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def pss(self) -> dict[str, list[float]]:
        """MB of memory of the first process and of each worker, pages shared with others counted in part."""
        return {"first": [pss(self.process.pid)], "workers": [pss(pid) for pid in self.workers()]}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: str = APP, workers: int = 2, first: bytes = _READY, **environment: str) -> Iterator[Server]:
    """Runs gunicorn with the project's configuration until the block ends.

    Args:
        app: What it serves.
        workers: Processes.
        first: The request whose answer tells that it has begun.
        environment: Variables beside ours.

    Raises:
        RuntimeError: it ended before it answered, or does not answer; the message holds what it wrote.
    """
    port = free_port()
    settings = {**os.environ, **_SETTINGS, "PORT": str(port), "WEB_CONCURRENCY": str(workers), **environment}
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        start = time.perf_counter()
        command = [sys.executable, "-m", "gunicorn", app]
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stderr=log, stdout=log)  # noqa: S603 - ours
        try:
            server = Server(port, process, _wait(port, process, first, start, Path(log.name)), Path(log.name))
            while len(server.workers()) < workers:
                time.sleep(0.005)
            yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE)


def _wait(port: int, process: subprocess.Popen[bytes], first: bytes, start: float, log: Path) -> float:
    while time.perf_counter() - start < _PATIENCE:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.005)
            continue
        if load(port, [first], count=1).statuses[200]:
            return time.perf_counter() - start
        time.sleep(0.005)
    raise RuntimeError(f"gunicorn does not answer: {log.read_text()}")


def pss(pid: int) -> float:
    """MB of memory, pages shared with others counted in part."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Pss:")) / 1024


def connections(pid: int) -> int:
    """Open connections that a process holds."""
    sockets = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:  # closed meanwhile
            continue
        if target.startswith("socket:["):
            sockets.add(target[8:-1])
    rows = [row.split() for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return sum(row[3] == "01" and row[9] in sockets for row in rows)
