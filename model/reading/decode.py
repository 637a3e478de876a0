"""From scored cuts to texts: which alphabet, which cut, which characters, and how sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.reading.alphabet import Alphabet, AlphabetChoice, widest
from model.reading.classify import Scores
from model.reading.joins import Judged
from model.reading.lattice import Lattice, Path, Weights, softmax
from model.reading.lexicon import best_words
from model.reading.spelling import Knowledge, Label, Reader
from model.reading.whole import Whole

_FAR = 6.0, 2.2
"""Log-score by which an alphabet may lag behind the best, in all and for each piece of ink: spelling a word cannot
make up for more."""

_FAINT = 4.6
"""The same once its score is known: its texts would have a hundredth of the whole, and are left out."""

_ALIKE = str.maketrans("oliszgqb", "01152996")
"""Letters that may be drawn as these digits are."""

_DOUBTED = 6
"""Texts of each way through that tell how doubtful a drawing is."""

_SURE = 0.97
"""Probability of the likeliest text from which the drawing's lines are not read whole too."""

_LEAST = 1e-9
"""Probability of a text that less counts as."""


@dataclass(frozen=True)
class Decoded:
    """What a lattice says.

    Attributes:
        alphabet: The alphabet read with.
        best: Indices into the cuts' hypotheses of the glyphs read, in reading order.
        labels: For each of them all labels of the alphabet, the one read first, then by falling probability.
        lines: The line of each glyph, from 0.
        words: The word of each glyph, counted from 0 through all lines.
        texts: (text, probability), the answer first, then by falling probability; U+FFFD for rejected glyphs.
        readers: The lattice of each alphabet that had a chance; the answer's first.
        writing: Log-probability that the drawing as a whole is writing, of which all probabilities have their part; 0
            where a lexicon says what was written.
    """

    alphabet: Alphabet
    best: tuple[int, ...]
    labels: tuple[tuple[Label, ...], ...]
    lines: tuple[int, ...]
    words: tuple[int, ...]
    texts: tuple[tuple[str, float], ...]
    readers: tuple[Reader, ...]
    writing: float = 0.0


def decode(
    judged: Judged,
    scores: Scores,
    knowledge: Knowledge,
    alphabet: AlphabetChoice = "auto",
    lexicon: Sequence[str] | None = None,
    texts: int = 3,
    weights: Weights | None = None,
    whole: Whole | None = None,
) -> Decoded:
    """Reads the lattice.

    Args:
        judged: The cuts as the networks of cuts judge them.
        scores: The classifier's scores of each.
        knowledge: What is known of lines and words.
        alphabet: What may be answered; "auto" takes the best of digits, letters and both.
        lexicon: If given, the text must be one of these; where none has as many characters as any way through the
            lattice, every glyph is rejected.
        texts: How many texts to answer at least, if there are so many.
        weights: How to weigh; the tuned ones if None.
        whole: What its lines say read whole, which is asked where there is doubt; None where they are not.
    """
    weights, texts = weights or Weights(), max(texts, 1)
    if lexicon:
        lattice = Lattice(judged, scores, widest(alphabet), weights)
        return _in_lexicon(lattice, knowledge, lexicon, texts, whole)
    candidates: tuple[Alphabet, ...] = ("digits", "letters", "alphanumeric") if alphabet == "auto" else (alphabet,)
    costs: dict[str, float] = {"letters": weights.letters, "alphanumeric": weights.mixed} if alphabet == "auto" else {}
    lattices = [Lattice(judged, scores, c, weights) for c in candidates]
    found = [(lattice, lattice.best_paths()) for lattice in lattices]
    hopes = [paths[0].score - costs.get(lattice.alphabet, 0.0) for lattice, paths in found]
    readers = [
        Reader(lattice, paths, knowledge, costs.get(lattice.alphabet, 0.0))
        for (lattice, paths), hope in zip(found, hopes, strict=True)
        if hope > max(hopes) - _FAR[0] - _FAR[1] * judged.cuts.primitives
    ]
    heard = _shared(readers, weights.sharpness)
    likeliest = _likeliest(_texts(heard, _DOUBTED, sure_of_spaces=True))
    asked = whole if likeliest < _SURE and judged.cuts.primitives else None
    if asked is not None:
        readers = [reader.told(asked) for reader in readers]
        heard = _shared(readers, weights.sharpness)
    chosen = _narrowest([reader for reader, _ in heard], max(heard, key=lambda each: each[1])[0])
    readers.remove(chosen)
    best = chosen.paths[0].hypotheses
    place = chosen.place(best)
    # how doubtful it is the lattice tells better: a scribble read whole is like some text too, if it says anything
    silence = None if asked is None else asked.silence(place.lines)
    writing = chosen.lattice.log_writing(best, math.log(max(likeliest, _LEAST)), silence)
    labels = chosen.sure_labels(best, writing)
    # the answer is spelled by the best way through, so that glyphs and text agree
    answer = place.text([options[0][0] for options in labels])
    ranked = sorted(_texts(heard, texts, writing).items(), key=lambda item: (item[0] != answer, -item[1]))
    everyone = (chosen, *readers)
    return Decoded(chosen.lattice.alphabet, best, labels, place.lines, place.words, tuple(ranked), everyone, writing)


