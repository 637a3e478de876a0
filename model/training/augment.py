"""Random change of normalized pictures: affine, elastic, thickness, focus, erasure; a batch in a few milliseconds."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading.linepicture import BLANK, LinePicture
from model.training.data import as_float


@cache
def _grid(height: int, width: int) -> NDArray[np.float32]:
    """x and y of every pixel from the middle: (height, width, 2)."""
    x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    return np.stack([x, y], axis=-1).astype(np.float32)


_KERNEL = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def augment(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """One random variant of `image`, shape (h, w), uint8.

    A third are left in their place and shape, the others moved by anything up to the rates of classifier.md's recipe
    that worked: a net that only sees bent pictures reads straight ones worse.
    """
    strength = rng.uniform(-0.5, 1)
    if strength > 0:
        image = _moved(image, strength, rng)
        image = _thickened(image, strength, rng)
    image = _focused(image, rng)
    if rng.random() < 0.15 * strength:
        height, width = image.shape
        x, y = rng.integers(0, (width - 4, height - 4))
        w, h = rng.integers(2, 6, 2)
        image[y : y + h, x : x + w] = 0
    return image


def _moved(image: NDArray[np.uint8], strength: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Turned, slanted, scaled, bent and shifted, each by chance times `strength`."""
    height, width = image.shape
    angle, shear = strength * rng.uniform(-0.2, 0.2), strength * rng.uniform(-0.25, 0.25)
    scale = 1 + strength * rng.uniform(-0.14, 0.14, 2)
    cos, sin = np.cos(angle), np.sin(angle)
    inverse = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1, shear], [0, 1]]) @ np.diag(scale)
    source = _grid(height, width) @ inverse.T.astype(np.float32)
    bend = rng.normal(0, 0.55 * strength, (5, 5, 2)).astype(np.float32)
    source += cv2.resize(bend, (width, height), interpolation=cv2.INTER_CUBIC)
    middle = np.array([width - 1, height - 1]) / 2
    source += (strength * rng.uniform(-1.5, 1.5, 2) + middle).astype(np.float32)
    return np.asarray(cv2.remap(image, source, None, cv2.INTER_LINEAR), np.uint8)  # type: ignore[call-overload]


def _thickened(image: NDArray[np.uint8], strength: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """With thicker or thinner strokes."""
    if rng.random() < 0.08:  # a marker: what plain bars look like in a bold hand is learned from few
        image = np.asarray(cv2.dilate(image, _KERNEL), np.uint8)
    change = strength * rng.uniform(-0.8, 0.8)
    if abs(change) <= 0.15:
        return image
    other = cv2.dilate(image, _KERNEL) if change > 0 else cv2.erode(image, _KERNEL)
    return np.asarray(cv2.addWeighted(image, 1 - abs(change), other, abs(change), 0), np.uint8)


def _focused(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Blurred or sharpened: EMNIST's pictures are soft, MNIST's and drawn ink are not, and no hand is known by that."""
    chance = rng.random()
    if chance < 0.4:
        soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 0.8))
        return np.asarray(cv2.convertScaleAbs(soft, alpha=255 / max(int(soft.max()), 1)), np.uint8)
    if chance < 0.6:
        amount, soft = rng.uniform(0.5, 2.5), cv2.GaussianBlur(image, (0, 0), 1.0)
        return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), np.uint8)
    return image


def augment_batch(images: NDArray[np.uint8], rng: np.random.Generator, varied: bool = True) -> NDArray[np.float32]:
    """(n, h, w) uint8 → (n, h, w, 1) float32, 0 to 1, each picture augmented if `varied`."""
    out = np.stack([augment(image, rng) for image in images]) if varied else images
    return as_float(out)[..., None]


def augment_line(picture: LinePicture, rng: np.random.Generator) -> LinePicture:
    """One random variant of the picture of a line, shape (h, w, 4) → (h, w′, 4), uint8; a third keep their shape."""
    strength = rng.uniform(-0.5, 1)
    if strength > 0:
        height, before = picture.shape[:2]
        width = max(8, round(before * float(np.exp(strength * rng.uniform(-0.2, 0.2)))))
        source = (_grid(height, width) + np.array([width - 1, height - 1]) / 2).astype(np.float32)
        source[..., 0] *= before / width
        bend = rng.normal(0, 0.6 * strength, (4, max(4, width // 8), 2)).astype(np.float32)
        source += cv2.resize(bend, (width, height), interpolation=cv2.INTER_CUBIC)
        source[..., 1] += strength * rng.uniform(-1.0, 1.0)
        found = cv2.remap(picture, source, None, cv2.INTER_LINEAR, borderValue=BLANK)  # type: ignore[call-overload]
    else:
        found = picture.copy()
    ink = np.ascontiguousarray(found[..., 0])
    found[..., 0] = _focused(_thickened(ink, strength, rng) if strength > 0 else ink, rng)
    return np.asarray(found, np.uint8)
