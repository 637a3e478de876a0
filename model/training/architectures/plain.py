"""Our own networks: plain residual CNNs.

All begin with a 5×5 convolution that halves at once, for full-resolution convolutions cost the most on a CPU.
Shapes in comments are those of a 28×28 picture.
"""

from __future__ import annotations

import keras
from keras import layers

from model.training.architectures.parts import Drop, block, residual, standardize


def small(image: keras.KerasTensor, drop: Drop, stem: int, middle: int, top: int) -> keras.KerasTensor:
    """Two residual blocks and global average pooling."""
    x = block(standardize(image), stem, 5, stride=2)  # 14×14
    x = residual(block(x, middle))
    x = residual(block(x, top, stride=2))  # 7×7
    return drop(layers.GlobalAveragePooling2D()(x), 0.0)


def deep(
    image: keras.KerasTensor, drop: Drop, stem: int, middle: int, top: int, last: int, dense: int
) -> keras.KerasTensor:
    """Four residual blocks and a dense layer."""
    x = block(standardize(image), stem, 5, stride=2)  # 14×14
    x = residual(residual(block(x, middle)))
    x = residual(residual(block(x, top, stride=2)))  # 7×7
    x = layers.Flatten()(block(x, last, stride=2))  # 4×4
    x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(dense, use_bias=False)(x)))
    return drop(x, 0.0)
