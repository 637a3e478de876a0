"""Learns to read lines of ink without cutting them: `python -m model sequence`.

Strings of training writers' characters, words as they were written, and EMNIST's pictures put together are drawn once,
and varied at every pass. The first pass begins with some of them from narrow to wide: where a text has few characters,
there are few ways in which columns may show it (SortaGrad, Amodei et al., "Deep Speech 2", ICML 2016).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from tqdm import tqdm

from model.reading.alphabet import CLASSES
from model.reading.linepicture import BLANK, CHANNELS, HEIGHT, LinePicture
from model.reading.sequence import SHAPE, SequenceNet
from model.training import architectures
from model.training.architectures.parts import block, computing_in, residual
from model.training.augment import augment_line
from model.training.data import as_float
from model.training.formats import served
from model.training.strings import String, strings, text_of

COUNT = 200_000
"""Strings that teach, unless told otherwise."""
PASSES = 6
"""How often each is seen, varied."""

_HELD_OUT = 50
"""One string of held-out writers for so many that teach tells how well it reads."""
_WIDTHS = 24, 32, 64
"""Channels at 16, 8 and 4 rows."""
_ALONG = 160
"""Channels along the line."""
_SPREADS = 1, 2, 4, 1
"""Columns between those that a convolution along the line looks at."""
_DROPOUT = 0.1
_BATCH = 64
_RATE = 2e-3
_WARM = 300
"""Steps in which the rate grows."""
_STEP = 32
"""Pixels that the widths of batches are rounded up to."""
_WIDEST = 352
"""Pixels of the widest picture that teaches; the few wider ones are left out."""
_SORTED = 8
"""One batch in so many of the first pass stands at its beginning, from narrow to wide."""
_SAVE_EVERY = 500
"""Steps from one checkpoint to the next."""


def learn_sequence(
    data: Path, out: Path, count: int | None = None, passes: int | None = None, seed: int = 1
) -> tuple[float, int]:
    """Fits the net of lines and writes both files of it into `out`; what was killed goes on when told the same again.

    Args:
        data: The shared folder.
        out: Model directory.
        count: Strings that teach, `COUNT` if None.
        passes: How often each is seen, `PASSES` if None.
        seed: Decides every random choice.

    Returns:
        The share of held-out writers' strings that it reads alone, in any case, and how many these were.

    Raises:
        ValueError, OSError: the data cannot be used, or the checkpoint in `out` is damaged.
    """
    count, passes = count or COUNT, passes or PASSES
    rng = np.random.default_rng(seed)
    drawn, held_out = (_narrow(data, of, rng, held) for of, held in ((count, False), (-(-count // _HELD_OUT), True)))
    # named by what decides it: of another run nothing is gone on with
    checkpoint = out / f"sequence-{count}-{passes}-{seed}.unfinished.keras"
    net = _fitted(drawn, passes, seed, checkpoint)
    sequence = SequenceNet(served(net))
    sequence.save(out)
    checkpoint.unlink(missing_ok=True)
    return _read(sequence, held_out), len(held_out)


def _narrow(data: Path, count: int, rng: np.random.Generator, held_out: bool) -> list[String]:
    drawn = tqdm(strings(data, count, rng, held_out), desc="strings", unit="string", total=count, leave=False)
    return [string for string in drawn if string.picture.shape[1] <= _WIDEST]


def _fitted(drawn: Sequence[String], passes: int, seed: int, checkpoint: Path) -> keras.Model:
    steps = passes * len(_batches(drawn, np.arange(len(drawn))))
    net = architectures.load(checkpoint, compiled=True) if checkpoint.exists() else _untaught(steps, seed)
    done = int(net.optimizer.iterations)
    with tqdm(total=steps, initial=done, desc="net", unit="batch", leave=False) as bar:
        for step, chosen in enumerate(_schedule(drawn, passes, seed)):
            if step < done:
                continue
            rng = np.random.default_rng((seed, 1, step))
            pictures = _stacked([augment_line(string.picture, rng) for string in chosen], rng)
            bar.set_postfix(loss=net.train_on_batch(pictures, text_of(chosen)), refresh=False)
            bar.update()
            if step % _SAVE_EVERY == _SAVE_EVERY - 1:
                _save(net, checkpoint)
    exact = _net()
    exact.set_weights(net.get_weights())
    return exact


def _untaught(steps: int, seed: int) -> keras.Model:
    """The net at random weights, computing in bfloat16, and how it is to learn in that many steps."""
    keras.utils.set_random_seed(seed)
    with computing_in("mixed_bfloat16"):
        net = _net()
    warm = min(_WARM, steps // 4)
    rate = keras.optimizers.schedules.CosineDecay(0.0, max(steps - warm, 1), warmup_target=_RATE, warmup_steps=warm)
    net.compile(keras.optimizers.AdamW(rate, weight_decay=2e-3, clipnorm=20.0), loss=keras.losses.CTC())
    return net


def _save(net: keras.Model, checkpoint: Path) -> None:
    """Writes net and optimizer whole or not at all."""
    unfinished = checkpoint.with_stem(f"{checkpoint.stem}-new")
    net.save(unfinished)
    unfinished.replace(checkpoint)


def _schedule(drawn: Sequence[String], passes: int, seed: int) -> Iterator[list[String]]:
    """Which strings are learned at which step: every one once a pass, with others of about its width."""
    for turn in range(passes):
        rng = np.random.default_rng((seed, 0, turn))
        batches = _batches(drawn, rng.permutation(len(drawn)))
        first = [] if turn else [*range(0, len(batches), _SORTED)]
        others = np.setdiff1d(np.arange(len(batches)), first)
        for i in [*first, *rng.permutation(others)]:
            yield [drawn[k] for k in batches[i]]


def _batches(drawn: Sequence[String], order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Which strings go together, from narrow to wide; among those about as wide they keep their order."""
    steps = np.array([drawn[i].picture.shape[1] // _STEP for i in order])
    ranked = order[np.argsort(steps, kind="stable")]
    return np.array_split(ranked, max(1, round(len(ranked) / _BATCH)))


def _stacked(pictures: Sequence[LinePicture], rng: np.random.Generator) -> NDArray[np.float32]:
    """Pictures of lines as one batch, each somewhere in a width that holds all: shape (n, 32, width, 4), 0 to 1."""
    width = -(-(max(picture.shape[1] for picture in pictures) + 2) // _STEP) * _STEP
    found = np.empty((len(pictures), HEIGHT, width, len(CHANNELS)), np.uint8)
    found[...] = BLANK
    for row, picture in zip(found, pictures, strict=True):
        at = int(rng.integers(0, min(width - picture.shape[1], 8) + 1))
        row[:, at : at + picture.shape[1]] = picture
    return as_float(found)


def _net() -> keras.Model:
    """Convolutions that halve the rows until one is left, residual ones between them (He et al., CVPR 2016), then
    dilated ones along the line (Yu & Koltun, ICLR 2016)."""
    given = keras.Input(SHAPE)
    signal = block(layers.Rescaling([3.0, 2.0, 2.0, 2.0], [-0.5, -1.0, -1.0, -1.0])(given), _WIDTHS[0], 5, 2)
    for width in _WIDTHS[1:]:
        signal = residual(block(signal, width, 3, (2, 1)))
    rows = HEIGHT // 2 ** len(_WIDTHS)
    signal = layers.Conv2D(_ALONG, (rows, 3), use_bias=False)(layers.ZeroPadding2D((0, 1))(signal))
    signal = layers.Reshape((-1, _ALONG))(layers.ReLU()(layers.BatchNormalization()(signal)))
    for spread in _SPREADS:
        signal = layers.SpatialDropout1D(_DROPOUT)(signal)
        along = layers.Conv1D(_ALONG, 5, padding="same", dilation_rate=spread, use_bias=False)(signal)
        signal = layers.Add()([signal, layers.ReLU()(layers.BatchNormalization()(along))])
    signal = layers.Dropout(_DROPOUT)(signal)
    return keras.Model(given, layers.Dense(1 + len(CLASSES), dtype="float32")(signal))


def _read(net: SequenceNet, held_out: Sequence[String]) -> float:
    """Share of strings that the net alone reads, in any case."""
    every = np.ones(len(CLASSES), bool)
    right = [likeliest(net.columns(string.picture, every)).lower() == string.text.lower() for string in held_out]
    return float(np.mean(right))


def likeliest(columns: NDArray[np.float64]) -> str:
    """What the likeliest class of each column says."""
    shown = columns.argmax(axis=1)
    begins = np.append(True, shown[1:] != shown[:-1]) & (shown > 0)
    return "".join(CLASSES[i - 1] for i in shown[begins])
