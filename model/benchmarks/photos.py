"""Drawings as a camera or a scanner brings them: on paper, then worn by one thing or by all, by our own code.

Chance is seeded by the drawing's name: it always looks the same.
"""

from __future__ import annotations

import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.benchmarks.tally import Outcome, touches
from model.reading.alphabet import AlphabetChoice
from model.reading.flat import ink_from_image
from model.reading.ink import Ink
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.forms import PEN, PIXEL_RATIO
from model.training.inkdata import InkSample

Photo = NDArray[np.uint8]
"""Shape (h, w, 3), blue, green and red, 0 to 255."""

_PAPER = 238
_INK = (60, 45, 40)
"""Blue, green and red of a dark pen."""
_MARGIN = 0.5, 1.2
"""Empty paper around the ink, in heights of the drawing."""
_LEAST_HEIGHT = 40.0
_APRON = 0.1
"""Of the longer side: half of what turning by 10° brings in from beyond the edge is 0.09."""
_LINE = 2, 3
"""Pixels that ruled lines are thick."""
_SUBPIXEL_BITS = 4
_TINTS = ((205, 170, 150), (190, 190, 150), (180, 120, 90), (170, 165, 165), (130, 130, 130))
"""What paper is ruled with, pale or not: blue, green, blue, grey, grey."""


Step = Callable[[Photo, np.random.Generator], Photo]
Ruling = Callable[[Photo, float, np.random.Generator], None]
"""Draws on blank paper, given the height of the writing in pixels."""


@dataclass(frozen=True)
class Wear:
    """What happens to a drawing on its way into a file.

    Attributes:
        ruling: What the paper bears before anything is written on it.
        steps: What happens to the picture, in this order.
        quality: Of the JPEG file, 0 to 100; None for a PNG file.
        pen: Its width, CSS pixels.
    """

    ruling: Ruling | None = None
    steps: tuple[Step, ...] = ()
    quality: int | None = None
    pen: float = PEN


def photo(sample: InkSample, wear: str) -> bytes:
    """A picture file of a drawing on paper, worn as `WEARS` has it; two pixels to a CSS pixel."""
    rng = np.random.default_rng(zlib.crc32(f"{sample.name} {wear}".encode()))
    how = WEARS[wear]
    pixels, apron = _on_paper(sample.ink, how, rng)
    for step in how.steps:
        pixels = step(pixels, rng)
    pixels = np.ascontiguousarray(pixels[apron:-apron, apron:-apron])
    if how.quality is None:
        return cv2.imencode(".png", pixels)[1].tobytes()
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, how.quality])[1].tobytes()


def _on_paper(ink: Ink, how: Wear, rng: np.random.Generator) -> tuple[Photo, int]:
    """The drawing on paper, and how many pixels of it, on each side, no picture shows: room for being turned."""
    points = np.concatenate([stroke.points for stroke in ink.strokes]) * PIXEL_RATIO
    low, high = points.min(axis=0), points.max(axis=0)
    height = max(float(high[1] - low[1]), _LEAST_HEIGHT)
    margins = height * rng.uniform(*_MARGIN, size=4)
    width, depth = np.ceil(high - low + margins[:2] + margins[2:]).astype(int)
    apron = 1 + int(_APRON * max(width, depth))
    margins, width, depth = margins + apron, width + 2 * apron, depth + 2 * apron
    paper = np.full((depth, width, 3), _PAPER, np.uint8)
    if how.ruling is not None:
        how.ruling(paper, height, rng)
    coverage = np.zeros((depth, width), np.uint8)
    for stroke in ink.strokes:
        placed = (stroke.points * PIXEL_RATIO - low + margins[:2]) * (1 << _SUBPIXEL_BITS)
        way = np.rint(np.concatenate([placed, placed[-1:]])).astype(np.int32)  # of one point nothing would be drawn
        cv2.polylines(coverage, [way], False, 255, round(how.pen * PIXEL_RATIO), cv2.LINE_AA, _SUBPIXEL_BITS)
    share = coverage[..., None] / 255
    return np.asarray(np.rint(paper * (1 - share) + np.minimum(_INK, paper) * share), np.uint8), apron


def _ruled(paper: Photo, height: float, rng: np.random.Generator) -> None:
    pitch = height * rng.uniform(0.8, 1.4)
    _rule(paper, float(rng.uniform(0, pitch)), pitch, _tint(rng), _thick(rng), along=0)


def _squared(paper: Photo, height: float, rng: np.random.Generator) -> None:
    pitch, tint, thick = height * rng.uniform(0.35, 0.7), _tint(rng), _thick(rng)
    for along in (0, 1):
        _rule(paper, float(rng.uniform(0, pitch)), pitch, tint, thick, along)


