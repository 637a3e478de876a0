"""The way of the pen, from a picture of it: thinning to one pixel, then tracing into polylines."""

from __future__ import annotations

from itertools import cycle

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


_STAYS = 1 - _removal_tables()
_WEIGHTS = np.zeros((3, 3), np.float32)
for _bit, (_x, _y) in enumerate(_NEIGHBOURS):
    _WEIGHTS[1 + _y, 1 + _x] = 1 << _bit


_LINKED = [
    [bit for bit in range(8) if code >> bit & 1 and not (bit % 2 and (code >> (bit - 1) | code >> (bit + 1) % 8) & 1)]
    for code in range(256)
]
"""Bits of the neighbours that a pixel is linked with, for each 8-neighbourhood."""

_Pixel = int
"""Place of a pixel in the padded picture, row by row."""


def _padded(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """0 and 1, with a border of one pixel 0."""
    return np.asarray(cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _neighbourhoods(ones: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.filter2D(ones, cv2.CV_8U, _WEIGHTS, borderType=cv2.BORDER_CONSTANT), np.uint8)


def thin(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thins ink to centre lines one pixel wide, connected as the ink was (Zhang & Suen, CACM 1984).

    Args:
        mask: Shape (h, w), True where there is ink.

    Returns:
        Shape (h, w).
    """
    ones = _padded(mask)
    left, idle = cv2.countNonZero(ones), 0
    for stays in cycle(_STAYS):
        ones = np.asarray(cv2.bitwise_and(ones, cv2.LUT(_neighbourhoods(ones), stays)), np.uint8)
        before, left = left, cv2.countNonZero(ones)
        idle = idle + 1 if left == before else 0
        if idle == len(_STAYS):
            break
    return _with_lost_dots(ones[1:-1, 1:-1] != 0, mask)


def _with_lost_dots(lines: NDArray[np.bool_], mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Puts back one pixel of each piece that vanished: all four pixels of a square leave in the same half-step."""
    count, labels = cv2.connectedComponents(mask.view(np.uint8), connectivity=8)
    seen = np.zeros(count, np.bool_)
    seen[labels[lines]] = True
    if seen[1:].all():
        return lines
    # all at once: a picture may be full of such squares
    rows, columns = np.nonzero(mask & ~seen[labels])
    of = labels[rows, columns]
    size = np.maximum(np.bincount(of, minlength=count), 1)
    middle = [np.bincount(of, at, count) / size for at in (rows, columns)]
    away = np.hypot(rows - middle[0][of], columns - middle[1][of])
    order = np.lexsort((away, of))
    nearest = order[np.unique(of[order], return_index=True)[1]]
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
    width = skeleton.shape[1] + 2
    padded = _padded(skeleton)
    pixels: list[_Pixel] = np.flatnonzero(padded).tolist()
    near = _links(padded, pixels)
    branches = _branches(pixels, near)
    lone = [[p] for p in pixels if not near[p]]
    kept = [b for b in branches if not _is_spur(b, near, spur)] or branches
    return [_smooth(_coordinates(branch, width)) for branch in kept + lone]


def _coordinates(branch: list[_Pixel], width: int) -> Polyline:
    rows, columns = np.divmod(np.array(branch), width)
    return np.stack([columns - 1, rows - 1], axis=1).astype(np.float32)


def _links(padded: NDArray[np.uint8], pixels: list[_Pixel]) -> dict[_Pixel, list[_Pixel]]:
    """The neighbours of each pixel; a diagonal one counts only where no straight neighbour leads there too."""
    steps = [x + y * padded.shape[1] for x, y in _NEIGHBOURS]
    codes: list[int] = _neighbourhoods(padded).ravel()[pixels].tolist()
    ways = {code: [steps[bit] for bit in _LINKED[code]] for code in set(codes)}
    return {pixel: [pixel + step for step in ways[code]] for pixel, code in zip(pixels, codes, strict=True)}


def _branches(pixels: list[_Pixel], near: dict[_Pixel, list[_Pixel]]) -> list[list[_Pixel]]:
    """All ways from node to node, each once, and rings, which have no node."""
    branches = []
    back: set[tuple[_Pixel, _Pixel]] = set()  # ways that were walked from their other end
    seen: set[_Pixel] = set()
    for start in pixels:
        if len(near[start]) != 2:
            for step in near[start]:
                if (start, step) not in back:
                    branch = _walk(start, step, near)
                    back.add((branch[-1], branch[-2]))
                    seen.update(branch)
                    branches.append(branch)
    for start in pixels:
        if len(near[start]) == 2 and start not in seen:
            branch = _walk(start, near[start][0], near)
            seen.update(branch)
            branches.append(branch)
    return branches


def _walk(start: _Pixel, step: _Pixel, near: dict[_Pixel, list[_Pixel]]) -> list[_Pixel]:
    """From a node along one branch to the next node, or round a ring back to its start."""
    before, branch = start, [start, step]
    while len(near[step]) == 2 and step != start:
        a, b = near[step]
        before, step = step, b if a == before else a
        branch.append(step)
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
