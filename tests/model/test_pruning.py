"""What the way of the pen shows to lead nowhere is given up, and never what is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattices import JOINS, every_way, inks, scored, worth

from model.benchmarks.drawings import scribble
from model.benchmarks.specimens import HAND, timed, write
from model.reading.budget import Budget, OutOfTimeError
from model.reading.ink import Ink
from model.reading.joins import Judged
from model.reading.pruning import best_by, promising
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.reading.segment import Cuts, segment
from model.reading.steps import Step, Steps, advance, members_of, taken
from model.training.forms import FLAT, FORMS
from model.training.writing import Style, compose

DIGITS = Options(alphabet="digits")


@settings(max_examples=60)
@given(inks, st.integers(0, 1000))
def test_the_best_way_by_each_step_is_the_best_of_all_by_it(ink: Ink, seed: int) -> None:
    lattice = scored(segment(ink), seed)
    ways = {way: worth(lattice, way) for way in every_way(lattice.cuts)}
    best: dict[Step, float] = {}
    for way, score in ways.items():
        for step in steps_of(lattice.cuts, way):
            best[step] = max(best.get(step, score), score)
    assert best_by(lattice) == pytest.approx(best)
    kept = set(promising(lattice))
    assert set(steps_of(lattice.cuts, max(ways, key=ways.__getitem__))) <= kept
    most = max(best.values())
    assert all((score > most - 11.9) <= (step in kept) <= (score > most - 12.1) for step, score in best.items())


def steps_of(cuts: Cuts, way: tuple[int, ...]) -> list[Step]:
    """The steps that a way takes."""
    position, ahead, steps = 0, 0, []
    for h in way:
        steps.append(Step(position, ahead, h))
        position, ahead = advance(position, ahead | members_of(cuts.hypotheses[h]))
    return steps


@given(inks, st.integers(0, 1000))
def test_every_kept_step_leads_to_the_end(ink: Ink, seed: int) -> None:
    lattice = scored(segment(ink), seed)
    assert_each_leads_on(lattice.cuts, promising(lattice))


def assert_each_leads_on(cuts: Cuts, kept: list[Step]) -> None:
    steps = Steps.only(cuts, kept)
    for position, ahead, h in kept:
        reached, rest = advance(position, ahead | members_of(cuts.hypotheses[h]))
        assert reached == cuts.primitives or steps.following(reached, rest)


@given(inks)
def test_what_is_kept_is_judged_as_it_stood_among_all(ink: Ink) -> None:
    judged = Judged(segment(ink), JOINS)
    count = len(judged.cuts.hypotheses)
    kept = list(range(0, count, 2))
    steps = [Step(judged.cuts.hypotheses[h].primitives[0], 0, h) for h in kept]
    some = judged.only(steps)
    for position in range(judged.cuts.primitives):
        follow = [kept[new] for new, _ in some.steps.following(position, 0)]
        assert follow == [step.hypothesis for step in steps if step.position == position]
        assert not some.steps.following(position, 2)
    assert some.cuts.hypotheses == tuple(judged.cuts.hypotheses[h] for h in kept)
    said = np.log(np.random.default_rng(0).random((3, count)))
    assert some.features(*said[:, kept], lettered=True) == pytest.approx(judged.features(*said, lettered=True)[kept])
    for a, left in enumerate(kept):
        for b, right in enumerate(kept):
            assert some.pair(a, b) == pytest.approx(judged.pair(left, right))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ["2048", "55717", "90210"])
def test_the_answer_is_that_of_a_look_at_everything(
    recognizer: Recognizer, thorough: Recognizer, text: str, form: str
) -> None:
    for seed in range(5):
        ink = FORMS[form](
            compose(text, HAND, np.random.default_rng(seed), Style(touching=seed > 3 and form not in FLAT)).ink
        )
        trace, full = recognizer.trace(ink, DIGITS), thorough.trace(ink, DIGITS)
        assert trace.reading.text == full.reading.text
        assert trace.reading.confidence == pytest.approx(full.reading.confidence, abs=0.02)
        assert len(trace.cuts.hypotheses) < len(full.cuts.hypotheses)


def test_scribbles_are_none_the_more_characters(recognizer: Recognizer, thorough: Recognizer) -> None:
    rng = np.random.default_rng(0)
    for _ in range(6):
        ink = timed([scribble(rng) + np.float32([at, 0]) for at in (0, 40, 90)])
        trace, full = recognizer.trace(ink, Options()), thorough.trace(ink, Options())
        assert trace.reading.text == full.reading.text
        assert len(trace.cuts.hypotheses) < len(full.cuts.hypotheses)


def test_in_a_crowd_the_best_way_stays(thorough: Recognizer) -> None:
    lattice = thorough.trace(write("204813579620", advance=0.5), DIGITS).decoded.readers[0].lattice
    steps = promising(lattice)
    assert_each_leads_on(lattice.cuts, steps)
    kept = taken(steps)
    assert set(lattice.best_paths()[0].hypotheses) <= set(kept)
    assert len(kept) < len(lattice.cuts.hypotheses) / 2


@pytest.mark.parametrize("known", [{"lexicon": ("45170", "12345")}, {"groups": ((0, 1), (2, 3), (4,), (5, 6), (7,))}])
def test_nothing_is_given_up_where_the_caller_knows_more_than_the_ink(
    recognizer: Recognizer, thorough: Recognizer, known: dict[str, object]
) -> None:
    ink, options = write("45170"), replace(DIGITS, **known)
    assert len(thorough.trace(ink, options).cuts.hypotheses) > 4
    assert recognizer.trace(ink, options).cuts.hypotheses == thorough.trace(ink, options).cuts.hypotheses


def test_a_crowd_of_scrawls_is_answered(recognizer: Recognizer) -> None:
    rng = np.random.default_rng(3)
    ink = timed(list((rng.random((200, 3, 2)) * 500).astype(np.float32)))
    assert recognizer.read(ink).glyphs
    lattice = scored(segment(ink), 0)
    kept = promising(lattice)
    assert_each_leads_on(lattice.cuts, kept)
    assert len(kept) < len(best_by(lattice))


def test_a_spent_budget_ends_it() -> None:
    with pytest.raises(OutOfTimeError):
        promising(scored(segment(write("45")), 0), Budget.seconds(-1))
