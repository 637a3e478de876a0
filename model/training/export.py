"""A trained Keras model → the directory that serving loads: `glyph.tflite` and `glyph.json`."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import keras
import numpy as np

from model.reading.alphabet import CLASSES
from model.reading.classify import Classifier
from model.training.data import as_float, by_split, load_ink, render_characters
from model.training.train import logits_of

_TOLERANCE = 1e-3
"""Logits may differ by this much between Keras and LiteRT before the export is refused."""


def export(model: keras.Model, out: Path, data: Path, name: str, version: str) -> dict[str, float]:
    """Writes the model directory, after checking it against Keras on real glyphs.

    Args:
        model: (n, 28, 28, 1) → (n, 63) logits.
        out: Directory; its `glyph.tflite` and `glyph.json` are replaced.
        data: Folder with ink/: on its held-out writers the temperature is fitted and the two run-times compared.
        name: The model's name.
        version: The model's version.

    Returns:
        `temperature`, and `difference`: the largest between the two run-times' log-probabilities.

    Raises:
        ValueError: LiteRT answers otherwise than Keras.
    """
    _, samples = by_split(load_ink(data / "ink"))
    held_out = render_characters(samples, 1, np.random.default_rng(0))
    logits = logits_of(model, held_out.images)
    temperature = fit_temperature(logits[:, :-1], held_out.allowed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "glyph.tflite"
        model.export(str(path), format="litert", verbose=False)
        weights = path.read_bytes()
    sample = as_float(held_out.images[:512])
    scaled = logits[:512, :-1] / temperature
    expected = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    answered = Classifier(weights, name, version, temperature).classify(sample).log_p
    difference = float(np.abs(expected - answered).max())
    if difference > _TOLERANCE:
        raise ValueError(f"LiteRT differs from Keras by {difference:.2g}, at most {_TOLERANCE} is allowed")
    out.mkdir(parents=True, exist_ok=True)
    (out / "glyph.tflite").write_bytes(weights)
    described = {
        "name": name,
        "version": version,
        "classes": CLASSES,
        "temperature": round(temperature, 4),
        "parameters": model.count_params(),
        "sha256": hashlib.sha256(weights).hexdigest(),
    }
    (out / "glyph.json").write_text(json.dumps(described, indent=2) + "\n")
    return {"temperature": temperature, "difference": difference}


def fit_temperature(
    logits: np.ndarray[tuple[int, ...], np.dtype[np.float32]], allowed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> float:
    """The temperature with the least cross-entropy on held-out writers (Guo et al., ICML 2017), from a grid.

    Args:
        logits: Shape (n, 62).
        allowed: Which classes each may be, shape (n, 62).
    """

    def cost(temperature: float) -> float:
        scaled = logits / temperature
        total = np.logaddexp.reduce(scaled, axis=1)
        right = np.logaddexp.reduce(np.where(allowed, scaled, -np.inf), axis=1)
        return float((total - right).mean())

    return min((float(t) for t in np.geomspace(0.4, 4.0, 60)), key=cost)
