"""What is one glyph and what are two: learned from how strokes lie, when they were drawn, and what the net thinks.

Two small networks score a lattice. One judges each hypothesis: its strokes' gaps, distances, overlaps and pauses, its
size and place, and the classifier's log-probabilities. The other judges two glyphs that follow each other. They are
trained together so that the true ways through the lattices of many drawings are the most probable of all
(`model/training/joins.py`): a conditional random field (Lafferty, McCallum & Pereira, ICML 2001).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.reading.classify import WEIGHTS, ModelError
from model.reading.features import GLYPH, PAIR, GlyphFeatures, PairFeatures
from model.reading.segment import Cuts
from model.reading.steps import Step, Steps, taken

Floats = NDArray[np.float64]

_FEW = 100
"""Hypotheses of a drawing up to which all usual pairs are judged at once; of more, only those that ways come to."""

_SAME_PLACE = -4.0
"""What a glyph and a slip beneath it add as two characters: nobody writes so, and nothing taught the networks that."""


@dataclass(frozen=True)
class Perceptron:
    """A linear map with a hidden layer beside it.

    Attributes:
        constant: Shape ().
        linear: Shape (d,).
        inward: To the hidden layer: shape (d, h).
        bias: Of the hidden layer: shape (h,).
        outward: From the hidden layer: shape (h,).
    """

    constant: Floats
    linear: Floats
    inward: Floats
    bias: Floats
    outward: Floats

    @classmethod
    def by_hand(cls, weights: Mapping[str, float], features: Iterable[str]) -> Perceptron:
        """Linear alone: weights by the features' names, 0 for those not named."""
        linear = np.array([weights.get(name, 0.0) for name in features])
        return cls(np.array(0.0), linear, np.zeros((len(linear), 1)), np.zeros(1), np.zeros(1))

    def __call__(self, features: Floats) -> Floats:
        """(n, d) → log-scores (n,)."""
        return features @ self.linear + self.rest(features)

    def rest(self, features: Floats) -> Floats:
        """What is not linear in the features: (n, d) → (n,)."""
        return np.asarray(np.tanh(features @ self.inward + self.bias) @ self.outward + self.constant)

    def to_json(self) -> dict[str, Any]:
        """As numbers with four digits after the point."""
        return {name: getattr(self, name).round(4).tolist() for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, read: Any, inputs: int) -> Perceptron:
        """The reverse; raises ValueError, KeyError or TypeError for anything but such a network of so many inputs."""
        found = cls(*(np.array(read[name], np.float64) for name in cls.__dataclass_fields__))
        hidden = found.bias.size
        shapes = [getattr(found, name).shape for name in cls.__dataclass_fields__]
        if shapes != [(), (inputs,), (inputs, hidden), (hidden,), (hidden,)]:
            raise ValueError(f"expected a network of {inputs} inputs")
        return found


@dataclass(frozen=True)
class Joins:
    """Scores of cuts.

    Attributes:
        glyph: Of hypotheses, by `GLYPH`.
        pair: Of glyphs that follow each other, by `PAIR`.
    """

    glyph: Perceptron
    pair: Perceptron

    @classmethod
    def load(cls, directory: Path = WEIGHTS) -> Joins:
        """Loads `joins.json` of a model directory.

        Raises:
            ModelError: it is missing or damaged, or was made for other features.
        """
        path = directory / "joins.json"
        try:
            read = json.loads(path.read_text())
            if (read["glyph"]["features"], read["pair"]["features"]) != (list(GLYPH), list(PAIR)):
                raise ValueError("made for other features")
            return cls(*(Perceptron.from_json(read[k], len(of)) for k, of in (("glyph", GLYPH), ("pair", PAIR))))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"no usable {path}: {error!r}") from error

    def save(self, directory: Path) -> None:
        """Writes `joins.json`."""
        parts = (("glyph", GLYPH, self.glyph), ("pair", PAIR, self.pair))
        table = {name: {"features": list(of), **net.to_json()} for name, of, net in parts}
        (directory / "joins.json").write_text(json.dumps(table) + "\n")


class Judged:
    """The cuts of a drawing as the networks judge them; what does not depend on the alphabet is found out once.

    Attributes:
        cuts: The cuts.
        glyph: The network of hypotheses.
        features: What it judges them by.
        steps: Which hypotheses may follow which.
    """

    def __init__(self, cuts: Cuts, joins: Joins):
        self.cuts, self.steps = cuts, Steps(cuts)
        self.glyph, self.features = joins.glyph, GlyphFeatures(cuts)
        self._pair, self._pair_features = joins.pair, PairFeatures(cuts)
        self._under = {h.strokes: frozenset(h.under) for h in cuts.hypotheses if h.under}
        self._pairs: dict[tuple[int, int], float] = {}
        if len(cuts.hypotheses) <= _FEW:
            self._judge(self.steps.plain())

    def only(self, steps: Collection[Step]) -> Judged:
        """The same of some steps and their hypotheses, which are then all: judged as they stand among all before, and
        numbered anew in their order there."""
        hypotheses = taken(steps)
        place = {h: i for i, h in enumerate(hypotheses)}
        found = copy(self)
        found.cuts = self.cuts.only(hypotheses)
        found.steps = Steps.only(found.cuts, (step._replace(hypothesis=place[step.hypothesis]) for step in steps))
        found.features, found._pair_features = self.features.only(hypotheses), self._pair_features.only(hypotheses)
        pairs = self._pairs.items()
        found._pairs = {(place[a], place[b]): score for (a, b), score in pairs if a in place and b in place}
        return found

    def pairs(self, lefts: Iterable[int], rights: Sequence[int]) -> dict[tuple[int, int], float]:
        """What each of some hypotheses adds before each of others; all pairs judged so far, these among them."""
        self._judge([(a, b) for a in lefts for b in rights if (a, b) not in self._pairs])
        return self._pairs

    def _judge(self, new: Sequence[tuple[int, int]]) -> None:
        if new:
            scores = self._pair(self._pair_features(*zip(*new, strict=True))).tolist()
            self._pairs.update(zip(new, scores, strict=True))
            for left, right in new if self._under else ():
                if self._is_beneath(left, right) or self._is_beneath(right, left):
                    self._pairs[left, right] += _SAME_PLACE

    def _is_beneath(self, slip: int, glyph: int) -> bool:
        """Whether one hypothesis may be what another was written over."""
        hypotheses = self.cuts.hypotheses
        under = self._under.get(hypotheses[glyph].strokes)
        return under is not None and under.issuperset(hypotheses[slip].strokes)

    def pair(self, left: int, right: int) -> float:
        """What one hypothesis adds before another."""
        known = self._pairs.get((left, right))
        return self.pairs([left], [right])[left, right] if known is None else known
