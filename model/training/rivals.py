"""The reference systems' trainings, as far as their code and papers tell, for a comparison on the same pictures.

What they did otherwise than every training here: they had no validation set apart from the test set they report, or
chose epochs by it. Here a part of the training set is held back to choose the weights by, and the test set is read
once. Where one of them varied its pictures, they are varied as ours are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from model.training.recipe import Recipe


@dataclass(frozen=True)
class Rival:
    """One of them.

    Attributes:
        claim: What its authors report, and on what.
        measured: What its own weights or code gave when they were run.
        recipe: How its net was trained.
    """

    claim: str
    measured: str
    recipe: Recipe


def _as_they_do(architecture: str, dataset: str, epochs: int, **options: Any) -> Recipe:
    """Without what none of them has: decay of weights, averaging, smoothing."""
    plain = Recipe(dataset, architecture, epochs=epochs, ink_share=0.0, junk_share=0.0)
    return replace(plain, weight_decay=0.0, averaging=0.0, smoothing=0.0, **options)


_ADADELTA: dict[str, Any] = {"optimizer": "adadelta", "rate": 1.0, "schedule": "constant"}
"""With the rate that was Keras's own then."""
_ADAM: dict[str, Any] = {"optimizer": "adam", "rate": 1e-3}

RIVALS: dict[str, Rival] = {
    "a": Rival(
        "none",
        "none",
        _as_they_do("reference-a", "emnist-byclass", 10, batch=256, augmented=False, **_ADADELTA),
    ),
    "b": Rival(
        "91.30 % by-merge, 88.20 % by-class, 94.65 % letters",
        "91.31 % by-merge, 88.30 % by-class, of the first 40,000 test pictures",
        _as_they_do("reference-b", "emnist-bymerge", 40, batch=32, augmented=False, **_ADAM),
    ),
    "c": Rival(
        "99.825 % of EMNIST-MNIST, one net, picked on the test set",
        "99.90 % of EMNIST-MNIST, 60 % of whose test pictures it had been trained on",
        _as_they_do("reference-c", "emnist-mnist", 256, batch=512, schedule="steps", **_ADAM),
    ),
    "d": Rival(
        "99.71 % of MNIST, the best of 700 epochs on the test set",
        "none",
        _as_they_do("reference-d", "mnist", 710, batch=64, **_ADADELTA),
    ),
    "e": Rival(
        "88.6 % of a part of its own training set",
        "87.99 % of the balanced test set",
        _as_they_do("reference-e", "emnist-balanced", 27, batch=32, augmented=False, schedule="steps", **_ADAM),
    ),
}
"""By the letter that the project calls each by."""

SHARED = ("dataset", "epochs", "images", "limit", "seed", "precision")
"""Fields of a recipe that are the same for both nets of a comparison, whatever they are."""


def beside(rival: Rival, ours: str, options: dict[str, Any]) -> dict[str, Recipe]:
    """The recipes of a rival and of one of our nets for the same pictures seen, by architecture.

    Args:
        rival: Whom to compare with.
        ours: The architecture of our net, which learns as ours do.
        options: Fields of both recipes that the caller wants otherwise, of `SHARED`.

    Raises:
        ValueError: an option is out of its range.
    """
    theirs = replace(rival.recipe, **options)
    same = {name: getattr(theirs, name) for name in (*SHARED, "ink_share", "junk_share")}
    return {theirs.architecture: theirs, ours: Recipe(architecture=ours, **same)}
