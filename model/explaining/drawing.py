"""The ink as SVG: coloured by glyph, with boxes and stroke numbers; what was rejected is hatched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import count

import numpy as np

from model.explaining.explanation import Explanation
from model.explaining.markup import element, plain
from model.reading.ink import Box, Ink, Stroke
from model.reading.segment import Hypothesis

COLOURS = 6
"""Glyphs are coloured in turn: neighbours differ, and a label tells the rest."""

_SHOWN = 130.0
"""Height that a usual glyph is drawn with, pixels of the page."""

_PEN = 4.5
"""Width of a pen that nothing is known of, the same."""

_MARGIN = 30.0


def stroke_names(ink: Ink) -> list[str]:
    """What each stroke is called: its place in the request, or in a flat image; pieces of a torn one by letters too.

    >>> stroke_names(Ink(tuple(Stroke((np.zeros((1, 2), np.float32),), i) for i in (0, 1, 1))))
    ['0', '1a', '1b']
    """
    places = [position if stroke.index is None else stroke.index for position, stroke in enumerate(ink.strokes)]
    pieces = Counter(places)
    letters = {place: map(_letters, count()) for place in pieces}
    return [f"{place}{next(letters[place])}" if pieces[place] > 1 else str(place) for place in places]


def _letters(n: int) -> str:
    return (_letters(n // 26 - 1) if n > 25 else "") + chr(ord("a") + n % 26)


def strokes_told(hypothesis: Hypothesis, names: Sequence[str]) -> str:
    """The strokes of a hypothesis in words, by their names."""
    said = ("strokes " if len(hypothesis.strokes) > 1 else "stroke ") + ", ".join(names[s] for s in hypothesis.strokes)
    return f"{said} over {', '.join(names[s] for s in hypothesis.under)}" if hypothesis.under else said


def glyph_class(position: int, label: str | None) -> str:
    """The CSS class that colours a glyph of the answer."""
    return "rejected" if label is None else f"g{position % COLOURS}"


def ink_classes(explanation: Explanation) -> list[str]:
    """The CSS class of each stroke: that of its glyph of the answer, and "under" where that was written over it;
    "loose" where it is in none."""
    trace = explanation.trace
    classes = ["loose"] * len(trace.ink.strokes)
    for i, (h, label) in enumerate(zip(explanation.answer.path.hypotheses, explanation.labels, strict=True)):
        hypothesis = trace.cuts.hypotheses[h]
        for stroke in hypothesis.explained:
            classes[stroke] = glyph_class(i, label) + (" under" if stroke in hypothesis.under else "")
    return classes


def stroke_svg(stroke: Stroke, scale: float, origin: tuple[float, float], pen: float, kind: str) -> str:
    """The paths of a stroke, `scale` times as large and shifted by `origin`, as one SVG path."""
    width = max(pen, stroke.image.pen * scale) if stroke.image else pen
    shifted = ((path - np.asarray(origin, np.float32)) * scale for path in stroke.paths)
    ways = " ".join("M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in _twice(path).tolist()) for path in shifted)
    return element("path", d=ways, stroke_width=f"{width:.1f}", class_=f"ink {kind}")


def _twice(
    path: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """A path that can be seen: a dot goes to itself."""
    return np.repeat(path, 2, axis=0) if len(path) == 1 else path


def ink_svg(explanation: Explanation) -> str:
    """The whole drawing."""
    trace = explanation.trace
    if not trace.ink.strokes:
        return element("p", "There is no ink.", class_="note")
    bounds = Box.around(np.concatenate([stroke.points for stroke in trace.ink.strokes]))
    scale = _SHOWN / max(trace.cuts.height, 1e-6)
    # a single long dash has no height to speak of
    scale = min(scale, 1600 / max(bounds.width, 1e-6), 800 / max(bounds.height, 1e-6))
    origin = bounds.x - _MARGIN / scale, bounds.y - _MARGIN / scale
    parts = [_HATCH]
    glyphs = zip(explanation.answer.path.hypotheses, explanation.labels, strict=True)
    for i, (h, label) in enumerate(glyphs):
        parts.append(_box(trace.cuts.hypotheses[h].box, scale, origin, glyph_class(i, label), label))
    kinds, names = ink_classes(explanation), stroke_names(trace.ink)
    parts += [stroke_svg(s, scale, origin, _PEN, kind) for s, kind in zip(trace.ink.strokes, kinds, strict=True)]
    parts += [_number(s, name, scale, origin) for s, name in zip(trace.ink.strokes, names, strict=True)]
    width, height = bounds.width * scale + 2 * _MARGIN, bounds.height * scale + 2 * _MARGIN
    return svg(parts, width, height, f"The drawing, read as {trace.reading.text}", fitted=width < 700)


def svg(parts: Sequence[str], width: float, height: float, title: str, fitted: bool) -> str:
    """A figure of its natural size, in a box that scrolls; `fitted` ones shrink to the page instead."""
    drawn = element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_label=title,
        class_="fitted" if fitted else "long",
    )
    return element("div", drawn, class_="wide figure", tabindex=0)


def _box(box: Box, scale: float, origin: tuple[float, float], kind: str, label: str | None) -> str:
    pad = 7.0
    x, y = (box.x - origin[0]) * scale - pad, (box.y - origin[1]) * scale - pad
    width, height = box.width * scale + 2 * pad, box.height * scale + 2 * pad
    frame = element(
        "rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{height:.1f}", rx=4, class_=f"box {kind}"
    )
    return frame + element("text", plain(label or "none"), x=f"{x + 1:.1f}", y=f"{y - 4:.1f}", class_=f"label {kind}")


def _number(stroke: Stroke, name: str, scale: float, origin: tuple[float, float]) -> str:
    """The stroke's name in a small disc where the pen touched down."""
    x, y = ((stroke.points[0] - np.asarray(origin, np.float32)) * scale).tolist()
    radius = 7.0 + 2 * (len(name) - 1)
    disc = element("ellipse", cx=f"{x:.1f}", cy=f"{y:.1f}", rx=f"{radius:.1f}", ry=7, class_="disc")
    return disc + element("text", plain(name), x=f"{x:.1f}", y=f"{y + 3.6:.1f}", class_="number")


_HATCH = element(
    "defs",
    element(
        "pattern",
        element("rect", width=5, height=5, class_="tint"),
        element("path", d="M0,0 L0,5", class_="line"),
        id="hatch",
        width=5,
        height=5,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    ),
)
"""Paint for ink that is no character; used by all figures of the page."""