def _tint(rng: np.random.Generator) -> tuple[int, ...]:
    return _TINTS[int(rng.integers(len(_TINTS)))]


def _thick(rng: np.random.Generator) -> int:
    return int(rng.integers(_LINE[0], _LINE[1] + 1))


def _rule(paper: Photo, start: float, pitch: float, tint: tuple[int, ...], thick: int, along: int) -> None:
    """Lines across the whole paper, beneath each other (along 0) or side by side (1)."""
    for at in np.arange(start, paper.shape[along], pitch).astype(int):
        line = slice(at, at + thick)
        paper[line if along == 0 else slice(None), line if along == 1 else slice(None)] = tint


def _shadow(pixels: Photo, rng: np.random.Generator) -> Photo:
    """Light that falls off to one side, and the soft edge of something that stands in it."""
    depth, width = pixels.shape[:2]
    y, x = np.mgrid[0:depth, 0:width].astype(np.float32)
    side = rng.uniform(0, 2 * np.pi)
    way = ((x - width / 2) * np.cos(side) + (y - depth / 2) * np.sin(side)) / max(width, depth)
    light = 1 - rng.uniform(0.2, 0.5) * (way + 0.5)
    turn = side + rng.uniform(-1, 1)
    edge = (x - rng.uniform(0.2, 0.8) * width) * np.cos(turn) + (y - rng.uniform(0.2, 0.8) * depth) * np.sin(turn)
    dark = rng.uniform(0.3, 0.5) / (1 + np.exp(-edge / (rng.uniform(0.01, 0.06) * max(width, depth))))
    return _lit(pixels, light * (1 - dark))


def _lit(pixels: Photo, light: NDArray[np.floating]) -> Photo:
    return np.asarray(np.clip(np.rint(pixels * light[..., None]), 0, 255), np.uint8)


def _noisy(pixels: Photo, rng: np.random.Generator) -> Photo:
    """A lens that is a little soft, and the noise of a sensor."""
    soft = cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.5, 1.2)))
    return np.asarray(np.clip(soft + rng.normal(0, rng.uniform(3, 8), soft.shape), 0, 255), np.uint8)


def _skewed(least: float, most: float) -> Step:
    """Turned either way by so many degrees."""

    def turn(pixels: Photo, rng: np.random.Generator) -> Photo:
        depth, width = pixels.shape[:2]
        angle = float(rng.uniform(least, most) * rng.choice([-1, 1]))
        spill = abs(np.sin(np.radians(angle)))
        room = int(width * spill) // 2 + 1, int(depth * spill) // 2 + 1
        wider = cv2.copyMakeBorder(pixels, room[0], room[0], room[1], room[1], cv2.BORDER_REPLICATE)
        matrix = cv2.getRotationMatrix2D((wider.shape[1] / 2, wider.shape[0] / 2), angle, 1.0)
        turned = cv2.warpAffine(
            wider, matrix, wider.shape[1::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(turned, np.uint8)

    return turn


def _any_paper(paper: Photo, height: float, rng: np.random.Generator) -> None:
    (_ruled, _squared)[int(rng.integers(2))](paper, height, rng)


WEARS: dict[str, Wear] = {
    "clean": Wear(),
    "shadow": Wear(steps=(_shadow,)),
    "ruled paper": Wear(ruling=_ruled),
    "squared paper": Wear(ruling=_squared),
    "jpeg": Wear(steps=(_noisy,), quality=30),
    "skew 5": Wear(steps=(_skewed(5, 5),)),
    "skew 10": Wear(steps=(_skewed(10, 10),)),
    "fine pen": Wear(pen=PEN / 2),
    "felt tip": Wear(pen=PEN * 2),
    "all": Wear(ruling=_any_paper, steps=(_skewed(0, 10), _shadow, _noisy), quality=50),
}
"""What pictures are judged by, one thing at a time and then together."""


def measure_photos(
    recognizer: Recognizer, samples: Iterable[InkSample], alphabet: AlphabetChoice
) -> dict[str, list[Outcome]]:
    """Reads a photo of every sample worn in every way: the outcomes by wear, in the samples' order.

    Args:
        recognizer: What is measured.
        samples: Drawings with their truth, each of some ink.
        alphabet: What the reader is told.
    """
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    for sample in samples:
        touching = touches(sample)
        for wear in WEARS:
            data = photo(sample, wear)
            started = time.perf_counter()
            ink = ink_from_image(data, PIXEL_RATIO)
            trace = recognizer.trace(ink, Options(alphabet=alphabet))
            took = (time.perf_counter() - started) * 1000
            outcomes[wear].append(Outcome.of(sample, touching, trace, True, took))
    return outcomes
