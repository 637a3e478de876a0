"""Where the rate limits count: in the memory of the process, without threads.

`limits` has such a storage, but its `incr` starts a timer's thread every 10 ms, and where two requests do so at once it
raises ("threads can only be started once"): under load a call was answered 500 for that.
"""

from __future__ import annotations

import threading
import time

from limits.storage import MemoryStorage

SCHEME = "counters"
"""`storage_uri` of this storage, with "://" behind."""


class CounterStorage(MemoryStorage):
    """Counts of fixed windows; what has run out is forgotten once a second, by whoever calls then."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - the base class has it so

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        self._lock = threading.Lock()
        self._swept = 0.0
        super().__init__(uri, wrap_exceptions, **options)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Adds to the count of `key`, which begins anew `expiry` seconds after its first; returns it."""
        now = time.time()
        with self._lock:
            if now - self._swept >= 1:
                self._swept = now
                for old in [old for old, end in self.expirations.items() if end <= now]:
                    del self.expirations[old], self.storage[old]
            if self.expirations.get(key, 0.0) <= now:
                self.storage[key] = 0
                self.expirations[key] = now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def get(self, key: str) -> int:
        """The count of `key`."""
        with self._lock:
            return self.storage[key] if self.expirations.get(key, 0.0) > time.time() else 0
