"""What words look like: a word list and a letter trigram, mixed with "any letters at all".

The mixture is what keeps clear ink from being overruled: a string that is no word has little evidence under the word
list, so its letters stay as the ink says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model.reading.classify import WEIGHTS, ModelError

LETTERS = 26
EDGE = 26
"""Stands before the first letter and after the last."""

_SHARES = {"any": 0.05, "letters": 0.10, "words": 0.85}
"""Prior of each member of the mixture: who wants letters read mostly writes words."""

_MOST = 3.5
"""Most that the log-probability of a letter is raised or lowered: ink that is sure at e⁷ to 1 cannot be overruled."""


@dataclass(frozen=True)
class Language:
    """A language for words, whatever their case.

    Attributes:
        words: For each length the words of it, letters 0 to 25: shape (w, length), uint8.
        log_words: Log-probability of each of them among all words: shape (w,).
        trigrams: Log-probability of a letter after two others, 26 standing for the edge of the word:
            shape (27, 27, 27), float32.
    """

    words: dict[int, NDArray[np.uint8]]
    log_words: dict[int, NDArray[np.float64]]
    trigrams: NDArray[np.float32]

    @classmethod
    def load(cls, directory: Path = WEIGHTS) -> Language:
        """Loads `language.npz` of a model directory.

        Raises:
            ModelError: it is missing or damaged.
        """
        path = directory / "language.npz"
        try:
            with path.open("rb") as file, np.load(file) as saved:
                letters, lengths, weights = saved["letters"], saved["lengths"], saved["log_words"].astype(np.float64)
                trigrams = saved["trigrams"].astype(np.float32)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ModelError(f"no usable {path}: {error!r}") from error
        words, log_words, at, seen = {}, {}, 0, 0
        for length, count in enumerate(lengths.tolist()):
            words[length] = letters[at : at + length * count].reshape(count, length)
            log_words[length] = weights[seen : seen + count]
            at, seen = at + length * count, seen + count
        return cls(words, log_words, trigrams)

    @cached_property
    def _probabilities(self) -> NDArray[np.float32]:
        return np.exp(self.trigrams)

    def weigh(self, log_p: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Weighs the letters of a string by what words look like.

        Args:
            log_p: Log-probability of each letter at each place, from the ink alone: shape (n, 26), n ≥ 1, rows
                normalized.

        Returns:
            The same with language, shape (n, 26), and the log-evidence for this string against any letters at all.
        """
        any_letters = -len(log_p) * np.log(LETTERS)
        members = [(log_p, np.log(_SHARES["any"]))]
        for name, (posterior, evidence) in (("letters", self._trigram(log_p)), ("words", self._word_list(log_p))):
            members.append((posterior, np.log(_SHARES[name]) + evidence - any_letters))
        evidences = np.array([evidence for _, evidence in members])
        total = float(np.logaddexp.reduce(evidences))
        mixed = np.logaddexp.reduce([p + e - total for (p, _), e in zip(members, evidences, strict=True)])
        held = log_p + np.clip(mixed - log_p, -_MOST, _MOST)
        return np.asarray(held - np.logaddexp.reduce(held, axis=1, keepdims=True)), total

    def _word_list(self, log_p: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """(posterior of each letter, log-evidence) if the string is one of the words."""
        length = len(log_p)
        words = self.words.get(length)
        if words is None or not len(words):
            return log_p, -np.inf
        score = self.log_words[length] + log_p[np.arange(length), words].sum(axis=1)
        evidence = float(np.logaddexp.reduce(score))
        shares = np.exp(score - evidence)
        posterior = np.stack([np.bincount(words[:, i], shares, LETTERS) for i in range(length)])
        return np.log(posterior + 1e-12), evidence

    def _trigram(self, log_p: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """(posterior of each letter, log-evidence) under the trigram, by the forward-backward algorithm."""
        table = self._probabilities[:, :, :LETTERS]  # (before last, last, letter)
        ending = self._probabilities[:, :, EDGE]
        p = np.exp(log_p)
        forward = [np.zeros((LETTERS + 1, LETTERS + 1))]  # (last but one, last)
        forward[0][EDGE, EDGE] = 1.0
        log_evidence = 0.0
        for row in p:
            after = np.zeros_like(forward[0])
            after[:, :LETTERS] = np.einsum("ab,abc->bc", forward[-1], table) * row
            total = float(after.sum()) + 1e-300
            log_evidence += np.log(total)
            forward.append(after / total)
        final = float((forward[-1] * ending).sum()) + 1e-300
        backward = ending
        posterior = np.zeros_like(p)
        for i in range(len(p) - 1, -1, -1):
            joint = (forward[i + 1] * backward)[:, :LETTERS].sum(axis=0)
            posterior[i] = joint / (joint.sum() + 1e-300)
            backward = np.einsum("abc,c,bc->ab", table, p[i], backward[:, :LETTERS])
            backward = backward / (backward.max() + 1e-300)
        return np.log(posterior + 1e-12), log_evidence + float(np.log(final))
