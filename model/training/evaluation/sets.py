"""The held-out sets: EMNIST's and MNIST's tests, ink of writers never trained on, CROHME, junk, official datasets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.reading.normalize import draw, normalize
from model.training.data import (
    Character,
    GlyphSet,
    by_split,
    characters,
    load_ink,
    load_pool,
    load_pool_labels,
    members,
    render,
    ways,
)
from model.training.evaluation.answers import ALL, ANY_CASE_LETTERS, DIGITS, MERGED_47, Answers, Floats
from model.training.mixture import Junk, counted
from model.training.synthesis import JUNK_KINDS

_EVEN = np.zeros(len(CLASSES), np.float32)


@dataclass(frozen=True)
class EvaluationSet:
    """Glyphs to judge and what counts as right.

    Attributes:
        key: A short name, for the command line and for files.
        name: What is printed.
        glyphs: Sets that share it are classified once. Those that no answer would be right for are left out.
        answers: What may be answered.
        log_prior: How often each class comes in the training split of the set, logs up to a constant: shape (62,).
        writers: Who wrote each glyph, shape (n,), or None where unknown.
        note: A line to tell of the set, or "".
    """

    key: str
    name: str
    glyphs: GlyphSet
    answers: Answers
    log_prior: Floats
    writers: NDArray[np.str_] | None = None
    note: str = ""


@dataclass(frozen=True)
class Ink:
    """Glyphs of held-out writers: drawn for the reader, who wrote each, and as pen paths for making junk of."""

    glyphs: GlyphSet
    writers: NDArray[np.str_]
    characters: Sequence[Character]


FILES = {
    "byclass": "emnist/emnist_pool.npz",
    "bymerge": "emnist/emnist_pool.npz",
    "balanced": "emnist/emnist_pool.npz",
    "emnist-mnist": "emnist/emnist_pool.npz",
    "mnist": "mnist",
    "crohme-digits": "ink/crohme_runs.jsonl.xz",
    "ink-digits": "ink/unipen_isolated.jsonl.xz",
    "ink-letters": "ink/unipen_isolated.jsonl.xz",
    "ink": "ink/unipen_isolated.jsonl.xz",
    "junk": "ink/unipen_isolated.jsonl.xz",
}
"""The sets of the shared folder, by key, and what of it each needs."""


class SharedFolder:
    """The sets of the shared folder, each loaded when it is asked for."""

    def __init__(self, data: Path, keys: Collection[str] = (), most: int | None = None):
        """Chooses sets.

        Args:
            data: Folder with emnist/, mnist/ and ink/, or some of them.
            keys: Keys of `FILES`; if empty all whose files are there.
            most: At most so many glyphs a set, chosen by chance.

        Raises:
            ValueError: nothing is there.
        """
        self._data, self._most = data, most
        self.keys = (
            [k for k in FILES if k in keys] if keys else [k for k, file in FILES.items() if (data / file).exists()]
        )
        if not self.keys:
            raise ValueError(f"{data}: expected one of {', '.join(sorted(set(FILES.values())))} in it")

    def sets(self) -> Iterator[EvaluationSet]:
        """The chosen sets but for junk."""
        for key in self.keys:
            if key in ("byclass", "bymerge"):
                answers, what = (ALL, "62 classes") if key == "byclass" else (MERGED_47, "by-merge reading, 47 classes")
                yield EvaluationSet(key, f"EMNIST by-class test, {what}", self._by_class, answers, self._usual)
            elif key == "balanced":
                # each of the 47 as often as the others, and within a merged class as by-class has its members
                prior = self._usual - MERGED_47.members.T @ np.log(MERGED_47.members @ np.exp(self._usual))
                glyphs = self._pool("balanced_test")
                yield EvaluationSet(
                    key, "EMNIST balanced test, 47 classes", glyphs, MERGED_47, prior.astype(np.float32)
                )
            elif key == "emnist-mnist":
                yield EvaluationSet(key, "EMNIST-MNIST test, digits", self._pool("mnist_test"), DIGITS, _EVEN)
            elif key == "mnist":
                yield replace(official("mnist", self._data / "mnist", self._most), key=key)
            elif key == "crohme-digits":
                glyphs, writers = self._crohme()
                yield EvaluationSet(key, "CROHME glyphs in runs, digits", glyphs, DIGITS, _EVEN, writers)
            elif key != "junk":
                answers, what, prior = {
                    "ink-digits": (DIGITS, "digits", _EVEN),
                    "ink-letters": (ANY_CASE_LETTERS, "letters in any case", self._written),
                    "ink": (ALL, "62 classes", self._written),
                }[key]
                yield EvaluationSet(
                    key, f"ink of held-out writers, {what}", self.ink.glyphs, answers, prior, self.ink.writers
                )

    @cached_property
    def ink(self) -> Ink:
        """Ink of held-out writers."""
        held_out = self._by_writer[1]
        chosen = [held_out[i] for i in self._chosen(len(held_out))]
        glyphs = render(chosen, np.random.default_rng(0))
        return Ink(glyphs, np.array([c.writer for c in chosen]), chosen)

    def junk(self) -> Iterator[tuple[str, GlyphSet]]:
        """Junk by kind, then all kinds as often as training has them."""
        source = Junk(self.ink.characters)
        for kind in (*JUNK_KINDS, None):
            rng = np.random.default_rng(0)
            count = self._most or 4000
            starts = tqdm(range(0, count, 100), desc=f"junk, {kind or 'all'}", unit="hundred", leave=False)
            yield (
                kind or "all",
                GlyphSet.joined(source.draw(min(100, count - at), rng, kind, with_ways=True) for at in starts),
            )

    @cached_property
    def _by_class(self) -> GlyphSet:
        return self._pool("byclass_test", every_tenth=True)

    @cached_property
    def _usual(self) -> Floats:
        """How often each class comes in EMNIST's training images.

        Of by-class's own training rows the pool tells too few in full: of merged letters mostly the merged class alone.
        """
        return counted(load_pool_labels(self._data / FILES["byclass"], 0))

    @cached_property
    def _by_writer(self) -> tuple[list[Character], list[Character]]:
        """(characters of training writers, of held-out writers)."""
        train, held_out = by_split(load_ink(self._data / "ink"))
        return characters(train), characters(held_out)

    @cached_property
    def _written(self) -> Floats:
        """How often each class comes among the training writers' ink."""
        return counted(np.stack([members(c.char) for c in self._by_writer[0]]))

    def _pool(self, flag: str, every_tenth: bool = False) -> GlyphSet:
        glyphs = load_pool(self._data / FILES["byclass"], 2, flag, every_tenth)
        return glyphs[self._chosen(len(glyphs))]

    def _crohme(self) -> tuple[GlyphSet, NDArray[np.str_]]:
        """Digits of runs, cut out by their true groups and drawn as the reader draws them; and who wrote each."""
        digits = [c for c in characters(load_ink(self._data / "ink", ["crohme_runs"])) if c.char.isdigit()]
        chosen = [digits[i] for i in self._chosen(len(digits))]
        images = np.stack([np.rint(normalize(draw(c.paths)) * 255).astype(np.uint8) for c in chosen])
        allowed = np.stack([members(c.char) for c in chosen])
        glyphs = GlyphSet(images, allowed, np.zeros(len(chosen), bool), ways([c.paths for c in chosen]))
        return glyphs, np.array([c.writer for c in chosen])

    def _chosen(self, count: int) -> NDArray[np.int64]:
        """Which of so many glyphs are judged, in order."""
        return np.sort(np.random.default_rng(0).permutation(count)[: self._most])


