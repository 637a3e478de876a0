"""Which hypotheses may follow which on a way through the lattice: each primitive is explained exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from model.reading.segment import Cuts, Hypothesis


class Step(NamedTuple):
    """A glyph read next.

    Attributes:
        position: The first primitive not yet explained.
        ahead: What is explained from there on already: bit i stands for the i-th primitive after it.
        hypothesis: The glyph.
    """

    position: int
    ahead: int
    hypothesis: int


def taken(steps: Iterable[Step]) -> list[int]:
    """Their hypotheses, ascending."""
    return sorted({step.hypothesis for step in steps})


def members_of(hypothesis: Hypothesis) -> int:
    """The primitives that it explains: bit i stands for the i-th after its first."""
    first = hypothesis.primitives[0]
    return sum(1 << (p - first) for p in hypothesis.primitives)


class Steps:
    """The hypotheses by where they start.

    What is explained from some primitive on is told by a number: bit i stands for the i-th after it.
    """

    def __init__(self, cuts: Cuts):
        self._only: dict[tuple[int, int], list[tuple[int, int]]] | None = None
        self._starting: list[list[tuple[int, int]]] = [[] for _ in range(cuts.primitives)]
        for index, hypothesis in enumerate(cuts.hypotheses):
            self._starting[hypothesis.primitives[0]].append((index, members_of(hypothesis)))

    @classmethod
    def only(cls, cuts: Cuts, chosen: Iterable[Step]) -> Steps:
        """Some steps, which are then all there are."""
        steps, only = cls(cuts), defaultdict(list)
        for position, ahead, index in chosen:
            only[position, ahead].append((index, ahead | members_of(cuts.hypotheses[index])))
        steps._only = dict(only)
        return steps

    def following(self, position: int, ahead: int) -> list[tuple[int, int]]:
        """(hypothesis, what is then explained from `position` on) of all that start there and take nothing twice."""
        if self._only is not None:
            return self._only.get((position, ahead), [])
        return [(index, ahead | members) for index, members in self._starting[position] if not ahead & members]

    def starting(self, position: int) -> list[int]:
        """All hypotheses that start there."""
        return [index for index, _ in self._starting[position]]

    def plain(self) -> list[tuple[int, int]]:
        """All pairs that follow each other where nothing before reaches beyond its end, whatever steps are chosen."""
        found = []
        for position, starting in enumerate(self._starting):
            for index, members in starting:
                reached, _ = advance(position, members)
                if reached < len(self._starting):
                    found += [(index, after) for after, _ in self._starting[reached]]
        return found


def advance(position: int, ahead: int) -> tuple[int, int]:
    """To the next primitive not yet explained: its position, and what is explained from there on."""
    explained = (~ahead & (ahead + 1)).bit_length() - 1  # trailing ones
    return position + explained, ahead >> explained
