"""Drawings of our own hand with their truth, for tests of what learns from drawings."""

from __future__ import annotations

import numpy as np

from model.benchmarks.specimens import write
from model.training.inkdata import InkSample


def number(text: str, advance: float) -> InkSample:
    """A number of our own hand, with the strokes of each digit."""
    ends = np.cumsum([len(write(digit).strokes) for digit in text]).tolist()
    groups = tuple((digit, tuple(range(begin, end))) for digit, begin, end in zip(text, [0, *ends], ends, strict=False))
    return InkSample("ours", "us", text, groups, write(text, advance=advance))
