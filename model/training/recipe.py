"""How to train a classifier: every choice in one place, recorded beside the weights."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from model.reading.normalize import SIDE

Schedule = Literal["cosine", "steps", "constant"]
Optimizer = Literal["sgd", "adam", "adadelta"]
Precision = Literal["float32", "bfloat16"]

SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)
OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

Range = tuple[str, Callable[[float], bool]]
"""What a number is expected to be, in words and as a test that NaN fails."""


def at_least(least: int) -> Range:
    """Any number from `least` up."""
    return f"at least {least}", lambda value: least <= value < math.inf


def expect(option: str, value: float, expected: Range) -> None:
    """Refuses an option's value that is out of its range.

    Raises:
        ValueError: it is; one line that names the option and what was expected.
    """
    words, fits = expected
    if not fits(value):
        raise ValueError(f"--{option} {value}: expected {words}")


_ABOVE_0: Range = "above 0", lambda value: 0 < value < math.inf
_SHARE: Range = "0 to 1", lambda value: 0 <= value <= 1
_BELOW_1: Range = "0 to below 1", lambda value: 0 <= value < 1
_SEEDS: Range = f"0 to {2**32 - 1}", lambda value: 0 <= value < 2**32
_SMALLEST = 5
"""Pixels across that varying a picture needs at least, as it erases up to 5."""

_RANGES: dict[str, Range] = {
    "images": at_least(1),
    "epochs": at_least(0),
    "batch": at_least(1),
    "limit": at_least(1),
    "height": at_least(_SMALLEST),
    "width": at_least(_SMALLEST),
    "rate": _ABOVE_0,
    "ink_share": _SHARE,
    "junk_share": _SHARE,
    "drawn_share": _SHARE,
    "drawings": at_least(1),
    "noise": _SHARE,
    "dropout": _BELOW_1,
    "smoothing": _BELOW_1,
    "weight_decay": at_least(0),
    "averaging": _BELOW_1,
    "patience": at_least(0),
    "softness": _ABOVE_0,
    "taught": _SHARE,
    "seed": _SEEDS,
}
_OPTIONS = {"limit": "max"}
"""Fields whose option on the command line has another name."""


@dataclass(frozen=True)
class Recipe:
    """How to train; ValueError for what cannot be. The model card names the runs that made the shipped net.

    Attributes:
        dataset: "shared" for the mix of EMNIST, ink, junk and drawings, or a name in `official.DATASETS`.
        architecture: A name in `architectures.ARCHITECTURES`.
        images: How many images to see in all, unless `epochs` says so.
        epochs: How often to see as many pictures as the dataset holds; 0 leaves it to `images`.
        batch: Images a step.
        limit: At most so many pictures of the dataset, for quick runs; None for all.
        height: Pixels of a picture; other than 28 for comparisons alone, the reader's are 28.
        width: The same across.
        optimizer: SGD with Nesterov momentum 0.9, Adam or Adadelta.
        rate: Peak learning rate, after 8 % warm-up.
        schedule: How the rate falls: to 0 by a cosine (Loshchilov & Hutter, ICLR 2017), by a third at each tenth of
            the last half, or not at all.
        ink_share: Part of each batch that is ink, of the shared mix.
        junk_share: Part of each batch that is junk, of the shared mix.
        drawn_share: Part of each batch that is what drawings may be cut into, of the shared mix.
        drawings: About how many drawings are cut for that, before the first step.
        augmented: Whether pictures are turned, bent, thickened and erased.
        noise: Standard deviation of the Gaussian noise at the net's input, 0 to 1.
        dropout: Overrides the architecture's dropout rate, unless None.
        smoothing: Label smoothing.
        weight_decay: Decoupled decay of every convolution and dense kernel.
        averaging: Decay a step of the exponential moving average of the weights that is kept; 0 keeps the last.
        precision: What layers compute in while training, 40 % faster in bfloat16 on processors that have it; weights,
            loss and whatever is saved are float32 all the same.
        patience: Stops when so many reports in a row were no better than the best; 0 never does.
        teachers: `.keras` files to learn from beside the labels; their mean softmax teaches.
        softness: Temperature of the teachers' answers.
        taught: Share of the loss that is the teachers'.
        seed: Decides every random choice.
        start: A trained `.keras` file of the same architecture to go on from, or "" to begin at random.
    """

    dataset: str = "shared"
    architecture: str = "s"
    images: int = 6_000_000
    epochs: int = 0
    batch: int = 128
    limit: int | None = None
    height: int = 28
    width: int = 28
    optimizer: Optimizer = "sgd"
    rate: float = 0.15
    schedule: Schedule = "cosine"
    ink_share: float = 0.32
    junk_share: float = 0.17
    drawn_share: float = 0.0
    drawings: int = 12_000
    augmented: bool = True
    noise: float = 0.0
    dropout: float | None = None
    smoothing: float = 0.01
    weight_decay: float = 5e-4
    averaging: float = 0.9995
    precision: Precision = "float32"
    patience: int = 0
    teachers: tuple[str, ...] = ()
    softness: float = 3.0
    taught: float = 0.5
    seed: int = 1
    start: str = ""

    def __post_init__(self) -> None:
        for name, expected in _RANGES.items():
            if (value := getattr(self, name)) is not None:
                expect(_OPTIONS.get(name, name.replace("_", "-")), value, expected)
        if self.ink_share + self.junk_share + self.drawn_share > 1:
            given = f"--ink-share {self.ink_share}, --junk-share {self.junk_share}, --drawn-share {self.drawn_share}"
            raise ValueError(f"{given}: expected at most 1 together")
        if self.dataset == "shared" and (self.height, self.width) != (SIDE, SIDE):
            given = f"--height {self.height} --width {self.width}"
            raise ValueError(f"{given}: expected {SIDE} and {SIDE}; only official datasets come in other sizes")

    def plain(self) -> dict[str, Any]:
        """Its fields as JSON gives them back, to keep beside what came of it and to compare with."""
        fields: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return fields

    @property
    def steps(self) -> int:
        """Batches in all."""
        return max(1, self.images // self.batch)
