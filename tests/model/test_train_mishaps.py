"""Training that does not go as meant: divergence, Ctrl-C, damaged files, numbers out of range."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from official_files import half, write_idx

from model.__main__ import main
from model.training import architectures
from model.training.datasets.registry import DATASETS
from model.training.recipe import Recipe
from model.training.train import train
from model.training.trainer import DivergedError, Trainer
from model.training.validation import Validation

TINY = Recipe(architecture="xs", images=8 * 16, batch=16)
PLAIN = ["--architecture", "xs", "--batch", "16", "--ink-share", "0", "--junk-share", "0"]


def interrupt(patch: pytest.MonkeyPatch, kind: type, method: str, call: int) -> None:
    """Has Ctrl-C come in the midst of the n-th call of a method."""
    original, calls = getattr(kind, method), [0]

    def interrupted(*args: object) -> object:
        calls[0] += 1
        if calls[0] == call:
            raise KeyboardInterrupt
        return original(*args)

    patch.setattr(kind, method, interrupted)


def test_reports_that_are_not_finite_are_never_the_best(tmp_path: Path) -> None:
    trainer = Trainer(replace(TINY, patience=2), tmp_path)
    for step, loss in enumerate([np.nan, 3.0, 1.0, np.nan, -np.inf]):
        trainer.average = [np.full_like(w, step) for w in trainer.average]
        assert not trainer.is_stale()
        trainer.record({"step": step, "val_loss": loss})
    assert trainer.is_stale()
    assert trainer.best_step() == 2
    assert all((w == 2).all() for w in trainer.best)


def test_a_diverging_run_keeps_its_best_weights_and_says_so(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--images", "640", "--report-every", "1", "--rate", "1e20"]
    assert main(["train", "--data", str(data), "--out", str(tmp_path), *PLAIN, *options]) == 0
    said = capsys.readouterr().out
    rows = json.loads((tmp_path / "history.json").read_text(), parse_constant=pytest.fail)
    best = min(rows, key=lambda row: row["val_loss"])["step"]
    assert len(rows) < 40
    assert "diverged at step" in said
    assert "try a --rate below 1e+20" in said
    assert f"kept are the weights of step {best:.0f}" in said
    assert all(np.isfinite(w).all() for w in architectures.load(tmp_path / "model.keras").get_weights())


def test_a_run_that_only_diverged_fails_in_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--images", "640", "--rate", "1e20", "--members", "2"]
    assert main(["train", "--data", str(data), "--out", str(tmp_path), *PLAIN, *options]) == 1
    assert "diverged at step" in capsys.readouterr().err.splitlines()[-1]
    assert not list(tmp_path.rglob("model.keras"))


def test_a_study_leaves_out_a_net_that_only_diverged(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learn = Trainer.learn

    def diverging(self: Trainer, batch: object) -> float:
        if self.recipe.dropout == 0.3:
            raise DivergedError("diverged at step 0")
        return learn(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "learn", diverging)
    options = ["--images", "32", "--architectures", "xs", "--dropouts", "0.3", "0"]
    assert main(["study", "--data", str(data), "--out", str(tmp_path), *PLAIN[2:], *options]) == 1
    said = capsys.readouterr().out
    assert "xs, dropout 0.3 diverged at step 0" in said
    assert "| xs, dropout 0 |" in said


def test_ctrl_c_loses_nothing(data: Path, tmp_path: Path) -> None:
    recipe = replace(TINY, ink_share=0.0, junk_share=0.0)
    train(data, tmp_path / "whole", recipe, report_every=4)
    for kind, method, call, step in ((Trainer, "learn", 6, 5), (Validation, "figures", 1, 8)):
        with pytest.MonkeyPatch.context() as patch:
            interrupt(patch, kind, method, call)
            with pytest.raises(KeyboardInterrupt, match=f"stopped at step {step}; the same command"):
                train(data, tmp_path / "stopped", recipe, report_every=4)
        assert (tmp_path / "stopped" / "model.keras").exists()
    train(data, tmp_path / "stopped", recipe, report_every=4)
    whole, stopped = (json.loads((tmp_path / run / "history.json").read_text()) for run in ("whole", "stopped"))
    assert [row["step"] for row in stopped] == [4, 8]
    for name in ("loss", "val_loss"):
        assert [row[name] for row in stopped] == pytest.approx([row[name] for row in whole], rel=1e-2)


def test_ctrl_c_ends_an_ensemble(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt(monkeypatch, Trainer, "learn", 2)
    options = ["--images", "64", "--members", "3"]
    assert main(["train", "--data", str(data), "--out", str(tmp_path), *PLAIN, *options]) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["member-1"]
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == "python -m model: stopped at step 1; the same command goes on from there"


def test_ctrl_c_ends_a_study_which_the_same_command_finishes(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["--images", "32", "--architectures", "xs", "--dropouts", "0", "0.3"]
    arguments = ["study", "--data", str(data), "--out", str(tmp_path), *PLAIN[2:], *options]
    interrupt(monkeypatch, Trainer, "learn", 2)
    assert main(arguments) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["xs-dropout-0"]
    assert not (tmp_path / "xs-dropout-0" / "result.json").exists()
    monkeypatch.undo()
    assert main(arguments) == 0
    results = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("*/result.json"))]
    assert [result["result"]["images"] for result in results] == [32, 32]


@pytest.mark.parametrize("kept", [0.0, 0.7])
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("emnist/emnist_pool.npz", "expected an EMNIST pool"),
        ("ink/unipen_words.jsonl.xz", "expected lines of ink"),
        ("run/checkpoint.npz", "expected a checkpoint"),
    ],
)
def test_a_file_that_is_cut_short_is_named(
    file: str, expected: str, kept: float, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    (folder / "run").mkdir()
    path = folder / file
    if not path.exists():
        np.savez(path, step=np.arange(100))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert main(["train", "--data", str(folder), "--out", str(folder / "run"), "--architecture", "xs"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"python -m model: {path}: {expected}")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--batch 0", "--batch 0: expected at least 1"),
        ("--report-every 0", "--report-every 0: expected at least 1"),
        ("--threads -2", "--threads -2: expected at least 1"),
        ("--members 0", "--members 0: expected at least 1"),
        ("--images -5", "--images -5: expected at least 1"),
        ("--epochs -1", "--epochs -1: expected at least 0"),
        ("--max 0", "--max 0: expected at least 1"),
        ("--rate -1", "--rate -1.0: expected above 0"),
        ("--rate nan", "--rate nan: expected above 0"),
        ("--averaging 2", "--averaging 2.0: expected 0 to below 1"),
        ("--dropout 2", "--dropout 2.0: expected 0 to below 1"),
        ("--weight-decay inf", "--weight-decay inf: expected at least 0"),
        ("--height 3 --width 3", "--height 3: expected at least 5"),
        ("--height 32", "expected 28 and 28"),
        ("--ink-share 0.8 --junk-share 0.8", "expected at most 1 together"),
        ("--architecture nosuch", "unknown architecture 'nosuch'; expected one of xs, s"),
        ("--dataset mnist --height 6 --width 6 --architecture reference-b", "cannot take pictures of 6×6"),
    ],
)
def test_what_cannot_be_is_refused_before_any_data_is_read(
    options: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["train", "--data", str(tmp_path), "--out", str(out), *options.split()]) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]
    assert not out.exists()


def test_a_study_refuses_its_last_net_before_it_trains_the_first(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["study", "--data", str(data), "--out", str(tmp_path), "--images", "32", "--architectures", "xs", "z"]
    assert main(arguments) == 2
    assert "unknown architecture 'z'" in capsys.readouterr().err.splitlines()[-1]
    assert not list(tmp_path.iterdir())


def test_batches_are_full_though_both_shares_are_rounded_up(data: Path, tmp_path: Path) -> None:
    options = ["--images", "6", "--batch", "3", "--ink-share", "0.5", "--junk-share", "0.5", "--architecture", "xs"]
    assert main(["train", "--data", str(data), "--out", str(tmp_path), *options]) == 0


def test_training_tells_what_it_leaves_out_of_an_official_dataset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = DATASETS["mnist"]
    images, labels = half(dataset, 40, 1)
    files = tmp_path / "files"
    files.mkdir()
    write_idx(files, dataset, (images, labels), (images[:3], labels[:3]))
    options = ["--dataset", "mnist", "--images", "32", "--batch", "16", "--architecture", "xs"]
    assert main(["train", "--data", str(files), "--out", str(tmp_path / "run"), *options]) == 0
    assert "removed from train, as the test set holds the same image: 3\n" in capsys.readouterr().out
