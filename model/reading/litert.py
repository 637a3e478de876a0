"""A net in LiteRT's format, as a call. The one place that owns interpreters."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BATCH = 16
"""Glyphs that go through a net at once: more would take more memory, and no less time for each."""


Shape = tuple[int | None, ...]
"""Of what a net is given for each glyph or line; None for a side that differs from one to the next."""


class LiteRT:
    """A net of one input and one output: (k, …) float32 → (k, …, answers), float32.

    Safe to use from many threads and after a fork. They share one interpreter behind a lock: one for each thread
    takes memory and is no faster, as the other stages hold Python's own lock anyway (`docs/performance.md`).
    Glyphs go through it 16 at a time, or the memory of the largest drawing ever read would be kept for good.
    """

    def __init__(self, weights: bytes, shape: Shape, answers: int):
        """Prepares a net.

        Args:
            weights: A `.tflite` file.
            shape: That of what it is given for each glyph.
            answers: How many numbers it answers for each, or for each part of it.

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
        taken, told = (tuple(detail["shape_signature"][1:].tolist()) for detail in (given, answered))
        if tuple(None if side < 0 else side for side in taken) != shape or told[-1:] != (answers,):
            raise ValueError(f"expected a net of shapes {_named(shape)} → (…, {answers}), got {taken} → {told}")
        self._shape, self._answers = shape, answers
        self._planned = tuple(given["shape"].tolist())
        self._given, self._answered = int(given["index"]), int(answered["index"])

    def __call__(self, glyphs: Floats) -> Floats:
        """(k, …), of the net's shape but for axes of one → (k, …, answers); k may be 0.

        Raises:
            ValueError: they are of another shape.
        """
        sides = tuple(side for side in glyphs.shape[1:] if side > 1)
        expected = [side for side in self._shape if side != 1]
        if len(sides) != len(expected) or any(e not in (None, side) for e, side in zip(expected, sides, strict=True)):
            raise ValueError(f"expected glyphs of shape {_named(self._shape)}, got {glyphs.shape}")
        if len(glyphs) == 0:
            return np.empty((0, self._answers), np.float32)
        left = iter(sides)
        shaped = glyphs.reshape(len(glyphs), *(1 if side == 1 else next(left) for side in self._shape))
        found = []
        for at in range(0, len(glyphs), _BATCH):
            with self._lock:
                found.append(self._run(shaped[at : at + _BATCH]))
        return np.concatenate(found)

    def _run(self, glyphs: Floats) -> Floats:
        if glyphs.shape != self._planned:
            self._interpreter.resize_tensor_input(self._given, glyphs.shape)
            self._interpreter.allocate_tensors()
            self._planned = glyphs.shape
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


def save_weights(weights: bytes, path: Path, card: Path, known: Mapping[str, object]) -> None:
    """Writes a file's bytes, and a card for them: their SHA-256, as `weights_of` asks for, and what else is known."""
    path.write_bytes(weights)
    described = {"sha256": hashlib.sha256(weights).hexdigest(), **known}
    card.write_text(json.dumps(described, indent=2) + "\n")


def _named(shape: Shape) -> str:
    return f"(k, {', '.join('any' if side is None else str(side) for side in shape)})"
