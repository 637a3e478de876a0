"""What the net learns from: normalized pictures with the classes each may be."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.reading.normalize import normalize
from model.reading.trajectory import trajectories
from model.training.inkdata import InkSample, is_validation, read_ink_lines
from model.training.synthesis import Paths, picture

INK_FILES = ("unipen_isolated", "unipen_words", "pendigits_orig", "omniglot_latin")
"""Ink to train on. UNIPEN's numbers are left out: they measure whole readings. CROHME's licence forbids training."""


@dataclass(frozen=True)
class GlyphSet:
    """Pictures and their labels.

    Attributes:
        images: Normalized, shape (n, 28, 28), uint8, 0 to 255.
        allowed: Which classes each may be, shape (n, 62), bool. Where a file knows only a merged class, its members
            are all True; for junk every class is, as nothing is to be learned from it about classes.
        junk: Which are not characters, shape (n,), bool.
        trajectories: How the pen went in each, shape (n, *SHAPE), float32; NaN where it is not known,
            None where it was not asked for.
    """

    images: NDArray[np.uint8]
    allowed: NDArray[np.bool_]
    junk: NDArray[np.bool_]
    trajectories: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> GlyphSet:
        ways = None if self.trajectories is None else self.trajectories[rows]
        return GlyphSet(self.images[rows], self.allowed[rows], self.junk[rows], ways)

    @classmethod
    def joined(cls, sets: Iterable[GlyphSet]) -> GlyphSet:
        """All of `sets` in one; trajectories only if all have them."""
        sets = list(sets)
        ways = [s.trajectories for s in sets if s.trajectories is not None]
        return cls(
            np.concatenate([s.images for s in sets]),
            np.concatenate([s.allowed for s in sets]),
            np.concatenate([s.junk for s in sets]),
            np.concatenate(ways) if len(ways) == len(sets) else None,
        )


def as_float(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """0 to 255 as uint8 → 0 to 1 as float32, as the net takes it."""
    return np.asarray(images / np.float32(255), np.float32)


def members(chars: str) -> NDArray[np.bool_]:
    """The classes in `chars`: shape (62,)."""
    return np.array([c in chars for c in CLASSES])


_KNOWN_CASE = "".join(c for c in CLASSES if c in "ABDEFGHNQRTabdefghnqrt")
"""Letters whose two cases the 47 classes keep apart."""

ANY_CASE = {c: members(c.upper() + c.lower()) for c in CLASSES}
"""The classes that are the same letter, whatever its case."""


MERGED = {c: members(c) if c in _KNOWN_CASE or c.isdigit() else ANY_CASE[c] for c in CLASSES}
"""The classes that EMNIST's 47 do not tell apart."""


def load_pool(path: Path, split: int, flag: str | None = None, every_tenth: bool = False) -> GlyphSet:
    """The EMNIST pool's images of one split whose label is known at least up to case.

    Args:
        path: `emnist_pool.npz`.
        split: 0 train, 1 validation, 2 test.
        flag: Only the images that this official split holds.
        every_tenth: Of these only the rows whose place in it ends in 3, an unbiased sample.

    Raises:
        ValueError: the file is not such a pool.
    """
    with _pool(path) as pool:
        rows, allowed = _labelled(pool, split, flag, every_tenth)
        images = pool["images"][rows]
    for image in images:  # in place: a second copy of a large set may not fit
        image[:] = np.rint(normalize(image) * 255)
    return GlyphSet(images, allowed, np.zeros(len(images), bool))


def load_pool_labels(path: Path, split: int) -> NDArray[np.bool_]:
    """What `load_pool` has as `allowed`, shape (n, 62), for who does not need the pictures.

    Raises:
        ValueError: the file is not such a pool.
    """
    with _pool(path) as pool:
        return _labelled(pool, split)[1]


