"""Networks by name, in Keras 3 and its operations alone, so that they train on any backend and load for years."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.normalize import SIDE
from model.training.architectures.description import Description, LayerDescription, describe
from model.training.architectures.parts import Drop, drop_at
from model.training.architectures.plain import deep, small
from model.training.architectures.rcnn import recurrent
from model.training.architectures.references import reference_a, reference_b, reference_c, reference_d, reference_e

__all__ = [
    "ARCHITECTURES",
    "OUTPUTS",
    "Architecture",
    "Description",
    "LayerDescription",
    "build",
    "describe",
    "load",
    "load_weights",
    "mean",
]

OUTPUTS = len(CLASSES) + 1
"""A logit for each class, and last the logit of "not a character"."""


@dataclass(frozen=True)
class Architecture:
    """A network without its input and its last dense layer, which all have in common.

    Attributes:
        summary: What it is, in a line.
        features: (n, height, width, 1) pictures and how to drop → (n, any) features.
    """

    summary: str
    features: Callable[[keras.KerasTensor, Drop], keras.KerasTensor]


ARCHITECTURES: dict[str, Architecture] = {
    "xs": Architecture("plain residual CNN, half as wide as s", partial(small, stem=16, middle=32, top=64)),
    "s": Architecture("plain residual CNN, small", partial(small, stem=32, middle=48, top=96)),
    "m": Architecture(
        "residual CNN twice as deep, the one that serves",
        partial(deep, stem=32, middle=64, top=128, last=192, dense=256),
    ),
    "l": Architecture(
        "m, half as wide again: a teacher", partial(deep, stem=48, middle=96, top=192, last=256, dense=384)
    ),
    "rcnn": Architecture("recurrent CNN, unrolled three times", partial(recurrent, bottom=40, top=80)),
    "rcnn-cnn": Architecture("rcnn as wider CNN, without recurrence", partial(recurrent, bottom=60, top=120, steps=0)),
    "reference-a": Architecture("two convolutions, dense 512", reference_a),
    "reference-b": Architecture("seven convolutions with batch normalization", reference_b),
    "reference-c": Architecture("four LeakyReLU convolutions, dense 512", reference_c),
    "reference-d": Architecture("four large convolutions, dense 128", reference_d),
    "reference-e": Architecture("three small convolutions, three dense layers", reference_e),
}


def build(
    name: str,
    *,
    outputs: int = OUTPUTS,
    height: int = SIDE,
    width: int = SIDE,
    noise: float = 0.0,
    dropout: float | None = None,
) -> keras.Model:
    """A fresh model: (n, height, width, 1) float32 in 0..1 → (n, outputs) logits.

    Neither `noise` nor `dropout` changes the weights' number or order, so that `set_weights` goes between such models.

    Args:
        name: One of `ARCHITECTURES`.
        outputs: Logits.
        height: Of the pictures, in pixels.
        width: Of the pictures, in pixels.
        noise: Standard deviation of Gaussian noise upon the pixels while training; 0 for none.
        dropout: Rate instead of the net's own wherever it drops units, in 0..1, 1 excluded. Our plain nets can drop
            before the logits, and do not by themselves.

    Raises:
        ValueError: no architecture has that name, an argument is out of range, or the pictures are too small.
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"unknown architecture {name!r}; expected one of {', '.join(ARCHITECTURES)}")
    if min(outputs, height, width) < 1:
        raise ValueError(f"expected outputs, height and width of at least 1, got {outputs}, {height} and {width}")
    if noise < 0:
        raise ValueError(f"expected noise of at least 0, got {noise}")
    if dropout is not None and not 0 <= dropout < 1:
        raise ValueError(f"expected a dropout rate from 0 to below 1, got {dropout}")
    image = layers.Input((height, width, 1), name="image")
    noisy = layers.GaussianNoise(noise)(image) if noise else image
    try:
        x = ARCHITECTURES[name].features(noisy, drop_at(dropout))
    except ValueError as error:
        raise ValueError(
            f"{name} cannot take pictures of {height}×{width}: its convolutions shrink them away"
        ) from error
    return keras.Model(image, layers.Dense(outputs, name="logits", dtype="float32")(x))


def load(path: Path, compiled: bool = False) -> keras.Model:
    """A model saved by training.

    Args:
        path: The file.
        compiled: Whether its optimizer is loaded too, as it was, for the training to go on.

    Raises:
        ValueError: the file is missing or no Keras model that can be loaded.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such file; expected a model in Keras's .keras format")
    try:
        return keras.models.load_model(path, compile=compiled)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path}: expected a model in Keras's .keras format") from error


def load_weights(path: Path, like: keras.Model) -> list[NDArray[np.float32]]:
    """The weights of a saved model of the same architecture as `like`.

    Raises:
        ValueError: there is none, or its architecture or the size of its pictures is another.
    """
    weights = load(path).get_weights()
    if [w.shape for w in weights] != [w.shape for w in like.get_weights()]:
        raise ValueError(f"{path}: expected a model of the same architecture, for pictures of the same size")
    return list(weights)


def mean(paths: Sequence[Path]) -> keras.Model:
    """The model whose weights are the mean of those of models that one of them was trained on from.

    Where they are near enough to each other it is better than each (Wortsman et al., "Model soups", ICML 2022).

    Raises:
        ValueError: a file is missing, or of another architecture than the first.
    """
    model = load(paths[0])
    all_weights = [load_weights(path, model) for path in paths]
    model.set_weights([np.mean(same, axis=0) for same in zip(*all_weights, strict=True)])
    return model
