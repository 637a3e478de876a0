"""PNG, JPEG and WebP files → ink coverage. Sizes are read from headers, so bombs are refused before decoding."""

from __future__ import annotations

import struct
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

MAX_SIDE = 4096
"""Pixels a side; larger pictures are refused unread."""

_LEAST_CONTRAST = 30
"""Levels of 255 by which ink must differ from its background; less is noise."""

# What is wrong with a picture is the caller's to know; OpenCV would tell the log, once for each.
cv2.utils.logging.setLogLevel(0)

_JPEG = b"\xff\xd8"
_REDUCED = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}

_MOST_SCANS = 64
"""Passes over the whole picture that a JPEG file is decoded in at most: real ones have a dozen."""

_JPEG_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class PictureError(ValueError):
    """A picture that cannot be read.

    Attributes:
        index: Which of several frames it was; 0 where there was one picture.
    """

    def __init__(self, detail: str, index: int = 0):
        super().__init__(detail)
        self.index = index


def picture_size(data: bytes) -> tuple[int, int]:
    """(width, height) in pixels, from the header alone.

    Raises:
        PictureError: not a PNG, JPEG or WebP file, or one cut off within its header.
    """
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
            width, height = struct.unpack(">II", data[16:24])
        elif data.startswith(_JPEG):
            width, height = _jpeg_size(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            width, height = _webp_size(data)
        else:
            raise PictureError("is not a PNG, JPEG or WebP picture")
    except (struct.error, IndexError) as error:
        raise PictureError("is cut off within its header") from error
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walks the segments to the first frame header (ITU-T T.81, annex B)."""
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if data[at] != 0xFF or length < 2:
            raise PictureError("is not a readable JPEG picture")
        if marker in _JPEG_SIZE_MARKERS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length


def _webp_size(data: bytes) -> tuple[int, int]:
    """The three kinds of first chunk (RFC 9649)."""
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def decode(data: bytes) -> NDArray[np.uint8]:
    """Decodes a picture to ink coverage.

    Ink is what differs from the background: the opaque where there is transparency, else whatever stands out from the
    colour that fills most of the border.

    Returns:
        Shape (h, w), uint8, 0 background to 255 ink; all 0 where nothing stands out.

    Raises:
        PictureError: not a picture, damaged, empty, or larger than 4096 pixels a side.
    """
    return coverage_of(pixels_of(data))


def reduction(data: bytes, enough: int) -> int:
    """By how much decoding may shrink a picture whose longer side then still has `enough` pixels: 1, 2, 4 or 8.

    Only JPEG files can be decoded smaller than they are, which takes a part of the time and the memory.

    Raises:
        PictureError: as `picture_size` does.
    """
    longest = max(picture_size(data))
    fitting = [by for by in _REDUCED if longest >= by * enough] if data.startswith(_JPEG) else []
    return max(fitting, default=1)


def pixels_of(data: bytes, by: int = 1) -> NDArray[np.uint8]:
    """Decodes a picture; a photo that says how the camera was held is turned upright.

    Args:
        data: The file.
        by: By how much to shrink it, of `reduction`.

    Returns:
        Shape (h, w, c), uint8: grey (c 1), blue, green and red (c 3), or these and opacity (c 4).

    Raises:
        PictureError: as `decode` does.
    """
    width, height = picture_size(data)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise PictureError(f"is {width} × {height} pixels; at least 1 and at most {MAX_SIDE} a side are allowed")
    is_photo = data.startswith(_JPEG)
    if is_photo and data.count(b"\xff\xda") > _MOST_SCANS:
        raise PictureError(f"is a JPEG picture of more than {_MOST_SCANS} scans")
    # only a JPEG file is a photo, and only a picture read without opacity is turned
    how = _REDUCED.get(by, cv2.IMREAD_ANYCOLOR) if is_photo else cv2.IMREAD_UNCHANGED
    # imdecode logs and returns nothing for some damage and raises for other
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        decoded = None
    if decoded is None:
        raise PictureError("is damaged: it starts like a picture but cannot be decoded")
    # PNG knows 8 and 16 bits, the other formats 8
    pixels = np.asarray(decoded if decoded.dtype == np.uint8 else decoded.view(np.uint8)[..., 1::2], np.uint8)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def coverage_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink coverage of decoded pixels: see `decode`.

    Args:
        pixels: Shape (h, w, 1, 3 or 4), as `pixels_of` returns.
    """
    if pixels.shape[2] in (2, 4):
        alpha = np.ascontiguousarray(pixels[..., -1])
        if alpha.min() < 255:
            return stretched(alpha)
        pixels = pixels[..., :-1]
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    background = np.median(border, axis=0).astype(np.uint8)
    # channel by channel: NumPy is a hundred times slower over a last axis of three
    channels = zip(cv2.split(pixels), background, strict=True)
    differences = (np.maximum(channel, level) - np.minimum(channel, level) for channel, level in channels)
    return stretched(reduce(np.maximum, differences))


def stretched(coverage: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scales so that the strongest ink is 255: pens may be pale; nothing but noise becomes 0."""
    strongest = int(coverage.max())
    if strongest < _LEAST_CONTRAST:
        return np.zeros_like(coverage)
    return coverage if strongest == 255 else np.asarray(cv2.convertScaleAbs(coverage, alpha=255 / strongest), np.uint8)


def shrunk(coverage: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """A picture made smaller; as it is where `scale` is 1 or more."""
    if scale >= 1:
        return coverage
    size = max(1, round(coverage.shape[1] * scale)), max(1, round(coverage.shape[0] * scale))
    return np.asarray(cv2.resize(coverage, size, interpolation=cv2.INTER_AREA), np.uint8)


def draw_line(
    canvas: NDArray[np.uint8] | NDArray[np.int32],
    points: NDArray[np.int32],
    value: int | tuple[int, ...],
    width: int,
    soft: int = 0,
) -> None:
    """Draws a line through points, at least one, onto a picture; of one point OpenCV would draw nothing.

    Args:
        canvas: Shape (h, w), or (h, w, channels); is drawn on.
        points: Shape (n, 2) or, as OpenCV gives them, (n, 1, 2): x and y, in pixels times 2 to the power of `soft`.
        value: What is drawn, on each channel.
        width: Of the line, pixels.
        soft: Bits of a pixel's fraction, with which edges are soft too; 0 for whole pixels and hard edges.
    """
    kind = cv2.LINE_AA if soft else cv2.LINE_8
    pixels = np.repeat(points, 2, axis=0) if len(points) == 1 else points
    cv2.polylines(canvas, [pixels], False, value, width, kind, soft)


def disc(radius: int) -> NDArray[np.uint8]:
    """What to dilate, erode, open and close round things by: shape (2 radius + 1, 2 radius + 1), 0 and 1."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
