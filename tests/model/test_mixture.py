"""What a training step sees: reproducible, by its sources' shares, varied but still the character."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.reading.alphabet import CLASSES
from model.reading.classify import Classifier
from model.training.augment import augment_batch
from model.training.data import Character, GlyphSet, as_float, characters, load_ink
from model.training.doodles import doodle
from model.training.mixture import Junk, Pictures, Writing, counted
from model.training.recipe import Recipe
from model.training.shapes import LENT, dotted_beside
from model.training.sources import load_sources
from model.training.synthesis import JUNK_KINDS, _curled, junk, picture, vary

TINY = Recipe(architecture="xs", images=8 * 16, batch=16)


@pytest.fixture(scope="module")
def drawn(data: Path) -> list[Character]:
    return characters(load_ink(data / "ink", ["unipen_isolated"]))


def test_a_batch_depends_on_seed_and_step_alone(data: Path) -> None:
    mixture, _ = load_sources(data, TINY)
    again, _ = load_sources(data, TINY)
    other, _ = load_sources(data, replace(TINY, seed=2))
    images, truth = mixture(5)
    assert images.shape == (16, 28, 28, 1)
    assert truth.shape == (16, 125)
    assert truth[:, 62].sum() == round(16 * TINY.junk_share)
    assert np.array_equal(images, again(5)[0])
    assert not np.array_equal(images, mixture(6)[0])
    assert not np.array_equal(images, other(5)[0])


def test_a_source_that_has_no_share_is_not_asked(data: Path) -> None:
    mixture, validation = load_sources(data, replace(TINY, ink_share=0.0, junk_share=0.0))
    assert len(mixture.parts) == 1
    assert [held_out.name for held_out in validation.sets] == ["emnist"]


def test_what_drawings_may_be_cut_into_has_its_share(data: Path, written: Path, tmp_path: Path) -> None:
    (tmp_path / "emnist").symlink_to(data / "emnist")
    (tmp_path / "ink").symlink_to(written)
    recipe = replace(TINY, ink_share=0.25, junk_share=0.125, drawn_share=0.25, drawings=12)
    mixture, validation = load_sources(tmp_path, recipe)
    assert [count for _, count in mixture.parts] == [6, 4, 2, 4]
    images, truth = mixture(3)
    drawn = truth[-4:]
    assert images.shape == (16, 28, 28, 1)
    assert ((drawn[:, :62].sum(axis=1) == 1) | (drawn[:, 62] == 1)).all()
    watched = {held_out.name: held_out.glyphs for held_out in validation.sets}
    assert 0 < watched["drawn"].junk.sum() < len(watched["drawn"])
    figures = validation.figures(lambda pictures: np.zeros((len(pictures), 63), np.float32))
    assert 0 < figures["drawn"] < 0.5  # guesses: what is no character is not counted as read


def test_frequencies_are_those_of_what_is_drawn(drawn: list[Character]) -> None:
    source = Writing(drawn)
    glyphs = source.draw(6000, np.random.default_rng(0))
    shares = glyphs.allowed.mean(axis=0)
    assert np.exp(source.log_prior[shares > 0]) == pytest.approx(shares[shares > 0], rel=0.25)
    assert not shares[np.exp(source.log_prior) < 1e-4].any()


def test_merged_labels_count_towards_their_members_as_these_are_known() -> None:
    c, small_c = CLASSES.index("C"), CLASSES.index("c")
    allowed = np.zeros((10, 62), bool)
    allowed[:3, c] = True  # three known Cs, one known c, six of either
    allowed[3, small_c] = True
    allowed[4:, [c, small_c]] = True
    shares = np.exp(counted(allowed))
    assert shares[c] == pytest.approx(0.75, abs=1e-3)
    assert shares[small_c] == pytest.approx(0.25, abs=1e-3)


def test_another_hand_writes_the_same_character(drawn: list[Character]) -> None:
    digits = [c for c in drawn if c.char.isdigit()]
    rng = np.random.default_rng(1)
    varied = [(c.char, picture(vary(c.paths, rng), rng)) for c in digits for _ in range(10)]
    assert len({image.tobytes() for _, image in varied}) == len(varied)
    log_p = Classifier.load().classify(as_float(np.stack([image for _, image in varied]))).log_p
    right = [CLASSES[i] == char for i, (char, _) in zip(log_p[:, :10].argmax(axis=1), varied, strict=True)]
    assert np.mean(right) > 0.95


@pytest.mark.parametrize("kind", list(JUNK_KINDS))
def test_each_kind_of_junk_is_drawn(drawn: list[Character], kind: str) -> None:
    pieces = Junk(drawn).draw(40, np.random.default_rng(0), kind)
    assert pieces.junk.all()
    assert pieces.allowed.all()
    assert pieces.images.reshape(40, -1).any(axis=1).all()
    log_junk = Classifier.load().classify(as_float(pieces.images)).log_junk
    # half a digit may be good for another, and here every digit is drawn of straight pieces
    assert (log_junk > np.log(0.5)).mean() > (0.3 if kind == "half" else 0.6)


def test_a_plain_stroke_has_no_half() -> None:
    stem = [np.column_stack([np.zeros(20), np.linspace(0, 60, 20)]).astype(np.float32)]
    assert all(junk((stem, stem), np.random.default_rng(i), "half") is None for i in range(20))


def wide_bars(char: str) -> float:
    """How much of what a writer who makes nothing but bars is said to write is wide."""
    bar = Character(char, "someone", [np.array([[0, 0], [0, 60]], np.float32)])
    glyphs = Writing([bar]).draw(1500, np.random.default_rng(0))
    assert (glyphs.allowed.argmax(axis=1) == CLASSES.index(char)).all()
    return float(((glyphs.images > 50).any(axis=1).sum(axis=1) > 9).mean())


@pytest.mark.parametrize("char", LENT)
def test_lent_shapes_are_drawn_beside_the_written_ones(char: str) -> None:
    rate, _ = LENT[char]
    assert "7" not in LENT
    assert 0.3 * rate < wide_bars(char) - wide_bars("7") < 1.1 * rate


def test_dots_are_set_down_beside_their_stems() -> None:
    stem = np.array([[0, 20], [0, 60]], np.float32)
    for seed in range(30):
        moved_stem, dot = dotted_beside([np.zeros((1, 2), np.float32), stem], np.random.default_rng(seed))
        assert np.array_equal(moved_stem, stem)
        assert -0.15 * 40 <= dot[0, 0] <= 0.45 * 40
        assert abs(dot[0, 1]) < 1


def test_a_curl_goes_on_as_the_stroke_bent() -> None:
    turn = np.linspace(0, 4, 40)
    arc = 30 * np.column_stack([np.cos(turn), np.sin(turn)])
    for seed in range(20):
        curled = _curled(arc, 60.0, np.random.default_rng(seed))
        assert len(curled) > len(arc)
        assert np.array_equal(curled[: len(arc)], arc)
        assert np.hypot(*curled[len(arc) :].T).min() > 0.6 * 30
        assert np.hypot(*curled[len(arc) :].T).max() < 1.15 * 30
    corner = np.array([[0, 0], [0, 50], [0, 56], [5, 56]], float)
    assert np.array_equal(_curled(corner, 60.0, np.random.default_rng(0)), corner)


def test_doodles_are_finite_lines() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        lines = doodle(rng)
        assert lines
        assert all(line.ndim == 2 and line.shape[1] == 2 and np.isfinite(line).all() for line in lines)


@pytest.mark.parametrize("shape", [(28, 28), (20, 32)])
def test_augmented_pictures_keep_size_and_ink(shape: tuple[int, int]) -> None:
    images = np.zeros((30, *shape), np.uint8)
    images[:, 6:14, 8:12] = 255
    out = augment_batch(images, np.random.default_rng(0))
    assert out.shape == (30, *shape, 1)
    assert out.min() >= 0
    assert out.max() <= 1
    assert (out.sum(axis=(1, 2, 3)) > 5).all()
    assert 10 < len({image.tobytes() for image in out}) < 30  # some are left as they are
    assert np.array_equal(augment_batch(images, np.random.default_rng(0), varied=False)[..., 0] * 255, images)


def test_pictures_come_as_often_as_each_other() -> None:
    glyphs = GlyphSet(np.arange(4, dtype=np.uint8)[:, None, None], np.eye(4, 62, dtype=bool), np.zeros(4, bool))
    drawn = Pictures(glyphs).draw(4000, np.random.default_rng(0))
    assert np.bincount(drawn.images.ravel()) == pytest.approx([1000] * 4, rel=0.12)
