"""Drawings that break other readers, made of any writer's own characters, and drawings of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.benchmarks.specimens import timed
from model.reading.ink import Box, Ink, Polyline
from model.reading.pictures import ink_from_frames
from model.training.doodles import doodle
from model.training.forms import FORMS, PIXEL_RATIO, frames_of
from model.training.geometry import contact
from model.training.hands import Hand, chosen, standing
from model.training.inkdata import InkSample
from model.training.synthesis import Paths
from model.training.writing import Style, compose

_HEIGHT = 80.0
_GAPS = 0.1, 0.25


@dataclass(frozen=True)
class Drawing(InkSample):
    """A drawing of a known kind, and what becomes of it on its way.

    Attributes:
        kind: Which of the drawings.
        edge: The x of the canvas's right edge, CSS pixels; pictures show nothing beyond.
        repeats: Whether its first frame is sent twice.
    """

    kind: str = ""
    edge: float | None = None
    repeats: bool = False


def shown(sample: InkSample, form: str) -> Ink:
    """What is read from a sample in one of `FORMS`, with what happens to a `Drawing` on its way."""
    ink = sample.ink
    if isinstance(sample, Drawing) and form != "points" and sample.edge is not None:
        ink = _cropped(ink, sample.edge)
    if isinstance(sample, Drawing) and form == "frames" and sample.repeats:
        first, *others = frames_of(ink)
        read = ink_from_frames([first, first, *others], PIXEL_RATIO)
        return Ink(tuple(replace(s, index=max(0, s.index - 1)) for s in read.strokes if s.index is not None))
    return FORMS[form](ink)


def _cropped(ink: Ink, edge: float) -> Ink:
    return Ink(tuple(replace(s, paths=tuple(path[path[:, 0] <= edge] for path in s.paths)) for s in ink.strokes))


def _with_strokes(hand: Hand, char: str, count: int) -> Hand:
    """The hand with only those examples of `char` that have so many strokes; without it where there are none."""
    found = [glyph for glyph in hand.get(char, []) if len(glyph) == count]
    return {**hand, char: found} if found else {c: glyphs for c, glyphs in hand.items() if c != char}


def _flattest(glyph: Paths) -> int:
    boxes = [Box.around(path) for path in glyph]
    return max(range(len(glyph)), key=lambda i: boxes[i].width / (boxes[i].height + 1))


def _drawing(glyphs: Sequence[Paths], text: str) -> Drawing:
    """Glyphs that stand where they shall, drawn one after the other."""
    counts = np.cumsum([0, *(len(glyph) for glyph in glyphs)])
    groups = tuple((c, tuple(range(a, b))) for c, a, b in zip(text, counts, counts[1:], strict=False))
    return Drawing("", "", text, groups, timed([path for glyph in glyphs for path in glyph]))


def _composed(text: str, hand: Hand, rng: np.random.Generator, style: Style) -> Drawing:
    sample = compose(text, hand, rng, style)
    return Drawing(sample.name, sample.writer, sample.text, sample.groups, sample.ink)


def _touching(hand: Hand, rng: np.random.Generator) -> Drawing:
    return _composed("00", hand, rng, Style(touching=True))


def _overhanging(hand: Hand, rng: np.random.Generator) -> Drawing:
    seven = standing(chosen(hand, "7", rng), _HEIGHT, 0, _HEIGHT)
    one = standing(chosen(hand, "1", rng), 0.88 * _HEIGHT, 0, _HEIGHT)
    right = max(float(path[:, 0].max()) for path in seven)
    move = max(right - 0.12 * _HEIGHT, contact(seven, one, 1.0) + 0.04 * _HEIGHT)
    return _drawing([seven, [path + np.array([move, 0], np.float32) for path in one]], "71")


def _backwards(text: str) -> Callable[[Hand, np.random.Generator], Drawing]:
    return lambda hand, rng: _composed(text, hand, rng, Style(_GAPS, backwards=True))


def _late_bar(hand: Hand, rng: np.random.Generator) -> Drawing:
    """Whoever draws no bar is given one."""
    seven = max(hand["7"], key=len)
    if len(seven) == 1:
        box = Box.around(seven[0])
        stem = seven[0][np.abs(seven[0][:, 1] - (box.y + 0.5 * box.height)).argmin()]
        reach = np.array([0.22 * box.height, 0])
        seven = [*seven, np.linspace(stem - reach, stem + reach, 8).astype(np.float32)]
    return _composed("72", {**hand, "7": [seven]}, rng, Style(_GAPS, late=1.0))


def _repeated(hand: Hand, rng: np.random.Generator) -> Drawing:
    return replace(_composed("12", hand, rng, Style(_GAPS)), repeats=True)


def _long_bar(hand: Hand, rng: np.random.Generator) -> Drawing:
    five = standing(chosen(_with_strokes(hand, "5", 2), "5", rng), _HEIGHT, 0, _HEIGHT)
    four = chosen(_with_strokes(hand, "4", 2), "4", rng)
    bar = _flattest(five)
    body = Box.around(five[1 - bar])
    start, width = five[bar].min(axis=0), float(np.ptp(five[bar][:, 0]))
    longer = (body.right + 0.2 * _HEIGHT - start[0]) / max(width, 1.0)
    five[bar] = (start + (five[bar] - start) * np.array([max(1.0, longer), 1.0])).astype(np.float32)
    glyphs = [five]
    for glyph, gap in ((four, 0.03), (chosen(hand, "3", rng), 0.15)):
        right = max(float(path[:, 0].max()) for path in glyphs[-1])
        glyphs.append(standing(glyph, _HEIGHT, right + gap * _HEIGHT, _HEIGHT))
    return _drawing(glyphs, "543")


def _off_the_canvas(hand: Hand, rng: np.random.Generator) -> Drawing:
    drawn = _composed("123", hand, rng, Style(_GAPS))
    last = Box.around(drawn.ink.strokes[-1].points)
    return replace(drawn, edge=last.right - 0.1 * last.width)


def _dot_beside(hand: Hand, rng: np.random.Generator) -> Drawing:
    glyph = standing(chosen(_with_strokes(hand, "i", 2), "i", rng), _HEIGHT, 0, _HEIGHT)
    dot, stem = sorted(glyph, key=lambda path: float(np.ptp(path[:, 1])))
    if dot[:, 1].mean() > stem[:, 1].mean():
        raise KeyError("i")  # a slip of the pen, not a dot
    box = Box.around(stem)
    move = box.right + rng.uniform(0.05, 0.2) * box.height - float(dot[:, 0].min())
    return _drawing([[stem, dot + np.array([move, 0], np.float32)]], "i")


DRAWINGS: dict[str, Callable[[Hand, np.random.Generator], Drawing]] = {
    "two 0 touching": _touching,
    "7 over 1": _overhanging,
    "321 from the right": _backwards("321"),
    "42 from the right": _backwards("42"),
    "bar of the 7 after the 2": _late_bar,
    "a frame twice": _repeated,
    "5 with a long bar, 4, 3": _long_bar,
    "off the canvas": _off_the_canvas,
    "i, its dot beside": _dot_beside,
}
"""Each raises KeyError where the hand has no such characters."""


def straight(x1: float, y1: float, x2: float, y2: float) -> Polyline:
    """A straight stroke of twelve points, CSS pixels."""
    return np.linspace((x1, y1), (x2, y2), 12).astype(np.float32)


def scribble(rng: np.random.Generator) -> Polyline:
    """A long walk to nowhere: shape (60, 2)."""
    return np.cumsum(rng.normal(0, 18, (60, 2)), axis=0).astype(np.float32)


def _dash(rng: np.random.Generator) -> Polyline:
    return straight(40, 60, 40 + rng.uniform(40, 100), 60 + rng.uniform(-5, 5))


def _spiral(rng: np.random.Generator) -> Polyline:
    turn = np.linspace(0, rng.uniform(6, 8) * np.pi, 120)
    return np.column_stack([100 + 2 * turn * np.cos(turn), 100 + 2 * turn * np.sin(turn)]).astype(np.float32)


NOTHING: dict[str, Callable[[np.random.Generator], Paths]] = {
    "blank": lambda _: [],
    "single dot": lambda rng: [rng.uniform(20, 80, (1, 2)).astype(np.float32)],
    "dash": lambda rng: [_dash(rng)],
    "scribble": lambda rng: [scribble(rng)],
    "spiral": lambda rng: [_spiral(rng)],
}
"""Nothing that anyone would read."""


def nothing(kind: str, paths: Paths) -> Drawing:
    """A drawing whose right answer is no character."""
    return Drawing(kind, "nobody", "", (), timed(paths), kind)


def breaking(hands: Sequence[tuple[str, Hand]], rng: np.random.Generator) -> Iterator[Drawing]:
    """Every kind of drawing by every hand that has its characters, and as many of each kind of nothing.

    Args:
        hands: Writers and their characters.
        rng: Source of chance.
    """
    for kind, make in DRAWINGS.items():
        for writer, hand in hands:
            try:
                made = make(hand, rng)
            except KeyError:
                continue
            yield replace(made, name=kind, writer=writer, kind=kind)
    for kind, draw in NOTHING.items():
        yield from (nothing(kind, draw(rng)) for _ in hands)


def junk(count: int, rng: np.random.Generator) -> Iterator[Drawing]:
    """Doodles of the kinds that the net was trained on, then scribbles of two to seven strokes, which it was not.

    Args:
        count: How many of either.
        rng: Source of chance.
    """
    for _ in range(count):
        yield nothing("doodle", doodle(rng))
    for _ in range(count):
        walks = [scribble(rng)[: int(rng.integers(8, 40))] for _ in range(int(rng.integers(2, 8)))]
        yield nothing("strokes", [walk - walk.mean(axis=0) + rng.normal(0, 25, 2) for walk in walks])
