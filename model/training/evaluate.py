"""Measures a classifier on held-out glyphs."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES, alphabet_mask
from model.training.data import ANY_CASE, GlyphSet

_CASELESS = np.stack([ANY_CASE[c] for c in CLASSES])


def logits_of(model: keras.Model, images: NDArray[np.uint8], batch: int = 512) -> NDArray[np.float32]:
    """(n, 28, 28) uint8 → (n, 63) logits."""
    chunks = [
        keras.ops.convert_to_numpy(model(images[at : at + batch, ..., None].astype(np.float32) / 255, training=False))
        for at in range(0, len(images), batch)
    ]
    return np.concatenate(chunks)


@dataclass(frozen=True)
class Validation:
    """The held-out sets that training watches: EMNIST's validation split, ink and junk of validation writers."""

    emnist: GlyphSet
    ink: GlyphSet
    junk: GlyphSet

    def figures(self, model: keras.Model) -> dict[str, float]:
        """Accuracies, and the share of junk that passes where 95 % of the ink characters do."""
        emnist, ink, junk = (logits_of(model, s.images) for s in (self.emnist, self.ink, self.junk))
        is_digit = self.ink.allowed[:, :10].any(axis=1)
        threshold = np.quantile(ink[:, -1], 0.95)
        return {
            "emnist": accuracy(emnist, self.emnist.allowed),
            "ink_62": accuracy(ink, self.ink.allowed),
            "ink_digits": accuracy(ink[is_digit], self.ink.allowed[is_digit], alphabet_mask("digits")),
            "ink_letters": accuracy(
                ink[~is_digit], any_case(self.ink.allowed[~is_digit]), alphabet_mask("letters")
            ),
            "junk_passed": float((junk[:, -1] <= threshold).mean()),
        }


def any_case(allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Allows for each allowed letter its other case too: (n, 62) → (n, 62)."""
    return allowed @ _CASELESS


def accuracy(
    logits: NDArray[np.float32], allowed: NDArray[np.bool_], among: NDArray[np.bool_] | None = None
) -> float:
    """Share of rows whose best class, of those `among`, is allowed."""
    scores = logits[:, : len(CLASSES)]
    if among is not None:
        scores = np.where(among, scores, -np.inf)
    return float(allowed[np.arange(len(allowed)), scores.argmax(axis=1)].mean())
