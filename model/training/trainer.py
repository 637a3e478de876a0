"""What a training run holds at any moment: the model, its optimizer, averaged and best weights, and its checkpoint."""

from __future__ import annotations

import json
import math
from pathlib import Path

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from model.training import architectures
from model.training.architectures.parts import computing_in
from model.training.data import arrays_of
from model.training.history import Lap, Row
from model.training.losses import distilled, glyph_loss, mean_logits
from model.training.mixture import Batch
from model.training.recipe import Recipe

Weights = list[NDArray[np.float32]]


class DivergedError(ArithmeticError):
    """The loss is no finite number any more; the message says where and what to try."""


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


def fresh(recipe: Recipe, mixed: bool = False) -> keras.Model:
    """A recipe's model at random weights, computing in float32 or, if `mixed`, in bfloat16.

    Raises:
        ValueError: there is no such architecture, or it cannot take pictures of that size.
    """
    r = recipe
    with computing_in("mixed_bfloat16" if mixed else "float32"):
        return architectures.build(r.architecture, height=r.height, width=r.width, noise=r.noise, dropout=r.dropout)


def _teacher(path: Path, pupil: keras.Model) -> keras.Model:
    """A saved model that answers what the pupil is asked.

    Raises:
        ValueError: there is none, or it takes other pictures or knows other classes.
    """
    teacher = architectures.load(path)
    if (teacher.input_shape, teacher.output_shape) != (pupil.input_shape, pupil.output_shape):
        shapes = " → ".join(str(shape[1:]) for shape in (pupil.input_shape, pupil.output_shape))
        raise ValueError(f"{path}: expected a teacher of shapes {shapes}, as its pupil's")
    return teacher


class Trainer:
    """The model, its optimizer, its averaged weights, the best of them so far, and the checkpoint."""

    AVERAGE_EVERY = 10
    """Steps between two updates of the averaged weights: copying them at each would cost a tenth of the time."""

    def __init__(self, recipe: Recipe, folder: Path):
        self.recipe = recipe
        self._checkpoint = folder / "checkpoint.npz"
        self.history: list[Row] = []
        self.lap = Lap()
        self.step = 0
        keras.utils.set_random_seed(recipe.seed)
        self.model = fresh(recipe, mixed=recipe.precision == "bfloat16")
        if recipe.start:
            self.model.set_weights(architectures.load_weights(Path(recipe.start), self.model))
        self._teachers = [_teacher(Path(path), self.model) for path in recipe.teachers]
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

    def learn(self, batch: Batch) -> float:
        """One step; returns the loss.

        Raises:
            DivergedError: that is no finite number.
        """
        images, truth = batch
        if self._teachers:
            answers = [ops.convert_to_numpy(teacher(images, training=False)) for teacher in self._teachers]
            truth = np.concatenate([truth, mean_logits(answers)], axis=1)
        loss = self.finite("loss", float(self.model.train_on_batch(images, truth)))
        self.step += 1
        self.lap.losses.append(loss)
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
        model = fresh(self.recipe)
        model.set_weights(weights)
        return model

    def finite(self, what: str, loss: float) -> float:
        """The loss, where it is a finite number.

        Raises:
            DivergedError: it is not.
        """
        if math.isfinite(loss):
            return loss
        advice = f"try a --rate below {self.recipe.rate:g}, with another --out"
        raise DivergedError(f"diverged at step {self.step}: the {what} is {loss}; {advice}")

    def record(self, row: Row) -> None:
        """Adds a report; the averaged weights are the best if no report had a smaller validation loss."""
        self.history.append(row)
        self.lap = Lap()
        if self._best_report() == len(self.history) - 1:
            self.best = self.average

    def _best_report(self) -> int | None:
        """Which report had the smallest validation loss, of those that had a finite one."""
        losses = [row["val_loss"] for row in self.history]
        return min((i for i, loss in enumerate(losses) if math.isfinite(loss)), key=losses.__getitem__, default=None)

    def best_step(self) -> int | None:
        """After how many steps the best weights were those; None if no report was finite yet."""
        best = self._best_report()
        return None if best is None else int(self.history[best]["step"])

    def is_stale(self) -> bool:
        """Whether the recipe's patience is spent."""
        best = self._best_report()
        return best is not None and 0 < self.recipe.patience <= len(self.history) - 1 - best

    def is_due(self, report_every: int) -> bool:
        """Whether a report is due that was not made yet: also after Ctrl-C in the midst of one."""
        made = self.history[-1]["step"] if self.history else 0
        return self.step != made and (self.step % report_every == 0 or self.step == self.recipe.steps)

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
            lap=json.dumps([self.lap.losses, self.lap.seconds, self.lap.cpu_seconds]),
            recipe=json.dumps(self.recipe.plain()),
            **arrays,
        )
        unfinished.replace(self._checkpoint)

    def _restore(self) -> None:
        with arrays_of(self._checkpoint, "a checkpoint of this training, or none to begin anew") as saved:
            begun, now = json.loads(str(saved["recipe"])), self.recipe.plain()
            if begun != now:
                other = ", ".join(f"{k} {begun.get(k)!r}" for k in now if begun.get(k) != now[k])
                raise ValueError(f"{self._checkpoint} was begun with another recipe ({other}); give another --out")
            self.step = int(saved["step"])
            self.history = json.loads(str(saved["history"]))
            if "lap" in saved:  # earlier checkpoints were made at reports alone
                self.lap = Lap(*json.loads(str(saved["lap"])))
            self.model.set_weights([saved[f"w{i}"] for i in range(len(self.average))])
            self.best = [saved[f"b{i}"] for i in range(len(self.average))]
            self.average = [saved[f"a{i}"] for i in range(len(self.average))]
            for i, variable in enumerate(self._optimizer.variables):
                variable.assign(saved[f"o{i}"])