@contextmanager
def arrays_of(path: Path, expected: str) -> Iterator[Any]:
    """The arrays of an `.npz` file, each read when it is asked for.

    Raises:
        ValueError: the file is damaged, or lacks an array that was asked for; the message says what was `expected`.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        if not zipfile.is_zipfile(file):  # which NumPy would say without the name
            raise ValueError(f"{path}: expected {expected}, found a file that is cut short or something else")
    try:
        with np.load(path) as arrays:
            yield arrays
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise ValueError(f"{path}: expected {expected}, found a damaged file ({error})") from error


@contextmanager
def _pool(path: Path) -> Iterator[Any]:
    with arrays_of(path, "an EMNIST pool") as pool:
        missing = {"images", "label62", "label47", "label36", "classes47", "classes36", "split"} - set(pool.files)
        if missing:
            raise ValueError(f"{path}: expected an EMNIST pool, found no {', '.join(sorted(missing))}")
        yield pool


def _labelled(
    pool: Any, split: int, flag: str | None = None, every_tenth: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(which rows of the pool, what each may be) of those whose label is known at least up to case."""
    here = pool["split"] == split
    if flag is not None:
        bit = list(pool["flags"]).index(flag)
        here &= (pool["membership"] >> bit & 1).astype(bool)
        if every_tenth:
            here &= pool["position"][:, bit] % 10 == 3
    rows = np.flatnonzero(here)
    merged = np.stack([MERGED[c] for c in str(pool["classes47"])])
    caseless = np.stack([ANY_CASE[c] for c in str(pool["classes36"])])
    allowed = np.zeros((len(rows), len(CLASSES)), bool)
    for name, masks in (("label36", caseless), ("label47", merged), ("label62", np.eye(len(CLASSES), dtype=bool))):
        labels = pool[name][rows]
        known = labels >= 0  # later ones know more and overwrite
        allowed[known] = masks[labels[known]]
    known = allowed.any(axis=1)
    return rows[known], allowed[known]


def load_ink(folder: Path, files: Iterable[str] = INK_FILES) -> list[InkSample]:
    """The samples of the named ink files in `folder`.

    Raises:
        FileNotFoundError: a file is missing.
    """
    return [sample for name in files for sample in read_ink_lines(folder / f"{name}.jsonl.xz")]


def is_readable(char: str) -> bool:
    """Whether the net has a class for `char`."""
    return len(char) == 1 and char in CLASSES


@dataclass(frozen=True)
class Character:
    """One glyph of ink and what it is."""

    char: str
    writer: str
    paths: Paths


def characters(samples: Iterable[InkSample]) -> list[Character]:
    """Every glyph of the samples that has a class, in their order."""
    return [
        Character(char, sample.writer, sample.glyph_paths(i))
        for sample in samples
        for i, (char, _) in enumerate(sample.groups)
        if is_readable(char)
    ]


def render(glyphs: Sequence[Character], rng: np.random.Generator) -> GlyphSet:
    """Draws every character once, as it was written, with a pen of random thickness."""
    images = [picture(glyph.paths, rng) for glyph in tqdm(glyphs, desc="ink", unit="glyph", leave=False)]
    allowed = np.stack([members(glyph.char) for glyph in glyphs])
    return GlyphSet(np.stack(images), allowed, np.zeros(len(images), bool), ways([glyph.paths for glyph in glyphs]))


def ways(glyphs: Sequence[Paths]) -> NDArray[np.float32]:
    """The trajectories of glyphs, at least one, given as their strokes in drawing order: shape (n, *SHAPE)."""
    ends = np.cumsum([len(paths) for paths in glyphs]).tolist()
    strokes = [path for paths in glyphs for path in paths]
    of = [range(end - len(paths), end) for paths, end in zip(glyphs, ends, strict=True)]
    return trajectories(strokes, [False] * len(strokes), of)


def by_split(samples: list[InkSample]) -> tuple[list[InkSample], list[InkSample]]:
    """(samples of training writers, samples of validation writers)."""
    train = [s for s in samples if not is_validation(s.writer)]
    return train, [s for s in samples if is_validation(s.writer)]
