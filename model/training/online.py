"""Learns what the way of the pen says of a glyph: `python -m model online`.

The net of trajectories sees what the net of pictures does, training writers' characters by other hands and junk, but as
the pen went: now and then a stroke runs backwards, or they come in another order, as some hands have it. Then both nets
are asked about the held-out writers' glyphs, and the weights of their opinions are those with the least cross-entropy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from scipy.optimize import minimize
from tqdm import tqdm

from model.reading.alphabet import CLASSES, alphabet_mask
from model.reading.classify import Classifier, load_online
from model.reading.online import Layer, Online, Pool
from model.reading.trajectory import SIZE
from model.training.data import Character, as_float, by_split, characters, load_ink, members, ways
from model.training.losses import glyph_loss
from model.training.measures import accuracy, any_case, cross_entropy
from model.training.mixture import Junk, Writing, counted
from model.training.synthesis import Paths, picture

COUNT = 320_000
"""Glyphs that teach, unless told otherwise."""
EPOCHS = 6
"""How often each is seen."""

_JUNK = 0.2
"""Share of them that is no character, as for the net of pictures."""
_HIDDEN = 192
_DROPOUT = 0.2
_BATCH = 256
_RATE = 2e-3
_BACKWARDS = 0.06
"""Share of glyphs some of whose strokes run the other way."""
_SHUFFLED = 0.08
"""Share of glyphs whose strokes come in another order."""
_AT_ONCE = 256
"""Glyphs that are drawn or judged together."""
_SPREAD = 0.1
"""Least deviation that an input is divided by: what hardly ever differs must not shout when it does."""


@dataclass(frozen=True)
class Heard:
    """Held-out glyphs as both nets judge them.

    Attributes:
        pictures: What the net of pictures says, its temperature taken into account: (n, 63) logits.
        trajectories: What the net of trajectories says: (n, 63) logits.
        backwards: The same of their strokes drawn from end to beginning: (n, 63) logits.
        allowed: What each may be: shape (n, 62); anything, for junk.
        junk: Which are no characters: shape (n,).
        log_prior: How often each class comes among them: shape (62,).
    """

    pictures: NDArray[np.float32]
    trajectories: NDArray[np.float32]
    backwards: NDArray[np.float32]
    allowed: NDArray[np.bool_]
    junk: NDArray[np.bool_]
    log_prior: NDArray[np.float32]

    def accuracy(self, pool: Pool) -> tuple[float, float]:
        """(of digits among digits, of letters among letters in any case) with the opinions weighed by `pool`."""
        kinds = self._by_kind(self._scores(pool))
        digits, letters = (accuracy(scores, any_case(allowed), among) for scores, allowed, among in kinds)
        return digits, letters

    def cost(self, pool: Pool) -> float:
        """The cross-entropy of digits among digits, of letters among letters, and of all among all, added up."""
        every, rows = self._scores(pool), ~self.junk
        kinds = [cross_entropy(scores[:, among], allowed[:, among]) for scores, allowed, among in self._by_kind(every)]
        return sum(kinds) + cross_entropy(every[rows], self.allowed[rows])

    def junk_cost(self, pool: Pool) -> float:
        """The cross-entropy of its being no character, where as much is junk as in training."""
        logits = pool(self.pictures, self.trajectories)[:, -1]
        costs = np.logaddexp(0, logits) - self.junk * logits
        return float(_JUNK * costs[self.junk].mean() + (1 - _JUNK) * costs[~self.junk].mean())

    def _scores(self, pool: Pool) -> NDArray[np.float32]:
        return np.asarray(pool(self.pictures, self.trajectories)[:, :-1] + self.log_prior, np.float32)

    def _by_kind(
        self, every: NDArray[np.float32]
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]]:
        """Of all glyphs' scores: those of digits, and of letters, what each may be, and which classes they are."""
        for alphabet in ("digits", "letters"):
            among = alphabet_mask(alphabet)
            rows = ~self.junk & (self.allowed & among).any(axis=1)
            yield every[rows], self.allowed[rows], among


def learn_online(data: Path, model: Path, out: Path, count: int | None = None, seed: int = 1) -> tuple[Online, Heard]:
    """Fits the net of trajectories and the weights of both nets' opinions, and writes `online.npz` into `out`.

    Args:
        data: Folder of ink files.
        model: Model directory with the net of pictures.
        out: Model directory.
        count: Glyphs that teach, `COUNT` if None; 0 keeps the net of trajectories that `model` has and only weighs the
            opinions anew.
        seed: Decides every random choice.

    Returns:
        The net, and the held-out glyphs as both nets judge them.

    Raises:
        ValueError, OSError, ModelError: the data or the model cannot be used.
    """
    count = COUNT if count is None else count
    rng = np.random.default_rng(seed)
    classifier = Classifier.load(model, pictures_only=True)
    train, held_out = (characters(samples) for samples in by_split(load_ink(data)))
    online = _trained(train, count, rng, seed) if count else load_online(model)
    heard = _asked(online, classifier, held_out, rng)
    online = Online(online.layers, _weighed(heard))
    online.save(out)
    return online, heard