def _shared(readers: Sequence[Reader], sharpness: float) -> list[tuple[Reader, float]]:
    """The readers that have a chance beside the best, each with its share of the whole."""
    totals = np.array([reader.score - reader.cost for reader in readers])
    shares = softmax(np.where(totals > totals.max() - _FAINT, totals, -np.inf).tolist(), sharpness)
    return [(reader, share) for reader, share in zip(readers, shares.tolist(), strict=True) if share]


def _narrowest(readers: Sequence[Reader], best: Reader) -> Reader:
    """What reads as the best does, in any case, with the fewest characters: 2048 are digits, not both."""
    size = len(best.lattice.characters)
    smaller = (r for r in readers if len(r.lattice.characters) < size)
    same = (r for r in smaller if r.answer().lower() == best.answer().lower())
    return min(same, key=lambda reader: len(reader.lattice.characters), default=best)


def _texts(
    heard: Sequence[tuple[Reader, float]], count: int, writing: float = 0.0, sure_of_spaces: bool = False
) -> dict[str, float]:
    """The texts of readers with their probabilities, each reader having its share of the whole."""
    spelled: dict[str, float] = {}
    for reader, share in heard:
        for text, probability in reader.texts(count, writing, sure_of_spaces):
            # added up, shares may come to a little more than 1
            spelled[text] = min(spelled.get(text, 0.0) + share * probability, 1.0)
    return spelled


def _likeliest(texts: dict[str, float]) -> float:
    """Probability of the likeliest text, whatever its case, its spaces and which of two look-alikes it has: that is no
    doubt about its being writing."""
    alike: dict[str, float] = {}
    for text, p in texts.items():
        folded = "".join(text.lower().translate(_ALIKE).split())
        alike[folded] = alike.get(folded, 0.0) + p
    return max(alike.values())


def _in_lexicon(
    lattice: Lattice, knowledge: Knowledge, lexicon: Sequence[str], texts: int, whole: Whole | None
) -> Decoded:
    reader = Reader(lattice, lattice.best_paths(), knowledge, words=False)
    words, probabilities = _words(reader, lexicon)
    if whole is not None and words and probabilities[0] < _SURE:
        reader = reader.told(whole)
        words, probabilities = _words(reader, lexicon)
    if not words:
        best = reader.paths[0].hypotheses
        place = reader.place(best)
        nothing = place.text([None] * len(best))
        refused = tuple(((None, 1.0),) for _ in best)
        return Decoded(lattice.alphabet, best, refused, place.lines, place.words, ((nothing, 1.0),), (reader,))
    answer, path, _ = words[0]
    place = reader.place(path.hypotheses)
    labels = []
    for char, options in zip("".join(answer.split()), reader.sure_labels(path.hypotheses), strict=True):
        same = sum(p for label, p in options if label is not None and label.lower() == char.lower())
        others = tuple(o for o in options if o[0] is None or o[0].lower() != char.lower())
        # the list knows what the glyph alone does not: no character is less sure than the word
        labels.append(((char, max(same, probabilities[0])), *others))
    ranked = tuple((word, p) for (word, _, _), p in zip(words[:texts], probabilities, strict=False))
    return Decoded(lattice.alphabet, path.hypotheses, tuple(labels), place.lines, place.words, ranked, (reader,))


def _words(reader: Reader, lexicon: Sequence[str]) -> tuple[list[tuple[str, Path, float]], list[float]]:
    """The words of a list that some way spells, best first, and how probable each is among them."""
    words = best_words([(path, reader.rows(path)) for path in reader.paths], reader.lattice.characters, lexicon)
    probabilities: list[float] = []
    if words:
        probabilities = softmax([score for _, _, score in words], reader.lattice.weights.sharpness).tolist()
    return words, probabilities
