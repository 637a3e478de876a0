"""A data folder like the real one, of characters drawn by our own hand."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.benchmarks.specimens import HAND, write
from model.reading.alphabet import CLASSES
from model.reading.normalize import glyph_picture
from model.training.inkdata import is_validation
from tests.notebooks.small import write_ink

WRITERS = [w for w in (f"hand{i}" for i in range(60)) if not is_validation(f"own:{w}")][:3]
HELD_OUT = [w for w in (f"hand{i}" for i in range(60)) if is_validation(f"own:{w}")][:2]


def ink_line(char: str, writer: str, size: float) -> str:
    """One drawn digit as a line of an ink file; I and l look like a 1."""
    drawn = write("1" if char in "Il" else char, height=size).strokes
    strokes = [{"x": s.points[:, 0].tolist(), "y": s.points[:, 1].tolist(), "t": None} for s in drawn]
    glyphs = [{"char": char, "strokes": list(range(len(strokes)))}]
    return json.dumps({"id": "own/1", "writer": writer, "text": char, "glyphs": glyphs, "strokes": strokes})


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ink/ and emnist/ of digits, I and l, by three training writers and two held out."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "ink").mkdir()
    (folder / "emnist").mkdir()
    lines = "\n".join(ink_line(d, w, 20 + 5 * i) for i, w in enumerate(WRITERS + HELD_OUT) for d in "0123456789Il")
    for name in ("unipen_isolated", "unipen_words", "pendigits_orig", "omniglot_latin"):
        with lzma.open(folder / "ink" / f"{name}.jsonl.xz", "wt") as file:
            file.write(lines)
    images = np.stack([np.uint8(glyph_picture(write(d).strokes) * 255) for d in "0123456789"] * 3)
    labels = np.tile(np.arange(10, dtype=np.int8), 3)
    flags = np.array([f"{name}_{split}" for name in ("byclass", "balanced", "mnist") for split in ("test", "train")])
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
        membership=np.full(30, 63, np.uint16),
        position=np.full((30, len(flags)), 3, np.int32),
    )
    return folder


@pytest.fixture
def step_by_step() -> Iterator[None]:
    """No graphs: to trace one takes longer than the few steps that are trained here."""
    import tensorflow

    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ink files of writers who wrote enough to compose words of; every letter looks like a digit."""
    folder = tmp_path_factory.mktemp("written")
    hand = {char: HAND[str(i % 10)] for i, char in enumerate(CLASSES)}
    for name in ("unipen_isolated", "unipen_words", "pendigits_orig", "omniglot_latin"):
        texts = ("bag", "Hit", "clue") if name == "unipen_words" else CLASSES
        write_ink(folder, name, texts, timed=False, hand=hand)
    return folder


@pytest.fixture(scope="session")
def shared(data: Path, written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same pictures, with the ink of those who wrote enough to compose words of."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "ink").symlink_to(written)
    (folder / "emnist").symlink_to(data / "emnist")
    return folder
