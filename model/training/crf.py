"""A conditional random field over listed ways, its potentials two small networks, fitted by L-BFGS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from model.reading.joins import Perceptron

Floats = NDArray[np.float64]

_DECAY = 1.0
"""Cost of the sum of the squared parameters, for standardized features."""
_STEPS = 250


@dataclass
class Field:
    """Ways through lattices, and what their glyphs and pairs of glyphs are judged by. `add` fills it."""

    glyphs: list[Floats] = field(default_factory=list)
    pairs: list[Floats] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    drawing: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    _of_glyphs: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    _of_pairs: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    _counts: list[int] = field(default_factory=lambda: [0, 0])

    def add(
        self,
        glyphs: Floats,
        pairs: Floats,
        ways: Sequence[tuple[Sequence[int], Sequence[int]]],
        base: Sequence[float],
        right: Sequence[bool],
        weight: float,
    ) -> None:
        """Adds a drawing.

        Args:
            glyphs: Features of its hypotheses: shape (k, d).
            pairs: Features of pairs of them: shape (m, e).
            ways: Of each way its hypotheses and its pairs, as rows of these.
            base: Log-score of each way that is not learned.
            right: Whether each is true; at least one is, and one is not.
            weight: What the drawing counts.
        """
        for members, rows, count in zip(
            zip(*ways, strict=True), (self._of_glyphs, self._of_pairs), self._counts, strict=True
        ):
            for way, indices in enumerate(members, start=len(self.base)):
                rows[0].extend([way] * len(indices))
                rows[1].extend(count + i for i in indices)
        self._counts = [self._counts[0] + len(glyphs), self._counts[1] + len(pairs)]
        self.glyphs.append(glyphs)
        self.pairs.append(pairs)
        self.base.extend(base)
        self.right.extend(right)
        self.drawing.extend([len(self.weights)] * len(base))
        self.weights.append(weight)

    def incidence(self) -> list[sparse.csr_matrix]:
        """Which hypotheses, and which pairs, each way has: two matrices of zeros and ones, a row a way."""
        return [
            sparse.csr_matrix((np.ones(len(rows[0])), rows), (len(self.base), count))
            for rows, count in zip((self._of_glyphs, self._of_pairs), self._counts, strict=True)
        ]


class _Network:
    """A perceptron as a part of the vector of all parameters, its features standardized."""

    def __init__(self, features: Floats, hidden: int):
        self._mean, self._deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
        self._features = (features - self._mean) / self._deviation
        d = features.shape[1]
        self._shapes = [(d,), (d, hidden), (hidden,), (hidden,)]
        self.size = sum(int(np.prod(shape)) for shape in self._shapes)

    def _parts(self, parameters: Floats) -> list[Floats]:
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes])[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(parameters, ends), self._shapes, strict=True)]

    def scores(self, parameters: Floats) -> tuple[Floats, Floats]:
        """The score of each row, and the hidden layer for `gradient`."""
        linear, inward, bias, outward = self._parts(parameters)
        hidden = np.tanh(self._features @ inward + bias)
        return self._features @ linear + hidden @ outward, hidden

    def gradient(self, parameters: Floats, hidden: Floats, by_score: Floats) -> Floats:
        """The loss's derivative by the parameters, from that by each row's score."""
        outward = self._parts(parameters)[3]
        back = np.outer(by_score, outward) * (1 - hidden**2)
        parts = (self._features.T @ by_score, self._features.T @ back, back.sum(axis=0), hidden.T @ by_score)
        return np.concatenate([part.ravel() for part in parts])

    def perceptron(self, parameters: Floats) -> Perceptron:
        """The same for features as they are."""
        linear, inward, bias, outward = self._parts(parameters)
        scaled, slope = inward / self._deviation[:, None], linear / self._deviation
        return Perceptron(np.array(-self._mean @ slope), slope, scaled, bias - self._mean @ scaled, outward)


def fit(data: Field, hidden: int, rng: np.random.Generator) -> tuple[Perceptron, Perceptron, float]:
    """The networks of glyphs and of pairs under which the true ways are most probable.

    Args:
        data: Drawings, at least one.
        hidden: Units of each hidden layer.
        rng: Where the parameters begin.

    Returns:
        Both, and the drawings' mean probability of a true way.
    """
    networks = [_Network(np.concatenate(rows), hidden) for rows in (data.glyphs, data.pairs)]
    incidence = data.incidence()
    base, right, drawing = np.array(data.base), np.array(data.right), np.array(data.drawing)
    weights, starts = np.array(data.weights), np.flatnonzero(np.diff(drawing, prepend=-1))

    def log_sums(scores: Floats) -> Floats:
        most = np.maximum.reduceat(scores, starts)
        return np.asarray(most + np.log(np.add.reduceat(np.exp(scores - most[drawing]), starts)))

    def log_truth(parameters: Floats) -> tuple[Floats, Floats, list[Floats]]:
        """Of each drawing the log-probability of the true ways, its derivative by each way's score, and the layers."""
        scores, layers = base.copy(), []
        for network, part, has in zip(networks, np.split(parameters, [networks[0].size]), incidence, strict=True):
            rows, layer = network.scores(part)
            scores += has @ rows
            layers.append(layer)
        true = np.where(right, scores, -np.inf)
        every, good = log_sums(scores), log_sums(true)
        return good - every, np.exp(true - good[drawing]) - np.exp(scores - every[drawing]), layers

    def loss(parameters: Floats) -> tuple[float, Floats]:
        truth, by_score, layers = log_truth(parameters)
        by_score = -by_score * weights[drawing]
        parts = np.split(parameters, [networks[0].size])
        gradient = [
            network.gradient(part, layer, has.T @ by_score)
            for network, part, layer, has in zip(networks, parts, layers, incidence, strict=True)
        ]
        cost = -float((truth * weights).sum()) + _DECAY * float((parameters**2).sum())
        return cost, np.concatenate(gradient) + 2 * _DECAY * parameters

    begin = rng.normal(0, 0.1, sum(network.size for network in networks))
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    glyph, pair = (n.perceptron(p) for n, p in zip(networks, np.split(found, [networks[0].size]), strict=True))
    return glyph, pair, float(np.exp(log_truth(found)[0]).mean())
