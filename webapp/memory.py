"""How the C library keeps memory that was freed: large pieces go back to the system at once, small ones when many lie.

Decoding a picture of 16 million pixels takes pieces of 16 to 64 MiB. glibc learns from the first such piece that is
freed to keep the next ones in the arena of the thread that asked, and each thread has one of its own: a few threads
that have each read one such picture would hold a gigabyte for good.
"""

from __future__ import annotations

import ctypes
import resource
import time
from contextlib import suppress
from pathlib import Path

from flask import Flask

_M_MMAP_THRESHOLD = -3
_M_TRIM_THRESHOLD = -1
_M_ARENA_MAX = -8

_HOARD = 32 << 20
"""Bytes by which a worker may have grown before what is free in between is given back too, which takes milliseconds."""

_REST = 1.0
"""Seconds between two such times: what is held may be in use by other requests."""

_LARGE = 4 << 20
"""Bytes from which a piece is given back: above what a drawing on a screen takes, so that it costs those nothing."""


def init_app(app: Flask) -> None:
    """After a request that left much memory behind, gives back what of it is free."""
    hoard = _Hoard()

    @app.teardown_request
    def give_back(_: BaseException | None) -> None:
        hoard.look()


class _Hoard:
    """Watches how much memory the process holds; where the system does not tell, or glibc is not used, idle."""

    def __init__(self) -> None:
        self._least: int | None = None
        self._looked = 0.0

    def look(self) -> None:
        """Gives back what is free if the process holds much more than it once did, now and then."""
        held = _resident()
        if held is None:
            return
        self._least = min(held, self._least or held)
        if held > self._least + _HOARD and time.monotonic() > self._looked + _REST:
            with suppress(OSError, AttributeError):
                ctypes.CDLL(None).malloc_trim(0)
            self._looked = time.monotonic()


def _resident() -> int | None:
    """Bytes of memory that this process holds; None where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return None


def give_back_large() -> None:
    """Fixes the limits that glibc otherwise moves; elsewhere it does nothing."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE)
        mallopt(_M_ARENA_MAX, 2)
