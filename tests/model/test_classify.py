"""The classifier and the directory it is loaded from."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from model.benchmarks.specimens import write
from model.reading.alphabet import CLASSES
from model.reading.classify import WEIGHTS, Classifier, ModelError
from model.reading.normalize import SIDE, glyph_picture


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return np.stack([glyph_picture(write(digit).strokes) for digit in "0123456789"])


def test_drawn_digits_are_read_and_are_characters(classifier: Classifier, digits: np.ndarray) -> None:
    scores = classifier.classify(digits)
    assert "".join(CLASSES[i] for i in scores.log_p[:, :10].argmax(axis=1)) == "0123456789"
    assert (np.exp(scores.log_character) > 0.5).all()


def test_scores_are_log_probabilities(classifier: Classifier, digits: np.ndarray) -> None:
    scores = classifier.classify(digits)
    assert np.exp(scores.log_p).sum(axis=1) == pytest.approx(np.ones(10), abs=1e-5)
    assert np.exp(scores.log_character) + np.exp(scores.log_junk) == pytest.approx(np.ones(10), abs=1e-5)


def test_a_glyph_scores_the_same_in_any_batch(classifier: Classifier, digits: np.ndarray) -> None:
    together = classifier.classify(digits).log_p
    for i in (9, 3, 0):
        assert classifier.classify(digits[i : i + 1]).log_p[0] == pytest.approx(together[i], abs=1e-4)


def test_an_empty_batch_has_no_scores(classifier: Classifier) -> None:
    assert classifier.classify(np.zeros((0, SIDE, SIDE), np.float32)).log_p.shape == (0, len(CLASSES))


def test_another_shape_is_refused(classifier: Classifier) -> None:
    with pytest.raises(ValueError, match=r"\(3, 20, 20\)"):
        classifier.classify(np.zeros((3, 20, 20), np.float32))


def test_many_threads_get_the_answers_of_one(classifier: Classifier, digits: np.ndarray) -> None:
    expected = classifier.classify(digits).log_p
    with ThreadPoolExecutor(4) as pool:
        for answer in pool.map(lambda _: classifier.classify(digits).log_p, range(24)):
            assert answer == pytest.approx(expected, abs=1e-5)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))


def test_changed_weights_are_refused(directory: Path) -> None:
    weights = directory / "glyph.tflite"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(ModelError, match="SHA-256"):
        Classifier.load(directory)


def test_weights_for_other_classes_are_refused(directory: Path) -> None:
    card = directory / "glyph.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "classes": "01"}))
    with pytest.raises(ModelError, match="classes"):
        Classifier.load(directory)


def test_an_empty_directory_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=tmp_path.name):
        Classifier.load(tmp_path)


def test_class_frequencies_of_the_card_are_added(directory: Path, digits: np.ndarray) -> None:
    card = directory / "glyph.json"
    card.write_text(json.dumps({k: v for k, v in json.loads(card.read_text()).items() if k != "log_prior"}))
    plain = Classifier.load(directory)
    prior = np.zeros(len(CLASSES))
    prior[CLASSES.index("O")] = 2.0
    card.write_text(json.dumps({**json.loads(card.read_text()), "log_prior": prior.tolist()}))
    informed = Classifier.load(directory)
    odds = [c.classify(digits).log_p[0, [CLASSES.index("O"), CLASSES.index("0")]] for c in (plain, informed)]
    assert np.diff(odds[0]) - np.diff(odds[1]) == pytest.approx(2.0, abs=1e-4)
    card.write_text(json.dumps({**json.loads(card.read_text()), "log_prior": [0.0]}))
    with pytest.raises(ModelError, match="log_prior"):
        Classifier.load(directory)
