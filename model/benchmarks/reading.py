"""Accuracy of whole readings, through the code that serves: `python -m model bench reading`."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable

from model.benchmarks.drawings import shown
from model.benchmarks.tally import Outcome, touches
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.forms import FLAT
from model.training.inkdata import InkSample


def measure(
    recognizer: Recognizer, samples: Iterable[InkSample], options: Options, forms: Iterable[str]
) -> dict[str, list[Outcome]]:
    """Reads every sample in every form: the outcomes by form, in the samples' order.

    Args:
        recognizer: What is measured.
        samples: Drawings with their truth.
        options: What the reader is told.
        forms: Of `FORMS`; making the form is not timed.
    """
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    forms = list(forms)
    for sample in samples:
        touching = touches(sample)
        for form in forms:
            ink = shown(sample, form)
            started = time.perf_counter()
            trace = recognizer.trace(ink, options)
            took = (time.perf_counter() - started) * 1000
            outcomes[form].append(Outcome.of(sample, touching, trace, form in FLAT, took))
    return outcomes
