"""Pictures → Ink: one picture a stroke or whole-canvas frames, turned into centre lines. `flat.py` has flat images."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.imagefile import PictureError, decode, disc, shrunk
from model.reading.ink import Ink, Polyline, Stroke, StrokeImage
from model.reading.skeleton import thin, trace

INK = 102
"""Coverage, of 255, from which a pixel is ink."""

_PEN_PIXELS = 5.0
"""Width in pixels that thick pens are shrunk to before thinning: finer detail costs time and tells nothing more."""

FINE_PEN_PIXELS = 16.0
"""The same where glyphs may touch: at 5 pixels lines that run together for a while meet in one point, and the corners
where glyphs lean on each other leave no spur, at which lines are parted."""

_SPUR = 1.5
"""Skeleton branches shorter than this many pen widths are artefacts."""

_MOST_CUTS = 3
"""Columns at which one piece of a flat image is cut at most."""

_BRIDGE = 1.8
"""Height, in pen widths, up to which the ink of a column may be all that joins two glyphs."""

_APART = 0.25
"""Least distance of two cuts, and of a cut from the end, in heights of the piece."""

_LONGEST_LINE = 8000
"""Pixels of centre line that a stroke is traced with at most; noise has more, and is traced at half the size."""

SPECK = 0.5
"""Ink smaller than this many squared pen widths is no stroke: in a frame it is left over from anti-aliasing."""

_MARGIN = 2
"""Pixels around a stroke that its picture shows too."""

_THIN = 0.6
"""Width, in pen widths, up to which a part of a new stroke is but its edge, beside older ink."""

_EDGE = 51
"""Coverage, of 255, from which a pixel is such an edge."""

_LONG = 0.6
"""Length of an edge in pen widths at least."""

_BEHIND = 0.75
"""How far a stroke reaches behind its edge, in pen widths."""

_LONGEST_REACH = 24
"""Pixels over which hidden ink is restored at most, however thick the pen."""


@dataclass(frozen=True)
class Picture:
    """An encoded picture and where it stands.

    Attributes:
        data: A PNG, JPEG or WebP file.
        x: Its left edge on the canvas, CSS pixels.
        y: Its top edge on the canvas, CSS pixels.
        start: When the stroke began, ms; None where unknown.
        end: When the stroke ended, ms; None where unknown.
    """

    data: bytes
    x: float = 0.0
    y: float = 0.0
    start: float | None = None
    end: float | None = None


def stroke_from_picture(picture: Picture, pixel_ratio: float = 1.0, index: int | None = None) -> Stroke | None:
    """Reads the picture of one stroke; None where it holds no ink.

    Args:
        picture: The stroke alone.
        pixel_ratio: Picture pixels per CSS pixel.
        index: The stroke's place in the request.

    Raises:
        PictureError: it cannot be decoded.
    """
    coverage = decode(picture.data)
    pen = pen_width(coverage >= INK)
    return stroke_from_coverage(coverage, pen, pixel_ratio, (picture.x, picture.y), index, picture.start, picture.end)


def ink_from_frames(frames: Iterable[Picture], pixel_ratio: float = 1.0) -> Ink:
    """Reads a sequence of whole-canvas pictures, each with one stroke more than the one before.

    A stroke is the ink that a frame has and the frame before had not. Where it crosses older ink nothing new is to be
    seen: there the ink between its pieces is given back to it. A frame without new ink is no stroke.

    Raises:
        PictureError: a frame cannot be decoded or differs in size from the first; its `index` tells which.
    """
    strokes = []
    before: NDArray[np.uint8] | None = None
    pen = 0.0
    for index, frame in enumerate(frames):
        try:
            coverage = decode(frame.data)
        except PictureError as error:
            raise PictureError(str(error), index) from error
        if before is None:
            before = np.zeros_like(coverage)
        elif before.shape != coverage.shape:
            was, now = (" × ".join(map(str, c.shape[::-1])) for c in (before, coverage))
            raise PictureError(f"is {now} pixels, the first frame is {was}", index)
        fresh = np.asarray(cv2.subtract(coverage, before), np.uint8)
        pen = pen or pen_width(fresh >= INK)
        fresh = _restored(fresh, coverage, pen)
        # frames carry only the end of a stroke; its beginning is not known
        stroke = stroke_from_coverage(fresh, pen, pixel_ratio, (frame.x, frame.y), index, frame.start, frame.end)
        if stroke is not None:
            strokes.append(stroke)
        before = np.maximum(before, coverage)
    return Ink(tuple(strokes))


def cut_columns(mask: NDArray[np.bool_], pen: float) -> list[int]:
    """Where a piece of ink may be two glyphs that touch: columns that one thin run of ink crosses.

    The lattice puts together again what was one glyph.

    Args:
        mask: One connected piece, shape (h, w).
        pen: Width of the pen, pixels.

    Returns:
        At most three columns, ascending, well apart and inside.
    """
    height, width = mask.shape
    apart = max(_APART * height, 2 * pen)
    if width < 2 * apart or height < 3 * pen:
        return []
    ones = mask.view(np.uint8)
    ink = _by_column(ones)
    runs = ones[0] + _by_column(np.asarray(cv2.compare(ones[1:], ones[:-1], cv2.CMP_GT), np.uint8)) // 255
    thin_enough = np.flatnonzero((runs == 1) & (ink <= _BRIDGE * pen))
    stretches = np.split(thin_enough, np.flatnonzero(np.diff(thin_enough) > 1) + 1)
    middles = [int(stretch[len(stretch) // 2]) for stretch in stretches if len(stretch)]
    chosen: list[int] = []
    for column in sorted(middles, key=lambda c: int(ink[c])):
        if all(abs(column - other) >= apart for other in (0, width, *chosen)):
            chosen.append(column)
    return sorted(chosen[:_MOST_CUTS])


def _by_column(picture: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The sum of each column."""
    return np.asarray(cv2.reduce(picture, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0], np.int32)


