"""Random change of normalized pictures: affine, elastic, thickness and erasure; a batch in a few milliseconds."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.normalize import SIDE
from model.training.data import as_float

_GRID = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).astype(np.float32) - (SIDE - 1) / 2
_KERNEL = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def augment(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """One random variant of `image`, shape (28, 28), uint8; rates after classifier.md's recipe that worked."""
    angle, shear = rng.uniform(-0.2, 0.2), rng.uniform(-0.25, 0.25)
    scale = 1 + rng.uniform(-0.14, 0.14, 2)
    cos, sin = np.cos(angle), np.sin(angle)
    inverse = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1, shear], [0, 1]]) @ np.diag(scale)
    source = _GRID @ inverse.T.astype(np.float32)
    source += cv2.resize(rng.normal(0, 0.55, (5, 5, 2)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    source += (rng.uniform(-1.5, 1.5, 2) + (SIDE - 1) / 2).astype(np.float32)
    image = np.asarray(cv2.remap(image, source, None, cv2.INTER_LINEAR), np.uint8)  # type: ignore[call-overload]
    change = rng.uniform(-0.8, 0.8)
    if abs(change) > 0.2:
        other = cv2.dilate(image, _KERNEL) if change > 0 else cv2.erode(image, _KERNEL)
        image = np.asarray(cv2.addWeighted(image, 1 - abs(change), other, abs(change), 0), np.uint8)
    if rng.random() < 0.15:
        x, y = rng.integers(0, SIDE - 4, 2)
        w, h = rng.integers(2, 6, 2)
        image[y : y + h, x : x + w] = 0
    return image


def augment_batch(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """Augments each of (n, 28, 28) uint8 and returns (n, 28, 28, 1) float32, 0 to 1."""
    out = np.stack([augment(image, rng) for image in images])
    return as_float(out)[..., None]
