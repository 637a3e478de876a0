"""What callers notice when a worker is killed, and when the server is told to stop, both under load."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass

from model.benchmarks.serving_load import Load, load
from model.benchmarks.serving_process import Server, connections

_PATIENCE = 30.0
"""Seconds that anything may take at most."""


@dataclass
class Killed:
    """A worker was killed.

    Attributes:
        load: What callers saw.
        held: Connections that it held then: each may have carried a request.
        back: Whether there were as many workers as before in the end.
    """

    load: Load
    held: int
    back: bool


def kill_a_worker(server: Server, requests: Sequence[bytes], clients: int = 16, seconds: float = 3.0) -> Killed:
    """Kills the worker that serves most callers, with SIGKILL, after a third of the time."""
    before = server.workers()
    victim, held = before[0], 0

    def kill() -> None:
        nonlocal victim, held
        victim = max(before, key=connections)
        os.kill(victim, signal.SIGSTOP)  # or it would take more between the counting and the end
        time.sleep(0.01)
        held = connections(victim)
        os.kill(victim, signal.SIGKILL)

    found = load(server.port, requests, clients, seconds=seconds, actions=[(seconds / 3, kill)])
    end = time.monotonic() + _PATIENCE
    while len(server.workers()) < len(before) and time.monotonic() < end:
        time.sleep(0.02)
    return Killed(found, held, len(server.workers()) == len(before) and victim not in server.workers())


def stop(server: Server, requests: Sequence[bytes], clients: int = 16, after: float = 1.0) -> Load:
    """Tells the server to stop after some seconds under load; callers go on calling until it has ended."""
    return load(
        server.port,
        requests,
        clients,
        seconds=_PATIENCE,
        actions=[(after, server.process.terminate)],
        until=lambda: server.process.poll() is not None,
    )
