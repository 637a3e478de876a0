"""The loss of a glyph: which class it is, whether it is one at all, and what teachers think of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES

_CLASSES = len(CLASSES)

Loss = Callable[[Any, Any], Any]
"""(truth, logits) → the loss of each glyph, shape (n,)."""


def class_and_junk(logits: Any, log_prior: Any) -> tuple[Any, Any]:
    """Splits logits (n, 63) into log-probabilities (n, 62), classes coming as `log_prior` has it, and junk (n,)."""
    return ops.log_softmax(logits[:, :_CLASSES] + log_prior, axis=-1), logits[:, _CLASSES]


def glyph_loss(smoothing: float = 0.0) -> Loss:
    """Cross-entropy of the classes a glyph may be, plus the binary cross-entropy of its being junk.

    Each source's class frequencies are added to the logits inside the loss, so the net need not learn them and what it
    answers is free of them (Menon et al., "Long-tail learning via logit adjustment", ICLR 2021): whether a ring is
    0, O or o is for those to say who know how often each comes.

    Args:
        smoothing: Share of the cross-entropy that asks for every class alike, against wrong labels.

    Returns:
        A function of truth (n, 125), for each glyph the allowed classes, then 1 for junk, then the log frequencies of
        the classes where it comes from, and of logits (n, 63). A merged label costs −log of the sum of its members'
        probabilities; junk costs no class anything.
    """

    def loss(truth: Any, logits: Any) -> Any:
        allowed, is_junk = truth[:, :_CLASSES], truth[:, _CLASSES]
        log_p, junk = class_and_junk(logits, truth[:, _CLASSES + 1 : 2 * _CLASSES + 1])
        merged = ops.logsumexp(ops.where(allowed > 0, log_p, -1e9), axis=-1)
        cost = ops.softplus(junk) - is_junk * junk - merged
        if smoothing:
            even, _ = class_and_junk(logits, 0.0)
            cost = cost + (1 - is_junk) * smoothing * (merged - ops.mean(even, axis=-1))
        return cost

    return loss


def distilled(loss: Loss, temperature: float, share: float) -> Loss:
    """Mixes `loss` with the divergence from teachers (Hinton, Vinyals & Dean, 2015).

    Args:
        loss: What the labels ask.
        temperature: Both sides are softened by it; 2 to 4.
        share: How much of the loss is the teachers'.

    Returns:
        The same function of truth (n, 188): the teachers' 63 logits stand behind what `loss` reads.
    """

    def both(truth: Any, logits: Any) -> Any:
        prior, taught = truth[:, _CLASSES + 1 : 2 * _CLASSES + 1], truth[:, 2 * _CLASSES + 1 :]
        theirs, their_junk = class_and_junk(taught / temperature, prior)
        ours, our_junk = class_and_junk(logits / temperature, prior)
        is_junk = truth[:, _CLASSES]
        divergence = ops.sum(ops.exp(theirs) * (theirs - ours), axis=-1) * temperature**2 * (1 - is_junk)
        chance = ops.sigmoid(their_junk * temperature)
        doubt = ops.softplus(our_junk * temperature) - chance * our_junk * temperature
        return (1 - share) * loss(truth, logits) + share * (divergence + doubt)

    return both


def mean_logits(members: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The logits (n, 63) of an ensemble: those of its members' mean softmax and mean chance of junk."""
    classes = np.stack([m[:, :_CLASSES] for m in members]).astype(np.float64)
    log_p = classes - np.logaddexp.reduce(classes, axis=2, keepdims=True)
    mean = np.logaddexp.reduce(log_p, axis=0) - np.log(len(members))
    chance = np.mean([1 / (1 + np.exp(-m[:, _CLASSES].astype(np.float64))) for m in members], axis=0)
    chance = np.clip(chance, 1e-9, 1 - 1e-9)
    return np.column_stack([mean, np.log(chance / (1 - chance))]).astype(np.float32)
