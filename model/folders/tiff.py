"""TIFF files → one PNG file a page. Sizes are read from the directories, so bombs are refused before decoding."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import cv2
import numpy as np

from model.reading.imagefile import MAX_SIDE, PictureError

SUFFIXES = (".tif", ".tiff")
_MARKS = {b"II*\0": "<", b"MM\0*": ">"}
_WIDTH, _HEIGHT = 256, 257
_MOST_PAGES = 10_000
_ENTRY = 12


def is_tiff(data: bytes) -> bool:
    """Whether a file begins as a TIFF file does."""
    return data[:4] in _MARKS


def page_count(file: BinaryIO) -> int:
    """Pages of an open TIFF file.

    Raises:
        PictureError: it is none, or is damaged.
    """
    return len(_sizes(file))


def page_as_png(data: bytes, page: int) -> bytes:
    """One page as a PNG file.

    Args:
        data: A TIFF file.
        page: Which, from 0.

    Raises:
        PictureError: there is no such page, it is damaged, or it is larger than 4096 pixels a side.
    """
    sizes = _sizes(io.BytesIO(data))
    if page >= len(sizes):
        raise PictureError(f"has {len(sizes)} pages, not {page + 1}")
    width, height = sizes[page]
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise PictureError(f"is {width} × {height} pixels; at least 1 and at most {MAX_SIDE} a side are allowed")
    try:
        read, pages = cv2.imdecodemulti(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED, range=(page, page + 1))
        written, png = cv2.imencode(".png", pages[0], [cv2.IMWRITE_PNG_COMPRESSION, 1]) if read else (False, None)
    except (cv2.error, IndexError):
        written, png = False, None
    if not written or png is None:
        raise PictureError("is damaged: it starts like a TIFF picture but cannot be decoded")
    return png.tobytes()


def _sizes(file: BinaryIO) -> list[tuple[int, int]]:
    """Width and height of each page, along the chain of image file directories (TIFF 6.0, section 2)."""
    order = _MARKS.get(file.read(4))
    if order is None:
        raise PictureError("is not a TIFF picture")
    sizes: list[tuple[int, int]] = []
    try:
        (at,) = struct.unpack(order + "I", file.read(4))
        while at and len(sizes) < _MOST_PAGES:
            file.seek(at)
            (count,) = struct.unpack(order + "H", file.read(2))
            entries = file.read(count * _ENTRY)
            sizes.append((_value(entries, order, _WIDTH), _value(entries, order, _HEIGHT)))
            (at,) = struct.unpack(order + "I", file.read(4))
    except struct.error as error:
        raise PictureError("is cut off within its directories") from error
    return sizes


def _value(entries: bytes, order: str, tag: int) -> int:
    """The one number of a tag, 16 or 32 bits; 0 where the directory lacks it."""
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        found, kind = struct.unpack_from(order + "HH", entries, at)
        if found == tag:
            return int(struct.unpack_from(order + ("H" if kind == 3 else "I"), entries, at + 8)[0])
    return 0
