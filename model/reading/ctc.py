"""What the columns of a net that reads without cutting say of whole texts.

Connectionist temporal classification (Graves et al., ICML 2006): each column shows one of the classes, or nothing new.
A text is as probable as all ways together in which the columns may show its characters one after the other, each in one
column or in several beside each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAST = 1e-300
"""What is less likely than that counts as that."""


def log_probabilities(columns: NDArray[np.float64], texts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log-probability of each of several texts.

    Args:
        columns: Probability of nothing new, and of each class, in each column: shape (t, 1 + classes), t ≥ 1.
        texts: Their characters, each as its place in a column, then 0s: shape (n, longest), longest ≥ 1.

    Returns:
        Shape (n,).
    """
    rows = np.arange(len(texts))
    ends = 2 * (texts > 0).sum(axis=1)
    # a state for each character, and for what lies before, between and after them
    states = np.zeros((len(texts), 2 * texts.shape[1] + 1), np.int64)
    states[:, 1::2] = texts
    # nothing needs to lie between two characters that differ
    beside = np.zeros(states.shape)
    beside[:, 2:] = (states[:, 2:] > 0) & (states[:, 2:] != states[:, :-2])
    beside[:, 1] = 1.0
    shown = columns[:, states]
    reached = np.zeros((len(texts), states.shape[1] + 2))
    reached[:, 1] = 1.0  # before the first column
    inside = reached[:, 2:]
    log_p = np.zeros(len(texts))
    for each in shown:
        now = (inside + reached[:, 1:-1] + beside * reached[:, :-2]) * each
        total = np.maximum(now.sum(axis=1), _LEAST)
        log_p += np.log(total)
        inside[:] = now / total[:, None]
        reached[:, 1] = 0.0
    return np.asarray(log_p + np.log(np.maximum(inside[rows, ends] + inside[rows, ends - 1] * (ends > 0), _LEAST)))
