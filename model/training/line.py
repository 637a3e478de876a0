"""Learns where characters stand on the line, from words of training writers: `python -m model line`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.ink import Box
from model.training.data import by_split, load_ink
from model.training.inkdata import InkSample

Floats = NDArray[np.float64]
Word = tuple[NDArray[np.int_], Floats]
"""Class indices of the glyphs, and their tops and bottoms, y up: shapes (n,) and (n, 2)."""

_ROUNDS = 12
_PRIOR = 8.0
"""Weight, in samples, of a class's kind (tall, small, hanging) against what was seen of it."""
_LEAST_SPREAD = 0.10

_HANGING = "gpqyj"
_SMALL = "acegmnopqrsuvwxyz"
"""Letters whose body is half as tall as capitals; i, j and t come in between and count as tall."""


def usual_extents() -> Floats:
    """Top and bottom of each class as any copybook has them: shape (62, 2)."""
    return np.array([[0.55 if c in _SMALL else 1.0, -0.4 if c in _HANGING else 0.0] for c in CLASSES])


def learn_line(data: Path, out: Path) -> int:
    """Fits tops and bottoms of all classes to the words of training writers, and writes `line.json` into `out`.

    Args:
        data: Folder with `unipen_words.jsonl.xz`.
        out: Model directory.

    Returns:
        How many words taught.
    """
    training, _ = by_split(load_ink(data, ["unipen_words"]))
    words = list(_measured(training))
    extents, spread = _fitted(words)
    table = {
        "extents": {c: extents[i].round(3).tolist() for i, c in enumerate(CLASSES)},
        "spread": {c: spread[i].round(3).tolist() for i, c in enumerate(CLASSES)},
    }
    (out / "line.json").write_text(json.dumps(table, indent=1) + "\n")
    return len(words)


def _measured(samples: Iterable[InkSample]) -> Iterator[Word]:
    """The words that show enough to find their line."""
    for sample in samples:
        known = [i for i, (char, _) in enumerate(sample.groups) if char in CLASSES and len(char) == 1]
        if len(known) < 3:
            continue
        classes = np.array([CLASSES.index(sample.groups[i][0]) for i in known])
        boxes = [Box.around(np.concatenate(sample.glyph_paths(i))) for i in known]
        yield classes, np.array([[-box.y, -box.bottom] for box in boxes])


def _fitted(words: Sequence[Word]) -> tuple[Floats, Floats]:
    """Means and deviations of tops and bottoms, (62, 2) each; each word's line and the classes are fitted in turn."""
    usual = usual_extents()
    extents, spread = usual.copy(), np.full_like(usual, 0.2)
    for _ in range(_ROUNDS):
        placed: list[list[Floats]] = [[] for _ in CLASSES]
        for classes, seen in words:
            x, y = extents[classes].ravel(), seen.ravel()
            if np.ptp(x) < 0.1:
                continue
            scale, offset = np.polyfit(x, y, 1)
            if scale <= 0:
                continue
            for c, where in zip(classes.tolist(), (seen - offset) / scale, strict=True):
                placed[c].append(np.clip(where, -1.5, 2.5))
        for c, rows in enumerate(placed):
            count = len(rows)
            total = np.sum(rows, axis=0) if rows else np.zeros(2)
            extents[c] = (total + _PRIOR * usual[c]) / (count + _PRIOR)
            square = np.sum((np.array(rows) - extents[c]) ** 2, axis=0) if rows else np.zeros(2)
            spread[c] = np.maximum(np.sqrt((square + _PRIOR * 0.04) / (count + _PRIOR)), _LEAST_SPREAD)
        # capitals stay 1 high on a baseline of 0, or the scale would drift
        tall = [i for i, c in enumerate(CLASSES) if c.isupper() and c not in "JQ"]
        top, bottom = extents[tall].mean(axis=0)
        extents = (extents - bottom) / (top - bottom)
    return extents, spread
