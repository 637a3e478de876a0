"""The ways through one lattice → texts: size and place on the line, the language, and how sure each label is."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import REJECTED
from model.reading.joins import Joins
from model.reading.kinds import Kinds
from model.reading.language import Language
from model.reading.lattice import Lattice, Path, softmax
from model.reading.layout import runs
from model.reading.line import Line
from model.reading.spaces import space_odds

_SEGMENTATIONS = 6
"""Best segmentations that are spelled out."""

_HOPELESS = 7.0
"""Log-score by which a segmentation may lag behind the best before it is no longer looked at for a text."""

_SURE = 5.0
"""Log-odds beyond which the gap alone tells a space, or none; between them what it parts is weighed too."""

_LONE = -2.0
"""Log-evidence for a word of one letter beside others: most letters are none."""

_DOUBTS = 3
"""Doubtful gaps within each other in which that is done, at most."""

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


@dataclass(frozen=True, eq=False)
class _Worded:
    """Glyphs as words.

    Attributes:
        rows: Log-probability of each character for each glyph: (n, characters).
        evidence: Log-evidence for words, all ways to set spaces together.
        begins: Which glyphs begin a word.
        certain: How probable it is that these do.
    """

    rows: NDArray[np.float64]
    evidence: float
    begins: tuple[bool, ...]
    certain: float = 1.0


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
        self._words, hopes = words, len(paths)
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
        """Settles the labels along a path and its words; the path gains by spelling what looks like words."""
        lattice, glyphs = self.lattice, [self.lattice.cuts.hypotheses[h] for h in path.hypotheses]
        boxes, lines = [glyph.box for glyph in glyphs], [glyph.line for glyph in glyphs]
        rows = self._accepted(path.hypotheses)
        if lattice.alphabet != "digits":
            settle = self._knowledge.line.settle
            settled = (settle(rows[run], lattice.characters, boxes[run]) for run in runs(lines))
            rows = np.concatenate([rows[:0], *settled])
            self._placed[path.hypotheses] = rows
        read = self._worded(rows, space_odds(boxes, lines)) if glyphs else _Worded(rows, 0.0, ())
        words = tuple(accumulate(read.begins))
        self._places[path.hypotheses] = Place(tuple(lines), tuple(word - words[0] for word in words), read.certain)
        self._rows[path.hypotheses] = read.rows
        language = lattice.weights.language * read.evidence
        return Path(path.hypotheses, path.score + language, language)

    def _accepted(self, path: tuple[int, ...]) -> NDArray[np.float64]:
        """Log-probability of each character for each glyph by its ink alone, refusal left its share."""
        return np.asarray(self.lattice.log_labels[list(path)] + self.lattice.log_accepted(path)[:, None])

    def place(self, path: tuple[int, ...]) -> Place:
        """The line and the word of each glyph of one of `paths`."""
        return self._places[path]

    def _worded(self, rows: NDArray[np.float64], odds: Sequence[float], doubts: int = 0) -> _Worded:
        """Takes glyphs for one word or several, as gaps and words have it.

        Args:
            rows: Log-probability of each character for each glyph: (n, characters), n ≥ 1.
            odds: Log-odds by the gaps that a space stands before each.
            doubts: In how many doubtful gaps already was weighed what they part.
        """
        widest = max(range(1, len(rows)), key=odds.__getitem__, default=0)
        if not widest or odds[widest] <= -_SURE:
            return self._word(rows)
        unsure = odds[widest] < _SURE
        if unsure and doubts == _DOUBTS and odds[widest] <= 0:
            return self._word(rows)
        apart = self._apart(
            self._worded(rows[:widest], odds[:widest], doubts + unsure),
            self._worded(rows[widest:], odds[widest:], doubts + unsure),
        )
        if not unsure or doubts == _DOUBTS:
            return apart
        whole = self._word(rows)
        space, none = -np.logaddexp(0, -odds[widest]), -np.logaddexp(0, odds[widest])
        chances = {apart: apart.evidence + space, whole: whole.evidence + none}
        evidence = float(np.logaddexp(*chances.values()))
        chosen = max(chances, key=chances.__getitem__)
        certain = chosen.certain * float(np.exp(chances[chosen] - evidence))
        return replace(chosen, evidence=evidence, certain=certain)

    def _apart(self, left: _Worded, right: _Worded) -> _Worded:
        """Both, a space between."""
        evidence = left.evidence + right.evidence
        if self._spells_words and self.lattice.alphabet == "letters":
            evidence += _LONE * sum(len(part.rows) == 1 for part in (left, right))
        return _Worded(
            np.concatenate([left.rows, right.rows]),
            evidence,
            left.begins + right.begins,
            left.certain * right.certain,
        )

    def _word(self, rows: NDArray[np.float64]) -> _Worded:
        """Weighs the characters of a word by what it may be."""
        knowledge, characters, evidence = self._knowledge, self.lattice.characters, 0.0
        if self._words and self.lattice.alphabet == "alphanumeric":
            rows, evidence = knowledge.kinds.weigh(rows, characters, knowledge.language)
        elif self._spells_words and len(rows) > 1:  # one letter is read as the ink says, as a letter of an alphabet is
            rows, evidence = knowledge.language.spell(rows, characters)
        return _Worded(rows, evidence, (True, *[False] * (len(rows) - 1)))

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

    def texts(self, count: int, writing: float = 0.0, sure_of_spaces: bool = False) -> Iterator[tuple[str, float]]:
        """The `count` most probable texts of each of the best paths; one text may come more than once.

        Args:
            count: How many of each path.
            writing: Log-probability that the drawing as a whole is writing.
            sure_of_spaces: Whether it is no doubt about a text where its spaces are.
        """
        for path, probability in zip(self.paths, self._posterior, strict=True):
            place = self.place(path.hypotheses)
            options = self.labels(path.hypotheses, _SPELLED, writing)
            probability *= 1.0 if sure_of_spaces else place.certain
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
