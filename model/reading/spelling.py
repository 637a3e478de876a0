"""The ways through one lattice → texts: size and place on the line, the language, what lines say read whole, and how
sure each label is."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import REJECTED
from model.reading.kinds import Kinds
from model.reading.language import Language
from model.reading.lattice import Lattice, Path, softmax
from model.reading.layout import runs
from model.reading.line import Line
from model.reading.spaces import space_odds
from model.reading.whole import Whole
from model.reading.words import Worded, Words

_SEGMENTATIONS = 6
"""Best segmentations that are spelled out."""

_HOPELESS = 7.0
"""Log-score by which a segmentation may lag behind the best before it is no longer looked at for a text."""

_SPELLED = 8
"""Labels of a glyph that texts are spelled from."""

Label = tuple[str | None, float]
"""A character, or None for ink that is none, and its probability."""


@dataclass(frozen=True)
class Knowledge:
    """What is known of writing beyond single glyphs and their cuts: its lines, its words."""

    line: Line
    language: Language
    kinds: Kinds


@dataclass(frozen=True)
class Place:
    """The line and the word of each glyph of a path, and how probable these words are."""

    lines: tuple[int, ...]
    words: tuple[int, ...]
    certain: float = 1.0

    def text(self, labels: Sequence[str | None]) -> str:
        """Joins the glyphs' labels, with spaces and line breaks between."""
        parts: list[str] = []
        for i, label in enumerate(labels):
            if i and self.words[i] != self.words[i - 1]:
                parts.append("\n" if self.lines[i] != self.lines[i - 1] else " ")
            parts.append(label or REJECTED)
        return "".join(parts)


