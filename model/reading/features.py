"""What cuts are judged by: how strokes lie and were drawn, and where a glyph stands, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.reading.proximity import FAR
from model.reading.segment import Cuts, Hypothesis

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


class GlyphFeatures:
    """What hypotheses are judged by; what does not depend on the alphabet is found out once."""

    def __init__(self, cuts: Cuts):
        self._size = np.array([h.size for h in cuts.hypotheses], np.float64)
        self._shape = _shape_features(cuts, self._size)

    def only(self, hypotheses: Sequence[int]) -> GlyphFeatures:
        """Those of some hypotheses, as they stand among all."""
        found = copy(self)
        found._size, found._shape = self._size[hypotheses], self._shape[hypotheses]
        return found

    def __call__(self, best: Floats, mass: Floats, character: Floats, lettered: bool) -> Floats:
        """Features of the hypotheses.

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
    touching = max(0, sum(way < _TOUCH for way in ways) - hypothesis.seams)
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

    def only(self, hypotheses: Sequence[int]) -> PairFeatures:
        """Those of some hypotheses."""
        found = copy(self)
        for name, values in vars(self).items():
            if isinstance(values, np.ndarray):  # one row a hypothesis, each of them
                setattr(found, name, values[hypotheses])
        return found

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
