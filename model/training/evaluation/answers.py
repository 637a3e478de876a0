"""What may be answered: which of the 62 classes, and which of them count as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES, alphabet_mask
from model.training.data import ANY_CASE, MERGED

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Answers:
    """The k answers that are told apart.

    Attributes:
        members: Which classes each is, shape (k, 62), bool; no class is in two.
    """

    members: NDArray[np.bool_]

    @classmethod
    def of(cls, masks: Iterable[NDArray[np.bool_]]) -> Answers:
        """One answer for each distinct mask of shape (62,), in the order of the classes.

        Raises:
            ValueError: a class is in two different masks.
        """
        members = np.unique(np.stack(list(masks)), axis=0)
        if (members.sum(axis=0) > 1).any():
            twice = "".join(c for c, count in zip(CLASSES, members.sum(axis=0), strict=True) if count > 1)
            raise ValueError(f"labels overlap: {twice} stand for themselves and as part of a merged class")
        return cls(members[np.argsort(members.argmax(axis=1))])

    @property
    def labels(self) -> list[str]:
        """The characters of each answer: "0", "Cc"."""
        return ["".join(c for c, is_in in zip(CLASSES, row, strict=True) if is_in) for row in self.members]

    def log_p(self, log_p: Floats) -> Floats:
        """Log-probabilities of the answers, given that one of them is right: (n, 62) → (n, k).

        A merged answer is as probable as its members together, which its best member alone would not tell.
        """
        totals = np.stack([np.logaddexp.reduce(log_p[:, row], axis=1) for row in self.members], axis=1)
        return np.asarray(totals - np.logaddexp.reduce(totals, axis=1, keepdims=True), np.float32)

    def truth(self, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which answers are right: (n, 62) → (n, k)."""
        return allowed @ self.members.T


_SINGLE = np.eye(len(CLASSES), dtype=bool)

ALL = Answers.of(_SINGLE)
DIGITS = Answers.of(_SINGLE[alphabet_mask("digits")])
LETTERS = Answers.of(_SINGLE[alphabet_mask("letters")])
ANY_CASE_LETTERS = Answers.of(ANY_CASE[c] for c in CLASSES if c.isalpha())
MERGED_47 = Answers.of(MERGED[c] for c in CLASSES)
