"""The recurrent CNN of Liang & Hu, "Recurrent Convolutional Neural Network for Object Recognition", CVPR 2015."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from model.training.architectures.parts import Drop, standardize


@keras.saving.register_keras_serializable("glyphline")
class LocalResponseNormalization(layers.Layer):  # type: ignore[misc]
    """Divides each unit by (1 + α/N Σ x²)^β, the sum being over the N channels around its own.

    N is an eighth of the channels and one; channels beyond the first or last count as 0. Shapes stay as they are.
    """

    def __init__(self, alpha: float = 0.001, beta: float = 0.75, **options: Any):
        super().__init__(**options)
        self.alpha, self.beta = alpha, beta

    def build(self, input_shape: tuple[Any, ...]) -> None:
        """Takes the number of channels from the last axis."""
        channel = np.arange(input_shape[-1])
        around = channel.size // 8 + 1
        near = np.abs(channel[:, None] - channel) <= around // 2
        self._shares = np.float32(self.alpha / around) * near  # a product with it is the sum over the neighbours
        super().build(input_shape)

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """(…, channels) → the same shape."""
        power = ops.matmul(ops.square(x), ops.convert_to_tensor(self._shares, self.compute_dtype))
        return x * ops.exp(-self.beta * ops.log1p(power))  # the same by ops.power nearly doubles a training step

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes."""
        return {**super().get_config(), "alpha": self.alpha, "beta": self.beta}


@keras.saving.register_keras_serializable("glyphline")
class RecurrentConvolution(layers.Layer):  # type: ignore[misc]
    """A recurrent convolutional layer: h₀ = g(W_f∗u + b), then `steps` times h = g(W_f∗u + W_r∗h + b).

    g is ReLU and local response normalization; the weights of all steps are the same. 3×3 kernels,
    (n, height, width, any) → (n, height, width, channels) float32.
    """

    def __init__(self, channels: int, steps: int = 3, **options: Any):
        super().__init__(**options)
        self.channels, self.steps = channels, steps
        self.feed = layers.Conv2D(channels, 3, padding="same", name="feed")
        self.recur = layers.Conv2D(channels, 3, padding="same", use_bias=False, name="recur")
        self.normalize = LocalResponseNormalization(name="normalize")

    def build(self, input_shape: tuple[Any, ...]) -> None:
        """Makes the two kernels and the bias."""
        state = (*input_shape[:-1], self.channels)
        self.feed.build(input_shape)
        self.recur.build(state)
        self.normalize.build(state)
        super().build(input_shape)

    def call(self, u: keras.KerasTensor) -> keras.KerasTensor:
        """(n, height, width, any) → (n, height, width, channels)."""
        fed = self.feed(u)
        h = self.normalize(ops.relu(fed))
        for _ in range(self.steps):
            h = self.normalize(ops.relu(fed + self.recur(h)))
        return h

    def get_config(self) -> dict[str, Any]:
        """What `__init__` takes."""
        return {**super().get_config(), "channels": self.channels, "steps": self.steps}


def recurrent(image: keras.KerasTensor, drop: Drop, bottom: int, top: int, steps: int = 3) -> keras.KerasTensor:
    """Convolution, two pairs of recurrent layers with a pooling between them, global maximum; RCNN of the paper.

    What differs, for a CPU's sake: the first convolution halves by its stride and not by a pooling behind it, and the
    first pair is narrower than the second. `steps` 0 takes the recurrence away: the paper's WCNN, once it is widened.
    """
    x = layers.Conv2D(bottom, 5, strides=2, padding="same", activation="relu")(standardize(image))  # 14×14
    x = drop(_recurrent(x, bottom, steps), 0.5)
    x = _recurrent(x, bottom, steps)
    x = drop(layers.MaxPooling2D(3, strides=2, padding="same")(x), 0.5)  # 7×7
    x = drop(_recurrent(x, top, steps), 0.5)
    return layers.GlobalMaxPooling2D()(_recurrent(x, top, steps))


def _recurrent(x: keras.KerasTensor, channels: int, steps: int) -> keras.KerasTensor:
    if steps:
        return RecurrentConvolution(channels, steps)(x)
    return LocalResponseNormalization()(layers.Conv2D(channels, 3, padding="same", activation="relu")(x))
