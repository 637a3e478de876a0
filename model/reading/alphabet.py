"""The characters that can be read, in the net's class order, and the alphabets a caller may ask for."""

from __future__ import annotations

import string
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

CLASSES = string.digits + string.ascii_uppercase + string.ascii_lowercase
"""One character per output of the classifier, in EMNIST by-class order."""

REJECTED = "\N{REPLACEMENT CHARACTER}"
"""Stands in a text for ink that is not a character."""

Alphabet = Literal["digits", "letters", "uppercase", "lowercase", "alphanumeric"]
AlphabetChoice = Literal["auto", "digits", "letters", "uppercase", "lowercase", "alphanumeric"]

_CHARACTERS: dict[Alphabet, str] = {
    "digits": string.digits,
    "letters": string.ascii_letters,
    "uppercase": string.ascii_uppercase,
    "lowercase": string.ascii_lowercase,
    "alphanumeric": CLASSES,
}

ALPHABETS: tuple[Alphabet, ...] = get_args(Alphabet)


def widest(choice: AlphabetChoice) -> Alphabet:
    """All that may be answered."""
    return "alphanumeric" if choice == "auto" else choice


@cache
def alphabet_mask(alphabet: Alphabet) -> NDArray[np.bool_]:
    """Which classes belong to `alphabet`: shape (62,), True where allowed."""
    return np.array([char in _CHARACTERS[alphabet] for char in CLASSES])


@cache
def same_letter(alphabet: Alphabet) -> NDArray[np.float32]:
    """Which characters of `alphabet` are one letter, whatever the case: shape (n, n), 1 or 0."""
    characters = [c for c in CLASSES if c in _CHARACTERS[alphabet]]
    return np.array([[a.lower() == b.lower() for b in characters] for a in characters], np.float32)
