"""Anything that judges glyphs: the model as it serves, a file of a training run, or several of them together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.reading.classify import Classifier, ModelError, Scores, picture_net
from model.reading.normalize import SIDE
from model.training.data import GlyphSet, as_float

if TYPE_CHECKING:
    import keras

_BATCH = 256


class Judge(Protocol):
    """Something that says what glyphs are."""

    @property
    def log_prior(self) -> NDArray[np.float32]:
        """The class frequencies that its answers already hold: shape (62,), float32, logs; 0 for none."""

    def classify(self, pictures: NDArray[np.float32], trajectories: NDArray[np.float32] | None = None, /) -> Scores:
        """Judges pictures of shape (k, 28, 28), float32, 0 to 1, and how the pen went in them, where that is known."""


class KerasNets:
    """Trained Keras models as they left training, uncalibrated; several answer with the mean of their probabilities."""

    log_prior = np.zeros(len(CLASSES), np.float32)

    def __init__(self, models: Sequence[keras.Model]):
        self._models = models

    def logits(self, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        """(k, 28, 28) float32, 0 to 1 → (k, 63) logits."""
        from model.training.losses import mean_logits

        members = [np.asarray(model(pictures[..., None], training=False)) for model in self._models]
        return members[0] if len(members) == 1 else mean_logits(members)

    def classify(self, pictures: NDArray[np.float32], _: NDArray[np.float32] | None = None, /) -> Scores:
        """Judges pictures of shape (k, 28, 28), float32, 0 to 1; how the pen went is for another net."""
        return Scores.of(self.logits(pictures))


def load_net(path: Path) -> keras.Model:
    """A trained model whose outputs are those of the reader.

    Raises:
        ValueError: the file is no Keras model of the reader's shapes.
    """
    from model.training import architectures

    try:
        model = architectures.load(path)
    except ValueError as error:
        raise ValueError(f"{path} is no Keras model: {error}") from error
    if tuple(model.output_shape) != (None, len(CLASSES) + 1):
        raise ValueError(f"{path} answers with shape {model.output_shape}, expected (None, {len(CLASSES) + 1})")
    if tuple(model.input_shape) != (None, SIDE, SIDE, 1):
        size = "×".join(map(str, model.input_shape[1:3]))
        raise ValueError(f"{path} takes pictures of {size}, expected {SIDE}×{SIDE}: the reader draws no others")
    return model


def load_judge(paths: Sequence[Path], pictures_only: bool = False) -> Judge:
    """A model directory, without its net of trajectories if `pictures_only`, a `.tflite` or one or more `.keras` files.

    Raises:
        ValueError: they are something else, or a file is none.
        ModelError: the model directory or the `.tflite` file cannot be used.
    """
    if all(path.suffix == ".keras" for path in paths):
        return KerasNets([load_net(path) for path in paths])
    if len(paths) == 1 and paths[0].is_dir():
        return Classifier.load(paths[0], pictures_only)
    if len(paths) == 1 and paths[0].suffix == ".tflite":
        try:
            return Classifier(picture_net(paths[0].read_bytes()))
        except ValueError as error:
            raise ModelError(f"{paths[0]}: {error}") from error
    raise ValueError(
        f"expected a model directory, a .tflite file or .keras files, got {', '.join(str(path) for path in paths)}"
    )


def scores_of(judge: Judge, glyphs: GlyphSet) -> Scores:
    """Judges a whole set, in batches."""
    starts = tqdm(range(0, len(glyphs), _BATCH), desc="classifying", unit="batch", leave=False)
    batches = (glyphs[at : at + _BATCH] for at in starts)
    parts = [judge.classify(as_float(batch.images), batch.trajectories) for batch in batches]
    return Scores(
        np.concatenate([part.log_p for part in parts]),
        np.concatenate([part.log_character for part in parts]),
        np.concatenate([part.log_junk for part in parts]),
    )
