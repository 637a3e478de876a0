"""Figures of merit of classifiers: plain functions of scores and truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.training.data import ANY_CASE, MERGED

_CASELESS = np.stack([ANY_CASE[c] for c in CLASSES])
_MERGED = np.stack([MERGED[c] for c in CLASSES])


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


def cross_entropy(scores: NDArray[np.float32], allowed: NDArray[np.bool_]) -> float:
    """Mean −log of the probability that goes to the classes that are right.

    Args:
        scores: Unnormalized log-probabilities, shape (n, 62).
        allowed: Which classes are right, shape (n, 62).
    """
    total = np.logaddexp.reduce(scores, axis=1)
    right = np.logaddexp.reduce(np.where(allowed, scores, -np.inf), axis=1)
    return float((total - right).mean())


def passed(characters: NDArray[np.float32], junk: NDArray[np.float32]) -> float:
    """Share of junk let through by the threshold on the junk logit that lets 95 % of characters through."""
    return float((junk <= np.quantile(characters, 0.95)).mean())
