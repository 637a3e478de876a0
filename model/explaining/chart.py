"""The lattice as SVG: pieces of ink on an axis, and a bar for every hypothesis over the pieces that it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, pairwise

from model.explaining.drawing import glyph_class, ink_classes, stroke_names, stroke_svg, strokes_told, svg
from model.explaining.explanation import PARTS, Explanation, parts_of
from model.explaining.markup import element, number, plain
from model.reading.ink import Box
from model.reading.segment import Hypothesis

_COLUMN = 76
_LANE = 26
_HEAD = 74
"""Height of the axis, with a picture of each piece."""
_MARGIN = 8
_FADE = 4.0
"""Log units, a piece, by which a hypothesis must be worse to be drawn e times as pale."""


def lattice_svg(explanation: Explanation) -> str:
    """Every hypothesis of the alphabet that was read with; the answer's way on top, then its rival's."""
    trace, lattice = explanation.trace, explanation.answer.reader.lattice
    if not trace.cuts.hypotheses:
        return element("p", "There is nothing to cut.", class_="note")
    lanes = _lanes(explanation)
    best = {h: i for i, h in enumerate(explanation.answer.path.hypotheses)}
    rival = _rival_cut(explanation)
    parts = [*_axis(explanation)]
    for lane, members in enumerate(lanes):
        for h in members:
            kind = "hypothesis"
            if h in best:
                kind = f"best {glyph_class(best[h], explanation.labels[best[h]])}"
            elif h in rival:
                kind = "hypothesis runner-up"
            parts.append(_bar(explanation, h, _HEAD + lane * _LANE, kind))
    width = 2 * _MARGIN + _COLUMN * trace.cuts.primitives
    title = f"The lattice: {len(trace.cuts.hypotheses)} hypotheses over {trace.cuts.primitives} pieces of ink"
    return svg(
        parts, width, _HEAD + len(lanes) * _LANE + _MARGIN, f"{title}, alphabet {lattice.alphabet}", fitted=False
    )


def _rival_cut(explanation: Explanation) -> frozenset[int]:
    """The hypotheses of the best rival that cuts differently."""
    best = explanation.answer.path.hypotheses
    cuts = [rival.way.path.hypotheses for rival in explanation.rivals if rival.way.path.hypotheses != best]
    return frozenset(cuts[0]) - frozenset(best) if cuts else frozenset()


def _lanes(explanation: Explanation) -> list[list[int]]:
    """The hypotheses of each row: the best way, its rival where it differs, then the others, the best first."""
    hypotheses, edges = explanation.trace.cuts.hypotheses, explanation.answer.reader.lattice.edges
    best, rival = explanation.answer.path.hypotheses, _rival_cut(explanation)
    lanes = [sorted(best), sorted(rival)] if rival else [sorted(best)]
    kept = len(lanes)
    taken: list[set[int]] = []  # columns, by row
    others = [h for h in range(len(hypotheses)) if h not in best and h not in rival]
    for h in sorted(others, key=lambda h: -edges[h] / len(hypotheses[h].primitives)):
        columns = range(hypotheses[h].primitives[0], hypotheses[h].primitives[-1] + 1)
        free = next((row for row, used in enumerate(taken) if used.isdisjoint(columns)), len(taken))
        if free == len(taken):
            taken.append(set())
            lanes.append([])
        taken[free].update(columns)
        lanes[kept + free].append(h)
    return lanes


def _axis(explanation: Explanation) -> list[str]:
    """The pieces in order, each as it was drawn, over the numbers of its strokes."""
    trace = explanation.trace
    names, kinds = stroke_names(trace.ink), ink_classes(explanation)
    room, scale = _COLUMN - 22, 36 / max(trace.cuts.height, 1e-6)
    drawn = []
    for primitive, piece in enumerate(trace.cuts.pieces):
        left = _MARGIN + primitive * _COLUMN
        box = Box.over(trace.ink.strokes[s].box for s in piece)
        fit = min(scale, room / max(box.width, 1e-6), 44 / max(box.height, 1e-6))
        origin = (
            box.x + box.width / 2 - (left + _COLUMN / 2) / fit,
            box.y + box.height / 2 - 28 / fit,
        )
        drawn += [stroke_svg(trace.ink.strokes[s], fit, origin, 2.0, kinds[s]) for s in piece]
        label = "+".join(names[s] for s in piece)
        drawn.append(element("text", plain(label), x=left + _COLUMN // 2, y=_HEAD - 8, class_="axis"))
    return drawn


def _bar(explanation: Explanation, index: int, y: int, kind: str) -> str:
    """A block for each run of pieces that it takes, joined by a line, with its label, score and a tooltip."""
    lattice = explanation.answer.reader.lattice
    hypothesis = lattice.cuts.hypotheses[index]
    score = float(lattice.edges[index])
    runs = _runs(hypothesis.primitives)
    middle = y + _LANE / 2 - 1
    drawn = []
    for (_, last), (first, _) in pairwise(runs):
        drawn.append(
            element("path", d=f"M{_left(last) + _COLUMN - 4},{middle} L{_left(first)},{middle}", class_="joint")
        )
    for first, last in runs:
        width = (last - first + 1) * _COLUMN - 4
        drawn.append(element("rect", x=_left(first), y=y + 1, width=width, height=_LANE - 5, rx=5))
    label = _label(explanation, index)
    text = f"{label} {number(score, 1)}"
    drawn.append(element("text", plain(text), x=_left(runs[0][0]) + 6, y=middle + 3.5))
    title = element("title", plain(_told(explanation, index, hypothesis, label, score)))
    worth = 1.0 if kind.startswith("best") else 0.12 + 0.88 * math.exp(min(0.0, score / hypothesis.size) / _FADE)
    return element("g", title, *drawn, class_=f"bar {kind}", style=f"--worth: {worth:.2f}")


def _left(primitive: int) -> int:
    return _MARGIN + primitive * _COLUMN + 2


def _runs(primitives: Sequence[int]) -> list[tuple[int, int]]:
    """(first, last) of each unbroken stretch."""
    found = []
    for _, members in groupby(enumerate(primitives), lambda pair: pair[1] - pair[0]):
        stretch = [primitive for _, primitive in members]
        found.append((stretch[0], stretch[-1]))
    return found


def _label(explanation: Explanation, index: int) -> str:
    """What the hypothesis would be read as: as on the way that was read, else the lattice's best character."""
    best = explanation.answer.path.hypotheses
    if index in best:
        return explanation.labels[best.index(index)] or "none"
    lattice = explanation.answer.reader.lattice
    row = lattice.log_labels[index]
    if lattice.odds[index] > lattice.weights.refusal:
        return "none"
    return lattice.characters[int(row.argmax())]


def _told(explanation: Explanation, index: int, hypothesis: Hypothesis, label: str, score: float) -> str:
    """The tooltip: what it is, and the sum of its score."""
    names = stroke_names(explanation.trace.ink)
    read = "no character" if label == "none" else f"\u201c{label}\u201d"
    lines = [f"{strokes_told(hypothesis, names)} as {read}"]
    lines += [f"{PARTS[p].name} {number(v, 3)}" for p, v in parts_of(explanation.answer.reader, index).items() if v]
    return "\n".join([*lines, f"= {number(score, 3)}"])
