"""Trains a glyph classifier by a recipe, with checkpoints that a killed run goes on from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import Empty, Queue

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from tqdm import tqdm

from model.training.data import as_float
from model.training.history import Row, TensorBoard, write_history
from model.training.mixture import Batch, Mixture
from model.training.recipe import Recipe
from model.training.sources import load_sources
from model.training.trainer import DivergedError, Trainer, fresh
from model.training.validation import Validation


def logits_of(model: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, h, w) uint8 → (n, 63) logits, in batches."""
    chunks = [
        ops.convert_to_numpy(model(as_float(images[at : at + 512])[..., None], training=False))
        for at in range(0, len(images), 512)
    ]
    return np.concatenate(chunks)


@contextmanager
def _prefetched(mixture: Mixture, steps: range) -> Iterator[Iterator[Batch]]:
    """Batches made in a thread beside the training step, until the block ends; what goes wrong there is raised here."""
    queue: Queue[Batch | Exception] = Queue(maxsize=8)
    ended = threading.Event()

    def produce() -> None:
        try:
            for step in steps:
                queue.put(mixture(step))
                if ended.is_set():
                    return
        except Exception as error:
            queue.put(error)

    def batches() -> Iterator[Batch]:
        for _ in steps:
            batch = queue.get()
            if isinstance(batch, Exception):
                raise batch
            yield batch

    thread = threading.Thread(target=produce, name="batches", daemon=True)
    thread.start()
    try:
        yield batches()
    finally:
        ended.set()
        with suppress(Empty):  # it may wait to put down one batch more
            while True:
                queue.get_nowait()
        thread.join()


class _Reports:
    """Looks at the validation sets now and then, and writes down what is seen."""

    def __init__(self, trainer: Trainer, validation: Validation, out: Path, every: int, verbose: bool):
        self._trainer, self._validation, self._out = trainer, validation, out
        self._every, self._verbose = every, verbose
        self._log = TensorBoard(out / "tensorboard")

    def make_if_due(self) -> None:
        """Makes the report that is due, if one is.

        Raises:
            DivergedError: the validation loss is no finite number.
        """
        trainer = self._trainer
        if not trainer.is_due(self._every):
            return
        row = self._row()
        trainer.record(row)
        trainer.save()
        self.write()
        self._log.add(trainer.step, row)
        if self._verbose:
            tqdm.write("  ".join(f"{name} {value:.5g}" for name, value in row.items()))

    def write(self) -> None:
        """Writes all reports so far, if there are any."""
        if self._trainer.history:
            write_history(self._out, self._trainer.history)

    def _row(self) -> Row:
        """How the averaged weights do now, and how the steps since the last report went."""
        trainer, lap, batch = self._trainer, self._trainer.lap, self._trainer.recipe.batch
        row = {"step": trainer.step, "images": trainer.step * batch, "loss": float(np.mean(lap.losses))}
        row["images_a_second"] = len(lap.losses) * batch / lap.seconds
        row["cpu_seconds"] = (trainer.history[-1]["cpu_seconds"] if trainer.history else 0.0) + lap.cpu_seconds
        row |= self._validation.figures(partial(logits_of, trainer.with_weights(trainer.average)))
        trainer.finite("validation loss", row["val_loss"])
        return row


def train(data: Path | None, out: Path, recipe: Recipe, report_every: int = 1000, verbose: bool = True) -> keras.Model:
    """Trains, or goes on from `out`'s checkpoint, and returns the model that did best on validation.

    Writes into `out`: `checkpoint.npz`, `history.json`, `history.csv`, `curves.png`, a TensorBoard log, and
    `model.keras`, the averaged weights with the least validation loss. A training that diverges ends with these.

    Args:
        data: Folder of the shared data, or file or folder of an official dataset; None fetches that.
        out: Folder of the run; made where there is none.
        recipe: How to train.
        report_every: Steps between two looks at the validation sets.
        verbose: Whether to print a line for each, and one about the dataset.

    Raises:
        ValueError, OSError: the recipe or the data cannot be used, or `out` not be written.
        DivergedError: before the first look, so that there is nothing to keep.
        KeyboardInterrupt: Ctrl-C; what was learned so far is kept, and the message says where the next call goes on.
    """
    fresh(recipe)  # what cannot be built is told before the data is read
    out.mkdir(parents=True, exist_ok=True)
    mixture, validation = load_sources(data, recipe)
    if verbose and mixture.note:
        tqdm.write(mixture.note)
    if recipe.epochs:
        recipe = replace(recipe, images=recipe.epochs * mixture.epoch)
    trainer = Trainer(recipe, out)
    reports = _Reports(trainer, validation, out, report_every, verbose)
    stopped: KeyboardInterrupt | None = None
    try:
        _run(trainer, mixture, reports)
    except DivergedError as error:
        if trainer.best_step() is None:
            raise
        tqdm.write(f"{error}; kept are the weights of step {trainer.best_step()}, the best until then")
    except KeyboardInterrupt:
        trainer.save()
        reports.write()  # it may have come before the last one was written down
        stopped = KeyboardInterrupt(f"stopped at step {trainer.step}; the same command goes on from there")
    model = trainer.with_weights(trainer.average if trainer.best_step() is None else trainer.best)
    model.save(out / "model.keras")
    if stopped:
        raise stopped
    return model


def _run(trainer: Trainer, mixture: Mixture, reports: _Reports) -> None:
    """All steps that are left, or those until the recipe's patience is spent."""
    reports.make_if_due()  # Ctrl-C may have come in the midst of one
    steps = range(trainer.step, trainer.recipe.steps)
    with (
        tqdm(steps, initial=trainer.step, total=trainer.recipe.steps, unit="step", mininterval=5) as bar,
        _prefetched(mixture, steps) as batches,
    ):
        for batch in batches:
            trainer.learn(batch)
            bar.update()
            reports.make_if_due()
            if trainer.is_stale():
                tqdm.write(f"stopped at step {trainer.step}: no better for {trainer.recipe.patience} reports")
                break
