"""Ink → what the classifier is to judge: torn, cut, and drawn."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from model.reading.budget import Budget
from model.reading.glyphs import Glyphs, glyphs_of
from model.reading.ink import Ink
from model.reading.reading import Options
from model.reading.scale import Unit, in_pixels
from model.reading.segment import Cuts, as_grouped, segment
from model.reading.tearing import torn_apart

Laps = dict[str, float]
"""Milliseconds by stage."""


def added(laps: Laps, more: Laps) -> Laps:
    """Both, where a stage was gone through twice."""
    return {stage: laps.get(stage, 0.0) + more.get(stage, 0.0) for stage in {**laps, **more}}


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
        cuts: Its hypotheses.
        glyphs: What the classifier gets of each.
        laps: Milliseconds spent so far, by stage.
    """

    whole: Ink
    ink: Ink
    unit: Unit
    options: Options
    cuts: Cuts
    glyphs: Glyphs
    laps: Laps


def prepare(ink: Ink, options: Options, budget: Budget) -> Prepared:
    """Cuts a drawing, or takes the caller's own grouping, and draws each hypothesis for the classifier.

    Raises:
        GroupsError: `options.groups` names a stroke twice.
        OutOfTimeError: the budget was spent.
    """
    budget.check()
    clock = Clock()
    whole, unit = in_pixels(ink)
    ink = whole if options.groups is not None else torn_apart(whole)
    cuts = segment(ink, budget) if options.groups is None else as_grouped(ink, _positions(ink, options.groups))
    glyphs = _drawn(ink, cuts, clock, budget)
    return Prepared(whole, ink, unit, options, cuts, glyphs, clock.laps)


def take_apart(prepared: Prepared, doubted: Collection[int], laps: Laps, budget: Budget) -> Prepared | None:
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
    cuts = segment(ink, budget)
    glyphs = _drawn(ink, cuts, clock, budget)
    return replace(prepared, ink=ink, cuts=cuts, glyphs=glyphs, laps=added(laps, clock.laps))


def _drawn(ink: Ink, cuts: Cuts, clock: Clock, budget: Budget) -> Glyphs:
    """What the classifier gets of what was just cut; puts down how long both took."""
    clock.lap("segment")
    glyphs = glyphs_of(ink, cuts, budget)
    clock.lap("normalize")
    return glyphs


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
        self.laps: Laps = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Puts down under `name` what went by since the last call."""
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self._last = now
