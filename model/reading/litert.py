"""A net in LiteRT's format, as a call. The one place that owns interpreters."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BATCH = 16
"""Glyphs that go through a net at once: more would take more memory, and no less time for each."""


class LiteRT:
    """A net of one input and one output: (k, …) float32 → (k, answers), float32.

    Safe to use from many threads and after a fork. They share one interpreter behind a lock: one for each thread
    takes memory and is no faster, as the other stages hold Python's own lock anyway (`docs/performance.md`).
    Glyphs go through it 16 at a time, or the memory of the largest drawing ever read would be kept for good.
    """

    def __init__(self, weights: bytes, shape: tuple[int, ...], answers: int):
        """Prepares a net.

        Args:
            weights: A `.tflite` file.
            shape: That of what it is given for each glyph.
            answers: How many numbers it answers for each.

        Raises:
            ValueError: the weights are damaged, or those of a net of other shapes.
        """
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=weights, num_threads=1)
            self._interpreter.allocate_tensors()
            (given,), (answered,) = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        except (ValueError, RuntimeError) as error:
            raise ValueError(f"no net that LiteRT can run: {error}") from error
        shapes = [tuple(detail["shape_signature"][1:].tolist()) for detail in (given, answered)]
        if shapes != [shape, (answers,)]:
            raise ValueError(f"expected a net of shapes {_named(shape)} → {_named((answers,))}, got {shapes}")
        self._shape, self._answers = shape, answers
        self._size = int(given["shape"][0])
        self._given, self._answered = int(given["index"]), int(answered["index"])

    def __call__(self, glyphs: Floats) -> Floats:
        """(k, …), of the net's shape but for axes of one → (k, answers); k may be 0.

        Raises:
            ValueError: they are of another shape.
        """
        if [side for side in glyphs.shape[1:] if side > 1] != [side for side in self._shape if side > 1]:
            raise ValueError(f"expected glyphs of shape {_named(self._shape)}, got {glyphs.shape}")
        found = np.empty((len(glyphs), self._answers), np.float32)
        shaped = glyphs.reshape(len(glyphs), *self._shape)
        for at in range(0, len(glyphs), _BATCH):
            with self._lock:
                found[at : at + _BATCH] = self._run(shaped[at : at + _BATCH])
        return found

    def _run(self, glyphs: Floats) -> Floats:
        if len(glyphs) != self._size:
            self._interpreter.resize_tensor_input(self._given, glyphs.shape)
            self._interpreter.allocate_tensors()
            self._size = len(glyphs)
        self._interpreter.set_tensor(self._given, glyphs)
        self._interpreter.invoke()
        found: Floats = self._interpreter.get_tensor(self._answered)
        return found


def weights_of(path: Path, checksum: str) -> bytes:
    """A file's bytes, once they are those that its card was written for.

    Args:
        path: The file.
        checksum: Their SHA-256, in hexadecimal.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds other bytes.
    """
    weights = path.read_bytes()
    found = hashlib.sha256(weights).hexdigest()
    if found != checksum:
        raise ValueError(f"{path} has SHA-256 {found}, its card expects {checksum}")
    return weights


def _named(shape: tuple[int, ...]) -> str:
    return f"(k, {', '.join(map(str, shape))})"
