"""Networks by name, in Keras 3 and its operations alone, so that they train on any backend."""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers

from model.reading.alphabet import CLASSES
from model.reading.normalize import SIDE

OUTPUTS = len(CLASSES) + 1
"""A logit for each class, and last the logit of "not a character"."""

_MEAN, _DEVIATION = 0.13, 0.31  # of normalized glyphs


def _convolution(x: keras.KerasTensor, channels: int, size: int = 3, stride: int = 1) -> keras.KerasTensor:
    """Convolution and batch normalization, without activation."""
    x = layers.Conv2D(channels, size, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization()(x)


def _block(x: keras.KerasTensor, channels: int, size: int = 3, stride: int = 1) -> keras.KerasTensor:
    return layers.ReLU()(_convolution(x, channels, size, stride))


def _residual(x: keras.KerasTensor) -> keras.KerasTensor:
    """Two convolutions around a shortcut (He et al., CVPR 2016)."""
    channels = x.shape[-1]
    y = _convolution(_block(x, channels), channels)
    return layers.ReLU()(layers.Add()([x, y]))


def _plain(widths: tuple[int, int, int]) -> keras.Model:
    """A plain residual CNN: a 5×5 stem that halves at once, for full-resolution convolutions cost the most on a CPU."""
    stem, middle, top = widths
    image = layers.Input((SIDE, SIDE, 1), name="image")
    x = layers.Rescaling(1 / _DEVIATION, offset=-_MEAN / _DEVIATION)(image)
    x = _block(x, stem, 5, stride=2)  # 14×14
    x = _residual(_block(x, middle))
    x = _residual(_block(x, top, stride=2))  # 7×7
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(OUTPUTS, name="logits")(x))


ARCHITECTURES: dict[str, Callable[[], keras.Model]] = {
    "xs": lambda: _plain((16, 32, 64)),
    "s": lambda: _plain((32, 48, 96)),
}


def build(name: str) -> keras.Model:
    """A fresh model: (n, 28, 28, 1) float32 in 0..1 → (n, 63) logits.

    Raises:
        ValueError: no architecture has that name.
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"unknown architecture {name!r}; expected one of {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]()
