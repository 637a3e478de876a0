"""Cuts → fewer cuts: what is on no good way through the lattice is given up before its picture is drawn.

The way of the pen is judged in a small part of the time that the picture takes, and mostly tells as well which strokes
are one glyph, even where it is guessed from centre lines. So the lattice is first scored by that alone, and only
hypotheses whose best way lags little behind the best of all, and each piece alone, are looked at properly:
forward-backward pruning, as of word graphs (Sixtus & Ortmanns, "High quality word graphs using forward-backward
pruning", ICASSP 1999).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.lattice import Lattice
from model.reading.steps import advance

_BEHIND = 12.0
"""Log-score by which the best way by a hypothesis may lag behind the best of all."""

_BEAM = 12
"""Ends of ways looked at from each primitive, the best first: a crowd has more."""


def promising(lattice: Lattice, budget: Budget = UNBOUNDED) -> list[int]:
    """The hypotheses that good ways through a lattice come by, and each primitive alone, ascending.

    So every way that was begun can be ended: a beam through what is left never ends in nothing.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    best = best_by(lattice, budget)
    alone = np.array([len(h.primitives) == 1 for h in lattice.cuts.hypotheses], bool)
    return np.flatnonzero(alone | ~(best < best.max(initial=-np.inf) - _BEHIND)).tolist()


def best_by(lattice: Lattice, budget: Budget = UNBOUNDED) -> NDArray[np.float64]:
    """Log-score of the best way by each hypothesis: shape (k,); -inf where none comes by it, or in a crowd none good.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    scores, steps, ended = _forward(lattice, budget)
    onward = [-np.inf] * len(scores)
    for place in ended:
        onward[place] = 0.0
    best = [-np.inf] * len(lattice.cuts.hypotheses)
    for step in reversed(steps):
        rest = step.added + onward[step.after]
        onward[step.before] = max(onward[step.before], rest)
        best[step.hypothesis] = max(best[step.hypothesis], scores[step.before] + rest)
    return np.array(best)


class _Step(NamedTuple):
    """A glyph read next.

    Attributes:
        before: Where it starts: all ways that have explained the same and end with the same glyph, by number.
        after: Where it ends.
        hypothesis: The glyph.
        added: What it adds to their log-scores.
    """

    before: int
    after: int
    hypothesis: int
    added: float


def _forward(lattice: Lattice, budget: Budget) -> tuple[list[float], list[_Step], list[int]]:
    """The best log-score of a way to each place, the steps between them, in order of where they start, and the places
    at which everything is explained."""
    judged, edges, last = lattice.judged, lattice.edges.tolist(), lattice.cuts.primitives
    scores, steps = [0.0], list[_Step]()
    # by the first primitive not yet explained: what is from there on, the last glyph → number
    places: list[dict[tuple[int, int], int]] = [{} for _ in range(last + 1)]
    places[0][0, -1] = 0
    for position in budget.over(range(last)):
        here = list(places[position].items())
        if len(here) > _BEAM:
            here.sort(key=lambda place: lattice.hoped(position, place[0][0]) - scores[place[1]])
            del here[_BEAM:]
        pairs = judged.pairs({glyph for (_, glyph), _ in here if position}, judged.steps.starting(position))
        for (ahead, glyph), before in here:
            for h, explained in judged.steps.following(position, ahead):
                added = edges[h] + (pairs[glyph, h] if position else 0.0)
                reached, rest = advance(position, explained)
                after = places[reached].setdefault((rest, h), len(scores))
                if after == len(scores):
                    scores.append(-np.inf)
                scores[after] = max(scores[after], scores[before] + added)
                steps.append(_Step(before, after, h, added))
    return scores, steps, list(places[last].values())
