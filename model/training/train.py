"""Trains a glyph classifier by a recipe, with checkpoints that a killed run goes on from."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from queue import Queue

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from tqdm import tqdm

from model.training import architectures
from model.training.data import as_float
from model.training.history import Row, TensorBoard, write_history
from model.training.losses import distilled, glyph_loss, mean_logits
from model.training.mixture import Batch, Mixture
from model.training.recipe import Recipe
from model.training.sources import load_sources

Weights = list[NDArray[np.float32]]


def logits_of(model: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, h, w) uint8 → (n, 63) logits, in batches."""
    chunks = [
        ops.convert_to_numpy(model(as_float(images[at : at + 512])[..., None], training=False))
        for at in range(0, len(images), 512)
    ]
    return np.concatenate(chunks)


def _prefetched(mixture: Mixture, steps: range) -> Iterator[Batch]:
    """Batches made in a thread beside the training step; what goes wrong there is raised here."""
    queue: Queue[Batch | Exception] = Queue(maxsize=8)

    def produce() -> None:
        try:
            for step in steps:
                queue.put(mixture(step))
        except Exception as error:
            queue.put(error)

    threading.Thread(target=produce, daemon=True).start()
    for _ in steps:
        batch = queue.get()
        if isinstance(batch, Exception):
            raise batch
        yield batch


def _optimizer(recipe: Recipe) -> keras.optimizers.Optimizer:
    schedules, steps = keras.optimizers.schedules, recipe.steps
    warm = steps * 8 // 100
    rate: float | keras.optimizers.schedules.LearningRateSchedule = recipe.rate
    if recipe.schedule == "cosine":
        rate = schedules.CosineDecay(0.0, steps - warm, warmup_target=recipe.rate, warmup_steps=warm)
    elif recipe.schedule == "steps":
        ends = [steps * tenth // 10 for tenth in range(5, 10)]
        rate = schedules.PiecewiseConstantDecay(ends, [recipe.rate / 3**fall for fall in range(len(ends) + 1)])
    made: keras.optimizers.Optimizer
    if recipe.optimizer == "sgd":
        made = keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=recipe.weight_decay)
    elif recipe.optimizer == "adam":
        made = keras.optimizers.Adam(rate, weight_decay=recipe.weight_decay)
    else:
        made = keras.optimizers.Adadelta(rate, weight_decay=recipe.weight_decay)
    made.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return made


class Trainer:
    """The model, its optimizer, its averaged weights, the best of them so far, and the checkpoint."""

    AVERAGE_EVERY = 10
    """Steps between two updates of the averaged weights: copying them at each would cost a tenth of the time."""

    def __init__(self, recipe: Recipe, folder: Path):
        self.recipe = recipe
        self._checkpoint = folder / "checkpoint.npz"
        self.history: list[Row] = []
        self.step = 0
        keras.utils.set_random_seed(recipe.seed)
        self.model = self._fresh(mixed=recipe.precision == "bfloat16")
        if recipe.start:
            self.model.set_weights(architectures.load(Path(recipe.start)).get_weights())
        self._teachers = [architectures.load(Path(path)) for path in recipe.teachers]
        loss = glyph_loss(recipe.smoothing)
        if self._teachers:
            loss = distilled(loss, recipe.softness, recipe.taught)
        self._optimizer = _optimizer(recipe)
        self.model.compile(self._optimizer, loss=loss)
        self._optimizer.build(self.model.trainable_variables)
        self.average: Weights = self.model.get_weights()
        self.best: Weights = self.average
        if self._checkpoint.exists():
            self._restore()

    def _fresh(self, mixed: bool = False) -> keras.Model:
        r, before = self.recipe, keras.config.dtype_policy()
        try:
            if mixed:
                keras.config.set_dtype_policy("mixed_bfloat16")
            return architectures.build(r.architecture, height=r.height, width=r.width, noise=r.noise, dropout=r.dropout)
        finally:
            keras.config.set_dtype_policy(before)

    def learn(self, batch: Batch) -> float:
        """One step; returns the loss."""
        images, truth = batch
        if self._teachers:
            answers = [ops.convert_to_numpy(teacher(images, training=False)) for teacher in self._teachers]
            truth = np.concatenate([truth, mean_logits(answers)], axis=1)
        loss = float(self.model.train_on_batch(images, truth))
        self.step += 1
        if self.step % self.AVERAGE_EVERY == 0 or self.step == self.recipe.steps:
            # early on the average must not hold on to the random start
            keep = min(self.recipe.averaging**self.AVERAGE_EVERY, self.step / (self.step + 100))
            keep *= self.recipe.averaging > 0
            self.average = [
                keep * a + (1 - keep) * w for a, w in zip(self.average, self.model.get_weights(), strict=True)
            ]
        return loss

    def with_weights(self, weights: Weights) -> keras.Model:
        """A copy of the model with other weights."""
        model = self._fresh()
        model.set_weights(weights)
        return model

    def record(self, row: Row) -> None:
        """Adds a report; the averaged weights are the best if no report had a smaller validation loss."""
        self.history.append(row)
        if self._since_best() == 0:
            self.best = self.average

    def _since_best(self) -> int:
        """Reports since the best one."""
        losses = [row["val_loss"] for row in self.history]
        return len(losses) - 1 - int(np.argmin(losses)) if losses else 0

    def is_stale(self) -> bool:
        """Whether the recipe's patience is spent."""
        return 0 < self.recipe.patience <= self._since_best()

    def save(self) -> None:
        """Writes the checkpoint whole or not at all."""
        arrays = {f"w{i}": w for i, w in enumerate(self.model.get_weights())}
        arrays |= {f"a{i}": w for i, w in enumerate(self.average)}
        arrays |= {f"b{i}": w for i, w in enumerate(self.best)}
        arrays |= {f"o{i}": ops.convert_to_numpy(v) for i, v in enumerate(self._optimizer.variables)}
        unfinished = self._checkpoint.with_suffix(".unfinished.npz")
        np.savez(
            unfinished,
            step=self.step,
            history=json.dumps(self.history),
            recipe=json.dumps(asdict(self.recipe)),
            **arrays,
        )
        unfinished.replace(self._checkpoint)

    def _restore(self) -> None:
        with np.load(self._checkpoint) as saved:
            begun, now = json.loads(str(saved["recipe"])), json.loads(json.dumps(asdict(self.recipe)))
            if begun != now:
                other = ", ".join(f"{k} {begun.get(k)!r}" for k in now if begun.get(k) != now[k])
                raise ValueError(f"{self._checkpoint} was begun with another recipe ({other}); give another --out")
            self.step = int(saved["step"])
            self.history = json.loads(str(saved["history"]))
            self.model.set_weights([saved[f"w{i}"] for i in range(len(self.average))])
            self.best = [saved[f"b{i}"] for i in range(len(self.average))]
            self.average = [saved[f"a{i}"] for i in range(len(self.average))]
            for i, variable in enumerate(self._optimizer.variables):
                variable.assign(saved[f"o{i}"])


