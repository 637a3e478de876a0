"""From scored cuts to texts: which alphabet, which cut, which characters, and how sure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from math import prod

import numpy as np
from numpy.typing import NDArray

from model.reading import kinds
from model.reading.alphabet import REJECTED, Alphabet, AlphabetChoice
from model.reading.classify import Scores
from model.reading.joins import Joins, Judged
from model.reading.language import LETTERS, Language
from model.reading.lattice import Lattice, Path, Weights, softmax
from model.reading.layout import words_of
from model.reading.lexicon import best_words
from model.reading.line import Line
from model.reading.segment import Cuts

_SEGMENTATIONS = 6
"""Best segmentations that are spelled out."""

_HOPELESS = 12.0
"""Log-score by which a segmentation may lag behind the best before it is no longer looked at."""

_FAR = 6.0, 2.2
"""The same for a whole alphabet, in all and for each piece of ink: spelling a word cannot make up for more."""

_FAINT = 4.6
"""The same for an alphabet whose score is known: its texts would have a hundredth of the whole, and are left out."""

_SPELLED = 8
"""Labels of a glyph that texts are spelled from."""

Label = tuple[str | None, float]
"""A character, or None for ink that is none, and its probability."""


@dataclass(frozen=True)
class Decoded:
    """What a lattice says.

    Attributes:
        alphabet: The alphabet read with.
        best: Indices into the cuts' hypotheses of the glyphs read, in reading order.
        labels: For each of them all labels of the alphabet, the one read first, then by falling probability.
        lines: The line of each glyph, from 0.
        words: The word of each glyph, counted from 0 through all lines.
        texts: (text, probability), the answer first, then by falling probability; U+FFFD for rejected glyphs.
        readers: The lattice of each alphabet that had a chance; the answer's first.
    """

    alphabet: Alphabet
    best: tuple[int, ...]
    labels: tuple[tuple[Label, ...], ...]
    lines: tuple[int, ...]
    words: tuple[int, ...]
    texts: tuple[tuple[str, float], ...]
    readers: tuple[Reader, ...]


@dataclass(frozen=True)
class Knowledge:
    """What is known of writing beyond single glyphs: its cuts, its lines, its words."""

    joins: Joins
    line: Line
    language: Language


def decode(
    cuts: Cuts,
    scores: Scores,
    knowledge: Knowledge,
    alphabet: AlphabetChoice = "auto",
    lexicon: Sequence[str] | None = None,
    texts: int = 3,
    weights: Weights | None = None,
) -> Decoded:
    """Reads the lattice.

    Args:
        cuts: The hypotheses.
        scores: The classifier's scores of each.
        knowledge: Where characters stand and what words look like.
        alphabet: What may be answered; "auto" takes the best of digits, letters and both.
        lexicon: If given, the text must be one of these; where none has as many characters as any way through the
            lattice, every glyph is rejected.
        texts: How many texts to answer at least, if there are so many.
        weights: How to weigh; the tuned ones if None.
    """
    weights, judged = weights or Weights(), Judged(cuts, knowledge.joins)
    if lexicon:
        whole = Lattice(cuts, scores, "alphanumeric" if alphabet == "auto" else alphabet, weights, judged)
        return _in_lexicon(whole, knowledge, lexicon, max(texts, 1))
    candidates: tuple[Alphabet, ...] = ("digits", "letters", "alphanumeric") if alphabet == "auto" else (alphabet,)
    costs: dict[str, float] = {"letters": weights.letters, "alphanumeric": weights.mixed} if alphabet == "auto" else {}
    found = [
        (lattice, lattice.best_paths()) for lattice in (Lattice(cuts, scores, c, weights, judged) for c in candidates)
    ]
    hopes = [paths[0].score - costs.get(lattice.alphabet, 0.0) for lattice, paths in found]
    readers = [
        Reader(lattice, paths, knowledge, costs.get(lattice.alphabet, 0.0))
        for (lattice, paths), hope in zip(found, hopes, strict=True)
        if hope > max(hopes) - _FAR[0] - _FAR[1] * cuts.primitives
    ]
    totals = np.array([reader.score - reader.cost for reader in readers])
    shares = softmax(np.where(totals > totals.max() - _FAINT, totals, -np.inf).tolist(), weights.sharpness)
    spelled: dict[str, float] = {}
    for reader, share in zip(readers, shares.tolist(), strict=True):
        for text, probability in reader.texts(max(texts, 1)) if share else ():
            spelled[text] = spelled.get(text, 0.0) + share * probability
    chosen = readers.pop(int(np.argmax(totals)))
    best = chosen.paths[0].hypotheses
    labels = chosen.sure_labels(best)
    # the answer is spelled by the best way through, so that glyphs and text agree
    place = chosen.place(best)
    answer = place.text([options[0][0] for options in labels])
    # added up, shares may come to a little more than 1
    ranked = sorted(
        ((text, min(p, 1.0)) for text, p in spelled.items()), key=lambda item: (item[0] != answer, -item[1])
    )
    return Decoded(chosen.lattice.alphabet, best, labels, place.lines, place.words, tuple(ranked), (chosen, *readers))


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

    def runs(self, of: Sequence[int]) -> list[slice]:
        """The stretches of glyphs that share a line or a word."""
        starts = [i for i in range(len(of)) if i == 0 or of[i] != of[i - 1]]
        return [slice(a, b) for a, b in pairwise([*starts, len(of)])]


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
        settled = self.lattice.alphabet in ("digits", "alphanumeric")
        return (self._unspelled if settled else self.paths)[0].score

    def _spelled(self, path: Path) -> Path:
        """Settles the labels along a path; the path gains by spelling what looks like a word."""
        lattice, chosen = self.lattice, list(path.hypotheses)
        rows = self._accepted(path.hypotheses)
        bonus = 0.0
        if lattice.alphabet != "digits":
            place, boxes = self.place(path.hypotheses), [lattice.cuts.hypotheses[h].box for h in chosen]
            lines = [
                self._knowledge.line.settle(rows[run], lattice.characters, boxes[run])
                for run in place.runs(place.lines)
            ]
            rows = np.concatenate([rows[:0], *lines])
            self._placed[path.hypotheses] = rows.copy()
            for run in place.runs(place.words):
                if not self._words or run.stop - run.start == 1:
                    continue
                if lattice.alphabet == "alphanumeric":
                    rows[run] = kinds.weigh(rows[run], lattice.characters)
                else:
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
        """Weighs letters by the language, whatever their case: (rows with language, log-evidence for a word)."""
        letter, is_letter = _letters(tuple(self.lattice.characters))
        alone = np.log(np.exp(rows) @ is_letter.T + 1e-12)
        alone -= np.logaddexp.reduce(alone, axis=1, keepdims=True)
        together, bonus = self._knowledge.language.weigh(alone)
        return rows + (together - alone)[:, letter], bonus

    def rows(self, path: Path) -> NDArray[np.float64]:
        """Log-probability of each character for each glyph of a path: shape (glyphs, characters)."""
        return self._rows[path.hypotheses]

    def stages(self, path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """How `rows` came about: from the ink alone, with size and place on the line, and with the language too."""
        ink, rows = self._accepted(path.hypotheses), self.rows(path)
        return ink, self._placed.get(path.hypotheses, rows), rows

    def labels(self, path: tuple[int, ...], most: int | None = None) -> list[list[Label]]:
        """The labels of each glyph of a path, most probable first; at most so many."""
        shares = np.exp(self._rows[path])
        ranks = np.argsort(-shares, axis=1)[:, :most]
        rows = zip(np.take_along_axis(shares, ranks, axis=1).tolist(), ranks.tolist(), strict=True)
        characters, refused = self.lattice.characters, self.lattice.rejected(path).tolist()
        found = []
        for (row, rank), r in zip(rows, refused, strict=True):
            labels: list[Label] = [(characters[i], p) for i, p in zip(rank, row, strict=True)]
            labels.insert(sum(p > r for p in row), (None, r))
            found.append(labels[:most])
        return found

    def sure_labels(self, path: tuple[int, ...]) -> tuple[tuple[Label, ...], ...]:
        """The same, their probabilities lowered by the doubt that each glyph was cut out right."""
        members = [set(other.hypotheses) for other in self.paths]
        sure = []
        for h, labels in zip(path, self.labels(path), strict=True):
            cut_right = sum(p for p, hypotheses in zip(self._posterior, members, strict=True) if h in hypotheses)
            sure.append(tuple((label, p * cut_right) for label, p in labels))
        return tuple(sure)

    def texts(self, count: int) -> Iterator[tuple[str, float]]:
        """The `count` most probable texts of each of the best paths; one text may come more than once."""
        for path, probability in zip(self.paths, self._posterior, strict=True):
            place = self.place(path.hypotheses)
            options = self.labels(path.hypotheses, _SPELLED)
            for labels, spelling in _spellings(options, count):
                yield place.text(labels), probability * spelling


@cache
def _letters(characters: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which letter of 26 each of some letters is, and the reverse: shapes (k,) and (26, k)."""
    letter = np.array([ord(c.lower()) - ord("a") for c in characters])
    return letter, letter == np.arange(LETTERS)[:, None]


