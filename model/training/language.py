"""Makes the language of words from word lists: `python -m model language`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.reading.language import EDGE, LETTERS

COMMON = (
    "the of and to a in is it you that he was for on are with as I his they be at one have this from or had by hot but "
    "some what there we can out other were all your when up use word how said an each she which do their time if will "
    "way about many then them would write like so these her long make thing see him two has look more day could go "
    "come did my no most who over know than call first people may down side been now find any new work part take get "
    "place made where after back little only round man year came show every good me give our under name very through "
    "just form great think say help low line before turn cause same mean right boy old too does tell us well also play "
    "small end put home read hand large even here must big high such why ask men change went light off need house try "
    "again animal point mother world near build self earth father head stand own page should country found answer "
    "school study still learn plant cover food sun four between state keep eye never last let thought city tree cross "
    "since hard start might story saw far sea draw left late run while press close night real life few stop hello"
).lower()
"""The most usual words of English, about in order of use; chosen for this project."""

_COMMON_SHARE = 0.40
"""Probability that a word is one of the usual; the n-th weighs 1 / (n + 3) (Zipf)."""

_FREQUENT = 2.0
"""How much more a word weighs than one of the next list, whose words are less usual."""

_BACKOFF = 3.0
"""Pseudo-counts with which a trigram leans on its bigram, and that on the single letter (Witten & Bell's idea)."""


def learn_language(lists: Sequence[Path], out: Path) -> int:
    """Writes `language.npz` into `out`.

    Args:
        lists: Word lists, one word a line, that of the most usual words first; a word counts where it first stands, and
            words with other than 26 letters are left out.
        out: Model directory.

    Returns:
        How many words it holds.
    """
    weights: dict[str, float] = {}
    for rank, path in enumerate(lists):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            word = line.strip().lower()
            if word.isascii() and word.isalpha() and len(word) <= 20 and (len(word) > 1 or word in "ai"):
                weights.setdefault(word, _FREQUENT**-rank)
    total = sum(weights.values())
    probabilities = {word: (1 - _COMMON_SHARE) * weight / total for word, weight in weights.items()}
    usual = list(dict.fromkeys(COMMON.split()))
    zipf = np.array([1 / (n + 3) for n in range(len(usual))])
    for word, share in zip(usual, zipf / zipf.sum(), strict=True):
        probabilities[word] = probabilities.get(word, 0.0) + _COMMON_SHARE * float(share)
    ordered = sorted(probabilities, key=lambda word: (len(word), word))
    np.savez_compressed(
        out / "language.npz",
        letters=np.frombuffer("".join(ordered).encode(), np.uint8) - ord("a"),
        lengths=np.bincount([len(word) for word in ordered]).astype(np.int32),
        log_words=np.log([probabilities[word] for word in ordered]).astype(np.float16),
        trigrams=_trigrams(probabilities).astype(np.float16),
    )
    return len(ordered)


def _trigrams(probabilities: dict[str, float]) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    """Log-probability of each letter or the edge after two others: shape (27, 27, 27)."""
    size = LETTERS + 1
    counts = np.zeros((size, size, size))
    unit = min(probabilities.values())
    for word, probability in probabilities.items():
        letters = [EDGE, EDGE, *(ord(c) - ord("a") for c in word), EDGE]
        # the square root keeps the few usual words from being all that the letters know
        for a, b, c in zip(letters, letters[1:], letters[2:], strict=False):
            counts[a, b, c] += np.sqrt(probability / unit)
    single = counts.sum(axis=(0, 1)) + 1
    single /= single.sum()
    double = counts.sum(axis=0) + _BACKOFF * single
    double /= double.sum(axis=1, keepdims=True)
    triple = counts + _BACKOFF * double
    return np.asarray(np.log(triple / triple.sum(axis=2, keepdims=True)))
