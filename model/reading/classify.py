"""A batch of glyphs → log-probabilities. The one place that owns the LiteRT interpreter and the shipped weights."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.normalize import SIDE

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
"""The shipped model: `glyph.json` describes it, `glyph.tflite` is it."""


class ModelError(RuntimeError):
    """A model directory that cannot be used; the message names the file and what was expected of it."""


@dataclass(frozen=True)
class Scores:
    """What the classifier thinks of k glyphs.

    Attributes:
        log_p: Log-probability of each class, given that the glyph is a character: shape (k, 62), float32.
        log_character: Log-probability that it is a character: shape (k,), float32.
        log_junk: Log-probability that it is not: shape (k,), float32.
    """

    log_p: NDArray[np.float32]
    log_character: NDArray[np.float32]
    log_junk: NDArray[np.float32]

    @classmethod
    def of(
        cls, logits: NDArray[np.float32], temperature: float = 1.0, log_prior: NDArray[np.float32] | None = None
    ) -> Scores:
        """What a net's logits say.

        Args:
            logits: One for each class, and last that of its not being a character: shape (k, 63), float32.
            temperature: Divides the classes' logits (Guo et al., ICML 2017).
            log_prior: Log of how often each class comes where this is read, added after that: shape (62,), float32.
        """
        scaled = logits[:, :-1] / np.float32(temperature) + (0 if log_prior is None else log_prior)
        junk = logits[:, -1]
        log_p = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True) if len(scaled) else scaled
        return cls(log_p, -np.logaddexp(0, junk), -np.logaddexp(0, -junk))


class Classifier:
    """The shipped net. Safe to use from many threads: each has an interpreter of its own.

    Attributes:
        name: The model's name.
        version: The model's version.
        log_prior: Log of how often each class comes, as added to its logits: shape (62,), float32; 0 if none was.
    """

    def __init__(
        self,
        weights: bytes,
        name: str = "",
        version: str = "",
        temperature: float = 1.0,
        log_prior: NDArray[np.float32] | None = None,
    ):
        self.name = name
        self.version = version
        self.log_prior = np.zeros(len(CLASSES), np.float32) if log_prior is None else log_prior
        self._weights = weights
        self._temperature = temperature
        self._threads = threading.local()

    @classmethod
    def load(cls, directory: Path = WEIGHTS) -> Classifier:
        """Loads and checks a model directory.

        Raises:
            ModelError: a file is missing, its checksum differs, or it was made for other classes.
        """
        card, weights = directory / "glyph.json", directory / "glyph.tflite"
        try:
            described = json.loads(card.read_text())
            data = weights.read_bytes()
        except (OSError, ValueError) as error:
            raise ModelError(f"no usable model in {directory}: {error}") from error
        checksum = hashlib.sha256(data).hexdigest()
        if checksum != described.get("sha256"):
            raise ModelError(f"{weights} has SHA-256 {checksum}, {card} expects {described.get('sha256')}")
        if described.get("classes") != CLASSES:
            raise ModelError(f"{card} lists the classes {described.get('classes')!r}, expected {CLASSES!r}")
        log_prior = np.array(described.get("log_prior", [0.0] * len(CLASSES)), np.float32)
        if log_prior.shape != (len(CLASSES),):
            raise ModelError(f"{card} has a log_prior of shape {log_prior.shape}, expected one number a class")
        return cls(data, described["name"], described["version"], float(described["temperature"]), log_prior)

    def classify(self, pictures: NDArray[np.float32]) -> Scores:
        """Classifies all glyphs of a drawing in one batch.

        Args:
            pictures: Shape (k, 28, 28), float32, 0 background to 1 ink; k may be 0.

        Raises:
            ValueError: `pictures` has another shape.
        """
        return Scores.of(self.logits(pictures), self._temperature, self.log_prior)

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the net itself answers: (k, 28, 28) → (k, 63); raises ValueError for another shape."""
        if pictures.ndim != 3 or pictures.shape[1:] != (SIDE, SIDE):
            raise ValueError(f"expected pictures of shape (k, {SIDE}, {SIDE}), got {pictures.shape}")
        if not len(pictures):
            return np.zeros((0, len(CLASSES) + 1), np.float32)
        interpreter: Interpreter | None = getattr(self._threads, "interpreter", None)
        if interpreter is None:
            interpreter = Interpreter(model_content=self._weights, num_threads=1)
            interpreter.allocate_tensors()
            self._threads.interpreter = interpreter
        given = interpreter.get_input_details()[0]
        if given["shape"][0] != len(pictures):
            interpreter.resize_tensor_input(given["index"], (len(pictures), SIDE, SIDE, 1))
            interpreter.allocate_tensors()
        interpreter.set_tensor(given["index"], pictures[..., None])
        interpreter.invoke()
        result: NDArray[np.float32] = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        return result
