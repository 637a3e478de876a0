"""The way of the pen, from a picture of it: thinning to one pixel, then tracing into polylines."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.ink import Polyline

_NEIGHBOURS = ((0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1))
"""x, y offsets clockwise from the top: Zhang and Suen's P2 … P9."""


def _removal_tables() -> NDArray[np.uint8]:
    """Which 8-neighbourhoods let a pixel go, for the two half-steps of Zhang & Suen (CACM 1984): (2, 256), 0 or 1.

    Bit i of the index is neighbour i of `_NEIGHBOURS`. The second condition is Lü & Wang's (CACM 1986), which keeps
    two-pixel-wide diagonals from vanishing.
    """
    tables = np.zeros((2, 256), np.uint8)
    for code in range(256):
        p = [code >> i & 1 for i in range(8)]
        rises = sum(p[i] == 0 and p[(i + 1) % 8] == 1 for i in range(8))
        if not (3 <= sum(p) <= 6 and rises == 1):
            continue
        top, right, bottom, left = p[0], p[2], p[4], p[6]
        if not (top and right and bottom) and not (right and bottom and left):
            tables[0, code] = 1
        if not (top and right and left) and not (top and bottom and left):
            tables[1, code] = 1
    return tables


_REMOVE = _removal_tables()
_WEIGHTS = np.zeros((3, 3), np.float32)
for _bit, (_x, _y) in enumerate(_NEIGHBOURS):
    _WEIGHTS[1 + _y, 1 + _x] = 1 << _bit


def _neighbourhoods(ones: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.filter2D(ones, cv2.CV_8U, _WEIGHTS, borderType=cv2.BORDER_CONSTANT), np.uint8)


def thin(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thins ink to centre lines one pixel wide, connected as the ink was (Zhang & Suen, CACM 1984).

    Args:
        mask: Shape (h, w), True where there is ink.

    Returns:
        Shape (h, w).
    """
    ones = np.pad(mask, 1).astype(np.uint8)
    changed = True
    while changed:
        changed = False
        for table in _REMOVE:
            going = table[_neighbourhoods(ones)] & ones
            if going.any():
                ones -= going
                changed = True
    return _with_lost_dots(ones[1:-1, 1:-1].astype(bool), mask)


def _with_lost_dots(lines: NDArray[np.bool_], mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Puts back one pixel of each piece that vanished: all four pixels of a square leave in the same half-step."""
    _, labels, _, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    lost = np.setdiff1d(np.arange(1, len(centres)), labels[lines])
    for label in lost.tolist():
        rows, columns = np.nonzero(labels == label)
        nearest = np.hypot(columns - centres[label][0], rows - centres[label][1]).argmin()
        lines[rows[nearest], columns[nearest]] = True
    return lines


def trace(skeleton: NDArray[np.bool_], spur: float) -> list[Polyline]:
    """Follows a one-pixel skeleton into polylines, one for each branch between ends and junctions.

    Args:
        skeleton: Shape (h, w), as `thin` returns.
        spur: Branches that end freely, at a junction on their other side, and are shorter than this many pixels are
            artefacts of thinning and left out.

    Returns:
        Polylines in pixels, smoothed; a lone pixel is a polyline of one point. Each row of pixels is (x, y).
    """
    rows, columns = np.nonzero(skeleton)
    pixels: list[tuple[int, int]] = list(zip(columns.tolist(), rows.tolist(), strict=True))
    near = _links(set(pixels), pixels)
    done: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    branches = []
    nodes = [p for p in pixels if len(near[p]) != 2]
    for start in nodes + pixels:  # the second round finds rings, which have no node
        for step in near[start]:
            if (start, step) not in done:
                branches.append(_walk(start, step, near, done))
    lone = [[p] for p in pixels if not near[p]]
    kept = [b for b in branches if not _is_spur(b, near, spur)] or branches
    return [_smooth(np.array(branch, np.float32)) for branch in kept + lone]


_Pixel = tuple[int, int]


def _links(ink: set[_Pixel], pixels: list[_Pixel]) -> dict[_Pixel, list[_Pixel]]:
    """The neighbours of each pixel; a diagonal one counts only where no straight neighbour leads there too."""
    near: dict[_Pixel, list[_Pixel]] = {}
    for x, y in pixels:
        links = []
        for dx, dy in _NEIGHBOURS:
            other = (x + dx, y + dy)
            if other in ink and not (dx and dy and ((x + dx, y) in ink or (x, y + dy) in ink)):
                links.append(other)
        near[x, y] = links
    return near


def _walk(
    start: _Pixel, step: _Pixel, near: dict[_Pixel, list[_Pixel]], done: set[tuple[_Pixel, _Pixel]]
) -> list[_Pixel]:
    """From a node along one branch to the next node, or round a ring back to its start."""
    branch = [start, step]
    while len(near[step]) == 2 and step != start:
        a, b = near[step]
        step = b if a == branch[-2] else a
        branch.append(step)
    for a, b in pairwise(branch):  # nobody need come the other way
        done.update(((a, b), (b, a)))
    return branch


def _is_spur(branch: list[_Pixel], near: dict[_Pixel, list[_Pixel]], spur: float) -> bool:
    degrees = sorted((len(near[branch[0]]), len(near[branch[-1]])))
    return degrees[0] == 1 and degrees[1] > 2 and len(branch) - 1 < spur


def _smooth(path: Polyline) -> Polyline:
    """Averages out the pixel staircase; the ends stay where they are."""
    if len(path) < 5:
        return path
    padded = np.concatenate([path[:1], path[:1], path, path[-1:], path[-1:]])
    smoothed: Polyline = np.stack([padded[i : len(path) + i] for i in range(5)]).mean(axis=0, dtype=np.float32)
    smoothed[[0, -1]] = path[[0, -1]]
    return smoothed
