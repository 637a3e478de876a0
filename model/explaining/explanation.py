"""A reading taken apart: its way through the lattice, the best others, and which parts of the scores settled it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from model.reading.alphabet import REJECTED
from model.reading.lattice import Path
from model.reading.lexicon import letter_score
from model.reading.recognizer import Trace
from model.reading.spelling import Reader


class Part(NamedTuple):
    """A part of a score: what it is called, and what it is."""

    name: str
    about: str


PARTS = {
    "class": Part("class output", "how sure the net is of the best character, in a lattice whatever its case"),
    "alphabet": Part("share of the alphabet", "how likely the net takes the ink for any character that may be read"),
    "character": Part("junk output", "how likely the net takes the ink for a character at all, or for none"),
    "junk": Part("perhaps junk", "what is gained where the ink reads better as junk"),
    "shape": Part("strokes of one glyph", "whether strokes that lie, and were drawn, like these make one glyph"),
    "slip": Part("slip of the pen", "what it costs that ink beneath the glyph is a slip of the pen, and says nothing"),
    "beside": Part("neighbours", "whether two glyphs would stand beside each other, and follow in time, like these"),
    "place": Part("size and place", "where the character stands on the line, and the case of its neighbours"),
    "language": Part("language", "whether the letters make a word, or digits stand beside digits"),
    "whole": Part("line read whole", "what a net says of the text that reads the line without cutting it, if in doubt"),
    "kind": Part("kind of text", "reading letters, or letters and digits mixed, where digits would do"),
}
"""The parts of a score, in the order they are told."""

Terms = dict[tuple[str, tuple[object, ...]], float]
"""Summands of a log-score: each a part, what it is about, and how much it adds."""


@dataclass(frozen=True)
class Way:
    """One way through the lattice of one alphabet.

    Attributes:
        reader: The lattice, spelled.
        path: The way.
        writing: Log-probability that the drawing as a whole is writing.
    """

    reader: Reader
    path: Path
    writing: float

    @property
    def score(self) -> float:
        """What ways are compared by: log-score, the cost of the alphabet taken off."""
        return self.path.score - self.reader.cost

    def labels(self) -> list[str | None]:
        """The most probable label of each glyph; None where it is no character."""
        return [options[0][0] for options in self.reader.labels(self.path.hypotheses, writing=self.writing)]

    def text(self, labels: Sequence[str | None]) -> str:
        """These labels with spaces and line breaks between."""
        return self.reader.place(self.path.hypotheses).text(labels)

    def terms(self) -> Terms:
        """Everything that the score is the sum of."""
        lattice, path = self.reader.lattice, self.path.hypotheses
        terms: Terms = {(part, (h,)): v for h in path for part, v in parts_of(self.reader, h).items()}
        terms |= {("beside", pair): lattice.beside(*pair) for pair in pairwise(path)}
        terms["language", ()] = self.path.language
        terms["whole", ()] = self.path.whole
        terms["kind", ()] = -self.reader.cost
        return terms

    def spelling(self, labels: Sequence[str | None], lexicon: bool) -> Terms:
        """What the log-probability of these labels is the sum of; with a lexicon a letter's case counts for half."""
        terms: Terms = {}
        characters, stages = self.reader.lattice.characters, self.reader.stages(self.path)
        rejected = self.reader.rejected(self.path.hypotheses, self.writing)
        for i, (h, label) in enumerate(zip(self.path.hypotheses, labels, strict=True)):
            if label is None:
                terms["character", (h, label)] = math.log(max(float(rejected[i]), 1e-300))
                continue
            if lexicon:
                ink, placed, worded, told = (float(letter_score(rows, characters, label)[i]) for rows in stages)
            else:
                ink, placed, worded, told = (float(rows[i, characters.index(label)]) for rows in stages)
            accepted = float(np.logaddexp.reduce(stages[0][i]))
            values = {
                "class": ink - accepted,
                "character": accepted + self.writing,
                "place": placed - ink,
                "language": worded - placed,
                "whole": told - worded,
            }
            terms |= {(part, (h, label)): value for part, value in values.items()}
        return terms


def parts_of(reader: Reader, hypothesis: int) -> dict[str, float]:
    """What the log-score of a hypothesis, its edge of the lattice, is the sum of."""
    return {part: float(values[hypothesis]) for part, values in reader.lattice.parts.items()}


