"""Learns what is one glyph and what are two: `python -m model joins`.

Drawings whose cuts are known, composed of training writers' characters and real words of theirs, are cut and classified
once. Then, round by round, the best ways through their lattices are listed, and both networks of `Joins` are fitted so
that of all ways ever listed the true ones are the most probable: the likelihood of a conditional random field whose sum
over all ways is taken over the likely ones alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from tqdm import tqdm

from model.reading.alphabet import Alphabet
from model.reading.classify import Classifier, Scores
from model.reading.ink import Ink
from model.reading.joins import GLYPH, PAIR, Joins, Judged, PairFeatures, Perceptron
from model.reading.lattice import Lattice, Weights
from model.reading.recognizer import glyph_pictures
from model.reading.segment import Cuts, segment
from model.reading.tearing import torn_apart
from model.training.composition import Style, composed_numbers, composed_runs, composed_words
from model.training.crf import Field, fit
from model.training.data import Character, by_split, characters, is_readable, load_ink
from model.training.inkdata import InkSample, true_cut
from model.training.shapes import curly_x

COUNT = 2500
"""Drawings that teach, unless told otherwise."""
_ROUNDS = 3
_HIDDEN = 12
_UNTIMED = 0.3
"""Share of the drawings whose times are dropped, so that pictures, which have none, are read as well."""

_CURLY = 4
"""Curly x's that each writer is lent: none of the training data's writers makes them."""

_BEGIN = {
    "glyph": {"classes": 1.0, "alphabets": 0.5, "characters": 1.0, "gap": -2.5, "tears": -3.0, "pause": -0.25},
    "pair": {"over narrow": -4.5},
}
"""By hand, for the first list of ways: each stroke counts the classifier's opinion of its glyph once."""


@dataclass
class Case:
    """A drawing to be read with one alphabet.

    Attributes:
        cuts: Its hypotheses, k of them.
        scores: What the classifier thinks of each.
        alphabet: What the glyphs may be.
        weight: What the drawing counts.
        strokes: The indices of each hypothesis's strokes.
        truth: The strokes of each true glyph.
        ways: Those listed so far, hypotheses in reading order, and whether each is true.
    """

    cuts: Cuts
    scores: Scores
    alphabet: Alphabet
    weight: float
    strokes: list[frozenset[int]]
    truth: Counter[frozenset[int]]
    ways: dict[tuple[int, ...], bool]

    def lattice(self, joins: Joins) -> Lattice:
        """The cuts scored with `joins`."""
        return Lattice(self.cuts, self.scores, self.alphabet, Weights(), Judged(self.cuts, joins))

    def list_ways(self, joins: Joins) -> None:
        """Adds the ways that `joins` likes best."""
        for path in self.lattice(joins).best_paths():
            self.ways[path.hypotheses] = Counter(self.strokes[h] for h in path.hypotheses) == self.truth


def learn_joins(data: Path, model: Path, out: Path, count: int = COUNT, seed: int = 1) -> tuple[int, float]:
    """Fits both networks to the cuts of training writers' drawings, and writes `joins.json` into `out`.

    Args:
        data: Folder of ink files.
        model: Model directory with the classifier that the networks listen to.
        out: Model directory.
        count: Drawings that teach; each is read with one or two alphabets.
        seed: Decides every random choice.

    Returns:
        How many readings taught, and the mean probability that they then give to the true cut.

    Raises:
        ValueError, OSError: the data or the model cannot be used.
    """
    rng = np.random.default_rng(seed)
    classifier = Classifier.load(model)
    cases: list[Case] = []
    for sample, alphabets, weight in tqdm(_drawings(data, count, rng), unit="drawing", leave=False):
        cases += _cases(sample, alphabets, weight, classifier, rng.random() < _UNTIMED)
    joins = Joins(*(Perceptron.by_hand(_BEGIN[name], of) for name, of in (("glyph", GLYPH), ("pair", PAIR))))
    probability = 0.0
    for turn in range(_ROUNDS):
        for case in tqdm(cases, unit="lattice", leave=False):
            case.list_ways(joins)
        joins, probability = _fitted([case for case in cases if len(set(case.ways.values())) == 2], seed + turn)
        tqdm.write(f"round {turn + 1} of {_ROUNDS}: the true cut's mean probability is {probability:.4f}")
    joins.save(out)
    return len(cases), probability


