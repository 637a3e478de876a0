"""How long requests and their stages take: `Server-Timing` on every answer, and Prometheus at /metrics if asked for.

prometheus_client is used, and not an exposition of our own: it adds up over worker processes, which is the hard part,
weighs 0.5 MB, needs nothing else, and is loaded only where the setting METRICS is on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which worker processes add up their figures; gunicorn.conf.py makes one."""

_REQUEST_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5)
_STAGE_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def init_app(app: Flask) -> None:
    """Times every request; adds /metrics where the setting METRICS is on.

    Raises:
        ValueError: METRICS is neither on nor off.
    """
    wanted = app.config.get("METRICS", False)
    if wanted not in (True, False):
        raise ValueError(f"expected GLYPHLINE_METRICS to be true or false, got {wanted!r}")
    recorder = _Recorder() if wanted else None

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def say_times(response: Response) -> Response:
        began: float | None = g.get("began")
        if began is None:  # refused before this feature was asked
            return response
        stages: Mapping[str, float] = g.get("stages", {})
        spent = perf_counter() - began
        laps = {**stages, "total": 1e3 * spent}
        response.headers["Server-Timing"] = ", ".join(f"{name};dur={ms:.2f}" for name, ms in laps.items())
        if recorder is not None:
            recorder.note(response.status_code, spent, stages)
        return response

    if recorder is not None:
        app.add_url_rule("/metrics", "metrics", recorder.answer)


def note_stages(timing_ms: Mapping[str, float]) -> None:
    """Notes what the stages of the present request took, ms; "total" is passed over."""
    g.stages = {stage: ms for stage, ms in timing_ms.items() if stage != "total"}


class _Recorder:
    """Counts and times, in Prometheus's form."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Histogram

        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "glyphline_request_seconds",
            "Time from the request's head to the answer, by route and status.",
            ("route", "method", "status"),
            buckets=_REQUEST_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "glyphline_stage_seconds",
            "Time of each stage of a reading.",
            ("stage",),
            buckets=_STAGE_SECONDS,
            registry=self._registry,
        )

    def note(self, status: int, seconds: float, stages: Mapping[str, float]) -> None:
        """Adds one request; a path that is no route of ours must not make a label of its own."""
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.url_rule else "any"
        self._requests.labels(route, method, status).observe(seconds)
        for stage, ms in stages.items():
            self._stages.labels(stage).observe(ms / 1e3)

    def answer(self) -> Response:
        """All figures, those of other workers included."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return Response(generate_latest(self._all()), content_type=CONTENT_TYPE_LATEST)

    def _all(self) -> CollectorRegistry:
        if MULTIPROCESS not in os.environ:
            return self._registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry
