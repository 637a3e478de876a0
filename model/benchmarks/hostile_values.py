"""Values, bytes and pictures that nobody should send, made by chance: what hostile requests hold."""

from __future__ import annotations

import math
import random
import struct
import zlib
from copy import deepcopy
from typing import Any

import cv2
import numpy as np

_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 21, 1e9, -1e9, 1e308, math.nan, math.inf, -math.inf, 10**400, 0.5, "", "x", "NaN",
    "1", "data:,", "data:image/png;base64,", "data:image/svg+xml;base64,PHN2Zy8+", "https://127.0.0.1/2048.png",
    "file:///etc/passwd", "\x00", "\ud800", "💥" * 50, [], {}, [[]], [{}], [None], [True], {"x": 1}, [[[[[[[[]]]]]]]],
)  # fmt: skip
_NAMES = ("strokes", "frames", "image", "x", "y", "t", "p", "groups", "lexicon", "alphabet", "alternatives", "include")


def replaced(value: Any, source: random.Random) -> None:
    """Puts something odd at a random place inside a JSON value."""
    while True:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        if not keys:
            break
        key = source.choice(list(keys))
        if isinstance(value[key], dict | list) and value[key] and source.random() < 0.7:
            value = value[key]
            continue
        value[key] = deepcopy(source.choice(_ODD))
        break
    if isinstance(value, dict) and source.random() < 0.3:
        value[source.choice((*_NAMES, "colour", "a" * 300, "~/", ""))] = deepcopy(source.choice(_ODD))


def mutated(data: bytes, source: random.Random) -> bytes:
    """The bytes, some of them changed, taken out, put in or repeated."""
    held = bytearray(data)
    for _ in range(source.randrange(1, 8)):
        at = source.randrange(len(held) + 1)
        match source.randrange(4):
            case 0:
                held[at : at + 1] = source.randbytes(1)
            case 1:
                del held[at : at + source.randrange(1, 20)]
            case 2:
                held[at:at] = source.randbytes(source.randrange(1, 10))
            case _:
                held[at:at] = held[at : at + source.randrange(1, 30)]
    return bytes(held)


def bomb(source: random.Random) -> bytes:
    """A PNG file of few bytes that claims many pixels, or none."""
    size = source.choice(((60_000, 60_000), (0, 0), (0, 9), (4_097, 1), (2**31, 2**31), (4_096, 4_096)))
    head = struct.pack(">IIBBBBB", *size, 8, source.choice((0, 2, 3, 4, 6)), 0, 0, source.choice((0, 1)))
    packed = zlib.compress(bytes(source.choice((10, 10_000, 1_000_000))))
    chunks = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def far_too_many(source: random.Random) -> dict[str, Any]:
    """A body of more strokes, points, words, groups or fields than are allowed."""
    count = source.choice((10_001, 100_000))
    body: dict[str, Any] = source.choice(
        (
            {"strokes": [{"x": [1] * count, "y": [1] * count}]},
            {"strokes": [{"x": [], "y": []}] * 20_000},
            {"strokes": [], "lexicon": ["a"] * count},
            {"strokes": [], "groups": [[0]] * count},
            {f"field{i}": i for i in range(20_000)},
        )
    )
    return body


def dear(source: random.Random) -> dict[str, Any] | bytes:
    """A valid body, or the PNG file for one, that is as much work as the limits let through."""
    chance = np.random.default_rng(source.randrange(2**32))
    choice = source.randrange(4)
    if choice == 0:
        columns = (chance.random((512, 2, 3)) * 500).round(1)
        return {"strokes": [{"x": x, "y": y} for x, y in columns.tolist()]}
    if choice == 1:
        return {"strokes": [{"x": [1, 5, 9], "y": [1, 9, 1]}] * 512}
    noise = np.where(chance.random((1500, 1500)) < 0.03, 0, 255).astype(np.uint8)
    if choice == 2:
        noise = np.where(np.indices((4096, 4096)).sum(0) % 64 < 2, 0, 255).astype(np.uint8)
    return cv2.imencode(".png", noise)[1].tobytes()
