"""How large a network is, and what one picture costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from model.training.architectures.rcnn import RecurrentConvolution

FLOAT_BYTES = 4


@dataclass(frozen=True)
class LayerDescription:
    """One layer of a network.

    Attributes:
        name: Its name in the model.
        kind: Its class.
        shape: Of its output for one picture, without the batch axis.
        parameters: Trainable or not.
        macs: Multiply-accumulates for one picture.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    macs: int


@dataclass(frozen=True)
class Description:
    """A network: its layers, and their sums."""

    layers: tuple[LayerDescription, ...]

    @property
    def parameters(self) -> int:
        """All of them, trainable or not."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one picture."""
        return sum(layer.macs for layer in self.layers)

    @property
    def file_bytes(self) -> int:
        """About what its weights take in a file, as float32."""
        return FLOAT_BYTES * self.parameters


def describe(model: keras.Model) -> Description:
    """Counts a functional model's parameters and multiply-accumulates.

    Convolutions and dense layers count, recurrent ones as often as they run; biases, normalization and pooling do not.

    Raises:
        ValueError: the model is not a plain graph of layers that each run once, or its pictures have no fixed size.
    """
    described = Description(tuple(_describe(layer) for layer in model.layers))
    for layer in model.get_config()["layers"]:
        if len(layer.get("inbound_nodes", ())) > 1:
            raise _uncountable(layer["config"]["name"])
    return described


def _describe(layer: layers.Layer) -> LayerDescription:
    shape: tuple[Any, ...] = getattr(getattr(layer, "output", None), "shape", (None, None))[1:]
    if None in shape or isinstance(layer, keras.Model):
        raise _uncountable(layer.name)
    return LayerDescription(layer.name, type(layer).__name__, shape, layer.count_params(), _macs(layer, shape))


def _uncountable(name: str) -> ValueError:
    return ValueError(f"cannot count layer {name!r}: expected layers that run once, on pictures of a fixed size")


def _macs(layer: Any, shape: tuple[int, ...]) -> int:
    if isinstance(layer, RecurrentConvolution):
        return _macs(layer.feed, shape) + layer.steps * _macs(layer.recur, shape)
    if isinstance(layer, layers.Conv2D | layers.Dense):
        return math.prod((*shape[:-1], *layer.kernel.shape))
    return 0