def _in_lexicon(lattice: Lattice, knowledge: Knowledge, lexicon: Sequence[str], texts: int) -> Decoded:
    reader = Reader(lattice, lattice.best_paths(), knowledge, words=False)
    words = best_words([(path, reader.rows(path)) for path in reader.paths], lattice.characters, lexicon)
    if not words:
        best = reader.paths[0].hypotheses
        place = reader.place(best)
        nothing = place.text([None] * len(best))
        refused = tuple(((None, 1.0),) for _ in best)
        return Decoded(lattice.alphabet, best, refused, place.lines, place.words, ((nothing, 1.0),), (reader,))
    probabilities = softmax([score for _, _, score in words], lattice.weights.sharpness).tolist()
    answer, path, _ = words[0]
    place = reader.place(path.hypotheses)
    labels = []
    for char, options in zip(answer.replace(" ", ""), reader.sure_labels(path.hypotheses), strict=True):
        same = sum(p for label, p in options if label is not None and label.lower() == char.lower())
        others = tuple(o for o in options if o[0] is None or o[0].lower() != char.lower())
        # the list knows what the glyph alone does not: no character is less sure than the word
        labels.append(((char, max(same, probabilities[0])), *others))
    ranked = tuple((word, p) for (word, _, _), p in zip(words[:texts], probabilities, strict=False))
    return Decoded(lattice.alphabet, path.hypotheses, tuple(labels), place.lines, place.words, ranked, (reader,))


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
