"""Ink → what the classifier is to judge: torn, cut, thinned out, and drawn."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from model.reading.alphabet import widest
from model.reading.budget import Budget
from model.reading.classify import Classifier
from model.reading.glyphs import Glyphs, drawn, ways_of
from model.reading.ink import Ink
from model.reading.joins import Joins, Judged
from model.reading.lattice import Lattice, Weights
from model.reading.pruning import promising
from model.reading.reading import Options
from model.reading.scale import Unit, in_pixels
from model.reading.segment import Cuts, as_grouped, segment
from model.reading.steps import taken
from model.reading.tearing import torn_apart

Laps = dict[str, float]
"""Milliseconds by stage."""

_STAGES = "segment", "normalize", "classify", "text"
"""In the order in which a drawing comes to their ends."""

_FEW = 4
"""Hypotheses up to which all are looked at: the others cost no more than finding out which they are."""


def added(laps: Laps, more: Laps) -> Laps:
    """Both, where a stage was gone through twice."""
    return {stage: laps[stage] + more.get(stage, 0.0) for stage in _STAGES}


class GroupsError(ValueError):
    """The caller's groups do not fit the ink.

    Attributes:
        group: Which group is wrong.
        member: Which of its members.
    """

    def __init__(self, detail: str, group: int, member: int):
        super().__init__(detail)
        self.group = group
        self.member = member


@dataclass(frozen=True)
class Prepared:
    """A drawing on its way to the classifier.

    Attributes:
        whole: The drawing, in pixels.
        ink: The same as it was cut: wide strokes in pieces.
        unit: What leads back to the caller's own unit.
        options: What was asked for.
        judged: Its hypotheses, as the networks of cuts judge them.
        glyphs: What the classifier gets of each.
        laps: Milliseconds spent so far, by stage.
    """

    whole: Ink
    ink: Ink
    unit: Unit
    options: Options
    judged: Judged
    glyphs: Glyphs
    laps: Laps


@dataclass(frozen=True)
class Preparer:
    """Cuts drawings, gives up what the way of the pen shows to lead nowhere, and draws the rest for the classifier.

    Attributes:
        classifier: Judges the way of the pen.
        joins: Judge the cuts.
        thorough: Whether nothing is given up: slower, and hardly ever another reading.
    """

    classifier: Classifier
    joins: Joins
    thorough: bool = False

    def prepare(self, ink: Ink, options: Options, budget: Budget) -> Prepared:
        """Cuts a drawing, or takes the caller's own grouping.

        Raises:
            GroupsError: `options.groups` names a stroke twice.
            OutOfTimeError: the budget was spent.
        """
        budget.check()
        clock = Clock()
        whole, unit = in_pixels(ink)
        ink = whole if options.groups is not None else torn_apart(whole)
        cuts = segment(ink, budget) if options.groups is None else as_grouped(ink, _positions(ink, options.groups))
        judged, glyphs = self._drawn(ink, cuts, options, clock, budget)
        return Prepared(whole, ink, unit, options, judged, glyphs, clock.laps)

    def take_apart(self, prepared: Prepared, doubted: Collection[int], laps: Laps, budget: Budget) -> Prepared | None:
        """The same drawing with more of its strokes in pieces; None where nothing more comes apart.

        Args:
            prepared: As it was looked at first.
            doubted: Places of the strokes in `prepared.whole` that hardly are what they were read as.
            laps: What the first look took.
            budget: How long it may take.

        Raises:
            OutOfTimeError: the budget was spent.
        """
        if not doubted or prepared.options.groups is not None:
            return None
        clock = Clock()
        ink = torn_apart(prepared.whole, doubted)
        if len(ink.strokes) == len(prepared.ink.strokes):
            return None
        judged, glyphs = self._drawn(ink, segment(ink, budget), prepared.options, clock, budget)
        return replace(prepared, ink=ink, judged=judged, glyphs=glyphs, laps=added(laps, clock.laps))

    def _drawn(self, ink: Ink, cuts: Cuts, options: Options, clock: Clock, budget: Budget) -> tuple[Judged, Glyphs]:
        """What the classifier gets of what was just cut; puts down how long each stage took."""
        clock.lap("segment")
        judged = Judged(cuts, self.joins)
        clock.lap("text")
        ways = ways_of(ink, cuts, budget)
        clock.lap("normalize")
        if not self._is_thorough(cuts, options):
            scores = self.classifier.by_way(ways.trajectories, ways.known)
            clock.lap("classify")
            if scores is not None:
                lattice = Lattice(judged, scores[ways.of], widest(options.alphabet), Weights())
                steps = promising(lattice, budget)
                judged, ways = judged.only(steps), ways.only(taken(steps))
            clock.lap("text")
        glyphs = drawn(ink, ways, budget)
        clock.lap("normalize")
        return judged, glyphs

    def _is_thorough(self, cuts: Cuts, options: Options) -> bool:
        """Whether all hypotheses are worth a look: also where the caller knows better than the ink what they may be."""
        asked = self.thorough or options.groups is not None or bool(options.lexicon)
        return asked or len(cuts.hypotheses) <= _FEW


def _positions(ink: Ink, groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """Request indices → positions in `ink.strokes`. Indices that are not in the ink held none and are passed over."""
    positions = {stroke.index: position for position, stroke in enumerate(ink.strokes)}
    used: set[int] = set()
    found = []
    for g, group in enumerate(groups):
        members = []
        for m, index in enumerate(group):
            if index in used:
                raise GroupsError(f"stroke {index} stands in two places", g, m)
            used.add(index)
            if index in positions:
                members.append(positions[index])
        if members:
            found.append(members)
    return found


class Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self.laps: Laps = dict.fromkeys(_STAGES, 0.0)
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Adds what went by since the last call to what stands under `name`."""
        now = time.perf_counter()
        self.laps[name] += (now - self._last) * 1000
        self._last = now
