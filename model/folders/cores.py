"""Batches on all cores, their rows in the order of the sources, a bounded number of them under way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice

from model.folders.batch import BatchReader, Settings
from model.folders.rows import Row
from model.folders.sources import Source

BATCH = 16
"""Drawings read at a time: their glyphs fill the net's batch, and little is lost when the run ends."""

_AHEAD = 3
"""Batches under way for each core."""

_reader: BatchReader | None = None
"""A worker process's own."""


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_all(sources: Iterable[Source], settings: Settings, cores: int) -> Generator[list[Row], None, None]:
    """Yields the rows of all sources, some at a time, in order.

    Args:
        sources: Taken from only as fast as they are read.
        settings: How to read.
        cores: Worker processes; with one, this process reads itself.

    Raises:
        ModelError: the model's folder holds no usable model.
    """
    batches = _batches(sources)
    first = list(islice(batches, cores))
    reader = BatchReader(settings)  # also where it then stays idle: a bad model is told before any process starts
    if cores == 1 or len(first) < cores:
        for batch in first:
            yield reader.read(batch)
        for batch in batches:
            yield reader.read(batch)
        return
    # spawned, as a fork of a process with threads may hang; they start while the first batches are read here
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(cores, context, _start, (settings,))
    try:
        waiting: deque[Future[list[Row]]] = deque()
        for batch in chain(first, batches):
            with _without_interrupts():  # what is handed in may start a worker, but no more the executor's helpers
                waiting.append(executor.submit(_read, batch))
            if len(waiting) > _AHEAD * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        executor.shutdown()  # a program that ended while its thread did so might tell of a bad file descriptor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _batches(sources: Iterable[Source]) -> Iterator[Sequence[Source]]:
    left = iter(sources)
    while batch := list(islice(left, BATCH)):
        yield batch


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """A process started meanwhile never hears Ctrl-C, not even while it imports its modules; this one still may, by
    another of its threads."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(settings: Settings) -> None:
    """What a worker process does first."""
    global _reader
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, too, the process that started it decides
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _reader = BatchReader(settings)


def _leave_with_parent() -> None:
    """A worker whose parent was killed would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read(batch: Sequence[Source]) -> list[Row]:
    if _reader is None:
        raise RuntimeError("a worker reads only once it was started")
    return _reader.read(batch)