def train(data: Path | None, out: Path, recipe: Recipe, report_every: int = 1000, verbose: bool = True) -> keras.Model:
    """Trains, or goes on from `out`'s checkpoint, and returns the model that did best on validation.

    Writes into `out`: `checkpoint.npz`, `history.json`, `history.csv`, `curves.png`, a TensorBoard log, and
    `model.keras`, the averaged weights with the least validation loss. Ctrl-C keeps what was learned so far.

    Args:
        data: Folder of the shared data, or file or folder of an official dataset; None fetches that.
        out: Folder of the run; made where there is none.
        recipe: How to train.
        report_every: Steps between two looks at the validation sets.
        verbose: Whether to print a line for each.

    Raises:
        ValueError, OSError: the recipe or the data cannot be used, or `out` not be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    mixture, validation = load_sources(data, recipe)
    if recipe.epochs:
        recipe = replace(recipe, images=recipe.epochs * mixture.epoch)
    trainer = Trainer(recipe, out)
    log = TensorBoard(out / "tensorboard")
    steps = range(trainer.step, recipe.steps)
    bar = tqdm(steps, initial=trainer.step, total=recipe.steps, unit="step", mininterval=5)
    losses: list[float] = []
    started, spent = time.monotonic(), time.process_time()
    try:
        for batch in _prefetched(mixture, steps):
            losses.append(trainer.learn(batch))
            bar.update()
            if trainer.step % report_every and trainer.step != recipe.steps:
                continue
            row = {"step": trainer.step, "images": trainer.step * recipe.batch, "loss": float(np.mean(losses))}
            row["images_a_second"] = len(losses) * recipe.batch / (time.monotonic() - started)
            before = trainer.history[-1]["cpu_seconds"] if trainer.history else 0.0
            row["cpu_seconds"] = before + time.process_time() - spent
            row |= validation.figures(partial(logits_of, trainer.with_weights(trainer.average)))
            trainer.record(row)
            trainer.save()
            write_history(out, trainer.history)
            log.add(trainer.step, row)
            if verbose:
                tqdm.write("  ".join(f"{name} {value:.5g}" for name, value in row.items()))
            if trainer.is_stale():
                tqdm.write(f"stopped at step {trainer.step}: no better for {recipe.patience} reports")
                break
            losses, started, spent = [], time.monotonic(), time.process_time()
    except KeyboardInterrupt:
        tqdm.write(f"stopped at step {trainer.step}; the same command goes on from the last checkpoint")
    bar.close()
    model = trainer.with_weights(trainer.best if trainer.history else trainer.average)
    model.save(out / "model.keras")
    return model
