"""The networks: sizes, shapes, learning, saving, and the commands that tell about them."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.typing import NDArray

from model.commands import nets
from model.reading.classify import WEIGHTS, ModelError
from model.training.architectures import ARCHITECTURES, build, describe, load
from model.training.architectures.rcnn import LocalResponseNormalization, RecurrentConvolution

PUBLISHED = {  # outputs, parameters and MMAC that their authors' code has
    "reference-a": (62, 2_401_182, 7.9),
    "reference-b": (47, 332_015, 15.2),
    "reference-c": (10, 601_578, 10.2),
    "reference-d": (10, 738_250, 57.4),
    "reference-e": (47, 898_305, 2.6),
}

every_architecture = pytest.mark.parametrize("name", ARCHITECTURES)


def pictures(count: int, height: int = 28, width: int = 28) -> NDArray[np.float32]:
    return np.random.default_rng(0).random((count, height, width, 1), np.float32)


def answer(model: keras.Model, images: NDArray[np.float32], training: bool = False) -> NDArray[np.float32]:
    logits: NDArray[np.float32] = ops.convert_to_numpy(model(images, training=training))
    return logits


@every_architecture
def test_it_learns_and_comes_back_from_a_file(name: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    model = build(name, dropout=0.0)
    images, truth = pictures(8), np.arange(8)
    assert answer(model, images[:3]).shape == (3, 63)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, run_eagerly=True)  # compiling the graph would take longest
    losses = [float(model.train_on_batch(images, truth)) for _ in range(5)]
    assert losses[-1] < 0.9 * losses[0]
    model.save(tmp_path / "model.keras")
    assert np.array_equal(answer(load(tmp_path / "model.keras"), images), answer(model, images))


@every_architecture
def test_other_sizes_are_taken_or_refused_in_one_line(name: str) -> None:
    if name in {"reference-b", "reference-d"}:
        with pytest.raises(ValueError, match=f"^{name} cannot take pictures of 20×24[^\n]*$"):
            build(name, height=20, width=24)
        return
    logits = answer(build(name, height=20, width=24, outputs=10), pictures(2, 20, 24))
    assert logits.shape == (2, 10)
    assert np.isfinite(logits).all()


@every_architecture
def test_it_is_made_of_layers_that_will_load_on_any_backend(name: str) -> None:
    made = build(name, noise=0.1, dropout=0.1).get_config()["layers"]
    modules = {layer["module"] for layer in made if layer["registered_name"] is None}
    registered = {layer["registered_name"] for layer in made} - {None}
    assert modules == {"keras.layers"}
    assert registered <= {"glyphline>RecurrentConvolution", "glyphline>LocalResponseNormalization"}
    assert "Lambda" not in {layer["class_name"] for layer in made}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_reference_is_as_large_as_published(name: str) -> None:
    outputs, parameters, mmac = PUBLISHED[name]
    model = build(name, outputs=outputs)
    net = describe(model)
    assert net.parameters == model.count_params() == parameters
    assert round(net.macs / 1e6, 1) == mmac


@pytest.mark.parametrize(("name", "parameters", "mmac"), [("xs", 120_911, 9.1), ("s", 271_423, 21.2)])
def test_our_nets_are_those_that_were_trained(name: str, parameters: int, mmac: float) -> None:
    model = build(name)
    assert describe(model).parameters == parameters
    assert round(describe(model).macs / 1e6, 1) == mmac
    assert model.layers[-1].name == "logits"


def test_recurrence_is_compared_at_equal_parameters() -> None:
    recurrent, plain, served = (describe(build(name)) for name in ("rcnn", "rcnn-cnn", "s"))
    assert recurrent.parameters == pytest.approx(plain.parameters, rel=0.02)
    assert recurrent.parameters == pytest.approx(served.parameters, rel=0.03)


def test_what_serves_fits_and_its_teacher_is_larger() -> None:
    served, teacher = describe(build("m")), describe(build("l"))
    assert served.parameters < 2e6  # a byte each, as it ships
    assert served.macs < 80e6
    assert teacher.parameters > 2 * served.parameters


@pytest.mark.parametrize("name", ["xs", "reference-e"])
def test_noise_acts_only_in_training(name: str) -> None:
    quiet, noisy = build(name, dropout=0.0), build(name, dropout=0.0, noise=0.5)
    noisy.set_weights(quiet.get_weights())
    images = pictures(4)
    assert np.array_equal(answer(quiet, images), answer(noisy, images))
    assert np.array_equal(answer(quiet, images, training=True), answer(quiet, images, training=True))
    assert not np.allclose(answer(noisy, images, training=True), answer(noisy, images, training=True))


@pytest.mark.parametrize("name", ["s", "m", "rcnn", "reference-a", "reference-c"])
def test_a_dropout_rate_replaces_the_nets_own(name: str) -> None:
    def rates(dropout: float | None) -> list[float]:
        return [layer.rate for layer in build(name, dropout=dropout).layers if isinstance(layer, layers.Dropout)]

    own = rates(None)
    assert own == {"rcnn": [0.5] * 3, "reference-a": [0.25, 0.5], "reference-c": [0.2]}.get(name, [])
    assert rates(0.3) == [0.3] * max(len(own), 1)
    assert rates(0.0) == []


def recurrent_net(steps: int) -> keras.Model:
    image = layers.Input((6, 5, 2))
    return keras.Model(image, RecurrentConvolution(16, steps)(image))


def test_recurrent_weights_are_shared_by_all_steps() -> None:
    one, three = recurrent_net(1), recurrent_net(3)
    assert one.count_params() == three.count_params() == 9 * 2 * 16 + 16 + 9 * 16 * 16
    assert describe(three).macs - describe(one).macs == 2 * 6 * 5 * 9 * 16 * 16
    three.set_weights(one.get_weights())
    image = np.random.default_rng(0).random((1, 6, 5, 2), np.float32)
    assert not np.allclose(answer(one, image), answer(three, image))


def test_a_recurrent_layer_feeds_its_state_back() -> None:
    """One pixel, so that each 3×3 kernel is its centre: h = g(w_f u + w_r h), by hand."""
    cell = RecurrentConvolution(1, steps=3)
    cell.build((None, 1, 1, 1))
    feed, recur = np.zeros((2, 3, 3, 1, 1), np.float32)
    feed[1, 1], recur[1, 1] = 2.0, 0.5
    cell.set_weights([feed, np.zeros(1), recur])
    h = 0.0
    for _ in range(4):
        z = 2 * 3 + 0.5 * h
        h = z / (1 + 0.001 * z**2) ** 0.75
    assert float(cell(np.full((1, 1, 1, 1), 3, np.float32))[0, 0, 0, 0]) == pytest.approx(h, rel=1e-5)


def test_local_response_normalization_sums_over_neighbouring_channels() -> None:
    x = np.random.default_rng(0).normal(0, 30, (2, 3, 24)).astype(np.float32)
    expected = np.empty_like(x)
    for k in range(24):  # 24 / 8 + 1 = 4 channels, two to either side
        power = (x[..., max(0, k - 2) : k + 3] ** 2).sum(axis=-1)
        expected[..., k] = x[..., k] / (1 + 0.01 / 4 * power) ** 0.5
    layer = LocalResponseNormalization(alpha=0.01, beta=0.5)
    again = LocalResponseNormalization.from_config(layer.get_config())
    assert ops.convert_to_numpy(layer(x)) == pytest.approx(expected, rel=1e-4)
    assert ops.convert_to_numpy(again(x)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("unknown architecture 'z'; expected one of xs, s, ", lambda: build("z")),
        ("width of at least 1, got 63, 28 and 0", lambda: build("s", width=0)),
        ("noise of at least 0, got -1", lambda: build("s", noise=-1.0)),
        ("dropout rate from 0 to below 1, got 1", lambda: build("s", dropout=1.0)),
    ],
)
def test_bad_arguments_are_named(said: str, wrong: Callable[[], keras.Model]) -> None:
    with pytest.raises(ValueError, match=said):
        wrong()


def test_a_shared_layer_is_not_counted_silently() -> None:
    image, shared = layers.Input((8, 8, 1)), layers.Conv2D(1, 3, padding="same", name="twice")
    with pytest.raises(ValueError, match="'twice'"):
        describe(keras.Model(image, shared(shared(image))))


def run(*words: str) -> None:
    parser = argparse.ArgumentParser()
    nets.add(parser.add_subparsers())
    args = parser.parse_args(words)
    args.run(args)


def test_the_list_has_every_architecture(capsys: pytest.CaptureFixture[str]) -> None:
    run("list")
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0] for row in rows] == list(ARCHITECTURES)
    assert rows[1][2:] == ["271,423", "21.2", "1.1"]


def test_info_tells_the_layers_of_a_name_and_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("info", "xs")
    assert "| logits | Dense | 63 | 4,095 |" in capsys.readouterr().out
    build("rcnn", outputs=7).save(tmp_path / "model.keras")
    run("info", str(tmp_path / "model.keras"))
    said = capsys.readouterr().out
    assert "RecurrentConvolution | 14×14×40 | 28,840 | 11.29 |" in said
    assert "| logits | Dense | 7 |" in said


def test_info_tells_what_a_model_directory_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("info")
    said = capsys.readouterr().out
    for part in ("glyphline-", "62: 0123", "checksum     OK", "bytes", "ms a glyph at batch 32"):
        assert part in said
    for name in ("glyph.json", "glyph.tflite"):
        shutil.copy(WEIGHTS / name, tmp_path)
    with (tmp_path / "glyph.tflite").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="SHA-256"):
        run("info", str(tmp_path))


def test_info_refuses_what_it_cannot_tell(tmp_path: Path) -> None:
    (tmp_path / "text.keras").write_text("no model")
    with pytest.raises(ValueError, match=r"^\S*text.keras: expected a model in Keras's .keras format$"):
        run("info", str(tmp_path / "text.keras"))
    with pytest.raises(ValueError, match=r"^nothing: expected a .keras file, a model directory or one of xs, s, "):
        run("info", "nothing")
    with pytest.raises(ModelError, match=r"glyph\.json"):
        run("info", str(tmp_path))
    with pytest.raises(ValueError, match=r"none\.keras: no such file"):
        load(tmp_path / "none.keras")
