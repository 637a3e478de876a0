"""Milliseconds of each stage of a reading: `python -m model bench speed`."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from model.benchmarks.specimens import write
from model.reading.recognizer import Recognizer
from model.training.forms import FORMS

_RUNS = 40
_DIGITS = "20481357962048135796"


def measure_speed(recognizer: Recognizer) -> Iterator[tuple[int, str, dict[str, float]]]:
    """Yields (number of digits, form, median milliseconds by stage and in all); decoding pictures is not counted."""
    for count in (3, 8, 20):
        drawing = write(_DIGITS[:count])
        for form in ("points", "pictures"):
            ink = FORMS[form](drawing)
            laps = []
            for _ in range(_RUNS):
                started = time.perf_counter()
                reading = recognizer.read(ink)
                laps.append({**reading.timing_ms, "total": (time.perf_counter() - started) * 1000})
            yield count, form, {stage: float(np.median([lap[stage] for lap in laps])) for stage in laps[0]}
