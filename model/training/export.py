"""A trained Keras model → the directory that serving loads, and files for other run-times."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.reading.classify import Scores
from model.training.data import GlyphSet, as_float, by_split, characters, load_ink, load_pool, members, render
from model.training.formats import FORMATS, Logits
from model.training.measures import cross_entropy
from model.training.mixture import counted
from model.training.recipe import Recipe
from model.training.train import logits_of

_TOLERANCE = 1e-3
"""Log-probabilities in float32 may differ by this much from Keras's before the export is refused."""
_CHECKED, _RANGED, _BATCH = 1024, 400, 32
"""Glyphs that the formats are compared on, that quantization learns ranges from, and in a batch whose time is taken."""

SERVED = "glyph.tflite"
"""What serving loads: the first of an export's LiteRT formats."""


@dataclass(frozen=True)
class HeldOut:
    """Real glyphs that were not trained on.

    Attributes:
        calibrating: What the temperature is fitted on.
        checking: What the formats are compared on.
        log_prior: How often each class comes in the training data of the first: logs, shape (62,).
    """

    calibrating: GlyphSet
    checking: GlyphSet
    log_prior: NDArray[np.float32]


def held_out(data: Path, dataset: str = "shared") -> HeldOut:
    """The shared folder's held-out ink and EMNIST validation images, or what training holds back of a dataset.

    Args:
        data: The shared folder, or a dataset's files.
        dataset: "shared", or one of `registry.DATASETS`.

    Raises:
        ValueError, OSError: a file is missing or not what it should be; the message names it.
    """
    if dataset == "shared":
        train, kept = (characters(samples) for samples in by_split(load_ink(data / "ink")))
        ink = render(kept, np.random.default_rng(0))
        written = counted(np.stack([members(c.char) for c in train]))
        return HeldOut(ink, GlyphSet.joined([ink, load_pool(data / "emnist" / "emnist_pool.npz", 1)]), written)
    from model.training.sources import load_sources

    watched = load_sources(data, Recipe(dataset=dataset))[1].sets[0]
    return HeldOut(watched.glyphs, watched.glyphs, watched.log_prior)


@dataclass(frozen=True)
class Written:
    """One file of an export.

    Attributes:
        format: Its name in `FORMATS`.
        file: Its name in the folder.
        size: Bytes.
        difference: The largest from Keras's log-probabilities.
        agreement: Share of glyphs whose best class is Keras's.
        milliseconds: Time for one glyph of a batch of 32.
    """

    format: str
    file: str
    size: int
    difference: float
    agreement: float
    milliseconds: float


def export(
    model: keras.Model,
    out: Path,
    glyphs: HeldOut,
    name: str,
    version: str,
    formats: Sequence[str] = ("litert",),
    log_prior: NDArray[np.float32] | None = None,
) -> tuple[float, list[Written]]:
    """Writes a model in some formats, each after reading it back and comparing it with Keras on real glyphs.

    The first LiteRT format becomes `glyph.tflite`, with `glyph.json` beside it: together what serving loads.

    Args:
        model: (n, 28, 28, 1) → (n, 63) logits.
        out: Folder; files of the same names are replaced.
        glyphs: To fit the temperature and compare on.
        name: The model's name.
        version: The model's version.
        formats: Names in `FORMATS`.
        log_prior: How often each class comes where the model will read, logs, shape (62,); None adds nothing.

    Returns:
        The temperature, and what was written.

    Raises:
        ValueError: a format is unknown, or one in float32 answers otherwise than Keras.
        OSError: `out` cannot be written.
    """
    if unknown := set(formats) - FORMATS.keys():
        raise ValueError(f"unknown format {min(unknown)!r}; expected one of {', '.join(FORMATS)}")
    out.mkdir(parents=True, exist_ok=True)  # before anything long: it may not be allowed
    prior = np.zeros(len(CLASSES), np.float32) if log_prior is None else np.round(log_prior, 4)
    temperature = fit_temperature(
        logits_of(model, glyphs.calibrating.images)[:, :-1], glyphs.calibrating.allowed, prior
    )
    temperature = round(temperature, 4)
    order = np.random.default_rng(0).permutation(len(glyphs.checking))
    checked, ranged = (glyphs.checking.images[rows] for rows in (order[:_CHECKED], order[-_RANGED:]))
    expected = Scores.of(logits_of(model, checked), temperature, prior).log_p
    served = next((which for which in formats if which.startswith("litert")), None)
    written = []
    with tempfile.TemporaryDirectory() as folder:
        for which in tqdm(formats, desc="export", unit="format", leave=False):
            kind = FORMATS[which]
            made = Path(folder) / kind.file
            kind.write(model, made, as_float(ranged))
            answers = kind.load(made)
            log_p = Scores.of(_in_batches(answers, as_float(checked)), temperature, prior).log_p
            difference = float(np.abs(log_p - expected).max())
            if kind.exact and not difference <= _TOLERANCE:
                raise ValueError(f"{which} differs from Keras by {difference:.2g}, at most {_TOLERANCE} is allowed")
            final = out / (SERVED if which == served else kind.file)
            size = sum(file.stat().st_size for file in (made, *made.rglob("*")) if file.is_file())
            agreement = float((log_p.argmax(axis=1) == expected.argmax(axis=1)).mean())
            written.append(Written(which, final.name, size, difference, agreement, _milliseconds(answers, checked)))
            if final.is_dir():
                shutil.rmtree(final)
            shutil.move(made, final)
    if served:
        _describe(out, model, {"name": name, "version": version, "format": served}, temperature, prior)
    return temperature, written


def _describe(
    out: Path, model: keras.Model, named: dict[str, str], temperature: float, log_prior: NDArray[np.float32]
) -> None:
    """Writes `glyph.json` beside `glyph.tflite`."""
    described = {
        **named,
        "classes": CLASSES,
        "temperature": temperature,
        "parameters": model.count_params(),
        "sha256": hashlib.sha256((out / SERVED).read_bytes()).hexdigest(),
    }
    if log_prior.any():
        described["log_prior"] = [round(float(value), 4) for value in log_prior]
    (out / "glyph.json").write_text(json.dumps(described, indent=2) + "\n")


def _in_batches(answers: Logits, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([answers(pictures[at : at + _BATCH]) for at in range(0, len(pictures), _BATCH)])


def _milliseconds(answers: Logits, images: NDArray[np.uint8]) -> float:
    """The least time of a glyph in a batch: other work on the machine only ever adds to it."""
    batch = as_float(np.resize(images, (_BATCH, *images.shape[1:])))
    times = []
    for _ in range(12):
        started = time.perf_counter()
        answers(batch)
        times.append(time.perf_counter() - started)
    return 1000 * min(times) / _BATCH


def fit_temperature(
    logits: NDArray[np.float32], allowed: NDArray[np.bool_], log_prior: NDArray[np.float32] | None = None
) -> float:
    """The temperature with the least cross-entropy on held-out writers (Guo et al., ICML 2017), from a grid.

    One for each alphabet was measured on writers that they were not fitted on, and is no better than one for all.

    Args:
        logits: Shape (n, 62).
        allowed: Which classes each may be, shape (n, 62).
        log_prior: Added to the logits after they are divided, shape (62,); None adds nothing.
    """
    prior = 0 if log_prior is None else log_prior
    return min((float(t) for t in np.geomspace(0.4, 4.0, 60)), key=lambda t: cross_entropy(logits / t + prior, allowed))
