"""How far a run is, on standard error: a line that stays in place on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_REDRAW_S = 0.2
_TELL_S = 30.0
"""Seconds between lines where nobody watches, as in the log of a container."""


class Progress:
    """Counts drawings, and tells their rate and how long it will take still.

    Args:
        total: How many there are; None where nobody knows.
        done: How many were read before.
        to: Where to tell it; standard error if None.
    """

    def __init__(self, total: int | None, done: int = 0, to: TextIO | None = None):
        self._total = total
        self._before = self._done = done
        self._to = to or sys.stderr
        self._watched = self._to.isatty()
        self._started = self._told = time.monotonic()

    def add(self, count: int) -> None:
        """So many more are read."""
        self._done += count
        now = time.monotonic()
        if now - self._told >= (_REDRAW_S if self._watched else _TELL_S):
            self._told = now
            end = "\x1b[K\r" if self._watched else "\n"
            print(self.line(now - self._started), end=end, file=self._to, flush=True)

    def line(self, seconds: float) -> str:
        """What is told after so many seconds."""
        rate = (self._done - self._before) / max(seconds, 1e-9)
        text = f"{self._done:,}" + (f" of {self._total:,}" if self._total is not None else "") + f" read, {rate:.0f}/s"
        if self._total is None or rate == 0:
            return text
        return f"{text}, {_span((self._total - self._done) / rate)} left"

    def close(self) -> None:
        """Clears the line."""
        if self._watched:
            print("\x1b[K", end="", file=self._to, flush=True)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
