"""The loss: merged labels, junk, class frequencies, teachers."""

from __future__ import annotations

import numpy as np
import pytest

from model.reading.alphabet import CLASSES
from model.training.losses import distilled, glyph_loss, mean_logits


def truth_of(chars: str, prior: dict[str, float] | None = None) -> np.ndarray:
    truth = np.zeros((1, 125), np.float32)
    truth[0, [CLASSES.index(c) for c in chars]] = 1
    for char, log_share in (prior or {}).items():
        truth[0, 63 + CLASSES.index(char)] = log_share
    return truth


def logits_for(char: str, height: float = 5.0) -> np.ndarray:
    logits = np.zeros((1, 63), np.float32)
    logits[0, CLASSES.index(char)] = height
    return logits


def loss_of(truth: np.ndarray, logits: np.ndarray, smoothing: float = 0.0) -> float:
    return float(np.asarray(glyph_loss(smoothing)(truth, logits))[0])


def test_the_loss_of_a_merged_label_is_that_of_either_member() -> None:
    logits = logits_for("c")
    assert loss_of(truth_of("cC"), logits) < loss_of(truth_of("c"), logits) < loss_of(truth_of("C"), logits)


def test_junk_teaches_no_class() -> None:
    rng = np.random.default_rng(0)
    truth = np.zeros((1, 125), np.float32)
    truth[0, :63] = 1
    losses = []
    for _ in range(3):
        logits = rng.normal(0, 3, (1, 63)).astype(np.float32)
        logits[0, -1] = 2.0
        losses.append(loss_of(truth, logits, smoothing=0.1))
    assert losses == pytest.approx([np.log1p(np.exp(-2.0))] * 3, abs=1e-5)


def test_a_class_is_not_asked_for_what_its_frequency_already_says() -> None:
    # where O comes a hundred times as often as o, a net that can't tell them apart is right to answer both alike
    often = dict.fromkeys(CLASSES, -30.0) | {"O": 0.0, "o": -np.log(100.0)}
    even, leaning = np.zeros((1, 63), np.float32), logits_for("O", 2.0)
    assert loss_of(truth_of("O", often), even) < 0.72  # of which 0.69 is for not knowing that it is no junk
    costs = {
        name: np.mean([loss_of(truth_of(c, often), logits) for c in ["O"] * 100 + ["o"]])
        for name, logits in (("even", even), ("leaning", leaning), ("against", -leaning))
    }
    assert costs["even"] < min(costs["leaning"], costs["against"])


def test_smoothing_punishes_certainty() -> None:
    sure = logits_for("7", 40.0)
    assert loss_of(truth_of("7"), sure, smoothing=0.02) > loss_of(truth_of("7"), sure) + 0.3


def test_teachers_are_followed() -> None:
    loss = distilled(glyph_loss(), temperature=3.0, share=1.0)
    taught = np.concatenate([truth_of("1"), logits_for("7")], axis=1)
    same, other = (float(np.asarray(loss(taught, logits_for(c)))[0]) for c in "71")
    assert same < other


def test_an_ensemble_answers_the_mean_of_its_members() -> None:
    rng = np.random.default_rng(0)
    members = [rng.normal(0, 3, (5, 63)).astype(np.float32) for _ in range(3)]
    mean = mean_logits(members)
    softmax = [np.exp(m[:, :62]) / np.exp(m[:, :62]).sum(axis=1, keepdims=True) for m in members]
    assert np.exp(mean[:, :62]) == pytest.approx(np.mean(softmax, axis=0), rel=1e-4)
    assert 1 / (1 + np.exp(-mean[:, 62])) == pytest.approx(np.mean([1 / (1 + np.exp(-m[:, 62])) for m in members], 0))
