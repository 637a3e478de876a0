"""Counting for the rate limits."""

from __future__ import annotations

import threading

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from webapp import counting

URI = f"{counting.SCHEME}://"


def test_many_threads_lose_no_count_and_start_no_thread() -> None:
    storage = storage_from_string(URI)
    together = threading.Barrier(8)
    begun: list[int] = []

    def count() -> None:
        together.wait()
        for _ in range(200):
            storage.incr("key", 60)
        begun.append(threading.active_count())

    threads = [threading.Thread(target=count) for _ in range(8)]
    before = threading.active_count()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert storage.get("key") == 1600
    assert max(begun) <= before + len(threads)


def test_windows_end_and_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(counting.time, "time", lambda: now)
    storage = storage_from_string(URI)
    limiter = FixedWindowRateLimiter(storage)
    allowed = parse("2 per second")
    assert [limiter.hit(allowed, "a") for _ in range(3)] == [True, True, False]
    assert limiter.hit(allowed, "b")
    assert limiter.get_window_stats(allowed, "a").remaining == 0
    now += 1.5
    assert limiter.get_window_stats(allowed, "a").remaining == 2
    assert limiter.hit(allowed, "a")
    assert len(storage.expirations) == len(storage.storage) == 1  # "b" is forgotten
