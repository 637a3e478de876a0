"""Cuts → fewer cuts: what is on no good way through the lattice is given up before its picture is drawn.

The way of the pen is judged in a fortieth of the time that the picture takes, and mostly tells as well which strokes
are one glyph. So the lattice is first scored by that alone, and only hypotheses whose best way lags little behind the
best of all are looked at properly: forward-backward pruning, as of word graphs (Sixtus & Ortmanns, "High quality word
graphs using forward-backward pruning", ICASSP 1999).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.lattice import Lattice
from model.reading.steps import advance

_BEHIND = 10.0
"""Log-score by which the best way by a hypothesis may lag behind the best of all."""

_BEAM = 32
"""Ends of ways looked at from each primitive, the best first: a crowd has more."""


class _End(NamedTuple):
    """Where ways stand that have explained the same and end with the same glyph.

    Attributes:
        position: The first primitive not yet explained.
        ahead: Which ones from there on are: bit i stands for the i-th after it.
        hypothesis: The last glyph; -1 at the beginning.
    """

    position: int
    ahead: int
    hypothesis: int


class _Step(NamedTuple):
    """A glyph read next; `score` is the best log-score of a way that takes the step, until there."""

    before: _End
    after: _End
    score: float


def promising(lattice: Lattice, budget: Budget = UNBOUNDED) -> list[int]:
    """The hypotheses that good ways through a lattice come by, ascending.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    best = best_by(lattice, budget)
    return np.flatnonzero(best >= best.max(initial=-np.inf) - _BEHIND).tolist()


def best_by(lattice: Lattice, budget: Budget = UNBOUNDED) -> NDArray[np.float64]:
    """Log-score of the best way by each hypothesis: shape (k,); -inf where none comes by it.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    steps = list(_forward(lattice, budget))
    scores: dict[_End, float] = {}
    for step in steps:
        scores[step.after] = max(step.score, scores.get(step.after, -np.inf))
    last = _End(lattice.cuts.primitives, 0, -1)
    onward: dict[_End, float] = {}
    best = np.full(len(lattice.cuts.hypotheses), -np.inf)
    for step in reversed(steps):
        after = 0.0 if step.after.position == last.position else onward.get(step.after, -np.inf)
        added = step.score - scores.get(step.before, 0.0)
        onward[step.before] = max(added + after, onward.get(step.before, -np.inf))
        h = step.after.hypothesis
        best[h] = max(best[h], step.score + after)
    return best


def _forward(lattice: Lattice, budget: Budget) -> Iterator[_Step]:
    """All steps of ways that are not hopeless, in order of where they begin."""
    steps, edges, judged = lattice.judged.steps, lattice.edges.tolist(), lattice.judged
    ends: list[dict[_End, float]] = [{} for _ in range(lattice.cuts.primitives + 1)]
    ends[0][_End(0, 0, -1)] = 0.0
    for position in budget.over(range(lattice.cuts.primitives)):
        here = ends[position]
        if len(here) > _BEAM:
            ranked = sorted(here, key=lambda end: lattice.hoped(position, end.ahead) - here[end])
            here = {end: here[end] for end in ranked[:_BEAM]}
        pairs = judged.pairs({end.hypothesis for end in here if position}, steps.starting(position))
        for end, score in here.items():
            for h, ahead in steps.following(position, end.ahead):
                added = edges[h] + (pairs[end.hypothesis, h] if position else 0.0)
                after = _End(*advance(position, ahead), h)
                known = ends[after.position]
                known[after] = max(score + added, known.get(after, -np.inf))
                yield _Step(end, after, score + added)
