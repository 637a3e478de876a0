"""Cuts → fewer cuts: what is on no good way through the lattice is given up before its picture is drawn.

The way of the pen is judged in a small part of the time that the picture takes, and mostly tells as well which strokes
are one glyph, even where it is guessed from centre lines. So the lattice is first scored by that alone, and only steps
whose best way lags little behind the best of all are left, and their hypotheses looked at properly: forward-backward
pruning, as of word graphs (Sixtus & Ortmanns, "High quality word graphs using forward-backward pruning", ICASSP 1999).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.reading.budget import UNBOUNDED, Budget
from model.reading.lattice import Lattice
from model.reading.steps import Step, advance

_BEHIND = 12.0
"""Log-score by which the best way by a step may lag behind the best of all."""

_BEAM = 12
"""Ends of ways looked at from each primitive, the best first: a crowd has more."""


def promising(lattice: Lattice, budget: Budget = UNBOUNDED) -> list[Step]:
    """The steps that good ways through a lattice take.

    Each leads on to another of them or to the end: a beam through them never ends in nothing.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    best = best_by(lattice, budget)
    least = max(best.values(), default=0.0) - _BEHIND
    return [step for step, score in best.items() if score >= least]


def best_by(lattice: Lattice, budget: Budget = UNBOUNDED) -> dict[Step, float]:
    """Log-score of the best way by each step; in a crowd only by those that good ways may take.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    places, moves, ended = _forward(lattice, budget)
    onward = [-np.inf] * len(places)
    for number in ended:
        onward[number] = 0.0
    best: dict[Step, float] = {}
    for move in reversed(moves):
        rest = move.added + onward[move.after]
        onward[move.before] = max(onward[move.before], rest)
        place = places[move.before]
        step = Step(place.position, place.ahead, move.hypothesis)
        best[step] = max(best.get(step, -np.inf), place.score + rest)
    return best


class _Place(NamedTuple):
    """All ways that have explained the same and end with the same glyph.

    Attributes:
        position: The first primitive not yet explained.
        ahead: What is explained from there on, as in `Step`.
        score: Log-score of the best of them.
    """

    position: int
    ahead: int
    score: float


class _Move(NamedTuple):
    """A step between two places.

    Attributes:
        before: Where it starts, by number.
        after: Where it ends.
        hypothesis: The glyph.
        added: What it adds to log-scores.
    """

    before: int
    after: int
    hypothesis: int
    added: float


def _forward(lattice: Lattice, budget: Budget) -> tuple[list[_Place], list[_Move], list[int]]:
    """The places that ways come to, the moves between them, in order of where they start, and the places at which
    everything is explained."""
    judged, edges, last = lattice.judged, lattice.edges.tolist(), lattice.cuts.primitives
    places, moves = [_Place(0, 0, 0.0)], list[_Move]()
    # by position: what is explained from there on, the last glyph → number
    numbers: list[dict[tuple[int, int], int]] = [{} for _ in range(last + 1)]
    numbers[0][0, -1] = 0
    for position in budget.over(range(last)):
        here = list(numbers[position].items())
        if len(here) > _BEAM:
            here.sort(key=lambda end: lattice.hoped(position, end[0][0]) - places[end[1]].score)
            del here[_BEAM:]
        pairs = judged.pairs({glyph for (_, glyph), _ in here if position}, judged.steps.starting(position))
        for (ahead, glyph), before in here:
            for h, explained in judged.steps.following(position, ahead):
                added = edges[h] + (pairs[glyph, h] if position else 0.0)
                reached, rest = advance(position, explained)
                score = places[before].score + added
                after = numbers[reached].setdefault((rest, h), len(places))
                if after == len(places):
                    places.append(_Place(reached, rest, score))
                elif score > places[after].score:
                    places[after] = _Place(reached, rest, score)
                moves.append(_Move(before, after, h, added))
    return places, moves, list(numbers[last].values())
