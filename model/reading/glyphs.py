"""Cuts → glyphs: what the classifier gets of each hypothesis, its picture and the way of its pen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.budget import UNBOUNDED, Budget
from model.reading.ink import Ink
from model.reading.normalize import SIDE, glyph_picture
from model.reading.segment import Cuts
from model.reading.trajectory import SIZE, trajectories


@dataclass(frozen=True)
class Glyphs:
    """k glyphs as the classifier gets them.

    Attributes:
        pictures: Shape (k, 28, 28), float32, 0 background to 1 ink.
        trajectories: Shape (k, SIZE), float32; NaN where ink came as a picture, which does not tell the pen's way.
    """

    pictures: NDArray[np.float32]
    trajectories: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.pictures)

    @classmethod
    def joined(cls, parts: Iterable[Glyphs]) -> Glyphs:
        """Those of all drawings, one drawing after the other."""
        parts = [_NONE, *parts]
        return cls(
            np.concatenate([part.pictures for part in parts]), np.concatenate([part.trajectories for part in parts])
        )


_NONE = Glyphs(np.zeros((0, SIDE, SIDE), np.float32), np.zeros((0, SIZE), np.float32))


def glyphs_of(ink: Ink, cuts: Cuts, budget: Budget = UNBOUNDED) -> Glyphs:
    """What the classifier gets of each hypothesis.

    Raises:
        OutOfTimeError: the budget was spent.
    """
    count = len(cuts.hypotheses)
    pictures = np.zeros((count, SIDE, SIDE), np.float32)
    for i, hypothesis in enumerate(budget.over(cuts.hypotheses)):
        pictures[i] = glyph_picture([ink.strokes[s] for s in hypothesis.strokes])
    ways = np.full((count, SIZE), np.nan, np.float32)
    as_points = [stroke.image is None and stroke.index is not None for stroke in ink.strokes]
    known = [i for i, hypothesis in enumerate(cuts.hypotheses) if all(as_points[s] for s in hypothesis.strokes)]
    if known:
        strokes = [stroke.points for stroke in ink.strokes]
        torn = [stroke.torn for stroke in ink.strokes]
        ways[known] = trajectories(strokes, torn, [cuts.hypotheses[i].strokes for i in known])
    return Glyphs(pictures, ways)
