"""The ways through one lattice → texts: size and place on the line, the language, and how sure each label is."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import REJECTED
from model.reading.joins import Joins
from model.reading.kinds import Kinds
from model.reading.language import Language
from model.reading.lattice import Lattice, Path, softmax
from model.reading.layout import runs, words_of
from model.reading.line import Line

_SEGMENTATIONS = 6
"""Best segmentations that are spelled out."""

_HOPELESS = 12.0
"""Log-score by which a segmentation may lag behind the best before it is no longer looked at."""

_SPELLED = 8
"""Labels of a glyph that texts are spelled from."""

Label = tuple[str | None, float]
"""A character, or None for ink that is none, and its probability."""


@dataclass(frozen=True)
class Knowledge:
    """What is known of writing beyond single glyphs: its cuts, its lines, its words."""

    joins: Joins
    line: Line
    language: Language
    kinds: Kinds


@dataclass(frozen=True)
class Place:
    """The line and the word of each glyph of a path."""

    lines: tuple[int, ...]
    words: tuple[int, ...]

    def text(self, labels: Sequence[str | None]) -> str:
        """Joins the glyphs' labels, with spaces and line breaks between."""
        parts: list[str] = []
        for i, label in enumerate(labels):
            if i and self.words[i] != self.words[i - 1]:
                parts.append("\n" if self.lines[i] != self.lines[i - 1] else " ")
            parts.append(label or REJECTED)
        return "".join(parts)


