"""Cuts → glyphs: what the classifier gets of each hypothesis, its picture and the way of its pen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.centrelines import TANGLE, Way, usual_way
from model.reading.ink import Ink, Polyline, Stroke
from model.reading.normalize import SIDE, glyph_picture
from model.reading.segment import Cuts
from model.reading.trajectory import SHAPE, trajectories


@dataclass(frozen=True)
class Ways:
    """Different glyphs and how the pen went in each, u of them.

    Attributes:
        strokes: Positions in `Ink.strokes` of each one's strokes, ascending.
        trajectories: Shape (u, *SHAPE), float32; where ink came as a picture, which does not tell the pen's way, the
            likeliest way along its centre lines.
        known: Whether points tell the pen's way, or a picture does as plainly: shape (u,).
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
        trajectories: Shape (u, *SHAPE), float32; guessed where a stroke came as a picture; NaN where it crosses itself
            too often, and in a flat image, which does not even tell strokes apart.
        known: Whether points tell it, or a picture does as plainly: shape (u,).
        of: Which of them each hypothesis is: shape (k,), int64. Several are the same where a part is there twice.
    """

    pictures: NDArray[np.float32]
    trajectories: NDArray[np.float32]
    known: NDArray[np.bool_]
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
            np.concatenate([part.known for part in parts]),
            np.concatenate([part.of + begin for part, begin in zip(parts, begins, strict=True)]),
        )


_NONE = Glyphs(
    np.zeros((0, SIDE, SIDE), np.float32), np.zeros((0, *SHAPE), np.float32), np.zeros(0, bool), np.zeros(0, np.int64)
)


def ways_of(ink: Ink, cuts: Cuts, budget: Budget = UNBOUNDED) -> Ways:
    """How the pen went in each hypothesis.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    firsts = ink.firsts()
    different: dict[tuple[int, ...], int] = {}
    of = [
        different.setdefault(tuple(dict.fromkeys(firsts[s] for s in hypothesis.strokes)), len(different))
        for hypothesis in cuts.hypotheses
    ]
    gone, known = pen_ways(ink.strokes, list(different), budget)
    return Ways(tuple(different), gone, known, np.array(of, np.int64))


def pen_ways(
    strokes: Sequence[Stroke], glyphs: Sequence[tuple[int, ...]], budget: Budget = UNBOUNDED
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How the pen went in each of u glyphs.

    Args:
        strokes: All strokes.
        glyphs: Which ones each glyph has, ascending.
        budget: How long it may take.

    Returns:
        Trajectories, shape (u, *SHAPE), and whether points tell them, or pictures of strokes do as plainly, shape (u,):
        of a picture the likeliest way along its centre lines.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    told = []
    paths: list[Polyline] = []
    goes_on: list[bool] = []
    places = []
    for stroke in budget.over(strokes):
        way = Way([stroke.points], True) if stroke.image is None else usual_way(stroke.paths, stroke.image.pen)
        told.append(stroke.index is not None and way.is_plain)
        places.append(range(len(paths), len(paths) + len(way.strokes)))
        paths += way.strokes
        goes_on += [stroke.torn and stroke.image is None] + [False] * (len(way.strokes) - 1)
    ways = trajectories(paths, goes_on, [[path for s in glyph for path in places[s]] for glyph in glyphs], budget)
    return ways, np.array([all(told[s] for s in glyph) for glyph in glyphs], bool)


def drawn(ink: Ink, ways: Ways, budget: Budget = UNBOUNDED) -> Glyphs:
    """The same with their pictures: what the classifier gets.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    pictures = np.zeros((len(ways.strokes), SIDE, SIDE), np.float32)
    gone = ways.trajectories.copy()
    for i, places in enumerate(budget.over(ways.strokes)):
        strokes = [ink.strokes[s] for s in places]
        pictures[i] = glyph_picture(strokes)
        if strokes[0].is_flat or max(len(stroke.paths) for stroke in strokes) > TANGLE:
            gone[i] = np.nan
    return Glyphs(pictures, gone, ways.known, ways.of)
