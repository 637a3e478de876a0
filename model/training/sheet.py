"""Drawings side by side in one picture, for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Box
from model.training.inkdata import InkSample

COLOURS = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (86, 86, 86), (230, 159, 0))
"""Red, green and blue, 0 to 255, of the first, second, … glyph: told apart by the colour-blind too (Okabe & Ito)."""

_CELL = 360, 150
_COLUMNS = 4
_LABEL = 22
_EDGE = 8


def colours(sample: InkSample) -> dict[int, tuple[int, int, int]]:
    """The colour of each stroke, by its first true glyph; strokes of none are left out."""
    return {
        s: COLOURS[g % len(COLOURS)] for g, (_, strokes) in reversed(list(enumerate(sample.groups))) for s in strokes
    }


def sheet(samples: Sequence[InkSample]) -> NDArray[np.uint8]:
    """Draws every sample in its own cell, its glyphs coloured and its text above: shape (h, w, 3), uint8, BGR."""
    rows = -(-len(samples) // _COLUMNS)
    page = np.full((rows * _CELL[1], _COLUMNS * _CELL[0], 3), 255, np.uint8)
    for place, sample in enumerate(samples):
        row, column = divmod(place, _COLUMNS)
        cell = page[row * _CELL[1] : (row + 1) * _CELL[1], column * _CELL[0] : (column + 1) * _CELL[0]]
        _draw(cell, sample)
    return page


def _draw(cell: NDArray[np.uint8], sample: InkSample) -> None:
    box = Box.around(np.concatenate([stroke.points for stroke in sample.ink.strokes]))
    room = np.array([_CELL[0] - 2 * _EDGE, _CELL[1] - 2 * _EDGE - _LABEL])
    scale = float((room / np.maximum((box.width, box.height), 1)).min())
    tint = colours(sample)
    for s, stroke in enumerate(sample.ink.strokes):
        pixels = (stroke.points - (box.x, box.y)) * scale + (_EDGE, _EDGE + _LABEL)
        cv2.polylines(
            cell, [np.rint(pixels * 16).astype(np.int32)], False, tint.get(s, (0, 0, 0))[::-1], 2, cv2.LINE_AA, 4
        )
    title = f"{' / '.join(sample.text.splitlines())}   {sample.writer}"
    cv2.putText(cell, title, (_EDGE, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (120, 120, 120), 1)
