"""Learning what the way of the pen says, on a little ink of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.reading.classify import WEIGHTS
from model.reading.online import Online, Pool
from model.training.data import GlyphSet, characters, load_ink, ways
from model.training.hypotheses import hypotheses
from model.training.online import Heard, learn_online

CUT_OUT: list[int] = []
"""Hypotheses of each drawing that taught."""


def watched(*args: Any) -> Iterator[GlyphSet]:
    """`hypotheses`, counted."""
    for found in hypotheses(*args):
        CUT_OUT.append(len(found))
        yield found


@pytest.fixture(scope="module")
def learned(written: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Online, Heard]:
    out = tmp_path_factory.mktemp("online")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.online.hypotheses", watched)
        return out, *learn_online(written, WEIGHTS, out, count=3000)


@pytest.mark.usefixtures("learned")
def test_one_drawing_for_each_forty_glyphs_teaches_too() -> None:
    assert 40 < len(CUT_OUT) < 110
    assert min(CUT_OUT) > 1


def test_what_was_learned_is_written_and_reads_the_digits(learned: tuple[Path, Online, Heard], written: Path) -> None:
    out, _, heard = learned
    glyphs = [c for c in characters(load_ink(written, ["unipen_isolated"])) if c.char.isdigit()]
    logits = Online.load(out).logits(ways([c.paths for c in glyphs]))
    assert np.mean(logits[:, :10].argmax(axis=1) == [int(c.char) for c in glyphs]) > 0.9
    assert heard.accuracy(Pool(0, 1, 0, 1))[0] > 0.9
    assert heard.junk.any()
    assert not heard.junk.all()


def test_the_weights_are_better_than_either_opinion_alone(learned: tuple[Path, Online, Heard]) -> None:
    _, online, heard = learned
    alone = Pool(1, 0, 1, 0), Pool(0, 1, 0, 1)
    assert heard.cost(online.pool) <= min(map(heard.cost, alone)) + 1e-6
    assert heard.junk_cost(online.pool) <= min(map(heard.junk_cost, alone)) + 1e-6
    guesses = heard.guesses()
    assert guesses.cost(online.guessed) <= min(map(guesses.cost, alone)) + 1e-6
    assert guesses.junk_cost(online.guessed) <= min(map(guesses.junk_cost, alone)) + 1e-6


def test_opinions_can_be_weighed_anew_without_learning(written: Path, tmp_path: Path) -> None:
    online, _ = learn_online(written, WEIGHTS, tmp_path, count=0)
    shipped = Online.load(WEIGHTS)
    assert online.weights == shipped.weights
    assert online.pool != shipped.pool