def _trained(train: Sequence[Character], count: int, rng: np.random.Generator, seed: int) -> Online:
    writing, junk = Writing(train), Junk(train)
    of_junk = round(count * _JUNK)
    inputs = np.zeros((count, SIZE), np.float32)
    truth = np.zeros((count, 2 * len(CLASSES) + 1), np.float32)
    for at in tqdm(range(0, count, _AT_ONCE), desc="glyphs", unit="batch", leave=False):
        size = min(_AT_ONCE, count - at)
        pieces = of_junk * (at + size) // count - of_junk * at // count
        written, allowed = writing.written(size - pieces, rng)
        written += junk.pieces(pieces, rng)
        inputs[at : at + size] = ways([_otherwise(paths, rng) for paths in written])
        truth[at : at + size] = np.column_stack(
            [
                np.concatenate([allowed, np.ones((pieces, len(CLASSES)), bool)]),
                np.arange(size) >= size - pieces,
                np.tile(writing.log_prior, (size, 1)),
            ]
        )
    mean, spread = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), _SPREAD)
    inputs -= mean
    inputs /= spread
    keras.utils.set_random_seed(seed)
    net = _net()
    steps = EPOCHS * -(-count // _BATCH)
    rate = keras.optimizers.schedules.CosineDecay(_RATE, steps)
    net.compile(keras.optimizers.AdamW(rate, weight_decay=1e-2), loss=glyph_loss())
    with tqdm(total=EPOCHS, desc="net", unit="epoch", leave=False) as bar:
        watching = keras.callbacks.LambdaCallback(on_epoch_end=lambda _, logs: (bar.set_postfix(logs), bar.update()))
        net.fit(inputs, truth, batch_size=_BATCH, epochs=EPOCHS, verbose=0, callbacks=[watching])
    return Online(_folded(net, mean, spread))


def _net() -> keras.Model:
    given = keras.Input((SIZE,))
    signal = layers.Dropout(_DROPOUT / 2)(given)
    for _ in range(2):
        signal = layers.BatchNormalization()(layers.Dense(_HIDDEN)(signal))
        signal = layers.Dropout(_DROPOUT)(layers.Activation("relu")(signal))
    return keras.Model(given, layers.Dense(len(CLASSES) + 1)(signal))


def _folded(net: keras.Model, mean: NDArray[np.float32], spread: NDArray[np.float32]) -> list[Layer]:
    """The linear maps of a trained net with all that scales and shifts between them taken in."""
    maps: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    for layer in net.layers:
        values = layer.get_weights()
        if isinstance(layer, layers.Dense):
            maps.append((values[0], values[1]))
        elif isinstance(layer, layers.BatchNormalization):
            gamma, beta, moving, variance = values
            factor = gamma / np.sqrt(variance + layer.epsilon)
            weights, bias = maps.pop()
            maps.append((weights * factor, (bias - moving) * factor + beta))
    weights, bias = maps[0]
    weights = weights / spread[:, None]
    maps[0] = weights, bias - mean @ weights
    return [Layer.of(weights, bias) for weights, bias in maps]


def _otherwise(paths: Paths, rng: np.random.Generator) -> Paths:
    """The same lines, now and then drawn the other way or in another order."""
    if rng.random() < _BACKWARDS:
        paths = [path[::-1] if rng.random() < 0.5 else path for path in paths]
    if len(paths) > 1 and rng.random() < _SHUFFLED:
        paths = [paths[i] for i in rng.permutation(len(paths))]
    return paths


def _asked(online: Online, classifier: Classifier, held_out: Sequence[Character], rng: np.random.Generator) -> Heard:
    """What both nets say of held-out writers' characters as written, and of junk made of them."""
    pieces = Junk(held_out).pieces(len(held_out) // 2, rng)
    glyphs = [c.paths for c in held_out] + pieces
    images = as_float(np.stack([picture(paths, rng) for paths in tqdm(glyphs, unit="glyph", leave=False)]))
    allowed = np.stack([*(members(c.char) for c in held_out), *([np.ones(len(CLASSES), bool)] * len(pieces))])
    return Heard(
        np.concatenate([classifier.tempered(images[at : at + _AT_ONCE]) for at in range(0, len(images), _AT_ONCE)]),
        online.logits(ways(glyphs)),
        online.logits(ways([[path[::-1] for path in paths] for paths in glyphs])),
        allowed,
        np.arange(len(glyphs)) >= len(held_out),
        counted(np.stack([members(c.char) for c in held_out])),
    )


def _weighed(heard: Heard) -> Pool:
    """The weights with the least cross-entropies."""
    classes = minimize(lambda w: heard.cost(Pool(*w)), [0.7, 0.4], method="Nelder-Mead").x
    junk = minimize(lambda w: heard.junk_cost(Pool(*classes, *w)), [0.5, 0.5, 0.0], method="Nelder-Mead").x
    return Pool(*(round(float(weight), 4) for weight in (*classes, *junk)))
