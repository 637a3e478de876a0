"""Learns what the way of the pen says of a glyph: `python -m model online`.

The net of trajectories sees what the net of pictures does, training writers' characters by other hands and junk, but as
the pen went: now and then a stroke runs backwards, or they come in another order, as some hands have it. It also sees
what drawings may be cut into. Then both nets are asked about the held-out writers' glyphs, and the weights of their
opinions are those with the least cross-entropy; others where ways are guessed from pictures of strokes that cross or
close themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from scipy.optimize import minimize
from tqdm import tqdm

from model.reading.alphabet import CLASSES, alphabet_mask
from model.reading.classify import Classifier, load_online
from model.reading.glyphs import pen_ways
from model.reading.ink import Box, Ink, Stroke
from model.reading.online import PICTURE, Online, Pool
from model.reading.trajectory import SHAPE
from model.training.data import Character, as_float, by_split, characters, load_ink, members, ways
from model.training.formats import served
from model.training.forms import as_pictures
from model.training.hypotheses import hypotheses
from model.training.losses import glyph_loss
from model.training.measures import accuracy, any_case, cross_entropy
from model.training.mixture import Junk, Writing, counted
from model.training.synthesis import Paths, picture

COUNT = 480_000
"""Characters and junk that teach, unless told otherwise."""
EPOCHS = 5
"""How often each is seen."""

_JUNK = 0.2
"""Share of them that is no character, as for the net of pictures."""
_DRAWN = 1 / 40
"""Drawings for each of them, whose hypotheses teach too: some 13 each."""
_WIDTHS = 32, 48, 64
"""Channels at 32, 16 and 8 points."""
_HIDDEN = 192
_DROPOUT = 0.2
_BATCH = 256
_RATE = 2e-3
_BACKWARDS = 0.06
"""Share of glyphs some of whose strokes run the other way."""
_SHUFFLED = 0.08
"""Share of glyphs whose strokes come in another order."""
_TALL = 80.0
"""Height or width, CSS pixels, of glyphs that are drawn as pictures."""
_AT_ONCE = 256
"""Glyphs that are drawn or judged together."""


@dataclass(frozen=True)
class Heard:
    """Held-out glyphs as both nets judge them.

    Attributes:
        pictures: What the net of pictures says, its temperature taken into account: (n, 63) logits.
        trajectories: What the net of trajectories says: (n, 63) logits.
        backwards: The same of their strokes drawn from end to beginning: (n, 63) logits.
        guessed: The same along the centre lines of their strokes' pictures: (n, 63) logits.
        plain: Whose way these tell as well as points do: shape (n,).
        allowed: What each may be: shape (n, 62); anything, for junk.
        junk: Which are no characters: shape (n,).
        log_prior: How often each class comes among all held-out characters: shape (62,).
    """

    pictures: NDArray[np.float32]
    trajectories: NDArray[np.float32]
    backwards: NDArray[np.float32]
    guessed: NDArray[np.float32]
    plain: NDArray[np.bool_]
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
        """The cross-entropy of its being no character, where a fifth is junk."""
        logits = pool(self.pictures, self.trajectories)[:, -1]
        costs = np.logaddexp(0, logits) - self.junk * logits
        return float(_JUNK * costs[self.junk].mean() + (1 - _JUNK) * costs[~self.junk].mean())

    def guesses(self) -> Heard:
        """Those whose way is guessed where their strokes came as pictures, judged along it."""
        rows = ~self.plain
        return replace(
            self,
            pictures=self.pictures[rows],
            trajectories=self.guessed[rows],
            backwards=self.backwards[rows],
            guessed=self.guessed[rows],
            plain=self.plain[rows],
            allowed=self.allowed[rows],
            junk=self.junk[rows],
        )

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
    """Fits the net of trajectories and the weights of both nets' opinions, and writes both files of it into `out`.

    Args:
        data: Folder of ink files.
        model: Model directory with the net of pictures.
        out: Model directory.
        count: Glyphs that teach alone, `COUNT` if None, beside those of a drawing for each forty; 0 keeps the net of
            trajectories that `model` has and only weighs the opinions anew.
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
    online = _trained(data, train, count, rng, seed) if count else load_online(model)
    heard = _asked(online, classifier, held_out, rng)
    guesses = heard.guesses()
    # few drawings may hold none to weigh them by: then only the picture counts
    is_told = guesses.junk.any() and not guesses.junk.all()
    online = Online(online.weights, _weighed(heard), _weighed(guesses) if is_told else PICTURE)
    online.save(out)
    return online, heard


