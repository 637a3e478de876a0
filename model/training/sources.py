"""Where a recipe's glyphs come from: the shared folder's mix of EMNIST, ink, junk and drawings, or one dataset."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.training.data import GlyphSet, by_split, characters, load_ink, load_pool, load_pool_labels, render
from model.training.datasets.official import load
from model.training.hypotheses import hypotheses
from model.training.measures import merged
from model.training.mixture import Junk, Mixture, Pictures, Source, Writing, counted
from model.training.recipe import Recipe
from model.training.validation import HeldOut, Validation

HELD_BACK = 16
"""One image in this many of an official training set validates; at least the last hundred of a small one."""

WATCHED = 6000
"""Held-out characters of ink that are read at every report: enough to see digits that go wrong once in a hundred."""

FLAT = 0.7
"""Share of the drawings that are cut as flat images: it is there that what is taken out of them looks otherwise."""

WATCHED_DRAWINGS = 30
"""One drawing of held-out writers for so many that teach is cut too, to be watched."""


def load_sources(data: Path | None, recipe: Recipe) -> tuple[Mixture, Validation]:
    """Reads what a recipe trains on and what it watches; never a writer or an image in both.

    Raises:
        ValueError, OSError: a file is missing or not what it should be; the message names it.
    """
    if recipe.dataset == "shared":
        return _shared(_given(data), recipe)
    splits = load(recipe.dataset, data, recipe.limit, size=(recipe.height, recipe.width))
    held_back = max(len(splits.train) // HELD_BACK, min(100, len(splits.train) // 2))
    train, held_out = splits.train[: len(splits.train) - held_back], splits.train[len(splits.train) - held_back :]
    source = Pictures(train)
    return (
        Mixture(((source, recipe.batch),), recipe.seed, recipe.augmented, len(train), splits.note),
        Validation((HeldOut(recipe.dataset, held_out, source.log_prior),)),
    )


def load_test(data: Path | None, recipe: Recipe) -> HeldOut:
    """The test set of what a recipe trains on: EMNIST's by-class rows in 47 classes, or the official test split.

    Raises:
        ValueError, OSError: as `load_sources`.
    """
    if recipe.dataset == "shared":
        pool = _given(data) / "emnist" / "emnist_pool.npz"
        test = load_pool(pool, 2, "byclass_test", every_tenth=True)
        merged_test = GlyphSet(test.images, merged(test.allowed), test.junk)
        return HeldOut("EMNIST by-merge test", merged_test, counted(load_pool_labels(pool, 0)))
    splits = load(recipe.dataset, data, recipe.limit, size=(recipe.height, recipe.width))
    return HeldOut(f"{recipe.dataset} test", splits.test, counted(splits.train.allowed))


def _given(data: Path | None) -> Path:
    if data is None:
        raise ValueError("--data: expected the shared folder; only official datasets can be fetched")
    return data


def _shared(data: Path, recipe: Recipe) -> tuple[Mixture, Validation]:
    rng = np.random.default_rng(recipe.seed)
    pool = data / "emnist" / "emnist_pool.npz"
    emnist = _at_most(load_pool(pool, 0), recipe.limit, rng)
    of_junk = round(recipe.batch * recipe.junk_share)
    of_ink = min(round(recipe.batch * recipe.ink_share), recipe.batch - of_junk)  # all may have been rounded up
    of_drawings = min(round(recipe.batch * recipe.drawn_share), recipe.batch - of_junk - of_ink)
    pictures = Pictures(emnist)
    parts: list[tuple[Source, int]] = [(pictures, recipe.batch - of_ink - of_junk - of_drawings)]
    watched = [HeldOut("emnist", load_pool(pool, 1), pictures.log_prior)]
    if of_ink or of_junk:
        train, held_out = (characters(samples) for samples in by_split(load_ink(data / "ink")))
        parts += [(Writing(train), of_ink)] if of_ink else []
        parts += [(Junk(train), of_junk)] if of_junk else []
        some = render([held_out[i] for i in rng.permutation(len(held_out))[:WATCHED]], rng)
        watched.append(HeldOut("ink", some, counted(some.allowed)))
        if of_junk:
            watched.append(
                HeldOut("junk", Junk(held_out).draw(len(some) // 2 + 1, rng), np.zeros(len(CLASSES), np.float32))
            )
    if of_drawings:
        parts.append((Pictures(_cut_out(data / "ink", recipe.drawings, rng)), of_drawings))
        kept = _cut_out(data / "ink", -(-recipe.drawings // WATCHED_DRAWINGS), rng, held_out=True)
        watched.append(HeldOut("drawn", kept, counted(kept.allowed)))
    return Mixture(tuple(parts), recipe.seed, recipe.augmented, len(emnist)), Validation(tuple(watched))


def _cut_out(ink: Path, count: int, rng: np.random.Generator, held_out: bool = False) -> GlyphSet:
    """Pictures of what drawings may be cut into."""
    found = hypotheses(ink, count, rng, FLAT, held_out)
    counted_off = tqdm(found, desc="drawings", unit="drawing", total=count, leave=False)
    return GlyphSet.joined(replace(glyphs, trajectories=None) for glyphs in counted_off)


def _at_most(glyphs: GlyphSet, limit: int | None, rng: np.random.Generator) -> GlyphSet:
    """A random sample of so many glyphs, or all."""
    return glyphs if limit is None or limit >= len(glyphs) else glyphs[np.sort(rng.permutation(len(glyphs))[:limit])]