_Ways = list[tuple[NDArray[np.float64], Place]]
"""The likeliest words of a path, and others where there is doubt: each with the log-probability of each character for
each glyph."""


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
        self._line = knowledge.line
        self._words = Words(lattice.alphabet, lattice.characters, knowledge.language, knowledge.kinds, words)
        self._placed: dict[tuple[int, ...], NDArray[np.float64]] = {}
        self._ways: dict[tuple[int, ...], _Ways] = {}
        self._worded: dict[tuple[int, ...], tuple[float, _Ways]] = {}
        self._whole: Whole | None = None
        hopes = len(paths)
        if words:  # a lexicon may need one that the ink alone makes little of
            least = paths[0].score - _HOPELESS
            hopes = sum(path.score > least for path in paths[:_SEGMENTATIONS])
        self._unspelled, self._hopeless = paths[:hopes], paths[hopes:_SEGMENTATIONS]

    @cached_property
    def paths(self) -> list[Path]:
        """The best ways through, spelled, best first."""
        return sorted((self._spelled(path) for path in self._unspelled), key=lambda path: -path.score)

    @cached_property
    def hopeless(self) -> list[Path]:
        """Those that lag too far behind for a text, spelled, to tell why."""
        return sorted((self._spelled(path) for path in self._hopeless), key=lambda path: -path.score)

    @cached_property
    def _posterior(self) -> list[float]:
        posterior: list[float] = softmax([path.score for path in self.paths], self.lattice.weights.sharpness).tolist()
        return posterior

    @property
    def score(self) -> float:
        """Log-score of its best way; they are only spelled for that where spelling bears on it."""
        return (self.paths if self._words.spells or self._whole else self._unspelled)[0].score

    def told(self, whole: Whole) -> Reader:
        """The same lattice, spelled with what the lines say when they are read whole."""
        other = copy(self)
        other._ways, other._whole = {}, whole
        for name in ("paths", "hopeless", "_posterior"):
            other.__dict__.pop(name, None)
        return other

    def answer(self) -> str:
        """What its best way says, if the drawing is writing."""
        best = self.paths[0].hypotheses
        return self.place(best).text([labels[0][0] for labels in self.labels(best, 1)])

    def _spelled(self, path: Path) -> Path:
        """Settles the labels along a path and its words; the path gains by spelling what looks like words, and by what
        its lines say when they are read whole."""
        if path.hypotheses not in self._worded:
            self._worded[path.hypotheses] = self._in_words(path.hypotheses)
        language, ways = self._worded[path.hypotheses]
        gained = 0.0
        if self._whole is not None:
            told = [(self._weighed(self._whole, rows, place), place) for rows, place in ways]
            gained, ways = told[0][0][1], [(weighed, place) for (weighed, _), place in told]
        self._ways[path.hypotheses] = ways
        return Path(path.hypotheses, path.score + language + gained, language, gained)

    def _weighed(self, whole: Whole, rows: NDArray[np.float64], place: Place) -> tuple[NDArray[np.float64], float]:
        """Labels along a path as its lines have them when they are read whole, and what the path gains by that."""
        characters, weights = self.lattice.characters, self.lattice.weights
        weight = weights.whole_flat if whole.is_flat and not whole.of_letters else weights.whole
        found = [whole.weigh(place.lines[run.start], rows[run], characters, weight) for run in runs(place.lines)]
        return np.concatenate([rows[:0], *(weighed for weighed, _ in found)]), sum(gained for _, gained in found)

    def _in_words(self, path: tuple[int, ...]) -> tuple[float, _Ways]:
        """What a path gains by spelling words, and its labels."""
        lattice, glyphs = self.lattice, [self.lattice.cuts.hypotheses[h] for h in path]
        boxes, lines = [glyph.box for glyph in glyphs], [glyph.line for glyph in glyphs]
        rows = self._accepted(path)
        if lattice.alphabet != "digits":
            settled = (self._line.settle(rows[run], lattice.characters, boxes[run]) for run in runs(lines))
            rows = np.concatenate([rows[:0], *settled])
            self._placed[path] = rows
        read = self._words.read(rows, space_odds(boxes, lines)) if glyphs else Worded(rows, 0.0, ())
        ways = [read] if read.otherwise is None else [read, read.otherwise]
        return lattice.weights.language * read.evidence, [(way.rows, _place(lines, way)) for way in ways]

    def _accepted(self, path: tuple[int, ...]) -> NDArray[np.float64]:
        """Log-probability of each character for each glyph by its ink alone, refusal left its share."""
        return np.asarray(self.lattice.log_labels[list(path)] + self.lattice.log_accepted(path)[:, None])

    def place(self, path: tuple[int, ...]) -> Place:
        """The line and the word of each glyph of one of `paths`."""
        return self._ways[path][0][1]

    def rows(self, path: Path) -> NDArray[np.float64]:
        """Log-probability of each character for each glyph of a path: shape (glyphs, characters)."""
        return self._ways[path.hypotheses][0][0]

    def stages(self, path: Path) -> tuple[NDArray[np.float64], ...]:
        """How `rows` came about: from the ink alone, with size and place on the line, with the language, and with what
        the lines say read whole."""
        ink, worded = self._accepted(path.hypotheses), self._worded[path.hypotheses][1][0][0]
        return ink, self._placed.get(path.hypotheses, worded), worded, self.rows(path)

    def rejected(self, path: tuple[int, ...], writing: float = 0.0) -> NDArray[np.float64]:
        """Probability that each glyph of a path is no character, itself or as the drawing is no writing: shape (n,).

        Args:
            path: The glyphs.
            writing: Log-probability that the drawing as a whole is writing.
        """
        return np.asarray(-np.expm1(self.lattice.log_accepted(path) + writing))

    def labels(self, path: tuple[int, ...], most: int | None = None, writing: float = 0.0) -> list[list[Label]]:
        """The labels of each glyph of a path, most probable first; at most so many. `writing` as in `rejected`."""
        return self._labels(path, self._ways[path][0][0], most, writing)

    def _labels(
        self, path: tuple[int, ...], rows: NDArray[np.float64], most: int | None, writing: float
    ) -> list[list[Label]]:
        shares = np.exp(rows + writing)
        ranks = np.argsort(-shares, axis=1)[:, :most]
        ranked = zip(np.take_along_axis(shares, ranks, axis=1).tolist(), ranks.tolist(), strict=True)
        characters, refused = self.lattice.characters, self.rejected(path, writing).tolist()
        found = []
        for (row, rank), r in zip(ranked, refused, strict=True):
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

    def texts(self, count: int, writing: float = 0.0, sure_of_spaces: bool = False) -> Iterator[tuple[str, float]]:
        """The `count` most probable texts of each of the best paths, and with the likeliest other spaces where there is
        doubt; one text may come more than once.

        Args:
            count: How many of each path.
            writing: Log-probability that the drawing as a whole is writing.
            sure_of_spaces: Whether it is no doubt about a text where its spaces are.
        """
        for path, probability in zip(self.paths, self._posterior, strict=True):
            ways = self._ways[path.hypotheses]
            for rows, place in ways[:1] if sure_of_spaces else ways:
                options = self._labels(path.hypotheses, rows, _SPELLED, writing)
                chance = probability if sure_of_spaces else probability * place.certain
                for labels, spelling in _spellings(options, count):
                    yield place.text(labels), chance * spelling


def _place(lines: Sequence[int], read: Worded) -> Place:
    """Where glyphs stand whose words are known."""
    words = tuple(accumulate(read.begins))
    return Place(tuple(lines), tuple(word - words[0] for word in words), read.certain)


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
