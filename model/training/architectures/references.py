"""The five reference systems' networks, rebuilt from the facts known of them, to compare ours with.

Each takes (n, height, width, 1) pictures, 0 paper to 1 ink, and gives the features before its last dense layer.
Convolutions are not padded and are followed by ReLU unless the code says otherwise. Sizes in comments are those of a
28×28 picture.
"""

from __future__ import annotations

import keras
from keras import layers

from model.training.architectures.parts import Drop


def _conv(x: keras.KerasTensor, channels: int, size: int, activation: str | None = "relu") -> keras.KerasTensor:
    return layers.Conv2D(channels, size, activation=activation)(x)


def reference_a(image: keras.KerasTensor, drop: Drop) -> keras.KerasTensor:
    """Two convolutions and a wide dense layer, which holds 98 % of the parameters."""
    x = _conv(_conv(image, 32, 3), 32, 3)  # 24×24
    x = drop(layers.MaxPooling2D()(x), 0.25)  # 12×12
    return drop(layers.Dense(512, activation="relu")(layers.Flatten()(x)), 0.5)


def reference_b(image: keras.KerasTensor, drop: Drop) -> keras.KerasTensor:
    """Seven convolutions, every one followed by batch normalization; strides instead of pooling."""
    x = image
    for channels in (32, 64):  # 28×28 → 12×12 → 4×4
        x = layers.BatchNormalization()(_conv(x, channels, 3))
        x = layers.BatchNormalization()(_conv(x, channels, 3))
        x = layers.Conv2D(channels, 5, strides=2, padding="same", activation="relu")(x)
        x = drop(layers.BatchNormalization()(x), 0.4)
    x = layers.BatchNormalization()(_conv(x, 128, 4))  # 1×1
    return drop(layers.Flatten()(x), 0.4)


def reference_c(image: keras.KerasTensor, drop: Drop) -> keras.KerasTensor:
    """Four convolutions with LeakyReLU (Maas et al., ICML 2013); the only reference that normalizes its input."""

    def leaky(x: keras.KerasTensor) -> keras.KerasTensor:
        return layers.LeakyReLU(negative_slope=0.3)(x)

    mean, deviation = 0.17325132, 0.3316614
    x = layers.Rescaling(1 / deviation, offset=-mean / deviation)(image)
    for channels in (32, 64):  # 28×28 → 12×12 → 4×4
        x = layers.BatchNormalization()(leaky(_conv(x, channels, 3, None)))
        x = layers.MaxPooling2D()(leaky(_conv(x, channels, 3, None)))
        x = layers.BatchNormalization()(x if channels == 32 else layers.Flatten()(x))
    return drop(layers.BatchNormalization()(leaky(layers.Dense(512)(x))), 0.2)


def reference_d(image: keras.KerasTensor, drop: Drop) -> keras.KerasTensor:
    """Four large convolutions, on dark ink upon bright paper."""
    x = layers.Rescaling(-1.0, offset=1.0)(image)
    x = layers.MaxPooling2D()(_conv(_conv(x, 64, 7), 64, 7))  # 8×8
    x = drop(_conv(x, 128, 5), 0.01)  # 4×4
    x = drop(layers.MaxPooling2D()(_conv(x, 256, 3)), 0.25)  # 1×1
    return layers.Dense(128, activation="relu")(layers.Flatten()(x))


def reference_e(image: keras.KerasTensor, drop: Drop) -> keras.KerasTensor:
    """Three small convolutions, two of them linear, and three dense layers."""
    x = layers.MaxPooling2D()(_conv(image, 14, 2, None))  # 13×13
    x = _conv(_conv(x, 28, 2), 56, 3, None)  # 10×10
    x = layers.Flatten()(layers.MaxPooling2D()(x))  # 5×5
    for width, rate in ((512, 0.2), (248, 0.15), (128, 0.1)):
        x = drop(layers.Dense(width, activation="relu")(x), rate)
    return x
