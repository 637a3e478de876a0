"""A folder of data as the notebooks read it, small and all by our own hand: digits, and letters that look like them."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.benchmarks.specimens import HAND
from model.reading.alphabet import CLASSES
from model.training.data import MERGED
from model.training.datasets.registry import DATASETS
from model.training.hands import Hand
from model.training.inkdata import InkSample, is_validation
from model.training.synthesis import picture, vary
from model.training.writing import Style, compose
from tests.model.official_files import write_idx

LOOKS = {"O": "0", "o": "0", "I": "1", "l": "1", "S": "5", "s": "5", "Z": "2", "z": "2", "B": "8", "b": "6", "q": "9"}
OURS: Hand = {**HAND, **{letter: HAND[digit] for letter, digit in LOOKS.items()}}
WORDS = "soil", "Bob", "zoo", "Soil", "oil", "Boss", "lobs", "Obi"
NUMBERS = "1024", "75", "350", "4467", "98", "2071"

POOL_FLAGS = [f"{name}_{half}" for name in ("byclass", "bymerge", "balanced", "mnist") for half in ("test", "train")]


def picture_of(char: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A normalized picture of a character, never twice the same."""
    return picture(vary([60 * path for path in OURS[char][0]], rng), rng)


def writers(held_out: bool, count: int) -> list[str]:
    """Names that validate, or train."""
    return [n for n in (f"hand{i}" for i in range(200)) if is_validation(f"own:{n}") == held_out][:count]


def ink_row(sample: InkSample, timed: bool) -> str:
    """One line of an ink file; times are spread evenly over each stroke."""
    strokes = [
        {
            "x": stroke.points[:, 0].tolist(),
            "y": stroke.points[:, 1].tolist(),
            "t": np.linspace(stroke.start or 0, stroke.end or 0, len(stroke.points)).tolist() if timed else None,
        }
        for stroke in sample.ink.strokes
    ]
    groups = [{"char": char, "strokes": list(members)} for char, members in sample.groups]
    row = {"id": "own/1", "writer": sample.writer, "text": sample.text, "glyphs": groups, "strokes": strokes}
    return json.dumps(row)


def write_ink(folder: Path, name: str, texts: Iterable[str], timed: bool, hand: Hand = OURS) -> None:
    """A file of each text by three training writers and two held out."""
    rng = np.random.default_rng(0)
    people = writers(False, 3) + writers(True, 2)
    samples = [compose(text, hand, rng, Style(late=0.0), who) for who in people for text in texts]
    with lzma.open(folder / f"{name}.jsonl.xz", "wt", preset=0) as file:
        file.write("\n".join(ink_row(sample, timed) for sample in samples))


def write_pool(path: Path, each: int = 12) -> None:
    """An EMNIST pool of our characters; every fourth known as one of 47 classes alone, every sixth as a letter."""
    rng = np.random.default_rng(1)
    chars = np.array([c for c in OURS for _ in range(each)])
    order = rng.permutation(len(chars))
    chars, count = chars[order], len(chars)
    classes47 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"
    classes36 = classes47[:36]
    merged = [next(k for k in classes47 if (MERGED[k] == MERGED[c]).all()) for c in chars]
    label62 = np.array([CLASSES.index(c) for c in chars], np.int8)
    label47 = np.array([classes47.index(k) for k in merged], np.int8)
    label36 = np.array([classes36.index(c.upper()) for c in chars], np.int8)
    label62[::4] = -1
    label47[::6] = -1
    np.savez(
        path,
        images=np.stack([picture_of(c, rng) for c in chars]),
        label62=label62,
        label47=label47,
        label36=label36,
        classes62=np.array(CLASSES),
        classes47=np.array(classes47),
        classes36=np.array(classes36),
        split=rng.choice(3, count, p=[0.6, 0.1, 0.3]).astype(np.uint8),
        flags=np.array(POOL_FLAGS),
        membership=rng.integers(1, 1 << len(POOL_FLAGS), count).astype(np.uint16),
        position=np.full((count, len(POOL_FLAGS)), 3, np.int32),
        writer=rng.integers(-1, 5, count).astype(np.int32),
    )


def write_mnist(folder: Path) -> None:
    """The four IDX files, of our digits."""
    rng = np.random.default_rng(2)
    halves = []
    for count in (40, 20):
        labels = np.arange(count) % 10
        halves.append((np.stack([picture_of(str(d), rng) for d in labels]), labels.astype(np.uint8)))
    write_idx(folder, DATASETS["mnist"], *halves)


def write_data(folder: Path) -> Path:
    """ink/, emnist/ and mnist/ in `folder`."""
    for part in ("ink", "emnist", "mnist"):
        (folder / part).mkdir()
    ink = folder / "ink"
    write_ink(ink, "unipen_isolated", OURS, timed=True)
    write_ink(ink, "pendigits_orig", "0123456789", timed=False)
    write_ink(ink, "omniglot_latin", "oiszbq", timed=True)
    write_ink(ink, "unipen_words", WORDS, timed=True)
    write_ink(ink, "iinkts_words", WORDS[:2], timed=True)
    for name in ("unipen_numbers_only", "crohme_numbers_only", "crohme_runs"):
        write_ink(ink, name, NUMBERS, timed=name.startswith("unipen"))
    write_pool(folder / "emnist" / "emnist_pool.npz")
    write_mnist(folder / "mnist")
    return folder
