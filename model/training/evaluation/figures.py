"""What a judge's answers are worth: accuracy, confusion, calibration and what junk passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.reading.classify import Scores
from model.training.data import GlyphSet
from model.training.evaluation.answers import ALL, DIGITS, LETTERS, Answers, Floats
from model.training.evaluation.intervals import Interval, resampled, share_interval, wilson
from model.training.evaluation.judges import Judge, scores_of
from model.training.evaluation.sets import EvaluationSet, SharedFolder, junk_of_pictures
from model.training.measures import passed

BINS = 15
"""Bins of confidence for calibration."""

_BLOCKS = 400
"""Parts that a set of unknown writers is drawn by, to tell how sure its calibration error is."""


@dataclass(frozen=True)
class Share:
    """A share of n with its 95 % interval."""

    value: float
    interval: Interval
    n: int

    @classmethod
    def of(cls, right: NDArray[np.bool_], writers: NDArray[np.str_] | None = None) -> Share:
        """The share of True in `right`, shape (n,), with glyphs of one writer taken together if `writers` are known."""
        return cls(float(right.mean()), share_interval(right, writers), len(right))


@dataclass(frozen=True)
class Result:
    """How one set was answered; n glyphs, k answers.

    Attributes:
        key: The set's key.
        name: The set's name.
        labels: What each answer stands for.
        images: Shape (n, 28, 28), uint8.
        truth: The right answer, shape (n,).
        log_p: Log-probabilities as served, shape (n, k).
        informed: The same for a reader who knows how often the set's classes come, shape (n, k).
        writers: Shape (n,), or None.
    """

    key: str
    name: str
    labels: list[str]
    images: NDArray[np.uint8]
    truth: NDArray[np.int64]
    log_p: Floats
    informed: Floats
    writers: NDArray[np.str_] | None

    @classmethod
    def of(cls, given: EvaluationSet, scores: Scores, judge_prior: Floats) -> Result:
        """Puts the scores of all the set's glyphs into the set's answers.

        Raises:
            ValueError: no glyph has one of the answers.
        """
        truth = given.answers.truth(given.glyphs.allowed)
        rows = truth.sum(axis=1) == 1
        if not rows.any():
            raise ValueError(f"{given.name}: no glyph of it has a class that may be answered")
        log_p = scores.log_p[rows]
        return cls(
            given.key,
            given.name,
            given.answers.labels,
            given.glyphs.images[rows],
            truth[rows].argmax(axis=1),
            given.answers.log_p(log_p),
            given.answers.log_p(log_p + given.log_prior - judge_prior),
            None if given.writers is None else given.writers[rows],
        )

    @cached_property
    def answer(self) -> NDArray[np.int64]:
        """The best answer as served, shape (n,)."""
        return np.asarray(self.log_p.argmax(axis=1), np.int64)

    @property
    def accuracy(self) -> Share:
        """The share answered right."""
        return Share.of(self.answer == self.truth, self.writers)

    @property
    def informed_accuracy(self) -> Share:
        """The same for a reader who knows how often the set's classes come."""
        return Share.of(self.informed.argmax(axis=1) == self.truth, self.writers)

    @property
    def top_3(self) -> Share:
        """The share whose truth is among the three best."""
        best = np.argsort(-self.log_p, axis=1)[:, :3]
        return Share.of((best == self.truth[:, None]).any(axis=1), self.writers)

    @cached_property
    def reliability(self) -> Reliability:
        """Its confidences for a reader who knows how often the set's classes come, against what is right."""
        best = self.informed.argmax(axis=1)
        confidence = np.exp(self.informed[np.arange(len(best)), best])
        return Reliability.of(self.name, confidence, best == self.truth, self.writers)

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """How often each truth (row) was answered by each answer (column): shape (k, k)."""
        k = len(self.labels)
        return np.bincount(self.truth * k + self.answer, minlength=k * k).reshape(k, k)

    def classes(self) -> Iterator[tuple[str, Share, float, list[tuple[str, int]]]]:
        """(label, recall, precision, [(what it is mostly taken for, how often)]) of each answer that came."""
        for i, label in enumerate(self.labels):
            counts = self.confusion[i]
            n, answered = int(counts.sum()), int(self.confusion[:, i].sum())
            if n:
                right = int(counts[i])
                wrong = [(self.labels[j], int(counts[j])) for j in np.argsort(-counts, kind="stable")[:4] if j != i]
                recall = Share(right / n, wilson(right, n), n)
                yield label, recall, right / max(answered, 1), [(c, count) for c, count in wrong[:3] if count]


