"""The files that a trained net is handed on in, each written, and read back by the run-time that will read it."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.reading.classify import picture_net

Pictures = NDArray[np.float32]
Logits = Callable[[Pictures], NDArray[np.float32]]
"""(k, 28, 28) float32, 0 to 1 → (k, 63) logits."""


@dataclass(frozen=True)
class Format:
    """One way to write a net.

    Attributes:
        file: Name of its file, or folder.
        exact: Whether it computes in float32 throughout, so that it must answer as Keras does.
        write: Writes a model to a path; given pictures (n, 28, 28) to learn the ranges of activations from.
        load: Reads a path back for classifying on one thread, as far as the run-time lets itself be told.
    """

    file: str
    exact: bool
    write: Callable[[keras.Model, Path, Pictures], None]
    load: Callable[[Path], Logits]


def _write_keras(model: keras.Model, path: Path, _: Pictures) -> None:
    model.save(path)


def _load_keras(path: Path) -> Logits:
    model = keras.models.load_model(path, compile=False)
    return lambda pictures: np.asarray(model(pictures[..., None], training=False), np.float32)


def _write_savedmodel(model: keras.Model, path: Path, _: Pictures) -> None:
    model.export(path, format="tf_saved_model", verbose=False)


def _load_savedmodel(path: Path) -> Logits:
    served = tf.saved_model.load(path)
    return lambda pictures: np.asarray(served.serve(pictures[..., None]), np.float32)


def _write_onnx(model: keras.Model, path: Path, _: Pictures) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # Keras asks NumPy for an alias that it has taken back
        model.export(path, format="onnx", verbose=False)


def _load_onnx(path: Path) -> Logits:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda pictures: np.asarray(session.run(None, {name: pictures[..., None]})[0], np.float32)


def _litert(options: Callable[[Pictures], dict[str, Any]]) -> Callable[[keras.Model, Path, Pictures], None]:
    def write(model: keras.Model, path: Path, pictures: Pictures) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of statistics that are then taken from the pictures
            model.export(path, format="litert", verbose=False, **options(pictures))

    return write


def _load_litert(path: Path) -> Logits:
    return picture_net(path.read_bytes())


_SMALLER = {"optimizations": [tf.lite.Optimize.DEFAULT]}


def _half(_: Pictures) -> dict[str, Any]:
    """Weights in float16, sums in float32."""
    return {**_SMALLER, "target_spec": {"supported_types": [tf.float16]}}


def _dynamic(_: Pictures) -> dict[str, Any]:
    """Weights in int8; activations are quantized by the range that each batch happens to have."""
    return _SMALLER


def served(model: keras.Model) -> bytes:
    """A model of any shapes as the nets that serve are: in LiteRT's format, its weights in int8."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.tflite"
        _litert(_dynamic)(model, path, np.zeros(0, np.float32))
        return path.read_bytes()


def _integer(pictures: Pictures) -> dict[str, Any]:
    """Weights and activations in int8, ranges learned from pictures; what goes in and comes out is float32.

    (Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
    CVPR 2018.)
    """
    return {
        **_SMALLER,
        "representative_dataset": lambda: ([picture[None, ..., None]] for picture in pictures),
        "target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]},
    }


FORMATS = {
    "keras": Format("glyph.keras", True, _write_keras, _load_keras),
    "savedmodel": Format("glyph_savedmodel", True, _write_savedmodel, _load_savedmodel),
    "litert": Format("glyph-f32.tflite", True, _litert(lambda _: {}), _load_litert),
    "litert-f16": Format("glyph-f16.tflite", False, _litert(_half), _load_litert),
    "litert-dynamic": Format("glyph-dynamic.tflite", False, _litert(_dynamic), _load_litert),
    "litert-int8": Format("glyph-int8.tflite", False, _litert(_integer), _load_litert),
    "onnx": Format("glyph.onnx", True, _write_onnx, _load_onnx),
}
"""Formats by name. ONNX needs tf2onnx, with the TensorFlow backend."""
