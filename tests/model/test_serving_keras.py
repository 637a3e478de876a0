"""Reading with Keras weights of one's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.benchmarks.specimens import write
from model.reading.alphabet import CLASSES
from model.reading.classify import ModelError
from model.training import architectures
from model.training.serving import keras_recognizer


def test_the_weights_of_a_run_read(tmp_path: Path) -> None:
    net = architectures.build("xs")
    net.save(tmp_path / "model.keras")
    recognizer = keras_recognizer(tmp_path)
    assert recognizer.name == tmp_path.name
    reading = recognizer.read(write("2"))
    assert len(reading.glyphs) == 1
    seen = reading.glyphs[0].picture[None, ..., None]
    logits = np.asarray(net(seen, training=False))[0, : len(CLASSES)]
    wanted = [CLASSES[i] for i in np.argsort(-logits)]
    assert {a.text for a in reading.glyphs[0].alternatives} - {"\ufffd"} <= set(wanted)


def test_a_folder_without_weights_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=tmp_path.name):
        keras_recognizer(tmp_path)


def test_a_net_of_other_classes_is_refused(tmp_path: Path) -> None:
    architectures.build("xs", outputs=10).save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match=r"\(None, 10\)"):
        keras_recognizer(tmp_path)
