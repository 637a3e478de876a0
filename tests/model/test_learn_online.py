"""Learning what the way of the pen says, on a little ink of our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.reading.classify import WEIGHTS
from model.reading.online import Online, Pool
from model.training.data import characters, load_ink, ways
from model.training.online import Heard, learn_online


@pytest.fixture(scope="module")
def learned(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Online, Heard]:
    out = tmp_path_factory.mktemp("online")
    return out, *learn_online(data / "ink", WEIGHTS, out, count=3000)


def test_what_was_learned_is_written_and_reads_the_digits(learned: tuple[Path, Online, Heard], data: Path) -> None:
    out, _, heard = learned
    glyphs = [c for c in characters(load_ink(data / "ink", ["unipen_isolated"])) if c.char.isdigit()]
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


def test_opinions_can_be_weighed_anew_without_learning(data: Path, tmp_path: Path) -> None:
    online, _ = learn_online(data / "ink", WEIGHTS, tmp_path, count=0)
    shipped = Online.load(WEIGHTS)
    assert all((a.weights == b.weights).all() for a, b in zip(online.layers, shipped.layers, strict=True))
    assert online.pool != shipped.pool
