"""Learns what is one glyph and what are two: `python -m model joins`.

Drawings whose cuts are known, composed of training writers' characters and real words of theirs, are cut and classified
once. Then, round by round, the best ways through their lattices are listed, and both networks of `Joins` are fitted so
that of all ways ever listed the true ones are the most probable: the likelihood of a conditional random field whose sum
over all ways is taken over the likely ones alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from tqdm import tqdm

from model.reading.alphabet import Alphabet
from model.reading.classify import Classifier, Scores, holding
from model.reading.features import GLYPH, PAIR, PairFeatures
from model.reading.glyphs import drawn, ways_of
from model.reading.joins import Joins, Judged, Perceptron
from model.reading.lattice import Lattice, Weights
from model.reading.segment import Cuts, segment
from model.training.crf import Field, fit
from model.training.lessons import Lesson, lessons

COUNT = 2500
"""Drawings that teach, unless told otherwise."""
_ROUNDS = 3
_HIDDEN = 12
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
        strokes: The names of each hypothesis's strokes.
        truth: Those of each true glyph.
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
        return Lattice(Judged(self.cuts, joins), self.scores, self.alphabet, Weights())

    def list_ways(self, joins: Joins) -> None:
        """Adds the ways that `joins` likes best."""
        for path in self.lattice(joins).best_paths():
            self.ways[path.hypotheses] = Counter(self.strokes[h] for h in path.hypotheses) == self.truth


def learn_joins(
    data: Path, model: Path, out: Path, count: int = COUNT, seed: int = 1, members: int = 1, keep: bool = False
) -> tuple[int, float]:
    """Fits both networks to the cuts of training writers' drawings, and writes `joins.json` into `out`.

    Args:
        data: Folder of ink files.
        model: Model directory with the classifier that the networks listen to.
        out: Model directory.
        count: Drawings that teach; each is read with one or two alphabets.
        seed: Decides every random choice.
        members: How many times that is done, each from drawings of its own; what is written is their mean, which
            depends less on which drawings there were.
        keep: Whether what is written is half of that, and half what the model knew before.

    Returns:
        How many readings taught, and the mean probability that they then gave to the true cut.

    Raises:
        ValueError, OSError: the data or the model cannot be used.
    """
    classifier = Classifier.load(model)
    known = [Joins.load(holding("joins.json", model))] if keep else []
    learned = [_learned(data, classifier, count, seed + i) for i in range(members)]
    joins, readings, probabilities = zip(*learned, strict=True)
    mean_joins([*known, mean_joins(joins)]).save(out)
    return sum(readings), float(np.mean(probabilities))


def mean_joins(several: Sequence[Joins]) -> Joins:
    """Networks that score as several do on average: a hidden layer of all of theirs."""
    return Joins(_mean([joins.glyph for joins in several]), _mean([joins.pair for joins in several]))


def _mean(networks: Sequence[Perceptron]) -> Perceptron:
    return Perceptron(
        np.mean([network.constant for network in networks], axis=0),
        np.mean([network.linear for network in networks], axis=0),
        np.concatenate([network.inward for network in networks], axis=1),
        np.concatenate([network.bias for network in networks]),
        np.concatenate([network.outward for network in networks]) / len(networks),
    )


def _learned(data: Path, classifier: Classifier, count: int, seed: int) -> tuple[Joins, int, float]:
    """Networks, how many readings taught them, and the mean probability that they then gave to the true cut."""
    rng = np.random.default_rng(seed)
    cases: list[Case] = []
    for lesson in tqdm(lessons(data, count, rng), unit="drawing", total=count, leave=False):
        cuts = segment(lesson.ink)
        glyphs = drawn(lesson.ink, ways_of(lesson.ink, cuts))
        scores = classifier.classify(glyphs.pictures, glyphs.trajectories, glyphs.known)[glyphs.of]
        cases += [_case(lesson, alphabet, cuts, scores) for alphabet in lesson.alphabets]
    joins = Joins(*(Perceptron.by_hand(_BEGIN[name], of) for name, of in (("glyph", GLYPH), ("pair", PAIR))))
    probability = 0.0
    for turn in range(_ROUNDS):
        for case in tqdm(cases, unit="lattice", leave=False):
            case.list_ways(joins)
        joins, probability = _fitted([case for case in cases if len(set(case.ways.values())) == 2], seed + turn)
        tqdm.write(f"round {turn + 1} of {_ROUNDS}: the true cut's mean probability is {probability:.4f}")
    return joins, len(cases), probability


def _case(lesson: Lesson, alphabet: Alphabet, cuts: Cuts, scores: Scores) -> Case:
    strokes = [frozenset(lesson.names[s] for s in hypothesis.strokes) for hypothesis in cuts.hypotheses]
    case = Case(cuts, scores, alphabet, lesson.weight, strokes, lesson.truth, {})
    place = {members: i for i, members in enumerate(strokes) if not cuts.hypotheses[i].under}
    if all(glyph in place for glyph in lesson.truth):
        way = sorted((place[glyph] for glyph in lesson.truth), key=lambda h: cuts.hypotheses[h].primitives[0])
        explained = sorted(p for h in way for p in cuts.hypotheses[h].primitives)
        if explained == list(range(cuts.primitives)):  # not so where a stroke was torn
            case.ways[tuple(way)] = True
    return case


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
