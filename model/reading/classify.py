"""A batch of glyphs → log-probabilities. The one place that owns the LiteRT interpreter and the shipped weights."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.normalize import SIDE
from model.reading.online import FILE, Online

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
"""The shipped model: `glyph.json` describes it, `glyph.tflite` is it."""

Net = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""(k, 28, 28) pictures, 0 to 1 → (k, 63) logits, float32: one for each class, and last of being no character."""

_BATCH = 16
"""Glyphs that go through the net at once: more would take more memory, and no less time for each."""


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

    def __getitem__(self, which: NDArray[np.int64]) -> Scores:
        """Those of some glyphs, in the order given."""
        return Scores(self.log_p[which], self.log_character[which], self.log_junk[which])


class LiteRT:
    """A net in LiteRT's format, as a call: (k, 28, 28) pictures, float32, 0 to 1 → (k, 63) logits, float32.

    Safe to use from many threads and after a fork. They share one interpreter behind a lock: one for each thread
    takes memory and is no faster, as the other stages hold Python's own lock anyway (`docs/performance.md`).
    Glyphs go through it 16 at a time, or the memory of the largest drawing ever read would be kept for good.

    Raises:
        ModelError: the weights are damaged, or those of a net of other shapes.
    """

    def __init__(self, weights: bytes):
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=weights, num_threads=1)
            self._interpreter.allocate_tensors()
            (given,), (answered,) = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"no net that LiteRT can run: {error}") from error
        shapes = [detail["shape_signature"][1:].tolist() for detail in (given, answered)]
        if shapes != [[SIDE, SIDE, 1], [len(CLASSES) + 1]]:
            raise ModelError(f"expected a net of shapes (k, {SIDE}, {SIDE}, 1) → (k, {len(CLASSES) + 1}), got {shapes}")
        self._size = int(given["shape"][0])
        self._given, self._answered = int(given["index"]), int(answered["index"])

    def __call__(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """(k, 28, 28) pictures → (k, 63) logits; k may be 0."""
        logits = np.empty((len(pictures), len(CLASSES) + 1), np.float32)
        for at in range(0, len(pictures), _BATCH):
            with self._lock:
                logits[at : at + _BATCH] = self._run(pictures[at : at + _BATCH])
        return logits

    def _run(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        if len(pictures) != self._size:
            self._interpreter.resize_tensor_input(self._given, (len(pictures), SIDE, SIDE, 1))
            self._interpreter.allocate_tensors()
            self._size = len(pictures)
        self._interpreter.set_tensor(self._given, pictures[..., None])
        self._interpreter.invoke()
        logits: NDArray[np.float32] = self._interpreter.get_tensor(self._answered)
        return logits


@dataclass(frozen=True)
class Card:
    """What `glyph.json` says of a net.

    Attributes:
        name: The model's name.
        version: The model's version.
        temperature: Divides the classes' logits.
        log_prior: Log of how often each class comes, as added to its logits: shape (62,), float32; 0 if none was.
        sha256: Of `glyph.tflite`.
    """

    name: str = ""
    version: str = ""
    temperature: float = 1.0
    log_prior: NDArray[np.float32] = field(default_factory=lambda: np.zeros(len(CLASSES), np.float32))
    sha256: str = ""

    @classmethod
    def load(cls, directory: Path) -> Card:
        """Reads the card of a model directory.

        Raises:
            ModelError: it is missing, damaged, or that of a net of other classes.
        """
        path = directory / "glyph.json"
        try:
            described = json.loads(path.read_text())
            classes = described["classes"]
            card = cls(
                described["name"],
                described["version"],
                float(described["temperature"]),
                np.array(described.get("log_prior", [0.0] * len(CLASSES)), np.float32),
                described["sha256"],
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"no usable {path}: {error!r}") from error
        if classes != CLASSES:
            raise ModelError(f"{path} lists the classes {classes!r}, expected {CLASSES!r}")
        if card.log_prior.shape != (len(CLASSES),):
            raise ModelError(f"{path} has a log_prior of shape {card.log_prior.shape}, expected one number a class")
        return card


class Classifier:
    """A net and what its card says of it. As safe to use from many threads as the net is.

    Attributes:
        name: The model's name.
        version: The model's version.
        checksum: SHA-256 of its weights, in hexadecimal; "" where the card names none.
        log_prior: Log of how often each class comes, as added to its logits: shape (62,), float32; 0 if none was.
    """

    def __init__(self, net: Net, card: Card | None = None, online: Online | None = None):
        card = card or Card()
        self.name = card.name
        self.version = card.version
        self.checksum = card.sha256
        self.log_prior = card.log_prior
        self._temperatures = np.append(np.full(len(CLASSES), card.temperature, np.float32), np.float32(1))
        self._net = net
        self._online = online

    @classmethod
    def load(cls, directory: Path = WEIGHTS, pictures_only: bool = False) -> Classifier:
        """Loads and checks a model directory, without its net of trajectories if `pictures_only`.

        Raises:
            ModelError: a file is missing or damaged, its checksum differs, or it was made for other classes.
        """
        card, weights = Card.load(directory), directory / "glyph.tflite"
        try:
            data = weights.read_bytes()
        except OSError as error:
            raise ModelError(f"no usable model in {directory}: {error}") from error
        checksum = hashlib.sha256(data).hexdigest()
        if checksum != card.sha256:
            raise ModelError(f"{weights} has SHA-256 {checksum}, its glyph.json expects {card.sha256}")
        return cls(LiteRT(data), card, None if pictures_only else load_online(directory))

    def classify(self, pictures: NDArray[np.float32], trajectories: NDArray[np.float32] | None = None) -> Scores:
        """Classifies all glyphs of a drawing in one batch.

        Args:
            pictures: Shape (k, 28, 28), float32, 0 background to 1 ink; k may be 0.
            trajectories: How the pen went in each, (k, SIZE) float32, NaN where that is not known; None where it is
                known of none.

        Raises:
            ValueError: `pictures` has another shape.
        """
        logits = self.tempered(pictures)
        if self._online is not None and trajectories is not None:
            logits = self._online.pooled(logits, trajectories)
        return Scores.of(logits, log_prior=self.log_prior)

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the net itself answers: (k, 28, 28) → (k, 63); raises ValueError for another shape."""
        if pictures.ndim != 3 or pictures.shape[1:] != (SIDE, SIDE):
            raise ValueError(f"expected pictures of shape (k, {SIDE}, {SIDE}), got {pictures.shape}")
        return self._net(pictures)

    def tempered(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same with those of classes divided by the temperature: what opinions are weighed in."""
        return self.logits(pictures) / self._temperatures


def load_online(directory: Path) -> Online:
    """The net of trajectories that a model directory holds, or the shipped one: it does not depend on the other net.

    Raises:
        ModelError: it is damaged, or was made for other trajectories or classes.
    """
    place = holding(FILE, directory)
    try:
        return Online.load(place)
    except (OSError, ValueError) as error:
        raise ModelError(f"no usable {place / FILE}: {error}") from error


def holding(name: str, directory: Path) -> Path:
    """A model directory where it holds a file of this name, or the shipped one: what hardly depends on the net."""
    return directory if (directory / name).exists() else WEIGHTS
