"""The lattice: hypotheses scored for one alphabet, and the best ways through them.

Every reading explains each primitive exactly once. What a hypothesis is worth, and what two that follow each other are,
is learned (`joins.py`), and in such units that the scores of ways through the lattice are log-probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES, Alphabet, alphabet_mask, same_letter
from model.reading.classify import Scores
from model.reading.features import GLYPH
from model.reading.joins import Judged
from model.reading.steps import advance

_BEAM = 12
"""Partial readings kept at each primitive."""

_TELLING, _MOST = 2.0, 8.0
"""Log-odds of its lines' saying something, for each glyph, from which that speaks for a drawing's being writing, as
most writing has far more; and what is counted of the rest at most, for it or against."""

_SAID = ("class", "classes"), ("alphabet", "alphabets"), ("character", "characters")
"""Features that hold one opinion of the net's, once a glyph and once a stroke."""


@dataclass(frozen=True)
class Weights:
    """How the scores of a lattice are weighed; log units unless said otherwise.

    Attributes:
        junk: Cost, a primitive, of a way through with ink that is no character.
        overwriting: Cost of a glyph's having been written over a slip of the pen.
        refusal: Log-odds of its being junk at which a glyph is as likely refused as read, whatever else was drawn. The
            classifier was trained with far more junk than people draw.
        refusal_all: The same of the drawing as a whole: a dot or a scribble and nothing else is no wonder. What speaks
            for its being junk is weighed by the last three.
        refusal_letters: Added to that where it is read as letters, or as both: there are more of them that a scribble
            may be like.
        refusal_odds: Weight of its glyphs' log-odds, added up.
        refusal_score: What the log-score of the way through those that are not refused counts against that.
        refusal_doubt: Weight of how improbable the likeliest text is: what could be anything is likely nothing.
        refusal_silence: Weight of the log-odds that its lines, read whole, say nothing.
        letters: Cost of reading letters where digits would do.
        mixed: Cost of reading both where digits would do, beside what the kinds of its words cost; less than 0, as some
            of that is due where digits or letters are read alone too.
        language: Weight of the log-evidence that a path's letters make a word.
        whole: Weight of what lines say that are read whole.
        whole_flat: The same in flat images, which tell no strokes apart, where not only letters may be answered.
        sharpness: Factor on score differences in the posterior; 1 trusts them as they are.
    """

    junk: float = 10.0
    overwriting: float = 4.0
    refusal: float = 5.0
    refusal_all: float = 0.0
    refusal_letters: float = -1.25
    refusal_odds: float = 0.46
    refusal_score: float = 0.23
    refusal_doubt: float = 4.0
    refusal_silence: float = 0.5
    letters: float = 2.0
    mixed: float = -1.0
    language: float = 1.0
    whole: float = 0.1
    whole_flat: float = 0.3
    sharpness: float = 1.0


@dataclass(frozen=True)
class Path:
    """One way through the lattice.

    Attributes:
        hypotheses: Indices into the cuts' hypotheses, in reading order.
        score: Log-score; higher is better.
        language: What part of it comes from letters that make a word.
        whole: What part of it comes from its lines' being read whole.
    """

    hypotheses: tuple[int, ...]
    score: float
    language: float = 0.0
    whole: float = 0.0


