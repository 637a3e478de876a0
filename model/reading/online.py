"""What the way of the pen says a glyph is, and how that is weighed against what its picture says.

The net is small: two hidden layers over a glyph's trajectory, in NumPy. A picture and a trajectory err differently, so
their opinions are added up as log-probabilities, each with its own weight: a logarithmic opinion pool (Genest & Zidek,
"Combining probability distributions", Statistical Science 1986), the weights fitted on held-out writers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model.reading.alphabet import CLASSES
from model.reading.trajectory import SIZE

FILE = "online.npz"
"""What a model directory calls it."""

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

    def __call__(self, pictures: Floats, trajectories: Floats) -> Floats:
        """Logits of k glyphs by their pictures and by their trajectories, (k, 63) each → by both, (k, 63)."""
        both = np.float32(self.picture) * pictures + np.float32(self.trajectory) * trajectories
        both[:, -1] = self.junk_picture * pictures[:, -1] + self.junk_trajectory * trajectories[:, -1] + self.junk
        return both


@dataclass(frozen=True)
class Layer:
    """A linear map: 8-bit weights, one scale for each output.

    Attributes:
        weights: Shape (inputs, outputs), int8.
        scale: Shape (outputs,), float32.
        bias: Shape (outputs,), float32.
    """

    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    @classmethod
    def of(cls, weights: Floats, bias: Floats) -> Layer:
        """Rounds the weights, (inputs, outputs) float32."""
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
        return cls(np.rint(weights / scale).astype(np.int8), scale.astype(np.float32), bias.astype(np.float32))


class Online:
    """The net of trajectories and its weight beside that of pictures. Safe to use from many threads.

    Attributes:
        layers: Its layers, from the input on.
        pool: How its opinion is weighed.
    """

    def __init__(self, layers: Sequence[Layer], pool: Pool | None = None):
        self.pool = pool or Pool()
        self.layers = tuple(layers)
        self._matrices = [(layer.weights.astype(np.float32) * layer.scale, layer.bias) for layer in layers]

    @classmethod
    def load(cls, directory: Path) -> Online:
        """Loads `online.npz` of a model directory.

        Raises:
            OSError: there is none.
            ValueError: it is damaged, or was made for other trajectories or classes.
        """
        try:
            with (directory / FILE).open("rb") as file, np.load(file, allow_pickle=False) as saved:
                layers = [
                    Layer(saved[f"weights{i}"], saved[f"scale{i}"], saved[f"bias{i}"])
                    for i in range(sum(name.startswith("weights") for name in saved))
                ]
                pool = Pool(*saved["pool"].tolist())
        except (KeyError, TypeError, EOFError, BadZipFile) as error:
            raise ValueError(f"damaged: {error!r}") from error
        sizes = [layer.weights.shape for layer in layers]
        if not layers or sizes[0][0] != SIZE or sizes[-1][1] != len(CLASSES) + 1:
            raise ValueError(f"expected layers from {SIZE} to {len(CLASSES) + 1}, got {sizes}")
        return cls(layers, pool)

    def save(self, directory: Path) -> None:
        """Writes `online.npz`."""
        arrays = {
            f"{name}{i}": getattr(layer, name)
            for i, layer in enumerate(self.layers)
            for name in ("weights", "scale", "bias")
        }
        np.savez_compressed(directory / FILE, pool=np.array(astuple(self.pool), np.float32), **arrays)

    def logits(self, trajectories: Floats) -> Floats:
        """(k, SIZE) trajectories, float32 → (k, 63) logits: one for each class, and last of being no character."""
        signal = trajectories
        for i, (weights, bias) in enumerate(self._matrices):
            signal = (np.maximum(signal, 0) if i else signal) @ weights + bias
        return signal

    def pooled(self, pictures: Floats, trajectories: Floats) -> Floats:
        """Logits by both, where the way of the pen is known.

        Args:
            pictures: What the pictures of k glyphs say: (k, 63) logits.
            trajectories: Shape (k, SIZE), float32; NaN where the pen's way is not known.

        Returns:
            Shape (k, 63), float32.
        """
        known = ~np.isnan(trajectories[:, 0])
        if not known.any():
            return pictures
        both = pictures.copy()
        both[known] = self.pool(pictures[known], self.logits(trajectories[known]))
        return both
