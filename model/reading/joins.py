"""What is one glyph and what are two: learned from how strokes lie, when they were drawn, and what the net thinks.

Two small networks score a lattice. One judges each hypothesis: its strokes' gaps, distances, overlaps and pauses, its
size and place, and the classifier's log-probabilities. The other judges two glyphs that follow each other. They are
trained together so that the true ways through the lattices of many drawings are the most probable of all
(`model/training/joins.py`): a conditional random field (Lafferty, McCallum & Pereira, ICML 2001).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.reading.classify import WEIGHTS, ModelError
from model.reading.proximity import FAR
from model.reading.segment import Cuts, Hypothesis
from model.reading.steps import Steps

Floats = NDArray[np.float64]

GLYPH = {
    "class": "log-probability of the likeliest character, whatever its case, among those that may be read",
    "classes": "the same times the strokes",
    "alphabet": "log-probability that it is any of those that may be read",
    "alphabets": "the same times the strokes",
    "character": "log-probability that it is a character at all",
    "characters": "the same times the strokes",
    "joins": "strokes joined, less one",
    "single": "whether it is one stroke",
    "gap": "widest empty column inside, line heights",
    "reach": "longest way between strokes that lie next to each other, line heights",
    "touching": "how many of these ways are as good as none",
    "shared": "least share of a stroke's width that stands over or under another",
    "delays": "how often another glyph's strokes were drawn in between",
    "tears": "strokes cut off one that it does not hold",
    "torn letters": "the same where letters may be read: an m or w is wide and easily torn",
    "pause": "log of the longest pause inside over the writer's usual one, if longer",
    "timed": "strokes joined, less one, where times are known",
    "width": "line heights",
    "height": "line heights",
    "aspect": "log of width over height",
    "place": "height of its middle under that of its line, line heights",
}
"""What a hypothesis is judged by, in the order of the features."""

PAIR = {
    "over narrow": "width that both stand over, in widths of the narrower",
    "over height": "the same in line heights",
    "over wide": "the same in widths of the wider",
    "gap": "empty width between, line heights",
    "touching": "whether their ink all but touches",
    "pause": "log of the pause between over the writer's usual one, where one was drawn right after the other",
    "timed": "whether times are known",
    "narrow": "width of the narrower, line heights",
    "wide": "width of the wider, line heights",
    "step": "height of the second's middle under the first's, line heights",
    "low": "height of the lower, line heights",
}
"""What two glyphs that follow each other are judged by, in the order of the features."""

_SAID = 6
"""Features of `GLYPH`, the first, that are what the classifier says."""
_TORN_LETTERS = list(GLYPH).index("torn letters") - _SAID
_TOUCH = 0.05
"""Distance, in line heights, that is as good as none."""
_FLOOR = -12.0
"""Least log-probability that counts: what is out of the question is not more so for being squared."""
_LEAST = 0.05
"""Width or height, in line heights, that less counts as."""
_MOST = 3.0
"""Width or height, in line heights, that more counts as."""
_FEW = 100
"""Hypotheses of a drawing up to which all usual pairs are judged at once; of more, only those that ways come to."""


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
        glyph: The network of hypotheses.
        steps: Which hypotheses may follow which.
    """

    def __init__(self, cuts: Cuts, joins: Joins):
        self.glyph = joins.glyph
        self.steps = Steps(cuts)
        self._pair, self._pair_features = joins.pair, PairFeatures(cuts)
        self._pairs: dict[tuple[int, int], float] = {}
        if len(cuts.hypotheses) <= _FEW:
            self._judge(self.steps.plain())
        self._size = np.array([h.size for h in cuts.hypotheses], np.float64)
        self._shape = _shape_features(cuts, self._size)

    def features(self, best: Floats, mass: Floats, character: Floats, lettered: bool) -> Floats:
        """What hypotheses are judged by.

        Args:
            best: Log-probability of the likeliest character of the alphabet: shape (k,).
            mass: Log-probability that it is any of the alphabet: shape (k,).
            character: Log-probability that it is a character at all: shape (k,).
            lettered: Whether the alphabet has letters.

        Returns:
            Shape (k, len(GLYPH)), float64.
        """
        said = []
        for log_p in (best, mass, character):
            said += [np.maximum(log_p, _FLOOR), np.maximum(log_p * self._size, 2 * _FLOOR)]
        shape = self._shape.copy()
        shape[:, _TORN_LETTERS] *= lettered
        return np.column_stack([*said, shape])

    def pairs(self, lefts: Iterable[int], rights: Sequence[int]) -> dict[tuple[int, int], float]:
        """What each of some hypotheses adds before each of others; all pairs judged so far, these among them."""
        self._judge([(a, b) for a in lefts for b in rights if (a, b) not in self._pairs])
        return self._pairs

    def _judge(self, new: Sequence[tuple[int, int]]) -> None:
        if new:
            scores = self._pair(self._pair_features(*zip(*new, strict=True))).tolist()
            self._pairs.update(zip(new, scores, strict=True))

    def pair(self, left: int, right: int) -> float:
        """What one hypothesis adds before another."""
        known = self._pairs.get((left, right))
        return self.pairs([left], [right])[left, right] if known is None else known


