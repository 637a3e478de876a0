"""Trains the glyph classifier: a mix of EMNIST, rendered ink and junk, with resumable checkpoints."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from queue import Queue
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.training import architectures
from model.training.augment import augment_batch
from model.training.data import (
    VARIANTS,
    GlyphSet,
    as_float,
    by_split,
    load_ink,
    load_pool,
    render_characters,
    render_flagged_ones,
    render_junk,
)
from model.training.evaluate import Validation

Batch = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True)
class Recipe:
    """How to train. The model card names the two runs that made the shipped net.

    Attributes:
        architecture: A name in `architectures.ARCHITECTURES`.
        images: How many augmented images to see in all.
        batch: Images a step.
        rate: Peak learning rate, after 8 % warm-up; falls to 0 by a cosine (Loshchilov & Hutter, ICLR 2017).
        ink_share: Part of each batch that is rendered ink.
        junk_share: Part of each batch that is junk.
        weight_decay: Decoupled decay of every convolution and dense kernel.
        averaging: Decay a step of the exponential moving average of the weights that is kept.
        seed: Decides every random choice.
        start: A trained `model.keras` of the same architecture to go on from, or "" to begin at random.
    """

    architecture: str = "s"
    images: int = 4_000_000
    batch: int = 128
    rate: float = 0.15
    ink_share: float = 0.28
    junk_share: float = 0.18
    weight_decay: float = 5e-4
    averaging: float = 0.9995
    seed: int = 1
    start: str = ""

    @property
    def steps(self) -> int:
        """Batches in all."""
        return self.images // self.batch


def glyph_loss(truth: Any, logits: Any) -> Any:
    """Cross-entropy of the classes a glyph may be, plus the binary cross-entropy of its being junk.

    Args:
        truth: (n, 63): 1 for each allowed class, then 1 for junk.
        logits: (n, 63).

    Returns:
        Shape (n,). A merged label costs −log of the sum of its members' probabilities; junk costs no class anything.
    """
    classes = len(CLASSES)
    allowed, is_junk = truth[:, :classes], truth[:, classes]
    log_p = ops.log_softmax(logits[:, :classes], axis=-1)
    merged = ops.logsumexp(ops.where(allowed > 0, log_p, -1e9), axis=-1)
    score = logits[:, classes]
    return -merged + ops.softplus(score) - is_junk * score


def logits_of(model: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 28, 28) uint8 → (n, 63) logits, in batches."""
    chunks = [
        ops.convert_to_numpy(model(as_float(images[at : at + 512])[..., None], training=False))
        for at in range(0, len(images), 512)
    ]
    return np.concatenate(chunks)


class Mixture:
    """Draws the batch of any step from the three sources, reproducibly."""

    def __init__(self, recipe: Recipe, emnist: GlyphSet, ink: GlyphSet, junk: GlyphSet):
        self._recipe = recipe
        junk_count = round(recipe.batch * recipe.junk_share)
        ink_count = round(recipe.batch * recipe.ink_share)
        self._sources = (
            (emnist, recipe.batch - ink_count - junk_count, _even_shares(emnist, 0.15)),
            (ink, ink_count, _even_shares(ink, 0.5)),
            (junk, junk_count, None),
        )

    def __call__(self, step: int) -> Batch:
        """The batch of `step`: images (n, 28, 28, 1) float32 in 0..1 and truth (n, 63) float32."""
        rng = np.random.default_rng((self._recipe.seed, step))
        images, truth = [], []
        for source, count, cumulative in self._sources:
            if cumulative is None:
                chosen = rng.integers(0, len(source), count)
            else:
                chosen = np.searchsorted(cumulative, rng.random(count) * cumulative[-1])
            images.append(source.images[chosen])
            truth.append(np.column_stack([source.allowed[chosen], source.junk[chosen]]))
        return augment_batch(np.concatenate(images), rng), np.concatenate(truth).astype(np.float32)


def _even_shares(source: GlyphSet, evenness: float) -> NDArray[np.float64]:
    """Cumulative weights that lift rare classes: each item weighs its class's count to the power −`evenness`."""
    first = source.allowed.argmax(axis=1)
    counts = np.bincount(first, minlength=len(CLASSES)).astype(float)
    return np.cumsum(counts[first] ** -evenness)


def _prefetched(mixture: Mixture, steps: range) -> Iterator[Batch]:
    """Batches made in a thread beside the training step."""
    queue: Queue[Batch] = Queue(maxsize=8)

    def produce() -> None:
        for step in steps:
            queue.put(mixture(step))

    threading.Thread(target=produce, daemon=True).start()
    for _ in steps:
        yield queue.get()


