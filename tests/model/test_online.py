"""The net of trajectories: its file, its weight beside the picture, and what it is heard on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from model.benchmarks.specimens import write
from model.reading.alphabet import CLASSES
from model.reading.classify import WEIGHTS, Classifier, ModelError
from model.reading.glyphs import drawn, pen_ways, ways_of
from model.reading.ink import Ink, Stroke, StrokeImage
from model.reading.online import CARD, Online, Pool
from model.reading.segment import segment
from model.reading.trajectory import CHANNELS, SHAPE
from model.training.forms import FORMS


@pytest.fixture(scope="module")
def online() -> Online:
    return Online.load(WEIGHTS)


def test_a_saved_net_answers_the_same(online: Online, tmp_path: Path) -> None:
    online.save(tmp_path)
    again = Online.load(tmp_path)
    ways = np.random.default_rng(0).random((5, *SHAPE), np.float32)
    assert again.logits(ways) == pytest.approx(online.logits(ways))
    assert again.pool == online.pool


def test_where_the_way_is_not_known_the_picture_decides(online: Online) -> None:
    rng = np.random.default_rng(1)
    said, ways = rng.normal(size=(3, 63)).astype(np.float32), rng.random((3, *SHAPE), np.float32)
    ways[1] = np.nan
    both = online.pooled(said, ways)
    assert (both[1] == said[1]).all()
    assert both[[0, 2]] == pytest.approx(online.pool(said[[0, 2]], online.logits(ways[[0, 2]])))
    assert (online.pooled(said, np.full_like(ways, np.nan)) == said).all()


def test_a_guess_is_weighed_otherwise(online: Online) -> None:
    rng = np.random.default_rng(1)
    said, ways = rng.normal(size=(2, 63)).astype(np.float32), rng.random((2, *SHAPE), np.float32)
    both = online.pooled(said, ways, np.array([True, False]))
    assert both[:1] == pytest.approx(online.pool(said[:1], online.logits(ways[:1])))
    assert both[1:] == pytest.approx(online.guessed(said[1:], online.logits(ways[1:])))


def test_without_weights_for_guesses_the_picture_decides(tmp_path: Path) -> None:
    directory = in_directory(tmp_path)
    card = json.loads((directory / CARD).read_text())
    del card["guessed"]
    (directory / CARD).write_text(json.dumps(card))
    said, ways = np.ones((1, 63), np.float32), np.ones((1, *SHAPE), np.float32)
    assert (Online.load(directory).pooled(said, ways, np.array([False])) == said).all()


def test_a_pool_adds_what_both_say() -> None:
    said, heard = np.ones((1, 63), np.float32), np.full((1, 63), 2, np.float32)
    both = Pool(0.5, 0.25, 1, 3, -1)(said, heard)
    assert both[0, :-1] == pytest.approx(1.0)
    assert both[0, -1] == pytest.approx(6.0)


def test_the_net_alone_reads_drawn_digits(online: Online) -> None:
    for char in "0123456789":
        ink = write(char)
        cuts = segment(ink)
        whole = [i for i, h in enumerate(cuts.hypotheses) if len(h.strokes) == len(ink.strokes)]
        logits = online.logits(ways_of(ink, cuts).trajectories[whole])[0]
        assert CLASSES[int(logits[:10].argmax())] == char


def test_points_tell_the_way_of_the_pen_and_of_pictures_it_is_guessed() -> None:
    points, plain, flat = (FORMS[form](write("2")) for form in ("points", "pictures", "image"))
    crossed = FORMS["pictures"](write("8"))
    for ink, known in ((points, True), (plain, True), (crossed, False), (flat, False)):
        ways = ways_of(ink, segment(ink))
        assert (ways.known == known).all()
        assert np.isfinite(ways.trajectories).all()
        glyphs = drawn(ink, ways)
        assert (glyphs.known == known).all()
        assert np.isnan(glyphs.trajectories).any() == (ink is flat)


@pytest.mark.parametrize(("apart", "lifts"), [(2, 0), (40, 1)])
def test_between_centre_lines_that_do_not_meet_the_pen_was_lifted(apart: float, lifts: int) -> None:
    lines = (
        np.linspace((0, 0), (0, 50), 20, dtype=np.float32),
        np.linspace((apart, 50), (80, 60), 20, dtype=np.float32),
    )
    stroke = Stroke(lines, 0, image=StrokeImage(np.full((64, 84), 255, np.uint8), 0, 0, 1, 4))
    ways, known = pen_ways([stroke], [(0,)])
    assert ways[0, :, CHANNELS.index("begun")].sum() == lifts
    assert known[0] == (lifts == 0)


def test_in_a_tangle_no_way_is_told() -> None:
    angle = np.linspace(0, 40, 400)
    knot = Stroke.from_points(50 + 40 * np.cos(angle), 50 + 40 * np.cos(0.7 * angle + 1), None, 0)
    tangle = FORMS["pictures"](Ink((knot,)))
    ways = ways_of(tangle, segment(tangle))
    assert np.isfinite(ways.trajectories).all()
    assert np.isnan(drawn(tangle, ways).trajectories).all()


def test_a_guess_counts_less() -> None:
    classifier = Classifier.load()
    ways = ways_of(write("5"), segment(write("5")))
    known, guessed = (classifier.by_way(ways.trajectories, ways.known & sure) for sure in (True, False))
    assert known is not None
    assert guessed is not None
    assert (guessed.log_p.max(axis=1) < known.log_p.max(axis=1)).all()
    assert (guessed.log_p.argmax(axis=1) == known.log_p.argmax(axis=1)).all()


def in_directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"sha256": "", "pool": {"picture": 1}}'])
def test_a_damaged_card_is_a_model_error(card: str, tmp_path: Path) -> None:
    directory = in_directory(tmp_path)
    (directory / CARD).write_text(card)
    with pytest.raises(ModelError, match=CARD):
        Classifier.load(directory)


def test_a_card_without_its_net_is_a_model_error(tmp_path: Path) -> None:
    directory = in_directory(tmp_path)
    (directory / "online.tflite").unlink()
    with pytest.raises(ModelError, match=r"online\.tflite"):
        Classifier.load(directory)


def test_a_changed_net_is_a_model_error(tmp_path: Path) -> None:
    net = in_directory(tmp_path) / "online.tflite"
    net.write_bytes(net.read_bytes()[:-1])
    with pytest.raises(ModelError, match="SHA-256"):
        Classifier.load(net.parent)
