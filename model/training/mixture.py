"""What a training step sees: glyphs from several sources, each drawn in its own share, new at every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.training.augment import augment_batch
from model.training.data import Character, GlyphSet, members, ways
from model.training.shapes import LENT, dotted_beside, is_dotted
from model.training.synthesis import Paths, junk, picture, vary

Batch = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Images (n, 28, 28, 1) in 0..1, and truth (n, 125): allowed classes, junk, log frequencies of the classes."""


class Source(Protocol):
    """Somewhere glyphs come from.

    Attributes:
        log_prior: Log of how often each class comes: shape (62,), float32.
    """

    log_prior: NDArray[np.float32]

    def draw(self, count: int, rng: np.random.Generator) -> GlyphSet:
        """`count` glyphs at random."""


def _frequencies(shares: NDArray[np.float64]) -> NDArray[np.float32]:
    """Log of classes' shares; a class that never comes counts as very rare, not as impossible."""
    return np.asarray(np.log(np.maximum(shares / shares.sum(), 1e-5)), np.float32)


def counted(allowed: NDArray[np.bool_], weights: NDArray[np.float64] | None = None) -> NDArray[np.float32]:
    """Log frequencies of the classes of a labelled set: shape (62,).

    Args:
        allowed: Which classes each glyph may be, (n, 62). Those known only up to a merged class count towards its
            members as the glyphs known for sure do.
        weights: How often each glyph comes; all alike if None.
    """
    weights = np.ones(len(allowed)) if weights is None else weights
    sure = allowed.sum(axis=1) == 1
    shares = weights[sure] @ allowed[sure] + 1e-9
    if not sure.all():
        kinds, which = np.unique(allowed[~sure], axis=0, return_inverse=True)
        totals = np.bincount(which.ravel(), weights[~sure])
        known = shares.copy()
        for kind, total in zip(kinds, totals, strict=True):
            shares += total * known * kind / (known @ kind)
    return _frequencies(shares)


class Pictures:
    """A set of finished pictures."""

    def __init__(self, glyphs: GlyphSet):
        self._glyphs = glyphs
        self.log_prior = counted(glyphs.allowed)

    def draw(self, count: int, rng: np.random.Generator) -> GlyphSet:
        """Each picture as often as any other."""
        return self._glyphs[rng.integers(0, len(self._glyphs), count)]


class Writing:
    """Characters of ink, drawn anew each time, now as written and now by another hand."""

    AS_WRITTEN = 0.12
    EVENNESS = 0.5
    """A class comes as often as its count to the power of one minus this: rare ones are lifted."""
    DOTTED_BESIDE = 0.25
    """Share of the i's and j's whose dot stands beside the stem."""

    def __init__(self, characters: Sequence[Character]):
        self._paths: list[Paths] = [c.paths for c in characters]
        self._dotted = np.array([is_dotted(c.char, c.paths) for c in characters])
        labels = np.array([CLASSES.index(c.char) for c in characters])
        counts = np.bincount(labels, minlength=len(CLASSES)).astype(float)
        weights = counts[labels] ** -self.EVENNESS
        self._cumulative = np.cumsum(weights)
        self._allowed = np.stack([members(c.char) for c in characters])
        shares = np.bincount(labels, weights, len(CLASSES)).astype(np.float64)
        lent = [shares[CLASSES.index(char)] * rate for char, (rate, _) in LENT.items()]
        for char, share in zip(LENT, lent, strict=True):
            shares[CLASSES.index(char)] += share
        self._lent = np.cumsum(lent) / shares.sum()
        self.log_prior = _frequencies(shares)

    def written(self, count: int, rng: np.random.Generator) -> tuple[list[Paths], NDArray[np.bool_]]:
        """Characters by their weight, each varied: their strokes as drawn, and what each may be, (count, 62)."""
        chosen = np.searchsorted(self._cumulative, rng.random(count) * self._cumulative[-1])
        allowed = self._allowed[chosen]
        written: list[Paths] = []
        for row, which in enumerate(chosen):
            lent = int(np.searchsorted(self._lent, rng.random(), "right"))
            if lent < len(LENT):
                char, (_, shape) = list(LENT.items())[lent]
                written.append(vary(shape(rng), rng))
                allowed[row] = members(char)
            else:
                paths = self._paths[which]
                if self._dotted[which] and rng.random() < self.DOTTED_BESIDE:
                    paths = dotted_beside(paths, rng)
                written.append(paths if rng.random() < self.AS_WRITTEN else vary(paths, rng))
        return written, allowed

    def draw(self, count: int, rng: np.random.Generator) -> GlyphSet:
        """The same, drawn."""
        written, allowed = self.written(count, rng)
        return GlyphSet(np.stack([picture(paths, rng) for paths in written]), allowed, np.zeros(count, bool))


class Junk:
    """Ink that is no character, each piece of two glyphs of one writer, digits with digits, letters with letters."""

    def __init__(self, characters: Sequence[Character]):
        kin: dict[tuple[str, bool], list[Paths]] = {}
        for c in characters:
            kin.setdefault((c.writer, c.char.isdigit()), []).append(c.paths)
        self._kin = [glyphs for glyphs in kin.values() if len(glyphs) > 1]
        shares = np.array([len(glyphs) for glyphs in self._kin], float)
        self._shares = shares / shares.sum()
        self.log_prior = np.full(len(CLASSES), -np.log(len(CLASSES)), np.float32)

    def pieces(self, count: int, rng: np.random.Generator, kind: str | None = None) -> list[Paths]:
        """Strokes of pieces of junk, of one `kind` or by the kinds' shares."""
        found: list[Paths] = []
        while len(found) < count:
            glyphs = self._kin[rng.choice(len(self._kin), p=self._shares)]
            first, second = rng.choice(len(glyphs), 2, replace=False)
            made = junk((glyphs[first], glyphs[second]), rng, kind)
            if made is not None:
                found.append(vary(made, rng))
        return found

    def draw(self, count: int, rng: np.random.Generator, kind: str | None = None, with_ways: bool = False) -> GlyphSet:
        """The same, drawn, with their trajectories if asked for; every class is allowed, for none is learned."""
        pieces = self.pieces(count, rng, kind)
        images = np.stack([picture(paths, rng) for paths in pieces])
        allowed, junk = np.ones((count, len(CLASSES)), bool), np.ones(count, bool)
        return GlyphSet(images, allowed, junk, ways(pieces) if with_ways else None)


@dataclass(frozen=True)
class Mixture:
    """Draws the batch of any step from its sources, reproducibly.

    Attributes:
        parts: (source, glyphs of it in each batch).
        seed: Decides every random choice, with the step.
        augmented: Whether the finished pictures are varied too.
        epoch: Pictures in the dataset.
        note: A line to tell of the dataset, or "".
    """

    parts: tuple[tuple[Source, int], ...]
    seed: int
    augmented: bool
    epoch: int
    note: str = ""

    def __call__(self, step: int) -> Batch:
        """The batch of `step`."""
        rng = np.random.default_rng((self.seed, step))
        drawn = [(source, source.draw(count, rng)) for source, count in self.parts]
        images = np.concatenate([glyphs.images for _, glyphs in drawn])
        truth = [
            np.column_stack([glyphs.allowed, glyphs.junk, np.tile(source.log_prior, (len(glyphs), 1))])
            for source, glyphs in drawn
        ]
        return augment_batch(images, rng, self.augmented), np.concatenate(truth).astype(np.float32)
