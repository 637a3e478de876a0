"""Size and place on the line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.reading.alphabet import CLASSES
from model.reading.classify import ModelError
from model.reading.ink import Box
from model.reading.line import Line

CHARACTERS = [c for c in CLASSES if c.isalpha()]


@pytest.fixture(scope="module")
def line() -> Line:
    return Line.load()


def boxes(line: Line, word: str, height: float = 60, top: float = 200) -> list[Box]:
    """Boxes as the word's letters usually stand."""
    found = []
    for i, char in enumerate(word):
        up, down = line.extents[CLASSES.index(char)]
        found.append(Box(50 * i, top - height * up, 30, height * (up - down)))
    return found


def undecided(word: str) -> np.ndarray:
    """Log-labels that know each letter and not its case."""
    rows = np.full((len(word), len(CHARACTERS)), -12.0)
    for i, char in enumerate(word):
        for case in (char.upper(), char.lower()):
            rows[i, CHARACTERS.index(case)] = np.log(0.5)
    return rows


def read(line: Line, word: str, **place: float) -> str:
    settled = line.settle(undecided(word), CHARACTERS, boxes(line, word, **place))
    return "".join(CHARACTERS[i] for i in settled.argmax(axis=1))


@pytest.mark.parametrize("word", ["solo", "Cosy", "WORLD", "pools", "Zulu", "mopuk", "xylose"])
@pytest.mark.parametrize("height", [15, 60, 400])
def test_case_comes_from_height_and_place(line: Line, word: str, height: float) -> None:
    assert read(line, word, height=height, top=1000) == word


@pytest.mark.parametrize("degrees", [-10, -5, 5, 10])
@pytest.mark.parametrize("word", ["Season", "Cocoon", "WILLOWS"])
def test_a_line_may_rise_or_fall(line: Line, word: str, degrees: float) -> None:
    slope = np.tan(np.radians(degrees))
    skewed = [Box(box.x, box.y + slope * box.x, box.width, box.height) for box in boxes(line, word)]
    rows = line.settle(undecided(word), CHARACTERS, skewed)
    assert "".join(CHARACTERS[i] for i in rows.argmax(axis=1)) == word


def test_one_glyph_alone_is_left_as_it_is(line: Line) -> None:
    rows = undecided("o")
    assert np.array_equal(line.settle(rows, CHARACTERS, boxes(line, "o")), rows)


def test_each_glyph_keeps_its_total(line: Line) -> None:
    rows = undecided("solo") - 0.7
    settled = line.settle(rows, CHARACTERS, boxes(line, "solo"))
    assert np.logaddexp.reduce(settled, axis=1) == pytest.approx(np.logaddexp.reduce(rows, axis=1))


def test_clear_ink_is_not_overruled(line: Line) -> None:
    rows = undecided("solo")
    rows[:, :] = -12.0
    for i, char in enumerate("soLo"):
        rows[i, CHARACTERS.index(char)] = 0
    settled = line.settle(rows, CHARACTERS, boxes(line, "solo"))
    assert "".join(CHARACTERS[i] for i in settled.argmax(axis=1)) == "soLo"


def test_dots_and_flat_ink_do_no_harm(line: Line) -> None:
    flat = [Box(0, 50, 0, 0), Box(20, 50, 0, 0), Box(40, 50, 10, 0)]
    assert np.isfinite(line.settle(undecided("abc"), CHARACTERS, flat)).all()


def test_a_directory_without_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"line\.json"):
        Line.load(tmp_path)
    (tmp_path / "line.json").write_text('{"extents": {"0": [1, 0]}}')
    with pytest.raises(ModelError, match=r"line\.json"):
        Line.load(tmp_path)
