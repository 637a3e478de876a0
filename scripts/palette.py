"""Pictures of pages as small PNG files: 256 colours are enough for them, and weigh less than half."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

COLOURS = 256


def palette_png(image: NDArray[np.uint8]) -> bytes:
    """A PNG file with a palette: the commonest colours as they are, each other one as the nearest of them.

    Args:
        image: Shape (height, width, 3), RGB.
    """
    height, width, _ = image.shape
    packed = image.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    values, place, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], axis=1).astype(np.int32)
    kept = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    nearest = np.array([((kept - colour) ** 2).sum(axis=1).argmin() for colour in colours], np.uint8)
    rows = np.zeros((height, width + 1), np.uint8)  # before each row: not filtered
    rows[:, 1:] = nearest[place].reshape(height, width)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", kept.astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
