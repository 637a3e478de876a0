"""Strings composed from single characters: true groups, plausible places, orders, times and devices."""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from model.benchmarks.specimens import HAND
from model.benchmarks.tally import touches
from model.commands import compose as command
from model.reading.ink import Box
from model.training.composition import composed_mixtures, composed_numbers, composed_pages, composed_words
from model.training.data import Character
from model.training.geometry import contact, dense, distance
from model.training.hands import Hand, hands
from model.training.inkdata import InkSample
from model.training.sheet import sheet
from model.training.writing import Style, compose

LETTERS: Hand = {"h": HAND["4"], "a": HAND["0"], "p": HAND["9"], "t": HAND["7"]}
STEADY = Style(heights=(100, 100), devices=("pen",))


def written(text: str, style: Style = STEADY, seed: int = 0, hand: Hand = HAND) -> InkSample:
    return compose(text, hand, np.random.default_rng(seed), style)


def boxes(sample: InkSample) -> list[Box]:
    return [Box.around(np.concatenate(sample.glyph_paths(i))) for i in range(len(sample.groups))]


def vertical(x: float, top: float, bottom: float) -> np.ndarray:
    return np.array([[x, top], [x, bottom]], np.float32)


def test_one_seed_is_one_drawing() -> None:
    first, again, other = (written("2048", seed=seed).ink.strokes for seed in (3, 3, 4))
    assert all(np.array_equal(a.points, b.points) and a.start == b.start for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0].points, other[0].points)


def test_every_stroke_belongs_to_the_glyph_that_it_was_taken_from() -> None:
    sample = written("2475")
    assert sample.text == "".join(char for char, _ in sample.groups) == "2475"
    assert [len(strokes) for _, strokes in sample.groups] == [1, 2, 2, 2]
    assert sorted(s for _, strokes in sample.groups for s in strokes) == list(range(7))
    assert [stroke.index for stroke in sample.ink.strokes] == list(range(7))


@pytest.mark.parametrize("gaps", [(-0.05, 0.35), (0.2, 0.2)])
def test_gaps_are_those_asked_for(gaps: tuple[float, float]) -> None:
    placed = boxes(written("20481357", Style(gaps, heights=(100, 100), devices=("pen",))))
    between = [(b.x - a.right) / 100 for a, b in pairwise(placed)]
    assert all(gaps[0] - 0.02 <= gap <= gaps[1] + 0.02 for gap in between), between
    assert all(0.8 < box.height / 100 < 1.25 for box in placed)


@pytest.mark.parametrize("seed", range(5))
def test_touching_neighbours_meet_and_no_more(seed: int) -> None:
    sample = written("2308", Style(touching=True, heights=(100, 100), devices=("pen",)), seed)
    assert touches(sample)
    for i, (a, b) in enumerate(pairwise(boxes(sample))):
        assert distance(sample.glyph_paths(i), sample.glyph_paths(i + 1), 0.5) < 3
        assert b.x + b.width / 2 > a.right  # not one upon the other
    assert not touches(written("2308", Style((0.2, 0.3)), seed))


def test_letters_stand_where_their_kind_stands() -> None:
    tall, small, hanging = boxes(written("hap", hand=LETTERS))
    assert small.height < 0.8 * tall.height
    assert abs(small.bottom - tall.bottom) < 0.25 * tall.height
    assert hanging.bottom > small.bottom + 0.2 * tall.height


def test_a_late_bar_comes_after_the_next_glyph() -> None:
    groups = dict(written("72", Style(late=1.0)).groups)
    assert groups == {"7": (0, 2), "2": (1,)}
    assert dict(written("72", Style(late=0.0)).groups) == {"7": (0, 1), "2": (2,)}


def test_backwards_the_last_is_drawn_first() -> None:
    sample = written("321", Style(backwards=True))
    assert [strokes for _, strokes in sample.groups] == [(2,), (1,), (0,)]
    assert [box.x for box in boxes(sample)] == sorted(box.x for box in boxes(sample))


def test_joined_neighbours_share_a_stroke_and_no_stroke_jumps() -> None:
    near = Style((0.0, 0.0), joined=1.0, heights=(100, 100), devices=("pen",))
    assert [strokes for _, strokes in written("50", near).groups] == [(0, 1), (1,)]
    far = Style((0.6, 0.6), joined=1.0)
    assert [strokes for _, strokes in written("50", far).groups] == [(0, 1), (2,)]


@pytest.mark.parametrize(("device", "grain", "rate"), [("mouse", 1.0, (60, 125)), ("pen", 0.1, (133, 240))])
def test_devices_sample_and_round(device: str, grain: float, rate: tuple[float, float]) -> None:
    for stroke in written("88", Style(devices=(device,))).ink.strokes:
        assert np.abs(stroke.points / grain - np.rint(stroke.points / grain)).max() < 1e-3
        assert stroke.start is not None
        assert stroke.end is not None
        lasted = (stroke.end - stroke.start) / 1000
        assert 0.5 * rate[0] * lasted < len(stroke.points) < 1.1 * rate[1] * lasted + 3  # a resting pen says nothing


def test_pauses_are_lifts_and_never_overlap() -> None:
    for seed in range(5):
        for a, b in pairwise(written("4457", seed=seed).ink.strokes):
            assert a.end is not None
            assert b.start is not None
            assert b.start - a.end >= 60


def glyphs(writer: str, hand: Hand) -> list[Character]:
    return [Character(char, writer, paths) for char, examples in hand.items() for paths in examples]


