"""Reading with the Keras weights themselves: slower and larger than LiteRT, for looking at a net before its export."""

from __future__ import annotations

from pathlib import Path

from model.reading.classify import WEIGHTS, Card, Classifier, ModelError, load_online
from model.reading.recognizer import Recognizer
from model.training.evaluation.judges import KerasNets, load_net

_FILES = ("model.keras", "glyph.keras")
"""What training calls its weights, and what an export does."""


def keras_recognizer(directory: Path = WEIGHTS) -> Recognizer:
    """A recognizer around the Keras weights of a training run or an export.

    TensorFlow's threads do not survive a fork: serve it from one process, loaded after the last fork.

    Args:
        directory: With `model.keras` or `glyph.keras`, and calibrated by `glyph.json` where that is there too.

    Raises:
        ModelError: there are no Keras weights, or `glyph.json` is damaged.
        ValueError: the weights are damaged, or those of a net of other classes.
    """
    path = next((directory / name for name in _FILES if (directory / name).exists()), None)
    if path is None:
        raise ModelError(f"no Keras weights in {directory}: expected {' or '.join(_FILES)}")
    card = Card.load(directory) if (directory / "glyph.json").exists() else Card(directory.resolve().name, "keras")
    classifier = Classifier(KerasNets([load_net(path)]).logits, card, load_online(directory))
    return Recognizer.around(classifier, directory)
