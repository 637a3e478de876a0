"""Learning to read lines whole, on a little ink of our own."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from model.__main__ import main
from model.reading.alphabet import CLASSES
from model.reading.ink import Ink, Stroke
from model.reading.linepicture import CHANNELS, HEIGHT
from model.reading.normalize import FAINT
from model.reading.sequence import CARD, SequenceNet
from model.training import architectures
from model.training.augment import augment_line
from model.training.inkdata import InkSample, is_validation
from model.training.sequence import learn_sequence, likeliest
from model.training.strings import String, _part, strings, text_of


@pytest.fixture(scope="module")
def drawn(shared: Path) -> list[String]:
    return list(strings(shared, 60, np.random.default_rng(1)))


def test_strings_are_as_high_as_the_net_takes_them_and_show_ink(drawn: list[String]) -> None:
    assert 55 <= len(drawn) <= 70
    for string in drawn:
        assert string.picture.shape[0] == HEIGHT
        assert string.picture.dtype == np.uint8
        assert (string.picture[..., 0] >= FAINT).any()
        assert set(string.text) <= set(CLASSES)
    assert sum(not string.text for string in drawn) == 4
    assert any(string.text.isdigit() for string in drawn)
    assert any(string.text.isalpha() for string in drawn)


def test_chance_decides_nothing_but_by_the_seed(shared: Path, drawn: list[String]) -> None:
    again = list(strings(shared, 60, np.random.default_rng(1)))
    assert [string.text for string in again] == [string.text for string in drawn]
    assert all((a.picture == b.picture).all() for a, b in zip(again, drawn, strict=True))


def test_held_out_strings_are_of_the_held_out_hands(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    taken = []
    take = strings.__globals__["characters"]
    monkeypatch.setitem(strings.__globals__, "characters", lambda samples: taken.extend(samples) or take(samples))
    real = strings.__globals__["by_split"]
    monkeypatch.setitem(strings.__globals__, "by_split", lambda samples: asked.append(sides := real(samples)) or sides)
    list(strings(shared, 20, np.random.default_rng(1), held_out=True))
    assert asked
    for train, held_out in asked:
        assert not {s.writer for s in train} & {s.writer for s in held_out}
    assert taken
    assert all(is_validation(sample.writer) for sample in taken)


def test_a_varied_line_is_still_a_line(drawn: list[String]) -> None:
    rng = np.random.default_rng(2)
    varied = [augment_line(string.picture, rng) for string in drawn]
    assert all(picture.shape[0] == HEIGHT and picture.dtype == np.uint8 for picture in varied)
    assert all(picture.shape[2] == len(CHANNELS) for picture in varied)
    changed = [0.7 < v.shape[1] / s.picture.shape[1] < 1.4 for v, s in zip(varied, drawn, strict=True)]
    assert all(changed)


def test_texts_are_told_from_one_and_end_in_nothing() -> None:
    found = text_of([String(np.zeros((HEIGHT, 9, 4), np.uint8), text) for text in ("10", "z")])
    assert found.tolist() == [[2, 1], [62, 0]]


def test_columns_say_a_class_once_until_something_else_is_shown() -> None:
    shown = np.eye(63)[[0, 2, 2, 0, 2, 3, 3, 0]]
    assert likeliest(shown) == "112"


@pytest.mark.usefixtures("step_by_step")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions_eagerly`:UserWarning")
def test_what_is_learned_is_written_and_answers(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sequence", "--data", str(shared), "--out", str(tmp_path), "--count", "100", "--passes", "1"]) == 0
    assert "held-out writers the net alone reads" in capsys.readouterr().out
    columns = SequenceNet.load(tmp_path).columns(np.full((HEIGHT, 50, 4), 255, np.uint8), np.ones(62, bool))
    assert columns.shape == (25, 63)
    assert columns.sum(axis=1) == pytest.approx(1)


@pytest.mark.usefixtures("step_by_step")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions_eagerly`:UserWarning")
def test_a_killed_run_goes_on_where_it_was(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learn = keras.Model.train_on_batch
    learned = []

    def killed_at_the_third(net: keras.Model, pictures: object, texts: object) -> object:
        if len(learned) == 2:
            raise KeyboardInterrupt
        learned.append(np.asarray(texts).tolist())
        return learn(net, pictures, texts)

    monkeypatch.setattr("model.training.sequence._SAVE_EVERY", 1)
    monkeypatch.setattr(keras.Model, "train_on_batch", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        learn_sequence(shared, tmp_path, 100, 2)
    assert not (tmp_path / CARD).exists()
    (checkpoint,) = tmp_path.iterdir()
    before = architectures.load(checkpoint, compiled=True)
    assert int(before.optimizer.iterations) == 2

    monkeypatch.setattr(keras.Model, "train_on_batch", lambda net, *batch: learned.append(net) or learn(net, *batch))
    learn_sequence(shared, tmp_path, 100, 2)
    assert len(learned) == 2 + 2
    assert int(learned[-1].optimizer.iterations) == 4
    assert not checkpoint.exists()
    assert (tmp_path / CARD).exists()


def test_a_part_of_a_word_says_what_its_strokes_do() -> None:
    strokes = tuple(Stroke((np.array([[i, 0.0], [i, 9.0]], np.float32),), i) for i in range(5))
    word = InkSample("own/1", "own:me", "four", (("f", (0, 4)), ("o", (1,)), ("u", (2,)), ("r", (3,))), Ink(strokes))
    rng = np.random.default_rng(1)
    parts = [_part(word, rng) for _ in range(100)]
    assert {part.text for part in parts} == {"f", "o", "u", "r", "fo", "ou", "ur", "fou", "our", "four"}
    for part in parts:
        told = {stroke for char, members in word.groups if char in part.text for stroke in members}
        assert [stroke.index for stroke in part.ink.strokes] == sorted(told)
    joined = InkSample("own/2", "own:me", "tea", (("t", (0,)), ("e", (0,)), ("a", (1,))), Ink(strokes[:2]))
    assert _part(joined, rng) is joined


@pytest.mark.parametrize("option", ["--count", "--passes"])
def test_no_strings_teach_nothing(
    option: str, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sequence", "--data", str(shared), "--out", str(tmp_path), option, "0"]) == 2
    assert f"{option} 0: expected" in capsys.readouterr().err