def test_numbers_are_of_one_hand_and_of_the_lengths_asked_for() -> None:
    given = glyphs("able", HAND) + glyphs("knows but 1", {"1": HAND["1"]})
    numbers = composed_numbers(given, 30, np.random.default_rng(0), lengths=(3, 4))
    assert {sample.writer for sample in numbers} == {"able"}
    assert {len(sample.text) for sample in numbers} == {3, 4}
    assert all(sample.text.isdigit() for sample in numbers)
    with pytest.raises(ValueError, match="8 different"):
        composed_numbers(glyphs("knows but 1", {"1": HAND["1"]}), 1, np.random.default_rng(0))


def test_flat_pieces_of_characters_are_not_written_with() -> None:
    flat = [np.array([[0, 0], [50, 2]], np.float32)]
    found = hands([Character("1", "w", HAND["1"][0]), Character("1", "w", flat), Character("7", "w", flat)])
    assert found == {"w": {"1": HAND["1"]}}


def test_words_use_only_letters_that_the_hand_has() -> None:
    hand = dict.fromkeys("abcdefghijklmnoPQ", HAND["0"])
    words = composed_words(glyphs("able", hand), 40, np.random.default_rng(0), words=("bed", "zoo"))
    assert {c for sample in words for c in sample.text} <= set(hand)
    assert "bed" in {sample.text for sample in words}


def test_contact_is_where_lines_meet() -> None:
    assert contact([vertical(0, 0, 10)], [vertical(7, 5, 20)], 0.5) == pytest.approx(-7)
    slope = np.array([[0, 0], [10, 10]], np.float32)
    assert contact([slope], [vertical(0, 0, 2)], 0.1) == pytest.approx(2, abs=0.3)  # under it there is room
    assert contact([vertical(3, 0, 1)], [vertical(0, 5, 6)], 0.1) == pytest.approx(3)  # no row in common


def test_points_along_a_line_are_dense() -> None:
    corner = np.array([[0, 0], [10, 0], [10, 10]], np.float32)
    assert np.hypot(*np.diff(dense(corner, 1.0), axis=0).T).max() <= 1.0 + 1e-6
    assert dense(corner[:1], 1.0).shape == (1, 2)
    assert distance([corner], [vertical(13, 5, 5.5)], 0.1) == pytest.approx(3, abs=0.01)


def test_a_sheet_shows_every_drawing_in_its_cell() -> None:
    page = sheet([written("1"), written("23"), written("4"), written("5"), written("6")])
    assert page.shape == (300, 1440, 3)
    assert all((page[150 * (i // 4) + 25 :][:125, 360 * (i % 4) :][:, :360] < 255).any() for i in range(5))
    assert (page[175:, 360:] == 255).all()


@pytest.mark.parametrize("kind", [["--touching"], ["--pages"]])
def test_the_command_draws_a_sheet(data: Path, tmp_path: Path, kind: list[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers())
    out = tmp_path / "sheet.png"
    args = parser.parse_args(["compose", "--data", str(data / "ink"), "--out", str(out), "--count", "8", *kind])
    args.run(args)
    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert drawn.shape == (300, 1440, 3)


@pytest.mark.parametrize("slope", [0.0, 0.1])
def test_a_page_has_the_lines_and_spaces_of_its_text(slope: float) -> None:
    text = "20 48\n17"
    style = Style((0.1, 0.2), heights=(100, 100), spaces=(1.0, 1.0), pitch=(1.5, 1.5), slopes=(slope, slope))
    sample = written(text, style)
    assert sample.text == text
    assert "".join(char for char, _ in sample.groups) == "204817"
    placed = boxes(sample)
    between = [(b.x - a.right) / 100 for a, b in pairwise(placed[:4])]
    assert between == pytest.approx([0.15, 1.15, 0.15], abs=0.07)
    level = [box.bottom - slope * (box.x + box.width / 2) for box in placed]
    assert np.mean(level[4:]) - np.mean(level[:4]) == pytest.approx(150, abs=25)


@pytest.mark.parametrize("of_words", [False, True])
def test_pages_are_of_one_writer_each(of_words: bool) -> None:
    hand = dict.fromkeys("abcdefghijklmnopqrstuvwxyz", HAND["0"]) if of_words else HAND
    pages = composed_pages(glyphs("able", hand), 12, np.random.default_rng(0), of_words)
    for page in pages:
        lines = page.text.split("\n")
        assert 2 <= len(lines) <= 4
        assert all(1 <= len(line.split(" ")) <= 3 for line in lines)
        assert page.text.replace("\n", "").replace(" ", "") == "".join(char for char, _ in page.groups)
        assert page.writer == "able"
    assert len({page.text for page in pages}) == 12


def test_pages_need_a_writer_of_many_characters() -> None:
    with pytest.raises(ValueError, match="13 different characters"):
        composed_pages(glyphs("digits alone", HAND), 1, np.random.default_rng(0), of_words=True)


def test_mixtures_have_letters_and_digits_of_hands_that_wrote_both() -> None:
    both = dict.fromkeys("0123456789abcdefghijklmnoPQ", HAND["0"])
    letters = dict.fromkeys("abcdefghijklmno", HAND["0"])
    mixtures = composed_mixtures(glyphs("both", both) + glyphs("letters", letters), 60, np.random.default_rng(0))
    assert {sample.writer for sample in mixtures} == {"both"}
    texts = [sample.text for sample in mixtures]
    assert all(any(map(str.isdigit, text)) and any(map(str.isalpha, text)) for text in texts)
    apart = [text.split(" ") for text in texts if " " in text]
    assert {text.isdigit() for text, _ in apart} == {True, False}
    assert all(one.isdigit() != other.isdigit() for one, other in apart)
    assert {text[0].isdigit() for text in texts if " " not in text} == {True, False}
    with pytest.raises(ValueError, match="13 different"):
        composed_mixtures(glyphs("numbers", HAND), 1, np.random.default_rng(0))
