"""Ink in, Reading out: the only glue between the stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import REJECTED, widest
from model.reading.budget import UNBOUNDED, Budget
from model.reading.classify import WEIGHTS, Classifier, Scores, holding
from model.reading.decode import Decoded, decode
from model.reading.glyphs import Glyphs
from model.reading.ink import Box, Ink, Stroke
from model.reading.joins import Joins
from model.reading.kinds import Kinds
from model.reading.language import Language
from model.reading.line import Line
from model.reading.preparing import Clock, GroupsError, Laps, Prepared, Preparer, added
from model.reading.reading import Alternative, Glyph, Options, Reading, Span
from model.reading.scale import Unit
from model.reading.segment import Cuts, Hypothesis
from model.reading.sequence import SequenceNet, load_sequence
from model.reading.spelling import Knowledge
from model.reading.whole import Whole

_SURE = 0.9
"""Probability of a glyph's label below which a narrow piece of a flat image may be two glyphs after all."""

_LIKELY = 0.5
"""The same of a stroke, which is seldom more than one glyph."""

_HARDLY = -6.0
"""Log-probability that a drawing is writing below which no stroke is looked at again."""


@dataclass(frozen=True)
class Trace:
    """A reading with what each stage handed on to the next.

    Attributes:
        ink: The drawing as it was cut: in pixels, wide strokes in pieces.
        options: What was asked for.
        cuts: Its hypotheses, k of them.
        pictures: What the classifier saw of each: shape (k, 28, 28), float32, 0 background to 1 ink.
        scores: What it thought of each.
        decoded: What the lattices say.
        reading: The answer.
    """

    ink: Ink
    options: Options
    cuts: Cuts
    pictures: NDArray[np.float32]
    scores: Scores
    decoded: Decoded
    reading: Reading


class Recognizer:
    """Reads ink. Safe to use from many threads; one reading depends on no other.

    Attributes:
        name: The model's name.
        version: The model's version.
        checksum: SHA-256 of the net, in hexadecimal; "" where its card names none.
    """

    def __init__(
        self,
        classifier: Classifier,
        joins: Joins,
        knowledge: Knowledge,
        thorough: bool = False,
        sequence: SequenceNet | None = None,
    ):
        """Of a classifier, what judges cuts, what is known beyond both, and what reads lines whole, if anything does;
        `thorough` as in `Preparer`."""
        self._classifier = classifier
        self._sequence = sequence
        self._knowledge = knowledge
        self._preparer = Preparer(classifier, joins, thorough)
        self.name = classifier.name
        self.version = classifier.version
        self.checksum = classifier.checksum

    @classmethod
    def load(cls, directory: Path = WEIGHTS, thorough: bool = False) -> Recognizer:
        """Loads a model directory, the shipped one unless told otherwise; `thorough` as in `Preparer`.

        Raises:
            ModelError: the directory holds no usable model.
        """
        return cls.around(Classifier.load(directory), directory, thorough)

    @classmethod
    def around(cls, classifier: Classifier, directory: Path = WEIGHTS, thorough: bool = False) -> Recognizer:
        """What reads with `classifier` and what the directory knows of cuts, lines and language.

        It hardly depends on the net: what the directory does not hold is taken from the shipped one.

        Raises:
            ModelError: what it holds is damaged.
        """
        joins, line, language = (holding(name, directory) for name in ("joins.json", "line.json", "language.npz"))
        kinds = Kinds.of(classifier.log_prior)
        knowledge = Knowledge(Line.load(line), Language.load(language), kinds)
        return cls(classifier, Joins.load(joins), knowledge, thorough, load_sequence(directory))

    def read(self, ink: Ink, options: Options | None = None, budget: Budget = UNBOUNDED) -> Reading:
        """Reads a drawing.

        Raises:
            GroupsError: `options.groups` names a stroke twice.
            OutOfTimeError: the budget was spent; it is looked at between stages.
        """
        return self.trace(ink, options or Options(), budget).reading

    def trace(self, ink: Ink, options: Options, budget: Budget = UNBOUNDED) -> Trace:
        """Reads a drawing and keeps what every stage made of it; raises as `read` does."""
        return self._looked([self._preparer.prepare(ink, options, budget)], budget)[0]

    def read_many(
        self, drawings: Sequence[tuple[Ink, Options]], budget: Budget = UNBOUNDED
    ) -> list[Reading | GroupsError]:
        """Reads drawings together: the glyphs of all are classified at once.

        Returns:
            For each drawing what `read` answers, or the error that it raises.

        Raises:
            OutOfTimeError: the budget, which is one for all, was spent.
        """
        return [t if isinstance(t, GroupsError) else t.reading for t in self.trace_many(drawings, budget)]

    def trace_many(
        self, drawings: Sequence[tuple[Ink, Options]], budget: Budget = UNBOUNDED
    ) -> list[Trace | GroupsError]:
        """The same, with what every stage made of each drawing."""
        prepared: list[Prepared | GroupsError] = []
        for ink, options in drawings:
            try:
                prepared.append(self._preparer.prepare(ink, options, budget))
            except GroupsError as error:
                prepared.append(error)
        traces = iter(self._looked([p for p in prepared if isinstance(p, Prepared)], budget))
        return [next(traces) if isinstance(p, Prepared) else p for p in prepared]

    def _looked(self, prepared: Sequence[Prepared], budget: Budget) -> list[Trace]:
        """Read, and those of which something is in doubt once more, taken further apart."""
        traces = self._finished(prepared, budget)
        second = [
            self._preparer.take_apart(p, _doubted(trace), trace.reading.timing_ms, budget)
            for p, trace in zip(prepared, traces, strict=True)
        ]
        again = iter(self._finished([p for p in second if p is not None], budget) if any(second) else ())
        return [trace if p is None else next(again) for p, trace in zip(second, traces, strict=True)]

    def _finished(self, prepared: Sequence[Prepared], budget: Budget) -> list[Trace]:
        """Classified together and decoded one by one."""
        clock = Clock()
        glyphs = Glyphs.joined([p.glyphs for p in prepared])
        scores = self._classifier.classify(glyphs.pictures, glyphs.trajectories, glyphs.known)
        clock.lap("classify")
        each = clock.laps["classify"] / max(1, len(glyphs))
        ends = np.cumsum([len(p.glyphs.of) for p in prepared]).tolist()
        traces = []
        for p, end in zip(budget.over(prepared), ends, strict=True):
            own = scores[glyphs.of[end - len(p.glyphs.of) : end]]
            traces.append(self._decoded(p, own, added(p.laps, {"classify": each * len(p.glyphs)})))
        return traces

    def _decoded(self, prepared: Prepared, scores: Scores, laps: Laps) -> Trace:
        clock = Clock()
        ink, options, cuts = prepared.ink, prepared.options, prepared.judged.cuts
        pictures = prepared.glyphs.pictures[prepared.glyphs.of]
        decoded = decode(
            prepared.judged,
            scores,
            self._knowledge,
            options.alphabet,
            options.lexicon,
            options.alternatives,
            whole=None if self._sequence is None else Whole(self._sequence, ink, cuts, widest(options.alphabet)),
        )
        glyphs = tuple(
            _glyph(ink, prepared.unit, cuts.hypotheses[h], labels, word, pictures[h], options.alternatives)
            for h, labels, word in zip(decoded.best, decoded.labels, decoded.words, strict=True)
        )
        clock.lap("text")
        reading = _reading(decoded, glyphs, options.alternatives, added(laps, clock.laps))
        return Trace(ink, options, cuts, pictures, scores, decoded, reading)


