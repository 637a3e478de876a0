"""Several drawings → an answer or a problem for each, classified together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from model.reading.budget import Budget
from model.reading.ink import Ink
from model.reading.preparing import GroupsError
from model.reading.reading import Options, Reading
from webapp.answers import answer_of
from webapp.config import Limits
from webapp.drawing import drawing_of, groups_refused, weigh
from webapp.engine import engine
from webapp.incoming import place_of
from webapp.problems import InvalidRequest, problem_of
from webapp.schemas.answers import Answer, Problem
from webapp.schemas.drawings import RecognizeRequest


@dataclass(frozen=True)
class _Drawn:
    """An item that is ready to be read."""

    asked: RecognizeRequest
    ink: Ink
    options: Options
    decode_ms: float


def results_of(
    items: Sequence[RecognizeRequest | InvalidRequest], budget: Budget, limits: Limits
) -> list[Answer | Problem]:
    """Reads the items that can be read; what is wrong with another is its own problem.

    Raises:
        OutOfTimeError: the budget, which is one for all, was spent.
    """
    drawn = _drawn(items, budget, limits)
    readings = iter(engine().read_many([(d.ink, d.options) for d in drawn if isinstance(d, _Drawn)], budget))
    return [
        _result(d, next(readings), index) if isinstance(d, _Drawn) else problem_of(d) for index, d in enumerate(drawn)
    ]


def _drawn(
    items: Sequence[RecognizeRequest | InvalidRequest], budget: Budget, limits: Limits
) -> list[_Drawn | InvalidRequest]:
    drawn: list[_Drawn | InvalidRequest] = []
    pixels = 0
    for index, item in enumerate(items):
        if isinstance(item, InvalidRequest):
            drawn.append(item)
            continue
        begin = perf_counter()
        try:
            pixels = weigh(item, limits, pixels)
            ink, options = drawing_of(item, budget)
        except InvalidRequest as error:
            drawn.append(error.below(place_of(index)))
        else:
            drawn.append(_Drawn(item, ink, options, 1e3 * (perf_counter() - begin)))
    return drawn


def _result(drawn: _Drawn, reading: Reading | GroupsError, index: int) -> Answer | Problem:
    if isinstance(reading, GroupsError):
        return problem_of(groups_refused(reading).below(place_of(index)))
    timing = {"decode": drawn.decode_ms, **reading.timing_ms}
    return answer_of(reading, drawn.asked, engine().recognizer, {**timing, "total": sum(timing.values())})