_Lesson = tuple[InkSample, tuple[Alphabet, ...], float]


def _drawings(data: Path, count: int, rng: np.random.Generator) -> list[_Lesson]:
    """Numbers and words in the styles that people write, half of the words as their writers wrote them."""
    glyphs = characters(by_split(load_ink(data))[0])
    glyphs += [dotted_beside(glyph, rng) for glyph in glyphs if glyph.char in "ij" and len(glyph.paths) == 2]
    for writer in sorted({glyph.writer for glyph in glyphs}):
        glyphs += [Character("x", writer, curly_x(rng)) for _ in range(_CURLY)]
    words = [
        sample
        for sample in by_split(load_ink(data, ["unipen_words"]))[0]
        if sample.text.isalpha() and all(is_readable(char) for char, _ in sample.groups)
    ]
    digits: tuple[Alphabet, ...] = ("digits",)
    letters: tuple[Alphabet, ...] = ("letters", "alphanumeric")

    def share(part: float) -> int:
        return max(1, round(part * count))

    real = [words[i] for i in rng.permutation(len(words))[: share(0.18)]]
    return [
        *((s, ("digits", "alphanumeric"), 0.8) for s in composed_numbers(glyphs, share(0.16), rng)),
        *((s, digits, 1.0) for s in composed_numbers(glyphs, share(0.24), rng, style=Style(touching=True))),
        *((s, digits, 1.0) for s in composed_numbers(glyphs, share(0.17), rng, style=Style(joined=0.5))),
        *((s, letters, 0.7) for s in composed_words(glyphs, share(0.10), rng)),
        *((s, letters, 0.4) for s in composed_words(glyphs, share(0.07), rng, style=Style(touching=True))),
        *((s, letters[1:], 0.8) for s in composed_runs(glyphs, share(0.15), rng)),
        *((s, letters, 0.8) for s in real),
    ]


def dotted_beside(glyph: Character, rng: np.random.Generator) -> Character:
    """An i or j whose dot was set down in haste, further right or left than it stood, as few write it in data."""
    stem, dot = sorted(glyph.paths, key=lambda path: -np.ptp(path[:, 1]))
    aside = rng.uniform(-0.15, 0.45) * np.ptp(stem[:, 1])
    return replace(glyph, paths=[stem, dot + np.array([aside, rng.normal(0, 0.05)], np.float32)])


def _cases(
    sample: InkSample, alphabets: Iterable[Alphabet], weight: float, classifier: Classifier, untimed: bool
) -> list[Case]:
    ink = torn_apart(_without_times(sample.ink) if untimed else sample.ink)
    cuts = segment(ink)
    scores = classifier.classify(glyph_pictures(ink, cuts))
    index = [-1 if stroke.index is None else stroke.index for stroke in ink.strokes]
    strokes = [frozenset(index[s] for s in hypothesis.strokes) for hypothesis in cuts.hypotheses]
    return [Case(cuts, scores, alphabet, weight, strokes, true_cut(sample), {}) for alphabet in alphabets]


def _without_times(ink: Ink) -> Ink:
    return Ink(tuple(replace(stroke, start=None, end=None) for stroke in ink.strokes))


def _fitted(cases: Sequence[Case], seed: int) -> tuple[Joins, float]:
    """Fits to cases that have both true and false ways: (networks, mean probability of the true cut)."""
    nothing = Joins(*(Perceptron.by_hand({}, of) for of in (GLYPH, PAIR)))
    field = Field()
    for case in tqdm(cases, unit="lattice", leave=False):
        lattice = case.lattice(nothing)
        pairs = list(dict.fromkeys(pair for way in case.ways for pair in pairwise(way)))
        place = {pair: i for i, pair in enumerate(pairs)}
        field.add(
            lattice.features,
            PairFeatures(case.cuts)(*zip(*pairs, strict=True)) if pairs else np.zeros((0, len(PAIR))),
            [(way, [place[pair] for pair in pairwise(way)]) for way in case.ways],
            [float(lattice.parts["junk"][list(way)].sum()) for way in case.ways],
            list(case.ways.values()),
            case.weight,
        )
    glyph, pair, probability = fit(field, _HIDDEN, np.random.default_rng(seed))
    return Joins(glyph, pair), probability
