"""What the net learns from: normalized pictures with the classes each may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.reading.normalize import normalize
from model.training.inkdata import InkSample, is_validation, read_ink_lines
from model.training.synthesis import Paths, flagged_one, junk, picture, vary

INK_FILES = ("unipen_isolated", "unipen_words", "pendigits_orig", "omniglot_latin")
"""Ink to train on. UNIPEN's numbers are left out: they measure whole readings. CROHME's licence forbids training."""

VARIANTS = 6
"""Renderings of each ink character to train on."""


@dataclass(frozen=True)
class GlyphSet:
    """Pictures and their labels.

    Attributes:
        images: Normalized, shape (n, 28, 28), uint8, 0 to 255.
        allowed: Which classes each may be, shape (n, 62), bool. Where a file knows only a merged class, its members
            are all True; for junk every class is, as nothing is to be learned from it about classes.
        junk: Which are not characters, shape (n,), bool.
    """

    images: NDArray[np.uint8]
    allowed: NDArray[np.bool_]
    junk: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.images)

    @classmethod
    def joined(cls, sets: Iterable[GlyphSet]) -> GlyphSet:
        """All of `sets` in one."""
        sets = list(sets)
        return cls(
            np.concatenate([s.images for s in sets]),
            np.concatenate([s.allowed for s in sets]),
            np.concatenate([s.junk for s in sets]),
        )


def as_float(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """0 to 255 as uint8 → 0 to 1 as float32, as the net takes it."""
    return np.asarray(images / np.float32(255), np.float32)


def _members(chars: str) -> NDArray[np.bool_]:
    return np.array([c in chars for c in CLASSES])


_KNOWN_CASE = "".join(c for c in CLASSES if c in "ABDEFGHNQRTabdefghnqrt")
"""Letters whose two cases the 47 classes keep apart."""

ANY_CASE = {c: _members(c.upper() + c.lower()) for c in CLASSES}
"""The classes that are the same letter, whatever its case."""


MERGED = {c: _members(c) if c in _KNOWN_CASE or c.isdigit() else ANY_CASE[c] for c in CLASSES}
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
    with np.load(path) as pool:
        missing = {"images", "label62", "label47", "label36", "classes47", "classes36", "split"} - set(pool.files)
        if missing:
            raise ValueError(f"{path}: expected an EMNIST pool, found no {', '.join(sorted(missing))}")
        here = pool["split"] == split
        if flag is not None:
            bit = list(pool["flags"]).index(flag)
            here &= (pool["membership"] >> bit & 1).astype(bool)
            if every_tenth:
                here &= pool["position"][:, bit] % 10 == 3
        label62, label47, label36 = (pool[name][here] for name in ("label62", "label47", "label36"))
        images = pool["images"][here]
        merged = np.stack([MERGED[c] for c in str(pool["classes47"])])
        caseless = np.stack([ANY_CASE[c] for c in str(pool["classes36"])])
    allowed = np.zeros((len(images), len(CLASSES)), bool)
    for labels, masks in ((label36, caseless), (label47, merged), (label62, np.eye(len(CLASSES), dtype=bool))):
        known = labels >= 0  # later rows know more and overwrite
        allowed[known] = masks[labels[known]]
    known = allowed.any(axis=1)
    images, allowed = images[known], allowed[known]
    normalized = np.stack([np.rint(normalize(image) * 255) for image in images]).astype(np.uint8)
    return GlyphSet(normalized, allowed, np.zeros(len(images), bool))


def load_ink(folder: Path, files: Iterable[str] = INK_FILES) -> list[InkSample]:
    """The samples of the named ink files in `folder`.

    Raises:
        FileNotFoundError: a file is missing.
    """
    return [sample for name in files for sample in read_ink_lines(folder / f"{name}.jsonl.xz")]


def is_readable(char: str) -> bool:
    """Whether the net has a class for `char`."""
    return len(char) == 1 and char in CLASSES


def characters(samples: Iterable[InkSample]) -> list[tuple[str, str, Paths]]:
    """(character, writer, centre lines) of every glyph that has a class."""
    return [
        (char, sample.writer, sample.glyph_paths(i))
        for sample in samples
        for i, (char, _) in enumerate(sample.groups)
        if is_readable(char)
    ]


def render_characters(samples: list[InkSample], variants: int, rng: np.random.Generator) -> GlyphSet:
    """Draws every character; the first of its `variants` as written, the others varied."""
    glyphs = characters(samples)
    images = [
        picture(paths if variant == 0 else vary(paths, rng), rng)
        for variant in range(variants)
        for _, _, paths in tqdm(glyphs, desc=f"ink, variant {variant + 1} of {variants}", unit="glyph")
    ]
    allowed = np.stack([_members(char) for char, _, _ in glyphs] * variants)
    return GlyphSet(np.stack(images), allowed, np.zeros(len(images), bool))


def render_flagged_ones(count: int, rng: np.random.Generator) -> GlyphSet:
    """Draws `count` ones with a long up-stroke."""
    images = np.stack([picture(vary(flagged_one(rng), rng), rng) for _ in range(count)])
    return GlyphSet(images, np.tile(_members("1"), (count, 1)), np.zeros(count, bool))


def render_junk(samples: list[InkSample], count: int, rng: np.random.Generator) -> GlyphSet:
    """Draws `count` pieces of junk, each from two glyphs of one writer, digits with digits and letters with letters."""
    kin: dict[tuple[str, bool], list[Paths]] = {}
    for char, writer, paths in characters(samples):
        kin.setdefault((writer, char.isdigit()), []).append(paths)
    pools = [glyphs for glyphs in kin.values() if len(glyphs) > 1]
    shares = np.array([len(glyphs) for glyphs in pools], float) / sum(len(glyphs) for glyphs in pools)
    images = []
    for which in tqdm(rng.choice(len(pools), count, p=shares), desc="junk", unit="piece"):
        first, second = rng.choice(len(pools[which]), 2, replace=False)
        images.append(picture(vary(junk((pools[which][first], pools[which][second]), rng), rng), rng))
    return GlyphSet(np.stack(images), np.ones((count, len(CLASSES)), bool), np.ones(count, bool))


def by_split(samples: list[InkSample]) -> tuple[list[InkSample], list[InkSample]]:
    """(samples of training writers, samples of validation writers)."""
    train = [s for s in samples if not is_validation(s.writer)]
    return train, [s for s in samples if is_validation(s.writer)]
