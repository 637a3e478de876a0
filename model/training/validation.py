"""What training watches: held-out sets, and how a model's logits do on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.training.data import GlyphSet
from model.training.measures import accuracy, any_case, cross_entropy, passed

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class HeldOut:
    """A set that is never trained on, and how often its classes come: log frequencies, shape (62,)."""

    name: str
    glyphs: GlyphSet
    log_prior: NDArray[np.float32]


@dataclass(frozen=True)
class Validation:
    """The held-out sets; those of them that are junk are told by their flags."""

    sets: tuple[HeldOut, ...]

    def figures(self, logits_of: Callable[[NDArray[np.uint8]], Logits]) -> dict[str, float]:
        """The mean loss of all sets as `loss`, and each set's accuracy.

        Of ink also digits alone and letters in any case, and the junk that passes where 95 % of the ink does.

        Args:
            logits_of: (n, 28, 28) uint8 → (n, 63) logits.
        """
        found: dict[str, float] = {}
        costs: list[float] = []
        junk_of: dict[str, NDArray[np.float32]] = {}
        for held_out in self.sets:
            glyphs, logits = held_out.glyphs, logits_of(held_out.glyphs.images)
            junk_of[held_out.name] = logits[:, -1]
            costs.append(_junk_cost(logits[:, -1], glyphs.junk))
            if glyphs.junk.all():
                continue
            scores, allowed = (logits[:, :-1] + held_out.log_prior)[~glyphs.junk], glyphs.allowed[~glyphs.junk]
            costs.append(cross_entropy(scores, allowed))
            found[held_out.name] = accuracy(scores, allowed)
            if held_out.name == "ink":
                digits = allowed[:, :10].any(axis=1)
                numbers, words = np.arange(len(CLASSES)) < 10, np.arange(len(CLASSES)) >= 10
                found["ink_digits"] = accuracy(scores[digits], allowed[digits], numbers)
                found["ink_letters"] = accuracy(scores[~digits], any_case(allowed[~digits]), words)
        if {"ink", "junk"} <= junk_of.keys():
            found["junk_passed"] = passed(junk_of["ink"], junk_of["junk"])
        return {"val_loss": sum(costs) / len(self.sets), **found}


def _junk_cost(logit: NDArray[np.float32], is_junk: NDArray[np.bool_]) -> float:
    return float(np.logaddexp(0, np.where(is_junk, -logit, logit)).mean())
