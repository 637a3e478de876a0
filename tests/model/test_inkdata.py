"""Ink lines and the EMNIST pool: scaled, labelled, split by writer; broken files are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.reading.alphabet import CLASSES
from model.training.data import GlyphSet, load_pool
from model.training.inkdata import is_validation, read_ink_lines
from tests.model.conftest import WRITERS, ink_line


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


def test_a_glyph_of_strokes_that_are_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(ink_line("1", "w", 50).replace('"strokes": [0', '"strokes": [7'))
    with pytest.raises(ValueError, match="line 1"):
        list(read_ink_lines(path))


def test_the_pools_splits_are_told_apart(data: Path) -> None:
    test = load_pool(data / "emnist" / "emnist_pool.npz", 2, "byclass_test", every_tenth=True)
    assert len(test) == 10
    assert [CLASSES[i] for i in test.allowed.argmax(axis=1)] == list("0123456789")
    assert not test.junk.any()


def test_a_file_that_is_no_pool_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", images=np.zeros((1, 28, 28), np.uint8))
    with pytest.raises(ValueError, match="label62"):
        load_pool(tmp_path / "other.npz", 0)


def test_rows_of_a_set_keep_their_labels() -> None:
    glyphs = GlyphSet(np.arange(3, dtype=np.uint8)[:, None, None], np.eye(3, 62, dtype=bool), np.array([0, 1, 0], bool))
    some = glyphs[np.array([2, 1])]
    assert some.images.ravel().tolist() == [2, 1]
    assert some.allowed.argmax(axis=1).tolist() == [2, 1]
    assert some.junk.tolist() == [False, True]
    assert len(some) == 2