def _trained(data: Path, train: Sequence[Character], count: int, rng: np.random.Generator, seed: int) -> Online:
    inputs, truth = _lessons(data, train, count, rng)
    keras.utils.set_random_seed(seed)
    net = _net()
    steps = EPOCHS * -(-len(inputs) // _BATCH)
    rate = keras.optimizers.schedules.CosineDecay(_RATE, steps)
    net.compile(keras.optimizers.AdamW(rate, weight_decay=1e-2), loss=glyph_loss())
    with tqdm(total=EPOCHS, desc="net", unit="epoch", leave=False) as bar:
        watching = keras.callbacks.LambdaCallback(on_epoch_end=lambda _, logs: (bar.set_postfix(logs), bar.update()))
        net.fit(inputs, truth, batch_size=_BATCH, epochs=EPOCHS, verbose=0, callbacks=[watching])
    return Online(served(net))


def _lessons(
    data: Path, train: Sequence[Character], count: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`count` glyphs alone, and those of drawings: trajectories, and truth as `glyph_loss` takes it."""
    drawn = max(1, round(_DRAWN * count))
    cut_out = tqdm(hypotheses(data, drawn, rng), desc="drawings", unit="drawing", total=drawn, leave=False)
    alone = tqdm(_alone(train, count, rng), desc="glyphs", unit="batch", total=-(-count // _AT_ONCE), leave=False)
    inputs, truth = [], []
    for batches in (list(alone), [(found.trajectories, found.allowed, found.junk) for found in cut_out]):
        trajectories, allowed, junk = (np.concatenate(column) for column in zip(*batches, strict=True))
        log_prior = np.tile(counted(allowed), (len(allowed), 1))
        inputs.append(trajectories)
        truth.append(np.column_stack([allowed, junk, log_prior]).astype(np.float32))
    return np.concatenate(inputs), np.concatenate(truth)


def _alone(
    train: Sequence[Character], count: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]]:
    """Characters by other hands, and junk made of characters, `count` of both: trajectories, classes allowed, junk."""
    writing, junk = Writing(train), Junk(train)
    of_junk = round(count * _JUNK)
    for at in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - at)
        pieces = of_junk * (at + size) // count - of_junk * at // count
        written, allowed = writing.written(size - pieces, rng)
        written += junk.pieces(pieces, rng)
        anything = np.ones((pieces, len(CLASSES)), bool)
        which = np.arange(size) >= size - pieces
        yield ways([_otherwise(paths, rng) for paths in written]), np.concatenate([allowed, anything]), which


def _net() -> keras.Model:
    """Residual blocks of convolutions along the way (He et al., CVPR 2016), at ever fewer points, then all of them."""
    given = keras.Input(SHAPE)
    signal = layers.Activation("relu")(_convolved(given, _WIDTHS[0], 5, strides=2))
    for number, width in enumerate(_WIDTHS):
        if number:
            signal = layers.Conv1D(width, 1, use_bias=False)(layers.MaxPooling1D(2)(signal))
        inner = layers.Activation("relu")(_convolved(signal, width, 3))
        signal = layers.Activation("relu")(layers.Add()([signal, _convolved(inner, width, 3)]))
        signal = layers.SpatialDropout1D(_DROPOUT / 2)(signal)
    signal = layers.Dropout(_DROPOUT)(layers.Flatten()(signal))
    signal = layers.BatchNormalization()(layers.Dense(_HIDDEN)(signal))
    signal = layers.Dropout(_DROPOUT)(layers.Activation("relu")(signal))
    return keras.Model(given, layers.Dense(len(CLASSES) + 1)(signal))


def _convolved(signal: keras.KerasTensor, width: int, size: int, strides: int = 1) -> keras.KerasTensor:
    along = layers.Conv1D(width, size, strides=strides, padding="same", use_bias=False)(signal)
    return layers.BatchNormalization()(along)


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
    guessed, plain = zip(*map(_guessed, tqdm(glyphs, unit="glyph", leave=False)), strict=True)
    allowed = np.stack([*(members(c.char) for c in held_out), *([np.ones(len(CLASSES), bool)] * len(pieces))])
    return Heard(
        np.concatenate([classifier.tempered(images[at : at + _AT_ONCE]) for at in range(0, len(images), _AT_ONCE)]),
        online.logits(ways(glyphs)),
        online.logits(ways([[path[::-1] for path in paths] for paths in glyphs])),
        online.logits(np.concatenate(guessed)),
        np.concatenate(plain),
        allowed,
        np.arange(len(glyphs)) >= len(held_out),
        counted(np.stack([members(c.char) for c in held_out])),
    )


def _guessed(paths: Paths) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How the pen seems to have gone in a glyph of which each stroke came as a picture, shape (1, *SHAPE), and whether
    that is plain: shape (1,)."""
    box = Box.around(np.concatenate(paths))
    scale = np.float32(_TALL / max(box.width, box.height, 1e-3))
    strokes = as_pictures(Ink(tuple(Stroke((path * scale,), i) for i, path in enumerate(paths)))).strokes
    return pen_ways(strokes, [tuple(range(len(strokes)))])


def _weighed(heard: Heard) -> Pool:
    """The weights with the least cross-entropies."""
    classes = minimize(lambda w: heard.cost(Pool(*w)), [0.7, 0.4], method="Nelder-Mead").x
    junk = minimize(lambda w: heard.junk_cost(Pool(*classes, *w)), [0.5, 0.5, 0.0], method="Nelder-Mead").x
    return Pool(*(round(float(weight), 4) for weight in (*classes, *junk)))
