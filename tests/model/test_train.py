"""Training: resuming, early stopping, what a run leaves behind, the study, and bad input."""

from __future__ import annotations

import csv
import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.__main__ import main
from model.training.architectures import build, load
from model.training.recipe import Recipe
from model.training.rivals import RIVALS, beside
from model.training.sources import load_sources
from model.training.trainer import Trainer

TINY = Recipe(architecture="xs", images=8 * 16, batch=16)


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    arguments = ["--data", str(data), "--out", str(out), "--architecture", "xs", "--images", "128", "--batch", "16"]
    assert main(["train", *arguments, "--report-every", "4"]) == 0
    return out


def test_a_run_leaves_history_curves_and_model(trained: Path) -> None:
    rows = json.loads((trained / "history.json").read_text())
    assert [row["step"] for row in rows] == [4, 8]
    with (trained / "history.csv").open() as file:
        assert [row["images"] for row in csv.DictReader(file)] == ["64", "128"]
    assert (trained / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (trained / "model.keras").stat().st_size > 100_000
    assert list((trained / "tensorboard").glob("events.out.tfevents.*"))


def test_a_killed_run_goes_on_where_it_was(data: Path, trained: Path, tmp_path: Path) -> None:
    mixture, _ = load_sources(data, TINY)
    first = Trainer(TINY, tmp_path)
    for step in range(4):
        first.learn(mixture(step))
    first.save()
    second = Trainer(TINY, tmp_path)
    assert second.step == 4
    for step in range(4, 8):
        second.learn(mixture(step))
    with np.load(trained / "checkpoint.npz") as saved:
        for i, weights in enumerate(second.model.get_weights()):
            assert weights == pytest.approx(saved[f"w{i}"], abs=2e-3)


def test_the_best_weights_are_kept_and_patience_ends(tmp_path: Path) -> None:
    trainer = Trainer(replace(TINY, patience=2), tmp_path)
    for step, loss in enumerate([3.0, 1.0, 2.0, 2.5]):
        trainer.average = [np.full_like(w, step) for w in trainer.average]
        assert not trainer.is_stale()
        trainer.record({"step": step, "val_loss": loss})
    assert trainer.is_stale()
    assert all((w == 1).all() for w in trainer.best)


def test_another_recipe_does_not_go_on_from_a_checkpoint(trained: Path) -> None:
    with pytest.raises(ValueError, match=r"another recipe \(rate 0.15\)"):
        Trainer(replace(TINY, rate=0.01), trained)


def test_every_optimizer_and_schedule_learns(data: Path, tmp_path: Path) -> None:
    mixture, _ = load_sources(data, TINY)
    for name, optimizer, schedule in (("a", "adam", "steps"), ("b", "adadelta", "constant")):
        trainer = Trainer(replace(TINY, optimizer=optimizer, schedule=schedule, rate=0.01), tmp_path / name)
        batch = mixture(0)
        losses = [trainer.learn(batch) for _ in range(6)]
        assert losses[-1] < losses[0]


def test_a_pupil_learns_from_its_teacher(data: Path, trained: Path, tmp_path: Path) -> None:
    teacher = str(trained / "model.keras")
    arguments = ["--data", str(data), "--out", str(tmp_path), "--architecture", "xs", "--images", "64", "--batch", "16"]
    assert main(["train", *arguments, "--teacher", teacher, "--taught", "1"]) == 0
    assert len(json.loads((tmp_path / "history.json").read_text())) == 1


def test_another_architecture_is_no_start_and_another_size_no_teacher(
    data: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = str(trained / "model.keras")
    arguments = ["train", "--data", str(data), "--out", str(tmp_path / "run"), "--images", "16"]
    assert main([*arguments, "--architecture", "s", "--start", start]) == 2
    assert f"{start}: expected a model of the same architecture" in capsys.readouterr().err
    small = tmp_path / "small.keras"
    build("xs", height=20, width=20).save(small)
    assert main([*arguments, "--architecture", "xs", "--teacher", str(small)]) == 2
    assert f"{small}: expected a teacher of shapes (28, 28, 1) → (63,)" in capsys.readouterr().err


def test_the_mean_of_two_models_lies_between_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nets, files = [build("xs"), build("xs")], [tmp_path / "a.keras", tmp_path / "b.keras"]
    for net, file in zip(nets, files, strict=True):
        net.save(file)
    out = tmp_path / "runs" / "mean.keras"
    assert main(["mean", *map(str, files), "--out", str(out)]) == 0
    for a, b, both in zip(*(net.get_weights() for net in (*nets, load(out))), strict=True):
        assert np.allclose(both, (a + b) / 2)
    build("s").save(files[1])
    assert main(["mean", *map(str, files), "--out", str(out)]) == 2
    assert f"{files[1]}: expected a model of the same architecture" in capsys.readouterr().err
    assert main(["mean", str(files[0]), "--out", str(tmp_path / "mean.h5")]) == 2
    assert "expected a file to write whose name ends in .keras" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["online", "sequence", "joins", "line", "language"])
def test_what_cannot_be_written_is_told_before_anything_is_learned(
    name: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    given = [str(taken)] if name == "language" else ["--data", str(data / "ink")]
    assert main([name, *given, "--out", str(taken)]) == 2
    assert f"{taken}: expected a folder to write into, found a file" in capsys.readouterr().err


def test_no_thread_is_left_when_a_run_ends_early(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trainer, "is_stale", lambda _: True)
    options = ["--architecture", "xs", "--images", "960", "--batch", "16", "--patience", "1", "--no-verbose"]
    assert main(["train", "--data", str(data), "--out", str(tmp_path), *options]) == 0
    assert "batches" not in {thread.name for thread in threading.enumerate()}


def test_an_ensemble_is_trained_in_folders_of_its_own(data: Path, tmp_path: Path) -> None:
    arguments = ["--data", str(data), "--out", str(tmp_path), "--architecture", "xs", "--images", "32", "--batch", "16"]
    assert main(["train", *arguments, "--members", "2", "--no-verbose"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["member-1", "member-2"]


def test_a_study_writes_table_and_plot(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(data), "--out", str(tmp_path), "--images", "32", "--batch", "16", "--ink-share", "0"]
    arguments += ["--junk-share", "0", "--architectures", "xs", "--dropouts", "0", "0.3"]
    assert main(["study", *arguments]) == 0
    said = capsys.readouterr().out
    assert "| xs, dropout 0 |" in said
    assert "| xs, dropout 0.3 |" in said
    assert (tmp_path / "study.png").read_bytes().startswith(b"\x89PNG")
    assert main(["study", *arguments]) == 0  # finished: told again, not trained again
    assert capsys.readouterr().out == said
    assert main(["study", *arguments, "--rate", "0.1"]) == 2
    assert "another recipe; give another --out" in capsys.readouterr().err


@pytest.mark.parametrize("rival", RIVALS)
def test_a_rival_keeps_its_own_recipe_and_ours_sees_as_much(rival: str) -> None:
    theirs, ours = beside(RIVALS[rival], "xs", {"dataset": "shared", "seed": 7}).values()
    assert (theirs.architecture, ours.architecture) == (f"reference-{rival}", "xs")
    assert theirs.optimizer == RIVALS[rival].recipe.optimizer != ours.optimizer
    assert (theirs.averaging, ours.averaging) == (0, Recipe().averaging)
    assert {(r.dataset, r.epochs, r.seed, r.ink_share) for r in (theirs, ours)} == {
        ("shared", RIVALS[rival].recipe.epochs, 7, 0.0)
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--architecture", "z"], "unknown architecture 'z'"),
        (["--dataset", "emnist-nothing"], "emnist-nothing"),
        (["--teacher", "missing.keras"], "missing.keras: no such file"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], expected: str
) -> None:
    assert main(["train", "--data", str(data), "--out", str(tmp_path / "o"), *options]) == 2
    said = capsys.readouterr().err.splitlines()
    assert expected in said[-1]


def test_an_output_that_cannot_be_written_is_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["train", "--data", str(data), "--out", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("file: expected a folder to write into, found a file")
