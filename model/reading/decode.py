"""The best text among the competing cuts: a lattice over groups of strokes, searched by beam.

Every reading explains each primitive exactly once. A hypothesis costs as many times its classifier score as it has
primitives, so that readings of few large groups and of many small ones compare.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import ALPHABETS, CLASSES, Alphabet, AlphabetChoice, alphabet_mask, same_letter
from model.reading.classify import Scores
from model.reading.segment import Cuts, Hypothesis

_BEAM = 12
"""Partial readings kept for each set of explained primitives."""

_SEGMENTATIONS = 6
"""Best segmentations whose texts are spelled out."""


@dataclass(frozen=True)
class Weights:
    """How the scores of a lattice are weighed; log units unless said otherwise.

    Attributes:
        mass: Weight of the log-probability that the glyph belongs to the alphabet at all.
        gap: Cost of a horizontal gap inside a glyph as wide as the line is high.
        overlap: Cost of a glyph that stands wholly over the one before it.
        pause: Cost of a pause inside a glyph e times as long as the writer's usual one.
        reject: Cost, a primitive, of calling ink no character.
        letters: Cost of reading letters where digits would do.
        mixed: Cost of reading letters and digits mixed where one kind would do.
        sharpness: Factor on score differences between segmentations in the posterior; 1 trusts them as they are.
    """

    mass: float = 0.5
    gap: float = 2.5
    overlap: float = 2.0
    pause: float = 0.25
    reject: float = 3.5
    letters: float = 0.3
    mixed: float = 2.0
    sharpness: float = 0.7


@dataclass(frozen=True)
class Segmentation:
    """One way to cut the whole drawing.

    Attributes:
        path: Indices into the cuts' hypotheses, in reading order.
        probability: Posterior among the segmentations found, 0 to 1.
    """

    path: tuple[int, ...]
    probability: float


@dataclass(frozen=True)
class Decoded:
    """What a lattice says.

    Attributes:
        alphabet: The alphabet read with.
        best: Indices into the cuts' hypotheses of the most probable segmentation, in reading order.
        labels: For each glyph of `best`, (character or None, probability), most probable first; all of the alphabet.
        texts: (labels, probability), most probable first; None in a text stands for a rejected glyph.
    """

    alphabet: Alphabet
    best: tuple[int, ...]
    labels: tuple[tuple[tuple[str | None, float], ...], ...]
    texts: tuple[tuple[tuple[str | None, ...], float], ...]


def decode(
    cuts: Cuts, scores: Scores, alphabet: AlphabetChoice = "auto", texts: int = 3, weights: Weights | None = None
) -> Decoded:
    """Reads the lattice.

    Args:
        cuts: The hypotheses.
        scores: The classifier's scores of each.
        alphabet: What may be answered; "auto" takes the best of digits, letters and both.
        texts: How many texts to answer at least, if there are so many.
        weights: How to weigh; the tuned ones if None.
    """
    weights = weights or Weights()
    candidates: tuple[Alphabet, ...] = ("digits", "letters", "alphanumeric") if alphabet == "auto" else (alphabet,)
    lattices = [_Lattice(cuts, scores, candidate, weights) for candidate in candidates]
    costs = {"letters": weights.letters, "alphanumeric": weights.mixed} if alphabet == "auto" else {}
    totals = np.array([lattice.total - costs.get(lattice.alphabet, 0.0) for lattice in lattices])
    shares = _softmax(totals * weights.sharpness)
    chosen = lattices[int(totals.argmax())]
    best = chosen.segmentations[0].path
    spelled: dict[tuple[str | None, ...], float] = {}
    for lattice, share in zip(lattices, shares, strict=True):
        for text, probability in lattice.texts(max(texts, 1)):
            spelled[text] = spelled.get(text, 0.0) + float(share) * probability
    # the answer is a text of the chosen alphabet's best segmentation, so that glyphs and text agree
    answer = tuple(chosen.labels(h)[0][0] for h in best)
    ranked = sorted(spelled.items(), key=lambda item: (item[0] != answer, -item[1]))
    return Decoded(chosen.alphabet, best, tuple(_posterior_labels(chosen, h) for h in best), tuple(ranked))


def _posterior_labels(lattice: _Lattice, hypothesis: int) -> tuple[tuple[str | None, float], ...]:
    """The labels of a glyph, their probabilities lowered by the doubt that it was cut out right."""
    cut_right = sum(s.probability for s in lattice.segmentations if hypothesis in s.path)
    return tuple((label, probability * cut_right) for label, probability in lattice.labels(hypothesis))


class _Lattice:
    """The cuts scored for one alphabet.

    Attributes:
        alphabet: Which.
        segmentations: The best, most probable first; at least one (an empty path for an empty drawing).
        total: Log-score of the best segmentation.
    """

    def __init__(self, cuts: Cuts, scores: Scores, alphabet: Alphabet, weights: Weights):
        self.alphabet = alphabet
        mask = alphabet_mask(alphabet)
        self._characters = [c for c, allowed in zip(CLASSES, mask, strict=True) if allowed]
        inside = scores.log_p[:, mask]
        mass = np.logaddexp.reduce(inside, axis=1) if inside.size else np.zeros(len(inside))
        # which case a letter has does not bear on whether it was cut out right
        caseless = np.log(np.exp(inside) @ same_letter(self._characters)).max(axis=1, initial=-1e3)
        size = np.array([len(h.primitives) for h in cuts.hypotheses])
        shape = np.array([_shape_cost(h, weights) for h in cuts.hypotheses])
        character = size * (caseless + scores.log_character + weights.mass * mass) - shape
        rejected = size * (scores.log_junk - weights.reject) - shape
        edges = np.logaddexp(character, rejected)
        self._reject = np.exp(rejected - edges)
        self._label_p = np.exp(inside - mass[:, None])
        found = _search(cuts, edges, weights)
        self.total = found[0][0]
        posterior = _softmax(np.array([score for score, _ in found]) * weights.sharpness)
        self.segmentations = [
            Segmentation(path, float(probability)) for (_, path), probability in zip(found, posterior, strict=True)
        ]

    def labels(self, hypothesis: int) -> list[tuple[str | None, float]]:
        """(label, probability) of a hypothesis taken as a glyph, most probable first; None is "no character"."""
        reject = float(self._reject[hypothesis])
        row = self._label_p[hypothesis] * (1 - reject)
        labels: list[tuple[str | None, float]] = [(self._characters[i], float(row[i])) for i in np.argsort(-row)]
        at = next((i for i, (_, p) in enumerate(labels) if p < reject), len(labels))
        labels.insert(at, (None, reject))
        return labels

    def texts(self, count: int) -> Iterator[tuple[tuple[str | None, ...], float]]:
        """The `count` most probable texts of each of the best segmentations; one text may come more than once."""
        for segmentation in self.segmentations[:_SEGMENTATIONS]:
            for text, probability in _spellings([self.labels(h)[:8] for h in segmentation.path], count):
                yield text, segmentation.probability * probability


def _shape_cost(hypothesis: Hypothesis, weights: Weights) -> float:
    cost = weights.gap * hypothesis.gap
    if hypothesis.pause is not None and hypothesis.pause > 1:
        cost += weights.pause * float(np.log(hypothesis.pause))
    return cost


def _search(cuts: Cuts, edges: NDArray[np.float64], weights: Weights) -> list[tuple[float, tuple[int, ...]]]:
    """(score, path) of the best segmentations, best first: a beam over the sets of explained primitives.

    A reading always takes next a group with the leftmost unexplained primitive. Sets are bit masks; a set's mask is
    larger than those of its subsets, so going through masks in rising order meets each after all that lead to it.
    """
    masks = [sum(1 << p for p in h.primitives) for h in cuts.hypotheses]
    by_first: dict[int, list[int]] = {}
    for index, hypothesis in enumerate(cuts.hypotheses):
        by_first.setdefault(hypothesis.primitives[0], []).append(index)
    overlaps: dict[tuple[int, int], float] = {}
    beams: dict[int, list[tuple[float, tuple[int, ...]]]] = {0: [(0.0, ())]}
    waiting = [0]
    full = (1 << cuts.primitives) - 1
    while (mask := heapq.heappop(waiting)) != full:
        beam = heapq.nlargest(_BEAM, beams.pop(mask))
        first = (~mask & (mask + 1)).bit_length() - 1
        for index in by_first[first]:
            if masks[index] & mask:
                continue
            reached = mask | masks[index]
            if reached not in beams:
                beams[reached] = []
                heapq.heappush(waiting, reached)
            for score, path in beam:
                cost = 0.0
                if path:
                    pair = (path[-1], index)
                    if pair not in overlaps:
                        overlaps[pair] = _overlap(cuts.hypotheses[path[-1]], cuts.hypotheses[index])
                    cost = weights.overlap * overlaps[pair]
                beams[reached].append((score + float(edges[index]) - cost, (*path, index)))
    return heapq.nlargest(_BEAM, beams[full])


def _overlap(left: Hypothesis, right: Hypothesis) -> float:
    """Share of the narrower glyph's width that stands over or under the other, 0 to 1."""
    a, b = left.box, right.box
    shared = min(a.right, b.right) - max(a.x, b.x)
    narrower = min(a.width, b.width)
    if shared <= 0 or narrower <= 0:
        return float(shared >= 0 and narrower == 0)
    return min(1.0, shared / narrower)


def _spellings(
    labels: Sequence[Sequence[tuple[str | None, float]]], count: int
) -> Iterator[tuple[tuple[str | None, ...], float]]:
    """The `count` most probable combinations of one label a glyph, best first."""
    start = (0,) * len(labels)

    def probability(choice: tuple[int, ...]) -> float:
        return float(np.prod([options[i][1] for options, i in zip(labels, choice, strict=True)]))

    heap = [(-probability(start), start)]
    seen = {start}
    for _ in range(count):
        if not heap:
            return
        negative, choice = heapq.heappop(heap)
        yield tuple(options[i][0] for options, i in zip(labels, choice, strict=True)), -negative
        for at in range(len(choice)):
            following = (*choice[:at], choice[at] + 1, *choice[at + 1 :])
            if following[at] < len(labels[at]) and following not in seen:
                seen.add(following)
                heapq.heappush(heap, (-probability(following), following))


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())
