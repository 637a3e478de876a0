"""An exported net made a Keras model again: it answers alike, and learns as the one that was exported would."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from model.__main__ import main
from model.reading.classify import picture_net
from model.training.architectures import build, load
from model.training.formats import FORMATS, served
from model.training.restore import restore
from model.training.sources import load_sources
from tests.model.test_mixture import TINY


def settled(architecture: str) -> keras.Model:
    """A net whose batch normalization does something, as after training."""
    keras.utils.set_random_seed(0)
    model, rng = build(architecture), np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            size = layer.gamma.shape[0]
            layer.set_weights(
                [rng.uniform(0.5, 2, size), rng.normal(0, 1, size), rng.normal(0, 1, size), rng.uniform(0.3, 3, size)]
            )
    return model


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The net as it would be served."""
    path = tmp_path_factory.mktemp("exported") / "net.tflite"
    path.write_bytes(served(settled("m")))
    return path


@pytest.fixture(scope="module")
def restored(exported: Path, data: Path) -> keras.Model:
    """A Keras model of it, by the command."""
    out = exported.with_name("runs") / "start.keras"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.restore._STATISTICS", 6)
        assert main(["restore", str(exported), "--data", str(data), "--out", str(out)]) == 0
    return load(out)


@pytest.fixture(scope="module")
def pictures(data: Path) -> NDArray[np.float32]:
    """What training shows, shape (n, 28, 28, 1)."""
    mixture, _ = load_sources(data, TINY)
    return np.concatenate([mixture(step)[0] for step in range(100, 104)])


def test_it_answers_as_the_exported_net_does(
    exported: Path, restored: keras.Model, pictures: NDArray[np.float32]
) -> None:
    asked = picture_net(exported.read_bytes())(pictures[..., 0])
    answers = np.asarray(restored(pictures, training=False))
    assert np.abs(answers - asked).mean() < 0.05 * asked.std()


def test_its_statistics_are_those_of_what_training_shows(restored: keras.Model, pictures: NDArray[np.float32]) -> None:
    serving, learning = (np.asarray(restored(pictures, training=training)) for training in (False, True))
    assert np.abs(serving - learning).mean() < 0.1 * serving.std()


def test_another_architecture_is_refused(exported: Path, data: Path) -> None:
    with pytest.raises(ValueError, match="expected a net of architecture s"):
        restore(exported, "s", data)


@pytest.mark.parametrize("which", ["litert-f16", "litert-int8"])
def test_a_net_in_another_format_is_refused(which: str, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    FORMATS[which].write(settled("xs"), path, np.zeros((1, 28, 28), np.float32))
    with pytest.raises(ValueError, match=r"net\.tflite: expected a net exported as litert or litert-dynamic"):
        restore(path, "xs", data)


def test_a_net_that_no_export_wrote_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "net.tflite").write_bytes(b"no net")
    with pytest.raises(ValueError, match=r"net\.tflite: no net that LiteRT can run"):
        restore(tmp_path / "net.tflite", "xs", data)