class Reader:
    """The ways through one lattice, spelled.

    Attributes:
        lattice: The lattice.
        cost: What reading with its alphabet costs.
    """

    def __init__(
        self, lattice: Lattice, paths: Sequence[Path], knowledge: Knowledge, cost: float = 0.0, words: bool = True
    ):
        self.lattice = lattice
        self.cost = cost
        self._knowledge = knowledge
        self._placed: dict[tuple[int, ...], NDArray[np.float64]] = {}
        self._rows: dict[tuple[int, ...], NDArray[np.float64]] = {}
        self._places: dict[tuple[int, ...], Place] = {}
        if words:  # a word list may need one that the ink alone makes little of
            paths = [path for path in paths[:_SEGMENTATIONS] if path.score > paths[0].score - _HOPELESS]
        self._unspelled, self._words = paths, words

    @cached_property
    def paths(self) -> list[Path]:
        """The best ways through, spelled, best first."""
        return sorted((self._spelled(path) for path in self._unspelled), key=lambda path: -path.score)

    @cached_property
    def _posterior(self) -> list[float]:
        posterior: list[float] = softmax([path.score for path in self.paths], self.lattice.weights.sharpness).tolist()
        return posterior

    @property
    def score(self) -> float:
        """Log-score of its best way; they are only spelled for that where spelling bears on it."""
        return (self.paths if self._spells_words else self._unspelled)[0].score

    def answer(self) -> str:
        """What its best way says, if the drawing is writing."""
        best = self.paths[0].hypotheses
        return self.place(best).text([labels[0][0] for labels in self.labels(best, 1)])

    @property
    def _spells_words(self) -> bool:
        """Whether its letters may make words, by which the score of a way gains."""
        return self._words and self.lattice.alphabet != "digits"

    def _spelled(self, path: Path) -> Path:
        """Settles the labels along a path; the path gains by spelling what looks like a word."""
        lattice, chosen = self.lattice, list(path.hypotheses)
        rows = self._accepted(path.hypotheses)
        bonus = 0.0
        if lattice.alphabet != "digits":
            place, boxes = self.place(path.hypotheses), [lattice.cuts.hypotheses[h].box for h in chosen]
            lines = [
                self._knowledge.line.settle(rows[run], lattice.characters, boxes[run]) for run in runs(place.lines)
            ]
            rows = np.concatenate([rows[:0], *lines])
            self._placed[path.hypotheses] = rows.copy()
            for run in runs(place.words):
                if self._words:
                    rows[run], gain = self._worded(rows[run])
                    bonus += gain
        self._rows[path.hypotheses] = rows
        language = lattice.weights.language * bonus
        return Path(path.hypotheses, path.score + language, language)

    def _accepted(self, path: tuple[int, ...]) -> NDArray[np.float64]:
        """Log-probability of each character for each glyph by its ink alone, refusal left its share."""
        return np.asarray(self.lattice.log_labels[list(path)] + self.lattice.log_accepted(path)[:, None])

    def place(self, path: tuple[int, ...]) -> Place:
        """The line and the word of each glyph of a path."""
        if path not in self._places:
            glyphs = [self.lattice.cuts.hypotheses[h] for h in path]
            lines = [glyph.line for glyph in glyphs]
            self._places[path] = Place(tuple(lines), tuple(words_of([glyph.box for glyph in glyphs], lines)))
        return self._places[path]

    def _worded(self, rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Weighs the characters of a word by what it may be: (rows with that, log-evidence for a word)."""
        knowledge, characters = self._knowledge, self.lattice.characters
        if self.lattice.alphabet == "alphanumeric":
            return knowledge.kinds.weigh(rows, characters, knowledge.language)
        # one letter is read as the ink says, as a letter of an alphabet is
        return knowledge.language.spell(rows, characters) if len(rows) > 1 else (rows, 0.0)

    def rows(self, path: Path) -> NDArray[np.float64]:
        """Log-probability of each character for each glyph of a path: shape (glyphs, characters)."""
        return self._rows[path.hypotheses]

    def stages(self, path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """How `rows` came about: from the ink alone, with size and place on the line, and with the language too."""
        ink, rows = self._accepted(path.hypotheses), self.rows(path)
        return ink, self._placed.get(path.hypotheses, rows), rows

    def rejected(self, path: tuple[int, ...], writing: float = 0.0) -> NDArray[np.float64]:
        """Probability that each glyph of a path is no character, itself or as the drawing is no writing: shape (n,).

        Args:
            path: The glyphs.
            writing: Log-probability that the drawing as a whole is writing.
        """
        return np.asarray(-np.expm1(self.lattice.log_accepted(path) + writing))

    def labels(self, path: tuple[int, ...], most: int | None = None, writing: float = 0.0) -> list[list[Label]]:
        """The labels of each glyph of a path, most probable first; at most so many. `writing` as in `rejected`."""
        shares = np.exp(self._rows[path] + writing)
        ranks = np.argsort(-shares, axis=1)[:, :most]
        rows = zip(np.take_along_axis(shares, ranks, axis=1).tolist(), ranks.tolist(), strict=True)
        characters, refused = self.lattice.characters, self.rejected(path, writing).tolist()
        found = []
        for (row, rank), r in zip(rows, refused, strict=True):
            labels: list[Label] = [(characters[i], p) for i, p in zip(rank, row, strict=True)]
            labels.insert(sum(p > r for p in row), (None, r))
            found.append(labels[:most])
        return found

    def sure_labels(self, path: tuple[int, ...], writing: float = 0.0) -> tuple[tuple[Label, ...], ...]:
        """The same, their probabilities lowered by the doubt that each glyph was cut out right."""
        members = [set(other.hypotheses) for other in self.paths]
        sure = []
        for h, labels in zip(path, self.labels(path, writing=writing), strict=True):
            shares = (p for p, hypotheses in zip(self._posterior, members, strict=True) if h in hypotheses)
            cut_right = min(sum(shares), 1.0)  # added up, they may come to a little more
            sure.append(tuple((label, p * cut_right) for label, p in labels))
        return tuple(sure)

    def texts(self, count: int, writing: float = 0.0) -> Iterator[tuple[str, float]]:
        """The `count` most probable texts of each of the best paths; one text may come more than once."""
        for path, probability in zip(self.paths, self._posterior, strict=True):
            place = self.place(path.hypotheses)
            options = self.labels(path.hypotheses, _SPELLED, writing)
            for labels, spelling in _spellings(options, count):
                yield place.text(labels), probability * spelling


def _spellings(labels: Sequence[Sequence[Label]], count: int) -> Iterator[tuple[tuple[str | None, ...], float]]:
    """The `count` most probable combinations of one label a glyph, best first.

    A combination is told by what it changes of the best one: (glyph, rank of its label), glyph after glyph. Each comes
    from just one that is no less probable: with its last change a rank lower, or without it.
    """
    heap: list[tuple[float, tuple[tuple[int, int], ...]]] = [(-prod(options[0][1] for options in labels), ())]

    def push(negative: float, before: tuple[tuple[int, int], ...], at: int, rank: int) -> None:
        options = labels[at]
        if rank < len(options):
            ratio = options[rank][1] / options[rank - 1][1] if options[rank - 1][1] > 0 else 0.0
            heapq.heappush(heap, (negative * ratio, (*before, (at, rank))))

    for _ in range(count):
        if not heap:
            return
        negative, changes = heapq.heappop(heap)
        ranks = dict(changes)
        yield tuple(options[ranks.get(i, 0)][0] for i, options in enumerate(labels)), -negative
        last = -1
        if changes:
            last, rank = changes[-1]
            push(negative, changes[:-1], last, rank + 1)
        for at in range(last + 1, len(labels)):
            push(negative, changes, at, 1)