def load_sources(data: Path, recipe: Recipe) -> tuple[Mixture, Validation]:
    """Reads and renders everything: the training mixture and the held-out sets, writers never shared."""
    rng = np.random.default_rng(recipe.seed)
    pool = data / "emnist" / "emnist_pool.npz"
    train, held_out = by_split(load_ink(data / "ink"))
    written = render_characters(train, VARIANTS, rng)
    ones = written.allowed[:, CLASSES.index("1")].sum()
    ink = GlyphSet.joined([written, render_flagged_ones(int(ones) // 3, rng)])
    junk = render_junk(train, len(written) // 2, rng)
    validation = Validation(load_pool(pool, 1), render_characters(held_out, 1, rng), render_junk(held_out, 4000, rng))
    return Mixture(recipe, load_pool(pool, 0), ink, junk), validation


class Trainer:
    """The model, its optimizer, its averaged weights and its checkpoint, step by step."""

    AVERAGE_EVERY = 10
    """Steps between two updates of the averaged weights: copying them at each would cost a tenth of the time."""

    def __init__(self, recipe: Recipe, folder: Path):
        self.recipe = recipe
        self._checkpoint = folder / "checkpoint.npz"
        self.history: list[dict[str, float]] = []
        self.step = 0
        keras.utils.set_random_seed(recipe.seed)
        self.model = architectures.build(recipe.architecture)
        if recipe.start:
            self.model.set_weights(keras.models.load_model(recipe.start, compile=False).get_weights())
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, recipe.steps - recipe.steps * 8 // 100, warmup_target=recipe.rate, warmup_steps=recipe.steps * 8 // 100
        )
        self._optimizer = keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True, weight_decay=recipe.weight_decay)
        self._optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        self.model.compile(self._optimizer, loss=glyph_loss)
        self._optimizer.build(self.model.trainable_variables)
        self.average: list[NDArray[np.float32]] = self.model.get_weights()
        if self._checkpoint.exists():
            self._restore()

    def learn(self, batch: Batch) -> float:
        """One step; returns the loss."""
        loss = float(self.model.train_on_batch(*batch))
        self.step += 1
        if self.step % self.AVERAGE_EVERY == 0:
            # early on the average must not hold on to the random start
            keep = min(self.recipe.averaging**self.AVERAGE_EVERY, self.step / (self.step + 100))
            self.average = [
                keep * a + (1 - keep) * w for a, w in zip(self.average, self.model.get_weights(), strict=True)
            ]
        return loss

    def averaged(self) -> keras.Model:
        """A copy of the model with the averaged weights."""
        model = architectures.build(self.recipe.architecture)
        model.set_weights(self.average)
        return model

    def save(self) -> None:
        """Writes the checkpoint whole or not at all."""
        arrays = {f"w{i}": w for i, w in enumerate(self.model.get_weights())}
        arrays |= {f"a{i}": w for i, w in enumerate(self.average)}
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
            recipe = json.loads(str(saved["recipe"]))
            if recipe != asdict(self.recipe):
                raise ValueError(f"{self._checkpoint} was begun with another recipe: {recipe}; give another --out")
            self.step = int(saved["step"])
            self.history = json.loads(str(saved["history"]))
            self.model.set_weights([saved[f"w{i}"] for i in range(len(self.average))])
            self.average = [saved[f"a{i}"] for i in range(len(self.average))]
            for i, variable in enumerate(self._optimizer.variables):
                variable.assign(saved[f"o{i}"])


def train(data: Path, out: Path, recipe: Recipe, report_every: int = 1000) -> keras.Model:
    """Trains, or goes on from `out`'s checkpoint, and returns the model with averaged weights.

    Writes `checkpoint.npz`, `history.json` and `model.keras` into `out`. Ctrl-C keeps what was learned so far.
    """
    out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(recipe, out)
    mixture, validation = load_sources(data, recipe)
    steps = range(trainer.step, recipe.steps)
    bar = tqdm(steps, initial=trainer.step, total=recipe.steps, unit="step", mininterval=5)
    losses: list[float] = []
    started = time.monotonic()
    try:
        for batch in _prefetched(mixture, steps):
            losses.append(trainer.learn(batch))
            bar.update()
            if trainer.step % report_every == 0 or trainer.step == recipe.steps:
                figures = validation.figures(partial(logits_of, trainer.averaged()))
                row = {"step": trainer.step, "loss": float(np.mean(losses)), **figures}
                row["images_a_second"] = len(losses) * recipe.batch / (time.monotonic() - started)
                trainer.history.append(row)
                tqdm.write("  ".join(f"{k} {v:.4g}" for k, v in row.items()))
                (out / "history.json").write_text(json.dumps(trainer.history, indent=1))
                trainer.save()
                losses, started = [], time.monotonic()
    except KeyboardInterrupt:
        tqdm.write(f"stopped at step {trainer.step}; the same command goes on from the last checkpoint")
    bar.close()
    model = trainer.averaged()
    model.save(out / "model.keras")
    return model
