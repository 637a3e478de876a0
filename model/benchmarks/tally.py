"""What readings of drawings are worth: one outcome a drawing, and the figures of many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from model.benchmarks.drawings import Drawing
from model.reading.ink import Box, Polyline
from model.reading.recognizer import Trace
from model.training.geometry import distance
from model.training.inkdata import Cut, InkSample, true_cut
from model.training.lessons import flat_cut

_NEAR = 0.02
"""Distance, in heights of the drawing, up to which the ink of two glyphs touches."""

_BINS = 10
_LONG = 9

Row = dict[str, float | None]


@dataclass(frozen=True)
class Outcome:
    """How one drawing in one form was read.

    Attributes:
        sample: What was drawn.
        touching: Whether ink of two of its glyphs touches.
        text: What was read.
        confidence: In the whole text, 0 to 1.
        glyphs: (character or None, confidence) of each glyph read.
        cut: The glyphs read; None where the form names no strokes.
        offered: Whether all true glyphs were among the hypotheses; None of a drawing of nothing.
        milliseconds: Of each stage, and in all as "total".
    """

    sample: InkSample
    touching: bool
    text: str
    confidence: float
    glyphs: tuple[tuple[str | None, float], ...]
    cut: Cut | None
    offered: bool | None
    milliseconds: dict[str, float]

    @classmethod
    def of(cls, sample: InkSample, touching: bool, trace: Trace, flat: bool, milliseconds: float) -> Outcome:
        """What is kept of a reading.

        Args:
            sample: What was drawn.
            touching: Whether its glyphs touch.
            trace: The reading and how it came about.
            flat: Whether it came as a flat image, whose pieces are no strokes.
            milliseconds: What the reading took in all.
        """
        reading = trace.reading
        return cls(
            sample,
            touching,
            reading.text,
            reading.confidence,
            tuple((glyph.char, glyph.confidence) for glyph in reading.glyphs),
            None if flat else Counter(frozenset(glyph.strokes) for glyph in reading.glyphs),
            _offered(sample, trace, flat) if sample.groups else None,
            {**reading.timing_ms, "total": milliseconds},
        )

    @property
    def exact(self) -> bool:
        """Whether the text is the true one; for a drawing of nothing, whether no character was answered."""
        return self.text == self.sample.text if self.sample.text else not self.answered

    @property
    def any_case(self) -> bool:
        """The same with letters of either case."""
        return self.text.lower() == self.sample.text.lower() if self.sample.text else self.exact

    @property
    def answered(self) -> bool:
        """Whether any character was answered."""
        return any(char is not None for char, _ in self.glyphs)

    @property
    def cut_right(self) -> bool:
        """Whether the glyphs are the true ones: by their strokes, or where none are known, by number."""
        if self.cut is None:
            return len(self.glyphs) == len(self.sample.groups)
        return self.cut == true_cut(self.sample)


def _offered(sample: InkSample, trace: Trace, flat: bool) -> bool:
    """Whether all true glyphs are among the hypotheses, told by strokes, or of a flat image by its parts.

    Where a part of a flat image is of several glyphs, its true cut is not.
    """
    strokes = trace.ink.strokes
    names = range(len(strokes)) if flat else [stroke.index for stroke in strokes]
    hypotheses = {frozenset(names[s] for s in hypothesis.explained) for hypothesis in trace.cuts.hypotheses}
    truth = flat_cut(sample, trace.ink) if flat else true_cut(sample)
    return truth is not None and all(glyph in hypotheses for glyph in truth)


def touches(sample: InkSample) -> bool:
    """Whether ink of two true glyphs comes closer than 2 % of the drawing's height, or is one stroke."""
    glyphs = [sample.glyph_paths(i) for i in range(len(sample.groups))]
    if len(glyphs) < 2:
        return False
    near = _NEAR * Box.around(np.concatenate([stroke.points for stroke in sample.ink.strokes])).height
    return near > 0 and any(_near(a, b, near) for a, b in combinations(glyphs, 2))


