"""An exported net → a Keras model to train on from, where what it was exported from is not at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import keras
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from keras import layers, ops
from numpy.typing import NDArray

from model.reading.classify import picture_net
from model.training import architectures
from model.training.recipe import Recipe
from model.training.sources import load_sources

_KERNELS = schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.FULLY_CONNECTED
_STATISTICS = 40
"""Batches of training that tell what each layer's batch normalization is given."""
_JUNK = 0.2
"""Share of them that is junk, as in the trainings of what ships."""
_TOLERANCE = 0.1
"""How far logits may be from the exported net's, as a share of their deviation: it rounds activations to eight bits."""

Floats = NDArray[np.float32]


def restore(exported: Path, architecture: str, data: Path) -> keras.Model:
    """A model that answers as an exported net does, and learns like one that was trained.

    An export has batch normalization folded into the kernels before it. Here it is taken out again: kernels are as
    large as fresh ones (He et al., ICCV 2015), and the statistics are those of what training shows.

    Args:
        exported: A `.tflite` file that `export` wrote as `litert` or `litert-dynamic`.
        architecture: Its name in `architectures.ARCHITECTURES`.
        data: The shared folder.

    Raises:
        ValueError, OSError: a file cannot be used, or the net is of another architecture.
    """
    weights, model = exported.read_bytes(), architectures.build(architecture)
    try:
        net, kernels = picture_net(weights), list(_kernels(weights))
    except ValueError as error:
        raise ValueError(f"{exported}: {error}") from error
    taking = [layer for layer in model.layers if isinstance(layer, layers.Conv2D | layers.Dense)]
    if [tuple(layer.kernel.shape) for layer in taking] != [kernel.shape for kernel, _ in kernels]:
        raise ValueError(f"{exported}: expected a net of architecture {architecture}")
    mixture, _ = load_sources(data, Recipe(junk_share=_JUNK))
    pictures = [mixture(step)[0] for step in range(_STATISTICS)]
    norms = {layer.input.name: layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)}
    for layer, (kernel, bias) in zip(taking, kernels, strict=True):
        if layer.output.name in norms:
            _unfold(layer, norms[layer.output.name], kernel, bias)
        else:
            layer.set_weights([kernel, bias])
    _adjust(model, list(norms.values()), pictures)
    asked, answers = net(pictures[0][..., 0]), ops.convert_to_numpy(model(pictures[0], training=False))
    if not np.abs(asked - answers).mean() < _TOLERANCE * asked.std():
        raise ValueError(f"{exported}: expected a net whose batch normalization follows its kernels")
    return model


def _kernels(weights: bytes) -> Iterator[tuple[Floats, Floats]]:
    """Each kernel of a net in Keras's layout, and its bias, from first to last.

    Raises:
        ValueError: they are neither float32 nor, biases aside, int8.
    """
    net = schema.ModelT.InitFromPackedBuf(weights, 0)
    graph = net.subgraphs[0]

    def values(which: int) -> Floats:
        tensor = graph.tensors[which]
        data = net.buffers[tensor.buffer].data
        if data is None or tensor.type not in (schema.TensorType.FLOAT32, schema.TensorType.INT8):
            raise ValueError("expected a net exported as litert or litert-dynamic")
        if tensor.type == schema.TensorType.FLOAT32:
            return np.frombuffer(data.tobytes(), np.float32).reshape(tensor.shape)
        scale = np.asarray(tensor.quantization.scale, np.float32)
        whole = np.frombuffer(data.tobytes(), np.int8).reshape(len(scale), -1)  # a scale for each channel
        return np.asarray(whole * scale[:, None], np.float32).reshape(tensor.shape)

    for operator in graph.operators:
        if net.operatorCodes[operator.opcodeIndex].builtinCode in _KERNELS:
            _, kernel, bias = operator.inputs
            out_first = values(kernel)
            yield np.moveaxis(out_first, 0, -1), values(bias) if bias >= 0 else np.zeros(len(out_first), np.float32)


def _unfold(layer: keras.Layer, norm: keras.Layer, kernel: Floats, bias: Floats) -> None:
    """Divides a kernel into one as large as a fresh one, and what batch normalization makes of it."""
    size = np.sqrt((kernel**2).sum(axis=tuple(range(kernel.ndim - 1))))
    scale = np.sqrt(2.0) / np.maximum(size, 1e-3 * size.max())
    layer.set_weights([kernel * scale])
    norm.set_weights([1 / scale, bias, np.zeros_like(bias), np.full_like(bias, 1 - norm.epsilon)])


def _adjust(model: keras.Model, norms: Sequence[keras.Layer], pictures: Sequence[Floats]) -> None:
    """Gives batch normalization the statistics of what it is given, and answers as before."""
    probe = keras.Model(model.input, [norm.input for norm in norms])
    sums = [np.zeros((2, norm.gamma.shape[0])) for norm in norms]
    weight = 1 / len(pictures)
    for batch in pictures:
        for total, given in zip(sums, probe(batch, training=False), strict=True):
            values = ops.convert_to_numpy(given).astype(np.float64)
            axes = tuple(range(values.ndim - 1))
            total += weight * np.stack([values.mean(axis=axes), (values**2).mean(axis=axes)])
    for norm, (mean, square) in zip(norms, sums, strict=True):
        gamma, beta, _, _ = norm.get_weights()
        variance = square - mean**2
        norm.set_weights([gamma * np.sqrt(variance + norm.epsilon), beta + gamma * mean, mean, variance])
