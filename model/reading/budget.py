"""How long a reading may take: looked at between stages, so that whoever asks for too much gives way to others."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


class OutOfTimeError(Exception):
    """The budget is spent; what was begun is given up."""


@dataclass(frozen=True)
class Budget:
    """When to give up.

    Attributes:
        until: A moment of `time.monotonic`, seconds.
    """

    until: float = math.inf

    @classmethod
    def seconds(cls, count: float) -> Budget:
        """A budget that begins now."""
        return cls(time.monotonic() + count)

    def left(self) -> float:
        """Seconds until it is spent; 0 or less once it is."""
        return self.until - time.monotonic()

    def check(self) -> None:
        """Goes on, or raises OutOfTimeError."""
        if time.monotonic() > self.until:
            raise OutOfTimeError

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """The same items, with a look at the clock before each."""
        for item in items:
            self.check()
            yield item


UNBOUNDED = Budget()
"""As long as it takes."""
