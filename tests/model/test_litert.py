"""A net in LiteRT's format: what it is given, what it answers, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from model.reading.alphabet import CLASSES
from model.reading.classify import WEIGHTS
from model.reading.litert import LiteRT, weights_of
from model.reading.trajectory import SHAPE

ANSWERS = len(CLASSES) + 1


@pytest.fixture(scope="module")
def weights() -> bytes:
    return (WEIGHTS / "online.tflite").read_bytes()


def test_more_glyphs_than_one_batch_are_answered_as_each_alone(weights: bytes) -> None:
    net, given = LiteRT(weights, SHAPE, ANSWERS), np.random.default_rng(0).random((37, *SHAPE), np.float32)
    together = net(given)
    assert together.shape == (37, ANSWERS)
    for i in (36, 0, 16):
        assert net(given[i : i + 1])[0] == pytest.approx(together[i], abs=1e-4)


def test_no_glyphs_have_no_answers(weights: bytes) -> None:
    assert LiteRT(weights, SHAPE, ANSWERS)(np.zeros((0, *SHAPE), np.float32)).shape == (0, ANSWERS)


@pytest.mark.parametrize(("shape", "answers"), [((28, 28, 1), ANSWERS), (SHAPE, 10)])
def test_a_net_of_other_shapes_is_refused(weights: bytes, shape: tuple[int, ...], answers: int) -> None:
    with pytest.raises(ValueError, match="shapes"):
        LiteRT(weights, shape, answers)


def test_glyphs_of_another_shape_are_refused(weights: bytes) -> None:
    with pytest.raises(ValueError, match=r"expected glyphs of shape \(k, 64, 6\), got \(1, 6, 64\)"):
        LiteRT(weights, SHAPE, ANSWERS)(np.zeros((1, *SHAPE[::-1]), np.float32))


@pytest.mark.parametrize("damaged", [b"", b"no net", bytes(range(256)) * 4])
def test_a_damaged_net_is_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="no net that LiteRT can run"):
        LiteRT(damaged, SHAPE, ANSWERS)


def test_only_the_bytes_that_a_card_was_written_for_are_loaded(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(b"one")
    assert weights_of(path, hashlib.sha256(b"one").hexdigest()) == b"one"
    path.write_bytes(b"other")
    with pytest.raises(ValueError, match=r"net\.tflite has SHA-256"):
        weights_of(path, hashlib.sha256(b"one").hexdigest())
