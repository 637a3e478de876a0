"""The net that reads lines whole: what it is given of a line, what it answers, and its file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from model.benchmarks.specimens import write
from model.reading.alphabet import CLASSES, alphabet_mask
from model.reading.classify import WEIGHTS, ModelError
from model.reading.ctc import log_probabilities
from model.reading.ink import Ink, Stroke
from model.reading.linepicture import BLANK, HEIGHT, line_picture, unmarked
from model.reading.recognizer import Recognizer
from model.reading.sequence import CARD, SequenceNet
from model.training.forms import FORMS, as_image

EVERY = np.ones(len(CLASSES), bool)


@pytest.fixture(scope="module")
def net() -> SequenceNet:
    return SequenceNet.load(WEIGHTS)


def told(net: SequenceNet, ink: Ink, texts: list[str], alphabet: np.ndarray = EVERY) -> list[float]:  # type: ignore[type-arg]
    """Log-probabilities of texts of one length."""
    places = np.array([[1 + CLASSES.index(char) for char in text] for text in texts])
    found: list[float] = log_probabilities(net.columns(line_picture(ink.strokes), alphabet), places).tolist()
    return found


def test_a_line_fills_its_picture_however_large_it_was_written() -> None:
    small, large = (line_picture(write("274", height=height).strokes)[..., 0] for height in (20, 300))
    assert small.shape == large.shape
    assert small.shape[0] == HEIGHT
    assert np.abs(small.astype(float) - large).mean() < 4
    rows = np.flatnonzero(small.max(axis=1) > 50)
    assert rows[0] <= 3
    assert rows[-1] >= HEIGHT - 4


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_drawing_looks_alike(form: str) -> None:
    ink = write("274")
    points, other = line_picture(ink.strokes)[..., 0], line_picture(FORMS[form](ink).strokes)[..., 0]
    assert abs(points.shape[1] - other.shape[1]) <= 4
    width = min(points.shape[1], other.shape[1])
    assert np.corrcoef(points[:, :width].ravel(), other[:, :width].ravel())[0, 1] > 0.5


def test_a_pen_too_fine_to_be_seen_is_drawn_anew() -> None:
    fine = line_picture(as_image(write("274", height=400), 1.0).strokes)
    assert fine[..., 0].max() > 200


@pytest.mark.parametrize("strokes", [[([5], [5])], [([5, 6], [5, 5])], [([0, 900], [3, 3])], [([3, 3], [0, 900])]])
def test_dots_and_bars_have_pictures(strokes: list[tuple[list[float], list[float]]]) -> None:
    picture = line_picture([Stroke.from_points(x, y) for x, y in strokes])
    assert picture.shape[0] == HEIGHT
    assert picture[..., 0].max() > 100


def test_points_tell_which_way_the_pen_went_and_which_stroke_is_another() -> None:
    right = Stroke.from_points([0, 40], [0, 0], index=3)
    up = Stroke.from_points([60, 60], [20, -20], index=8)
    picture = line_picture([right, up]).astype(int)
    row, column = HEIGHT // 2, picture.shape[1] - 4
    assert picture[row, 15].tolist() == pytest.approx([255, 255, 128, 1], abs=12)
    assert picture[8, column].tolist() == pytest.approx([255, 128, 1, 255], abs=12)
    assert picture[2, 20].tolist() == list(BLANK)
    again = line_picture([up, right]).astype(int)
    assert (again == picture).all()


def test_pictures_of_strokes_tell_these_apart_and_flat_images_nothing() -> None:
    ink = write("274")
    told = line_picture(FORMS["pictures"](ink).strokes)
    assert (told[..., 1:3] == 128).all()
    marks = told[..., 3][told[..., 0] > 200]
    assert ((marks > 200) | (marks < 50)).mean() > 0.9
    flat = line_picture(FORMS["image"](ink).strokes)
    assert (flat == unmarked(flat[..., 0])).all()


@pytest.mark.parametrize("text", ["274", "830", "5619"])
def test_it_says_what_was_written(net: SequenceNet, text: str) -> None:
    others = [text[:-1] + other for other in "0123456789"]
    best = others[int(np.argmax(told(net, write(text), others, alphabet_mask("digits"))))]
    assert best == text


def test_what_may_not_be_answered_has_no_share(net: SequenceNet) -> None:
    columns = net.columns(line_picture(write("10").strokes), alphabet_mask("digits"))
    assert columns.sum(axis=1) == pytest.approx(1)
    assert (columns[:, 1 + 10 :] == 0).all()
    assert (columns[:, : 1 + 10] > 0).all()


def test_a_saved_net_answers_the_same(net: SequenceNet, tmp_path: Path) -> None:
    net.save(tmp_path)
    picture = line_picture(write("274").strokes)
    assert SequenceNet.load(tmp_path).columns(picture, EVERY) == pytest.approx(net.columns(picture, EVERY))


def test_a_damaged_net_is_refused_by_name(tmp_path: Path) -> None:
    for name in WEIGHTS.iterdir():
        shutil.copy(name, tmp_path)
    (tmp_path / "sequence.tflite").write_bytes(b"other")
    with pytest.raises(ModelError, match=CARD):
        Recognizer.load(tmp_path)
    (tmp_path / CARD).write_text(json.dumps([]))
    with pytest.raises(ModelError, match=CARD):
        Recognizer.load(tmp_path)