@dataclass(frozen=True)
class Reliability:
    """Confidence against accuracy within one alphabet or one set, in bins of confidence.

    Attributes:
        alphabet: What was to be told apart, or the set.
        n: How many glyphs.
        counts: Of each bin, shape (15,).
        confidence: Mean of each bin, shape (15,); 0 where it is empty.
        accuracy: The same.
        error: The expected calibration error: the mean gap of the two (Guo et al., ICML 2017).
        interval: Of the error, over writers where they are known: at least 95 %, as wide as the gaps of the bins allow.
    """

    alphabet: str
    n: int
    counts: NDArray[np.int64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    error: float
    interval: Interval

    @classmethod
    def of(
        cls, alphabet: str, confidence: Floats, right: NDArray[np.bool_], writers: NDArray[np.str_] | None
    ) -> Reliability:
        """Bins the answers.

        Args:
            alphabet: What was to be told apart, or the set.
            confidence: Probability of the best answer, shape (n,).
            right: Whether it was right, shape (n,).
            writers: Who wrote each, shape (n,), by whom the interval is; None where unknown.
        """
        if writers is None:  # drawn in blocks: as good as one by one, and in less memory
            writers = (np.arange(len(right)) % _BLOCKS).astype(str)
        bins = np.eye(BINS)[np.minimum((confidence * BINS).astype(int), BINS - 1)]
        counts = bins.sum(axis=0)
        gaps = bins * (right - confidence)[:, None]
        error = np.abs(gaps.sum(axis=0)).sum() / len(gaps)
        drawn = resampled(np.column_stack([gaps, np.ones(len(gaps))]), writers)
        # resampling adds to a sum of absolute gaps, so its own quantiles may miss it; but it is never further from the
        # truth than the gaps are from theirs, taken together
        reach = np.quantile(np.abs(drawn[:, :-1] / drawn[:, -1:] - gaps.mean(axis=0)).sum(axis=1), 0.95)
        return cls(
            alphabet,
            len(gaps),
            counts.astype(int),
            confidence @ bins / np.maximum(counts, 1),
            right @ bins / np.maximum(counts, 1),
            float(error),
            (max(0.0, float(error - reach)), min(1.0, float(error + reach))),
        )


ALPHABETS: dict[str, Answers] = {"digits": DIGITS, "letters": LETTERS, "alphanumeric": ALL}


@dataclass(frozen=True)
class Evaluation:
    """All that is known of one judge."""

    results: list[Result]
    reliabilities: list[Reliability]
    junk: dict[str, Share]

    @property
    def calibrated(self) -> list[Reliability]:
        """Calibration by alphabet on ink, then by set on pictures, whose writers nobody knows."""
        return [*self.reliabilities, *(result.reliability for result in self.results if result.writers is None)]


class Measuring:
    """Measures one judge, set by set; a set's glyphs are classified once however many sets share them."""

    def __init__(self, judge: Judge):
        self._judge = judge
        self._last: tuple[GlyphSet, Scores] | None = None

    def result(self, given: EvaluationSet) -> Result:
        """Answers one set."""
        return Result.of(given, self._scores(given.glyphs), self._judge.log_prior)

    def reliabilities(self, folder: SharedFolder) -> Iterator[Reliability]:
        """Calibration on the ink of held-out writers, within each alphabet that comes in it."""
        scores = self._scores(folder.ink.glyphs)
        for alphabet, answers in ALPHABETS.items():
            truth = answers.truth(folder.ink.glyphs.allowed)
            rows = truth.any(axis=1)
            if rows.any():
                log_p = answers.log_p(scores.log_p[rows])
                right = truth[rows][np.arange(len(log_p)), log_p.argmax(axis=1)]
                yield Reliability.of(alphabet, np.exp(log_p.max(axis=1)), right, folder.ink.writers[rows])

    def junk(self, folder: SharedFolder) -> Iterator[tuple[str, Share]]:
        """What of each kind of junk passes where 95 % of the held-out ink does."""
        characters = self._scores(folder.ink.glyphs).log_junk
        for kind, glyphs in folder.junk():
            yield kind, self._accepted(characters, glyphs)

    def junk_of(self, given: EvaluationSet, most: int | None) -> Iterator[tuple[str, Share]]:
        """The same of pieces and pairs of a set's own pictures, where 95 % of these pass."""
        characters = self._scores(given.glyphs).log_junk
        for kind, glyphs in junk_of_pictures(given.glyphs, most):
            yield f"{given.key}, {kind}", self._accepted(characters, glyphs)

    def _accepted(self, characters: Floats, junk: GlyphSet) -> Share:
        """What of the junk passes where 95 % of the characters, by their log-probability of being none, do."""
        share = passed(characters, scores_of(self._judge, junk).log_junk)
        return Share(share, wilson(round(share * len(junk)), len(junk)), len(junk))

    def _scores(self, glyphs: GlyphSet) -> Scores:
        if self._last is None or self._last[0] is not glyphs:
            self._last = glyphs, scores_of(self._judge, glyphs)
        return self._last[1]
