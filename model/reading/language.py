"""What words look like: a word list and a letter trigram, mixed with "any letters at all".

The mixture is what keeps clear ink from being overruled: a string that is no word has little evidence under the word
list, so its letters stay as the ink says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
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


_FAINT = 30.0
"""Log-probability by which a word may lag behind the likeliest before it is no longer looked at."""


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
            # letter by letter in memory, as they are looked up
            words[length] = np.asfortranarray(letters[at : at + length * count].reshape(count, length))
            log_words[length] = weights[seen : seen + count]
            at, seen = at + length * count, seen + count
        return cls(words, log_words, trigrams)

    @cached_property
    def _probabilities(self) -> NDArray[np.float64]:
        """Of a letter after two others: shape (last, last but one, letter), as steps along a word multiply them."""
        return np.ascontiguousarray(np.exp(self.trigrams.astype(np.float64)).swapaxes(0, 1))

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
        return held(mixed, log_p), total

    def spell(self, log_p: NDArray[np.float64], characters: Sequence[str]) -> tuple[NDArray[np.float64], float]:
        """Weighs the letters of a string, whatever their case.

        Args:
            log_p: Log-probability of each character for each glyph, each row in a scale of its own:
                (n, len(characters)), n ≥ 1.
            characters: Letters, capital and small.

        Returns:
            The same with language, each row's sum of probabilities kept, and the log-evidence as `weigh` tells it.
        """
        letter, is_letter = _letters(tuple(characters))
        alone = np.log(np.exp(log_p) @ is_letter.T + 1e-12)
        alone -= np.logaddexp.reduce(alone, axis=1, keepdims=True)
        together, evidence = self.weigh(alone)
        return log_p + (together - alone)[:, letter], evidence

    def _word_list(self, log_p: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """(posterior of each letter, log-evidence) if the string is one of the words."""
        length = len(log_p)
        words = self.words.get(length)
        if words is None or not len(words):
            return log_p, -np.inf
        score = self.log_words[length].copy()
        for row, letters in zip(log_p, words.T, strict=True):
            score += row[letters]
        likely = score > score.max() - _FAINT
        words, score = words[likely], score[likely]
        evidence = float(np.logaddexp.reduce(score))
        shares = np.exp(score - evidence)
        posterior = np.stack([np.bincount(letters, shares, LETTERS) for letters in words.T])
        return np.log(posterior + 1e-12), evidence

    def _trigram(self, log_p: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """(posterior of each letter, log-evidence) under the trigram, by the forward-backward algorithm."""
        steps, ending = self._probabilities[:, :, :LETTERS], self._probabilities[:, :, EDGE]
        p = np.exp(log_p)
        forward = [np.zeros((LETTERS + 1, LETTERS + 1))]  # (last, last but one)
        forward[0][EDGE, EDGE] = 1.0
        log_evidence = 0.0
        for row in p:
            after = np.zeros_like(forward[0])
            after[:LETTERS] = (np.matmul(forward[-1][:, None], steps)[:, 0] * row).T
            total = float(after.sum()) + 1e-300
            log_evidence += np.log(total)
            forward.append(after / total)
        final = float((forward[-1] * ending).sum()) + 1e-300
        backward = ending
        posterior = np.zeros_like(p)
        for i in range(len(p) - 1, -1, -1):
            joint = (forward[i + 1] * backward)[:LETTERS].sum(axis=1)
            posterior[i] = joint / (joint.sum() + 1e-300)
            ahead = backward[:LETTERS].T * p[i]
            backward = np.matmul(steps, ahead[:, :, None])[:, :, 0]
            backward = backward / (backward.max() + 1e-300)
        return np.log(posterior + 1e-12), log_evidence + float(np.log(final))


def held(log_p: NDArray[np.float64], ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-probabilities as near to some others as clear ink may ask: what it is sure of is not overruled.

    Args:
        log_p: What is known says, rows normalized.
        ink: What the ink alone says, the same shape, rows normalized.
    """
    near = ink + np.clip(log_p - ink, -_MOST, _MOST)
    return np.asarray(near - np.logaddexp.reduce(near, axis=1, keepdims=True))


@cache
def _letters(characters: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which letter of 26 each of some letters is, and the reverse: shapes (k,) and (26, k)."""
    letter = np.array([ord(c.lower()) - ord("a") for c in characters])
    return letter, letter == np.arange(LETTERS)[:, None]