def official(name: str, path: Path | None, most: int | None = None) -> EvaluationSet:
    """The test set of an official dataset.

    Args:
        name: One of `registry.DATASETS`.
        path: Its files; None fetches them.
        most: At most so many glyphs.

    Raises:
        ValueError: there is no such dataset, or a file is not what it should be.
        OSError: a file cannot be read or fetched.
    """
    from model.training.datasets.official import load
    from model.training.datasets.registry import DATASETS

    splits = load(name, path, most)
    answers = Answers.of(DATASETS[name].masks)
    return EvaluationSet(
        name,
        f"{name} test, {len(answers.members)} classes",
        splits.test,
        answers,
        counted(splits.train.allowed),
        note=splits.note,
    )


def junk_of_pictures(glyphs: GlyphSet, most: int | None = None) -> Iterator[tuple[str, GlyphSet]]:
    """What is no character, made of pictures of characters: two beside each other, and halves, left, right or lower."""
    rng = np.random.default_rng(0)
    count = min(most or 4000, len(glyphs))
    inks = [image[np.ix_(image.any(axis=1), image.any(axis=0))] for image in glyphs.images]
    inks = [ink for ink in inks if min(ink.shape) > 1]
    if not inks:
        return
    pairs = [_beside(inks[a], inks[b]) for a, b in rng.integers(0, len(inks), (count, 2)).tolist()]
    halves = [_half(inks[i], int(rng.integers(3))) for i in rng.integers(0, len(inks), count).tolist()]
    for kind, pictures in (("two pictures as one", pairs), ("half a picture", halves)):
        images = np.stack([np.rint(normalize(picture) * 255).astype(np.uint8) for picture in pictures])
        yield kind, GlyphSet(images, np.ones((count, len(CLASSES)), bool), np.ones(count, bool))


def _beside(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two pieces of ink on one line, two pixels apart."""
    height, apart = max(len(left), len(right)), 2
    canvas = np.zeros((height, left.shape[1] + apart + right.shape[1]), np.uint8)
    canvas[height - len(left) :, : left.shape[1]] = left
    canvas[height - len(right) :, left.shape[1] + apart :] = right
    return canvas


def _half(ink: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The left, right or lower half."""
    height, width = ink.shape
    return (ink[:, : width // 2], ink[:, width // 2 :], ink[height // 2 :])[side].copy()
