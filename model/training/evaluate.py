"""Measures a classifier on held-out glyphs: while it trains, and once it ships."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES, alphabet_mask
from model.reading.classify import Classifier, Scores
from model.training.data import (
    ANY_CASE,
    MERGED,
    GlyphSet,
    as_float,
    by_split,
    load_ink,
    load_pool,
    render_characters,
    render_junk,
)

_CASELESS = np.stack([ANY_CASE[c] for c in CLASSES])
_MERGED = np.stack([MERGED[c] for c in CLASSES])


@dataclass(frozen=True)
class Validation:
    """The held-out sets that training watches: EMNIST's validation split, ink and junk of validation writers."""

    emnist: GlyphSet
    ink: GlyphSet
    junk: GlyphSet

    def figures(self, logits_of: Callable[[NDArray[np.uint8]], NDArray[np.float32]]) -> dict[str, float]:
        """Accuracies, and the share of junk that passes where 95 % of the ink characters do.

        Args:
            logits_of: (n, 28, 28) uint8 → (n, 63) logits.
        """
        emnist, ink, junk = (logits_of(s.images) for s in (self.emnist, self.ink, self.junk))
        digits = self.ink.allowed[:, :10].any(axis=1)
        return {
            "emnist": accuracy(emnist[:, :-1], self.emnist.allowed),
            "ink_62": accuracy(ink[:, :-1], self.ink.allowed),
            "ink_digits": accuracy(ink[digits, :-1], self.ink.allowed[digits], alphabet_mask("digits")),
            "ink_letters": accuracy(ink[~digits, :-1], any_case(self.ink.allowed[~digits]), alphabet_mask("letters")),
            "junk_passed": passed(ink[:, -1], junk[:, -1]),
        }


def any_case(allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Allows for each allowed letter its other case too: (n, 62) → (n, 62)."""
    return allowed @ _CASELESS


def merged(allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Allows the other case of letters whose cases EMNIST's 47 classes merge: (n, 62) → (n, 62)."""
    return allowed @ _MERGED


def accuracy(scores: NDArray[np.float32], allowed: NDArray[np.bool_], among: NDArray[np.bool_] | None = None) -> float:
    """Share of rows whose best class, of those `among`, is allowed.

    Args:
        scores: Higher is better, shape (n, 62).
        allowed: Which classes are right, shape (n, 62).
        among: Which classes may be answered, shape (62,); all if None.
    """
    if among is not None:
        scores = np.where(among, scores, -np.inf)
    return float(allowed[np.arange(len(allowed)), scores.argmax(axis=1)].mean())


def passed(characters: NDArray[np.float32], junk: NDArray[np.float32]) -> float:
    """Share of junk let through by the threshold on the junk logit that lets 95 % of characters through."""
    return float((junk <= np.quantile(characters, 0.95)).mean())


def calibration_error(log_p: NDArray[np.float32], allowed: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error: mean gap of confidence and accuracy over bins of it (Guo et al., ICML 2017)."""
    confidence = np.exp(log_p.max(axis=1))
    right = allowed[np.arange(len(allowed)), log_p.argmax(axis=1)]
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs((right[which == b] - confidence[which == b]).sum()) for b in range(bins)]
    return float(sum(gaps) / len(log_p))


def evaluate(classifier: Classifier, data: Path) -> Iterator[tuple[str, int, float]]:
    """Yields (what, n, figure) of a model on everything held out; rows of one split share no image with training.

    Args:
        classifier: The model as it serves.
        data: Folder with emnist/emnist_pool.npz and ink/.
    """
    pool = data / "emnist" / "emnist_pool.npz"
    digits = alphabet_mask("digits")
    for name, flag, sample in (
        ("EMNIST by-class test, 62 classes", "byclass_test", True),
        ("EMNIST balanced test, 47 classes", "balanced_test", False),
        ("EMNIST-MNIST test, digits", "mnist_test", False),
    ):
        test = load_pool(pool, 2, flag, every_tenth=sample)
        log_p = scores_of(classifier, test).log_p
        if flag == "byclass_test":
            yield name, len(test), accuracy(log_p, test.allowed)
            yield "the same, by-merge reading, 47 classes", len(test), accuracy(log_p, merged(test.allowed))
        elif flag == "balanced_test":
            yield name, len(test), accuracy(log_p, merged(test.allowed))
        else:
            yield name, len(test), accuracy(log_p, test.allowed, digits)
    rng = np.random.default_rng(0)
    _, held_out = by_split(load_ink(data / "ink"))
    ink, junk = render_characters(held_out, 1, rng), render_junk(held_out, 4000, rng)
    scores, junk_scores = scores_of(classifier, ink), scores_of(classifier, junk)
    of_digits = ink.allowed[:, :10].any(axis=1)
    yield (
        "ink of held-out writers, digits",
        int(of_digits.sum()),
        accuracy(scores.log_p[of_digits], ink.allowed[of_digits], digits),
    )
    letters = any_case(ink.allowed[~of_digits])
    yield (
        "ink of held-out writers, letters in any case",
        len(letters),
        accuracy(scores.log_p[~of_digits], letters, alphabet_mask("letters")),
    )
    yield "the same ink, 62 classes", len(ink), accuracy(scores.log_p, ink.allowed)
    yield "calibration error on it", len(ink), calibration_error(scores.log_p, ink.allowed)
    yield "junk accepted where 95 % of it is", len(junk), passed(scores.log_junk, junk_scores.log_junk)


def scores_of(classifier: Classifier, glyphs: GlyphSet) -> Scores:
    """Classifies a whole set, in batches."""
    parts = [classifier.classify(as_float(glyphs.images[at : at + 256])) for at in range(0, len(glyphs), 256)]
    return Scores(
        np.concatenate([part.log_p for part in parts]),
        np.concatenate([part.log_character for part in parts]),
        np.concatenate([part.log_junk for part in parts]),
    )
