"""What several networks are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import keras
from keras import layers

Drop = Callable[[keras.KerasTensor, float], keras.KerasTensor]
"""Drops units at the rate that the net asks for, or at the one that the builder asked for instead."""

Stride = int | tuple[int, int]
"""Pixels from one place that a convolution looks at to the next, down and across alike or each its own."""

_MEAN, _DEVIATION = 0.13, 0.31  # of normalized glyphs


def drop_at(rate: float | None) -> Drop:
    """Dropout (Srivastava et al., JMLR 2014) at `rate` wherever a net has one, or at the net's own rates if None."""

    def drop(x: keras.KerasTensor, own: float) -> keras.KerasTensor:
        chosen = own if rate is None else rate
        return layers.Dropout(chosen)(x) if chosen else x

    return drop


def standardize(image: keras.KerasTensor) -> keras.KerasTensor:
    """Brings the pixels of normalized glyphs, in 0..1, to mean 0 and deviation 1."""
    return layers.Rescaling(1 / _DEVIATION, offset=-_MEAN / _DEVIATION)(image)


@contextmanager
def computing_in(policy: str) -> Iterator[None]:
    """Whatever is built meanwhile computes by that policy of Keras, as "float32" or "mixed_bfloat16"."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def convolution(x: keras.KerasTensor, channels: int, size: int = 3, stride: Stride = 1) -> keras.KerasTensor:
    """Convolution and batch normalization (Ioffe & Szegedy, ICML 2015), without activation."""
    x = layers.Conv2D(channels, size, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization()(x)


def block(x: keras.KerasTensor, channels: int, size: int = 3, stride: Stride = 1) -> keras.KerasTensor:
    """Convolution, batch normalization and ReLU."""
    return layers.ReLU()(convolution(x, channels, size, stride))


def residual(x: keras.KerasTensor) -> keras.KerasTensor:
    """Two convolutions around a shortcut (He et al., CVPR 2016)."""
    channels = x.shape[-1]
    y = convolution(block(x, channels), channels)
    return layers.ReLU()(layers.Add()([x, y]))
