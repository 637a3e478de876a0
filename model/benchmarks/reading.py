"""Accuracy of whole readings, through the code that serves: `python -m model bench reading`."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from model.benchmarks.forms import FORMS
from model.reading.alphabet import AlphabetChoice
from model.reading.reading import Options, Reading
from model.reading.recognizer import Recognizer
from model.training.data import is_readable
from model.training.inkdata import InkSample, is_validation, read_ink_lines


@dataclass(frozen=True)
class Suite:
    """A set of drawings and what is asked of it.

    Attributes:
        file: Its ink file, without `.jsonl.xz`.
        alphabet: What the reader is told.
        trained_on: Whether the net may have seen characters of these writers: then only held-out ones count.
        words: Whether only samples all of letters count.
    """

    file: str
    alphabet: AlphabetChoice
    trained_on: bool = False
    words: bool = False


SUITES = {
    "crohme-numbers": Suite("crohme_numbers_only", "digits"),
    "unipen-numbers": Suite("unipen_numbers_only", "digits"),
    "unipen-numbers-new": Suite("unipen_numbers_only", "digits", trained_on=True),
    "crohme-runs": Suite("crohme_runs", "alphanumeric"),
    "unipen-words": Suite("unipen_words", "letters", trained_on=True, words=True),
}


@dataclass
class Tally:
    """Running sums over the drawings of one set in one form."""

    n: int = 0
    exact: int = 0
    any_case: int = 0
    cut_right: int = 0
    edits: int = 0
    characters: int = 0
    confidence: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, sample: InkSample, reading: Reading, flat: bool, milliseconds: float) -> None:
        """Counts one drawing."""
        self.n += 1
        self.exact += reading.text == sample.text
        self.any_case += reading.text.lower() == sample.text.lower()
        self.cut_right += cut_as(reading, sample, flat)
        self.edits += edit_distance(reading.text, sample.text)
        self.characters += len(sample.text)
        self.confidence += reading.confidence
        self.milliseconds.append(milliseconds)
        if reading.text != sample.text:
            self.wrong.append((sample.name, sample.text, reading.text))

    def row(self) -> dict[str, float]:
        """The figures."""
        return {
            "n": self.n,
            "exact": self.exact / self.n,
            "any_case": self.any_case / self.n,
            "cer": self.edits / self.characters,
            "cut": self.cut_right / self.n,
            "confidence": self.confidence / self.n,
            "ms_p50": float(np.median(self.milliseconds)),
        }


def cut_as(reading: Reading, sample: InkSample, flat: bool) -> bool:
    """Whether the glyphs are the true ones: by their strokes, or for a flat image, where none are known, by number."""
    if flat:
        return len(reading.glyphs) == len(sample.groups)
    truth = {frozenset(strokes) for _, strokes in sample.groups}
    return {frozenset(glyph.strokes) for glyph in reading.glyphs} == truth


def edit_distance(a: str, b: str) -> int:
    """Insertions, deletions and substitutions from `a` to `b` (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def load_suite(data: Path, suite: Suite, most: int | None) -> list[InkSample]:
    """The readable samples of a suite, evenly thinned to `most`."""
    samples = [
        sample
        for sample in read_ink_lines(data / f"{suite.file}.jsonl.xz")
        if all(is_readable(char) for char, _ in sample.groups)
        and (not suite.trained_on or is_validation(sample.writer))
        and (not suite.words or sample.text.isalpha())
    ]
    return samples if most is None or len(samples) <= most else samples[:: -(-len(samples) // most)]


def measure(
    recognizer: Recognizer, samples: Iterable[InkSample], alphabet: AlphabetChoice, forms: Iterable[str]
) -> Iterator[tuple[str, Tally]]:
    """Reads every sample in every form."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    options = Options(alphabet=alphabet)
    forms = list(forms)
    for sample in samples:
        for form in forms:
            ink = FORMS[form](sample.ink)
            started = time.perf_counter()
            reading = recognizer.read(ink, options)
            tallies[form].add(sample, reading, form == "image", (time.perf_counter() - started) * 1000)
    yield from tallies.items()