def _shape_features(cuts: Cuts, size: Floats) -> Floats:
    """What is known without the classifier: shape (k, len(GLYPH) − _SAID)."""
    joins = size - 1
    inside = np.array([_inside(cuts, h) for h in cuts.hypotheses]).reshape(-1, 4)
    boxes = np.array([(h.box.width, h.box.height, h.box.y) for h in cuts.hypotheses]).reshape(-1, 3) / cuts.height
    width, height = np.clip(boxes[:, :2], _LEAST, _MOST).T
    place = boxes[:, 2] + boxes[:, 1] / 2
    lines = np.array([h.line for h in cuts.hypotheses], int)
    for line in set(lines.tolist()):
        place[lines == line] -= np.median(place[lines == line])
    return np.column_stack(
        [
            joins,
            joins == 0,
            [h.gap for h in cuts.hypotheses],
            inside,
            [h.tears for h in cuts.hypotheses],
            [h.tears for h in cuts.hypotheses],
            np.log([max(h.pause or 1.0, 1.0) for h in cuts.hypotheses]),
            joins * cuts.proximity.timed,
            width,
            height,
            np.log(width / height),
            np.clip(place, -2, 2),
        ]
    )


def _inside(cuts: Cuts, hypothesis: Hypothesis) -> tuple[float, int, float, int]:
    """Reach, touching ways, least shared width, and delays of a hypothesis; parts of one piece of ink are one."""
    strokes = hypothesis.strokes
    if hypothesis.size == 1:
        return 0.0, 0, 0.0, 0
    delays = sum(b != a + 1 for a, b in pairwise(strokes))
    if len(strokes) == 2:  # as most are
        ways, least = [float(cuts.proximity.distance[strokes])], float(cuts.proximity.shared[strokes])
    else:
        rows = np.ix_(strokes, strokes)
        shared = cuts.proximity.shared[rows]
        np.fill_diagonal(shared, 0)
        ways, least = _ways(cuts.proximity.distance[rows]), float(shared.max(axis=1).min())
    torn = len(hypothesis.primitives) - hypothesis.size
    touching = max(0, sum(way < _TOUCH for way in ways) - torn)
    return max(ways), touching, least, delays


def _ways(distance: NDArray[np.float32]) -> list[float]:
    """The edges of the shortest tree that joins all (Prim 1957); `distance` has shape (n, n), n ≥ 2."""
    nearest = distance[0].copy()
    nearest[0] = np.inf
    ways = []
    for _ in range(len(distance) - 1):
        found = int(nearest.argmin())
        ways.append(float(nearest[found]))
        open_ = np.isfinite(nearest)
        nearest = np.where(open_, np.minimum(nearest, distance[found]), np.inf)
        nearest[found] = np.inf
    return ways


class PairFeatures:
    """What hypotheses that follow each other are judged by."""

    def __init__(self, cuts: Cuts):
        hypotheses, line = cuts.hypotheses, cuts.height
        self._proximity = cuts.proximity
        boxes = np.array([(h.box.x, h.box.right, h.box.y, h.box.bottom) for h in hypotheses]).reshape(-1, 4) / line
        self._left, self._right, top, bottom = boxes.T
        self._middle, self._height = (top + bottom) / 2, bottom - top
        self._width = np.clip(self._right - self._left, _LEAST, _MOST)
        self._line = np.array([h.line for h in hypotheses], int)
        most = max((len(h.strokes) for h in hypotheses), default=1)
        # the first stroke stands in for those that a hypothesis has not
        strokes = [h.strokes + h.strokes[:1] * (most - len(h.strokes)) for h in hypotheses]
        self._strokes = np.array(strokes, int).reshape(-1, most)
        self._last = np.array([h.strokes[-1] for h in hypotheses], int)

    def __call__(self, left: Sequence[int], right: Sequence[int]) -> Floats:
        """Features of pairs of hypotheses, m of them: shape (m, len(PAIR)), float64; all 0 on different lines."""
        a, b = np.array(left, int), np.array(right, int)
        common = np.minimum(self._right[a], self._right[b]) - np.maximum(self._left[a], self._left[b])
        narrow, wide = np.sort([self._width[a], self._width[b]], axis=0)
        over = np.maximum(common, 0)
        near = self._proximity.distance[self._strokes[a][:, :, None], self._strokes[b][:, None, :]].min(axis=(1, 2))
        begin = self._strokes[b, 0]
        features = np.column_stack(
            [
                np.minimum(over / narrow, 1),
                over,
                over / wide,
                np.clip(-common, 0, FAR),
                near < _TOUCH,
                np.where(begin == self._last[a] + 1, self._proximity.lift[begin], 0),
                np.full(len(a), self._proximity.timed),
                narrow,
                wide,
                np.clip(self._middle[b] - self._middle[a], -1.5, 1.5),
                np.minimum(self._height[a], self._height[b]),
            ]
        )
        return np.asarray(features * (self._line[a] == self._line[b])[:, None])
