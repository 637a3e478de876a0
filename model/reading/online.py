"""What the way of the pen says a glyph is, and how that is weighed against what its picture says.

The net is small: convolutions along a glyph's trajectory. A picture and a trajectory err differently, so their opinions
are added up as log-probabilities, each with its own weight: a logarithmic opinion pool (Genest & Zidek, "Combining
probability distributions", Statistical Science 1986), the weights fitted on held-out writers.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.litert import LiteRT, save_weights, weights_of
from model.reading.trajectory import SHAPE

CARD, _NET = "online.json", "online.tflite"
"""What a model directory calls what is known of the net, and the net."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Pool:
    """How much each opinion counts.

    Attributes:
        picture: Factor on the picture's logits of classes.
        trajectory: Factor on the trajectory's.
        junk_picture: Factor on the picture's logit of being no character.
        junk_trajectory: Factor on the trajectory's.
        junk: Added to both.
    """

    picture: float = 0.7
    trajectory: float = 0.4
    junk_picture: float = 0.5
    junk_trajectory: float = 0.5
    junk: float = 0.0

    @classmethod
    def from_json(cls, read: Any) -> Pool:
        """The reverse of `asdict`; raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{field.name: float(read[field.name]) for field in fields(cls)})

    def __call__(self, pictures: Floats, trajectories: Floats) -> Floats:
        """Logits of k glyphs by their pictures and by their trajectories, (k, 63) each → by both, (k, 63)."""
        both = np.float32(self.picture) * pictures + np.float32(self.trajectory) * trajectories
        both[:, -1] = self.junk_picture * pictures[:, -1] + self.junk_trajectory * trajectories[:, -1] + self.junk
        return both


PICTURE = Pool(1.0, 0.0, 1.0, 0.0, 0.0)
"""The picture's opinion alone."""


class Online:
    """The net of trajectories and its weight beside that of pictures. Safe to use from many threads.

    Attributes:
        weights: The net, a `.tflite` file.
        pool: How its opinion is weighed.
        guessed: The same where the way of the pen was guessed from a picture whose centre lines leave a choice.
    """

    def __init__(self, weights: bytes, pool: Pool | None = None, guessed: Pool | None = None):
        """Prepares the net; without `guessed`, only what is known counts.

        Raises:
            ValueError: it is damaged, or was made for other trajectories or classes.
        """
        self.pool = pool or Pool()
        self.guessed = guessed or PICTURE
        self.weights = weights
        self._net = LiteRT(weights, SHAPE, len(CLASSES) + 1)

    @classmethod
    def load(cls, directory: Path) -> Online:
        """Loads `online.json` of a model directory, and the net that it describes.

        Raises:
            OSError: there is none.
            ValueError: it is damaged, or was made for other trajectories or classes.
        """
        try:
            card = json.loads((directory / CARD).read_text())
            pool, checksum = Pool.from_json(card["pool"]), card["sha256"]
            guessed = Pool.from_json(card["guessed"]) if "guessed" in card else None
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"damaged: {error!r}") from error
        return cls(weights_of(directory / _NET, checksum), pool, guessed)

    def save(self, directory: Path) -> None:
        """Writes both files."""
        pools = {"pool": asdict(self.pool), "guessed": asdict(self.guessed)}
        save_weights(self.weights, directory / _NET, directory / CARD, pools)

    def logits(self, trajectories: Floats) -> Floats:
        """(k, *SHAPE) trajectories, float32 → (k, 63) logits: one for each class, and last of being no character."""
        return self._net(trajectories)

    def pooled(self, pictures: Floats, trajectories: Floats, known: NDArray[np.bool_] | None = None) -> Floats:
        """Logits by both.

        Args:
            pictures: What the pictures of k glyphs say: (k, 63) logits.
            trajectories: Shape (k, *SHAPE), float32; NaN where there is none, and the picture decides.
            known: Which are known, as points or a plain picture tell them: shape (k,); None where all are.

        Returns:
            Shape (k, 63), float32.
        """
        there = ~np.isnan(trajectories[:, 0, 0])
        known = np.ones(len(there), bool) if known is None else known
        both = pictures.copy()
        for pool, rows in ((self.pool, there & known), (self.guessed, there & ~known)):
            if rows.any():
                both[rows] = pool(pictures[rows], self.logits(trajectories[rows]))
        return both
