"""Export: every format answers as Keras does, or is refused; what serving loads carries its calibration."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from model.__main__ import main
from model.reading.classify import Classifier, Scores
from model.training import architectures, formats
from model.training.data import as_float
from model.training.export import HeldOut, export, fit_temperature, held_out


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return architectures.build("xs")


@pytest.fixture(scope="module")
def saved(model: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("run") / "model.keras"
    model.save(path)
    return path


@pytest.fixture(scope="module")
def real(data: Path) -> HeldOut:
    return held_out(data)


def test_every_format_is_written_and_answers_as_keras(model: keras.Model, real: HeldOut, tmp_path: Path) -> None:
    _, written = export(model, tmp_path, real, "net", "1", list(formats.FORMATS))
    assert {path.name for path in tmp_path.iterdir()} == {made.file for made in written} | {"glyph.json"}
    by_name = {made.format: made for made in written}
    assert by_name.keys() == formats.FORMATS.keys()
    for name, kind in formats.FORMATS.items():
        assert by_name[name].agreement == 1 if kind.exact else by_name[name].agreement > 0.8
        assert by_name[name].milliseconds > 0
    whole = by_name["litert"].size
    assert (
        by_name["litert-int8"].size < by_name["litert-f16"].size < whole == (tmp_path / "glyph.tflite").stat().st_size
    )
    assert 0 < by_name["litert-f16"].difference < by_name["litert-int8"].difference


def test_the_first_litert_format_is_what_serves(model: keras.Model, real: HeldOut, tmp_path: Path) -> None:
    export(model, tmp_path, real, "net", "2", ["litert-dynamic", "litert"])
    served = Classifier.load(tmp_path)
    assert (served.name, served.version) == ("net", "2")
    assert json.loads((tmp_path / "glyph.json").read_text())["format"] == "litert-dynamic"
    assert (tmp_path / "glyph.tflite").stat().st_size < (tmp_path / "glyph-f32.tflite").stat().st_size
    assert not served.log_prior.any()


def test_frequencies_are_added_where_the_model_serves(model: keras.Model, real: HeldOut, tmp_path: Path) -> None:
    prior = np.linspace(-3, 0, 62, dtype=np.float32)
    temperature, _ = export(model, tmp_path, real, "net", "1", log_prior=prior)
    served, pictures = Classifier.load(tmp_path), as_float(real.checking.images[:5])
    logits = np.asarray(model(pictures[..., None], training=False))
    assert served.log_prior == pytest.approx(prior, abs=1e-4)
    assert served.classify(pictures).log_p == pytest.approx(Scores.of(logits, temperature, prior).log_p, abs=1e-3)


def test_a_float32_format_that_answers_otherwise_is_refused(
    model: keras.Model, real: HeldOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def off(path: Path) -> formats.Logits:
        answers = formats.FORMATS["litert-f16"].load(path)
        return lambda pictures: answers(pictures) + np.eye(63, dtype=np.float32)[0] * np.float32(0.01)

    monkeypatch.setitem(formats.FORMATS, "litert", replace(formats.FORMATS["litert"], load=off))
    with pytest.raises(ValueError, match="litert differs from Keras"):
        export(model, tmp_path, real, "net", "1")
    assert not list(tmp_path.iterdir())


def test_the_temperature_undoes_what_was_multiplied() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 62)).astype(np.float32)
    prior = rng.normal(0, 1, 62).astype(np.float32)
    drawn = (logits + prior + rng.gumbel(size=logits.shape)).argmax(axis=1)  # by their softmax
    assert fit_temperature(3 * logits, np.eye(62, dtype=bool)[drawn], prior) == pytest.approx(3, rel=0.05)


def test_the_command_prints_what_it_wrote(
    saved: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "weights"
    arguments = ["export", str(saved), "--data", str(data), "--out", str(out), "--name", "mine", "--frequencies"]
    assert main(arguments) == 0
    assert "| litert | glyph.tflite |" in capsys.readouterr().out
    served = Classifier.load(out)
    assert served.name == "mine"
    assert served.log_prior[:10].min() > served.log_prior[10:].min()  # the ink has no A


def test_bad_input_is_one_line(saved: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    for model, options, complaint in (
        (saved, ["--out", str(tmp_path / "file" / "weights")], "Not a directory"),
        (saved, ["--out", str(tmp_path), "--formats", "coreml"], "unknown format 'coreml'"),
        (tmp_path / "file", ["--out", str(tmp_path)], "no Keras model"),
        (saved, ["--out", str(tmp_path), "--dataset", "nist"], "unknown dataset 'nist'"),
    ):
        assert main(["export", str(model), "--data", str(data), *options]) == 2
        said = capsys.readouterr().err
        assert complaint in said
        assert said.count("\n") == 1