@dataclass(frozen=True)
class Row:
    """One part of the scores of the answer and of a rival, where they differ; log units."""

    part: str
    answer: float
    rival: float

    @property
    def difference(self) -> float:
        """By how much it speaks for the answer."""
        return self.answer - self.rival


@dataclass(frozen=True)
class Rival:
    """Another reading, and why it lost.

    Attributes:
        way: Its way through a lattice.
        text: What it says.
        labels: The label of each glyph.
        rows: What differs; the differences add up to the answer's lead.
    """

    way: Way
    text: str
    labels: tuple[str | None, ...]
    rows: tuple[Row, ...]

    @property
    def lead(self) -> float:
        """By how much the answer is better, log units."""
        return sum(row.difference for row in self.rows)


@dataclass(frozen=True)
class Explanation:
    """Why a drawing was read as it was.

    Attributes:
        trace: The reading and what every stage made of it.
        answer: The way that was read.
        labels: The label of each of its glyphs.
        ways: The best ways of each alphabet that had a chance, best first.
        rivals: The text next in probability, then, unless that was it, the best way that cuts differently.
    """

    trace: Trace
    answer: Way
    labels: tuple[str | None, ...]
    ways: tuple[Way, ...]
    rivals: tuple[Rival, ...]


def explain(trace: Trace) -> Explanation:
    """Takes a reading apart. Ask for two alternatives at least, or the next text may be missing."""
    decoded = trace.decoded
    ways = [
        Way(reader, path, decoded.writing) for reader in decoded.readers for path in (*reader.paths, *reader.hopeless)
    ]
    answer = next(w for w in ways if w.reader is decoded.readers[0] and w.path.hypotheses == decoded.best)
    labels = tuple(options[0][0] for options in decoded.labels)
    lexicon = trace.options.lexicon is not None
    rivals = []
    for text, _ in decoded.texts[1:2]:
        spelled = max(_spelled(ways, text, lexicon), key=lambda found: found[0], default=None)
        if spelled:
            rivals.append(_rival(answer, labels, spelled[1], spelled[2], text, lexicon))
    if not any(_cut(rival.way) != _cut(answer) for rival in rivals):
        others = [way for way in ways if _cut(way) != _cut(answer)]
        for way in sorted(others, key=lambda way: -way.score)[:1]:
            read = way.labels()
            rivals.append(_rival(answer, labels, way, read, way.text(read), lexicon=False))
    ranked = sorted(ways, key=lambda way: (way is not answer, -way.score))
    return Explanation(trace, answer, labels, tuple(ranked), tuple(rivals))


def _cut(way: Way) -> tuple[int, ...]:
    return way.path.hypotheses


def _spelled(ways: Sequence[Way], text: str, lexicon: bool) -> Iterator[tuple[float, Way, list[str | None]]]:
    """(log-probability but for a constant, way, labels) of each way that spells `text`."""
    labels = [None if c == REJECTED else c for c in text if c not in " \n"]
    for way in ways:
        if len(labels) == len(_cut(way)) and (lexicon or _may_say(way, labels, text)):
            sharpness = 1.0 if lexicon else way.reader.lattice.weights.sharpness
            yield sharpness * way.score + sum(way.spelling(labels, lexicon).values()), way, labels


def _may_say(way: Way, labels: Sequence[str | None], text: str) -> bool:
    known = all(label is None or label in way.reader.lattice.characters for label in labels)
    return known and way.text(labels) == text


def _rival(
    answer: Way, labels: Sequence[str | None], way: Way, others: Sequence[str | None], text: str, lexicon: bool
) -> Rival:
    """Compares. The best way is chosen before its labels are, but words of a list by both together."""
    mine, theirs = answer.terms(), way.terms()
    sums: list[dict[str, float]] = []
    pairs = [(mine, theirs)]
    if lexicon or way is answer:
        pairs.append((answer.spelling(labels, lexicon), way.spelling(others, lexicon)))
    for one, other in ((0, 1), (1, 0)):
        total: dict[str, float] = defaultdict(float)
        for pair in pairs:
            for (part, _), value in pair[one].items() - pair[other].items():  # what both share settles nothing
                total[part] += value
        sums.append(total)
    rows = [Row(part, sums[0].get(part, 0.0), sums[1].get(part, 0.0)) for part in PARTS]
    return Rival(way, text, tuple(others), tuple(row for row in rows if row.answer or row.rival))
