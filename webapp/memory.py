"""How the C library keeps memory that was freed: large pieces go back to the system at once.

Decoding a picture of 16 million pixels takes pieces of 16 to 64 MiB. glibc learns from the first such piece that is
freed to keep the next ones in the arena of the thread that asked, and each thread has one of its own: a few threads
that have each read one such picture would hold a gigabyte for good.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

_M_MMAP_THRESHOLD = -3
_M_TRIM_THRESHOLD = -1
_M_ARENA_MAX = -8

_LARGE = 4 << 20
"""Bytes from which a piece is given back: above what a drawing on a screen takes, so that it costs those nothing."""


def give_back_large() -> None:
    """Fixes the limits that glibc otherwise moves; elsewhere it does nothing."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE)
        mallopt(_M_ARENA_MAX, 2)