class Lattice:
    """The cuts scored for one alphabet.

    Attributes:
        cuts: What is scored.
        judged: The same as the networks of cuts judge it.
        alphabet: What each glyph may be.
        characters: The alphabet's characters, in class order.
        log_labels: Log-probability of each character of a hypothesis taken as a character: shape (k, len(characters)).
        odds: Log-odds of each hypothesis's being no character: shape (k,).
        parts: What makes up the log-score of each hypothesis, by name: shape (k,) each.
        edges: Log-score of each hypothesis, whatever it is read as, the sum of its parts: shape (k,).
        features: What they come from: shape (k, len(GLYPH)).
    """

    def __init__(self, judged: Judged, scores: Scores, alphabet: Alphabet, weights: Weights):
        self.cuts = cuts = judged.cuts
        self.judged = judged
        self.alphabet = alphabet
        self.weights = weights
        mask = alphabet_mask(alphabet)
        self.characters = [c for c, allowed in zip(CLASSES, mask, strict=True) if allowed]
        inside = scores.log_p[:, mask].astype(np.float64)
        mass = np.logaddexp.reduce(inside, axis=1)
        # which case a letter has does not bear on whether it was cut out right
        caseless = np.log(np.exp(inside) @ same_letter(alphabet) + 1e-30).max(axis=1)
        size = np.array([h.size for h in cuts.hypotheses], np.float64)
        self._lettered = any(c.isalpha() for c in self.characters)
        self.features = judged.features(caseless, mass, scores.log_character.astype(np.float64), self._lettered)
        linear = dict(zip(GLYPH, (self.features * judged.glyph.linear).T, strict=True))
        said = {name: linear.pop(name) + linear.pop(both) for name, both in _SAID}
        self.parts: dict[str, NDArray[np.float64]] = {
            **said,
            # what its perhaps being junk adds, the same shape either way
            "junk": np.logaddexp(0, size * (scores.log_junk - weights.junk - caseless - scores.log_character)),
            "shape": sum(linear.values(), judged.glyph.rest(self.features)),
            "slip": -weights.overwriting * np.array([bool(h.under) for h in cuts.hypotheses], np.float64),
        }
        self.edges = sum(self.parts.values(), np.zeros_like(size))
        self.odds = (scores.log_junk - scores.log_character).astype(np.float64)
        self.log_labels = inside - mass[:, None]

    def log_accepted(self, way: Sequence[int]) -> NDArray[np.float64]:
        """Log-probability that each glyph of a way is a character, whatever the rest of the drawing is."""
        return np.asarray(-np.logaddexp(0, self.odds[list(way)] - self.weights.refusal))

    def log_writing(self, way: Sequence[int], log_p: float, silence: float | None = None) -> float:
        """Log-probability that the drawing as a whole is writing.

        Args:
            way: How it is read.
            log_p: Log-probability of the text that it then says.
            silence: Log-odds that its lines say nothing when they are read whole; None where they are not.
        """
        weights = self.weights
        # what is refused anyway says nothing against the rest
        taken = [h for h in way if self.odds[h] < weights.refusal]
        score = float(self.edges[taken].sum()) + sum(self.beside(*pair) for pair in pairwise(taken))
        junk = weights.refusal_odds * float(self.odds[list(way)].sum())
        junk -= weights.refusal_score * score + weights.refusal_doubt * log_p
        if silence is not None:
            junk += weights.refusal_silence * min(max(silence + _TELLING * len(way), -_MOST), _MOST)
        enough = weights.refusal_all + (weights.refusal_letters if self._lettered else 0.0)
        return -float(np.logaddexp(0, junk - enough))

    def best_paths(self) -> list[Path]:
        """The best ways through, best first; at least one (an empty one for an empty drawing)."""
        steps, edges = self.judged.steps, self.edges.tolist()
        waiting: list[list[_Partial]] = [[] for _ in range(self.cuts.primitives + 1)]
        waiting[0].append(_Partial(0.0, 0.0, 0, -1, None))
        for position in range(self.cuts.primitives):
            best = _best(waiting[position])
            pairs = self.judged.pairs({p.hypothesis for p in best if p.before is not None}, steps.starting(position))
            for partial in best:
                for index, ahead in steps.following(position, partial.ahead):
                    score = partial.score + edges[index]
                    if partial.before is not None:
                        score += pairs[partial.hypothesis, index]
                    reached, rest = advance(position, ahead)
                    waiting[reached].append(_Partial(score - self.hoped(reached, rest), score, rest, index, partial))
            waiting[position] = []
        return [Path(p.path(), p.score) for p in _best(waiting[-1])]

    @cached_property
    def _hopes(self) -> list[float]:
        """What each primitive may add to the log-score of a way: its share of the best hypothesis that explains it."""
        hopes = [-np.inf] * self.cuts.primitives
        for hypothesis, edge in zip(self.cuts.hypotheses, self.edges.tolist(), strict=True):
            for member in hypothesis.primitives:
                hopes[member] = max(hopes[member], edge / len(hypothesis.primitives))
        return hopes

    def hoped(self, position: int, ahead: int) -> float:
        """What the primitives explained ahead of a position may have added: makes ways comparable that have explained
        different ones. Bit i of `ahead` stands for the i-th primitive from there on."""
        return sum(self._hopes[position + i] for i in range(ahead.bit_length()) if ahead >> i & 1) if ahead else 0.0

    def beside(self, left: int, right: int) -> float:
        """What two hypotheses add to the log-score of a way on which they follow each other."""
        return self.judged.pair(left, right)


class _Partial(NamedTuple):
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


def _best(partials: list[_Partial]) -> list[_Partial]:
    return sorted(partials, key=itemgetter(0), reverse=True)[:_BEAM]


def softmax(scores: Sequence[float], sharpness: float) -> NDArray[np.float64]:
    """Probabilities in proportion to exp(`sharpness` · score)."""
    scaled = np.asarray(scores, np.float64) * sharpness
    weights = np.exp(scaled - scaled.max())
    return np.asarray(weights / weights.sum())
