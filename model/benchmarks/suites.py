"""The sets of drawings that whole readings are measured on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from model.benchmarks.drawings import breaking, junk
from model.reading.alphabet import AlphabetChoice
from model.training.composition import composed_mixtures, composed_numbers, composed_pages, composed_words
from model.training.data import Character, by_split, characters, is_readable, load_ink
from model.training.hands import hands
from model.training.inkdata import InkSample, is_validation, read_ink_lines
from model.training.writing import Style

_COMPOSED = 400
"""Drawings of each composed set."""

_PAGES = 100
"""Pages of several lines of each kind."""

_WRITERS = 26
"""Hands that the drawings which break other readers are made in, at most."""

_SEED = 20


@dataclass(frozen=True)
class Suite:
    """A set of drawings and what is asked of it.

    Attributes:
        alphabet: What the reader is told.
        samples: The drawings, from the folder of ink files; always the same ones.
    """

    alphabet: AlphabetChoice
    samples: Callable[[Path], list[InkSample]]


def _from_file(name: str, held_out: bool = False, words: bool = False) -> Callable[[Path], list[InkSample]]:
    """The readable samples of an ink file.

    Args:
        name: The file, without `.jsonl.xz`.
        held_out: Only those of validation writers: of others the net may have seen characters.
        words: Only those all of letters.
    """
    return lambda data: [
        sample
        for sample in read_ink_lines(data / f"{name}.jsonl.xz")
        if all(is_readable(char) for char, _ in sample.groups)
        and (not held_out or is_validation(sample.writer))
        and (not words or sample.text.isalpha())
    ]


@lru_cache(maxsize=1)
def _held_out(data: Path) -> list[Character]:
    """The characters of validation writers."""
    return characters(by_split(load_ink(data))[1])


def _composed(
    compose: Callable[..., list[InkSample]], count: int = _COMPOSED, **how: object
) -> Callable[[Path], list[InkSample]]:
    """Drawings composed of what validation writers wrote."""
    return lambda data: compose(_held_out(data), count, np.random.default_rng(_SEED), **how)


def _drawings(data: Path) -> list[InkSample]:
    """Writers with most different characters first."""
    writers = sorted(hands(_held_out(data)).items(), key=lambda item: (-sum(c in "012345i7" for c in item[1]), item[0]))
    return list(breaking(writers[:_WRITERS], np.random.default_rng(_SEED)))


SUITES = {
    "crohme-numbers": Suite("digits", _from_file("crohme_numbers_only")),
    "unipen-numbers": Suite("digits", _from_file("unipen_numbers_only")),
    "unipen-numbers-new": Suite("digits", _from_file("unipen_numbers_only", held_out=True)),
    "composed-numbers": Suite("digits", _composed(composed_numbers)),
    "touching-numbers": Suite("digits", _composed(composed_numbers, style=Style(touching=True))),
    "joined-numbers": Suite("digits", _composed(composed_numbers, style=Style(joined=0.5))),
    "slips": Suite("digits", _composed(composed_numbers, style=Style(slips=0.2))),
    "crohme-runs": Suite("alphanumeric", _from_file("crohme_runs")),
    "unipen-words": Suite("letters", _from_file("unipen_words", held_out=True, words=True)),
    "composed-words": Suite("letters", _composed(composed_words)),
    "composed-mixtures": Suite("auto", _composed(composed_mixtures)),
    "number-pages": Suite("digits", _composed(composed_pages, _PAGES)),
    "word-pages": Suite("letters", _composed(composed_pages, _PAGES, of_words=True)),
    "drawings": Suite("auto", _drawings),
    "junk": Suite("auto", lambda _: list(junk(_COMPOSED // 2, np.random.default_rng(_SEED)))),
}


def lexicon_of(samples: Sequence[InkSample], others: Iterable[str], size: int) -> tuple[str, ...]:
    """A word list with the texts of all samples, and as many of the others, evenly picked, as make up its size."""
    texts = dict.fromkeys(sample.text for sample in samples)
    rest = [word for word in dict.fromkeys(others) if word not in texts]
    wanted = max(0, min(size - len(texts), len(rest)))
    return (*texts, *(rest[i * len(rest) // wanted] for i in range(wanted)))


def load_suite(data: Path, suite: Suite, most: int | None) -> list[InkSample]:
    """The samples of a suite, evenly thinned to `most`.

    Raises:
        OSError, ValueError: the folder lacks a file or holds no writer to compose from.
    """
    samples = suite.samples(data)
    return samples if most is None or len(samples) <= most else samples[:: -(-len(samples) // most)]
