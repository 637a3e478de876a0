"""Cuts → glyphs: what the classifier gets of each hypothesis, its picture and the way of its pen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.ink import Ink, Polyline, Stroke
from model.reading.normalize import SIDE, glyph_picture
from model.reading.segment import Cuts
from model.reading.trajectory import SHAPE, trajectories


@dataclass(frozen=True)
class Ways:
    """Different glyphs and how the pen went in each, u of them.

    Attributes:
        strokes: Positions in `Ink.strokes` of each one's strokes, ascending.
        trajectories: Shape (u, *SHAPE), float32; where ink came as a picture, which does not tell the pen's way, along
            its centre lines as they are most often drawn.
        known: Whether points tell the pen's way: shape (u,).
        of: Which of them each hypothesis is: shape (k,), int64. Several are the same where a part is there twice, or
            where one was written over a slip of the pen or was not.
    """

    strokes: tuple[tuple[int, ...], ...]
    trajectories: NDArray[np.float32]
    known: NDArray[np.bool_]
    of: NDArray[np.int64]

    def only(self, hypotheses: Sequence[int]) -> Ways:
        """Those of some hypotheses, which are then all there are."""
        kept, of = np.unique(self.of[hypotheses], return_inverse=True)
        return Ways(tuple(self.strokes[i] for i in kept), self.trajectories[kept], self.known[kept], of)


@dataclass(frozen=True)
class Glyphs:
    """Different glyphs as the classifier gets them, u of them.

    Attributes:
        pictures: Shape (u, 28, 28), float32, 0 background to 1 ink.
        trajectories: Shape (u, *SHAPE), float32; NaN where ink came as a picture, which does not tell the pen's way.
        of: Which of them each hypothesis is: shape (k,), int64. Several are the same where a part is there twice.
    """

    pictures: NDArray[np.float32]
    trajectories: NDArray[np.float32]
    of: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pictures)

    @classmethod
    def joined(cls, parts: Sequence[Glyphs]) -> Glyphs:
        """Those of all drawings, one drawing after the other."""
        parts = [_NONE, *parts]
        begins = np.cumsum([0, *map(len, parts[:-1])])
        return cls(
            np.concatenate([part.pictures for part in parts]),
            np.concatenate([part.trajectories for part in parts]),
            np.concatenate([part.of + begin for part, begin in zip(parts, begins, strict=True)]),
        )


_NONE = Glyphs(np.zeros((0, SIDE, SIDE), np.float32), np.zeros((0, *SHAPE), np.float32), np.zeros(0, np.int64))


def ways_of(ink: Ink, cuts: Cuts) -> Ways:
    """How the pen went in each hypothesis."""
    firsts = ink.firsts()
    different: dict[tuple[int, ...], int] = {}
    of = [
        different.setdefault(tuple(dict.fromkeys(firsts[s] for s in hypothesis.strokes)), len(different))
        for hypothesis in cuts.hypotheses
    ]
    told = [stroke.image is None and stroke.index is not None for stroke in ink.strokes]
    paths = [stroke.points if known else _usual_way(stroke) for stroke, known in zip(ink.strokes, told, strict=True)]
    ways = trajectories(paths, [stroke.torn for stroke in ink.strokes], list(different))
    known = np.array([all(told[s] for s in strokes) for strokes in different], bool)
    return Ways(tuple(different), ways, known, np.array(of, np.int64))


def _usual_way(stroke: Stroke) -> Polyline:
    """The centre lines of a picture, one after the other, each from its upper left end."""
    return np.concatenate([path if path[0].sum() <= path[-1].sum() else path[::-1] for path in stroke.paths])


def drawn(ink: Ink, ways: Ways, budget: Budget = UNBOUNDED) -> Glyphs:
    """The same with their pictures: what the classifier gets.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    pictures = np.zeros((len(ways.strokes), SIDE, SIDE), np.float32)
    for i, strokes in enumerate(budget.over(ways.strokes)):
        pictures[i] = glyph_picture([ink.strokes[s] for s in strokes])
    return Glyphs(pictures, np.where(ways.known[:, None, None], ways.trajectories, np.float32(np.nan)), ways.of)
