"""The whole server under load, beside one that only echoes: `python -m model bench serving`."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from model.benchmarks.serving_bodies import BODIES, line, post
from model.benchmarks.serving_load import Load, load
from model.benchmarks.serving_mishaps import kill_a_worker, stop
from model.benchmarks.serving_process import APP, ECHO, Server, serving
from model.reading.recognizer import Recognizer
from model.training.forms import FORMS

Row = dict[str, Any]
"""One line of a table: what was measured → value; times in ms, memory in MB."""

LENGTHS = (3, 8, 20)
CLIENTS = (1, 4, 16)
STROKE_DIGITS = (1, 2, 5, 10, 20, 40, 80, 160)
"""Digits of the drawings on which the growth with strokes is measured."""
_FIVE = 5
_ENOUGH = 40
_SPLIT = 8
"""Digits of the drawings whose stages are listed."""


def measure(scale: float = 1.0) -> Iterator[tuple[str, list[Row]]]:
    """Yields (name of a table, its rows) as they come.

    Args:
        scale: Of the time and the number of requests spent; 1 takes some three minutes.
    """
    yield "machine", [machine()]
    with serving(ECHO, workers=1, first=post("points", line(1))) as echo, serving(workers=1) as server:
        thorough = Recognizer.load(thorough=True)
        alone = [latency(server, echo, thorough, form, count, scale) for count in LENGTHS for form in BODIES]
        yield "latency", alone
        yield "stages", [stages(server, form, scale) for form in BODIES]
        yield "strokes", [growth(server, count, scale) for count in STROKE_DIGITS]
    with serving(ECHO, workers=2, first=post("points", line(1))) as echo, serving(workers=2) as server:
        yield (
            "throughput",
            [
                throughput(server, echo, form, count, clients, scale)
                for form in BODIES
                for count in (*LENGTHS, _FIVE)
                for clients in CLIENTS
                if count != _FIVE or form == "points"
            ],
        )
    yield "memory", memory(scale)
    yield "start", [start(workers, scale) for workers in (1, 2)]
    yield "mishaps", mishaps(scale)


def machine() -> Row:
    """What was measured on, in general words."""
    cores = len(os.sched_getaffinity(0))
    return {"cores": cores, "python": platform.python_version(), "load before": round(os.getloadavg()[0], 2)}


def latency(server: Server, echo: Server, thorough: Recognizer, form: str, count: int, scale: float) -> Row:
    """One caller, one worker, and in between the same bytes to the echo, and all the glyphs that the drawing may be cut
    into to the net, in this process."""
    request, answered, echoed = post(form, line(count)), Load(), Load()
    ink = FORMS[form.removeprefix("bare ")](line(count))
    batches: list[float] = []
    load(server.port, [request], count=3)
    until = time.perf_counter() + 2 * scale
    while len(batches) < 3 or (time.perf_counter() < until and len(batches) < _ENOUGH):
        answered.seconds += load(server.port, [request], count=8).seconds
        echoed.seconds += load(echo.port, [request], count=8).seconds
        thorough.read(ink)  # finds a cold cache
        batches.append(thorough.read(ink).timing_ms["classify"])
    batch = float(np.median(batches))
    p50, floor = answered.percentile(50), echoed.percentile(50)
    return {
        "digits": count,
        "form": form,
        "n": len(answered.seconds),
        "kB": round(len(request) / 1000, 1),
        "p50": p50,
        "p99": answered.percentile(99),
        "echo p50": floor,
        "batch": batch,
        "times batch + echo": p50 / (batch + floor),
    }


def throughput(server: Server, echo: Server, form: str, count: int, clients: int, scale: float) -> Row:
    """As many requests as they answer: several callers, two workers."""
    request = post(form, line(count))
    answered = load(server.port, [request], clients, seconds=max(0.05, 0.9 * scale))
    echoed = load(echo.port, [request], clients, seconds=max(0.05, 0.25 * scale))
    return {
        "digits": count,
        "form": form,
        "clients": clients,
        "requests/s": answered.rate,
        "p50": answered.percentile(50),
        "p99": answered.percentile(99),
        "echo requests/s": echoed.rate,
    }


def stages(server: Server, form: str, scale: float) -> Row:
    """Where the time goes: the stages that the answer names, and what HTTP and JSON take beside them."""
    request, laps, seen = post(form, line(_SPLIT)), [], Load()
    for _ in range(_times(40, scale)):
        part = load(server.port, [request], count=1)
        seen.seconds += part.seconds
        laps.append(json.loads(part.last)["timing_ms"])
    row = {stage: float(np.median([lap[stage] for lap in laps])) for stage in laps[0]}
    whole = seen.percentile(50)
    return {"digits": _SPLIT, "form": form, **row, "HTTP and the answer": whole - row["total"], "whole": whole}


def growth(server: Server, count: int, scale: float) -> Row:
    """Time by the number of strokes, sent as points."""
    drawing = line(count)
    found = load(server.port, [post("points", drawing)], count=_times(20, scale) if count < 80 else 4)
    return {
        "digits": count,
        "strokes": len(drawing.strokes),
        "p50": found.percentile(50),
        "ms a stroke": found.percentile(50) / len(drawing.strokes),
    }


def memory(scale: float, requests: int = 10_000) -> list[Row]:
    """Memory of two workers from their start through many requests of all forms."""
    mixed = [post(form, line(3)) for form in (*["points"] * 8, "pictures", "image")]
    rows, done = [], 0
    with serving(workers=2) as server:
        for part in (0.0, 0.01, 0.25, 0.25, 0.25, 0.24):
            if part:
                done += len(load(server.port, mixed, clients=4, count=max(1, round(part * requests * scale))).seconds)
            found = server.pss()
            every = [*found["first"], *found["workers"]]
            rows.append({"requests": done, "first": found["first"][0], **_workers(found["workers"]), "all": sum(every)})
    return rows


def _workers(each: list[float]) -> Row:
    return {f"worker {i}": mb for i, mb in enumerate(each, 1)}


def start(workers: int, scale: float) -> Row:
    """Seconds from the start of gunicorn to its first reading."""
    first = post("points", line(3))
    taken = []
    for _ in range(_times(3, scale)):
        with serving(APP, workers, first) as server:
            taken.append(server.ready)
    return {"workers": workers, "first answer, s": float(np.median(taken)), "slowest, s": max(taken)}


def mishaps(scale: float) -> list[Row]:
    """Requests lost, of how many, when a worker is killed, workers are replaced in turn, and the server stops."""
    requests, rows, seconds = [post("points", line(3))], [], max(1.0, 3 * scale)
    with serving(workers=2) as server:
        killed = kill_a_worker(server, requests, seconds=seconds)
    rows.append(_mishap("worker killed (-9)", killed.load, killed.held))
    for name, arguments in (("server stopped (TERM)", ""), ("the same, gunicorn's worker", "--worker-class gthread")):
        with serving(workers=2, GUNICORN_CMD_ARGS=arguments) as server:
            found = stop(server, requests, after=seconds / 3)
        rows.append(_mishap(name, found, 0))
    with serving(workers=2, GUNICORN_CMD_ARGS="--max-requests 50 --max-requests-jitter 10") as server:
        found = load(server.port, requests, clients=16, count=_times(400, scale))
    rows.append(_mishap("workers replaced each 50 requests", found, 0))
    return rows


def _mishap(name: str, found: Load, held: int) -> Row:
    bad = sum(count for status, count in found.statuses.items() if status != 200)
    return {"what": name, "answered": len(found.seconds), "errors": bad, "lost": found.lost, "held": held}


def _times(count: int, scale: float) -> int:
    return max(1, round(count * scale))
