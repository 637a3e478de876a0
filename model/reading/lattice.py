"""The lattice: hypotheses scored for one alphabet, and the best ways through them.

Every reading explains each primitive exactly once. A hypothesis costs as many times its classifier score as it has
primitives, so that readings of few large groups and of many small ones compare.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES, Alphabet, alphabet_mask, same_letter
from model.reading.classify import Scores
from model.reading.segment import Cuts, Hypothesis

_BEAM = 24
"""Partial readings kept at each primitive."""


@dataclass(frozen=True)
class Weights:
    """How the scores of a lattice are weighed; log units unless said otherwise.

    Attributes:
        mass: Weight of the log-probability that the glyph belongs to the alphabet at all.
        gap: Cost of a horizontal gap inside a glyph as wide as the line is high.
        overlap: Cost of a glyph that stands wholly over the one before it.
        pause: Cost of a pause inside a glyph e times as long as the writer's usual one.
        tear: Cost of taking one connected piece of ink for two glyphs.
        junk: Cost, a primitive, of a way through with ink that is no character.
        refusal: Log-odds of its being junk at which a glyph among others is as likely refused as read. The classifier
            was trained with far more junk than people draw.
        refusal_alone: The same of a glyph that is all there is: a lone dot or scribble is no wonder.
        letters: Cost of reading letters where digits would do.
        mixed: Cost of reading letters and digits mixed where one kind would do.
        language: Weight of the log-evidence that a path's letters make a word.
        sharpness: Factor on score differences in the posterior; 1 trusts them as they are.
    """

    mass: float = 0.5
    gap: float = 2.5
    overlap: float = 4.5
    pause: float = 0.25
    tear: float = 3.0
    junk: float = 6.0
    refusal: float = 4.0
    refusal_alone: float = 0.5
    letters: float = 7.0
    mixed: float = 10.0
    language: float = 1.0
    sharpness: float = 0.7


@dataclass(frozen=True)
class Path:
    """One way through the lattice.

    Attributes:
        hypotheses: Indices into the cuts' hypotheses, in reading order.
        score: Log-score; higher is better.
        language: What part of it comes from letters that make a word.
    """

    hypotheses: tuple[int, ...]
    score: float
    language: float = 0.0


class Lattice:
    """The cuts scored for one alphabet.

    Attributes:
        cuts: What is scored.
        alphabet: What each glyph may be.
        characters: The alphabet's characters, in class order.
        log_labels: Log-probability of each character of a hypothesis taken as a glyph, rejection left its share:
            shape (k, len(characters)).
        rejected: Probability that a hypothesis taken as a glyph is no character: shape (k,).
        parts: What makes up the log-score of each hypothesis, by name: shape (k,) each.
        edges: Log-score of each hypothesis, whatever it is read as, the sum of its parts: shape (k,).
    """

    def __init__(self, cuts: Cuts, scores: Scores, alphabet: Alphabet, weights: Weights):
        self.cuts = cuts
        self.alphabet = alphabet
        self.weights = weights
        mask = alphabet_mask(alphabet)
        self.characters = [c for c, allowed in zip(CLASSES, mask, strict=True) if allowed]
        inside = scores.log_p[:, mask].astype(np.float64)
        mass = np.logaddexp.reduce(inside, axis=1)
        # which case a letter has does not bear on whether it was cut out right
        caseless = np.log(np.exp(inside) @ same_letter(alphabet) + 1e-30).max(axis=1)
        size = np.array([h.size for h in cuts.hypotheses], np.float64)
        whole = np.array([len(h.primitives) == cuts.primitives for h in cuts.hypotheses])
        shape = {
            "gap": -weights.gap * np.array([h.gap for h in cuts.hypotheses]),
            "pause": -weights.pause * np.log([max(h.pause or 1.0, 1.0) for h in cuts.hypotheses]),
            "tear": -weights.tear * np.array([h.tears for h in cuts.hypotheses]),
        }
        label = {
            "class": size * caseless,
            "alphabet": size * weights.mass * mass,
            "character": size * scores.log_character,
        }
        # what its perhaps being junk adds, the same shape either way
        character = sum(label.values(), np.zeros_like(size))
        junk = np.logaddexp(0, size * (scores.log_junk - weights.junk) - character)
        self.parts: dict[str, NDArray[np.float64]] = {**label, "junk": junk, **shape}
        self.edges = sum(self.parts.values(), np.zeros_like(size))
        refusal = np.where(whole, weights.refusal_alone, weights.refusal)
        odds = (scores.log_junk - scores.log_character - refusal).astype(np.float64)
        self.rejected = np.exp(-np.logaddexp(0, -odds))
        self.log_labels = inside - mass[:, None] - np.logaddexp(0, odds)[:, None]

    def best_paths(self) -> list[Path]:
        """The best ways through, best first; at least one (an empty one for an empty drawing)."""
        steps = _Steps(self)
        # what a primitive may hope for: makes partial readings comparable that have explained different ones
        hope = np.full(self.cuts.primitives, -np.inf)
        for hypothesis, edge in zip(self.cuts.hypotheses, self.edges, strict=True):
            members = list(hypothesis.primitives)
            hope[members] = np.maximum(hope[members], edge / len(members))
        waiting: list[list[_Partial]] = [[] for _ in range(self.cuts.primitives + 1)]
        waiting[0].append(_Partial(0.0, 0.0, 0, -1, None))
        for position in range(self.cuts.primitives):
            for partial in heapq.nlargest(_BEAM, waiting[position], key=lambda p: p.rank):
                for index, ahead in steps.following(position, partial.ahead):
                    score = partial.score + float(self.edges[index])
                    if partial.before is not None:
                        score += steps.overlap(partial.hypothesis, index)
                    reached, rest = _advance(position, ahead)
                    hoped = sum(float(hope[reached + i]) for i in range(rest.bit_length()) if rest >> i & 1)
                    waiting[reached].append(_Partial(score - hoped, score, rest, index, partial))
            waiting[position] = []
        return [Path(p.path(), p.score) for p in heapq.nlargest(_BEAM, waiting[-1], key=lambda p: p.rank)]

    def overlap(self, left: int, right: int) -> float:
        """What two hypotheses add to the log-score of a way on which they follow each other; 0 or less."""
        return -self.weights.overlap * _overlap(self.cuts.hypotheses[left], self.cuts.hypotheses[right])


@dataclass(frozen=True)
class _Partial:
    """A reading of the primitives up to some position.

    Attributes:
        rank: Its score without what it has explained ahead of its position.
        score: Its log-score.
        ahead: Which primitives from its position on are explained too: bit i stands for position + i.
        hypothesis: The last glyph.
        before: What it was before that glyph.
    """

    rank: float
    score: float
    ahead: int
    hypothesis: int
    before: _Partial | None

    def path(self) -> tuple[int, ...]:
        path: list[int] = []
        partial: _Partial | None = self
        while partial is not None and partial.before is not None:
            path.append(partial.hypothesis)
            partial = partial.before
        return tuple(reversed(path))


class _Steps:
    """Which glyphs may follow where, and what their overlaps cost."""

    def __init__(self, lattice: Lattice):
        self._lattice = lattice
        cuts = lattice.cuts
        self._overlaps: dict[tuple[int, int], float] = {}
        self._starting: list[list[tuple[int, int]]] = [[] for _ in range(cuts.primitives)]
        for index, hypothesis in enumerate(cuts.hypotheses):
            first = hypothesis.primitives[0]
            self._starting[first].append((index, sum(1 << (p - first) for p in hypothesis.primitives)))

    def following(self, position: int, ahead: int) -> list[tuple[int, int]]:
        """(hypothesis, what is then explained from `position` on) of all that start there and take nothing twice."""
        return [(index, ahead | members) for index, members in self._starting[position] if not ahead & members]

    def overlap(self, left: int, right: int) -> float:
        pair = (left, right)
        if pair not in self._overlaps:
            self._overlaps[pair] = self._lattice.overlap(left, right)
        return self._overlaps[pair]


def _advance(position: int, ahead: int) -> tuple[int, int]:
    """To the next primitive not yet explained: its position, and what is explained from there on."""
    explained = (~ahead & (ahead + 1)).bit_length() - 1  # trailing ones
    return position + explained, ahead >> explained


def _overlap(left: Hypothesis, right: Hypothesis) -> float:
    """Share of the narrower glyph's width that stands over or under the other, 0 to 1."""
    if left.line != right.line:
        return 0.0
    a, b = left.box, right.box
    shared = min(a.right, b.right) - max(a.x, b.x)
    narrower = min(a.width, b.width)
    if shared <= 0 or narrower <= 0:
        return float(shared >= 0 and narrower == 0)
    return min(1.0, shared / narrower)


def softmax(scores: Sequence[float], sharpness: float) -> NDArray[np.float64]:
    """Probabilities in proportion to exp(`sharpness` · score)."""
    scaled = np.asarray(scores, np.float64) * sharpness
    weights = np.exp(scaled - scaled.max())
    return np.asarray(weights / weights.sum())
