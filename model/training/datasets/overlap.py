"""Images that stand on both sides of a test, found by their bytes."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from model.training.datasets.rawfiles import PIECE


def digests(images: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """64 bits for each image, the same only for the same bytes: any two images of EMNIST collide with a chance of 10⁻⁷.

    Args:
        images: Shape (n, h, w), uint8, C order.

    Returns:
        Shape (n,), uint64.
    """
    hashes = (int.from_bytes(blake2b(image, digest_size=8).digest()) for image in images)
    return np.fromiter(hashes, np.uint64, len(images))


def compacted(images: NDArray[np.uint8], keep: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The images to keep, moved to the front of the same memory: large sets fit only once.

    Args:
        images: Shape (n, h, w), uint8; overwritten.
        keep: Shape (n,), bool.

    Returns:
        A view of the first rows of `images`.
    """
    rows = np.flatnonzero(keep)
    for start in range(0, len(rows), PIECE):
        piece = rows[start : start + PIECE]
        images[start : start + len(piece)] = images[piece]  # no row moves backwards: none is overwritten unread
    return images[: len(rows)]