def _doubted(trace: Trace) -> frozenset[int]:
    """Places, in the ink before it was torn, of what may be more than one glyph: it is hardly what it was read as."""
    strokes = trace.ink.strokes
    places = list(accumulate(not stroke.torn for stroke in strokes))  # counted from 1
    likely = _LIKELY if trace.decoded.writing > _HARDLY else 0.0
    return frozenset(
        places[i] - 1
        for h, ((char, p), *_) in zip(trace.decoded.best, trace.decoded.labels, strict=True)
        for i in trace.cuts.hypotheses[h].strokes
        if (0.0 if char is None else p) < (_SURE if strokes[i].is_flat else likely)
    )


def _glyph(
    ink: Ink,
    unit: Unit,
    hypothesis: Hypothesis,
    labels: Sequence[tuple[str | None, float]],
    word: int,
    picture: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    alternatives: int,
) -> Glyph:
    strokes = [ink.strokes[i] for i in hypothesis.explained]
    starts = [stroke.start for stroke in strokes if stroke.start is not None]
    ends = [stroke.end for stroke in strokes if stroke.end is not None]
    char, confidence = labels[0]
    return Glyph(
        char=char,
        confidence=confidence,
        alternatives=tuple(Alternative(label or REJECTED, p) for label, p in labels[:alternatives]),
        box=unit.theirs(Box.over(stroke.box for stroke in strokes) if hypothesis.under else hypothesis.box),
        line=hypothesis.line,
        word=word,
        strokes=tuple(dict.fromkeys(stroke.index for stroke in strokes if stroke.index is not None)),
        spans=_spans(strokes),
        start=min(starts, default=None),
        end=max(ends, default=None),
        picture=picture,
    )


def _spans(strokes: Sequence[Stroke]) -> tuple[Span, ...]:
    """The points of strokes that came as points; pieces that follow each other are one span."""
    spans: list[Span] = []
    for stroke in strokes:
        if stroke.index is None or stroke.image is not None:
            continue
        end = stroke.begin + len(stroke.points)
        if spans and (spans[-1].stroke, spans[-1].end) == (stroke.index, stroke.begin):
            spans[-1] = Span(stroke.index, spans[-1].begin, end)
        else:
            spans.append(Span(stroke.index, stroke.begin, end))
    return tuple(spans)


def _reading(decoded: Decoded, glyphs: tuple[Glyph, ...], alternatives: int, laps: Laps) -> Reading:
    texts = [Alternative(text, p) for text, p in decoded.texts]
    return Reading(
        text=texts[0].text,
        confidence=texts[0].confidence,
        alternatives=tuple(texts[:alternatives]),
        glyphs=glyphs,
        alphabet=decoded.alphabet,
        timing_ms=laps,
    )
