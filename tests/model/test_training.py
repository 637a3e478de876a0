"""Training, on characters drawn by our own hand: the loss, the mixture, resuming, exporting, evaluating."""

from __future__ import annotations

import json
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.__main__ import main
from model.benchmarks.specimens import write
from model.reading.alphabet import CLASSES
from model.reading.classify import Classifier
from model.reading.normalize import glyph_picture
from model.training.data import GlyphSet, load_pool, render_junk
from model.training.evaluate import accuracy, calibration_error, merged, passed
from model.training.inkdata import InkSample, is_validation, read_ink_lines
from model.training.train import Recipe, Trainer, glyph_loss, load_sources

WRITERS = [w for w in (f"hand{i}" for i in range(60)) if not is_validation(f"own:{w}")][:3]
HELD_OUT = [w for w in (f"hand{i}" for i in range(60)) if is_validation(f"own:{w}")][:2]


def ink_line(digit: str, writer: str, size: float) -> str:
    drawn = write("1" if digit in "Il" else digit, height=size).strokes
    strokes = [{"x": s.points[:, 0].tolist(), "y": s.points[:, 1].tolist(), "t": None} for s in drawn]
    glyphs = [{"char": digit, "strokes": list(range(len(strokes)))}]
    return json.dumps({"id": "own/1", "writer": writer, "text": digit, "glyphs": glyphs, "strokes": strokes})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder like the real one, of drawn digits."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "ink").mkdir()
    (folder / "emnist").mkdir()
    lines = "\n".join(ink_line(d, w, 20 + 5 * i) for i, w in enumerate(WRITERS + HELD_OUT) for d in "0123456789Il")
    for name in ("unipen_isolated", "unipen_words", "pendigits_orig", "omniglot_latin"):
        with lzma.open(folder / "ink" / f"{name}.jsonl.xz", "wt") as file:
            file.write(lines)
    images = np.stack([np.uint8(glyph_picture(write(d).strokes) * 255) for d in "0123456789"] * 3)
    labels = np.tile(np.arange(10, dtype=np.int8), 3)
    flags = np.array(["byclass_test", "balanced_test", "mnist_test"])
    np.savez(
        folder / "emnist" / "emnist_pool.npz",
        images=images,
        label62=labels,
        label47=labels,
        label36=labels,
        classes47=np.array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"),
        classes36=np.array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        split=np.repeat(np.arange(3, dtype=np.uint8), 10),
        flags=flags,
        membership=np.full(30, 7, np.uint16),
        position=np.full((30, 3), 3, np.int32),
    )
    return folder


TINY = Recipe(architecture="xs", images=8 * 16, batch=16)


def test_the_loss_of_a_merged_label_is_that_of_either_member() -> None:
    logits = np.zeros((3, 63), np.float32)
    logits[:, CLASSES.index("c")] = 5
    truth = np.zeros((3, 63), np.float32)
    truth[0, [CLASSES.index("c"), CLASSES.index("C")]] = 1
    truth[1, CLASSES.index("c")] = 1
    truth[2, CLASSES.index("C")] = 1
    loss = np.asarray(glyph_loss(truth, logits))
    assert loss[0] < loss[1] < loss[2]


def test_junk_teaches_no_class() -> None:
    rng = np.random.default_rng(0)
    truth = np.ones((1, 63), np.float32)
    losses = []
    for _ in range(3):
        logits = rng.normal(0, 3, (1, 63)).astype(np.float32)
        logits[0, -1] = 2.0
        losses.append(float(np.asarray(glyph_loss(truth, logits))[0]))
    assert losses == pytest.approx([np.log1p(np.exp(-2.0))] * 3, abs=1e-5)


def test_writers_never_stand_on_both_sides(data: Path) -> None:
    samples = list(read_ink_lines(data / "ink" / "unipen_isolated.jsonl.xz"))
    assert {is_validation(s.writer) for s in samples} == {True, False}
    assert not {s.writer for s in samples if is_validation(s.writer)} & {f"own:{w}" for w in WRITERS}