def _near(a: Sequence[Polyline], b: Sequence[Polyline], near: float) -> bool:
    p, q = (np.concatenate(list(paths)) for paths in (a, b))
    apart = np.maximum(p.min(axis=0) - q.max(axis=0), q.min(axis=0) - p.max(axis=0)).max()
    return bool(apart < near) and distance(a, b, near / 2) < near


def figures(outcomes: Sequence[Outcome]) -> Row:
    """The figures of a set of drawings; None where it has nothing to measure one by.

    Returns:
        Count "n"; shares "exact", "any_case", "cut" (glyphs all the true ones), "lattice" (all among the hypotheses)
        and "answered" (any character at all); "cer" (edits over true characters), "f1" of the glyphs; mean
        "confidence" and its expected "calibration" error; medians "ms_p50" and "ms_segment", … of the stages.
    """
    written = [o for o in outcomes if o.sample.text]
    known = [o for o in written if o.cut is not None]
    told = [o.offered for o in outcomes if o.offered is not None]
    right = sum((o.cut & true_cut(o.sample)).total() for o in known if o.cut is not None)
    found = sum(o.cut.total() + len(o.sample.groups) for o in known if o.cut is not None)
    characters = sum(len(o.sample.text) for o in written)
    confidence = np.array([o.confidence for o in outcomes])
    exact = np.array([o.exact for o in outcomes])
    row: Row = {
        "n": len(outcomes),
        "exact": float(exact.mean()),
        "any_case": _mean(o.any_case for o in outcomes),
        "cer": sum(edit_distance(o.text, o.sample.text) for o in written) / characters if characters else None,
        "cut": _mean(o.cut_right for o in written),
        "f1": 2 * right / found if found else None,
        "lattice": _mean(told),
        "answered": _mean(o.answered for o in outcomes),
        "confidence": float(confidence.mean()),
        "calibration": calibration_error(confidence, exact),
        "ms_p50": _median(outcomes, "total"),
        **{f"ms_{stage}": _median(outcomes, stage) for stage in outcomes[0].milliseconds if stage != "total"},
    }
    # more digits than these are noise, and swell the record
    return {name: value if value is None else round(value, 4) for name, value in row.items()}


def _mean(values: Iterable[bool]) -> float | None:
    values = list(values)
    return sum(values) / len(values) if values else None


def _median(outcomes: Sequence[Outcome], stage: str) -> float:
    return float(np.median([o.milliseconds[stage] for o in outcomes]))


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Mean gap of confidence and accuracy over ten bins of confidence (Guo et al., ICML 2017); shapes (n,), n ≥ 1."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return float(np.abs(np.bincount(bins, right - confidence)).sum() / len(bins))


def edit_distance(a: str, b: str) -> int:
    """Insertions, deletions and substitutions from `a` to `b` (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def _length(outcome: Outcome) -> str | None:
    length = len(outcome.sample.text)
    return (str(length) if length < _LONG else f"{_LONG}+") if length else None


def _contact(outcome: Outcome) -> str | None:
    return ("yes" if outcome.touching else "no") if len(outcome.sample.groups) > 1 else None


def _kind(outcome: Outcome) -> str | None:
    return outcome.sample.kind if isinstance(outcome.sample, Drawing) else None


GROUPINGS: dict[str, Callable[[Outcome], str | None]] = {"length": _length, "touching": _contact, "drawing": _kind}
"""What figures are broken down by; None where a drawing has no such thing."""


def grouped(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Row]]:
    """The figures by length in characters, by whether glyphs touch, and by kind of drawing."""
    found: dict[str, dict[str, Row]] = {}
    for name, key in GROUPINGS.items():
        parts: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in outcomes:
            part = key(outcome)
            if part is not None:
                parts[part].append(outcome)
        if parts:
            order = parts if name == "drawing" else sorted(parts)
            found[name] = {part: figures(parts[part]) for part in order}
    return found
