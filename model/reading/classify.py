"""A batch of glyphs → log-probabilities. The one place that knows where the shipped weights are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.litert import LiteRT, weights_of
from model.reading.normalize import SIDE
from model.reading.online import CARD, Online

T = TypeVar("T")

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
"""The shipped model: `glyph.json` describes it, `glyph.tflite` is it."""

_GUESSED = np.float32(0.5)
"""Factor on what the way of the pen says where it was only guessed."""

Net = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""(k, 28, 28) pictures, 0 to 1 → (k, 63) logits, float32: one for each class, and last of being no character."""


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
        card = Card.load(directory)
        try:
            net = picture_net(weights_of(directory / "glyph.tflite", card.sha256))
        except (OSError, ValueError) as error:
            raise ModelError(f"no usable model in {directory}: {error}") from error
        return cls(net, card, None if pictures_only else load_online(directory))

    def classify(
        self,
        pictures: NDArray[np.float32],
        trajectories: NDArray[np.float32] | None = None,
        known: NDArray[np.bool_] | None = None,
    ) -> Scores:
        """Classifies all glyphs of a drawing in one batch.

        Args:
            pictures: Shape (k, 28, 28), float32, 0 background to 1 ink; k may be 0.
            trajectories: How the pen went in each, (k, *SHAPE) float32, NaN where only the picture tells; None where it
                does of all.
            known: Which of these are known, as points or a plain picture tell them: shape (k,); None where all are.

        Raises:
            ValueError: `pictures` has another shape.
        """
        logits = self.tempered(pictures)
        if self._online is not None and trajectories is not None:
            logits = self._online.pooled(logits, trajectories, known)
        return Scores.of(logits, log_prior=self.log_prior)

    def by_way(self, trajectories: NDArray[np.float32], known: NDArray[np.bool_]) -> Scores | None:
        """What the way of the pen alone says of each glyph; None without a net for that.

        Args:
            trajectories: How the pen went in each: shape (k, *SHAPE), float32.
            known: Whether that is known or guessed: shape (k,). What is guessed counts less.
        """
        if self._online is None:
            return None
        trust = np.where(known, np.float32(1), _GUESSED)[:, None]
        return Scores.of(self._online.logits(trajectories) * trust)

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the net itself answers: (k, 28, 28) → (k, 63); raises ValueError for another shape."""
        if pictures.ndim != 3 or pictures.shape[1:] != (SIDE, SIDE):
            raise ValueError(f"expected pictures of shape (k, {SIDE}, {SIDE}), got {pictures.shape}")
        return self._net(pictures)

    def tempered(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same with those of classes divided by the temperature: what opinions are weighed in."""
        return self.logits(pictures) / self._temperatures


def picture_net(weights: bytes) -> LiteRT:
    """A net of pictures, of a `.tflite` file.

    Raises:
        ValueError: the file is damaged, or a net of other shapes.
    """
    return LiteRT(weights, (SIDE, SIDE, 1), len(CLASSES) + 1)


def load_online(directory: Path) -> Online:
    """The net of trajectories that a model directory holds, or the shipped one: it does not depend on the other net.

    Raises:
        ModelError: it is damaged, or was made for other trajectories or classes.
    """
    return load_beside(Online.load, CARD, directory)


def load_beside(load: Callable[[Path], T], card: str, directory: Path) -> T:
    """A net that a model directory holds beside that of pictures, or the shipped one.

    Args:
        load: Loads it from a directory; raises OSError or ValueError.
        card: Name of the file that describes it.
        directory: The model directory.

    Raises:
        ModelError: it is damaged, or was made for something else.
    """
    place = holding(card, directory)
    try:
        return load(place)
    except (OSError, ValueError) as error:
        raise ModelError(f"no usable {place / card}: {error}") from error


def holding(name: str, directory: Path) -> Path:
    """A model directory where it holds a file of this name, or the shipped one: what hardly depends on the net."""
    return directory if (directory / name).exists() else WEIGHTS