def test_ink_lines_are_scaled_to_the_page(data: Path) -> None:
    sample = next(read_ink_lines(data / "ink" / "unipen_isolated.jsonl.xz"))
    assert np.ptp(sample.ink.strokes[0].points[:, 1]) == pytest.approx(60, abs=0.1)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(ink_line("1", "w", 50) + '\n{"text": 1}\n')
    with pytest.raises(ValueError, match="line 2"):
        list(read_ink_lines(path))


def test_a_file_that_is_no_pool_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", images=np.zeros((1, 28, 28), np.uint8))
    with pytest.raises(ValueError, match="label62"):
        load_pool(tmp_path / "other.npz", 0)


def test_a_batch_depends_on_seed_and_step_alone(data: Path) -> None:
    mixture, _ = load_sources(data, TINY)
    again, _ = load_sources(data, TINY)
    other, _ = load_sources(data, replace(TINY, seed=2))
    images, truth = mixture(5)
    assert images.shape == (16, 28, 28, 1)
    assert truth[:, -1].sum() == round(16 * TINY.junk_share)
    assert np.array_equal(images, again(5)[0])
    assert not np.array_equal(images, mixture(6)[0])
    assert not np.array_equal(images, other(5)[0])


def test_junk_is_made_of_one_writers_glyphs(data: Path) -> None:
    samples: list[InkSample] = list(read_ink_lines(data / "ink" / "unipen_isolated.jsonl.xz"))
    junk = render_junk(samples, 50, np.random.default_rng(0))
    assert junk.junk.all()
    assert junk.allowed.all()
    assert junk.images.reshape(50, -1).any(axis=1).all()


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    arguments = ["--data", str(data), "--out", str(out), "--architecture", "xs", "--images", "128", "--batch", "16"]
    assert main(["train", *arguments]) == 0
    return out


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
    whole = json.loads((trained / "history.json").read_text())
    assert whole[-1]["step"] == second.step == 8
    with np.load(trained / "checkpoint.npz") as saved:
        for i, weights in enumerate(second.model.get_weights()):
            assert weights == pytest.approx(saved[f"w{i}"], abs=2e-3)


def test_another_recipe_does_not_go_on_from_a_checkpoint(trained: Path) -> None:
    with pytest.raises(ValueError, match="another recipe"):
        Trainer(replace(TINY, rate=0.01), trained)


def test_an_exported_run_serves_and_is_evaluated(
    data: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "weights"
    assert main(["export", str(trained / "model.keras"), "--data", str(data), "--out", str(out)]) == 0
    assert Classifier.load(out).name == "glyphline-s"
    assert main(["evaluate", "--data", str(data), "--model", str(out)]) == 0
    assert "| EMNIST by-class test, 62 classes | 10 |" in capsys.readouterr().out


def test_bad_input_is_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", str(tmp_path), "--out", str(tmp_path / "o"), "--architecture", "z"]) == 2
    said = capsys.readouterr().err
    assert "unknown architecture 'z'" in said
    assert said.count("\n") == 1


def test_figures_count_what_they_say() -> None:
    allowed = np.eye(62, dtype=bool)[[CLASSES.index("C"), CLASSES.index("A")]]
    scores = np.zeros((2, 62), np.float32)
    scores[0, CLASSES.index("c")] = scores[1, CLASSES.index("a")] = 1
    assert accuracy(scores, allowed) == 0
    assert accuracy(scores, merged(allowed)) == 0.5  # EMNIST's 47 classes merge c, but keep a
    assert passed(np.array([0.0] * 95 + [9.0] * 5, np.float32), np.array([-1.0, 8.0], np.float32)) == 0.5
    sure = np.full((4, 62), -50, np.float32)
    sure[:, 0] = 0
    truth = np.zeros((4, 62), bool)
    truth[:3, 0] = True
    assert calibration_error(sure, truth) == pytest.approx(0.25)


def test_sets_join_in_order() -> None:
    one = GlyphSet(np.zeros((2, 28, 28), np.uint8), np.ones((2, 62), bool), np.zeros(2, bool))
    two = GlyphSet(np.ones((1, 28, 28), np.uint8), np.ones((1, 62), bool), np.ones(1, bool))
    joined = GlyphSet.joined([one, two])
    assert joined.junk.tolist() == [False, False, True]
    assert len(joined) == 3