def pen_width(mask: NDArray[np.bool_]) -> float:
    """Width of the pen in pixels, 0 without ink: half of the ink lies along lines that are no wider.

    Where strokes run together they are wider, and what is no line weighs little: on the ridges of the distance to the
    edge each pixel stands for the ink beside it.
    """
    ones = mask.view(np.uint8)
    box = cv2.boundingRect(ones)
    if box[2] == 0:
        return 0.0
    distance = cv2.distanceTransform(_with_margin(ones, box, 1), cv2.DIST_L2, 5)
    ridge = (distance > 0) & (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)))
    half = np.sort(distance[ridge])
    ink = half.cumsum()
    return max(1.0, 2.0 * float(half[np.searchsorted(ink, ink[-1] / 2)]) - 1.0)


def _with_margin(picture: NDArray[np.uint8], box: Sequence[int], margin: int) -> NDArray[np.uint8]:
    """What a box (left, top, width, height) of a picture shows, and the pixels around it: 0 beyond its edge."""
    left, top, right, bottom = box[0] - margin, box[1] - margin, box[0] + box[2] + margin, box[1] + box[3] + margin
    inside = picture[max(top, 0) : bottom, max(left, 0) : right]
    above, before = max(-top, 0), max(-left, 0)
    below, after = bottom - top - above - inside.shape[0], right - left - before - inside.shape[1]
    return np.asarray(cv2.copyMakeBorder(inside, above, below, before, after, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _restored(fresh: NDArray[np.uint8], coverage: NDArray[np.uint8], pen: float) -> NDArray[np.uint8]:
    """Gives a new stroke back what older ink hides of it, and removes specks.

    Where it runs along older ink only its edge is new: there the older ink beside that edge is its own too. Pieces that
    stand within some pen widths of each other are joined (a morphological closing), but only over ink that is really
    there.
    """
    out = np.zeros_like(coverage)
    left, top, width, height = cv2.boundingRect((fresh >= INK).view(np.uint8))
    if width == 0:
        return out
    reach = min(_LONGEST_REACH, max(2, round(1.6 * pen)))
    rows = slice(max(0, top - reach), top + height + reach)
    columns = slice(max(0, left - reach), left + width + reach)
    fresh, coverage = fresh[rows, columns], coverage[rows, columns]
    mask = (fresh >= INK).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    speck = areas < SPECK * pen * pen
    if speck[1:].all():  # a dot made with a finer pen, or nothing at all
        speck = areas < 3
    lasting = ~speck
    lasting[0] = False
    own = cv2.bitwise_or(lasting[labels].view(np.uint8), _behind_edges(fresh, mask, pen))
    kept = np.where(own, coverage, 0).astype(np.uint8)
    padded = cv2.copyMakeBorder(kept, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc(reach))[reach:-reach, reach:-reach]
    out[rows, columns] = cv2.max(kept, cv2.min(closed, coverage))
    return out


def _behind_edges(fresh: NDArray[np.uint8], mask: NDArray[np.uint8], pen: float) -> NDArray[np.uint8]:
    """Where a stroke runs along older ink: within a pen's width of those long, thin parts of the new ink, 0 or 1."""
    around = disc(max(1, round(_THIN * pen / 2)))
    bold = cv2.dilate(cv2.morphologyEx(mask, cv2.MORPH_OPEN, around), around)
    thin = np.where(bold, 0, fresh >= _EDGE).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(thin, connectivity=8)
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    chosen = longest >= _LONG * pen
    chosen[0] = False
    if not chosen.any():
        return np.zeros_like(mask)
    return np.asarray(cv2.dilate(chosen[labels].view(np.uint8), disc(round(_BEHIND * pen))), np.uint8)


def stroke_from_coverage(
    coverage: NDArray[np.uint8],
    pen: float,
    pixel_ratio: float,
    corner: tuple[float, float],
    index: int | None,
    start: float | None,
    end: float | None,
) -> Stroke | None:
    """Coverage of one stroke → its centre lines on the canvas; None without ink."""
    box = cv2.boundingRect((coverage >= INK).view(np.uint8))
    if box[2] == 0:
        return None
    # a margin keeps the soft edge, without which shrinking would wear the stroke away
    coverage = _with_margin(coverage, box, _MARGIN)
    x, y = corner[0] + (box[0] - _MARGIN) / pixel_ratio, corner[1] + (box[1] - _MARGIN) / pixel_ratio
    placed = tuple(on_canvas(path, pixel_ratio, (x, y)) for path in traced(coverage, pen))
    image = StrokeImage(coverage, x, y, pixel_ratio, pen / pixel_ratio)
    return Stroke(placed, index, start, end, image) if placed else None


def traced(coverage: NDArray[np.uint8], pen: float, detail: float = _PEN_PIXELS) -> list[Polyline]:
    """The centre lines of ink, between its ends and crossings: pixels of `coverage`, shape (h, w).

    Args:
        coverage: The ink.
        pen: Width of the pen, pixels.
        detail: Width in pixels that a thicker pen is shrunk to first.
    """
    shrink = min(1.0, detail / pen)
    small = shrunk(coverage, shrink)
    while np.count_nonzero(lines := thin(small >= INK)) > _LONGEST_LINE:
        shrink /= 2
        small = shrunk(coverage, shrink)
    step = np.array([coverage.shape[1] / small.shape[1], coverage.shape[0] / small.shape[0]], np.float32)
    return [(path + np.float32(0.5)) * step for path in trace(lines, _SPUR * pen * shrink)]


def on_canvas(path: Polyline, pixel_ratio: float, corner: tuple[float, float]) -> Polyline:
    """From pixels of a picture whose `corner` is there to CSS pixels of the canvas."""
    return np.asarray(path / pixel_ratio + np.asarray(corner, np.float32), np.float32)
